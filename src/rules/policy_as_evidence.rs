use super::shared::current;
use super::*;
use crate::model::EvidenceKind;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "policy-as-evidence",
    brief: "a policy as the only evidence",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
All that a manifest holds is of the kind `policy-version`.

## Why it matters
A policy says what shall be done. It can show that a control is designed, never that it operated: for that an auditor
wants a trace of somebody doing it.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Access control policy 2.1
controls: [access-review]
kind: policy-version
#     ^^^^^^^^^^^^^^ shows what shall be done
performed: { on: 2026-03-28, by: alice }
artifacts:
  - path: access-control-2.1.pdf
    sha256: "823412d1eacb67956220e532959f0104603057c88704863ca38e7cd188fda812"
```

## Fixed
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Users of GitHub, reviewed
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
artifacts:
  - path: github.csv
    sha256: "823412d1eacb67956220e532959f0104603057c88704863ca38e7cd188fda812"
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    for folder in current::evidence(judgement).filter(|one| one.manifest.is_only(EvidenceKind::PolicyVersion))
    {
        let Some(kind) = folder.manifest.kinds().next() else { continue };
        let id = program.evidence_id(folder);
        let message =
            format!("`{}` is a policy alone: it shows what shall be done, not that it was", safe(id));
        gaps.about(Subject::new("evidence", id), kind.at, message)
            .help("add a record of the control being performed: an export, a ticket, minutes");
    }
}
