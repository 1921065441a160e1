//! Cases an auditor knows by heart: vendors, risks, audits and waivers over time. Each name ends in its case id.

use jiff::civil::date;
use soc2::program::Program;
use soc2::report::Report;
use soc2::source::Sources;
use soc2::timeline::Judgement;

use crate::cases_people::{CONFIG, JUNE, PEOPLE, YEAR, gaps, gaps_on};

const VENDOR: &[&str] = &[
    "vendor-review-overdue",
    "vendor-report-expired",
    "vendor-report-missing",
    "vendor-report-weak",
    "vendor-report-unread",
];

/// What is said of one vendor on the last day of its audit's window.
fn vendor(text: &str) -> Vec<String> {
    let text = format!("- {{ id: v, service: s, owner: alice, {text} }}\n");
    let found = gaps_on(VENDOR, date(2026, 12, 31), YEAR, &[("registers/vendors.yaml", &text)]);
    found.iter().map(|gap| gap.trim_start_matches("vendor-").trim_end_matches(" v").to_owned()).collect()
}

#[test]
fn critical_vendors_are_reviewed_and_their_reports_reach_the_window_ve_01() {
    let report = |period: &str| {
        format!(
            "reports: [{{ kind: soc2-type2, period: {{ {period} }}, reviewed: {{ by: alice, on: 2026-06-01 }}, notes: read }}]"
        )
    };
    let reviewed = "reviewed: { by: alice, on: 2026-06-01 }";
    for (text, expected) in [
        (format!("tier: critical, {reviewed}, {}", report("from: 2025-04-01, to: 2026-03-31")), &[][..]),
        (format!("tier: high, {}", report("from: 2025-04-01, to: 2026-03-31")), &["review-overdue"]),
        ("tier: high, reviewed: { by: alice, on: 2025-12-01 }".to_owned(), &[]),
        ("tier: high, reviewed: { by: alice, on: 2025-11-30 }".to_owned(), &["review-overdue"]),
        ("tier: medium".to_owned(), &[]),
        ("tier: high, ended: 2025-12-31".to_owned(), &[]),
        ("tier: high, ended: 2026-01-01".to_owned(), &["review-overdue"]),
        (
            format!("tier: critical, {reviewed}, {}", report("from: 2025-01-01, to: 2025-12-30")),
            &["report-expired"],
        ),
        (
            format!("tier: critical, {reviewed}, {}", report("from: 2025-01-01, to: 2025-12-31")),
            &["report-expired"],
        ),
        (format!("tier: high, {reviewed}, {}", report("from: 2023-01-01, to: 2023-12-31")), &[]),
        (format!("tier: low, subservice: carve-out, {reviewed}"), &["report-missing"]),
        (format!("tier: critical, {reviewed}"), &[]),
    ] {
        assert_eq!(vendor(&text), expected, "{text}");
    }
}

#[test]
fn a_bridge_letter_reaches_from_the_report_to_the_window_ve_01() {
    let with = |letter: &str| {
        vendor(&format!(
            "tier: critical, reviewed: {{ by: alice, on: 2026-06-01 }}, reports: [\
             {{ kind: soc2-type2, period: {{ from: 2024-07-01, to: 2025-12-15 }}, reviewed: {{ by: alice, on: 2026-06-01 }}, notes: n }}, \
             {{ kind: bridge-letter, period: {{ {letter} }} }}]"
        ))
    };
    assert_eq!(with("from: 2025-12-16, to: 2026-09-30"), [""; 0]);
    assert_eq!(
        with("from: 2025-12-16, to: 2026-09-29"),
        ["report-expired"],
        "more than 92 days before the end"
    );
}

#[test]
fn weak_reports_need_an_assessment_ve_02() {
    let shown = |kind: &str, rest: &str| {
        let read = "reviewed: { by: alice, on: 2026-06-01 }, notes: n";
        vendor(&format!(
            "tier: critical, reviewed: {{ by: alice, on: 2026-06-01 }}, reports: [\
             {{ kind: {kind}, period: {{ from: 2026-01-01, to: 2026-06-30 }}, {read}{rest} }}]"
        ))
    };
    for kind in ["soc3", "soc2-type1", "soc1", "iso27001", "other"] {
        assert_eq!(shown(kind, ""), ["report-weak"], "{kind}");
        assert_eq!(shown(kind, ", assessment: its tests were shown to us"), [""; 0], "{kind}");
    }
    for (opinion, expected) in [
        ("unqualified", 0),
        ("Unmodified", 0),
        ("qualified", 1),
        ("adverse", 1),
        ("disclaimer of opinion", 1),
    ] {
        assert_eq!(shown("soc2-type2", &format!(", opinion: {opinion}")).len(), expected, "{opinion}");
    }
}

#[test]
fn a_report_is_read_not_filed_ve_03() {
    let shown = |rest: &str| {
        vendor(&format!(
            "tier: high, reviewed: {{ by: alice, on: 2026-06-01 }}, reports: [\
             {{ kind: soc2-type2, period: {{ from: 2026-01-01, to: 2026-06-30 }}{rest} }}]"
        ))
    };
    assert_eq!(shown(""), ["report-unread"]);
    assert_eq!(shown(", notes: two duties are ours"), ["report-unread"], "nobody says who read it");
    assert_eq!(shown(", reviewed: { by: alice, on: 2026-07-09 }"), ["report-unread"]);
    assert_eq!(shown(", reviewed: { by: alice, on: 2026-07-09 }, notes: two duties are ours"), [""; 0]);
}

fn risk(id: &str, rest: &str) -> String {
    format!(
        "- {{ id: {id}, statement: S, owner: alice, inherent: {{ likelihood: 2, impact: 2 }}, {rest} }}\n"
    )
}

#[test]
fn an_accepted_risk_is_decided_again_ri_01() {
    for (expires, expected) in [("2026-06-30", 0), ("2026-06-29", 1)] {
        let text = risk(
            "r",
            &format!("response: accept, accepted: {{ by: bob, on: 2026-01-02, expires: {expires} }}"),
        );
        assert_eq!(
            gaps(&["risk-acceptance-expired"], &[("registers/risks.yaml", &text)]).len(),
            expected,
            "{expires}"
        );
    }
}

#[test]
fn the_risk_assessment_knows_fraud_and_is_of_this_year_ri_02() {
    let rules = ["no-fraud-risk", "risk-review-overdue"];
    let reviewed = |on: &str| format!("response: mitigate, reviewed: {{ by: bob, on: {on} }}");
    let both = |first: &str, second: &str| {
        let text = risk("a", first) + &risk("b", second);
        gaps(&rules, &[("registers/risks.yaml", &text)])
    };
    let fraud = |on: &str| format!("category: Fraud, {}", reviewed(on));
    assert_eq!(both(&fraud("2025-05-31"), &reviewed("2026-01-01")), [""; 0]);
    assert_eq!(both(&reviewed("2026-01-01"), &reviewed("2026-01-01")), ["no-fraud-risk risks"]);
    assert_eq!(
        both(&format!("criteria: [CC3.3], {}", reviewed("2026-01-01")), &reviewed("2026-01-01")),
        [""; 0]
    );
    assert_eq!(both(&fraud("2025-05-30"), &reviewed("2026-01-01")), ["risk-review-overdue a"]);
    assert_eq!(
        both(&fraud("2025-05-30"), &reviewed("2024-01-01")),
        ["risk-review-overdue risks"],
        "told once"
    );
    assert_eq!(gaps(&rules, &[]), [""; 0], "an empty register");
    let alone = risk("a", "response: mitigate");
    assert_eq!(
        gaps_on(&rules, JUNE, "", &[("registers/risks.yaml", &alone)]),
        [""; 0],
        "before there is an audit"
    );
}

#[test]
fn windows_abut_and_bridges_are_short_rb_08() {
    let rules = ["audit-windows-overlap", "audit-windows-gap", "bridge-too-long"];
    let audit = |id: &str, from: &str, to: &str, rest: &str| {
        format!(
            "[[audit]]\nid = \"{id}\"\ntype = \"type2\"\nperiod = {{ from = {from}, to = {to} }}\n{rest}\n"
        )
    };
    let issued = audit("old", "2025-01-01", "2025-12-31", "issued = 2026-02-20");
    let other = audit("other", "2024-01-01", "2024-06-30", "issued = 2024-08-20");
    for (rest, expected) in [
        (audit("new", "2026-01-01", "2026-12-31", ""), &[][..]),
        (audit("new", "2025-12-31", "2026-12-31", ""), &["audit-windows-overlap new"]),
        (audit("new", "2026-01-02", "2026-12-31", ""), &["audit-windows-gap new"]),
        (audit("new", "2026-01-01", "2026-12-31", "follows = \"old\""), &[]),
        (audit("new", "2026-01-01", "2026-12-31", "follows = \"other\""), &["audit-windows-gap new"]),
        (String::new(), &["bridge-too-long old"]),
        (audit("new", "2026-07-01", "2026-12-31", ""), &["audit-windows-gap new", "bridge-too-long old"]),
    ] {
        let found = gaps_on(&rules, JUNE, &format!("{other}{issued}{rest}"), &[]);
        assert_eq!(found, expected, "{rest}");
    }
    for (day, expected) in [(date(2026, 4, 2), 0), (date(2026, 4, 3), 1)] {
        assert_eq!(gaps_on(&["bridge-too-long"], day, &issued, &[]).len(), expected, "92 days: {day}");
    }
    let systems =
        "- { id: app, in_scope: true, owner: alice }\n- { id: lab, in_scope: true, owner: alice }\n";
    let side = audit("app", "2026-01-01", "2026-12-31", "systems = [\"app\"]")
        + &audit("lab", "2026-04-01", "2026-12-31", "systems = [\"lab\"]");
    let found = gaps_on(&rules, JUNE, &side, &[("registers/systems.yaml", systems)]);
    assert_eq!(found, [""; 0], "audits of different systems run side by side");
}

fn waiver(rest: &str) -> String {
    format!("- {{ id: w, reason: R, requested: {{ by: alice, on: 2026-01-04 }}, {rest} }}\n")
}

#[test]
fn the_gap_returns_when_its_waiver_has_run_out_ex_01() {
    let roles = "- { id: lead, held: [] }\n";
    let control =
        "id: a\ntitle: A\ndescription: B\nowner: lead\nstatus: draft\ncriteria: [CC1.1]\ncadence: annual\n";
    for (expires, holds) in [("2026-06-30", true), ("2026-06-29", false)] {
        let rest = format!(
            "rule: role-vacant, subject: lead, approved: {{ by: bob, on: 2026-01-05 }}, expires: {expires}"
        );
        let waivers = waiver(&rest);
        let config = format!("{CONFIG}{YEAR}");
        let files = [
            ("soc2.toml", config.as_str()),
            ("registers/people.yaml", PEOPLE),
            ("registers/roles.yaml", roles),
            ("registers/waivers.yaml", &waivers),
            ("controls/a.yaml", control),
        ];
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        let program = Program::load(Sources::from_memory(files));
        let report = Report::new(&Judgement::new(&program, JUNE, None));
        let gap = report.gaps.iter().find(|gap| gap.rule == "role-vacant").unwrap();
        assert_eq!(gap.waiver.is_some(), holds, "{expires}");
        let expired: Vec<&str> = report
            .gaps
            .iter()
            .filter(|gap| gap.rule == "waiver-expired")
            .map(|gap| gap.message.as_str())
            .collect();
        match holds {
            true => assert!(expired.is_empty()),
            false => {
                assert!(expired[0].contains("2026-01-05") && expired[0].contains("2026-06-29"), "{expired:?}")
            }
        }
    }
}

#[test]
fn a_waiver_looks_ahead_ex_02() {
    let exceptions = "- { id: e, control: leavers, found: { by: bob, on: 2026-03-26 }, cause: C }\n";
    let control = "id: leavers\ntitle: A\ndescription: B\nowner: alice\nstatus: implemented\neffective_from: 2026-01-01\n\
        criteria: [CC6.2]\ncadence: quarterly\n";
    for (what, approved, late) in [
        ("subject: reviews, slot: 2026-Q1", "2026-03-31", false),
        ("subject: reviews, slot: 2026-q1", "2026-04-01", true),
        ("subject: reviews, slot: 2026-W09", "2026-03-01", false),
        ("subject: reviews, slot: 2026-W09", "2026-03-02", true),
        ("subject: reviews, slot: FY2026-Q1", "2026-06-01", false),
        ("subject: leavers", "2026-03-26", false),
        ("subject: leavers", "2026-03-27", true),
        ("subject: reviews", "2026-06-01", false),
    ] {
        let waivers = waiver(&format!(
            "rule: slot-missed, {what}, approved: {{ by: bob, on: {approved} }}, expires: 2026-12-31"
        ));
        let files = [
            ("registers/waivers.yaml", waivers.as_str()),
            ("registers/exceptions.yaml", exceptions),
            ("controls/leavers.yaml", control),
        ];
        assert_eq!(gaps(&["waiver-after-deviation"], &files).len(), usize::from(late), "{what}, {approved}");
    }
}

#[test]
fn the_numbers_of_practice_are_the_companys() {
    let access = "---\nid: access\ntitle: A\nowner: alice\napprovals:\n  - { version: \"1\", by: bob, on: 2025-05-31, effective: 2026-06-20, text: \"HASH\" }\n---\nText.\n";
    let access = access.replace("HASH", &"0f".repeat(32));
    let people =
        PEOPLE.to_owned() + "- { id: zoe, name: Zoe, kind: employee, employed: [{ from: 2026-05-20 }] }\n";
    let vendors = "- { id: v, service: s, owner: alice, tier: critical, reviewed: { by: alice, on: 2025-07-30 }, \
        reports: [{ kind: soc2-type2, period: { from: 2025-01-01, to: 2025-12-31 } }] }\n";
    let files = [
        ("policies/access.md", access.as_str()),
        ("registers/people.yaml", people.as_str()),
        (
            "registers/training.csv",
            "person,course,completed\nalice,security,2026-01-10\nbob,security,2026-01-10\nzoe,security,2026-06-15\n",
        ),
        ("registers/vendors.yaml", vendors),
    ];
    let issued = "[[audit]]\nid = \"old\"\ntype = \"type2\"\nperiod = { from = 2025-07-01, to = 2026-04-30 }\nissued = 2026-06-01\n";
    for (rule, audits, setting) in [
        ("acknowledgement-missing", YEAR, "acknowledgement_days = 9"),
        ("training-missing", YEAR, "training_days = 25"),
        ("policy-review-overdue", YEAR, "review_grace_days = 29"),
        ("vendor-review-overdue", YEAR, "review_months = 10"),
        ("vendor-report-expired", YEAR, "vendor_report_months = 5\nbridge_days = 1"),
        ("bridge-too-long", issued, "bridge_days = 60"),
    ] {
        assert_eq!(gaps_on(&[rule], JUNE, audits, &files), [""; 0], "{rule} as usual");
        let changed = format!("{audits}[timeline]\n{setting}\n");
        assert_eq!(gaps_on(&[rule], JUNE, &changed, &files).len(), 1, "{rule} with {setting}");
    }
}
