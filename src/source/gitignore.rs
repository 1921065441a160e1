//! What the repository's own `.gitignore` files exclude. The machine's git configuration does not count, and a
//! hostile file costs little: only regular files of a bounded size are read.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Bytes of one `.gitignore` that are read.
const SIZE_CAP: u64 = 64 << 10;
/// Such files in one programme.
const FILE_CAP: usize = 200;

/// The `.gitignore` files that speak for a programme, deepest folder first.
pub(super) struct Ignored(Vec<(PathBuf, Gitignore)>);

impl Ignored {
    /// Those of the programme's root, of the folders above it up to the git root, and of the folders in `below`.
    pub(super) fn read(root: &Path, below: impl Iterator<Item = PathBuf>) -> Self {
        let top = root.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(root);
        let above = root.ancestors().take_while(|folder| folder.starts_with(top)).map(Path::to_owned);
        let mut folders: Vec<PathBuf> = above.chain(below.take(FILE_CAP)).collect();
        folders.sort_by_key(|folder| std::cmp::Reverse(folder.components().count()));
        folders.dedup();
        Self(folders.into_iter().filter_map(|folder| Some((folder.clone(), matcher(&folder)?))).collect())
    }

    /// Does the nearest file that has a say exclude this one?
    pub(super) fn excludes(&self, file: &Path) -> bool {
        for (_, matcher) in self.0.iter().filter(|(folder, _)| file.starts_with(folder)) {
            match matcher.matched_path_or_any_parents(file, false) {
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
                Match::None => {}
            }
        }
        false
    }
}

fn matcher(folder: &Path) -> Option<Gitignore> {
    let path = folder.join(".gitignore");
    let meta = fs::symlink_metadata(&path).ok().filter(|meta| meta.is_file() && meta.len() <= SIZE_CAP)?;
    let mut text = String::with_capacity(usize::try_from(meta.len()).unwrap_or(0));
    fs::File::open(&path).ok()?.take(SIZE_CAP).read_to_string(&mut text).ok()?;
    let mut builder = GitignoreBuilder::new(folder);
    for line in text.lines() {
        // A pattern that does not compile excludes nothing, as in git.
        let _ = builder.add_line(None, line);
    }
    builder.build().ok().filter(|matcher| !matcher.is_empty())
}
