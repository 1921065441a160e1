//! What holds for any names and contents.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::super::name;
use super::*;

/// Names that any system holds, in a few folders; contents of every kind, some above what is held in memory.
fn files() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    let content = prop_oneof![
        vec(any::<u8>(), 0..400),
        (any::<u8>(), 0..200_000_usize).prop_map(|(byte, length)| vec![byte; length]),
        (0..150_000_usize).prop_map(varied),
        (0..150_000_usize, any::<u64>()).prop_map(|(length, seed)| noise(length, seed)),
    ];
    // Folders and files have endings of their own, so that none is both.
    let path = "([a-c]{1,2}-d/){0,3}[a-zü0-9]{1,4}\\.(csv|png|bin|x)";
    btree_map(path, content, 0..9).prop_map(|files| files.into_iter().collect())
}

fn made(files: &[(String, Vec<u8>)]) -> Vec<Member<'static>> {
    let member = |(path, bytes): &(String, Vec<u8>)| Member {
        path: path.clone(),
        content: Content::Bytes(bytes.clone().into()),
        sha256: Some(Sha256::digest(bytes).into()),
    };
    files.iter().map(member).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(6),
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_goes_in_comes_out_in_any_order(files in files(), turn in 0..9_usize) {
        prop_assume!(name::clashes(files.iter().map(|(path, _)| &**path)).is_empty());
        let (zip, written) = packed(made(&files));
        let mut turned = made(&files);
        if !turned.is_empty() {
            let by = turn % turned.len();
            turned.rotate_left(by);
        }
        prop_assert!(packed(turned).0 == zip, "another order gives other bytes");
        let archive = Archive::open(Cursor::new(&zip[..])).unwrap();
        let checked = archive.check(&|_| {}).unwrap();
        prop_assert_eq!(checked.faults, []);
        prop_assert_eq!((checked.unchanged, checked.sha256), (files.len(), written.sha256));
        for (path, bytes) in &files {
            prop_assert!(archive.read(path, u64::MAX).unwrap().as_ref() == Some(bytes), "{}", path);
        }
    }

    #[test]
    fn any_text_is_a_name_that_unpacks_below_its_folder_or_is_refused(path in "\\PC{0,20}|[./a\\\\: ]{0,9}") {
        if name::fault(&path).is_none() {
            let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '\0']);
            prop_assert!(path.split('/').all(plain), "{:?}", path);
        }
    }
}
