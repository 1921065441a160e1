//! The clocks of a record side by side: what it claims, when its bytes were collected, when a commit recorded it and through
//! which merge, and whose key witnessed that.

use jiff::tz::TimeZone;
use serde::Serialize;

use crate::history::Commit;
use crate::layout::Page;
use crate::model::policy::Approval;
use crate::program::{EvidenceFolder, Program};
use crate::source::Location;
use crate::timeline::{occurrences, witness};

/// A commit that recorded something.
#[derive(Debug, Serialize)]
pub struct Recorded {
    /// The day of the commit, by the committer's clock.
    pub on: String,
    pub commit: String,
    pub by: String,
    /// The merge through which it came to the first-parent line.
    pub merged_in: Option<String>,
    pub merged_by: Option<String>,
    /// Whose key vouches for the commit or its merge; nobody's: the commit is a claim.
    pub witnessed_by: Option<String>,
}

impl Recorded {
    fn of(program: &Program, commit: &Commit, zone: &TimeZone) -> Self {
        let history = &program.history;
        let merge = witness::through(history, commit);
        Self {
            on: commit.day(zone).to_string(),
            commit: commit.id.to_string(),
            by: commit.committer.name.to_string(),
            merged_in: merge.map(|merge| merge.id.to_string()),
            merged_by: merge.map(|merge| merge.author.name.to_string()),
            witnessed_by: witness::witness(history, commit).map(|by| witness::key(&by.signature)),
        }
    }
}

/// When evidence first came into git.
pub fn first(program: &Program, folder: &EvidenceFolder, zone: &TimeZone) -> Option<Recorded> {
    let commit = program.history.first(program.sources.path(folder.file))?;
    Some(Recorded::of(program, commit, zone))
}

/// One act: the day it claims, and the commit that wrote that down.
#[derive(Debug, Serialize)]
pub(super) struct Clock {
    claimed: String,
    recorded: Option<Recorded>,
    #[serde(skip)]
    words: String,
}

/// The clocks of a piece of evidence.
#[derive(Debug, Default, Serialize)]
pub(super) struct Clocks {
    performed: Option<Clock>,
    collected: Option<Clock>,
    reviewed: Option<Clock>,
    /// The first commit of its manifest.
    first_recorded: Option<Recorded>,
    #[serde(skip)]
    first_words: String,
}

impl Clocks {
    pub(super) fn human(&self, page: &mut Page) {
        page.heading("Clocks");
        let acts =
            [("performed", &self.performed), ("collected", &self.collected), ("reviewed ", &self.reviewed)];
        for (name, clock) in acts {
            let Some(clock) = clock else { continue };
            page.hang(&format!("  {name} "), &format!("{} (claimed), {}", clock.claimed, clock.words));
        }
        page.hang("  manifest  ", &self.first_words);
    }
}

/// The clocks of a piece of evidence.
pub(super) fn of_evidence(program: &Program, folder: &EvidenceFolder) -> Clocks {
    let (zone, manifest) = (program.zone(), &*folder.manifest);
    let clock = |claimed: String, parts: &[Location]| Clock {
        claimed,
        recorded: witness::wrote(program, parts).map(|commit| Recorded::of(program, commit, &zone)),
        words: words(program, parts),
    };
    let moment = |at: Option<&crate::source::Spanned<jiff::Timestamp>>,
                  on: Option<&crate::model::scalar::Date>| {
        let at = at.map(|at| (at.value.to_string(), at.at));
        at.or_else(|| on.map(|on| (on.value.to_string(), on.at)))
    };
    let performed = manifest.performed.as_ref().and_then(|one| moment(one.at.as_ref(), one.on.as_ref()));
    let listed = || occurrences(folder, &zone).iter().map(|one| one.on).max();
    let performed = performed.or_else(|| Some((listed()?.to_string(), manifest.occurrences_place()?)));
    let collected = manifest.collected.as_ref().and_then(|one| moment(one.at.as_ref(), one.on.as_ref()));
    let reviewed = manifest.reviewed.as_ref().and_then(|one| {
        let on = one.on.as_ref()?;
        let parts = [Some(on.at), one.by.as_ref().map(|by| by.at), one.result.as_ref().map(|of| of.at)];
        Some((on.value.to_string(), parts.into_iter().flatten().collect::<Vec<_>>()))
    });
    let path = program.sources.path(folder.file);
    let first_words = format!("first recorded: {}", witness::first_words(program, path));
    Clocks {
        performed: performed.map(|(claimed, at)| clock(claimed, &[at])),
        collected: collected.map(|(claimed, at)| clock(claimed, &[at])),
        reviewed: reviewed.map(|(claimed, parts)| clock(claimed, &parts)),
        first_recorded: first(program, folder, &zone),
        first_words,
    }
}

/// Where the values of an approval stand.
pub(super) fn parts(approval: &Approval) -> Vec<Location> {
    let days = [approval.on.as_ref(), approval.effective.as_ref()].into_iter().flatten().map(|day| day.at);
    days.chain(approval.by.iter().map(|by| by.at)).chain(approval.text.iter().map(|text| text.at)).collect()
}

/// The commit that wrote an approval.
pub(super) fn of_approval(program: &Program, approval: &Approval) -> Option<Recorded> {
    let commit = witness::wrote(program, &parts(approval))?;
    Some(Recorded::of(program, commit, &program.zone()))
}

/// When values of a file were written down: `recorded: 2026-04-20 in 3fa9c1e by Alice; not witnessed: a claim`.
pub(super) fn words(program: &Program, parts: &[Location]) -> String {
    if let Some(commit) = witness::wrote(program, parts) {
        return format!("recorded: {}", witness::line(&program.history, commit, &program.zone()));
    }
    let path = parts.first().map_or("", |part| program.sources.path(part.file));
    format!("recorded: {}", witness::unrecorded(program, path))
}
