//! Lists that show that something was said or done: promises, acknowledgements, training, meetings, the auditor's requests.

use std::collections::{BTreeMap, BTreeSet};

use super::found::Found;
use super::wording::{names, quoted, shown};
use super::{Effect, Kind};
use crate::gap::Subject;
use crate::model::registers::{
    AcceptedAnswer, AcceptedEvidence, Acknowledgement, Registers, RequestStatus, Training,
};
use crate::source::Location;
use crate::text::count;

pub(super) static REMOVED: Kind = Kind {
    name: "record-removed",
    effect: Effect::Regression,
    brief: "a commitment, asset, CUEC, meeting, acknowledgement, training or request is gone from its register",
    why: "the register is the record: what it no longer holds cannot be shown",
};

pub(super) static UNPINNED: Kind = Kind {
    name: "acceptance-unpinned",
    effect: Effect::Regression,
    brief: "what the auditor accepted for a request is no longer pinned, or pinned otherwise",
    why: "a change of that evidence would no longer be noticed, and the auditor's papers would say something else",
};

pub(super) static ACKNOWLEDGED: Kind = Kind {
    name: "policy-acknowledged",
    effect: Effect::Edit,
    brief: "people acknowledged a version of a policy",
    why: "the auditor samples people and asks for theirs",
};

pub(super) static TRAINED: Kind = Kind {
    name: "training-recorded",
    effect: Effect::Edit,
    brief: "people finished a training",
    why: "the auditor samples people and asks for theirs",
};

pub(super) static HELD: Kind = Kind {
    name: "meeting-recorded",
    effect: Effect::Edit,
    brief: "a meeting was recorded",
    why: "it shows that a body oversees the programme",
};

pub(super) fn compare(found: &mut Found<'_>) {
    commitments(found);
    cuecs(found);
    assets(found);
    meetings(found);
    requests(found);
    acknowledgements(found);
    trainings(found);
}

fn removed(found: &mut Found<'_>, noun: &'static str, id: &str, at: Location) {
    let message = format!("the {noun} {} is gone", quoted(id));
    found.gone(&REMOVED, Subject::new(noun, id), at, message).help("restore the row");
}

fn commitments(found: &mut Found<'_>) {
    let before = &found.before.registers;
    let pairs =
        found.rows("commitments", |program| &program.registers.commitments, |one| one.id.value.0.clone());
    for one in pairs.gone.iter().filter_map(|index| before.commitments.get(*index)) {
        removed(found, "commitment", &one.id, one.id.at);
    }
}

fn cuecs(found: &mut Found<'_>) {
    let before = &found.before.registers;
    let pairs = found.rows("cuecs", |program| &program.registers.cuecs, |one| one.id.value.0.clone());
    for one in pairs.gone.iter().filter_map(|index| before.cuecs.get(*index)) {
        removed(found, "CUEC", &one.id, one.id.at);
    }
}

fn assets(found: &mut Found<'_>) {
    let before = &found.before.registers;
    let pairs = found.rows("assets", |program| &program.registers.assets, |one| one.id.value.0.clone());
    for one in pairs.gone.iter().filter_map(|index| before.assets.get(*index)) {
        removed(found, "asset", &one.id, one.id.at);
    }
}

fn meetings(found: &mut Found<'_>) {
    let (before, after) = (&found.before.registers, &found.after.registers);
    let pairs = found.rows("meetings", |program| &program.registers.meetings, |one| one.id.value.0.clone());
    for one in pairs.gone.iter().filter_map(|index| before.meetings.get(*index)) {
        removed(found, "meeting", &one.id, one.id.at);
    }
    for one in pairs.new.iter().filter_map(|index| after.meetings.get(*index)) {
        let body = one.body.as_ref().map_or(String::new(), |body| format!(" of {}", quoted(body)));
        let message = format!("meeting {}{body} on {}", quoted(&one.id), shown(one.on.as_ref()));
        found.now(&HELD, Subject::new("meeting", one.id.to_string()), one.id.at, message);
    }
}

fn requests(found: &mut Found<'_>) {
    let before = &found.before.registers;
    let pairs = found.rows("requests", |program| &program.registers.requests, |one| one.id.value.clone());
    for one in pairs.gone.iter().filter_map(|index| before.requests.get(*index)) {
        removed(found, "request", &one.id, one.id.at);
    }
    let after = &found.after.registers;
    for (old, new) in pairs.both {
        let (Some(old), Some(new)) = (before.requests.get(old), after.requests.get(new)) else { continue };
        let (Some(pinned), Some(status)) = (&old.accepted, &new.status) else { continue };
        if status.value != RequestStatus::Accepted || new.misread.holds("accepted") {
            continue;
        }
        let day = |answer: &AcceptedAnswer| answer.on.as_ref().map(|on| on.value);
        // The auditor accepted it anew.
        if new.accepted.as_ref().is_some_and(|again| day(again) > day(pinned)) {
            continue;
        }
        let now = new.accepted.as_ref().map_or(&[][..], |now| &now.evidence);
        let lost: Vec<String> =
            pinned.evidence.iter().filter(|one| !holds(now, one)).filter_map(name_of).collect();
        if !lost.is_empty() {
            let message =
                format!("the request {} no longer pins what was accepted: {}", quoted(&new.id), names(&lost));
            let subject = Subject::new("request", new.id.to_string());
            found
                .now(&UNPINNED, subject, status.at, message)
                .help("restore `accepted`, or set the status back");
        }
    }
}

fn holds(now: &[AcceptedEvidence], pin: &AcceptedEvidence) -> bool {
    let same = |one: &AcceptedEvidence| {
        let digests = one.digest.as_ref().zip(pin.digest.as_ref());
        name_of(one) == name_of(pin) && digests.is_some_and(|(one, pin)| one.value == pin.value)
    };
    pin.digest.is_none() || now.iter().any(same)
}

fn name_of(pin: &AcceptedEvidence) -> Option<String> {
    pin.id.as_ref().map(|id| id.value.to_string())
}

/// Rows by what they are about, each with what it says and where.
type Rows = BTreeMap<String, BTreeMap<String, Location>>;

fn acknowledgements(found: &mut Found<'_>) {
    let said = |row: &Acknowledgement| {
        let person = row.person.as_ref()?.value.0.to_lowercase();
        let policy = row.policy.as_ref()?.value.0.to_string();
        Some((
            policy,
            format!("{person} {} {}", shown(row.version.as_ref()), shown(row.on.as_ref())),
            row.place,
        ))
    };
    let rows = |registers: &Registers| gather(registers.acknowledgements.iter().filter_map(said));
    let (was, is) = (rows(&found.before.registers), rows(&found.after.registers));
    told(found, ("acknowledgements", "acknowledgement", "policy"), &was, &is, &ACKNOWLEDGED);
}

fn trainings(found: &mut Found<'_>) {
    let said = |row: &Training| {
        let person = row.person.as_ref()?.value.0.to_lowercase();
        let course = row.course.as_ref()?.value.to_string();
        row.completed.as_ref()?;
        Some((
            course,
            format!("{person} {} {}", shown(row.version.as_ref()), shown(row.completed.as_ref())),
            row.place,
        ))
    };
    let rows = |registers: &Registers| gather(registers.training.iter().filter_map(said));
    let (was, is) = (rows(&found.before.registers), rows(&found.after.registers));
    told(found, ("training", "training", "training"), &was, &is, &TRAINED);
}

fn gather(rows: impl Iterator<Item = (String, String, Location)>) -> Rows {
    let mut out: Rows = BTreeMap::new();
    for (about, said, at) in rows {
        out.entry(about).or_default().entry(said).or_insert(at);
    }
    out
}

/// One line for what is gone of each thing, one for what is new.
fn told(
    found: &mut Found<'_>,
    (register, noun, of): (&str, &'static str, &'static str),
    was: &Rows,
    is: &Rows,
    added: &'static Kind,
) {
    let file = format!("registers/{register}.");
    let none = BTreeMap::new();
    let about: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    for about in about {
        let (old, new) = (was.get(about).unwrap_or(&none), is.get(about).unwrap_or(&none));
        let gone: Vec<&String> = old.keys().filter(|said| !new.contains_key(*said)).collect();
        let first = gone.first().and_then(|said| old.get(*said));
        if let Some(at) = first.filter(|_| !found.after.may_be_defined_in_unread(&file)) {
            let message = format!("{} of {} gone: {}", count(gone.len(), noun), quoted(about), names(&gone));
            found.gone(&REMOVED, Subject::new(of, about.clone()), *at, message).help("restore the rows");
        }
        let fresh: Vec<&String> = new.keys().filter(|said| !old.contains_key(*said)).collect();
        let first = fresh.first().and_then(|said| new.get(*said));
        if let Some(at) = first.filter(|_| !found.before.may_be_defined_in_unread(&file)) {
            let message = format!("{} of {}: {}", count(fresh.len(), noun), quoted(about), names(&fresh));
            found.now(added, Subject::new(of, about.clone()), *at, message);
        }
    }
}
