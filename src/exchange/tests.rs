//! A list taken in and given out again says what it said.

use std::collections::BTreeMap;

use jiff::civil::date;
use proptest::prelude::*;

use super::fields::Form;
use super::held::{by_id, held};
use super::*;
use crate::source::Sources;
use crate::table;

type Files = BTreeMap<String, Vec<u8>>;

fn ground() -> Files {
    let files = [
        ("soc2.toml", "[organization]\nname = \"Acme\"\n"),
        (
            "registers/people.yaml",
            "- { id: ann, name: Ann Lee, emails: [ann@acme.com], kind: employee, employed: [{ from: 2024-01-01 }] }\n",
        ),
        ("registers/roles.yaml", "- { id: security-lead, title: Security lead }\n"),
    ];
    files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).into_iter().collect()
}

fn load(files: &Files) -> Program {
    Program::load(Sources::from_memory(
        files.iter().map(|(path, bytes)| (path.clone(), bytes.clone())).collect(),
    ))
}

/// Takes a list in, as the verb does.
fn import(kind: Kind, bytes: &[u8], files: &Files, as_stated: bool) -> Result<(Files, Plan, List), String> {
    let program = load(files);
    let list = read(kind, bytes, &Asked { as_stated, ..Asked::default() }, &program)?;
    let plan = plan(kind, &list, &program);
    let mut files = files.clone();
    if kind == Kind::Controls {
        for row in &plan.added {
            let (path, text) = control_file(row, "list.csv").unwrap();
            assert!(files.insert(path.clone(), text.into_bytes()).is_none(), "{path} was there");
        }
    } else if !plan.added.is_empty() {
        let path = format!("registers/{}.yaml", kind.word());
        let text = String::from_utf8(files.get(&path).cloned().unwrap_or_default()).unwrap();
        let (text, _) = crate::rows::edited(&text, &[], &rows(kind, &plan.added)).unwrap();
        files.insert(path, text.into_bytes());
    }
    Ok((files, plan, list))
}

fn text() -> BoxedStrategy<String> {
    let odd = [
        "=1+1",
        "'=x",
        "''",
        "+1",
        "-",
        "@a",
        "\u{ff1d}1",
        "a,b",
        "a; b",
        "\"q\"",
        "5\" disk",
        "two\nlines",
        " \r\n ",
        "{{ x }}",
        "{% if %}",
        "_x000D_",
        "\u{202e}moved",
        "a\u{200b}b",
        "null",
        "yes",
        "5.30",
        "# a",
        "- a",
        "ünï 漢 🔒",
        "\t=1",
        "'",
        ":",
        "a: b",
    ];
    prop_oneof![3 => proptest::sample::select(odd.to_vec()).prop_map(str::to_owned), 2 => "[^\u{0}]{0,12}", 2 => "[a-c ,;\"'=\\n]{0,10}"]
        .boxed()
}

fn days() -> BoxedStrategy<String> {
    (0i32..4_000)
        .prop_map(|day| date(2015, 1, 1).checked_add(jiff::Span::new().days(day)).unwrap().to_string())
        .boxed()
}

fn cell(field: &Field) -> BoxedStrategy<String> {
    let filled = match field.form {
        Form::Id => prop_oneof!["[a-d]{1,3}", "[A-D]{2}-[0-9]{1,2}", text()].boxed(),
        Form::Day => days(),
        Form::Word(words) => {
            let words: Vec<&'static str> = words.iter().map(|(word, _)| *word).collect();
            prop_oneof![4 => proptest::sample::select(words).prop_map(str::to_owned), 1 => text()].boxed()
        }
        Form::YesNo => prop_oneof!["yes", "no", "TRUE"].boxed(),
        Form::Number | Form::Score => "[0-6]".boxed(),
        Form::Emails => "[a-c]{1,2}@[a-b]\\.org(, x@y\\.org)?".boxed(),
        Form::Periods => (days(), days()).prop_map(|(a, b)| format!("{a} to {b}")).boxed(),
        Form::Criteria => "(CC6\\.[1-9]|cc_7_2|A1\\.1|C[0-9]\\.9|text)(, CC1\\.1)?".boxed(),
        _ => text(),
    };
    prop_oneof![1 => Just(String::new()), 3 => filled].boxed()
}

/// Rows of a list with every heading of ours.
fn list(kind: Kind) -> BoxedStrategy<Vec<Vec<String>>> {
    let row: Vec<BoxedStrategy<String>> =
        kind.fields().iter().filter(|field| field.is_kept()).map(cell).collect();
    proptest::collection::vec(row, 1..6).boxed()
}

fn csv_of(kind: Kind, rows: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let fields = kind.fields().iter().filter(|field| field.is_kept());
    writer.write_record(fields.map(|field| field.heading)).unwrap();
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    writer.into_inner().unwrap()
}

/// In, out and in again: the same records, in a programme of its own and in the one they are in already.
fn comes_back(kind: Kind, given: &[Vec<String>], as_stated: bool) -> Result<(), TestCaseError> {
    let Ok((files, _, _)) = import(kind, &csv_of(kind, given), &ground(), as_stated) else {
        return Err(TestCaseError::reject("a day that could be one of two"));
    };
    let program = load(&files);
    let mut records = by_id(held(kind, &program));
    let out = super::table(kind, &program);
    for (form, bytes) in
        [("csv", table::csv(&out).into_bytes()), ("xlsx", table::xlsx(&[&out], None).unwrap())]
    {
        let (_, plan, list) = import(kind, &bytes, &files, as_stated).unwrap();
        prop_assert!(plan.added.is_empty() && plan.differs.is_empty(), "{form}: {plan:?}");
        prop_assert_eq!(plan.same, out.rows.len(), "{}: {:?}", form, list.listed.left);
        let (again, _, _) = import(kind, &bytes, &ground(), as_stated).unwrap();
        let mut back = by_id(held(kind, &load(&again)));
        // Ann was there before.
        records.remove("ann");
        back.remove("ann");
        prop_assert_eq!(&back, &records, "{}", form);
    }
    Ok(())
}

/// Of what has no id: in, out and in again adds nothing.
fn adds_nothing_twice(kind: Kind, given: &[Vec<String>]) -> Result<(), TestCaseError> {
    let Ok((files, first, _)) = import(kind, &csv_of(kind, given), &ground(), false) else {
        return Err(TestCaseError::reject("a day that could be one of two"));
    };
    let (_, again, _) = import(kind, &csv_of(kind, given), &files, false).unwrap();
    prop_assert!(again.added.is_empty() && again.differs.is_empty(), "{again:?}");
    let out = super::table(kind, &load(&files));
    prop_assert_eq!(out.rows.len(), first.added.len());
    let (_, back, _) = import(kind, table::csv(&out).as_bytes(), &files, false).unwrap();
    prop_assert!(back.added.is_empty(), "{back:?}");
    Ok(())
}

fn with_people(kind: Kind) -> BoxedStrategy<Vec<Vec<String>>> {
    let who = proptest::sample::select(vec!["ann", "Ann@acme.com", "Ann Lee", "nobody", ""]);
    (list(kind), proptest::collection::vec(who, 6))
        .prop_map(|(mut rows, who)| {
            rows.iter_mut().zip(who).for_each(|(row, who)| row[0] = who.to_owned());
            rows
        })
        .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn people_come_back(rows in list(Kind::People)) {
        comes_back(Kind::People, &rows, false)?;
    }

    #[test]
    fn vendors_come_back(rows in list(Kind::Vendors), as_stated: bool) {
        comes_back(Kind::Vendors, &rows, as_stated)?;
    }

    #[test]
    fn risks_come_back(rows in list(Kind::Risks), as_stated: bool) {
        comes_back(Kind::Risks, &rows, as_stated)?;
    }

    #[test]
    fn controls_come_back(rows in list(Kind::Controls), as_stated: bool) {
        comes_back(Kind::Controls, &rows, as_stated)?;
    }

    #[test]
    fn training_is_added_once(rows in with_people(Kind::Training)) {
        adds_nothing_twice(Kind::Training, &rows)?;
    }

    #[test]
    fn acknowledgements_are_added_once(rows in with_people(Kind::Acknowledgements)) {
        adds_nothing_twice(Kind::Acknowledgements, &rows)?;
    }
}
