//! One HTML page that holds all it needs: no script, nothing asked of a network. It looks as the other pages do, on a
//! screen, in the dark and on paper.

use std::fmt::Write;

use super::{Cell, Column, Table, address};
use crate::text::html as escape;

const CSS: &str =
    concat!(include_str!("../../templates/look.css"), include_str!("../../templates/table.css"));

/// Nothing may be loaded and nothing may run; the style is in the page.
const CSP: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The tables as one page. `links` is the way from where it lies to the bundle's root: empty, or `../`; without it, cells
/// that lead there are texts. `nav` leads to other pages: name and address.
pub fn html(tables: &[&Table], links: Option<&str>, nav: &[(String, String)]) -> String {
    let title = tables.first().map_or_else(String::new, |table| text(&table.title));
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{CSP}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>\n{}</style>\n</head>\n<body>\n",
        CSS.replace("\r\n", "\n")
    );
    if !nav.is_empty() {
        out.push_str("<nav aria-label=\"Bundle\">");
        for (name, to) in nav {
            let _ = write!(out, "<a href=\"{}\">{}</a> ", escape(to), escape(name));
        }
        out.push_str("</nav>\n");
    }
    out.push_str("<main>\n");
    for (nth, table) in tables.iter().enumerate() {
        one(table, nth, links, &mut out);
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn one(table: &Table, nth: usize, links: Option<&str>, out: &mut String) {
    let level = if nth == 0 { 1 } else { 2 };
    let _ = writeln!(out, "<h{level} id=\"{}\">{}</h{level}>", table.name, text(&table.title));
    if !table.notes.is_empty() {
        out.push_str("<ul class=\"notes\">\n");
        for note in &table.notes {
            let _ = writeln!(out, "<li>{}</li>", text(note));
        }
        out.push_str("</ul>\n");
    }
    if table.rows.is_empty() {
        out.push_str("<p>Nothing to list.</p>\n");
        return;
    }
    // A region that scrolls has to be reached by keyboard as well.
    let _ = write!(
        out,
        "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-labelledby=\"{}\">\n<table>\n<thead>\n<tr>",
        table.name
    );
    let filled = table.filled();
    for column in filled.iter().filter_map(|nth| table.columns.get(*nth)) {
        let _ = write!(
            out,
            "<th scope=\"col\" style=\"min-width: {}ch\">{}</th>",
            least(column),
            text(column.title)
        );
    }
    out.push_str("</tr>\n</thead>\n<tbody>\n");
    for row in &table.rows {
        out.push_str("<tr>");
        for cell in filled.iter().filter_map(|nth| row.get(*nth)) {
            write_cell(cell, links, out);
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
}

/// Letters that a column shows at least before it wraps.
fn least(column: &Column) -> u16 {
    column.width.min(34)
}

fn write_cell(cell: &Cell, links: Option<&str>, out: &mut String) {
    let words = escape(&cell.words());
    let _ = match (cell, links) {
        (Cell::Blank, _) => write!(out, "<td></td>"),
        (Cell::Count(_), _) => write!(out, "<td class=\"n\">{words}</td>"),
        (Cell::Day(_), _) => write!(out, "<td class=\"d\">{words}</td>"),
        (Cell::Link { to, .. }, Some(links)) => {
            write!(out, "<td><a href=\"{}\">{words}</a></td>", escape(&encoded(&address(links, to))))
        }
        (Cell::Text(_) | Cell::Link { .. }, _) => write!(out, "<td>{words}</td>"),
    };
}

fn text(text: &str) -> String {
    escape(&super::shown(text))
}

/// A path as a relative address: what would end it or start something else is written by its number.
fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len() + 8);
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                out.push(char::from(byte))
            }
            byte => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
