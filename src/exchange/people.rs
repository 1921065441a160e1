//! Who a row of people is: by id, by address, by name; and the days on which they worked here.

use std::collections::{BTreeMap, BTreeSet};

use super::cells::{BETWEEN, address, parts, period, period_words};
use super::listed::Raw;
use super::names::Names;
use super::words::{PERSON_KIND, meant};
use super::{Record, ids};
use crate::program::Program;
use crate::text::is_slug;

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
    found.into_iter().map(|id| id.ok_or("neither a name nor an address that an id can be made of")).collect()
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

/// Takes the employments of another row of the same person in; false where it tells of none that is new.
pub(super) fn joined(held: &mut Record, other: &Record) -> bool {
    let mut all = employments(held);
    let before = all.len();
    for one in employments(other) {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    if all.len() == before {
        return false;
    }
    all.sort();
    with_employments(held, &all);
    true
}
