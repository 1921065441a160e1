use super::*;

pub(super) static RULE: Rule = Rule {
    name: "file-not-read",
    brief: "a file that nothing reads",
    check: Check::Loading(Level::Deny),
    docs: r#"
A file in `controls/`, `policies/`, `registers/` and the like has a name or an ending that nothing there reads, such as
`.yml`. README.md is passed over everywhere, figures beside documents too, and under `evidence/` every file is an
artefact.

## Why it matters
Its author believes that it counts. An incident or a waiver written into `incidents.yml` would be left out of every verdict
without a word.

## Example
```yaml
#- controls/access.yml
id: access-review
^ soc2 does not read this file
#- registers/peoples.yaml
- { id: carol, name: Carol, kind: employee, employed: [{ from: 2024-01-01 }] }
^ there is no register `peoples`; soc2 does not read this file
```

## Fixed
```yaml
#- controls/access.yaml
id: access-review
#- registers/people.yaml
- { id: carol, name: Carol, kind: employee, employed: [{ from: 2024-01-01 }] }
```
"#,
};
