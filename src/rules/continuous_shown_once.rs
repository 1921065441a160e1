use super::shared::remarks::remarks;
use super::*;
use crate::timeline::Remark;

pub(super) static RULE: Rule = Rule {
    name: "continuous-shown-once",
    brief: "a setting shown near one point of the window only",
    check: Check::Gap(Class::Note, check),
    docs: r#"
The window of more than sixty days is over, and the accepted evidence of a continuous control lies within a third of it.

## Why it matters
One export proves one moment. Two, near the start and the end, make it likely that nothing changed between, and the auditor
needs fewer tests to believe it.

## Example
```yaml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[[audit]]
id = "audit"
type = "type2"
period = { from = 2026-01-01, to = 2026-03-31 }
#- controls/mfa.yaml
id: mfa
title: Sign-in demands a second factor
description: The identity provider refuses a sign-in without a second factor.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: continuous
#        ^^^^^^^^^^ `mfa` is shown near one point of the window 2026-01-01 to 2026-03-31 only
criteria: [CC6.1]
type: automated
#- evidence/mfa/2026-01/manifest.yaml
title: Sign-in settings
controls: [mfa]
kind: config-export
performed: { on: 2026-01-10, by: alice }
artifacts:
  - path: sign-in.json
    sha256: "ad94e1fb92a60ea853a671261ac207ae9d42579f4f15a886ed30b7ec8b3bb18a"
#- evidence/mfa/2026-01/sign-in.json
{ "second_factor": "required" }
```

## Fixed
```yaml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[[audit]]
id = "audit"
type = "type2"
period = { from = 2026-01-01, to = 2026-03-31 }
#- controls/mfa.yaml
id: mfa
title: Sign-in demands a second factor
description: The identity provider refuses a sign-in without a second factor.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: continuous
criteria: [CC6.1]
type: automated
#- evidence/mfa/2026-01/manifest.yaml
title: Sign-in settings
controls: [mfa]
kind: config-export
performed: { on: 2026-01-10, by: alice }
artifacts:
  - path: sign-in.json
    sha256: "ad94e1fb92a60ea853a671261ac207ae9d42579f4f15a886ed30b7ec8b3bb18a"
#- evidence/mfa/2026-01/sign-in.json
{ "second_factor": "required" }
#- evidence/mfa/2026-03/manifest.yaml
title: Sign-in settings
controls: [mfa]
kind: config-export
performed: { on: 2026-03-28, by: alice }
artifacts:
  - path: sign-in.json
    sha256: "0301f58137a129287f107a8fb72a1b9005ba9a54b3e6d0aa680984451f4cc620"
#- evidence/mfa/2026-03/sign-in.json
{ "second_factor": "required", "by": "all" }
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    for found in remarks(judgement).filter(|found| *found.remark == Remark::ShownOnce) {
        let (from, to) = found.audit.window;
        let message =
            format!("`{}` is shown near one point of the window {from} to {to} only", found.control.id);
        found
            .gap(gaps, found.cadence(), message)
            .help("export the setting near the window's start and near its end");
    }
}
