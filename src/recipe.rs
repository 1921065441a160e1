//! Recipes of `soc2 evidence capture`: commands that show what a system holds, as data in `templates/recipes/`. Here they are
//! read and their settings put in, and here is weighed what a command printed: how many items, and whether that is all of
//! them. Nothing is run here.

mod base64;
mod fill;
mod look;
mod weigh;

use include_dir::{Dir, include_dir};

use crate::diagnostic::Diagnostic;
use crate::model::Text;
use crate::model::evidence::EvidenceKind;
use crate::record::Value;
use crate::source::{FileId, Spanned};
use crate::syntax::{Value as Typed, yaml};
use crate::{choice, record};

pub use base64::decoded;
pub use fill::{filled, placeholders, refused};
pub use look::{NotJson, Seen, look};
pub use weigh::{Found, Standing, weigh};

static RECIPES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/recipes");

/// The file among the recipes that holds the programs.
const PROGRAMS: &str = "programs.yaml";

choice! {
    /// How what a command prints is to be read.
    pub enum Printed ("output format") {
        /// One JSON document, or several in a row.
        Json = "json",
        /// Comma-separated values below a header.
        Csv = "csv",
        /// Lines for people.
        Text = "text",
    }
}

record! {
    /// A value that whoever runs a recipe gives.
    pub struct Setting ("recipe setting") {
        /// Its name, which stands as `{org}` in arguments.
        id: Text,
        /// What it is.
        meaning: Option<Text> [required],
        /// What one looks like.
        example: Option<Text> [required],
    }
}

record! {
    /// A further command of the same program, for one value.
    pub struct Question ("recipe question") {
        /// Its arguments, one by one.
        arguments: Vec<Text>,
        /// The field of the JSON that it prints; without one the first line.
        field: Option<Text>,
    }
}

record! {
    /// A program that recipes run, and what it says of itself.
    pub struct Program ("program") {
        /// Its name, as it is called: `gh`.
        id: Text,
        /// What it speaks to.
        title: Option<Text> [required],
        /// What programmes usually call that system, as an id: `github`.
        system: Option<Text>,
        /// How it says its version.
        version: Option<Question> [required],
        /// How it says as whom it is signed in.
        account: Option<Question>,
        /// How somebody signs in with no more rights than a recipe needs.
        sign_in: Option<Text> [required],
        /// The pages that its flags were checked against.
        documentation: Vec<Text>,
    }
}

record! {
    /// How one knows that a list is the whole list.
    pub struct Completeness ("completeness probe") {
        /// Why the command prints all of it.
        because: Option<Text> [required],
        /// The field that names a further page, where one is left.
        more: Option<Text>,
        /// The field with the number of items that the source counts.
        total: Option<Text>,
        /// The most items that the command prints; a list of so many may go on.
        page: Option<Spanned<u64>>,
        /// Another command, which counts.
        count: Option<Question>,
    }
}

record! {
    /// The complete list that a recipe prints.
    pub struct Items ("recipe population") {
        /// What the items are: `github-members`.
        name: Option<Text> [required],
        /// The field or column that tells them apart.
        key: Option<Text> [required],
        /// Where the list stands in the JSON: `Users`; the document itself unless said.
        at: Option<Text>,
        /// The fewest that there can be; fewer mean that the account may not see them.
        least: Option<Spanned<u64>>,
        /// Why the values are right.
        accuracy: Option<Text> [required],
        /// How one knows that nothing is missing.
        completeness: Option<Completeness> [required],
    }
}

record! {
    /// A file inside the output, in base64.
    pub struct Decoded ("decoded file") {
        /// The field that holds it.
        from: Option<Text> [required],
        /// The name under which it is kept beside the output.
        file: Option<Text> [required],
    }
}

record! {
    /// A command that shows what a system holds, and what its output is evidence of.
    pub struct Recipe ("recipe") {
        /// Its name: `github-members`.
        id: Text,
        /// What it shows, in a few words.
        title: Option<Text> [required],
        /// What a reader of the output should know.
        shows: Option<Text> [required],
        /// The program, by its name in `programs.yaml`.
        program: Option<Text> [required],
        /// Its arguments, one by one; no shell reads them.
        arguments: Vec<Text>,
        /// Values that the arguments leave open.
        settings: Vec<Setting>,
        /// Rights that the account needs, to read and no more.
        permissions: Vec<Text>,
        /// Controls of the catalogue that it shows something of.
        controls: Vec<Text>,
        /// What the output is as evidence.
        kind: Option<Spanned<EvidenceKind>> [required],
        /// The name under which the output is kept.
        file: Option<Text> [required],
        /// How it is to be read.
        format: Option<Spanned<Printed>> [required],
        /// A field that is in the JSON, whatever it says; without it the output is something else.
        expects: Option<Text>,
        /// A file inside it, kept beside it in plain form.
        decoded: Option<Box<Decoded>>,
        /// The complete list that it holds.
        population: Option<Box<Items>>,
    }
}

impl Recipe {
    /// The name of the program.
    pub fn program(&self) -> &str {
        word(&self.program)
    }

    /// What it shows, in a few words.
    pub fn title(&self) -> &str {
        word(&self.title)
    }

    /// The name under which the output is kept.
    pub fn file(&self) -> &str {
        word(&self.file)
    }

    /// How the output is to be read.
    pub fn format(&self) -> Printed {
        self.format.as_ref().map_or(Printed::Text, |format| format.value)
    }

    /// Is it for that control of the catalogue?
    pub fn is_for(&self, control: &str) -> bool {
        self.controls.iter().any(|id| *id.value == *control)
    }

    /// Every argument of it and of the commands around it.
    pub fn every_argument<'r>(&'r self, program: Option<&'r Program>) -> impl Iterator<Item = &'r str> {
        let count = self.population.as_ref().and_then(|of| of.completeness.as_ref()?.count.as_ref());
        let around = program.map(|program| [&program.version, &program.account]);
        let around = around.into_iter().flatten().filter_map(Option::as_ref);
        let further = around.chain(count).flat_map(|question| &question.arguments);
        self.arguments.iter().chain(further).map(|argument| &*argument.value)
    }
}

/// The text under a key, or nothing.
pub(crate) fn word(text: &Option<Text>) -> &str {
    text.as_ref().map_or("", |text| text.value.trim())
}

/// Every recipe, by id.
pub fn all() -> Vec<Recipe> {
    let mut all: Vec<Recipe> = files().filter_map(|(_, text)| read(text, &mut Vec::new())).collect();
    all.sort_by(|a, b| a.id.value.cmp(&b.id.value));
    all
}

/// The recipe of that id.
pub fn find(id: &str) -> Option<Recipe> {
    files()
        .find(|(name, _)| name.strip_suffix(".yaml") == Some(id))
        .and_then(|(_, text)| read(text, &mut Vec::new()))
}

/// Reads the text of a recipe.
pub fn read(text: &str, out: &mut Vec<Diagnostic>) -> Option<Recipe> {
    Recipe::read(&yaml::parse(NO_FILE, text, 0, out)?, out)
}

/// The files of the recipes, each with its name.
pub fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    let named =
        |file: &'static include_dir::File<'static>| Some((file.path().to_str()?, file.contents_utf8()?));
    RECIPES.files().filter_map(named).filter(|(name, _)| *name != PROGRAMS)
}

/// Every program, by name.
pub fn programs(out: &mut Vec<Diagnostic>) -> Vec<Program> {
    let text = RECIPES.get_file(PROGRAMS).and_then(|file| file.contents_utf8()).unwrap_or("");
    match yaml::parse(NO_FILE, text, 0, out).map(|node| node.value) {
        Some(Typed::List(items)) => items.iter().filter_map(|item| Program::read(item, out)).collect(),
        _ => Vec::new(),
    }
}

/// The program of that name.
pub fn program(name: &str) -> Option<Program> {
    programs(&mut Vec::new()).into_iter().find(|program| *program.id.value == *name)
}

/// A recipe stands in no file of a programme.
const NO_FILE: FileId = FileId(u32::MAX);

#[cfg(test)]
mod tests;
