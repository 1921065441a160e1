//! A criterion: our words for it, its coverage and support, what keeps it from being supported, each control.

use serde::Serialize;

use super::{JsonWaiver, Show, gaps_and_waivers, waivers, why};
use crate::layout::{Page, Tone};
use crate::program::CriterionId;
use crate::status::wire::{self, JsonCriterion, JsonGap};
use crate::text::safe;
use crate::timeline::{CarriedBy, Carrier, CriterionStanding};

#[derive(Serialize)]
pub(super) struct Json<'d> {
    id: String,
    text: String,
    in_scope: bool,
    standing: Option<JsonCriterion>,
    states: Vec<State>,
    carried_by: Vec<String>,
    waivers: Vec<JsonWaiver<'d>>,
    gaps: Vec<JsonGap<'d>>,
}

#[derive(Serialize)]
struct State {
    control: String,
    operation: &'static str,
    in_place: bool,
    because: String,
    change: Option<String>,
}

fn standing<'s>(show: &Show<'s>, id: CriterionId) -> Option<&'s CriterionStanding> {
    show.audit.criteria.iter().find(|one| one.id == id)
}

fn text(show: &Show<'_>, id: CriterionId) -> String {
    let criterion = show.program().frameworks.get(id.framework).and_then(|of| of.criteria.get(id.criterion));
    criterion.and_then(|of| of.text.as_ref()).map_or_else(String::new, |text| text.value.to_string())
}

/// The record that leaves it to a carved-out subservice organisation, in words.
fn carrier(show: &Show<'_>, carrier: &Carrier) -> String {
    let registers = &show.program().registers;
    let vendor =
        registers.vendors.get(carrier.vendor).map_or_else(String::new, |vendor| vendor.id.to_string());
    match carrier.by {
        CarriedBy::Csoc(index) => {
            let csoc = registers.csocs.get(index).map_or_else(String::new, |csoc| csoc.id.to_string());
            format!("{vendor}, by the CSOC {csoc}")
        }
        CarriedBy::Control(index) => {
            format!("{vendor}, by the inherited control {}", show.judgement.control_name(index))
        }
    }
}

pub(super) fn json<'d>(show: &Show<'d>, id: CriterionId) -> Json<'d> {
    let of = standing(show, id);
    let name = show.program().criterion_name(id);
    let state = |index: &usize| {
        let control = show.audit.controls.get(*index)?;
        let reason = show.judgement.why_control(show.audit, control);
        Some(State {
            control: show.judgement.control_name(*index),
            operation: control.operation.name(),
            in_place: control.in_place.is_some(),
            because: reason.because,
            change: reason.change,
        })
    };
    Json {
        text: text(show, id),
        in_scope: of.is_some(),
        standing: of.map(|of| wire::criterion(show.judgement, show.audit, of)),
        states: of.map_or_else(Vec::new, |of| of.controls.iter().filter_map(state).collect()),
        carried_by: of.map_or_else(Vec::new, |of| of.carriers.iter().map(|one| carrier(show, one)).collect()),
        waivers: waivers(show, &name),
        gaps: show.gaps("criterion", &name).into_iter().map(wire::gap).collect(),
        id: name,
    }
}

pub(super) fn human(show: &Show<'_>, id: CriterionId, page: &mut Page) {
    let name = show.program().criterion_name(id);
    page.hang_at(&format!("criterion {}: ", safe(&name)), 4, Tone::Heading, &safe(&text(show, id)));
    let Some(of) = standing(show, id) else {
        page.line("not in scope of this audit");
        return;
    };
    page.line(&format!("{}; coverage: {}", of.support.name(), of.coverage.name()));
    for reason in show.judgement.why_criterion(show.audit, of) {
        why(page, "  ", &reason);
    }
    for one in &of.carriers {
        page.hang("  left to ", &carrier(show, one));
    }
    page.heading(&format!("Controls that name it: {}", of.controls.len()));
    for index in &of.controls {
        let Some(control) = show.audit.controls.get(*index) else { continue };
        let lead = format!("  {}  ", show.judgement.control_name(*index));
        page.hang_at(&lead, 6, Tone::Plain, control.operation.name());
        why(page, "      ", &show.judgement.why_control(show.audit, control));
    }
    gaps_and_waivers(show, "criterion", &name, page);
}
