//! Words by which exports say that they are a part of something longer.

/// Words that mean the same to two people: `results were truncated` is `results truncated`.
const FILLERS: &[&str] = &["a", "an", "are", "been", "had", "has", "have", "is", "the", "was", "were"];
/// What stands before a marker that is denied.
const DENIALS: &[&str] = &["any", "never", "no", "nor", "not", "until", "while", "without"];
const PHRASES: &[&[&str]] = &[
    &["results", "truncated"],
    &["output", "truncated"],
    &["list", "truncated"],
    &["rows", "truncated"],
    &["limit", "reached"],
    &["limit", "exceeded"],
    &["more", "results", "available"],
];

/// The marker in a statement that somebody typed.
pub(super) fn in_text(text: &str) -> Option<String> {
    let words = words(text);
    part(&words).or_else(|| phrase(&words)).or_else(|| more(&words)).map(|(_, marker)| marker)
}

/// The marker with which a row begins; further on it is most likely somebody's title.
pub(super) fn in_row(text: &str) -> Option<String> {
    let words = words(text);
    let found = part(&words).or_else(|| phrase(&words)).or_else(|| more(&words));
    found.filter(|(at, _)| *at < 2).map(|(_, marker)| marker)
}

/// `page 1 of 7`, unless the last page is named too.
pub(super) fn part_of(text: &str) -> Option<String> {
    part(&words(text)).map(|(_, marker)| marker)
}

/// Does a statement speak of pages, a total, or so many of so many?
pub(super) fn speaks_of_all(text: &str) -> bool {
    let words = words(text);
    let number = |word: Option<&String>| word.is_some_and(|word| word.bytes().all(|b| b.is_ascii_digit()));
    words.iter().enumerate().any(|(at, word)| {
        let counted = word == "of" && at > 0 && number(words.get(at - 1)) && number(words.get(at + 1));
        counted || word.starts_with("pag") || word.starts_with("total")
    })
}

/// Lower-case words; `1,743` is one.
fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let mut words = vec![String::new()];
    let mut letters = lower.chars().peekable();
    while let Some(letter) = letters.next() {
        let last = words.last_mut();
        let in_number = last.as_ref().is_some_and(|word| word.ends_with(|c: char| c.is_ascii_digit()))
            && letters.peek().is_some_and(char::is_ascii_digit);
        match last {
            Some(word) if letter.is_alphanumeric() || letter == '_' => word.push(letter),
            Some(_) if letter == ',' && in_number => {}
            Some(word) if !word.is_empty() => words.push(String::new()),
            _ => {}
        }
    }
    words.retain(|word| !word.is_empty() && !FILLERS.contains(&word.as_str()));
    words
}

/// `page 1 of 7`, `1 of 7 pages` and `showing 1 to 250 of 1743`, if no such place names the end.
fn part(words: &[String]) -> Option<(usize, String)> {
    let number = |index: usize| words.get(index).and_then(|word| word.parse::<u64>().ok());
    let mut first = None;
    for at in (1..words.len()).filter(|at| words.get(*at).is_some_and(|word| word == "of")) {
        let Some((these, all)) = number(at - 1).zip(number(at + 1)) else { continue };
        let reach = at.saturating_sub(6)..at;
        let begins = |index: &usize| {
            let word = words.get(*index).map_or("", String::as_str);
            matches!(word, "showing" | "displaying") || (word.starts_with("page") && index + 2 == at)
        };
        let counted = words.get(at + 2).is_some_and(|word| word.starts_with("page"));
        let end = if counted { at + 3 } else { at + 2 };
        let start = reach.rev().find(begins).or(counted.then_some(at - 1));
        let Some(start) = start else { continue };
        if these >= all {
            return None;
        }
        first = first.or_else(|| Some((start, words.get(start..end)?.join(" "))));
    }
    first
}

fn phrase(words: &[String]) -> Option<(usize, String)> {
    let found = |phrase: &&[&str]| {
        let at = words.windows(phrase.len()).position(|words| *words == **phrase)?;
        (!denied(words, at)).then(|| (at, phrase.join(" ")))
    };
    PHRASES.iter().find_map(found)
}

/// `has_more`, unless it is said to be false.
fn more(words: &[String]) -> Option<(usize, String)> {
    let at = words.iter().position(|word| word == "has_more")?;
    let after = words.get(at + 1).map_or("", String::as_str);
    (!matches!(after, "false" | "no" | "0" | "null") && !denied(words, at)).then(|| (at, "has_more".into()))
}

fn denied(words: &[String], at: usize) -> bool {
    words.iter().take(at).rev().take(3).any(|word| DENIALS.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_says_so() {
        for (text, marker) in [
            ("Page 1 of 7", Some("page 1 of 7")),
            ("pages 1 of 7, all that the tool shows", Some("pages 1 of 7")),
            ("Showing 250 of 1,743 entries", Some("showing 250 of 1743")),
            ("showing 1-250 of 1743", Some("showing 1 250 of 1743")),
            ("-- Results were truncated --", Some("results truncated")),
            ("row limit reached", Some("limit reached")),
            ("has_more: true", Some("has_more")),
            ("page 7 of 7", None),
            ("page 1 of 7 to page 7 of 7, joined", None),
            ("showing 213 of 213", None),
            ("1 of 7 pages", Some("1 of 7 pages")),
            ("3 of 3 pages", None),
            ("213 of 250 licences are in use", None),
            ("the results were not truncated", None),
            ("no limit was reached", None),
            ("has_more was false on the last page", None),
            ("fetched until has_more is unset", None),
            ("of", None),
            ("page of 7", None),
            ("showing 99999999999999999999 of 7", None),
            ("", None),
        ] {
            assert_eq!(in_text(text).as_deref(), marker, "{text}");
            // A bundle without the rows keeps the marker alone.
            assert!(marker.is_none_or(|marker| in_row(marker).is_some()), "{text}");
        }
    }

    #[test]
    fn a_row_says_so_at_its_beginning() {
        assert!(in_row("(Page 1 of 7)").is_some());
        assert!(in_row("-- results truncated --").is_some());
        assert!(in_row("ACME-12 Fix page 1 of 7 2026-03-01").is_none());
    }

    #[test]
    fn completeness_speaks_of_all() {
        for text in ["3 of 3 pages", "paged to the end", "Total shown: 250", "250 of 250"] {
            assert!(speaks_of_all(text), "{text}");
        }
        assert!(!speaks_of_all(
            "every user, per_page=100, in the proof of concept".split(',').next().unwrap()
        ));
        assert!(!speaks_of_all("exported by the script"));
    }
}
