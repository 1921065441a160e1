//! The same bytes filed more than once: for which intervals they count.

use crate::world::{Done, World, day};

/// Evidence of a quarter: an artefact of the same bytes for each, with the moment of its run where a program made it.
type Filed = (&'static str, &'static [Option<&'static str>]);

const Q1: &str = "2026-03-20";
const Q2: &str = "2026-06-20";
const Q3: &str = "2026-09-20";
const RUN1: Option<&str> = Some("2026-03-20T10:00:00Z");
const RUN2: Option<&str> = Some("2026-06-20T10:00:00Z");
const RUN3: Option<&str> = Some("2026-09-20T10:00:00Z");

fn with(done: Done, on: &str, runs: &[Option<&str>]) -> Done {
    let done = done.key("collected", format!("{{ at: {on}T23:00:00Z, by: eve }}"));
    let mut runs = runs.iter().enumerate().map(|(nth, run)| {
        let capture =
            |at: &&str| format!(", capture: {{ command: [gh], started: {at}, ended: {at}, exit: 0 }}");
        (format!("users-{nth}.json"), run.as_ref().map(capture).unwrap_or_default())
    });
    let (name, keys) = runs.next().unwrap();
    let first = done.only(&name, Some("[]\n"), &keys);
    runs.fold(first, |done, (name, keys)| done.artifact(&name, Some("[]\n"), &keys))
}

/// The quarters that are filled.
fn filled(world: &World) -> Vec<String> {
    let judged = world.judged(day("2026-10-20"));
    let slots = judged.control("c").slots.iter().filter(|(_, slot)| slot.filled_by.is_some());
    slots.map(|(name, _)| name.replace("2026-", "")).collect()
}

fn year() -> World {
    World::over("2026-01-01", "2026-12-31").control("c", "cadence: quarterly")
}

#[test]
fn bytes_count_again_only_as_the_output_of_another_run() {
    let cases: &[(&str, &[Filed], &[&str])] = &[
        ("no run is known", &[(Q1, &[None]), (Q2, &[None])], &["Q1"]),
        ("each is a run of its own", &[(Q1, &[RUN1]), (Q2, &[RUN2])], &["Q1", "Q2"]),
        ("the same run", &[(Q1, &[RUN1]), (Q2, &[RUN1])], &["Q1"]),
        ("a copy of a run, without it", &[(Q1, &[RUN1]), (Q2, &[None])], &["Q1"]),
        ("a run after bytes of which none is known", &[(Q1, &[None]), (Q2, &[RUN2])], &["Q1"]),
        ("two runs, then a copy", &[(Q1, &[RUN1]), (Q2, &[RUN2]), (Q3, &[None])], &["Q1", "Q2"]),
        ("a copy between two runs", &[(Q1, &[RUN1]), (Q2, &[None]), (Q3, &[RUN3])], &["Q1", "Q3"]),
        ("a copy beside its own run", &[(Q1, &[RUN1, None]), (Q2, &[RUN2])], &["Q1", "Q2"]),
        ("a copy of each of two runs", &[(Q1, &[RUN1]), (Q2, &[RUN2, None])], &["Q1", "Q2"]),
        ("only the first run again", &[(Q1, &[RUN1]), (Q2, &[RUN2]), (Q3, &[RUN1])], &["Q1", "Q2"]),
        ("an old run beside a new one", &[(Q1, &[RUN1]), (Q2, &[RUN1, RUN2])], &["Q1", "Q2"]),
    ];
    for (what, filed, expected) in cases {
        let world =
            filed.iter().fold(year(), |world, (on, runs)| world.did("c", with(Done::on(on), on, runs)));
        assert_eq!(filled(&world), *expected, "{what}");
    }
}

#[test]
fn a_manifest_fills_as_many_intervals_as_it_has_runs() {
    let cases: &[(&[Option<&str>], &[&str])] = &[
        (&[None, None], &["Q1"]),
        (&[RUN1, None], &["Q1"]),
        (&[RUN1, RUN1], &["Q1"]),
        (&[RUN1, RUN2], &["Q1", "Q2"]),
    ];
    for (runs, expected) in cases {
        let rows = [Q1, Q2].map(|on| format!("{{ on: {on}, by: ann, outcome: as-expected }}"));
        let done = Done::many(&[&rows[0], &rows[1]], Q2);
        assert_eq!(filled(&year().did("c", with(done, Q2, runs))), *expected, "{runs:?}");
    }
}
