//! Failures of the outside world: flags, disk, a missing `soc2.toml`. Bad content inside a programme is
//! never an `Error`; it is a [`crate::diagnostic::Diagnostic`].

use std::fmt;
use std::path::Path;

/// A failure that kept a verb from doing its work; the process exits with 2.
#[derive(Debug)]
pub struct Error {
    message: String,
    causes: Vec<String>,
    hints: Vec<String>,
}

/// The result of anything that touches the outside world.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A failure in words: lower case, no full stop, user text in backticks.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), causes: Vec::new(), hints: Vec::new() }
    }

    /// A failure to read or write `path`.
    pub fn io(path: &Path, error: &std::io::Error) -> Self {
        Self::new(format!("cannot use `{}`", path.display())).because(error)
    }

    /// Adds what lies underneath.
    #[must_use]
    pub fn because(mut self, cause: impl fmt::Display) -> Self {
        self.causes.push(cause.to_string());
        self
    }

    /// The failure with its causes, in a line.
    pub fn in_a_line(&self) -> String {
        let causes = self.causes.iter().map(|cause| cause.replace('\n', " "));
        std::iter::once(self.message.clone()).chain(causes).collect::<Vec<_>>().join(": ")
    }

    /// What the reader can type to get on.
    pub fn hints(&self) -> &[String] {
        &self.hints
    }

    /// Adds what the reader can type to get on.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message)?;
        for cause in &self.causes {
            write!(f, "\n  caused by: {cause}")?;
        }
        for hint in &self.hints {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
