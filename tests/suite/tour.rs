//! The tour in README.md and docs/tour.md: every command in it is run, in its order, on the example company, and every line it
//! prints is compared. `BLESS=1` writes what they print now; do so without
//! the feature `pdf`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::company::{commits, repository};
use crate::support::{Folder, root};

/// The page as it would be if every command were run anew.
fn told(page: &str) -> String {
    let text = fs::read_to_string(root().join(page)).unwrap_or_else(|e| panic!("{page}: {e}"));
    let folder = Folder::new();
    let company = folder.path().join("target/acme");
    fs::create_dir_all(&company).unwrap();
    repository::write_commits(commits(), &company).unwrap();
    let mut session = Session { here: company, set: Vec::new() };
    let mut out = String::new();
    let mut in_session = false;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let command = line.strip_prefix("$ ").filter(|_| in_session);
        if in_session && command.is_none() && line != "```" {
            continue;
        }
        out.push_str(line);
        out.push('\n');
        let Some(command) = command else {
            in_session = line == "```console";
            continue;
        };
        let mut command = command.to_owned();
        while command.ends_with('\\') {
            let more = lines.next().unwrap_or_else(|| panic!("{page} ends within `{command}`"));
            out.push_str(&format!("{more}\n"));
            command.push('\n');
            command.push_str(more.trim_start_matches("> "));
        }
        if is_left_alone(&command) {
            while let Some(line) = lines.next_if(|line| !line.starts_with("$ ") && *line != "```") {
                out.push_str(&format!("{line}\n"));
            }
            continue;
        }
        out.push_str(&session.run(&command));
    }
    out
}

/// What a build with PDF leaves as it stands: it packs more files, and sets a hundred pages for them.
fn is_left_alone(command: &str) -> bool {
    let packs = ["soc2 bundle ", "soc2 verify "].iter().any(|verb| command.starts_with(verb));
    cfg!(feature = "pdf") && packs
}

/// A shell in which commands follow each other.
struct Session {
    here: PathBuf,
    /// What `export` set.
    set: Vec<(String, String)>,
}

impl Session {
    /// What a command prints, on both streams.
    fn run(&mut self, command: &str) -> String {
        if let Some(folder) = command.strip_prefix("cd ") {
            self.here.push(folder);
            assert!(self.here.is_dir(), "{command}: there is no such folder");
            return String::new();
        }
        if let Some(pairs) = command.strip_prefix("export ") {
            let pairs = pairs.split_whitespace().filter_map(|pair| pair.split_once('='));
            self.set.extend(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
            return String::new();
        }
        let output = Command::new("sh")
            .args(["-c", &format!("exec 2>&1; {command}")])
            .current_dir(&self.here)
            .env_clear()
            .envs(machine())
            .envs(self.set.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        without_hashes(&String::from_utf8_lossy(&output.stdout))
    }
}

/// What is the same on every machine, with the program that is tested first.
fn machine() -> Vec<(&'static str, String)> {
    let program = Path::new(env!("CARGO_BIN_EXE_soc2")).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    vec![
        ("PATH", format!("{}:{path}", program.display())),
        ("LC_ALL", "C.UTF-8".to_owned()),
        ("TZ", "UTC".to_owned()),
        ("HOME", "/nonexistent".to_owned()),
        ("GIT_CONFIG_GLOBAL", "/dev/null".to_owned()),
        ("GIT_CONFIG_NOSYSTEM", "1".to_owned()),
    ]
}

/// A hash of 64 digits is shown as `…`: that of an archive depends on whether this build sets pages as PDF.
fn without_hashes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut digits = String::new();
    for c in text.chars().chain(['\0']) {
        if c.is_ascii_hexdigit() && !c.is_ascii_uppercase() {
            digits.push(c);
            continue;
        }
        out.push_str(if digits.len() == 64 { "…" } else { &digits });
        digits.clear();
        out.push(c);
    }
    out.pop();
    out
}

fn compared(page: &str) {
    let now = told(page);
    let path = root().join(page);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &now).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap();
    let differs = written.lines().zip(now.lines()).enumerate().find(|(_, (written, now))| written != now);
    if let Some((n, (written, now))) = differs {
        panic!("{page}:{}: says `{written}` where the program says `{now}`: BLESS=1 cargo test", n + 1);
    }
    assert!(written == now, "{page} ends otherwise: BLESS=1 cargo test");
}

#[test]
fn the_readme_shows_what_the_program_says() {
    compared("README.md");
}

#[test]
fn the_tour_shows_what_the_program_says() {
    compared("docs/tour.md");
}
