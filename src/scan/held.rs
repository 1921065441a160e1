//! Which finds hold up an archive: all but those that a logged redaction or a waiver in force names.

use super::Find;
use crate::program::{EvidenceFolder, Program};
use crate::report::WaiversInForce;
use crate::timeline::Judgement;

/// Finds, parted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Nothing speaks for these: no archive is made.
    pub blocking: Vec<Find>,
    pub let_through: Vec<LetThrough>,
}

/// A find that somebody has looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetThrough {
    pub find: Find,
    pub by: Reason,
}

/// What lets it through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The manifest of this evidence logs a redaction that names the rule.
    Redaction { evidence: String },
    /// The waiver of this id names the rule and the evidence or the file.
    Waiver { id: String },
}

/// Parts the finds. A redaction names the rule, and the file unless it speaks of all; a waiver names the rule and, as its
/// subject, the evidence (`iam-access-review/2026-q1`), the artefact (`iam-access-review/2026-q1/users.csv`) or another
/// file by its path.
pub fn held(judgement: &Judgement<'_>, finds: Vec<Find>) -> Held {
    let program = judgement.program;
    let waivers = WaiversInForce::of(judgement);
    let mut held = Held::default();
    for find in finds {
        let by = redacted(program, &find).or_else(|| waived(program, &waivers, &find));
        match by {
            Some(by) => held.let_through.push(LetThrough { find, by }),
            None => held.blocking.push(find),
        }
    }
    held
}

/// The manifest that speaks for a file, and the file's path below the manifest's folder.
fn folder_of<'p, 'f>(program: &'p Program, path: &'f str) -> Option<(&'p EvidenceFolder, &'f str)> {
    let ends = path.match_indices('/').map(|(at, _)| at).rev();
    ends.into_iter().find_map(|end| {
        let (folder, below) = (path.get(..end)?, path.get(end + 1..)?);
        let file = program.sources.find(&format!("{folder}/{}", crate::source::MANIFEST))?;
        // Folders stand in path order, as ids do.
        let at = program.evidence.binary_search_by_key(&file, |folder| folder.file).ok()?;
        Some((program.evidence.get(at)?, below))
    })
}

fn redacted(program: &Program, find: &Find) -> Option<Reason> {
    let (folder, below) = folder_of(program, &find.path)?;
    let logged = folder.manifest.redactions.iter().any(|redaction| {
        let complete = redaction.misread.nothing() && redaction.why.is_some() && redaction.by.is_some();
        let of_rule = redaction.rule.as_ref().is_some_and(|rule| &*rule.value == find.rule);
        let of_file = redaction.artifact.as_ref().is_none_or(|artifact| &*artifact.value == below);
        complete && of_rule && of_file
    });
    logged.then(|| Reason::Redaction { evidence: program.evidence_id(folder).to_owned() })
}

fn waived(program: &Program, waivers: &WaiversInForce<'_>, find: &Find) -> Option<Reason> {
    let artifact = find.path.strip_prefix("evidence/").unwrap_or(&find.path);
    let evidence = folder_of(program, &find.path).map(|(folder, _)| program.evidence_id(folder));
    let waiver = waivers.naming(find.rule, artifact).or_else(|| waivers.naming(find.rule, evidence?))?;
    Some(Reason::Waiver { id: waiver.id.to_string() })
}
