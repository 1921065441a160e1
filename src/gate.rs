//! The gate: does a change weaken the programme? Weakening fails, telling the truth never does. Both states are judged
//! with this program, on one day, under the terms of the state before; what stood before is nobody's fault, and a day that
//! passed is the same for both. Pure: two reports and the changes between them in, what is new out.

mod blame;
mod faults;
mod gaps;
mod links;

use std::collections::BTreeMap;

use crate::change::{Change, Effect, Place};
use crate::diagnostic::Level;
use crate::gap::Gap;
use crate::report::{Report, WaiversInForce};
use crate::source::{Location, Sources};
use crate::timeline::Judgement;

use blame::{Blame, Side};
pub use faults::Fault;
use gaps::Compared;
use links::Links;

/// One state of the programme, judged and reported.
#[derive(Clone, Copy, Debug)]
pub struct State<'g> {
    pub judgement: &'g Judgement<'g>,
    pub report: &'g Report,
}

/// What a change is compared with.
#[derive(Clone, Debug)]
pub struct Base<'g> {
    /// As it was asked for: `origin/main`.
    pub asked: String,
    /// The commit, whole and as people quote it.
    pub commit: String,
    pub short: String,
    /// From the git root to the programme in it: `compliance/`, or empty.
    pub prefix: String,
    /// `None` when it has no programme yet.
    pub state: Option<State<'g>>,
    /// The command that says the same again.
    pub command: String,
}

/// What a change does to a programme.
#[derive(Debug)]
pub struct Gate<'g> {
    pub base: Base<'g>,
    pub after: State<'g>,
    /// Each fails, unless a waiver lets it through.
    pub regressions: Vec<Told<'g>>,
    /// Truths told: none fails.
    pub disclosures: Vec<Told<'g>>,
    /// What was mended.
    pub repairs: Vec<Told<'g>>,
    /// Faults that are new; those at level deny fail.
    pub new_faults: Vec<Fault<'g>>,
    /// Blocking gaps that no regression or disclosure explains: now known.
    pub opened: Vec<&'g Gap>,
    /// Blocking gaps of the base that are closed.
    pub closed: Vec<&'g Gap>,
    /// Every gap that the base does not have, of any class.
    pub new_gaps: Vec<&'g Gap>,
    pub standing: Standing,
}

/// A change and what came of it.
#[derive(Debug)]
pub struct Told<'g> {
    pub change: &'g Change,
    /// Id of the waiver of the base that lets a regression through.
    pub waiver: Option<&'g str>,
    /// Blocking gaps that it opened.
    pub opened: Vec<&'g Gap>,
    /// Blocking gaps of the base that went with a regression: who is asked less misses less. No repair.
    pub hidden: Vec<&'g Gap>,
    /// Faults of the text about the same thing.
    pub faults: Vec<Fault<'g>>,
}

/// What stood before the change and still does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Diagnostics at level deny.
    pub faults: usize,
    /// Blocking gaps without a waiver.
    pub gaps: usize,
}

impl<'g> Gate<'g> {
    /// Compares two states. Without a state before, all is new and only faults of the text can fail.
    pub fn new(base: Base<'g>, after: State<'g>, changes: &'g [Change]) -> Self {
        let mut gate = Self {
            base,
            after,
            regressions: Vec::new(),
            disclosures: Vec::new(),
            repairs: Vec::new(),
            new_faults: Vec::new(),
            opened: Vec::new(),
            closed: Vec::new(),
            new_gaps: Vec::new(),
            standing: Standing::default(),
        };
        match gate.base.state {
            Some(before) => gate.compare(before, changes),
            None => {
                let found = after.report.diagnostics.iter();
                gate.new_faults = found.map(|found| Fault { found, muted: false }).collect();
            }
        }
        gate
    }

    fn compare(&mut self, before: State<'g>, changes: &'g [Change]) {
        let Compared { new, opened, closed, standing } = gaps::compare(&before, &self.after);
        let faults = faults::new(&before, &self.after);
        let waivers = WaiversInForce::of(before.judgement);
        for change in changes {
            let told =
                |waiver| Told { change, waiver, opened: Vec::new(), hidden: Vec::new(), faults: Vec::new() };
            let subject = &change.subject;
            match change.kind.effect {
                Effect::Regression => {
                    let waiver = waivers.of_change(change.kind.name, subject);
                    self.regressions.push(told(waiver.map(|waiver| &*waiver.id.value.0)));
                }
                Effect::Disclosure => self.disclosures.push(told(None)),
                Effect::Repair => self.repairs.push(told(None)),
                Effect::Edit => {}
            }
        }
        let denied = faults.iter().filter(|fault| fault.found.level == Level::Deny && !fault.muted).count();
        let all = self.after.report.count(Level::Deny)
            + self.after.report.unlisted.counted.iter().filter(|found| found.level == Level::Deny).count();
        self.standing = Standing { faults: all.saturating_sub(denied), gaps: standing };
        self.new_gaps = new;
        self.put_faults(faults);
        self.put_gaps(before, opened, closed);
    }

    /// A fault in the folder of evidence belongs beneath what was done to that evidence; any other stands alone.
    fn put_faults(&mut self, faults: Vec<Fault<'g>>) {
        let sources = &self.after.judgement.program.sources;
        let told = self.regressions.iter().enumerate();
        let evidence = told.filter(|(_, told)| told.change.subject.kind == "evidence");
        let of: BTreeMap<&str, usize> =
            evidence.map(|(index, told)| (told.change.subject.id.as_str(), index)).collect();
        for fault in faults {
            let path = sources.path(fault.found.at.file);
            let folder = path.strip_prefix("evidence/").and_then(|path| path.rsplit_once('/'));
            let index = folder.and_then(|(folder, _)| of.get(folder));
            match index.and_then(|index| self.regressions.get_mut(*index)) {
                Some(told) => told.faults.push(fault),
                None => self.new_faults.push(fault),
            }
        }
    }

    /// A gap belongs beneath the change that is about the same thing, else beneath one about something it is linked with.
    fn put_gaps(&mut self, before: State<'g>, opened: Vec<&'g Gap>, closed: Vec<&'g Gap>) {
        let told = !self.regressions.is_empty() || !self.disclosures.is_empty();
        if !told || (opened.is_empty() && closed.is_empty()) {
            (self.opened, self.closed) = (opened, closed);
            return;
        }
        let (before, after) = (before.judgement.program, self.after.judgement.program);
        let links = Links::of([before, after]);
        let changes =
            |told: &[Told<'g>]| -> Vec<&'g Change> { told.iter().map(|told| told.change).collect() };
        let blame = Blame::new(before, [changes(&self.regressions), changes(&self.disclosures)], &links);
        for gap in opened {
            let told = match blame.opened(after, gap) {
                Some((Side::Regression, index)) => self.regressions.get_mut(index),
                Some((Side::Disclosure, index)) => self.disclosures.get_mut(index),
                None => None,
            };
            told.map_or(&mut self.opened, |told| &mut told.opened).push(gap);
        }
        for gap in closed {
            let told = blame.hidden(before, gap).and_then(|index| self.regressions.get_mut(index));
            told.map_or(&mut self.closed, |told| &mut told.hidden).push(gap);
        }
    }

    /// Should `soc2 check --base` exit with 1, leaving `--strict` aside?
    pub fn fails(&self) -> bool {
        self.failing().next().is_some() || self.denied().next().is_some()
    }

    /// Regressions that no waiver lets through.
    pub fn failing(&self) -> impl Iterator<Item = &Told<'g>> {
        self.regressions.iter().filter(|told| told.waiver.is_none())
    }

    /// New faults at level deny, wherever they are told.
    pub fn denied(&self) -> impl Iterator<Item = &Fault<'g>> {
        let beneath = self.regressions.iter().flat_map(|told| &told.faults);
        self.new_faults.iter().chain(beneath).filter(|fault| fault.found.level == Level::Deny)
    }

    /// The sources that a place is of, and the place.
    pub fn place(&self, place: Place) -> (&'g Sources, Location) {
        match (place, self.base.state) {
            (Place::Before(at), Some(before)) => (&before.judgement.program.sources, at),
            (Place::Before(at) | Place::After(at), _) => (&self.after.judgement.program.sources, at),
        }
    }

    /// The nearest place in the state after: the same line of the file if it is still there, else the root file.
    pub fn place_after(&self, place: Place) -> Location {
        let after = self.after.judgement.program;
        let (sources, at) = match place {
            Place::After(at) => return at,
            Place::Before(_) => self.place(place),
        };
        match after.sources.find(sources.path(at.file)) {
            Some(file) => after.sources.line(file, sources.position(at).line),
            None => after.root_place(),
        }
    }
}
