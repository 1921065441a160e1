use super::*;

pub(super) static RULE: Rule = Rule {
    name: "invalid-date",
    brief: "a date that cannot be read",
    check: Check::Loading(Level::Deny),
    docs: r#"
A date is not year-month-day with two digits for month and day, or names a day that does not exist; or a moment lacks its
time or its offset from UTC.

## Why it matters
Slots, windows and deadlines are counted in days. 03/04 is March to one reader and April to another, and a time without
an offset can fall on either side of the window's last midnight.

## Example
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-1-5
#               ^^^^^^^^ `2026-1-5` is not a date
```

```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-02-30, by: alice }
#                ^^^^^^^^^^ `2026-02-30` is not a date
collected: { at: 2026-03-28 15:04, by: bob }
#                ^^^^^^^^^^^^^^^^ `2026-03-28 15:04` is not a date and time with an offset
```

## Fixed
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-05
```

```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-02-28, by: alice }
collected: { at: "2026-03-28T15:04:00-04:00", by: bob }
```
"#,
};
