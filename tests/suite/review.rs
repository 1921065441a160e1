//! `soc2 evidence review` and the digest it pins.

use std::fs;

use soc2::program::review_digest;
use soc2::source::hex;

use crate::evidence::{MANIFEST, PEOPLE, good, refused, with_minutes, without_faults};
use crate::support::root;

/// The digest of the documented manifest was computed by the Python that stands below it.
#[test]
fn the_documented_digest_is_right() {
    let text = fs::read_to_string(root().join("docs/formats.md")).unwrap();
    let section = text.split("\n## A manifest\n").nth(1).unwrap();
    let manifest = section.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    let digest = hex(&review_digest(manifest).unwrap().0);
    assert!(manifest.contains(&format!("digest: \"{digest}\"")), "{digest} is not in\n{manifest}");
}

#[test]
fn a_review_is_written_and_nothing_else_changes() {
    for (line_end, comment) in [("\n", "# why: the vote was close\n"), ("\r\n", "# end")] {
        let folder = with_minutes();
        let before = format!("# first\n{}{comment}", folder.read(MANIFEST)).replace('\n', line_end);
        folder.write(MANIFEST, &before);
        let digest = hex(&review_digest(&before).unwrap().0);
        let ran = folder
            .run("evidence review 2025-03-28 --by carol --on 2025-03-30 --result accepted --notes read");
        good(&ran);
        assert!(ran.stdout.contains("accepted by carol on 2025-03-30"), "{}", ran.stdout);
        let after = folder.read(MANIFEST);
        let review = format!(
            "reviewed:\n  on: 2025-03-30\n  by: carol\n  result: accepted\n  digest: \"{digest}\"\n  notes: \"read\"\n"
        );
        let end = if before.ends_with('\n') { "" } else { line_end };
        assert_eq!(after, format!("{before}{end}{}", review.replace('\n', line_end)));
        let second = "evidence review board-meeting/2025-03-28 --by carol --on 2025-04-02 --result rejected";
        refused(&folder.run(second), "is reviewed already");
        assert_eq!(folder.read(MANIFEST), after);
        good(&folder.run(&format!("{second} --replace")));
        let replaced = folder.read(MANIFEST);
        assert!(replaced.starts_with(&format!("{before}{end}reviewed:")), "{replaced}");
        assert!(
            replaced.contains("result: rejected") && !replaced.contains("accepted\r\n  digest"),
            "{replaced}"
        );
        assert!(replaced.contains(&digest) && !replaced.contains("notes"), "{replaced}");
    }
}

#[test]
fn evidence_that_was_added_and_reviewed_has_no_fault() {
    let folder = with_minutes();
    good(&folder.run(&format!(
        "evidence review evidence/board-meeting/2025-03-28/ {}",
        "--by carol --on 2025-03-30 --result accepted"
    )));
    without_faults(&folder);
    let check = folder.run("check --as-of 2025-06-30 --format json");
    assert!(
        !check.stdout.contains("self-review") && !check.stdout.contains("reviewed-before"),
        "{}",
        check.stdout
    );
}

#[test]
fn a_review_that_would_count_for_nothing_is_refused() {
    let folder = with_minutes();
    let before = folder.read(MANIFEST);
    let good_one = "evidence review 2025-03-28 --by carol --on 2025-03-30 --result accepted";
    for (change, to, why) in [
        ("--by carol --on 2025-03-30", "", "2 answers are missing"),
        ("review 2025-03-28", "review 2025-03-29", "did you mean `2025-03-28`?"),
        ("--by carol", "--by ALICE@acme.com", "`alice` performed it and cannot review it"),
        ("--by carol", "--by scanner", "`scanner` is a bot"),
        ("--by carol", "--by bob", "`bob` did not work here on 2025-03-30"),
        ("--by carol", "--by security-lead", "is a role"),
        ("--by carol", "--by carrol", "did you mean `carol`?"),
        ("2025-03-30", "2025-03-27", "before the control was performed on 2025-03-28"),
        ("2025-03-30", "2999-03-30", "is in the future"),
        ("accepted", "acepted", "did you mean `accepted`?"),
        ("--by carol", "--by carol --compensating access-review", "leave --compensating out"),
        ("--by carol", "--by alice --compensating board-meeting", "cannot make up for itself"),
        ("--by carol", "--by alice --compensating acess-review", "did you mean `access-review`?"),
    ] {
        assert!(good_one.contains(change), "{change}");
        refused(&folder.run(&good_one.replacen(change, to, 1)), why);
        assert_eq!(folder.read(MANIFEST), before, "{to}");
    }
    folder.write("evidence/board-meeting/2025-03-28/minutes.md", "We did not meet.\n");
    refused(&folder.run(good_one), "`minutes.md` is not what its hash says");
    fs::remove_file(folder.path().join("evidence/board-meeting/2025-03-28/minutes.md")).unwrap();
    refused(&folder.run(good_one), "`minutes.md` is not there");
    folder.write(MANIFEST, before.replace("performed: {", "performed: &a {"));
    assert_eq!(folder.run(good_one).code, 2);
}

#[test]
fn a_small_team_may_compensate() {
    let folder = with_minutes();
    let review = "evidence review 2025-03-28 --by alice --on 2025-03-30 --result accepted --compensating access-review";
    for name in ["dan", "eve", "finn"] {
        let people = folder.read("registers/people.yaml");
        let person =
            format!("- {{ id: {name}, name: {name}, kind: employee, employed: [{{ from: 2024-01-01 }}] }}\n");
        folder.write("registers/people.yaml", people + &person);
    }
    refused(&folder.run(review), "5 people worked here on 2025-03-30");
    folder.write("registers/people.yaml", PEOPLE);
    good(&folder.run(review));
    assert!(folder.read(MANIFEST).contains("  compensating: access-review\n"));
}

#[test]
fn what_it_counts_for_is_told() {
    let folder = with_minutes();
    let audit =
        "[[audit]]\nid = \"2025\"\ntype = \"type2\"\nperiod = { from = 2025-01-01, to = 2025-12-31 }\n";
    folder.write("soc2.toml", folder.read("soc2.toml") + audit);
    let review = folder.run("evidence review 2025-03-28 --by carol --on 2025-03-30 --result accepted");
    assert!(
        review.stdout.contains("\nFills slot 2025-Q1 of `board-meeting`: on-time\n"),
        "{}",
        review.stdout
    );
    let late = folder.run(
        "evidence add in/users.csv --control board-meeting --on 2025-05-02 --slot 2025-Q1 --by alice --kind minutes \
         --result as-expected --anyway",
    );
    good(&late);
    let told = "warning: `2025-Q1` is 2025-01-01 to 2025-03-31, with grace 2025-04-15";
    assert!(late.stderr.contains(told), "{}", late.stderr);
    assert!(late.stdout.contains("\nNot counted: nobody else has accepted it yet\n"), "{}", late.stdout);
    let rejected =
        folder.run("evidence review 2025-03-28 --by carol --on 2025-04-01 --result rejected --replace");
    assert!(rejected.stdout.contains("\nNot counted: its reviewer rejected it\n"), "{}", rejected.stdout);
}
