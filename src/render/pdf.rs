//! Documents as tagged PDF, set in process by Typst. The text of a document becomes calls with string literals, never
//! markup; what can be seen beside it are the library's figures and five faces of our own.

mod body;
mod bounds;
mod drawing;
mod front;
mod literal;
mod notes;
mod paper;
mod table;
mod world;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use jiff::civil::Date;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use self::literal::literal;
use super::{Failure, Published};
use crate::document::{Document, Figure, FigureKind, Library};

pub(super) use paper::pdf as paper;

/// The look: functions that the written code calls.
const LOOK: &str = include_str!("../../templates/render/document.typ");

/// One file for each of some documents; `tick` hears how many are done.
pub(super) fn files(
    library: &Library,
    only: &[usize],
    tick: &dyn Fn(usize),
) -> Result<Vec<Published>, Vec<Failure>> {
    let (mut files, mut failures) = (Vec::new(), Vec::new());
    for (done, nth) in only.iter().enumerate() {
        let Some(document) = library.documents.get(*nth) else { continue };
        match file(library, *nth, document) {
            Ok(file) => files.push(file),
            Err(failure) => failures.push(failure),
        }
        tick(done + 1);
    }
    if failures.is_empty() { Ok(files) } else { Err(failures) }
}

/// The code of a document's pages.
pub(super) fn code(library: &Library, nth: usize) -> String {
    library.documents.get(nth).map_or_else(String::new, |document| {
        let body = body::body(library, nth, document, false);
        front::pages(library, nth, document, &body.code, false)
    })
}

fn file(library: &Library, nth: usize, document: &Document) -> Result<Published, Failure> {
    bounds::check(document)?;
    let body = body::body(library, nth, document, false);
    let code = front::pages(library, nth, document, &body.code, false);
    let path = format!("{}.pdf", super::stem(document));
    let sheet = Sheet {
        title: &document.title,
        about: &document.path,
        path,
        code,
        figures: body.figures,
        day: document.revision().and_then(|revision| revision.approved_on),
    };
    sheet.set(library)
}

/// All documents in one file, after a title page and contents.
pub(super) fn combined(library: &Library) -> Result<Published, Failure> {
    let mut code = front::title_page(library);
    let mut figures = Vec::new();
    bounds::check_all(library)?;
    for (nth, document) in library.documents.iter().enumerate() {
        let body = body::body(library, nth, document, true);
        code.push_str(&front::pages(library, nth, document, &body.code, true));
        figures.extend(body.figures);
    }
    let path = "all-policies.pdf".to_owned();
    let sheet =
        Sheet { title: front::title(library), about: "all documents", path, code, figures, day: None };
    sheet.set(library)
}

/// The characters of a document for which no face has a shape; they are set as empty boxes and can still be copied.
pub(super) fn without_shape(document: &Document) -> BTreeSet<char> {
    let facts = document.facts.iter().map(|(_, value)| value.as_str());
    let all = [&*document.text, &document.title].into_iter().chain(facts);
    let seen = |c: &char| !c.is_whitespace() && !crate::text::is_hostile(*c);
    all.flat_map(str::chars).filter(|c| seen(c) && !world::shows(*c)).collect()
}

/// A file before it is set.
struct Sheet<'a> {
    title: &'a str,
    about: &'a str,
    path: String,
    code: String,
    figures: Vec<usize>,
    /// The day that the file names as its own: that of the approval.
    day: Option<Date>,
}

impl Sheet<'_> {
    fn set(self, library: &Library) -> Result<Published, Failure> {
        let made = self.made(library);
        // What was remembered for this file is of no use to the next; kept, it would be a megabyte a page.
        typst::comemo::evict(0);
        made
    }

    fn made(self, library: &Library) -> Result<Published, Failure> {
        let failed = |why: String| Failure { path: self.about.to_owned(), why };
        let figures: Vec<(usize, &str, &Figure)> = (library.figures.iter().enumerate())
            .filter(|(nth, _)| self.figures.contains(nth))
            .map(|(nth, (path, figure))| (nth, &**path, figure))
            .collect();
        let shown: Vec<&Figure> = figures.iter().map(|(.., figure)| *figure).collect();
        bounds::check_figures(&shown).map_err(failed)?;
        self.weigh_drawings(&figures).map_err(failed)?;
        let day = self.day.map_or_else(
            || "none".to_owned(),
            |day| format!("datetime(year:{},month:{},day:{})", day.year(), day.month(), day.day()),
        );
        let text = format!(
            "{LOOK}\n#set document(title:{},author:{},date:{day})\n#{{{}}}\n",
            literal(self.title),
            literal(&library.organization),
            self.code
        );
        let pages = compile(text, &figures);
        let pages = pages.map_err(|why| failed(broken(&figures).unwrap_or(why)))?;
        let ident = format!("soc2/{}/{}", library.organization, self.path);
        let bytes = write(&pages, &ident, PdfStandards::new(&[PdfStandard::Ua_1]).unwrap_or_default())
            // What the text itself lacks for PDF/UA, as a shape for a letter, leaves a tagged PDF that does not claim it.
            .or_else(|_| write(&pages, &ident, PdfStandards::default()))
            .map_err(|faults| failed(said(&faults)))?;
        Ok(Published { path: self.path, bytes })
    }

    /// Refuses drawings that would fill the memory, each as often as it is shown.
    fn weigh_drawings(&self, figures: &[(usize, &str, &Figure)]) -> Result<(), String> {
        let mut total = 0;
        for (nth, path, figure) in figures.iter().filter(|(.., figure)| figure.kind == FigureKind::Svg) {
            let path = crate::text::safe(path);
            let elements = drawing::elements(&figure.bytes)
                .map_err(|why| format!("shows the figure `{path}`, which {why}"))?;
            total += elements * self.figures.iter().filter(|shown| *shown == nth).count() as u64;
            if total > bounds::ELEMENTS {
                let most = bounds::ELEMENTS;
                return Err(format!("shows drawings of more than {most} elements, with `{path}`"));
            }
        }
        Ok(())
    }
}

fn compile(text: String, figures: &[(usize, &str, &Figure)]) -> Result<PagedDocument, String> {
    let figures: Vec<(usize, &[u8])> =
        figures.iter().map(|(nth, _, figure)| (*nth, &*figure.bytes)).collect();
    let desk = world::Desk::new(text, &figures).ok_or("has figures that cannot be named")?;
    typst::compile::<PagedDocument>(&desk).output.map_err(|faults| said(&faults))
}

/// The first figure that cannot be shown, and why.
fn broken(figures: &[(usize, &str, &Figure)]) -> Option<String> {
    figures.iter().find_map(|one| {
        let (nth, path, figure) = one;
        let name = world::figure_name(*nth);
        let text = format!("#image(\"{name}\",format:\"{}\")", figure.kind.extension());
        let why = compile(text, std::slice::from_ref(one)).err()?;
        Some(format!("shows the figure `{}`, which {why}", crate::text::safe(path)))
    })
}

fn write(pages: &PagedDocument, ident: &str, standards: PdfStandards) -> typst::diag::SourceResult<Vec<u8>> {
    let options = PdfOptions {
        ident: Smart::Custom(ident.to_owned()),
        creator: Smart::Custom(Some("soc2".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(pages, &options)
}

/// The first thing that the typesetter has to say.
fn said(faults: &[typst::diag::SourceDiagnostic]) -> String {
    let first = faults.first().map_or("no reason is given", |fault| &fault.message);
    format!("cannot be set as pages: {}", crate::text::safe(first))
}
