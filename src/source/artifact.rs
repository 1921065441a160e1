//! Artefacts are streamed once into facts; their bytes are never held.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

/// What is known of an artefact's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes.
    pub sha256: [u8; 32],
    /// Set when the file is a Git LFS pointer: the content is elsewhere.
    pub lfs: Option<Box<LfsPointer>>,
}

/// What a Git LFS pointer says of the content it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LfsPointer {
    pub sha256: String,
    pub bytes: u64,
}

/// The facts of a stream, in bounded memory.
pub fn facts(mut reader: impl Read) -> io::Result<Facts> {
    let mut hash = Sha256::new();
    let mut buffer = [0u8; 16 << 10];
    let mut head = Vec::new();
    let mut bytes = 0u64;
    loop {
        let n = match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(e),
        };
        hash.update(&buffer[..n]);
        if head.len() < 512 {
            head.extend_from_slice(&buffer[..n.min(512 - head.len())]);
        }
        bytes += n as u64;
    }
    Ok(Facts { bytes, sha256: hash.finalize().into(), lfs: lfs_pointer(&head, bytes).map(Box::new) })
}

/// SHA-256 of the stream with every line ending rewritten: to `\n` and to `\r\n`. Tells an artefact that a
/// checkout damaged from one that somebody edited.
pub(super) fn with_other_line_endings(mut reader: impl Read) -> io::Result<[[u8; 32]; 2]> {
    let (mut lf, mut crlf) = (Sha256::new(), Sha256::new());
    let (mut lf_out, mut crlf_out) = (Vec::new(), Vec::new());
    let mut buffer = [0u8; 16 << 10];
    let mut return_held = false;
    loop {
        let n = match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(e),
        };
        for &byte in &buffer[..n] {
            if return_held && byte != b'\n' {
                lf_out.push(b'\r');
                crlf_out.push(b'\r');
            }
            return_held = byte == b'\r';
            if byte == b'\n' {
                crlf_out.push(b'\r');
            }
            if byte != b'\r' {
                lf_out.push(byte);
                crlf_out.push(byte);
            }
        }
        lf.update(&lf_out);
        crlf.update(&crlf_out);
        lf_out.clear();
        crlf_out.clear();
    }
    if return_held {
        lf.update(b"\r");
        crlf.update(b"\r");
    }
    Ok([lf.finalize().into(), crlf.finalize().into()])
}

/// Reads `version https://git-lfs.github.com/spec/v1`, `oid sha256:…`, `size …`.
fn lfs_pointer(head: &[u8], bytes: u64) -> Option<LfsPointer> {
    if bytes > 512 {
        return None;
    }
    let text = std::str::from_utf8(head).ok()?;
    if !text.starts_with("version https://git-lfs.github.com/spec/") {
        return None;
    }
    // Exactly the three lines: a file with anything more is a file.
    let mut lines = text.lines().skip(1);
    let (oid, size, rest) = (lines.next()?, lines.next()?, lines.next());
    let (sha256, bytes) = (oid.strip_prefix("oid sha256:")?, size.strip_prefix("size ")?);
    if rest.is_some() {
        return None;
    }
    Some(LfsPointer { sha256: sha256.to_owned(), bytes: bytes.parse().ok()? })
}

/// SHA-256 of bytes in memory.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::hex;

    #[test]
    fn hashes_as_sha256sum_does() {
        let facts = facts(&b"abc"[..]).unwrap();
        assert_eq!(hex(&facts.sha256), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!((facts.bytes, facts.lfs), (3, None));
    }

    #[test]
    fn knows_a_pointer() {
        let text = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
        let pointer = facts(text.as_bytes()).unwrap().lfs.unwrap();
        assert_eq!(*pointer, LfsPointer { sha256: "4d7a".into(), bytes: 12345 });
    }

    #[test]
    fn line_endings_can_be_told_from_edits() {
        let [lf, crlf] = with_other_line_endings(&b"a\r\nb\rc\n\r"[..]).unwrap();
        assert_eq!(lf, facts(&b"a\nb\rc\n\r"[..]).unwrap().sha256);
        assert_eq!(crlf, facts(&b"a\r\nb\rc\r\n\r"[..]).unwrap().sha256);
    }
}
