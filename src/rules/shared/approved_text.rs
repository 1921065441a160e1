//! Which commit gave a policy the text that an approval speaks for.

use crate::history::Commit;
use crate::model::Policy;
use crate::model::policy::Approval;
use crate::program::Program;
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
    witness::last_edit(program, policy.file)
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
