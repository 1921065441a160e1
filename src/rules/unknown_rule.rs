use super::*;

use crate::change::{self, Effect};
use crate::scan;
use crate::text::{clip, nearest, safe};

pub(super) static RULE: Rule = Rule {
    name: "unknown-rule",
    brief: "a rule that does not exist",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A key of `[check.levels]`, an ignore comment, or the `rule` of a waiver or of a redaction names no rule of this program. It
has no effect. A redaction names a rule of the scan that holds up an archive, such as `us-ssn`; a waiver may name one too.

## Why it matters
A waiver with a slip in its rule lets nothing through, and a level for a rule that is gone is a decision that nobody knows
to be void.

## Example
```toml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[check]
levels = { unknown-criteria = "warn" }
#          ^^^^^^^^^^^^^^^^ `unknown-criteria` is not a rule
```

```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: draft
criteria: [CC6.99] # soc2: ignore[unknown-criterium] waits for the framework of 2027
#                                 ^^^^^^^^^^^^^^^^^ `unknown-criterium` is not a rule
#- evidence/hr-screening/2026-q1/manifest.yaml
title: Staff at the end of the quarter
controls: [hr-screening]
kind: system-report
performed: { on: 2026-03-28, by: alice }
redactions: [{ what: numbers, why: made up for a test, by: alice, rule: us-sns }]
#                                                                       ^^^^^^ `us-sns` is not a rule of the scan
#- registers/waivers.yaml
- id: board-later
  rule: criterion-planned
#       ^^^^^^^^^^^^^^^^^ `criterion-planned` is not a rule
  subject: CC1.2
  reason: The first board meeting is in May.
  requested: { by: alice, on: 2026-01-10 }
  approved: { by: bob, on: 2026-01-12 }
  expires: 2026-06-30
```

## Fixed
```toml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[check]
levels = { unknown-criterion = "warn" }
```

```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: draft
criteria: [CC6.99] # soc2: ignore[unknown-criterion] waits for the framework of 2027
#- evidence/hr-screening/2026-q1/manifest.yaml
title: Staff at the end of the quarter
controls: [hr-screening]
kind: system-report
performed: { on: 2026-03-28, by: alice }
redactions: [{ what: numbers, why: made up for a test, by: alice, rule: us-ssn }]
#- registers/waivers.yaml
- id: board-later
  rule: criterion-planned-only
  subject: CC1.2
  reason: The first board meeting is in May.
  requested: { by: alice, on: 2026-01-10 }
  approved: { by: bob, on: 2026-01-12 }
  expires: 2026-06-30
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    let levels = program.config.as_ref().and_then(|config| config.check.as_ref());
    for (name, _) in levels.iter().flat_map(|check| &check.levels.0) {
        tell(&name.value, name.at, Rule::level, faults);
    }
    for ignore in &program.ignores {
        tell(&ignore.rule, ignore.rule_at, Rule::level, faults);
    }
    let weakens = |name: &str| change::find(name).is_some_and(|kind| kind.effect == Effect::Regression);
    let named = program.registers.waivers.iter().filter_map(|waiver| waiver.rule.as_ref());
    for rule in named.filter(|rule| !weakens(&rule.value) && !is_of_scan(&rule.value)) {
        tell(&rule.value, rule.at, Rule::class, faults);
    }
    let redactions = program.evidence.iter().flat_map(|folder| &folder.manifest.redactions);
    for rule in redactions.filter_map(|redaction| redaction.rule.as_ref()) {
        if !is_of_scan(&rule.value) {
            let near = nearest(&rule.value, scan::rules().map(|(name, _)| name));
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name the rule as `soc2 evidence add` and `soc2 bundle` do".to_owned(),
            };
            faults
                .at(rule.at, format!("`{}` is not a rule of the scan", clip(&safe(&rule.value), 60)))
                .help(help);
        }
    }
}

/// Does the scan of evidence tell it?
fn is_of_scan(name: &str) -> bool {
    scan::rules().any(|(rule, _)| rule == name)
}

/// Tells a name that is no rule; `fits` is `Some` for the rules that may stand there, which are suggested first.
fn tell<T>(name: &str, at: Location, fits: fn(&Rule) -> Option<T>, faults: &mut Faults) {
    if find(name).is_some() {
        return;
    }
    let fitting = RULES.iter().filter(|rule| fits(rule).is_some()).map(|rule| rule.name);
    let help = match nearest(name, fitting) {
        Some(near) => format!("did you mean `{near}`?"),
        None if name.contains(',') => "name one rule, and write one comment or row for each".to_owned(),
        None => "soc2 explain rules lists them all".to_owned(),
    };
    faults.at(at, format!("`{}` is not a rule", clip(&safe(name), 60))).help(help);
}
