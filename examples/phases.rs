//! Where the time of `soc2 check` goes, phase by phase. With one thread a phase's seconds are its CPU time:
//!
//!     RAYON_NUM_THREADS=1 cargo run --release --example phases -- /tmp/large 2026-12-31

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use jiff::civil::Date;
use soc2::program::Program;
use soc2::report::Report;
use soc2::source::Sources;
use soc2::timeline::Judgement;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let day: Option<Date> = args.get(1).and_then(|day| day.parse().ok());
    let (Some(folder), Some(day)) = (args.first(), day) else {
        let _ = writeln!(io::stderr(), "usage: phases FOLDER DATE");
        return ExitCode::from(2);
    };
    let mut seconds = Vec::new();
    let mut last = Instant::now();
    let mut lap = |phase: &'static str| {
        seconds.push((phase, last.elapsed().as_secs_f64()));
        last = Instant::now();
    };
    let sources = match Sources::read(Path::new(folder)) {
        Ok(sources) => sources,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            return ExitCode::from(2);
        }
    };
    lap("read");
    let program = Program::load(sources);
    lap("load");
    let judgement = Judgement::new(&program, day, None);
    lap("judge");
    let report = Report::new(&judgement);
    lap("rules");
    let total: f64 = seconds.iter().map(|(_, seconds)| seconds).sum();
    let mut out = io::stdout();
    for (phase, seconds) in seconds {
        let _ = writeln!(out, "{phase:6} {seconds:7.3} s {:4.1} %", 100.0 * seconds / total);
    }
    let _ = writeln!(out, "{} gaps, {} faults", report.gaps.len(), report.diagnostics.len());
    ExitCode::SUCCESS
}
