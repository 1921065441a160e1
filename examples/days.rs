//! Judges each day of a repository both ways, by itself and walking from day to day, and says where they differ and how
//! long each took:
//!
//!     cargo run --release --example days -- /tmp/large 2026-type2 2026-01-01 2026-12-31 [day|week|commit] [fast]

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use soc2::git::Repository;
use soc2::program::Program;
use soc2::replay::Asked;
use soc2::source::Sources;
use soc2::trend::{Every, Point, Seen};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match compared(&args) {
        Ok(differences) => ExitCode::from(u8::from(differences > 0)),
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}

fn compared(args: &[String]) -> Result<usize, String> {
    let [folder, audit, from, to, rest @ ..] = args else {
        return Err("usage: days FOLDER AUDIT FROM TO [day|week|commit] [fast]".to_owned());
    };
    let day = |text: &String| text.parse::<Date>().map_err(|fault| fault.to_string());
    let told = |error: soc2::error::Error| format!("{error:?}");
    let repository = Repository::discover(Path::new(folder)).map_err(told)?.ok_or("no repository")?;
    let head = repository.head().map_err(told)?.ok_or("no commit")?;
    let zone: TimeZone = Program::load(Sources::of_tree(repository.only(head, "soc2.toml"))).zone();
    let start = Instant::now();
    let line = repository.first_parents(head).map_err(told)?;
    let mut out = io::stdout();
    let _ = writeln!(out, "line      {:7.3} s, {} commits", start.elapsed().as_secs_f64(), line.len());
    let every = match rest.first().map(String::as_str) {
        Some("week") => Every::Week,
        Some("commit") => Every::Commit,
        _ => Every::Day,
    };
    let asked = Asked {
        repository: &repository,
        line: &line,
        zone: &zone,
        from: day(from)?,
        to: day(to)?,
        every,
        audit: Some(audit),
    };
    let start = Instant::now();
    let fast = asked.points().map_err(told)?;
    let _ = writeln!(out, "walking   {:7.3} s, {} points", start.elapsed().as_secs_f64(), fast.len());
    if rest.iter().any(|word| word == "fast") {
        return Ok(0);
    }
    let start = Instant::now();
    let whole = asked.points_by_themselves().map_err(told)?;
    let _ = writeln!(out, "each      {:7.3} s", start.elapsed().as_secs_f64());
    let mut differences = usize::from(fast.len() != whole.len());
    for (one, other) in fast.iter().zip(&whole) {
        for difference in differ(one, other) {
            differences += 1;
            if differences <= 40 {
                let _ = writeln!(out, "{}: {difference}", other.day);
            }
        }
    }
    let _ = writeln!(out, "{differences} differences");
    Ok(differences)
}

fn differ(one: &Point, other: &Point) -> Vec<String> {
    let mut out = Vec::new();
    if (one.day, &one.commit) != (other.day, &other.commit) {
        out.push(format!("another day or commit: {} {:?}", one.day, one.commit));
    }
    if one.changed != other.changed {
        out.push(format!("other files: {:?} for {:?}", one.changed, other.changed));
    }
    match (&one.seen, &other.seen) {
        (Seen::Standing(one), Seen::Standing(other)) => {
            if one.controls.len() != other.controls.len() {
                out.push("another number of controls".to_owned());
            }
            for (one, other) in one.controls.iter().zip(&other.controls).filter(|(one, other)| one != other) {
                out.push(format!("control {}: {one:?}\n   for {other:?}", other.id));
            }
            for (one, other) in one.criteria.iter().zip(&other.criteria).filter(|(one, other)| one != other) {
                out.push(format!("criterion {}: {one:?} for {other:?}", other.id));
            }
            if one.policies != other.policies {
                out.push("other policies".to_owned());
            }
        }
        (one, other) if one.absent() != other.absent() => out.push("another reason".to_owned()),
        _ => {}
    }
    out
}
