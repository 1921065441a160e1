//! A program that the user asked for, run within bounds: no shell, no input, its output streamed to a file, its errors kept
//! in part, its time and length limited.

use std::fs::File;
use std::io::{self, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::text::safe;

/// Bytes of the errors that are kept.
const ERRORS: usize = 1 << 20;
/// How long a program that ended may take to close its output.
const CLOSING: Duration = Duration::from_secs(5);
/// Between two looks at whether it ended.
const PAUSE: Duration = Duration::from_millis(15);

/// How far a program may go.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    pub longest: Duration,
    /// Bytes of output.
    pub most: u64,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// By itself, with that exit status.
    Exit(i32),
    /// By a signal of somebody else.
    Signal,
    /// It took too long.
    TimedOut,
    /// It printed more than is kept.
    TooMuch,
    /// It ended, and something that it started still writes.
    StillWriting,
}

/// What a run left behind.
#[derive(Debug)]
pub struct Ran {
    pub ended: Ended,
    /// Bytes that went to the file.
    pub bytes: u64,
    /// The beginning of what it printed on stderr.
    pub errors: Vec<u8>,
}

/// Runs a program with its arguments as they are; what it prints goes to `out`, byte for byte. Fails where it cannot be
/// started or the file not be written.
pub fn run(program: &str, arguments: &[String], out: File, bounds: Bounds) -> Result<Ran> {
    let failed = |error: &io::Error| Error::new(format!("cannot run `{}`", safe(program))).because(error);
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            failed(&error).hint(format!("install `{}`, or put its folder into PATH", safe(program)))
        }
        _ => failed(&error),
    })?;
    let stop = Arc::new(AtomicBool::new(false));
    let printed = child.stdout.take().map(|from| reader(from, out, bounds.most, Some(stop.clone())));
    let errors = child.stderr.take().map(|from| reader(from, Vec::new(), ERRORS as u64, None));
    let ended = wait(&mut child, bounds.longest, &stop).map_err(|error| failed(&error))?;
    let (printed, whole) = done(printed).map_err(|error| failed(&error))?;
    let (errors, _) = done(errors).map_err(|error| failed(&error))?;
    let bytes = printed.as_ref().map_or(0, |read| read.bytes);
    let ended = match ended {
        Ended::Exit(_) | Ended::Signal if printed.as_ref().is_some_and(|read| read.over) => Ended::TooMuch,
        Ended::Exit(0) if !whole => Ended::StillWriting,
        ended => ended,
    };
    Ok(Ran { ended, bytes, errors: errors.map_or_else(Vec::new, |read| read.kept) })
}

/// What a reader has read of a stream.
struct Taken<W> {
    kept: W,
    bytes: u64,
    /// There was more than is kept.
    over: bool,
}

/// Reads a stream to its end in a thread of its own, so that nothing waits for a full pipe.
fn reader<W: Write + Send + 'static>(
    mut from: impl Read + Send + 'static,
    mut kept: W,
    most: u64,
    stop: Option<Arc<AtomicBool>>,
) -> Receiver<io::Result<Taken<W>>> {
    let (tell, told) = channel();
    thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        let mut bytes = 0_u64;
        let mut over = false;
        let read = loop {
            match from.read(&mut buffer) {
                Ok(0) => break kept.flush(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Err(error),
                Ok(n) => {
                    let room = usize::try_from(most - bytes).unwrap_or(usize::MAX);
                    let part = buffer.get(..n.min(room)).unwrap_or(&[]);
                    if let Err(error) = kept.write_all(part) {
                        break Err(error);
                    }
                    bytes += part.len() as u64;
                    over |= n > room;
                    if let Some(stop) = stop.as_ref().filter(|_| over) {
                        stop.store(true, Ordering::Relaxed);
                        break Ok(());
                    }
                }
            }
        };
        if let (Some(stop), true) = (&stop, read.is_err()) {
            stop.store(true, Ordering::Relaxed);
        }
        let _ = tell.send(read.map(|()| Taken { kept, bytes, over }));
    });
    told
}

/// What was read, and whether to the end; `None` where something still holds the stream open.
fn done<W>(reader: Option<Receiver<io::Result<Taken<W>>>>) -> io::Result<(Option<Taken<W>>, bool)> {
    let Some(reader) = reader else { return Ok((None, true)) };
    match reader.recv_timeout(CLOSING) {
        Ok(read) => read.map(|read| (Some(read), true)),
        Err(_) => Ok((None, false)),
    }
}

/// Waits for the end, and brings it about where a bound is reached.
fn wait(child: &mut Child, longest: Duration, stop: &AtomicBool) -> io::Result<Ended> {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.code().map_or(Ended::Signal, Ended::Exit));
        }
        let late = begun.elapsed() >= longest;
        if late || stop.load(Ordering::Relaxed) {
            // It may have ended a moment ago: then there is nothing to stop.
            let _ = child.kill();
            child.wait()?;
            return Ok(if late { Ended::TimedOut } else { Ended::TooMuch });
        }
        thread::sleep(PAUSE);
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::Scratch;

    fn sh(script: &str, seconds: u64, most: u64) -> (Ran, Vec<u8>) {
        let folder = Scratch::new().unwrap();
        let path = folder.path().join("out");
        let bounds = Bounds { longest: Duration::from_secs(seconds), most };
        let arguments = ["-c".to_owned(), script.to_owned()];
        let ran = run("sh", &arguments, File::create(&path).unwrap(), bounds).unwrap();
        (ran, std::fs::read(path).unwrap())
    }

    #[test]
    fn bytes_come_through_as_they_are() {
        let (ran, out) = sh("printf 'a\\r\\n\\377\\000b'; echo oops >&2; exit 3", 60, 100);
        assert_eq!((ran.ended, ran.bytes, &*ran.errors), (Ended::Exit(3), 6, &b"oops\n"[..]));
        assert_eq!(out, b"a\r\n\xff\x00b");
    }

    #[test]
    fn bounds_hold() {
        let (ran, out) = sh("exec yes", 60, 100_000);
        assert_eq!((ran.ended, ran.bytes, out.len()), (Ended::TooMuch, 100_000, 100_000));
        let (ran, _) = sh("exec sleep 600", 1, 100);
        assert_eq!(ran.ended, Ended::TimedOut);
        let (ran, _) = sh("sleep 8 & echo begun", 60, 100);
        assert_eq!(ran.ended, Ended::StillWriting);
        let (ran, _) = sh("yes oops | head -c 3000000 >&2; echo done", 60, 100);
        assert_eq!((ran.ended, ran.errors.len()), (Ended::Exit(0), ERRORS));
    }

    #[test]
    fn nobody_is_asked_anything() {
        let (ran, out) = sh("read answer || echo none", 60, 100);
        assert_eq!((ran.ended, &*out), (Ended::Exit(0), &b"none\n"[..]));
        let missing = run(
            "soc2-no-such-program",
            &[],
            File::create("/dev/null").unwrap(),
            Bounds { longest: PAUSE, most: 1 },
        );
        assert!(missing.unwrap_err().to_string().contains("install `soc2-no-such-program`"));
    }
}
