//! What moved from one point to the next, and why: the files that a commit changed, or only the clock.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::{Because, Changed, ControlPoint, CriterionPoint, How, Point, Seen, Standing, Trend, Wanted};
use crate::text::{list, safe, some};
use crate::timeline::{Operation, SlotState};

/// Names in a reason.
const NAMES: usize = 3;

/// What an event is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    Control(Box<str>),
    Criterion(Box<str>),
    Policy(Box<str>),
}

impl Subject {
    /// `control`, `criterion` or `policy`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Control(_) => "control",
            Self::Criterion(_) => "criterion",
            Self::Policy(_) => "policy",
        }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        match self {
            Self::Control(id) | Self::Criterion(id) | Self::Policy(id) => id,
        }
    }
}

/// A state that moved on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub day: Date,
    /// The commit that stood then, if it is another than before; nothing when only the clock moved.
    pub commit: Option<Box<str>>,
    pub subject: Subject,
    /// The state before; `None` for what was not there.
    pub from: Option<&'static str>,
    /// The state after; `None` for what is gone.
    pub to: Option<&'static str>,
    pub why: String,
}

/// Every move of a state, in the order of the points; at one point policies, then controls, then criteria.
pub fn events(trend: &Trend, wanted: &Wanted) -> Vec<Event> {
    let mut out = Vec::new();
    for pair in trend.points.windows(2) {
        let [before, after] = pair else { continue };
        let (Some(old), Seen::Standing(new)) = (before.standing(), &after.seen) else { continue };
        let step = Step { before, after, old, new };
        if wanted.is_all() {
            step.policies(&mut out);
        }
        step.controls(wanted, &mut out);
        step.criteria(wanted, &mut out);
    }
    out
}

/// From one point to the next.
struct Step<'t> {
    before: &'t Point,
    after: &'t Point,
    old: &'t Standing,
    new: &'t Standing,
}

impl Step<'_> {
    fn event(
        &self,
        subject: Subject,
        from: Option<&'static str>,
        to: Option<&'static str>,
        why: String,
    ) -> Event {
        let commit = self.after.commit.clone().filter(|_| self.before.commit != self.after.commit);
        Event { day: self.after.day, commit, subject, from, to, why }
    }

    fn policies(&self, out: &mut Vec<Event>) {
        for (old, new) in pairs(&self.old.policies, &self.new.policies, |one| &one.id) {
            let (from, to) = (old.map(|one| one.state.name()), new.map(|one| one.state.name()));
            let Some(one) = new.or(old).filter(|_| from != to) else { continue };
            let files: Vec<&Changed> =
                self.after.changed.iter().filter(|file| file.path == one.path).collect();
            let why = self.because(&files, &[]);
            out.push(self.event(Subject::Policy(one.id.clone()), from, to, why));
        }
    }

    fn controls(&self, wanted: &Wanted, out: &mut Vec<Event>) {
        for (old, new) in pairs(&self.old.controls, &self.new.controls, |one| &one.id) {
            let (from, to) = (old.map(|one| one.operation.name()), new.map(|one| one.operation.name()));
            let Some(one) = new.or(old).filter(|one| wanted.control(&one.id)) else { continue };
            if old.is_some_and(|old| new.is_some_and(|new| std::ptr::eq(old, new))) {
                continue;
            }
            let design = design_moved(old, new);
            if from == to && design.is_none() {
                continue;
            }
            let moved = slots_moved(old, new);
            let files = self.files_of(one);
            let mut parts = Vec::new();
            parts.extend(design);
            if !moved.is_empty() {
                parts.push(some(&moved, NAMES));
            }
            parts.push(self.because(&files, &one.policies));
            out.push(self.event(Subject::Control(one.id.clone()), from, to, parts.join("; ")));
        }
    }

    fn criteria(&self, wanted: &Wanted, out: &mut Vec<Event>) {
        for (old, new) in pairs(&self.old.criteria, &self.new.criteria, |one| &one.id) {
            let (from, to) = (old.map(|one| one.support.name()), new.map(|one| one.support.name()));
            let Some(one) = new.or(old).filter(|_| from != to) else { continue };
            if !wanted.criterion(&one.id) {
                continue;
            }
            let why = match new {
                None => "no longer in scope".to_owned(),
                Some(new) => self.rests_on(new),
            };
            out.push(self.event(Subject::Criterion(one.id.clone()), from, to, why));
        }
    }

    /// Why a criterion has its support now.
    fn rests_on(&self, criterion: &CriterionPoint) -> String {
        let control = |index: usize| self.new.controls.get(index);
        let words = criterion.causes.iter().map(|cause| match cause {
            Because::Words(words) => (*words).to_owned(),
            Because::Operation(index) => control(*index)
                .map_or_else(String::new, |one| format!("{} is {}", safe(&one.id), one.operation.name())),
            Because::Design(index) => control(*index)
                .map_or_else(String::new, |one| format!("the design of {} is deficient", safe(&one.id))),
        });
        let words: Vec<String> = words.collect();
        match words.is_empty() {
            true => "nothing stands against it any more".to_owned(),
            false => some(&words, NAMES),
        }
    }

    /// Changed files that say something of a control.
    fn files_of(&self, control: &ControlPoint) -> Vec<&Changed> {
        let own = |file: &&Changed| file.path == control.path || file.controls.contains(&control.id);
        self.after.changed.iter().filter(own).collect()
    }

    /// The files that moved it, or what else may have, or the clock.
    fn because(&self, files: &[&Changed], policies: &[Box<str>]) -> String {
        if !files.is_empty() {
            return told(files);
        }
        let for_all: Vec<&Changed> =
            self.after.changed.iter().filter(|file| is_for_all(&file.path)).collect();
        if !for_all.is_empty() {
            return told(&for_all);
        }
        let ordered = |file: &&Changed| {
            let ids = self.new.policies.iter().filter(|policy| policies.contains(&policy.id));
            ids.into_iter().any(|policy| policy.path == file.path)
        };
        let ordering: Vec<&Changed> = self.after.changed.iter().filter(ordered).collect();
        if !ordering.is_empty() {
            return told(&ordering);
        }
        match self.before.day == self.after.day {
            true => "the files it rests on did not change".to_owned(),
            false => "a day passed".to_owned(),
        }
    }
}

/// `filed evidence/a/q1/manifest.yaml; changed controls/a.yaml`.
fn told(files: &[&Changed]) -> String {
    let of = |how: How, word: &str| {
        let paths: Vec<String> =
            files.iter().filter(|file| file.how == how).map(|file| safe(&file.path)).collect();
        (!paths.is_empty()).then(|| format!("{word} {}", some(&paths, NAMES)))
    };
    let parts = [of(How::Added, "added"), of(How::Changed, "changed"), of(How::Removed, "removed")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join("; ")
}

/// Files that may say something of every control.
fn is_for_all(path: &str) -> bool {
    path == crate::source::ROOT_FILE || path.starts_with("registers/") || path.starts_with("frameworks/")
}

/// `slot 2026-Q1 github was missed (due 2026-04-15)`, worst first.
fn slots_moved(old: Option<&ControlPoint>, new: Option<&ControlPoint>) -> Vec<String> {
    let (Some(old), Some(new)) = (old, new) else { return Vec::new() };
    let before: BTreeMap<&str, SlotState> = old.slots.iter().map(|slot| (&*slot.name, slot.state)).collect();
    let mut moved: Vec<_> = new
        .slots
        .iter()
        .filter(|slot| before.get(&*slot.name).is_some_and(|was| *was != slot.state))
        .collect();
    moved.sort_by_key(|slot| std::cmp::Reverse((slot.state.is_settled(), slot.state)));
    let words = |slot: &&super::SlotPoint| {
        let name = if slot.name.is_empty() { String::new() } else { format!(" {}", safe(&slot.name)) };
        match slot.state {
            SlotState::Missed => format!("slot{name} was missed, due {}", slot.due),
            state => format!("slot{name} is {}", state.name()),
        }
    };
    moved.iter().map(words).collect()
}

/// What is new about a design.
fn design_moved(old: Option<&ControlPoint>, new: Option<&ControlPoint>) -> Option<String> {
    let (old, new) = (old?, new?);
    match (old.design.is_empty(), new.design.is_empty()) {
        (false, true) => Some("its design holds again".to_owned()),
        (true, false) => Some(list(&new.design, "and")),
        _ => None,
    }
}

/// Old and new of each id, in the new order, then those that are gone.
fn pairs<'t, T>(
    old: &'t [Arc<T>],
    new: &'t [Arc<T>],
    id: impl Fn(&T) -> &str,
) -> Vec<(Option<&'t T>, Option<&'t T>)> {
    let same = old.len() == new.len() && old.iter().zip(new).all(|(old, new)| id(old) == id(new));
    if same {
        return old.iter().zip(new).map(|(old, new)| (Some(&**old), Some(&**new))).collect();
    }
    let mut before: BTreeMap<&str, &T> = old.iter().rev().map(|one| (id(one), &**one)).collect();
    let mut all: Vec<(Option<&T>, Option<&T>)> =
        new.iter().map(|one| (before.remove(id(one)), Some(&**one))).collect();
    all.extend(old.iter().filter(|one| before.contains_key(id(one))).map(|one| (Some(&**one), None)));
    all
}

/// Is there anything against the state of a control?
pub(super) fn is_good(operation: Operation) -> bool {
    !operation.is_bad() && !operation.is_at_risk()
}
