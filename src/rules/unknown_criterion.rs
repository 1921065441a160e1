use super::shared::frameworks::framework_for;
use super::*;
use crate::model::{Audit, Framework};
use crate::program::{CriterionFault, Unresolved};
use crate::record::{Table, Target};
use crate::source::ROOT_FILE;
use crate::text::{clip, list, nearest, safe};

pub(super) static RULE: Rule = Rule {
    name: "unknown-criterion",
    brief: "a criterion or point of focus that does not exist",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A record names a criterion, point of focus or framework that does not exist, or `not_relevant` of `[scope]` or an
audit has a key that is no criterion of its framework. Spellings of other tools (`cc6_1`, `CC6.1 - Logical access`,
`CC6.1.3`) are recognised and the right name is offered.

## Why it matters
An auditor tests controls by criterion; this control would be tested for nothing, and its criterion would look
uncovered.

## Example
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: draft
cadence: quarterly
criteria: [CC6.11, CC6.3]
#          ^^^^^^ `CC6.11` is not a criterion of `soc2-2017-rev2022`
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security", "privacy"]
not_relevant = { "P1.2" = "no such notice" }
#                ^ `P1.2` is not a criterion of `soc2-2017-rev2022`
```

## Fixed
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: draft
cadence: quarterly
criteria: [CC6.1, CC6.3]
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security", "privacy"]
not_relevant = { "P1.1" = "the customer gives the notice" }
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    references(program, faults);
    let Some(config) = &program.config else { return };
    if let Some(scope) = &config.scope {
        not_relevant(program, None, &scope.not_relevant, faults);
    }
    for audit in &config.audit {
        not_relevant(program, Some(audit), &audit.not_relevant, faults);
    }
}

/// Suggestions past this are read by nobody and cost time.
const MOST_SUGGESTED: usize = 1_000;

/// Two or more criteria run together: `CC6.2 CC6.3`.
fn several(program: &Program, typed: &str) -> Option<Vec<String>> {
    let words: Vec<&str> = typed.split_whitespace().map(|word| word.trim_matches(['-', ','])).collect();
    let each: Vec<String> =
        words.into_iter().filter(|word| program.criterion(word).is_ok()).map(str::to_owned).collect();
    (each.len() > 1).then_some(each)
}

fn references(program: &Program, faults: &mut Faults) {
    let unread = program.may_be_defined_in_unread("frameworks/");
    let bare_known = bare_known(program);
    let mut faults_told = 0;
    for Unresolved { name: typed, at, .. } in
        program.unresolved.iter().filter(|r| r.target == Target::Criterion)
    {
        let (typed, at) = (&**typed, *at);
        faults_told += 1;
        if !bare_known && !typed.contains(':') {
            continue;
        }
        let Err(fault) = program.criterion(typed) else { continue };
        let name = clip(&safe(typed), 80);
        match fault {
            CriterionFault::Framework(_) if unread => {}
            _ if program.framework_of(typed).is_some_and(|framework| cut(program, framework)) => {}
            CriterionFault::Framework(id) => {
                let known = program.candidates(Target::Framework);
                faults
                    .at(at, format!("`{}` is not a framework of this programme", clip(&safe(&id), 80)))
                    .help(format!("frameworks here: {}", list(&known, "and")));
            }
            CriterionFault::Criterion if several(program, typed).is_some() => {
                let each = several(program, typed).unwrap_or_default();
                faults
                    .at(at, format!("`{name}` is not one criterion"))
                    .help(format!("a comma or a new line is missing: {}", list(&each, "and")));
            }
            CriterionFault::Criterion => {
                let framework = program.framework_of(typed);
                let edition = framework.map_or("the framework".to_owned(), |f| format!("`{}`", f.id));
                faults.at(at, format!("`{name}` is not a criterion of {edition}")).help(
                    match faults_told <= MOST_SUGGESTED {
                        true => meant(framework, typed),
                        false => "soc2 explain criteria lists them all".to_owned(),
                    },
                );
            }
            CriterionFault::Point(id) => {
                let criterion = &program.frameworks[id.framework].criteria[id.criterion];
                let points: Vec<&str> = criterion.points_of_focus.iter().map(|p| &*p.id.value.0).collect();
                let point = typed.split_once('/').map_or("", |(_, point)| point);
                let help = match nearest(point, points.iter().copied()) {
                    Some(near) => format!("did you mean `{}/{near}`?", criterion.id),
                    None => format!("points of focus of {}: {}", criterion.id, list(&points, "and")),
                };
                faults.at(at, format!("`{name}` is not a point of focus of {}", criterion.id)).help(help);
            }
        }
    }
}

/// Bare names belong to the framework of `[scope]`; when that is unknown or was lost, nothing is known of them.
fn bare_known(program: &Program) -> bool {
    let scope = program.config.as_ref().and_then(|config| config.scope.as_ref());
    let named = scope.is_some_and(|scope| scope.framework.is_some());
    let lost = || {
        let broken = program.diagnostics.iter().any(|fault| fault.rule == "invalid-toml");
        broken || program.may_be_defined_in_unread(ROOT_FILE)
    };
    framework_for(program, None).is_some() && (named || !lost())
}

/// Are some criteria of the framework missing because its file could not be read whole?
fn cut(program: &Program, framework: &Framework) -> bool {
    program.unread.contains(&framework.id.at.file)
}

/// Keys of `not_relevant` are bare criteria of the scope's or audit's own framework.
fn not_relevant(program: &Program, audit: Option<&Audit>, table: &Table, faults: &mut Faults) {
    let Some(framework) = framework_for(program, audit) else { return };
    if cut(program, framework) {
        return;
    }
    for (name, _) in table.0.iter().filter(|(name, _)| framework.criterion(name).is_none()) {
        let typed = clip(&safe(name), 80);
        let criterion = name.split_once('/').map_or(&*name.value, |(criterion, _)| criterion);
        faults
            .at(name.at, format!("`{typed}` is not a criterion of `{}`", framework.id))
            .help(meant(Some(framework), criterion));
    }
}

fn meant(framework: Option<&Framework>, typed: &str) -> String {
    match framework.and_then(|f| f.meant(typed.rsplit(':').next().unwrap_or(typed))) {
        Some(meant) => format!("did you mean `{}`?", safe(meant)),
        None => "soc2 explain criteria lists them all".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn found(files: &[(&str, &str)]) -> usize {
        let control = ("controls/a.yaml", "id: a\ncriteria: [CC99.1, house:X1]\n");
        let files = files.iter().chain([&control]);
        let files = files.map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        faults_of(&RULE, &Program::load(Sources::from_memory(files))).len()
    }

    #[test]
    fn broken_toml_hides_criteria_only_with_their_framework() {
        let scope = |framework: &str| format!("[scope]\n{framework}\ncategories = [\"security\"]\n");
        let broken = "[variables]\ndays = five\n";
        let named = scope("framework = \"soc2-2017-rev2022\"");
        assert_eq!(found(&[("soc2.toml", &format!("{named}{broken}"))]), 2);
        for lost in ["framework = soc2", "framework \"soc2-2017-rev2022\""] {
            assert_eq!(found(&[("soc2.toml", &scope(lost))]), 1, "{lost}");
        }
    }

    #[test]
    fn a_broken_framework_hides_its_own_criteria_only() {
        assert_eq!(found(&[("frameworks/house.yaml", "id: house: rules\n")]), 1);
    }
}
