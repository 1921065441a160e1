//! A cell read for a field, with the names in it resolved.

use super::Field;
use super::cells::{Days, Fault, read};
use super::fields::Form;
use super::names::Names;
use crate::record::Target;
use crate::sheet::Cell;

/// What is needed to read a cell.
#[derive(Debug)]
pub(super) struct Reader<'p> {
    pub(super) names: Names<'p>,
    pub(super) days: Days,
}

/// What a cell says, and the names in it that stand for nothing here.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) text: String,
    pub(super) unknown: Vec<(Target, String)>,
}

impl Reader<'_> {
    /// Reads a cell; nothing where it is blank.
    pub(super) fn read(&self, field: &Field, cell: &Cell) -> Result<Said, Fault> {
        let text = read(field.form, cell, &self.days)?;
        let of = |target: Target, (text, unknown): (String, Vec<String>)| Said {
            text,
            unknown: unknown.into_iter().map(|name| (target, name)).collect(),
        };
        match field.form {
            _ if text.is_empty() => Ok(Said::default()),
            Form::One(target) => {
                let found = self.names.one(target, &text)?;
                let unknown = if found.known { Vec::new() } else { vec![found.id.clone()] };
                Ok(of(target, (found.id, unknown)))
            }
            Form::Many(target) => Ok(of(target, self.names.many(target, &text))),
            // Of the cell as it is: what was split at commas has lost which words stand together.
            Form::Criteria => Ok(of(Target::Criterion, self.names.criteria(&cell.text)?)),
            _ => Ok(Said { text, unknown: Vec::new() }),
        }
    }
}
