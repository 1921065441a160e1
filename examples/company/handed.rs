//! What was handed to the auditor, as `soc2 bundle --record` notes it: in a commit of its own, after the one that was packed.
//! The archives themselves are in `examples/handed-over/`; `data/handed-over.txt` has their hashes.

use std::collections::BTreeMap;

use jiff::civil::Date;
use soc2::manifest::with_row;

use super::objects::Line;
use super::{Commit, calendar, data, staff};

/// An archive.
#[derive(Clone, Debug)]
pub struct Handed {
    pub on: Date,
    pub by: String,
    pub audit: String,
    /// The requests of the auditor that it answers; without any it is all of the audit.
    pub requests: Vec<String>,
    pub sha256: String,
}

/// An archive on record, and the commit that it was made from.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub handed: Handed,
    pub commit: String,
    /// Commits of the story up to that one.
    pub until: usize,
    pub file: String,
}

/// The minute of the day at which it is recorded.
const MINUTE: i16 = 16 * 60 + 20;

/// Every archive, oldest first.
pub fn all() -> Vec<Handed> {
    read(data::text("handed-over.txt"))
}

/// The archives that `data/handed-over.txt` names.
pub fn read(text: &str) -> Vec<Handed> {
    text.lines().filter(|line| !line.starts_with('#')).map(line).collect()
}

fn line(text: &str) -> Handed {
    let [on, by, audit, requests, sha256] = text.split(' ').collect::<Vec<_>>()[..] else {
        panic!("`{text}` hands nothing over")
    };
    let requests = requests.split(',').filter(|one| *one != "all").map(str::to_owned).collect();
    let (by, audit, sha256) = (by.to_owned(), audit.to_owned(), sha256.to_owned());
    Handed { on: calendar::day(on), by, audit, requests, sha256 }
}

impl Handed {
    /// The line of `data/handed-over.txt`.
    pub fn line(&self) -> String {
        let requests = if self.requests.is_empty() { "all".to_owned() } else { self.requests.join(",") };
        format!("{} {} {} {requests} {}\n", self.on, self.by, self.audit, self.sha256)
    }

    /// The name that `soc2 bundle` gives it.
    fn file(&self, commit: &str) -> String {
        let part = if self.requests.is_empty() { "" } else { "-part" };
        format!("acme-inc-{}-{}{part}.zip", self.audit, &commit[..7])
    }
}

/// Puts the records into the story, each with the id of the commit before it.
pub fn hand_over(commits: &mut Vec<Commit>, handed: &[Handed]) -> Vec<Recorded> {
    let mut line = Line::default();
    let mut added = 0;
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    let mut recorded = Vec::new();
    for one in handed {
        let (seconds, offset) = calendar::moment(one.on, MINUTE);
        let place = commits.partition_point(|commit| commit.seconds <= seconds);
        for commit in &commits[added..place] {
            line.add(commit);
        }
        added = place;
        let id = line.head().unwrap_or_else(|| panic!("nothing stands on {}", one.on)).to_owned();
        let file = one.file(&id);
        let path = format!("audits/{}/bundles.yaml", one.audit);
        let text = texts.entry(path.clone()).or_default();
        let row = [
            ("commit", id.clone()),
            ("on", one.on.to_string()),
            ("file", file.clone()),
            ("sha256", one.sha256.clone()),
        ];
        *text = with_row(text, "bundles", &row).unwrap_or_else(|why| panic!("{path}: {why}"));
        let person = staff::person(&one.by);
        let key = super::signing::key(&one.by, one.on);
        let what = if one.requests.is_empty() { "everything".to_owned() } else { one.requests.join(", ") };
        let message = format!("Handed to the auditor for {}: {what}", one.audit);
        commits.insert(
            place,
            Commit {
                email: person.email().to_owned(),
                name: person.name,
                forge: None,
                seconds,
                offset,
                message,
                changes: vec![(path, Some(text.clone().into_bytes()))],
                key,
                branch: None,
                merges: None,
            },
        );
        recorded.push(Recorded { handed: one.clone(), commit: id, until: place, file });
    }
    recorded
}
