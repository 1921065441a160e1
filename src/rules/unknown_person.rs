use super::shared::references::unknown;
use super::*;
use crate::record::Target;

pub(super) static RULE: Rule = Rule {
    name: "unknown-person",
    brief: "a person the people register does not hold",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A record names a person whom `registers/people.yaml` does not hold, or a role where a person must stand: roles
answer for things, people do them. Aliases and e-mail addresses of the register are people too.

## Why it matters
Whether somebody was employed that day, and was another person than the reviewer, can only be judged of people who
are known. Work of unknown people is not accepted as evidence.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alcie }
#                                ^^^^^ there is no person `alcie`
reviewed: { on: 2026-03-30, by: security-lead, result: accepted }
#                               ^^^^^^^^^^^^^ there is no person `security-lead`
```

## Fixed
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
reviewed: { on: 2026-03-30, by: bob@acme.com, result: accepted }
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    unknown(program, Target::Person, faults);
}
