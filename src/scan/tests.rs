use std::io::Write as _;

use super::window::MOST;
use super::*;
use values::{NONE, VALUES, spelt};

mod values;

fn found(text: &[u8]) -> Vec<(u64, u64, &'static str)> {
    let scan = look("a", text).unwrap();
    scan.finds.iter().map(|find| (find.line, find.column, find.rule)).collect()
}

fn names(text: &str) -> Vec<&'static str> {
    found(text.as_bytes()).into_iter().map(|(_, _, rule)| rule).collect()
}

#[test]
fn every_rule_finds_its_values_wherever_they_stand() {
    let mut wrong = Vec::new();
    for (rule, pieces) in VALUES {
        let value = spelt(pieces);
        let around = [
            value.clone(),
            format!("{value}\n"),
            format!("# über\r\n\"{value}\",\n"),
            format!("a b ({value}) c"),
            format!("{{\"log\":\"x\\n{value}\\n\"}}"),
        ];
        for text in around {
            // The first line of a table has to be the first.
            if value.contains('\n') && !text.starts_with(&value) {
                continue;
            }
            let found = names(&text);
            if found != [*rule] {
                wrong.push(format!("{rule}: {found:?} in {text}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_value() {
    let mut missing: Vec<&str> = rules().map(|(name, _)| name).collect();
    missing.retain(|name| !VALUES.iter().any(|(rule, _)| rule == name));
    assert_eq!(missing, [""; 0]);
    let mut all: Vec<&str> = rules().map(|(name, _)| name).collect();
    all.sort_unstable();
    let count = all.len();
    all.dedup();
    assert_eq!(all.len(), count, "a name twice");
}

#[test]
fn what_is_none_is_not_found() {
    let wrong: Vec<_> =
        NONE.iter().map(|text| (names(text), text)).filter(|(found, _)| !found.is_empty()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A value at any place around the edges of a window is found once, with its line and column.
#[test]
fn windows_have_no_edges() {
    let values: Vec<String> =
        ["github-token", "jwt", "us-ssn", "payment-card", "password", "azure-devops-token"]
            .iter()
            .filter_map(|name| VALUES.iter().find(|(rule, _)| rule == name))
            .map(|(_, pieces)| spelt(pieces))
            .collect();
    let step = 128 << 10;
    for shift in (0..260).step_by(13) {
        let mut text = String::new();
        let mut expected = 0;
        for edge in 1..=values.len() {
            let wanted = edge * step - shift;
            while text.len() + 40 < wanted {
                text.push_str("no secret stands in ünis line\n");
            }
            text.push_str(&".".repeat(wanted.saturating_sub(text.len())));
            text.push(' ');
            text.push_str(&values[edge - 1]);
            text.push('\n');
            expected += 1;
        }
        let found = found(text.as_bytes());
        assert_eq!(found.len(), expected, "{shift}: {found:?}");
        for (line, column, rule) in found {
            let line = text.lines().nth(usize::try_from(line).unwrap() - 1).unwrap();
            let rest: String = line.chars().skip(usize::try_from(column).unwrap() - 1).collect();
            let value = VALUES.iter().filter(|(name, _)| *name == rule).map(|(_, pieces)| spelt(pieces));
            assert!(value.into_iter().any(|value| value.contains(&rest)), "{rule}: {rest}");
        }
    }
}

#[test]
fn one_line_without_end_and_many_finds_are_bounded() {
    let key = spelt(&[("AKIA", 1), ("ABCD", 4)]);
    let long = format!("{} {key} {}", "a".repeat(300_000), "b".repeat(300_000));
    assert_eq!(found(long.as_bytes()), [(1, 300_002, "aws-access-key")]);
    assert_eq!(found(format!("{key}\n").repeat(10_000).as_bytes()).len(), MOST);
}

/// Ids that begin as cards do pass Luhn's check once in ten times.
#[test]
fn a_column_of_ids_holds_no_cards() {
    let ids: String = (0..500u64).map(|n| format!("{},open\n", 4_000_123_412_340_000 + n * 7)).collect();
    assert_eq!(found(ids.as_bytes()), []);
    let cards = "4111111111111111\n4012888888881881\n5555555555554444\n4111111111111112\n";
    assert_eq!(names(cards), ["payment-card"; 3]);
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A zip by hand; `behind` puts the sizes behind the bytes, in so many bytes each.
fn zip_of(members: &[(&str, &[u8])], behind: Option<usize>) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, bytes) in members {
        let packed = deflated(bytes);
        let size = |n: usize| u32::try_from(n).unwrap().to_le_bytes();
        let (flags, sizes) = match behind {
            Some(_) => (8u8, [[0; 4], [0; 4]]),
            None => (0, [size(packed.len()), size(bytes.len())]),
        };
        out.extend(b"PK\x03\x04\x14\0");
        out.extend([flags, 0, 8, 0, 0, 0, 0, 0, 9, 9, 9, 9]);
        out.extend(sizes.concat());
        out.extend([u8::try_from(name.len()).unwrap(), 0, 0, 0]);
        out.extend(name.as_bytes());
        out.extend(&packed);
        if let Some(width) = behind {
            out.extend(b"PK\x07\x08\x09\x09\x09\x09");
            for n in [packed.len(), bytes.len()] {
                out.extend(size(n));
                out.extend(vec![0; width - 4]);
            }
        }
    }
    out.extend(b"PK\x05\x06");
    out.extend([0; 18]);
    out
}

#[test]
fn archives_and_office_files_are_opened() {
    let token = spelt(&[("ghp_", 1), ("a1", 18)]);
    let strings = format!(
        "<sst><si><t>Name</t></si><si><r><t>{}</t></r><r><t>{}</t></r></si></sst>",
        &token[..9],
        &token[9..]
    );
    let log = format!("ok\nok {token}\n");
    let members: [(&str, &[u8]); 3] = [
        ("xl/workbook.xml", b"<a/>"),
        ("xl/sharedStrings.xml", strings.as_bytes()),
        ("b.log", log.as_bytes()),
    ];
    for behind in [None, Some(4), Some(8)] {
        let book = zip_of(&members, behind);
        let scan = look("users.xlsx", &book[..]).unwrap();
        let places: Vec<_> =
            scan.finds.iter().map(|find| (find.inside.as_deref().unwrap(), find.line, find.column)).collect();
        assert_eq!(places, [("b.log", 2, 4), ("xl/sharedStrings.xml", 2, 1)], "{behind:?} {:?}", scan.unseen);
        assert_eq!(scan.unseen, []);
        let nested = zip_of(&[("in.xlsx", &book), ("c.txt", log.as_bytes())], behind);
        let scan = look("all.zip", &nested[..]).unwrap();
        let inside: Vec<&str> = scan.finds.iter().filter_map(|find| find.inside.as_deref()).collect();
        assert_eq!(inside, ["c.txt", "in.xlsx > b.log", "in.xlsx > xl/sharedStrings.xml"]);
    }
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(log.as_bytes()).unwrap();
    assert_eq!(found(&packed.finish().unwrap()), [(2, 4, "github-token")]);
}

#[test]
fn what_is_not_looked_into_is_told() {
    let why =
        |bytes: &[u8]| look("a", bytes).unwrap().unseen.into_iter().map(|one| one.why).collect::<Vec<_>>();
    assert_eq!(why(b"\x89PNG\r\n\x1a\n"), ["is a picture"]);
    assert_eq!(why(b"%PDF-1.7"), ["is a PDF: only what stands uncompressed in it was looked at"]);
    assert_eq!(why(b"PK\x03\x04"), ["is damaged: what follows was not looked at"]);
    let whole = zip_of(&[("a.txt", b"text text text"), ("b.txt", b"more")], None);
    assert_eq!(why(&whole), [""; 0]);
    assert!(!why(&whole[..40]).is_empty());
    let mut locked = whole.clone();
    locked[6] = 1;
    assert_eq!(why(&locked), ["is protected by a password"]);
    let mut deep = whole;
    for _ in 0..4 {
        deep = zip_of(&[("in.zip", &deep)], None);
    }
    assert_eq!(why(&deep), ["is an archive in an archive in an archive"]);
    let rest = why(&zip_of(&[("a.png", b"\x89PNG"), ("b.txt", b"more")], None));
    assert_eq!(rest, ["is a picture"]);
}

/// What a picture's text says is found all the same.
#[test]
fn bytes_that_are_no_text_are_read_for_text() {
    let key = spelt(&[("AKIA", 1), ("ABCD", 4)]);
    let mut picture = b"\x89PNG\r\n\x1a\n\0\0\0".to_vec();
    picture.extend(key.as_bytes());
    picture.extend([0, 255, 254]);
    assert_eq!(found(&picture).len(), 1);
    let wide: Vec<u8> =
        format!("\u{feff}a\r\nb {key}\r\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(found(&wide), [(2, 3, "aws-access-key")]);
}
