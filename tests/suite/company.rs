//! The example company: one story, told by `examples/company`, of which `examples/acme` is the last state.

use std::collections::BTreeMap;
use std::fs;
use std::sync::OnceLock;

use jiff::civil::Date;
use soc2::model::evidence::Occurrences;
use soc2::program::Program;
use soc2::source::Sources;

use crate::support::{Folder, files_below, root};

#[path = "../../examples/company/story.rs"]
mod story;

/// `crate::company::repository` finds the story of this test binary.
#[path = "../../examples/company/repository.rs"]
pub(crate) mod repository;

pub(crate) use story::{Commit, last_tree};

/// Every commit of the story; told once for all tests.
pub(crate) fn commits() -> &'static [Commit] {
    static TOLD: OnceLock<Vec<Commit>> = OnceLock::new();
    TOLD.get_or_init(story::commits)
}

/// Refresh with `rm -r examples/acme && cargo run --example company -- --tree-only examples/acme`.
#[test]
fn acme_is_the_last_tree() {
    let tree = last_tree(commits());
    let mut wrong = Vec::new();
    for path in files_below("examples/acme") {
        if !tree.contains_key(path.trim_start_matches("examples/acme/")) {
            wrong.push(format!("{path} is not in the story"));
        }
    }
    for (path, bytes) in &tree {
        if fs::read(root().join("examples/acme").join(path)).ok().as_ref() != Some(bytes) {
            wrong.push(format!("examples/acme/{path} differs from the story"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_repository_is_the_same_each_time() {
    let commits = commits();
    let (one, two) = (Folder::new(), Folder::new());
    let first = repository::write_commits(commits, one.path()).unwrap();
    assert_eq!(first.len(), 40, "{first}");
    assert_eq!(first, repository::write_commits(&story::commits(), two.path()).unwrap());
    for (path, bytes) in last_tree(commits) {
        assert_eq!(fs::read(one.path().join(&path)).unwrap(), bytes, "{path}");
    }
}

#[test]
fn the_company_is_large_enough() {
    let tree = last_tree(commits());
    let bytes: usize = tree.values().map(Vec::len).sum();
    assert!(tree.len() < 1500 && bytes < 3_000_000, "{} files, {bytes} bytes", tree.len());
    let program = Program::load(Sources::from_memory(tree.into_iter().collect()));
    assert!(program.controls.len() >= 60, "{} controls", program.controls.len());
    assert!(program.evidence.len() >= 300, "{} manifests", program.evidence.len());
    assert!(program.registers.people.len() >= 25, "{} people", program.registers.people.len());
}

/// The first commit of each file and the last one.
fn committed(commits: &[Commit]) -> BTreeMap<&str, (Date, &Commit)> {
    let mut first = BTreeMap::new();
    for commit in commits {
        let at = jiff::Timestamp::from_second(commit.seconds).unwrap();
        let hours: i8 = commit.offset[..3].parse().unwrap();
        let day = jiff::tz::offset(hours).to_datetime(at).date();
        for (path, _) in &commit.changes {
            first.entry(path.as_str()).or_insert((day, commit));
        }
    }
    first
}

/// What a manifest claims agrees with the commit that brought it, and no review came in the commit of the evidence.
#[test]
fn claimed_dates_agree_with_commits() {
    let commits = commits();
    let first = committed(commits);
    let program = Program::load(Sources::from_memory(last_tree(commits).into_iter().collect()));
    let mut wrong = Vec::new();
    for folder in &program.evidence {
        let manifest = &folder.manifest;
        let path = format!("evidence/{}/manifest.yaml", program.evidence_id(folder));
        let (day, commit) = first[path.as_str()];
        if let Some(on) = manifest.performed.as_ref().and_then(|performed| performed.on.as_ref()) {
            let late = day.duration_since(on.value).as_hours() / 24;
            if !(0..=5).contains(&late) {
                wrong.push(format!("{path}: performed on {}, committed on {day}", on.value));
            }
        }
        if let Some(Occurrences::Listed(all)) = manifest.occurrences.as_deref() {
            let last = all.iter().filter_map(|occurrence| occurrence.on.as_ref()).map(|on| on.value).max();
            if last.is_none_or(|last| last > day) {
                wrong.push(format!("{path}: the last occurrence is of {last:?}, committed on {day}"));
            }
        }
        if let Some(on) = manifest.reviewed.as_ref().and_then(|reviewed| reviewed.on.as_ref()) {
            let text =
                commit.changes.iter().find(|(of, _)| *of == path).and_then(|(_, bytes)| bytes.as_ref());
            let text = String::from_utf8_lossy(text.unwrap()).into_owned();
            if on.value <= day || text.contains("\nreviewed:") {
                wrong.push(format!("{path}: reviewed on {}, filed on {day}", on.value));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let days: Vec<i64> = commits.iter().map(|commit| commit.seconds).collect();
    assert!(days.is_sorted(), "commits are in the order of their dates");
}
