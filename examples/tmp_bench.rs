#![allow(clippy::disallowed_methods)]
use soc2::git::Repository;
use soc2::history::*;
use std::time::Instant;
fn main() {
    let d = std::env::args().nth(1).unwrap();
    let r = Repository::discover(std::path::Path::new(&d)).unwrap().unwrap();
    let head = r.head().unwrap().unwrap();
    let t = Instant::now();
    let line = r.first_parents(head).unwrap();
    println!("first_parents {} {:?}", line.len(), t.elapsed());
    let t = Instant::now();
    let steps = r.steps(&line, "controls");
    println!("steps {} {:?}", steps.len(), t.elapsed());
    let who = || Who { name: "A".into(), email: "a@b".into(), at: head.at };
    let commits = line
        .iter()
        .map(|c| Commit {
            id: c.id().into(),
            author: who(),
            committer: who(),
            subject: "".into(),
            parents: 1,
            through: None,
            signature: Signature::Unsigned,
        })
        .collect();
    let mut h = History { reach: Reach::Whole, commits, ..Default::default() };
    let p = soc2::program::Program::load(soc2::source::Sources::of_tree(r.only(head, "soc2.toml")));
    let t = Instant::now();
    soc2::past::remember(&r, head, &p, &mut h).unwrap();
    println!("remember {:?} {} versions", t.elapsed(), h.controls.values().map(Vec::len).sum::<usize>());
}
