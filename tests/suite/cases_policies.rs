//! Cases an auditor knows by heart: what the texts of policies say. Each name ends in its case id; those about approvals,
//! reviews and acknowledgements stand in `cases_people` and `cases_history`. What is published is compared with its source
//! by `soc2 render --check` (PO-11).

use jiff::civil::{Date, date};
use soc2::program::Program;
use soc2::report::Report;
use soc2::source::Sources;
use soc2::timeline::Judgement;

use crate::cases_people::{CONFIG, PEOPLE, YEAR};

/// Judged on this day unless a case says another.
const MAY: Date = date(2026, 5, 31);

fn policy(id: &str, approvals: &str, body: &str) -> (String, String) {
    let head = format!("id: {id}\ntitle: Policy\nowner: alice\n{approvals}");
    (format!("policies/{id}.md"), format!("---\n{head}---\n{body}\n"))
}

fn load(files: &[(String, String)]) -> Program {
    let ground = [("soc2.toml", format!("{CONFIG}{YEAR}")), ("registers/people.yaml", PEOPLE.to_owned())];
    let ground = ground.into_iter().map(|(path, text)| (path.to_owned(), text));
    let own = ground.filter(|(path, _)| !files.iter().any(|(own, _)| own == path));
    let all = own.chain(files.iter().cloned());
    Program::load(Sources::from_memory(all.map(|(path, text)| (path, text.into_bytes())).collect()))
}

/// `rule path:line` of every find of these rules.
fn finds(rules: &[&str], day: Date, files: &[(String, String)]) -> Vec<String> {
    let program = load(files);
    let judgement = Judgement::new(&program, day, None);
    let report = Report::new(&judgement);
    let faults = report.diagnostics.iter().map(|one| (one.rule, one.at));
    let gaps = report.gaps.iter().map(|one| (one.rule, one.at));
    let mut all: Vec<String> = faults
        .chain(gaps)
        .filter(|(rule, _)| rules.contains(rule))
        .map(|(rule, at)| {
            let place = format!("{}:{}", program.sources.path(at.file), program.sources.position(at).line);
            format!("{rule} {place}")
        })
        .collect();
    all.sort();
    all
}

/// The finds of one policy `a` with this text.
fn of_text(rules: &[&str], body: &str) -> Vec<String> {
    finds(rules, MAY, &[policy("a", "", body)])
}

const OPEN: &[&str] = &["placeholder-left", "unknown-variable", "expression-refused"];

#[test]
fn nothing_is_left_to_fill_in_po_01() {
    for (body, rule) in [
        ("{{ company }} acts.", "unknown-variable"),
        ("{{.Name}} acts.", "expression-refused"),
        ("```\n{{ company }}\n```", "unknown-variable"),
        ("[Company Name] acts.", "placeholder-left"),
        ("```\n[Company Name] acts.\n```", "placeholder-left"),
        ("<company name> acts.", "placeholder-left"),
        ("The officer is TBD.", "placeholder-left"),
        ("Contoso acts.", "placeholder-left"),
        ("Lorem ipsum dolor sit amet.", "placeholder-left"),
    ] {
        let line = if body.starts_with("```") { 7 } else { 6 };
        assert_eq!(of_text(OPEN, body), [format!("{rule} policies/a.md:{line}")], "{body}");
    }
    for body in
        ["{{ organization.name }} acts.", "{{ \"{{ company }}\" }}", "A `TBD` is no text.", "Acme acts."]
    {
        assert!(of_text(OPEN, body).is_empty(), "{body}: {:?}", of_text(OPEN, body));
    }
}

#[test]
fn an_approval_has_an_approver_and_a_day_po_02() {
    for (entry, expected) in [
        ("{ version: \"1\", by: bob, on: 2025-12-01, effective: 2025-12-01, text: HASH }", 0),
        ("{ version: \"1\", on: 2025-12-01, effective: 2025-12-01, text: HASH }", 1),
        ("{ version: \"1\", by: bob, effective: 2025-12-01, text: HASH }", 1),
        ("{ version: \"1\" }", 4),
    ] {
        let approvals =
            format!("approvals: [{}]\n", entry.replace("HASH", &format!("\"{}\"", "0f".repeat(32))));
        let found = finds(&["missing-key"], MAY, &[policy("a", &approvals, "Text.")]);
        assert_eq!(found.len(), expected, "{entry}: {found:?}");
    }
}

#[test]
fn one_thing_has_one_number_po_07() {
    let both =
        |a: &str, b: &str| finds(&["numbers-disagree"], MAY, &[policy("a", "", a), policy("b", "", b)]);
    for (a, b) in [
        ("A password has at least 12 characters.", "Use a passphrase of 14 characters or more."),
        (
            "The access of a leaver is removed within 24 hours.",
            "After termination each account is disabled within 5 business days.",
        ),
        ("Security logs are kept for 12 months.", "- Logs: retained for 90 days"),
        ("A critical vulnerability is fixed within 7 days.", "Critical patches: resolved within 14 days."),
        ("Links use TLS 1.2 or later.", "TLS 1.3 is the minimum."),
        (
            "Critical vulnerabilities are fixed within 7 days.",
            "High ones wait. Critical findings: fixed in 10 days.",
        ),
        ("The screen locks after 10 minutes idle.", "Sessions lock after fifteen minutes of inactivity."),
    ] {
        assert_eq!(both(a, b), ["numbers-disagree policies/b.md:6"], "{a} {b}");
    }
    let row = "| Length of a password | 8 characters |\n| --- | --- |";
    assert_eq!(both("A password has 12 characters.", row), ["numbers-disagree policies/b.md:6"]);
    let table =
        "## Vulnerabilities: time to fix\n\n| Severity | Within |\n| --- | --- |\n| Critical | 14 days |";
    assert_eq!(
        both("A critical vulnerability is fixed within 7 days.", table),
        ["numbers-disagree policies/b.md:10"]
    );
    for (a, b) in [
        ("A password has at least 12 characters.", "An administrator password has 16 characters."),
        (
            "A password has 12 characters.",
            "A password has 14 characters, of old it has 8 characters as a password.",
        ),
        (
            "The access of a leaver is removed within 24 hours.",
            "The account of a leaver is disabled within one business day.",
        ),
        ("Logs are kept for 12 months.", "Logs are kept for one year, and reviewed every 7 days."),
        ("A critical vulnerability is fixed within 7 days.", "A high vulnerability is fixed within 30 days."),
        ("Backups are kept for 30 days.", "Logs are kept for 90 days."),
        ("Training is due within 30 days of hire.", "Policies are acknowledged within 14 days of hire."),
    ] {
        assert!(both(a, b).is_empty(), "{a} {b}: {:?}", both(a, b));
    }
}

#[test]
fn a_policy_keeps_what_customers_were_promised_po_08() {
    let promised = |promise: &str, body: &str| {
        let row = format!("- {{ id: x, source: Contract, controls: [c], {promise} }}\n");
        let files = [policy("a", "", body), ("registers/commitments.yaml".to_owned(), row)];
        finds(&["policy-weaker-than-commitment"], MAY, &files)
    };
    let breach = "text: Customers are told of a breach within 48 hours.";
    let uptime = "text: Monthly uptime, metric: 99.9 %";
    for (promise, body, weaker) in [
        (breach, "Customers are told of a breach within 72 hours.", true),
        (breach, "Breaches are notified within 3 days.", true),
        (breach, "Customers are told of a breach within 24 hours.", false),
        (breach, "The regulator is told of a breach within 72 hours.", false),
        (uptime, "The service is available 99.5 % of a month.", true),
        (uptime, "The service is available 99.95 % of a month.", false),
        ("text: Recovery time objective of 4 hours", "The recovery time objective is 8 hours.", true),
        ("text: We are good", "The recovery time objective is 8 hours.", false),
    ] {
        assert_eq!(promised(promise, body).len(), usize::from(weaker), "{promise} {body}");
    }
}

#[test]
fn nothing_is_said_of_what_is_not_there_po_09() {
    let rules = &["boilerplate-left"];
    for body in [
        "Our data center has guards.",
        "Badge readers stand at the door.",
        "Records are kept as HIPAA asks.",
        "Cardholder data is encrypted.",
        "Backup tapes are locked away.",
    ] {
        assert_eq!(of_text(rules, body), ["boilerplate-left policies/a.md:6"], "{body}");
    }
    for body in [
        "The hosting provider guards its data centers and their badge readers.",
        "We do not hold cardholder data.",
        "Staff carry their badge.",
    ] {
        assert!(of_text(rules, body).is_empty(), "{body}");
    }
    let vendor = "- { id: v, service: payments under PCI DSS, owner: alice, tier: low }\n".to_owned();
    let files =
        [policy("a", "", "Cardholder data is encrypted."), ("registers/vendors.yaml".to_owned(), vendor)];
    assert!(finds(rules, MAY, &files).is_empty());
}

#[test]
fn controls_and_policies_find_each_other_po_10() {
    let control = "id: c\ntitle: T\ndescription: Each quarter alice reviews it.\nowner: alice\nstatus: draft\ncadence: quarterly\n\
                   criteria: [CC6.2]\npolicies: [b]\n";
    let files = [policy("a", "", "Text."), ("controls/c.yaml".to_owned(), control.to_owned())];
    let found = finds(&["unknown-policy", "policy-without-control"], MAY, &files);
    assert_eq!(found, ["policy-without-control policies/a.md:2", "unknown-policy controls/c.yaml:8"]);
}

#[test]
fn what_one_exception_breaks_is_not_claimed_po_12() {
    let rules = &["absolute-claim"];
    for word in
        ["all", "always", "never", "immediately", "in real time", "real-time", "100 %", "at all times"]
    {
        let body = format!("Laptops are {word} encrypted.");
        assert_eq!(of_text(rules, &body), ["absolute-claim policies/a.md:6"], "{word}");
    }
    assert!(
        of_text(rules, "# All of it\n\nEach laptop is encrypted; not all are new. Run `all`.").is_empty()
    );
}

#[test]
fn what_is_demanded_is_carried_out() {
    let control = |policies: &str| {
        let text = format!(
            "id: c\ntitle: T\ndescription: Each quarter alice reviews it.\nowner: alice\nstatus: draft\n\
             cadence: quarterly\ncriteria: [CC6.2]\npolicies: [{policies}]\n"
        );
        ("controls/c.yaml".to_owned(), text)
    };
    let body = "## One\n\nStaff must act.\n\n### Two\n\nStaff shall act.\n\n## Three\n\nThey act.\n\n## Four\n\nThey must.";
    let with = |policies: &str| {
        finds(&["promise-without-control"], MAY, &[policy("a", "", body), control(policies)])
    };
    assert_eq!(with("a#one"), ["promise-without-control policies/a.md:20"]);
    assert_eq!(with("a#two, a#four"), ["promise-without-control policies/a.md:8"]);
    assert!(with("a").is_empty() && with("a#one, a#four").is_empty());
}
