//! A document's Markdown as calls of Typst functions with string literals. Nesting beyond [`DEEPEST`] is set at that depth.

use std::collections::BTreeMap;
use std::fmt::Write;

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use super::front::carried;
use super::literal::{breakable, lines, literal, push_escaped};
use super::notes::in_a_note;
use super::table::Table;
use super::world::figure_name;
use crate::document::{Document, Library, figure_path};
use crate::render::reading::{self, Target, target};

/// Lists, quotes and emphasis inside each other; the typesetter refuses much more.
const DEEPEST: usize = 16;
/// A word of more letters may break.
const LONG_WORD: usize = 36;
/// So may one in a code block.
const LONG_CODE: usize = 72;

/// A document's text as code.
pub(super) struct Body {
    pub(super) code: String,
    /// Places of the figures that it shows, as in [`Library::figures`].
    pub(super) figures: Vec<usize>,
}

/// Writes a document's text. `whole` says that all documents are set together, so that links may lead to the others.
pub(super) fn body(library: &Library, nth: usize, document: &Document, whole: bool) -> Body {
    let mut writer = Writer {
        library,
        nth,
        document,
        whole,
        open: vec![Frame::new(Kind::Plain)],
        over: 0,
        figure: None,
        headings: 0,
        level: 1,
        notes: BTreeMap::new(),
        figures: Vec::new(),
    };
    let events: Vec<Event<'_>> = reading::events(&document.text).collect();
    writer.define_notes(&events);
    let mut inside = 0_usize;
    for event in events {
        match event {
            Event::Start(Tag::FootnoteDefinition(_)) => inside += 1,
            Event::End(TagEnd::FootnoteDefinition) => inside = inside.saturating_sub(1),
            _ if inside > 0 => {
                writer.headings += usize::from(matches!(event, Event::Start(Tag::Heading { .. })))
            }
            event => writer.take(event),
        }
    }
    writer.unused_notes();
    Body { code: writer.finish(), figures: writer.figures }
}

/// The place of a section, for links.
pub(super) fn mark(document: usize, section: usize) -> String {
    format!("d{document}s{section}")
}

/// The place of a document.
pub(super) fn mark_of(document: usize) -> String {
    format!("d{document}")
}

/// A footnote: what it says, and whether it was set already.
struct Note {
    code: String,
    set: bool,
}

struct Writer<'a> {
    library: &'a Library,
    nth: usize,
    document: &'a Document,
    whole: bool,
    open: Vec<Frame>,
    /// Tags that were opened beyond the deepest level and are not closed.
    over: usize,
    figure: Option<Picture>,
    headings: usize,
    level: u8,
    notes: BTreeMap<String, Note>,
    figures: Vec<usize>,
}

/// An image while its words are read.
struct Picture {
    to: String,
    words: String,
    depth: usize,
}

struct Frame {
    kind: Kind,
    code: String,
    /// Text that is not yet code.
    text: String,
}

impl Frame {
    fn new(kind: Kind) -> Self {
        Self { kind, code: String::new(), text: String::new() }
    }
}

enum Kind {
    Plain,
    Paragraph,
    Heading,
    List {
        start: Option<u64>,
        loose: bool,
        tasks: bool,
    },
    /// Of a list of tasks: is it done?
    Item(Option<bool>),
    Quote,
    Emphasis,
    Strong,
    Link(Leads),
    Code,
    Table(Table),
    Cell,
}

/// What a link becomes.
enum Leads {
    Web(String),
    Mark(String),
    /// Words that say where it leads.
    Words(String),
    Nowhere,
}

impl Writer<'_> {
    /// Writes what each footnote says; a reference inside one is its name alone.
    fn define_notes(&mut self, events: &[Event<'_>]) {
        let mut name: Option<String> = None;
        let mut headings = 0;
        for event in events {
            match event {
                Event::Start(Tag::Heading { .. }) => headings += 1,
                Event::Start(Tag::FootnoteDefinition(label)) if name.is_none() => {
                    name = Some(label.to_string());
                    self.headings = headings;
                    continue;
                }
                Event::End(TagEnd::FootnoteDefinition) => {
                    let code = self.finish();
                    if let Some(name) = name.take() {
                        self.notes.entry(name).or_insert(Note { code, set: false });
                    }
                    continue;
                }
                _ => {}
            }
            match event {
                _ if name.is_none() => {}
                Event::Start(Tag::FootnoteDefinition(_)) => {}
                // A section cannot stand at the foot of a page.
                Event::Start(Tag::Heading { .. }) => self.take(Event::Start(Tag::Paragraph)),
                Event::End(TagEnd::Heading(_)) => self.take(Event::End(TagEnd::Paragraph)),
                Event::FootnoteReference(other) => self.text(&format!("[{other}]")),
                event => self.take(event.clone()),
            }
        }
        self.headings = 0;
    }

    /// Notes that nothing refers to are part of the text all the same.
    fn unused_notes(&mut self) {
        let notes = std::mem::take(&mut self.notes);
        for (name, note) in notes.into_iter().filter(|(_, note)| !note.set) {
            self.text(&format!("[{name}] "));
            self.code(&note.code);
            self.code("parbreak();");
        }
    }

    fn take(&mut self, event: Event<'_>) {
        if self.figure.is_some() {
            return self.read_figure(event);
        }
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.words(&text),
            Event::Code(code) => self.inline_code(&code),
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.code("linebreak();"),
            Event::Rule => self.code("beam;"),
            Event::TaskListMarker(done) => {
                for frame in self.open.iter_mut().rev() {
                    match &mut frame.kind {
                        Kind::Item(task) if task.is_none() => *task = Some(done),
                        Kind::List { tasks, .. } => {
                            *tasks = true;
                            break;
                        }
                        _ => {}
                    }
                }
            }
            Event::FootnoteReference(name) => self.note(&name),
            Event::Html(_) | Event::InlineHtml(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    fn note(&mut self, name: &str) {
        let place = self.notes.keys().position(|note| note == name).unwrap_or(0);
        let mark = format!("d{}n{place}", self.nth);
        let Some(note) = self.notes.get_mut(name) else { return self.text(&format!("[{name}]")) };
        let code = if std::mem::replace(&mut note.set, true) {
            format!("footnote(label(\"{mark}\"));")
        } else {
            format!("noted(\"{mark}\",{{{}}});", note.code)
        };
        self.code(&code);
    }

    fn words(&mut self, text: &str) {
        if let Some(Frame { kind: Kind::Code, text: held, .. }) = self.open.last_mut() {
            held.push_str(text);
            return;
        }
        let most = self.measure(text, 1.0);
        let text = breakable(text, most).into_owned();
        self.text(&text);
    }

    fn inline_code(&mut self, code: &str) {
        let most = self.measure(code, 1.25);
        let code = literal(&breakable(code, most));
        self.code(&format!("raw({code});"));
    }

    /// Tells the table, if one is open, how wide a text is; from what length on words may break here.
    fn measure(&mut self, text: &str, wide: f64) -> usize {
        let table = self.open.iter_mut().rev().find_map(|frame| match &mut frame.kind {
            Kind::Table(table) => Some(table),
            _ => None,
        });
        table.map_or(LONG_WORD, |table| table.measure(text, wide))
    }

    fn start(&mut self, tag: Tag<'_>) {
        if let Tag::Image { dest_url, .. } = tag {
            self.figure = Some(Picture { to: dest_url.to_string(), words: String::new(), depth: 0 });
            return;
        }
        let heading = matches!(tag, Tag::Heading { .. });
        if (self.over > 0 || self.open.len() >= DEEPEST && nests(&tag)) && !heading {
            self.over += 1;
            match tag {
                Tag::Paragraph | Tag::Item | Tag::CodeBlock(_) | Tag::TableRow => self.code("parbreak();"),
                Tag::TableCell => self.text(" "),
                _ => {}
            }
            return;
        }
        let kind = match tag {
            Tag::Paragraph => {
                self.loosen();
                Kind::Paragraph
            }
            Tag::Heading { .. } => Kind::Heading,
            Tag::List(start) => Kind::List { start, loose: false, tasks: false },
            Tag::Item => Kind::Item(None),
            Tag::BlockQuote(_) => Kind::Quote,
            Tag::Emphasis => Kind::Emphasis,
            Tag::Strong => Kind::Strong,
            Tag::Link { dest_url, .. } => Kind::Link(self.leads(&dest_url)),
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => Kind::Code,
            Tag::Table(aligns) => Kind::Table(Table::new(&aligns)),
            Tag::TableCell => Kind::Cell,
            _ => Kind::Plain,
        };
        self.open.push(Frame::new(kind));
    }

    /// A paragraph right inside an item makes its list a loose one.
    fn loosen(&mut self) {
        if let [.., Frame { kind: Kind::List { loose, .. }, .. }, Frame { kind: Kind::Item(_), .. }] =
            self.open.as_mut_slice()
        {
            *loose = true;
        }
    }

    fn end(&mut self, tag: TagEnd) {
        if self.over > 0 && !matches!(tag, TagEnd::Heading(_)) {
            self.over -= 1;
            return;
        }
        if matches!(tag, TagEnd::Image) || self.open.len() < 2 {
            return;
        }
        self.flush();
        let Some(Frame { kind, code, text }) = self.open.pop() else { return };
        match kind {
            Kind::Plain => self.code(&code),
            Kind::Paragraph => {
                self.code(&code);
                self.code("parbreak();");
            }
            Kind::Heading => self.heading(&code),
            Kind::List { start, loose, tasks } => {
                let code = match start {
                    Some(start) => match reading::lettering(start) {
                        Some(letters) => {
                            let mark = literal(&letters.mark(1));
                            format!("enum(tight:{},numbering:{mark},{code});", !loose)
                        }
                        None => format!("enum(tight:{},start:{start},{code});", !loose),
                    },
                    None if tasks => format!("list(marker:none,body-indent:0pt,tight:{},{code});", !loose),
                    None => format!("list(tight:{},{code});", !loose),
                };
                self.code(&code);
            }
            Kind::Item(task) => {
                let list = self.open.last().map(|frame| &frame.kind);
                let numbered = matches!(list, Some(Kind::List { start: Some(_), .. }));
                let word = if numbered { "enum" } else { "list" };
                let code = match task {
                    Some(done) => format!("task({done},{{{code}}});"),
                    None => code,
                };
                self.code(&format!("{word}.item({{{code}}}),"));
            }
            Kind::Quote => self.code(&format!("quote({{{code}}});")),
            Kind::Emphasis => self.code(&format!("emph({{{code}}});")),
            Kind::Strong => self.code(&format!("strong({{{code}}});")),
            Kind::Link(to) => self.link(to, &code),
            Kind::Code => {
                let text = breakable(text.trim_end_matches('\n'), LONG_CODE).into_owned();
                self.code(&format!("code({});", lines(&text)));
            }
            Kind::Table(table) => self.code(&table.code()),
            Kind::Cell => {
                if let Some(table) = self.table() {
                    table.cell(code);
                }
            }
        }
        if matches!(tag, TagEnd::TableHead)
            && let Some(table) = self.table()
        {
            table.end_of_header();
        }
    }

    fn table(&mut self) -> Option<&mut Table> {
        self.open.iter_mut().rev().find_map(|frame| match &mut frame.kind {
            Kind::Table(table) => Some(table),
            _ => None,
        })
    }

    fn heading(&mut self, code: &str) {
        let place = self.headings;
        self.headings += 1;
        let Some(section) = self.document.sections.get(place) else {
            return self.code(&format!("strong({{{code}}});parbreak();"));
        };
        // A level that is skipped in the text would be a step missing for a screen reader.
        self.level = section.level.clamp(2, self.level + 1);
        let (level, mark) = (self.level, mark(self.nth, place));
        let made = format!("section({level},{},\"{mark}\",{{{code}}});", literal(&section.number));
        self.code(&made);
        if !section.controls.is_empty() {
            let code = format!("carried({});", literal(&carried(self.library, &section.controls)));
            self.code(&code);
        }
    }

    fn leads(&self, named: &str) -> Leads {
        match target(self.library, self.nth, named) {
            Target::Web(address) => Leads::Web(address),
            Target::Nowhere => Leads::Nowhere,
            Target::Document(found, section) if found == self.nth || self.whole => {
                let document = self.library.documents.get(found);
                let footnoted =
                    |section: usize| document.is_none_or(|document| in_a_note(&document.text, section));
                match section.filter(|section| !footnoted(*section)) {
                    Some(section) => Leads::Mark(mark(found, section)),
                    None => Leads::Mark(mark_of(found)),
                }
            }
            Target::Document(found, section) => {
                let Some(to) = self.library.documents.get(found) else { return Leads::Nowhere };
                let section = section.and_then(|section| to.sections.get(section));
                let number = section.map_or_else(String::new, |section| format!(", {}", section.number));
                Leads::Words(format!("{}{number}", to.title))
            }
        }
    }

    fn link(&mut self, to: Leads, code: &str) {
        let made = match to {
            Leads::Nowhere => code.to_owned(),
            _ if code.is_empty() => String::new(),
            // The typesetter knows where an address may break.
            Leads::Web(address) if code.replace('\u{200b}', "") == format!("{};", literal(&address)) => {
                format!("link({});", literal(&address))
            }
            Leads::Web(address) => format!("link({},{{{code}}});", literal(&address)),
            Leads::Mark(mark) => format!("link(label(\"{mark}\"),{{{code}}});"),
            Leads::Words(words) => {
                let mut escaped = String::new();
                push_escaped(&mut escaped, &words);
                let said = code.contains(&escaped);
                if said { code.to_owned() } else { format!("{code}\" ({escaped})\";") }
            }
        };
        self.code(&made);
    }

    fn read_figure(&mut self, event: Event<'_>) {
        let Some(figure) = &mut self.figure else { return };
        match event {
            Event::Start(Tag::Image { .. }) => figure.depth += 1,
            Event::End(TagEnd::Image) if figure.depth > 0 => figure.depth -= 1,
            Event::End(TagEnd::Image) => {
                if let Some(figure) = self.figure.take() {
                    self.figure_ends(figure);
                }
            }
            Event::Text(text) | Event::Code(text) => figure.words.push_str(&text),
            Event::SoftBreak | Event::HardBreak => figure.words.push(' '),
            _ => {}
        }
    }

    fn figure_ends(&mut self, figure: Picture) {
        let path = figure_path(&self.document.path, &figure.to);
        let place =
            path.as_ref().and_then(|path| self.library.figures.keys().position(|key| **key == **path));
        let kind =
            path.and_then(|path| self.library.figures.get(&*path)).map(|figure| figure.kind.extension());
        let in_heading = self.open.iter().any(|frame| matches!(frame.kind, Kind::Heading));
        let words = if figure.words.trim().is_empty() { figure.to } else { figure.words };
        match (place, kind) {
            (Some(place), Some(kind)) if !in_heading => {
                self.figures.push(place);
                let name = figure_name(place);
                self.code(&format!("figure-of(\"{name}\",\"{kind}\",{});", literal(&words)));
            }
            _ => self.words(&format!("[{words}]")),
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(frame) = self.open.last_mut() {
            frame.text.push_str(text);
        }
    }

    fn code(&mut self, code: &str) {
        self.flush();
        if let Some(frame) = self.open.last_mut() {
            frame.code.push_str(code);
        }
    }

    /// Turns the text of the open frame into code; a code block keeps its lines until it ends.
    fn flush(&mut self) {
        let Some(frame) = self.open.last_mut() else { return };
        if frame.text.is_empty() || matches!(frame.kind, Kind::Code) {
            return;
        }
        let text = std::mem::take(&mut frame.text);
        let _ = write!(frame.code, "{};", literal(&text));
    }

    fn finish(&mut self) -> String {
        self.flush();
        let code = self.open.first_mut().map(|frame| std::mem::take(&mut frame.code));
        code.unwrap_or_default()
    }
}

/// What may stand inside itself, or inside each other, without end.
fn nests(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::List(_) | Tag::BlockQuote(_) | Tag::Table(_) | Tag::Emphasis | Tag::Strong | Tag::Link { .. }
    )
}
