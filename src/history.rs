//! What git remembers of a programme's files, as plain data: who committed which bytes when, in which commit, through which
//! merge, with which signature. `git` fills it in; rules and timeline read it. A commit's dates are typed by whoever
//! commits, so they are claims; only a signature whose key is known makes a commit witnessed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// What is known of the past of a programme.
#[derive(Clone, Debug, Default)]
pub struct History {
    pub reach: Reach,
    /// The commit that is judged, or on which the work tree stands: index into `commits`.
    pub head: Option<u32>,
    /// Newest first: no commit stands before one of its children.
    pub commits: Vec<Commit>,
    /// By path in the programme; files that no commit holds are missing.
    pub files: BTreeMap<Box<str>, FileHistory>,
    /// By id of a control, also of one that is gone: how the first-parent line changed it, newest first. The oldest is
    /// where the control came in, or where the history at hand begins.
    pub controls: BTreeMap<Box<str>, Vec<ControlVersion>>,
    /// Changes of controls before this commit were not looked at, because there are too many of them.
    pub controls_cut: Option<u32>,
    /// By path of a policy: the texts it had, newest first, as far as commits that touched the file tell.
    pub texts: BTreeMap<Box<str>, Vec<TextVersion>>,
    /// By a commit's id that some record names, as typed: is it an ancestor of the commit read? `None` where the history at
    /// hand cannot tell.
    pub ancestors: BTreeMap<Box<str>, Option<bool>>,
}

/// A control as a commit of the first-parent line left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlVersion {
    /// Index into [`History::commits`].
    pub commit: u32,
    /// Keys and values as typed, in the order of the record; empty when the commit removed the control. Items of lists are
    /// joined by `, `; records stand in braces: `{kind: minutes, per: slot}`.
    pub fields: Box<[(&'static str, Box<str>)]>,
}

/// A text that a policy had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextVersion {
    /// Index into [`History::commits`].
    pub commit: u32,
    /// SHA-256 of the rendered Markdown, with that commit's variables and registers: what an approval's `text` pins.
    pub sha256: [u8; 32],
}

/// How far back the history at hand goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// To the first commit.
    Whole,
    /// To the commits where a shallow clone was cut off; older ones exist elsewhere.
    Shallow,
    /// Some objects were left on the server by a partial clone.
    Partial,
    /// Not at all, with the reason: no repository, no commit, unreadable.
    #[default]
    None,
}

/// One commit that matters to the programme.
#[derive(Clone, Debug)]
pub struct Commit {
    /// The whole id in hexadecimal digits.
    pub id: Box<str>,
    /// Who wrote the change, by their own word.
    pub author: Who,
    /// Who made the commit, by their own word.
    pub committer: Who,
    /// The first line of its message.
    pub subject: Box<str>,
    /// How many parents it has: 0 for a root, 2 and more for a merge.
    pub parents: u32,
    /// The merge through which it reached the first-parent line: index into [`History::commits`]; `None` when it stands on
    /// that line itself.
    pub through: Option<u32>,
    pub signature: Signature,
}

/// A name, an address and a moment, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    pub name: Box<str>,
    pub email: Box<str>,
    pub at: Timestamp,
}

/// What the signature of a commit is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signature {
    /// There is none: what the commit says is claimed.
    Unsigned,
    /// Made by a key of the allowed signers, by its principal.
    Allowed { principal: Box<str> },
    /// Made by the key of a forge, such as the one GitHub signs merges with.
    Forge { name: Box<str> },
    /// Sound, by a key that was listed only after the commit had come in: whose it is said to be now.
    NotYet { principal: Box<str> },
    /// Sound, by a key that nobody vouches for: its fingerprint or id.
    UnknownKey { key: Box<str> },
    /// It does not fit the commit.
    Bad,
    /// Of a kind that cannot be checked here, and why.
    Unreadable { why: Box<str> },
}

/// What git remembers of one file that is judged.
#[derive(Clone, Debug, Default)]
pub struct FileHistory {
    /// Commits that changed the file, newest first, as `git log` lists them; renames without a change are followed.
    pub touches: Vec<Touch>,
    /// False where the oldest touch is only as old as the history at hand.
    pub complete: bool,
    /// The bytes that are judged are not those of the newest touch: changed or new in the work tree or index.
    pub uncommitted: bool,
    /// For texts whose records need it: the commit in which each line got its present words, by index into
    /// [`History::commits`], as `git blame` tells it; `u32::MAX` for lines that are not committed or older than the history at hand.
    pub lines: Box<[u32]>,
}

/// One commit that changed a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touch {
    /// Index into [`History::commits`].
    pub commit: u32,
    /// True when none of its parents had the file, under this or another name.
    pub added: bool,
}

impl Commit {
    /// The day of the commit in a zone, by the committer's clock.
    pub fn day(&self, zone: &TimeZone) -> Date {
        zone.to_datetime(self.committer.at).date()
    }

    /// Does this commit's signature vouch for what `written` records? A forge's does, and so does that of somebody else than
    /// the author; an author's own signature tells who speaks, and is still the author's word.
    pub fn vouches_for(&self, written: &Self) -> bool {
        match &self.signature {
            Signature::Forge { .. } => true,
            Signature::Allowed { principal } => !principal.eq_ignore_ascii_case(&written.author.email),
            _ => false,
        }
    }

    /// The first seven digits, as people quote it.
    pub fn short(&self) -> &str {
        self.id.get(..7).unwrap_or(&self.id)
    }
}

impl History {
    /// Can history be asked at all?
    pub fn is_known(&self) -> bool {
        self.reach != Reach::None
    }

    /// The index of a commit by its whole id.
    pub fn index_of(&self, id: &str) -> Option<u32> {
        let index = self.commits.iter().position(|commit| &*commit.id == id)?;
        u32::try_from(index).ok()
    }

    /// Did an earlier commit of the first-parent line, `at`, already hold a commit: as one of the line at or before it, or
    /// through a merge that is?
    pub fn holds(&self, at: u32, commit: u32) -> bool {
        // Commits stand newest first, so on the line a larger index is an older commit.
        self.commit(commit).is_some_and(|one| one.through.unwrap_or(commit) >= at)
    }

    /// What of past controls and texts was known at an earlier commit of the first-parent line. `commits` and `files` stay
    /// behind: indices are those of this history.
    #[must_use]
    pub fn until(&self, at: u32) -> Self {
        let known = self.controls.iter().filter_map(|(id, versions)| {
            let from = versions.partition_point(|version| !self.holds(at, version.commit));
            let kept = versions.get(from..).filter(|kept| !kept.is_empty())?;
            Some((id.clone(), kept.to_vec()))
        });
        let texts = self.texts.iter().filter_map(|(path, texts)| {
            let kept = texts.iter().filter(|text| self.holds(at, text.commit)).copied();
            let kept: Vec<TextVersion> = kept.collect();
            (!kept.is_empty()).then(|| (path.clone(), kept))
        });
        Self {
            reach: self.reach.clone(),
            head: Some(at),
            controls: known.collect(),
            controls_cut: self.controls_cut,
            texts: texts.collect(),
            ..Self::default()
        }
    }

    /// A commit by index.
    pub fn commit(&self, index: u32) -> Option<&Commit> {
        self.commits.get(index as usize)
    }

    /// What is remembered of a file.
    pub fn file(&self, path: &str) -> Option<&FileHistory> {
        self.files.get(path)
    }

    /// The commit in which a file got the bytes it has; `None` when they are not committed or nothing is known.
    pub fn last(&self, path: &str) -> Option<&Commit> {
        let file = self.file(path).filter(|file| !file.uncommitted)?;
        self.commit(file.touches.first()?.commit)
    }

    /// The commit that brought a file in, if the history reaches back to it.
    pub fn first(&self, path: &str) -> Option<&Commit> {
        let file = self.file(path).filter(|file| file.complete)?;
        self.commit(file.touches.last()?.commit)
    }

    /// The newest commit among lines `first..=last` (from 1) of a text: when that record got its present words. `None` when a
    /// line is not committed, or lines are not known.
    pub fn of_lines(&self, path: &str, first: usize, last: usize) -> Option<&Commit> {
        let file = self.file(path)?;
        if file.lines.is_empty() {
            // One touch only: every line is of that commit.
            return (file.touches.len() == 1 && file.complete).then(|| self.last(path)).flatten();
        }
        let lines = file.lines.get(first.checked_sub(1)?..last.min(file.lines.len()))?;
        // Commits are in order from the newest, so the smallest index is the newest; u32::MAX is no commit.
        if lines.contains(&u32::MAX) {
            return None;
        }
        self.commit(*lines.iter().min()?)
    }
}
