//! The only place that prints and the only one that reads the environment: streams, colour, width, progress. Here, too,
//! programs are run that the user asked for.

mod process;
mod scratch;

use std::ffi::{OsStr, OsString};
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use crate::error::{Error, Result};

pub use process::{Bounds, Ended, Ran, run};
pub use scratch::Scratch;

/// What the terminal can do and how much the user wants to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ui {
    /// Styles may be used on stdout.
    pub colour: bool,
    /// Columns of stdout.
    pub width: usize,
    /// The same, where the terminal or `COLUMNS` says it.
    pub columns: Option<usize>,
    /// `-q` is -1, `-v` is 1.
    pub verbosity: i8,
}

impl Ui {
    /// Looks at stdout and the environment once.
    pub fn detect(verbosity: i8) -> Self {
        let terminal = io::stdout().is_terminal();
        let refused = variable("NO_COLOR").is_some_and(|value| !value.is_empty())
            || variable("TERM").is_some_and(|value| value == "dumb");
        let asked = variable("CLICOLOR_FORCE").is_some_and(|value| value != "0");
        let said: Option<usize> = variable("COLUMNS").and_then(|value| value.to_str()?.parse().ok());
        let columns = said.or_else(|| terminal_size::terminal_size().map(|(width, _)| width.0.into()));
        let columns = columns.filter(|_| said.is_some() || terminal).map(|columns| columns.clamp(60, 240));
        Self {
            colour: !refused && (terminal || asked),
            width: columns.unwrap_or(if terminal { 120 } else { 140 }),
            columns,
            verbosity,
        }
    }

    /// Can somebody answer questions?
    pub fn can_ask() -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Runs `work`, showing on a terminal what goes on once it takes over a second.
    pub fn busy<T>(self, what: &'static str, work: impl FnOnce() -> T) -> T {
        let spinner = indicatif::ProgressBar::hidden();
        spinner.set_style(indicatif::ProgressStyle::default_spinner());
        spinner.set_message(what);
        self.shown(spinner, work)
    }

    /// The same for work that says how much of `total` it has done.
    pub fn progress<T>(
        self,
        what: &'static str,
        total: usize,
        work: impl FnOnce(&(dyn Fn(usize) + Sync)) -> T,
    ) -> T {
        let target = indicatif::ProgressDrawTarget::hidden();
        let bar = indicatif::ProgressBar::with_draw_target(u64::try_from(total).ok(), target);
        if let Ok(style) = indicatif::ProgressStyle::with_template("{spinner} {msg} {pos} of {len}") {
            bar.set_style(style);
        }
        bar.set_message(what);
        let told = bar.clone();
        self.shown(bar, || work(&|done| told.set_position(u64::try_from(done).unwrap_or(u64::MAX))))
    }

    fn shown<T>(self, spinner: indicatif::ProgressBar, work: impl FnOnce() -> T) -> T {
        if !io::stderr().is_terminal() || self.verbosity < 0 {
            return work();
        }
        let (done, waiting) = std::sync::mpsc::channel::<()>();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                if waiting.recv_timeout(Duration::from_secs(1))
                    == Err(std::sync::mpsc::RecvTimeoutError::Timeout)
                {
                    spinner.set_draw_target(indicatif::ProgressDrawTarget::stderr());
                    spinner.enable_steady_tick(Duration::from_millis(120));
                    let _ = waiting.recv();
                    spinner.finish_and_clear();
                }
            });
            let result = work();
            drop(done);
            result
        })
    }
}

/// An environment variable.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// A path in an environment variable, where it is set and not empty.
pub fn variable_path(name: &str) -> Option<std::path::PathBuf> {
    variable(name).filter(|value| !value.is_empty()).map(Into::into)
}

/// The text of an environment variable, where it is set and not empty.
pub fn variable_text(name: &str) -> Option<String> {
    variable(name).and_then(|value| value.into_string().ok()).filter(|value| !value.is_empty())
}

/// Writes to stdout; a reader that went away is no failure.
pub fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::io(Path::new("stdout"), &error))
        }
        _ => Ok(()),
    }
}

/// Writes a line to stderr.
pub fn tell(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Asks on the terminal and gives the trimmed answer; `None` at the end of input.
pub fn ask(question: &str) -> Result<Option<String>> {
    let mut out = io::stderr();
    let _ = write!(out, "{question} ");
    let _ = out.flush();
    let mut answer = String::new();
    match io::stdin().read_line(&mut answer) {
        Ok(0) => Ok(None),
        Ok(_) => Ok(Some(answer.trim().to_owned())),
        Err(error) => Err(Error::io(Path::new("stdin"), &error)),
    }
}

/// A file of our own making: one that is there, or a link put there for us, is never opened. Of a long name only the beginning
/// is in it, for there is a longest name.
fn new_file_beside(path: &Path, name: &str) -> io::Result<(std::path::PathBuf, std::fs::File)> {
    let name = name.get(..name.floor_char_boundary(100)).unwrap_or(name);
    let mut nth = 0;
    loop {
        let beside = path.with_file_name(format!(".{name}.soc2-{}-{nth}", std::process::id()));
        match std::fs::OpenOptions::new().read(true).write(true).create_new(true).open(&beside) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && nth < 1000 => nth += 1,
            opened => return opened.map(|file| (beside, file)),
        }
    }
}

/// Writes a file beside its name and moves it into place, so that nobody ever sees half of it.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    write_from(path, &mut &bytes[..])
}

/// The same for bytes of any length.
pub fn write_from(path: &Path, bytes: &mut impl io::Read) -> Result<()> {
    let failed = |error: &io::Error| Error::io(path, error);
    // A pipe or device is written to, not replaced.
    if std::fs::metadata(path).is_ok_and(|meta| !meta.is_file()) {
        let opened = std::fs::OpenOptions::new().write(true).truncate(true).open(path);
        return opened.and_then(|mut file| io::copy(bytes, &mut file)).map(|_| ()).map_err(|e| failed(&e));
    }
    write_with(path, |file| io::copy(bytes, file).map(|_| ()).map_err(|e| failed(&e)))
}

/// The same for a file that is written piece by piece, in any order. What was there before stays until the new one is whole
/// and on the disk; when anything fails, nothing of it is left. Not for pipes and devices.
pub fn write_with<T>(path: &Path, write: impl FnOnce(&mut std::fs::File) -> Result<T>) -> Result<T> {
    let failed = |error: &io::Error| Error::io(path, error);
    if std::fs::metadata(path).is_ok_and(|meta| !meta.is_file()) {
        return Err(Error::new(format!("`{}` is no plain file", path.display())));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        std::fs::create_dir_all(folder).map_err(|e| failed(&e))?;
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (beside, mut file) = new_file_beside(path, &name).map_err(|e| failed(&e))?;
    let written = write(&mut file).and_then(|done| {
        let moved = file.sync_all().and_then(|()| std::fs::rename(&beside, path));
        moved.map(|()| done).map_err(|e| failed(&e))
    });
    if written.is_err() {
        drop(file);
        let _ = std::fs::remove_file(&beside);
    } else if cfg!(unix) {
        // The new name, too, outlives a power cut; a file system that cannot promise that is no failure.
        let folder = folder.unwrap_or(Path::new("."));
        let _ = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
    }
    written
}

/// Runs a program that the user asked for, hands it `input`, and gives what it printed. It may ask on the terminal.
pub fn filter(program: &str, arguments: &[&OsStr], input: &mut (dyn io::Read + Send)) -> Result<Vec<u8>> {
    let failed = |error: &io::Error| Error::new(format!("cannot run `{program}`")).because(error);
    let mut command = std::process::Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|error| failed(&error))?;
    let stdin = child.stdin.take();
    let (fed, ended) = std::thread::scope(|scope| {
        let feed = scope.spawn(|| stdin.map_or(Ok(0), |mut stdin| io::copy(input, &mut stdin)));
        let ended = child.wait_with_output();
        (feed.join(), ended)
    });
    let ended = ended.map_err(|error| failed(&error))?;
    if !ended.status.success() {
        return Err(Error::new(format!("`{program}` did not do it")).because(ended.status));
    }
    match fed {
        Ok(Ok(_)) => Ok(ended.stdout),
        Ok(Err(error)) => Err(failed(&error)),
        Err(_) => Err(Error::new(format!("`{program}` could not be given its input"))),
    }
}
