use super::shared::current;
use super::*;
use crate::text::{clip, safe};
use crate::timeline::is_production;

pub(super) static RULE: Rule = Rule {
    name: "environment-not-production",
    brief: "evidence from another environment than production",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
`environment` of an artefact is given and is not `production` or `prod`; capitals do not matter.

## Why it matters
The report is about the system that customers use. Settings of a staging or test system show nothing about it, and
evidence of them in an audit looks like a mix-up or worse.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Users of GitHub
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
artifacts:
  - path: users.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
    system: github
    environment: staging
#                ^^^^^^^ `users.csv` is from `staging`
```

## Fixed
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Users of GitHub
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
artifacts:
  - path: users.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
    system: github
    environment: production
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    for folder in current::evidence(judgement) {
        for artifact in &folder.manifest.artifacts {
            let Some(environment) = artifact.environment.as_ref().filter(|typed| !is_production(typed))
            else {
                continue;
            };
            let name = artifact.path.as_ref().or(artifact.url.as_ref()).map_or("", |name| &*name.value);
            let (name, typed) = (safe(name), clip(&safe(environment), 60));
            let message = if typed.trim().is_empty() {
                format!("`{name}` has a blank `environment`")
            } else {
                format!("`{name}` is from `{typed}`, not from production")
            };
            gaps.about(Subject::new("evidence", program.evidence_id(folder)), environment.at, message).help(
                "take the evidence from the production system; if it is from there, write `environment: production`",
            );
        }
    }
}
