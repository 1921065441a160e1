//! Who agreed to a policy's text, and who looked at it since: lists that only ever grow.

use std::collections::{BTreeMap, VecDeque};

use super::found::Found;
use super::pairs::entries;
use super::policies::subject;
use super::wording::{quoted, shown};
use super::{Effect, Kind};
use crate::model::Policy;
use crate::model::policy::{Approval, DocumentReview, ReviewCadence};

pub(super) static REMOVED: Kind = Kind {
    name: "approval-removed",
    effect: Effect::Regression,
    brief: "a recorded approval of a policy is gone",
    why: "it says which text was in force on the days of the window; approvals are only ever added",
};

pub(super) static ALTERED: Kind = Kind {
    name: "approval-altered",
    effect: Effect::Regression,
    brief: "a recorded approval of a policy says something else than before",
    why: "an approval is a person's agreement to one text on one day; changed afterwards it is nobody's",
};

pub(super) static REVIEW_REMOVED: Kind = Kind {
    name: "policy-review-removed",
    effect: Effect::Regression,
    brief: "a recorded review of a policy is gone",
    why: "it shows that somebody looked in time",
};

pub(super) static REVIEW_LOOSENED: Kind = Kind {
    name: "policy-review-loosened",
    effect: Effect::Regression,
    brief: "a policy is to be looked at less often",
    why: "what was overdue becomes in time by writing another word",
};

pub(super) static LAPSED: Kind = Kind {
    name: "approval-lapsed",
    effect: Effect::Disclosure,
    brief: "a policy's text changed, and no approval speaks for it as it stands",
    why: "the approved text stays in force until the new one is approved",
};

pub(super) static APPROVED: Kind = Kind {
    name: "policy-approved",
    effect: Effect::Edit,
    brief: "a policy has a new approval",
    why: "from its first day on it is the text that people are held to",
};

pub(super) static REVIEWED: Kind = Kind {
    name: "policy-reviewed",
    effect: Effect::Edit,
    brief: "somebody looked at a policy and recorded it",
    why: "a policy is looked at as often as it says, also when nothing changes",
};

/// `weakened`: something was told of the text already, so that its approval lapsed goes without saying.
pub(super) fn compare(found: &mut Found<'_>, old: &Policy, new: &Policy, weakened: bool) {
    if !new.head.misread.holds("approvals") {
        approvals(found, old, new);
        lapsed(found, old, new, weakened);
    }
    if !new.head.misread.holds("reviews") {
        reviews(found, old, new);
    }
    if !new.head.misread.holds("review") {
        cadence(found, old, new);
    }
}

/// What an approval says; its proof may be added later.
fn said(approval: &Approval) -> [String; 5] {
    let text = approval.text.as_ref().map(|text| crate::source::hex(&text.value.0));
    [
        shown(approval.version.as_ref()),
        approval.by.as_ref().map_or(String::new(), |by| by.value.0.to_string()),
        shown(approval.on.as_ref()),
        shown(approval.effective.as_ref()),
        text.unwrap_or_default(),
    ]
}

fn in_words(approval: &Approval) -> String {
    let by = approval.by.as_ref().map_or_else(|| "nobody".to_owned(), |by| quoted(by));
    format!("version {} by {by} on {}", shown(approval.version.as_ref()), shown(approval.on.as_ref()))
}

fn approvals(found: &mut Found<'_>, old: &Policy, new: &Policy) {
    let id = quoted(&new.head.id);
    let compared = entries(&old.head.approvals, &new.head.approvals, said);
    for (was, is) in compared.both {
        let proof = |approval: &Approval| approval.proof.as_ref().map(|proof| proof.value.clone());
        if proof(was).is_some() && proof(was) != proof(is) {
            let message = format!("the approval of {id}, {}, names another proof", in_words(was));
            found.now(&ALTERED, subject(new), is.place, message).help("restore the entry");
        }
    }
    // One of the same version that says something else is the same approval, altered.
    let mut fresh: BTreeMap<String, VecDeque<&Approval>> = BTreeMap::new();
    for approval in compared.new {
        fresh.entry(shown(approval.version.as_ref())).or_default().push_back(approval);
    }
    for approval in compared.gone {
        match fresh.get_mut(&shown(approval.version.as_ref())).and_then(VecDeque::pop_front) {
            Some(now) => {
                let message =
                    format!("an approval of {id} was {} and says otherwise now", in_words(approval));
                let help = "restore the entry; a new approval is a new entry at the end";
                found.now(&ALTERED, subject(new), now.place, message).help(help);
            }
            None => {
                let message = format!("an approval of {id} is gone: {}", in_words(approval));
                found.gone(&REMOVED, subject(new), approval.place, message).help("restore the entry");
            }
        }
    }
    for approval in fresh.into_values().flatten() {
        let day = shown(approval.effective.as_ref());
        let message = format!("{id} was approved: {}, in effect from {day}", in_words(approval));
        found.now(&APPROVED, subject(new), approval.place, message);
    }
}

/// The last approval of the text as it stands.
fn speaks(policy: &Policy) -> Option<&Approval> {
    let text = policy.body.sha256?;
    let pins = |approval: &&Approval| approval.text.as_ref().is_some_and(|pinned| pinned.value == text);
    policy.head.approvals.iter().rev().find(pins)
}

fn lapsed(found: &mut Found<'_>, old: &Policy, new: &Policy, weakened: bool) {
    let Some(approval) = speaks(old).filter(|_| !weakened && new.body.sha256.is_some()) else { return };
    if speaks(new).is_none() {
        let version = shown(approval.version.as_ref());
        let message = format!(
            "the text of {} changed; its approved version {version} stays in force",
            quoted(&new.head.id)
        );
        let help = "have the new text approved by management when it is ready";
        found.now(&LAPSED, subject(new), new.head.id.at, message).help(help);
    }
}

fn reviews(found: &mut Found<'_>, old: &Policy, new: &Policy) {
    let said = |review: &DocumentReview| {
        (
            review.by.as_ref().map(|by| by.value.0.clone()),
            shown(review.on.as_ref()),
            review.result.as_ref().map(|r| r.value.clone()),
        )
    };
    let in_words = |review: &DocumentReview| {
        let by = review.by.as_ref().map_or_else(|| "nobody".to_owned(), |by| quoted(by));
        format!("by {by} on {}", shown(review.on.as_ref()))
    };
    let id = quoted(&new.head.id);
    let compared = entries(&old.head.reviews, &new.head.reviews, said);
    for review in compared.gone {
        let message = format!("a review of {id} is gone or altered: {}", in_words(review));
        found.gone(&REVIEW_REMOVED, subject(new), review.place, message).help("restore the entry");
    }
    for review in compared.new {
        found.now(&REVIEWED, subject(new), review.place, format!("{id} was reviewed {}", in_words(review)));
    }
}

fn cadence(found: &mut Found<'_>, old: &Policy, new: &Policy) {
    let often = |policy: &Policy| match policy.head.review.as_ref().map(|review| review.value) {
        Some(ReviewCadence::Quarterly) => (2, "quarterly"),
        Some(ReviewCadence::Semiannual) => (1, "semiannual"),
        Some(ReviewCadence::Annual) | None => (0, "annual"),
    };
    let ((was, from), (is, to)) = (often(old), often(new));
    if is < was {
        let at = new.head.review.as_ref().map_or(new.head.id.at, |review| review.at);
        let message = format!("{}: review {from} → {to}", quoted(&new.head.id));
        found.now(&REVIEW_LOOSENED, subject(new), at, message).help("restore the cadence");
    }
}
