//! Names and clauses as the tables spell them.

use jiff::civil::Date;

use crate::program::{CriterionId, Program};
use crate::timeline::people::{self, Holder};

/// A clause of the judgement without the marks that show code on a terminal.
pub(super) fn plain(text: &str) -> String {
    text.replace('`', "")
}

/// A person's name; what was typed where nobody of that name is registered.
pub fn person(program: &Program, name: &str) -> String {
    let person = program.person(name).and_then(|index| program.registers.people.get(index));
    let known = person.and_then(|person| person.name.as_ref()).map(|name| name.value.trim().to_owned());
    known.filter(|name| !name.is_empty()).unwrap_or_else(|| name.to_owned())
}

/// Who answers to a name on a day: `Alice Adams (security-lead)`, `nobody (security-lead)`, `Alice Adams`.
pub fn holder(program: &Program, name: &str, day: Date) -> String {
    match people::holder(program, name) {
        Some(Holder::Role(index)) => {
            let role = program.registers.roles.get(index);
            let held = role.map_or_else(Vec::new, |role| people::holders(program, role, day));
            let held = held.iter().filter_map(|person| program.registers.people.get(*person));
            let names: Vec<String> = held.map(|one| person(program, &one.id.value.0)).collect();
            let names = if names.is_empty() { "nobody".to_owned() } else { names.join(", ") };
            format!("{names} ({name})")
        }
        Some(Holder::Person(_)) => person(program, name),
        None => name.to_owned(),
    }
}

/// Our own words for a criterion.
pub fn criterion(program: &Program, id: CriterionId) -> String {
    let of = program.frameworks.get(id.framework).and_then(|of| of.criteria.get(id.criterion));
    of.and_then(|of| of.text.as_ref()).map_or_else(String::new, |text| text.value.to_string())
}

/// Names with commas between.
pub(super) fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    names.into_iter().collect::<Vec<_>>().join(", ")
}

/// A text that was typed, or nothing.
pub(super) fn typed(text: Option<&crate::model::Text>) -> String {
    text.map_or_else(String::new, |text| text.value.trim().to_owned())
}

/// A day that was typed.
pub(super) fn day(day: Option<&crate::model::scalar::Date>) -> Option<Date> {
    day.map(|day| day.value)
}

/// `yes`, `no`, or nothing where nothing is said.
pub(super) fn yes(said: Option<&crate::source::Spanned<bool>>) -> &'static str {
    match said.map(|said| said.value) {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    }
}

/// Do days that may go on share one with a window?
pub(super) fn touches(window: (Date, Date), from: Option<Date>, to: Option<Date>) -> bool {
    from.is_none_or(|from| from <= window.1) && to.is_none_or(|to| to >= window.0)
}
