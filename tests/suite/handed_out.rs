//! From `soc2 init` to what a company hands out: scaffolded, variables set, every policy approved by somebody else,
//! published. Nothing in it is left to fill in.

use std::fs;

use jiff::{Timestamp, ToSpan};

use crate::repository::{ALICE, BOB, Person, Repo};
use crate::support::{Ran, ran, soc2};

const SMALL: &str = "--staff 12 --site remote --categories security --type type1 --on 2027-06-30";
const LARGE: &str = "--staff 400 --site office --type type2 --from 2027-01-01 --to 2027-12-31 \
                     --categories security,availability,confidentiality,processing-integrity,privacy";

fn run(repo: &Repo, by: Person, words: &str) -> Ran {
    let mut command = soc2();
    command.current_dir(repo.path()).env("GIT_AUTHOR_EMAIL", by.email).args(words.split_whitespace());
    ran(command)
}

fn good(ran: &Ran) {
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
}

/// A programme of some shape, each number in its variables changed.
pub(crate) fn scaffolded(shape: &str) -> Repo {
    let repo = Repo::new();
    let mut command = soc2();
    command.current_dir(repo.path()).args(["init", ".", "--name", "Acme, Inc.", "--timezone", "UTC"]);
    command.args(["--security-lead", "Alice <alice@acme.example>", "--approver", "Bob <bob@acme.example>"]);
    command.args(["--engineering-lead", "Eve <eve@acme.example>", "--hr-lead", "Hal <hal@acme.example>"]);
    good(&ran({
        command.args(shape.split_whitespace());
        command
    }));
    let config = repo.folder().read("soc2.toml");
    let (head, variables) = config.split_once("[variables]").unwrap();
    let changed = variables.split('\n').map(|line| {
        let number =
            line.split_once(" = ").and_then(|(name, value)| Some((name, value.parse::<u32>().ok()?)));
        number.map_or_else(|| line.to_owned(), |(name, value)| format!("{name} = {}", value + 1))
    });
    let changed: Vec<String> = changed.collect();
    let set = changed.iter().zip(variables.split('\n')).filter(|(new, old)| new != old).count();
    assert!(set >= 20, "{set} variables are numbers");
    repo.write("soc2.toml", format!("{head}[variables]{}", changed.join("\n")));
    for folder in ["policies", "procedures", "narratives"] {
        for id in ids(&repo, folder) {
            let path = format!("{folder}/{id}.md");
            let decided = decided(&repo.folder().read(&path));
            repo.write(&path, decided);
        }
    }
    repo.commit("2026-01-02T12:00:00Z", ALICE, "Programme");
    repo
}

/// A text without the comments that ask for a decision.
fn decided(text: &str) -> String {
    let mut parts = text.split("{%--");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let (comment, rest) = part.split_once("--%}").unwrap();
        if comment.contains("Decide") {
            out.push_str(rest);
        } else {
            out.push_str(&format!("{{%--{comment}--%}}{rest}"));
        }
    }
    out
}

/// The names of a folder's files, without `.md`.
fn ids(repo: &Repo, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(repo.path().join(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut ids: Vec<String> = names.filter_map(|name| Some(name.strip_suffix(".md")?.to_owned())).collect();
    ids.sort();
    ids
}

/// Words in square brackets that are neither a link nor a box to tick.
fn placeholders(text: &str) -> Vec<&str> {
    let starts = text.match_indices('[').map(|(at, _)| &text[at + 1..]);
    let ends = starts.filter_map(|rest| rest.split_once(']'));
    ends.filter(|(words, after)| !after.starts_with('(') && !matches!(*words, " " | "x"))
        .map(|(words, _)| words)
        .collect()
}

#[test]
fn a_small_company_publishes_what_was_approved_with_nothing_left_open() {
    approved_and_published(SMALL, 15, "access-control");
}

#[test]
fn a_large_company_publishes_what_was_approved_with_nothing_left_open() {
    approved_and_published(LARGE, 33, "authentication");
}

/// At least so many policies, and the one that says how long passwords are.
fn approved_and_published(shape: &str, least: usize, sign_in: &str) {
    let now = Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let (effective, day) = (now.saturating_add(1.day()), now.saturating_add(2.days()));
    let repo = scaffolded(shape);
    let policies = ids(&repo, "policies");
    assert!(policies.len() >= least, "{policies:?}");
    for id in &policies {
        good(&run(&repo, BOB, &format!("policy approve {id} --version 1.0 --effective {effective}")));
    }
    let approved = format!("{now}T12:00:00Z");
    repo.commit(&approved, BOB, "Policies approved");
    let checked = run(&repo, ALICE, &format!("check --as-of {day}"));
    good(&checked);
    assert!(checked.stdout.contains("no faults"), "{}", checked.stdout);
    for gap in ["policy-not-approved", "approved-by-author", "approval-before-last-edit"] {
        assert!(!checked.stdout.contains(gap), "{gap}: {}", checked.stdout);
    }

    let forms = if cfg!(feature = "pdf") { "html,md,pdf" } else { "html,md" };
    let render = format!("render --to {forms} --as-of {day}");
    let rendered = run(&repo, ALICE, &render);
    good(&rendered);
    assert_eq!(rendered.stderr, "");
    for (kind, bracketed) in [("policies", false), ("procedures", false), ("narratives", true)] {
        for id in ids(&repo, kind) {
            let text = repo.folder().read(&format!("published/md/{kind}/{id}.md"));
            let page = repo.folder().read(&format!("published/html/{kind}/{id}.html"));
            for left in ["{{", "{%", "{--", "TODO", "DRAFT", "Decide:"] {
                let own = bracketed && left == "DRAFT";
                assert!(own || !text.contains(left), "`{left}` in {kind}/{id}.md");
                assert!(own || !page.contains(left), "`{left}` in {kind}/{id}.html");
            }
            if !bracketed {
                assert_eq!(placeholders(&text), [""; 0], "{kind}/{id}.md");
            }
            if kind == "policies" {
                for fact in ["| Version | 1.0 |", "| Approved by | Bob |"] {
                    assert!(text.contains(fact), "{fact}: {text}");
                }
                assert!(page.contains("Bob"), "{page}");
            }
            if cfg!(feature = "pdf") {
                let file = repo.path().join(format!("published/pdf/{kind}/{id}.pdf"));
                assert!(fs::read(file).unwrap().starts_with(b"%PDF-"), "{kind}/{id}");
            }
        }
    }
    let text = repo.folder().read(&format!("published/md/policies/{sign_in}.md"));
    assert!(text.contains("13 characters") && !text.contains("12 characters"), "{text}");
    let again = run(&repo, ALICE, &format!("{render} --check"));
    assert_eq!((again.code, &*again.stdout), (0, "what is published is what is written\n"), "{again:?}");
}
