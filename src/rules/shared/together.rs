//! Slots of a control whose evidence came into git on one day, long after some of it was performed.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::history::Commit;
use crate::timeline::{ControlStanding, Judgement, Slot, witness};

/// Filled slots of one control that were first recorded on one day.
pub(in crate::rules) struct Together<'j> {
    /// Index into the judgement's audits.
    pub(in crate::rules) audit: usize,
    pub(in crate::rules) control: &'j ControlStanding,
    /// The day, by one of the commits of it.
    pub(in crate::rules) commit: &'j Commit,
    /// The slots with the day each was performed, oldest first.
    pub(in crate::rules) slots: Vec<(&'j Slot, Date)>,
    pub(in crate::rules) evidence: BTreeSet<usize>,
}

/// Controls all of whose filled slots, two intervals at least, came in on one day by different manifests, one of them more
/// than the usual number of days after its performance. What was brought in when history began is left out.
pub(in crate::rules) fn all<'j>(judgement: &'j Judgement<'_>) -> Vec<Together<'j>> {
    let Some(begins) = witness::begins(judgement.program) else { return Vec::new() };
    let audits = judgement.audits.iter().enumerate();
    let controls = audits.flat_map(|(nth, audit)| audit.controls.iter().map(move |one| (nth, one)));
    let zone = judgement.zone();
    controls.filter_map(|(audit, control)| of(judgement, &zone, (audit, control), begins)).collect()
}

/// The evidence of all of them, by index.
pub(in crate::rules) fn evidence(judgement: &Judgement<'_>) -> BTreeSet<usize> {
    all(judgement).into_iter().flat_map(|one| one.evidence).collect()
}

fn of<'j>(
    judgement: &'j Judgement<'_>,
    zone: &TimeZone,
    (audit, control): (usize, &'j ControlStanding),
    begins: Date,
) -> Option<Together<'j>> {
    let program = judgement.program;
    let filled = control.slots.iter().filter_map(|slot| Some((slot, slot.filled_by?)));
    let filled: Vec<_> = filled.filter(|(_, filler)| filler.on >= begins).collect();
    // Most controls have fewer than two; only the others cost a look at history.
    if filled.len() < 2 {
        return None;
    }
    let mut found: Option<&Commit> = None;
    let (mut evidence, mut spells) = (BTreeSet::new(), BTreeSet::new());
    for (slot, filler) in &filled {
        let folder = program.evidence.get(filler.evidence)?;
        let commit = program.history.first(program.sources.path(folder.file))?;
        if found.is_some_and(|other| other.day(zone) != commit.day(zone)) {
            return None;
        }
        found = Some(commit);
        evidence.insert(filler.evidence);
        spells.insert(slot.spell.days());
    }
    let commit = found?;
    let mut slots: Vec<(&Slot, Date)> = filled.iter().map(|(slot, filler)| (*slot, filler.on)).collect();
    slots.sort_by_key(|(_, on)| *on);
    let oldest = slots.first()?.1;
    let late = i64::from((commit.day(zone) - oldest).get_days()) > judgement.settings.back_filled_days;
    (late && spells.len() > 1 && evidence.len() > 1).then_some(Together {
        audit,
        control,
        commit,
        slots,
        evidence,
    })
}
