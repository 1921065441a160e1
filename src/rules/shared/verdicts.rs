//! Slots as gaps: which rule tells which state, where, and in which words. The words are the timeline's own.

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::dates;
use crate::gap::Subject;
use crate::model::Control;
use crate::rules::{Gaps, OpenGap};
use crate::source::Location;
use crate::timeline::calendar::{eve, moved};
use crate::timeline::{AuditStanding, Because, ControlStanding, Judgement, Slot, SlotState, Spell};

/// The rule that tells a slot; `None` when there is nothing to tell, or another kind of rule does.
pub(in crate::rules) fn told_by(slot: &Slot) -> Option<&'static str> {
    Some(match (slot.state, &slot.because) {
        (SlotState::Missed, _) => "slot-missed",
        (SlotState::Unknown, Some(Because::NoManifest)) => "event-without-manifest",
        (SlotState::Unknown, _) => "slot-unverified",
        (SlotState::InsufficientEvidence, Some(Because::Stale(..))) => "evidence-stale",
        (SlotState::InsufficientEvidence, Some(Because::NoPopulation)) => "event-without-population",
        (SlotState::InsufficientEvidence, Some(Because::NilWithoutProof)) => "nil-without-proof",
        (SlotState::InsufficientEvidence, Some(Because::NoItem(_))) => "event-items-without-evidence",
        // The rule population-too-short names the days.
        (SlotState::InsufficientEvidence, Some(Because::PopulationShort(..))) => return None,
        (SlotState::InsufficientEvidence, _) => "slot-insufficient-evidence",
        (SlotState::Late, _) => "slot-late",
        (SlotState::NeedsAuditorAgreement, _) => "slot-after-window",
        (SlotState::OperatedBeforeWindow, _) => "operated-before-window",
        (SlotState::PerformedBeforeWindow, _) => "performed-before-window",
        (SlotState::Deviation, _) => "slot-deviation",
        (SlotState::OnTime | SlotState::Open | SlotState::NotExpected | SlotState::NoOccurrence, _) => {
            return None;
        }
    })
}

/// A slot with all it belongs to.
#[derive(Clone, Copy)]
pub(in crate::rules) struct Seen<'j, 'p> {
    pub(in crate::rules) judgement: &'j Judgement<'p>,
    pub(in crate::rules) audit: &'j AuditStanding,
    pub(in crate::rules) standing: &'j ControlStanding,
    pub(in crate::rules) control: &'p Control,
    pub(in crate::rules) slot: &'j Slot,
}

/// Every slot of every audit, by control, system and day, of the controls in its scope.
pub(in crate::rules) fn all<'j, 'p>(judgement: &'j Judgement<'p>) -> impl Iterator<Item = Seen<'j, 'p>> {
    let of = move |audit: &'j AuditStanding, standing: &'j ControlStanding| {
        let control = judgement.program.controls.get(standing.control)?;
        let slots = standing.slots.iter();
        Some(slots.map(move |slot| Seen { judgement, audit, standing, control, slot }))
    };
    judgement
        .audits
        .iter()
        .flat_map(move |audit| audit.in_scope().filter_map(move |standing| of(audit, standing)).flatten())
}

/// The slots that the rule tells.
pub(in crate::rules) fn of_rule<'j, 'p>(
    judgement: &'j Judgement<'p>,
    rule: &'static str,
) -> impl Iterator<Item = Seen<'j, 'p>> {
    all(judgement).filter(move |seen| told_by(seen.slot) == Some(rule))
}

/// Tells every slot of the rule: what became of it in a few words, then why and what would change it.
pub(in crate::rules) fn tell(judgement: &Judgement<'_>, gaps: &mut Gaps, became: &str) {
    let zone = judgement.zone();
    for seen in of_rule(judgement, gaps.rule) {
        let reason = judgement.why_slot(seen.audit, seen.standing, seen.slot);
        let message = format!("`{}` {became}{}: {}", seen.control.id, seen.place(), reason.because);
        let gap = seen.gap(gaps, seen.at(&zone), message);
        if let Some(change) = reason.change {
            gap.help(change);
        }
    }
}

impl Seen<'_, '_> {
    /// A gap about the slot.
    pub(in crate::rules) fn gap<'g>(&self, gaps: &'g mut Gaps, at: Location, message: String) -> OpenGap<'g> {
        let subject = Subject::new("control", self.control.id.to_string());
        let gap = gaps.about(subject, at, message).audit(self.audit.id.as_deref());
        let ends = (self.slot.spell.days().1, self.slot.due);
        let gap = gap.slot(self.slot.spell.name(), ends).since(self.since());
        match self.system() {
            Some(system) => gap.system(system),
            None => gap,
        }
    }

    /// The system, as the control names it.
    pub(in crate::rules) fn system(&self) -> Option<&str> {
        let system = self.slot.system.and_then(|index| self.control.systems.get(index));
        system.map(|system| &*system.value.0)
    }

    /// ` in 2026-Q1 on `github``; nothing where there are neither intervals nor systems.
    pub(in crate::rules) fn place(&self) -> String {
        let interval = match self.slot.spell {
            Spell::Interval(interval) => format!(" in {}", interval.name()),
            Spell::Window(..) => String::new(),
        };
        interval + &self.on_system()
    }

    /// ` on `github``, if the control has systems.
    pub(in crate::rules) fn on_system(&self) -> String {
        let system = self.judgement.slot_system(self.standing, self.slot);
        system.map_or_else(String::new, |id| format!(" on `{id}`"))
    }

    /// The first day on which it was true.
    fn since(&self) -> Date {
        let last = self.slot.spell.days().1;
        let opened = match (self.slot.state, &self.slot.because) {
            (_, Some(Because::Gap(from, _, _, limit))) => moved(*from, (limit + 1).days()),
            (SlotState::Late | SlotState::NeedsAuditorAgreement, _) => moved(last, 1.day()),
            (SlotState::OperatedBeforeWindow | SlotState::PerformedBeforeWindow, _) => self.audit.window.0,
            (SlotState::Deviation, _) => self.found().unwrap_or(last),
            _ => moved(self.slot.due.min(eve(self.judgement.as_of)), 1.day()),
        };
        opened.min(self.judgement.as_of)
    }

    /// The day on which its exception was found.
    fn found(&self) -> Option<Date> {
        let row = self.judgement.program.registers.exceptions.get(self.slot.exception?)?;
        Some(row.found.as_ref()?.on.as_ref()?.value)
    }

    /// Where to look: the exception, the date of what fills it, else the control's cadence.
    fn at(&self, zone: &TimeZone) -> Location {
        let program = self.judgement.program;
        let exception = self.slot.exception.and_then(|index| program.registers.exceptions.get(index));
        if let Some(row) = exception.filter(|_| self.slot.state == SlotState::Deviation) {
            return row.id.at;
        }
        let filler = self.slot.filled_by.filter(|_| self.slot.state.is_filled());
        let filler = filler.and_then(|by| Some((by.on, program.evidence.get(by.evidence)?)));
        match filler {
            Some((on, folder)) => dates::performed(folder, on, zone),
            None => self.due_by(),
        }
    }

    /// What says that it is due.
    pub(in crate::rules) fn due_by(&self) -> Location {
        self.control.cadence.as_ref().map_or(self.control.id.at, |cadence| cadence.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::find;
    use jiff::civil::date;

    #[test]
    fn every_settled_state_has_its_rule() {
        let day = date(2026, 1, 1);
        let reasons = [
            None,
            Some(Because::NoManifest),
            Some(Because::NoPopulation),
            Some(Because::NilWithoutProof),
            Some(Because::NoItem(1)),
            Some(Because::Stale(day, 90)),
        ];
        for (state, _) in SlotState::MEANINGS {
            for because in &reasons {
                let slot = Slot {
                    spell: Spell::Window(day, day),
                    system: None,
                    due: day,
                    state: *state,
                    filled_by: None,
                    also: Vec::new(),
                    refused: Vec::new(),
                    exception: None,
                    because: because.clone(),
                };
                let name = told_by(&slot);
                let bad = state.is_settled() && *state != SlotState::OnTime;
                assert!(name.is_some() || !bad, "{}", state.name());
                assert!(name.is_none_or(|name| find(name).is_some()), "{name:?}");
            }
        }
    }
}
