//! A bundle as it is handed over: one archive.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Read, Seek};
use std::sync::Arc;

use super::Bundle;
use crate::archive::Archive;

/// An archive, and where each of its members stands in the list.
struct Zipped<F> {
    archive: Archive<F>,
    places: BTreeMap<String, usize>,
}

impl<F> fmt::Debug for Zipped<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Zipped").field("members", &self.places.len()).finish_non_exhaustive()
    }
}

/// The files of an archive in which a look at every byte found no fault.
pub fn zipped<F: Read + Seek + Send + 'static>(archive: Archive<F>) -> Arc<dyn Bundle> {
    let members = archive.members().iter().enumerate();
    let places = members.map(|(place, entry)| (entry.path.clone(), place)).collect();
    Arc::new(Zipped { archive, places })
}

impl<F: Read + Seek + Send> Bundle for Zipped<F> {
    fn files(&self) -> Vec<(String, u64)> {
        self.archive.members().iter().map(|entry| (entry.path.clone(), entry.bytes)).collect()
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn Read + '_>> {
        let entry = self.places.get(path).and_then(|place| self.archive.members().get(*place));
        self.archive.stream(entry.ok_or(io::ErrorKind::NotFound)?)
    }
}
