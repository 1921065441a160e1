//! However much a programme asks for, what is kept stays small, and what is not judged is told as unknown.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use soc2::program::Program;
use soc2::source::Sources;
use soc2::timeline::{Because, Judgement, SlotState};

use crate::world::{Done, World, day, judged};

/// So many systems, and a control's key that names them.
fn with_systems(mut world: World, count: usize) -> (World, String) {
    let ids: Vec<String> = (0..count).map(|n| format!("s{n}")).collect();
    for id in &ids {
        world = world.system(id, "");
    }
    (world, format!("systems: [{}]", ids.join(", ")))
}

#[test]
fn slots_beyond_the_budget_are_one_unknown_slot() {
    let (world, systems) = with_systems(World::over("2024-01-01", "2026-12-31"), 230);
    let program = ["a", "b", "c"]
        .iter()
        .fold(world, |world, id| world.control(id, &format!("cadence: daily\n{systems}")))
        .control("d", "cadence: daily")
        .load();
    let judgement = Judgement::new(&program, day("2027-06-30"), None);
    let audit = &judgement.audits[0];
    // In the programme's order: the first fits, and so does the small one after those that do not.
    let sizes: Vec<usize> = audit.controls.iter().map(|control| control.slots.len()).collect();
    assert_eq!(sizes, [230 * 1096, 1, 1, 1096]);
    let control = &audit.controls[1];
    let only = &control.slots[0];
    assert_eq!((only.state, &only.because), (SlotState::Unknown, &Some(Because::TooMany)));
    assert_eq!(control.operation.name(), "unknown");
    let why = judgement.why_control(audit, control);
    assert_eq!(why.because, "more slots than are judged");
    assert_eq!(why.change.as_deref(), Some("shorten the window or split the control"));
}

#[test]
fn one_slot_a_system_is_counted_too() {
    let (world, systems) = with_systems(World::over("2026-01-01", "2026-12-31"), 1000);
    let keys = format!("cadence: continuous\n{systems}");
    let mut files =
        ["a", "b", "c", "d", "e", "f"].iter().fold(world, |world, id| world.control(id, &keys)).files();
    let audit = |n: usize| format!("[[audit]]\nid = \"x{n}\"\ntype = \"type1\"\nas_of = 2026-01-01\n");
    files[0].1.extend((1..100).map(audit).collect::<String>().into_bytes());
    let program = Program::load(Sources::from_memory(files));
    let judgement = Judgement::new(&program, day("2027-06-30"), None);
    let controls: Vec<_> = judgement.audits.iter().flat_map(|audit| &audit.controls).collect();
    let slots: usize = controls.iter().map(|control| control.slots.len()).sum();
    assert_eq!((controls.len(), slots), (600, 500 * 1000 + 100));
    assert_eq!(controls[599].operation.name(), "unknown");
}

/// Days of a control that is performed each day, in a window of 37 years, by state.
fn lived(from: &str) -> (usize, usize, String) {
    let world = World::over("1990-01-01", "2026-12-31");
    let seen = judged(
        &world.control("c", &format!("cadence: daily\neffective_from: {from}")).load(),
        day("2027-06-30"),
    );
    let control = seen.control("c");
    let of = |state| control.slots.iter().filter(|(_, slot)| slot.state == state).count();
    (of(SlotState::Missed), of(SlotState::NotExpected), control.operation.to_owned())
}

#[test]
fn a_long_window_is_judged_where_the_control_lives() {
    assert_eq!(lived("2026-01-01"), (365, 1096, "missed".to_owned()));
    assert_eq!(lived("2015-01-01"), (4383, 1096, "missed".to_owned()));
    assert_eq!(lived("1989-01-01"), (0, 0, "unknown".to_owned()));
}

#[test]
fn a_window_ends_with_time() {
    let last = |from: &str, cadence: &str| {
        let keys = format!("cadence: {cadence}\nanchor: calendar");
        let seen = judged(&World::over(from, "9999-12-31").control("c", &keys).load(), Date::MAX);
        seen.control("c").slots.len()
    };
    assert_eq!(last("0001-01-01", "daily"), 1);
    assert_eq!(last("2026-01-01", "annual"), 9999 - 2025);
    assert_eq!(last("9998-01-01", "monthly"), 24);
}

/// A log of a control that machines run: a row each day from the first of January, so many.
fn log(rows: usize) -> Done {
    let mut text = String::from("id,run_at\n");
    for n in 0..rows {
        let on = date(2026, 1, 1) + i32::try_from(n % 365).unwrap().days();
        text.push_str(&format!("r{n},{on}\n"));
    }
    Done::many(&[], "2027-01-10").key("occurrences", "{ artifact: log.csv, date: run_at, key: id }").only(
        "log.csv",
        Some(&text),
        "",
    )
}

#[test]
fn a_log_of_many_controls_is_read_for_the_first_of_them() {
    let ids: Vec<String> = (0..12).map(|n| format!("c{n:02}")).collect();
    let world = ids.iter().fold(World::over("2026-01-01", "2026-12-31"), |world, id| {
        world.control(id, "cadence: monthly\ntype: automated")
    });
    let seen = judged(&world.did_in("logs/all", &ids.join(", "), log(95_000)).load(), day("2027-06-30"));
    let operation: Vec<&str> = ids.iter().map(|id| seen.operation(id)).collect();
    assert_eq!(operation[..10], ["on-time"; 10]);
    assert_eq!(operation[10..], ["unknown"; 2]);
    assert_eq!(seen.refusals("c11", "2026-01"), ["table-unreadable"]);
    assert!(seen.control("c11").slots.iter().all(|(_, slot)| slot.state == SlotState::Unknown));
}

#[test]
fn a_slot_is_told_only_of_what_fits_it() {
    let world = World::over("2026-01-01", "2026-12-31").control("c", "cadence: daily");
    let done = log(600).without("reviewed").key("performed", "{ on: 2026-12-31, by: ann }");
    let twice = world.did("c", done.clone()).did("c", done);
    let seen = twice.judged(day("2027-06-30"));
    let refused: Vec<usize> = seen.control("c").slots.iter().map(|(_, slot)| slot.refused.len()).collect();
    assert_eq!(refused, [2; 365]);
    assert_eq!(seen.operation("c"), "insufficient-evidence");
}

#[test]
fn an_occurrence_is_told_with_a_few_flaws_of_its_manifest() {
    let pointer =
        |n: usize| format!("version https://git-lfs.github.com/spec/v1\noid sha256:{n:064x}\nsize 9\n");
    let absent =
        |done: Done| (0..30).fold(done, |done, n| done.artifact(&format!("{n}.txt"), Some(&pointer(n)), ""));
    let unknown = absent(Done::on("2026-03-28"));
    let wrong = unknown.clone().artifact("x.txt", None, ", environment: staging");
    let world = World::over("2026-01-01", "2026-12-31").control("c", "cadence: quarterly");
    let first = |done: Done| {
        let seen = judged(&world.clone().did("c", done).load(), day("2026-06-30"));
        let slot = seen.slot("c", "2026-Q1");
        (slot.state.name(), slot.refused[0].flaws.len())
    };
    assert_eq!(first(unknown), ("unknown", 20));
    assert_eq!(first(wrong), ("insufficient-evidence", 20), "what is wrong is not cut off");
}

#[test]
fn the_same_bytes_under_four_names_are_one_artefact() {
    let rows =
        ["2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31"].map(|on| format!("{{ on: {on}, by: ann }}"));
    let rows = rows.each_ref().map(String::as_str);
    let filled = |names: [&str; 4], texts: [&str; 4]| {
        let done = Done::many(&rows, "2027-01-05").only(names[0], Some(texts[0]), "");
        let done = (1..4).fold(done, |done, n| done.artifact(names[n], Some(texts[n]), ""));
        let world = World::over("2026-01-01", "2026-12-31").control("c", "cadence: quarterly").did("c", done);
        let seen = judged(&world.load(), day("2027-06-30"));
        seen.control("c").slots.iter().filter(|(_, slot)| slot.state == SlotState::OnTime).count()
    };
    let names = ["a.txt", "b.txt", "c.txt", "d.txt"];
    assert_eq!(filled(names, ["1", "2", "3", "4"]), 4);
    assert_eq!(filled(names, ["1", "1", "1", "1"]), 1, "copied");
    assert_eq!(filled(["a.txt"; 4], ["1", "1", "1", "1"]), 1, "listed four times");
    assert_eq!(filled(names, ["1", "1", "2", "2"]), 2);
}
