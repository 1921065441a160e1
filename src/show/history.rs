//! How one thing came to be as it is: what each commit changed, who says so and what vouches for it, newest first. Nothing is
//! judged here; a day is the committer's word unless somebody else's key stands behind the commit.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::history::{Commit, History, Reach, Signature};
use crate::layout::{Page, Tone};
use crate::model::Policy;
use crate::output::harmless_json;
use crate::past::{Change, Did, Of, Told};
use crate::program::Program;
use crate::source::hex;
use crate::status::OWN_VIEW;
use crate::status::wire::Tool;
use crate::text::{clip, safe};
use crate::ui::Ui;

/// Texts longer than this stand on lines of their own.
const SHORT: usize = 40;

/// One thing's history, to be written.
#[derive(Debug)]
pub struct Past<'s> {
    pub program: &'s Program,
    pub of: &'s Of,
    /// What each commit did to it, newest first.
    pub told: &'s [Told],
    /// What was read: `work tree`.
    pub read: &'s str,
}

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

/// A text of a policy and the days for which its approval put it in force.
#[derive(Serialize)]
struct InForce {
    from: String,
    to: Option<String>,
    version: Option<String>,
    text: String,
    /// The present text; one that a commit holds; or not found.
    found: Found,
    commit: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Found {
    Present,
    InCommit,
    NotHere,
}

impl Past<'_> {
    /// The history as text for a terminal.
    pub fn human(&self, ui: Ui) -> String {
        let mut page = Page::new(ui.columns.unwrap_or(80), ui.colour);
        let (kind, id) = self.name();
        page.hang_at(&format!("{kind} {}", safe(&id)), 4, Tone::Heading, ": how it came to be as it is");
        if self.uncommitted() {
            page.hang("", "what is written here differs from the last commit, or was never committed");
        }
        let in_force = self.in_force();
        if !in_force.is_empty() {
            page.heading("In force, as its approvals say");
        }
        for text in &in_force {
            page.hang("  ", &self.in_force_words(text));
        }
        let told = self.told;
        page.heading(&format!("Commits that changed it, newest first: {}", told.len()));
        for one in told {
            self.one(one, &mut page);
        }
        if let Some((unknown, fix)) = self.unknown() {
            page.line("");
            page.hang("unknown: ", &unknown);
            page.hang("fix: ", fix);
        }
        page.line("");
        if !told.is_empty() {
            page.hang("", "days are those of commits, typed by whoever commits: a claim unless witnessed");
        }
        page.hang("", &format!("{}, soc2 {}", safe(self.read), env!("CARGO_PKG_VERSION")));
        page.hang("", OWN_VIEW);
        page.finish()
    }

    /// The history as JSON.
    pub fn json(&self) -> std::io::Result<String> {
        let (kind, id) = self.name();
        let unknown = self.unknown();
        let document = Document {
            format: super::FORMAT_VERSION,
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

    fn history(&self) -> &History {
        &self.program.history
    }

    /// The kind and id of the thing.
    fn name(&self) -> (&'static str, String) {
        let program = self.program;
        let registers = &program.registers;
        match self.of {
            Of::Control(id) => ("control", id.clone()),
            Of::Criterion(id) => ("criterion", program.criterion_name(*id)),
            Of::Policy(nth) => {
                ("policy", program.policies.get(*nth).map_or_else(String::new, |of| of.head.id.to_string()))
            }
            Of::Evidence(nth) => {
                let folder = program.evidence.get(*nth);
                ("evidence", folder.map_or_else(String::new, |of| program.evidence_id(of).to_owned()))
            }
            Of::Person(nth) => {
                ("person", registers.people.get(*nth).map_or_else(String::new, |of| of.id.to_string()))
            }
            Of::Role(nth) => {
                ("role", registers.roles.get(*nth).map_or_else(String::new, |of| of.id.to_string()))
            }
            Of::System(nth) => {
                ("system", registers.systems.get(*nth).map_or_else(String::new, |of| of.id.to_string()))
            }
        }
    }

    /// Is a file that speaks of it not as the last commit has it?
    fn uncommitted(&self) -> bool {
        let program = self.program;
        let registers = &program.registers;
        let place = match self.of {
            Of::Control(id) => {
                let index = program.names.controls.get(id.as_str());
                index.and_then(|index| program.controls.get(*index)).map(|of| of.place.file)
            }
            Of::Criterion(_) => None,
            Of::Policy(nth) => program.policies.get(*nth).map(|of| of.file),
            Of::Evidence(nth) => program.evidence.get(*nth).map(|of| of.file),
            Of::Person(nth) => registers.people.get(*nth).map(|of| of.place.file),
            Of::Role(nth) => registers.roles.get(*nth).map(|of| of.place.file),
            Of::System(nth) => registers.systems.get(*nth).map(|of| of.place.file),
        };
        let artifacts = match self.of {
            Of::Evidence(nth) => program.evidence.get(*nth).map_or(&[][..], |of| &of.files),
            _ => &[],
        };
        let mut files = place.into_iter().chain(artifacts.iter().copied().flatten());
        let differs = |path: &str| self.history().file(path).is_none_or(|file| file.uncommitted);
        self.history().is_known() && files.any(|file| differs(program.sources.path(file)))
    }

    /// What the history at hand cannot tell, and the fix.
    fn unknown(&self) -> Option<(String, &'static str)> {
        let history = self.history();
        if let Some(cut) =
            history.controls_cut.and_then(|cut| history.commit(cut)).filter(|_| self.of_control())
        {
            let words = format!("changes before commit {} are too many to be looked at", cut.short());
            return Some((words, "keep one control a file, so that a change is small"));
        }
        let (words, fix) = match history.reach {
            Reach::Whole => return None,
            Reach::Shallow => (
                "this clone is shallow: older changes are not here, and the oldest told may be older than it looks",
                "git fetch --unshallow (in CI: fetch-depth: 0)",
            ),
            Reach::Partial => (
                "this clone is partial: what was left on the server cannot be told",
                "git fetch --refetch --no-filter origin",
            ),
            Reach::None => (
                "git remembers nothing of it: there is no repository, or no commit yet",
                "commit the programme",
            ),
        };
        Some((words.to_owned(), fix))
    }

    fn of_control(&self) -> bool {
        matches!(self.of, Of::Control(_) | Of::Criterion(_))
    }

    fn one(&self, told: &Told, page: &mut Page) {
        let history = self.history();
        let Some(commit) = history.commit(told.commit) else { return };
        page.line("");
        let lead = format!("  {}  {}  ", self.day(commit), commit.short());
        page.hang_at(&lead, 4, Tone::Heading, &clip(&safe(&commit.subject), 200));
        page.hang("    ", &self.who(commit));
        if let Some(merge) = commit.through.and_then(|merge| history.commit(merge)) {
            page.hang("    through merge ", &self.in_short(merge));
        }
        for commit in told.written.iter().filter_map(|commit| history.commit(*commit)) {
            page.hang("    holds ", &self.in_short(commit));
        }
        match told.did {
            Did::Came => page.line(self.came()),
            Did::Went => page.line("    taken out"),
            Did::Changed => {}
        }
        if told.after_review {
            page.hang_at("    ", 4, Tone::Doubtful, "changed after its review");
        }
        for change in &told.changes {
            self.change(change, page);
        }
    }

    fn came(&self) -> &'static str {
        match self.history().reach {
            Reach::Shallow => "    here at the latest, with",
            _ => "    came in, with",
        }
    }

    fn change(&self, change: &Change, page: &mut Page) {
        let what = safe(&change.what);
        let (before, after) = (change.before.as_deref().map(safe), change.after.as_deref().map(safe));
        let serves = matches!(self.of, Of::Criterion(_));
        match (before, after) {
            (Some(before), Some(after)) if before.len() <= SHORT && after.len() <= SHORT => {
                page.hang_at("      ", 8, Tone::Plain, &format!("{what}: {before} → {after}"));
            }
            (Some(before), Some(after)) => {
                page.hang_at("      ", 8, Tone::Plain, &format!("{what}, before: {before}"));
                page.hang_at("      ", 8, Tone::Plain, &format!("{what}, after: {after}"));
            }
            (Some(before), None) => {
                let gone = if serves { "no longer serves it, was" } else { "gone:" };
                page.hang_at("      ", 8, Tone::Plain, &format!("{what} {gone} {before}"));
            }
            (None, after) => {
                let new = if serves { "serves it now:" } else { "new:" };
                page.hang_at(
                    "      ",
                    8,
                    Tone::Plain,
                    &format!("{what} {new} {}", after.unwrap_or_default()),
                );
            }
        }
    }

    /// `3fa9c1e of 2026-05-02, by bob, by their own word; claimed: not signed`.
    fn in_short(&self, commit: &Commit) -> String {
        format!("{} of {}, {}", commit.short(), self.day(commit), self.who(commit))
    }

    /// Who made a commit, and what vouches for it.
    fn who(&self, commit: &Commit) -> String {
        let own_word = if commit.signature.is_witness() { "" } else { ", by their own word" };
        let author = &commit.author;
        let name = self.person(&author.email).unwrap_or_else(|| {
            let (name, email) = (safe(&author.name), safe(&author.email));
            format!("{} <{}>", clip(&name, 80), clip(&email, 80))
        });
        format!("by {name}{own_word}; {}", signature(&commit.signature))
    }

    /// The person of an address.
    fn person(&self, email: &str) -> Option<String> {
        let index = self.program.person(email)?;
        Some(self.program.registers.people.get(index)?.id.to_string())
    }

    fn day(&self, commit: &Commit) -> Date {
        commit.day(&self.program.zone())
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
        let zone: TimeZone = self.program.zone();
        let who = |who: &crate::history::Who| JsonWho {
            name: who.name.to_string(),
            email: who.email.to_string(),
            person: self.person(&who.email),
            at: who.at.to_string(),
        };
        JsonCommit {
            commit: commit.id.to_string(),
            day: commit.day(&zone).to_string(),
            subject: commit.subject.to_string(),
            author: who(&commit.author),
            committer: who(&commit.committer),
            witnessed: commit.signature.is_witness(),
            signature: signature(&commit.signature),
        }
    }

    /// The texts of a policy that its approvals put in force, newest first.
    fn in_force(&self) -> Vec<InForce> {
        let Of::Policy(nth) = self.of else { return Vec::new() };
        let Some(policy) = self.program.policies.get(*nth) else { return Vec::new() };
        let approvals = policy.head.approvals.iter().enumerate();
        let mut spans: Vec<(Date, usize, [u8; 32])> = approvals
            .filter_map(|(nth, approval)| {
                let effective = approval.effective.as_ref()?.value;
                // Nothing is in force before it was approved.
                let from = approval.on.as_ref().map_or(effective, |on| effective.max(on.value));
                Some((from, nth, approval.text.as_ref()?.value.0))
            })
            .collect();
        spans.sort_unstable();
        // Of several that begin on one day the last entry holds.
        spans.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                *earlier = *later;
            }
            same
        });
        let ends = spans.iter().skip(1).map(|(from, ..)| from.yesterday().ok()).chain([None]);
        let mut out: Vec<InForce> = spans
            .iter()
            .zip(ends)
            .map(|((from, nth, text), to)| self.of_text(policy, *nth, *from, to, text))
            .collect();
        out.reverse();
        out
    }

    fn of_text(&self, policy: &Policy, nth: usize, from: Date, to: Option<Date>, text: &[u8; 32]) -> InForce {
        let path = self.program.sources.path(policy.file);
        let past = self.history().texts.get(path).map_or(&[][..], Vec::as_slice);
        // The oldest commit that holds it is where it was written.
        let commit = past.iter().rev().find(|past| past.sha256 == *text);
        let commit = commit.and_then(|past| self.history().commit(past.commit));
        let present = policy.body.sha256.as_ref().is_some_and(|hash| hash.0 == *text);
        let version = policy.head.approvals.get(nth).and_then(|approval| approval.version.as_ref());
        InForce {
            from: from.to_string(),
            to: to.map(|day| day.to_string()),
            version: version.map(|version| version.value.to_string()),
            text: hex(text),
            found: match (present, commit) {
                (true, _) => Found::Present,
                (false, Some(_)) => Found::InCommit,
                (false, None) => Found::NotHere,
            },
            commit: commit.map(|commit| commit.id.to_string()),
        }
    }

    fn in_force_words(&self, text: &InForce) -> String {
        let days = match &text.to {
            Some(to) => format!("{} to {to}", text.from),
            None => format!("since {}", text.from),
        };
        let version =
            text.version.as_ref().map_or_else(String::new, |version| format!("version {}, ", safe(version)));
        let short = text.text.get(..12).unwrap_or(&text.text);
        let found = match (text.found, &text.commit) {
            (Found::Present, _) => "the text as it stands".to_owned(),
            (Found::InCommit, Some(commit)) => {
                format!("to be read in commit {}", commit.get(..7).unwrap_or(commit))
            }
            _ => "in no commit that is here".to_owned(),
        };
        format!("{days}: {version}text {short}, {found}")
    }
}

/// What the signature of a commit says.
fn signature(signature: &Signature) -> String {
    match signature {
        Signature::Forge { name } => format!("witnessed by the key of {}", safe(name)),
        Signature::Allowed { principal } => format!("witnessed by the key of {}", safe(principal)),
        Signature::Unsigned => "claimed, not signed".to_owned(),
        Signature::UnknownKey { key } => {
            format!("claimed, signed with a key that nobody vouches for ({})", clip(&safe(key), 60))
        }
        Signature::Bad => "claimed, and the signature does not fit the commit".to_owned(),
        Signature::Unreadable { why } => {
            format!("claimed, the signature cannot be checked here: {}", clip(&safe(why), 100))
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
