//! Sixteen months of the example company as commits: controls, policies and registers as they grew, evidence as it was
//! filed, reviews as they were done. Used by `examples/company.rs`, which writes them as a repository, and by tests.

#![allow(unreachable_pub, dead_code, reason = "shared by path; there is no crate to be reached from")]

mod calendar;
mod chance;
mod controls;
mod data;
mod editions;
pub mod handed;
mod manifest;
pub mod objects;
mod piece;
mod plan;
mod pulls;
mod records;
mod rows;
pub mod signing;
mod staff;
mod table;

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use soc2::program::Program;
use soc2::source::{Sources, hex};

use controls::Stage;
use piece::Piece;

/// One commit: who, when, why, and the files it changes; a file without bytes is removed.
#[derive(Clone, Debug)]
pub struct Commit {
    pub name: String,
    pub email: String,
    /// Who made the commit, when that is the forge.
    pub forge: Option<(String, String)>,
    /// Seconds since 1970.
    pub seconds: i64,
    /// As git writes it: `-0500`.
    pub offset: String,
    pub message: String,
    /// What it changes; a merge, what its branch changed.
    pub changes: Vec<(String, Option<Vec<u8>>)>,
    /// The name of the key that signs it.
    pub key: Option<String>,
    /// It stands on the branch of this pull request, not on the main line.
    pub branch: Option<u16>,
    /// It merges the branch of this pull request.
    pub merges: Option<u16>,
}

/// The day the programme came into git.
const START: Date = date(2025, 10, 6);

/// Changes by day, minute and author, each with the subjects of its message.
type Book = BTreeMap<(Date, i16, String), (Vec<String>, Vec<(String, Vec<u8>)>)>;

/// Every commit, oldest first.
pub fn commits() -> Vec<Commit> {
    told(&handed::all()).0
}

/// Every commit, oldest first, where this was handed to the auditor; and what is on record of that.
pub fn told(handed: &[handed::Handed]) -> (Vec<Commit>, Vec<handed::Recorded>) {
    let mut book = Book::new();
    let pieces = pieces();
    documents(&mut book, &pieces);
    registers(&mut book);
    control_versions(&mut book);
    evidence(&mut book, &pieces);
    for day in signing::changes() {
        let subject = match day == signing::SINCE {
            true => "Sign commits from today on: whose keys count",
            false => "A key that stops to count: its owner left",
        };
        let list = ("allowed_signers".to_owned(), signing::allowed_signers(day).into_bytes());
        enter(&mut book, day, 10 * 60 + 50, "alice", subject.to_owned(), list);
    }
    let mut commits = Vec::new();
    let mut tree: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for ((day, minute, author), (mut subjects, files)) in book {
        let mut changes = Vec::new();
        for (path, bytes) in files {
            let before = tree.get(&path);
            if bytes.is_empty() || before == Some(&bytes) {
                continue;
            }
            tree.insert(path.clone(), bytes.clone());
            changes.push((path, Some(bytes)));
        }
        if changes.is_empty() {
            continue;
        }
        subjects.dedup();
        let person = staff::person(&author);
        let (seconds, offset) = calendar::moment(day, minute);
        commits.push(Commit {
            email: person.email().to_owned(),
            name: person.name,
            forge: None,
            seconds,
            offset,
            message: message(&subjects),
            changes,
            key: signing::key(&author, day),
            branch: pulls::of(day, minute, &author),
            merges: None,
        });
    }
    for pull in pulls::PULLS {
        let merge = merge(pull, &commits);
        let place = commits.partition_point(|commit| commit.seconds <= merge.seconds);
        commits.insert(place, merge);
    }
    let recorded = handed::hand_over(&mut commits, handed);
    (commits, recorded)
}

/// The commit that the forge makes of a pull request. The forge's own key signs such commits; nobody else has it, so here
/// they are not signed.
fn merge(pull: &pulls::Pull, commits: &[Commit]) -> Commit {
    let of_branch = commits.iter().filter(|commit| commit.branch == Some(pull.number));
    let changes: BTreeMap<_, _> = of_branch.flat_map(|commit| commit.changes.iter().cloned()).collect();
    assert!(!changes.is_empty(), "pull request {} changes nothing", pull.number);
    let person = staff::person(pull.by);
    let (seconds, offset) = calendar::moment(pull.day, pull.minute);
    Commit {
        email: person.email().to_owned(),
        name: person.name,
        forge: Some(("GitHub".to_owned(), "noreply@github.com".to_owned())),
        seconds,
        offset,
        message: format!("Merge pull request #{} from acme/{}\n\n{}", pull.number, pull.branch, pull.title),
        changes: changes.into_iter().collect(),
        key: None,
        branch: None,
        merges: Some(pull.number),
    }
}

/// The files as they stand on the main line after the last commit.
pub fn last_tree(commits: &[Commit]) -> BTreeMap<String, Vec<u8>> {
    let mut tree = BTreeMap::new();
    let line = commits.iter().filter(|commit| commit.branch.is_none());
    for (path, content) in line.flat_map(|commit| &commit.changes) {
        match content {
            Some(bytes) => tree.insert(path.clone(), bytes.clone()),
            None => tree.remove(path),
        };
    }
    tree
}

/// One subject alone, or a first line with the subjects below it.
fn message(subjects: &[String]) -> String {
    let [first, _, ..] = subjects else { return subjects.concat() };
    let Some((kind, _)) = first.split_once(": ") else { return subjects.join("; ") };
    let lines: Vec<&str> =
        subjects.iter().map(|subject| subject.split_once(": ").map_or("", |(_, rest)| rest)).collect();
    format!("{kind} evidence ({})\n\n- {}", lines.len(), lines.join("\n- "))
}

fn enter(book: &mut Book, day: Date, minute: i16, author: &str, subject: String, file: (String, Vec<u8>)) {
    let (subjects, files) = book.entry((day, minute, author.to_owned())).or_default();
    if !subjects.contains(&subject) {
        subjects.push(subject);
    }
    files.push(file);
}

/// Documents and the registers that are texts, in every edition; `data/journal.txt` says who changed what and why.
fn documents(book: &mut Book, pieces: &[Piece]) {
    let texts = documents_with_hashes(pieces);
    let journal: Vec<(Date, &str, &str, &str)> = data::text("journal.txt").lines().map(entry).collect();
    for (path, text) in &texts {
        for day in std::iter::once(START).chain(editions::changes(text)) {
            if day > calendar::LAST {
                continue;
            }
            let of_day = |(on, _, files, _): &&(Date, &str, &str, &str)| {
                *on == day && path.starts_with(files.trim_matches('*'))
            };
            let found = journal.iter().find(of_day);
            let (_, author, _, subject) =
                found.unwrap_or_else(|| panic!("the journal has no line for {path} on {day}"));
            let bytes = editions::edition(text, day).into_bytes();
            enter(book, day, pulls::MINUTE, author, (*subject).to_owned(), (path.clone(), bytes));
        }
    }
}

fn entry(line: &str) -> (Date, &str, &str, &str) {
    let mut words = line.splitn(4, ' ');
    let mut word = || words.next().unwrap_or_else(|| panic!("the journal says `{line}`"));
    (calendar::day(word()), word(), word(), word())
}

/// The texts of `data/tree/`; an approval names the hash of the text people read: `<hash DAY>` of that day's, `<hash>` of the
/// last one's. A request that the auditor accepted pins evidence: `<digest EVIDENCE>`.
fn documents_with_hashes(pieces: &[Piece]) -> Vec<(String, String)> {
    let mut texts: Vec<(String, String)> =
        data::below("tree/").into_iter().map(|(path, text)| (path, text.to_owned())).collect();
    let marks = texts.iter().flat_map(|(_, text)| text.split("<hash ").skip(1));
    let mut days: Vec<Date> = marks.filter_map(|rest| Some(calendar::day(rest.split_once('>')?.0))).collect();
    days.push(calendar::LAST);
    days.sort_unstable();
    days.dedup();
    for day in days {
        let mark = if day == calendar::LAST { "<hash>".to_owned() } else { format!("<hash {day}>") };
        for (path, hash) in hashes(&texts, day) {
            if let Some((_, text)) = texts.iter_mut().find(|(of, _)| *of == path) {
                *text = text.replace(&mark, &hash);
            }
        }
    }
    for (_, text) in texts.iter_mut().filter(|(_, text)| text.contains("<digest ")) {
        for piece in pieces {
            let mark = format!("<digest {}>", piece.id);
            if text.contains(&mark) {
                *text = text.replace(&mark, &piece.digest());
            }
        }
    }
    texts
}

/// The hash of each policy's text as it stood on a day.
fn hashes(texts: &[(String, String)], day: Date) -> Vec<(String, String)> {
    let read =
        |path: &str| path == "soc2.toml" || path.starts_with("registers/") || path.starts_with("policies/");
    let files = texts.iter().filter(|(path, _)| read(path));
    let files = files.map(|(path, text)| (path.clone(), editions::edition(text, day).into_bytes())).collect();
    let program = Program::load(Sources::from_memory(files));
    let hash = |policy: &soc2::model::Policy| {
        let path = format!("policies/{}.md", policy.head.id);
        let hash = policy.body.sha256.unwrap_or_else(|| panic!("{path} cannot be read"));
        (path, hex(&hash.0))
    };
    program.policies.iter().map(hash).collect()
}

/// Registers made from tables: people, roles, acknowledgements, training.
fn registers(book: &mut Book) {
    let mut days = staff::changes();
    days.retain(|day| *day > START);
    for day in std::iter::once(START).chain(days) {
        let joined = staff::stints().into_iter().filter(|stint| calendar::later(stint.from, -7) == day);
        let leaving = staff::stints().into_iter().filter(|stint| stint.notified == Some(day));
        let mut subjects: Vec<String> =
            joined.map(|stint| format!("Enter {}, who joins on {}", stint.name, stint.from)).collect();
        subjects.extend(leaving.map(|stint| format!("Enter the last day of {}", stint.name)));
        let subject = match (day == START, subjects.is_empty()) {
            (true, _) => "Start the programme".to_owned(),
            (_, true) => "Roles change hands".to_owned(),
            _ => subjects.join("; "),
        };
        let author = if day == START { "alice" } else { hr(day) };
        let people = ("registers/people.yaml".to_owned(), staff::people_register(day).into_bytes());
        let roles = ("registers/roles.yaml".to_owned(), staff::roles_register(day).into_bytes());
        let minute = if day == START { 10 * 60 + 15 } else { 9 * 60 + 20 };
        enter(book, day, minute, author, subject.clone(), people);
        enter(book, day, minute, author, subject, roles);
    }
    for day in records::updates() {
        let subject = "Acknowledgements and training up to date".to_owned();
        let files = [
            ("registers/acknowledgements.csv", records::acknowledgements(day)),
            ("registers/training.csv", records::training(day)),
        ];
        for (path, text) in files {
            enter(book, day, 16 * 60 + 5, hr(day), subject.clone(), (path.to_owned(), text.into_bytes()));
        }
    }
}

/// Who keeps the registers of people; while the head of HR was missing the chief executive did.
fn hr(day: Date) -> &'static str {
    if day <= date(2026, 7, 2) {
        "hana"
    } else if day < date(2026, 7, 24) {
        "dana"
    } else if day < date(2026, 9, 28) {
        "lena"
    } else {
        "yara"
    }
}

fn control_versions(book: &mut Book) {
    for version in controls::versions(START) {
        let name = version.path.rsplit('/').next().unwrap_or("").trim_end_matches(".yaml").to_owned();
        let family = name.split('-').next().unwrap_or("").to_owned();
        let (subject, minute) = match version.stage {
            Stage::Drafted => ("Start the programme".to_owned(), 10 * 60 + 15),
            Stage::Adapted => (format!("Adapt the {family} controls to how we work"), 14 * 60 + 30),
            Stage::InPlace => ("Controls that are in place from today".to_owned(), 11 * 60 + 40),
        };
        enter(book, version.from, minute, "alice", subject, (version.path, version.text.into_bytes()));
    }
}

/// Every piece of evidence, filed by its collector and reviewed in a commit of the reviewer's own.
fn evidence(book: &mut Book, pieces: &[Piece]) {
    for piece in pieces {
        let folder = format!("evidence/{}", piece.id);
        let filed = format!("File: {}", piece.title);
        for file in piece.files.iter().filter(|file| file.plan.get("url").is_none()) {
            let path = format!("{folder}/{}", file.name);
            enter(
                book,
                piece.filed,
                17 * 60 + 55,
                &piece.collector,
                filed.clone(),
                (path, file.bytes.clone()),
            );
        }
        let path = format!("{folder}/manifest.yaml");
        let manifest = (path.clone(), piece.manifest.clone().into_bytes());
        enter(book, piece.filed, 17 * 60 + 55, &piece.collector, filed, manifest);
        if let Some(review) = &piece.review {
            let subject = format!("Review: {}", piece.title);
            let manifest = (path, piece.reviewed().into_bytes());
            enter(book, review.on, 11 * 60 + 5, &review.by, subject, manifest);
        }
    }
}

fn pieces() -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for plan in plan::plans() {
        let mut of_plan: Vec<(String, Piece)> = Vec::new();
        for turn in plan.turns() {
            let mut made = piece::piece(&plan, &turn);
            let earlier = plan.get(&turn.interval.name, "reuse");
            if let Some((_, other)) = of_plan.iter().find(|(period, _)| Some(period.as_str()) == earlier) {
                made.reuse(other);
            }
            of_plan.push((turn.interval.name.clone(), made));
        }
        pieces.extend(of_plan.into_iter().map(|(_, piece)| piece));
    }
    pieces
}
