//! An archive that is read: any place of it, from any thread.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Mutex, PoisonError};

use super::directory;
use super::fault::{Fault, Faults, Stop};
use super::records::{Directory, Entry};
use super::swells;

/// An archive whose directory was read.
#[derive(Debug)]
pub struct Archive<F> {
    pub(super) file: Place<F>,
    pub(super) directory: Directory,
    pub(super) entries: Vec<Entry>,
    /// What is wrong with the directory.
    pub(super) faults: Faults,
    /// The hash of everything before the end record, as the comment has it.
    pub(super) recorded: String,
}

/// Bytes that can be read at any place, by one reader at a time.
#[derive(Debug)]
pub(super) struct Place<F> {
    file: Mutex<F>,
    pub(super) length: u64,
}

impl<F: Read + Seek> Place<F> {
    pub(super) fn read(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(into)
    }

    /// A part of it, read in pieces.
    pub(super) fn part(&self, from: u64, to: u64) -> Part<'_, F> {
        Part { place: self, at: from, to: to.min(self.length) }
    }
}

/// Some of the bytes, from one place to another.
pub(super) struct Part<'p, F> {
    place: &'p Place<F>,
    at: u64,
    to: u64,
}

impl<F: Read + Seek> Read for Part<'_, F> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.to.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let most = left.min(into.len());
        let Some(into) = into.get_mut(..most).filter(|into| !into.is_empty()) else { return Ok(0) };
        self.place.read(self.at, into)?;
        self.at += most as u64;
        Ok(most)
    }
}

impl<F: Read + Seek + Send> Archive<F> {
    /// Reads the end record and the directory. Fails when there is none to read; faults in what can be read are told by
    /// [`Archive::check`].
    pub fn open(mut file: F) -> Result<Self, Stop> {
        let length = file.seek(SeekFrom::End(0))?;
        directory::read(Place { file: Mutex::new(file), length })
    }

    /// The files inside in the order of the directory, the manifest last.
    pub fn members(&self) -> &[Entry] {
        &self.entries
    }

    /// How long the archive is.
    pub fn length(&self) -> u64 {
        self.file.length
    }

    /// The bytes of a file whose length and CRC are those of the directory; `None` when there is no such file. One of more
    /// than `cap` bytes is refused before anything is unpacked.
    pub fn read(&self, path: &str, cap: u64) -> Result<Option<Vec<u8>>, Stop> {
        let Some(entry) = self.entries.iter().find(|entry| entry.path == path) else { return Ok(None) };
        self.read_entry(entry, cap).map(Some)
    }

    /// The same for a file of [`Archive::members`].
    pub fn read_entry(&self, entry: &Entry, cap: u64) -> Result<Vec<u8>, Stop> {
        if entry.bytes > cap {
            let what = format!("has {} bytes; no more than {cap} are read of it", entry.bytes);
            return Err(Fault::of(&entry.path, entry.at, what).into());
        }
        if entry.packed > self.file.length || swells(entry.bytes, entry.packed) {
            return Err(Fault::of(&entry.path, entry.at, "is longer than its packed bytes can be").into());
        }
        let mut bytes = Vec::with_capacity(usize::try_from(entry.bytes).unwrap_or(0));
        self.content(entry, &mut |piece| bytes.extend_from_slice(piece))?;
        Ok(bytes)
    }
}
