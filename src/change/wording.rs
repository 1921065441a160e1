//! How old and new are put into words.

use std::fmt::Display;

use crate::source::Spanned;
use crate::text::{clip, safe};

/// Characters of a quoted text.
const LONGEST: usize = 120;

/// User text in backticks, harmless and not too long.
pub(super) fn quoted(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("`{}`", clip(&safe(&one_line), LONGEST))
}

/// A value as typed, or `none`.
pub(super) fn shown<T: Display>(value: Option<&Spanned<T>>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| clip(&safe(&value.value.to_string()), LONGEST))
}

/// Several ids: the first few, in backticks, and how many more.
pub(super) fn names<S: AsRef<str>>(all: &[S]) -> String {
    let quoted: Vec<String> = all.iter().map(|name| quoted(name.as_ref())).collect();
    crate::text::some(&quoted, 5)
}
