use super::shared::artifacts::{refusal, tidy};
use super::*;
use crate::text::{clip, safe};

pub(super) static RULE: Rule = Rule {
    name: "artifact-path-refused",
    brief: "a path that cannot name a file of evidence",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A manifest names an artefact by a path that is refused: absolute, leading out of its folder, with backslashes, empty
parts or invisible characters, an address, a manifest, or a file that is never read, as README.md.

## Why it matters
Paths of a pull request are not to be trusted: `../../keys.txt` would put a file into the auditor's bundle that has
nothing to do with the evidence. And a path that only one system understands is a missing file on every other.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
artifacts:
  - path: ../2025-q4/github.csv
#         ^^^^^^^^^^^^^^^^^^^^^ `../2025-q4/github.csv` cannot name an artefact: it leads out
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
  - path: exports\github.csv
#         ^^^^^^^^^^^^^^^^^^ its parts are separated by a backslash
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
  - path: C:/exports/github.csv
#         ^^^^^^^^^^^^^^^^^^^^^ it is absolute
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
  - path: ./github.csv
#         ^^^^^^^^^^^^ it has an empty part
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
  - path: manifest.yaml
#         ^^^^^^^^^^^^^ a manifest is no artefact
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
  - path: README.md
#         ^^^^^^^^^ files of that name are never read
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
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
    let artifacts = program.evidence.iter().flat_map(|folder| &folder.manifest.artifacts);
    for path in artifacts.filter_map(|artifact| artifact.path.as_ref()) {
        let Some(why) = refusal(path) else { continue };
        let message = format!("`{}` cannot name an artefact: {why}", clip(&safe(path), 80));
        faults.at(path.at, message).help(help(path));
    }
}

fn help(path: &str) -> String {
    let tidied = tidy(path);
    let name = tidied.rsplit('/').next().filter(|name| refusal(name).is_none());
    if path.contains("://") {
        "put addresses under `url`".to_owned()
    } else if refusal(&tidied).is_none() && !path.starts_with(['/', '\\']) {
        format!("write `{}`", safe(&tidied))
    } else {
        format!("name a file below the manifest's folder: `{}`", safe(name.unwrap_or("github.csv")))
    }
}
