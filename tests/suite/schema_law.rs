//! The law of `soc2 schema`: whatever is changed in one place of a file, reader and schema refuse it together or take it
//! together. It is held for every key of every record, which are filled in from their own shapes.
//!
//! What a schema cannot know, and the law leaves out: a key given twice and whatever else is a fault of YAML or TOML; whole
//! numbers above 18446744073709551615; moments in the first or last hours of the calendar. TOML has no way to say nothing.

use jiff::Timestamp;
use jiff::civil::Date;
use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, any};
use proptest::test_runner::{RngSeed, TestRunner};
use serde_json::{Value, json};
use soc2::diagnostic::Diagnostic;
use soc2::model::bundle::CommitId;
use soc2::model::policy::{NarrativeHead, PolicyHead, ProcedureHead};
use soc2::model::scalar::{Sha256, Slug};
use soc2::model::{Bundles, Config, Control, Evidence, Framework, Registers};
use soc2::record::{Kind, Scalar, Shape, Value as Read};
use soc2::schema::{File, files};
use soc2::source::{FileId, Location, Span, Spanned};
use soc2::syntax::{Entry, Node, Value as Typed};

use crate::schema::{SHAPE, complaints, plain};

/// A value that was made up.
#[derive(Clone, Debug, PartialEq)]
enum Made {
    Nothing,
    One(String),
    List(Vec<Self>),
    Map(Vec<(String, Self)>),
}

fn one(text: &str) -> Made {
    Made::One(text.to_owned())
}

/// A record with every key filled in; where several kinds may stand, `nth` picks one.
fn record(shape: &Shape, nth: usize) -> Made {
    Made::Map(shape.keys.iter().map(|key| (key.name.to_owned(), whole(&key.kind, nth))).collect())
}

fn whole(kind: &Kind, nth: usize) -> Made {
    match kind {
        Kind::Scalar(form) => one(match form.noun {
            "text" => "a text",
            "an id" => "an-id",
            "a date" => "2026-02-28",
            "a date and time with offset" => "2026-02-28T15:04:05Z",
            "`true` or `false`" => "true",
            "a whole number" => "3",
            "a SHA-256" => "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "a commit id" => "3fa9c1e2b45d60718293a4b5c6d7e8f901234567",
            noun => panic!("what does {noun} look like?"),
        }),
        Kind::Choice(choice) => one(choice.words[0].0),
        Kind::Reference(_) => one("a-name"),
        Kind::List(inner) => Made::List(vec![whole(inner, nth), whole(inner, nth)]),
        Kind::Record(shape) => record(shape, nth),
        Kind::Table(_) => Made::Map(vec![("any".to_owned(), one("text"))]),
        Kind::Either(_, kinds) => whole(&kinds[nth % kinds.len()], nth),
    }
}

/// Files of a kind with everything in them.
fn filled(file: &File) -> Vec<Made> {
    let one = |nth| record(file.shape, nth);
    match file.holds() {
        "one record" | "front matter" => vec![one(0), one(1)],
        "a list of rows" => vec![Made::List(vec![one(0), one(1)])],
        _ => vec![one(0), Made::List(vec![one(1)])],
    }
}

fn node(made: &Made) -> Node<'_> {
    let at = Location { file: FileId(0), span: Span::default() };
    let value = match made {
        Made::Nothing => Typed::Null,
        Made::One(text) => Typed::Scalar(text.into()),
        Made::List(items) => Typed::List(items.iter().map(node).collect()),
        Made::Map(entries) => {
            let entry =
                |(key, value)| Entry { key: Spanned { value: String::into(key), at }, value: node(value) };
            Typed::Map(entries.iter().map(|(key, value)| entry((key.clone(), value))).collect())
        }
    };
    Node { value, at }
}

/// As a validator sees it, when every single value is read by `single`.
fn instance(made: &Made, single: &dyn Fn(&str) -> Value) -> Value {
    match made {
        Made::Nothing => Value::Null,
        Made::One(text) => single(text),
        Made::List(items) => items.iter().map(|item| instance(item, single)).collect(),
        Made::Map(entries) => {
            Value::Object(entries.iter().map(|(key, value)| (key.clone(), instance(value, single))).collect())
        }
    }
}

/// What the reader of a kind of file has against it.
fn reading(file: &File, made: &Made) -> Vec<Diagnostic> {
    fn read<T: Read>(node: &Node<'_>, out: &mut Vec<Diagnostic>) {
        let _ = T::read(node, out);
    }
    let (node, mut out) = (node(made), Vec::new());
    match file.name {
        "soc2.toml" => read::<Config>(&node, &mut out),
        "control" => match &node.value {
            Typed::List(items) => items.iter().for_each(|item| read::<Control>(item, &mut out)),
            Typed::Null => {}
            _ => read::<Control>(&node, &mut out),
        },
        "policy" => read::<PolicyHead>(&node, &mut out),
        "procedure" => read::<ProcedureHead>(&node, &mut out),
        "narrative" => read::<NarrativeHead>(&node, &mut out),
        "evidence-manifest" => read::<Evidence>(&node, &mut out),
        "bundles" => read::<Bundles>(&node, &mut out),
        "framework" => read::<Framework>(&node, &mut out),
        name => assert!(Registers::default().read(name, &node, &mut out), "{name} has no reader"),
    }
    assert!(out.iter().all(|fault| SHAPE.contains(&fault.rule)), "{out:?}");
    out
}

/// Holds the law for one file; true when it is taken.
fn holds(file: &File, made: &Made, changed: &str) -> bool {
    let reader: Vec<String> =
        reading(file, made).into_iter().map(|fault| fault.message.to_string()).collect();
    let schema = complaints(file, &instance(made, &|text| json!(text)));
    let name = file.name;
    assert_eq!(
        reader.is_empty(),
        schema.is_empty(),
        "{name}, {changed}\nreader {reader:#?}\nschema {schema:#?}"
    );
    if reader.is_empty() {
        let seen = complaints(file, &instance(made, &plain));
        assert!(seen.is_empty(), "{name}, {changed}, as other tools read it: {seen:#?}");
    }
    reader.is_empty()
}

/// What is put in the place of every value.
fn others() -> Vec<Made> {
    let words = [
        "a text",
        "an-id",
        "An_Id",
        "-",
        "no",
        "true",
        "5.30",
        "0",
        "007",
        "-1",
        "1e5",
        "2026",
        "2026-02-28",
        "2026-02-29",
        "2024-02-29",
        "2026-2-1",
        "2026-02-28T15:04:05Z",
        "2026-02-28T15:04:05",
        "2026-02-28T24:00Z",
        "15:04:05Z",
        "draft",
        "Draft",
        "quarterly",
        "3fa9c1e2b45d60718293a4b5c6d7e8f901234567",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ];
    let long = ["a".repeat(100), "a".repeat(101), "E".repeat(64)].into_iter().map(Made::One);
    let lists =
        [vec![], vec![Made::Nothing], vec![one("a")], vec![Made::Map(vec![])], vec![Made::List(vec![])]];
    let maps = [vec![], vec![("any".to_owned(), one("a"))], vec![("any".to_owned(), Made::Nothing)]];
    let shapes = lists.into_iter().map(Made::List).chain(maps.into_iter().map(Made::Map));
    words.iter().map(|word| one(word)).chain(long).chain(shapes).collect()
}

/// Calls `each` with every value of a tree, changed in place by it, and its path; what it changed is put back.
fn everywhere(made: &mut Made, path: &str, each: &mut dyn FnMut(&str, &Made)) {
    each(path, made);
    match made {
        Made::List(items) => {
            for (n, item) in items.iter_mut().enumerate() {
                everywhere(item, &format!("{path}/{n}"), each);
            }
        }
        Made::Map(entries) => {
            for (key, value) in entries {
                everywhere(value, &format!("{path}/{key}"), each);
            }
        }
        Made::Nothing | Made::One(_) => {}
    }
}

/// The value at a path of [`everywhere`].
fn at<'m>(made: &'m mut Made, path: &str) -> &'m mut Made {
    path.split('/').skip(1).fold(made, |made, part| match made {
        Made::List(items) => &mut items[part.parse::<usize>().unwrap()],
        Made::Map(entries) => &mut entries.iter_mut().find(|(key, _)| key == part).unwrap().1,
        Made::Nothing | Made::One(_) => unreachable!("{path}"),
    })
}

#[test]
fn a_file_with_every_key_is_taken() {
    for file in files() {
        for made in filled(&file) {
            assert!(holds(&file, &made, "as made"), "{}: {:#?}", file.name, reading(&file, &made));
        }
    }
}

#[test]
fn any_value_in_any_place_is_judged_alike() {
    let others = others();
    let (mut taken, mut refused) = (0, 0);
    for file in files() {
        for mut made in filled(&file) {
            let mut paths = Vec::new();
            everywhere(&mut made, "", &mut |path, _| paths.push(path.to_owned()));
            for path in paths {
                // The second of two items is like the first.
                if path.contains("/1") && file.holds() != "a list of rows" {
                    continue;
                }
                let nothing = (file.name != "soc2.toml").then_some(Made::Nothing);
                for other in others.iter().cloned().chain(nothing) {
                    let changed = format!("{path} = {other:?}");
                    let before = std::mem::replace(at(&mut made, &path), other);
                    *(if holds(&file, &made, &changed) { &mut taken } else { &mut refused }) += 1;
                    *at(&mut made, &path) = before;
                }
            }
        }
    }
    assert!(taken > 5_000 && refused > 5_000, "{taken} taken, {refused} refused");
}

#[test]
fn any_key_missing_misspelt_or_added_is_judged_alike() {
    let (mut taken, mut refused) = (0, 0);
    for file in files() {
        for mut made in filled(&file) {
            let mut maps = Vec::new();
            everywhere(&mut made, "", &mut |path, value| {
                if let Made::Map(entries) = value {
                    maps.push((path.to_owned(), entries.clone()));
                }
            });
            for (path, entries) in maps {
                let mut hold = |entries: Vec<(String, Made)>, changed: &str| {
                    *at(&mut made, &path) = Made::Map(entries);
                    let changed = format!("{path}: {changed}");
                    *(if holds(&file, &made, &changed) { &mut taken } else { &mut refused }) += 1;
                };
                for n in 0..entries.len() {
                    let mut without = entries.clone();
                    let (key, value) = without.remove(n);
                    hold(without.clone(), &format!("without {key}"));
                    without.insert(n, (format!("{key}_"), value));
                    hold(without, &format!("{key}_"));
                }
                let added = entries.iter().cloned().chain([("$schema".to_owned(), one("x"))]);
                hold(added.collect(), "one more");
                *at(&mut made, &path) = Made::Map(entries);
            }
        }
    }
    assert!(taken > 500 && refused > 500, "{taken} taken, {refused} refused");
}

/// What was typed in a file, to be changed.
fn typed(node: &Node<'_>) -> Made {
    match &node.value {
        Typed::Null | Typed::Broken => Made::Nothing,
        Typed::Scalar(text) | Typed::Cell(text) => one(text),
        Typed::List(items) => Made::List(items.iter().map(typed).collect()),
        Typed::Map(entries) => Made::Map(
            entries.iter().map(|entry| (entry.key.value.to_string(), typed(&entry.value))).collect(),
        ),
    }
}

/// The files of the example programme, two and three changes at a time.
#[test]
fn the_example_changed_in_a_few_places_is_judged_alike() {
    let examples: Vec<(File, Made)> =
        crate::schema::read_example("acme").iter().map(|(file, node)| (*file, typed(node))).collect();
    let others = others();
    let changes = vec((any::<u32>(), any::<u32>()), 1..4);
    let config = ProptestConfig {
        cases: 2_000,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(7),
        ..ProptestConfig::default()
    };
    let outcome = TestRunner::new(config).run(&(any::<u32>(), changes), |(nth, changes)| {
        let (file, mut made) = examples[nth as usize % examples.len()].clone();
        for (place, other) in &changes {
            let mut paths = Vec::new();
            everywhere(&mut made, "", &mut |path, _| paths.push(path.to_owned()));
            let path = &paths[*place as usize % paths.len()];
            *at(&mut made, path) = others[*other as usize % others.len()].clone();
        }
        holds(&file, &made, &format!("{changes:?}"));
        Ok(())
    });
    outcome.unwrap();
}

/// The pattern of a single value says what its reader says; gives how many of the texts both take.
fn same<T: Scalar>(texts: impl IntoIterator<Item = String>) -> usize {
    let Kind::Scalar(form) = T::KIND else { panic!("no single value") };
    let mut schema = json!({ "pattern": form.pattern });
    if let Some(longest) = form.longest {
        schema["maxLength"] = json!(longest);
    }
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut taken = 0;
    for text in texts {
        let read = T::parse(&text).is_ok();
        assert_eq!(read, validator.is_valid(&json!(text)), "{} {text:?}", form.noun);
        taken += usize::from(read);
    }
    taken
}

#[test]
fn patterns_say_what_readers_say_of_days() {
    let years = [
        "0000", "0004", "1899", "1900", "2000", "2023", "2024", "2100", "2400", "9996", "9999", "12026", "26",
    ];
    let days = years.iter().flat_map(|year| {
        let month = move |month: u8| (0..=32u8).map(move |day| format!("{year}-{month:02}-{day:02}"));
        (0..=13u8).flat_map(month)
    });
    assert_eq!(same::<Date>(days), 11 * 365 + 6);
    let odd = [
        "",
        "2026-1-5",
        "2026/01/05",
        "20260105",
        " 2026-01-05",
        "2026-01-05\n",
        "2026-01-05T00:00:00Z",
        "2026‑01‑05",
    ];
    assert_eq!(same::<Date>(odd.map(str::to_owned)), 0);
}

#[test]
fn patterns_say_what_readers_say_of_moments() {
    let times = [
        "T15:04:05",
        "T15:04:60",
        "T15:04:61",
        "T15:04",
        "T1504",
        "T150405",
        "T15",
        "T5:04:05",
        "T24:00:00",
        "T23:59:59",
        "T15:60",
        "T15:04:05.25",
        "T15:04:05,25",
        "T15:04:05.",
        "T15:04.5",
        "T15:0405",
        "T1504:05",
        "T15:04:05.1234567891",
        "T150405.5",
        "T15:04:05.123456789",
        "t15:04:05",
        " 15:04:05",
        "T15.5",
        "",
        "T",
        "T 15:04:05",
        "T15:04:05 ",
    ];
    let offsets = [
        "Z",
        "z",
        "",
        "+02:00",
        "-04:00",
        "-0400",
        "-04",
        "+4",
        "+25:59",
        "+25:59:59",
        "+26:00",
        "+02:60",
        "+02:0",
        "+00:00",
        "-00:00",
        "+02:00:30",
        "+020030",
        "+0200:30",
        "+02:00:60",
        "+02:00:00.5",
        "Z[UTC]",
        "[UTC]",
        "UTC",
        "ZZ",
        " Z",
        "Z ",
        "\u{2212}04:00",
    ];
    let days = ["2026-03-28", "2024-02-29", "2026-02-29", "2026-2-1", "20260328", "+002026-03-28"];
    let mut texts = Vec::new();
    for day in days {
        for time in times {
            texts.extend(offsets.iter().map(|offset| format!("{day}{time}{offset}")));
        }
    }
    assert!(same::<Timestamp>(texts) > 200);
}

#[test]
fn patterns_say_what_readers_say_of_names_numbers_and_hashes() {
    let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let names = ["a", "a-b", "-a", "a-", "a--b", "A", "a_b", "a.b", "ä", "", "7", "a b", "a\n"];
    assert_eq!(same::<Slug>(owned(&names).into_iter().chain([99, 100, 101].map(|n| "a".repeat(n)))), 5);
    let words = ["true", "false", "True", "yes", "no", "on", "1", "", "true\n"];
    assert_eq!(same::<bool>(owned(&words)), 2);
    let numbers =
        ["0", "7", "007", "18446744073709551615", "", "-1", "+1", "1.0", "1_000", "1e3", "0x1f", "٣", " 1"];
    assert_eq!(same::<u64>(owned(&numbers)), 4);
    let digits = |n: usize| {
        ["0f".repeat(n / 2), "0F".repeat(n / 2), "0g".repeat(n / 2), format!("{}\n", "0".repeat(n))]
    };
    let hashes = [38, 40, 62, 64, 66].into_iter().flat_map(digits);
    assert_eq!(same::<Sha256>(hashes.clone()), 1);
    assert_eq!(same::<CommitId>(hashes), 2);
}
