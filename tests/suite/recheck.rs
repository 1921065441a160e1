//! The files of provenance in a bundle: verdicts reached again from what is inside, and every way in which a bundle can
//! say something else than its files give.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, OnceLock};

use jiff::civil::date;
use soc2::archive::{self, Archive, Content, Member};
use soc2::git::Repository;
use soc2::past;
use soc2::program::Program;
use soc2::provenance::{self, Bundle, HISTORY, Left, Made, Outcome, PROVENANCE, Read, Recheck, VERDICTS};
use soc2::report::Report;
use soc2::source::{Body, Sources, sha256};
use soc2::timeline::{Clock, Judgement};

use crate::company::{commits, repository};
use crate::support::{Folder, root};

/// A bundle in memory: what a recheck looks at, and nothing else.
#[derive(Clone, Debug)]
struct Files(BTreeMap<String, Vec<u8>>);

impl Bundle for Files {
    fn files(&self) -> Vec<(String, u64)> {
        self.0.iter().map(|(path, bytes)| (path.clone(), bytes.len() as u64)).collect()
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn io::Read + '_>> {
        let bytes = self.0.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(&bytes[..]))
    }
}

impl Files {
    /// Packs a judged programme; artefacts whose path is refused are withheld.
    fn of(judgement: &Judgement<'_>, withheld: &dyn Fn(&str) -> bool) -> Self {
        let sources = &judgement.program.sources;
        let inside = |path: &str| path.replacen("evidence/", "07_evidence/", 1);
        let made = Made {
            read: Read::Commit("0123456789012345678901234567890123456789"),
            profile: "auditor",
            options: BTreeMap::new(),
            packed: &|file| Some(sources.path(file)).filter(|path| !withheld(path)).map(inside),
            left_out: &|_| Left::Withheld("restricted".to_owned()),
        };
        let mut files: BTreeMap<String, Vec<u8>> =
            provenance::members(judgement, &made).into_iter().collect();
        for (id, file) in sources.files() {
            let to = match &file.body {
                Body::Text(_) => format!("{}{}", provenance::SOURCES, file.path),
                Body::Artifact(_) if !withheld(&file.path) => inside(&file.path),
                _ => continue,
            };
            let mut bytes = Vec::new();
            sources.open(id).unwrap().read_to_end(&mut bytes).unwrap();
            files.insert(to, bytes);
        }
        Self(files)
    }

    fn recheck(&self) -> Recheck {
        provenance::recheck(&self.shared())
    }

    fn shared(&self) -> Arc<dyn Bundle> {
        Arc::new(self.clone())
    }

    /// Replaces text that must be there.
    fn edit(&mut self, path: &str, from: &str, to: &str) -> &mut Self {
        let text = String::from_utf8(self.0[path].clone()).unwrap();
        assert!(text.contains(from), "{path} has no `{from}`");
        self.0.insert(path.to_owned(), text.replacen(from, to, 1).into_bytes());
        self
    }

    fn text(&self, path: &str) -> &str {
        std::str::from_utf8(&self.0[path]).unwrap()
    }
}

const AS_OF: jiff::civil::Date = date(2027, 1, 15);
const AUDIT: Option<&str> = Some("2026-type2");

/// The example company without git.
fn acme() -> &'static Program {
    static LOADED: OnceLock<Program> = OnceLock::new();
    LOADED.get_or_init(|| Program::load(Sources::read(&root().join("examples/acme")).unwrap()))
}

/// The example company as a repository, with all that git remembers of it.
fn company() -> &'static Program {
    static LOADED: OnceLock<(Folder, Program)> = OnceLock::new();
    let (_, program) = LOADED.get_or_init(|| {
        let folder = Folder::new();
        repository::write_commits(commits(), folder.path()).unwrap();
        let repository = Repository::discover(folder.path()).unwrap().unwrap();
        let head = repository.head().unwrap().unwrap();
        let mut program = Program::load(Sources::of_tree(repository.tree(head)));
        let mut history = repository.history(head, &program, true).unwrap();
        past::remember(&repository, head, &program, &mut history);
        program.history = history;
        (folder, program)
    });
    program
}

fn judged(program: &Program) -> Judgement<'_> {
    Judgement::new(program, Clock::today(AS_OF), AUDIT)
}

fn all(_: &str) -> bool {
    false
}

/// The company packed whole; packed once for all tests.
fn packed() -> Files {
    static PACKED: OnceLock<Files> = OnceLock::new();
    PACKED.get_or_init(|| Files::of(&judged(company()), &all)).clone()
}

#[test]
fn verdicts_are_reached_again_from_inside() {
    for program in [acme(), company()] {
        let judgement = judged(program);
        let found = Files::of(&judgement, &all).recheck();
        assert_eq!(found.outcome, Outcome::Same, "{:#?}", found);
        assert!(found.holds(), "{found:#?}");
        let audit = &judgement.audits[0];
        assert_eq!((found.criteria, found.controls), (audit.criteria.len(), audit.controls.len()));
        assert_eq!((found.policies, found.on_bytes_left_out), (program.policies.len(), 0));
    }
}

/// Packed as a bundle is, with hashes that packing demands.
fn zip(files: Files) -> Vec<u8> {
    let members = files.0.into_iter().map(|(path, bytes)| Member {
        path,
        sha256: Some(sha256(&bytes)),
        content: Content::Bytes(bytes.into()),
    });
    let mut file = io::Cursor::new(Vec::new());
    archive::write(members.collect(), &mut file, &|_| {}).unwrap();
    file.into_inner()
}

#[test]
fn verdicts_are_reached_again_from_an_archive() {
    let archive = Archive::open(io::Cursor::new(zip(packed()))).unwrap();
    assert!(archive.check(&|_| {}).unwrap().faults.is_empty());
    let found = provenance::recheck(&provenance::zipped(archive));
    assert!(found.holds(), "{found:#?}");
    assert_eq!(found.lines(), packed().recheck().lines());
}

#[test]
fn verify_judges_anew_where_asked() {
    let folder = Folder::new();
    let bytes = zip(packed());
    folder.write("whole.zip", &bytes);
    let mut files = packed();
    files.edit(VERDICTS, "\"state\":\"missed\"", "\"state\":\"on-time\"");
    folder.write("other.zip", zip(files));
    let mut damaged = bytes;
    damaged[5_000] ^= 1;
    folder.write("damaged.zip", damaged);

    let ran = folder.run("verify whole.zip --recheck");
    assert_eq!((ran.code, &*ran.stderr), (0, ""), "{}", ran.stdout);
    for line in packed().recheck().lines() {
        assert!(ran.stdout.contains(&format!("{line}\n")), "{}", ran.stdout);
    }
    assert!(ran.stdout.ends_with("Not proved: that the records in it are true\n"), "{}", ran.stdout);
    assert!(!folder.run("verify whole.zip").stdout.contains("verdicts"));

    assert_eq!(folder.run("verify other.zip").code, 0, "its files are those that were packed");
    let ran = folder.run("verify other.zip --recheck");
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains(": state is `missed`, the bundle says `on-time`\n"), "{}", ran.stdout);
    assert!(ran.stdout.ends_with("Rely on none of its verdicts; ask who packed it.\n"), "{}", ran.stdout);
    let json = folder.run("verify other.zip --recheck --format json").stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let recheck = &json["recheck"];
    assert_eq!(
        (&json["holds"], &recheck["outcome"], &recheck["different"]),
        (&false.into(), &"differs".into(), &1.into())
    );
    assert_eq!(recheck["differences"][0]["recomputed"], "missed");

    let ran = folder.run("verify damaged.zip --recheck");
    assert_eq!(ran.code, 1);
    let told = "verdicts were not recomputed\n  the files are not those that were packed\n";
    assert!(ran.stdout.contains(told), "{}", ran.stdout);
}

#[test]
fn what_rests_on_history_is_counted() {
    assert_eq!(Files::of(&judged(acme()), &all).recheck().on_history, 0, "there is none");
    let found = packed().recheck();
    assert!(found.on_history > 0, "a policy of the company has an earlier text in git");
    let of = format!("{} criteria, {} controls, {} policies", found.criteria, found.controls, found.policies);
    let told = [
        format!("verdicts recomputed from the files inside: same ({of})"),
        format!("{} rest on history as recorded in the bundle", found.on_history),
    ];
    assert_eq!(found.lines(), told);
}

/// Rules find in the programme from inside what they find in the one that was packed.
#[test]
fn gaps_are_the_same_from_inside() {
    let judgement = judged(company());
    let there = Report::new(&judgement);
    let (program, clock, audit) = provenance::reopened(&packed().shared()).unwrap();
    let judgement = Judgement::new(&program, clock, audit.as_deref());
    let here = Report::new(&judgement);
    assert_eq!(format!("{:#?}", here), format!("{:#?}", there));
}

#[test]
fn the_same_judgement_gives_the_same_bytes() {
    let one = provenance_of(&packed());
    let again = Files::of(&judged(company()), &all);
    assert_eq!(one, provenance_of(&again));
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(one, alone.install(|| provenance_of(&Files::of(&judged(company()), &all))));
}

fn provenance_of(files: &Files) -> Vec<(String, String)> {
    let own = files.0.iter().filter(|(path, _)| path.starts_with("provenance/"));
    own.map(|(path, bytes)| (path.clone(), String::from_utf8(bytes.clone()).unwrap())).collect()
}

/// A slot of a control that is on time, the evidence that fills it, and the path of its manifest.
fn a_filled_slot() -> (String, String) {
    let judgement = judged(company());
    for control in &judgement.audits[0].controls {
        for slot in control.slots.iter().filter(|slot| slot.state.name() == "on-time") {
            let filler = slot.filled_by.unwrap();
            let folder = &judgement.program.evidence[filler.evidence];
            if folder.manifest.artifacts.len() == 1 && slot.refused.is_empty() && folder.tables.is_empty() {
                let path = judgement.program.sources.path(folder.file).to_owned();
                return (judgement.control_name(control.control), path);
            }
        }
    }
    panic!("no control of the company is on time");
}

#[test]
fn changed_verdicts_are_told() {
    let mut files = packed();
    files.edit(VERDICTS, "\"state\":\"missed\"", "\"state\":\"on-time\"");
    let found = files.recheck();
    assert_eq!((found.outcome, found.different), (Outcome::Differs, 1), "{found:#?}");
    let told = &found.differences[0];
    assert_eq!((told.what, &*told.recorded, &*told.recomputed), ("state", "on-time", "missed"));
    assert!(told.of.starts_with("audit 2026-type2, control "), "{}", told.of);
    assert!(told.of.contains(", slot "), "{}", told.of);
    let line = format!("  {}: state is `missed`, the bundle says `on-time`", told.of);
    assert_eq!(found.lines()[1], line);
}

/// Case SC-12 of the domain's mistakes: the bundle and the programme in it are of other lists of criteria.
#[test]
fn sc_12_another_list_of_criteria_is_told() {
    let mut files = packed();
    files.edit(PROVENANCE, "\"framework\":\"soc2-2017-rev2022\"", "\"framework\":\"soc2-2017\"");
    let found = files.recheck();
    assert!(!found.holds());
    let told = "audit `2026-type2`: packed for the criteria of `soc2-2017`, the programme inside has `soc2-2017-rev2022`";
    assert_eq!(found.faults, [told]);

    let mut files = packed();
    let key = "\"criteria_sha256\":\"";
    let at = files.text(PROVENANCE).find(key).unwrap() + key.len();
    let hash = files.text(PROVENANCE)[at..at + 64].to_owned();
    files.edit(PROVENANCE, &hash, &"0".repeat(64));
    let found = files.recheck();
    assert!(found.faults.len() == 1 && found.faults[0].contains("another list of criteria"), "{found:#?}");
}

#[test]
fn a_verdict_taken_out_is_told() {
    let mut files = packed();
    let mut verdicts: serde_json::Value = serde_json::from_str(files.text(VERDICTS)).unwrap();
    let controls = verdicts["audits"][0]["controls"].as_array_mut().unwrap();
    let gone = controls.remove(3)["id"].as_str().unwrap().to_owned();
    files.0.insert(VERDICTS.to_owned(), serde_json::to_vec(&verdicts).unwrap());
    let found = files.recheck();
    assert_eq!(found.different, 1);
    assert_eq!(found.differences[0].of, format!("audit 2026-type2, control {gone}"));
    assert_eq!(found.differences[0].recorded, "not there");
}

#[test]
fn a_changed_source_is_told_with_what_follows() {
    let (control, manifest) = a_filled_slot();
    let mut files = packed();
    let path = format!("sources/{manifest}");
    let text = files.text(&path);
    let day = text.split("performed:").nth(1).unwrap().split("on: ").nth(1).unwrap()[..10].to_owned();
    files.edit(&path, &format!("on: {day}"), "on: 2025-02-03");
    let found = files.recheck();
    assert_eq!(found.outcome, Outcome::Differs);
    assert_eq!(found.faults, [format!("`{path}` is not what the bundle says was judged")]);
    let of = format!("audit 2026-type2, control {control}");
    assert!(found.differences.iter().any(|one| one.of.starts_with(&of)), "{found:#?}");
}

#[test]
fn a_missing_or_added_text_is_told() {
    let mut files = packed();
    let path = files.0.keys().find(|path| path.starts_with("sources/controls/")).unwrap().clone();
    let text = files.0.remove(&path).unwrap();
    files.0.insert("sources/controls/zz-more.yaml".to_owned(), text);
    let found = files.recheck();
    let told = [
        format!("`{path}` is missing; the verdicts were reached with it"),
        "`sources/controls/zz-more.yaml` is no text that was judged".to_owned(),
    ];
    assert_eq!(found.faults, told);
    assert!(!found.holds());
}

#[test]
fn changed_bytes_and_missing_bytes_are_told() {
    let (_, manifest) = a_filled_slot();
    let folder = manifest.replacen("evidence/", "07_evidence/", 1).replace("manifest.yaml", "");
    let mut files = packed();
    let path = files.0.keys().find(|path| path.starts_with(&folder)).unwrap().clone();
    let mut bytes = files.0[&path].clone();
    bytes.push(b' ');
    files.0.insert(path.clone(), bytes);
    let found = files.recheck();
    assert_eq!(found.outcome, Outcome::Differs);
    let own = path.replacen("07_evidence/", "evidence/", 1);
    assert_eq!(found.faults, [format!("`{own}` is not what the bundle says was judged")]);
    files.0.remove(&path);
    let found = files.recheck();
    assert_eq!(found.faults, [format!("`{path}` is said to be inside and is not")]);
    assert!(found.on_bytes_left_out > 0);
}

#[test]
fn withheld_bytes_are_taken_as_recorded() {
    let judgement = judged(company());
    let files = Files::of(&judgement, &|path| path.starts_with("evidence/"));
    assert!(!files.0.keys().any(|path| path.starts_with("07_evidence/")));
    let found = files.recheck();
    assert!(found.holds(), "{found:#?}");
    let controls = judgement.audits[0].controls.iter().filter(|control| !control.slots.is_empty());
    assert!(found.on_bytes_left_out > controls.count() / 2, "{}", found.on_bytes_left_out);
    assert!(found.lines().iter().any(|line| line.ends_with("on bytes that were left out")));
}

#[test]
fn changed_facts_of_withheld_bytes_are_told() {
    let (control, manifest) = a_filled_slot();
    let folder = manifest.replace("manifest.yaml", "");
    let mut files = Files::of(&judged(company()), &|path| path.starts_with(&folder));
    assert!(files.recheck().holds());
    let mut artifacts: serde_json::Value = serde_json::from_str(files.text(provenance::ARTIFACTS)).unwrap();
    let list = artifacts["artifacts"].as_array_mut().unwrap();
    let one = list.iter_mut().find(|one| one["path"].as_str().unwrap().starts_with(&folder)).unwrap();
    assert_eq!(one["left_out"]["why"], "withheld");
    one["sha256"] = "0".repeat(64).into();
    files.0.insert(provenance::ARTIFACTS.to_owned(), serde_json::to_vec(&artifacts).unwrap());
    let found = files.recheck();
    assert_eq!(found.outcome, Outcome::Differs);
    let of = format!("audit 2026-type2, control {control}");
    assert!(found.differences.iter().any(|one| one.of.starts_with(&of)), "{found:#?}");
}

/// What a withheld log says of its rows names no item but those that the exceptions register names.
#[test]
fn withheld_rows_are_not_told() {
    let judgement = judged(company());
    let program = judgement.program;
    let logs = program.evidence.iter().filter(|folder| folder.manifest.log().is_some());
    let rows = logs.flat_map(|folder| folder.tables.iter().flatten()).flat_map(|table| &table.dated);
    let items: BTreeSet<&str> = rows.map(|(_, item)| &**item).filter(|item| item.len() > 4).collect();
    assert!(items.len() > 10, "the company has logs");
    let files = Files::of(&judgement, &|path| path.starts_with("evidence/"));
    let told = files.text(provenance::ARTIFACTS);
    let named: BTreeSet<&str> =
        items.into_iter().filter(|item| told.contains(&format!("\"{item}\""))).collect();
    let rows = program.registers.exceptions.iter().filter_map(|row| row.item.as_ref());
    let excepted: BTreeSet<&str> = rows.map(|item| &*item.value).collect();
    assert!(!named.is_empty() && named.is_subset(&excepted), "{named:?}");
    assert!(told.contains("\"withheld item 1\""));
}

#[test]
fn missing_history_is_told() {
    let mut files = packed();
    files.0.remove(HISTORY);
    let found = files.recheck();
    assert_eq!(found.faults, [format!("`{HISTORY}` is missing; what needs history reads unknown")]);
    assert_eq!(found.outcome, Outcome::Differs);
    files.0.insert(HISTORY.to_owned(), b"{}".to_vec());
    let found = files.recheck();
    assert!(found.faults[0].starts_with(&format!("`{HISTORY}` cannot be understood: ")), "{found:#?}");
}

#[test]
fn changed_history_is_told() {
    let mut files = packed();
    let mut history: serde_json::Value = serde_json::from_str(files.text(HISTORY)).unwrap();
    history["texts"] = serde_json::json!([]);
    files.0.insert(HISTORY.to_owned(), serde_json::to_vec(&history).unwrap());
    assert_eq!(files.recheck().outcome, Outcome::Differs);
    history["head"] = u32::MAX.into();
    files.0.insert(HISTORY.to_owned(), serde_json::to_vec(&history).unwrap());
    let told = format!(
        "`{HISTORY}` names commits, texts or hashes that it does not hold; what needs history reads unknown"
    );
    assert_eq!(files.recheck().faults, [told]);
}

#[test]
fn without_provenance_nothing_is_recomputed() {
    for path in [provenance::PROVENANCE, provenance::ARTIFACTS, VERDICTS] {
        let mut files = packed();
        files.0.remove(path);
        let found = files.recheck();
        assert_eq!(found.outcome, Outcome::NotRecomputed);
        assert_eq!(
            found.lines()[..2],
            ["verdicts were not recomputed".to_owned(), format!("  `{path}` is missing")]
        );
    }
    let mut files = packed();
    files.0.retain(|path, _| !path.starts_with("provenance/"));
    let told =
        "there is no provenance inside: the bundle is narrowed, or made for somebody who gets no verdicts";
    assert_eq!(files.recheck().faults, [told]);
}

#[test]
fn another_version_is_told_and_compared_by_states() {
    let mut files = packed();
    files.edit(provenance::PROVENANCE, env!("CARGO_PKG_VERSION"), "9.9.9");
    let mut verdicts: serde_json::Value = serde_json::from_str(files.text(VERDICTS)).unwrap();
    verdicts["audits"][0]["controls"][0]["because"] = "said otherwise".into();
    files.0.insert(VERDICTS.to_owned(), serde_json::to_vec(&verdicts).unwrap());
    let found = files.recheck();
    assert!(found.holds(), "{found:#?}");
    assert!(found.notes[0].starts_with("made by soc2 9.9.9, checked by soc2 "), "{found:#?}");
    files.edit(provenance::PROVENANCE, "soc2-provenance/1", "soc2-provenance/2");
    let found = files.recheck();
    assert_eq!(
        found.faults,
        [
            "`provenance/provenance.json` has the format `soc2-provenance/2`; this soc2 knows `soc2-provenance/1`"
        ]
    );
}
