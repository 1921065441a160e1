//! Records: what a key is called, what it may hold and what it means are written once, in [`record!`], and
//! reading, `soc2 explain` and the editor schemas come from there. Reading never stops at the first fault.

mod declare;
mod form;
mod wording;

use std::marker::PhantomData;

pub use form::{Form, Seen};
use wording::{as_list, as_single, expected, missing, not_a_record, unknown_key};
pub use wording::{unknown_word, wrong_type};

use crate::diagnostic::Diagnostic;
use crate::source::{Location, Span, Spanned};
use crate::syntax::{Entry, Node, Value as Typed};
use crate::text::nearest;

/// The keys of a record and what they mean.
#[derive(Debug)]
pub struct Shape {
    /// The record's name in messages: `control`, `audit`.
    pub name: &'static str,
    pub docs: &'static str,
    pub keys: &'static [Key],
}

/// One key of a record.
#[derive(Debug)]
pub struct Key {
    pub name: &'static str,
    pub docs: &'static str,
    pub kind: Kind,
    /// Its absence is a diagnostic.
    pub required: bool,
}

impl Key {
    /// What it holds, in words: `list of person, required`.
    pub fn holds(&self) -> String {
        let kind = match &self.kind {
            Kind::List(inner) => format!("list of {}", noun(inner)),
            kind => noun(kind).to_owned(),
        };
        if self.required { format!("{kind}, required") } else { kind }
    }

    /// The records that may stand under it.
    pub fn records(&self) -> Vec<&'static Shape> {
        let records = self.kind.parts().into_iter().filter_map(|part| match part {
            Kind::Record(shape) => Some(*shape),
            _ => None,
        });
        records.collect()
    }

    /// The closed lists of words that may stand under it.
    pub fn choices(&self) -> Vec<&'static Choice> {
        let choices = self.kind.parts().into_iter().filter_map(|part| match part {
            Kind::Choice(choice) => Some(*choice),
            _ => None,
        });
        choices.collect()
    }

    /// Its documentation on one line.
    pub fn meaning(&self) -> String {
        self.docs.trim().replace("\n ", " ")
    }
}

/// What a value may be.
#[derive(Debug)]
pub enum Kind {
    /// A single value.
    Scalar(&'static Form),
    /// One word of a closed list.
    Choice(&'static Choice),
    /// The name of something defined elsewhere.
    Reference(Target),
    List(&'static Self),
    Record(&'static Shape),
    /// Free keys with text values.
    Table(&'static str),
    /// One of several kinds, which differ in what is typed: a list, a mapping, a single value. The noun says which.
    Either(&'static str, &'static [Self]),
}

impl Kind {
    /// The kind itself, what its lists list, and each kind that it may be.
    fn parts(&self) -> Vec<&Self> {
        match self {
            Self::List(inner) => inner.parts(),
            Self::Either(_, kinds) => kinds.iter().flat_map(Self::parts).collect(),
            kind => vec![kind],
        }
    }
}

/// A closed list of words.
#[derive(Debug)]
pub struct Choice {
    pub name: &'static str,
    pub docs: &'static str,
    /// Each word and what it means.
    pub words: &'static [(&'static str, &'static str)],
}

/// What a reference names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    Asset,
    Audit,
    Control,
    Criterion,
    Evidence,
    Framework,
    Holder,
    Person,
    Policy,
    Procedure,
    Risk,
    System,
    Vendor,
}

impl Target {
    /// The noun used in messages.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Asset => "asset",
            Self::Audit => "audit",
            Self::Control => "control",
            Self::Criterion => "criterion",
            Self::Evidence => "evidence",
            Self::Framework => "framework",
            Self::Holder => "person or role",
            Self::Person => "person",
            Self::Policy => "policy",
            Self::Procedure => "procedure",
            Self::Risk => "risk",
            Self::System => "system",
            Self::Vendor => "vendor",
        }
    }
}

/// Called for every reference of a record: what it names, the name, where it was typed.
pub type Visit<'v> = dyn FnMut(Target, &str, Location) + 'v;

/// A value of one scalar, a list or a record.
pub trait Value: Sized {
    const KIND: Kind;
    /// `None` when what was typed is no such value; `out` then says why.
    fn read(node: &Node<'_>, out: &mut Vec<Diagnostic>) -> Option<Self>;
    /// Visits every reference inside.
    fn references(&self, visit: &mut Visit<'_>);
}

/// What stands under a key, which may be absent.
pub trait Field: Sized {
    const KIND: Kind;
    /// The record cannot exist without it.
    const ESSENTIAL: bool;
    /// `None` only when the field is essential and not there.
    fn read(node: Option<&Node<'_>>, out: &mut Vec<Diagnostic>) -> Option<Self>;
    fn references(&self, visit: &mut Visit<'_>);
}

/// Large and rarely written records are kept apart, so that a list of small ones stays small.
impl<T: Value> Value for Box<T> {
    const KIND: Kind = T::KIND;

    fn read(node: &Node<'_>, out: &mut Vec<Diagnostic>) -> Option<Self> {
        T::read(node, out).map(Self::new)
    }

    fn references(&self, visit: &mut Visit<'_>) {
        (**self).references(visit);
    }
}

impl<T: Value> Field for Option<T> {
    const KIND: Kind = T::KIND;
    const ESSENTIAL: bool = false;

    fn read(node: Option<&Node<'_>>, out: &mut Vec<Diagnostic>) -> Option<Self> {
        Some(present(node).and_then(|node| T::read(node, out)))
    }

    fn references(&self, visit: &mut Visit<'_>) {
        if let Some(value) = self {
            value.references(visit);
        }
    }
}

impl<T: Value> Field for Vec<T> {
    const KIND: Kind = Kind::List(&T::KIND);
    const ESSENTIAL: bool = false;

    fn read(node: Option<&Node<'_>>, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let Some(node) = present(node) else { return Some(Self::new()) };
        Some(match &node.value {
            Typed::List(items) => {
                let mut values = Self::with_capacity(items.len());
                values.extend(items.iter().filter_map(|item| T::read(item, out)));
                values
            }
            Typed::Cell(cell) => {
                cell_items(cell, node.at).iter().filter_map(|item| T::read(item, out)).collect()
            }
            // A CSV row holds one item of a list of records: `employed.from`, `employed.to`.
            Typed::Map(entries) if entries.iter().any(|e| matches!(e.value.value, Typed::Cell(_))) => {
                T::read(node, out).into_iter().collect()
            }
            Typed::Broken => Self::new(),
            _ => {
                out.push(wrong_type(node, "a list", &as_list(node, &T::KIND)));
                Self::new()
            }
        })
    }

    fn references(&self, visit: &mut Visit<'_>) {
        for value in self {
            value.references(visit);
        }
    }
}

impl<T: Scalar> Field for Spanned<T> {
    const KIND: Kind = T::KIND;
    const ESSENTIAL: bool = true;

    fn read(node: Option<&Node<'_>>, out: &mut Vec<Diagnostic>) -> Option<Self> {
        present(node).and_then(|node| <Self as Value>::read(node, out))
    }

    fn references(&self, visit: &mut Visit<'_>) {
        Value::references(self, visit);
    }
}

fn present<'n, 'a>(node: Option<&'n Node<'a>>) -> Option<&'n Node<'a>> {
    node.filter(|node| !matches!(node.value, Typed::Null))
}

fn cell_items<'a>(cell: &str, at: Location) -> Vec<Node<'a>> {
    let parts = cell.split(';').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| Node { value: Typed::Cell(part.to_owned().into()), at }).collect()
}

/// A single value: how its text is read.
pub trait Scalar: Sized {
    const KIND: Kind;
    fn parse(text: &str) -> Result<Self, Unreadable>;
    /// What the value names, if it is a reference.
    fn reference(&self) -> Option<(Target, &str)> {
        None
    }
}

/// Why a text is not the value asked for.
pub struct Unreadable {
    pub rule: &'static str,
    pub message: String,
    pub help: String,
}

impl<T: Scalar> Value for Spanned<T> {
    const KIND: Kind = T::KIND;

    fn read(node: &Node<'_>, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let Some(text) = node.scalar() else {
            if !matches!(node.value, Typed::Broken) {
                out.push(wrong_type(node, &expected(&T::KIND), &as_single(node)));
            }
            return None;
        };
        match T::parse(text) {
            Ok(value) => Some(Self { value, at: node.at }),
            Err(Unreadable { rule, message, help }) => {
                out.push(Diagnostic::new(rule, node.at, message).help(help));
                None
            }
        }
    }

    fn references(&self, visit: &mut Visit<'_>) {
        if let Some((target, name)) = self.value.reference() {
            visit(target, name, self.at);
        }
    }
}

/// The noun for a kind in messages and docs.
pub fn noun(kind: &Kind) -> &'static str {
    match kind {
        Kind::Scalar(form) => form.noun,
        Kind::Table(noun) | Kind::Either(noun, _) => noun,
        Kind::Choice(choice) => choice.name,
        Kind::Reference(target) => target.noun(),
        Kind::List(_) => "a list",
        Kind::Record(shape) => shape.name,
    }
}

/// A name of something defined elsewhere; `T` says what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ref<T>(pub Box<str>, PhantomData<T>);

/// The marker types of [`Ref`].
pub trait Marker {
    const TARGET: Target;
}

impl<T: Marker> Scalar for Ref<T> {
    const KIND: Kind = Kind::Reference(T::TARGET);

    fn parse(text: &str) -> Result<Self, Unreadable> {
        Ok(Self(text.into(), PhantomData))
    }

    fn reference(&self) -> Option<(Target, &str)> {
        Some((T::TARGET, &self.0))
    }
}

impl<T> std::ops::Deref for Ref<T> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// A free key or its value.
pub type Cell = Spanned<Box<str>>;

/// Free keys with text values, as `[variables]` has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table(pub Vec<(Cell, Cell)>);

impl Table {
    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&Cell> {
        self.0.iter().find(|(name, _)| *name.value == *key).map(|(_, value)| value)
    }
}

impl Field for Table {
    const KIND: Kind = Kind::Table("free keys with text");
    const ESSENTIAL: bool = false;

    fn read(node: Option<&Node<'_>>, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let Some(node) = present(node) else { return Some(Self::default()) };
        let Typed::Map(entries) = &node.value else {
            out.push(wrong_type(node, "a mapping", "write `key: text` pairs"));
            return Some(Self::default());
        };
        let mut table = Self::default();
        for Entry { key, value } in entries {
            match value.scalar() {
                Some(text) => table.0.push((
                    Spanned { value: (*key.value).into(), at: key.at },
                    Spanned { value: text.into(), at: value.at },
                )),
                None if matches!(value.value, Typed::Broken) => {}
                None => out.push(wrong_type(value, "text", "write one value after the key")),
            }
        }
        Some(table)
    }

    fn references(&self, _: &mut Visit<'_>) {}
}

/// Keys of a record that were typed and not fully understood. Something was said there already, so what they
/// should hold is not missing.
///
/// Nearly always empty, and every record has one: a pointer is all it takes then.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::box_collection, reason = "eight bytes instead of twenty-four, a million times")]
pub struct Misread(Option<Box<Vec<&'static str>>>);

impl Misread {
    /// Was everything that was typed understood?
    pub fn nothing(&self) -> bool {
        self.0.is_none()
    }

    fn add(&mut self, key: &'static str) {
        self.0.get_or_insert_default().push(key);
    }

    /// Was this key typed and not fully understood?
    pub fn holds(&self, key: &str) -> bool {
        self.0.as_ref().is_some_and(|keys| keys.contains(&key))
    }
}

/// The entries of a mapping that is to become a record: tells a wrong type and unknown keys.
pub fn entries<'n, 'a>(
    node: &'n Node<'a>,
    shape: &Shape,
    out: &mut Vec<Diagnostic>,
    misread: &mut Misread,
) -> Option<&'n [Entry<'a>]> {
    let entries = match &node.value {
        Typed::Map(entries) => entries,
        Typed::Broken => return None,
        _ => {
            out.push(not_a_record(node, shape));
            return None;
        }
    };
    for Entry { key, .. } in entries {
        if shape.keys.iter().any(|known| known.name == key.value) {
            continue;
        }
        // Past the first hundred faults nobody reads suggestions, and a hostile file should not make us compute them.
        let names = shape.keys.iter().map(|key| key.name);
        let near = if out.len() < 100 { nearest(&key.value, names) } else { None };
        if let Some(near) = near {
            misread.add(near);
        }
        out.push(unknown_key(key, shape, near));
    }
    Some(entries)
}

/// Where a record begins: its first key, or its row where the keys stand in a header.
pub fn beginning(node: &Node<'_>) -> Location {
    let Typed::Map(entries) = &node.value else { return node.at };
    let first = entries.first().map(|entry| entry.key.at);
    first.filter(|at| at.span.start >= node.at.span.start).unwrap_or(node.at)
}

/// Reads one key of a record; tells its absence when it is required.
pub fn field<F: Field>(
    node: &Node<'_>,
    entries: &[Entry<'_>],
    shape: &Shape,
    key: &Key,
    out: &mut Vec<Diagnostic>,
    misread: &mut Misread,
) -> Option<F> {
    let entry = entries.iter().find(|entry| entry.key.value == key.name);
    let value = entry.map(|entry| &entry.value);
    if key.required && present(value).is_none() {
        let at = entry.map_or_else(|| beginning(node), |entry| entry.key.at);
        out.push(missing(entries, shape, key, at));
    }
    let told = out.len();
    let read = F::read(value, out);
    if out.len() > told || value.is_some_and(|value| matches!(value.value, Typed::Broken)) {
        misread.add(key.name);
    }
    read
}

/// A place for records that come from no text, in tests and defaults.
pub fn nowhere() -> Location {
    Location { file: crate::source::FileId(0), span: Span::default() }
}

/// The key's name of a field; `r#type` is `type`.
pub const fn key_name(field: &'static str) -> &'static str {
    let bytes = field.as_bytes();
    if bytes.len() > 2 && bytes[0] == b'r' && bytes[1] == b'#' { field.split_at(2).1 } else { field }
}
