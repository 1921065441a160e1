//! Which approval of a policy is in force.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::model::Policy;
use crate::model::policy::Approval;
use crate::program::Program;
use crate::text::{safe, word};

/// The approval in force on a day: the last one given and effective by then.
pub(in crate::rules) fn in_force(policy: &Policy, day: Date) -> Option<&Approval> {
    policy.head.approvals.iter().rev().find(|approval| since(approval).is_some_and(|since| since <= day))
}

/// First day on which an approval is in force: nothing is, before somebody has agreed to it.
pub(in crate::rules) fn since(approval: &Approval) -> Option<Date> {
    Some(approval.effective.as_ref()?.value.max(approval.on.as_ref()?.value))
}

/// Policies in whose place another one is in force on a day.
pub(in crate::rules) fn replaced(program: &Program, day: Date) -> BTreeSet<&str> {
    let newer = program.policies.iter().filter(|policy| in_force(policy, day).is_some());
    newer.flat_map(|policy| policy.head.supersedes.iter().map(|id| &*id.value)).collect()
}

/// What to do where the text as it stands is not approved; names the command that knows its hash.
pub(in crate::rules) fn approval_help(order: &str, policy: &str) -> String {
    format!("{order}: soc2 policy approve {} --version VERSION --effective DAY", word(&safe(policy)))
}
