//! `soc2 check`: diagnostics and gaps.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::civil::Date;

use super::audit;
use super::base::{self, AUTO, Loaded};
use super::place::{Place, Selectors};
use crate::change::changes;
use crate::error::{Error, Result};
use crate::gate::{Base, Gate, State};
use crate::output::{self, FORMATS, Format, View};
use crate::record::Scalar;
use crate::report::Report;
use crate::text::{list, nearest, word};
use crate::timeline::{Clock, Judgement};
use crate::ui::{self, Ui};

/// Find faults in the text and gaps in the programme.
///
/// Exits with 0 when no fault must be mended, with 1 when one must (or with --strict a blocking gap is open), with 2
/// when it could not work. With --base only a new fault or a regression fails: weakening does, telling the truth never.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    selectors: Selectors,
    /// Judge what the change since this revision does: fail only on what it weakens or breaks. Without a revision, or with
    /// `auto`, the target of the pull request or merge request that runs this.
    #[arg(long, value_name = "REV", num_args = 0..=1, default_missing_value = AUTO)]
    base: Option<String>,
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
    let mut place = args.selectors.without_history(directory, ui)?;
    let of_commit = args.selectors.at.is_some();
    let base = args.base.as_deref().map(|asked| base::load(asked, &place, of_commit, ui)).transpose()?;
    if base.is_some() {
        args.selectors.list_keys(&mut place);
    }
    args.selectors.remember(&mut place, base.as_ref().map(|base| base.commit), ui);
    let Place { program, clock, prefix, read, .. } = place;
    let before = base.as_ref().and_then(|base| base.program.as_ref());
    // A base that says nothing of its scope has no terms to judge by.
    let terms = before.filter(|before| before.config.is_some()).unwrap_or(&program);
    let only = args.audit.as_deref();
    if let Some(asked) = only {
        audit::known(terms, asked)?;
    }
    let judgement = Judgement::under(&program, terms, clock, only);
    let report = ui.busy("judging", || Report::new(&judgement));
    let before = before.map(|before| {
        let judgement = Judgement::under(before, terms, clock, only);
        let report = ui.busy("judging the base", || Report::new(&judgement));
        (judgement, report)
    });
    let changes = before.as_ref().map_or_else(Vec::new, |(before, _)| changes(before.program, &program));
    let gate = base.as_ref().map(|base| {
        let state = before.as_ref().map(|(judgement, report)| State { judgement, report });
        let compared = Base {
            asked: base.asked.clone(),
            commit: base.commit.id(),
            short: base.commit.short(),
            prefix: base.prefix.clone(),
            state,
            command: again(args, base, directory, clock),
        };
        Gate::new(compared, State { judgement: &judgement, report: &report }, &changes)
    });
    let view = View {
        judgement: &judgement,
        report: &report,
        ui,
        notes: args.notes,
        strict: args.strict,
        prefix,
        read,
        gate: gate.as_ref(),
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
    let code = ExitCode::from(u8::from(view.fails()));
    // Taking a large programme apart piece by piece would only delay the end of the process.
    std::mem::forget((report, before, changes));
    std::mem::forget((program, base));
    Ok(code)
}

/// The command that says the same again.
fn again(args: &Args, base: &Loaded, directory: &Path, clock: Clock) -> String {
    let Selectors { at, staged, .. } = &args.selectors;
    let mut command = "soc2 check".to_owned();
    if directory.is_relative() && directory != Path::new(".") {
        command.push_str(&format!(" -C {}", word(&directory.to_string_lossy())));
    }
    command.push_str(&format!(" --base {}", word(&base.asked)));
    for (flag, value) in [("--at", at), ("--audit", &args.audit)] {
        if let Some(value) = value {
            command.push_str(&format!(" {flag} {}", word(value)));
        }
    }
    for (flag, given) in [(" --staged", *staged), (" --strict", args.strict)] {
        command.push_str(if given { flag } else { "" });
    }
    format!("{command} --as-of {}", clock.as_of)
}
