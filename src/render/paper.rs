//! A plain sheet of paper: a title, facts and a text, without the cover, the versions and the approval of a document. As PDF
//! and as one page of HTML that needs no other file.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::document::{Document, Kind, Library, Section};
use crate::syntax::markdown;
use crate::text::{is_hostile, safe};

/// What every sheet says of itself, on each page.
pub const OWN_VIEW: &str = "Prepared by management, not examined by a CPA";

/// A sheet before it is set.
#[derive(Clone, Debug, Default)]
pub struct Paper {
    /// Whose it is.
    pub organization: String,
    /// What it is: `Control sheet`.
    pub kind: String,
    pub title: String,
    /// What a reader has to know before anything else, in a box of their own: a sentence each.
    pub notices: Vec<String>,
    /// What stands below the title, in order.
    pub facts: Vec<(String, String)>,
    /// Names and addresses of pages beside this one, at its top; on paper there are none.
    pub nav: Vec<(String, String)>,
    /// Markdown; its highest headings are `##`. Text of the programme goes through [`words`] before it is part of it. A
    /// relative link leads to a file beside the page; on paper its words are left.
    pub text: String,
    /// What was read, at the foot of each page: `commit 3fa9c1e, as of 2026-06-30`.
    pub stand: String,
    /// The day that a PDF names as its own.
    pub day: Option<Date>,
    /// True for a sheet that lies on its side: it holds tables of many columns.
    pub wide: bool,
}

impl Paper {
    /// The sheet as a library of one document, which the writers of texts know.
    pub(super) fn library(&self) -> Library {
        let document = Document {
            kind: Kind::Narrative,
            id: "sheet".into(),
            title: self.title.clone(),
            text: self.text.as_str().into(),
            sha256: None,
            path: self.title.as_str().into(),
            commit: None,
            draft: false,
            facts: Vec::new(),
            classification: "internal",
            sections: sections(&self.text),
            revisions: Vec::new(),
            in_force: None,
        };
        Library {
            organization: self.organization.clone(),
            system: String::new(),
            documents: vec![document],
            controls: Vec::new(),
            criteria: Vec::new(),
            figures: BTreeMap::new(),
            left_out: Vec::new(),
            broken: Vec::new(),
        }
    }

    /// What stands at the foot of each page.
    pub(super) fn foot(&self) -> String {
        if self.stand.is_empty() { OWN_VIEW.to_owned() } else { format!("{OWN_VIEW} · {}", self.stand) }
    }
}

/// The headings of a sheet; they have no numbers.
fn sections(text: &str) -> Vec<Section> {
    let mut taken = BTreeSet::new();
    let mut section = |heading: markdown::Heading| {
        let mut anchor = heading.anchor.clone();
        let mut times = 1;
        while !taken.insert(anchor.clone()) {
            times += 1;
            anchor = format!("{}-{times}", heading.anchor);
        }
        let level = heading.level.max(2);
        Section { level, number: String::new(), title: heading.title, anchor, controls: Vec::new() }
    };
    markdown::headings(text).into_iter().map(&mut section).collect()
}

/// Text of the programme as Markdown that shows it and does nothing; on one line, so that it may stand in a table.
pub fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut blank = true;
    for c in text.chars() {
        let now = matches!(c, ' ' | '\n' | '\t' | '\r');
        if now && std::mem::replace(&mut blank, now) {
            continue;
        }
        blank = now;
        match c {
            _ if now => out.push(' '),
            c if c.is_ascii_punctuation() => out.extend(['\\', c]),
            c if is_hostile(c) => {
                for c in safe(c.encode_utf8(&mut [0; 4])).chars() {
                    if c.is_ascii_punctuation() {
                        out.push('\\');
                    }
                    out.push(c);
                }
            }
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// A relative link to a file of the same folder or bundle, by the way that leads there.
pub fn link(text: &str, to: &str) -> String {
    format!("[{}](<{}>)", words(text), to.replace(['<', '>', '\\', '\n'], ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_a_programme_stays_text() {
        let hostile = "# *a* | <b>\n[c](d) `e` \\ 1. \u{202e}";
        let text = format!("| a | b |\n|---|---|\n| {} | x |\n", words(hostile));
        let mut shown = String::new();
        for event in crate::render::reading::events(&text) {
            match event {
                pulldown_cmark::Event::Text(text) => shown.push_str(&text),
                pulldown_cmark::Event::Start(tag) => {
                    assert!(format!("{tag:?}").starts_with("Table"), "{tag:?}")
                }
                pulldown_cmark::Event::End(_) => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(shown, "ab# *a* | <b> [c](d) `e` \\ 1. \\u{202e}x");
        assert_eq!(words(" 1. a"), "1\\. a");
    }

    #[test]
    fn headings_of_one_name_stay_apart() {
        let found = sections("# Top\n\n## A\n\n## A\n\n### A\n");
        let found: Vec<(u8, &str)> = found.iter().map(|one| (one.level, &*one.anchor)).collect();
        assert_eq!(found, [(2, "top"), (2, "a"), (2, "a-2"), (3, "a-3")]);
    }
}
