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
    let sheets: Vec<Sheet<'_>> = tables.iter().flat_map(|table| parts(table, &mut names)).collect();
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
fn parts<'t>(table: &'t Table, names: &mut Names) -> Vec<Sheet<'t>> {
    let first = table.rows.chunks(ROWS).next().unwrap_or(&[]);
    let rest = table.rows.chunks(ROWS).skip(1);
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
        row += 1;
        for note in &table.notes {
            sheet.merge_range(row, 0, row, 1, &fitting(&super::shown(note)), &plain)?;
            sheet.set_row_height(row, height(note, 130))?;
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

/// The height of merged cells, which no program fits to their text.
fn height(text: &str, letters: usize) -> f64 {
    let lines = text.lines().map(|line| line.chars().count().div_ceil(letters).max(1)).sum::<usize>();
    15.0 * f64::from(u16::try_from(lines.clamp(1, 27)).unwrap_or(1))
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

/// Room for headings that need two lines.
fn heading_height(columns: &[Column]) -> f64 {
    let wraps = |column: &Column| column.title.chars().count() + 3 > usize::from(column.width);
    if columns.iter().any(wraps) { 32.0 } else { 20.0 }
}

/// How it comes out of a printer: landscape, as wide as the page, its heading on every page.
fn page(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let title = cut(&table.title, HEADER).replace('&', "&&");
    sheet.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
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
