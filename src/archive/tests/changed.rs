//! Archives that were changed after packing, by accident or by somebody who knows the format: none is what was packed.

use super::super::records::{COMMENT, Directory, Entry};
use super::*;

/// A small archive with a file of each kind.
fn small() -> &'static [u8] {
    static ZIP: OnceLock<Vec<u8>> = OnceLock::new();
    ZIP.get_or_init(|| {
        let files = [
            ("07_evidence/review/users.csv", varied(900)),
            ("07_evidence/review/users.png", noise(300, 5)),
            ("08_exceptions.csv", b"id,control\n".to_vec()),
            ("provenance/empty.json", Vec::new()),
            ("sources/soc2.toml", b"[scope]\n".repeat(20)),
        ];
        let member = |(path, bytes): (&str, Vec<u8>)| Member {
            path: path.to_owned(),
            content: Content::Bytes(bytes.into()),
            sha256: None,
        };
        packed(files.into_iter().map(member).collect()).0
    })
}

/// Everything that is found wrong.
fn faults(zip: &[u8]) -> Vec<String> {
    match Archive::open(Cursor::new(zip)) {
        Err(stop) => vec![stop.to_string()],
        Ok(archive) => archive.check(&|_| {}).unwrap().faults.iter().map(Fault::to_string).collect(),
    }
}

/// A file with its packed bytes.
type Part = (Entry, Vec<u8>);

fn parts(zip: &[u8]) -> Vec<Part> {
    let archive = Archive::open(Cursor::new(zip)).unwrap();
    let part = |entry: &Entry| {
        let end = usize::try_from(entry.end()).unwrap();
        (entry.clone(), zip[end - usize::try_from(entry.packed).unwrap()..end].to_vec())
    };
    archive.members().iter().map(part).collect()
}

/// An archive of these parts in this order, right in everything that follows from them.
fn assembled(parts: &[Part]) -> Vec<u8> {
    let (mut zip, mut directory) = (Vec::new(), Vec::new());
    for (entry, data) in parts {
        let entry = Entry { at: zip.len() as u64, ..entry.clone() };
        zip.extend(entry.local());
        zip.extend(data);
        directory.extend(entry.central());
    }
    let end = Directory { files: parts.len() as u64, at: zip.len() as u64, bytes: directory.len() as u64 };
    zip.extend(directory);
    zip.extend(end.end64());
    sealed(zip, end)
}

/// With its end record.
fn sealed(mut zip: Vec<u8>, end: Directory) -> Vec<u8> {
    let hash: [u8; 32] = Sha256::digest(&zip).into();
    zip.extend(end.end(&hex(&hash)));
    zip
}

#[test]
fn every_flipped_bit_is_found() {
    let zip = small();
    assert_eq!(faults(zip), Vec::<String>::new());
    let mut places = noise(8 * 5000, 11);
    let (mut changed, mut missed) = (zip.to_vec(), Vec::new());
    for place in places.chunks_exact_mut(8) {
        let place = u64::from_le_bytes(place.try_into().unwrap()) as usize % (zip.len() * 8);
        changed[place / 8] ^= 1 << (place % 8);
        let found = faults(&changed);
        if found.is_empty() || !found.iter().any(|fault| fault.contains("byte ") || fault.contains('`')) {
            missed.push(place);
        }
        changed[place / 8] ^= 1 << (place % 8);
    }
    assert_eq!(missed, Vec::<usize>::new());
}

/// The records of an archive: from where to where, and whose they are.
fn records(zip: &[u8]) -> Vec<(std::ops::Range<usize>, String)> {
    let archive = Archive::open(Cursor::new(zip)).unwrap();
    let mut at = usize::try_from(archive.directory.at).unwrap();
    let mut records = Vec::new();
    for entry in archive.members() {
        let local = usize::try_from(entry.at).unwrap();
        records.push((local..local + entry.local().len(), format!("`{}`", entry.path)));
        records.push((at..at + entry.central().len(), format!("`{}`", entry.path)));
        at += entry.central().len();
    }
    records.push((at..zip.len(), "end record".to_owned()));
    records
}

#[test]
fn every_byte_of_the_records_counts_and_is_named() {
    let zip = small();
    let mut changed = zip.to_vec();
    for (range, whose) in records(zip) {
        for place in range {
            for other in [0, 0xff, zip[place] ^ 1, zip[place].wrapping_add(1)] {
                changed[place] = other;
                let found = faults(&changed);
                // The place, to within a record, or the file.
                let told = |fault: &String| {
                    let at = fault.rsplit_once("at byte ").and_then(|(_, at)| at.parse::<usize>().ok());
                    at.is_some_and(|at| at.abs_diff(place) < 128) || fault.contains(&whose)
                };
                let is_same = other == zip[place];
                assert_eq!(found.iter().any(told), !is_same, "{place} of {whose} to {other}: {found:?}");
            }
            changed[place] = zip[place];
        }
    }
}

#[test]
fn what_is_cut_off_or_added_at_an_end_is_found() {
    let zip = small();
    for cut in (0..zip.len()).step_by(7) {
        assert!(!faults(&zip[..cut]).is_empty(), "cut at {cut}");
        assert!(cut == 0 || !faults(&zip[cut..]).is_empty(), "cut up to {cut}");
    }
    assert!(!faults(&[zip, b"x"].concat()).is_empty());
    assert!(!faults(&[b"x", zip].concat()).is_empty());
    assert!(!faults(&[zip, zip].concat()).is_empty());
}

/// A change by somebody who makes everything else fit, and what is said of it.
type Change = (&'static str, fn(&mut Vec<Part>), &'static str);

#[test]
fn files_that_were_taken_added_moved_or_exchanged_are_named() {
    let changes: &[Change] = &[
        ("dropped", |parts| drop(parts.remove(1)), "`07_evidence/review/users.png`: is missing"),
        (
            "added",
            |parts| parts.insert(1, renamed(&parts[0], "07_evidence/review/users.cswap")),
            "`07_evidence/review/users.cswap`: is not listed",
        ),
        (
            "renamed",
            |parts| parts[2].0.path = "08_exceptions.csw".to_owned(),
            "`08_exceptions.csv`: is missing",
        ),
        ("reordered", |parts| parts.swap(0, 1), "is not in the order of the names"),
        ("duplicated", |parts| parts.insert(1, parts[0].clone()), "is there twice"),
        ("exchanged", |parts| exchange(parts, 0, 4), "has been changed: its SHA-256"),
        ("manifest dropped", |parts| drop(parts.pop()), "`MANIFEST.sha256`: is not the last file"),
        ("manifest first", |parts| parts.rotate_right(1), "`MANIFEST.sha256`: is not the last file"),
        ("manifest twice", |parts| parts.push(parts[5].clone()), "is there twice"),
        (
            "other case",
            |parts| parts.insert(1, renamed(&parts[0], "07_evidence/review/users.csV")),
            "differs in case alone",
        ),
        (
            "folder",
            |parts| parts.insert(1, renamed(&parts[3], "07_evidence/review/users.csv/")),
            "has an empty part",
        ),
        (
            "traversal",
            |parts| parts.insert(0, renamed(&parts[0], "../../.ssh/authorized_keys")),
            "leads out of its folder",
        ),
        ("absolute", |parts| parts.insert(0, renamed(&parts[0], "/etc/cron.d/x")), "begins at the root"),
        (
            "drive",
            |parts| parts.insert(3, renamed(&parts[0], "C:/x")),
            "has a character that Windows refuses",
        ),
        ("device", |parts| parts.insert(4, renamed(&parts[0], "q/nul.csv")), "is the name of a device"),
        (
            "long",
            |parts| parts.insert(4, renamed(&parts[0], &"q/".repeat(60).replace("q/q", "q/qq"))),
            "is longer than 120",
        ),
        ("shorter content", |parts| parts[0].0.bytes -= 1, "unpacks to more bytes"),
        ("longer content", |parts| parts[0].0.bytes += 1, "instead of"),
        ("swelling", |parts| parts[0].0.bytes = 1 << 40, "looks like an attack"),
        ("two lengths", |parts| parts[1].0.bytes += 1, "has two lengths"),
        ("not deflated at all", |parts| parts[1].0.deflated = true, "is packed in a way"),
        ("behind the stream", |parts| more(&mut parts[0], 3), "something stands behind its packed bytes"),
        ("cut stream", |parts| fewer(&mut parts[0], 3), "its packed bytes break off"),
        ("other content", |parts| parts[1].1[7] ^= 1, "has other bytes than its CRC-32 says"),
        ("other content and CRC", |parts| retold(&mut parts[1]), "has been changed"),
        (
            "manifest of another",
            |parts| relisted(parts, |text| text.replace("review", "preview")),
            "is missing: MANIFEST.sha256 lists it",
        ),
        (
            "manifest out of order",
            |parts| relisted(parts, |text| text.lines().rev().map(|line| format!("{line}\n")).collect()),
            "is not in the order",
        ),
        (
            "manifest without lines",
            |parts| relisted(parts, |text| text.replace('\n', "\r\n")),
            "is not listed",
        ),
        (
            "manifest with notes",
            |parts| relisted(parts, |text| format!("# note\n{text}")),
            "line 1 is not a hash",
        ),
    ];
    assert_eq!(faults(&assembled(&parts(small()))), Vec::<String>::new());
    assert!(assembled(&parts(small())) == small(), "assembling is packing");
    for (name, change, words) in changes {
        let mut parts = parts(small());
        change(&mut parts);
        let found = faults(&assembled(&parts));
        assert!(found.iter().any(|fault| fault.contains(words)), "{name}: {words} in {found:#?}");
    }
}

fn renamed(part: &Part, path: &str) -> Part {
    (Entry { path: path.to_owned(), ..part.0.clone() }, part.1.clone())
}

fn exchange(parts: &mut [Part], one: usize, other: usize) {
    let path = parts[one].0.path.clone();
    parts[one].0.path = std::mem::replace(&mut parts[other].0.path, path);
    parts.swap(one, other);
}

fn more(part: &mut Part, bytes: usize) {
    part.1.extend(vec![0; bytes]);
    part.0.packed += bytes as u64;
}

fn fewer(part: &mut Part, bytes: usize) {
    part.1.truncate(part.1.len() - bytes);
    part.0.packed -= bytes as u64;
}

/// Another content of a stored file, with the CRC to match.
fn retold(part: &mut Part) {
    part.1[7] ^= 1;
    let mut crc = flate2::Crc::new();
    crc.update(&part.1);
    part.0.crc = crc.sum();
}

/// Another text of the manifest, packed as it must be.
fn relisted(parts: &mut Vec<Part>, change: fn(String) -> String) {
    parts.pop();
    let archive = Archive::open(Cursor::new(small())).unwrap();
    let text = String::from_utf8(archive.read(MANIFEST, 1 << 20).unwrap().unwrap()).unwrap();
    let content = Content::Bytes(change(text).into_bytes().into());
    let member = Member { path: MANIFEST.to_owned(), content, sha256: None };
    let packed = pack::pack(&mut pack::compressor(), &member).unwrap();
    parts.push((packed.entry, packed.data));
}

#[test]
fn files_that_share_bytes_are_not_unpacked_twice() {
    // One long file that a thousand records point at: a bomb that needs no nesting.
    let mut one = parts(small());
    let member = Member { path: "a".into(), content: Content::Bytes(varied(60_000).into()), sha256: None };
    let packed = pack::pack(&mut pack::compressor(), &member).unwrap();
    one.insert(0, (packed.entry, packed.data));
    let (mut zip, mut directory, mut entries) = (Vec::new(), Vec::new(), Vec::new());
    for (entry, data) in &one {
        let entry = Entry { at: zip.len() as u64, ..entry.clone() };
        zip.extend(entry.local());
        zip.extend(data);
        entries.push(entry);
    }
    for n in 0..1000 {
        directory.extend(Entry { path: format!("a{n:04}"), ..entries[0].clone() }.central());
    }
    let end = Directory { files: 1000, at: zip.len() as u64, bytes: directory.len() as u64 };
    zip.extend(directory);
    let zip = sealed(zip, end);
    let archive = Archive::open(Cursor::new(&zip[..])).unwrap();
    assert!(archive.apart().iter().filter(|is_apart| **is_apart).count() == 1);
    let checked = archive.check(&|_| {}).unwrap();
    assert!(checked.faults.len() == 200 && checked.more > 700, "{} more", checked.more);
}

#[test]
fn other_forms_of_the_same_archive_are_refused() {
    let zip = small();
    let end = zip.len() - (22 + COMMENT.len() + 64);
    let directory = Archive::open(Cursor::new(zip)).unwrap().directory;
    // A gap before the directory, one behind it, and the end record of a large archive where none is needed.
    let at = usize::try_from(directory.at).unwrap();
    let gap = [&zip[..at], b"gap", &zip[at..end]].concat();
    let moved = Directory { at: directory.at + 3, ..directory };
    assert!(faults(&sealed(gap, moved)).iter().any(|fault| fault.contains("the directory begins at byte")));
    let behind = [&zip[..end], b"gap"].concat();
    assert!(faults(&sealed(behind, directory)).iter().any(|fault| fault.contains("does not end where")));
    let wide = Directory { files: 70_000, ..directory };
    let needless = [&zip[..end], &wide.end64()].concat();
    assert!(!faults(&sealed(needless, wide)).is_empty());
    // Python writes the same files in a form of its own.
    let foreign = include_bytes!("../../../fuzz/corpus/archive/foreign");
    assert!(faults(foreign)[0].contains("there is no end record as soc2 writes it"));
}
