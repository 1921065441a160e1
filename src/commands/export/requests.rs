//! `soc2 export requests`: the auditor's own list with our answers in it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::lists::{self, Form};
use crate::commands::audit;
use crate::commands::place::{Place, Selectors};
use crate::error::{Error, Result};
use crate::requests::{self, List, Told};
use crate::text::{clip, count, safe, some};
use crate::timeline::Judgement;
use crate::ui::{self, Ui};

/// Write the auditor's list back with our answers: the same workbook, with nothing else in it changed.
///
/// Fills in status, response and evidence of each request: into columns that are plainly the company's (`Client response`,
/// `Evidence provided`), else into new ones at the right. The auditor's columns are never written to, nor is a cell with a formula.
/// Where no list was imported, a workbook of our own is made, or what --to says.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The file to write; an existing one is left alone without --force.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write over an existing file.
    #[arg(long)]
    force: bool,
    /// Form of a list of our own: xlsx, csv or json. The auditor's own list keeps its form.
    #[arg(long, value_name = "FORM", hide_possible_values = true)]
    to: Option<Form>,
    /// The audit whose list it is; without it the one whose window holds the day, else the next, else the last.
    #[arg(long, value_name = "ID")]
    audit: Option<String>,
    /// The sheet of the workbook, as when it was imported.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// What a column says, as when it was imported; answer, our-status and evidence name those that are filled in. Repeatable.
    #[arg(long = "column", value_name = "FIELD=HEADING", value_parser = Told::parse)]
    columns: Vec<Told>,
    #[command(flatten)]
    selectors: Selectors,
}

/// Runs the verb.
pub(super) fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    let Place { program, clock, .. } = args.selectors.place(directory, ui)?;
    let audit = audit::one(&program, clock.as_of, args.audit.as_deref())?;
    let judgement = ui.busy("judging", || Judgement::new(&program, clock, audit));
    let Some(path) = requests::kept(&program.sources, audit) else {
        return fresh(args, &judgement, audit);
    };
    if let Some(form) = args.to.filter(|form| !path.ends_with(form.end())) {
        return Err(Error::new(format!("the auditor's list is `{}`, and goes back as it came", safe(&path)))
            .hint(format!("leave --to {} out", form.end())));
    }
    let bytes = requests::kept_bytes(&program.sources, &path).map_err(|e| Error::io(Path::new(&path), &e))?;
    let refused = |why: String| {
        Error::new(format!("`{}` {why}", safe(&path)))
            .hint("give the same --sheet and --column as when it was imported")
    };
    let list = List::open(&bytes, args.sheet.as_deref(), &args.columns).map_err(refused)?;
    let (listed, _) = requests::listed(&list.grid, &list.columns, None);
    let answers = requests::answers(&judgement, audit, &listed);
    let end = if list.is_workbook() { "xlsx" } else { "csv" };
    let out = target(args, audit, end)?;
    let filled = answers.rows.len();
    let (bytes, columns) = list.filled(&answers.rows).map_err(refused)?;
    ui::write_file(&out, &bytes)?;
    let mut told = format!(
        "Wrote {}: {} answered in columns {}\n",
        safe(&out.display().to_string()),
        count(filled, "request"),
        columns.join(", ")
    );
    let shown = |names: &[String]| {
        let names: Vec<String> = names.iter().map(|name| clip(&safe(name), 40)).collect();
        some(&names, 8)
    };
    if !answers.unknown.is_empty() {
        told.push_str(&format!(
            "  not in the register: {}; soc2 import requests takes them in\n",
            shown(&answers.unknown)
        ));
    }
    if !answers.missing.is_empty() {
        told.push_str(&format!("  in the register and not on the list: {}\n", shown(&answers.missing)));
    }
    ui::print(&told)?;
    Ok(ExitCode::SUCCESS)
}

/// Where to write; what is there already is not written over unasked.
fn target(args: &Args, audit: Option<&str>, end: &str) -> Result<PathBuf> {
    let name =
        || PathBuf::from(audit.map_or(format!("requests.{end}"), |audit| format!("requests-{audit}.{end}")));
    lists::target(args.out.clone().unwrap_or_else(name), args.force)
}

/// A list of our own, where the auditor sent none.
fn fresh(args: &Args, judgement: &Judgement<'_>, audit: Option<&str>) -> Result<ExitCode> {
    let table = requests::table(judgement, audit);
    if table.rows.is_empty() {
        return Err(Error::new("there is no request to export")
            .hint("take over the auditor's list: soc2 import requests LIST.xlsx"));
    }
    let form = Form::asked(args.to, args.out.as_deref(), Form::Xlsx)?;
    let out = target(args, audit, form.end())?;
    ui::write_file(&out, &lists::written(&table, form)?)?;
    ui::print(&format!(
        "Wrote {}: {}; no list of the auditor was imported, so it is in our own form\n",
        safe(&out.display().to_string()),
        count(table.rows.len(), "request")
    ))?;
    Ok(ExitCode::SUCCESS)
}
