//! For programs: everything there is, in a versioned shape that docs/formats.md describes. Keys are only ever added
//! within a version.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;

use super::strip::{Strip, legend};
use super::wire::{self, Counts, Days, JsonAudit, JsonControl, JsonCriterion, JsonPolicy, JsonWaived, Tool};
use super::{OWN_VIEW, Status};
use crate::diagnostic::Level;
use crate::layout::percent;
use crate::output::harmless_json;
use crate::timeline::{PolicyState, SlotCount, Support};

/// Version of the shape.
const FORMAT_VERSION: &str = "soc2-status/1";

#[derive(Serialize)]
struct Document<'d> {
    format: &'static str,
    tool: Tool,
    view: &'static str,
    read: &'d str,
    as_of: String,
    organization: Option<&'d str>,
    system: Option<&'d str>,
    audit: JsonAudit<'d>,
    narrowed: &'d [String],
    faults: usize,
    unread: Vec<&'d str>,
    policies_in_force: Bar,
    slots_evidenced: Bar,
    criteria_supported: Bar,
    strip: JsonStrip,
    series: Vec<JsonSeries<'d>>,
    owners: Vec<JsonOwner<'d>>,
    criteria: Vec<JsonCriterion>,
    controls: Vec<JsonControl>,
    policies: Vec<JsonPolicy>,
    waived: Vec<JsonWaived<'d>>,
    next: Vec<JsonStep<'d>>,
}

/// A count with what it is of; the states are those of the whole audit.
#[derive(Serialize)]
struct Bar {
    count: usize,
    of: usize,
    percent: Option<usize>,
    states: BTreeMap<&'static str, usize>,
}

#[derive(Serialize)]
struct JsonStrip {
    unit: String,
    cells: Vec<Days>,
    letters: BTreeMap<String, &'static str>,
}

#[derive(Serialize)]
struct JsonSeries<'d> {
    id: &'d str,
    criteria: usize,
    supported: usize,
    at_risk: usize,
    not_supported: usize,
    planned_only: usize,
    carved_out: usize,
    not_relevant: usize,
}

#[derive(Serialize)]
struct JsonOwner<'d> {
    id: Option<&'d str>,
    people: &'d [String],
    controls: usize,
    slots: Counts,
}

#[derive(Serialize)]
struct JsonStep<'d> {
    what: &'d str,
    why: &'d str,
    who: Option<&'d str>,
    command: &'d str,
}

/// The whole standing as JSON.
pub fn json(status: &Status<'_>) -> io::Result<String> {
    let judgement = status.judgement;
    let program = judgement.program;
    let config = program.config.as_ref();
    let strip = Strip::of(status.audit);
    let (series, owners, waived) = (status.series(), status.owners(), status.waived());
    let document = Document {
        format: FORMAT_VERSION,
        tool: Tool::THIS,
        view: OWN_VIEW,
        read: status.read,
        as_of: judgement.as_of.to_string(),
        organization: config.and_then(|c| c.organization.as_ref()?.name.as_ref()).map(|name| &*name.value),
        system: config.and_then(|c| c.system.as_ref()?.name.as_ref()).map(|name| &*name.value),
        audit: wire::audit(judgement, status.audit),
        narrowed: &status.narrowed,
        faults: status.report.count(Level::Deny),
        unread: program.unread.iter().map(|file| program.sources.path(*file)).collect(),
        policies_in_force: policies(status),
        slots_evidenced: slots(status),
        criteria_supported: criteria(status),
        strip: JsonStrip {
            unit: strip.unit.clone(),
            cells: strip.cells.iter().map(|cell| Days::from(*cell)).collect(),
            letters: legend().map(|(letter, name)| (letter.to_string(), name)).collect(),
        },
        series: series
            .iter()
            .map(|one| JsonSeries {
                id: &one.id,
                criteria: one.criteria,
                supported: one.supported,
                at_risk: one.at_risk,
                not_supported: one.not_supported,
                planned_only: one.planned,
                carved_out: one.carved_out,
                not_relevant: one.not_relevant,
            })
            .collect(),
        owners: owners
            .iter()
            .map(|one| JsonOwner {
                id: one.id.as_deref(),
                people: &one.people,
                controls: one.controls,
                slots: one.slots.into(),
            })
            .collect(),
        criteria: status.criteria.iter().map(|one| wire::criterion(judgement, status.audit, one)).collect(),
        controls: status
            .controls
            .iter()
            .map(|one| wire::control(judgement, status.audit, one, &strip))
            .collect(),
        policies: judgement.policies.iter().map(|one| wire::policy(judgement, one)).collect(),
        waived: waived.iter().map(wire::waived).collect(),
        next: status
            .first_steps()
            .iter()
            .map(|step| JsonStep {
                what: &step.what,
                why: &step.why,
                who: step.who.as_deref(),
                command: &step.command,
            })
            .collect(),
    };
    Ok(harmless_json(&document)? + "\n")
}

fn bar(count: usize, of: usize, states: BTreeMap<&'static str, usize>) -> Bar {
    Bar { count, of, percent: percent(count, of), states }
}

fn policies(status: &Status<'_>) -> Bar {
    let (some, of) = status.policies();
    let count =
        |state: PolicyState| status.judgement.policies.iter().filter(|policy| policy.state == state).count();
    let states = PolicyState::MEANINGS.iter().map(|(state, _)| (state.name(), count(*state)));
    bar(some, of, states.collect())
}

fn slots(status: &Status<'_>) -> Bar {
    let count = SlotCount::of(&status.audit.controls);
    let states = status.slots_by_state().into_iter().map(|(state, n)| (state.name(), n));
    bar(count.evidenced, count.due, states.collect())
}

fn criteria(status: &Status<'_>) -> Bar {
    let audit = status.audit;
    let states = Support::MEANINGS.iter().map(|(support, _)| (support.name(), audit.supported(*support)));
    bar(audit.supported(Support::Supported), audit.judged(), states.collect())
}
