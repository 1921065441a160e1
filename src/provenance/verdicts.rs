//! `verdicts.json`: what was judged, in words that `soc2 explain` lists: of each audit its criteria in the framework's
//! order and the controls by id with every slot; of each policy the days on which a text was in force; of each piece of
//! evidence with flaws, why it is not accepted.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::timeline::{
    AuditStanding, ControlStanding, CriterionStanding, DesignFault, EvidenceStanding, Flaw, Held, Judgement,
    PolicyStanding, Slot,
};

/// The form of the file; within a version keys are only ever added.
pub(super) const FORMAT: &str = "soc2-verdicts/1";

/// The file's content.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Verdicts {
    pub(super) format: String,
    pub(super) audits: Vec<AuditVerdicts>,
    /// By id.
    pub(super) policies: Vec<PolicyVerdict>,
    /// By id; those without a flaw are left out.
    pub(super) evidence: Vec<EvidenceVerdict>,
}

#[derive(Debug, Deserialize, Serialize)]
pub(super) struct AuditVerdicts {
    pub(super) id: Option<String>,
    /// First and last day that were judged.
    pub(super) days: Days,
    pub(super) criteria: Vec<CriterionVerdict>,
    pub(super) controls: Vec<ControlVerdict>,
}

/// First and last day.
pub(super) type Days = (String, String);

#[derive(Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(super) struct CriterionVerdict {
    pub(super) id: String,
    pub(super) coverage: String,
    pub(super) support: String,
    /// Controls in place on some judged day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) controls: Vec<String>,
    /// Judged days without a control in place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) holes: Vec<Days>,
    /// What keeps it from being supported, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) because: Vec<String>,
}

#[derive(Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(super) struct ControlVerdict {
    pub(super) id: String,
    pub(super) operation: String,
    /// The judged days on which it was in place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) in_place: Option<Days>,
    /// Why its design is deficient, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) design: Vec<String>,
    pub(super) because: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) remarks: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) slots: Vec<SlotVerdict>,
}

#[derive(Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(super) struct SlotVerdict {
    /// `2026-Q1`; `window` where there are no intervals.
    pub(super) slot: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) system: Option<String>,
    pub(super) days: Days,
    pub(super) due: String,
    pub(super) state: String,
    /// The evidence that fills it, and its day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) filled_by: Option<(String, String)>,
    /// Other evidence that it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) also: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) refused: Vec<RefusedEvidence>,
    pub(super) because: String,
}

#[derive(Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(super) struct RefusedEvidence {
    pub(super) evidence: String,
    pub(super) on: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) why: Vec<String>,
}

#[derive(Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(super) struct PolicyVerdict {
    pub(super) id: String,
    pub(super) state: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) review_by: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) in_force: Vec<InForce>,
    pub(super) because: String,
}

/// Days of the judged ones on which one approved text ordered.
#[derive(Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(super) struct InForce {
    pub(super) days: Days,
    /// The version that its approval names.
    pub(super) version: String,
    /// `here`: the text as it stands; `in-git`: an earlier one that git holds; `unknown`: it is not at hand.
    pub(super) text: String,
}

#[derive(Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(super) struct EvidenceVerdict {
    pub(super) id: String,
    /// Why no control can accept it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) flaws: Vec<String>,
    /// Why its review does not count where one is needed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) review: Vec<String>,
    /// Everything in it is dated after the judged day.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) out_of_view: bool,
}

impl Verdicts {
    pub(super) fn of(judgement: &Judgement<'_>) -> Self {
        let mut policies: Vec<PolicyVerdict> =
            judgement.policies.iter().map(|policy| PolicyVerdict::of(judgement, policy)).collect();
        policies.sort_by(|a, b| a.id.cmp(&b.id));
        let evidence = judgement.evidence.iter().enumerate();
        let mut evidence: Vec<EvidenceVerdict> = evidence
            .filter(|(_, standing)| {
                !standing.flaws.is_empty() || !standing.review.is_empty() || standing.out_of_view
            })
            .map(|(index, standing)| EvidenceVerdict::of(judgement, index, standing))
            .collect();
        evidence.sort_by(|a, b| a.id.cmp(&b.id));
        let audits = judgement.audits.iter().map(|audit| AuditVerdicts::of(judgement, audit)).collect();
        Self { format: FORMAT.to_owned(), audits, policies, evidence }
    }
}

fn days((from, to): (Date, Date)) -> Days {
    (from.to_string(), to.to_string())
}

impl AuditVerdicts {
    fn of(judgement: &Judgement<'_>, audit: &AuditStanding) -> Self {
        let criteria = audit.criteria.iter().map(|one| CriterionVerdict::of(judgement, audit, one)).collect();
        let mut controls: Vec<ControlVerdict> =
            audit.controls.iter().map(|one| ControlVerdict::of(judgement, audit, one)).collect();
        controls.sort_by(|a, b| a.id.cmp(&b.id));
        Self { id: audit.id.clone(), days: days(audit.days), criteria, controls }
    }
}

impl CriterionVerdict {
    fn of(judgement: &Judgement<'_>, audit: &AuditStanding, one: &CriterionStanding) -> Self {
        let why = judgement.why_criterion(audit, one).into_iter();
        Self {
            id: judgement.program.criterion_name(one.id),
            coverage: one.coverage.name().to_owned(),
            support: one.support.name().to_owned(),
            controls: one.in_place.iter().map(|index| judgement.control_name(*index)).collect(),
            holes: one.holes.iter().copied().map(days).collect(),
            because: why.map(|reason| reason.because).collect(),
        }
    }
}

impl ControlVerdict {
    fn of(judgement: &Judgement<'_>, audit: &AuditStanding, one: &ControlStanding) -> Self {
        let remarks = one.remarks.iter().map(|remark| judgement.why_remark(one, remark).because);
        Self {
            id: judgement.control_name(one.control),
            operation: one.operation.name().to_owned(),
            in_place: one.in_place.map(days),
            design: one.design.iter().map(DesignFault::words).collect(),
            because: judgement.why_control(audit, one).because,
            remarks: remarks.collect(),
            slots: one.slots.iter().map(|slot| SlotVerdict::of(judgement, audit, one, slot)).collect(),
        }
    }
}

impl SlotVerdict {
    fn of(judgement: &Judgement<'_>, audit: &AuditStanding, control: &ControlStanding, slot: &Slot) -> Self {
        let name = |index: usize| judgement.evidence_name(index);
        let refused = slot.refused.iter().map(|one| RefusedEvidence {
            evidence: name(one.evidence),
            on: one.on.to_string(),
            why: words(judgement, &one.flaws),
        });
        Self {
            slot: slot.spell.name(),
            system: judgement.slot_system(control, slot),
            days: days(slot.spell.days()),
            due: slot.due.to_string(),
            state: slot.state.name().to_owned(),
            filled_by: slot.filled_by.map(|filler| (name(filler.evidence), filler.on.to_string())),
            also: slot.also.iter().map(|index| name(*index)).collect(),
            refused: refused.collect(),
            because: judgement.why_slot(audit, control, slot).because,
        }
    }
}

fn words(judgement: &Judgement<'_>, flaws: &[Flaw]) -> Vec<String> {
    flaws.iter().map(|flaw| flaw.words(judgement.program)).collect()
}

impl EvidenceVerdict {
    fn of(judgement: &Judgement<'_>, index: usize, standing: &EvidenceStanding) -> Self {
        Self {
            id: judgement.evidence_name(index),
            flaws: words(judgement, &standing.flaws),
            review: words(judgement, &standing.review),
            out_of_view: standing.out_of_view,
        }
    }
}

impl PolicyVerdict {
    fn of(judgement: &Judgement<'_>, policy: &PolicyStanding) -> Self {
        let head = judgement.program.policies.get(policy.policy).map(|policy| &policy.head);
        let version = |approval: usize| {
            let approval = head.and_then(|head| head.approvals.get(approval));
            let version = approval.and_then(|approval| approval.version.as_ref());
            version.map_or_else(String::new, |version| crate::text::safe(version))
        };
        let in_force = judged(judgement).map_or_else(Vec::new, |days| policy.texts_in(days));
        let in_force = in_force.into_iter().map(|(from, to, text)| InForce {
            days: days((from, to)),
            version: version(text.approval),
            text: match text.held {
                Held::Here => "here",
                Held::InGit(_) => "in-git",
                Held::Nowhere | Held::Unknown => "unknown",
            }
            .to_owned(),
        });
        Self {
            id: head.map_or_else(String::new, |head| head.id.value.0.to_string()),
            state: policy.state.name().to_owned(),
            review_by: policy.review_by.map(|day| day.to_string()),
            in_force: in_force.collect(),
            because: judgement.why_policy(policy).because,
        }
    }
}

/// The first and last day that some audit judges.
fn judged(judgement: &Judgement<'_>) -> Option<(Date, Date)> {
    let first = judgement.audits.iter().map(|audit| audit.days.0).min()?;
    let last = judgement.audits.iter().map(|audit| audit.days.1).max()?;
    let last = last.min(judgement.as_of);
    (first <= last).then_some((first, last))
}
