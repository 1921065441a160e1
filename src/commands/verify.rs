//! `soc2 verify`: is an archive what was packed, and by whose key? Never a bare yes: what is shown, and what is not.

mod json;
mod seal;
mod told;

use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;

use self::seal::Seal;
use super::clock;
use crate::archive::{Archive, Checked, Fault, Stop};
use crate::error::{Error, Result};
use crate::output::without_commands;
use crate::provenance::{self, Recheck};
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
    /// Judge the programme anew from the files inside, and compare every verdict with those of the bundle.
    #[arg(long)]
    recheck: bool,
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
    /// What came of judging anew, where that was asked for.
    recheck: Option<Recheck>,
}

impl Verified {
    /// Is it what was packed, by whom it had to be, and do its verdicts follow from it, as far as was asked?
    fn holds(&self) -> bool {
        self.is_as_packed() && self.recheck.as_ref().is_none_or(Recheck::holds)
    }

    /// Is it what was packed, and by whom it had to be?
    fn is_as_packed(&self) -> bool {
        self.faults.is_empty()
            && !self.is_unsigned_by_list
            && self.seals.iter().all(|seal| seal.fault.is_none())
    }
}

/// Runs the verb.
pub fn run(args: &Args, ui: Ui) -> Result<ExitCode> {
    let path = &args.file;
    let unreadable = |error: &std::io::Error| Error::io(&args.file, error);
    // Asked before it is opened: a pipe would be waited for.
    if !std::fs::metadata(path).map_err(|error| unreadable(&error))?.is_file() {
        return Err(Error::new(format!("`{}` is no plain file", args.file.display()))
            .hint("save the archive first, and give its name"));
    }
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    let signers = args.allowed_signers.as_deref().map(seal::signers).transpose()?;
    let again = file.try_clone().map_err(|error| unreadable(&error))?;
    let mut verified =
        match Archive::open(file).and_then(|archive| checked(&archive, ui).map(|all| (archive, all))) {
            Err(Stop::Disk(error)) => return Err(unreadable(&error)),
            Err(Stop::Fault(fault)) => Verified::without_directory(fault),
            Ok((archive, checked)) => {
                let mut verified = Verified::of(checked);
                verified.recheck = args.recheck.then(|| judged_anew(archive, &verified, ui));
                verified
            }
        };
    verified.file = args.file.display().to_string();
    let manifest = verified.checked.as_ref().and_then(|checked| checked.manifest.as_deref());
    verified.seals = seal::all(path, &again, manifest, signers.as_ref(), clock::now())?;
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
fn checked(archive: &Archive<File>, ui: Ui) -> std::result::Result<Checked, Stop> {
    ui.progress("reading files", archive.members().len(), |tick| archive.check(tick))
}

/// The verdicts reached again; from what is not as it was packed nothing follows.
fn judged_anew(archive: Archive<File>, verified: &Verified, ui: Ui) -> Recheck {
    if !verified.faults.is_empty() {
        return Recheck::not_recomputed(vec!["the files are not those that were packed".to_owned()]);
    }
    let bundle = provenance::zipped(archive);
    ui.busy("judging anew", || provenance::recheck(&bundle))
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
            recheck: None,
        }
    }
}
