//! A bundle that is narrowed: to controls, criteria, categories, or to what answers requests of the auditor.

use std::collections::{BTreeMap, BTreeSet};

use crate::program::{CriterionId, Program};
use crate::requests::{self, Standing};
use crate::schedule::Only;
use crate::text::{list, nearest, safe};
use crate::timeline::{AuditStanding, Judgement};

/// As it was asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub controls: Vec<String>,
    pub criteria: Vec<String>,
    pub categories: Vec<String>,
    pub requests: Vec<String>,
}

/// What is left.
#[derive(Clone, Debug, Default)]
pub struct Narrowed {
    pub only: Only,
    /// Evidence by index, where requests were named.
    pub evidence: Option<BTreeSet<usize>>,
    /// What was asked for, by its flag; recorded with the bundle.
    pub options: BTreeMap<String, Vec<String>>,
}

/// A name that stands for nothing here.
#[derive(Debug, PartialEq, Eq)]
pub struct Unknown {
    /// `there is no control `iam-acces-review``
    pub message: String,
    /// `did you mean `iam-access-review`?`
    pub help: Option<String>,
}

impl Narrowed {
    /// Looks up what was asked for; nothing asked for leaves everything.
    pub fn of(judgement: &Judgement<'_>, audit: &AuditStanding, asked: &Asked) -> Result<Self, Unknown> {
        let program = judgement.program;
        let mut narrowed = Self::default();
        let mut note = |flag: &str, names: &[String]| {
            if !names.is_empty() {
                narrowed.options.insert(flag.to_owned(), names.to_vec());
                narrowed.only.words.push(format!(
                    "{flag} {}",
                    names.iter().map(|name| safe(name)).collect::<Vec<_>>().join(", ")
                ));
            }
        };
        note("control", &asked.controls);
        note("criterion", &asked.criteria);
        note("category", &asked.categories);
        note("request", &asked.requests);
        if !asked.controls.is_empty() {
            narrowed.only.controls =
                Some(asked.controls.iter().map(|name| control(program, name)).collect::<Result<_, _>>()?);
        }
        if !asked.criteria.is_empty() || !asked.categories.is_empty() {
            let mut wanted = BTreeSet::new();
            for name in &asked.criteria {
                wanted.extend(criteria(program, audit, name)?);
            }
            for name in &asked.categories {
                wanted.extend(category(program, audit, name)?);
            }
            narrowed.only.criteria = Some(wanted);
        }
        if !asked.requests.is_empty() {
            narrowed.answer(judgement, &asked.requests)?;
        }
        Ok(narrowed)
    }

    /// Is anything left out that the audit would hold?
    pub fn is_narrow(&self) -> bool {
        !self.options.is_empty()
    }

    /// Leaves what answers some requests: the evidence, and the controls that the requests or this evidence name.
    fn answer(&mut self, judgement: &Judgement<'_>, names: &[String]) -> Result<(), Unknown> {
        let program = judgement.program;
        let all = requests::standing(program, judgement);
        let (mut evidence, mut controls) = (BTreeSet::new(), BTreeSet::new());
        for name in names {
            let is_meant =
                |one: &&Standing<'_>| one.request.id.value.trim().eq_ignore_ascii_case(name.trim());
            let known = || all.iter().map(|one| one.request.id.value.trim());
            let of = all.iter().find(is_meant).ok_or_else(|| unknown("request", name, known()))?;
            evidence.extend(of.evidence.iter().copied());
            let answering = of.evidence.iter().filter_map(|index| program.evidence.get(*index));
            let named =
                of.request.controls.iter().chain(answering.flat_map(|folder| &folder.manifest.controls));
            controls
                .extend(named.filter_map(|control| program.names.controls.get(&*control.value.0).copied()));
        }
        self.evidence = Some(evidence);
        self.only.controls = Some(match self.only.controls.take() {
            Some(before) => before.intersection(&controls).copied().collect(),
            None => controls,
        });
        Ok(())
    }
}

fn control(program: &Program, name: &str) -> Result<usize, Unknown> {
    let by_alias = || {
        program.controls.iter().position(|control| {
            control.aliases.iter().any(|alias| alias.value.trim().eq_ignore_ascii_case(name.trim()))
        })
    };
    let found = program.names.controls.get(name).copied().or_else(by_alias);
    found.ok_or_else(|| unknown("control", name, program.names.controls.keys().map(AsRef::as_ref)))
}

/// A criterion in scope, or all of a series: `CC6.2`, `CC6`.
fn criteria(program: &Program, audit: &AuditStanding, name: &str) -> Result<Vec<CriterionId>, Unknown> {
    let named: Vec<(String, CriterionId)> =
        audit.criteria.iter().map(|one| (program.criterion_name(one.id), one.id)).collect();
    let series = format!("{}.", name.trim());
    let is_meant = |id: &str| {
        id.eq_ignore_ascii_case(name.trim())
            || id.get(..series.len()).is_some_and(|start| start.eq_ignore_ascii_case(&series))
    };
    let found: Vec<CriterionId> = named.iter().filter(|(id, _)| is_meant(id)).map(|(_, of)| *of).collect();
    if found.is_empty() {
        return Err(unknown("criterion in scope", name, named.iter().map(|(id, _)| id.as_str())));
    }
    Ok(found)
}

fn category(program: &Program, audit: &AuditStanding, name: &str) -> Result<Vec<CriterionId>, Unknown> {
    let of = program.frameworks.get(audit.framework);
    let category = |id: CriterionId| {
        let framework = of?;
        Some(&*framework.category_of(framework.criteria.get(id.criterion)?)?.id.value.0)
    };
    let found: Vec<CriterionId> =
        audit.criteria.iter().map(|one| one.id).filter(|id| category(*id) == Some(name)).collect();
    if found.is_empty() {
        let known: BTreeSet<&str> = audit.criteria.iter().filter_map(|one| category(one.id)).collect();
        return Err(unknown("category in scope", name, known.into_iter()));
    }
    Ok(found)
}

fn unknown<'n>(what: &str, name: &str, known: impl Iterator<Item = &'n str>) -> Unknown {
    let known: Vec<&str> = known.collect();
    let near = nearest(name, known.iter().copied());
    let help = match near {
        Some(near) => Some(format!("did you mean `{}`?", safe(near))),
        None if known.is_empty() || known.len() > 12 => None,
        None => Some(format!(
            "there are {}",
            list(&known.iter().map(|name| safe(name)).collect::<Vec<_>>(), "and")
        )),
    };
    Unknown { message: format!("there is no {what} `{}`", safe(name)), help }
}
