//! Texts as sentences: which are gone, which are new, and which of the new ones an old one became.

use crate::syntax::markdown::{Heading, statements};

/// A sentence, list item or row of a table.
#[derive(Clone, Debug)]
pub(super) struct Sentence {
    pub(super) text: String,
    /// Its words without case and punctuation: what tells it from others.
    pub(super) key: String,
    /// Where it stands in the text it was taken from.
    pub(super) offset: usize,
}

/// Every sentence of a text, without its headings.
pub(super) fn sentences(text: &str, headings: &[Heading]) -> Vec<Sentence> {
    let mut out = Vec::new();
    for piece in statements(text) {
        let start = piece.origin(0);
        let after = headings.partition_point(|heading| heading.span.start as usize <= start);
        let heading = after.checked_sub(1).and_then(|nth| headings.get(nth));
        if heading.is_some_and(|heading| heading.span.range().contains(&start)) {
            continue;
        }
        for (from, to) in ends(&piece.text) {
            let Some(one) = piece.text.get(from..to) else { continue };
            let key = words(one).join(" ");
            if !key.is_empty() {
                let text = one.split_whitespace().collect::<Vec<_>>().join(" ");
                out.push(Sentence { text, key, offset: piece.origin(from) });
            }
        }
    }
    out
}

/// Where each sentence of a running text begins and ends: at a stop that a blank and no small letter follow, and at the
/// end of a line.
fn ends(text: &str) -> Vec<(usize, usize)> {
    // From the end, so that what follows is known: there may be a million blanks.
    let (mut stops, mut small, mut chars) = (Vec::new(), false, text.char_indices().rev().peekable());
    while let Some((at, c)) = chars.next() {
        let before = chars.peek().map_or(' ', |(_, before)| *before);
        if !c.is_whitespace() {
            small = c.is_lowercase();
        } else if !small && (c == '\n' || matches!(before, '.' | '!' | '?')) {
            stops.push((at, at + c.len_utf8()));
        }
    }
    let mut out = Vec::new();
    let mut from = 0;
    for (at, next) in stops.into_iter().rev() {
        out.push((from, at));
        from = next;
    }
    out.push((from, text.len()));
    for (from, to) in &mut out {
        let part = &text[*from..*to];
        *from += part.len() - part.trim_start().len();
    }
    out.retain(|(from, to)| from < to);
    out
}

/// Words without case and punctuation; numbers keep their points, signs and units.
fn words(text: &str) -> Vec<String> {
    let word = |word: &str| {
        let plain = |c: char| {
            !c.is_alphanumeric()
                && !matches!(
                    c,
                    '%' | '<'
                        | '>'
                        | '='
                        | '≤'
                        | '≥'
                        | '-'
                        | '+'
                        | '$'
                        | '€'
                        | '£'
                        | '¬'
                        | '≠'
                        | '≈'
                        | '±'
                        | '−'
                )
        };
        // A question orders nothing.
        word.trim_start_matches(plain).trim_end_matches(|c| plain(c) && c != '?').to_lowercase()
    };
    text.split_whitespace().map(word).filter(|word| !word.is_empty()).collect()
}

/// Looks at pairs of sentences; what goes beyond is taken as unlike.
pub(super) struct Budget(pub(super) usize);

/// For each of the sentences that are gone, which new one it became; each new one at most once.
pub(super) fn became<'s>(
    gone: &[&Sentence],
    fresh: &[&'s Sentence],
    budget: &mut Budget,
) -> Vec<Option<&'s Sentence>> {
    let bags: Vec<Vec<u64>> = fresh.iter().map(|sentence| bag(&sentence.key)).collect();
    let mut taken = vec![false; fresh.len()];
    let mut out = Vec::with_capacity(gone.len());
    for sentence in gone {
        let own = bag(&sentence.key);
        let mut best: Option<(usize, usize)> = None;
        for (nth, other) in
            bags.iter().enumerate().filter(|(nth, _)| !taken.get(*nth).copied().unwrap_or(true))
        {
            let Some(left) = budget.0.checked_sub(own.len() + other.len()) else { break };
            budget.0 = left;
            let likeness = likeness(&own, other);
            if likeness >= 50 && best.is_none_or(|(most, _)| likeness > most) {
                best = Some((likeness, nth));
            }
        }
        if let Some(slot) = best.and_then(|(_, nth)| taken.get_mut(nth)) {
            *slot = true;
        }
        out.push(best.and_then(|(_, nth)| fresh.get(nth).copied()));
    }
    out
}

/// The words of a sentence as sorted numbers; of long ones the beginning.
fn bag(key: &str) -> Vec<u64> {
    let number = |word: &str| {
        word.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
            (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    };
    let mut bag: Vec<u64> = key.split(' ').take(64).map(number).collect();
    bag.sort_unstable();
    bag
}

/// Twice the words in common, in percent of all.
fn likeness(a: &[u64], b: &[u64]) -> usize {
    let (mut left, mut right, mut common) = (0, 0, 0);
    while let (Some(one), Some(other)) = (a.get(left), b.get(right)) {
        common += usize::from(one == other);
        left += usize::from(one <= other);
        right += usize::from(other <= one);
    }
    200 * common / (a.len() + b.len()).max(1)
}

/// Words kept on each side of what differs.
const AROUND: usize = 3;

/// The parts of two texts that differ, with a few words around them.
pub(super) fn difference(was: &str, is: &str) -> (String, String) {
    let (was, is): (Vec<&str>, Vec<&str>) =
        (was.split_whitespace().collect(), is.split_whitespace().collect());
    let start = was.iter().zip(&is).take_while(|(a, b)| a == b).count();
    let rest = was.len().min(is.len()) - start;
    let end = was.iter().rev().zip(is.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let part = |words: &[&str]| {
        let (from, to) = (start.saturating_sub(AROUND), (words.len() - end + AROUND).min(words.len()));
        let middle = words.get(from..to).unwrap_or(words).join(" ");
        let (open, close) = (if from > 0 { "… " } else { "" }, if to < words.len() { " …" } else { "" });
        format!("{open}{middle}{close}")
    };
    (part(&was), part(&is))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        let headings = crate::syntax::markdown::headings(text);
        sentences(text, &headings).into_iter().map(|sentence| sentence.text).collect()
    }

    #[test]
    fn paragraphs_items_and_rows_become_sentences() {
        let text = "# Title\n\nStaff lock screens, e.g. laptops. Others\nask first.\n\n- one\n- two. Three\n\n| a | b |\n| - | - |\n| c | 4 |\n";
        assert_eq!(
            texts(text),
            [
                "Staff lock screens, e.g. laptops.",
                "Others ask first.",
                "one",
                "two.",
                "Three",
                "a | b",
                "c | 4"
            ]
        );
    }

    #[test]
    fn case_and_points_do_not_count_and_numbers_do() {
        assert_eq!(words("Within **24 hours**, not \"later\"."), ["within", "24", "hours", "not", "later"]);
        assert_ne!(words("at least 1.5 %"), words("at least 15 %"));
        assert_ne!(words(">= 14"), words("14"));
        assert_ne!(words("Access is removed?"), words("Access is removed."));
        assert_ne!(words("a ≠ b"), words("a b"));
    }

    #[test]
    fn blanks_without_end_are_looked_at_once() {
        let text = format!("```\nA. b\n{}C. \n```\n", "\n".repeat(1_000_000));
        let texts: Vec<String> = sentences(&text, &[]).into_iter().map(|one| one.text).collect();
        assert_eq!(texts, ["A. b", "C."]);
    }

    #[test]
    fn a_sentence_becomes_the_one_most_like_it() {
        let old = sentences("Access ends within 24 hours. Logs are kept. Doors are locked.\n", &[]);
        let new = sentences("Doors are locked. Access ends within 72 hours. Cats sleep on sofas.\n", &[]);
        let only = |of: &'_ [Sentence], not: &[Sentence]| -> Vec<Sentence> {
            of.iter().filter(|one| not.iter().all(|other| other.key != one.key)).cloned().collect()
        };
        let (gone, fresh) = (only(&old, &new), only(&new, &old));
        let (gone, fresh): (Vec<&Sentence>, Vec<&Sentence>) = (gone.iter().collect(), fresh.iter().collect());
        let became: Vec<Option<&str>> = became(&gone, &fresh, &mut Budget(1_000))
            .into_iter()
            .map(|one| one.map(|one| one.text.as_str()))
            .collect();
        assert_eq!(became, [Some("Access ends within 72 hours."), None]);
        assert_eq!(super::became(&gone, &fresh, &mut Budget(3)).iter().flatten().count(), 0);
    }

    #[test]
    fn differences_keep_a_few_words_around() {
        let was = "a b c d within 24 hours of the last day at work";
        let is = was.replace("24", "72");
        let (old, new) = difference(was, &is);
        assert_eq!(
            (old.as_str(), new.as_str()),
            ("… c d within 24 hours of the …", "… c d within 72 hours of the …")
        );
        assert_eq!(difference("", "a"), (String::new(), "a".to_owned()));
        assert_eq!(difference("a a", "a"), ("a a".to_owned(), "a".to_owned()));
    }
}
