//! One piece of evidence: its files, its manifest, who filed it and who reviewed it, and when.

use jiff::civil::Date;
use soc2::program::review_digest;
use soc2::source::{hex, sha256};

use super::calendar::{self, LAST, stamp};
use super::chance::Chance;
use super::manifest;
use super::plan::{File, Plan, Turn};
use super::rows::{Scope, rows};
use super::staff;
use super::table::Table;

/// A folder of evidence.
pub struct Piece {
    /// `iam-mfa/2026-01`.
    pub id: String,
    pub title: String,
    pub on: Date,
    pub by: String,
    pub collector: String,
    /// The day of the commit that brings it.
    pub filed: Date,
    pub review: Option<Review>,
    /// Files beside the manifest.
    pub files: Vec<Made>,
    /// The manifest without its review.
    pub manifest: String,
}

/// Another person's look.
pub struct Review {
    pub on: Date,
    pub by: String,
}

/// A file as made.
pub struct Made {
    pub plan: File,
    pub name: String,
    pub system: String,
    pub bytes: Vec<u8>,
    pub rows: Option<Table>,
}

/// What stands for `<…>` in a text.
pub struct Words<'w> {
    plan: &'w Plan,
    turn: &'w Turn,
    by: &'w str,
    minute: i16,
    chance: Chance,
}

impl<'w> Words<'w> {
    /// The text with its marks filled in; `row` gives the columns of a table.
    pub fn fill(
        &mut self,
        text: &str,
        system: &str,
        table: Option<&Table>,
        row: Option<&[String]>,
    ) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('<') {
            out.push_str(before);
            let (mark, after) =
                after.split_once('>').unwrap_or_else(|| panic!("{}: {text}", self.plan.control));
            out.push_str(&self.word(mark, system, table, row));
            rest = after;
            let one = mark == "rows" && table.is_some_and(|table| table.rows.len() == 1);
            if let Some((word, after)) = one.then(|| plural(rest)).flatten() {
                out.push_str(word);
                rest = after;
            }
        }
        out + rest
    }

    fn word(&mut self, mark: &str, system: &str, table: Option<&Table>, row: Option<&[String]>) -> String {
        let Turn { interval, on } = self.turn;
        if let (Some(table), Some(row)) = (table, row)
            && table.header.iter().any(|column| column == mark)
        {
            return table.cell(row, mark).to_owned();
        }
        match mark {
            "on" => on.to_string(),
            "from" => interval.from.to_string(),
            "to" => interval.to.min(*on).to_string(),
            "end" => interval.to.to_string(),
            "by" => self.by.to_owned(),
            "name" => staff::person(self.by).name,
            "title" => staff::person(self.by).title,
            "reviewer" => self.plan.get(&interval.name, "review").unwrap_or("").to_owned(),
            "period" => interval.name.clone(),
            "year" => on.year().to_string(),
            "system" => system.to_owned(),
            "stamp" => stamp(*on, self.minute),
            "heads" => staff::active(*on).len().to_string(),
            "rows" => table.map_or(0, |table| table.rows.len()).to_string(),
            _ => {
                if let Some((low, high)) = mark.strip_prefix("n:").and_then(|range| range.split_once('-')) {
                    let number = |text: &str| text.parse().unwrap_or(0);
                    return self.chance.between(number(low), number(high)).to_string();
                }
                if let Some(choices) = mark.strip_prefix("pick:") {
                    return (*self.chance.pick(&choices.split('/').collect::<Vec<_>>())).to_owned();
                }
                if let Some(text) =
                    mark.strip_prefix("say:").and_then(|key| self.plan.get(&interval.name, key))
                {
                    return self.fill(text, system, table, row);
                }
                if let Some(role) = mark.strip_prefix('@') {
                    return staff::actor(&format!("@{role}"), *on);
                }
                panic!("{}: nothing stands for <{mark}>", self.plan.control)
            }
        }
    }
}

/// ` rows; …` after the number one: ` row` and the rest.
fn plural(text: &str) -> Option<(&str, &str)> {
    let end = text[1.min(text.len())..].find(|c: char| !c.is_alphabetic()).map_or(text.len(), |end| end + 1);
    let word = text[..end].strip_suffix('s')?;
    Some((word, &text[end..]))
}

/// The evidence of a plan for one performance.
pub fn piece(plan: &Plan, turn: &Turn) -> Piece {
    let period = turn.interval.name.as_str();
    let get = |key: &str| plan.get(period, key);
    let by = staff::actor(get("by").unwrap_or("@security-lead"), turn.on);
    let collector = get("collector").unwrap_or("judy").to_owned();
    let purpose = format!("{} {period}", plan.control);
    let minute = Chance::new(format!("{purpose} time")).between(9 * 60 + 10, 16 * 60 + 40) as i16;
    let chance = Chance::new(purpose);
    let mut words = Words { plan, turn, by: &by, minute, chance };
    let files = files(plan, turn, &mut words);
    let title = words.fill(get("title").unwrap_or("<period>"), "", None, None);
    let folder = words.fill(get("folder").unwrap_or("<period>"), "", None, None).to_lowercase();
    let id = format!("{}/{folder}", plan.control);
    let bot = collector.ends_with("-bot");
    let filing = if bot { turn.on } else { calendar::end_of_week(turn.on) };
    let filed = get("filed").map_or(filing, calendar::day).min(LAST);
    let reviewer = get("review").filter(|reviewer| *reviewer != "none");
    let looked = get("looked").map_or_else(|| calendar::review_day(calendar::later(filed, 1)), calendar::day);
    let review =
        reviewer.filter(|_| looked <= LAST).map(|by| Review { on: looked, by: staff::actor(by, looked) });
    let manifest = manifest::text(plan, turn, &title, &by, &collector, &files, &mut words);
    Piece { id, title, on: turn.on, by, collector, filed, review, files, manifest }
}

fn files(plan: &Plan, turn: &Turn, words: &mut Words<'_>) -> Vec<Made> {
    let period = turn.interval.name.as_str();
    let systems: Vec<&str> = plan.get(period, "systems").unwrap_or("").split_whitespace().collect();
    let one = [plan.get(period, "system").unwrap_or("")];
    let each = plan.files.iter().any(|file| file.system == "each");
    let mut out: Vec<Made> = Vec::new();
    for system in if each { &systems[..] } else { &one[..] } {
        let mut last: Option<Table> = None;
        for file in &plan.files {
            let shared = file.system != "each";
            if (each && shared && *system != systems[0]) || !file.belongs_to(period) {
                continue;
            }
            let of = if shared { file.system.as_str() } else { system };
            let scope = Scope { from: turn.interval.from, to: turn.interval.to, on: turn.on, system: of };
            let made = file.get("rows").map(|what| {
                let what = words.fill(what, of, None, None);
                rows(&what, &scope)
            });
            if let Some(table) = &made {
                if table.rows.is_empty() && file.get("population").is_none() {
                    continue;
                }
                last.clone_from(&made);
            } else if last.as_ref().is_some_and(|table| table.rows.is_empty())
                && file.content.iter().any(|(each, _)| *each)
            {
                continue;
            }
            let bytes = match &made {
                Some(table) => table.csv(),
                None => content(file, of, last.as_ref(), words),
            };
            let name = words.fill(&file.name, of, None, None);
            out.push(Made {
                plan: file.clone(),
                name,
                system: of.to_owned(),
                bytes: bytes.into_bytes(),
                rows: made,
            });
        }
    }
    out
}

fn content(file: &File, system: &str, table: Option<&Table>, words: &mut Words<'_>) -> String {
    let mut out = String::new();
    for (each_row, line) in &file.content {
        if *each_row {
            for row in table.map_or(&[][..], |table| &table.rows) {
                out.push_str(&words.fill(line, system, table, Some(row)));
                out.push('\n');
            }
        } else {
            out.push_str(&words.fill(line, system, table, None));
            out.push('\n');
        }
    }
    out
}

impl Piece {
    /// What a review, or the auditor's acceptance, pins.
    pub fn digest(&self) -> String {
        let digest = review_digest(&self.manifest).unwrap_or_else(|| panic!("no YAML: {}", self.manifest));
        hex(&digest.0)
    }

    /// The manifest with its review.
    pub fn reviewed(&self) -> String {
        let Some(Review { on, by }) = &self.review else { return self.manifest.clone() };
        let digest = self.digest();
        let review =
            format!("reviewed:\n  on: {on}\n  by: {by}\n  result: accepted\n  digest: \"{digest}\"\n");
        let (before, after) = self.manifest.split_once("artifacts:\n").unwrap_or((&self.manifest, ""));
        format!("{before}{review}artifacts:\n{after}")
    }

    /// Gives the piece the files of another: the wrong attachment.
    pub fn reuse(&mut self, other: &Self) {
        for (file, of) in self.files.iter_mut().zip(&other.files) {
            for (old, new) in [
                (hex(&sha256(&file.bytes)), hex(&sha256(&of.bytes))),
                (format!("bytes: {}\n", file.bytes.len()), format!("bytes: {}\n", of.bytes.len())),
            ] {
                self.manifest = self.manifest.replace(&old, &new);
            }
            file.bytes.clone_from(&of.bytes);
        }
    }
}
