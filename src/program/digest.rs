//! What a review pins: SHA-256 of the manifest without `reviewed`, as RFC 8785 JSON in which every scalar is the string
//! that was typed. Comments, order of keys, quotes and line ends do not matter; every word does. docs/formats.md shows
//! how anyone computes it again.

use crate::model::scalar::Sha256;
use crate::source::{FileId, sha256};
use crate::syntax::{Entry, Node, Value, yaml};

/// The key that the digest leaves out, because it holds the digest.
const REVIEWED: &str = "reviewed";

/// The digest of a manifest's text; `None` when the text is no mapping, or not read without a fault of YAML: what it says
/// is not settled then.
pub fn review_digest(text: &str) -> Option<Sha256> {
    let mut faults = Vec::new();
    let node = yaml::parse(FileId(0), text, 0, &mut faults)?;
    if faults.is_empty() { of(&node) } else { None }
}

/// The digest of a manifest that was read without a fault, where its review pins one.
pub(super) fn pinned(manifest: &Node<'_>) -> Option<Sha256> {
    let pin = manifest.get(REVIEWED)?.get("digest")?;
    if matches!(pin.value, Value::Null) { None } else { of(manifest) }
}

fn of(manifest: &Node<'_>) -> Option<Sha256> {
    let Value::Map(entries) = &manifest.value else { return None };
    let mut json = Vec::with_capacity(1 << 10);
    write_map(entries.iter().filter(|entry| entry.key.value != REVIEWED), &mut json)?;
    Some(Sha256(sha256(&json)))
}

/// Writes a node as canonical JSON; `None` when part of it could not be read.
fn write(node: &Node<'_>, json: &mut Vec<u8>) -> Option<()> {
    match &node.value {
        Value::Null => json.extend_from_slice(b"null"),
        Value::Scalar(text) | Value::Cell(text) => write_text(text, json)?,
        Value::List(items) => {
            json.push(b'[');
            for (nth, item) in items.iter().enumerate() {
                if nth > 0 {
                    json.push(b',');
                }
                write(item, json)?;
            }
            json.push(b']');
        }
        Value::Map(entries) => write_map(entries.iter(), json)?,
        Value::Broken => return None,
    }
    Some(())
}

/// Keys in the order of their UTF-16 code units; a key given twice leaves open what was meant.
fn write_map<'n>(entries: impl Iterator<Item = &'n Entry<'n>>, json: &mut Vec<u8>) -> Option<()> {
    let mut sorted: Vec<&Entry<'_>> = entries.collect();
    sorted.sort_by(|a, b| a.key.value.encode_utf16().cmp(b.key.value.encode_utf16()));
    if sorted.windows(2).any(|pair| matches!(pair, [a, b] if a.key.value == b.key.value)) {
        return None;
    }
    json.push(b'{');
    for (nth, entry) in sorted.iter().enumerate() {
        if nth > 0 {
            json.push(b',');
        }
        write_text(&entry.key.value, json)?;
        json.push(b':');
        write(&entry.value, json)?;
    }
    json.push(b'}');
    Some(())
}

/// A JSON string; the writer's escapes are those of RFC 8785.
fn write_text(text: &str, json: &mut Vec<u8>) -> Option<()> {
    serde_json::to_writer(json, text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::hex;

    fn digest(text: &str) -> String {
        hex(&review_digest(text).unwrap().0)
    }

    /// The JSON that is hashed.
    fn json(text: &str) -> String {
        let node = yaml::parse(FileId(0), text, 0, &mut Vec::new()).unwrap();
        let mut json = Vec::new();
        write(&node, &mut json).unwrap();
        String::from_utf8(json).unwrap()
    }

    #[test]
    fn is_what_sha256sum_says_of_the_json() {
        // printf '%s' '{"artifacts":[{"bytes":"18234","covers":null}],"controls":["a","b"],"title":"5.30"}' | sha256sum
        let text = "title: 5.30\ncontrols: [a, b]\nreviewed: { on: 2026-03-30 }\nartifacts:\n  - bytes: 18234\n    covers:\n";
        assert_eq!(digest(text), "7467d00173687c14be5bb059983b98d8c9f49560d90e762b1da59cf428bd857e");
    }

    #[test]
    fn scalars_stay_what_was_typed() {
        assert_eq!(
            json("a: no\nb: 0018\nc: 2026-1-5\nd: \"\"\ne: ~\nf:\ng: true\nh: \"null\"\n"),
            r#"{"a":"no","b":"0018","c":"2026-1-5","d":"","e":null,"f":null,"g":"true","h":"null"}"#
        );
    }

    #[test]
    fn escapes_and_order_are_those_of_rfc_8785() {
        let escaped = r#"{"a":"\"\\/\b\f\n\r\t\u0001é"}"#;
        assert_eq!(json(r#"a: "\"\\/\b\f\n\r\t\x01\u00e9""#), escaped);
        assert_eq!(json(r#"a: "\x7f\u20ac""#), "{\"a\":\"\u{7f}€\"}");
        // U+1F600 is D83D DE00 in UTF-16, before U+FB33.
        assert_eq!(
            json("\u{fb33}: 1\n\u{1f600}: 2\nö: 3\nb: 4\n"),
            "{\"b\":\"4\",\"ö\":\"3\",\"\u{1f600}\":\"2\",\"\u{fb33}\":\"1\"}"
        );
    }

    #[test]
    fn how_it_is_written_does_not_matter() {
        let text = "title: Q1 review\ncontrols: [a]\nresult: { outcome: as-expected, summary: \"x y\" }\nnotes: |\n  one\n  two\n";
        let same = [
            "# why\ncontrols:\n  - a # the one\ntitle: \"Q1 review\"\nnotes: \"one\\ntwo\\n\"\nresult:\n  summary: 'x y'\n  outcome: as-expected\n".to_owned(),
            text.replace('\n', "\r\n"),
            format!("{text}reviewed: {{ on: 2026-03-30, digest: \"00\" }}\n"),
        ];
        for other in same {
            assert_eq!(digest(&other), digest(text), "{other}");
        }
        assert_ne!(digest(&text.replace("[a]", "[b]")), digest(text));
        assert_ne!(digest(&text.replace("[a]", "a")), digest(text));
    }

    #[test]
    fn what_is_not_settled_has_none() {
        for text in
            ["a: 1\na: 2\n", "a: &b 1\n", "a: *b\n", "a: [", "- a\n", "", "b: {c: 1, c: 1}\n", "a: !!str 1\n"]
        {
            assert_eq!(review_digest(text), None, "{text}");
        }
    }
}
