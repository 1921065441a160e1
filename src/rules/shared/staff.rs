//! People who joined, stayed or left in the judged days.

use jiff::ToSpan;
use jiff::civil::Date;

use super::window::Window;
use crate::model::AuditType;
use crate::model::registers::Person;
use crate::text::some;
use crate::timeline::{Judgement, people};

/// A human being who worked here on some judged day.
pub(in crate::rules) struct Member<'p> {
    pub(in crate::rules) index: usize,
    pub(in crate::rules) person: &'p Person,
    /// First day of the last employment in the judged days.
    pub(in crate::rules) from: Date,
    /// Its last judged day.
    pub(in crate::rules) to: Date,
}

/// Employees and contractors of the judged days; nobody while the register cannot be read.
pub(in crate::rules) fn members<'p>(judgement: &Judgement<'p>, window: &Window) -> Vec<Member<'p>> {
    let program = judgement.program;
    if program.may_be_defined_in_unread("registers/people") {
        return Vec::new();
    }
    let last = window.last();
    let all = program.registers.people.iter().enumerate().filter(|(_, person)| !people::is_bot(person));
    all.filter_map(|(index, person)| {
        let (from, to) = people::stint(person, last)?;
        window.overlaps(from, to).then_some(Member { index, person, from, to: to.min(last) })
    })
    .collect()
}

/// First day from which joiners are looked at: the first judged day; for a Type I or without an audit, where a single
/// day is judged, a yearly review's time before.
pub(in crate::rules) fn joined_since(judgement: &Judgement<'_>, window: &Window) -> Date {
    let first = window.first();
    if judgement.audits.iter().any(|audit| audit.r#type == AuditType::Type2) {
        return first;
    }
    first.checked_sub(judgement.settings.review_months.months()).unwrap_or(first)
}

/// The first few people, each with a remark.
pub(in crate::rules) fn remarks<'p>(people: impl IntoIterator<Item = (&'p Person, String)>) -> String {
    let names: Vec<String> =
        people.into_iter().map(|(person, remark)| format!("`{}` ({remark})", person.id)).collect();
    some(&names, 5)
}
