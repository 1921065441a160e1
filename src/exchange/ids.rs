//! Ids made of what others call a thing.

use crate::text::latin_slug;

/// Letters of an id.
const ID_CAP: usize = 100;
/// Letters of an id that is made of a title or a sentence.
const TITLE_CAP: usize = 48;

/// The id that a name makes: `AC-1.2` is `ac-1-2`, `José Pérez` is `jose-perez`; empty where no letter of it can stand in one.
pub(super) fn id(name: &str) -> String {
    cut(&latin_slug(name), ID_CAP)
}

/// The id that a title or sentence makes: its first words.
pub(super) fn of_title(title: &str) -> String {
    cut(&id(title), TITLE_CAP)
}

/// As much of an id as fits, by whole words where there are several.
fn cut(id: &str, most: usize) -> String {
    let Some(head) = id.get(..most).filter(|_| id.len() > most) else { return id.to_owned() };
    let whole = id.as_bytes().get(most) == Some(&b'-');
    let end = if whole { None } else { head.rfind('-') };
    end.and_then(|end| head.get(..end)).unwrap_or(head).trim_end_matches('-').to_owned()
}

/// The first of `id`, `id-2`, `id-3` that is free.
pub(super) fn free(id: &str, taken: impl Fn(&str) -> bool) -> String {
    if !taken(id) {
        return id.to_owned();
    }
    let base = cut(id, ID_CAP - 8);
    (2u64..).map(|nth| format!("{base}-{nth}")).find(|id| !taken(id)).unwrap_or(base)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::is_slug;
    use proptest::prelude::*;

    #[test]
    fn names_make_ids() {
        for (name, expected) in [
            ("AC-1.2", "ac-1-2"),
            ("José Pérez-Łuk", "jose-perez-luk"),
            ("O’Brien, Ann", "obrien-ann"),
            ("Jürgen Groß", "juergen-gross"),
            ("李", ""),
            ("CC6.1 / a", "cc6-1-a"),
        ] {
            assert_eq!(id(name), expected);
        }
        assert_eq!(of_title(&"word ".repeat(30)), "word-word-word-word-word-word-word-word-word");
        assert_eq!(free("ann-lee", |id| id == "ann-lee" || id == "ann-lee-2"), "ann-lee-3");
    }

    proptest! {
        #[test]
        fn an_id_is_a_slug_and_makes_itself(name in any::<String>()) {
            let made = id(&name);
            prop_assert!(made.is_empty() || (is_slug(&made) && made.len() <= ID_CAP), "{made}");
            prop_assert_eq!(id(&made), made.clone());
            prop_assert_eq!(of_title(&of_title(&name)), of_title(&name));
        }
    }
}
