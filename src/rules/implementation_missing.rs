use super::*;
use crate::program::{Implementation, Presence};
use crate::text::{clip, safe};

pub(super) static RULE: Rule = Rule {
    name: "implementation-missing",
    brief: "product code that a control names is not there",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
A control names product code in the same repository under `implemented_by`, and the file is not there, or the text after
`#` does not stand in it. Files of more than 1 MiB are not looked into; links are not followed.

## Why it matters
The control says that this code does it. Code that is gone does nothing, and the sentence the auditor tests is no longer
true.

## Example
```yaml
#- controls/mfa.yaml
id: mfa
title: Sign-in asks for a second factor
description: The identity provider asks every user for a second factor.
owner: security-lead
status: draft
implemented_by: ["../mfa.rs#fn require_mfa"]
#                ^^^^^^^^^^^^^^^^^^^^^^^^^^ `../mfa.rs` is no path in the repository
```

## Fixed
```yaml
#- controls/mfa.yaml
id: mfa
title: Sign-in asks for a second factor
description: The identity provider asks every user for a second factor.
owner: security-lead
status: draft
implemented_by: ["src/auth/mfa.rs#fn require_mfa"]
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    for typed in program.controls.iter().flat_map(|control| &control.implemented_by) {
        let path = typed.split('#').next().unwrap_or("");
        let shown = clip(&safe(path), 100);
        let Some(named) = Implementation::of(typed) else {
            let help =
                "write a path from the top of the repository, with `/` between its parts: `src/auth/mfa.rs`";
            faults.at(typed.at, format!("`{shown}` is no path in the repository")).help(help);
            continue;
        };
        match program.implementations.get(&*typed.value) {
            Some(Presence::NoFile) => {
                let help = "name the file that does it now, from the top of the repository";
                faults.at(typed.at, format!("there is no file `{shown}`")).help(help);
            }
            Some(Presence::NoText) => {
                let text = clip(&safe(named.text.unwrap_or("")), 100);
                let help = "name a text that stands in the file as it is, such as the name of the function";
                faults.at(typed.at, format!("`{shown}` does not hold `{text}`")).help(help);
            }
            Some(Presence::Here | Presence::Unknown) | None => {}
        }
    }
}
