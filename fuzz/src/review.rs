//! A manifest's text and the review that is written into it.

use jiff::civil::date;
use soc2::manifest::{Review, with_review};
use soc2::model::evidence::Verdict;
use soc2::program::{Program, review_digest};
use soc2::source::{FileId, Sources, TEXT_CAP};
use soc2::syntax::{Node, Value, yaml};

const PATH: &str = "evidence/a/manifest.yaml";

/// Any text either refuses a review or takes it and says the same as before otherwise; its digest stays, and it is the
/// one that the programme finds in it.
pub fn review(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let Some(digest) = review_digest(body) else {
        let any = Review { digest: soc2::model::scalar::Sha256([0; 32]), ..plain() };
        assert!(with_review(text, &any, true).is_err(), "what has no digest takes a review");
        return;
    };
    let review = Review { digest, ..plain() };
    for replace in [false, true] {
        let Ok(edited) = with_review(text, &review, replace) else { continue };
        holds(text, &edited, &review);
        // Whatever a person notes does not matter to the edit.
        let note: String = body.chars().take(300).collect();
        let noted =
            Review { notes: Some(note), compensating: Some("look-back".to_owned()), ..review.clone() };
        match with_review(text, &noted, replace) {
            Ok(edited) => holds(text, &edited, &noted),
            Err(why) => panic!("a note makes the edit fail: {why}"),
        }
    }
}

fn plain() -> Review {
    Review {
        on: date(2026, 3, 30),
        by: "carol".to_owned(),
        result: Verdict::Accepted,
        digest: soc2::model::scalar::Sha256([0; 32]),
        compensating: None,
        notes: None,
    }
}

fn holds(before: &str, edited: &str, review: &Review) {
    let (mark, body) = parts(before);
    let (mark_after, body_after) = parts(edited);
    assert_eq!(mark, mark_after, "the byte order mark");
    let (said, said_after) = (said(body), said(body_after));
    let is_other = |entry: &&(String, String)| entry.0 != "reviewed";
    let (others, others_after): (Vec<_>, Vec<_>) =
        (said.iter().filter(is_other).collect(), said_after.iter().filter(is_other).collect());
    assert_eq!(others, others_after, "the edit changes more than the review");
    if others.len() == said.len() {
        assert!(edited.starts_with(before), "what was there is not left byte for byte");
    }
    assert_eq!(review_digest(body_after), Some(review.digest), "the review changes its own digest");
    assert!(with_review(edited, review, false).is_err(), "a review is replaced without being told to");
    assert_eq!(with_review(edited, review, true).as_deref(), Ok(edited), "the same review changes the text");
    is_found(edited, review);
}

/// The programme that holds the manifest reads the review and its digest.
fn is_found(edited: &str, review: &Review) {
    if edited.len() as u64 > TEXT_CAP {
        return;
    }
    let files = vec![(PATH.to_owned(), edited.as_bytes().to_vec())];
    let program = Program::load(Sources::from_memory(files));
    let [folder] = &program.evidence[..] else { panic!("a manifest with a review is not read") };
    assert_eq!(folder.digest, Some(review.digest), "the programme finds another digest");
    let read = folder.manifest.reviewed.as_ref();
    let by = read.and_then(|read| read.by.as_ref()).map(|by| &*by.value.0);
    let on = read.and_then(|read| read.on.as_ref()).map(|on| on.value);
    let digest = read.and_then(|read| read.digest.as_ref()).map(|digest| digest.value);
    assert_eq!((by, on, digest), (Some("carol"), Some(review.on), Some(review.digest)), "the review as read");
}

fn parts(text: &str) -> (bool, &str) {
    text.strip_prefix('\u{feff}').map_or((false, text), |body| (true, body))
}

/// Every key of a mapping with what it says, without places.
fn said(text: &str) -> Vec<(String, String)> {
    let mut faults = Vec::new();
    let Some(node) = yaml::parse(FileId(0), text, 0, &mut faults) else { panic!("nothing is read") };
    assert!(faults.is_empty(), "{}", faults[0].message);
    let Value::Map(entries) = &node.value else { panic!("it is no mapping") };
    entries.iter().map(|entry| (entry.key.value.to_string(), words(&entry.value))).collect()
}

fn words(node: &Node<'_>) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Scalar(text) | Value::Cell(text) => format!("{text:?}"),
        Value::List(items) => format!("[{}]", items.iter().map(words).collect::<Vec<_>>().join(", ")),
        Value::Map(entries) => {
            let pairs = entries.iter().map(|entry| format!("{:?}: {}", entry.key.value, words(&entry.value)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
        }
        Value::Broken => panic!("a part is not read, and no fault says so"),
    }
}
