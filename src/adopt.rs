//! What another tool keeps, as files of a programme: bytes in, files and a report out. Nothing here opens a file, nothing is
//! approved or marked as operating, and what could not be carried over is told with its place.

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
