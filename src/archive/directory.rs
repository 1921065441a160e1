//! The end record and the directory. Each record is read, made again in the one form it may have, and compared.

use std::io::{BufReader, Read, Seek};

use super::content::differing;
use super::fault::{Fault, Faults, Stop};
use super::open::{Archive, Place};
use super::records::{
    CENTRAL, CENTRAL_FIELDS, CENTRAL_LEN, COMMENT, Directory, END, END_FIELDS, END64_FIELDS, END64_LEN,
    EXTRA_CAP, Entry, WHOLE_END_LEN, number,
};
use super::{DIRECTORY_CAP, MANIFEST, MEMBERS_CAP, hex, name};

/// The longest name of a record, in bytes: 120 characters of the longest kind.
const NAME_CAP: usize = 480;

/// Reads the directory of an archive.
pub(super) fn read<F: Read + Seek + Send>(file: Place<F>) -> Result<Archive<F>, Stop> {
    let mut faults = Faults::default();
    let (directory, recorded) = end(&file, &mut faults)?;
    let entries = entries(&file, directory, &mut faults)?;
    order(&entries, directory, &mut faults);
    names(&entries, &mut faults);
    Ok(Archive { file, directory, entries, faults, recorded })
}

/// The end record, which stands at one place only, and what it says.
fn end<F: Read + Seek>(file: &Place<F>, faults: &mut Faults) -> Result<(Directory, String), Stop> {
    let missing = "there is no end record as soc2 writes it: the file is no archive of soc2, is cut short, or has more behind it";
    let Some(at) = file.length.checked_sub(WHOLE_END_LEN as u64) else {
        return Err(Fault::at(0, missing).into());
    };
    let mut record = [0; WHOLE_END_LEN];
    file.read(at, &mut record)?;
    if number(&record, 0, 4) != u64::from(END) {
        return Err(Fault::at(at, missing).into());
    }
    let mut directory = Directory {
        files: number(&record, 10, 2),
        bytes: number(&record, 12, 4),
        at: number(&record, 16, 4),
    };
    let mut before = at;
    let is_large = directory.files == 0xffff || [directory.bytes, directory.at].contains(&0xffff_ffff);
    if let Some(place) = at.checked_sub(END64_LEN as u64).filter(|_| is_large) {
        let mut large = [0; END64_LEN];
        file.read(place, &mut large)?;
        directory = Directory {
            files: number(&large, 32, 8),
            bytes: number(&large, 40, 8),
            at: number(&large, 48, 8),
        };
        if let Some((field, offset)) = differing(&directory.end64(), &large, END64_FIELDS) {
            return Err(Fault::at(place + offset, format!("the {field} is not what it must be")).into());
        }
        before = place;
    }
    let recorded = record.get(WHOLE_END_LEN - 64..).unwrap_or_default();
    let is_hash = recorded.iter().all(|letter| matches!(letter, b'0'..=b'9' | b'a'..=b'f'));
    let recorded = String::from_utf8_lossy(recorded).into_owned();
    if let Some((field, offset)) = differing(&directory.end(&recorded), &record, END_FIELDS) {
        let field = if field == "name or extra field" { "comment" } else { field };
        faults.push(Fault::at(at + offset, format!("the {field} is not what it must be")));
    } else if !is_hash {
        let comment = at + (WHOLE_END_LEN - 64) as u64;
        faults.push(Fault::at(comment, format!("the comment must be `{COMMENT}` and 64 hex digits")));
    }
    if directory.at.checked_add(directory.bytes) != Some(before) {
        let what = "the directory does not end where the end record begins";
        return Err(Fault::at(at, what).into());
    }
    if directory.bytes > DIRECTORY_CAP || directory.files > MEMBERS_CAP as u64 {
        return Err(Fault::at(at, format!("it lists more than {MEMBERS_CAP} files")).into());
    }
    Ok((directory, recorded))
}

fn entries<F: Read + Seek>(
    file: &Place<F>,
    directory: Directory,
    faults: &mut Faults,
) -> Result<Vec<Entry>, Stop> {
    let end = directory.at + directory.bytes;
    let mut bytes = BufReader::with_capacity(64 << 10, file.part(directory.at, end));
    let (mut at, mut entries) = (directory.at, Vec::new());
    while at < end && (entries.len() as u64) < directory.files {
        let record = record(&mut bytes, at, end)?;
        let entry = entry(&record);
        if let Some((field, offset)) = differing(&entry.central(), &record, CENTRAL_FIELDS) {
            let what = format!("the {field} in its directory record is not what it must be");
            faults.push(Fault::of(&entry.path, at + offset, what));
        }
        at += record.len() as u64;
        entries.push(entry);
    }
    if at != end || entries.len() as u64 != directory.files {
        let what = format!(
            "the directory has {} files in {} bytes; the end record says {} in {}",
            entries.len(),
            at - directory.at,
            directory.files,
            directory.bytes
        );
        faults.push(Fault::at(at, what));
    }
    Ok(entries)
}

/// The bytes of one record of the directory.
fn record(bytes: &mut impl Read, at: u64, end: u64) -> Result<Vec<u8>, Stop> {
    let fault = |what: &str| Err(Stop::Fault(Fault::at(at, what)));
    let left = usize::try_from(end - at).unwrap_or(usize::MAX);
    let mut record = vec![0; CENTRAL_LEN];
    if left < CENTRAL_LEN {
        return fault("the directory breaks off");
    }
    bytes.read_exact(&mut record)?;
    if number(&record, 0, 4) != u64::from(CENTRAL) {
        return fault("the directory has something else where a file's record must begin");
    }
    let [name, extra, comment] = [28, 30, 32].map(|at| usize::try_from(number(&record, at, 2)).unwrap_or(0));
    if name > NAME_CAP || extra > EXTRA_CAP || comment > 0 {
        return fault("the directory has a record of a length that no record can have");
    }
    if left - CENTRAL_LEN < name + extra {
        return fault("the directory breaks off");
    }
    record.resize(CENTRAL_LEN + name + extra, 0);
    bytes.read_exact(record.get_mut(CENTRAL_LEN..).unwrap_or_default())?;
    Ok(record)
}

/// What a record says. What it says in a form that it must not have, shows when the record is made again.
fn entry(record: &[u8]) -> Entry {
    let name = usize::try_from(number(record, 28, 2)).unwrap_or(0);
    let mut extra = CENTRAL_LEN + name + 4;
    let mut place = |at: usize| match number(record, at, 4) {
        0xffff_ffff if extra + 8 <= record.len() => {
            extra += 8;
            number(record, extra - 8, 8)
        }
        small => small,
    };
    let (bytes, packed, at) = (place(24), place(20), place(42));
    let path = record.get(CENTRAL_LEN..CENTRAL_LEN + name).unwrap_or_default();
    Entry {
        path: String::from_utf8_lossy(path).into_owned(),
        bytes,
        packed,
        crc: u32::try_from(number(record, 16, 4)).unwrap_or(0),
        deflated: number(record, 10, 2) == 8,
        at,
    }
}

/// Files stand one behind the other, in the order of their names, with the manifest last.
fn order(entries: &[Entry], directory: Directory, faults: &mut Faults) {
    let mut expected = 0;
    for entry in entries {
        if entry.at != expected {
            let what = format!("is said to begin at byte {} instead of {expected}", entry.at);
            faults.push(Fault::of(&entry.path, entry.at, what));
        }
        let shrinks = entry.packed < entry.bytes;
        if entry.deflated != shrinks && (entry.deflated || entry.packed != entry.bytes) {
            let what = "is packed in a way that is not the shortest, or has two lengths";
            faults.push(Fault::of(&entry.path, entry.at, what));
        }
        expected = entry.end();
    }
    if expected != directory.at {
        let what = format!("the directory begins at byte {} instead of {expected}", directory.at);
        faults.push(Fault::at(expected, what));
    }
    let named: Vec<&Entry> = entries.iter().filter(|entry| entry.path != MANIFEST).collect();
    for pair in named.windows(2) {
        let [one, other] = pair else { continue };
        if one.path >= other.path {
            faults.push(Fault::of(&other.path, other.at, "is not in the order of the names"));
        }
    }
    match entries.last() {
        Some(last) if last.path == MANIFEST => {}
        last => {
            let at = last.map_or(directory.at, |last| last.at);
            faults.push(Fault::of(MANIFEST, at, "is not the last file"));
        }
    }
}

fn names(entries: &[Entry], faults: &mut Faults) {
    for entry in entries {
        if let Some(why) = name::fault(&entry.path) {
            faults.push(Fault::of(&entry.path, entry.at, format!("has a name that {why}")));
        }
    }
    for clash in name::clashes(entries.iter().map(|entry| &*entry.path)) {
        let (Some(one), Some(other)) = (entries.get(clash.one), entries.get(clash.other)) else { continue };
        let what = format!("{}, beside `{}`", clash.what, crate::text::safe(&one.path));
        faults.push(Fault::of(&other.path, other.at, what));
    }
}

/// Whether the hash in the comment is that of the bytes.
pub(super) fn is_recorded<F>(archive: &Archive<F>, before_the_end: &[u8; 32]) -> bool {
    archive.recorded == hex(before_the_end)
}
