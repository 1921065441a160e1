use super::*;
use crate::requests::{State, standing};
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "request-overdue",
    brief: "a request of the auditor whose day passed without an answer",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
The `due` of a request lies before the judged day, and it still waits for the company: it is open, or the auditor returned it,
or what they took has changed since.

## Why it matters
Fieldwork stands still without it. What comes after the fieldwork is often not looked at any more, and then the control it was
to show counts as not shown.

## Example
```yaml
#- registers/requests.yaml
- id: PBC-07
  text: Access review of the first quarter
  due: 2026-06-24
#      ^^^^^^^^^^ the auditor's request `PBC-07` was due on 2026-06-24: nothing was handed over yet
  status: open
- id: PBC-08
  text: List of leavers
  due: 2026-06-29
#      ^^^^^^^^^^ the auditor's request `PBC-08` was due on 2026-06-29: the auditor wants more
  status: returned
  comment: The dates of leaving are missing.
```

## Fixed
```yaml
#- registers/requests.yaml
- id: PBC-07
  text: Access review of the first quarter
  due: 2026-06-24
  status: submitted
  answer: See the folder of the first quarter.
- id: PBC-08
  text: List of leavers
  due: 2026-06-30
  status: returned
- id: PBC-09
  text: Penetration test
  due: 2026-06-01
  status: withdrawn
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    for one in standing(judgement.program, judgement) {
        let (true, Some(due)) = (one.overdue, &one.request.due) else { continue };
        let id = &one.request.id;
        let what = match one.state {
            State::Returned => "the auditor wants more",
            State::Reopened => "the evidence that was accepted has changed",
            _ => "nothing was handed over yet",
        };
        let message = format!("the auditor's request `{}` was due on {}: {what}", safe(id), due.value);
        let audit = one.request.audit.as_ref().map(|audit| &*audit.value.0);
        let gap = gaps.about(Subject::new("request", id.to_string()), due.at, message).audit(audit);
        let gap = gap
            .help("name the evidence, set `status: submitted`, and send the list back: soc2 export requests");
        if let Ok(since) = due.value.tomorrow() {
            gap.since(since);
        }
    }
}
