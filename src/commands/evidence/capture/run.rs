//! Running it: first what the program says of itself, then the command, then the one that counts. What is no evidence is
//! told, and nothing of it is kept.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;

use super::super::Ground;
use super::super::incoming::Incoming;
use super::Args;
use super::measure::Measured;
use super::plan::{Plan, typed_as};
use crate::commands::clock;
use crate::error::{Error, Result};
use crate::recipe::{self, Decoded, look};
use crate::text::{clip, safe};
use crate::ui::{self, Bounds, Ended, Ran, Scratch};

/// Bytes of output that are kept.
const MOST: u64 = 256 << 20;
/// For the commands around the one that makes the evidence.
const AROUND: Bounds = Bounds { longest: Duration::from_secs(60), most: 16 << 20 };
/// Lines and characters of a program's errors that are shown.
const SHOWN: (usize, usize) = (20, 300);
/// The longest answer that is kept of a version or an account.
const LONGEST: usize = 200;
/// The name under which errors are kept.
const STDERR: &str = "stderr.txt";

/// What a run left behind.
pub(super) struct Captured {
    /// Holds the files until they are filed.
    _folder: Scratch,
    pub(super) file: Incoming,
    /// The file inside it, where the recipe knows of one.
    pub(super) decoded: Option<Incoming>,
    /// What it printed on stderr, where that is kept.
    pub(super) stderr: Option<Incoming>,
    pub(super) started: Timestamp,
    pub(super) ended: Timestamp,
    pub(super) exit: i32,
    pub(super) version: Option<String>,
    pub(super) account: Option<String>,
    /// What the command that counts printed, and how it is typed.
    pub(super) counted: Option<(Option<u64>, String)>,
}

impl Captured {
    /// The local day on which it was started.
    pub(super) fn day(&self, ground: &Ground<'_>) -> Date {
        ground.zone.to_datetime(self.started).date()
    }

    /// What a reader should know before it is filed.
    pub(super) fn notes(&self, measured: &Measured) -> Vec<String> {
        let files = std::iter::once(&self.file).chain(&self.decoded).chain(&self.stderr);
        let secrets = files.flat_map(Incoming::secret_notes);
        secrets
            .chain(measured.part.as_ref().map(|words| {
                format!("warning: {words}; it is filed as a part, and no sample can be drawn from a part")
            }))
            .collect()
    }
}

/// Runs everything; `None` where it is no evidence, which was told.
pub(super) fn run(args: &Args, ground: &Ground<'_>, plan: &Plan) -> Result<Option<Captured>> {
    let folder = Scratch::new()?;
    let [version, account] = plan
        .questions()
        .map(|question| question.map(|question| answer(ground, plan, question, folder.path())));
    let version = version.transpose()?.flatten();
    let account = account.transpose()?.flatten();
    let mut path = folder.path().join(plan.provisional());
    let bounds = Bounds { longest: Duration::from_secs(args.timeout), most: MOST };
    let started = second(clock::now());
    let ran = start(ground, &plan.program, &plan.arguments, &path, bounds)?;
    let ended = second(clock::now());
    let exit = match no_evidence(&ran, plan, args) {
        Ok(exit) if is_blank(&path)? => {
            told(plan, &format!("printed nothing (exit status {exit}): that shows nothing"), &ran.errors);
            return Ok(None);
        }
        Ok(exit) => exit,
        Err(why) => {
            told(plan, &why, &ran.errors);
            return Ok(None);
        }
    };
    if plan.file.is_none() && look(open(&path)?, ".").is_ok() {
        let json = path.with_extension("json");
        std::fs::rename(&path, &json).map_err(|e| Error::io(&json, &e))?;
        path = json;
    }
    let counted = plan.counting().map(|question| {
        let number = answer(ground, plan, question, folder.path())?.and_then(|text| text.trim().parse().ok());
        Ok((number, typed_as(&plan.program, &plan.arguments_of(question))))
    });
    let counted = counted.transpose()?;
    let file = Incoming::read(ground, &path, None)?;
    let decoded = match plan.recipe.as_ref().and_then(|recipe| recipe.decoded.as_deref()) {
        None => None,
        Some(inside) => match unwrapped(inside, &path, folder.path())? {
            Some(plain) => Some(Incoming::read(ground, &plain, None)?),
            None => {
                told(plan, "printed something without the file that the recipe looks for in it", &ran.errors);
                return Ok(None);
            }
        },
    };
    let said = args.keep_stderr && !ran.errors.trim_ascii().is_empty();
    let stderr = said.then(|| {
        let path = folder.path().join(STDERR);
        ui::write_file(&path, &ran.errors)?;
        Incoming::read(ground, &path, None)
    });
    let stderr = stderr.transpose()?;
    Ok(Some(Captured {
        _folder: folder,
        file,
        decoded,
        stderr,
        started,
        ended,
        exit,
        version,
        account,
        counted,
    }))
}

/// Runs one command into a new file.
fn start(
    ground: &Ground<'_>,
    program: &str,
    arguments: &[String],
    path: &Path,
    bounds: Bounds,
) -> Result<Ran> {
    let out = File::create_new(path).map_err(|e| Error::io(path, &e))?;
    ground.ui.busy("running it", || ui::run(program, arguments, out, bounds))
}

/// The exit status of a run that may be evidence; else why it is none.
fn no_evidence(ran: &Ran, plan: &Plan, args: &Args) -> std::result::Result<i32, String> {
    match ran.ended {
        Ended::Exit(0) => Ok(0),
        Ended::Exit(status) => {
            Err(format!("ended with exit status {status}: what a failed command printed shows nothing"))
        }
        Ended::Signal => Err("was ended by a signal: what it printed may be a part".to_owned()),
        Ended::TimedOut => Err(format!(
            "was stopped after {} seconds: what it printed is a part; --timeout gives it longer",
            args.timeout
        )),
        Ended::TooMuch => Err(format!("printed more than {} MiB: {}", MOST >> 20, too_much(plan))),
        Ended::StillWriting => {
            Err("ended, and something that it started goes on writing: what is there may be a part"
                .to_owned())
        }
    }
}

fn too_much(plan: &Plan) -> &'static str {
    if plan.covers.is_some() {
        "ask for fewer days at a time"
    } else {
        "have it print less, or file its hash: soc2 evidence add --by-hash"
    }
}

/// One value of what a further command says; a program that does not say is told, and not insisted on.
fn answer(
    ground: &Ground<'_>,
    plan: &Plan,
    question: &recipe::Question,
    folder: &Path,
) -> Result<Option<String>> {
    let arguments = plan.arguments_of(question);
    let path = folder.join("answer");
    let ran = start(ground, &plan.program, &arguments, &path, AROUND)?;
    let read = open(&path)?;
    let said = match (&ran.ended, &question.field) {
        (Ended::Exit(0), Some(field)) => look(read, field).ok().and_then(|seen| seen.text),
        (Ended::Exit(0), None) => first_line(read, &path)?,
        _ => None,
    };
    std::fs::remove_file(&path).map_err(|e| Error::io(&path, &e))?;
    let said = said.map(|said| clip(said.trim(), LONGEST)).filter(|said| !said.is_empty());
    if said.is_none() {
        ui::tell(&format!("warning: `{}` gave no answer", safe(&typed_as(&plan.program, &arguments))));
    }
    Ok(said)
}

fn first_line(read: File, path: &Path) -> Result<Option<String>> {
    let mut start = Vec::new();
    read.take(4096).read_to_end(&mut start).map_err(|e| Error::io(path, &e))?;
    let text = String::from_utf8_lossy(&start);
    Ok(text.lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned))
}

fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|e| Error::io(path, &e))
}

/// The file that an output wraps, in a file of its own.
fn unwrapped(inside: &Decoded, output: &Path, folder: &Path) -> Result<Option<PathBuf>> {
    let wrapped = look(open(output)?, recipe::word(&inside.from)).ok().and_then(|seen| seen.text);
    let Some(bytes) = wrapped.and_then(|text| recipe::decoded(&text)) else { return Ok(None) };
    let plain = folder.join(recipe::word(&inside.file));
    ui::write_file(&plain, &bytes)?;
    Ok(Some(plain))
}

/// Does a file hold nothing but blanks?
fn is_blank(path: &Path) -> Result<bool> {
    let mut read = open(path)?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        match read.read(&mut buffer) {
            Ok(0) => return Ok(true),
            Ok(n) if buffer.get(..n).is_some_and(|part| part.iter().all(u8::is_ascii_whitespace)) => {}
            Ok(_) => return Ok(false),
            Err(error) => return Err(Error::io(path, &error)),
        }
    }
}

/// Says why it is no evidence, and what the program said; whatever it prints does nothing in a terminal.
pub(super) fn told(plan: &Plan, why: &str, errors: &[u8]) {
    let program = safe(&plan.program);
    let mut text = format!("`{program}` {why}; nothing was written");
    let said = String::from_utf8_lossy(errors);
    let mut lines = said.lines().filter(|line| !line.trim().is_empty());
    for line in lines.by_ref().take(SHOWN.0) {
        text.push_str(&format!("\n  {program}: {}", clip(&safe(line), SHOWN.1)));
    }
    let more = lines.count();
    if more > 0 {
        text.push_str(&format!("\n  {program}: … and {more} more lines"));
    }
    if let Some(known) = &plan.known {
        text.push_str(&format!("\n  hint: {}", recipe::word(&known.sign_in)));
        for needed in plan.recipe.iter().flat_map(|recipe| &recipe.permissions) {
            text.push_str(&format!("\n  hint: it needs {}", safe(needed)));
        }
    }
    ui::tell(&text);
}

/// A moment without its fraction of a second.
fn second(moment: Timestamp) -> Timestamp {
    Timestamp::from_second(moment.as_second()).unwrap_or(moment)
}
