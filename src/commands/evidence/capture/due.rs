//! `--due`: what was captured before for a control, run again when the control is due. Which recipes those are, and with
//! which settings, the manifests say; they are files that anybody's change can bring, so each command is shown and agreed to,
//! or its settings come from the command line alone and the recipe is one for that control.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

use jiff::Timestamp;

use super::super::answers::Answers;
use super::super::{Ground, slot};
use super::plan::typed;
use super::{Args, carry_out, list, plan};
use crate::due::{Item, Kind, List, State};
use crate::error::{Error, Result};
use crate::recipe::{self, Recipe};
use crate::text::{count, list as names, safe};
use crate::timeline::{Clock, Judgement};
use crate::ui;

/// A control, one of its systems, and a recipe that was followed for them.
type Key = (String, Option<String>, String);

/// The last run of a recipe: when, and with which settings.
type Last = (Timestamp, BTreeMap<String, String>);

/// Settings that say for which days; those of the last run are over.
const DAYS: [&str; 2] = ["from", "to"];

/// Runs what is due.
pub(super) fn run(args: &Args, ground: &Ground<'_>) -> Result<ExitCode> {
    let given = typed(&args.settings)?;
    let due = due(args, ground);
    let before = before(ground);
    let again: Vec<(&Key, &Last)> = before
        .iter()
        .filter(|((control, system, _), _)| due.contains(&(control.clone(), system.clone())))
        .collect();
    let recipes: Vec<(&(&Key, &Last), Option<Recipe>)> =
        again.iter().map(|one| (one, recipe::find(&one.0.2))).collect();
    known(&given, recipes.iter().filter_map(|(_, recipe)| recipe.as_ref()))?;
    let mut undone = 0;
    for ((key, last), recipe) in &recipes {
        let Some(recipe) = recipe else {
            ui::tell(&format!(
                "`{}` was followed for `{}` and is no recipe any more",
                safe(&key.2),
                safe(&key.0)
            ));
            undone += 1;
            continue;
        };
        if let Some(control) = unasked(args, key, recipe) {
            ui::tell(&format!(
                "`{}` for `{}` was not run: the recipe is for other controls, so with --yes it needs --control {}",
                safe(&key.2),
                safe(control),
                safe(control)
            ));
            undone += 1;
            continue;
        }
        undone += usize::from(!once(args, ground, key, last, recipe, &given)?);
    }
    suggest(ground, &due, &before)?;
    if again.is_empty() {
        ui::print("Nothing is due that was captured before\n")?;
    }
    if undone > 0 {
        ui::tell(&format!("{} of {} not captured", undone, count(again.len(), "command")));
    }
    Ok(ExitCode::from(u8::from(undone > 0)))
}

/// The control, where a manifest alone says that the recipe is run for it, and nobody is asked.
fn unasked<'k>(args: &Args, (control, _, _): &'k Key, recipe: &Recipe) -> Option<&'k str> {
    (args.yes && args.control.is_none() && !recipe.is_for(control)).then_some(control)
}

/// Runs one again; false where that brought no evidence.
fn once(
    args: &Args,
    ground: &Ground<'_>,
    (control, system, name): &Key,
    (_, before): &Last,
    recipe: &Recipe,
    given: &BTreeMap<String, String>,
) -> Result<bool> {
    let mut settings = Vec::new();
    for setting in &recipe.settings {
        let id = &*setting.id.value;
        let remembered = before.get(id).filter(|_| !args.yes && !DAYS.contains(&id));
        match given.get(id).or(remembered) {
            Some(value) => settings.push(format!("{id}={value}")),
            None if args.yes => {
                ui::tell(&format!(
                    "`{name}` for `{control}` was not run: with --yes its setting `{id}` is needed from --set"
                ));
                return Ok(false);
            }
            None => {}
        }
    }
    let mut own = args.clone();
    own.control = Some(control.clone());
    own.recipe = Some(name.clone());
    own.system = system.clone();
    own.settings = settings;
    let mut answers = Answers::new("evidence capture");
    let plan = plan::gather(&own, ground, &mut answers)?;
    answers.complete()?;
    match plan {
        Some(plan) => carry_out(&own, ground, &plan, &answers),
        None => Ok(false),
    }
}

/// Controls and systems with a slot that evidence of today can fill.
fn due(args: &Args, ground: &Ground<'_>) -> BTreeSet<(String, Option<String>)> {
    let program = &ground.program;
    let judgement = ground.ui.busy("judging", || Judgement::new(program, Clock::today(ground.today), None));
    let list = List::new(&judgement, &judgement.audits, args.days);
    let fits = |item: &&Item| {
        let asked = args.control.as_ref().is_none_or(|control| *control == item.subject);
        let system = args.system.as_ref().is_none_or(|system| item.system.as_ref() == Some(system));
        item.kind == Kind::Slot && item.state != State::Missed && asked && system && is_now(ground, item)
    };
    list.items.iter().filter(fits).map(|item| (item.subject.clone(), item.system.clone())).collect()
}

/// Is it the interval of today, or one whose grace runs?
fn is_now(ground: &Ground<'_>, item: &Item) -> bool {
    let (Some(name), State::Due | State::Open) = (&item.slot, item.state) else { return true };
    let control = ground.program.names.controls.get(&*item.subject);
    let now = control.and_then(|control| slot::proposed(ground, *control, ground.today));
    now.is_none_or(|now| now.eq_ignore_ascii_case(name))
}

/// The last run of each recipe, for each control and system.
fn before(ground: &Ground<'_>) -> BTreeMap<Key, Last> {
    let mut found: BTreeMap<Key, Last> = BTreeMap::new();
    for folder in &ground.program.evidence {
        for artifact in &folder.manifest.artifacts {
            let Some(capture) = artifact.capture.as_deref() else { continue };
            let (Some(recipe), Some(started)) = (&capture.recipe, &capture.started) else { continue };
            let system = artifact.system.as_ref().map(|system| system.value.0.to_string());
            let settings = capture.settings.0.iter();
            let settings: BTreeMap<String, String> =
                settings.map(|(name, text)| (name.value.to_string(), text.value.to_string())).collect();
            for control in &folder.manifest.controls {
                let key = (control.value.0.to_string(), system.clone(), recipe.value.to_string());
                let last = found.entry(key).or_insert_with(|| (started.value, settings.clone()));
                if last.0 < started.value {
                    *last = (started.value, settings.clone());
                }
            }
        }
    }
    found
}

/// Refuses a setting that none of the recipes has.
fn known<'r>(given: &BTreeMap<String, String>, recipes: impl Iterator<Item = &'r Recipe>) -> Result<()> {
    let own: BTreeSet<String> =
        recipes.flat_map(|recipe| &recipe.settings).map(|setting| setting.id.value.to_string()).collect();
    match given.keys().find(|name| !own.contains(*name)) {
        Some(name) => Err(Error::new(format!("`{}` is no setting of what is due", safe(name))).hint(
            if own.is_empty() {
                "none is needed".to_owned()
            } else {
                format!("settings: {}", names(&Vec::from_iter(own), "and"))
            },
        )),
        None => Ok(()),
    }
}

/// Names recipes for controls that are due and were never captured.
fn suggest(
    ground: &Ground<'_>,
    due: &BTreeSet<(String, Option<String>)>,
    before: &BTreeMap<Key, Last>,
) -> Result<()> {
    if ground.ui.verbosity < 0 {
        return Ok(());
    }
    let controls: BTreeSet<&str> = due.iter().map(|(control, _)| control.as_str()).collect();
    let all = recipe::all();
    for control in controls {
        let recipes = list::among(&all, control);
        if !recipes.is_empty() && !before.keys().any(|(of, _, _)| of == control) {
            let first = ground.command(&format!("evidence capture --control {control} --recipe NAME"));
            ui::print(&format!("`{control}` is due; recipes: {}\n  {first}\n", recipes.join(", ")))?;
        }
    }
    Ok(())
}
