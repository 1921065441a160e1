//! `soc2 import people`, `vendors`, `controls`, `risks`, `training`, `acknowledgements`: a list from a spreadsheet, as rows of a
//! register or as drafts of controls. What is understood is shown first; rows that are here already stay as they are.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;

use crate::commands::init::behind_a_link;
use crate::commands::place::{Place, Selectors};
use crate::commands::register;
use crate::error::{Error, Result};
use crate::exchange::{self, Asked, Kind, List, Mapped, Plan};
use crate::program::Program;
use crate::rows;
use crate::sheet::{Order, letters};
use crate::source::{CSV_CAP, TEXT_CAP};
use crate::text::{capitalized, clip, count, list, nearest, safe, some, word};
use crate::ui::{self, Ui};

/// A list whose rows are taken over as they are.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The list: a workbook (.xlsx) or comma-separated text.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The sheet of the workbook; without it the one whose headings are understood best.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// The field that a column fills, where its heading does not tell: by heading or letter, such as `Starts=start` or `F=start`.
    /// Repeatable.
    #[arg(long = "map", value_name = "COLUMN=FIELD", value_parser = Mapped::parse)]
    maps: Vec<Mapped>,
    /// The tool that wrote the list: only the columns that its documentation names are read.
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,
    /// What comes first in a day such as 3/4/2026, where the list does not settle it: month-first or day-first.
    #[arg(long, value_name = "ORDER", hide_possible_values = true)]
    dates: Option<Dates>,
    /// Show what was understood and what would be added; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// A list that may say what a person has to stand for.
#[derive(Debug, clap::Args)]
pub(super) struct StatedArgs {
    #[command(flatten)]
    args: Args,
    /// Take over what the list states of status, reviews and acceptances too, instead of leaving it for a person to state here.
    #[arg(long)]
    as_stated: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Dates {
    MonthFirst,
    DayFirst,
}

/// Runs the verb for a list that states nothing that a person has to stand for.
pub(super) fn run(kind: Kind, args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    import(kind, args, false, directory, ui)
}

/// Runs the verb.
pub(super) fn run_stated(kind: Kind, args: &StatedArgs, directory: &Path, ui: Ui) -> Result<ExitCode> {
    import(kind, &args.args, args.as_stated, directory, ui)
}

fn import(kind: Kind, args: &Args, as_stated: bool, directory: &Path, ui: Ui) -> Result<ExitCode> {
    let preset = args.preset.as_deref().map(|name| preset(kind, name)).transpose()?;
    let Place { root, program, .. } = Selectors::default().without_history(directory, ui)?;
    let bytes = super::bytes(&args.file)?;
    let shown = clip(&safe(&args.file.display().to_string()), 100);
    let order = args.dates.map(|dates| match dates {
        Dates::MonthFirst => Order::MonthFirst,
        Dates::DayFirst => Order::DayFirst,
    });
    let asked = Asked { sheet: args.sheet.as_deref(), maps: &args.maps, preset, order, as_stated };
    let read = ui.busy("reading", || exchange::read(kind, &bytes, &asked, &program));
    let list = read.map_err(|why| refused(kind, &shown, &why))?;
    let plan = exchange::plan(kind, &list, &program);
    let mut out = understood(kind, &list, &shown);
    out.push_str(&changes(kind, &list, &plan));
    let from = args.file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let texts = texts(kind, &root, &program, &plan, &from)?;
    let mut told = list.told.clone();
    told.extend(list.listed.told.iter().cloned());
    told.extend(plan.told.iter().cloned());
    if args.dry_run {
        out.push_str("Nothing was written: --dry-run\n");
    } else if texts.is_empty() {
        out.push_str(&format!("Nothing to write: {}\n", nothing(&list, &plan)));
    } else {
        for (path, text) in &texts {
            ui::write_file(&root.join(path), text.as_bytes())?;
        }
        let paths: Vec<String> = texts.iter().map(|(path, _)| safe(path)).collect();
        out.push_str(&format!("Wrote {}\n", some(&paths, 4)));
    }
    if ui.verbosity >= 0 && !args.dry_run && list.listed.read > 0 {
        out.push_str(&next(kind, &plan, &program, directory));
    }
    ui::print(&out)?;
    told.iter().for_each(|one| ui::tell(&format!("note: {one}")));
    Ok(ExitCode::SUCCESS)
}

fn preset(kind: Kind, name: &str) -> Result<&'static exchange::Preset> {
    exchange::preset(kind, name).ok_or_else(|| {
        let names: Vec<&str> = exchange::presets(kind).map(|preset| preset.name).collect();
        let error = Error::new(format!("there is no preset `{}` for {}", clip(&safe(name), 40), kind.word()));
        match nearest(name, names.iter().copied()) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None if names.is_empty() => {
                error.hint("its headings are understood without one, or with --map COLUMN=FIELD")
            }
            None => error
                .hint(format!("presets are {}", list(&names, "and")))
                .hint("the usual headings of other tools are understood without one"),
        }
    })
}

fn refused(kind: Kind, shown: &str, why: &str) -> Error {
    let error = Error::new(format!("`{shown}` {why}"));
    if why.contains("either of two days") {
        return error.hint("say what comes first: --dates month-first or --dates day-first");
    }
    if !why.contains("is not understood") {
        return error;
    }
    let names: Vec<&str> = kind.fields().iter().map(|field| field.name).collect();
    error.hint(format!("say which column is what: --map COLUMN=FIELD; fields are {}", names.join(", ")))
}

/// What was made of the list.
fn understood(kind: Kind, read: &List, shown: &str) -> String {
    let sheet = if read.sheet.is_empty() {
        String::new()
    } else {
        format!(", sheet `{}`", clip(&safe(&read.sheet), 40))
    };
    let columns = &read.columns;
    let mut out =
        format!("{shown}{sheet}: headings in row {}, {}\n", columns.header, count(read.listed.read, "row"));
    for field in kind.fields() {
        if let Some((column, heading)) = columns.of.get(field.name) {
            out.push_str(&format!(
                "  {:<26} {:>3}  {}\n",
                field.name,
                letters(*column),
                clip(&safe(heading), 60)
            ));
        }
    }
    if !columns.others.is_empty() {
        out.push_str(&format!(
            "  not read: {}\n    to read one: --map COLUMN=FIELD\n",
            some(&columns.others, 10)
        ));
    }
    for (why, headings) in &columns.never {
        out.push_str(&format!("  never read: {} ({why})\n", some(headings, 10)));
    }
    if !columns.stated.is_empty() {
        out.push_str(&format!(
            "  not taken over: {} (for a person to state here; --as-stated takes the list's word for it)\n",
            some(&columns.stated, 6)
        ));
    }
    out
}

/// What the list adds, and what it says otherwise.
fn changes(kind: Kind, read: &List, plan: &Plan) -> String {
    let mut out = format!(
        "{} added, {} as before, {}, {} left out\n",
        plan.added.len(),
        plan.same,
        if plan.differs.len() == 1 {
            "1 differs".to_owned()
        } else {
            format!("{} differ", plan.differs.len())
        },
        read.listed.left.len()
    );
    if !plan.added.is_empty() {
        let ids: Vec<String> = plan.added.iter().map(|row| clip(&safe(&row.id), 60)).collect();
        out.push_str(&format!("  added: {}\n", some(&ids, 12)));
    }
    for (id, words) in plan.differs.iter().take(40) {
        out.push_str(&format!("  differs: {}: {}\n", clip(&safe(id), 60), words.join("; ")));
    }
    if plan.differs.len() > 40 {
        out.push_str(&format!("  and {} more\n", plan.differs.len() - 40));
    }
    if !plan.differs.is_empty() {
        let what = if kind == Kind::Controls { "Controls" } else { "Rows" };
        out.push_str(&format!(
            "  {what} that are here are never changed: where the list is right, edit them by hand\n"
        ));
    }
    for left in read.listed.left.iter().take(12) {
        out.push_str(&format!("  left out: {left}\n"));
    }
    if read.listed.left.len() > 12 {
        out.push_str(&format!("  and {} more\n", read.listed.left.len() - 12));
    }
    out
}

/// Why a list adds nothing.
fn nothing(read: &List, plan: &Plan) -> String {
    if read.listed.read == 0 {
        return format!("there is no row below the headings in row {}", read.columns.header);
    }
    if plan.same + plan.differs.len() == 0 {
        return "every row was left out".to_owned();
    }
    "all of it is here already".to_owned()
}

/// The files to write, all of them made before any is written.
fn texts(
    kind: Kind,
    root: &Path,
    program: &Program,
    plan: &Plan,
    from: &str,
) -> Result<Vec<(String, String)>> {
    if plan.added.is_empty() {
        return Ok(Vec::new());
    }
    if kind == Kind::Controls {
        return controls(root, plan, from);
    }
    let beginning = format!("# {}: soc2 explain {}\n", capitalized(kind.word()), kind.word());
    let larger = |path: &str| {
        Error::new(format!("`{}` would grow larger than a register may be", safe(path)))
            .hint(format!(
                "keep older rows in a file of their own: registers/{0}/2025.yaml belongs to {0}",
                kind.word()
            ))
            .hint("or import the list in parts")
    };
    let fits = |text: &str, cap: u64| u64::try_from(text.len()).is_ok_and(|length| length <= cap);
    let path = into(kind, program);
    if path.ends_with(".csv") {
        let text = register::text(root, program, &path, "")?;
        if let Some(longer) = exchange::csv_rows(kind, &text, &plan.added) {
            return if fits(&longer, CSV_CAP) { Ok(vec![(path, longer)]) } else { Err(larger(&path)) };
        }
    }
    let path = if path.ends_with(".csv") { format!("registers/{}.yaml", kind.word()) } else { path };
    let text = register::text(root, program, &path, &beginning)?;
    let added = exchange::rows(kind, &plan.added);
    let (edited, _) = rows::edited(&text, &[], &added).map_err(|why| {
        // A register has a most of rows; where one more has its place, it is that all of them have none.
        let one = added.get(..1).is_some_and(|first| rows::edited(&text, &[], first).is_ok());
        if one { larger(&path) } else { Error::new(format!("`{}` is left as it is: {why}", safe(&path))) }
    })?;
    if fits(&edited, TEXT_CAP) { Ok(vec![(path, edited)]) } else { Err(larger(&path)) }
}

/// The file of a register that new rows go into: the last one in YAML, else the last one in CSV, else a new one.
fn into(kind: Kind, program: &Program) -> String {
    let name = kind.word();
    let (whole, folder) = (format!("registers/{name}."), format!("registers/{name}/"));
    let paths = program.sources.files().map(|(file, _)| program.sources.path(file));
    let own: Vec<&str> = paths.filter(|path| path.starts_with(&whole) || path.starts_with(&folder)).collect();
    let last = |end: &str| own.iter().copied().filter(|path| path.ends_with(end)).max();
    last(".yaml").or_else(|| last(".csv")).map_or(format!("registers/{name}.yaml"), str::to_owned)
}

/// A file for each control; nothing is written where one is in the way.
fn controls(root: &Path, plan: &Plan, from: &str) -> Result<Vec<(String, String)>> {
    let mut texts = Vec::new();
    let mut there = Vec::new();
    let mut paths: BTreeSet<String> = BTreeSet::new();
    for row in &plan.added {
        let (path, text) = exchange::control_file(row, from)
            .map_err(|why| Error::new(format!("`{}` cannot be written: {why}", safe(&row.id))))?;
        let disk = root.join(&path);
        if behind_a_link(root, &disk) || disk.symlink_metadata().is_ok() || !paths.insert(path.clone()) {
            there.push(safe(&path));
        } else if u64::try_from(text.len()).unwrap_or(u64::MAX) > TEXT_CAP {
            return Err(Error::new(format!("`{}` has more text than a control may have", safe(&row.id))));
        } else {
            texts.push((path, text));
        }
    }
    if there.is_empty() {
        return Ok(texts);
    }
    Err(Error::new(format!(
        "{} there already, or behind a link: {}",
        if there.len() == 1 { "a file is" } else { "files are" },
        some(&there, 4)
    ))
    .hint("nothing was written; soc2 check tells what is wrong with them, or give the rows another id"))
}

/// What to type next.
fn next(kind: Kind, plan: &Plan, program: &Program, directory: &Path) -> String {
    let folder = directory.to_string_lossy();
    let folder = if folder == "." { String::new() } else { format!(" -C {}", word(&safe(&folder))) };
    let check = format!("soc2 check{folder}");
    match kind {
        Kind::People => {
            let vacant: Vec<String> = program
                .registers
                .roles
                .iter()
                .filter(|role| role.held.iter().all(|held| held.to.is_some()))
                .map(|role| safe(&role.id))
                .collect();
            if vacant.is_empty() {
                return format!("Next: {check}\n");
            }
            format!("Next: say in registers/roles.yaml who holds {}, then {check}\n", some(&vacant, 4))
        }
        Kind::Controls if !plan.added.is_empty() => format!(
            "Next: read each draft, then set `status: implemented` and `effective_from` on what already runs; {check}\n"
        ),
        Kind::Risks | Kind::Vendors | Kind::Controls => {
            format!("Next: complete what is missing, {check} names it\n")
        }
        Kind::Training | Kind::Acknowledgements => format!("Next: {check}\n"),
    }
}
