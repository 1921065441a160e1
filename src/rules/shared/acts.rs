//! What people say that they did on a day, wherever it is written down: performances, collections, reviews, approvals,
//! acknowledgements, waivers.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::gap::Subject;
use crate::model::evidence::{Occurrences, Reviewed};
use crate::model::policy::Approval;
use crate::model::registers::{Act as Signed, Waiver};
use crate::model::scalar::PersonRef;
use crate::program::{EvidenceFolder, Program, document};
use crate::source::{Location, Spanned};
use crate::text::safe;
use crate::timeline::Judgement;

use super::current::with_standing;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::rules) enum Deed {
    Performed,
    Collected,
    Reviewed,
    Approved,
    Acknowledged,
    Requested,
    Waived,
}

impl Deed {
    /// `was performed`, `was approved`.
    pub(in crate::rules) fn words(self) -> &'static str {
        match self {
            Self::Performed => "was performed",
            Self::Collected => "was collected",
            Self::Reviewed => "was reviewed",
            Self::Approved | Self::Waived => "was approved",
            Self::Acknowledged => "was acknowledged",
            Self::Requested => "was asked for",
        }
    }

    /// Is it a decision of somebody else than who did the work?
    pub(in crate::rules) fn is_decision(self) -> bool {
        matches!(self, Self::Reviewed | Self::Approved | Self::Waived)
    }

    /// Is it written in a manifest?
    pub(in crate::rules) fn is_evidence(self) -> bool {
        matches!(self, Self::Performed | Self::Collected | Self::Reviewed)
    }
}

/// One thing that somebody says was done on a day.
pub(in crate::rules) struct Act<'p> {
    pub(in crate::rules) deed: Deed,
    /// `evidence`, `policy`, `waiver`, and its id.
    pub(in crate::rules) kind: &'static str,
    pub(in crate::rules) id: &'p str,
    pub(in crate::rules) by: Option<&'p PersonRef>,
    pub(in crate::rules) on: Date,
    /// Where the day was typed.
    pub(in crate::rules) at: Location,
    /// The values of the record, for the lines on which it stands.
    pub(in crate::rules) parts: Vec<Location>,
}

impl Act<'_> {
    pub(in crate::rules) fn subject(&self) -> Subject {
        Subject::new(self.kind, self.id)
    }

    /// What it is about: ``the policy `access` ``, `` `access-review/2026-q1` ``.
    pub(in crate::rules) fn name(&self) -> String {
        match self.kind {
            "evidence" => format!("`{}`", safe(self.id)),
            kind => format!("the {kind} `{}`", safe(self.id)),
        }
    }
}

/// Every act in view.
pub(in crate::rules) fn all<'p>(judgement: &Judgement<'p>) -> Vec<Act<'p>> {
    let (program, zone) = (judgement.program, judgement.zone());
    let mut acts = Vec::new();
    for (folder, _) in with_standing(judgement) {
        of_evidence(program, folder, &zone, &mut acts);
    }
    for policy in &program.policies {
        let approvals = policy.head.approvals.iter();
        acts.extend(approvals.filter_map(|approval| of_approval(&policy.head.id.value.0, approval)));
    }
    for row in &program.registers.acknowledgements {
        let (Some(policy), Some(on)) = (&row.policy, &row.on) else { continue };
        acts.push(Act {
            deed: Deed::Acknowledged,
            kind: "policy",
            id: document(&policy.value.0),
            by: row.person.as_ref(),
            on: on.value,
            at: on.at,
            parts: vec![on.at],
        });
    }
    acts.extend(program.registers.waivers.iter().flat_map(of_waiver));
    acts
}

fn of_waiver(waiver: &Waiver) -> impl Iterator<Item = Act<'_>> {
    let acts = [(Deed::Requested, &waiver.requested), (Deed::Waived, &waiver.approved)];
    acts.into_iter().filter_map(|(deed, act): (Deed, &Option<Signed>)| {
        let act = act.as_ref()?;
        let on = act.on.as_ref()?;
        Some(Act {
            deed,
            kind: "waiver",
            id: &waiver.id.value.0,
            by: act.by.as_ref(),
            on: on.value,
            at: on.at,
            parts: act.by.iter().map(|by| by.at).chain([on.at]).collect(),
        })
    })
}

/// An approval of a policy, if it has a day.
pub(in crate::rules) fn of_approval<'p>(policy: &'p str, approval: &'p Approval) -> Option<Act<'p>> {
    let on = approval.on.as_ref()?;
    let mut parts = vec![on.at];
    parts.extend(approval.by.iter().map(|by| by.at));
    parts.extend(approval.effective.iter().map(|day| day.at));
    parts.extend(approval.text.iter().map(|text| text.at));
    let (by, on) = (approval.by.as_ref(), on);
    Some(Act { deed: Deed::Approved, kind: "policy", id: policy, by, on: on.value, at: on.at, parts })
}

fn of_evidence<'p>(
    program: &'p Program,
    folder: &'p EvidenceFolder,
    zone: &TimeZone,
    out: &mut Vec<Act<'p>>,
) {
    let (manifest, id) = (&*folder.manifest, program.evidence_id(folder));
    let mut put = |deed, by: Option<&'p PersonRef>, day: Option<(Date, Location)>| {
        let Some((on, at)) = day else { return };
        out.push(Act { deed, kind: "evidence", id, by, on, at, parts: vec![at] });
    };
    if let Some(one) = &manifest.performed {
        put(Deed::Performed, one.by.as_ref(), day(one.at.as_ref(), one.on.as_ref(), zone));
    }
    if let Some(Occurrences::Listed(listed)) = manifest.occurrences.as_deref() {
        for one in listed {
            put(Deed::Performed, one.by.as_ref(), day(None, one.on.as_ref(), zone));
        }
    }
    if let Some(one) = &manifest.collected {
        put(Deed::Collected, one.by.as_ref(), day(one.at.as_ref(), one.on.as_ref(), zone));
    }
    if let Some(one) = &manifest.reviewed {
        out.extend(of_review(id, one));
    }
}

/// A review of evidence, if it has a day.
pub(in crate::rules) fn of_review<'p>(id: &'p str, review: &'p Reviewed) -> Option<Act<'p>> {
    let on = review.on.as_ref()?;
    let mut parts = vec![on.at];
    parts.extend(review.by.iter().map(|by| by.at));
    parts.extend(review.result.iter().map(|result| result.at));
    parts.extend(review.notes.iter().map(|notes| notes.at));
    parts.extend(review.compensating.iter().map(|control| control.at));
    let by = review.by.as_ref();
    Some(Act { deed: Deed::Reviewed, kind: "evidence", id, by, on: on.value, at: on.at, parts })
}

fn day(
    at: Option<&Spanned<jiff::Timestamp>>,
    on: Option<&Spanned<Date>>,
    zone: &TimeZone,
) -> Option<(Date, Location)> {
    let moment = at.map(|at| (zone.to_datetime(at.value).date(), at.at));
    moment.or_else(|| on.map(|on| (on.value, on.at)))
}
