//! For a wiki page or an issue: the same standing in tables. The same programme and day give the same bytes.

use std::fmt::Write;

use super::human::waiver_words;
use super::strip::{Strip, legend};
use super::{OWN_VIEW, Status};
use crate::layout::percent;
use crate::output::escape_markdown as escape;
use crate::text::{clip, some};
use crate::timeline::{ControlStanding, DesignFault, SlotCount, Support};

/// Rows of a table unless all are asked for; an issue holds 65,536 characters.
const MOST: usize = 40;

/// Rows of a document.
struct Table<'t> {
    title: &'t str,
    head: &'t [&'t str],
    rows: Vec<Vec<String>>,
}

impl Table<'_> {
    fn write(self, out: &mut String, all: bool) {
        if self.rows.is_empty() {
            return;
        }
        let most = if all { usize::MAX } else { MOST };
        let _ = writeln!(out, "\n## {}\n\n| {} |", self.title, self.head.join(" | "));
        let _ = writeln!(out, "|{}", " --- |".repeat(self.head.len()));
        for row in self.rows.iter().take(most) {
            let _ = writeln!(out, "| {} |", row.join(" | "));
        }
        let left = self.rows.len().saturating_sub(most);
        if left > 0 {
            let _ = writeln!(out, "\nand {left} more: `soc2 status --all --format markdown`");
        }
    }
}

/// A text in a cell.
fn text(text: &str) -> String {
    escape(&clip(text, 300))
}

/// The whole standing as Markdown.
pub fn markdown(status: &Status<'_>) -> String {
    let mut out = String::new();
    let names = status.names();
    let _ = writeln!(out, "# {}\n", escape(if names.is_empty() { "SOC 2 status" } else { &names }));
    let phase = status.phase();
    let phase = if phase.is_empty() { phase } else { format!(": {phase}") };
    let _ = writeln!(out, "{}{phase}  ", escape(&status.audit_words()));
    let (as_of, version) = (status.judgement.as_of, env!("CARGO_PKG_VERSION"));
    let _ = writeln!(out, "as of {as_of}, {}, soc2 {version}  \n{OWN_VIEW}", escape(status.read));
    if !status.narrowed.is_empty() {
        let _ = writeln!(out, "\nlists and tables: only controls {}", escape(&status.narrowed.join(" and ")));
    }
    bars(status, &mut out);
    for table in
        [concerns(status), remarks(status), open(status), criteria(status), series(status), owners(status)]
    {
        table.write(&mut out, status.all);
    }
    controls(status, &mut out);
    waived(status).write(&mut out, true);
    next(status, &mut out);
    out
}

fn bars(status: &Status<'_>, out: &mut String) {
    let (in_force, policies) = status.policies();
    let slots = SlotCount::of(&status.audit.controls);
    let (supported, judged) = (status.audit.supported(Support::Supported), status.audit.judged());
    let rows = [
        ("Policies in force", in_force, policies, "no policies yet", status.policy_words()),
        ("Due slots evidenced", slots.evidenced, slots.due, "nothing due yet", status.slot_words()),
        ("Criteria supported", supported, judged, "no criteria in scope", status.criterion_words()),
    ];
    let _ = writeln!(out, "\n| | | |\n| --- | --- | --- |");
    for (name, some, of, none, words) in rows {
        let count = match percent(some, of) {
            Some(percent) => format!("{some} of {of} ({percent} %)"),
            None => none.to_owned(),
        };
        let _ = writeln!(out, "| {name} | {count} | {} |", text(&words));
    }
}

fn concerns<'t>(status: &Status<'_>) -> Table<'t> {
    let judgement = status.judgement;
    let concerns = status.concerns();
    let looked_at = if status.all { concerns.len() } else { MOST };
    let mut rows: Vec<Vec<String>> = concerns
        .iter()
        .take(looked_at)
        .filter_map(|concern| {
            let first = concern.slots.first()?;
            let names: Vec<String> =
                concern.slots.iter().map(|slot| judgement.slot_name(concern.control, slot)).collect();
            let why = judgement.why_slot(status.audit, concern.control, first);
            Some(vec![
                concern.state.name().to_owned(),
                judgement.control_name(concern.control.control),
                text(&some(&names, 6)),
                text(&why.because),
                text(&why.change.unwrap_or_default()),
            ])
        })
        .collect();
    // The table counts what is left out by its rows.
    rows.resize(concerns.len().max(rows.len()), Vec::new());
    Table {
        title: "What needs eyes",
        head: &["state", "control", "slots", "why", "what would change it"],
        rows,
    }
}

fn remarks<'t>(status: &Status<'_>) -> Table<'t> {
    let name = |control: &ControlStanding| status.judgement.control_name(control.control);
    let deficient = status.controls.iter().filter(|control| !control.design.is_empty()).map(|control| {
        let words: Vec<String> = control.design.iter().map(DesignFault::words).collect();
        let mend = control.design.first().map_or("", DesignFault::mend);
        vec![name(control), text(&words.join("; ")), text(mend)]
    });
    let remarks = status.remarks().into_iter().map(|(control, remark)| {
        let why = status.judgement.why_remark(control, remark);
        vec![name(control), text(&why.because), text(&why.change.unwrap_or_default())]
    });
    let rows = deficient.chain(remarks).collect();
    Table { title: "Designs, results and remarks", head: &["control", "what", "what would change it"], rows }
}

fn open<'t>(status: &Status<'_>) -> Table<'t> {
    let rows = status
        .open()
        .iter()
        .map(|one| {
            let ends = one.next.iter().map(|slot| slot.by()).min().unwrap_or(one.due);
            vec![
                ends.to_string(),
                one.due.to_string(),
                one.slots.to_string(),
                status.judgement.control_name(one.control.control),
                text(&status.next_slots(one)),
            ]
        })
        .collect();
    let head = &["ends", "grace ends", "open", "control", "next"];
    Table { title: "Open, the next first", head, rows }
}

fn criteria<'t>(status: &Status<'_>) -> Table<'t> {
    let wanted = |support| matches!(support, Support::NotSupported | Support::AtRisk);
    let mut standing: Vec<_> = status.criteria.iter().filter(|one| wanted(one.support)).collect();
    standing.sort_by_key(|one| one.support);
    let rows = standing.iter().map(|one| {
        let reasons = status.judgement.why_criterion(status.audit, one);
        let words: Vec<&str> = reasons.iter().map(|reason| reason.because.as_str()).collect();
        let name = escape(&status.judgement.program.criterion_name(one.id));
        vec![name, one.support.name().to_owned(), one.coverage.name().to_owned(), text(&some(&words, 2))]
    });
    Table { title: "Criteria", head: &["criterion", "support", "coverage", "why"], rows: rows.collect() }
}

fn series<'t>(status: &Status<'_>) -> Table<'t> {
    let rows = status.series().into_iter().map(|one| {
        let counts =
            [one.criteria, one.supported, one.at_risk, one.not_supported, one.planned, one.carved_out];
        [escape(&one.id)].into_iter().chain(counts.iter().map(ToString::to_string)).collect()
    });
    let head = &["series", "criteria", "supported", "at risk", "not supported", "planned only", "carved out"];
    Table { title: "Criteria by series", head, rows: rows.collect() }
}

fn owners<'t>(status: &Status<'_>) -> Table<'t> {
    let rows = status.owners().into_iter().map(|one| {
        let slots = one.slots;
        let counts = [one.controls, slots.due, slots.evidenced, slots.late, slots.lacking, slots.open];
        let name = one.id.as_deref().map_or_else(|| "no owner".to_owned(), text);
        let who = text(&some(&one.people, 3));
        [name].into_iter().chain(counts.iter().map(ToString::to_string)).chain([who]).collect()
    });
    let head = &["owner", "controls", "due", "evidenced", "late", "lacking", "open", "who"];
    Table { title: "Controls by owner", head, rows: rows.collect() }
}

fn controls(status: &Status<'_>, out: &mut String) {
    let strip = Strip::of(status.audit);
    let rows = status.controls.iter().filter(|control| status.all || super::human::needs_eyes(control));
    let rows: Vec<Vec<String>> = rows
        .map(|control| {
            let slots = SlotCount::of([*control]);
            let letters = strip.letters(control);
            vec![
                status.judgement.control_name(control.control),
                control.operation.name().to_owned(),
                format!("{} of {}", slots.evidenced, slots.due),
                slots.open.to_string(),
                if letters.is_empty() { letters } else { format!("`{letters}`") },
            ]
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    let head = &["control", "state", "evidenced", "open", "window"];
    Table { title: "Controls", head, rows }.write(out, status.all);
    if let (Some(first), Some(last)) = (strip.cells.first(), strip.cells.last()) {
        let letters: Vec<String> = legend().map(|(letter, name)| format!("`{letter}` {name}")).collect();
        let _ = writeln!(
            out,
            "\nWindow: {} to {}, one letter a {}: {}",
            first.0,
            last.1,
            strip.unit,
            letters.join(", ")
        );
    }
}

fn waived<'t>(status: &Status<'_>) -> Table<'t> {
    let rows = status.waived().into_iter().map(|one| {
        vec![
            text(&waiver_words(&one)),
            one.gap.class.name().to_owned(),
            format!("`{}`", one.gap.rule),
            text(&one.gap.message),
        ]
    });
    let head = &["waiver", "class", "rule", "what it hides"];
    Table { title: "Let through by waivers, which change no state", head, rows: rows.collect() }
}

fn next(status: &Status<'_>, out: &mut String) {
    if status.first_steps().is_empty() {
        return;
    }
    let _ = writeln!(out, "\n## Do next\n");
    for (nth, step) in status.first_steps().iter().enumerate() {
        let (what, why, command) = (text(&step.what), text(&step.why), text(&step.command));
        let _ = writeln!(out, "{}. {what}: {why}  \n   {command}", nth + 1);
    }
}
