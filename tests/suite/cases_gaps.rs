//! How gaps tell the verdicts of the timeline: once, about the right thing, and no longer than they hold.

use jiff::civil::date;
use soc2::gap::Gap;
use soc2::program::Program;
use soc2::report::Report;
use soc2::source::{Sources, hex, sha256};
use soc2::timeline::{Clock, Judgement};

const AUDIT: &str =
    "[[audit]]\nid = \"a\"\ntype = \"type2\"\nperiod = { from = 2026-01-01, to = 2026-12-31 }\n";
const CONTROL: &str = "id: review\ntitle: T\ndescription: Each quarter somebody does it.\nowner: alice\n\
                       status: implemented\neffective_from: 2025-01-01\ncadence: quarterly\ncriteria: [CC6.2]\n";

/// Gaps on 2026-06-30 of a programme with one quarterly control and this evidence: folder, and what its manifest says.
fn gaps(settings: &str, control: &str, evidence: &[(&str, &str)]) -> Vec<Gap> {
    waived(settings, control, evidence, "[]\n")
}

/// The same with a register of waivers.
fn waived(settings: &str, control: &str, evidence: &[(&str, &str)], waivers: &str) -> Vec<Gap> {
    let config = format!(
        "[organization]\nname = \"Acme\"\n[scope]\nframework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n{settings}"
    );
    let people = "- { id: alice, name: A, kind: employee, employed: [{ from: 2024-01-01 }] }\n\
                  - { id: bob, name: B, kind: employee, employed: [{ from: 2024-01-01 }] }\n";
    let mut files = vec![
        ("soc2.toml".to_owned(), config),
        ("controls/review.yaml".to_owned(), control.to_owned()),
        ("registers/people.yaml".to_owned(), people.to_owned()),
        ("registers/waivers.yaml".to_owned(), waivers.to_owned()),
    ];
    for (folder, says) in evidence {
        let hash = hex(&sha256(folder.as_bytes()));
        let manifest = format!(
            "title: T\ncontrols: [review]\nkind: ticket\n{says}\nartifacts: [{{ path: a.txt, sha256: \"{hash}\" }}]\n"
        );
        files.push((format!("evidence/{folder}/manifest.yaml"), manifest));
        files.push((format!("evidence/{folder}/a.txt"), (*folder).to_owned()));
    }
    let files = files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
    let program = Program::load(Sources::from_memory(files));
    assert!(program.diagnostics.is_empty(), "{:?}", program.diagnostics);
    let judgement = Judgement::new(&program, Clock::today(date(2026, 6, 30)), None);
    Report::new(&judgement).gaps
}

fn of<'g>(gaps: &'g [Gap], rule: &str) -> Vec<&'g Gap> {
    gaps.iter().filter(|gap| gap.rule == rule).collect()
}

const GOOD: &str = "performed: { on: 2026-03-28, by: alice }\nresult: { outcome: as-expected }\n\
                    reviewed: { on: 2026-03-30, by: bob, result: accepted }";
/// Collected before it was performed, reviewed before it and by its performer.
const BAD: &str = "performed: { on: 2026-03-28, by: alice }\ncollected: { on: 2026-03-20, by: alice }\n\
                   reviewed: { on: 2026-03-21, by: alice, result: rejected }";

#[test]
fn what_is_superseded_is_told_no_more() {
    let told = |gaps: &[Gap]| -> Vec<&str> {
        gaps.iter().filter(|gap| gap.subject.id == "review/old").map(|gap| gap.rule).collect()
    };
    assert_eq!(
        told(&gaps(AUDIT, CONTROL, &[("review/old", BAD)])),
        [
            "evidence-collected-before-performed",
            "evidence-without-result",
            "reviewed-before-performed",
            "self-review",
            "review-rejected"
        ]
    );
    let new = format!("{GOOD}\nsupersedes: [review/old]");
    assert!(told(&gaps(AUDIT, CONTROL, &[("review/old", BAD), ("review/new", &new)])).is_empty());
}

#[test]
fn a_line_takes_no_record_out() {
    let failed = GOOD.replace("as-expected", "failed");
    let open = |newer: &str| -> Vec<String> {
        let found = gaps(AUDIT, CONTROL, &[("review/old", &failed), ("review/new", newer)]);
        of(&found, "result-open").iter().map(|gap| gap.subject.id.clone()).collect()
    };
    // Not even accepted evidence takes back what went wrong; only what follows it up does.
    assert_eq!(open(&format!("{GOOD}\nsupersedes: [review/old]")).len(), 1);
    assert!(open(&format!("{GOOD}\nsupersedes: [review/old]\nfollows_up: [review/old]")).is_empty());
    // A failed record stays one where nobody reviewed what says that it takes its place.
    let unreviewed = "performed: { on: 2026-03-29, by: alice }\nresult: { outcome: as-expected }";
    let bad = [("review/old", BAD), ("review/new", &format!("{unreviewed}\nsupersedes: [review/old]"))];
    let found = gaps(AUDIT, CONTROL, &bad);
    assert!(of(&found, "review-rejected").iter().any(|gap| gap.subject.id == "review/old"));
    let bare = |newer: &str| {
        let found = gaps(AUDIT, CONTROL, &[("review/old", GOOD), ("review/new", newer)]);
        of(&found, "slot-insufficient-evidence").len()
    };
    assert_eq!(bare(&format!("{unreviewed}\nsupersedes: [review/old]")), 0, "the good record still counts");
}

#[test]
fn evidence_is_told_once_and_slots_for_each_audit() {
    let two = format!("{AUDIT}{}", AUDIT.replace("\"a\"", "\"b\""));
    let unreviewed = "performed: { on: 2026-03-28, by: alice }\nresult: { outcome: as-expected }";
    let found = gaps(&two, CONTROL, &[("review/q1", unreviewed)]);
    assert_eq!(of(&found, "evidence-awaits-review").len(), 1);
    let slots = of(&found, "slot-insufficient-evidence");
    let audits: Vec<_> = slots.iter().map(|gap| gap.audit.as_deref().unwrap()).collect();
    assert_eq!(audits, ["a", "b"]);
    assert!(slots.iter().all(|gap| gap.slot.as_deref() == Some("2026-Q1")));
}

#[test]
fn runs_of_missed_slots_begin_above_twelve_ct_03() {
    let monthly = CONTROL.replace("quarterly", "monthly");
    let year = AUDIT.replace("2026-01-01", "2025-06-01");
    // June 2025 to May 2026 are over: twelve.
    assert_eq!(of(&gaps(&year, &monthly, &[]), "slot-missed").len(), 12);
    let year = AUDIT.replace("2026-01-01", "2025-05-01");
    let found = gaps(&year, &monthly, &[]);
    let run = of(&found, "slot-missed");
    assert_eq!(run.len(), 1);
    assert_eq!(run[0].slot.as_deref(), Some("2025-05..2026-05"));
    assert!(run[0].message.contains("13 times in a row, 2025-05 to 2026-05"), "{}", run[0].message);
    // One month in between was performed: two runs.
    let december = GOOD.replace("2026-03-28", "2025-12-28").replace("2026-03-30", "2025-12-30");
    let year = AUDIT.replace("2026-01-01", "2025-04-01");
    let found = gaps(&year, &monthly, &[("review/december", &december)]);
    let names: Vec<_> = of(&found, "slot-missed").iter().map(|gap| gap.slot.clone().unwrap()).collect();
    assert_eq!(names, ["2025-04..2025-11", "2026-01..2026-05"]);
}

#[test]
fn the_number_of_a_small_team_can_be_set() {
    let alone = "performed: { on: 2026-03-28, by: alice }\nresult: { outcome: as-expected }\n\
                 reviewed: { on: 2026-03-30, by: alice, result: accepted, compensating: review }";
    let told = |settings: &str| of(&gaps(settings, CONTROL, &[("review/q1", alone)]), "self-review").len();
    assert_eq!(told(AUDIT), 0);
    assert_eq!(told(&format!("[timeline]\nsmall_team = 2\n{AUDIT}")), 1);
}

#[test]
fn nothing_is_asked_of_what_is_not_in_place() {
    for control in [
        CONTROL.replace("status: implemented\neffective_from: 2025-01-01\n", "status: draft\n"),
        CONTROL.replace("2025-01-01", "2026-09-01"),
    ] {
        let told = gaps(AUDIT, &control, &[("review/q1", GOOD)]);
        let about: Vec<&str> =
            told.iter().filter(|gap| gap.subject.id == "review").map(|gap| gap.rule).collect();
        assert!(about.iter().all(|rule| matches!(*rule, "owner-left" | "role-vacant")), "{about:?}");
    }
}

#[test]
fn a_control_that_no_criterion_in_scope_names_is_not_told() {
    let told = |criterion: &str| {
        let control = CONTROL.replace("CC6.2", criterion);
        gaps(AUDIT, &control, &[]).iter().filter(|gap| gap.subject.id == "review").count()
    };
    assert!(told("CC6.2") > 0);
    assert_eq!(told("A1.1"), 0);
}

#[test]
fn ruling_20_a_waiver_covers_a_slot_that_it_was_made_for() {
    // The slot is 2026-Q1: it ends on 03-31, its grace on 04-15.
    for (slot, approved, expires, covered) in [
        ("slot: 2026-Q1, ", "2026-03-31", "2026-12-31", true),
        ("slot: 2026-q1, ", "2026-01-10", "2026-12-31", true),
        ("", "2026-03-31", "2026-12-31", true),
        ("slot: 2026-Q2, ", "2026-03-31", "2026-12-31", false),
        ("slot: 2026-Q1, ", "2026-04-01", "2026-12-31", false),
        ("slot: 2026-Q1, ", "2026-02-01", "2026-04-14", false),
        // It has lapsed since: the gap counts again, and waiver-expired tells both dates.
        ("slot: 2026-Q1, ", "2026-02-01", "2026-05-31", false),
    ] {
        let waiver = format!(
            "- {{ id: w, rule: slot-missed, subject: review, {slot}reason: R, \
             requested: {{ by: alice, on: 2026-01-05 }}, approved: {{ by: bob, on: {approved} }}, expires: {expires} }}\n"
        );
        let found = waived(AUDIT, CONTROL, &[], &waiver);
        let missed = of(&found, "slot-missed");
        let waivers: Vec<_> = missed.iter().map(|gap| gap.waiver.as_deref()).collect();
        assert_eq!(waivers, [covered.then_some("w")], "{slot}{approved} {expires}");
        let expired = of(&found, "waiver-expired");
        assert_eq!(expired.len(), usize::from(expires < "2026-06-30"), "{expires}");
        assert!(expired.iter().all(|gap| gap.message.contains(approved) && gap.message.contains(expires)));
    }
}
