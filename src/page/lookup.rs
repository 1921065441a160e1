//! What several parts of the page look up, gathered once.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::View;
use crate::gap::Gap;
use crate::model::Control;
use crate::model::registers::Exception;
use crate::program::{Program, document};
use crate::text::count;
use crate::timeline::people::{self, Holder};
use crate::timeline::{AuditStanding, ControlStanding, CriterionStanding, Judgement, PolicyStanding};

/// The view with its indices.
pub(super) struct Lookup<'v> {
    pub(super) judgement: &'v Judgement<'v>,
    pub(super) program: &'v Program,
    pub(super) audit: &'v AuditStanding,
    pub(super) zone: TimeZone,
    /// For each control, the criteria in scope that it names.
    pub(super) criteria: Vec<Vec<&'v CriterionStanding>>,
    /// Gaps that a waiver lets through, by the waiver.
    pub(super) waived: BTreeMap<&'v str, Vec<&'v Gap>>,
    /// The same, by what they are about.
    pub(super) waived_about: BTreeMap<&'v str, Vec<&'v Gap>>,
    /// Rows of the exceptions register, by the control they name.
    exceptions: BTreeMap<&'v str, Vec<&'v Exception>>,
    /// Controls whose id another one has too; they cannot share an anchor.
    twins: Vec<bool>,
}

impl<'v> Lookup<'v> {
    pub(super) fn new(view: &View<'v>) -> Self {
        let program = view.judgement.program;
        let mut criteria = vec![Vec::new(); program.controls.len()];
        for criterion in &view.audit.criteria {
            for control in &criterion.controls {
                if let Some(list) = criteria.get_mut(*control) {
                    list.push(criterion);
                }
            }
        }
        let own = |gap: &&Gap| gap.audit.as_deref().is_none_or(|id| view.audit.id.as_deref() == Some(id));
        let mut waived: BTreeMap<&str, Vec<&Gap>> = BTreeMap::new();
        let mut waived_about: BTreeMap<&str, Vec<&Gap>> = BTreeMap::new();
        for gap in view.report.gaps.iter().filter(own) {
            let Some(waiver) = &gap.waiver else { continue };
            waived.entry(waiver).or_default().push(gap);
            waived_about.entry(&gap.subject.id).or_default().push(gap);
        }
        let first = |control: &Control| program.names.controls.get(&*control.id.value.0).copied();
        let twins = program.controls.iter().enumerate().map(|(i, control)| first(control) != Some(i));
        let mut exceptions: BTreeMap<&str, Vec<&Exception>> = BTreeMap::new();
        for row in &program.registers.exceptions {
            if let Some(control) = &row.control {
                exceptions.entry(&control.value.0).or_default().push(row);
            }
        }
        Self {
            judgement: view.judgement,
            program,
            audit: view.audit,
            zone: view.judgement.zone(),
            criteria,
            waived,
            waived_about,
            exceptions,
            twins: twins.collect(),
        }
    }

    /// The control behind a standing.
    pub(super) fn control(&self, standing: &ControlStanding) -> Option<&'v Control> {
        self.program.controls.get(standing.control)
    }

    /// The name of a control's place in the page.
    pub(super) fn anchor(&self, index: usize) -> String {
        let id = self.judgement.control_name(index);
        match self.twins.get(index) {
            Some(true) => format!("c-{id}--{index}"),
            _ => format!("c-{id}"),
        }
    }

    /// Id of a criterion, the id of its series, and its category.
    pub(super) fn names_of(&self, criterion: &CriterionStanding) -> (&'v str, &'v str, &'v str) {
        let framework = self.program.frameworks.get(criterion.id.framework);
        let Some((framework, of)) =
            framework.and_then(|f| Some((f, f.criteria.get(criterion.id.criterion)?)))
        else {
            return ("", "", "");
        };
        let series = of.series.as_ref().map_or("", |series| &*series.value);
        (&of.id.value, series, framework.category_of(of).map_or("", |category| &*category.id.value.0))
    }

    /// Rows of the exceptions register about a control.
    pub(super) fn exceptions(&self, control: &'v Control) -> impl Iterator<Item = &'v Exception> {
        self.exceptions.get(&*control.id.value.0).into_iter().flatten().copied()
    }

    /// The standing of the policy that a reference names.
    pub(super) fn policy(&self, reference: &str) -> Option<&'v PolicyStanding> {
        let index = self.program.names.policies.get(document(reference))?;
        self.judgement.policies.get(*index)
    }

    /// A person as people know them: `Alice Adams (alice)`.
    pub(super) fn who(&self, name: &str) -> String {
        let person = self.program.person(name).and_then(|index| self.program.registers.people.get(index));
        match person.and_then(|person| Some((person, person.name.as_ref()?))) {
            Some((person, known)) => format!("{} ({})", known.value, person.id.value.0),
            None if person.is_some() => name.to_owned(),
            None => format!("{name} (nobody in the people register)"),
        }
    }

    /// Is the system in scope of the audit: named by it, or of the register where it names none?
    pub(super) fn is_in_scope(&self, id: &str) -> bool {
        if !self.audit.systems.is_empty() {
            return self.audit.systems.iter().any(|own| own == id);
        }
        let index = self.program.names.systems.get(id);
        let system = index.and_then(|index| self.program.registers.systems.get(*index));
        // One that the register does not know is a slot all the same.
        system.and_then(|system| system.in_scope.as_ref()).is_none_or(|is| is.value)
    }

    /// A role or person by the name that is typed: a role as it is, a person as people know them.
    pub(super) fn named(&self, name: &str) -> String {
        match people::holder(self.program, name) {
            Some(Holder::Role(_)) => name.to_owned(),
            _ => self.who(name),
        }
    }

    /// Who answers to a name over the window, each with their days: `security-lead: Alice Adams (alice), 2026-01-01 to
    /// 2026-12-31`.
    pub(super) fn over_window(&self, name: &str) -> String {
        let window = self.audit.window;
        let within = |(from, to): (Date, Date)| {
            let (from, to) = (from.max(window.0), to.min(window.1));
            (from <= to).then(|| if from == to { from.to_string() } else { format!("{from} to {to}") })
        };
        let person =
            |index: usize| self.program.registers.people.get(index).map_or("", |person| &*person.id.value.0);
        let held = match people::holder(self.program, name) {
            None => return format!("{name}: no role and no person of that name"),
            Some(Holder::Person(index)) => {
                let stints = self.program.registers.people.get(index).map(people::stints);
                let days: Vec<String> = stints.into_iter().flatten().filter_map(within).collect();
                return match days.is_empty() {
                    true => format!("{}, who works here on no day of the window", self.who(name)),
                    false => format!("{}, {}", self.who(name), days.join(" and ")),
                };
            }
            Some(Holder::Role(index)) => self.program.registers.roles.get(index),
        };
        let held = held.into_iter().flat_map(|role| people::held(self.program, role));
        let mut held: Vec<(usize, (Date, Date))> = held.collect();
        held.sort_unstable_by_key(|(person, days)| (days.0, *person));
        let each: Vec<String> = held
            .into_iter()
            .filter_map(|(index, days)| Some(format!("{}, {}", self.who(person(index)), within(days)?)))
            .collect();
        match each.is_empty() {
            true => format!("{name}: a role that nobody holds in the window"),
            false => format!("{name}: {}", each.join("; ")),
        }
    }

    /// Who answers to a name on the last judged day: the person, or who holds the role.
    pub(super) fn holders(&self, name: &str) -> String {
        let day = self.audit.days.1;
        match people::holder(self.program, name) {
            None => "no role and no person of that name".to_owned(),
            Some(Holder::Person(index)) => match self.program.registers.people.get(index) {
                Some(person) if people::employed(person, day) => self.who(name),
                _ => format!("{}, who does not work here on {day}", self.who(name)),
            },
            Some(Holder::Role(index)) => {
                let role = self.program.registers.roles.get(index);
                let held = role.map_or_else(Vec::new, |role| people::holders(self.program, role, day));
                let names: Vec<String> = held
                    .iter()
                    .filter_map(|person| self.program.registers.people.get(*person))
                    .map(|person| self.who(&person.id.value.0))
                    .collect();
                if names.is_empty() { format!("a role that nobody holds on {day}") } else { names.join(", ") }
            }
        }
    }
}

/// `3 days`.
pub(super) fn days(n: i64) -> String {
    count(usize::try_from(n).unwrap_or(0), "day")
}
