//! What a change does, in words that several formats share.

use super::{View, subjects};
use crate::change::Place;
use crate::diagnostic::Level;
use crate::gap::{Class, Gap};
use crate::gate::{Fault, Gate, Told};
use crate::source::Sources;
use crate::text::{count, safe, some};

/// Lines of a section; the rest are counted.
const MOST: usize = 50;

/// Where paths begin.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Paths {
    /// At the programme, as a person in its folder types them.
    Programme,
    /// At the top of the repository, as code hosts want them.
    Top,
}

/// Lines of one kind.
pub(super) struct Section {
    pub(super) title: Option<String>,
    pub(super) lines: Vec<Line>,
}

/// One thing that a change does.
pub(super) struct Line {
    pub(super) mark: char,
    /// Name of the kind of change or of the rule.
    pub(super) name: &'static str,
    pub(super) place: Option<String>,
    pub(super) message: String,
    /// What to do, and what came of it.
    pub(super) below: Vec<String>,
}

/// `soc2: this change weakens the programme (2), repairs 1 · as of 2027-03-04`.
pub(super) fn headline(gate: &Gate<'_>) -> String {
    let as_of = gate.after.judgement.as_of;
    if gate.base.state.is_none() {
        let short = &gate.base.short;
        return format!("soc2: {short} has no programme yet, so all of this one is new · as of {as_of}");
    }
    let failing = gate.failing().count();
    let denied = gate.new_faults.iter().filter(|fault| fault.found.level == Level::Deny).count();
    let mut does = Vec::new();
    if failing > 0 {
        does.push(format!("weakens the programme ({failing})"));
    }
    if denied > 0 {
        does.push(format!("adds {}", count(denied, "fault")));
    }
    let unknown = gate.disclosures.iter().filter(|told| told.change.is_unknown()).count();
    if unknown > 0 {
        does.push(format!("cannot be judged in {}", count(unknown, "file")));
    }
    if does.is_empty() {
        does.push("weakens nothing".to_owned());
    }
    let known = gate.disclosures.len() - unknown + distinct(&gate.opened).len();
    if known > 0 {
        does.push(format!("makes {} known", count(known, "fact")));
    }
    let repaired = gate.repairs.len() + distinct(&gate.closed).len();
    if repaired > 0 {
        does.push(format!("repairs {repaired}"));
    }
    format!("soc2: this change {} · as of {as_of}", does.join(", "))
}

/// What the change does: regressions, then what is repaired, then what is now known. New faults stand apart.
pub(super) fn sections(gate: &Gate<'_>, view: &View<'_>, paths: Paths) -> Vec<Section> {
    let told = |mark: char, told: &Told<'_>| Line {
        mark,
        name: told.change.kind.name,
        place: Some(place(gate, view, told.change.place, paths)),
        message: told.change.message.clone(),
        below: below(told),
    };
    let of_gap = |mark: char, sources: &Sources, gap: &Gap| {
        let position = sources.position(gap.at);
        let path = path(sources.path(gap.at.file), if paths == Paths::Top { &view.prefix } else { "" });
        Line {
            mark,
            name: gap.rule,
            place: Some(format!("{path}:{}:{}", position.line, position.column)),
            message: gap.message.clone(),
            below: gap.help.iter().map(|help| help.to_owned()).collect(),
        }
    };
    let sources = &gate.after.judgement.program.sources;
    let mut fails = lines(gate.failing().map(|one| told('✗', one)));
    let waived = gate.regressions.iter().filter(|one| one.waiver.is_some());
    fails.extend(lines(waived.map(|one| told('~', one))));
    let mut repaired = lines(gate.repairs.iter().map(|one| told('✓', one)));
    repaired.extend(lines(distinct(&gate.closed).into_iter().map(|gap| Line {
        mark: '✓',
        name: gap.rule,
        place: None,
        message: format!("closed: {}", gap.message),
        below: Vec::new(),
    })));
    let mut known = lines(gate.disclosures.iter().map(|one| told('·', one)));
    known.extend(lines(distinct(&gate.opened).into_iter().map(|gap| of_gap('·', sources, gap))));
    let all = [
        Section { title: None, lines: fails },
        Section { title: None, lines: repaired },
        Section { title: Some("Now known (never fails):".to_owned()), lines: known },
    ];
    all.into_iter().filter(|section| !section.lines.is_empty()).collect()
}

/// What stood before, and how to see the same.
pub(super) fn last_lines(gate: &Gate<'_>, view: &View<'_>) -> Vec<String> {
    let mut out = Vec::new();
    let standing = gate.standing;
    let asked = safe(&gate.base.asked);
    let mut not_yours = Vec::new();
    if standing.faults > 0 {
        not_yours.push(count(standing.faults, "fault"));
    }
    if standing.gaps > 0 {
        not_yours.push(count(standing.gaps, "blocking gap"));
    }
    if !not_yours.is_empty() {
        out.push(format!("Not yours: {} on {asked}.", not_yours.join(" and ")));
    }
    if view.strict && view.report.open(Class::Blocking).next().is_some() {
        let open = view.report.open(Class::Blocking).count();
        out.push(format!("Failed (--strict): {} open.", count(open, "blocking gap")));
    }
    out.push(format!("Same here: {}", gate.base.command));
    out
}

/// Gaps without those that differ by audit, slot or system alone.
pub(super) fn distinct<'g>(gaps: &[&'g Gap]) -> Vec<&'g Gap> {
    let mut seen = std::collections::BTreeSet::new();
    gaps.iter().filter(|gap| seen.insert((gap.rule, &gap.subject))).copied().collect()
}

/// The first lines, and one that counts the rest.
fn lines(all: impl Iterator<Item = Line>) -> Vec<Line> {
    let mut all: Vec<Line> = all.collect();
    let more = all.len().saturating_sub(MOST);
    all.truncate(MOST);
    if let (Some(last), true) = (all.last_mut(), more > 0) {
        last.below
            .push(format!("and {more} more like these; all of them: soc2 check --base … --format json"));
    }
    all
}

/// What to do about a change, and what came of it.
fn below(told: &Told<'_>) -> Vec<String> {
    let mut out: Vec<String> = told.change.help.iter().cloned().collect();
    if !told.faults.is_empty() {
        let messages: Vec<String> = told.faults.iter().map(|fault| said(fault)).collect();
        out.push(some(&messages, 3));
    }
    if !told.opened.is_empty() {
        out.push(format!("opens {}", by_rule(&told.opened)));
    }
    if !told.hidden.is_empty() {
        out.push(format!("closes {}, which is no repair", by_rule(&told.hidden)));
    }
    if let Some(waiver) = told.waiver {
        out.push(format!("let through by the waiver `{}`", safe(waiver)));
    }
    out
}

/// `slot-missed (iam-access-review), role-vacant (hr-lead)`.
fn by_rule(gaps: &[&Gap]) -> String {
    let mut rules: Vec<(&'static str, Vec<&Gap>)> = Vec::new();
    for gap in distinct(gaps) {
        match rules.iter_mut().find(|(rule, _)| *rule == gap.rule) {
            Some((_, of_rule)) => of_rule.push(gap),
            None => rules.push((gap.rule, vec![gap])),
        }
    }
    let named = rules.iter().map(|(rule, gaps)| format!("{rule} ({})", subjects(gaps, 3)));
    some(&named.collect::<Vec<_>>(), 3)
}

/// Comments that came with the change mute nothing; said where there are some.
pub(super) fn muted_note(gate: &Gate<'_>) -> Option<String> {
    let muted = gate.new_faults.iter().filter(|fault| fault.muted).count();
    (muted > 0).then(|| {
        let (are, them) = if muted == 1 { ("is", "it") } else { ("are", "them") };
        format!(
            "{muted} of these {are} muted by a comment of the same change; it counts once it is merged: mend {them}, or merge \
             the comment first"
        )
    })
}

/// `artifact-changed: …`.
fn said(fault: &Fault<'_>) -> String {
    format!("{}: {}", fault.found.rule, fault.found.message)
}

/// `path:line:column`, with the commit where it is a place that is gone.
fn place(gate: &Gate<'_>, view: &View<'_>, place: Place, paths: Paths) -> String {
    let (sources, at) = gate.place(place);
    let before = matches!(place, Place::Before(_));
    let prefix = match (paths, before) {
        (Paths::Programme, _) => "",
        (Paths::Top, true) => &gate.base.prefix,
        (Paths::Top, false) => &view.prefix,
    };
    let position = sources.position(at);
    let path = path(sources.path(at.file), prefix);
    let gone = if before { format!(" in {}", gate.base.short) } else { String::new() };
    format!("{path}:{}:{}{gone}", position.line, position.column)
}

fn path(path: &str, prefix: &str) -> String {
    safe(&format!("{prefix}{path}"))
}
