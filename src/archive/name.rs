//! Names that every system can hold, and that stay apart on each of them.

use crate::text::is_hostile;

/// Windows opens no longer path without being asked to; what it is unpacked below comes on top.
const LONGEST: usize = 120;
/// Linux has no longer name of one file.
const LONGEST_PART: usize = 255;

/// Names of devices: Windows opens these whatever the ending.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"];

/// Why a path cannot be one of an archive.
pub(super) fn fault(path: &str) -> Option<&'static str> {
    if path.encode_utf16().count() > LONGEST {
        return Some("is longer than 120 characters");
    }
    if path.starts_with('/') {
        return Some("begins at the root of the disk");
    }
    path.split('/').find_map(part)
}

fn part(part: &str) -> Option<&'static str> {
    if part.is_empty() {
        return Some("has an empty part");
    }
    if matches!(part, "." | "..") {
        return Some("leads out of its folder");
    }
    if part.len() > LONGEST_PART {
        return Some("has a part of more than 255 bytes");
    }
    if part.contains(is_hostile) {
        return Some("has a control character or an invisible one");
    }
    if part.contains(['\\', ':', '*', '?', '"', '<', '>', '|']) {
        return Some("has a character that Windows refuses");
    }
    if part.ends_with(['.', ' ']) {
        return Some("has a part that ends in a full stop or a blank, which Windows cuts off");
    }
    let stem = part.split('.').next().unwrap_or(part).trim_end().to_lowercase();
    is_device(&stem).then_some("is the name of a device on Windows")
}

fn is_device(stem: &str) -> bool {
    let port = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
    DEVICES.contains(&stem)
        || port.is_some_and(|number| {
            let mut letters = number.chars();
            let digit =
                letters.next().is_some_and(|letter| letter.is_ascii_digit() || "¹²³".contains(letter));
            digit && letters.next().is_none()
        })
}

/// Two names that are one on some system.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Clash {
    /// Places in the list that was given.
    pub(super) one: usize,
    pub(super) other: usize,
    pub(super) what: &'static str,
}

/// Names that are the same, differ in case alone, or are a file and a folder at once; near-linear.
pub(super) fn clashes<'p>(paths: impl Iterator<Item = &'p str> + Clone) -> Vec<Clash> {
    let mut folded: Vec<(String, usize, &str)> =
        paths.enumerate().map(|(index, path)| (fold(path), index, path)).collect();
    folded.sort_unstable();
    let pairs = folded.windows(2).filter_map(|pair| {
        let [(one, first, spelt), (other, second, respelt)] = pair else { return None };
        let what = clash(one, other, spelt, respelt)?;
        Some(Clash { one: *first.min(second), other: *first.max(second), what })
    });
    pairs.collect()
}

/// Letters of both cases become one; the mark between folders comes before every letter, so that a folder's files follow
/// the file of its name.
fn fold(path: &str) -> String {
    path.chars()
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .map(|letter| if letter == '/' { '\0' } else { letter })
        .collect()
}

fn clash(one: &str, other: &str, spelt: &str, respelt: &str) -> Option<&'static str> {
    if one == other {
        return Some(if spelt == respelt { "is there twice" } else { "differs in case alone" });
    }
    let below = other.strip_prefix(one).is_some_and(|rest| rest.starts_with('\0'));
    if below {
        return Some("is a file and a folder");
    }
    let parts = one.split('\0').zip(other.split('\0'));
    let shared = parts.take_while(|(one, other)| one == other).count();
    // The last part is the file's own name: equal folders only.
    let differ = spelt.split('/').zip(respelt.split('/')).take(shared).any(|(one, other)| one != other);
    differ.then_some("is in a folder whose name differs in case alone")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_some_system_refuses() {
        let long = "a/".repeat(59) + "abc";
        let wide = "ü".repeat(120);
        let letters = "€".repeat(100);
        for (path, why) in [
            ("a/b.txt", None),
            ("07_evidence/zugriff/prüfung.csv", None),
            (&"x".repeat(120), None),
            (&wide, None),
            ("common.txt", None),
            ("com10", None),
            ("/etc/passwd", Some("root")),
            ("C:/x", Some("Windows refuses")),
            ("a//b", Some("empty")),
            ("", Some("empty")),
            ("a/", Some("empty")),
            ("../a", Some("out of")),
            ("a/../b", Some("out of")),
            ("a/./b", Some("out of")),
            ("a\\b", Some("Windows refuses")),
            ("a\nb", Some("control")),
            ("a\u{202e}gpj.exe", Some("invisible")),
            ("a.", Some("full stop")),
            ("a /b", Some("blank")),
            ("NUL", Some("device")),
            ("x/con.txt", Some("device")),
            ("Com1.tar.gz", Some("device")),
            ("lpt² .x", Some("device")),
            (&long, Some("120")),
            (&letters, Some("255")),
        ] {
            let found = fault(path);
            assert_eq!(found.is_some(), why.is_some(), "{path}: {found:?}");
            assert!(found.unwrap_or("").contains(why.unwrap_or("")), "{path}: {found:?}");
        }
    }

    #[test]
    fn names_that_are_one_on_some_system() {
        for (paths, what) in [
            (&["a", "b", "a-b/c", "a-b/d"][..], None),
            (&["x/a", "x/b", "y/a"], None),
            (&["a", "b", "a"], Some("twice")),
            (&["b/A.txt", "x", "b/a.txt"], Some("case alone")),
            (&["straße", "STRASSE"], Some("case alone")),
            (&["ſ", "S"], Some("case alone")),
            (&["\u{212a}", "k"], Some("case alone")),
            (&["a", "a-b", "a/b"], Some("a file and a folder")),
            (&["A", "a!", "a/b"], Some("a file and a folder")),
            (&["A/x", "a/y"], Some("folder whose name")),
            (&["a/B/x", "a/b/y/z"], Some("folder whose name")),
        ] {
            let found = clashes(paths.iter().copied());
            assert_eq!(found.len(), usize::from(what.is_some()), "{paths:?}: {found:?}");
            assert!(
                found.iter().all(|clash| clash.what.contains(what.unwrap_or(""))),
                "{paths:?}: {found:?}"
            );
        }
    }
}
