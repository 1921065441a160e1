//! What a draft says, and that the reader of manifests understands it.

use jiff::civil::date;

use super::*;
use crate::program::Program;
use crate::source::Sources;

fn draft() -> Draft {
    Draft {
        id: "iam-access-review/2026-q1-github".to_owned(),
        title: "Q1: \"all\" users".to_owned(),
        control: "iam-access-review".to_owned(),
        kind: EvidenceKind::SystemReport,
        performed: When::On(date(2026, 3, 28)),
        by: "alice".to_owned(),
        slot: Some("2026-Q1".to_owned()),
        result: Some(ResultDraft {
            outcome: Outcome::ExceptionsNoted,
            summary: Some("3 users removed # all".to_owned()),
            follow_up: vec!["#812".to_owned()],
        }),
        collected: Some(When::moment("2026-03-28T15:04:05-04:00").unwrap()),
        occurrences: None,
        artifacts: vec![
            ArtifactDraft {
                path: Some("users ü.csv".to_owned()),
                bytes: 18,
                system: Some("github".to_owned()),
                query: Some("GET /orgs/acme/members?per_page=100".to_owned()),
                covers: Some((date(2026, 1, 1), date(2026, 3, 28))),
                population: Some(PopulationDraft {
                    key: Some("login".to_owned()),
                    count: Some(213),
                    completeness: Some("3 of 3 pages".to_owned()),
                    ..PopulationDraft::default()
                }),
                ..ArtifactDraft::default()
            },
            ArtifactDraft { url: Some("https://acme.example/x".to_owned()), ..ArtifactDraft::default() },
        ],
        follows_up: Vec::new(),
    }
}

#[test]
fn a_draft_is_a_manifest_without_faults() {
    let text = draft().text();
    let path = "evidence/iam-access-review/2026-q1-github/manifest.yaml";
    let program = Program::load(Sources::from_memory(vec![(path.to_owned(), text.clone().into_bytes())]));
    assert!(program.diagnostics.is_empty(), "{text}\n{:?}", program.diagnostics);
    let manifest = &program.evidence[0].manifest;
    assert_eq!(&*manifest.title.as_ref().unwrap().value, "Q1: \"all\" users");
    assert_eq!(&*manifest.slot.as_ref().unwrap().value, "2026-Q1");
    assert_eq!(manifest.performed.as_ref().unwrap().on.as_ref().unwrap().value, date(2026, 3, 28));
    assert_eq!(&*manifest.result.as_ref().unwrap().follow_up[0].value, "#812");
    let [first, second] = &manifest.artifacts[..] else { panic!("two artefacts: {text}") };
    assert_eq!(&*first.path.as_ref().unwrap().value, "users ü.csv");
    assert_eq!(first.population.as_ref().unwrap().count.as_ref().unwrap().value, 213);
    assert_eq!(first.covers.as_ref().unwrap().from.as_ref().unwrap().value, date(2026, 1, 1));
    assert_eq!(&*second.url.as_ref().unwrap().value, "https://acme.example/x");
    assert!(manifest.reviewed.is_none());
}

#[test]
fn keys_stand_in_the_order_of_the_documentation_and_nothing_is_made_up() {
    let keys = |draft: Draft| -> Vec<String> {
        let text = draft.text();
        let lines = text.lines().filter(|line| !line.starts_with([' ', '#']));
        lines.filter_map(|line| line.split_once(':')).map(|(key, _)| key.to_owned()).collect()
    };
    let all = ["title", "controls", "kind", "performed", "slot", "result", "collected", "artifacts"];
    assert_eq!(keys(draft()), all);
    let bare = Draft { slot: None, result: None, collected: None, ..draft() };
    assert_eq!(keys(bare), ["title", "controls", "kind", "performed", "artifacts"]);
}

#[test]
fn a_log_reads_back() {
    let log = OccurrencesDraft::Log {
        artifact: "users ü.csv".to_owned(),
        date: "run at: UTC".to_owned(),
        key: Some("id".to_owned()),
    };
    let text = Draft { slot: None, occurrences: Some(log), ..draft() }.text();
    let path = "evidence/iam-access-review/2026-q1-github/manifest.yaml";
    let program = Program::load(Sources::from_memory(vec![(path.to_owned(), text.clone().into_bytes())]));
    assert!(program.diagnostics.is_empty(), "{text}\n{:?}", program.diagnostics);
    let log = program.evidence[0].manifest.log().unwrap();
    let read = [&log.artifact, &log.date, &log.key].map(|text| &*text.as_ref().unwrap().value);
    assert_eq!(read, ["users ü.csv", "run at: UTC", "id"]);
}

#[test]
fn an_item_stands_in_the_place_of_performed() {
    let item = OccurrencesDraft::Item { item: "EMP: 9".to_owned(), system: Some("github".to_owned()) };
    let text = Draft { occurrences: Some(item), ..draft() }.text();
    let entry = "occurrences:\n  - { on: 2026-03-28, by: alice, item: \"EMP: 9\", slot: \"2026-Q1\", system: github }\n";
    assert!(text.contains(entry) && !text.contains("\nperformed:") && !text.contains("\nslot:"), "{text}");
}

#[test]
fn a_moment_belongs_to_the_local_day() {
    let zone = jiff::tz::TimeZoneDatabase::bundled().get("America/New_York").unwrap();
    let moment = When::parse("2026-04-01T02:00:00Z").unwrap();
    assert_eq!(moment.day(&zone), date(2026, 3, 31));
    assert!(When::parse("2026-04-01T02:00:00").is_err());
}

#[test]
fn a_run_is_written_as_it_was() {
    let command = ["gh", "api", "orgs/a c/{x}?q=1&r=2", "", "\u{1b}[31m\"é"].map(str::to_owned).to_vec();
    let capture = CaptureDraft {
        recipe: Some("github-members".to_owned()),
        settings: vec![("org".to_owned(), "no".to_owned()), ("from".to_owned(), "2026-01-01".to_owned())],
        command: command.clone(),
        version: Some("gh version 2.60.0".to_owned()),
        account: None,
        started: "2026-03-28T15:04:05Z".to_owned(),
        ended: "2026-03-28T15:04:09Z".to_owned(),
        exit: 0,
    };
    let mut draft = draft();
    draft.artifacts[0].capture = Some(capture);
    draft.artifacts[0].environment = Some("production".to_owned());
    let text = draft.text();
    let path = "evidence/iam-access-review/2026-q1-github/manifest.yaml";
    let program = Program::load(Sources::from_memory(vec![(path.to_owned(), text.clone().into_bytes())]));
    assert!(program.diagnostics.is_empty(), "{text}\n{:?}", program.diagnostics);
    let read = program.evidence[0].manifest.artifacts[0].capture.as_deref().unwrap();
    let words: Vec<&str> = read.command.iter().map(|word| &*word.value).collect();
    assert_eq!(words, command);
    assert_eq!(&*read.settings.get("org").unwrap().value, "no");
    assert_eq!(read.started.as_ref().unwrap().value.to_string(), "2026-03-28T15:04:05Z");
    assert_eq!((read.exit.as_ref().unwrap().value, read.account.is_none()), (0, true));
}
