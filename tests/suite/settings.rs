//! Numbers of practice: `[timeline]` changes results, and what makes no sense keeps the usual value and is told.

use soc2::report::Report;
use soc2::timeline::{Judgement, Settings};

use crate::world::{Done, World, day};

const LATER: &str = "2027-06-30";

fn half(keys: &str, timeline: &str) -> World {
    World::over("2026-01-01", "2026-06-30").control("c", keys).timeline(timeline)
}

#[test]
fn grace_decides_between_late_and_missed() {
    let first = |timeline: &str, on: &str| {
        half("cadence: quarterly", timeline).did("c", on).slots("c", LATER)[0].clone()
    };
    assert_eq!(first("", "2026-04-20"), "2026-Q1 missed");
    assert_eq!(first("grace_days = { quarterly = 20 }", "2026-04-20"), "2026-Q1 late");
    assert_eq!(first("grace_days = { quarterly = 0 }", "2026-04-01"), "2026-Q1 missed");
    assert_eq!(first("grace_days = { monthly = 20 }", "2026-04-20"), "2026-Q1 missed");
    // The control's own number is nearer.
    let own = half("cadence: quarterly\ngrace_days: 3", "grace_days = { quarterly = 20 }");
    assert_eq!(own.did("c", "2026-04-04").slots("c", LATER)[0], "2026-Q1 missed");
}

#[test]
fn the_fiscal_year_moves_quarters() {
    let slots = |timeline: &str| {
        let world = World::over("2026-02-01", "2026-07-31").timeline(timeline);
        world
            .control("c", "cadence: quarterly\nanchor: fiscal")
            .did_on("c", &["2026-02-02", "2026-05-05"])
            .slots("c", LATER)
    };
    assert_eq!(slots("fiscal_year_starts = 2"), ["FY2027-Q1 on-time", "FY2027-Q2 on-time"]);
    assert_eq!(slots(""), ["2026-Q1 on-time", "2026-Q2 on-time", "2026-Q3 open"]);
}

#[test]
fn distance_is_for_whom_it_is_asked() {
    let slots = |cadence: &str, timeline: &str| {
        half(&format!("cadence: {cadence}"), timeline).slots("c", "2026-02-01")
    };
    assert_eq!(slots("annual", ""), ["window open"]);
    assert_eq!(slots("semiannual", ""), ["2026-H1 open"]);
    assert_eq!(slots("semiannual", "by_distance = [\"semiannual\"]"), ["window open"]);
    assert_eq!(slots("annual", "by_distance = [\"semiannual\"]"), ["2026 open"]);
}

#[test]
fn a_type1_and_a_small_team_have_their_numbers() {
    let type1 = |timeline: &str| {
        let world = World::type1("2026-06-30").timeline(timeline).control("c", "cadence: monthly");
        world.did("c", "2026-05-01").operation("c", LATER)
    };
    assert_eq!(type1(""), "in-place");
    assert_eq!(type1("type1_max_age_days = 59"), "insufficient-evidence");
    assert_eq!(type1("type1_max_age_days = 60"), "in-place");
    let team = |timeline: &str| {
        let alone = "{ on: 2026-03-28, by: ann, result: accepted, compensating: other }";
        let world =
            half("cadence: quarterly", timeline).did("c", Done::on("2026-03-28").key("reviewed", alone));
        world.control("other", "criteria: [CC6.3]").did("other", "2026-03-02").slots("c", "2026-06-01")[0]
            .clone()
    };
    assert_eq!(team(""), "2026-Q1 insufficient-evidence");
    assert_eq!(team("small_team = 10"), "2026-Q1 on-time");
}

#[test]
fn nonsense_keeps_the_usual_value_and_is_told() {
    let usual = Settings::of(&half("cadence: quarterly", "").sound());
    for (keys, told) in [
        ("fiscal_year_starts = 0", 1),
        ("fiscal_year_starts = 13", 1),
        ("type1_max_age_days = 4000", 1),
        ("small_team = 11\nreview_months = 0", 2),
        ("acknowledgement_days = 367\ntraining_days = 367", 2),
        ("review_grace_days = 181\nvendor_report_months = 0\nbridge_days = 367", 3),
        ("grace_days = { quarterly = 89 }", 1),
        ("grace_days = { weekly = 7, monthly = 28, semiannual = 181, annual = 365 }", 4),
        ("grace_days = { quarterly = \"-1\", monthly = \"a week\" }", 2),
        ("grace_days = { quartely = 5, event = 5, daily = 1 }", 3),
    ] {
        let program = half("cadence: quarterly", keys).load();
        assert_eq!(Settings::of(&program), usual, "{keys}");
        let report = Report::new(&Judgement::new(&program, day(LATER), None));
        let found =
            report.diagnostics.iter().filter(|fault| fault.rule == "timeline-setting-refused").count();
        assert_eq!(found, told, "{keys}: {:#?}", report.diagnostics);
    }
    for keys in [
        "fiscal_year_starts = 12",
        "small_team = 0\nreview_months = 36",
        "grace_days = { weekly = 6, monthly = 27, quarterly = 88, semiannual = 180, annual = 364, daily = 0 }",
    ] {
        let program = half("cadence: quarterly", keys).sound();
        assert_ne!(Settings::of(&program), usual, "{keys}");
        let report = Report::new(&Judgement::new(&program, day(LATER), None));
        assert!(report.diagnostics.is_empty(), "{keys}: {:#?}", report.diagnostics);
    }
}
