//! Names of other tools as ids of ours: slugs, each given once.

use std::collections::BTreeMap;

use super::Origin;
use crate::source::{sha256, unportable};
use crate::text::{hex, is_slug, slug};

/// Longer ids are cut at a word.
const LENGTH: usize = 60;

/// A slug for any name; one that is made of the name's hash where no letter of it can be part of a slug.
pub(super) fn id_of(name: &str) -> String {
    let parts = name.replace(['.', '_', '/', '&', '+', ':', ',', '(', ')'], "-");
    let ascii: String = parts.chars().map(|c| folded(c).unwrap_or(c)).filter(|c| c.is_ascii()).collect();
    let mut id = slug(&ascii);
    if id.len() > LENGTH {
        let cut = id.get(..LENGTH).unwrap_or("");
        let cut = cut.rsplit_once('-').map_or(cut, |(before, _)| before);
        id = cut.to_owned();
    }
    if !is_slug(&id) {
        let digest = hex(&sha256(name.as_bytes()));
        return format!("imported-{}", digest.get(..8).unwrap_or("0"));
    }
    // A file of that name could not be written everywhere.
    if unportable(&id).is_some() { format!("{id}-document") } else { id }
}

/// Latin letters without their marks.
fn folded(c: char) -> Option<char> {
    Some(match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'À'..='Å' => 'a',
        'ç' | 'ć' | 'č' | 'Ç' => 'c',
        'è'..='ë' | 'ē' | 'ę' | 'ě' | 'È'..='Ë' => 'e',
        'ì'..='ï' | 'Ì'..='Ï' => 'i',
        'ł' | 'Ł' => 'l',
        'ñ' | 'ń' | 'Ñ' => 'n',
        'ò'..='ö' | 'ø' | 'Ò'..='Ö' | 'Ø' => 'o',
        'š' | 'ś' | 'ß' => 's',
        'ù'..='ü' | 'Ù'..='Ü' => 'u',
        'ý' | 'ÿ' => 'y',
        'ž' | 'ź' | 'ż' => 'z',
        '–' | '—' => '-',
        _ => return None,
    })
}

/// The name of a file without folders and ending.
pub(super) fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.split_once('.') {
        Some(("", _)) | None => name,
        Some(_) => name.rsplit_once('.').map_or(name, |(stem, _)| stem),
    }
}

/// Ids that are given, and to what.
#[derive(Default)]
pub(super) struct Taken(BTreeMap<String, Origin>);

impl Taken {
    /// Takes an id; fails with the place that took it before.
    pub(super) fn take(&mut self, id: &str, from: &Origin) -> Result<(), Origin> {
        match self.0.get(id) {
            Some(before) => Err(before.clone()),
            None => {
                self.0.insert(id.to_owned(), from.clone());
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_slugs() {
        for (name, id) in [
            ("Access_Control.v2", "access-control-v2"),
            ("Übersicht März", "ubersicht-marz"),
            ("cp-access-mfa", "cp-access-mfa"),
            ("con", "con-document"),
            ("A & B", "a-b"),
        ] {
            assert_eq!(id_of(name), id, "{name}");
        }
        assert!(is_slug(&id_of("李")) && id_of("李") != id_of("王"));
        assert!(is_slug(&id_of("")) && is_slug(&id_of(&"long word ".repeat(90))));
        assert!(id_of(&"long word ".repeat(90)).len() <= LENGTH);
        assert_eq!((stem("a/b.md.tmpl"), stem("a/.env"), stem("x")), ("b.md", ".env", "x"));
    }
}
