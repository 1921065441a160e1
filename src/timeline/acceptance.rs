//! Whether a piece of evidence can be accepted at all: what is wrong with its dates, people, bytes and review. What
//! depends on the control (kind, result, whether a review is needed) is judged beside it. Levels and waivers are
//! unknown here: they never change acceptance.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rayon::prelude::*;

use super::flaw::Flaw;
use super::log::LogFile;
use super::occurrence::{self, Occurrence, is_log, occurrences};
use super::{Clock, Settings, people, population};
use crate::model::control::Review;
use crate::model::evidence::{Artifact, Outcome, Reviewed, Verdict};
use crate::model::{Control, ControlType, Evidence, EvidenceKind};
use crate::program::{EvidenceFolder, Program};
use crate::source::Body;

/// What is known of a piece of evidence before any control looks at it.
#[derive(Clone, Debug, Default)]
pub struct EvidenceStanding {
    /// Why no control can accept it, in a fixed order.
    pub flaws: Vec<Flaw>,
    /// The flaws of its review that stand in the way where a review is needed; without any, another person accepted it.
    pub review: Vec<Flaw>,
    /// The control that a reviewer of a small team named instead of a second person, by index.
    pub compensating: Option<usize>,
    /// Everything it shows is dated after the as-of day, on a day when that may be right.
    pub out_of_view: bool,
}

/// What the verdict on each piece of evidence needs to know of the whole.
pub(super) struct Ground<'p> {
    pub(super) program: &'p Program,
    pub(super) clock: Clock,
    pub(super) zone: TimeZone,
    small_team: usize,
    /// For each piece of evidence, those that follow up its open result.
    pub(super) follow_ups: BTreeMap<usize, Vec<usize>>,
    /// Rows of the exceptions register, by control.
    pub(super) exceptions: BTreeMap<&'p str, Vec<usize>>,
    /// The exceptions register could not be read whole.
    pub(super) exceptions_unread: bool,
    /// Files whose reading found faults.
    faulty: Vec<crate::source::FileId>,
}

impl EvidenceStanding {
    /// As it would be if nothing took its place.
    #[must_use]
    pub fn on_its_own(&self) -> Self {
        let mut own = self.clone();
        own.flaws.retain(|flaw| !matches!(flaw, Flaw::Superseded(_)));
        own
    }
}

impl<'p> Ground<'p> {
    pub(super) fn new(program: &'p Program, clock: Clock, settings: &Settings) -> Self {
        let mut faulty: Vec<_> = program
            .diagnostics
            .iter()
            .filter(|fault| !matches!(fault.rule, "byte-order-mark" | "crlf-line-endings"))
            .map(|fault| fault.at.file)
            .chain(program.unresolved.iter().map(|reference| reference.at.file))
            .collect();
        faulty.sort_unstable();
        faulty.dedup();
        Self {
            program,
            clock,
            zone: program.zone(),
            small_team: settings.small_team,
            follow_ups: follow_ups(program),
            exceptions: exceptions(program),
            exceptions_unread: program.may_be_defined_in_unread("registers/exceptions"),
            faulty,
        }
    }

    /// The standing of every piece of evidence, in the programme's order; some, by index, may be known.
    pub(super) fn stand(&self, mut known: Vec<Option<EvidenceStanding>>) -> Vec<EvidenceStanding> {
        known.resize_with(self.program.evidence.len(), || None);
        let unknown: Vec<_> = known.iter_mut().zip(&self.program.evidence).collect();
        let unknown = unknown.into_par_iter().filter(|(known, _)| known.is_none());
        unknown.for_each(|(known, folder)| *known = Some(self.one(folder)));
        let mut standings: Vec<_> = known.into_iter().map(Option::unwrap_or_default).collect();
        for (old, by) in self.superseded(&standings) {
            if let Some(standing) = standings.get_mut(old) {
                standing.flaws.push(Flaw::Superseded(by));
                standing.flaws.sort();
            }
        }
        standings
    }

    fn one(&self, folder: &EvidenceFolder) -> EvidenceStanding {
        let manifest = &*folder.manifest;
        let found = occurrences(folder, &self.zone);
        let mut flaws = Vec::new();
        if self.faulty.binary_search(&folder.file).is_ok() {
            flaws.push(Flaw::Misread);
        }
        self.dates(manifest, &found, &mut flaws);
        self.performers(&found, &mut flaws);
        self.artifacts(folder, &mut flaws);
        if manifest.is_only(EvidenceKind::Attestation) {
            flaws.push(Flaw::InquiryOnly);
        }
        let (review, compensating) = self.review(folder, &found);
        // A review that says no counts also where none is needed.
        let said_no = |flaw: &&Flaw| matches!(flaw, Flaw::ReviewRejected | Flaw::ChangedSinceReview);
        flaws.extend(review.iter().filter(said_no).cloned());
        flaws.sort();
        flaws.dedup();
        let out_of_view = !found.is_empty() && found.iter().all(|one| self.later(one.on));
        EvidenceStanding { flaws, review, compensating, out_of_view }
    }

    /// Is the day after as-of, and may it be so?
    pub(super) fn later(&self, day: Date) -> bool {
        day > self.clock.as_of && self.clock.recorded.is_none_or(|recorded| day <= recorded)
    }

    fn dates(&self, manifest: &Evidence, found: &[Occurrence<'_>], flaws: &mut Vec<Flaw>) {
        if found.is_empty() {
            flaws.push(Flaw::NoPerformance);
        }
        let collected = manifest.collected.as_ref().and_then(|collected| collected.day(&self.zone));
        let last = found.iter().map(|one| one.on).max();
        if let Some(recorded) = self.clock.recorded {
            let future = last.into_iter().chain(collected).filter(|day| *day > recorded).max();
            flaws.extend(future.map(Flaw::InFuture));
        }
        let moment = manifest.performed.as_ref().and_then(|p| p.at.as_ref());
        let before = match (moment.filter(|_| manifest.occurrences.is_none()), &manifest.collected) {
            (Some(at), Some(collected)) if collected.at.is_some() => {
                collected.at.as_ref().is_some_and(|taken| taken.value < at.value)
            }
            _ => collected.zip(last).is_some_and(|(collected, last)| collected < last),
        };
        if before {
            flaws.push(Flaw::CollectedBeforePerformed);
        }
    }

    fn performers(&self, found: &[Occurrence<'_>], flaws: &mut Vec<Flaw>) {
        let mut last: Option<(&str, Date)> = None;
        for one in found {
            let Some(name) = one.by else { continue };
            if last == Some((name, one.on)) {
                continue;
            }
            last = Some((name, one.on));
            match self.program.person(name).and_then(|index| self.program.registers.people.get(index)) {
                None => flaws.push(Flaw::PerformerUnknown(name.into())),
                Some(person) if !people::employed(person, one.on) => {
                    flaws.push(Flaw::PerformerNotEmployed(name.into(), one.on));
                }
                Some(_) => {}
            }
            if flaws.len() > 20 {
                return;
            }
        }
    }

    fn artifacts(&self, folder: &EvidenceFolder, flaws: &mut Vec<Flaw>) {
        let manifest = &*folder.manifest;
        if manifest.artifacts.is_empty() {
            flaws.push(Flaw::NoArtifacts);
        }
        for (artifact, file) in manifest.artifacts.iter().zip(folder.files.iter()) {
            let name =
                || artifact.path.as_ref().or(artifact.url.as_ref()).map_or("", |text| &*text.value).into();
            let Some(recorded) = &artifact.sha256 else {
                flaws.push(Flaw::ArtifactWithoutHash(name()));
                continue;
            };
            let body = file.map(|file| &self.program.sources.file(file).body);
            match body {
                None if artifact.path.is_none() && artifact.url.is_some() => {
                    flaws.push(Flaw::ArtifactNotHere(name()));
                }
                Some(Body::Artifact(facts)) if facts.lfs.is_some() => {
                    flaws.push(Flaw::ArtifactNotHere(name()))
                }
                Some(Body::Artifact(facts)) if facts.bytes == 0 => flaws.push(Flaw::ArtifactEmpty(name())),
                Some(Body::Artifact(facts)) => {
                    let same_length = artifact.bytes.as_ref().is_none_or(|bytes| bytes.value == facts.bytes);
                    if facts.sha256 != recorded.value.0 || !same_length {
                        flaws.push(Flaw::ArtifactChanged(name()));
                    }
                }
                _ => flaws.push(Flaw::ArtifactMissing(name())),
            }
            if let Some(environment) = artifact.environment.as_ref().filter(|text| !is_production(text)) {
                flaws.push(Flaw::NotProduction(environment.value.clone()));
            }
        }
        for file in population::of(folder) {
            let name = || Box::from(file.name());
            // Of bytes that are not here nothing more is known.
            let away = flaws.contains(&Flaw::ArtifactNotHere(name()));
            let of_rows = |flaw: &population::Flaw| !(away && *flaw == population::Flaw::Unreadable);
            let found: Vec<_> = file.flaws().into_iter().filter(of_rows).collect();
            flaws.extend(found.into_iter().map(|flaw| Flaw::Population(name(), flaw)));
            if file.ahead_of_collection(&self.zone).is_some() {
                flaws.push(Flaw::CoversAfterCollected(name()));
            }
        }
        if is_log(manifest) {
            let log =
                LogFile::of(folder).filter(|log| log.is_sound() || log.table.is_none() && log.file.is_none());
            let name = manifest.log().and_then(|log| log.artifact.as_ref()).map_or("", |name| &*name.value);
            flaws.extend(log.is_none().then(|| Flaw::Log(name.into())));
        }
    }

    /// What is wrong with its review as seen on the day; and the compensating control of a small team.
    fn review<'f>(&self, folder: &'f EvidenceFolder, found: &[Occurrence<'_>]) -> (Vec<Flaw>, Option<usize>) {
        let whole = |reviewed: &'f Reviewed| {
            Some((reviewed, reviewed.by.as_ref()?, reviewed.on.as_ref()?, reviewed.result.as_ref()?))
        };
        let Some((reviewed, by, on, result)) = folder.manifest.reviewed.as_ref().and_then(whole) else {
            return (vec![Flaw::NoReview], None);
        };
        if self.later(on.value) {
            return (vec![Flaw::ReviewedLater(on.value)], None);
        }
        let mut flaws = Vec::new();
        if self.clock.recorded.is_some_and(|recorded| on.value > recorded) {
            flaws.push(Flaw::InFuture(on.value));
        }
        if result.value == Verdict::Rejected {
            flaws.push(Flaw::ReviewRejected);
        }
        if found.iter().any(|one| one.on > on.value) {
            flaws.push(Flaw::ReviewedBeforePerformed);
        }
        if reviewed.digest.as_ref().is_some_and(|pinned| folder.digest != Some(pinned.value)) {
            flaws.push(Flaw::ChangedSinceReview);
        }
        let reviewer = self.program.person(by);
        let mut compensating = None;
        match reviewer.and_then(|index| self.program.registers.people.get(index)) {
            None => flaws.push(Flaw::ReviewerUnknown(by.value.0.clone())),
            Some(person) => {
                if people::is_bot(person) {
                    flaws.push(Flaw::ReviewerIsBot(by.value.0.clone()));
                }
                if !people::employed(person, on.value) {
                    flaws.push(Flaw::ReviewerNotEmployed(by.value.0.clone(), on.value));
                }
                let manifest = &*folder.manifest;
                let performed = manifest.performed.as_ref().and_then(|performed| performed.by.as_ref());
                let collected = manifest.collected.as_ref().and_then(|collected| collected.by.as_ref());
                let is_own = |name: &str| self.program.person(name) == reviewer;
                if collected.is_some_and(|name| is_own(name)) {
                    flaws.push(Flaw::CollectorReviewed(by.value.0.clone()));
                }
                if found.iter().filter_map(|one| one.by).any(is_own)
                    || performed.is_some_and(|name| is_own(name))
                {
                    flaws.push(Flaw::SelfReview(by.value.0.clone()));
                    let control = reviewed.compensating.as_ref();
                    let control =
                        control.and_then(|id| self.program.names.controls.get(&*id.value.0).copied());
                    compensating =
                        control.filter(|_| people::head_count(self.program, on.value) < self.small_team);
                }
            }
        }
        (flaws, compensating)
    }

    /// For each piece of evidence that another takes the place of, that other one. What no control accepts takes no
    /// place, nor does evidence of another control: else a line would be enough to take a record out.
    fn superseded(&self, standings: &[EvidenceStanding]) -> BTreeMap<usize, usize> {
        let program = self.program;
        let ids = || program.evidence.iter().enumerate();
        if ids().all(|(_, folder)| folder.manifest.supersedes.is_empty()) {
            return BTreeMap::new();
        }
        let index: BTreeMap<&str, usize> =
            ids().map(|(i, folder)| (program.evidence_id(folder), i)).collect();
        let mut map = BTreeMap::new();
        for ((by, folder), standing) in ids().zip(standings) {
            if folder.manifest.supersedes.is_empty() || !standing.flaws.is_empty() {
                continue;
            }
            let accepting: BTreeSet<usize> = self
                .controls(folder)
                .filter(|control| self.is_accepted_by(*control, folder, standing))
                .collect();
            for old in folder.manifest.supersedes.iter().filter_map(|id| index.get(&*id.value.0)) {
                let before = program.evidence.get(*old).filter(|_| *old != by);
                if before.is_some_and(|before| self.controls(before).any(|one| accepting.contains(&one))) {
                    map.entry(*old).or_insert(by);
                }
            }
        }
        map
    }

    /// The controls that a manifest names, by index.
    fn controls<'f>(&'f self, folder: &'f EvidenceFolder) -> impl Iterator<Item = usize> + 'f {
        let controls = &self.program.names.controls;
        folder.manifest.controls.iter().filter_map(|id| controls.get(&*id.value.0).copied())
    }

    /// Can the control accept anything that the manifest, which is sound in itself, shows?
    fn is_accepted_by(&self, index: usize, folder: &EvidenceFolder, standing: &EvidenceStanding) -> bool {
        let Some(control) = self.program.controls.get(index) else { return false };
        let made_up_for =
            |flaw: &Flaw| matches!(flaw, Flaw::SelfReview(_)) && standing.compensating.is_some();
        if needs_review(control) && !standing.review.iter().all(made_up_for) {
            return false;
        }
        let manifest = &*folder.manifest;
        let asks_system = !control.systems.is_empty() && !control.is_event();
        let unnamed = asks_system && occurrence::systems(manifest).is_empty();
        occurrences(folder, &self.zone).iter().any(|one| {
            let left_out = self.later(one.on) || unnamed && one.system.is_none();
            !left_out && for_control(self.program, control, manifest, one).is_empty()
        })
    }
}

/// For each control, its rows of the exceptions register.
fn exceptions(program: &Program) -> BTreeMap<&str, Vec<usize>> {
    let mut map: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, row) in program.registers.exceptions.iter().enumerate() {
        if let Some(control) = &row.control {
            map.entry(&control.value.0).or_default().push(index);
        }
    }
    map
}

/// For each piece of evidence, others that name it as followed up, or that it names; as expected themselves.
fn follow_ups(program: &Program) -> BTreeMap<usize, Vec<usize>> {
    let ids = || program.evidence.iter().enumerate();
    let names = |folder: &EvidenceFolder| {
        let result = folder.manifest.result.as_ref();
        !folder.manifest.follows_up.is_empty() || result.is_some_and(|result| !result.follow_up.is_empty())
    };
    if !ids().any(|(_, folder)| names(folder)) {
        return BTreeMap::new();
    }
    let index: BTreeMap<&str, usize> = ids().map(|(i, folder)| (program.evidence_id(folder), i)).collect();
    let expected = |index: &usize| {
        let result = program.evidence.get(*index).and_then(|folder| folder.manifest.result.as_ref());
        result.and_then(|result| result.outcome.as_ref()).is_none_or(|is| is.value == Outcome::AsExpected)
    };
    let mut map: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (own, folder) in ids() {
        let older = folder.manifest.follows_up.iter().filter_map(|id| index.get(&*id.value.0));
        for older in older.filter(|_| expected(&own)) {
            map.entry(*older).or_default().push(own);
        }
        let named = folder.manifest.result.iter().flat_map(|result| &result.follow_up);
        for newer in named.filter_map(|id| index.get(id.trim())).filter(|newer| expected(newer)) {
            map.entry(own).or_default().push(*newer);
        }
    }
    for (own, by) in &mut map {
        by.retain(|one| one != own);
        by.sort_unstable();
        by.dedup();
    }
    map
}

impl super::Judgement<'_> {
    /// What a review says: `accepted`; `accepted, after the as-of day`.
    pub fn review_words(&self, reviewed: &Reviewed) -> String {
        let result = reviewed.result.as_ref().map_or("", |result| result.value.word());
        let after = reviewed.on.as_ref().is_some_and(|on| on.value > self.as_of);
        let said = [result, if after { "after the as-of day" } else { "" }];
        said.into_iter().filter(|said| !said.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

/// Is that the name of the production environment?
pub fn is_production(environment: &str) -> bool {
    let name = environment.trim();
    name.eq_ignore_ascii_case("production") || name.eq_ignore_ascii_case("prod")
}

/// Must another person accept the evidence of a control?
pub fn needs_review(control: &Control) -> bool {
    match control.review.as_ref().map(|review| review.value) {
        Some(review) => review == Review::Required,
        None => control.control_type() != ControlType::Automated,
    }
}

/// What stands in the way for this control alone: kind, result, performer.
pub(super) fn for_control(
    program: &Program,
    control: &Control,
    manifest: &Evidence,
    one: &Occurrence<'_>,
) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let by_people = control.control_type() != ControlType::Automated;
    if let Some(kind) =
        manifest.kind.as_ref().map(|kind| kind.value).filter(|kind| !asks_for(control, *kind, manifest))
    {
        flaws.push(Flaw::OtherKind(kind));
    }
    let policy = EvidenceKind::PolicyVersion;
    if manifest.is_only(policy)
        && !control.evidence_required.iter().any(|one| one.kind.as_ref().is_some_and(|k| k.value == policy))
    {
        flaws.push(Flaw::DesignOnly);
    }
    if by_people && one.outcome.is_none() {
        flaws.push(Flaw::NoResult);
    }
    match one.by {
        None if by_people => flaws.push(Flaw::NoPerformer),
        Some(name) if by_people => {
            let person = program.person(name).and_then(|index| program.registers.people.get(index));
            if person.is_some_and(people::is_bot) {
                flaws.push(Flaw::BotPerformed(name.into()));
            }
        }
        _ => {}
    }
    flaws
}

/// Is the manifest, or one of its artefacts, of a kind that the control asks for? Without a list any kind will do.
fn asks_for(control: &Control, kind: EvidenceKind, manifest: &Evidence) -> bool {
    let asked: Vec<EvidenceKind> =
        control.evidence_required.iter().filter_map(|one| one.kind.as_ref()).map(|kind| kind.value).collect();
    let own = |artifact: &Artifact| artifact.kind.as_ref().map(|kind| kind.value);
    asked.is_empty()
        // What happened, or that nothing did, is asked of every event control.
        || (control.is_event()
            && (kind == EvidenceKind::NilStatement
                || manifest.artifacts.iter().any(|artifact| artifact.population.is_some())))
        || asked.contains(&kind)
        || manifest.artifacts.iter().filter_map(own).any(|kind| asked.contains(&kind))
}
