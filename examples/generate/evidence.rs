//! Evidence: a manifest of about 600 bytes and an artefact of about 2 KB each; a third is late or faulty.

use std::fmt::Write as _;

use jiff::civil::Date;
use sha2::{Digest, Sha256};
use soc2::source::{hex, sha256};

use super::calendar::{self, later};
use super::controls::Control;
use super::words::{FINDINGS, SYSTEMS};
use super::{Content, Programme, Rng, Shape};

/// Large artefacts are spread over at most so many files.
const LARGE_PARTS: usize = 4;
const MEGABYTE: u64 = 1 << 20;
/// Small artefacts grow until they hold so many bytes.
const ARTIFACT_BYTES: usize = 2000;

/// What is wrong with a piece of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    Late,
    VeryLate,
    BeforeWindow,
    SelfReviewed,
    Unreviewed,
    Rejected,
    ReviewedTooEarly,
    Failed,
    ExceptionsNoted,
    NoResult,
    ArtifactChanged,
    ArtifactMissing,
    WrongLength,
    NoArtifacts,
    UnknownPerson,
    RolePerformed,
    UnknownControl,
    OtherSlot,
    WrongKind,
    NilStatement,
    NotYaml,
    UnknownKey,
    BadDate,
}

/// Faults and how often they are seen.
#[rustfmt::skip]
const FAULTS: &[(usize, Fault)] = &[
    (16, Fault::Late), (4, Fault::VeryLate), (4, Fault::BeforeWindow), (12, Fault::SelfReviewed), (12, Fault::Unreviewed), (4, Fault::Rejected),
    (3, Fault::ReviewedTooEarly), (5, Fault::Failed), (6, Fault::ExceptionsNoted), (3, Fault::NoResult), (4, Fault::ArtifactChanged),
    (3, Fault::ArtifactMissing), (2, Fault::WrongLength), (2, Fault::NoArtifacts), (4, Fault::UnknownPerson), (3, Fault::RolePerformed),
    (1, Fault::UnknownControl), (2, Fault::OtherSlot), (3, Fault::WrongKind), (3, Fault::NilStatement), (1, Fault::NotYaml),
    (2, Fault::UnknownKey), (1, Fault::BadDate),
];

/// One manifest and its artefact.
pub struct Item<'p> {
    programme: &'p Programme,
    control: &'p Control,
    number: usize,
    fault: Fault,
    folder: String,
    slot: String,
    from: Date,
    system: Option<&'static str>,
    performed: Date,
    reviewed: Date,
    rng: Rng,
}

impl<'p> Item<'p> {
    /// The `nth` manifest of a control.
    pub fn new(programme: &'p Programme, control: &'p Control, number: usize, nth: usize) -> Self {
        let mut rng = Rng::of(programme.shape.seed, 3, number);
        let fault = if rng.chance(1, 3) { rng.weighted(FAULTS) } else { Fault::None };
        let systems = control.systems.len().max(1);
        let (group, groups) = (nth / systems, control.manifests.div_ceil(systems));
        let slots = control.cadence.slots;
        let at = if groups <= slots { group * slots / groups } else { group % slots };
        let round = if groups <= slots { 0 } else { group / slots };
        let (slot, from, to) = calendar::slot(control.cadence, at);
        let system = control.systems.get(nth % systems).copied();
        let mut folder = format!("evidence/{}/{}", control.id, slot.to_lowercase());
        if let Some(system) = system {
            let _ = write!(folder, "-{system}");
        }
        if round > 0 {
            let _ = write!(folder, "-{}", round + 1);
        }
        let length = (to - from).get_days() as usize;
        let performed = match fault {
            Fault::Late => later(to, 1 + rng.below(control.cadence.grace.max(1)) as i64),
            Fault::VeryLate => later(to, 40 + rng.below(30) as i64),
            Fault::BeforeWindow => later(calendar::day(0), -5 - rng.below(60) as i64),
            _ => later(to, -(rng.below(length / 4 + 1) as i64)),
        };
        let reviewed = match fault {
            Fault::ReviewedTooEarly => later(performed, -3),
            _ => later(performed, rng.below(6) as i64),
        };
        Self { programme, control, number, fault, folder, slot, from, system, performed, reviewed, rng }
    }

    /// The day it came into the repository, within 2026.
    pub fn filed(&self) -> Date {
        self.reviewed.max(self.performed).clamp(calendar::day(20), calendar::day(364))
    }

    /// The day on which somebody changed its artefact.
    pub fn changed(&self) -> Option<Date> {
        (self.fault == Fault::ArtifactChanged).then(|| later(self.filed(), 9).min(calendar::day(364)))
    }

    /// Hands over the manifest and the artefact; `last` unless the artefact is not changed yet.
    pub fn files(&self, last: bool, take: &mut dyn FnMut(String, Content)) {
        let name = self.control.family.evidence.1;
        let artifact = self.artifact();
        let manifest = self.manifest(name, &artifact);
        take(format!("{}/manifest.yaml", self.folder), Content::Bytes(manifest.into_bytes()));
        if self.fault == Fault::ArtifactMissing {
            return;
        }
        let mut bytes = artifact.into_bytes();
        if last && self.fault == Fault::ArtifactChanged {
            bytes.extend_from_slice(b"added by hand after the review\n");
        }
        take(format!("{}/{name}", self.folder), Content::Bytes(bytes));
    }

    /// Rows of a listing, the same shape for every kind: what was seen, where, by whom, what was decided.
    fn artifact(&self) -> String {
        let mut rng = self.rng.clone();
        let mut out = String::with_capacity(ARTIFACT_BYTES + 100);
        let system = self.system.unwrap_or("register");
        out.push_str("seen,system,item,owner,state,decision,ticket\n");
        while out.len() < ARTIFACT_BYTES {
            let at = later(self.performed, -(rng.below(20) as i64));
            let owner = &self.programme.people[rng.below(self.programme.people.len())].id;
            let item = rng.next() & 0xff_ffff;
            let state = rng.pick(&["active", "idle", "stale", "new"]);
            let decision = rng.pick(&["keep", "keep", "keep", "remove", "change"]);
            let ticket = 10_000 + rng.below(80_000);
            let _ = writeln!(out, "{at},{system},{item:06x},{owner},{state},{decision},SEC-{ticket}");
        }
        out
    }

    fn manifest(&self, name: &str, artifact: &str) -> String {
        let mut rng = self.rng.clone();
        let rng = &mut rng;
        let Self { control, fault, performed, reviewed, .. } = self;
        let (performer, reviewer) = self.programme.pair(rng, *performed);
        let (kind, _, query) = control.family.evidence;
        let mut out = String::with_capacity(800);
        let mut line = |text: std::fmt::Arguments<'_>| {
            let _ = out.write_fmt(text);
            out.push('\n');
        };
        let object = control.id.replace('-', " ");
        match fault {
            Fault::NotYaml => line(format_args!("title: {}: {object}", self.slot)),
            _ => line(format_args!("title: \"{}: {object}\"", self.slot)),
        }
        match fault {
            Fault::UnknownControl => line(format_args!("controls: [{}x]", control.id)),
            _ => line(format_args!("controls: [{}]", control.id)),
        }
        match fault {
            Fault::WrongKind => line(format_args!("kind: attestation")),
            Fault::NilStatement => line(format_args!("kind: nil-statement")),
            _ => line(format_args!("kind: {kind}")),
        }
        match fault {
            Fault::BadDate => line(format_args!("performed: {{ on: 2026-02-30, by: {performer} }}")),
            Fault::UnknownPerson => line(format_args!("performed: {{ on: {performed}, by: {performer}n }}")),
            Fault::RolePerformed => {
                line(format_args!("performed: {{ on: {performed}, by: {} }}", self.programme.role(control)))
            }
            _ => line(format_args!("performed: {{ on: {performed}, by: {performer} }}")),
        }
        if *fault == Fault::OtherSlot {
            line(format_args!("slot: 2026-Q{}", 1 + self.number % 4));
        }
        if *fault == Fault::UnknownKey {
            line(format_args!("reviewer: {reviewer}"));
        }
        let summary = rng.pick(FINDINGS);
        match fault {
            Fault::NoResult => {}
            Fault::Failed => line(format_args!("result: {{ outcome: failed, summary: \"{summary}\" }}")),
            Fault::ExceptionsNoted => {
                let ticket = rng.below(9000);
                line(format_args!("result: {{ outcome: exceptions-noted, summary: \"{summary}\","));
                line(format_args!("  follow_up: [SEC-{ticket}] }}"));
            }
            _ => line(format_args!("result: {{ outcome: as-expected, summary: \"{summary}\" }}")),
        }
        let (hour, minute) = (8 + rng.below(12), rng.below(60));
        line(format_args!("collected: {{ at: {performed}T{hour:02}:{minute:02}:05Z, by: {performer} }}"));
        match fault {
            Fault::Unreviewed => {}
            _ => {
                let by = if *fault == Fault::SelfReviewed { performer } else { reviewer };
                let result = if *fault == Fault::Rejected { "rejected" } else { "accepted" };
                line(format_args!(
                    "reviewed: {{ on: {reviewed}, by: {by}, result: {result}, digest: \"{PENDING}\" }}"
                ))
            }
        }
        if *fault == Fault::NoArtifacts {
            return with_digest(out);
        }
        line(format_args!("artifacts:"));
        line(format_args!("  - path: {name}"));
        line(format_args!("    sha256: \"{}\"", hex(&sha256(artifact.as_bytes()))));
        let bytes = artifact.len() + usize::from(*fault == Fault::WrongLength);
        line(format_args!("    bytes: {bytes}"));
        if let Some(system) = self.system {
            line(format_args!("    system: {system}"));
        }
        line(format_args!("    environment: production"));
        line(format_args!("    query: \"{query}\""));
        line(format_args!("    covers: {{ from: {}, to: {} }}", self.from.min(*performed), performed));
        with_digest(out)
    }
}

/// Stands for the digest of a review until the rest of the manifest is written.
const PENDING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The manifest with the digest that its review pins.
fn with_digest(text: String) -> String {
    match soc2::program::review_digest(&text) {
        Some(digest) if text.contains(PENDING) => text.replace(PENDING, &hex(&digest.0)),
        _ => text,
    }
}

/// How many large files there are: none below a megabyte.
pub fn large_parts(shape: &Shape) -> usize {
    LARGE_PARTS.min(usize::try_from(shape.large_mb).unwrap_or(LARGE_PARTS))
}

/// A large artefact, with the manifest that holds its hash.
pub fn large(programme: &Programme, index: usize, take: &mut dyn FnMut(String, Content)) {
    let shape = &programme.shape;
    let parts = large_parts(shape) as u64;
    let total = shape.large_mb * MEGABYTE;
    let bytes = total / parts + if index == 0 { total % parts } else { 0 };
    let seed = Rng::of(shape.seed, 4, index).next();
    let mut hash = Sha256::new();
    log(seed, bytes, &mut |block| {
        hash.update(block);
        Ok(())
    })
    .unwrap_or_default();
    let control = &programme.controls[0];
    let mut rng = Rng::of(shape.seed, 5, index);
    let on = calendar::day(290);
    let (performer, reviewer) = programme.pair(&mut rng, on);
    let folder = format!("evidence/{}/large-{}", control.id, index + 1);
    let manifest = with_digest(format!(
        "title: \"Full audit log of {system}, part {part} of {parts}\"\ncontrols: [{id}]\nkind: log-extract\n\
         performed: {{ on: {on}, by: {performer} }}\n\
         result: {{ outcome: as-expected, summary: \"complete export, no gaps\" }}\n\
         reviewed: {{ on: {on}, by: {reviewer}, result: accepted, digest: \"{PENDING}\" }}\nartifacts:\n  - path: audit.log\n    \
         sha256: \"{hash}\"\n    bytes: {bytes}\n    system: {system}\n",
        system = SYSTEMS[index].0,
        part = index + 1,
        id = control.id,
        hash = hex(&hash.finalize()),
    ));
    take(format!("{folder}/manifest.yaml"), Content::Bytes(manifest.into_bytes()));
    take(format!("{folder}/audit.log"), Content::Log(seed, bytes));
}

/// Streams so many bytes of log lines, in blocks.
pub fn log(seed: u64, bytes: u64, take: &mut dyn FnMut(&[u8]) -> std::io::Result<()>) -> std::io::Result<()> {
    let mut rng = Rng::of(seed, 6, 0);
    let mut block = String::with_capacity(80 << 10);
    let mut left = bytes;
    let mut second = 0;
    while left > 0 {
        block.clear();
        while block.len() < 64 << 10 {
            second += rng.below(3);
            let (a, b) = (rng.next(), rng.next());
            let _ = writeln!(
                block,
                "t+{second} actor={:08x} request={b:016x} source=10.{}.{}.{} action=read status=200",
                a >> 32,
                a & 255,
                (a >> 8) & 255,
                (a >> 16) & 255
            );
        }
        let n = left.min(block.len() as u64);
        take(&block.as_bytes()[..usize::try_from(n).unwrap_or(block.len())])?;
        left -= n;
    }
    Ok(())
}
