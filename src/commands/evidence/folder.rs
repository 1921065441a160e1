//! A folder of files as evidence of one control. What nobody said is left out of the manifests, so that it counts for
//! nothing until somebody does.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::civil::Date;

use super::add::performer;
use super::filing::{Content, file_text};
use super::import::files_below;
use super::incoming::{Incoming, recorded};
use super::{Ground, lookup};
use crate::commands::ask::plain;
use crate::error::{Error, Result};
use crate::manifest::{quoted, value};
use crate::model::evidence::EvidenceKind;
use crate::source::{hex, sha256, unportable};
use crate::text::{count, is_slug, safe, slug};
use crate::ui;

/// What was asked for.
pub(in crate::commands) struct Asked<'a> {
    pub(in crate::commands) dir: &'a Path,
    pub(in crate::commands) control: &'a str,
    pub(in crate::commands) kind: &'a str,
    pub(in crate::commands) on: Option<Date>,
    pub(in crate::commands) by: Option<&'a str>,
    pub(in crate::commands) system: Option<&'a str>,
    pub(in crate::commands) skip: bool,
    pub(in crate::commands) dry_run: bool,
}

/// What is known of every piece.
struct Known<'k> {
    control: &'k str,
    kind: EvidenceKind,
    on: Option<Date>,
    by: Option<&'k str>,
    system: Option<&'k str>,
}

/// A piece of evidence: what it is called there, and its files.
struct Piece {
    called: String,
    name: String,
    files: Vec<Incoming>,
}

/// Runs the verb.
pub(super) fn run(asked: &Asked<'_>, ground: &Ground<'_>) -> Result<ExitCode> {
    let kind: EvidenceKind = lookup::word(asked.kind)?;
    let control = lookup::control(&ground.program, asked.control)?;
    let by = asked.by.map(|by| performer(ground, by, asked.on)).transpose()?;
    let system = asked.system.map(|system| lookup::system(&ground.program, system)).transpose()?;
    let known = Known {
        control: ground.control_id(control),
        kind,
        on: asked.on,
        by: by.map(|by| ground.person_id(by)),
        system: system.map(|system| ground.system_id(system)),
    };
    let dir = asked.dir.to_owned();
    outside(&dir, ground)?;
    let (mut left, mut same) = (Vec::new(), 0);
    let pieces = pieces(&dir, ground, &known, &mut left, &mut same)?;
    if !left.is_empty() && !asked.skip {
        return Err(refused(&left));
    }
    if pieces.is_empty() && left.is_empty() && same == 0 {
        return Err(Error::new(format!("there are no files in `{}`", safe(&dir.to_string_lossy()))));
    }
    if !asked.dry_run {
        write(&pieces, &known, ground)?;
    }
    tell(&pieces, &left, same, asked)
}

/// Evidence that is filed is not filed again.
fn outside(dir: &Path, ground: &Ground<'_>) -> Result<()> {
    let real = fs::canonicalize(dir).map_err(|e| Error::io(dir, &e))?;
    if !real.is_dir() {
        return Err(Error::new(format!("`{}` is not a folder", safe(&dir.to_string_lossy())))
            .hint("a single file is filed with soc2 evidence add"));
    }
    if real == ground.root || real.starts_with(ground.root.join("evidence")) {
        return Err(Error::new("what is read belongs to the programme it would be written to")
            .hint("name the folder in which the files were kept before"));
    }
    Ok(())
}

type Left = Vec<(String, String)>;

/// Every piece that is not recorded yet, in the order of their names.
fn pieces(
    dir: &Path,
    ground: &Ground<'_>,
    known: &Known<'_>,
    left: &mut Left,
    same: &mut usize,
) -> Result<Vec<Piece>> {
    let mut found: BTreeMap<String, Vec<(String, PathBuf)>> = BTreeMap::new();
    for (path, disk) in files_below(dir, left)? {
        let (called, below) = match path.split_once('/') {
            Some((folder, below)) => (folder.to_owned(), below.to_owned()),
            None => (path.clone(), path.clone()),
        };
        found.entry(called).or_default().push((below, disk));
    }
    let filed = recorded(ground);
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut out = Vec::new();
    for (called, files) in found {
        let mut piece = Piece { name: name_of(&called), called, files: Vec::new() };
        let before = left.len();
        for (below, disk) in files {
            match incoming(ground, &disk, &below) {
                Ok(file) => piece.files.push(file),
                Err(why) => left.push((format!("{}: {below}", piece.called), why)),
            }
        }
        let is_filed = |file: &Incoming| filed.contains_key(&(known.control, file.facts.sha256));
        if left.len() > before || piece.files.is_empty() {
            continue;
        }
        if piece.files.iter().all(is_filed) {
            *same += 1;
            continue;
        }
        if let Some(other) = names.insert(piece.name.clone(), piece.called.clone()) {
            let why = format!("would be `{}`, as `{}` is", piece.name, safe(&other));
            left.push((piece.called, why));
            continue;
        }
        out.push(piece);
    }
    left.sort();
    Ok(out)
}

/// A file under its path below the piece's folder.
fn incoming(ground: &Ground<'_>, disk: &Path, below: &str) -> std::result::Result<Incoming, String> {
    if let Some(why) = unportable(below) {
        return Err(format!("the name cannot be filed: {why}"));
    }
    let mut file = Incoming::read(ground, disk, None).map_err(|error| plain(&error))?;
    below.clone_into(&mut file.name);
    Ok(file)
}

/// The name of the folder of a piece.
fn name_of(called: &str) -> String {
    let stem =
        called.rsplit_once('.').map_or(called, |(stem, _)| if stem.is_empty() { called } else { stem });
    let ascii: String = stem.replace(['.', '_'], "-").chars().filter(char::is_ascii).collect();
    let name: String = slug(&ascii).chars().take(80).collect();
    let name = name.trim_end_matches('-');
    if is_slug(name) && unportable(name).is_none() {
        return name.to_owned();
    }
    format!("imported-{}", hex(&sha256(called.as_bytes())).get(..8).unwrap_or("0"))
}

fn refused(left: &Left) -> Error {
    let mut words = "nothing was written: some files cannot be filed".to_owned();
    for (name, why) in left.iter().take(20) {
        words.push_str(&format!("\n  {}: {}", safe(name), safe(why)));
    }
    if left.len() > 20 {
        words.push_str(&format!("\n  and {} more", left.len() - 20));
    }
    Error::new(words).hint("mend or move them, or leave them out: --skip-unreadable")
}

/// Files every piece; when one fails, those filed before it are taken away again.
fn write(pieces: &[Piece], known: &Known<'_>, ground: &Ground<'_>) -> Result<()> {
    let mut done: Vec<String> = Vec::new();
    for piece in pieces {
        let contents: Vec<Content<'_>> = piece.files.iter().map(Content::Copy).collect();
        let filed =
            file_text(&ground.root, known.control, &piece.name, &contents, |id| manifest(piece, known, id));
        match filed {
            Ok(id) => done.push(id),
            Err(error) => {
                for id in done {
                    // Made a moment ago, and nothing else is in it.
                    let _ = fs::remove_dir_all(ground.root.join("evidence").join(id));
                }
                return Err(error);
            }
        }
    }
    Ok(())
}

/// The text of a manifest, with what is missing named where it belongs.
fn manifest(piece: &Piece, known: &Known<'_>, id: &str) -> String {
    let called: String = safe(&piece.called).replace("soc2: ignore[", "soc2 ignore [");
    let title = piece.called.rsplit_once('.').map_or(&*piece.called, |(stem, _)| stem);
    let mut out =
        format!("# from files: {called}\ntitle: {}\ncontrols: [{}]\n", quoted(title), value(known.control));
    out.push_str(&format!("kind: {}\n", known.kind.word()));
    match (known.on, known.by) {
        (Some(on), Some(by)) => out.push_str(&format!("performed: {{ on: {on}, by: {} }}\n", value(by))),
        (on, by) => {
            let on = on.map_or_else(|| "DATE".to_owned(), |on| on.to_string());
            let by = by.map_or_else(|| "PERSON".to_owned(), value);
            out.push_str(
                "# When the control itself was performed, and by whom; without both it counts for nothing:\n",
            );
            out.push_str(&format!("# performed: {{ on: {on}, by: {by} }}\n"));
        }
    }
    out.push_str("# How it came out: as-expected, exceptions-noted or failed, and what was found:\n");
    out.push_str("# result: { outcome: as-expected, summary: \"…\" }\nartifacts:\n");
    for file in &piece.files {
        out.push_str(&format!("  - path: {}\n", value(&file.name)));
        out.push_str(&format!(
            "    sha256: \"{}\"\n    bytes: {}\n",
            hex(&file.facts.sha256),
            file.facts.bytes
        ));
        if let Some(system) = known.system {
            out.push_str(&format!("    system: {}\n", value(system)));
        }
    }
    out.push_str("# Another person looks at it once it is complete:\n");
    out.push_str(&format!("#   soc2 evidence review {id} --by PERSON --on DATE --result accepted\n"));
    out
}

fn tell(pieces: &[Piece], left: &Left, same: usize, asked: &Asked<'_>) -> Result<ExitCode> {
    let mut out = String::new();
    for piece in pieces.iter().take(40) {
        let names: Vec<String> = piece.files.iter().map(|file| safe(&file.name)).collect();
        let names = crate::text::some(&names, 4);
        out.push_str(&format!("evidence/{}/{}/  {names}\n", asked.control, piece.name));
        let notes = piece.files.iter().flat_map(|file| file.notes(false));
        for note in notes.filter(|note| note.starts_with("warning")) {
            out.push_str(&format!("  {note}\n"));
        }
    }
    if pieces.len() > 40 {
        out.push_str(&format!("and {} more\n", pieces.len() - 40));
    }
    for (name, why) in left {
        out.push_str(&format!("left: {}: {}\n", safe(name), safe(why)));
    }
    let files: usize = pieces.iter().map(|piece| piece.files.len()).sum();
    let done = if asked.dry_run { "Would write" } else { "Wrote" };
    out.push_str(&format!("{done} {} for {}", count(pieces.len(), "manifest"), count(files, "file")));
    if same > 0 {
        out.push_str(&format!("; {} recorded already", count(same, "piece")));
    }
    out.push('\n');
    if asked.dry_run {
        out.push_str("Nothing was written: --dry-run\n");
    } else if !pieces.is_empty() && (asked.on.is_none() || asked.by.is_none()) {
        out.push_str(
            "They count for nothing until each manifest says when the control was performed, and by whom\n",
        );
    } else if !pieces.is_empty() {
        out.push_str("They count once each manifest has its result, and another person has reviewed it\n");
    }
    ui::print(&out)?;
    Ok(ExitCode::SUCCESS)
}
