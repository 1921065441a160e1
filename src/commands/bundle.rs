//! `soc2 bundle`: everything an auditor needs of one audit in one archive.

mod dirty;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;

use self::dirty::Dirty;
use super::audit;
use super::clock::today;
use super::place::{Place, Selectors};
use super::signed;
use crate::archive::{self, Archive, MANIFEST, Written};
use crate::bundle::{self, Asked, Earlier, Ground, Narrowed, Plan, Profile, Told};
use crate::diagnostic::Level;
use crate::document::Library;
use crate::error::{Error, Result};
use crate::git::Commit;
use crate::manifest;
use crate::past;
use crate::provenance::Read;
use crate::report::Report;
use crate::scan;
use crate::source::hex;
use crate::text::{clip, count, safe, slug, some};
use crate::timeline::Judgement;
use crate::ui::{self, Ui};

/// Hand an audit's evidence over: one archive with controls, policies, evidence, registers and reports.
///
/// What is packed is what a commit holds, so a work tree with changes is refused; the same commit and day give the same bytes.
/// Gaps never hold it up: they are told, in it and here. A key, a token or a personal number in what would be packed does,
/// until a redaction or a waiver names it. What is restricted, elsewhere or outside the window is left out and said so.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Pack for this audit.
    #[arg(long, value_name = "ID")]
    audit: Option<String>,
    #[command(flatten)]
    selectors: Selectors,
    /// File to write, instead of `<organisation>-<audit>-<commit>.zip` in the current folder.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// For whom: auditor; prospect (policies, description and controls, no verdicts, no evidence); internal.
    #[arg(long, value_name = "WHO", default_value = "auditor", hide_possible_values = true)]
    audience: Audience,
    /// Only these controls, by id or the auditor's reference.
    #[arg(long, value_name = "ID", num_args = 1.., value_delimiter = ',')]
    control: Vec<String>,
    /// Only controls that serve these criteria: CC6.2, or a series: CC6.
    #[arg(long, value_name = "ID", num_args = 1.., value_delimiter = ',')]
    criterion: Vec<String>,
    /// Only controls that serve criteria of these categories.
    #[arg(long, value_name = "ID", num_args = 1.., value_delimiter = ',')]
    category: Vec<String>,
    /// Only what answers these requests of the auditor, by their reference.
    #[arg(long, value_name = "REF", num_args = 1.., value_delimiter = ',')]
    request: Vec<String>,
    /// Only what is new or changed since this bundle, which the auditor has.
    #[arg(long, value_name = "OLD.zip")]
    since: Option<PathBuf>,
    /// Pack files that are not committed; every report says so.
    #[arg(long)]
    allow_dirty: bool,
    /// Pack although `soc2 check` finds faults that it denies.
    #[arg(long)]
    despite_diagnostics: bool,
    /// Note the commit, the day and the hash in `audits/<audit>/bundles.yaml`.
    #[arg(long)]
    record: bool,
    #[command(flatten)]
    sign: signed::Args,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Audience {
    Auditor,
    Prospect,
    Internal,
}

impl Audience {
    fn profile(self) -> Profile {
        match self {
            Self::Auditor => Profile::Auditor,
            Self::Prospect => Profile::Prospect,
            Self::Internal => Profile::Internal,
        }
    }
}

/// Where the zip's list of hashes ends; no bundle has more files.
const LIST_CAP: u64 = 64 << 20;

/// Runs the verb.
pub fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    let signer = args.sign.signer()?;
    let earlier = args.since.as_deref().map(earlier).transpose()?;
    let mut place = args.selectors.without_history(directory, ui)?;
    let dirty = dirty::files(&place, &args.selectors)?;
    if let Some(refused) = dirty.refusal(args.allow_dirty) {
        return refuse(&refused);
    }
    if dirty.is_clean() && args.selectors.at.is_none() {
        // What is read is the commit, to the byte: nothing in it can be younger.
        place.clock.recorded = place.commit.map(|commit| commit.day(&place.program.zone()));
    }
    args.selectors.remember(&mut place, None, ui);
    let Place { root, program, read, clock, repository, commit, .. } = place;
    let stand = stand(&dirty, commit, read);
    let chosen = audit::one(&program, clock.as_of, args.audit.as_deref())?;
    let judgement = ui.busy("judging", || Judgement::new(&program, clock, chosen));
    let Some(standing) = audit::judged(&judgement) else { return audit::nothing_to_judge() };
    let report = ui.busy("judging", || Report::new(&judgement));
    if let Some(refused) = faults(&judgement, &report).filter(|_| !args.despite_diagnostics) {
        return refuse(&refused);
    }
    let text_in = |commit: &str, path: &str, id: &str| {
        repository.as_ref().and_then(|repository| past::text_in(repository, commit, path, id))
    };
    let collect = || Library::in_force_in(&judgement, standing.days, &text_in);
    let (library, versions) = ui.busy("collecting documents", collect);
    let narrowed = Narrowed::of(&judgement, standing, &args.asked())
        .map_err(|unknown| unknown.help.into_iter().fold(Error::new(unknown.message), Error::hint))?;
    let id = commit.map(|commit| commit.id());
    let ground = Ground {
        judgement: &judgement,
        audit: standing,
        report: &report,
        library: &library,
        versions: &versions,
        read: dirty.read(id.as_deref(), &args.selectors),
        stand: &stand,
        profile: args.audience.profile(),
        narrowed: &narrowed,
    };
    if let Some(refused) = secrets(&ground, ui)? {
        return refuse(&refused);
    }
    let recorded_in = args.record.then(|| recordable(&root, &ground)).transpose()?;
    let out = args.out.clone().unwrap_or_else(|| args.name(&ground, commit));
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(Error::new(format!("there is no folder `{}`", safe(&folder.display().to_string()))));
    }
    let mut plan = ui.busy("placing files", || bundle::plan(&ground));
    let unchanged = earlier.map(|earlier| {
        ui.busy("comparing with the earlier bundle", || bundle::only_new(&mut plan, &earlier))
    });
    let Plan { members, told, failures } = plan;
    let written = ui.progress("packing", members.len(), |tick| {
        ui::write_with(&out, |file| archive::write(members, file, tick))
    })?;
    let signatures = signer.as_ref().map(|signer| signer.sign(&out, &written)).transpose()?;
    if signatures.is_none() {
        signed::remove(&out)?;
    }
    if let Some(path) = recorded_in {
        record(&root, &path, &ground, &out, &written, today(&program.zone()))?;
    }
    for failure in failures.found() {
        ui::tell(&format!("warning: no PDF of {}, which {}", safe(&failure.path), failure.why));
    }
    let mut said = says(&told, unchanged);
    let shown = safe(&out.display().to_string());
    said.push_str(&format!(
        "{shown}  sha256 {}  (send this hash by another channel)\n",
        hex(&written.sha256)
    ));
    if let Some(paths) = signatures {
        let names = paths.map(|path| safe(&path.file_name().unwrap_or_default().to_string_lossy()));
        said.push_str(&format!("Signed: {}\n", names.join(", ")));
    }
    ui::print(&said)?;
    Ok(ExitCode::SUCCESS)
}

/// What was read, as every page says it.
fn stand(dirty: &Dirty, commit: Option<Commit>, read: String) -> String {
    match commit {
        Some(commit) if dirty.is_clean() => format!("commit {}", commit.short()),
        Some(commit) => format!("{read} on commit {}, not committed", commit.short()),
        None => format!("{read}, not committed"),
    }
}

/// How much is in it, what is told, what is left out.
fn says(told: &Told, unchanged: Option<usize>) -> String {
    let mut out = told.holds();
    let honest = told.honest();
    if !honest.is_empty() {
        out.push_str(&format!(".  Told, not hidden: {}", honest.join(", ")));
    }
    out.push('\n');
    let mut left = told.left_out();
    left.extend(unchanged.map(|n| format!("{} unchanged since the earlier bundle", count(n, "file"))));
    if !left.is_empty() {
        out.push_str(&format!("Left out: {}\n", left.join(", ")));
    }
    out
}

impl Args {
    fn asked(&self) -> Asked {
        Asked {
            controls: self.control.clone(),
            criteria: self.criterion.clone(),
            categories: self.category.clone(),
            requests: self.request.clone(),
        }
    }

    /// `acme-2026-type2-3fa9c1e.zip`.
    fn name(&self, ground: &Ground<'_>, commit: Option<Commit>) -> PathBuf {
        let plain = |text: &str, most: usize| {
            let slug = slug(text);
            clip(slug.trim_matches('-'), most).trim_end_matches(['…', '-']).to_owned()
        };
        let organization = plain(&ground.library.organization, 24);
        let mut parts = vec![organization, plain(ground.audit.id.as_deref().unwrap_or("day"), 32)];
        parts.push(commit.map_or_else(|| "uncommitted".to_owned(), |commit| commit.short()));
        if !matches!(ground.read, Read::Commit(_)) {
            parts.push("dirty".to_owned());
        }
        if ground.profile != Profile::Auditor {
            parts.push(ground.profile.word().to_owned());
        }
        if ground.narrowed.is_narrow() || self.since.is_some() {
            parts.push("part".to_owned());
        }
        parts.retain(|part| !part.is_empty());
        PathBuf::from(parts.join("-") + ".zip")
    }
}

/// Says why nothing was packed.
fn refuse(error: &Error) -> Result<ExitCode> {
    ui::tell(&error.to_string());
    Ok(ExitCode::FAILURE)
}

/// Faults that `soc2 check` denies.
fn faults(judgement: &Judgement<'_>, report: &Report) -> Option<Error> {
    let denied = report.diagnostics.iter().filter(|found| found.level == Level::Deny);
    let named: Vec<String> = denied
        .map(|found| {
            let sources = &judgement.program.sources;
            let place = sources.position(found.at);
            format!("{}:{} {}", safe(sources.path(found.at.file)), place.line, found.rule)
        })
        .collect();
    if named.is_empty() {
        return None;
    }
    Some(
        Error::new(format!(
            "{} that soc2 check denies: an auditor could not rely on what was read",
            count(named.len(), "fault")
        ))
        .because(some(&named, 5))
        .hint("mend them: soc2 check says where and how; or pack all the same: --despite-diagnostics"),
    )
}

/// Keys, tokens and personal numbers that would be handed over.
fn secrets(ground: &Ground<'_>, ui: Ui) -> Result<Option<Error>> {
    let files = bundle::files(ground);
    let look = |tick: &(dyn Fn(usize) + Sync)| scan::artifacts(ground.judgement.program, &files, tick);
    let found = ui.progress("looking for secrets", files.len(), look)?;
    let held = scan::held(ground.judgement, found.finds);
    for through in &held.let_through {
        ui::tell(&format!(
            "let through: {}:{} {}",
            safe(&through.find.path),
            through.find.line,
            through.find.rule
        ));
    }
    if held.blocking.is_empty() {
        return Ok(None);
    }
    let named: Vec<String> = held
        .blocking
        .iter()
        .map(|find| format!("{}:{} {} ({})", safe(&find.path), find.line, find.what, find.rule))
        .collect();
    Ok(Some(
        Error::new(format!("{} in what would be handed over", count(named.len(), "secret or personal number")))
            .because(some(&named, 20))
            .hint("take it out of the file, give the key back, and log the redaction; the value is in git's history as well")
            .hint("where it is none: a waiver of that rule for that evidence lets it through"),
    ))
}

/// The list of hashes of an earlier bundle.
fn earlier(path: &Path) -> Result<Earlier> {
    let shown = safe(&path.display().to_string());
    // Asked before it is opened: a pipe would be waited for.
    if !fs::metadata(path).map_err(|error| Error::io(path, &error))?.is_file() {
        return Err(Error::new(format!("`{shown}` is no plain file")).hint("save the archive first"));
    }
    let file = fs::File::open(path).map_err(|error| Error::io(path, &error))?;
    let bad = || {
        Error::new(format!("`{shown}` is no bundle of soc2"))
            .hint("soc2 verify FILE says what is wrong with it")
    };
    let archive = Archive::open(file).map_err(|_| bad())?;
    let list = archive.read(MANIFEST, LIST_CAP).map_err(|_| bad())?.ok_or_else(bad)?;
    Earlier::read(&String::from_utf8_lossy(&list)).ok_or_else(bad)
}

/// The file in which a bundle of this audit is recorded; asked before anything is packed.
fn recordable(root: &Path, ground: &Ground<'_>) -> Result<PathBuf> {
    let Read::Commit(_) = ground.read else {
        return Err(Error::new("what is not committed cannot be recorded as handed over")
            .hint("commit, and pack again with --record"));
    };
    match &ground.audit.id {
        Some(audit) => Ok(root.join("audits").join(audit).join("bundles.yaml")),
        None => {
            Err(Error::new("there is no audit to record it with").hint("name one in soc2.toml: [[audit]]"))
        }
    }
}

/// Notes what was handed over; what stands in the file stays.
fn record(
    root: &Path,
    path: &Path,
    ground: &Ground<'_>,
    out: &Path,
    written: &Written,
    on: jiff::civil::Date,
) -> Result<()> {
    let Read::Commit(commit) = ground.read else { return Ok(()) };
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Error::io(path, &error)),
    };
    let file = out.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut row = vec![("commit", commit.to_owned()), ("on", on.to_string())];
    if ground.judgement.as_of != on {
        row.push(("as_of", ground.judgement.as_of.to_string()));
    }
    row.extend([("file", file), ("sha256", hex(&written.sha256))]);
    let noted = manifest::with_row(&text, "bundles", &row).map_err(|why| {
        Error::new(format!("`{}` was not changed", safe(&path.display().to_string()))).because(why)
    })?;
    ui::write_file(path, noted.as_bytes())?;
    ui::tell(&format!(
        "Recorded in {}; commit it",
        safe(&path.strip_prefix(root).unwrap_or(path).display().to_string())
    ));
    Ok(())
}
