//! The history of all files of any repository: prints how long it took, how many commits touched something, and for every
//! file the last one. `benches/history.sh` compares it with git.

#![allow(clippy::print_stdout, reason = "that is what it is for")]

use std::io::Read;
use std::path::Path;
use std::time::Instant;

use soc2::git::Repository;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let Some(folder) = arguments.next() else { return };
    let mut names = String::new();
    std::io::stdin().read_to_string(&mut names).expect("names of files, each ended by a zero byte");
    let paths: Vec<&str> = names.split_terminator('\0').collect();
    let repository = Repository::discover(Path::new(&folder)).expect("readable").expect("a repository");
    let head = repository.head().expect("readable").expect("a commit");
    let start = Instant::now();
    let history = repository.history_of_paths(head, &paths);
    println!("seconds {:.2}", start.elapsed().as_secs_f64());
    println!("commits {}", history.commits.len());
    for path in paths {
        println!("{} {path}", history.last(path).map_or("-", |commit| &commit.id));
    }
}
