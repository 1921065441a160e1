//! JSON with one record on a line: small, and still fit to be read and compared.

use std::io::{self, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::ser::{Formatter, Serializer};

/// Longer files are not read, because it takes some times as much memory; those of 100,000 manifests are shorter.
pub(super) const JSON_CAP: u64 = 96 << 20;

/// Levels below which everything stands on one line.
const SPREAD: usize = 2;

/// A value as text; the same value gives the same bytes.
pub(super) fn write(value: &impl Serialize, spread: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let formatter = Lines { depth: 0, spread, empty: true };
    // Neither a vector nor the types here refuse anything.
    let _ = value.serialize(&mut Serializer::with_formatter(&mut bytes, formatter));
    bytes.push(b'\n');
    bytes
}

/// A value as text, one record on a line.
pub(super) fn lines(value: &impl Serialize) -> Vec<u8> {
    write(value, SPREAD)
}

/// Reads text that anybody may have written; the fault is in words.
pub(super) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes)
        .map_err(|fault| crate::text::clip(&crate::text::safe(&fault.to_string()), 300))
}

/// Breaks lines down to a level of nesting.
struct Lines {
    depth: usize,
    spread: usize,
    empty: bool,
}

impl Lines {
    fn begin(&mut self, out: &mut (impl Write + ?Sized), bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.empty = true;
        out.write_all(bracket)
    }

    fn end(&mut self, out: &mut (impl Write + ?Sized), bracket: &[u8]) -> io::Result<()> {
        self.depth = self.depth.saturating_sub(1);
        if !self.empty && self.depth < self.spread {
            out.write_all(b"\n")?;
        }
        self.empty = false;
        out.write_all(bracket)
    }

    fn item(&mut self, out: &mut (impl Write + ?Sized), first: bool) -> io::Result<()> {
        self.empty = false;
        if !first {
            out.write_all(b",")?;
        }
        if self.depth <= self.spread { out.write_all(b"\n") } else { Ok(()) }
    }
}

impl Formatter for Lines {
    fn begin_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"[")
    }

    fn end_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"]")
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)
    }

    fn begin_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"{")
    }

    fn end_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"}")
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn records_stand_on_lines_of_their_own() {
        let value = json!({ "a": [[1, [2]], { "b": "x\ny" }], "c": [], "d": null });
        assert_eq!(
            String::from_utf8(lines(&value)).unwrap(),
            "{\n\"a\":[\n[1,[2]],\n{\"b\":\"x\\ny\"}\n],\n\"c\":[],\n\"d\":null\n}\n"
        );
        assert_eq!(read::<serde_json::Value>(&lines(&value)).unwrap(), value);
    }

    #[test]
    fn depth_is_bounded() {
        let deep = "[".repeat(100_000);
        assert!(read::<serde_json::Value>(deep.as_bytes()).is_err());
    }
}
