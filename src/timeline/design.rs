//! The design of a control: does somebody answer for it, does a policy in force order it, has nobody found it wanting?

use jiff::civil::Date;

use super::people::{self, Holder};
use super::policies::PolicyStanding;
use crate::model::Control;
use crate::model::control::DesignIs;
use crate::program::{Program, document};
use crate::text::safe;

/// Why a design is deficient.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DesignFault {
    /// Nobody is named, or the name is no role and no person.
    NoOwner,
    /// Nobody holds the role that owns it.
    OwnerVacant(Box<str>),
    /// The person who owns it does not work here.
    OwnerLeft(Box<str>),
    OwnerIsBot(Box<str>),
    /// It names no policy.
    NoPolicy,
    /// None of the policies it names is in force.
    NoPolicyInForce(Box<str>),
    /// Whether the policy it names is in force cannot be told: its approved text is not at hand.
    PolicyUnknown(Box<str>),
    /// `design: { is: deficient }`.
    Recorded,
}

impl DesignFault {
    /// In words: `it names no policy that orders it`.
    pub fn words(&self) -> String {
        match self {
            Self::NoOwner => "nobody owns it".to_owned(),
            Self::OwnerVacant(role) => format!("nobody holds the role `{}` that owns it", safe(role)),
            Self::OwnerLeft(person) => format!("its owner `{}` does not work here", safe(person)),
            Self::OwnerIsBot(person) => format!("its owner `{}` is a bot", safe(person)),
            Self::NoPolicy => "it names no policy that orders it".to_owned(),
            Self::NoPolicyInForce(policy) => {
                format!("the policy `{}` that orders it is not in force", safe(policy))
            }
            Self::PolicyUnknown(policy) => format!(
                "whether the policy `{}` that orders it is in force cannot be told: its approved text is not at hand",
                safe(policy)
            ),
            Self::Recorded => "its design is recorded as deficient".to_owned(),
        }
    }

    /// What would change it, as an order.
    pub fn mend(&self) -> &'static str {
        match self {
            Self::NoOwner | Self::OwnerIsBot(_) => "name a role or person under `owner`",
            Self::OwnerVacant(_) => "give the role a holder in the roles register",
            Self::OwnerLeft(_) => "name another owner, best a role",
            Self::NoPolicy => "name the policy section that orders it under `policies`",
            Self::NoPolicyInForce(_) => "have the policy approved by management",
            Self::PolicyUnknown(_) => {
                "get the whole history (git fetch --unshallow; in CI: fetch-depth: 0), or have the text approved"
            }
            Self::Recorded => "mend the design and record who judged it anew",
        }
    }
}

/// What is wrong with a control's design on a day.
pub(super) fn faults(
    program: &Program,
    control: &Control,
    policies: &[PolicyStanding],
    day: Date,
) -> Vec<DesignFault> {
    let mut faults = Vec::new();
    faults.extend(owner(program, control, day));
    let named = |reference: &str| {
        program.names.policies.get(document(reference)).and_then(|index| policies.get(*index))
    };
    match control.policies.first() {
        None => faults.push(DesignFault::NoPolicy),
        Some(first) => {
            let in_force =
                |reference: &str| named(reference).is_some_and(|policy| policy.is_in_force_on(day));
            let unknown = |reference: &str| named(reference).is_some_and(|policy| policy.is_unknown_on(day));
            let mut references = control.policies.iter().map(|reference| &*reference.value.0);
            if !references.clone().any(in_force) {
                let fault = match references.find(|reference| unknown(reference)) {
                    Some(reference) => DesignFault::PolicyUnknown(document(reference).into()),
                    None => DesignFault::NoPolicyInForce(document(&first.value.0).into()),
                };
                faults.push(fault);
            }
        }
    }
    let recorded = control.design.as_ref().and_then(|design| design.is.as_ref());
    if recorded.is_some_and(|is| is.value == DesignIs::Deficient) {
        faults.push(DesignFault::Recorded);
    }
    faults
}

fn owner(program: &Program, control: &Control, day: Date) -> Option<DesignFault> {
    let Some(owner) = &control.owner else { return Some(DesignFault::NoOwner) };
    let name = || owner.value.0.clone();
    match people::holder(program, owner) {
        None => Some(DesignFault::NoOwner),
        Some(Holder::Role(index)) => {
            let role = program.registers.roles.get(index)?;
            people::holders(program, role, day).is_empty().then(|| DesignFault::OwnerVacant(name()))
        }
        Some(Holder::Person(index)) => {
            let person = program.registers.people.get(index)?;
            if people::is_bot(person) {
                return Some(DesignFault::OwnerIsBot(name()));
            }
            (!people::employed(person, day)).then(|| DesignFault::OwnerLeft(name()))
        }
    }
}
