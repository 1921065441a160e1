//! The page from which everything can be reached: by part, by control, by criterion, by policy, by the auditor's reference.

use super::documents::{END, POLICIES};
use super::markup::Markup;
use super::{Ground, Place, evidence, legend};
use crate::archive::MANIFEST;
use crate::render::{Paper, link, words};
use crate::requests;
use crate::schedule::criterion;
use crate::text::count;

/// The page.
pub(super) fn paper(ground: &Ground<'_>, place: &Place) -> Paper {
    let mut text = Markup::default();
    let rows: Vec<Vec<String>> = parts(ground, place)
        .into_iter()
        .map(|(name, to, what)| vec![to.map_or_else(|| words(&name), |to| link(&name, &to)), what])
        .collect();
    text.heading("Parts");
    text.table(&["Where", "What"], &rows);
    if ground.profile.verdicts() {
        asked(ground, place, &mut text);
    }
    controls(ground, place, &mut text);
    criteria(ground, place, &mut text);
    policies(place, &mut text);
    if ground.profile.verdicts() {
        legend::states(ground, place, &mut text);
    }
    let mut paper = ground.paper("Index", "Everything in this bundle".to_owned(), text.text());
    paper.facts.push(("Examination".to_owned(), crate::status::audit_words(ground.audit)));
    paper.nav = vec![("Start here".to_owned(), "00_START_HERE.html".to_owned())];
    if ground.narrowed.is_narrow() {
        paper.notices.push(format!("Only a part: {}.", ground.narrowed.only.words.join("; ")));
    }
    paper
}

/// Each part of the bundle: its name, the file to open, what it holds.
pub(super) fn parts(ground: &Ground<'_>, place: &Place) -> Vec<(String, Option<String>, String)> {
    let (judged, whole) = (ground.profile.verdicts(), !ground.narrowed.is_narrow());
    let mut parts: Vec<(&str, Option<String>, &str)> = Vec::new();
    let first = |folder: &str| {
        place.others.iter().find(|(_, path)| path.starts_with(folder)).map(|(_, path)| path.clone())
    };
    if judged && whole {
        parts.push((
            "01_assertion",
            first("01_assertion"),
            "A draft of management's assertion, for management to write and sign",
        ));
    }
    if first("02_").is_some() {
        parts.push(("02_system_description", first("02_"), "The description of the system, by management"));
    }
    let matrix = match judged {
        true => {
            "Criteria and controls, with blank columns for your reference, tests and conclusions; the same as CSV, and 03_controls.csv with a row for each control"
        }
        false => "Criteria and controls; the same as CSV, and 03_controls.csv with a row for each control",
    };
    parts.push(("03_control_matrix.xlsx", Some("03_control_matrix.xlsx".to_owned()), matrix));
    if !place.versions.is_empty() {
        let log = (judged && whole).then(|| format!("{POLICIES}/policies_in_force.csv"));
        let what = match judged {
            true => {
                "Each version of a policy that was in force in the window: for people, and as Markdown whose SHA-256 the approval names; approvals and acknowledgements"
            }
            false => "The policies that are in force",
        };
        parts.push((
            POLICIES,
            log.or_else(|| place.versions.first().map(|version| version.path.clone())),
            what,
        ));
    }
    if judged && whole {
        parts.push(("05_registers", Some("05_registers/systems.csv".to_owned()), "Systems, vendors, risks, assets, people (names and dates of work only), incidents, CSOCs, CUECs and others"));
    }
    if judged {
        parts.push((
            "06_populations",
            Some("06_populations/population.csv".to_owned()),
            "The complete lists to draw samples from, with query, period and count",
        ));
        parts.push((evidence::FOLDER, Some(format!("{}/evidence.csv", evidence::FOLDER)), "Evidence by control and slot, exactly as collected, with a sheet for each control and a page for each piece; all of it as tables in evidence.csv and slots.csv"));
    }
    if judged && whole {
        parts.push((
            "08_changes.xlsx",
            Some("08_changes.xlsx".to_owned()),
            "What changed in the period, for the description (DC 9)",
        ));
    }
    if judged {
        parts.push((
            "08_exceptions.csv",
            Some("08_exceptions.csv".to_owned()),
            "Exceptions that management found itself",
        ));
    }
    if judged && whole {
        parts.push((
            "09_requests.xlsx",
            Some("09_requests.xlsx".to_owned()),
            "Your requests and where each stands",
        ));
    }
    parts.push((
        "10_withheld.csv",
        Some("10_withheld.csv".to_owned()),
        "What is kept back, with the reason and its hash",
    ));
    if judged {
        parts.push((
            "11_gap_report",
            Some("11_gap_report.html".to_owned()),
            if END == "pdf" {
                "What is missing or wrong as management sees it, worst first; also as PDF and workbook"
            } else {
                "What is missing or wrong as management sees it, worst first; also as workbook"
            },
        ));
    }
    if judged && whole {
        parts.push(("sources", None, "The programme's texts as they are in the commit"));
        parts.push(("provenance", None, "What the verdicts can be reached from again"));
    }
    parts.push((MANIFEST, Some(MANIFEST.to_owned()), "The SHA-256 of every file"));
    parts.into_iter().map(|(name, to, what)| (name.to_owned(), to, what.to_owned())).collect()
}

/// By the auditor's own reference: what answers it.
fn asked(ground: &Ground<'_>, place: &Place, text: &mut Markup) {
    let all = requests::standing(ground.judgement.program, ground.judgement);
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|one| {
            let asked = one.request.text.as_ref().map_or_else(String::new, |text| words(&text.value));
            let answers: Vec<String> = one
                .evidence
                .iter()
                .map(|index| {
                    let id = ground.judgement.evidence_name(*index);
                    place.piece(*index).map_or_else(
                        || format!("{} (outside the window, not in this bundle)", words(&id)),
                        |piece| link(&id, &piece.page),
                    )
                })
                .collect();
            vec![words(one.request.id.value.trim()), asked, one.state.name().to_owned(), answers.join(", ")]
        })
        .collect();
    if !rows.is_empty() {
        text.heading("By your reference");
        text.table(&["Ref", "Request", "Status", "Evidence"], &rows);
    }
}

fn controls(ground: &Ground<'_>, place: &Place, text: &mut Markup) {
    let program = ground.judgement.program;
    let judged = ground.profile.verdicts();
    let mut rows = Vec::new();
    for (index, sheet) in &place.controls {
        let (Some(control), Some(standing)) =
            (program.controls.get(*index), ground.audit.controls.get(*index))
        else {
            continue;
        };
        let id = ground.judgement.control_name(*index);
        let aliases: Vec<&str> = control.aliases.iter().map(|alias| &*alias.value).collect();
        let criteria: Vec<&str> = control.criteria.iter().map(|criterion| &*criterion.value.0).collect();
        let mut row = vec![words(&id), words(&program.title(*index)), words(&criteria.join(", "))];
        if judged {
            row = vec![link(&id, &format!("{sheet}.html")), row.remove(1), words(&criteria.join(", "))];
            row.push(words(&aliases.join(", ")));
            row.push(standing.operation.name().to_owned());
            row.push(count(place.kept.get(index).map_or(0, Vec::len), "piece"));
            row.push(if END == "pdf" { link("PDF", &format!("{sheet}.pdf")) } else { String::new() });
        }
        rows.push(row);
    }
    text.heading("By control");
    match judged {
        true => text.table(
            &[
                "Control",
                "What it is",
                "Criteria",
                "Other references",
                "Management's view",
                "Evidence kept here",
                "Sheet",
            ],
            &rows,
        ),
        false => text.table(&["Control", "What it is", "Criteria"], &rows),
    }
}

fn criteria(ground: &Ground<'_>, place: &Place, text: &mut Markup) {
    let program = ground.judgement.program;
    let only = ground.narrowed.only.criteria.as_ref();
    let shown = ground.audit.criteria.iter().filter(|one| only.is_none_or(|only| only.contains(&one.id)));
    let judged = ground.profile.verdicts();
    let rows: Vec<Vec<String>> = shown
        .map(|one| {
            let controls: Vec<String> = one
                .controls
                .iter()
                .filter_map(|index| Some((index, place.controls.get(index)?)))
                .map(|(index, sheet)| {
                    let id = ground.judgement.control_name(*index);
                    if judged { link(&id, &format!("{sheet}.html")) } else { words(&id) }
                })
                .collect();
            let mut row = vec![
                words(&program.criterion_name(one.id)),
                words(&criterion(program, one.id)),
                controls.join(", "),
            ];
            if judged {
                row.push(one.support.name().to_owned());
            }
            row
        })
        .collect();
    text.heading("By criterion");
    match judged {
        true => text.table(&["Criterion", "In our words", "Controls", "Management's view"], &rows),
        false => text.table(&["Criterion", "In our words", "Controls"], &rows),
    }
}

fn policies(place: &Place, text: &mut Markup) {
    let rows: Vec<Vec<String>> = place
        .versions
        .iter()
        .map(|version| {
            let days = format!("{} to {}", version.days.0, version.days.1);
            vec![link(&version.title, &version.path), words(&version.version), days]
        })
        .collect();
    if !rows.is_empty() {
        text.heading("Policies");
        text.table(&["Policy", "Version", "In force in the window"], &rows);
    }
    let rows: Vec<Vec<String>> = place.others.iter().map(|(title, path)| vec![link(title, path)]).collect();
    if !rows.is_empty() {
        text.heading("Other documents");
        text.table(&["Document"], &rows);
    }
}
