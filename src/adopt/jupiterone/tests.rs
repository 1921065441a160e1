use super::*;
use crate::adopt::Setting;

fn taken(files: &[(&str, &str)]) -> Taking {
    let mut texts: Vec<Text> = files
        .iter()
        .map(|(path, text)| Text { path: (*path).to_owned(), text: (*text).to_owned() })
        .collect();
    texts.sort_by(|a, b| a.path.cmp(&b.path));
    adopt(&Foreign { texts, ..Foreign::default() }, "security-lead")
}

fn file(taking: &Taking, path: &str) -> String {
    let found = taking.adopted.files.iter().find(|file| file.path == path);
    let all = || taking.adopted.files.iter().map(|file| file.path.clone()).collect::<Vec<_>>();
    String::from_utf8(found.unwrap_or_else(|| panic!("{path} is not among {:?}", all())).bytes.clone())
        .unwrap()
}

fn told(taking: &Taking, place: &str, words: &str) {
    let found =
        taking.adopted.remarks.iter().any(|one| one.from.shown() == place && one.text.contains(words));
    assert!(found, "{place} {words}: {:#?}", taking.adopted.remarks);
}

const CONFIG: &str = r#"{
  "organization": {
    "companyFullName": "Bright Ltd",
    "companyShortName": "Bright",
    "ticketingSystem": "",
    "needGDPR": true,
    "unused": "x"
  },
  "policies": [
    {"id": "access", "file": "policies/access.md", "name": "Access", "adopted": true, "procedures": ["cp-mfa", "cp-sso"]},
    {"id": "old", "file": "policies/old.md", "adopted": false}
  ],
  "procedures": [
    {"id": "cp-mfa", "file": "procedures/cp-mfa.md", "name": "Multi-factor sign-in", "provider": "Okta", "summary": "Their words."},
    {"id": "cp-sso", "file": "procedures/cp-sso.md", "name": "Single sign-on"},
    {"id": "cp-off", "file": "procedures/cp-off.md", "applicable": false}
  ]
}"#;

const TEXTS: [(&str, &str); 5] = [
    ("templates/config.json", CONFIG),
    (
        "templates/policies/access.md.tmpl",
        "# Access\n\n`{{defaultRevision}}`\n\n{{companyShortName}} uses {{ticketingSystem}}.\n{{#needGDPR}}\nGDPR.\n{{/needGDPR}}\n",
    ),
    (
        "templates/procedures/cp-mfa.md.tmpl",
        "### Sign-in\n\n{{provider}} asks twice, see [access](access.md#x).\n",
    ),
    ("templates/procedures/cp-sso.md.tmpl", "### Single sign-on\n\n{{provider}} and {{nobody}}.\n"),
    ("templates/policies/stray.md", "x\n"),
];

#[test]
fn documents_and_values_are_taken() {
    let taking = taken(&TEXTS);
    assert_eq!(taking.faults, []);
    assert_eq!(taking.ground.organization.as_deref(), Some("Bright Ltd"));
    assert_eq!(
        file(&taking, "policies/access.md"),
        "---\n# from jupiterone: templates/policies/access.md.tmpl\nid: access\ntitle: \"Access\"\nowner: security-lead\n---\n\
         # Access\n\n\n\n{{ company_short_name }} uses {{ ticketing_system }}.\n{% if need_gdpr %}\nGDPR.\n{% endif %}\n"
    );
    assert!(
        file(&taking, "procedures/cp-mfa.md")
            .ends_with("---\n## Sign-in\n\nOkta asks twice, see [access](../policies/access.md#x).\n")
    );
    assert!(
        file(&taking, "procedures/cp-sso.md")
            .ends_with("# Single sign-on\n\n[specify the provider] and {{ nobody }}.\n")
    );
    let set: Vec<(&str, &Setting, String)> =
        taking.ground.variables.iter().map(|one| (&*one.name, &one.value, one.from.shown())).collect();
    let text = |text: &str| Setting::Text(text.to_owned());
    assert_eq!(
        set,
        [
            ("company_short_name", &text("Bright"), "templates/config.json:4".to_owned()),
            ("need_gdpr", &Setting::Flag(true), "templates/config.json:6".to_owned()),
            ("nobody", &text("[specify the nobody]"), "templates/procedures/cp-sso.md.tmpl:3".to_owned()),
            (
                "ticketing_system",
                &text("[specify the ticketing system]"),
                "templates/config.json:5".to_owned()
            ),
        ]
    );
    told(&taking, "templates/config.json:7", "no text uses");
    told(&taking, "templates/config.json:11", "not adopted");
    told(&taking, "templates/config.json:16", "not adopted");
    told(&taking, "templates/policies/stray.md", "named nowhere");
    told(&taking, "templates/procedures/cp-sso.md.tmpl:3", "`nobody` has no value");
}

#[test]
fn mapped_procedures_become_drafts_in_every_shape() {
    let by_criterion = r#"{"standard": "SOC 2 Security", "domains": [{"title": "Access", "controls": [
        {"ref": "CC6.1", "title": "secret title", "summary": "secret wording", "mappedControls": ["cp-mfa", "cp-off"]}]}]}"#;
    let by_procedure = "{\"standard\": \"SOC 2\", \"sections\": [{\"title\": \"§ A\\n【A1.2】 secret wording\", \"requirements\": [\n\
        {\"ref\": \"cp-sso\", \"title\": \"Sign\", \"summary\": \"secret wording\"}, {\"ref\": \"cp-new\", \"title\": \"New one\"}]}]}";
    let mapping = r#"{"procedures": [{"id": "cp-mfa", "implements": [{"standard": "SOC 2", "requirements": ["cc6_2", "CC9.9"]},
        {"standard": "HIPAA", "requirements": ["1"]}]}]}"#;
    let other = r#"{"standard": "ISO", "domains": [{"title": "x", "controls": [{"ref": "A.5.1"}]}]}"#;
    let csv = "Section,ID,Title,Requirement\n【CC7.1】 secret wording,cp-csv,\"Scan, all\",secret wording\n";
    let mut files = TEXTS.to_vec();
    files.extend([
        ("templates/standards/a.json", by_criterion),
        ("templates/standards/b.json", by_procedure),
        ("templates/standards/c.csv", csv),
        ("templates/standards/controls-mapping.json", mapping),
        ("templates/standards/iso.json", other),
        ("templates/standards/broken.json", "{\n\"a\":\n}"),
    ]);
    let taking = taken(&files);
    assert_eq!(taking.faults, []);
    let control = file(&taking, "controls/jupiterone/cp-mfa.yaml");
    assert!(control.contains("title: \"Multi-factor sign-in, to be written\"\n"), "{control}");
    let lists = "status: draft\ncriteria:\n  - CC6.1   # templates/standards/a.json:2\n  - CC6.2   # \
                 templates/standards/controls-mapping.json:1\n  - CC9.9   # templates/standards/controls-mapping.json:1\n\
                 policies: [access]\nprocedures: [cp-mfa]\n";
    assert!(control.ends_with(lists), "{control}");
    assert!(
        file(&taking, "controls/jupiterone/cp-sso.yaml")
            .contains("  - A1.2   # templates/standards/b.json:2\n")
    );
    assert!(file(&taking, "controls/jupiterone/cp-new.yaml").contains("title: \"New one, to be written\""));
    assert!(file(&taking, "controls/jupiterone/cp-csv.yaml").contains("title: \"Scan, all, to be written\""));
    assert_eq!(taking.ground.categories, ["availability"]);
    let whole: String =
        taking.adopted.files.iter().map(|file| String::from_utf8_lossy(&file.bytes).into_owned()).collect();
    assert!(!whole.contains("secret") && !whole.contains("Their words"));
    told(&taking, "templates/standards/controls-mapping.json:1", "`cc6_2` is written `CC6.2`");
    told(&taking, "templates/standards/controls-mapping.json:1", "`CC9.9` is no criterion");
    told(&taking, "templates/standards/controls-mapping.json", "HIPAA");
    told(&taking, "templates/standards/iso.json", "is no standard of SOC 2");
    told(&taking, "templates/standards/broken.json:3", "not JSON");
    told(&taking, "templates/standards/a.json:2", "was not taken");
}

#[test]
fn broken_configurations_are_faults_with_their_line() {
    let faults = |files: &[(&str, &str)]| -> Vec<String> {
        taken(files).faults.iter().map(|fault| fault.from.shown()).collect()
    };
    assert_eq!(faults(&[("config.json", "{\n\"a\" 1}")]), ["config.json:2"]);
    assert_eq!(faults(&[]), ["config.json"]);
    let twice = "{\"policies\": [{\"id\": \"a b\", \"file\": \"policies/a.md\"},\n{\"id\": \"A-B\", \"file\": \"policies/a.md\"}]}";
    assert_eq!(faults(&[("config.json", twice), ("policies/a.md", "x")]), ["config.json:2"]);
}
