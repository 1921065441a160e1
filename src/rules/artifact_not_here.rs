use super::shared::artifacts;
use super::*;
use crate::source::hex;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "artifact-not-here",
    brief: "the content of evidence is in Git LFS and not here",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
A file is a Git LFS pointer to the content that the manifest records: nothing was changed, but the content is not
here. In a commit's own tree that is always so; verdicts that rest on the content read unknown.

## Why it matters
What is not here cannot be looked at, tested or put into the auditor's bundle. It counts as unknown, never as fine.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
artifacts:
  - path: github.csv
#         ^^^^^^^^^^ the content of `github.csv` is not here
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
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
login,role
alice,admin
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    for (named, _, facts) in artifacts::read(program) {
        let Some(pointer) = &facts.lfs else { continue };
        let recorded = named.artifact.sha256.as_ref();
        if recorded.is_none_or(|recorded| pointer.sha256 == hex(&recorded.value.0)) {
            let message =
                format!("the content of `{}` is not here, only its Git LFS pointer", safe(named.path));
            faults.at(named.path.at, message).help("run `git lfs pull`; in CI, check out with LFS");
        }
    }
}
