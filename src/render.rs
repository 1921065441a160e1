//! Publishing: a library of documents as Markdown for a wiki, as a site of pages, as PDF. Bytes in, bytes out: the same
//! library gives the same files on any machine; nothing is read or written here.

mod markdown;
mod paper;
#[cfg(feature = "pdf")]
mod pdf;
mod reading;
mod site;

use crate::document::{Document, Library};

pub use paper::{OWN_VIEW, Paper, link, words};

/// A file to publish, below the folder of what is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// `policies/access-control.html`, `/` between parts.
    pub path: String,
    pub bytes: Vec<u8>,
}

/// Where a document is published in every form, without the end of the name: `policies/access-control`.
pub fn stem(document: &Document) -> String {
    format!("{}/{}", document.kind.folder(), document.id)
}

/// Markdown for a wiki: one file for each document, an index, and the figures.
pub fn markdown(library: &Library) -> Vec<Published> {
    markdown::files(library)
}

/// A site of static pages. Fails only where a template is wrong, which is a fault of this program.
pub fn site(library: &Library) -> Result<Vec<Published>, minijinja::Error> {
    site::files(library)
}

/// Why a document cannot be published in a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Where the document is written.
    pub path: String,
    /// `has a table of 2000 columns; at most 30 fit on a page`.
    pub why: String,
}

/// PDF: one file for each of some documents, by index. `tick` hears how many are done. Fails with every reason.
#[cfg(feature = "pdf")]
pub fn pdf(library: &Library, only: &[usize], tick: &dyn Fn(usize)) -> Result<Vec<Published>, Vec<Failure>> {
    pdf::files(library, only, tick)
}

/// What is typeset for a document, before it is: strings in calls of the functions that the look defines.
#[cfg(feature = "pdf")]
pub fn pdf_code(library: &Library, nth: usize) -> String {
    pdf::code(library, nth)
}

/// PDF: all documents in one file, after a title page and contents.
#[cfg(feature = "pdf")]
pub fn combined(library: &Library) -> Result<Published, Failure> {
    pdf::combined(library)
}

/// The characters of a document for which the faces of the PDF have no shape; they are set as empty boxes.
#[cfg(feature = "pdf")]
pub fn without_shape(document: &Document) -> std::collections::BTreeSet<char> {
    pdf::without_shape(document)
}

/// A plain sheet as one page of HTML that needs no other file. Fails only where a template is wrong, which is a fault of
/// this program.
pub fn paper_html(paper: &Paper) -> Result<String, minijinja::Error> {
    site::paper_html(paper)
}

/// A plain sheet as tagged PDF.
#[cfg(feature = "pdf")]
pub fn paper(paper: &Paper) -> Result<Vec<u8>, Failure> {
    pdf::paper(paper)
}
