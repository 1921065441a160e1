//! A row filled in key by key, in the order of its record: each value from its flag, else asked for.

use super::Ground;
use crate::commands::evidence::answers::{Answers, Question};
use crate::error::Result;
use crate::rows::{Fields, Written};
use crate::text::{clip, latin_slug, safe};

/// The flag, the question on a terminal, and what is missing without an answer.
pub(super) type Ask<'a> = (&'a str, &'a str, &'a str);

/// A row that is being filled in.
pub(super) struct Form<'g> {
    ground: &'g Ground<'g>,
    answers: Answers,
    fields: Fields,
}

impl<'g> Form<'g> {
    pub(super) fn new(ground: &'g Ground<'g>, verb: &'static str) -> Self {
        Self { ground, answers: Answers::new(verb), fields: Fields::new() }
    }

    /// A value that the row needs, read but not put down.
    pub(super) fn answer<T>(
        &mut self,
        given: Option<&str>,
        ask: Ask<'_>,
        read: impl Fn(&Ground<'_>, &str) -> Result<T>,
    ) -> Result<Option<T>> {
        let (flag, words, what) = ask;
        let ground = self.ground;
        self.answers.need(given, &Question { flag, words, what }, |text| read(ground, text))
    }

    /// A value that the row needs.
    pub(super) fn need(
        &mut self,
        key: &'static str,
        given: Option<&str>,
        ask: Ask<'_>,
        read: impl Fn(&Ground<'_>, &str) -> Result<String>,
    ) -> Result<Option<String>> {
        let read = self.answer(given, ask, read)?;
        self.keep(key, read.clone());
        Ok(read)
    }

    /// A value that may stay open; asked about on a terminal where there are words for it.
    pub(super) fn may(
        &mut self,
        key: &'static str,
        given: Option<&str>,
        words: Option<&str>,
        read: impl Fn(&Ground<'_>, &str) -> Result<String>,
    ) -> Result<Option<String>> {
        let ground = self.ground;
        let value = match (given, words) {
            (Some(given), _) => Some(read(ground, given)?),
            (None, Some(words)) => self.answers.may(None, words, "none", |text| read(ground, text))?,
            (None, None) => None,
        };
        self.keep(key, value.clone());
        Ok(value)
    }

    /// A number or truth value that may stay open.
    pub(super) fn bare(
        &mut self,
        key: &'static str,
        given: Option<&str>,
        words: Option<&str>,
        read: impl Fn(&Ground<'_>, &str) -> Result<String>,
    ) -> Result<Option<String>> {
        let value = self.may(key, given, words, read)?;
        if let Some(value) = &value {
            self.fields.pop();
            self.put(key, Written::Bare(value.clone()));
        }
        Ok(value)
    }

    /// Several values, which may be none; on a terminal separated by `;`.
    pub(super) fn list(
        &mut self,
        key: &'static str,
        given: &[String],
        words: Option<&str>,
        read: impl Fn(&Ground<'_>, &str) -> Result<String>,
    ) -> Result<Vec<String>> {
        let ground = self.ground;
        let mut all = given.iter().map(|one| read(ground, one)).collect::<Result<Vec<_>>>()?;
        if let Some(words) = words.filter(|_| all.is_empty()) {
            let read = |text: &str| {
                text.split(';')
                    .map(str::trim)
                    .filter(|one| !one.is_empty())
                    .map(|one| read(ground, one))
                    .collect()
            };
            all = self.answers.may(None, words, "none", read)?.unwrap_or_default();
        }
        if !all.is_empty() {
            self.put(key, Written::List(all.iter().cloned().map(Written::Text).collect()));
        }
        Ok(all)
    }

    /// The same where at least one is needed.
    pub(super) fn some(
        &mut self,
        key: &'static str,
        given: &[String],
        ask: Ask<'_>,
        read: impl Fn(&Ground<'_>, &str) -> Result<String>,
    ) -> Result<Vec<String>> {
        if !given.is_empty() {
            return self.list(key, given, None, read);
        }
        let split = |ground: &Ground<'_>, text: &str| {
            text.split(';')
                .map(str::trim)
                .filter(|one| !one.is_empty())
                .map(|one| read(ground, one))
                .collect::<Result<Vec<_>>>()
        };
        let all = self.answer(None, ask, split)?.unwrap_or_default();
        if !all.is_empty() {
            self.put(key, Written::List(all.iter().cloned().map(Written::Text).collect()));
        }
        Ok(all)
    }

    fn keep(&mut self, key: &'static str, value: Option<String>) {
        if let Some(value) = value {
            self.put(key, Written::Text(value));
        }
    }

    /// Puts a value down.
    pub(super) fn put(&mut self, key: &'static str, value: Written) {
        self.fields.push((key, value));
    }

    /// The id, first in the row: the one given, else one made of words that are known by now, which another row has not.
    pub(super) fn id(
        &mut self,
        given: Option<&str>,
        words: Option<String>,
        noun: &str,
        taken: impl Fn(&str) -> bool,
    ) -> Result<Option<String>> {
        let free = |id: &str| {
            let id = super::read::id(id)?;
            if taken(&id) {
                return Err(crate::error::Error::new(format!(
                    "there is {} `{id}` already",
                    crate::text::a(noun)
                ))
                .hint("an id is never used again: give another"));
            }
            Ok(id)
        };
        let base = words.as_deref().map(made).filter(|id| !id.is_empty());
        let free_base = base.and_then(|base| {
            let nth = |n: u32| if n == 1 { base.clone() } else { format!("{base}-{n}") };
            (1..1_000).map(nth).find(|id| !taken(id))
        });
        let id = match (given, free_base, words) {
            (Some(given), ..) => Some(free(given)?),
            (None, Some(made), _) => Some(self.answers.may(None, "Id?", &made, free)?.unwrap_or(made)),
            (None, None, Some(words)) => {
                let what = format!(
                    "its id in letters from a to z, digits and hyphens: none can be made of `{}`",
                    clip(&safe(&words), 40)
                );
                let question = Question { flag: "ID", words: "Id? (letters from a to z)", what: &what };
                self.answers.need(None, &question, free)?
            }
            (None, None, None) => None,
        };
        if let Some(id) = &id {
            self.fields.insert(0, ("id", Written::Text(id.clone())));
        }
        Ok(id)
    }

    /// The row, once nothing is missing.
    pub(super) fn complete(self) -> Result<Fields> {
        self.answers.complete()?;
        Ok(self.fields)
    }
}

/// An id made of any words, not too long; empty where no letter of them can stand in one.
fn made(words: &str) -> String {
    let id = latin_slug(words);
    let parts = id.split('-').filter(|part| !part.is_empty());
    parts.fold(String::new(), |mut id, part| {
        if id.len() + part.len() < 60 {
            if !id.is_empty() {
                id.push('-');
            }
            id.push_str(part);
        }
        id
    })
}

#[cfg(test)]
mod tests {
    use super::made;

    #[test]
    fn ids_are_made_of_any_words() {
        assert_eq!(made("Nobody could sign in: 40 minutes!"), "nobody-could-sign-in-40-minutes");
        assert_eq!(made("2026-Q1 iam-access-review"), "2026-q1-iam-access-review");
        assert_eq!(made("José Groß"), "jose-gross");
        assert_eq!(made("李 \u{202e}"), "");
        assert!(made(&"word ".repeat(100)).len() < 60);
    }
}
