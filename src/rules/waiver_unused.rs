use super::*;

pub(super) static RULE: Rule = Rule {
    name: "waiver-unused",
    brief: "a waiver that lets no gap through",
    check: Check::Gap(Class::Note, check),
    docs: r#"
A waiver is in force, and there is no gap of its rule for its subject (and slot, system and audit, where it names them)
on the day of the judgement. Only told when all open audits are judged.

## Why it matters
A waiver that outlived its gap is a standing permission: should the gap open again before the last day, nobody would
be asked. And one with a slip in its subject excuses nothing, while everybody believes it does.

## Example
```yaml
#- registers/waivers.yaml
- id: security-lead-vacant
#     ^^^^^^^^^^^^^^^^^^^^ `security-lead-vacant` lets nothing through: `security-lead` has no gap `role-vacant` on 2026-06-30
  rule: role-vacant
  subject: security-lead
  reason: The new security lead starts in May
  requested: { by: alice, on: 2026-03-02 }
  approved: { by: bob, on: 2026-03-03 }
  expires: 2026-12-31
```

## Fixed
```yaml
#- registers/waivers.yaml
- id: board
  rule: criterion-not-addressed
  subject: CC1.2
  reason: The board is elected in autumn
  requested: { by: alice, on: 2026-03-02 }
  approved: { by: bob, on: 2026-03-03 }
  expires: 2026-12-31
```
"#,
};

/// Which waivers match is known only to the report, which tells this.
fn check(_: &Judgement<'_>, _: &mut Gaps) {}
