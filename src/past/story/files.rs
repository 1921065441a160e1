//! The stories of a policy and of a piece of evidence: what each commit that touched their files changed, measured against
//! its own parents, so that a commit on a branch is told as its author made it.

use std::collections::BTreeSet;

use super::{Change, Did, Facet, State, Told};
use crate::git::{Commit, Repository};
use crate::model::policy::{Approval, DocumentReview};
use crate::model::{Evidence, Policy};
use crate::past::texts;
use crate::past::typed::{keys, line};
use crate::program::Program;
use crate::source::{Body, MANIFEST, Sources, hex, sha256};
use crate::syntax::{Node, Value, yaml};

/// Commits that are told of one thing, the newest first.
const MOST: usize = 1_000;
/// Artefacts of one piece of evidence that are followed.
const ARTIFACT_CAP: usize = 200;

/// What each commit did to a policy, newest first.
pub(super) fn policy(repository: &Repository, program: &Program, index: usize) -> Vec<Told> {
    let Some(of) = program.policies.get(index) else { return Vec::new() };
    let (path, id) = (program.sources.path(of.file), &*of.head.id.value.0);
    let state = |commit| texts::policy(repository, commit, path, id).map(|policy| policy_state(&policy));
    touched(program, [path].into_iter())
        .into_iter()
        .filter_map(|nth| told(repository, program, nth, &state))
        .collect()
}

fn policy_state(policy: &Policy) -> State {
    let head = &policy.head;
    let text = policy.body.sha256.as_ref().map(|hash| format!("sha256 {}", hex(&hash.0)));
    let one = [
        ("title", head.title.as_ref().map(|title| title.value.to_string())),
        ("owner", head.owner.as_ref().map(|owner| owner.value.0.to_string())),
        ("review", head.review.as_ref().map(|review| review.value.word().to_owned())),
        ("classification", head.classification.as_ref().map(|class| class.value.word().to_owned())),
        ("audience", head.audience.as_ref().map(|audience| audience.value.to_string())),
        ("scope", head.scope.as_ref().map(|scope| scope.value.to_string())),
        ("text", text.or_else(|| Some("cannot be filled in".to_owned()))),
    ];
    let mut state: State =
        one.into_iter().filter_map(|(key, value)| Some((key.to_owned(), Facet::One(value?)))).collect();
    let many = [
        ("supersedes", head.supersedes.iter().map(|one| one.value.to_string()).collect()),
        ("approvals", head.approvals.iter().map(approval).collect::<Vec<_>>()),
        ("reviews", head.reviews.iter().map(review).collect()),
    ];
    let many = many.into_iter().filter(|(_, items)| !items.is_empty());
    state.extend(many.map(|(key, items)| (key.to_owned(), Facet::Many(items))));
    state
}

fn approval(of: &Approval) -> String {
    let parts = [
        of.version.as_ref().map(|version| format!("version {}", version.value)),
        of.by.as_ref().map(|by| format!("by {}", by.value.0)),
        of.on.as_ref().map(|on| format!("on {on}")),
        of.effective.as_ref().map(|day| format!("in effect from {day}")),
        of.text.as_ref().map(|text| format!("of the text {}", &hex(&text.value.0)[..12])),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn review(of: &DocumentReview) -> String {
    let parts = [
        of.by.as_ref().map(|by| format!("by {}", by.value.0)),
        of.on.as_ref().map(|on| format!("on {on}")),
        of.result.as_ref().map(|result| result.value.to_string()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// What each commit did to a manifest and the files beside it, newest first.
pub(super) fn evidence(repository: &Repository, program: &Program, index: usize) -> Vec<Told> {
    let Some(of) = program.evidence.get(index) else { return Vec::new() };
    let manifest = program.sources.path(of.file);
    let folder = manifest.strip_suffix(MANIFEST).unwrap_or("");
    let names = of.manifest.artifacts.iter().filter_map(|artifact| artifact.path.as_ref());
    let paths: Vec<String> = names.take(ARTIFACT_CAP).map(|name| format!("{folder}{name}")).collect();
    let all = paths.iter().map(String::as_str).chain([manifest]);
    let state = |commit: Commit| {
        let mut state = manifest_state(repository, commit, manifest)?;
        for path in &paths {
            let bytes = repository.length_at(commit, path);
            let Some((blob, bytes)) = bytes else { continue };
            let words = match repository.text_of(blob) {
                Some(text) => format!("sha256 {}, {bytes} bytes", hex(&sha256(&text))),
                None => format!("git {}, {bytes} bytes", hex(blob.as_bytes())),
            };
            state.push((format!("file {}", &path[folder.len()..]), Facet::One(words)));
        }
        Some(state)
    };
    let told = touched(program, all).into_iter().filter_map(|nth| told(repository, program, nth, &state));
    let mut told: Vec<Told> = told.collect();
    for one in &mut told {
        one.after_review = one.did == Did::Changed
            && one.changes.iter().any(|change| change.what != "reviewed")
            && was_reviewed(repository, program, one.commit, manifest);
    }
    told
}

fn was_reviewed(repository: &Repository, program: &Program, index: u32, manifest: &str) -> bool {
    let commit = program.history.commit(index).and_then(|commit| repository.by_id(&commit.id));
    let parents = commit.map_or_else(Vec::new, |commit| repository.parents_of(commit));
    let before = parents.first().and_then(|parent| manifest_state(repository, *parent, manifest));
    before.is_some_and(|state| state.iter().any(|(key, _)| key == "reviewed"))
}

fn manifest_state(repository: &Repository, commit: Commit, path: &str) -> Option<State> {
    let sources = Sources::from_memory(vec![(path.to_owned(), repository.text_at(commit, path)?)]);
    let (file, body) = sources.files().next()?;
    let Body::Text(text) = &body.body else { return None };
    let node = yaml::parse(file, text, 0, &mut Vec::new())?;
    Some(keys(&node, &Evidence::SHAPE).map(|(key, value)| (key.to_owned(), facet(value))).collect())
}

fn facet(node: &Node<'_>) -> Facet {
    match &node.value {
        Value::List(items) => Facet::Many(items.iter().map(line).collect()),
        _ => Facet::One(line(node)),
    }
}

/// The commits that touched some files, newest first.
fn touched<'p>(program: &Program, paths: impl Iterator<Item = &'p str>) -> BTreeSet<u32> {
    let files = paths.filter_map(|path| program.history.file(path));
    let all: BTreeSet<u32> = files.flat_map(|file| &file.touches).map(|touch| touch.commit).collect();
    all.into_iter().take(MOST).collect()
}

/// What a commit did, measured against its parents: of a merge only what none of them had.
fn told(
    repository: &Repository,
    program: &Program,
    index: u32,
    state: &dyn Fn(Commit) -> Option<State>,
) -> Option<Told> {
    let commit = repository.by_id(&program.history.commit(index)?.id)?;
    let after = state(commit);
    let parents = repository.parents_of(commit);
    let Some((first, others)) = parents.split_first() else {
        return Told::between(index, None, after.as_ref());
    };
    let mut told = Told::between(index, state(*first).as_ref(), after.as_ref())?;
    for other in others {
        let against = Told::between(index, state(*other).as_ref(), after.as_ref())?;
        let new = |change: &Change| against.changes.iter().any(|other| other.what == change.what);
        told.changes.retain(new);
        if against.did == Did::Changed {
            told.did = Did::Changed;
        }
    }
    (told.did != Did::Changed || !told.changes.is_empty()).then_some(told)
}
