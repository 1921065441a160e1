//! Another tool's files as they were found: text as text, figures as bytes, and where a byte of a text stands.

use super::{Origin, Remark};

/// What is to be done with a file or folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// A folder to look into.
    Enter,
    Text,
    /// A text that nothing else rests on: where it cannot be read, that is told and no more.
    Aside,
    Figure,
    /// It is told that this is left, with the reason.
    Leave(&'static str),
    /// Nobody will miss it.
    Pass,
}

/// What is to be done with a path below the folder, which is itself a folder or a file.
pub type Wants = fn(path: &str, folder: bool) -> Want;

/// What was found below a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Foreign {
    /// In the order of their paths.
    pub texts: Vec<Text>,
    pub figures: Vec<Figure>,
    /// Files that were wanted and could not be read.
    pub refused: Vec<Remark>,
    /// What else is there, and changes of encoding.
    pub told: Vec<Remark>,
}

/// A text file, with LF line ends and without a byte order mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Below the folder, with `/`.
    pub path: String,
    pub text: String,
}

/// A picture beside the documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    pub path: String,
    pub bytes: Vec<u8>,
}

/// Why bytes are no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub line: Option<usize>,
    pub why: String,
}

/// The text of bytes, and what had to be changed to read them.
pub fn decoded(bytes: &[u8]) -> Result<(String, Option<&'static str>), Refused> {
    let units = |bytes: &[u8], read: fn([u8; 2]) -> u16| -> Vec<u16> {
        bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok()).map(read).collect()
    };
    let wide = match bytes {
        [0xff, 0xfe, rest @ ..] => Some((units(rest, u16::from_le_bytes), rest.len())),
        [0xfe, 0xff, rest @ ..] => Some((units(rest, u16::from_be_bytes), rest.len())),
        _ => None,
    };
    if let Some((units, length)) = wide {
        let whole = (length % 2 == 0).then(|| String::from_utf16(&units).ok()).flatten();
        let why = "begins like UTF-16 and is none: save it as UTF-8".to_owned();
        let text = whole.ok_or(Refused { line: None, why })?;
        return plain(&text).map(|text| (text, Some("is written as UTF-8; it was UTF-16")));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => plain(text).map(|text| (text, None)),
        Err(error) => {
            let before = bytes.get(..error.valid_up_to()).unwrap_or(bytes);
            let odd = bytes.get(error.valid_up_to()).copied().unwrap_or(0);
            let why = format!("is not UTF-8 (byte {odd:#04x}): save it as UTF-8");
            Err(Refused { line: Some(lines_before(before)), why })
        }
    }
}

fn plain(text: &str) -> Result<String, Refused> {
    match text.find('\0') {
        Some(at) => {
            let line = Some(lines_before(text.as_bytes().get(..at).unwrap_or(b"")));
            Err(Refused { line, why: "is no text: it holds a zero byte".to_owned() })
        }
        None if text.contains('\r') => Ok(text.replace("\r\n", "\n").replace('\r', "\n")),
        None => Ok(text.to_owned()),
    }
}

fn lines_before(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte == b'\n').count() + 1
}

/// Lines of one text, for telling where something stands.
pub(super) struct Lines<'t> {
    path: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(super) fn of(text: &'t Text) -> Self {
        let after = text.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { path: &text.path, starts: std::iter::once(0).chain(after).collect() }
    }

    /// The line of a byte, from 1.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }

    /// The place of a byte.
    pub(super) fn at(&self, offset: usize) -> Origin {
        Origin { file: self.path.to_owned(), line: Some(self.line(offset)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_read_or_told_with_their_line() {
        assert_eq!(decoded("a\r\nb\rc".as_bytes()).unwrap(), ("a\nb\nc".to_owned(), None));
        assert_eq!(decoded(b"\xef\xbb\xbfa").unwrap().0, "a");
        let wide: Vec<u8> =
            [0xff, 0xfe].into_iter().chain("ü\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(decoded(&wide).unwrap().0, "ü\n");
        assert!(decoded(&wide).unwrap().1.is_some());
        assert_eq!(decoded(b"a\nb\xfc").unwrap_err().line, Some(2));
        assert_eq!(decoded(b"PK\x03\x04\n\0").unwrap_err().line, Some(2));
        assert!(decoded(b"\xff\xfea").is_err());
    }

    #[test]
    fn places_count_from_one() {
        let text = Text { path: "a.md".to_owned(), text: "x\nyz\n".to_owned() };
        let lines = Lines::of(&text);
        assert_eq!([lines.line(0), lines.line(2), lines.line(3), lines.line(5)], [1, 2, 2, 3]);
        assert_eq!(lines.at(3).shown(), "a.md:2");
    }
}
