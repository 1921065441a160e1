//! Cases an auditor knows by heart, on whole programmes: scope, coverage, mapping. Each name ends in its case id.

use jiff::civil::date;
use soc2::program::Program;
use soc2::report::Report;
use soc2::source::Sources;
use soc2::timeline::{Coverage, Judgement};

const AS_OF: jiff::civil::Date = date(2026, 6, 30);

fn toml(categories: &str, rest: &str) -> String {
    format!(
        "[organization]\nname = \"Acme\"\n[scope]\nframework = \"soc2-2017-rev2022\"\ncategories = [{categories}]\n{rest}\n\
         [[audit]]\nid = \"a\"\ntype = \"type2\"\nperiod = {{ from = 2026-01-01, to = 2026-12-31 }}\n"
    )
}

fn control(id: &str, criteria: &str, rest: &str) -> (String, String) {
    let text = format!(
        "id: {id}\ntitle: Somebody does it\ndescription: Each quarter somebody does it and files a record.\n\
         owner: lead\ncadence: quarterly\ncriteria: [{criteria}]\n{rest}\n"
    );
    (format!("controls/{id}.yaml"), text)
}

fn program(files: Vec<(String, String)>) -> Program {
    let ground = [("registers/roles.yaml".to_owned(), "- { id: lead, held: [] }\n".to_owned())];
    let all = files.into_iter().chain(ground).map(|(path, text)| (path, text.into_bytes())).collect();
    Program::load(Sources::from_memory(all))
}

/// Coverage of one criterion in the only audit.
fn coverage(program: &Program, criterion: &str) -> Option<Coverage> {
    let judgement = Judgement::new(program, AS_OF, None);
    let audit = judgement.audits.first()?;
    let found = audit.criteria.iter().find(|c| program.criterion_name(c.id) == criterion);
    found.map(|c| c.coverage)
}

const IN_PLACE: &str = "status: implemented\neffective_from: 2026-01-01";

#[test]
fn privacy_brings_the_common_criteria_along_sc_03() {
    let program = program(vec![("soc2.toml".to_owned(), toml("\"privacy\"", ""))]);
    let judgement = Judgement::new(&program, AS_OF, None);
    assert_eq!(judgement.audits[0].criteria.len(), 33 + 18);
    assert_eq!(coverage(&program, "CC6.1"), Some(Coverage::NotAddressed));
    assert_eq!(coverage(&program, "A1.1"), None);
}

#[test]
fn coverage_is_what_is_in_place_on_each_day_sc_04_sc_05_ct_07() {
    let files = vec![
        ("soc2.toml".to_owned(), toml("\"security\"", "")),
        control("whole", "CC1.1", IN_PLACE),
        control("may", "CC1.2", "status: implemented\neffective_from: 2026-05-01"),
        control("draft", "CC1.3", "status: draft"),
        control("planned", "CC1.4", "status: planned"),
        control("gone", "CC1.5", "status: retired\neffective_from: 2025-01-01\nretired_at: 2026-03-31"),
        control("before", "CC2.1", "status: retired\neffective_from: 2025-01-01\nretired_at: 2025-12-31"),
        control("undated", "CC2.2", "status: implemented"),
    ];
    let program = program(files);
    for (criterion, expected) in [
        ("CC1.1", Coverage::Covered),
        ("CC1.2", Coverage::Partial),
        ("CC1.3", Coverage::PlannedOnly),
        ("CC1.4", Coverage::PlannedOnly),
        ("CC1.5", Coverage::Partial),
        ("CC2.1", Coverage::PlannedOnly),
        ("CC2.2", Coverage::PlannedOnly),
        ("CC2.3", Coverage::NotAddressed),
    ] {
        assert_eq!(coverage(&program, criterion), Some(expected), "{criterion}");
    }
}

#[test]
fn a_replacement_without_a_hole_covers_the_whole_window() {
    let files = |from: &str| {
        vec![
            ("soc2.toml".to_owned(), toml("\"security\"", "")),
            control(
                "old",
                "CC1.1",
                "status: retired\neffective_from: 2025-01-01\nretired_at: 2026-03-31\nsuperseded_by: new",
            ),
            control("new", "CC1.1", &format!("status: implemented\neffective_from: {from}")),
        ]
    };
    assert_eq!(coverage(&program(files("2026-04-01")), "CC1.1"), Some(Coverage::Covered));
    assert_eq!(coverage(&program(files("2026-04-02")), "CC1.1"), Some(Coverage::Partial));
}

#[test]
fn a_carved_out_criterion_is_neither_covered_nor_missing_sc_04() {
    let vendor = "- { id: aws, service: hosting, owner: lead, tier: critical, subservice: carve-out }\n";
    let csoc = "- { id: dc, vendor: aws, criteria: [CC6.4], text: Guards at the door. }\n";
    let program = program(vec![
        ("soc2.toml".to_owned(), toml("\"security\"", "")),
        ("registers/vendors.yaml".to_owned(), vendor.to_owned()),
        ("registers/csocs.yaml".to_owned(), csoc.to_owned()),
    ]);
    assert_eq!(coverage(&program, "CC6.4"), Some(Coverage::CarvedOut));
    let judgement = Judgement::new(&program, AS_OF, None);
    let report = Report::new(&judgement);
    assert!(report.gaps.iter().any(|gap| gap.rule == "carved-out-without-monitoring"));
}

#[test]
fn not_relevant_needs_its_reason_sc_06() {
    let with = program(vec![(
        "soc2.toml".to_owned(),
        toml(
            "\"security\", \"availability\"",
            "not_relevant = { \"A1.1\" = \"capacity is the customer's\" }",
        ),
    )]);
    assert_eq!(coverage(&with, "A1.1"), Some(Coverage::NotRelevant));
    let without = program(vec![(
        "soc2.toml".to_owned(),
        toml("\"security\", \"availability\"", "not_relevant = { \"A1.1\" = \"\" }"),
    )]);
    assert_eq!(coverage(&without, "A1.1"), Some(Coverage::NotAddressed));
}

#[test]
fn a_point_of_focus_is_never_a_failed_requirement_sc_07() {
    let files = vec![
        ("soc2.toml".to_owned(), toml("\"security\"", "")),
        control("one", "CC6.1/restrict-logical-access", IN_PLACE),
    ];
    let program = program(files);
    assert_eq!(coverage(&program, "CC6.1"), Some(Coverage::Covered));
    let judgement = Judgement::new(&program, AS_OF, None);
    let report = Report::new(&judgement);
    let points: Vec<_> = report.gaps.iter().filter(|gap| gap.rule == "points-of-focus-unnamed").collect();
    assert!(points.iter().all(|gap| gap.class == soc2::gap::Class::Note));
    assert!(points.iter().any(|gap| gap.subject.id == "CC6.1"));
}

#[test]
fn other_tools_spellings_get_the_right_suggestion_sc_01() {
    for (typed, meant) in [
        ("CC9.9", "CC9"),
        ("P1.2", "P1.1"),
        ("CC1.0", "CC1."),
        ("cc6_1", "CC6.1"),
        ("cc_6_1", "CC6.1"),
        ("CC6.1 - Logical access", "CC6.1"),
        ("CC7.3 - Incident Detection and Response", "CC7.3"),
        ("CC6.1.3", "CC6.1"),
        ("PP1.1", "PI1.1"),
        ("C6.5", "CC6.5"),
        ("cc_a_1_1", "A1.1"),
    ] {
        let files = vec![
            ("soc2.toml".to_owned(), toml("\"security\"", "")),
            control("one", &format!("\"{typed}\""), "status: draft"),
        ];
        let program = program(files);
        let report = Report::new(&Judgement::new(&program, AS_OF, None));
        let fault = report.diagnostics.iter().find(|d| d.rule == "unknown-criterion").unwrap();
        let help = fault.help.as_deref().unwrap_or("");
        assert!(help.starts_with(&format!("did you mean `{meant}")), "{typed}: {help}");
    }
}

#[test]
fn an_own_framework_needs_no_code() {
    let framework = "id: iso27001-2022\ntitle: ISO 27001\nedition: \"2022\"\n\
                     categories: [{ id: annex-a, title: Annex A, always: true }]\n\
                     series: [{ id: A.5, title: Organisational, category: annex-a }]\n\
                     criteria:\n  - { id: A.5.15, series: A.5, text: Access is given by rules. }\n  \
                     - { id: A.5.16, series: A.5, text: Identities are managed. }\n";
    let audit =
        "[[audit]]\nid = \"iso\"\ntype = \"type1\"\nas_of = 2026-06-30\nframework = \"iso27001-2022\"\n";
    let program = program(vec![
        ("soc2.toml".to_owned(), format!("{}{audit}", toml("\"security\"", ""))),
        ("frameworks/iso.yaml".to_owned(), framework.to_owned()),
        control("one", "CC6.2, \"iso27001-2022:A.5.15\"", IN_PLACE),
    ]);
    let judgement = Judgement::new(&program, AS_OF, None);
    let report = Report::new(&judgement);
    assert!(report.diagnostics.is_empty(), "{:#?}", report.diagnostics);
    let iso = judgement.audits.iter().find(|audit| audit.id.as_deref() == Some("iso")).unwrap();
    let states: Vec<_> = iso.criteria.iter().map(|c| (program.criterion_name(c.id), c.coverage)).collect();
    assert_eq!(
        states,
        [
            ("iso27001-2022:A.5.15".to_owned(), Coverage::Covered),
            ("iso27001-2022:A.5.16".to_owned(), Coverage::NotAddressed)
        ]
    );
    assert_eq!(coverage(&program, "CC6.2"), Some(Coverage::Covered));
}

#[test]
fn the_built_in_framework_has_the_known_counts() {
    let framework = soc2::framework::built_in(soc2::framework::DEFAULT).unwrap();
    assert_eq!(framework.criteria.len(), 61);
    let points = |series: &str| -> usize {
        let of = framework
            .criteria
            .iter()
            .filter(|c| c.series.as_ref().is_some_and(|s| s.value.starts_with(series)));
        of.map(|c| c.points_of_focus.len()).sum()
    };
    let per_series =
        ["CC1", "CC2", "CC3", "CC4", "CC5", "CC6", "CC7", "CC8", "CC9", "A1", "C1", "PI1"].map(points);
    assert_eq!(per_series, [28, 34, 36, 11, 16, 38, 36, 18, 15, 16, 5, 19]);
    assert_eq!(framework.criteria.iter().map(|c| c.points_of_focus.len()).sum::<usize>(), 330);
    let common = framework.criteria.iter().filter(|c| framework.in_scope(c, &[]));
    let applying: usize =
        common.map(|c| c.points_of_focus.iter().filter(|p| framework.point_applies(p, &[])).count()).sum();
    assert_eq!(applying, 208, "points of focus of a Security-only examination");
}

#[test]
fn the_first_day_is_judged_before_the_window_opens() {
    let files = vec![
        ("soc2.toml".to_owned(), toml("\"security\"", "").replace("2026-", "2027-")),
        control("in-time", "CC1.1", "status: implemented\neffective_from: 2027-01-01"),
        control("late", "CC1.2", "status: implemented\neffective_from: 2027-01-02"),
    ];
    let program = program(files);
    assert_eq!(coverage(&program, "CC1.1"), Some(Coverage::Covered));
    assert_eq!(coverage(&program, "CC1.2"), Some(Coverage::PlannedOnly));
}

/// A programme whose only hope is one waiver for CC1.1.
fn let_through(waiver: &str) -> bool {
    let people = "- { id: ann, name: Ann, kind: employee, employed: [{ from: 2024-01-01 }] }\n\
                  - { id: raj, name: Raj, kind: employee, employed: [{ from: 2024-01-01 }] }\n\
                  - { id: gone, name: G, kind: employee, employed: [{ from: 2020-01-01, to: 2021-01-01 }] }\n\
                  - { id: robot, name: R, kind: bot, employed: [{ from: 2020-01-01 }] }\n";
    let program = program(vec![
        ("soc2.toml".to_owned(), toml("\"security\"", "")),
        ("registers/people.yaml".to_owned(), people.to_owned()),
        (
            "registers/waivers.yaml".to_owned(),
            format!("- {{ id: w, rule: criterion-not-addressed, subject: CC1.1, {waiver} }}\n"),
        ),
    ]);
    let report = Report::new(&Judgement::new(&program, AS_OF, None));
    report.gaps.iter().any(|gap| gap.subject.id == "CC1.1" && gap.waiver.is_some())
}

#[test]
fn a_waiver_needs_a_reason_another_person_and_an_end_ex_01() {
    let asked = "requested: { by: ann, on: 2026-03-01 }";
    let agreed = "approved: { by: raj, on: 2026-03-02 }";
    assert!(let_through(&format!("reason: later, {asked}, {agreed}, expires: 2026-12-31")));
    for waiver in [
        format!("reason: later, {asked}, {agreed}, expires: 2026-06-29"),
        format!("reason: later, {asked}, {agreed}, expires: 2027-03-03"),
        format!("reason: \" \", {asked}, {agreed}, expires: 2026-12-31"),
        format!("{asked}, {agreed}, expires: 2026-12-31"),
        format!("reason: later, {agreed}, expires: 2026-12-31"),
        format!("reason: later, {asked}, approved: {{ by: ann, on: 2026-03-02 }}, expires: 2026-12-31"),
        format!("reason: later, {asked}, approved: {{ by: gone, on: 2026-03-02 }}, expires: 2026-12-31"),
        format!("reason: later, {asked}, approved: {{ by: robot, on: 2026-03-02 }}, expires: 2026-12-31"),
        format!("reason: later, {asked}, approved: {{ by: raj, on: 2026-02-02 }}, expires: 2026-12-31"),
        format!("reason: later, requested: {{ by: ghost, on: 2026-03-01 }}, {agreed}, expires: 2026-12-31"),
        format!("reason: later, {asked}, {agreed}, expires: 2026-12-31, audit: [x]"),
    ] {
        assert!(!let_through(&waiver), "{waiver}");
    }
}

/// What verdicts rest on can be neither muted nor lowered.
#[test]
fn firm_faults_stay_whatever_is_written() {
    let levels = "[check]\nlevels = { invalid-yaml = \"allow\", missing-key = \"warn\" }\n";
    let program = program(vec![
        ("soc2.toml".to_owned(), format!("{}{levels}", toml("\"security\"", ""))),
        ("controls/x.yaml".to_owned(), "# soc2: ignore[invalid-yaml] being written\n[\n".to_owned()),
    ]);
    let report = Report::new(&Judgement::new(&program, AS_OF, None));
    assert!(report.fails(false));
    let rules: Vec<_> = report.diagnostics.iter().map(|d| d.rule).collect();
    assert!(rules.contains(&"invalid-yaml"), "{rules:?}");
    assert_eq!(rules.iter().filter(|rule| **rule == "level-refused").count(), 3, "{rules:?}");
}

#[test]
fn an_audit_issued_before_its_end_is_still_judged() {
    let toml = toml("\"security\"", "").replace("type = \"type2\"", "type = \"type2\"\nissued = 2026-01-02");
    let program = program(vec![("soc2.toml".to_owned(), toml)]);
    let judgement = Judgement::new(&program, AS_OF, None);
    assert_eq!(judgement.audits.len(), 1);
    assert!(Report::new(&judgement).diagnostics.iter().any(|d| d.rule == "inverted-period"));
}

/// A file's faults are kept up to a number; what is left out must not hide behind what is muted.
#[test]
fn muted_faults_do_not_push_others_out_of_sight() {
    let keys: String = (0..2_100).map(|i| format!("x{i}: 1 # soc2: ignore[unknown-key] kept\n")).collect();
    let (path, text) = control("one", "CC1.1", IN_PLACE);
    let program = program(vec![
        ("soc2.toml".to_owned(), toml("\"security\"", "")),
        (path, format!("{keys}{text}y: 1\n")),
    ]);
    let report = Report::new(&Judgement::new(&program, AS_OF, None));
    assert!(report.fails(false));
    assert!(report.diagnostics.iter().any(|d| d.rule == "input-too-large"), "{:?}", report.diagnostics);
}
