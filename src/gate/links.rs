//! What hangs together: a control with its criteria, policies, systems, evidence and owner, in the state before and in
//! the state after, so that a gap can be told beneath the change that opened it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::gap::Subject;
use crate::program::{Program, document};
use crate::record::{Target, Value};

/// A thing of a programme: the field's noun and its id, of a criterion with its framework.
pub(super) type Thing<'p> = (&'static str, Cow<'p, str>);

/// Which things name each other.
#[derive(Default)]
pub(super) struct Links<'p>(BTreeMap<Thing<'p>, BTreeSet<Thing<'p>>>);

/// A subject as a thing, alike in both states.
pub(super) fn thing<'p>(program: &Program, subject: &'p Subject) -> Thing<'p> {
    match subject.kind {
        "criterion" => {
            ("criterion", criterion(program, &subject.id).map_or(Cow::Borrowed(&*subject.id), Cow::Owned))
        }
        kind => (kind, Cow::Borrowed(&subject.id)),
    }
}

/// A criterion with its framework, as no scope can change it.
fn criterion(program: &Program, name: &str) -> Option<String> {
    let id = program.criterion(name).ok()?;
    let framework = program.frameworks.get(id.framework)?;
    Some(format!("{}:{}", framework.id, framework.criteria.get(id.criterion)?.id.value))
}

impl<'p> Links<'p> {
    /// The links of both states.
    pub(super) fn of(programs: [&'p Program; 2]) -> Self {
        let mut links = Self::default();
        for program in programs {
            links.read(program);
        }
        links
    }

    fn read(&mut self, program: &'p Program) {
        for control in &program.controls {
            self.record(program, ("control", &control.id.value.0), control);
        }
        for policy in &program.policies {
            self.record(program, ("policy", &policy.head.id.value.0), &policy.head);
        }
        for folder in &program.evidence {
            for control in &folder.manifest.controls {
                self.link(
                    ("evidence", program.evidence_id(folder).into()),
                    ("control", (&*control.value.0).into()),
                );
            }
        }
        macro_rules! register {
            ($($kind:literal: $name:ident),* $(,)?) => {
                $( for row in &program.registers.$name { self.record(program, ($kind, &row.id.value.0), row); } )*
            };
        }
        register!("role": roles, "system": systems, "vendor": vendors, "csoc": csocs, "risk": risks, "asset": assets,
            "incident": incidents, "exception": exceptions);
    }

    /// Links a record with all that it names.
    fn record(&mut self, program: &'p Program, (kind, id): (&'static str, &'p str), record: &impl Value) {
        record.references(&mut |target, name, _| {
            if let Some(other) = named(program, target, name) {
                self.link((kind, id.into()), other);
            }
        });
    }

    fn link(&mut self, one: Thing<'p>, other: Thing<'p>) {
        self.0.entry(one.clone()).or_default().insert(other.clone());
        self.0.entry(other).or_default().insert(one);
    }

    /// What is linked with it.
    pub(super) fn beside<'l>(
        &'l self,
        thing: &Thing<'p>,
    ) -> impl Iterator<Item = &'l Thing<'p>> + use<'l, 'p> {
        self.0.get(thing).into_iter().flatten()
    }

    /// What may have brought about a gap of `thing`, nearest first: what it is linked with; for a criterion also what its
    /// controls rest on, and for anything else who holds the roles it names.
    pub(super) fn near<'l>(&'l self, thing: &Thing<'p>) -> Vec<&'l Thing<'p>> {
        let beyond = if thing.0 == "criterion" { "control" } else { "role" };
        let mut near: Vec<&Thing<'p>> = self.beside(thing).collect();
        let further = self.beside(thing).filter(|other| other.0 == beyond);
        let holders = |other: &&Thing<'p>| beyond == "control" || other.0 == "person";
        near.extend(further.flat_map(|other| self.beside(other)).filter(holders));
        near
    }
}

/// The thing that a reference names.
fn named(program: &Program, target: Target, name: &str) -> Option<Thing<'static>> {
    let plain = |kind: &'static str| Some((kind, Cow::Owned(name.to_owned())));
    let person = |name: &str| {
        let id = program.registers.people.get(program.person(name)?)?.id.to_string();
        Some(("person", Cow::Owned(id)))
    };
    match target {
        Target::Criterion => criterion(program, name).map(|id| ("criterion", Cow::Owned(id))),
        Target::Policy => Some(("policy", Cow::Owned(document(name).to_owned()))),
        Target::Holder if program.names.roles.contains_key(name) => plain("role"),
        Target::Holder | Target::Person => person(name),
        Target::Control => plain("control"),
        Target::System => plain("system"),
        Target::Vendor => plain("vendor"),
        Target::Risk => plain("risk"),
        Target::Asset => plain("asset"),
        Target::Evidence => plain("evidence"),
        Target::Audit | Target::Framework | Target::Procedure => None,
    }
}
