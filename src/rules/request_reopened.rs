use super::*;
use crate::requests::{State, standing};
use crate::text::{safe, some};

pub(super) static RULE: Rule = Rule {
    name: "request-reopened",
    brief: "evidence that changed after the auditor accepted it",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A request is `accepted`, and evidence that its `accepted` pins is no longer what the auditor took: a word of its manifest was
changed, a file has other bytes, it was replaced or is gone. `soc2 import requests` writes the pins when the auditor's list
says that a request is accepted. Comments, the order of keys and a later review change nothing.

## Why it matters
The auditor's working papers hold what was handed over. Where the repository now says something else, one of the two is
wrong, and the auditor has to be told which.

## Example
```yaml
#- registers/requests.yaml
- id: PBC-07
  text: Access review of the first quarter
  status: accepted
#         ^^^^^^^^ the auditor's request `PBC-07` is open again: what the manifest of `access-review/2026-q1` says was changed after 2026-05-04
  evidence: [access-review/2026-q1]
  accepted:
    on: 2026-05-04
    evidence:
      - { id: access-review/2026-q1, digest: "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f" }
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
result: { outcome: as-expected }
```

```yaml
#- registers/requests.yaml
- id: PBC-07
  text: Access review of the first quarter
  status: accepted
#         ^^^^^^^^ `access-review/2026-q1` is gone
  accepted:
    on: 2026-05-04
    evidence:
      - { id: access-review/2026-q1, digest: "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f" }
```

## Fixed
```yaml
#- registers/requests.yaml
- id: PBC-07
  text: Access review of the first quarter
  status: submitted
  answer: The review was corrected on 4 May; the list of the user `eve` was missing.
  evidence: [access-review/2026-q1]
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
result: { outcome: as-expected }
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    for one in standing(judgement.program, judgement) {
        let (State::Reopened, Some(status)) = (one.state, &one.request.status) else { continue };
        let id = &one.request.id;
        let message =
            format!("the auditor's request `{}` is open again: {}", safe(id), some(&one.changes, 3));
        let audit = one.request.audit.as_ref().map(|audit| &*audit.value.0);
        gaps.about(Subject::new("request", id.to_string()), status.at, message).audit(audit).help(
            "restore what was accepted; or set `status: submitted`, say under `answer` what changed, and tell the auditor",
        );
    }
}
