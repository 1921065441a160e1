//! Packs the files of a folder into an archive, for measuring and for breaking: `cargo run --example pack -- FOLDER ZIP`.
//! With `--check ZIP` it looks at every byte of one instead.

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use soc2::archive::{Archive, Content, Member, write};
use soc2::ui;

type Done = Result<(), Box<dyn Error>>;

fn main() -> Done {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    match arguments.as_slice() {
        [flag, zip] if flag == Path::new("--check") => check(zip),
        [folder, zip] => pack(folder, zip),
        _ => Err("usage: pack FOLDER ZIP, or pack --check ZIP".into()),
    }
}

fn pack(folder: &Path, zip: &Path) -> Done {
    let mut members = Vec::new();
    collect(folder, folder, &mut members)?;
    let written = ui::write_with(zip, |file| write(members, file, &|_| {}))?;
    Ok(writeln!(io::stdout(), "{} files, {} bytes", written.members, written.bytes)?)
}

fn collect(root: &Path, folder: &Path, members: &mut Vec<Member<'_>>) -> Done {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, meta) = (entry.path(), entry.metadata()?);
        if meta.is_dir() {
            collect(root, &path, members)?;
            continue;
        }
        let name = path.strip_prefix(root)?.to_str().ok_or("a name is not UTF-8")?.to_owned();
        let open = move || Ok(Box::new(File::open(&path)?) as Box<dyn Read>);
        let content = Content::Open { length: meta.len(), open: Box::new(open) };
        members.push(Member { path: name, content, sha256: None });
    }
    Ok(())
}

fn check(zip: &Path) -> Done {
    let archive = Archive::open(File::open(zip)?).map_err(|stop| stop.to_string())?;
    let checked = archive.check(&|_| {}).map_err(|stop| stop.to_string())?;
    let mut out = io::stdout();
    writeln!(out, "{} of {} files unchanged", checked.unchanged, checked.files)?;
    checked.faults.iter().try_for_each(|fault| writeln!(out, "{fault}"))?;
    if checked.faults.is_empty() { Ok(()) } else { Err("it is not what was packed".into()) }
}
