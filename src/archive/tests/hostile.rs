//! Archives that were made to do harm, and such as nobody made on purpose: no panic, little memory, little time.

use std::time::Instant;

use super::super::pack;
use super::super::records::{Directory, Entry};
use super::*;

/// What opening, checking and reading everything of any bytes does: it ends.
fn read_all(zip: &[u8]) {
    let Ok(archive) = Archive::open(Cursor::new(zip)) else { return };
    let checked = archive.check(&|_| {}).unwrap();
    assert!(checked.faults.len() <= 200 && checked.unchanged <= checked.files);
    for entry in archive.members().iter().take(20) {
        if let Ok(bytes) = archive.read_entry(entry, 1 << 20) {
            assert!(bytes.len() as u64 == entry.bytes && bytes.len() <= 1 << 20);
        }
    }
}

#[test]
fn a_thousand_damaged_archives_are_read_to_an_end() {
    let (zip, _) = packed(vec![
        Member { path: "a/log.csv".into(), content: Content::Bytes(varied(4000).into()), sha256: None },
        Member { path: "a/noise.bin".into(), content: Content::Bytes(noise(700, 1).into()), sha256: None },
        Member { path: "b.txt".into(), content: Content::Bytes(b"b".into()), sha256: None },
    ]);
    let comment = zip.len() - 64;
    let start = Instant::now();
    for seed in 0..1000_u64 {
        let random = noise(64, seed);
        let number = |at: usize| usize::from(u16::from_le_bytes([random[at], random[at + 1]]));
        let mut changed = zip.clone();
        for n in 0..1 + usize::from(random[0] % 8) {
            let place = match random[1] % 3 {
                0 => number(2 + 4 * n) % changed.len(),
                // Most of what decides stands at the end.
                _ => changed.len() - 1 - number(2 + 4 * n) % changed.len().min(500),
            };
            match random[1] % 5 {
                0 => changed[place] = [0, 0xff, 0x7f, 0x80][usize::from(random[40 + n] % 4)],
                1 => changed.truncate(place.max(200)),
                2 => drop(changed.splice(place..place, [random[50]; 5])),
                _ => changed[place] = random[40 + n],
            }
        }
        // Half of them with a hash that fits, so that it is not the hash alone that holds.
        if seed % 2 == 0 && changed.len() == zip.len() {
            let end = comment - 22 - super::super::records::COMMENT.len();
            let hash: [u8; 32] = Sha256::digest(&changed[..end]).into();
            changed[comment..].copy_from_slice(hex(&hash).as_bytes());
        }
        read_all(&changed);
    }
    assert!(start.elapsed().as_secs() < 120, "{:?} for a thousand", start.elapsed());
}

#[test]
fn a_bomb_is_refused_before_it_goes_off() {
    // A gigabyte of zeros in a megabyte: what deflate can do at most.
    let mut compress = pack::compressor();
    let mut piece = Vec::new();
    pack::deflate(&mut compress, &vec![0; 1 << 20], false, &mut piece).unwrap();
    let mut data = piece.repeat(1023);
    let mut last = Vec::new();
    pack::deflate(&mut compress, &vec![0; 1 << 20], true, &mut last).unwrap();
    data.extend(last);
    let entry = Entry {
        path: "bomb".into(),
        bytes: 1 << 30,
        packed: data.len() as u64,
        crc: 0,
        deflated: true,
        at: 0,
    };
    let directory = Directory { files: 1, at: entry.end(), bytes: entry.central().len() as u64 };
    let mut zip = [entry.local(), data, entry.central()].concat();
    let hash: [u8; 32] = Sha256::digest(&zip).into();
    zip.extend(directory.end(&hex(&hash)));
    let start = Instant::now();
    let archive = Archive::open(Cursor::new(&zip[..])).unwrap();
    let found = archive.check(&|_| {}).unwrap().faults;
    assert!(found.iter().any(|fault| fault.what.contains("looks like an attack")), "{found:?}");
    assert!(archive.read("bomb", u64::MAX).unwrap_err().to_string().contains("longer than its packed bytes"));
    assert!(start.elapsed().as_secs() < 5);
    // Packed by us, such a file is stored, so that what we write is never refused.
    let (nested, _) =
        packed(vec![Member { path: "in.zip".into(), content: Content::Bytes(zip.into()), sha256: None }]);
    assert_eq!(checked(&nested).faults, [], "an archive inside is bytes like any other");
}

#[test]
fn a_directory_that_says_too_much_is_refused_unread() {
    for (files, bytes) in [(u64::MAX, 1 << 40), (400_001, 1 << 20), (10, 1 << 40), (70_000, 60 << 20)] {
        let directory = Directory { files, at: 0, bytes };
        let mut zip = directory.end64();
        let hash: [u8; 32] = Sha256::digest(&zip).into();
        zip.extend(directory.end(&hex(&hash)));
        assert!(Archive::open(Cursor::new(&zip[..])).is_err(), "{files} files in {bytes} bytes");
    }
}

#[test]
fn numbers_that_have_no_room_stand_in_the_addition() {
    let entry = |bytes, packed, at| Entry { path: "a".into(), bytes, packed, crc: 7, deflated: true, at };
    let large = u64::from(u32::MAX);
    for (entry, local, central) in [
        (entry(9, 8, 7), 31, 47),
        (entry(large - 1, 8, 7), 31, 47),
        (entry(large, 8, 7), 51, 59),
        (entry(large, large, 7), 51, 67),
        (entry(large + 9, large + 7, large + 5), 51, 75),
        (entry(9, 8, large), 31, 59),
    ] {
        assert_eq!((entry.local().len(), entry.central().len()), (local, central), "{entry:?}");
        assert_eq!(directory::entry(&entry.central()), entry);
        assert_eq!(entry.end(), entry.at + local as u64 + entry.packed);
    }
}

#[test]
fn more_files_than_a_small_archive_can_count() {
    let member = |n: usize| Member {
        path: format!("{n:05}"),
        content: Content::Bytes(Vec::new().into()),
        sha256: None,
    };
    let (zip, written) = packed((0..65_600).map(member).collect());
    assert_eq!((checked(&zip).faults, checked(&zip).files), (Vec::new(), written.members));
}
