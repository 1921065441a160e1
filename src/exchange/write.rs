//! Records as rows of a register, and a control as a file of its own.

use super::cells::parts;
use super::fields::Form;
use super::listed::Row;
use super::people::employments;
use super::{Field, Kind, Record};
use crate::rows::{Fields, Written, edited, with_cells};
use crate::text::safe;

/// The keys and values of records, as they stand in a register.
pub fn rows(kind: Kind, added: &[Row]) -> Vec<Fields> {
    added.iter().map(|row| fields(kind, &row.record)).collect()
}

/// The text of a register that is kept as CSV with more rows; nothing where it has no place for what they say.
pub fn csv_rows(kind: Kind, text: &str, added: &[Row]) -> Option<String> {
    with_cells(text, &rows(kind, added)).ok()
}

/// The path of a control's file and its text, with where it comes from.
pub fn control_file(row: &Row, from: &str) -> Result<(String, String), String> {
    let mut record = row.record.clone();
    for field in ["title", "description"] {
        if let Some(text) = record.get_mut(field) {
            *text = literal(text);
        }
    }
    let area = row.record.get("area").map_or("imported", String::as_str);
    let path = format!("controls/{area}/{}.yaml", row.id);
    let (list, _) = edited("", &[], &[fields(Kind::Controls, &record)])?;
    let mut text = format!("# From {}, row {}\n", safe(from), row.row);
    for line in list.lines() {
        text.push_str(line.get(2..).unwrap_or(""));
        text.push('\n');
    }
    Ok((path, text))
}

fn fields(kind: Kind, record: &Record) -> Fields {
    let mut fields = Fields::new();
    for field in kind.fields().iter().filter(|field| field.is_kept()) {
        if kind == Kind::People && field.name == "start" {
            let work = employments(record);
            if !work.is_empty() {
                fields.push(("employed", Written::List(work.iter().map(employment).collect())));
            }
            continue;
        }
        let passed = matches!(field.name, "end" | "earlier") && kind == Kind::People;
        let Some(text) = record.get(field.name).filter(|_| !passed && field.name != "area") else { continue };
        let written = value(field, text);
        match field.name.split_once('.') {
            None => fields.push((field.name, written)),
            Some((outer, inner)) => match fields.last_mut() {
                Some((key, Written::Map(inside))) if *key == outer => inside.push((inner, written)),
                _ => fields.push((outer, Written::Map(vec![(inner, written)]))),
            },
        }
    }
    fields
}

fn employment((from, to): &(String, String)) -> Written {
    let days = [("from", from), ("to", to)].into_iter().filter(|(_, day)| !day.is_empty());
    Written::Map(days.map(|(key, day)| (key, Written::Text(day.clone()))).collect())
}

fn value(field: &Field, text: &str) -> Written {
    match field.form {
        Form::Lines | Form::Emails | Form::Many(_) | Form::Criteria => {
            Written::List(parts(text).into_iter().map(Written::Text).collect())
        }
        Form::YesNo => Written::Bare(if text == "yes" { "true" } else { "false" }.to_owned()),
        Form::Number | Form::Score => Written::Bare(text.to_owned()),
        _ => Written::Text(text.to_owned()),
    }
}

/// Text that stands for itself where variables are filled in.
fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("{{").into_iter().chain(rest.find("{%")).min() {
        let (before, from) = rest.split_at(at);
        let (opening, after) = from.split_at(2);
        out.push_str(before);
        out.push_str(&format!("{{{{ \"{opening}\" }}}}"));
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_no_template() {
        assert_eq!(literal("a {b} {{c}} {% d %}{{{"), "a {b} {{ \"{{\" }}c}} {{ \"{%\" }} d %}{{ \"{{\" }}{");
    }

    #[test]
    fn rows_are_added_to_a_register_kept_as_csv() {
        let record: Record =
            [("person", "ann"), ("policy", "access-control"), ("version", "1, 0"), ("on", "2026-01-05")]
                .into_iter()
                .map(|(field, text)| (field, text.to_owned()))
                .collect();
        let row = [Row { row: 2, id: "x".to_owned(), record }];
        let text = "person,policy,on,version\r\nbob,a,2025-01-01,1";
        let expected = format!("{text}\r\nann,access-control,2026-01-05,\"1, 0\"\r\n");
        assert_eq!(csv_rows(Kind::Acknowledgements, text, &row), Some(expected));
        assert_eq!(
            csv_rows(Kind::Acknowledgements, "person,policy,on\n", &row),
            None,
            "no place for the version"
        );
    }

    #[test]
    fn a_control_is_a_file_that_says_where_it_comes_from() {
        let record: Record = [
            ("id", "ac-07"),
            ("area", "iam"),
            ("title", "=MFA {{on}}"),
            ("status", "draft"),
            ("criteria", "CC6.1; CC9.9"),
            ("key", "yes"),
            ("grace_days", "7"),
            ("aliases", "AC-07"),
        ]
        .into_iter()
        .map(|(field, text)| (field, text.to_owned()))
        .collect();
        let row = Row { row: 4, id: "ac-07".to_owned(), record };
        let (path, text) = control_file(&row, "matrix.xlsx").unwrap();
        assert_eq!(path, "controls/iam/ac-07.yaml");
        assert_eq!(
            text,
            "# From matrix.xlsx, row 4\nid: ac-07\ntitle: \"=MFA {{ \\\"{{\\\" }}on}}\"\nstatus: draft\ngrace_days: 7\n\
             criteria: [CC6.1, CC9.9]\nkey: true\naliases: [AC-07]\n"
        );
    }
}
