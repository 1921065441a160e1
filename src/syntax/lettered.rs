//! Lists whose items are lettered, and what is set in below them by four blanks, rewritten so that every Markdown reader
//! sees lists: CommonMark takes `a.` for text, and what stands set in below it for a block of code.
//!
//! The letters stay in the text, as `- a. Staff lock their screens.`: other documents cite "section 3 (a)". Marks that only
//! repeat the first one count on, as their writers expect.

use std::borrow::Cow;

use super::lettering::{Around, Lettering};

/// Lists in lists; what is deeper becomes an item of the deepest.
const DEEPEST: usize = 8;
/// A tab ends at the next multiple of this; the text of an item is set in by as much.
const STEP: usize = 4;

/// A text in which lettered lists are lists; the same text where there are none.
pub fn rewritten(text: &str) -> Cow<'_, str> {
    if !text.lines().any(|line| begins(line).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut writer =
        Writer { out: String::with_capacity(text.len()), lists: Vec::new(), blank: true, fence: None };
    for line in text.split_inclusive('\n') {
        writer.line(line);
    }
    Cow::Owned(writer.out)
}

/// A line with which a lettered list can begin.
fn begins(line: &str) -> Option<(Lettering, &str)> {
    let (column, rest) = set_in(line);
    if column >= STEP {
        return None;
    }
    let (lettering, text) = Lettering::first(rest)?;
    // `A. Smith` and `I. Newton` are people.
    let initial = lettering.capital && lettering.around == Around::Dot;
    (!text.trim().is_empty() && (!initial || rest.get(2..4) == Some("  "))).then_some((lettering, text))
}

/// The column at which a line begins, and the line from there.
fn set_in(line: &str) -> (usize, &str) {
    let mut column = 0;
    let mut bytes = 0;
    for byte in line.bytes() {
        match byte {
            b' ' => column += 1,
            b'\t' => column += STEP - column % STEP,
            _ => break,
        }
        bytes += 1;
    }
    (column, line.get(bytes..).unwrap_or(""))
}

/// How a list marks its items.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Marks {
    Letters(Lettering),
    Numbers,
    Bullets(char),
}

struct List {
    /// Where its marks were typed.
    column: usize,
    marks: Marks,
    /// How many items it has.
    items: u64,
    /// Two lists that follow each other take different bullets.
    bullet: char,
    /// Where the text of its items is written.
    content: usize,
}

struct Writer {
    out: String,
    /// The lists that are open, outermost first. The first is a lettered one.
    lists: Vec<List>,
    /// A paragraph may begin here.
    blank: bool,
    /// A fenced block of code that is open.
    fence: Option<(char, usize)>,
}

impl Writer {
    fn line(&mut self, line: &str) {
        let (column, rest) = set_in(line);
        if let Some(fence) = self.fence {
            if fence_of(rest).is_some_and(|(c, n)| c == fence.0 && n >= fence.1 && is_only(rest, c)) {
                self.fence = None;
            }
            return self.text(line, column, rest, true);
        }
        if rest.trim().is_empty() {
            self.blank = true;
            return self.out.push_str(if self.lists.is_empty() { line } else { "\n" });
        }
        if self.lists.is_empty() {
            return self.outside(line, column, rest);
        }
        if self.item(column, rest) {
            self.blank = false;
            return;
        }
        let first = self.lists.first().map_or(0, |list| list.column);
        if column <= first && (self.blank || rest.starts_with('#') || is_rule(rest)) {
            self.lists.clear();
            return self.outside(line, column, rest);
        }
        self.fence = fence_of(rest);
        let blank = std::mem::replace(&mut self.blank, false);
        if blank {
            while self.lists.len() > 1 && self.lists.last().is_some_and(|list| column <= list.column) {
                self.lists.pop();
            }
        }
        self.text(line, column, rest, blank);
    }

    fn outside(&mut self, line: &str, column: usize, rest: &str) {
        if let Some((lettering, text)) = begins(line).filter(|_| self.blank) {
            self.blank = false;
            self.open(column, Marks::Letters(lettering), '-');
            return self.write(text, "");
        }
        self.blank = rest.starts_with('#');
        self.fence = if column < STEP { fence_of(rest) } else { None };
        self.out.push_str(line);
    }

    /// A line of an item, at the place of its text. What is set in further, as code is, stays so.
    fn text(&mut self, line: &str, column: usize, rest: &str, keep: bool) {
        let Some(list) = self.lists.last() else { return self.out.push_str(line) };
        let further = if keep { column.saturating_sub(list.column + STEP) } else { 0 };
        let content = list.content;
        self.blanks(content + further);
        self.out.push_str(rest);
    }

    /// Writes an item, if the line begins one.
    fn item(&mut self, column: usize, rest: &str) -> bool {
        // The deepest list that the mark is not left of; a blank more or less does not matter.
        let Some(at) = self.lists.iter().rposition(|list| list.column <= column + 1) else { return false };
        let Some(list) = self.lists.get_mut(at) else { return false };
        let deeper = column >= list.column + 2;
        if !deeper || at + 1 == DEEPEST {
            let found = match list.marks {
                Marks::Letters(lettering) => lettering.next(list.items, rest, true).map(|text| (text, "")),
                Marks::Numbers => number(rest).map(|(mark, text)| (text, mark)),
                Marks::Bullets(with) => bullet(rest).filter(|(c, _)| *c == with).map(|(_, text)| (text, "")),
            };
            if let Some((text, mark)) = found {
                list.items += 1;
                self.lists.truncate(at + 1);
                self.write(text, mark);
                return true;
            }
        }
        let (marks, text, mark) = match (Lettering::first(rest), number(rest), bullet(rest)) {
            (Some((lettering, text)), ..) => (Marks::Letters(lettering), text, ""),
            // As everywhere, only the number 1 may break into a paragraph.
            (_, Some((mark, text)), _) if self.blank || matches!(mark, "1." | "1)") => {
                (Marks::Numbers, text, mark)
            }
            (.., Some((with, text))) => (Marks::Bullets(with), text, ""),
            _ => return false,
        };
        if deeper && at + 1 < DEEPEST {
            self.lists.truncate(at + 1);
            self.open(column, marks, '-');
        } else if self.blank && (at > 0 || matches!(marks, Marks::Letters(_))) {
            let before = self.lists.get(at).map_or('-', |list| list.bullet);
            self.lists.truncate(at);
            self.open(column, marks, if before == '-' { '*' } else { '-' });
        } else {
            return false;
        }
        self.write(text, mark);
        true
    }

    fn open(&mut self, column: usize, marks: Marks, bullet: char) {
        self.lists.push(List { column, marks, items: 1, bullet, content: 0 });
    }

    /// Writes the last item of the innermost list: its mark, and the text of its first line.
    fn write(&mut self, text: &str, number: &str) {
        let from = self.lists.iter().rev().nth(1).map_or(0, |list| list.content);
        self.blanks(from);
        let Some(list) = self.lists.last_mut() else { return };
        if list.marks == Marks::Numbers {
            self.out.push_str(number);
        } else {
            self.out.push(list.bullet);
        }
        self.out.push(' ');
        list.content = from + if list.marks == Marks::Numbers { number.len() + 1 } else { 2 };
        if let Marks::Letters(lettering) = list.marks {
            self.out.push_str(&lettering.mark(list.items));
            self.out.push(' ');
        }
        self.out.push_str(text);
    }

    fn blanks(&mut self, n: usize) {
        self.out.extend(std::iter::repeat_n(' ', n));
    }
}

/// A number as a mark, and the text after it.
fn number(rest: &str) -> Option<(&str, &str)> {
    let digits = rest.bytes().take(10).take_while(u8::is_ascii_digit).count();
    let mark = rest.get(..digits + 1).filter(|mark| (2..=10).contains(&mark.len()))?;
    let text = rest.get(digits + 1..).filter(|_| mark.ends_with(['.', ')']))?;
    let after = text.trim_start_matches([' ', '\t']);
    (after.len() < text.len() && !after.trim().is_empty()).then_some((mark, after))
}

/// A bullet, and the text after it.
fn bullet(rest: &str) -> Option<(char, &str)> {
    let with = rest.chars().next().filter(|c| matches!(c, '-' | '*' | '+'))?;
    let text = rest.get(1..)?;
    let after = text.trim_start_matches([' ', '\t']);
    (after.len() < text.len() && !after.trim().is_empty() && !is_rule(rest)).then_some((with, after))
}

/// The character and the length of a fence around code.
fn fence_of(rest: &str) -> Option<(char, usize)> {
    let c = rest.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let n = rest.chars().take_while(|one| *one == c).count();
    let told = rest.get(n..).unwrap_or("");
    (n >= 3 && !(c == '`' && told.contains('`'))).then_some((c, n))
}

fn is_only(rest: &str, c: char) -> bool {
    rest.trim_end().chars().all(|one| one == c)
}

/// A line across the page.
fn is_rule(rest: &str) -> bool {
    let marks = || rest.chars().filter(|c| !c.is_whitespace());
    let first = marks().next();
    matches!(first, Some('-' | '*' | '_')) && marks().all(|c| Some(c) == first) && marks().count() >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_letters_are_lists_with_their_letters() {
        let cases = [
            (
                "# P\n\na. *One*\n\n    i. First\nlazy\n\n    i. Second\n\n        1. Deep\n\n            a. Deeper.\n\n    More of One.\n\na. Two\n",
                "# P\n\n- a. *One*\n\n  - i. First\n    lazy\n\n  - ii. Second\n\n    1. Deep\n\n       - a. Deeper.\n\n  More of One.\n\n- b. Two\n",
            ),
            ("# P\na. One\nb. Two\n# Q\na. New\n", "# P\n- a. One\n- b. Two\n# Q\n- a. New\n"),
            (
                "(a) one\n(b) two\n\nText a. b.\n\nA)  three\n",
                "- (a) one\n- (b) two\n\nText a. b.\n\n- A) three\n",
            ),
            (
                "a. x\n\n    ```\n    a. code\n    ```\n\n        code\n",
                "- a. x\n\n  ```\n  a. code\n  ```\n\n      code\n",
            ),
            ("a. x\n\tb. y\n\t- z\n\t- w\n", "- a. x\n  b. y\n  - z\n  - w\n"),
            ("a. x\n\nI.  y\n\ni. z\n", "- a. x\n\n* I. y\n\n- i. z\n"),
        ];
        for (from, to) in cases {
            assert_eq!(rewritten(from), to, "{from}");
        }
    }

    #[test]
    fn other_text_stays_as_it_was_typed() {
        for text in [
            "Text\na. b\n",
            "A. Smith wrote\n\nI. Newton too\n",
            "    a. code\n",
            "```\n\na. code\n```\n",
            "~~~\n```\n\na. code\n",
            "1. one\n\n    - two\n",
            "e.g. this\n\nb. x\n",
        ] {
            assert_eq!(rewritten(text), text);
        }
        let mixed = "1. one\n\na. x\n\n1. two\n\n   para\n";
        assert_eq!(rewritten(mixed), "1. one\n\n- a. x\n\n1. two\n\n   para\n");
    }

    #[test]
    fn endless_nesting_stays_small() {
        let text: String = (0..2_000).map(|n| format!("{}a. x\n", " ".repeat(4 * n))).collect();
        assert!(rewritten(&format!("a. x\n\n{text}")).len() < text.len());
    }
}
