use super::shared::references::unknown_with;
use super::*;
use crate::record::Target;
use crate::source::MANIFEST;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "unknown-evidence",
    brief: "evidence that does not exist",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A manifest or a request names evidence that does not exist. The name of evidence is its folder below `evidence/`.

## Why it matters
If the evidence that is replaced is not found, the withdrawn one goes on counting beside its correction; and a
request of the auditor that is answered by nothing is still open.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
#- evidence/access-review/2026-q1-again/manifest.yaml
title: First access review of 2026, with the forgotten system
controls: [access-review]
kind: system-report
performed: { on: 2026-04-02, by: alice }
supersedes: [access-review/2026-01]
#            ^^^^^^^^^^^^^^^^^^^^^ there is no evidence `access-review/2026-01`
```

## Fixed
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
#- evidence/access-review/2026-q1-again/manifest.yaml
title: First access review of 2026, with the forgotten system
controls: [access-review]
kind: system-report
performed: { on: 2026-04-02, by: alice }
supersedes: [access-review/2026-q1]
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    unknown_with(program, Target::Evidence, faults, &|name| meant(program, name));
}

/// A path was typed, or the folder has no manifest.
fn meant(program: &Program, name: &str) -> Option<String> {
    let short = name.strip_prefix("evidence/").unwrap_or(name);
    let short = short.strip_suffix(MANIFEST).unwrap_or(short).trim_end_matches('/');
    if program.resolves(Target::Evidence, short) {
        return Some(format!("write the folder below `evidence/`: `{}`", safe(short)));
    }
    let folder = format!("evidence/{short}/");
    let exists = !short.is_empty() && program.sources.below(&folder).next().is_some();
    exists.then(|| format!("the folder is there; give it a `{MANIFEST}`"))
}
