//! Other tools' folders taken over by the real program: what is written, what is told, what stays as it was.

use std::fs;
use std::path::Path;

use crate::repository::{ALICE, Repo};
use crate::support::{Folder, Ran};

/// A small repository as comply keeps them.
fn comply() -> Folder {
    let folder = Folder::new();
    folder
        .write("c/comply.yml", "name: \"Bright Ltd\"\nfilePrefix: BL\ntickets:\n  github:\n    token: t0ken\n")
        .write(
            "c/policies/backup.md",
            "name: Backup Policy\nacronym: BP\nsatisfies:\n  TSC:\n    - A1.2\n    - CC9.9\nmajorRevisions:\n  - date: Jun 1 2018\n\
             \x20   comment: First\n---\n# Purpose\n\na. {{.Name}} keeps copies.\n\na. *Daily:*\n\n    i. one\n\n# Rules\n\nStaff copy.\n",
        )
        .write("c/policies/keys.md", "name: Key Policy\nsatisfies:\n  TSC: [cc6_1]\n---\n# Keys\n\n{{ range .X }}\n\n{{ end }}\n")
        .write("c/narratives/system.md", "---\nname: System Narrative\nsatisfies:\n  TSC: [CC2.1]\n---\n# System\n\nWhat it is.\n")
        .write("c/procedures/patch.md", "id: patch\nname: Apply patches\ncron: \"0 0 0 15 * *\"\n---\n- [ ] do it\n")
        .write("c/standards/TSC.yml", "name: TSC\nCC6.1:\n  family: CC6\n  name: Logical\n  description: Wording of another\n")
        .write("c/templates/default.latex", "x")
        .write("c/policies/README.md", "x");
    folder
}

/// Every file below a folder with its bytes.
fn tree(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut out = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(&at).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                open.push(entry.path());
            } else {
                let name = entry.path().strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                out.push((name, fs::read(entry.path()).unwrap_or_default()));
            }
        }
    }
    out.sort();
    out
}

fn done(ran: &Ran) -> &str {
    assert_eq!((ran.code, &*ran.stderr), (0, ""), "{}", ran.stdout);
    &ran.stdout
}

fn has(text: &str, words: &str) {
    assert!(text.contains(words), "no `{words}` in:\n{text}");
}

#[test]
fn a_comply_repository_runs_through_to_a_bundle() {
    let source = comply();
    let repo = Repo::new();
    let from = source.path().join("c").to_string_lossy().into_owned();
    let ran = repo.folder().run_args(&["import", "comply", &from, "--into", "."]);
    let told = done(&ran);
    has(told, "2 policies, 1 procedure, 1 narrative, 5 draft controls, 16 registers");
    has(
        told,
        "`CC9.9` is no criterion of SOC 2: it is kept, and `soc2 check` names it\n    policies/backup.md:6\n",
    );
    has(told, "the ticket system is left");
    has(
        told,
        "the schedule `0 0 0 15 * *` becomes the cadence `monthly` of a draft control that names no criterion yet",
    );
    has(&repo.folder().read("controls/comply/patch.yaml"), "cadence: monthly\nprocedures: [patch]\n");
    let all = tree(repo.path());
    let held = all.iter().filter(|(path, _)| !path.starts_with(".git/"));
    let held: String = held.map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned()).collect();
    assert!(
        !held.contains("t0ken") && !held.contains("Wording of another") && !held.contains("\napprovals:")
    );

    let check = repo.folder().run("check --as-of 2026-11-22 -q");
    assert_eq!(check.code, 1, "{}", check.stdout);
    has(&check.stdout, "deny[unknown-criterion]: `CC9.9` is not a criterion");
    has(&check.stdout, "controls/comply/backup-cc9.yaml:9:5");
    has(&check.stdout, "CC9.9   # policies/backup.md:6");
    has(&check.stdout, "did you mean `CC9.");
    has(&check.stdout, "deny[placeholder-left]: the placeholder `[replace the template code of line 7]`");
    has(&check.stdout, "0 covered");
    assert_eq!(check.stdout.matches("deny[").count(), 3, "{}", check.stdout);

    let shown = repo.folder().run("render --drafts --to md --out out --as-of 2026-11-22");
    assert_eq!(shown.code, 0, "{shown:?}");
    let text = repo.folder().read("out/md/policies/backup.md");
    has(&text, "Bright Ltd keeps copies.");
    has(&text, "DRAFT");
    fs::remove_dir_all(repo.path().join("out")).unwrap();

    repo.commit("2026-11-22T10:00:00Z", ALICE, "taken over");
    let bundle = repo.folder().run("bundle --despite-diagnostics --as-of 2026-11-22 --out b.zip");
    assert_eq!(bundle.code, 0, "{bundle:?}");
    assert_eq!(repo.folder().run("verify b.zip").code, 0);
}

#[test]
fn a_second_run_changes_nothing_and_nothing_is_overwritten() {
    let folder = comply();
    done(&folder.run("import comply c --into x/y"));
    let first = tree(&folder.path().join("x"));
    has(done(&folder.run("import comply c --into x/y")), "Nothing to write to x/y/\n");
    has(done(&folder.run("-C x/y import comply c")), "Nothing to write to x/y/\n");
    assert_eq!(tree(&folder.path().join("x")), first);

    folder.edit("x/y/policies/backup.md", "Staff copy.", "Staff copy daily.");
    fs::rename(folder.path().join("x/y/policies/keys.md"), folder.path().join("x/y/policies/other.md"))
        .unwrap();
    fs::remove_file(folder.path().join("x/y/procedures/patch.md")).unwrap();
    let before = tree(&folder.path().join("x"));
    let ran = folder.run("import comply c --into x/y --report r.md");
    let told = done(&ran);
    has(told, "Wrote to x/y/: 1 procedure\n");
    has(told, "`policies/backup.md` is left as it is: it was changed since, or is another's");
    has(told, "`policies/keys.md` is left as it is: the id is taken in `policies/other.md`");
    has(&folder.read("r.md"), "policies/backup.md:6");
    let after = tree(&folder.path().join("x"));
    assert_eq!(after.iter().filter(|one| !before.contains(one)).count(), 1);
    assert!(before.iter().all(|one| after.contains(one)));
    assert_eq!(folder.run("import comply c --into x/y --report c/comply.yml").code, 2);
}

#[test]
fn a_dry_run_shows_the_files_and_writes_none() {
    let folder = comply();
    let ran = folder.run("import comply c --into x --dry-run");
    let told = done(&ran);
    has(told, "Would write to x/: 2 policies");
    has(told, "  policies/backup.md  from policies/backup.md\n");
    assert!(!folder.path().join("x").exists());
}

#[test]
fn what_cannot_be_read_stops_the_import_with_its_place_and_leaves_nothing() {
    let large = "a".repeat((1 << 20) + 1);
    for (path, bytes, place) in [
        ("c/policies/odd.md", &b"name: [a\n---\nx\n"[..], "policies/odd.md:1"),
        ("c/policies/odd.md", b"name: a\n---\nx\n\xfcber\n", "policies/odd.md:4: is not UTF-8"),
        ("c/policies/odd.md", b"PK\x03\x04\x00\x00", "policies/odd.md:1: is no text"),
        ("c/policies/odd.md", large.as_bytes(), "policies/odd.md: is larger than 1 MiB"),
        (
            "c/policies/Backup.md",
            b"name: a\n---\nx\n",
            "would be the policy `backup`, which `policies/Backup.md` is already",
        ),
        ("c/policies/odd.md", b"a: &x 1\nb: *x\n---\nx\n", "policies/odd.md:1"),
        ("c/comply.yml", b"name: a\nname: b\n", "comply.yml:2"),
    ] {
        let folder = comply();
        folder.write(path, bytes);
        let ran = folder.run("import comply c --into x");
        assert_eq!(ran.code, 2, "{place}: {ran:?}");
        has(&ran.stderr, place);
        has(&ran.stderr, "nothing was written");
        assert!(!folder.path().join("x").exists(), "{place}");
        if path.contains("odd") {
            has(done(&folder.run("import comply c --into x --skip-unreadable")), "2 policies");
        }
    }
    let folder = comply();
    folder
        .write("c.zip", "PK")
        .write("empty/a.txt", "x")
        .write("bare/comply.yml", "name: \"Bright Ltd\"\n")
        .write("word/Access.docx", "x");
    for (words, why) in [
        ("import comply c.zip --into x", "is not a folder"),
        (
            "import comply empty --into x",
            "  a.txt: is no document of a comply repository\n  hint: nothing else in the folder can be taken",
        ),
        ("import comply empty --into x --skip-unreadable --name B", "this is no comply repository"),
        (
            "import comply bare --into x",
            "has no policies/, procedures/ or narratives/ with Markdown beside it",
        ),
        ("import jupiterone empty --into x", "config.json: is not there, nor is a standard of SOC 2"),
        ("import policies empty --into x --name B", "holds no Markdown and no HTML"),
        ("import policies word --into x --name B", "\n  Access.docx: is not read: save it as HTML"),
        ("import comply c", "no `soc2.toml`"),
        ("import comply c --into c", "has a folder"),
        ("import comply c --into x --owner Lead", "is no role's id"),
        ("import comply nowhere --into x", "cannot use"),
        ("import policies c/policies --into x", "the organization has no name"),
    ] {
        let ran = folder.run(words);
        assert_eq!(ran.code, 2, "{words}: {ran:?}");
        has(&ran.stderr, why);
        assert!(!folder.path().join("x").exists(), "{words}");
    }
}

#[test]
fn files_of_policies_become_drafts_and_links_are_not_followed() {
    let folder = Folder::new();
    let wide: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain("# Wide\n\nText.\n".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    folder
        .write("p/HR/Acceptable Use.md", "# Acceptable Use\n\nStaff lock ![s](s.png) screens. `${{ x }}`\r\n")
        .write("p/HR/s.png", [0x89, b'P'])
        .write(
            "p/Keys.html",
            "<html><script>evil()</script><h1>Keys</h1><ol type=a><li>Short<li>Long</ol></html>",
        )
        .write("p/wide.md", wide)
        .write("p/old.docx", "x")
        .write("secret.md", "# Secret\n");
    #[cfg(unix)]
    std::os::unix::fs::symlink("../secret.md", folder.path().join("p/link.md")).unwrap();
    let ran = folder.run_args(&["import", "policies", "p", "--into", "x", "--name", "Bright Ltd"]);
    let told = done(&ran);
    has(told, "3 policies, 16 registers, 3 other files");
    has(told, "save it as HTML");
    has(told, "it was UTF-16");
    #[cfg(unix)]
    has(told, "links are not followed\n    link.md\n");
    assert!(!folder.path().join("x/policies/link.md").exists() && !told.contains("Secret"));
    has(&folder.read("x/policies/keys.md"), "# Keys\n\n- a. Short\n- b. Long\n");
    has(&folder.read("x/policies/HR/acceptable-use.md"), "`${{ \"{{\" }} x }}`\n");
    assert_eq!(fs::read(folder.path().join("x/policies/HR/s.png")).unwrap(), [0x89, b'P']);
    let check = folder.run("-C x check --as-of 2026-11-22");
    assert!(!check.stdout.contains("deny["), "{}", check.stdout);
    folder.write("x/registers/roles.yaml", "- { id: lead, held: [] }\n");
    let other = folder.run("import policies p --into x");
    assert_eq!(other.code, 2);
    has(
        &other.stderr,
        "there is no role `security-lead` in this programme\n  hint: name who answers for what is taken over: --owner lead",
    );
    // Of the programme's own folder nothing is taken.
    let own = folder.run("-C x import policies x/policies --owner lead");
    assert_eq!(own.code, 2, "{own:?}");
}

#[test]
fn a_policy_builders_folder_brings_its_variables() {
    let folder = Folder::new();
    folder
        .write(
            "j/templates/config.json",
            "{\"organization\": {\"companyFullName\": \"Bright Ltd\", \"companyShortName\": \"Bright\", \"ticketingSystem\": \"\"},\n\
             \"policies\": [{\"id\": \"access\", \"file\": \"policies/access.md\", \"name\": \"Access\", \"procedures\": [\"cp-mfa\"]}],\n\
             \"procedures\": [{\"id\": \"cp-mfa\", \"file\": \"procedures/cp-mfa.md\", \"name\": \"MFA\", \"provider\": \"Okta\"}]}",
        )
        .write("j/templates/policies/access.md.tmpl", "# Access\n\n{{companyShortName}} logs work in {{ticketingSystem}}.\n")
        .write("j/templates/procedures/cp-mfa.md.tmpl", "### MFA\n\n{{#needIt}}\nNeeded.\n{{/needIt}}\n{{provider}} asks.\n")
        .write(
            "j/templates/standards/soc2.json",
            "{\"standard\": \"SOC 2\", \"domains\": [{\"title\": \"x\", \"controls\": [{\"ref\": \"CC6.1\", \"title\": \"t\", \
             \"summary\": \"Their wording\", \"mappedControls\": [\"cp-mfa\"]}]}]}",
        );
    done(&folder.run("import jupiterone j --into x"));
    let root = folder.read("x/soc2.toml");
    has(&root, "name = \"Bright Ltd\"");
    has(&root, "company_short_name = \"Bright\"\n");
    has(&root, "need_it = false\n");
    let check = folder.run("-C x check --as-of 2026-11-22");
    has(&check.stdout, "the placeholder `[specify the ticketing system]`");
    assert_eq!(check.stdout.matches("deny[").count(), 1, "{}", check.stdout);
    assert!(
        tree(&folder.path().join("x"))
            .iter()
            .all(|(_, bytes)| !String::from_utf8_lossy(bytes).contains("Their wording"))
    );

    // A programme that is there is told which variables it lacks, and its root file stays.
    folder.write("p/a.md", "# A\n\nx\n");
    done(&folder.run_args(&["import", "policies", "p", "--into", "z", "--name", "Bright Ltd"]));
    let before = folder.read("z/soc2.toml");
    let ran = folder.run("-C z import jupiterone j");
    has(
        done(&ran),
        "Add below its [variables]:\n\n# from templates/config.json:1\ncompany_short_name = \"Bright\"\n",
    );
    assert_eq!(folder.read("z/soc2.toml"), before);
}

#[test]
fn a_folder_of_evidence_counts_for_nothing_until_it_is_completed() {
    let folder = Folder::new();
    folder.write("p/a.md", "# A\n\nx\n");
    done(&folder.run_args(&["import", "policies", "p", "--into", ".", "--name", "Bright Ltd"]));
    folder.write(
        "controls/access.yaml",
        "id: access\ntitle: t\ndescription: d\nowner: security-lead\nstatus: draft\ncriteria: [CC6.1]\n",
    );
    folder
        .write("old/Q1 users.csv", "login\na\n")
        .write("old/2026 Q2/users.csv", "login\nb\n")
        .write("old/2026 Q2/more/notes.txt", "x");
    let words = "import evidence old --control access --kind system-report";
    assert_eq!(folder.run("import evidence old --control acess --kind system-report").code, 2);
    has(done(&folder.run(&format!("{words} --dry-run"))), "Would write 2 manifests for 3 files\n");
    assert!(!folder.path().join("evidence").exists());
    has(done(&folder.run(words)), "Wrote 2 manifests for 3 files\nThey count for nothing");
    has(&folder.read("evidence/access/q1-users/manifest.yaml"), "# performed: { on: DATE, by: PERSON }\n");
    has(&folder.read("evidence/access/2026-q2/manifest.yaml"), "  - path: more/notes.txt\n");
    let check = folder.run("check --as-of 2026-11-22");
    assert_eq!(check.stdout.matches("deny[").count(), 2, "{}", check.stdout);
    assert_eq!(check.stdout.matches("deny[evidence-without-performance]").count(), 2, "{}", check.stdout);
    let before = tree(&folder.path().join("evidence"));
    has(done(&folder.run(words)), "Wrote 0 manifests for 0 files; 2 pieces recorded already\n");
    assert_eq!(tree(&folder.path().join("evidence")), before);

    folder.write("old/empty.csv", "");
    let ran = folder.run(words);
    assert_eq!(ran.code, 2);
    has(&ran.stderr, "is empty");
    has(done(&folder.run(&format!("{words} --skip-unreadable"))), "left: empty.csv");
    assert_eq!(tree(&folder.path().join("evidence")), before);
}
