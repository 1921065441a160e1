//! The file of allowed signers, as ssh-keygen(1) describes it: whose SSH keys count, for what and when. Times without a zone
//! are UTC. A line that cannot be read is no line.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use ssh_key::public::KeyData;
use ssh_key::{HashAlg, PublicKey};

/// More lines than any organisation has people.
const LINE_CAP: usize = 10_000;

/// People and their keys.
#[derive(Debug, Default)]
pub struct Signers {
    /// What it is that they sign: `git` for commits.
    namespace: &'static str,
    lines: Vec<Signer>,
}

/// A line of the file, as plain data.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The fingerprint of the key.
    pub key: String,
    /// Patterns of addresses, with commas between.
    pub holder: String,
    /// Patterns of what it may sign, with commas between; none: anything.
    pub namespaces: Option<String>,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

#[derive(Debug)]
struct Signer {
    /// Patterns of addresses, with commas between.
    principals: String,
    namespaces: Option<String>,
    after: Option<Timestamp>,
    before: Option<Timestamp>,
    key: KeyData,
}

/// What the file says of a key at a moment.
#[derive(Debug, PartialEq, Eq)]
pub enum Standing {
    /// Allowed to sign, under this name.
    Allowed(Box<str>),
    /// Allowed under this name now, but not yet when what is signed came in.
    NotYet(Box<str>),
    /// Known, for other things.
    Elsewhere,
    Unknown,
}

impl Signers {
    /// Reads a file of those who may sign something.
    pub fn parse(text: &str, namespace: &'static str) -> Self {
        Self { namespace, lines: text.lines().take(LINE_CAP).filter_map(signer).collect() }
    }

    /// Who may sign with a key, at the moment that is claimed. A line vouches for what came in after it, unless it says
    /// itself from when the key counts; `then` tells whether the list allowed a name already when what is signed came in.
    pub fn standing(&self, key: &KeyData, at: Timestamp, then: &dyn Fn(&str) -> bool) -> Standing {
        let Some(first) = self.fitting(key, at).next() else { return Standing::Unknown };
        let mut early = None;
        for name in first.principals.split(',').filter(|name| !name.starts_with('!')) {
            let mut allowing = self.allowing(key, at, name).peekable();
            if allowing.peek().is_none() {
                continue;
            }
            if allowing.any(|line| line.after.is_some()) || then(name) {
                return Standing::Allowed(name.into());
            }
            early.get_or_insert(name);
        }
        early.map_or(Standing::Elsewhere, |name| Standing::NotYet(name.into()))
    }

    /// May somebody of that name sign with a key at a moment?
    pub fn allows(&self, key: &KeyData, at: Timestamp, name: &str) -> bool {
        self.allowing(key, at, name).next().is_some()
    }

    fn fitting(&self, key: &KeyData, at: Timestamp) -> impl Iterator<Item = &Signer> {
        self.lines.iter().filter(move |line| {
            line.key == *key
                && line.after.is_none_or(|after| after <= at)
                && line.before.is_none_or(|before| at <= before)
        })
    }

    fn allowing(&self, key: &KeyData, at: Timestamp, name: &str) -> impl Iterator<Item = &Signer> {
        let is_named = move |line: &&Signer| listed(name, &line.principals) && line.is_for(self.namespace);
        self.fitting(key, at).filter(is_named)
    }

    /// The keys that may sign, as plain data.
    pub fn listed(&self) -> Vec<Listed> {
        let plain = |line: &Signer| Listed {
            key: line.key.fingerprint(HashAlg::Sha256).to_string(),
            holder: line.principals.clone(),
            namespaces: line.namespaces.clone(),
            from: line.after,
            until: line.before,
        };
        self.lines.iter().filter(|line| line.is_for(self.namespace)).map(plain).collect()
    }
}

impl Signer {
    fn is_for(&self, namespace: &str) -> bool {
        self.namespaces.as_ref().is_none_or(|list| listed(namespace, list))
    }
}

/// One line; `None` for comments, for keys of authorities (they sign certificates, which are not read) and for what is broken.
fn signer(line: &str) -> Option<Signer> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let (principals, rest) = word(line)?;
    let signer = |options: &str, key: &str| {
        let mut signer = Signer {
            principals: principals.replace('"', ""),
            namespaces: None,
            after: None,
            before: None,
            key: PublicKey::from_openssh(key).ok()?.key_data().clone(),
        };
        for option in split(options, ',') {
            let (name, value) = option.split_once('=').unwrap_or((option, ""));
            let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
            match name.to_ascii_lowercase().as_str() {
                "namespaces" => signer.namespaces = Some(value?.to_owned()),
                "valid-after" => signer.after = Some(moment(value?)?),
                "valid-before" => signer.before = Some(moment(value?)?),
                _ => return None,
            }
        }
        Some(signer)
    };
    // Options may be left out, and then the key begins at once.
    signer("", rest).or_else(|| word(rest).and_then(|(options, key)| signer(options, key)))
}

/// The first word, which may hold blanks between quotes, and the rest.
fn word(text: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let end = text.find(|c: char| {
        quoted ^= c == '"';
        !quoted && (c == ' ' || c == '\t')
    })?;
    Some((text.get(..end)?, text.get(end..)?.trim_start()))
}

/// Parts between separators that are not within quotes.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    let parts = text.split(move |c: char| {
        quoted ^= c == '"';
        !quoted && c == separator
    });
    parts.filter(|part| !part.is_empty())
}

/// `YYYYMMDD`, with `HHMM` or `HHMMSS` after it, and perhaps a `Z`.
fn moment(text: &str) -> Option<Timestamp> {
    let digits = text.strip_suffix('Z').unwrap_or(text);
    if !digits.is_ascii() {
        return None;
    }
    let number = |from: usize, to: usize| digits.get(from..to)?.parse::<i8>().ok();
    let (hour, minute, second) = match digits.len() {
        8 => (0, 0, 0),
        12 => (number(8, 10)?, number(10, 12)?, 0),
        14 => (number(8, 10)?, number(10, 12)?, number(12, 14)?),
        _ => return None,
    };
    let year = digits.get(..4)?.parse::<i16>().ok()?;
    let day = DateTime::new(year, number(4, 6)?, number(6, 8)?, hour, minute, second, 0).ok()?;
    day.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// Does one pattern of a list fit, and none that begins with `!`?
fn listed(name: &str, patterns: &str) -> bool {
    let mut found = false;
    for pattern in patterns.split(',') {
        match pattern.strip_prefix('!') {
            Some(pattern) if fits(name.as_bytes(), pattern.as_bytes()) => return false,
            Some(_) => {}
            None => found |= fits(name.as_bytes(), pattern.as_bytes()),
        }
    }
    found
}

/// `*` stands for any letters, `?` for one.
fn fits(name: &[u8], pattern: &[u8]) -> bool {
    let (mut at, mut place, mut star) = (0, 0, None);
    while at < name.len() {
        match pattern.get(place) {
            Some(b'*') => {
                star = Some((place, at));
                place += 1;
            }
            Some(letter) if *letter == b'?' || Some(letter) == name.get(at) => {
                (at, place) = (at + 1, place + 1)
            }
            _ => {
                let Some((after, taken)) = star else { return false };
                (at, place) = (taken + 1, after + 1);
                star = Some((after, taken + 1));
            }
        }
    }
    pattern.get(place..).is_none_or(|rest| rest.iter().all(|letter| *letter == b'*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti";
    const OTHER: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB7Fu+vkYxgmdUxEQoLRoh6jjJGFTTZm+ayRSsSOKfJA";

    fn standing(line: &str, at: &str) -> Standing {
        let key = PublicKey::from_openssh(KEY).unwrap();
        Signers::parse(&line.replace("KEY", KEY).replace("OTHER", OTHER), "git").standing(
            key.key_data(),
            at.parse().unwrap(),
            &|_| true,
        )
    }

    #[test]
    fn lines_say_who_for_what_and_when() {
        let allowed = |name: &str| Standing::Allowed(name.into());
        let at = "2026-03-31T12:00:00Z";
        for (line, says) in [
            ("a@acme.example KEY me", allowed("a@acme.example")),
            ("# note\n\na@acme.example KEY", allowed("a@acme.example")),
            ("\"a@acme.example\" KEY", allowed("a@acme.example")),
            ("!b@acme.example,*@acme.example KEY", allowed("*@acme.example")),
            ("a@acme.example OTHER", Standing::Unknown),
            ("a@acme.example namespaces=\"git,file\" KEY", allowed("a@acme.example")),
            ("a@acme.example namespaces=\"file\" KEY", Standing::Elsewhere),
            ("a@acme.example namespaces=\"g?t\" KEY", allowed("a@acme.example")),
            ("a@acme.example cert-authority KEY", Standing::Unknown),
            ("a@acme.example surprise KEY", Standing::Unknown),
            ("a@acme.example valid-after=\"20260331\" KEY", allowed("a@acme.example")),
            ("a@acme.example valid-after=\"20260401Z\" KEY", Standing::Unknown),
            ("a@acme.example valid-before=\"202603311200Z\" KEY", allowed("a@acme.example")),
            ("a@acme.example valid-before=\"20260331115959Z\" KEY", Standing::Unknown),
            ("a@acme.example valid-after=\"yesterday\" KEY", Standing::Unknown),
            ("a@acme.example valid-before=\"20260101\" KEY\nb@acme.example KEY", allowed("b@acme.example")),
            ("a@acme.example NAMESPACES=\"git\",valid-after=\"20260101\" KEY", allowed("a@acme.example")),
            ("a@acme.example", Standing::Unknown),
        ] {
            assert_eq!(standing(line, at), says, "{line}");
        }
    }

    #[test]
    fn a_line_vouches_for_what_came_after_it_or_says_from_when() {
        let key = PublicKey::from_openssh(KEY).unwrap();
        let at = "2026-03-31T12:00:00Z".parse().unwrap();
        let standing = |lines: &str, then: &str| {
            let then = Signers::parse(&then.replace("KEY", KEY), "git");
            let then = |name: &str| then.allows(key.key_data(), at, name);
            Signers::parse(&lines.replace("KEY", KEY), "git").standing(key.key_data(), at, &then)
        };
        let (allowed, not_yet) =
            (|name: &str| Standing::Allowed(name.into()), |name: &str| Standing::NotYet(name.into()));
        for (now, then, says) in [
            ("a@x KEY", "a@x KEY", allowed("a@x")),
            ("a@x KEY", "", not_yet("a@x")),
            ("a@x valid-after=\"20260301\" KEY", "", allowed("a@x")),
            // A line that ends the key later on does not undo what it was listed for.
            ("a@x valid-before=\"20260401\" KEY", "a@x KEY", allowed("a@x")),
            // Another name for an old key, or more time than it had.
            ("b@x KEY", "a@x KEY", not_yet("b@x")),
            ("b@x,a@x KEY", "a@x KEY", allowed("a@x")),
            ("a@x KEY", "a@x valid-before=\"20260301\" KEY", not_yet("a@x")),
            ("a@x KEY", "a@x namespaces=\"file\" KEY", not_yet("a@x")),
        ] {
            assert_eq!(standing(now, then), says, "{now} after {then}");
        }
    }

    #[test]
    fn patterns_are_those_of_ssh() {
        for (name, pattern, fit) in [
            ("a@acme.example", "*@acme.example", true),
            ("a@acme.example", "*", true),
            ("a", "??", false),
            ("abcabd", "*abd", true),
            ("abc", "a*b", false),
            ("", "*", true),
        ] {
            assert_eq!(fits(name.as_bytes(), pattern.as_bytes()), fit, "{name} {pattern}");
        }
    }
}
