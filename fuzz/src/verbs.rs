//! What the verbs that only read print of a programme.

use std::io;

use soc2::due;
use soc2::next::{self, Step};
use soc2::output::{FORMATS, View, without_commands};
use soc2::page;
use soc2::program::Program;
use soc2::report::Report;
use soc2::show::{Show, Thing};
use soc2::source::ROOT_FILE;
use soc2::status::{self, Status};
use soc2::text::is_hostile;
use soc2::timeline::{AuditStanding, Judgement, choose};
use soc2::ui::Ui;

use crate::AS_OF;

const UI: Ui = Ui { colour: false, width: 100, columns: None, verbosity: 1 };
const READ: &str = "work tree";

/// What was printed, by verb and format.
pub type Printed = Vec<(String, String)>;

/// `soc2 check` in every format.
pub fn check(judgement: &Judgement<'_>, report: &Report) -> Printed {
    let view = view(judgement, report);
    // SARIF repeats the documentation of every rule it names, which takes longer than all the rest: one input in eight.
    let rare = sum(judgement.program) % 8 == 0;
    let formats = FORMATS.iter().filter(|format| format.name != "sarif" || rare);
    let printed = formats.map(|format| one("check", format.name, format.render(&view)));
    printed.collect()
}

/// What is said of evidence alone: `soc2 check` for a terminal, and `soc2 show` of every manifest.
pub fn of_evidence(judgement: &Judgement<'_>, report: &Report) -> Printed {
    let view = view(judgement, report);
    let human = FORMATS.iter().filter(|format| format.name == "human");
    let mut printed: Printed = human.map(|format| one("check", format.name, format.render(&view))).collect();
    for audit in &judgement.audits {
        let show = Show { judgement, audit, report, read: READ };
        let all = (0..judgement.program.evidence.len()).map(Thing::Evidence);
        printed.extend(all.flat_map(|thing| shown(&show, thing)));
    }
    printed
}

fn view<'v>(judgement: &'v Judgement<'v>, report: &'v Report) -> View<'v> {
    View {
        judgement,
        report,
        ui: UI,
        notes: true,
        strict: true,
        prefix: String::new(),
        read: READ.to_owned(),
        gate: None,
    }
}

/// `soc2 due`, `status`, `next` and `show` in every format, and the page.
pub fn others(whole: &Judgement<'_>) -> Printed {
    let list = due::List::new(whole, &whole.audits, due::MOST_DAYS);
    let mut printed = vec![
        one("due", "human", Ok(due::human::render(&list, READ))),
        one("due", "json", due::json::render(&list, READ)),
        one("due", "markdown", Ok(due::markdown::render(&list))),
        one("due", "ics", Ok(due::ics::render(&list))),
    ];
    let program = whole.program;
    let chosen = choose(program, AS_OF, None).unwrap_or_else(|several| several.first().copied());
    let judgement = Judgement::new(program, AS_OF, chosen);
    let unread = program.unread.iter().any(|file| program.sources.path(*file) == ROOT_FILE);
    let Some(audit) = judgement.audits.first().filter(|audit| audit.id.is_some() || !unread) else {
        return printed;
    };
    let report = Report::new(&judgement);
    printed.extend(steps(&judgement, audit));
    printed.extend(standing(&judgement, audit, &report));
    printed.extend(things(&judgement, audit, &report));
    printed
}

fn steps(judgement: &Judgement<'_>, audit: &AuditStanding) -> Printed {
    let faults = soc2::report::denied(judgement.program);
    let all = next::steps(judgement, audit, faults);
    let shown: Vec<&Step> = all.iter().collect();
    let start = next::earliest_start(judgement, audit);
    vec![
        one("next", "human", Ok(next::human::render("Next", &start, &shown, 0))),
        one("next", "json", next::json::render(judgement, audit, faults, &start, &shown, 0, READ)),
    ]
}

fn standing(judgement: &Judgement<'_>, audit: &AuditStanding, report: &Report) -> Printed {
    let mut view = Status::new(judgement, audit, report, READ);
    view.all = sum(judgement.program) % 2 == 0;
    let page = page::render(&page::View { judgement, audit, report, read: READ, trend: None });
    vec![
        one("status", "human", Ok(without_commands(status::human(&view, UI)))),
        one("status", "json", status::json(&view)),
        one("status", "markdown", Ok(without_commands(status::markdown(&view)))),
        one("status", "csv", Ok(without_commands(status::csv(&view)))),
        one("status", "html", page.map_err(io::Error::other)),
    ]
}

/// The first thing of every kind.
fn things(judgement: &Judgement<'_>, audit: &AuditStanding, report: &Report) -> Printed {
    let program = judgement.program;
    let show = Show { judgement, audit, report, read: READ };
    let registers = &program.registers;
    let first = [
        (!program.controls.is_empty()).then_some(Thing::Control(0)),
        (!program.policies.is_empty()).then_some(Thing::Policy(0)),
        (!program.evidence.is_empty()).then_some(Thing::Evidence(0)),
        (!registers.people.is_empty()).then_some(Thing::Person(0)),
        (!registers.roles.is_empty()).then_some(Thing::Role(0)),
        (!registers.systems.is_empty()).then_some(Thing::System(0)),
        program.names.audits.values().next().copied().map(Thing::Audit),
        program.criterion("CC6.1").ok().map(Thing::Criterion),
    ];
    first.into_iter().flatten().flat_map(|thing| shown(&show, thing)).collect()
}

fn shown(show: &Show<'_>, thing: Thing) -> [(String, String); 2] {
    let verb = format!("show {}", thing.kind());
    [one(&verb, "human", Ok(without_commands(show.human(thing, UI)))), one(&verb, "json", show.json(thing))]
}

fn one(verb: &str, format: &str, text: io::Result<String>) -> (String, String) {
    match text {
        Ok(text) => (format!("{verb} {format}"), text),
        Err(error) => panic!("{verb} {format} failed: {error}"),
    }
}

/// Nothing of what was printed does anything in a terminal, hides in it, or is a command to a workflow's runner.
pub fn are_harmless(printed: &Printed) {
    for (name, text) in printed {
        // A calendar's lines end in CR LF.
        let text = if name == "due ics" { text.replace("\r\n", "\n") } else { text.clone() };
        let hostile = text.char_indices().find(|(_, c)| *c != '\n' && is_hostile(*c));
        if let Some((at, c)) = hostile {
            let line = text.get(..at).map_or(0, |above| above.matches('\n').count() + 1);
            panic!("{name} prints {c:?} in line {line}: {:?}", text.lines().nth(line - 1));
        }
        // The page is a file, which no runner reads.
        for command in ["##[", "##vso["].into_iter().filter(|_| name != "status html") {
            let line = text.lines().find(|line| line.contains(command));
            assert!(line.is_none(), "{name} prints {command}: {line:?}");
        }
    }
}

/// A number that depends on the texts alone.
fn sum(program: &Program) -> usize {
    program.sources.files().map(|(id, file)| file.path.len() + program.sources.text(id).len()).sum()
}
