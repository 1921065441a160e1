//! What git remembers of files, beside what git itself says of them.

use std::fs;
use std::path::Path;

use soc2::git::Repository;
use soc2::history::{FileHistory, History, Reach};
use soc2::program::Program;
use soc2::source::Sources;

use crate::repository::{ALICE, BOB, Repo, clone, git_in};
use crate::support::Folder;

/// The history of a programme as a commit has it.
pub(crate) struct Look {
    pub(crate) history: History,
    paths: Vec<String>,
}

impl Look {
    pub(crate) fn at(folder: &Path, revision: &str) -> Self {
        let repository = Repository::discover(folder).unwrap().unwrap();
        let commit = repository.resolve(revision).unwrap();
        let program = Program::load(Sources::of_tree(repository.tree(commit)));
        let history = repository.history(commit, &program, true).unwrap();
        Self::new(history, &program)
    }

    /// The same, with the keys that another commit names.
    pub(crate) fn by_keys_of(folder: &Path, revision: &str, keys: &str) -> Self {
        let repository = Repository::discover(folder).unwrap().unwrap();
        let (commit, keys) = (repository.resolve(revision).unwrap(), repository.resolve(keys).unwrap());
        let program = Program::load(Sources::of_tree(repository.tree(commit)));
        let history = repository.history_by_keys_of(commit, &program, true, keys).unwrap();
        Self::new(history, &program)
    }

    /// The work tree, on top of what is checked out.
    pub(crate) fn work_tree(folder: &Path) -> Self {
        let repository = Repository::discover(folder).unwrap().unwrap();
        let tracked = repository.tracked(folder).unwrap();
        let program = Program::load(Sources::read_tracked(folder, tracked).unwrap());
        let history = repository.history(repository.head().unwrap().unwrap(), &program, false).unwrap();
        Self::new(history, &program)
    }

    fn new(history: History, program: &Program) -> Self {
        let paths = program.sources.files().map(|(_, file)| file.path.to_string()).collect();
        Self { history, paths }
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.paths.iter().any(|known| known == path)
    }

    pub(crate) fn file(&self, path: &str) -> &FileHistory {
        self.history.file(path).unwrap_or_else(|| panic!("nothing known of {path}"))
    }

    /// The ids of the commits that touched a file, newest first.
    pub(crate) fn touches(&self, path: &str) -> Vec<String> {
        let touches = self.history.file(path).map_or(&[][..], |file| &file.touches);
        touches.iter().map(|touch| self.history.commit(touch.commit).unwrap().id.to_string()).collect()
    }
}

/// The ids that `git log` lists.
pub(crate) fn listed(repo: &Repo, arguments: &[&str]) -> Vec<String> {
    let mut all = vec!["log", "--format=%H"];
    all.extend(arguments);
    repo.git(&all).lines().map(str::to_owned).collect()
}

/// The commit of each line, as `git blame` tells it; zeros for what is not committed.
fn blamed(repo: &Repo, arguments: &[&str]) -> Vec<String> {
    let mut all = vec!["blame", "--line-porcelain", "--root"];
    all.extend(arguments);
    let told = repo.git(&all);
    let heads = told.lines().filter(|line| !line.starts_with('\t'));
    let ids = heads.filter_map(|line| line.split(' ').next().filter(|id| matches!(id.len(), 40 | 64)));
    ids.filter(|id| id.bytes().all(|byte| byte.is_ascii_hexdigit())).map(str::to_owned).collect()
}

impl Look {
    /// The commit of each line, in the same words.
    fn lines(&self, path: &str) -> Vec<String> {
        let file = self.file(path);
        let id = |index: u32| {
            let commit = self.history.commit(index);
            commit
                .map_or_else(|| "0".repeat(self.history.commits[0].id.len()), |commit| commit.id.to_string())
        };
        file.lines.iter().map(|index| id(*index)).collect()
    }
}

const POLICY: &str = "policies/a.md";

/// A text of lines, one for each word.
fn text(words: &str) -> String {
    words.split(' ').map(|word| format!("{word}\n")).collect()
}

/// A moment of the n-th day.
fn day(n: u32) -> String {
    format!("2026-{:02}-{:02}T12:00:00Z", 1 + n / 28, 1 + n % 28)
}

/// Writes the policy and commits it on the n-th day.
fn policy(repo: &Repo, n: u32, words: &str) -> String {
    repo.write(POLICY, text(words)).commit(&day(n), ALICE, words)
}

/// A repository with a policy and another file.
fn begun(arguments: &[&str]) -> Repo {
    let repo = Repo::with(arguments);
    repo.git(&["config", "user.name", "Whoever"]);
    repo.git(&["config", "user.email", "whoever@acme.example"]);
    repo.write("soc2.toml", "").write("controls/z.yaml", "id: z\n");
    policy(&repo, 0, "one two three four five six");
    repo
}

fn branch(repo: &Repo, name: &str) {
    repo.git(&["checkout", "--quiet", "-B", name]);
}

fn checkout(repo: &Repo, name: &str) {
    repo.git(&["checkout", "--quiet", name]);
}

/// A merge whose result is written by hand.
fn merged_by_hand(repo: &Repo, n: u32, other: &str, words: &str) {
    let mut merge = repo.command();
    merge.args(["merge", "--quiet", "--no-ff", "--no-commit", other]);
    merge.output().unwrap();
    policy(repo, n, words);
    assert!(repo.git(&["show", "-s", "--format=%P"]).contains(' '), "no merge");
}

fn edits(repo: &Repo) {
    policy(repo, 1, "one two 3 four five six");
    repo.commit(&day(2), BOB, "Nothing");
    repo.git(&["update-index", "--chmod=+x", "controls/z.yaml"]);
    repo.git_as(&day(3), BOB, &["commit", "--quiet", "--message", "Mode"]);
    repo.git(&["reset", "--quiet", "--hard"]);
    policy(repo, 4, "zero one two 3 four 5 six seven");
    repo.git_as(&day(5), BOB, &["revert", "--no-edit", "HEAD"]);
}

fn deleted_and_added_again(repo: &Repo) {
    repo.remove(POLICY).commit(&day(1), ALICE, "Gone");
    repo.write("controls/z.yaml", "id: zz\n").commit(&day(2), ALICE, "Other");
    policy(repo, 3, "one two three four five six");
}

fn merges(repo: &Repo) {
    branch(repo, "side");
    policy(repo, 1, "one two three four five SIX");
    repo.write("controls/y.yaml", "id: y\n").commit(&day(2), BOB, "Y");
    checkout(repo, "main");
    policy(repo, 3, "ONE two three four five six");
    repo.merge(&day(4), BOB, &["side"]);
    branch(repo, "other");
    policy(repo, 5, "ONE two three 4 five SIX");
    checkout(repo, "main");
    policy(repo, 6, "ONE two three FOUR five SIX");
    // A conflict, put right by hand, and then a merge that changes what neither side did.
    merged_by_hand(repo, 7, "other", "ONE two three IV five SIX");
    branch(repo, "evil");
    repo.write("controls/y.yaml", "id: yy\n").commit(&day(8), BOB, "YY");
    checkout(repo, "main");
    repo.write("controls/z.yaml", "id: zz\n").commit(&day(9), BOB, "ZZ");
    merged_by_hand(repo, 10, "evil", "ONE two 3 IV five SIX");
}

fn octopus(repo: &Repo) {
    for (n, (name, words)) in [
        ("a", "1 two three four five six"),
        ("b", "one two three four five six"),
        ("c", "one two three four five 6"),
    ]
    .into_iter()
    .enumerate()
    {
        checkout(repo, "main");
        branch(repo, name);
        let n = u32::try_from(n).unwrap();
        repo.write(&format!("controls/{name}.yaml"), "id: x\n").write(POLICY, text(words));
        repo.commit(&day(n + 1), BOB, name);
    }
    checkout(repo, "main");
    repo.write("controls/m.yaml", "id: m\n").commit(&day(4), ALICE, "M");
    repo.merge(&day(5), ALICE, &["a", "b", "c"]);
}

fn squashed_and_rebased(repo: &Repo) {
    branch(repo, "side");
    policy(repo, 1, "one two three four five SIX");
    policy(repo, 2, "one two three four FIVE SIX");
    checkout(repo, "main");
    policy(repo, 3, "ONE two three four five six");
    repo.git(&["merge", "--quiet", "--squash", "side"]);
    repo.git_as(&day(4), BOB, &["commit", "--quiet", "--message", "Squashed"]);
    branch(repo, "late");
    repo.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    repo.write("controls/l.yaml", "id: l\n").commit(&day(5), ALICE, "Late");
    repo.git_as(&day(9), BOB, &["rebase", "--quiet", "main"]);
    branch(repo, "main");
}

fn picked_on_both_sides(repo: &Repo) {
    branch(repo, "side");
    let fix = policy(repo, 1, "one two THREE four five six");
    checkout(repo, "main");
    repo.write("controls/m.yaml", "id: m\n").commit(&day(2), BOB, "M");
    repo.git_as(&day(3), BOB, &["cherry-pick", &fix]);
    policy(repo, 4, "one two THREE four five 6");
    repo.merge(&day(5), BOB, &["side"]);
}

fn several_roots(repo: &Repo) {
    repo.git(&["checkout", "--quiet", "--orphan", "other"]);
    repo.git(&["rm", "--quiet", "-r", "-f", "."]);
    repo.write("controls/o.yaml", "id: o\n").commit(&day(1), BOB, "Another root");
    checkout(repo, "main");
    repo.git_as(&day(2), BOB, &["merge", "--quiet", "--no-edit", "--allow-unrelated-histories", "other"]);
    policy(repo, 3, "one two three four five SIX");
}

fn skewed_clocks(repo: &Repo) {
    policy(repo, 40, "one two three four FIVE six");
    branch(repo, "side");
    policy(repo, 20, "one 2 three four FIVE six");
    checkout(repo, "main");
    policy(repo, 10, "one two three four FIVE 6");
    repo.merge(&day(5), BOB, &["side"]);
    policy(repo, 1, "one 2 3 four FIVE 6");
}

fn moved(repo: &Repo) {
    policy(repo, 1, "one two three four five SIX");
    repo.write("product/policies/old.md", text("a b c")).commit(&day(2), BOB, "Elsewhere");
    repo.git(&["mv", POLICY, "policies/b.md"]);
    repo.git(&["mv", "product/policies/old.md", "policies/c.md"]);
    repo.commit(&day(3), BOB, "Moved");
    repo.write("policies/b.md", text("one TWO three four five SIX")).commit(&day(4), BOB, "Changed");
    repo.git(&["mv", "controls/z.yaml", "controls/y.yaml"]);
    repo.write("controls/y.yaml", "id: quite different\nnow: yes\n").commit(
        &day(5),
        BOB,
        "Moved with a change",
    );
    fs::create_dir_all(repo.path().join("policies/deep")).unwrap();
    repo.git(&["mv", "policies/b.md", "policies/deep/b.md"]);
    repo.commit(&day(6), BOB, "Moved again");
}

#[test]
fn a_record_takes_its_age_from_the_same_kind_of_record_only() {
    let repo = begun(&[]);
    for (n, old) in
        ["README.md", "docs/manifest.yaml", "evidence/notes.md", "controls/spare.yaml"].iter().enumerate()
    {
        let (n, words) = (u32::try_from(n).unwrap() * 4, format!("old words {n}"));
        let folder = format!("evidence/review/{n}");
        let manifest = &format!("{folder}/manifest.yaml");
        repo.write(old, text(&words)).commit(&day(n + 2), BOB, "Old");
        fs::create_dir_all(repo.path().join(&folder)).unwrap();
        repo.git(&["mv", old, manifest]);
        let moved = repo.commit(&day(n + 3), BOB, "Moved");
        let written = repo.write(manifest, "title: Late\n").commit(&day(n + 4), BOB, "Written over");
        assert_eq!(Look::at(repo.path(), "main").touches(manifest), [written, moved], "{old}");
    }
    // Evidence that got another name keeps its own.
    let manifest = "evidence/review/2026-q1/manifest.yaml";
    let first = repo.write(manifest, "title: Review\n").commit(&day(20), BOB, "Recorded");
    fs::create_dir_all(repo.path().join("evidence/check/2026-q1")).unwrap();
    let renamed = "evidence/check/2026-q1/manifest.yaml";
    repo.git(&["mv", manifest, renamed]);
    let second = repo.commit(&day(21), BOB, "Renamed");
    assert_eq!(Look::at(repo.path(), "main").touches(renamed), [second.clone(), first.clone()]);
}

/// What is done in a repository, and whether it is one line, along which git follows renames.
type Case = (&'static str, fn(&Repo), bool);

const CASES: &[Case] = &[
    ("edits", edits, true),
    ("deleted and added again", deleted_and_added_again, false),
    ("merges", merges, false),
    ("octopus", octopus, false),
    ("squashed and rebased", squashed_and_rebased, true),
    ("picked on both sides", picked_on_both_sides, false),
    ("several roots", several_roots, false),
    ("skewed clocks", skewed_clocks, false),
    ("moved", moved, true),
];

/// Every file of a commit beside what git says of it.
fn compare(case: &str, repo: &Repo, line: bool) {
    let look = Look::at(repo.path(), "main");
    let (told, skewed) = (&look.history, case == "skewed clocks");
    for path in &look.paths {
        let follow =
            if line { vec!["--follow", "-M100%", "main", "--", path] } else { vec!["main", "--", path] };
        let (mut ours, mut theirs) = (look.touches(path), listed(repo, &follow));
        if skewed {
            ours.sort();
            theirs.sort();
        }
        assert_eq!(ours, theirs, "{case}: {path}");
        assert!(look.file(path).complete && !look.file(path).uncommitted, "{case}: {path}");
        if ours.len() > 1 && !path.ends_with(".toml") && path != "controls/y.yaml" {
            assert_eq!(look.lines(path), blamed(repo, &["main", "--", path]), "{case}: {path}");
        }
    }
    let line: Vec<String> = listed(repo, &["--first-parent", "main"]);
    for (index, commit) in told.commits.iter().enumerate() {
        let said = repo.git(&["show", "-s", "--format=%an|%ae|%at|%cn|%ct|%s|%P", &commit.id]);
        let (author, committer) = (&commit.author, &commit.committer);
        let ours = format!(
            "{}|{}|{}|{}|{}|{}|",
            author.name,
            author.email,
            author.at.as_second(),
            committer.name,
            committer.at.as_second(),
            commit.subject
        );
        assert!(said.starts_with(&ours), "{case}: {ours} is {said}");
        let parents = said.trim_end().rsplit('|').next().unwrap().split_whitespace().count();
        assert_eq!(commit.parents as usize, parents, "{case}");
        assert_eq!(commit.through.is_none(), line.contains(&commit.id.to_string()), "{case}");
        if let Some(through) = commit.through {
            let after = format!("{}..main", commit.id);
            let path = listed(repo, &["--topo-order", "--ancestry-path", &after]);
            let merge = path.iter().rev().find(|id| line.contains(id));
            assert_eq!(
                merge.map(String::as_str),
                Some(&*told.commits[through as usize].id),
                "{case}: {index}"
            );
        }
    }
}

#[test]
fn every_file_is_told_as_git_tells_it() {
    for (case, make, line) in CASES {
        let repo = begun(&[]);
        make(&repo);
        compare(case, &repo, *line);
    }
}

#[test]
fn a_repository_of_sha256_is_told_as_well() {
    let repo = begun(&["--object-format=sha256"]);
    merges(&repo);
    compare("sha256", &repo, false);
}

#[test]
fn where_a_file_came_from_is_known_or_not() {
    let repo = begun(&[]);
    moved(&repo);
    let look = Look::at(repo.path(), "main");
    let added = |path: &str| look.file(path).touches.iter().map(|touch| touch.added).collect::<Vec<_>>();
    assert_eq!(added("policies/deep/b.md"), [false, false, false, false, true]);
    assert_eq!(added("policies/c.md"), [false, true]);
    assert_eq!(added("controls/y.yaml"), [true]);
    assert_eq!(look.history.reach, Reach::Whole);
    assert_eq!(look.history.head, Some(0));
}

#[test]
fn a_shallow_clone_says_where_it_ends() {
    let repo = begun(&[]);
    edits(&repo);
    repo.write("policies/new.md", "new\n").commit(&day(6), BOB, "New");
    let folder = Folder::new();
    let copy = clone(repo.path(), &folder, &["--depth=3"]);
    let look = Look::at(&copy, "HEAD");
    assert_eq!(look.history.reach, Reach::Shallow);
    let theirs = |path: &str| {
        let log = git_in(&copy).args(["log", "--format=%H", "--", path]).output().unwrap();
        String::from_utf8(log.stdout).unwrap().lines().map(str::to_owned).collect::<Vec<_>>()
    };
    for path in [POLICY, "policies/new.md", "controls/z.yaml"] {
        assert_eq!(look.touches(path), theirs(path), "{path}");
        assert_eq!(look.file(path).complete, path == "policies/new.md", "{path}");
    }
    // Line 1 was never changed since the clone begins, so nobody here knows whose it is.
    assert!(look.history.of_lines(POLICY, 1, 1).is_none());
    assert!(look.history.first(POLICY).is_none());
    assert_eq!(look.history.first("policies/new.md").unwrap().id.to_string(), repo.id("HEAD"));
}

#[test]
fn what_is_not_committed_is_told() {
    let repo = begun(&[]);
    policy(&repo, 1, "one two three four five SIX");
    repo.write("policies/clean.md", "x\n").write("evidence/e/crlf.csv", "a,b\n");
    repo.commit(&day(2), ALICE, "More");
    repo.write(POLICY, text("one 2 three four five SIX")).write("policies/new.md", "new\n");
    repo.write("evidence/e/crlf.csv", "a,b\r\n").write("controls/z.yaml", "id: changed\n");
    repo.git(&["add", "controls/z.yaml"]);
    for index in ["as it is", "gone"] {
        let look = Look::work_tree(repo.path());
        let states = [POLICY, "policies/clean.md", "evidence/e/crlf.csv", "controls/z.yaml"];
        let states = states.map(|path| look.file(path).uncommitted);
        assert_eq!(states, [true, false, false, true], "index {index}");
        assert!(look.history.file("policies/new.md").is_none());
        assert_eq!(look.lines(POLICY), blamed(&repo, &["--", POLICY]), "index {index}");
        assert!(look.history.last(POLICY).is_none());
        fs::remove_file(repo.path().join(".git/index")).unwrap();
        repo.git(&["reset", "--quiet"]);
    }
}

#[test]
fn a_linked_work_tree_and_a_subfolder_are_seen() {
    let repo = Repo::new();
    repo.write("compliance/soc2.toml", "").write("product/main.rs", "fn main() {}\n");
    repo.write("product/policies/text.md", text("one two")).commit(&day(0), ALICE, "Start");
    fs::create_dir_all(repo.path().join("compliance/policies")).unwrap();
    repo.git(&["mv", "product/policies/text.md", "compliance/policies/text.md"]);
    repo.commit(&day(1), BOB, "Moved in");
    repo.git(&["mv", "compliance/policies/text.md", "compliance/policies/a.md"]);
    repo.commit(&day(2), BOB, "Renamed");
    repo.write("product/main.rs", "fn main() { }\n").commit(&day(3), ALICE, "Product");
    let linked = Folder::new();
    let there = linked.path().join("linked");
    repo.git(&["worktree", "add", "--quiet", "--detach", there.to_str().unwrap(), "HEAD"]);
    let theirs = listed(&repo, &["--follow", "-M100%", "main", "--", "compliance/policies/a.md"]);
    assert_eq!(theirs.len(), 3);
    for folder in [repo.path().join("compliance"), there.join("compliance")] {
        let look = Look::work_tree(&folder);
        assert_eq!(look.touches(POLICY), theirs, "{}", folder.display());
        assert_eq!(look.touches("soc2.toml"), listed(&repo, &["main", "--", "compliance/soc2.toml"]));
        assert!(!look.file(POLICY).uncommitted);
    }
}

#[test]
fn replacements_are_not_looked_at() {
    let repo = begun(&[]);
    let first = repo.id("HEAD");
    let second = policy(&repo, 1, "one two three four five SIX");
    repo.git(&["replace", "--graft", &second]);
    let look = Look::at(repo.path(), "main");
    assert_eq!(look.touches(POLICY), [second, first]);
}
