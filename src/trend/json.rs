//! For programs: a versioned shape that docs/formats.md describes. What stays the same is told once, with its first and
//! last day. Keys are only ever added within a version.

use std::collections::BTreeMap;
use std::io;

use serde::Serialize;

use super::{Event, Point, Standing, Trend, Wanted, events};
use crate::output::harmless_json;
use crate::status::OWN_VIEW;
use crate::status::wire::{Days, Tool};
use crate::timeline::{PolicyState, Support};

/// Version of the shape.
const FORMAT_VERSION: &str = "soc2-history/1";

#[derive(Serialize)]
struct Document<'d> {
    format: &'static str,
    tool: Tool,
    view: &'static str,
    read: &'d str,
    every: &'static str,
    from: Option<String>,
    to: Option<String>,
    points: usize,
    audit: JsonAudit<'d>,
    runs: Vec<Run<'d>>,
    controls: Vec<Lived<'d>>,
    criteria: Vec<Lived<'d>>,
    policies: Vec<Lived<'d>>,
    events: Vec<JsonEvent<'d>>,
}

#[derive(Serialize)]
struct JsonAudit<'d> {
    id: Option<&'d str>,
    r#type: &'static str,
    window: Option<Days>,
}

/// Points one after the other whose counts are the same.
#[derive(Serialize)]
struct Run<'d> {
    from: String,
    to: String,
    points: usize,
    /// The commit of the first of them.
    commit: Option<&'d str>,
    /// Why nothing was judged.
    absent: Option<&'static str>,
    #[serde(flatten)]
    counts: Option<Counts>,
}

#[derive(Serialize, PartialEq, Eq)]
struct Counts {
    criteria: BTreeMap<&'static str, usize>,
    slots: BTreeMap<&'static str, usize>,
    policies: BTreeMap<&'static str, usize>,
}

/// The states of one subject through time.
#[derive(Serialize)]
struct Lived<'d> {
    id: &'d str,
    states: Vec<Spell<'d>>,
}

#[derive(Serialize)]
struct Spell<'d> {
    from: String,
    to: String,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    design: Option<&'d [String]>,
}

#[derive(Serialize)]
struct JsonEvent<'d> {
    day: String,
    commit: Option<&'d str>,
    kind: &'static str,
    id: &'d str,
    from: Option<&'static str>,
    to: Option<&'static str>,
    why: &'d str,
}

/// The whole trend as JSON.
pub fn json(trend: &Trend, wanted: &Wanted, read: &str) -> io::Result<String> {
    let told = events(trend, wanted);
    let day = |point: Option<&Point>| point.map(|point| point.day.to_string());
    let document = Document {
        format: FORMAT_VERSION,
        tool: Tool::THIS,
        view: OWN_VIEW,
        read,
        every: trend.every.word(),
        from: day(trend.points.first()),
        to: day(trend.points.last()),
        points: trend.points.len(),
        audit: JsonAudit {
            id: trend.audit.as_deref(),
            r#type: trend.r#type.word(),
            window: trend.window.map(Days::from),
        },
        runs: runs(trend),
        controls: lived(trend, |standing| {
            let all = standing.controls.iter().filter(|one| wanted.control(&one.id));
            all.map(|one| (&*one.id, one.operation.name(), Some(&*one.design))).collect()
        }),
        criteria: lived(trend, |standing| {
            let all = standing.criteria.iter().filter(|one| wanted.criterion(&one.id));
            all.map(|one| (&*one.id, one.support.name(), None)).collect()
        }),
        policies: lived(trend, |standing| {
            standing
                .policies
                .iter()
                .filter(|_| wanted.is_all())
                .map(|one| (&*one.id, one.state.name(), None))
                .collect()
        }),
        events: told.iter().map(event).collect(),
    };
    Ok(harmless_json(&document)? + "\n")
}

fn event(event: &Event) -> JsonEvent<'_> {
    JsonEvent {
        day: event.day.to_string(),
        commit: event.commit.as_deref(),
        kind: event.subject.kind(),
        id: event.subject.id(),
        from: event.from,
        to: event.to,
        why: &event.why,
    }
}

fn counts(standing: &Standing) -> Counts {
    let policies = |state: PolicyState| standing.policies.iter().filter(|one| one.state == state).count();
    Counts {
        criteria: Support::MEANINGS.iter().map(|(one, _)| (one.name(), standing.supported(*one))).collect(),
        slots: standing.slots().into_iter().map(|(state, n)| (state.name(), n)).collect(),
        policies: PolicyState::MEANINGS.iter().map(|(one, _)| (one.name(), policies(*one))).collect(),
    }
}

fn runs(trend: &Trend) -> Vec<Run<'_>> {
    let mut runs: Vec<Run<'_>> = Vec::new();
    for point in &trend.points {
        let (absent, counts) = (point.seen.absent(), point.standing().map(counts));
        match runs.last_mut().filter(|run| run.absent == absent && run.counts == counts) {
            Some(run) => {
                run.to = point.day.to_string();
                run.points += 1;
            }
            None => runs.push(Run {
                from: point.day.to_string(),
                to: point.day.to_string(),
                points: 1,
                commit: point.commit.as_deref(),
                absent,
                counts,
            }),
        }
    }
    runs
}

/// The states of subjects: id, state, faults of design.
type States<'t> = Vec<(&'t str, &'static str, Option<&'t [String]>)>;

fn lived<'t>(trend: &'t Trend, of: impl Fn(&'t Standing) -> States<'t>) -> Vec<Lived<'t>> {
    let mut order: Vec<Lived<'t>> = Vec::new();
    let mut index: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (nth, point) in trend.points.iter().enumerate() {
        let day = point.day.to_string();
        for (id, state, design) in point.standing().map(&of).unwrap_or_default() {
            let fresh = (order.len(), nth);
            let (own, last) = index.entry(id).or_insert(fresh);
            if *own == order.len() {
                order.push(Lived { id, states: Vec::new() });
            }
            let Some(lived) = order.get_mut(*own) else { continue };
            // A gap in between, when it was not there, ends a spell.
            let on = *last == nth || *last + 1 == nth;
            *last = nth;
            let spell = lived.states.last_mut();
            match spell.filter(|spell| on && spell.state == state && spell.design == design) {
                Some(spell) => spell.to.clone_from(&day),
                None => lived.states.push(Spell { from: day.clone(), to: day.clone(), state, design }),
            }
        }
    }
    order
}
