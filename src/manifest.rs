//! The text of a manifest: a new one with comments that teach, and an edit that keeps what the user wrote; such an edit of
//! a document's front matter. Here too is what can be seen of bytes before they are filed: rows, a name that
//! follows a pattern. Files are read and written elsewhere.

mod capture;
mod edit;
mod head;
mod pattern;
mod quote;
mod rows;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

pub use capture::CaptureDraft;
pub use edit::{Review, read as read_yaml, same as same_yaml, with_review};
pub use head::{with_item, with_row};
pub use pattern::{Found, Pattern, is_slot_name, slot_name};
pub use quote::{quoted, value};
pub use rows::{NoRows, Rows, rows};

use crate::model::evidence::{EvidenceKind, Outcome};
use crate::record::Scalar;
use crate::source::hex;

/// A day, or a moment as typed with its offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    On(Date),
    At(Timestamp, String),
}

impl When {
    /// Reads a moment with offset.
    pub fn moment(text: &str) -> Result<Self, String> {
        let read = Timestamp::parse(text).map_err(|fault| format!("{}; {}", fault.message, fault.help))?;
        Ok(Self::At(read, text.to_owned()))
    }

    /// Reads a day, or a moment with offset.
    pub fn parse(text: &str) -> Result<Self, String> {
        Date::parse(text).map(Self::On).or_else(|_| Self::moment(text))
    }

    /// The local day.
    pub fn day(&self, zone: &TimeZone) -> Date {
        match self {
            Self::On(day) => *day,
            Self::At(moment, _) => zone.to_datetime(*moment).date(),
        }
    }

    /// The key and the value: `on: 2026-03-28`.
    fn entry(&self) -> String {
        match self {
            Self::On(day) => format!("on: {day}"),
            Self::At(_, typed) => format!("at: {typed}"),
        }
    }
}

/// What a new manifest says. Ids, persons and systems are those of the programme; free text is written between quotes.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The path of its folder below `evidence/`.
    pub id: String,
    pub title: String,
    pub control: String,
    pub kind: EvidenceKind,
    pub performed: When,
    pub by: String,
    pub slot: Option<String>,
    pub result: Option<ResultDraft>,
    pub collected: Option<When>,
    /// Where the manifest shows several performances, or one of an item.
    pub occurrences: Option<OccurrencesDraft>,
    pub artifacts: Vec<ArtifactDraft>,
    /// Ids of evidence whose open result this follows up.
    pub follows_up: Vec<String>,
}

/// Performances that are told apart.
#[derive(Clone, Debug)]
pub enum OccurrencesDraft {
    /// Each row of a file is one: the file, the column with the date, the column that tells rows apart.
    Log { artifact: String, date: String, key: Option<String> },
    /// One, of an item of the population; it stands in the place of `performed` and `slot`.
    Item { item: String, system: Option<String> },
}

/// How it came out.
#[derive(Clone, Debug)]
pub struct ResultDraft {
    pub outcome: Outcome,
    pub summary: Option<String>,
    pub follow_up: Vec<String>,
}

/// One file.
#[derive(Clone, Debug, Default)]
pub struct ArtifactDraft {
    pub path: Option<String>,
    pub url: Option<String>,
    pub sha256: [u8; 32],
    pub bytes: u64,
    pub system: Option<String>,
    pub environment: Option<String>,
    pub query: Option<String>,
    pub covers: Option<(Date, Date)>,
    pub population: Option<PopulationDraft>,
    pub capture: Option<CaptureDraft>,
}

/// A complete list that a file holds.
#[derive(Clone, Debug, Default)]
pub struct PopulationDraft {
    pub name: Option<String>,
    pub key: Option<String>,
    pub count: Option<u64>,
    pub completeness: Option<String>,
    pub accuracy: Option<String>,
}

impl Draft {
    /// The manifest's text.
    pub fn text(&self) -> String {
        let mut out = Lines::default();
        out.line(0, &format!("title: {}", quoted(&self.title)));
        out.line(0, &format!("controls: [{}]", value(&self.control)));
        out.line(0, &format!("kind: {}", self.kind.word()));
        if let Some(OccurrencesDraft::Item { item, system }) = &self.occurrences {
            self.of_item(item, system.as_deref(), &mut out);
        } else {
            self.performance(&mut out);
        }
        if let Some(result) = &self.result {
            result.write(&mut out);
        }
        if let Some(collected) = &self.collected {
            out.line(0, "# collected: when the bytes were taken from their system");
            out.line(0, &format!("collected: {{ {} }}", collected.entry()));
        }
        out.line(
            0,
            "# A file that changes no longer matches its hash. Newer bytes are evidence of their own, with",
        );
        out.line(0, "# `supersedes` naming this one.");
        out.line(0, "artifacts:");
        for artifact in &self.artifacts {
            artifact.write(&mut out);
        }
        if !self.follows_up.is_empty() {
            let ids: Vec<String> = self.follows_up.iter().map(|id| value(id)).collect();
            out.line(
                0,
                "# follows_up: evidence whose result was open until this one showed what was done about it",
            );
            out.line(0, &format!("follows_up: [{}]", ids.join(", ")));
        }
        out.line(0, "# reviewed: another person looks at the files and says whether they show what is written above. The");
        out.line(
            0,
            "# review pins a digest of this manifest, so a later change asks for a new review. To write it:",
        );
        out.line(0, &format!("#   soc2 evidence review {} --by PERSON --on DATE --result accepted", self.id));
        out.0
    }

    /// When and by whom it was performed, and for which slot.
    fn performance(&self, out: &mut Lines) {
        out.line(
            0,
            match self.kind {
                EvidenceKind::Attestation => "# performed: when it was stated, and by whom",
                _ => "# performed: when the control itself was done and by whom, not when this was filed",
            },
        );
        out.line(0, &format!("performed: {{ {}, by: {} }}", self.performed.entry(), value(&self.by)));
        if let Some(OccurrencesDraft::Log { artifact, date, key }) = &self.occurrences {
            let key = key.as_ref().map_or_else(String::new, |key| format!(", key: {}", value(key)));
            let (artifact, date) = (value(artifact), value(date));
            out.line(
                0,
                "# occurrences: each row of the file is a performance, on the day of its date column",
            );
            out.line(0, &format!("occurrences: {{ artifact: {artifact}, date: {date}{key} }}"));
        }
        if let Some(slot) = &self.slot {
            out.line(0, &format!("slot: {}", value(slot)));
        }
    }

    /// The same for one item.
    fn of_item(&self, item: &str, system: Option<&str>, out: &mut Lines) {
        out.line(
            0,
            "# occurrences: when the control itself was done, by whom, and for which item of the population",
        );
        out.line(0, "occurrences:");
        let mut entry = format!("{}, by: {}, item: {}", self.performed.entry(), value(&self.by), value(item));
        let named = [("slot", self.slot.as_deref()), ("system", system)];
        for (key, name) in named.iter().filter_map(|(key, name)| Some((key, (*name)?))) {
            entry.push_str(&format!(", {key}: {}", value(name)));
        }
        out.line(1, &format!("- {{ {entry} }}"));
    }
}

impl ResultDraft {
    fn write(&self, out: &mut Lines) {
        out.line(0, "result:");
        out.line(1, &format!("outcome: {}", self.outcome.word()));
        out.text(1, "summary", self.summary.as_ref());
        if !self.follow_up.is_empty() {
            let items: Vec<String> = self.follow_up.iter().map(|item| quoted(item)).collect();
            out.line(1, &format!("follow_up: [{}]", items.join(", ")));
        }
    }
}

impl ArtifactDraft {
    fn write(&self, out: &mut Lines) {
        let (key, place) = match (&self.path, &self.url) {
            (Some(path), _) => ("path", path.as_str()),
            (None, url) => ("url", url.as_deref().unwrap_or("")),
        };
        out.line(1, &format!("- {key}: {}", value(place)));
        out.line(2, &format!("sha256: \"{}\"", hex(&self.sha256)));
        out.line(2, &format!("bytes: {}", self.bytes));
        if let Some(system) = &self.system {
            out.line(2, &format!("system: {}", value(system)));
        }
        out.text(2, "environment", self.environment.as_ref());
        out.text(2, "query", self.query.as_ref());
        if let Some((from, to)) = self.covers {
            out.line(2, &format!("covers: {{ from: {from}, to: {to} }}"));
        }
        if let Some(population) = &self.population {
            out.line(2, "population:");
            out.text(3, "name", population.name.as_ref());
            out.text(3, "key", population.key.as_ref());
            if let Some(count) = population.count {
                out.line(3, &format!("count: {count}"));
            }
            out.text(3, "completeness", population.completeness.as_ref());
            out.text(3, "accuracy", population.accuracy.as_ref());
        }
        if let Some(capture) = &self.capture {
            capture.write(out);
        }
    }
}

/// Lines of YAML.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn line(&mut self, depth: usize, text: &str) {
        self.0.push_str(&"  ".repeat(depth));
        self.0.push_str(text);
        self.0.push('\n');
    }

    /// A key with free text, where there is any.
    fn text(&mut self, depth: usize, key: &str, text: Option<&String>) {
        if let Some(text) = text {
            self.line(depth, &format!("{key}: {}", quoted(text)));
        }
    }
}

#[cfg(test)]
mod tests;
