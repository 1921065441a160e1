//! Signatures of files with SSH keys, as `ssh-keygen -Y sign` makes them and `ssh-keygen -Y verify` accepts them. What is
//! signed is a hash, so that a file of any length is read once. Whose keys count is said by a file of allowed signers.

mod signers;

pub use signers::{Listed, Signers, Standing};

use std::io::{self, Read};

use sha2::{Sha256, Sha512};
use signature::{Signer, Verifier};
use ssh_key::public::KeyData;
use ssh_key::{HashAlg, LineEnding, PrivateKey, SshSig};

use crate::error::{Error, Result};
use crate::text::safe;

/// What bundles and their manifests are signed for: a signature of anything else is none of ours.
pub const NAMESPACE: &str = "soc2";
/// Signatures above this are not read, in bytes.
const SIGNATURE_CAP: usize = 64 << 10;
/// The longest RSA key that can be checked, in bytes.
const RSA_CAP: usize = 512;

/// The hash of what is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    Sha256([u8; 32]),
    Sha512([u8; 64]),
}

impl Hash {
    fn parts(&self) -> (HashAlg, &[u8]) {
        match self {
            Self::Sha256(hash) => (HashAlg::Sha256, hash),
            Self::Sha512(hash) => (HashAlg::Sha512, hash),
        }
    }
}

/// A key that signs.
pub struct Key(PrivateKey);

impl Key {
    /// Reads a private key in the form of `ssh-keygen`. One that only `ssh-keygen` can use is refused with the reason.
    pub fn read(text: &str) -> Result<Self> {
        let needs_program = |why: &str| {
            Error::new(format!("the key cannot be used here: {why}"))
                .hint("let ssh-keygen sign with it: add --ssh-keygen")
        };
        if text.trim_start().starts_with("ssh-") || text.trim_start().starts_with("ecdsa-") {
            return Err(needs_program("the file holds the public key only"));
        }
        let key = PrivateKey::from_openssh(text)
            .map_err(|_| needs_program("the file is no private key as ssh-keygen writes them today"))?;
        if key.is_encrypted() {
            return Err(needs_program("it has a passphrase"));
        }
        if let Some(why) = unchecked(key.public_key().key_data()) {
            return Err(Error::new(format!(
                "the key cannot be used: {}",
                why.replace("it is made with", "it is")
            )));
        }
        Ok(Self(key))
    }

    /// The name of its public half, as `ssh-keygen -l` prints it.
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint(HashAlg::Sha256).to_string()
    }

    /// The armoured signature of a file with a hash.
    pub fn sign(&self, hash: &Hash) -> Result<String> {
        let cannot = |fault: &dyn std::fmt::Display| {
            Error::new("cannot sign with this key")
                .because(fault)
                .hint("let ssh-keygen sign with it: add --ssh-keygen")
        };
        let (algorithm, _) = hash.parts();
        let signature = self.0.try_sign(&signed(NAMESPACE, &[], hash)).map_err(|fault| cannot(&fault))?;
        let key = self.0.public_key().key_data().clone();
        let whole = SshSig::new(key, NAMESPACE, algorithm, signature).map_err(|fault| cannot(&fault))?;
        whole.to_pem(LineEnding::LF).map_err(|fault| cannot(&fault))
    }
}

/// A signature that was read and says that it is one of ours.
#[derive(Debug)]
pub struct Signature(SshSig);

impl Signature {
    /// Reads an armoured signature; says why it cannot be one of a bundle.
    pub fn read(armoured: &[u8]) -> std::result::Result<Self, String> {
        if armoured.len() > SIGNATURE_CAP {
            return Err("it is too long".to_owned());
        }
        let signature =
            SshSig::from_pem(armoured).map_err(|_| "it is no signature of an SSH key".to_owned())?;
        if signature.version() != SshSig::VERSION {
            return Err("it is of a version that soc2 does not know".to_owned());
        }
        if signature.namespace() != NAMESPACE {
            let namespace = safe(signature.namespace());
            return Err(format!("it was made for `{namespace}`, not for `{NAMESPACE}`"));
        }
        match unchecked(signature.public_key()) {
            Some(why) => Err(why),
            None => Ok(Self(signature)),
        }
    }

    /// Hashes what was signed in the way that the signature asks for.
    pub fn hash(&self, bytes: &mut dyn Read) -> io::Result<Hash> {
        Ok(match self.0.hash_alg() {
            HashAlg::Sha256 => Hash::Sha256(hashed::<Sha256>(bytes)?.into()),
            _ => Hash::Sha512(hashed::<Sha512>(bytes)?.into()),
        })
    }

    /// Was a file with this hash signed?
    pub fn is_of(&self, hash: &Hash) -> bool {
        let (algorithm, _) = hash.parts();
        let text = signed(self.0.namespace(), self.0.reserved(), hash);
        algorithm == self.0.hash_alg() && self.0.public_key().verify(&text, self.0.signature()).is_ok()
    }

    /// The key it was made with.
    pub fn key(&self) -> &KeyData {
        self.0.public_key()
    }

    /// The name of that key, as `ssh-keygen -l` prints it.
    pub fn fingerprint(&self) -> String {
        self.0.public_key().fingerprint(HashAlg::Sha256).to_string()
    }
}

fn hashed<D: sha2::Digest>(bytes: &mut dyn Read) -> io::Result<sha2::digest::Output<D>> {
    let mut hash = D::new();
    let mut piece = vec![0; 256 << 10];
    loop {
        match bytes.read(&mut piece) {
            Ok(0) => return Ok(hash.finalize()),
            Ok(read) => hash.update(piece.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// What a key signs in place of a file: a mark, what it is for, and the file's hash.
fn signed(namespace: &str, reserved: &[u8], hash: &Hash) -> Vec<u8> {
    let (algorithm, hash) = hash.parts();
    let mut text = b"SSHSIG".to_vec();
    for part in [namespace.as_bytes(), reserved, algorithm.as_str().as_bytes(), hash] {
        text.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        text.extend_from_slice(part);
    }
    text
}

/// Why a kind of key cannot be checked here.
pub fn unchecked(key: &KeyData) -> Option<String> {
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
    let name = safe(key.algorithm().as_str());
    is_strange.then(|| format!("it is made with a key of kind `{name}`, which soc2 does not check"))
}
