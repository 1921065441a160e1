//! Every byte of an archive against the form it must have, and every file against the manifest. Files are read side by
//! side; the whole is hashed meanwhile.

use std::io::{Read, Seek};
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::directory::is_recorded;
use super::fault::{Fault, Faults, Stop};
use super::open::Archive;
use super::records::{Entry, WHOLE_END_LEN};
use super::{MANIFEST, MANIFEST_CAP, hex};

/// What a look at every byte found.
#[derive(Debug)]
pub struct Checked {
    /// How many files there are, the manifest not counted.
    pub files: usize,
    /// How many of them have the bytes that the manifest says.
    pub unchanged: usize,
    /// The first faults, in the order of the archive; none when it is what was packed.
    pub faults: Vec<Fault>,
    /// How many more there are.
    pub more: usize,
    /// The hash of the whole file.
    pub sha256: [u8; 32],
    /// The bytes of the manifest, where it could be read.
    pub manifest: Option<Vec<u8>>,
}

impl<F: Read + Seek + Send> Archive<F> {
    /// Looks at every byte. `tick` is told how many files are done, from any thread. Fails only when the disk does.
    pub fn check(&self, tick: &(dyn Fn(usize) + Sync)) -> Result<Checked, Stop> {
        let mut faults = self.faults.clone();
        let done = AtomicUsize::new(0);
        let read = |(entry, is_apart): (&Entry, bool)| {
            let hash = if is_apart { self.hash(entry) } else { Ok(None) };
            tick(done.fetch_add(1, Ordering::Relaxed) + 1);
            hash
        };
        let apart = self.apart();
        let each = || -> Vec<_> { self.entries.par_iter().zip(apart).map(read).collect() };
        let (whole, hashes) = rayon::join(|| self.whole(), each);
        let (before, sha256) = whole?;
        let mut found = Vec::with_capacity(hashes.len());
        for hash in hashes {
            found.push(match hash {
                Err(Stop::Disk(error)) => return Err(Stop::Disk(error)),
                Err(Stop::Fault(fault)) => {
                    faults.push(fault);
                    None
                }
                Ok(hash) => hash,
            });
        }
        let (manifest, unchanged) = self.against_manifest(&found, &mut faults)?;
        if !is_recorded(self, &before) {
            let at = self.file.length.saturating_sub(64);
            let what = "the bytes before the end record are not those that were packed: their hash is not the one in the comment";
            faults.push(Fault::at(at, what));
        }
        let files = self.entries.iter().filter(|entry| entry.path != MANIFEST).count();
        Ok(Checked { files, unchanged, faults: faults.kept, more: faults.more, sha256, manifest })
    }

    /// Which files share no bytes with one before them, so that no byte is unpacked twice.
    fn apart(&self) -> Vec<bool> {
        let mut end = 0;
        let apart = self.entries.iter().map(|entry| {
            let is_apart = entry.at >= end && entry.end() <= self.directory.at;
            end = if is_apart { entry.end() } else { end };
            is_apart
        });
        apart.collect()
    }

    fn hash(&self, entry: &Entry) -> Result<Option<[u8; 32]>, Stop> {
        let mut hash = Sha256::new();
        self.content(entry, &mut |piece| hash.update(piece))?;
        Ok(Some(hash.finalize().into()))
    }

    /// The hashes of what stands before the end record, and of everything.
    fn whole(&self) -> Result<([u8; 32], [u8; 32]), Stop> {
        let mut hash = Sha256::new();
        let end = self.file.length.saturating_sub(WHOLE_END_LEN as u64);
        self.hash_part(&mut hash, 0, end)?;
        let before = hash.clone().finalize().into();
        self.hash_part(&mut hash, end, self.file.length)?;
        Ok((before, hash.finalize().into()))
    }

    fn hash_part(&self, hash: &mut Sha256, from: u64, to: u64) -> Result<(), Stop> {
        let mut part = self.file.part(from, to);
        let mut piece = vec![0; 256 << 10];
        loop {
            match part.read(&mut piece)? {
                0 => return Ok(()),
                read => hash.update(piece.get(..read).unwrap_or_default()),
            }
        }
    }

    /// The manifest names every other file, in order, with its hash, and nothing else. How many files are as it says?
    fn against_manifest(
        &self,
        hashes: &[Option<[u8; 32]>],
        faults: &mut Faults,
    ) -> Result<(Option<Vec<u8>>, usize), Stop> {
        let Some(entry) = self.entries.iter().find(|entry| entry.path == MANIFEST) else {
            return Ok((None, 0));
        };
        let manifest = match self.read_entry(entry, MANIFEST_CAP) {
            Ok(manifest) => manifest,
            Err(Stop::Disk(error)) => return Err(Stop::Disk(error)),
            // The fault was found when its hash was asked for.
            Err(Stop::Fault(_)) => return Ok((None, 0)),
        };
        let unchanged = compare(&self.entries, hashes, &manifest, faults);
        Ok((Some(manifest), unchanged))
    }
}

fn compare(entries: &[Entry], hashes: &[Option<[u8; 32]>], manifest: &[u8], faults: &mut Faults) -> usize {
    let of_manifest = |what: String| Fault { path: Some(MANIFEST.to_owned()), at: None, what };
    let mut lines: Vec<(&[u8], &[u8])> = Vec::new();
    for (nth, line) in manifest.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let parts = line.split_at_checked(64).and_then(|(hash, rest)| {
            let path = rest.strip_prefix(b"  ")?.strip_suffix(b"\n")?;
            hash.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')).then_some((path, hash))
        });
        match parts {
            Some(parts) => lines.push(parts),
            None => {
                faults.push(of_manifest(format!("line {} is not a hash, two blanks and a name", nth + 1)))
            }
        }
    }
    if lines.windows(2).any(|pair| matches!(pair, [one, other] if one.0 >= other.0)) {
        faults.push(of_manifest("is not in the order of the names".to_owned()));
        lines.sort_unstable();
    }
    let mut wanted: Vec<(&Entry, Option<[u8; 32]>)> =
        entries.iter().zip(hashes.iter().copied()).filter(|(entry, _)| entry.path != MANIFEST).collect();
    wanted.sort_by(|(one, _), (other, _)| one.path.cmp(&other.path));
    let mut unchanged = 0;
    let mut lines = lines.into_iter().peekable();
    for (entry, found) in wanted {
        while let Some((path, _)) = lines.next_if(|(path, _)| *path < entry.path.as_bytes()) {
            faults.push(missing(path));
        }
        let Some((_, hash)) = lines.next_if(|(path, _)| *path == entry.path.as_bytes()) else {
            faults.push(Fault::of(&entry.path, entry.at, format!("is not listed in {MANIFEST}")));
            continue;
        };
        match found {
            Some(found) if hex(&found).as_bytes() == hash => unchanged += 1,
            Some(_) => {
                let what = format!("has been changed: its SHA-256 is not the one in {MANIFEST}");
                faults.push(Fault::of(&entry.path, entry.at, what));
            }
            None => {}
        }
    }
    lines.for_each(|(path, _)| faults.push(missing(path)));
    unchanged
}

fn missing(path: &[u8]) -> Fault {
    let path = String::from_utf8_lossy(path).into_owned();
    Fault { path: Some(path), at: None, what: format!("is missing: {MANIFEST} lists it") }
}
