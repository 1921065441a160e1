//! The fast way: a programme is walked from day to day, only what changed is put into it, and only controls whose verdict
//! can have moved are judged again. Gives what judging every day by itself gives, which tests hold it to.

mod moved;
mod stale;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use super::Asked;
use super::boundary::{Boundary, Collector};
use super::groups::{Need, Stale};
use super::past::{Leg, Past, Version, read};
use super::texts::Texts;
use crate::error::Result;
use crate::git::Commit;
use crate::history::History;
use crate::model::audit::AuditType;
use crate::program::{EvidenceFolder, Program, Refiled, Unresolved};
use crate::source::{FileId, Sources};
use crate::timeline::{
    AuditStanding, Clock, ControlStanding, EvidenceStanding, Judgement, Kept, Slot, Spoken,
};
use crate::trend::{ControlPoint, CriterionPoint, Every, Point, PolicyPoint, Seen, Standing};

use moved::Moved;

/// Rows of logs and slots of a judgement above half of what is looked at hang together with each other.
const MANY: usize = 200_000;

/// Every point; `None` where only judging each day by itself is sure to be right.
pub(super) fn points(asked: &Asked<'_>) -> Result<Option<Vec<Point>>> {
    let Some(audit) = asked.audit else { return Ok(None) };
    let Some(past) = read(asked)? else { return Ok(None) };
    let texts = Texts::new(asked.repository, asked.line);
    // Several walks side by side; the later days hold more.
    let threads = rayon::current_num_threads().clamp(1, 8);
    let bounds = parts(past.legs.len(), threads);
    let walked: Vec<Option<Vec<Point>>> =
        bounds.into_par_iter().map(|part| Walk::new(asked, audit, &past, &texts).run(part)).collect();
    // Nobody has to wait for what nobody needs any more.
    rayon::spawn(move || drop(past));
    let all: Option<Vec<Vec<Point>>> = walked.into_iter().collect();
    Ok(all.map(|parts| parts.into_iter().flatten().collect()))
}

/// Contiguous parts, shorter towards the end.
fn parts(all: usize, parts: usize) -> Vec<std::ops::Range<usize>> {
    let parts = parts.min(all.div_ceil(14)).max(1);
    let end = |nth: usize| (all as f64 * (nth as f64 / parts as f64).powf(0.8)) as usize;
    (0..parts).map(|nth| end(nth)..if nth + 1 == parts { all } else { end(nth + 1) }).collect()
}

/// A walk through some of the stops.
struct Walk<'a> {
    asked: &'a Asked<'a>,
    audit: &'a str,
    past: &'a Past,
    texts: &'a Texts<'a>,
    /// The commit whose past of policies the programme has, by its place in the line.
    since: Option<usize>,
    /// The state of each file, by index of its versions.
    now: Vec<Option<usize>>,
    /// Without evidence of groups that need no judging.
    program: Option<Program>,
    /// The folders of evidence that stand, by the number of their manifest.
    folders: Vec<Option<Known>>,
    /// The group of each control of the programme.
    group_of: Vec<u32>,
    /// How many controls of the programme are in each group.
    members: Vec<u32>,
    /// Of each control of the programme, in its order; none where nothing is kept.
    standings: Vec<Option<ControlStanding>>,
    points: Vec<Option<Arc<ControlPoint>>>,
    /// Who speaks to which criterion, until a file says something else.
    spoken: Option<Arc<Spoken>>,
    /// When designs can move next.
    designs: Boundary,
    /// By group.
    boundaries: Vec<Boundary>,
    /// Rows of logs and slots, by group.
    sizes: Vec<usize>,
    clock: Option<Clock>,
    before: Option<Standing>,
}

/// A folder of evidence that stands, as it was last looked at.
struct Known {
    /// With its artefacts.
    folder: EvidenceFolder,
    /// What it names that does not exist.
    unresolved: Vec<Unresolved>,
    /// Its own standing, and when that can move.
    standing: Option<(EvidenceStanding, Boundary)>,
}

impl Known {
    /// Its standing, if it is the same on that day.
    fn standing(&self, clock: Clock) -> Option<&EvidenceStanding> {
        let (standing, boundary) = self.standing.as_ref()?;
        (!boundary.is_reached(clock)).then_some(standing)
    }
}

impl<'a> Walk<'a> {
    fn new(asked: &'a Asked<'a>, audit: &'a str, past: &'a Past, texts: &'a Texts<'a>) -> Self {
        let groups = past.groups.len();
        Self {
            asked,
            audit,
            past,
            texts,
            since: None,
            now: vec![None; past.paths.len()],
            program: None,
            folders: std::iter::repeat_with(|| None).take(past.paths.len()).collect(),
            group_of: Vec::new(),
            members: vec![0; groups],
            standings: Vec::new(),
            points: Vec::new(),
            spoken: None,
            designs: Boundary::default(),
            boundaries: std::iter::repeat_with(Boundary::default).take(groups).collect(),
            sizes: vec![0; groups],
            clock: None,
            before: None,
        }
    }

    /// The points of some stops; `None` when the whole has to be asked after all.
    fn run(mut self, part: std::ops::Range<usize>) -> Option<Vec<Point>> {
        let mut there = false;
        for leg in self.past.legs.iter().take(part.start) {
            self.step(leg);
            there = leg.there;
        }
        let mut points = Vec::new();
        for leg in self.past.legs.get(part).unwrap_or_default() {
            points.push(self.point(leg, there)?);
            there = leg.there;
        }
        Some(points)
    }

    fn step(&mut self, leg: &Leg) {
        for one in &leg.moves {
            if let Some(now) = self.now.get_mut(one.file) {
                *now = one.version;
            }
        }
    }

    fn point(&mut self, leg: &Leg, there: bool) -> Option<Point> {
        let place = leg.stop.commit.and_then(|nth| Some((nth, *self.asked.line.get(nth)?)));
        let commit = place.map(|(_, commit)| commit);
        let id = commit.map(|commit| commit.id().into());
        let nothing = |seen| Some(Point { day: leg.stop.day, commit: id.clone(), seen, changed: Vec::new() });
        let Some((nth, commit)) = place else { return nothing(Seen::NoCommit) };
        if !leg.there {
            return nothing(Seen::NoProgramme);
        }
        let mut moved = self.moved(leg);
        // A policy may have changed and changed back between two stops.
        let other_texts = |program: &Program| self.texts.asked(nth, program) != self.since;
        if moved.all || self.program.as_ref().is_none_or(other_texts) {
            moved.all = true;
            self.rebuild(nth, commit);
        } else {
            for file in &moved.controls {
                self.rewrite(*file);
            }
            if !moved.controls.is_empty() {
                self.regroup();
            }
        }
        let files = if there { std::mem::take(&mut moved.files) } else { Vec::new() };
        let (day, seen) = self.seen(leg, commit, moved)?;
        Some(Point { day, commit: id, seen, changed: files })
    }

    fn version(&self, file: usize) -> Option<&'a Version> {
        let nth = self.now.get(file).copied().flatten()?;
        self.past.versions.get(file)?.get(nth)
    }

    /// Reads everything but evidence anew.
    fn rebuild(&mut self, nth: usize, commit: Commit) {
        let files = (0..self.past.paths.len()).filter(|file| self.past.group_of.get(*file) == Some(&None));
        let files = files.filter_map(|file| Some(self.version(file)?.read.clone())).collect();
        let tree = self.asked.repository.tree(commit);
        let mut program = Program::load(Sources::numbered(files, tree));
        program.history = History::clone(&self.texts.kept(nth, &program));
        self.since = self.texts.asked(nth, &program);
        self.program = Some(program);
        self.folders.fill_with(|| None);
        self.standings.clear();
        self.points.clear();
        self.regroup();
    }

    /// Puts the controls of one file into the programme as they are now.
    fn rewrite(&mut self, file: usize) {
        let written =
            self.version(file).and_then(|version| Some((version.read.clone(), version.written.clone()?)));
        let id = FileId(u32::try_from(file).unwrap_or(u32::MAX));
        if let Some(program) = &mut self.program {
            program.rewrite_controls(id, written);
        }
    }

    /// Brings what is kept by control into the order of the programme's controls.
    fn regroup(&mut self) {
        self.spoken = None;
        let Some(program) = &self.program else { return };
        let mut kept: BTreeMap<Box<str>, _> = BTreeMap::new();
        for (standing, point) in self.standings.drain(..).zip(self.points.drain(..)) {
            if let (Some(standing), Some(point)) = (standing, point) {
                kept.insert(point.id.clone(), (standing, point));
            }
        }
        self.group_of.clear();
        self.members.fill(0);
        for (index, control) in program.controls.iter().enumerate() {
            let id = &control.id.value.0;
            let group = self.past.groups.find(id).unwrap_or(u32::MAX);
            self.group_of.push(group);
            if let Some(members) = self.members.get_mut(group as usize) {
                *members += 1;
            }
            match kept.remove(&**id) {
                Some((mut standing, point)) => {
                    standing.control = index;
                    self.standings.push(Some(standing));
                    self.points.push(Some(point));
                }
                None => {
                    self.standings.push(None);
                    self.points.push(None);
                }
            }
        }
    }

    /// Judges a stop. `None` when there is more than can be judged apart.
    fn seen(&mut self, leg: &Leg, commit: Commit, moved: Moved) -> Option<(Date, Seen)> {
        let program = self.program.take()?;
        let recorded = commit.day(&program.zone());
        let day = if self.asked.every == Every::Commit { recorded } else { leg.stop.day };
        if !program.names.audits.contains_key(self.audit) {
            self.program = Some(program);
            self.clock = None;
            self.before = None;
            return Some((day, Seen::NoAudit));
        }
        let clock = Clock { as_of: day, recorded: Some(recorded) };
        let reworded = moved.all || !moved.controls.is_empty();
        let stale = self.stale(clock, moved);
        let (mut kept, mut was) = (Vec::new(), Vec::new());
        for (standing, group) in self.standings.drain(..).zip(&self.group_of) {
            let (stays, goes) = if stale.is(*group) { (None, standing) } else { (standing, None) };
            kept.push(stays);
            was.push(goes.filter(|_| !reworded));
        }
        let designs: Vec<_> = kept
            .iter()
            .map(|one| one.as_ref().map(|one| (one.design.clone(), one.in_place.is_some())))
            .collect();
        let mut program = program;
        if matches!(stale, Stale::All) {
            self.designs = Boundary::now();
            self.folders.iter_mut().flatten().for_each(|known| known.standing = None);
        }
        let evidence = self.refile(&mut program, &stale, clock);
        let same_designs = !self.designs.is_reached(clock);
        if !same_designs {
            let mut collector = Collector::new(clock);
            collector.designs(&program);
            self.designs = collector.finish();
        }
        let spoken = self.spoken.get_or_insert_with(|| Arc::new(Spoken::of(&program)));
        let kept = Kept { controls: kept, designs: same_designs, evidence, spoken: Some(Arc::clone(spoken)) };
        let judgement = Judgement::keeping(&program, clock, Some(self.audit), kept);
        self.keep(&judgement, clock);
        let Some(audit) = judgement.audits.iter().find(|one| one.id.as_deref() == Some(self.audit)) else {
            drop(judgement);
            self.program = Some(program);
            self.clock = None;
            return Some((day, Seen::NoAudit));
        };
        for (index, standing) in audit.controls.iter().enumerate() {
            let Some(point) = self.points.get_mut(index) else { continue };
            let kept = designs.get(index).and_then(Option::as_ref);
            let was = was.get(index).and_then(Option::as_ref);
            let same_slots = kept.is_some() || was.is_some_and(|was| same_slots(was, standing));
            let old = point.as_ref().filter(|_| same_slots);
            let same = old.is_some_and(|old| match kept {
                Some((design, in_place)) => {
                    let settles = self.group_of.get(index).is_some_and(|of| stale.of(*of) == Need::Settle);
                    *design == standing.design
                        && *in_place == standing.in_place.is_some()
                        && (!settles || old.has_states_of(standing))
                }
                None => was.is_some_and(|was| alike(was, standing)),
            });
            if !same {
                let moved = old.map(|old| old.moved_to(standing));
                *point = Some(Arc::new(moved.unwrap_or_else(|| ControlPoint::of(&judgement, standing))));
            }
        }
        self.bound(&judgement, audit, &stale, clock);
        let seen = self.standing(&judgement, audit);
        self.clock = Some(clock).filter(|_| audit.r#type == AuditType::Type2);
        let audits = judgement.audits;
        let audit = audits.into_iter().find(|one| one.id.as_deref() == Some(self.audit));
        self.standings = audit.map_or_else(Vec::new, |audit| audit.controls.into_iter().map(Some).collect());
        self.program = Some(program);
        let total: usize = self.sizes.iter().sum();
        (total < MANY).then_some((day, Seen::Standing(seen)))
    }

    /// Puts the evidence of groups that are judged again into the programme, and gives what is known of its standing.
    fn refile(&self, program: &mut Program, stale: &Stale, clock: Clock) -> Vec<Option<EvidenceStanding>> {
        let mut wanted: Vec<usize> = match stale {
            Stale::All => self.past.files_of.iter().flatten().copied().collect(),
            Stale::Some(groups) => {
                let all = self.past.files_of.iter().zip(groups).filter(|(_, need)| **need == Need::Judge);
                all.flat_map(|(files, _)| files).copied().collect()
            }
        };
        wanted.sort_unstable();
        let mut refiled = Refiled::default();
        let mut standings = Vec::new();
        for file in wanted {
            let Some(version) = self.version(file) else { continue };
            refiled.files.push((version.read.without_text(), version.filed.as_ref()));
            let known = self.folders.get(file).and_then(Option::as_ref);
            if let Some(known) = known {
                refiled.unresolved.extend(known.unresolved.iter().cloned());
                refiled.folders.push(known.folder.clone());
                standings.push(known.standing(clock).cloned());
            } else if let Some(folder) = version.filed.as_ref().and_then(|one| one.folder(version.read.id)) {
                refiled.fresh.push(refiled.folders.len());
                refiled.folders.push(folder);
                standings.push(None);
            }
        }
        program.refile(refiled);
        standings
    }

    /// Keeps what was found of folders of evidence.
    fn keep(&mut self, judgement: &Judgement<'_>, clock: Clock) {
        let mut unresolved: BTreeMap<FileId, Vec<Unresolved>> = BTreeMap::new();
        let is_new = |file: FileId| self.folders.get(file.0 as usize).is_some_and(Option::is_none);
        for one in judgement.program.unresolved.iter().filter(|one| is_new(one.at.file)) {
            unresolved.entry(one.at.file).or_default().push(one.clone());
        }
        for (folder, standing) in judgement.program.evidence.iter().zip(&judgement.evidence) {
            let file = folder.file.0 as usize;
            let dates = self.version(file).map_or(&[][..], |version| &version.dates);
            let Some(place) = self.folders.get_mut(file) else { continue };
            let known = place.get_or_insert_with(|| Known {
                folder: folder.clone(),
                unresolved: unresolved.remove(&folder.file).unwrap_or_default(),
                standing: None,
            });
            // The place of a control may change.
            if known.standing(clock).is_none() && standing.compensating.is_none() {
                let mut collector = Collector::new(clock);
                let logged =
                    folder.tables.iter().flatten().flat_map(|table| &table.dated).map(|(day, _)| day);
                dates.iter().chain(logged).for_each(|day| collector.evidence(*day, &[]));
                known.standing = Some((standing.on_its_own(), collector.finish()));
            }
        }
    }

    /// The standing of a stop; what is as before is shared with it.
    fn standing(&mut self, judgement: &Judgement<'_>, audit: &AuditStanding) -> Standing {
        let controls = self.points.iter().flatten().cloned().collect();
        let before = self.before.take();
        let (old_criteria, old_policies) =
            before.as_ref().map_or((&[][..], &[][..]), |one| (&one.criteria[..], &one.policies[..]));
        let criteria = audit
            .criteria
            .iter()
            .enumerate()
            .map(|(nth, one)| shared(old_criteria.get(nth), CriterionPoint::of(judgement, one)));
        let policies = judgement
            .policies
            .iter()
            .enumerate()
            .map(|(nth, one)| shared(old_policies.get(nth), PolicyPoint::of(judgement, one)));
        let standing = Standing { controls, criteria: criteria.collect(), policies: policies.collect() };
        self.before = Some(standing.clone());
        standing
    }
}

/// Do two standings of one control, whose file and slots are the same, give the same point?
fn alike(one: &ControlStanding, other: &ControlStanding) -> bool {
    let state = |slot: &Slot| slot.state;
    one.operation == other.operation
        && one.design == other.design
        && one.slots.iter().map(state).eq(other.slots.iter().map(state))
}

/// Have two standings of one control, whose file is the same, the same slots, be it in other states?
fn same_slots(one: &ControlStanding, other: &ControlStanding) -> bool {
    let named = |slot: &Slot| (slot.spell, slot.system, slot.due);
    one.slots.iter().map(named).eq(other.slots.iter().map(named))
}

fn shared<T: PartialEq>(old: Option<&Arc<T>>, new: T) -> Arc<T> {
    old.filter(|old| ***old == new).cloned().unwrap_or_else(|| Arc::new(new))
}
