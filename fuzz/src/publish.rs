//! Any text, published as a draft.

use std::collections::BTreeSet;

use soc2::document::Library;
use soc2::program::Program;
use soc2::render::{self, Published};
use soc2::source::Sources;
use soc2::text::is_hostile;
use soc2::timeline::Judgement;

use crate::{AS_OF, seeds};

const HEAD: &str = "---\nid: fuzzed\ntitle: Fuzzed\nowner: security-lead\nreview: annual\n---\n";
const VOID: [&str; 6] = ["meta", "link", "input", "img", "br", "hr"];

/// Any body of a policy gives the same files twice. Its page is well-formed, holds no element or address that acts, and no
/// place twice; no two of its sections have one number; nothing in a file hides or moves what stands beside it.
pub fn publish(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut files = seeds::ground();
    files.push(("policies/fuzzed.md".to_owned(), format!("{HEAD}{text}").into_bytes()));
    let program = Program::load(Sources::from_memory(files));
    let judgement = Judgement::new(&program, AS_OF, None);
    let library = Library::of(&judgement, true, &|_, _, _| None);
    let Some(document) = library.documents.first() else { return };
    let numbers: BTreeSet<&str> = document.sections.iter().map(|section| &*section.number).collect();
    assert_eq!(numbers.len(), document.sections.len(), "two sections have one number");
    let site = render::site(&library).expect("the site is written");
    assert!(site == render::site(&library).expect("it is written again"), "two sites differ");
    let wiki = render::markdown(&library);
    assert!(wiki == render::markdown(&library), "two texts differ");
    page(&of(&site, "policies/fuzzed.html"));
    for path in ["README.md", "policies/fuzzed.md"] {
        of(&wiki, path);
    }
    #[cfg(feature = "pdf")]
    code(&render::pdf_code(&library, 0));
}

fn of(files: &[Published], path: &str) -> String {
    let file = files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("{path} is missing"));
    String::from_utf8(file.bytes.clone()).unwrap_or_else(|_| panic!("{path} is no text"))
}

/// A page: every element closed in its order, no script but the frame's, no address that acts.
fn page(page: &str) {
    // Line ends and tabs, and the signs that shape letters and emoji.
    let shapes = ['\n', '\t', '\u{ad}', '\u{200c}', '\u{200d}', '\u{fe0e}', '\u{fe0f}'];
    let hostile = page.chars().find(|c| !shapes.contains(c) && is_hostile(*c));
    assert_eq!(hostile, None, "the page holds a character that hides or moves text");
    let (_, body) = page.split_once("<body>").expect("a page has a body");
    let mut open: Vec<&str> = vec!["body"];
    let mut ids: BTreeSet<&str> = BTreeSet::new();
    let mut rest = body;
    while let Some((_, after)) = rest.split_once('<') {
        let (tag, after) = after.split_once('>').expect("a tag ends");
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            if name == "html" {
                break;
            }
            assert_eq!(open.pop(), Some(name), "elements end in their order");
            continue;
        }
        let name = tag.split([' ', '\n']).next().unwrap_or("");
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()), "<{tag}>");
        assert!(
            !matches!(name, "script" | "style" | "iframe" | "object" | "embed" | "svg" | "base"),
            "<{tag}>"
        );
        attributes(tag.get(name.len()..).unwrap_or(""), &mut ids);
        if !VOID.contains(&name) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "elements stay open: {open:?}");
}

fn attributes<'p>(mut rest: &'p str, ids: &mut BTreeSet<&'p str>) {
    while let Some((name, after)) = rest.trim_start().split_once("=\"") {
        let (value, after) = after.split_once('"').expect("a value ends");
        let name = name.rsplit(' ').next().unwrap_or(name);
        rest = after;
        assert!(!name.starts_with("on"), "{name} acts");
        if matches!(name, "href" | "src") {
            let scheme = value.split(['/', '#', '?']).next().and_then(|start| start.split_once(':'));
            let plain = scheme.is_none_or(|(scheme, _)| {
                matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https" | "mailto")
            });
            assert!(plain && !value.starts_with("//"), "{name} leads to {value}");
        }
        assert!(name != "id" || ids.insert(value), "two places are called {value}");
    }
}

/// Code for the typesetter: outside of strings nothing but calls of the functions that we write.
#[cfg(feature = "pdf")]
fn code(code: &str) {
    let mut depth: Vec<char> = Vec::new();
    let mut letters = code.chars();
    while let Some(c) = letters.next() {
        match c {
            '"' => loop {
                match letters.next() {
                    Some('\\') => drop(letters.next()),
                    Some('"') => break,
                    Some(c) => assert!(
                        !is_hostile(c)
                            || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}'),
                        "{c:?}"
                    ),
                    None => panic!("a string does not end"),
                }
            },
            '(' | '{' | '[' => depth.push(c),
            ')' => assert_eq!(depth.pop(), Some('(')),
            '}' => assert_eq!(depth.pop(), Some('{')),
            ']' => assert_eq!(depth.pop(), Some('[')),
            c => assert!(
                c.is_ascii_alphanumeric() || " ,;:.-%".contains(c),
                "{c:?} stands outside of a string"
            ),
        }
    }
    assert!(depth.is_empty(), "brackets stay open");
}
