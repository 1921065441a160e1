//! A thing's history as JSON.

use serde::Serialize;

use super::in_force::InForce;
use super::{Past, signature};
use crate::history::{Commit, Reach, Who};
use crate::output::harmless_json;
use crate::past::{Change, Did, Told};
use crate::show::FORMAT_VERSION;
use crate::status::OWN_VIEW;
use crate::status::wire::Tool;

#[derive(Serialize)]
struct Document<'d> {
    format: &'static str,
    tool: Tool,
    view: &'static str,
    read: &'d str,
    kind: &'static str,
    id: &'d str,
    history: JsonHistory,
}

#[derive(Serialize)]
struct JsonHistory {
    reach: &'static str,
    unknown: Option<String>,
    fix: Option<&'static str>,
    uncommitted: bool,
    changes: Vec<JsonTold>,
    in_force: Vec<InForce>,
}

#[derive(Serialize)]
struct JsonTold {
    #[serde(flatten)]
    by: JsonCommit,
    through: Option<JsonCommit>,
    written: Vec<JsonCommit>,
    did: &'static str,
    after_review: bool,
    changes: Vec<JsonChange>,
}

#[derive(Serialize)]
struct JsonCommit {
    commit: String,
    day: String,
    subject: String,
    author: JsonWho,
    committer: JsonWho,
    witnessed: bool,
    signature: String,
}

#[derive(Serialize)]
struct JsonWho {
    name: String,
    email: String,
    person: Option<String>,
    at: String,
}

#[derive(Serialize)]
struct JsonChange {
    what: String,
    before: Option<String>,
    after: Option<String>,
}

impl Past<'_> {
    /// The history as JSON.
    pub fn json(&self) -> std::io::Result<String> {
        let (kind, id) = self.name();
        let unknown = self.unknown();
        let document = Document {
            format: FORMAT_VERSION,
            tool: Tool::THIS,
            view: OWN_VIEW,
            read: self.read,
            kind,
            id: &id,
            history: JsonHistory {
                reach: reach(&self.history().reach),
                fix: unknown.as_ref().map(|(_, fix)| *fix),
                unknown: unknown.map(|(words, _)| words),
                uncommitted: self.uncommitted(),
                changes: self.told.iter().filter_map(|one| self.told_json(one)).collect(),
                in_force: self.in_force(),
            },
        };
        Ok(harmless_json(&document)? + "\n")
    }

    fn told_json(&self, told: &Told) -> Option<JsonTold> {
        let history = self.history();
        let commit = history.commit(told.commit)?;
        let change = |change: &Change| JsonChange {
            what: change.what.clone(),
            before: change.before.clone(),
            after: change.after.clone(),
        };
        let written = told.written.iter().filter_map(|commit| history.commit(*commit));
        Some(JsonTold {
            by: self.commit_json(commit),
            through: commit.through.and_then(|merge| history.commit(merge)).map(|one| self.commit_json(one)),
            written: written.map(|one| self.commit_json(one)).collect(),
            did: match told.did {
                Did::Came => "came",
                Did::Changed => "changed",
                Did::Went => "went",
            },
            after_review: told.after_review,
            changes: told.changes.iter().map(change).collect(),
        })
    }

    fn commit_json(&self, commit: &Commit) -> JsonCommit {
        let who = |who: &Who| JsonWho {
            name: who.name.to_string(),
            email: who.email.to_string(),
            person: self.person(&who.email),
            at: who.at.to_string(),
        };
        JsonCommit {
            commit: commit.id.to_string(),
            day: self.day(commit).to_string(),
            subject: commit.subject.to_string(),
            author: who(&commit.author),
            committer: who(&commit.committer),
            witnessed: commit.vouches_for(commit),
            signature: signature(commit),
        }
    }
}

fn reach(reach: &Reach) -> &'static str {
    match reach {
        Reach::Whole => "whole",
        Reach::Shallow => "shallow",
        Reach::Partial => "partial",
        Reach::None => "none",
    }
}
