//! People who are named and do not work here.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::gap::Subject;
use crate::model::registers::Person;
use crate::model::scalar::HolderRef;
use crate::program::Program;
use crate::rules::Gaps;
use crate::source::Location;
use crate::timeline::people::{self, Holder};

/// The person that a name stands for, if it is one who does not work here on that day.
pub(in crate::rules) fn absent<'p>(program: &'p Program, by: &HolderRef, day: Date) -> Option<&'p Person> {
    let Some(Holder::Person(index)) = people::holder(program, by) else { return None };
    program.registers.people.get(index).filter(|person| !people::employed(person, day))
}

/// Reports a gap about an absent person, with the last day and since when.
pub(in crate::rules) fn tell_absence(
    gaps: &mut Gaps,
    subject: Subject,
    at: Location,
    mut message: String,
    person: &Person,
    day: Date,
) {
    let last = people::last_employed(person, day);
    if let Some(last) = last {
        message.push_str(&format!("; last day {last}"));
    }
    let help = "name who took over, better a role of registers/roles.yaml than a person";
    let gap = gaps.about(subject, at, message).help(help);
    if let Some(since) = last.and_then(|last| last.checked_add(1.day()).ok()) {
        gap.since(since);
    }
}
