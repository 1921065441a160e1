//! The auditor's word for where a request stands, and what it means for ours.

use crate::model::registers::RequestStatus;

/// What a word of the auditor's list means; `None` where it could mean several things.
pub(super) fn meant(word: &str) -> Option<RequestStatus> {
    let letters: String =
        word.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let said = letters.split_whitespace().collect::<Vec<_>>().join(" ");
    let has = |any: &[&str]| any.iter().any(|part| said.contains(part));
    if matches!(&*said, "n a" | "na") || has(&["not applicable", "not needed", "not required", "no longer"]) {
        return Some(RequestStatus::Withdrawn);
    }
    if let Some(rest) = said.strip_prefix("not ") {
        let first = ["started", "received", "provided", "submitted", "yet", "begun", "uploaded", "sent"];
        let more = ["accepted", "complete", "sufficient", "approved", "satisfied"];
        return if first.iter().any(|word| rest.starts_with(word)) {
            Some(RequestStatus::Open)
        } else {
            more.iter().any(|word| rest.starts_with(word)).then_some(RequestStatus::Returned)
        };
    }
    let returned = [
        "return",
        "reject",
        "follow",
        "additional",
        "more info",
        "incomplete",
        "insufficient",
        "clarif",
        "resubmit",
        "partial",
    ];
    let waits = [
        "in review",
        "under review",
        "reviewing",
        "pending review",
        "for review",
        "to review",
        "awaiting review",
    ];
    let withdrawn = ["withdrawn", "cancel", "void"];
    let accepted =
        ["accept", "complete", "closed", "approved", "cleared", "satisfied", "done", "reviewed", "fulfilled"];
    let submitted = ["submitted", "received", "provided", "uploaded", "delivered"];
    let open = ["open", "outstanding", "requested", "pending", "new", "in progress", "awaiting", "to do"];
    [
        (&returned[..], RequestStatus::Returned),
        (&waits[..], RequestStatus::Submitted),
        (&withdrawn[..], RequestStatus::Withdrawn),
        (&accepted[..], RequestStatus::Accepted),
        (&submitted[..], RequestStatus::Submitted),
        (&open[..], RequestStatus::Open),
    ]
    .into_iter()
    .find_map(|(words, status)| has(words).then_some(status))
}

/// Our status once the auditor's list says another word than before: `None` where it stays. A word that has not changed says
/// nothing new, however long ago we answered.
pub(super) fn moved(ours: RequestStatus, before: Option<&str>, now: &str) -> Option<RequestStatus> {
    if now.is_empty() || before.is_some_and(|before| before.trim() == now) {
        return None;
    }
    let theirs = meant(now)?;
    let to = match (ours, theirs) {
        // Their list may not know yet what we handed over.
        (RequestStatus::Submitted, RequestStatus::Open) if before.is_none() => return None,
        (RequestStatus::Accepted, RequestStatus::Open | RequestStatus::Submitted) if before.is_none() => {
            return None;
        }
        (_, theirs) => theirs,
    };
    (to != ours).then_some(to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use RequestStatus::{Accepted, Open, Returned, Submitted, Withdrawn};

    #[test]
    fn usual_words_are_understood() {
        for (word, status) in [
            ("Open", Open),
            ("Not Started", Open),
            ("OUTSTANDING", Open),
            ("In Progress", Open),
            ("Received - under review", Submitted),
            ("Provided", Submitted),
            ("Complete", Accepted),
            ("Closed", Accepted),
            ("Reviewed", Accepted),
            ("Incomplete", Returned),
            ("Follow-up needed", Returned),
            ("Not accepted", Returned),
            ("Partially received", Returned),
            ("N/A", Withdrawn),
            ("Cancelled", Withdrawn),
        ] {
            assert_eq!(meant(word), Some(status), "{word}");
        }
        assert_eq!([meant("Phase 2"), meant(""), meant("Not sure")], [None; 3]);
    }

    #[test]
    fn only_a_new_word_moves_ours() {
        for (ours, before, now, expected) in [
            (Open, None, "Open", None),
            (Open, None, "Received", Some(Submitted)),
            (Submitted, None, "Open", None),
            (Submitted, Some("Open"), "Open", None),
            (Submitted, Some("Open"), "Accepted", Some(Accepted)),
            (Submitted, Some("Open"), "Returned", Some(Returned)),
            (Submitted, Some("Returned"), "Returned", None),
            (Accepted, Some("Accepted"), "Open", Some(Open)),
            (Accepted, None, "Received", None),
            (Open, Some("Open"), "", None),
            (Open, Some("Open"), "Phase 2", None),
        ] {
            assert_eq!(moved(ours, before, now), expected, "{ours:?} {before:?} {now}");
        }
    }
}
