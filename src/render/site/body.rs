//! A document's text as HTML, written event by event. Elements that a stranger nests or repeats without end are bounded:
//! what is too deep is shown less deep, and a table that is too long says where it was cut.

use pulldown_cmark::{Alignment, Event, LinkType, Tag};

use super::notes::Notes;
use super::shell::{line, prose};
use super::{Site, place};
use crate::document::{Document, figure_path};
use crate::render::reading::{self, Target, target};
use crate::syntax::lettering::Lettering;

/// Lists, quotes and emphasis below this depth are no longer set apart.
const DEPTH: usize = 40;
/// Cells of all tables of a document.
const CELLS: usize = 20_000;
/// The same of a sheet, which this program writes.
const OWN_CELLS: usize = 1_000_000;

/// The text of a document, with its headings, figures, footnotes and the controls that rest on each section.
pub(super) fn html(site: &Site<'_>, nth: usize) -> String {
    let Some(document) = site.library.documents.get(nth) else { return String::new() };
    let mut writer = Writer {
        site,
        nth,
        document,
        out: String::with_capacity(document.text.len() * 2),
        open: Vec::new(),
        sections: 0,
        picture: None,
        skipped: 0,
        cells: 0,
        columns: Columns::default(),
        notes: Notes::of(&document.text),
        outer: Vec::new(),
    };
    for event in reading::events(&document.text) {
        writer.event(event);
    }
    writer.notes.write(&mut writer.out);
    writer.out
}

/// What the end of an element writes.
enum Open {
    /// Nothing was begun.
    Nothing,
    Close(&'static str),
    List(&'static str),
    /// The section, by index, and the number of its level; `None` beyond the sections that are counted.
    Heading(Option<(usize, usize)>),
    /// Where the words of the link begin, and what is shown when there are none.
    Link(usize, String),
    /// Where a cell began, the start tag that it got, and whether it is a heading's.
    Cell(usize, &'static str),
    Table,
    Note(String),
    Picture,
}

struct Writer<'a> {
    site: &'a Site<'a>,
    nth: usize,
    document: &'a Document,
    out: String,
    open: Vec<Open>,
    /// How many headings were seen.
    sections: usize,
    /// A picture whose words are being read: where it is, and the words.
    picture: Option<(String, String)>,
    /// How many elements deep we are in what is left out.
    skipped: usize,
    cells: usize,
    columns: Columns,
    notes: Notes,
    /// Texts around the footnote that is being read.
    outer: Vec<String>,
}

/// Of the table that is being read.
#[derive(Default)]
struct Columns {
    sides: Vec<Alignment>,
    at: usize,
    head: bool,
    cut: bool,
}

impl Writer<'_> {
    fn event(&mut self, event: Event<'_>) {
        if self.skipped > 0 {
            match event {
                Event::Start(_) => self.skipped += 1,
                Event::End(_) => self.skipped -= 1,
                _ => {}
            }
            return;
        }
        if let Some((_, words)) = &mut self.picture {
            match &event {
                Event::Text(text) | Event::Code(text) => words.push_str(text),
                Event::SoftBreak | Event::HardBreak => words.push(' '),
                Event::Start(_) => self.open.push(Open::Nothing),
                Event::End(_) => self.end(),
                _ => {}
            }
            return;
        }
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(_) => self.end(),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                self.out.push_str(&prose(&text))
            }
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::Code(text) => {
                self.put(&["<code>", &prose(&text), "</code>"]);
            }
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br>\n"),
            Event::Rule => self.out.push_str("<hr>\n"),
            Event::TaskListMarker(true) => {
                self.out.push_str("<span class=\"task\" role=\"img\" aria-label=\"done\">☑</span> ");
            }
            Event::TaskListMarker(false) => {
                self.out.push_str("<span class=\"task\" role=\"img\" aria-label=\"to do\">☐</span> ");
            }
            Event::FootnoteReference(label) => {
                let reference = self.notes.refer(&label);
                self.out.push_str(&reference);
            }
        }
    }

    fn most_cells(&self) -> usize {
        if self.site.beside { OWN_CELLS } else { CELLS }
    }

    fn put(&mut self, pieces: &[&str]) {
        for piece in pieces {
            self.out.push_str(piece);
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        let deep = self.open.len() >= DEPTH;
        let open = match tag {
            Tag::Paragraph => self.plain("<p>", "</p>\n"),
            Tag::Heading { .. } => self.heading(),
            Tag::CodeBlock(_) => self.plain("<pre><code>", "</code></pre>\n"),
            Tag::Item => match self.open.last() {
                Some(Open::List(_)) => self.plain("<li>", "</li>\n"),
                _ => Open::Nothing,
            },
            Tag::FootnoteDefinition(label) => {
                self.outer.push(std::mem::take(&mut self.out));
                Open::Note(label.to_string())
            }
            Tag::Table(sides) => {
                self.columns = Columns { sides, ..Columns::default() };
                self.out.push_str("<div class=\"table\"><table>\n");
                Open::Table
            }
            Tag::TableHead => {
                self.columns.head = true;
                self.plain("<thead><tr>", "</tr></thead>\n<tbody>\n")
            }
            Tag::TableRow => {
                self.columns.at = 0;
                self.columns.head = false;
                if self.cells >= self.most_cells() {
                    return self.cut();
                }
                self.plain("<tr>", "</tr>\n")
            }
            Tag::TableCell => {
                if self.cells >= self.most_cells() {
                    return self.cut();
                }
                self.cell()
            }
            Tag::Link { link_type: LinkType::Email, dest_url, .. } => {
                self.link(&format!("mailto:{dest_url}"))
            }
            Tag::Link { dest_url, .. } => self.link(&dest_url),
            Tag::Image { dest_url, .. } => {
                self.picture = Some((self.figure(&dest_url), String::new()));
                Open::Picture
            }
            _ if deep => Open::Nothing,
            Tag::BlockQuote(_) => self.plain("<blockquote>\n", "</blockquote>\n"),
            Tag::List(None) => {
                self.out.push_str("<ul>\n");
                Open::List("</ul>\n")
            }
            Tag::List(Some(1)) => {
                self.out.push_str("<ol>\n");
                Open::List("</ol>\n")
            }
            Tag::List(Some(first)) => {
                match reading::lettering(first).map(Lettering::kind) {
                    Some(kind) => self.put(&["<ol type=\"", kind, "\">\n"]),
                    None => self.put(&["<ol start=\"", &first.to_string(), "\">\n"]),
                }
                Open::List("</ol>\n")
            }
            Tag::Emphasis => self.plain("<em>", "</em>"),
            Tag::Strong => self.plain("<strong>", "</strong>"),
            Tag::Strikethrough => self.plain("<s>", "</s>"),
            _ => Open::Nothing,
        };
        self.open.push(open);
    }

    fn plain(&mut self, start: &str, end: &'static str) -> Open {
        self.out.push_str(start);
        Open::Close(end)
    }

    /// Leaves out the element that has just begun.
    fn cut(&mut self) {
        self.skipped = 1;
        self.columns.cut = true;
    }

    fn end(&mut self) {
        match self.open.pop() {
            None | Some(Open::Nothing) => {}
            Some(Open::Close(end) | Open::List(end)) => self.out.push_str(end),
            Some(Open::Heading(section)) => self.heading_end(section),
            Some(Open::Link(from, words)) => {
                if self.out.len() == from {
                    self.out.push_str(&words);
                }
                self.out.push_str("</a>");
            }
            Some(Open::Cell(from, start)) => {
                // A heading without words heads nothing.
                if self.columns.head && self.out.len() == from + start.len() {
                    self.out.truncate(from);
                    self.out.push_str("<td></td>");
                } else {
                    self.out.push_str(if self.columns.head { "</th>" } else { "</td>" });
                }
            }
            Some(Open::Table) => {
                self.out.push_str("</tbody></table></div>\n");
                if std::mem::take(&mut self.columns.cut) {
                    let most = if self.site.beside { "1,000,000" } else { "20,000" };
                    self.out.push_str(&format!(
                        "<p class=\"note\">The table goes on: more than {most} cells are not shown here.</p>\n"
                    ));
                }
            }
            Some(Open::Note(label)) => {
                let text = std::mem::replace(&mut self.out, self.outer.pop().unwrap_or_default());
                self.notes.define(&label, &text);
            }
            Some(Open::Picture) => self.picture_end(),
        }
    }

    fn heading(&mut self) -> Open {
        let nth = self.sections;
        self.sections += 1;
        let Some(section) = self.document.sections.get(nth) else {
            self.out.push_str("<p><strong>");
            return Open::Heading(None);
        };
        let level = super::level(section);
        let id = place::id(&section.anchor);
        self.put(&["<div class=\"heading\"><h", &level.to_string(), " id=\"", &id, "\">"]);
        if !section.number.is_empty() {
            self.put(&["<span class=\"number\">", &line(&section.number), "</span> "]);
        }
        Open::Heading(Some((nth, level)))
    }

    fn heading_end(&mut self, section: Option<(usize, usize)>) {
        let Some((nth, level)) = section else { return self.out.push_str("</strong></p>\n") };
        let Some(section) = self.document.sections.get(nth) else { return };
        let id = place::id(&section.anchor);
        self.put(&["</h", &level.to_string(), "><a class=\"mark\" href=\"#", &id]);
        let name = if section.number.is_empty() { &section.title } else { &section.number };
        self.put(&["\" aria-label=\"Link to section ", &line(name), "\">#</a></div>\n"]);
        let controls = super::links::controls(self.site, &section.controls);
        self.out.push_str(&controls);
    }

    fn cell(&mut self) -> Open {
        let side = self.columns.sides.get(self.columns.at).copied().unwrap_or(Alignment::None);
        self.columns.at += 1;
        self.cells += 1;
        let start = match (self.columns.head, side) {
            (true, Alignment::Right) => "<th scope=\"col\" class=\"right\">",
            (true, Alignment::Center) => "<th scope=\"col\" class=\"center\">",
            (true, _) => "<th scope=\"col\">",
            (false, Alignment::Right) => "<td class=\"right\">",
            (false, Alignment::Center) => "<td class=\"center\">",
            (false, _) => "<td>",
        };
        let from = self.out.len();
        self.out.push_str(start);
        Open::Cell(from, start)
    }

    fn link(&mut self, named: &str) -> Open {
        let (href, words) = match target(self.site.library, self.nth, named) {
            Target::Nowhere => {
                let Some(way) = Some(named).filter(|_| self.site.beside).and_then(place::beside) else {
                    return Open::Nothing;
                };
                self.put(&["<a href=\"", &line(&way), "\">"]);
                return Open::Link(self.out.len(), line(named));
            }
            Target::Web(address) => {
                let address = place::web(&address);
                self.put(&["<a class=\"web\" rel=\"noopener noreferrer\" href=\"", &line(&address), "\">"]);
                return Open::Link(self.out.len(), line(&address));
            }
            Target::Document(found, section) => (
                super::links::document(self.site, "../", found, section),
                self.site.library.documents.get(found).map_or("", |document| &document.title),
            ),
        };
        self.put(&["<a href=\"", &href, "\">"]);
        Open::Link(self.out.len(), line(words))
    }

    /// Where a figure is published; empty for one that is not.
    fn figure(&self, named: &str) -> String {
        let path = figure_path(&self.document.path, named);
        let file = path.and_then(|path| self.site.figures.get(&*path));
        file.map_or_else(String::new, |file| format!("../{file}"))
    }

    fn picture_end(&mut self) {
        let Some((file, words)) = self.picture.take() else { return };
        if file.is_empty() {
            self.put(&["<span class=\"missing\">[figure not shown: ", &line(&words), "]</span>"]);
        } else {
            self.put(&["<img src=\"", &file, "\" alt=\"", &line(&words), "\">"]);
        }
    }
}
