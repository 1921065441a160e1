//! Artefacts as manifests name them.

use crate::model::Text;
use crate::model::evidence::Artifact;
use crate::program::{EvidenceFolder, Program};
use crate::source::{Facts, FileId, MANIFEST, hex, is_skipped};
use crate::text::is_hostile;

/// An artefact that a manifest names by a usable path, and by nothing else.
#[derive(Clone, Copy)]
pub(in crate::rules) struct Named<'p> {
    pub(in crate::rules) folder: &'p EvidenceFolder,
    pub(in crate::rules) artifact: &'p Artifact,
    pub(in crate::rules) path: &'p Text,
    /// The file, if it is there.
    pub(in crate::rules) file: Option<FileId>,
}

/// Every such artefact.
pub(in crate::rules) fn named(program: &Program) -> impl Iterator<Item = Named<'_>> {
    program.evidence.iter().flat_map(|folder| {
        folder.manifest.artifacts.iter().zip(folder.files.iter()).filter_map(move |(artifact, file)| {
            let path = artifact.path.as_ref()?;
            let usable = artifact.url.is_none() && refusal(path).is_none();
            usable.then_some(Named { folder, artifact, path, file: *file })
        })
    })
}

/// Those whose file was read, with its facts.
pub(in crate::rules) fn read(program: &Program) -> impl Iterator<Item = (Named<'_>, FileId, &Facts)> {
    named(program).filter_map(|named| {
        let file = named.file?;
        Some((named, file, program.facts(file)?))
    })
}

/// Why a path cannot name an artefact.
pub(in crate::rules) fn refusal(path: &str) -> Option<&'static str> {
    let ordinary =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.');
    // Nearly every path is a plain name; what could be wrong with one needs another character, or is one of three names.
    if path.bytes().all(ordinary)
        && path.starts_with(|c: char| c != '.')
        && path != MANIFEST
        && path != "readme.md"
    {
        return None;
    }
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let drive = path.as_bytes().get(1) == Some(&b':') && path.starts_with(|c: char| c.is_ascii_alphabetic());
    let mut parts = path.split(['/', '\\']);
    Some(if path.trim().is_empty() {
        "it is empty"
    } else if path.chars().any(is_hostile) {
        "it holds an invisible character"
    } else if path.contains("://") {
        "it is an address"
    } else if drive || path.starts_with(['/', '\\']) {
        "it is absolute"
    } else if parts.clone().any(|part| part == "..") {
        "it leads out of the evidence folder"
    } else if path.contains('\\') {
        "its parts are separated by a backslash"
    } else if parts.any(|part| part.is_empty() || part == ".") {
        "it has an empty part"
    } else if name == MANIFEST {
        "a manifest is no artefact"
    } else if is_skipped(&format!("evidence/{path}")) {
        "files of that name are never read"
    } else {
        return None;
    })
}

/// A path without backslashes and empty parts.
pub(in crate::rules) fn tidy(path: &str) -> String {
    let parts: Vec<&str> = path.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".").collect();
    parts.join("/")
}

/// The first digits of a hash, enough to tell two apart.
pub(in crate::rules) fn short(sha256: &[u8; 32]) -> String {
    let mut digits = hex(sha256);
    digits.truncate(12);
    digits + "…"
}

/// The line ends with which a file is what was recorded.
#[derive(Clone, Copy)]
pub(in crate::rules) enum LineEnds {
    Lf,
    CrLf,
}

/// Is a file of another hash the recorded one but for its line ends? Reads it again.
pub(in crate::rules) fn recorded_line_ends(
    program: &Program,
    file: FileId,
    recorded: [u8; 32],
) -> Option<LineEnds> {
    let [lf, crlf] = program.sources.other_line_endings(file)?;
    match recorded {
        hash if hash == lf => Some(LineEnds::Lf),
        hash if hash == crlf => Some(LineEnds::CrLf),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_in_their_folder() {
        for path in ["a.csv", "exports/2026/a b.csv", "ü.csv", "..a/b..csv", "manifest.yaml.txt"] {
            assert_eq!(refusal(path), None, "{path}");
        }
        for path in [
            "",
            " ",
            "/a",
            "\\\\host\\a",
            "..",
            "../a",
            "a/../../b",
            "a\\..\\b",
            "a\\b",
            "c:a",
            "C:\\a",
            "a//b",
            "a/",
            "./a",
            "a\u{202e}b",
            "a\0",
            "https://x.com/a",
            "manifest.yaml",
            "b/manifest.yaml",
            "ReadMe.md",
            ".gitkeep",
        ] {
            assert!(refusal(path).is_some(), "{path}");
        }
        assert_eq!(tidy(".\\exports//a.csv"), "exports/a.csv");
    }
}
