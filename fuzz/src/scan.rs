//! Bytes as an artefact that is looked through for keys and personal numbers.

use std::io::Read;

use soc2::scan::look;

/// The most finds of one file.
const MOST: usize = 100;

/// A stream that gives its bytes a few at a time.
struct Trickle<'b>(&'b [u8], usize);

impl Read for Trickle<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.1 = self.1 % 7 + 1;
        let n = self.1.min(buffer.len());
        self.0.read(&mut buffer[..n])
    }
}

/// Any bytes are looked through; the finds are bounded, have places inside the file, and do not depend on how it is read.
pub fn scan(bytes: &[u8]) {
    let Ok(whole) = look("a", bytes) else { panic!("bytes in memory can be read") };
    let Ok(trickled) = look("a", Trickle(bytes, 0)) else { panic!("bytes in memory can be read") };
    assert_eq!(whole, trickled, "what is found depends on how it is read");
    assert!(whole.finds.len() <= MOST);
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
    for find in &whole.finds {
        assert!(find.line >= 1 && find.column >= 1);
        let plain =
            find.inside.is_none() && !bytes.starts_with(&[0x1f, 0x8b]) && !bytes.starts_with(&[0xff, 0xfe]);
        let wide = bytes.starts_with(&[0xfe, 0xff]);
        assert!(!plain || wide || find.line <= lines, "{find:?} is not in the file");
    }
}
