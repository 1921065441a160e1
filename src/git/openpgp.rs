//! OpenPGP signatures against the keys of forges: the service that merges pull requests signs the merges itself.

use std::io::Cursor;

use pgp::composed::{Deserializable, DetachedSignature, SignedPublicKey};
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{self, Signature as Packet, SignatureType, SignatureVersion};
use pgp::types::{KeyDetails, KeyVersion, VerifyingKey};

use crate::history::Signature;
use crate::program::ListedKey;

/// With which GitHub signs what is committed on its pages, and merges of pull requests; both are public at
/// <https://github.com/web-flow.gpg>. The older one ended in January 2024.
const GITHUB: &str = include_str!("keys/github-web-flow.asc");
const BUILT_IN: &str = "GitHub";
/// What is said of a forge whose key is no built-in one.
const OWN: &str = ", by a key of the programme's own list";
/// More keys than any file of forges has.
const KEY_CAP: usize = 100;

/// A key that a forge signs with.
struct Key {
    forge: Box<str>,
    part: Part,
    /// Seconds between which its signatures count.
    from: u32,
    until: Option<u32>,
}

enum Part {
    Primary(packet::PublicKey),
    Sub(packet::PublicSubkey),
}

/// The keys of forges.
pub(super) struct Forges(Vec<Key>);

impl Forges {
    /// GitHub's own, and those of an armoured text, each named after its user id.
    pub(super) fn new(more: Option<&str>) -> Self {
        let mut keys = keys(GITHUB, Some(BUILT_IN));
        keys.extend(more.map_or_else(Vec::new, keys_of));
        Self(keys)
    }

    /// Is that the name of a forge whose keys are built in?
    pub(super) fn knows(name: &str) -> bool {
        name == BUILT_IN
    }

    /// What an armoured signature of a text is worth.
    pub(super) fn judge(&self, armoured: &[u8], signed: &[u8]) -> Signature {
        let unreadable = |why: &str| Signature::Unreadable { why: why.into() };
        // GitHub ends its signatures with a blank line.
        let parsed = DetachedSignature::from_armor_many(Cursor::new(armoured.trim_ascii_end()))
            .map(|(found, _)| found.take(2).collect::<Result<Vec<_>, _>>());
        let found = match parsed {
            Ok(Ok(found)) => found,
            _ => return Signature::Bad,
        };
        let [one] = &found[..] else { return unreadable("it holds several OpenPGP signatures") };
        let one = &one.signature;
        if !matches!(one.typ(), Some(SignatureType::Binary | SignatureType::Text)) {
            return Signature::Bad;
        }
        let ids = one.issuer_key_id();
        let prints = one.issuer_fingerprint();
        let is_issuer = |key: &&Key| {
            let (id, print) = key.part.names();
            ids.iter().any(|issuer| issuer.as_ref() == id.as_slice())
                || prints.iter().any(|issuer| issuer.as_bytes() == print.as_slice())
        };
        let Some(key) = self.0.iter().find(is_issuer) else {
            let print = prints.first().map(|print| format!("{print:X}"));
            let id = ids.first().map(|id| crate::source::hex(id.as_ref()).to_uppercase());
            return Signature::UnknownKey { key: print.or(id).unwrap_or_default().into() };
        };
        if !matches!(
            one.hash_alg(),
            Some(
                HashAlgorithm::Sha256 | HashAlgorithm::Sha384 | HashAlgorithm::Sha512 | HashAlgorithm::Sha224
            )
        ) {
            return unreadable("it rests on a hash that is no longer trusted");
        }
        let sound = match &key.part {
            Part::Primary(public) => is_sound(one, public, signed),
            Part::Sub(public) => is_sound(one, public, signed),
        };
        let at = one.created().map(pgp::types::Timestamp::as_secs);
        let in_time = at.is_some_and(|at| key.from <= at && key.until.is_none_or(|until| at <= until));
        match sound {
            false => Signature::Bad,
            true if in_time => Signature::Forge { name: key.forge.clone() },
            true => {
                let (_, print) = key.part.names();
                Signature::UnknownKey { key: crate::source::hex(&print).to_uppercase().into() }
            }
        }
    }
}

/// Does a signature fit a text? The two bytes of the hash that it states are not looked at: GitHub states others, and gpg
/// does not mind either.
fn is_sound(one: &Packet, key: &impl VerifyingKey, signed: &[u8]) -> bool {
    let is_plain = one.typ() == Some(SignatureType::Binary)
        && one.version() == SignatureVersion::V4
        && key.version() == KeyVersion::V4;
    if !is_plain {
        return one.verify(&key, Cursor::new(signed)).is_ok();
    }
    let hash = || {
        let config = one.config()?;
        let mut hasher = config.hash_alg.new_hasher().ok()?;
        hasher.update(signed);
        let length = config.hash_signature_data(&mut hasher).ok()?;
        hasher.update(&config.trailer(length).ok()?);
        Some((config.hash_alg, hasher.finalize()))
    };
    let Some(((kind, hash), stated)) = hash().zip(one.signature()) else { return false };
    key.verify(kind, &hash, stated).is_ok()
}

impl Part {
    /// The short id and the fingerprint.
    fn names(&self) -> (Vec<u8>, Vec<u8>) {
        let (id, print) = match self {
            Self::Primary(key) => (key.legacy_key_id(), key.fingerprint()),
            Self::Sub(key) => (key.legacy_key_id(), key.fingerprint()),
        };
        (id.as_ref().to_vec(), print.as_bytes().to_vec())
    }
}

/// The keys of an armoured text as plain data.
pub(super) fn listed(text: &str) -> Vec<ListedKey> {
    let moment = |seconds: u32| jiff::Timestamp::from_second(i64::from(seconds)).ok();
    let plain = |key: Key| ListedKey {
        key: crate::source::hex(&key.part.names().1).to_uppercase().into(),
        holder: key.forge.strip_suffix(OWN).unwrap_or(&key.forge).into(),
        namespaces: None,
        from: moment(key.from),
        until: key.until.and_then(moment),
    };
    keys_of(text).into_iter().map(plain).collect()
}

/// The keys of an armoured text that may hold several blocks.
fn keys_of(text: &str) -> Vec<Key> {
    const BEGIN: &str = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
    let blocks = text.match_indices(BEGIN).map(|(at, _)| at);
    let ends = text.match_indices(BEGIN).skip(1).map(|(at, _)| at).chain([text.len()]);
    blocks.zip(ends).take(KEY_CAP).flat_map(|(from, to)| keys(&text[from..to], None)).collect()
}

fn keys(armoured: &str, forge: Option<&str>) -> Vec<Key> {
    let Ok((found, _)) = SignedPublicKey::from_string_many(armoured) else { return Vec::new() };
    found.take(KEY_CAP).filter_map(Result::ok).flat_map(|key| parts(&key, forge)).collect()
}

/// The parts of a key that sign: itself, and subkeys that it vouches for. One that was revoked has none.
fn parts(key: &SignedPublicKey, forge: Option<&str>) -> Vec<Key> {
    let primary = &key.primary_key;
    if !key.details.revocation_signatures.is_empty() {
        return Vec::new();
    }
    let own = key.details.users.iter().flat_map(|user| {
        user.signatures
            .iter()
            .filter(|sig| sig.verify_certification(primary, pgp::types::Tag::UserId, &user.id).is_ok())
    });
    let direct = key.details.direct_signatures.iter().filter(|sig| sig.verify_key(primary).is_ok());
    let Some(newest) = own.chain(direct).max_by_key(|sig| sig.created().map(pgp::types::Timestamp::as_secs))
    else {
        return Vec::new();
    };
    let first = key.details.users.first().map(|user| String::from_utf8_lossy(user.id.id()).into_owned());
    let named = first.as_deref().and_then(|id| id.split(['<', '(']).next()).unwrap_or("").trim();
    let forge: Box<str> = forge
        .map_or_else(|| format!("{}{OWN}", if named.is_empty() { "a forge" } else { named }), str::to_owned)
        .into();
    let until = ends(newest, primary.created_at().as_secs());
    let mut parts = vec![Key {
        forge: forge.clone(),
        part: Part::Primary(primary.clone()),
        from: primary.created_at().as_secs(),
        until,
    }];
    for sub in &key.public_subkeys {
        let Some(binding) = sub.signatures.first() else { continue };
        let revoked = sub.signatures.iter().any(|sig| sig.typ() != Some(SignatureType::SubkeyBinding));
        if revoked || !binding.key_flags().sign() || sub.verify_bindings(primary).is_err() {
            continue;
        }
        let from = sub.key.created_at().as_secs();
        let own = ends(binding, from);
        let until = [own, until].into_iter().flatten().min();
        parts.push(Key { forge: forge.clone(), part: Part::Sub(sub.key.clone()), from, until });
    }
    parts
}

/// The second at which a key ends, by the signature that says so.
fn ends(by: &Packet, created: u32) -> Option<u32> {
    let lasts = by.key_expiration_time().map(pgp::types::Duration::as_secs).filter(|lasts| *lasts > 0)?;
    Some(created.saturating_add(lasts))
}
