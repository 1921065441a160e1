//! The recipes as data: sound by themselves, told in `docs/recipes.md`, and each one followed with a stand-in, its manifest
//! read back without a fault.

use std::collections::BTreeSet;

use soc2::model::Text;
use soc2::recipe::{self, Printed, Program, Recipe, placeholders};

use crate::docs::generated;

fn text(text: &Option<Text>) -> &str {
    text.as_ref().map_or("", |text| text.value.trim())
}

fn program(recipe: &Recipe) -> Program {
    recipe::program(recipe.program()).unwrap_or_else(|| panic!("{}: no such program", recipe.id.value))
}

#[test]
fn every_recipe_is_sound() {
    let all = recipe::all();
    assert!(all.len() >= 30, "{}", all.len());
    let controls: BTreeSet<String> =
        soc2::catalogue::all().iter().map(|entry| entry.control.id.value.to_string()).collect();
    let mut wrong = Vec::new();
    for recipe in &all {
        let id = &*recipe.id.value;
        let mut say = |what: String| wrong.push(format!("{id}: {what}"));
        let program = program(recipe);
        if recipe.permissions.is_empty() || recipe.controls.is_empty() || recipe.arguments.is_empty() {
            say("lacks permissions, controls or arguments".to_owned());
        }
        for control in recipe.controls.iter().filter(|control| !controls.contains(&*control.value)) {
            say(format!("`{}` is no control of the catalogue", control.value));
        }
        let settings: Vec<&str> = recipe.settings.iter().map(|setting| &*setting.id.value).collect();
        let mut used = BTreeSet::new();
        for argument in recipe.every_argument(Some(&program)) {
            used.extend(placeholders(argument));
            // No shell reads them; none of these is in a request, a query or a flag that only reads.
            for sign in ["$(", "`", ";", "&&", "||", "|", ">", "<", "\n", "\\"] {
                if argument.contains(sign) {
                    say(format!("`{argument}` holds {sign:?}"));
                }
            }
        }
        for name in used.iter().filter(|name| !settings.contains(name)) {
            say(format!("`{{{name}}}` is no setting"));
        }
        for name in settings.iter().filter(|name| !used.contains(*name)) {
            say(format!("the setting `{name}` is not used"));
        }
        for setting in &recipe.settings {
            if recipe::refused(text(&setting.example)).is_some() {
                say(format!("the example of `{}` would be refused", setting.id.value));
            }
        }
        if settings.contains(&"from") != settings.contains(&"to") {
            say("has one of `from` and `to`".to_owned());
        }
        let end = match recipe.format() {
            Printed::Json => ".json",
            Printed::Csv => ".csv",
            Printed::Text => ".txt",
        };
        if !recipe.file().ends_with(end) {
            say(format!("{} is not named after its format", recipe.file()));
        }
        if recipe.population.is_some() && recipe.format() == Printed::Text {
            say("nobody counts the items of a text".to_owned());
        }
        if recipe.title().ends_with('.') || !text(&recipe.shows).ends_with('.') {
            say("a title has no full stop, and what it shows is said in sentences".to_owned());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Does a command of that program only read?
fn only_reads(program: &str, arguments: &[&str]) -> bool {
    let starts = |words: &[&str]| arguments.first().is_some_and(|first| words.contains(first));
    let none = |flags: &[&str]| {
        arguments.iter().all(|argument| !flags.iter().any(|flag| argument.starts_with(flag)))
    };
    let asks = |argument: &&str| argument.starts_with("select ");
    match program {
        "gh" => {
            let plain = starts(&["api", "--version"])
                && none(&["-X", "--method", "-F", "--field", "--input", "query=mutation"]);
            // Fields make it a POST, which only a query is.
            plain && (!arguments.contains(&"-f") || arguments.get(1) == Some(&"graphql"))
        }
        "aws" => {
            let verb = arguments.get(1).copied().unwrap_or("");
            starts(&["--version"])
                || ["get-", "list-", "describe-"].iter().any(|start| verb.starts_with(start))
        }
        "gcloud" => {
            arguments.iter().any(|word| ["list", "get-iam-policy", "get-value", "--version"].contains(word))
        }
        "gam" => starts(&["print", "report", "version"]),
        "curl" => none(&[
            "-X",
            "--request",
            "-d",
            "--data",
            "-T",
            "--upload",
            "-F",
            "--form",
            "--json",
            "-o",
            "--output",
        ]),
        "osqueryi" => starts(&["--version"]) || (arguments.len() == 2 && arguments.last().is_some_and(asks)),
        "kubectl" => starts(&["get", "version"]) || arguments.starts_with(&["auth", "whoami"]),
        "psql" => starts(&["--version"]) || (none(&["--file", "-f"]) && arguments.last().is_some_and(asks)),
        _ => false,
    }
}

#[test]
fn no_recipe_changes_anything() {
    for recipe in recipe::all() {
        let program = program(&recipe);
        let count = recipe.population.as_ref().and_then(|items| items.completeness.as_ref()?.count.as_ref());
        let around = [program.version.as_ref(), program.account.as_ref(), count].into_iter().flatten();
        let commands = around.map(|question| &question.arguments).chain([&recipe.arguments]);
        for arguments in commands {
            let words: Vec<&str> = arguments.iter().map(|argument| &*argument.value).collect();
            assert!(only_reads(recipe.program(), &words), "{}: {words:?}", recipe.id.value);
        }
    }
    assert!(
        !only_reads("gh", &["api", "-X", "DELETE", "user"]) && !only_reads("aws", &["iam", "delete-user"])
    );
    assert!(
        !only_reads("psql", &["--command", "drop table x"]) && !only_reads("kubectl", &["delete", "pod"])
    );
}

#[test]
fn the_recipes_page_is_fresh() {
    let mut page = String::from(
        "# Recipes\n\nGenerated from the recipes themselves (`templates/recipes/`); `soc2 evidence capture --list` prints them too.\n\n\
         A recipe is a command that shows what a system holds: `soc2 evidence capture --control ID --recipe NAME --set KEY=VALUE`.\n\
         It runs as you, with the account that your own program is signed in to, and only when you ask; `soc2 check` runs nothing.\n\
         The command is shown before it runs. Every recipe only reads; give the account no more than the rights named here.\n",
    );
    let all = recipe::all();
    for program in recipe::programs(&mut Vec::new()) {
        page.push_str(&format!("\n## {}: {}\n\n", program.id.value, text(&program.title)));
        page.push_str(&format!("Sign in: {}.\n", text(&program.sign_in)));
        let pages: Vec<&str> = program.documentation.iter().map(|page| &*page.value).collect();
        page.push_str(&format!("Flags and fields are those of {}.\n", pages.join(", ")));
        for recipe in all.iter().filter(|recipe| recipe.program() == &*program.id.value) {
            page.push_str(&told(recipe));
        }
    }
    generated("docs/recipes.md", &page);
}

fn told(recipe: &Recipe) -> String {
    let mut out = format!(
        "\n### {}\n\n{}. {}\n\n```sh\n{}",
        recipe.id.value,
        recipe.title(),
        text(&recipe.shows),
        recipe.program()
    );
    for argument in &recipe.arguments {
        out.push_str(&format!(" {}", quoted(&argument.value)));
    }
    out.push_str("\n```\n\n");
    for setting in &recipe.settings {
        out.push_str(&format!(
            "- `{}`: {}, such as `{}`\n",
            setting.id.value,
            text(&setting.meaning),
            text(&setting.example)
        ));
    }
    let needs: Vec<&str> = recipe.permissions.iter().map(|needed| &*needed.value).collect();
    out.push_str(&format!("- Needs: {}\n", needs.join("; ")));
    let controls: Vec<String> =
        recipe.controls.iter().map(|control| format!("`{}`", control.value)).collect();
    let kind = recipe.kind.as_ref().map_or("", |kind| kind.value.word());
    out.push_str(&format!("- Kept as `{}`, {kind}, for {}\n", recipe.file(), controls.join(", ")));
    if let Some(inside) = &recipe.decoded {
        out.push_str(&format!(
            "- `{}` in it, base64, is kept beside it as `{}`\n",
            text(&inside.from),
            text(&inside.file)
        ));
    }
    if let Some(items) = &recipe.population {
        let probe = items.completeness.as_ref().unwrap();
        let mut how = text(&probe.because).to_owned();
        how.push_str(
            &probe
                .more
                .as_ref()
                .map_or_else(String::new, |field| format!("; `{}` names a further page", field.value)),
        );
        how.push_str(
            &probe
                .total
                .as_ref()
                .map_or_else(String::new, |field| format!("; compared with `{}`", field.value)),
        );
        how.push_str(
            &probe
                .page
                .as_ref()
                .map_or_else(String::new, |page| format!("; {} items count as a part", page.value)),
        );
        how.push_str(if probe.count.is_some() { "; compared with what a second command counts" } else { "" });
        out.push_str(&format!("- A population, its key `{}`. Complete: {how}\n", text(&items.key)));
    }
    out
}

fn quoted(argument: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,=+".contains(c);
    if argument.chars().all(plain) {
        argument.to_owned()
    } else {
        format!("'{}'", argument.replace('\'', r"'\''"))
    }
}

#[cfg(unix)]
mod followed {
    use std::collections::BTreeMap;
    use std::fmt::Write;

    use serde_json::{Value, json};

    use super::*;
    use crate::evidence::{good, programme};
    use crate::standin::{stand_in, with_stand_ins_args};
    use crate::support::Folder;

    /// Answers with the file whose arguments are the same, and fails for any other.
    const REPLAY: &str = "for file in replay/*.args; do\n  if [ \"$*\" = \"$(cat \"$file\")\" ]; then exec cat \"${file%.args}.out\"; fi\ndone\n\
         echo \"not asked for: $*\" >&2; exit 9";

    /// A value below the fields of a place.
    fn nested(place: &str, value: Value) -> Value {
        place.rsplit('.').filter(|step| !step.is_empty()).fold(value, |value, step| json!({ step: value }))
    }

    fn merge(into: &mut Value, other: Value) {
        match (into, other) {
            (Value::Object(into), Value::Object(other)) => {
                for (key, value) in other {
                    merge(into.entry(key).or_insert(Value::Null), value);
                }
            }
            (Value::Array(into), other) => into.iter_mut().for_each(|one| merge(one, other.clone())),
            (into, other) => *into = other,
        }
    }

    /// What a program would print for a recipe: two items, and every field it asks for.
    fn printed(recipe: &Recipe) -> String {
        let items = recipe.population.as_deref();
        let key = items.map_or("", |items| text(&items.key));
        match recipe.format() {
            Printed::Csv if key.is_empty() => "name,value\na,1\nb,2\n".to_owned(),
            Printed::Csv => format!("{key},other\na,1\nb,2\n"),
            Printed::Text => "NAME  VALUE\na     1\n".to_owned(),
            Printed::Json => {
                let list = json!([nested(key, json!("a")), nested(key, json!("b"))]);
                let mut all = items.map_or(json!({}), |items| nested(text(&items.at), list));
                let total = items.and_then(|items| items.completeness.as_ref()?.total.as_ref());
                if let Some(total) = total {
                    merge(&mut all, nested(&total.value, json!(2)));
                }
                if let Some(expects) = &recipe.expects {
                    merge(&mut all, nested(&expects.value, json!(false)));
                }
                if let Some(inside) = &recipe.decoded {
                    merge(
                        &mut all,
                        nested(text(&inside.from), json!("dXNlcixtZmFfYWN0aXZlCmFubix0cnVlCg==")),
                    );
                }
                all.to_string()
            }
        }
    }

    fn replay(
        folder: &Folder,
        name: &str,
        arguments: &[Text],
        settings: &BTreeMap<String, String>,
        out: &str,
    ) {
        let words: Vec<String> =
            arguments.iter().map(|argument| recipe::filled(&argument.value, settings)).collect();
        folder
            .write(&format!("replay/{name}.args"), words.join(" "))
            .write(&format!("replay/{name}.out"), out);
    }

    fn follow(folder: &Folder, recipe: &Recipe) {
        let settings: BTreeMap<String, String> = recipe
            .settings
            .iter()
            .map(|setting| (setting.id.value.to_string(), text(&setting.example).to_owned()))
            .collect();
        let _ = std::fs::remove_dir_all(folder.path().join("replay"));
        let program = program(recipe);
        stand_in(folder, recipe.program(), REPLAY);
        replay(folder, "main", &recipe.arguments, &settings, &printed(recipe));
        let count = recipe.population.as_ref().and_then(|items| items.completeness.as_ref()?.count.as_ref());
        let around = [
            ("version", program.version.as_ref(), "1"),
            ("account", program.account.as_ref(), "ann"),
            ("count", count, "2"),
        ];
        for (name, question, answer) in around {
            let Some(question) = question else { continue };
            let out = match &question.field {
                Some(field) => nested(&field.value, json!(answer)).to_string(),
                None => format!("{answer}\n"),
            };
            replay(folder, name, &question.arguments, &settings, &out);
        }
        let mut words: Vec<String> = [
            "evidence",
            "capture",
            "--recipe",
            &recipe.id.value,
            "--control",
            &recipe.controls[0].value,
            "--by",
            "alice",
            "--yes",
        ]
        .map(str::to_owned)
        .to_vec();
        for (name, value) in &settings {
            words.extend(["--set".to_owned(), format!("{name}={value}")]);
        }
        let ran = with_stand_ins_args(folder, &words.iter().map(String::as_str).collect::<Vec<_>>());
        good(&ran);
        assert!(!ran.stderr.contains("warning"), "{}: {}", recipe.id.value, ran.stderr);
    }

    #[test]
    fn each_one_yields_a_manifest_without_a_fault() {
        let folder = programme();
        let all = recipe::all();
        let ids: BTreeSet<&str> = all.iter().map(|recipe| &*recipe.controls[0].value).collect();
        let mut controls = String::new();
        for id in ids {
            writeln!(
                controls,
                "- {{ id: {id}, title: Of {id}, description: It is done as written., owner: security-lead, status: implemented, \
                 effective_from: 2024-06-01, cadence: continuous, type: automated, review: not-required, criteria: [CC6.1] }}"
            )
            .unwrap();
        }
        folder.write("controls/all.yaml", controls);
        for recipe in &all {
            follow(&folder, recipe);
        }
        let check = folder.run("check");
        assert!(check.stdout.contains("no faults"), "{}", check.stdout);
        for rule in ["population-", "environment-", "artifact-", "evidence-in-future", "table-"] {
            assert!(!check.stdout.contains(rule), "{rule}: {}", check.stdout);
        }
        let listed = folder.run("evidence list --format json").stdout;
        let listed: Value = serde_json::from_str(&listed).unwrap();
        assert_eq!(listed["evidence"].as_array().unwrap().len(), all.len());
    }
}
