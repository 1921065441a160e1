//! What the output holds: is it what the recipe expects, how many items, and are they all?

use std::fs::File;

use super::plan::Plan;
use super::run::{Captured, told};
use crate::error::{Error, Result};
use crate::manifest::PopulationDraft;
use crate::recipe::{self, Found, Items, Printed, Seen, Standing, look, weigh};
use crate::text::safe;

/// What was counted.
#[derive(Default)]
pub(super) struct Measured {
    pub(super) items: Option<u64>,
    pub(super) population: Option<PopulationDraft>,
    /// Why it is a part of a longer list, if it is.
    pub(super) part: Option<String>,
}

/// Reads the output as the recipe says; `None` where it is something else, which was told.
pub(super) fn measure(plan: &Plan, captured: &Captured) -> Result<Option<Measured>> {
    let read = Output { captured, plan };
    match read.measured()? {
        Ok(measured) => Ok(Some(measured)),
        Err(why) => {
            told(plan, &why, &[]);
            Ok(None)
        }
    }
}

/// An output and the plan that made it.
struct Output<'o> {
    captured: &'o Captured,
    plan: &'o Plan,
}

/// A value, or why there is none.
type Or<T> = std::result::Result<T, String>;

impl Output<'_> {
    fn measured(&self) -> Result<Or<Measured>> {
        let Some(recipe) = &self.plan.recipe else { return Ok(Ok(Measured::default())) };
        if recipe.format() == Printed::Json {
            let expected = recipe.expects.as_ref().map_or(".", |place| &*place.value);
            match self.at(expected)? {
                Ok(seen) if seen.values == 0 => {
                    return Ok(Err(format!(
                        "printed JSON without `{}`: that is not what the recipe asks for",
                        safe(expected)
                    )));
                }
                Ok(_) => {}
                Err(why) => return Ok(Err(why)),
            }
        } else if recipe.format() == Printed::Csv && self.captured.file.rows.is_none() {
            return Ok(Err("printed something that cannot be read as CSV".to_owned()));
        }
        match recipe.population.as_deref() {
            Some(items) => self.population(items),
            None => Ok(Ok(Measured::default())),
        }
    }

    fn population(&self, of: &Items) -> Result<Or<Measured>> {
        let items = match self.items(of)? {
            Ok(items) => items,
            Err(why) => return Ok(Err(why)),
        };
        let least = of.least.as_ref().map_or(0, |least| least.value);
        if items < least {
            let few = if items == 0 { "none".to_owned() } else { format!("only {items}") };
            return Ok(Err(format!(
                "printed a list with {few} of its items: the account may not see them, or a setting is wrong"
            )));
        }
        let Some(probe) = &of.completeness else { return Ok(Ok(Measured::default())) };
        let mut found = Found { items, ..Found::default() };
        if let Some(field) = &probe.more {
            match self.at(field)? {
                Ok(seen) => found.more = seen.said > 0,
                Err(why) => return Ok(Err(why)),
            }
        }
        if let Some(field) = &probe.total {
            match self.at(field)? {
                Ok(seen) => found.total = seen.number,
                Err(why) => return Ok(Err(why)),
            }
            if found.total.is_none() {
                return Ok(Err(format!(
                    "printed no number under `{}`: nobody can tell whether all is there",
                    safe(field)
                )));
            }
        }
        if let Some((Some(number), command)) = &self.captured.counted {
            found.total = Some(*number);
            found.counted_by = Some(command.clone());
        }
        let (completeness, part) = match weigh(probe, &found) {
            Standing::Whole(words) => (words, None),
            Standing::Part(words) => (words.clone(), Some(words)),
            Standing::Differs(words) => {
                return Ok(Err(format!("printed a list that contradicts its source: {words}; run it again")));
            }
        };
        let text = |text| Some(recipe::word(text).to_owned()).filter(|text| !text.is_empty());
        let population = PopulationDraft {
            name: text(&of.name),
            key: text(&of.key),
            count: Some(items),
            completeness: Some(completeness),
            accuracy: text(&of.accuracy),
        };
        Ok(Ok(Measured { items: Some(items), population: Some(population), part }))
    }

    /// How many items the output has.
    fn items(&self, of: &Items) -> Result<Or<u64>> {
        if let Some(rows) = &self.captured.file.rows {
            let key = recipe::word(&of.key);
            if !rows.columns.iter().any(|column| column == key) {
                return Ok(Err(format!("printed CSV without a column `{}`", safe(key))));
            }
            return Ok(Ok(rows.count));
        }
        let place = of.at.as_ref().map_or(".", |place| &*place.value);
        Ok(match self.at(place)? {
            Ok(seen) if seen.lists == 0 => {
                Err(format!("printed no list at `{}`: that is not what the recipe asks for", safe(place)))
            }
            Ok(seen) => Ok(seen.items),
            Err(why) => Err(why),
        })
    }

    /// What stands at a place of the JSON.
    fn at(&self, place: &str) -> Result<Or<Seen>> {
        let path = &self.captured.file.disk;
        let file = File::open(path).map_err(|e| Error::io(path, &e))?;
        Ok(look(file, place).map_err(|fault| match fault.cut {
            true => "printed JSON that ends in the middle".to_owned(),
            false => format!("printed something that is no JSON (line {})", fault.line),
        }))
    }
}
