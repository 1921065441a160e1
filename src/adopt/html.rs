//! A page of HTML as Markdown that says the same: headings, paragraphs, lists, tables, links and code stay; what a page does
//! and how it looks is left, and told.

mod blocks;
mod inline;
mod tokens;

use blocks::Blocks;
use inline::{Inlines, block_text, code};
use tokens::{Tag, Token, Tokens, decoded};

/// What a page became.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// What its `title` says.
    pub(super) title: Option<String>,
    pub(super) markdown: String,
    /// What was left, each kind with its first line.
    pub(super) left: Vec<(String, usize)>,
}

/// Kinds of things told of one page.
const MOST: usize = 50;
/// Tags that are open at once; what is deeper loses its form and keeps its words.
const OPEN_CAP: usize = 64;

/// Converts a page.
pub(super) fn markdown(html: &str) -> Page {
    let mut writer = Writer::default();
    let (mut line, mut counted) = (1, 0);
    for (at, token) in Tokens::of(html) {
        line += html.get(counted..at).unwrap_or("").bytes().filter(|byte| *byte == b'\n').count();
        counted = at;
        writer.line = line;
        match token {
            Token::Text(text) => writer.text(text),
            Token::Start(tag) => writer.start(&tag),
            Token::End(name) => writer.end(&name),
            Token::Raw(name, held) => writer.raw(&name, held),
        }
    }
    writer.table_end();
    writer.flush();
    Page { title: writer.title, markdown: writer.blocks.out, left: writer.left }
}

#[derive(Default)]
struct Writer {
    blocks: Blocks,
    inlines: Inlines,
    open: Vec<String>,
    title: Option<String>,
    left: Vec<(String, usize)>,
    /// A heading that is open, with its level and anchor.
    heading: Option<(usize, Option<String>)>,
    pre: Option<String>,
    table: Option<Table>,
    /// Tables inside a table's cell: their words belong to the cell.
    nested: usize,
    line: usize,
}

#[derive(Default)]
struct Table {
    rows: Vec<Vec<String>>,
    open: bool,
}

/// A cell beyond these is left out.
const COLUMNS: usize = 50;
const ROWS: usize = 5_000;

impl Writer {
    fn tell(&mut self, what: &str) {
        if self.left.len() < MOST && !self.left.iter().any(|(told, _)| told == what) {
            self.left.push((what.to_owned(), self.line));
        }
    }

    fn raw(&mut self, name: &str, held: &str) {
        match name {
            "title" => self.title = self.title.take().or_else(|| Some(decoded(held))),
            "textarea" | "xmp" => self.text(held),
            _ => self.tell(&format!("`{name}`")),
        }
    }

    fn text(&mut self, text: &str) {
        match &mut self.pre {
            Some(pre) => pre.push_str(&decoded(text)),
            None => self.inlines.text(text),
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        self.implied(&tag.name);
        if !is_void(&tag.name) {
            if self.open.len() >= OPEN_CAP {
                return self.flush();
            }
            self.open.push(tag.name.clone());
        }
        match &*tag.name {
            "br" => self.inlines.line_break(self.heading.is_some() || self.table.is_some()),
            "hr" => {
                self.flush();
                self.block("* * *");
            }
            "img" => self.image(tag),
            "input" if tag.attribute("type").is_some_and(|kind| kind.eq_ignore_ascii_case("checkbox")) => {
                let ticked = tag.attribute("checked").is_some();
                self.inlines.verbatim(if ticked { "[x] " } else { "[ ] " });
            }
            "input" | "button" | "select" | "object" | "embed" | "audio" | "video" | "canvas" | "svg"
            | "frame" => {
                self.tell(&format!("`{}`", tag.name));
            }
            "b" | "strong" | "i" | "em" | "code" | "tt" | "kbd" | "samp" => {
                self.inlines.open(&tag.name, None)
            }
            "a" => {
                let to = tag.attribute("href").map(|to| to.trim().to_owned()).filter(|to| !to.is_empty());
                let safe = to.as_deref().is_none_or(is_followed);
                if !safe {
                    self.tell("the address of a link that would run something");
                }
                self.inlines.open("a", to.filter(|_| safe));
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.flush();
                let level = tag.name.get(1..).and_then(|digit| digit.parse().ok()).unwrap_or(1);
                self.heading = Some((level, tag.attribute("id")));
            }
            "pre" => {
                self.flush();
                self.pre = Some(String::new());
            }
            "table" if self.table.is_some() => self.nested += 1,
            "table" => {
                self.flush();
                self.table = Some(Table::default());
            }
            "tr" if self.nested == 0 => self.row(),
            "td" | "th" if self.nested == 0 => self.cell(tag),
            name if self.table.is_some() => self.in_cell(name),
            "ul" | "ol" | "menu" | "blockquote" | "li" => {
                self.flush();
                self.blocks.enter(&tag.name, tag.attribute("start"), tag.attribute("type"));
            }
            name if is_block(name) => self.flush(),
            _ => {}
        }
    }

    /// Ends what a tag ends without saying so.
    fn implied(&mut self, name: &str) {
        let (ended, within): (&[&str], &[&str]) = match name {
            "li" => (&["li"], &["ul", "ol", "menu", "table"]),
            "td" | "th" => (&["td", "th"], &["table"]),
            "tr" | "tbody" | "tfoot" => (&["tr"], &["table"]),
            "dt" | "dd" => (&["dt", "dd"], &["dl"]),
            _ if self.open.last().is_some_and(|open| open == "p") && ends_paragraph(name) => (&["p"], &[]),
            _ => return,
        };
        let inner = self.open.iter().rev().take_while(|open| !within.contains(&open.as_str()));
        if let Some(open) = inner.filter(|open| ended.contains(&open.as_str())).last().cloned() {
            self.end(&open);
        }
    }

    fn end(&mut self, name: &str) {
        let Some(at) = self.open.iter().rposition(|open| open == name) else {
            if name == "p" {
                self.flush();
            }
            return;
        };
        for closed in self.open.split_off(at).iter().rev() {
            self.close(closed);
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "b" | "strong" | "i" | "em" | "code" | "tt" | "kbd" | "samp" | "a" => self.inlines.close(name),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.flush(),
            "pre" => {
                let Some(held) = self.pre.take() else { return };
                match self.table.is_some() {
                    true => self.inlines.verbatim(&code(&held)),
                    false => self.block(&fenced(&held)),
                }
            }
            "table" if self.nested > 0 => self.nested -= 1,
            "table" => self.table_end(),
            "td" | "th" | "tr" if self.nested == 0 => self.cell_end(),
            _ if self.table.is_some() => self.in_cell(name),
            "ul" | "ol" | "menu" | "blockquote" | "li" => {
                self.flush();
                self.blocks.leave(name);
            }
            name if is_block(name) => self.flush(),
            _ => {}
        }
    }

    /// A block in a cell stands apart from what is before and after it.
    fn in_cell(&mut self, name: &str) {
        if is_block(name) || self.blocks.is_container(name) {
            self.inlines.separate();
        }
    }

    /// Writes what was gathered as a paragraph or heading.
    fn flush(&mut self) {
        if self.table.is_some() {
            return;
        }
        let text = self.inlines.take();
        let heading = self.heading.take();
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        match heading {
            None => self.block(&block_text(text)),
            Some((level, id)) => {
                let anchor =
                    id.filter(|id| is_anchor(id)).map_or_else(String::new, |id| format!(" {{#{id}}}"));
                let mut words = text.replace("\\\n", " ").replace('{', "\\{");
                if words.ends_with('#') {
                    words.insert(words.len() - 1, '\\');
                }
                self.block(&format!("{} {words}{anchor}", "#".repeat(level)));
            }
        }
    }

    fn block(&mut self, text: &str) {
        if self.blocks.write(text).is_err() {
            self.tell("everything after the text grew too long");
        }
    }

    fn image(&mut self, tag: &Tag<'_>) {
        let alt = tag.attribute("alt").unwrap_or_default();
        match tag.attribute("src").filter(|src| !src.trim().is_empty()) {
            Some(src) if !src.contains(':') && !src.starts_with("//") => {
                self.inlines.verbatim(&format!("![{}](<{}>)", inline::escaped(&alt), inline::address(&src)));
            }
            _ => {
                self.tell("a picture that is not beside the page");
                self.inlines.text(&alt);
            }
        }
    }

    fn row(&mut self) {
        self.cell_end();
        if let Some(table) = self.table.as_mut().filter(|table| table.rows.len() < ROWS) {
            table.rows.push(Vec::new());
        }
    }

    fn cell(&mut self, tag: &Tag<'_>) {
        self.cell_end();
        let spans = tag.attribute("colspan").and_then(|n| n.trim().parse::<usize>().ok()).unwrap_or(1);
        let rows = tag.attribute("rowspan").and_then(|n| n.trim().parse::<usize>().ok()).unwrap_or(1);
        if rows > 1 {
            self.tell("that a cell stands in several rows");
        }
        let Some(table) = &mut self.table else { return };
        if table.rows.is_empty() {
            table.rows.push(Vec::new());
        }
        let Some(row) = table.rows.last_mut() else { return };
        for _ in 0..spans.clamp(1, COLUMNS) {
            if row.len() < COLUMNS {
                row.push(String::new());
            }
        }
        // A cell that spans several columns is written into the first of them.
        table.open = true;
        let first = row.len().saturating_sub(spans.clamp(1, COLUMNS));
        self.inlines.column = first;
    }

    fn cell_end(&mut self) {
        let Some(table) = &mut self.table else { return };
        let text = self.inlines.take();
        let text = text.replace("\\\n", " ").replace('|', "\\|");
        let text = on_one_line(&text);
        if text.is_empty() {
            table.open = false;
            return;
        }
        if table.rows.is_empty() {
            table.rows.push(Vec::new());
        }
        let column = self.inlines.column;
        let Some(row) = table.rows.last_mut() else { return };
        match row.get_mut(column).filter(|_| table.open) {
            Some(cell) => *cell = text,
            // Words between cells: a caption, or a broken page.
            None => row.push(text),
        }
        table.open = false;
    }

    fn table_end(&mut self) {
        self.cell_end();
        self.nested = 0;
        let Some(table) = self.table.take() else { return };
        let rows: Vec<Vec<String>> = table.rows.into_iter().filter(|row| !row.is_empty()).collect();
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        match (rows.as_slice(), width) {
            (_, 0) => {}
            // A box around a text.
            ([only], 1) => {
                let text = only.concat();
                self.block(&block_text(&text.replace("\\|", "|")));
            }
            (rows, width) => {
                let mut out = String::new();
                for (nth, row) in rows.iter().enumerate() {
                    out.push('|');
                    for column in 0..width {
                        out.push_str(&format!(" {} |", row.get(column).map_or("", String::as_str)));
                    }
                    out.push('\n');
                    if nth == 0 {
                        out.push_str(&format!("|{}\n", " --- |".repeat(width)));
                    }
                }
                self.block(out.trim_end());
            }
        }
    }
}

/// The blocks of a cell, one after the other.
fn on_one_line(text: &str) -> String {
    let mut out = String::new();
    for part in text.split(inline::SEPARATOR) {
        let part = part.split_whitespace().collect::<Vec<_>>().join(" ");
        if !out.is_empty() && !part.is_empty() {
            let ended = out.ends_with(['.', ':', ';', ',', '!', '?']);
            out.push_str(if ended { " " } else { "; " });
        }
        out.push_str(&part);
    }
    out
}

/// Tags that hold nothing and are never closed.
fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "frame"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// A paragraph ends where another block begins.
fn ends_paragraph(name: &str) -> bool {
    is_block(name)
        || matches!(
            name,
            "ul" | "ol"
                | "menu"
                | "blockquote"
                | "pre"
                | "table"
                | "hr"
                | "h1"
                | "h2"
                | "h3"
                | "h4"
                | "h5"
                | "h6"
        )
}

/// Code between fences that are longer than any in it.
fn fenced(held: &str) -> String {
    let longest = held.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    format!("{fence}\n{}\n{fence}", held.trim_matches('\n'))
}

/// Addresses that a reader may follow.
fn is_followed(to: &str) -> bool {
    let scheme =
        to.split(['/', '?', '#']).next().and_then(|head| head.split_once(':')).map(|(scheme, _)| scheme);
    scheme.is_none_or(|scheme| {
        ["http", "https", "mailto", "tel"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
    })
}

fn is_anchor(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= 100
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "section"
            | "article"
            | "main"
            | "header"
            | "footer"
            | "aside"
            | "nav"
            | "figure"
            | "figcaption"
            | "address"
            | "details"
            | "summary"
            | "center"
            | "fieldset"
            | "form"
            | "dl"
            | "dt"
            | "dd"
            | "body"
            | "html"
            | "head"
            | "caption"
            | "thead"
            | "tbody"
            | "tfoot"
            | "tr"
            | "td"
            | "th"
    )
}

#[cfg(test)]
mod tests;
