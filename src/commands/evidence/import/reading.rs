//! What a name says, held against the programme.

use jiff::civil::Date;

use super::super::add::performer;
use super::super::{Ground, lookup};
use crate::commands::ask::plain;
use crate::error::{Error, Result};
use crate::manifest::{Found, Pattern, slot_name};
use crate::text::{list, safe};

/// What flags say of every file.
pub(super) struct Given<'g> {
    control: Option<&'g str>,
    on: Option<Date>,
    by: Option<&'g str>,
}

/// What makes one manifest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Named {
    pub(super) control: usize,
    pub(super) slot: Option<String>,
    /// Where no slot is named, the day.
    day: Option<Date>,
    pub(super) system: Option<usize>,
}

/// What all files of a manifest agree on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) on: Date,
    pub(super) by: usize,
}

impl Said {
    pub(super) fn words(&self, ground: &Ground<'_>) -> String {
        format!("performed {} by {}", self.on, ground.person_id(self.by))
    }
}

impl<'g> Given<'g> {
    /// Refuses what both the pattern and a flag say, and what neither says.
    pub(super) fn new(
        pattern: &Pattern,
        control: Option<&'g str>,
        on: Option<Date>,
        by: Option<&'g str>,
        ground: &Ground<'_>,
    ) -> Result<Self> {
        let pairs = [
            ("control", "control", "--control ID", control.is_some()),
            ("date", "day of performance", "--on DATE", on.is_some()),
            ("by", "performer", "--by PERSON", by.is_some()),
        ];
        for (name, noun, flag, given) in pairs {
            match (pattern.has(name), given) {
                (true, true) => {
                    return Err(Error::new(format!("both the pattern and `{flag}` give the {noun}")).hint(
                        format!("leave one out, or write `{{any}}` where the pattern has `{{{name}}}`"),
                    ));
                }
                (false, false) => {
                    return Err(Error::new(format!("neither the pattern nor a flag gives the {noun}"))
                        .hint(format!("give `{flag}`, or put `{{{name}}}` into the pattern")));
                }
                _ => {}
            }
        }
        if let Some(control) = control {
            lookup::control(&ground.program, control)?;
        }
        Ok(Self { control, on, by })
    }
}

/// What a file's name says, or why it says nothing that can be filed.
pub(super) fn read(
    name: &str,
    pattern: &Pattern,
    given: &Given<'_>,
    ground: &Ground<'_>,
) -> std::result::Result<(Named, Said), String> {
    let readings = pattern.readings(name).ok_or("the pattern leaves too much open for this name")?;
    let known: Vec<&Found> = readings.iter().filter(|found| is_known(found, ground)).collect();
    let found = match (known.as_slice(), readings.as_slice()) {
        ([one], _) => *one,
        ([], [one]) => one,
        ([], []) => return Err("the name does not fit the pattern".to_owned()),
        ([], several) => {
            return Err(format!("no reading of the name is known here: {}", words(several.iter())));
        }
        (several, _) => {
            return Err(format!("the name can be read in several ways: {}", words(several.iter().copied())));
        }
    };
    settle(found, given, ground).map_err(|error| plain(&error))
}

/// Are control, system and person those of this programme?
fn is_known(found: &Found, ground: &Ground<'_>) -> bool {
    let names = &ground.program.names;
    found.control.as_ref().is_none_or(|control| names.controls.contains_key(control.as_str()))
        && found.system.as_ref().is_none_or(|system| names.systems.contains_key(system.as_str()))
        && found.by.as_ref().is_none_or(|by| ground.program.person(by).is_some())
}

/// The first few readings.
fn words<'f>(readings: impl Iterator<Item = &'f Found>) -> String {
    let told: Vec<String> = readings
        .take(3)
        .map(|found| {
            let parts = [&found.control, &found.slot, &found.system, &found.date, &found.by];
            safe(&parts.into_iter().flatten().cloned().collect::<Vec<_>>().join(" "))
        })
        .collect();
    list(&told, "or")
}

fn settle(found: &Found, given: &Given<'_>, ground: &Ground<'_>) -> Result<(Named, Said)> {
    let program = &ground.program;
    let lacks = |what: &str| Error::new(format!("nothing says the {what}"));
    let control = found.control.as_deref().or(given.control).ok_or_else(|| lacks("control"))?;
    let control = lookup::control(program, control)?;
    let system = found.system.as_deref().map(|system| lookup::system(program, system)).transpose()?;
    let covers_systems = program.controls.get(control).is_some_and(|control| !control.systems.is_empty());
    if system.is_none() && covers_systems {
        return Err(Error::new("the control is judged for each of its systems, and the name says none")
            .hint("put `{system}` into the pattern"));
    }
    let on = match (&found.date, given.on) {
        (Some(date), _) => lookup::past_day(ground, date)?,
        (None, Some(on)) => lookup::past_day(ground, &on.to_string())?,
        (None, None) => return Err(lacks("date")),
    };
    let by = found.by.as_deref().or(given.by).ok_or_else(|| lacks("performer"))?;
    let by = performer(ground, by, Some(on))?;
    let slot = found.slot.as_deref().map(slot_name);
    let day = if slot.is_none() { Some(on) } else { None };
    Ok((Named { control, slot, day, system }, Said { on, by }))
}
