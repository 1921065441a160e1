//! `provenance.json`: by which tool, from what, for which day and audit, with which options a bundle was made.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Made, Read};
use crate::program::Presence;
use crate::source::{hex, sha256};
use crate::text::{clip, count, safe};
use crate::timeline::{AuditStanding, Clock, Judgement};

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
    /// SHA-256 of the ids of that framework's criteria, each followed by a line feed: an edition changes them.
    #[serde(default)]
    criteria_sha256: String,
    categories: Vec<String>,
    systems: Vec<String>,
}

/// The audits of a judgement.
pub(super) fn audits(judgement: &Judgement<'_>) -> Vec<Audit> {
    let audit = |audit: &AuditStanding| {
        let framework = judgement.program.frameworks.get(audit.framework);
        let criteria = framework.map_or(&[][..], |of| &of.criteria);
        let ids: String = criteria.iter().map(|criterion| format!("{}\n", criterion.id.value)).collect();
        Audit {
            id: audit.id.clone(),
            r#type: audit.r#type.word().to_owned(),
            window: [audit.window.0.to_string(), audit.window.1.to_string()],
            framework: framework.map_or("", |of| &of.id.value.0).to_owned(),
            criteria_sha256: hex(&sha256(ids.as_bytes())),
            categories: audit.categories.clone(),
            systems: audit.systems.clone(),
        }
    };
    judgement.audits.iter().map(audit).collect()
}

/// Where a bundle says of the audits it was made for what the programme inside it does not say.
pub(super) fn contradictions(recorded: &[Audit], ours: &[Audit]) -> Vec<String> {
    let shown = |text: &str| format!("`{}`", clip(&safe(text), 60));
    let mut faults = Vec::new();
    if recorded.len() != ours.len() {
        faults.push(format!(
            "it says that {} judged; the programme inside has {}",
            count(recorded.len(), "audit"),
            ours.len()
        ));
    }
    for (recorded, ours) in recorded.iter().zip(ours) {
        let of = shown(ours.id.as_deref().unwrap_or("no audit"));
        let mut differs = |what: &str, recorded: String, ours: String| {
            if recorded != ours {
                let (recorded, ours) = (shown(&recorded), shown(&ours));
                faults.push(format!(
                    "audit {of}: packed for the {what} {recorded}, the programme inside has {ours}"
                ));
            }
        };
        let plain = |text: &Option<String>| text.clone().unwrap_or_default();
        differs("id", plain(&recorded.id), plain(&ours.id));
        differs("type", recorded.r#type.clone(), ours.r#type.clone());
        differs("window", recorded.window.join(" to "), ours.window.join(" to "));
        differs("criteria of", recorded.framework.clone(), ours.framework.clone());
        differs("categories", recorded.categories.join(", "), ours.categories.join(", "));
        differs("systems", recorded.systems.join(", "), ours.systems.join(", "));
        let known = [&recorded.criteria_sha256, &ours.criteria_sha256];
        if recorded.framework == ours.framework && !known[0].is_empty() && known[0] != known[1] {
            faults.push(format!(
                "audit {of}: packed for another list of criteria under the name {} than this soc2 knows; check it with the \
                 version that made it",
                shown(&ours.framework)
            ));
        }
    }
    faults
}

impl Provenance {
    pub(super) fn of(judgement: &Judgement<'_>, made: &Made<'_>) -> Self {
        let program = judgement.program;
        let (read, commit, dirty) = match made.read {
            Read::Commit(id) => ("commit", Some(id), false),
            Read::Index(on) => ("index", on, true),
            Read::WorkTree { on, dirty } => ("work-tree", on, dirty),
        };
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
            audits: audits(judgement),
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
