use super::*;
use crate::history::{ControlVersion, History, Reach};
use crate::timeline::witness;

pub(super) static RULE: Rule = Rule {
    name: "control-back-dated",
    brief: "a control said to be in place before git knew it",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
`effective_from` of a control is more than 30 days before the first commit that holds it as implemented (`back_filled_days`
under `[timeline]`), though history had begun by then. A control that came in with the first commits is not meant.

## Why it matters
A Type II rests on each day the control was in place. That it was so before anybody wrote it down is a claim; the auditor looks
for something that was left at the time, and else counts the control from the day it can be seen.

## Example
```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-05
#               ^^^^^^^^^^ `access-review` is said to be in place since 2026-01-05, 86 days before it was first recorded so, on 2026-04-01 in 3333333 (claimed)
cadence: quarterly
criteria: [CC6.2]
#! commit 2025-12-01 alice@acme.com soc2.toml
#! commit 2026-03-01 alice@acme.com soc2.toml
#! - control access-review: status = draft
#! commit 2026-04-01 alice@acme.com controls/access-review.yaml
#! - control access-review: status = implemented
```

## Fixed
```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-03-15
cadence: quarterly
criteria: [CC6.2]
#! commit 2025-12-01 alice@acme.com soc2.toml
#! commit 2026-04-01 alice@acme.com controls/access-review.yaml
#! - control access-review: status = implemented
```

```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2025-01-01
cadence: quarterly
criteria: [CC6.2]
#! commit 2026-04-01 alice@acme.com soc2.toml controls/access-review.yaml
#! - control access-review: status = implemented
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let (program, zone) = (judgement.program, judgement.zone());
    let history = &program.history;
    let Some(begins) = witness::begins(program).filter(|_| reaches(history)) else { return };
    for control in &program.controls {
        let Some(from) = &control.effective_from else { continue };
        let versions = history.controls.get(&*control.id.value.0).map_or(&[][..], |versions| versions);
        let Some(commit) = first_in_place(versions).and_then(|version| history.commit(version.commit)) else {
            continue;
        };
        let day = commit.day(&zone);
        let days = i64::from((day - from.value).get_days());
        // What is older than history was brought in when it began.
        if day <= begins || days <= judgement.settings.back_filled_days {
            continue;
        }
        let message = format!(
            "`{}` is said to be in place since {}, {days} days before it was first recorded so, {}",
            control.id,
            from.value,
            witness::when(history, commit, &zone)
        );
        gaps.about(Subject::new("control", control.id.to_string()), from.at, message)
            .help("keep what shows that it ran then, or set `effective_from` to the day it was written down");
    }
}

/// Does what is known of past controls reach back to their first commits?
fn reaches(history: &History) -> bool {
    history.reach == Reach::Whole && history.controls_cut.is_none()
}

/// The oldest version that says of itself that the control is in place; a status that cannot be read says nothing.
fn first_in_place(versions: &[ControlVersion]) -> Option<&ControlVersion> {
    let status = |version: &ControlVersion| {
        let found = version.fields.iter().find(|(name, _)| *name == "status").map(|(_, value)| value.clone());
        found.is_none_or(|value| &*value == "implemented") && !version.fields.is_empty()
    };
    versions.iter().rev().find(|version| status(version))
}
