//! The sheet of a control, as a reviewer puts it into the working papers: what it says, what it is for, who answered for it,
//! each slot with its files and clocks, the population to draw from, what management found, and room for the tests.

mod happened;

use jiff::civil::Date;

use self::happened::{evidence, exceptions, populations, slots};
use super::choice::is_inherited;
use super::markup::{Markup, way};
use super::{Ground, Place};
use crate::model::Control;
use crate::program::document;
use crate::render::{Paper, link, words};
use crate::schedule::{holder, person};
use crate::text::{capitalized, count};
use crate::timeline::ControlStanding;
use crate::timeline::people::{self, Holder};

/// Blank rows for tests where the control names none.
const BLANK: usize = 3;

/// The sheet of a control; `sheet` is its path without the end.
pub(super) fn paper(ground: &Ground<'_>, place: &Place, standing: &ControlStanding, sheet: &str) -> Paper {
    let judgement = ground.judgement;
    let program = judgement.program;
    let Some(control) = program.controls.get(standing.control) else { return Paper::default() };
    let mut text = Markup::default();
    what(ground, control, standing, &mut text);
    criteria(ground, standing, &mut text);
    ordered_by(place, control, sheet, &mut text);
    owners(ground, control, &mut text);
    if ground.profile.verdicts() {
        standing_words(ground, standing, &mut text);
        slots(ground, place, standing, sheet, &mut text);
        evidence(ground, place, standing, sheet, &mut text);
        populations(ground, place, standing, sheet, &mut text);
        exceptions(ground, standing, &mut text);
    }
    tests(ground, control, &mut text);
    let title = program.title(standing.control).into_owned();
    let mut paper = ground.paper(&format!("Control sheet {}", control.id), title, text.text());
    paper.facts = facts(ground, control, standing);
    if let Some(said) = notice(ground, standing) {
        paper.notices.push(said);
    }
    paper.nav = ground.nav(&format!("{sheet}.html"), None);
    paper
}

/// What has to be known before anything else.
fn notice(ground: &Ground<'_>, standing: &ControlStanding) -> Option<String> {
    let control = ground.judgement.program.controls.get(standing.control)?;
    if is_inherited(ground, standing.control) {
        return Some(
            "A subservice organisation runs this control; what is ours to show is how we monitor it."
                .to_owned(),
        );
    }
    (standing.in_place.is_none()).then(|| {
        format!(
            "Not in place on any judged day of the window: management claims it as {}.",
            control.status().word()
        )
    })
}

fn facts(ground: &Ground<'_>, control: &Control, standing: &ControlStanding) -> Vec<(String, String)> {
    let program = ground.judgement.program;
    let day = ground.audit.days.1;
    let mut facts: Vec<(&str, String)> = vec![("Control", control.id.to_string())];
    let aliases: Vec<&str> = control.aliases.iter().map(|alias| &*alias.value).collect();
    facts.push(("Other references", aliases.join(", ")));
    let who = |name: Option<&crate::model::scalar::HolderRef>| {
        name.map_or_else(String::new, |name| holder(program, &name.value.0, day))
    };
    facts.push(("Owner", who(control.owner.as_ref())));
    facts.push(("Performed by", who(control.operator.as_ref())));
    facts.push(("Reviewed by", who(control.reviewer.as_ref())));
    let mut kind = vec![control.control_type().word().to_owned()];
    kind.extend(control.nature.as_ref().map(|nature| nature.value.word().to_owned()));
    kind.extend(control.key.as_ref().filter(|key| key.value).map(|_| "key control".to_owned()));
    facts.push(("Type", kind.join(", ")));
    facts.push(("Frequency", frequency(ground, control)));
    facts.push(("Claimed as", control.status().word().to_owned()));
    let from = control.effective_from.as_ref().map(|day| format!("from {day}"));
    let to = control.retired_at.as_ref().map(|day| format!("to {day}"));
    facts.push(("In place", from.into_iter().chain(to).collect::<Vec<_>>().join(" ")));
    let systems: Vec<&str> = control.systems.iter().map(|system| &*system.value.0).collect();
    facts.push(("Systems", systems.join(", ")));
    let procedures: Vec<&str> = control.procedures.iter().map(|one| &*one.value.0).collect();
    facts.push(("Explained by", procedures.join(", ")));
    if ground.profile.verdicts() {
        facts.push(("Management's view", standing.operation.name().to_owned()));
    }
    facts.retain(|(_, value)| !value.is_empty());
    facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn frequency(ground: &Ground<'_>, control: &Control) -> String {
    let Some(cadence) = &control.cadence else { return String::new() };
    let grace = ground.judgement.settings.grace_of(control, cadence.value);
    let word = match cadence.value.word() {
        "event" => "each time it is needed (event)",
        word => word,
    };
    match usize::try_from(grace) {
        Ok(grace) if grace > 0 && !control.is_event() => format!("{word}, {} of grace", count(grace, "day")),
        _ => word.to_owned(),
    }
}

/// The policy sections that order it, leading to the versions that were in force in the window.
fn ordered_by(place: &Place, control: &Control, sheet: &str, text: &mut Markup) {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for reference in &control.policies {
        let id = document(&reference.value.0);
        let before = rows.len();
        for version in place.versions.iter().filter(|version| *version.id == *id) {
            let page = link(&version.title, &way(&format!("{sheet}.html"), &version.path));
            let days = format!("{} to {}", version.days.0, version.days.1);
            rows.push(vec![words(&reference.value.0), page, words(&version.version), days]);
        }
        if rows.len() == before {
            let none = "none in force in the window, or not in this bundle".to_owned();
            rows.push(vec![words(&reference.value.0), none, String::new(), String::new()]);
        }
    }
    text.heading("Policies that order it");
    if rows.is_empty() {
        text.paragraph("It names none.");
    }
    text.table(&["Section", "Policy", "Version", "In force in the window"], &rows);
}

fn what(ground: &Ground<'_>, control: &Control, standing: &ControlStanding, text: &mut Markup) {
    text.heading("What the control says");
    text.paragraph(&words(&ground.judgement.program.description(standing.control)));
    if let Some(objective) = &control.objective {
        text.paragraph(&format!("It is for: {}", words(&ground.judgement.program.filled(objective))));
    }
}

fn criteria(ground: &Ground<'_>, standing: &ControlStanding, text: &mut Markup) {
    let program = ground.judgement.program;
    let naming =
        ground.audit.criteria.iter().filter(|one| one.controls.binary_search(&standing.control).is_ok());
    let rows: Vec<Vec<String>> = naming
        .map(|one| {
            vec![words(&program.criterion_name(one.id)), words(&crate::schedule::criterion(program, one.id))]
        })
        .collect();
    text.heading("Criteria in scope that it serves");
    text.table(&["Criterion", "In our words"], &rows);
}

fn owners(ground: &Ground<'_>, control: &Control, text: &mut Markup) {
    let spans = tenures(ground, control);
    text.heading("Owner over the period");
    if spans.is_empty() {
        text.paragraph("Nobody answered for it on any day of the window.");
    }
    let (first, last) = ground.audit.window;
    let rows: Vec<Vec<String>> = spans
        .into_iter()
        .map(|(who, (from, to))| {
            let to = if to > last { "beyond the window".to_owned() } else { to.to_string() };
            let from = if from < first { format!("{from} (before the window)") } else { from.to_string() };
            vec![words(&who), from, to]
        })
        .collect();
    text.table(&["Who", "From", "To"], &rows);
}

/// Who answered for it on days of the window.
fn tenures(ground: &Ground<'_>, control: &Control) -> Vec<(String, (Date, Date))> {
    let program = ground.judgement.program;
    let (first, last) = ground.audit.window;
    let name = |index: usize| program.registers.people.get(index).map(|one| person(program, &one.id.value.0));
    let owner = control.owner.as_ref().and_then(|owner| people::holder(program, owner));
    let mut spans: Vec<(String, (Date, Date))> = match owner {
        Some(Holder::Role(role)) => {
            let role = program.registers.roles.get(role);
            let held = role.into_iter().flat_map(|role| people::held(program, role));
            held.filter_map(|(index, days)| Some((name(index)?, days))).collect()
        }
        Some(Holder::Person(index)) => {
            let one = program.registers.people.get(index);
            let stints = one.into_iter().flat_map(people::stints);
            stints.filter_map(|days| Some((name(index)?, days))).collect()
        }
        None => Vec::new(),
    };
    spans.retain(|(_, (from, to))| *from <= last && first <= *to);
    spans.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
    spans
}

fn standing_words(ground: &Ground<'_>, standing: &ControlStanding, text: &mut Markup) {
    let judgement = ground.judgement;
    text.heading("How management sees it");
    let why = judgement.why_control(ground.audit, standing);
    text.paragraph(&format!(
        "**{}**: {}.",
        words(standing.operation.name()),
        words(&why.because.replace('`', ""))
    ));
    let design = standing
        .design
        .iter()
        .map(|fault| format!("Design deficient: {}", words(&fault.words().replace('`', ""))));
    let remarks = standing
        .remarks
        .iter()
        .map(|remark| capitalized(&words(&judgement.why_remark(standing, remark).because.replace('`', ""))));
    text.items(design.chain(remarks));
}

/// Room for the auditor: one row a test that the control names, else a few blank ones.
fn tests(ground: &Ground<'_>, control: &Control, text: &mut Markup) {
    text.heading("Tests (for the auditor)");
    let mut rows: Vec<Vec<String>> = Vec::new();
    for test in &control.tests {
        let method = test.method.as_ref().map_or("", |method| method.value.word());
        let program = ground.judgement.program;
        let looked =
            test.attributes.0.iter().map(|(name, value)| format!("{} {}", name.value, program.filled(value)));
        let looked: Vec<String> = looked.collect();
        let what = [format!("{} ({method})", test.id), looked.join("; ")];
        let what: Vec<&str> = what.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        rows.push(vec![
            " ".to_owned(),
            words(&what.join(": ")),
            " ".to_owned(),
            " ".to_owned(),
            " ".to_owned(),
        ]);
    }
    while rows.len() < BLANK {
        rows.push(vec![" ".to_owned(); 5]);
    }
    text.table(&["Ref", "Test", "Tested by", "Date", "Conclusion"], &rows);
}
