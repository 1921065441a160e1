//! Shapes shared by the JSON of `soc2 status` and `soc2 show`: days, reasons, slots, controls, criteria, policies.

use jiff::civil::Date;
use serde::Serialize;

use super::strip::Strip;
use super::{owner_id, people_of, series_of};
use crate::model::control::Status as Claim;
use crate::program::{Program, document};
use crate::timeline::{
    AuditStanding, Cause, ControlStanding, CriterionStanding, Judgement, PolicyStanding, Reason, Refused,
    Remark, Slot, SlotCount,
};

/// The program that wrote it.
#[derive(Serialize)]
pub struct Tool {
    name: &'static str,
    version: &'static str,
}

impl Tool {
    /// This program.
    pub const THIS: Self = Self { name: "soc2", version: env!("CARGO_PKG_VERSION") };
}

/// First and last day.
#[derive(Serialize)]
pub struct Days {
    from: String,
    to: String,
}

impl From<(Date, Date)> for Days {
    fn from((from, to): (Date, Date)) -> Self {
        Self { from: from.to_string(), to: to.to_string() }
    }
}

/// Why something stands as it does, and what would change it.
#[derive(Serialize)]
pub struct Why {
    because: String,
    change: Option<String>,
    evidence: Vec<String>,
}

impl Why {
    /// A reason with the ids of its evidence.
    pub fn of(judgement: &Judgement<'_>, reason: Reason) -> Self {
        let evidence = reason.evidence.iter().map(|index| judgement.evidence_name(*index)).collect();
        Self { because: reason.because, change: reason.change, evidence }
    }
}

/// Something wrong, as a clause, with what would mend it.
#[derive(Serialize)]
pub struct Fault {
    rule: Option<&'static str>,
    because: String,
    change: &'static str,
}

/// What is wrong with evidence.
pub fn faults(program: &Program, flaws: &[crate::timeline::Flaw]) -> Vec<Fault> {
    let one = |flaw: &crate::timeline::Flaw| Fault {
        rule: flaw.rule(),
        because: flaw.words(program),
        change: flaw.mend(),
    };
    flaws.iter().map(one).collect()
}

/// The role or person that answers for something.
#[derive(Serialize)]
pub struct Owner {
    id: String,
    /// Who that is on the as-of day.
    people: Vec<String>,
}

/// The owner of a control, as of the judged day.
pub fn owner(judgement: &Judgement<'_>, control: &ControlStanding) -> Option<Owner> {
    let id = owner_id(judgement.program, control)?;
    let people = people_of(judgement.program, &id, judgement.as_of);
    Some(Owner { id, people })
}

/// Slots, counted.
#[derive(Serialize)]
pub struct Counts {
    due: usize,
    evidenced: usize,
    late: usize,
    lacking: usize,
    open: usize,
}

impl From<SlotCount> for Counts {
    fn from(count: SlotCount) -> Self {
        let SlotCount { due, evidenced, late, lacking, open } = count;
        Self { due, evidenced, late, lacking, open }
    }
}

/// An accepted occurrence.
#[derive(Serialize)]
struct Filler {
    on: String,
    evidence: String,
}

/// Evidence that fits a slot and is not accepted.
#[derive(Serialize)]
struct RefusedEvidence {
    evidence: String,
    on: String,
    flaws: Vec<Fault>,
}

/// An expected occurrence.
#[derive(Serialize)]
pub struct JsonSlot {
    name: String,
    system: Option<String>,
    from: String,
    to: String,
    due: String,
    state: &'static str,
    filled_by: Option<Filler>,
    refused: Vec<RefusedEvidence>,
    exception: Option<String>,
    because: String,
    change: Option<String>,
}

/// A slot with its reasons.
pub fn slot(
    judgement: &Judgement<'_>,
    audit: &AuditStanding,
    control: &ControlStanding,
    slot: &Slot,
) -> JsonSlot {
    let why = judgement.why_slot(audit, control, slot);
    let (from, to) = slot.spell.days();
    let refused = |one: &Refused| RefusedEvidence {
        evidence: judgement.evidence_name(one.evidence),
        on: one.on.to_string(),
        flaws: faults(judgement.program, &one.flaws),
    };
    let exception = slot.exception.and_then(|index| judgement.program.registers.exceptions.get(index));
    JsonSlot {
        name: slot.spell.name(),
        system: judgement.slot_system(control, slot),
        from: from.to_string(),
        to: to.to_string(),
        due: slot.due.to_string(),
        state: slot.state.name(),
        filled_by: slot.filled_by.map(|filler| Filler {
            on: filler.on.to_string(),
            evidence: judgement.evidence_name(filler.evidence),
        }),
        refused: slot.refused.iter().map(refused).collect(),
        exception: exception.map(|row| row.id.to_string()),
        because: why.because,
        change: why.change,
    }
}

/// What stands beside a control's state.
#[derive(Serialize)]
struct JsonRemark {
    remark: &'static str,
    #[serde(flatten)]
    why: Why,
}

/// A name for a remark.
fn remark_name(remark: &Remark) -> &'static str {
    match remark {
        Remark::PartialPeriod { .. } => "partial-period",
        Remark::Clustered { .. } => "clustered",
        Remark::ShownOnce => "shown-once",
        Remark::NoSystemInScope => "no-system-in-scope",
        Remark::ResultOpen { .. } => "result-open",
        Remark::OutsideWindow(_) => "outside-window",
    }
}

/// A policy that a control names.
#[derive(Serialize)]
struct Ordered {
    policy: String,
    state: Option<&'static str>,
}

/// A control in an audit.
#[derive(Serialize)]
pub struct JsonControl {
    id: String,
    title: String,
    owner: Option<Owner>,
    status: &'static str,
    cadence: Option<&'static str>,
    criteria: Vec<String>,
    policies: Vec<Ordered>,
    in_place: Option<Days>,
    operation: &'static str,
    because: String,
    change: Option<String>,
    design: Vec<Fault>,
    counts: Counts,
    strip: String,
    slots: Vec<JsonSlot>,
    remarks: Vec<JsonRemark>,
}

/// A control with its slots and reasons.
pub fn control(
    judgement: &Judgement<'_>,
    audit: &AuditStanding,
    standing: &ControlStanding,
    strip: &Strip,
) -> JsonControl {
    let program = judgement.program;
    let of = program.controls.get(standing.control);
    let why = judgement.why_control(audit, standing);
    let design = standing.design.iter().map(|fault| Fault {
        rule: None,
        because: fault.words(),
        change: fault.mend(),
    });
    JsonControl {
        id: judgement.control_name(standing.control),
        title: program.title(standing.control).into_owned(),
        owner: owner(judgement, standing),
        status: of.map_or(Claim::Draft, crate::model::Control::status).word(),
        cadence: of.and_then(|of| of.cadence.as_ref()).map(|cadence| cadence.value.word()),
        criteria: criteria_of(program, standing.control),
        policies: of.map_or_else(Vec::new, |of| {
            of.policies
                .iter()
                .map(|reference| Ordered {
                    policy: reference.value.0.to_string(),
                    state: policy_state(judgement, &reference.value.0),
                })
                .collect()
        }),
        in_place: standing.in_place.map(Days::from),
        operation: standing.operation.name(),
        because: why.because,
        change: why.change,
        design: design.collect(),
        counts: SlotCount::of([standing]).into(),
        strip: strip.letters(standing),
        slots: standing.slots.iter().map(|one| slot(judgement, audit, standing, one)).collect(),
        remarks: standing
            .remarks
            .iter()
            .map(|remark| JsonRemark {
                remark: remark_name(remark),
                why: Why::of(judgement, judgement.why_remark(standing, remark)),
            })
            .collect(),
    }
}

/// The criteria that a control names, as typed.
pub fn criteria_of(program: &Program, control: usize) -> Vec<String> {
    let of = program.controls.get(control);
    of.map_or_else(Vec::new, |of| of.criteria.iter().map(|name| name.value.0.to_string()).collect())
}

/// The state of the policy that a reference like `access-control#access-reviews` names.
pub fn policy_state(judgement: &Judgement<'_>, reference: &str) -> Option<&'static str> {
    let index = judgement.program.names.policies.get(document(reference))?;
    Some(judgement.policies.get(*index)?.state.name())
}

/// A criterion in an audit.
#[derive(Serialize)]
pub struct JsonCriterion {
    id: String,
    series: Option<String>,
    text: String,
    support: &'static str,
    coverage: &'static str,
    controls: Vec<String>,
    in_place: Vec<String>,
    holes: Vec<Days>,
    causes: Vec<JsonCause>,
}

/// What keeps a criterion from being supported.
#[derive(Serialize)]
struct JsonCause {
    cause: &'static str,
    control: Option<String>,
    #[serde(flatten)]
    why: Why,
}

/// A criterion with its causes and their reasons.
pub fn criterion(
    judgement: &Judgement<'_>,
    audit: &AuditStanding,
    standing: &CriterionStanding,
) -> JsonCriterion {
    let program = judgement.program;
    let names = |indices: &[usize]| indices.iter().map(|index| judgement.control_name(*index)).collect();
    let reasons = judgement.why_criterion(audit, standing);
    let causes = standing.causes.iter().zip(reasons).map(|(cause, why)| {
        let (cause, control) = match cause {
            Cause::Coverage => ("coverage", None),
            Cause::Design(index) => ("design", Some(*index)),
            Cause::Operation(index) => ("operation", Some(*index)),
            Cause::NothingSettled => ("nothing-settled", None),
            Cause::Unread => ("unread", None),
        };
        let control = control.map(|index| judgement.control_name(index));
        JsonCause { cause, control, why: Why::of(judgement, why) }
    });
    let of = program.frameworks.get(standing.id.framework);
    let of = of.and_then(|framework| framework.criteria.get(standing.id.criterion));
    JsonCriterion {
        id: program.criterion_name(standing.id),
        series: series_of(program, standing).map(str::to_owned),
        text: of.and_then(|of| of.text.as_ref()).map_or_else(String::new, |text| text.value.to_string()),
        support: standing.support.name(),
        coverage: standing.coverage.name(),
        controls: names(&standing.controls),
        in_place: names(&standing.in_place),
        holes: standing.holes.iter().map(|hole| Days::from(*hole)).collect(),
        causes: causes.collect(),
    }
}

/// A policy on the judged day.
#[derive(Serialize)]
pub struct JsonPolicy {
    id: String,
    title: String,
    owner: Option<String>,
    state: &'static str,
    in_force_since: Option<String>,
    review_by: Option<String>,
    because: String,
    change: Option<String>,
}

/// A policy with its state and why.
pub fn policy(judgement: &Judgement<'_>, standing: &PolicyStanding) -> JsonPolicy {
    let head = judgement.program.policies.get(standing.policy).map(|policy| &policy.head);
    let why = judgement.why_policy(standing);
    let title = head.and_then(|head| head.title.as_ref());
    JsonPolicy {
        id: head.map_or_else(String::new, |head| head.id.to_string()),
        title: title.map_or_else(String::new, |title| title.value.to_string()),
        owner: head.and_then(|head| head.owner.as_ref()).map(|owner| owner.value.0.to_string()),
        state: standing.state.name(),
        in_force_since: standing.since.map(|day| day.to_string()),
        review_by: standing.review_by.map(|day| day.to_string()),
        because: why.because,
        change: why.change,
    }
}

/// The audit that was judged.
#[derive(Serialize)]
pub struct JsonAudit<'a> {
    id: Option<&'a str>,
    r#type: &'static str,
    framework: String,
    categories: &'a [String],
    window: Days,
    judged: Days,
    phase: String,
}

/// An audit as seen on the judged day.
pub fn audit<'a>(judgement: &Judgement<'_>, audit: &'a AuditStanding) -> JsonAudit<'a> {
    let framework = judgement.program.frameworks.get(audit.framework);
    JsonAudit {
        id: audit.id.as_deref(),
        r#type: audit.r#type.word(),
        framework: framework.map_or_else(String::new, |framework| framework.id.to_string()),
        categories: &audit.categories,
        window: audit.window.into(),
        judged: audit.days.into(),
        phase: super::phase(audit, judgement.as_of),
    }
}

/// A gap that a waiver lets through.
#[derive(Serialize)]
pub struct JsonWaived<'a> {
    waiver: &'a str,
    approved_by: Option<&'a str>,
    approved_on: Option<String>,
    expires: Option<String>,
    reason: Option<&'a str>,
    hides: JsonGap<'a>,
}

/// What a waiver hides.
pub fn waived<'a>(one: &super::Waived<'a>) -> JsonWaived<'a> {
    let approved = one.waiver.and_then(|waiver| waiver.approved.as_ref());
    JsonWaived {
        waiver: one.gap.waiver.as_deref().unwrap_or(""),
        approved_by: approved.and_then(|act| act.by.as_ref()).map(|by| &*by.value.0),
        approved_on: approved.and_then(|act| act.on.as_ref()).map(|on| on.value.to_string()),
        expires: one.waiver.and_then(|waiver| waiver.expires.as_ref()).map(|day| day.value.to_string()),
        reason: one.waiver.and_then(|waiver| waiver.reason.as_ref()).map(|reason| &*reason.value),
        hides: gap(one.gap),
    }
}

/// A gap.
#[derive(Serialize)]
pub struct JsonGap<'a> {
    rule: &'static str,
    class: &'static str,
    subject: Subject<'a>,
    slot: Option<&'a str>,
    system: Option<&'a str>,
    message: &'a str,
    help: Option<&'a str>,
    waiver: Option<&'a str>,
}

#[derive(Serialize)]
struct Subject<'a> {
    kind: &'static str,
    id: &'a str,
}

/// A gap of the report.
pub fn gap(gap: &crate::gap::Gap) -> JsonGap<'_> {
    JsonGap {
        rule: gap.rule,
        class: gap.class.name(),
        subject: Subject { kind: gap.subject.kind, id: &gap.subject.id },
        slot: gap.slot.as_deref(),
        system: gap.system.as_deref(),
        message: &gap.message,
        help: gap.help.as_deref(),
        waiver: gap.waiver.as_deref(),
    }
}
