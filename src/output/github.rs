//! GitHub annotations: the worst ten of each kind, because GitHub shows no more, then a count.

use std::io::{self, Write};

use super::gate::distinct;
use super::{Format, View};
use crate::diagnostic::Level;
use crate::gap::{Class, Gap};
use crate::gate::{Gate, Told};
use crate::report::Reported;
use crate::source::Location;
use crate::text::{count, safe};

pub(super) static FORMAT: Format = Format { name: "github", brief: "annotations in a workflow's log", write };

/// What GitHub shows of each kind in one step.
const MOST: usize = 10;

struct Annotation<'a> {
    kind: &'static str,
    rule: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    at: Location,
}

fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let compared = view.gate.filter(|gate| gate.base.state.is_some());
    let all = compared.map_or_else(|| whole(view), |gate| of_change(view, gate));
    for kind in ["error", "warning", "notice"] {
        let of_kind: Vec<&Annotation<'_>> = all.iter().filter(|annotation| annotation.kind == kind).collect();
        for annotation in of_kind.iter().take(MOST) {
            line(view, annotation, out)?;
        }
        let more = of_kind.len().saturating_sub(MOST);
        if more > 0 {
            let text = format!("{} of this kind; all of them: soc2 check -v", count(more, "more find"));
            writeln!(out, "::{kind} title=soc2::{}", data(&text))?;
        }
    }
    Ok(())
}

/// Every find.
fn whole<'v>(view: &'v View<'_>) -> Vec<Annotation<'v>> {
    let gaps = view.gaps().filter(|gap| gap.waiver.is_none());
    view.report.diagnostics.iter().map(of_fault).chain(gaps.map(|gap| of_gap(view, gap))).collect()
}

/// Only what a change does: what stood before is not its author's.
fn of_change<'v>(view: &'v View<'_>, gate: &'v Gate<'_>) -> Vec<Annotation<'v>> {
    let told = |kind: &'static str, told: &'v Told<'_>| Annotation {
        kind,
        rule: told.change.kind.name,
        message: &told.change.message,
        help: told.change.help.as_deref(),
        at: gate.place_after(told.change.place),
    };
    let failing = gate.failing().map(|one| told("error", one));
    let faults = gate.new_faults.iter().map(|fault| of_fault(fault.found));
    let waived = gate.regressions.iter().filter(|one| one.waiver.is_some());
    let known = waived.chain(&gate.disclosures).map(|one| told("notice", one));
    let opened = distinct(&gate.opened)
        .into_iter()
        .map(|gap| Annotation { kind: if view.strict { "error" } else { "notice" }, ..of_gap(view, gap) });
    failing.chain(faults).chain(known).chain(opened).collect()
}

fn of_fault(found: &Reported) -> Annotation<'_> {
    Annotation {
        kind: if found.level == Level::Deny { "error" } else { "warning" },
        rule: found.rule,
        message: &found.message,
        help: found.help.as_deref(),
        at: found.at,
    }
}

fn of_gap<'v>(view: &View<'_>, gap: &'v Gap) -> Annotation<'v> {
    Annotation {
        kind: match gap.class {
            Class::Blocking if view.strict => "error",
            Class::Blocking => "warning",
            Class::AtRisk | Class::Note => "notice",
        },
        rule: gap.rule,
        message: &gap.message,
        help: gap.help.as_deref(),
        at: gap.at,
    }
}

fn line(view: &View<'_>, annotation: &Annotation<'_>, out: &mut dyn Write) -> io::Result<()> {
    let sources = &view.judgement.program.sources;
    let (start, end) = (sources.position(annotation.at), sources.end_position(annotation.at));
    let message = match annotation.help {
        Some(help) => format!("{}; {help}", annotation.message),
        None => annotation.message.to_owned(),
    };
    let path = format!("{}{}", view.prefix, sources.path(annotation.at.file));
    // GitHub places no columns when the find spans several lines.
    let columns = if start.line == end.line {
        format!(",col={},endColumn={}", start.column, end.column)
    } else {
        String::new()
    };
    writeln!(
        out,
        "::{} file={},line={},endLine={}{columns},title={}::{}",
        annotation.kind,
        property(&path),
        start.line,
        end.line,
        property(annotation.rule),
        data(&message)
    )
}

/// Text after `::`: one line, nothing that starts a command.
fn data(text: &str) -> String {
    safe(text).replace('%', "%25")
}

/// A value inside the command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
