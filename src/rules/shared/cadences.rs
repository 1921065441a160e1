//! How often a policy's section says that something is done.

use crate::model::Cadence;
use crate::model::policy::Rendered;
use crate::syntax::markdown::prose;

/// Words for each cadence, lower-case, a blank between words.
const WORDS: &[(Cadence, &[&str])] = &[
    (
        Cadence::Semiannual,
        &[
            "semi annually",
            "semiannually",
            "half yearly",
            "twice a year",
            "twice per year",
            "each half year",
            "every half year",
            "every six months",
            "every 6 months",
        ],
    ),
    (
        Cadence::Annual,
        &[
            "yearly",
            "annually",
            "once a year",
            "once per year",
            "each year",
            "every year",
            "every twelve months",
            "every 12 months",
        ],
    ),
    (
        Cadence::Quarterly,
        &[
            "quarterly",
            "once a quarter",
            "once per quarter",
            "each quarter",
            "every quarter",
            "every three months",
            "every 3 months",
        ],
    ),
    (Cadence::Monthly, &["monthly", "once a month", "once per month", "each month", "every month"]),
    (Cadence::Weekly, &["weekly", "once a week", "once per week", "each week", "every week"]),
    (Cadence::Daily, &["daily", "once a day", "once per day", "each day", "every day", "every business day"]),
];

/// Before one of these words a cadence is another one.
const OTHER: &[&str] = &["bi", "twice", "semi", "non"];

/// Sentences about the document itself.
const OF_ITSELF: &[&str] = &[
    "this policy",
    "policy is reviewed",
    "policy is approved",
    "document is reviewed",
    "reviewed at least",
    "acknowledge",
];

/// What a section promises.
#[derive(Debug)]
pub(in crate::rules) struct Promise {
    /// Each cadence it names, the first sentence that does, and whether it says "at least".
    named: Vec<(Cadence, String, bool)>,
}

impl Promise {
    /// Does a control of that cadence keep one of the promises?
    pub(in crate::rules) fn agrees(&self, cadence: Cadence) -> bool {
        self.named.iter().any(|(of, _, at_least)| *of == cadence || (*at_least && cadence > *of))
    }

    /// The only cadence that the section names, and the sentence.
    pub(in crate::rules) fn conflict(&self) -> Option<(Cadence, &str)> {
        match &self.named[..] {
            [(of, sentence, _)] => Some((*of, sentence)),
            _ => None,
        }
    }
}

/// The cadences under a heading; `None` when there is no such text or it names none.
pub(in crate::rules) fn promise(body: &Rendered, anchor: &str) -> Option<Promise> {
    let text = section(body, anchor)?;
    let mut named: Vec<(Cadence, String, bool)> = Vec::new();
    for prose in prose(text) {
        for sentence in sentences(&prose.text) {
            let words = normal(sentence);
            if OF_ITSELF.iter().any(|form| words.contains(form)) {
                continue;
            }
            let at_least = words.contains(" at least ");
            for cadence in cadences(&words) {
                match named.iter_mut().find(|(of, ..)| *of == cadence) {
                    Some((_, _, all_at_least)) => *all_at_least &= at_least,
                    None => named.push((cadence, sentence.trim().to_owned(), at_least)),
                }
            }
        }
    }
    (!named.is_empty()).then_some(Promise { named })
}

/// The text from a heading to the next one of its level or above.
fn section<'p>(body: &'p Rendered, anchor: &str) -> Option<&'p str> {
    let text = body.text.as_deref()?;
    let mut headings = body.headings.iter().skip_while(|heading| heading.anchor != anchor);
    let heading = headings.next()?;
    let next = headings.find(|other| other.level <= heading.level);
    let end = next.map_or(text.len(), |next| next.span.start as usize);
    text.get(heading.span.end as usize..end)
}

/// Sentences end before a capital letter; `Acme, Inc. has` and `99.9 %` go on.
fn sentences(text: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices(['.', '!', '?', ';']) {
        let (now, rest) = text.split_at(at + 1);
        let next = rest.trim_start();
        let ends = next.len() < rest.len() && next.chars().next().is_none_or(|c| !c.is_lowercase());
        if ends {
            all.push(now.get(start..).unwrap_or(""));
            start = at + 1;
        }
    }
    all.push(text.get(start..).unwrap_or(""));
    all
}

/// Lower-case words with a blank around each.
fn normal(sentence: &str) -> String {
    let mut out = String::from(" ");
    for word in sentence.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        out.push_str(&word.to_lowercase());
        out.push(' ');
    }
    out
}

/// Every cadence that a sentence of normal words names.
fn cadences(sentence: &str) -> Vec<Cadence> {
    let words: Vec<&str> = sentence.split(' ').filter(|word| !word.is_empty()).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = words.get(at..).filter(|rest| !rest.is_empty()) {
        let Some((cadence, length)) = WORDS.iter().find_map(|(cadence, forms)| {
            let length = forms.iter().find_map(|form| spelled(rest, form))?;
            Some((*cadence, length))
        }) else {
            at += 1;
            continue;
        };
        let before = at.checked_sub(1).and_then(|before| words.get(before)).copied().unwrap_or("");
        if !OTHER.contains(&before) && !found.contains(&cadence) {
            found.push(cadence);
        }
        at += length;
    }
    found
}

/// How many words a form has, if the next words spell it.
fn spelled(words: &[&str], form: &str) -> Option<usize> {
    let mut length = 0;
    for part in form.split(' ') {
        if words.get(length) != Some(&part) {
            return None;
        }
        length += 1;
    }
    Some(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::markdown::headings;

    fn named(text: &str) -> Vec<Cadence> {
        let text = format!("# A\n\n## B\n\n{text}\n\n## C\n\nEvery day.\n");
        let body =
            Rendered { headings: headings(&text), text: Some(text.into_boxed_str()), ..Rendered::default() };
        promise(&body, "b").map_or_else(Vec::new, |promise| promise.named.iter().map(|(c, ..)| *c).collect())
    }

    #[test]
    fn clear_words_name_a_cadence() {
        for (text, cadence) in [
            ("Owners review access semi-annually.", Cadence::Semiannual),
            ("Half-yearly, the lead looks.", Cadence::Semiannual),
            ("Once a year\nthe board meets.", Cadence::Annual),
            ("- a list\n- reviewed each **quarter**", Cadence::Quarterly),
            ("A monthly scan.\n\n### Details\n\nEach month again.", Cadence::Monthly),
            ("Every business day the lead looks.", Cadence::Daily),
            ("This policy of Acme, Inc. is reviewed yearly. 99.9 % are looked at weekly.", Cadence::Weekly),
        ] {
            assert_eq!(named(text), [cadence], "{text}");
        }
    }

    #[test]
    fn what_is_not_clear_names_none() {
        for text in [
            "The annual report is filed.",
            "Bi-weekly and twice weekly.",
            "This policy is reviewed yearly.",
            "It is reviewed at least annually.",
            "Staff acknowledge it every year.",
            "`each month`",
            "Within one month.",
        ] {
            assert_eq!(named(text), [], "{text}");
        }
    }

    #[test]
    fn at_least_allows_more_often() {
        let text = "## B\nAt least quarterly.\n";
        let body = Rendered { headings: headings(text), text: Some(text.into()), ..Rendered::default() };
        let promise = promise(&body, "b").unwrap();
        assert!(promise.agrees(Cadence::Monthly) && promise.agrees(Cadence::Quarterly));
        assert!(!promise.agrees(Cadence::Annual));
    }

    /// No step may look at the whole text again for each word.
    #[test]
    fn large_texts_take_no_time_to_speak_of() {
        for piece in ["daily ", "daily. ", "## b\n\n", "semi annually ", "every "] {
            named(&piece.repeat((1 << 20) / piece.len()));
        }
    }
}
