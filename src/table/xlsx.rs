//! A workbook: a first sheet that says what it is, then a sheet for each table whose first row is the heading, so that
//! filters work and scripts find it. Text is written as text and never as a formula; days are dates. The same tables give
//! the same bytes.

use std::collections::BTreeSet;
use std::io;

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, FormatUnderline, Url, Workbook,
    Worksheet, XlsxError,
};

use super::{Cell, Column, Table, address};
use crate::text::count;

/// Characters (UTF-16 units) that a cell can hold.
const CELL: usize = 32_767;
/// Rows that a sheet can hold, below its heading.
const ROWS: usize = 1_048_575;
/// Links that Excel opens on a sheet.
const LINKS: usize = 65_530;
/// Letters of a sheet's name.
const NAME: usize = 31;
/// Letters of a header on paper, beside its own codes.
const HEADER: usize = 150;
/// Bytes of a link.
const ADDRESS: usize = 2_000;
/// Said at the end of a text that was too long.
const CUT: &str = "… (cut: a cell holds 32,767 characters)";

/// How cells look.
struct Look {
    title: Format,
    heading: Format,
    text: Format,
    count: Format,
    day: Format,
    link: Format,
}

impl Look {
    fn new() -> Self {
        let base = || Format::new().set_align(FormatAlign::Top);
        let ruled = |format: Format| {
            format.set_border_bottom(FormatBorder::Hair).set_border_bottom_color(Color::RGB(0x9A_A0_A7))
        };
        Self {
            title: base().set_bold().set_font_size(16),
            heading: base()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
                .set_background_color(Color::RGB(0xE4_ED_F8))
                .set_border_bottom(FormatBorder::Thin),
            text: ruled(base()).set_text_wrap(),
            count: ruled(base()).set_num_format("0"),
            day: ruled(base()).set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left),
            link: ruled(base())
                .set_text_wrap()
                .set_font_color(Color::RGB(0x0B_4E_A2))
                .set_underline(FormatUnderline::Single),
        }
    }
}

/// The tables as a workbook. `links` is the way from where it lies to the bundle's root: empty, or `../`; without it, cells
/// that lead there are texts.
pub fn xlsx(tables: &[&Table], links: Option<&str>) -> io::Result<Vec<u8>> {
    build(tables, links).map_err(io::Error::other)
}

fn build(tables: &[&Table], links: Option<&str>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // A fixed day: the bytes depend on the tables alone.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let title = tables.first().map_or("", |table| &*table.title);
    book.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&made));
    let look = Look::new();
    let mut names = Names::default();
    let about = names.take("About");
    let sheets: Vec<Sheet<'_>> = tables.iter().flat_map(|table| parts(table, ROWS, &mut names)).collect();
    front(book.add_worksheet(), &about, tables, &sheets, &look)?;
    for one in &sheets {
        sheet(book.add_worksheet(), one, links, &look)?;
    }
    book.save_to_buffer()
}

/// A sheet: a table, or as many of its rows as fit.
struct Sheet<'t> {
    name: String,
    table: &'t Table,
    rows: &'t [Vec<Cell>],
}

/// The sheets of a table: as many as its rows need, and one where it has none.
fn parts<'t>(table: &'t Table, most: usize, names: &mut Names) -> Vec<Sheet<'t>> {
    let first = table.rows.chunks(most).next().unwrap_or(&[]);
    let rest = table.rows.chunks(most).skip(1);
    let all = std::iter::once(first).chain(rest);
    all.map(|rows| Sheet { name: names.take(&table.title), table, rows }).collect()
}

/// Names of sheets, each once; Excel does not tell upper from lower case there.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    fn take(&mut self, wanted: &str) -> String {
        let plain = |c: char| if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\') { ' ' } else { c };
        let wanted: String = wanted.chars().filter(|c| !c.is_control()).map(plain).collect();
        let wanted = wanted.trim().trim_matches('\'');
        // `History` is a name that Excel keeps for itself.
        let wanted =
            if wanted.is_empty() || wanted.eq_ignore_ascii_case("history") { "Table" } else { wanted };
        let mut nth = 1usize;
        loop {
            let end = if nth > 1 { format!(" ({nth})") } else { String::new() };
            let name = cut(wanted, NAME.saturating_sub(end.len())).trim_end().to_owned() + &end;
            if self.0.insert(name.to_lowercase()) {
                return name;
            }
            nth += 1;
        }
    }
}

/// The first characters of a text, as many as fit into so many UTF-16 units.
fn cut(text: &str, most: usize) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > most
    });
    end.and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

/// A text that fits into a cell, and says so where it was cut.
fn fitting(text: &str) -> String {
    // Most texts are far shorter, and no text has more units than bytes.
    if text.len() <= CELL || text.encode_utf16().count() <= CELL {
        return text.to_owned();
    }
    cut(text, CELL.saturating_sub(CUT.encode_utf16().count())).to_owned() + CUT
}

/// What the workbook is, whose view, and what is on each sheet.
fn front(
    sheet: &mut Worksheet,
    name: &str,
    tables: &[&Table],
    sheets: &[Sheet<'_>],
    look: &Look,
) -> Result<(), XlsxError> {
    sheet.set_name(name)?.set_column_width(0, 34)?.set_column_width(1, 96)?;
    sheet.set_portrait().set_print_fit_to_pages(1, 0).set_screen_gridlines(false);
    let plain = Format::new().set_align(FormatAlign::Top).set_text_wrap();
    let mut row = 0u32;
    for table in tables {
        sheet.write_string_with_format(row, 0, fitting(&super::shown(&table.title)), &look.title)?;
        sheet.set_row_height(row, 24)?;
        row += 1;
        for note in &table.notes {
            sheet.merge_range(row, 0, row, 1, &fitting(&super::shown(note)), &plain)?;
            sheet.set_row_height(row, height(lines(note, 120)))?;
            row += 1;
        }
        for one in sheets.iter().filter(|one| std::ptr::eq(one.table, *table)) {
            let to = Url::new(format!("internal:'{}'!A1", one.name.replace('\'', "''")));
            sheet.write_url_with_format(row, 0, to.set_text(&one.name), &look.link)?;
            sheet.write_string_with_format(row, 1, count(one.rows.len(), "row"), &plain)?;
            row += 1;
        }
        row += 1;
    }
    Ok(())
}

/// Points of a line of text, and the highest row that Excel knows.
const LINE: f64 = 15.0;
const HIGHEST: usize = 27;

/// The height of so many lines. Programs that take the workbook for Excel's own fit no row to its text.
fn height(lines: usize) -> f64 {
    LINE * f64::from(u16::try_from(lines.clamp(1, HIGHEST)).unwrap_or(1))
}

/// How many lines a text takes in a column of so many letters; no more than a row can show are counted.
fn lines(text: &str, width: u16) -> usize {
    // Widths count digits, and most letters are narrower.
    let width = (usize::from(width) * 11 / 10).max(1);
    let mut lines = 0;
    for paragraph in text.split('\n') {
        lines += 1;
        let mut used = 0;
        for word in paragraph.split(' ') {
            let letters = word.chars().take(width * HIGHEST).count();
            if used > 0 && used + 1 + letters > width {
                lines += 1;
                used = 0;
            }
            // A word longer than the column goes on in the next line.
            lines += letters.saturating_sub(1) / width;
            used += if used > 0 { 1 + letters } else { letters };
            if lines >= HIGHEST {
                return HIGHEST;
            }
        }
    }
    lines
}

fn sheet(
    sheet: &mut Worksheet,
    Sheet { name, table, rows }: &Sheet<'_>,
    links: Option<&str>,
    look: &Look,
) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    page(sheet, table)?;
    for (column, nth) in table.columns.iter().zip(0u16..) {
        sheet.set_column_width(nth, column.width)?;
        sheet.write_string_with_format(0, nth, column.title, &look.heading)?;
    }
    sheet.set_row_height(0, heading_height(&table.columns))?;
    let mut left = LINKS;
    for (cells, row) in rows.iter().zip(1u32..) {
        let lines = row_lines(&table.columns, cells);
        if lines > 1 {
            sheet.set_row_height(row, height(lines))?;
        }
        for (cell, nth) in cells.iter().zip(0u16..) {
            let to = match cell {
                Cell::Link { to, .. } => links.filter(|_| left > 0).and_then(|links| reachable(links, to)),
                _ => None,
            };
            left -= usize::from(to.is_some());
            write(sheet, (row, nth), cell, to, look)?;
        }
    }
    let last = (rows.len().try_into().unwrap_or(u32::MAX), last_column(&table.columns));
    sheet.autofilter(0, 0, last.0, last.1)?;
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn last_column(columns: &[Column]) -> u16 {
    columns.len().saturating_sub(1).try_into().unwrap_or(u16::MAX)
}

/// Room for headings beside the button of the filter.
fn heading_height(columns: &[Column]) -> f64 {
    let needs = columns.iter().map(|column| lines(column.title, column.width.saturating_sub(3)));
    height(needs.max().unwrap_or(1)) + 5.0
}

/// How many lines a row takes.
fn row_lines(columns: &[Column], cells: &[Cell]) -> usize {
    let needs = columns.iter().zip(cells).map(|(column, cell)| match cell {
        Cell::Text(text) | Cell::Link { text, .. } => lines(text.trim_end(), column.width),
        Cell::Blank | Cell::Count(_) | Cell::Day(_) => 1,
    });
    needs.max().unwrap_or(1)
}

/// Letters that are still read on the width of a page.
const PAGE: u16 = 280;

/// How it comes out of a printer: landscape, on as many pages side by side as can be read, each with the heading and the
/// first two columns.
fn page(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let title = cut(&table.title, HEADER).replace('&', "&&");
    let wide = table.columns.iter().fold(0u16, |sum, column| sum.saturating_add(column.width));
    let pages = wide.div_ceil(PAGE).max(1);
    sheet.set_landscape().set_print_fit_to_pages(pages, 0).set_repeat_rows(0, 0)?;
    if pages > 1 && table.columns.len() > 2 {
        sheet.set_repeat_columns(0, 1)?;
    }
    sheet.set_margins(0.4, 0.4, 0.7, 0.6, 0.3, 0.3);
    sheet.set_header(format!("&L{title}")).set_footer("&L&A&RPage &P of &N");
    Ok(())
}

fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    to: Option<Url>,
    look: &Look,
) -> Result<(), XlsxError> {
    let text = || fitting(&cell.words());
    match (cell, to) {
        (Cell::Blank, _) => sheet.write_blank(row, column, &look.text)?,
        (Cell::Count(n), _) if *n <= 1 << 53 => {
            sheet.write_number_with_format(row, column, *n as f64, &look.count)?
        }
        (Cell::Day(day), _) => match ExcelDateTime::from_ymd(
            day.year().unsigned_abs(),
            day.month().unsigned_abs(),
            day.day().unsigned_abs(),
        ) {
            Ok(date) if day.year() >= 1900 => {
                sheet.write_datetime_with_format(row, column, &date, &look.day)?
            }
            _ => sheet.write_string_with_format(row, column, text(), &look.text)?,
        },
        (Cell::Link { .. }, Some(url)) => {
            sheet.write_url_with_format(row, column, url.set_text(text()), &look.link)?
        }
        _ => sheet.write_string_with_format(row, column, text(), &look.text)?,
    };
    Ok(())
}

/// The way to a file of the bundle. The library that writes workbooks reads `#` and `%` in a path as something else.
fn reachable(links: &str, to: &str) -> Option<Url> {
    let to = address(links, to);
    let sound = !to.is_empty() && to.len() <= ADDRESS && !to.contains(['#', '%', ':', '\\']);
    sound.then(|| Url::new(format!("file:///{to}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sheets_are_legal_and_each_once() {
        let mut names = Names::default();
        let taken = ["About", "about", "a/b:c[d]*?\\", "", "History", &"x".repeat(40), &"x".repeat(40)]
            .map(|name| names.take(name));
        let long = "x".repeat(31);
        let second = "x".repeat(27) + " (2)";
        assert_eq!(taken, ["About", "about (2)", "a b c d", "Table", "Table (2)", &long, &second]);
    }

    #[test]
    fn rows_beyond_a_sheet_go_on_in_the_next() {
        let rows = vec![vec![Cell::Blank]; 5];
        let table =
            Table { name: "t", title: "Many".to_owned(), notes: Vec::new(), columns: Vec::new(), rows };
        let sheets = parts(&table, 2, &mut Names::default());
        let told: Vec<(&str, usize)> = sheets.iter().map(|one| (one.name.as_str(), one.rows.len())).collect();
        assert_eq!(told, [("Many", 2), ("Many (2)", 2), ("Many (3)", 1)]);
        let none = Table { rows: Vec::new(), ..table };
        assert_eq!(parts(&none, 2, &mut Names::default()).len(), 1, "a sheet with its heading");
    }

    #[test]
    fn a_text_longer_than_a_cell_is_cut_and_says_so() {
        let whole = "ä".repeat(CELL);
        assert_eq!(fitting(&whole), whole);
        let cut = fitting(&"\u{1f512}".repeat(CELL));
        assert!(cut.ends_with(CUT) && cut.encode_utf16().count() <= CELL);
        assert!(cut.encode_utf16().count() > CELL - 2, "as much as fits");
    }

    #[test]
    fn a_row_is_as_high_as_its_longest_text() {
        assert_eq!(lines("", 10), 1);
        assert_eq!(lines("one two three four", 10), 2);
        assert_eq!(lines("a\nb\nc", 10), 3);
        assert_eq!(lines(&"x".repeat(33), 10), 3, "a long word is broken");
        assert_eq!(lines(&"word ".repeat(10_000), 10), HIGHEST);
    }
}
