//! Past controls and texts: what is remembered equals what each commit says when it is loaded.

use std::collections::BTreeMap;

use soc2::git::{Commit, Repository};
use soc2::history::History;
use soc2::past;
use soc2::program::Program;
use soc2::source::{Sources, hex};

use crate::repository::{ALICE, BOB, Repo};

const CONFIG: &str = "[organization]\nname = \"Acme\"\n[scope]\nframework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n";

fn day(nth: u32) -> String {
    format!("2026-{:02}-{:02}T12:00:00Z", 1 + nth / 28, 1 + nth % 28)
}

fn control(id: &str, cadence: &str, owner: &str) -> String {
    format!(
        "id: {id}\ntitle: T {id}\ndescription: D\nowner: {owner}\nstatus: draft\ncadence: {cadence}\ncriteria: [CC6.1, CC6.2]\n"
    )
}

/// What git remembers of a repository.
fn remembered(repo: &Repo) -> (Repository, Commit, History) {
    let repository = Repository::discover(repo.path()).unwrap().unwrap();
    let head = repository.head().unwrap().unwrap();
    let program = Program::load(Sources::of_tree(repository.tree(head)));
    let mut history = repository.history(head, &program, true).unwrap();
    past::remember(&repository, head, &program, &mut history);
    (repository, head, history)
}

/// Keys and values of the controls that a commit of the line held, as history tells it.
fn told(history: &History, at: u32) -> BTreeMap<String, Vec<(String, String)>> {
    let mut out = BTreeMap::new();
    for (id, versions) in &history.until(at).controls {
        let fields = &versions[0].fields;
        if !fields.is_empty() {
            let fields = fields.iter().map(|(key, value)| ((*key).to_owned(), value.to_string()));
            out.insert(id.to_string(), fields.collect());
        }
    }
    out
}

/// The same from the loaded commit.
fn loaded(program: &Program) -> BTreeMap<String, Vec<(String, String)>> {
    let mut out = BTreeMap::new();
    for of in &program.controls {
        let list = |items: Vec<&str>| (!items.is_empty()).then(|| items.join(", "));
        let fields = [
            ("id", Some(of.id.to_string())),
            ("title", of.title.as_ref().map(|text| text.value.to_string())),
            ("description", of.description.as_ref().map(|text| text.value.trim().to_owned())),
            ("owner", of.owner.as_ref().map(|owner| owner.value.to_string())),
            ("status", of.status.as_ref().map(|status| status.value.word().to_owned())),
            ("cadence", of.cadence.as_ref().map(|cadence| cadence.value.word().to_owned())),
            ("criteria", list(of.criteria.iter().map(|one| &*one.value.0).collect())),
            ("systems", list(of.systems.iter().map(|one| &*one.value.0).collect())),
        ];
        let fields = fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
        out.entry(of.id.to_string()).or_insert_with(|| fields.collect());
    }
    out
}

#[test]
fn past_controls_are_those_of_each_commit() {
    let repo = Repo::new();
    let write = |path: &str, text: String| repo.write(path, text);
    let commit = |nth: u32| repo.commit(&day(nth), ALICE, &format!("Commit {nth}"));
    write("soc2.toml", CONFIG.to_owned());
    write("controls/iam/a.yaml", control("a", "quarterly", "ann"));
    write("controls/b.yaml", control("b", "monthly", "ann"));
    commit(0);
    write("controls/iam/a.yaml", control("a", "annual", "ann"));
    commit(1);
    // A comment, another order of keys and white space change nothing.
    write(
        "controls/b.yaml",
        format!("# monthly\nowner:   ann\n{}", control("b", "monthly", "x").replace("owner: x\n", "")),
    );
    commit(2);
    repo.git(&["checkout", "--quiet", "-b", "side"]);
    write("controls/c.yaml", control("c", "weekly", "bob"));
    commit(3);
    write("controls/c.yaml", control("c", "daily", "bob"));
    commit(4);
    repo.git(&["checkout", "--quiet", "main"]);
    write("controls/b.yaml", control("b", "monthly", "cleo"));
    commit(5);
    repo.merge(&day(6), BOB, &["side"]);
    // Into a list in another file, and out of it again.
    repo.remove("controls/iam/a.yaml").remove("controls/c.yaml");
    let item = |text: String| format!("- {}", text.trim_end().replace('\n', "\n  ")) + "\n";
    write("controls/all.yaml", item(control("a", "annual", "ann")) + &item(control("c", "daily", "dora")));
    commit(7);
    repo.remove("controls/b.yaml");
    commit(8);
    // A file becomes a folder; an id stands twice.
    repo.remove("controls/all.yaml");
    write("controls/all.yaml/a.yaml", control("a", "annual", "ann"));
    write("controls/all.yaml/c.yaml", control("c", "daily", "dora"));
    write("controls/z.yaml", control("a", "weekly", "zoe"));
    commit(9);
    write("controls/b.yaml", control("b", "monthly", "cleo") + "systems: [github, aws]\n");
    commit(10);
    repo.git(&["checkout", "--quiet", "-b", "squashed"]);
    write("controls/b.yaml", control("b", "weekly", "cleo"));
    commit(11);
    write("controls/b.yaml", control("b", "daily", "cleo"));
    commit(12);
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git(&["merge", "--quiet", "--squash", "squashed"]);
    commit(13);
    repo.write("README.md", "about something else");
    commit(14);

    let (repository, head, history) = remembered(&repo);
    let line = repository.first_parents(head).unwrap();
    assert_eq!(line.len(), 11);
    for one in &line {
        let at = history.index_of(&one.id()).unwrap();
        let program = Program::load(Sources::of_tree(repository.tree(*one)));
        assert_eq!(told(&history, at), loaded(&program), "at {}", one.short());
    }
    let changes = |id: &str| -> Vec<(String, String)> {
        let versions = history.controls[id].iter().map(|version| {
            let cadence = version.fields.iter().find(|(key, _)| *key == "cadence");
            let id = &history.commit(version.commit).unwrap().id;
            let subject = repo.git(&["log", "-1", "--format=%s", id]);
            (subject.trim().to_owned(), cadence.map_or_else(String::new, |(_, value)| value.to_string()))
        });
        versions.collect()
    };
    let pair = |subject: &str, cadence: &str| (subject.to_owned(), cadence.to_owned());
    assert_eq!(changes("a"), [pair("Commit 1", "annual"), pair("Commit 0", "quarterly")]);
    assert_eq!(changes("c"), [pair("Commit 7", "daily"), pair("Merge branch 'side'", "daily")]);
    let b = ["Commit 13", "Commit 10", "Commit 8", "Commit 5", "Commit 0"];
    let cadences = ["daily", "monthly", "", "monthly", "monthly"];
    assert_eq!(changes("b"), b.iter().zip(cadences).map(|(a, b)| pair(a, b)).collect::<Vec<_>>());
}

#[test]
fn a_version_that_cannot_be_read_is_passed_over() {
    let repo = Repo::new();
    repo.write("soc2.toml", CONFIG).write("controls/a.yaml", control("a", "monthly", "ann"));
    repo.commit(&day(0), ALICE, "Start");
    repo.write("controls/a.yaml", "id: [a").commit(&day(1), ALICE, "Broken");
    repo.write("controls/a.yaml", b"id: \xff\xfe").commit(&day(2), ALICE, "No text");
    repo.write("controls/a.yaml", "- id: a\n  title: *x\n").commit(&day(3), ALICE, "An alias");
    repo.write("controls/a.yaml", control("a", "monthly", "ann")).commit(&day(4), ALICE, "Mended");
    // Without its root file there is no programme to speak of.
    repo.remove("soc2.toml").remove("controls/a.yaml").commit(&day(5), ALICE, "Gone");
    repo.write("soc2.toml", CONFIG).write("controls/a.yaml", control("a", "monthly", "bob"));
    repo.commit(&day(6), ALICE, "Back");
    let (.., history) = remembered(&repo);
    let commits: Vec<u32> = history.controls["a"].iter().map(|version| version.commit).collect();
    assert_eq!(commits, [0, 6]);
    assert_eq!(history.controls.len(), 1);
}

#[test]
fn where_a_clone_was_cut_off_the_oldest_version_stands() {
    let repo = Repo::new();
    repo.write("soc2.toml", CONFIG);
    for (nth, cadence) in (0..).zip(["monthly", "quarterly", "annual"]) {
        repo.write("controls/a.yaml", control("a", cadence, "ann")).commit(&day(nth), ALICE, cadence);
    }
    let folder = crate::support::Folder::new();
    let copy = crate::repository::clone(repo.path(), &folder, &["--depth=2"]);
    let repository = Repository::discover(&copy).unwrap().unwrap();
    let head = repository.head().unwrap().unwrap();
    assert_eq!(repository.first_parents(head).unwrap().len(), 2);
    let steps = repository.steps(&repository.first_parents(head).unwrap(), "controls");
    let paths: Vec<&str> =
        steps.iter().flat_map(|step| &step.changed).map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["controls/a.yaml"; 2]);
}

fn policy(approvals: &str, body: &str) -> String {
    format!("---\nid: p\ntitle: P\nowner: ann\napprovals:\n{approvals}---\n{body}")
}

fn approval(version: u32, text: &str) -> String {
    format!(
        "  - {{ version: \"{version}\", by: ann, on: 2026-01-01, effective: 2026-01-01, text: \"{text}\" }}\n"
    )
}

/// The hash of the policy's text in a commit, as loading tells it.
fn hash_at(repo: &Repo, revision: &str) -> String {
    let repository = Repository::discover(repo.path()).unwrap().unwrap();
    let commit = repository.resolve(revision).unwrap();
    let program = Program::load(Sources::of_tree(repository.tree(commit)));
    hex(&program.policies[0].body.sha256.unwrap().0)
}

#[test]
fn an_approved_text_is_found_with_the_variables_of_its_commit() {
    let repo = Repo::new();
    let config = |length: u32| format!("{CONFIG}[variables]\nlength = {length}\n");
    let people = |name: &str| {
        format!(
            "people:\n  - {{ id: ann, name: {name}, kind: employee, employed: [{{ from: 2024-01-01 }}] }}\n"
        )
        .replace("people:\n", "")
    };
    let body =
        "Passwords have {{ length }} characters.\n{% for person in people %}{{ person.name }}\n{% endfor %}";
    let path = "policies/p.md";
    repo.write("soc2.toml", config(12)).write("registers/people.yaml", people("Ann"));
    repo.write(path, policy("", body)).commit(&day(0), ALICE, "Draft");
    let first = hash_at(&repo, "HEAD");
    repo.write(path, policy(&approval(1, &first), body)).commit(&day(1), ALICE, "Approved");
    // The variable changes, the file does not; then the approval of the new text comes through a merge.
    repo.write("soc2.toml", config(14)).commit(&day(2), ALICE, "Longer");
    let second = hash_at(&repo, "HEAD");
    repo.git(&["checkout", "--quiet", "-b", "side"]);
    let both = approval(1, &first) + &approval(2, &second);
    repo.write(path, policy(&both, body)).commit(&day(3), BOB, "Approved again");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("registers/people.yaml", people("Anna")).commit(&day(4), ALICE, "Renamed");
    repo.merge(&day(5), BOB, &["side"]);
    repo.write(path, policy(&both, "New.\n")).commit(&day(6), ALICE, "Rewritten");

    let (.., history) = remembered(&repo);
    let texts = &history.texts[path];
    let subject = |commit: u32| {
        repo.git(&["log", "-1", "--format=%s", &history.commit(commit).unwrap().id]).trim().to_owned()
    };
    let told: Vec<(String, String)> =
        texts.iter().map(|text| (subject(text.commit), hex(&text.sha256))).collect();
    let expected = [
        ("Rewritten", hash_at(&repo, "HEAD")),
        ("Approved again", second.clone()),
        ("Approved", first.clone()),
        ("Draft", first.clone()),
    ];
    assert_eq!(told, expected.map(|(subject, hash)| (subject.to_owned(), hash)));
    for text in texts {
        assert_eq!(hash_at(&repo, &history.commit(text.commit).unwrap().id), hex(&text.sha256));
    }
    // What came through the merge was not there before it.
    let known = |revision: &str| {
        let at = history.index_of(&repo.id(revision)).unwrap();
        history.until(at).texts.get(path).map_or(0, Vec::len)
    };
    assert_eq!(
        [known("HEAD"), known("HEAD^"), known("HEAD^^"), known("HEAD~4"), known("HEAD~5")],
        [4, 3, 2, 2, 1]
    );
}

#[test]
fn a_policy_whose_approvals_are_of_its_text_costs_nothing() {
    let repo = Repo::new();
    repo.write("soc2.toml", CONFIG).write("policies/p.md", policy("", "Text.\n"));
    repo.commit(&day(0), ALICE, "Draft");
    let hash = hash_at(&repo, "HEAD");
    repo.write("policies/p.md", policy(&approval(1, &hash), "Text.\n")).commit(&day(1), ALICE, "Approved");
    let (.., history) = remembered(&repo);
    assert!(history.texts.is_empty());
}
