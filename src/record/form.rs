//! How a single value is typed, said in a way that editors can check, too.

/// How a single value is typed. [`super::Scalar::parse`] decides; this says the same to a JSON Schema.
#[derive(Debug)]
pub struct Form {
    /// The noun used in messages: `a date`, `text`.
    pub noun: &'static str,
    /// What the whole text matches, as a regular expression of the kind that every dialect reads alike; `None` for any text.
    pub pattern: Option<&'static str>,
    /// How many characters it has at most.
    pub longest: Option<u32>,
    pub seen: Seen,
}

/// What other tools make of the value when it is typed without quotes. Here every single value is the text that was typed;
/// to them `5.30` is a number and `true` a truth value, and a schema is asked about those.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Text, always.
    Text,
    /// Text, a number or a truth value.
    Anything,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Truth,
}

impl Form {
    /// Any text.
    pub const fn text(noun: &'static str) -> Self {
        Self { noun, pattern: None, longest: None, seen: Seen::Anything }
    }

    /// Text that matches a pattern.
    pub const fn matching(noun: &'static str, pattern: &'static str, seen: Seen) -> Self {
        Self { noun, pattern: Some(pattern), longest: None, seen }
    }
}
