//! Which ids exist, and what a reference resolves to.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Program;
use crate::model::Framework;
use crate::record::Target;
use crate::source::MANIFEST;

/// Ids of a programme, each with its index in its list.
#[derive(Debug, Default)]
pub struct Names {
    pub controls: BTreeMap<Box<str>, usize>,
    pub policies: BTreeMap<Box<str>, usize>,
    pub procedures: BTreeMap<Box<str>, usize>,
    /// Ids, aliases and e-mail addresses, lower-case.
    pub people: BTreeMap<Box<str>, usize>,
    pub roles: BTreeMap<Box<str>, usize>,
    pub systems: BTreeMap<Box<str>, usize>,
    pub vendors: BTreeMap<Box<str>, usize>,
    pub risks: BTreeMap<Box<str>, usize>,
    pub assets: BTreeMap<Box<str>, usize>,
    pub audits: BTreeMap<Box<str>, usize>,
}

/// A criterion, and perhaps a point of focus under it, as indices into [`Program::frameworks`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CriterionId {
    pub framework: usize,
    pub criterion: usize,
    pub point: Option<usize>,
}

/// Why a criterion reference resolves to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CriterionFault {
    /// There is no such framework.
    Framework(String),
    /// The framework has no such criterion.
    Criterion,
    /// The criterion has no such point of focus.
    Point(CriterionId),
}

impl Names {
    pub(super) fn of(program: &Program) -> Self {
        let index = |ids: Vec<&str>| -> BTreeMap<Box<str>, usize> {
            let mut map = BTreeMap::new();
            for (i, id) in ids.into_iter().enumerate() {
                map.entry(id.into()).or_insert(i);
            }
            map
        };
        let registers = &program.registers;
        let mut people = BTreeMap::new();
        // Ids first: another person's alias must not take one.
        for (i, person) in registers.people.iter().enumerate() {
            people.entry(person.id.to_string().into_boxed_str()).or_insert(i);
        }
        for (i, person) in registers.people.iter().enumerate() {
            for name in person.aliases.iter().chain(&person.emails) {
                people.entry(name.value.to_lowercase().into_boxed_str()).or_insert(i);
            }
        }
        let audits = program.config.as_ref().map_or(&[][..], |config| &config.audit);
        Self {
            controls: index(program.controls.iter().map(|c| &*c.id.value.0).collect()),
            policies: index(program.policies.iter().map(|p| &*p.head.id.value.0).collect()),
            procedures: index(program.procedures.iter().map(|p| &*p.head.id.value.0).collect()),
            people,
            roles: index(registers.roles.iter().map(|r| &*r.id.value.0).collect()),
            systems: index(registers.systems.iter().map(|s| &*s.id.value.0).collect()),
            vendors: index(registers.vendors.iter().map(|v| &*v.id.value.0).collect()),
            risks: index(registers.risks.iter().map(|r| &*r.id.value.0).collect()),
            assets: index(registers.assets.iter().map(|a| &*a.id.value.0).collect()),
            audits: index(audits.iter().map(|a| &*a.id.value.0).collect()),
        }
    }
}

impl Program {
    /// The index of the person a name stands for, through aliases and e-mail addresses.
    pub fn person(&self, name: &str) -> Option<usize> {
        // Most names are typed as they are kept.
        let is_lower = name.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
        let lower = if is_lower { Cow::Borrowed(name) } else { Cow::Owned(name.to_lowercase()) };
        self.names.people.get(&*lower).copied()
    }

    /// Does a reference resolve? Criteria have [`Program::criterion`], because they can fail in more ways.
    pub fn resolves(&self, target: Target, name: &str) -> bool {
        let names = &self.names;
        match target {
            Target::Asset => names.assets.contains_key(name),
            Target::Audit => names.audits.contains_key(name),
            Target::Control => names.controls.contains_key(name),
            Target::Criterion => self.criterion(name).is_ok(),
            Target::Evidence => self.sources.find(&format!("evidence/{name}/{MANIFEST}")).is_some(),
            Target::Framework => self.framework(name).is_some(),
            Target::Holder => names.roles.contains_key(name) || self.person(name).is_some(),
            Target::Person => self.person(name).is_some(),
            Target::Policy => names.policies.contains_key(document(name)),
            Target::Procedure => names.procedures.contains_key(document(name)),
            Target::Risk => names.risks.contains_key(name),
            Target::System => names.systems.contains_key(name),
            Target::Vendor => names.vendors.contains_key(name),
        }
    }

    /// Every name that a reference of this kind could have meant.
    pub fn candidates(&self, target: Target) -> Vec<&str> {
        let names = &self.names;
        fn keys(map: &BTreeMap<Box<str>, usize>) -> Vec<&str> {
            map.keys().map(AsRef::as_ref).collect()
        }
        match target {
            Target::Asset => keys(&names.assets),
            Target::Audit => keys(&names.audits),
            Target::Control => keys(&names.controls),
            Target::Criterion => Vec::new(),
            Target::Evidence => {
                let ids = self.evidence.iter().map(|folder| self.evidence_id(folder));
                ids.filter(|id| !id.is_empty()).collect()
            }
            Target::Framework => self.frameworks.iter().map(|f| &*f.id.value.0).collect(),
            Target::Holder => keys(&names.roles).into_iter().chain(keys(&names.people)).collect(),
            Target::Person => keys(&names.people),
            Target::Policy => keys(&names.policies),
            Target::Procedure => keys(&names.procedures),
            Target::Risk => keys(&names.risks),
            Target::System => keys(&names.systems),
            Target::Vendor => keys(&names.vendors),
        }
    }

    /// The index of a framework.
    pub fn framework(&self, id: &str) -> Option<usize> {
        self.frameworks.iter().position(|framework| &*framework.id.value.0 == id)
    }

    /// The index of the framework that `[scope]` names, or the built-in one.
    pub fn scope_framework(&self) -> usize {
        let scope = self.config.as_ref().and_then(|config| config.scope.as_ref());
        scope.and_then(|scope| scope.framework.as_ref()).and_then(|id| self.framework(id)).unwrap_or(0)
    }

    /// What `CC6.1`, `CC6.1/restrict-logical-access` or `iso27001-2022:A.5.15` names.
    pub fn criterion(&self, typed: &str) -> Result<CriterionId, CriterionFault> {
        let (framework, rest) = match typed.split_once(':') {
            Some((id, rest)) => (
                self.framework(id.trim()).ok_or_else(|| CriterionFault::Framework(id.to_owned()))?,
                rest.trim(),
            ),
            None => (self.scope_framework(), typed),
        };
        let (id, point) = match rest.split_once('/') {
            Some((id, point)) => (id, Some(point)),
            None => (rest, None),
        };
        let Some(of) = self.frameworks.get(framework) else {
            return Err(CriterionFault::Framework(String::new()));
        };
        let criterion =
            of.criteria.iter().position(|c| &*c.id.value == id).ok_or(CriterionFault::Criterion)?;
        let found = CriterionId { framework, criterion, point: None };
        match point {
            None => Ok(found),
            Some(point) => {
                let index =
                    of.criteria[criterion].points_of_focus.iter().position(|p| &*p.id.value.0 == point);
                index.map(|i| CriterionId { point: Some(i), ..found }).ok_or(CriterionFault::Point(found))
            }
        }
    }

    /// The name of a criterion in output: bare in the scope's framework, prefixed in others.
    pub fn criterion_name(&self, id: CriterionId) -> String {
        let Some(framework) = self.frameworks.get(id.framework) else { return String::new() };
        let criterion = framework.criteria.get(id.criterion).map_or("", |c| &*c.id.value);
        if id.framework == self.scope_framework() {
            criterion.to_owned()
        } else {
            format!("{}:{criterion}", framework.id)
        }
    }

    /// The framework a reference speaks of, for suggestions.
    pub fn framework_of(&self, typed: &str) -> Option<&Framework> {
        let index = match typed.split_once(':') {
            Some((id, _)) => self.framework(id.trim())?,
            None => self.scope_framework(),
        };
        self.frameworks.get(index)
    }
}

/// The document of `access-control#access-reviews`.
pub fn document(reference: &str) -> &str {
    reference.split_once('#').map_or(reference, |(id, _)| id)
}

/// The anchor of `access-control#access-reviews`.
pub fn anchor(reference: &str) -> Option<&str> {
    reference.split_once('#').map(|(_, anchor)| anchor)
}
