//! The figures that documents show: local PNG, JPEG and SVG files of the programme, read once and bounded.

use std::collections::BTreeSet;
use std::io::Read;

use pulldown_cmark::{Event, Parser, Tag};

use super::Library;
use crate::program::Program;
use crate::source::resolved;
use crate::syntax::markdown;
use crate::text::safe;

/// What a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FigureKind {
    Png,
    Jpeg,
    Svg,
}

impl FigureKind {
    /// The usual end of its file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Svg => "svg",
        }
    }
}

/// A figure's bytes.
#[derive(Debug)]
pub struct Figure {
    pub kind: FigureKind,
    pub bytes: Vec<u8>,
}

impl Figure {
    /// How many pixels it is unpacked; one for a drawing. `None` for a damaged picture.
    pub fn pixels(&self) -> Option<u64> {
        let (width, height) = match self.kind {
            FigureKind::Png => png_size(&self.bytes)?,
            FigureKind::Jpeg => jpeg_size(&self.bytes)?,
            FigureKind::Svg => (1, 1),
        };
        Some(u64::from(width) * u64::from(height))
    }
}

/// Larger figures are not shown.
const FIGURE_CAP: u64 = 8 << 20;
/// A drawing is text that has to be laid out; larger ones are not shown.
const DRAWING_CAP: usize = 2 << 20;
/// All figures of a library together.
const ALL_CAP: usize = 256 << 20;
/// Pictures with more pixels are not shown: unpacked they would fill the memory.
const PIXEL_CAP: u64 = 50_000_000;

/// Where a figure that a document names is: a path below the programme's root. `None` for what is no file of the programme,
/// as an address on the web.
pub fn figure_path(document: &str, named: &str) -> Option<String> {
    if named.contains(':') || named.starts_with(['/', '#', '\\']) {
        return None;
    }
    let named = named.split(['?', '#']).next().unwrap_or("");
    resolved(document.rsplit_once('/').map_or("", |(folder, _)| folder), &markdown::unescaped(named))
}

/// Reads every figure that the documents show.
pub(super) fn collect(library: &mut Library, program: &Program) {
    let mut wanted: BTreeSet<(String, String)> = BTreeSet::new();
    for document in &library.documents {
        for event in Parser::new_ext(&document.text, markdown::options()) {
            let Event::Start(Tag::Image { dest_url, .. }) = event else { continue };
            match figure_path(&document.path, &dest_url) {
                Some(path) => {
                    wanted.insert((path, document.path.to_string()));
                }
                None => library.broken.push(format!(
                    "{}: the figure `{}` is no file of the programme",
                    document.path,
                    safe(&dest_url)
                )),
            }
        }
    }
    let mut total = 0;
    for (path, document) in wanted {
        if library.figures.contains_key(&*path) {
            continue;
        }
        match read(program, &path) {
            Ok(figure) if total + figure.bytes.len() <= ALL_CAP => {
                total += figure.bytes.len();
                library.figures.insert(path.into(), figure);
            }
            Ok(_) => {
                library.broken.push(format!("{document}: `{}` is beyond 256 MiB of figures", safe(&path)))
            }
            Err(why) => library.broken.push(format!("{document}: the figure `{}` {why}", safe(&path))),
        }
    }
}

fn read(program: &Program, path: &str) -> Result<Figure, String> {
    let file = program.sources.find(path).ok_or("is not there")?;
    let opened = program.sources.open(file).map_err(|_| "cannot be read")?;
    let mut bytes = Vec::new();
    opened.take(FIGURE_CAP + 1).read_to_end(&mut bytes).map_err(|_| "cannot be read")?;
    if bytes.len() as u64 > FIGURE_CAP {
        return Err("is larger than 8 MiB".to_owned());
    }
    let kind = kind(&bytes).ok_or("is neither PNG, JPEG nor SVG")?;
    if kind == FigureKind::Svg && bytes.len() > DRAWING_CAP {
        return Err("is a drawing of more than 2 MiB".to_owned());
    }
    if let Some(why) = std::str::from_utf8(&bytes).ok().filter(|_| kind == FigureKind::Svg).and_then(acts) {
        return Err(why.to_owned());
    }
    let figure = Figure { kind, bytes };
    match figure.pixels() {
        None | Some(0) => Err("is damaged".to_owned()),
        Some(pixels) if pixels > PIXEL_CAP => Err("has more than 50 million pixels".to_owned()),
        Some(_) => Ok(figure),
    }
}

/// By its first bytes; a name promises nothing.
fn kind(bytes: &[u8]) -> Option<FigureKind> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some(FigureKind::Png);
    }
    if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        return Some(FigureKind::Jpeg);
    }
    let head = std::str::from_utf8(bytes).ok()?;
    let start = head.trim_start_matches('\u{feff}').trim_start();
    (start.starts_with("<svg") || start.starts_with("<?xml") && head.contains("<svg"))
        .then_some(FigureKind::Svg)
}

/// Why a drawing may do something when a reader opens its file; a page that shows it keeps it from acting.
fn acts(drawing: &str) -> Option<&'static str> {
    let lower = drawing.to_ascii_lowercase();
    if lower.contains("<!entity") {
        return Some("holds entities, which can hide anything");
    }
    let element = ["script", "iframe", "object", "embed"].iter().any(|name| {
        lower
            .match_indices(name)
            .any(|(at, _)| lower.get(..at).is_some_and(|head| head.ends_with(['<', ':'])))
    });
    let handler = lower.match_indices("on").any(|(at, _)| {
        let (before, rest) = lower.split_at(at);
        let parted = before.ends_with(|c: char| c.is_ascii_whitespace() || matches!(c, '"' | '\'' | '/'));
        let after = || rest.trim_start_matches(|c: char| c.is_ascii_lowercase());
        let value = after().trim_start().strip_prefix('=').map(str::trim_start);
        parted && rest.len() > after().len() + 2 && value.is_some_and(|value| value.starts_with(['"', '\'']))
    });
    let link = lower.match_indices("href").any(|(at, name)| {
        let value = lower.get(at + name.len()..).unwrap_or("").trim_start().strip_prefix('=').unwrap_or("");
        let plain = value.chars().filter(|c| !c.is_whitespace() && !c.is_control());
        let value: String = plain.skip(1).take(100).take_while(|c| !matches!(c, '"' | '\'')).collect();
        ["javascript:", "data:text", "data:image/svg"].iter().any(|scheme| value.starts_with(scheme))
            || value.contains("&#")
    });
    (element || handler || link || lower.contains("javascript:")).then_some("holds a script")
}

/// Width and height out of the header chunk.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    (bytes.get(12..16)? == b"IHDR").then_some(())?;
    Some((number(16)?, number(20)?))
}

/// Width and height out of the first start-of-frame segment.
fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        let marker = bytes.get(at..at + 2)?;
        if marker[0] != 0xFF {
            return None;
        }
        let number = |at: usize| Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
        match marker[1] {
            0xFF => at += 1,
            0xC0..=0xCF if !matches!(marker[1], 0xC4 | 0xC8 | 0xCC) => {
                return Some((number(at + 7)?.into(), number(at + 5)?.into()));
            }
            0xD9 | 0xDA => return None,
            _ => at += 2 + usize::from(number(at + 2)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_that_act_are_known_by_their_text() {
        for text in [
            "<svg><script>x</script></svg>",
            "<svg><x:SCRIPT/></svg>",
            "<svg onload=\"x()\"/>",
            "<svg a='b'onload\n = 'x()'/>",
            "<a href='java&#115;cript:x'/>",
            "<a xlink:href = \" java\tscript:x\"/>",
            "<foreignObject><iframe srcdoc=''/></foreignObject>",
            "<!DOCTYPE svg [<!ENTITY x 'y'>]><svg/>",
        ] {
            assert!(acts(text).is_some(), "{text}");
        }
        for text in [
            "<svg><text>on call = 24 hours; one, only = two</text><a href=\"https://x.example\"/></svg>",
            "<svg><use href='#a'/><image href='data:image/png;base64,AA'/><desc>subscript</desc></svg>",
            "<svg><path d='M0 0' stroke-linejoin='on'/><g transform='rotate(1)'/></svg>",
        ] {
            assert_eq!(acts(text), None, "{text}");
        }
    }
}
