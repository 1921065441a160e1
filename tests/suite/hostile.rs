//! Pull requests come from strangers: links, sizes, names and texts that want to do something else.

#[cfg(unix)]
use std::fs;

use crate::repository::{ALICE, Repo};
use crate::support::Folder;

const TOML: &str = "[organization]\nname = \"Acme\"\n[scope]\nframework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n";

fn programme() -> Folder {
    let folder = Folder::new();
    folder.write("soc2.toml", TOML);
    folder
}

fn check(folder: &Folder, format: &str) -> String {
    let ran = folder.run(&format!("check --as-of 2026-06-30 --format {format}"));
    assert!(ran.code == 0 || ran.code == 1, "{}", ran.stderr);
    ran.stdout
}

#[test]
fn bombs_and_giants_are_refused_with_clear_words() {
    let folder = programme();
    let bomb: String = std::iter::once("a0: &a0 [x, x]\n".to_owned())
        .chain((1..40).map(|i| format!("a{i}: &a{i} [*a{}, *a{}]\n", i - 1, i - 1)))
        .collect();
    folder.write("controls/bomb.yaml", bomb);
    folder.write("controls/deep.yaml", "[".repeat(200_000));
    folder.write("controls/giant.yaml", "a: b\n".repeat(10_000_000));
    for (name, text) in [
        ("and", format!("{{{{ a{} }}}}", " and a".repeat(100_000))),
        ("elif", format!("{{% if a %}}{}{{% endif %}}", "{% elif a %}".repeat(70_000))),
        ("filter", format!("{{{{ a{} }}}}", "|trim".repeat(150_000))),
        ("loop2", "{% for t in people %}{% if people == people %}x{% endif %}{% endfor %}".to_owned()),
    ] {
        folder.write(
            &format!("policies/{name}.md"),
            format!("---\nid: {name}\ntitle: T\nowner: x\n---\n{text}\n"),
        );
    }
    folder.write(
        "registers/risks.csv",
        format!("{}\n", (0..300_000).map(|i| format!("c{i},")).collect::<String>()),
    );
    folder.write(
        "policies/loop.md",
        "---\nid: loop\ntitle: T\nowner: x\n---\n{% set a = 'aaaa' %}{{ a ~ a }}\n",
    );
    let out = check(&folder, "human");
    for (path, words) in [
        ("controls/bomb.yaml", "is not read"),
        ("controls/deep.yaml", "nested"),
        ("controls/giant.yaml", "50000000 bytes"),
        ("policies/and.md", "is not read"),
        ("policies/elif.md", "is not read"),
        ("policies/filter.md", "is not read"),
        ("registers/risks.csv", "more than 200 columns"),
        ("policies/loop.md", "this is text with variables, not a program"),
    ] {
        assert!(out.contains(path) && out.contains(words), "{path}: {words}\n{out}");
    }
}

#[cfg(unix)]
#[test]
fn links_are_followed_once_and_never_out() {
    use std::os::unix::fs::symlink;
    let folder = programme();
    let secret = Folder::new();
    secret.write("secret.yaml", "id: stolen\ntitle: TOPSECRET\n");
    folder.write(
        "controls/real.yaml",
        "id: real\ntitle: T\ndescription: D\nstatus: draft\ncadence: annual\ncriteria: [CC1.1]\n",
    );
    symlink(secret.path().join("secret.yaml"), folder.path().join("controls/out.yaml")).unwrap();
    symlink("loop.yaml", folder.path().join("controls/loop.yaml")).unwrap();
    symlink("..", folder.path().join("controls/up")).unwrap();
    symlink("/etc", folder.path().join("policies")).unwrap();
    fs::create_dir_all(folder.path().join("registers")).unwrap();
    folder.write(".env", "KEY=TOPSECRET\n").write(".git/config", "TOPSECRET\n");
    symlink("../.env", folder.path().join("registers/roles.csv")).unwrap();
    symlink("../.git/config", folder.path().join("registers/risks.csv")).unwrap();
    symlink("/dev/zero", folder.path().join("controls/.gitignore")).unwrap();
    symlink("people/2026.yaml", folder.path().join("registers/people.yaml")).unwrap();
    folder.write(
        "registers/people/2026.yaml",
        "- { id: ann, name: Ann, kind: employee, employed: [{ from: 2024-01-01 }] }\n",
    );
    let out = check(&folder, "json");
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    let refused: Vec<&str> = report["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|d| d["rule"] == "symlink-refused")
        .map(|d| d["place"]["path"].as_str().unwrap())
        .collect();
    let expected = [
        "controls/.gitignore",
        "controls/loop.yaml",
        "controls/out.yaml",
        "controls/up",
        "policies",
        "registers/risks.csv",
        "registers/roles.csv",
    ];
    assert_eq!(refused, expected);
    assert!(!out.contains("TOPSECRET") && !out.contains("root:"));
    assert_eq!(report["controls"]["draft"], 1);
}

#[cfg(unix)]
#[test]
fn unreadable_files_and_pipes_are_told_and_nothing_hangs() {
    use std::os::unix::fs::PermissionsExt;
    let folder = programme();
    folder.write("controls/locked.yaml", "id: locked\n");
    fs::set_permissions(folder.path().join("controls/locked.yaml"), fs::Permissions::from_mode(0o000))
        .unwrap();
    let made = std::process::Command::new("mkfifo").arg(folder.path().join("controls/pipe.yaml")).status();
    assert!(made.unwrap().success());
    let out = check(&folder, "human");
    assert!(out.contains("controls/pipe.yaml") && out.contains("pipe"), "{out}");
    // Root may read everything; then the file is read.
    assert!(out.contains("controls/locked.yaml"), "{out}");
}

/// Texts that a terminal, GitHub's log, a Markdown renderer or a log viewer would act on.
const EVIL: &str = "evil\\u001b[31m\\u202e\\n::error::pwned\\r\\n<script>alert(1)</script>[x](javascript:alert(1))@everyone|`";

#[test]
fn hostile_text_does_nothing_in_any_format() {
    let folder = programme();
    folder.write(
        "controls/a.yaml",
        format!("id: \"{EVIL}\"\n\"{EVIL}\": x\ntitle: \"{EVIL}\"\nstatus: \"{EVIL}\"\nowner: \"{EVIL}\"\ncriteria: [\"{EVIL}\"]\n"),
    );
    folder.write("controls/b.yaml", "id: b\ntitle: \"raw \u{202e}txet\u{200b} \u{2028}\"\n\u{1b}[2Jkey: 1\n");
    #[cfg(unix)]
    folder.write("controls/n\n::error::x\u{1b}[31m.yaml", "id: c\nowner: nobody\n");
    for format in ["human", "json", "sarif", "github", "markdown"] {
        let out = check(&folder, format);
        for c in ['\u{1b}', '\u{202e}', '\u{200b}', '\u{2028}', '\r'] {
            assert!(!out.contains(c), "{format} holds {c:?}");
        }
        if format == "github" {
            for line in out.lines() {
                let command = line.starts_with("::error file=")
                    || line.starts_with("::warning file=")
                    || line.starts_with("::notice file=")
                    || line.contains(" title=soc2::");
                assert!(command, "{line}");
                assert!(!line.starts_with("::error::"), "{line}");
            }
        } else {
            assert!(!out.lines().any(|line| line.trim_start().starts_with("::")), "{format}:\n{out}");
        }
        if format == "markdown" {
            assert!(
                !out.contains("<script>") && !out.contains("](javascript") && !out.contains("@everyone"),
                "{out}"
            );
        }
    }
}

#[test]
fn commands_to_a_workflow_runner_are_broken() {
    let folder = programme();
    folder.write(
        "controls/a.yaml",
        "id: a\ntitle: T\ndescription: D\nstatus: \"##[add-mask]x\"\ncriteria: [\"##vso[task]\"]\n",
    );
    for format in ["human", "json", "sarif", "github", "markdown"] {
        let out = check(&folder, format);
        assert!(!out.contains("##[") && !out.contains("##vso["), "{format}:\n{out}");
    }
    let report: serde_json::Value = serde_json::from_str(&check(&folder, "json")).unwrap();
    assert!(report["diagnostics"].to_string().contains("##[add-mask]"), "JSON keeps the text");
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link() {
    use std::os::unix::fs::symlink;
    let folder = programme();
    folder.write("victim.txt", "mine");
    symlink("victim.txt", folder.path().join("out.json")).unwrap();
    assert!(folder.run("check --as-of 2026-06-30 --format json=out.json").code < 2);
    assert_eq!(folder.read("victim.txt"), "mine");
    let init = Folder::new();
    let outside = Folder::new();
    symlink(outside.path(), init.path().join("controls")).unwrap();
    assert_eq!(init.run_args(&["init", ".", "--name", "A"]).code, 0);
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0, "init wrote through a link");
}

/// The diagnostics of a rule: path, line and message.
fn told(folder: &Folder, rule: &str) -> Vec<(String, u64, String)> {
    let report: serde_json::Value = serde_json::from_str(&check(folder, "json")).unwrap();
    let all = report["diagnostics"].as_array().unwrap().iter().filter(|d| d["rule"] == rule);
    all.map(|d| {
        let place = &d["place"];
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        (text(&place["path"]), place["line"].as_u64().unwrap(), text(&d["message"]))
    })
    .collect()
}

const EXCEPTION: &str = "- { id: EX-1, control: access-review, slot: 2026-Q1, found: { by: ann, on: 2026-04-02 }, cause: C, effect: E }\n";

/// A programme in a git work tree, all of it tracked.
fn tracked(prefix: &str) -> Repo {
    let repo = Repo::new();
    repo.write(&format!("{prefix}soc2.toml"), TOML);
    repo.write(&format!("{prefix}registers/exceptions.yaml"), EXCEPTION);
    repo.commit("2026-04-10T12:00:00Z", ALICE, "Start");
    repo
}

#[test]
fn a_tracked_file_does_not_vanish_by_gitignore() {
    for (at, patterns) in
        [(".gitignore", "registers/\n"), ("registers/.gitignore", "/exceptions.*\r\n"), (".gitignore", "*\n")]
    {
        let repo = tracked("");
        let before = check(repo.folder(), "json");
        assert!(before.contains("EX-1") || before.contains("registers/exceptions.yaml"), "{before}");
        repo.write(at, patterns);
        assert_eq!(check(repo.folder(), "json"), before, "{patterns}");
    }
}

/// Where git knows nothing, nothing is tracked and nothing ignored.
#[test]
fn without_git_no_gitignore_counts() {
    let folder = programme();
    folder.write("registers/exceptions.yaml", EXCEPTION).write("controls/a.yaml", "id: [");
    let before = check(&folder, "json");
    folder.write(".gitignore", "*\n");
    assert_eq!(check(&folder, "json"), before);
}

#[test]
fn what_git_will_never_hold_is_told_and_left_out() {
    for (at, patterns, expected) in [
        (".gitignore", "# ours\n*.log\ncontrols/new.yaml\n", (".gitignore", 3, ".gitignore:3")),
        (".gitignore", "controls/\n", (".gitignore", 1, ".gitignore:1")),
        ("controls/.gitignore", "/new.*\r\n", ("controls/.gitignore", 1, "controls/.gitignore:1")),
        (".gitignore", "*.yaml\n!*.yaml\n*.yaml  \n", (".gitignore", 3, ".gitignore:3")),
    ] {
        let repo = tracked("");
        repo.write("controls/new.yaml", "id: [");
        assert_eq!(told(repo.folder(), "invalid-yaml").len(), 1);
        repo.write(at, patterns);
        let (path, line, pattern) = expected;
        let message = format!("`controls/new.yaml` is kept out of git by `{pattern}` and not judged");
        assert_eq!(told(repo.folder(), "file-ignored"), [(path.to_owned(), line, message)], "{patterns}");
        assert_eq!(told(repo.folder(), "invalid-yaml"), []);
        // Just what a clone would say, but for what is told.
        let ran = repo.folder().run("check --as-of 2026-06-30 -v");
        assert!(
            ran.stdout.contains("warn[file-ignored]") && ran.stdout.contains("git add -f"),
            "{}",
            ran.stdout
        );
        repo.git(&["add", "--force", "controls/new.yaml"]);
        assert_eq!(told(repo.folder(), "invalid-yaml").len(), 1, "tracked, so it counts");
        assert_eq!(told(repo.folder(), "file-ignored"), []);
    }
}

#[test]
fn a_gitignore_above_the_programme_is_told_at_its_root_file() {
    let repo = tracked("a/soc2/");
    repo.write("a/soc2/controls/one.yaml", "id: one\n").write(".gitignore", "x\na/soc2\n");
    let ran = repo.folder().run("check -C a/soc2 --as-of 2026-06-30 --format json");
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let all = report["diagnostics"].as_array().unwrap();
    let told: Vec<_> = all.iter().filter(|d| d["rule"] == "file-ignored").collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["place"]["path"], "soc2.toml");
    assert_eq!(
        told[0]["message"],
        "`controls/one.yaml` is kept out of git by `../../.gitignore:2` and not judged"
    );
}

/// A programme that git knows nothing of is judged as it lies there.
#[test]
fn a_programme_that_is_ignored_whole_is_judged() {
    let repo = Repo::new();
    repo.write(".gitignore", "scratch/\n").write("scratch/soc2.toml", TOML);
    repo.write("scratch/controls/a.yaml", "id: [");
    let ran = repo.folder().run("check -C scratch --as-of 2026-06-30");
    assert!(ran.stdout.contains("invalid-yaml"), "{}", ran.stdout);
    assert!(ran.stdout.contains("the programme is kept out of git by `../.gitignore:1`"), "{}", ran.stdout);
}

#[test]
fn hidden_files_are_told_up_to_a_count_and_litter_is_not() {
    let repo = tracked("");
    let folder = repo.folder();
    folder.write(".gitignore", "evidence/\n*.swp\n.#*\n*~\n.DS_Store\nREADME.md\nnote.txt\n");
    for n in 0..53 {
        folder.write(&format!("evidence/one/s{n:02}/users.csv"), "a\n");
    }
    for litter in ["controls/.a.yaml.swp", "controls/a.yaml~", "policies/.DS_Store", "policies/README.md"] {
        folder.write(litter, "x\n");
    }
    folder.write("note.txt", "x\n").write("src/a.swp", "x\n").write("registers/.#risks.yaml", "x\n");
    let told = told(folder, "file-ignored");
    assert_eq!(told.len(), 51, "{told:?}");
    assert!(told.iter().all(|(path, line, _)| path == ".gitignore" && *line == 1), "{told:?}");
    let last = "3 more files of `evidence/` are kept out of git by `.gitignore` and not judged";
    assert_eq!(told.iter().filter(|(_, _, message)| message == last).count(), 1, "{told:?}");
}

#[test]
fn too_many_patterns_hide_nothing_and_are_told() {
    let pattern = "*a*b*c*d*\n";
    for (files, lines, why) in [(1, 7_000, "one file"), (30, 100, "patterns"), (201, 1, "files")] {
        let repo = tracked("");
        let folder = repo.folder();
        for n in 0..files {
            folder.write(
                &format!("controls/d{n:03}/.gitignore"),
                format!("*.yaml\n{}", pattern.repeat(lines - 1)),
            );
        }
        let last = files - 1;
        folder.write(&format!("controls/d{last:03}/one.yaml"), "id: one\n");
        let told_large = told(folder, "input-too-large");
        assert_eq!(told_large.len(), 1, "{why}: {told_large:?}");
        assert!(told_large[0].2.contains("is too large to be applied"), "{why}: {told_large:?}");
        assert_eq!(told(folder, "file-ignored"), [], "{why}");
        assert_eq!(told(folder, "missing-key").len().min(1), 1, "{why}: the control is judged");
    }
}
