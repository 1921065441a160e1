//! Text in UTF-16, as Windows writes exports, on its way to UTF-8.

use std::io::{self, Read};

/// A stream of UTF-8 from a stream of UTF-16; what is none becomes `U+FFFD`.
pub(super) struct Utf16<'r> {
    bytes: &'r mut dyn Read,
    big: bool,
    /// Half a unit, and the first unit of a pair.
    half: Option<u8>,
    first: Option<u16>,
    out: Vec<u8>,
    given: usize,
}

impl<'r> Utf16<'r> {
    pub(super) fn new(bytes: &'r mut dyn Read, big: bool) -> Self {
        Self { bytes, big, half: None, first: None, out: Vec::new(), given: 0 }
    }

    fn take(&mut self, byte: u8) {
        let Some(half) = self.half.take() else {
            self.half = Some(byte);
            return;
        };
        let unit = if self.big { u16::from_be_bytes([half, byte]) } else { u16::from_le_bytes([half, byte]) };
        if self.first.is_none() && (0xd800..0xdc00).contains(&unit) {
            self.first = Some(unit);
            return;
        }
        let units = [self.first.take(), Some(unit)];
        for character in char::decode_utf16(units.into_iter().flatten()) {
            match character.unwrap_or(char::REPLACEMENT_CHARACTER) {
                // The mark at the beginning is no character of the text.
                '\u{feff}' => {}
                character => self.out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
    }
}

impl Read for Utf16<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut bytes = [0; 8 << 10];
        while self.given == self.out.len() {
            self.out.clear();
            self.given = 0;
            let n = self.bytes.read(&mut bytes)?;
            if n == 0 {
                return Ok(0);
            }
            for byte in bytes.get(..n).unwrap_or(&[]) {
                self.take(*byte);
            }
        }
        let mut rest = self.out.get(self.given..).unwrap_or(&[]);
        let n = rest.read(buffer)?;
        self.given += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_orders_are_read() {
        let text = "\u{feff}Größe 😀\r\n";
        for big in [false, true] {
            let order = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
            let bytes: Vec<u8> = text.encode_utf16().flat_map(order).collect();
            let mut out = String::new();
            Utf16::new(&mut &bytes[..], big).read_to_string(&mut out).unwrap();
            assert_eq!(out, text.trim_start_matches('\u{feff}'));
        }
        let mut out = String::new();
        Utf16::new(&mut &b"\x00\xd8a\x00b"[..], false).read_to_string(&mut out).unwrap();
        assert_eq!(out, "\u{fffd}a");
    }
}
