//! Cases an auditor knows by heart, about one piece of evidence: dates, people, bytes, kinds, systems. Each name ends in
//! its case id.

use std::collections::BTreeSet;

use soc2::report::Report;
use soc2::timeline::{Because, Clock, Judgement, Remark};

use crate::world::{Done, World, day, judged};

const LATER: &str = "2027-06-30";

fn year(keys: &str) -> World {
    World::over("2026-01-01", "2026-12-31").control("c", keys)
}

fn quarterly() -> World {
    year("cadence: quarterly")
}

/// The state of the first slot with this evidence, and the rules that tell what is wrong with it.
fn first(done: Done) -> (&'static str, Vec<&'static str>) {
    first_of(&quarterly().did("c", done))
}

fn first_of(world: &World) -> (&'static str, Vec<&'static str>) {
    let judged = judged(&world.load(), day(LATER));
    let slot = judged.slot("c", "2026-Q1");
    (slot.state.name(), judged.refusals("c", "2026-Q1"))
}

fn on_time() -> (&'static str, Vec<&'static str>) {
    ("on-time", Vec::new())
}

fn refused(rules: &[&'static str]) -> (&'static str, Vec<&'static str>) {
    ("insufficient-evidence", rules.to_vec())
}

/// The rules that find something, on a day.
fn rules(world: &World, as_of: &str) -> BTreeSet<&'static str> {
    let program = world.load();
    let report = Report::new(&Judgement::new(&program, day(as_of), None));
    let faults = report.diagnostics.iter().map(|fault| fault.rule);
    faults.chain(report.gaps.iter().map(|gap| gap.rule)).collect()
}

const SOUND: &str = "2026-03-28";

#[test]
fn performed_outside_the_window_is_not_counted_ev_01() {
    for on in ["2025-12-31", "2027-01-16"] {
        let judged = quarterly().did("c", on).judged(day(LATER));
        assert!(judged.slots("c").iter().all(|slot| slot.ends_with("missed")), "{on}");
        assert!(judged.control("c").remarks.contains(&Remark::OutsideWindow(1)), "{on}");
    }
    let last = |on: &str| quarterly().did("c", on).slots("c", LATER)[3].clone();
    assert_eq!(last("2026-12-31"), "2026-Q4 on-time");
    assert_eq!(last("2027-01-01"), "2026-Q4 needs-auditor-agreement");
    assert_eq!(last("2027-01-15"), "2026-Q4 needs-auditor-agreement");
}

#[test]
fn dated_in_the_future_of_the_commit_ev_02() {
    let seen = |done: Done, recorded: &str| {
        let clock = Clock { as_of: day(LATER), recorded: Some(day(recorded)) };
        let judged = quarterly().did("c", done).judged(clock);
        judged.slot("c", "2026-Q1").state.name()
    };
    let collected = |on: &str| Done::on(SOUND).key("collected", format!("{{ on: {on}, by: eve }}"));
    assert_eq!(seen(Done::on(SOUND), SOUND), "on-time");
    assert_eq!(seen(Done::on(SOUND), "2026-03-27"), "insufficient-evidence");
    assert_eq!(seen(collected("2026-04-10"), "2026-04-09"), "insufficient-evidence");
    assert_eq!(seen(collected("2026-04-10"), "2026-04-10"), "on-time");
    assert_eq!(seen(Done::on(SOUND).reviewed("raj", "2026-04-10"), "2026-04-09"), "insufficient-evidence");
}

#[test]
fn collected_before_it_was_performed_ev_03() {
    let collected = |on: &str| first(Done::on(SOUND).key("collected", format!("{{ {on}, by: eve }}")));
    assert_eq!(collected("on: 2026-03-27"), refused(&["evidence-collected-before-performed"]));
    assert_eq!(collected("on: 2026-03-28"), on_time());
    assert_eq!(collected("at: 2026-03-27T23:59:59Z"), refused(&["evidence-collected-before-performed"]));
    let at = Done::at("2026-03-28T12:00:00Z", SOUND);
    let by_moment =
        |at: &Done, taken: &str| first(at.clone().key("collected", format!("{{ at: {taken} }}"))).0;
    assert_eq!(by_moment(&at, "2026-03-28T11:59:59Z"), "insufficient-evidence");
    assert_eq!(by_moment(&at, "2026-03-28T12:00:00Z"), "on-time");
}

#[test]
fn one_file_for_four_quarters_ev_04() {
    let days = ["2026-03-28", "2026-06-28", "2026-09-28", "2026-12-28"];
    let one = |world: World, (n, on): (usize, &&str)| {
        world.did("c", Done::on(on).only(&format!("{n}.csv"), Some("the same bytes\n"), ""))
    };
    let world = days.iter().enumerate().fold(quarterly(), one);
    assert_eq!(
        world.slots("c", LATER),
        [
            "2026-Q1 on-time",
            "2026-Q2 insufficient-evidence",
            "2026-Q3 insufficient-evidence",
            "2026-Q4 insufficient-evidence"
        ]
    );
    let rows: Vec<String> = days.iter().map(|on| format!("{{ on: {on}, by: ann }}")).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let listed = quarterly().did("c", Done::many(&rows, "2026-12-30"));
    assert_eq!(listed.slots("c", LATER)[1], "2026-Q2 insufficient-evidence");
    // A dated log is the one file that may.
    let log = format!("day\n{}\n", days.join("\n"));
    let log = Done::many(&[], "2026-12-30").key("occurrences", "{ artifact: log.csv, date: day }").only(
        "log.csv",
        Some(&log),
        "",
    );
    let log = quarterly().did("c", log.key("performed", "{ by: ann }"));
    assert_eq!(
        judged(&log.load(), day(LATER)).slots("c"),
        ["2026-Q1 on-time", "2026-Q2 on-time", "2026-Q3 on-time", "2026-Q4 on-time"]
    );
}

#[test]
fn bytes_that_are_missing_empty_elsewhere_or_others_ev_05() {
    let one = |text: &str| Done::on(SOUND).only("x.csv", Some(text), "");
    let path = "evidence/f/x.csv";
    let world = |bytes: &str| quarterly().did_in("f", "c", one("id\n1\n")).file(path, bytes);
    assert_eq!(first_of(&world("id\n1\n")), on_time());
    assert_eq!(first_of(&world("id\n2\n")), refused(&["artifact-changed"]));
    assert_eq!(first_of(&world("")), refused(&["artifact-empty"]));
    let mut files = world("").files();
    files.retain(|(own, _)| own != path);
    let program = soc2::program::Program::load(soc2::source::Sources::from_memory(files));
    assert_eq!(judged(&program, day(LATER)).refusals("c", "2026-Q1"), ["artifact-missing"]);
    // What is not here is unknown, never good and never blamed.
    let pointer =
        format!("version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 9\n", "0".repeat(64));
    assert_eq!(first_of(&world(&pointer)), ("unknown", vec!["artifact-not-here"]));
    let url = Done::on(SOUND).only("x.csv", None, "");
    let mut files = quarterly().did_in("f", "c", url).files();
    for (path, bytes) in &mut files {
        if path == "evidence/f/manifest.yaml" {
            let text =
                String::from_utf8_lossy(bytes).replace("path: x.csv", "url: \"https://x.example/x.csv\"");
            *bytes = text.into_bytes();
        }
    }
    let program = soc2::program::Program::load(soc2::source::Sources::from_memory(files));
    assert_eq!(judged(&program, day(LATER)).operation("c"), "missed", "the other quarters");
    assert_eq!(judged(&program, day(LATER)).slot("c", "2026-Q1").state.name(), "unknown");
}

#[test]
fn changed_after_its_review_ev_06() {
    let pinned = Done::on(SOUND).pinned();
    assert_eq!(first(pinned.clone()), on_time());
    let manifest = |world: &World| {
        let file = world.files().into_iter().find(|(path, _)| path == "evidence/f/manifest.yaml");
        String::from_utf8(file.unwrap().1).unwrap()
    };
    let world = quarterly().did_in("f", "c", pinned);
    for (from, to) in [("A look", "Another look"), ("by: ann", "by: eve"), ("as-expected", "failed")] {
        let changed = manifest(&world).replacen(from, to, 1);
        let world = world.clone().file("evidence/f/manifest.yaml", changed);
        assert_eq!(first_of(&world), refused(&["changed-since-review"]), "{to}");
    }
    // Also where no review is asked for: one that no longer holds is no recommendation.
    let changed = manifest(&world).replacen("A look", "Another look", 1);
    let lax = world.file("evidence/f/manifest.yaml", changed).control("c", "review: not-required");
    assert_eq!(first_of(&lax), refused(&["changed-since-review"]));
}

#[test]
fn reviewed_by_who_performed_it_ev_07() {
    for name in ["ann", "ANN", "ann@acme.com", "ANN@ACME.COM"] {
        let found = first(
            Done::on(SOUND).key("reviewed", format!("{{ on: {SOUND}, by: \"{name}\", result: accepted }}")),
        );
        assert_eq!(found, refused(&["self-review"]), "{name}");
    }
    assert_eq!(first(Done::on(SOUND).reviewed("robot", SOUND)), refused(&["reviewer-is-bot"]));
    let rows = [format!("{{ on: {SOUND}, by: ann }}"), format!("{{ on: {SOUND}, by: raj }}")];
    let shared = Done::many(&[&rows[0], &rows[1]], SOUND);
    assert_eq!(first(shared).1[0], "self-review", "one of two performers");
    let own =
        quarterly().control("c", "review: not-required").did("c", Done::on(SOUND).reviewed("ann", SOUND));
    assert_eq!(first_of(&own), on_time(), "no review was needed");
}

#[test]
fn reviewer_not_here_or_too_early_ev_08() {
    assert_eq!(first(Done::on(SOUND).reviewed("gone", SOUND)), refused(&["actor-not-employed"]));
    let early = Done::on("2026-02-20");
    assert_eq!(first(early.clone().reviewed("gone", "2026-02-28")), on_time(), "his last day");
    assert_eq!(first(early.clone().reviewed("gone", "2026-03-01")), refused(&["actor-not-employed"]));
    assert_eq!(first(early.reviewed("raj", "2026-02-19")), refused(&["reviewed-before-performed"]));
    let no = Done::on(SOUND).key("reviewed", format!("{{ on: {SOUND}, by: raj, result: rejected }}"));
    assert_eq!(first(no), refused(&["review-rejected"]));
}

#[test]
fn who_may_perform_a_manual_control() {
    let by = |name: &str| Done::on(SOUND).key("performed", format!("{{ on: {SOUND}, by: {name} }}"));
    assert_eq!(first(by("robot")), refused(&["bot-performed-manual-control"]));
    assert_eq!(first(by("gone")), refused(&["actor-not-employed"]));
    assert_eq!(first(by("nobody")).0, "insufficient-evidence");
    let automated = quarterly().control("c", "type: automated").did("c", by("robot").without("reviewed"));
    assert_eq!(first_of(&automated), on_time());
    assert_eq!(first(Done::on(SOUND).without("result")), refused(&["evidence-without-result"]));
}

#[test]
fn a_staging_export_shows_nothing_ev_10() {
    let of = |name: &str| first(Done::on(SOUND).only("x.csv", None, &format!(", environment: {name}")));
    assert_eq!(of("staging"), refused(&["environment-not-production"]));
    assert_eq!(of("Production"), on_time());
}

#[test]
fn a_policy_is_no_evidence_of_operation_ev_15() {
    assert_eq!(first(Done::on(SOUND).key("kind", "policy-version")), refused(&["policy-as-evidence"]));
    // A draft orders nothing: the design of the control is wanting.
    let judged = quarterly().policy("2027-01-01").did("c", SOUND).judged(day("2026-06-30"));
    assert_eq!(judged.control("c").design, ["the policy `rules` that orders it is not in force"]);
    assert_eq!(judged.support("CC6.2"), "not-supported");
}

#[test]
fn a_statement_alone_is_inquiry_ev_16() {
    let said = Done::on(SOUND).key("kind", "attestation");
    assert_eq!(first(said.clone()), refused(&["inquiry-only"]));
    assert_eq!(first(said.artifact("y.csv", None, ", kind: system-report")), on_time());
    let called_a_ticket = Done::on(SOUND).key("kind", "ticket").only("y.csv", None, ", kind: attestation");
    assert_eq!(
        first(called_a_ticket),
        refused(&["inquiry-only"]),
        "what the files are decides, not the manifest's word"
    );
}

#[test]
fn a_type1_wants_something_recent_ev_19() {
    let world = World::type1("2026-06-30").control("c", "cadence: quarterly").did("c", "2026-03-20");
    let judged = world.judged(day("2026-06-30"));
    assert_eq!(judged.operation("c"), "insufficient-evidence");
    let stale = Some(Because::Stale(day("2026-03-20"), 90));
    assert_eq!(judged.control("c").slots[0].1.because, stale);
}

#[test]
fn two_quarters_in_two_days_are_clustered_ev_21() {
    let judged = quarterly().did_on("c", &["2026-03-31", "2026-04-01"]).judged(day("2026-06-30"));
    assert!(matches!(judged.control("c").remarks[..], [Remark::Clustered { days: 1, .. }]));
    assert_eq!(judged.operation("c"), "on-time", "a remark stands beside the state");
}

#[test]
fn half_past_eleven_in_los_angeles_ev_22() {
    let late = || Done::at("2026-12-31T23:30:00-08:00", "2027-01-02");
    let last = |zone: &str| quarterly().zone(zone).did("c", late()).slots("c", LATER)[3].clone();
    assert_eq!(last("America/Los_Angeles"), "2026-Q4 on-time");
    assert_eq!(last("UTC"), "2026-Q4 needs-auditor-agreement");
}

#[test]
fn leap_days_quarter_ends_and_one_day_windows_ev_23() {
    let annual = |from: &str, to: &str, days: &[&str]| {
        World::over(from, to).control("c", "cadence: annual").did_on("c", days).slots("c", LATER)[0].clone()
    };
    // 29 February 2024 and 395 days are 30 March 2025.
    assert_eq!(annual("2025-01-01", "2025-12-31", &["2024-02-29", "2025-03-30"]), "window on-time");
    assert_eq!(annual("2025-01-01", "2025-12-31", &["2024-02-29", "2025-03-31"]), "window missed");
    let ends = quarterly().did_on("c", &["2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31"]);
    assert_eq!(ends.operation("c", LATER), "on-time");
    let one_day = |on: &str| {
        World::over("2026-03-31", "2026-03-31")
            .control("c", "cadence: quarterly")
            .did("c", on)
            .slots("c", LATER)
    };
    assert_eq!(one_day("2026-03-31"), ["2026-Q1 on-time"]);
    assert_eq!(one_day("2026-03-30"), ["2026-Q1 performed-before-window"]);
    let backwards = World::over("2026-12-31", "2026-01-01").control("c", "cadence: quarterly");
    assert!(rules(&backwards, "2026-06-30").contains("inverted-period"));
    let program = backwards.load();
    assert!(Judgement::new(&program, day("2026-06-30"), None).audits.is_empty());
}

#[test]
fn a_bare_date_is_the_whole_local_day_ev_24() {
    for zone in ["America/Los_Angeles", "Pacific/Kiritimati"] {
        let date = Done::on("2026-03-31");
        let moment = Done::at("2026-03-31T12:00:00Z", "2026-04-01");
        for (done, state) in
            [(date, "on-time"), (moment, if zone.starts_with('A') { "on-time" } else { "late" })]
        {
            assert_eq!(
                quarterly().zone(zone).did("c", done).slots("c", LATER)[0],
                format!("2026-Q1 {state}")
            );
        }
    }
}

#[test]
fn one_of_three_systems_is_not_done_ev_25() {
    let three = ["github", "aws", "okta"];
    let systems = || {
        let world = quarterly().control("c", "systems: [github, aws, okta]");
        three.iter().fold(world, |world, id| world.system(id, ""))
    };
    let judged = systems().did("c", Done::on(SOUND).systems(&["aws"])).judged(day("2026-06-30"));
    assert_eq!(
        judged.slots("c"),
        [
            "2026-Q1/github missed",
            "2026-Q2/github open",
            "2026-Q3/github open",
            "2026-Q4/github open",
            "2026-Q1/aws on-time",
            "2026-Q2/aws open",
            "2026-Q3/aws open",
            "2026-Q4/aws open",
            "2026-Q1/okta missed",
            "2026-Q2/okta open",
            "2026-Q3/okta open",
            "2026-Q4/okta open"
        ]
    );
    assert_eq!(judged.operation("c"), "missed");
    let all = systems().did("c", Done::on(SOUND).systems(&three));
    assert_eq!(all.operation("c", "2026-06-30"), "on-time");
    // A system that came into use in May owes nothing for the first quarter.
    let late =
        all.clone().system("box", ", from: 2026-05-01").control("c", "systems: [github, aws, okta, box]");
    assert_eq!(late.operation("c", "2026-06-30"), "on-time");
    assert_eq!(late.operation("c", "2026-07-16"), "missed");
}
