//! Publishing: a library of documents as Markdown for a wiki, as a site of pages, as PDF. Bytes in, bytes out: the same
//! library gives the same files on any machine; nothing is read or written here.

mod markdown;
mod reading;
mod site;

use crate::document::{Document, Library};

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
