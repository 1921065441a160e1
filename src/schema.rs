//! JSON Schemas of the files that a user writes, made of the records that read them: an editor cannot know another key, word
//! or type than the reader does. What only the whole programme shows, such as an unknown person, is not in them.

mod json;

use json::Json;

use crate::model::registers::Registers;
use crate::model::{Agreements, Bundles, Config, Control, Evidence, Framework, policy};
use crate::record::{Choice, Form, Key, Kind, Seen, Shape};

/// The dialect. Nothing is used that means anything else in the drafts since 4, which editors still read; besides, keys that
/// VS Code's editors read and validators pass over.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// What editors and other tools may see where any text may stand.
const TEXT: Form = Form::text("text");

/// A kind of file, and what it holds.
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// Its name, and that of its schema.
    pub name: &'static str,
    /// The record in it.
    pub shape: &'static Shape,
    place: Place,
}

/// Where files of a kind stand, and how many records they hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// `soc2.toml`. TOML has no way to say nothing.
    Root,
    /// One record.
    One(&'static str),
    /// A record, or a list of them.
    Some(&'static str),
    /// Between two lines of `---`, above a text.
    Head(&'static str),
    /// The rows of a register.
    Register,
}

impl File {
    const fn new(name: &'static str, shape: &'static Shape, place: Place) -> Self {
        Self { name, shape, place }
    }

    /// Where such files stand below the programme's root: globs with `/`.
    pub fn paths(&self) -> Vec<String> {
        match self.place {
            Place::Root => vec![self.name.to_owned()],
            Place::One(path) | Place::Some(path) | Place::Head(path) => vec![path.to_owned()],
            Place::Register => {
                vec![format!("registers/{}.yaml", self.name), format!("registers/{}/**/*.yaml", self.name)]
            }
        }
    }

    /// How a file holds its records.
    pub fn holds(&self) -> &'static str {
        match self.place {
            Place::Root | Place::One(_) => "one record",
            Place::Some(_) => "one record, or a list",
            Place::Head(_) => "front matter",
            Place::Register => "a list of rows",
        }
    }

    /// Its stable identifier. It is a name, not an address: nothing is fetched from anywhere.
    pub fn id(&self) -> String {
        format!("urn:soc2:schema:{}", self.name)
    }

    /// Its JSON Schema.
    pub fn schema(&self) -> String {
        let writer = Writer { nothing: self.place != Place::Root };
        let mut parts = vec![
            ("$schema", Json::text(DIALECT)),
            ("$id", Json::Text(self.id())),
            ("$comment", Json::text(concat!("made by soc2 ", env!("CARGO_PKG_VERSION"), ": soc2 schema"))),
        ];
        let mut records = gathered(self.shape);
        match self.place {
            Place::Root | Place::One(_) | Place::Head(_) => {
                parts.extend(writer.record(self.shape));
                records.remove(0);
            }
            Place::Some(_) => {
                let one = Json::Object(writer.kind(&Kind::Record(self.shape), false));
                let many = Json::Object(writer.list(&Kind::Record(self.shape), false));
                parts.extend(about(self.shape));
                parts.push(("anyOf", Json::List(vec![one, many, nothing()])));
            }
            Place::Register => {
                parts.extend(about(self.shape));
                parts.extend(writer.list(&Kind::Record(self.shape), true));
            }
        }
        if !records.is_empty() {
            let records = records.iter().map(|shape| (topic(shape.name), Json::Object(writer.record(shape))));
            parts.push(("$defs", Json::Named(records.collect())));
        }
        Json::Object(parts).written()
    }
}

/// Every kind of file that has a schema: those with a name of their own, then the registers.
pub fn files() -> Vec<File> {
    let named = [
        File::new("soc2.toml", &Config::SHAPE, Place::Root),
        File::new("control", &Control::SHAPE, Place::Some("controls/**/*.yaml")),
        File::new("policy", &policy::PolicyHead::SHAPE, Place::Head("policies/**/*.md")),
        File::new("procedure", &policy::ProcedureHead::SHAPE, Place::Head("procedures/**/*.md")),
        File::new("narrative", &policy::NarrativeHead::SHAPE, Place::Head("narratives/**/*.md")),
        File::new("evidence-manifest", &Evidence::SHAPE, Place::One("evidence/**/manifest.yaml")),
        File::new("agreed", &Agreements::SHAPE, Place::One("audits/*/agreed.yaml")),
        File::new("bundles", &Bundles::SHAPE, Place::One("audits/*/bundles.yaml")),
        File::new("framework", &Framework::SHAPE, Place::One("frameworks/**/*.yaml")),
    ];
    let registers = Registers::SHAPES.iter().map(|(name, shape)| File::new(name, shape, Place::Register));
    named.into_iter().chain(registers).collect()
}

/// The kind of file of that name; the record in it, and the file's own name, are understood too.
pub fn find(name: &str) -> Option<File> {
    let is_meant = |file: &File| {
        file.name == name
            || topic(file.shape.name) == topic(name)
            || file.paths().iter().any(|path| path.rsplit('/').next() == Some(name))
    };
    files().into_iter().find(is_meant)
}

/// Every record of every file, each once: the one in the file, then those below its keys.
pub fn shapes() -> Vec<&'static Shape> {
    let mut found = Vec::new();
    for file in files() {
        gather(file.shape, &mut found);
    }
    found
}

/// Every closed list of words, each once, in the order of the keys that take them.
pub fn choices() -> Vec<&'static Choice> {
    let mut found: Vec<&'static Choice> = Vec::new();
    for choice in shapes().iter().flat_map(|shape| shape.keys).flat_map(Key::choices) {
        if !found.iter().any(|known| known.name == choice.name) {
            found.push(choice);
        }
    }
    found
}

/// A record and all that are below it.
pub fn gathered(shape: &'static Shape) -> Vec<&'static Shape> {
    let mut found = Vec::new();
    gather(shape, &mut found);
    found
}

fn gather(shape: &'static Shape, found: &mut Vec<&'static Shape>) {
    if found.iter().any(|known| known.name == shape.name) {
        return;
    }
    found.push(shape);
    for record in shape.keys.iter().flat_map(Key::records) {
        gather(record, found);
    }
}

/// The name of a record where no space can stand.
fn topic(name: &str) -> String {
    name.replace(' ', "-")
}

type Parts = Vec<(&'static str, Json)>;

fn about(shape: &Shape) -> Parts {
    let mut parts = vec![("title", Json::text(shape.name))];
    parts.extend(described(shape.docs.trim().replace("\n ", " ")));
    parts
}

/// A meaning; where it has marks of Markdown, it is there a second time for editors that show them as such.
fn described(docs: String) -> Parts {
    let marked = docs.contains('`').then(|| ("markdownDescription", Json::text(&docs)));
    [("description", Json::Text(docs))].into_iter().chain(marked).collect()
}

/// The schema of a value that is not there.
fn nothing() -> Json {
    Json::Object(vec![("type", Json::text("null"))])
}

/// Writes schemas for one kind of file.
struct Writer {
    /// An optional key may stand there without a value.
    nothing: bool,
}

impl Writer {
    fn record(&self, shape: &Shape) -> Parts {
        let keys = shape.keys.iter().map(|key| (key.name.to_owned(), self.key(key)));
        let required: Vec<Json> =
            shape.keys.iter().filter(|key| key.required).map(|key| Json::text(key.name)).collect();
        let mut parts = about(shape);
        parts.push(("type", Json::text("object")));
        parts.push(("properties", Json::Named(keys.collect())));
        if !required.is_empty() {
            parts.push(("required", Json::List(required)));
        }
        parts.push(("additionalProperties", Json::Flag(false)));
        parts
    }

    fn key(&self, key: &Key) -> Json {
        let mut parts = described(key.meaning());
        parts.extend(self.kind(&key.kind, self.nothing && !key.required));
        Json::Object(parts)
    }

    /// What may stand there; `null` says that nothing may, too.
    fn kind(&self, kind: &Kind, null: bool) -> Parts {
        match kind {
            Kind::Scalar(form) => single(form, null),
            Kind::Reference(_) => single(&TEXT, null),
            Kind::Choice(choice) => words(choice, null),
            Kind::List(inner) => self.list(inner, null),
            Kind::Record(shape) => {
                let record = vec![("$ref", Json::Text(format!("#/$defs/{}", topic(shape.name))))];
                if null { any_of(vec![Json::Object(record)], true) } else { record }
            }
            Kind::Table(_) => {
                let values = Json::Object(single(&TEXT, false));
                vec![("type", types(&["object"], null)), ("additionalProperties", values)]
            }
            Kind::Either(_, kinds) => {
                any_of(kinds.iter().map(|kind| Json::Object(self.kind(kind, false))).collect(), null)
            }
        }
    }

    fn list(&self, inner: &Kind, null: bool) -> Parts {
        let items = Json::Object(self.kind(inner, false));
        vec![("type", types(&["array"], null)), ("items", items)]
    }
}

fn any_of(mut forms: Vec<Json>, null: bool) -> Parts {
    forms.extend(null.then(nothing));
    vec![("anyOf", Json::List(forms))]
}

fn types(names: &[&'static str], null: bool) -> Json {
    match (names, null) {
        ([one], false) => Json::text(one),
        _ => Json::List(names.iter().copied().chain(null.then_some("null")).map(Json::text).collect()),
    }
}

/// A single value. A pattern and a length are asked of text alone, a minimum of numbers alone.
fn single(form: &Form, null: bool) -> Parts {
    let names: &[&'static str] = match form.seen {
        Seen::Text => &["string"],
        Seen::Anything => &["string", "number", "boolean"],
        Seen::Number => &["integer", "string"],
        Seen::Truth => &["boolean", "string"],
    };
    let mut parts = vec![("type", types(names, null))];
    if let Some(pattern) = form.pattern {
        parts.push(("pattern", Json::text(pattern)));
        parts.push(("patternErrorMessage", Json::Text(format!("expected {}", form.noun))));
    }
    parts.extend(form.longest.map(|longest| ("maxLength", Json::Number(longest.into()))));
    parts.extend((form.seen == Seen::Number).then_some(("minimum", Json::Number(0))));
    parts
}

/// One word of a list. The meanings stand beside them in keys that editors know and validators pass over.
fn words(choice: &Choice, null: bool) -> Parts {
    let words = choice.words.iter().map(|(word, _)| Json::text(word));
    let meanings = || Json::List(choice.words.iter().map(|(_, docs)| Json::text(docs.trim())).collect());
    vec![
        ("enum", Json::List(words.chain(null.then_some(Json::Null)).collect())),
        ("enumDescriptions", meanings()),
        ("markdownEnumDescriptions", meanings()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Records and lists of words are told apart by their names, here and in `soc2 explain`.
    #[test]
    fn a_name_means_one_record() {
        fn visit(shape: &'static Shape, seen: &mut Vec<&'static Shape>) {
            let keys = |shape: &Shape| shape.keys.iter().map(|key| key.name).collect::<Vec<_>>();
            if let Some(known) = seen.iter().find(|known| known.name == shape.name) {
                assert_eq!(keys(known), keys(shape), "two records are called {}", shape.name);
                return;
            }
            seen.push(shape);
            shape.keys.iter().flat_map(Key::records).for_each(|record| visit(record, seen));
        }
        let mut seen = Vec::new();
        files().iter().for_each(|file| visit(file.shape, &mut seen));
        for choice in choices() {
            let words = |choice: &Choice| choice.words.iter().map(|(word, _)| *word).collect::<Vec<_>>();
            let same = seen.iter().flat_map(|shape| shape.keys).flat_map(Key::choices);
            for other in same.filter(|other| other.name == choice.name) {
                assert_eq!(words(other), words(choice), "two lists are called {}", choice.name);
            }
        }
        assert!(seen.len() > 50, "{}", seen.len());
    }

    #[test]
    fn a_file_is_found_by_each_of_its_names() {
        for (name, found) in [
            ("soc2.toml", "soc2.toml"),
            ("evidence-manifest", "evidence-manifest"),
            ("evidence manifest", "evidence-manifest"),
            ("manifest.yaml", "evidence-manifest"),
            ("people", "people"),
            ("person", "people"),
            ("bundles.yaml", "bundles"),
        ] {
            assert_eq!(find(name).map(|file| file.name), Some(found), "{name}");
        }
        assert!(find("gap").is_none());
    }
}
