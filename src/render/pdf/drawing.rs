//! Is a drawing harmless to lay out? Its references may multiply what is drawn, pictures inside it unpack, filters paint
//! pixel by pixel: whatever could fill the memory is refused before the typesetter sees it.

use std::collections::BTreeMap;

use roxmltree::{Document, Node, ParsingOptions};

use crate::document::{Figure, FigureKind};

/// Elements as they stand in the file.
const NODES: u32 = 50_000;
/// Elements with all references followed, each as often as it is drawn.
const DRAWN: u64 = 100_000;
/// Pixels of the pictures inside it.
const PIXELS: u64 = 16_000_000;
/// Elements inside each other.
const DEPTH: usize = 100;

/// What a part of a drawing comes to.
#[derive(Clone, Copy, Default)]
struct Weight {
    elements: u64,
    /// Corners of paths, at each of which a marker is drawn.
    corners: u64,
    pixels: u64,
}

/// How many elements a drawing draws, or why it is refused.
pub(super) fn elements(bytes: &[u8]) -> Result<u64, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "is not UTF-8".to_owned())?;
    let options = ParsingOptions { allow_dtd: true, nodes_limit: NODES, ..ParsingOptions::default() };
    let tree = Document::parse_with_options(text, options)
        .map_err(|_| format!("is no readable SVG of at most {NODES} nodes"))?;
    let mut scale = Scale { named: BTreeMap::new(), known: BTreeMap::new() };
    for node in tree.descendants() {
        if let Some(id) = node.attribute("id") {
            scale.named.entry(id).or_default().push(node);
        }
    }
    match scale.weigh(tree.root_element(), 0)? {
        all if all.elements > DRAWN => Err(format!("draws more than {DRAWN} elements")),
        all if all.pixels > PIXELS => {
            Err(format!("holds pictures of more than {} million pixels", PIXELS / 1_000_000))
        }
        all => Ok(all.elements),
    }
}

struct Scale<'a, 'input> {
    /// Several of one name are all counted.
    named: BTreeMap<&'a str, Vec<Node<'a, 'input>>>,
    /// `None` while it is being weighed: a reference to itself draws nothing.
    known: BTreeMap<usize, Option<Weight>>,
}

impl<'a, 'input> Scale<'a, 'input> {
    fn weigh(&mut self, node: Node<'a, 'input>, depth: usize) -> Result<Weight, &'static str> {
        if let Some(known) = self.known.get(&node.id().get_usize()) {
            return Ok(known.unwrap_or_default());
        }
        if depth > DEPTH {
            return Err("has elements more than 100 deep inside each other");
        }
        self.known.insert(node.id().get_usize(), None);
        let mut sum = Weight { elements: 1, ..Weight::default() };
        match node.tag_name().name() {
            "filter" => return Err("has a `filter`, which a PDF cannot show"),
            "style" if node.descendants().filter_map(|part| part.text()).any(refers) => {
                return Err("has a style sheet that refers to other parts");
            }
            _ => {}
        }
        for child in node.children().filter(Node::is_element) {
            sum.add(self.weigh(child, depth + 1)?, 1);
        }
        for attribute in node.attributes() {
            if matches!(attribute.name(), "d" | "points") {
                sum.corners = sum.corners.saturating_add(attribute.value().len() as u64 / 2 + 1);
            }
        }
        let corners = sum.corners;
        for attribute in node.attributes() {
            let value = attribute.value();
            if attribute.name() == "href" && value.trim_start().to_ascii_lowercase().starts_with("data:") {
                sum.pixels = sum.pixels.saturating_add(picture(value)?);
            }
            if !matches!(attribute.name(), "href") && !value.contains("url") {
                continue;
            }
            let marker = value.contains("marker") || attribute.name().starts_with("marker");
            let times = if marker { corners.max(1) } else { 1 };
            for part in value.split('#').skip(1) {
                let name = part.split(['"', '\'', ')']).next().unwrap_or("").trim();
                for target in self.named.get(name).cloned().unwrap_or_default() {
                    sum.add(self.weigh(target, depth + 1)?, times);
                }
            }
        }
        self.known.insert(node.id().get_usize(), Some(sum));
        Ok(sum)
    }
}

impl Weight {
    fn add(&mut self, other: Self, times: u64) {
        self.elements = self.elements.saturating_add(other.elements.saturating_mul(times));
        self.corners = self.corners.saturating_add(other.corners.saturating_mul(times));
        self.pixels = self.pixels.saturating_add(other.pixels.saturating_mul(times));
    }
}

fn refers(css: &str) -> bool {
    css.contains("url") || css.contains("@import") || css.contains('\\')
}

/// The pixels of a picture that stands inside the drawing.
fn picture(address: &str) -> Result<u64, &'static str> {
    const REFUSED: &str = "holds a picture that is neither PNG nor JPEG";
    let (head, data) = address.split_once(',').ok_or(REFUSED)?;
    let bytes = base64(data).filter(|_| head.trim_end().ends_with(";base64")).ok_or(REFUSED)?;
    let kind = match bytes.as_slice() {
        [0x89, b'P', b'N', b'G', ..] => FigureKind::Png,
        [0xFF, 0xD8, 0xFF, ..] => FigureKind::Jpeg,
        _ => return Err(REFUSED),
    };
    Figure { kind, bytes }.pixels().ok_or(REFUSED)
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut held, mut bits) = (0_u32, 0_u32);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        held = held << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits & 0xFF) as u8);
            held &= (1 << bits) - 1;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(inside: &str) -> Option<String> {
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">{inside}</svg>"
        );
        elements(svg.as_bytes()).err()
    }

    #[test]
    fn usual_drawings_are_shown() {
        let usual = [
            "<defs><marker id=\"m\"><path d=\"M0 0L9 9\"/></marker></defs><path marker-end=\"url(#m)\" d=\"M0 0H9\"/>",
            "<defs><g id=\"glyph\"><path d=\"M0 0\"/></g></defs><use xlink:href=\"#glyph\"/><use href=\"#glyph\"/>",
            "<linearGradient id=\"g\"/><rect fill=\"url(#g)\" style=\"stroke:url('#g')\"/><style>.a{fill:red}</style>",
            "<image href=\"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ\"/>",
        ];
        for inside in usual {
            assert_eq!(fault(inside), None, "{inside}");
        }
    }

    #[test]
    fn what_could_fill_the_memory_is_not() {
        let layer =
            |n: usize| format!("<g id=\"l{}\">{}</g>", n + 1, format!("<use href=\"#l{n}\"/>").repeat(10));
        let bomb = format!("<g id=\"l0\"><path d=\"M0 0\"/></g>{}", (0..9).map(layer).collect::<String>());
        let path = "1 1 ".repeat(20_000);
        let markers = format!(
            "<marker id=\"m\">{}</marker><g style=\"marker-mid:url(#m)\"><path d=\"M{path}\"/></g>",
            "<path d=\"M0 0\"/>".repeat(50)
        );
        let wide =
            "<image xlink:href=\" &#68;ata:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA//8AAP//CAYAAAAfFcSJ\"/>";
        let deep = format!("{}{}", "<g>".repeat(200), "</g>".repeat(200));
        let cases = [
            (bomb.as_str(), "draws more than"),
            (&markers, "draws more than"),
            (wide, "holds pictures of more than 16 million pixels"),
            ("<image href=\"data:image/svg+xml;base64,PHN2Zz4=\"/>", "neither PNG nor JPEG"),
            ("<filter id=\"f\"/>", "has a `filter`"),
            ("<style>path{marker-mid:url(#m)}</style>", "style sheet"),
            (&deep, "100 deep"),
            ("<g>", "no readable SVG"),
        ];
        for (inside, expected) in cases {
            let why = fault(inside).unwrap_or_default();
            assert!(why.contains(expected), "{why}: {}", inside.get(..60).unwrap_or(inside));
        }
    }
}
