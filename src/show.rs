//! One thing of the programme with everything that is known of it, and why: a control, a criterion, a person or role, a
//! piece of evidence, a system, a policy, an audit. A view of a judgement; nothing is judged again.

mod approval;
mod audit;
pub mod clocks;
mod control;
mod criterion;
mod evidence;
mod handed;
mod history;
mod person;
mod policies;
mod policy;
mod system;

pub use history::Past;
pub use policies::policies;
pub use policy::readers;

use std::io;

use jiff::civil::Date;
use serde::Serialize;

use crate::gap::Gap;
use crate::layout::{Page, Tone};
use crate::model::registers::Waiver;
use crate::output::harmless_json;
use crate::program::{CriterionId, Program};
use crate::report::Report;
use crate::source::MANIFEST;
use crate::status::OWN_VIEW;
use crate::status::wire::{self, JsonAudit, Tool};
use crate::text::{nearest, safe};
use crate::timeline::{AuditStanding, Judgement, Reason, SlotState};
use crate::ui::Ui;

/// Version of the JSON shape.
const FORMAT_VERSION: &str = "soc2-show/1";

/// Something that has an id, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    Control(usize),
    Criterion(CriterionId),
    Person(usize),
    Role(usize),
    Evidence(usize),
    System(usize),
    Policy(usize),
    Audit(usize),
}

impl Thing {
    /// Every kind, as `--kind` takes it.
    pub const KINDS: [&'static str; 8] =
        ["audit", "control", "criterion", "evidence", "person", "policy", "role", "system"];

    /// What kind of thing it is.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Control(_) => "control",
            Self::Criterion(_) => "criterion",
            Self::Person(_) => "person",
            Self::Role(_) => "role",
            Self::Evidence(_) => "evidence",
            Self::System(_) => "system",
            Self::Policy(_) => "policy",
            Self::Audit(_) => "audit",
        }
    }

    /// Everything of that id; people also by their other names and addresses, evidence also by its folder.
    pub fn named(program: &Program, id: &str) -> Vec<Self> {
        let names = &program.names;
        let mut found = Vec::new();
        found.extend(names.audits.get(id).copied().map(Self::Audit));
        found.extend(names.controls.get(id).copied().map(Self::Control));
        found.extend(
            program
                .criterion(id)
                .or_else(|_| program.criterion(&id.to_uppercase()))
                .ok()
                .map(|found| Self::Criterion(CriterionId { point: None, ..found })),
        );
        let folder = id.strip_prefix("evidence/").unwrap_or(id);
        let folder = folder.strip_suffix(MANIFEST).unwrap_or(folder).trim_end_matches('/');
        let is_it = |id: &str| !id.is_empty() && id == folder;
        let evidence = program.evidence.iter().position(|one| is_it(program.evidence_id(one)));
        found.extend(evidence.map(Self::Evidence));
        found.extend(program.person(id).map(Self::Person));
        found.extend(names.policies.get(id).copied().map(Self::Policy));
        found.extend(names.roles.get(id).copied().map(Self::Role));
        found.extend(names.systems.get(id).copied().map(Self::System));
        found
    }

    /// Ids of what a name that is no id may stand for: people of that name, evidence whose folder is called so, ids of
    /// people that begin with it; a few, by id.
    pub fn meant(program: &Program, text: &str) -> Vec<String> {
        const MOST: usize = 4;
        let text = text.trim().to_lowercase();
        let end = format!("/{}", text.trim_start_matches('/'));
        if text.len() < 2 {
            return Vec::new();
        }
        let people = program.registers.people.iter().filter(|person| {
            let name = person.name.as_ref().map_or_else(String::new, |name| name.value.to_lowercase());
            name == text || name.split(' ').any(|word| word == text) || person.id.starts_with(&text)
        });
        let people = people.map(|person| person.id.to_string());
        let evidence = program.evidence.iter().map(|one| program.evidence_id(one));
        let evidence = evidence.filter(|id| id.to_lowercase().ends_with(&end)).map(safe);
        let mut ids: Vec<String> = people.take(MOST).chain(evidence.take(MOST)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.truncate(MOST);
        ids
    }

    /// The series of the framework in use that a text names.
    pub fn series<'p>(program: &'p Program, text: &str) -> Option<&'p str> {
        let framework = program.frameworks.get(program.scope_framework())?;
        let mut ids = framework.series.iter().map(|one| &*one.id.value);
        ids.find(|id| id.eq_ignore_ascii_case(text.trim()))
    }

    /// The id nearest to one that names nothing, among things of a kind or of all.
    pub fn nearest<'p>(program: &'p Program, id: &str, kind: Option<&str>) -> Option<&'p str> {
        let names = &program.names;
        let maps = [
            ("audit", &names.audits),
            ("control", &names.controls),
            ("person", &names.people),
            ("policy", &names.policies),
            ("role", &names.roles),
            ("system", &names.systems),
        ];
        let wanted = |of: &str| kind.is_none_or(|kind| kind == of);
        let maps = maps.into_iter().filter(|(of, _)| wanted(of));
        let ids = maps.flat_map(|(_, map)| map.keys().map(AsRef::as_ref));
        let evidence = program.evidence.iter().filter(|_| wanted("evidence"));
        let evidence = evidence.map(|one| program.evidence_id(one)).filter(|id| !id.is_empty());
        let framework = program.frameworks.get(program.scope_framework()).filter(|_| wanted("criterion"));
        let criteria = framework.into_iter().flat_map(|of| of.criteria.iter().map(|one| &*one.id.value));
        nearest(id, ids.chain(evidence).chain(criteria))
    }
}

/// What things are shown by.
#[derive(Debug)]
pub struct Show<'s> {
    pub judgement: &'s Judgement<'s>,
    pub audit: &'s AuditStanding,
    pub report: &'s Report,
    /// What was read: `work tree`.
    pub read: &'s str,
}

#[derive(Serialize)]
struct Document<'d> {
    format: &'static str,
    tool: Tool,
    view: &'static str,
    read: &'d str,
    as_of: String,
    judged_for: JsonAudit<'d>,
    kind: &'static str,
    #[serde(flatten)]
    body: Body<'d>,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Body<'d> {
    Control(Box<control::Json<'d>>),
    Criterion(criterion::Json<'d>),
    Person(person::Json<'d>),
    Role(person::RoleJson<'d>),
    Evidence(Box<evidence::Json<'d>>),
    System(system::Json<'d>),
    Policy(policy::Json<'d>),
    Audit(audit::Json<'d>),
}

impl<'s> Show<'s> {
    /// The thing as text for a terminal.
    pub fn human(&self, thing: Thing, ui: Ui) -> String {
        let mut page = Page::new(ui.columns.unwrap_or(80), ui.colour);
        match thing {
            Thing::Control(index) => control::human(self, index, &mut page),
            Thing::Criterion(id) => criterion::human(self, id, &mut page),
            Thing::Person(index) => person::human(self, index, &mut page),
            Thing::Role(index) => person::role_human(self, index, &mut page),
            Thing::Evidence(index) => evidence::human(self, index, &mut page),
            Thing::System(index) => system::human(self, index, &mut page),
            Thing::Policy(index) => policy::human(self, index, &mut page),
            Thing::Audit(index) => audit::human(self, index, &mut page),
        }
        page.line("");
        page.hang("", &format!("judged for: {}", crate::status::audit_words(self.audit)));
        let (as_of, read, version) = (self.judgement.as_of, safe(self.read), env!("CARGO_PKG_VERSION"));
        page.hang("", &format!("as of {as_of}, {read}, soc2 {version}"));
        page.hang("", OWN_VIEW);
        page.finish()
    }

    /// The thing as JSON.
    pub fn json(&self, thing: Thing) -> io::Result<String> {
        let body = match thing {
            Thing::Control(index) => Body::Control(Box::new(control::json(self, index))),
            Thing::Criterion(id) => Body::Criterion(criterion::json(self, id)),
            Thing::Person(index) => Body::Person(person::json(self, index)),
            Thing::Role(index) => Body::Role(person::role_json(self, index)),
            Thing::Evidence(index) => Body::Evidence(Box::new(evidence::json(self, index))),
            Thing::System(index) => Body::System(system::json(self, index)),
            Thing::Policy(index) => Body::Policy(policy::json(self, index)),
            Thing::Audit(index) => Body::Audit(audit::json(self, index)),
        };
        let document = Document {
            format: FORMAT_VERSION,
            tool: Tool::THIS,
            view: OWN_VIEW,
            read: self.read,
            as_of: self.judgement.as_of.to_string(),
            judged_for: wire::audit(self.judgement, self.audit),
            kind: thing.kind(),
            body,
        };
        Ok(harmless_json(&document)? + "\n")
    }

    fn program(&self) -> &'s Program {
        self.judgement.program
    }

    /// The gaps about a thing.
    fn gaps(&self, kind: &str, id: &str) -> Vec<&'s Gap> {
        let about = |gap: &&Gap| gap.subject.kind == kind && gap.subject.id == id;
        self.report.gaps.iter().filter(about).collect()
    }

    /// The waivers that name a thing as their subject.
    fn waivers(&self, id: &str) -> Vec<&'s Waiver> {
        let about = |waiver: &&Waiver| waiver.subject.as_ref().is_some_and(|subject| *subject.value == *id);
        self.program().registers.waivers.iter().filter(about).collect()
    }

    /// How many gaps a waiver lets through now.
    fn hidden_by(&self, waiver: &Waiver) -> Vec<&'s Gap> {
        let by = |gap: &&Gap| gap.waiver.as_deref() == Some(&*waiver.id.value.0);
        self.report.gaps.iter().filter(by).collect()
    }
}

/// A span of days in words; open where it goes on.
fn days(from: Date, to: Date) -> String {
    if to == Date::MAX { format!("since {from}") } else { format!("{from} to {to}") }
}

/// Days of a person in a role or in the company; `id` is the other side's.
#[derive(Serialize)]
struct Tenure {
    id: String,
    from: String,
    to: Option<String>,
}

impl Tenure {
    fn new(id: String, (from, to): (Date, Date)) -> Self {
        Self { id, from: from.to_string(), to: (to < Date::MAX).then(|| to.to_string()) }
    }
}

/// A waiver and what it hides now.
#[derive(Serialize)]
struct JsonWaiver<'d> {
    id: String,
    rule: Option<&'d str>,
    reason: Option<&'d str>,
    approved_by: Option<&'d str>,
    approved_on: Option<String>,
    expires: Option<String>,
    hides: Vec<&'d str>,
}

fn waivers<'d>(show: &Show<'d>, id: &str) -> Vec<JsonWaiver<'d>> {
    let one = |waiver: &'d Waiver| {
        let approved = waiver.approved.as_ref();
        JsonWaiver {
            id: waiver.id.to_string(),
            rule: waiver.rule.as_ref().map(|rule| &*rule.value),
            reason: waiver.reason.as_ref().map(|reason| &*reason.value),
            approved_by: approved.and_then(|act| act.by.as_ref()).map(|by| &*by.value.0),
            approved_on: approved.and_then(|act| act.on.as_ref()).map(|on| on.value.to_string()),
            expires: waiver.expires.as_ref().map(|day| day.value.to_string()),
            hides: show.hidden_by(waiver).into_iter().map(|gap| gap.message.as_str()).collect(),
        }
    };
    show.waivers(id).into_iter().map(one).collect()
}

/// The gaps about a thing and the waivers for it, at the end of its page.
fn gaps_and_waivers(show: &Show<'_>, kind: &str, id: &str, page: &mut Page) {
    let gaps = show.gaps(kind, id);
    if !gaps.is_empty() {
        page.heading("Gaps");
    }
    for gap in gaps {
        let waived =
            gap.waiver.as_deref().map_or(String::new(), |id| format!(" [let through: {}]", safe(id)));
        page.hang_at(
            &format!("  {}  ", gap.class.name()),
            4,
            Tone::Plain,
            &format!("{} ({}){waived}", gap.message, gap.rule),
        );
        if let Some(help) = &gap.help {
            page.hang("    change: ", help);
        }
    }
    let waivers = show.waivers(id);
    if !waivers.is_empty() {
        page.heading("Waivers, which change no state");
    }
    for waiver in waivers {
        let act = waiver.approved.as_ref();
        let by = act.and_then(|act| act.by.as_ref()).map_or_else(|| "nobody".to_owned(), |by| safe(by));
        let on = act.and_then(|act| act.on.as_ref()).map_or_else(String::new, |on| format!(" on {on}"));
        let expires = waiver.expires.as_ref().map_or_else(String::new, |day| format!(", expires {day}"));
        let rule = waiver.rule.as_ref().map_or_else(String::new, |rule| safe(rule));
        page.hang_at("  ", 4, Tone::Plain, &format!("{}: {rule}, approved by {by}{on}{expires}", waiver.id));
        let hidden = show.hidden_by(waiver);
        if hidden.is_empty() {
            page.line("    hides: nothing now");
        }
        for gap in hidden {
            page.hang("    hides: ", &gap.message);
        }
    }
}

/// A reason and what would change it.
fn why(page: &mut Page, indent: &str, reason: &Reason) {
    page.hang(&format!("{indent}why: "), &reason.because);
    if let Some(change) = &reason.change {
        page.hang(&format!("{indent}change: "), change);
    }
}

/// How a state looks.
fn tone(state: SlotState) -> Tone {
    match state {
        SlotState::OnTime => Tone::Good,
        state if state.is_settled() && state < SlotState::Unknown => Tone::Doubtful,
        state if state.is_settled() => Tone::Bad,
        _ => Tone::Plain,
    }
}
