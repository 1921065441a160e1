//! What happened: the slots of a control, the evidence behind them, the population, the exceptions that management found.

use std::collections::BTreeSet;

use crate::bundle::choice::behind;
use crate::bundle::evidence::Piece;
use crate::bundle::evidence_page::{clocks, flaws};
use crate::bundle::markup::{Markup, way};
use crate::bundle::{Ground, Place};
use crate::render::{link, words};
use crate::text::count;
use crate::timeline::{ControlStanding, Slot, SlotState, population};

/// Slots and evidence that a sheet lists; all of them stand in the tables of all evidence.
const MOST: usize = 400;

pub(super) fn slots(
    ground: &Ground<'_>,
    place: &Place,
    standing: &ControlStanding,
    sheet: &str,
    text: &mut Markup,
) {
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
        let system = judgement.slot_system(standing, slot);
        let system = system.map_or_else(String::new, |system| format!(" on {}", words(&system)));
        format!("{}{system}: {}", words(&slot.spell.name()), words(&why.because.replace('`', "")))
    }));
}

fn more(left: usize, what: &str, text: &mut Markup) {
    if left > 0 {
        text.paragraph(&format!(
            "And {} in the tables of {}.",
            count(left, &format!("more {what}")),
            crate::bundle::evidence::FOLDER
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

pub(super) fn evidence(
    ground: &Ground<'_>,
    place: &Place,
    standing: &ControlStanding,
    sheet: &str,
    text: &mut Markup,
) {
    let program = ground.judgement.program;
    let mut used: BTreeSet<usize> = standing.slots.iter().flat_map(behind).collect();
    let naming = ground.judgement.evidence_of.get(standing.control).map_or(&[][..], |list| list);
    used.extend(naming.iter().map(|index| *index as usize));
    used.extend(place.kept.get(&standing.control).into_iter().flatten());
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
                        hash.map_or_else(String::new, |hash| format!("`{hash}`")),
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

pub(super) fn populations(
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
pub(super) fn exceptions(ground: &Ground<'_>, standing: &ControlStanding, text: &mut Markup) {
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
