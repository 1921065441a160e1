//! Slots that are not filled, evidence that waits for its review, and results that nothing follows up.

use jiff::ToSpan;
use jiff::civil::Date;

use super::who::Who;
use super::{Found, Item, Kind, State, open, register};
use crate::model::audit::AuditType;
use crate::model::{Cadence, Control};
use crate::text::{count, safe, some, word};
use crate::timeline::calendar::moved;
use crate::timeline::{
    AuditStanding, Because, ControlStanding, Flaw, Judgement, Refused, Remark, Slot, SlotState, Spell,
};

/// Adds what is due of an audit's controls.
pub(super) fn of(judgement: &Judgement<'_>, audit: &AuditStanding, found: &mut Found) {
    // Without an audit nothing says when something is due.
    let Some(id) = &audit.id else { return };
    for standing in &audit.controls {
        let Some(control) = judgement.program.controls.get(standing.control) else { continue };
        let of = Of { judgement, audit, id, standing, control };
        of.slots(found);
        for remark in &standing.remarks {
            if let Remark::ResultOpen { evidence, on } = remark {
                found.keep(of.follow_up(remark, *evidence, *on));
            }
        }
    }
}

/// A slot's state here, its day, and the end of its grace.
type Stands = (State, Date, Option<Date>);

/// A control in an audit.
struct Of<'j, 'p> {
    judgement: &'j Judgement<'p>,
    audit: &'j AuditStanding,
    id: &'j str,
    standing: &'j ControlStanding,
    control: &'p Control,
}

impl Of<'_, '_> {
    /// How an unfilled slot stands; `None` when there is nothing to do for it.
    fn stands(&self, slot: &Slot) -> Option<Stands> {
        let as_of = self.judgement.as_of;
        let (day, grace) = self.days(slot);
        let grace = grace.filter(|grace| *grace > day);
        if self.audit.r#type == AuditType::Type1 {
            let lacking = matches!(slot.state, SlotState::Unknown | SlotState::InsufficientEvidence);
            let state = if as_of <= day { State::Due } else { State::Overdue };
            return lacking.then_some((state, day, None));
        }
        let running = if as_of <= day { State::Due } else { State::Late };
        let state = match slot.state {
            SlotState::Open if slot.because == Some(Because::EndsAfterWindow) => return None,
            SlotState::Open => running,
            SlotState::Missed => State::Missed,
            SlotState::Unknown | SlotState::InsufficientEvidence => State::Overdue,
            // Done once, and looked at again each year.
            SlotState::OnTime if self.cadence() == Some(Cadence::Once) => running,
            _ => return None,
        };
        Some((state, day, grace))
    }

    fn cadence(&self) -> Option<Cadence> {
        self.control.cadence.as_ref().map(|cadence| cadence.value)
    }

    /// The last day in time and the last day of the grace.
    fn days(&self, slot: &Slot) -> (Date, Option<Date>) {
        let end = self.audit.window.1;
        if let Spell::Interval(interval) = slot.spell {
            return (interval.to, Some(slot.due));
        }
        if self.audit.r#type == AuditType::Type1 {
            return (end, None);
        }
        let grace =
            self.cadence().map_or(0, |cadence| self.judgement.settings.grace_of(self.control, cadence));
        match slot.because {
            Some(Because::Gap(from, _, _, limit)) => {
                (moved(from, (limit - grace).days()), Some(moved(from, limit.days())))
            }
            _ if slot.state == SlotState::OnTime => (slot.due, Some(moved(slot.due, grace.days()))),
            // What is performed after the window does not show that it operated inside.
            _ => (slot.by().min(end), Some(slot.due)),
        }
    }

    fn slots(&self, found: &mut Found) {
        let slots = &self.standing.slots;
        let mut next = 0;
        while let Some(slot) = slots.get(next) {
            let rest = slots.get(next..).unwrap_or_default();
            let mut run = run(rest);
            if let Some(stands) = self.stands(slot) {
                let after = slots.get(next + run).filter(|after| after.system == slot.system);
                match slots.get(next + run - 1).filter(|_| run > 1) {
                    Some(last) => found.add(self.missed(slot, last, run, after, stands)),
                    None => run = self.slot(rest, slot, stands, found),
                }
            }
            next += run;
        }
    }

    /// Adds the first slot, with those after it that one and the same act fills; how many these are.
    fn slot(&self, rest: &[Slot], slot: &Slot, stands: Stands, found: &mut Found) -> usize {
        match slot.refused.iter().find(|refused| waits(refused)) {
            Some(refused) => found.keep(self.review(slot, refused, stands)),
            None if stands.0 == State::Due && self.cadence() == Some(Cadence::Daily) => {
                found.every_day.insert(self.of_system(slot));
            }
            None => {
                let item = self.unfilled(slot, stands);
                let alike = self.alike(rest, &item, found.until);
                found.add(match rest.get(alike - 1).filter(|_| alike > 1) {
                    Some(last) => Item { what: self.several(slot, last, alike), slots: alike, ..item },
                    None => item,
                });
                return alike;
            }
        }
        1
    }

    /// How many slots from the first on ask for the same act, such as a date in the manifest of a log; at least one.
    fn alike(&self, slots: &[Slot], item: &Item, until: Date) -> usize {
        let Some(first) = slots.first() else { return 1 };
        let same = |slot: &&Slot| {
            let Some(stands) = self.stands(slot) else { return false };
            let near = stands.0 != State::Due || stands.1 <= until;
            let ours = slot.system == first.system && matches!(slot.spell, Spell::Interval(_));
            near && ours && !slot.refused.is_empty() && !slot.refused.iter().any(waits) && {
                let other = self.unfilled(slot, stands);
                (other.todo, other.command) == (item.todo.clone(), item.command.clone())
            }
        };
        slots.iter().take_while(same).count().max(1)
    }

    /// The control, with the system of a slot.
    fn of_system(&self, slot: &Slot) -> String {
        let system = self.judgement.slot_system(self.standing, slot).unwrap_or_default();
        format!("{} {system}", self.control.id).trim_end().to_owned()
    }

    fn several(&self, first: &Slot, last: &Slot, slots: usize) -> String {
        let (from, to) = (first.spell.name(), last.spell.name());
        format!("{}, {} from {from} to {to}", self.of_system(first), count(slots, "slot"))
    }

    /// Missed slots in a row, as one. A run that goes on has no end, so that it reads the same tomorrow.
    fn missed(&self, first: &Slot, last: &Slot, run: usize, after: Option<&Slot>, stands: Stands) -> Item {
        let item = self.unfilled(first, stands);
        let goes_on = after.is_none_or(|after| !after.state.is_settled());
        let what = match goes_on {
            true => format!("{}, every slot since {}", self.of_system(first), first.spell.name()),
            false => self.several(first, last, run),
        };
        let why = "no evidence of any".to_owned();
        Item { what, why: Some(why), slots: run, grace: None, ..item }
    }

    fn item(&self, kind: Kind, (state, day, grace): Stands, key: Vec<String>) -> Item {
        let operator = self.control.operator.as_ref().or(self.control.owner.as_ref());
        let who = Who::of(self.judgement.program, operator, day.max(self.judgement.as_of));
        let subject = self.control.id.to_string();
        let audits = vec![safe(self.id)];
        Item { state, day, grace, audits, key, ..Item::record(kind, (day, day, None), &subject, who) }
    }

    fn unfilled(&self, slot: &Slot, stands: Stands) -> Item {
        let (state, ..) = stands;
        let judgement = self.judgement;
        let system = judgement.slot_system(self.standing, slot);
        let (name, of_audit) = match slot.spell {
            Spell::Interval(interval) => (Some(interval.name()), interval.from.to_string()),
            // Performed by a day whichever audit looks: one act is not listed for each of them.
            Spell::Window(..) if matches!(slot.because, Some(Because::NextBy(_) | Because::Gap(..))) => {
                (None, self.days(slot).0.to_string())
            }
            Spell::Window(..) => (None, self.id.to_owned()),
        };
        let mut key = vec![self.control.id.to_string()];
        key.extend([name.clone().unwrap_or_default(), of_audit, system.clone().unwrap_or_default()]);
        let reason = judgement.why_slot(self.audit, self.standing, slot);
        let place = judgement.slot_name(self.standing, slot);
        let what = format!("{} {place}", self.control.id).trim_end().to_owned();
        // The one that the reason's orders are about.
        let lacking = slot.refused.iter().min_by_key(|refused| (refused.flaws.len(), refused.on));
        let add = judgement.add_command(self.standing, slot);
        let says_add = reason.change.as_ref().is_some_and(|change| change.ends_with(&add));
        let (why, todo, command) = match (state, lacking) {
            (State::Missed, None) => {
                let todo = format!(
                    "file it if it was performed in time, else write down the cause in {}",
                    register(judgement, "exceptions")
                );
                (Some(self.why(slot, reason.because)), Some(todo), add)
            }
            (State::Due | State::Late, None) if slot.state == SlotState::OnTime => {
                let last = slot.filled_by.map(|filler| filler.on.to_string()).unwrap_or_default();
                (Some(format!("last performed on {last}")), None, add)
            }
            (State::Due | State::Late, None) => (None, None, add),
            // New evidence is what helps, not a change of what was refused.
            _ if says_add => (Some(self.why(slot, reason.because)), None, add),
            (_, None) => (Some(self.why(slot, reason.because)), reason.change, add),
            (_, Some(refused)) => {
                let manifest =
                    format!("evidence/{}/manifest.yaml", judgement.evidence_name(refused.evidence));
                (Some(self.why(slot, reason.because)), reason.change, open(&manifest))
            }
        };
        let title = self.judgement.program.title(self.standing.control);
        let title = Some(safe(&title)).filter(|title| !title.is_empty());
        Item { slot: name, system, title, what, why, todo, command, ..self.item(Kind::Slot, stands, key) }
    }

    /// The reason in words that are the same tomorrow: a growing gap counts days up to as-of.
    fn why(&self, slot: &Slot, because: String) -> String {
        match slot.because {
            Some(Because::Gap(from, to, _, limit)) if to == self.judgement.as_of.min(self.audit.window.1) => {
                format!("not performed for more than {limit} days from {from}")
            }
            _ => because,
        }
    }

    fn review(&self, slot: &Slot, refused: &Refused, stands: Stands) -> Item {
        let program = self.judgement.program;
        let id = self.judgement.evidence_name(refused.evidence);
        let void = refused.flaws.iter().any(is_void);
        let reviewer = self.control.reviewer.as_ref();
        let who = match reviewer {
            Some(_) => Who::of(program, reviewer, self.judgement.as_of),
            None => Who::another(self.performers(refused.evidence)),
        };
        let place = self.judgement.slot_name(self.standing, slot);
        let of_control = format!("{} {place}", self.control.id);
        let words: Vec<String> = refused.flaws.iter().map(|flaw| flaw.words(program)).collect();
        let why = format!("for {}: {}", of_control.trim_end(), some(&words, 3));
        let replace = if void { " --replace" } else { "" };
        Item {
            what: format!("review of the evidence {id}"),
            why: Some(why),
            command: format!("soc2 evidence review {}{replace}", word(&id)),
            subject: id.clone(),
            who,
            ..self.item(Kind::EvidenceReview, stands, vec![id])
        }
    }

    /// Ids of those who performed what a piece of evidence shows.
    fn performers(&self, evidence: usize) -> Vec<String> {
        let program = self.judgement.program;
        let Some(folder) = program.evidence.get(evidence) else { return Vec::new() };
        let shown = crate::timeline::occurrences(folder, &self.judgement.zone());
        let mut ids: Vec<String> = shown
            .iter()
            .filter_map(|one| program.registers.people.get(program.person(one.by?)?))
            .map(|person| person.id.to_string())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids.truncate(3);
        ids
    }

    fn follow_up(&self, remark: &Remark, evidence: usize, on: Date) -> Item {
        let id = self.judgement.evidence_name(evidence);
        let reason = self.judgement.why_remark(self.standing, remark);
        Item {
            subject: id.clone(),
            what: format!("follow-up of the result in {id}"),
            why: Some(reason.because),
            todo: Some("file what was done about it".to_owned()),
            command: format!(
                "soc2 evidence add FILE --control {} --follows-up {}",
                self.control.id,
                word(&id)
            ),
            ..self.item(Kind::FollowUp, (State::Open, on, None), vec![id])
        }
    }
}

/// How many slots from the first on are missed in a row, of one system, without any evidence; at least one.
fn run(slots: &[Slot]) -> usize {
    let Some(first) = slots.first() else { return 1 };
    let alike = |slot: &&Slot| {
        slot.system == first.system
            && slot.state == SlotState::Missed
            && slot.refused.is_empty()
            && matches!(slot.spell, Spell::Interval(_))
    };
    slots.iter().take_while(alike).count().max(1)
}

/// Is a review by another person all that stands in the way?
fn waits(refused: &Refused) -> bool {
    !refused.flaws.is_empty() && refused.flaws.iter().all(|flaw| flaw.awaits_review() || is_void(flaw))
}

/// Is there a review that another one has to take the place of?
fn is_void(flaw: &Flaw) -> bool {
    matches!(
        flaw,
        Flaw::ChangedSinceReview
            | Flaw::SelfReview(_)
            | Flaw::ReviewerIsBot(_)
            | Flaw::ReviewedBeforePerformed
    )
}
