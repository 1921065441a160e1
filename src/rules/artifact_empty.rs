use super::shared::artifacts;
use super::*;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "artifact-empty",
    brief: "a file of evidence has no content",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A manifest names a file that has no bytes.

## Why it matters
An empty file is what a failed export leaves behind. It shows neither what was there nor that nothing was: an empty
list has at least a header and the query it came from.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
artifacts:
  - path: github.csv
#         ^^^^^^^^^^ `github.csv` is empty
    sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#- evidence/access-review/2026-q1/github.csv empty
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
    for (named, _, _) in artifacts::read(program).filter(|(_, _, facts)| facts.bytes == 0) {
        faults
            .at(named.path.at, format!("`{}` is empty", safe(named.path)))
            .help("collect it again, and look at what the export says");
    }
}
