//! What a change means, as a list: one line each, worst first, with its place and what to do. The list may hold more than
//! changes of records; whoever gates a pull request adds what it finds.

pub mod human;
pub mod json;
pub mod markdown;

use std::collections::BTreeMap;

use crate::change::{Change, Effect, Place};
use crate::gap::Subject;
use crate::program::Program;
use crate::text::count;

/// Two states and what changed between them.
pub struct View<'v> {
    pub before: &'v Program,
    pub after: &'v Program,
    pub changes: &'v [Change],
    /// What was read before: `commit 3fa9c1e`.
    pub from: String,
    /// What was read after: `work tree`.
    pub to: String,
}

/// Where the reader should look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Below the programme's root.
    pub path: String,
    pub line: usize,
    pub column: usize,
    /// It stands in the state before only.
    pub gone: bool,
}

/// One entry of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub effect: Effect,
    /// The kind of change, or the rule of a gap or diagnostic.
    pub name: &'static str,
    pub subject: Subject,
    pub spot: Option<Spot>,
    pub message: String,
    pub help: Option<String>,
    /// It says that something is not known.
    pub unknown: bool,
}

/// The list, with what it compares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub from: String,
    pub to: String,
    /// From the git root to the programme's root, `/` at its end unless empty: code hosts want paths from there.
    pub prefix: String,
    /// Worst first.
    pub lines: Vec<Line>,
    /// Sentences for the end: what else there is, how to see the same here.
    pub notes: Vec<String>,
}

impl View<'_> {
    /// The changes as a list.
    pub fn page(&self) -> Page {
        let lines = self.changes.iter().map(|change| {
            let (program, at, gone) = match change.place {
                Place::Before(at) => (self.before, at, true),
                Place::After(at) => (self.after, at, false),
            };
            let position = program.sources.position(at);
            let path = program.sources.path(at.file).to_owned();
            Line {
                effect: change.kind.effect,
                name: change.kind.name,
                subject: change.subject.clone(),
                spot: Some(Spot { path, line: position.line, column: position.column, gone }),
                message: change.message.clone(),
                help: change.help.clone(),
                unknown: change.is_unknown(),
            }
        });
        Page {
            from: self.from.clone(),
            to: self.to.clone(),
            prefix: String::new(),
            lines: lines.collect(),
            notes: Vec::new(),
        }
    }
}

impl Page {
    /// How many entries have an effect.
    pub fn count(&self, effect: Effect) -> usize {
        self.lines.iter().filter(|line| line.effect == effect).count()
    }

    /// `this change weakens the programme (2), repairs 1, tells 3 things`.
    pub fn headline(&self) -> String {
        let mut said = Vec::new();
        let unknown = self.lines.iter().filter(|line| line.unknown).count();
        match self.count(Effect::Regression) {
            0 if unknown > 0 => {}
            0 => said.push("weakens nothing".to_owned()),
            n => said.push(format!("weakens the programme ({n})")),
        }
        if unknown > 0 {
            said.push(format!("cannot be judged in {}", count(unknown, "file")));
        }
        let others = [(Effect::Repair, "repairs"), (Effect::Disclosure, "makes known")];
        for (effect, verb) in others {
            let n = self.count(effect) - if effect == Effect::Disclosure { unknown } else { 0 };
            if n > 0 {
                said.push(format!("{verb} {n}"));
            }
        }
        match self.count(Effect::Edit) {
            0 => {}
            n => said.push(format!("has {}", count(n, "other edit"))),
        }
        if self.lines.is_empty() {
            "this change means nothing for the programme".to_owned()
        } else {
            format!("this change {}", said.join(", "))
        }
    }

    /// Entries of one effect, by name, in order: those that are listed, and how many more there are.
    fn folded(&self, effect: Effect, most: usize) -> Vec<(Vec<&Line>, usize)> {
        let mut order: Vec<&'static str> = Vec::new();
        let mut groups: BTreeMap<&'static str, Vec<&Line>> = BTreeMap::new();
        for line in self.lines.iter().filter(|line| line.effect == effect) {
            let group = groups.entry(line.name).or_default();
            if group.is_empty() {
                order.push(line.name);
            }
            group.push(line);
        }
        let fold = |name: &'static str| {
            let mut group = groups.get(name).cloned().unwrap_or_default();
            let more = group.len().saturating_sub(most);
            group.truncate(most);
            (group, more)
        };
        order.into_iter().map(fold).collect()
    }
}

/// The sign of an effect.
pub fn sign(effect: Effect) -> char {
    match effect {
        Effect::Regression => '✗',
        Effect::Disclosure => '·',
        Effect::Repair => '✓',
        Effect::Edit => '~',
    }
}

/// The heading of an effect's entries.
fn heading(effect: Effect) -> &'static str {
    match effect {
        Effect::Regression => "Weakened",
        Effect::Disclosure => "Now known (never fails)",
        Effect::Repair => "Repaired",
        Effect::Edit => "Other edits",
    }
}
