//! The lists of keys that a programme names, as plain data: whose keys make a commit witnessed.

use super::Repository;
use super::look::{Looked, Product};
use super::openpgp;
use crate::program::{Implementation, KeyList, Keys, ListedKey, Program};
use crate::signing::{Listed, Signers};

/// The file that is read when `soc2.toml` names none.
const ALLOWED_SIGNERS: &str = "allowed_signers";
/// What commits are signed for.
pub(super) const COMMITS: &str = "git";
/// Files of keys above this are not read, in bytes.
pub(super) const FILE_CAP: u64 = 256 << 10;

/// The paths of both lists, as seen from the programme.
pub(super) fn paths(program: &Program) -> (&str, Option<&str>) {
    let history = program.config.as_ref().and_then(|config| config.history.as_ref());
    let signers = history.and_then(|history| history.allowed_signers.as_ref());
    let forges = history.and_then(|history| history.forge_keys.as_ref());
    (signers.map_or(ALLOWED_SIGNERS, |path| &path.value), forges.map(|path| &*path.value))
}

impl Repository {
    /// The lists of keys that a programme names.
    pub fn keys(&self, program: &Program, product: Product<'_>) -> Keys {
        let (signers, forges) = paths(program);
        let forges = forges.map(|path| self.list(product, path, openpgp::listed));
        Keys { signers: self.list(product, signers, signing_commits), forges: forges.unwrap_or_default() }
    }

    fn list(&self, product: Product<'_>, path: &str, keys: impl Fn(&str) -> Vec<ListedKey>) -> KeyList {
        let mut list = KeyList { path: path.into(), ..KeyList::default() };
        let whole = format!("{}{path}", self.prefix());
        if !Implementation::is_path(path) {
            return list;
        }
        let text = match self.look(product, &whole, FILE_CAP) {
            Looked::Bytes(bytes) => String::from_utf8(bytes).ok(),
            Looked::NoFile => return list,
            Looked::Unknown => None,
        };
        list.unread = text.is_none();
        list.keys = text.as_deref().map_or_else(Vec::new, keys);
        list
    }
}

/// The keys of a file of allowed signers that may sign commits.
fn signing_commits(text: &str) -> Vec<ListedKey> {
    let plain = |Listed { key, holder, namespaces, from, until }| ListedKey {
        key: key.into(),
        holder: holder.into(),
        namespaces: namespaces.map(Into::into),
        from,
        until,
    };
    Signers::parse(text, COMMITS).listed().into_iter().map(plain).collect()
}
