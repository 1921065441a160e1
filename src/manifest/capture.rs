//! How a program made the bytes, below the file in a new manifest.

use super::{Lines, quoted, value};

/// A run of a program. Moments are written with their offset.
#[derive(Clone, Debug, Default)]
pub struct CaptureDraft {
    pub recipe: Option<String>,
    /// The recipe's settings, each with its value.
    pub settings: Vec<(String, String)>,
    /// The program and its arguments.
    pub command: Vec<String>,
    pub version: Option<String>,
    pub account: Option<String>,
    pub started: String,
    pub ended: String,
    pub exit: i32,
}

impl CaptureDraft {
    pub(super) fn write(&self, out: &mut Lines) {
        out.line(
            2,
            "# capture: the run that made the file, as soc2 saw it; its output is kept byte for byte",
        );
        out.line(2, "capture:");
        if let Some(recipe) = &self.recipe {
            out.line(3, &format!("recipe: {}", value(recipe)));
        }
        if !self.settings.is_empty() {
            let pairs: Vec<String> = self
                .settings
                .iter()
                .map(|(name, text)| format!("{}: {}", value(name), value(text)))
                .collect();
            out.line(3, &format!("settings: {{ {} }}", pairs.join(", ")));
        }
        let words: Vec<String> = self.command.iter().map(|word| quoted(word)).collect();
        out.line(3, &format!("command: [{}]", words.join(", ")));
        out.text(3, "version", self.version.as_ref());
        out.text(3, "account", self.account.as_ref());
        out.line(3, &format!("started: {}", self.started));
        out.line(3, &format!("ended: {}", self.ended));
        out.line(3, &format!("exit: {}", self.exit));
    }
}
