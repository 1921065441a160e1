//! References kept as a reftable, which the git library does not read yet: a stack of tables, each a file of sorted records.
//! Only what names point at is read; reflogs and indexes of the tables are passed over.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Tables of one stack; git folds them long before.
const TABLE_CAP: usize = 1_000;
/// Bytes of one stack.
const BYTES_CAP: u64 = 256 << 20;
/// Names that lead to names.
const STEP_CAP: usize = 5;
/// Where git looks for a short name, in order.
const PLACES: &[(&str, &str)] = &[
    ("", ""),
    ("refs/", ""),
    ("refs/tags/", ""),
    ("refs/heads/", ""),
    ("refs/remotes/", ""),
    ("refs/remotes/", "/HEAD"),
];

/// What a name points at.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    Id(gix::ObjectId),
    Name(String),
    /// A newer table took the name away.
    Gone,
}

/// The references of one stack of tables.
#[derive(Debug, Default)]
pub(super) struct References(BTreeMap<String, Target>);

impl References {
    /// Those of a work tree, and those it shares with others; `None` when a table cannot be read.
    pub(super) fn read(git_dir: &Path, common_dir: &Path) -> Option<Self> {
        let mut all = Self::default();
        for folder in [common_dir, git_dir] {
            let shared = folder == common_dir && common_dir != git_dir;
            let mut room = BYTES_CAP;
            let list = fs::read_to_string(folder.join("reftable/tables.list")).ok()?;
            for name in list.lines().take(TABLE_CAP).filter(|name| !name.contains(['/', '\\'])) {
                let file = folder.join("reftable").join(name);
                let length = fs::metadata(&file).ok().filter(fs::Metadata::is_file)?.len();
                room = room.checked_sub(length)?;
                for (name, target) in table(&fs::read(file).ok()?)? {
                    // The head of another work tree is not ours.
                    if !shared || name.starts_with("refs/") {
                        all.0.insert(name, target);
                    }
                }
            }
        }
        Some(all)
    }

    /// The object that a name leads to, as git looks names up; `None` when there is none.
    pub(super) fn find(&self, name: &str) -> Option<gix::ObjectId> {
        let name = if name == "@" { "HEAD" } else { name };
        PLACES.iter().find_map(|(before, after)| {
            let mut name = format!("{before}{name}{after}");
            for _ in 0..STEP_CAP {
                match self.0.get(&name)? {
                    Target::Id(id) => return Some(*id),
                    Target::Name(next) => name.clone_from(next),
                    Target::Gone => return None,
                }
            }
            None
        })
    }

    /// Is there a head at all? It may name a branch without a commit.
    pub(super) fn has_head(&self) -> bool {
        self.0.get("HEAD").is_some_and(|target| *target != Target::Gone)
    }
}

/// The records of a table; `None` when it is damaged.
fn table(bytes: &[u8]) -> Option<Vec<(String, Target)>> {
    let (hash, header, footer) = match bytes.get(..5)? {
        b"REFT\x01" => (20, 24, 68),
        b"REFT\x02" if bytes.get(24..28)? == b"s256" => (32, 28, 72),
        b"REFT\x02" => (20, 28, 72),
        _ => return None,
    };
    let aligned = number(bytes.get(5..8)?);
    let end = bytes.len().checked_sub(footer)?;
    let (mut start, mut skip) = (0, header);
    let mut out = Vec::new();
    while start + skip < end && bytes.get(start + skip) == Some(&b'r') {
        // The length of the first block counts the header of the file.
        let length = number(bytes.get(start + skip + 1..start + skip + 4)?);
        let block = bytes.get(start..start + length)?;
        records(block, skip + 4, hash, &mut out)?;
        let next = start + length;
        let padded = aligned > length && next < end && bytes.get(next) == Some(&0);
        start = if padded { start + aligned } else { next };
        skip = 0;
    }
    Some(out)
}

/// The records of a block, up to the list of places at its end where names are written whole.
fn records(block: &[u8], from: usize, hash: usize, out: &mut Vec<(String, Target)>) -> Option<()> {
    let count = number(block.get(block.len().checked_sub(2)?..)?);
    let end = block.len().checked_sub(2 + 3 * count)?;
    let mut rest = block.get(from..end)?;
    let mut name: Vec<u8> = Vec::new();
    while !rest.is_empty() {
        let kept = varint(&mut rest)?;
        let suffix = varint(&mut rest)?;
        if kept > name.len() {
            return None;
        }
        name.truncate(kept);
        name.extend(take(&mut rest, suffix >> 3)?);
        varint(&mut rest)?;
        let target = match suffix & 7 {
            0 => Target::Gone,
            1 => Target::Id(id(take(&mut rest, hash)?)?),
            // An annotated tag, and what it is of.
            2 => {
                let tag = id(take(&mut rest, hash)?)?;
                take(&mut rest, hash)?;
                Target::Id(tag)
            }
            3 => {
                let length = varint(&mut rest)?;
                Target::Name(String::from_utf8(take(&mut rest, length)?.to_vec()).ok()?)
            }
            _ => return None,
        };
        out.push((String::from_utf8_lossy(&name).into_owned(), target));
    }
    Some(())
}

fn id(bytes: &[u8]) -> Option<gix::ObjectId> {
    gix::ObjectId::try_from(bytes).ok()
}

fn take<'b>(rest: &mut &'b [u8], length: usize) -> Option<&'b [u8]> {
    let (taken, left) = rest.split_at_checked(length)?;
    *rest = left;
    Some(taken)
}

/// Big-endian.
fn number(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte))
}

/// Seven bits a byte, most significant first; each further byte adds one, so that no number has two forms.
fn varint(rest: &mut &[u8]) -> Option<usize> {
    let mut value = 0usize;
    for nth in 0..9 {
        let byte = *take(rest, 1)?.first()?;
        let more = if nth == 0 { 0 } else { value.checked_add(1)?.checked_mul(128)? };
        value = more | usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_git_writes_them() {
        let read = |mut bytes: &[u8]| varint(&mut bytes);
        assert_eq!(read(&[0x7f]), Some(127));
        assert_eq!(read(&[0x80, 0x00]), Some(128));
        assert_eq!(read(&[0x80, 0x80, 0x00]), Some(16512));
        assert_eq!(read(&[0x80]), None);
        assert_eq!(read(&[0xff; 12]), None);
    }

    #[test]
    fn damaged_tables_are_refused_and_nothing_panics() {
        let mut table_of_one = b"REFT\x01\0\0\0".to_vec();
        table_of_one.extend([0; 16]);
        table_of_one.extend(*b"r\0\0\x31");
        table_of_one.extend([0, 4 << 3 | 3, b'H', b'E', b'A', b'D', 0, 10]);
        table_of_one.extend(*b"refs/heads");
        table_of_one.extend([0, 0, 28, 0, 1]);
        table_of_one[27] = u8::try_from(table_of_one.len()).unwrap();
        table_of_one.extend([1; 68]);
        let whole = table(&table_of_one).unwrap();
        assert_eq!(whole, [("HEAD".to_owned(), Target::Name("refs/heads".to_owned()))]);
        for cut in 0..table_of_one.len() {
            let _ = table(&table_of_one[..cut]);
        }
        for at in 0..table_of_one.len() {
            for value in [0, 1, 0x7f, 0x80, 0xff] {
                let mut bent = table_of_one.clone();
                bent[at] = value;
                let _ = table(&bent);
            }
        }
    }
}
