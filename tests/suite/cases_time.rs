//! Cases an auditor knows by heart, about controls over time: owners, cadences, populations, deviations, waivers. Each
//! name ends in its case id.

use jiff::ToSpan;
use soc2::report::Report;
use soc2::timeline::{Because, Judgement, Remark};

use crate::world::{Done, World, day, judged};

const LATER: &str = "2027-06-30";

fn year(keys: &str) -> World {
    World::over("2026-01-01", "2026-12-31").control("c", keys)
}

fn quarterly() -> World {
    year("cadence: quarterly")
}

const SOUND: &str = "2026-03-28";

#[test]
fn an_owner_who_leaves_is_a_fault_of_design_ct_01() {
    let design = |owner: &str, as_of: &str| {
        let judged = quarterly().control("c", &format!("owner: {owner}")).judged(day(as_of));
        (judged.control("c").design.concat(), judged.support("CC6.2"))
    };
    assert_eq!(design("kim", "2026-03-31"), (String::new(), "at-risk"));
    assert_eq!(design("gone", "2026-02-28").0, "");
    let left = ("its owner `gone` does not work here".to_owned(), "not-supported");
    assert_eq!(design("gone", "2026-03-01"), left);
    assert_eq!(design("robot", "2026-03-01").1, "not-supported");
    // A role passes on to the next holder; a day between them shows.
    let roles = "- { id: lead, held: [{ by: gone, from: 2015-01-01 }, { by: kim, from: 2026-03-02 }] }\n";
    let seen = |as_of: &str| {
        quarterly().file("registers/roles.yaml", roles).judged(day(as_of)).control("c").design.len()
    };
    assert_eq!(["2026-02-28", "2026-03-01", "2026-03-02"].map(seen), [0, 1, 0]);
}

#[test]
fn three_of_four_quarters_ct_03() {
    let judged = quarterly().did_on("c", &["2026-02-02", "2026-05-05", "2026-11-11"]).judged(day(LATER));
    assert_eq!(
        judged.slots("c"),
        ["2026-Q1 on-time", "2026-Q2 on-time", "2026-Q3 missed", "2026-Q4 on-time"]
    );
    assert_eq!((judged.operation("c"), judged.support("CC6.2")), ("missed", "not-supported"));
}

#[test]
fn a_yearly_control_is_due_by_the_last_day_of_the_window_at_the_latest() {
    let why = |last: &str| {
        let program = year("cadence: annual").did("c", last).load();
        let judgement = Judgement::new(&program, day("2026-06-30"), None);
        let audit = &judgement.audits[0];
        judgement.why_control(audit, &audit.controls[0]).because
    };
    assert_eq!(why("2025-11-20"), "next due by 2026-11-20");
    assert_eq!(why("2025-12-31"), "next due by 2026-12-31");
}

#[test]
fn introduced_in_the_window_ct_07() {
    let world = year("cadence: quarterly\neffective_from: 2026-05-01");
    let judged = world.did_on("c", &["2026-06-30", "2026-09-30", "2026-12-20"]).judged(day(LATER));
    assert_eq!(judged.control("c").remarks, [Remark::PartialPeriod { days: 245, of: 365 }]);
    assert_eq!((judged.operation("c"), judged.support("CC6.2")), ("on-time", "at-risk"));
}

#[test]
fn a_compensating_control_has_to_hold_itself_ct_09() {
    let people = "- { id: ann, name: A, kind: employee, employed: [{ from: 2015-01-01 }] }\n\
                  - { id: raj, name: R, kind: employee, employed: [{ from: 2015-01-01 }] }\n\
                  - { id: kim, name: K, kind: employee, employed: [{ from: 2015-01-01 }] }\n";
    let alone = "{ on: 2026-03-28, by: ann, result: accepted, compensating: other }";
    let state = |keys: &str, days: &[&str]| {
        let world = quarterly().file("registers/people.yaml", people);
        let world = world.did("c", Done::on(SOUND).key("reviewed", alone));
        let keys = format!("criteria: [CC6.3]\ncadence: semiannual\nanchor: calendar\n{keys}");
        let program = world.control("other", &keys).did_on("other", days).load();
        judged(&program, day("2026-08-30")).slot("c", "2026-Q1").state.name()
    };
    assert_eq!(state("key: true", &["2026-06-01"]), "on-time");
    for (keys, days) in [
        ("key: true", &[][..]),
        ("key: true", &["2026-08-15"]),
        ("status: planned", &["2026-06-01"]),
        ("owner: nobody", &["2026-06-01"]),
        ("policies: []", &["2026-06-01"]),
        ("design: { is: deficient }", &["2026-06-01"]),
    ] {
        assert_eq!(state(keys, days), "insufficient-evidence", "{keys} {days:?}");
    }
}

#[test]
fn an_event_control_needs_its_population_ct_11_ct_12_ct_16() {
    let event = || year("cadence: event");
    let screenshot = event().did("c", Done::on(SOUND).key("kind", "screenshot"));
    let judged = screenshot.judged(day(LATER));
    assert_eq!(judged.operation("c"), "insufficient-evidence", "a picture of one event");
    assert_eq!(judged.slot("c", "window").because, Some(Because::NoPopulation));
    let none = event().judged(day(LATER));
    assert_eq!(none.operation("c"), "unknown", "nothing says that nothing happened");
    assert_eq!(none.slot("c", "window").because, Some(Because::NoManifest));
    assert_eq!(none.support("CC6.2"), "not-supported");
    let list = |count: usize| {
        let rows: String = (0..count).map(|n| format!("h{n},2026-05-0{}\n", n + 1)).collect();
        let keys = format!(
            ", query: GET /x, covers: {{ from: 2026-01-01, to: 2026-12-31 }}, population: {{ key: id, date: on, \
             count: {count}, completeness: all }}"
        );
        Done::on("2026-12-31").only("x.csv", Some(&format!("id,on\n{rows}")), &keys)
    };
    let judged = event().did("c", list(3)).judged(day(LATER));
    assert_eq!(judged.slot("c", "window").because, Some(Because::NoItem(3)));
    assert_eq!(judged.operation("c"), "insufficient-evidence");
    let judged = event().did("c", list(3)).did("c", "2026-05-02").judged(day(LATER));
    assert_eq!(judged.slot("c", "window").because, Some(Because::Unnamed(1, 3)));
    assert_eq!(judged.operation("c"), "on-time");
    let nil = event().did("c", list(0).key("kind", "nil-statement")).judged(day(LATER));
    assert_eq!((nil.operation("c"), nil.support("CC6.2")), ("no-occurrence", "supported"));
    assert_eq!(event().did("c", list(0)).operation("c", "2026-12-30"), "not-due");
}

#[test]
fn a_type1_asks_for_one_proof_ct_15() {
    for cadence in ["quarterly", "monthly", "weekly", "daily", "continuous"] {
        let world = World::type1("2026-06-30").control("c", &format!("cadence: {cadence}"));
        let judged = world.did("c", "2026-05-01").judged(day("2026-06-30"));
        assert_eq!((judged.operation("c"), judged.support("CC6.2")), ("in-place", "supported"), "{cadence}");
        assert_eq!(judged.control("c").slots.len(), 1, "{cadence}");
    }
    // What was seen before the control was in place shows another one.
    let young = World::type1("2026-06-30").control("c", "cadence: quarterly\neffective_from: 2026-06-01");
    assert_eq!(young.did("c", "2026-05-31").operation("c", "2026-06-30"), "not-yet-operated");
}

#[test]
fn an_exception_makes_its_slot_a_deviation() {
    let world = || quarterly().did_on("c", &["2026-03-28", "2026-06-28"]);
    let row = |keys: &str| {
        let row = format!(
            "- {{ id: x, control: c, {keys}, found: {{ by: eve, on: 2026-07-01 }}, cause: hurry }}\n"
        );
        let judged = world().file("registers/exceptions.yaml", row).judged(day("2026-07-10"));
        (judged.slots("c"), judged.operation("c"), judged.support("CC6.2"))
    };
    let (slots, operation, support) = row("slot: 2026-q1");
    assert_eq!(slots[..2], ["2026-Q1 deviation", "2026-Q2 on-time"]);
    assert_eq!((operation, support), ("deviation", "not-supported"));
    assert_eq!(row("slot: 2025-Q4").1, "on-time", "of another window");
    let found_later = world().file(
        "registers/exceptions.yaml",
        "- { id: x, control: c, slot: 2026-Q1, found: { by: eve, on: 2026-07-01 }, cause: hurry }\n",
    );
    assert_eq!(found_later.operation("c", "2026-06-30"), "on-time", "not known yet");
}

#[test]
fn a_result_with_exceptions_keeps_its_timing_and_stays_open() {
    let open = |world: World| {
        let judged = world.judged(day("2026-06-30"));
        assert_eq!(judged.slots("c")[0], "2026-Q1 on-time");
        judged.control("c").remarks.contains(&Remark::ResultOpen { evidence: 0, on: day(SOUND) })
    };
    for outcome in ["exceptions-noted", "failed"] {
        let noted = || quarterly().did_in("a", "c", Done::on(SOUND).outcome(outcome));
        let followed = |done: Done| noted().did("c", done.key("follows_up", "[a]"));
        assert!(open(noted()), "{outcome}");
        assert!(!open(followed(Done::on("2026-05-05"))), "{outcome}");
        assert!(open(followed(Done::on("2026-05-05").outcome("failed"))), "{outcome}, failed again");
        assert!(open(followed(Done::on("2026-07-05"))), "{outcome}, not seen yet");
    }
}

#[test]
fn a_policy_approved_in_the_window_is_not_in_force_before_po_04() {
    let state = |as_of: &str| {
        let program = quarterly().policy("2026-05-01").sound();
        let judgement = Judgement::new(&program, day(as_of), None);
        let policy = &judgement.policies[0];
        (policy.state.name(), policy.since.map(|day| day.to_string()).unwrap_or_default())
    };
    assert_eq!(state("2026-04-30"), ("draft", String::new()));
    assert_eq!(state("2026-05-01"), ("in-force", "2026-05-01".to_owned()));
    assert_eq!(state("2027-05-02"), ("due-for-review", "2026-05-01".to_owned()));
}

#[test]
fn a_rehire_is_no_leaver_pe_06() {
    let people = |rows: &str| {
        format!(
            "- {{ id: ann, name: A, kind: employee, employed: [{rows}] }}\n\
             - {{ id: raj, name: R, kind: employee, employed: [{{ from: 2015-01-01 }}] }}\n\
             - {{ id: kim, name: K, kind: employee, employed: [{{ from: 2015-01-01 }}] }}\n"
        )
    };
    let twice = people("{ from: 2020-01-01, to: 2026-02-28 }, { from: 2026-03-20 }");
    let world = |on: &str| quarterly().file("registers/people.yaml", &twice).did("c", on).judged(day(LATER));
    for (on, refusals) in [
        ("2026-02-28", &[][..]),
        ("2026-03-01", &["actor-not-employed"]),
        ("2026-03-19", &["actor-not-employed"]),
        ("2026-03-20", &[]),
    ] {
        assert_eq!(world(on).refusals("c", "2026-Q1"), refusals, "{on}");
    }
}

#[test]
fn a_waived_gap_stays_in_the_report_rb_06() {
    let waiver = "- { id: w, rule: criterion-not-addressed, subject: CC1.1, reason: later, \
                  requested: { by: ann, on: 2026-01-10 }, approved: { by: raj, on: 2026-01-11 }, expires: 2026-06-30 }\n";
    let world = quarterly().file("registers/waivers.yaml", waiver);
    let program = world.sound();
    let found = |as_of: &str| {
        let report = Report::new(&Judgement::new(&program, day(as_of), None));
        let gap = report
            .gaps
            .into_iter()
            .find(|gap| gap.rule == "criterion-not-addressed" && gap.subject.id == "CC1.1");
        gap.expect("the gap is listed").waiver
    };
    assert_eq!(found("2026-06-30").as_deref(), Some("w"), "its last day");
    assert_eq!(found("2026-07-01"), None);
    let judged = world.judged(day("2026-06-30"));
    assert_eq!(judged.support("CC1.1"), "not-supported");
}

#[test]
fn what_is_still_open_is_not_missing_rb_07() {
    let world = quarterly();
    let program = world.sound();
    let mut as_of = day("2026-01-01");
    while as_of <= day("2026-04-15") {
        let judged = judged(&program, as_of);
        assert_eq!(judged.operation("c"), "not-due", "{as_of}");
        assert_eq!(judged.slot("c", "2026-Q1").due, day("2026-04-15"));
        as_of += 1.day();
    }
    assert_eq!(judged(&program, as_of).operation("c"), "missed");
}
