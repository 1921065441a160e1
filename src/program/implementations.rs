//! The product code that controls name under `implemented_by`, and whether it is there. It lies outside the programme, so
//! what reads the repository fills this in; where nothing was looked at, nothing is known.

use std::collections::BTreeMap;

/// By what was typed: `src/auth/mfa.rs#require_mfa`.
pub type Implementations = BTreeMap<Box<str>, Presence>;

/// Is a file there, and does the text stand in it?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    Here,
    /// There is no such file: a folder, a link and a submodule are none.
    NoFile,
    /// The file is there, the text is not.
    NoText,
    /// It could not be looked at: too large, or its bytes are not in this clone.
    Unknown,
}

/// A path from the top of the repository, and a text that must stand in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Implementation<'t> {
    pub path: &'t str,
    pub text: Option<&'t str>,
}

/// Files above this are not looked into, in bytes.
pub const IMPLEMENTATION_CAP: u64 = 1 << 20;

impl<'t> Implementation<'t> {
    /// Cuts what was typed at its first `#`; `None` when the path leads out of the repository or into git's own folder.
    pub fn of(typed: &'t str) -> Option<Self> {
        let (path, text) = match typed.split_once('#') {
            Some((path, text)) => (path, Some(text).filter(|text| !text.is_empty())),
            None => (typed, None),
        };
        Self::is_path(path).then_some(Self { path, text })
    }

    /// Does a path stay in the repository, and out of git's own folder?
    pub fn is_path(path: &str) -> bool {
        let sound = |part: &str| {
            !matches!(part, "" | "." | "..")
                && !part.eq_ignore_ascii_case(".git")
                && !part.contains(['\\', ':', '\0'])
        };
        path.split('/').all(sound)
    }

    /// What the bytes of the file say.
    pub fn presence(&self, bytes: &[u8]) -> Presence {
        let Some(text) = self.text else { return Presence::Here };
        let bytes = String::from_utf8_lossy(bytes);
        if bytes.contains(text) { Presence::Here } else { Presence::NoText }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_in_the_repository() {
        let of = Implementation::of;
        assert_eq!(of("a/b.rs#fn x#y"), Some(Implementation { path: "a/b.rs", text: Some("fn x#y") }));
        assert_eq!(of("a.rs#"), Some(Implementation { path: "a.rs", text: None }));
        for bad in
            ["", "#x", "/etc/passwd", "../x", "a/../../x", "a//b", "./a", ".git/config", "a/.GIT/x", "C:\\x"]
        {
            assert_eq!(of(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_text_is_looked_for_as_typed() {
        let one = Implementation::of("a.rs#fn mfa(").unwrap();
        assert_eq!(one.presence(b"pub fn mfa() {}"), Presence::Here);
        assert_eq!(one.presence(b"pub fn mfa2() {}"), Presence::NoText);
        assert_eq!(Implementation::of("a.rs").unwrap().presence(b""), Presence::Here);
    }
}
