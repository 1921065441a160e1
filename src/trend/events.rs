//! What moved from one point to the next, and why: the files that a commit changed, or only the clock.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::{
    Because, Changed, ControlPoint, CriterionPoint, How, Point, Seen, SlotPoint, Standing, Trend, Wanted,
};
use crate::source::ROOT_FILE;
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
    /// The commit that stood then, if it is another than before and changed what the state rests on; nothing when only the
    /// clock moved.
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
        let controls = step.controls();
        out.extend(controls.iter().filter(|event| wanted.control(event.subject.id())).cloned());
        step.criteria(wanted, &controls, &mut out);
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

/// What made a state move.
enum Cause {
    /// Files that changed, in words.
    Files(String),
    Clock,
    /// Neither is known to.
    Other,
}

impl Cause {
    fn words(self) -> String {
        match self {
            Self::Files(files) => files,
            Self::Clock => "a day passed".to_owned(),
            Self::Other => "the files it rests on did not change".to_owned(),
        }
    }
}

impl Step<'_> {
    fn event(
        &self,
        subject: Subject,
        (from, to): (Option<&'static str>, Option<&'static str>),
        why: String,
        by_files: bool,
    ) -> Event {
        let commit =
            self.after.commit.clone().filter(|_| by_files && self.before.commit != self.after.commit);
        Event { day: self.after.day, commit, subject, from, to, why }
    }

    fn policies(&self, out: &mut Vec<Event>) {
        for (old, new) in pairs(&self.old.policies, &self.new.policies, |one| &one.id) {
            let moved = (old.map(|one| one.state.name()), new.map(|one| one.state.name()));
            let Some(one) = new.or(old).filter(|_| moved.0 != moved.1) else { continue };
            let own = |file: &Changed| file.path == one.path;
            let cause = self.because(&[&own, &|file| reaches(&file.path, OF_POLICIES)]);
            let by_files = matches!(cause, Cause::Files(_));
            out.push(self.event(Subject::Policy(one.id.clone()), moved, cause.words(), by_files));
        }
    }

    /// The moves of all controls.
    fn controls(&self) -> Vec<Event> {
        let mut out = Vec::new();
        for (old, new) in pairs(&self.old.controls, &self.new.controls, |one| &one.id) {
            let moved = (old.map(|one| one.operation.name()), new.map(|one| one.operation.name()));
            let Some(one) = new.or(old) else { continue };
            if old.is_some_and(|old| new.is_some_and(|new| std::ptr::eq(old, new))) {
                continue;
            }
            let design = design_moved(old, new);
            if moved.0 == moved.1 && design.is_none() {
                continue;
            }
            let slots = slots_moved(old, new);
            let cause = match design.is_none() && old.is_some_and(|old| self.ran_out(old, &slots)) {
                true => Cause::Clock,
                false => self.because_of_control(one),
            };
            let by_files = matches!(cause, Cause::Files(_));
            let mut parts = Vec::new();
            parts.extend(design);
            if !slots.is_empty() {
                parts.push(some(&slots.iter().copied().map(words).collect::<Vec<_>>(), NAMES));
            }
            parts.push(cause.words());
            out.push(self.event(Subject::Control(one.id.clone()), moved, parts.join("; "), by_files));
        }
        out
    }

    /// Is every slot that moved one whose time ended in between? Then no file did it, whatever changed on that day.
    fn ran_out(&self, old: &ControlPoint, slots: &[SlotPoint<'_>]) -> bool {
        let ended = |slot: SlotPoint<'_>| {
            let was = |old: &SlotPoint<'_>| old.name == slot.name;
            let in_between = self.before.day <= slot.due && slot.due < self.after.day;
            // A shorter grace is a decision, and no clock.
            let same = old.slots().find(was).is_some_and(|old| old.due == slot.due);
            slot.state == SlotState::Missed && in_between && same
        };
        let mut settled = slots.iter().copied().filter(|slot| slot.state.is_settled()).peekable();
        settled.peek().is_some() && settled.all(ended)
    }

    fn criteria(&self, wanted: &Wanted, controls: &[Event], out: &mut Vec<Event>) {
        let by_files = controls.iter().filter(|event| event.commit.is_some());
        let by_files: BTreeSet<&str> = by_files.map(|event| event.subject.id()).collect();
        let own = self.after.changed.iter().any(|file| reaches(&file.path, OF_CRITERIA));
        for (old, new) in pairs(&self.old.criteria, &self.new.criteria, |one| &one.id) {
            let moved = (old.map(|one| one.support.name()), new.map(|one| one.support.name()));
            let Some(one) = new.or(old).filter(|_| moved.0 != moved.1) else { continue };
            if !wanted.criterion(&one.id) {
                continue;
            }
            let why = match new {
                None => "no longer in scope".to_owned(),
                Some(new) => self.rests_on(new),
            };
            let named = |standing: &Standing, point: Option<&CriterionPoint>| {
                point.is_some_and(|point| {
                    let controls = point.causes.iter().filter_map(|cause| match cause {
                        Because::Operation(index) | Because::Design(index) => standing.controls.get(*index),
                        Because::Words(_) => None,
                    });
                    controls.into_iter().any(|control| by_files.contains(&*control.id))
                })
            };
            let by_files = own || named(self.old, old) || named(self.new, new);
            out.push(self.event(Subject::Criterion(one.id.clone()), moved, why, by_files));
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

    /// What moved a control: its own file and evidence, else what speaks of many, else the policies it rests on.
    fn because_of_control(&self, control: &ControlPoint) -> Cause {
        let own = |file: &Changed| file.path == control.path || file.controls.contains(&control.id);
        let ordered = |file: &Changed| {
            let mut ids = self.new.policies.iter().filter(|policy| control.policies.contains(&policy.id));
            ids.any(|policy| policy.path == file.path)
        };
        self.because(&[&own, &|file| reaches(&file.path, OF_CONTROLS), &ordered])
    }

    /// The changed files of the first kind that has any; without one it was the clock.
    fn because(&self, kinds: &[&dyn Fn(&Changed) -> bool]) -> Cause {
        for is_of in kinds {
            let files: Vec<&Changed> = self.after.changed.iter().filter(|file| is_of(file)).collect();
            if !files.is_empty() {
                return Cause::Files(told(&files));
            }
        }
        if self.before.day == self.after.day { Cause::Other } else { Cause::Clock }
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

/// What may say something of every policy, of every control, of every criterion, beside its own files.
const OF_POLICIES: &[&str] = &[ROOT_FILE, "registers/people.", "registers/roles."];
const OF_CONTROLS: &[&str] =
    &[ROOT_FILE, "registers/people.", "registers/roles.", "registers/systems.", "registers/exceptions."];
const OF_CRITERIA: &[&str] =
    &[ROOT_FILE, "controls/", "frameworks/", "registers/systems.", "registers/vendors.", "registers/csocs."];

fn reaches(path: &str, files: &[&str]) -> bool {
    files.iter().any(|file| path.starts_with(file))
}

/// The slots that are another than before, worst first.
fn slots_moved<'t>(old: Option<&ControlPoint>, new: Option<&'t ControlPoint>) -> Vec<SlotPoint<'t>> {
    let (Some(old), Some(new)) = (old, new) else { return Vec::new() };
    let before: BTreeMap<&str, SlotState> = old.slots().map(|slot| (slot.name, slot.state)).collect();
    let moved = new.slots().filter(|slot| before.get(slot.name).is_some_and(|was| *was != slot.state));
    let mut moved: Vec<_> = moved.collect();
    moved.sort_by_key(|slot| std::cmp::Reverse((slot.state.is_settled(), slot.state)));
    moved
}

/// `slot 2026-Q1 github reads missed: nothing was filed for it by 2026-04-15`. A log that is filed later may show that it ran.
fn words(slot: SlotPoint<'_>) -> String {
    let name = if slot.name.is_empty() { String::new() } else { format!(" {}", safe(slot.name)) };
    match slot.state {
        SlotState::Missed => format!("slot{name} reads missed: nothing was filed for it by {}", slot.due),
        state => format!("slot{name} is {}", state.name()),
    }
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

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::model::audit::AuditType;
    use crate::timeline::Support;
    use crate::trend::{Every, PolicyPoint};

    const DUE: Date = date(2026, 2, 7);

    /// A control with one slot, and a criterion that rests on it.
    fn point(day: Date, commit: &str, state: SlotState, design: &[&str], changed: &[&str]) -> Point {
        let operation = if state.is_settled() { Operation::Settled(state) } else { Operation::NotDue };
        let sound = operation == Operation::NotDue && design.is_empty();
        let control = ControlPoint {
            id: "a".into(),
            path: "controls/a.yaml".into(),
            operation,
            design: design.iter().map(|fault| (*fault).to_owned()).collect(),
            expected: [("2026-01".into(), DUE)].into(),
            states: [state].into(),
            policies: ["p".into()].into(),
        };
        let because = if design.is_empty() { Because::Operation(0) } else { Because::Design(0) };
        let criterion = CriterionPoint {
            id: "CC6.1".into(),
            series: "CC6".into(),
            support: if sound { Support::Supported } else { Support::NotSupported },
            causes: if sound { [].into() } else { [because].into() },
        };
        let file = |path: &&str| Changed { path: (*path).into(), how: How::Changed, controls: [].into() };
        let policies: [Arc<PolicyPoint>; 0] = [];
        Point {
            day,
            commit: Some(commit.into()),
            seen: Seen::Standing(Standing {
                controls: vec![Arc::new(control)],
                criteria: vec![Arc::new(criterion)],
                policies: policies.into(),
            }),
            changed: changed.iter().map(file).collect(),
        }
    }

    /// What moved from an open slot on the last day of its grace: `id why`, with the commit if one is named.
    fn moved(day: Date, state: SlotState, design: &[&str], changed: &[&str]) -> Vec<String> {
        let points =
            vec![point(DUE, "1", SlotState::Open, &[], &[]), point(day, "2", state, design, changed)];
        let trend = Trend { audit: None, r#type: AuditType::Type2, window: None, every: Every::Day, points };
        let told = events(&trend, &Wanted::default());
        told.iter()
            .map(|event| {
                let commit = event.commit.as_deref().map_or(String::new(), |id| format!(" {id}"));
                format!("{}{commit}: {}", event.subject.id(), event.why)
            })
            .collect()
    }

    #[test]
    fn only_what_a_state_rests_on_is_named() {
        let next = date(2026, 2, 8);
        let missed = "a: slot 2026-01 reads missed: nothing was filed for it by 2026-02-07; a day passed";
        // Whatever changed on the day on which the time of a slot ended has not ended it.
        for changed in [&[][..], &["registers/people.yaml", "registers/meetings.yaml"], &["controls/a.yaml"]]
        {
            let told = moved(next, SlotState::Missed, &[], changed);
            assert_eq!(told[0], missed, "{changed:?}");
        }
        assert_eq!(
            moved(next, SlotState::Missed, &[], &["registers/meetings.yaml"])[1],
            "CC6.1: a is missed"
        );
        let vacant = |changed: &[&str]| moved(next, SlotState::Open, &["role x is vacant"], changed);
        assert_eq!(
            vacant(&["registers/meetings.yaml", "registers/roles.yaml"]),
            [
                "a 2: `role x is vacant`; changed registers/roles.yaml",
                "CC6.1 2: the design of a is deficient"
            ]
        );
        assert_eq!(
            vacant(&["registers/meetings.yaml"]),
            ["a: `role x is vacant`; a day passed", "CC6.1: the design of a is deficient"]
        );
        // A slot whose time has not ended is settled by what was filed.
        assert_eq!(
            moved(next, SlotState::Deviation, &[], &["registers/exceptions.yaml", "registers/risks.yaml"])[0],
            "a 2: slot 2026-01 is deviation; changed registers/exceptions.yaml"
        );
    }
}
