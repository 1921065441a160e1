use super::shared::artifacts::{self, LineEnds};
use super::*;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "artifact-line-endings",
    brief: "a checkout changed the line ends of evidence",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A file's SHA-256 is what its manifest records once its line ends are rewritten: git, an editor or an archive turned
LF into CR LF or back.

## Why it matters
The file says what it said, but nobody can prove it with the recorded hash, and every colleague and auditor on
another system sees another set of broken evidence.

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
#           ^ `github.csv` ends its lines in CR LF, recorded was LF
#- evidence/access-review/2026-q1/github.csv crlf
login,role
alice,admin
```

```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
artifacts:
  - path: github.csv
    sha256: "a0cc0627aebac592714a9e58d0e8a0f1a1d65234d8452f132604ad022c3b15cb"
#           ^ `github.csv` ends its lines in LF, recorded was CR LF
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
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
```

```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
artifacts:
  - path: github.csv
    sha256: "a0cc0627aebac592714a9e58d0e8a0f1a1d65234d8452f132604ad022c3b15cb"
#- evidence/access-review/2026-q1/github.csv crlf
login,role
alice,admin
```
"#,
};

const HELP: &str = "see that .gitattributes has `evidence/** -text`, then bring the recorded file back";

fn check(program: &Program, faults: &mut Faults) {
    for (named, file, facts) in artifacts::read(program).filter(|(_, _, facts)| facts.lfs.is_none()) {
        let Some(recorded) = named.artifact.sha256.as_ref().filter(|hash| hash.value.0 != facts.sha256)
        else {
            continue;
        };
        let (is, was) = match artifacts::recorded_line_ends(program, file, recorded.value.0) {
            Some(LineEnds::Lf) => ("CR LF", "LF"),
            Some(LineEnds::CrLf) => ("LF", "CR LF"),
            None => continue,
        };
        let name = safe(named.path);
        faults.at(recorded.at, format!("`{name}` ends its lines in {is}, recorded was {was}")).help(HELP);
    }
}
