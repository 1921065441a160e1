//! The earliest day on which a Type II window can honestly start: from then on every criterion in scope has, on every day,
//! a control in place that somebody owns and that a policy in force orders.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Stage, Step};
use crate::model::audit::AuditType;
use crate::model::{Control, Policy};
use crate::program::{Program, document};
use crate::text::{count, some};
use crate::timeline::calendar::moved;
use crate::timeline::people::{self, Holder};
use crate::timeline::{AuditStanding, Coverage, CriterionStanding, Judgement, in_effect};

/// From when a window could start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// From this day on, and what made it that day.
    From { day: Date, because: String },
    /// Not as things stand: so many criteria of so many are without a control that counts.
    NotYet { lacking: usize, of: usize, because: String },
}

/// Days on which a control counts, what made the first of them the first.
#[derive(Clone, Debug)]
struct Span {
    from: Date,
    to: Date,
    control: usize,
    because: Because,
}

/// The last thing that was missing before a control counted.
#[derive(Clone, Debug)]
enum Because {
    InPlace,
    Policy(String),
    Owner(String),
}

/// The earliest honest start of a Type II window for the scope of an audit.
pub fn earliest_start(judgement: &Judgement<'_>, audit: &AuditStanding) -> Start {
    let mut ground = Ground { judgement, staffed: BTreeMap::new(), in_force: in_force_since(judgement) };
    let mut latest: Option<(Date, String)> = None;
    let mut lacking = Vec::new();
    let judged =
        |one: &&CriterionStanding| !matches!(one.coverage, Coverage::CarvedOut | Coverage::NotRelevant);
    let mut spans: BTreeMap<usize, Vec<Span>> = BTreeMap::new();
    for criterion in audit.criteria.iter().filter(judged) {
        for index in &criterion.controls {
            spans.entry(*index).or_insert_with(|| ground.spans(*index));
        }
        let name = judgement.program.criterion_name(criterion.id);
        let own = criterion.controls.iter().filter_map(|index| spans.get(index)).flatten();
        match covered_since(own.collect(), judgement.as_of) {
            None => lacking.push(name),
            Some(span) if latest.as_ref().is_none_or(|(day, _)| *day < span.from) => {
                latest = Some((span.from, ground.words(span, &name)));
            }
            Some(_) => {}
        }
    }
    let of = audit.criteria.iter().filter(judged).count();
    match latest {
        Some((day, because)) if lacking.is_empty() => Start::From { day, because },
        _ => {
            let verb = if lacking.len() == 1 { "has" } else { "have" };
            let because = match lacking.is_empty() {
                true => "no criterion is in scope".to_owned(),
                false => format!(
                    "{} {verb} no control in place with an owner and a policy in force",
                    some(&lacking, 3)
                ),
            };
            Start::NotYet { lacking: lacking.len(), of, because }
        }
    }
}

/// The span that begins the unbroken run up to the day; else the first that begins later.
fn covered_since(mut spans: Vec<&Span>, day: Date) -> Option<&Span> {
    spans.sort_by_key(|span| (span.from, span.control));
    let holds = |span: &&&Span| span.from <= day && day <= span.to;
    let Some(mut first) = spans.iter().find(holds).copied() else {
        return spans.iter().find(|span| span.from > day).copied();
    };
    // In order of first days, so one look back finds what each reaches.
    for span in spans.iter().rev().filter(|span| span.from < first.from) {
        if moved(span.to, 1.day()) >= first.from {
            first = span;
        }
    }
    Some(first)
}

struct Ground<'j, 'p> {
    judgement: &'j Judgement<'p>,
    /// For each name of an owner, the days on which somebody answers to it.
    staffed: BTreeMap<&'p str, Vec<(Date, Date)>>,
    /// For each policy in force, the day since when it has been.
    in_force: BTreeMap<usize, Date>,
}

impl<'p> Ground<'_, 'p> {
    /// The days on which a control is in place, owned, and ordered by a policy in force.
    fn spans(&mut self, index: usize) -> Vec<Span> {
        let program = self.judgement.program;
        let Some(control) = program.controls.get(index) else { return Vec::new() };
        let (Some(life), Some(policy)) = (in_effect(control), self.policy(control)) else {
            return Vec::new();
        };
        let Some(owner) = &control.owner else { return Vec::new() };
        let (name, day): (&'p str, Date) = (&owner.value.0, self.judgement.as_of);
        let staffed = self.staffed.entry(name).or_insert_with(|| staffed(program, name, day));
        let spans = staffed.iter().filter_map(|(hired, left)| {
            let from = life.0.max(policy.0).max(*hired);
            let to = life.1.min(*left);
            let because = if from == life.0 {
                Because::InPlace
            } else if from == policy.0 {
                Because::Policy(policy.1.clone())
            } else {
                Because::Owner(name.to_owned())
            };
            (from <= to).then_some(Span { from, to, control: index, because })
        });
        spans.collect()
    }

    /// The first day on which one of the policies that order a control is in force, and its id.
    fn policy(&self, control: &Control) -> Option<(Date, String)> {
        let program = self.judgement.program;
        let named =
            control.policies.iter().filter_map(|name| program.names.policies.get(document(&name.value.0)));
        let since = named.filter_map(|index| Some((*self.in_force.get(index)?, *index))).min()?;
        Some((since.0, program.policies.get(since.1)?.head.id.to_string()))
    }

    fn words(&self, span: &Span, criterion: &str) -> String {
        let control = self.judgement.control_name(span.control);
        match &span.because {
            Because::InPlace => format!("{control} ({criterion}) is in place from then on"),
            Because::Policy(policy) => {
                format!("the policy {policy}, which orders {control} ({criterion}), is in force from then on")
            }
            Because::Owner(owner) => {
                let owner = crate::text::safe(owner);
                format!("the owner {owner} of {control} ({criterion}) answers for it from then on")
            }
        }
    }
}

/// The days on which somebody answers to the name of an owner. Where somebody does on the day, a vacancy before is a gap
/// of its own and does not move the start.
fn staffed(program: &Program, name: &str, day: Date) -> Vec<(Date, Date)> {
    let Some(holder) = people::holder(program, name) else { return Vec::new() };
    if let Holder::Person(index) = holder
        && program.registers.people.get(index).is_some_and(people::is_bot)
    {
        return Vec::new();
    }
    let days = people::staffed(program, holder);
    if !days.iter().any(|(from, to)| *from <= day && day <= *to) {
        return days;
    }
    let first = days.iter().map(|(from, _)| *from).min();
    let last = days.iter().map(|(_, to)| *to).max();
    first.zip(last).into_iter().collect()
}

/// Since when each policy that is in force has been so without a break. An earlier text was in force until the next one
/// was, so its first approval counts, not that of the text as it stands.
fn in_force_since(judgement: &Judgement<'_>) -> BTreeMap<usize, Date> {
    let standing = judgement.policies.iter().filter(|standing| standing.state.is_in_force());
    let since = standing.filter_map(|standing| {
        let policy = judgement.program.policies.get(standing.policy)?;
        let first = first_approval(judgement, policy).into_iter().chain(standing.since).min()?;
        Some((standing.policy, first))
    });
    since.collect()
}

fn first_approval(judgement: &Judgement<'_>, policy: &Policy) -> Option<Date> {
    let program = judgement.program;
    let whole = policy.head.approvals.iter().filter_map(|approval| {
        let (by, on, effective) =
            (approval.by.as_ref()?, approval.on.as_ref()?, approval.effective.as_ref()?);
        let person = program.registers.people.get(program.person(by)?)?;
        let counts = approval.text.is_some() && !people::is_bot(person) && people::employed(person, on.value);
        counts.then_some(effective.value.max(on.value))
    });
    whole.min()
}

/// Adds what is to be said about a window that starts before its honest start.
pub(super) fn add(judgement: &Judgement<'_>, audit: &AuditStanding, steps: &mut Vec<Step>) {
    let (from, to) = audit.window;
    if audit.id.is_none() || audit.r#type == AuditType::Type1 || judgement.as_of > to {
        return;
    }
    let opened = judgement.as_of >= from;
    let command = "open soc2.toml: `period` of the audit";
    match earliest_start(judgement, audit) {
        Start::From { day, .. } if day <= from => {}
        Start::From { day, because } if opened => {
            let what = format!("talk with the auditor about the window, which began on {from}");
            let why = format!("the earliest honest start is {day}: {because}");
            steps.push(Step::new(Stage::Window, what, why, command));
        }
        Start::From { day, because } => {
            let what = format!("move the window's first day from {from} to {day} or later");
            steps.push(Step::new(Stage::Window, what, because, command));
        }
        Start::NotYet { lacking, of, because } => {
            let what = match opened {
                true => format!("talk with the auditor about the window, which began on {from}"),
                false => {
                    format!("have every criterion covered before the window opens on {from}, or move it")
                }
            };
            let criteria = count(of, "criterion");
            let why = format!("{lacking} of {criteria} cannot be covered yet: {because}");
            steps.push(Step::new(Stage::Window, what, why, command));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn span(from: Date, to: Date, control: usize) -> Span {
        Span { from, to, control, because: Because::InPlace }
    }

    #[test]
    fn the_run_up_to_the_day_may_change_hands_and_not_break() {
        let day = date(2026, 9, 1);
        let spans = [
            span(date(2025, 1, 1), date(2025, 6, 30), 0),
            span(date(2026, 1, 1), date(2026, 8, 9), 1),
            span(date(2026, 8, 10), Date::MAX, 2),
        ];
        assert_eq!(covered_since(spans.iter().collect(), day).map(|one| one.control), Some(1));
        assert_eq!(covered_since(spans[..2].iter().collect(), day).map(|one| one.control), None);
        let later = [span(date(2027, 1, 1), Date::MAX, 3)];
        assert_eq!(covered_since(later.iter().collect(), day).map(|one| one.control), Some(3));
        assert!(covered_since(Vec::new(), day).is_none());
    }
}
