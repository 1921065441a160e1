use super::shared::absence::{absent, tell_absence};
use super::*;

pub(super) static RULE: Rule = Rule {
    name: "asset-owner-left",
    brief: "an asset in scope whose owner no longer works here",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
An asset in scope is owned by a person who does not work here on the day of the judgement. Assets that were disposed
of, or that say `in_scope: false`, are left out.

## Why it matters
Laptops and databases of people who left are how access outlives employment. An auditor who finds one owner gone asks
for the whole inventory.

## Example
```yaml
#- registers/people.yaml
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: dana, name: Dana, kind: employee, employed: [{ from: 2024-01-01, to: 2026-05-31 }] }
#- registers/assets.yaml
- { id: billing-db, name: Billing database, owner: dana, in_scope: true }
#                                                  ^^^^ `dana`, the owner of the asset `billing-db`, does not work here on 2026-06-30; last day 2026-05-31
```

## Fixed
```yaml
#- registers/people.yaml
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: dana, name: Dana, kind: employee, employed: [{ from: 2024-01-01, to: 2026-05-31 }] }
#- registers/assets.yaml
- { id: billing-db, name: Billing database, owner: alice, in_scope: true }
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let (program, day) = (judgement.program, judgement.as_of);
    for asset in &program.registers.assets {
        let outside = asset.in_scope.as_ref().is_some_and(|inside| !inside.value);
        let gone = asset.disposed.as_ref().is_some_and(|disposed| disposed.value <= day);
        let Some(owner) = asset.owner.as_ref().filter(|_| !outside && !gone) else { continue };
        let Some(person) = absent(program, owner, day) else { continue };
        let message =
            format!("`{}`, the owner of the asset `{}`, does not work here on {day}", person.id, asset.id);
        tell_absence(gaps, Subject::new("asset", asset.id.to_string()), owner.at, message, person, day);
    }
}
