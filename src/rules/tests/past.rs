//! What git remembers, stated in an example, oldest commit first. The n-th commit has the id `nnnnnnn…`, a merge `aaaaaaa…`.
//!
//! ```text
//! #! commit 2026-04-20 alice@acme.com evidence/a/manifest.yaml:6-7 evidence/a/x.csv
//! #! - merged 2026-04-21 bob@acme.com
//! #! - signed badly
//! #! - control access-review: title = Owners review | cadence = quarterly
//! #! - control access-review: gone
//! #! - text policies/access.md 2544f5…
//! #! - lost
//! #! history shallow
//! ```
//!
//! A path without lines is a file whose every line was written in the commit. `lost` says that the commit is none of the
//! history that is read; with another first word than `whole`, `history` cuts it off at the oldest commit.

use std::collections::BTreeMap;

use crate::history::{
    Commit, ControlVersion, FileHistory, History, Reach, Signature, TextVersion, Touch, Who,
};
use crate::model::scalar::Sha256;
use crate::record::Scalar;

/// Keys that a control's version may state.
const KEYS: &[&str] =
    &["title", "description", "owner", "status", "effective_from", "cadence", "criteria", "systems"];

/// What an example's lines say, as they come.
#[derive(Default)]
pub(super) struct Past {
    reach: Option<Reach>,
    commits: Vec<Stated>,
}

#[derive(Default)]
struct Stated {
    day: String,
    email: String,
    paths: Vec<String>,
    merged: Option<(String, String)>,
    signed_badly: bool,
    lost: bool,
    controls: Vec<(String, String)>,
    texts: Vec<(String, String)>,
}

impl Past {
    /// Reads a line if it is about history.
    pub(super) fn takes(&mut self, line: &str) -> bool {
        if let Some(reach) = line.strip_prefix("#! history ") {
            self.reach = Some(match reach {
                "whole" => Reach::Whole,
                "shallow" => Reach::Shallow,
                "partial" => Reach::Partial,
                other => panic!("history {other}"),
            });
        } else if let Some(commit) = line.strip_prefix("#! commit ") {
            let mut words = commit.split(' ').map(str::to_owned);
            let (day, email) = (words.next().unwrap(), words.next().unwrap());
            self.commits.push(Stated { day, email, paths: words.collect(), ..Stated::default() });
        } else if let Some(detail) = line.strip_prefix("#! - ") {
            self.commits.last_mut().unwrap().detail(detail);
        } else {
            return false;
        }
        true
    }

    /// The history that was stated; the files are those of the example.
    pub(super) fn history(self, files: &[(String, Vec<u8>)]) -> History {
        let mut history = History { reach: Reach::None, ..History::default() };
        if !self.commits.is_empty() || self.reach.is_some() {
            history.reach = self.reach.unwrap_or(Reach::Whole);
        }
        let complete = history.reach == Reach::Whole;
        let lines: BTreeMap<&str, usize> = files
            .iter()
            .map(|(path, bytes)| (path.as_str(), String::from_utf8_lossy(bytes).lines().count()))
            .collect();
        let merges = self.commits.iter().filter(|one| one.merged.is_some()).count();
        let total = self.commits.iter().filter(|one| !one.lost).count() + merges;
        // Stated oldest first, kept newest first.
        let mut next = u32::try_from(total).unwrap();
        let mut newest_last: Vec<Commit> = Vec::new();
        for (nth, stated) in (1u32..).zip(&self.commits) {
            let id = |digit: u32| char::from_digit(digit, 16).unwrap().to_string().repeat(40);
            if stated.lost {
                history.ancestors.insert(id(nth).into(), (history.reach == Reach::Whole).then_some(false));
                continue;
            }
            history.ancestors.insert(id(nth).into(), Some(true));
            next -= 1;
            let index = next;
            let mut commit = commit(id(nth), &stated.day, &stated.email, 1);
            if stated.signed_badly {
                commit.signature = Signature::Bad;
            }
            if let Some((day, email)) = &stated.merged {
                next -= 1;
                commit.through = Some(next);
                newest_last.push(commit);
                newest_last.push(self::commit(id(9 + nth), day, email, 2));
            } else {
                newest_last.push(commit);
            }
            stated.remember(&mut history, index, complete, &lines);
        }
        newest_last.reverse();
        history.commits = newest_last;
        history.head = (total > 0).then_some(0);
        history
    }
}

impl Stated {
    fn detail(&mut self, detail: &str) {
        let two = |text: &str, by: &str| {
            let (a, b) = text.split_once(by).unwrap();
            (a.to_owned(), b.to_owned())
        };
        let (word, rest) = detail.split_once(' ').unwrap_or((detail, ""));
        match word {
            "merged" => self.merged = Some(two(rest, " ")),
            "signed" => self.signed_badly = rest == "badly",
            "lost" => self.lost = true,
            "control" => self.controls.push(two(rest, ": ")),
            "text" => self.texts.push(two(rest, " ")),
            other => panic!("- {other}"),
        }
    }

    fn remember(&self, history: &mut History, index: u32, complete: bool, lines: &BTreeMap<&str, usize>) {
        for path in &self.paths {
            let (path, range) = path.split_once(':').map_or((path.as_str(), None), |(p, r)| (p, Some(r)));
            let count = *lines.get(path).unwrap_or_else(|| panic!("no file {path}"));
            let file = history.files.entry(path.into()).or_insert_with(|| FileHistory {
                complete,
                lines: vec![index; count].into(),
                ..FileHistory::default()
            });
            file.touches.insert(0, Touch { commit: index, added: file.touches.is_empty() });
            let (first, last) = range.map_or((1, count), |range| {
                let (first, last) = range.split_once('-').unwrap_or((range, range));
                (first.parse().unwrap(), last.parse().unwrap())
            });
            file.lines[first - 1..last].fill(index);
        }
        for (id, fields) in &self.controls {
            let fields = fields.split(" | ").filter_map(|field| field.split_once(" = "));
            let fields = fields.map(|(key, value)| {
                let key = KEYS.iter().find(|known| **known == key).unwrap_or_else(|| panic!("key {key}"));
                (*key, value.into())
            });
            let version = ControlVersion { commit: index, fields: fields.collect() };
            history.controls.entry(id.as_str().into()).or_default().insert(0, version);
        }
        for (path, hash) in &self.texts {
            let Ok(Sha256(sha256)) = Sha256::parse(hash) else { panic!("hash {hash}") };
            let version = TextVersion { commit: index, sha256 };
            history.texts.entry(path.as_str().into()).or_default().insert(0, version);
        }
    }
}

fn commit(id: String, day: &str, email: &str, parents: u32) -> Commit {
    let at = format!("{day}T12:00:00Z").parse().unwrap();
    let who = Who { name: email.split('@').next().unwrap().into(), email: email.into(), at };
    Commit {
        id: id.into(),
        author: who.clone(),
        committer: who,
        subject: "".into(),
        parents,
        through: None,
        signature: Signature::Unsigned,
    }
}
