use super::shared::performed::local;
use super::*;

use jiff::Timestamp;

pub(super) static RULE: Rule = Rule {
    name: "incident-dates-out-of-order",
    brief: "an incident whose dates are out of order",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
An incident was contained or resolved before it was detected, resolved before it was contained, or its post-mortem
was held on a day before any of these.

## Why it matters
Response times are computed from these dates. Dates that cannot be true make the auditor doubt every incident in the
register, and the register with them.

## Example
```yaml
#- registers/incidents.yaml
- id: mail-outage
  title: Mail was not delivered
  severity: sev2
  owner: security-lead
  detected: 2026-03-02T09:10:00Z
  contained: 2026-03-02T08:00:00Z
#            ^^^^^^^^^^^^^^^^^^^^ was contained at 2026-03-02T08:00:00+00:00, before it was detected at 2026-03-02T09:10:00+00:00
  resolved: 2026-03-03T12:00:00Z
  postmortem: 2026-03-01
#             ^^^^^^^^^^ the post-mortem of `mail-outage` was on 2026-03-01, before it was resolved on 2026-03-03
```

## Fixed
```yaml
#- registers/incidents.yaml
- id: mail-outage
  title: Mail was not delivered
  severity: sev2
  owner: security-lead
  detected: 2026-03-02T09:10:00Z
  contained: 2026-03-02T10:00:00Z
  resolved: 2026-03-03T12:00:00Z
  postmortem: 2026-03-09
```
"#,
};

const HELP: &str = "look the times up in the ticket and correct the one that is wrong";

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let zone = judgement.zone();
    for incident in &judgement.program.registers.incidents {
        let subject = || Subject::new("incident", incident.id.to_string());
        let steps = [
            ("detected", &incident.detected),
            ("contained", &incident.contained),
            ("resolved", &incident.resolved),
        ];
        let mut last: Option<(&str, Timestamp)> = None;
        for (step, at) in steps {
            let Some(at) = at else { continue };
            match last {
                Some((before, moment)) if at.value < moment => {
                    let message = format!(
                        "`{}` was {step} at {}, before it was {before} at {}",
                        incident.id,
                        local(at.value, &zone),
                        local(moment, &zone)
                    );
                    gaps.about(subject(), at.at, message).help(HELP);
                }
                _ => last = Some((step, at.value)),
            }
        }
        let (Some(postmortem), Some((step, moment))) = (&incident.postmortem, last) else { continue };
        let day = zone.to_datetime(moment).date();
        if postmortem.value < day {
            let message = format!(
                "the post-mortem of `{}` was on {}, before it was {step} on {day}",
                incident.id, postmortem.value
            );
            gaps.about(subject(), postmortem.at, message).help(HELP);
        }
    }
}
