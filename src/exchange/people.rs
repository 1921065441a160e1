//! Who a row of people is: by id, by address, by name; and the days on which they worked here.

use std::collections::{BTreeMap, BTreeSet};

use super::cells::{BETWEEN, address, parts, period, period_words};
use super::headings::words;
use super::held::employment_words;
use super::listed::Raw;
use super::names::Names;
use super::words::{PERSON_KIND, meant};
use super::{Record, ids};
use crate::program::Program;
use crate::text::{clip, is_slug, safe};

/// An id for each row, or why there is none. Namesakes with other addresses are other people.
pub(super) fn identify(
    raws: &[Raw<'_>],
    names: &mut Names<'_>,
    program: &Program,
) -> Vec<Result<String, &'static str>> {
    let mut found: Vec<Option<String>> = raws.iter().map(|raw| sure(raw, program)).collect();
    let mut claimed: BTreeSet<String> = found.iter().flatten().cloned().collect();
    let mut of_address: BTreeMap<String, String> = BTreeMap::new();
    for (raw, id) in raws.iter().zip(&mut found) {
        let addresses = addresses(raw);
        if id.is_none() {
            let again = addresses.iter().find_map(|address| of_address.get(address)).cloned();
            *id = again.or_else(|| likely(raw, &addresses, &claimed, names, program));
            claimed.extend(id.clone());
        }
        if let Some(id) = id {
            for address in addresses {
                of_address.entry(address).or_insert_with(|| id.clone());
            }
        }
    }
    for (raw, id) in raws.iter().zip(&found) {
        if let Some(id) = id {
            let called =
                addresses(raw).into_iter().chain([name(raw), raw.text("number"), raw.text("id"), id.clone()]);
            called.for_each(|called| names.add_person(&called, id));
        }
    }
    let why = "neither a name nor an address in letters from a to z, of which an id is made: give the row one under a heading `ID`, \
               such as li-lei";
    found.into_iter().map(|id| id.ok_or(why)).collect()
}

/// The id that a row gives, or that of the person here who has its address.
fn sure(raw: &Raw<'_>, program: &Program) -> Option<String> {
    let typed = raw.text("id");
    let person = |called: &str| program.person(called).and_then(|index| program.registers.people.get(index));
    if let Some(person) = person(&typed).filter(|_| !typed.is_empty()) {
        return Some(person.id.to_string());
    }
    if let Some(person) = addresses(raw).iter().find_map(|address| person(address)) {
        return Some(person.id.to_string());
    }
    // The numbers of an HR system are no names; they only tell who reports to whom.
    let is_id = is_slug(&typed) && typed.len() <= 100 && typed.bytes().any(|b| b.is_ascii_lowercase());
    is_id.then_some(typed)
}

/// The person here of that name whom no other row claims, else a new id.
fn likely(
    raw: &Raw<'_>,
    addresses: &[String],
    claimed: &BTreeSet<String>,
    names: &Names<'_>,
    program: &Program,
) -> Option<String> {
    let name = name(raw);
    if let Some(id) = names.person(&name).filter(|id| !name.is_empty() && !claimed.contains(*id)) {
        return Some(id.to_owned());
    }
    let local = addresses.first().and_then(|address| address.split('@').next());
    let made = [Some(&*name), local].into_iter().flatten().map(ids::id).find(|id| !id.is_empty())?;
    // Nobody is told apart by nothing: a second row of the same name without an address is the same person.
    if addresses.is_empty() && claimed.contains(&made) {
        return Some(made);
    }
    let taken = |id: &str| {
        claimed.contains(id) || program.names.people.contains_key(id) || program.names.roles.contains_key(id)
    };
    Some(ids::free(&made, taken))
}

fn addresses(raw: &Raw<'_>) -> Vec<String> {
    parts(&raw.text("emails")).iter().filter_map(|part| address(part)).collect()
}

/// The name for people: as it is, of its parts, or turned around.
fn name(raw: &Raw<'_>) -> String {
    let (whole, first, last) = (raw.text("name"), raw.text("first"), raw.text("last"));
    if !whole.is_empty() {
        return whole;
    }
    if !first.is_empty() || !last.is_empty() {
        return format!("{first} {last}").trim().to_owned();
    }
    let turned = raw.text("last-first");
    match turned.split_once(',') {
        Some((last, first)) => format!("{} {}", first.trim(), last.trim()).trim().to_owned(),
        None => turned,
    }
}

/// Puts the name together, and the address in its place where a row has no name. Where nothing else says what somebody is to the
/// company, a status such as `Full-Time` or `Contractor` does.
pub(super) fn complete(raw: &Raw<'_>, record: &mut Record) {
    let name = name(raw);
    if !name.is_empty() {
        record.insert("name", name);
    } else if let Some(address) = addresses(raw).first() {
        record.insert("name", address.clone());
    }
    let status = raw.text("status");
    let bare = ["yes", "no", "true", "false", "1", "0"].iter().any(|word| status.eq_ignore_ascii_case(word));
    if let Some(kind) = meant(PERSON_KIND, &status).filter(|_| !bare && !record.contains_key("kind")) {
        record.insert("kind", kind.to_owned());
    }
}

/// Takes a last day out that is before the first: it is of an employment whose first day the list does not tell.
pub(super) fn ends_before(record: &mut Record) -> Option<String> {
    let (start, end) = (record.get("start")?, record.get("end")?);
    if end >= start {
        return None;
    }
    let days = format!("{end} before {start}");
    record.remove("end");
    Some(days)
}

/// The days on which somebody worked here, oldest first: from and to, either may be missing.
pub(super) fn employments(record: &Record) -> Vec<(String, String)> {
    let text = |field: &str| record.get(field).cloned().unwrap_or_default();
    let mut all: Vec<(String, String)> =
        parts(&text("earlier")).iter().filter_map(|part| period(part)).collect();
    let last = (text("start"), text("end"));
    if !last.0.is_empty() || !last.1.is_empty() {
        all.push(last);
    }
    all
}

/// The same as fields of a record: the last one by itself, those before it together.
pub(super) fn with_employments(record: &mut Record, all: &[(String, String)]) {
    for field in ["start", "end", "earlier"] {
        record.remove(field);
    }
    let Some(((from, to), earlier)) = all.split_last() else { return };
    let mut set = |field: &'static str, text: String| {
        if !text.is_empty() {
            record.insert(field, text);
        }
    };
    set("start", from.clone());
    set("end", to.clone());
    let earlier: Vec<String> = earlier.iter().map(|(from, to)| period_words(from, to)).collect();
    set("earlier", earlier.join(BETWEEN));
}

/// What another row of one id does to the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Again {
    /// It tells of another employment, which is taken in.
    Joined,
    /// It says nothing new.
    Same,
    /// It cannot be the same person at another time: what stands against it, in words.
    Apart(String),
}

/// Takes the employments of another row of the same person in, unless the two contradict each other.
pub(super) fn joined(held: &mut Record, other: &Record) -> Again {
    if let Some(words) = contradiction(held, other) {
        return Again::Apart(words);
    }
    let mut all = employments(held);
    let before = all.len();
    for one in employments(other) {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    if all.len() == before {
        return Again::Same;
    }
    all.sort();
    with_employments(held, &all);
    Again::Joined
}

/// Another name, another kind, or two employments at one time.
fn contradiction(held: &Record, other: &Record) -> Option<String> {
    let shown = |text: &str| format!("`{}`", clip(&safe(text), 40));
    for field in ["name", "kind"] {
        let (Some(above), Some(here)) = (held.get(field), other.get(field)) else { continue };
        // An address stands for a name where a row has none.
        let stands_in = field == "name" && (above.contains('@') || here.contains('@'));
        if !stands_in && words(above) != words(here) {
            return Some(format!("another {field} ({}, there {})", shown(here), shown(above)));
        }
    }
    let above = employments(held);
    let new = employments(other).into_iter().filter(|one| !above.contains(one));
    let mut pairs = new.flat_map(|one| above.iter().map(move |of| (one.clone(), of)));
    let (here, there) = pairs.find(|(one, of)| overlap(one, of))?;
    Some(format!(
        "days of work that overlap ({}, there {})",
        employment_words(&here),
        employment_words(there)
    ))
}

/// Do two employments share more than the day on which one ends and the other begins?
fn overlap(one: &(String, String), other: &(String, String)) -> bool {
    let begins_in = |(from, _): &(String, String), (_, to): &(String, String)| to.is_empty() || from < to;
    begins_in(one, other) && begins_in(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, kind: &str, start: &str, end: &str) -> Record {
        [("name", name), ("kind", kind), ("start", start), ("end", end)]
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(field, text)| (field, text.to_owned()))
            .collect()
    }

    #[test]
    fn two_rows_are_one_person_only_where_they_can_be() {
        let left = ("Ann Lee", "employee", "2024-01-01", "2024-06-30");
        for (name, kind, start, end, expected) in [
            ("ann  LEE", "employee", "2025-01-01", "", Again::Joined),
            ("Ann Lee", "", "2024-06-30", "", Again::Joined),
            ("a@x.com", "", "", "2023-01-01", Again::Joined),
            ("Ann Lee", "employee", "2024-01-01", "2024-06-30", Again::Same),
            ("Bo", "", "2025-01-01", "", Again::Apart("another name (`Bo`, there `Ann Lee`)".to_owned())),
            (
                "Ann Lee",
                "contractor",
                "2025-01-01",
                "",
                Again::Apart("another kind (`contractor`, there `employee`)".to_owned()),
            ),
            (
                "Ann Lee",
                "",
                "2024-06-01",
                "",
                Again::Apart(
                    "days of work that overlap (since 2024-06-01, there 2024-01-01 to 2024-06-30)".to_owned(),
                ),
            ),
        ] {
            let mut held = row(left.0, left.1, left.2, left.3);
            let before = held.clone();
            let got = joined(&mut held, &row(name, kind, start, end));
            assert_eq!(got, expected);
            assert_eq!(held == before, got != Again::Joined);
        }
        let mut open = row("Ann Lee", "", "2024-01-01", "");
        assert!(matches!(joined(&mut open, &row("Ann Lee", "", "2024-02-01", "")), Again::Apart(_)));
    }
}
