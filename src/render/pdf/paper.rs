//! A plain sheet as tagged PDF.

use std::fmt::Write;

use super::literal::{literal, pairs};
use super::{Sheet, body, bounds};
use crate::render::Failure;
use crate::render::paper::Paper;
use crate::text::clip;

/// Letters of a title above a page.
const HEAD: usize = 90;

/// Sets a sheet.
pub(in crate::render) fn pdf(paper: &Paper) -> Result<Vec<u8>, Failure> {
    let library = paper.library();
    let Some(document) = library.documents.first() else { return Ok(Vec::new()) };
    bounds::check(document)?;
    let body = body::body(&library, 0, document, false);
    let head = match &*paper.organization {
        "" => clip(&paper.title, HEAD),
        name => format!("{} · {}", clip(name, HEAD), clip(&paper.title, HEAD)),
    };
    let mut code = format!(
        "sheet(head:{},foot:{},wide:{},kind:{},title:{},mark:\"{}\",notices:(",
        literal(&head),
        literal(&paper.foot()),
        paper.wide,
        literal(&paper.kind),
        literal(&paper.title),
        body::mark_of(0),
    );
    for notice in &paper.notices {
        let _ = write!(code, "{},", literal(notice));
    }
    let facts = paper.facts.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let _ = write!(code, "),rows:{},{{{}}});", pairs(facts), body.code);
    let sheet = Sheet {
        title: &paper.title,
        about: &paper.title,
        path: format!("{}/{}", paper.kind, paper.title),
        code,
        figures: body.figures,
        day: paper.day,
    };
    sheet.set(&library).map(|made| made.bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::words;

    #[test]
    fn a_sheet_is_set_as_pages_that_are_equal_each_time() {
        let row = format!("| {} | [a.csv](2026-q1/a.csv) | 2026-03-28 | |\n", words("**no** #emph[x] \"q\""));
        let text = format!("## Slots\n\n| Slot | File | On | Ref |\n|---|---|---|---|\n{}", row.repeat(120));
        let notices = vec!["Made from a work tree.".to_owned()];
        let facts = vec![("Owner".to_owned(), "Dana \"D\" Ross".to_owned())];
        let (title, stand) = ("Access \\ #review".to_owned(), "commit 3fa9c1e".to_owned());
        let kind = "Control sheet".to_owned();
        let paper = Paper { kind, title, notices, facts, text, stand, wide: true, ..Paper::default() };
        let made = pdf(&paper).unwrap();
        assert!(made.starts_with(b"%PDF-"));
        assert_eq!(made, pdf(&paper).unwrap());
        let plain = pdf(&Paper { notices: Vec::new(), facts: Vec::new(), wide: false, ..paper }).unwrap();
        assert_ne!(made, plain);
    }

    #[test]
    fn what_is_too_much_for_pages_is_refused_by_its_title() {
        let paper = Paper { title: "Gaps".to_owned(), text: "a ".repeat(200_000), ..Paper::default() };
        let failure = pdf(&paper).unwrap_err();
        assert_eq!(failure.path, "Gaps");
        assert!(failure.why.contains("too long for a PDF"), "{failure:?}");
    }
}
