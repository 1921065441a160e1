//! Names as documents spell them.

use jiff::civil::Date;

use crate::model::Text;
use crate::program::Program;
use crate::text::capitalized;
use crate::timeline::people::{self, Holder};

/// The organisation and the system.
pub(super) fn names(program: &Program) -> (String, String) {
    let text = |text: Option<&Text>| text.map_or_else(String::new, |text| text.value.to_string());
    let config = program.config.as_ref();
    let organization = config.and_then(|config| config.organization.as_ref());
    let system = config.and_then(|config| config.system.as_ref());
    (
        text(organization.and_then(|organization| organization.name.as_ref())),
        text(system.and_then(|system| system.name.as_ref())),
    )
}

/// A role with who holds it on a day, or a person: `Security lead: Dana Ross`.
pub(super) fn holder(program: &Program, name: &str, day: Date) -> String {
    match people::holder(program, name) {
        Some(Holder::Role(index)) => {
            let Some(role) = program.registers.roles.get(index) else { return name.to_owned() };
            let title = role.title.as_ref().map_or_else(|| spelt(name), |title| title.value.to_string());
            let holders = people::holders(program, role, day);
            let held: Vec<String> =
                holders.into_iter().filter_map(|index| by_index(program, index)).collect();
            if held.is_empty() { title } else { format!("{title}: {}", held.join(", ")) }
        }
        Some(Holder::Person(index)) => by_index(program, index).unwrap_or_else(|| name.to_owned()),
        None => spelt(name),
    }
}

/// A person's name; what was typed where nobody of that name is registered.
pub(super) fn person(program: &Program, name: &str) -> String {
    program.person(name).and_then(|index| by_index(program, index)).unwrap_or_else(|| name.to_owned())
}

fn by_index(program: &Program, index: usize) -> Option<String> {
    let person = program.registers.people.get(index)?;
    Some(person.name.as_ref().map_or_else(|| person.id.to_string(), |name| name.value.to_string()))
}

/// An id as a title: `access-control` is `Access control`.
pub(super) fn spelt(id: &str) -> String {
    capitalized(&id.replace(['-', '_'], " "))
}
