use super::*;

pub(super) static RULE: Rule = Rule {
    name: "crlf-line-endings",
    brief: "lines end in CR LF",
    check: Check::Loading(Level::Warn),
    docs: r#"
A YAML, TOML or Markdown file has Windows line ends. Only the first is told. CSV may have them, as its standard says, and
artefacts may have any.

## Why it matters
A checkout that rewrites line ends changes every byte count and every diff: a reviewer sees a whole policy as new and
overlooks the sentence that really changed.

## Example
```yaml
#- controls/access.yaml crlf
id: access-review
title: Owners review every user
status: draft
#! controls/access.yaml:1:18 lines end in CR LF
```

## Fixed
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
status: draft
```
"#,
};
