use super::*;

pub(super) static RULE: Rule = Rule {
    name: "symlink-refused",
    brief: "a symbolic link that is not followed",
    check: Check::Loading(Level::Deny),
    docs: r#"
A symbolic link leads out of the programme, nowhere, to another link or to a folder above itself. A link to a file or folder
inside the programme is followed, once.

## Why it matters
A link out of the repository would let a pull request read any file of the machine that checks it, and its target is no
part of the history an auditor relies on.

## Example
```text
$ ls -l policies
access-control.md -> /home/alice/wiki/access-control.md
incident-response.md -> ../../handbook/incident-response.md
```

## Fixed
```text
$ cp --remove-destination /home/alice/wiki/access-control.md policies/access-control.md
$ cp --remove-destination ../handbook/incident-response.md policies/incident-response.md
```
"#,
};
