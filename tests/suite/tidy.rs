//! Guards: what a reviewer would otherwise have to remember.

use std::fs;

use crate::support::{files_below, root};

/// The table of ARCHITECTURE.md: each module and those it may use.
fn imports() -> Vec<(String, Vec<String>)> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let table = text.split("| module | may use |").nth(1).unwrap();
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let names = |cell: &str| -> Vec<String> {
        cell.split(',')
            .map(|name| name.trim().trim_matches('`').to_owned())
            .filter(|name| name != "nothing")
            .collect()
    };
    rows.flat_map(|row| {
        let mut cells = row.trim_matches('|').split('|');
        let (modules, allowed) = (names(cells.next().unwrap()), names(cells.next().unwrap()));
        modules.into_iter().map(move |module| (module, allowed.clone()))
    })
    .collect()
}

/// Source files above 500 lines, each with the reason.
const LONG: &[(&str, &str)] = &[
    ("src/model/registers.rs", "sixteen registers, one declaration each; a table, not logic"),
    ("src/rules.rs", "the registry: two lines a rule"),
    ("tests/suite/rulings.rs", "one test a ruling, in their order"),
];

/// The part of a source file that is not its unit tests.
fn without_tests(text: &str) -> &str {
    text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or(text)
}

fn module(path: &str) -> String {
    let rest = path.strip_prefix("src/").unwrap_or(path);
    rest.split(['/', '.']).next().unwrap_or(rest).to_owned()
}

#[test]
fn imports_go_one_way() {
    let table = imports();
    assert!(table.len() > 15, "ARCHITECTURE.md has lost its table");
    let mut wrong = Vec::new();
    for path in files_below("src") {
        let module = module(&path);
        if module == "lib" || path.ends_with("/tests.rs") {
            continue;
        }
        let Some((_, allowed)) = table.iter().find(|(name, _)| *name == module) else {
            wrong.push(format!("{path}: `{module}` is not in the table"));
            continue;
        };
        let text = fs::read_to_string(root().join(&path)).unwrap();
        for (n, line) in without_tests(&text).lines().enumerate() {
            let code = line.split("//").next().unwrap_or(line);
            for part in code.split("crate::").skip(1).chain(code.split("soc2::").skip(1)) {
                let names: Vec<&str> = match part.strip_prefix('{') {
                    Some(list) => list.split(['}', ',']).map(str::trim).collect(),
                    None => vec![part.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("")],
                };
                for name in names {
                    let known = table.iter().any(|(module, _)| module == name);
                    if known && name != module && !allowed.iter().any(|allowed| allowed == name) {
                        wrong.push(format!("{path}:{}: `{module}` may not import `{name}`", n + 1));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Rules and timeline are pure; only `source`, `git`, `ui` and `commands` touch the outside world.
#[test]
fn the_outside_world_is_touched_in_few_places() {
    let mut wrong = Vec::new();
    for path in files_below("src") {
        let module = module(&path);
        let text = fs::read_to_string(root().join(&path)).unwrap();
        for (n, line) in without_tests(&text).lines().enumerate() {
            let code = line.split("//").next().unwrap_or(line);
            let disk = ["std::fs", "fs::"].iter().any(|word| code.contains(word));
            let world =
                ["std::net", "std::process::Command", "std::env::"].iter().any(|word| code.contains(word));
            let may_disk = matches!(module.as_str(), "source" | "git" | "ui" | "commands");
            let may_world = matches!(module.as_str(), "git" | "ui");
            if (disk && !may_disk) || (world && !may_world) {
                wrong.push(format!("{path}:{}: {}", n + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn everything_is_registered() {
    let mut missing = Vec::new();
    let registries = [("src/rules/", "src/rules.rs", "RULE"), ("src/output/", "src/output.rs", "FORMAT")];
    for (folder, registry, item) in registries {
        let text = fs::read_to_string(root().join(registry)).unwrap();
        for path in files_below(folder.trim_end_matches('/')) {
            let name = path.strip_prefix(folder).unwrap().trim_end_matches(".rs");
            let source = fs::read_to_string(root().join(&path)).unwrap();
            if !source.contains(&format!("static {item}: ")) {
                continue;
            }
            for line in [format!("mod {name};"), format!("&{name}::{item},")] {
                if !text.replace("&[&", "&[\n&").replace(", &", ",\n&").replace("];", ",\n];").contains(&line)
                {
                    missing.push(format!("{registry} has no `{line}`"));
                }
            }
            let declared =
                source.split("name: \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("");
            if item == "RULE" && declared.replace('-', "_") != name {
                missing.push(format!("{path} declares the rule `{declared}`"));
            }
        }
    }
    let kinds = fs::read_to_string(root().join("src/change.rs")).unwrap();
    for path in files_below("src/change") {
        let name = path.strip_prefix("src/change/").unwrap().trim_end_matches(".rs");
        let source = fs::read_to_string(root().join(&path)).unwrap();
        for part in source.split("static ").skip(1).filter(|part| part.contains(": Kind = Kind {")) {
            let item = part.split(':').next().unwrap_or("");
            let is_kind = part.trim_start_matches(item).starts_with(": Kind = Kind {");
            if is_kind && !kinds.contains(&format!("    &{name}::{item},")) {
                missing.push(format!("src/change.rs has no `&{name}::{item},`"));
            }
        }
    }
    let built_in = fs::read_to_string(root().join("src/framework.rs")).unwrap();
    for path in files_below("frameworks") {
        if !built_in.contains(&path) {
            missing.push(format!("src/framework.rs does not embed {path}"));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// Rules named by code that reads files must exist, or their finds would have no docs and no level.
#[test]
fn every_rule_named_in_code_exists() {
    let mut wrong = Vec::new();
    for path in files_below("src") {
        let text = fs::read_to_string(root().join(&path)).unwrap();
        let text = without_tests(&text);
        for marker in ["Diagnostic::new(\"", "Diagnostic::new(\n", "rule: \"", "disk, \""] {
            for part in text.split(marker).skip(1) {
                let part = part.trim_start().trim_start_matches('"');
                let name = part.split('"').next().unwrap_or("");
                let rule_like = name.contains('-')
                    && name.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c.is_ascii_digit());
                if rule_like && soc2::rules::find(name).is_none() {
                    wrong.push(format!("{path}: `{name}` is not a rule"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_stay_small() {
    let mut long = Vec::new();
    for path in files_below("src").into_iter().chain(files_below("tests")) {
        if !path.ends_with(".rs") {
            continue;
        }
        let lines = fs::read_to_string(root().join(&path)).unwrap().lines().count();
        let excused = LONG.iter().any(|(name, _)| *name == path);
        if lines > 500 && !excused {
            long.push(format!("{path}: {lines} lines; split it, or list it with a reason"));
        }
        if lines <= 500 && excused {
            long.push(format!("{path}: {lines} lines; take it off the list"));
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn paths_named_in_docs_exist() {
    let mut missing = Vec::new();
    for doc in ["ARCHITECTURE.md", "CONTRIBUTING.md", "AGENTS.md", "README.md"] {
        let text = fs::read_to_string(root().join(doc)).unwrap();
        for word in text.split(|c: char| c.is_whitespace() || matches!(c, '`' | '(' | ')' | ',' | ';' | '|'))
        {
            let word = word.trim_end_matches(['.', ':']);
            let prefixes =
                ["src/", "tests/", "docs/", "templates/", "frameworks/", "benches/", "fuzz/", "examples/"];
            let is_path = prefixes.iter().any(|prefix| word.starts_with(prefix))
                && !word.contains(['<', '*', '{', '…']);
            if is_path && !root().join(word).exists() {
                missing.push(format!("{doc} names {word}"));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn the_glossary_has_the_words() {
    let text = fs::read_to_string(root().join("docs/glossary.md")).unwrap().to_lowercase();
    let words = [
        "framework",
        "criterion",
        "point of focus",
        "control",
        "policy",
        "procedure",
        "evidence",
        "occurrence",
        "slot",
        "population",
        "sample",
        "audit",
        "exception",
        "waiver",
        "register",
        "request",
        "programme",
        "diagnostic",
        "gap",
    ];
    for word in words {
        assert!(text.contains(&format!("## {word}\n")), "docs/glossary.md has no `## {word}`");
    }
}

/// The hard rule: no certified, passed or compliant in anything a user reads; ids and own paraphrases only.
#[test]
fn no_output_claims_what_only_an_auditor_says() {
    let mut found = Vec::new();
    let shipped =
        files_below("src").into_iter().chain(files_below("templates")).chain(files_below("frameworks"));
    for path in shipped {
        if path.starts_with("templates/fonts/") {
            continue;
        }
        let text = fs::read_to_string(root().join(&path)).unwrap();
        for (n, line) in text.lines().enumerate() {
            let lower = line.to_lowercase();
            for claim in
                ["soc 2 certified", "soc 2 compliant", "passes soc 2", "passed soc 2", "soc2 certified"]
            {
                if lower.contains(claim) {
                    found.push(format!("{path}:{}: {claim}", n + 1));
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_command_line_is_sound() {
    use clap::CommandFactory;
    soc2::cli::Cli::command().debug_assert();
}

#[test]
fn templates_are_spelled_as_their_readers_spell() {
    let british = [
        "authoris",
        "organis",
        "recognis",
        "prioritis",
        "summaris",
        "anonymis",
        "synchronis",
        "minimis",
        "categoris",
        "centre",
        "behaviour",
        "labelled",
        "cancelled",
        "licence",
        "defence",
        "favour",
        "colour",
        "judgement",
    ];
    for path in files_below("templates") {
        let kept =
            ["templates/policies/", "templates/procedures/", "templates/narratives/", "templates/controls/"];
        if !kept.iter().any(|folder| path.starts_with(folder)) {
            continue;
        }
        let text = fs::read_to_string(root().join(&path)).unwrap().to_lowercase();
        // The id of a control stays what programmes call it.
        let text = text.replace("prv-unauthorised-disclosures", "");
        for word in british {
            assert!(!text.contains(word), "{path}: {word}");
        }
    }
}
