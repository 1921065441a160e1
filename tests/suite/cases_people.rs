//! Cases an auditor knows by heart: people and policies over time, and the controls that rest on them. Each name ends in
//! its case id.

use jiff::civil::{Date, date};
use soc2::program::Program;
use soc2::report::Report;
use soc2::source::Sources;
use soc2::timeline::Judgement;

pub(crate) const CONFIG: &str = "[organization]\nname = \"Acme\"\n[scope]\nframework = \"soc2-2017-rev2022\"\n\
    categories = [\"security\"]\n";
pub(crate) const YEAR: &str =
    "[[audit]]\nid = \"y26\"\ntype = \"type2\"\nperiod = { from = 2026-01-01, to = 2026-12-31 }\n";
pub(crate) const PEOPLE: &str = "- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }\n\
    - { id: bob, name: Bob, kind: employee, employed: [{ from: 2024-01-01 }] }\n";

/// Middle of the window of [`YEAR`].
pub(crate) const JUNE: Date = date(2026, 6, 30);

/// What the rules whose names are given find, as `rule subject`.
pub(crate) fn gaps_on(rules: &[&str], day: Date, config: &str, files: &[(&str, &str)]) -> Vec<String> {
    let config = format!("{CONFIG}{config}");
    let ground = [("soc2.toml", config.as_str()), ("registers/people.yaml", PEOPLE)];
    let missing = ground.iter().filter(|(path, _)| !files.iter().any(|(own, _)| own == path));
    let all =
        missing.chain(files).map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    let program = Program::load(Sources::from_memory(all));
    assert!(program.diagnostics.is_empty(), "the case itself has faults: {:#?}", program.diagnostics);
    let report = Report::new(&Judgement::new(&program, day, None));
    let found = report.gaps.iter().filter(|gap| rules.contains(&gap.rule));
    found.map(|gap| format!("{} {}", gap.rule, gap.subject.id)).collect()
}

pub(crate) fn gaps(rules: &[&str], files: &[(&str, &str)]) -> Vec<String> {
    gaps_on(rules, JUNE, YEAR, files)
}

/// A policy `access` with approvals `version on effective` and whatever else its front matter holds.
fn policy(approvals: &[&str], rest: &str) -> String {
    let mut text = format!("---\nid: access\ntitle: Access\nowner: alice\n{rest}approvals:\n");
    for approval in approvals {
        let [version, on, effective] = approval.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{approval}")
        };
        let hash = "0f".repeat(32);
        text.push_str(&format!(
            "  - {{ version: \"{version}\", by: bob, on: {on}, effective: {effective}, text: \"{hash}\" }}\n"
        ));
    }
    text + "---\nAccess is limited to those who need it.\n"
}

const ACKNOWLEDGED: &[&str] =
    &["acknowledgement-missing", "acknowledgement-due", "acknowledgement-not-counted"];

fn acknowledged(day: Date, approvals: &[&str], people: &str, rows: &str) -> Vec<String> {
    let rows = format!("person,policy,version,on\n{rows}");
    let policy = policy(approvals, "");
    let files = [
        ("registers/people.yaml", people),
        ("registers/acknowledgements.csv", rows.as_str()),
        ("policies/access.md", policy.as_str()),
    ];
    let found = gaps_on(ACKNOWLEDGED, day, YEAR, &files);
    found
        .iter()
        .map(|gap| gap.trim_start_matches("acknowledgement-").trim_end_matches(" access").to_owned())
        .collect()
}

#[test]
fn an_acknowledgement_counts_for_the_version_and_the_day_po_05() {
    let two = ["1.0 2025-12-20 2026-01-01", "2.0 2026-04-20 2026-05-01"];
    let alice = "- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }\n";
    let rehired = "- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01, to: 2026-05-15 }, { from: 2026-06-01 }] }\n";
    for (people, row, expected) in [
        (alice, "alice,access,2.0,2026-05-01", &[][..]),
        (alice, "ALICE,access, 2.0 ,2026-05-01", &[]),
        (alice, "alice,access,1.0,2026-02-01", &["missing"]),
        (alice, "alice,access,1.0,2026-05-01", &["missing", "not-counted"]),
        (alice, "alice,access,2.0,2026-04-30", &["missing", "not-counted"]),
        (alice, "alice,access,3.0,2026-05-02", &["missing", "not-counted"]),
        (alice, "alice,access,2.0,2026-07-01", &["missing"]),
        (rehired, "alice,access,2.0,2026-05-10", &[]),
        (rehired, "alice,access,2.0,2026-05-20", &["due", "not-counted"]),
    ] {
        let mut found = acknowledged(JUNE, &two, people, &format!("{row}\n"));
        found.sort_by_key(|gap| ["missing", "due", "not-counted"].iter().position(|known| known == gap));
        assert_eq!(found, expected, "{row}");
    }
    let draft = [
        ("policies/access.md", "---\nid: access\ntitle: Access\nowner: alice\n---\nText.\n"),
        ("registers/acknowledgements.csv", "person,policy,version,on\nalice,access,1.0,2026-02-01\n"),
    ];
    assert_eq!(gaps(ACKNOWLEDGED, &draft), ["acknowledgement-not-counted access"]);
}

#[test]
fn active_staff_with_contractors_acknowledge_in_time_po_06() {
    let person = |kind: &str, employed: &str| {
        format!("- {{ id: zoe, name: Zoe, kind: {kind}, employed: [{employed}] }}\n")
    };
    let one = ["1.0 2025-12-20 2026-01-01"];
    for (kind, employed, day, expected) in [
        ("contractor", "{ from: 2024-01-01 }", date(2026, 1, 31), "due"),
        ("contractor", "{ from: 2024-01-01 }", date(2026, 2, 1), "missing"),
        ("employee", "{ from: 2026-03-01 }", date(2026, 3, 31), "due"),
        ("employee", "{ from: 2026-03-01 }", date(2026, 4, 1), "missing"),
        ("bot", "{ from: 2024-01-01 }", JUNE, ""),
        ("employee", "{ from: 2024-01-01, to: 2026-06-29 }", JUNE, ""),
        ("employee", "{ from: 2026-07-01 }", JUNE, ""),
        // After the window: hired in its last days, and gone before the month was over, or not.
        ("employee", "{ from: 2026-12-20, to: 2027-01-10 }", date(2027, 3, 1), ""),
        ("employee", "{ from: 2026-12-20 }", date(2027, 3, 1), "missing"),
    ] {
        let found = acknowledged(day, &one, &person(kind, employed), "").join(" ");
        assert_eq!(found, expected, "{kind} {employed} on {day}");
    }
}

#[test]
fn a_review_without_change_keeps_a_policy_current_po_03() {
    let check = |day: Date, reviews: &str| {
        let text = policy(&["1.0 2025-01-10 2025-01-10"], reviews);
        gaps_on(&["policy-review-overdue"], day, YEAR, &[("policies/access.md", &text)]).len()
    };
    assert_eq!(check(date(2026, 2, 9), ""), 0, "twelve months and thirty days");
    assert_eq!(check(date(2026, 2, 10), ""), 1);
    assert_eq!(check(JUNE, "reviews: [{ by: bob, on: 2026-01-08, result: no-change }]\n"), 0);
    assert_eq!(
        check(JUNE, "review: semiannual\nreviews: [{ by: bob, on: 2025-11-08, result: no-change }]\n"),
        1
    );
    let before = "reviews: [{ by: bob, on: 2025-12-20, result: no-change }]\n";
    assert_eq!(check(date(2026, 12, 31), before), 0, "the last day is not over");
    assert_eq!(check(date(2027, 1, 1), before), 1, "nothing in a window of a year");
}

#[test]
fn a_policy_is_in_force_from_its_approval_po_04() {
    for (approval, expected) in [
        ("1.0 2025-12-20 2026-01-01", 0),
        ("1.0 2025-12-20 2026-01-02", 1),
        ("1.0 2026-02-01 2026-01-01", 1),
        ("1.0 2026-07-01 2026-07-01", 0),
    ] {
        let found = gaps(&["policy-in-force-late"], &[("policies/access.md", &policy(&[approval], ""))]);
        assert_eq!(found.len(), expected, "{approval}");
    }
}

#[test]
fn checks_and_training_come_in_time_for_contractors_too_pe_05() {
    let people = "- { id: alice, name: A, kind: employee, employed: [{ from: 2024-01-01 }], background_check: 2025-06-01, code_of_conduct: 2023-12-30 }\n\
        - { id: carol, name: C, kind: employee, employed: [{ from: 2026-02-02 }], background_check: 2026-02-02, code_of_conduct: 2026-02-01 }\n\
        - { id: ivan, name: I, kind: contractor, employed: [{ from: 2026-03-02 }], background_check: 2026-03-03, code_of_conduct: 2026-03-02 }\n\
        - { id: kim, name: K, kind: contractor, employed: [{ from: 2026-03-02 }], background_check: 2026-03-01 }\n\
        - { id: lou, name: L, kind: contractor, employed: [{ from: 2026-03-02, to: 2026-05-31 }], background_check: 2026-03-01, code_of_conduct: 2026-03-02 }\n\
        - { id: bot, name: B, kind: bot, employed: [{ from: 2026-03-02 }] }\n";
    let found = gaps(&["joiner-check-late"], &[("registers/people.yaml", people)]);
    assert_eq!(found, ["joiner-check-late ivan", "joiner-check-late kim"]);

    let trained = |rows: &str| {
        let text = format!("person,course,completed\n{rows}");
        gaps(&["training-missing"], &[("registers/people.yaml", people), ("registers/training.csv", &text)])
            .len()
    };
    let all = "alice,security,2026-01-10\ncarol,security,2026-03-04\nivan,security,2026-04-01\nkim,security,2026-03-02\nlou,security,2026-03-02\n";
    assert_eq!(trained(all), 0);
    assert_eq!(trained(&all.replace("2026-04-01", "2026-04-02")), 1, "late");
    assert_eq!(trained(&all.replace("2026-01-10", "2025-05-30")), 1, "too old");
    assert_eq!(trained(&all.replace("ivan,security,2026-04-01\n", "")), 1, "a contractor without");
    assert_eq!(trained(&all.replace("lou,security,2026-03-02\n", "")), 1, "who left since");
    assert_eq!(trained(&all.replace("kim,security", "kim,fire-safety")), 1, "another course");
    assert_eq!(trained(""), 0, "an empty register is the control's matter");
}

#[test]
fn a_rehire_is_no_leaver_pe_06() {
    let people = "- { id: alice, name: A, kind: employee, employed: [{ from: 2022-06-01, to: 2024-05-31 }, { from: 2026-02-02 }], background_check: 2022-05-20 }\n\
        - { id: bob, name: B, kind: employee, employed: [{ from: 2024-01-01 }], background_check: 2023-12-20 }\n";
    let policy = policy(&["1.0 2025-12-20 2026-01-01"], "");
    let files = [
        ("registers/people.yaml", people),
        ("policies/access.md", policy.as_str()),
        (
            "registers/training.csv",
            "person,course,completed\nalice,security,2026-03-04\nbob,security,2026-03-04\n",
        ),
        (
            "registers/acknowledgements.csv",
            "person,policy,version,on\nalice,access,1.0,2026-03-04\nbob,access,1.0,2026-01-31\n",
        ),
    ];
    let mut rules = vec!["owner-left", "owner-gap", "joiner-check-late", "training-missing"];
    rules.extend(ACKNOWLEDGED);
    assert_eq!(gaps(&rules, &files), [""; 0]);
}

#[test]
fn rows_of_the_same_day_are_one_employment_pe_06() {
    let people = "- { id: ivan, name: I, kind: employee, employed: [{ from: 2025-01-01, to: 2026-03-31 }, { from: 2026-04-01 }], background_check: 2024-12-20 }\n\
        - { id: kim, name: K, kind: employee, employed: [{ from: 2025-01-01, to: 2026-03-31 }, { from: 2026-04-01 }] }\n";
    let found = gaps(&["joiner-check-late"], &[("registers/people.yaml", people)]);
    assert_eq!(found, [""; 0], "a contractor who is hired did not join twice");
}

#[test]
fn days_without_an_owner_are_told_ct_01() {
    let people = "- { id: alice, name: A, kind: employee, employed: [{ from: 2024-01-01 }] }\n\
        - { id: dana, name: D, kind: employee, employed: [{ from: 2024-01-01, to: 2026-03-20 }] }\n\
        - { id: theo, name: T, kind: employee, employed: [{ from: 2024-01-01, to: 2026-02-28 }, { from: 2026-03-16 }] }\n";
    let check = |held: &str, owner: &str, from: &str| {
        let roles = format!("- {{ id: lead, held: [{held}] }}\n");
        let control = format!(
            "id: a\ntitle: A\ndescription: B\nowner: {owner}\nstatus: implemented\neffective_from: {from}\n\
             criteria: [CC1.1]\ncadence: annual\n"
        );
        let files = [
            ("registers/people.yaml", people),
            ("registers/roles.yaml", &roles),
            ("controls/a.yaml", &control),
        ];
        gaps(&["owner-gap"], &files)
    };
    let dana = "{ by: dana, from: 2024-01-01 }";
    assert_eq!(
        check(&format!("{dana}, {{ by: alice, from: 2026-04-06 }}"), "lead", "2025-01-01"),
        ["owner-gap lead"]
    );
    assert_eq!(check(&format!("{dana}, {{ by: alice, from: 2026-03-21 }}"), "lead", "2025-01-01"), [""; 0]);
    assert_eq!(
        check(&format!("{dana}, {{ by: alice, from: 2026-04-06 }}"), "lead", "2026-04-06"),
        [""; 0],
        "not yet in place"
    );
    assert_eq!(check(dana, "lead", "2025-01-01"), [""; 0], "vacant until today is role-vacant");
    assert_eq!(
        check("{ by: alice, from: 2026-02-01 }", "lead", "2026-01-01"),
        ["owner-gap lead"],
        "before the first holder"
    );
    assert_eq!(check("", "theo", "2025-01-01"), ["owner-gap theo"], "a rehire was away");
}

#[test]
fn control_and_policy_promise_the_same_ct_06() {
    for (cadence, section, conflicts) in [
        ("quarterly", "The owner looks every quarter.", false),
        ("quarterly", "The owner looks yearly.", true),
        ("annual", "The owner looks every three months.", true),
        ("monthly", "The owner looks at least once a quarter.", false),
        ("annual", "The owner looks at least once a quarter.", true),
        ("annual", "The owner looks monthly. The board looks every quarter.", false),
        ("annual", "This policy is reviewed twice a year.", false),
        ("event", "The owner looks yearly.", false),
    ] {
        let control = format!(
            "id: a\ntitle: A\ndescription: B\nowner: alice\nstatus: implemented\neffective_from: 2026-01-01\n\
             criteria: [CC1.1]\ncadence: {cadence}\npolicies: [access#looks]\n"
        );
        let policy = format!(
            "---\nid: access\ntitle: Access\nowner: alice\n---\n# Access\n\n## Looks\n\n{section}\n\n## Other\n\nEvery day.\n"
        );
        let files = [("controls/a.yaml", control.as_str()), ("policies/access.md", policy.as_str())];
        assert_eq!(
            gaps(&["cadence-conflicts-policy"], &files).len(),
            usize::from(conflicts),
            "{cadence}: {section}"
        );
    }
}

#[test]
fn what_makes_up_for_a_control_is_in_place_ct_09() {
    for (status, expected) in [
        ("status: implemented\neffective_from: 2026-06-30", 0),
        ("status: implemented\neffective_from: 2026-07-01", 1),
        ("status: planned", 1),
        ("status: retired\neffective_from: 2025-01-01\nretired_at: 2026-06-29", 1),
    ] {
        let control = |id: &str, rest: &str| {
            format!(
                "id: {id}\ntitle: A\ndescription: B\nowner: alice\ncriteria: [CC1.1]\ncadence: annual\n{rest}\n"
            )
        };
        let weak = control("weak", "status: implemented\neffective_from: 2026-01-01\ncompensating: [other]");
        let other = control("other", status);
        let files = [("controls/weak.yaml", weak.as_str()), ("controls/other.yaml", other.as_str())];
        assert_eq!(gaps(&["compensating-not-in-place"], &files).len(), expected, "{status}");
    }
}

#[test]
fn an_approver_is_a_person_who_works_here_po_02() {
    let people = "- { id: alice, name: A, kind: employee, employed: [{ from: 2024-01-01 }] }\n";
    for (bob, expected) in [
        ("kind: employee, employed: [{ from: 2024-01-01, to: 2025-12-20 }]", 0),
        ("kind: employee, employed: [{ from: 2024-01-01, to: 2025-12-19 }]", 1),
        ("kind: bot, employed: [{ from: 2024-01-01 }]", 1),
    ] {
        let people = format!("{people}- {{ id: bob, name: B, {bob} }}\n");
        let policy = policy(&["1.0 2025-12-20 2026-01-01"], "");
        let files = [("registers/people.yaml", people.as_str()), ("policies/access.md", policy.as_str())];
        assert_eq!(gaps(&["approver-not-employed"], &files).len(), expected, "{bob}");
    }
}
