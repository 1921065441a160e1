//! Texts written into cells of a sheet: the elements of those cells change, and what says how far the sheet goes and how wide
//! new columns are. Every other byte stays.

use std::collections::BTreeMap;
use std::ops::Range;

use super::sheet::{CellAt, RowAt, Sheet};
use super::xml::encoded;
use crate::sheet::grid::letters;
use crate::text::clip;

/// The most characters a cell holds.
const CELL_CAP: usize = 32_767;

/// Texts to write.
#[derive(Clone, Debug, Default)]
pub(crate) struct Writes {
    /// By row, from 1, and column, from 0. Each with the column of the same row whose look a new cell
    /// takes, empty or not.
    pub(crate) cells: BTreeMap<u32, BTreeMap<u32, (String, Option<u32>)>>,
    /// Columns that the sheet did not use, each with its width in characters.
    pub(crate) columns: BTreeMap<u32, u16>,
}

impl Sheet {
    /// The text of the part with the texts in their cells. A cell with a formula, and one that shows that text already, is
    /// left as it is.
    pub(crate) fn with(&self, writes: &Writes) -> String {
        let mut splices: Vec<(Range<usize>, String)> = Vec::new();
        let last = writes.cells.values().filter_map(|row| row.keys().next_back()).max().copied().unwrap_or(0);
        for (number, cells) in &writes.cells {
            if let Ok(index) = self.rows.binary_search_by_key(number, |row| row.number)
                && let Some(row) = self.rows.get(index)
            {
                self.row(row, cells, &mut splices);
            }
        }
        if let Some((at, said)) = &self.extent
            && let Some(wider) = wider(said, last)
        {
            let tag = self.text.get(at.clone()).unwrap_or("");
            splices.push((at.clone(), tag.replacen(&format!("\"{said}\""), &format!("\"{wider}\""), 1)));
        }
        self.widen(writes, &mut splices);
        self.spliced(splices)
    }

    fn spliced(&self, mut splices: Vec<(Range<usize>, String)>) -> String {
        splices.sort_by_key(|(at, _)| (at.start, at.end));
        let mut out = String::with_capacity(self.text.len() + splices.len() * 120);
        let mut done = 0;
        for (at, words) in splices {
            out.push_str(self.text.get(done..at.start).unwrap_or(""));
            out.push_str(&words);
            done = at.end;
        }
        out.push_str(self.text.get(done..).unwrap_or(""));
        out
    }

    fn row(
        &self,
        row: &RowAt,
        cells: &BTreeMap<u32, (String, Option<u32>)>,
        splices: &mut Vec<(Range<usize>, String)>,
    ) {
        let find = |column: u32| -> Option<&CellAt> {
            let index = row.cells.binary_search_by_key(&column, |one| one.cell.column).ok()?;
            row.cells.get(index)
        };
        // New cells of one place are joined, so that they keep their order.
        let mut new: BTreeMap<usize, String> = BTreeMap::new();
        let mut last = None;
        for (column, (text, like)) in cells {
            match find(*column) {
                Some(one) if one.cell.formula || one.cell.text == text.trim() => {}
                Some(one) => {
                    splices.push((one.at.clone(), self.element(row.number, *column, one.style, text)))
                }
                None => {
                    let style = like.and_then(find).and_then(|one| one.style);
                    if text.trim().is_empty() && style.is_none() {
                        continue;
                    }
                    let next = row.cells.iter().find(|one| one.cell.column > *column);
                    let place = next.map_or(row.end, |next| next.at.start);
                    let element = self.element(row.number, *column, style, text);
                    new.entry(place).or_default().push_str(&element);
                    last = Some(*column);
                }
            }
        }
        splices.extend(new.into_iter().map(|(place, elements)| (place..place, elements)));
        let tag = self.text.get(row.tag.clone()).unwrap_or("");
        if let Some(tag) = last.and_then(|last| with_span(tag, last)) {
            splices.push((row.tag.clone(), tag));
        }
    }

    fn element(&self, row: u32, column: u32, style: Option<u32>, text: &str) -> String {
        let x = &self.prefix;
        let style = style.map_or_else(String::new, |style| format!(" s=\"{style}\""));
        let reference = format!("{}{row}", letters(column));
        let text = clip(text.trim(), CELL_CAP);
        if text.is_empty() {
            return format!("<{x}c r=\"{reference}\"{style}/>");
        }
        let text = encoded(&text);
        format!(
            "<{x}c r=\"{reference}\"{style} t=\"inlineStr\"><{x}is><{x}t xml:space=\"preserve\">{text}</{x}t></{x}is></{x}c>"
        )
    }

    /// Gives new columns their width, and shows them where all columns beyond the list are hidden.
    fn widen(&self, writes: &Writes, splices: &mut Vec<(Range<usize>, String)>) {
        if writes.columns.is_empty() {
            return;
        }
        let x = &self.prefix;
        let tag = |column: u32, width: u16| {
            format!("<{x}col min=\"{0}\" max=\"{0}\" width=\"{width}\" customWidth=\"1\"/>", column + 1)
        };
        let inside = |(first, last): (u32, u32)| writes.columns.range(first..=last.max(first));
        let mut placed = Vec::new();
        for (first, last, at) in &self.widths {
            let mut next = *first;
            let mut words = String::new();
            let old = self.text.get(at.clone()).unwrap_or("");
            for (column, width) in inside((*first, *last)) {
                if next < *column {
                    words.push_str(&resized(old, next, *column - 1));
                }
                words.push_str(&tag(*column, *width));
                placed.push(*column);
                next = *column + 1;
            }
            if next == *first {
                continue;
            }
            if next <= *last {
                words.push_str(&resized(old, next, *last));
            }
            splices.push((at.clone(), words));
        }
        let rest = || writes.columns.iter().filter(|(column, _)| !placed.contains(column));
        for (column, width) in rest() {
            let after = self.widths.iter().find(|(first, ..)| first > column);
            let place = after.map(|(_, _, at)| at.start).or(self.widths_end);
            if let Some(place) = place {
                join(splices, place, &tag(*column, *width));
            }
        }
        if self.widths_end.is_none() {
            let all: String = rest().map(|(column, width)| tag(*column, *width)).collect();
            splices.push((self.data..self.data, format!("<{x}cols>{all}</{x}cols>")));
        }
    }
}

/// Adds words at a place behind those that are there already.
fn join(splices: &mut Vec<(Range<usize>, String)>, place: usize, words: &str) {
    match splices.iter_mut().find(|(at, _)| *at == (place..place)) {
        Some((_, there)) => there.push_str(words),
        None => splices.push((place..place, words.to_owned())),
    }
}

/// A tag of widths for other columns.
fn resized(tag: &str, first: u32, last: u32) -> String {
    let tag = with_attribute(tag, "min", &(first + 1).to_string());
    with_attribute(&tag, "max", &(last + 1).to_string())
}

/// A tag with another value of an attribute that it has.
fn with_attribute(tag: &str, name: &str, value: &str) -> String {
    match attribute(tag, name) {
        Some(at) => {
            format!("{}{value}{}", tag.get(..at.start).unwrap_or(""), tag.get(at.end..).unwrap_or(""))
        }
        None => tag.to_owned(),
    }
}

/// Where the value of an attribute stands in a tag.
fn attribute(tag: &str, name: &str) -> Option<Range<usize>> {
    let (mut quote, mut begins) = (None, 0);
    for (at, b) in tag.bytes().enumerate() {
        match quote {
            None if matches!(b, b'"' | b'\'') => {
                quote = Some(b);
                begins = at;
            }
            Some(open) if open == b => {
                quote = None;
                let before = tag.get(..begins)?.trim_end().strip_suffix('=')?.trim_end();
                if before
                    .strip_suffix(name)
                    .is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_whitespace()))
                {
                    return Some(begins + 1..at);
                }
            }
            _ => {}
        }
    }
    None
}

/// The tag of a row whose hint of how far it goes reaches a column; `None` where it gives none or reaches it.
fn with_span(tag: &str, column: u32) -> Option<String> {
    let at = attribute(tag, "spans")?;
    let (first, last) = tag.get(at)?.split_once(':')?;
    let last: u32 = last.parse().ok()?;
    (last <= column).then(|| with_attribute(tag, "spans", &format!("{first}:{}", column + 1)))
}

/// `A1:H30` that reaches a column; `None` where it does already.
fn wider(extent: &str, column: u32) -> Option<String> {
    let (from, to) = extent.split_once(':').unwrap_or((extent, extent));
    let digits = to.find(|c: char| c.is_ascii_digit())?;
    let (name, row) = to.split_at(digits);
    let last = crate::sheet::grid::column(name)?;
    (last < column).then(|| format!("{from}:{}{row}", letters(column)))
}

#[cfg(test)]
mod tests {
    use super::super::styles::Styles;
    use super::*;

    fn written(sheet: &str, cells: &[(u32, u32, &str)], columns: &[u32]) -> String {
        let sheet = Sheet::read(sheet.to_owned(), &[], &Styles::default(), 99).unwrap();
        let mut writes = Writes::default();
        for (row, column, text) in cells {
            writes.cells.entry(*row).or_default().insert(*column, ((*text).to_owned(), Some(0)));
        }
        writes.columns = columns.iter().map(|column| (*column, 30)).collect();
        sheet.with(&writes)
    }

    fn cell(place: &str, style: &str, text: &str) -> String {
        format!("<c r=\"{place}\"{style} t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>")
    }

    #[test]
    fn only_the_cells_change() {
        let rows =
            "<row r=\"2\" spans=\"1:2\" ht='9'><c r=\"A2\" s=\"4\"><v>1</v></c><c r=\"C2\" s=\"5\"/></row>";
        let sheet =
            format!("<worksheet><dimension ref=\"A1:C2\"/><sheetData>{rows}</sheetData><x/></worksheet>");
        let expected = format!(
            "<worksheet><dimension ref=\"A1:E2\"/><sheetData><row r=\"2\" spans=\"1:5\" ht='9'>\
             <c r=\"A2\" s=\"4\"><v>1</v></c>{}{}{}{}</row></sheetData><x/></worksheet>",
            cell("B2", " s=\"4\"", "b"),
            cell("C2", " s=\"5\"", "&lt;c&gt;"),
            cell("D2", " s=\"4\"", "d"),
            cell("E2", " s=\"4\"", "=1+1"),
        );
        assert_eq!(
            written(&sheet, &[(2, 1, "b"), (2, 2, "<c>"), (2, 3, "d"), (2, 4, "=1+1")], &[]),
            expected
        );
        assert_eq!(written(&sheet, &[(2, 0, "1"), (2, 2, ""), (3, 0, "x")], &[]), sheet);
    }

    #[test]
    fn formulas_stay_and_prefixes_are_kept() {
        let sheet = "<x:worksheet><x:sheetData><x:row><x:c><x:f>A2</x:f><x:v>3</x:v></x:c></x:row></x:sheetData></x:worksheet>";
        assert_eq!(written(sheet, &[(1, 0, "b")], &[]), sheet);
        let expected =
            "<x:c r=\"B1\" t=\"inlineStr\"><x:is><x:t xml:space=\"preserve\">b</x:t></x:is></x:c></x:row>";
        assert_eq!(written(sheet, &[(1, 1, "b")], &[]), sheet.replace("</x:row>", expected));
    }

    #[test]
    fn new_columns_are_as_wide_as_they_should_be_and_seen() {
        let new = |n: u32| format!("<col min=\"{n}\" max=\"{n}\" width=\"30\" customWidth=\"1\"/>");
        let sheet = |cols: &str| format!("<worksheet>{cols}<sheetData></sheetData></worksheet>");
        let all = format!("<cols>{}{}</cols>", new(4), new(5));
        assert_eq!(written(&sheet(""), &[], &[3, 4]), sheet(&all));
        let some = "<cols><col min=\"1\" max=\"2\"/><col min=\"9\" max=\"9\"/></cols>";
        let expected = some.replace("<col min=\"9\"", &format!("{}{}<col min=\"9\"", new(4), new(5)));
        assert_eq!(written(&sheet(some), &[], &[3, 4]), sheet(&expected));
        let hidden = "<cols><col min=\"3\" hidden='1' max=\"16384\"/></cols>";
        let expected = format!(
            "<cols><col min=\"3\" hidden='1' max=\"3\"/>{}{}<col min=\"6\" hidden='1' max=\"16384\"/></cols>",
            new(4),
            new(5)
        );
        assert_eq!(written(&sheet(hidden), &[], &[3, 4]), sheet(&expected));
    }
}
