//! The text of a part of an Office file: tags left out, so that a value which changes its looks half way is whole again.
//! A paragraph, a row and a string of a workbook are a line each; cells stand apart.

use std::io::{self, Read};

use super::cells::{Cells, text_cell};

/// The longest name of a tag, and of an entity, that matters.
const NAME: usize = 24;
/// The most of the attributes of a cell that matters.
const ATTRIBUTES: usize = 100;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Text,
    Tag,
    /// In a tag, behind its name.
    Attributes,
    Entity,
}

/// A stream of text from a stream of XML.
pub(super) struct Markup<'r> {
    xml: &'r mut dyn Read,
    state: State,
    name: Vec<u8>,
    attributes: Vec<u8>,
    /// Where cells are told, and the one that is being read.
    cells: Option<&'r mut Cells>,
    cell: Option<(u64, u64)>,
    /// The digits of its value.
    value: Vec<u8>,
    out: Vec<u8>,
    given: usize,
}

impl<'r> Markup<'r> {
    pub(super) fn new(xml: &'r mut dyn Read) -> Self {
        Self {
            xml,
            state: State::Text,
            name: Vec::new(),
            attributes: Vec::new(),
            cells: None,
            cell: None,
            value: Vec::new(),
            out: Vec::new(),
            given: 0,
        }
    }

    /// The same for a sheet, whose cells are told.
    pub(super) fn of_sheet(xml: &'r mut dyn Read, cells: &'r mut Cells) -> Self {
        Self { cells: Some(cells), ..Self::new(xml) }
    }

    fn take(&mut self, byte: u8) {
        match (self.state, byte) {
            (State::Text | State::Entity, b'<') => self.begin(State::Tag),
            (State::Text, b'&') => self.begin(State::Entity),
            // A line of a cell or paragraph is none of the text.
            (State::Text, b'\n' | b'\r') => self.out.push(b' '),
            (State::Text, _) => {
                self.out.push(byte);
                if self.cell.is_some() && self.value.len() < NAME {
                    self.value.push(byte);
                }
            }
            (State::Entity, b';') => {
                self.state = State::Text;
                let entity = std::mem::take(&mut self.name);
                let character = character(&entity).unwrap_or(' ');
                self.out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            (State::Tag | State::Attributes, b'>') => {
                self.state = State::Text;
                self.cell();
                self.out.extend(stands_for(&self.name));
            }
            (State::Tag, b' ' | b'\t' | b'\n' | b'\r') => self.state = State::Attributes,
            (State::Tag | State::Entity, _) if self.name.len() < NAME => self.name.push(byte),
            (State::Entity, _) => self.state = State::Text,
            (State::Attributes, _) if self.attributes.len() < ATTRIBUTES => self.attributes.push(byte),
            (State::Tag | State::Attributes, _) => {}
        }
    }

    /// A tag of a sheet has ended: `<c r="B7" t="s">`, `<v>`, `</v>`.
    fn cell(&mut self) {
        let Some(cells) = &mut self.cells else { return };
        match &*self.name {
            b"c" => self.cell = text_cell(&self.attributes),
            b"v" => self.value.clear(),
            b"/v" => {
                let text = std::str::from_utf8(&self.value).ok().and_then(|digits| digits.parse().ok());
                if let Some((cell, text)) = self.cell.take().zip(text) {
                    cells.shows(cell, text);
                }
            }
            _ => {}
        }
    }

    fn begin(&mut self, state: State) {
        self.name.clear();
        self.attributes.clear();
        self.state = state;
    }
}

impl Read for Markup<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut xml = [0; 8 << 10];
        while self.given == self.out.len() {
            self.out.clear();
            self.given = 0;
            let n = self.xml.read(&mut xml)?;
            if n == 0 {
                return Ok(0);
            }
            for byte in xml.get(..n).unwrap_or(&[]) {
                self.take(*byte);
            }
        }
        let mut rest = self.out.get(self.given..).unwrap_or(&[]);
        let n = rest.read(buffer)?;
        self.given += n;
        Ok(n)
    }
}

/// What a tag puts between its neighbours.
fn stands_for(tag: &[u8]) -> Option<u8> {
    let (ends, tag) = tag.strip_prefix(b"/").map_or((false, tag), |tag| (true, tag));
    let tag = tag.strip_suffix(b"/").unwrap_or(tag);
    let local = tag.rsplit(|byte| *byte == b':').next().unwrap_or(tag);
    match (ends, local) {
        (true, b"p" | b"si" | b"row" | b"tr" | b"h" | b"table-row" | b"comment") | (_, b"br" | b"cr") => {
            Some(b'\n')
        }
        (true, b"c" | b"tc" | b"table-cell" | b"f") | (_, b"tab") => Some(b'\t'),
        _ => None,
    }
}

fn character(entity: &[u8]) -> Option<char> {
    match entity {
        b"amp" => Some('&'),
        b"lt" => Some('<'),
        b"gt" => Some('>'),
        b"quot" => Some('"'),
        b"apos" => Some('\''),
        _ => {
            let number = std::str::from_utf8(entity.strip_prefix(b"#")?).ok()?;
            let hex = number.strip_prefix(['x', 'X']).map(|hex| u32::from_str_radix(hex, 16));
            char::from_u32(hex.unwrap_or_else(|| number.parse()).ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_whole_again() {
        for (xml, text) in [
            (
                "<w:p><w:r><w:t>123-</w:t></w:r><w:r><w:t xml:space=\"preserve\">45</w:t></w:r></w:p><w:p/>",
                "123-45\n",
            ),
            ("<si><t>a &amp; b&#x41;&#66;&nbsp;</t></si><si><t>c</t></si>", "a & bAB \nc\n"),
            ("<row r=\"1\"><c r=\"A1\"><v>1</v></c><c><f>A1+1</f><v>2</v></c></row>", "1\tA1+1\t2\t\n"),
            ("a<br/>b & c; <d", "a\nb   "),
        ] {
            let mut out = String::new();
            Markup::new(&mut xml.as_bytes()).read_to_string(&mut out).unwrap();
            assert_eq!(out, text, "{xml}");
        }
    }
}
