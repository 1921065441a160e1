//! Text laid out for a terminal: wrapped lines, bars, aligned tables, colour that says nothing of its own.

use std::fmt::Write;

/// Columns a line needs at least to be worth wrapping.
const NARROW: usize = 16;

/// Meaning of a colour. What it says always stands in words too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Heading,
    Good,
    Doubtful,
    Bad,
    Quiet,
}

/// A page of text of some width.
#[derive(Debug)]
pub struct Page {
    text: String,
    width: usize,
    colour: bool,
}

impl Page {
    /// An empty page.
    pub fn new(width: usize, colour: bool) -> Self {
        Self { text: String::new(), width, colour }
    }

    /// What was written.
    pub fn finish(self) -> String {
        self.text
    }

    /// Text in a tone; plain where there is no colour.
    pub fn paint(&self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Heading => "1",
            Tone::Good => "32",
            Tone::Doubtful => "33",
            Tone::Bad => "31",
            Tone::Quiet => "2",
            Tone::Plain => return text.to_owned(),
        };
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// A line as it is.
    pub fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    /// An empty line and a heading.
    pub fn heading(&mut self, text: &str) {
        self.text.push('\n');
        let painted = self.paint(Tone::Heading, text);
        self.line(&painted);
    }

    /// A text after a lead, wrapped; further lines start below its first word.
    pub fn hang(&mut self, lead: &str, text: &str) {
        let indent = lead.chars().count();
        self.hang_at(lead, indent, Tone::Plain, text);
    }

    /// A text after a lead, in a tone, wrapped; further lines are indented by so many columns.
    pub fn hang_at(&mut self, lead: &str, indent: usize, tone: Tone, text: &str) {
        let room = |used: usize| self.width.saturating_sub(used).max(NARROW);
        let lines = wrap(text, room(lead.chars().count()), room(indent));
        for (nth, part) in lines.iter().enumerate() {
            let painted = self.paint(tone, part);
            match nth {
                0 => self.line(&format!("{lead}{painted}")),
                _ => self.line(&format!("{:indent$}{painted}", "")),
            }
        }
    }

    /// Columns left after some.
    pub fn room(&self, used: usize) -> usize {
        self.width.saturating_sub(used)
    }

    /// Does a text fit behind a lead of so many columns?
    pub fn fits(&self, lead: usize, text: &str) -> bool {
        lead + text.chars().count() <= self.width
    }

    /// Rows in columns as wide as they need to be; the last column wraps. Columns of numbers stand right.
    pub fn table(&mut self, head: &[&str], right: &[bool], rows: &[Vec<String>]) {
        let columns = head.len();
        let wide = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
            cells.chain(head.get(column).map(|name| name.chars().count())).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(wide).collect();
        let lead = |cells: &[String]| {
            let mut line = String::from("  ");
            for (column, cell) in cells.iter().enumerate().take(columns.saturating_sub(1)) {
                let width = widths.get(column).copied().unwrap_or(0);
                let _ = match right.get(column) {
                    Some(true) => write!(line, "{cell:>width$}  "),
                    _ => write!(line, "{cell:<width$}  "),
                };
            }
            line
        };
        let last = |cells: &[String]| match (cells.last(), right.last()) {
            (Some(cell), Some(true)) => {
                format!("{cell:>width$}", width = widths.last().copied().unwrap_or(0))
            }
            (Some(cell), _) => cell.clone(),
            (None, _) => String::new(),
        };
        let names: Vec<String> = head.iter().map(|name| (*name).to_owned()).collect();
        let (names_lead, names_last) = (lead(&names), last(&names));
        let line = self.paint(Tone::Quiet, format!("{names_lead}{names_last}").trim_end());
        self.line(&line);
        for row in rows {
            match right.last() {
                Some(true) => self.line(&format!("{}{}", lead(row), last(row))),
                _ => self.hang(&lead(row), &last(row)),
            }
        }
    }
}

/// A text broken between words, with so many characters for the first line and for each other; a longer word has a line
/// of its own.
fn wrap(text: &str, first: usize, others: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let long = word.chars().count();
        let width = if lines.len() == 1 { first } else { others };
        match lines.last_mut() {
            Some(line) if line.is_empty() => {
                line.push_str(word);
                used = long;
            }
            Some(line) if used + 1 + long <= width => {
                line.push(' ');
                line.push_str(word);
                used += 1 + long;
            }
            _ => {
                lines.push(word.to_owned());
                used = long;
            }
        }
    }
    lines
}

/// A bar of so many cells, full only when nothing is missing.
pub fn bar(some: usize, all: usize, cells: usize) -> String {
    let full = some.min(all).saturating_mul(cells).checked_div(all).unwrap_or(0);
    format!("{}{}", "█".repeat(full), "░".repeat(cells - full))
}

/// Percent, rounded down; `None` of nothing.
pub fn percent(some: usize, all: usize) -> Option<usize> {
    some.min(all).saturating_mul(100).checked_div(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_and_percentages_never_flatter() {
        assert_eq!(bar(199, 200, 4), "███░");
        assert_eq!(bar(200, 200, 4), "████");
        assert_eq!(bar(0, 0, 4), "░░░░");
        assert_eq!(percent(199, 200), Some(99));
        assert_eq!(percent(0, 0), None);
    }

    #[test]
    fn long_texts_wrap_between_words() {
        assert_eq!(wrap("one two  three four", 7, 10), ["one two", "three four"]);
        assert_eq!(wrap("a muchlongerword b", 5, 5), ["a", "muchlongerword", "b"]);
        let mut page = Page::new(40, false);
        page.hang("  why: ", "nothing was performed in this interval at all");
        assert_eq!(page.finish(), "  why: nothing was performed in this\n       interval at all\n");
    }

    #[test]
    fn colour_only_where_it_is_wanted() {
        assert_eq!(Page::new(80, false).paint(Tone::Bad, "missed"), "missed");
        assert_eq!(Page::new(80, true).paint(Tone::Bad, "missed"), "\u{1b}[31mmissed\u{1b}[0m");
    }
}
