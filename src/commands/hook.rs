//! `soc2 hook`: the check of what is staged, before each commit. Nobody else's hook is ever touched.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use super::place::not_a_repository;
use crate::error::{Error, Result};
use crate::git::Repository;
use crate::source::Sources;
use crate::text::safe;
use crate::ui;

/// Check what is staged before each commit.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Write git's pre-commit hook, which refuses a commit with a fault that must be mended.
    ///
    /// The hook runs `soc2 check --staged`, so it sees what will be committed and not the work tree. It is written for all
    /// work trees of the repository, and renewed when it is ours. A hook of somebody else is left alone: exits with 1 and
    /// says what to add to it.
    Install,
}

const TEMPLATE: &str = include_str!("../../templates/hooks/pre-commit");
/// The line by which our own hook is known.
const OURS: &str = "# Written and renewed by: soc2 hook install";
/// Where the programmes of the repository are named, one line each.
const PROGRAMMES: &str = "# PROGRAMMES\n";

/// Runs the verb.
pub fn run(args: &Args, directory: &Path) -> Result<ExitCode> {
    let Args { verb: Verb::Install } = args;
    let root = Sources::find_root(directory)?;
    let Some(repository) = Repository::discover(&root)? else { return Err(not_a_repository(&root)) };
    if let Some(folder) = repository.hooks_path() {
        let why = format!("git takes this repository's hooks from `{}` (core.hooksPath)", safe(&folder));
        return left_alone(&why, &format!("{}/pre-commit", safe(&folder)), &repository);
    }
    if repository.prefix().chars().any(char::is_control) {
        return Err(Error::new("the programme's folder has a name that no script can hold")
            .hint("rename it with letters, digits, `-`, `_` and `.`"));
    }
    let file = repository.common_dir().join("hooks").join("pre-commit");
    let shown = safe(&file.display().to_string());
    let there = match fs::symlink_metadata(&file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(Error::io(&file, &error)),
        // A link leads to something of somebody else's.
        Ok(meta) if !meta.is_file() => Some(String::new()),
        Ok(_) => {
            Some(String::from_utf8_lossy(&fs::read(&file).map_err(|e| Error::io(&file, &e))?).into_owned())
        }
    };
    if there.as_ref().is_some_and(|text| !text.lines().any(|line| line == OURS)) {
        return left_alone("there is a pre-commit hook of somebody else's already", &shown, &repository);
    }
    let text = text(there.as_deref().unwrap_or(""), repository.prefix());
    if there.as_deref() != Some(&text) {
        ui::write_file(&file, text.as_bytes())?;
    }
    executable(&file)?;
    let done = if there.is_some() { "Renewed" } else { "Wrote" };
    ui::tell(&format!("{done} {shown}: it runs soc2 check --staged before each commit"));
    Ok(ExitCode::SUCCESS)
}

/// The hook's text, with this programme and those that it names already.
fn text(there: &str, prefix: &str) -> String {
    let known = there.lines().filter(|line| line.starts_with("check '")).map(str::to_owned);
    let ours = format!("check '{}'", prefix.replace('\'', r"'\''"));
    let lines: BTreeSet<String> = known.chain([ours]).collect();
    let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
    TEMPLATE.replace(PROGRAMMES, &lines)
}

/// Says what to add by hand.
fn left_alone(why: &str, file: &str, repository: &Repository) -> Result<ExitCode> {
    let prefix = repository.prefix().trim_end_matches('/');
    let folder = if prefix.is_empty() { String::new() } else { format!("-C \"{}\" ", safe(prefix)) };
    ui::tell(&format!(
        "{why}; nothing was written\n  hint: add this line to {file}: soc2 {folder}check --staged || exit 1"
    ));
    Ok(ExitCode::from(1))
}

#[cfg(unix)]
fn executable(file: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).map_err(|e| Error::io(file, &e))
}

#[cfg(not(unix))]
fn executable(_: &Path) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_has_its_marks() {
        assert!(TEMPLATE.lines().any(|line| line == OURS));
        assert_eq!(TEMPLATE.matches(PROGRAMMES).count(), 1);
    }

    #[test]
    fn programmes_are_added_once_and_quoted() {
        let one = text("", "it's/");
        assert!(one.contains("\ncheck 'it'\\''s/'\n"), "{one}");
        assert_eq!(text(&one, "it's/"), one);
        let two = text(&one, "");
        assert!(two.contains("\ncheck ''\ncheck 'it'\\''s/'\n"), "{two}");
    }
}
