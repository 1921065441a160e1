//! What an import of another tool's files does in every case: read, look at what is there, write what is not, tell the rest.
//! Everything is known before anything is written; what is there is never overwritten; a second run changes nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::{foreign, told};
use crate::adopt::{Fate, Foreign, NewFile, Origin, Remark, Setting, Taking, Variable, Wants};
use crate::commands::clock;
use crate::commands::init::behind_a_link;
use crate::error::{Error, Result};
use crate::program::Program;
use crate::record::Target;
use crate::scaffold::{self, Answers};
use crate::source::{FOLDERS, ROOT_FILE, Sources, TEXT_CAP};
use crate::text::{clip, is_slug, safe, some};
use crate::ui::{self, Ui};

/// The flags that all of them have.
#[derive(Debug, clap::Args)]
pub(super) struct Common {
    /// Folder of the programme it goes into; one that is not there is made. Without it the programme at -C.
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    /// Legal name of the organization, for a new programme; what the files say unless given.
    #[arg(long)]
    name: Option<String>,
    /// Role that answers for what is taken over, until somebody names another.
    #[arg(long, value_name = "ROLE", default_value = "security-lead")]
    owner: String,
    /// Take what can be read, and tell what cannot; without it one file that cannot be read stops all.
    #[arg(long)]
    skip_unreadable: bool,
    /// Show what would be written; write nothing but the report.
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Write all that is to be told of each file, and not its beginning only: what was taken, changed and left.
    #[arg(long, value_name = "FILE.md")]
    report: Option<PathBuf>,
}

/// A kind of import.
pub(super) struct Source<'s> {
    /// The folder, as typed.
    pub(super) dir: &'s Path,
    /// What it is called in a sentence.
    pub(super) noun: &'static str,
    pub(super) wants: Wants,
    pub(super) adopt: fn(&Foreign, &str) -> Taking,
}

/// Where it goes.
struct Place {
    root: PathBuf,
    /// None where it is to be made.
    program: Option<Program>,
    /// As typed, for commands to type next.
    typed: PathBuf,
}

/// A file, and what is at its place.
pub(super) struct Placed {
    pub(super) file: NewFile,
    pub(super) there: There,
}

/// What is at a file's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum There {
    Nothing,
    Same,
    /// Something else, which stays; the words say what.
    Other(String),
}

/// Runs an import.
pub(super) fn run(source: &Source<'_>, common: &Common, directory: &Path, ui: Ui) -> Result<ExitCode> {
    if !is_slug(&common.owner) {
        return Err(
            Error::new(format!("`{}` is no role's id", safe(&common.owner))).hint("such as security-lead")
        );
    }
    let dir = folder(source.dir)?;
    let target = target(common, directory)?;
    known_owner(&common.owner, target.program.as_ref())?;
    apart(&dir, &target.root)?;
    let found = foreign::read(&dir, source.wants, &target.root)?;
    let mut taking = (source.adopt)(&found, &common.owner);
    too_large(&mut taking);
    let faults = std::mem::take(&mut taking.faults);
    let nothing = taking.adopted.files.is_empty();
    if !faults.is_empty() && (nothing || !common.skip_unreadable) {
        // Where nothing can be taken, what is there instead may be what was meant.
        let left: &[Remark] = if nothing { &taking.adopted.remarks } else { &[] };
        return Err(refused(&faults, left, nothing, source.noun));
    }
    taking.adopted.remarks.extend(faults);
    let mut files = taking.adopted.files.clone();
    if target.program.is_none() {
        files.extend(ground(common, &taking)?);
    }
    let placed: Vec<Placed> = files.into_iter().map(|file| look(file, &target)).collect();
    remark(&placed, &mut taking.adopted.remarks);
    let missing = missing_variables(&taking, target.program.as_ref());
    let report =
        told::Told { source, target: &target.typed, placed: &placed, remarks: &taking.adopted.remarks };
    let written = report_file(common, &report)?;
    if !common.dry_run {
        write(&placed, &target.root)?;
    }
    let mut out = report.summary(common.dry_run, target.program.is_none(), ui);
    out.push_str(&variables(&missing));
    if let Some((path, text)) = &written {
        ui::write_file(path, text.as_bytes())?;
        out.push_str(&format!("The whole report: {}\n", safe(&path.to_string_lossy())));
    }
    if ui.verbosity >= 0 {
        out.push_str(&report.next(common, directory));
    }
    ui::print(&out)?;
    Ok(ExitCode::SUCCESS)
}

/// Refuses an owner that a programme with roles does not know: every file would have the same fault.
fn known_owner(owner: &str, program: Option<&Program>) -> Result<()> {
    let Some(program) = program else { return Ok(()) };
    if program.registers.roles.is_empty() || program.resolves(Target::Holder, owner) {
        return Ok(());
    }
    let roles: Vec<&str> = program.registers.roles.iter().map(|role| &*role.id.value.0).collect();
    Err(Error::new(format!("there is no role `{}` in this programme", safe(owner)))
        .hint(format!("name who answers for what is taken over: --owner {}", some(&roles, 6))))
}

/// A folder that is there, as the file system calls it.
fn folder(path: &Path) -> Result<PathBuf> {
    let meta = fs::metadata(path).map_err(|e| Error::io(path, &e))?;
    if !meta.is_dir() {
        return Err(Error::new(format!("`{}` is not a folder", safe(&path.to_string_lossy())))
            .hint("unpack an archive first, or name the folder that holds the file"));
    }
    fs::canonicalize(path).map_err(|e| Error::io(path, &e))
}

fn target(common: &Common, directory: &Path) -> Result<Place> {
    let existing = |root: PathBuf, typed: PathBuf| -> Result<Place> {
        let program = Program::load(Sources::read(&root)?);
        Ok(Place { root, program: Some(program), typed })
    };
    let Some(into) = &common.into else {
        let root = Sources::find_root(directory)
            .map_err(|error| error.hint("or have a programme made of what is imported: --into DIR"))?;
        return existing(root, directory.to_owned());
    };
    let typed = into.clone();
    let root = real(&typed)?;
    if root.join(ROOT_FILE).is_file() {
        return existing(root, typed);
    }
    let shown = safe(&typed.to_string_lossy());
    if root.exists() && !root.is_dir() {
        return Err(Error::new(format!("`{shown}` is not a folder")));
    }
    if let Some(above) = root.ancestors().skip(1).find(|folder| folder.join(ROOT_FILE).is_file()) {
        return Err(Error::new(format!("`{}` holds a programme already", safe(&above.to_string_lossy())))
            .hint("a programme cannot live inside another: leave out --into to add to it"));
    }
    if let Some(name) = FOLDERS.iter().find(|name| root.join(name).symlink_metadata().is_ok()) {
        return Err(Error::new(format!("`{shown}` has a folder `{name}` and no `{ROOT_FILE}`"))
            .hint("name another folder, or start a programme there: soc2 init"));
    }
    Ok(Place { root, program: None, typed })
}

/// A path as the file system calls it, as far as it is there.
fn real(path: &Path) -> Result<PathBuf> {
    let path = std::path::absolute(path).map_err(|e| Error::io(path, &e))?;
    let there = path.ancestors().find(|folder| folder.exists()).unwrap_or(&path);
    let mut real = fs::canonicalize(there).map_err(|e| Error::io(there, &e))?;
    if let Ok(rest) = path.strip_prefix(there) {
        real.extend(rest.components());
    }
    Ok(real)
}

/// Nothing is read from where it is written.
fn apart(dir: &Path, root: &Path) -> Result<()> {
    let below = dir.strip_prefix(root).ok();
    let first = below.and_then(|below| below.components().next());
    let own = first.is_some_and(|first| FOLDERS.iter().any(|name| first.as_os_str() == *name));
    if dir == root || own {
        return Err(Error::new("what is read belongs to the programme it would be written to")
            .hint("name the other tool's folder, or another one with --into"));
    }
    Ok(())
}

/// A text of ours that nobody could read again is a fault.
fn too_large(taking: &mut Taking) {
    let is_large = |file: &NewFile| {
        let text = file.path.ends_with(".md") || file.path.ends_with(".yaml");
        text && u64::try_from(file.bytes.len()).unwrap_or(u64::MAX) > TEXT_CAP
    };
    for file in taking.adopted.files.iter().filter(|file| is_large(file)) {
        let text = "would grow larger than 1 MiB: split it".to_owned();
        taking.faults.push(Remark { fate: Fate::Left, from: file.from.clone(), text });
    }
    taking.adopted.files.retain(|file| !is_large(file));
}

/// Files that cannot be read stop the import, and so does a folder that holds nothing to take.
fn refused(faults: &[Remark], left: &[Remark], nothing: bool, noun: &str) -> Error {
    let mut words = format!("nothing was written: the {noun} cannot be taken over as it is");
    for fault in faults.iter().take(20).chain(left.iter().take(5)) {
        words.push_str(&format!("\n  {}: {}", fault.from.shown(), clip(&safe(&fault.text), 300)));
    }
    if faults.len() > 20 {
        words.push_str(&format!("\n  and {} more", faults.len() - 20));
    }
    match nothing {
        true => Error::new(words).hint("nothing else in the folder can be taken: is it the right one?"),
        false => Error::new(words).hint("mend these files, or leave them out: --skip-unreadable"),
    }
}

/// The files of a new programme that holds nothing yet.
fn ground(common: &Common, taking: &Taking) -> Result<Vec<NewFile>> {
    let named = common.name.clone().or_else(|| taking.ground.organization.clone());
    let organization = named.filter(|name| !name.trim().is_empty()).ok_or_else(|| {
        Error::new("the organization has no name").hint("for a new programme, give it: --name \"Acme, Inc.\"")
    })?;
    let mut categories = vec!["security".to_owned()];
    categories.extend(taking.ground.categories.iter().cloned());
    let answers = Answers {
        system: organization.clone(),
        organization,
        staff: 1,
        office: false,
        categories,
        audit: None,
        timezone: "UTC".to_owned(),
        holders: [None, None, None, None],
        today: clock::today(&jiff::tz::TimeZone::UTC),
        prefix: String::new(),
    };
    let lines: String = taking.ground.variables.iter().map(variable).collect();
    let made = scaffold::ground(&answers).into_iter().map(|file| {
        let text = if file.path == ROOT_FILE { format!("{}{lines}", file.text) } else { file.text };
        NewFile { path: file.path, bytes: text.into_bytes(), from: Origin::file("") }
    });
    Ok(made.collect())
}

/// A variable as a line of `soc2.toml`, under where it comes from.
fn variable(variable: &Variable) -> String {
    let value = match &variable.value {
        Setting::Text(text) => toml::Value::String(safe(text)).to_string(),
        Setting::Flag(flag) => flag.to_string(),
    };
    format!("# from {}\n{} = {value}\n", variable.from.shown(), variable.name)
}

/// Variables that texts use and a programme that is there does not have.
fn missing_variables<'t>(taking: &'t Taking, program: Option<&Program>) -> Vec<&'t Variable> {
    let Some(program) = program else { return Vec::new() };
    let known = program.config.as_ref().map_or(&[][..], |config| &config.variables.0);
    let is_known = |one: &&Variable| known.iter().any(|(name, _)| *name.value == *one.name);
    taking.ground.variables.iter().filter(|one| !is_known(one)).collect()
}

fn variables(missing: &[&Variable]) -> String {
    if missing.is_empty() {
        return String::new();
    }
    let lines: String = missing.iter().map(|one| variable(one)).collect();
    format!("The texts use variables that soc2.toml does not have. Add below its [variables]:\n\n{lines}\n")
}

/// What stands at a file's place, or has its id elsewhere.
fn look(file: NewFile, target: &Place) -> Placed {
    let path = target.root.join(&file.path);
    let there = match path.symlink_metadata() {
        _ if behind_a_link(&target.root, &path) => There::Other("the folder is a link".to_owned()),
        Ok(meta) if meta.is_symlink() => There::Other("a link stands there".to_owned()),
        Ok(meta) if !meta.is_file() => There::Other("something that is no file stands there".to_owned()),
        Ok(_) if fs::read(&path).is_ok_and(|bytes| bytes == file.bytes) => There::Same,
        Ok(_) => There::Other("it was changed since, or is another's".to_owned()),
        Err(_) => taken_elsewhere(&file.path, target).map_or(There::Nothing, There::Other),
    };
    Placed { file, there }
}

/// A programme that has the id of a new file in another file.
fn taken_elsewhere(path: &str, target: &Place) -> Option<String> {
    let program = target.program.as_ref()?;
    let (folder, rest) = path.split_once('/')?;
    let id = rest.rsplit('/').next()?.rsplit_once('.')?.0;
    let at = match folder {
        "policies" => program.policies.get(*program.names.policies.get(id)?)?.file,
        "procedures" => program.procedures.get(*program.names.procedures.get(id)?)?.file,
        "controls" => program.controls.get(*program.names.controls.get(id)?)?.id.at.file,
        _ => return None,
    };
    Some(format!("the id is taken in `{}`", safe(program.sources.path(at))))
}

/// What is not written is told like the rest.
fn remark(placed: &[Placed], remarks: &mut Vec<Remark>) {
    for one in placed {
        if let There::Other(why) = &one.there {
            let text = format!("`{}` is left as it is: {why}", safe(&one.file.path));
            remarks.push(Remark { fate: Fate::Left, from: one.file.from.clone(), text });
        }
    }
}

/// The report's path and text, where one is wanted and may be written.
fn report_file(common: &Common, report: &told::Told<'_>) -> Result<Option<(PathBuf, String)>> {
    let Some(path) = &common.report else { return Ok(None) };
    let path = path.clone();
    let text = report.whole();
    if path.symlink_metadata().is_ok() && !fs::read(&path).is_ok_and(|there| there == text.as_bytes()) {
        return Err(Error::new(format!("`{}` is there already", safe(&path.to_string_lossy())))
            .hint("nothing is overwritten: name another file for the report"));
    }
    Ok(Some((path, text)))
}

/// Writes what is not there. When anything fails, what was written is taken away again.
fn write(placed: &[Placed], root: &Path) -> Result<()> {
    let mut written: Vec<PathBuf> = Vec::new();
    let new = placed.iter().filter(|one| one.there == There::Nothing);
    // The root file comes last: until it is there, nothing takes the folder for a programme.
    let (last, first): (Vec<&Placed>, Vec<&Placed>) = new.partition(|one| one.file.path == ROOT_FILE);
    for one in first.into_iter().chain(last) {
        let path = root.join(&one.file.path);
        if let Err(error) = ui::write_file(&path, &one.file.bytes) {
            for path in written.iter().rev() {
                let _ = fs::remove_file(path);
                let mut folders = path.ancestors().skip(1).take_while(|folder| folder.starts_with(root));
                // Folders that are not empty were there before, or hold another's files.
                let _ = folders.try_for_each(fs::remove_dir);
            }
            return Err(error);
        }
        written.push(path);
    }
    Ok(())
}
