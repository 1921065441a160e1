//! Who answers for what: the owners, operators and reviewers that records name.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::model::Status;
use crate::model::registers::{Response, System, Vendor};
use crate::model::scalar::HolderRef;
use crate::program::Program;

/// A record that gives somebody a task.
pub(in crate::rules) struct Duty<'p> {
    /// The field's noun: `control`, `policy`.
    pub(in crate::rules) kind: &'static str,
    pub(in crate::rules) id: &'p str,
    pub(in crate::rules) task: Task,
    pub(in crate::rules) by: &'p HolderRef,
    /// False for controls that are planned only.
    pub(in crate::rules) in_place: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::rules) enum Task {
    Own,
    Operate,
    Review,
}

/// Every task that controls, policies, systems, vendors and risks give on a day; what has ended gives none.
pub(in crate::rules) fn duties<'p>(program: &'p Program, day: Date) -> Vec<Duty<'p>> {
    let mut all = Vec::new();
    for control in program.controls.iter().filter(|c| c.applies() && c.status() != Status::Retired) {
        let in_place = control.status() == Status::Implemented;
        let tasks = [
            (Task::Own, &control.owner),
            (Task::Operate, &control.operator),
            (Task::Review, &control.reviewer),
        ];
        for (task, by) in tasks {
            all.extend(by.as_ref().map(|by| Duty { kind: "control", id: &control.id, task, by, in_place }));
        }
    }
    let mut own = |kind, id, owner: Option<&'p HolderRef>| {
        all.extend(owner.map(|by| Duty { kind, id, task: Task::Own, by, in_place: true }));
    };
    for policy in &program.policies {
        own("policy", &policy.head.id, policy.head.owner.as_ref());
    }
    let registers = &program.registers;
    for system in registers.systems.iter().filter(|system| in_use(system, day)) {
        own("system", &system.id, system.owner.as_ref());
    }
    for vendor in registers.vendors.iter().filter(|vendor| engaged(vendor, day)) {
        own("vendor", &vendor.id, vendor.owner.as_ref());
    }
    for risk in &registers.risks {
        if risk.response.as_ref().is_none_or(|response| response.value != Response::Avoid) {
            own("risk", &risk.id, risk.owner.as_ref());
        }
    }
    all
}

/// Is the system in use on that day?
pub(in crate::rules) fn in_use(system: &System, day: Date) -> bool {
    system.from.as_ref().is_none_or(|from| from.value <= day)
        && system.to.as_ref().is_none_or(|to| day <= to.value)
}

/// Do we still use the vendor on that day?
pub(in crate::rules) fn engaged(vendor: &Vendor, day: Date) -> bool {
    vendor.ended.as_ref().is_none_or(|ended| day <= ended.value)
}

/// The vendors of which a CSOC says what is assumed.
pub(in crate::rules) fn vendors_with_csoc(program: &Program) -> BTreeSet<&str> {
    program.registers.csocs.iter().filter_map(|csoc| Some(&*csoc.vendor.as_ref()?.value.0)).collect()
}
