use super::*;
use crate::history::{ControlVersion, History};
use crate::model::AuditType;
use crate::text::{clip, safe, some};
use crate::timeline::witness;

pub(super) static RULE: Rule = Rule {
    name: "control-changed-in-window",
    brief: "a control that was changed inside the window",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
The wording, cadence, systems or criteria of a control were changed by a commit dated inside the window of a Type II, up to the
judged day. The control is judged as it is worded now. Told once for each control, with the day of each change. A control that
was written inside the window is no change.

## Why it matters
A Type II report says of the whole window what the control was. Significant changes inside it belong into the system
description (DC 9), and the auditor tests both versions, each over its own days.

## Example
```yaml
#- controls/access-review.yaml
id: access-review
#   ^^^^^^^^^^^^^ `access-review` was changed inside the window: cadence monthly → quarterly, wording, on 2026-03-01 in 2222222 (claimed)
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2025-01-01
cadence: quarterly
criteria: [CC6.2]
#! commit 2025-01-10 alice@acme.com soc2.toml
#! - control access-review: description = Each month they do. | cadence = monthly
#! commit 2026-03-01 alice@acme.com controls/access-review.yaml
#! - control access-review: description = Each quarter the owner of every system reviews its users. | cadence = quarterly
```

## Fixed
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
#! commit 2025-01-10 alice@acme.com soc2.toml
#! - control access-review: description = Each month they do. | cadence = monthly | owner = alice
#! commit 2025-12-01 alice@acme.com soc2.toml
#! - control access-review: description = Each quarter they do. | cadence = quarterly | owner = alice
#! commit 2026-03-01 alice@acme.com controls/access-review.yaml
#! - control access-review: description = Each quarter they do. | cadence = quarterly | owner = security-lead
```
"#,
};

/// Keys whose old and new values are told; texts are only said to be changed.
const VALUES: &[&str] = &["cadence", "systems", "criteria"];
const TEXTS: &[&str] = &["title", "description"];

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    let history = &program.history;
    if history.controls.is_empty() {
        return;
    }
    let zone = judgement.zone();
    for audit in judgement.audits.iter().filter(|audit| audit.r#type == AuditType::Type2) {
        let (from, to) = audit.days;
        for standing in audit.in_scope() {
            let Some(control) = program.controls.get(standing.control) else { continue };
            let Some(versions) = history.controls.get(&*control.id.value.0) else { continue };
            let mut newest = None;
            let told: Vec<String> = pairs(versions)
                .filter_map(|(old, new)| {
                    let commit = history.commit(new.commit)?;
                    let day = commit.day(&zone);
                    let what = differs(old, new).filter(|_| from <= day && day <= to.min(judgement.as_of))?;
                    newest = newest.max(Some(day));
                    Some(format!("{what}, {}", when(history, commit, &zone)))
                })
                .collect();
            if told.is_empty() {
                continue;
            }
            let message = format!("`{}` was changed inside the window: {}", control.id, some(&told, 4));
            let gap = gaps.about(Subject::new("control", control.id.to_string()), control.id.at, message);
            let gap = gap.audit(audit.id.as_deref()).help(
                "tell the auditor, and describe the change in the system description (DC 9); a new control is a new id",
            );
            if let Some(day) = newest {
                gap.since(day);
            }
        }
    }
}

fn when(history: &History, commit: &crate::history::Commit, zone: &jiff::tz::TimeZone) -> String {
    witness::when(history, commit, zone)
}

/// Each version and the one before it; an end or a return is no change of wording.
fn pairs(versions: &[ControlVersion]) -> impl Iterator<Item = (&ControlVersion, &ControlVersion)> {
    let pairs = versions.iter().zip(versions.iter().skip(1)).map(|(new, old)| (old, new));
    pairs.filter(|(old, new)| !old.fields.is_empty() && !new.fields.is_empty())
}

/// What an auditor has to be told of a change, if anything.
fn differs(old: &ControlVersion, new: &ControlVersion) -> Option<String> {
    let value = |version: &ControlVersion, key: &str| {
        let found = version.fields.iter().find(|(name, _)| *name == key);
        found.map(|(_, value)| clip(&safe(value), 60))
    };
    let mut parts: Vec<String> = Vec::new();
    for key in VALUES {
        let (old, new) = (value(old, key), value(new, key));
        if old != new {
            let word = |value: Option<String>| value.unwrap_or_else(|| "none".to_owned());
            parts.push(format!("{key} {} → {}", word(old), word(new)));
        }
    }
    let typed = |version: &'_ ControlVersion, key: &str| {
        version.fields.iter().find(|(name, _)| *name == key).map(|(_, value)| value.clone())
    };
    if TEXTS.iter().any(|key| typed(old, key) != typed(new, key)) {
        parts.push("wording".to_owned());
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}
