use std::collections::BTreeSet;

use super::*;
use crate::text::{clip, safe};

pub(super) static RULE: Rule = Rule {
    name: "unused-variable",
    brief: "a variable that no text uses",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
A key under `[variables]` of `soc2.toml` is used by no control, policy, procedure or narrative. Nothing is said while some
text cannot be read or filled in: it may be the one that uses it.

## Why it matters
A value that nobody promises looks like one that is: somebody changes it, believes the policy changed, and it did not. Often
the text once had the variable and has a typed number now.

## Example
```toml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[variables]
password_min_length = 14
^^^^^^^^^^^^^^^^^^^ no text uses the variable `password_min_length`
revoke_days = 2
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
---
Passwords are at least 14 characters long. Access ends within {{ revoke_days }} days.
```

## Fixed
```toml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[variables]
password_min_length = 14
revoke_days = 2
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
---
Passwords are at least {{ password_min_length }} characters long. Access ends within {{ revoke_days }} days.
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    let Some(config) = &program.config else { return };
    let unread = ["controls/", "policies/", "procedures/", "narratives/"];
    let bodies = program.policies.iter().map(|one| &one.body);
    let bodies = bodies.chain(program.procedures.iter().map(|one| &one.body));
    let mut bodies = bodies.chain(program.narratives.iter().map(|one| &one.body));
    let mut texts = program.diagnostics.iter().map(|fault| fault.rule);
    if unread.iter().any(|folder| program.may_be_defined_in_unread(folder))
        || bodies.any(|body| body.text.is_none())
        || texts.any(|rule| matches!(rule, "expression-refused" | "unknown-variable"))
    {
        return;
    }
    let refused = program.diagnostics.iter().filter(|fault| fault.rule == "variable-name-refused");
    let refused: BTreeSet<Location> = refused.map(|fault| fault.at).collect();
    let used: BTreeSet<&str> = program.used_variables.iter().map(String::as_str).collect();
    for (name, _) in &config.variables.0 {
        if refused.contains(&name.at) || used.contains(&*name.value) {
            continue;
        }
        let shown = clip(&safe(&name.value), 60);
        faults
            .at(name.at, format!("no text uses the variable `{shown}`"))
            .help(format!("write `{{{{ {shown} }}}}` where a text says its value, or delete it"));
    }
}
