//! Any bytes as an archive.

use std::io::Cursor;

use sha2::{Digest, Sha256};
use soc2::archive::{Archive, Content, MANIFEST, Member, Written, write};

/// No content of a fuzzed archive is read further.
const CAP: u64 = 1 << 20;
/// How long the hex digits at the end of every archive are, and the rest of its end record.
const HASH: usize = 64;
const END: usize = 22 + 44;

/// Any bytes are read to an end, and so are the same bytes once the hash at their end fits. What has no fault gives back
/// contents that make the same manifest when they are packed again.
pub fn archive(bytes: &[u8]) {
    read(bytes);
    let Some(at) = bytes.len().checked_sub(HASH) else { return };
    let Some(before) = at.checked_sub(END) else { return };
    let hash = Sha256::digest(&bytes[..before]);
    let digits: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    read(&[&bytes[..at], digits.as_bytes()].concat());
}

fn read(bytes: &[u8]) {
    let Ok(archive) = Archive::open(Cursor::new(bytes)) else { return };
    let Ok(checked) = archive.check(&|_| {}) else { panic!("bytes in memory cannot fail to be read") };
    assert!(checked.unchanged <= checked.files);
    let mut members = Vec::new();
    for entry in archive.members() {
        let content = archive.read_entry(entry, CAP);
        if let Ok(content) = &content {
            assert_eq!(content.len() as u64, entry.bytes, "{}", entry.path);
        }
        if entry.path != MANIFEST
            && let Ok(content) = content
        {
            members.push(Member { path: entry.path.clone(), content: Content::Bytes(content.into()), sha256: None });
        }
    }
    if !checked.faults.is_empty() || members.len() != checked.files {
        return;
    }
    let mut out = Cursor::new(Vec::new());
    let again: Result<Written, _> = write(members, &mut out, &|_| {});
    let again = again.expect("what was read can be packed");
    assert_eq!(Some(again.manifest), checked.manifest, "another manifest");
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The archives of the corpus, which other seeds are cut from: `cargo run --example seeds` does not write them.
    #[test]
    fn the_corpus_has_an_archive_without_faults() {
        let whole = include_bytes!("../corpus/archive/whole");
        let archive = Archive::open(Cursor::new(&whole[..])).unwrap();
        assert_eq!(archive.check(&|_| {}).unwrap().faults, []);
    }
}
