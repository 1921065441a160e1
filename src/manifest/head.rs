//! An item added to a list of a document's front matter: everything else stays byte for byte, and the result is read again
//! before anybody gets it.

use super::edit::{read, same};
use super::quote::{quoted, value};
use crate::syntax::{Entry, Node, Value, markdown};

/// The document with an item at the end of the list under `key`, which is begun where there is none. Says why not when that
/// cannot be done without touching anything else.
pub fn with_item(text: &str, key: &str, item: &[(&str, String)]) -> Result<String, String> {
    let (mark, document) = match text.strip_prefix('\u{feff}') {
        Some(document) => ("\u{feff}", document),
        None => ("", text),
    };
    let parts = markdown::parts(document).ok_or("it has no front matter between two lines of `---`")?;
    let head = document.get(parts.front_matter.range()).unwrap_or("");
    let before = read(head).ok_or("its front matter is not read without a fault: `soc2 check` names it")?;
    let line_end = if document.starts_with("---\r\n") { "\r\n" } else { "\n" };
    let edited = edited(head, &before, key, &written(item), line_end).ok_or_else(|| place(key))?;
    let after = read(&edited).ok_or_else(|| place(key))?;
    if !is_added(&before, &after, key, item) {
        return Err(place(key));
    }
    let (above, below) = (parts.front_matter.range().start, parts.front_matter.range().end);
    let above = document.get(..above).unwrap_or("");
    let below = document.get(below..).unwrap_or("");
    Ok(format!("{mark}{above}{edited}{below}"))
}

/// The same in a file that is YAML alone, which may be empty yet.
pub fn with_row(text: &str, key: &str, item: &[(&str, String)]) -> Result<String, String> {
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let nothing_yet = text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
    if nothing_yet {
        let end = if text.is_empty() || text.ends_with('\n') { "" } else { line_end };
        return Ok(format!("{text}{end}{key}:{line_end}  - {}{line_end}", written(item)));
    }
    let before = read(text).ok_or("it is not read without a fault: `soc2 check` names it")?;
    let edited = edited(text, &before, key, &written(item), line_end).ok_or_else(|| place(key))?;
    let after = read(&edited).ok_or_else(|| place(key))?;
    if is_added(&before, &after, key, item) { Ok(edited) } else { Err(place(key)) }
}

fn place(key: &str) -> String {
    format!(
        "nothing can be added to `{key}` without changing what else it says: write each of its items on a line of its own, \
         `  - {{ … }}`, below `{key}:`"
    )
}

/// `{ version: "1.0", by: dana }`.
fn written(item: &[(&str, String)]) -> String {
    let entry = |(key, text): &(&str, String)| {
        let yaml = if matches!(*key, "version" | "text" | "proof") { quoted(text) } else { value(text) };
        format!("{key}: {yaml}")
    };
    format!("{{ {} }}", item.iter().map(entry).collect::<Vec<_>>().join(", "))
}

fn entry<'n, 'a>(node: &'n Node<'a>, key: &str) -> Option<&'n Entry<'a>> {
    let Value::Map(entries) = &node.value else { return None };
    entries.iter().find(|entry| entry.key.value == key)
}

/// The front matter with the item, where it has a place for it.
fn edited(head: &str, node: &Node<'_>, key: &str, item: &str, line_end: &str) -> Option<String> {
    let Some(list) = entry(node, key) else {
        let end = if head.is_empty() || head.ends_with('\n') { "" } else { line_end };
        return Some(format!("{head}{end}{key}:{line_end}  - {item}{line_end}"));
    };
    let insert = |at: usize, words: &str| Some(format!("{}{words}{}", head.get(..at)?, head.get(at..)?));
    let after_key = list.key.at.span.end as usize;
    match &list.value.value {
        Value::Null => {
            let at = after_line(head, after_key)?;
            insert(at, &format!("  - {item}{line_end}"))
        }
        Value::List(items) => {
            let span = list.value.at.span.range();
            let flow = head.get(span.start..)?.starts_with('[');
            match items.last() {
                None => {
                    let colon = after_key + head.get(after_key..)?.find(':')? + 1;
                    let rest = head.get(span.end..)?;
                    Some(format!("{}{line_end}  - {item}{rest}", head.get(..colon)?))
                }
                Some(last) if flow => insert(last.at.span.end as usize, &format!(", {item}")),
                Some(last) => {
                    let start = last.at.span.start as usize;
                    let dash = head.get(..start)?.rfind('-')?;
                    let line = head.get(..dash)?.rfind('\n').map_or(0, |newline| newline + 1);
                    let indent = head.get(line..dash).filter(|indent| indent.trim().is_empty())?;
                    let at = after_line(head, last.at.span.end as usize)?;
                    let end = if head.get(..at)?.ends_with('\n') { "" } else { line_end };
                    insert(at, &format!("{end}{indent}- {item}{line_end}"))
                }
            }
        }
        _ => None,
    }
}

/// Where the line of a byte ends, or that byte if a line begins there.
fn after_line(head: &str, at: usize) -> Option<usize> {
    if head.get(..at)?.ends_with('\n') {
        return Some(at);
    }
    Some(head.get(at..)?.find('\n').map_or(head.len(), |newline| at + newline + 1))
}

/// Do two front matters say the same, but for one item more at the end of a list?
fn is_added(before: &Node<'_>, after: &Node<'_>, key: &str, item: &[(&str, String)]) -> bool {
    let (Value::Map(old), Value::Map(new)) = (&before.value, &after.value) else { return false };
    let kept = old.iter().zip(new).all(|(old, new)| {
        old.key.value == new.key.value && (old.key.value == key || same(&old.value, &new.value))
    });
    let begun = usize::from(entry(before, key).is_none());
    let Some(Value::List(items)) = entry(after, key).map(|list| &list.value.value) else { return false };
    let Some((added, first)) = items.split_last() else { return false };
    let had: &[Node<'_>] = match entry(before, key).map(|list| &list.value.value) {
        Some(Value::List(items)) => items,
        _ => &[],
    };
    let stands = had.len() == first.len() && had.iter().zip(first).all(|(old, new)| same(old, new));
    let Value::Map(entries) = &added.value else { return false };
    let meant = entries.len() == item.len()
        && entries.iter().zip(item).all(|(entry, (key, text))| {
            entry.key.value == *key && entry.value.scalar() == Some(text.as_str())
        });
    kept && new.len() == old.len() + begun && stands && meant
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item() -> Vec<(&'static str, String)> {
        vec![("version", "1.0".to_owned()), ("by", "dana".to_owned()), ("proof", "a: \"b\" # c".to_owned())]
    }

    const ITEM: &str = "- { version: \"1.0\", by: dana, proof: \"a: \\\"b\\\" # c\" }";

    fn added(head: &str) -> Result<String, String> {
        let (text, body) = (format!("---\n{head}---\n"), "# A\n\n---\nb: c\n---\n");
        let added = with_item(&format!("{text}{body}"), "approvals", &item())?;
        let head = added.strip_prefix("---\n").and_then(|rest| rest.strip_suffix(body)).unwrap();
        Ok(head.strip_suffix("---\n").unwrap().to_owned())
    }

    #[test]
    fn a_row_is_added_to_a_file_of_rows() {
        let rows = |text: &str| {
            with_row(text, "bundles", &[("commit", "0f".repeat(20)), ("on", "2026-05-01".to_owned())])
        };
        let row = format!("  - {{ commit: \"{}\", on: 2026-05-01 }}\n", "0f".repeat(20));
        for (before, after) in [
            ("", format!("bundles:\n{row}")),
            ("# what was handed over\n", format!("# what was handed over\nbundles:\n{row}")),
            (
                "bundles:\n  - { on: 2026-01-01 } # first\n",
                format!("bundles:\n  - {{ on: 2026-01-01 }} # first\n{row}"),
            ),
            ("bundles: []\n", format!("bundles:\n{row}")),
        ] {
            assert_eq!(rows(before).unwrap(), after, "{before}");
        }
        assert!(rows("- a\n").is_err());
        assert!(rows("bundles: { a: 1 }\n").is_err());
    }

    #[test]
    fn is_added_and_all_else_stays() {
        for (head, expected) in [
            ("id: a # b\n", format!("id: a # b\napprovals:\n  {ITEM}\n")),
            ("approvals:\nid: a\n", format!("approvals:\n  {ITEM}\nid: a\n")),
            ("approvals: # none\nid: a\n", format!("approvals: # none\n  {ITEM}\nid: a\n")),
            ("approvals: [] # none\nid: a\n", format!("approvals:\n  {ITEM} # none\nid: a\n")),
            (
                "approvals:\n  - { by: x }\n\n# end\nid: a\n",
                format!("approvals:\n  - {{ by: x }}\n  {ITEM}\n\n# end\nid: a\n"),
            ),
            (
                "approvals: # of it\n- by: x\n  on: 2026-01-01 # late\nid: a\n",
                format!("approvals: # of it\n- by: x\n  on: 2026-01-01 # late\n{ITEM}\nid: a\n"),
            ),
            (
                "approvals:\n    -\n      by: x\nid: a\n",
                format!("approvals:\n    -\n      by: x\n    {ITEM}\nid: a\n"),
            ),
            ("approvals: [{ by: x }] # one\n", format!("approvals: [{{ by: x }}, {}] # one\n", &ITEM[2..])),
        ] {
            assert_eq!(added(head).unwrap(), expected, "{head}");
        }
    }

    #[test]
    fn line_ends_and_marks_are_kept() {
        let text = "\u{feff}---\r\nid: a\r\n---\r\nb\r\n";
        let added = with_item(text, "approvals", &item()).unwrap();
        assert_eq!(added, format!("\u{feff}---\r\nid: a\r\napprovals:\r\n  {ITEM}\r\n---\r\nb\r\n"));
    }

    #[test]
    fn what_would_change_more_is_refused() {
        for head in
            ["approvals: ~\nid: a\n", "approvals: yes\n", "approvals: { by: x }\n", "{ id: a }\n", "- a\n"]
        {
            assert!(added(head).is_err(), "{head}: {:?}", added(head));
        }
        assert!(added("id: a\nid: b\n").unwrap_err().contains("soc2 check"));
        assert!(with_item("# A\n", "approvals", &item()).unwrap_err().contains("front matter"));
    }
}
