//! The manifest of what was captured: what the run itself shows, and nothing that a person has to say.

use super::super::add::{self, Said};
use super::super::{Ground, lookup};
use super::Args;
use super::measure::Measured;
use super::plan::Plan;
use super::run::Captured;
use crate::error::Result;
use crate::manifest::{ArtifactDraft, CaptureDraft, Draft, ResultDraft, When};
use crate::recipe::Recipe;

/// What is said of it, as for evidence that is added by hand.
pub(super) fn said(
    args: &Args,
    ground: &Ground<'_>,
    plan: &Plan,
    captured: &Captured,
    measured: &Measured,
) -> Result<Said> {
    let day = captured.day(ground);
    let list = measured.population.as_ref().map(|_| (day, day));
    let result = args.result.as_deref().map(|outcome| {
        let outcome = lookup::word(outcome)?;
        Ok(ResultDraft { outcome, summary: args.summary.clone(), follow_up: Vec::new() })
    });
    Ok(Said {
        control: plan.control,
        performed: When::At(captured.started, captured.started.to_string()),
        by: plan.by,
        slot: plan.slot.clone(),
        item: None,
        kind: plan.kind,
        system: plan.system,
        query: Some(plan.command()),
        // A list shows what is there at the moment, unless its settings name the days it is of.
        covers: plan.covers.or(list),
        population: measured.population.clone(),
        result: result.transpose()?,
        collected: Some(When::At(captured.ended, captured.ended.to_string())),
        follows_up: Vec::new(),
    })
}

/// The manifest.
pub(super) fn draft(
    args: &Args,
    ground: &Ground<'_>,
    plan: &Plan,
    captured: &Captured,
    said: &Said,
    id: &str,
) -> Draft {
    let system = plan.system.map(|system| ground.system_id(system).to_owned());
    let command = std::iter::once(&plan.program).chain(&plan.arguments).cloned().collect();
    let capture = CaptureDraft {
        recipe: plan.recipe.as_ref().map(|recipe| recipe.id.value.to_string()),
        settings: plan.settings.clone().into_iter().collect(),
        command,
        version: captured.version.clone(),
        account: captured.account.clone(),
        started: captured.started.to_string(),
        ended: captured.ended.to_string(),
        exit: captured.exit,
    };
    let output = ArtifactDraft {
        path: Some(captured.file.name.clone()),
        sha256: captured.file.facts.sha256,
        bytes: captured.file.facts.bytes,
        system: system.clone(),
        environment: args.environment.clone(),
        query: said.query.clone(),
        covers: said.covers,
        population: said.population.clone(),
        capture: Some(capture),
        ..ArtifactDraft::default()
    };
    let decoded = captured.decoded.as_ref().map(|file| ArtifactDraft {
        path: Some(file.name.clone()),
        sha256: file.facts.sha256,
        bytes: file.facts.bytes,
        system: system.clone(),
        environment: args.environment.clone(),
        query: Some(format!("decoded from base64 in {}", captured.file.name)),
        ..ArtifactDraft::default()
    });
    let stderr = captured.stderr.as_ref().map(|file| ArtifactDraft {
        path: Some(file.name.clone()),
        sha256: file.facts.sha256,
        bytes: file.facts.bytes,
        system: system.clone(),
        ..ArtifactDraft::default()
    });
    Draft {
        id: id.to_owned(),
        title: title(ground, plan, said, system.as_deref()),
        control: ground.control_id(plan.control).to_owned(),
        kind: plan.kind,
        performed: said.performed.clone(),
        by: ground.person_id(plan.by).to_owned(),
        slot: said.slot.clone(),
        result: said.result.clone(),
        collected: said.collected.clone(),
        occurrences: None,
        artifacts: std::iter::once(output).chain(decoded).chain(stderr).collect(),
        follows_up: Vec::new(),
    }
}

/// What the recipe shows, or what the control is for; then the slot or day, and the system.
fn title(ground: &Ground<'_>, plan: &Plan, said: &Said, system: Option<&str>) -> String {
    let Some(shows) = plan.recipe.as_ref().map(Recipe::title) else {
        return add::title(ground, plan.control, &said.performed, said.interval(), system);
    };
    let when = said.interval().map_or_else(|| said.performed.day(&ground.zone).to_string(), str::to_owned);
    let parts = [Some(shows), Some(when.as_str()), system];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
