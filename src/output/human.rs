//! For people at a terminal: rustc's look for diagnostics, then what is missing, in a screenful.

use std::collections::BTreeSet;
use std::io::{self, Write};

use annotate_snippets::renderer::Renderer;
use annotate_snippets::{AnnotationKind, Group, Level as Mark, Origin, Snippet};

use super::{Format, View, gate, subjects};
use crate::diagnostic::Level;
use crate::gap::{Class, Gap};
use crate::gate::Gate;
use crate::model::Status;
use crate::report::{Reported, controls_by_status};
use crate::rules;
use crate::source::{Location, Sources, Span};
use crate::text::{clip, count, is_hostile, safe, some};
use crate::timeline::Coverage;

pub(super) static FORMAT: Format = Format { name: "human", brief: "for a terminal", write };

/// Diagnostics printed in full; the rest are counted.
const MOST: usize = 500;

fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(gate) = view.gate else {
        listed(view, view.report.diagnostics.iter(), out)?;
        return summary(view, out);
    };
    writeln!(out, "{}", gate::headline(gate))?;
    if gate.base.state.is_none() {
        writeln!(out)?;
        listed(view, view.report.diagnostics.iter(), out)?;
        return summary(view, out);
    }
    if !gate.new_faults.is_empty() {
        writeln!(out)?;
        listed(view, gate.new_faults.iter().map(|fault| fault.found), out)?;
        if let Some(note) = gate::muted_note(gate) {
            writeln!(out, "{note}\n")?;
        }
    }
    change(view, gate, out)
}

/// Diagnostics with the lines they are about.
fn listed<'r>(
    view: &View<'_>,
    diagnostics: impl ExactSizeIterator<Item = &'r Reported>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let renderer = if view.ui.colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.term_width(view.ui.width);
    let mut explained = BTreeSet::new();
    let more = diagnostics.len().saturating_sub(MOST);
    for diagnostic in diagnostics.take(MOST) {
        let first = explained.insert(diagnostic.rule);
        writeln!(out, "{}\n", rendered(view, diagnostic, first, &renderer))?;
    }
    if more > 0 {
        writeln!(out, "and {}; all of them: soc2 check --format json\n", count(more, "more diagnostic"))?;
    }
    Ok(())
}

/// What a change does, one line each; new faults were shown before.
fn change(view: &View<'_>, gate: &Gate<'_>, out: &mut dyn Write) -> io::Result<()> {
    for section in gate::sections(gate, view, gate::Paths::Programme) {
        if let Some(title) = section.title {
            writeln!(out, "{title}")?;
        }
        for line in section.lines {
            let place = line.place.map_or(String::new(), |place| format!("  {place}"));
            writeln!(out, "{} {}{place}  {}", line.mark, line.name, line.message)?;
            for below in line.below {
                writeln!(out, "    {below}")?;
            }
        }
    }
    for line in gate::last_lines(gate, view) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// One diagnostic with the lines it is about.
fn rendered(view: &View<'_>, diagnostic: &Reported, explain: bool, renderer: &Renderer) -> String {
    let sources = &view.judgement.program.sources;
    let mark = match diagnostic.level {
        Level::Deny => Mark::ERROR,
        _ => Mark::WARNING,
    };
    let title = mark
        .with_name(Some(diagnostic.level.name()))
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.rule);
    let mut group = Group::with_title(title);
    let path = safe(sources.path(diagnostic.at.file));
    let (text, line, span) = excerpt(sources.text(diagnostic.at.file), diagnostic.at);
    let bare = text.is_empty();
    let snippet = Snippet::source(text).line_start(line).path(path.clone()).fold(true);
    let primary = AnnotationKind::Primary.span(span.range());
    let mut snippet = snippet.annotation(match diagnostic.help.as_deref() {
        Some(help) => primary.label(help),
        None => primary,
    });
    let mut elsewhere = Vec::new();
    for (at, label) in &diagnostic.related {
        let same = at.file == diagnostic.at.file;
        match same.then(|| contains(diagnostic.at, *at, sources.text(at.file))).flatten() {
            Some(other) => {
                snippet =
                    snippet.annotation(AnnotationKind::Context.span(other.range()).label(label.as_str()));
            }
            None => elsewhere.push((*at, label)),
        }
    }
    group = match bare {
        true => group.element(origin(sources, diagnostic.at, path)),
        false => group.element(snippet),
    };
    for (at, label) in elsewhere {
        let position = sources.position(at);
        let place = format!("{label}: {}:{}:{}", safe(sources.path(at.file)), position.line, position.column);
        group = group.element(Mark::NOTE.message(place));
    }
    if let (true, Some(help)) = (bare, diagnostic.help.as_deref()) {
        group = group.element(Mark::HELP.message(help));
    }
    if explain && let Some(rule) = rules::find(diagnostic.rule) {
        group = group.element(Mark::NOTE.with_name(Some("why")).message(rule.why()));
    }
    renderer.render(&[group])
}

/// The place of a diagnostic without text: a file as a whole, or an empty line of it.
fn origin(sources: &Sources, at: Location, path: String) -> Origin<'static> {
    if sources.text(at.file).is_empty() {
        return Origin::path(path);
    }
    let position = sources.position(at);
    Origin::path(path).line(position.line).char_column(position.column)
}

/// The lines around a place, the number of their first, and the place within them. Only these are rendered, so a
/// large file costs no more than a small one.
fn excerpt(text: &str, at: Location) -> (String, usize, Span) {
    let range = excerpt_range(text, at);
    let line = text[..range.start].bytes().filter(|b| *b == b'\n').count() + 1;
    let start = (at.span.start as usize).clamp(range.start, range.end) - range.start;
    let end = (at.span.end as usize).clamp(range.start, range.end) - range.start;
    // The renderer neutralises escapes and bidi marks, but not all that hides or moves text; each stand-in has as many
    // bytes as what it stands for, so that places stay.
    let lines: String = text[range].chars().map(stand_in).collect();
    let (start, end) = (lines.floor_char_boundary(start), lines.ceil_char_boundary(end.max(start)));
    let end = lines[start..end].find('\n').map_or(end, |newline| start + newline);
    (lines, line, Span::new(start, end))
}

/// The character itself, or one as long that does nothing; tabs and ASCII controls are the renderer's.
fn stand_in(c: char) -> char {
    match c.len_utf8() {
        _ if c.is_ascii() || !is_hostile(c) => c,
        2 => '\u{b7}',
        3 => '\u{fffd}',
        _ => '\u{1fbc4}',
    }
}

fn excerpt_range(text: &str, at: Location) -> std::ops::Range<usize> {
    let mut start = (at.span.start as usize).min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let begin = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
    // A line as long as a file is cut around the place.
    let far = |at: usize, limit: usize| {
        let mut at = at.min(limit);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let begin = if start - begin > 400 { far(start - 400, text.len()) } else { begin };
    begin..if end - start > 800 { far(start + 800, end) } else { end }
}

/// A related place, if it stands in the excerpt of the first.
fn contains(primary: Location, other: Location, text: &str) -> Option<Span> {
    let range = excerpt_range(text, primary);
    let inside = range.contains(&(other.span.start as usize)) && other.span.end as usize <= range.end;
    inside.then(|| Span::new(other.span.start as usize - range.start, other.span.end as usize - range.start))
}

/// What was read, what is wrong, what is missing, where it stands.
fn summary(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = view.report;
    let program = view.judgement.program;
    let (deny, warn) = (report.count(Level::Deny), report.count(Level::Warn));
    let faults = match (deny, warn) {
        (0, 0) => "no faults".to_owned(),
        (0, warn) => count(warn, "warning"),
        (deny, 0) => format!("{} to mend", count(deny, "fault")),
        (deny, warn) => format!("{} to mend, {}", count(deny, "fault"), count(warn, "warning")),
    };
    let ignored = match (report.ignored, deny + warn) {
        (0, _) => String::new(),
        (n, 0) => format!("; comments mute {n}"),
        (n, _) => format!("; comments mute {n} more"),
    };
    writeln!(out, "{}, {faults}{ignored}", count(program.sources.len(), "file"))?;
    gaps(view, out)?;
    standing(view, out)?;
    if view.ui.verbosity >= 0 {
        next(view, out)?;
    }
    Ok(())
}

fn gaps(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let groups = view.gaps_by_rule();
    if groups.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nGaps as of {} (management's own view, not an auditor's opinion)", view.judgement.as_of)?;
    let wide = groups.iter().map(|(rule, ..)| rule.len()).max().unwrap_or(0);
    for (name, class, group) in groups {
        let (waived, open): (Vec<&Gap>, Vec<&Gap>) = group.iter().partition(|gap| gap.waiver.is_some());
        let brief = rules::find(name).map_or("", |rule| rule.brief);
        let (word, listed, who) = match open.is_empty() {
            true => ("waived", waived.len(), let_through(&waived)),
            false => (class.name(), open.len(), subjects(&open, 6)),
        };
        writeln!(out, "  {word:<8} {listed:>5}  {name:<wide$}  {}", clip(&format!("{brief}: {who}"), 300))?;
        if !open.is_empty() && !waived.is_empty() {
            writeln!(out, "{:17}  {} let through: {}", "", waived.len(), let_through(&waived))?;
        }
        if view.ui.verbosity > 0 {
            for gap in group {
                detail(view, gap, out)?;
            }
        }
    }
    Ok(())
}

/// What waivers let through, each with the waiver.
fn let_through(waived: &[&Gap]) -> String {
    let name =
        |gap: &&Gap| format!("{} ({})", safe(&gap.subject.id), safe(gap.waiver.as_deref().unwrap_or("")));
    some(&waived.iter().map(name).collect::<Vec<_>>(), 6)
}

fn detail(view: &View<'_>, gap: &Gap, out: &mut dyn Write) -> io::Result<()> {
    let sources = &view.judgement.program.sources;
    let position = sources.position(gap.at);
    let place = format!("{}:{}:{}", safe(sources.path(gap.at.file)), position.line, position.column);
    let waived = gap.waiver.as_deref().map_or(String::new(), |id| format!(" [let through: {}]", safe(id)));
    writeln!(out, "             {} ({place}){waived}", gap.message)?;
    if let Some(help) = &gap.help {
        writeln!(out, "               {help}")?;
    }
    Ok(())
}

/// One line for each audit, and the controls by status.
fn standing(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    for audit in &view.judgement.audits {
        let states = [
            Coverage::Covered,
            Coverage::Partial,
            Coverage::PlannedOnly,
            Coverage::NotAddressed,
            Coverage::CarvedOut,
            Coverage::NotRelevant,
        ];
        let counted: Vec<String> = states
            .into_iter()
            .filter(|state| *state == Coverage::Covered || audit.count(*state) > 0)
            .map(|state| format!("{} {}", audit.count(state), state.name()))
            .collect();
        let id = audit.id.as_deref().map_or(String::new(), |id| format!("{}: ", safe(id)));
        writeln!(out, "{id}{} in scope: {}", count(audit.criteria.len(), "criterion"), counted.join(", "))?;
        writeln!(out, "  {}; {}", super::support(audit), super::due_slots(audit))?;
    }
    let program = view.judgement.program;
    let statuses: Vec<String> = controls_by_status(program)
        .into_iter()
        .filter(|(status, n)| *n > 0 || *status == Status::Implemented)
        .map(|(status, n)| format!("{n} {}", status.word()))
        .collect();
    writeln!(out, "{}: {}", count(program.controls.len(), "control"), statuses.join(", "))?;
    if !program.unread.is_empty() {
        let paths: Vec<String> =
            program.unread.iter().map(|file| safe(program.sources.path(*file))).collect();
        writeln!(out, "Not judged: what rests on {}, which could not be read whole", some(&paths, 4))?;
    }
    if view.strict && view.report.count(Level::Deny) == 0 && view.report.fails(true) {
        let open = view.report.open(Class::Blocking).count();
        writeln!(out, "Failed (--strict): {} open", count(open, "blocking gap"))?;
    }
    Ok(())
}

fn next(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let diagnostics = &view.report.diagnostics;
    let first = diagnostics.iter().find(|found| found.level == Level::Deny).or_else(|| diagnostics.first());
    if let Some(first) = first {
        return writeln!(out, "Next: mend the faults above; about the first: soc2 explain {}", first.rule);
    }
    let worst = view.report.open(Class::Blocking).next().or_else(|| view.report.open(Class::AtRisk).next());
    match worst {
        Some(gap) if view.ui.verbosity > 0 => writeln!(out, "Next: soc2 explain {}", gap.rule),
        Some(gap) => writeln!(out, "Next: soc2 explain {}; each gap with its place: soc2 check -v", gap.rule),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    #[test]
    fn an_excerpt_holds_no_control_and_keeps_its_places() {
        let text = "a: \u{9b}31m ü\n";
        let end = text.len() - 1;
        let at = Location { file: FileId(0), span: Span::new(end - 1, end) };
        let (lines, line, span) = excerpt(text, at);
        assert_eq!((&*lines, line, &lines[span.range()]), ("a: \u{b7}31m ü", 1, "ü"));
    }
}
