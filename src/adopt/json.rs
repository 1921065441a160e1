//! JSON as the tree that YAML becomes, with places, so that what is said of another tool's file has a line.

use std::borrow::Cow;

use super::Refused;
use crate::source::{FileId, Location, Span, Spanned};
use crate::syntax::{Entry, Node, Value};

const DEPTH_CAP: usize = 64;
const NODE_CAP: usize = 200_000;

/// Parses a text. Numbers, `true` and `false` stay as they are typed.
pub(super) fn parse(text: &str) -> Result<Node<'_>, Refused> {
    let mut reader = Reader { text, at: 0, nodes: 0 };
    let read = reader.value(0).and_then(|node| {
        reader.blanks();
        if reader.at < text.len() { Err("text after the end".to_owned()) } else { Ok(node) }
    });
    read.map_err(|why| {
        let before = text.get(..reader.at.min(text.len())).unwrap_or(text);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        Refused { line: Some(line), why: format!("not JSON: {why}") }
    })
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    nodes: usize,
}

type Read<T> = Result<T, String>;

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\n', '\t', '\r']).len();
    }

    /// Takes a character, if it comes next.
    fn takes(&mut self, c: char) -> bool {
        self.blanks();
        let comes = self.rest().starts_with(c);
        self.at += usize::from(comes) * c.len_utf8();
        comes
    }

    fn node(&self, value: Value<'t>, start: usize) -> Node<'t> {
        Node { value, at: Location { file: FileId(0), span: Span::new(start, self.at) } }
    }

    fn value(&mut self, depth: usize) -> Read<Node<'t>> {
        self.blanks();
        self.nodes += 1;
        if depth > DEPTH_CAP || self.nodes > NODE_CAP {
            return Err("nested too deep, or too much of it".to_owned());
        }
        let start = self.at;
        let value = match self.rest().chars().next() {
            Some('{') => self.map(depth)?,
            Some('[') => self.list(depth)?,
            Some('"') => Value::Scalar(self.string()?),
            Some(_) => self.word()?,
            None => return Err("it ends too early".to_owned()),
        };
        Ok(self.node(value, start))
    }

    fn map(&mut self, depth: usize) -> Read<Value<'t>> {
        self.at += 1;
        let mut entries: Vec<Entry<'t>> = Vec::new();
        if self.takes('}') {
            return Ok(Value::Map(entries));
        }
        loop {
            self.blanks();
            let start = self.at;
            if !self.rest().starts_with('"') {
                return Err("a key in quotes is missing, or a comma is too many".to_owned());
            }
            let name = self.string()?;
            let at = Location { file: FileId(0), span: Span::new(start, self.at) };
            if !self.takes(':') {
                return Err("a `:` is missing".to_owned());
            }
            let value = self.value(depth + 1)?;
            entries.push(Entry { key: Spanned { value: name, at }, value });
            if self.takes('}') {
                return Ok(Value::Map(entries));
            }
            if !self.takes(',') {
                return Err("a comma or `}` is missing".to_owned());
            }
        }
    }

    fn list(&mut self, depth: usize) -> Read<Value<'t>> {
        self.at += 1;
        let mut items = Vec::new();
        if self.takes(']') {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if self.takes(']') {
                return Ok(Value::List(items));
            }
            if !self.takes(',') {
                return Err("a comma or `]` is missing".to_owned());
            }
        }
    }

    fn word(&mut self) -> Read<Value<'t>> {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')))
            .unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or("");
        let is_number =
            word.parse::<f64>().is_ok() && word.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        match word {
            "null" => {}
            "true" | "false" => {}
            _ if is_number => {}
            _ => return Err("a value is missing".to_owned()),
        }
        self.at += end;
        Ok(if word == "null" { Value::Null } else { Value::Scalar(Cow::Borrowed(word)) })
    }

    fn string(&mut self) -> Read<Cow<'t, str>> {
        self.at += 1;
        let rest = self.rest();
        let plain = rest.find(['"', '\\', '\n']).unwrap_or(rest.len());
        if rest.get(plain..).is_some_and(|rest| rest.starts_with('"')) {
            self.at += plain + 1;
            return Ok(Cow::Borrowed(rest.get(..plain).unwrap_or("")));
        }
        let mut out = String::new();
        loop {
            let rest = self.rest();
            let plain = rest.find(['"', '\\', '\n']).unwrap_or(rest.len());
            out.push_str(rest.get(..plain).unwrap_or(""));
            self.at += plain;
            match self.rest().chars().next() {
                Some('"') => {
                    self.at += 1;
                    return Ok(Cow::Owned(out));
                }
                Some('\\') => {
                    self.at += 1;
                    let c = self.escape()?;
                    out.push(c);
                }
                _ => return Err("a quote is not closed".to_owned()),
            }
        }
    }

    fn escape(&mut self) -> Read<char> {
        let odd = || "a `\\` that begins no escape".to_owned();
        let c = self.rest().chars().next().ok_or_else(odd)?;
        self.at += c.len_utf8();
        Ok(match c {
            '"' | '\\' | '/' => c,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let high = self.unit().ok_or_else(odd)?;
                let pair = (0xd800..0xdc00).contains(&high) && self.rest().starts_with("\\u");
                let low = if pair {
                    self.at += 2;
                    Some(self.unit().ok_or_else(odd)?)
                } else {
                    None
                };
                let units: Vec<u16> = std::iter::once(high).chain(low).collect();
                char::decode_utf16(units).next().and_then(Result::ok).unwrap_or('\u{fffd}')
            }
            _ => return Err(odd()),
        })
    }

    fn unit(&mut self) -> Option<u16> {
        let digits = self.rest().get(..4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
        self.at += 4;
        u16::from_str_radix(digits, 16).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_becomes_a_tree_with_places() {
        let text = "{\n  \"a\": [1.50, true, null, \"x\\n\\u00fc\\ud83d\\ude00\\/\"],\n\t\"b\": {} }\n";
        let node = parse(text).unwrap();
        let Value::List(items) = &node.get("a").unwrap().value else { panic!() };
        let seen: Vec<Option<&str>> = items.iter().map(Node::scalar).collect();
        assert_eq!(seen, [Some("1.50"), Some("true"), None, Some("x\nü😀/")]);
        assert_eq!(&text[node.get("b").unwrap().at.span.range()], "{}");
    }

    #[test]
    fn what_is_none_is_told_with_its_line() {
        for (text, line) in [
            ("", 1),
            ("{\n\"a\": 1,\n}", 3),
            ("{\n\"a\" 1}", 2),
            ("[1,\n2", 2),
            ("\n\"a\n\"", 2),
            ("[1] x", 1),
            ("\n[tru]", 2),
            ("{a: 1}", 1),
            ("[\"\\x\"]", 1),
            ("[\"\\ud83d", 1),
        ] {
            assert_eq!(parse(text).err().and_then(|fault| fault.line), Some(line), "{text}");
        }
        assert!(parse(&"[".repeat(100_000)).is_err());
        assert!(parse(&format!("[{}1]", "1,".repeat(300_000))).is_err());
    }
}
