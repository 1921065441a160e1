//! What a change or a file of somebody else's tries: it is refused or told, at once.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::bundle::{packed, repository};
use crate::capture::audited;
use crate::evidence::{good, programme};
use crate::standin::with_stand_ins;
use crate::support::{Folder, Ran};
use crate::world::World;

#[test]
fn a_manifest_brings_no_recipe_of_other_controls() {
    let folder = audited();
    folder.write("evidence/iam-access-review/brought/settings.json", "[]\n").write(
        "evidence/iam-access-review/brought/manifest.yaml",
        "title: Settings\ncontrols: [iam-access-review]\nkind: config-export\nperformed: { on: 2015-03-20, by: alice }\n\
         artifacts:\n  - path: settings.json\n    system: github\n    \
         sha256: \"37517e5f3dc66819f61f5a7bb8ace1921282415f10551d2defa5c3eb0985b570\"\n    \
         capture: { recipe: github-organization, command: [gh], started: 2015-03-20T10:00:00Z, ended: 2015-03-20T10:00:00Z, exit: 0 }\n",
    );
    let due = "evidence capture --due --days 120 --yes --by alice --set org=acme";
    let brought = with_stand_ins(&folder, due);
    assert_eq!(brought.code, 1, "{}{}", brought.stdout, brought.stderr);
    assert!(
        brought.stderr.contains("`github-organization` for `iam-access-review` was not run: the recipe is for other controls, so with --yes it needs --control iam-access-review"),
        "{}",
        brought.stderr
    );
    assert!(!brought.stdout.contains("Wrote"), "{}", brought.stdout);
    let asked = with_stand_ins(&folder, &format!("{due} --control iam-access-review"));
    assert!(!asked.stderr.contains("was not run"), "{}", asked.stderr);
    assert!(asked.stderr.contains("gh api orgs/acme"), "{}", asked.stderr);
}

/// Runs for at most a while.
#[cfg(unix)]
fn at_once(folder: &Folder, words: &str) -> Ran {
    let began = Instant::now();
    let mut command = Command::new("timeout");
    command.args(["20", env!("CARGO_BIN_EXE_soc2")]).args(words.split(' ')).current_dir(folder.path());
    let ran = crate::support::ran(command);
    assert!(began.elapsed() < Duration::from_secs(20), "`{words}` hangs: {ran:?}");
    ran
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_no_archives() {
    let folder = Folder::new();
    let pipe = |name: &str| {
        assert!(Command::new("mkfifo").arg(folder.path().join(name)).status().unwrap().success());
    };
    pipe("pipe.zip");
    for name in ["pipe.zip", "/dev/zero", "."] {
        let ran = at_once(&folder, &format!("verify {name}"));
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.stderr.contains(&format!("`{name}` is no plain file")), "{}", ran.stderr);
    }
    let repo = repository(&World::over("2026-01-01", "2026-12-31").control("c", ""));
    let archive = packed(repo.path(), &folder, "bundle --audit audit --as-of 2026-07-20");
    let name = archive.file_name().unwrap().to_str().unwrap();
    pipe(&format!("{name}.sig"));
    let ran = at_once(&folder, &format!("verify {name}"));
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stdout.contains("it is no plain file"), "{}", ran.stdout);
}

#[test]
fn a_long_name_is_imported_as_it_is() {
    let folder = programme();
    let control =
        "id: access\ntitle: t\ndescription: d\nowner: security-lead\nstatus: draft\ncriteria: [CC6.1]\n";
    folder.write("controls/access.yaml", control);
    let (long, wide) = (format!("{}.txt", "a".repeat(246)), format!("{}.txt", "ü".repeat(120)));
    folder
        .write(&format!("old/one/{long}"), "x")
        .write(&format!("old/two/{wide}"), "y")
        .write("old/b.txt", "z");
    let ran = folder.run("import evidence old --control access --kind system-report");
    good(&ran);
    assert!(ran.stdout.contains("Wrote 3 manifests for 3 files"), "{}{}", ran.stdout, ran.stderr);
    for (piece, name) in [("one", &long), ("two", &wide)] {
        let manifest = folder.read(&format!("evidence/access/{piece}/manifest.yaml"));
        assert!(manifest.contains(name.as_str()), "{manifest}");
    }
}

#[test]
fn marks_within_marks_are_not_read() {
    let folder = programme();
    let head = "---\nid: rules\ntitle: Rules\nowner: security-lead\n---\n";
    for (opener, line) in [("> ", "a\n"), ("- ", "|\n"), ("1. ", "<a\n"), (">", "[a](\n")] {
        let half = 450_000;
        let text = opener.repeat(half / opener.len()) + "a\n" + &line.repeat(half / line.len());
        folder.write("policies/rules.md", format!("{head}{text}"));
        let began = Instant::now();
        let ran = folder.run("check");
        assert!(began.elapsed() < Duration::from_secs(30), "{opener:?} {line:?}: {:?}", began.elapsed());
        assert!(
            ran.stdout.contains("deny[input-too-large]: quotes and lists nested up to"),
            "{}",
            ran.stdout
        );
        assert!(ran.stdout.contains("--> policies/rules.md:6"), "{}", ran.stdout);
    }
}
