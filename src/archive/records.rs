//! The records of a zip, in the one form that is written and accepted. Every field is either a constant or follows from
//! the entry, so that reading means: make the record again and compare.

/// A file of the archive, as its directory tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Below the archive's root, `/` between parts.
    pub path: String,
    /// Length of its content.
    pub bytes: u64,
    /// Length of what is in the archive.
    pub packed: u64,
    /// CRC-32 of its content.
    pub crc: u32,
    /// Deflated, or as it is.
    pub deflated: bool,
    /// Where its record begins, in bytes from the start of the archive.
    pub at: u64,
}

pub(super) const LOCAL: u32 = 0x0403_4b50;
pub(super) const CENTRAL: u32 = 0x0201_4b50;
pub(super) const END: u32 = 0x0605_4b50;
const END64: u32 = 0x0606_4b50;
const LOCATOR64: u32 = 0x0706_4b50;

/// Length of a file's own record without its name.
pub(super) const LOCAL_LEN: usize = 30;
/// Length of a file's record in the directory without its name.
pub(super) const CENTRAL_LEN: usize = 46;
/// Length of the end record without its comment.
const END_LEN: usize = 22;
/// Length of the two records that stand before the end record of a large archive.
pub(super) const END64_LEN: usize = 56 + 20;
/// Length of the end record with its comment.
pub(super) const WHOLE_END_LEN: usize = END_LEN + COMMENT.len() + 64;
/// The longest addition to a record: three numbers of eight bytes.
pub(super) const EXTRA_CAP: usize = 28;

/// The comment of every archive; the hash follows, in hex.
pub(super) const COMMENT: &str = "SHA-256 of all bytes before the end record: ";

/// Unix, and version 4.5 of the format.
const MADE_BY: u16 = 3 << 8 | 45;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
/// 1980-01-01, the first day the format knows.
const DAY: u16 = 1 << 5 | 1;
/// A plain file that its owner may write.
const MODE: u32 = 0o100_644 << 16;
/// The addition that holds large numbers.
const LARGE: u16 = 1;

/// The fields of a file's own record, by name and length; name and addition follow.
pub(super) const LOCAL_FIELDS: &[(&str, usize)] = &[
    ("signature", 4),
    ("version", 2),
    ("flags", 2),
    ("method", 2),
    ("time", 2),
    ("date", 2),
    ("CRC-32", 4),
    ("packed length", 4),
    ("length", 4),
    ("length of the name", 2),
    ("length of the extra field", 2),
];

/// The fields of a file's record in the directory.
pub(super) const CENTRAL_FIELDS: &[(&str, usize)] = &[
    ("signature", 4),
    ("version of the writer", 2),
    ("version", 2),
    ("flags", 2),
    ("method", 2),
    ("time", 2),
    ("date", 2),
    ("CRC-32", 4),
    ("packed length", 4),
    ("length", 4),
    ("length of the name", 2),
    ("length of the extra field", 2),
    ("length of the comment", 2),
    ("disk", 2),
    ("internal attributes", 2),
    ("external attributes", 4),
    ("place of the file", 4),
];

/// The fields of the end records: those of a large archive, and the one that every archive has.
pub(super) const END64_FIELDS: &[(&str, usize)] = &[
    ("signature of the zip64 end record", 4),
    ("length of the zip64 end record", 8),
    ("version of the writer", 2),
    ("version", 2),
    ("disk", 4),
    ("disk of the directory", 4),
    ("number of files on this disk", 8),
    ("number of files", 8),
    ("length of the directory", 8),
    ("place of the directory", 8),
    ("signature of the zip64 locator", 4),
    ("disk of the zip64 end record", 4),
    ("place of the zip64 end record", 8),
    ("number of disks", 4),
];
pub(super) const END_FIELDS: &[(&str, usize)] = &[
    ("signature of the end record", 4),
    ("disk", 2),
    ("disk of the directory", 2),
    ("number of files on this disk", 2),
    ("number of files", 2),
    ("length of the directory", 4),
    ("place of the directory", 4),
    ("length of the comment", 2),
];

/// Little-endian fields, one after the other.
#[derive(Default)]
struct Record(Vec<u8>);

impl Record {
    fn two(mut self, value: u16) -> Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    fn four(mut self, value: u32) -> Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    fn eight(mut self, value: u64) -> Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// The addition with the numbers that have no room in their fields.
    fn large(self, numbers: &[u64]) -> Self {
        if numbers.is_empty() {
            return self;
        }
        let record = self.two(LARGE).two(short(numbers.len() * 8));
        numbers.iter().fold(record, |record, number| record.eight(*number))
    }
}

/// A number in its field, or the mark that it stands elsewhere.
fn field(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

fn short(value: usize) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}

/// Has a number no room in a field of four bytes?
fn is_large(value: u64) -> bool {
    value >= u64::from(u32::MAX)
}

fn version(large: bool) -> u16 {
    if large { 45 } else { 20 }
}

fn extra_len(numbers: &[u64]) -> u16 {
    if numbers.is_empty() { 0 } else { short(4 + numbers.len() * 8) }
}

impl Entry {
    fn method(&self) -> u16 {
        if self.deflated { 8 } else { 0 }
    }

    /// The record before the file's bytes. Where one of its lengths is large, both stand in the addition.
    pub(super) fn local(&self) -> Vec<u8> {
        let both = [self.bytes, self.packed];
        let large: &[u64] = if both.into_iter().any(is_large) { &both } else { &[] };
        let place = |value| if large.is_empty() { field(value) } else { u32::MAX };
        Record::default()
            .four(LOCAL)
            .two(version(!large.is_empty()))
            .two(FLAGS)
            .two(self.method())
            .two(0)
            .two(DAY)
            .four(self.crc)
            .four(place(self.packed))
            .four(place(self.bytes))
            .two(short(self.path.len()))
            .two(extra_len(large))
            .bytes(self.path.as_bytes())
            .large(large)
            .0
    }

    /// The record in the directory.
    pub(super) fn central(&self) -> Vec<u8> {
        let numbers = [self.bytes, self.packed, self.at];
        let large: Vec<u64> = numbers.into_iter().filter(|number| is_large(*number)).collect();
        Record::default()
            .four(CENTRAL)
            .two(MADE_BY)
            .two(version(!large.is_empty()))
            .two(FLAGS)
            .two(self.method())
            .two(0)
            .two(DAY)
            .four(self.crc)
            .four(field(self.packed))
            .four(field(self.bytes))
            .two(short(self.path.len()))
            .two(extra_len(&large))
            .two(0)
            .two(0)
            .two(0)
            .four(MODE)
            .four(field(self.at))
            .bytes(self.path.as_bytes())
            .large(&large)
            .0
    }

    /// Where the next record begins.
    pub(super) fn end(&self) -> u64 {
        let record = LOCAL_LEN.saturating_add(self.path.len());
        let large = if is_large(self.bytes.max(self.packed)) { 20 } else { 0 };
        let record = u64::try_from(record).unwrap_or(u64::MAX).saturating_add(large);
        self.at.saturating_add(record).saturating_add(self.packed)
    }
}

/// The directory, as the end records tell of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Directory {
    pub(super) files: u64,
    pub(super) at: u64,
    pub(super) bytes: u64,
}

impl Directory {
    fn is_large(&self) -> bool {
        self.files >= u64::from(u16::MAX) || is_large(self.at) || is_large(self.bytes)
    }

    /// The records that a large archive has before its end record; nothing for others.
    pub(super) fn end64(&self) -> Vec<u8> {
        if !self.is_large() {
            return Vec::new();
        }
        Record::default()
            .four(END64)
            .eight(44)
            .two(MADE_BY)
            .two(45)
            .four(0)
            .four(0)
            .eight(self.files)
            .eight(self.files)
            .eight(self.bytes)
            .eight(self.at)
            .four(LOCATOR64)
            .four(0)
            .eight(self.at.saturating_add(self.bytes))
            .four(1)
            .0
    }

    /// The end record; `hash` is that of everything before it, in hex.
    pub(super) fn end(&self, hash: &str) -> Vec<u8> {
        let files = u16::try_from(self.files).unwrap_or(u16::MAX);
        Record::default()
            .four(END)
            .two(0)
            .two(0)
            .two(files)
            .two(files)
            .four(field(self.bytes))
            .four(field(self.at))
            .two(short(COMMENT.len() + hash.len()))
            .bytes(COMMENT.as_bytes())
            .bytes(hash.as_bytes())
            .0
    }
}

/// A number of up to eight little-endian bytes at a place of a record; missing bytes are none.
pub(super) fn number(record: &[u8], at: usize, bytes: usize) -> u64 {
    let field = record.get(at..).unwrap_or_default().iter().take(bytes).rev();
    field.fold(0, |value, byte| value << 8 | u64::from(*byte))
}
