use super::*;
use crate::adopt::Foreign;
use crate::source::Sources;

fn taken(files: &[(&str, &str)]) -> Taking {
    let texts = files
        .iter()
        .map(|(path, text)| Text { path: (*path).to_owned(), text: (*text).to_owned() })
        .collect();
    adopt(&Foreign { texts, ..Foreign::default() }, "security-lead")
}

fn file(taking: &Taking, path: &str) -> String {
    let found = taking.adopted.files.iter().find(|file| file.path == path);
    let all = || taking.adopted.files.iter().map(|file| file.path.clone()).collect::<Vec<_>>();
    String::from_utf8(found.unwrap_or_else(|| panic!("{path} is not among {:?}", all())).bytes.clone())
        .unwrap()
}

const BACKUP: &str = "\
name: Backup Policy
acronym: BP
satisfies:
  TSC:
    - A1.2
    - cc7_5
    - CC9.9
  HOUSE:
    - H1
majorRevisions:
  - date: Jan 2 2020
    comment: First
---
# Purpose

{{.Name}} keeps copies.

# Rules

a. Daily.

{{ range .Standards }}x{{ end }}
";

#[test]
fn a_document_becomes_a_draft_and_its_criteria_become_drafts() {
    let taking = taken(&[
        ("comply.yml", "name: \"Bright Ltd\"\ntickets:\n  github:\n    token: s3cret\n"),
        ("policies/backup.md", BACKUP),
    ]);
    assert_eq!(taking.faults, []);
    assert_eq!(taking.ground.organization.as_deref(), Some("Bright Ltd"));
    assert_eq!(taking.ground.categories, ["availability"]);
    let policy = file(&taking, "policies/backup.md");
    let begins = "---\n# from comply: policies/backup.md\n# comply's revision, no approval: Jan 2 2020 First\nid: backup\n\
                  title: \"Backup Policy\"\nowner: security-lead\n---\n## Purpose\n\n{{ organization.name }} keeps copies.\n\n\
                  ## Rules\n\na. Daily.\n\n[replace the template code of line 22{%--";
    assert!(policy.starts_with(begins), "{policy}");
    let control = file(&taking, "controls/comply/backup-cc9.yaml");
    assert!(control.starts_with("# from comply: policies/backup.md:7\n"), "{control}");
    assert!(
        control
            .contains("status: draft\ncriteria:\n  - CC9.9   # policies/backup.md:7\npolicies: [backup]\n"),
        "{control}"
    );
    assert!(
        file(&taking, "controls/comply/backup-cc7.yaml").contains("  - CC7.5   # policies/backup.md:6\n")
    );
    assert!(file(&taking, "controls/comply/backup-a.yaml").contains("id: backup-a\n"));
    let whole: String =
        taking.adopted.files.iter().map(|file| String::from_utf8_lossy(&file.bytes).into_owned()).collect();
    assert!(!whole.contains("s3cret") && !whole.contains("approvals"));
    let told = |line, words: &str| {
        let mut remarks = taking.adopted.remarks.iter();
        assert!(
            remarks.any(|one| one.from.line == Some(line) && one.text.contains(words)),
            "{line} {words}: {:#?}",
            taking.adopted.remarks
        );
    };
    told(6, "`cc7_5` is written `CC7.5`");
    told(7, "`CC9.9` is no criterion");
    told(8, "the mapping to `HOUSE` is left");
    told(10, "revisions are kept as comments");
    told(22, "marked in place");
}

#[test]
fn procedures_keep_their_schedule_as_a_comment() {
    let text = "---\nid: Patch_OS\nname: Apply patches\ncron: \"0 0 0 15 * *\"\nsatisfies: {TSC: [CC7.1]}\n---\n- [ ] do it\n";
    let taking = taken(&[("procedures/patch.md", text)]);
    let procedure = file(&taking, "procedures/patch-os.md");
    assert!(
        procedure.contains("# comply opened a ticket by `0 0 0 15 * *`: monthly\nid: patch-os\n"),
        "{procedure}"
    );
    let control = file(&taking, "controls/comply/patch-os-procedure-cc7.yaml");
    assert!(
        control.contains("cadence: monthly\n") && control.contains("procedures: [patch-os]\n"),
        "{control}"
    );
    let controls = taking.adopted.files.iter().filter(|file| file.path.starts_with("controls/"));
    assert_eq!(controls.count(), 1);
}

#[test]
fn a_procedure_on_a_schedule_becomes_a_draft_control_with_its_cadence() {
    for (cron, cadence, told) in [
        (
            "0 0 0 15 * *",
            "cadence: monthly\n",
            "becomes the cadence `monthly` of a draft control that names no criterion yet",
        ),
        ("0 0 0 15 4 *", "cadence: annual\n", "becomes the cadence `annual` of a draft control"),
        (
            "0 0 9 * * 1-5",
            "cadence: weekly\n",
            "no cadence is the same, and this one it keeps in every interval",
        ),
        ("@every 1h", "", "is not read as a cadence"),
    ] {
        let text =
            format!("id: \"patch\"\nname: \"Apply {{{{patches}}}}\"\ncron: \"{cron}\"\n---\n- [ ] do it\n");
        let taking = taken(&[("procedures/p.md", &text)]);
        assert_eq!(taking.faults, []);
        let control = file(&taking, "controls/comply/patch.yaml");
        let head = "# from comply: procedures/p.md:3\n# comply opened a ticket by `";
        assert!(control.starts_with(head), "{control}");
        let end = format!("owner: security-lead\nstatus: draft\n{cadence}procedures: [patch]\n");
        assert!(control.ends_with(&end), "{control}");
        assert!(control.contains("title: \"Apply {{ \\\"{{\\\" }}patches}}\"\n"), "{control}");
        let mut remarks = taking.adopted.remarks.iter();
        assert!(remarks.any(|one| one.from.line == Some(3) && one.text.contains(told)), "{cron}");
    }
    let without = taken(&[("procedures/p.md", "id: p\ncron: \"\"\n---\nx\n")]);
    assert!(without.adopted.files.iter().all(|file| !file.path.starts_with("controls/")));
}

#[test]
fn the_wording_of_a_standard_is_never_carried_over() {
    let standard =
        "name: House\nCC6.1:\n  family: CC6\n  name: n\n  description: The entity secret wording\n";
    let taking = taken(&[
        ("standards/a.yml", standard),
        ("policies/a.md", "name: A\nsatisfies:\n  House: [CC6.1]\n---\nx\n"),
    ]);
    assert!(
        taking
            .adopted
            .files
            .iter()
            .all(|file| !String::from_utf8_lossy(&file.bytes).contains("secret wording"))
    );
    assert!(file(&taking, "controls/comply/a-cc6.yaml").contains("CC6.1"));
}

#[test]
fn broken_files_are_faults_with_their_line() {
    let taking = taken(&[
        ("comply.yml", "name: [a\n"),
        ("policies/a.md", "no fence\n"),
        ("policies/b.md", "name: a: b\n---\n"),
        ("policies/c d.md", "---\n---\nx"),
        ("policies/c-d.md", "---\n---\nx"),
        ("procedures/x.md", "id: p\n---\n"),
        ("procedures/y.md", "id: P\n---\n"),
    ]);
    let faults: Vec<String> = taking.faults.iter().map(|fault| fault.from.shown()).collect();
    assert_eq!(
        faults,
        ["comply.yml:1", "policies/a.md:1", "policies/b.md:1", "policies/c-d.md:1", "procedures/y.md:1"]
    );
    assert_eq!(taken(&[]).faults.len(), 1);
}

#[test]
fn what_is_made_loads_without_a_fault_but_those_told() {
    let taking = taken(&[
        ("policies/backup.md", BACKUP),
        ("narratives/system.md", "name: System\nsatisfies: {TSC: [CC2.1]}\n---\nx\n"),
    ]);
    let mut files: Vec<(String, Vec<u8>)> =
        taking.adopted.files.into_iter().map(|file| (file.path, file.bytes)).collect();
    files.push(("soc2.toml".to_owned(), b"[organization]\nname = \"B\"\n[scope]\nframework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n".to_vec()));
    files.push(("registers/roles.yaml".to_owned(), b"- { id: security-lead, held: [] }\n".to_vec()));
    let sources = Sources::from_memory(files);
    assert_eq!(sources.diagnostics, []);
    assert_eq!(sources.len(), 8);
}
