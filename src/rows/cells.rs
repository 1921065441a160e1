//! Rows at the end of a register of comma-separated values: every other byte stays, and the result is read again before
//! anybody gets it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Fields, Written};
use crate::manifest::same_yaml as same;
use crate::source::FileId;
use crate::syntax::{Node, Value, csv};
use crate::text::{clip, list, safe};

/// Cells by the name of their column, in the order of the row.
type Cells = Vec<(String, String)>;

/// The text with rows at its end. Says why not when a column for one is missing, or when they cannot be added without touching
/// anything else.
pub fn with_cells(text: &str, rows: &[Fields]) -> Result<String, String> {
    let (mark, body) = match text.strip_prefix('\u{feff}') {
        Some(body) => ("\u{feff}", body),
        None => ("", text),
    };
    let mut added: Vec<Cells> = Vec::with_capacity(rows.len());
    for fields in rows {
        let mut cells = Cells::new();
        flatten("", fields, &mut cells)?;
        added.push(cells);
    }
    let line_end = if body.contains("\r\n") { "\r\n" } else { "\n" };
    let names = || added.iter().flatten().map(|(name, _)| name.as_str());
    let begun = if body.trim().is_empty() {
        each_once(names()).join(",") + line_end
    } else if body.ends_with('\n') {
        body.to_owned()
    } else {
        format!("{body}{line_end}")
    };
    let before = read(&begun).ok_or("it is not read without a fault: `soc2 check` names it")?;
    let columns = headings(&begun);
    let missing = each_once(names().filter(|name| !columns.iter().any(|own| own == name)));
    if !missing.is_empty() {
        let what = if missing.len() == 1 { "column" } else { "columns" };
        return Err(format!(
            "it has no {what} {}: add it to the first line, and a comma to each row",
            list(&missing, "or")
        ));
    }
    let mut edited = begun.clone();
    for cells in &added {
        let cell = |column: &String| {
            cells.iter().find(|(name, _)| name == column).map_or(String::new(), |(_, cell)| quoted(cell))
        };
        edited.push_str(&columns.iter().map(cell).collect::<Vec<_>>().join(","));
        edited.push_str(line_end);
    }
    let after = read(&edited).ok_or("a row cannot be added to it without touching anything else")?;
    if is_added(&before, &after, &added) {
        return Ok(format!("{mark}{edited}"));
    }
    Err("a row cannot be added to it without touching anything else".to_owned())
}

/// In the order in which they first come.
fn each_once<'n>(names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let mut seen = BTreeSet::new();
    names.filter(|name| seen.insert(*name)).collect()
}

fn read(text: &str) -> Option<Node<'_>> {
    let mut faults = Vec::new();
    let node = csv::parse(FileId(0), text, &mut faults)?;
    faults.is_empty().then_some(node)
}

/// The names of the columns.
fn headings(text: &str) -> Vec<String> {
    let mut reader =
        ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = ::csv::StringRecord::new();
    match reader.read_record(&mut record) {
        Ok(true) => record.iter().map(|name| name.trim().to_owned()).collect(),
        _ => Vec::new(),
    }
}

/// A value for each column: a key inside a key has a dotted name, and a list stands in one cell, its parts separated by `;`.
fn flatten(above: &str, fields: &Fields, cells: &mut Cells) -> Result<(), String> {
    for (key, value) in fields {
        let name = if above.is_empty() { (*key).to_owned() } else { format!("{above}.{key}") };
        match value {
            Written::Text(text) | Written::Quoted(text) | Written::Bare(text) => {
                cells.push((name.clone(), cell(&name, text)?))
            }
            Written::Map(inner) => flatten(&name, inner, cells)?,
            Written::List(items) => {
                let mut parts = Vec::new();
                for item in items {
                    match item {
                        Written::Text(text) | Written::Quoted(text) | Written::Bare(text)
                            if !text.contains(';') =>
                        {
                            parts.push(cell(&name, text)?)
                        }
                        Written::Text(_) | Written::Quoted(_) | Written::Bare(_) => {
                            return Err(format!(
                                "a part of `{name}` holds `;`, which separates the parts of a list in a cell"
                            ));
                        }
                        _ => {
                            return Err(format!(
                                "a cell cannot hold the records of `{name}`: keep the register as YAML"
                            ));
                        }
                    }
                }
                cells.push((name, parts.join("; ")));
            }
        }
    }
    Ok(())
}

/// A text as a cell; never one that a spreadsheet would run.
fn cell(name: &str, text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.starts_with(['=', '+', '-', '@']) {
        return Err(format!(
            "`{name}` begins with `{}`, which a spreadsheet would run as a formula: begin `{}` with a letter",
            safe(text.get(..1).unwrap_or("")),
            clip(&safe(text), 40)
        ));
    }
    Ok(text.to_owned())
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// Are the rows those of before and then some that say exactly this?
fn is_added(before: &Node<'_>, after: &Node<'_>, added: &[Cells]) -> bool {
    let (Value::List(old), Value::List(new)) = (&before.value, &after.value) else { return false };
    let Some((kept, rows)) = new.split_at_checked(old.len()) else { return false };
    let says = |(row, cells): (&Node<'_>, &Cells)| {
        let mut read = BTreeMap::new();
        gather("", row, &mut read);
        let meant: BTreeMap<String, String> = cells
            .iter()
            .filter(|(_, cell)| !cell.is_empty())
            .map(|(name, cell)| (name.clone(), cell.clone()))
            .collect();
        read == meant
    };
    kept.iter().zip(old).all(|(new, old)| same(new, old))
        && rows.len() == added.len()
        && rows.iter().zip(added).all(says)
}

fn gather(above: &str, node: &Node<'_>, into: &mut BTreeMap<String, String>) {
    match &node.value {
        Value::Map(entries) => {
            for entry in entries {
                let name = if above.is_empty() {
                    entry.key.value.to_string()
                } else {
                    format!("{above}.{}", entry.key.value)
                };
                gather(&name, &entry.value, into);
            }
        }
        _ => {
            into.insert(above.to_owned(), node.scalar().unwrap_or_default().to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Written {
        Written::Text(text.to_owned())
    }

    fn row() -> Fields {
        let by = Written::Map(vec![("by", text("ann")), ("on", text("2026-03-02"))]);
        vec![
            ("id", text("w-2")),
            ("title", text("a, \"b\"\n# c: d")),
            ("found", by),
            ("systems", Written::List(vec![text("aws"), text("github")])),
        ]
    }

    const ROW: &str = "w-2,\"a, \"\"b\"\"\n# c: d\",ann,2026-03-02,aws; github";

    #[test]
    fn a_row_stands_at_the_end_and_all_else_stays() {
        let head = "id,title,found.by,found.on,systems";
        for (before, after) in [
            (String::new(), format!("{head}\n{ROW}\n")),
            (format!("{head}\n"), format!("{head}\n{ROW}\n")),
            (format!("{head}\nw-1,x,y,2026-01-01,\n"), format!("{head}\nw-1,x,y,2026-01-01,\n{ROW}\n")),
            (format!("{head}\nw-1, x ,y,2026-01-01,"), format!("{head}\nw-1, x ,y,2026-01-01,\n{ROW}\n")),
            (format!("\u{feff}{head}\r\n"), format!("\u{feff}{head}\r\n{ROW}\r\n")),
        ] {
            assert_eq!(with_cells(&before, &[row()]).as_deref(), Ok(&*after), "{before:?}");
        }
    }

    #[test]
    fn several_rows_are_added_together() {
        let rows = [vec![("id", text("a"))], vec![("id", text("b")), ("title", text("x"))]];
        assert_eq!(with_cells("", &rows).as_deref(), Ok("id,title\na,\nb,x\n"));
        assert_eq!(with_cells("title,id\nx,0", &rows).as_deref(), Ok("title,id\nx,0\n,a\nx,b\n"));
    }

    #[test]
    fn other_columns_stay_empty_and_missing_ones_are_named() {
        let added = with_cells("notes,systems,found.on,found.by,title,id\n", &[row()]).unwrap();
        assert!(added.ends_with("\n,aws; github,2026-03-02,ann,\"a, \"\"b\"\"\n# c: d\",w-2\n"), "{added}");
        let refused = with_cells("id,title,systems\n", &[row()]).unwrap_err();
        assert!(refused.contains("`found.by` or `found.on`"), "{refused}");
    }

    #[test]
    fn what_would_read_otherwise_is_refused() {
        for (fields, why) in [
            (vec![("id", text("=1+1"))], "formula"),
            (vec![("id", text("@x"))], "formula"),
            (vec![("id", Written::List(vec![text("a;b")]))], "separates"),
            (vec![("id", Written::List(vec![Written::Map(vec![("a", text("b"))])]))], "YAML"),
        ] {
            let refused = with_cells("id\n", &[fields]).unwrap_err();
            assert!(refused.contains(why), "{refused}");
        }
        for broken in ["id;title\nx;y\n", "id,title\nonly\n", "id,title\na,\"b\n"] {
            assert!(with_cells(broken, &[vec![("id", text("x"))]]).is_err(), "{broken}");
        }
    }
}
