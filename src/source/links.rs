//! Symbolic links: one step, relative, to a file or folder of the programme's own folders; everything else is refused
//! with the reason.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::FOLDERS;
use super::work_tree::{Found, State, walk};

/// Why a link is not followed, in words that reading a folder and reading a commit share.
pub(super) struct Why {
    pub(super) absolute: &'static str,
    pub(super) out: &'static str,
    pub(super) nowhere: &'static str,
    pub(super) twice: &'static str,
    pub(super) above: &'static str,
    pub(super) no_file: &'static str,
    pub(super) behind: &'static str,
    pub(super) too_many: &'static str,
    pub(super) help: &'static str,
}

pub(super) const WHY: Why = Why {
    absolute: "this symbolic link is absolute",
    out: "this symbolic link leads out of the programme's folders",
    nowhere: "this symbolic link leads nowhere",
    twice: "this symbolic link leads to another link; only one is followed",
    above: "this symbolic link leads to a folder above it",
    no_file: "this symbolic link leads to no file",
    behind: "this link is behind another link; only one is followed",
    too_many: "too many files are behind symbolic links",
    help: "put the file itself here: an archive for the auditor cannot carry a link",
};

/// Follows a link inside the root by one step; anything else becomes a refused file that says why.
pub(super) fn follow_once(root: &Path, link: Found) -> Vec<Found> {
    let Found { path, disk, .. } = link;
    let link = fs::read_link(&disk).ok();
    let target = link.as_deref().and_then(|to| lexical(disk.parent().unwrap_or(root), to));
    let why = match target.as_deref() {
        Some(_) if link.is_some_and(|to| to.is_absolute()) => WHY.absolute,
        Some(target) if !in_a_folder_of_ours(root, target) => WHY.out,
        Some(target) => match fs::symlink_metadata(target) {
            Err(_) => WHY.nowhere,
            Ok(_) if crosses_link(root, target) => WHY.twice,
            Ok(meta) if meta.is_file() => {
                return vec![Found { path, disk: target.to_owned(), state: State::File }];
            }
            Ok(meta) if meta.is_dir() && disk.starts_with(target) => WHY.above,
            Ok(meta) if meta.is_dir() => return walk(target, &path).into_iter().map(refuse_link).collect(),
            Ok(_) => WHY.no_file,
        },
        None => WHY.nowhere,
    };
    vec![refused_link(path, disk, why)]
}

/// Below one of the programme's folders, and no hidden file: a link must not show what else the machine holds, such as
/// `.git/config` with its token.
fn in_a_folder_of_ours(root: &Path, target: &Path) -> bool {
    let Ok(below) = target.strip_prefix(root) else { return false };
    let mut parts = below.components().map(|part| part.as_os_str().to_string_lossy());
    parts.next().is_some_and(|first| FOLDERS.contains(&&*first)) && parts.all(|part| !part.starts_with('.'))
}

fn refuse_link(found: Found) -> Found {
    match found.state {
        State::Link => refused_link(found.path, found.disk, WHY.behind),
        _ => found,
    }
}

pub(super) fn refused_link(path: String, disk: PathBuf, why: &str) -> Found {
    Found::refused(path, disk, "symlink-refused", why, WHY.help)
}

/// True when the target, or a folder between the root and it, is itself a link.
fn crosses_link(root: &Path, target: &Path) -> bool {
    let mut parts = target.ancestors().take_while(|folder| *folder != root);
    parts.any(|part| fs::symlink_metadata(part).is_ok_and(|meta| meta.is_symlink()))
}

/// Joins and resolves `.` and `..` without asking the disk.
fn lexical(folder: &Path, link: &Path) -> Option<PathBuf> {
    let mut out = PathBuf::new();
    for part in folder.join(link).components() {
        match part {
            Component::ParentDir => {
                if !out.pop() {
                    return None;
                }
            }
            Component::CurDir => {}
            part => out.push(part),
        }
    }
    Some(out)
}
