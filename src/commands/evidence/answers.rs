//! What the flags leave open: asked on a terminal, else listed all at once.

use crate::commands::ask::{plain, until};
use crate::error::{Error, Result};
use crate::text::count;
use crate::ui::{self, Ui};

/// A question and the flag that answers it.
pub(in crate::commands) struct Question<'q> {
    /// With its value: `--by PERSON`.
    pub(in crate::commands) flag: &'q str,
    /// On a terminal.
    pub(in crate::commands) words: &'q str,
    /// In the list of what is missing.
    pub(in crate::commands) what: &'q str,
}

/// Gathers answers.
pub(in crate::commands) struct Answers {
    /// `evidence add`.
    verb: &'static str,
    terminal: bool,
    missing: Vec<String>,
}

impl Answers {
    pub(in crate::commands) fn new(verb: &'static str) -> Self {
        Self { verb, terminal: Ui::can_ask(), missing: Vec::new() }
    }

    /// An answer that is needed; `None` when nobody can give it now, which [`Answers::complete`] then tells.
    pub(in crate::commands) fn need<T>(
        &mut self,
        given: Option<&str>,
        question: &Question<'_>,
        read: impl Fn(&str) -> Result<T>,
    ) -> Result<Option<T>> {
        match given {
            Some(given) => read(given).map(Some),
            None if self.terminal => {
                let read = |text: &str| match text {
                    "" => Err(question.what.to_owned()),
                    text => read(text).map_err(|error| plain(&error)),
                };
                until(self.verb, question.words, None, read).map(Some)
            }
            None => {
                self.missing.push(format!("{}: {}", question.flag, question.what));
                Ok(None)
            }
        }
    }

    /// An answer that may stay open: on a terminal `default` is what an empty answer means, `none` leaves it open.
    pub(in crate::commands) fn may<T>(
        &self,
        given: Option<&str>,
        words: &str,
        default: &str,
        read: impl Fn(&str) -> Result<T>,
    ) -> Result<Option<T>> {
        match given {
            Some(given) => read(given).map(Some),
            None if self.terminal => {
                let read = |text: &str| match text {
                    "none" => Ok(None),
                    text => read(text).map(Some).map_err(|error| plain(&error)),
                };
                until(self.verb, &format!("{words} [{default}]"), Some(default), read)
            }
            None => Ok(None),
        }
    }

    /// Tells what stands against writing it. A terminal is asked about each; without one it is written only `anyway`.
    pub(in crate::commands) fn settle(&self, doubts: &[String], anyway: bool) -> Result<()> {
        for doubt in doubts {
            ui::tell(&format!("warning: {doubt}"));
            if self.terminal && !anyway {
                self.go_on()?;
            }
        }
        if doubts.is_empty() || anyway || self.terminal {
            return Ok(());
        }
        let verb = if doubts.len() == 1 { "stands" } else { "stand" };
        Err(Error::new(format!("{} {verb} against it; nothing was written", count(doubts.len(), "warning")))
            .hint("correct what the flags say, or add --anyway to write it as it is"))
    }

    fn go_on(&self) -> Result<()> {
        let yes = until(self.verb, "Write it as it is? (yes/no) [no]", Some("no"), |text| match text {
            "y" | "yes" => Ok(true),
            "n" | "no" => Ok(false),
            _ => Err("write yes or no".to_owned()),
        })?;
        if yes { Ok(()) } else { Err(Error::new("nothing was written")) }
    }

    /// Fails when an answer is missing, with every one of them.
    pub(in crate::commands) fn complete(&self) -> Result<()> {
        if self.missing.is_empty() {
            return Ok(());
        }
        let what = count(self.missing.len(), "answer");
        let verb = if self.missing.len() == 1 { "is" } else { "are" };
        let error = Error::new(format!("{what} {verb} missing; nothing was written"));
        Err(self.missing.iter().fold(error, |error, missing| error.hint(missing)))
    }
}

/// Free text: not blank.
pub(in crate::commands) fn text(text: &str) -> Result<String> {
    match text.trim() {
        "" => Err(Error::new("the text is empty")),
        text => Ok(text.to_owned()),
    }
}
