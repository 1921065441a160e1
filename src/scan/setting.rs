//! Settings whose value is a secret: `password=…`, `"client_secret": "…"`. A mask, a reference to where the secret is kept,
//! a plain word and a date are none.

use super::near;
use super::window::Hit;

/// A name of a setting, and what its value has to look like.
pub(super) struct Name {
    /// In small letters; the end of the setting's name.
    pub(super) word: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// People make them up: short, and with a digit or sign.
    Password,
    /// Programs make them: long and without order.
    Secret,
}

const PASSWORD: (&str, &str) = ("password", "a password");
const SECRET: (&str, &str) = ("secret", "a secret or key");

/// The rules here, each with what it finds.
pub(super) const RULES: [(&str, &str); 2] = [PASSWORD, SECRET];

const fn password(word: &'static str) -> Name {
    Name { word, kind: Kind::Password }
}

const fn secret(word: &'static str) -> Name {
    Name { word, kind: Kind::Secret }
}

pub(super) const NAMES: &[Name] = &[
    password("password"),
    password("passwd"),
    password("passphrase"),
    password("pwd"),
    secret("secret"),
    secret("api_key"),
    secret("api-key"),
    secret("apikey"),
    secret("access_token"),
    secret("accesstoken"),
    secret("auth_token"),
    secret("authtoken"),
    secret("api_token"),
    secret("api-token"),
    secret("apitoken"),
    secret("refresh_token"),
    secret("refreshtoken"),
    secret("bearer_token"),
    secret("session_token"),
    secret("sessiontoken"),
    secret("access_key"),
    secret("accesskey"),
    secret("secret_key"),
    secret("secretkey"),
    secret("private_key"),
    secret("privatekey"),
    secret("encryption_key"),
    secret("signing_key"),
];

/// The longest value that is one.
const LONGEST: usize = 256;

/// The value of the setting whose name stands at `start..end`.
pub(super) fn at(text: &[u8], name: &'static Name, start: usize, end: usize) -> Option<Hit> {
    let (from, strict) = value_at(text, start, end)?;
    let value = value(text, from);
    let is_one = shown(value)
        && match name.kind {
            Kind::Password => is_password(value, strict),
            Kind::Secret => is_secret(value),
        };
    let (rule, what) = match name.kind {
        Kind::Password => PASSWORD,
        Kind::Secret => SECRET,
    };
    is_one.then(|| Hit { start: from, end: from + value.len(), rule, what, weak: true })
}

/// Where the value begins behind a name, and whether that is a setting beyond doubt; prose has colons too.
fn value_at(text: &[u8], start: usize, end: usize) -> Option<(usize, bool)> {
    let byte = |at: usize| text.get(at).copied();
    let blanks = |at: usize| {
        let rest = text.get(at..text.len().min(at + 8)).unwrap_or(&[]);
        at + rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
    };
    let mut at = end;
    let escaped = |at: usize| byte(at) == Some(b'\\') && matches!(byte(at + 1), Some(b'"' | b'\''));
    let mut quoted = false;
    if escaped(at) {
        (at, quoted) = (at + 2, true);
    } else if matches!(byte(at), Some(b'"' | b'\'')) {
        (at, quoted) = (at + 1, true);
    }
    if byte(at) == Some(b'>') && !quoted && in_tag(text, start) {
        return Some((at + 1, true));
    }
    // `--password hunter2`
    let flag = before_word(text, start).is_some_and(|before| before.ends_with(b"--"));
    let after = blanks(at);
    let (mut at, sign) = match (byte(after), byte(after + 1)) {
        (Some(b'='), Some(b'=')) => return None,
        (Some(b'='), Some(b'>')) | (Some(b':'), Some(b'=')) => (after + 2, true),
        (Some(b'='), _) => (after + 1, true),
        (Some(b':'), _) => (after + 1, quoted),
        _ if flag && after > at => (after, true),
        _ => return None,
    };
    at = blanks(at);
    if escaped(at) {
        return Some((at + 2, true));
    }
    match byte(at) {
        Some(b'"' | b'\'') => Some((at + 1, true)),
        _ => Some((at, sign)),
    }
}

/// What stands before the word that the name is the end of: `--` in `--db-password`.
fn before_word(text: &[u8], start: usize) -> Option<&[u8]> {
    let before = text.get(start.saturating_sub(60)..start)?;
    let word = before
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        .count();
    let cut = before.len().checked_sub(word)?;
    let dashes = before.get(cut..)?.iter().take_while(|byte| **byte == b'-').count();
    before.get(..cut + dashes)
}

/// Is the name inside `<…`?
fn in_tag(text: &[u8], start: usize) -> bool {
    let before = text.get(start.saturating_sub(40)..start).unwrap_or(&[]);
    let word =
        before.iter().rev().find(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b'-' | b':'));
    word == Some(&b'<')
}

fn value(text: &[u8], from: usize) -> &[u8] {
    let rest = text.get(from..text.len().min(from + LONGEST)).unwrap_or(&[]);
    let ends = |byte: &u8| {
        byte.is_ascii_whitespace()
            || byte.is_ascii_control()
            || matches!(byte, b'"' | b'\'' | b',' | b'&' | b';' | b'}' | b'<' | b'`' | b'|' | b'\\')
    };
    let length = rest.iter().position(ends).unwrap_or(rest.len());
    let value = rest.get(..length).unwrap_or(&[]);
    value.strip_suffix(b")").unwrap_or(value)
}

/// Is it there, and neither hidden nor the name of a place where it is kept?
fn shown(value: &[u8]) -> bool {
    let tag = value.strip_prefix(b"!").is_some_and(|rest| rest.iter().all(u8::is_ascii_alphabetic));
    let holds =
        |part: &&str| value.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part.as_bytes()));
    let kept = ["arn:", "://", ":\\", "vault", "secret/", "secrets.", "()"].iter().any(holds);
    !kept && !tag && value.first() != Some(&b'/') && !near::is_hidden(value)
}

fn is_password(value: &[u8], strict: bool) -> bool {
    let digit = value.iter().any(u8::is_ascii_digit);
    let letter = value.iter().any(|byte| byte.is_ascii_alphabetic() || !byte.is_ascii());
    let sign = value
        .iter()
        .any(|byte| matches!(byte, b'!' | b'@' | b'#' | b'$' | b'%' | b'^' | b'*' | b'?' | b'+' | b'='));
    let long_enough = value.len() >= 6 && value.len() < LONGEST;
    let made_up = letter && (digit || sign);
    let digits_only = strict && digit && value.iter().all(u8::is_ascii_digit);
    long_enough && (made_up || digits_only) && !is_date(value)
}

fn is_secret(value: &[u8]) -> bool {
    let count = |is: fn(&u8) -> bool| value.iter().filter(|byte| is(byte)).count();
    let hex = value.iter().all(u8::is_ascii_hexdigit);
    let dashes = count(|byte| *byte == b'-');
    let uuid = value.len() == 36
        && dashes == 4
        && value.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-');
    let classes =
        [count(u8::is_ascii_digit) > 0, count(u8::is_ascii_lowercase) > 0, count(u8::is_ascii_uppercase) > 0];
    let mixed = classes.iter().filter(|is_there| **is_there).count() == 3
        && count(|byte| matches!(byte, b':' | b'(')) == 0;
    let entropy = near::entropy(value);
    (uuid && entropy > 3.0)
        || (hex && value.len() >= 32 && entropy > 3.0)
        || (mixed && value.len() >= 16 && value.len() < LONGEST && entropy > 3.5)
}

/// `2026-01-01…`, `01/02/2026`.
fn is_date(value: &[u8]) -> bool {
    let shape: Vec<u8> =
        value.iter().take(10).map(|byte| if byte.is_ascii_digit() { b'9' } else { *byte }).collect();
    matches!(&*shape, b"9999-99-99" | b"99/99/9999" | b"99.99.9999")
}
