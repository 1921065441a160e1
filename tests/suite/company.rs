//! The example company: one story, told by `examples/company`, of which `examples/acme` is the last state.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::OnceLock;

use jiff::civil::{Date, date};
use jiff::tz::TimeZoneDatabase;
use soc2::gap::Class;
use soc2::model::evidence::Occurrences;
use soc2::program::Program;
use soc2::report::Report;
use soc2::source::Sources;
use soc2::timeline::Judgement;

use crate::repository::git_in;
use crate::support::{Folder, files_below, root};

#[path = "../../examples/company/story.rs"]
mod story;

/// `crate::company::repository` finds the story of this test binary.
#[path = "../../examples/company/repository.rs"]
pub(crate) mod repository;

pub(crate) use story::{Commit, handed, last_tree, told};

/// Every commit of the story; told once for all tests.
pub(crate) fn commits() -> &'static [Commit] {
    static TOLD: OnceLock<Vec<Commit>> = OnceLock::new();
    TOLD.get_or_init(story::commits)
}

/// Refresh with `rm -r examples/acme && cargo run --example company -- --tree-only examples/acme`.
#[test]
fn acme_is_the_last_tree() {
    let tree = last_tree(commits());
    let mut wrong = Vec::new();
    for path in files_below("examples/acme") {
        if !tree.contains_key(path.trim_start_matches("examples/acme/")) {
            wrong.push(format!("{path} is not in the story"));
        }
    }
    for (path, bytes) in &tree {
        if fs::read(root().join("examples/acme").join(path)).ok().as_ref() != Some(bytes) {
            wrong.push(format!("examples/acme/{path} differs from the story"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_repository_is_the_same_each_time() {
    let commits = commits();
    let (one, two) = (Folder::new(), Folder::new());
    let first = repository::write_commits(commits, one.path()).unwrap();
    assert_eq!(first.len(), 40, "{first}");
    assert_eq!(first, repository::write_commits(&story::commits(), two.path()).unwrap());
    for (path, bytes) in last_tree(commits) {
        assert_eq!(fs::read(one.path().join(&path)).unwrap(), bytes, "{path}");
    }
    // Built a second time it is known again; with anything else in the folder it is not.
    assert_eq!(repository::clean_head(one.path()).unwrap(), Some(first));
    one.write("more.md", "");
    assert_eq!(repository::clean_head(one.path()).unwrap(), None);
    assert_eq!(repository::clean_head(Folder::new().path()).unwrap(), None);
}

/// What git says of the commits of each person: `G` signed by a key that counts, `U` by one that nobody entered, `N` not.
const SIGNED: &[(&str, &str, bool)] = &[
    // name, letter, before 2026-02-02
    ("Alice Norman", "N", true),
    ("Alice Norman", "G", false),
    ("Dana Whitfield", "N", true),
    ("Dana Whitfield", "G", false),
    ("Hana Okafor", "N", true),
    ("Hana Okafor", "G", false),
    ("Judy Tanaka", "N", true),
    ("Judy Tanaka", "G", false),
    ("Lena Brandt", "U", false),
];

#[test]
fn git_sees_the_signatures_and_the_merges_of_the_story() {
    let folder = Folder::new();
    repository::write_commits(commits(), folder.path()).unwrap();
    let git = |arguments: &[&str]| {
        let output = git_in(folder.path()).env("TZ", "UTC").args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(git(&["fsck", "--full", "--strict", "--unreachable"]), "");
    let keys = "gpg.ssh.allowedSignersFile=allowed_signers";
    let lines = git(&["-c", keys, "log", "--no-merges", "--format=%an,%G?,%cs"]);
    let found: BTreeSet<(&str, &str, bool)> = lines
        .lines()
        .map(|line| {
            let [name, letter, day] = line.split(',').collect::<Vec<_>>()[..] else { panic!("{line}") };
            (name, letter, day < "2026-02-02")
        })
        .filter(|(name, letter, _)| *letter != "N" || SIGNED.iter().any(|(of, _, old)| of == name && *old))
        .collect();
    assert_eq!(found, SIGNED.iter().copied().collect());
    let merges = git(&["-c", keys, "log", "--merges", "--format=%an,%cn,%G?,%s"]);
    let merges: Vec<String> =
        merges.lines().map(|line| line.split(" from ").next().unwrap().to_owned()).collect();
    let merge = |who: &str, number: u32| format!("{who},GitHub,N,Merge pull request #{number}");
    assert_eq!(
        merges,
        [
            merge("Judy Tanaka", 97),
            merge("Alice Norman", 52),
            merge("Carol Mbeki", 44),
            merge("Judy Tanaka", 31)
        ]
    );
}

#[test]
fn the_company_is_large_enough() {
    let tree = last_tree(commits());
    let bytes: usize = tree.values().map(Vec::len).sum();
    assert!(tree.len() < 1500 && bytes < 3_000_000, "{} files, {bytes} bytes", tree.len());
    let program = Program::load(Sources::from_memory(tree.into_iter().collect()));
    assert!(program.controls.len() >= 60, "{} controls", program.controls.len());
    assert!(program.evidence.len() >= 300, "{} manifests", program.evidence.len());
    assert!(program.registers.people.len() >= 25, "{} people", program.registers.people.len());
}

/// The first commit of each file and the last one.
fn committed(commits: &[Commit]) -> BTreeMap<&str, (Date, &Commit)> {
    let mut first = BTreeMap::new();
    for commit in commits {
        let at = jiff::Timestamp::from_second(commit.seconds).unwrap();
        let hours: i8 = commit.offset[..3].parse().unwrap();
        let day = jiff::tz::offset(hours).to_datetime(at).date();
        for (path, _) in &commit.changes {
            first.entry(path.as_str()).or_insert((day, commit));
        }
    }
    first
}

/// The one piece of evidence that was filed weeks after its performance.
const BACK_FILLED: &str = "evidence/ops-vuln-scan/2026-05/manifest.yaml";

/// What a manifest claims agrees with the commit that brought it, and no review came in the commit of the evidence.
#[test]
fn claimed_dates_agree_with_commits() {
    let commits = commits();
    let first = committed(commits);
    let program = Program::load(Sources::from_memory(last_tree(commits).into_iter().collect()));
    let mut wrong = Vec::new();
    for folder in &program.evidence {
        let manifest = &folder.manifest;
        let path = format!("evidence/{}/manifest.yaml", program.evidence_id(folder));
        let (day, commit) = first[path.as_str()];
        if let Some(on) = manifest.performed.as_ref().and_then(|performed| performed.on.as_ref()) {
            let late = day.duration_since(on.value).as_hours() / 24;
            if (late > 30) != (path == BACK_FILLED) || (!(0..=5).contains(&late) && late <= 30) {
                wrong.push(format!("{path}: performed on {}, committed on {day}", on.value));
            }
        }
        if let Some(Occurrences::Listed(all)) = manifest.occurrences.as_deref() {
            let last = all.iter().filter_map(|occurrence| occurrence.on.as_ref()).map(|on| on.value).max();
            if last.is_none_or(|last| last > day) {
                wrong.push(format!("{path}: the last occurrence is of {last:?}, committed on {day}"));
            }
        }
        if let Some(on) = manifest.reviewed.as_ref().and_then(|reviewed| reviewed.on.as_ref()) {
            let text =
                commit.changes.iter().find(|(of, _)| *of == path).and_then(|(_, bytes)| bytes.as_ref());
            let text = String::from_utf8_lossy(text.unwrap()).into_owned();
            if on.value <= day || text.contains("\nreviewed:") {
                wrong.push(format!("{path}: reviewed on {}, filed on {day}", on.value));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let days: Vec<i64> = commits.iter().map(|commit| commit.seconds).collect();
    assert!(days.is_sorted(), "commits are in the order of their dates");
}

/// The day of the last commit.
const LAST: Date = date(2027, 1, 31);

/// The commits up to the end of a day.
pub(crate) fn commits_until(day: Date) -> &'static [Commit] {
    let zone = TimeZoneDatabase::bundled().get("America/New_York").unwrap();
    let end = day.tomorrow().unwrap().to_zoned(zone).unwrap().timestamp().as_second();
    let until = commits().partition_point(|commit| commit.seconds < end);
    &commits()[..until]
}

/// The files as they stood at the end of a day.
fn tree_on(day: Date) -> Vec<(String, Vec<u8>)> {
    last_tree(commits_until(day)).into_iter().collect()
}

#[test]
fn the_history_has_no_faults_once_the_programme_stands() {
    for day in
        [date(2025, 11, 30), date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31)]
    {
        let program = Program::load(Sources::from_memory(tree_on(day)));
        let report = Report::new(&Judgement::new(&program, day, None));
        let faults: Vec<&str> = report.diagnostics.iter().map(|fault| fault.rule).collect();
        assert_eq!(faults, [""; 0], "{day}");
    }
}

/// The slips that README.md of the example tells: how each control operated over 2026 that was not on time.
const NOT_ON_TIME: &[(&str, &str)] = &[
    ("chg-emergency", "no-occurrence"),
    ("chg-peer-review", "deviation"),
    ("gov-ai-tools", "not-implemented"),
    ("gov-board-oversight", "missed"),
    ("gov-security-meeting", "insufficient-evidence"),
    ("iam-access-review", "missed"),
    ("iam-termination", "deviation"),
    ("inc-breach-notification", "no-occurrence"),
    ("mon-deficiency-tracking", "insufficient-evidence"),
    ("ops-hardening", "not-implemented"),
    ("ops-vuln-scan", "unknown"),
    ("phy-home-office", "insufficient-evidence"),
];

/// What else gaps are about: a result still open, controls and a policy that began in mid-window, a vacant role, a
/// draft, two things that people did not do, two reviews on two days in a row, a question of the auditor not answered in time.
const ALSO: &[&str] = &[
    "PBC-04",
    "ai-use",
    "asset-management",
    "avl-capacity",
    "avl-dr-test",
    "hr-lead",
    "iam-admin-list",
    "iam-elevation-review",
    "risk-management",
    "risk-treatment",
    "training",
    "vendor-management",
];

#[test]
fn the_year_is_judged_as_it_is_told() {
    let program = Program::load(Sources::from_memory(last_tree(commits()).into_iter().collect()));
    assert_eq!(program.diagnostics, []);
    let judgement = Judgement::new(&program, LAST, Some("2026-type2"));
    let [audit] = &judgement.audits[..] else { panic!("one audit") };
    let mut found: Vec<(&str, &str)> = Vec::new();
    for standing in &audit.controls {
        let id = &*program.controls[standing.control].id.value.0;
        if standing.operation.name() != "on-time" {
            found.push((id, standing.operation.name()));
        }
        assert!(standing.design.is_empty(), "{id}: {:?}", standing.design);
    }
    found.sort_unstable();
    assert_eq!(found, NOT_ON_TIME);
}

#[test]
fn gaps_are_about_what_went_wrong() {
    let program = Program::load(Sources::from_memory(last_tree(commits()).into_iter().collect()));
    let report = Report::new(&Judgement::new(&program, LAST, None));
    let told = |id: &str| ALSO.contains(&id) || NOT_ON_TIME.iter().any(|(control, _)| *control == id);
    let mut untold = Vec::new();
    for gap in report.gaps.iter().filter(|gap| gap.class != Class::Note && gap.subject.kind != "criterion") {
        // Evidence is named by its control and its period.
        if !told(gap.subject.id.split('/').next().unwrap_or("")) {
            untold.push(format!("{} {}: {}", gap.rule, gap.subject.id, gap.message));
        }
    }
    assert!(untold.is_empty(), "README.md of the example does not tell:\n{}", untold.join("\n"));
    let subjects: Vec<&str> = report.gaps.iter().map(|gap| gap.subject.id.as_str()).collect();
    for planted in ["ai-use", "asset-management", "hr-lead", "training", "vendor-management"] {
        assert!(subjects.contains(&planted), "no gap about {planted}");
    }
}
