//! A new text of a policy that was approved in the same change. It excuses another wording only if the whole text is
//! approved, by somebody who may, and who has not written it; all of that by the words of the state before, so that nobody
//! makes himself an approver in the change.

use std::collections::BTreeSet;

use super::wording::{quoted, shown};
use crate::history::Commit;
use crate::model::Policy;
use crate::model::policy::Approval;
use crate::program::Program;
use crate::timeline::{people, witness};

/// What a change says of the approval of a text that it rewords.
pub(super) enum Anew {
    /// Nobody approved the new text as a whole.
    Nobody,
    /// Approved, in words: by whom and when.
    By(String),
    /// Somebody did, and why that does not count, in words.
    Not(String),
}

/// The new entry that speaks for the whole text as it stands: the last one.
pub(super) fn candidate<'p>(old: &Policy, new: &'p Policy) -> Option<&'p Approval> {
    let pinned = |approval: &Approval| approval.text.as_ref().map(|text| text.value);
    let text = new.body.sha256.filter(|text| old.body.sha256 != Some(*text))?;
    let last = new.head.approvals.last().filter(|last| pinned(last) == Some(text))?;
    let known = |was: &Approval| shown(was.version.as_ref()) == shown(last.version.as_ref());
    let whole = last.misread.nothing() && !new.head.misread.holds("approvals");
    (whole && !old.head.approvals.iter().any(known)).then_some(last)
}

/// Was the text approved anew, in the change that reworded it?
pub(super) fn approved(before: &Program, after: &Program, old: &Policy, new: &Policy) -> Anew {
    let Some(approval) = candidate(old, new) else { return Anew::Nobody };
    let (Some(by), Some(on), Some(_)) = (&approval.by, &approval.on, &approval.effective) else {
        return Anew::Nobody;
    };
    let not = |why: &str| Anew::Not(format!("the approval by {} does not count here: {why}", quoted(by)));
    let works = |person: &usize| {
        let person = before.registers.people.get(*person);
        person.is_some_and(|person| !people::is_bot(person) && people::employed(person, on.value))
    };
    let Some(approver) = before.person(by).filter(works) else {
        return not(
            "before this change the people register has nobody of that name who works here on its day",
        );
    };
    if !may_approve(before, old, approver, on.value) {
        return not("they neither approved this policy before nor own it");
    }
    let Some(Written { authors, first, last }) = written(before, after, new) else {
        return not("git does not say who wrote the text; commit it, in a whole clone");
    };
    let zone = after.zone();
    for author in &authors {
        match witness::person(before, &author.author) {
            None => {
                let mail = quoted(&author.author.email);
                return not(&format!(
                    "who wrote the text cannot be told; nobody in the people register has {mail}"
                ));
            }
            Some(author) if author == approver => return not("they wrote the text themselves"),
            Some(_) => {}
        }
    }
    if on.value < zone.to_datetime(first.author.at).date() || on.value > last.day(&zone) {
        return not("its day is not one of those on which the change was made");
    }
    Anew::By(format!("{} on {}", quoted(by), on.value))
}

fn may_approve(before: &Program, old: &Policy, approver: usize, day: jiff::civil::Date) -> bool {
    let former = old.head.approvals.iter().filter_map(|approval| before.person(approval.by.as_ref()?));
    let owner = old.head.owner.as_ref().and_then(|owner| people::holder(before, owner));
    let owners = match owner {
        Some(people::Holder::Person(person)) => vec![person],
        Some(people::Holder::Role(role)) => {
            let role = before.registers.roles.get(role);
            role.map_or_else(Vec::new, |role| people::holders(before, role, day))
        }
        None => Vec::new(),
    };
    former.chain(owners).any(|person| person == approver)
}

/// Who wrote what a change says anew.
struct Written<'p> {
    /// The commits of the change after which the text read otherwise.
    authors: Vec<&'p Commit>,
    /// The newest of them.
    first: &'p Commit,
    /// The newest commit of the change that touched the policy.
    last: &'p Commit,
}

/// `None` where git does not tell it whole: something is not committed, or the text comes from elsewhere, as from a variable.
fn written<'p>(before: &Program, after: &'p Program, new: &Policy) -> Option<Written<'p>> {
    let path = after.sources.path(new.file);
    let file = after.history.file(path).filter(|file| !file.uncommitted)?;
    let texts = after.history.texts.get(path)?;
    let known: BTreeSet<&str> = before.history.commits.iter().map(|commit| &*commit.id).collect();
    if known.is_empty() || texts.first()?.sha256 != new.body.sha256?.0 {
        return None;
    }
    let last = after.history.commit(file.touches.first()?.commit)?;
    let mut authors = Vec::new();
    for (nth, text) in texts.iter().enumerate() {
        let commit = after.history.commit(text.commit)?;
        let older = texts.get(nth + 1);
        if known.contains(&*commit.id) {
            continue;
        }
        if older.is_none_or(|older| older.sha256 != text.sha256) {
            authors.push(commit);
        }
    }
    Some(Written { first: authors.first().copied()?, last, authors })
}
