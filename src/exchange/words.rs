//! Words of closed lists as others write them. This is data: each of our words with theirs, in the order in which they are looked
//! for, so that `semi-annually` is found before `annually`.

/// Our words, each with those that mean it, in lower case.
pub(super) type Words = &'static [(&'static str, &'static [&'static str])];

pub(super) static PERSON_KIND: Words = &[
    ("bot", &["bot", "service account", "robot", "machine"]),
    (
        "contractor",
        &[
            "contractor",
            "contract",
            "contingent",
            "consultant",
            "freelance",
            "freelancer",
            "1099",
            "external",
            "agency",
            "temp",
            "yes",
            "true",
            "1",
        ],
    ),
    (
        "employee",
        &[
            "employee",
            "full time",
            "fulltime",
            "part time",
            "regular",
            "permanent",
            "salaried",
            "hourly",
            "intern",
            "staff",
            "w 2",
            "w2",
            "no",
            "false",
            "0",
        ],
    ),
];

/// Words of a status that say somebody no longer works here, or a vendor is no longer used.
pub(super) static GONE: &[&str] = &[
    "terminated",
    "inactive",
    "former",
    "left",
    "separated",
    "offboarded",
    "suspended",
    "deactivated",
    "deprovisioned",
    "archived",
    "rejected",
    "expired",
    "false",
    "no",
];

pub(super) static TIER: Words = &[
    ("critical", &["critical", "very high", "severe"]),
    ("high", &["high"]),
    ("medium", &["medium", "moderate"]),
    ("low", &["low", "very low", "minimal", "none"]),
];

pub(super) static SUBSERVICE: Words = &[
    ("carve-out", &["carve out", "carved out"]),
    ("inclusive", &["inclusive", "included"]),
    ("none", &["none", "no", "not applicable"]),
];

pub(super) static RESPONSE: Words = &[
    ("mitigate", &["mitigate", "mitigated", "reduce", "remediate", "treat", "modify"]),
    ("accept", &["accept", "accepted", "tolerate", "retain"]),
    ("transfer", &["transfer", "transferred", "share"]),
    ("avoid", &["avoid", "avoided", "terminate", "eliminate"]),
];

pub(super) static STATUS: Words = &[
    ("draft", &["draft", "not started", "not implemented", "new"]),
    ("planned", &["planned", "in progress", "partially implemented", "partial"]),
    ("implemented", &["implemented", "in place", "active", "operational", "effective", "live"]),
    ("retired", &["retired", "archived", "deprecated", "inactive"]),
];

pub(super) static CADENCE: Words = &[
    (
        "semiannual",
        &[
            "semiannual",
            "semi annual",
            "semiannually",
            "semi annually",
            "half yearly",
            "twice a year",
            "6 months",
        ],
    ),
    ("annual", &["annual", "annually", "yearly", "once a year", "every year", "per year", "12 months"]),
    ("quarterly", &["quarterly", "every quarter", "per quarter", "3 months"]),
    ("monthly", &["monthly", "every month", "per month"]),
    ("weekly", &["weekly", "every week", "per week"]),
    ("daily", &["daily", "every day", "per day"]),
    ("continuous", &["continuous", "continuously", "ongoing", "real time", "always"]),
    (
        "event",
        &[
            "event",
            "event driven",
            "per event",
            "as needed",
            "ad hoc",
            "on demand",
            "per occurrence",
            "each occurrence",
            "upon",
        ],
    ),
    ("once", &["once", "one time"]),
];

/// Words that make another cadence of the one they stand before: every two weeks is not weekly.
pub(super) static EVERY_OTHER: &[&str] = &["bi", "biweekly", "bimonthly", "other", "two", "2"];

pub(super) static NATURE: Words = &[
    ("preventive", &["preventive", "preventative", "prevent"]),
    ("detective", &["detective", "detect"]),
    ("corrective", &["corrective", "correct"]),
];

pub(super) static CONTROL_TYPE: Words = &[
    (
        "it-dependent",
        &["it dependent", "it dependent manual", "semi automated", "partially automated", "hybrid"],
    ),
    ("automated", &["automated", "automatic"]),
    ("manual", &["manual"]),
];

pub(super) static ANCHOR: Words =
    &[("calendar", &["calendar"]), ("fiscal", &["fiscal"]), ("window", &["window"])];

pub(super) static REVIEW: Words = &[("not-required", &["not required"]), ("required", &["required"])];

/// Words of a scale of five, by number; the longer ones first.
pub(super) static SCALE: &[(&str, &str)] = &[
    ("very unlikely", "1"),
    ("very low", "1"),
    ("very high", "5"),
    ("very likely", "5"),
    ("almost certain", "5"),
    ("rare", "1"),
    ("remote", "1"),
    ("negligible", "1"),
    ("insignificant", "1"),
    ("slight", "1"),
    ("unlikely", "2"),
    ("low", "2"),
    ("minor", "2"),
    ("possible", "3"),
    ("medium", "3"),
    ("moderate", "3"),
    ("likely", "4"),
    ("high", "4"),
    ("major", "4"),
    ("significant", "4"),
    ("certain", "5"),
    ("critical", "5"),
    ("severe", "5"),
    ("catastrophic", "5"),
];

/// The word of a list that a text means; the whole text, else the first that stands in it as words.
pub(super) fn meant(words: Words, text: &str) -> Option<&'static str> {
    let normal = super::headings::words(text);
    if let Some((word, _)) = words.iter().find(|(word, _)| *word == text.trim().to_lowercase()) {
        return Some(word);
    }
    if std::ptr::eq(words, CADENCE) && has_any(&normal, EVERY_OTHER) {
        return None;
    }
    let found = words.iter().find(|(_, theirs)| theirs.iter().any(|theirs| stands_in(&normal, theirs)));
    found.map(|(word, _)| *word)
}

/// Does any of the words stand in a text of words?
pub(super) fn has_any(normal: &str, any: &[&str]) -> bool {
    any.iter().any(|word| stands_in(normal, word))
}

/// Do these words stand in a text of words, one after the other?
pub(super) fn stands_in(normal: &str, words: &str) -> bool {
    normal.match_indices(words).any(|(at, _)| {
        let before = normal.get(..at).unwrap_or("");
        let after = normal.get(at + words.len()..).unwrap_or("");
        (before.is_empty() || before.ends_with(' ')) && (after.is_empty() || after.starts_with(' '))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn their_words_mean_ours() {
        for (words, text, ours) in [
            (CADENCE, "Semi-Annually", Some("semiannual")),
            (CADENCE, "Annually (Q1)", Some("annual")),
            (CADENCE, "Once a year", Some("annual")),
            (CADENCE, "One-time", Some("once")),
            (CADENCE, "Bi-weekly", None),
            (CADENCE, "Every 2 weeks", None),
            (CADENCE, "event", Some("event")),
            (PERSON_KIND, "Full-Time", Some("employee")),
            (PERSON_KIND, "Independent contractor", Some("contractor")),
            (PERSON_KIND, "FALSE", Some("employee")),
            (TIER, "Very High", Some("critical")),
            (TIER, "Moderate", Some("medium")),
            (STATUS, "Not implemented", Some("draft")),
            (CONTROL_TYPE, "IT-Dependent Manual", Some("it-dependent")),
            (REVIEW, "not-required", Some("not-required")),
            (NATURE, "Whatever", None),
        ] {
            assert_eq!(meant(words, text), ours, "{text}");
        }
    }

    #[test]
    fn every_word_of_ours_means_itself() {
        for words in
            [PERSON_KIND, TIER, SUBSERVICE, RESPONSE, STATUS, CADENCE, NATURE, CONTROL_TYPE, ANCHOR, REVIEW]
        {
            for (word, _) in words {
                assert_eq!(meant(words, word), Some(*word));
            }
        }
    }
}
