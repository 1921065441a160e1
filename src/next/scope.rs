//! The ground: files without faults, an audit, people, roles, systems, categories.

use std::collections::BTreeMap;

use super::{Stage, Start, Step, earliest_start};
use crate::due::{open, register};
use crate::model::Status;
use crate::model::scalar::HolderRef;
use crate::program::Program;
use crate::text::{count, safe, some};
use crate::timeline::people::{self, Holder};
use crate::timeline::{AuditStanding, Judgement};

/// Adds the step that mends the text, if `soc2 check` fails or a file cannot be read.
pub(super) fn faults(judgement: &Judgement<'_>, faults: usize, steps: &mut Vec<Step>) {
    let unread = judgement.program.unread.len();
    let what = match (faults, unread) {
        (0, 0) => return,
        (0, unread) => format!("mend {} that cannot be read", count(unread, "file")),
        (faults, _) => format!("mend {} first", count(faults, "fault")),
    };
    let why = match unread {
        0 => "what is written wrongly may be judged as if it were not there".to_owned(),
        unread => {
            format!(
                "{} cannot be read whole, and what cannot be read counts for nothing",
                count(unread, "file")
            )
        }
    };
    steps.push(Step::new(Stage::Faults, what, why, "soc2 check"));
}

/// Adds the steps of the ground.
pub(super) fn add(judgement: &Judgement<'_>, audit: &AuditStanding, steps: &mut Vec<Step>) {
    let program = judgement.program;
    if audit.id.is_none() {
        let why = match earliest_start(judgement, audit) {
            Start::From { day, because } => format!(
                "without its type and days nothing is due; a Type II window can honestly start on {day}: {because}"
            ),
            Start::NotYet { .. } => "without its type and days nothing is due".to_owned(),
        };
        let command = "edit soc2.toml: add an [[audit]]; its keys: soc2 explain audit";
        steps.push(Step::new(Stage::Scope, "name the audit", why, command));
    }
    staff(judgement, steps);
    roles(judgement, steps);
    if program.registers.systems.is_empty() && !program.may_be_defined_in_unread("registers/systems") {
        let why = "the boundary of the audit is the list of systems in it, and each is shown on its own";
        let command = open(&register(judgement, "systems"));
        steps.push(Step::new(Stage::Scope, "list your systems", why, command));
    }
    categories(judgement, audit, steps);
}

fn staff(judgement: &Judgement<'_>, steps: &mut Vec<Step>) {
    if judgement.program.may_be_defined_in_unread("registers/people") {
        return;
    }
    let (what, why) = match people::head_count(judgement.program, judgement.as_of) {
        0 => ("add your people", "nobody works here yet, so nobody can own, perform, review or approve"),
        1 => (
            "add a second person",
            "reviews and approvals count only by another person than who did the work",
        ),
        _ => return,
    };
    let command = open(&register(judgement, "people"));
    steps.push(Step::new(Stage::Scope, what, why, command));
}

/// Every owner, operator and reviewer that a record in use names.
fn named(program: &Program) -> impl Iterator<Item = &HolderRef> {
    let controls = program.controls.iter().filter(|c| c.applies() && c.status() != Status::Retired);
    let of_controls =
        controls.flat_map(|control| [&control.owner, &control.operator, &control.reviewer]).flatten();
    let registers = &program.registers;
    of_controls
        .chain(program.policies.iter().filter_map(|policy| policy.head.owner.as_ref()))
        .chain(registers.systems.iter().filter_map(|system| system.owner.as_ref()))
        .chain(registers.vendors.iter().filter_map(|vendor| vendor.owner.as_ref()))
        .chain(registers.risks.iter().filter_map(|risk| risk.owner.as_ref()))
}

fn roles(judgement: &Judgement<'_>, steps: &mut Vec<Step>) {
    let program = judgement.program;
    let mut times: BTreeMap<usize, usize> = BTreeMap::new();
    for name in named(program) {
        if let Some(Holder::Role(role)) = people::holder(program, name) {
            *times.entry(role).or_default() += 1;
        }
    }
    let mut vacant: Vec<(usize, String)> = times
        .into_iter()
        .filter_map(|(role, times)| Some((times, program.registers.roles.get(role)?)))
        .filter(|(_, role)| people::holders(program, role, judgement.as_of).is_empty())
        .map(|(times, role)| (times, role.id.to_string()))
        .collect();
    if vacant.is_empty() {
        return;
    }
    vacant.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let named: usize = vacant.iter().map(|(times, _)| times).sum();
    let ids: Vec<&str> = vacant.iter().map(|(_, id)| id.as_str()).collect();
    let what = format!("find somebody for {}: {}", count(ids.len(), "vacant role"), some(&ids, 4));
    let names = if named == 1 { "names" } else { "name" };
    let them = if ids.len() == 1 { "it" } else { "them" };
    let why = format!("{} {names} {them}, and an empty chair runs nothing", count(named, "record"));
    let command = format!("edit {}: add to `held` who and from when", register(judgement, "roles"));
    steps.push(Step::new(Stage::Scope, what, why, command));
}

fn categories(judgement: &Judgement<'_>, audit: &AuditStanding, steps: &mut Vec<Step>) {
    let program = judgement.program;
    let Some(framework) = program.frameworks.get(audit.framework) else { return };
    let config = program.config.as_ref();
    let scope = config.and_then(|config| config.scope.as_ref());
    let own = config
        .and_then(|config| config.audit.iter().find(|one| Some(&*one.id.value.0) == audit.id.as_deref()));
    let tables = [own.map(|own| &own.excluded), scope.map(|scope| &scope.excluded)];
    let given = |id: &str| {
        let reasons = tables.into_iter().flatten().filter_map(|table| table.get(id));
        reasons.into_iter().any(|reason| !reason.value.trim().is_empty())
    };
    let missing: Vec<String> = framework
        .categories
        .iter()
        .filter(|category| category.always.as_ref().is_none_or(|always| !always.value))
        .map(|category| &*category.id.value.0)
        .filter(|id| !audit.categories.iter().any(|named| named == id) && !given(id))
        .map(safe)
        .collect();
    if missing.is_empty() {
        return;
    }
    let what = match missing.as_slice() {
        [one] => format!("say why {one} is left out"),
        several => format!("say why {} are left out", some(several, 5)),
    };
    let why = "customers and the auditor ask for the reason first";
    let command = "edit soc2.toml: `excluded = { CATEGORY = \"reason\" }` under [scope]";
    steps.push(Step::new(Stage::Scope, what, why, command));
}
