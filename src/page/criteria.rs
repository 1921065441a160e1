//! Criteria by series, each with its verdict and what keeps it from being supported.

use std::collections::BTreeSet;

use serde::Serialize;

use super::badge::{self, Badge};
use super::filter::{self, Number};
use super::lookup::Lookup;
use crate::text::count;
use crate::timeline::{CarriedBy, Cause, Coverage, CriterionStanding, SlotCount, Support};

/// A series and its criteria.
#[derive(Serialize)]
pub(super) struct Series {
    id: String,
    title: String,
    counts: Vec<Number>,
    criteria: Vec<Criterion>,
}

#[derive(Serialize)]
struct Criterion {
    anchor: String,
    id: String,
    text: String,
    support: Badge,
    coverage: &'static str,
    covers: String,
    controls: Number,
    in_place: usize,
    causes: Vec<Clause>,
    carried: Vec<String>,
}

/// A cause, and the control it lies with.
#[derive(Serialize)]
struct Clause {
    anchor: String,
    because: String,
    change: String,
}

/// In the framework's order.
pub(super) fn view(lookup: &Lookup<'_>) -> Vec<Series> {
    let framework = lookup.program.frameworks.get(lookup.audit.framework);
    let title = |id: &str| {
        let series = framework.and_then(|of| of.series.iter().find(|series| *series.id.value == *id));
        series
            .and_then(|series| series.title.as_ref())
            .map_or_else(String::new, |title| title.value.to_string())
    };
    let id = |standing: &CriterionStanding| lookup.names_of(standing).1;
    let groups = lookup.audit.criteria.chunk_by(|a, b| id(a) == id(b));
    let series = groups.filter_map(|group| {
        let id = id(group.first()?);
        let counts = Support::MEANINGS.iter().map(|(support, _)| {
            let own = || group.iter().filter(|one| one.support == *support);
            let number = Number::new(own().count(), support.name(), "support", support.name());
            let filter = format!("{}&{}", filter::filter("series", id), number.filter);
            Number { filter, ..number }.opening(behind(own()))
        });
        Some(Series {
            id: id.to_owned(),
            title: title(id),
            counts: counts.filter(|number| number.n > 0).collect(),
            criteria: group.iter().map(|standing| criterion(lookup, standing)).collect(),
        })
    });
    series.collect()
}

/// How many controls name one of the criteria.
pub(super) fn behind<'c>(criteria: impl Iterator<Item = &'c CriterionStanding>) -> usize {
    let controls: BTreeSet<usize> = criteria.flat_map(|one| one.controls.iter().copied()).collect();
    controls.len()
}

/// What keeps a criterion supported: its controls' due occurrences, counted.
fn evidenced(lookup: &Lookup<'_>, standing: &CriterionStanding) -> String {
    let controls = standing.in_place.iter().filter_map(|index| lookup.audit.controls.get(*index));
    let slots = SlotCount::of(controls);
    let n = count(standing.in_place.len(), "control");
    match slots.due {
        0 => format!("nothing was due for the {n} in place"),
        due => format!("its due occurrences are evidenced: {} of {due}, by {n}", slots.evidenced),
    }
}

fn criterion(lookup: &Lookup<'_>, standing: &CriterionStanding) -> Criterion {
    let framework = lookup.program.frameworks.get(standing.id.framework);
    let of = framework.and_then(|framework| framework.criteria.get(standing.id.criterion));
    let (id, ..) = lookup.names_of(standing);
    let reasons = lookup.judgement.why_criterion(lookup.audit, standing);
    let causes = standing.causes.iter().zip(reasons).map(|(cause, why)| Clause {
        anchor: match cause {
            Cause::Design(control) | Cause::Operation(control) => lookup.anchor(*control),
            Cause::Coverage | Cause::NothingSettled | Cause::Unread => String::new(),
        },
        because: why.because,
        change: why.change.unwrap_or_default(),
    });
    let n = standing.controls.len();
    Criterion {
        anchor: filter::anchor(id),
        id: id.to_owned(),
        text: of.and_then(|of| of.text.as_ref()).map_or_else(String::new, |text| text.value.to_string()),
        support: badge::of_support(standing.support),
        coverage: standing.coverage.name(),
        covers: match standing.support {
            Support::Supported => format!("{}; {}", evidenced(lookup, standing), meaning(standing.coverage)),
            _ => meaning(standing.coverage).to_owned(),
        },
        controls: Number::new(n, count(n, "control"), "criterion", id),
        in_place: standing.in_place.len(),
        causes: causes.collect(),
        carried: carried(lookup, standing),
    }
}

fn meaning(coverage: Coverage) -> &'static str {
    Coverage::MEANINGS.iter().find(|(own, _)| *own == coverage).map_or("", |(_, meaning)| meaning)
}

/// Which carved-out vendor meets it, and by which record.
fn carried(lookup: &Lookup<'_>, standing: &CriterionStanding) -> Vec<String> {
    let registers = &lookup.program.registers;
    let one = |carrier: &crate::timeline::Carrier| {
        let vendor = registers.vendors.get(carrier.vendor).map_or("", |vendor| &*vendor.id.value.0);
        let record = match carrier.by {
            CarriedBy::Csoc(index) => {
                format!("CSOC {}", registers.csocs.get(index).map_or("", |csoc| &*csoc.id.value.0))
            }
            CarriedBy::Control(index) => {
                format!("inherited control {}", lookup.judgement.control_name(index))
            }
        };
        format!("left to {vendor}: {record}")
    };
    standing.carriers.iter().map(one).collect()
}
