//! For programs: what was found, in a versioned shape that docs/formats.md describes. Keys are only ever added within a
//! version.

use std::io;

use serde::Serialize;

use super::Verified;
use super::seal::Seal;
use crate::archive::Fault;
use crate::output::harmless_json;
use crate::provenance::{Difference, Recheck};
use crate::source::hex;

/// Version of the shape.
const FORMAT_VERSION: &str = "soc2-verify/1";

#[derive(Serialize)]
struct Document<'d> {
    format: &'static str,
    tool: Tool,
    file: &'d str,
    holds: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    files: usize,
    unchanged: usize,
    faults: Vec<JsonFault<'d>>,
    more_faults: usize,
    signatures: Vec<JsonSeal<'d>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recheck: Option<JsonRecheck<'d>>,
    not_proved: Vec<String>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct JsonFault<'d> {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<u64>,
    what: &'d str,
}

#[derive(Serialize)]
struct JsonSeal<'d> {
    file: &'d str,
    of: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unlisted: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<&'d str>,
}

#[derive(Serialize)]
struct JsonRecheck<'d> {
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    made_by: Option<&'d str>,
    criteria: usize,
    controls: usize,
    policies: usize,
    on_history: usize,
    on_bytes_left_out: usize,
    faults: &'d [String],
    notes: &'d [String],
    different: usize,
    differences: Vec<JsonDifference<'d>>,
}

#[derive(Serialize)]
struct JsonDifference<'d> {
    of: &'d str,
    what: &'static str,
    recorded: &'d str,
    recomputed: &'d str,
}

impl Verified {
    /// For programs.
    pub(super) fn json(&self) -> io::Result<String> {
        let checked = self.checked.as_ref();
        let document = Document {
            format: FORMAT_VERSION,
            tool: Tool { name: "soc2", version: env!("CARGO_PKG_VERSION") },
            file: &self.file,
            holds: self.holds(),
            sha256: checked.map(|checked| hex(&checked.sha256)),
            files: checked.map_or(0, |checked| checked.files),
            unchanged: checked.map_or(0, |checked| checked.unchanged),
            faults: self.faults.iter().map(fault).collect(),
            more_faults: self.more,
            signatures: self.seals.iter().map(seal).collect(),
            recheck: self.recheck.as_ref().map(recheck),
            not_proved: self.not_shown(),
        };
        harmless_json(&document).map(|text| text + "\n")
    }
}

fn fault(fault: &Fault) -> JsonFault<'_> {
    JsonFault { path: fault.path.as_deref(), at: fault.at, what: &fault.what }
}

fn recheck(found: &Recheck) -> JsonRecheck<'_> {
    JsonRecheck {
        outcome: found.outcome.name(),
        made_by: found.made_by.as_deref(),
        criteria: found.criteria,
        controls: found.controls,
        policies: found.policies,
        on_history: found.on_history,
        on_bytes_left_out: found.on_bytes_left_out,
        faults: &found.faults,
        notes: &found.notes,
        different: found.different,
        differences: found.differences.iter().map(difference).collect(),
    }
}

fn difference(one: &Difference) -> JsonDifference<'_> {
    let Difference { of, what, recorded, recomputed } = one;
    JsonDifference { of, what, recorded, recomputed }
}

fn seal(seal: &Seal) -> JsonSeal<'_> {
    JsonSeal {
        file: &seal.file,
        of: seal.of,
        key: seal.key.as_deref(),
        holder: seal.holder.as_deref(),
        unlisted: seal.unlisted,
        fault: seal.fault.as_deref(),
    }
}
