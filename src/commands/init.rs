//! `soc2 init`: a new programme, to the size of the company. Asks on a terminal, takes flags otherwise, never
//! overwrites.

mod questions;
mod told;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::check::date;
use super::clock;
use crate::error::{Error, Result};
use crate::git;
use crate::model::AuditType;
use crate::program::Program;
use crate::scaffold::{self, Answers, AuditAnswer, Contact, NewFile};
use crate::source::{ROOT_FILE, Sources};
use crate::ui::{self, Ui};

/// Start a programme: controls, policies, procedures, narratives, registers and a workflow, all drafts.
///
/// Asks what it needs on a terminal; every question has a flag. Files that exist are left alone.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder of the programme; made if it is not there.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Add the templates that are missing to a programme that is already there.
    #[arg(long)]
    add: bool,
    /// Legal name of the organisation.
    #[arg(long)]
    name: Option<String>,
    /// Name of the system that is examined; the organisation's unless given.
    #[arg(long)]
    system: Option<String>,
    /// How many people work here, contractors included; up to 50 get the smaller set of controls.
    #[arg(long, value_parser = staff)]
    staff: Option<u64>,
    /// Is there an office to lock, or is everybody remote?
    #[arg(long, value_parser = ["office", "remote"])]
    site: Option<String>,
    /// Categories in scope: security, availability, confidentiality, processing-integrity, privacy.
    #[arg(long, value_delimiter = ',')]
    categories: Option<Vec<String>>,
    /// Kind of report: type1 (as of --on) or type2 (--from, --to).
    #[arg(long = "type", value_parser = ["type1", "type2"])]
    kind: Option<String>,
    /// First day of the Type II window.
    #[arg(long, value_parser = date)]
    from: Option<Date>,
    /// Last day of the Type II window.
    #[arg(long, value_parser = date)]
    to: Option<Date>,
    /// Date of the Type I report.
    #[arg(long, value_parser = date, conflicts_with_all = ["from", "to"])]
    on: Option<Date>,
    /// Time zone of the organisation: America/New_York.
    #[arg(long)]
    timezone: Option<String>,
    /// Who answers for security: "Ann Lee <ann@acme.com>".
    #[arg(long, value_parser = Contact::parse)]
    security_lead: Option<Contact>,
    /// Who approves policies (the role `management`), another person.
    #[arg(long, value_parser = Contact::parse)]
    approver: Option<Contact>,
    /// Who runs engineering.
    #[arg(long, value_parser = Contact::parse)]
    engineering_lead: Option<Contact>,
    /// Who runs HR.
    #[arg(long, value_parser = Contact::parse)]
    hr_lead: Option<Contact>,
}

/// Runs the verb.
pub fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    let dir = directory.join(&args.dir);
    refuse_inside_another(&dir, args.add)?;
    let answers = if Ui::can_ask() { questions::ask(args, &dir)? } else { answers(args, &dir)? };
    fs::create_dir_all(&dir).map_err(|e| Error::io(&dir, &e))?;
    let dir = fs::canonicalize(&dir).map_err(|e| Error::io(&dir, &e))?;
    let (top, fresh) = match git::work_tree(&dir) {
        Some(top) => (top, false),
        None => (dir.clone(), true),
    };
    let answers = Answers { prefix: git::prefix(&dir), ..answers };
    let there = |path: &str| {
        let path = dir.join(path);
        path.symlink_metadata().is_ok().then(|| fs::read_to_string(&path).unwrap_or_default())
    };
    let files = scaffold::files(&answers, &there);
    let (written, left) = write(&files, &dir, &top)?;
    let git_started = if fresh { git::init(&dir) } else { Ok(()) };
    let told =
        told::Told { today: answers.today, written: &written, left: &left, dir: &dir, typed: &args.dir };
    told.print(args.add, ui)?;
    if let Err(why) = git_started {
        ui::tell(&format!(
            "git init did not work ({why}): run it yourself, git is where the programme lives"
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// A programme inside a programme would be read by both, and a second `init` would bring back what was deleted.
fn refuse_inside_another(dir: &Path, add: bool) -> Result<()> {
    let dir = std::path::absolute(dir).map_err(|e| Error::io(dir, &e))?;
    let there = dir.join(ROOT_FILE).is_file();
    if there && !add {
        let shown = dir.display();
        return Err(Error::new(format!("`{shown}` holds a programme already"))
            .hint("to add the templates that are missing: soc2 init --add")
            .hint("they include controls you may have deleted on purpose"));
    }
    let above = dir.ancestors().skip(1).find(|folder| folder.join(ROOT_FILE).is_file());
    match above {
        Some(above) if !there => Err(Error::new(format!("`{}` holds a programme already", above.display()))
            .hint("a programme cannot live inside another")),
        _ => Ok(()),
    }
}

/// Reads the number of staff.
fn staff(text: &str) -> std::result::Result<u64, String> {
    text.parse().ok().filter(|staff| *staff > 0).ok_or_else(|| "write a whole number above 0: 12".to_owned())
}

/// Writes what is not there; gives what was written and what was left alone.
fn write<'f>(files: &'f [NewFile], dir: &Path, top: &Path) -> Result<(Vec<&'f NewFile>, Vec<&'f NewFile>)> {
    let (mut written, mut left) = (Vec::new(), Vec::new());
    for file in files {
        let root = if file.in_git_root { top } else { dir };
        let path = root.join(&file.path);
        if path.symlink_metadata().is_ok() || behind_a_link(root, &path) {
            left.push(file);
        } else {
            ui::write_file(&path, file.text.as_bytes())?;
            written.push(file);
        }
    }
    Ok((written, left))
}

/// Is a folder on the way to a file a link? Then the file would land somewhere else.
pub(super) fn behind_a_link(root: &Path, path: &Path) -> bool {
    let mut folders = path.ancestors().skip(1).take_while(|folder| *folder != root);
    folders.any(|folder| folder.symlink_metadata().is_ok_and(|meta| meta.is_symlink()))
}

/// The answers from flags alone.
fn answers(args: &Args, dir: &Path) -> Result<Answers> {
    let there = Existing::of(dir);
    let organization = match (&args.name, &there.organization) {
        (Some(name), _) | (None, Some(name)) => name.clone(),
        (None, None) => {
            return Err(Error::new("the organisation has no name")
                .hint("without a terminal, give it: soc2 init --name \"Acme, Inc.\"")
                .hint("every other question has a flag too: soc2 init --help"));
        }
    };
    let audit = audit(args)?;
    let timezone = args.timezone.clone().or(there.timezone).unwrap_or_else(|| "UTC".to_owned());
    let zone = known_zone(&timezone)?;
    Ok(Answers {
        system: args.system.clone().or(there.system).unwrap_or_else(|| organization.clone()),
        organization: not_blank(organization)?,
        staff: args.staff.unwrap_or(20),
        office: args.site.as_deref() == Some("office"),
        categories: categories(args.categories.as_ref().or(there.categories.as_ref()).map_or(&[], |c| c))?,
        audit,
        timezone,
        holders: holders(args)?,
        today: clock::today(&zone),
        prefix: String::new(),
    })
}

/// What a programme that is already there says of itself: what is added has to fit it.
#[derive(Default)]
struct Existing {
    organization: Option<String>,
    system: Option<String>,
    timezone: Option<String>,
    /// Those of them that the built-in framework has.
    categories: Option<Vec<String>>,
}

impl Existing {
    fn of(dir: &Path) -> Self {
        let program = dir.join(ROOT_FILE).is_file().then(|| Sources::read(dir)).and_then(Result::ok);
        let Some(config) = program.and_then(|sources| Program::load(sources).config) else {
            return Self::default();
        };
        let organization = config.organization.as_ref();
        let timezone = organization.and_then(|own| own.timezone.as_ref()).map(|zone| zone.value.to_string());
        let categories = config.scope.as_ref().map(|scope| {
            let named = scope.categories.iter().map(|category| category.value.to_string());
            named.filter(|name| categories(std::slice::from_ref(name)).is_ok()).collect()
        });
        Self {
            organization: organization.and_then(|own| own.name.as_ref()).map(|name| name.value.to_string()),
            system: config
                .system
                .as_ref()
                .and_then(|own| own.name.as_ref())
                .map(|name| name.value.to_string()),
            timezone: timezone.filter(|zone| known_zone(zone).is_ok()),
            categories,
        }
    }
}

fn not_blank(name: String) -> Result<String> {
    if name.trim().is_empty() { Err(Error::new("the organisation's name is empty")) } else { Ok(name) }
}

fn known_zone(name: &str) -> Result<TimeZone> {
    TimeZone::get(name).map_err(|_| {
        Error::new(format!("`{}` is not a time zone", crate::text::safe(name)))
            .hint("write an IANA name: America/New_York, Europe/Berlin, UTC")
    })
}

/// Security first, then the others as the framework lists them.
fn categories(named: &[String]) -> Result<Vec<String>> {
    let framework = crate::framework::built_in(crate::framework::DEFAULT);
    let named: Vec<&str> = named.iter().map(|name| name.trim()).collect();
    let known: Vec<String> = framework
        .map_or_else(Vec::new, |f| f.categories.iter().map(|category| category.id.to_string()).collect());
    for name in &named {
        if !known.iter().any(|category| category == name) {
            let error = Error::new(format!("`{}` is not a category", crate::text::safe(name)));
            return Err(error.hint(format!("categories are {}", crate::text::list(&known, "and"))));
        }
    }
    Ok(known
        .into_iter()
        .filter(|category| category == "security" || named.contains(&category.as_str()))
        .collect())
}

fn audit(args: &Args) -> Result<Option<AuditAnswer>> {
    let kind = match (args.kind.as_deref(), args.on, args.from, args.to) {
        (Some("type1"), ..) | (None, Some(_), ..) => AuditType::Type1,
        (Some(_), ..) | (None, _, Some(_), _) | (None, _, _, Some(_)) => AuditType::Type2,
        (None, None, None, None) => return Ok(None),
    };
    let days =
        match (kind, args.on, args.from, args.to) {
            (AuditType::Type1, Some(on), None, None) => (on, on),
            (AuditType::Type1, ..) => {
                return Err(Error::new("a Type I report is as of one date").hint("give --on 2026-06-30"));
            }
            (AuditType::Type2, None, Some(from), Some(to)) if from <= to => (from, to),
            (AuditType::Type2, None, Some(_), Some(_)) => {
                return Err(Error::new("the window ends before it begins")
                    .hint("--from is its first day, --to its last"));
            }
            (AuditType::Type2, ..) => {
                return Err(Error::new("a Type II report has a window")
                    .hint("give --from 2026-01-01 --to 2026-12-31"));
            }
        };
    Ok(Some(AuditAnswer { kind, days }))
}

fn holders(args: &Args) -> Result<[Option<Contact>; 4]> {
    if let (Some(lead), Some(approver)) = (&args.security_lead, &args.approver)
        && lead.email.eq_ignore_ascii_case(&approver.email)
    {
        return Err(another_person());
    }
    Ok([
        args.security_lead.clone(),
        args.approver.clone(),
        args.engineering_lead.clone(),
        args.hr_lead.clone(),
    ])
}

fn another_person() -> Error {
    Error::new("the approver is the security lead").hint(
        "an approval by the author counts for nothing: name another person, or leave the role vacant until there is one",
    )
}
