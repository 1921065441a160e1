//! How the programme is judged: levels of rules, comments that mute, numbers of practice, where history begins.

use std::collections::{BTreeMap, BTreeSet};

use super::found::Found;
use super::wording::{names, quoted, shown};
use super::{Effect, Kind, scope};
use crate::diagnostic::Level;
use crate::gap::Subject;
use crate::model::{Cadence, Config};
use crate::program::{Ignore, Program};
use crate::rules;
use crate::source::Location;
use crate::timeline::Settings;

pub(super) static LEVEL_LOWERED: Kind = Kind {
    name: "level-lowered",
    effect: Effect::Regression,
    brief: "a rule weighs less than before",
    why: "what failed the check no longer does",
};

pub(super) static MUTE_ADDED: Kind = Kind {
    name: "mute-added",
    effect: Effect::Regression,
    brief: "a comment mutes a diagnostic that was not muted",
    why: "the fault is still there and nobody is told",
};

pub(super) static NUMBER_LOOSENED: Kind = Kind {
    name: "timeline-loosened",
    effect: Effect::Regression,
    brief: "a number of `[timeline]` lets more through than before",
    why: "what was late or missed becomes in time by writing another number",
};

pub(super) static INTERVALS_REDRAWN: Kind = Kind {
    name: "intervals-redrawn",
    effect: Effect::Regression,
    brief: "occurrences are counted by other intervals while an audit is open",
    why: "an interval that nothing filled is gone when its borders move",
};

pub(super) static INTERVALS_CHANGED: Kind = Kind {
    name: "intervals-changed",
    effect: Effect::Disclosure,
    brief: "occurrences are counted by other intervals, and no audit is open",
    why: "the next audit counts by them from its first day on",
};

pub(super) static BEGINS_LATER: Kind = Kind {
    name: "history-begins-later",
    effect: Effect::Regression,
    brief: "the programme is said to have come into git later",
    why: "records before that day are never witnessed",
};

pub(super) static BEGINS_SET: Kind = Kind {
    name: "history-begins-set",
    effect: Effect::Disclosure,
    brief: "the day on which the programme came into git is said",
    why: "older records are brought in on it and never witnessed",
};

pub(super) static LEVEL_RAISED: Kind = Kind {
    name: "level-raised",
    effect: Effect::Edit,
    brief: "a rule weighs more than before",
    why: "what was let through now fails the check",
};

pub(super) static CHANGED: Kind = Kind {
    name: "settings-changed",
    effect: Effect::Edit,
    brief: "other settings of the programme changed",
    why: "worth knowing when its history is read",
};

pub(super) fn compare(found: &mut Found<'_>) {
    mutes(found);
    let (Some(old), Some(new)) = (&found.before.config, &found.after.config) else { return };
    if new.check.as_ref().is_none_or(|check| check.misread.nothing()) && !new.misread.holds("check") {
        levels(found, old, new);
    }
    if !new.misread.holds("timeline") {
        numbers(found);
    }
    begins(found, old, new);
    others(found, old, new);
}

fn about(id: &str) -> Subject {
    Subject::new("setting", id)
}

/// The levels that are set, by rule, each with its place.
fn set(config: &Config) -> BTreeMap<&str, (Option<Level>, Location)> {
    let levels = config.check.as_ref().map_or(&[][..], |check| &check.levels.0);
    // Of a rule given twice the first counts.
    levels.iter().rev().map(|(rule, level)| (&*rule.value, (Level::parse(level), rule.at))).collect()
}

fn levels(found: &mut Found<'_>, old: &Config, new: &Config) {
    let (was, is) = (set(old), set(new));
    let named: BTreeSet<&str> = was.keys().chain(is.keys()).copied().collect();
    for rule in named.into_iter().filter(|rule| !rules::is_firm(rule)) {
        let Some(usual) = rules::find(rule).and_then(|rule| rule.level()) else { continue };
        let level = |of: &BTreeMap<&str, (Option<Level>, Location)>| {
            of.get(rule).and_then(|(level, _)| *level).unwrap_or(usual)
        };
        let (before, now) = (level(&was), level(&is));
        let at = is.get(rule).map_or_else(|| scope::root(found.after), |(_, at)| *at);
        let message = format!("{}: {} → {}", quoted(rule), before.name(), now.name());
        if now < before {
            let help = "restore the level; one gap is let through by a waiver, with an approver and an end";
            found.now(&LEVEL_LOWERED, about(rule), at, message).help(help);
        } else if now > before {
            found.now(&LEVEL_RAISED, about(rule), at, message);
        }
    }
}

/// The text a comment speaks for, without the comment: a record that moved takes its comment along.
fn covered(program: &Program, ignore: &Ignore) -> String {
    let text = program.sources.text(ignore.at.file);
    let lines = text.get(ignore.lines.range()).unwrap_or("");
    let without = lines.replace(program.sources.slice(ignore.at), "");
    without.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn mutes(found: &mut Found<'_>) {
    let (before, after) = (found.before, found.after);
    if after.ignores.is_empty() {
        return;
    }
    let mut by_text: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for ignore in &before.ignores {
        *by_text.entry((&ignore.rule, covered(before, ignore))).or_default() += 1;
    }
    // First those whose text is the same; then, in the same file and for the same reason, those whose text was edited.
    let mut take = |key| match by_text.get_mut(&key) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    };
    let fresh: Vec<&Ignore> =
        after.ignores.iter().filter(|ignore| !take((ignore.rule.as_str(), covered(after, ignore)))).collect();
    let mut by_place: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    for ignore in &before.ignores {
        let left = by_text.get_mut(&(ignore.rule.as_str(), covered(before, ignore)));
        if let Some(count) = left.filter(|count| **count > 0) {
            *count -= 1;
            *by_place
                .entry((before.sources.path(ignore.at.file), &ignore.rule, &ignore.reason))
                .or_default() += 1;
        }
    }
    for ignore in fresh {
        let key = (after.sources.path(ignore.at.file), ignore.rule.as_str(), ignore.reason.as_str());
        if let Some(count) = by_place.get_mut(&key).filter(|count| **count > 0) {
            *count -= 1;
            continue;
        }
        let why =
            if ignore.reason.is_empty() { String::new() } else { format!(": {}", quoted(&ignore.reason)) };
        let message = format!("a comment mutes {}{why}", quoted(&ignore.rule));
        let help = "mend the fault and delete the comment";
        found.now(&MUTE_ADDED, Subject::new("rule", ignore.rule.clone()), ignore.at, message).help(help);
    }
}

/// The keys of `[timeline]` that decide where an interval begins and ends.
const FISCAL_YEAR: &str = "fiscal_year_starts";
const BY_DISTANCE: &str = "by_distance";

/// The numbers where more lets more through, by the key of `[timeline]`.
fn lenient(settings: &Settings) -> Vec<(String, i64)> {
    let grace = Cadence::ALL
        .iter()
        .map(|cadence| (format!("grace_days.{}", cadence.word()), settings.grace(*cadence)));
    let team = i64::try_from(settings.small_team).unwrap_or(i64::MAX);
    let others = [
        ("type1_max_age_days", settings.type1_max_age),
        ("small_team", team),
        ("acknowledgement_days", settings.acknowledgement_days),
        ("training_days", settings.training_days),
        ("review_months", settings.review_months),
        ("review_grace_days", settings.review_grace_days),
        ("vendor_report_months", settings.vendor_report_months),
        ("bridge_days", settings.bridge_days),
        ("back_filled_days", settings.back_filled_days),
    ];
    grace.chain(others.into_iter().map(|(key, value)| (key.to_owned(), value))).collect()
}

fn timeline_place(program: &Program) -> Location {
    let timeline = program.config.as_ref().and_then(|config| config.timeline.as_ref());
    timeline.map_or_else(|| scope::root(program), |timeline| timeline.place)
}

fn numbers(found: &mut Found<'_>) {
    let (old, new) = (Settings::of(found.before), Settings::of(found.after));
    if old == new {
        return;
    }
    let at = timeline_place(found.after);
    let mut others = Vec::new();
    for ((key, was), (_, is)) in lenient(&old).into_iter().zip(lenient(&new)) {
        let message = format!("{}: {was} → {is}", quoted(&key));
        if is > was {
            let help = "restore the number, unless your auditor agreed to another";
            found.now(&NUMBER_LOOSENED, about(&key), at, message).help(help);
        } else if is < was {
            others.push(key);
        }
    }
    let mut redrawn = Vec::new();
    if old.fiscal_year_starts != new.fiscal_year_starts {
        redrawn.push(FISCAL_YEAR);
    }
    if Cadence::ALL.iter().any(|cadence| old.by_distance(*cadence) != new.by_distance(*cadence)) {
        redrawn.push(BY_DISTANCE);
    }
    intervals(found, &redrawn, at);
    if !others.is_empty() {
        found.now(
            &CHANGED,
            about("timeline"),
            at,
            format!("other numbers under {}: {}", quoted("timeline"), names(&others)),
        );
    }
}

/// What decides where an interval begins and ends: other intervals for what was done already.
fn intervals(found: &mut Found<'_>, redrawn: &[&str], at: Location) {
    if redrawn.is_empty() {
        return;
    }
    let audits = found.before.config.as_ref().map_or(&[][..], |config| &config.audit);
    let open = audits.iter().filter(|audit| audit.issued.is_none());
    let open: Vec<&str> = open.map(|audit| &*audit.id.value.0).collect();
    let message = format!("occurrences are counted by another {}", names(redrawn));
    if open.is_empty() {
        found.now(&INTERVALS_CHANGED, about("timeline"), at, message);
    } else {
        let message = format!("{message}, while {} is open", names(&open));
        let help = "restore it until the report is issued, unless your auditor agreed to another";
        found.now(&INTERVALS_REDRAWN, about("timeline"), at, message).help(help);
    }
}

fn begins(found: &mut Found<'_>, old: &Config, new: &Config) {
    let day = |config: &Config| config.history.as_ref().and_then(|history| history.begins);
    let (was, is) = (day(old), day(new));
    match (&was, &is) {
        (Some(before), Some(now)) if now.value > before.value => {
            let message = format!("history began on {} and begins on {}", before.value, now.value);
            found.now(&BEGINS_LATER, about("history"), now.at, message).help("restore the day");
        }
        (Some(before), now) if now.as_ref().map(|now| now.value) != Some(before.value) => {
            let message = format!("history began on {}; now it says {}", before.value, shown(now.as_ref()));
            let at = now.as_ref().map_or_else(|| scope::root(found.after), |now| now.at);
            found.now(&CHANGED, about("history"), at, message);
        }
        (None, Some(now)) => {
            let message = format!("history begins on {}: older records were brought in then", now.value);
            found.now(&BEGINS_SET, about("history"), now.at, message);
        }
        _ => {}
    }
}

fn others(found: &mut Found<'_>, old: &Config, new: &Config) {
    let mut changed = Vec::new();
    let text = |text: Option<&crate::model::Text>| text.map(|text| text.value.clone());
    let who = |config: &Config| {
        let of = config.organization.as_ref();
        (text(of.and_then(|of| of.name.as_ref())), text(of.and_then(|of| of.timezone.as_ref())))
    };
    if who(old).0 != who(new).0 {
        changed.push("organization.name".to_owned());
    }
    if who(old).1 != who(new).1 {
        changed.push("organization.timezone".to_owned());
    }
    let system = |config: &Config| text(config.system.as_ref().and_then(|system| system.name.as_ref()));
    if system(old) != system(new) {
        changed.push("system.name".to_owned());
    }
    if text(old.required_version.as_ref()) != text(new.required_version.as_ref()) {
        changed.push("required_version".to_owned());
    }
    let variables = |config: &Config| -> BTreeMap<String, String> {
        config.variables.0.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
    };
    let (was, is) = (variables(old), variables(new));
    let all: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    for name in all.into_iter().filter(|name| was.get(*name) != is.get(*name)) {
        let said = |of: &BTreeMap<String, String>| {
            of.get(name).map_or_else(|| "none".to_owned(), |value| quoted(value))
        };
        changed.push(format!(
            "variables.{name} {} → {}",
            said(&was).replace('`', ""),
            said(&is).replace('`', "")
        ));
    }
    if !changed.is_empty() {
        found.now(
            &CHANGED,
            about("soc2.toml"),
            scope::root(found.after),
            format!("{} has other {}", quoted("soc2.toml"), names(&changed)),
        );
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::config::TimelineSettings;
    use crate::source::Sources;

    #[test]
    fn every_number_is_compared() {
        let settings =
            Settings::of(&Program::load(Sources::from_memory(BTreeMap::new().into_iter().collect())));
        let compared = lenient(&settings);
        let compared = compared.iter().filter_map(|(key, _)| key.split('.').next());
        let compared: BTreeSet<&str> = compared.chain([FISCAL_YEAR, BY_DISTANCE]).collect();
        let keys: BTreeSet<&str> = TimelineSettings::SHAPE.keys.iter().map(|field| field.name).collect();
        assert_eq!(compared, keys);
    }
}
