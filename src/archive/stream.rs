//! The content of one member as a reader, for what looks at an archive that was checked already.

use std::io::{self, Read, Seek};

use flate2::read::DeflateDecoder;

use super::open::Archive;
use super::records::Entry;
use super::swells;

impl<F: Read + Seek + Send> Archive<F> {
    /// The bytes of a member in pieces, never more than its directory says. Nothing is compared with its CRC or hash: only
    /// an archive without [`super::Fault`]s gives what was packed.
    pub fn stream(&self, entry: &Entry) -> io::Result<Box<dyn Read + '_>> {
        if entry.packed > self.length() || (entry.deflated && swells(entry.bytes, entry.packed)) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let part = self.file.part(entry.end().saturating_sub(entry.packed), entry.end());
        Ok(match entry.deflated {
            true => Box::new(DeflateDecoder::new(part).take(entry.bytes)),
            false => Box::new(part.take(entry.bytes)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::{Content, Member, write};
    use std::io::Cursor;

    #[test]
    fn members_are_read_in_pieces() {
        let long = b"soc2 ".repeat(50_000);
        let noise: Vec<u8> =
            (0..300_000u64).map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect();
        let contents = [("a.txt", long), ("b.png", noise), ("c", Vec::new())];
        let members = contents.clone().map(|(path, bytes)| Member {
            path: path.to_owned(),
            content: Content::Bytes(bytes.into()),
            sha256: None,
        });
        let mut file = Cursor::new(Vec::new());
        write(members.into(), &mut file, &|_| {}).unwrap();
        let archive = Archive::open(file).unwrap();
        for (path, bytes) in contents {
            let entry = archive.members().iter().find(|entry| entry.path == path).unwrap();
            let mut read = Vec::new();
            archive.stream(entry).unwrap().read_to_end(&mut read).unwrap();
            assert!(read == bytes, "{path}");
        }
    }
}
