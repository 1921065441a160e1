//! Rulings on period coverage, by number: where a rule could be read two ways, this is the reading.

use soc2::timeline::{Because, Clock, Remark};

use crate::world::{Done, World, day};

const HALF: (&str, &str) = ("2026-01-01", "2026-06-30");
const ODD: (&str, &str) = ("2026-02-15", "2026-08-14");
const LATER: &str = "2027-06-30";

fn half(keys: &str) -> World {
    World::over(HALF.0, HALF.1).control("c", keys)
}

fn quarterly() -> World {
    half("cadence: quarterly")
}

fn odd() -> World {
    World::over(ODD.0, ODD.1).control("c", "cadence: quarterly")
}

#[test]
fn ruling_01_refused_evidence_is_not_none_and_takes_nothing() {
    let unreviewed = Done::on("2026-03-28").without("reviewed");
    let judged = quarterly().did("c", unreviewed.clone()).judged(day(LATER));
    assert_eq!(judged.slots("c"), ["2026-Q1 insufficient-evidence", "2026-Q2 missed"]);
    assert_eq!(judged.refusals("c", "2026-Q1"), ["evidence-awaits-review"]);
    // Accepted evidence of a later day has the slot, although the refused one came first.
    let both = quarterly().did("c", unreviewed).did("c", "2026-03-30").judged(day(LATER));
    assert_eq!(both.slot("c", "2026-Q1").filled_by.unwrap().on, day("2026-03-30"));
    assert_eq!(both.slots("c")[0], "2026-Q1 on-time");
    // Nor does refused evidence use up a file.
    let shared = Some("the list\n");
    let misnamed = Done::on("2026-01-05").slot("2026-Q2").only("x.txt", shared, "");
    let sound = Done::on("2026-02-05").only("x.txt", shared, "");
    assert_eq!(quarterly().did("c", misnamed).did("c", sound).slots("c", LATER)[0], "2026-Q1 on-time");
}

#[test]
fn ruling_02_the_part_before_the_window_counts_only_alone() {
    let first = |days: &[&str]| {
        let judged = odd().did_on("c", days).judged(day(LATER));
        let slot = judged.slot("c", "2026-Q1");
        (slot.state.name(), slot.filled_by.map(|one| one.on.to_string()).unwrap_or_default())
    };
    let before = "performed-before-window";
    assert_eq!(first(&["2026-01-20"]), (before, "2026-01-20".to_owned()));
    assert_eq!(first(&["2026-01-20", "2026-03-01"]), ("on-time", "2026-03-01".to_owned()));
    assert_eq!(first(&["2026-01-20", "2026-04-05"]), (before, "2026-01-20".to_owned()));
    let late = Done::on("2026-04-05").slot("2026-Q1");
    let named = odd().did("c", "2026-01-20").did("c", late.clone());
    assert_eq!(named.slots("c", LATER)[0], format!("2026-Q1 {before}"));
    assert_eq!(odd().did("c", late).slots("c", LATER)[0], "2026-Q1 late");
}

#[test]
fn ruling_03_an_earlier_slot_belongs_to_the_previous_window() {
    let world = World::over("2026-04-01", "2026-06-30").control("c", "cadence: quarterly");
    let named = world.clone().did("c", Done::on("2026-04-02").slot("2026-Q1"));
    assert_eq!(named.slots("c", LATER), ["2026-Q2 missed"]);
    assert_eq!(world.clone().did("c", "2026-04-02").slots("c", LATER), ["2026-Q2 on-time"]);
    assert_eq!(world.did("c", "2026-03-31").slots("c", LATER), ["2026-Q2 missed"]);
}

#[test]
fn ruling_04_named_slots_come_first() {
    // Named for the first quarter, so the other late one is left for the second.
    let world = quarterly().did("c", "2026-04-05").did("c", Done::on("2026-04-12").slot("2026-Q1"));
    assert_eq!(world.slots("c", LATER), ["2026-Q1 late", "2026-Q2 on-time"]);
    // The slot keeps the better of two.
    let world = quarterly().did("c", "2026-03-05").did("c", Done::on("2026-04-12").slot("2026-q1"));
    assert_eq!(world.slots("c", LATER), ["2026-Q1 on-time", "2026-Q2 missed"]);
    let judged = quarterly().did("c", Done::on("2026-04-16").slot("2026-Q1")).judged(day(LATER));
    assert_eq!(judged.slots("c"), ["2026-Q1 insufficient-evidence", "2026-Q2 missed"]);
    assert_eq!(judged.refusals("c", "2026-Q1"), ["slot-contradicts-date"]);
    // A second one is an extra, not a filling of the next slot.
    let two = [Done::on("2026-04-03").slot("2026-Q1"), Done::on("2026-04-04").slot("2026-Q1")];
    let world = two.into_iter().fold(quarterly(), |world, one| world.did("c", one));
    assert_eq!(world.slots("c", LATER), ["2026-Q1 late", "2026-Q2 missed"]);
}

#[test]
fn ruling_04_every_cadence_has_its_names() {
    for (keys, on, name) in [
        ("cadence: quarterly", "2026-03-28", "2026-Q1"),
        ("cadence: semiannual", "2026-03-28", "2026-H1"),
        ("cadence: monthly", "2026-03-28", "2026-03"),
        ("cadence: weekly", "2026-02-26", "2026-W09"),
        ("cadence: daily", "2026-03-28", "2026-03-28"),
        ("cadence: quarterly\nanchor: fiscal", "2026-04-28", "FY2027-Q1"),
        ("cadence: quarterly\nanchor: window", "2026-02-01", "w1"),
    ] {
        let world = half(keys).timeline("fiscal_year_starts = 4");
        let judged = world.did("c", Done::on(on).slot(name)).judged(day(LATER));
        assert_eq!(judged.slot("c", name).state.name(), "on-time", "{name}");
    }
    let judged = quarterly().did("c", Done::on("2026-03-28").slot("2026-03")).judged(day(LATER));
    assert_eq!(judged.refusals("c", "2026-Q1"), ["slot-unknown"]);
}

#[test]
fn ruling_05_open_until_end_and_grace() {
    for (as_of, expected) in [
        ("2026-04-15", ["2026-Q1 open", "2026-Q2 open"]),
        ("2026-04-16", ["2026-Q1 missed", "2026-Q2 open"]),
        ("2026-07-15", ["2026-Q1 missed", "2026-Q2 open"]),
        ("2026-07-16", ["2026-Q1 missed", "2026-Q2 missed"]),
    ] {
        assert_eq!(quarterly().slots("c", as_of), expected, "{as_of}");
    }
}

#[test]
fn ruling_06_the_distance_between_yearly_occurrences() {
    let year = || World::over("2026-01-01", "2026-12-31").control("c", "cadence: annual");
    let state = |world: World, as_of: &str| {
        let judged = world.judged(day(as_of));
        let slot = judged.slot("c", "window").clone();
        (slot.state.name(), slot.because)
    };
    let gap = |from: &str, to: &str, days| Some(Because::Gap(day(from), day(to), days, 395));
    // Up to 395 days from the last one it is not due, the day after it is missed: in the window and at its close.
    let one = || year().did("c", "2025-03-01");
    assert_eq!(state(one(), "2026-03-31").0, "open");
    assert_eq!(state(one(), "2026-04-01"), ("missed", gap("2025-03-01", "2026-04-01", 396)));
    // One in time after it, and one too late, which heals nothing.
    assert_eq!(state(one().did("c", "2026-03-31"), LATER).0, "on-time");
    assert_eq!(state(one().did("c", "2026-04-01"), LATER), ("missed", gap("2025-03-01", "2026-04-01", 396)));
    // Without an earlier one the count begins with the window, or with the control.
    assert_eq!(state(year().did("c", "2026-12-31"), LATER).0, "on-time");
    let long = World::over("2025-01-01", "2026-12-31");
    let young = long.clone().control("c", "cadence: annual\neffective_from: 2025-06-01");
    assert_eq!(state(young.clone().did("c", "2026-07-01"), LATER).0, "on-time");
    assert_eq!(state(young.did("c", "2026-07-02"), LATER), ("missed", gap("2025-06-01", "2026-07-02", 396)));
    let old = long.control("c", "cadence: annual");
    assert_eq!(state(old.did("c", "2026-02-01"), LATER), ("missed", gap("2025-01-01", "2026-02-01", 396)));
    // None inside a year, although the distance would allow it.
    let before = || year().did("c", "2025-12-15");
    assert_eq!(state(before(), "2026-12-31").0, "open");
    assert_eq!(state(before(), LATER), ("missed", Some(Because::NoneInYear)));
    // An anchor asks for slots instead.
    let anchored = World::over("2026-01-01", "2026-12-31").control("c", "cadence: annual\nanchor: calendar");
    assert_eq!(anchored.did("c", "2026-05-05").slots("c", LATER), ["2026 on-time"]);
    // Refused evidence in the gap makes it insufficient; refused evidence after the window does not.
    let refused = |on: &str| year().did("c", "2025-11-01").did("c", Done::on(on).without("reviewed"));
    assert_eq!(state(refused("2026-06-01"), LATER).0, "insufficient-evidence");
    assert_eq!(state(refused("2027-02-01"), LATER).0, "missed");
}

/// The last day of grace, where no interval says it.
#[test]
fn ruling_06_the_day_before_it_is_missed() {
    let due = |cadence: &str, to: &str, days: &[&str], as_of: &str| {
        let world = World::over("2026-01-01", to).control("c", &format!("cadence: {cadence}"));
        world.did_on("c", days).judged(day(as_of)).slot("c", "window").due.to_string()
    };
    for cadence in ["annual", "once"] {
        assert_eq!(due(cadence, "2026-12-31", &["2025-03-01"], "2026-02-01"), "2026-03-31", "{cadence}");
        assert_eq!(due(cadence, "2026-12-31", &["2025-03-01"], LATER), "2026-03-31", "{cadence}");
        assert_eq!(due(cadence, "2026-12-31", &[], "2026-02-01"), "2027-01-30", "{cadence}");
        assert_eq!(due(cadence, "2027-12-31", &[], "2026-02-01"), "2027-01-31", "{cadence}");
    }
    assert_eq!(due("continuous", "2026-12-31", &[], "2026-02-01"), "2026-12-31");
}

#[test]
fn ruling_07_a_window_of_twelve_months() {
    for (from, to, before, expected) in [
        ("2026-01-01", "2026-12-31", "2025-12-15", "window missed"),
        ("2026-01-01", "2026-12-30", "2025-12-15", "window operated-before-window"),
        ("2024-02-29", "2025-02-27", "2024-02-15", "window missed"),
        ("2024-02-29", "2025-02-26", "2024-02-15", "window operated-before-window"),
    ] {
        let world = World::over(from, to).control("c", "cadence: annual").did("c", before);
        assert_eq!(world.slots("c", LATER), [expected], "{from} {to}");
    }
}

#[test]
fn ruling_08_clustered_is_closer_than_a_third() {
    let days = |keys: &str, done: &[Done]| {
        let world = done.iter().fold(half(keys), |world, one| world.did("c", one.clone()));
        let judged = world.judged(day(LATER));
        judged.control("c").remarks.iter().find_map(|remark| match remark {
            Remark::Clustered { days, .. } => Some(*days),
            _ => None,
        })
    };
    let on = |days: &[&str]| days.iter().map(|day| Done::on(day)).collect::<Vec<_>>();
    for (keys, one, other, expected) in [
        ("cadence: quarterly", "2026-03-20", "2026-04-19", Some(30)),
        ("cadence: quarterly", "2026-03-20", "2026-04-20", None),
        ("cadence: monthly", "2026-01-30", "2026-02-09", Some(10)),
        ("cadence: monthly", "2026-01-30", "2026-02-10", None),
        ("cadence: weekly", "2026-02-01", "2026-02-03", Some(2)),
        ("cadence: weekly", "2026-02-01", "2026-02-04", None),
        ("cadence: daily", "2026-02-01", "2026-02-02", None),
    ] {
        assert_eq!(days(keys, &on(&[one, other])), expected, "{keys} {one} {other}");
    }
    // Not between occurrences of one slot.
    assert_eq!(days("cadence: quarterly", &on(&["2026-02-01", "2026-02-02", "2026-05-20"])), None);
    // The one for the earlier slot may be the later of the two.
    let crossed = [Done::on("2026-04-09").slot("2026-Q1"), Done::on("2026-04-05").slot("2026-Q2")];
    assert_eq!(days("cadence: quarterly", &crossed), Some(4));
    let apart = [Done::on("2026-04-15").slot("2026-Q1"), Done::on("2026-06-20").slot("2026-Q2")];
    assert_eq!(days("cadence: quarterly", &apart), None);
}

#[test]
fn ruling_09_days_have_no_grace_and_weeks_are_iso() {
    let world = World::over("2026-03-01", "2026-03-03").control("c", "cadence: daily");
    let found = world.did_on("c", &["2026-03-01", "2026-03-03", "2026-03-04"]).slots("c", LATER);
    assert_eq!(found, ["2026-03-01 on-time", "2026-03-02 missed", "2026-03-03 on-time"]);
    let weeks = World::over("2026-12-28", "2027-01-10").control("c", "cadence: weekly");
    let found = weeks.did_on("c", &["2027-01-03", "2027-01-12"]).slots("c", LATER);
    assert_eq!(found, ["2026-W53 on-time", "2027-W01 needs-auditor-agreement"]);
    let world = World::over("2026-01-31", "2026-04-29").control("c", "cadence: monthly\nanchor: window");
    let judged = world.judged(day("2026-01-31"));
    let days: Vec<_> = judged.control("c").slots.iter().map(|(_, slot)| slot.spell.days().1).collect();
    assert_eq!(days, ["2026-02-27", "2026-03-30", "2026-04-29"].map(day));
}

/// A list of hires over some days, with so many rows.
fn hires(on: &str, from: &str, to: &str, count: usize) -> Done {
    let rows: String = (0..count).map(|n| format!("{from}-{n},{from}\n")).collect();
    let keys = format!(
        ", query: GET /hires, covers: {{ from: {from}, to: {to} }}, population: {{ key: id, date: start, \
         count: {count}, completeness: 1 of 1 pages }}"
    );
    Done::on(on).only("hires.csv", Some(&format!("id,start\n{rows}")), &keys)
}

#[test]
fn ruling_10_populations_join_and_have_to_cover_the_window() {
    let event = || half("cadence: event").did("c", "2026-02-02");
    let short = event().did("c", hires("2026-06-20", "2026-01-01", "2026-06-20", 3));
    assert_eq!(short.slots("c", "2026-06-30"), ["window open"], "the roll-forward is not due yet");
    let judged = short.judged(day("2026-07-01"));
    assert_eq!(judged.slots("c"), ["window insufficient-evidence"]);
    let because = Because::PopulationShort(day("2026-06-21"), day("2026-06-30"));
    assert_eq!(judged.slot("c", "window").because, Some(because));
    let rolled = short.clone().did("c", hires("2026-07-02", "2026-06-21", "2026-06-30", 1));
    assert_eq!(rolled.slots("c", LATER), ["window on-time"]);
    let hole = short.did("c", hires("2026-07-02", "2026-06-22", "2026-06-30", 1));
    assert_eq!(hole.slots("c", LATER), ["window insufficient-evidence"]);
}

#[test]
fn ruling_11_an_empty_list_needs_its_proof() {
    let nil = |keys: &str, rows: &str| {
        let done = Done::on("2026-06-30").key("kind", "nil-statement").only("x.csv", Some(rows), keys);
        half("cadence: event").did("c", done).operation("c", LATER)
    };
    let proof = ", query: GET /x, covers: { from: 2026-01-01, to: 2026-06-30 }";
    let whole = format!("{proof}, population: {{ key: id, count: 0, completeness: all }}");
    assert_eq!(nil(&whole, "id\n"), "no-occurrence");
    for (from, to) in [
        ("count: 0, ", ""),
        (", completeness: all", ""),
        (", query: GET /x", ""),
        (", covers: { from: 2026-01-01, to: 2026-06-30 }", ""),
        ("to: 2026-06-30", "to: 2026-06-29"),
    ] {
        assert_eq!(nil(&whole.replacen(from, to, 1), "id\n"), "insufficient-evidence", "{from}");
    }
    assert_eq!(nil("", "nothing happened\n"), "insufficient-evidence");
    assert_eq!(half("cadence: event").operation("c", LATER), "unknown");
    assert_eq!(half("cadence: event").operation("c", "2026-06-30"), "not-due");
}

#[test]
fn ruling_12_how_old_evidence_may_be_at_type1() {
    let state = |cadence: &str, done: Done| {
        let world = World::type1("2026-06-30").control("c", &format!("cadence: {cadence}"));
        world.did("c", done).operation("c", LATER)
    };
    for (cadence, on, expected) in [
        ("quarterly", "2026-06-30", "in-place"),
        ("quarterly", "2026-04-01", "in-place"),
        ("quarterly", "2026-03-31", "insufficient-evidence"),
        ("annual", "2025-06-30", "in-place"),
        ("annual", "2025-06-29", "insufficient-evidence"),
        ("semiannual", "2025-06-30", "in-place"),
        ("quarterly", "2026-07-01", "not-yet-operated"),
        ("continuous", "2026-07-01", "insufficient-evidence"),
    ] {
        assert_eq!(state(cadence, Done::on(on)), expected, "{cadence} {on}");
    }
    let export = |kind: &str, to: &str, collected: &str| {
        let covers = format!(", covers: {{ from: 2026-06-01, to: {to} }}");
        let done = Done::on("2026-07-20").key("kind", kind).only("x.txt", None, &covers);
        state("continuous", done.key("collected", format!("{{ on: {collected}, by: ann }}")))
    };
    assert_eq!(export("config-export", "2026-06-30", "2026-07-30"), "in-place");
    assert_eq!(export("log-extract", "2026-07-15", "2026-07-30"), "in-place");
    assert_eq!(export("config-export", "2026-06-30", "2026-07-31"), "insufficient-evidence");
    assert_eq!(export("config-export", "2026-06-29", "2026-07-30"), "insufficient-evidence");
    assert_eq!(export("screenshot", "2026-06-30", "2026-07-30"), "insufficient-evidence");
}

#[test]
fn ruling_12_twelve_months_are_no_365_days() {
    let world = World::type1("2024-06-30").control("c", "cadence: annual");
    assert_eq!(world.clone().did("c", "2023-06-30").operation("c", LATER), "in-place");
    assert_eq!(world.did("c", "2023-06-29").operation("c", LATER), "insufficient-evidence");
}

#[test]
fn ruling_13_days_are_whole_and_inclusive() {
    // Gil's last day was 28 February 2026.
    let by_gil = |on: &str| Done::on(on).key("performed", format!("{{ on: {on}, by: gone }}"));
    assert_eq!(quarterly().did("c", by_gil("2026-02-28")).slots("c", LATER)[0], "2026-Q1 on-time");
    let judged = quarterly().did("c", by_gil("2026-03-01")).judged(day(LATER));
    assert_eq!(judged.refusals("c", "2026-Q1"), ["actor-not-employed"]);
    // A control exists on the day it is retired.
    let retired = |keys: &str, on: &str| {
        let world = half(&format!("cadence: quarterly\nstatus: retired\nretired_at: {keys}"));
        world.did("c", on).slots("c", LATER)
    };
    assert_eq!(retired("2026-03-31", "2026-03-31")[0], "2026-Q1 on-time");
    assert_eq!(retired("2026-03-31", "2026-04-01")[0], "2026-Q1 missed");
    assert_eq!(retired("2026-03-30", "2026-03-30")[0], "2026-Q1 not-expected");
    // An approval holds from its day.
    let design = |as_of: &str| {
        let judged = quarterly().policy("2026-05-01").judged(day(as_of));
        judged.control("c").design.len()
    };
    assert_eq!((design("2026-04-30"), design("2026-05-01")), (1, 0));
    // No hole between a control and the one that takes its place.
    for (from, coverage) in [("2026-04-01", "covered"), ("2026-04-02", "partial")] {
        let old = "status: retired\nretired_at: 2026-03-31\nsuperseded_by: new";
        let world = half(old).control("new", &format!("effective_from: {from}"));
        assert_eq!(world.judged(day(LATER)).criteria["CC6.2"].0, coverage, "{from}");
    }
}

#[test]
fn ruling_14_what_is_expected_of_a_control_that_comes_or_goes() {
    let slots = |keys: &str, days: &[&str]| {
        World::over("2026-01-01", "2026-12-31").control("c", keys).did_on("c", days).slots("c", LATER)
    };
    assert_eq!(slots("effective_from: 2026-03-31", &[])[0], "2026-Q1 missed");
    assert_eq!(slots("effective_from: 2026-04-01", &[])[0], "2026-Q1 not-expected");
    // Nothing before its life counts.
    assert_eq!(slots("effective_from: 2026-03-20", &["2026-03-10"])[0], "2026-Q1 missed");
    let found = slots("status: retired\nretired_at: 2026-08-15", &["2026-02-02", "2026-05-05", "2026-08-08"]);
    assert_eq!(found, ["2026-Q1 on-time", "2026-Q2 on-time", "2026-Q3 not-expected", "2026-Q4 not-expected"]);
    for (cadence, owned) in [("quarterly", true), ("monthly", false)] {
        let old = "status: retired\nretired_at: 2026-05-15\nsuperseded_by: new";
        let new = format!("effective_from: 2026-05-16\ncadence: {cadence}");
        let judged = half(old).control("new", &new).judged(day(LATER));
        let because = &judged.slot("c", "2026-Q2").because;
        assert_eq!(matches!(because, Some(Because::OwnedBy(_))), owned, "{cadence}: {because:?}");
    }
    // Only another control that goes on the next day owns it.
    for (heir, keys, owned) in [
        ("c", "effective_from: 2026-05-16", false),
        ("new", "effective_from: 2026-05-17", false),
        ("new", "effective_from: 2026-05-16\nstatus: draft", false),
        ("new", "effective_from: 2026-05-16\nstatus: planned", false),
        ("new", "status: retired\nretired_at: 2026-05-15", false),
        ("new", "status: retired\nretired_at: 2026-05-16", true),
    ] {
        let old = format!("status: retired\nretired_at: 2026-05-15\nsuperseded_by: {heir}");
        let judged = half(&old).control("new", keys).judged(day(LATER));
        let because = &judged.slot("c", "2026-Q2").because;
        assert_eq!(matches!(because, Some(Because::OwnedBy(_))), owned, "{heir}, {keys}: {because:?}");
    }
    // A retired control is not open in an interval that outlasts the window.
    let gone = World::over(ODD.0, ODD.1).control("c", "status: retired\nretired_at: 2026-06-30");
    assert_eq!(gone.slots("c", LATER)[2], "2026-Q3 not-expected");
    assert_eq!(odd().slots("c", LATER)[2], "2026-Q3 open");
}

#[test]
fn ruling_15_each_system_has_its_own_slots() {
    let two = || {
        let world = half("systems: [github, aws]").system("github", "").system("aws", "");
        world.did("c", Done::on("2026-05-05").systems(&["github", "aws"]))
    };
    let found = two().did("c", Done::on("2026-03-03").systems(&["aws"])).slots("c", LATER);
    assert_eq!(
        found,
        ["2026-Q1/github missed", "2026-Q2/github on-time", "2026-Q1/aws on-time", "2026-Q2/aws on-time"]
    );
    let judged = two().did("c", "2026-03-03").judged(day(LATER));
    for system in ["github", "aws"] {
        let slot = format!("2026-Q1/{system}");
        assert_eq!(judged.refusals("c", &slot), ["evidence-names-no-system"], "{system}");
    }
}

#[test]
fn ruling_16_a_file_that_was_used_counts_once() {
    let (a, b) = (Some("the list\n"), Some("another\n"));
    let one = |on: &str| Done::on(on).only("x.txt", a, "");
    let judged = quarterly().did("c", one("2026-03-28")).did("c", one("2026-06-20")).judged(day(LATER));
    assert_eq!(judged.slots("c"), ["2026-Q1 on-time", "2026-Q2 insufficient-evidence"]);
    assert_eq!(judged.refusals("c", "2026-Q2"), ["artifact-reused"]);
    // One file of its own is enough.
    let own = one("2026-06-20").artifact("y.txt", b, "");
    let world = quarterly().did("c", one("2026-03-28")).did("c", own);
    assert_eq!(world.slots("c", LATER), ["2026-Q1 on-time", "2026-Q2 on-time"]);
    // In the grace it may be of either quarter, and is of one only.
    for days in [["2026-03-28", "2026-04-05"], ["2026-04-05", "2026-04-09"], ["2026-04-05", "2026-05-20"]] {
        let world = days.iter().fold(quarterly(), |world, day| world.did("c", one(day)));
        let states = world.slots("c", LATER);
        assert_eq!(states[1], "2026-Q2 insufficient-evidence", "{days:?}");
        assert!(states[0].ends_with("on-time") || states[0].ends_with("late"), "{days:?}");
    }
    let late = one("2026-04-02").slot("2026-Q1");
    let world = quarterly().did("c", late).did("c", one("2026-04-20"));
    assert_eq!(world.slots("c", LATER), ["2026-Q1 late", "2026-Q2 insufficient-evidence"]);
    // On one day, the first path in byte order has it.
    for (first, second, expected) in [
        ("a", "b", ["2026-Q1 late", "2026-Q2 insufficient-evidence"]),
        ("b", "a", ["2026-Q1 insufficient-evidence", "2026-Q2 on-time"]),
    ] {
        let world = quarterly().did_in(first, "c", one("2026-04-02").slot("2026-Q1"));
        let world = world.did_in(second, "c", one("2026-04-02").slot("2026-Q2"));
        assert_eq!(world.slots("c", LATER), expected, "{first}");
    }
}

#[test]
fn ruling_17_a_moment_needs_its_offset() {
    let naive = Done::at("2026-03-28T15:04:05", "2026-03-28");
    let program = quarterly().did("c", naive).load();
    assert_eq!(program.diagnostics.len(), 1, "{:#?}", program.diagnostics);
    let judged = crate::world::judged(&program, day(LATER));
    assert!(!judged.slot("c", "2026-Q1").state.is_filled());
    let whole = Done::at("2026-03-28T15:04:05Z", "2026-03-28");
    assert_eq!(quarterly().did("c", whole).slots("c", LATER)[0], "2026-Q1 on-time");
}

#[test]
fn ruling_18_what_is_dated_later_is_out_of_view_or_impossible() {
    let world = quarterly().did("c", "2026-03-28");
    let at = |as_of: &str, recorded: &str| Clock { as_of: day(as_of), recorded: Some(day(recorded)) };
    let out_of_view = world.judged(at("2026-03-20", "2026-05-01"));
    assert_eq!(out_of_view.slots("c")[0], "2026-Q1 open");
    assert_eq!(world.judged(at("2026-03-28", "2026-05-01")).slots("c")[0], "2026-Q1 on-time");
    let judged = world.judged(at("2026-04-20", "2026-03-27"));
    assert_eq!(judged.slots("c")[0], "2026-Q1 insufficient-evidence");
    assert_eq!(judged.refusals("c", "2026-Q1"), ["evidence-in-future"]);
}

#[test]
fn ruling_19_a_setting_that_nobody_looked_at() {
    let world = half("cadence: continuous");
    assert_eq!(world.operation("c", "2026-06-30"), "not-due");
    assert_eq!(world.operation("c", "2026-07-01"), "missed");
    assert_eq!(world.clone().did("c", "2025-12-31").operation("c", LATER), "missed");
    assert_eq!(world.clone().did("c", "2026-07-01").operation("c", LATER), "missed");
    assert_eq!(world.did("c", "2026-06-30").operation("c", LATER), "on-time");
}

#[test]
fn ruling_21_grace_is_late_and_can_be_taken_away() {
    let first = |keys: &str, on: &str| half(keys).did("c", on).slots("c", LATER)[0].clone();
    assert_eq!(first("grace_days: 15", "2026-04-15"), "2026-Q1 late");
    assert_eq!(first("grace_days: 0", "2026-04-01"), "2026-Q1 missed");
    assert_eq!(first("grace_days: 0", "2026-03-31"), "2026-Q1 on-time");
    assert_eq!(first("grace_days: 20", "2026-04-20"), "2026-Q1 late");
    // Never longer than the cadence: then one day could belong to three quarters.
    assert_eq!(first("grace_days: 400", "2026-06-30"), "2026-Q1 missed");
}

#[test]
fn ruling_22_a_small_team_counts_people_on_the_day() {
    let team = |count: usize| {
        let person = |n: &usize| {
            let id = ["ann", "kim", "raj", "eve", "dan"][*n];
            let kind = if *n == 3 { "contractor" } else { "employee" };
            format!("- {{ id: {id}, name: {id}, kind: {kind}, employed: [{{ from: 2015-01-01 }}] }}\n")
        };
        let rows: String = (0..count).collect::<Vec<_>>().iter().map(person).collect();
        let others = "- { id: bot, name: B, kind: bot, employed: [{ from: 2015-01-01 }] }\n\
                      - { id: old, name: O, kind: employee, employed: [{ from: 2015-01-01, to: 2026-03-27 }] }\n";
        let alone = "{ on: 2026-03-28, by: ann, result: accepted, compensating: other }";
        quarterly()
            .file("registers/people.yaml", rows + others)
            .did("c", Done::on("2026-03-28").key("reviewed", alone))
            .control("other", "cadence: monthly\ncriteria: [CC6.3]\nreview: not-required")
    };
    let backed = |count| team(count).did("other", Done::on("2026-01-31").without("reviewed"));
    let first = |world: World, as_of: &str| world.slots("c", as_of)[0].clone();
    assert_eq!(first(backed(4), "2026-03-01"), "2026-Q1 open");
    assert_eq!(first(team(4), LATER), "2026-Q1 insufficient-evidence", "the other control shows nothing");
    assert_eq!(first(backed(4), LATER), "2026-Q1 insufficient-evidence", "it missed five months");
    let whole = |count| {
        let days = ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"];
        days.iter().fold(team(count), |world, day| world.did("other", Done::on(day).without("reviewed")))
    };
    assert_eq!(first(whole(4), LATER), "2026-Q1 on-time");
    assert_eq!(
        first(whole(5), LATER),
        "2026-Q1 insufficient-evidence",
        "five are enough for a second person"
    );
}
