use super::*;

pub(super) static RULE: Rule = Rule {
    name: "path-case-clash",
    brief: "two paths differ in case only",
    check: Check::Loading(Level::Deny),
    docs: r#"
Two files of the programme have names that differ only in capitals.

## Why it matters
On Windows and macOS they are one file. Whoever unpacks the archive there sees one of the two, and its hash does not match
the list.

## Example
```yaml
#- controls/Access.yaml
id: access-review
^ `controls/Access.yaml` differs from `controls/access.yaml` in case only
#- controls/access.yaml
id: access-removal
```

## Fixed
```yaml
#- controls/access-review.yaml
id: access-review
#- controls/access-removal.yaml
id: access-removal
```
"#,
};
