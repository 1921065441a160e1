//! Whose keys make a commit witnessed: the lists of keys that `[history]` names. Another key speaks for everybody's records,
//! so it is agreed to first; an old one ends and stays listed.

use std::collections::BTreeMap;

use super::found::Found;
use super::wording::quoted;
use super::{Change, Effect, Kind, scope, settings, unread};
use crate::gap::Subject;
use crate::model::Text;
use crate::program::{KeyList, Keys, ListedKey, Program};
use crate::source::Location;

pub(super) static ADDED: Kind = Kind {
    name: "signer-added",
    effect: Effect::Regression,
    brief: "a key counts for commits that was not listed",
    why: "whoever holds it can make records of others read as witnessed, so that is somebody else's decision",
};

pub(super) static WIDENED: Kind = Kind {
    name: "signer-widened",
    effect: Effect::Regression,
    brief: "a listed key counts for another name, for more time or for more uses than before",
    why: "commits that were claims read as witnessed, or as witnessed by somebody else; a key for commits may sign bundles too",
};

pub(super) static REMOVED: Kind = Kind {
    name: "signer-removed",
    effect: Effect::Regression,
    brief: "a listed key is gone",
    why: "what it witnessed reads as claimed; a key that ends keeps its line, with the day in `valid-before`",
};

pub(super) static LISTED: Kind = Kind {
    name: "signers-listed",
    effect: Effect::Disclosure,
    brief: "a first list says whose keys count for commits",
    why: "compare the keys with what their holders say: from now on they make records read as witnessed",
};

pub(super) static ENDED: Kind = Kind {
    name: "signer-ended",
    effect: Effect::Disclosure,
    brief: "a listed key counts for less time, for fewer names or for fewer uses",
    why: "what it signed outside of that time is a claim",
};

/// One of the two lists.
struct Of {
    noun: &'static str,
    list: fn(&Keys) -> &KeyList,
    typed: fn(&Program) -> Option<&Text>,
}

const LISTS: [Of; 2] = [
    Of {
        noun: "signer",
        list: |keys| &keys.signers,
        typed: |program| program.config.as_ref()?.history.as_ref()?.allowed_signers.as_ref(),
    },
    Of {
        noun: "forge",
        list: |keys| &keys.forges,
        typed: |program| program.config.as_ref()?.history.as_ref()?.forge_keys.as_ref(),
    },
];

pub(super) fn compare(found: &mut Found<'_>) {
    let (before, after) = (found.before, found.after);
    let (Some(old), Some(new)) = (&before.keys, &after.keys) else { return };
    // Which files are the lists is not known where `soc2.toml` cannot be read.
    let readable = |program: &Program| {
        program.config.as_ref().is_some_and(|config| {
            let misread = config.history.as_ref().is_some_and(|history| !history.misread.nothing());
            !misread && !config.misread.holds("history")
        })
    };
    if !readable(before) || !readable(after) {
        return;
    }
    for of in LISTS {
        list(found, &of, (of.list)(old), (of.list)(new));
    }
}

fn list(found: &mut Found<'_>, of: &Of, old: &KeyList, new: &KeyList) {
    let at = |program: &Program| (of.typed)(program).map_or_else(|| scope::root(program), |typed| typed.at);
    let (was, is) = (at(found.before), at(found.after));
    if old.path != new.path {
        let shown =
            |list: &KeyList| if list.path.is_empty() { "none".to_owned() } else { quoted(&list.path) };
        let message = format!("the list of keys was {} and is {}", shown(old), shown(new));
        found.now(&settings::CHANGED, Subject::new("setting", "history"), is, message);
    }
    if old.unread {
        if old != new {
            let message = format!(
                "{} could not be read in the base: which keys this change lists is not known",
                quoted(&old.path)
            );
            let subject = Subject::new(unread::FILE, &*old.path);
            found.gone(&unread::UNREAD, subject, was, message).help("compare the lists of keys by eye");
        }
        return;
    }
    if old.keys.is_empty() {
        if !new.keys.is_empty() {
            let number = crate::text::count(new.keys.len(), "key");
            let message = format!("{} lists {number} that count for commits", quoted(&new.path));
            found.now(&LISTED, Subject::new(of.noun, &*new.path), is, message);
        }
        return;
    }
    keys(found, of, (old, was), (new, is));
}

/// The lines of each key.
fn by_key(list: &KeyList) -> BTreeMap<&str, Vec<&ListedKey>> {
    let mut map: BTreeMap<&str, Vec<&ListedKey>> = BTreeMap::new();
    for line in &list.keys {
        map.entry(&line.key).or_default().push(line);
    }
    map.values_mut().for_each(|lines| lines.sort());
    map
}

fn keys(found: &mut Found<'_>, of: &Of, (old, was): (&KeyList, Location), (new, is): (&KeyList, Location)) {
    let mut there = by_key(new);
    for (key, lines) in by_key(old) {
        let about =
            |lines: &[&ListedKey]| Subject::new(of.noun, lines.first().map_or("", |line| &line.holder));
        let Some(now) = there.remove(key) else {
            let verb = if new.unread { "cannot be read, and so no longer lists" } else { "no longer lists" };
            let message = format!("{} {verb} the key of {}", quoted(&new.path), words(&lines, false));
            let help = match of.noun {
                "signer" => "restore the line; the day on which a key ends is its `valid-before`",
                _ => "restore the key; one that ended still speaks for its time",
            };
            found.gone(&REMOVED, about(&lines), was, message).help(help);
            continue;
        };
        if lines == now {
            continue;
        }
        let limited = lines.iter().chain(&now).any(|line| line.namespaces.is_some());
        let message =
            format!("the key of {} counts for {} now", words(&lines, limited), words(&now, limited));
        if now.iter().all(|line| lines.iter().any(|before| covers(before, line))) {
            found.now(&ENDED, about(&now), is, message);
        } else {
            agreed(found.now(&WIDENED, about(&now), is, message));
        }
    }
    for (key, lines) in there {
        let holder = lines.first().map_or("", |line| &line.holder);
        let message =
            format!("{} lists a new key of {}: {}", quoted(&new.path), words(&lines, false), quoted(key));
        agreed(found.now(&ADDED, Subject::new(of.noun, holder), is, message));
    }
}

/// What to do about a key that counts for more.
fn agreed(change: &mut Change) {
    let (rule, subject) = (change.kind.name, quoted(&change.subject.id));
    change.help(format!(
        "let somebody else agree first: a waiver in a change of its own, with rule `{rule}` and subject {subject}"
    ));
}

/// Does a line allow all that another one does?
fn covers(line: &ListedKey, other: &ListedKey) -> bool {
    let narrower = within(&other.holder, &line.holder);
    let uses = match (&line.namespaces, &other.namespaces) {
        (None, _) => true,
        (Some(all), Some(some)) => within(some, all),
        (Some(_), None) => false,
    };
    let starts = line.from.is_none_or(|from| other.from.is_some_and(|other| other >= from));
    let ends = line.until.is_none_or(|until| other.until.is_some_and(|other| other <= until));
    narrower && uses && starts && ends
}

/// Are all patterns of a list among those of another? One with `!` takes away, so fewer of them is more.
fn within(some: &str, all: &str) -> bool {
    let known: Vec<&str> = all.split(',').collect();
    some == all
        || !some.contains('!') && !all.contains('!') && some.split(',').all(|one| known.contains(&one))
}

/// `` `bob@acme.example` from 2026-02-02 to 2026-06-30 ``; with what they may sign where some line says it.
fn words(lines: &[&ListedKey], limited: bool) -> String {
    let one = |line: &&ListedKey| {
        let day = |word: &str, at: Option<jiff::Timestamp>| {
            at.map_or_else(String::new, |at| {
                let at = at.to_string();
                format!(" {word} {}", at.strip_suffix("T00:00:00Z").unwrap_or(&at))
            })
        };
        let uses = match &line.namespaces {
            Some(namespaces) => format!(" for signatures of {}", quoted(namespaces)),
            None if limited => " for signatures of every kind".to_owned(),
            None => String::new(),
        };
        format!("{}{uses}{}{}", quoted(&line.holder), day("from", line.from), day("until", line.until))
    };
    let all: Vec<String> = lines.iter().map(one).collect();
    crate::text::some(&all, 5)
}
