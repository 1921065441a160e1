use super::shared::verdicts;
use super::*;
use crate::model::control::{EvidenceRequired, Per};
use crate::model::evidence::Artifact;
use crate::model::{Evidence, EvidenceKind};
use crate::source::Spanned;
use crate::timeline::{Spell, occurrences};
use jiff::civil::Date;
use jiff::tz::TimeZone;

pub(super) static RULE: Rule = Rule {
    name: "required-evidence-missing",
    brief: "a slot without all evidence that its control asks for",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
A slot is filled by accepted evidence, and a kind that the control asks for under `evidence_required`, for each slot or
system, is not there as often as asked. All sound evidence of the slot and system is counted, by the kind of each
artefact.

## Why it matters
The control says what trace it leaves. An auditor who tests for the export and the ticket and finds the export alone notes
an exception.

## Example
```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
criteria: [CC6.2]
evidence_required:
  - { kind: system-report, per: slot, min: 1 }
  - { kind: ticket, per: slot, min: 1 }
#           ^^^^^^ `access-review` lacks a `ticket` in 2026-Q1
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-03-30, by: bob, result: accepted }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
```

## Fixed
```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
criteria: [CC6.2]
evidence_required:
  - { kind: system-report, per: slot, min: 1 }
  - { kind: ticket, per: slot, min: 1 }
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-03-30, by: bob, result: accepted }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
  - path: ticket.txt
    kind: ticket
    sha256: "40b70a4a61e1e0175a52eaad676cebb6d0df0a4a10079a82c3320f304c1c4db8"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
#- evidence/access-review/2026-q1/ticket.txt
IT-40: one user removed
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let zone = judgement.zone();
    let mut last: Option<(usize, Vec<Sound<'_>>)> = None;
    let mut told = std::collections::BTreeSet::new();
    for seen in verdicts::all(judgement).filter(|seen| seen.slot.state.is_filled()) {
        let asked: Vec<Asked<'_>> = seen.control.evidence_required.iter().filter_map(Asked::of).collect();
        if asked.is_empty() {
            continue;
        }
        // Slots come control by control.
        if last.as_ref().is_none_or(|(of, _)| *of != seen.standing.control) {
            last = Some((seen.standing.control, sound(judgement, seen.standing.control, &zone)));
        }
        let Some((_, sound)) = &last else { continue };
        let (from, to) = seen.slot.spell.days();
        let days = (from, to.max(seen.slot.due));
        for asked in asked {
            let days = match seen.slot.spell {
                // Once for each system in the window, not in each of its intervals.
                Spell::Interval(_) if asked.per_system => {
                    let key = (seen.standing.control, seen.slot.system, asked.kind.at, seen.audit.window);
                    if !told.insert(key) {
                        continue;
                    }
                    seen.audit.window
                }
                _ => days,
            };
            let there = sound
                .iter()
                .filter(|one| one.is_of(days, seen.slot.filled_by.map(|by| by.evidence)))
                .map(|one| one.count(asked.kind.value, seen.system()))
                .fold(0, u64::saturating_add);
            if there < asked.min {
                let kind = asked.kind.value.word();
                let lacks = match (asked.min, there) {
                    (1, _) => format!("a `{kind}`"),
                    (min, there) => format!("`{kind}`: {there} of {min}"),
                };
                let message = format!("`{}` lacks {lacks}{}", seen.control.id, seen.place());
                let command = judgement.add_command(seen.standing, seen.slot);
                seen.gap(gaps, asked.kind.at, message).help(format!("file it: {command}"));
            }
        }
    }
}

/// A kind that each slot or system has to leave.
struct Asked<'p> {
    kind: &'p Spanned<EvidenceKind>,
    min: u64,
    per_system: bool,
}

impl<'p> Asked<'p> {
    fn of(required: &'p EvidenceRequired) -> Option<Self> {
        let kind = required.kind.as_ref()?;
        let per_item = required.per.as_ref().is_some_and(|per| per.value == Per::Item);
        let min = required.min.as_ref().map_or(1, |min| min.value);
        let per_system = required.per.as_ref().is_some_and(|per| per.value == Per::System);
        (!per_item && min > 0).then_some(Self { kind, min, per_system })
    }
}

/// Evidence of a control that nothing is wrong with, and the days it shows.
struct Sound<'p> {
    index: usize,
    days: Vec<Date>,
    manifest: &'p Evidence,
}

fn sound<'p>(judgement: &Judgement<'p>, control: usize, zone: &TimeZone) -> Vec<Sound<'p>> {
    let of = judgement.evidence_of.get(control).map_or(&[][..], Vec::as_slice);
    of.iter()
        .filter_map(|index| {
            let index = *index as usize;
            let standing = judgement.evidence.get(index)?;
            let folder = judgement.program.evidence.get(index)?;
            let counts = standing.flaws.is_empty() && !standing.out_of_view;
            let days = || occurrences(folder, zone).iter().map(|one| one.on).collect();
            counts.then(|| Sound { index, days: days(), manifest: &folder.manifest })
        })
        .collect()
}

impl Sound<'_> {
    /// Does it fill the slot, or show a day of it?
    fn is_of(&self, (from, to): (Date, Date), filler: Option<usize>) -> bool {
        filler == Some(self.index) || self.days.iter().any(|day| from <= *day && *day <= to)
    }

    /// How many of its artefacts are of the kind, and of the system or of none.
    fn count(&self, kind: EvidenceKind, system: Option<&str>) -> u64 {
        let of_system = |artifact: &&Artifact| match (&artifact.system, system) {
            (Some(own), Some(system)) => *own.value.0 == *system,
            _ => true,
        };
        let artifacts = self.manifest.artifacts.iter().filter(of_system);
        let kinds = artifacts.filter_map(|artifact| artifact.kind.as_ref().or(self.manifest.kind.as_ref()));
        kinds.filter(|own| own.value == kind).count() as u64
    }
}
