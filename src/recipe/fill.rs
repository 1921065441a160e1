//! Settings put into arguments. An argument stays one argument, whatever is put in: no shell reads it.

use std::collections::BTreeMap;

use crate::text::is_hostile;

/// The longest value of a setting.
const LONGEST: usize = 200;

/// An argument with its settings put in; braces around anything else stay as they are. A value is never looked into again.
pub fn filled(argument: &str, settings: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(argument.len());
    let mut rest = argument;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let named = name(after).and_then(|name| Some((settings.get(name)?, after.get(name.len() + 1..)?)));
        match named {
            Some((value, after)) => {
                out.push_str(value);
                rest = after;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The names between braces in an argument.
pub fn placeholders(argument: &str) -> Vec<&str> {
    argument.split('{').skip(1).filter_map(name).collect()
}

/// The name with which a text begins, where a brace closes it.
fn name(text: &str) -> Option<&str> {
    let (name, _) = text.split_once('}')?;
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    (name.starts_with(|c: char| c.is_ascii_lowercase()) && name.bytes().all(plain)).then_some(name)
}

/// Why a value cannot be put into a command.
pub fn refused(value: &str) -> Option<&'static str> {
    if value.trim().is_empty() {
        Some("it is empty")
    } else if value.trim() != value {
        Some("a blank stands before or after it")
    } else if value.chars().count() > LONGEST {
        Some("it is longer than 200 characters")
    } else if value.chars().any(is_hostile) {
        Some("it holds a control character or an invisible one")
    } else if value.starts_with('-') {
        Some("it begins like a flag")
    } else if value.starts_with('@') {
        Some("programs read a file where a value begins with `@`")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_put_in_once_and_nothing_else_changes() {
        let settings: BTreeMap<String, String> =
            [("org", "{repo}"), ("repo", "a b;$(id)")].map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        for (argument, whole) in [
            ("orgs/{org}/members", "orgs/{repo}/members"),
            ("{repo}{repo}", "a b;$(id)a b;$(id)"),
            ("jsonpath={.items[*].name}", "jsonpath={.items[*].name}"),
            ("query { nodes { login } }", "query { nodes { login } }"),
            ("{other} {org", "{other} {org"),
            ("{{org}}", "{{repo}}"),
            ("", ""),
        ] {
            assert_eq!(filled(argument, &settings), whole);
        }
        assert_eq!(placeholders("{org}/{ x }/{.y}/{repo_2}/{Z}"), ["org", "repo_2"]);
    }

    #[test]
    fn values_that_would_be_read_as_something_else_are_refused() {
        for value in ["", "  ", " a", "-rf", "--profile=x", "@/etc/passwd", "a\nb", "a\u{202e}b", "a\u{0}"] {
            assert!(refused(value).is_some(), "{value:?}");
        }
        assert!(refused(&"x".repeat(201)).is_some());
        for value in ["acme", "acme/shop", "2026-01-01", "arn:aws:iam::1:role/x", "Zoë", "a b"] {
            assert!(refused(value).is_none(), "{value:?}");
        }
    }
}
