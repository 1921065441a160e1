//! Whose keys make a commit witnessed, as the lists that `[history]` names say. The lists are no records of the programme,
//! so what reads the repository fills this in; where nothing was looked at, nothing is known.

use jiff::Timestamp;

/// The two lists of a programme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// `allowed_signers`: keys with which people sign commits.
    pub signers: KeyList,
    /// `forge_keys`: keys with which a forge signs merges. Those that this program knows are not among them.
    pub forges: KeyList,
}

/// One list of keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyList {
    /// From the programme's folder, as typed.
    pub path: Box<str>,
    /// The file is there and could not be read: it is too large, no text, or not in this clone.
    pub unread: bool,
    /// In the order of the file; what cannot be read as a key is none.
    pub keys: Vec<ListedKey>,
}

/// A key that counts for commits, and from when to when.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListedKey {
    /// Its fingerprint.
    pub key: Box<str>,
    /// Whose it is, as typed: addresses with commas between, or the name of a forge.
    pub holder: Box<str>,
    /// What it may sign, as typed: patterns with commas between. None: anything.
    pub namespaces: Option<Box<str>>,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
}
