//! For programs: the whole report, in a versioned shape that docs/formats.md describes. Keys are only ever added
//! within a version.

mod gate;

use std::io::{self, Write};

use jiff::civil::Date;
use serde::Serialize;

use super::{Format, View};
use crate::gap::Gap;
use crate::program::CriterionId;
use crate::report::{Reported, controls_by_status};
use crate::source::{Location, Sources};
use crate::timeline::{AuditStanding, ControlStanding, CriterionStanding, DesignFault, SlotCount};

pub(super) static FORMAT: Format = Format { name: "json", brief: "for programs; versioned", write };

/// Version of the shape.
const FORMAT_VERSION: &str = "soc2-check/1";

#[derive(Serialize)]
struct Document<'d> {
    format: &'static str,
    tool: Tool,
    read: &'d str,
    as_of: String,
    files: usize,
    controls: Controls,
    ignored: usize,
    diagnostics: Vec<JsonDiagnostic<'d>>,
    gaps: Vec<JsonGap<'d>>,
    audits: Vec<JsonAudit<'d>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gate: Option<gate::JsonGate<'d>>,
    fails: bool,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Controls {
    draft: usize,
    planned: usize,
    implemented: usize,
    retired: usize,
}

#[derive(Serialize)]
struct Place<'d> {
    path: &'d str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct JsonDiagnostic<'d> {
    rule: &'static str,
    level: &'static str,
    message: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'d str>,
    place: Place<'d>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related<'d>>,
}

#[derive(Serialize)]
struct Related<'d> {
    label: &'d str,
    place: Place<'d>,
}

#[derive(Serialize)]
struct JsonGap<'d> {
    rule: &'static str,
    class: &'static str,
    subject: JsonSubject<'d>,
    #[serde(skip_serializing_if = "Option::is_none")]
    audit: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    slot: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    message: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'d str>,
    place: Place<'d>,
    #[serde(skip_serializing_if = "Option::is_none")]
    waiver: Option<&'d str>,
}

#[derive(Serialize)]
struct JsonSubject<'d> {
    kind: &'static str,
    id: &'d str,
}

#[derive(Serialize)]
struct JsonAudit<'d> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'d str>,
    framework: String,
    categories: &'d [String],
    r#type: &'static str,
    window: Days,
    judged: Days,
    slots: JsonSlots,
    criteria: Vec<JsonCriterion<'d>>,
    controls: Vec<JsonControl<'d>>,
}

/// Slots of some controls, counted.
#[derive(Serialize)]
struct JsonSlots {
    due: usize,
    evidenced: usize,
    not_on_time: usize,
    lacking: usize,
    open: usize,
}

#[derive(Serialize)]
struct JsonControl<'d> {
    id: &'d str,
    operation: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    design: Vec<String>,
    slots: JsonSlots,
}

#[derive(Serialize)]
struct Days {
    from: String,
    to: String,
}

#[derive(Serialize)]
struct JsonCriterion<'d> {
    id: String,
    coverage: &'static str,
    support: &'static str,
    slots: JsonSlots,
    controls: Vec<&'d str>,
    in_place: Vec<&'d str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    holes: Vec<Days>,
}

fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let program = view.judgement.program;
    let sources = &program.sources;
    let [draft, planned, implemented, retired] = controls_by_status(program).map(|(_, n)| n);
    let document = Document {
        format: FORMAT_VERSION,
        tool: Tool { name: "soc2", version: env!("CARGO_PKG_VERSION") },
        read: &view.read,
        as_of: view.judgement.as_of.to_string(),
        files: sources.len(),
        controls: Controls { draft, planned, implemented, retired },
        ignored: view.report.ignored,
        diagnostics: view.report.diagnostics.iter().map(|d| diagnostic(sources, d)).collect(),
        gaps: view.gaps().map(|g| gap(sources, g)).collect(),
        audits: view.judgement.audits.iter().map(|a| audit(view, a)).collect(),
        gate: view.gate.map(gate::gate),
        fails: view.fails(),
    };
    writeln!(out, "{}", super::harmless_json(&document)?)
}

fn place(sources: &Sources, at: Location) -> Place<'_> {
    let (start, end) = (sources.position(at), sources.end_position(at));
    Place {
        path: sources.path(at.file),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}

fn diagnostic<'d>(sources: &'d Sources, found: &'d Reported) -> JsonDiagnostic<'d> {
    let related = found.related.iter().map(|(at, label)| Related { label, place: place(sources, *at) });
    JsonDiagnostic {
        rule: found.rule,
        level: found.level.name(),
        message: &found.message,
        help: found.help.as_deref(),
        place: place(sources, found.at),
        related: related.collect(),
    }
}

fn gap<'d>(sources: &'d Sources, gap: &'d Gap) -> JsonGap<'d> {
    JsonGap {
        rule: gap.rule,
        class: gap.class.name(),
        subject: JsonSubject { kind: gap.subject.kind, id: &gap.subject.id },
        audit: gap.audit.as_deref(),
        slot: gap.slot.as_deref(),
        system: gap.system.as_deref(),
        since: gap.since.map(|day| day.to_string()),
        message: &gap.message,
        help: gap.help.as_deref(),
        place: place(sources, gap.at),
        waiver: gap.waiver.as_deref(),
    }
}

fn audit<'d>(view: &'d View<'_>, audit: &'d AuditStanding) -> JsonAudit<'d> {
    let framework = view.judgement.program.frameworks.get(audit.framework);
    JsonAudit {
        id: audit.id.as_deref(),
        framework: framework.map_or_else(String::new, |f| f.id.to_string()),
        categories: &audit.categories,
        r#type: audit.r#type.word(),
        window: days(audit.window),
        judged: days(audit.days),
        slots: slots(SlotCount::of(audit.in_scope())),
        criteria: audit.criteria.iter().map(|standing| criterion(view, audit, standing)).collect(),
        controls: audit.controls.iter().filter_map(|standing| control(view, standing)).collect(),
    }
}

fn days((from, to): (Date, Date)) -> Days {
    Days { from: from.to_string(), to: to.to_string() }
}

fn slots(count: SlotCount) -> JsonSlots {
    let SlotCount { due, evidenced, late, lacking, open } = count;
    JsonSlots { due, evidenced, not_on_time: late, lacking, open }
}

fn control<'d>(view: &'d View<'_>, standing: &ControlStanding) -> Option<JsonControl<'d>> {
    let control = view.judgement.program.controls.get(standing.control)?;
    Some(JsonControl {
        id: &control.id.value.0,
        operation: standing.operation.name(),
        design: standing.design.iter().map(DesignFault::words).collect(),
        slots: slots(SlotCount::of([standing])),
    })
}

fn criterion<'d>(
    view: &'d View<'_>,
    audit: &AuditStanding,
    standing: &CriterionStanding,
) -> JsonCriterion<'d> {
    let program = view.judgement.program;
    let names = |indices: &[usize]| {
        indices.iter().filter_map(|i| Some(&*program.controls.get(*i)?.id.value.0)).collect()
    };
    let id: CriterionId = standing.id;
    JsonCriterion {
        id: program.criterion_name(id),
        coverage: standing.coverage.name(),
        support: standing.support.name(),
        slots: slots(SlotCount::of(standing.in_place.iter().filter_map(|i| audit.controls.get(*i)))),
        controls: names(&standing.controls),
        in_place: names(&standing.in_place),
        holes: standing.holes.iter().copied().map(days).collect(),
    }
}
