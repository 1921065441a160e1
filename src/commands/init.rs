//! `soc2 init`: a new programme, to the size of the company. Asks on a terminal, takes flags otherwise, never
//! overwrites.

mod questions;

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
use crate::text::count;
use crate::timeline::{Coverage, Judgement};
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
    tell(&answers, &written, &left, (&dir, &args.dir), ui)?;
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

/// What was written, where the programme stands, and the first three things to do.
fn tell(
    answers: &Answers,
    written: &[&NewFile],
    left: &[&NewFile],
    (dir, typed): (&Path, &Path),
    ui: Ui,
) -> Result<()> {
    let mut out = String::new();
    let shown = crate::text::safe(&typed.to_string_lossy());
    let shown = if shown.is_empty() { "." } else { shown.trim_end_matches('/') };
    let check = if shown == "." { "soc2 check".to_owned() } else { format!("soc2 check -C {shown}") };
    let of = |folder: &str| written.iter().filter(|file| file.path.starts_with(folder)).count();
    out.push_str(&format!(
        "Wrote {shown}/: {} and {}, all drafts; {}, {}, {}",
        count(of("controls/"), "control"),
        count(of("policies/"), "policy"),
        count(of("procedures/"), "procedure"),
        count(of("narratives/"), "narrative"),
        count(of("registers/"), "register")
    ));
    let folders = ["controls/", "policies/", "procedures/", "narratives/", "registers/"];
    let others = written.iter().filter(|file| !folders.iter().any(|folder| file.path.starts_with(folder)));
    let others: Vec<&str> = others.map(|file| file.path.as_str()).collect();
    out.push_str(&if others.is_empty() { "\n".to_owned() } else { format!("; {}\n", others.join(", ")) });
    if !left.is_empty() {
        let names: Vec<&str> = left.iter().map(|file| file.path.as_str()).collect();
        out.push_str(&format!("Left alone, because they exist: {}\n", crate::text::some(&names, 8)));
    }
    let program = Program::load(Sources::read(dir)?);
    let judgement = Judgement::new(&program, answers.today, None);
    if let Some(audit) = judgement.audits.first() {
        out.push_str(&format!(
            "{} in scope: {} covered, {} planned. Nothing is proved yet; that is right on day one.\n",
            count(audit.criteria.len(), "criterion"),
            audit.count(Coverage::Covered),
            audit.count(Coverage::PlannedOnly)
        ));
    }
    if ui.verbosity >= 0 {
        let vacant: Vec<&str> = scaffold::ROLES
            .iter()
            .zip(&answers.holders)
            .filter(|(_, holder)| holder.is_none())
            .map(|((role, ..), _)| *role)
            .collect();
        let roles = if vacant.is_empty() {
            "add your people: soc2 import people LIST.csv, or by hand in registers/people.yaml".to_owned()
        } else {
            format!(
                "add your people: soc2 import people LIST.csv, or by hand in registers/people.yaml; and holders of {} to registers/roles.yaml",
                vacant.join(", ")
            )
        };
        out.push_str(&format!("Next  1 {roles}\n      2 list your systems and vendors in registers/systems.yaml and vendors.yaml (soc2 import vendors LIST.csv)\n"));
        let decisions: usize = written
            .iter()
            .filter(|file| file.path.starts_with("policies/"))
            .map(|file| file.text.matches("{%-- Decide").count())
            .sum();
        out.push_str(&format!(
            "      3 read the policies: {} marked `Decide`; another person then approves each: soc2 policy approve\n",
            if decisions == 1 { "1 choice is".to_owned() } else { format!("{decisions} choices are") }
        ));
        out.push_str("      4 read the controls: delete what you will not do, set `status: implemented` and `effective_from` on\n");
        out.push_str(&format!("        what already runs, then: {check}\n"));
    }
    ui::print(&out)
}

/// The answers from flags alone.
fn answers(args: &Args, dir: &Path) -> Result<Answers> {
    let organization = match (&args.name, existing_name(dir)) {
        (Some(name), _) => name.clone(),
        (None, Some(name)) => name,
        (None, None) => {
            return Err(Error::new("the organisation has no name")
                .hint("without a terminal, give it: soc2 init --name \"Acme, Inc.\"")
                .hint("every other question has a flag too: soc2 init --help"));
        }
    };
    let audit = audit(args)?;
    let timezone = args.timezone.clone().unwrap_or_else(|| "UTC".to_owned());
    let zone = known_zone(&timezone)?;
    Ok(Answers {
        system: args.system.clone().unwrap_or_else(|| organization.clone()),
        organization: not_blank(organization)?,
        staff: args.staff.unwrap_or(20),
        office: args.site.as_deref() == Some("office"),
        categories: categories(args.categories.as_deref().unwrap_or(&[]))?,
        audit,
        timezone,
        holders: holders(args)?,
        today: clock::today(&zone),
        prefix: String::new(),
    })
}

/// The organisation's name of a programme that is already there.
fn existing_name(dir: &Path) -> Option<String> {
    if !dir.join(ROOT_FILE).is_file() {
        return None;
    }
    let program = Program::load(Sources::read(dir).ok()?);
    let name = program.config?.organization?.name?;
    Some(name.value.into())
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
