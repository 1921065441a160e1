//! What the example company handed to its auditor: `examples/handed-over` holds the archives, as they were packed at the time, and
//! the story records the commit and the hash of each. They stay when a template changes, as a real archive would; an archive from
//! an earlier build has to verify still.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use soc2::archive::Archive;

use crate::company::handed::{self, Handed, Recorded};
use crate::company::{Commit, repository, told};
use crate::support::{Folder, files_below, ran, root, soc2};

const LIST: &str = "examples/company/data/handed-over.txt";
const ARCHIVES: &str = "examples/handed-over";

fn list() -> String {
    fs::read_to_string(root().join(LIST)).unwrap()
}

/// The repository as it stood when an archive was packed.
fn as_packed(commits: &[Commit], recorded: &Recorded) -> Folder {
    let folder = Folder::new();
    let head = repository::write_commits(&commits[..recorded.until], folder.path()).unwrap();
    assert_eq!(head, recorded.commit, "git gives the commit another id than the story");
    folder
}

/// Packs an archive into a file and gives its hash.
fn pack(folder: &Folder, handed: &Handed, into: &Path) -> String {
    let mut command = soc2();
    command.current_dir(folder.path()).args(["bundle", "--at", "HEAD", "--audit", &handed.audit]);
    command.args(["--as-of", &handed.on.to_string()]).arg("--out").arg(into);
    for request in &handed.requests {
        command.args(["--request", request]);
    }
    let ran = ran(command);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    soc2::source::hex(&soc2::source::sha256(&fs::read(into).unwrap()))
}

/// The evidence in an archive, without the pages that were set around it.
fn records(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let archive = Archive::open(fs::File::open(path).unwrap()).unwrap();
    let entries = archive.members().iter().filter(|entry| entry.path.starts_with("07_evidence/"));
    let made = [".html", ".pdf", "/evidence.csv"];
    let filed = entries.filter(|entry| !made.iter().any(|end| entry.path.ends_with(end)));
    let filed: BTreeMap<_, _> =
        filed.map(|entry| (entry.path.clone(), archive.read_entry(entry, 1 << 24).unwrap())).collect();
    assert!(filed.len() > 10, "{}: {:?}", path.display(), filed.keys());
    filed
}

/// Packs all of them anew, one after the other: the record of one is in the history of the next.
fn hand_over_anew() {
    for path in files_below(ARCHIVES) {
        fs::remove_file(root().join(path)).unwrap();
    }
    let text = list();
    let mut all = handed::read(&text);
    for n in 0..all.len() {
        let (commits, recorded) = told(&all[..=n]);
        let one = &recorded[n];
        all[n].sha256 = pack(&as_packed(&commits, one), &one.handed, &root().join(ARCHIVES).join(&one.file));
    }
    let head: String =
        text.lines().filter(|line| line.starts_with('#')).map(|line| format!("{line}\n")).collect();
    fs::write(root().join(LIST), head + &all.iter().map(Handed::line).collect::<String>()).unwrap();
}

/// `HAND_OVER=1 cargo test handed_over` packs them anew: needed when the story before them changed. Then tell the story again:
/// `rm -r examples/acme && cargo run --example company -- --tree-only examples/acme`.
#[test]
fn what_is_on_record_is_what_was_handed_over() {
    if std::env::var_os("HAND_OVER").is_some() {
        hand_over_anew();
    }
    let (commits, recorded) = told(&handed::read(&list()));
    assert!(recorded.len() >= 2);
    let mut files: BTreeSet<PathBuf> = files_below(ARCHIVES).into_iter().map(PathBuf::from).collect();
    for one in &recorded {
        let path = Path::new(ARCHIVES).join(&one.file);
        assert!(files.remove(&path), "there is no {}: HAND_OVER=1 cargo test handed_over", path.display());
        let bytes = fs::read(root().join(&path)).unwrap();
        assert_eq!(soc2::source::hex(&soc2::source::sha256(&bytes)), one.handed.sha256, "{}", path.display());
        let verified = Folder::new().run(&format!("verify {}", root().join(&path).display()));
        assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
        if cfg!(feature = "pdf") {
            continue; // It would set a hundred pages to compare what is beside them.
        }
        let folder = as_packed(&commits, one);
        let again = folder.path().join(".git/again.zip");
        pack(&folder, &one.handed, &again);
        assert!(records(&again) == records(&root().join(&path)), "{} holds other evidence", path.display());
    }
    assert!(files.is_empty(), "nothing records {files:?}");
}
