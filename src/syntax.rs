//! Text to trees with a place for every key and value. YAML, TOML and CSV become the same [`Node`]; Markdown
//! becomes headings. Content that cannot be read becomes diagnostics; nothing here knows a field's name.

pub mod csv;
pub mod grid;
pub mod lettered;
pub mod lettering;
pub mod markdown;
pub mod toml;
pub mod yaml;

use std::borrow::Cow;

use crate::source::{Location, Spanned};

/// A value as typed, before anybody asked what it means.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    pub value: Value<'a>,
    pub at: Location,
}

/// What was typed.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// Nothing, `~` or `null`.
    Null,
    /// Any scalar, exactly as typed: `no`, `5.30` and `2026-01-01` stay text.
    Scalar(Cow<'a, str>),
    /// A CSV cell: a scalar that may hold a list, parts separated by `;`.
    Cell(Cow<'a, str>),
    List(Vec<Node<'a>>),
    Map(Vec<Entry<'a>>),
    /// Already reported; readers stay silent about it.
    Broken,
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    pub key: Spanned<Cow<'a, str>>,
    pub value: Node<'a>,
}

impl Node<'_> {
    /// The noun used in messages about a wrong type.
    pub fn noun(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Scalar(_) | Value::Cell(_) => "a single value",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
            Value::Broken => "something unreadable",
        }
    }

    /// The text of a scalar.
    pub fn scalar(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text) | Value::Cell(text) => Some(text),
            _ => None,
        }
    }

    /// The value under a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match &self.value {
            Value::Map(entries) => {
                entries.iter().find(|entry| entry.key.value == key).map(|entry| &entry.value)
            }
            _ => None,
        }
    }
}
