//! The little of XML that workbooks need: tags with their places, attributes, text. Nothing is expanded but the five named
//! characters and those given by number.

use std::ops::Range;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::Refused;

/// A reader of tags.
pub(super) struct Xml<'x> {
    reader: Reader<&'x [u8]>,
}

/// A start tag, or one that is start and end at once.
pub(super) struct Tag<'x> {
    /// Without its prefix.
    pub(super) name: &'x str,
    pub(super) empty: bool,
    /// Its bytes, from `<` to after `>`.
    pub(super) at: Range<usize>,
    start: BytesStart<'x>,
}

/// What stands between tags.
pub(super) enum Piece<'x> {
    Tag(Tag<'x>),
    /// An end tag, by name without prefix.
    End(String, Range<usize>),
    Text(String),
    Done,
}

fn broken() -> Refused {
    "is damaged: a part of it is no XML".to_owned()
}

impl<'x> Xml<'x> {
    pub(super) fn new(text: &'x str) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_end_names = true;
        Self { reader }
    }

    fn place(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    /// The next piece.
    pub(super) fn piece(&mut self) -> Result<Piece<'x>, Refused> {
        loop {
            let from = self.place();
            let event = self.reader.read_event().map_err(|_| broken())?;
            let at = from..self.place();
            return Ok(match event {
                Event::Start(start) => Piece::Tag(tag(start, false, at)),
                Event::Empty(start) => Piece::Tag(tag(start, true, at)),
                Event::End(end) => Piece::End(local(end.name().as_ref()).to_owned(), at),
                Event::Text(text) => Piece::Text(text.xml10_content().into_owned()),
                Event::CData(text) => Piece::Text(text.xml10_content().into_owned()),
                Event::GeneralRef(reference) => Piece::Text(character(&reference)?),
                Event::DocType(_) => return Err("holds a document type, which no workbook needs".to_owned()),
                Event::Eof => Piece::Done,
                _ => continue,
            });
        }
    }

    /// The next start tag; what stands between is passed over.
    pub(super) fn next_tag(&mut self) -> Result<Option<Tag<'x>>, Refused> {
        loop {
            match self.piece()? {
                Piece::Tag(tag) => return Ok(Some(tag)),
                Piece::Done => return Ok(None),
                _ => {}
            }
        }
    }

    /// The text of all `t` up to the end of an element, without what is only there to be read aloud.
    pub(super) fn rich_text(&mut self, element: &str) -> Result<String, Refused> {
        let (mut text, mut inside, mut aloud) = (String::new(), 0usize, false);
        loop {
            match self.piece()? {
                Piece::Tag(tag) if tag.empty => {}
                Piece::Tag(tag) if tag.name == "t" => inside += 1,
                Piece::Tag(tag) => aloud |= tag.name == "rPh",
                Piece::End(name, _) if name == "t" => inside = inside.saturating_sub(1),
                Piece::End(name, _) if name == "rPh" => aloud = false,
                Piece::End(name, _) if name == element => return Ok(decoded(&text)),
                Piece::Text(part) if inside > 0 && !aloud => text.push_str(&part),
                Piece::Done => return Err(broken()),
                _ => {}
            }
        }
    }
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

fn tag<'x>(start: BytesStart<'x>, empty: bool, at: Range<usize>) -> Tag<'x> {
    Tag { name: known(local(start.name().as_ref())), empty, at, start }
}

/// Names that anybody asks for; all others are the same to us.
fn known(name: &str) -> &'static str {
    const NAMES: &[&str] = &[
        "Relationship",
        "c",
        "cellXfs",
        "col",
        "cols",
        "dimension",
        "f",
        "is",
        "mergeCell",
        "numFmt",
        "rPh",
        "row",
        "sheet",
        "sheetData",
        "si",
        "t",
        "v",
        "workbookPr",
        "worksheet",
        "xf",
    ];
    NAMES.iter().copied().find(|known| *known == name).unwrap_or("")
}

impl Tag<'_> {
    /// An attribute, by its name without prefix.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        let found = self.start.attributes().flatten().find(|one| local(one.key.as_ref()) == name)?;
        found.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
    }

    /// The prefix of its name with the colon: `x:`, or nothing.
    pub(super) fn prefix(&self) -> String {
        let name = self.start.name();
        let name: &str = name.as_ref();
        name.rfind(':').and_then(|colon| name.get(..=colon)).unwrap_or("").to_owned()
    }
}

fn character(reference: &quick_xml::events::BytesRef<'_>) -> Result<String, Refused> {
    if let Some(one) = reference.resolve_char_ref().map_err(|_| broken())? {
        return Ok(one.to_string());
    }
    let name: &str = reference;
    quick_xml::escape::resolve_predefined_entity(name).map(str::to_owned).ok_or_else(broken)
}

/// `_x000D_` in a cell stands for the character of that number.
fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let code = from.get(2..6).filter(|_| from.get(6..7) == Some("_"));
        let one = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        let (said, length) = one.map_or(("_x".to_owned(), 2), |one| (one.to_string(), 7));
        out.push_str(&said);
        rest = from.get(length..).unwrap_or("");
    }
    out.push_str(rest);
    out
}

/// Text as it stands between tags of a cell: what XML cannot hold becomes a blank.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for (at, c) in text.char_indices() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '_' if text.get(at..at + 7).is_some_and(|part| decoded(part) != part) => out.push_str("_x005F_"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        for text in
            ["a", "<b> & \"c\"", "_x000D_", "_x005F_x", "a_x", "ünï — 漢", "=1+1", "two\nlines", " blanks "]
        {
            let written = format!("<si><t>{}</t></si>", encoded(text));
            let mut xml = Xml::new(&written);
            assert_eq!(xml.next_tag().unwrap().unwrap().name, "si");
            assert_eq!(xml.rich_text("si").unwrap(), text);
        }
        assert_eq!(encoded("a\u{1b}b\u{ffff}"), "a b ");
    }

    #[test]
    fn rich_text_is_joined_and_what_is_read_aloud_left_out() {
        let text = "<x:si><x:r><x:t>one </x:t></x:r><x:r><x:t>&amp;&#32;two</x:t></x:r><x:rPh><x:t>no</x:t></x:rPh></x:si>";
        let mut xml = Xml::new(text);
        let tag = xml.next_tag().unwrap().unwrap();
        assert_eq!((tag.name, tag.prefix().as_str()), ("si", "x:"));
        assert_eq!(xml.rich_text("si").unwrap(), "one & two");
    }

    #[test]
    fn nothing_is_expanded() {
        for text in
            ["<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "<a>&b;</a>", "<a></b>", "<a>&#x110000;</a>"]
        {
            let mut xml = Xml::new(text);
            let mut pieces = std::iter::from_fn(|| Some(xml.piece())).take(9);
            assert!(pieces.any(|piece| piece.is_err()), "{text}");
        }
    }
}
