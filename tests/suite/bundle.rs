//! `soc2 bundle`: what is packed and under which names, what is kept back, what is refused; the same bytes from anywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use calamine::{Reader, Xlsx};
use soc2::archive::{Archive, MANIFEST};
use soc2::provenance;

use crate::repository::{ALICE, Repo, clone};
use crate::support::{Folder, Ran, ran, soc2};
use crate::world::{Done, World};

const WHEN: &str = "bundle --audit audit --as-of 2026-07-20";

/// Quarterly reviews over half a year, the second one late; a draft, a control out of scope, evidence of another year.
fn world() -> World {
    let odd = Done::on("2026-03-20").artifact("Q1 user list (final).csv", Some("login\nann\n"), "");
    let secret = Done::on("2026-03-21").key("classification", "restricted");
    World::over("2026-01-01", "2026-06-30")
        .control("look", "aliases: [AC-07]")
        .control("plan", "status: draft")
        .control("uptime", "criteria: [A1.1]")
        .did_in("look/2026-q1", "look", odd.key("request", "[PBC-1]"))
        .did_in("look/2026-q1-pay", "look", secret)
        .did_in("look/2026-q2", "look", "2026-07-05")
        .did_in("look/2024-q1", "look", "2024-03-20")
        .did_in("uptime/2026-q1", "uptime", "2026-03-20")
        .file("evidence/look/2026-q1/before-redaction.csv", "login,pay\nann,1\n")
        .file(
            "registers/requests.yaml",
            "- { id: PBC-1, text: User lists, controls: [look], status: open }\n- { id: PBC-2, text: Other, status: open }\n",
        )
}

pub(crate) fn repository(world: &World) -> Repo {
    let repo = Repo::new();
    for (path, bytes) in world.files() {
        repo.write(&path, bytes);
    }
    repo.write(".gitattributes", "evidence/** -text\n");
    repo.commit("2026-07-20T12:00:00Z", ALICE, "All of it");
    repo
}

/// The repository that tests only read.
fn shared() -> &'static Repo {
    static BUILT: OnceLock<Repo> = OnceLock::new();
    BUILT.get_or_init(|| repository(&world()))
}

/// Packs and gives the archive's path; panics when it is refused.
pub(crate) fn packed(repo: &Path, into: &Folder, words: &str) -> PathBuf {
    let (done, out) = run(repo, into, words);
    assert_eq!(done.code, 0, "{} {}", done.stdout, done.stderr);
    out
}

fn run(repo: &Path, into: &Folder, words: &str) -> (Ran, PathBuf) {
    let out = into.path().join("out.zip");
    let mut command = soc2();
    command.current_dir(repo).args(words.split_whitespace()).arg("--out").arg(&out);
    (ran(command), out)
}

/// The files of an archive in which nothing is wrong.
pub(crate) fn files(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let archive = Archive::open(fs::File::open(path).unwrap()).unwrap();
    let faults = archive.check(&|_| {}).unwrap().faults;
    assert!(faults.is_empty(), "{faults:?}");
    let read = |entry: &soc2::archive::Entry| archive.read_entry(entry, 1 << 24).unwrap();
    archive.members().iter().map(|entry| (entry.path.clone(), read(entry))).collect()
}

/// The auditor's bundle of the shared repository, packed once.
fn whole() -> &'static BTreeMap<String, Vec<u8>> {
    static PACKED: OnceLock<BTreeMap<String, Vec<u8>>> = OnceLock::new();
    PACKED.get_or_init(|| files(&packed(shared().path(), &Folder::new(), WHEN)))
}

fn text<'f>(files: &'f BTreeMap<String, Vec<u8>>, path: &str) -> &'f str {
    let bytes = files.get(path).unwrap_or_else(|| panic!("no {path} in {:#?}", files.keys()));
    std::str::from_utf8(bytes).unwrap()
}

/// Where the links of a page lead, as paths in the bundle.
fn links(path: &str, page: &str) -> Vec<String> {
    let folder: Vec<&str> =
        path.rsplit_once('/').map_or(Vec::new(), |(folder, _)| folder.split('/').collect());
    let leads = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let own = leads.filter(|to| !to.starts_with('#') && !to.contains(':'));
    own.map(|to| {
        let mut parts = folder.clone();
        for part in to.split('#').next().unwrap().split('/') {
            match part {
                ".." => assert!(parts.pop().is_some(), "{path}: {to}"),
                part => parts.push(part),
            }
        }
        parts.join("/").replace("%20", " ")
    })
    .collect()
}

#[test]
fn everything_of_the_window_is_packed_and_nothing_else() {
    let files = whole();
    let evidence: BTreeSet<&str> =
        files.keys().filter(|path| path.starts_with("07_evidence/")).map(String::as_str).collect();
    let piece = |folder: &str, names: &[&str]| -> Vec<String> {
        names.iter().map(|name| format!("07_evidence/look/{folder}/{name}")).collect()
    };
    let mut wanted = piece(
        "2026-Q1/2026-q1",
        &["Q1-user-list-final-.csv", "about-this-evidence.html", "manifest.yaml", "report.txt"],
    );
    wanted.extend(piece("2026-Q1/2026-q1-pay", &["about-this-evidence.html", "manifest.yaml"]));
    wanted.extend(piece("2026-Q2/2026-q2", &["about-this-evidence.html", "manifest.yaml", "report.txt"]));
    wanted.push("07_evidence/look/control-sheet.html".to_owned());
    wanted.extend(["07_evidence/evidence.csv", "07_evidence/slots.csv"].map(str::to_owned));
    if cfg!(feature = "pdf") {
        wanted.push("07_evidence/look/control-sheet.pdf".to_owned());
    }
    assert_eq!(evidence, wanted.iter().map(String::as_str).collect());
    assert_eq!(text(files, "07_evidence/look/2026-Q1/2026-q1/Q1-user-list-final-.csv"), "login\nann\n");
    let withheld = text(files, "10_withheld.csv");
    for line in [
        "look/2026-q1,before-redaction.csv,,listed in no manifest",
        "look/2026-q1-pay,report.txt,restricted,",
    ] {
        assert!(withheld.contains(line), "{withheld}");
    }
    let all: String = files.values().map(|bytes| String::from_utf8_lossy(bytes)).collect();
    assert!(!all.contains("ann,1"), "what a redaction was taken from is handed over");
    for name in ["00_START_HERE", "01_assertion/management-assertion-draft", "index", "11_gap_report"] {
        assert!(text(files, &format!("{name}.html")).contains("anagement"), "{name}");
    }
    assert!(!text(files, "03_controls.csv").contains("plan"), "a draft among the controls");
    assert!(text(files, "07_evidence/look/control-sheet.html").contains("2026-07-05 (late arrival)"));
    let page = text(files, "07_evidence/look/2026-Q2/2026-q2/about-this-evidence.html");
    assert!(page.contains("Filed after the window had ended."));
    assert!(text(files, "index.html").contains("PBC-1"));
    let policy = text(files, "04_policies/rules-1.md");
    let approved = soc2::source::hex(&soc2::source::sha256(policy.as_bytes()));
    assert!(
        text(files, "04_policies/approval_log.csv").contains(&approved),
        "the text is not the approved one"
    );
}

#[test]
fn names_are_short_and_links_lead_to_what_is_there() {
    let files = whole();
    let mut followed = 0;
    for (path, bytes) in files {
        assert!(path.len() <= 120 && path.is_ascii(), "{path}");
        if path.ends_with(".html") {
            for to in links(path, std::str::from_utf8(bytes).unwrap()) {
                assert!(files.contains_key(&to), "{path} leads to {to}");
                followed += 1;
            }
        }
    }
    assert!(followed > 40, "{followed}");
    let low: BTreeSet<String> = files.keys().map(|path| path.to_lowercase()).collect();
    assert_eq!(low.len(), files.len());
    assert_eq!(text(files, MANIFEST).lines().count(), files.len() - 1);
}

#[test]
fn verdicts_are_reached_again_from_the_bundle() {
    let into = Folder::new();
    let out = packed(shared().path(), &into, WHEN);
    let archive = Archive::open(fs::File::open(out).unwrap()).unwrap();
    let found = provenance::recheck(&provenance::zipped(archive));
    assert!(found.holds(), "{found:#?}");
    // The criteria set is the one of the programme, wherever it is named.
    for path in ["00_START_HERE.html", provenance::PROVENANCE] {
        assert!(text(whole(), path).contains("soc2-2017-rev2022"), "{path}");
    }
}

#[test]
fn the_same_bytes_from_anywhere() {
    let (one, other) = (Folder::new(), Folder::new());
    let first = fs::read(packed(shared().path(), &one, WHEN)).unwrap();
    let copy = clone(shared().path(), &other, &[]);
    let out = other.path().join("out.zip");
    let words = format!("umask 077; exec \"$0\" {WHEN} --at HEAD --out \"$1\"");
    let mut command = Command::new("sh");
    command.args(["-c", &words]).arg(env!("CARGO_BIN_EXE_soc2")).arg(&out).current_dir(copy);
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap());
    for (name, value) in [("TZ", "Pacific/Kiritimati"), ("LC_ALL", "de_DE.UTF-8"), ("RAYON_NUM_THREADS", "1")]
    {
        command.env(name, value);
    }
    let done = ran(command);
    assert_eq!(done.code, 0, "{}", done.stderr);
    assert!(first == fs::read(out).unwrap(), "the bytes differ");
}

#[test]
fn what_is_not_committed_is_refused_or_marked() {
    let repo = repository(&world());
    repo.write("evidence/look/2026-q2/more.csv", "a\n");
    let into = Folder::new();
    let (done, out) = run(repo.path(), &into, WHEN);
    assert_eq!(done.code, 1, "{}", done.stdout);
    assert!(done.stderr.contains("evidence/look/2026-q2/more.csv"), "{}", done.stderr);
    assert!(!out.exists());
    let marked = files(&packed(repo.path(), &into, &format!("{WHEN} --allow-dirty --control look")));
    for (path, bytes) in marked.iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = String::from_utf8_lossy(bytes);
        assert!(page.contains("not committed"), "{path} does not say so");
    }
    let committed = run(repo.path(), &into, &format!("{WHEN} --at HEAD --audience prospect")).0;
    assert_eq!(committed.code, 0, "{}", committed.stderr);
    repo.remove("evidence/look/2026-q2/more.csv").remove("registers/requests.yaml");
    assert_eq!(run(repo.path(), &into, WHEN).0.code, 1, "a file that is gone");
}

#[test]
fn faults_that_check_denies_are_refused() {
    let repo = repository(&world().control("odd", "criteria: [CC6.2, CC99.9]"));
    let into = Folder::new();
    let (done, out) = run(repo.path(), &into, WHEN);
    assert_eq!((done.code, out.exists()), (1, false), "{}", done.stdout);
    assert!(done.stderr.contains(" unknown-criterion"), "{}", done.stderr);
    let all_the_same = format!("{WHEN} --despite-diagnostics --audience prospect");
    assert_eq!(run(repo.path(), &into, &all_the_same).0.code, 0);
}

/// Words that only a verdict has.
const VERDICTS: [&str; 9] = [
    "on-time",
    "late arrival",
    "missed",
    "insufficient-evidence",
    "not-supported",
    "supported",
    "at-risk",
    "deviation",
    "not-due",
];

#[test]
fn a_prospect_gets_no_verdict() {
    let found = files(&packed(shared().path(), &Folder::new(), &format!("{WHEN} --audience prospect")));
    let folders: BTreeSet<&str> = found.keys().map(|path| path.split('/').next().unwrap()).collect();
    for folder in
        ["sources", "provenance", "07_evidence", "05_registers", "01_assertion", "11_gap_report.html"]
    {
        assert!(!folders.contains(folder), "{folder}");
    }
    assert!(found.contains_key("04_policies/rules-1.md"));
    for (path, bytes) in &found {
        let said =
            if path.ends_with(".xlsx") { cells(bytes) } else { String::from_utf8_lossy(bytes).into_owned() };
        for word in VERDICTS.iter().filter(|_| !path.ends_with(".pdf")) {
            assert!(!said.contains(word), "{path} says {word}");
        }
        if path.ends_with(".html") || path.ends_with(".xlsx") {
            assert!(said.contains("not examined by a"), "{path}");
        }
        if path.ends_with(".html") {
            for to in links(path, &said) {
                assert!(found.contains_key(&to), "{path} leads to {to}");
            }
        }
    }
}

fn cells(bytes: &[u8]) -> String {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheets = book.worksheets();
    sheets.iter().flat_map(|(_, sheet)| sheet.rows().flatten()).map(|cell| format!("{cell}\n")).collect()
}

#[test]
fn a_key_in_evidence_stops_it_and_is_not_repeated() {
    let key = ["AKIA", "Q3EGRIYX5NPLS6TM"].concat();
    let planted = Done::on("2026-07-05").artifact("env.txt", Some(&format!("a=1\nkey={key}\n")), "");
    let repo = repository(&world().did_in("look/2026-q2", "look", planted));
    let into = Folder::new();
    let (done, out) = run(repo.path(), &into, WHEN);
    assert_eq!((done.code, out.exists()), (1, false), "{}", done.stdout);
    assert!(done.stderr.contains("evidence/look/2026-q2/env.txt:2"), "{}", done.stderr);
    assert!(!done.stderr.contains(&key[4..]) && !done.stdout.contains(&key[4..]));
}

#[test]
fn an_answer_to_a_request_is_a_part() {
    let found = files(&packed(shared().path(), &Folder::new(), &format!("{WHEN} --request pbc-1")));
    assert!(found.contains_key("07_evidence/look/2026-Q1/2026-q1/report.txt"));
    assert!(!found.keys().any(|path| path.contains("2026-q2/report") || path.starts_with("sources/")));
    assert!(text(&found, "00_START_HERE.html").contains("Only a part: request pbc-1."));
    let unknown = run(shared().path(), &Folder::new(), &format!("{WHEN} --request PBC-9")).0;
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("there is no request `PBC-9`"), "{}", unknown.stderr);
}

#[test]
fn what_was_handed_over_is_recorded_and_the_next_is_only_what_is_new() {
    let repo = repository(&world());
    let into = Folder::new();
    let first = packed(repo.path(), &into, &format!("{WHEN} --record"));
    let old = into.path().join("old.zip");
    fs::rename(first, &old).unwrap();
    let noted = repo.folder().read("audits/audit/bundles.yaml");
    assert!(noted.starts_with("bundles:\n  - { commit: "), "{noted}");
    let hash = soc2::source::hex(&soc2::source::sha256(&fs::read(&old).unwrap()));
    assert!(
        noted.contains(&repo.id("HEAD")) && noted.contains(&hash) && noted.contains("as_of: 2026-07-20"),
        "{noted}"
    );
    for (path, bytes) in world().did_in("look/2026-q2b", "look", "2026-06-29").files() {
        repo.write(&path, bytes);
    }
    repo.commit("2026-07-21T12:00:00Z", ALICE, "More");
    let since = format!("bundle --audit audit --as-of 2026-07-21 --since {}", old.display());
    let next = files(&packed(repo.path(), &into, &since));
    assert!(next.contains_key("07_evidence/look/2026-Q2/2026-q2b/report.txt"));
    assert!(!next.contains_key("07_evidence/look/2026-Q1/2026-q1/report.txt"));
    assert!(text(&next, "00_unchanged.csv").contains("07_evidence/look/2026-Q1/2026-q1/report.txt"));
}
