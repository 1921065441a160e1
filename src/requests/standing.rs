//! Where each request stands on a day, and why; whether what the auditor took is still what is there.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::model::Audit;
use crate::model::registers::{AcceptedAnswer, Request, RequestStatus};
use crate::program::{EvidenceFolder, Program, review_digest};
use crate::source::MANIFEST;
use crate::text::{count, safe, some};
use crate::timeline::calendar;
use crate::timeline::{EvidenceStanding, Flaw, Judgement, occurrences, witness};

/// What has become of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Nothing was handed over yet.
    Open,
    /// The auditor wants more.
    Returned,
    /// The auditor took evidence that is no longer what it was.
    Reopened,
    /// It was answered; the auditor has not said yet.
    Submitted,
    /// The auditor took it, and what they took is unchanged as far as was pinned.
    Accepted,
    /// The auditor no longer asks for it.
    Withdrawn,
}

impl State {
    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Returned => "returned",
            Self::Reopened => "reopened",
            Self::Submitted => "submitted",
            Self::Accepted => "accepted",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Is it our turn?
    pub fn waits_for_us(self) -> bool {
        matches!(self, Self::Open | Self::Returned | Self::Reopened)
    }
}

/// A request and where it stands.
#[derive(Clone, Debug)]
pub struct Standing<'p> {
    pub request: &'p Request,
    pub state: State,
    /// Why, in a few words: `due 2027-01-15, 6 days ago`, `the auditor wants more`.
    pub why: String,
    /// Evidence that answers it, by index into [`Program::evidence`]: what the request names, then what names the request.
    pub evidence: Vec<usize>,
    /// What is different from what the auditor took.
    pub changes: Vec<String>,
    /// It waits for us and its day has passed.
    pub overdue: bool,
}

/// Every request of the audits that are judged, and those that name no audit, in the order of the register.
pub fn standing<'p>(program: &'p Program, judgement: &Judgement<'_>) -> Vec<Standing<'p>> {
    let judged = |id: &str| judgement.audits.iter().any(|audit| audit.id.as_deref() == Some(id));
    let known = |id: &str| program.names.audits.contains_key(id);
    let asked =
        |request: &Request| audit_of(program, request).is_none_or(|audit| judged(audit) || !known(audit));
    let mut all = standing_of_all(program, judgement);
    all.retain(|standing| asked(standing.request));
    all
}

/// Every request, whatever audit it is for: an auditor waits for answers after the next window has begun.
pub fn standing_of_all<'p>(program: &'p Program, judgement: &Judgement<'_>) -> Vec<Standing<'p>> {
    let all = program.registers.requests.iter().zip(evidence_of(program));
    all.map(|(request, evidence)| stand(program, judgement, request, evidence)).collect()
}

fn stand<'p>(
    program: &'p Program,
    judgement: &Judgement<'_>,
    request: &'p Request,
    evidence: Vec<usize>,
) -> Standing<'p> {
    let said = request.status.as_ref().map_or(RequestStatus::Open, |status| status.value);
    let accepted = request.accepted.as_ref().filter(|_| said == RequestStatus::Accepted);
    let changes = accepted.map_or_else(Vec::new, |accepted| changes(program, judgement, accepted));
    let state = match said {
        RequestStatus::Open => State::Open,
        RequestStatus::Returned => State::Returned,
        RequestStatus::Submitted => State::Submitted,
        RequestStatus::Withdrawn => State::Withdrawn,
        RequestStatus::Accepted if changes.is_empty() => State::Accepted,
        RequestStatus::Accepted => State::Reopened,
    };
    let due = request.due.as_ref().map(|due| due.value).filter(|_| state.waits_for_us());
    let overdue = due.is_some_and(|due| due < judgement.as_of);
    let why = why(state, request, &evidence, &changes, due, judgement.as_of);
    Standing { request, state, why, evidence, changes, overdue }
}

fn why(
    state: State,
    request: &Request,
    evidence: &[usize],
    changes: &[String],
    due: Option<Date>,
    as_of: Date,
) -> String {
    let day = match due {
        None => String::new(),
        Some(due) if due < as_of => format!("; due {due}, {} ago", days(due, as_of)),
        Some(due) => format!("; due {due}"),
    };
    let answered = match (evidence.len(), request.answer.is_some()) {
        (0, true) => "answered in words".to_owned(),
        (0, false) => "no evidence is named".to_owned(),
        (n, _) => format!("answered with {}", count(n, "evidence folder")),
    };
    let said = match state {
        State::Open => "nothing was handed over yet".to_owned(),
        State::Returned => "the auditor wants more".to_owned(),
        State::Reopened => some(changes, 3),
        State::Submitted => format!("{answered}; the auditor has not said yet"),
        State::Accepted => match request.accepted.as_ref().and_then(|accepted| accepted.on.as_ref()) {
            Some(on) => format!("the auditor took it, known since {on}"),
            None => "the auditor took it; what they took is not pinned".to_owned(),
        },
        State::Withdrawn => "the auditor no longer asks for it".to_owned(),
    };
    said + &day
}

fn days(from: Date, to: Date) -> String {
    count(usize::try_from(calendar::days_between(from, to)).unwrap_or(0), "day")
}

/// The audit that a request is for: the one it names, else the only one whose window its period touches.
pub fn audit_of<'p>(program: &'p Program, request: &'p Request) -> Option<&'p str> {
    if let Some(named) = &request.audit {
        return Some(&named.value.0);
    }
    let period = request.period.as_ref()?;
    let (from, to) = (period.from.as_ref()?.value, period.to.as_ref()?.value);
    let audits = program.config.as_ref().map_or(&[][..], |config| &config.audit);
    let touches = |audit: &&Audit| audit.days().is_some_and(|(first, last)| from <= last && first <= to);
    let mut touched = audits.iter().filter(touches);
    let first = touched.next()?;
    touched.next().is_none().then_some(&*first.id.value.0)
}

/// For each request of the register, the evidence that answers it: what it names, then what names it. Where lists of several
/// audits use the same reference, evidence that names it belongs to the audit whose window ends first on or after the
/// day it was performed.
pub fn evidence_of(program: &Program) -> Vec<Vec<usize>> {
    let requests = &program.registers.requests;
    if requests.is_empty() {
        return Vec::new();
    }
    let named = |request: &Request| -> Vec<usize> {
        let mut list = Vec::new();
        for index in request.evidence.iter().filter_map(|id| folder_of(program, &id.value.0)) {
            if !list.contains(&index) {
                list.push(index);
            }
        }
        list
    };
    let mut answers: Vec<Vec<usize>> = requests.iter().map(named).collect();
    let mut by_ref: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, request) in requests.iter().enumerate() {
        by_ref.entry(request.id.trim()).or_default().push(index);
    }
    for (index, folder) in program.evidence.iter().enumerate() {
        for reference in &folder.manifest.request {
            let rows = by_ref.get(reference.trim()).map_or(&[][..], |rows| rows);
            let meant = if rows.len() > 1 { nearest(program, rows, folder) } else { rows.first().copied() };
            if let Some(list) =
                meant.and_then(|row| answers.get_mut(row)).filter(|list| !list.contains(&index))
            {
                list.push(index);
            }
        }
    }
    answers
}

/// The evidence of that id, by index.
fn folder_of(program: &Program, id: &str) -> Option<usize> {
    let path = format!("evidence/{id}/{MANIFEST}");
    program.evidence.binary_search_by(|folder| program.sources.path(folder.file).cmp(&path)).ok()
}

/// Of several requests with one reference, the one whose audit the evidence is for.
fn nearest(program: &Program, rows: &[usize], folder: &EvidenceFolder) -> Option<usize> {
    let performed = occurrences(folder, &program.zone()).iter().map(|one| one.on).min();
    let ends = |row: &usize| {
        let audit = audit_of(program, program.registers.requests.get(*row)?)?;
        let index = *program.names.audits.get(audit)?;
        Some(program.config.as_ref()?.audit.get(index)?.days()?.1)
    };
    let after = |row: &&usize| ends(row).is_some_and(|end| performed.is_none_or(|day| day <= end));
    rows.iter()
        .filter(after)
        .min_by_key(|row| ends(row))
        .or_else(|| rows.iter().max_by_key(|row| ends(row)))
        .copied()
}

/// What is no longer as it was when the auditor took it, in words.
fn changes(program: &Program, judgement: &Judgement<'_>, accepted: &AcceptedAnswer) -> Vec<String> {
    let Some(on) = accepted.on.as_ref().map(|on| on.value) else { return Vec::new() };
    let mut found = Vec::new();
    for pinned in &accepted.evidence {
        let (Some(id), Some(digest)) = (&pinned.id, &pinned.digest) else { continue };
        let name = safe(id);
        let index = folder_of(program, id);
        let Some((index, folder)) = index.and_then(|index| Some((index, program.evidence.get(index)?)))
        else {
            let path = format!("evidence/{id}/{MANIFEST}");
            let unread = program.may_be_defined_in_unread(&path);
            found.push(if unread { format!("`{name}` cannot be read") } else { format!("`{name}` is gone") });
            continue;
        };
        let when = |path: &str| {
            let last = program.history.last(path);
            last.map_or_else(String::new, |commit| {
                format!(", last {}", witness::when(&program.history, commit, &program.zone()))
            })
        };
        let manifest = program.sources.path(folder.file);
        match review_digest(program.sources.text(folder.file)) {
            None => found.push(format!("the manifest of `{name}` can no longer be read without a fault")),
            Some(now) if now != digest.value => {
                found.push(format!(
                    "what the manifest of `{name}` says was changed after {on}{}",
                    when(manifest)
                ));
            }
            Some(_) => {}
        }
        if let Some(standing) = judgement.evidence.get(index) {
            flaws(program, folder, standing, &name, &when, &mut found);
        }
    }
    found
}

fn flaws(
    program: &Program,
    folder: &EvidenceFolder,
    standing: &EvidenceStanding,
    name: &str,
    when: &dyn Fn(&str) -> String,
    found: &mut Vec<String>,
) {
    let manifest = program.sources.path(folder.file);
    let beside = |file: &str| format!("{}{file}", manifest.strip_suffix(MANIFEST).unwrap_or(""));
    for flaw in &standing.flaws {
        match flaw {
            Flaw::ArtifactChanged(file) => found.push(format!(
                "`{}` of `{name}` has other bytes than the auditor was given{}",
                safe(file),
                when(&beside(file))
            )),
            Flaw::ArtifactMissing(file) => found.push(format!("`{}` of `{name}` is gone", safe(file))),
            Flaw::Superseded(by) => {
                let by = program.evidence.get(*by).map_or("", |by| program.evidence_id(by));
                found.push(format!("`{name}` was replaced by `{}`", safe(by)));
            }
            _ => {}
        }
    }
}
