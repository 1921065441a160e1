use super::shared::scope;
use super::*;
use crate::text::safe;
use crate::timeline::Coverage;

pub(super) static RULE: Rule = Rule {
    name: "lone-control",
    brief: "a broad criterion that rests on one control",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
`CC6.1`, `CC7.2` or `CC8.1` rests on exactly one control in place. These three are the broadest criteria: access,
monitoring and change. Other criteria may well rest on one control.

## Why it matters
When the one control has a deviation, nothing else speaks to the criterion and the opinion is likely to be qualified.
Auditors expect several for these three.

## Example
```yaml
#- controls/mfa.yaml
id: mfa
title: Sign-in needs a second factor
description: The identity provider refuses every sign-in without a second factor.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: continuous
criteria: [CC6.1]
#          ^^^^^ `CC6.1` rests on the control `mfa` alone
```

## Fixed
```yaml
#- controls/mfa.yaml
id: mfa
title: Sign-in needs a second factor
description: The identity provider refuses every sign-in without a second factor.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: continuous
criteria: [CC6.1]
#- controls/keys.yaml
id: keys
title: Keys are kept in a vault
description: Each quarter the platform lead lists who can read the production keys.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
criteria: [CC6.1]
```
"#,
};

const BROAD: &[&str] = &["CC6.1", "CC7.2", "CC8.1"];

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    for audit in &judgement.audits {
        for criterion in &audit.criteria {
            let [only] = criterion.in_place[..] else { continue };
            let framework = program.frameworks.get(criterion.id.framework);
            let id = framework.and_then(|of| of.criteria.get(criterion.id.criterion)).map(|c| &*c.id.value);
            if !id.is_some_and(|id| BROAD.contains(&id)) || criterion.coverage == Coverage::NotRelevant {
                continue;
            }
            let Some(control) = program.controls.get(only) else { continue };
            let name = program.criterion_name(criterion.id);
            let at = scope::mapping(control, program, criterion.id);
            let message = format!("`{}` rests on the control `{}` alone", safe(&name), control.id);
            gaps.about(Subject::new("criterion", name.as_str()), at, message)
                .help("add this criterion to other controls in place that serve it, or write one")
                .audit(audit.id.as_deref());
        }
    }
}
