//! What each control leaves as evidence, read from `data/plans/`. A plan is a block of lines, `key value`; lines that
//! begin with `|` are the content of the file above them, lines that begin with `*` are repeated for each row of the
//! last rows above them. `at PERIOD key value` says what was different once.

use jiff::civil::{Date, date};

use super::calendar::{self, Interval, day, later, working_after, working_before};

/// The evidence of one control, for each time it was performed.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub control: String,
    lines: Vec<(String, String)>,
    pub files: Vec<File>,
    at: Vec<(String, String, String)>,
}

/// One file of each piece of evidence.
#[derive(Clone, Debug, Default)]
pub struct File {
    pub name: String,
    /// Its kind, if not that of the manifest.
    pub kind: Option<String>,
    /// One system, `each` for one file a system, or nothing.
    pub system: String,
    lines: Vec<(String, String)>,
    /// Content; the mark says whether a line is repeated for each row.
    pub content: Vec<(bool, String)>,
}

/// One performance of a control.
#[derive(Clone, Debug)]
pub struct Turn {
    pub interval: Interval,
    pub on: Date,
}

/// Every plan, in the order of the files.
pub fn plans() -> Vec<Plan> {
    let mut plans: Vec<Plan> = Vec::new();
    for (path, text) in super::data::below("plans/") {
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (key, value) = line.split_once(' ').unwrap_or((line, ""));
            if key == "control" {
                plans.push(Plan { control: value.to_owned(), ..Plan::default() });
                continue;
            }
            let plan = plans.last_mut().unwrap_or_else(|| panic!("{path} begins without a control"));
            plan.line(line, key, value);
        }
    }
    plans
}

impl Plan {
    fn line(&mut self, line: &str, key: &str, value: &str) {
        let in_file = self.files.last_mut();
        if let Some(content) = line.strip_prefix('|').or_else(|| line.strip_prefix('*')) {
            let file = in_file.unwrap_or_else(|| panic!("{}: content without a file: {line}", self.control));
            file.content.push((line.starts_with('*'), content.to_owned()));
        } else if key == "file" {
            let mut file = File::default();
            let mut words = value.split(' ');
            file.name = words.next().unwrap_or("").to_owned();
            while let (Some(word), Some(value)) = (words.next(), words.next()) {
                match word {
                    "as" => file.kind = Some(value.to_owned()),
                    "on" => file.system = value.to_owned(),
                    _ => panic!("{}: `{word}` in {line}", self.control),
                }
            }
            self.files.push(file);
        } else if key == "at" {
            let mut words = value.splitn(3, ' ').map(str::to_owned);
            let mut word = || words.next().unwrap_or_default();
            self.at.push((word(), word(), word()));
        } else if let Some(file) = in_file {
            file.lines.push((key.to_owned(), value.to_owned()));
        } else {
            self.lines.push((key.to_owned(), value.to_owned()));
        }
    }

    /// What the plan says of a key in a period.
    pub fn get(&self, period: &str, key: &str) -> Option<&str> {
        let once = self.at.iter().find(|(at, what, _)| at == period && what == key).map(|(.., value)| value);
        once.or_else(|| self.lines.iter().find(|(name, _)| name == key).map(|(_, value)| value))
            .map(String::as_str)
    }

    /// Every performance.
    pub fn turns(&self) -> Vec<Turn> {
        let mut turns = Vec::new();
        for (_, value) in self.lines.iter().filter(|(key, _)| key == "when") {
            self.turns_of(value, &mut turns);
        }
        turns.retain(|turn| self.get(&turn.interval.name, "skip").is_none());
        for turn in &mut turns {
            if let Some(on) = self.get(&turn.interval.name, "date") {
                turn.on = day(on);
            }
        }
        turns
    }

    /// `monthly FROM TO day 22`, `quarterly FROM TO end -8`, `quarterly FROM TO after 5`,
    /// `monthly FROM TO last 0`, `on DAY…`, `yearly DAY…`.
    fn turns_of(&self, value: &str, turns: &mut Vec<Turn>) {
        let words: Vec<&str> = value.split(' ').collect();
        let number =
            |text: &str| -> i64 { text.parse().unwrap_or_else(|_| panic!("{}: {value}", self.control)) };
        match words[..] {
            ["on", ..] | ["yearly", ..] => turns.extend(words[1..].iter().map(|text| {
                let on = day(text);
                let whole_year = words[0] == "yearly";
                let name = if whole_year { on.year().to_string() } else { on.strftime("%Y-%m").to_string() };
                let (first, last) = if whole_year {
                    (date(on.year(), 1, 1), date(on.year(), 12, 31))
                } else {
                    (on.first_of_month(), on)
                };
                Turn { interval: Interval { name, from: first, to: last }, on }
            })),
            [cadence, from, to, how, shift] => {
                let months = match cadence {
                    "monthly" => 1,
                    "quarterly" => 3,
                    "semiannual" => 6,
                    _ => panic!("{}: {value}", self.control),
                };
                for interval in calendar::intervals(months, day(from), day(to)) {
                    let on = match how {
                        "day" => working_before(later(interval.from, number(shift) - 1)),
                        "last" => interval.to,
                        "end" => working_before(later(interval.to, number(shift))),
                        _ => working_after(interval.to, u32::try_from(number(shift)).unwrap_or(1)),
                    };
                    turns.push(Turn { interval, on });
                }
            }
            _ => panic!("{}: {value}", self.control),
        }
    }
}

impl File {
    /// What the plan says of a key of the file.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.lines.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// Is it part of the evidence of a period? `only` and `except` name periods.
    pub fn belongs_to(&self, period: &str) -> bool {
        let names = |key: &str| self.get(key).map(|periods| periods.split(' ').any(|name| name == period));
        names("only").unwrap_or(true) && !names("except").unwrap_or(false)
    }
}
