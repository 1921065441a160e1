use super::shared::artifacts::{self, Named, short};
use super::*;
use crate::source::{Facts, hex};
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "artifact-changed",
    brief: "a file of evidence is not the one that was recorded",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A file's SHA-256 or length is not what its manifest records. Files whose line ends alone differ are found by
`artifact-line-endings`, empty ones by `artifact-empty`, Git LFS pointers by `artifact-is-pointer`.

## Why it matters
Evidence that changed after it was recorded is not the evidence that was reviewed; an auditor must assume that
somebody made it fit.

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
#           ^ `github.csv` has the hash `dc70fc6865ec…`, recorded was `17404a5d62bc…`
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
bob,member
```

```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
    bytes: 18234
#          ^^^^^ `github.csv` has 23 bytes, recorded were 18234
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
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
    bytes: 23
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
```
"#,
};

const HELP: &str =
    "bring the recorded file back, or record the new one as evidence of its own that `supersedes` this";

fn check(program: &Program, faults: &mut Faults) {
    for (named, file, facts) in artifacts::read(program).filter(|(_, _, facts)| facts.bytes > 0) {
        let name = safe(named.path);
        match (&named.artifact.sha256, &facts.lfs) {
            (Some(recorded), Some(pointer)) if pointer.sha256 != hex(&recorded.value.0) => {}
            (Some(recorded), None) if recorded.value.0 != facts.sha256 => {
                if artifacts::recorded_line_ends(program, file, recorded.value.0).is_none() {
                    let (is, was) = (short(&facts.sha256), short(&recorded.value.0));
                    let message = format!("`{name}` has the hash `{is}`, recorded was `{was}`");
                    let whole = hex(&facts.sha256);
                    faults
                        .at(recorded.at, message)
                        .help(format!("{HELP}; if this is its first filing: `{whole}`"));
                }
            }
            _ => of_length(named, facts, faults),
        }
    }
}

/// The hash agrees or is missing; the length is all that can still differ.
fn of_length(named: Named<'_>, facts: &Facts, faults: &mut Faults) {
    let is = facts.lfs.as_ref().map_or(facts.bytes, |pointer| pointer.bytes);
    let Some(recorded) = named.artifact.bytes.as_ref().filter(|recorded| recorded.value != is) else {
        return;
    };
    let message = format!("`{}` has {is} bytes, recorded were {}", safe(named.path), recorded.value);
    let help = match named.artifact.sha256.as_ref().is_some_and(|recorded| recorded.value.0 == facts.sha256) {
        true => format!("the hash is right: write `bytes: {is}`"),
        false => HELP.to_owned(),
    };
    faults.at(recorded.at, message).help(help);
}
