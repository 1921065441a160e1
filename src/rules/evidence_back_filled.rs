use super::shared::{current::is_superseded, dates, together, window::next};
use super::*;
use crate::text::safe;
use crate::timeline::{occurrences, witness};

pub(super) static RULE: Rule = Rule {
    name: "evidence-back-filled",
    brief: "evidence committed long after it was performed",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
The first commit of a manifest is more than 30 days later than the last performance it shows (`[timeline]` may set another
number under `back_filled_days`). What was performed before `[history] begins`, or where that is not typed before the oldest
commit, was brought in and is counted by `records-before-history`. Several slots of a control filed on one day are
`slots-committed-together`.

## Why it matters
What was put together long after the work looks the same as what was made up for the audit. An auditor calls it
reconstructed, asks for what was left behind at the time, and looks twice at the rest.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-01-15, by: alice }
#                ^^^^^^^^^^ `access-review/2026-q1` was performed on 2026-01-15 and first recorded 95 days later, on 2026-04-20 in 2222222 (claimed)
#! commit 2026-01-02 alice@acme.com soc2.toml
#! commit 2026-04-20 alice@acme.com evidence/access-review/2026-q1/manifest.yaml
```

## Fixed
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
#! commit 2026-01-02 alice@acme.com soc2.toml
#! commit 2026-04-20 alice@acme.com evidence/access-review/2026-q1/manifest.yaml
```

```yaml
#- evidence/access-review/2025-q3/manifest.yaml
title: Q3 access review
controls: [access-review]
kind: system-report
performed: { on: 2025-09-15, by: alice }
#! commit 2026-01-02 alice@acme.com evidence/access-review/2025-q3/manifest.yaml
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let (program, zone) = (judgement.program, judgement.zone());
    let Some(begins) = witness::begins(program) else { return };
    let told = together::evidence(judgement);
    for (nth, (folder, standing)) in program.evidence.iter().zip(&judgement.evidence).enumerate() {
        if standing.out_of_view || is_superseded(standing) || told.contains(&nth) {
            continue;
        }
        let Some(commit) = program.history.first(program.sources.path(folder.file)) else { continue };
        let Some(performed) = occurrences(folder, &zone).iter().map(|one| one.on).max() else { continue };
        let days = i64::from((commit.day(&zone) - performed).get_days());
        if performed < begins || days <= judgement.settings.back_filled_days {
            continue;
        }
        let id = program.evidence_id(folder);
        let when = witness::when(&program.history, commit, &zone);
        let message = format!(
            "`{}` was performed on {performed} and first recorded {days} days later, {when}",
            safe(id)
        );
        let gap =
            gaps.about(Subject::new("evidence", id), dates::performed(folder, performed, &zone), message);
        let gap = gap.help("tell the auditor why, and keep what was left at the time: tickets, logs, mails");
        if let Some(since) = next(performed) {
            gap.since(since);
        }
    }
}
