//! `soc2 evidence list`: what is there, for people, spreadsheets and programs.

use std::collections::BTreeSet;
use std::process::ExitCode;

use jiff::civil::Date;
use serde::Serialize;

use super::performed::{days, listed, performers};
use super::{Ground, lookup};
use crate::commands::place::Selectors;
use crate::error::{Error, Result};
use crate::model::Evidence;
use crate::model::evidence::Occurrences;
use crate::model::scalar::PersonRef;
use crate::program::EvidenceFolder;
use crate::show::clocks::{self, Recorded};
use crate::text::{cell, clip, safe};
use crate::ui;

/// List the evidence: what it shows, when it was performed and by whom, whether it was reviewed.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only evidence of this control.
    #[arg(long, value_name = "ID")]
    control: Option<String>,
    /// Only what this person performed, collected or reviewed.
    #[arg(long, value_name = "PERSON")]
    person: Option<String>,
    /// Format: human, json or csv.
    #[arg(long, value_name = "NAME", default_value = "human", value_parser = ["human", "json", "csv"])]
    format: String,
    /// With `--as-of`, later evidence and later reviews are left out.
    #[command(flatten)]
    pub(super) selectors: Selectors,
}

/// Name of the JSON's shape; within a version keys are only ever added.
const SHAPE: &str = "soc2-evidence-list/1";

#[derive(Serialize)]
struct Listing<'r> {
    format: &'static str,
    read: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<String>,
    evidence: &'r [Row],
}

/// One piece of evidence.
#[derive(Serialize)]
struct Row {
    id: String,
    title: String,
    controls: Vec<String>,
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    performed: Option<Days>,
    performed_by: Vec<String>,
    /// Performances listed one by one.
    occurrences: usize,
    /// The artefact whose rows are performances.
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reviewed: Option<Seen>,
    artifacts: usize,
    /// Recorded length of all artefacts.
    bytes: u64,
    /// The first commit of its manifest.
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded: Option<Recorded>,
}

/// First and last day.
#[derive(Serialize)]
struct Days {
    from: String,
    to: String,
}

#[derive(Serialize)]
struct Seen {
    on: String,
    by: String,
    result: String,
    /// `unchanged`, `changed` since the review, or `unpinned` where the review has no digest.
    manifest: &'static str,
}

/// Runs the verb.
pub(super) fn run(args: &Args, as_of: Option<Date>, read: &str, ground: &Ground<'_>) -> Result<ExitCode> {
    let program = &ground.program;
    if let Some(control) = &args.control {
        lookup::control(program, control)?;
    }
    let person = args.person.as_deref().map(|name| lookup::person(ground, name, None)).transpose()?;
    let wanted = program.evidence.iter().filter(|folder| {
        let control = args.control.as_deref();
        control.is_none_or(|control| folder.manifest.controls.iter().any(|named| &*named.value.0 == control))
            && person.is_none_or(|person| people(folder).any(|named| program.person(named) == Some(person)))
    });
    let (mut rows, mut later) = (Vec::new(), 0);
    for folder in wanted {
        let days = days(ground, &folder.manifest);
        match (as_of, &days) {
            (Some(as_of), Some((from, _))) if *from > as_of => later += 1,
            _ => rows.push(row(ground, folder, days, as_of)),
        }
    }
    let text = match args.format.as_str() {
        "json" => json(&rows, as_of, read)?,
        "csv" => csv(&rows)?,
        _ => human(&rows, later, program.evidence.is_empty(), ground),
    };
    ui::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Everybody who acted on it.
fn people(folder: &EvidenceFolder) -> impl Iterator<Item = &PersonRef> {
    let manifest = &folder.manifest;
    let collected = manifest.collected.as_ref().and_then(|collected| collected.by.as_ref());
    let reviewed = manifest.reviewed.as_ref().and_then(|reviewed| reviewed.by.as_ref());
    performers(manifest).chain(collected).chain(reviewed)
}

fn row(ground: &Ground<'_>, folder: &EvidenceFolder, days: Option<(Date, Date)>, as_of: Option<Date>) -> Row {
    let manifest = &folder.manifest;
    let by: BTreeSet<String> = performers(manifest).map(|by| by.to_string()).collect();
    let bytes = manifest.artifacts.iter().filter_map(|artifact| artifact.bytes.as_ref());
    Row {
        id: ground.program.evidence_id(folder).to_owned(),
        title: manifest.title.as_ref().map_or_else(String::new, |title| title.to_string()),
        controls: manifest.controls.iter().map(|control| control.value.to_string()).collect(),
        kind: manifest.kind.as_ref().map_or("", |kind| kind.value.word()).to_owned(),
        performed: days.map(|(from, to)| Days { from: from.to_string(), to: to.to_string() }),
        performed_by: by.into_iter().collect(),
        occurrences: listed(manifest).len(),
        log: log(manifest),
        reviewed: seen(folder, as_of),
        artifacts: manifest.artifacts.len(),
        bytes: bytes.fold(0u64, |sum, bytes| sum.saturating_add(bytes.value)),
        recorded: clocks::first(&ground.program, folder, &ground.zone),
    }
}

/// The artefact whose rows are performances, where the manifest names one.
fn log(manifest: &Evidence) -> Option<String> {
    match manifest.occurrences.as_deref() {
        Some(Occurrences::Log(log)) => log.artifact.as_ref().map(|name| name.to_string()),
        _ => None,
    }
}

/// The review, if there was one by that day.
fn seen(folder: &EvidenceFolder, as_of: Option<Date>) -> Option<Seen> {
    let reviewed = folder.manifest.reviewed.as_ref()?;
    let on = reviewed.on.as_ref()?.value;
    if as_of.is_some_and(|as_of| on > as_of) {
        return None;
    }
    let manifest = match (&reviewed.digest, folder.digest) {
        (None, _) => "unpinned",
        (Some(pinned), Some(is)) if pinned.value == is => "unchanged",
        _ => "changed",
    };
    let by = reviewed.by.as_ref().map_or_else(String::new, |by| by.to_string());
    let result = reviewed.result.as_ref().map_or("", |result| result.value.word()).to_owned();
    Some(Seen { on: on.to_string(), by, result, manifest })
}

fn json(rows: &[Row], as_of: Option<Date>, read: &str) -> Result<String> {
    let listing = Listing { format: SHAPE, read, as_of: as_of.map(|day| day.to_string()), evidence: rows };
    let text =
        serde_json::to_string_pretty(&listing).map_err(|e| Error::new("cannot write JSON").because(e))?;
    Ok(text + "\n")
}

fn csv(rows: &[Row]) -> Result<String> {
    let failed = |error: csv::Error| Error::new("cannot write CSV").because(error);
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record([
        "id",
        "title",
        "controls",
        "kind",
        "performed_from",
        "performed_to",
        "performed_by",
        "reviewed_on",
        "reviewed_by",
        "review_result",
        "manifest_since_review",
        "artifacts",
        "bytes",
        "recorded_on",
        "commit",
        "recorded_by",
        "witnessed_by",
    ])
    .map_err(failed)?;
    for row in rows {
        let (from, to) = row.performed.as_ref().map_or(("", ""), |days| (&days.from, &days.to));
        let seen = row.reviewed.as_ref();
        let [on, by, result, manifest] =
            seen.map_or([""; 4], |seen| [&seen.on, &seen.by, &seen.result, seen.manifest]);
        let [recorded, commit, recorder, witness] = row.recorded.as_ref().map_or([""; 4], |one| {
            [&one.on, &one.commit, &one.by, one.witnessed_by.as_deref().unwrap_or("")]
        });
        let (controls, performers) = (row.controls.join(";"), row.performed_by.join(";"));
        let (artifacts, bytes) = (row.artifacts.to_string(), row.bytes.to_string());
        let cells = [
            &row.id,
            &row.title,
            &controls,
            &row.kind,
            from,
            to,
            &performers,
            on,
            by,
            result,
            manifest,
            &artifacts,
            &bytes,
            recorded,
            commit,
            recorder,
            witness,
        ];
        let cells: Vec<String> = cells.iter().map(|text| cell(&safe(text)).into_owned()).collect();
        out.write_record(cells).map_err(failed)?;
    }
    let bytes = out.into_inner().map_err(|e| Error::new("cannot write CSV").because(e))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

const HEADER: [&str; 6] = ["EVIDENCE", "KIND", "PERFORMED", "REVIEWED", "FILES", "SIZE"];

fn human(rows: &[Row], later: usize, none_at_all: bool, ground: &Ground<'_>) -> String {
    let mut out = String::new();
    if rows.is_empty() {
        out.push_str(if none_at_all { "No evidence is filed yet\n" } else { "No evidence matches\n" });
    } else {
        let cells: Vec<[String; 6]> =
            std::iter::once(HEADER.map(str::to_owned)).chain(rows.iter().map(cells)).collect();
        table(&cells, ground.ui.width, &mut out);
        let what = if rows.len() == 1 { "piece" } else { "pieces" };
        out.push_str(&format!("{} {what} of evidence\n", rows.len()));
    }
    if later > 0 {
        out.push_str(&format!("{later} performed after that day: left out\n"));
    }
    if none_at_all && ground.ui.verbosity >= 0 {
        out.push_str(&format!("Next: {}\n", ground.command("evidence add FILE --control ID")));
    }
    out
}

fn cells(row: &Row) -> [String; 6] {
    let by = crate::text::some(&row.performed_by, 2);
    let performed = match &row.performed {
        None => row.log.as_ref().map_or(by, |log| format!("rows of {log}")),
        Some(days) if days.from == days.to => format!("{} {by}", days.from),
        Some(days) => format!("{}..{} {by}", days.from, days.to),
    };
    let reviewed = row.reviewed.as_ref().map_or_else(
        || "no".to_owned(),
        |seen| {
            let changed = if seen.manifest == "changed" { ", changed since" } else { "" };
            format!("{} {} {}{changed}", seen.on, seen.by, seen.result)
        },
    );
    let id = match row.controls.first() {
        // Where the folder does not say the control, the list does.
        Some(control) if !row.id.starts_with(&format!("{control}/")) => {
            format!("{} ({})", row.id, row.controls.join(", "))
        }
        _ => row.id.clone(),
    };
    [id, row.kind.clone(), performed, reviewed, row.artifacts.to_string(), size(row.bytes)]
        .map(|text| safe(&text))
}

/// `18 kB`, as file managers say it.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        1_000_000..1_000_000_000 => format!("{} MB", bytes.div_ceil(1_000_000)),
        _ => format!("{} GB", bytes.div_ceil(1_000_000_000)),
    }
}

/// Columns in the order in which they are left out where a line does not fit: kind, size, files.
const LEFT_OUT: [usize; 3] = [1, 5, 4];
/// The first column that holds numbers.
const NUMBERS: usize = 4;

/// Columns as wide as they need to be; where a line does not fit, some are left out, then the widest are cut.
fn table(rows: &[[String; 6]], width: usize, out: &mut String) {
    let widest = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let mut columns: Vec<(usize, usize)> = (0..HEADER.len()).map(|column| (column, widest(column))).collect();
    let fits = |columns: &[(usize, usize)]| {
        columns.iter().map(|(_, width)| width + 2).sum::<usize>().saturating_sub(2) <= width
    };
    for left_out in LEFT_OUT {
        if !fits(&columns) {
            columns.retain(|(column, _)| *column != left_out);
        }
    }
    while !fits(&columns) {
        match columns.iter_mut().max_by_key(|(_, width)| *width) {
            Some((_, widest)) if *widest > 8 => *widest -= 1,
            _ => break,
        }
    }
    for row in rows {
        let cells = columns.iter().map(|(column, width)| {
            let (cell, width) = (clip(&row[*column], *width), *width);
            if *column < NUMBERS { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        out.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        out.push('\n');
    }
}
