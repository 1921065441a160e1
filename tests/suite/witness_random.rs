//! Random histories: of every file, the commits that touched it are those that `git log` lists.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::Stdio;

use crate::repository::Repo;
use crate::witness::{Look, listed};

const PATHS: [&str; 7] = [
    "registers/a.txt",
    "registers/a/b.txt",
    "registers/a.d/c.txt",
    "policies/x.txt",
    "policies/deep/er/y.txt",
    "controls/z.txt",
    "elsewhere/w.txt",
];

/// The next of a fixed series of numbers.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// A stream for `git fast-import`: a random graph of commits that ends in one branch. Texts are a path's own, so that nothing
/// looks renamed, and few, so that reverts and the same change on two sides happen.
fn stream(dice: &mut Dice, skewed: bool) -> String {
    let mut out = String::new();
    let mut states: Vec<BTreeMap<&str, String>> = Vec::new();
    let count = 12 + dice.below(30);
    for n in 0..count {
        let wanted = match dice.below(10) {
            0 if n > 0 => 0,
            0..=5 => 1,
            6..=8 => 2,
            _ => 3,
        };
        let mut parents: Vec<u64> = Vec::new();
        for _ in 0..wanted.min(n) {
            let parent = n - 1 - dice.below(n.min(5));
            if !parents.contains(&parent) {
                parents.push(parent);
            }
        }
        let mut state = parents.first().map_or_else(BTreeMap::new, |p| states[*p as usize].clone());
        for parent in parents.iter().skip(1) {
            for path in PATHS {
                if dice.below(2) == 0 {
                    match states[*parent as usize].get(path) {
                        Some(text) => state.insert(path, text.clone()),
                        None => state.remove(path),
                    };
                }
            }
        }
        for _ in 0..dice.below(3) {
            let path = PATHS[dice.below(PATHS.len() as u64) as usize];
            match dice.below(5) {
                0 => state.remove(path),
                text => state.insert(path, format!("{path} {text}\n")),
            };
        }
        let clock = if skewed { dice.below(10_000) } else { n * 60 };
        let _ = write!(
            out,
            "commit refs/heads/c{n}\nmark :{}\ncommitter A <a@acme.example> {} +0000\ndata 1\nx",
            n + 1,
            1_700_000_000 + clock
        );
        for (place, parent) in parents.iter().enumerate() {
            let _ = write!(out, "\n{} :{}", if place == 0 { "from" } else { "merge" }, parent + 1);
        }
        out.push_str("\ndeleteall\n");
        for (path, text) in &state {
            let _ = write!(out, "M 100644 inline {path}\ndata {}\n{text}\n", text.len());
        }
        states.push(state);
    }
    let _ = write!(out, "reset refs/heads/main\nfrom :{count}\n\n");
    out
}

#[test]
fn touches_are_what_git_log_lists() {
    for seed in 0..24 {
        let skewed = seed % 4 == 3;
        let repo = Repo::new();
        let mut import = repo.command();
        import.args(["fast-import", "--quiet"]).stdin(Stdio::piped());
        let mut import = import.spawn().unwrap();
        let text = stream(&mut Dice(seed), skewed);
        import.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        assert!(import.wait().unwrap().success(), "seed {seed}");
        let look = Look::at(repo.path(), "main");
        for path in PATHS.iter().filter(|path| look.has(path)) {
            let (mut ours, mut theirs) = (look.touches(path), listed(&repo, &["main", "--", path]));
            if skewed {
                ours.sort();
                theirs.sort();
            }
            assert_eq!(ours, theirs, "seed {seed}, {path}");
        }
    }
}
