//! Links between documents that stand under other names now.

use std::collections::BTreeMap;

use super::{Adopted, Fate, Origin};
use crate::source::resolved;
use crate::syntax::markdown::{escaped, unescaped};

/// Where documents stand now, by where they stood.
pub(super) type Places = BTreeMap<String, String>;

/// Where every document that was made stands, by the file it comes from.
pub(super) fn places(adopted: &Adopted) -> Places {
    let documents = adopted.files.iter().filter(|file| file.path.ends_with(".md"));
    documents.map(|file| (file.from.file.clone(), file.path.clone())).collect()
}

/// Lets links lead to where documents stand now.
pub(super) fn relink(adopted: &mut Adopted, places: &Places) {
    let mut told: Vec<Origin> = Vec::new();
    for file in adopted.files.iter_mut().filter(|file| file.path.ends_with(".md")) {
        let Ok(text) = std::str::from_utf8(&file.bytes) else { continue };
        let before = folder(&file.from.file);
        let now = folder(&file.path);
        let leads = |to: &str| {
            let place = places.get(&resolved(before, &unescaped(to))?)?;
            let link = relative(now, place);
            (link != to).then_some(link)
        };
        if let Some(text) = relinked(text, &leads) {
            file.bytes = text.into_bytes();
            told.push(Origin::file(&file.from.file));
        }
    }
    for from in told {
        adopted.tell(Fate::Changed, from, "links to documents that have another name now lead to them");
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// No link of a document is longer.
const LENGTH: usize = 500;

/// The text with links that lead elsewhere; none where no link does.
fn relinked(text: &str, leads: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (at, _) in text.match_indices("](") {
        let start = at + 2;
        let Some(rest) = text.get(start..).filter(|_| start >= done) else { continue };
        let bracketed = rest.strip_prefix('<');
        let inner = bracketed.unwrap_or(rest);
        let stop = |c: char| {
            if bracketed.is_some() { matches!(c, '>' | '\n') } else { c == ')' || c.is_whitespace() }
        };
        let near = inner.get(..inner.floor_char_boundary(LENGTH.min(inner.len()))).unwrap_or("");
        let to = near.get(..near.find(stop).unwrap_or(0)).unwrap_or("");
        let path = to.split('#').next().unwrap_or("");
        if path.is_empty() || path.contains(':') || path.starts_with('/') {
            continue;
        }
        if let Some(link) = leads(path) {
            let from = start + usize::from(bracketed.is_some());
            out.push_str(text.get(done..from).unwrap_or(""));
            out.push_str(&escaped(&link));
            done = from + path.len();
        }
    }
    out.push_str(text.get(done..).unwrap_or(""));
    (done > 0).then_some(out)
}

/// The way from a folder to a file.
fn relative(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').filter(|part| !part.is_empty()).collect();
    let to: Vec<&str> = to.split('/').collect();
    let folders = to.len().saturating_sub(1);
    let shared = from.iter().zip(to.iter().take(folders)).take_while(|(a, b)| a == b).count();
    let up = "../".repeat(from.len() - shared);
    format!("{up}{}", to.get(shared..).unwrap_or(&[]).join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_new_names() {
        let leads = |to: &str| (unescaped(to) == "Access Policy.md").then(|| "access policy.md".to_owned());
        let text = "[a](Access%20Policy.md#x) [b](<Access Policy.md>) [c](other.md) [d](https://x/Access%20Policy.md) [e](#x) ](";
        let wanted = "[a](access%20policy.md#x) [b](<access%20policy.md>) [c](other.md) [d](https://x/Access%20Policy.md) [e](#x) ](";
        assert_eq!(relinked(text, &leads).as_deref(), Some(wanted));
        assert_eq!(relinked("no link", &leads), None);
    }

    #[test]
    fn ways_are_as_short_as_they_can_be() {
        for (from, to, way) in [
            ("policies", "policies/a.md", "a.md"),
            ("procedures", "policies/a.md", "../policies/a.md"),
            ("policies/hr", "policies/a.md", "../a.md"),
            ("policies", "policies/hr/a.md", "hr/a.md"),
        ] {
            assert_eq!(relative(from, to), way);
        }
    }
}
