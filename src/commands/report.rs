//! `soc2 report`: one of the tables that an auditor or a manager reads, on its own.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;

use super::audit;
use super::place::{Place, Selectors};
use crate::error::{Error, Result};
use crate::output::without_commands;
use crate::report::Report;
use crate::schedule::{self, Only, Places, View};
use crate::table::{self, Table};
use crate::text::{safe, word};
use crate::timeline::Judgement;
use crate::ui::{self, Ui};

/// Write one report of an audit: the gap report, the control matrix, readiness, or the changes in the period.
///
/// The bundle holds the same tables. `gaps` lists what is missing or wrong, worst first, with who owns it, by when, and
/// what to do; `matrix` the criteria with their controls; `readiness` counts by series of criteria; `changes` what the
/// system description has to tell of the period (DC 9). Whatever it tells, it exits with 0.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// gaps, matrix, readiness or changes.
    #[arg(value_name = "REPORT", hide_possible_values = true)]
    what: What,
    /// Judge this audit.
    #[arg(long, value_name = "ID")]
    audit: Option<String>,
    #[command(flatten)]
    selectors: Selectors,
    /// Forms to write: md, csv, json, html, xlsx, pdf.
    #[arg(
        long,
        value_name = "FORM",
        value_delimiter = ',',
        default_value = "md",
        hide_possible_values = true
    )]
    to: Vec<Form>,
    /// File to write to, `-` for the terminal; of several forms each gets its own ending.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    Gaps,
    Matrix,
    Readiness,
    Changes,
}

impl What {
    /// As it is typed.
    fn word(self) -> &'static str {
        match self {
            Self::Gaps => "gaps",
            Self::Matrix => "matrix",
            Self::Readiness => "readiness",
            Self::Changes => "changes",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum Form {
    Md,
    Csv,
    Json,
    Html,
    Xlsx,
    Pdf,
}

impl Form {
    /// The end of a file's name.
    fn end(self) -> &'static str {
        match self {
            Self::Md => "md",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Html => "html",
            Self::Xlsx => "xlsx",
            Self::Pdf => "pdf",
        }
    }

    /// Can it be read on a terminal?
    fn is_text(self) -> bool {
        !matches!(self, Self::Xlsx | Self::Pdf)
    }
}

/// Where a form goes.
#[derive(Debug, PartialEq, Eq)]
enum Goes {
    Terminal,
    File(PathBuf),
}

/// Runs the verb.
pub fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    let forms: BTreeSet<Form> = args.to.iter().copied().collect();
    let going = going(&forms, args.out.as_deref())?;
    let Place { program, clock, read, .. } = args.selectors.place(directory, ui)?;
    let chosen = audit::one(&program, clock.as_of, args.audit.as_deref())?;
    let judgement = ui.busy("judging", || Judgement::new(&program, clock, chosen));
    let Some(standing) = audit::judged(&judgement) else {
        return audit::nothing_to_judge();
    };
    let report = ui.busy("judging", || Report::new(&judgement));
    let view = View {
        judgement: &judgement,
        audit: standing,
        report: &report,
        read: &read,
        verdicts: true,
        plans: true,
        only: &Only::default(),
        places: &Places::default(),
    };
    let table = ui.busy("writing", || match args.what {
        What::Gaps => schedule::gaps(&view),
        What::Matrix => schedule::control_matrix(&view),
        What::Readiness => schedule::readiness(&view),
        What::Changes => schedule::changes(&view),
    });
    for (form, goes) in &going {
        let bytes = ui.busy("writing", || written(&view, args.what, &table, *form))?;
        match goes {
            Goes::Terminal => ui::print(&without_commands(String::from_utf8_lossy(&bytes).into_owned()))?,
            Goes::File(file) => {
                ui::write_file(file, &bytes)?;
                ui::tell(&format!("Wrote {}", safe(&file.display().to_string())));
            }
        }
    }
    // Taking a large programme apart piece by piece would only delay the end of the process.
    std::mem::forget((report, judgement));
    std::mem::forget(program);
    Ok(ExitCode::SUCCESS)
}

/// The table in a form.
fn written(view: &View<'_>, what: What, table: &Table, form: Form) -> Result<Vec<u8>> {
    let failed =
        |fault: std::io::Error| Error::new(format!("the {} could not be written", form.end())).because(fault);
    Ok(match form {
        Form::Md => table::markdown(&[table]).into_bytes(),
        Form::Csv => table::csv(table).into_bytes(),
        Form::Json => table::json(&[table]).map_err(failed)?.into_bytes(),
        Form::Html => table::html(&[table], None, &[]).into_bytes(),
        Form::Xlsx => table::xlsx(&[table], None).map_err(failed)?,
        Form::Pdf => pdf(view, what, table)?,
    })
}

#[cfg(feature = "pdf")]
fn pdf(view: &View<'_>, what: What, table: &Table) -> Result<Vec<u8>> {
    let config = view.judgement.program.config.as_ref().and_then(|config| config.organization.as_ref());
    let paper = crate::render::Paper {
        organization: config
            .and_then(|organization| organization.name.as_ref())
            .map_or_else(String::new, |name| name.value.to_string()),
        kind: "Management's view".to_owned(),
        title: table.title.clone(),
        text: sheet(what, table),
        stand: format!("{}, as of {}", safe(view.read), view.judgement.as_of),
        wide: matches!(what, What::Readiness | What::Changes),
        ..crate::render::Paper::default()
    };
    crate::render::paper(&paper).map_err(|failure| {
        Error::new("the report cannot be set as PDF")
            .because(failure.why)
            .hint(format!("write it as a page meanwhile: soc2 report {} --to html --out FILE", what.word()))
    })
}

#[cfg(not(feature = "pdf"))]
fn pdf(_: &View<'_>, what: What, table: &Table) -> Result<Vec<u8>> {
    let page = format!("soc2 report {} --to html --out {}.html", what.word(), table.name);
    Err(Error::new("this soc2 was built without PDF")
        .hint(format!("print the page, whose paper form is made for it: {page}"))
        .hint("or build it with PDF, as the README says"))
}

/// The table as text for paper: one too wide for a page as records, each below its criterion or class.
#[cfg_attr(not(feature = "pdf"), allow(dead_code, reason = "only paper needs it, and tests"))]
fn sheet(what: What, table: &Table) -> String {
    let table = table.without_blank();
    match what {
        What::Gaps => {
            let lead = table.columns_named(&["Criterion", "Control", "Slot", "What is missing"]);
            table::records(&table, &lead)
        }
        What::Matrix => table::records(&table, &table.columns_named(&["Control", "Title"])),
        What::Readiness | What::Changes => {
            let text = table::markdown(&[&table]);
            text.split_once("\n\n").map_or(String::new(), |(_, below)| below.to_owned())
        }
    }
}

/// Where each form goes, decided before anything is judged.
fn going(forms: &BTreeSet<Form>, out: Option<&Path>) -> Result<Vec<(Form, Goes)>> {
    let out = out.filter(|out| *out != Path::new("-"));
    let mut going = Vec::new();
    for form in forms {
        let goes = match out {
            Some(file) if forms.len() == 1 => Goes::File(file.to_owned()),
            Some(file) => Goes::File(file.with_extension(form.end())),
            None if form.is_text() && forms.len() == 1 => Goes::Terminal,
            None => return Err(nowhere(forms)),
        };
        going.push((*form, goes));
    }
    Ok(going)
}

/// A workbook is no text, and several forms in one stream are of no use.
fn nowhere(forms: &BTreeSet<Form>) -> Error {
    let ends: Vec<&str> = forms.iter().map(|form| form.end()).collect();
    let message = match ends.as_slice() {
        [one] => format!("{one} is no text for a terminal"),
        _ => format!("{} do not fit into one output", ends.join(" and ")),
    };
    let file = format!("report.{}", ends.first().unwrap_or(&"md"));
    Error::new(message).hint(format!("name a file: --out {}", word(&file)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_paper_a_wide_table_is_records() {
        use crate::table::{Cell, Column};
        let columns = ["Ref", "Criterion", "Control", "Title", "Owner"].map(|title| Column::new(title, 9));
        let row = ["", "CC6.2", "iam", "Owners review", "Alice"].map(Cell::text);
        let table = Table {
            name: "control-matrix",
            title: "Control matrix".to_owned(),
            notes: vec!["A note".to_owned()],
            columns: columns.to_vec(),
            rows: vec![row.to_vec()],
        };
        let records = "A note\n\n## CC6.2\n\n**iam · Owners review**\n\n- Owner: Alice\n\n";
        assert_eq!(sheet(What::Matrix, &table), records);
        let below = "A note\n\n| Criterion | Control | Title | Owner |\n| --- | --- | --- | --- |\n| CC6.2 | iam | Owners review | Alice |\n";
        assert_eq!(sheet(What::Changes, &table), below);
    }

    #[test]
    fn each_form_has_a_place() {
        let one = |form| BTreeSet::from([form]);
        let both = BTreeSet::from([Form::Html, Form::Xlsx]);
        assert_eq!(going(&one(Form::Csv), None).unwrap(), [(Form::Csv, Goes::Terminal)]);
        assert_eq!(going(&one(Form::Md), Some(Path::new("-"))).unwrap(), [(Form::Md, Goes::Terminal)]);
        let file = |name: &str| Goes::File(name.into());
        assert_eq!(going(&one(Form::Xlsx), Some(Path::new("a"))).unwrap(), [(Form::Xlsx, file("a"))]);
        assert_eq!(
            going(&both, Some(Path::new("q2/gaps.html"))).unwrap(),
            [(Form::Html, file("q2/gaps.html")), (Form::Xlsx, file("q2/gaps.xlsx"))]
        );
        let refused = going(&one(Form::Xlsx), None).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "error: xlsx is no text for a terminal\n  hint: name a file: --out report.xlsx"
        );
        let refused = going(&both, Some(Path::new("-"))).unwrap_err();
        assert!(refused.to_string().contains("html and xlsx do not fit into one output"));
    }
}
