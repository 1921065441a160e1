//! `soc2 import requests`: the auditor's list merged into the register, and kept as it was received.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;

use crate::commands::init::behind_a_link;
use crate::commands::place::{Place, Selectors};
use crate::commands::{audit, clock, register};
use crate::error::{Error, Result};
use crate::program::Program;
use crate::requests::{self, Field, List, Listed, Order, Plan, Told, letters};
use crate::rows;
use crate::source::TEXT_CAP;
use crate::text::{clip, count, safe, some, word};
use crate::ui::{self, Ui};

/// Merge the auditor's list of requests into the register, and keep it as it was received.
///
/// Reads a workbook (.xlsx) or comma-separated text, finds the headings and what each column says, and merges by the auditor's
/// reference into registers/requests.yaml: new requests are added, what the auditor says is taken over, what is ours stays, and
/// no row is removed. Evidence of a request that the auditor accepted is pinned, so that a later change of it is told. The list
/// is kept below audits/, and `soc2 export requests` writes the answers into it.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The list as received.
    #[arg(value_name = "LIST")]
    list: PathBuf,
    /// The audit it is for; without it the one whose window holds today, else the next, else the last.
    #[arg(long, value_name = "ID")]
    audit: Option<String>,
    /// The sheet of the workbook; without it the one whose headings are most like those of a list of requests.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// What a column says, where its heading does not tell: ref, title, text, control, period, due, owner, status, comment, answer,
    /// our-status, evidence; by heading or letter, such as `ref=Our number` or `due=F`. Repeatable.
    #[arg(long = "column", value_name = "FIELD=HEADING", value_parser = Told::parse)]
    columns: Vec<Told>,
    /// What comes first in a day such as 3/4/2026, where the list does not settle it: month-first or day-first.
    #[arg(long, value_name = "ORDER", hide_possible_values = true)]
    dates: Option<Dates>,
    /// Show what was understood and what would change; write nothing.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Dates {
    MonthFirst,
    DayFirst,
}

/// How a register of requests begins.
const BEGINNING: &str = "# The auditors' requests: soc2 explain request\n";

/// Runs the verb.
pub(super) fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    let Place { root, program, .. } = Selectors::default().without_history(directory, ui)?;
    let today = clock::today(&program.zone());
    let audit = audit::one(&program, today, args.audit.as_deref())?;
    let bytes = super::bytes(&args.list)?;
    let shown = clip(&safe(&args.list.display().to_string()), 100);
    let refused = |why: String| {
        let error = Error::new(format!("`{shown}` {why}"));
        if !why.contains("is not understood") {
            return error;
        }
        error.hint("say what is what: --sheet NAME, --column ref=HEADING, --column text=HEADING")
    };
    let list = List::open(&bytes, args.sheet.as_deref(), &args.columns).map_err(refused)?;
    let order = args.dates.map(|dates| match dates {
        Dates::MonthFirst => Order::MonthFirst,
        Dates::DayFirst => Order::DayFirst,
    });
    let (listed, mut told) = requests::listed(&list.grid, &list.columns, order);
    if listed.is_empty() {
        // Kept, it would take the place of the list that was received before.
        let header = list.columns.header;
        return Err(Error::new(format!("`{shown}` has no request below its headings in row {header}"))
            .hint("name the sheet that holds the requests: --sheet NAME"));
    }
    told.splice(0..0, list.told.iter().cloned());
    let plan = requests::merge(&program, &listed, audit, today);
    told.extend(plan.told.iter().cloned());
    let mut out = understood(&list, &listed, &shown);
    let kept = requests::kept_path(audit, list.is_workbook());
    let written = if args.dry_run {
        Written::default()
    } else {
        let written = texts(&root, &program, &plan)?;
        for (path, text) in &written.texts {
            ui::write_file(&root.join(path), text.as_bytes())?;
        }
        keep(&root, &kept, &args.list, &bytes, &mut told)?;
        written
    };
    told.extend(written.refused);
    out.push_str(&changes(&plan));
    if args.dry_run {
        out.push_str("Nothing was written: --dry-run\n");
    } else {
        let changed = written.texts.iter().map(|(path, _)| safe(path)).collect::<Vec<_>>();
        if changed.is_empty() {
            out.push_str(&format!(
                "The register says all of it already; the list is kept as {}\n",
                safe(&kept)
            ));
        } else {
            out.push_str(&format!("Wrote {}; the list is kept as {}\n", some(&changed, 3), safe(&kept)));
        }
        if ui.verbosity >= 0 {
            out.push_str(&next(args, directory));
        }
    }
    ui::print(&out)?;
    told.iter().for_each(|one| ui::tell(&format!("note: {one}")));
    Ok(ExitCode::SUCCESS)
}

/// What was made of the list.
fn understood(list: &List<'_>, listed: &[Listed], shown: &str) -> String {
    let columns = &list.columns;
    let sheet = if list.grid.name.is_empty() {
        String::new()
    } else {
        format!(", sheet `{}`", clip(&safe(&list.grid.name), 40))
    };
    let mut out =
        format!("{shown}{sheet}: headings in row {}, {}\n", columns.header, count(listed.len(), "request"));
    for field in Field::ALL {
        if let Some((column, heading)) = columns.of.get(field) {
            let ours = if Field::OURS.contains(field) { "  (ours, for the answers)" } else { "" };
            let heading = clip(&safe(heading), 60);
            out.push_str(&format!("  {:<10} {:>3}  {heading}{ours}\n", field.name(), letters(*column)));
        }
    }
    if !columns.others.is_empty() {
        out.push_str(&format!("  not read: {}\n", some(&columns.others, 8)));
    }
    out
}

/// What the list changes, request by request.
fn changes(plan: &Plan) -> String {
    let mut out = format!(
        "{} added, {} changed, {} as before, {} gone from the list\n",
        plan.added.len(),
        plan.changed.len(),
        plan.same,
        plan.gone.len()
    );
    let shown = |reference: &str| clip(&safe(reference), 40);
    if !plan.added.is_empty() {
        let added: Vec<String> = plan.added.iter().map(|reference| shown(reference)).collect();
        out.push_str(&format!("  added: {}\n", some(&added, 12)));
    }
    for (reference, words) in plan.changed.iter().take(40) {
        out.push_str(&format!("  {}: {}\n", shown(reference), words.join("; ")));
    }
    if plan.changed.len() > 40 {
        out.push_str(&format!("  and {} more\n", plan.changed.len() - 40));
    }
    if !plan.gone.is_empty() {
        let gone: Vec<String> = plan.gone.iter().map(|reference| shown(reference)).collect();
        out.push_str(&format!(
            "  gone: {}; they stay in the register, set `status: withdrawn` where the auditor no longer asks\n",
            some(&gone, 12)
        ));
    }
    out
}

/// The files to write, and rows that could not be changed.
#[derive(Default)]
struct Written {
    texts: Vec<(String, String)>,
    refused: Vec<String>,
}

/// The texts of the register as they are to be. All of them are made before any is written.
fn texts(root: &Path, program: &Program, plan: &Plan) -> Result<Written> {
    let mut written = Written::default();
    let mut paths: Vec<&str> = plan.edits.keys().map(String::as_str).collect();
    if !plan.rows.is_empty() && !paths.contains(&&*plan.into) {
        paths.push(&plan.into);
    }
    for path in paths {
        let text = register::text(root, program, path, BEGINNING)?;
        let rows = if path == plan.into { &plan.rows[..] } else { &[] };
        let edits = plan.edits.get(path).map_or(&[][..], |edits| edits);
        let (edited, refused) = rows::edited(&text, edits, rows)
            .map_err(|why| Error::new(format!("`{}` is left as it is: {why}", safe(path))))?;
        if u64::try_from(edited.len()).unwrap_or(u64::MAX) > TEXT_CAP {
            return Err(Error::new(format!("`{}` would grow larger than a register may be", safe(path)))
                .hint("keep older lists in a file of their own: registers/requests/2025.yaml belongs to requests"));
        }
        if !refused.is_empty() {
            let rows: Vec<String> = refused.iter().map(|nth| (nth + 1).to_string()).collect();
            written.refused.push(format!(
                "{} of `{}` could not be changed without touching more: row {}; change it by hand",
                count(refused.len(), "request"),
                safe(path),
                some(&rows, 8)
            ));
        }
        if edited != text {
            written.texts.push((path.to_owned(), edited));
        }
    }
    Ok(written)
}

/// Keeps the list as it was received, beside what was handed over for the audit.
fn keep(root: &Path, kept: &str, list: &Path, bytes: &[u8], told: &mut Vec<String>) -> Result<()> {
    let disk = root.join(kept);
    if behind_a_link(root, &disk) || disk.symlink_metadata().is_ok_and(|meta| meta.is_symlink()) {
        return Err(
            Error::new(format!("`{}` is behind a link", safe(kept))).hint("edit the file it leads to")
        );
    }
    let before = fs::read(&disk).ok();
    if before.as_deref() == Some(bytes) {
        return Ok(());
    }
    ui::write_file(&disk, bytes)?;
    if before.is_some() {
        told.push(format!(
            "the list that was kept before is replaced by `{}`",
            safe(&list.display().to_string())
        ));
    }
    let other = if kept.ends_with(".csv") { disk.with_extension("xlsx") } else { disk.with_extension("csv") };
    if other.exists() {
        let other = other.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        told.push(format!("an older list is kept beside it: delete `{}`", safe(&other)));
    }
    Ok(())
}

/// What to type next.
fn next(args: &Args, directory: &Path) -> String {
    let folder = directory.to_string_lossy();
    let folder = if folder == "." { String::new() } else { format!("-C {} ", word(&safe(&folder))) };
    let mut words = String::new();
    if let Some(audit) = &args.audit {
        words.push_str(&format!(" --audit {}", word(&safe(audit))));
    }
    if let Some(sheet) = &args.sheet {
        words.push_str(&format!(" --sheet {}", word(&safe(sheet))));
    }
    for told in &args.columns {
        let said = format!("{}={}", told.field.name(), told.heading);
        words.push_str(&format!(" --column {}", word(&safe(&said))));
    }
    format!(
        "Next: name the evidence and answer in the register, then send the list back: soc2 {folder}export requests{words}\n"
    )
}
