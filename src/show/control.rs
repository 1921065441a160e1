//! A control: its text, who answers for it, what it is for, each slot with its files and reasons.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use super::evidence::{JsonFile, files, files_human};
use super::{JsonWaiver, Show, Tenure, days, gaps_and_waivers, tone, waivers, why};
use crate::layout::{Page, Tone};
use crate::status::strip::{self, Strip};
use crate::status::wire::{self, JsonControl, JsonGap, policy_state};
use crate::status::{owner_id, people_of};
use crate::text::{count, safe, some};
use crate::timeline::people::{self, Holder};
use crate::timeline::{ControlStanding, Slot, SlotState};

/// Slots on time that are listed with their files; the others are counted.
const MOST: usize = 24;

#[derive(Serialize)]
pub(super) struct Json<'d> {
    #[serde(flatten)]
    control: Option<JsonControl>,
    description: String,
    r#type: &'static str,
    effective_from: Option<String>,
    retired_at: Option<String>,
    grace_days: Option<u64>,
    owned: Vec<Tenure>,
    supports: Vec<Support>,
    files: Vec<OfEvidence>,
    other_evidence: Vec<String>,
    waivers: Vec<JsonWaiver<'d>>,
    gaps: Vec<JsonGap<'d>>,
}

#[derive(Serialize)]
struct Support {
    criterion: String,
    support: &'static str,
}

#[derive(Serialize)]
struct OfEvidence {
    evidence: String,
    files: Vec<JsonFile>,
}

pub(super) fn json<'d>(show: &Show<'d>, index: usize) -> Json<'d> {
    let program = show.program();
    let of = program.controls.get(index);
    let standing = show.audit.controls.get(index);
    let id = show.judgement.control_name(index);
    let day = |date: Option<&crate::model::scalar::Date>| date.map(|date| date.value.to_string());
    let strip = Strip::of(show.audit);
    Json {
        control: standing.map(|one| wire::control(show.judgement, show.audit, one, &strip)),
        description: program.description(index).into_owned(),
        r#type: of.map_or("manual", |of| of.control_type().word()),
        effective_from: day(of.and_then(|of| of.effective_from.as_ref())),
        retired_at: day(of.and_then(|of| of.retired_at.as_ref())),
        grace_days: of.and_then(|of| of.grace_days.as_ref()).map(|days| days.value),
        owned: tenures(show, index).into_iter().map(|(who, days)| Tenure::new(who, days)).collect(),
        supports: supports(show, index)
            .into_iter()
            .map(|(criterion, support)| Support { criterion, support })
            .collect(),
        files: standing.map_or_else(Vec::new, |one| {
            used(one)
                .into_iter()
                .map(|evidence| OfEvidence {
                    evidence: show.judgement.evidence_name(evidence),
                    files: files(show.judgement, evidence),
                })
                .collect()
        }),
        other_evidence: standing.map_or_else(Vec::new, |one| other_evidence(show, one)),
        waivers: waivers(show, &id),
        gaps: show.gaps("control", &id).into_iter().map(wire::gap).collect(),
    }
}

/// The evidence that a control's slots rest on or refuse.
fn used(standing: &ControlStanding) -> BTreeSet<usize> {
    let filled = standing.slots.iter().filter_map(|slot| Some(slot.filled_by?.evidence));
    let refused = standing.slots.iter().flat_map(|slot| slot.refused.iter().map(|one| one.evidence));
    filled.chain(refused).collect()
}

/// Who answered for it on days of the window.
fn tenures(show: &Show<'_>, index: usize) -> Vec<(String, (Date, Date))> {
    let program = show.program();
    let (first, last) = show.audit.window;
    let name = |person: usize| program.registers.people.get(person).map(|person| person.id.to_string());
    let owner = program.controls.get(index).and_then(|of| people::holder(program, of.owner.as_ref()?));
    let mut spans: Vec<(String, (Date, Date))> = match owner {
        Some(Holder::Role(role)) => {
            let role = program.registers.roles.get(role);
            let held = role.into_iter().flat_map(|role| people::held(program, role));
            held.filter_map(|(person, days)| Some((name(person)?, days))).collect()
        }
        Some(Holder::Person(index)) => {
            let person = program.registers.people.get(index);
            person
                .into_iter()
                .flat_map(|one| people::stints(one).map(|days| (one.id.to_string(), days)))
                .collect()
        }
        None => Vec::new(),
    };
    spans.retain(|(_, (from, to))| *from <= last && first <= *to);
    spans.sort_by_key(|(_, days)| *days);
    spans
}

/// The criteria in scope that it names, with their support.
fn supports(show: &Show<'_>, index: usize) -> Vec<(String, &'static str)> {
    let naming = show.audit.criteria.iter().filter(|one| one.controls.contains(&index));
    naming.map(|one| (show.program().criterion_name(one.id), one.support.name())).collect()
}

pub(super) fn human(show: &Show<'_>, index: usize, page: &mut Page) {
    let program = show.program();
    let judgement = show.judgement;
    let id = judgement.control_name(index);
    page.hang_at(&format!("control {id}: "), 4, Tone::Heading, &safe(&program.title(index)));
    let (Some(of), Some(standing)) = (program.controls.get(index), show.audit.controls.get(index)) else {
        return;
    };
    page.hang("", standing.operation.name());
    why(page, "  ", &judgement.why_control(show.audit, standing));
    for fault in &standing.design {
        page.hang("  design deficient: ", &fault.words());
        page.hang("  change: ", fault.mend());
    }
    page.heading("What it is");
    page.hang("  ", &safe(&program.description(index)));
    let mut facts = vec![format!("claimed {}", of.status().word()), of.control_type().word().to_owned()];
    facts.extend(of.cadence.as_ref().map(|cadence| cadence.value.word().to_owned()));
    facts.extend(
        of.grace_days
            .as_ref()
            .map(|grace| count(usize::try_from(grace.value).unwrap_or(usize::MAX), "day") + " of grace"),
    );
    facts.extend(of.effective_from.as_ref().map(|from| format!("in place from {from}")));
    facts.extend(of.retired_at.as_ref().map(|to| format!("retired on {to}")));
    page.hang("  ", &facts.join(", "));
    owner(show, standing, page);
    page.heading("Criteria");
    for (criterion, support) in supports(show, index) {
        page.line(&format!("  {}  {support}", safe(&criterion)));
    }
    page.heading("Policies");
    if of.policies.is_empty() {
        page.line("  it names none");
    }
    for reference in &of.policies {
        let state = policy_state(judgement, &reference.value.0).unwrap_or("there is no such policy");
        page.line(&format!("  {}  {state}", safe(&reference.value.0)));
    }
    slots(show, standing, page);
    others(show, standing, page);
    if !standing.remarks.is_empty() {
        page.heading("Remarks");
    }
    for remark in &standing.remarks {
        let reason = judgement.why_remark(standing, remark);
        page.hang("  ", &reason.because);
        if let Some(change) = &reason.change {
            page.hang("    change: ", change);
        }
    }
    gaps_and_waivers(show, "control", &id, page);
}

fn owner(show: &Show<'_>, standing: &ControlStanding, page: &mut Page) {
    page.heading("Owner");
    let Some(id) = owner_id(show.program(), standing) else {
        page.line("  it names none");
        return;
    };
    let as_of = show.judgement.as_of;
    let people = people_of(show.program(), &id, as_of);
    let who = if people.is_empty() { "nobody".to_owned() } else { some(&people, 5) };
    page.hang("  ", &format!("{id}; on {as_of}: {who}"));
    for (who, (from, to)) in tenures(show, standing.control) {
        page.line(&format!("  {who}  {}", days(from, to)));
    }
}

/// Slots by system: each that is not on time or open in full, the others with their files or counted.
fn slots(show: &Show<'_>, standing: &ControlStanding, page: &mut Page) {
    page.heading(&format!("Slots: {}", standing.slots.len()));
    let strip = Strip::of(show.audit);
    let letters = strip.letters(standing);
    if !letters.is_empty() {
        let used = strip::used([letters.as_str()].into_iter());
        page.hang(&format!("  {letters}  "), &format!("one letter a {}: {used}", strip.unit));
    }
    let mut on_time = 0;
    let open = standing.slots.iter().filter(|slot| slot.state == SlotState::Open);
    let next = open.clone().map(|slot| slot.due).min();
    for slot in &standing.slots {
        on_time += usize::from(slot.state == SlotState::OnTime);
        let quiet = slot.state == SlotState::OnTime && on_time > MOST;
        let later = slot.state == SlotState::Open && Some(slot.due) != next && slot.refused.is_empty();
        if !quiet && !later && slot.state != SlotState::NotExpected {
            one_slot(show, standing, slot, page);
        }
    }
    let left = on_time.saturating_sub(MOST);
    if left > 0 {
        page.line(&format!("  and {left} more on-time: soc2 show ID --format json"));
    }
    let others = open.filter(|slot| Some(slot.due) != next && slot.refused.is_empty()).count();
    if others > 0 {
        page.line(&format!("  and {others} more open"));
    }
    let not_expected = standing.slots.iter().filter(|slot| slot.state == SlotState::NotExpected).count();
    if not_expected > 0 {
        page.line(&format!("  and {not_expected} not-expected"));
    }
}

/// Evidence that names it and stands behind no slot: outside the window, kept beside better, or an exception decides.
fn others(show: &Show<'_>, standing: &ControlStanding, page: &mut Page) {
    let others = other_evidence(show, standing);
    if others.is_empty() {
        return;
    }
    page.heading(&format!("Other evidence that names it: {}", others.len()));
    for id in others.iter().take(MOST) {
        page.line(&format!("  {id}"));
    }
    let left = others.len().saturating_sub(MOST);
    if left > 0 {
        page.line(&format!("  and {left} more"));
    }
}

fn other_evidence(show: &Show<'_>, standing: &ControlStanding) -> Vec<String> {
    let used = used(standing);
    let naming = show.judgement.evidence_of.get(standing.control).map_or(&[][..], |list| list);
    let others = naming.iter().map(|index| *index as usize).filter(|index| !used.contains(index));
    others.map(|index| show.judgement.evidence_name(index)).collect()
}

fn one_slot(show: &Show<'_>, standing: &ControlStanding, slot: &Slot, page: &mut Page) {
    let judgement = show.judgement;
    let (from, to) = slot.spell.days();
    let name = judgement.slot_name(standing, slot);
    let name = if name.is_empty() { slot.spell.name() } else { name };
    let state = page.paint(tone(slot.state), slot.state.name());
    let days = if from == to { from.to_string() } else { format!("{from} to {to}") };
    page.line(&format!("  {name}  {state}  ({days}, grace ends {})", slot.due));
    let reason = judgement.why_slot(show.audit, standing, slot);
    why(page, "      ", &reason);
    for evidence in &reason.evidence {
        page.line(&format!("      {}", judgement.evidence_name(*evidence)));
        let refused = slot.refused.iter().filter(|one| one.evidence == *evidence);
        for flaw in refused.flat_map(|one| &one.flaws) {
            page.hang("        not accepted: ", &format!("{}; {}", flaw.words(show.program()), flaw.mend()));
        }
        files_human(judgement, *evidence, "        ", page);
    }
}
