//! Blocks of Markdown inside lists and quotes.

use crate::syntax::lettering::{alphabetic, roman};

/// The text as far as it is written, and what is open around it.
#[derive(Default)]
pub(super) struct Blocks {
    pub(super) out: String,
    open: Vec<Container>,
    /// The last block was the first of an item.
    after_item: bool,
}

enum Container {
    Quote,
    List(List),
    /// The mark of an item, until it is written, and its width.
    Item {
        mark: Option<String>,
        width: usize,
    },
}

struct List {
    numbered: Option<Letters>,
    next: u64,
}

#[derive(Clone, Copy)]
enum Letters {
    Digits,
    Lower,
    Upper,
    LowerRoman,
    UpperRoman,
}

/// Lists and quotes inside one another; deeper ones are written at this depth.
const DEEPEST: usize = 24;
/// A text longer than this is not written to its end: no document of ours may be as long.
const LENGTH: usize = (1 << 20) - (8 << 10);

/// The text grew too long.
pub(super) struct TooLong;

impl Blocks {
    pub(super) fn is_container(&self, name: &str) -> bool {
        matches!(name, "ul" | "ol" | "menu" | "blockquote" | "li")
    }

    pub(super) fn enter(&mut self, name: &str, start: Option<String>, kind: Option<String>) {
        let container = match name {
            "blockquote" => Container::Quote,
            "li" => self.item(),
            _ => {
                let letters = match kind.as_deref() {
                    Some("a") => Letters::Lower,
                    Some("A") => Letters::Upper,
                    Some("i") => Letters::LowerRoman,
                    Some("I") => Letters::UpperRoman,
                    _ => Letters::Digits,
                };
                let next =
                    start.and_then(|start| start.trim().parse().ok()).filter(|n| *n < 1_000_000).unwrap_or(1);
                Container::List(List { numbered: (name == "ol").then_some(letters), next })
            }
        };
        self.open.push(container);
    }

    fn item(&mut self) -> Container {
        let list = self.open.iter_mut().rev().find_map(|open| match open {
            Container::List(list) => Some(list),
            _ => None,
        });
        let mark = match list {
            Some(List { numbered: Some(letters), next }) => {
                let mark = letters.mark(*next);
                *next += 1;
                mark
            }
            _ => "- ".to_owned(),
        };
        let digits = mark.bytes().take_while(u8::is_ascii_digit).count();
        // `- a. ` is a bullet, and text that says the letter.
        let width = if digits > 0 { mark.len() } else { 2 };
        Container::Item { mark: Some(mark), width }
    }

    pub(super) fn leave(&mut self, name: &str) {
        let fits = |open: &Container| match open {
            Container::Quote => name == "blockquote",
            Container::List(_) => matches!(name, "ul" | "ol" | "menu"),
            Container::Item { .. } => name == "li",
        };
        if let Some(at) = self.open.iter().rposition(fits) {
            self.open.truncate(at);
        }
    }

    pub(super) fn write(&mut self, text: &str) -> Result<(), TooLong> {
        if self.out.len() + text.len() > LENGTH {
            return Err(TooLong);
        }
        let begins = matches!(self.open.last(), Some(Container::Item { mark: Some(_), .. }));
        let tight = begins && self.after_item;
        if !self.out.is_empty() && !tight {
            let blank = self.prefix(false);
            self.out.push_str(blank.trim_end());
            self.out.push('\n');
        }
        for line in text.lines() {
            let prefix = self.prefix(true);
            let line = if line.is_empty() { prefix.trim_end().to_owned() } else { format!("{prefix}{line}") };
            self.out.push_str(&line);
            self.out.push('\n');
        }
        self.after_item = begins;
        Ok(())
    }

    /// What stands before a line; the marks of items once.
    fn prefix(&mut self, marks: bool) -> String {
        let mut out = String::new();
        for container in self.open.iter_mut().filter(|open| !matches!(open, Container::List(_))).take(DEEPEST)
        {
            match container {
                Container::Item { mark, width } => match mark.take_if(|_| marks) {
                    Some(mark) => out.push_str(&mark),
                    None => out.extend(std::iter::repeat_n(' ', *width)),
                },
                _ => out.push_str("> "),
            }
        }
        out
    }
}

impl Letters {
    fn mark(self, n: u64) -> String {
        match self {
            Self::Digits => format!("{n}. "),
            Self::Lower => format!("- {}. ", alphabetic(n)),
            Self::Upper => format!("- {}. ", alphabetic(n).to_ascii_uppercase()),
            Self::LowerRoman => format!("- {}. ", roman(n)),
            Self::UpperRoman => format!("- {}. ", roman(n).to_ascii_uppercase()),
        }
    }
}
