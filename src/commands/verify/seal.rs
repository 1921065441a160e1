//! Signatures beside an archive, and whose they are.

use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::path::Path;

use jiff::Timestamp;

use crate::archive::MANIFEST;
use crate::commands::signed::beside;
use crate::error::{Error, Result};
use crate::signing::{NAMESPACE, Signature, Signers, Standing};

/// No signature and no list of keys is longer.
const FILE_CAP: u64 = 256 << 10;

/// A signature that was found.
pub(super) struct Seal {
    /// The name of its file.
    pub(super) file: String,
    /// What it has to be a signature of: `the archive` or `MANIFEST.sha256`.
    pub(super) of: &'static str,
    /// The fingerprint of the key, where it could be read.
    pub(super) key: Option<String>,
    /// Who holds that key, as the list has it.
    pub(super) holder: Option<String>,
    /// Why the list does not vouch for the key.
    pub(super) unlisted: Option<&'static str>,
    /// Why it is no signature of these bytes.
    pub(super) fault: Option<String>,
}

/// The list of those who may sign.
pub(super) fn signers(path: &Path) -> Result<Signers> {
    let bytes = bytes(path).map_err(|error| Error::io(path, &error))?;
    let text = String::from_utf8(bytes.unwrap_or_default())
        .map_err(|_| Error::new(format!("`{}` is no text", path.display())))?;
    let signers = Signers::parse(&text, NAMESPACE);
    if signers.listed().is_empty() {
        return Err(Error::new(format!("`{}` names no key that may sign for `{NAMESPACE}`", path.display()))
            .hint("a line is: ann@acme.com namespaces=\"soc2\" ssh-ed25519 AAAA…"));
    }
    Ok(signers)
}

/// The bytes of a short file; `None` when it is longer.
fn bytes(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(FILE_CAP + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes).filter(|bytes| bytes.len() as u64 <= FILE_CAP))
}

/// All signatures beside an archive, judged; `file` is the archive itself, as it was read.
pub(super) fn all(
    archive: &Path,
    mut file: &File,
    manifest: Option<&[u8]>,
    signers: Option<&Signers>,
    at: Timestamp,
) -> Result<Vec<Seal>> {
    let [whole, of_manifest] = beside(archive);
    let plain = archive.with_file_name(format!("{MANIFEST}.sig"));
    let of_manifest = if of_manifest.exists() { of_manifest } else { plain };
    let mut seals = Vec::new();
    let mut is_of_whole = |signature: &Signature| {
        file.rewind()?;
        signature.hash(&mut file).map(|hash| signature.is_of(&hash))
    };
    seals.extend(seal(&whole, "the archive", signers, at, &mut is_of_whole)?);
    let Some(manifest) = manifest else { return Ok(seals) };
    let mut is_of =
        |signature: &Signature| signature.hash(&mut &*manifest).map(|hash| signature.is_of(&hash));
    seals.extend(seal(&of_manifest, MANIFEST, signers, at, &mut is_of)?);
    Ok(seals)
}

/// Does the list vouch for a signature of the whole?
pub(super) fn vouched(seals: &[Seal]) -> bool {
    seals.iter().any(|seal| seal.fault.is_none() && seal.holder.is_some())
        && seals.iter().all(|seal| seal.holder.is_some())
}

fn seal(
    path: &Path,
    of: &'static str,
    signers: Option<&Signers>,
    at: Timestamp,
    is_of: &mut dyn FnMut(&Signature) -> io::Result<bool>,
) -> Result<Option<Seal>> {
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut seal = Seal { file, of, key: None, holder: None, unlisted: None, fault: None };
    let plain = fs::metadata(path).map(|meta| meta.is_file());
    let armoured = match plain.and_then(|plain| plain.then(|| bytes(path)).transpose()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io(path, &error)),
        Ok(armoured) => armoured,
    };
    let read = match armoured {
        None => Err("it is no plain file".to_owned()),
        Some(None) => Err("it is too long".to_owned()),
        Some(Some(bytes)) => Signature::read(&bytes),
    };
    let signature = match read {
        Ok(signature) => signature,
        Err(why) => return Ok(Some(Seal { fault: Some(why), ..seal })),
    };
    seal.key = Some(signature.fingerprint());
    if !is_of(&signature).map_err(|error| Error::io(path, &error))? {
        return Ok(Some(Seal {
            fault: Some(format!("it is not a signature of {of} as it is here")),
            ..seal
        }));
    }
    match signers.map(|signers| signers.standing(signature.key(), at, &|_| true)) {
        None => {}
        Some(Standing::Allowed(holder)) => seal.holder = Some(holder.into()),
        Some(Standing::NotYet(_) | Standing::Elsewhere) => {
            seal.unlisted = Some("the list has this key for other things than bundles");
        }
        Some(Standing::Unknown) => seal.unlisted = Some("the list does not have this key for today"),
    }
    Ok(Some(seal))
}
