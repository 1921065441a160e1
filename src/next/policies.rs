//! Policies that nobody has approved as they stand, by who approves them.

use std::collections::BTreeMap;

use super::{Stage, Step, does};
use crate::due::Who;
use crate::text::{count, safe, some, word};
use crate::timeline::{Judgement, PolicyState, people};

/// The role that approves policies, where a programme has it.
const APPROVER: &str = "management";

/// Adds the approvals that are missing.
pub(super) fn add(judgement: &Judgement<'_>, steps: &mut Vec<Step>) {
    let program = judgement.program;
    let applies = program.controls.iter().any(|control| control.applies());
    if program.policies.is_empty() && applies && !program.may_be_defined_in_unread("policies/") {
        let why = "a control counts only once a policy in force orders it";
        let what = "write the policies that order the controls";
        steps.push(Step::new(
            Stage::Policies,
            what,
            why,
            "add policies/NAME.md; its keys: soc2 explain policy",
        ));
    }
    let mut groups: BTreeMap<(PolicyState, Who), Vec<usize>> = BTreeMap::new();
    let management = management(judgement);
    for standing in &judgement.policies {
        if !matches!(standing.state, PolicyState::Draft | PolicyState::Changed) {
            continue;
        }
        let Some(policy) = program.policies.get(standing.policy) else { continue };
        let who = management
            .clone()
            .unwrap_or_else(|| Who::of(program, policy.head.owner.as_ref(), judgement.as_of));
        groups.entry((standing.state, who)).or_default().push(standing.policy);
    }
    for ((state, who), policies) in groups.into_iter().rev() {
        let all = || policies.iter().filter_map(|index| program.policies.get(*index));
        let ids: Vec<String> = all().map(|policy| policy.head.id.to_string()).collect();
        let what = format!(
            "{} {}: {}",
            does(&who, "approves", "have management approve"),
            count(ids.len(), "policy"),
            some(&ids, 3)
        );
        let why = match state {
            PolicyState::Changed => {
                "the text was changed after its approval, so what stands there is not in force"
            }
            _ => "nobody has approved it; a control counts only once a policy in force orders it",
        };
        let Some(first) = all().next() else { continue };
        let more = if ids.len() > 1 { ", once for each" } else { "" };
        let why = format!("{why}; whoever approves runs the command{more}");
        let id = word(&safe(&first.head.id));
        let command = format!("soc2 policy approve {id} --version VERSION --effective DAY");
        steps.push(Step::new(Stage::Policies, what, why, command).of(&[who]));
    }
}

/// Who holds the role that approves; `None` where there is no such role, or it is vacant.
fn management(judgement: &Judgement<'_>) -> Option<Who> {
    let program = judgement.program;
    let role = program.registers.roles.get(*program.names.roles.get(APPROVER)?)?;
    let holders = people::holders(program, role, judgement.as_of);
    let ids: Vec<String> = holders
        .iter()
        .filter_map(|index| program.registers.people.get(*index))
        .map(|person| person.id.to_string())
        .collect();
    (!ids.is_empty()).then(|| Who { people: ids, role: Some(APPROVER.to_owned()), except: Vec::new() })
}
