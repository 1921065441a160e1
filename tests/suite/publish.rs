//! `soc2 render`: what is published, from which text, into which files; and what is never touched.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::repository::{ALICE, Repo};
use crate::support::{Folder, Ran, ran, soc2};

const CONFIG: &str = "[organization]\nname = \"Acme, Inc.\"\ntimezone = \"UTC\"\n[system]\nname = \"Acme Cloud\"\n[scope]\n\
                      framework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n[variables]\nlength = 12\n";
const PEOPLE: &str = "- { id: dana, name: Dana Ross, emails: [dana@acme.example], kind: employee, employed: [{ from: 2020-01-01 }] }\n\
                      - { id: alice, name: Alice Norman, emails: [alice@acme.example], kind: employee, employed: [{ from: 2020-01-01 }] }\n";
const ROLES: &str =
    "- { id: security-lead, title: Security lead, held: [{ by: alice, from: 2020-01-01 }] }\n";
const BODY: &str = "# Access Control Policy\n\n<!-- a note to ourselves -->\n{%-- another --%}\nPasswords have {{ length }} characters.\n\n\
                    ## Sign-in {#sign-in}\n\nStaff sign in once. See [offboarding](../procedures/offboarding.md) and [here](#sign-in).\n\
                    <script>alert(1)</script>\n";

fn head(approvals: &str) -> String {
    format!(
        "---\nid: access-control\ntitle: Access Control Policy\nowner: security-lead\nreview: annual\n{approvals}---\n"
    )
}

/// The hash that an approval of the policy's present text holds.
fn hash(folder: &Path) -> String {
    let shown = run(folder, "show access-control --kind policy --format json --as-of 2026-06-30");
    let shown: serde_json::Value = serde_json::from_str(&shown.stdout).unwrap();
    shown["policy"]["text_sha256"].as_str().unwrap().to_owned()
}

fn run(folder: &Path, words: &str) -> Ran {
    let mut command = soc2();
    command.current_dir(folder).args(words.split_whitespace());
    ran(command)
}

fn approval(version: &str, hash: &str) -> String {
    format!(
        "approvals:\n  - {{ version: \"{version}\", by: dana, on: 2026-01-05, effective: 2026-01-10, text: \"{hash}\", proof: minutes }}\n"
    )
}

/// A repository whose policy was approved, and then changed without a new approval.
fn changed_since_approval() -> Repo {
    let repo = Repo::new();
    repo.write("soc2.toml", CONFIG)
        .write("registers/people.yaml", PEOPLE)
        .write("registers/roles.yaml", ROLES);
    repo.write(
        "procedures/offboarding.md",
        "---\nid: offboarding\ntitle: Offboarding\n---\n# Offboarding\n\n1. Disable.\n",
    );
    repo.write("policies/access-control.md", head("") + BODY);
    repo.write(
        "controls/a.yaml",
        "id: a\ntitle: Staff sign in once\ndescription: D.\nowner: security-lead\nstatus: draft\ncadence: continuous\n\
         criteria: [CC6.1]\npolicies: [access-control#sign-in]\n",
    );
    repo.commit("2026-01-02T12:00:00Z", ALICE, "Draft");
    let approved = approval("1.0", &hash(repo.path()));
    repo.write("policies/access-control.md", head(&approved) + BODY).commit(
        "2026-01-05T12:00:00Z",
        ALICE,
        "Approved",
    );
    let later = BODY.replace("sign in once", "sign in twice");
    repo.write("policies/access-control.md", head(&approved) + &later);
    repo.write("soc2.toml", CONFIG.replace("12", "8")).commit("2026-02-02T12:00:00Z", ALICE, "Changed");
    repo
}

/// Every file of a folder, by path.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn visit(root: &Path, folder: &Path, out: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                visit(root, &path, out);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
                out.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut out = BTreeMap::new();
    visit(folder, folder, &mut out);
    out
}

#[test]
fn the_text_in_force_is_published_also_when_only_git_still_has_it() {
    let repo = changed_since_approval();
    let ran = run(repo.path(), "render --to md --as-of 2026-06-30");
    assert_eq!((ran.code, &*ran.stderr), (0, ""), "{ran:?}");
    let page = repo.folder().read("published/md/policies/access-control.md");
    for part in [
        "Passwords have 12 characters.",
        "Staff sign in once.",
        "| Version | 1.0 |",
        "| Owner | Security lead: Alice Norman |",
        "| Approved by | Dana Ross |",
        "| In force since | 2026-01-10 |",
        "[offboarding](../procedures/offboarding.md) and [here](#sign-in)",
    ] {
        assert!(page.contains(part), "no `{part}` in:\n{page}");
    }
    for part in ["twice", "note to ourselves", "another", "DRAFT"] {
        assert!(!page.contains(part), "`{part}` in:\n{page}");
    }
    let draft = run(repo.path(), "render --to md --drafts --out drafts --as-of 2026-06-30");
    assert_eq!(draft.code, 0, "{draft:?}");
    let page = repo.folder().read("drafts/md/policies/access-control.md");
    assert!(page.contains("DRAFT") && page.contains("twice") && page.contains("8 characters"), "{page}");
}

#[test]
fn what_is_not_in_force_is_left_out_and_named() {
    let repo = changed_since_approval();
    let ran = run(repo.path(), "render --to md --as-of 2026-01-07");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stderr.starts_with("not published: access-control ("), "{ran:?}");
    assert!(!repo.path().join("published/md/policies").exists());
    let none = run(repo.path(), "render --to md --policy access-control --as-of 2026-01-07 --out none");
    assert_eq!(none.code, 2, "{none:?}");
    assert!(none.stderr.contains("--drafts") && !repo.path().join("none").exists(), "{none:?}");
    let unknown = run(repo.path(), "render --to md --policy acess-control");
    assert!(unknown.code == 2 && unknown.stderr.contains("did you mean `access-control`?"), "{unknown:?}");
}

#[test]
fn two_renders_elsewhere_are_the_same_bytes() {
    let repo = changed_since_approval();
    let elsewhere = Folder::new();
    let other = crate::repository::clone(repo.path(), &elsewhere, &[]);
    let formats = if cfg!(feature = "pdf") { "html,pdf,md" } else { "html,md" };
    let ran_here = run(repo.path(), &format!("render --to {formats} --combined --as-of 2026-06-30"));
    assert_eq!(ran_here.code, 0, "{ran_here:?}");
    let mut command = soc2();
    command
        .current_dir(&other)
        .env("TZ", "Asia/Tokyo")
        .env("LC_ALL", "tr_TR.UTF-8")
        .env("RAYON_NUM_THREADS", "1");
    command.args(["render", "--to", formats, "--combined", "--at", "HEAD", "--as-of", "2026-06-30"]);
    assert_eq!(ran(command).code, 0);
    let (ours, theirs) = (files(&repo.path().join("published")), files(&other.join("published")));
    assert_eq!(ours.keys().collect::<Vec<_>>(), theirs.keys().collect::<Vec<_>>());
    for (path, bytes) in &ours {
        assert!(theirs[path] == *bytes, "{path} differs");
    }
}

#[test]
fn only_our_own_files_are_written_over_or_removed() {
    let repo = changed_since_approval();
    let render = "render --to md --as-of 2026-06-30";
    repo.write("published/md/mine.md", "mine");
    assert_eq!(run(repo.path(), render).code, 0);
    let again = run(repo.path(), render);
    assert!(again.stdout.contains("wrote 0"), "{again:?}");
    assert_eq!(run(repo.path(), &format!("{render} --check")).code, 0);

    // Somebody's edit is kept, and told.
    repo.write("published/md/procedures/offboarding.md", "edited");
    let check = run(repo.path(), &format!("{render} --check"));
    assert_eq!((check.code, &*check.stdout), (1, "edited by somebody: md/procedures/offboarding.md\n"));
    let refused = run(repo.path(), render);
    assert!(refused.code == 2 && refused.stderr.contains("md/procedures/offboarding.md"), "{refused:?}");
    assert_eq!(repo.folder().read("published/md/procedures/offboarding.md"), "edited");
    fs::remove_file(repo.path().join("published/md/procedures/offboarding.md")).unwrap();

    // A changed document is written again; one that is gone goes.
    repo.folder().edit("procedures/offboarding.md", "Disable", "Switch off");
    let check = run(repo.path(), &format!("{render} --check"));
    assert_eq!((check.code, &*check.stdout), (1, "missing: md/procedures/offboarding.md\n"));
    assert_eq!(run(repo.path(), render).code, 0);
    assert!(repo.folder().read("published/md/procedures/offboarding.md").contains("Switch off"));
    repo.remove("procedures/offboarding.md");
    let check = run(repo.path(), &format!("{render} --check"));
    assert!(
        check.code == 1 && check.stdout.contains("no longer published: md/procedures/offboarding.md"),
        "{check:?}"
    );
    let removed = run(repo.path(), render);
    assert!(removed.code == 0 && removed.stdout.contains("removed 1 file"), "{removed:?}");
    assert!(!repo.path().join("published/md/procedures").exists());
    assert_eq!(repo.folder().read("published/md/mine.md"), "mine");
}

#[cfg(unix)]
#[test]
fn nothing_is_published_through_a_link_that_a_pull_request_brought() {
    let repo = changed_since_approval();
    let elsewhere = Folder::new();
    std::os::unix::fs::symlink(elsewhere.path(), repo.path().join("published")).unwrap();
    let ran = run(repo.path(), "render --to md --as-of 2026-06-30");
    assert!(ran.code == 2 && ran.stderr.contains("is a link"), "{ran:?}");
    fs::remove_file(repo.path().join("published")).unwrap();
    fs::create_dir(repo.path().join("published")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), repo.path().join("published/md")).unwrap();
    let ran = run(repo.path(), "render --to md --as-of 2026-06-30");
    assert!(ran.code == 2 && ran.stderr.contains("is a link"), "{ran:?}");
    assert_eq!(files(elsewhere.path()).len(), 0);
    // A list that names files elsewhere is none of ours.
    fs::remove_file(repo.path().join("published/md")).unwrap();
    repo.write("published/.soc2-published.json", r#"{"files":{"../soc2.toml":["00"]}}"#);
    let ran = run(repo.path(), "render --to md --as-of 2026-06-30");
    assert!(ran.code == 2 && ran.stderr.contains("is no list that soc2 wrote"), "{ran:?}");
}

#[test]
fn figures_are_files_of_the_programme_and_nothing_else() {
    let repo = changed_since_approval();
    let png = [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &[0, 0, 0, 2, 0, 0, 0, 2, 8, 2, 0, 0, 0]].concat();
    repo.write("narratives/img/net.png", &png).write("narratives/img/not.png", "plain text");
    let huge = [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &[0, 1, 0, 0, 0, 1, 0, 0, 8, 2, 0, 0, 0]].concat();
    repo.write("narratives/img/huge.png", huge);
    repo.write(
        "narratives/system.md",
        "# System\n\n![Net](img/net.png) ![No](img/not.png) ![Huge](img/huge.png) ![Up](../../../etc/passwd) ![Web](https://x.example/a.png) ![Gone](img/gone.png)\n",
    );
    let ran = run(repo.path(), "render --to md --as-of 2026-06-30");
    assert_eq!(ran.code, 0, "{ran:?}");
    for told in [
        "`narratives/img/not.png` is neither PNG, JPEG nor SVG",
        "`narratives/img/huge.png` has more than 50 million pixels",
        "`../../../etc/passwd` is no file of the programme",
        "`https://x.example/a.png` is no file of the programme",
        "`narratives/img/gone.png` is not there",
    ] {
        assert!(ran.stderr.contains(told), "{told}: {ran:?}");
    }
    let published = files(&repo.path().join("published"));
    let figures: Vec<&String> = published.keys().filter(|path| path.ends_with("png")).collect();
    assert_eq!(figures, ["md/narratives/img/net.png"]);
}
