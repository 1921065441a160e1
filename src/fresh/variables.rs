//! Variables that a text of the catalogue uses and `soc2.toml` does not give.

use crate::catalogue;
use crate::model::Text;
use crate::program::Program;
use crate::rootfile::NewVariable;

/// The variables of the catalogue that a text uses and the programme lacks, with the value a new programme starts with.
pub fn lacking(program: &Program, text: &str) -> Vec<NewVariable> {
    let has = |id: &str| program.config.as_ref().is_some_and(|config| config.variables.get(id).is_some());
    let said = |text: &Option<Text>| text.as_ref().map_or_else(String::new, |text| text.value.to_string());
    catalogue::variables()
        .into_iter()
        .filter(|variable| !has(&variable.id.value) && uses(text, &variable.id.value))
        .map(|variable| {
            let value = said(&variable.default);
            let unit =
                variable.unit.as_ref().map_or_else(String::new, |unit| format!(" In {}.", &*unit.value));
            NewVariable {
                id: variable.id.value.to_string(),
                is_number: value.parse::<i64>().is_ok(),
                meaning: said(&variable.meaning) + &unit,
                value,
            }
        })
        .collect()
}

/// Does the name stand in one of the text's expressions?
fn uses(text: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let expressions = text.split("{{").skip(1).chain(text.split("{%").skip(1));
    let mut inside = expressions.map(|rest| rest.split(['}', '\n']).next().unwrap_or(""));
    inside.any(|expression| expression.split(|c: char| !is_part(c)).any(|word| word == name))
}
