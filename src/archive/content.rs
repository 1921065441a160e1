//! The content of one member, unpacked in pieces: never more than its directory says, and only when its own record says
//! the same.

use std::io::{Read, Seek};

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::fault::{Fault, Stop};
use super::open::Archive;
use super::records::{EXTRA_CAP, Entry, LOCAL_FIELDS, LOCAL_LEN};
use super::swells;

/// What is read and unpacked at a time.
const PIECE: usize = 64 << 10;

impl<F: Read + Seek + Send> Archive<F> {
    /// Hands a member's content on in pieces, and fails unless it is whole.
    pub(super) fn content(&self, entry: &Entry, take: &mut dyn FnMut(&[u8])) -> Result<(), Stop> {
        self.local(entry)?;
        let from = entry.end().saturating_sub(entry.packed);
        if swells(entry.bytes, entry.packed) && entry.deflated {
            return Err(Fault::of(
                &entry.path,
                entry.at,
                "is packed so densely that it looks like an attack",
            )
            .into());
        }
        let mut crc = Crc::new();
        let mut count = 0_u64;
        let mut each = |piece: &[u8]| {
            crc.update(piece);
            count += piece.len() as u64;
            take(piece);
        };
        if entry.deflated {
            self.inflate(entry, from, &mut each)?;
        } else {
            self.stored(entry, from, &mut each)?;
        }
        if count != entry.bytes {
            let what = format!("has {count} bytes instead of {}", entry.bytes);
            return Err(Fault::of(&entry.path, from, what).into());
        }
        if crc.sum() != entry.crc {
            return Err(Fault::of(&entry.path, from, "has other bytes than its CRC-32 says").into());
        }
        Ok(())
    }

    /// The record before its bytes says what the directory says.
    fn local(&self, entry: &Entry) -> Result<(), Stop> {
        let expected = entry.local();
        let mut found = vec![0; expected.len().min(LOCAL_LEN + entry.path.len() + EXTRA_CAP)];
        if entry.at.saturating_add(found.len() as u64) > self.file.length {
            return Err(Fault::of(&entry.path, entry.at, "is said to begin behind the end").into());
        }
        self.file.read(entry.at, &mut found)?;
        match differing(&expected, &found, LOCAL_FIELDS) {
            None => Ok(()),
            Some((field, at)) => {
                let what = format!("its own record has another {field} than it must have");
                Err(Fault::of(&entry.path, entry.at.saturating_add(at), what).into())
            }
        }
    }

    fn stored(&self, entry: &Entry, from: u64, each: &mut dyn FnMut(&[u8])) -> Result<(), Stop> {
        let mut part = self.file.part(from, entry.end());
        let mut piece = vec![0; PIECE];
        loop {
            match part.read(&mut piece)? {
                0 => return Ok(()),
                read => each(piece.get(..read).unwrap_or_default()),
            }
        }
    }

    fn inflate(&self, entry: &Entry, from: u64, each: &mut dyn FnMut(&[u8])) -> Result<(), Stop> {
        let fault = |taken: u64, what: &str| {
            Err(Stop::Fault(Fault::of(&entry.path, from.saturating_add(taken), what)))
        };
        let mut part = self.file.part(from, entry.end());
        let (mut packed, mut piece) = (vec![0; PIECE], vec![0; PIECE]);
        let mut inflate = Decompress::new(false);
        let (mut start, mut end) = (0, 0);
        loop {
            if start == end {
                (start, end) = (0, part.read(&mut packed)?);
            }
            let (taken, given) = (inflate.total_in(), inflate.total_out());
            let input = packed.get(start..end).unwrap_or_default();
            let Ok(status) = inflate.decompress(input, &mut piece, FlushDecompress::None) else {
                return fault(inflate.total_in(), "its packed bytes are damaged");
            };
            start += usize::try_from(inflate.total_in() - taken).unwrap_or(usize::MAX).min(end - start);
            let given = usize::try_from(inflate.total_out() - given).unwrap_or(0);
            if inflate.total_out() > entry.bytes {
                return fault(inflate.total_in(), "unpacks to more bytes than it says");
            }
            each(piece.get(..given).unwrap_or_default());
            if status == Status::StreamEnd {
                return if inflate.total_in() == entry.packed {
                    Ok(())
                } else {
                    fault(inflate.total_in(), "something stands behind its packed bytes")
                };
            }
            if given == 0 && inflate.total_in() == taken && start == end && inflate.total_in() >= entry.packed
            {
                return fault(inflate.total_in(), "its packed bytes break off");
            }
            if given == 0 && inflate.total_in() == taken && start < end {
                return fault(inflate.total_in(), "its packed bytes are damaged");
            }
        }
    }
}

/// The first field in which a record differs from the one it must be, and its place in the record.
pub(super) fn differing(
    expected: &[u8],
    found: &[u8],
    fields: &[(&'static str, usize)],
) -> Option<(&'static str, u64)> {
    let pairs = expected.iter().zip(found);
    let same = pairs.take_while(|(expected, found)| expected == found).count();
    if same == expected.len() && same == found.len() {
        return None;
    }
    let mut end = 0;
    let field = fields.iter().find(|(_, length)| {
        end += length;
        same < end
    });
    Some((field.map_or("name or extra field", |(name, _)| name), same as u64))
}
