use super::shared::current;
use super::*;
use crate::model::EvidenceKind;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "inquiry-only",
    brief: "a statement as the only evidence",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
All that a manifest holds is of the kind `attestation`: a person says that it was done.

## Why it matters
Asking is the weakest of an auditor's tests and never enough alone to show that a control operated. A record made while
the work was done has to stand beside the statement.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: The security lead on access reviews
controls: [access-review]
kind: attestation
#     ^^^^^^^^^^^ rests on a statement alone
performed: { on: 2026-03-28, by: alice }
artifacts:
  - path: statement.pdf
    sha256: "823412d1eacb67956220e532959f0104603057c88704863ca38e7cd188fda812"
```

## Fixed
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: The security lead on access reviews
controls: [access-review]
kind: attestation
performed: { on: 2026-03-28, by: alice }
artifacts:
  - path: statement.pdf
    sha256: "823412d1eacb67956220e532959f0104603057c88704863ca38e7cd188fda812"
  - path: github.csv
    kind: system-report
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    for folder in current::evidence(judgement).filter(|one| one.manifest.is_only(EvidenceKind::Attestation)) {
        let Some(kind) = folder.manifest.kinds().next() else { continue };
        let id = program.evidence_id(folder);
        let message = format!("`{}` rests on a statement alone: inquiry only", safe(id));
        gaps.about(Subject::new("evidence", id), kind.at, message)
            .help("add what the work left behind: an export, a ticket, a log, signed minutes");
    }
}
