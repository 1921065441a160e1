//! Questions on a terminal: asked until the answer reads.

use crate::error::{Error, Result};
use crate::ui;

/// Asks until the answer reads; an empty answer takes the default. `verb` names the help that lists the flags.
pub(super) fn until<T>(
    verb: &str,
    question: &str,
    default: Option<&str>,
    read: impl Fn(&str) -> std::result::Result<T, String>,
) -> Result<T> {
    loop {
        let Some(answer) = ui::ask(question)? else {
            return Err(Error::new("the answers ended early")
                .hint(format!("every question has a flag: soc2 {verb} --help")));
        };
        let answer = match (answer.is_empty(), default) {
            (true, Some(default)) => default.to_owned(),
            _ => answer,
        };
        match read(&answer) {
            Ok(value) => return Ok(value),
            Err(why) => ui::tell(&format!("  {why}")),
        }
    }
}

/// An error's words without its labels.
pub(super) fn plain(error: &Error) -> String {
    let words = error.to_string();
    words.trim_start_matches("error: ").replace("\n  caused by: ", ": ").replace("\n  hint: ", "; ")
}
