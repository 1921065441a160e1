use super::*;

pub(super) static RULE: Rule = Rule {
    name: "invalid-id",
    brief: "an id that is not a slug",
    check: Check::Loading(Level::Deny),
    docs: r#"
An id holds something besides lower-case letters, digits and single hyphens, or more than 100 characters. The record is left
out. Auditors' request numbers and series of a framework are free text.

## Why it matters
Ids become folder names, anchors and rows in the auditor's spreadsheet. `Access Review` and `access_review` would be two
controls to a file system and one to a reader.

## Example
```yaml
#- controls/access.yaml
id: Access_Review
#   ^^^^^^^^^^^^^ `Access_Review` is not an id
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: draft
```

## Fixed
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: draft
```
"#,
};
