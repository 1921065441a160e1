//! Controls: one file each, most of them as they should be.

use std::fmt::Write as _;

use jiff::civil::Date;

use super::calendar::{self, CADENCES, Cadence};
use super::words::{AREAS, FAMILIES, Family, POLICIES, ROLES, SECTIONS, SYSTEMS};
use super::{Rng, Shape};

/// Every common criterion and those of availability, so that each is named somewhere.
#[rustfmt::skip]
pub const CRITERIA: &[&str] = &[
    "CC1.1", "CC1.2", "CC1.3", "CC1.4", "CC1.5", "CC2.1", "CC2.2", "CC2.3", "CC3.1", "CC3.2", "CC3.3", "CC3.4", "CC4.1", "CC4.2", "CC5.1",
    "CC5.2", "CC5.3", "CC6.1", "CC6.2", "CC6.3", "CC6.4", "CC6.5", "CC6.6", "CC6.7", "CC6.8", "CC7.1", "CC7.2", "CC7.3", "CC7.4", "CC7.5",
    "CC8.1", "CC9.1", "CC9.2", "A1.1", "A1.2", "A1.3",
];

/// What is wrong with a control's text; a few in a hundred have something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    NoOwner,
    UnknownOwner,
    UnknownCriterion,
    UnknownSection,
    UnknownKey,
    DuplicateKey,
    BadDate,
}

/// A control and what its evidence needs to know.
pub struct Control {
    pub id: String,
    pub index: usize,
    pub family: &'static Family,
    /// What it is done to.
    pub object: &'static str,
    pub cadence: Cadence,
    pub systems: Vec<&'static str>,
    /// First day in the repository, and the day of a later edit.
    pub added: Date,
    pub edited: Option<Date>,
    /// How many manifests show it.
    pub manifests: usize,
    status: &'static str,
}

impl Control {
    pub fn new(shape: &Shape, index: usize) -> Self {
        let mut rng = Rng::of(shape.seed, 1, index);
        let family = &FAMILIES[index % FAMILIES.len()];
        let object = *rng.pick(family.objects);
        let mut systems: Vec<&str> = Vec::new();
        if family.systems {
            systems.extend((0..1 + rng.below(3)).map(|_| rng.pick(SYSTEMS).0));
            systems.sort_unstable();
            systems.dedup();
        }
        let status = match index {
            0 => "implemented",
            _ => rng.weighted(&[(88, "implemented"), (5, "planned"), (4, "draft"), (3, "retired")]),
        };
        Self {
            id: format!(
                "{}-{}-{:04}",
                family.code,
                object.replace(' ', "-").to_lowercase(),
                index / FAMILIES.len() + 1
            ),
            index,
            family,
            object,
            cadence: rng.weighted(CADENCES),
            systems,
            added: calendar::day(1 + rng.below(40) as i64),
            edited: rng.chance(1, 10).then(|| calendar::day(90 + rng.below(240) as i64)),
            manifests: 0,
            status,
        }
    }

    /// Was it ever in place? Others have no evidence.
    pub fn in_place(&self) -> bool {
        matches!(self.status, "implemented" | "retired")
    }

    pub fn path(&self) -> String {
        format!("controls/{}/{}.yaml", self.family.code, self.id)
    }

    /// The control as it stands at the end.
    pub fn text(&self, shape: &Shape) -> String {
        self.write(shape, self.cadence.name, true)
    }

    /// The control before its edit: another cadence, and no list of evidence yet.
    pub fn earlier_text(&self, shape: &Shape) -> String {
        let cadence = if self.cadence.name == "annual" { "semiannual" } else { "annual" };
        self.write(shape, cadence, false)
    }

    fn write(&self, shape: &Shape, cadence: &str, last: bool) -> String {
        let Self { id, index, family, object, .. } = self;
        let mut rng = Rng::of(shape.seed, 2, *index);
        let fault = match *index {
            0 => Fault::None,
            _ => rng.weighted(&[
                (970, Fault::None),
                (5, Fault::NoOwner),
                (5, Fault::UnknownOwner),
                (4, Fault::UnknownCriterion),
                (4, Fault::UnknownSection),
                (4, Fault::UnknownKey),
                (4, Fault::DuplicateKey),
                (4, Fault::BadDate),
            ]),
        };
        let (role, role_title) = ROLES[family.role];
        let (verb, area) = (rng.pick(family.verbs), rng.pick(AREAS));
        let mut criteria = vec![*rng.pick(family.criteria), CRITERIA[index % CRITERIA.len()]];
        if rng.chance(1, 3) {
            criteria.push(*rng.pick(family.criteria));
        }
        let mut seen = Vec::new();
        criteria.retain(|name| {
            !seen.contains(name) && {
                seen.push(*name);
                true
            }
        });
        if fault == Fault::UnknownCriterion {
            criteria[0] = "CC6.11";
        }
        let section = if fault == Fault::UnknownSection { "duty" } else { rng.pick(SECTIONS).0 };
        let mut out = String::with_capacity(1024);
        let mut line = |text: std::fmt::Arguments<'_>| {
            let _ = out.write_fmt(text);
            out.push('\n');
        };
        line(format_args!("id: {id}"));
        line(format_args!("title: {role_title} {verb} {object} of {area}"));
        line(format_args!("description: >-"));
        line(format_args!(
            "  {} the {} {verb} the {object} of {area}, compares them with what was approved, removes",
            self.cadence.adverb,
            role_title.to_lowercase()
        ));
        line(format_args!(
            "  or corrects what does not belong, and files a {} with the result within {{{{ filing_days }}}} days.",
            family.evidence.0
        ));
        match fault {
            Fault::NoOwner => {}
            Fault::UnknownOwner => line(format_args!("owner: {role}s")),
            _ => line(format_args!("owner: {role}")),
        }
        line(format_args!("status: {}", self.status));
        match (self.status, fault) {
            (_, Fault::BadDate) => line(format_args!("effective_from: 2026-1-5")),
            ("implemented", _) => line(format_args!("effective_from: 2025-{:02}-01", 1 + index % 12)),
            ("retired", _) => line(format_args!("effective_from: 2024-06-01\nretired_at: 2026-08-31")),
            _ => {}
        }
        line(format_args!("cadence: {cadence}"));
        if fault == Fault::DuplicateKey {
            line(format_args!("cadence: annual"));
        }
        line(format_args!("criteria: [{}]", criteria.join(", ")));
        line(format_args!("policies: [{}#{section}]", POLICIES[family.policy].0));
        if !self.systems.is_empty() {
            line(format_args!("systems: [{}]", self.systems.join(", ")));
        }
        line(format_args!("nature: {}", rng.pick(&["preventive", "detective", "corrective"])));
        line(format_args!("type: {}", rng.weighted(&[(6, "manual"), (3, "it-dependent"), (1, "automated")])));
        if fault == Fault::UnknownKey {
            line(format_args!("frequency: {cadence}"));
        }
        if last {
            line(format_args!("evidence_required:"));
            line(format_args!("  - {{ kind: {}, per: slot, min: 1, what: {object} }}", family.evidence.0));
            line(format_args!("tests:"));
            line(format_args!("  - id: performed"));
            line(format_args!("    method: inspection"));
            line(format_args!("    attributes:"));
            line(format_args!("      A: the record is dated in its interval"));
            line(format_args!("      B: another person than the performer reviewed it"));
        }
        out
    }
}
