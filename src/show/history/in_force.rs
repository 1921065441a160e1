//! Which text of a policy was in force when, as its approvals say.

use jiff::civil::Date;
use serde::Serialize;

use super::Past;
use crate::model::Policy;
use crate::past::Of;
use crate::source::hex;
use crate::text::safe;

/// A text of a policy and the days for which its approval put it in force.
#[derive(Serialize)]
pub(super) struct InForce {
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
    /// The texts of a policy that its approvals put in force, newest first.
    pub(super) fn in_force(&self) -> Vec<InForce> {
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

    pub(super) fn in_force_words(&self, text: &InForce) -> String {
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
