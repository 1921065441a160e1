//! Records as nearly everybody writes them: ASCII, one key or item a line, values that begin and end on it. Read in one
//! pass without the library, which weighs every character against all of YAML; a programme's ten thousand manifests
//! are read many times faster so. Whatever is not plainly of this form is left to the library, and so is every fault:
//! where this gives a tree, the library gives the same one and has nothing to say (a test and a fuzz target hold it to
//! that).

use std::borrow::Cow;

use crate::source::{FileId, Location, Span, Spanned};
use crate::syntax::{Entry, Node, Value};

/// Longer texts are left to the library, and so its bounds.
const LENGTH_CAP: usize = 64 << 10;
/// So are deeper ones.
const DEPTH_CAP: usize = 12;
/// And longer keys.
const KEY_CAP: usize = 100;

/// The tree of a text; `None` where the library has to say what it is.
pub(super) fn read(file: FileId, text: &str, offset: usize) -> Option<Node<'_>> {
    let is_known = |byte: &u8| matches!(byte, b'\n' | b' '..=b'~');
    if text.len() > LENGTH_CAP || !text.as_bytes().iter().all(is_known) {
        return None;
    }
    let mut reader = Reader { file, offset, text, at: 0, column: None };
    reader.go_to_next_line();
    let column = reader.column.filter(|column| *column == 0)?;
    let root = reader.block(column, 0)?;
    reader.column.is_none().then_some(root)
}

/// Stands on the first character of a line that says something, or within it.
struct Reader<'a> {
    file: FileId,
    offset: usize,
    text: &'a str,
    at: usize,
    /// How far the line is indented; `None` after the last.
    column: Option<usize>,
}

impl<'a> Reader<'a> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn is_at_end_of_line(&self) -> bool {
        matches!(self.byte(), None | Some(b'\n'))
    }

    fn skip_blanks(&mut self) {
        self.at += self.rest().iter().take_while(|byte| **byte == b' ').count();
    }

    /// From a line's beginning or end to the next one that holds more than blanks and a comment.
    fn go_to_next_line(&mut self) {
        loop {
            if self.byte() == Some(b'\n') {
                self.at += 1;
            }
            let start = self.at;
            self.skip_blanks();
            match self.byte() {
                None => return self.column = None,
                Some(b'\n') => {}
                Some(b'#') => self.at += self.rest_of_line().len(),
                Some(_) => return self.column = Some(self.at - start),
            }
        }
    }

    fn rest_of_line(&self) -> &'a str {
        let length = memchr::memchr(b'\n', self.rest()).unwrap_or(self.rest().len());
        self.text.get(self.at..self.at + length).unwrap_or("")
    }

    fn node(&self, value: Value<'a>, start: usize, end: usize) -> Node<'a> {
        Node { value, at: self.place(start, end) }
    }

    fn place(&self, start: usize, end: usize) -> Location {
        Location { file: self.file, span: Span::new(self.offset + start, self.offset + end) }
    }

    /// Does an item of a list begin here?
    fn is_item(&self) -> bool {
        self.rest().starts_with(b"- ")
    }

    /// How long the key is that begins here, if one does.
    fn key(&self, ends: impl Fn(Option<u8>) -> bool) -> Option<usize> {
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        let rest = self.rest();
        let length = rest.iter().take_while(|byte| is_part(byte)).count();
        let begins = rest.first().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        let is_key = begins
            && length <= KEY_CAP
            && rest.get(length) == Some(&b':')
            && ends(rest.get(length + 1).copied())
            && !rest.starts_with(b"null:");
        is_key.then_some(length)
    }

    fn key_of_line(&self) -> Option<usize> {
        self.key(|next| matches!(next, None | Some(b' ' | b'\n')))
    }

    /// Goes past a key and its colon.
    fn take_key(&mut self, length: usize) -> Option<Spanned<Cow<'a, str>>> {
        let start = self.at;
        self.at += length + 1;
        let value = Cow::Borrowed(self.text.get(start..start + length)?);
        Some(Spanned { value, at: self.place(start, start + length) })
    }

    /// A mapping or list whose lines are indented so far. Ends on the first line that is not.
    fn block(&mut self, column: usize, depth: usize) -> Option<Node<'a>> {
        match depth {
            DEPTH_CAP.. => None,
            _ if self.is_item() => self.list(column, depth),
            _ => self.map(column, depth),
        }
    }

    fn map(&mut self, column: usize, depth: usize) -> Option<Node<'a>> {
        let start = self.at;
        let mut entries = Vec::with_capacity(8);
        loop {
            let key = self.key_of_line().and_then(|length| self.take_key(length))?;
            let value = self.value(column, depth)?;
            put(&mut entries, key, value)?;
            match self.column {
                Some(next) if next > column => return None,
                Some(next) if next == column && !self.is_item() => {}
                _ => break,
            }
        }
        let end = entries.last()?.value.at.span.end as usize - self.offset;
        Some(self.node(Value::Map(entries), start, end))
    }

    /// What follows a key's colon: on its line, or indented below it. A list may be as far out as the key.
    fn value(&mut self, column: usize, depth: usize) -> Option<Node<'a>> {
        self.skip_blanks();
        if !self.is_at_end_of_line() {
            return self.inline(depth);
        }
        self.go_to_next_line();
        match self.column {
            Some(next) if next > column => self.block(next, depth + 1),
            Some(next) if next == column && self.is_item() => self.list_of_key(column, depth + 1),
            _ => None,
        }
    }

    /// A list that is as far out as its key; to the library it begins with its first item, not with the dash.
    fn list_of_key(&mut self, column: usize, depth: usize) -> Option<Node<'a>> {
        let mut list = self.list(column, depth)?;
        let Value::List(items) = &list.value else { return None };
        let start = items.first()?.at.span.start;
        let is_in_brackets = self.text.get(start as usize - self.offset..)?.starts_with(['[', '{']);
        list.at.span.start = start;
        (!is_in_brackets).then_some(list)
    }

    fn list(&mut self, column: usize, depth: usize) -> Option<Node<'a>> {
        let start = self.at;
        let mut items = Vec::new();
        loop {
            let dash = self.at;
            self.at += 1;
            self.skip_blanks();
            items.push(match self.key_of_line() {
                Some(_) => self.block(column + self.at - dash, depth + 1)?,
                None => self.inline(depth)?,
            });
            match self.column {
                Some(next) if next > column => return None,
                Some(next) if next == column && self.is_item() => {}
                _ => break,
            }
        }
        let end = items.last()?.at.span.end as usize - self.offset;
        Some(self.node(Value::List(items), start, end))
    }

    /// A value that ends with its line.
    fn inline(&mut self, depth: usize) -> Option<Node<'a>> {
        let node = match self.byte()? {
            b'"' | b'\'' => self.quoted()?,
            b'[' | b'{' => self.flow(depth)?,
            _ => self.bare()?,
        };
        self.skip_blanks();
        if !self.is_at_end_of_line() {
            return None;
        }
        self.go_to_next_line();
        Some(node)
    }

    /// Text in quotes, with nothing in it that means something else.
    fn quoted(&mut self) -> Option<Node<'a>> {
        let (start, quote) = (self.at, self.byte()?);
        let inner = self.text.get(start + 1..)?;
        let length = memchr::memchr3(quote, b'\n', b'\\', inner.as_bytes())?;
        let after = inner.as_bytes().get(length + 1);
        if inner.as_bytes().get(length) != Some(&quote) || after == Some(&quote) {
            return None;
        }
        self.at = start + length + 2;
        Some(self.node(Value::Scalar(Cow::Borrowed(inner.get(..length)?)), start, self.at))
    }

    /// Text without quotes, up to the end of its line.
    fn bare(&mut self) -> Option<Node<'a>> {
        let text = self.rest_of_line().trim_end_matches(' ');
        let bytes = text.as_bytes();
        let ends_early = |pair: &[u8]| matches!(pair, b": " | b" #");
        if !bytes.first().is_some_and(|byte| begins_bare(*byte))
            || bytes.last() == Some(&b':')
            || bytes.windows(2).any(ends_early)
        {
            return None;
        }
        self.bare_of(text)
    }

    fn bare_of(&mut self, text: &'a str) -> Option<Node<'a>> {
        let start = self.at;
        self.at += text.len();
        (text != "null").then(|| self.node(Value::Scalar(Cow::Borrowed(text)), start, start + text.len()))
    }

    /// A list or mapping in brackets.
    fn flow(&mut self, depth: usize) -> Option<Node<'a>> {
        if depth >= DEPTH_CAP {
            return None;
        }
        let start = self.at;
        let (is_list, closing) = if self.byte()? == b'[' { (true, b']') } else { (false, b'}') };
        self.at += 1;
        self.skip_blanks();
        let (mut items, mut entries) = (Vec::new(), Vec::new());
        while self.byte()? != closing {
            if is_list {
                items.push(self.flow_value(depth)?);
            } else {
                let length = self.key(|next| next == Some(b' '))?;
                let key = self.take_key(length)?;
                self.skip_blanks();
                let value = self.flow_value(depth)?;
                put(&mut entries, key, value)?;
            }
            self.skip_blanks();
            if self.byte()? == b',' {
                self.at += 1;
                self.skip_blanks();
                // A comma before the bracket.
                self.byte().filter(|byte| *byte != closing)?;
            } else if self.byte()? != closing {
                return None;
            }
        }
        self.at += 1;
        let value = if is_list { Value::List(items) } else { Value::Map(entries) };
        Some(self.node(value, start, self.at))
    }

    fn flow_value(&mut self, depth: usize) -> Option<Node<'a>> {
        match self.byte()? {
            b'"' | b'\'' => self.quoted(),
            b'[' | b'{' => self.flow(depth + 1),
            byte if begins_bare(byte) => {
                let rest = self.rest();
                let end =
                    rest.iter().position(|byte| matches!(byte, b',' | b'[' | b']' | b'{' | b'}' | b'\n'))?;
                let typed = self.text.get(self.at..self.at + end)?.trim_end_matches(' ');
                let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b" _-./+@()=:".contains(byte);
                let after_colon = |pair: &[u8]| pair.starts_with(b":") && !pair.ends_with(b" ");
                let colons = typed.bytes().filter(|byte| *byte == b':').count();
                let sound = typed.as_bytes().windows(2).filter(|pair| after_colon(pair)).count() == colons;
                if sound && typed.bytes().all(|byte| is_plain(&byte)) { self.bare_of(typed) } else { None }
            }
            _ => None,
        }
    }
}

/// Does a text without quotes begin so, and mean nothing else?
fn begins_bare(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'/' | b'(' | b'+' | b'<' | b'=')
}

/// Adds an entry whose key is the first of its name.
fn put<'a>(entries: &mut Vec<Entry<'a>>, key: Spanned<Cow<'a, str>>, value: Node<'a>) -> Option<()> {
    let is_new = entries.iter().all(|entry| entry.key.value != key.value);
    is_new.then(|| entries.push(Entry { key, value }))
}

#[cfg(test)]
mod tests;
