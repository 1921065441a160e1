use std::collections::BTreeSet;

use super::shared::texts::words;
use super::*;
use crate::source::FileId;
use crate::text::{clip, safe};

pub(super) static RULE: Rule = Rule {
    name: "unused-variable",
    brief: "a variable that no text uses",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
A key under `[variables]` of `soc2.toml` is used by no control, policy, procedure or narrative. A text that
cannot be read or filled in counts as using every word in it.

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
    let Some(named) = named_in_faulty(program) else { return };
    let refused = program.diagnostics.iter().filter(|fault| fault.rule == "variable-name-refused");
    let refused: BTreeSet<Location> = refused.map(|fault| fault.at).collect();
    let used: BTreeSet<&str> = program.used_variables.iter().map(String::as_str).collect();
    for (name, _) in &config.variables.0 {
        if refused.contains(&name.at) || used.contains(&*name.value) || named.contains(&*name.value) {
            continue;
        }
        let shown = clip(&safe(&name.value), 60);
        faults
            .at(name.at, format!("no text uses the variable `{shown}`"))
            .help(format!("write `{{{{ {shown} }}}}` where a text says its value, or delete it"));
    }
}

/// Every word of the files that could not be read or filled in whole: each may use a variable. `None` where such a file's
/// text is not even there.
fn named_in_faulty(program: &Program) -> Option<BTreeSet<&str>> {
    let texts = ["controls/", "policies/", "procedures/", "narratives/"];
    let unread = program.unread.iter().copied();
    let unread = unread.filter(|file| {
        let path = program.sources.path(*file);
        texts.iter().any(|folder| path.starts_with(folder) || folder.strip_suffix('/') == Some(path))
    });
    let faulty = program.diagnostics.iter();
    let faulty = faulty.filter(|fault| matches!(fault.rule, "expression-refused" | "unknown-variable"));
    let files: BTreeSet<FileId> = unread.chain(faulty.map(|fault| fault.at.file)).collect();
    let mut named = BTreeSet::new();
    for file in files {
        let text = program.sources.text(file);
        if text.is_empty() {
            return None;
        }
        named.extend(words(text).into_iter().filter_map(|range| text.get(range)));
    }
    Some(named)
}
