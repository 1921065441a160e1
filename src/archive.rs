//! The archive that an auditor is handed: a zip in one canonical form, so that the same members give the same bytes and
//! any other form is refused. It knows nothing of programmes: names and bytes in, a file out, and back.

use std::io::{self, Read};

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
    /// Made here.
    Bytes(Vec<u8>),
    /// Read while packing, in pieces.
    Open {
        /// In bytes, as far as is known.
        length: u64,
        open: Box<Opens<'m>>,
    },
}

/// Opens the bytes of a member, each time from the start.
pub type Opens<'m> = dyn Fn() -> io::Result<Box<dyn Read + 'm>> + Send + Sync + 'm;
