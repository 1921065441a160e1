//! What a bundle holds, most of it made when its turn to be packed comes: a large programme has a page for each piece of evidence
//! and a sheet for each control, and all of them at once would fill the memory. Made twice they are the same.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::documents::page;
use super::{Ground, Place};
use crate::archive::{Content, Member};
use crate::render::{Failure, Paper};
use crate::schedule::{Places, View};
use crate::table::{self, Table};

/// Rows of a long table are written in about so many parts.
const PARTS: usize = 16;
/// And at least this many things to a part.
const PART: usize = 1_000;

/// What could not be set as PDF, by its path; whole once everything is packed.
#[derive(Clone, Debug, Default)]
pub struct Failures(Arc<Mutex<BTreeMap<String, Failure>>>);

impl Failures {
    /// Those that were found so far, by path.
    pub fn found(&self) -> Vec<Failure> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    #[cfg(feature = "pdf")]
    fn note(&self, failure: Failure) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(failure.path.clone(), failure);
    }
}

/// Writes a sheet.
type Writes<'p> = Arc<dyn Fn(&Ground<'p>, &Place) -> Paper + Send + Sync + 'p>;

/// The members of a bundle, and what they are made of.
pub(super) struct Pages<'p> {
    pub(super) ground: Ground<'p>,
    pub(super) place: Arc<Place>,
    places: Arc<Places>,
    pub(super) failures: Failures,
    pub(super) members: Vec<Member<'p>>,
}

impl<'p> Pages<'p> {
    pub(super) fn new(ground: &Ground<'p>, place: Place) -> Self {
        let places = Arc::new(place.for_tables(ground.profile));
        let (place, failures) = (Arc::new(place), Failures::default());
        Self { ground: *ground, place, places, failures, members: Vec::new() }
    }

    /// Bytes that are there already.
    pub(super) fn put(&mut self, path: &str, bytes: Vec<u8>) {
        self.members.push(super::documents::bytes(path.to_owned(), bytes));
    }

    /// Bytes that are made when their turn comes; none where that fails.
    pub(super) fn made(
        &mut self,
        path: String,
        make: impl Fn(&Ground<'p>, &Place) -> Option<Vec<u8>> + Send + Sync + 'p,
    ) {
        let (ground, place) = (self.ground, Arc::clone(&self.place));
        let make = move || make(&ground, &place);
        self.members.push(Member { path, content: Content::Made(Box::new(make)), sha256: None });
    }

    /// A sheet as HTML, and as PDF where there is PDF; `stem` is its path without the end.
    pub(super) fn sheet(
        &mut self,
        stem: &str,
        paper: impl Fn(&Ground<'p>, &Place) -> Paper + Send + Sync + 'p,
    ) {
        let paper: Writes<'p> = Arc::new(paper);
        self.page(format!("{stem}.html"), Arc::clone(&paper));
        self.paper(stem, paper);
    }

    /// A sheet as HTML alone.
    pub(super) fn page(&mut self, path: String, paper: Writes<'p>) {
        self.made(path, move |ground, place| Some(page(&paper(ground, place)).into_bytes()));
    }

    /// A sheet as PDF alone. What cannot be set is told; its text stands in a file beside it.
    pub(super) fn paper(&mut self, stem: &str, paper: Writes<'p>) {
        self.set(stem, move |ground, place| crate::bundle::documents::set(&paper(ground, place)));
    }

    /// A document as it is published, as PDF.
    pub(super) fn document(&mut self, stem: &str, nth: usize) {
        self.set(stem, move |ground, _| crate::bundle::documents::published(ground, nth));
    }

    #[cfg(feature = "pdf")]
    fn set(
        &mut self,
        stem: &str,
        set: impl Fn(&Ground<'p>, &Place) -> Result<Vec<u8>, Failure> + Send + Sync + 'p,
    ) {
        let (ground, place, failures) = (self.ground, Arc::clone(&self.place), self.failures.clone());
        let path = format!("{stem}.pdf");
        let own = path.clone();
        let make = move || match set(&ground, &place) {
            Ok(bytes) => Some(bytes),
            Err(failure) => {
                failures.note(Failure { path: own.clone(), ..failure });
                None
            }
        };
        self.members.push(Member { path, content: Content::Set(Box::new(make)), sha256: None });
    }

    #[cfg(not(feature = "pdf"))]
    fn set(
        &mut self,
        _: &str,
        _: impl Fn(&Ground<'p>, &Place) -> Result<Vec<u8>, Failure> + Send + Sync + 'p,
    ) {
    }

    /// What is made of tables.
    fn tables(&mut self, path: String, make: impl Fn(&View<'_>) -> Option<Vec<u8>> + Send + Sync + 'p) {
        let places = Arc::clone(&self.places);
        self.made(path, move |ground, _| make(&ground.view(&places)));
    }

    /// A table as CSV.
    pub(super) fn csv(&mut self, stem: &str, table: impl Fn(&View<'_>) -> Table + Send + Sync + 'p) {
        self.tables(format!("{stem}.csv"), move |view| Some(table::csv(&table(view)).into_bytes()));
    }

    /// A long table as CSV, part by part: of `all` things each part tells some, in order.
    pub(super) fn long_csv<T: Send + Sync + 'p>(
        &mut self,
        stem: &str,
        all: Vec<T>,
        table: impl Fn(&View<'_>, &[T]) -> Table + Send + Sync + 'p,
    ) {
        self.tables(format!("{stem}.csv"), move |view| {
            let most = (all.len() / PARTS).max(PART);
            let (first, rest) = all.split_at(most.min(all.len()));
            let mut text = table::csv(&table(view, first));
            for part in rest.chunks(most) {
                table::csv_rows(&table(view, part), &mut text);
            }
            Some(text.into_bytes())
        });
    }

    /// A workbook. One that cannot be written is left out; the same rows stand in the CSV or the page beside it.
    pub(super) fn workbook(
        &mut self,
        stem: &str,
        tables: impl Fn(&View<'_>) -> Vec<Table> + Send + Sync + 'p,
    ) {
        let up = up(stem);
        self.tables(format!("{stem}.xlsx"), move |view| {
            let tables = tables(view);
            table::xlsx(&tables.iter().collect::<Vec<_>>(), Some(&up)).ok()
        });
    }

    /// A table as a page.
    pub(super) fn table(&mut self, stem: &str, table: impl Fn(&View<'_>) -> Table + Send + Sync + 'p) {
        let (up, path) = (up(stem), format!("{stem}.html"));
        let nav = self.ground.nav(&path, None);
        self.tables(path, move |view| Some(table::html(&[&table(view)], Some(&up), &nav).into_bytes()));
    }

    /// A sheet on paper that is made of a table.
    pub(super) fn table_on_paper(
        &mut self,
        stem: &str,
        paper: impl Fn(&View<'_>, &Ground<'p>) -> Paper + Send + Sync + 'p,
    ) {
        let places = Arc::clone(&self.places);
        self.paper(
            stem,
            Arc::new(move |ground: &Ground<'p>, _: &Place| paper(&ground.view(&places), ground)),
        );
    }
}

/// The way from a file to the bundle's root.
fn up(path: &str) -> String {
    "../".repeat(path.matches('/').count())
}
