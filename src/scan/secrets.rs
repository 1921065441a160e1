//! Content that looks like a secret. Evidence goes into git, which forgets nothing; a key in it has to be changed.

use std::io::{self, BufRead, BufReader, Read};

/// Longer lines are looked at in pieces of this length.
const PIECE: usize = 64 << 10;
/// Bytes of a piece that the next one repeats, so that a secret across both is seen.
const OVERLAP: usize = 256;
/// Finds above this are not told.
const MOST: usize = 20;

/// A line that seems to hold a secret; never the secret itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Secret {
    /// From 1.
    pub(super) line: usize,
    pub(super) rule: &'static str,
    pub(super) what: &'static str,
}

/// The first lines that seem to hold one.
pub(super) fn secrets(reader: impl Read) -> io::Result<Vec<Secret>> {
    let mut reader = BufReader::new(reader);
    let mut found: Vec<Secret> = Vec::new();
    let mut piece: Vec<u8> = Vec::new();
    let mut line = 1;
    while found.len() < MOST {
        let room = u64::try_from(PIECE).unwrap_or(0);
        let read = reader.by_ref().take(room).read_until(b'\n', &mut piece)?;
        if read == 0 {
            break;
        }
        let ends = piece.last() == Some(&b'\n');
        if let Some(what) = looks_like(&piece) {
            let secret = Secret { line, rule: "key", what };
            if found.last() != Some(&secret) {
                found.push(secret);
            }
        }
        if ends {
            piece.clear();
            line += 1;
        } else {
            piece.drain(..piece.len().saturating_sub(OVERLAP));
        }
    }
    Ok(found)
}

/// A token that its first letters tell.
struct Token {
    what: &'static str,
    begin: &'static str,
    /// Which characters follow, and how many at least.
    follows: fn(u8) -> bool,
    least: usize,
}

const fn token(what: &'static str, begin: &'static str, follows: fn(u8) -> bool, least: usize) -> Token {
    Token { what, begin, follows, least }
}

const TOKENS: &[Token] = &[
    token("an AWS access key", "AKIA", is_capital, 16),
    token("an AWS access key", "ASIA", is_capital, 16),
    token("a GitHub token", "ghp_", is_word, 30),
    token("a GitHub token", "gho_", is_word, 30),
    token("a GitHub token", "ghu_", is_word, 30),
    token("a GitHub token", "ghs_", is_word, 30),
    token("a GitHub token", "ghr_", is_word, 30),
    token("a GitHub token", "github_pat_", is_word, 30),
    token("a GitLab token", "glpat-", is_word, 20),
    token("a Slack token", "xoxb-", is_word, 10),
    token("a Slack token", "xoxp-", is_word, 10),
    token("a Slack token", "xoxa-", is_word, 10),
    token("a Slack token", "xoxr-", is_word, 10),
    token("a Slack token", "xoxs-", is_word, 10),
    token("a Stripe key", "sk_live_", is_word, 16),
    token("a Google API key", "AIza", is_word, 35),
];

/// Names of settings whose value is a secret.
const SETTINGS: &[&str] =
    &["password", "passwd", "pwd", "secret", "api_key", "apikey", "access_token", "secret_key"];

fn looks_like(piece: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(piece);
    if text
        .find("-----BEGIN ")
        .is_some_and(|at| text.get(at..).is_some_and(|rest| rest.contains("PRIVATE KEY")))
    {
        return Some("a private key");
    }
    let token = TOKENS.iter().find(|token| token.is_in(&text));
    token.map(|token| token.what).or_else(|| assigns_secret(&text).then_some("a password or key"))
}

impl Token {
    fn is_in(&self, text: &str) -> bool {
        text.match_indices(self.begin).any(|(at, _)| {
            let before = text.get(..at).unwrap_or("");
            let own_word = !before.ends_with(|c: char| c.is_ascii_alphanumeric());
            let rest = text.as_bytes().get(at + self.begin.len()..).unwrap_or(&[]);
            own_word && rest.iter().take_while(|b| (self.follows)(**b)).count() >= self.least
        })
    }
}

/// `password=hunter2`, `"password": "hunter2"`; not a masked or empty one, nor a column's name.
fn assigns_secret(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    SETTINGS.iter().any(|name| {
        lower.match_indices(name).any(|(at, _)| {
            let rest = lower.get(at + name.len()..).unwrap_or("");
            let assigned = rest.strip_prefix('=').or_else(|| {
                rest.strip_prefix(['"', '\''])
                    .unwrap_or(rest)
                    .trim_start()
                    .strip_prefix(':')
                    .map(str::trim_start)
            });
            assigned.is_some_and(is_shown)
        })
    })
}

/// Is a value there, and not hidden behind stars, a placeholder or a reference to where it is kept?
fn is_shown(value: &str) -> bool {
    let value = value.trim_start_matches(['"', '\'']);
    let word: String = value
        .chars()
        .take_while(|c| !c.is_whitespace() && !matches!(c, '"' | '\'' | ',' | '&' | ';' | '}'))
        .collect();
    let hidden = word.chars().all(|c| matches!(c, '*' | 'x' | '•' | '.' | '-'));
    let elsewhere = word.starts_with(['<', '$', '{', '[', '%'])
        || matches!(&*word, "null" | "none" | "true" | "false" | "redacted");
    word.chars().count() >= 4 && !hidden && !elsewhere
}

fn is_capital(b: u8) -> bool {
    b.is_ascii_uppercase() || b.is_ascii_digit()
}

fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(usize, &'static str)> {
        secrets(text.as_bytes()).unwrap().into_iter().map(|secret| (secret.line, secret.what)).collect()
    }

    /// Put together here, so that no scanner takes this file for a leak.
    fn spelt(begin: &str, rest: &str, times: usize) -> String {
        format!("{begin}{}", rest.repeat(times))
    }

    #[test]
    fn secrets_are_told_by_line() {
        let text = format!(
            "login,key\r\nalice,{}\nok\n-----BEGIN OPENSSH {}-----\nurl,https://x?password=hunter2\n{{\"password\": \"hunter2\"}}\n{}\n{}\n",
            spelt("AKIA", "ABCD", 4),
            "PRIVATE KEY",
            spelt("ghp_", "a1", 18),
            spelt("xoxb-", "12", 6),
        );
        let expected = [
            (2, "an AWS access key"),
            (4, "a private key"),
            (5, "a password or key"),
            (6, "a password or key"),
            (7, "a GitHub token"),
            (8, "a Slack token"),
        ];
        assert_eq!(lines(&text), expected);
    }

    #[test]
    fn names_and_masks_are_none() {
        for text in [
            "user,password_last_changed,mfa\nalice,2026-01-01,true\n",
            "password=********&x=1\n",
            "\"password\": null, secret: ${SECRET}\n",
            "password: <redacted>\n",
            "AKIA is how keys begin; ghp_ too\n",
            "-----BEGIN CERTIFICATE-----\n",
        ] {
            assert_eq!(lines(text), [], "{text}");
        }
    }

    #[test]
    fn long_lines_and_many_finds_are_bounded() {
        let key = spelt("AKIA", "ABCD", 4);
        let long = format!("{} {key} {}", "a".repeat(PIECE - 10), "b".repeat(PIECE));
        assert_eq!(lines(&long), [(1, "an AWS access key")]);
        assert_eq!(lines(&format!("{key}\n").repeat(1000)).len(), MOST);
    }
}
