//! `soc2 evidence`: what it writes, what it refuses, and that what it wrote holds.

use std::fs;

use crate::support::{Folder, Ran};

pub(crate) const PEOPLE: &str = "\
- { id: alice, name: Alice, emails: [Alice@acme.com], aliases: [ali], kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: bob, name: Bob, kind: employee, employed: [{ from: 2024-01-01, to: 2025-02-28 }] }
- { id: carol, name: Carol, kind: contractor, employed: [{ from: 2024-01-01 }] }
- { id: scanner, name: Scanner, kind: bot, employed: [{ from: 2024-01-01 }] }
";
const CONTROLS: &str = "\
- id: access-review
  title: Owners review every user
  description: Each quarter the owner of every in-scope system reviews its user list.
  owner: security-lead
  status: implemented
  effective_from: 2024-06-01
  cadence: quarterly
  criteria: [CC6.2]
  systems: [github, aws]
- id: board-meeting
  title: The board meets
  description: Each quarter the board meets and keeps minutes.
  owner: security-lead
  status: implemented
  effective_from: 2024-06-01
  cadence: quarterly
  criteria: [CC1.2]
";

pub(crate) fn programme() -> Folder {
    let folder = Folder::new();
    folder
        .write("soc2.toml", "[organization]\nname = \"Acme\"\ntimezone = \"America/New_York\"\n[system]\nname = \"Acme\"\n[scope]\nframework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n")
        .write("registers/people.yaml", PEOPLE)
        .write("registers/roles.yaml", "- { id: security-lead, held: [{ by: carol, from: 2024-01-01 }] }\n")
        .write(
            "registers/systems.yaml",
            "- { id: github, in_scope: true, owner: security-lead }\n- { id: aws, in_scope: true, owner: security-lead }\n",
        )
        .write("controls/all.yaml", CONTROLS)
        .write("in/users.csv", "login,role\nalice,admin\nbob,user\n")
        .write("in/minutes.md", "We met.\n");
    folder
}

/// What every complete `add` for the board says.
const MINUTES: &str = "evidence add in/minutes.md --control board-meeting --on 2025-03-28 --by alice --kind minutes --result as-expected";

/// One piece of evidence by alice: `board-meeting/2025-03-28`.
pub(crate) fn with_minutes() -> Folder {
    let folder = programme();
    good(&folder.run(MINUTES));
    folder
}

pub(crate) const MANIFEST: &str = "evidence/board-meeting/2025-03-28/manifest.yaml";

#[track_caller]
pub(crate) fn good(ran: &Ran) {
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
}

#[track_caller]
pub(crate) fn refused(ran: &Ran, why: &str) {
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
    assert!(ran.stderr.contains(why), "`{why}` is not in\n{}", ran.stderr);
}

#[track_caller]
pub(crate) fn without_faults(folder: &Folder) {
    let check = folder.run("check --as-of 2025-06-30");
    assert!(check.stdout.contains("no faults"), "{}", check.stdout);
}

#[test]
fn what_is_missing_is_listed_at_once() {
    let folder = programme();
    let ran = folder.run("evidence add in/users.csv --control access-review");
    refused(&ran, "5 answers are missing; nothing was written");
    for flag in ["--on DATE", "--by PERSON", "--kind KIND", "--system ID", "--result OUTCOME"] {
        assert!(ran.stderr.contains(&format!("hint: {flag}: ")), "{flag}: {}", ran.stderr);
    }
    refused(&folder.run("evidence attest --control board-meeting"), "--statement TEXT");
    assert!(!folder.path().join("evidence").exists());
}

#[test]
fn what_was_given_is_written_and_nothing_else() {
    let folder = programme();
    let said = "evidence add in/users.csv --control access-review --slot 2025-q1 --at 2025-04-01T02:00:00Z --by ALI --system github \
        --kind system-report --query GET --total 2 --key login --completeness 1/1 --result exceptions-noted --summary x:y \
        --follow-up #812 --follow-up JIRA-1 --covers 2025-01-01..2025-03-31 --collected 2025-04-02";
    let ran = folder.run(said);
    good(&ran);
    let hash = "9757d30a2d2a3b324578e475b70957ef748f071f111af566a378ad984829dd71";
    let review = "soc2 evidence review access-review/2025-q1-github --by PERSON --on DATE --result accepted";
    let told = format!(
        "Wrote evidence/access-review/2025-q1-github/ (sha256 9757d30a…)\nNot counted: nobody else has accepted it yet\nNext: someone other than alice: {review}\n"
    );
    assert_eq!(ran.stdout, told);
    assert_eq!(ran.stderr, "`users.csv`: 2 rows, each with another `login`\n");
    let manifest = folder.read("evidence/access-review/2025-q1-github/manifest.yaml");
    let lines: Vec<&str> = manifest.lines().filter(|line| !line.starts_with('#')).collect();
    let expected = format!(
        "title: \"Owners review every user, 2025-Q1, github\"
controls: [access-review]
kind: system-report
performed: {{ at: 2025-04-01T02:00:00Z, by: alice }}
slot: \"2025-Q1\"
result:
  outcome: exceptions-noted
  summary: \"x:y\"
  follow_up: [\"#812\", \"JIRA-1\"]
collected: {{ on: 2025-04-02 }}
artifacts:
  - path: users.csv
    sha256: \"{hash}\"
    bytes: 32
    system: github
    query: \"GET\"
    covers: {{ from: 2025-01-01, to: 2025-03-31 }}
    population:
      key: \"login\"
      count: 2
      completeness: \"1/1\""
    );
    assert_eq!(lines.join("\n"), expected);
    assert!(manifest.contains(review), "{manifest}");
    assert_eq!(folder.read("evidence/access-review/2025-q1-github/users.csv"), folder.read("in/users.csv"));
    without_faults(&folder);
    good(&folder.run(MINUTES));
    let manifest = folder.read(MANIFEST);
    assert!(!["collected:", "slot:", "system:"].iter().any(|key| manifest.contains(key)), "{manifest}");
    without_faults(&folder);
}

#[test]
fn files_are_copied_and_never_overwritten() {
    let folder = with_minutes();
    folder
        .write("evidence/board-meeting/2025-03-28-2/left.txt", "mine")
        .write("in/Übersicht März.csv", "a\n1\n");
    let ran = folder.run_args(&[
        "evidence",
        "add",
        "in/minutes.md",
        "in/Übersicht März.csv",
        "--control",
        "board-meeting",
        "--on",
        "2025-03-28",
        "--by",
        "alice",
        "--kind",
        "minutes",
        "--result",
        "as-expected",
        "--title",
        "a: \"b\" \u{1b}[31m\u{202e}# c",
        "--anyway",
    ]);
    good(&ran);
    assert!(
        ran.stdout.starts_with("Wrote evidence/board-meeting/2025-03-28-3/ (2 files, sha256 "),
        "{}",
        ran.stdout
    );
    assert!(ran.stderr.contains("are recorded already in `board-meeting/2025-03-28`"), "{}", ran.stderr);
    assert_eq!(folder.read("evidence/board-meeting/2025-03-28-3/Übersicht März.csv"), "a\n1\n");
    let manifest = folder.read("evidence/board-meeting/2025-03-28-3/manifest.yaml");
    assert!(manifest.starts_with("title: \"a: \\\"b\\\" \\x1b[31m\\u202e# c\"\n"), "{manifest}");
    assert_eq!(fs::read_dir(folder.path().join("evidence/board-meeting/2025-03-28-2")).unwrap().count(), 1);
    assert!(folder.path().join("in/minutes.md").exists());
    fs::remove_dir_all(folder.path().join("evidence/board-meeting/2025-03-28-2")).unwrap();
    without_faults(&folder);
}

#[test]
fn wrong_answers_are_refused_and_nothing_is_written() {
    for (change, to, why) in [
        ("board-meeting", "bord-meeting", "did you mean `board-meeting`?"),
        ("--by alice", "--by alcie", "did you mean `alice`?"),
        ("--by alice", "--by zebedee", "add the person to registers/people.yaml first"),
        (
            "--by alice",
            "--by bob",
            "`bob` did not work here on 2025-03-28: the last day before was 2025-02-28",
        ),
        ("--by alice", "--by security-lead", "held that day by `carol`"),
        ("2025-03-28", "2999-03-28", "2999-03-28 is in the future"),
        ("2025-03-28", "2025-3-28", "write `2025-03-28`"),
        ("--on 2025-03-28", "--at 2025-03-28T10:00", "write `2025-03-28T10:00:00Z` if that is UTC"),
        ("--kind minutes", "--kind minuts", "did you mean `minutes`?"),
        ("as-expected", "fine", "`fine` is not an outcome"),
        ("--by alice", "--by alice --slot ../..", "`../..` is not the name of a slot"),
        ("--by alice", "--by alice --covers 2025-03-31..2025-01-01", "before it begins"),
        (
            "--by alice",
            "--by alice --collected 2025-03-27",
            "collected on 2025-03-27, before the control was performed",
        ),
        ("--by alice", "--by alice --system githb", "did you mean `github`?"),
        ("--by alice", "--by alice --by-hash ftp", "is not an address"),
        ("--by alice", "--by alice --by-hash https://user:secret@x.example/a", "user name or password"),
        ("minutes.md", "minutes.md in/users.csv --total 3", "`--total` speaks of one file"),
        ("minutes.md", "minutes.md in/../in/minutes.md", "two files are named `minutes.md`"),
        ("--by alice", "--by alice --title=", "the title is empty"),
        ("minutes.md", "nothing.md", "cannot read `"),
        ("in/minutes.md", "in", "is a folder"),
        ("minutes.md", "empty.csv", "is empty: it shows nothing"),
        ("minutes.md", "pointer.bin", "is a Git LFS pointer"),
        ("minutes.md", "manifest.yaml", "copy it under another name, such as `export-manifest.yaml`"),
        ("minutes.md", "users-09:30.csv", "such as `users-09-30.csv`"),
    ] {
        let folder = programme();
        folder
            .write("in/empty.csv", "")
            .write("in/manifest.yaml", "a: b\n")
            .write("in/users-09:30.csv", "a\n1\n")
            .write(
                "in/pointer.bin",
                format!(
                    "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 9\n",
                    "0".repeat(64)
                ),
            );
        assert!(MINUTES.contains(change), "{change}");
        refused(&folder.run(&MINUTES.replacen(change, to, 1)), why);
        assert!(!folder.path().join("evidence").exists(), "{to} left files");
    }
}

#[cfg(unix)]
#[test]
fn links_are_refused_and_not_followed() {
    use std::os::unix::fs::symlink;
    let folder = programme();
    symlink("minutes.md", folder.path().join("in/link.md")).unwrap();
    refused(&folder.run(&MINUTES.replace("minutes.md", "link.md")), "is a link");
    let outside = Folder::new();
    symlink(outside.path(), folder.path().join("evidence")).unwrap();
    refused(&folder.run(MINUTES), "is behind a link");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
}

#[test]
fn what_is_filed_is_not_filed_again() {
    let folder = with_minutes();
    let ran = folder.run(&MINUTES.replace("in/minutes.md", "evidence/board-meeting/2025-03-28/minutes.md"));
    refused(&ran, "is filed already: it belongs to `board-meeting/2025-03-28`");
}

#[test]
fn bytes_may_stay_elsewhere() {
    let folder = programme();
    good(&folder.run(&format!("{MINUTES} --by-hash https://drive.example/board/2025-03")));
    let manifest = folder.read(MANIFEST);
    assert!(manifest.contains("- url: \"https://drive.example/board/2025-03\"\n"), "{manifest}");
    assert!(manifest.contains("    bytes: 8\n") && !manifest.contains("path:"), "{manifest}");
    assert_eq!(fs::read_dir(folder.path().join("evidence/board-meeting/2025-03-28")).unwrap().count(), 1);
    without_faults(&folder);
}

#[test]
fn doubts_are_told_before_it_is_written() {
    let folder = programme();
    let key = format!("AKIA{}", "ABCD".repeat(4));
    folder.write("in/leak.csv", format!("login,key\nalice,{key}\nalice,password=hunter2\n"));
    let add = "evidence add in/leak.csv --control access-review --on 2024-05-01 --by scanner --system aws --kind system-report \
         --result as-expected --total 5";
    let ran = folder.run(add);
    refused(&ran, "3 warnings stand against it; nothing was written");
    assert!(!folder.path().join("evidence").exists());
    good(&folder.run(&format!("{add} --anyway")));
    for told in [
        "`leak.csv`: 2 rows, of which 1 repeats an earlier `login` (first: `alice`)",
        "`leak.csv` line 2: looks like an AWS access key (`aws-access-key`)",
        "`leak.csv` line 3: looks like a password (`password`)",
        "`leak.csv` has 2 rows, the source shows 5: 3 missing",
        "it lacks `--query`, `--completeness` and `--covers`",
        "`access-review` is in place from 2024-06-01; what was done on 2024-05-01 counts for nothing",
    ] {
        assert!(ran.stderr.contains(told), "`{told}` is not in\n{}", ran.stderr);
    }
    assert!(!ran.stderr.contains(&key) && !ran.stderr.contains("hunter2"), "{}", ran.stderr);
}

#[test]
fn a_statement_is_inquiry_only() {
    let folder = programme();
    let mut args = vec![
        "evidence",
        "attest",
        "--control",
        "board-meeting",
        "--from",
        "2025-01-01",
        "--to",
        "2025-03-31",
    ];
    args.extend(["--by", "alice", "--statement", "All met: \"in person\"", "--on"]);
    let early = [&args[..], &["2025-03-01"]].concat();
    refused(&folder.run_args(&early), "nobody can state what is still to come");
    let ran = folder.run_args(&[&args[..], &["2025-04-02"]].concat());
    good(&ran);
    assert!(
        ran.stdout.contains("\"inquiry only\"") && ran.stdout.contains("fills no slot"),
        "{}",
        ran.stdout
    );
    let statement = folder.read("evidence/board-meeting/statement-2025-04-02/statement.md");
    assert!(statement.ends_with("Stated by alice on 2025-04-02\n\nAll met: \"in person\"\n"), "{statement}");
    let manifest = folder.read("evidence/board-meeting/statement-2025-04-02/manifest.yaml");
    assert!(
        manifest.contains("kind: attestation\n")
            && manifest.contains("covers: { from: 2025-01-01, to: 2025-03-31 }")
    );
    without_faults(&folder);
}

#[test]
fn the_list_is_for_people_and_programs() {
    let folder = programme();
    assert!(folder.run("evidence list").stdout.starts_with("No evidence is filed yet\nNext: "));
    good(&folder.run(&format!("{MINUTES} --title =1+1")));
    let again = MINUTES.replace("2025-03-28", "2025-06-27").replace("alice", "carol");
    good(&folder.run(&format!("{again} --anyway")));
    good(&folder.run("evidence review 2025-03-28 --by carol --on 2025-04-01 --result accepted"));
    let human = folder.run("evidence list").stdout;
    assert_eq!(
        human,
        "EVIDENCE                  KIND     PERFORMED         REVIEWED                   FILES  SIZE\n\
         board-meeting/2025-03-28  minutes  2025-03-28 alice  2025-04-01 carol accepted      1   8 B\n\
         board-meeting/2025-06-27  minutes  2025-06-27 carol  no                             1   8 B\n\
         2 pieces of evidence\n"
    );
    let csv = folder.run("evidence list --format csv --person alice").stdout;
    let row = "board-meeting/2025-03-28,'=1+1,board-meeting,minutes,2025-03-28,2025-03-28,alice,2025-04-01,carol,accepted,unchanged,1,8,,,,";
    assert_eq!(csv.lines().skip(1).collect::<Vec<_>>(), [row]);
    let json = folder.run("evidence list --format json --as-of 2025-03-31").stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["format"], &json["as_of"]), (&"soc2-evidence-list/1".into(), &"2025-03-31".into()));
    assert_eq!(json["evidence"].as_array().unwrap().len(), 1);
    assert!(json["evidence"][0].get("reviewed").is_none(), "reviewed the day after: {json}");
    folder.edit(MANIFEST, "kind: minutes", "kind: ticket");
    assert!(folder.run("evidence list").stdout.contains("accepted, changed since"));
    assert_eq!(folder.run("evidence list --control access-review").stdout, "No evidence matches\n");
    refused(&folder.run("evidence list --control nothing"), "there is no control `nothing`");
}

#[test]
fn many_files_are_shown_before_they_are_filed() {
    let folder = programme();
    folder
        .write("ex/access-review/2025-Q3/github-2025-09-01.csv", "a\n1\n")
        .write("ex/access-review/2025-Q3/aws-2025-09-01.csv", "a\n2\n")
        .write("ex/access-review/2025-Q4/aws-2025-12-01.csv", "a\n3\n")
        .write("ex/access-review/2025-Q4/aws-2025-12-02.csv", "a\n4\n")
        .write("ex/acces-review/2025-Q3/aws-2025-09-01.csv", "a\n5\n")
        .write("ex/access-review/2025-Q3/aws-2999-09-01.csv", "a\n6\n")
        .write("ex/notes.txt", "x\n");
    let import = "evidence import ex --pattern {control}/{slot}/{system}-{date}.{ext} --kind system-report --result as-expected";
    refused(&folder.run(import), "neither the pattern nor a flag gives the performer");
    refused(&folder.run(&format!("{import} --by alice --on 2025-09-01")), "both the pattern and `--on DATE`");
    let import = format!("{import} --by alice");
    let shown = folder.run(&import);
    assert_eq!(shown.code, 1, "{}", shown.stderr);
    for line in [
        "evidence/access-review/2025-q3-github/  performed 2025-09-01 by alice  github-2025-09-01.csv\n",
        "  notes.txt: the name does not fit the pattern\n",
        "  acces-review/2025-Q3/aws-2025-09-01.csv: there is no control `acces-review`; did you mean `access-review`?\n",
        "  access-review/2025-Q3/aws-2999-09-01.csv: 2999-09-01 is in the future",
        "  access-review/2025-Q4/aws-2025-12-02.csv: files of one slot say performed 2025-12-01 by alice, performed 2025-12-02",
        "Would write 2 manifests for 2 files; 5 files left\nNext: the same command with --write\n",
    ] {
        assert!(shown.stdout.contains(line), "`{line}` is not in\n{}", shown.stdout);
    }
    assert!(!folder.path().join("evidence").exists());
    let written = folder.run(&format!("{import} --write"));
    assert!(written.stdout.contains("Wrote 2 manifests for 2 files; 5 files left"), "{}", written.stdout);
    assert_eq!(folder.read("evidence/access-review/2025-q3-aws/aws-2025-09-01.csv"), "a\n2\n");
    without_faults(&folder);
    let again = folder.run(&format!("{import} --write"));
    assert!(again.stdout.contains("recorded already in `access-review/2025-q3-aws`"), "{}", again.stdout);
    assert!(again.stdout.contains("Wrote 0 manifests"), "{}", again.stdout);
}

#[test]
fn works_from_another_folder() {
    let outer = Folder::new();
    let folder = programme();
    let inner = outer.path().join("compliance");
    fs::rename(folder.path(), &inner).unwrap();
    let inside = outer.run(&format!("-C compliance {MINUTES}"));
    refused(&inside, "files are looked for from the current folder, not from that of -C");
    fs::rename(inner.join("in"), outer.path().join("in")).unwrap();
    let ran = outer.run(&format!("-C compliance {MINUTES}"));
    good(&ran);
    assert!(
        ran.stdout.contains("soc2 -C compliance evidence review board-meeting/2025-03-28"),
        "{}",
        ran.stdout
    );
}
