use super::*;

pub(super) static RULE: Rule = Rule {
    name: "invalid-hash",
    brief: "a hash that is not a SHA-256",
    check: Check::Loading(Level::Deny),
    docs: r#"
A hash is not 64 lower-case hex digits. Whether a well-formed hash fits the file is asked elsewhere.

## Why it matters
The hash is what ties a manifest to the bytes a reviewer looked at. One that cannot be compared proves nothing, so the
artefact does not count.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
artifacts:
  - path: github.csv
    sha256: "9f86d081"
#           ^^^^^^^^^^ `9f86d081` is not a SHA-256
```

## Fixed
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
artifacts:
  - path: github.csv
    sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
```
"#,
};
