//! What people read in a bundle: no variable is left unfilled, days say what they are beside each other, and an auditor finds
//! the file that a row is about.

use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;

use calamine::{Reader, Xlsx};

use crate::bundle::{files, packed, repository};
use crate::handed_out::scaffolded;
use crate::repository::{ALICE, Repo};
use crate::support::{Folder, files_below, root};
use crate::world::{Done, World};

/// What people read of each file: pages and tables; the sources and what programs read are apart.
fn read(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<&str, String> {
    let people = |path: &str| !path.starts_with("sources/") && !path.starts_with("provenance/");
    let own = |path: &str| {
        !path.starts_with("07_evidence/") || path.ends_with(".html") || path.matches('/').count() == 1
    };
    let shown = files.iter().filter(|(path, _)| people(path) && own(path));
    let shown = shown.filter_map(|(path, bytes)| Some((path.as_str(), words(path, bytes)?)));
    shown.collect()
}

/// The text of a page or table; `None` of what is neither.
fn words(path: &str, bytes: &[u8]) -> Option<String> {
    if path.ends_with(".xlsx") {
        let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
        let sheets = book.worksheets();
        let cells = sheets.iter().flat_map(|(_, range)| range.rows().flatten());
        return Some(cells.map(|cell| format!("{cell}\n")).collect());
    }
    [".html", ".csv", ".md"]
        .iter()
        .any(|end| path.ends_with(end))
        .then(|| String::from_utf8_lossy(bytes).into_owned())
}

/// Fails where a variable stands as it was typed; gives the pages in which a text with one was looked at.
fn all_filled_in(files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<&str, String> {
    let read = read(files);
    assert!(read.len() > 100, "{}", read.len());
    for (path, text) in &read {
        if let Some(at) = text.find("{{") {
            let end = text[at..].char_indices().nth(60).map_or(text.len(), |(n, _)| at + n);
            panic!("{path}: {}", &text[at..end]);
        }
    }
    read
}

#[test]
fn no_variable_of_a_scaffold_is_left() {
    let repo = scaffolded(
        "--staff 400 --site office --type type2 --from 2026-01-01 --to 2026-12-31 \
         --categories security,availability,confidentiality,processing-integrity,privacy",
    );
    let mut seen = 0;
    for path in files_of(&repo, "controls") {
        let text = repo.folder().read(&path);
        seen += text.matches("{{").count();
        repo.write(&path, text.replace("status: draft", "status: implemented\neffective_from: 2026-01-01"));
    }
    assert!(seen > 30, "{seen}");
    repo.commit("2026-03-01T12:00:00Z", ALICE, "In place");
    let path = "controls/cry/cry-in-transit.yaml";
    let text = repo.folder().read(path);
    let objective = "objective: Nobody reads what is sent with less than TLS {{ tls_min }}\n";
    repo.write(path, text.replace("Public endpoints accept TLS", "Endpoints of ours accept TLS") + objective);
    repo.commit("2026-03-02T12:00:00Z", ALICE, "Words");
    let into = Folder::new();
    let out = packed(repo.path(), &into, "bundle --as-of 2026-03-03 --despite-diagnostics");
    let files = files(&out);
    let read = all_filled_in(&files);
    assert!(read["07_evidence/cry-in-transit/control-sheet.html"].contains("less than TLS 1.2"));
    let changes = &read["08_changes.csv"];
    assert!(changes.contains("Endpoints of ours accept TLS 1.2"), "{changes}");
    assert!(changes.contains("Public endpoints accept TLS 1.2"), "{changes}");
}

/// The files of a folder of a repository.
fn files_of(repo: &Repo, folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(repo.path().join(folder)).unwrap() {
        let path = format!("{folder}/{}", entry.unwrap().file_name().into_string().unwrap());
        if repo.path().join(&path).is_dir() { found.extend(files_of(repo, &path)) } else { found.push(path) }
    }
    found
}

#[test]
fn no_variable_of_the_example_is_left() {
    let repo = Repo::new();
    for path in files_below("examples/acme") {
        let own = path.strip_prefix("examples/acme/").unwrap();
        repo.write(own, fs::read(root().join(&path)).unwrap());
    }
    repo.commit("2027-01-31T12:00:00Z", ALICE, "All of it");
    let into = Folder::new();
    let files = files(&packed(repo.path(), &into, "bundle --audit 2026-type2 --as-of 2027-01-31"));
    let read = all_filled_in(&files);
    assert!(read["07_evidence/cry-in-transit/control-sheet.html"].contains("older than TLS 1.2"));
    // Every list says from which file it was taken, and that file is there.
    let populations = &read["06_populations/population.csv"];
    let paths = populations.split([',', '\n']).filter(|cell| cell.starts_with("07_evidence/"));
    let paths: Vec<&str> = paths.collect();
    assert!(paths.len() > 20 && paths.len() + 1 >= populations.trim().lines().count(), "{populations}");
    assert!(paths.iter().all(|path| files.contains_key(*path)), "{paths:?}");
}

/// A review in July of what was done in June, judged at the end of June and in July.
#[test]
fn a_review_after_the_judged_day_says_so_wherever_it_is_shown() {
    let done = Done::on("2026-06-20").reviewed("raj", "2026-07-10");
    let world = World::over("2026-01-01", "2026-06-30").control("look", "aliases: [AC-07]").did_in(
        "look/2026-q2",
        "look",
        done,
    );
    let repo = repository(&world);
    let shown = |day: &str| {
        let into = Folder::new();
        let files = files(&packed(repo.path(), &into, &format!("bundle --audit audit --as-of {day}")));
        read(&files).into_iter().map(|(path, text)| (path.to_owned(), text)).collect::<BTreeMap<_, _>>()
    };
    let (june, july) = (shown("2026-06-30"), shown("2026-07-15"));
    let page = "07_evidence/look/2026-Q2/2026-q2/about-this-evidence.html";
    for path in [page, "07_evidence/evidence.csv", "07_evidence/look/control-sheet.html"] {
        assert!(june[path].contains("accepted, after the as-of day"), "{path}: {}", june[path]);
        assert!(!july[path].contains("after the as-of day"), "{path}");
    }
    let said = "it was reviewed on 2026-07-10, after the as-of day";
    for path in [page, "07_evidence/slots.csv"] {
        assert!(june[path].contains(said), "{path}: {}", june[path]);
    }
    let start = &june["00_START_HERE.html"];
    assert!(start.contains(", of 2026-07-20"), "the day of the commit");
    assert!(start.contains("before the day of the commit, 2026-07-20"));
    let meant = &july["index.html"];
    assert!(meant.contains("What the states mean") && meant.contains("on-time"), "{meant}");
}

/// Every slot on time, and a result that nothing follows up: supported, and a blocking line all the same.
#[test]
fn support_beside_a_blocking_line_is_explained() {
    let noted = Done::on("2026-03-20").outcome("exceptions-noted");
    let world = World::over("2026-01-01", "2026-06-30")
        .control("look", "aliases: [AC-07]")
        .did_in("look/2026-q1", "look", noted)
        .did_in("look/2026-q2", "look", "2026-06-20");
    let repo = repository(&world);
    let into = Folder::new();
    let files = files(&packed(repo.path(), &into, "bundle --audit audit --as-of 2026-07-20"));
    let read = read(&files);
    let matrix = &read["03_control_matrix.csv"];
    let row = matrix.lines().find(|line| line.contains(",CC6.2,")).unwrap();
    assert!(
        row.contains(",supported,\"nothing against its coverage, design or due slots; 3 blocking lines of"),
        "{row}"
    );
    assert!(read["11_gap_report.html"].contains("Supported and named by blocking lines: CC6.2."));
}

/// A path that is typed is the shell's: `-C` says where the programme is.
#[test]
fn what_is_written_is_named_from_the_current_folder() {
    let repo = repository(&World::over("2026-01-01", "2026-06-30").control("look", "aliases: [AC-07]"));
    let here = Folder::new();
    let there = repo.path().display();
    let good = |words: &str| {
        let done = here.run(words);
        assert_eq!(done.code, 0, "{words}: {}{}", done.stdout, done.stderr);
    };
    good(&format!("-C {there} bundle --audit audit --as-of 2026-07-20 --out one.zip"));
    good(&format!("-C {there} bundle --audit audit --as-of 2026-07-20 --since one.zip"));
    good(&format!("-C {there} verify one.zip"));
    good(&format!("-C {there} report gaps --audit audit --as-of 2026-07-20 --out gaps.md"));
    good(&format!("-C {there} export controls --out controls.csv"));
    good(&format!("-C {there} status --audit audit --as-of 2026-07-20 --html status.html"));
    good(&format!("-C {there} schema control --out schemas"));
    for path in ["one.zip", "gaps.md", "controls.csv", "status.html", "schemas/control.json"] {
        assert!(here.path().join(path).is_file(), "{path}");
    }
    let packed =
        fs::read_dir(here.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(packed.into_iter().any(|name| name.ends_with("-part.zip")), "the name of our own choice, too");
    assert_eq!(repo.git(&["status", "--porcelain"]), "", "nothing is left in the programme");
}
