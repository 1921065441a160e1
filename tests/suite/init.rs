//! `soc2 init`: from an empty folder to a programme without faults.

use crate::support::{Folder, ran, soc2};

const ACME: &[&str] = &[
    "init",
    "acme",
    "--name",
    "Acme, Inc.",
    "--categories",
    "security,availability",
    "--type",
    "type2",
    "--from",
    "2026-01-01",
    "--to",
    "2026-12-31",
];

#[test]
fn works_without_a_terminal_and_covers_nothing() {
    let folder = Folder::new();
    let ran = folder.run_args(ACME);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stdout);
    let check = folder.run("check -C acme --as-of 2026-06-30");
    assert_eq!(check.code, 0, "{}", check.stdout);
    assert!(check.stdout.contains("no faults"), "{}", check.stdout);
    assert!(check.stdout.contains("36 criteria in scope: 0 covered, 36 planned-only"), "{}", check.stdout);
    assert!(check.stdout.lines().count() <= 30, "{}", check.stdout);
    assert_eq!(folder.run("check -C acme --as-of 2026-06-30 --strict").code, 1);
}

#[test]
fn one_control_in_place_covers_exactly_its_criteria() {
    let folder = Folder::new();
    folder.run_args(ACME);
    let control = "acme/controls/iam/iam-access-review.yaml";
    folder.edit(control, "owner: security-lead", "owner: ann");
    folder.edit(control, "status: draft", "status: implemented\neffective_from: 2026-01-01");
    let people = folder.read("acme/registers/people.yaml");
    folder.write(
        "acme/registers/people.yaml",
        format!(
            "{people}\n- {{ id: ann, name: Ann Lee, kind: employee, employed: [{{ from: 2025-01-01 }}] }}\n"
        ),
    );
    let check = folder.run("check -C acme --as-of 2026-06-30 --format json");
    assert_eq!(check.code, 0, "{}", check.stdout);
    let report: serde_json::Value = serde_json::from_str(&check.stdout).unwrap();
    let criteria = report["audits"][0]["criteria"].as_array().unwrap();
    let covered: Vec<&str> =
        criteria.iter().filter(|c| c["coverage"] == "covered").map(|c| c["id"].as_str().unwrap()).collect();
    assert_eq!(covered, ["CC6.1", "CC6.2", "CC6.3"]);
}

#[test]
fn never_overwrites() {
    let folder = Folder::new();
    folder.write("acme/soc2.toml", "# mine\n").write("acme/registers/people.yaml", "# mine too\n");
    let refused = folder.run_args(ACME);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("soc2 init --add"), "{}", refused.stderr);
    assert!(!folder.path().join("acme/controls").exists());
    let add = [ACME, &["--add"]].concat();
    let ran = folder.run_args(&add);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(folder.read("acme/soc2.toml"), "# mine\n");
    assert_eq!(folder.read("acme/registers/people.yaml"), "# mine too\n");
    assert!(
        ran.stdout.contains("Left alone, because they exist: soc2.toml, registers/people.yaml"),
        "{}",
        ran.stdout
    );
    let again = folder.run_args(&add);
    assert!(again.stdout.contains("0 controls"), "{}", again.stdout);
}

#[test]
fn what_is_added_fits_the_programme_that_is_there() {
    let folder = Folder::new();
    let ann = ["--security-lead", "Ann Lee <ann@acme.com>", "--approver", "Raj Rao <raj@acme.com>"];
    let first = folder.run_args(&[ACME, &ann].concat());
    assert!(first.stdout.contains("; and holders of engineering-lead, hr-lead to"), "{}", first.stdout);
    let control = "controls/avl/avl-backup.yaml";
    let policy = "policies/access-control.md";
    for path in [control, policy] {
        std::fs::remove_file(folder.path().join("acme").join(path)).unwrap();
    }
    let added = folder.run("init acme --add").stdout;
    // The categories are those of the programme, the vacancies too; what was decided before is not asked again.
    assert!(added.contains("Wrote acme/: 1 control and 1 policy, all drafts;"), "{added}");
    assert!(folder.path().join("acme").join(control).exists(), "{added}");
    assert!(
        added.contains("Next  1 add holders of engineering-lead, hr-lead to registers/roles.yaml\n"),
        "{added}"
    );
    assert!(!added.contains("security-lead") && !added.contains("add your people"), "{added}");
    let marked = |text: &str| {
        let words = text.split("read the policies: ").nth(1).unwrap_or("").split(' ').next().unwrap_or("");
        words.parse::<usize>().unwrap_or_default()
    };
    assert_eq!(marked(&added), marked(&first.stdout), "{added}");
}

#[test]
fn a_programme_in_a_subfolder_puts_the_workflow_at_the_git_root() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path().join(".git")).unwrap();
    let ran = folder.run_args(ACME);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let workflow = folder.read(".github/workflows/soc2.yml");
    assert!(workflow.contains("soc2 check -C \"acme\" --base --format github"), "{workflow}");
    let due = folder.read(".github/workflows/soc2-due.yml");
    assert!(due.contains("soc2 due -C \"acme\" --format markdown"), "{due}");
    assert!(folder.read(".github/CODEOWNERS").contains("/acme/soc2.toml"));
    assert!(!folder.path().join("acme/.github").exists());
    assert!(!folder.path().join("acme/.git").exists());
}

/// Other people's actions are pinned by commit, tokens have the least rights, and a shell reads no expression.
#[test]
fn workflows_are_careful() {
    let folder = Folder::new();
    folder.run_args(ACME);
    for (name, writes) in [("soc2.yml", &[][..]), ("soc2-due.yml", &["issues: write"])] {
        let text = folder.read(&format!("acme/.github/workflows/{name}"));
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
        for line in lines.iter().filter(|line| line.contains("uses:")) {
            let pin = line.split('@').nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
            assert!(pin.len() == 40 && pin.bytes().all(|b| b.is_ascii_hexdigit()), "{name}: {line}");
        }
        let given: Vec<&str> =
            lines.iter().map(|line| line.trim()).filter(|l| l.ends_with(": write")).collect();
        assert_eq!(given, writes, "{name}");
        for line in lines.iter().filter(|line| line.contains("${{")) {
            assert!(line.contains("GH_TOKEN: ") || line.contains("GH_REPO: "), "{name}: {line}");
        }
        for place in
            ["FOLDER", "\"VERSION\"", "\"vVERSION\"", "\"REPOSITORY\"", "INSTALL\n", "SOURCE\n", "FEATURES"]
        {
            assert!(!text.contains(place), "{name}: {place}");
        }
        assert!(!text.contains("pull_request_target"), "{name}");
    }
}

#[test]
fn a_programme_inside_a_programme_is_refused() {
    let folder = Folder::new();
    folder.run_args(ACME);
    let ran = folder.run_args(&["init", "acme/registers/other", "--name", "B"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("holds a programme already"), "{}", ran.stderr);
    assert!(!folder.path().join("acme/registers/other").exists());
}

#[test]
fn a_misspelt_folder_is_told() {
    let folder = Folder::new();
    folder.run_args(ACME);
    std::fs::rename(folder.path().join("acme/controls"), folder.path().join("acme/control")).unwrap();
    let check = folder.run("check -C acme --as-of 2026-06-30");
    assert_eq!(check.code, 1);
    assert!(check.stdout.contains("did you mean `controls/`?"), "{}", check.stdout);
}

#[test]
fn bad_answers_are_told_before_anything_is_written() {
    for (args, hint) in [
        (vec!["init", "x"], "--name"),
        (vec!["init", "x", "--name", "A", "--categories", "securty"], "categories are"),
        (vec!["init", "x", "--name", "A", "--type", "type2"], "--from 2026-01-01"),
        (vec!["init", "x", "--name", "A", "--from", "2026-02-01", "--to", "2026-01-01"], "ends before"),
        (vec!["init", "x", "--name", "A", "--staff", "twelve"], "whole number above 0"),
        (vec!["init", "x", "--name", "A", "--timezone", "Mars/Olympus"], "IANA"),
        (vec!["init", "x", "--name", "A", "--security-lead", "Ann"], "Ann Lee <ann@acme.com>"),
        (
            vec!["init", "x", "--name", "A", "--security-lead", "A <a@b.c>", "--approver", "B <A@b.c>"],
            "another person",
        ),
    ] {
        let folder = Folder::new();
        let ran = folder.run_args(&args);
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.stdout);
        assert!(ran.stderr.contains(hint), "{args:?}: {}", ran.stderr);
        assert!(!folder.path().join("x").exists(), "{args:?} left files");
    }
}

#[test]
fn starts_a_git_repository_only_outside_one() {
    let folder = Folder::new();
    let mut command = soc2();
    command.current_dir(folder.path()).env("HOME", folder.path()).args(ACME);
    assert_eq!(ran(command).code, 0);
    assert!(folder.path().join("acme/.git").exists());
}
