use super::*;

use std::collections::BTreeSet;

use super::shared::scope;
use crate::model::{Framework, Text};
use crate::text::nearest;
use crate::timeline::AuditStanding;

pub(super) static RULE: Rule = Rule {
    name: "excluded-without-reason",
    brief: "a category left out without a reason",
    check: Check::Gap(Class::Note, check),
    docs: r#"
A category of the framework is neither in `categories` nor under `excluded` with a reason. Categories that are always
in scope need neither.

## Why it matters
The first question of a prospect is why availability or privacy is not in the report. A reason written down when it
was decided is better than one made up in a call.

## Example
```yaml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security", "availability", "confidentiality"]
#                                         ^^^^^^^^^^^^^^^^^ `processing-integrity` is neither in scope nor excluded
excluded = { privacy = "" }
#                      ^^ `privacy` is excluded without a reason
```

## Fixed
```yaml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security", "availability", "confidentiality"]
excluded = { privacy = "business contacts only", processing-integrity = "no transactions are processed" }
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    let mut scope_told = false;
    for standing in &judgement.audits {
        let audit = scope::audit(program, standing);
        let own = audit
            .filter(|a| !a.categories.is_empty() || !a.excluded.0.is_empty() || a.framework.is_some())
            .map(|audit| &*audit.id.value.0);
        // Audits that inherit all of it share one gap.
        if own.is_none() && std::mem::replace(&mut scope_told, true) {
            continue;
        }
        check_scope(program, standing, own, gaps);
    }
}

fn check_scope(program: &Program, standing: &AuditStanding, own: Option<&str>, gaps: &mut Gaps) {
    let audit = scope::audit(program, standing);
    let typed = scope::framework(program, audit).and_then(|typed| program.framework(typed));
    let Some(framework) = typed.and_then(|index| program.frameworks.get(index)) else { return };
    let categories = scope::categories(program, audit);
    let tables = [audit.map(|audit| &audit.excluded), scope::scope(program).map(|scope| &scope.excluded)];
    let excluded = || tables.into_iter().flatten().flat_map(|table| &table.0);
    let Some(end) = categories.last().map(|typed| typed.at) else { return };
    let meant = misspelled(framework, categories.iter().chain(excluded().map(|(name, _)| name)));
    for category in &framework.categories {
        let id = &*category.id.value.0;
        let always = category.always.as_ref().is_some_and(|always| always.value);
        let reason = excluded().find(|(name, _)| *name.value == *id).map(|(_, reason)| reason);
        let given = reason.is_some_and(|reason| !reason.value.trim().is_empty());
        if always || given || meant.contains(id) || categories.iter().any(|typed| *typed.value == *id) {
            continue;
        }
        let (at, message, help) = match reason {
            Some(reason) => (
                reason.at,
                format!("`{id}` is excluded without a reason"),
                "write the reason a customer will read".to_owned(),
            ),
            None => (
                end,
                format!("`{id}` is neither in scope nor excluded"),
                format!("add `{id} = \"…\"` to `excluded` with the reason a customer will read"),
            ),
        };
        gaps.about(Subject::new("category", id), at, message).help(help).audit(own);
    }
}

/// Categories that names which do not exist were meant to be; those have a diagnostic of their own.
fn misspelled<'f, 'n>(framework: &'f Framework, names: impl Iterator<Item = &'n Text>) -> BTreeSet<&'f str> {
    let known: Vec<&str> = framework.categories.iter().map(|category| &*category.id.value.0).collect();
    let unknown = names.filter(|name| !known.contains(&&*name.value));
    unknown.filter_map(|name| nearest(&name.value, known.iter().copied())).collect()
}
