use super::*;
use crate::history::ControlVersion;
use crate::timeline::witness;

pub(super) static RULE: Rule = Rule {
    name: "control-id-reused",
    brief: "a control under the id of one that was retired",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A control was retired or deleted, and its id came back with another title or description. A control that comes back as it was
is not meant.

## Why it matters
Evidence, waivers and the auditor's own notes name a control by its id. Used for a second thing, the id makes old evidence speak
for a control it never showed.

## Example
```yaml
#- controls/access-review.yaml
id: access-review
#   ^^^^^^^^^^^^^ `access-review` was deleted on 2026-02-01 in 2222222 (claimed) and came back on 2026-03-01 in 3333333 (claimed) as another control
title: Badges are reviewed
description: Each quarter the office manager reviews all badges.
owner: security-lead
status: implemented
effective_from: 2026-03-01
cadence: quarterly
criteria: [CC6.4]
#! commit 2026-01-10 alice@acme.com soc2.toml
#! - control access-review: title = Owners review every user | description = Each quarter every user is reviewed.
#! commit 2026-02-01 alice@acme.com soc2.toml
#! - control access-review: gone
#! commit 2026-03-01 alice@acme.com controls/access-review.yaml
#! - control access-review: title = Badges are reviewed | description = Each quarter the office manager reviews all badges.
```

```yaml
#- controls/access-review.yaml
id: access-review
#   ^^^^^^^^^^^^^ `access-review` was retired on 2026-02-01
title: Badges are reviewed
description: Each quarter the office manager reviews all badges.
owner: security-lead
status: implemented
effective_from: 2026-03-01
cadence: quarterly
criteria: [CC6.4]
#! commit 2026-02-01 alice@acme.com soc2.toml
#! - control access-review: title = Owners review every user | status = retired
#! commit 2026-03-01 alice@acme.com controls/access-review.yaml
#! - control access-review: title = Badges are reviewed | status = implemented
```

## Fixed
```yaml
#- controls/badge-review.yaml
id: badge-review
title: Badges are reviewed
description: Each quarter the office manager reviews all badges.
owner: security-lead
status: implemented
effective_from: 2026-03-01
cadence: quarterly
criteria: [CC6.4]
#! commit 2026-01-10 alice@acme.com soc2.toml
#! - control access-review: title = Owners review every user
#! commit 2026-02-01 alice@acme.com soc2.toml
#! - control access-review: gone
#! commit 2026-03-01 alice@acme.com controls/badge-review.yaml
#! - control badge-review: title = Badges are reviewed
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let (program, zone) = (judgement.program, judgement.zone());
    let history = &program.history;
    for control in &program.controls {
        let Some(versions) = history.controls.get(&*control.id.value.0) else { continue };
        let Some((end, back)) = reuse(versions) else { continue };
        let (Some(ended), Some(came)) = (history.commit(end.commit), history.commit(back.commit)) else {
            continue;
        };
        let how = if end.fields.is_empty() { "deleted" } else { "retired" };
        let message = format!(
            "`{}` was {how} {} and came back {} as another control",
            control.id,
            witness::when(history, ended, &zone),
            witness::when(history, came, &zone)
        );
        gaps.about(Subject::new("control", control.id.to_string()), control.id.at, message)
            .help("give the new control an id of its own; say `superseded_by` on the old one");
    }
}

/// The newest end of a control after which its id came back for another one, and that.
fn reuse(versions: &[ControlVersion]) -> Option<(&ControlVersion, &ControlVersion)> {
    versions.iter().enumerate().find_map(|(nth, end)| {
        let deleted = end.fields.is_empty();
        if !deleted && field(end, "status") != Some("retired") {
            return None;
        }
        let back = versions.get(nth.checked_sub(1)?)?;
        let before = if deleted { versions.get(nth + 1)? } else { end };
        let alive = !back.fields.is_empty() && field(back, "status") != Some("retired");
        let other = ["title", "description"].iter().any(|key| field(before, key) != field(back, key));
        (alive && other).then_some((end, back))
    })
}

fn field<'v>(version: &'v ControlVersion, key: &str) -> Option<&'v str> {
    version.fields.iter().find(|(name, _)| *name == key).map(|(_, value)| &**value)
}
