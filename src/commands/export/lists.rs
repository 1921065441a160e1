//! `soc2 export controls`, `people`, `vendors`, `risks`, `evidence`, `policies`: a register or a kind of file as a table for people
//! who work in spreadsheets. What our own import can read comes back as it went out.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;

use crate::commands::place::{Place, Selectors};
use crate::error::{Error, Result};
use crate::exchange::{self, Kind};
use crate::output::without_commands;
use crate::table::{self, Table};
use crate::text::{clip, count, list, safe};
use crate::timeline::Judgement;
use crate::ui::{self, Ui};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Form to write: csv, xlsx or json; without it what the end of --out says, else csv.
    #[arg(long, value_name = "FORM", hide_possible_values = true)]
    to: Option<Form>,
    /// The file to write, `-` for the terminal; an existing one is left alone without --force.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write over an existing file.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    selectors: Selectors,
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    Csv,
    Xlsx,
    Json,
}

/// What is written.
#[derive(Clone, Copy, Debug)]
pub(super) enum What {
    Of(Kind),
    Evidence,
    Policies,
}

impl Form {
    const ALL: [Self; 3] = [Self::Csv, Self::Xlsx, Self::Json];

    /// What was asked for, else what the end of a file's name says, else `usual`. A name that ends in another form is refused.
    pub(super) fn asked(to: Option<Self>, out: Option<&Path>, usual: Self) -> Result<Self> {
        let end = out.and_then(Path::extension).map(|end| end.to_string_lossy().to_lowercase());
        let (None, Some(end)) = (to, end) else { return Ok(to.unwrap_or(usual)) };
        Self::ALL.into_iter().find(|form| form.end() == end).ok_or_else(|| {
            Error::new(format!("a table is not written as `.{}`", clip(&safe(&end), 20)))
                .hint(format!(
                    "end the name in {}",
                    list(&Self::ALL.map(|form| format!(".{}", form.end())), "or")
                ))
                .hint("or say the form, and the file may have any name: --to csv")
        })
    }

    /// The end of a file's name.
    pub(super) fn end(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Json => "json",
        }
    }
}

/// Runs the verb.
pub(super) fn run(what: What, args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    let form = Form::asked(args.to, args.out.as_deref(), Form::Csv)?;
    let place = match what {
        What::Policies => args.selectors.place(directory, ui)?,
        What::Of(_) | What::Evidence => args.selectors.without_history(directory, ui)?,
    };
    let Place { program, clock, .. } = &place;
    let table = ui.busy("writing", || match what {
        What::Of(kind) => exchange::table(kind, program),
        What::Evidence => exchange::evidence(program),
        What::Policies => exchange::policies(&Judgement::new(program, *clock, None)),
    });
    let bytes = written(&table, form)?;
    if args.out.as_deref() == Some(Path::new("-")) {
        if form == Form::Xlsx {
            return Err(
                Error::new("a workbook cannot be shown on a terminal").hint("name a file: --out FILE")
            );
        }
        ui::print(&without_commands(String::from_utf8_lossy(&bytes).into_owned()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let name = || PathBuf::from(format!("{}.{}", table.name, form.end()));
    let out = target(args.out.clone().unwrap_or_else(name), args.force)?;
    ui::write_file(&out, &bytes)?;
    ui::print(&format!("Wrote {}: {}\n", safe(&out.display().to_string()), count(table.rows.len(), "row")))?;
    Ok(ExitCode::SUCCESS)
}

/// The table in a form.
pub(super) fn written(table: &Table, form: Form) -> Result<Vec<u8>> {
    let failed =
        |fault: std::io::Error| Error::new(format!("the {} could not be written", form.end())).because(fault);
    Ok(match form {
        Form::Csv => table::csv(table).into_bytes(),
        Form::Xlsx => table::xlsx(&[table], None).map_err(failed)?,
        Form::Json => table::json(&[table]).map_err(failed)?.into_bytes(),
    })
}

/// Where to write; what is there already is not written over unasked.
pub(super) fn target(out: PathBuf, force: bool) -> Result<PathBuf> {
    if !force && out.symlink_metadata().is_ok() {
        return Err(Error::new(format!("`{}` is there already", safe(&out.display().to_string())))
            .hint("--force writes over it; or --out another name"));
    }
    Ok(out)
}
