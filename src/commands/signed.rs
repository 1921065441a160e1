//! Signatures that lie beside an archive: made with the user's SSH key when it is packed, checked when it is verified.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::archive::{MANIFEST, Written};
use crate::error::{Error, Result};
use crate::signing::{Hash, Key, NAMESPACE};
use crate::text::safe;
use crate::ui;

/// No private key is longer.
const KEY_CAP: u64 = 64 << 10;

/// Who signs, as typed.
#[derive(Debug, Default, clap::Args)]
#[group(skip)]
pub struct Args {
    /// Sign with this SSH key; the signatures are written beside the archive.
    #[arg(long, value_name = "KEY")]
    sign: Option<PathBuf>,
    /// Let ssh-keygen sign, for a key with a passphrase, in an agent or on a token.
    #[arg(long, requires = "sign")]
    ssh_keygen: bool,
}

/// Who signs.
pub enum Signer {
    /// A key that can be used here.
    Key(Box<Key>),
    /// `ssh-keygen`, with the key in a file.
    Program(PathBuf),
}

impl Args {
    /// The signer that was asked for, made before anything is packed: a wrong key is told at once.
    pub fn signer(&self) -> Result<Option<Signer>> {
        let Some(path) = self.sign.clone() else { return Ok(None) };
        let failed = |error: &io::Error| Error::io(&path, error);
        let mut text = String::new();
        let file = File::open(&path).map_err(|error| failed(&error))?;
        if self.ssh_keygen {
            return Ok(Some(Signer::Program(path)));
        }
        file.take(KEY_CAP).read_to_string(&mut text).map_err(|error| failed(&error))?;
        Ok(Some(Signer::Key(Box::new(Key::read(&text)?))))
    }
}

impl Signer {
    /// Signs an archive that was written and its manifest, and writes both signatures beside it.
    pub fn sign(&self, archive: &Path, written: &Written) -> Result<[PathBuf; 2]> {
        let [whole, manifest] = beside(archive);
        let of_whole = match self {
            Self::Key(key) => key.sign(&Hash::Sha256(written.sha256))?.into_bytes(),
            Self::Program(key) => {
                let mut file = File::open(archive).map_err(|error| Error::io(archive, &error))?;
                by_program(key, &mut file)?
            }
        };
        let of_manifest = match self {
            Self::Key(key) => key.sign(&Hash::Sha256(crate::source::sha256(&written.manifest)))?.into_bytes(),
            Self::Program(key) => by_program(key, &mut &written.manifest[..])?,
        };
        ui::write_file(&whole, &of_whole)?;
        ui::write_file(&manifest, &of_manifest)?;
        Ok([whole, manifest])
    }
}

fn by_program(key: &Path, bytes: &mut (dyn Read + Send)) -> Result<Vec<u8>> {
    let arguments = ["-Y", "sign", "-q", "-n", NAMESPACE, "-f"].map(OsStr::new);
    let arguments = [&arguments[..], &[key.as_os_str()]].concat();
    ui::filter("ssh-keygen", &arguments, bytes).map_err(|error| {
        error.hint(format!("the key was `{}`; is it in the agent?", safe(&key.display().to_string())))
    })
}

/// Removes the signatures of an archive that was there before: they would not fit the one that is there now.
pub fn remove(archive: &Path) -> Result<()> {
    for path in beside(archive) {
        match std::fs::remove_file(&path) {
            Ok(()) => ui::tell(&format!(
                "removed {}: it signed the archive that was there before",
                safe(&path.display().to_string())
            )),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::io(&path, &error)),
        }
    }
    Ok(())
}

/// The files that hold the signatures of an archive and of its manifest: `acme.zip.sig` and `acme.MANIFEST.sha256.sig`.
pub fn beside(archive: &Path) -> [PathBuf; 2] {
    let name = |path: Option<&OsStr>| path.map(OsStr::to_os_string).unwrap_or_default();
    let mut whole = name(archive.file_name());
    whole.push(".sig");
    let mut manifest = name(archive.file_stem());
    manifest.push(format!(".{MANIFEST}.sig"));
    [whole, manifest].map(|name| archive.with_file_name(name))
}
