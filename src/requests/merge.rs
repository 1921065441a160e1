//! The auditor's list merged into the register, by their references: rows that are new, rows in which the auditor says something
//! else, rows that are gone. What is ours stays, and no row is ever removed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::listed::Listed;
use super::status::{meant, moved};
use super::{audit_of, evidence_of};
use crate::manifest::read_yaml;
use crate::model::registers::{Request, RequestStatus};
use crate::program::{Program, review_digest};
use crate::record::Target;
use crate::rows::{Fields, RowEdit, Written};
use crate::source::hex;
use crate::syntax::Value;
use crate::text::{clip, safe, slug, some};

/// Where rows go when there is no register yet.
pub const REGISTER: &str = "registers/requests.yaml";

/// What becomes of the register.
#[derive(Debug, Default)]
pub struct Plan {
    /// Rows to change, by the path of their file.
    pub edits: BTreeMap<String, Vec<RowEdit>>,
    /// Rows to add, and the file they go into.
    pub rows: Vec<Fields>,
    pub into: String,
    /// References that are new.
    pub added: Vec<String>,
    /// References of rows that say something else now, and what.
    pub changed: Vec<(String, Vec<String>)>,
    /// References that the list no longer has.
    pub gone: Vec<String>,
    /// How many rows say what they said.
    pub same: usize,
    /// What was not taken over, and why.
    pub told: Vec<String>,
}

/// Merges a list for an audit; what the auditor accepted is pinned as of today.
pub fn merge(program: &Program, listed: &[Listed], audit: Option<&str>, today: Date) -> Plan {
    let mut merge = Merge::new(program, audit, today);
    for one in listed {
        match merge.rows.get(one.reference.trim()).copied() {
            Some(row) => merge.known(row, one),
            None => merge.new_row(one),
        }
    }
    merge.finish(listed)
}

struct Merge<'p> {
    program: &'p Program,
    audit: Option<&'p str>,
    today: Date,
    /// Rows of the register by reference: those of the audit before those of none.
    rows: BTreeMap<&'p str, usize>,
    evidence: Vec<Vec<usize>>,
    /// Of each file of the register, the rows by where their id stands.
    places: BTreeMap<String, BTreeMap<usize, usize>>,
    controls: BTreeMap<String, &'p str>,
    people: BTreeMap<String, &'p str>,
    unknown_controls: BTreeSet<String>,
    unknown_words: BTreeSet<String>,
    unknown_owners: BTreeSet<String>,
    plan: Plan,
}

fn list(items: impl IntoIterator<Item = impl Into<String>>) -> Written {
    Written::List(items.into_iter().map(|item| Written::Text(item.into())).collect())
}

fn day(day: Date) -> Written {
    Written::Text(day.to_string())
}

fn period((from, to): (Date, Date)) -> Written {
    Written::Map(vec![("from", day(from)), ("to", day(to))])
}

impl<'p> Merge<'p> {
    fn new(program: &'p Program, audit: Option<&str>, today: Date) -> Self {
        let audit = audit.and_then(|id| program.names.audits.get_key_value(id)).map(|(id, _)| &**id);
        let requests = &program.registers.requests;
        let mut rows = BTreeMap::new();
        for (index, request) in requests.iter().enumerate() {
            let of = audit_of(program, request);
            let free = of.is_none() && !rows.contains_key(request.id.trim());
            if of == audit || free {
                rows.insert(request.id.trim(), index);
            }
        }
        let mut places: BTreeMap<String, BTreeMap<usize, usize>> = BTreeMap::new();
        for request in requests {
            let path = program.sources.path(request.id.at.file);
            if !path.ends_with(".csv") && !places.contains_key(path) {
                places.insert(path.to_owned(), places_of(program.sources.text(request.id.at.file)));
            }
        }
        let aliases = program.controls.iter().flat_map(|control| {
            let names = control.aliases.iter().map(|alias| alias.value.to_lowercase());
            names.map(|name| (name, &*control.id.value.0))
        });
        let own =
            program.controls.iter().map(|control| (control.id.value.to_lowercase(), &*control.id.value.0));
        let people = program.registers.people.iter().flat_map(|person| {
            let names = person.name.iter().chain(&person.emails).chain(&person.aliases);
            names.map(|name| (name.value.to_lowercase(), &*person.id.value.0))
        });
        let titles = program.registers.roles.iter().filter_map(|role| {
            role.title.as_ref().map(|title| (title.value.to_lowercase(), &*role.id.value.0))
        });
        Self {
            program,
            audit,
            today,
            rows,
            evidence: evidence_of(program),
            places,
            controls: aliases.chain(own).collect(),
            people: titles.chain(people).collect(),
            unknown_controls: BTreeSet::new(),
            unknown_words: BTreeSet::new(),
            unknown_owners: BTreeSet::new(),
            plan: Plan::default(),
        }
    }

    /// A row that the register does not have.
    fn new_row(&mut self, one: &Listed) {
        let (controls, criteria) = self.about(one);
        let status = match meant(&one.status) {
            None if one.status.is_empty() => RequestStatus::Open,
            None => {
                self.unknown_words.insert(one.status.clone());
                RequestStatus::Open
            }
            Some(status) => status,
        };
        let mut row: Fields = vec![("id", Written::Text(one.reference.clone()))];
        row.extend(self.audit.map(|audit| ("audit", Written::Text(audit.to_owned()))));
        row.push(("text", Written::Text(one.text.clone())));
        if !controls.is_empty() {
            row.push(("controls", list(controls)));
        }
        if !criteria.is_empty() {
            row.push(("criteria", list(criteria)));
        }
        row.extend(one.period.map(|days| ("period", period(days))));
        row.extend(one.due.map(|due| ("due", day(due))));
        row.extend(self.owner(&one.owner).map(|owner| ("owner", Written::Text(owner))));
        row.push(("status", Written::Text(status.word().to_owned())));
        row.extend(said("auditor_status", &one.status));
        row.extend(said("comment", &one.comment));
        self.plan.rows.push(row);
        self.plan.added.push(one.reference.clone());
    }

    /// A row that the register has: what the auditor says is taken over where it is something else.
    fn known(&mut self, index: usize, one: &Listed) {
        let Some(request) = self.program.registers.requests.get(index) else { return };
        let (mut set, mut words): (Fields, Vec<String>) = (Vec::new(), Vec::new());
        let typed =
            |text: Option<&crate::model::scalar::Text>| text.map_or("", |text| text.value.trim()).to_owned();
        if typed(request.text.as_ref()) != one.text {
            set.push(("text", Written::Text(one.text.clone())));
            words.push("asks for something else".to_owned());
        }
        if let Some(due) = one.due.filter(|due| request.due.as_ref().is_none_or(|old| old.value != *due)) {
            set.push(("due", day(due)));
            words.push(match &request.due {
                Some(old) => format!("due {} → {due}", old.value),
                None => format!("due {due}"),
            });
        }
        let days =
            request.period.as_ref().and_then(|old| Some((old.from.as_ref()?.value, old.to.as_ref()?.value)));
        if let Some(new) = one.period.filter(|new| Some(*new) != days) {
            set.push(("period", period(new)));
            words.push(format!("about {} to {}", new.0, new.1));
        }
        self.status(index, request, one, &mut set, &mut words);
        if !one.comment.is_empty() && typed(request.comment.as_ref()) != one.comment {
            set.push(("comment", Written::Text(one.comment.clone())));
            words.push(format!("comment: {}", clip(&safe(&one.comment), 80)));
        }
        if set.is_empty() {
            self.plan.same += 1;
            return;
        }
        let path = self.program.sources.path(request.id.at.file).to_owned();
        let at = request.id.at.span.start as usize;
        match self.places.get(&path).and_then(|places| places.get(&at)) {
            Some(nth) => {
                self.plan.edits.entry(path).or_default().push(RowEdit { nth: *nth, set });
                self.plan.changed.push((one.reference.clone(), words));
            }
            None => self.plan.told.push(format!(
                "`{}` stands in `{}`, which is not written to: {}",
                clip(&safe(&one.reference), 40),
                safe(&path),
                some(&words, 3)
            )),
        }
    }

    /// The auditor's status, what it makes of ours, and the evidence that is pinned where they accepted it.
    fn status(
        &mut self,
        index: usize,
        request: &Request,
        one: &Listed,
        set: &mut Fields,
        words: &mut Vec<String>,
    ) {
        let before = request.auditor_status.as_ref().map(|text| text.value.trim());
        let ours = request.status.as_ref().map_or(RequestStatus::Open, |status| status.value);
        let new = moved(ours, before, &one.status);
        if let Some(new) = new {
            set.push(("status", Written::Text(new.word().to_owned())));
            words.push(format!("{} → {}", ours.word(), new.word()));
        }
        if !one.status.is_empty() && before != Some(&one.status) {
            if meant(&one.status).is_none() {
                self.unknown_words.insert(one.status.clone());
            }
            set.push(("auditor_status", Written::Text(one.status.clone())));
            if new.is_none() {
                words.push(format!("the auditor says `{}`", clip(&safe(&one.status), 40)));
            }
        }
        let fresh = new == Some(RequestStatus::Accepted);
        let unpinned = new.is_none() && ours == RequestStatus::Accepted && request.accepted.is_none();
        if (fresh || unpinned)
            && let Some(pins) = self.pins(index)
        {
            set.push(("accepted", Written::Map(vec![("on", day(self.today)), ("evidence", pins)])));
            words.push("its evidence is pinned as it stands".to_owned());
        }
    }

    /// The evidence of a request with its digests; nothing where none can be pinned.
    fn pins(&mut self, index: usize) -> Option<Written> {
        let mut pins = Vec::new();
        for folder in self.evidence.get(index)?.iter().filter_map(|index| self.program.evidence.get(*index)) {
            let id = self.program.evidence_id(folder);
            match review_digest(self.program.sources.text(folder.file)) {
                Some(digest) => pins.push(Written::Map(vec![
                    ("id", Written::Text(id.to_owned())),
                    ("digest", Written::Quoted(hex(&digest.0))),
                ])),
                None => self.plan.told.push(format!(
                    "`{}` was accepted and cannot be pinned: its manifest has faults, soc2 check names them",
                    safe(id)
                )),
            }
        }
        (!pins.is_empty()).then_some(Written::List(pins))
    }

    /// The controls and criteria that a row names; what is neither is told.
    fn about(&mut self, one: &Listed) -> (Vec<String>, Vec<String>) {
        let (mut controls, mut criteria) = (Vec::new(), Vec::new());
        for name in &one.controls {
            let control = self.controls.get(&name.to_lowercase()).map(|id| (*id).to_owned());
            let into = if control.is_some() { &mut controls } else { &mut criteria };
            let found = control.or_else(|| {
                let upper = name.to_uppercase();
                self.program.resolves(Target::Criterion, &upper).then_some(upper)
            });
            match found {
                Some(found) if !into.contains(&found) => into.push(found),
                Some(_) => {}
                None => {
                    self.unknown_controls.insert(clip(&safe(name), 40));
                }
            }
        }
        (controls, criteria)
    }

    /// The person or role of that name.
    fn owner(&mut self, name: &str) -> Option<String> {
        if name.is_empty() {
            return None;
        }
        let id = slug(name);
        if self.program.resolves(Target::Holder, &id) {
            return Some(id);
        }
        let found = self.people.get(&name.to_lowercase()).map(|id| (*id).to_owned());
        if found.is_none() {
            self.unknown_owners.insert(clip(&safe(name), 40));
        }
        found
    }

    fn finish(mut self, listed: &[Listed]) -> Plan {
        let there: BTreeSet<&str> = listed.iter().map(|one| one.reference.trim()).collect();
        let requests = &self.program.registers.requests;
        let gone = self.rows.iter().filter(|(reference, _)| !there.contains(*reference));
        let several = self.program.names.audits.len() > 1;
        let left = gone.filter(|(_, row)| {
            let Some(request) = requests.get(**row) else { return false };
            let withdrawn =
                request.status.as_ref().is_some_and(|status| status.value == RequestStatus::Withdrawn);
            // Of a row that may be on another audit's list nobody can say that it is gone from this one.
            let elsewhere = several && audit_of(self.program, request).is_none();
            !withdrawn && !elsewhere
        });
        self.plan.gone = left.map(|(reference, _)| (*reference).to_owned()).collect();
        let mut tell = |names: &BTreeSet<String>, words: &str| {
            if !names.is_empty() {
                let names: Vec<String> =
                    names.iter().map(|name| format!("`{}`", clip(&safe(name), 40))).collect();
                self.plan.told.push(format!("{}: {words}", some(&names, 5)));
            }
        };
        tell(
            &self.unknown_controls,
            "no control and no criterion here; a control's `aliases` may hold the auditor's name",
        );
        tell(&self.unknown_owners, "nobody of that name in people or roles; no owner is written");
        tell(&self.unknown_words, "no status that is known here; ours stays as it is");
        let yaml = requests.iter().rev().map(|request| self.program.sources.path(request.id.at.file));
        let into = yaml.into_iter().find(|path| path.ends_with(".yaml"));
        self.plan.into = into.unwrap_or(REGISTER).to_owned();
        self.plan
    }
}

fn said(key: &'static str, text: &str) -> Option<(&'static str, Written)> {
    (!text.is_empty()).then(|| (key, Written::Text(text.to_owned())))
}

/// The rows of a register by where their id stands.
fn places_of(text: &str) -> BTreeMap<usize, usize> {
    let node = read_yaml(text);
    let rows = match node.as_ref().map(|node| &node.value) {
        Some(Value::List(rows)) => &rows[..],
        _ => &[],
    };
    rows.iter()
        .enumerate()
        .filter_map(|(nth, row)| Some((row.get("id")?.at.span.start as usize, nth)))
        .collect()
}
