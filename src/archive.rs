//! The archive that an auditor is handed: a zip in one canonical form, so that the same members give the same bytes and
//! any other form is refused. It knows nothing of programmes: names and bytes in, a file out, and back.
//!
//! Packing: [`write`] takes [`Member`]s in any order and any output that can be read and written at any place. It adds
//! [`MANIFEST`] itself and gives back its text and the hash of the whole.
//!
//! Reading: [`Archive::open`] reads the directory of a file or of bytes (`File`, `Cursor<Vec<u8>>`), [`Archive::members`]
//! lists what is inside with [`MANIFEST`] last, and [`Archive::read`] gives the bytes of one member, up to a cap, once its
//! length and CRC are what the directory says. [`Archive::check`] holds every byte against the canonical form and every
//! content against [`MANIFEST`]; only a file without [`Fault`]s is what was packed, so recompute nothing from any other.
//! An archive is hostile until then: names are made harmless where they are printed, memory and time are bounded.
//!
//! The form is described in `docs/formats.md`; why it is written here and not by a library in
//! `docs/decisions/0013-archive.md`.

mod check;
mod content;
mod directory;
mod fault;
mod name;
mod open;
mod pack;
mod records;
mod set;
mod stream;
#[cfg(test)]
mod tests;
mod write;

pub use check::Checked;
pub use fault::{Fault, Stop};
pub use open::Archive;
pub use records::Entry;
pub use set::side_by_side;
pub use write::{Written, write};

use std::borrow::Cow;
use std::io::{self, Read};

use crate::text::hex;

/// The list of all other files with their hashes, as `sha256sum` writes and reads it; always the last member.
pub const MANIFEST: &str = "MANIFEST.sha256";

/// More files than the evidence of any audit.
const MEMBERS_CAP: usize = 400_000;
/// The longest directory, in bytes.
const DIRECTORY_CAP: u64 = 48 << 20;
/// The longest manifest: a hash for every member, and its name.
const MANIFEST_CAP: u64 = DIRECTORY_CAP + 67 * MEMBERS_CAP as u64;
/// No deflated member is more than so many times as long as what is in the archive, and this much: nobody's disk is filled
/// by a small file. What would shrink further is stored as it is.
const RATIO: u64 = 256;
const RATIO_SLACK: u64 = 16 << 10;

/// What a page made while packing weighs, about; and a sheet that is set.
const MADE: u64 = 32 << 10;
const SET: u64 = if cfg!(test) { 48 << 10 } else { 1 << 20 };

/// Is a content too long for what it was packed to?
fn swells(bytes: u64, packed: u64) -> bool {
    bytes > packed.saturating_mul(RATIO).saturating_add(RATIO_SLACK)
}

/// A file to be packed.
pub struct Member<'m> {
    /// Below the archive's root, `/` between parts; a name that no system refuses.
    pub path: String,
    pub content: Content<'m>,
    /// The hash that its bytes must have, where somebody has recorded it; packing fails where they differ.
    pub sha256: Option<[u8; 32]>,
}

/// Where the bytes of a member come from.
pub enum Content<'m> {
    /// Held in memory.
    Bytes(Cow<'m, [u8]>),
    /// Made when its turn comes, so that many such need no memory while they wait; the same each time. Where nothing can be made
    /// there is no such member.
    Made(Box<Makes<'m>>),
    /// The same for what takes long and shares its own work out: made one for each core at a time, outside the pool that
    /// compresses.
    Set(Box<Makes<'m>>),
    /// Read while packing, in pieces.
    Open {
        /// In bytes; packing fails where there are more or fewer.
        length: u64,
        open: Box<Opens<'m>>,
    },
}

/// Makes the bytes of a member.
pub type Makes<'m> = dyn Fn() -> Option<Vec<u8>> + Send + Sync + 'm;

/// Opens the bytes of a member, each time from the start.
pub type Opens<'m> = dyn Fn() -> io::Result<Box<dyn Read + 'm>> + Send + Sync + 'm;

impl Content<'_> {
    /// In bytes; about so many where they are not made yet.
    fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            Self::Made(_) => MADE,
            Self::Set(_) => SET,
            Self::Open { length, .. } => *length,
        }
    }

    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        match self {
            Self::Bytes(bytes) => Ok(Box::new(&bytes[..])),
            Self::Made(make) | Self::Set(make) => Ok(Box::new(io::Cursor::new(make().unwrap_or_default()))),
            Self::Open { open, .. } => open(),
        }
    }
}
