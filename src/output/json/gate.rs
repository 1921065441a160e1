//! What a change does, beside the report.

use serde::Serialize;

use super::{JsonDiagnostic, JsonGap, JsonSubject, Place, diagnostic, gap, place};
use crate::change;
use crate::gate::{Fault, Gate, Told};
use crate::source::Sources;

#[derive(Serialize)]
pub(super) struct JsonGate<'d> {
    base: JsonBase<'d>,
    regressions: Vec<JsonChange<'d>>,
    new_faults: Vec<JsonFault<'d>>,
    disclosures: Vec<JsonChange<'d>>,
    opened: Vec<JsonGap<'d>>,
    repairs: Vec<JsonChange<'d>>,
    closed: Vec<JsonGap<'d>>,
    standing: JsonStanding,
    fails: bool,
}

#[derive(Serialize)]
struct JsonBase<'d> {
    asked: &'d str,
    commit: &'d str,
    /// False when the base has no programme yet.
    programme: bool,
}

#[derive(Serialize)]
struct JsonStanding {
    faults: usize,
    gaps: usize,
}

#[derive(Serialize)]
struct JsonChange<'d> {
    change: &'static str,
    subject: JsonSubject<'d>,
    message: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'d str>,
    side: &'static str,
    place: Place<'d>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver: Option<&'d str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    opened: Vec<JsonGap<'d>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hidden: Vec<JsonGap<'d>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<JsonFault<'d>>,
}

#[derive(Serialize)]
struct JsonFault<'d> {
    #[serde(flatten)]
    diagnostic: JsonDiagnostic<'d>,
    muted: bool,
}

pub(super) fn gate<'d>(gate: &'d Gate<'_>) -> JsonGate<'d> {
    let after = &gate.after.judgement.program.sources;
    // What is closed stood in the base.
    let before = gate.base.state.map_or(after, |state| &state.judgement.program.sources);
    let changes = |all: &'d [Told<'_>]| all.iter().map(|told| change(gate, before, told)).collect();
    JsonGate {
        base: JsonBase {
            asked: &gate.base.asked,
            commit: &gate.base.commit,
            programme: gate.base.state.is_some(),
        },
        regressions: changes(&gate.regressions),
        new_faults: gate.new_faults.iter().map(|one| fault(gate, one)).collect(),
        disclosures: changes(&gate.disclosures),
        opened: gate.opened.iter().map(|one| gap(after, one)).collect(),
        repairs: changes(&gate.repairs),
        closed: gate.closed.iter().map(|one| gap(before, one)).collect(),
        standing: JsonStanding { faults: gate.standing.faults, gaps: gate.standing.gaps },
        fails: gate.fails(),
    }
}

fn change<'d>(gate: &'d Gate<'_>, before: &'d Sources, told: &'d Told<'_>) -> JsonChange<'d> {
    let change = told.change;
    let (sources, at) = gate.place(change.place);
    JsonChange {
        change: change.kind.name,
        subject: JsonSubject { kind: change.subject.kind, id: &change.subject.id },
        message: &change.message,
        help: change.help.as_deref(),
        side: match change.place {
            change::Place::Before(_) => "before",
            change::Place::After(_) => "after",
        },
        place: place(sources, at),
        waiver: told.waiver,
        opened: told.opened.iter().map(|one| gap(&gate.after.judgement.program.sources, one)).collect(),
        hidden: told.hidden.iter().map(|one| gap(before, one)).collect(),
        faults: told.faults.iter().map(|one| fault(gate, one)).collect(),
    }
}

fn fault<'d>(gate: &'d Gate<'_>, fault: &Fault<'d>) -> JsonFault<'d> {
    let sources = &gate.after.judgement.program.sources;
    JsonFault { diagnostic: diagnostic(sources, fault.found), muted: fault.muted }
}
