//! Writing a review into a manifest's text: everything else stays byte for byte, and the result is read again before
//! anybody gets it.

use std::ops::Range;

use jiff::civil::Date;

use super::quote::{quoted, value};
use crate::model::evidence::Verdict;
use crate::model::scalar::Sha256;
use crate::source::{FileId, hex};
use crate::syntax::{Entry, Node, Value, yaml};

/// What a review says.
#[derive(Clone, Debug)]
pub struct Review {
    pub on: Date,
    pub by: String,
    pub result: Verdict,
    pub digest: Sha256,
    pub compensating: Option<String>,
    pub notes: Option<String>,
}

impl Review {
    /// Keys and values as they are meant, and as YAML.
    fn entries(&self) -> Vec<(&'static str, String, String)> {
        let digest = hex(&self.digest.0);
        let mut entries = vec![
            ("on", self.on.to_string(), self.on.to_string()),
            ("by", self.by.clone(), value(&self.by)),
            ("result", self.result.word().to_owned(), self.result.word().to_owned()),
            ("digest", digest.clone(), format!("\"{digest}\"")),
        ];
        if let Some(control) = &self.compensating {
            entries.push(("compensating", control.clone(), value(control)));
        }
        if let Some(notes) = &self.notes {
            entries.push(("notes", notes.clone(), quoted(notes)));
        }
        entries
    }

    fn block(&self, line_end: &str) -> String {
        let lines = self.entries().into_iter().map(|(key, _, yaml)| format!("  {key}: {yaml}"));
        std::iter::once("reviewed:".to_owned()).chain(lines).map(|line| line + line_end).collect()
    }

    /// Does a node say exactly this?
    fn is(&self, node: &Node<'_>) -> bool {
        let Value::Map(read) = &node.value else { return false };
        let meant = self.entries();
        let same = |((key, text, _), entry): (&(&str, String, String), &Entry<'_>)| {
            entry.key.value == *key && entry.value.scalar() == Some(text)
        };
        read.len() == meant.len() && meant.iter().zip(read).all(same)
    }
}

/// The text with the review at its end, or in the place of the one that is there if it may be replaced. Says why not
/// when that cannot be done without touching anything else.
pub fn with_review(text: &str, review: &Review, replace: bool) -> Result<String, String> {
    let (mark, body) = match text.strip_prefix('\u{feff}') {
        Some(body) => ("\u{feff}", body),
        None => ("", text),
    };
    let before = read(body).ok_or("it is not read without a fault: `soc2 check` names it")?;
    let entry = reviewed(&before).ok_or("it is no mapping")?;
    let line_end =
        if body.split('\n').next().is_some_and(|line| line.ends_with('\r')) { "\r\n" } else { "\n" };
    let block = review.block(line_end);
    let edited = match entry {
        None => append(body, &block, line_end),
        Some(entry) => {
            let absent = matches!(entry.value.value, Value::Null);
            if !absent && !replace {
                return Err("it is reviewed already".to_owned());
            }
            let range = lines_of(body, entry)?;
            let (above, below) = (body.get(..range.start).unwrap_or(""), body.get(range.end..).unwrap_or(""));
            format!("{above}{block}{below}")
        }
    };
    let after = read(&edited).ok_or(PLACE)?;
    let written = reviewed(&after).flatten().ok_or(PLACE)?;
    if review.is(&written.value) && same_but_review(&before, &after) {
        Ok(format!("{mark}{edited}"))
    } else {
        Err(PLACE.to_owned())
    }
}

const PLACE: &str = "a review cannot be added without changing what else it says: write the manifest as plain `key: value` \
    lines that start in the first column, and end its last line";

/// The tree of a text that is read without a fault.
pub fn read(text: &str) -> Option<Node<'_>> {
    let mut faults = Vec::new();
    let node = yaml::parse(FileId(0), text, 0, &mut faults)?;
    faults.is_empty().then_some(node)
}

/// The entry `reviewed` of a mapping, if there is one; `None` when it is no mapping.
fn reviewed<'n, 'a>(node: &'n Node<'a>) -> Option<Option<&'n Entry<'a>>> {
    let Value::Map(entries) = &node.value else { return None };
    Some(entries.iter().find(|entry| entry.key.value == "reviewed"))
}

fn append(body: &str, block: &str, line_end: &str) -> String {
    let end = if body.is_empty() || body.ends_with('\n') { "" } else { line_end };
    format!("{body}{end}{block}")
}

/// The whole lines on which an entry stands, if nothing else stands there.
fn lines_of(body: &str, entry: &Entry<'_>) -> Result<Range<usize>, String> {
    let key = entry.key.at.span.range();
    let empty = body.get(entry.value.at.span.range()).is_none_or(str::is_empty);
    let end = if empty { key.end } else { entry.value.at.span.end as usize };
    let start = body.get(..key.start).and_then(|above| above.rfind('\n')).map_or(0, |newline| newline + 1);
    let line_end =
        body.get(end..).and_then(|rest| rest.find('\n')).map_or(body.len(), |newline| end + newline + 1);
    let before = body.get(start..key.start).unwrap_or("");
    let after = body.get(end..line_end).unwrap_or("").trim();
    if !before.is_empty() || !matches!(after, "" | ":") {
        return Err(if after.trim_start_matches(':').trim_start().starts_with('#') {
            COMMENT.to_owned()
        } else {
            "its `reviewed` does not stand on lines of its own".to_owned()
        });
    }
    if !empty && has_comment(body, key.end..end, &entry.value) {
        Err(COMMENT.to_owned())
    } else {
        Ok(start..line_end)
    }
}

const COMMENT: &str = "a comment stands in the old review and would be lost: move it above `reviewed:`";

/// Does a `#` in the range begin a comment, being inside no value?
fn has_comment(body: &str, range: Range<usize>, node: &Node<'_>) -> bool {
    let inside = |at: usize| scalars(node).iter().any(|scalar| scalar.contains(&at));
    let text = body.get(range.clone()).unwrap_or("");
    text.match_indices('#').any(|(nth, _)| {
        let opens =
            text.get(..nth).is_some_and(|before| before.ends_with([' ', '\t', '\n']) || before.is_empty());
        opens && !inside(range.start + nth)
    })
}

/// The bytes of every scalar below a node.
fn scalars(node: &Node<'_>) -> Vec<Range<usize>> {
    match &node.value {
        Value::List(items) => items.iter().flat_map(scalars).collect(),
        Value::Map(entries) => entries.iter().flat_map(|entry| scalars(&entry.value)).collect(),
        _ => vec![node.at.span.range()],
    }
}

/// Do two mappings say the same in the same order, but for `reviewed`?
fn same_but_review(a: &Node<'_>, b: &Node<'_>) -> bool {
    let (Value::Map(a), Value::Map(b)) = (&a.value, &b.value) else { return false };
    let rest = |entries: &[Entry<'_>]| -> Vec<usize> {
        (0..entries.len())
            .filter(|nth| entries.get(*nth).is_some_and(|entry| entry.key.value != "reviewed"))
            .collect()
    };
    let (a_rest, b_rest) = (rest(a), rest(b));
    let pairs = a_rest.iter().filter_map(|nth| a.get(*nth)).zip(b_rest.iter().filter_map(|nth| b.get(*nth)));
    a_rest.len() == b_rest.len()
        && pairs.into_iter().all(|(a, b)| a.key.value == b.key.value && same(&a.value, &b.value))
}

/// Do two nodes say the same in the same order?
pub fn same(a: &Node<'_>, b: &Node<'_>) -> bool {
    match (&a.value, &b.value) {
        (Value::Null, Value::Null) => true,
        (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Map(a), Value::Map(b)) => {
            let pair =
                |(a, b): (&Entry<'_>, &Entry<'_>)| a.key.value == b.key.value && same(&a.value, &b.value);
            a.len() == b.len() && a.iter().zip(b).all(pair)
        }
        _ => a.scalar().is_some() && a.scalar() == b.scalar(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn review() -> Review {
        Review {
            on: date(2026, 3, 30),
            by: "carol".to_owned(),
            result: Verdict::Accepted,
            digest: Sha256([7; 32]),
            compensating: None,
            notes: Some("three pages: \"ok\" # yes".to_owned()),
        }
    }

    fn block(line_end: &str) -> String {
        review().block(line_end)
    }

    #[test]
    fn is_appended_and_all_else_stays() {
        for text in [
            "# why\ntitle: a # b\ncontrols:   [x,y]\n\n# end\n",
            "title: a\nnotes: |\n  one\n",
            "title: a\nartifacts:\n  - path: b\n",
            "\u{feff}title: a\n",
        ] {
            assert_eq!(with_review(text, &review(), false).unwrap(), format!("{text}{}", block("\n")));
        }
        for text in ["title: a", "notes: |\n  one"] {
            let expected = format!("{text}\n{}", block("\n"));
            assert_eq!(with_review(text, &review(), false).unwrap(), expected);
        }
        let windows = "title: a\r\n# b\r\n";
        assert_eq!(with_review(windows, &review(), false).unwrap(), format!("{windows}{}", block("\r\n")));
    }

    #[test]
    fn takes_the_place_of_another_only_when_told() {
        for old in [
            "reviewed: { on: 2026-03-29, by: bob, result: rejected, notes: \"a # b\" }\n",
            "reviewed:\n  on: 2026-03-29\n  notes: |\n    # not a comment\n    two\n",
            "reviewed:\n    by: bob\n",
        ] {
            for (above, below) in
                [("title: a\n", ""), ("title: a\n# c\n", "# d\nslot: b\n"), ("", "\n\ntitle: a\n")]
            {
                let text = format!("{above}{old}{below}");
                assert_eq!(with_review(&text, &review(), false).unwrap_err(), "it is reviewed already");
                let expected = format!("{above}{}{below}", block("\n"));
                assert_eq!(with_review(&text, &review(), true).unwrap(), expected, "{text}");
            }
        }
        for empty in ["reviewed:\n", "reviewed: ~\n"] {
            let text = format!("title: a\n{empty}slot: b\n");
            let expected = format!("title: a\n{}slot: b\n", block("\n"));
            assert_eq!(with_review(&text, &review(), false).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn what_would_change_more_is_refused() {
        for (text, why) in [
            ("{ title: a }\n", PLACE),
            ("  title: a\n", PLACE),
            ("title: a\n...\n", PLACE),
            ("- title: a\n", "it is no mapping"),
            ("title: a\ntitle: b\n", "it is not read without a fault: `soc2 check` names it"),
            ("title: a\nreviewed:\n  by: bob # on holiday\n  on: 2026-03-01\n", COMMENT),
            ("title: a\nreviewed: { by: bob } # late\n", COMMENT),
            ("title: a\nreviewed: # later\n", COMMENT),
            ("{ title: a, reviewed: { by: bob } }\n", "its `reviewed` does not stand on lines of its own"),
        ] {
            let refused = with_review(text, &review(), true);
            assert_eq!(refused.as_ref().err().map(String::as_str), Some(why), "{text:?}: {refused:?}");
        }
    }
}
