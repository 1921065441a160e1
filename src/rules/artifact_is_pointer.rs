use super::shared::artifacts::{self, short};
use super::*;
use crate::source::hex;
use crate::text::{clip, safe};

pub(super) static RULE: Rule = Rule {
    name: "artifact-is-pointer",
    brief: "a Git LFS pointer was recorded as evidence",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A file is a Git LFS pointer, and the content it stands for is not what the manifest records: mostly the pointer
itself was hashed. A pointer to the recorded content is `artifact-not-here`.

## Why it matters
A pointer of three lines shows nothing. The auditor gets it in place of the evidence, with a hash that seems to
prove it.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
artifacts:
  - path: github.csv
#         ^^^^^^^^^^ `github.csv` is a Git LFS pointer, and its own hash was recorded
    sha256: "61b7e744afc226ea91e6a5cbfe6baba12c764547a6942279c847e58a36826a67"
#- evidence/access-review/2026-q1/github.csv
version https://git-lfs.github.com/spec/v1
oid sha256:17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757
size 23
```

## Fixed
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
version https://git-lfs.github.com/spec/v1
oid sha256:17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757
size 23
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    for (named, _, facts) in artifacts::read(program) {
        let (Some(pointer), Some(recorded)) = (&facts.lfs, &named.artifact.sha256) else { continue };
        if pointer.sha256 == hex(&recorded.value.0) {
            continue;
        }
        let name = safe(named.path);
        let (message, help) = if recorded.value.0 == facts.sha256 {
            let help = "get the content (`git lfs pull`), look at it, and record its hash";
            (format!("`{name}` is a Git LFS pointer, and its own hash was recorded"), help)
        } else {
            let (is, was) = (clip(&safe(&pointer.sha256), 13), short(&recorded.value.0));
            let help = "bring the recorded file back, or record the new one as evidence of its own";
            (format!("`{name}` is a Git LFS pointer to `{is}`, recorded was `{was}`"), help)
        };
        faults.at(named.path.at, message).help(help);
    }
}
