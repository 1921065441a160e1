//! The sheet of a control, as a reviewer puts it into the working papers: what it says, what it is for, who answered for it,
//! each slot with its files and clocks, the population to draw from, what management found, and room for the tests.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::choice::{behind, is_inherited};
use super::evidence::Piece;
use super::evidence_page::{clocks, flaws};
use super::markup::{Markup, way};
use super::{Ground, Place};
use crate::model::Control;
use crate::program::document;
use crate::render::{Paper, link, words};
use crate::schedule::{holder, person};
use crate::text::{capitalized, count};
use crate::timeline::people::{self, Holder};
use crate::timeline::{ControlStanding, Slot, SlotState, population};

/// Slots and evidence that a sheet lists; all of them stand in the tables of all evidence.
const MOST: usize = 400;
/// Blank rows for tests where the control names none.
const BLANK: usize = 3;

/// The sheet of a control; `sheet` is its path without the end.
pub(super) fn paper(ground: &Ground<'_>, place: &Place, standing: &ControlStanding, sheet: &str) -> Paper {
    let judgement = ground.judgement;
    let program = judgement.program;
    let Some(control) = program.controls.get(standing.control) else { return Paper::default() };
    let mut text = Markup::default();
    what(ground, control, standing, &mut text);
    criteria(ground, standing, &mut text);
    owners(ground, control, &mut text);
    if ground.profile.verdicts() {
        standing_words(ground, standing, &mut text);
        slots(ground, place, standing, sheet, &mut text);
        evidence(ground, place, standing, sheet, &mut text);
        populations(ground, place, standing, sheet, &mut text);
        exceptions(ground, standing, &mut text);
    }
    tests(control, &mut text);
    let title = program.title(standing.control).into_owned();
    let mut paper = ground.paper("Control sheet", title, text.text());
    paper.facts = facts(ground, place, control, standing);
    if let Some(said) = notice(ground, standing) {
        paper.notices.push(said);
    }
    paper.nav = ground.nav(&format!("{sheet}.html"), None);
    paper
}

/// What has to be known before anything else.
fn notice(ground: &Ground<'_>, standing: &ControlStanding) -> Option<String> {
    let control = ground.judgement.program.controls.get(standing.control)?;
    if is_inherited(ground, standing.control) {
        return Some(
            "A subservice organisation runs this control; what is ours to show is how we monitor it."
                .to_owned(),
        );
    }
    (standing.in_place.is_none()).then(|| {
        format!(
            "Not in place on any judged day of the window: management claims it as {}.",
            control.status().word()
        )
    })
}

fn facts(
    ground: &Ground<'_>,
    place: &Place,
    control: &Control,
    standing: &ControlStanding,
) -> Vec<(String, String)> {
    let program = ground.judgement.program;
    let day = ground.audit.days.1;
    let mut facts: Vec<(&str, String)> = vec![("Control", control.id.to_string())];
    let aliases: Vec<&str> = control.aliases.iter().map(|alias| &*alias.value).collect();
    facts.push(("Other references", aliases.join(", ")));
    let who = |name: Option<&crate::model::scalar::HolderRef>| {
        name.map_or_else(String::new, |name| holder(program, &name.value.0, day))
    };
    facts.push(("Owner", who(control.owner.as_ref())));
    facts.push(("Performed by", who(control.operator.as_ref())));
    facts.push(("Reviewed by", who(control.reviewer.as_ref())));
    let mut kind = vec![control.control_type().word().to_owned()];
    kind.extend(control.nature.as_ref().map(|nature| nature.value.word().to_owned()));
    kind.extend(control.key.as_ref().filter(|key| key.value).map(|_| "key control".to_owned()));
    facts.push(("Type", kind.join(", ")));
    facts.push(("Frequency", frequency(ground, control)));
    facts.push(("Claimed as", control.status().word().to_owned()));
    let from = control.effective_from.as_ref().map(|day| format!("from {day}"));
    let to = control.retired_at.as_ref().map(|day| format!("to {day}"));
    facts.push(("In place", from.into_iter().chain(to).collect::<Vec<_>>().join(" ")));
    let systems: Vec<&str> = control.systems.iter().map(|system| &*system.value.0).collect();
    facts.push(("Systems", systems.join(", ")));
    facts.push(("Ordered by", ordered_by(place, control)));
    let procedures: Vec<&str> = control.procedures.iter().map(|one| &*one.value.0).collect();
    facts.push(("Explained by", procedures.join(", ")));
    if ground.profile.verdicts() {
        facts.push(("Management's view", standing.operation.name().to_owned()));
    }
    facts.retain(|(_, value)| !value.is_empty());
    facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn frequency(ground: &Ground<'_>, control: &Control) -> String {
    let Some(cadence) = &control.cadence else { return String::new() };
    let grace = ground.judgement.settings.grace_of(control, cadence.value);
    let word = match cadence.value.word() {
        "event" => "each time it is needed (event)",
        word => word,
    };
    match usize::try_from(grace) {
        Ok(grace) if grace > 0 && !control.is_event() => format!("{word}, {} of grace", count(grace, "day")),
        _ => word.to_owned(),
    }
}

/// The policies that order it, with the versions that were in force in the window.
fn ordered_by(place: &Place, control: &Control) -> String {
    let one = |reference: &crate::model::scalar::PolicyRef| {
        let id = document(&reference.value.0);
        let versions: Vec<&str> = place
            .versions
            .iter()
            .filter(|version| *version.id == *id)
            .map(|version| &*version.version)
            .collect();
        match versions.as_slice() {
            [] => reference.value.0.to_string(),
            versions => format!("{} (version {})", reference.value.0, versions.join(", ")),
        }
    };
    control.policies.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn what(ground: &Ground<'_>, control: &Control, standing: &ControlStanding, text: &mut Markup) {
    text.heading("What the control says");
    text.paragraph(&words(&ground.judgement.program.description(standing.control)));
    if let Some(objective) = &control.objective {
        text.paragraph(&format!("It is for: {}", words(objective.value.trim())));
    }
}

fn criteria(ground: &Ground<'_>, standing: &ControlStanding, text: &mut Markup) {
    let program = ground.judgement.program;
    let naming = ground.audit.criteria.iter().filter(|one| one.controls.contains(&standing.control));
    let rows: Vec<Vec<String>> = naming
        .map(|one| {
            vec![words(&program.criterion_name(one.id)), words(&crate::schedule::criterion(program, one.id))]
        })
        .collect();
    text.heading("Criteria in scope that it serves");
    text.table(&["Criterion", "In our words"], &rows);
}

fn owners(ground: &Ground<'_>, control: &Control, text: &mut Markup) {
    let spans = tenures(ground, control);
    text.heading("Owner over the period");
    if spans.is_empty() {
        text.paragraph("Nobody answered for it on any day of the window.");
    }
    let (first, last) = ground.audit.window;
    let rows: Vec<Vec<String>> = spans
        .into_iter()
        .map(|(who, (from, to))| {
            let to = if to > last { "beyond the window".to_owned() } else { to.to_string() };
            let from = if from < first { format!("{from} (before the window)") } else { from.to_string() };
            vec![words(&who), from, to]
        })
        .collect();
    text.table(&["Who", "From", "To"], &rows);
}

/// Who answered for it on days of the window.
fn tenures(ground: &Ground<'_>, control: &Control) -> Vec<(String, (Date, Date))> {
    let program = ground.judgement.program;
    let (first, last) = ground.audit.window;
    let name = |index: usize| program.registers.people.get(index).map(|one| person(program, &one.id.value.0));
    let owner = control.owner.as_ref().and_then(|owner| people::holder(program, owner));
    let mut spans: Vec<(String, (Date, Date))> = match owner {
        Some(Holder::Role(role)) => {
            let role = program.registers.roles.get(role);
            let held = role.into_iter().flat_map(|role| people::held(program, role));
            held.filter_map(|(index, days)| Some((name(index)?, days))).collect()
        }
        Some(Holder::Person(index)) => {
            let one = program.registers.people.get(index);
            let stints = one.into_iter().flat_map(people::stints);
            stints.filter_map(|days| Some((name(index)?, days))).collect()
        }
        None => Vec::new(),
    };
    spans.retain(|(_, (from, to))| *from <= last && first <= *to);
    spans.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
    spans
}

fn standing_words(ground: &Ground<'_>, standing: &ControlStanding, text: &mut Markup) {
    let judgement = ground.judgement;
    text.heading("How management sees it");
    let why = judgement.why_control(ground.audit, standing);
    text.paragraph(&format!(
        "**{}**: {}.",
        words(standing.operation.name()),
        words(&why.because.replace('`', ""))
    ));
    let design = standing
        .design
        .iter()
        .map(|fault| format!("Design deficient: {}", words(&fault.words().replace('`', ""))));
    let remarks = standing
        .remarks
        .iter()
        .map(|remark| capitalized(&words(&judgement.why_remark(standing, remark).because.replace('`', ""))));
    text.items(design.chain(remarks));
}

fn slots(ground: &Ground<'_>, place: &Place, standing: &ControlStanding, sheet: &str, text: &mut Markup) {
    let judgement = ground.judgement;
    text.heading("Slots: each expected performance");
    let due: Vec<&Slot> = standing.slots.iter().filter(|slot| slot.state != SlotState::NotExpected).collect();
    if due.is_empty() {
        text.paragraph("None in the window.");
    }
    let rows: Vec<Vec<String>> = due
        .iter()
        .take(MOST)
        .map(|slot| {
            let (from, to) = slot.spell.days();
            let days = if from == to { from.to_string() } else { format!("{from} to {to}") };
            let performed = slot.filled_by.map_or_else(String::new, |filler| filler.on.to_string());
            let late =
                if slot.filled_by.is_some_and(|filler| filler.on > to) { " (late arrival)" } else { "" };
            let shown: Vec<String> = behind(slot)
                .iter()
                .filter_map(|one| Some(piece_link(ground, place.piece(*one)?, sheet)))
                .collect();
            vec![
                words(&slot.spell.name()),
                judgement.slot_system(standing, slot).map_or_else(String::new, |system| words(&system)),
                days,
                slot.due.to_string(),
                slot.state.name().to_owned(),
                performed + late,
                shown.join(", "),
            ]
        })
        .collect();
    text.table(&["Slot", "System", "Days", "Grace ends", "State", "Performed", "Evidence"], &rows);
    more(due.len().saturating_sub(MOST), "slot", text);
    let reasons =
        due.iter().filter(|slot| slot.state.is_settled() && slot.state != SlotState::OnTime).take(MOST);
    text.items(reasons.map(|slot| {
        let why = judgement.why_slot(ground.audit, standing, slot);
        let system =
            judgement.slot_system(standing, slot).map_or_else(String::new, |system| format!(" on {system}"));
        format!("{}{}: {}", words(&slot.spell.name()), words(&system), words(&why.because.replace('`', "")))
    }));
}

fn more(left: usize, what: &str, text: &mut Markup) {
    if left > 0 {
        text.paragraph(&format!(
            "And {} in the tables of {}.",
            count(left, &format!("more {what}")),
            super::evidence::FOLDER
        ));
    }
}

/// A piece of evidence as a link to its page.
fn piece_link(ground: &Ground<'_>, piece: &Piece, sheet: &str) -> String {
    let id = ground.judgement.evidence_name(piece.evidence);
    let control = ground.judgement.control_name(piece.home.control);
    let short = id.strip_prefix(&format!("{control}/")).unwrap_or(&id);
    link(short, &way(&format!("{sheet}.html"), &piece.page))
}

fn evidence(ground: &Ground<'_>, place: &Place, standing: &ControlStanding, sheet: &str, text: &mut Markup) {
    let program = ground.judgement.program;
    let mut used: BTreeSet<usize> = standing.slots.iter().flat_map(behind).collect();
    let naming = ground.judgement.evidence_of.get(standing.control).map_or(&[][..], |list| list);
    used.extend(naming.iter().map(|index| *index as usize));
    used.extend(
        place
            .pieces
            .iter()
            .filter(|piece| piece.home.control == standing.control)
            .map(|piece| piece.evidence),
    );
    let pieces: Vec<&Piece> = used.iter().filter_map(|index| place.piece(*index)).collect();
    text.heading("Evidence, its files and clocks");
    if pieces.is_empty() {
        text.paragraph("None is in this bundle.");
        return;
    }
    text.paragraph(
        "Claimed is what somebody typed; recorded is the day of a commit, typed by the committer; witnessed is what \
         another's key vouches for.",
    );
    for piece in pieces.iter().take(MOST) {
        let Some(folder) = program.evidence.get(piece.evidence) else { continue };
        text.part(&piece_link(ground, piece, sheet));
        let title = folder.manifest.title.as_ref().map_or_else(String::new, |title| words(&title.value));
        text.paragraph(&title);
        text.items(
            clocks(ground, folder).into_iter().map(|(name, value)| format!("{name}: {}", words(&value))),
        );
        let flawed =
            ground.judgement.evidence.get(piece.evidence).filter(|standing| !standing.flaws.is_empty());
        if let Some(flawed) = flawed {
            text.paragraph(&format!("Not accepted: {}", words(&flaws(ground, &flawed.flaws))));
        }
        let rows: Vec<Vec<String>> = piece
            .files
            .iter()
            .map(|placed| {
                let hash = placed
                    .file
                    .and_then(|file| program.facts(file))
                    .map(|facts| crate::source::hex(&facts.sha256));
                match (&placed.path, &placed.kept_back) {
                    (Some(path), _) => vec![
                        link(&placed.name, &way(&format!("{sheet}.html"), path)),
                        words(path),
                        hash.unwrap_or_default(),
                    ],
                    (None, why) => vec![
                        words(&placed.name),
                        format!("withheld: {}", words(why.as_deref().unwrap_or(""))),
                        String::new(),
                    ],
                }
            })
            .collect();
        text.table(&["File", "Where it is in this bundle", "SHA-256"], &rows);
    }
    more(pieces.len().saturating_sub(MOST), "piece", text);
}

fn populations(
    ground: &Ground<'_>,
    place: &Place,
    standing: &ControlStanding,
    sheet: &str,
    text: &mut Markup,
) {
    let program = ground.judgement.program;
    let Some(control) = program.controls.get(standing.control).filter(|control| control.is_event()) else {
        return;
    };
    text.heading("Population");
    if let Some(of) = &control.population {
        let name = of.name.as_ref().map_or_else(String::new, |name| words(&name.value.0));
        let source =
            of.source.as_ref().map_or_else(String::new, |source| format!(", from {}", words(&source.value)));
        text.paragraph(&format!("Each item is one of {name}{source}."));
    }
    let naming = ground.judgement.evidence_of.get(standing.control).map_or(&[][..], |list| list);
    let pieces = naming.iter().filter_map(|index| place.piece(*index as usize));
    let mut rows: Vec<Vec<String>> = Vec::new();
    for piece in pieces {
        let Some(folder) = program.evidence.get(piece.evidence) else { continue };
        for one in population::of(folder) {
            let at =
                folder.manifest.artifacts.iter().position(|artifact| std::ptr::eq(artifact, one.artifact));
            let path = at.and_then(|at| piece.files.get(at)).and_then(|placed| placed.path.as_deref());
            let name = one.name();
            let shown =
                path.map_or_else(|| words(name), |path| link(name, &way(&format!("{sheet}.html"), path)));
            let cell =
                |text: Option<&crate::model::Text>| text.map_or_else(String::new, |text| words(&text.value));
            let number = |n: Option<u64>| n.map_or_else(String::new, |n| n.to_string());
            let covers = one.covers().map_or_else(String::new, |(from, to)| format!("{from} to {to}"));
            let count = one.population.count.as_ref().map(|count| count.value);
            rows.push(vec![
                shown,
                cell(one.artifact.query.as_ref()),
                covers,
                number(count),
                number(one.rows()),
                cell(one.population.completeness.as_ref()),
            ]);
        }
    }
    if rows.is_empty() {
        text.paragraph("No list of all items is in this bundle.");
    }
    text.table(&["List", "Query", "Covers", "Count at the source", "Rows", "Why it is complete"], &rows);
}

/// Deviations that management found itself.
fn exceptions(ground: &Ground<'_>, standing: &ControlStanding, text: &mut Markup) {
    let program = ground.judgement.program;
    let id = ground.judgement.control_name(standing.control);
    let own = program
        .registers
        .exceptions
        .iter()
        .filter(|row| row.control.as_ref().is_some_and(|of| *of.value.0 == *id));
    let (first, last) = ground.audit.window;
    let found = |row: &crate::model::registers::Exception| {
        row.found.as_ref().and_then(|found| found.on.as_ref()).map(|on| on.value)
    };
    let rows: Vec<Vec<String>> = own
        .filter(|row| found(row).is_none_or(|on| first <= on && on <= ground.judgement.as_of.max(last)))
        .map(|row| {
            let cell =
                |text: Option<&crate::model::Text>| text.map_or_else(String::new, |text| words(&text.value));
            let of = [cell(row.slot.as_ref()), cell(row.item.as_ref())]
                .into_iter()
                .filter(|text| !text.is_empty());
            let mended = row
                .remediated
                .as_ref()
                .and_then(|of| of.on.as_ref())
                .map_or_else(|| "not yet".to_owned(), |on| on.to_string());
            vec![
                words(&row.id.value.0),
                of.collect::<Vec<_>>().join(", "),
                found(row).map_or_else(String::new, |on| on.to_string()),
                cell(row.cause.as_ref()),
                cell(row.effect.as_ref()),
                mended,
            ]
        })
        .collect();
    text.heading("Exceptions that management found");
    if rows.is_empty() {
        text.paragraph("None is recorded.");
    }
    text.table(&["Exception", "Slot or item", "Found on", "Cause", "Effect", "Mended on"], &rows);
}

/// Room for the auditor: one row a test that the control names, else a few blank ones.
fn tests(control: &Control, text: &mut Markup) {
    text.heading("Tests (for the auditor)");
    let mut rows: Vec<Vec<String>> = Vec::new();
    for test in &control.tests {
        let method = test.method.as_ref().map_or("", |method| method.value.word());
        let looked: Vec<String> =
            test.attributes.0.iter().map(|(name, value)| format!("{} {}", name.value, value.value)).collect();
        let what = [format!("{} ({method})", test.id), looked.join("; ")];
        let what: Vec<&str> = what.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        rows.push(vec![
            " ".to_owned(),
            words(&what.join(": ")),
            " ".to_owned(),
            " ".to_owned(),
            " ".to_owned(),
        ]);
    }
    while rows.len() < BLANK {
        rows.push(vec![" ".to_owned(); 5]);
    }
    text.table(&["Ref", "Test", "Tested by", "Date", "Conclusion"], &rows);
}
