//! For programs: what was found, in a versioned shape that docs/formats.md describes. Keys are only ever added within a
//! version.

use std::io;

use serde::Serialize;

use super::Verified;
use super::seal::Seal;
use crate::archive::Fault;
use crate::output::harmless_json;
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
            not_proved: self.not_shown(),
        };
        harmless_json(&document).map(|text| text + "\n")
    }
}

fn fault(fault: &Fault) -> JsonFault<'_> {
    JsonFault { path: fault.path.as_deref(), at: fault.at, what: &fault.what }
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
