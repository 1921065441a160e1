//! Reaching the verdicts of a bundle again from the files inside it.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

use super::artifacts::Artifacts;
use super::compare::{Compared, Difference, Subject, differences};
use super::history::Recorded;
use super::inside::{Inside, part};
use super::made::{Provenance, presence};
use super::verdicts::Verdicts;
use super::{ARTIFACTS, HISTORY, PROVENANCE, VERDICTS, VERSION};
use super::{artifacts, history, made, verdicts};
use crate::history::History;
use crate::program::Program;
use crate::text::{clip, safe};
use crate::timeline::{Clock, Judgement};

/// The files of a bundle, packed or not. Nothing in it is believed: whoever packed it may have meant harm.
pub trait Bundle: std::fmt::Debug + Send + Sync {
    /// The path and length of every file.
    fn files(&self) -> Vec<(String, u64)>;
    /// The bytes of one, in pieces; a path that is not there is not found.
    fn open(&self, path: &str) -> io::Result<Box<dyn io::Read + '_>>;
}

/// What came of reaching the verdicts again.
#[derive(Debug, Default)]
pub struct Recheck {
    pub outcome: Outcome,
    /// The version of soc2 that made the bundle, as it says.
    pub made_by: Option<String>,
    pub checked_by: &'static str,
    /// Verdicts that were reached again.
    pub criteria: usize,
    pub controls: usize,
    pub policies: usize,
    /// Of these, those that would be others without the history that the bundle records.
    pub on_history: usize,
    /// Of these, those that rest on bytes of which only what was recorded is in the bundle.
    pub on_bytes_left_out: usize,
    /// Where the bundle contradicts what it says of itself.
    pub faults: Vec<String>,
    /// What a reader should know besides.
    pub notes: Vec<String>,
    /// How many differences there are.
    pub different: usize,
    /// The first of them.
    pub differences: Vec<Difference>,
}

/// Are they the same?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    Same,
    Differs,
    /// They could not be reached again; a fault says why.
    #[default]
    NotRecomputed,
}

impl Outcome {
    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Differs => "differs",
            Self::NotRecomputed => "not-recomputed",
        }
    }
}

/// Where the files of provenance are.
const FOLDER: &str = "provenance/";

/// Differences above this are counted, not kept.
const KEPT: usize = 1_000;

impl Recheck {
    /// Are the verdicts the same, and does the bundle nowhere contradict itself?
    pub fn holds(&self) -> bool {
        self.outcome == Outcome::Same && self.faults.is_empty()
    }

    /// Nothing was reached again, and why.
    pub fn not_recomputed(faults: Vec<String>) -> Self {
        Self { checked_by: VERSION, faults, ..Self::default() }
    }
}

/// A bundle as far as it could be read.
struct Opened {
    inside: Inside,
    made: Provenance,
    clock: Clock,
    recorded: Verdicts,
}

/// Reaches the verdicts of a bundle again and compares them with those it has.
pub fn recheck(bundle: &Arc<dyn Bundle>) -> Recheck {
    match opened(bundle) {
        Ok(opened) => compared(opened),
        Err(refused) => *refused,
    }
}

/// The programme that a bundle holds, with the history that it records, as of which day and for which audit it was judged;
/// or why there is none.
pub fn reopened(bundle: &Arc<dyn Bundle>) -> Result<(Program, Clock, Option<String>), Vec<String>> {
    let Opened { inside, made, clock, .. } = opened(bundle).map_err(|refused| refused.faults)?;
    Ok((inside.program, clock, made.audit))
}

fn opened(bundle: &Arc<dyn Bundle>) -> Result<Opened, Box<Recheck>> {
    if !bundle.files().iter().any(|(path, _)| path.starts_with(FOLDER)) {
        let fault = "there is no provenance inside: the bundle is narrowed, or made for somebody who gets no verdicts";
        return Err(Box::new(Recheck::not_recomputed(vec![fault.to_owned()])));
    }
    let made = part::<Provenance>(&**bundle, PROVENANCE);
    let artifacts = part::<Artifacts>(&**bundle, ARTIFACTS);
    let recorded = part::<Verdicts>(&**bundle, VERDICTS);
    let (made, artifacts, recorded) = match (made, artifacts, recorded) {
        (Ok(made), Ok(artifacts), Ok(recorded)) => (made, artifacts, recorded),
        (made, artifacts, recorded) => {
            let faults = [made.err(), artifacts.err(), recorded.err()];
            return Err(Box::new(Recheck::not_recomputed(faults.into_iter().flatten().collect())));
        }
    };
    let other = other_format(PROVENANCE, &made.format, made::FORMAT)
        .or_else(|| other_format(ARTIFACTS, &artifacts.format, artifacts::FORMAT))
        .or_else(|| other_format(VERDICTS, &recorded.format, verdicts::FORMAT));
    let fault = match (other, made.clock()) {
        (Some(fault), _) => fault,
        (None, None) => format!("`{PROVENANCE}` names no day that was judged"),
        (None, Some(clock)) => {
            let (history, fault) = remembered(&**bundle);
            let mut inside = Inside::read(bundle, artifacts);
            inside.faults.extend(fault);
            let typed = made.implementations.iter();
            inside.program.implementations =
                typed.map(|(typed, word)| (typed.as_str().into(), presence(word))).collect();
            inside.program.history = history;
            return Ok(Opened { inside, made, clock, recorded });
        }
    };
    let refused = Recheck::not_recomputed(vec![fault]);
    Err(Box::new(Recheck { made_by: Some(version(&made)), ..refused }))
}

/// Says so where a file has another format than the one that is known.
fn other_format(path: &str, format: &str, known: &str) -> Option<String> {
    let shown = clip(&safe(format), 60);
    (format != known).then(|| format!("`{path}` has the format `{shown}`; this soc2 knows `{known}`"))
}

/// The history that a bundle records; without it nothing is remembered, and that is a fault.
fn remembered(bundle: &dyn Bundle) -> (History, Option<String>) {
    let recorded = part::<Recorded>(bundle, HISTORY).and_then(|recorded| {
        match other_format(HISTORY, &recorded.format, history::FORMAT) {
            None => recorded.history().map_err(|fault| format!("`{HISTORY}` {fault}")),
            Some(fault) => Err(fault),
        }
    });
    match recorded {
        Ok(history) => (history, None),
        Err(fault) => {
            let fault = format!("{fault}; what needs history reads unknown");
            (History::default(), Some(fault))
        }
    }
}

fn version(made: &Provenance) -> String {
    format!("{} {}", safe(&made.tool.name), safe(&made.tool.version))
}

fn compared(opened: Opened) -> Recheck {
    let Opened { mut inside, made, clock, recorded } = opened;
    let only = made.audit.as_deref();
    let judgement = Judgement::new(&inside.program, clock, only);
    let ours = Verdicts::of(&judgement);
    let contradictions = made::contradictions(&made.audits, &made::audits(&judgement));
    let left_out = on_bytes_left_out(&inside, &judgement);
    drop(judgement);
    inside.faults.extend(contradictions);
    // Once more as if nobody remembered anything: what changes rests on what was recorded of history.
    inside.program.history = History::default();
    let forgetful = Verdicts::of(&Judgement::new(&inside.program, clock, only));
    let mut on_history = BTreeSet::new();
    differences(&ours, &forgetful, Compared::States, &mut |subject, _| {
        if !matches!(subject, Subject::Audit(_) | Subject::Evidence(_)) {
            on_history.insert(subject);
        }
    });
    let same_tool = made.tool.name == "soc2" && made.tool.version == VERSION;
    let how = if same_tool { Compared::Words } else { Compared::States };
    let (mut different, mut kept) = (0, Vec::new());
    differences(&recorded, &ours, how, &mut |_, difference| {
        different += 1;
        if kept.len() < KEPT {
            kept.push(difference);
        }
    });
    Recheck {
        outcome: if different == 0 { Outcome::Same } else { Outcome::Differs },
        made_by: Some(version(&made)),
        checked_by: VERSION,
        criteria: ours.audits.iter().map(|audit| audit.criteria.len()).sum(),
        controls: ours.audits.iter().map(|audit| audit.controls.len()).sum(),
        policies: ours.policies.len(),
        on_history: on_history.len(),
        on_bytes_left_out: left_out,
        faults: std::mem::take(&mut inside.faults),
        notes: notes(&made, same_tool),
        different,
        differences: kept,
    }
}

/// How many controls, and criteria with such a control, rest on evidence whose bytes are not all inside.
fn on_bytes_left_out(inside: &Inside, judgement: &Judgement<'_>) -> usize {
    let mut count = 0;
    for audit in &judgement.audits {
        let rests: BTreeSet<usize> = audit
            .controls
            .iter()
            .filter(|control| {
                let slots = control.slots.iter();
                let mut evidence = slots.flat_map(|slot| {
                    let refused = slot.refused.iter().map(|one| one.evidence);
                    slot.filled_by
                        .iter()
                        .map(|one| one.evidence)
                        .chain(refused)
                        .chain(slot.also.iter().copied())
                });
                evidence.any(|one| inside.is_recorded(one))
            })
            .map(|control| control.control)
            .collect();
        count += rests.len();
        let rest = |controls: &[usize]| controls.iter().any(|control| rests.contains(control));
        count += audit.criteria.iter().filter(|criterion| rest(&criterion.in_place)).count();
    }
    count
}

fn notes(made: &Provenance, same_tool: bool) -> Vec<String> {
    let mut notes = Vec::new();
    if !same_tool {
        notes.push(format!(
            "made by {}, checked by soc2 {VERSION}: states are compared, words are not, and another version may judge \
             differently",
            version(made)
        ));
    }
    if made.read != "commit" {
        let dirty = if made.dirty { ", which held changes that no commit has" } else { "" };
        notes.push(format!(
            "made from {}{dirty}",
            if made.read == "index" { "the index" } else { "a work tree" }
        ));
    }
    notes
}
