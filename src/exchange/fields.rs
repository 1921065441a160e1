//! What can be said of a record in a row of a table: the heading we write, the headings that others write, and how a cell is
//! read. This is data; what is done with it stands beside.

mod controls;
mod people;
mod records;
mod risks;
mod vendors;

pub(super) use controls::CONTROLS;
pub(super) use people::PEOPLE;
pub(super) use records::{ACKNOWLEDGEMENTS, TRAINING};
pub(super) use risks::RISKS;
pub(super) use vendors::VENDORS;

use super::words::Words;
use crate::record::Target;

/// One thing that a row can say.
#[derive(Debug)]
pub struct Field {
    /// Its name on the command line and its key in the record; a dot leads into a record of its own.
    pub name: &'static str,
    /// The heading that we write; empty where it only helps to read other people's lists.
    pub heading: &'static str,
    /// How wide its column is.
    pub width: u16,
    pub(super) form: Form,
    /// Headings that mean it, as words in lower case, the surest first.
    pub(super) called: &'static [&'static str],
    /// It says what a person has to stand for: it is taken over only when asked to.
    pub stated: bool,
}

/// How a cell is read, and written into a record.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    Id,
    Line,
    Text,
    Day,
    Word(&'static Words),
    YesNo,
    Number,
    /// 1 to 5.
    Score,
    /// One that is defined elsewhere.
    One(Target),
    Many(Target),
    Criteria,
    Lines,
    Emails,
    /// Days from and to, several of them.
    Periods,
}

impl Field {
    const fn new(
        name: &'static str,
        heading: &'static str,
        width: u16,
        form: Form,
        called: &'static [&'static str],
    ) -> Self {
        Self { name, heading, width, form, called, stated: false }
    }

    /// One that only helps to read.
    const fn helper(name: &'static str, form: Form, called: &'static [&'static str]) -> Self {
        Self::new(name, "", 0, form, called)
    }

    /// One that a person has to stand for.
    const fn stated(mut self) -> Self {
        self.stated = true;
        self
    }

    /// Is it part of the record?
    pub(super) fn is_kept(&self) -> bool {
        !self.heading.is_empty()
    }
}
