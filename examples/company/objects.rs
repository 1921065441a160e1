//! The objects that git makes of the story, in memory: a record that names an earlier commit needs its id while the story is
//! still being told.

use std::collections::BTreeMap;

use gix::hash::{Kind as Hash, ObjectId};
use gix::objs::{Kind, compute_hash};

use super::{Commit, signing};

/// A commit as git stores it.
pub fn commit(commit: &Commit, tree: &str, parents: &[&str]) -> String {
    let parents: String = parents.iter().map(|id| format!("parent {id}\n")).collect();
    let who = |name: &str, email: &str| format!("{name} <{email}> {} {}", commit.seconds, commit.offset);
    let author = who(&commit.name, &commit.email);
    let committer = commit.forge.as_ref().map_or_else(|| author.clone(), |(name, email)| who(name, email));
    let head = format!("tree {tree}\n{parents}author {author}\ncommitter {committer}\n");
    let message = format!("\n{}\n", commit.message);
    let signature = commit.key.as_ref().map(|key| signing::sign(key, (head.clone() + &message).as_bytes()));
    let signature = signature.map_or_else(String::new, |armoured| {
        format!("gpgsig {}\n", armoured.trim_end().replace('\n', "\n "))
    });
    head + &signature + &message
}

/// The main line and the branches that are open, after some commits.
#[derive(Default)]
pub struct Line {
    tree: Folder,
    head: Option<String>,
    branches: BTreeMap<u16, (Folder, String)>,
}

impl Line {
    /// The id of the last commit on the main line.
    pub fn head(&self) -> Option<&str> {
        self.head.as_deref()
    }

    /// Adds the next commit.
    pub fn add(&mut self, next: &Commit) {
        let merged = next.merges.and_then(|number| self.branches.remove(&number)).map(|(_, id)| id);
        let (mut tree, before) = match next.branch.and_then(|number| self.branches.remove(&number)) {
            Some((tree, id)) => (tree, Some(id)),
            None if next.branch.is_some() => (self.tree.clone(), self.head.clone()),
            None => (std::mem::take(&mut self.tree), self.head.take()),
        };
        for (path, content) in &next.changes {
            tree.set(path, content.as_deref());
        }
        let parents: Vec<&str> = before.iter().chain(&merged).map(String::as_str).collect();
        let text = commit(next, &tree.id().to_string(), &parents);
        let id = id_of(Kind::Commit, text.as_bytes()).to_string();
        match next.branch {
            Some(number) => {
                self.branches.insert(number, (tree, id));
            }
            None => (self.tree, self.head) = (tree, Some(id)),
        }
    }
}

/// A folder and, once asked for, its id.
#[derive(Clone, Default)]
struct Folder {
    entries: BTreeMap<String, Entry>,
    id: Option<ObjectId>,
}

#[derive(Clone)]
enum Entry {
    File(ObjectId),
    Folder(Folder),
}

impl Folder {
    /// Puts a file below the folder, or takes it away with the folders that it leaves empty.
    fn set(&mut self, path: &str, content: Option<&[u8]>) {
        self.id = None;
        let (name, rest) = path.split_once('/').unwrap_or((path, ""));
        if !rest.is_empty() {
            let inner = self.entries.entry(name.to_owned()).or_insert_with(|| Entry::Folder(Self::default()));
            let Entry::Folder(folder) = inner else { panic!("{path} is below a file") };
            folder.set(rest, content);
            if folder.entries.is_empty() {
                self.entries.remove(name);
            }
        } else if let Some(bytes) = content {
            self.entries.insert(name.to_owned(), Entry::File(id_of(Kind::Blob, bytes)));
        } else {
            self.entries.remove(name);
        }
    }

    fn id(&mut self) -> ObjectId {
        if let Some(id) = self.id {
            return id;
        }
        let mut rows: Vec<(String, &str, &String, ObjectId)> = Vec::with_capacity(self.entries.len());
        for (name, entry) in &mut self.entries {
            rows.push(match entry {
                Entry::File(id) => (name.clone(), "100644", name, *id),
                // git sorts a folder as if its name ended with a slash.
                Entry::Folder(folder) => (format!("{name}/"), "40000", name, folder.id()),
            });
        }
        rows.sort();
        let mut bytes = Vec::new();
        for (_, mode, name, id) in rows {
            bytes.extend_from_slice(format!("{mode} {name}\0").as_bytes());
            bytes.extend_from_slice(id.as_slice());
        }
        let id = id_of(Kind::Tree, &bytes);
        self.id = Some(id);
        id
    }
}

fn id_of(kind: Kind, bytes: &[u8]) -> ObjectId {
    compute_hash(Hash::Sha1, kind, bytes).unwrap_or_else(|error| panic!("no id: {error}"))
}
