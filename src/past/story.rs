//! What became of one thing of the programme, commit by commit: which commit brought it in, what each one changed, which
//! one took it out. Data for `soc2 show ID --history`, which puts it into words.

mod controls;
mod files;
mod registers;

use std::collections::BTreeMap;

use crate::git::{Commit, Repository};
use crate::history::History;
use crate::program::{CriterionId, Program};

/// What a story can be told of.
#[derive(Clone, Debug)]
pub enum Of {
    /// A control by id, also one that is gone.
    Control(String),
    Criterion(CriterionId),
    Policy(usize),
    Evidence(usize),
    Person(usize),
    Role(usize),
    System(usize),
}

/// What one commit did to a thing.
#[derive(Clone, Debug)]
pub struct Told {
    /// Index into [`History::commits`].
    pub commit: u32,
    pub did: Did,
    pub changes: Vec<Change>,
    /// Commits that touched the thing's file and reached the first-parent line through this one.
    pub written: Vec<u32>,
    /// Something was changed that had been reviewed.
    pub after_review: bool,
}

/// What became of the thing as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Did {
    Came,
    Changed,
    Went,
}

/// One key, item or file that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The key as typed, the id of a control or the name of a file.
    pub what: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// What each commit did to a thing, newest first.
pub(super) fn tell(repository: &Repository, from: Commit, program: &Program, of: &Of) -> Vec<Told> {
    let history = &program.history;
    if !history.is_known() {
        return Vec::new();
    }
    match of {
        Of::Control(id) => controls::control(program, id),
        Of::Criterion(id) => controls::criterion(program, *id),
        Of::Policy(index) => files::policy(repository, program, *index),
        Of::Evidence(index) => files::evidence(repository, program, *index),
        Of::Person(_) | Of::Role(_) | Of::System(_) => registers::story(repository, from, program, of),
    }
}

/// A value of a thing: one text, or items that come and go.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Facet {
    One(String),
    Many(Vec<String>),
}

/// What a commit held of a thing: each key that says something, in order.
type State = Vec<(String, Facet)>;

impl Told {
    /// What lies between two states; `None` when they are the same.
    fn between(commit: u32, before: Option<&State>, after: Option<&State>) -> Option<Self> {
        let did = match (before, after) {
            (None, None) => return None,
            (None, Some(_)) => Did::Came,
            (Some(_), None) => Did::Went,
            (Some(_), Some(_)) => Did::Changed,
        };
        let none = State::new();
        let changes = match did {
            Did::Went => Vec::new(),
            _ => differences(before.unwrap_or(&none), after.unwrap_or(&none)),
        };
        let same = did == Did::Changed && changes.is_empty();
        (!same).then_some(Self { commit, did, changes, written: Vec::new(), after_review: false })
    }
}

fn differences(before: &State, after: &State) -> Vec<Change> {
    let old: BTreeMap<&str, &Facet> = before.iter().map(|(key, facet)| (key.as_str(), facet)).collect();
    let new: BTreeMap<&str, &Facet> = after.iter().map(|(key, facet)| (key.as_str(), facet)).collect();
    let gone = before.iter().filter(|(key, _)| !new.contains_key(key.as_str()));
    let keys = after.iter().chain(gone).map(|(key, _)| key.as_str());
    let mut out = Vec::new();
    for key in keys {
        let (was, is) = (old.get(key).copied(), new.get(key).copied());
        if was == is {
            continue;
        }
        let change = |before: Option<&String>, after: Option<&String>| Change {
            what: key.to_owned(),
            before: before.cloned(),
            after: after.cloned(),
        };
        match (was, is) {
            (Some(Facet::One(was)), Some(Facet::One(is))) => out.push(change(Some(was), Some(is))),
            (was, is) => {
                let (was, is) = (items(was), items(is));
                out.extend(left_over(was, is).map(|item| change(Some(item), None)));
                out.extend(left_over(is, was).map(|item| change(None, Some(item))));
            }
        }
    }
    out
}

fn items(facet: Option<&Facet>) -> &[String] {
    match facet {
        None => &[],
        Some(Facet::One(text)) => std::slice::from_ref(text),
        Some(Facet::Many(items)) => items,
    }
}

/// Items that others do not hold, or hold less often.
fn left_over<'i>(items: &'i [String], others: &[String]) -> impl Iterator<Item = &'i String> {
    let mut there: BTreeMap<&str, usize> = BTreeMap::new();
    for other in others {
        *there.entry(other).or_default() += 1;
    }
    let mut left = Vec::new();
    for item in items {
        match there.get_mut(item.as_str()).filter(|count| **count > 0) {
            Some(count) => *count -= 1,
            None => left.push(item),
        }
    }
    left.into_iter()
}

/// Commits that touched a file and came through a merge.
fn written(history: &History, path: &str, merge: u32) -> Vec<u32> {
    let touches = history.file(path).map_or(&[][..], |file| &file.touches);
    let through = |commit: &u32| history.commit(*commit).is_some_and(|one| one.through == Some(merge));
    touches.iter().map(|touch| touch.commit).filter(through).collect()
}
