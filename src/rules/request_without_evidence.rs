use super::*;
use crate::model::registers::RequestStatus;
use crate::requests::standing;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "request-without-evidence",
    brief: "a request said to be answered, with nothing that answers it",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
A request is `submitted` or `accepted`, but it names no evidence under `evidence`, no manifest names it under `request`, and
there is no `answer` in words.

## Why it matters
Nobody can tell any more what the auditor was given. When they ask again, or when the evidence changes, there is nothing to
compare with.

## Example
```yaml
#- registers/requests.yaml
- id: PBC-07
  text: Access review of the first quarter
  status: submitted
#         ^^^^^^^^^ the auditor's request `PBC-07` is submitted, and nothing answers it
```

## Fixed
```yaml
#- registers/requests.yaml
- id: PBC-07
  text: Access review of the first quarter
  status: submitted
- id: PBC-08
  text: Organisation chart
  status: submitted
  answer: See section 2 of the system description.
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
request: [PBC-07]
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    if program.may_be_defined_in_unread("evidence/") {
        return;
    }
    for one in standing(program, judgement) {
        let Some(status) = &one.request.status else { continue };
        let said = matches!(status.value, RequestStatus::Submitted | RequestStatus::Accepted);
        let typed = one.request.answer.is_some() || !one.request.evidence.is_empty();
        if !said || typed || !one.evidence.is_empty() {
            continue;
        }
        let id = &one.request.id;
        let word = status.value.word();
        let message = format!("the auditor's request `{}` is {word}, and nothing answers it", safe(id));
        let audit = one.request.audit.as_ref().map(|audit| &*audit.value.0);
        gaps.about(Subject::new("request", id.to_string()), status.at, message).audit(audit).help(
            "name the evidence folders under `evidence`, or say under `answer` what the auditor was told",
        );
    }
}
