//! Evidence: what was filed, and what became of evidence that was there. Whether it is accepted is the timeline's question.

use std::collections::{BTreeMap, BTreeSet};

use super::found::Found;
use super::wording::{names, quoted, shown};
use super::{Effect, Kind, outcomes};
use crate::gap::Subject;
use crate::model::evidence::{Reviewed, Verdict};
use crate::program::{EvidenceFolder, Program};
use crate::source::{FileId, Location};
use crate::syntax::{Node, Value, yaml};

pub(super) static REMOVED: Kind = Kind {
    name: "evidence-removed",
    effect: Effect::Regression,
    brief: "a manifest is gone",
    why: "the slot it filled is empty, and what it showed cannot be asked for again",
};

pub(super) static ARTIFACT_REMOVED: Kind = Kind {
    name: "artifact-removed",
    effect: Effect::Regression,
    brief: "a file of evidence is gone, or its manifest no longer lists it",
    why: "less shows the same claim",
};

pub(super) static CHANGED_AFTER_REVIEW: Kind = Kind {
    name: "evidence-changed-after-review",
    effect: Effect::Regression,
    brief: "evidence that was reviewed is not what was reviewed any more",
    why: "the reviewer accepted other bytes; the review speaks for nothing that is here",
};

pub(super) static BYTES_CHANGED: Kind = Kind {
    name: "evidence-bytes-changed",
    effect: Effect::Regression,
    brief: "a file of evidence has other bytes than its manifest records, or evidence that counts without a review changed",
    why: "evidence is kept as it was taken; other bytes show something else",
};

pub(super) static REVIEW_REMOVED: Kind = Kind {
    name: "review-removed",
    effect: Effect::Regression,
    brief: "a recorded review of evidence is gone",
    why: "a second person's judgement, also a rejection, stands once it is given",
};

pub(super) static REVIEW_ALTERED: Kind = Kind {
    name: "review-altered",
    effect: Effect::Regression,
    brief: "a recorded review of evidence says something else, without a later day",
    why: "a reviewer who thinks otherwise looks again, on another day",
};

pub(super) static UNLINKED: Kind = Kind {
    name: "evidence-unlinked",
    effect: Effect::Regression,
    brief: "evidence no longer names a control that it showed",
    why: "the control loses an occurrence",
};

pub(super) static DATE_CORRECTED: Kind = Kind {
    name: "date-corrected",
    effect: Effect::Disclosure,
    brief: "evidence names another day of performance, or a record of a person or incident another day",
    why: "the day decides the slot; a corrected day is judged like any other",
};

pub(super) static REVIEWED_AGAIN: Kind = Kind {
    name: "evidence-corrected-and-reviewed",
    effect: Effect::Disclosure,
    brief: "reviewed evidence changed and was reviewed again as it stands",
    why: "the auditor may ask what the first reviewer saw; git holds it",
};

pub(super) static REJECTED: Kind = Kind {
    name: "evidence-rejected",
    effect: Effect::Disclosure,
    brief: "a reviewer no longer accepts evidence",
    why: "what does not show its claim fills no slot",
};

pub(super) static EDITED: Kind = Kind {
    name: "evidence-edited",
    effect: Effect::Edit,
    brief: "evidence that nobody had reviewed changed",
    why: "the review, when it comes, is of what stands then",
};

pub(super) static MOVED: Kind = Kind {
    name: "evidence-moved",
    effect: Effect::Edit,
    brief: "evidence lies in another folder, unchanged",
    why: "its id is its folder: what names it needs the new one",
};

pub(super) static REVIEWED: Kind = Kind {
    name: "evidence-reviewed",
    effect: Effect::Edit,
    brief: "somebody reviewed evidence",
    why: "from then on it counts where a review is required",
};

pub(super) static FILED: Kind = Kind {
    name: "evidence-filed",
    effect: Effect::Edit,
    brief: "evidence of a control was filed",
    why: "it fills slots as far as it is accepted",
};

pub(super) fn compare(found: &mut Found<'_>) {
    let (before, after) = (found.before, found.after);
    let old: BTreeMap<&str, &EvidenceFolder> =
        before.evidence.iter().map(|one| (before.evidence_id(one), one)).collect();
    let new: BTreeMap<&str, &EvidenceFolder> =
        after.evidence.iter().map(|one| (after.evidence_id(one), one)).collect();
    let mut gone: Vec<(&str, &EvidenceFolder)> = Vec::new();
    let mut reviewed: Filed<'_> = BTreeMap::new();
    for (id, was) in &old {
        match new.get(id) {
            Some(is) => one(found, id, was, is, &mut reviewed),
            // Its file is there and could not be read, which is told where it stands.
            None if after.sources.find(before.sources.path(was.file)).is_some() => {}
            None => gone.push((id, was)),
        }
    }
    let mut fresh: BTreeMap<&str, &EvidenceFolder> = new
        .iter()
        .filter(|(id, one)| {
            !old.contains_key(*id) && before.sources.find(after.sources.path(one.file)).is_none()
        })
        .map(|(id, one)| (*id, *one))
        .collect();
    moved(found, &mut gone, &mut fresh, &mut reviewed);
    for (id, was) in gone {
        let controls: Vec<&str> = was.manifest.controls.iter().map(|control| &*control.value.0).collect();
        let of = if controls.is_empty() { String::new() } else { format!(" of {}", names(&controls)) };
        let message = format!("the evidence {}{of} is gone", quoted(id));
        let help = "restore the folder; evidence that was wrong stays, and what replaces it names it under `supersedes`";
        found.gone(&REMOVED, subject(id), place(was), message).help(help);
    }
    filed(found, &fresh);
    super::superseded::compare(found, &old, &new);
    counted(found, &REVIEWED, "reviewed", reviewed);
}

/// One line a control.
fn counted(found: &mut Found<'_>, kind: &'static Kind, what: &str, by_control: Filed<'_>) {
    for (control, of) in by_control {
        let ids: Vec<&str> = of.iter().map(|(id, _)| *id).collect();
        let whose = if control.is_empty() { "no control".to_owned() } else { quoted(control) };
        let message = format!("evidence of {whose} was {what}: {}", names(&ids));
        let Some((_, at)) = of.first() else { continue };
        found.now(kind, Subject::new("control", control), *at, message);
    }
}

/// Evidence by the first control it names.
type Filed<'p> = BTreeMap<&'p str, Vec<(&'p str, Location)>>;

fn subject(id: &str) -> Subject {
    Subject::new("evidence", id)
}

fn place(folder: &EvidenceFolder) -> Location {
    folder.manifest.place
}

/// Folders whose manifest and files came to lie elsewhere, unchanged.
fn moved<'p>(
    found: &mut Found<'p>,
    gone: &mut Vec<(&'p str, &'p EvidenceFolder)>,
    fresh: &mut BTreeMap<&'p str, &'p EvidenceFolder>,
    reviewed: &mut Filed<'p>,
) {
    if gone.is_empty() || fresh.is_empty() {
        return;
    }
    let (before, after) = (found.before, found.after);
    let mut by_text: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (id, folder) in fresh.iter().rev() {
        by_text.entry(after.sources.text(folder.file)).or_default().push(id);
    }
    gone.retain(|(id, was)| {
        let now = by_text.get_mut(before.sources.text(was.file)).and_then(Vec::pop);
        let Some((now_id, is)) = now.and_then(|now| Some((now, fresh.remove(now)?))) else { return true };
        found.now(&MOVED, subject(now_id), place(is), format!("{} is now {}", quoted(id), quoted(now_id)));
        one(found, now_id, was, is, reviewed);
        false
    });
}

fn filed<'p>(found: &mut Found<'p>, fresh: &BTreeMap<&'p str, &'p EvidenceFolder>) {
    let mut by_control: Filed<'_> = BTreeMap::new();
    for (id, folder) in fresh {
        if !outcomes::of_new(found, id, &folder.manifest) {
            let control = folder.manifest.controls.first().map_or("", |control| &*control.value.0);
            by_control.entry(control).or_default().push((id, place(folder)));
        }
    }
    counted(found, &FILED, "filed", by_control);
}

/// What differs between two versions of one folder.
struct Difference<'p> {
    /// Top-level keys of the manifest that hold something else.
    keys: BTreeSet<String>,
    /// Artefacts that are no longer listed, or no longer there.
    gone: Vec<&'p str>,
    /// Artefacts with other bytes.
    bytes: Vec<&'p str>,
    /// Of these, some are not what the manifest records now.
    unrecorded: bool,
}

/// The hash of the bytes that are there, and the one that is recorded.
type Hashes = (Option<[u8; 32]>, Option<[u8; 32]>);

fn artifacts<'p>(program: &'p Program, folder: &'p EvidenceFolder) -> BTreeMap<&'p str, Hashes> {
    let files = folder.files.iter().copied().chain(std::iter::repeat(None));
    let all = folder.manifest.artifacts.iter().zip(files).filter_map(|(artifact, file)| {
        let name = artifact.path.as_ref().or(artifact.url.as_ref())?;
        let there = file.and_then(|file| program.facts(file)).map(|facts| facts.sha256);
        Some((&*name.value, (there, artifact.sha256.as_ref().map(|recorded| recorded.value.0))))
    });
    all.collect()
}

fn difference<'p>(
    before: &'p Program,
    was: &'p EvidenceFolder,
    after: &'p Program,
    is: &'p EvidenceFolder,
) -> Difference<'p> {
    let (old_text, new_text) = (before.sources.text(was.file), after.sources.text(is.file));
    let keys = if old_text == new_text { BTreeSet::new() } else { changed_keys(old_text, new_text) };
    let (old, new) = (artifacts(before, was), artifacts(after, is));
    let mut gone = Vec::new();
    let mut bytes = Vec::new();
    let mut unrecorded = false;
    for (name, (was, _)) in old {
        match new.get(name) {
            None if is.manifest.misread.holds("artifacts") => {}
            None => gone.push(name),
            Some((None, _)) if was.is_some() => gone.push(name),
            Some((now, recorded)) if was.is_some() && *now != was => {
                bytes.push(name);
                unrecorded |= recorded != now;
            }
            Some(_) => {}
        }
    }
    Difference { keys, gone, bytes, unrecorded }
}

/// Top-level keys of two YAML mappings that hold something else; what cannot be read counts as one key without a name.
fn changed_keys(old: &str, new: &str) -> BTreeSet<String> {
    fn written(node: &Node<'_>, out: &mut String) {
        match &node.value {
            Value::Null => out.push('~'),
            Value::Scalar(text) | Value::Cell(text) => out.push_str(&format!("{text:?}")),
            Value::List(items) => {
                out.push('[');
                items.iter().for_each(|item| {
                    written(item, out);
                    out.push(',');
                });
                out.push(']');
            }
            Value::Map(entries) => {
                let mut parts: Vec<String> = entries
                    .iter()
                    .map(|entry| {
                        let mut part = format!("{:?}:", entry.key.value);
                        written(&entry.value, &mut part);
                        part
                    })
                    .collect();
                parts.sort();
                out.push('{');
                out.push_str(&parts.join(","));
                out.push('}');
            }
            Value::Broken => out.push('!'),
        }
    }
    let read = |text: &str| -> BTreeMap<String, String> {
        let node = yaml::parse(FileId(0), text, 0, &mut Vec::new());
        let Some(Value::Map(entries)) = node.map(|node| node.value) else { return BTreeMap::new() };
        let entries = entries.iter().map(|entry| {
            let mut text = String::new();
            written(&entry.value, &mut text);
            (entry.key.value.to_string(), text)
        });
        entries.collect()
    };
    let (old, new) = (read(old), read(new));
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    keys.into_iter().filter(|key| old.get(*key) != new.get(*key)).cloned().collect()
}

/// What became of a review.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Review {
    Same,
    Added,
    /// Given again on a later day.
    Again,
    /// Accepted before, rejected now.
    Rejected,
    Removed,
    Altered,
}

fn review(old: Option<&Reviewed>, new: Option<&Reviewed>, changed: bool) -> Review {
    let (old, new) = match (old, new) {
        (None, None) => return Review::Same,
        (None, Some(_)) => return Review::Added,
        (Some(_), None) => return Review::Removed,
        (Some(old), Some(new)) => (old, new),
    };
    let day = |review: &Reviewed| review.on.as_ref().map(|on| on.value);
    let verdict = |review: &Reviewed| review.result.as_ref().map(|result| result.value);
    if !changed {
        Review::Same
    } else if verdict(old) == Some(Verdict::Accepted) && verdict(new) == Some(Verdict::Rejected) {
        Review::Rejected
    } else if day(new) > day(old) {
        Review::Again
    } else {
        Review::Altered
    }
}

fn one<'p>(
    found: &mut Found<'p>,
    id: &str,
    was: &'p EvidenceFolder,
    is: &'p EvidenceFolder,
    reviewed: &mut Filed<'p>,
) {
    let mut differs = difference(found.before, was, found.after, is);
    if differs.keys.is_empty() && differs.gone.is_empty() && differs.bytes.is_empty() {
        return;
    }
    let (old, new) = (&*was.manifest, &*is.manifest);
    let review = review(old.reviewed.as_ref(), new.reviewed.as_ref(), differs.keys.remove("reviewed"));
    if !differs.gone.is_empty() {
        let message = format!("{} no longer holds {}", quoted(id), names(&differs.gone));
        found
            .gone(&ARTIFACT_REMOVED, subject(id), place(was), message)
            .help("restore the file and its entry");
        if differs.bytes.is_empty() {
            differs.keys.remove("artifacts");
        }
    }
    if outcomes::compare(found, id, old, new) {
        differs.keys.remove("result");
    }
    dates(found, id, was, is, &mut differs.keys);
    content(found, id, was, is, &differs, review);
    of_review(found, id, was, is, review, reviewed);
}

/// A corrected day of performance is a truth told; another performer is not.
fn dates(
    found: &mut Found<'_>,
    id: &str,
    was: &EvidenceFolder,
    is: &EvidenceFolder,
    keys: &mut BTreeSet<String>,
) {
    let (Some(old), Some(new)) = (&was.manifest.performed, &is.manifest.performed) else { return };
    let by =
        |performed: &crate::model::evidence::Performed| performed.by.as_ref().map(|by| by.value.0.clone());
    let day = |performed: &crate::model::evidence::Performed| match (&performed.on, &performed.at) {
        (None, Some(at)) => shown(Some(at)),
        (on, _) => shown(on.as_ref()),
    };
    if day(old) != day(new) && !is.manifest.misread.holds("performed") {
        let message = format!("{} was performed on {}; it said {}", quoted(id), day(new), day(old));
        found.now(&DATE_CORRECTED, subject(id), new.place, message);
        if by(old) == by(new) {
            keys.remove("performed");
        }
    }
}

fn content(
    found: &mut Found<'_>,
    id: &str,
    was: &EvidenceFolder,
    is: &EvidenceFolder,
    differs: &Difference<'_>,
    review: Review,
) {
    if differs.keys.is_empty() && differs.bytes.is_empty() {
        return;
    }
    let keys: Vec<&String> =
        differs.keys.iter().filter(|key| differs.bytes.is_empty() || *key != "artifacts").collect();
    let mut what = Vec::new();
    if !differs.bytes.is_empty() {
        what.push(format!("the bytes of {}", names(&differs.bytes)));
    }
    if !keys.is_empty() {
        what.push(names(&keys));
    }
    let what = what.join(" and ");
    if let Some(of) = &was.manifest.reviewed {
        if review == Review::Again {
            let message = format!(
                "{} has other {what} than the first reviewer saw, and was reviewed again",
                quoted(id)
            );
            found.now(&REVIEWED_AGAIN, subject(id), place(is), message);
            return;
        }
        let by = of.by.as_ref().map_or_else(|| "somebody".to_owned(), |by| quoted(by));
        let message =
            format!("{}: {what} changed after {by} reviewed it on {}", quoted(id), shown(of.on.as_ref()));
        let help = "restore what was reviewed; a correction is reviewed anew: soc2 evidence review";
        found.now(&CHANGED_AFTER_REVIEW, subject(id), place(is), message).help(help);
        return;
    }
    if !differs.bytes.is_empty() && differs.unrecorded {
        let message =
            format!("{}: the bytes of {} are not what was recorded", quoted(id), names(&differs.bytes));
        found.now(&BYTES_CHANGED, subject(id), place(is), message).help("restore the file as it was taken");
        return;
    }
    if (!differs.bytes.is_empty() || outcomes::says_less(&was.manifest, &is.manifest))
        && outcomes::counts_unreviewed(found.before, was)
    {
        let message = format!("{} counts without a review, and differs in {what}", quoted(id));
        let help = "restore it as it was taken; a correction is evidence of its own, which names this under `supersedes`";
        found.now(&BYTES_CHANGED, subject(id), place(is), message).help(help);
        return;
    }
    let named = |folder: &EvidenceFolder| -> BTreeSet<String> {
        folder.manifest.controls.iter().map(|control| control.value.0.to_string()).collect()
    };
    let lost: Vec<String> = named(was).difference(&named(is)).cloned().collect();
    let kept: Vec<String> = lost
        .into_iter()
        .filter(|control| found.after.names.controls.contains_key(control.as_str()))
        .collect();
    if !kept.is_empty() && !is.manifest.misread.holds("controls") {
        let message = format!("{} no longer shows {}", quoted(id), names(&kept));
        found.gone(&UNLINKED, subject(id), place(was), message).help("restore the control");
        return;
    }
    found.now(&EDITED, subject(id), place(is), format!("{} has other {what}", quoted(id)));
}

fn of_review<'p>(
    found: &mut Found<'p>,
    id: &str,
    was: &'p EvidenceFolder,
    is: &'p EvidenceFolder,
    review: Review,
    reviewed: &mut Filed<'p>,
) {
    let at = is.manifest.reviewed.as_ref().map_or(place(is), |review| review.place);
    let by = |folder: &EvidenceFolder| {
        let review = folder.manifest.reviewed.as_ref();
        let by =
            review.and_then(|review| review.by.as_ref()).map_or_else(|| "nobody".to_owned(), |by| quoted(by));
        format!("{by} on {}", shown(review.and_then(|review| review.on.as_ref())))
    };
    match review {
        Review::Same => {}
        Review::Added | Review::Again => {
            let control = is.manifest.controls.first().map_or("", |control| &*control.value.0);
            reviewed.entry(control).or_default().push((found.after.evidence_id(is), at));
        }
        Review::Rejected => {
            found.now(
                &REJECTED,
                subject(id),
                at,
                format!("{} was accepted and is rejected by {}", quoted(id), by(is)),
            );
        }
        Review::Removed if is.manifest.misread.holds("reviewed") => {}
        Review::Removed => {
            let message = format!("the review of {} by {} is gone", quoted(id), by(was));
            let at = was.manifest.reviewed.as_ref().map_or(place(was), |review| review.place);
            found.gone(&REVIEW_REMOVED, subject(id), at, message).help("restore it");
        }
        Review::Altered => {
            let message = format!("the review of {} by {} says something else", quoted(id), by(was));
            found
                .now(&REVIEW_ALTERED, subject(id), at, message)
                .help("restore it; a second look has a later day");
        }
    }
}
