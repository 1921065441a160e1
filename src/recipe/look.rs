//! What stands at a place of a JSON output: counted as it streams by, so that its size costs time and no memory.

use std::fmt;
use std::io::{BufReader, Read};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// What was found at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Values of any kind.
    pub values: u64,
    /// Lists among them.
    pub lists: u64,
    /// Items of those lists.
    pub items: u64,
    /// Values that say something: neither null, false, zero nor empty.
    pub said: u64,
    /// The last whole number.
    pub number: Option<u64>,
    /// The first text or number.
    pub text: Option<String>,
}

/// Why an output is no JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotJson {
    pub line: usize,
    /// It ends in the middle.
    pub cut: bool,
}

/// Looks at a place, such as `data.organization.nodes`, of every document in a stream. Lists on the way are gone through
/// item by item; `.` is the document itself.
pub fn look(reader: impl Read, place: &str) -> Result<Seen, NotJson> {
    let steps: Vec<&str> = place.split('.').filter(|step| !step.is_empty()).collect();
    let mut seen = Seen::default();
    let mut documents = serde_json::Deserializer::from_reader(BufReader::new(reader));
    let failed = |error: serde_json::Error| NotJson { line: error.line(), cut: error.is_eof() };
    loop {
        Place { steps: &steps, seen: &mut seen }.deserialize(&mut documents).map_err(failed)?;
        // Nothing but blanks is left; another document begins otherwise.
        if documents.end().is_ok() {
            return Ok(seen);
        }
    }
}

/// The rest of the way to a place.
struct Place<'p> {
    steps: &'p [&'p str],
    seen: &'p mut Seen,
}

impl Place<'_> {
    fn scalar(self, said: bool, number: Option<u64>, text: Option<String>) {
        if self.steps.is_empty() {
            self.seen.values += 1;
            self.seen.said += u64::from(said);
            self.seen.number = number.or(self.seen.number);
            if self.seen.text.is_none() {
                self.seen.text = text;
            }
        }
    }
}

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Place<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((first, rest)) = self.steps.split_first() else {
            self.seen.values += 1;
            let mut said = 0;
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
                said = 1;
            }
            self.seen.said += said;
            return Ok(());
        };
        while let Some(key) = map.next_key::<String>()? {
            if key == *first {
                map.next_value_seed(Place { steps: rest, seen: self.seen })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        if !self.steps.is_empty() {
            while list.next_element_seed(Place { steps: self.steps, seen: self.seen })?.is_some() {}
            return Ok(());
        }
        let mut items = 0;
        while list.next_element::<IgnoredAny>()?.is_some() {
            items += 1;
        }
        self.seen.values += 1;
        self.seen.lists += 1;
        self.seen.items += items;
        self.seen.said += u64::from(items > 0);
        Ok(())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.scalar(value, None, None);
        Ok(())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.scalar(value != 0, Some(value), Some(value.to_string()));
        Ok(())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.scalar(true, None, Some(value.to_string()));
        Ok(())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.scalar(value != 0.0, None, None);
        Ok(())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        // Some programs write numbers as text.
        let number = value.parse().ok();
        self.scalar(!value.is_empty(), number, Some(value.to_owned()));
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.scalar(false, None, None);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str, place: &str) -> Seen {
        look(text.as_bytes(), place).unwrap()
    }

    #[test]
    fn items_are_counted_wherever_the_list_stands() {
        for (text, place, items) in [
            ("[1,2,3]", ".", 3),
            ("[1,2]\n[3]", "", 3),
            (r#"{"Users":[{},{}],"Marker":null}"#, "Users", 2),
            (r#"{"Users":[{}]}{"Users":[{},{}]}"#, "Users", 3),
            (r#"[{"data":{"nodes":[1]}},{"data":{"nodes":[2,3]}}]"#, "data.nodes", 3),
            (r#"{"R":[{"I":[1,2]},{"I":[]},{"I":[3]}]}"#, "R.I", 3),
            (r#"{"message":"Not Found"}"#, "Users", 0),
        ] {
            assert_eq!(at(text, place).items, items, "{text}");
        }
        assert_eq!(at(r#"{"message":"Not Found"}"#, "Users").lists, 0);
    }

    #[test]
    fn what_says_nothing_is_told_from_what_does() {
        for (value, said) in [
            ("null", false),
            ("false", false),
            ("0", false),
            ("\"\"", false),
            ("[]", false),
            ("{}", false),
            ("true", true),
            ("\"abc\"", true),
            ("[0]", true),
            ("-1", true),
        ] {
            assert_eq!(at(&format!("{{\"more\":{value}}}"), "more").said == 1, said, "{value}");
        }
        assert_eq!(at("{}", "more"), Seen::default());
    }

    #[test]
    fn numbers_and_texts_are_read() {
        let seen = at(r#"[{"n":7,"who":"ann"},{"n":9}]"#, "n");
        assert_eq!((seen.number, seen.values), (Some(9), 2));
        assert_eq!(at(r#"{"who":"ann"}"#, "who").text.as_deref(), Some("ann"));
        assert_eq!(at(r#"{"n":"12"}"#, "n").number, Some(12));
    }

    #[test]
    fn what_is_no_json_is_told() {
        let cut = |text: &str| look(text.as_bytes(), ".").unwrap_err().cut;
        assert!(cut("[1,2") && cut("{\"a\":") && cut(""));
        assert!(!cut("Bad credentials") && !cut("[1] }") && !cut("\u{1b}[1m[]"));
        let deep = "[".repeat(100_000);
        assert!(look(deep.as_bytes(), ".").unwrap_err().cut);
        assert!(!look(deep.as_bytes(), "a").unwrap_err().cut);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in any::<Vec<u8>>(), place in "[a-c.]{0,5}") {
            let _ = look(&bytes[..], &place);
        }
    }
}
