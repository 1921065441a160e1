//! The published examples of period coverage, one test each: window, control, occurrences, result. As-of is sixty days
//! after the window's end unless a test says otherwise.

use soc2::timeline::{Because, Remark};

use crate::world::{Done, World, day};

/// Sixty days after the end of the window.
fn after(end: &str) -> String {
    day(end).checked_add(jiff::ToSpan::days(60)).unwrap().to_string()
}

/// The slots of one control with these occurrences.
fn slots(window: (&str, &str), keys: &str, days: &[&str]) -> Vec<String> {
    World::over(window.0, window.1).control("c", keys).did_on("c", days).slots("c", &after(window.1))
}

const HALF: (&str, &str) = ("2026-01-01", "2026-06-30");
const YEAR: (&str, &str) = ("2026-01-01", "2026-12-31");
const ODD: (&str, &str) = ("2026-02-15", "2026-08-14");

#[test]
fn vector_01_quarterly_calendar_both_on_time() {
    let found = slots(HALF, "cadence: quarterly", &["2026-03-28", "2026-06-20"]);
    assert_eq!(found, ["2026-Q1 on-time", "2026-Q2 on-time"]);
}

#[test]
fn vector_02_quarterly_calendar_second_after_the_end() {
    let found = slots(HALF, "cadence: quarterly", &["2026-03-28", "2026-07-10"]);
    assert_eq!(found, ["2026-Q1 on-time", "2026-Q2 needs-auditor-agreement"]);
}

#[test]
fn vector_03_quarterly_calendar_first_late() {
    let found = slots(HALF, "cadence: quarterly", &["2026-04-09", "2026-06-20"]);
    assert_eq!(found, ["2026-Q1 late", "2026-Q2 on-time"]);
}

#[test]
fn vector_04_one_occurrence_fills_one_slot() {
    let found = slots(HALF, "cadence: quarterly", &["2026-04-09"]);
    assert_eq!(found, ["2026-Q1 late", "2026-Q2 missed"]);
}

#[test]
fn vector_05_past_the_grace_the_first_is_missed() {
    let found = slots(HALF, "cadence: quarterly", &["2026-05-20"]);
    assert_eq!(found, ["2026-Q1 missed", "2026-Q2 on-time"]);
}

#[test]
fn vector_06_quarterly_calendar_in_a_window_not_aligned() {
    let found = slots(ODD, "cadence: quarterly", &["2026-01-20", "2026-06-29"]);
    assert_eq!(found, ["2026-Q1 performed-before-window", "2026-Q2 on-time", "2026-Q3 open"]);
}

#[test]
fn vector_07_quarterly_anchored_to_the_window() {
    let world = World::over(ODD.0, ODD.1).control("c", "cadence: quarterly\nanchor: window");
    let judged = world.did_on("c", &["2026-04-01", "2026-08-14"]).judged(day(&after(ODD.1)));
    assert_eq!(judged.slots("c"), ["w1 on-time", "w2 on-time"]);
    assert_eq!(judged.slot("c", "w1").spell.days(), (day("2026-02-15"), day("2026-05-14")));
    assert_eq!(judged.slot("c", "w2").spell.days(), (day("2026-05-15"), day("2026-08-14")));
}

#[test]
fn vector_08_monthly_calendar_last_after_the_end() {
    let days = ["2026-01-31", "2026-02-28", "2026-04-03"];
    let found = slots(("2026-01-01", "2026-03-31"), "cadence: monthly", &days);
    assert_eq!(found, ["2026-01 on-time", "2026-02 on-time", "2026-03 needs-auditor-agreement"]);
}

#[test]
fn vector_09_two_quarters_one_day_apart_are_clustered() {
    let days = ["2026-03-31", "2026-04-01", "2026-09-15", "2026-12-15"];
    let world = World::over(YEAR.0, YEAR.1).control("c", "cadence: quarterly").did_on("c", &days);
    let judged = world.judged(day(&after(YEAR.1)));
    assert_eq!(
        judged.slots("c"),
        ["2026-Q1 on-time", "2026-Q2 on-time", "2026-Q3 on-time", "2026-Q4 on-time"]
    );
    let [Remark::Clustered { days, first, .. }] = &judged.control("c").remarks[..] else {
        panic!("{:?}", judged.control("c").remarks)
    };
    assert_eq!((*days, first.on), (1, day("2026-03-31")));
}

#[test]
fn vector_10_annual_operated_before_a_half_year() {
    let found = slots(("2026-07-01", "2026-12-31"), "cadence: annual", &["2026-03-10"]);
    assert_eq!(found, ["window operated-before-window"]);
}

#[test]
fn vector_11_annual_none_inside_the_year() {
    let world = World::over(YEAR.0, YEAR.1).control("c", "cadence: annual");
    let judged = world.did_on("c", &["2025-11-20", "2027-01-15"]).judged(day(&after(YEAR.1)));
    assert_eq!(judged.slots("c"), ["window missed"]);
    let gap = Because::Gap(day("2025-11-20"), day("2026-12-31"), 406, 395);
    assert_eq!(judged.slot("c", "window").because, Some(gap));
}

#[test]
fn vector_12_annual_380_days_apart() {
    let window = ("2025-10-01", "2026-09-30");
    let found = slots(window, "cadence: annual", &["2025-03-05", "2026-03-20"]);
    assert_eq!(found, ["window on-time"]);
}

#[test]
fn vector_13_quarterly_introduced_in_may() {
    let world = World::over(YEAR.0, YEAR.1).control("c", "cadence: quarterly\neffective_from: 2026-05-01");
    let judged = world.did_on("c", &["2026-06-30", "2026-09-30", "2026-12-20"]).judged(day(&after(YEAR.1)));
    assert_eq!(
        judged.slots("c"),
        ["2026-Q1 not-expected", "2026-Q2 on-time", "2026-Q3 on-time", "2026-Q4 on-time"]
    );
    assert_eq!(judged.operation("c"), "on-time");
    assert_eq!(judged.control("c").remarks, [Remark::PartialPeriod { days: 245, of: 365 }]);
    assert_eq!(judged.criteria["CC6.2"].0, "partial");
}

#[test]
fn vector_14_type1_not_yet_operated() {
    let world = World::type1("2026-06-30").control("c", "cadence: quarterly");
    let judged = world.judged(day("2026-06-30"));
    assert_eq!(judged.operation("c"), "not-yet-operated");
    assert_eq!(judged.control("c").design, [""; 0]);
    assert!(!judged.control("c").is_settled);
}

#[test]
fn vector_15_event_with_a_proven_empty_population() {
    let nil = Done::on("2026-07-02").key("kind", "nil-statement").only(
        "incidents.csv",
        Some("id,opened\n"),
        ", query: GET /incidents, covers: { from: 2026-01-01, to: 2026-06-30 }, population: { key: id, count: 0, \
         completeness: 1 of 1 pages }",
    );
    let world = World::over(HALF.0, HALF.1).control("c", "cadence: event").did("c", nil);
    let judged = world.judged(day(&after(HALF.1)));
    assert_eq!(judged.operation("c"), "no-occurrence");
    assert_eq!(judged.slot("c", "window").because, Some(Because::NothingHappened));
}
