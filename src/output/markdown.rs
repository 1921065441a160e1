//! A step summary or a comment. The same finds give the same bytes, so a comment can be updated in place.

use std::io::{self, Write};

use super::{Format, View, gate, subjects};
use crate::diagnostic::Level;
use crate::report::Reported;
use crate::rules;
use crate::text::{clip, count, markdown as escape};
use crate::timeline::Coverage;

pub(super) static FORMAT: Format = Format { name: "markdown", brief: "a step summary or comment", write };

/// Diagnostics listed; the rest are counted.
const MOST: usize = 50;

/// First line of the comment on a pull request, by which it is found and updated in place; nobody sees it.
const MARKER: &str = "<!-- soc2 check --base -->";

fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(gate) = view.gate else { return whole(view, out) };
    writeln!(out, "{MARKER}")?;
    if gate.base.state.is_none() {
        writeln!(out, "**{}**\n", escape(&gate::headline(gate)))?;
        return whole(view, out);
    }
    writeln!(out, "### {}\n", escape(&gate::headline(gate)))?;
    if !gate.new_faults.is_empty() {
        diagnostics(view, gate.new_faults.iter().map(|fault| fault.found), out)?;
    }
    if let Some(note) = gate::muted_note(gate) {
        writeln!(out, "{}\n", escape(&note))?;
    }
    for section in gate::sections(gate, view, gate::Paths::Top) {
        if let Some(title) = section.title {
            writeln!(out, "{title}\n")?;
        }
        for line in section.lines {
            let place = line.place.map_or(String::new(), |place| format!(" {}", escape(&place)));
            writeln!(out, "- {} **`{}`**{place}: {}", line.mark, line.name, escape(&line.message))?;
            for below in line.below {
                writeln!(out, "  <br>{}", escape(&below))?;
            }
        }
        writeln!(out)?;
    }
    for line in gate::last_lines(gate, view) {
        writeln!(out, "{}  ", escape(&line))?;
    }
    writeln!(out, "\nManagement's own view, not an auditor's opinion.")
}

/// The whole report.
fn whole(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = view.report;
    let (deny, warn) = (report.count(Level::Deny), report.count(Level::Warn));
    let verdict = match (deny, warn) {
        (0, 0) => "no faults".to_owned(),
        (deny, 0) => format!("{} to mend", count(deny, "fault")),
        (0, warn) => count(warn, "warning"),
        (deny, warn) => format!("{} to mend, {}", count(deny, "fault"), count(warn, "warning")),
    };
    writeln!(out, "### soc2: {verdict} (as of {}, {})\n", view.judgement.as_of, escape(&view.read))?;
    diagnostics(view, report.diagnostics.iter(), out)?;
    let groups = view.gaps_by_rule();
    if !groups.is_empty() {
        writeln!(out, "| class | gaps | rule | about |\n| --- | ---: | --- | --- |")?;
        for (name, class, group) in groups {
            let open = group.iter().filter(|gap| gap.waiver.is_none()).count();
            let waived = group.len() - open;
            let let_through = if waived > 0 { format!(" ({waived} let through)") } else { String::new() };
            let brief = rules::find(name).map_or("", |rule| rule.brief);
            let about = escape(&clip(&format!("{brief}: {}", subjects(&group, 6)), 300));
            writeln!(out, "| {} | {open}{let_through} | `{name}` | {about} |", class.name())?;
        }
        writeln!(out)?;
    }
    for audit in &view.judgement.audits {
        let id = audit.id.as_deref().map_or(String::new(), |id| format!("{}: ", escape(id)));
        let covered = audit.count(Coverage::Covered);
        let criteria = count(audit.criteria.len(), "criterion");
        let (support, slots) = (super::support(audit), super::due_slots(audit));
        writeln!(out, "{id}{covered} of {criteria} in scope covered; {support}; {slots}.  ")?;
    }
    writeln!(out, "\nManagement's own view, not an auditor's opinion.")
}

fn diagnostics<'r>(
    view: &View<'_>,
    all: impl ExactSizeIterator<Item = &'r Reported>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let sources = &view.judgement.program.sources;
    let listed = all.len();
    for found in all.take(MOST) {
        let position = sources.position(found.at);
        let path = format!("{}{}", view.prefix, sources.path(found.at.file));
        let place = format!("{path}:{}:{}", position.line, position.column);
        let help = found.help.as_deref().map_or(String::new(), |help| format!(" ({})", escape(help)));
        writeln!(
            out,
            "- **{}** `{}` {}: {}{help}",
            found.level.name(),
            found.rule,
            escape(&place),
            escape(&found.message)
        )?;
    }
    let more = listed.saturating_sub(MOST);
    if more > 0 {
        writeln!(out, "- and {}", count(more, "more diagnostic"))?;
    }
    if listed > 0 {
        writeln!(out)?;
    }
    Ok(())
}
