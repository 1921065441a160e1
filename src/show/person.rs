//! A person: when they worked here, their roles over time, what they answer for, performed and reviewed. And a role: who
//! held it.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use super::{JsonWaiver, Show, Tenure, days, gaps_and_waivers, waivers};
use crate::layout::{Page, Tone};
use crate::program::EvidenceFolder;
use crate::status::wire::{JsonGap, gap};
use crate::text::safe;
use crate::timeline::occurrences;
use crate::timeline::people::{self, Holder};

/// Lines of a list.
const MOST: usize = 30;

#[derive(Serialize)]
pub(super) struct Json<'d> {
    id: String,
    name: String,
    kind: Option<&'static str>,
    employed: Vec<Tenure>,
    roles: Vec<Tenure>,
    owns: Vec<Owned>,
    performed: Vec<Act>,
    reviewed: Vec<Act>,
    waivers: Vec<JsonWaiver<'d>>,
    gaps: Vec<JsonGap<'d>>,
}

#[derive(Serialize)]
pub(super) struct RoleJson<'d> {
    id: String,
    title: String,
    duties: String,
    held: Vec<Tenure>,
    holders: Vec<String>,
    owns: Vec<Owned>,
    waivers: Vec<JsonWaiver<'d>>,
    gaps: Vec<JsonGap<'d>>,
}

/// Something that a person or role answers for.
#[derive(Serialize)]
struct Owned {
    kind: &'static str,
    id: String,
}

/// Something done about a piece of evidence.
#[derive(Serialize)]
struct Act {
    from: Option<String>,
    to: Option<String>,
    evidence: String,
}

/// What somebody answers for: records that name them, or a role they hold on the as-of day.
fn owned(show: &Show<'_>, wanted: &BTreeSet<Holder>) -> Vec<Owned> {
    let program = show.program();
    let names = |owner: Option<&crate::model::scalar::HolderRef>| {
        owner.and_then(|name| people::holder(program, name)).is_some_and(|holder| wanted.contains(&holder))
    };
    let one = |kind, id: &crate::model::scalar::Id| Owned { kind, id: id.to_string() };
    let registers = &program.registers;
    let controls =
        program.controls.iter().filter(|of| names(of.owner.as_ref())).map(|of| one("control", &of.id));
    let policies = program.policies.iter().filter(|of| names(of.head.owner.as_ref()));
    let systems = registers.systems.iter().filter(|of| names(of.owner.as_ref()));
    let vendors = registers.vendors.iter().filter(|of| names(of.owner.as_ref()));
    let risks = registers.risks.iter().filter(|of| names(of.owner.as_ref()));
    controls
        .chain(policies.map(|of| one("policy", &of.head.id)))
        .chain(systems.map(|of| one("system", &of.id)))
        .chain(vendors.map(|of| one("vendor", &of.id)))
        .chain(risks.map(|of| one("risk", &of.id)))
        .collect()
}

/// The person and the roles they hold on the as-of day.
fn hats(show: &Show<'_>, person: usize) -> BTreeSet<Holder> {
    let program = show.program();
    let roles = program.registers.roles.iter().enumerate();
    let held =
        roles.filter(|(_, role)| people::holders(program, role, show.judgement.as_of).contains(&person));
    held.map(|(index, _)| Holder::Role(index)).chain([Holder::Person(person)]).collect()
}

fn roles(show: &Show<'_>, person: usize) -> Vec<Tenure> {
    let program = show.program();
    let of_role = |role| {
        let held = people::held(program, role).filter(|(who, _)| *who == person);
        held.map(|(_, days)| Tenure::new(role.id.to_string(), days)).collect::<Vec<_>>()
    };
    program.registers.roles.iter().flat_map(of_role).collect()
}

/// The evidence that the judged day can see.
fn in_view<'s>(show: &Show<'s>) -> impl Iterator<Item = &'s EvidenceFolder> {
    let both = show.program().evidence.iter().zip(&show.judgement.evidence);
    both.filter(|(_, standing)| !standing.out_of_view).map(|(folder, _)| folder)
}

fn performed(show: &Show<'_>, person: usize) -> Vec<Act> {
    let program = show.program();
    let zone = show.judgement.zone();
    let mut acts = Vec::new();
    for folder in in_view(show) {
        let by_them = |name: &str| program.person(name) == Some(person);
        let theirs = occurrences(folder, &zone).into_iter().filter(|one| one.by.is_some_and(by_them));
        let (mut from, mut to) = (None, None);
        // Rows of a log share a performer; the first and the last day say enough.
        for one in theirs {
            from = Some(from.map_or(one.on, |day: Date| day.min(one.on)));
            to = to.max(Some(one.on));
        }
        if from.is_some() {
            let day = |day: Option<Date>| day.map(|day| day.to_string());
            acts.push(Act { from: day(from), to: day(to), evidence: program.evidence_id(folder).to_owned() });
        }
    }
    acts.sort_by(|a, b| a.from.cmp(&b.from));
    acts
}

fn reviewed(show: &Show<'_>, person: usize) -> Vec<Act> {
    let program = show.program();
    let of = |folder: &EvidenceFolder| {
        let review = folder.manifest.reviewed.as_ref()?;
        let theirs = program.person(review.by.as_ref()?) == Some(person);
        let on = review.on.as_ref().map(|on| on.value);
        let seen = on.is_none_or(|on| on <= show.judgement.as_of);
        let on = on.map(|on| on.to_string());
        (theirs && seen).then(|| Act {
            from: on.clone(),
            to: on,
            evidence: program.evidence_id(folder).to_owned(),
        })
    };
    let mut acts: Vec<Act> = in_view(show).filter_map(of).collect();
    acts.sort_by(|a, b| a.from.cmp(&b.from));
    acts
}

pub(super) fn json<'d>(show: &Show<'d>, index: usize) -> Json<'d> {
    let person = show.program().registers.people.get(index);
    let id = person.map_or_else(String::new, |person| person.id.to_string());
    Json {
        name: person
            .and_then(|person| person.name.as_ref())
            .map_or_else(String::new, |name| name.value.to_string()),
        kind: person.and_then(|person| person.kind.as_ref()).map(|kind| kind.value.word()),
        employed: person.map_or_else(Vec::new, |person| {
            people::stints(person).map(|days| Tenure::new(id.clone(), days)).collect()
        }),
        roles: roles(show, index),
        owns: owned(show, &hats(show, index)),
        performed: performed(show, index),
        reviewed: reviewed(show, index),
        waivers: waivers(show, &id),
        gaps: show.gaps("person", &id).into_iter().map(gap).collect(),
        id,
    }
}

pub(super) fn human(show: &Show<'_>, index: usize, page: &mut Page) {
    let Some(person) = show.program().registers.people.get(index) else { return };
    let id = person.id.to_string();
    let name = person.name.as_ref().map_or_else(String::new, |name| safe(name));
    page.hang_at(&format!("person {id}: "), 4, Tone::Heading, &name);
    let kind = person.kind.as_ref().map_or("", |kind| kind.value.word());
    let works =
        if people::employed(person, show.judgement.as_of) { "works here" } else { "does not work here" };
    page.line(&format!("  {kind}; {works} on {}", show.judgement.as_of));
    page.heading("Worked here");
    for (from, to) in people::stints(person) {
        page.line(&format!("  {}", days(from, to)));
    }
    tenures("Roles", &roles(show, index), page);
    owned_human(&owned(show, &hats(show, index)), page);
    acts("Performed", &performed(show, index), page);
    acts("Reviewed", &reviewed(show, index), page);
    gaps_and_waivers(show, "person", &id, page);
}

fn tenures(title: &str, all: &[Tenure], page: &mut Page) {
    page.heading(title);
    if all.is_empty() {
        page.line("  none");
    }
    for one in all {
        let to = one
            .to
            .as_deref()
            .map_or_else(|| format!("since {}", one.from), |to| format!("{} to {to}", one.from));
        page.line(&format!("  {}  {to}", one.id));
    }
}

fn owned_human(all: &[Owned], page: &mut Page) {
    page.heading(&format!("Answers for: {}", all.len()));
    for group in all.chunk_by(|a, b| a.kind == b.kind) {
        let kind = group.first().map_or("", |one| one.kind);
        let ids: Vec<&str> = group.iter().map(|one| one.id.as_str()).collect();
        page.hang(&format!("  {kind}  "), &ids.join(", "));
    }
}

fn acts(title: &str, all: &[Act], page: &mut Page) {
    page.heading(&format!("{title}: {}", all.len()));
    let left = all.len().saturating_sub(MOST);
    if left > 0 {
        page.line(&format!("  {left} earlier ones left out: --format json has all"));
    }
    for act in all.iter().skip(left) {
        let on = match (&act.from, &act.to) {
            (Some(from), Some(to)) if from != to => format!("{from} to {to}"),
            (Some(on), _) => on.clone(),
            _ => "no day".to_owned(),
        };
        page.line(&format!("  {on}  {}", safe(&act.evidence)));
    }
}

fn held(show: &Show<'_>, index: usize) -> Vec<Tenure> {
    let program = show.program();
    let Some(role) = program.registers.roles.get(index) else { return Vec::new() };
    let mut spans: Vec<_> = people::held(program, role).collect();
    spans.sort_by_key(|(_, days)| *days);
    let name = |index: usize| program.registers.people.get(index).map(|person| person.id.to_string());
    spans.into_iter().filter_map(|(person, days)| Some(Tenure::new(name(person)?, days))).collect()
}

pub(super) fn role_json<'d>(show: &Show<'d>, index: usize) -> RoleJson<'d> {
    let role = show.program().registers.roles.get(index);
    let id = role.map_or_else(String::new, |role| role.id.to_string());
    let text =
        |text: Option<&crate::model::Text>| text.map_or_else(String::new, |text| text.value.to_string());
    RoleJson {
        title: text(role.and_then(|role| role.title.as_ref())),
        duties: text(role.and_then(|role| role.duties.as_ref())),
        held: held(show, index),
        holders: crate::status::people_of(show.program(), &id, show.judgement.as_of),
        owns: owned(show, &BTreeSet::from([Holder::Role(index)])),
        waivers: waivers(show, &id),
        gaps: show.gaps("role", &id).into_iter().map(gap).collect(),
        id,
    }
}

pub(super) fn role_human(show: &Show<'_>, index: usize, page: &mut Page) {
    let Some(role) = show.program().registers.roles.get(index) else { return };
    let id = role.id.to_string();
    page.hang_at(
        &format!("role {id}: "),
        4,
        Tone::Heading,
        &role.title.as_ref().map_or_else(String::new, |title| safe(title)),
    );
    if let Some(duties) = &role.duties {
        page.hang("  ", &safe(duties));
    }
    let people = crate::status::people_of(show.program(), &id, show.judgement.as_of);
    let who = if people.is_empty() { "nobody: it is vacant".to_owned() } else { people.join(", ") };
    page.line(&format!("  on {}: {who}", show.judgement.as_of));
    tenures("Held by", &held(show, index), page);
    owned_human(&owned(show, &BTreeSet::from([Holder::Role(index)])), page);
    gaps_and_waivers(show, "role", &id, page);
}
