//! Records as typed: every key that one has, with its value as one line of text.

use crate::model::Control;
use crate::record::{Shape, Value as _};
use crate::source::{Body, Sources};
use crate::syntax::{Node, Value, yaml};

/// Keys and values of a control, in the order of the record.
pub(super) type Fields = Box<[(&'static str, Box<str>)]>;

/// A control of a file; no fields when some of them cannot be read.
pub(super) struct Typed {
    pub(super) id: Box<str>,
    pub(super) fields: Option<Fields>,
}

/// The controls that a file holds; `None` when it cannot be read.
pub(super) fn controls(path: &str, bytes: Vec<u8>) -> Option<Vec<Typed>> {
    let sources = Sources::from_memory(vec![(path.to_owned(), bytes)]);
    let (file, body) = sources.files().next()?;
    let Body::Text(text) = &body.body else { return None };
    let node = yaml::parse(file, text, 0, &mut Vec::new())?;
    Some(match &node.value {
        Value::List(items) => items.iter().filter_map(control).collect(),
        _ => control(&node).into_iter().collect(),
    })
}

/// A record that loading takes for a control.
fn control(node: &Node<'_>) -> Option<Typed> {
    let control = Control::read(node, &mut Vec::new())?;
    Some(Typed { id: control.id.value.0, fields: fields(node) })
}

fn fields(node: &Node<'_>) -> Option<Fields> {
    let mut out = Vec::new();
    for (key, value) in keys(node, &Control::SHAPE) {
        let mut text = String::new();
        put(value, false, &mut text)?;
        out.push((key, text.into_boxed_str()));
    }
    Some(out.into_boxed_slice())
}

/// The keys of a record that say something, in the order of its declaration.
pub(super) fn keys<'n, 'a>(
    node: &'n Node<'a>,
    shape: &'static Shape,
) -> impl Iterator<Item = (&'static str, &'n Node<'a>)> {
    shape.keys.iter().filter_map(move |key| {
        let value = node.get(key.name).filter(|value| !is_empty(value))?;
        Some((key.name, value))
    })
}

/// A value on one line; what cannot be read of it is left out.
pub(super) fn line(node: &Node<'_>) -> String {
    let mut text = String::new();
    let _ = put(node, false, &mut text);
    text
}

/// Says nothing: no more than the key's absence.
fn is_empty(node: &Node<'_>) -> bool {
    match &node.value {
        Value::Null => true,
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        _ => false,
    }
}

/// Writes a value on one line; `None` when a part of it cannot be read.
fn put(node: &Node<'_>, inside: bool, out: &mut String) -> Option<()> {
    match &node.value {
        Value::Null => {}
        Value::Broken => return None,
        Value::Scalar(text) | Value::Cell(text) => {
            let text = text.trim();
            // Within a list or record, a text that looks like several stays one.
            if inside && text.contains([',', '{', '}', '"']) {
                out.push_str(&format!("{text:?}"));
            } else {
                out.push_str(text);
            }
        }
        Value::List(items) => {
            for (nth, item) in items.iter().enumerate() {
                out.push_str(if nth > 0 { ", " } else { "" });
                put(item, true, out)?;
            }
        }
        Value::Map(entries) => {
            out.push('{');
            for (nth, entry) in entries.iter().enumerate() {
                out.push_str(if nth > 0 { ", " } else { "" });
                out.push_str(&entry.key.value);
                out.push_str(": ");
                put(&entry.value, true, out)?;
            }
            out.push('}');
        }
    }
    Some(())
}
