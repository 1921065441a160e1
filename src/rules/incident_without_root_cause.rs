use super::*;
use crate::model::registers::Severity;

pub(super) static RULE: Rule = Rule {
    name: "incident-without-root-cause",
    brief: "a severe incident closed without a root cause",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A sev1 or sev2 incident was resolved by the day of the judgement and has no `root_cause`. Lesser incidents may do
without.

## Why it matters
CC7.5 asks what was learned. A severe incident that was closed without a cause can come back, and the auditor will
read it as a response that stopped half way.

## Example
```yaml
#- registers/incidents.yaml
- id: mail-outage
  title: Mail was not delivered
  severity: sev2
#           ^^^^ the sev2 incident `mail-outage` was resolved on 2026-03-03 and has no `root_cause`
  owner: security-lead
  detected: 2026-03-02T09:10:00Z
  resolved: 2026-03-03T12:00:00Z
```

## Fixed
```yaml
#- registers/incidents.yaml
- id: mail-outage
  title: Mail was not delivered
  severity: sev2
  owner: security-lead
  detected: 2026-03-02T09:10:00Z
  resolved: 2026-03-03T12:00:00Z
  root_cause: A certificate expired; nobody was warned.
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let zone = judgement.zone();
    for incident in &judgement.program.registers.incidents {
        let (Some(severity), Some(resolved)) = (&incident.severity, &incident.resolved) else { continue };
        let day = zone.to_datetime(resolved.value).date();
        let severe = matches!(severity.value, Severity::Sev1 | Severity::Sev2);
        let told = incident.root_cause.as_ref().is_some_and(|cause| !cause.value.trim().is_empty());
        if !severe || told || day > judgement.as_of {
            continue;
        }
        let message = format!(
            "the {} incident `{}` was resolved on {day} and has no `root_cause`",
            severity.value.word(),
            incident.id
        );
        gaps.about(Subject::new("incident", incident.id.to_string()), severity.at, message)
            .help("write why it happened under `root_cause`, or give the severity it really had")
            .since(day);
    }
}
