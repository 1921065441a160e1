//! What is said of a record that cannot be read, and what to type instead.

use super::{Choice, Key, Kind, Shape, Typed, Unreadable, noun};
use crate::diagnostic::Diagnostic;
use crate::source::{Location, Spanned};
use crate::syntax::{Entry, Node};
use crate::text::{a, clip, list, nearest, safe};

/// The one wording for a value of the wrong type.
pub fn wrong_type(node: &Node<'_>, expected: &str, help: &str) -> Diagnostic {
    Diagnostic::new("wrong-type", node.at, format!("expected {expected}, found {}", node.noun())).help(help)
}

/// How to write as a list what was typed as something else.
pub(super) fn as_list(node: &Node<'_>, item: &Kind) -> String {
    match (item, &node.value) {
        (Kind::Record(shape), Typed::Map(_)) => format!(
            "write `- ` before the first key of each {}; in soc2.toml write its name as `[[name]]`",
            shape.name
        ),
        (Kind::Record(shape), _) => {
            format!("start each item with `- `, then its keys: soc2 explain {}", topic(shape.name))
        }
        (_, Typed::Scalar(text)) if text.len() <= 40 && !text.contains('\n') => {
            let quoted = node.at.span.range().len() == text.len() + 2;
            let text = safe(text);
            if quoted { format!("write `[\"{text}\"]`") } else { format!("write `[{text}]`") }
        }
        _ => "write `[a, b]`, or one item a line after `- `".to_owned(),
    }
}

/// How to write as one value what was typed as something else.
pub(super) fn as_single(node: &Node<'_>) -> String {
    let only = match &node.value {
        Typed::List(items) if items.len() == 1 => items.first().and_then(|item| item.scalar()),
        _ => None,
    };
    match only {
        Some(text) => format!("write `{}`, without brackets or `- `", clip(&safe(text), 60)),
        None => "write one value after the key".to_owned(),
    }
}

/// The one wording for a value that should have keys.
pub(super) fn not_a_record(node: &Node<'_>, shape: &Shape) -> Diagnostic {
    let expected = format!("a mapping with the keys of {}", a(shape.name));
    let required: Vec<&str> = shape.keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    let all = format!("soc2 explain {}", topic(shape.name));
    let help = match required.as_slice() {
        [] => format!("give it keys: {all}"),
        [key] => format!("give it the key `{key}`; all of them: {all}"),
        keys => format!("give it the keys {}; all of them: {all}", list(keys, "and")),
    };
    wrong_type(node, &expected, &help)
}

/// The one wording for a key that the record does not have.
pub(super) fn unknown_key(
    key: &Spanned<std::borrow::Cow<'_, str>>,
    shape: &Shape,
    near: Option<&str>,
) -> Diagnostic {
    let message = format!("`{}` is not a key of {}", clip(&safe(&key.value), 60), a(shape.name));
    let help = match near {
        Some(name) => format!("did you mean `{name}`?"),
        None if shape.keys.len() <= 8 => {
            let names: Vec<&str> = shape.keys.iter().map(|key| key.name).collect();
            format!("its keys are {}", list(&names, "and"))
        }
        None => format!("its keys: soc2 explain {}", topic(shape.name)),
    };
    Diagnostic::new("unknown-key", key.at, message).help(help)
}

/// The one wording for a key that is not there.
pub(super) fn missing(entries: &[Entry<'_>], shape: &Shape, key: &Key, at: Location) -> Diagnostic {
    let message = match identity(entries) {
        Some(id) => format!("the {} `{}` has no `{}`", shape.name, clip(&safe(id), 60), key.name),
        None => format!("{} has no `{}`", a(shape.name), key.name),
    };
    let meaning = lower(key.docs.trim().split(". ").next().unwrap_or("").trim_end_matches('.'));
    let help = match column(entries, key) {
        Some(column) => format!("fill in the column `{column}` with {meaning}"),
        None => format!("add `{}` with {meaning}", key.name),
    };
    Diagnostic::new("missing-key", at, message).help(help)
}

/// What a message asks for where a kind is expected.
pub(super) fn expected(kind: &Kind) -> String {
    match kind {
        Kind::Reference(target) => format!("the id of {}", a(target.noun())),
        Kind::Choice(choice) => a(choice.name),
        _ => noun(kind).to_owned(),
    }
}

/// What `soc2 explain` calls a record or a list of words.
fn topic(name: &str) -> String {
    name.replace(' ', "-")
}

/// The column that holds a key, for rows of CSV: `employed.from`.
fn column(entries: &[Entry<'_>], key: &Key) -> Option<String> {
    fn cells(entries: &[Entry<'_>]) -> bool {
        entries.iter().any(|entry| match &entry.value.value {
            Typed::Cell(_) => true,
            Typed::Map(inner) => cells(inner),
            _ => false,
        })
    }
    if !cells(entries) {
        return None;
    }
    let shape = match &key.kind {
        Kind::Record(shape) | Kind::List(Kind::Record(shape)) => shape,
        _ => return Some(key.name.to_owned()),
    };
    let inner = shape.keys.iter().find(|inner| inner.required).or_else(|| shape.keys.first())?;
    Some(format!("{}.{}", key.name, inner.name))
}

fn identity<'n>(entries: &'n [Entry<'_>]) -> Option<&'n str> {
    entries.iter().find(|entry| entry.key.value == "id").and_then(|entry| entry.value.scalar())
}

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

/// The one wording for a word that is not in the list.
pub fn unknown_word(text: &str, choice: &Choice) -> Unreadable {
    let words: Vec<&str> = choice.words.iter().map(|(word, _)| *word).collect();
    let lower = text.to_lowercase().replace(['_', ' '], "-");
    let longer: Vec<&str> = words.iter().copied().filter(|word| word.starts_with(&lower)).collect();
    let help = match nearest(&lower, words.iter().copied()) {
        _ if !longer.is_empty() && !lower.is_empty() => format!("did you mean {}?", list(&longer, "or")),
        Some(word) => format!("did you mean `{word}`?"),
        None => format!("write {}", list(&words, "or")),
    };
    let message = format!("`{}` is not {}", clip(&safe(text), 60), a(choice.name));
    Unreadable { rule: "unknown-word", message, help }
}
