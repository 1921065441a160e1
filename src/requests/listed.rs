//! The auditor's list as rows: what each asks for, in their words.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::columns::{Columns, Field};
use crate::sheet::days::{self, Order, Read};
use crate::sheet::grid::Grid;
use crate::text::{clip, count, safe, some};

/// A row of the auditor's list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// The row as the spreadsheet shows it, from 1.
    pub row: u32,
    pub reference: String,
    pub text: String,
    /// Names of controls or criteria, as typed.
    pub controls: Vec<String>,
    pub period: Option<(Date, Date)>,
    pub due: Option<Date>,
    pub owner: String,
    pub status: String,
    pub comment: String,
}

/// Rows above this are not read.
const ROWS_CAP: usize = 20_000;
/// A reference is short; what is longer is a paragraph in the wrong column.
const REFERENCE_CAP: usize = 100;

/// The rows of a list, and what was not understood.
pub fn listed(grid: &Grid, columns: &Columns, asked: Option<Order>) -> (Vec<Listed>, Vec<String>) {
    let (mut found, mut told) = (Vec::new(), Vec::new());
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let (mut bare, mut twice, mut undated) = (Vec::new(), Vec::new(), Vec::new());
    let below = || grid.rows.iter().filter(|row| row.number > columns.header);
    let order = asked.or_else(|| days::order(below().map(|row| columns.text(row, Field::Due))));
    for row in below() {
        if found.len() == ROWS_CAP {
            told.push(format!("only the first {ROWS_CAP} requests are read"));
            break;
        }
        let reference = one_line(columns.text(row, Field::Ref));
        let text = asked_for(columns.text(row, Field::Title), columns.text(row, Field::Text));
        if reference.is_empty() && text.is_empty() {
            continue;
        }
        if reference.is_empty() || text.is_empty() || reference.chars().count() > REFERENCE_CAP {
            bare.push(row.number.to_string());
            continue;
        }
        if !seen.insert(reference.clone()) {
            twice.push(format!("`{}` in row {}", clip(&safe(&reference), 40), row.number));
            continue;
        }
        let due = columns.column(Field::Due).and_then(|column| row.cell(column));
        let day = due.and_then(|cell| cell.day.or_else(|| days::read(&cell.text)?.day(order)));
        if let (Some(cell), None) = (due, day) {
            undated.push((row.number, clip(&safe(&cell.text), 30), days::read(&cell.text)));
        }
        let controls = columns.text(row, Field::Control);
        let parts = controls.split([',', ';', '\n', '/', '&']).map(str::trim).filter(|part| !part.is_empty());
        found.push(Listed {
            row: row.number,
            reference,
            text,
            controls: parts.map(str::to_owned).collect(),
            period: days::period(columns.text(row, Field::Period), asked),
            due: day,
            owner: one_line(columns.text(row, Field::Owner)),
            status: one_line(columns.text(row, Field::Status)),
            comment: tidy(columns.text(row, Field::Comment)),
        });
    }
    if !bare.is_empty() {
        let rows = if bare.len() == 1 { "row" } else { "rows" };
        told.push(format!("{rows} {} left out: a request has a reference and a text", some(&bare, 8)));
    }
    if !twice.is_empty() {
        told.push(format!("left out, because the reference stands above already: {}", some(&twice, 5)));
    }
    undated_told(&undated, &mut told);
    (found, told)
}

fn undated_told(undated: &[(u32, String, Option<Read>)], told: &mut Vec<String>) {
    let either: Vec<String> = undated
        .iter()
        .filter(|(.., read)| read.is_some())
        .map(|(row, text, _)| format!("`{text}` in row {row}"))
        .collect();
    if !either.is_empty() {
        told.push(format!(
            "{} could be either of two: {}; say `--dates month-first` or `--dates day-first`",
            count(either.len(), "due date"),
            some(&either, 3)
        ));
    }
    let other: Vec<String> = undated
        .iter()
        .filter(|(.., read)| read.is_none())
        .map(|(row, text, _)| format!("`{text}` in row {row}"))
        .collect();
    if !other.is_empty() {
        told.push(format!("no day that can be read: {}", some(&other, 3)));
    }
}

/// Title and description as one text.
fn asked_for(title: &str, text: &str) -> String {
    match (title.trim(), tidy(text)) {
        ("", text) => text,
        (title, text) if text.is_empty() || text == title => tidy(title),
        (title, text) => format!("{}: {text}", one_line(title).trim_end_matches([':', '.'])),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Line ends of one kind, no blanks at their ends.
fn tidy(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::separated::Separated;
    use jiff::civil::date;

    fn read(text: &str, asked: Option<Order>) -> (Vec<Listed>, Vec<String>) {
        let grid = Separated::open(text.as_bytes()).unwrap().grid();
        let columns = Columns::find(&grid, &[]).unwrap();
        listed(&grid, &columns, asked)
    }

    #[test]
    fn rows_become_requests_and_the_rest_is_told() {
        let (rows, told) = read(
            "Ref,Request,Control,Due,Status,Comment\nAccess,,,,,\n 1.1 ,\"User list \r\nof all\",\"iam-a, CC6.2\",1/15/2027,Open,\n\
             1.1,again,,,,\n,no reference,,,,\n2,Leavers,,3/4/2027,,More\n3,Plan,,soon,,\n",
            None,
        );
        assert_eq!(
            rows[0],
            Listed {
                row: 3,
                reference: "1.1".to_owned(),
                text: "User list\nof all".to_owned(),
                controls: vec!["iam-a".to_owned(), "CC6.2".to_owned()],
                due: Some(date(2027, 1, 15)),
                status: "Open".to_owned(),
                ..Listed::default()
            }
        );
        assert_eq!((rows[1].due, &*rows[1].comment, rows.len()), (Some(date(2027, 3, 4)), "More", 3));
        assert_eq!(
            told,
            [
                "rows 2, 5 left out: a request has a reference and a text",
                "left out, because the reference stands above already: `1.1` in row 4",
                "no day that can be read: `soon` in row 7"
            ]
        );
    }

    #[test]
    fn nobody_guesses_which_day_is_meant() {
        let text = "Ref,Request,Due\n1,Users,3/4/2027\n";
        let (rows, told) = read(text, None);
        assert_eq!(rows[0].due, None);
        assert!(
            told[0].starts_with("1 due date could be either of two: `3/4/2027` in row 2; say `--dates"),
            "{told:?}"
        );
        let (rows, told) = read(text, Some(Order::DayFirst));
        assert_eq!((rows[0].due, told.len()), (Some(date(2027, 4, 3)), 0));
    }

    #[test]
    fn title_and_description_are_one_text() {
        let (rows, _) = read("Ref,Title,Description\n1,Users.,All of them\n2,Leavers,\n3,,Plan\n", None);
        assert_eq!(
            rows.iter().map(|row| &*row.text).collect::<Vec<_>>(),
            ["Users: All of them", "Leavers", "Plan"]
        );
    }
}
