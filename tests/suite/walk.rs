//! Walking from day to day gives what judging each day by itself gives: over a part of the example company's story, and
//! over histories in which anything is edited at any time.

use jiff::civil::{Date, date};
use jiff::{SignedDuration, ToSpan};
use soc2::git::Repository;
use soc2::program::Program;
use soc2::replay::Asked;
use soc2::source::Sources;
use soc2::trend::{Every, Point, Seen};

use crate::company::{commits, repository};
use crate::repository::{ALICE, Repo};
use crate::support::Folder;

/// Compares both ways and gives the points.
fn same(folder: &Folder, audit: &str, days: (Date, Date), every: Every) -> Vec<Point> {
    let repository = Repository::discover(folder.path()).unwrap().unwrap();
    let head = repository.head().unwrap().unwrap();
    let zone = Program::load(Sources::of_tree(repository.only(head, "soc2.toml"))).zone();
    let line = repository.first_parents(head).unwrap();
    let (from, to) = days;
    let asked =
        Asked { repository: &repository, line: &line, zone: &zone, from, to, every, audit: Some(audit) };
    let (walked, whole) = (asked.points().unwrap(), asked.points_by_themselves().unwrap());
    assert_eq!(walked.len(), whole.len());
    for (one, other) in walked.iter().zip(&whole) {
        if let (Seen::Standing(one), Seen::Standing(is)) = (&one.seen, &other.seen) {
            for (one, is) in one.controls.iter().zip(&is.controls) {
                assert_eq!(one, is, "{}", other.day);
            }
        }
        assert!(one == other, "{}: {one:?}\nfor\n{other:?}", other.day);
    }
    whole
}

#[test]
fn the_company_is_the_same_both_ways() {
    let folder = Folder::new();
    repository::write_commits(commits(), folder.path()).unwrap();
    same(&folder, "2026-type2", (date(2026, 3, 25), date(2026, 4, 8)), Every::Day);
    same(&folder, "2026-type2", (date(2026, 11, 1), date(2026, 11, 20)), Every::Commit);
}

/// Numbers that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn pick<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[self.below(all.len())]
    }

    /// A day near another.
    fn near(&mut self, day: Date, days: usize) -> Date {
        day + (self.below(2 * days + 1) as i64 - days as i64).days()
    }
}

const CADENCES: [&str; 9] =
    ["weekly", "monthly", "quarterly", "annual", "semiannual", "once", "continuous", "event", "daily"];

fn config(chance: &mut Chance) -> String {
    let zone = chance.pick(&["UTC", "UTC", "America/Los_Angeles"]);
    let more = chance.pick(&[
        "",
        "",
        "[timeline]\nsmall_team = 1\n",
        "[timeline]\nby_distance = [\"annual\", \"semiannual\"]\n",
    ]);
    format!(
        "[organization]\nname = \"Acme\"\ntimezone = \"{zone}\"\n[scope]\nframework = \"soc2-2017-rev2022\"\n\
         categories = [\"security\"]\n[[audit]]\nid = \"y\"\ntype = \"type2\"\n\
         period = {{ from = 2026-01-01, to = 2026-06-30 }}\n{more}"
    )
}

fn control(chance: &mut Chance, nth: usize, day: Date) -> String {
    let cadence = if chance.below(4) > 0 { CADENCES[nth] } else { chance.pick(&CADENCES) };
    let from = chance.near(date(2026, 1, 20), 40);
    let status = match chance.below(8) {
        0 => format!("status: retired\neffective_from: {from}\nretired_at: {}", chance.near(day, 20)),
        1 => "status: planned".to_owned(),
        _ => format!("status: implemented\neffective_from: {from}"),
    };
    let owner = chance.pick(&["lead", "lead", "bob", "nobody"]);
    let more = match chance.below(6) {
        0 => "systems: [github, aws]\n".to_owned(),
        1 => format!("superseded_by: c{}\n", chance.below(9)),
        2 => "grace_days: 3\nreview: not-required\n".to_owned(),
        3 => "type: automated\n".to_owned(),
        _ => String::new(),
    };
    let broken = if chance.below(25) == 0 { "criteria: [\n" } else { "" };
    format!(
        "id: c{nth}\ntitle: T\ndescription: D\nowner: {owner}\n{status}\ncadence: {cadence}\n\
         criteria: [CC6.{}]\npolicies: [p]\n{more}{broken}",
        nth % 3 + 1
    )
}

fn manifest(chance: &mut Chance, nth: usize, day: Date) -> String {
    let performed = chance.near(day, 25);
    let reviewed = chance.near(performed, 9);
    let mut out = format!("title: T\nkind: ticket\ncontrols: [c{nth}");
    if chance.below(6) == 0 {
        out += &format!(", c{}", chance.below(10));
    }
    out += "]\n";
    let by = chance.pick(&["alice", "bob"]);
    match chance.below(5) {
        0 => out += &format!("performed: {{ at: {performed}T23:30:00Z, by: {by} }}\n"),
        1 => {
            let second = chance.near(day, 30);
            out += &format!("occurrences: [{{ on: {performed}, by: {by} }}, {{ on: {second}, by: {by} }}]\n");
        }
        2 => out += "occurrences: { artifact: a.csv, date: day, key: id }\n",
        _ => out += &format!("performed: {{ on: {performed}, by: {by} }}\n"),
    }
    out += &format!("result: {{ outcome: {} }}\n", chance.pick(&["as-expected", "as-expected", "failed"]));
    out += &format!("collected: {{ on: {}, by: {by} }}\n", chance.near(performed, 3));
    let reviewer = chance.pick(&["alice", "bob"]);
    let more = match chance.below(4) {
        0 => format!(", compensating: c{}", chance.below(9)),
        _ => String::new(),
    };
    out += &format!("reviewed: {{ on: {reviewed}, by: {reviewer}, result: accepted{more} }}\n");
    match chance.below(9) {
        0 => out += &format!("supersedes: [c{}/s{}]\n", chance.below(9), chance.below(4)),
        1 => out += &format!("follows_up: [c{}/s{}]\n", chance.below(9), chance.below(4)),
        2 => out += "colour: blue\n",
        3 => out += "title: again\n",
        _ => {}
    }
    let hash = soc2::source::hex(&soc2::source::sha256(rows(nth).as_bytes()));
    out + &format!("artifacts: [{{ path: a.csv, sha256: \"{hash}\", bytes: {} }}]\n", rows(nth).len())
}

/// A log with days all over the window.
fn rows(nth: usize) -> String {
    let day = |by: usize| date(2026, 1, 3) + ((nth * 11 + by * 17) as i64).days();
    (0..9).fold("id,day\n".to_owned(), |rows, by| format!("{rows}{by},{}\n", day(by)))
}

fn people(chance: &mut Chance, day: Date) -> String {
    let left = chance.near(day, 30);
    format!(
        "- {{ id: alice, name: Alice, kind: employee, employed: [{{ from: 2024-01-01 }}] }}\n\
         - {{ id: bob, name: Bob, kind: employee, employed: [{{ from: 2025-01-01, to: {left} }}] }}\n"
    )
}

/// Edits one file, or removes it.
fn edit(repo: &Repo, chance: &mut Chance, day: Date) {
    let nth = chance.below(9);
    let evidence = format!("evidence/c{nth}/s{}", chance.below(4));
    match chance.below(24) {
        0 => drop(repo.write("soc2.toml", config(chance))),
        1 => drop(repo.write("registers/people.yaml", people(chance, day))),
        2 => {
            let to = chance.near(day, 20);
            let roles = format!("- {{ id: lead, held: [{{ by: alice, from: 2024-01-01, to: {to} }}] }}\n");
            repo.write("registers/roles.yaml", roles);
        }
        3 => {
            let on = chance.near(day, 20);
            let rows = format!(
                "- {{ id: e1, control: c{nth}, slot: window, found: {{ on: {on}, by: bob }}, cause: x, effect: y }}\n"
            );
            repo.write("registers/exceptions.yaml", rows);
        }
        4 | 5 => {
            let (on, effective) = (chance.near(day, 9), chance.near(day, 15));
            let text = "# P\n\nWe do.\n";
            let hash = soc2::source::hex(&soc2::source::sha256(text.as_bytes()));
            let head = format!(
                "id: p\ntitle: P\nowner: lead\napprovals:\n  - {{ version: \"1\", by: alice, on: {on}, effective: {effective}, text: \"{hash}\" }}\n"
            );
            repo.write("policies/p.md", format!("---\n{head}---\n{text}"));
        }
        6 => drop(repo.write(&format!("controls/c{nth}.yaml"), "")),
        7 => drop(repo.write(&format!("{evidence}/a.csv"), "id,day\nchanged,2026-02-02\n")),
        8 if repo.path().join(&evidence).exists() => {
            std::fs::remove_dir_all(repo.path().join(&evidence)).unwrap();
        }
        9..=12 => drop(repo.write(&format!("controls/c{nth}.yaml"), control(chance, nth, day))),
        _ => {
            repo.write(&format!("{evidence}/manifest.yaml"), manifest(chance, nth, day));
            repo.write(&format!("{evidence}/a.csv"), rows(nth));
        }
    }
}

/// A history in which anything is edited at any time, some commits with a clock that is wrong.
fn stirred(seed: u64) -> Repo {
    let mut chance = Chance(seed);
    let repo = Repo::new();
    let mut day = date(2025, 12, 20);
    repo.write("soc2.toml", config(&mut chance)).write("registers/people.yaml", people(&mut chance, day));
    repo.write("registers/systems.yaml", "- { id: github, in_scope: true }\n- { id: aws, in_scope: true }\n");
    for nth in 0..9 {
        repo.write(&format!("controls/c{nth}.yaml"), control(&mut chance, nth, day));
    }
    repo.commit("2025-12-20T12:00:00Z", ALICE, "Start");
    for _ in 0..40 {
        day += (chance.below(9) as i64).days();
        for _ in 0..=chance.below(5) {
            edit(&repo, &mut chance, day);
        }
        let skewed = if chance.below(6) == 0 { chance.near(day, 5) } else { day };
        let at = skewed.at(chance.below(24) as i8, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap();
        let at = at.timestamp() + SignedDuration::from_mins(7);
        repo.commit(&at.to_string(), ALICE, "Edit");
    }
    repo
}

#[test]
fn anything_edited_at_any_time_is_the_same_both_ways() {
    let mut states = std::collections::BTreeSet::new();
    for seed in 1..=4 {
        let repo = stirred(seed);
        let days = (date(2025, 12, 25), date(2026, 8, 10));
        let (from, to) =
            (date(2026, 1, 20) + (seed as i64 * 30).days(), date(2026, 2, 24) + (seed as i64 * 30).days());
        let daily = same(repo.folder(), "y", (from, to), Every::Day);
        same(repo.folder(), "y", days, Every::Week);
        same(repo.folder(), "y", days, Every::Commit);
        for standing in daily.iter().filter_map(Point::standing) {
            states.extend(standing.controls.iter().map(|control| control.operation.name()));
        }
    }
    assert!(states.len() >= 6, "{states:?}");
}
