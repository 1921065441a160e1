//! How one thing came to be as it is: what each commit changed, who says so and what vouches for it, newest first. Nothing is
//! judged here; a day is the committer's word unless somebody else's key stands behind the commit.

mod in_force;
mod wire;

use jiff::civil::Date;

use crate::history::{Commit, History, Reach, Signature};
use crate::layout::{Page, Tone};
use crate::past::{Change, Did, Of, Told};
use crate::program::Program;
use crate::status::OWN_VIEW;
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
            Did::Came => self.came(&told.changes, page),
            Did::Went => page.line("    taken out"),
            Did::Changed => {
                if told.after_review {
                    page.hang_at("    ", 4, Tone::Doubtful, "changed after its review");
                }
                told.changes.iter().for_each(|change| self.change(change, page));
            }
        }
    }

    /// What it held when it came in; items of one key on one line.
    fn came(&self, changes: &[Change], page: &mut Page) {
        page.line(match self.history().reach {
            Reach::Shallow => "    here at the latest, with",
            _ => "    came in, with",
        });
        for same in changes.chunk_by(|one, next| one.what == next.what) {
            let values = same.iter().filter_map(|change| Some(words(change.after.as_deref()?)));
            let values: Vec<String> = values.collect();
            let Some(key) = same.first().map(|change| safe(&change.what)).filter(|key| key != "id") else {
                continue;
            };
            page.hang_at("      ", 8, Tone::Plain, &format!("{key}: {}", values.join(", ")));
        }
    }

    fn change(&self, change: &Change, page: &mut Page) {
        let what = safe(&change.what);
        let (before, after) = (change.before.as_deref().map(words), change.after.as_deref().map(words));
        let serves = matches!(self.of, Of::Criterion(_));
        let mut line = |text: String| page.hang_at("      ", 8, Tone::Plain, &text);
        match (before, after) {
            (Some(before), Some(after)) if before.chars().count().max(after.chars().count()) <= SHORT => {
                line(format!("{what}: {before} → {after}"));
            }
            (Some(before), Some(after)) => {
                line(format!("{what}, before: {before}"));
                line(format!("{what}, after: {after}"));
            }
            (Some(before), None) if serves => line(format!("{what} no longer serves it; it was {before}")),
            (Some(before), None) => line(format!("{what}, removed: {before}")),
            (None, Some(after)) if serves => line(format!("{what} serves it now: {after}")),
            (None, Some(after)) => line(format!("{what}, added: {after}")),
            (None, None) => {}
        }
    }

    /// `3fa9c1e of 2026-05-02, by bob, by their own word; claimed: not signed`.
    fn in_short(&self, commit: &Commit) -> String {
        format!("{} of {}, {}", commit.short(), self.day(commit), self.who(commit))
    }

    /// Who made a commit, and what vouches for it.
    fn who(&self, commit: &Commit) -> String {
        let own_word = if commit.vouches_for(commit) { "" } else { ", by their own word" };
        let author = &commit.author;
        let name = self.person(&author.email).unwrap_or_else(|| {
            let (name, email) = (safe(&author.name), safe(&author.email));
            format!("{} <{}>", clip(&name, 80), clip(&email, 80))
        });
        format!("by {name}{own_word}; {}", signature(commit))
    }

    /// The person of an address.
    fn person(&self, email: &str) -> Option<String> {
        let index = self.program.person(email)?;
        Some(self.program.registers.people.get(index)?.id.to_string())
    }

    fn day(&self, commit: &Commit) -> Date {
        commit.day(&self.program.zone())
    }
}

/// A value in harmless words; hashes by their first digits.
fn words(value: &str) -> String {
    const WHOLE: usize = 64;
    const FIRST: usize = 12;
    let is_hash = |word: &str| word.len() == WHOLE && word.bytes().all(|b| b.is_ascii_hexdigit());
    let mut out = String::with_capacity(value.len());
    for part in value.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let word = part.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        match word.get(..FIRST).filter(|_| is_hash(word)) {
            Some(first) => {
                out.push_str(first);
                out.push('…');
                out.push_str(&part[word.len()..]);
            }
            None => out.push_str(part),
        }
    }
    safe(&out)
}

/// What the signature of a commit says.
fn signature(commit: &Commit) -> String {
    match &commit.signature {
        Signature::Forge { name } => format!("witnessed by {}", safe(name)),
        Signature::Allowed { principal } if commit.vouches_for(commit) => {
            format!("witnessed by the key of {}", safe(principal))
        }
        Signature::Allowed { principal } => {
            format!("claimed, signed by its author with the key of {}", safe(principal))
        }
        Signature::Unsigned => "claimed, not signed".to_owned(),
        Signature::UnknownKey { key } => {
            format!("claimed, signed with a key that nobody vouches for ({})", clip(&safe(key), 60))
        }
        Signature::NotYet { principal } => {
            format!("claimed, signed with the key of {}, which was listed later", safe(principal))
        }
        Signature::Bad => "claimed, and the signature does not fit the commit".to_owned(),
        Signature::Unreadable { why } => {
            format!("claimed, the signature cannot be checked here: {}", clip(&safe(why), 100))
        }
    }
}
