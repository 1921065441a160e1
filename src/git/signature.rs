//! Whose key made a commit: its signature against the allowed signers of the programme and the keys of forges. Whose keys
//! count is read from the commit that a change is compared with, so that nobody adds a key and uses it in one change. A key
//! vouches for what came in after it was listed, unless its line says from when it counts.
//!
//! The moment at which a key has to be valid is the committer's, as with git.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jiff::Timestamp;
use ssh_key::{HashAlg, PublicKey, SshSig};

use super::listed;
use super::objects::Objects;
use super::openpgp::Forges;
use super::{Commit, Repository};
use crate::history::Signature;
use crate::program::{Implementation, Program};
use crate::signing::{Signers, Standing, unchecked};
use crate::source::{ROOT_FILE, Sources};

/// Signatures above this are not read, in bytes.
const SIGNATURE_CAP: usize = 64 << 10;

/// Whose signatures count: read when the first signed commit asks.
pub(super) struct Keys<'a> {
    of: Option<(&'a Repository, Commit)>,
    read: OnceLock<Arc<Read>>,
    past: Mutex<Past>,
}

/// What a commit says of keys.
#[derive(Default)]
struct Read {
    signers: Signers,
    /// The armoured text of keys of other forges.
    armoured: Option<String>,
    forges: OnceLock<Forges>,
}

/// Two lists of keys by their blobs; `None` where there is no such file.
type Blobs = [Option<gix::ObjectId>; 2];

/// What earlier commits said of keys, by what they share: `soc2.toml`, and the lists.
#[derive(Default)]
struct Past {
    paths: BTreeMap<gix::ObjectId, (String, Option<String>)>,
    lists: BTreeMap<Blobs, Arc<Read>>,
}

/// When a commit came to the first-parent line of the commit whose keys count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reached {
    /// It is not part of that commit's past: it comes after the lists.
    After,
    /// With this commit of the line: itself, or the merge that brought it.
    With(gix::ObjectId),
    /// The history at hand does not tell.
    Unknown,
}

impl Read {
    fn forges(&self) -> &Forges {
        self.forges.get_or_init(|| Forges::new(self.armoured.as_deref()))
    }
}

impl<'a> Keys<'a> {
    /// Those that a commit names, in the programme's part of it.
    pub(super) fn of(repository: &'a Repository, commit: Commit) -> Self {
        Self { of: Some((repository, commit)), read: OnceLock::new(), past: Mutex::default() }
    }

    /// The commit whose keys count.
    pub(super) fn commit(&self) -> Option<gix::ObjectId> {
        self.of.map(|(_, commit)| commit.id)
    }

    fn read(&self) -> &Read {
        self.read.get_or_init(|| match self.of {
            Some((repository, commit)) => self.lists(repository, commit),
            None => Arc::default(),
        })
    }

    /// What was said of keys when a commit came in; `None` when nothing can be said of that day. What came after the lists
    /// came when they said what they say.
    fn then(&self, reached: Reached) -> Option<Arc<Read>> {
        let (repository, commit) = self.of?;
        match reached {
            Reached::After => Some(self.lists(repository, commit)),
            Reached::With(id) => Some(self.lists(repository, repository.commit(id).ok()?)),
            Reached::Unknown => None,
        }
    }

    /// The lists that a commit names.
    fn lists(&self, repository: &Repository, commit: Commit) -> Arc<Read> {
        let repository = &repository.where_programme_was(commit);
        let lock = || self.past.lock().unwrap_or_else(PoisonError::into_inner);
        let config = repository.blob_at(commit, ROOT_FILE);
        let known = config.and_then(|id| lock().paths.get(&id).cloned());
        let (signers, forges) = known.unwrap_or_else(|| {
            let program = Program::load(Sources::of_tree(repository.only(commit, ROOT_FILE)));
            let (signers, forges) = listed::paths(&program);
            let paths = (signers.to_owned(), forges.map(str::to_owned));
            if let Some(id) = config {
                lock().paths.insert(id, paths.clone());
            }
            paths
        });
        let blobs =
            [repository.blob_at(commit, &signers), forges.and_then(|path| repository.blob_at(commit, &path))];
        if let Some(known) = lock().lists.get(&blobs) {
            return Arc::clone(known);
        }
        let [signers, armoured] = blobs.map(|id| repository.key_file(id?));
        let signers = signers.map_or_else(Signers::default, |text| Signers::parse(&text, listed::COMMITS));
        let read = Arc::new(Read { signers, armoured, forges: OnceLock::new() });
        Arc::clone(lock().lists.entry(blobs).or_insert(read))
    }

    /// What the signature of a commit's object is worth.
    pub(super) fn judge(
        &self,
        object: &[u8],
        hash: gix::hash::Kind,
        at: Timestamp,
        reached: Reached,
    ) -> Signature {
        let header = if hash == gix::hash::Kind::Sha1 { "gpgsig" } else { "gpgsig-sha256" };
        let Some(Signed { signature, text }) = Signed::split(object, header) else {
            return Signature::Unsigned;
        };
        let unreadable = |why: &str| Signature::Unreadable { why: why.into() };
        if signature.len() > SIGNATURE_CAP {
            return unreadable("it is too long");
        }
        if signature.starts_with(b"-----BEGIN SSH SIGNATURE-----") {
            return self.ssh(&signature, &text, at, reached);
        }
        if signature.starts_with(b"-----BEGIN PGP SIGNATURE-----")
            || signature.starts_with(b"-----BEGIN PGP MESSAGE-----")
        {
            return self.openpgp(&signature, &text, reached);
        }
        if signature.starts_with(b"-----BEGIN SIGNED MESSAGE-----") {
            return unreadable("it is made with an X.509 certificate, which soc2 does not check");
        }
        unreadable("it is of no kind that git makes")
    }

    /// A key of the programme's own list counts for what came in after it was listed; those that are built in count always.
    fn openpgp(&self, armoured: &[u8], text: &[u8], reached: Reached) -> Signature {
        let found = self.read().forges().judge(armoured, text);
        let Signature::Forge { name } = &found else { return found };
        let was = |then: Arc<Read>| {
            then.armoured == self.read().armoured
                || matches!(then.forges().judge(armoured, text), Signature::Forge { .. })
        };
        let counts =
            self.read().armoured.is_none() || Forges::knows(name) || self.then(reached).is_some_and(was);
        if counts { found } else { Signature::NotYet { principal: name.clone() } }
    }

    fn ssh(&self, armoured: &[u8], text: &[u8], at: Timestamp, reached: Reached) -> Signature {
        let Ok(signature) = SshSig::from_pem(armoured) else { return Signature::Bad };
        let key = signature.public_key();
        if let Some(why) = unchecked(key) {
            return Signature::Unreadable { why: why.into() };
        }
        if PublicKey::from(key.clone()).verify(listed::COMMITS, text, &signature).is_err() {
            return Signature::Bad;
        }
        let then = OnceLock::new();
        let allowed_then = |name: &str| {
            let then: &Option<Arc<Read>> = then.get_or_init(|| self.then(reached));
            then.as_ref().is_some_and(|then| then.signers.allows(key, at, name))
        };
        match self.read().signers.standing(key, at, &allowed_then) {
            Standing::Allowed(principal) => Signature::Allowed { principal },
            Standing::NotYet(principal) => Signature::NotYet { principal },
            // git says so too: this key must not sign commits.
            Standing::Elsewhere => Signature::Bad,
            Standing::Unknown => {
                Signature::UnknownKey { key: key.fingerprint(HashAlg::Sha256).to_string().into() }
            }
        }
    }
}

/// A commit's object in two parts.
struct Signed {
    signature: Vec<u8>,
    /// What was signed: the object without its signatures.
    text: Vec<u8>,
}

impl Signed {
    /// Takes out the signature of a header, as git does it; `None` when there is none.
    fn split(object: &[u8], header: &str) -> Option<Self> {
        let (mut signature, mut text) = (Vec::new(), Vec::with_capacity(object.len()));
        let (mut inside, mut other) = (false, false);
        let mut lines = object.split_inclusive(|byte| *byte == b'\n');
        for line in lines.by_ref() {
            let own = line.strip_prefix(header.as_bytes()).and_then(|rest| rest.strip_prefix(b" "));
            let more = if inside { line.strip_prefix(b" ") } else { None };
            if let Some(part) = more.or(own) {
                signature.extend_from_slice(part);
                (inside, other) = (true, false);
                continue;
            }
            inside = false;
            if line == b"\n" {
                text.extend_from_slice(line);
                break;
            }
            other = line.starts_with(b"gpgsig") || (other && line.starts_with(b" "));
            if !other {
                text.extend_from_slice(line);
            }
        }
        lines.for_each(|line| text.extend_from_slice(line));
        (!signature.is_empty()).then_some(Self { signature, text })
    }
}

impl Repository {
    /// Seen from the folder that held the programme at a commit, which may have moved since.
    fn where_programme_was(&self, commit: Commit) -> Self {
        let here = self.programme_in(commit, self.prefix());
        let there = here.or_else(|| self.programme_below(commit));
        self.seen_from(there.as_deref().unwrap_or(self.prefix()))
    }

    /// The blob of a file of the programme in a commit. A path that the gate would not look at is none.
    fn blob_at(&self, commit: Commit, path: &str) -> Option<gix::ObjectId> {
        if !Implementation::is_path(path) {
            return None;
        }
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let folder = self.folder(commit, &format!("{}{folder}", self.prefix()))?;
        let repo = super::history::plain(&self.repo);
        let tree = repo.find_tree(folder).ok()?;
        tree.find_entry(name).filter(|entry| entry.mode().is_blob()).map(|entry| entry.object_id())
    }

    /// A file of keys as text, if it is one and not too large.
    fn key_file(&self, blob: gix::ObjectId) -> Option<String> {
        let repo = super::history::plain(&self.repo);
        String::from_utf8(Objects::new(&repo).blob(blob, listed::FILE_CAP)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Merges that GitHub made in the public repository `rust-lang/cfg-if` in 2018 and 2025, each with the key of its time.
    const MERGES: [&[u8]; 2] =
        [include_bytes!("keys/merge-2017-key.commit"), include_bytes!("keys/merge-2024-key.commit")];

    fn judged(object: &[u8]) -> Signature {
        let keys = Keys { of: None, read: OnceLock::new(), past: Mutex::default() };
        keys.judge(object, gix::hash::Kind::Sha1, Timestamp::UNIX_EPOCH, Reached::Unknown)
    }

    #[test]
    fn a_merge_by_github_is_known_and_a_changed_one_is_bad() {
        for merge in MERGES {
            assert_eq!(judged(merge), Signature::Forge { name: "GitHub".into() });
            let changed = String::from_utf8_lossy(merge).replace("@", "@not.");
            assert_eq!(judged(changed.as_bytes()), Signature::Bad);
        }
    }

    #[test]
    fn what_was_signed_is_the_commit_without_its_signatures() {
        let object = b"tree 1\ngpgsig a\n b\ngpgsig-sha256 c\n d\nencoding x\n\ngpgsig e\n";
        for (header, wanted) in [("gpgsig", "a\nb\n"), ("gpgsig-sha256", "c\nd\n")] {
            let Some(Signed { signature, text }) = Signed::split(object, header) else { panic!("{header}") };
            assert_eq!(String::from_utf8_lossy(&signature), wanted);
            assert_eq!(String::from_utf8_lossy(&text), "tree 1\nencoding x\n\ngpgsig e\n");
        }
    }
}
