//! `--list`: the recipes, those for one control, or one in full.

use std::process::ExitCode;

use super::super::{Ground, lookup};
use super::Args;
use super::plan::{find, typed_as};
use crate::error::Result;
use crate::recipe::{self, Recipe};
use crate::text::{count, safe};
use crate::ui;

/// The ids of those among some recipes that are for a control.
pub(super) fn among(all: &[Recipe], control: &str) -> Vec<String> {
    all.iter().filter(|recipe| recipe.is_for(control)).map(|recipe| recipe.id.value.to_string()).collect()
}

/// Prints them.
pub(super) fn run(args: &Args, ground: &Ground<'_>) -> Result<ExitCode> {
    if let Some(name) = &args.recipe {
        ui::print(&whole(&find(name)?))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut all = recipe::all();
    if let Some(control) = &args.control {
        lookup::control(&ground.program, control)?;
        all.retain(|recipe| recipe.is_for(control));
        if all.is_empty() {
            ui::print(&format!(
                "No recipe is for `{}`: write a command of your own behind `--`\n",
                safe(control)
            ))?;
            return Ok(ExitCode::SUCCESS);
        }
    }
    ui::print(&table(&all))?;
    if ground.ui.verbosity >= 0 {
        ui::print(&format!(
            "{}; one in full: soc2 evidence capture --list --recipe NAME\n",
            count(all.len(), "recipe")
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A line each, below the program that runs them.
fn table(all: &[Recipe]) -> String {
    let width = all.iter().map(|recipe| recipe.id.value.len()).max().unwrap_or(0);
    let mut out = String::new();
    for program in recipe::programs(&mut Vec::new()) {
        let own: Vec<&Recipe> = all.iter().filter(|recipe| recipe.program() == &*program.id.value).collect();
        if own.is_empty() {
            continue;
        }
        out.push_str(&format!("{}  {}\n", program.id.value, recipe::word(&program.title)));
        for recipe in own {
            out.push_str(&format!("  {:width$}  {}\n", recipe.id.value, recipe.title()));
        }
    }
    out
}

/// Everything about one.
fn whole(recipe: &Recipe) -> String {
    let mut out = format!("{}: {}\n{}\n", recipe.id.value, recipe.title(), recipe::word(&recipe.shows));
    let mut section = |heading: &str, lines: &[String]| {
        if !lines.is_empty() {
            out.push_str(&format!("{heading}\n"));
            for line in lines {
                out.push_str(&format!("  {}\n", safe(line)));
            }
        }
    };
    let arguments: Vec<String> = recipe.arguments.iter().map(|argument| argument.value.to_string()).collect();
    section("Runs", &[typed_as(recipe.program(), &arguments)]);
    let setting = |one: &recipe::Setting| {
        format!("--set {}={}  {}", one.id.value, recipe::word(&one.example), recipe::word(&one.meaning))
    };
    section("Settings", &recipe.settings.iter().map(setting).collect::<Vec<_>>());
    let texts =
        |all: &[crate::model::Text]| all.iter().map(|text| text.value.to_string()).collect::<Vec<_>>();
    section("Needs", &texts(&recipe.permissions));
    section("Shows something of", &texts(&recipe.controls));
    let kind = recipe.kind.as_ref().map_or("", |kind| kind.value.word());
    section("Kept as", &[format!("{}, {kind}", recipe.file())]);
    if let Some(items) = &recipe.population {
        let probe = items.completeness.as_ref();
        let because = probe.map_or("", |probe| recipe::word(&probe.because));
        section("Complete because", &[because.to_owned()]);
    }
    out
}
