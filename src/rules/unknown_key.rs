use super::*;

pub(super) static RULE: Rule = Rule {
    name: "unknown-key",
    brief: "a key that the record does not have",
    check: Check::Loading(Level::Deny),
    docs: r#"
A record, a table of `soc2.toml` or the header of a CSV register has a key that means nothing there. It is not read. Free
tables such as `[variables]` take any key.

## Why it matters
A slip in a key is silent everywhere else: `retired_on` in place of `retired_at` leaves a control that ended in March in
force until December.

## Example
```yaml
#- controls/access.yaml
id: access-review
titel: Owners review every user
^^^^^ `titel` is not a key of a control
status: draft
```

```csv
#- registers/systems.csv
id,in_scope,owner,vendors
#                 ^^^^^^^ `vendors` is not a key of a system
github,true,security-lead,github
jira,true,security-lead,atlassian
```

## Fixed
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
status: draft
```

```csv
#- registers/systems.csv
id,in_scope,owner,vendor
github,true,security-lead,github
jira,true,security-lead,atlassian
```
"#,
};
