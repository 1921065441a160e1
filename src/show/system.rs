//! A system: whether it is in scope, who answers for it, the controls on it and the states of its slots.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{JsonWaiver, Show, gaps_and_waivers, waivers};
use crate::layout::{Page, Tone};
use crate::status::people_of;
use crate::status::wire::{self, JsonGap, JsonSlot};
use crate::text::safe;
use crate::timeline::{ControlStanding, Slot, SlotState};

#[derive(Serialize)]
pub(super) struct Json<'d> {
    id: String,
    name: String,
    in_scope: Option<bool>,
    reason: Option<String>,
    owner: Option<String>,
    vendor: Option<String>,
    from: Option<String>,
    to: Option<String>,
    controls: Vec<OfControl>,
    waivers: Vec<JsonWaiver<'d>>,
    gaps: Vec<JsonGap<'d>>,
}

#[derive(Serialize)]
struct OfControl {
    control: String,
    operation: &'static str,
    slots: Vec<JsonSlot>,
}

/// The controls that cover a system, with their slots on it.
fn controls<'s>(show: &Show<'s>, id: &str) -> Vec<(&'s ControlStanding, Vec<&'s Slot>)> {
    let of = |standing: &'s ControlStanding| {
        let control = show.program().controls.get(standing.control)?;
        let is_it = |nth: usize| control.systems.get(nth).is_some_and(|name| *name.value.0 == *id);
        control.systems.iter().any(|name| *name.value.0 == *id).then(|| {
            let slots = standing.slots.iter().filter(|slot| slot.system.is_some_and(is_it));
            (standing, slots.collect())
        })
    };
    show.audit.controls.iter().filter_map(of).collect()
}

pub(super) fn json<'d>(show: &Show<'d>, index: usize) -> Json<'d> {
    let row = show.program().registers.systems.get(index);
    let id = row.map_or_else(String::new, |row| row.id.to_string());
    Json {
        name: row.and_then(|row| row.name.as_ref()).map_or_else(String::new, |name| name.value.to_string()),
        in_scope: row.and_then(|row| row.in_scope.as_ref()).map(|in_scope| in_scope.value),
        reason: row.and_then(|row| row.reason.as_ref()).map(|reason| reason.value.to_string()),
        owner: row.and_then(|row| row.owner.as_ref()).map(|owner| owner.value.0.to_string()),
        vendor: row.and_then(|row| row.vendor.as_ref()).map(|vendor| vendor.value.0.to_string()),
        from: row.and_then(|row| row.from.as_ref()).map(|from| from.value.to_string()),
        to: row.and_then(|row| row.to.as_ref()).map(|to| to.value.to_string()),
        controls: controls(show, &id)
            .into_iter()
            .map(|(control, slots)| OfControl {
                control: show.judgement.control_name(control.control),
                operation: control.operation.name(),
                slots: slots
                    .into_iter()
                    .map(|slot| wire::slot(show.judgement, show.audit, control, slot))
                    .collect(),
            })
            .collect(),
        waivers: waivers(show, &id),
        gaps: show.gaps("system", &id).into_iter().map(wire::gap).collect(),
        id,
    }
}

pub(super) fn human(show: &Show<'_>, index: usize, page: &mut Page) {
    let Some(row) = show.program().registers.systems.get(index) else { return };
    let id = row.id.to_string();
    let name = row.name.as_ref().map_or_else(String::new, |name| safe(name));
    page.hang_at(&format!("system {id}: "), 4, Tone::Heading, &name);
    let mut facts = vec![match row.in_scope.as_ref().map(|in_scope| in_scope.value) {
        Some(true) => "in scope".to_owned(),
        Some(false) => "not in scope".to_owned(),
        None => "nobody said whether it is in scope".to_owned(),
    }];
    if !show.audit.systems.is_empty() {
        let named = show.audit.systems.contains(&id);
        facts.push(format!("this audit {} it", if named { "names" } else { "does not name" }));
    }
    facts.extend(row.from.as_ref().map(|from| format!("in use from {from}")));
    facts.extend(row.to.as_ref().map(|to| format!("until {to}")));
    facts.extend(row.vendor.as_ref().map(|vendor| format!("run by {}", safe(&vendor.value.0))));
    page.hang("  ", &facts.join(", "));
    if let Some(reason) = &row.reason {
        page.hang("  ", &safe(reason));
    }
    if let Some(owner) = &row.owner {
        let people = people_of(show.program(), owner, show.judgement.as_of);
        let who = if people.is_empty() { "nobody".to_owned() } else { people.join(", ") };
        page.hang("  owner ", &format!("{}; on {}: {who}", safe(&owner.value.0), show.judgement.as_of));
    }
    let all = controls(show, &id);
    page.heading(&format!("Controls on it: {}", all.len()));
    for (control, slots) in &all {
        let mut states: BTreeMap<SlotState, usize> = BTreeMap::new();
        for slot in slots {
            *states.entry(slot.state).or_default() += 1;
        }
        let words: Vec<String> = states.iter().map(|(state, n)| format!("{n} {}", state.name())).collect();
        let lead = format!("  {}  ", show.judgement.control_name(control.control));
        let words = if words.is_empty() { control.operation.name().to_owned() } else { words.join(", ") };
        page.hang_at(&lead, 6, Tone::Plain, &words);
        for slot in slots.iter().filter(|slot| slot.state.is_settled() && slot.state != SlotState::OnTime) {
            let reason = show.judgement.why_slot(show.audit, control, slot);
            let name = show.judgement.slot_name(control, slot);
            let lead = format!("      {name}  {}: ", slot.state.name());
            page.hang_at(&lead, 8, Tone::Plain, &reason.because);
            if let Some(change) = &reason.change {
                page.hang("        change: ", change);
            }
        }
    }
    gaps_and_waivers(show, "system", &id, page);
}
