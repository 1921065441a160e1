//! Single values: how each is typed.

use jiff::Timestamp;
use jiff::civil;

use crate::record::{Form, Kind, Marker, Ref, Scalar, Seen, Target, Unreadable};
use crate::source::Spanned;
use crate::text::{clip, is_slug, safe, slug};

/// Any text, as typed.
pub type Text = Spanned<Box<str>>;
/// A slug that names a record: `iam-access-review`.
pub type Id = Spanned<Slug>;
/// A calendar day.
pub type Date = Spanned<civil::Date>;

impl Scalar for Box<str> {
    const KIND: Kind = Kind::Scalar(&Form::text("text"));

    fn parse(text: &str) -> Result<Self, Unreadable> {
        Ok(text.into())
    }
}

/// `[a-z0-9]+(-[a-z0-9]+)*`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slug(pub Box<str>);

impl std::ops::Deref for Slug {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Slug {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Scalar for Slug {
    const KIND: Kind = Kind::Scalar(&Form {
        noun: "an id",
        pattern: Some("^[a-z0-9]+(-[a-z0-9]+)*$"),
        longest: Some(100),
        seen: Seen::Anything,
    });

    fn parse(text: &str) -> Result<Self, Unreadable> {
        if is_slug(text) && text.len() <= 100 {
            return Ok(Self(text.into()));
        }
        let suggestion = slug(&text.replace(['.', '_', '/'], "-"));
        Err(Unreadable {
            rule: "invalid-id",
            message: format!("`{}` is not an id", clip(&safe(text), 60)),
            help: if is_slug(&suggestion) && suggestion.len() <= 100 {
                format!("write `{suggestion}`: lower-case letters, digits and single hyphens")
            } else {
                "use lower-case letters, digits and single hyphens, up to 100 of them".to_owned()
            },
        })
    }
}

/// A day that exists: months have their days, and the 29th of February is in leap years alone.
macro_rules! day {
    () => {
        concat!(
            "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])",
            "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))",
            "|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)"
        )
    };
}

const DAY: &str = concat!("^", day!(), "$");

impl Scalar for civil::Date {
    const KIND: Kind = Kind::Scalar(&Form::matching("a date", DAY, Seen::Text));

    fn parse(text: &str) -> Result<Self, Unreadable> {
        let shaped = text.len() == 10
            && text
                .bytes()
                .enumerate()
                .all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
        let date = if shaped { text.parse::<Self>().ok() } else { None };
        date.ok_or_else(|| Unreadable {
            rule: "invalid-date",
            message: format!("`{}` is not a date", clip(&safe(text), 60)),
            help: nearest_date(text).map_or_else(
                || "write year-month-day, a day that exists: 2026-01-31".to_owned(),
                |date| format!("write `{date}`"),
            ),
        })
    }
}

/// `2026-1-5` was meant to be `2026-01-05`; a timestamp's day is its date.
fn nearest_date(text: &str) -> Option<civil::Date> {
    let day = text.split(['T', ' ']).next()?;
    let mut parts = day.split(['-', '/', '.']);
    let (year, month, date) = (parts.next()?, parts.next()?, parts.next()?);
    if year.len() != 4 || parts.next().is_some() {
        return None;
    }
    civil::Date::new(year.parse().ok()?, month.parse().ok()?, date.parse().ok()?).ok()
}

/// `2026-03-28 15:04` may have been meant to be `2026-03-28T15:04:00Z`.
fn nearest_moment(text: &str) -> Option<Timestamp> {
    if !text.is_ascii() || text.len() < 16 || text.len() > 26 {
        return None;
    }
    let (day, time) = text.split_at(10);
    format!("{day}T{}Z", time.get(1..)?.trim_end_matches(['Z', 'z'])).parse().ok()
}

/// A moment as `2026-03-28T15:04:05.25-04:00`; the time may leave out its seconds, minutes and colons.
const MOMENT: &str = concat!(
    "^",
    day!(),
    "T(?:[01][0-9]|2[0-3])",
    "(?::[0-5][0-9](?::(?:[0-5][0-9]|60)(?:[.,][0-9]{1,9})?)?|[0-5][0-9](?:(?:[0-5][0-9]|60)(?:[.,][0-9]{1,9})?)?)?",
    "(?:[Zz]|[+-](?:[01][0-9]|2[0-5])",
    "(?::[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]{1,9})?)?|[0-5][0-9](?:[0-5][0-9](?:[.,][0-9]{1,9})?)?)?)$"
);

/// A moment with its offset: `2026-03-28T15:04:05Z`.
impl Scalar for Timestamp {
    const KIND: Kind = Kind::Scalar(&Form::matching("a date and time with offset", MOMENT, Seen::Text));

    fn parse(text: &str) -> Result<Self, Unreadable> {
        let shaped = text.is_ascii() && text.get(10..11) == Some("T") && !text.contains('[');
        let moment = if shaped { text.parse::<Self>().ok() } else { None };
        moment.ok_or_else(|| Unreadable {
            rule: "invalid-date",
            message: format!("`{}` is not a date and time with an offset", clip(&safe(text), 60)),
            help: nearest_moment(text).map_or_else(
                || "write `2026-03-28T15:04:05Z`, or with an offset: `2026-03-28T15:04:05-04:00`".to_owned(),
                |utc| format!("write `{utc}` if that is UTC, else its offset in place of `Z`: `-04:00`"),
            ),
        })
    }
}

impl Scalar for bool {
    const KIND: Kind = Kind::Scalar(&Form::matching("`true` or `false`", "^(?:true|false)$", Seen::Truth));

    fn parse(text: &str) -> Result<Self, Unreadable> {
        match text {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(Unreadable {
                rule: "wrong-type",
                message: format!("`{}` is neither `true` nor `false`", clip(&safe(text), 60)),
                help: "write `true` or `false`".to_owned(),
            }),
        }
    }
}

impl Scalar for u64 {
    const KIND: Kind = Kind::Scalar(&Form::matching("a whole number", "^[0-9]+$", Seen::Number));

    fn parse(text: &str) -> Result<Self, Unreadable> {
        let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| text.parse().ok()).flatten().ok_or_else(|| Unreadable {
            rule: "wrong-type",
            message: format!("`{}` is not a whole number", clip(&safe(text), 60)),
            help: "write digits only: 213".to_owned(),
        })
    }
}

/// A SHA-256 in 64 lower-case hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sha256(pub [u8; 32]);

impl Scalar for Sha256 {
    const KIND: Kind = Kind::Scalar(&Form::matching("a SHA-256", "^[0-9a-f]{64}$", Seen::Text));

    fn parse(text: &str) -> Result<Self, Unreadable> {
        let digit = |b: u8| char::from(b).to_digit(16).filter(|_| !b.is_ascii_uppercase());
        let mut bytes = [0u8; 32];
        let pairs = text.as_bytes().chunks_exact(2);
        let valid = text.len() == 64
            && pairs.zip(&mut bytes).all(|(pair, byte)| match (digit(pair[0]), digit(pair[1])) {
                (Some(high), Some(low)) => {
                    *byte = u8::try_from(high * 16 + low).unwrap_or(0);
                    true
                }
                _ => false,
            });
        if valid {
            return Ok(Self(bytes));
        }
        let digits = text.strip_prefix("sha256:").unwrap_or(text);
        let help = if digits.len() == 64 && digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            format!("write `{}`", digits.to_ascii_lowercase())
        } else {
            "write 64 lower-case hex digits, as `sha256sum FILE` prints them".to_owned()
        };
        Err(Unreadable {
            rule: "invalid-hash",
            message: format!("`{}` is not a SHA-256", clip(&safe(text), 24)),
            help,
        })
    }
}

macro_rules! markers {
    ($($name:ident),*) => {
        /// What a [`Ref`] names.
        pub mod to {
            $(
                #[doc = concat!("Names: ", stringify!($name), ".")]
                #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
                pub struct $name;
                impl super::Marker for $name {
                    const TARGET: super::Target = super::Target::$name;
                }
            )*
        }
    };
}

markers!(
    Asset, Audit, Control, Criterion, Evidence, Framework, Holder, Person, Policy, Procedure, Risk, System,
    Vendor
);

pub type AuditRef = Spanned<Ref<to::Audit>>;
pub type ControlRef = Spanned<Ref<to::Control>>;
pub type CriterionRef = Spanned<Ref<to::Criterion>>;
pub type EvidenceRef = Spanned<Ref<to::Evidence>>;
pub type FrameworkRef = Spanned<Ref<to::Framework>>;
pub type HolderRef = Spanned<Ref<to::Holder>>;
pub type PersonRef = Spanned<Ref<to::Person>>;
pub type PolicyRef = Spanned<Ref<to::Policy>>;
pub type ProcedureRef = Spanned<Ref<to::Procedure>>;
pub type RiskRef = Spanned<Ref<to::Risk>>;
pub type SystemRef = Spanned<Ref<to::System>>;
pub type VendorRef = Spanned<Ref<to::Vendor>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_strict_and_slips_are_told() {
        assert!(civil::Date::parse("2026-01-05").is_ok());
        for (text, help) in [
            ("2026-1-5", "write `2026-01-05`"),
            ("2026/01/05", "write `2026-01-05`"),
            ("2026-01-05T00:00:00Z", "write `2026-01-05`"),
            ("2026-02-30", "write year-month-day, a day that exists: 2026-01-31"),
            ("5.30", "write year-month-day, a day that exists: 2026-01-31"),
        ] {
            assert_eq!(civil::Date::parse(text).unwrap_err().help, help);
        }
    }

    #[test]
    fn a_time_without_offset_is_refused() {
        assert!(Timestamp::parse("2026-03-28T15:04:05Z").is_ok());
        assert!(Timestamp::parse("2026-03-28T15:04:05-04:00").is_ok());
        assert!(Timestamp::parse("2026-03-28T15:04:05").is_err());
        assert!(Timestamp::parse("2026-03-28").is_err());
        let help = Timestamp::parse("2026-03-28 15:04").map(|_| ()).unwrap_err().help;
        assert!(help.starts_with("write `2026-03-28T15:04:00Z` if"), "{help}");
    }

    #[test]
    fn hashes_are_64_lower_case_digits() {
        assert!(Sha256::parse(&"0f".repeat(32)).is_ok());
        assert!(Sha256::parse(&"0F".repeat(32)).is_err());
        assert!(Sha256::parse("0f").is_err());
        assert!(Sha256::parse(&"ü".repeat(32)).is_err());
    }
}
