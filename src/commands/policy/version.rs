//! Versions of policies as people write them: `1.0`, `2.1`, `2026-2`.

use std::cmp::Ordering;

/// Compares two versions part by part; parts that are numbers as numbers. `v2` is `2`.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (parts(a), parts(b));
    let longest = a.len().max(b.len());
    let part = |of: &[String], nth: usize| of.get(nth).map_or("0", String::as_str).to_owned();
    (0..longest)
        .map(|nth| one(&part(&a, nth), &part(&b, nth)))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

fn parts(version: &str) -> Vec<String> {
    let version = version.trim().to_lowercase();
    let version = version
        .strip_prefix('v')
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        .unwrap_or(&version);
    version.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect()
}

fn one(a: &str, b: &str) -> Ordering {
    match (a.parse::<u64>(), b.parse::<u64>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        _ => a.cmp(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_versions_are_greater() {
        for (low, high) in [
            ("1.0", "1.1"),
            ("1.9", "1.10"),
            ("1", "1.0.1"),
            ("v1.2", "2"),
            ("2025-2", "2026-1"),
            ("1.0", "1.a"),
        ] {
            assert_eq!(compare(low, high), Ordering::Less, "{low} {high}");
            assert_eq!(compare(high, low), Ordering::Greater, "{low} {high}");
        }
        for (a, b) in [("1", "1.0"), ("V1.0", "1.0"), (" 2 ", "2"), ("a", "A")] {
            assert_eq!(compare(a, b), Ordering::Equal, "{a} {b}");
        }
    }
}
