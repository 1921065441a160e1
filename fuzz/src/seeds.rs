//! Repositories as one text each, and the seeds that every rule's documentation holds.

use std::collections::BTreeSet;

use soc2::program::Program;
use soc2::report::Report;
use soc2::rules::{self, RULES};
use soc2::timeline::{Clock, Judgement};

/// What every seed may rest on, unless it brings the file itself.
const GROUND: &[(&str, &str)] = &[
    (
        "soc2.toml",
        "[organization]\nname = \"Acme, Inc.\"\n[system]\nname = \"Acme Cloud\"\n[scope]\n\
         framework = \"soc2-2017-rev2022\"\ncategories = [\"security\", \"availability\"]\n\
         excluded = { confidentiality = \"later\", processing-integrity = \"later\", privacy = \"later\" }\n\
         [[audit]]\nid = \"2026-type2\"\ntype = \"type2\"\nperiod = { from = 2026-01-01, to = 2026-12-31 }\n\
         [variables]\npassword_min_length = 14\nsite = \"remote\"\n",
    ),
    (
        "registers/people.yaml",
        "- { id: alice, name: Alice, emails: [alice@acme.com], kind: employee, employed: [{ from: 2024-01-01 }] }\n\
         - { id: bob, name: Bob, emails: [bob@acme.com], kind: employee, employed: [{ from: 2024-01-01 }] }\n",
    ),
    ("registers/roles.yaml", "- { id: security-lead, held: [{ by: alice, from: 2024-01-01 }] }\n"),
    ("registers/vendors.yaml", "- { id: aws, service: hosting, owner: security-lead, tier: critical }\n"),
];

/// Rules about the disk; no list of files in memory reaches them.
pub const ON_DISK_ONLY: &[&str] = &["file-ignored", "submodule-not-read", "symlink-refused", "unreadable-file"];

/// Files that make a small programme whole.
pub fn ground() -> Vec<(String, Vec<u8>)> {
    GROUND.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect()
}

/// The line that starts a file: `#- controls/a.yaml`.
const MARK: &[u8] = b"#- ";

/// Files as one text: a line `#- path`, then the file's bytes and a newline. A mutation can hardly break it.
pub fn pack(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (path, bytes) in files {
        out.extend_from_slice(MARK);
        out.extend_from_slice(path.as_bytes());
        out.push(b'\n');
        out.extend_from_slice(bytes);
        out.push(b'\n');
    }
    out
}

/// The files of such a text; what stands before the first mark is dropped.
pub fn unpack(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        if let Some(path) = line.strip_prefix(MARK) {
            let path = String::from_utf8_lossy(path.strip_suffix(b"\n").unwrap_or(path)).into_owned();
            files.push((path, Vec::new()));
        } else if let Some((_, file)) = files.last_mut() {
            file.extend_from_slice(line);
        }
    }
    for (_, file) in &mut files {
        if file.last() == Some(&b'\n') {
            file.pop();
        }
    }
    files
}

/// Every example of every rule's documentation, bad and fixed, as (name, packed files).
pub fn from_rules() -> Vec<(String, Vec<u8>)> {
    let mut seeds = Vec::new();
    for rule in RULES {
        let blocks = rule.docs.split("\n```").skip(1).step_by(2);
        for (nth, block) in blocks.enumerate() {
            let body = block.split_once('\n').map_or("", |(_, body)| body);
            seeds.push((format!("{}-{}", rule.name, nth + 1), pack(&files(body))));
        }
    }
    seeds
}

/// The files of an example. Lines that say what is expected (`# ^^^`, `^^^`, `#!`) are no part of them; a path may end in
/// ` crlf`, ` empty` or ` bytes` as in `src/rules/tests.rs`.
fn files(block: &str) -> Vec<(String, Vec<u8>)> {
    let mut texts: Vec<(&str, String)> = Vec::new();
    for line in block.lines() {
        let pointer = line.starts_with("#!") || line.trim_start_matches(['#', ' ']).starts_with('^');
        if let Some(path) = line.strip_prefix("#- ") {
            texts.push((path, String::new()));
        } else if let Some((_, text)) = texts.last_mut().filter(|_| !pointer) {
            text.push_str(line);
            text.push('\n');
        }
    }
    let mut files: Vec<(String, Vec<u8>)> =
        texts.into_iter().map(|(path, text)| encode(path, text)).collect();
    for (path, bytes) in ground() {
        if !files.iter().any(|(own, _)| *own == path) {
            files.push((path, bytes));
        }
    }
    files
}

fn encode(path: &str, text: String) -> (String, Vec<u8>) {
    let (path, how) = path.rsplit_once(' ').unwrap_or((path, ""));
    let bytes = match how {
        "crlf" => text.replace('\n', "\r\n").into_bytes(),
        "empty" => Vec::new(),
        "bytes" => {
            let hex: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
            let byte = |pair: &[char]| u8::from_str_radix(&pair.iter().collect::<String>(), 16).ok();
            hex.chunks(2).filter_map(byte).collect()
        }
        _ => text.into_bytes(),
    };
    (path.to_owned(), bytes)
}

/// Rules that none of the found ones is, besides those that need a disk.
pub fn missed(reached: &BTreeSet<&'static str>) -> Vec<&'static str> {
    let names = RULES.iter().map(|rule| rule.name);
    // Files in memory have no history.
    let elsewhere = |name: &str| ON_DISK_ONLY.contains(&name) || rules::is_seen_in_commits(name);
    names.filter(|name| !reached.contains(name) && !elsewhere(name)).collect()
}

/// Names of all rules that find something in a programme, also those that are not shown by default.
pub fn rules_found(program: &Program) -> Vec<&'static str> {
    let mut names: Vec<&str> = program.diagnostics.iter().map(|fault| fault.rule).collect();
    names.extend(rules::faults(program).iter().map(|fault| fault.rule));
    // What is dated after as-of is a fault only where nothing can have been written later.
    for clock in [Clock::from(crate::AS_OF), Clock::today(crate::AS_OF)] {
        let report = Report::new(&Judgement::new(program, clock, None));
        names.extend(report.diagnostics.iter().map(|found| found.rule));
        names.extend(report.gaps.iter().map(|gap| gap.rule));
    }
    names.sort_unstable();
    names.dedup();
    names
}
