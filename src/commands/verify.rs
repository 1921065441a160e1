//! `soc2 verify`: is an archive what was packed, and by whose key? Never a bare yes: what is shown, and what is not.

mod json;
mod seal;
mod told;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;

use self::seal::Seal;
use super::clock;
use crate::archive::{Archive, Checked, Fault, Stop};
use crate::error::{Error, Result};
use crate::output::without_commands;
use crate::ui::{self, Ui};

/// Check that a bundle is what was packed, byte for byte, and whose key signed it. Needs nothing but the file.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The archive; its signatures are looked for beside it.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Whose keys count, in the form of ssh-keygen's allowed signers; fails unless one of them signed.
    #[arg(long, value_name = "FILE")]
    allowed_signers: Option<PathBuf>,
    /// What to print: human or json.
    #[arg(
        long,
        value_name = "NAME",
        default_value = "human",
        hide_possible_values = true,
        hide_default_value = true
    )]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Human,
    Json,
}

/// What was found.
struct Verified {
    /// The file as it was named.
    file: String,
    /// What its bytes are; `None` where there is no directory to go by.
    checked: Option<Checked>,
    /// Everything that is wrong with it, in the order of the archive, and how much more there is.
    faults: Vec<Fault>,
    more: usize,
    /// The signatures beside it.
    seals: Vec<Seal>,
    /// Somebody asked for a key of a list, and none of them signed.
    is_unsigned_by_list: bool,
}

impl Verified {
    /// Is it what was packed, and by whom it had to be?
    fn holds(&self) -> bool {
        self.faults.is_empty()
            && !self.is_unsigned_by_list
            && self.seals.iter().all(|seal| seal.fault.is_none())
    }
}

/// Runs the verb.
pub fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    let path = directory.join(&args.file);
    let unreadable = |error: &std::io::Error| Error::io(&args.file, error);
    let file = File::open(&path).map_err(|error| unreadable(&error))?;
    if !file.metadata().map_err(|error| unreadable(&error))?.is_file() {
        return Err(Error::new(format!("`{}` is no plain file", args.file.display())));
    }
    let signers =
        args.allowed_signers.as_ref().map(|list| seal::signers(&directory.join(list))).transpose()?;
    let mut verified = match checked(file, ui) {
        Err(Stop::Disk(error)) => return Err(unreadable(&error)),
        Err(Stop::Fault(fault)) => Verified::without_directory(fault),
        Ok(checked) => Verified::of(checked),
    };
    verified.file = args.file.display().to_string();
    let manifest = verified.checked.as_ref().and_then(|checked| checked.manifest.as_deref());
    verified.seals = seal::all(&path, manifest, signers.as_ref(), clock::now())?;
    verified.is_unsigned_by_list = signers.is_some() && !seal::vouched(&verified.seals);
    let text = match args.format {
        Format::Human => verified.human(),
        Format::Json => {
            verified.json().map_err(|fault| Error::new("cannot write format `json`").because(fault))?
        }
    };
    ui::print(&without_commands(text))?;
    Ok(if verified.holds() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Every byte looked at.
fn checked(file: File, ui: Ui) -> std::result::Result<Checked, Stop> {
    let archive = Archive::open(file)?;
    ui.progress("reading files", archive.members().len(), |tick| archive.check(tick))
}

impl Verified {
    fn of(mut checked: Checked) -> Self {
        let faults = std::mem::take(&mut checked.faults);
        let more = checked.more;
        Self { faults, more, ..Self::new(Some(checked)) }
    }

    fn without_directory(fault: Fault) -> Self {
        Self { faults: vec![fault], ..Self::new(None) }
    }

    fn new(checked: Option<Checked>) -> Self {
        Self {
            file: String::new(),
            checked,
            faults: Vec::new(),
            more: 0,
            seals: Vec::new(),
            is_unsigned_by_list: false,
        }
    }
}
