//! Packs the files of a folder into an archive, for measuring and for breaking: `cargo run --example pack -- FOLDER ZIP`.
//! With `--check ZIP` it looks at every byte of one instead.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use soc2::archive::{Archive, Content, Member, write};
use soc2::ui;

fn main() {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    match arguments.as_slice() {
        [flag, zip] if flag == Path::new("--check") => check(zip),
        [folder, zip] => pack(folder, zip),
        _ => fail("usage: pack FOLDER ZIP, or pack --check ZIP"),
    }
}

fn pack(folder: &Path, zip: &Path) {
    let mut members = Vec::new();
    collect(folder, folder, &mut members);
    match ui::write_with(zip, |file| write(members, file, &|_| {})) {
        Ok(written) => println!("{} files, {} bytes", written.members, written.bytes),
        Err(error) => fail(&error.to_string()),
    }
}

fn collect(root: &Path, folder: &Path, members: &mut Vec<Member<'_>>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let (path, meta) = (entry.path(), entry.metadata().expect("a file"));
        if meta.is_dir() {
            collect(root, &path, members);
            continue;
        }
        let name = path.strip_prefix(root).expect("below").to_str().expect("UTF-8").to_owned();
        let open = move || Ok(Box::new(File::open(&path)?) as Box<dyn Read>);
        let content = Content::Open { length: meta.len(), open: Box::new(open) };
        members.push(Member { path: name, content, sha256: None });
    }
}

fn check(zip: &Path) {
    let archive = Archive::open(File::open(zip).expect("a file"));
    match archive.and_then(|archive| archive.check(&|_| {})) {
        Ok(checked) => {
            println!(
                "{} of {} files unchanged, {} faults",
                checked.unchanged,
                checked.files,
                checked.faults.len()
            );
            checked.faults.iter().for_each(|fault| println!("{fault}"));
        }
        Err(stop) => fail(&stop.to_string()),
    }
}

fn fail(why: &str) -> ! {
    eprintln!("{why}");
    std::process::exit(1)
}
