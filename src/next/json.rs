//! For programs: the steps in a versioned shape that docs/formats.md describes. Keys are only ever added within a version.

use serde::Serialize;

use super::{Start, Step};
use crate::output::harmless_json;
use crate::timeline::{AuditStanding, Judgement};

/// Version of the shape.
const FORMAT_VERSION: &str = "soc2-next/1";

#[derive(Serialize)]
struct Document<'d> {
    format: &'static str,
    tool: Tool,
    read: &'d str,
    as_of: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    audit: Option<&'d str>,
    /// Diagnostics at level deny.
    faults: usize,
    earliest_start: JsonStart<'d>,
    steps: Vec<JsonStep<'d>>,
    more: usize,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct JsonStart<'d> {
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<String>,
    because: &'d str,
}

#[derive(Serialize)]
struct JsonStep<'d> {
    stage: &'static str,
    what: &'d str,
    why: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    who: Option<&'d str>,
    whose: &'d [String],
    command: &'d str,
}

/// The steps as JSON; `more` are left out, `read` says what was read.
pub fn render(
    judgement: &Judgement<'_>,
    audit: &AuditStanding,
    faults: usize,
    start: &Start,
    steps: &[&Step],
    more: usize,
    read: &str,
) -> std::io::Result<String> {
    let earliest_start = match start {
        Start::From { day, because } => JsonStart { day: Some(day.to_string()), because },
        Start::NotYet { because, .. } => JsonStart { day: None, because },
    };
    let document = Document {
        format: FORMAT_VERSION,
        tool: Tool { name: "soc2", version: env!("CARGO_PKG_VERSION") },
        read,
        as_of: judgement.as_of.to_string(),
        audit: audit.id.as_deref(),
        faults,
        earliest_start,
        steps: steps
            .iter()
            .map(|step| JsonStep {
                stage: step.stage.name(),
                what: &step.what,
                why: &step.why,
                who: step.who.as_deref(),
                whose: &step.whose,
                command: &step.command,
            })
            .collect(),
        more,
    };
    Ok(format!("{}\n", harmless_json(&document)?))
}
