//! Names of files that say what the files are: `{control}/{slot}/{system}-{date}.{ext}`.

use crate::record::Scalar;
use crate::text::is_slug;

/// Placeholders of one pattern; more would make it slow to match and hard to read.
const HOLE_CAP: usize = 12;
/// Tries to match one name; a pattern that needs more leaves too much open.
const STEP_CAP: usize = 20_000;

/// A pattern of names.
#[derive(Clone, Debug)]
pub struct Pattern(Vec<Part>);

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Hole(Hole),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hole {
    Control,
    Slot,
    System,
    Date,
    By,
    /// Any other name: text that says nothing to us.
    Any,
}

/// What a name says.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    pub control: Option<String>,
    pub slot: Option<String>,
    pub system: Option<String>,
    pub date: Option<String>,
    pub by: Option<String>,
}

impl Pattern {
    /// Reads a pattern.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            if open > 0 {
                parts.push(Part::Text(rest[..open].to_owned()));
            }
            let close = rest[open..].find('}').map(|close| open + close);
            let close = close.ok_or("a `{` of the pattern has no `}`")?;
            let name = &rest[open + 1..close];
            if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
                let name = crate::text::safe(name);
                return Err(format!("`{{{name}}}` is no placeholder: they are lower-case words"));
            }
            let hole = Hole::of(name);
            let given_twice = parts.iter().any(|part| matches!(part, Part::Hole(other) if *other == hole));
            if hole != Hole::Any && given_twice {
                return Err(format!("the pattern has `{{{name}}}` twice"));
            }
            parts.push(Part::Hole(hole));
            rest = &rest[close + 1..];
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        match parts.iter().filter(|part| matches!(part, Part::Hole(_))).count() {
            0 => Err("the pattern has no placeholder, such as `{control}`".to_owned()),
            n if n > HOLE_CAP => Err(format!("the pattern has more than {HOLE_CAP} placeholders")),
            _ => Ok(Self(parts)),
        }
    }

    /// Does the pattern have this placeholder: `control`, `slot`, `system`, `date`, `by`?
    pub fn has(&self, name: &str) -> bool {
        let hole = Hole::of(name);
        hole != Hole::Any && self.0.iter().any(|part| matches!(part, Part::Hole(other) if *other == hole))
    }

    /// Every reading of a name; `None` when there are too many to look at.
    pub fn readings(&self, name: &str) -> Option<Vec<Found>> {
        let mut search = Search { readings: Vec::new(), steps: 0 };
        search.go(&self.0, name, &Found::default())?;
        search.readings.sort();
        search.readings.dedup();
        Some(search.readings)
    }
}

struct Search {
    readings: Vec<Found>,
    steps: usize,
}

impl Search {
    fn go(&mut self, parts: &[Part], rest: &str, found: &Found) -> Option<()> {
        self.steps += 1;
        if self.steps > STEP_CAP {
            return None;
        }
        match parts.split_first() {
            None => {
                if rest.is_empty() {
                    self.readings.push(found.clone());
                }
            }
            Some((Part::Text(text), parts)) => {
                if let Some(rest) = rest.strip_prefix(text.as_str()) {
                    self.go(parts, rest, found)?;
                }
            }
            Some((Part::Hole(hole), parts)) => {
                let longest = rest.find('/').unwrap_or(rest.len());
                let ends =
                    rest.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= longest);
                for end in ends {
                    let (text, rest) = (rest.get(..end)?, rest.get(end..)?);
                    if hole.holds(text) {
                        self.go(parts, rest, &found.with(*hole, text))?;
                    }
                }
            }
        }
        Some(())
    }
}

impl Hole {
    /// What a placeholder of that name stands for.
    fn of(name: &str) -> Self {
        match name {
            "control" => Self::Control,
            "slot" => Self::Slot,
            "system" => Self::System,
            "date" => Self::Date,
            "by" => Self::By,
            _ => Self::Any,
        }
    }

    /// Can this text stand here?
    fn holds(self, text: &str) -> bool {
        match self {
            Self::Control | Self::System => is_slug(text),
            Self::Slot => is_slot_name(text),
            Self::Date => jiff::civil::Date::parse(text).is_ok(),
            Self::By => text.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '@')),
            Self::Any => true,
        }
    }
}

impl Found {
    fn with(&self, hole: Hole, text: &str) -> Self {
        let text = Some(text.to_owned());
        let mut found = self.clone();
        match hole {
            Hole::Control => found.control = text,
            Hole::Slot => found.slot = text,
            Hole::System => found.system = text,
            Hole::Date => found.date = text,
            Hole::By => found.by = text,
            Hole::Any => {}
        }
        found
    }
}

/// Is this how slots are named: `2026-Q1`, `2026-H1`, `2026-03`, `2026-W09`, `2026-03-28`, `2026`, `FY2026-Q1`, `w1`, in
/// capitals or not?
pub fn is_slot_name(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let digits = |text: &str, n: usize| text.len() == n && text.bytes().all(|b| b.is_ascii_digit());
    if let Some(nth) = lower.strip_prefix('w') {
        return (1..=3).any(|n| digits(nth, n)) && !nth.starts_with('0');
    }
    let mut parts = lower.strip_prefix("fy").unwrap_or(&lower).split('-');
    let year = parts.next().is_some_and(|year| digits(year, 4));
    let (interval, day) = (parts.next(), parts.next());
    let known = match (interval, day) {
        (None, _) => true,
        (Some(interval), None) => {
            let quarter = ["q1", "q2", "q3", "q4", "h1", "h2"].contains(&interval);
            quarter || digits(interval, 2) || interval.strip_prefix('w').is_some_and(|week| digits(week, 2))
        }
        (Some(_), Some(_)) => jiff::civil::Date::parse(&lower).is_ok(),
    };
    year && known && parts.next().is_none()
}

/// A slot's name as programmes write it: `2026-q1` is `2026-Q1`, `W1` is `w1`.
pub fn slot_name(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    if lower.starts_with('w') { lower } else { lower.to_ascii_uppercase() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readings(pattern: &str, name: &str) -> Vec<String> {
        let readings = Pattern::parse(pattern).unwrap().readings(name).unwrap();
        let words = |found: Found| {
            [found.control, found.slot, found.system, found.date, found.by]
                .map(Option::unwrap_or_default)
                .join(" ")
        };
        readings.into_iter().map(words).collect()
    }

    #[test]
    fn names_are_read() {
        for (pattern, name, expected) in [
            (
                "{control}/{slot}/{system}-{date}.{ext}",
                "access-review/2026-q1/aws-prod-2026-03-28.csv",
                "access-review 2026-q1 aws-prod 2026-03-28 ",
            ),
            ("{control}_{by}_{date}.csv", "a-b_zoë@acme.com_2026-03-28.csv", "a-b   2026-03-28 zoë@acme.com"),
            ("{any}/{control}.{ext}", "x y/a.tar.gz", "a    "),
        ] {
            assert_eq!(readings(pattern, name), [expected], "{pattern} {name}");
        }
        for (pattern, name) in [
            ("{control}/{slot}.csv", "a/first.csv"),
            ("{control}.csv", "a/b.csv"),
            ("{date}.csv", "2026-02-30.csv"),
            ("{control}.csv", "A.csv"),
        ] {
            assert_eq!(readings(pattern, name), [""; 0], "{pattern} {name}");
        }
    }

    #[test]
    fn what_is_open_has_several_readings() {
        assert_eq!(readings("{control}-{system}.csv", "a-b-c.csv").len(), 2);
        let open = Pattern::parse("{a}{b}{c}{d}{e}{f}{g}").unwrap();
        assert_eq!(open.readings(&"x".repeat(200)), None);
    }

    #[test]
    fn patterns_are_checked() {
        for text in [
            "",
            "a.csv",
            "{control",
            "{control}{control}",
            "{Control}",
            "{}",
            "{a}{b}{c}{d}{e}{f}{g}{h}{i}{j}{k}{l}{m}",
        ] {
            assert!(Pattern::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn slots_have_names() {
        for text in
            ["2026-Q1", "2026-q4", "2026-H2", "2026-03", "2026-W09", "2026-03-28", "2026", "FY2026-Q1", "w12"]
        {
            assert!(is_slot_name(text), "{text}");
        }
        for text in ["", "q1", "2026-Q5", "26-Q1", "2026-02-30", "2026-Q1-1", "w0", "../x", "2026-", "first"]
        {
            assert!(!is_slot_name(text), "{text}");
        }
        assert_eq!(
            [slot_name("2026-q1"), slot_name("fy2026-h1"), slot_name("W3")],
            ["2026-Q1", "FY2026-H1", "w3"]
        );
    }
}
