//! What falls due, is late or was missed, and whose it is. Nothing is judged here: slots, policies and remarks come from
//! the judgement, the other days from the registers, with the reasons that the judgement gives.

pub mod human;
pub mod ics;
pub mod json;
pub mod markdown;
mod records;
mod slots;
mod vendors;
mod who;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;

pub use who::Who;

use crate::text::{safe, word};
use crate::timeline::calendar::moved;
use crate::timeline::{AuditStanding, Judgement};

/// How something stands on the as-of day, the most pressing first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Its grace is over and nothing can change that any more.
    Missed,
    /// Its last day is over and it can still be mended.
    Overdue,
    /// Its day is over and its grace runs.
    Late,
    /// Its day is still to come.
    Due,
    /// It waits and has no last day.
    Open,
}

impl State {
    /// The states that are counted, in order.
    pub const ALL: [Self; 5] = [Self::Missed, Self::Overdue, Self::Late, Self::Due, Self::Open];

    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missed => "missed",
            Self::Overdue => "overdue",
            Self::Late => "late",
            Self::Due => "due",
            Self::Open => "open",
        }
    }
}

/// What kind of thing is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Slot,
    EvidenceReview,
    FollowUp,
    PolicyReview,
    Acknowledgement,
    Training,
    VendorReview,
    VendorReport,
    RiskAction,
    RiskAcceptance,
    Waiver,
    Request,
}

impl Kind {
    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Slot => "slot",
            Self::EvidenceReview => "evidence-review",
            Self::FollowUp => "follow-up",
            Self::PolicyReview => "policy-review",
            Self::Acknowledgement => "acknowledgement",
            Self::Training => "training",
            Self::VendorReview => "vendor-review",
            Self::VendorReport => "vendor-report",
            Self::RiskAction => "risk-action",
            Self::RiskAcceptance => "risk-acceptance",
            Self::Waiver => "waiver",
            Self::Request => "request",
        }
    }
}

/// One thing that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub kind: Kind,
    pub state: State,
    /// Its last day in time; of a follow-up the day of the result.
    pub day: Date,
    /// The last day on which it is late only.
    pub grace: Option<Date>,
    /// Id of the record it is about: the control, evidence, policy, …
    pub subject: String,
    /// Name of the slot, where it is one of an interval.
    pub slot: Option<String>,
    pub system: Option<String>,
    /// How many slots in a row stand so; 1 for all but runs of missed ones and of those that one act mends.
    pub slots: usize,
    /// What a control is for, as people read it.
    pub title: Option<String>,
    /// In words: `iam-access-review 2026-Q1 github`.
    pub what: String,
    /// Why it stands so, where the days alone do not say it. The same on every day on which nothing changes.
    pub why: Option<String>,
    /// What to do, where the command alone does not say it.
    pub todo: Option<String>,
    /// What to type, or which file to open.
    pub command: String,
    pub who: Who,
    /// Audits it is due for; none where it is due for any.
    pub audits: Vec<String>,
    /// Tells it apart from all others, on every day.
    pub key: Vec<String>,
}

impl Item {
    /// Something of a register or policy: in time up to `day`, late up to `grace`, then overdue.
    fn record(kind: Kind, (as_of, day, grace): (Date, Date, Option<Date>), subject: &str, who: Who) -> Self {
        let state = match grace {
            _ if as_of <= day => State::Due,
            Some(grace) if as_of <= grace => State::Late,
            _ => State::Overdue,
        };
        Self {
            kind,
            state,
            day,
            grace,
            subject: safe(subject),
            slot: None,
            system: None,
            slots: 1,
            title: None,
            what: String::new(),
            why: None,
            todo: None,
            command: String::new(),
            who,
            audits: Vec::new(),
            key: vec![subject.to_owned()],
        }
    }

    /// The state with the end of the grace, in words: `late, grace until 2026-04-15`.
    pub fn standing(&self) -> String {
        let name = self.state.name();
        match (self.state, self.grace) {
            (State::Due | State::Late, Some(grace)) => format!("{name}, grace until {grace}"),
            (State::Missed | State::Overdue, Some(grace)) => format!("{name}, grace ended {grace}"),
            _ => name.to_owned(),
        }
    }
}

/// Everything that is due within some days.
#[derive(Debug)]
pub struct List {
    pub as_of: Date,
    /// The last day that was looked at.
    pub until: Date,
    pub days: i64,
    /// Organisation and system, as `soc2.toml` names them.
    pub programme: (String, String),
    /// By day, then by subject.
    pub items: Vec<Item>,
    /// Controls that are due every day, with their system: listed only once a day was missed.
    pub every_day: Vec<String>,
}

impl List {
    /// What is due for some audits of a judgement within `days` of its day.
    pub fn new<'a>(
        judgement: &Judgement<'_>,
        audits: impl IntoIterator<Item = &'a AuditStanding>,
        days: i64,
    ) -> Self {
        let until = moved(judgement.as_of, days.clamp(0, MOST_DAYS).days());
        let mut found = Found { until, items: BTreeMap::new(), every_day: BTreeSet::new() };
        for audit in audits {
            slots::of(judgement, audit, &mut found);
        }
        records::of(judgement, &mut found);
        vendors::of(judgement, &mut found);
        let mut items: Vec<Item> = found.items.into_values().collect();
        items.sort_by(|a, b| {
            (a.day, &a.subject, a.kind, &a.slot, &a.system, &a.key)
                .cmp(&(b.day, &b.subject, b.kind, &b.slot, &b.system, &b.key))
        });
        let every_day = found.every_day.into_iter().collect();
        Self { as_of: judgement.as_of, until, days, programme: programme(judgement), items, every_day }
    }

    /// How many items have a state.
    pub fn count(&self, state: State) -> usize {
        self.items.iter().filter(|item| item.state == state).count()
    }

    /// Is something missed, overdue, late, or due on the as-of day itself?
    pub fn is_pressing(&self) -> bool {
        self.items.iter().any(|item| match item.state {
            State::Missed | State::Overdue | State::Late => true,
            State::Due => item.day == self.as_of,
            State::Open => false,
        })
    }

    /// `1 missed, 2 late`; nothing where nothing is listed.
    pub fn counts(&self) -> String {
        let counted = State::ALL.map(|state| (state, self.count(state)));
        let words: Vec<String> = counted
            .iter()
            .filter(|(_, n)| *n > 0)
            .map(|(state, n)| format!("{n} {}", state.name()))
            .collect();
        words.join(", ")
    }

    /// The items of each owner, owners by name.
    pub fn by_owner(&self) -> BTreeMap<String, Vec<&Item>> {
        let mut groups: BTreeMap<String, Vec<&Item>> = BTreeMap::new();
        for item in &self.items {
            groups.entry(item.who.to_string()).or_default().push(item);
        }
        groups
    }
}

/// The farthest that is looked ahead.
pub const MOST_DAYS: i64 = 3650;

/// Items found so far, each once.
struct Found {
    until: Date,
    items: BTreeMap<(Kind, Vec<String>), Item>,
    every_day: BTreeSet<String>,
}

impl Found {
    /// Takes what is near enough; the same thing found for another audit is joined with it.
    fn add(&mut self, item: Item) {
        if item.state == State::Due && item.day > self.until {
            return;
        }
        self.keep(item);
    }

    /// Takes it however far its day is.
    fn keep(&mut self, item: Item) {
        match self.items.entry((item.kind, item.key.clone())) {
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(item);
            }
            std::collections::btree_map::Entry::Occupied(mut known) => {
                let known = known.get_mut();
                let mut audits = std::mem::take(&mut known.audits);
                audits.extend(item.audits.iter().cloned());
                audits.sort_unstable();
                audits.dedup();
                match (item.state, item.day).cmp(&(known.state, known.day)) {
                    Ordering::Less => *known = item,
                    Ordering::Equal => {
                        // The audit that ends first is the one to be in time for.
                        known.grace = known.grace.into_iter().chain(item.grace).min();
                        known.why = known.why.take().or(item.why);
                    }
                    Ordering::Greater => {}
                }
                known.audits = audits;
            }
        }
    }
}

fn programme(judgement: &Judgement<'_>) -> (String, String) {
    let config = judgement.program.config.as_ref();
    let organization = config.and_then(|config| config.organization.as_ref()).and_then(|of| of.name.as_ref());
    let system = config.and_then(|config| config.system.as_ref()).and_then(|of| of.name.as_ref());
    let name = |text: Option<&crate::model::Text>| text.map_or_else(String::new, |text| safe(text));
    (name(organization), name(system))
}

/// An order to look into a file of the programme.
pub(crate) fn open(path: &str) -> String {
    format!("edit {}", word(&safe(path)))
}

/// The file of a register: the one that is there, else the YAML one.
pub(crate) fn register(judgement: &Judgement<'_>, name: &str) -> String {
    let csv = format!("registers/{name}.csv");
    match judgement.program.sources.find(&csv) {
        Some(_) => csv,
        None => format!("registers/{name}.yaml"),
    }
}
