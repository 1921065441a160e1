//! What went wrong and what could: incidents, exceptions, risks. Rows are added and brought forward, never taken away.

use std::collections::BTreeSet;

use super::evidence::DATE_CORRECTED;
use super::found::Found;
use super::wording::{names, quoted, shown};
use super::{Effect, Kind, owners};
use crate::gap::Subject;
use crate::model::registers::{Exception, Incident, Response, Risk, Score};

pub(super) static INCIDENT_REMOVED: Kind = Kind {
    name: "incident-removed",
    effect: Effect::Regression,
    brief: "an incident is gone from the register",
    why: "incidents are a population the auditor samples, and some belong in the description (DC 4)",
};

pub(super) static INCIDENT_SOFTENED: Kind = Kind {
    name: "incident-softened",
    effect: Effect::Regression,
    brief: "an incident is said to be less than it was",
    why: "severity and the data that was touched decide who has to be told",
};

pub(super) static EXCEPTION_REMOVED: Kind = Kind {
    name: "exception-removed",
    effect: Effect::Regression,
    brief: "a recorded deviation is gone, or speaks of something else",
    why: "a deviation happened or did not; unrecorded, the auditor finds it and asks what else is missing",
};

pub(super) static RISK_REMOVED: Kind = Kind {
    name: "risk-removed",
    effect: Effect::Regression,
    brief: "a risk is gone from the register",
    why: "risks end by being treated or avoided, and the register says so",
};

pub(super) static RISK_LOWERED: Kind = Kind {
    name: "risk-lowered",
    effect: Effect::Regression,
    brief: "a risk is scored lower or treated by less, and nobody looked at it again",
    why: "a score is a person's judgement on a day",
};

pub(super) static INCIDENT_ADDED: Kind = Kind {
    name: "incident-added",
    effect: Effect::Disclosure,
    brief: "there is a new incident",
    why: "written down and closed it shows that the response works",
};

pub(super) static EXCEPTION_SOFTENED: Kind = Kind {
    name: "exception-softened",
    effect: Effect::Regression,
    brief: "a deviation is said to have been found later, or mended earlier, than before",
    why: "the days of a deviation decide which slots it speaks of; moved, it hides some of them",
};

pub(super) static EXCEPTION_ADDED: Kind = Kind {
    name: "exception-added",
    effect: Effect::Disclosure,
    brief: "a deviation was recorded",
    why: "a deviation that management finds is worth more than one that the auditor finds",
};

pub(super) static RISK_ADDED: Kind = Kind {
    name: "risk-added",
    effect: Effect::Disclosure,
    brief: "there is a new risk",
    why: "it asks for an owner, a response and controls",
};

pub(super) static RISK_ACCEPTED: Kind = Kind {
    name: "risk-accepted",
    effect: Effect::Disclosure,
    brief: "a risk is borne from now on, by somebody's decision",
    why: "the auditor asks who agreed, and up to when",
};

pub(super) static REMEDIATED: Kind = Kind {
    name: "exception-remediated",
    effect: Effect::Repair,
    brief: "a deviation was mended",
    why: "it stays a deviation of its slot; the days after it are sound",
};

pub(super) static INCIDENT_UPDATED: Kind = Kind {
    name: "incident-updated",
    effect: Effect::Edit,
    brief: "more is known of an incident",
    why: "containment, cause and notification are what the auditor reads",
};

pub(super) static RISK_RESCORED: Kind = Kind {
    name: "risk-rescored",
    effect: Effect::Edit,
    brief: "a risk was looked at again and scored otherwise",
    why: "the assessment is kept up to date",
};

pub(super) fn compare(found: &mut Found<'_>) {
    incidents(found);
    exceptions(found);
    risks(found);
}

fn incidents(found: &mut Found<'_>) {
    let (before, after) = (&found.before.registers, &found.after.registers);
    let pairs = found.rows("incidents", |program| &program.registers.incidents, |one| one.id.value.0.clone());
    let about = |one: &Incident| Subject::new("incident", one.id.to_string());
    for one in pairs.gone.iter().filter_map(|index| before.incidents.get(*index)) {
        let message = format!("the incident {} is gone", quoted(&one.id));
        found.gone(&INCIDENT_REMOVED, about(one), one.id.at, message).help("restore the row");
    }
    for one in pairs.new.iter().filter_map(|index| after.incidents.get(*index)) {
        let severity =
            one.severity.as_ref().map_or(String::new(), |severity| format!(" ({})", severity.value.word()));
        let title = one.title.as_ref().map_or(String::new(), |title| format!(": {}", quoted(title)));
        found.now(
            &INCIDENT_ADDED,
            about(one),
            one.id.at,
            format!("incident {}{severity}{title}", quoted(&one.id)),
        );
    }
    for (old, new) in pairs.both {
        if let (Some(old), Some(new)) = (before.incidents.get(old), after.incidents.get(new)) {
            incident(found, old, new, about(new));
        }
    }
}

fn incident(found: &mut Found<'_>, old: &Incident, new: &Incident, about: Subject) {
    let id = quoted(&new.id);
    let mut less = Vec::new();
    if let (Some(was), Some(is)) = (&old.severity, &new.severity)
        && is.value > was.value
    {
        less.push(format!("{} → {}", was.value.word(), is.value.word()));
    }
    let flags = [
        ("significant", &old.significant, &new.significant),
        ("confidential_data", &old.confidential_data, &new.confidential_data),
        ("personal_data", &old.personal_data, &new.personal_data),
    ];
    for (key, was, is) in flags {
        let (was, is) =
            (was.as_ref().is_some_and(|flag| flag.value), is.as_ref().is_some_and(|flag| flag.value));
        if was && !is && !new.misread.holds(key) {
            less.push(format!("no longer `{key}`"));
        }
    }
    let told = [
        ("root_cause", old.root_cause.is_some(), new.root_cause.is_some()),
        ("postmortem", old.postmortem.is_some(), new.postmortem.is_some()),
        ("notification", old.notification.is_some(), new.notification.is_some()),
    ];
    for (key, was, is) in told {
        if was && !is && !new.misread.holds(key) {
            less.push(format!("`{key}` is gone"));
        }
    }
    if !less.is_empty() {
        let at = new.severity.as_ref().map_or(new.id.at, |severity| severity.at);
        let message = format!("the incident {id}: {}", less.join(", "));
        found
            .now(&INCIDENT_SOFTENED, about.clone(), at, message)
            .help("restore it; what was learned since goes into the post-mortem");
    }
    let moment = |one: &Incident| one.detected.as_ref().map(|at| at.value);
    if moment(old) != moment(new) && new.detected.is_some() {
        let message = format!(
            "the incident {id} was noticed at {}; it said {}",
            shown(new.detected.as_ref()),
            shown(old.detected.as_ref())
        );
        found.now(&DATE_CORRECTED, about.clone(), new.id.at, message);
    }
    let mut more = Vec::new();
    let mut filled = |key: &'static str, was: bool, is: bool| {
        if !was && is {
            more.push(key);
        }
    };
    filled("contained", old.contained.is_some(), new.contained.is_some());
    filled("resolved", old.resolved.is_some(), new.resolved.is_some());
    filled("root_cause", old.root_cause.is_some(), new.root_cause.is_some());
    filled("postmortem", old.postmortem.is_some(), new.postmortem.is_some());
    filled("notification", old.notification.is_some(), new.notification.is_some());
    if !more.is_empty() {
        found.now(&INCIDENT_UPDATED, about, new.id.at, format!("the incident {id} has {} now", names(&more)));
    }
}

fn exceptions(found: &mut Found<'_>) {
    let (before, after) = (&found.before.registers, &found.after.registers);
    let pairs =
        found.rows("exceptions", |program| &program.registers.exceptions, |one| one.id.value.0.clone());
    let about = |one: &Exception| Subject::new("exception", one.id.to_string());
    let of = |one: &Exception| {
        let control = one.control.as_ref().map_or_else(|| "no control".to_owned(), |control| quoted(control));
        let what = [one.slot.as_ref(), one.item.as_ref()].into_iter().flatten().map(|text| quoted(text));
        let system = one.system.as_ref().map(|system| quoted(system));
        std::iter::once(control).chain(what).chain(system).collect::<Vec<_>>().join(" ")
    };
    for one in pairs.gone.iter().filter_map(|index| before.exceptions.get(*index)) {
        let message = format!("the exception {} of {} is gone", quoted(&one.id), of(one));
        found.gone(&EXCEPTION_REMOVED, about(one), one.id.at, message).help("restore the row");
    }
    for one in pairs.new.iter().filter_map(|index| after.exceptions.get(*index)) {
        let cause = one.cause.as_ref().map_or(String::new(), |cause| format!(": {}", quoted(cause)));
        found.now(
            &EXCEPTION_ADDED,
            about(one),
            one.id.at,
            format!("exception {} of {}{cause}", quoted(&one.id), of(one)),
        );
    }
    for (old, new) in pairs.both {
        let (Some(old), Some(new)) = (before.exceptions.get(old), after.exceptions.get(new)) else {
            continue;
        };
        if of(old) != of(new) && new.misread.nothing() {
            let message =
                format!("the exception {} was of {} and is of {}", quoted(&new.id), of(old), of(new));
            found
                .now(&EXCEPTION_REMOVED, about(new), new.id.at, message)
                .help("restore the row; another deviation is another row");
        }
        exception_days(found, old, new, &about(new));
        if let (None, Some(mended)) = (&old.remediated, &new.remediated) {
            let message =
                format!("the exception {} was mended on {}", quoted(&new.id), shown(mended.on.as_ref()));
            found.now(&REMEDIATED, about(new), mended.place, message);
        }
    }
}

fn exception_days(found: &mut Found<'_>, old: &Exception, new: &Exception, about: &Subject) {
    let id = quoted(&new.id);
    let noticed = |one: &Exception| one.found.as_ref().and_then(|act| act.on.as_ref()).map(|on| on.value);
    let mended = |one: &Exception| one.remediated.as_ref().and_then(|act| act.on.as_ref()).map(|on| on.value);
    let both = [
        ("found", noticed(old), noticed(new), noticed(new) > noticed(old)),
        ("remediated", mended(old), mended(new), mended(new) < mended(old)),
    ];
    for (key, was, is, later) in both {
        // A day that goes altogether is asked for by the register itself, and a deviation without an end goes on.
        let (Some(was), Some(is)) = (was, is) else { continue };
        if was == is {
            continue;
        }
        let message = format!("the exception {id} says `{key}` on {is}; it said {was}");
        if later {
            let help = "restore the day; what was learned since goes into `response`";
            found.now(&EXCEPTION_SOFTENED, about.clone(), new.id.at, message).help(help);
        } else {
            found.now(&DATE_CORRECTED, about.clone(), new.id.at, message);
        }
    }
}

fn risks(found: &mut Found<'_>) {
    let (before, after) = (&found.before.registers, &found.after.registers);
    let pairs = found.rows("risks", |program| &program.registers.risks, |one| one.id.value.0.clone());
    let about = |one: &Risk| Subject::new("risk", one.id.to_string());
    for one in pairs.gone.iter().filter_map(|index| before.risks.get(*index)) {
        let message = format!("the risk {} is gone", quoted(&one.id));
        let help = "restore the row; a risk whose cause is given up says `response: avoid`";
        found.gone(&RISK_REMOVED, about(one), one.id.at, message).help(help);
    }
    for one in pairs.new.iter().filter_map(|index| after.risks.get(*index)) {
        let statement = one.statement.as_ref().map_or(String::new(), |said| format!(": {}", quoted(said)));
        found.now(&RISK_ADDED, about(one), one.id.at, format!("new risk {}{statement}", quoted(&one.id)));
    }
    for (old, new) in pairs.both {
        if let (Some(old), Some(new)) = (before.risks.get(old), after.risks.get(new)) {
            risk(found, old, new, about(new));
            if !new.misread.holds("owner") {
                let (was, is) = ((old.owner.as_ref(), old.id.at), (new.owner.as_ref(), new.id.at));
                owners::compare(found, about(new), was, is);
            }
        }
    }
}

fn risk(found: &mut Found<'_>, old: &Risk, new: &Risk, about: Subject) {
    let id = quoted(&new.id);
    let day = |risk: &Risk| risk.reviewed.as_ref().and_then(|act| act.on.as_ref()).map(|on| on.value);
    let looked_at = day(new) > day(old);
    let product = |score: &Option<Score>| score.as_ref().and_then(Score::product);
    let mut lower = Vec::new();
    let mut scores = Vec::new();
    for (key, was, is) in
        [("inherent", &old.inherent, &new.inherent), ("residual", &old.residual, &new.residual)]
    {
        let (Some(was), Some(is)) = (product(was), product(is)) else { continue };
        if was != is {
            scores.push(format!("{key} {was} → {is}"));
        }
        if is < was {
            lower.push(format!("{key} {was} → {is}"));
        }
    }
    let kept: BTreeSet<&str> = new.controls.iter().map(|now| &*now.value.0).collect();
    let there = |name: &str| found.after.names.controls.contains_key(name);
    let gone: Vec<&str> = old
        .controls
        .iter()
        .map(|name| &*name.value.0)
        .filter(|name| !kept.contains(name) && there(name))
        .collect();
    if !gone.is_empty() && !new.misread.holds("controls") {
        lower.push(format!("no longer treated by {}", names(&gone)));
    }
    if old.residual.is_some() && new.residual.is_none() && !new.misread.holds("residual") {
        lower.push("`residual` is gone".to_owned());
    }
    let fraud = |risk: &Risk| {
        risk.category.as_ref().is_some_and(|category| category.trim().eq_ignore_ascii_case("fraud"))
    };
    if fraud(old) && !fraud(new) && !new.misread.holds("category") {
        lower.push("no longer a risk of fraud".to_owned());
    }
    if !lower.is_empty() && !looked_at {
        let message = format!("the risk {id}: {}", lower.join(", "));
        let help = "restore it, or record who looked at it again, and when: `reviewed`";
        found.now(&RISK_LOWERED, about.clone(), new.id.at, message).help(help);
    } else if !scores.is_empty() {
        found.now(&RISK_RESCORED, about.clone(), new.id.at, format!("the risk {id}: {}", scores.join(", ")));
    }
    let response = |risk: &Risk| risk.response.as_ref().map(|response| response.value);
    if response(old) != Some(Response::Accept) && response(new) == Some(Response::Accept) {
        let by = new.accepted.as_ref().and_then(|accepted| accepted.by.as_ref());
        match by {
            Some(by) => {
                found.now(
                    &RISK_ACCEPTED,
                    about,
                    new.id.at,
                    format!("the risk {id} is borne, as {} decided", quoted(by)),
                );
            }
            None => {
                let message = format!("the risk {id} is borne, and nobody is said to have agreed");
                found
                    .now(&RISK_LOWERED, about, new.id.at, message)
                    .help("say who agreed, when and up to when: `accepted`");
            }
        }
    }
}
