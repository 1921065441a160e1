//! The rows of a CSV artefact: streamed once more, only for artefacts that a manifest calls a population or a log.

use jiff::civil::Date;

/// What is known of a table's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableFacts {
    /// Why it could not be read as CSV; then nothing else here means anything.
    pub fault: Option<Box<str>>,
    /// Rows below the header; a row of blanks is none.
    pub rows: u64,
    /// Columns that the manifest names and the header does not have.
    pub missing_columns: Vec<Box<str>>,
    /// Rows whose key an earlier row has.
    pub duplicates: u64,
    /// The first such key.
    pub first_duplicate: Option<Box<str>>,
    /// Rows whose date cannot be read.
    pub undated: u64,
    /// First and last date of the rows.
    pub dates: Option<(Date, Date)>,
    /// The local day and key of each row, in the order of the file; kept for logs only.
    pub dated: Vec<(Date, Box<str>)>,
    /// There were more rows than are looked at.
    pub capped: bool,
}
