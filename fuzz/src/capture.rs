//! What a program printed, read as a recipe reads it.

use soc2::recipe::{Completeness, Found, Standing, look, weigh};
use soc2::record::Value;
use soc2::source::FileId;
use soc2::syntax::yaml;

/// Output is no JSON, or its items are counted within its bounds; a list that names a further page is never whole.
pub fn capture(bytes: &[u8]) {
    let places = [".", "items", "data.search.nodes", "value.value"];
    let whole = look(bytes, ".").is_ok();
    for place in places {
        let Ok(seen) = look(bytes, place) else { continue };
        assert!(whole && seen.lists <= seen.values && seen.said <= seen.values, "{place}: {seen:?}");
        assert!(seen.items <= bytes.len() as u64, "{place}: {seen:?}");
        let text = "{ because: all pages are read, more: next }";
        let node = yaml::parse(FileId(0), text, 0, &mut Vec::new()).expect("a probe");
        let probe = Completeness::read(&node, &mut Vec::new()).expect("a probe");
        let found = Found { items: seen.items, more: seen.said > 0, ..Found::default() };
        let is_part = matches!(weigh(&probe, &found), Standing::Part(_));
        assert_eq!(is_part, seen.said > 0, "{place}: {seen:?}");
    }
}
