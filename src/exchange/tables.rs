//! Records of the programme as tables, one row each, under headings that our own import understands; evidence and policies too,
//! which are only read.

use jiff::civil::Date;

use super::cells::{line, tidy};
use super::fields::Form;
use super::held::held;
use super::{Field, Kind};
use crate::model::scalar::{Date as TypedDate, Text};
use crate::program::{EvidenceFolder, Program};
use crate::table::{Cell, Column, Table};
use crate::text::{capitalized, some};
use crate::timeline::Judgement;

/// Every record of a kind.
pub fn table(kind: Kind, program: &Program) -> Table {
    let fields: Vec<&Field> = kind.fields().iter().filter(|field| field.is_kept()).collect();
    let rows = held(kind, program).into_iter().map(|one| {
        let cell = |field: &&Field| one.record.get(field.name).map_or(Cell::Blank, |text| cell(field, text));
        fields.iter().map(cell).collect()
    });
    Table {
        name: kind.word(),
        title: capitalized(kind.word()),
        notes: Vec::new(),
        columns: fields.iter().map(|field| Column::new(field.heading, field.width)).collect(),
        rows: rows.collect(),
    }
}

fn cell(field: &Field, text: &str) -> Cell {
    match field.form {
        Form::Day => text.parse::<Date>().map_or_else(|_| Cell::text(text), Cell::Day),
        Form::Number | Form::Score => text.parse::<u64>().map_or_else(|_| Cell::text(text), Cell::Count),
        _ => Cell::text(text),
    }
}

fn words(text: Option<&Text>) -> Cell {
    Cell::text(text.map_or_else(String::new, |text| tidy(&text.value)))
}

fn day(day: Option<&TypedDate>) -> Cell {
    Cell::day(day.map(|day| day.value))
}

/// Every policy and how it stands on the judged day.
pub fn policies(judgement: &Judgement<'_>) -> Table {
    let program = judgement.program;
    let mut rows = Vec::new();
    for standing in &judgement.policies {
        let Some(policy) = program.policies.get(standing.policy) else { continue };
        let head = &policy.head;
        let approval = standing.approval.and_then(|nth| head.approvals.get(nth));
        let review = head.reviews.iter().filter_map(|review| review.on.as_ref()).max_by_key(|on| on.value);
        rows.push(vec![
            Cell::text(head.id.to_string()),
            words(head.title.as_ref()),
            Cell::text(head.owner.as_ref().map_or("", |owner| &*owner.value.0)),
            Cell::text(standing.state.name()),
            words(approval.and_then(|approval| approval.version.as_ref())),
            Cell::text(approval.and_then(|approval| approval.by.as_ref()).map_or("", |by| &*by.value.0)),
            day(approval.and_then(|approval| approval.on.as_ref())),
            Cell::day(standing.since),
            Cell::text(head.review.as_ref().map_or("", |review| review.value.word())),
            day(review),
            Cell::day(standing.review_by),
            Cell::text(line(program.sources.path(policy.file))),
        ]);
    }
    Table {
        name: "policies",
        title: format!("Policies as of {}", judgement.as_of),
        notes: Vec::new(),
        columns: vec![
            Column::new("ID", 24),
            Column::new("Title", 36),
            Column::new("Owner", 20),
            Column::new("State", 14),
            Column::new("Version in force", 10),
            Column::new("Approved by", 18),
            Column::new("Approved on", 12),
            Column::new("In force since", 12),
            Column::new("Review", 12),
            Column::new("Last review", 12),
            Column::new("Review by", 12),
            Column::new("File", 36),
        ],
        rows,
    }
}

/// Every manifest of evidence, as it says of itself.
pub fn evidence(program: &Program) -> Table {
    Table {
        name: "evidence",
        title: "Evidence".to_owned(),
        notes: vec!["What manifests say of themselves. Whether it counts: soc2 evidence list".to_owned()],
        columns: vec![
            Column::new("ID", 34),
            Column::new("Title", 36),
            Column::new("Kind", 16),
            Column::new("Controls", 26),
            Column::new("Slot", 12),
            Column::new("Performed on", 12),
            Column::new("Performed by", 18),
            Column::new("Outcome", 16),
            Column::new("Summary", 40),
            Column::new("Reviewed on", 12),
            Column::new("Reviewed by", 18),
            Column::new("Review", 12),
            Column::new("Files", 8),
            Column::new("Names of files", 40),
        ],
        rows: program.evidence.iter().map(|folder| evidence_row(program, folder)).collect(),
    }
}

fn evidence_row(program: &Program, folder: &EvidenceFolder) -> Vec<Cell> {
    let manifest = &folder.manifest;
    let zone = program.zone();
    let controls: Vec<&str> = manifest.controls.iter().map(|control| &*control.value.0).collect();
    let performed = manifest.performed.as_ref();
    let on = performed.and_then(|performed| {
        let moment = performed.at.as_ref().map(|at| zone.to_datetime(at.value).date());
        performed.on.as_ref().map(|on| on.value).or(moment)
    });
    let result = manifest.result.as_ref();
    let reviewed = manifest.reviewed.as_ref();
    let files: Vec<String> = manifest
        .artifacts
        .iter()
        .filter_map(|artifact| artifact.path.as_ref().or(artifact.url.as_ref()))
        .map(|name| line(&name.value))
        .collect();
    vec![
        Cell::text(program.evidence_id(folder)),
        words(manifest.title.as_ref()),
        Cell::text(manifest.kind.as_ref().map_or("", |kind| kind.value.word())),
        Cell::text(controls.join("; ")),
        words(manifest.slot.as_ref()),
        Cell::day(on),
        Cell::text(performed.and_then(|performed| performed.by.as_ref()).map_or("", |by| &*by.value.0)),
        Cell::text(
            result.and_then(|result| result.outcome.as_ref()).map_or("", |outcome| outcome.value.word()),
        ),
        words(result.and_then(|result| result.summary.as_ref())),
        day(reviewed.and_then(|reviewed| reviewed.on.as_ref())),
        Cell::text(reviewed.and_then(|reviewed| reviewed.by.as_ref()).map_or("", |by| &*by.value.0)),
        Cell::text(
            reviewed.and_then(|reviewed| reviewed.result.as_ref()).map_or("", |result| result.value.word()),
        ),
        Cell::count(manifest.artifacts.len()),
        Cell::text(some(&files, 50)),
    ]
}
