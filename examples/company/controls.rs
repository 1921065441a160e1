//! The controls: those of the catalogue as the company adapted them, through their drafts, and a few of its own, which
//! stand in `data/tree/controls/`.

use jiff::civil::Date;
use soc2::catalogue::{self, CatalogueControl};

use super::calendar::{day, later, next_on};

/// What the company made of a control of the catalogue; `data/controls.txt` has one block for each.
struct Adaptation {
    id: String,
    effective_from: Option<Date>,
    lines: Vec<(String, String)>,
}

/// A control's file from a day on, until the next one.
pub struct Version {
    pub path: String,
    pub from: Date,
    pub text: String,
    pub stage: Stage,
}

/// How far a control had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Drafted,
    Adapted,
    InPlace,
}

/// The first and last day on which families of controls were adapted, one after the other.
const ADAPTED: (i16, i8, i8) = (2025, 10, 27);

fn adaptations() -> Vec<Adaptation> {
    let mut out: Vec<Adaptation> = Vec::new();
    for line in super::data::text("controls.txt").lines().filter(|line| !line.starts_with('#')) {
        if let Some(detail) = line.strip_prefix("  ") {
            let (key, value) = detail.split_once(' ').unwrap_or((detail, ""));
            if let Some(last) = out.last_mut() {
                last.lines.push((key.to_owned(), value.to_owned()));
            }
        } else if let Some((id, from)) = line.split_once(' ') {
            let effective_from = (from != "planned").then(|| day(from));
            out.push(Adaptation { id: id.to_owned(), effective_from, lines: Vec::new() });
        }
    }
    out
}

/// Every version of every control of the catalogue.
pub fn versions(start: Date) -> Vec<Version> {
    let all = catalogue::all();
    let chosen = catalogue::select(&all, 20, false, &["security", "availability"]);
    let mut adaptations = adaptations();
    let mut versions = Vec::new();
    let mut families: Vec<&str> = Vec::new();
    for entry in chosen {
        let id = &*entry.control.id.value.0;
        let index = adaptations.iter().position(|adaptation| adaptation.id == id);
        let adaptation =
            adaptations.swap_remove(index.unwrap_or_else(|| panic!("data/controls.txt has no {id}")));
        let family = id.split('-').next().unwrap_or(id);
        if families.last() != Some(&family) {
            families.push(family);
        }
        let path = format!("controls/{}", entry.path);
        let mut version = |from: Date, text: String, stage| {
            versions.push(Version { path: path.clone(), from, text, stage });
        };
        version(start, entry.text.to_owned(), Stage::Drafted);
        let (year, month, first) = ADAPTED;
        let begun = later(Date::constant(year, month, first), families.len() as i64 / 3 * 2);
        use jiff::civil::Weekday::{Monday, Thursday, Tuesday, Wednesday};
        let adapted = next_on(begun, &[Monday, Tuesday, Wednesday, Thursday]);
        version(adapted, adaptation.text(entry, None), Stage::Adapted);
        if let Some(from) = adaptation.effective_from {
            version(from.max(later(adapted, 1)), adaptation.text(entry, Some(from)), Stage::InPlace);
        }
    }
    assert!(adaptations.is_empty(), "data/controls.txt names a control that was not chosen");
    versions
}

impl Adaptation {
    fn all(&self, key: &str) -> Option<String> {
        let found = self.lines.iter().find(|(name, _)| name == key);
        found.map(|(_, value)| value.split(' ').collect::<Vec<_>>().join(", "))
    }

    /// The control's text, planned or in place since a day.
    fn text(&self, entry: &CatalogueControl, in_place: Option<Date>) -> String {
        let status = match in_place {
            Some(from) => format!("status: implemented\neffective_from: {from}\n"),
            None => "status: planned\n".to_owned(),
        };
        let mut text = entry.text.replace("status: draft\n", &status);
        for (_, swap) in self.lines.iter().filter(|(key, _)| key == "swap") {
            let (from, to) = swap.split_once(" => ").unwrap_or((swap, ""));
            assert!(text.contains(from), "{}: no `{from}`", self.id);
            text = text.replace(from, to);
        }
        let mut out = String::with_capacity(text.len() + 200);
        for line in text.lines() {
            let Some(criteria) = line.strip_prefix("criteria: [").and_then(|rest| rest.strip_suffix(']'))
            else {
                out.push_str(line);
                out.push('\n');
                continue;
            };
            let in_scope = |name: &&str| name.starts_with("CC") || name.starts_with('A');
            let criteria: Vec<&str> = criteria.split(", ").filter(in_scope).collect();
            out.push_str(&format!("criteria: [{}]\n", criteria.join(", ")));
            for key in ["policies", "procedures", "systems", "risks"] {
                if let Some(names) = self.all(key) {
                    out.push_str(&format!("{key}: [{names}]\n"));
                }
            }
        }
        out
    }
}
