//! What holds for every programme: more evidence never makes a periodic control look worse, one file never fills two
//! intervals, order means nothing, nothing is missed before it is due. Seeds are fixed, so a run is the same everywhere.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use jiff::tz::TimeZoneDatabase;
use jiff::{Timestamp, ToSpan};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};
use soc2::model::Cadence;
use soc2::model::control::Anchor;
use soc2::program::Program;
use soc2::source::Sources;
use soc2::timeline::calendar::{Grid, Interval};
use soc2::timeline::{Slot, SlotState};

use crate::world::{Done, Judged, World, judged};

const SYSTEMS: [&str; 2] = ["github", "aws"];
const CADENCES: [&str; 5] = ["weekly", "monthly", "quarterly", "semiannual", "annual"];
const ANCHORS: [&str; 3] = ["calendar", "fiscal", "window"];

/// Holds a law against so many made-up cases.
fn law<S: Strategy>(cases: u32, seed: u64, strategy: S, test: impl Fn(S::Value)) {
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(seed),
        ..ProptestConfig::default()
    };
    let outcome = TestRunner::new(config).run(&strategy, |case| {
        test(case);
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

/// A periodic control and the window it is judged in.
#[derive(Clone, Debug)]
struct Setting {
    cadence: &'static str,
    anchor: &'static str,
    fiscal: u8,
    from: Date,
    to: Date,
    /// First day of the control, after the window's.
    effective: i32,
    /// It has systems.
    split: bool,
}

fn setting() -> impl Strategy<Value = Setting> {
    let anchors = (0..ANCHORS.len(), 1..=12u8);
    let life = prop_oneof![3 => Just(-400), 1 => -20..120i32];
    (0..CADENCES.len(), anchors, 0..800i32, 0..400i32, life, any::<bool>()).prop_map(
        |(cadence, (anchor, fiscal), start, length, effective, split)| {
            let from = date(2024, 1, 1) + start.days();
            Setting {
                cadence: CADENCES[cadence],
                anchor: ANCHORS[anchor],
                fiscal,
                from,
                to: from + length.days(),
                effective,
                split,
            }
        },
    )
}

impl Setting {
    fn world(&self) -> World {
        let systems = if self.split { "[github, aws]" } else { "[]" };
        let keys = format!(
            "cadence: {}\nanchor: {}\neffective_from: {}\nsystems: {systems}",
            self.cadence,
            self.anchor,
            self.from + self.effective.days()
        );
        World::over(&self.from.to_string(), &self.to.to_string())
            .timeline(&format!("fiscal_year_starts = {}", self.fiscal))
            .system("github", "")
            .system("aws", "")
            .control("c", &keys)
    }

    fn grid(&self) -> Grid {
        let cadence =
            [Cadence::Weekly, Cadence::Monthly, Cadence::Quarterly, Cadence::Semiannual, Cadence::Annual]
                [CADENCES.iter().position(|word| *word == self.cadence).unwrap()];
        let anchor = [Anchor::Calendar, Anchor::Fiscal, Anchor::Window]
            [ANCHORS.iter().position(|word| *word == self.anchor).unwrap()];
        Grid::new(cadence, anchor, i8::try_from(self.fiscal).unwrap(), self.from).unwrap()
    }

    /// When every slot of the window is settled.
    fn closed(&self) -> Date {
        self.to + 60.days()
    }
}

/// An occurrence, its date as a share of the time around the window.
#[derive(Clone, Debug)]
struct Spec {
    /// In thousandths of the window; below 0 and above 1000 outside.
    when: i32,
    /// Moved to so many days after its interval begins, where the grace of the one before may run.
    soon: Option<i64>,
    /// The slot it names: none, its own, the one before.
    names: u8,
    /// Which of the shared files it has; above 3 one of its own.
    file: u8,
    system: usize,
    accepted: bool,
}

fn spec(when: std::ops::Range<i32>, file: std::ops::Range<u8>) -> impl Strategy<Value = Spec> {
    let names = (0..4u8, prop::option::of(0..9i64));
    (when, names, file, 0..3usize, prop::bool::weighted(0.8)).prop_map(
        |(when, (names, soon), file, system, accepted)| Spec { when, soon, names, file, system, accepted },
    )
}

impl Spec {
    fn day(&self, setting: &Setting) -> Date {
        let length = setting.from.until(setting.to).unwrap().get_days() + 1;
        // Windows of a few days get some around them too.
        let days = i64::from(self.when) * i64::from(length.max(40)) / 1000;
        let on = setting.from + days.days();
        self.soon.map_or(on, |soon| setting.grid().containing(on).from + soon.days())
    }

    fn slot(&self, setting: &Setting) -> Option<String> {
        let own = setting.grid().containing(self.day(setting));
        match self.names {
            1 => Some(own.name()),
            2 => Some(setting.grid().containing(own.from - 1.day()).name()),
            _ => None,
        }
    }

    fn done(&self, setting: &Setting) -> Done {
        let on = self.day(setting);
        let text = ["one\n", "two\n", "three\n"].get(usize::from(self.file)).copied();
        let systems = if setting.split { &SYSTEMS[..] } else { &[] };
        let mut done = match systems.get(self.system) {
            Some(system) => Done::on(&on.to_string()).only("x.txt", text, &format!(", system: {system}")),
            None if setting.split && text.is_none() => Done::on(&on.to_string()).systems(&SYSTEMS),
            None if setting.split => Done::on(&on.to_string()).only("x.txt", text, ", system: aws"),
            None => Done::on(&on.to_string()).only("x.txt", text, ""),
        };
        if let Some(name) = self.slot(setting) {
            done = done.slot(&name);
        }
        if self.accepted { done } else { done.without("reviewed") }
    }
}

fn with(setting: &Setting, specs: &[Spec]) -> World {
    specs.iter().fold(setting.world(), |world, spec| world.did("c", spec.done(setting)))
}

/// Sound but for occurrences that name no slot of the control, which only the timeline refuses.
fn see(world: &World, as_of: Date) -> Judged {
    judged(&world.load(), as_of)
}

/// Is the slot no worse than it was?
fn holds(before: &Slot, after: &Slot) -> bool {
    match before.state {
        state if state.is_settled() => after.state.is_settled() && after.state <= state,
        SlotState::PerformedBeforeWindow => {
            matches!(after.state, SlotState::OnTime | SlotState::PerformedBeforeWindow)
        }
        // What was open may be late now, never worse.
        SlotState::Open => after.state == SlotState::Open || after.state.is_filled(),
        _ => after.state == before.state,
    }
}

#[test]
fn more_evidence_never_makes_a_periodic_control_worse() {
    let added = spec(0..1000, 9..10).prop_map(|spec| Spec { accepted: true, ..spec });
    let strategy = (setting(), vec(spec(-400..1400, 0..8), 0..9), added, 0..60i32);
    law(60, 1, strategy, |(setting, specs, added, early)| {
        let on = added.day(&setting);
        if on < setting.from || setting.to < on {
            return;
        }
        let added = added.done(&setting);
        let world = with(&setting, &specs);
        let more = world.clone().did("c", added);
        for as_of in [setting.closed(), setting.to - early.days()] {
            let (before, after) = (see(&world, as_of), see(&more, as_of));
            let slots = before.control("c").slots.iter().zip(&after.control("c").slots);
            for ((name, one), (_, other)) in slots {
                assert!(holds(one, other), "{name} as of {as_of}: {one:#?} became {other:#?}");
            }
        }
        let (before, after) = (see(&world, setting.closed()), see(&more, setting.closed()));
        let (one, other) = (before.control("c"), after.control("c"));
        let worst = |slots: &[(String, Slot)]| {
            slots.iter().map(|(_, slot)| slot.state).filter(|state| state.is_settled()).max()
        };
        if one.is_settled {
            assert!(worst(&other.slots) <= worst(&one.slots));
        } else {
            assert!(!other.is_settled || other.operation == "on-time", "{}", other.operation);
        }
        assert!(before.criteria["CC6.2"].1 <= after.criteria["CC6.2"].1);
    });
}

#[test]
fn one_file_never_fills_two_intervals() {
    let strategy = (setting(), vec(spec(-100..1300, 0..4), 2..10));
    law(200, 2, strategy, |(setting, specs)| {
        let program = with(&setting, &specs).load();
        let seen = judged(&program, setting.closed());
        let mut intervals: BTreeMap<[u8; 32], BTreeSet<(Date, Date)>> = BTreeMap::new();
        for (_, slot) in &seen.control("c").slots {
            let Some(filler) = slot.filled_by else { continue };
            let artifacts = &program.evidence[filler.evidence].manifest.artifacts;
            // Each file of a manifest that shows two systems speaks of one of them.
            let [only] = &artifacts[..] else { continue };
            let hash = only.sha256.as_ref().unwrap().value.0;
            intervals.entry(hash).or_default().insert(slot.spell.days());
        }
        assert!(intervals.values().all(|intervals| intervals.len() == 1), "{intervals:#?}");
    });
}

#[test]
fn one_manifest_never_fills_more_intervals_than_it_has_files() {
    let strategy = (setting(), vec(spec(-100..1300, 9..10), 1..8), 1..4usize);
    law(120, 3, strategy, |(setting, rows, files)| {
        let setting = Setting { split: false, ..setting };
        let row = |spec: &Spec| {
            let slot = spec.slot(&setting).map_or(String::new(), |name| format!(", slot: {name}"));
            format!("{{ on: {}, by: ann{slot} }}", spec.day(&setting))
        };
        let rows: Vec<String> = rows.iter().map(row).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let mut done = Done::many(&rows, &(setting.to + 59.days()).to_string());
        for n in 1..files {
            done = done.artifact(&format!("{n}.txt"), None, "");
        }
        let seen = see(&setting.world().did("c", done), setting.closed());
        let filled = seen.control("c").slots.iter().filter(|(_, slot)| slot.filled_by.is_some()).count();
        assert!(filled <= files, "{filled} of {files}: {:?}", seen.slots("c"));
    });
}

#[test]
fn order_of_files_and_manifests_means_nothing() {
    let order = Just((0..9usize).collect::<Vec<_>>()).prop_shuffle();
    let strategy = (setting(), vec(spec(-200..1200, 5..9), 9), order, any::<bool>());
    law(60, 4, strategy, |(setting, specs, order, backwards)| {
        let world = |name: &dyn Fn(usize) -> usize| {
            let each = |world: World, (n, spec): (usize, &Spec)| {
                world.did_in(&format!("f{}", name(n)), "c", spec.done(&setting))
            };
            specs.iter().enumerate().fold(setting.world(), each)
        };
        let mut files = world(&|n| n).files();
        if backwards {
            files.reverse();
        } else {
            let middle = files.len() / 2;
            files.rotate_left(middle);
        }
        let shuffled = judged(&Program::load(Sources::from_memory(files)), setting.closed());
        let plain = see(&world(&|n| n), setting.closed());
        assert_eq!(format!("{plain:?}"), format!("{shuffled:?}"), "order of files");
        let renamed = see(&world(&|n| order[n]), setting.closed());
        assert_eq!(plain.slots("c"), renamed.slots("c"), "order of manifests");
        assert_eq!(plain.operation("c"), renamed.operation("c"));
        assert_eq!(plain.criteria, renamed.criteria);
        let days = |judged: &Judged| -> Vec<Option<Date>> {
            judged.control("c").slots.iter().map(|(_, slot)| slot.filled_by.map(|one| one.on)).collect()
        };
        assert_eq!(days(&plain), days(&renamed));
    });
}

/// Day by day over a window and its close: what is open, and that it is settled only when its grace is over, once.
#[test]
fn open_is_never_missed_before_its_end_and_grace() {
    let all = ["daily", "weekly", "monthly", "quarterly", "semiannual", "annual", "continuous", "once"];
    let strategy = (0..all.len(), 0..ANCHORS.len() + 1, setting(), vec(spec(-100..1300, 9..10), 0..4));
    law(24, 5, strategy, |(cadence, anchor, setting, specs)| {
        let longest = if cadence > 4 { 440 } else { 120 };
        let length = longest.min(setting.from.until(setting.to).unwrap().get_days());
        let setting = Setting { split: false, to: setting.from + length.days(), ..setting };
        let keys = match ANCHORS.get(anchor) {
            Some(anchor) => format!("cadence: {}\nanchor: {anchor}", all[cadence]),
            // Yearly ones by their distance.
            None => format!("cadence: {}", all[cadence]),
        };
        let specs = specs.into_iter().map(|spec| Spec { names: 0, ..spec });
        let world = specs
            .fold(setting.world().control("c", &keys), |world, spec| world.did("c", spec.done(&setting)));
        let program = world.load();
        let mut settled: BTreeMap<String, SlotState> = BTreeMap::new();
        let mut as_of = setting.from - 3.days();
        while as_of <= setting.to + 40.days() {
            for (name, slot) in &judged(&program, as_of).control("c").slots {
                let lacks = slot.state.is_settled() && slot.filled_by.is_none();
                assert!(!lacks || as_of > slot.due, "{name} as of {as_of}: {slot:?}");
                let (_, end) = slot.spell.days();
                assert!(
                    slot.state != SlotState::Open || end > setting.to || as_of <= slot.due,
                    "{name} {as_of}"
                );
                match settled.get(name) {
                    Some(SlotState::Missed) => {
                        assert_eq!(slot.state, SlotState::Missed, "{name} as of {as_of}")
                    }
                    _ if slot.state.is_settled() => drop(settled.insert(name.clone(), slot.state)),
                    before => assert_eq!(before, None, "{name} was settled before {as_of}"),
                }
            }
            as_of += 1.day();
        }
    });
}

#[test]
fn type1_never_asks_for_more_than_the_newest() {
    let strategy = (0..CADENCES.len(), vec((0..500i32, prop::bool::weighted(0.7)), 1..7));
    law(60, 6, strategy, |(cadence, ages)| {
        let day = date(2026, 6, 30);
        let newest = ages.iter().filter(|(_, accepted)| *accepted).map(|(age, _)| *age).min();
        let Some(newest) = newest else { return };
        let world = |keep: &dyn Fn(i32) -> bool| {
            let world = World::type1("2026-06-30").control("c", &format!("cadence: {}", CADENCES[cadence]));
            ages.iter().filter(|(age, _)| keep(*age)).fold(world, |world, (age, accepted)| {
                let done = Done::on(&(day - age.days()).to_string());
                world.did("c", if *accepted { done } else { done.without("reviewed") })
            })
        };
        let (all, last) = (see(&world(&|_| true), day), see(&world(&|age| age <= newest), day));
        assert_eq!(all.operation("c"), last.operation("c"));
        assert_eq!(all.criteria, last.criteria);
        assert_ne!(all.operation("c"), "missed");
    });
}

#[test]
fn a_planned_control_never_lowers_a_criterion() {
    let strategy = (setting(), vec(spec(0..1100, 5..9), 0..6), any::<bool>(), any::<bool>(), 0..90i32);
    law(40, 7, strategy, |(setting, specs, draft, alone, early)| {
        let status = if draft { "draft" } else { "planned" };
        let criterion = if alone { "CC6.3" } else { "CC6.2" };
        let keys = format!("status: {status}\ncadence: monthly\ncriteria: [{criterion}]");
        let world = with(&setting, &specs);
        let more = world.clone().control("d", &keys).did("d", Done::on(&setting.from.to_string()));
        let as_of = setting.closed() - early.days();
        let (before, after) = (see(&world, as_of), see(&more, as_of));
        for (name, (_, support)) in &before.criteria {
            assert_eq!(after.criteria[name].1, *support, "{name}");
        }
        assert_eq!(after.operation("d"), "not-implemented");
    });
}

#[test]
fn a_waiver_never_changes_a_state() {
    let rules =
        ["slot-missed", "slot-late", "evidence-insufficient", "criterion-not-supported", "result-open"];
    let strategy = (setting(), vec(spec(0..1100, 0..9), 0..6), 0..rules.len());
    law(30, 8, strategy, |(setting, specs, rule)| {
        let world = with(&setting, &specs);
        let plain = world.load();
        let name = |(name, _): &(String, Slot)| name.split('/').next().unwrap().to_owned();
        let slots: BTreeSet<String> =
            judged(&plain, setting.closed()).control("c").slots.iter().map(name).collect();
        let (rule, on) = (rules[rule], setting.from);
        let row = |(n, slot): (usize, &String)| {
            format!(
                "- {{ id: w{n}, rule: {rule}, subject: c, slot: {slot}, reason: later, requested: {{ by: ann, on: {on} }}, \
                 approved: {{ by: raj, on: {on} }}, expires: {} }}\n",
                on + 360.days()
            )
        };
        let rows: String = slots.iter().enumerate().map(row).collect();
        let waived = world.file("registers/waivers.yaml", rows).load();
        assert_eq!(waived.registers.waivers.len(), slots.len());
        for as_of in [setting.to, setting.closed()] {
            let (one, other) = (judged(&plain, as_of), judged(&waived, as_of));
            assert_eq!(format!("{one:?}"), format!("{other:?}"));
        }
    });
}

/// Every cadence and anchor cuts time without gap or overlap, and every interval is found again by its name.
#[test]
fn intervals_tile_time_and_have_one_name() {
    let cadences =
        [Cadence::Daily, Cadence::Weekly, Cadence::Monthly, Cadence::Quarterly, Cadence::Semiannual];
    let cadences = cadences.into_iter().chain([Cadence::Annual]).collect::<Vec<_>>();
    let anchors = [Anchor::Calendar, Anchor::Fiscal, Anchor::Window];
    // Month ends and leap days often.
    let ends = || {
        let any = 0..30_000i32;
        let edge = (1990..2060i16, 1..=12i8).prop_map(|(year, month)| {
            let first = date(year, month, 1);
            date(1980, 1, 1).until(first.last_of_month()).unwrap().get_days()
        });
        prop_oneof![any, edge]
    };
    let strategy = (0..cadences.len(), 0..anchors.len(), 1..=12i8, ends(), ends(), 0..800i32);
    law(250, 9, strategy, |(cadence, anchor, fiscal, start, first, length)| {
        let (cadence, anchor) = (cadences[cadence], anchors[anchor]);
        let day = |offset: i32| date(1980, 1, 1) + offset.days();
        let (start, first) = (day(start), day(first));
        let grid = Grid::new(cadence, anchor, fiscal, start).unwrap();
        let last = first + length.days();
        let intervals = grid.over((first, last));
        assert!(intervals[0].holds(first) && intervals[intervals.len() - 1].holds(last));
        for pair in intervals.windows(2) {
            assert_eq!(pair[0].to + 1.day(), pair[1].from);
            assert_eq!(grid.after(pair[0]), Some(pair[1]));
        }
        for interval in &intervals {
            let Interval { from, to, .. } = *interval;
            assert!(from <= to);
            let middle = from + (from.until(to).unwrap().get_days() / 2).days();
            for day in [from, middle, to] {
                assert_eq!(grid.containing(day), *interval, "{day}");
            }
            // A window has no slots before its start, and none beyond the ten thousandth.
            let counted = interval.name().strip_prefix('w').map_or(1, |number| number.parse().unwrap());
            if (1..=10_000).contains(&counted) {
                assert_eq!(grid.named(&interval.name()), Some(*interval), "{}", interval.name());
                assert_eq!(grid.named(&interval.name().to_lowercase()), Some(*interval));
            }
        }
        let names: BTreeSet<String> = intervals.iter().map(|interval| interval.name()).collect();
        assert_eq!((names.len() as u64, names.len()), (grid.count((first, last)), intervals.len()));
        assert_eq!(grid.over((first, first)).len(), 1, "a window of one day");
    });
}

/// Minutes around midnight and around both changes of the clock, in zones on both sides of the world.
#[test]
fn a_moment_belongs_to_its_local_day() {
    // Zone, offset in minutes in summer and winter, first and last moment of summer time, in UTC.
    let zones = [
        ("America/New_York", -240, -300, "2026-03-08T07:00:00Z", "2026-11-01T06:00:00Z"),
        ("America/Los_Angeles", -420, -480, "2026-03-08T10:00:00Z", "2026-11-01T09:00:00Z"),
        ("Europe/Berlin", 120, 60, "2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"),
        // Its summer is the other half of the year; these are the days without it.
        ("Pacific/Auckland", 720, 780, "2026-04-04T14:00:00Z", "2026-09-26T14:00:00Z"),
        // Midnight itself is skipped.
        ("America/Santiago", -240, -180, "2026-04-05T03:00:00Z", "2026-09-06T04:00:00Z"),
    ];
    let strategy = (0..zones.len(), any::<bool>(), -2200..2200i64, -20..20i64);
    law(60, 10, strategy, |(zone, spring, far, near)| {
        let (name, inside, outside, first, last) = zones[zone];
        let (first, last): (Timestamp, Timestamp) = (first.parse().unwrap(), last.parse().unwrap());
        let change = if spring { first } else { last };
        for moment in [change + far.minutes(), change + near.minutes()] {
            let minutes = if first <= moment && moment < last { inside } else { outside };
            let local = moment.as_second() + minutes * 60;
            let expected = date(1970, 1, 1) + local.div_euclid(86_400).days();
            let world = World::over("2026-01-01", "2026-12-31").zone(name).control("c", "cadence: daily");
            let world = world.did("c", Done::at(&moment.to_string(), "2026-12-31"));
            let seen = see(&world, date(2026, 12, 31));
            let filled: Vec<_> =
                seen.control("c").slots.iter().filter(|(_, slot)| slot.filled_by.is_some()).collect();
            let [(name, slot)] = filled[..] else { panic!("{filled:?}") };
            assert_eq!((name.clone(), slot.state), (expected.to_string(), SlotState::OnTime), "{moment}");
        }
    });
    assert!(zones.iter().all(|(name, ..)| TimeZoneDatabase::bundled().get(name).is_ok()));
}

/// Leap days, year ends and windows of one day, for periodic controls of every cadence.
#[test]
fn the_edges_of_the_calendar_hold() {
    for (from, to, cadence, on, expected) in [
        ("2024-02-29", "2024-02-29", "daily", "2024-02-29", "2024-02-29 on-time"),
        ("2024-02-29", "2024-02-29", "monthly", "2024-02-29", "2024-02 on-time"),
        ("2024-02-28", "2024-02-28", "monthly", "2024-02-28", "2024-02 open"),
        ("2026-12-31", "2026-12-31", "annual\nanchor: calendar", "2026-12-31", "2026 on-time"),
        ("2026-12-31", "2026-12-31", "quarterly", "2026-12-31", "2026-Q4 on-time"),
        ("2026-03-31", "2026-03-31", "quarterly\nanchor: fiscal", "2026-03-31", "FY2026-Q4 on-time"),
        ("2024-02-29", "2025-02-27", "annual\nanchor: window", "2025-02-27", "w1 on-time"),
        ("2024-02-29", "2025-02-28", "annual", "2025-02-28", "window on-time"),
    ] {
        let world = World::over(from, to).timeline("fiscal_year_starts = 4");
        let world = world.control("c", &format!("cadence: {cadence}")).did("c", on);
        assert_eq!(world.slots("c", "2027-12-31")[0], expected, "{from} {cadence}");
    }
}
