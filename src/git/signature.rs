//! Whose key made a commit: its signature against the allowed signers of the programme and the keys of forges. Whose keys
//! count is read from the commit that a change is compared with, so that nobody adds a key and uses it in one change.
//!
//! The moment at which a key has to be valid is the committer's, as with git.

use std::sync::OnceLock;

use jiff::Timestamp;
use ssh_key::public::KeyData;
use ssh_key::{HashAlg, PublicKey, SshSig};

use super::objects::Objects;
use super::openpgp::Forges;
use super::signers::{Signers, Standing};
use super::{Commit, Repository};
use crate::history::Signature;
use crate::program::Program;
use crate::source::{ROOT_FILE, Sources};

/// The file that is read when `soc2.toml` names none.
const ALLOWED_SIGNERS: &str = "allowed_signers";
/// Files of keys above this are not read, in bytes.
const FILE_CAP: u64 = 256 << 10;
/// Signatures above this are not read, in bytes.
const SIGNATURE_CAP: usize = 64 << 10;
/// The longest RSA key that can be checked, in bytes.
const RSA_CAP: usize = 512;

/// Whose signatures count.
pub(super) struct Keys {
    signers: Signers,
    /// The armoured text of keys of other forges.
    more: Option<String>,
    forges: OnceLock<Forges>,
}

impl Keys {
    /// Those that a commit names, in the programme's part of it.
    pub(super) fn of(repository: &Repository, commit: Commit) -> Self {
        let config = Program::load(Sources::of_tree(repository.only(commit, ROOT_FILE))).config;
        let history = config.as_ref().and_then(|config| config.history.as_ref());
        let signers = history.and_then(|history| history.allowed_signers.as_ref());
        let forges = history.and_then(|history| history.forge_keys.as_ref());
        let read = |path: &str| repository.file(commit, path, FILE_CAP);
        let signers = read(signers.map_or(ALLOWED_SIGNERS, |path| &path.value));
        Self {
            signers: signers.map_or_else(Signers::default, |text| Signers::parse(&text)),
            more: forges.and_then(|path| read(&path.value)),
            forges: OnceLock::new(),
        }
    }

    /// What the signature of a commit's object is worth.
    pub(super) fn judge(&self, object: &[u8], hash: gix::hash::Kind, at: Timestamp) -> Signature {
        let header = if hash == gix::hash::Kind::Sha1 { "gpgsig" } else { "gpgsig-sha256" };
        let Some(Signed { signature, text }) = Signed::split(object, header) else {
            return Signature::Unsigned;
        };
        let unreadable = |why: &str| Signature::Unreadable { why: why.into() };
        if signature.len() > SIGNATURE_CAP {
            return unreadable("it is too long");
        }
        if signature.starts_with(b"-----BEGIN SSH SIGNATURE-----") {
            return self.ssh(&signature, &text, at);
        }
        if signature.starts_with(b"-----BEGIN PGP SIGNATURE-----")
            || signature.starts_with(b"-----BEGIN PGP MESSAGE-----")
        {
            let forges = self.forges.get_or_init(|| Forges::new(self.more.as_deref()));
            return forges.judge(&signature, &text);
        }
        if signature.starts_with(b"-----BEGIN SIGNED MESSAGE-----") {
            return unreadable("it is made with an X.509 certificate, which soc2 does not check");
        }
        unreadable("it is of no kind that git makes")
    }

    fn ssh(&self, armoured: &[u8], text: &[u8], at: Timestamp) -> Signature {
        let Ok(signature) = SshSig::from_pem(armoured) else { return Signature::Bad };
        let key = signature.public_key();
        if let Some(why) = unchecked(key) {
            return Signature::Unreadable { why: why.into() };
        }
        if PublicKey::from(key.clone()).verify("git", text, &signature).is_err() {
            return Signature::Bad;
        }
        match self.signers.standing(key, at) {
            Standing::Allowed(principal) => Signature::Allowed { principal },
            // git says so too: this key must not sign commits.
            Standing::Elsewhere => Signature::Bad,
            Standing::Unknown => {
                Signature::UnknownKey { key: key.fingerprint(HashAlg::Sha256).to_string().into() }
            }
        }
    }
}

/// Why a kind of key cannot be checked here.
fn unchecked(key: &KeyData) -> Option<String> {
    let is_long =
        matches!(key, KeyData::Rsa(rsa) if rsa.n.as_positive_bytes().is_some_and(|n| n.len() > RSA_CAP));
    let is_strange = match key {
        KeyData::Ecdsa(_) => key.algorithm().as_str().ends_with("nistp521"),
        KeyData::Ed25519(_) | KeyData::Rsa(_) | KeyData::SkEcdsaSha2NistP256(_) | KeyData::SkEd25519(_) => {
            false
        }
        _ => true,
    };
    if is_long {
        return Some(
            "it is made with an RSA key of more than 4096 bits, which soc2 does not check".to_owned(),
        );
    }
    let name = crate::text::safe(key.algorithm().as_str());
    is_strange.then(|| format!("it is made with a key of kind `{name}`, which soc2 does not check"))
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
    /// A file of the programme in a commit as text, if it is one and not larger than a cap.
    fn file(&self, commit: Commit, path: &str, cap: u64) -> Option<String> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let folder = self.folder(commit, &format!("{}{folder}", self.prefix()))?;
        let repo = super::history::plain(&self.repo);
        let tree = repo.find_tree(folder).ok()?;
        let entry = tree.find_entry(name).filter(|entry| entry.mode().is_blob())?;
        String::from_utf8(Objects::new(&repo).blob(entry.object_id(), cap)?).ok()
    }
}
