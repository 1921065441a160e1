//! A site of static pages: each document, all controls, all criteria, tied to each other; a search that runs in the
//! browser. It asks nothing of a network, works from a folder on a disk, and can be read without JavaScript.

mod body;
mod controls;
mod criteria;
mod document;
mod index;
mod links;
mod notes;
mod paper;
mod place;
mod search;
mod shell;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use minijinja::{Environment, Error, context};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::Published;
use crate::document::{Library, Section};

pub(super) use paper::html as paper_html;

/// What all pages need to know of each other.
struct Site<'a> {
    library: &'a Library,
    /// The page of each document.
    pages: Vec<String>,
    /// The series of criteria, as `CC6`, that each document serves through its controls.
    series: Vec<BTreeSet<String>>,
    /// The controls that name each document as a whole.
    whole: Vec<Vec<usize>>,
    /// The file of each figure, by its path below the programme's root.
    figures: BTreeMap<&'a str, String>,
    /// Relative links that name no document lead to files beside the page.
    beside: bool,
}

/// Every file. Fails only where a template is wrong, which is a fault of this program.
pub(super) fn files(library: &Library) -> Result<Vec<Published>, Error> {
    let site = Site::new(library);
    let shell = shell::shared()?;
    let mut files = vec![
        page("index.html", index::page(&site, shell)?),
        page("controls.html", controls::page(&site, shell)?),
        page("criteria.html", criteria::page(&site, shell)?),
        page("assets/site.css", lines(shell::CSS)),
        page("assets/site.js", lines(shell::JS)),
        page("assets/icon.svg", lines(shell::ICON)),
        page("assets/search.js", search::script(&site)),
    ];
    let documents: Vec<Published> = site
        .pages
        .par_iter()
        .enumerate()
        .map(|(nth, path)| Ok(page(path, document::page(&site, shell, nth)?)))
        .collect::<Result<_, Error>>()?;
    files.extend(documents);
    let mut written = BTreeSet::new();
    for (path, file) in &site.figures {
        if let Some(figure) = library.figures.get(*path).filter(|_| written.insert(file)) {
            files.push(Published { path: file.clone(), bytes: figure.bytes.clone() });
        }
    }
    Ok(files)
}

fn page(path: &str, text: String) -> Published {
    Published { path: path.to_owned(), bytes: text.into_bytes() }
}

/// The same line ends wherever this program was built.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

impl<'a> Site<'a> {
    fn new(library: &'a Library) -> Self {
        let mut series = vec![BTreeSet::new(); library.documents.len()];
        let mut whole: Vec<Vec<usize>> = vec![Vec::new(); library.documents.len()];
        for (nth, control) in library.controls.iter().enumerate() {
            let own: BTreeSet<&str> = control
                .criteria
                .iter()
                .filter_map(|criterion| library.criteria.get(*criterion))
                .map(|criterion| series_of(&criterion.id))
                .collect();
            for (document, section) in &control.ordered_by {
                if let Some(series) = series.get_mut(*document) {
                    series.extend(own.iter().map(|one| (*one).to_owned()));
                }
                if let Some(whole) = whole.get_mut(*document).filter(|_| section.is_none()) {
                    whole.push(nth);
                }
            }
        }
        let figures = library.figures.iter().map(|(path, figure)| {
            let hash = Sha256::digest(&figure.bytes);
            let name = crate::text::hex(&hash[..8]);
            (&**path, format!("figures/{name}.{}", figure.kind.extension()))
        });
        let pages = place::pages(&library.documents);
        Self { library, pages, series, whole, figures: figures.collect(), beside: false }
    }

    /// A page in its frame.
    fn framed(&self, shell: &Environment<'_>, frame: Frame<'_>, main: String) -> Result<String, Error> {
        let library = self.library;
        let organisation = match &*library.organization {
            "" => "Policies",
            name => name,
        };
        shell.get_template("frame")?.render(context! {
            csp => shell::CSP,
            root => frame.root,
            here => frame.here,
            title => frame.title,
            draft => frame.draft,
            organisation,
            system => &*library.system,
            main => shell::written(main),
        })
    }
}

/// What the frame of a page says.
struct Frame<'a> {
    title: &'a str,
    /// The way from the page to the site's root.
    root: &'a str,
    /// Which of the site's parts the page is.
    here: &'a str,
    draft: bool,
}

/// `CC6.1` is of the series `CC6`.
fn series_of(criterion: &str) -> &str {
    let after = criterion.rfind(':').map_or(0, |at| at + 1);
    let end = criterion.get(after..).and_then(|rest| rest.find('.')).map_or(criterion.len(), |at| after + at);
    criterion.get(..end).unwrap_or(criterion)
}

/// The level of a section's heading: one below that of the section it is in, so that none is skipped.
fn level(section: &Section) -> usize {
    if section.number.is_empty() {
        return usize::from(section.level.clamp(2, 6));
    }
    (section.number.split('.').count() + 1).clamp(2, 6)
}

/// Words of a choice that a script compares, between spaces.
fn words(all: impl IntoIterator<Item = String>) -> String {
    let mut out = " ".to_owned();
    for word in all {
        out.push_str(&word);
        out.push(' ');
    }
    out
}
