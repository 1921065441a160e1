//! Spreadsheets that others send: a workbook or comma-separated text, read within bounds into a grid of what its cells show;
//! days as people type them; texts written into cells without touching the rest. Nothing here knows what a column means, and
//! nothing opens a file.

mod book;
pub(crate) mod days;
pub(crate) mod grid;
pub(crate) mod separated;
pub(crate) mod workbook;

pub use book::{Book, Tab, open};
pub use days::Order;
pub use grid::{Cell, Grid, Row, letters};
pub use workbook::FILE_CAP;
