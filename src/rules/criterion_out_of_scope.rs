use std::collections::BTreeSet;

use super::shared::scopes::{Scope, scopes};
use super::*;
use crate::model::{Control, Framework, Status};
use crate::program::CriterionId;
use crate::source::ROOT_FILE;
use crate::text::nearest;

pub(super) static RULE: Rule = Rule {
    name: "criterion-out-of-scope",
    brief: "a control none of whose criteria is in scope",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
No criterion of a control is in scope of `[scope]` or of any audit. A control with one that is in scope is fine, and
so is one that names a criterion of another framework, a retired one, and one that was decided not to apply.

## Why it matters
The control counts for nothing in the report, and its evidence is collected for nobody. Either scope or control was
meant otherwise.

## Example
```yaml
#- controls/consent.yaml
id: consent
title: Consent is asked for
description: The sign-up page asks for consent to each optional use and stores the answer.
owner: security-lead
status: planned
cadence: continuous
criteria: [P2.1, P3.2]
#          ^^^^ no criterion of the control `consent` is in scope
```

## Fixed
```yaml
#- controls/consent.yaml
id: consent
title: Consent is asked for
description: The sign-up page asks for consent to each optional use and stores the answer.
owner: security-lead
status: planned
cadence: continuous
criteria: [P2.1, P3.2, CC2.3]
```
```toml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[[audit]]
id = "2026-type1"
type = "type1"
as_of = 2026-06-30
categories = ["security", "privacy"]
#- controls/consent.yaml
- id: consent
  title: Consent is asked for
  description: The sign-up page asks for consent to each optional use and stores the answer.
  owner: security-lead
  status: planned
  cadence: continuous
  criteria: [P2.1, P3.2]
- id: house-rule
  title: Visitors sign in
  description: Each visitor signs the book at the door.
  owner: security-lead
  status: planned
  cadence: event
  criteria: [A1.2, house:H1]
#- frameworks/house.yaml
id: house
title: House rules
edition: "1"
categories: [{ id: house, title: House, always: true }]
series: [{ id: H, title: House, category: house }]
criteria: [{ id: H1, series: H, text: Visitors are known by name. }]
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    let scopes = scopes(program);
    // An audit that is missing may have been the one with the category.
    if scopes.is_empty() || program.may_be_defined_in_unread(ROOT_FILE) {
        return;
    }
    let doubtful = doubtful(program, &scopes);
    let mut frameworks = BTreeSet::new();
    let mut in_scope = BTreeSet::new();
    for scope in &scopes {
        let Some(of) = scope.framework else { continue };
        let Some(framework) = program.framework(&of.id) else { continue };
        let chosen: Vec<&str> = scope.categories.iter().map(|category| &*category.value).collect();
        let criteria = of.criteria.iter().enumerate().filter(|(_, c)| of.in_scope(c, &chosen));
        in_scope.extend(criteria.map(|(criterion, _)| CriterionId { framework, criterion, point: None }));
        frameworks.insert(framework);
    }
    for control in &program.controls {
        let Some(first) = control.criteria.first() else { continue };
        let outside = |id: CriterionId| {
            let known = frameworks.contains(&id.framework) && !doubtful.contains(&id.framework);
            known && !in_scope.contains(&CriterionId { point: None, ..id })
        };
        let all_outside = control.criteria.iter().all(|typed| program.criterion(typed).is_ok_and(outside));
        if all_outside && !control.misread.holds("criteria") && lives(control) {
            let help = match category(program, first) {
                Some(category) => format!(
                    "add `{category}` to `categories` in soc2.toml, or say in `applicability` why it does not apply"
                ),
                None => "say in `applicability` why it does not apply".to_owned(),
            };
            faults
                .at(first.at, format!("no criterion of the control `{}` is in scope", control.id))
                .help(help);
        }
    }
}

/// The frameworks of which a scope that was not understood may speak.
fn doubtful(program: &Program, scopes: &[Scope<'_>]) -> BTreeSet<usize> {
    let mut doubtful = BTreeSet::new();
    for (nth, scope) in scopes.iter().enumerate().filter(|(_, scope)| !understood(scope)) {
        let all = program.frameworks.iter().enumerate();
        doubtful.extend(all.filter(|(_, framework)| may_mean(scope, framework)).map(|(index, _)| index));
        // Bare criteria are of the framework of `[scope]`, whatever it was to be.
        if nth == 0 {
            doubtful.insert(program.scope_framework());
        }
    }
    doubtful
}

/// Another edition, or a slip of the pen, may be what an unknown name stands for.
fn may_mean(scope: &Scope<'_>, framework: &Framework) -> bool {
    let id = &*framework.id.value.0;
    match (scope.framework, scope.typed) {
        (Some(known), _) => known.id.value == framework.id.value,
        (None, Some(typed)) => {
            typed.split('-').next() == id.split('-').next() || nearest(typed, [id]).is_some()
        }
        (None, None) => true,
    }
}

/// Is its framework known, and each of its categories?
fn understood(scope: &Scope<'_>) -> bool {
    let Some(framework) = scope.framework.filter(|_| !scope.misread) else { return false };
    let known = |name: &str| framework.categories.iter().any(|category| *category.id.value.0 == *name);
    scope.categories.iter().all(|category| known(&category.value))
}

fn lives(control: &Control) -> bool {
    control.status() != Status::Retired && control.applies()
}

fn category<'p>(program: &'p Program, typed: &str) -> Option<&'p str> {
    let id = program.criterion(typed).ok()?;
    let framework = program.frameworks.get(id.framework)?;
    let category = framework.category_of(framework.criteria.get(id.criterion)?)?;
    Some(&category.id.value.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    /// Is a privacy control out of scope of security alone, with another audit beside it?
    fn found(framework: &str, rest: &str) -> bool {
        let config =
            format!("[scope]\nframework = \"{framework}\"\ncategories = [\"security\"]\n[[audit]]\n{rest}\n");
        let files = [("controls/a.yaml", "id: a\ncriteria: [P2.1]\n"), ("soc2.toml", &config)];
        let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).to_vec();
        !faults_of(&RULE, &Program::load(Sources::from_memory(files))).is_empty()
    }

    #[test]
    fn what_was_not_understood_hides_its_own_framework_only() {
        let soc2 = "soc2-2017-rev2022";
        for (framework, rest, expected) in [
            (soc2, "id = \"a\"", true),
            (soc2, "id = \"a\"\ntype = \"type3\"", true),
            (soc2, "id = \"a\"\nframework = \"iso27001-2022\"\ncategories = [\"privacy\"]", true),
            (soc2, "id = \"a\"\nframework = \"soc2-2017\"\ncategories = [\"privacy\"]", false),
            (soc2, "id = \"a\"\ncategories = [\"privcy\"]", false),
            (soc2, "id = \"a\"\ncategories = \"privacy\"", false),
            (soc2, "type = \"type1\"", false),
            ("iso27001-2022", "id = \"a\"", false),
        ] {
            assert_eq!(found(framework, rest), expected, "{framework} {rest}");
        }
    }
}
