//! `history.json`: what git remembered of the programme's files, as far as verdicts and gaps read it. Messages of commits
//! are left out. Texts that repeat stand once, in `strings`; a number in their place is their index, from 0.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::artifacts::unhex;
use crate::history::{
    Commit, ControlVersion, FileHistory, History, Reach, Signature, TextVersion, Touch, Who,
};
use crate::model::Control;
use crate::source::hex;

/// The form of the file; within a version keys are only ever added.
pub(super) const FORMAT: &str = "soc2-history/1";

/// The file's content.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Recorded {
    pub(super) format: String,
    /// `whole`, `shallow`, `partial` or `none`.
    reach: String,
    /// The commit that was read, or on which the work tree stood: its place among `commits`, from 0.
    head: Option<u32>,
    /// Newest first.
    commits: Vec<CommitRow>,
    files: Vec<FileRow>,
    /// By id of a control.
    controls: Vec<(String, Vec<ControlRow>)>,
    controls_cut: Option<u32>,
    /// By path of a policy: commit and SHA-256 of the text it had.
    texts: Vec<(String, Vec<(u32, String)>)>,
    /// By a commit's id that some record names.
    ancestors: Vec<(String, Option<bool>)>,
    strings: Vec<String>,
}

#[derive(Debug, Deserialize, Serialize)]
struct CommitRow {
    id: String,
    /// Name and address, both in `strings`, and seconds since 1970.
    author: (u32, u32, i64),
    committer: (u32, u32, i64),
    parents: u32,
    /// The merge through which it came in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    through: Option<u32>,
    /// What its signature is worth, and whose it is or why it was not checked; nothing where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    signature: Option<(String, String)>,
}

#[derive(Debug, Deserialize, Serialize)]
struct FileRow {
    path: String,
    /// Commits that changed it, newest first.
    touches: Vec<u32>,
    /// Those of them before which there was no such file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    added: Vec<u32>,
    /// Older commits exist elsewhere.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    cut: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    uncommitted: bool,
    /// So many lines from the top, and the commit that wrote them; none where it is not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    lines: Vec<(u32, Option<u32>)>,
}

/// A commit, and the keys and values that it left the control with, all in `strings`.
type ControlRow = (u32, Vec<(u32, u32)>);

/// Lines of one file, and of all, above which no programme goes.
const LINE_CAP: u32 = 4 << 20;
const ALL_LINES_CAP: u64 = 16 << 20;
/// A line of which no commit is known.
const NOWHERE: u32 = u32::MAX;

/// Texts, each once, numbered in the order in which they come.
#[derive(Default)]
struct Strings<'h> {
    places: BTreeMap<&'h str, u32>,
    all: Vec<String>,
}

impl<'h> Strings<'h> {
    fn place(&mut self, text: &'h str) -> u32 {
        let next = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        *self.places.entry(text).or_insert_with(|| {
            self.all.push(text.to_owned());
            next
        })
    }

    fn who(&mut self, who: &'h Who) -> (u32, u32, i64) {
        (self.place(&who.name), self.place(&who.email), who.at.as_second())
    }
}

const REACHES: &[(Reach, &str)] = &[
    (Reach::Whole, "whole"),
    (Reach::Shallow, "shallow"),
    (Reach::Partial, "partial"),
    (Reach::None, "none"),
];

impl Recorded {
    pub(super) fn of(history: &History) -> Self {
        let mut strings = Strings::default();
        let commits = history.commits.iter().map(|commit| CommitRow {
            id: commit.id.to_string(),
            author: strings.who(&commit.author),
            committer: strings.who(&commit.committer),
            parents: commit.parents,
            through: commit.through,
            signature: signature(&commit.signature),
        });
        let commits = commits.collect();
        let controls = history.controls.iter().map(|(id, versions)| {
            let version = |one: &'_ ControlVersion| one.commit;
            let rows = versions.iter().map(|one| {
                let fields = one.fields.iter().map(|(key, text)| (strings.place(key), strings.place(text)));
                (version(one), fields.collect())
            });
            (id.to_string(), rows.collect())
        });
        let controls = controls.collect();
        let texts = history.texts.iter().map(|(path, texts)| {
            (path.to_string(), texts.iter().map(|text| (text.commit, hex(&text.sha256))).collect())
        });
        let reach = REACHES.iter().find(|(reach, _)| *reach == history.reach);
        Self {
            format: FORMAT.to_owned(),
            reach: reach.map_or("none", |(_, word)| word).to_owned(),
            head: history.head,
            commits,
            files: history.files.iter().map(|(path, file)| FileRow::of(path, file)).collect(),
            controls,
            controls_cut: history.controls_cut,
            texts: texts.collect(),
            ancestors: history.ancestors.iter().map(|(id, is)| (id.to_string(), *is)).collect(),
            strings: strings.all,
        }
    }

    /// The history again; where the file contradicts itself, how.
    pub(super) fn history(self) -> Result<History, String> {
        let reach = REACHES.iter().find(|(_, word)| *word == self.reach);
        let reach = reach.ok_or_else(|| "names no known reach of the history".to_owned())?.0.clone();
        let commits = self.commits.iter().map(|row| row.commit(&self.strings)).collect::<Option<Vec<_>>>();
        let mut history = History {
            reach,
            head: self.head,
            commits: commits.ok_or(BROKEN)?,
            controls_cut: self.controls_cut,
            ..History::default()
        };
        let count = u32::try_from(history.commits.len()).map_err(|_| BROKEN)?;
        let known = |commit: &u32| *commit < count;
        let through = history.commits.iter().filter_map(|commit| commit.through.as_ref());
        let named = through.chain(&history.head).chain(&history.controls_cut);
        let mut whole = named.into_iter().all(known);
        let mut lines = 0u64;
        for row in self.files {
            whole &= row.touches.iter().chain(&row.added).all(known);
            whole &= row.lines.iter().filter_map(|(_, commit)| commit.as_ref()).all(known);
            lines += row.length();
            if row.length() > u64::from(LINE_CAP) || lines > ALL_LINES_CAP {
                return Err("names more lines than any programme has".to_owned());
            }
            let (path, file) = row.file();
            history.files.insert(path, file);
        }
        for (id, rows) in self.controls {
            whole &= rows.iter().all(|(commit, _)| known(commit));
            let versions = rows.iter().map(|row| version(row, &self.strings)).collect::<Option<Vec<_>>>();
            history.controls.insert(id.into(), versions.ok_or(BROKEN)?);
        }
        for (path, rows) in self.texts {
            whole &= rows.iter().all(|(commit, _)| known(commit));
            let text =
                |(commit, hash): &(u32, String)| Some(TextVersion { commit: *commit, sha256: unhex(hash)? });
            let texts = rows.iter().map(text).collect::<Option<Vec<_>>>();
            history.texts.insert(path.into(), texts.ok_or(BROKEN)?);
        }
        history.ancestors = self.ancestors.into_iter().map(|(id, is)| (id.into(), is)).collect();
        if whole { Ok(history) } else { Err(BROKEN.to_owned()) }
    }
}

const BROKEN: &str = "names commits, texts or hashes that it does not hold";

impl FileRow {
    fn of(path: &str, file: &FileHistory) -> Self {
        let mut lines: Vec<(u32, Option<u32>)> = Vec::new();
        for line in &file.lines {
            let commit = (*line != NOWHERE).then_some(*line);
            match lines.last_mut().filter(|(count, last)| *last == commit && *count < u32::MAX) {
                Some((count, _)) => *count += 1,
                None => lines.push((1, commit)),
            }
        }
        Self {
            path: path.to_owned(),
            touches: file.touches.iter().map(|touch| touch.commit).collect(),
            added: file.touches.iter().filter(|touch| touch.added).map(|touch| touch.commit).collect(),
            cut: !file.complete,
            uncommitted: file.uncommitted,
            lines,
        }
    }

    fn length(&self) -> u64 {
        self.lines.iter().map(|(count, _)| u64::from(*count)).sum()
    }

    fn file(mut self) -> (Box<str>, FileHistory) {
        self.added.sort_unstable();
        let added = |commit: &u32| self.added.binary_search(commit).is_ok();
        let touch = |commit: &u32| Touch { commit: *commit, added: added(commit) };
        let line = |(count, commit): &(u32, Option<u32>)| {
            std::iter::repeat_n(commit.unwrap_or(NOWHERE), *count as usize)
        };
        let file = FileHistory {
            touches: self.touches.iter().map(touch).collect(),
            complete: !self.cut,
            uncommitted: self.uncommitted,
            lines: self.lines.iter().flat_map(line).collect(),
        };
        (self.path.into(), file)
    }
}

impl CommitRow {
    fn commit(&self, strings: &[String]) -> Option<Commit> {
        let text = |place: u32| strings.get(place as usize).map(|text| Box::from(text.as_str()));
        let who = |(name, email, seconds): (u32, u32, i64)| {
            Some(Who { name: text(name)?, email: text(email)?, at: Timestamp::from_second(seconds).ok()? })
        };
        Some(Commit {
            id: self.id.as_str().into(),
            author: who(self.author)?,
            committer: who(self.committer)?,
            subject: Box::default(),
            parents: self.parents,
            through: self.through,
            signature: match &self.signature {
                Some((kind, of)) => unsigned_or(kind, of)?,
                None => Signature::Unsigned,
            },
        })
    }
}

/// A version with the keys that this program knows; others say nothing to it.
fn version((commit, fields): &ControlRow, strings: &[String]) -> Option<ControlVersion> {
    let text = |place: u32| strings.get(place as usize).map(String::as_str);
    let mut out = Vec::with_capacity(fields.len());
    for (key, value) in fields {
        let (key, value) = (text(*key)?, text(*value)?);
        let known = Control::SHAPE.keys.iter().find(|known| known.name == key);
        out.extend(known.map(|known| (known.name, Box::from(value))));
    }
    Some(ControlVersion { commit: *commit, fields: out.into() })
}

fn signature(signature: &Signature) -> Option<(String, String)> {
    let (kind, of) = match signature {
        Signature::Unsigned => return None,
        Signature::Allowed { principal } => ("allowed", &**principal),
        Signature::Forge { name } => ("forge", &**name),
        Signature::NotYet { principal } => ("not-yet", &**principal),
        Signature::UnknownKey { key } => ("unknown-key", &**key),
        Signature::Bad => ("bad", ""),
        Signature::Unreadable { why } => ("unreadable", &**why),
    };
    Some((kind.to_owned(), of.to_owned()))
}

fn unsigned_or(kind: &str, of: &str) -> Option<Signature> {
    let of = of.into();
    Some(match kind {
        "allowed" => Signature::Allowed { principal: of },
        "forge" => Signature::Forge { name: of },
        "not-yet" => Signature::NotYet { principal: of },
        "unknown-key" => Signature::UnknownKey { key: of },
        "bad" => Signature::Bad,
        "unreadable" => Signature::Unreadable { why: of },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::json;
    use super::*;

    fn who(name: &str, seconds: i64) -> Who {
        let at = Timestamp::from_second(seconds).unwrap();
        Who { name: name.into(), email: format!("{name}@acme.example").into(), at }
    }

    /// A history with everything that one can hold.
    fn history() -> History {
        let of = || Box::<str>::from("x");
        let signatures = [
            Signature::Unsigned,
            Signature::Allowed { principal: of() },
            Signature::Forge { name: of() },
            Signature::NotYet { principal: of() },
            Signature::UnknownKey { key: of() },
            Signature::Bad,
            Signature::Unreadable { why: of() },
        ];
        let commits = signatures.into_iter().enumerate().map(|(nth, signature)| Commit {
            id: nth.to_string().repeat(40).into(),
            author: who("ann", 1_000 - nth as i64),
            committer: who(if nth == 2 { "bob" } else { "ann" }, -5),
            subject: Box::default(),
            parents: nth as u32,
            through: (nth == 3).then_some(0),
            signature,
        });
        let touch = |commit, added| Touch { commit, added };
        let file = FileHistory {
            touches: vec![touch(0, false), touch(4, true), touch(5, false)],
            complete: true,
            uncommitted: false,
            lines: [0, 0, NOWHERE, 4, 4].into(),
        };
        let version = |commit, owner: &str| ControlVersion {
            commit,
            fields: [("id", "a".into()), ("owner", owner.into())].into(),
        };
        let gone = ControlVersion { commit: 0, fields: Box::default() };
        History {
            reach: Reach::Shallow,
            head: Some(0),
            commits: commits.collect(),
            files: [
                ("a".into(), file),
                ("b".into(), FileHistory { uncommitted: true, ..FileHistory::default() }),
            ]
            .into(),
            controls: [("a".into(), vec![gone, version(1, "ann"), version(6, "bob")])].into(),
            controls_cut: Some(6),
            texts: [("policies/a.md".into(), vec![TextVersion { commit: 2, sha256: [7; 32] }])].into(),
            ancestors: [("00".into(), Some(true)), ("11".into(), None)].into(),
        }
    }

    fn read(bytes: &[u8]) -> Result<History, String> {
        json::read::<Recorded>(bytes).and_then(Recorded::history)
    }

    #[test]
    fn what_is_written_is_read_again() {
        let history = history();
        let bytes = json::lines(&Recorded::of(&history));
        let again = read(&bytes).unwrap();
        assert_eq!(format!("{again:#?}"), format!("{history:#?}"));
        for (reach, word) in REACHES {
            let recorded = Recorded::of(&History { reach: reach.clone(), ..History::default() });
            assert_eq!(recorded.reach, *word);
            assert_eq!(recorded.history().unwrap().reach, *reach);
        }
    }

    #[test]
    fn messages_are_left_out_and_other_keys_of_controls_passed_over() {
        let mut history = history();
        history.commits[0].subject = "what nobody asked for".into();
        let text = String::from_utf8(json::lines(&Recorded::of(&history))).unwrap();
        assert!(!text.contains("nobody asked"));
        let newer = text.replace("\"owner\"", "\"keeper\"");
        let fields = &read(newer.as_bytes()).unwrap().controls["a"][1].fields;
        assert_eq!(**fields, [("id", Box::from("a"))]);
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        let text = String::from_utf8(json::lines(&Recorded::of(&history()))).unwrap();
        for (from, to, why) in [
            ("\"head\":0", "\"head\":7", BROKEN),
            ("\"through\":0", "\"through\":70", BROKEN),
            ("\"touches\":[0,", "\"touches\":[9,", BROKEN),
            ("\"added\":[4]", "\"added\":[44]", BROKEN),
            ("[2,0],", "[2,9],", BROKEN),
            ("[0,[]]", "[8,[]]", BROKEN),
            ("[1,[[", "[1,[[99,1],[", BROKEN),
            ("0707", "07", BROKEN),
            ("\"allowed\"", "\"believed\"", BROKEN),
            ("\"shallow\"", "\"deep\"", "names no known reach of the history"),
            ("[2,0],", "[4294967295,0],", "names more lines than any programme has"),
        ] {
            assert!(text.contains(from), "{from} is not in {text}");
            assert_eq!(read(text.replacen(from, to, 1).as_bytes()).unwrap_err(), why, "{from}");
        }
    }
}
