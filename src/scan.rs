//! Keys, tokens and personal numbers in evidence. An archive hands evidence on and git forgets nothing, so what should not
//! be in it is told by file, line and rule. The value itself is never kept, shown or hashed.

mod digits;
mod held;
mod markup;
mod near;
mod number;
mod rules;
mod setting;
mod unpack;
mod utf16;
mod window;
mod words;
mod zip;

use std::io::{self, Read};

use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::program::Program;
use crate::source::{Body, FileId};
use crate::text::safe;

use rules::RULES;
use unpack::Look;

pub use held::{Held, LetThrough, Reason, held};

/// A place that seems to hold what evidence should not; never the value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Find {
    /// The file, as the caller names it; below the programme's root for artefacts.
    pub path: String,
    /// The file inside it, where it is an archive or a workbook: `xl/sharedStrings.xml`.
    pub inside: Option<String>,
    /// From 1.
    pub line: u64,
    /// From 1, in characters.
    pub column: u64,
    /// The rule's name, as a waiver or a redaction names it: `us-ssn`.
    pub rule: &'static str,
    /// In words: `a US social security number`.
    pub what: &'static str,
}

/// Something that could not be looked into: a picture, a password-protected archive.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unseen {
    pub path: String,
    pub inside: Option<String>,
    /// `is a picture`
    pub why: &'static str,
}

/// What was found in some files, and what was not looked into, each by path, place and rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    pub finds: Vec<Find>,
    pub unseen: Vec<Unseen>,
}

/// Files that are read between two calls of `tick`.
const BATCH: usize = 64;

/// Looks into some files of the programme, artefacts or texts, in bounded memory. `tick` hears how many are done. Fails
/// where a file cannot be read again.
pub fn artifacts(program: &Program, only: &[FileId], tick: &dyn Fn(usize)) -> Result<Scan> {
    let mut whole = Scan::default();
    let mut done = 0;
    for batch in only.chunks(BATCH) {
        let looked: Vec<Scan> = batch.par_iter().map(|file| one(program, *file)).collect::<Result<_>>()?;
        for scan in looked {
            whole.finds.extend(scan.finds);
            whole.unseen.extend(scan.unseen);
        }
        done += batch.len();
        tick(done);
    }
    whole.finds.sort();
    whole.unseen.sort();
    Ok(whole)
}

fn one(program: &Program, file: FileId) -> Result<Scan> {
    let path = program.sources.path(file);
    let failed = |error: &io::Error| Error::new(format!("cannot read `{}` again", safe(path))).because(error);
    match &program.sources.file(file).body {
        Body::Text(text) | Body::Patterns(text) => look(path, text.as_bytes()).map_err(|e| failed(&e)),
        Body::Artifact(_) => {
            let bytes = program.sources.open(file).map_err(|e| failed(&e))?;
            look(path, bytes).map_err(|e| failed(&e))
        }
        Body::Asset | Body::Refused => Ok(Scan::default()),
    }
}

/// Looks into a stream of bytes that has that name, in bounded memory.
pub fn look(path: &str, mut bytes: impl Read) -> io::Result<Scan> {
    let mut look = Look::new(path);
    look.look_at(&mut bytes, None, 0)?;
    let mut scan = look.scan;
    scan.finds.sort();
    scan.unseen.sort();
    Ok(scan)
}

/// The rules by name, each with what it finds, as a waiver or a redaction may name them.
pub fn rules() -> impl Iterator<Item = (&'static str, &'static str)> {
    let tokens = RULES.all.iter().map(|rule| (rule.name, rule.what));
    tokens.chain(setting::RULES).chain([number::SSN, number::CARD, number::IBAN])
}

#[cfg(test)]
mod tests;
