//! `provenance.json`: by which tool, from what, for which day and audit, with which options a bundle was made.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Made, Read};
use crate::program::Presence;
use crate::timeline::{Clock, Judgement};

/// The form of the file; within a version keys are only ever added.
pub(super) const FORMAT: &str = "soc2-provenance/1";

/// The file's content.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Provenance {
    pub(super) format: String,
    pub(super) tool: Tool,
    /// `commit`, `index` or `work-tree`.
    pub(super) read: String,
    /// The commit that was read, or on which the index or work tree stands: its whole id.
    pub(super) commit: Option<String>,
    /// What was read differs from that commit.
    pub(super) dirty: bool,
    pub(super) as_of: String,
    /// The last day on which what was read can have been written.
    pub(super) recorded: Option<String>,
    /// The one audit that was judged; none where all were.
    pub(super) audit: Option<String>,
    pub(super) audits: Vec<Audit>,
    pub(super) profile: String,
    pub(super) options: BTreeMap<String, Vec<String>>,
    /// Whether the product code that controls name was there, by what was typed.
    pub(super) implementations: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Tool {
    pub(super) name: String,
    pub(super) version: String,
}

/// An audit as it was judged.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Audit {
    id: Option<String>,
    r#type: String,
    window: [String; 2],
    framework: String,
    categories: Vec<String>,
    systems: Vec<String>,
}

impl Provenance {
    pub(super) fn of(judgement: &Judgement<'_>, made: &Made<'_>) -> Self {
        let program = judgement.program;
        let (read, commit, dirty) = match made.read {
            Read::Commit(id) => ("commit", Some(id), false),
            Read::Index(on) => ("index", on, true),
            Read::WorkTree { on, dirty } => ("work-tree", on, dirty),
        };
        let audits = judgement.audits.iter().map(|audit| Audit {
            id: audit.id.clone(),
            r#type: audit.r#type.word().to_owned(),
            window: [audit.window.0.to_string(), audit.window.1.to_string()],
            framework: program.frameworks.get(audit.framework).map_or("", |of| &of.id.value.0).to_owned(),
            categories: audit.categories.clone(),
            systems: audit.systems.clone(),
        });
        let first = judgement.audits.first().and_then(|audit| audit.id.clone());
        Self {
            format: FORMAT.to_owned(),
            tool: Tool { name: "soc2".to_owned(), version: super::VERSION.to_owned() },
            read: read.to_owned(),
            commit: commit.map(str::to_owned),
            dirty,
            as_of: judgement.as_of.to_string(),
            recorded: judgement.recorded.map(|day| day.to_string()),
            audit: first.filter(|_| !judgement.whole),
            audits: audits.collect(),
            profile: made.profile.to_owned(),
            options: made.options.clone(),
            implementations: program
                .implementations
                .iter()
                .map(|(typed, presence)| (typed.to_string(), word(*presence).to_owned()))
                .collect(),
        }
    }

    /// The days that verdicts were reached by; `None` when they are none.
    pub(super) fn clock(&self) -> Option<Clock> {
        let day = |text: &str| text.parse::<Date>().ok().filter(|_| text.len() == 10);
        let recorded = match &self.recorded {
            Some(text) => Some(day(text)?),
            None => None,
        };
        Some(Clock { as_of: day(&self.as_of)?, recorded })
    }
}

const PRESENCES: &[(Presence, &str)] = &[
    (Presence::Here, "here"),
    (Presence::NoFile, "no-file"),
    (Presence::NoText, "no-text"),
    (Presence::Unknown, "unknown"),
];

fn word(presence: Presence) -> &'static str {
    PRESENCES.iter().find(|(one, _)| *one == presence).map_or("unknown", |(_, word)| word)
}

pub(super) fn presence(word: &str) -> Presence {
    PRESENCES.iter().find(|(_, one)| *one == word).map_or(Presence::Unknown, |(presence, _)| *presence)
}
