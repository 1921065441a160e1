//! Letters and roman numbers as the marks of lists: `a.`, `ii)`, `(B)`. CommonMark knows none of them, those who write
//! policies use them all the time.

/// How the items of a list are marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lettering {
    pub roman: bool,
    pub capital: bool,
    pub around: Around,
}

/// What stands around a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Around {
    /// `a.`
    Dot,
    /// `a)`
    Closed,
    /// `(a)`
    Both,
}

/// No mark is longer: `xxxviii`.
const LONGEST: usize = 7;

impl Lettering {
    /// Every one, with its place.
    const COUNT: u64 = 12;

    /// How a list is marked whose first item begins so, and what follows the mark and its blank.
    pub fn first(text: &str) -> Option<(Self, &str)> {
        let (around, letters, rest) = mark(text)?;
        let (roman, capital) = match letters {
            "a" => (false, false),
            "A" => (false, true),
            "i" => (true, false),
            "I" => (true, true),
            _ => return None,
        };
        Some((Self { roman, capital, around }, rest))
    }

    /// What follows the mark of the item that comes next after some others. Writers who leave the counting to a program
    /// type the first mark again; `again` lets them.
    pub fn next(self, after: u64, text: &str, again: bool) -> Option<&str> {
        let (around, letters, rest) = mark(text)?;
        let fits = letters == self.letters(after + 1) || again && letters == self.letters(1);
        (around == self.around && fits).then_some(rest)
    }

    /// The mark of an item, from 1: `c.`.
    pub fn mark(self, nth: u64) -> String {
        let letters = self.letters(nth);
        match self.around {
            Around::Dot => format!("{letters}."),
            Around::Closed => format!("{letters})"),
            Around::Both => format!("({letters})"),
        }
    }

    /// As HTML names it.
    pub fn kind(self) -> &'static str {
        match (self.roman, self.capital) {
            (false, false) => "a",
            (false, true) => "A",
            (true, false) => "i",
            (true, true) => "I",
        }
    }

    fn letters(self, nth: u64) -> String {
        let small = if self.roman { roman(nth) } else { alphabetic(nth) };
        if self.capital { small.to_ascii_uppercase() } else { small }
    }

    /// A number for each, below [`Self::COUNT`].
    pub fn place(self) -> u64 {
        let around = match self.around {
            Around::Dot => 0,
            Around::Closed => 1,
            Around::Both => 2,
        };
        around * 4 + u64::from(self.roman) * 2 + u64::from(self.capital)
    }

    /// The one of that number.
    pub fn at(place: u64) -> Option<Self> {
        let around = match place / 4 {
            0 => Around::Dot,
            1 => Around::Closed,
            2 => Around::Both,
            _ => return None,
        };
        debug_assert!(place < Self::COUNT);
        Some(Self { roman: place & 2 != 0, capital: place & 1 != 0, around })
    }
}

/// A mark at the start of a text: what stands around it, its letters, and the text after the blanks that must follow.
fn mark(text: &str) -> Option<(Around, &str, &str)> {
    let opened = text.strip_prefix('(');
    let text = opened.unwrap_or(text);
    let end = text.bytes().take(LONGEST + 1).position(|byte| !byte.is_ascii_alphabetic())?;
    let (letters, rest) = text.split_at_checked(end).filter(|(letters, _)| !letters.is_empty())?;
    let (around, rest) = match (opened, rest.as_bytes().first()) {
        (Some(_), Some(b')')) => (Around::Both, rest.get(1..)?),
        (None, Some(b')')) => (Around::Closed, rest.get(1..)?),
        (None, Some(b'.')) => (Around::Dot, rest.get(1..)?),
        _ => return None,
    };
    let after = rest.trim_start_matches([' ', '\t']);
    (after.len() < rest.len()).then_some((around, letters, after))
}

/// `a` to `z`, then `aa`.
pub fn alphabetic(nth: u64) -> String {
    let mut letters = Vec::new();
    let mut rest = nth;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'a' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// `i`, `ii`, `iii`, `iv`; from 4,000 on a plain number.
pub fn roman(nth: u64) -> String {
    const DIGITS: [(u64, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if nth >= 4000 {
        return nth.to_string();
    }
    let mut rest = nth;
    let mut out = String::new();
    for (value, digit) in DIGITS {
        while rest >= value {
            rest -= value;
            out.push_str(digit);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_count_on_as_their_writers_do() {
        for (first, nth, mark) in
            [("a. x", 27, "aa."), ("(A) x", 2, "(B)"), ("i) x", 19, "xix)"), ("I. x", 4000, "4000.")]
        {
            let (lettering, rest) = Lettering::first(first).unwrap();
            assert_eq!((&*lettering.mark(nth), rest), (mark, "x"));
            assert_eq!(Lettering::at(lettering.place()), Some(lettering));
        }
        let (letters, _) = Lettering::first("a. x").unwrap();
        assert_eq!(letters.next(8, "i. y", false), Some("y"));
        assert_eq!((letters.next(1, "a. y", true), letters.next(1, "a. y", false)), (Some("y"), None));
        assert_eq!((letters.next(1, "b) y", true), letters.next(1, "c. y", true)), (None, None));
        for text in ["a.", "a.b", "b. x", "e.g. x", "(a. x", "a x", "", "(", "ä. x", "1. x"] {
            assert_eq!(Lettering::first(text), None, "{text}");
        }
    }
}
