//! The texts that a policy had. An approval names its text by hash, so a text that is no longer written down is found in the
//! commits that touched the file, filled in with the variables and registers of that very commit.

use std::collections::BTreeMap;
use std::sync::Mutex;

use rayon::prelude::*;

use crate::git::{Commit, Repository};
use crate::history::{History, TextVersion};
use crate::model::Policy;
use crate::model::registers::Registers;
use crate::program::Program;
use crate::source::{ROOT_FILE, Sources, sha256};
use crate::syntax::markdown;
use crate::template::{canonical, has_expressions};

/// Texts of one policy that are looked at, the newest first; nobody edits one more often.
const TEXT_CAP: usize = 1_000;

/// A commit, and the path and id of a policy in it.
type Place = (Box<str>, Box<str>, Box<str>);

/// The hashes of texts that were read out of commits, which never change.
#[derive(Debug, Default)]
pub struct KnownTexts(Mutex<BTreeMap<Place, Option<[u8; 32]>>>);

impl KnownTexts {
    fn get(&self, repository: &Repository, commit: &str, path: &str, id: &str) -> Option<[u8; 32]> {
        let key = (commit.into(), path.into(), id.into());
        if let Some(known) = self.0.lock().ok().and_then(|known| known.get(&key).copied()) {
            return known;
        }
        let found = text(repository, repository.by_id(commit)?, path, id);
        if let Ok(mut known) = self.0.lock() {
            known.insert(key, found);
        }
        found
    }
}

/// The policies that have an approval of another text than the present one: only these are judged by past texts.
pub(super) fn wanted(program: &Program) -> impl Iterator<Item = &Policy> {
    program.policies.iter().filter(|policy| has_approval_of_another(policy))
}

/// The texts of the policies that have an approval of another text than the present one, newest first.
pub(super) fn versions(
    repository: &Repository,
    program: &Program,
    history: &History,
    known: &KnownTexts,
) -> BTreeMap<Box<str>, Vec<TextVersion>> {
    let wanted = wanted(program);
    let asked: Vec<(&Policy, &str, u32)> = wanted
        .filter_map(|policy| {
            let path = program.sources.path(policy.file);
            Some((policy, path, history.file(path)?))
        })
        .flat_map(|(policy, path, file)| {
            file.touches.iter().take(TEXT_CAP).map(move |touch| (policy, path, touch.commit))
        })
        .collect();
    let read: Vec<Option<TextVersion>> = asked
        .par_iter()
        .map(|(policy, path, index)| {
            let commit = &history.commit(*index)?.id;
            let sha256 = known.get(repository, commit, path, &policy.head.id.value.0)?;
            Some(TextVersion { commit: *index, sha256 })
        })
        .collect();
    let mut texts: BTreeMap<Box<str>, Vec<TextVersion>> = BTreeMap::new();
    for ((_, path, _), version) in asked.iter().zip(read) {
        texts.entry((*path).into()).or_default().extend(version);
    }
    texts
}

fn has_approval_of_another(policy: &Policy) -> bool {
    let mut texts = policy.head.approvals.iter().filter_map(|approval| approval.text.as_ref());
    texts.any(|text| Some(text.value) != policy.body.sha256)
}

/// The hash of a policy's text in a commit.
fn text(repository: &Repository, commit: Commit, path: &str, id: &str) -> Option<[u8; 32]> {
    if let Some(bytes) = repository.text_at(commit, path) {
        let sources = Sources::from_memory(vec![(path.to_owned(), bytes)]);
        let typed = sources.files().next().map_or("", |(file, _)| sources.text(file));
        let body = markdown::parts(typed).and_then(|parts| typed.get(parts.body.range()));
        // Without variables nothing else of the commit is needed.
        if let Some(body) = body.filter(|body| !has_expressions(body)) {
            return Some(sha256(canonical(body).as_bytes()));
        }
    }
    policy(repository, commit, path, id)?.body.sha256.map(|hash| hash.0)
}

/// A policy in a commit: the file of that path, or where it was called otherwise, the one of that id.
pub(super) fn policy(repository: &Repository, commit: Commit, path: &str, id: &str) -> Option<Policy> {
    let mut parts = vec![ROOT_FILE.to_owned()];
    match repository.text_at(commit, path) {
        Some(bytes) => {
            parts.push(path.to_owned());
            if may_read_registers(&String::from_utf8_lossy(&bytes)) {
                parts.push("registers".to_owned());
            }
            let program = Program::load(Sources::of_tree(repository.part(commit, parts)));
            program.policies.into_iter().next()
        }
        None => {
            parts.extend(["registers".to_owned(), "policies".to_owned()]);
            let mut program = Program::load(Sources::of_tree(repository.part(commit, parts)));
            let index = *program.names.policies.get(id)?;
            (index < program.policies.len()).then(|| program.policies.swap_remove(index))
        }
    }
}

/// Does an expression of a text hold the name of a register? Then its rows are needed too.
fn may_read_registers(text: &str) -> bool {
    let mut expressions = ["{{", "{%"].into_iter().flat_map(|open| text.split(open).skip(1)).map(|rest| {
        let end = rest.find("}}").into_iter().chain(rest.find("%}")).min();
        rest.get(..end.unwrap_or(rest.len())).unwrap_or(rest)
    });
    expressions.any(|inside| Registers::SHAPES.iter().any(|(name, _)| inside.contains(name)))
}
