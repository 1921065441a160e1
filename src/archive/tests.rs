use std::io::{self, Cursor, Read};
use std::sync::OnceLock;

use sha2::{Digest, Sha256};

use super::write::LARGE;
use super::*;

mod changed;
mod hostile;
mod laws;

/// Members of every kind: empty, short, long, deflated, stored, and above what is held in memory.
fn files() -> &'static [(&'static str, Vec<u8>)] {
    static FILES: OnceLock<Vec<(&str, Vec<u8>)>> = OnceLock::new();
    let text = |lines: usize| "2027-03-28,alice,admin,no longer needed\n".repeat(lines).into_bytes();
    FILES.get_or_init(|| {
        vec![
            ("b/empty.txt", Vec::new()),
            ("b/short.txt", b"a".to_vec()),
            ("a/log.csv", varied(60_000)),
            ("a/dense.txt", vec![b'0'; 60_000]),
            ("a/noise.bin", noise(60_000, 7)),
            ("z/picture.png", text(100)),
            ("z/large.txt", varied(400_009)),
            ("z/pieces.txt", varied(6 * (32 << 10))),
            ("z/dense.txt", vec![b'0'; 300_000]),
            ("z/large.bin", noise(200_009, 9)),
            ("z/shrinks-at-first.bin", [varied(80_000), noise(300_000, 4)].concat()),
            ("z/prüfung.csv", text(3)),
        ]
    })
}

fn members() -> Vec<Member<'static>> {
    let member = |(path, bytes): &(&str, Vec<u8>)| Member {
        path: (*path).to_owned(),
        content: Content::Bytes(bytes.clone().into()),
        sha256: None,
    };
    files().iter().map(member).collect()
}

/// Bytes that do not shrink; the same for the same seed.
pub(super) fn noise(bytes: usize, seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31) as u8
    };
    (0..bytes).map(|_| next()).collect()
}

/// Text that shrinks, but not to nothing.
fn varied(bytes: usize) -> Vec<u8> {
    let letters = noise(bytes, 3);
    letters.iter().map(|byte| b"abcdefg,\n0123456"[usize::from(byte % 16)]).collect()
}

pub(super) fn packed(members: Vec<Member<'_>>) -> (Vec<u8>, Written) {
    let mut out = Cursor::new(Vec::new());
    let written = write(members, &mut out, &|_| {}).unwrap();
    (out.into_inner(), written)
}

fn failed(members: Vec<Member<'_>>) -> String {
    write(members, &mut Cursor::new(Vec::new()), &|_| {}).unwrap_err().in_a_line()
}

fn one(path: &str, content: Content<'static>, sha256: Option<[u8; 32]>) -> Vec<Member<'static>> {
    vec![Member { path: path.to_owned(), content, sha256 }]
}

fn checked(zip: &[u8]) -> Checked {
    Archive::open(Cursor::new(zip)).unwrap().check(&|_| {}).unwrap()
}

#[test]
fn what_is_packed_comes_out_again() {
    let (zip, written) = packed(members());
    let archive = Archive::open(Cursor::new(&zip[..])).unwrap();
    let checked = archive.check(&|_| {}).unwrap();
    assert_eq!(checked.faults, []);
    assert_eq!((checked.files, checked.unchanged, written.members), (12, 12, 12));
    assert_eq!((checked.sha256, checked.manifest.unwrap()), (written.sha256, written.manifest));
    assert_eq!(written.bytes, zip.len() as u64);
    for member in members() {
        let Content::Bytes(bytes) = member.content else { unreachable!() };
        assert_eq!(archive.read(&member.path, 1 << 30).unwrap().unwrap(), *bytes, "{}", member.path);
    }
    assert!(archive.read("nothing", 9).unwrap().is_none());
    let stop = archive.read("a/log.csv", 59_999).unwrap_err().to_string();
    assert!(stop.contains("no more than 59999"), "{stop}");
}

#[test]
fn members_are_stored_where_that_is_shorter_or_safer() {
    let (zip, _) = packed(members());
    let archive = Archive::open(Cursor::new(&zip[..])).unwrap();
    let mut stored: Vec<&str> =
        archive.members().iter().filter(|entry| !entry.deflated).map(|entry| &*entry.path).collect();
    stored.sort_unstable();
    // Both `dense.txt` would be unpacked to more than 256 times its length.
    let wanted = [
        "a/dense.txt",
        "a/noise.bin",
        "b/empty.txt",
        "b/short.txt",
        "z/dense.txt",
        "z/large.bin",
        "z/picture.png",
    ];
    assert_eq!(stored, wanted);
    assert_eq!(archive.members().last().map(|entry| &*entry.path), Some(MANIFEST));
}

#[test]
fn the_bytes_depend_on_nothing_but_names_and_contents() {
    let (zip, _) = packed(members());
    let mut other_way: Vec<Member<'_>> = members();
    other_way.reverse();
    for threads in [1, 4] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let again = pool.install(|| packed(members()).0);
        assert!(again == zip, "{threads} threads give other bytes");
    }
    assert!(packed(other_way).0 == zip, "another order gives other bytes");
    // Read in pieces of any length, and from a file.
    let dripping: Vec<Member<'_>> = members().into_iter().map(dripping).collect();
    assert!(packed(dripping).0 == zip, "short reads give other bytes");
}

/// The same bytes, a few at a time.
fn dripping(member: Member<'_>) -> Member<'_> {
    struct Drips<'b>(&'b [u8], usize);
    impl Read for Drips<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            self.1 += 1;
            let most = into.len().min(self.1 % 40_000 + 1);
            self.0.read(&mut into[..most])
        }
    }
    let Member { path, content, sha256 } = member;
    let Content::Bytes(bytes) = content else { unreachable!() };
    let length = bytes.len() as u64;
    let bytes: &'static [u8] = bytes.into_owned().leak();
    Member {
        path,
        content: Content::Open { length, open: Box::new(move || Ok(Box::new(Drips(bytes, 0)))) },
        sha256,
    }
}

#[test]
fn what_is_made_while_packing_is_packed_as_what_was_there() {
    let small = || members().into_iter();
    let gone: [Content<'static>; 2] = [Content::Made(Box::new(|| None)), Content::Set(Box::new(|| None))];
    let made = |member: Member<'static>| {
        let Content::Bytes(bytes) = member.content else { unreachable!() };
        let bytes = bytes.into_owned();
        let make = Box::new(move || Some(bytes.clone()));
        let content =
            if member.path.len().is_multiple_of(2) { Content::Made(make) } else { Content::Set(make) };
        Member { content, ..member }
    };
    assert!(small().any(|member| member.content.length() > LARGE));
    let mut all: Vec<Member<'_>> = small().map(made).collect();
    let (zip, written) = packed(small().collect());
    // What nothing can be made for is not there.
    all.extend(gone.into_iter().zip(["a/gone", "gone.pdf"]).map(|(content, path)| Member {
        path: path.into(),
        content,
        sha256: None,
    }));
    let (other, made) = packed(all);
    assert!(zip == other, "what is made has other bytes");
    assert_eq!(made.members, written.members);
}

#[test]
fn what_cannot_be_packed_is_named() {
    let open =
        |length, bytes: &'static [u8]| Content::Open { length, open: Box::new(move || Ok(Box::new(bytes))) };
    let gone = Content::Open { length: 1, open: Box::new(|| Err(io::Error::other("it is gone"))) };
    let twice = || ["a/b", "A/c"].map(|path| one(path, open(1, b"x"), None)).into_iter().flatten().collect();
    for (members, words) in [
        (one("../a", open(1, b"x"), None), &["`../a`", "leads out"][..]),
        (one("MANIFEST.sha256", open(1, b"x"), None), &["MANIFEST.sha256", "twice"]),
        (one("manifest.SHA256/x", open(1, b"x"), None), &["`manifest.SHA256/x`", "a file and a folder"]),
        (twice(), &["`A/c`", "`a/b`", "case alone"]),
        (one("a", open(1, b"xy"), None), &["`a` became longer"]),
        (one("a", open(3, b"xy"), None), &["`a` became shorter than the 3 bytes"]),
        (one("a", gone, None), &["`a`", "it is gone"]),
        (one("a", open(1, b"x"), Some([0; 32])), &["`a`", "0000 was recorded", "2d711642"]),
    ] {
        let said = failed(members);
        assert!(words.iter().all(|word| said.contains(word)), "{words:?} in {said}");
    }
}

#[test]
fn nothing_is_an_archive_too() {
    let (zip, _) = packed(Vec::new());
    assert_eq!((checked(&zip).faults, checked(&zip).files), (Vec::new(), 0));
}
