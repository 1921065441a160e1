//! `soc2 evidence import`: many files whose names say what they are. Shown first, written only with `--write`; what a name
//! leaves open is told, never guessed.

mod reading;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::civil::Date;

use super::add::{folder_name, title};
use super::filing::{Content, file};
use super::incoming::{Incoming, Recorded, recorded};
use super::{Ground, lookup};
use crate::commands::ask::plain;
use crate::commands::check::date;
use crate::error::{Error, Result};
use crate::manifest::{ArtifactDraft, Draft, Pattern, ResultDraft, When};
use crate::model::control::ControlType;
use crate::model::evidence::{EvidenceKind, Outcome};
use crate::source::is_skipped;
use crate::text::{count, safe, some};
use crate::timeline::needs_review;
use crate::ui;

use reading::{Given, Named, Said};

/// File many files whose names say what they are.
///
/// The pattern is matched against each path below the folder. `{control}`, `{slot}`, `{system}`, `{date}` and `{by}` are
/// what they say; any other `{word}` is text that means nothing. Files of one control, slot and system share one manifest.
/// Shows what it would write; --write does it. Exits with 1 when a file does not fit.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folder with the files.
    dir: PathBuf,
    /// Names of the files: '{control}/{slot}/{system}-{date}.{ext}'.
    #[arg(long, value_name = "PATTERN", value_parser = Pattern::parse)]
    pattern: Pattern,
    /// Control, where the names do not say it.
    #[arg(long, value_name = "ID")]
    control: Option<String>,
    /// Day of performance, where the names do not say it.
    #[arg(long, value_name = "DATE", value_parser = date)]
    on: Option<Date>,
    /// Person or bot that performed it, where the names do not say it.
    #[arg(long, value_name = "PERSON")]
    by: Option<String>,
    /// What the files are: system-report, config-export, ticket … (soc2 explain evidence-kind).
    #[arg(long, value_name = "KIND")]
    kind: String,
    /// How all of them came out: as-expected, exceptions-noted, failed.
    #[arg(long, value_name = "OUTCOME")]
    result: Option<String>,
    /// Write it, instead of only showing it.
    #[arg(long)]
    write: bool,
}

/// Files above this are refused.
const FILE_CAP: usize = 10_000;
/// Folders deeper than this are refused.
const DEPTH_CAP: usize = 32;

/// What is to be written and what is not.
#[derive(Default)]
struct Plan {
    groups: BTreeMap<Named, Group>,
    /// Files that do not fit, and why.
    left: Vec<(String, String)>,
}

/// The files of one manifest.
struct Group {
    said: Said,
    files: Vec<Incoming>,
}

/// A file whose name was understood.
struct Fitting {
    name: String,
    said: Said,
    file: Incoming,
}

/// Runs the verb.
pub(super) fn run(args: &Args, ground: &Ground<'_>) -> Result<ExitCode> {
    let kind: EvidenceKind = lookup::word(&args.kind)?;
    let result: Option<Outcome> = args.result.as_deref().map(lookup::word).transpose()?;
    let given = Given::new(&args.pattern, args.control.as_deref(), args.on, args.by.as_deref(), ground)?;
    let dir = args.dir.clone();
    let mut plan = Plan::default();
    let filed = recorded(ground);
    let mut fitting: BTreeMap<Named, Vec<Fitting>> = BTreeMap::new();
    for (name, disk) in files_below(&dir, &mut plan.left)? {
        match reading::read(&name, &args.pattern, &given, ground) {
            Ok((named, said)) => match incoming(&filed, ground, &disk, &named) {
                Ok(file) => fitting.entry(named).or_default().push(Fitting { name, said, file }),
                Err(why) => plan.left.push((name, why)),
            },
            Err(why) => plan.left.push((name, why)),
        }
    }
    for (named, files) in fitting {
        settle(&mut plan, named, files, ground);
    }
    plan.left.sort();
    if plan.groups.is_empty() && plan.left.is_empty() {
        return Err(Error::new(format!("there are no files in `{}`", safe(&dir.to_string_lossy()))));
    }
    let mut out = String::new();
    let written = if args.write { write(&plan, ground, kind, result)? } else { Vec::new() };
    table(&plan, &written, ground, &mut out);
    close(&plan, args, result, ground, &mut out);
    ui::print(&out)?;
    Ok(ExitCode::from(u8::from(!plan.left.is_empty())))
}

/// A file, unless it cannot be filed or is filed already.
fn incoming(
    filed: &Recorded<'_>,
    ground: &Ground<'_>,
    disk: &Path,
    named: &Named,
) -> std::result::Result<Incoming, String> {
    let file = Incoming::read(ground, disk, None).map_err(|error| plain(&error))?;
    match filed.get(&(ground.control_id(named.control), file.facts.sha256)) {
        Some(id) => Err(format!("these bytes are recorded already in `{}`", safe(id))),
        None => Ok(file),
    }
}

/// Makes one manifest of files that agree; files that contradict one another are all left.
fn settle(plan: &mut Plan, named: Named, files: Vec<Fitting>, ground: &Ground<'_>) {
    let mut said: Vec<&Said> = Vec::new();
    let mut names: Vec<String> = files.iter().map(|fitting| fitting.file.name.to_lowercase()).collect();
    names.sort_unstable();
    let same_name = names.windows(2).find(|pair| pair.first() == pair.last()).and_then(|pair| pair.first());
    for fitting in &files {
        if !said.contains(&&fitting.said) {
            said.push(&fitting.said);
        }
    }
    let why = match (said.as_slice(), same_name) {
        (&[said], None) => {
            let said = said.clone();
            let files = files.into_iter().map(|fitting| fitting.file).collect();
            plan.groups.insert(named, Group { said, files });
            return;
        }
        (_, Some(name)) => format!("two files named `{}` would go into one folder", safe(name)),
        (several, _) => {
            let words: Vec<String> = several.iter().map(|said| said.words(ground)).collect();
            format!("files of one slot say {}: give each a slot of its own", some(&words, 3))
        }
    };
    plan.left.extend(files.iter().map(|fitting| (fitting.name.clone(), why.clone())));
}

/// Every file below a folder, as a path with `/`, in order; links and odd things are left, and told.
pub(super) fn files_below(dir: &Path, left: &mut Vec<(String, String)>) -> Result<Vec<(String, PathBuf)>> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), dir.to_owned(), 0)];
    while let Some((prefix, folder, depth)) = open.pop() {
        let entries = fs::read_dir(&folder).map_err(|e| Error::io(&folder, &e))?;
        for entry in entries {
            let entry = entry.map_err(|e| Error::io(&folder, &e))?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type().map_err(|e| Error::io(&entry.path(), &e))?;
            if kind.is_dir() && depth < DEPTH_CAP {
                open.push((format!("{name}/"), entry.path(), depth + 1));
            } else if kind.is_file() {
                if !is_skipped(&format!("evidence/a/{name}")) {
                    found.push((name, entry.path()));
                }
            } else {
                left.push((name, "not a file: links and devices are not followed".to_owned()));
            }
            if found.len() > FILE_CAP {
                return Err(Error::new(format!(
                    "more than {FILE_CAP} files in `{}`",
                    safe(&dir.to_string_lossy())
                ))
                .hint("import one folder below it at a time"));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Writes every group; gives the ids.
fn write(
    plan: &Plan,
    ground: &Ground<'_>,
    kind: EvidenceKind,
    outcome: Option<Outcome>,
) -> Result<Vec<String>> {
    let mut ids = Vec::new();
    for (named, group) in &plan.groups {
        let system = named.system.map(|system| ground.system_id(system));
        let control = ground.control_id(named.control);
        let contents: Vec<Content<'_>> = group.files.iter().map(Content::Copy).collect();
        let performed = When::On(group.said.on);
        let artifact = |file: &Incoming| ArtifactDraft {
            path: Some(file.name.clone()),
            sha256: file.facts.sha256,
            bytes: file.facts.bytes,
            system: system.map(str::to_owned),
            ..ArtifactDraft::default()
        };
        let draft = |id: &str| Draft {
            id: id.to_owned(),
            title: title(ground, named.control, &performed, named.slot.as_deref(), system),
            control: control.to_owned(),
            kind,
            performed: performed.clone(),
            by: ground.person_id(group.said.by).to_owned(),
            slot: named.slot.clone(),
            result: outcome.map(|outcome| ResultDraft { outcome, summary: None, follow_up: Vec::new() }),
            collected: None,
            occurrences: None,
            artifacts: group.files.iter().map(artifact).collect(),
            follows_up: Vec::new(),
        };
        let name = folder_name(named.slot.as_deref(), group.said.on, system);
        ids.push(file(ground, control, &name, &contents, draft)?);
    }
    Ok(ids)
}

/// One line a manifest, then the files that do not fit.
fn table(plan: &Plan, written: &[String], ground: &Ground<'_>, out: &mut String) {
    for (nth, (named, group)) in plan.groups.iter().enumerate() {
        let id = written.get(nth).cloned().unwrap_or_else(|| {
            let system = named.system.map(|system| ground.system_id(system));
            let name = folder_name(named.slot.as_deref(), group.said.on, system);
            format!("{}/{name}", ground.control_id(named.control))
        });
        let names: Vec<String> = group.files.iter().map(|file| safe(&file.name)).collect();
        out.push_str(&format!("evidence/{id}/  {}  {}\n", group.said.words(ground), some(&names, 4)));
        for note in
            group.files.iter().flat_map(|file| file.notes(false)).filter(|note| note.starts_with("warning"))
        {
            out.push_str(&format!("  {note}\n"));
        }
    }
    if !plan.left.is_empty() {
        out.push_str("Does not fit:\n");
    }
    for (name, why) in &plan.left {
        out.push_str(&format!("  {}: {why}\n", safe(name)));
    }
}

/// How much it is, and what to do next.
fn close(plan: &Plan, args: &Args, result: Option<Outcome>, ground: &Ground<'_>, out: &mut String) {
    let files: usize = plan.groups.values().map(|group| group.files.len()).sum();
    let manifests = count(plan.groups.len(), "manifest");
    let left = if plan.left.is_empty() {
        String::new()
    } else {
        format!("; {} left", count(plan.left.len(), "file"))
    };
    let done = if args.write { "Wrote" } else { "Would write" };
    out.push_str(&format!("{done} {manifests} for {}{left}\n", count(files, "file")));
    let controls = || plan.groups.keys().filter_map(|named| ground.program.controls.get(named.control));
    if result.is_none() && controls().any(|control| control.control_type() != ControlType::Automated) {
        out.push_str("Without --result they count for nothing where a person does the work\n");
    }
    if ground.ui.verbosity < 0 || plan.groups.is_empty() {
        return;
    }
    if !args.write {
        out.push_str("Next: the same command with --write\n");
    } else if controls().any(needs_review) {
        let review = ground.command("evidence review ID --by PERSON --on DATE --result accepted");
        out.push_str(&format!("Next: for each, someone other than who performed it: {review}\n"));
    }
}
