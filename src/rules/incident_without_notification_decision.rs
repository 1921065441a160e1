use super::*;

pub(super) static RULE: Rule = Rule {
    name: "incident-without-notification-decision",
    brief: "an incident with personal data, and no decision who is told",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
An incident touched personal data and has no `notification`. A decision to tell nobody counts, if it is written down
with who decided.

## Why it matters
Breach laws and contracts run on deadlines of hours or days. The auditor asks for the decision, also when it was not
to notify; silence looks like nobody decided.

## Example
```yaml
#- registers/incidents.yaml
- id: mail-outage
  title: Mail was not delivered
  severity: sev2
  owner: security-lead
  detected: 2026-03-02T09:10:00Z
  personal_data: true
#                ^^^^ `mail-outage` touched personal data, and no `notification` says who was told or why nobody was
```

## Fixed
```yaml
#- registers/incidents.yaml
- id: mail-outage
  title: Mail was not delivered
  severity: sev2
  owner: security-lead
  detected: 2026-03-02T09:10:00Z
  personal_data: true
  notification: Two customers told on 2026-03-04; no authority, no risk to people (counsel, 2026-03-03).
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let zone = judgement.zone();
    for incident in &judgement.program.registers.incidents {
        let day = incident.detected.as_ref().map(|detected| zone.to_datetime(detected.value).date());
        let Some(touched) = incident.personal_data.as_ref().filter(|touched| touched.value) else { continue };
        let decided = incident.notification.as_ref().is_some_and(|text| !text.value.trim().is_empty());
        if decided || day.is_some_and(|day| day > judgement.as_of) {
            continue;
        }
        let message = format!(
            "`{}` touched personal data, and no `notification` says who was told or why nobody was",
            incident.id
        );
        let gap = gaps
            .about(Subject::new("incident", incident.id.to_string()), touched.at, message)
            .help("add `notification:` with who was told and when, or who decided that nobody had to be");
        if let Some(day) = day {
            gap.since(day);
        }
    }
}
