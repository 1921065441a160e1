//! `soc2 evidence add` beyond one file of one day: logs, items, follow-ups, and what is not written without a word.

use crate::evidence::{good, programme, refused, with_minutes, without_faults};
use crate::support::Folder;

const BACKUP: &str = "\
- id: backup
  title: Backups are taken
  description: Each day a backup of every in-scope system is taken.
  owner: security-lead
  status: implemented
  effective_from: 2024-06-01
  type: automated
  cadence: daily
  criteria: [CC7.5]
  systems: [aws]
";

/// A month of daily rows, and whose they are.
fn backups() -> Folder {
    let folder = programme();
    let rows: String = (1..=31).map(|day| format!("{day},2025-01-{day:02}T03:00:00-05:00\n")).collect();
    folder.write("controls/backup.yaml", BACKUP).write("in/backups.csv", format!("id,run_at\n{rows}"));
    folder
}

const LOG: &str = "evidence add in/backups.csv --control backup --by scanner --system aws --kind log-extract";

#[test]
fn a_month_of_daily_rows_is_filed_at_once() {
    let folder = backups();
    let ran = folder.run(&format!("{LOG} --log-date run_at --log-key id"));
    good(&ran);
    assert_eq!(ran.stderr, "`backups.csv`: 31 dated rows from 2025-01-01 to 2025-01-31\n");
    let manifest = folder.read("evidence/backup/2025-01-01-to-2025-01-31-aws/manifest.yaml");
    for line in [
        "title: \"Backups are taken, 2025-01-01 to 2025-01-31, aws\"\n",
        "performed: { on: 2025-01-31, by: scanner }\n",
        "occurrences: { artifact: backups.csv, date: run_at, key: id }\n",
    ] {
        assert!(manifest.contains(line), "`{line}` is not in\n{manifest}");
    }
    without_faults(&folder);
}

#[test]
fn a_log_that_check_would_not_read_is_refused() {
    for (text, flags, why) in [
        ("id,day\n1,2025-01-01\n", "run_at", "has no column `run_at`"),
        ("id,run_at\n1,2025-01-01\n2,soon\n", "run_at", "1 row of `backups.csv` without a date in `run_at`"),
        ("id;run_at\n1;2025-01-01\n", "run_at", "separates its columns by `;`, not by commas"),
        ("id,run_at\n1,2999-01-01\n", "run_at", "has a row of 2999-01-01, which is in the future"),
        ("id,run_at\n", "run_at", "has no row with a date"),
        ("id,run_at\n1,2023-12-31\n2,2025-01-01\n", "run_at", "`scanner` did not work here on 2023-12-31"),
        ("id,run_at\n1,2025-01-01\n", "run_at --on 2025-01-01", "cannot be used with"),
        ("id,run_at\n1,2025-01-01\n", "run_at in/minutes.md", "`--log-date` speaks of one file"),
    ] {
        let folder = backups();
        folder.write("in/backups.csv", text);
        refused(&folder.run(&format!("{LOG} --log-date {flags}")), why);
        assert!(!folder.path().join("evidence").exists(), "{flags} left files");
    }
}

#[test]
fn a_column_of_dates_is_pointed_at() {
    let folder = backups();
    let hint =
        "hint: `backups.csv` has a date in each row: with `--log-date run_at` each row is a performance";
    let ran = folder.run(LOG);
    refused(&ran, hint);
    let ran = folder.run(&LOG.replace("backup --by", "access-review --by"));
    assert!(!ran.stderr.contains("--log-date"), "a quarterly control: {}", ran.stderr);
}

#[test]
fn what_is_followed_up_is_named_in_full() {
    let folder = with_minutes();
    folder.write("in/after.md", "All done.\n");
    let add = "evidence add in/after.md --control board-meeting --on 2025-04-10 --by alice --kind minutes --result as-expected";
    refused(&folder.run(&format!("{add} --follows-up 2025-03-29")), "did you mean `2025-03-28`?");
    good(&folder.run(&format!("{add} --follows-up 2025-03-28 --follows-up board-meeting/2025-03-28")));
    let manifest = folder.read("evidence/board-meeting/2025-04-10/manifest.yaml");
    assert!(manifest.contains("\nfollows_up: [board-meeting/2025-03-28]\n"), "{manifest}");
    without_faults(&folder);
    let help = folder.run("evidence add --help").stdout;
    assert!(help.contains("A ticket alone does not close an open result"), "{help}");
}

#[test]
fn a_csv_that_is_none_says_what_it_is() {
    for (bytes, told) in [
        (
            &b"login;role\nalice;admin\n"[..],
            "is separated by semicolons; save it with commas; its rows are not counted",
        ),
        (b"login\trole\nalice\tadmin\n", "is separated by tabs; save it with commas"),
        (b"\xff\xfel\0,\0r\0\n\0", "is UTF-16; save it as UTF-8"),
        (b"login,role\nalice\n", "cannot be read as CSV; its rows are not counted"),
        (b"login,role\nalice,admin\n  \n,\n", "`users.csv`: 1 row\n"),
    ] {
        let folder = programme();
        folder.write("in/users.csv", bytes);
        let add = "evidence add in/users.csv --control board-meeting --on 2025-03-28 --by alice --kind minutes --result failed";
        let ran = folder.run(add);
        good(&ran);
        assert!(ran.stderr.contains(told), "`{told}` is not in\n{}", ran.stderr);
    }
}

/// Controls whose slot is the window.
fn whole() -> Folder {
    let folder = programme();
    let control = |id: &str, cadence: &str| {
        format!(
            "- {{ id: {id}, title: Of {id}, description: It is done as written., owner: security-lead, status: implemented, \
             effective_from: 2024-06-01, cadence: {cadence}, criteria: [CC1.2] }}\n"
        )
    };
    let all = [("start", "once"), ("setting", "continuous"), ("joiner", "event"), ("yearly", "annual")];
    let all: String = all.iter().map(|(id, cadence)| control(id, cadence)).collect();
    folder.write("controls/whole.yaml", all);
    folder
}

fn minutes_of(control: &str) -> String {
    format!(
        "evidence add in/minutes.md --control {control} --on 2025-03-28 --by alice --kind minutes --result as-expected"
    )
}

#[test]
fn the_window_is_the_slot_of_controls_without_intervals() {
    let folder = whole();
    for control in ["start", "setting", "joiner", "yearly"] {
        good(&folder.run(&format!("{} --slot Window", minutes_of(control))));
        let manifest = folder.read(&format!("evidence/{control}/2025-03-28/manifest.yaml"));
        assert!(manifest.contains("\nslot: window\n"), "{manifest}");
    }
    without_faults(&folder);
    refused(
        &folder.run(&format!("{} --slot window", minutes_of("board-meeting"))),
        "is no slot of `board-meeting`",
    );
}

#[test]
fn an_item_is_named_for_what_happens() {
    let folder = whole();
    refused(&folder.run(&format!("{} --item EMP-9", minutes_of("yearly"))), "leave --item out");
    good(&folder.run(&format!("{} --item EMP-9 --slot window", minutes_of("joiner"))));
    let manifest = folder.read("evidence/joiner/2025-03-28/manifest.yaml");
    let entry = "occurrences:\n  - { on: 2025-03-28, by: alice, item: EMP-9, slot: window }\nresult:\n";
    assert!(manifest.contains(entry), "{manifest}");
    assert!(!manifest.contains("\nperformed:") && !manifest.contains("\nslot:"), "{manifest}");
    folder.write("in/minutes.md", "Another.\n");
    let ran = folder.run(&minutes_of("joiner"));
    good(&ran);
    assert!(ran.stderr.contains("say what it was done for with `--item ID`"), "{}", ran.stderr);
    without_faults(&folder);
}

#[test]
fn what_would_be_asked_is_not_written_without_a_word() {
    let again = "evidence add in/minutes.md --control board-meeting --on 2025-03-28 --by alice --kind minutes --result failed";
    for (change, to, why) in [
        ("failed", "failed", "are recorded already in `board-meeting/2025-03-28`"),
        ("2025-03-28", "2025-06-27", "one file shows one interval of a control only"),
        ("in/minutes.md", "in/users.csv --slot 2025-Q2", "`2025-Q2` is 2025-04-01 to 2025-06-30"),
        (
            "in/minutes.md --control board-meeting --on 2025-03-28",
            "in/users.csv --control board-meeting --on 2024-03-28",
            "in place from 2024-06-01",
        ),
    ] {
        let folder = with_minutes();
        let add = again.replace(change, to);
        let ran = folder.run(&add);
        refused(&ran, why);
        assert!(ran.stderr.contains("1 warning stands against it; nothing was written"), "{}", ran.stderr);
        good(&folder.run(&format!("{add} --anyway")));
    }
}

#[test]
fn one_file_may_show_two_systems_and_two_items() {
    let folder = whole();
    let add = "evidence add in/users.csv --control access-review --on 2025-03-28 --by alice --kind system-report --result as-expected";
    good(&folder.run(&format!("{add} --system github")));
    good(&folder.run(&format!("{add} --system aws")));
    refused(&folder.run(&format!("{add} --system aws")), "are recorded already");
    good(&folder.run(&format!("{} --item EMP-1", minutes_of("joiner"))));
    good(&folder.run(&format!("{} --item EMP-2", minutes_of("joiner"))));
    refused(&folder.run(&format!("{} --item EMP-2", minutes_of("joiner"))), "are recorded already");
}

#[test]
fn drafts_and_screenshots_are_told_what_they_lack() {
    let folder = programme();
    folder.edit("controls/all.yaml", "status: implemented", "status: draft");
    let add = "evidence add in/users.csv --control access-review --system aws --on 2025-03-28 --by alice --kind screenshot --result as-expected";
    let ran = folder.run(add);
    good(&ran);
    assert!(
        ran.stderr.contains("warning: `access-review` is a draft: drafts count for nothing"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("add the one it was taken at, with `--collected "), "{}", ran.stderr);
    folder.write("in/users.csv", "login\nalice\n");
    let ran = folder.run(&format!("{add} --collected 2025-03-28T15:04:05Z"));
    good(&ran);
    assert!(!ran.stderr.contains("--collected"), "{}", ran.stderr);
}
