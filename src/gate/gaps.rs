//! Which blocking gaps a change opened and which it closed.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::State;
use super::links::{Thing, thing};
use crate::gap::{Class, Gap};
use crate::program::Program;
use crate::rules;

/// What makes a gap the same one in both states.
type Key<'g> = (&'static str, Thing<'g>, Option<&'g str>, Option<&'g str>, Option<&'g str>);

/// Gaps of both states, told apart. But for the first list they are blocking ones.
pub(super) struct Compared<'g> {
    /// Of the state after alone, of any class, waived or not.
    pub(super) new: Vec<&'g Gap>,
    /// Of the state after alone, and let through by no waiver.
    pub(super) opened: Vec<&'g Gap>,
    /// Of the state before alone, though what they are about is still there.
    pub(super) closed: Vec<&'g Gap>,
    /// Of both, and let through by no waiver.
    pub(super) standing: usize,
}

/// Compares the gaps of two states.
pub(super) fn compare<'g>(before: &State<'g>, after: &State<'g>) -> Compared<'g> {
    let renamed = renamed(before.judgement.program, after.judgement.program);
    let mut old: BTreeMap<Key<'g>, Vec<&'g Gap>> = BTreeMap::new();
    for gap in &before.report.gaps {
        old.entry(key(before, gap, &BTreeMap::new())).or_default().push(gap);
    }
    let (mut new, mut opened, mut standing) = (Vec::new(), Vec::new(), 0);
    for gap in &after.report.gaps {
        let known = old.get_mut(&key(after, gap, &renamed)).and_then(Vec::pop).is_some();
        if !known {
            new.push(gap);
        }
        match known {
            _ if !blocks(gap) => {}
            true => standing += 1,
            false => opened.push(gap),
        }
    }
    let program = after.judgement.program;
    let committed = !program.history.files.values().any(|file| file.uncommitted);
    let still = |gap: &&Gap| {
        let tells = committed || !rules::is_seen_in_commits(gap.rule);
        tells && blocks(gap) && exists(program, gap.subject.kind, &gap.subject.id)
    };
    let mut closed: Vec<&Gap> = old.into_values().flatten().filter(still).collect();
    // A slot that was missed and is a deviation now reads otherwise; nothing was repaired.
    let opened_slots: BTreeSet<_> = opened.iter().filter_map(|gap| slot(key(after, gap, &renamed))).collect();
    closed.retain(|gap| {
        let slot = slot(key(before, gap, &BTreeMap::new()));
        slot.is_none_or(|slot| !opened_slots.contains(&slot))
    });
    closed.sort_by_key(|gap| (gap.rule, &gap.audit, &gap.subject, &gap.slot, &gap.system));
    Compared { new, opened, closed, standing }
}

/// The slot that a gap is about, whatever the gap is called.
fn slot<'g>((_, about, slot, system, audit): Key<'g>) -> Option<SlotOf<'g>> {
    slot.map(|slot| (about, slot, system, audit))
}

/// What makes a slot the same one in both states.
type SlotOf<'g> = (Thing<'g>, &'g str, Option<&'g str>, Option<&'g str>);

fn blocks(gap: &Gap) -> bool {
    gap.class == Class::Blocking && gap.waiver.is_none()
}

fn key<'g>(state: &State<'g>, gap: &'g Gap, renamed: &Renamed<'g>) -> Key<'g> {
    let (kind, id) = thing(state.judgement.program, &gap.subject);
    let id = match renamed.get(&(kind, &*id)) {
        Some(old) => Cow::Borrowed(*old),
        None => id,
    };
    (gap.rule, (kind, id), gap.slot.as_deref(), gap.system.as_deref(), gap.audit.as_deref())
}

/// The old id of what has another one now, by kind and new id.
type Renamed<'g> = BTreeMap<(&'static str, &'g str), &'g str>;

/// Controls that name an old id as an alias, and evidence in another folder with the same manifest; the old one is gone.
fn renamed<'g>(before: &'g Program, after: &'g Program) -> Renamed<'g> {
    let of_control = after.controls.iter().flat_map(|control| {
        let gone = control.aliases.iter().map(|alias| &*alias.value);
        let gone = gone.filter(|old| {
            before.names.controls.contains_key(*old) && !after.names.controls.contains_key(*old)
        });
        gone.map(|old| (("control", &*control.id.value.0), old))
    });
    let of_evidence = moved(before, after).into_iter().map(|(new, old)| (("evidence", new), old));
    of_control.chain(of_evidence).collect()
}

fn moved<'g>(before: &'g Program, after: &'g Program) -> Vec<(&'g str, &'g str)> {
    let only = |here: &'g Program, there: &'g Program| {
        let own = here
            .evidence
            .iter()
            .filter(|folder| there.sources.find(here.sources.path(folder.file)).is_none());
        own.map(|folder| (here.sources.text(folder.file), here.evidence_id(folder)))
    };
    let mut gone: BTreeMap<&str, &str> = BTreeMap::new();
    for (text, id) in only(before, after) {
        gone.entry(text).or_insert(id);
    }
    only(after, before).filter_map(|(text, id)| Some((id, gone.remove(text)?))).collect()
}

/// Does a programme hold the thing? Of kinds that have no list here, it does.
pub(super) fn exists(program: &Program, kind: &str, id: &str) -> bool {
    let (names, registers) = (&program.names, &program.registers);
    match kind {
        "control" => names.controls.contains_key(id),
        "policy" => names.policies.contains_key(id),
        "procedure" => names.procedures.contains_key(id),
        "person" => program.person(id).is_some(),
        "role" => names.roles.contains_key(id),
        "system" => names.systems.contains_key(id),
        "vendor" => names.vendors.contains_key(id),
        "risk" => names.risks.contains_key(id),
        "asset" => names.assets.contains_key(id),
        "audit" => names.audits.contains_key(id),
        "criterion" => program.criterion(id).is_ok(),
        "evidence" => program.resolves(crate::record::Target::Evidence, id),
        "incident" => registers.incidents.iter().any(|row| *row.id.value.0 == *id),
        "csoc" => registers.csocs.iter().any(|row| *row.id.value.0 == *id),
        _ => true,
    }
}
