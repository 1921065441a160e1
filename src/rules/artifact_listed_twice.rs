use std::collections::BTreeMap;

use super::*;
use crate::text::{clip, safe};

pub(super) static RULE: Rule = Rule {
    name: "artifact-listed-twice",
    brief: "a manifest names the same file twice",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A manifest names the same path under two of its artefacts.

## Why it matters
Two entries can give two hashes, two systems or two populations for one file; whichever a reader believes, the other
is wrong, and one list is counted as two.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
    system: github
  - path: github.csv
#         ^^^^^^^^^^ `github.csv` is named twice
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
    system: gitlab
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
    for folder in &program.evidence {
        let mut seen: BTreeMap<&str, Location> = BTreeMap::new();
        for path in folder.manifest.artifacts.iter().filter_map(|artifact| artifact.path.as_ref()) {
            if let Some(first) = seen.get(&*path.value) {
                faults
                    .at(path.at, format!("`{}` is named twice", clip(&safe(path), 80)))
                    .help("keep one entry; a second file needs a name of its own")
                    .related(*first, "first here");
            } else {
                seen.insert(&path.value, path.at);
            }
        }
    }
}
