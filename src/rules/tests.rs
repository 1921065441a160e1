//! Runs the examples in every rule's docs against that rule alone: exactly the marked faults, none in the fixed form.

mod past;

use super::*;
use crate::history::History;
use crate::source::{Position, Sources};
use crate::timeline::Clock;

/// What every example may rest on, unless it brings the file itself.
const GROUND: &[(&str, &str)] = &[
    (
        "soc2.toml",
        "[organization]\nname = \"Acme, Inc.\"\n[system]\nname = \"Acme Cloud\"\n[scope]\n\
         framework = \"soc2-2017-rev2022\"\ncategories = [\"security\", \"availability\"]\n\
         excluded = { confidentiality = \"later\", processing-integrity = \"later\", privacy = \"later\" }\n\
         [[audit]]\nid = \"2026-type2\"\ntype = \"type2\"\nperiod = { from = 2026-01-01, to = 2026-12-31 }\n",
    ),
    (
        "registers/people.yaml",
        "- { id: alice, name: Alice, emails: [alice@acme.com], kind: employee, employed: [{ from: 2024-01-01 }] }\n\
         - { id: bob, name: Bob, emails: [bob@acme.com], kind: employee, employed: [{ from: 2024-01-01 }] }\n",
    ),
    ("registers/roles.yaml", "- { id: security-lead, held: [{ by: alice, from: 2024-01-01 }] }\n"),
];

/// The day every example is judged on.
const AS_OF: jiff::civil::Date = jiff::civil::date(2026, 6, 30);

/// Rules whose examples are prose: they need a disk, and `tests/suite` builds folders that show them.
const NOT_IN_MEMORY: &[&str] = &["file-ignored", "submodule-not-read", "symlink-refused", "unreadable-file"];

/// Rules that look back: the others are judged as on that very day.
const ON_A_PAST_DAY: &[&str] = &["evidence-out-of-view"];

/// A fault an example expects: where, and a part of the message.
#[derive(Debug, PartialEq)]
struct Expected {
    path: String,
    position: Position,
    message: String,
}

struct Example {
    files: Vec<(String, Vec<u8>)>,
    history: History,
    expected: Vec<Expected>,
}

/// The fenced blocks of a section. `#- path` starts a file; a line of `#`, spaces and `^` (or of `^` alone, for
/// column 1) points at the line above and says part of the message; `#! path:line:column part` expects a fault where no caret
/// can stand; `#! commit …` and `#! history …` say what git remembers, as [`past`] explains. A file named `… crlf` has its line ends rewritten; `… bytes` is written in hex.
fn examples(docs: &str, section: &str) -> Vec<Example> {
    let Some(text) = docs.split(&format!("## {section}")).nth(1) else { return Vec::new() };
    let text = text.split("\n## ").next().unwrap_or(text);
    let blocks = text.split("\n```").skip(1).step_by(2);
    blocks.map(|block| example(block.split_once('\n').map_or("", |(_, body)| body))).collect()
}

fn example(block: &str) -> Example {
    let mut files: Vec<(String, String)> = Vec::new();
    let mut expected = Vec::new();
    let mut past = past::Past::default();
    for line in block.lines() {
        if let Some(path) = line.strip_prefix("#- ") {
            files.push((path.to_owned(), String::new()));
        } else if past.takes(line) {
            continue;
        } else if let Some(fault) = line.strip_prefix("#! ") {
            let (place, message) = fault.split_once(' ').unwrap_or((fault, ""));
            let mut parts = place.rsplitn(3, ':');
            let column = parts.next().unwrap().parse().unwrap();
            let line = parts.next().unwrap().parse().unwrap();
            let path = parts.next().unwrap().to_owned();
            expected.push(Expected {
                path,
                position: Position { line, column },
                message: message.to_owned(),
            });
        } else if let Some((path, text)) = files.last_mut() {
            let caret = line.strip_prefix('#').unwrap_or(line).trim_start();
            let caret = (line.starts_with(['#', '^']) && caret.starts_with('^')).then_some(caret);
            match caret {
                Some(rest) => {
                    let column = line.chars().count() - rest.chars().count() + 1;
                    let message = rest.trim_start_matches('^').trim().to_owned();
                    let position = Position { line: text.lines().count(), column };
                    expected.push(Expected { path: path.clone(), position, message });
                }
                None => {
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
    }
    let mut files: Vec<(String, Vec<u8>)> =
        files.into_iter().map(|(path, text)| encode(path, text)).collect();
    for (path, text) in GROUND {
        if !files.iter().any(|(own, _)| own == path) {
            files.push(((*path).to_owned(), text.as_bytes().to_vec()));
        }
    }
    let history = past.history(&files);
    Example { files, history, expected }
}

fn encode(path: String, text: String) -> (String, Vec<u8>) {
    if let Some(path) = path.strip_suffix(" crlf") {
        return (path.to_owned(), text.replace('\n', "\r\n").into_bytes());
    }
    if let Some(path) = path.strip_suffix(" empty") {
        return (path.to_owned(), Vec::new());
    }
    match path.strip_suffix(" bytes") {
        Some(path) => {
            let hex: String = text.split_whitespace().collect();
            let bytes = (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap());
            (path.to_owned(), bytes.collect())
        }
        None => (path, text.into_bytes()),
    }
}

/// What the rule finds in an example, as (place, message).
fn found(rule: &Rule, files: Vec<(String, Vec<u8>)>, history: History) -> Vec<Expected> {
    let mut program = Program::load(Sources::from_memory(files));
    program.history = history;
    let clock = if ON_A_PAST_DAY.contains(&rule.name) { Clock::from(AS_OF) } else { Clock::today(AS_OF) };
    let judgement = Judgement::new(&program, clock, None);
    let report = crate::report::Report::new(&judgement);
    let faults = report.diagnostics.iter().filter(|d| d.rule == rule.name).map(|d| (d.at, d.message.clone()));
    let gaps = report.gaps.iter().filter(|g| g.rule == rule.name).map(|g| (g.at, g.message.clone()));
    let mut all: Vec<Expected> = faults
        .chain(gaps)
        .map(|(at, message)| Expected {
            path: program.sources.path(at.file).to_owned(),
            position: program.sources.position(at),
            message,
        })
        .collect();
    all.sort_by(|a, b| (&a.path, a.position).cmp(&(&b.path, b.position)));
    all
}

#[test]
fn examples_show_exactly_what_they_say() {
    let mut failures = Vec::new();
    for rule in RULES {
        let bad = examples(rule.docs, "Example");
        let fixed = examples(rule.docs, "Fixed");
        if bad.is_empty() || fixed.is_empty() {
            failures.push(format!("{}: needs a bad and a fixed example", rule.name));
        }
        if NOT_IN_MEMORY.contains(&rule.name) {
            continue;
        }
        for Example { files, history, expected } in bad {
            let found = found(rule, files, history);
            let agree = found.len() == expected.len()
                && found.iter().zip(&expected).all(|(f, e)| {
                    f.path == e.path && f.position == e.position && f.message.contains(&e.message)
                });
            if !agree || expected.is_empty() {
                failures.push(format!("{}\n  expected {expected:#?}\n  found {found:#?}", rule.name));
            }
        }
        for Example { files, history, .. } in fixed {
            let found = found(rule, files, history);
            if !found.is_empty() {
                failures.push(format!("{}: its fixed example shows {found:#?}", rule.name));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_rule_says_why() {
    for rule in RULES {
        assert!(!rule.why().is_empty(), "{} does not say why it matters", rule.name);
        assert!(!rule.brief.ends_with('.') && rule.brief.len() < 70, "{}: brief", rule.name);
    }
}

#[test]
fn the_registry_is_sorted() {
    assert!(RULES.windows(2).all(|pair| pair[0].name < pair[1].name));
}

#[test]
fn what_was_mistyped_is_not_missing_too() {
    let control = "id: a\ntitle: A\ndescription: B\nowner: alice\nstatus: implemented\neffective_from: 2026-01-01\n\
                   cadence: quarterly\ncriteria: [CC6.2]\n";
    for (right, wrong, rule) in [
        ("criteria: [CC6.2]", "criteria: CC6.2", "wrong-type"),
        ("criteria: [CC6.2]", "criterias: [CC6.2]", "unknown-key"),
        ("criteria: [CC6.2]", "criteria: *x", "yaml-feature-refused"),
        ("cadence: quarterly", "cadence: as needed", "unknown-word"),
        ("cadence: quarterly", "cadense: quarterly", "unknown-key"),
        ("effective_from: 2026-01-01", "effective_from: 2026-1-1", "invalid-date"),
        ("owner: alice", "owner: [alice]", "wrong-type"),
    ] {
        let ground = GROUND.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
        let text = control.replace(right, wrong).into_bytes();
        let files = ground.chain([("controls/a.yaml".to_owned(), text)]).collect();
        let program = Program::load(Sources::from_memory(files));
        let judgement = Judgement::new(&program, AS_OF, None);
        let report = crate::report::Report::new(&judgement);
        let found: Vec<&str> = report.diagnostics.iter().map(|diagnostic| diagnostic.rule).collect();
        assert_eq!(found, [rule], "{wrong}");
    }
}
