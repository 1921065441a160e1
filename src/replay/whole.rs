//! Each day by itself: the whole programme is read and judged.

use super::texts::Texts;
use super::{Asked, Stop, changed};
use crate::error::Result;
use crate::program::Program;
use crate::source::Sources;
use crate::timeline::{Clock, Judgement};
use crate::trend::{Every, Point, Seen, Standing};

/// Every point, each from its own commit; days of one commit share what was read.
pub(super) fn points(asked: &Asked<'_>) -> Result<Vec<Point>> {
    let texts = Texts::new(asked.repository, asked.line);
    let mut points = Vec::new();
    let mut before: Option<(usize, Option<Program>)> = None;
    for stop in asked.stops() {
        let Some(nth) = stop.commit else {
            points.push(Point { day: stop.day, commit: None, seen: Seen::NoCommit, changed: Vec::new() });
            continue;
        };
        let mut files = Vec::new();
        let same = before.as_ref().is_some_and(|(read, _)| *read == nth);
        if !same {
            let program = load(asked, &texts, nth);
            if let (Some((_, Some(old))), Some(new)) = (&before, &program) {
                files = changed::files(old, new);
            }
            before = Some((nth, program));
        }
        let program = before.as_ref().and_then(|(_, program)| program.as_ref());
        let id = asked.line.get(nth).map(|commit| commit.id().into());
        let (day, seen) = match program {
            Some(program) => judged(asked, stop, nth, program),
            None => (stop.day, Seen::NoProgramme),
        };
        points.push(Point { day, commit: id, seen, changed: files });
    }
    Ok(points)
}

/// The programme of a commit of the line; `None` where it has none.
fn load(asked: &Asked<'_>, texts: &Texts<'_>, nth: usize) -> Option<Program> {
    let commit = *asked.line.get(nth)?;
    let prefix = asked.repository.programme_in(commit, asked.repository.prefix())?;
    let seen = asked.repository.seen_from(&prefix);
    let mut program = Program::load(Sources::of_tree(seen.tree(commit)));
    program.history = texts.of(&seen, nth, &program);
    Some(program)
}

fn judged(asked: &Asked<'_>, stop: Stop, nth: usize, program: &Program) -> (jiff::civil::Date, Seen) {
    let recorded = asked.line.get(nth).map(|commit| commit.day(&program.zone()));
    let day = match asked.every {
        Every::Commit => recorded.unwrap_or(stop.day),
        Every::Day | Every::Week => stop.day,
    };
    if asked.audit.is_some_and(|id| !program.names.audits.contains_key(id)) {
        return (day, Seen::NoAudit);
    }
    let judgement = Judgement::new(program, Clock { as_of: day, recorded }, asked.audit);
    let audit = judgement.audits.iter().find(|audit| audit.id.as_deref() == asked.audit);
    (day, audit.map_or(Seen::NoAudit, |audit| Seen::Standing(Standing::of(&judgement, audit))))
}
