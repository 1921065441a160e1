//! Documents in the bundle: each version of a policy that was in force, procedures, the system description; and how sheets and
//! documents are set as pages.

use std::sync::Arc;

use super::names::{Names, part};
use super::pages::Pages;
use super::{Ground, Place, PlacedVersion, Told, assertion};
use crate::archive::{Content, Member};
use crate::document::{Document, Kind};
use crate::model::evidence::Classification;
use crate::program::document;
use crate::render::{self, Failure, Paper};
use crate::schedule::Withheld;
use crate::source::{hex, sha256};

/// Where policies lie.
pub(super) const POLICIES: &str = "04_policies";
const PROCEDURES: &str = "04_policies/procedures";
const DESCRIPTION: &str = "02_system_description";
const ASSERTION: &str = "01_assertion/management-assertion-draft";

/// The end of the page of a policy.
pub(super) const END: &str = if cfg!(feature = "pdf") { "pdf" } else { "html" };

/// Gives the documents that are handed over their places.
pub(super) fn place(ground: &Ground<'_>, names: &mut Names, place: &mut Place, told: &mut Told) {
    for left in &ground.library.left_out {
        told.policies_left_out.push((left.id.to_string(), left.why.clone()));
    }
    for version in ground.versions {
        let Some(document) = ground.library.documents.get(version.document) else { continue };
        if ground.narrowed.is_narrow() && !is_named(ground, place, &version.id) {
            continue;
        }
        // What a later version replaced is of no use to a prospect.
        if !ground.profile.verdicts() && version.to < ground.audit.days.1 {
            continue;
        }
        if let Some(why) = kept_back(ground, document) {
            told.withheld.push(Withheld {
                of: version.id.to_string(),
                file: format!("version {}", version.version),
                classification: document.classification,
                why: why.to_owned(),
                sha256: hex(&sha256(version.text.as_bytes())),
                bytes: u64::try_from(version.text.len()).ok(),
            });
            continue;
        }
        let wanted = format!("{}-{}.{END}", part(&version.id, 48), part(&version.version, 16));
        let path = names.take(POLICIES, &wanted, &format!("{}/{}", version.id, version.approval));
        place.versions.push(PlacedVersion {
            id: version.id.clone(),
            title: document.title.clone(),
            version: version.version.clone(),
            days: (version.from, version.to),
            key: (version.policy, version.approval),
            path,
        });
    }
    if ground.narrowed.is_narrow() {
        return;
    }
    for document in &ground.library.documents {
        let folder = match document.kind {
            Kind::Policy => continue,
            Kind::Procedure if ground.profile.verdicts() => PROCEDURES,
            Kind::Procedure => continue,
            Kind::Narrative => DESCRIPTION,
        };
        let path = names.take(folder, &format!("{}.{END}", part(&document.id, 48)), &document.path);
        place.others.push((document.title.clone(), path));
    }
    if ground.profile.verdicts() {
        place
            .others
            .push(("Management's assertion (draft, unsigned)".to_owned(), format!("{ASSERTION}.{END}")));
    }
}

/// Does a control of the bundle name the policy?
fn is_named(ground: &Ground<'_>, place: &Place, id: &str) -> bool {
    let controls = place.controls.keys().filter_map(|index| ground.judgement.program.controls.get(*index));
    controls.flat_map(|control| &control.policies).any(|reference| document(&reference.value.0) == id)
}

/// Why a policy is not handed over.
fn kept_back(ground: &Ground<'_>, document: &Document) -> Option<&'static str> {
    let is = |class: Classification| document.classification == class.word();
    if is(Classification::Restricted) {
        Some("restricted: shown in a session, never handed out")
    } else if !ground.profile.verdicts() && is(Classification::Confidential) {
        Some("confidential: for named people and the auditor")
    } else {
        None
    }
}

/// The texts of documents as Markdown, and their pages among the sheets.
pub(super) fn members(out: &mut Pages<'_>) {
    let (ground, place) = (out.ground, Arc::clone(&out.place));
    let library = ground.library;
    for placed in &place.versions {
        let of = ground.versions.iter().find(|version| (version.policy, version.approval) == placed.key);
        let Some(version) = of else { continue };
        let stem = placed.path.strip_suffix(END).unwrap_or(&placed.path);
        // As it was approved, to the byte: its hash is the one that the approval names.
        out.put(&format!("{stem}md"), version.text.as_bytes().to_vec());
        add(out, version.document, stem.trim_end_matches('.'));
    }
    let mut others = place.others.iter();
    let own = library.documents.iter().enumerate().filter(|(_, document)| match document.kind {
        Kind::Policy => false,
        Kind::Procedure => ground.profile.verdicts(),
        Kind::Narrative => true,
    });
    if ground.narrowed.is_narrow() {
        return;
    }
    for (nth, document) in own {
        let Some((_, path)) = others.next() else { break };
        let stem = path.strip_suffix(END).unwrap_or(path);
        let text = format!("# {}\n\n{}", document.title, document.text);
        out.put(&format!("{stem}md"), text.into_bytes());
        add(out, nth, stem.trim_end_matches('.'));
    }
    if ground.profile.verdicts() {
        out.sheet(ASSERTION, |ground, _| assertion::paper(ground));
    }
}

/// A document as it is published; for a prospect as a plain sheet, each page of which says that nobody examined it.
fn add(out: &mut Pages<'_>, nth: usize, stem: &str) {
    if out.ground.profile.verdicts() && cfg!(feature = "pdf") {
        out.document(stem, nth);
        return;
    }
    let Some(document) = out.ground.library.documents.get(nth) else { return };
    let own = format!("{stem}.html");
    out.sheet(stem, move |ground, _| {
        let mut paper = ground.paper(document.kind.name(), document.title.clone(), document.text.to_string());
        paper.facts =
            document.facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        paper.nav = ground.nav(&own, None);
        paper.day = document.revision().and_then(|revision| revision.approved_on);
        paper
    });
}

/// A member made here.
pub(super) fn bytes<'m>(path: String, bytes: Vec<u8>) -> Member<'m> {
    Member { path, content: Content::Bytes(bytes.into()), sha256: None }
}

/// A page; where a template is wrong, which is a fault of this program, its text as it is.
pub(super) fn page(paper: &Paper) -> String {
    render::paper_html(paper)
        .unwrap_or_else(|fault| format!("<p>{}</p>", crate::text::html(&fault.to_string())))
}

/// A sheet as PDF.
#[cfg(feature = "pdf")]
pub(super) fn set(paper: &Paper) -> Result<Vec<u8>, Failure> {
    render::paper(paper)
}

/// A document of the library as PDF, by index.
#[cfg(feature = "pdf")]
pub(super) fn published(ground: &Ground<'_>, nth: usize) -> Result<Vec<u8>, Failure> {
    let failed = |why: &str| Failure { path: String::new(), why: why.to_owned() };
    match render::pdf(ground.library, &[nth], &|_| {}) {
        Ok(files) => files.into_iter().next().map(|file| file.bytes).ok_or_else(|| failed("is not there")),
        Err(failures) => Err(failures.into_iter().next().unwrap_or_else(|| failed(""))),
    }
}

#[cfg(not(feature = "pdf"))]
pub(super) fn set(_: &Paper) -> Result<Vec<u8>, Failure> {
    Ok(Vec::new())
}

#[cfg(not(feature = "pdf"))]
pub(super) fn published(_: &Ground<'_>, _: usize) -> Result<Vec<u8>, Failure> {
    Ok(Vec::new())
}
