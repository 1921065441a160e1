use super::*;

pub(super) static RULE: Rule = Rule {
    name: "yaml-feature-refused",
    brief: "an anchor, alias, tag, merge key or second document",
    check: Check::Loading(Level::Deny),
    docs: r#"
A YAML file uses an anchor (`&name`), an alias (`*name`), a tag (`!name`), a merge key (`<<`), a key that is a list or
mapping, or holds a second document after `---`. None of them is read. A text that merely starts with one of these
signs needs quotes.

## Why it matters
An auditor reads one record at a time, on paper or in a pull request. A value that stands elsewhere in the file, or is made
by the reader's software, is not what the reviewer saw.

## Example
```yaml
#- controls/access.yaml
- id: access-review
  title: Owners review every user
  owner: &lead security-lead
#        ^^^^^ the anchor `&lead` is not read
  status: draft
- id: access-removal
  title: Leavers lose their access
  owner: *lead
#        ^^^^^ the alias `*lead` is not read
  status: draft
```

```yaml
#- controls/access.yaml
id: access-review
title: !draft Owners review every user
#      ^^^^^^ the tag `!draft` is not read
<<: { status: draft }
^^ the merge key `<<` is not read
---
^^^ a second document in one file
id: access-removal
```

## Fixed
```yaml
#- controls/access.yaml
- id: access-review
  title: Owners review every user
  owner: security-lead
  status: draft
- id: access-removal
  title: Leavers lose their access
  owner: security-lead
  status: draft
```
"#,
};
