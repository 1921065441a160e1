//! Two sets of verdicts side by side: what a bundle says, and what its files give.

use std::collections::BTreeMap;

use super::verdicts::{
    AuditVerdicts, ControlVerdict, CriterionVerdict, Days, EvidenceVerdict, PolicyVerdict, SlotVerdict,
    Verdicts,
};

/// Something on which two sets of verdicts differ.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Difference {
    /// `audit 2026-type2, control iam-access-review, slot 2026-Q1 github`.
    pub of: String,
    /// What of it: `state`.
    pub what: &'static str,
    /// As the bundle has it; nothing where it does not have the verdict.
    pub recorded: String,
    /// As its files give it.
    pub recomputed: String,
}

/// Whose verdict it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject<'v> {
    /// The days that an audit judges.
    Audit(&'v str),
    Criterion(&'v str, &'v str),
    Control(&'v str, &'v str),
    Policy(&'v str),
    Evidence(&'v str),
}

/// How strictly they are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compared {
    /// Every word.
    Words,
    /// Without the words, which other versions of the program may choose differently.
    States,
}

/// Tells every difference with its subject.
pub(super) fn differences<'v>(
    recorded: &'v Verdicts,
    recomputed: &'v Verdicts,
    compared: Compared,
    tell: &mut dyn FnMut(Subject<'v>, Difference),
) {
    for (id, pair) in pairs(&recorded.audits, &recomputed.audits, |audit| audit.id.as_deref().unwrap_or("")) {
        audits(id, pair, compared, tell);
    }
    let policies = pairs(&recorded.policies, &recomputed.policies, |one| one.id.as_str());
    for (id, pair) in policies {
        each(Subject::Policy(id), String::new(), pair, compared, tell);
    }
    let evidence = pairs(&recorded.evidence, &recomputed.evidence, |one| one.id.as_str());
    for (id, pair) in evidence {
        each(Subject::Evidence(id), String::new(), pair, compared, tell);
    }
}

/// The same thing on both sides, where it is there.
type Pair<'v, T> = (Option<&'v T>, Option<&'v T>);

fn audits<'v>(
    id: &'v str,
    (a, b): Pair<'v, AuditVerdicts>,
    compared: Compared,
    tell: &mut dyn FnMut(Subject<'v>, Difference),
) {
    let judged = (a.map(|audit| &audit.days), b.map(|audit| &audit.days));
    each(Subject::Audit(id), String::new(), judged, compared, tell);
    let (Some(a), Some(b)) = (a, b) else { return };
    for (criterion, pair) in pairs(&a.criteria, &b.criteria, |one| one.id.as_str()) {
        each(Subject::Criterion(id, criterion), String::new(), pair, compared, tell);
    }
    for (control, pair) in pairs(&a.controls, &b.controls, |one| one.id.as_str()) {
        let subject = Subject::Control(id, control);
        each(subject, String::new(), pair, compared, tell);
        let (Some(a), Some(b)) = pair else { continue };
        let key = |slot: &'v SlotVerdict| (slot.slot.as_str(), slot.system.as_deref(), slot.days.0.as_str());
        for ((slot, system, _), pair) in pairs(&a.slots, &b.slots, key) {
            let system = system.map_or_else(String::new, |system| format!(" {system}"));
            each(subject, format!(", slot {slot}{system}"), pair, compared, tell);
        }
    }
}

/// Pairs what has one key on both sides; where several have, in their order.
fn pairs<'v, T, K: Ord + Copy>(a: &'v [T], b: &'v [T], key: impl Fn(&'v T) -> K) -> Vec<(K, Pair<'v, T>)> {
    let mut all: BTreeMap<(K, usize), Pair<'v, T>> = BTreeMap::new();
    for (side, list) in [a, b].into_iter().enumerate() {
        let mut nth: BTreeMap<K, usize> = BTreeMap::new();
        for one in list {
            let key = key(one);
            let nth = nth.entry(key).or_default();
            let pair = all.entry((key, *nth)).or_default();
            *nth += 1;
            if side == 0 { pair.0 = Some(one) } else { pair.1 = Some(one) }
        }
    }
    all.into_iter().map(|((key, _), pair)| (key, pair)).collect()
}

/// Compares one thing with itself on the other side, part by part.
fn each<'v, T: Fields + PartialEq>(
    subject: Subject<'v>,
    part: String,
    (a, b): Pair<'v, T>,
    compared: Compared,
    tell: &mut dyn FnMut(Subject<'v>, Difference),
) {
    if let (Some(a), Some(b)) = (a, b)
        && a == b
    {
        return;
    }
    let of = || format!("{}{part}", subject.words());
    let (Some(a), Some(b)) = (a, b) else {
        let side = |one: Option<&T>| if one.is_some() { "there" } else { "not there" }.to_owned();
        tell(subject, Difference { of: of(), what: "verdict", recorded: side(a), recomputed: side(b) });
        return;
    };
    for (a, b) in a.fields().into_iter().zip(b.fields()) {
        let counts = compared == Compared::Words || !a.is_words;
        if counts && a.value != b.value {
            tell(subject, Difference { of: of(), what: a.name, recorded: a.value, recomputed: b.value });
        }
    }
}

impl Subject<'_> {
    fn words(self) -> String {
        let within = |audit: &str| if audit.is_empty() { String::new() } else { format!("audit {audit}, ") };
        match self {
            Self::Audit("") => "the day judged".to_owned(),
            Self::Audit(id) => format!("audit {id}"),
            Self::Criterion(audit, id) => format!("{}criterion {id}", within(audit)),
            Self::Control(audit, id) => format!("{}control {id}", within(audit)),
            Self::Policy(id) => format!("policy {id}"),
            Self::Evidence(id) => format!("evidence {id}"),
        }
    }
}

/// A part of a verdict.
struct Field {
    name: &'static str,
    value: String,
    /// Said in words, not by a state, day or name.
    is_words: bool,
}

/// The parts of a verdict, always the same ones in the same order.
trait Fields {
    fn fields(&self) -> Vec<Field>;
}

fn state(name: &'static str, value: impl Into<String>) -> Field {
    Field { name, value: value.into(), is_words: false }
}

fn words(name: &'static str, value: impl Into<String>) -> Field {
    Field { name, value: value.into(), is_words: true }
}

fn days(days: &Days) -> String {
    format!("{} to {}", days.0, days.1)
}

impl Fields for Days {
    fn fields(&self) -> Vec<Field> {
        vec![state("days", days(self))]
    }
}

impl Fields for CriterionVerdict {
    fn fields(&self) -> Vec<Field> {
        let holes: Vec<String> = self.holes.iter().map(days).collect();
        vec![
            state("support", &*self.support),
            state("coverage", &*self.coverage),
            state("controls", self.controls.join(", ")),
            state("holes", holes.join(", ")),
            words("because", self.because.join("; ")),
        ]
    }
}

impl Fields for ControlVerdict {
    fn fields(&self) -> Vec<Field> {
        vec![
            state("operation", &*self.operation),
            state("in place", self.in_place.as_ref().map_or_else(|| "never".to_owned(), days)),
            state("design", if self.design.is_empty() { "sound" } else { "deficient" }),
            words("design", self.design.join("; ")),
            words("because", &*self.because),
            words("remarks", self.remarks.join("; ")),
        ]
    }
}

impl Fields for SlotVerdict {
    fn fields(&self) -> Vec<Field> {
        let filled = self.filled_by.as_ref().map_or_else(String::new, |(by, on)| format!("{by} on {on}"));
        let refused: Vec<String> =
            self.refused.iter().map(|one| format!("{} on {}", one.evidence, one.on)).collect();
        let why: Vec<String> = self.refused.iter().map(|one| one.why.join(", ")).collect();
        vec![
            state("state", &*self.state),
            state("days", days(&self.days)),
            state("due", &*self.due),
            state("filled by", filled),
            state("also", self.also.join(", ")),
            state("refused", refused.join(", ")),
            words("refused because", why.join("; ")),
            words("because", &*self.because),
        ]
    }
}

impl Fields for PolicyVerdict {
    fn fields(&self) -> Vec<Field> {
        let one = |one: &super::verdicts::InForce| {
            format!("version {} ({}) {}", one.version, one.text, days(&one.days))
        };
        let in_force: Vec<String> = self.in_force.iter().map(one).collect();
        vec![
            state("state", &*self.state),
            state("in force", in_force.join(", ")),
            state("review by", self.review_by.clone().unwrap_or_default()),
            words("because", &*self.because),
        ]
    }
}

impl Fields for EvidenceVerdict {
    fn fields(&self) -> Vec<Field> {
        let accepted = |flaws: &[String]| if flaws.is_empty() { "none" } else { "some" };
        vec![
            state("flaws", accepted(&self.flaws)),
            state("flaws of its review", accepted(&self.review)),
            state("out of view", if self.out_of_view { "yes" } else { "no" }),
            words("flaws", self.flaws.join("; ")),
            words("flaws of its review", self.review.join("; ")),
        ]
    }
}
