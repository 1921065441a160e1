//! Which column of a list fills which field: as the user says, as a preset has it, else by the words of its heading.

use std::collections::BTreeMap;

use super::headings::{never_read, normal};
use super::{Asked, Field, Kind};
use crate::sheet::{Book, Grid, Row, Tab, letters};
use crate::text::{clip, list, nearest, safe, some};

/// A column as the user names it: `Starts=start`, `F=start`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapped {
    pub column: String,
    pub field: String,
}

impl Mapped {
    /// Reads `COLUMN=FIELD`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let example = "write COLUMN=FIELD, such as `Starts=start` or `F=start`";
        let (column, field) = text.rsplit_once('=').ok_or(example)?;
        let (column, field) = (column.trim().to_owned(), field.trim().to_owned());
        if column.is_empty() || field.is_empty() {
            Err(example.to_owned())
        } else {
            Ok(Self { column, field })
        }
    }
}

/// A list as it was understood.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// The row of the headings, from 1.
    pub header: u32,
    /// By the name of the field, where it stands and its heading.
    pub of: BTreeMap<&'static str, (u32, String)>,
    /// Headings of columns that are not read.
    pub others: Vec<String>,
    /// Headings of columns that nothing makes us read, by why.
    pub never: BTreeMap<&'static str, Vec<String>>,
    /// Headings of columns that are read only where the user stands for what they say.
    pub stated: Vec<String>,
}

impl Columns {
    /// The column of a field.
    pub fn column(&self, field: &str) -> Option<u32> {
        self.of.get(field).map(|(column, _)| *column)
    }
}

/// Rows in which the headings are looked for.
const HEAD: usize = 60;

/// Finds the sheet and its columns; says why not, in words that follow the file's name.
pub(super) fn choose<'b>(
    kind: Kind,
    book: &'b Book,
    asked: &Asked<'_>,
) -> Result<(&'b Tab, Columns), String> {
    known_fields(kind, asked)?;
    let mut best: Option<(&Tab, Columns)> = None;
    for tab in &book.sheets {
        for row in tab.grid.rows.iter().take(HEAD) {
            let columns = of_row(kind, row, asked);
            let said = asked.maps.iter().all(|one| place(row, &one.column).is_some());
            let more = best.as_ref().is_none_or(|(_, best)| columns.of.len() > best.of.len());
            if said && more && is_enough(kind, &columns) {
                best = Some((tab, columns));
            }
        }
    }
    match best {
        Some((_, columns)) if !columns.of.values().all(|(column, _)| *column < 16_384) => {
            Err("has more columns than a sheet can have".to_owned())
        }
        Some(found) => {
            refuse_personal(kind, asked, &found.1)?;
            Ok(found)
        }
        None => Err(nothing(kind, book, asked)),
    }
}

/// Does the list say at least who or what each row is about?
fn is_enough(kind: Kind, columns: &Columns) -> bool {
    kind.needs().iter().any(|group| group.iter().all(|field| columns.of.contains_key(field)))
}

fn field(kind: Kind, name: &str) -> Option<&'static Field> {
    kind.fields().iter().find(|field| field.name.eq_ignore_ascii_case(name))
}

fn known_fields(kind: Kind, asked: &Asked<'_>) -> Result<(), String> {
    let Some(wrong) = asked.maps.iter().find(|one| field(kind, &one.field).is_none()) else { return Ok(()) };
    let names: Vec<&str> = kind.fields().iter().map(|field| field.name).collect();
    let near = nearest(&wrong.field, names.iter().copied());
    let near = near.map_or(String::new(), |near| format!(" (did you mean `{near}`?)"));
    Err(format!(
        "cannot be mapped so: `{}` is no field of {}{near}; fields are {}",
        clip(&safe(&wrong.field), 40),
        kind.word(),
        list(&names, "and")
    ))
}

/// What is personal is not read, whoever asks.
fn refuse_personal(kind: Kind, asked: &Asked<'_>, columns: &Columns) -> Result<(), String> {
    let filled = columns
        .of
        .iter()
        .filter(|(name, _)| asked.maps.iter().any(|one| one.field.eq_ignore_ascii_case(name)));
    for (_, (_, heading)) in filled {
        if let Some(why) = never_read(kind, heading) {
            return Err(format!("is not read so: `{}` is {why}", clip(&safe(heading), 40)));
        }
    }
    Ok(())
}

/// The column of a heading or of letters.
fn place(row: &Row, said: &str) -> Option<u32> {
    let wanted = normal(said);
    let named = row.cells.iter().find(|cell| !wanted.is_empty() && normal(&cell.text) == wanted);
    named.map(|cell| cell.column).or_else(|| {
        let column = crate::sheet::grid::column(said)?;
        row.cell(column).map(|cell| cell.column)
    })
}

fn of_row(kind: Kind, row: &Row, asked: &Asked<'_>) -> Columns {
    let mut of: BTreeMap<&'static str, (u32, String)> = BTreeMap::new();
    let heading = |column: u32| row.text(column).to_owned();
    let mut taken: Vec<u32> = Vec::new();
    let mut fill = |name: &'static str, column: u32, of: &mut BTreeMap<&'static str, (u32, String)>| {
        if !of.contains_key(name) && !taken.contains(&column) {
            taken.push(column);
            of.insert(name, (column, heading(column)));
        }
    };
    for one in asked.maps {
        if let (Some(field), Some(column)) = (field(kind, &one.field), place(row, &one.column)) {
            fill(field.name, column, &mut of);
        }
    }
    let may = |column: u32| never_read(kind, row.text(column)).is_none();
    match asked.preset {
        Some(preset) => {
            for (theirs, name) in preset.columns {
                let found = row.cells.iter().find(|cell| normal(&cell.text) == normal(theirs));
                if let (Some(cell), Some(field)) = (found, field(kind, name)) {
                    fill(field.name, cell.column, &mut of);
                }
            }
        }
        None => {
            // The surest names first, whatever the order of the columns.
            let mut meant: Vec<(usize, usize, u32, &'static str)> = Vec::new();
            for cell in row.cells.iter().take(400).filter(|cell| may(cell.column)) {
                let normal = normal(&cell.text);
                for (nth, field) in kind.fields().iter().enumerate() {
                    if let Some(rank) = field.called.iter().position(|called| *called == normal) {
                        meant.push((rank, nth, cell.column, field.name));
                    }
                }
            }
            meant.sort_unstable();
            meant.into_iter().for_each(|(_, _, column, name)| fill(name, column, &mut of));
        }
    }
    let mut columns = Columns { header: row.number, ..Columns::default() };
    if !asked.as_stated {
        for field in kind.fields().iter().filter(|field| field.stated) {
            columns.stated.extend(of.remove(field.name).map(|(_, heading)| clip(&safe(&heading), 40)));
        }
    }
    for cell in row.cells.iter().filter(|cell| !taken.contains(&cell.column)).take(200) {
        let shown = clip(&safe(&cell.text), 40);
        match never_read(kind, &cell.text) {
            Some(why) => columns.never.entry(why).or_default().push(shown),
            None => columns.others.push(shown),
        }
    }
    columns.of = of;
    columns
}

fn nothing(kind: Kind, book: &Book, asked: &Asked<'_>) -> String {
    let rows = || book.sheets.iter().flat_map(|tab| tab.grid.rows.iter().take(HEAD));
    let wide = rows().max_by_key(|row| (row.cells.len().min(50), std::cmp::Reverse(row.number)));
    let shown = wide.map_or("no cell".to_owned(), |row| {
        let cells = row.cells.iter().take(12);
        let cells: Vec<String> =
            cells.map(|cell| format!("{}: {}", letters(cell.column), clip(&safe(&cell.text), 30))).collect();
        format!("row {} has {}", row.number, list(&cells, "and"))
    });
    let unmapped = asked.maps.iter().find(|one| !rows().any(|row| place(row, &one.column).is_some()));
    let why = match (unmapped, asked.preset) {
        (Some(one), _) => format!("no column is called `{}`", clip(&safe(&one.column), 40)),
        (None, Some(preset)) => {
            let headings: Vec<&str> = preset.columns.iter().map(|(heading, _)| *heading).collect();
            format!("it has not the columns that {} writes ({})", preset.name, some(&headings, 6))
        }
        (None, None) => {
            let needs: Vec<String> = kind.needs().iter().map(|group| group.join(" and ")).collect();
            format!("no row names its columns; a list of {} has {}", kind.word(), needs.join(", or "))
        }
    };
    let empty = book.sheets.iter().all(|tab| is_empty(&tab.grid));
    match empty {
        true => format!("holds no rows: a list of {} has headings, and below a row for each", kind.word()),
        false => format!("is not understood: {why}; {shown}"),
    }
}

fn is_empty(grid: &Grid) -> bool {
    grid.rows.iter().all(|row| row.cells.is_empty())
}
