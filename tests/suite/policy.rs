//! `soc2 policy`: whose approval is written, what is refused, and that what was written counts.

use crate::repository::{ALICE, BOB, Person, Repo};
use crate::support::{Ran, ran, soc2};

const PEOPLE: &str = "\
- { id: alice, name: Alice, emails: [alice@acme.example], kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: bob, name: Bob, emails: [bob@acme.example], kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: gone, name: Gone, emails: [gone@acme.example], kind: employee, employed: [{ from: 2024-01-01, to: 2024-12-31 }] }
- { id: robot, name: Robot, emails: [robot@acme.example], kind: bot, employed: [{ from: 2024-01-01 }] }
";
const POLICY: &str = "policies/access.md";
const HEAD: &str = "---\nid: access # stays\ntitle: Access Policy\nowner: security-lead\n";
const BODY: &str = "# Access Policy\n\nAccess is limited to those who need it.\n";

const APPROVE: &str = "policy approve access --version 1.0 --effective 2099-01-01";

/// A programme whose policy Alice wrote on 2025-06-01.
fn programme() -> Repo {
    let repo = Repo::new();
    repo.write(
        "soc2.toml",
        "[organization]\nname = \"Acme\"\n[scope]\nframework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n\
         [[audit]]\nid = \"a\"\ntype = \"type2\"\nperiod = { from = 2026-01-01, to = 2026-12-31 }\n",
    )
    .write("registers/people.yaml", PEOPLE)
    .write("registers/roles.yaml", "- { id: security-lead, held: [{ by: alice, from: 2024-01-01 }] }\n")
    .write(POLICY, format!("{HEAD}---\n{BODY}"));
    repo.commit("2025-06-01T12:00:00Z", ALICE, "Access policy");
    repo
}

fn run(repo: &Repo, by: Person, words: &str) -> Ran {
    run_args(repo, by, &words.split_whitespace().collect::<Vec<_>>())
}

fn run_args(repo: &Repo, by: Person, args: &[&str]) -> Ran {
    let mut command = soc2();
    command.current_dir(repo.path()).args(args).env("GIT_AUTHOR_EMAIL", by.email);
    ran(command)
}

fn text(repo: &Repo) -> String {
    repo.folder().read(POLICY)
}

fn good(ran: &Ran) {
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
}

fn refused(repo: &Repo, ran: &Ran, why: &str) {
    assert_eq!(ran.code, 2, "{why}: {}{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains(why), "{why}: {}", ran.stderr);
    assert!(!text(repo).contains("- {"), "{}", text(repo));
}

#[test]
fn an_approval_is_added_and_nothing_else_changes() {
    let repo = programme();
    let ran = run(&repo, BOB, APPROVE);
    good(&ran);
    let written = text(&repo);
    let added =
        written.strip_prefix(HEAD).and_then(|rest| rest.strip_suffix(&format!("---\n{BODY}"))).unwrap();
    assert!(added.starts_with("approvals:\n  - { version: \"1.0\", by: bob, on: 20"), "{added}");
    assert!(added.contains(", effective: 2099-01-01, text: \"07eb47eb6c26"), "{added}");
    for told in [
        "10 words",
        "in force from 2099-01-01",
        "git commit -m \"Approve access 1.0\"",
        "2 people acknowledge",
    ] {
        assert!(ran.stdout.contains(told), "{told}: {}", ran.stdout);
    }
    assert!(!ran.stdout.contains("claimed"), "{}", ran.stdout);
    let shown = run(&repo, BOB, "show access --kind policy --as-of 2099-02-01");
    assert!(
        shown.stdout.contains("due-for-review") && shown.stdout.contains("approved by bob"),
        "{}",
        shown.stdout
    );
    let second = run(&repo, BOB, "policy approve access --version 1.1 --effective 2099-01-01");
    assert_eq!(second.code, 2);
    assert!(
        second.stderr.contains("this very text is approved already: version 1.0 by bob"),
        "{}",
        second.stderr
    );
}

#[test]
fn the_person_is_the_one_that_git_knows() {
    let repo = programme();
    let bare = || {
        let mut command = soc2();
        command.current_dir(repo.path()).args(APPROVE.split(' ')).env("GIT_CONFIG_GLOBAL", "/dev/null");
        command.env("GIT_CONFIG_NOSYSTEM", "1");
        ran(command)
    };
    refused(&repo, &bare(), "nobody can tell who runs this");
    repo.git(&["config", "user.email", "x@elsewhere.example"]);
    refused(&repo, &bare(), "no row of registers/people has that address");
    repo.git(&["config", "user.email", "Bob@acme.example"]);
    good(&bare());
    assert!(text(&repo).contains("by: bob"), "{}", text(&repo));
}

#[test]
fn an_approval_that_would_count_for_nothing_is_refused() {
    let repo = programme();
    let as_person = |email: &'static str| Person { name: "X", email };
    for (by, words, why) in [
        (ALICE, APPROVE.to_owned(), "`alice` wrote the last edit of this text, in commit"),
        (as_person("robot@acme.example"), APPROVE.to_owned(), "`robot` is a bot"),
        (as_person("gone@acme.example"), APPROVE.to_owned(), "the last day before was 2024-12-31"),
        (BOB, format!("{APPROVE} --by alice"), "nobody approves for `alice`"),
        (BOB, format!("{APPROVE} --by alise --on 2025-07-01 --proof x"), "did you mean `alice`?"),
        (BOB, format!("{APPROVE} --by security-lead --proof x"), "is a role"),
        (
            ALICE,
            format!("{APPROVE} --by bob --proof minutes"),
            "the day on which `bob` approved it is missing",
        ),
        (ALICE, format!("{APPROVE} --by bob --proof minutes --on 2025-05-01"), "before the text was there"),
        (BOB, format!("{APPROVE} --on 2025-07-01"), "needs what shows it"),
        (BOB, format!("{APPROVE} --on 2098-01-01"), "is in the future"),
        (BOB, APPROVE.replace("2099", "2001"), "cannot be dated back"),
        (BOB, APPROVE.replace("access", "acces"), "did you mean `access`?"),
        (BOB, "policy approve access".to_owned(), "--version <VERSION>"),
        (BOB, "policy review access".to_owned(), "is a draft"),
    ] {
        refused(&repo, &run(&repo, by, &words), why);
    }
    repo.write(POLICY, format!("{HEAD}---\n{BODY}\nAnd more.\n"));
    refused(&repo, &run(&repo, BOB, APPROVE), "is not committed as it stands");
    repo.write(POLICY, format!("{HEAD}---\n{BODY}\nWithin {{{{ days }}}} days. [Company Name]\n"));
    refused(&repo, &run(&repo, BOB, APPROVE), "`days` is not a variable");
    repo.write(POLICY, format!("{HEAD}---\n{BODY}\n[Company Name] acts.\n"));
    refused(&repo, &run(&repo, BOB, APPROVE), "line 10: the placeholder `[Company Name]`");
}

#[test]
fn somebody_who_does_not_use_git_is_recorded_as_claimed() {
    let repo = programme();
    let words = "policy approve access --version 1.0 --effective 2025-07-15 --by bob --on 2025-07-01 --proof";
    let mut args: Vec<&str> = words.split(' ').collect();
    args.push("minutes of 2025-07-01: \"yes\"");
    let ran = run_args(&repo, ALICE, &args);
    good(&ran);
    assert!(ran.stdout.contains("claimed: whoever commits this speaks for another"), "{}", ran.stdout);
    assert!(text(&repo).contains("proof: \"minutes of 2025-07-01: \\\"yes\\\"\""), "{}", text(&repo));
    repo.commit("2025-07-02T12:00:00Z", ALICE, "Approved");
    let checked = run(&repo, ALICE, "check --as-of 2026-01-01 -v");
    assert!(!checked.stdout.contains("approved-by-author"), "{}", checked.stdout);
    assert!(!checked.stdout.contains("policy-not-approved"), "{}", checked.stdout);
    assert!(!checked.stdout.contains("approval-before-last-edit"), "{}", checked.stdout);
}

#[test]
fn a_new_text_takes_a_greater_version_and_an_old_one_a_review() {
    let repo = programme();
    good(&run(&repo, BOB, "policy approve access --version 1.9 --effective 2099-01-01"));
    repo.commit("2026-01-02T12:00:00Z", BOB, "Approved");
    good(&run(&repo, ALICE, "policy review access"));
    assert!(text(&repo).contains("reviews:\n  - { by: alice, on: 20"), "{}", text(&repo));
    assert!(text(&repo).contains("result: no-change }"), "{}", text(&repo));
    repo.folder().edit(POLICY, "need it.", "need it for their work.");
    repo.commit("2026-01-03T12:00:00Z", ALICE, "Words");
    let changed = run(&repo, ALICE, "policy review access");
    assert!(
        changed.code == 2 && changed.stderr.contains("was changed since its approval"),
        "{}",
        changed.stderr
    );
    for version in ["1.9", "1.8", "v1.9.0"] {
        let ran =
            run(&repo, BOB, &format!("policy approve access --version {version} --effective 2099-01-01"));
        assert!(ran.code == 2 && ran.stderr.contains("does not follow version 1.9"), "{}", ran.stderr);
    }
    good(&run(&repo, BOB, "policy approve access --version 1.10 --effective 2099-01-01"));
    let listed = run(&repo, BOB, "policy list --as-of 2099-01-01");
    good(&listed);
    let row = "access  due-for-review  1.10     2099-01-01";
    assert!(listed.stdout.contains(row) && listed.stdout.contains("0 of 2"), "{}", listed.stdout);
}
