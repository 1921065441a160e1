//! GitHub annotations: the worst ten of each kind, because GitHub shows no more, then a count.

use std::io::{self, Write};

use super::{Format, View};
use crate::diagnostic::Level;
use crate::gap::Class;
use crate::source::Location;
use crate::text::{count, safe};

pub(super) static FORMAT: Format = Format { name: "github", brief: "annotations in a workflow's log", write };

/// What GitHub shows of each kind in one step.
const MOST: usize = 10;

struct Annotation<'a> {
    kind: &'static str,
    rule: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    at: Location,
}

fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let diagnostics = view.report.diagnostics.iter().map(|found| Annotation {
        kind: if found.level == Level::Deny { "error" } else { "warning" },
        rule: found.rule,
        message: &found.message,
        help: found.help.as_deref(),
        at: found.at,
    });
    let gaps = view.gaps().filter(|gap| gap.waiver.is_none()).map(|gap| Annotation {
        kind: match gap.class {
            Class::Blocking if view.strict => "error",
            Class::Blocking => "warning",
            Class::AtRisk | Class::Note => "notice",
        },
        rule: gap.rule,
        message: &gap.message,
        help: gap.help.as_deref(),
        at: gap.at,
    });
    let all: Vec<Annotation<'_>> = diagnostics.chain(gaps).collect();
    for kind in ["error", "warning", "notice"] {
        let of_kind: Vec<&Annotation<'_>> = all.iter().filter(|annotation| annotation.kind == kind).collect();
        for annotation in of_kind.iter().take(MOST) {
            line(view, annotation, out)?;
        }
        let more = of_kind.len().saturating_sub(MOST);
        if more > 0 {
            let text = format!("{} of this kind; all of them: soc2 check -v", count(more, "more find"));
            writeln!(out, "::{kind} title=soc2::{}", data(&text))?;
        }
    }
    Ok(())
}

fn line(view: &View<'_>, annotation: &Annotation<'_>, out: &mut dyn Write) -> io::Result<()> {
    let sources = &view.judgement.program.sources;
    let (start, end) = (sources.position(annotation.at), sources.end_position(annotation.at));
    let message = match annotation.help {
        Some(help) => format!("{}; {help}", annotation.message),
        None => annotation.message.to_owned(),
    };
    let path = format!("{}{}", view.prefix, sources.path(annotation.at.file));
    // GitHub places no columns when the find spans several lines.
    let columns = if start.line == end.line {
        format!(",col={},endColumn={}", start.column, end.column)
    } else {
        String::new()
    };
    writeln!(
        out,
        "::{} file={},line={},endLine={}{columns},title={}::{}",
        annotation.kind,
        property(&path),
        start.line,
        end.line,
        property(annotation.rule),
        data(&message)
    )
}

/// Text after `::`: one line, nothing that starts a command.
fn data(text: &str) -> String {
    safe(text).replace('%', "%25")
}

/// A value inside the command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
