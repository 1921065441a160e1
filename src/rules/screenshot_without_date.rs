use super::shared::current;
use super::*;
use crate::model::EvidenceKind;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "screenshot-without-date",
    brief: "a screenshot without the moment it was taken",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
A manifest or an artefact of it is a `screenshot`, and `collected` gives no moment under `at`.

## Why it matters
A picture shows one moment. An auditor wants to see date and clock in it and the same moment on record; without them it
may be from any day.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Users of GitHub
controls: [access-review]
kind: screenshot
#     ^^^^^^^^^^ without the moment it was taken
performed: { on: 2026-03-28, by: alice }
collected: { on: 2026-03-28, by: bob }
artifacts:
  - path: users.png
    sha256: "2cea274d0bedc39ec4ab6ba9e59ec889e3ed6fb56a1cf088a64d9b383378dc97"
```

## Fixed
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Users of GitHub
controls: [access-review]
kind: screenshot
performed: { on: 2026-03-28, by: alice }
collected: { at: 2026-03-28T15:04:05Z, by: bob }
artifacts:
  - path: users.png
    sha256: "2cea274d0bedc39ec4ab6ba9e59ec889e3ed6fb56a1cf088a64d9b383378dc97"
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    for folder in current::evidence(judgement) {
        let manifest = &folder.manifest;
        let taken = manifest.collected.as_ref().and_then(|collected| collected.at.as_ref());
        if taken.is_some() || manifest.misread.holds("collected") {
            continue;
        }
        let Some(kind) = manifest.kinds().find(|kind| kind.value == EvidenceKind::Screenshot) else {
            continue;
        };
        let id = program.evidence_id(folder);
        let message = format!("`{}` has a screenshot without the moment it was taken", safe(id));
        gaps.about(Subject::new("evidence", id), kind.at, message)
            .help("add the date and clock that the picture shows: `collected: { at: 2026-03-28T15:04:05Z }`");
    }
}
