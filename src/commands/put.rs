//! Texts put in place: made whole, tried on the programme, then written together, or none of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use jiff::civil::Date;

use super::init::behind_a_link;
use super::register;
use crate::diagnostic::Level;
use crate::error::{Error, Result};
use crate::program::Program;
use crate::report::Report;
use crate::rows::{self, Fields};
use crate::source::{Body, CSV_CAP, Sources, TEXT_CAP};
use crate::text::{clip, safe};
use crate::timeline::Judgement;
use crate::ui;

/// A file that says more than before, or is new.
pub(super) struct Change {
    /// Below the programme's root.
    pub(super) path: String,
    /// What stood there; `None` for a new file.
    before: Option<String>,
    pub(super) after: String,
    /// The line on which what is new begins.
    pub(super) line: usize,
}

impl Change {
    /// A file that is not there yet.
    pub(super) fn file(root: &Path, path: &str, text: String) -> Result<Self> {
        let disk = root.join(path);
        if behind_a_link(root, &disk) {
            return Err(Error::new(format!(
                "`{}` is behind a link: the file would land elsewhere",
                safe(path)
            ))
            .hint("make the link a folder"));
        }
        if disk.symlink_metadata().is_ok() {
            return Err(Error::new(format!("`{}` is there already; nothing is overwritten", safe(path)))
                .hint("give another id, or edit that file"));
        }
        let change = Self { path: path.to_owned(), before: None, after: text, line: 1 };
        change.within(TEXT_CAP)
    }

    /// A file that is there, read for this, and its new text.
    pub(super) fn edit(path: &str, before: String, after: String) -> Result<Self> {
        let line = first_new_line(&before, &after);
        let cap = if path.ends_with(".csv") { CSV_CAP } else { TEXT_CAP };
        Self { path: path.to_owned(), before: Some(before), after, line }.within(cap)
    }

    /// A row at the end of a register; the register is begun where there is none.
    pub(super) fn row(
        root: &Path,
        program: &Program,
        name: &str,
        noun: &str,
        fields: &Fields,
    ) -> Result<Self> {
        let path = register_file(program, name);
        let beginning = format!("# Each row is {}: soc2 explain {noun}\n", crate::text::a(noun));
        let refused = |why: String| Error::new(format!("`{}` is left as it is: {why}", safe(&path)));
        let before =
            register::text(root, program, &path, if path.ends_with(".csv") { "" } else { &beginning })?;
        let after = if path.ends_with(".csv") {
            rows::with_cells(&before, std::slice::from_ref(fields)).map_err(refused)?
        } else {
            let (text, _) = rows::edited(&before, &[], std::slice::from_ref(fields)).map_err(refused)?;
            text
        };
        Self::edit(&path, before, after)
    }

    fn within(self, cap: u64) -> Result<Self> {
        if u64::try_from(self.after.len()).unwrap_or(u64::MAX) <= cap {
            return Ok(self);
        }
        Err(Error::new(format!("`{}` would grow larger than a file of the programme may be", safe(&self.path)))
            .hint("shorten the text, or keep older rows in a file of their own: registers/incidents/2025.yaml belongs to incidents"))
    }

    /// The lines that are new, for people.
    pub(super) fn shown(&self) -> String {
        let last = self.before.as_ref().map_or(0, |before| before.lines().count());
        let more = self.after.lines().count().saturating_sub(last).max(1);
        let mut lines: Vec<&str> = self.after.lines().skip(self.line.saturating_sub(1)).take(more).collect();
        while lines.last().is_some_and(|line| line.trim().is_empty()) {
            lines.pop();
        }
        lines
            .into_iter()
            .map(|line| format!("  {}\n", clip(&safe(line.trim_start_matches('\u{feff}')), 200)))
            .collect()
    }
}

/// The line on which two texts begin to differ, from 1; where a row follows a text without a last line end, the row's own.
fn first_new_line(before: &str, after: &str) -> usize {
    let same = before.bytes().zip(after.bytes()).take_while(|(old, new)| old == new).count();
    let rest = after.as_bytes().get(same..).unwrap_or(&[]);
    let ends = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let above = after.as_bytes().get(..same + ends).unwrap_or(&[]);
    1 + above.iter().filter(|byte| **byte == b'\n').count()
}

/// The file of a register that takes a new row: the one at its usual place, else the last one of its folder.
fn register_file(program: &Program, name: &str) -> String {
    let usual = format!("registers/{name}.yaml");
    let says_something = |path: &str| {
        let text = program.sources.find(path).map_or("", |file| program.sources.text(file));
        text.lines().any(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
    };
    if says_something(&usual) {
        return usual;
    }
    let table = format!("registers/{name}.csv");
    if program.sources.find(&table).is_some() {
        return table;
    }
    let folder = format!("registers/{name}/");
    let own = program.sources.below(&folder).map(|(_, file)| file);
    let last = own.filter(|file| matches!(file.body, Body::Text(_))).last().map(|file| file.path.to_string());
    match last {
        Some(last) if program.sources.find(&usual).is_none() => last,
        _ => usual,
    }
}

/// What the programme says with the changes that it did not say without: refuses what `soc2 check` would deny, gives the rest.
pub(super) fn tried(program: &Program, today: Date, changes: &[Change]) -> Result<Vec<String>> {
    let files = |changes: &[Change]| {
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        for (_, file) in program.sources.files() {
            if let Body::Text(text) = &file.body
                && !file.path.starts_with("evidence/")
            {
                files.insert(file.path.to_string(), text.as_bytes().to_vec());
            }
        }
        for change in changes {
            let text = change.after.strip_prefix('\u{feff}').unwrap_or(&change.after);
            files.insert(change.path.clone(), text.as_bytes().to_vec());
        }
        files.into_iter().collect::<Vec<_>>()
    };
    let mut known: BTreeMap<(&'static str, String, String), usize> = BTreeMap::new();
    for (_, rule, path, message, ..) in faults(files(&[]), today) {
        *known.entry((rule, path, message)).or_default() += 1;
    }
    let mut notes = Vec::new();
    for (level, rule, path, message, line, help) in faults(files(changes), today) {
        if let Some(left) = known.get_mut(&(rule, path.clone(), message.clone()))
            && *left > 0
        {
            *left -= 1;
            continue;
        }
        if level == Level::Deny {
            let error =
                Error::new(format!("nothing was written: `{}` would say {message} ({rule})", safe(&path)));
            return Err(help.into_iter().fold(error, Error::hint));
        }
        let help = help.map_or_else(String::new, |help| format!("; {help}"));
        notes.push(format!("{}:{line}: {message} ({rule}){help}", safe(&path)));
    }
    Ok(notes)
}

type Fault = (Level, &'static str, String, String, usize, Option<String>);

/// The diagnostics of a programme, those that are allowed left out.
fn faults(files: Vec<(String, Vec<u8>)>, today: Date) -> Vec<Fault> {
    let program = Program::load(Sources::from_memory(files));
    let judgement = Judgement::new(&program, today, None);
    let report = Report::new(&judgement);
    let found = report.diagnostics.iter().filter(|fault| fault.level != Level::Allow);
    found
        .map(|fault| {
            let path = program.sources.path(fault.at.file).to_owned();
            let line = program.sources.position(fault.at).line;
            (fault.level, fault.rule, path, fault.message.clone(), line, fault.help.clone())
        })
        .collect()
}

/// Writes all of it; where one fails, those before it are put back as they were.
pub(super) fn write(root: &Path, changes: &[Change]) -> Result<()> {
    for (nth, change) in changes.iter().enumerate() {
        let Err(error) = put(root, change) else { continue };
        for done in changes.iter().take(nth) {
            let disk = root.join(&done.path);
            let _ = match &done.before {
                Some(before) => ui::write_file(&disk, before.as_bytes()),
                None => fs::remove_file(&disk).map_err(|e| Error::io(&disk, &e)),
            };
        }
        return Err(error);
    }
    Ok(())
}

fn put(root: &Path, change: &Change) -> Result<()> {
    let disk = root.join(&change.path);
    if change.before.is_none() && disk.symlink_metadata().is_ok() {
        return Err(Error::new(format!("`{}` is there already; nothing is overwritten", safe(&change.path))));
    }
    ui::write_file(&disk, change.after.as_bytes())
}

/// Shows what would be written, or writes it: the first lines that a verb prints.
pub(super) fn told(root: &Path, changes: &[Change], what: &str, dry_run: bool) -> Result<String> {
    if dry_run {
        let shown = changes
            .iter()
            .map(|change| format!("{}:{} would say\n{}", safe(&change.path), change.line, change.shown()));
        return Ok(format!("{}Nothing was written: --dry-run\n", shown.collect::<String>()));
    }
    write(root, changes)?;
    let Some(last) = changes.last() else { return Ok(String::new()) };
    let mut out = format!("Wrote {}:{}: {what}\n", safe(&last.path), last.line);
    for other in changes.iter().take(changes.len() - 1) {
        out.push_str(&format!("  and {}:{}\n{}", safe(&other.path), other.line, other.shown()));
    }
    Ok(out)
}
