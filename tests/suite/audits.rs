//! `soc2 audit`: the window that abuts, what it carries over, and the list of controls that the auditor agreed.

use crate::repository::{ALICE, Repo};
use crate::support::{Folder, Ran};

const ROOT: &str = "\
# ours
[organization]
name = \"Acme\"
[scope]
framework = \"soc2-2017-rev2022\"
categories = [\"security\"]

[[audit]]
id = \"2025-type2\"
type = \"type2\"
period = { from = 2025-01-01, to = 2025-12-31 } # first
firm = \"A & B\"
excluded = { privacy = \"a \\\"b\\\"\" }

# numbers
[variables]
days = 5
";
const CONTROL: &str = "\
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users within {{ days }} days.
owner: alice
status: implemented
effective_from: 2024-01-01
cadence: quarterly
criteria: [CC6.2]
";

fn programme() -> Repo {
    let repo = Repo::new();
    repo.write("soc2.toml", ROOT)
        .write("controls/access-review.yaml", CONTROL)
        .write(
            "registers/people.yaml",
            "- { id: alice, name: Alice, emails: [alice@acme.example], kind: employee, employed: [{ from: 2024-01-01 }] }\n",
        )
        .write(
            "registers/exceptions.yaml",
            "- { id: q2-missed, control: access-review, slot: 2025-Q2, found: { by: alice, on: 2025-07-20 }, cause: nobody took over, effect: none }\n\
             - { id: q3-missed, control: access-review, slot: 2025-Q3, found: { by: alice, on: 2025-10-20 }, cause: the same, effect: none, remediated: { on: 2025-11-01 } }\n",
        )
        .write("registers/requests.yaml", "- { id: A-7, audit: 2025-type2, text: User lists, status: returned }\n");
    repo.commit("2025-01-02T12:00:00Z", ALICE, "Programme");
    repo
}

fn good(ran: &Ran) {
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
}

fn refused(folder: &Folder, words: &str, why: &str) {
    let ran = folder.run(words);
    assert!(ran.code == 2 && ran.stderr.contains(why), "{words}: {}{}", ran.stdout, ran.stderr);
}

#[test]
fn the_next_window_abuts_and_carries_what_is_open() {
    let repo = programme();
    let folder = repo.folder();
    let dry = folder.run("audit next --dry-run");
    good(&dry);
    assert!(dry.stdout.contains("[[audit]]") && folder.read("soc2.toml") == ROOT, "{}", dry.stdout);
    let ran = folder.run("audit next --months 6");
    good(&ran);
    let block = "\n[[audit]]\nid = \"2026-type2\"\ntype = \"type2\"\nperiod = { from = 2026-01-01, to = 2026-06-30 }\nfollows = \"2025-type2\"\n\
                 excluded = { \"privacy\" = \"a \\\"b\\\"\" }\nfirm = \"A & B\"\n";
    let before = "excluded = { privacy = \"a \\\"b\\\"\" }\n";
    assert_eq!(folder.read("soc2.toml"), ROOT.replace(before, &format!("{before}{block}")));
    assert!(ran.stdout.contains("soc2.toml:15: audit `2026-type2`"), "{}", ran.stdout);
    for carried in ["exception q2-missed (access-review)", "request A-7"] {
        assert!(ran.stdout.contains(carried), "{}", ran.stdout);
    }
    assert!(!ran.stdout.contains("q3-missed"), "{}", ran.stdout);
    let shown = folder.run("show 2026-type2 --as-of 2026-02-01").stdout;
    assert!(shown.contains("Carried over from 2025-type2") && shown.contains("q2-missed"), "{shown}");
    let json: serde_json::Value =
        serde_json::from_str(&folder.run("show 2026-type2 --as-of 2026-02-01 --format json").stdout).unwrap();
    assert!(json.to_string().contains("\"not mended yet\""), "{json}");
    // Ids stay apart, and the last window is the one that is followed.
    good(&folder.run("audit next --months 6"));
    assert!(folder.read("soc2.toml").contains(
        "id = \"2026-h2-type2\"\ntype = \"type2\"\nperiod = { from = 2026-07-01, to = 2026-12-31 }"
    ));
    let list = folder.run("audit list --as-of 2026-02-01").stdout;
    assert!(list.contains("day 32 of 181, 149 days left") && list.contains("begins in 150 days"), "{list}");
    refused(folder, "audit next --id 2026-type2", "already");
    refused(folder, "audit next --id Next", "is not an id");
    refused(folder, "audit next --follows 2025-typ2", "did you mean `2025-type2`?");
    refused(folder, "audit next --months 40", "months");
    let overlap = folder.run("audit next --follows 2025-type2 --id other");
    good(&overlap);
    assert!(overlap.stderr.contains("overlaps"), "{}", overlap.stderr);
}

#[test]
fn a_root_file_with_no_place_for_an_audit_stays_as_it_is() {
    let repo = programme();
    let folder = repo.folder();
    let inline = "audit = [{ id = \"a\", type = \"type2\", period = { from = 2025-01-01, to = 2025-12-31 } }]\n[organization]\nname = \"A\"\n[scope]\nframework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n[variables]\ndays = 5\n";
    for (text, why) in [(inline, "`[[audit]]`"), ("[organization]\nname = \"A\"\n", "names no audit")] {
        folder.write("soc2.toml", text);
        refused(folder, "audit next", why);
        assert_eq!(folder.read("soc2.toml"), text);
    }
}

#[test]
fn later_changes_are_told_against_the_agreed_list() {
    let repo = programme();
    let folder = repo.folder();
    folder.write("controls/access-review.yaml", CONTROL.replace("quarterly", "monthly"));
    refused(folder, "audit agree 2025-type2 --on 2025-02-01", "says something else of 1 control");
    folder.write("controls/access-review.yaml", CONTROL);
    refused(folder, "audit agree 2025-type2 --on 2999-01-01", "in the future");
    refused(folder, "diff --agreed 2025-type2", "no list of controls was agreed");
    let ran = folder.run("audit agree 2025-type2 --on 2025-02-01");
    good(&ran);
    assert!(ran.stdout.contains("1 control, commit"), "{}", ran.stdout);
    assert_eq!(
        folder.read("soc2.toml"),
        ROOT.replace("a \\\"b\\\"\" }\n", "a \\\"b\\\"\" }\nagreed = 2025-02-01\n")
    );
    let list = folder.read("audits/2025-type2/agreed.yaml");
    assert!(
        list.contains(&repo.id("HEAD")) && list.contains("- id: access-review\n        cadence: quarterly\n"),
        "{list}"
    );
    refused(folder, "audit agree 2025-type2 --on 2025-02-02", "--again");
    repo.commit("2025-02-01T12:00:00Z", ALICE, "Agreed");
    let told = |words: &str| folder.run(words).stdout;
    assert!(!told("check --as-of 2025-03-01").contains("control-changed-since-agreed"));
    let matrix = told("report matrix --to csv --out - --audit 2025-type2 --as-of 2025-03-01");
    assert!(matrix.contains("Since the list was agreed") && matrix.contains("as agreed"), "{matrix}");
    folder.write("controls/access-review.yaml", CONTROL.replace("quarterly", "annual"));
    folder.edit("soc2.toml", "days = 5", "days = 9");
    let check = told("check --as-of 2025-03-01");
    assert!(check.contains("control-changed-since-agreed"), "{check}");
    let shown = told("show 2025-type2 --as-of 2025-03-01");
    assert!(shown.contains("access-review: cadence quarterly → annual, wording"), "{shown}");
    let changes = told("report changes --audit 2025-type2 --as-of 2025-03-01");
    assert!(
        changes.contains("1 control changed") && changes.contains("cadence quarterly → annual, wording"),
        "{changes}"
    );
    let diff = told("diff --agreed 2025-type2");
    assert!(diff.contains("cadence-loosened"), "{diff}");
    repo.commit("2025-03-01T12:00:00Z", ALICE, "Another cadence");
    refused(folder, "audit agree 2025-type2 --again --on 2025-01-15", "before the list");
    good(&folder.run("audit agree 2025-type2 --again --on 2025-03-02"));
    let again = folder.read("audits/2025-type2/agreed.yaml");
    assert!(again.starts_with(&list) && again.matches("  - on: ").count() == 2, "{again}");
    assert!(!told("check --as-of 2025-03-02").contains("control-changed-since-agreed"));
    // Whoever takes the list away takes it away from the auditor.
    let gate = |repo: &Repo| repo.folder().run("check --base HEAD --as-of 2025-03-02");
    good(&gate(&repo));
    folder.write("audits/2025-type2/agreed.yaml", list.replace("quarterly", "monthly"));
    let weaker = gate(&repo);
    assert!(weaker.code == 1 && weaker.stdout.contains("agreed-list-altered"), "{}", weaker.stdout);
}
