//! What `soc2 check` says: diagnostics with their levels, gaps with their waivers, in one stable order.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Level};
use crate::gap::{Class, Gap};
use crate::model::Status;
use crate::program::Program;
use crate::rules;
use crate::source::FileId;
use crate::text::safe;
use crate::timeline::Judgement;

/// Everything there is to say about a programme on a day.
#[derive(Debug)]
pub struct Report {
    /// At level warn or deny, by path, place and rule.
    pub diagnostics: Vec<Reported>,
    /// By class, rule and subject.
    pub gaps: Vec<Gap>,
    /// Diagnostics that comments mute.
    pub ignored: usize,
}

/// A diagnostic at the level that this programme gives it.
#[derive(Debug)]
pub struct Reported {
    pub level: Level,
    pub diagnostic: Diagnostic,
}

impl std::ops::Deref for Reported {
    type Target = Diagnostic;

    fn deref(&self) -> &Diagnostic {
        &self.diagnostic
    }
}

impl Report {
    /// Runs every rule over a judgement.
    pub fn new(judgement: &Judgement<'_>) -> Self {
        let program = judgement.program;
        let mut found = program.diagnostics.clone();
        found.extend(rules::faults(program));
        found.sort_by(|a, b| (a.at, a.rule, &a.message).cmp(&(b.at, b.rule, &b.message)));
        found.dedup();
        let found = first_of_each(found);
        let (mut kept, ignored, unused) = without_ignored(program, found);
        kept.extend(unused);
        kept.sort_by(|a, b| (a.at, a.rule).cmp(&(b.at, b.rule)));
        let diagnostics = kept.into_iter().filter_map(|diagnostic| {
            let level = level(program, diagnostic.rule);
            (level > Level::Allow).then_some(Reported { level, diagnostic })
        });
        let mut gaps = rules::gaps(judgement);
        gaps.sort_by(|a, b| order(program, a, b));
        for gap in &mut gaps {
            gap.waiver = waiver(judgement, gap);
        }
        Self { diagnostics: diagnostics.collect(), gaps, ignored }
    }

    /// How many diagnostics stand at a level.
    pub fn count(&self, level: Level) -> usize {
        self.diagnostics.iter().filter(|d| d.level == level).count()
    }

    /// Gaps of a class that no waiver lets through.
    pub fn open(&self, class: Class) -> impl Iterator<Item = &Gap> {
        self.gaps.iter().filter(move |gap| gap.class == class && gap.waiver.is_none())
    }

    /// Should `soc2 check` exit with 1?
    pub fn fails(&self, strict: bool) -> bool {
        self.count(Level::Deny) > 0 || (strict && self.open(Class::Blocking).next().is_some())
    }
}

/// Worst class first, then by rule, audit and subject; criteria in their framework's order.
fn order(program: &Program, a: &Gap, b: &Gap) -> Ordering {
    let criterion = |gap: &Gap| match gap.subject.kind {
        "criterion" => program.criterion(&gap.subject.id).ok(),
        _ => None,
    };
    let kind = (a.class, a.rule, &a.audit).cmp(&(b.class, b.rule, &b.audit));
    kind.then_with(|| criterion(a).cmp(&criterion(b)))
        .then_with(|| a.subject.cmp(&b.subject))
        .then_with(|| (&a.slot, &a.system, a.at, &a.message).cmp(&(&b.slot, &b.system, b.at, &b.message)))
}

/// The level `soc2.toml` gives a rule, else its own. A rule that is not registered denies.
fn level(program: &Program, rule: &str) -> Level {
    let config = program.config.as_ref().and_then(|config| config.check.as_ref());
    let set = config.and_then(|check| check.levels.get(rule)).and_then(|level| Level::parse(level));
    set.or_else(|| rules::find(rule)?.level()).unwrap_or(Level::Deny)
}

/// Diagnostics of one rule in one file above this are counted, not listed: a file that is all faults is one fault.
const MOST: usize = 200;

/// Keeps the first faults of each rule in each file; the last one kept says how many more there are.
fn first_of_each(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut counts: BTreeMap<(FileId, &str), usize> = BTreeMap::new();
    for diagnostic in &found {
        *counts.entry((diagnostic.at.file, diagnostic.rule)).or_default() += 1;
    }
    let mut seen: BTreeMap<(FileId, &str), usize> = BTreeMap::new();
    let mut kept = Vec::new();
    for mut diagnostic in found {
        let key = (diagnostic.at.file, diagnostic.rule);
        let nth = seen.entry(key).or_default();
        *nth += 1;
        let more = counts.get(&key).map_or(0, |count| count.saturating_sub(MOST));
        if *nth == MOST && more > 0 {
            diagnostic.message = format!("{} (and {more} more like it in this file)", diagnostic.message);
        }
        if *nth <= MOST {
            kept.push(diagnostic);
        }
    }
    kept
}

/// Takes out what comments mute; tells comments that mute nothing.
fn without_ignored(program: &Program, found: Vec<Diagnostic>) -> (Vec<Diagnostic>, usize, Vec<Diagnostic>) {
    let mut used = vec![false; program.ignores.len()];
    let before = found.len();
    let kept: Vec<Diagnostic> = found
        .into_iter()
        .filter(|diagnostic| {
            let mut muted = false;
            for (i, ignore) in program.ignores.iter().enumerate() {
                if ignore.rule == diagnostic.rule && !ignore.reason.is_empty() && ignore.covers(diagnostic.at)
                {
                    used[i] = true;
                    muted = true;
                }
            }
            !muted
        })
        .collect();
    let idle = program.ignores.iter().zip(used).filter(|(ignore, used)| !used && !ignore.reason.is_empty());
    let known =
        idle.filter(|(ignore, _)| rules::find(&ignore.rule).is_some_and(|rule| rule.level().is_some()));
    let unused = known
        .map(|(ignore, _)| {
            let message = format!("this comment mutes no `{}`", safe(&ignore.rule));
            Diagnostic::new("unused-ignore", ignore.at, message).help("delete the comment")
        })
        .collect();
    let ignored = before - kept.len();
    (kept, ignored, unused)
}

/// The waiver that lets a gap through on the judged day.
fn waiver(judgement: &Judgement<'_>, gap: &Gap) -> Option<String> {
    let waivers = &judgement.program.registers.waivers;
    let found = waivers.iter().find(|waiver| {
        let same = |typed: Option<&str>, actual: Option<&str>| match typed {
            Some(typed) => actual.is_some_and(|actual| actual.eq_ignore_ascii_case(typed)),
            None => true,
        };
        let approved = waiver.approved.as_ref().and_then(|act| act.on.as_ref()).map(|on| on.value);
        let expires = waiver.expires.as_ref().map(|on| on.value);
        waiver.rule.as_ref().is_some_and(|rule| *rule.value == *gap.rule)
            && waiver.subject.as_ref().is_some_and(|subject| *subject.value == *gap.subject.id)
            && same(waiver.slot.as_ref().map(|t| &*t.value), gap.slot.as_deref())
            && same(waiver.system.as_ref().map(|r| &*r.value.0), gap.system.as_deref())
            && same(waiver.audit.as_ref().map(|r| &*r.value.0), gap.audit.as_deref())
            && approved.is_some_and(|on| on <= judgement.as_of)
            && expires.is_some_and(|on| on >= judgement.as_of)
    });
    found.map(|waiver| waiver.id.to_string())
}

/// How many controls claim each status.
pub fn controls_by_status(program: &Program) -> [(Status, usize); 4] {
    [Status::Draft, Status::Planned, Status::Implemented, Status::Retired]
        .map(|status| (status, program.controls.iter().filter(|c| c.status() == status).count()))
}
