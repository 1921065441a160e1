//! A bundle whose verdicts are reached again.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use jiff::civil::date;
use soc2::history::{Commit, FileHistory, History, Reach, Signature, TextVersion, Touch, Who};
use soc2::program::Program;
use soc2::provenance::{self, Bundle, Left, Made, Outcome, Read, Recheck};
use soc2::source::{Body, Sources};
use soc2::timeline::{Clock, Judgement};

use super::{seeds, verbs};

/// A bundle in memory.
#[derive(Debug)]
struct Files(BTreeMap<String, Vec<u8>>);

impl Bundle for Files {
    fn files(&self) -> Vec<(String, u64)> {
        self.0.iter().map(|(path, bytes)| (path.clone(), bytes.len() as u64)).collect()
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn io::Read + '_>> {
        let bytes = self.0.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(&bytes[..]))
    }
}

/// Any files are either refused with a reason or judged; both runs say the same, and nothing that does harm where it is
/// shown.
pub fn recheck(bytes: &[u8]) {
    let first = of(seeds::unpack(bytes));
    let second = of(seeds::unpack(bytes));
    assert_eq!(first.lines(), second.lines(), "two runs differ");
    if first.outcome == Outcome::NotRecomputed {
        assert!(!first.faults.is_empty(), "no reason is given");
    }
    assert_eq!(first.outcome == Outcome::Differs, first.different > 0);
    verbs::are_harmless(&vec![("recheck".to_owned(), first.lines().join("\n"))]);
}

fn of(files: Vec<(String, Vec<u8>)>) -> Recheck {
    let bundle: Arc<dyn Bundle> = Arc::new(Files(files.into_iter().collect()));
    provenance::recheck(&bundle)
}

/// The files of a programme, packed as a bundle holds them; evidence in `withheld` is left out.
pub fn bundle(files: Vec<(String, Vec<u8>)>, withheld: &str) -> Vec<(String, Vec<u8>)> {
    let mut program = Program::load(Sources::from_memory(files));
    program.history = history();
    let judgement = Judgement::new(&program, Clock::today(date(2026, 6, 30)), None);
    let sources = &program.sources;
    let is_inside = |path: &str| withheld.is_empty() || !path.starts_with(withheld);
    let made = Made {
        read: Read::Commit("0000000000000000000000000000000000000000"),
        profile: "auditor",
        options: BTreeMap::new(),
        packed: &|file| Some(sources.path(file)).filter(|path| is_inside(path)).map(str::to_owned),
        left_out: &|_| Left::Withheld("restricted".to_owned()),
    };
    let mut out = provenance::members(&judgement, &made);
    for (id, file) in sources.files() {
        let to = match &file.body {
            Body::Text(_) => format!("{}{}", provenance::SOURCES, file.path),
            Body::Artifact(_) if is_inside(&file.path) => file.path.to_string(),
            _ => continue,
        };
        let mut bytes = Vec::new();
        sources.open(id).and_then(|mut reader| reader.read_to_end(&mut bytes)).expect("memory can be read");
        out.push((to, bytes));
    }
    out
}

/// Some history, so that a mutation has something to change.
fn history() -> History {
    let at = "2026-01-05T12:00:00Z".parse().expect("a moment");
    let who = Who { name: "Alice".into(), email: "alice@acme.com".into(), at };
    let commit = |digit: &str, signature| Commit {
        id: digit.repeat(40).into(),
        author: who.clone(),
        committer: who.clone(),
        subject: "".into(),
        parents: 1,
        through: None,
        signature,
    };
    let file = FileHistory {
        touches: vec![Touch { commit: 0, added: false }, Touch { commit: 1, added: true }],
        complete: true,
        uncommitted: false,
        lines: [0, 1, 1, u32::MAX].into(),
    };
    History {
        reach: Reach::Whole,
        head: Some(0),
        commits: vec![commit("a", Signature::Forge { name: "GitHub".into() }), commit("b", Signature::Bad)],
        files: [("policies/access.md".into(), file.clone()), ("soc2.toml".into(), file)].into(),
        texts: [("policies/access.md".into(), vec![TextVersion { commit: 1, sha256: [7; 32] }])].into(),
        ..History::default()
    }
}

/// Whole bundles to begin with.
pub fn bundles() -> Vec<(&'static str, Vec<u8>)> {
    let file = |path: &str, text: &str| (path.to_owned(), text.as_bytes().to_vec());
    let hash = |text: &str| soc2::source::hex(&soc2::source::sha256(text.as_bytes()));
    let rows = "run_at,ticket\n2026-02-03,T-1\n2026-03-04,T-2\n";
    let manifest = format!(
        "title: Restores\ncontrols: [restore-test]\nkind: log-extract\nperformed: {{ on: 2026-03-04, by: alice }}\n\
         occurrences: {{ artifact: log.csv, date: run_at, key: ticket }}\nresult: {{ outcome: as-expected }}\n\
         collected: {{ at: 2026-03-05T10:00:00Z, by: alice }}\n\
         reviewed: {{ on: 2026-03-06, by: bob, result: accepted }}\n\
         artifacts: [{{ path: log.csv, sha256: \"{}\", bytes: {} }}]\n",
        hash(rows),
        rows.len()
    );
    let mut files = seeds::ground();
    files.extend([
        file(
            "controls/restore.yaml",
            "id: restore-test\ntitle: Backups are restored\ndescription: Each quarter a backup is restored.\n\
             owner: security-lead\nstatus: implemented\neffective_from: 2026-01-01\ncadence: quarterly\n\
             criteria: [A1.2, CC7.5]\npolicies: [access]\n",
        ),
        file(
            "policies/access.md",
            "---\nid: access\ntitle: Access\nowner: security-lead\napprovals:\n  - { version: \"1\", by: bob, on: 2026-01-02, \
             effective: 2026-01-02, text: \"0707070707070707070707070707070707070707070707070707070707070707\" }\n---\n\
             # Access\n\nBackups are restored each quarter.\n",
        ),
        file("evidence/restore/q1/log.csv", rows),
        file("evidence/restore/q1/manifest.yaml", &manifest),
    ]);
    vec![
        ("whole", seeds::pack(&bundle(files.clone(), ""))),
        ("withheld", seeds::pack(&bundle(files, "evidence/restore/"))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The seeds are bundles whose verdicts are reached again, so that a mutation of them gets far.
    #[test]
    fn seeds_hold() {
        for (name, bytes) in bundles() {
            let found = of(seeds::unpack(&bytes));
            assert!(found.holds(), "{name}: {found:#?}");
            assert!(found.on_history > 0, "{name}: {found:#?}");
            assert_eq!(found.on_bytes_left_out > 0, name == "withheld");
        }
    }
}
