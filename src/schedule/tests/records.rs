//! Tables of what the records and git tell: changes, policies, evidence, exceptions.

use jiff::civil::date;

use super::*;

/// A commit of the first-parent line, newest first, that left a control so.
fn history(versions: &[(&str, &[(&'static str, &str)])]) -> crate::history::History {
    use crate::history::{Commit, ControlVersion, History, Reach, Signature, Who};
    let mut history = History { reach: Reach::Whole, ..History::default() };
    let mut told = Vec::new();
    for (nth, (day, fields)) in (0u32..).zip(versions) {
        let at = format!("{day}T12:00:00Z").parse().unwrap();
        let who = Who { name: "Alice Adams".into(), email: "alice@acme.example".into(), at };
        history.commits.push(Commit {
            id: nth.to_string().repeat(40).into(),
            author: who.clone(),
            committer: who,
            subject: "".into(),
            parents: 1,
            through: None,
            signature: Signature::Unsigned,
        });
        let fields = fields.iter().map(|(key, value)| (*key, (*value).into())).collect();
        told.push(ControlVersion { commit: nth, fields });
    }
    history.controls.insert("access-review".into(), told);
    history
}

/// DC 9: what commits changed of a control inside the window, with both wordings; not what they changed before it.
#[test]
fn changes_of_controls_are_told_with_both_wordings() {
    let mut program = programme(&[]);
    program.history = history(&[
        ("2026-07-02", &[("cadence", "weekly"), ("owner", "lead")]),
        ("2026-04-02", &[("cadence", "quarterly"), ("owner", "lead"), ("description", "new")]),
        ("2026-02-02", &[("cadence", "monthly"), ("owner", "lead"), ("description", "old")]),
        ("2025-12-02", &[("cadence", "monthly"), ("owner", "alice"), ("description", "old")]),
        ("2025-11-02", &[("cadence", "annual"), ("owner", "alice"), ("description", "old")]),
    ]);
    let table = of_programme(&program, date(2026, 6, 30), true, changes);
    let said = ["Date", "What", "Change", "Before", "After", "By", "Commit", "Where the date comes from"];
    let rows: Vec<Vec<String>> = table.rows.iter().map(|row| cells(&table, row, &said)).collect();
    let of_commits: Vec<&[String]> =
        rows.iter().filter(|row| !row[6].is_empty()).map(|row| &row[..5]).collect();
    assert_eq!(
        of_commits,
        [
            ["2026-02-02", "access-review", "owner changed", "alice", "lead"],
            ["2026-04-02", "access-review", "frequency changed", "monthly", "quarterly"],
            ["2026-04-02", "access-review", "wording of the description changed", "old", "new"],
        ]
    );
    let first = rows.iter().find(|row| !row[6].is_empty()).unwrap();
    assert_eq!(first[5..], ["Alice Adams", &"2".repeat(40), "its commit; not witnessed: a claim"]);
}

#[test]
fn each_version_in_force_in_the_window_has_a_row() {
    let text = "---\nid: access\ntitle: Access\nowner: lead\napprovals: [APPROVALS]\n---\n# Access\n\nNobody gets in.\n";
    let hash = crate::source::hex(&programme(&[]).policies[0].body.sha256.unwrap().0);
    let approval = |version: &str, on: &str, effective: &str| {
        format!(
            "{{ version: \"{version}\", by: alice, on: {on}, effective: {effective}, text: \"{hash}\", proof: minutes }}"
        )
    };
    let approvals = [
        approval("0.9", "2025-01-01", "2025-01-01"),
        approval("1.0", "2025-06-01", "2025-06-01"),
        approval("2.0", "2026-03-01", "2026-03-15"),
        approval("3.0", "2026-06-01", "2026-09-01"),
    ];
    let text = text.replace("APPROVALS", &approvals.join(", "));
    let program = programme(&[("policies/access.md", text)]);
    let table = of_programme(&program, date(2026, 6, 30), true, policies);
    let said = [
        "Policy",
        "Version",
        "In force from",
        "In force to",
        "In force in the window from",
        "Approved by",
        "Shown by",
    ];
    let rows: Vec<Vec<String>> = table.rows.iter().map(|row| cells(&table, row, &said)).collect();
    assert_eq!(
        rows,
        [
            ["access", "1.0", "2025-06-01", "2026-03-14", "2026-01-01", "Alice Adams", "minutes"],
            ["access", "2.0", "2026-03-15", "", "2026-03-15", "Alice Adams", "minutes"],
        ]
    );
    let log = of_programme(&program, date(2026, 6, 30), true, approvals_of);
    assert_eq!(log, ["0.9", "1.0", "2.0", "3.0"], "the log has every approval up to the day");
}

fn approvals_of(view: &View<'_>) -> Vec<String> {
    let table = approvals(view);
    table.rows.iter().flat_map(|row| cells(&table, row, &["Version"])).collect()
}

#[test]
fn evidence_is_told_file_by_file() {
    let users = "login,role\nalice,admin\nbob,user\n";
    let sha256 = crate::source::hex(&crate::source::sha256(users.as_bytes()));
    let manifest = format!(
        "title: Q2 access review\ncontrols: [access-review]\nkind: system-report\nperformed: {{ on: 2026-05-20, by: alice }}\n\
         result: {{ outcome: as-expected, summary: nothing to remove }}\nreviewed: {{ on: 2026-05-22, by: bob, result: accepted }}\n\
         redactions: [{{ what: salaries, why: not needed, by: alice }}]\nrequest: [PBC-7]\nartifacts:\n\
         - path: users.csv\n  sha256: \"{sha256}\"\n  bytes: {}\n  query: GET /users\n  covers: {{ from: 2026-04-01, to: 2026-05-20 }}\n  \
         population: {{ name: users, key: login, count: 3, completeness: 1 of 1 pages }}\n- url: https://files.example/a.pdf\n  sha256: \"{sha256}\"\n",
        users.len()
    );
    let program = programme(&[
        ("evidence/access-review/2026-q2/manifest.yaml", manifest),
        ("evidence/access-review/2026-q2/users.csv", users.to_owned()),
    ]);
    let (files, lists, filled) = of_programme(&program, date(2026, 6, 30), true, |view| {
        let which = belonging(view);
        (evidence(view, &which), populations(view, &which), slots(view))
    });
    let said = [
        "Evidence",
        "Performed on (claimed)",
        "Performed by",
        "Reviewed by",
        "Review",
        "Result",
        "File",
        "SHA-256",
        "Bytes as recorded",
        "Covers from",
        "Redactions",
        "Classification",
        "Requests",
    ];
    let rows: Vec<Vec<String>> = files.rows.iter().map(|row| cells(&files, row, &said)).collect();
    assert_eq!(rows.len(), 2, "a row a file");
    assert_eq!(
        rows[0],
        [
            "access-review/2026-q2",
            "2026-05-20",
            "Alice Adams",
            "Bob Burns",
            "accepted",
            "as-expected",
            "users.csv",
            &sha256,
            "unchanged",
            "2026-04-01",
            "salaries: not needed, by Alice Adams",
            "internal",
            "PBC-7",
        ]
    );
    assert_eq!(rows[1][6..9], ["https://files.example/a.pdf", &sha256, "not here"]);
    let links = files.rows.iter().flatten().filter(|cell| matches!(cell, Cell::Link { .. })).count();
    assert_eq!(links, 1, "what lies in the bundle is linked");
    let said =
        ["Population", "File", "Period from", "Count stated", "Rows in the file", "What is wrong with it"];
    let lists: Vec<Vec<String>> = lists.rows.iter().map(|row| cells(&lists, row, &said)).collect();
    assert_eq!(lists, [["users", "users.csv", "2026-04-01", "3", "2", "has not as many rows as stated"]]);
    let said = ["Slot", "State", "Other evidence"];
    let second =
        filled.rows.iter().map(|row| cells(&filled, row, &said)).find(|row| row[0] == "2026-Q2").unwrap();
    assert_eq!(second, ["2026-Q2", "open", "access-review/2026-q2"], "refused while a file is not here");
}

#[test]
fn exceptions_are_told_with_cause_and_remedy() {
    let rows = "- { id: exc-1, control: access-review, slot: 2026-Q1, found: { by: alice, on: 2026-04-20 }, cause: holiday, effect: none, \
                remediated: { on: 2026-04-22, by: bob, what: done late } }\n\
                - { id: exc-0, control: access-review, slot: 2025-Q1, found: { by: alice, on: 2025-04-20 }, cause: x, remediated: { on: 2025-04-22 } }\n\
                - { id: exc-2, control: access-review, slot: 2026-Q3, found: { by: alice, on: 2026-07-20 }, cause: later }\n";
    let program = programme(&[("registers/exceptions.yaml", rows.to_owned())]);
    let table = of_programme(&program, date(2026, 6, 30), true, exceptions);
    let said = [
        "Exception",
        "Control",
        "Criteria",
        "Slot",
        "Found by",
        "Cause",
        "Effect",
        "Mended on",
        "What was done",
    ];
    let rows: Vec<Vec<String>> = table.rows.iter().map(|row| cells(&table, row, &said)).collect();
    assert_eq!(
        rows,
        [[
            "exc-1",
            "access-review",
            "CC6.2",
            "2026-Q1",
            "Alice Adams",
            "holiday",
            "none",
            "2026-04-22",
            "done late"
        ]],
        "not what was over before the window, nor what lies ahead"
    );
}
