use super::shared::current;
use super::*;
use crate::text::{clip, safe};

pub(super) static RULE: Rule = Rule {
    name: "evidence-only-linked",
    brief: "evidence that is a link to somewhere else",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
An artefact has a `url` and no `path`: its bytes are elsewhere, with or without a hash. One gap stands for all such
artefacts of a manifest. Files in Git LFS are told by `artifact-not-here`.

## Why it matters
What is behind a link can change, move or lose its readers before the auditor looks. A hash shows that it changed, and
does not bring back what it said.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Removal of three users
controls: [access-review]
kind: ticket
performed: { on: 2026-03-28, by: alice }
artifacts:
  - url: "https://acme.atlassian.net/browse/SEC-812"
#        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ is a link; its content is not kept here
    sha256: "2cea274d0bedc39ec4ab6ba9e59ec889e3ed6fb56a1cf088a64d9b383378dc97"
```

## Fixed
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Removal of three users
controls: [access-review]
kind: ticket
performed: { on: 2026-03-28, by: alice }
artifacts:
  - path: SEC-812.pdf
    sha256: "2cea274d0bedc39ec4ab6ba9e59ec889e3ed6fb56a1cf088a64d9b383378dc97"
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    for folder in current::evidence(judgement) {
        let linked = folder.manifest.artifacts.iter().filter(|artifact| artifact.path.is_none());
        let mut links = linked.filter_map(|artifact| artifact.url.as_ref());
        let Some(first) = links.next() else { continue };
        let more = match links.count() {
            0 => String::new(),
            more => format!(" (and {more} more of this evidence)"),
        };
        let message = format!("`{}` is a link; its content is not kept here{more}", clip(&safe(first), 100));
        gaps.about(Subject::new("evidence", program.evidence_id(folder)), first.at, message)
            .help("save what is there as a file beside the manifest, and name it under `path`");
    }
}
