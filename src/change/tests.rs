//! Every kind of change shown on one small programme: a case edits it, and says which changes that makes, no more and no
//! less. What a case tells, its undoing must not tell again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use rayon::prelude::*;

use super::*;
use crate::history::{Commit, History, Reach, Signature, TextVersion, Touch, Who};
use crate::program::{KeyList, Keys, ListedKey};
use crate::source::Sources;

const GROUND: &str = include_str!("tests/ground.txt");
const CASES: &[&str] = &[
    include_str!("tests/controls.txt"),
    include_str!("tests/documents.txt"),
    include_str!("tests/registers.txt"),
    include_str!("tests/settings.txt"),
];

/// Kinds that look the same in both directions.
const BOTH_WAYS: &[&str] = &[
    "agreed-list-altered",
    "cadence-loosened",
    "control-changed",
    "control-reworded",
    "control-renamed",
    "control-replaced",
    "date-corrected",
    "evidence-bytes-changed",
    "evidence-changed-after-review",
    "evidence-edited",
    "evidence-moved",
    "handover-record-altered",
    "exception-removed",
    "implementation-linked",
    "intervals-changed",
    "intervals-redrawn",
    "mapping-moved",
    "mapping-redirected",
    "owner-changed",
    "policy-reworded",
    "policy-replaced",
    "policy-section-rewritten",
    "policy-sentence-changed",
    "role-handed-over",
    "scope-narrowed",
    "narrative-changed",
    "record-changed",
    "acceptance-unpinned",
    "settings-changed",
    "signer-widened",
    "waiver-approval-altered",
    "waiver-broadened",
    "waiver-renamed",
    "approval-altered",
    "review-altered",
    "risk-rescored",
    "audit-narrowed",
    "control-status-changed",
    // One is gone and another there: back again the other way round.
    "approval-removed",
    "policy-acknowledged",
    "policy-approved",
    "record-removed",
    "waiver-added",
];

type Files = BTreeMap<String, String>;

/// One case: what is edited before and after, and what is told.
#[derive(Default)]
struct Case {
    title: String,
    before: Files,
    after: Files,
    expected: Vec<String>,
    /// The commits of the change, oldest first: day, author, and whether the access control policy read otherwise after it.
    commits: Vec<(String, String, bool)>,
}

fn files(text: &str) -> Files {
    let mut files = Files::new();
    let mut path = String::new();
    for line in text.lines() {
        match line.strip_prefix("#- ") {
            Some(name) => path = name.to_owned(),
            None => {
                let file = files.entry(path.clone()).or_default();
                file.push_str(line);
                file.push('\n');
            }
        }
    }
    files
}

/// A case is a block: `# title`; `~ path` edits a file afterwards and `~~ path` on both sides, with `- old` and `+ new`
/// lines below it; `! path` removes it afterwards; `@ day author` is a commit that rewrote the access control policy, with `front`
/// one that touched only its front matter; `= kind place part` is a change that is told.
fn case(block: &str) -> Case {
    let mut ground = files(GROUND);
    ground.values_mut().for_each(|text| *text = with_hash(text));
    let mut case = Case { before: ground.clone(), after: ground, ..Case::default() };
    let mut edits: Vec<(String, bool, String, String)> = Vec::new();
    let mut removed = Vec::new();
    for line in block.lines() {
        let (mark, rest) = line.split_once(' ').unwrap_or((line, ""));
        match mark {
            "#" => case.title = rest.to_owned(),
            "~" | "~~" => edits.push((rest.to_owned(), mark == "~~", String::new(), String::new())),
            "!" => removed.push(rest.to_owned()),
            "@" => {
                let [day, author, front @ ..] = &rest.split(' ').collect::<Vec<_>>()[..] else {
                    panic!("{rest}")
                };
                case.commits.push(((*day).to_owned(), (*author).to_owned(), front.is_empty()));
            }
            "=" => case.expected.push(rest.to_owned()),
            "-" | "+" => {
                let edit = edits.last_mut().unwrap_or_else(|| panic!("{}: no file", case.title));
                // The next pair for the same file.
                if mark == "-" && !edit.3.is_empty() {
                    let (path, both, ..) = edit.clone();
                    edits.push((path, both, format!("{rest}\n"), String::new()));
                    continue;
                }
                let of = if mark == "-" { &mut edit.2 } else { &mut edit.3 };
                of.push_str(rest);
                of.push('\n');
            }
            _ => panic!("{}: `{line}`", case.title),
        }
    }
    for (path, both, old, new) in edits {
        let sides = [Some(&mut case.after), Some(&mut case.before).filter(|_| both)];
        for files in sides.into_iter().flatten() {
            let text = files.entry(path.clone()).or_default();
            *text = if old.is_empty() {
                format!("{text}{new}")
            } else if text.contains(&old) {
                text.replacen(&old, &new, 1)
            } else {
                // A part of a line.
                let (old, new) = (old.trim_end(), new.trim_end());
                assert!(text.contains(old), "{}: {path} has no `{old}`", case.title);
                text.replacen(old, new, 1)
            };
            *text = with_hash(text);
        }
    }
    for path in removed {
        assert!(case.after.remove(&path).is_some(), "{}: no {path}", case.title);
    }
    case
}

/// `HASH` in front matter stands for the hash of the text as it is.
fn with_hash(text: &str) -> String {
    let Some(parts) = crate::syntax::markdown::parts(text).filter(|_| text.contains("HASH")) else {
        return text.to_owned();
    };
    let body = crate::template::canonical(text.get(parts.body.range()).unwrap());
    text.replace("HASH", &crate::source::hex(&crate::source::sha256(body.as_bytes())))
}

/// A case and its two programmes.
struct Loaded {
    title: String,
    expected: Vec<String>,
    before: Program,
    after: Program,
}

/// Every case, loaded once for all tests.
fn cases() -> &'static [Loaded] {
    static CASES_LOADED: OnceLock<Vec<Loaded>> = OnceLock::new();
    CASES_LOADED.get_or_init(|| {
        let blocks = CASES.iter().flat_map(|text| text.split("\n\n"));
        let blocks: Vec<&str> = blocks.map(str::trim).filter(|block| !block.is_empty()).collect();
        let load = |block: &&str| {
            let Case { title, before, after, expected, commits } = case(block);
            let (mut before, mut after) = (program(&before), program(&after));
            remember(&mut before, &mut after, &commits);
            Loaded { title, expected, before, after }
        };
        blocks.par_iter().map(load).collect()
    })
}

/// What git would remember of the access control policy on both sides.
fn remember(before: &mut Program, after: &mut Program, commits: &[(String, String, bool)]) {
    const PATH: &str = "policies/access-control.md";
    if commits.is_empty() {
        return;
    }
    let text = |program: &Program| program.policies[0].body.sha256.unwrap().0;
    let mut known = History { reach: Reach::Whole, ..History::default() };
    let mut sha256 = text(before);
    let base = ("2026-01-01".to_owned(), "carol@acme.example".to_owned(), false);
    for (nth, (day, author, rewrote)) in (0..).zip(std::iter::once(&base).chain(commits)) {
        if *rewrote {
            sha256 = text(after);
        }
        let who = Who {
            name: "".into(),
            email: author.as_str().into(),
            at: format!("{day}T12:00:00Z").parse().unwrap(),
        };
        known.commits.push(Commit {
            id: format!("{nth:040}").into(),
            author: who.clone(),
            committer: who,
            subject: "".into(),
            parents: 1,
            through: None,
            signature: Signature::Unsigned,
        });
        let newest_first = |mut history: History| {
            history.commits.reverse();
            let last = u32::try_from(history.commits.len() - 1).unwrap();
            for file in history.files.values_mut() {
                file.touches.reverse();
                file.touches.iter_mut().for_each(|touch| touch.commit = last - touch.commit);
            }
            for texts in history.texts.values_mut() {
                texts.reverse();
                texts.iter_mut().for_each(|text| text.commit = last - text.commit);
            }
            history
        };
        known.files.entry(PATH.into()).or_default().touches.push(Touch { commit: nth, added: nth == 0 });
        known.texts.entry(PATH.into()).or_default().push(TextVersion { commit: nth, sha256 });
        let history = newest_first(known.clone());
        if nth == 0 {
            before.history = history.clone();
        }
        after.history = history;
    }
}

/// In these tests a list of keys has one a line: whose it is, its name, the days on which it begins and ends, and `for=` what.
fn keys(files: &Files, path: &str) -> KeyList {
    let key = |line: &str| {
        let (uses, words): (Vec<&str>, Vec<&str>) =
            line.split(' ').partition(|word| word.starts_with("for="));
        let [holder, key, days @ ..] = &words[..] else { panic!("{line}") };
        let day = |nth: usize| {
            let day = days.get(nth).filter(|day| **day != "-");
            day.map(|day| format!("{day}T00:00:00Z").parse().unwrap())
        };
        let namespaces = uses.first().map(|one| one.trim_start_matches("for=").into());
        ListedKey { key: (*key).into(), holder: (*holder).into(), namespaces, from: day(0), until: day(1) }
    };
    let text = files.get(path).map_or("", String::as_str);
    let unread = text.starts_with("UNREAD");
    let keys =
        if unread { Vec::new() } else { text.lines().filter(|line| !line.is_empty()).map(key).collect() };
    KeyList { path: path.into(), unread, keys }
}

fn program(files: &Files) -> Program {
    let keys = |path: &str| keys(files, path);
    let (signers, forges) = (keys("allowed_signers"), keys("forge.asc"));
    let files = files.iter().map(|(path, text)| (path.clone(), with_hash(text).into_bytes()));
    let mut program = Program::load(Sources::from_memory(files.collect()));
    let named = program.controls.iter().flat_map(|control| &control.implemented_by);
    // In these tests product code lies beside the programme.
    let looked_at = named.map(|typed| {
        let of = crate::program::Implementation::of(typed).unwrap();
        let found = program.sources.files().find(|(_, file)| &*file.path == of.path);
        let presence = match found {
            None => crate::program::Presence::NoFile,
            Some((id, _)) => of.presence(program.sources.text(id).as_bytes()),
        };
        (typed.value.clone(), presence)
    });
    program.implementations = looked_at.collect();
    program.keys = Some(Keys { signers, forges });
    program
}

/// As a case says it: `kind path:line message`, with `-` before the path of what is gone.
fn told(before: &Program, after: &Program) -> Vec<String> {
    let lines = changes(before, after).into_iter().map(|change| {
        let (mark, of, at) = match change.place {
            Place::Before(at) => ("-", before, at),
            Place::After(at) => ("", after, at),
        };
        let line = of.sources.position(at).line;
        format!("{} {mark}{}:{line} {}", change.kind.name, of.sources.path(at.file), change.message)
    });
    lines.collect()
}

#[test]
fn cases_tell_exactly_what_they_say() {
    let mut failures = Vec::new();
    for case in cases() {
        let found = told(&case.before, &case.after);
        let agree = found.len() == case.expected.len()
            && found.iter().zip(&case.expected).all(|(found, expected)| {
                let (place, part) = expected.split_once(" … ").unwrap_or((expected, ""));
                found.starts_with(place) && found.contains(part)
            });
        if !agree {
            let list =
                |lines: &[String]| lines.iter().map(|line| format!("\n    = {line}")).collect::<String>();
            failures.push(format!(
                "{}\n  expected{}\n  found{}",
                case.title,
                list(&case.expected),
                list(&found)
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn undoing_is_not_told_the_same_way() {
    let mut failures = Vec::new();
    for case in cases() {
        let (before, after) = (&case.before, &case.after);
        let kinds = |from: &Program, to: &Program| -> BTreeSet<&'static str> {
            changes(from, to).into_iter().map(|change| change.kind.name).collect()
        };
        let (there, back) = (kinds(before, after), kinds(after, before));
        let same: Vec<_> = there.intersection(&back).filter(|kind| !BOTH_WAYS.contains(kind)).collect();
        if !same.is_empty() {
            failures.push(format!("{}: {same:?}", case.title));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_kind_is_shown_and_missed_by_little() {
    let (mut shown, mut missed) = (BTreeSet::new(), BTreeSet::new());
    for case in cases() {
        let found = changes(&case.before, &case.after);
        let told: BTreeSet<&str> = found.iter().map(|change| change.kind.name).collect();
        if let Some((kinds, _)) = case.title.strip_prefix("not ").and_then(|title| title.split_once(": ")) {
            for kind in kinds.split(", ") {
                assert!(find(kind).is_some(), "there is no kind `{kind}`");
                assert!(!told.contains(kind), "{}: tells it", case.title);
                missed.insert(kind.to_owned());
            }
        }
        shown.extend(told);
    }
    let lacking = |set: &dyn Fn(&str) -> bool| {
        KINDS.iter().map(|kind| kind.name).filter(|name| !set(name)).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(lacking(&|name| shown.contains(name)), "", "kinds that no case shows");
    assert_eq!(lacking(&|name| missed.contains(name)), "", "kinds without a near miss");
}

#[test]
fn kinds_are_registered_once_worst_first_and_say_why() {
    assert!(KINDS.windows(2).all(|pair| pair[0].effect <= pair[1].effect), "worst first");
    let mut names = BTreeSet::new();
    for kind in KINDS {
        assert!(crate::text::is_slug(kind.name) && names.insert(kind.name), "{}", kind.name);
        assert!(crate::rules::find(kind.name).is_none(), "{} is a rule too", kind.name);
        assert!(
            !kind.brief.ends_with('.') && !kind.why.ends_with('.') && !kind.why.is_empty(),
            "{}",
            kind.name
        );
    }
}

#[test]
fn nothing_changes_where_nothing_changed() {
    for case in cases() {
        for program in [&case.before, &case.after] {
            assert_eq!(told(program, program), Vec::<String>::new(), "{}", case.title);
        }
    }
}
