//! For programs: the list in a versioned shape that docs/formats.md describes. Keys are only ever added within a version.

use serde::Serialize;

use super::{Line, Page};
use crate::change::Effect;
use crate::output::harmless_json;

/// Version of the shape.
const FORMAT_VERSION: &str = "soc2-diff/1";

#[derive(Serialize)]
struct Document<'d> {
    format: &'static str,
    tool: Tool,
    from: &'d str,
    to: &'d str,
    counts: Counts,
    changes: Vec<JsonLine<'d>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'d [String],
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Counts {
    regressions: usize,
    disclosures: usize,
    repairs: usize,
    edits: usize,
}

#[derive(Serialize)]
struct JsonLine<'d> {
    name: &'static str,
    effect: &'static str,
    subject: JsonSubject<'d>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<JsonPlace<'d>>,
    message: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'d str>,
}

#[derive(Serialize)]
struct JsonSubject<'d> {
    kind: &'static str,
    id: &'d str,
}

#[derive(Serialize)]
struct JsonPlace<'d> {
    side: &'static str,
    path: &'d str,
    line: usize,
    column: usize,
}

/// The list as JSON.
pub fn render(page: &Page) -> std::io::Result<String> {
    let document = Document {
        format: FORMAT_VERSION,
        tool: Tool { name: "soc2", version: env!("CARGO_PKG_VERSION") },
        from: &page.from,
        to: &page.to,
        counts: Counts {
            regressions: page.count(Effect::Regression),
            disclosures: page.count(Effect::Disclosure),
            repairs: page.count(Effect::Repair),
            edits: page.count(Effect::Edit),
        },
        changes: page.lines.iter().map(line).collect(),
        notes: &page.notes,
    };
    Ok(format!("{}\n", harmless_json(&document)?))
}

fn line(line: &Line) -> JsonLine<'_> {
    JsonLine {
        name: line.name,
        effect: line.effect.name(),
        subject: JsonSubject { kind: line.subject.kind, id: &line.subject.id },
        place: line.spot.as_ref().map(|spot| JsonPlace {
            side: if spot.gone { "before" } else { "after" },
            path: &spot.path,
            line: spot.line,
            column: spot.column,
        }),
        message: &line.message,
        help: line.help.as_deref(),
    }
}
