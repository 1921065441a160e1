use super::shared::scope;
use super::*;
use crate::model::PointOfFocus;
use crate::text::{count, safe, some};
use crate::timeline::{AuditStanding, Coverage, CriterionStanding};

pub(super) static RULE: Rule = Rule {
    name: "points-of-focus-unnamed",
    brief: "criteria with points of focus that no control names",
    check: Check::Gap(Class::Note, check),
    docs: r#"
A criterion has controls in place, and no control names some of its points of focus that apply in this scope. Points
of focus are guidance: none has to be met and this is never a failure. Those for makers of physical products are
left out.

## Why it matters
Auditors use points of focus as a reading list. Naming those a control speaks to shows at a glance what nobody has
thought about yet.

## Example
```yaml
#- controls/continuity.yaml
id: continuity
title: A second region stands ready
description: Each year the platform lead moves the service to the second region and back.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: annual
criteria: [CC9.1/disruption-measures]
#          ^^^^^^^^^^^^^^^^^^^^^^^^^ `CC9.1`: no control names 1 of 2 points of focus: insurance-weighed
```

## Fixed
```yaml
#- controls/continuity.yaml
id: continuity
title: A second region stands ready
description: Each year the platform lead moves the service to the second region and back.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: annual
criteria: [CC9.1/disruption-measures, CC9.1/insurance-weighed]
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    for audit in &judgement.audits {
        let covered = |c: &&CriterionStanding| matches!(c.coverage, Coverage::Partial | Coverage::Covered);
        for criterion in audit.criteria.iter().filter(covered) {
            let (unnamed, all) = unnamed(program, audit, criterion);
            let first = criterion.in_place.first().and_then(|index| program.controls.get(*index));
            let (Some(point), Some(control)) = (unnamed.first(), first) else { continue };
            let name = program.criterion_name(criterion.id);
            let shown = safe(&name);
            let message = format!(
                "`{shown}`: no control names {} of {}: {}",
                unnamed.len(),
                count(all, "point") + " of focus",
                some(&unnamed, 4)
            );
            let at = scope::mapping(control, program, criterion.id);
            gaps.about(Subject::new("criterion", name.as_str()), at, message)
                .help(format!("where a control speaks to one, write `{shown}/{point}`; none is required"))
                .audit(audit.id.as_deref());
        }
    }
}

/// The points of focus that apply and that no control names, and how many apply.
fn unnamed<'p>(
    program: &'p Program,
    audit: &AuditStanding,
    criterion: &CriterionStanding,
) -> (Vec<&'p str>, usize) {
    let Some(framework) = program.frameworks.get(criterion.id.framework) else { return (Vec::new(), 0) };
    let Some(of) = framework.criteria.get(criterion.id.criterion) else { return (Vec::new(), 0) };
    let categories: Vec<&str> = audit.categories.iter().map(String::as_str).collect();
    let applies = |point: &PointOfFocus| {
        !point.physical_products.as_ref().is_some_and(|physical| physical.value)
            && framework.point_applies(point, &categories)
    };
    let points = of.points_of_focus.iter().enumerate().filter(|(_, point)| applies(point));
    let (mut unnamed, mut all) = (Vec::new(), 0);
    for (index, point) in points {
        all += 1;
        if !criterion.points_named.contains(&index) {
            unnamed.push(&*point.id.value.0);
        }
    }
    (unnamed, all)
}
