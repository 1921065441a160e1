//! Which commit gave a policy the text that an approval speaks for.

use crate::history::Commit;
use crate::model::Policy;
use crate::model::policy::Approval;
use crate::program::Program;
use crate::source::{Location, Span};
use crate::syntax::markdown;
use crate::timeline::witness;

/// The newest commit among the lines of the text as it stands, if that is what was approved.
pub(in crate::rules) fn last_edit<'p>(
    program: &'p Program,
    policy: &Policy,
    approval: &Approval,
) -> Option<&'p Commit> {
    let approved = approval.text.as_ref()?.value;
    if policy.body.sha256 != Some(approved) {
        return None;
    }
    let text = program.sources.text(policy.file);
    let body = markdown::parts(text)?.body;
    let own = text.get(body.range())?;
    // Blank lines around the text are not of it.
    let start = body.range().start + (own.len() - own.trim_start().len());
    let end = body.range().start + own.trim_end().len();
    if end <= start {
        return None;
    }
    witness::wrote(program, &[Location { file: policy.file, span: Span::new(start, end) }])
}

/// The commit in which the approved text first existed, also if another stands there now.
pub(in crate::rules) fn first_held<'p>(
    program: &'p Program,
    policy: &Policy,
    approval: &Approval,
) -> Option<&'p Commit> {
    let approved = approval.text.as_ref()?.value;
    let texts = program.history.texts.get(program.sources.path(policy.file));
    let texts = texts.map_or(&[][..], |texts| texts.as_slice());
    let held = texts.iter().rev().find(|text| text.sha256 == approved.0);
    let held = held.and_then(|text| program.history.commit(text.commit));
    let edit = last_edit(program, policy, approval);
    // A line that was changed and changed back is younger than the text.
    held.into_iter().chain(edit).min_by_key(|commit| commit.committer.at)
}
