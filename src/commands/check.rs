//! `soc2 check`: diagnostics and gaps.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::civil::Date;

use super::audit;
use super::place::{Place, Selectors};
use crate::error::{Error, Result};
use crate::output::{self, FORMATS, Format, View};
use crate::record::Scalar;
use crate::report::Report;
use crate::text::{list, nearest};
use crate::timeline::Judgement;
use crate::ui::{self, Ui};

/// Find faults in the text and gaps in the programme.
///
/// Exits with 0 when no fault must be mended, with 1 when one must (or with --strict a blocking gap is open), with 2
/// when it could not work.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    selectors: Selectors,
    /// Judge this audit only.
    #[arg(long, value_name = "ID")]
    audit: Option<String>,
    /// Fail when a blocking gap is open.
    #[arg(long)]
    strict: bool,
    /// Show notes too: points of focus nobody speaks to, and the like.
    #[arg(long)]
    notes: bool,
    /// Format of the report, to a file after `=`; may be given several times: human, json, sarif, github, markdown.
    #[arg(long, value_name = "NAME[=FILE]", value_parser = target)]
    format: Vec<Target>,
}

/// A format and where it goes.
#[derive(Clone)]
struct Target {
    format: &'static Format,
    file: Option<PathBuf>,
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}={:?}", self.format.name, self.file)
    }
}

/// Reads a day.
pub(super) fn date(text: &str) -> std::result::Result<Date, String> {
    Date::parse(text).map_err(|fault| format!("{}; {}", fault.message, fault.help))
}

fn target(text: &str) -> std::result::Result<Target, String> {
    let (name, file) = match text.split_once('=') {
        Some((name, file)) => (name, Some(PathBuf::from(file))),
        None => (text, None),
    };
    let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    output::find(name).map(|format| Target { format, file }).ok_or_else(|| {
        match nearest(name, names.iter().copied()) {
            Some(near) => format!("there is no format `{name}`; did you mean `{near}`?"),
            None => format!("there is no format `{name}`; formats are {}", list(&names, "and")),
        }
    })
}

/// Runs the verb.
pub fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    let Place { program, clock, prefix, read, .. } = args.selectors.place(directory, ui)?;
    if let Some(asked) = &args.audit {
        audit::known(&program, asked)?;
    }
    let judgement = Judgement::new(&program, clock, args.audit.as_deref());
    let report = ui.busy("judging", || Report::new(&judgement));
    let view = View {
        judgement: &judgement,
        report: &report,
        ui,
        notes: args.notes,
        strict: args.strict,
        prefix,
        read,
    };
    let human = Target {
        format: FORMATS.iter().copied().find(|f| f.name == "human").unwrap_or(FORMATS[0]),
        file: None,
    };
    let targets = if args.format.is_empty() { std::slice::from_ref(&human) } else { &args.format[..] };
    if targets.iter().filter(|target| target.file.is_none()).count() > 1 {
        return Err(Error::new("two reports cannot share stdout")
            .hint("send one to a file: --format github --format markdown=summary.md"));
    }
    for target in targets {
        let text = target
            .format
            .render(&view)
            .map_err(|e| Error::new(format!("cannot write format `{}`", target.format.name)).because(e))?;
        match &target.file {
            Some(file) => {
                let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
                if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
                    return Err(Error::new(format!("there is no folder `{}`", folder.display())));
                }
                ui::write_file(file, text.as_bytes())?;
            }
            None => ui::print(&text)?,
        }
    }
    let code = ExitCode::from(u8::from(report.fails(args.strict)));
    // Taking a large programme apart piece by piece would only delay the end of the process.
    std::mem::forget((report, program));
    Ok(code)
}
