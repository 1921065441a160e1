//! `soc2 check` end to end: exit codes, roots, several faults at once, levels and ignores.

use crate::support::Folder;

const AS_OF: &str = "--as-of 2026-06-30";

fn small() -> Folder {
    let folder = Folder::new();
    folder.write(
        "soc2.toml",
        "[organization]\nname = \"Acme\"\n[scope]\nframework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n",
    );
    folder
}

#[test]
fn five_slips_are_told_at_once_with_their_places() {
    let folder = Folder::from_example("acme");
    let before = folder.run(&format!("check {AS_OF} --format json"));
    assert_eq!(before.code, 0, "{}", before.stdout);
    crate::examples::break_five_ways(&folder);
    let ran = folder.run(&format!("check {AS_OF}"));
    assert_eq!(ran.code, 1);
    let faults: Vec<&str> = ran.stdout.lines().filter(|line| line.starts_with("deny[")).collect();
    for rule in ["unknown-criterion", "unknown-owner", "unknown-anchor", "duplicate-key", "artifact-changed"]
    {
        assert!(
            faults.iter().any(|line| line.contains(&format!("deny[{rule}]"))),
            "{rule} is missing:\n{}",
            ran.stdout
        );
    }
    assert_eq!(faults.len(), 5, "{}", ran.stdout);
    let places = ran.stdout.lines().filter(|line| line.trim_start().starts_with("-->")).count();
    assert_eq!(places, 5);
}

#[test]
fn no_root_and_bad_flags_exit_with_2_and_a_hint() {
    let folder = Folder::new();
    for words in ["check", "check -C nowhere", "check --format jsn", "check --as-of 2026-13-01", "chekc"] {
        let ran = folder.run(words);
        assert_eq!(ran.code, 2, "{words}: {}", ran.stdout);
        assert!(!ran.stderr.is_empty() && ran.stdout.is_empty(), "{words}");
    }
    assert!(folder.run("check").stderr.contains("soc2 init"));
    let folder = small();
    let ran = folder.run("check --audit 2026");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("no audit"), "{}", ran.stderr);
}

#[test]
fn broken_content_exits_with_1_and_places() {
    let folder = small();
    folder
        .write("controls/a.yaml", "id: [a\n")
        .write("registers/people.yaml", "x: 1\n")
        .write("policies/p.md", "text\n");
    let ran = folder.run(&format!("check {AS_OF}"));
    assert_eq!(ran.code, 1);
    for place in ["controls/a.yaml:", "registers/people.yaml:1:1", "policies/p.md:1:1"] {
        assert!(ran.stdout.contains(place), "{place}:\n{}", ran.stdout);
    }
}

#[test]
fn the_root_is_found_from_below_and_in_a_larger_repository() {
    let folder = Folder::new();
    folder.write(
        "compliance/soc2.toml",
        "[organization]\nname = \"Acme\"\n[scope]\nframework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n",
    );
    folder.write("compliance/controls/a.yaml", "id: A\n").write("src/controls/b.yaml", "not: ours\n");
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    for words in ["check -C compliance", "check -C compliance/controls"] {
        let ran = folder.run(&format!("{words} {AS_OF} --format github"));
        assert_eq!(ran.code, 1);
        assert!(ran.stdout.contains("file=compliance/controls/a.yaml,line=1"), "{}", ran.stdout);
        assert!(!ran.stdout.contains("b.yaml"));
    }
}

#[test]
fn levels_and_ignores_are_obeyed() {
    let folder = small();
    folder.write(
        "controls/a.yaml",
        "idd: a\nid: a\ntitle: T\ndescription: D\nstatus: draft\ncadence: annual\ncriteria: [CC1.1]\n",
    );
    let check = |folder: &Folder| folder.run(&format!("check {AS_OF}"));
    assert_eq!(check(&folder).code, 1);
    folder.edit("controls/a.yaml", "idd: a\n", "idd: a # soc2: ignore[unknown-key] kept for the old tool\n");
    let ran = check(&folder);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(ran.stdout.contains("comments mute 1"), "{}", ran.stdout);
    folder.edit("controls/a.yaml", " # soc2: ignore[unknown-key] kept for the old tool", "");
    let toml = folder.read("soc2.toml");
    folder.write("soc2.toml", format!("{toml}[check]\nlevels = {{ unknown-key = \"warn\" }}\n"));
    let ran = check(&folder);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(ran.stdout.contains("warn[unknown-key]"), "{}", ran.stdout);
}

#[test]
fn the_same_tree_gives_the_same_bytes() {
    let one = Folder::from_example("acme");
    let two = Folder::from_example("acme");
    let formats = ["human", "json", "sarif", "github", "markdown"];
    for format in formats {
        let words = format!("check {AS_OF} --notes --format {format}");
        let first = one.run(&words);
        let mut command = crate::support::soc2();
        command
            .current_dir(two.path().join("controls"))
            .args(words.split_whitespace())
            .env("TZ", "Pacific/Auckland")
            .env("LANG", "de_DE.UTF-8")
            .env("RAYON_NUM_THREADS", "1");
        let second = crate::support::ran(command);
        assert_eq!(first.stdout, second.stdout, "{format}");
    }
}
