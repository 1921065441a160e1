use super::shared::reading;
use super::*;

pub(super) static RULE: Rule = Rule {
    name: "artifact-without-place",
    brief: "an artefact without a file or an address, or with both",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
An artefact gives neither `path` (a file beside the manifest) nor `url` (bytes kept elsewhere), or gives both.

## Why it matters
Without a place there is nothing to look at. With two, nobody knows whose bytes the hash speaks for.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
artifacts:
  - sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#   ^ the artefact has neither `path` nor `url`
  - path: github.csv
    url: https://drive.example.com/github.csv
#        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the artefact has both `path` and `url`
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
  - url: https://drive.example.com/gitlab.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    let unsure = reading::with_lost_values(program);
    for folder in &program.evidence {
        for artifact in &folder.manifest.artifacts {
            match (&artifact.path, &artifact.url) {
                (Some(_), Some(url)) => {
                    faults
                        .at(url.at, "the artefact has both `path` and `url`")
                        .help("keep `path` if the file is here, `url` if its bytes are elsewhere");
                }
                (None, None) if !unsure.contains(&folder.file) => {
                    faults
                        .at(artifact.place, "the artefact has neither `path` nor `url`")
                        .help("add `path:` with a file beside the manifest, or `url:` where the bytes are");
                }
                _ => {}
            }
        }
    }
}
