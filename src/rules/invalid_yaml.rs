use super::*;

pub(super) static RULE: Rule = Rule {
    name: "invalid-yaml",
    brief: "a file is not YAML",
    check: Check::Loading(Level::Deny),
    docs: r#"
A record file, or the front matter of a document, is not YAML. The first place that cannot be read is told; nothing of the
file is used, and what it may define is not reported as unknown.

## Why it matters
What stands in a file that cannot be read is checked by nobody and missing wherever it is named. If it is a control,
its evidence counts for nothing, and a criterion may look uncovered the week before the auditor asks.

## Example
```yaml
#- controls/access.yaml
id: access-review
title: Access review: owners look at every user
#                   ^ a second `: ` on one line
status: draft
```

```yaml
#- controls/access.yaml
id: access-review
title: {{ cadence }} review of every user
#      ^^ a value that starts with `{{` needs quotes
status: draft
```

## Fixed
```yaml
#- controls/access.yaml
id: access-review
title: "Access review: owners look at every user"
status: draft
```

```yaml
#- controls/access.yaml
id: access-review
title: "{{ cadence }} review of every user"
status: draft
```
"#,
};
