//! Texts to which something is added: a row to a register, an audit, a day and a variable to the root file, a list to what was
//! agreed. Whatever stands there and whatever is added, all else stays byte for byte.

use jiff::civil::date;
use soc2::baseline::{self, Listed};
use soc2::rootfile::{self, NewAudit, NewVariable};
use soc2::rows::{self, Fields, Written};

/// Any text either refuses what is added or holds it beside everything that was there, with its words as they were typed.
pub fn added(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // The words that are added come from the same hand.
    let words: String = text.chars().take(200).collect();
    register(text, &words);
    root(text, &words);
    agreed(text);
}

/// What was there begins the new text, but for a line end that the last line lacked.
fn begins(before: &str, after: &str, what: &str) {
    assert!(after.starts_with(before), "{what}: what was there is not left byte for byte");
}

fn register(text: &str, words: &str) {
    let written = |text: &str| Written::Text(text.to_owned());
    let row: Fields = vec![
        ("id", written("a")),
        ("title", written(words)),
        ("found", Written::Map(vec![("by", written("ann")), ("on", written("2026-03-02"))])),
        ("systems", Written::List(vec![written("aws"), written("github")])),
    ];
    // The sign of an empty list goes.
    if let Ok((edited, _)) = rows::edited(text, &[], std::slice::from_ref(&row))
        && !text.contains('[')
    {
        begins(text, &edited, "a row");
    }
    if let Ok(edited) = rows::with_cells(text, std::slice::from_ref(&row))
        && !text.trim_start_matches('\u{feff}').trim().is_empty()
    {
        begins(text, &edited, "a row of cells");
    }
    let set: Fields = vec![("title", written(words))];
    if let Some(edited) = rows::record(text, &set)
        && let Some(again) = rows::record(&edited, &set)
    {
        assert_eq!(again, edited, "the same value written again changes the record");
    }
}

fn root(text: &str, words: &str) {
    let audit = NewAudit {
        id: "b".to_owned(),
        period: (date(2027, 1, 1), date(2027, 12, 31)),
        follows: Some("a".to_owned()),
        framework: None,
        categories: vec![words.to_owned()],
        excluded: vec![(words.to_owned(), words.to_owned())],
        not_relevant: Vec::new(),
        systems: Vec::new(),
        firm: Some(words.to_owned()),
    };
    if let Ok(edited) = rootfile::with_audit(text, &audit) {
        inserted(text, &edited, "an audit");
        assert!(rootfile::with_agreed(&edited, "b", date(2027, 2, 1)).is_ok(), "the new audit takes no day");
    }
    let variable = NewVariable {
        id: "zz_new".to_owned(),
        value: words.to_owned(),
        is_number: false,
        meaning: words.to_owned(),
    };
    if let Ok(edited) = rootfile::with_variables(text, &[variable]) {
        inserted(text, &edited, "a variable");
    }
    let _ = rootfile::with_agreed(text, "a", date(2027, 2, 1));
}

/// What was there stands around what is new.
fn inserted(before: &str, after: &str, what: &str) {
    let (old, new) = (before.as_bytes(), after.as_bytes());
    let front = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let back = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    assert!(front + back >= old.len(), "{what}: what was there is not left byte for byte");
}

fn agreed(text: &str) {
    let control = Listed {
        control: 0,
        id: "a".to_owned(),
        cadence: Some("quarterly"),
        criteria: vec!["CC6.1".to_owned()],
        systems: Vec::new(),
        wording: [7; 32],
    };
    let commit = "0f".repeat(20);
    if let Some(edited) = baseline::with_list(text, date(2026, 2, 1), &commit, &[control])
        && !text.trim().is_empty()
    {
        begins(text, &edited, "a list");
    }
}
