//! Documents that would lie if nobody looked: generated pages are compared, README commands exist.

use std::fs;

use crate::support::{Folder, root};

/// Compares a generated page with the committed one; `BLESS=1 cargo test` writes it.
pub(crate) fn generated(path: &str, text: &str) {
    let file = root().join(path);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&file, text).unwrap();
    }
    let committed = fs::read_to_string(&file).unwrap_or_default();
    assert!(committed == text, "{path} is stale: BLESS=1 cargo test");
}

#[test]
fn the_rules_page_is_fresh() {
    let mut text = String::from(
        "# Rules\n\nGenerated from the rules themselves (`src/rules/`); `soc2 explain RULE` prints the same.\n",
    );
    for rule in soc2::rules::RULES {
        text.push_str(&format!("\n#{}", soc2::commands::explain::rule_page(rule).replace("\n## ", "\n### ")));
    }
    generated("docs/rules.md", &text);
}

#[test]
fn the_changes_page_is_fresh() {
    use soc2::change::{Effect, KINDS};
    let mut text = String::from(
        "# Changes\n\nGenerated from the kinds themselves (`src/change/`); `soc2 explain KIND` prints the same.\n",
    );
    for (effect, meaning) in Effect::MEANINGS {
        text.push_str(&format!(
            "\n## {}\n\nIt {meaning}.\n\n| kind | what happened | why it matters |\n| --- | --- | --- |\n",
            effect.name()
        ));
        for kind in KINDS.iter().filter(|kind| kind.effect == *effect) {
            text.push_str(&format!("| `{}` | {} | {} |\n", kind.name, kind.brief, kind.why));
        }
    }
    generated("docs/changes.md", &text);
    let folder = Folder::new();
    let list = folder.run("explain changes").stdout;
    for kind in KINDS {
        assert!(list.contains(kind.name), "{}", kind.name);
    }
    let page = folder.run("explain cadence-loosened").stdout;
    assert!(page.starts_with("# cadence-loosened\n") && page.contains("regression"), "{page}");
    assert!(folder.run("explain cadence-losened").stderr.contains("did you mean `cadence-loosened`?"));
}

/// The help of every verb below a command, and of the verbs below those.
fn verbs(command: &mut clap::Command, above: &str, text: &mut String) {
    for verb in command.get_subcommands_mut().filter(|verb| verb.get_name() != "help") {
        let name = format!("{above}{}", verb.get_name());
        let help = verb.render_long_help();
        text.push_str(&format!("\n## {name}\n\n```text\n{help}```\n"));
        verbs(verb, &format!("{name} "), text);
    }
}

#[test]
fn the_cli_page_is_fresh() {
    use clap::CommandFactory;
    let mut command = soc2::cli::Cli::command().term_width(100);
    command.build();
    let mut text = String::from(
        "# Command line\n\nGenerated from the flags themselves; `soc2 help VERB` prints the same.\n",
    );
    text.push_str(&format!("\n```text\n{}```\n", command.render_long_help()));
    verbs(&mut command, "", &mut text);
    let trimmed: String = text.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    generated("docs/cli.md", &trimmed);
}

#[test]
fn the_readme_opens_with_two_commands() {
    let text = fs::read_to_string(root().join("README.md")).unwrap();
    let block = text.split("```sh\n").nth(1).unwrap().split("```").next().unwrap();
    let commands: Vec<&str> = block.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(
        commands,
        [
            "cargo run --release --no-default-features --example company -- target/acme && cargo run --release --no-default-features -- check -C target/acme --at 2026-06-30",
            "cargo test"
        ],
        "the README's opening"
    );
}

#[test]
fn explain_knows_everything_it_names() {
    let folder = Folder::new();
    for name in [
        "rules",
        "criteria",
        "keys",
        "states",
        "control",
        "control.cadence",
        "CC6.1",
        "cc6.1",
        "cadence",
        "quarterly",
        "planned-only",
        "unknown-criterion",
        "people",
        "person",
        "soc2.toml",
        "evidence-kind",
    ] {
        let ran = folder.run(&format!("explain {name}"));
        assert_eq!(ran.code, 0, "{name}: {}", ran.stderr);
        assert!(!ran.stdout.is_empty());
    }
    for (state, part) in [
        ("missed", "State of a slot"),
        ("late", "State of a slot"),
        ("not-yet-operated", "Operation of a control"),
        ("at-risk", "Verdict on a criterion"),
        ("due-for-review", "State of a policy"),
        ("state", "# Operation of a control"),
    ] {
        let ran = folder.run(&format!("explain {state}"));
        assert!(ran.stdout.contains(part), "{state}: {}{}", ran.stdout, ran.stderr);
    }
    assert!(folder.run("explain misssed").stderr.contains("did you mean `missed`?"));
    let ran = folder.run("explain unknown-criterio");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("did you mean `unknown-criterion`?"), "{}", ran.stderr);
    assert!(folder.run("explain CC6.11").stderr.contains("CC6.1"));
    let all = folder.run("explain --all");
    for rule in soc2::rules::RULES {
        assert!(all.stdout.contains(&format!("## {}\n", rule.name)), "{}", rule.name);
    }
}

#[test]
fn completions_exist_for_shells() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = folder.run(&format!("completions {shell}"));
        assert_eq!(ran.code, 0);
        assert!(ran.stdout.contains("explain"), "{shell}");
    }
}
