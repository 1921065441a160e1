use super::*;

pub(super) static RULE: Rule = Rule {
    name: "unportable-path",
    brief: "a name that cannot exist on every system",
    check: Check::Loading(Level::Deny),
    docs: r#"
A path holds a character that Windows forbids or that hides in a terminal, is not UTF-8, ends with a dot or a blank, or is a
name that Windows keeps for a device (`con`, `aux`, `nul`, `com1` …).

## Why it matters
Auditors unpack the archive on Windows. A file that cannot be created there is missing evidence to them, and some programs
stop unpacking at it.

## Example
```yaml
#- controls/aux.yaml
id: access-review
^ Windows keeps `aux.yaml` for a device
```

```text
#- evidence/access-review/2026-q1/users-09:30.csv
login
#! evidence/access-review/2026-q1/users-09:30.csv:1:1 cannot exist on every system: it holds `:`
```

## Fixed
```yaml
#- controls/auxiliary.yaml
id: access-review
```

```text
#- evidence/access-review/2026-q1/users-0930.csv
login
```
"#,
};
