//! Only what is new: a bundle beside one that was handed over before, told by its list of hashes.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::Plan;
use super::documents::bytes;
use crate::archive::{Content, Member, side_by_side};
use crate::source::{hex, sha256};
use crate::table::{self, Cell, Column, Table};

/// The list of what was left out, in the bundle.
const LIST: &str = "00_unchanged.csv";

/// What an earlier bundle held: the SHA-256 of each path, in hex.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Earlier(BTreeMap<String, String>);

impl Earlier {
    /// Reads the list of hashes of an earlier bundle; `None` where it is no such list.
    pub fn read(manifest: &str) -> Option<Self> {
        let line = |line: &str| {
            let (hash, path) = line.split_once("  ")?;
            let plain = hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit()) && !path.is_empty();
            plain.then(|| (path.to_owned(), hash.to_ascii_lowercase()))
        };
        manifest.lines().map(line).collect::<Option<BTreeMap<_, _>>>().filter(|all| !all.is_empty()).map(Self)
    }
}

/// Takes out of a plan what an earlier bundle holds with the same bytes; gives how many files that are. The first page and
/// the index stay, and a list of what was left out comes in.
pub fn only_new(plan: &mut Plan<'_>, earlier: &Earlier) -> usize {
    let mut left = Vec::new();
    let mut hashes = hashes(&plan.members).into_iter();
    plan.members.retain(|member| {
        let hash = hashes.next().flatten().map(|hash| hex(&hash));
        let same = hash.is_some() && earlier.0.get(&member.path) == hash.as_ref();
        let keeps = member.path.starts_with("00_") || member.path == "index.html";
        if same && !keeps {
            left.push((member.path.clone(), hash.unwrap_or_default()));
        }
        keeps || !same
    });
    left.sort();
    let columns = vec![Column::new("File of the earlier bundle", 80), Column::new("SHA-256", 66)];
    let text = |text: &str| Cell::text(text);
    let table = Table {
        name: "unchanged",
        title: "Unchanged since the earlier bundle".to_owned(),
        notes: Vec::new(),
        columns,
        rows: left.iter().map(|(path, hash)| vec![text(path), text(hash)]).collect(),
    };
    plan.members.push(bytes(LIST.to_owned(), table::csv(&table).into_bytes()));
    left.len()
}

/// The hash of each member; what is made is made for it, and made again when it is packed.
fn hashes(members: &[Member<'_>]) -> Vec<Option<[u8; 32]>> {
    let is_set = |member: &&Member<'_>| matches!(member.content, Content::Set(_));
    let hash = |member: &Member<'_>| match &member.content {
        Content::Bytes(bytes) => Some(sha256(bytes)),
        Content::Made(make) | Content::Set(make) => make().map(|bytes| sha256(&bytes)),
        Content::Open { .. } => member.sha256,
    };
    let set: Vec<&Member<'_>> = members.iter().filter(is_set).collect();
    let mut set = side_by_side(&set, |member| hash(member)).into_iter();
    let others: Vec<Option<[u8; 32]>> =
        members.par_iter().map(|member| if is_set(&member) { None } else { hash(member) }).collect();
    let each = members.iter().zip(others);
    each.map(|(member, other)| if is_set(&member) { set.next().flatten() } else { other }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_same_is_left_out_and_listed() {
        let old = |path: &str, text: &str| format!("{}  {path}\n", hex(&sha256(text.as_bytes())));
        let earlier =
            Earlier::read(&[old("a.csv", "a"), old("b.csv", "b"), old("index.html", "i")].concat()).unwrap();
        let members = [("a.csv", "a"), ("b.csv", "new"), ("c.csv", "c"), ("index.html", "i")];
        let members = members.map(|(path, text)| bytes(path.to_owned(), text.as_bytes().to_vec()));
        let mut plan = Plan {
            members: members.into(),
            told: super::super::Told::default(),
            failures: super::super::Failures::default(),
        };
        assert_eq!(only_new(&mut plan, &earlier), 1);
        let paths: Vec<&str> = plan.members.iter().map(|member| &*member.path).collect();
        assert_eq!(paths, ["b.csv", "c.csv", "index.html", LIST]);
        assert_eq!(Earlier::read("no list\n"), None);
        assert_eq!(Earlier::read(""), None);
    }
}
