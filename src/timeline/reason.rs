//! Verdicts in words: why a slot, a control, a criterion or a policy stands as it does, and what would change it.

use super::calendar::days_between;
use super::{
    AuditStanding, Because, Cause, ControlStanding, Coverage, CriterionStanding, Judgement, Operation,
    Refused, Remark, Slot, SlotState, Spell,
};
use crate::model::audit::AuditType;
use crate::model::evidence::Outcome;
use crate::text::{clip, count, safe, some, word};

/// Why something stands as it does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reason {
    /// A clause with dates and names, without a final stop.
    pub because: String,
    /// What would change it, as an order; `None` when nothing can, or nothing has to.
    pub change: Option<String>,
    /// The evidence it rests on, by index, each once.
    pub evidence: Vec<usize>,
}

impl Reason {
    pub(super) fn new(because: impl Into<String>) -> Self {
        Self { because: because.into(), ..Self::default() }
    }

    pub(super) fn change(self, change: impl Into<String>) -> Self {
        Self { change: Some(change.into()), ..self }
    }
}

/// What was not done in time cannot be done any more; what was done can still be shown.
const MISSED: &str = "if it was performed in time, file what shows it; if not, it stays in the period: write down the \
                      cause in the exceptions register";

impl Judgement<'_> {
    /// Why a slot has its state.
    pub fn why_slot(&self, audit: &AuditStanding, control: &ControlStanding, slot: &Slot) -> Reason {
        let mut reason = self.slot_reason(audit, control, slot);
        let refused = slot.refused.iter().map(|one| one.evidence).chain(slot.also.iter().copied());
        reason.evidence = slot.filled_by.iter().map(|filler| filler.evidence).chain(refused).collect();
        reason.evidence.sort_unstable();
        reason.evidence.dedup();
        reason
    }

    fn slot_reason(&self, audit: &AuditStanding, control: &ControlStanding, slot: &Slot) -> Reason {
        let (_, to) = slot.spell.days();
        let filled = slot.filled_by.map(|filler| (filler.on, self.evidence_name(filler.evidence)));
        let performed = || match &filled {
            Some((on, id)) => format!("performed on {on} ({id}){}", self.result_words(slot)),
            None => "performed".to_owned(),
        };
        let agreement = || match self.as_of > audit.window.1 {
            true => "; the window is over, so what is filed now needs the auditor's agreement",
            false => "",
        };
        let add = || format!("file evidence of it: {}", self.add_command(control, slot));
        // What was recorded of a deviation says more than what else is wrong with the slot.
        let because =
            slot.because.as_ref().filter(|_| slot.state != SlotState::Deviation || slot.exception.is_none());
        if let Some(reason) = because.and_then(|because| self.special(control, slot, because)) {
            return reason;
        }
        match slot.state {
            SlotState::OnTime => Reason::new(performed()),
            SlotState::Late => {
                let days = filled.as_ref().map_or(0, |(on, _)| days_between(to, *on));
                let after = count(usize::try_from(days).unwrap_or(0), "day");
                Reason::new(format!(
                    "{}, {after} after {to}, within the grace that ended on {}",
                    performed(),
                    slot.due
                ))
                .change("nothing: late stays late; say why when the auditor asks")
            }
            SlotState::OperatedBeforeWindow => {
                Reason::new(format!("last {}, before the window; not once inside it", performed())).change(
                    "nothing after the window; the auditor may report that it did not operate in the period",
                )
            }
            SlotState::NeedsAuditorAgreement => Reason::new(format!(
                "{}, within the grace but after the window's end on {}",
                performed(),
                audit.window.1
            ))
            .change("ask the auditor whether it counts, and record the answer"),
            SlotState::PerformedBeforeWindow => {
                Reason::new(format!("{}, in the part of the interval before the window", performed()))
                    .change("perform it again before the interval ends, or ask the auditor")
            }
            SlotState::Unknown if slot.refused.is_empty() => unreadable(),
            SlotState::Unknown => Reason::new(self.refusals(&slot.refused)).change(format!(
                "{}{}",
                self.mend(&slot.refused),
                agreement()
            )),
            SlotState::InsufficientEvidence if slot.refused.is_empty() => {
                Reason::new("no evidence shows it").change(add())
            }
            SlotState::InsufficientEvidence => {
                Reason::new(format!("none of its evidence is accepted: {}", self.refusals(&slot.refused)))
                    .change(format!("{}{}", self.mend(&slot.refused), agreement()))
            }
            SlotState::Missed if slot.spell.days().1 == slot.due => {
                Reason::new(format!("no evidence of it by {to}")).change(format!("{MISSED}{}", agreement()))
            }
            SlotState::Missed => {
                Reason::new(format!("no evidence of it; due by {to}, grace ended on {}", slot.due))
                    .change(format!("{MISSED}{}", agreement()))
            }
            SlotState::Deviation => self.deviation(slot),
            SlotState::Open if !slot.refused.is_empty() => {
                let refusals = self.refusals(&slot.refused);
                Reason::new(format!("due by {to}, grace until {}; not accepted yet: {refusals}", slot.due))
                    .change(self.mend(&slot.refused))
            }
            SlotState::Open if slot.due > to => {
                Reason::new(format!("due by {to}, grace until {}", slot.due)).change(add())
            }
            SlotState::Open => Reason::new(format!("due by {to}")).change(add()),
            SlotState::NotExpected => Reason::new("not in place at its end"),
            SlotState::NoOccurrence => Reason::new("nothing happened to perform it on"),
        }
    }

    /// What the exception that names a slot says of it.
    fn deviation(&self, slot: &Slot) -> Reason {
        let row = slot.exception.and_then(|index| self.program.registers.exceptions.get(index));
        let id = row.map_or("", |row| &row.id.value.0);
        let cause = row.and_then(|row| row.cause.as_ref()).map(|cause| clip(&safe(cause.trim()), 200));
        let mended = row.and_then(|row| row.remediated.as_ref()?.on.as_ref()).map(|on| on.value);
        let because = format!("the exception `{}` records that it did not do what it says", safe(id));
        let because =
            cause.map_or(because.clone(), |cause| format!("{because}: {}", cause.trim_end_matches('.')));
        match mended {
            Some(on) => Reason::new(because)
                .change(format!("nothing: it stays in the period; mended on {on}, which management tells beside it")),
            None => Reason::new(because).change(
                "nothing: it stays in the period; once it is mended, write `remediated:` in the exceptions register",
            ),
        }
    }

    /// What the evidence that fills a slot says of its result, if that is anything but as expected.
    fn result_words(&self, slot: &Slot) -> &'static str {
        let of = slot.filled_by.and_then(|by| self.program.evidence.get(by.evidence));
        match of
            .and_then(|folder| folder.manifest.result.as_ref()?.outcome.as_ref())
            .map(|outcome| outcome.value)
        {
            Some(Outcome::Failed) => "; its result: failed",
            Some(Outcome::ExceptionsNoted) => "; its result: exceptions noted",
            Some(Outcome::AsExpected) | None => "",
        }
    }

    /// Reasons that are more than dates.
    fn special(&self, control: &ControlStanding, slot: &Slot, because: &Because) -> Option<Reason> {
        let add = || format!("file evidence of it: {}", self.add_command(control, slot));
        let refused = || match slot.refused.is_empty() {
            true => String::new(),
            false => format!("; not accepted: {}", self.refusals(&slot.refused)),
        };
        let overdue = slot.state.is_settled();
        Some(match because {
            Because::Gap(from, to, days, limit) => {
                let because = format!("{days} days from {from} to {to}, more than {limit}{}", refused());
                Reason::new(because).change(if slot.refused.is_empty() { MISSED.to_owned() } else { self.mend(&slot.refused) })
            }
            Because::NoneInYear => {
                let because =
                    format!("no accepted occurrence in a window of twelve months or more{}", refused());
                Reason::new(because).change(if slot.refused.is_empty() { MISSED.to_owned() } else { self.mend(&slot.refused) })
            }
            // After the window it is the next audit's.
            Because::NextBy(_) => {
                Reason::new(format!("next due by {}{}", slot.by(), refused())).change(add())
            }
            Because::EndsAfterWindow => match slot.filled_by {
                Some(filler) => Reason::new(format!(
                    "the interval ends after the window; performed on {} ({}) already",
                    filler.on,
                    self.evidence_name(filler.evidence)
                )),
                None => Reason::new("the interval ends after the window; it belongs to the next one"),
            },
            Because::NotInPlace => Reason::new("the control, or its system, was not in place at the interval's end"),
            Because::OwnedBy(index) => {
                Reason::new(format!("`{}` took its place and owns the interval", self.control_name(*index)))
            }
            Because::NoManifest => Reason::new("nothing was filed for it, neither occurrences nor a statement that there were none")
                .change("export the list of occurrences from its source and file it as a population, also when it is empty"),
            Because::NoPopulation => {
                Reason::new(format!("evidence, but no list of all occurrences to draw a sample from{}", refused()))
                    .change("export the complete list for the window and file it as a population: query, count, completeness, covers")
            }
            Because::PopulationShort(from, to) => {
                Reason::new(format!("its populations leave out {}{}", days_text(*from, *to), refused()))
                    .change("export the list again up to the window's last day")
            }
            Because::NoItem(total) => {
                let items = count(usize::try_from(*total).unwrap_or(usize::MAX), "item");
                Reason::new(format!("a population of {items}, and no evidence for any of them{}", refused()))
                    .change(add())
            }
            Because::Items(some, total) if slot.state == SlotState::OnTime => Reason::new(format!(
                "evidence for {some} of {total} items of its population; the auditor picks the sample"
            )),
            Because::NilWithoutProof => {
                Reason::new(format!("a statement that nothing happened, without its proof{}", refused()))
                    .change("add the empty list as a population: query, `count: 0`, completeness, covers")
            }
            Because::NothingHappened => Reason::new(format!(
                "a population of 0 items, with query, completeness and period ({}): nothing happened to perform it on",
                slot.filled_by.map_or_else(String::new, |filler| self.evidence_name(filler.evidence))
            )),
            Because::Shown(times, first, last) => {
                Reason::new(format!("shown {times} times from {first} to {last}{}", self.result_words(slot)))
            }
            Because::Apart(before, days, limit) if slot.state == SlotState::OnTime => {
                let (on, id) = slot.filled_by.map_or((*before, String::new()), |by| (by.on, self.evidence_name(by.evidence)));
                Reason::new(format!(
                    "performed on {on} ({id}){}, {days} days after {before}; up to {limit} are allowed",
                    self.result_words(slot)
                ))
            }
            Because::Stale(day, limit) => {
                Reason::new(format!("its newest accepted evidence is of {day}, more than {limit} days old")).change(add())
            }
            Because::NeverRun => Reason::new("designed and in place; it has not run yet"),
            Because::TooMany => Reason::new("more slots than are judged").change("shorten the window or split the control"),
            Because::Unnamed(times, total) if slot.state == SlotState::OnTime => Reason::new(format!(
                "performed {times} times beside a population of {}; the evidence does not say for which items",
                count(usize::try_from(*total).unwrap_or(usize::MAX), "item")
            ))
            .change("name the items: `occurrences: [{ on, by, item }]`, so that a sample finds its evidence"),
            Because::Never(since) => {
                Reason::new(format!("in place since {since} and never performed{}", refused())).change(MISSED)
            }
            Because::NothingShown => {
                Reason::new("nothing shows it, and a setting that is on all the time can always be shown").change(add())
            }
            Because::Unreadable if overdue => unreadable(),
            Because::Unreadable | Because::Items(..) | Because::Unnamed(..) | Because::Apart(..) => return None,
        })
    }

    /// Why a control operates as it does: its worst settled slots, or what else decides.
    pub fn why_control(&self, audit: &AuditStanding, control: &ControlStanding) -> Reason {
        let of = self.program.controls.get(control.control);
        match control.operation {
            Operation::NotApplicable | Operation::Inherited => {
                let decided = of.and_then(|of| of.applicability.as_ref());
                let why = decided
                    .and_then(|decided| decided.why.as_ref())
                    .map_or("no reason given", |why| &why.value);
                return Reason::new(safe(why));
            }
            Operation::NotImplemented => {
                let status = of.map_or("", |of| of.status().word());
                let reason = match of.and_then(|of| of.effective_from.as_ref()) {
                    Some(from) if from.value > audit.days.1 => format!("{status} from {from} on"),
                    Some(_) => format!("{status}, not in place on any judged day"),
                    None => format!("claimed as {status}"),
                };
                return Reason::new(reason)
                    .change("set `status: implemented` and `effective_from` on the day it is in place");
            }
            _ => {}
        }
        if of.is_some_and(|of| of.cadence.is_none()) {
            return Reason::new("it has no cadence, so nothing says when it is due")
                .change("write `cadence:`");
        }
        let worst = match control.operation {
            Operation::Settled(state) => Some(state),
            _ => None,
        };
        let mut decisive = control.slots.iter().filter(|slot| match worst {
            Some(worst) => slot.state == worst,
            None => {
                slot.state != SlotState::NotExpected || matches!(control.operation, Operation::NoOccurrence)
            }
        });
        let Some(first) = decisive.next() else {
            return match control.operation {
                Operation::NotYetOperated => Reason::new("designed and in place; it has not run yet"),
                _ => Reason::new("none of its slots is due yet"),
            };
        };
        let more = decisive.count();
        if worst == Some(SlotState::OnTime) && more > 0 {
            let evidence =
                control.slots.iter().filter_map(|slot| slot.filled_by).map(|filler| filler.evidence);
            let because = format!("all {} due slots performed on time", more + 1);
            return Reason { evidence: evidence.collect(), ..Reason::new(because) };
        }
        let mut reason = self.why_slot(audit, control, first);
        let place = self.slot_name(control, first);
        reason.because = match (place.is_empty(), more) {
            (true, 0) => reason.because,
            (true, more) => format!("{} (and {more} more)", reason.because),
            (false, 0) => format!("{place}: {}", reason.because),
            (false, more) => format!("{place}: {} (and {more} more)", reason.because),
        };
        reason
    }

    /// What stands beside a control's state, in words.
    pub fn why_remark(&self, control: &ControlStanding, remark: &Remark) -> Reason {
        match remark {
            Remark::PartialPeriod { days, of } => {
                let control = self.program.controls.get(control.control);
                let successor = control.and_then(|control| control.superseded_by.as_ref());
                let successor =
                    successor.map_or_else(String::new, |by| format!("; `{}` took its place", safe(by)));
                Reason::new(format!(
                    "in place on {days} of the window's {of} days{successor}: a change to tell the auditor (DC 9)"
                ))
            }
            Remark::Clustered { first, second, days, .. } => {
                let apart = count(usize::try_from(*days).unwrap_or(0), "day");
                let because =
                    format!("performed on {} and {}, only {apart} apart: clustered", first.on, second.on);
                Reason { evidence: vec![first.evidence, second.evidence], ..Reason::new(because) }
            }
            Remark::ShownOnce => Reason::new("shown near one point of the window only")
                .change("export the setting at the window's start and end"),
            Remark::NoSystemInScope => Reason::new("none of its systems is in scope of the audit"),
            Remark::ResultOpen { evidence, on } => {
                let id = self.evidence_name(*evidence);
                let result = self.program.evidence.get(*evidence).and_then(|of| of.manifest.result.as_ref());
                let outcome = result.and_then(|result| result.outcome.as_ref()).map(|outcome| outcome.value);
                let outcome = match outcome {
                    Some(Outcome::Failed) => "failed",
                    _ => "exceptions noted",
                };
                let tickets: Vec<String> =
                    result.iter().flat_map(|result| &result.follow_up).map(|ticket| safe(ticket)).collect();
                let named = match tickets.is_empty() {
                    true => String::new(),
                    false => format!(" ({} named, which is no evidence here)", some(&tickets, 3)),
                };
                let because = format!(
                    "performed on {on}, result: {outcome} ({id}), and no evidence follows it up yet{named}"
                );
                let change = format!("file what was done about it, with `follows_up: [{id}]`");
                Reason { evidence: vec![*evidence], ..Reason::new(because).change(change) }
            }
            Remark::OutsideWindow(n) => {
                let _ = control;
                Reason::new(format!("{} outside the window, kept and not counted", count(*n, "occurrence")))
            }
        }
    }

    /// Why a criterion has its verdict: a clause for each cause.
    pub fn why_criterion(&self, audit: &AuditStanding, criterion: &CriterionStanding) -> Vec<Reason> {
        let coverage = |criterion: &CriterionStanding| match criterion.coverage {
            Coverage::NotAddressed => {
                Reason::new("no control names it").change("write or take over a control that names it")
            }
            Coverage::PlannedOnly => {
                let names: Vec<String> =
                    criterion.controls.iter().map(|index| self.control_name(*index)).collect();
                Reason::new(format!(
                    "only draft, planned or retired controls name it: {}",
                    crate::text::some(&names, 4)
                ))
                .change("put one of them in place: `status: implemented` and `effective_from`")
            }
            _ => {
                let holes: Vec<String> =
                    criterion.holes.iter().map(|(from, to)| days_text(*from, *to)).collect();
                Reason::new(format!("no control was in place on {}", crate::text::some(&holes, 3)))
            }
        };
        criterion
            .causes
            .iter()
            .map(|cause| match cause {
                Cause::Coverage => coverage(criterion),
                Cause::Unread => Reason::new(
                    "a file of controls cannot be read, and what stands in it may speak against it",
                )
                .change("mend the faults that `soc2 check` names"),
                Cause::NothingSettled if audit.r#type == AuditType::Type1 => {
                    Reason::new("none of its controls has run yet")
                }
                Cause::NothingSettled => {
                    Reason::new("nothing is settled yet: no slot of its controls was due")
                }
                Cause::Design(index) => {
                    let control = audit.controls.get(*index);
                    let faults = control.map_or(&[][..], |control| &control.design);
                    let words: Vec<String> = faults.iter().map(super::DesignFault::words).collect();
                    let reason = Reason::new(format!("{}: {}", self.control_name(*index), words.join("; ")));
                    match faults.first() {
                        Some(fault) => reason.change(fault.mend()),
                        None => reason,
                    }
                }
                Cause::Operation(index) => match audit.controls.get(*index) {
                    Some(control) => {
                        let reason = self.why_control(audit, control);
                        let because = format!(
                            "{} is {}: {}",
                            self.control_name(*index),
                            control.operation.name(),
                            reason.because
                        );
                        Reason { because, ..reason }
                    }
                    None => Reason::default(),
                },
            })
            .collect()
    }

    /// The evidence that was refused and the first reasons: `a/2026-q1: nobody else has accepted it yet`.
    fn refusals(&self, refused: &[Refused]) -> String {
        let one = |one: &Refused| {
            let words: Vec<String> = one.flaws.iter().map(|flaw| flaw.words(self.program)).collect();
            format!("{} ({})", self.evidence_name(one.evidence), crate::text::some(&words, 3))
        };
        let all: Vec<String> = refused.iter().map(one).collect();
        crate::text::some(&all, 3)
    }

    /// What would make the refused evidence count; that with the fewest flaws first.
    fn mend(&self, refused: &[Refused]) -> String {
        let best = refused.iter().min_by_key(|one| (one.flaws.len(), one.on));
        let mut orders: Vec<&str> = Vec::new();
        for order in best.iter().flat_map(|one| &one.flaws).map(super::Flaw::mend) {
            if !orders.contains(&order) {
                orders.push(order);
            }
        }
        crate::text::some(&orders, 3)
    }

    /// Id of a piece of evidence by index.
    pub fn evidence_name(&self, index: usize) -> String {
        let folder = self.program.evidence.get(index);
        folder.map_or_else(String::new, |folder| safe(self.program.evidence_id(folder)))
    }

    /// Id of a control by index.
    pub fn control_name(&self, index: usize) -> String {
        self.program.controls.get(index).map_or_else(String::new, |control| control.id.value.0.to_string())
    }

    /// Id of a slot's system; `None` for a control without systems.
    pub fn slot_system(&self, control: &ControlStanding, slot: &Slot) -> Option<String> {
        let of = self.program.controls.get(control.control)?;
        Some(safe(&of.systems.get(slot.system?)?.value.0))
    }

    /// `2026-Q1 github`; only the system, or nothing, where there are no intervals.
    pub fn slot_name(&self, control: &ControlStanding, slot: &Slot) -> String {
        let interval = match slot.spell {
            Spell::Interval(interval) => Some(interval.name()),
            Spell::Window(..) => None,
        };
        let parts: Vec<String> = interval.into_iter().chain(self.slot_system(control, slot)).collect();
        parts.join(" ")
    }

    /// The command that files evidence for a slot.
    pub fn add_command(&self, control: &ControlStanding, slot: &Slot) -> String {
        let interval = match slot.spell {
            Spell::Interval(interval) => format!(" --slot {}", interval.name()),
            Spell::Window(..) => String::new(),
        };
        let system =
            self.slot_system(control, slot).map_or_else(String::new, |id| format!(" --system {}", word(&id)));
        format!("soc2 evidence add FILE --control {}{interval}{system}", self.control_name(control.control))
    }
}

fn unreadable() -> Reason {
    Reason::new("a manifest or log of its evidence cannot be read")
        .change("mend the faults that `soc2 check` names; split a long log that many controls share")
}

/// `2026-03-01`, or `2026-03-01 to 2026-03-20`.
fn days_text(from: jiff::civil::Date, to: jiff::civil::Date) -> String {
    if from == to { from.to_string() } else { format!("{from} to {to}") }
}
