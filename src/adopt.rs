//! What another tool keeps, as files of a programme: bytes in, files and a report out. Nothing here opens a file, nothing is
//! approved or marked as operating, and what could not be carried over is told with its place.

mod braces;
pub mod comply;
mod cron;
mod document;
mod draft;
mod foreign;
mod go;
mod html;
mod ids;
mod json;
pub mod jupiterone;
mod links;
mod mustache;
pub mod policies;

pub use foreign::{Figure, Foreign, Refused, Text, Want, Wants, decoded};

use crate::text::safe;

/// What was made of another tool's files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adopted {
    /// In the order of their paths; a path stands once.
    pub files: Vec<NewFile>,
    /// In the order of the files they speak of.
    pub remarks: Vec<Remark>,
}

/// A file for the programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// Below the programme's root, with `/`.
    pub path: String,
    pub bytes: Vec<u8>,
    /// Where it comes from.
    pub from: Origin,
}

/// What an import makes of the files it was given, before anybody looked at the programme it goes into.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taking {
    pub adopted: Adopted,
    /// What should have been taken and cannot be read: nothing is written while there is any, unless it is asked for.
    pub faults: Vec<Remark>,
    pub ground: Ground,
}

/// What a new programme needs besides its files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ground {
    pub organization: Option<String>,
    /// Categories that are cited, besides security.
    pub categories: Vec<String>,
    /// Variables that the texts use, by name.
    pub variables: Vec<Variable>,
}

/// A value that texts repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    pub name: String,
    pub value: Setting,
    /// Where it comes from, or the first text that uses it.
    pub from: Origin,
}

/// What a variable is set to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    Text(String),
    Flag(bool),
}

/// A place in another tool's files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// As it is called there, with `/`.
    pub file: String,
    /// Counted from 1.
    pub line: Option<usize>,
}

/// One thing the report of an import tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    pub fate: Fate,
    pub from: Origin,
    /// What became of it, and what to do where something is to be done.
    pub text: String,
}

/// What became of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It means the same here.
    Taken,
    /// It was brought into another form, or is to be completed by hand.
    Changed,
    /// It has no place here, or cannot be read.
    Left,
}

impl Origin {
    /// A place without a line.
    pub fn file(path: &str) -> Self {
        Self { file: path.to_owned(), line: None }
    }

    /// `policies/access.md:3`.
    pub fn shown(&self) -> String {
        let file = safe(&self.file);
        self.line.map_or_else(|| file.clone(), |line| format!("{file}:{line}"))
    }
}

impl Adopted {
    /// Brings everything into its order.
    fn sort(&mut self) {
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        self.remarks.sort_by(|a, b| (&a.from, a.fate, &a.text).cmp(&(&b.from, b.fate, &b.text)));
        self.remarks.dedup();
    }

    fn tell(&mut self, fate: Fate, from: Origin, text: impl Into<String>) {
        self.remarks.push(Remark { fate, from, text: text.into() });
    }
}

impl Taking {
    /// Everything in its order, each category once.
    fn finish(mut self) -> Self {
        self.ground.categories.sort();
        self.ground.categories.dedup();
        self.adopted.sort();
        self
    }

    fn fault(&mut self, from: Origin, text: impl Into<String>) {
        self.faults.push(Remark { fate: Fate::Left, from, text: text.into() });
    }
}
