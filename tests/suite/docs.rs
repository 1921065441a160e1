//! Documents that would lie if nobody looked: generated pages are compared, README commands exist.

use std::fs;

use soc2::record::{Choice, Key, Kind, Shape};

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

/// The same for the part of a page between `<!-- NAME: … -->` and `<!-- end of NAME -->`.
fn generated_part(path: &str, name: &str, text: &str) {
    let page = fs::read_to_string(root().join(path)).unwrap();
    let (before, rest) =
        page.split_once(&format!("<!-- {name}: ")).unwrap_or_else(|| panic!("{path}: {name}"));
    let (said, rest) = rest.split_once(" -->\n").unwrap();
    let (_, after) = rest.split_once(&format!("<!-- end of {name} -->")).unwrap();
    generated(path, &format!("{before}<!-- {name}: {said} -->\n{text}<!-- end of {name} -->{after}"));
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

/// Every record with all its keys, and every list of words, as `soc2 explain` prints them.
#[test]
fn the_keys_of_every_record_are_fresh() {
    let (mut out, mut told) = (String::new(), Vec::new());
    for file in soc2::schema::files() {
        let paths: Vec<String> = file.paths().iter().map(|path| format!("`{path}`")).collect();
        let (holds, name) = (file.holds(), file.name);
        for (nth, shape) in soc2::schema::gathered(file.shape).into_iter().enumerate() {
            if told.contains(&shape.name) {
                continue;
            }
            told.push(shape.name);
            if nth == 0 {
                let place = format!("{}: {holds}; `soc2 schema {name}`", paths.join(", "));
                out.push_str(&format!("\n### Keys: {}\n\n{place}. {}", shape.name, keys(shape)));
            } else {
                out.push_str(&format!("\n#### Keys: {}\n\n{}", shape.name, keys(shape)));
            }
        }
    }
    out.push_str("\n### Words\n");
    for choice in soc2::schema::choices() {
        out.push_str(&format!("\n#### Words: {}\n\n{}", choice.name, words(choice)));
    }
    out.push('\n');
    generated_part("docs/formats.md", "keys", &out);
    let missing = soc2::schema::shapes().into_iter().find(|shape| !told.contains(&shape.name));
    assert!(missing.is_none(), "{missing:?}");
}

/// The map from schemas to files that a user copies into the settings of an editor.
#[test]
fn the_settings_of_editors_are_fresh() {
    let files = soc2::schema::files();
    let maps = files.iter().filter(|file| file.name != "soc2.toml" && file.holds() != "front matter");
    let maps: Vec<(String, Vec<String>)> = maps
        .map(|file| {
            let quoted = file.paths().iter().map(|path| format!("\"{path}\"")).collect();
            (format!("\".soc2/schemas/{}.json\"", file.name), quoted)
        })
        .collect();
    let json: Vec<String> =
        maps.iter().map(|(schema, paths)| format!("    {schema}: [{}]", paths.join(", "))).collect();
    let json = format!("```json\n{{\n  \"yaml.schemas\": {{\n{}\n  }}\n}}\n```\n", json.join(",\n"));
    generated_part("docs/editors.md", "vscode", &json);
    let lua: Vec<String> = maps
        .iter()
        .map(|(schema, paths)| format!("      [{schema}] = {{ {} }},\n", paths.join(", ")))
        .collect();
    let lua = format!(
        "```lua\nvim.lsp.config('yamlls', {{\n  settings = {{ yaml = {{\n    schemas = {{\n{}    }},\n  }} }},\n}})\n\
         vim.lsp.enable({{ 'yamlls', 'taplo' }})\n```\n",
        lua.concat()
    );
    generated_part("docs/editors.md", "neovim", &lua);
}

/// A reader looks a word up under the name it has in files, messages and types.
#[test]
fn the_glossary_has_every_file_and_row_and_names_types_that_exist() {
    let text = fs::read_to_string(root().join("docs/glossary.md")).unwrap();
    let headings: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let twice = headings.iter().find(|heading| headings.iter().filter(|other| other == heading).count() > 1);
    assert_eq!(twice, None, "told twice");
    let mut missing: Vec<&str> = soc2::schema::files()
        .iter()
        .filter(|file| file.holds() != "one record")
        .map(|file| file.shape.name)
        .filter(|name| !headings.contains(name))
        .collect();
    let source: String = crate::support::files_below("src")
        .iter()
        .filter(|path| path.ends_with(".rs"))
        .map(|path| fs::read_to_string(root().join(path)).unwrap())
        .collect();
    for sentence in text.split(['.', ';']).filter(|part| part.trim_start().starts_with("Type")) {
        let names =
            sentence.split('`').skip(1).step_by(2).filter(|name| name.starts_with(char::is_uppercase));
        missing.extend(names.filter(|name| {
            !["struct", "enum"].iter().any(|item| source.contains(&format!("{item} {name}")))
        }));
    }
    assert_eq!(missing, [""; 0]);
}

fn keys(shape: &Shape) -> String {
    let mut out = format!("{}\n\n| key | holds | meaning |\n| --- | --- | --- |\n", a_line(shape.docs));
    for key in shape.keys {
        out.push_str(&format!("| `{}` | {} | {} |\n", key.name, held(key), a_line(&key.meaning())));
    }
    out
}

fn words(choice: &Choice) -> String {
    let mut out = format!("{}\n\n| word | meaning |\n| --- | --- |\n", a_line(choice.docs));
    for (word, meaning) in choice.words {
        out.push_str(&format!("| `{word}` | {} |\n", a_line(meaning)));
    }
    out
}

/// What a key holds, with links to records and words.
fn held(key: &Key) -> String {
    let link =
        |part: &str, name: &str| format!("[{name}](#{part}-{})", name.replace(' ', "-").replace('.', ""));
    let records = key.records().into_iter().map(|shape| (shape.name, link("keys", shape.name)));
    let words = key.choices().into_iter().map(|choice| (choice.name, link("words", choice.name)));
    let links: Vec<(&str, String)> = records.chain(words).collect();
    match links.as_slice() {
        [(name, link)] if !matches!(key.kind, Kind::Either(..)) => key.holds().replacen(name, link, 1),
        [] => key.holds(),
        several => {
            let links: Vec<&str> = several.iter().map(|(_, link)| &**link).collect();
            format!("{}: {}", key.holds(), links.join(", "))
        }
    }
}

fn a_line(docs: &str) -> String {
    docs.trim().replace("\n ", " ").replace('|', "\\|")
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
