//! `soc2 schema`, by the eyes of another program: what the reader takes the schema takes, what it refuses for its shape the
//! schema refuses, in every file that ships.

use std::collections::BTreeMap;
use std::fs;
use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::{Map, Value, json};
use soc2::program::Program;
use soc2::schema::{File, files};
use soc2::source::{FileId, Sources};
use soc2::syntax::{Node, Value as Typed, markdown, toml, yaml};

use crate::support::{Folder, files_below, root};

/// Rules that speak of a record's shape: its keys, types and words. All others need more than one record, or text around it.
pub(crate) const SHAPE: [&str; 7] = [
    "invalid-date",
    "invalid-hash",
    "invalid-id",
    "missing-key",
    "unknown-key",
    "unknown-word",
    "wrong-type",
];

/// What refuses and accepts files of a kind.
pub(crate) fn validator(file: &File) -> &'static Validator {
    static MADE: OnceLock<BTreeMap<&'static str, Validator>> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let made = files().into_iter().map(|file| {
            let schema: Value = serde_json::from_str(&file.schema()).unwrap();
            assert!(jsonschema::meta::is_valid(&schema), "{} is no JSON Schema", file.name);
            let validator = jsonschema::draft202012::options().should_validate_formats(true).build(&schema);
            (file.name, validator.unwrap_or_else(|error| panic!("{}: {error}", file.name)))
        });
        made.collect()
    });
    &made[file.name]
}

/// What a validator has against a file, in lines.
pub(crate) fn complaints(file: &File, instance: &Value) -> Vec<String> {
    let errors = validator(file).iter_errors(instance);
    errors.map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// A tree as this program reads it: every single value is the text that was typed.
pub(crate) fn as_typed(node: &Node<'_>) -> Value {
    converted(node, &|text, _| json!(text))
}

/// The same as other tools read it, which know numbers and truth values where nothing is quoted.
fn as_tools_see(node: &Node<'_>, source: &str) -> Value {
    converted(node, &|text, node| match source.get(node.at.span.range()) {
        Some(raw) if raw == text => plain(text),
        _ => json!(text),
    })
}

fn converted(node: &Node<'_>, single: &dyn Fn(&str, &Node<'_>) -> Value) -> Value {
    match &node.value {
        Typed::Null | Typed::Broken => Value::Null,
        Typed::Scalar(text) | Typed::Cell(text) => single(text, node),
        Typed::List(items) => items.iter().map(|item| converted(item, single)).collect(),
        Typed::Map(entries) => {
            let entries =
                entries.iter().map(|entry| (entry.key.value.to_string(), converted(&entry.value, single)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
    }
}

/// A value without quotes by the core schema of YAML 1.2, which editors read by. TOML's numbers and truth values are among it.
pub(crate) fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return json!(true),
        "false" | "False" | "FALSE" => return json!(false),
        _ => {}
    }
    let unsigned = text.trim_start_matches(['+', '-']);
    let numeric = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && unsigned.contains(|c: char| c.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    let whole = numeric.then(|| text.trim_start_matches('+').parse::<i64>().ok()).flatten();
    let float = numeric.then(|| text.parse::<f64>().ok()).flatten();
    whole.map(|n| json!(n)).or_else(|| float.map(|n| json!(n))).unwrap_or_else(|| json!(text))
}

/// The kind of file at a path, if one has a schema.
fn kind(path: &str) -> Option<File> {
    let matches = |glob: &String| match glob.split_once("**/") {
        Some((folder, name)) => {
            let below = path.strip_prefix(folder);
            below.is_some_and(|below| match name.strip_prefix('*') {
                Some(end) => below.ends_with(end),
                None => below.rsplit('/').next() == Some(name),
            })
        }
        None => match glob.split_once('*') {
            Some((before, after)) => path.starts_with(before) && path.ends_with(after),
            None => path == glob,
        },
    };
    files().into_iter().find(|file| file.paths().iter().any(matches))
}

/// What the reader has against a file's shape.
fn faults(path: &str, text: &str) -> Vec<String> {
    let program = Program::load(Sources::from_memory(vec![(path.to_owned(), text.as_bytes().to_vec())]));
    let shape = program.diagnostics.iter().filter(|fault| SHAPE.contains(&fault.rule));
    shape.map(|fault| format!("{}: {}", fault.rule, fault.message)).collect()
}

/// A file as a tree, if it is of a kind with a schema and its YAML or TOML is whole.
fn read<'t>(path: &str, text: &'t str) -> Option<(File, Node<'t>)> {
    let file = kind(path).filter(|_| !path.ends_with("README.md"))?;
    let mut unread = Vec::new();
    let node = if path.ends_with(".toml") {
        toml::parse(FileId(0), text, &mut unread)
    } else {
        let (source, start) = match path.ends_with(".md").then(|| markdown::parts(text)) {
            Some(parts) => {
                let span = parts?.front_matter;
                (text.get(span.range())?, span.start as usize)
            }
            None => (text, 0),
        };
        yaml::parse(FileId(0), source, start, &mut unread)?
    };
    unread.is_empty().then_some((file, node))
}

/// Every file of an example that [`read`] reads.
pub(crate) fn read_example(name: &str) -> Vec<(File, Node<'static>)> {
    let texts = example(name).into_iter().filter_map(|(path, text)| read(&path, text.leak()));
    texts.collect()
}

/// Reader and schema agree on a file: `Some` says whether both take it, `None` that it is no file with a schema, or no YAML
/// or TOML to begin with.
fn agree(path: &str, text: &str) -> Option<bool> {
    let (file, node) = read(path, text)?;
    let (reader, schema) = (faults(path, text), complaints(&file, &as_typed(&node)));
    assert_eq!(
        reader.is_empty(),
        schema.is_empty(),
        "{path}\nreader {reader:#?}\nschema {schema:#?}\n{text}"
    );
    let seen = complaints(&file, &as_tools_see(&node, text));
    if reader.is_empty() {
        assert!(seen.is_empty(), "{path}, as other tools read it: {seen:#?}\n{text}");
    }
    Some(reader.is_empty())
}

/// How many of these files have a schema, and which of them are refused.
fn judge<'f>(files: impl Iterator<Item = (&'f str, String)>) -> (usize, Vec<String>) {
    let (mut judged, mut refused) = (0, Vec::new());
    for (path, text) in files {
        let outcome = agree(path, &text);
        judged += usize::from(outcome.is_some());
        refused.extend((outcome == Some(false)).then(|| path.to_owned()));
    }
    (judged, refused)
}

fn example(name: &str) -> Vec<(String, String)> {
    let folder = format!("examples/{name}");
    let texts = files_below(&folder).into_iter().filter_map(|path| {
        let text = fs::read_to_string(root().join(&path)).ok()?;
        Some((path.strip_prefix(&format!("{folder}/"))?.to_owned(), text))
    });
    texts.collect()
}

#[test]
fn the_example_programme_is_accepted() {
    let acme = example("acme");
    let (judged, refused) = judge(acme.iter().map(|(path, text)| (&**path, text.clone())));
    assert_eq!(refused, [""; 0]);
    assert!(judged > 200, "{judged}");
}

/// The broken one has a fault of every kind: where reader and schema look at the same thing, they say the same.
#[test]
fn the_broken_example_is_refused_where_its_shape_is_at_fault() {
    let broken = example("acme-broken");
    let (judged, refused) = judge(broken.iter().map(|(path, text)| (&**path, text.clone())));
    assert!(refused.len() >= 2 && judged > 80, "{judged}: {refused:?}");
}

#[test]
fn every_scaffold_is_accepted() {
    for (staff, site, categories) in [
        ("3", "remote", "security"),
        ("20", "office", "security,availability,confidentiality"),
        ("400", "office", "security,availability,confidentiality,processing-integrity,privacy"),
    ] {
        let folder = Folder::new();
        let ran = folder.run_args(&[
            "init",
            "--name",
            "Acme",
            "--staff",
            staff,
            "--site",
            site,
            "--categories",
            categories,
            "--type",
            "type1",
            "--on",
            "2026-06-30",
            "--security-lead",
            "Ann Lee <ann@acme.com>",
        ]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let sources = Sources::read(folder.path()).unwrap();
        let texts = sources.files().map(|(_, file)| (&*file.path, folder.read(&file.path)));
        let (judged, refused) = judge(texts);
        assert_eq!(refused, [""; 0]);
        assert!(judged > 80, "{judged}");
    }
}

#[test]
fn the_built_in_framework_is_accepted() {
    let text = fs::read_to_string(root().join("frameworks/soc2.yaml")).unwrap();
    assert_eq!(agree("frameworks/soc2.yaml", &text), Some(true));
}

/// The files of every example in a rule's docs: whether the example is the bad one, path, text.
fn examples(docs: &str) -> Vec<(bool, String, String)> {
    let mut found: Vec<(bool, String, String)> = Vec::new();
    let (mut bad, mut fenced) = (false, false);
    for line in docs.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            bad = if line.starts_with("## ") { line == "## Example" } else { bad };
        } else if let Some(path) = line.strip_prefix("#- ") {
            found.push((bad, path.to_owned(), String::new()));
        } else if let Some((_, _, text)) = found.last_mut() {
            let caret = line.trim_start_matches('#').trim_start().starts_with('^');
            if !caret && !line.starts_with("#!") {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    found
}

#[test]
fn the_examples_of_the_rules_are_judged_alike() {
    let (mut judged, mut refused) = (0, BTreeMap::<&str, usize>::new());
    for rule in soc2::rules::RULES {
        for (bad, path, text) in examples(rule.docs) {
            let outcome = agree(&path, &text);
            judged += usize::from(outcome.is_some());
            if bad && outcome == Some(false) {
                *refused.entry(rule.name).or_default() += 1;
            }
        }
    }
    for name in SHAPE {
        assert!(refused.contains_key(name), "the bad example of {name} is accepted");
    }
    assert!(judged > 300, "{judged}");
}

/// The blocks of docs/formats.md: how each begins, and the file it shows. What shows a part of a file lacks keys and nothing
/// else.
const BLOCKS: &[(&str, &str, bool)] = &[
    ("required_version = ", "soc2.toml", true),
    ("id: iam-access-review\n", "controls/a.yaml", true),
    ("implemented_by:", "controls/a.yaml", false),
    ("title: Q1 access review", "evidence/a/manifest.yaml", true),
    ("redactions:", "evidence/a/manifest.yaml", false),
    ("# audits/2026-type2/bundles.yaml", "audits/2026-type2/bundles.yaml", true),
    ("# registers/requests.yaml", "registers/requests.yaml", true),
    ("- id: alice\n", "registers/people.yaml", true),
    ("---\nid: access-control\n", "policies/access-control.md", true),
    ("- id: hr-lead-vacant\n", "registers/waivers.yaml", true),
];

#[test]
fn the_files_in_the_docs_are_accepted() {
    let text = fs::read_to_string(root().join("docs/formats.md")).unwrap();
    let blocks: Vec<&str> =
        text.split("\n```").skip(1).step_by(2).filter_map(|b| Some(b.split_once('\n')?.1)).collect();
    for (begins, path, whole) in BLOCKS {
        let block =
            blocks.iter().find(|block| block.starts_with(begins)).unwrap_or_else(|| panic!("{begins}"));
        // An ellipsis stands for the rest of a hash.
        let block = format!("{block}\n").replace("563d…", &"5".repeat(64));
        assert_eq!(agree(path, &block), Some(*whole), "{path}: {block}");
        if !whole {
            assert!(faults(path, &block).iter().all(|fault| fault.starts_with("missing-key")), "{block}");
        }
    }
}

/// A record that no kind of file holds would have no schema, no table in docs/formats.md and no page of `soc2 explain`.
#[test]
fn every_record_stands_in_a_file() {
    let known: Vec<&str> = soc2::schema::shapes().iter().map(|shape| shape.name).collect();
    let (mut seen, mut missing) = (0, Vec::new());
    for path in files_below("src/model") {
        let text = fs::read_to_string(root().join(&path)).unwrap();
        for part in text.split("record! {").skip(1) {
            let name = part.split("(\"").nth(1).and_then(|rest| rest.split("\")").next()).unwrap();
            seen += 1;
            missing.extend((!known.contains(&name)).then(|| format!("{path}: {name}")));
        }
    }
    assert!(missing.is_empty(), "src/schema.rs knows no file with {missing:?}");
    assert!(seen > 50, "{seen}");
}

#[test]
fn a_schema_is_printed_by_each_name_and_a_slip_is_told() {
    let folder = Folder::new();
    let list = folder.run("schema").stdout;
    for file in files() {
        assert!(list.lines().any(|line| line.starts_with(file.name)), "{list}");
        let ran = folder.run(&format!("schema {}", file.name));
        assert_eq!((ran.code, ran.stdout), (0, file.schema()));
    }
    assert_eq!(folder.run("schema person").stdout, folder.run("schema people").stdout);
    let ran = folder.run("schema contol");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("did you mean `control`?"), "{}", ran.stderr);
}

#[test]
fn schemas_are_written_and_written_anew_and_nothing_else_is_touched() {
    let folder = Folder::new();
    let all = format!("{} schemas in .soc2/schemas:", files().len());
    let ran = folder.run("schema --out .soc2/schemas");
    assert_eq!((ran.code, ran.stdout), (0, format!("{all} written\n")), "{}", ran.stderr);
    let control = files().into_iter().find(|file| file.name == "control").unwrap();
    assert_eq!(folder.read(".soc2/schemas/control.json"), control.schema());
    assert_eq!(folder.run("schema --out .soc2/schemas").stdout, format!("{all} none had changed\n"));

    folder.edit(".soc2/schemas/control.json", "\"control\"", "\"a control\"");
    let ran = folder.run("schema --out .soc2/schemas").stdout;
    assert_eq!(ran, format!("{all} 1 of them new or changed\n"));
    assert_eq!(folder.read(".soc2/schemas/control.json"), control.schema());

    folder.write("mine/people.json", "{ \"$id\": \"urn:acme:people\" }");
    let ran = folder.run("schema --out mine");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("people.json` is there and is no schema that soc2 wrote"), "{}", ran.stderr);
    assert_eq!(fs::read_dir(folder.path().join("mine")).unwrap().count(), 1);
    assert_eq!(folder.run("schema control --out mine").code, 0);
    assert_eq!(fs::read_dir(folder.path().join("mine")).unwrap().count(), 2);
}
