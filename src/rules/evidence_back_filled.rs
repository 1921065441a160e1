use super::shared::{current::is_superseded, dates, together, window::next};
use super::*;
use crate::program::EvidenceFolder;
use crate::text::safe;
use crate::timeline::{occurrences, witness};

pub(super) static RULE: Rule = Rule {
    name: "evidence-back-filled",
    brief: "evidence committed long after it was performed",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
The first commit of a manifest is more than 30 days later than the last performance it shows (`[timeline]` may set another
number under `back_filled_days`). Where an artefact is a population, the last day it covers counts: such a list is only drawn when
its period is over. What was performed before `[history] begins`, or where that is not typed before the oldest
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
#                ^^^^^^^^^^ `access-review/2026-q1` was performed on 2026-01-15 and was first recorded 95 days later, on 2026-04-20 in 2222222 (claimed)
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

A list of what happened in a quarter is drawn at its end:

```yaml
#- evidence/joiners/2026-q1/manifest.yaml
title: Q1 joiners
controls: [joiners]
kind: system-report
occurrences: [{ on: 2026-01-15, by: alice, item: carol }]
artifacts:
  - path: joiners.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
    covers: { from: 2026-01-01, to: 2026-03-31 }
    population: { name: joiners, key: login, count: 1 }
#! commit 2026-01-02 alice@acme.com soc2.toml
#! commit 2026-04-20 alice@acme.com evidence/joiners/2026-q1/manifest.yaml
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
        let about = covered(folder).map_or(performed, |covered| covered.max(performed));
        let days = i64::from((commit.day(&zone) - about).get_days());
        if performed < begins || days <= judgement.settings.back_filled_days {
            continue;
        }
        let id = program.evidence_id(folder);
        let when = witness::when(&program.history, commit, &zone);
        let what = match about == performed {
            true => format!("was performed on {performed}"),
            false => format!("was performed on {performed}, covers days up to {about}"),
        };
        let message = format!("`{}` {what} and was first recorded {days} days later, {when}", safe(id));
        let gap =
            gaps.about(Subject::new("evidence", id), dates::performed(folder, performed, &zone), message);
        let gap = gap.help("tell the auditor why, and keep what was left at the time: tickets, logs, mails");
        if let Some(since) = next(performed) {
            gap.since(since);
        }
    }
}

/// The last day that a population of it covers.
fn covered(folder: &EvidenceFolder) -> Option<jiff::civil::Date> {
    let lists = folder.manifest.artifacts.iter().filter(|artifact| artifact.population.is_some());
    lists.filter_map(|list| Some(list.covers.as_ref()?.to.as_ref()?.value)).max()
}
