//! Policies: the text in force on the judged day, which may be one that only git still holds, or the draft as it stands.

use jiff::civil::Date;

use super::{Document, Kind, LeftOut, Library, TextIn, UNREADABLE, Version, revisions, sections, titles};
use crate::model::Policy;
use crate::model::evidence::Classification;
use crate::source::{hex, sha256};
use crate::text::clip;

use crate::timeline::{ApprovedText, Held, Judgement, PolicyStanding};

/// Longest scope or audience on a cover.
const LINE: usize = 400;

/// The text that is published.
struct Chosen {
    text: Box<str>,
    commit: Option<String>,
    /// The approval that puts it in force, by index; none for a draft.
    approval: Option<usize>,
}

/// Adds the policies that are wanted, and says why the others are left out.
pub(super) fn add(library: &mut Library, judgement: &Judgement<'_>, drafts: bool, text_in: &TextIn<'_>) {
    let program = judgement.program;
    for (policy, standing) in program.policies.iter().zip(&judgement.policies) {
        let id = &policy.head.id.value.0;
        match chosen(judgement, policy, standing, drafts, text_in) {
            Ok(chosen) => library.documents.push(document(judgement, policy, standing, chosen)),
            Err(why) => library.left_out.push(LeftOut { id: id.clone(), why }),
        }
    }
}

fn chosen(
    judgement: &Judgement<'_>,
    policy: &Policy,
    standing: &PolicyStanding,
    drafts: bool,
    text_in: &TextIn<'_>,
) -> Result<Chosen, String> {
    let here = || policy.body.text.clone();
    let broken = || UNREADABLE.to_owned();
    let committed = || super::committed(judgement.program, policy.file);
    let orders = standing.text_on(judgement.as_of).filter(|text| text.held != Held::Unknown);
    match orders {
        Some(text) if text.held == Held::Here || !drafts => approved(judgement, policy, text, text_in)
            .unwrap_or_else(|| Err(judgement.why_policy(standing).because)),
        _ if drafts => Ok(Chosen { text: here().ok_or_else(broken)?, commit: committed(), approval: None }),
        _ => Err(judgement.why_policy(standing).because),
    }
}

/// The text that an approval speaks for; `None` where nobody can say what it is.
fn approved(
    judgement: &Judgement<'_>,
    policy: &Policy,
    text: ApprovedText,
    text_in: &TextIn<'_>,
) -> Option<Result<Chosen, String>> {
    let (program, approval) = (judgement.program, Some(text.approval));
    if text.held == Held::Here {
        let here = policy.body.text.clone().ok_or_else(|| UNREADABLE.to_owned());
        return Some(here.map(|text| Chosen {
            text,
            commit: super::committed(program, policy.file),
            approval,
        }));
    }
    let Held::InGit(commit) = text.held else { return None };
    let path = program.sources.path(policy.file);
    let commit = program.history.commit(commit);
    let held = commit.and_then(|commit| text_in(&commit.id, path, &policy.head.id.value.0));
    let held = held.filter(|held| is_approved(policy, text.approval, held));
    let lost = "the commit that holds its approved text cannot be read";
    let commit = commit.map(|commit| commit.short().to_owned());
    Some(held.map(|text| Chosen { text, commit, approval }).ok_or_else(|| lost.to_owned()))
}

/// Adds every version of the policies that was in force on some of the days, newest first, and says which could not be read.
pub(super) fn versions(
    library: &mut Library,
    judgement: &Judgement<'_>,
    days: (Date, Date),
    text_in: &TextIn<'_>,
) -> Vec<Version> {
    let program = judgement.program;
    let mut found: Vec<(Document, Version)> = Vec::new();
    for (index, (policy, standing)) in program.policies.iter().zip(&judgement.policies).enumerate() {
        let head = &policy.head;
        let id = &head.id.value.0;
        let texts = standing.texts_in(days);
        if texts.is_empty() {
            library.left_out.push(LeftOut { id: id.clone(), why: judgement.why_policy(standing).because });
        }
        for (from, to, text) in texts {
            let unknown = || Err("whether git holds its approved text cannot be told".to_owned());
            let chosen = match approved(judgement, policy, text, text_in).unwrap_or_else(unknown) {
                Ok(chosen) => chosen,
                Err(why) => {
                    library.left_out.push(LeftOut { id: id.clone(), why });
                    continue;
                }
            };
            let whole = chosen.text.clone();
            let mut document = document(judgement, policy, standing, chosen);
            let replaced = standing.approval != Some(text.approval);
            document.facts.retain(|(name, _)| !replaced || *name != "Next review by");
            for (_, day) in document.facts.iter_mut().filter(|(name, _)| *name == "In force since") {
                *day = text.since.to_string();
            }
            if to < days.1 {
                let at = document.facts.iter().position(|(name, _)| *name == "In force since");
                let at = at.map_or(document.facts.len(), |at| at + 1);
                document.facts.insert(at, ("In force until", to.to_string()));
            }
            let approval = head.approvals.get(text.approval);
            let version = approval.and_then(|approval| approval.version.as_ref());
            let version = version.map_or_else(String::new, |version| clip(version.value.trim(), LINE));
            let (id, approval) = (id.clone(), text.approval);
            found.push((
                document,
                Version { policy: index, approval, id, version, from, to, text: whole, document: 0 },
            ));
        }
    }
    found.sort_by(|(one, a), (other, b)| {
        (&one.title, &one.id, b.from).cmp(&(&other.title, &other.id, a.from))
    });
    let mut versions = Vec::new();
    for (document, version) in found {
        versions.push(Version { document: library.documents.len(), ..version });
        library.documents.push(document);
    }
    versions
}

/// Is a text the one that an approval names by its hash?
fn is_approved(policy: &Policy, approval: usize, text: &str) -> bool {
    let named = policy.head.approvals.get(approval).and_then(|approval| approval.text.as_ref());
    named.is_some_and(|named| named.value.0 == sha256(text.as_bytes()))
}

fn document(
    judgement: &Judgement<'_>,
    policy: &Policy,
    standing: &PolicyStanding,
    chosen: Chosen,
) -> Document {
    let program = judgement.program;
    let head = &policy.head;
    let approval = chosen.approval.and_then(|nth| head.approvals.get(nth));
    let classification = head.classification.as_ref().map_or(Classification::Internal, |of| of.value).word();
    let mut facts: Vec<(&'static str, String)> = Vec::new();
    let version = approval.and_then(|approval| approval.version.as_ref());
    facts.push(("Version", version.map_or_else(|| "draft".to_owned(), |text| clip(text.value.trim(), LINE))));
    if let Some(owner) = &head.owner {
        facts.push(("Owner", titles::holder(program, &owner.value.0, judgement.as_of)));
    }
    match approval {
        Some(approval) => {
            if let (Some(by), Some(on)) = (&approval.by, &approval.on) {
                facts.push(("Approved by", titles::person(program, &by.value.0)));
                facts.push(("Approved on", on.value.to_string()));
            }
            let since = standing.since.or(approval.effective.as_ref().map(|day| day.value));
            facts.extend(since.map(|day| ("In force since", day.to_string())));
            facts.extend(standing.review_by.map(|day| ("Next review by", day.to_string())));
        }
        None => facts.push(("Status", judgement.why_policy(standing).because)),
    }
    facts.push(("Classification", titles::spelt(classification)));
    let line = |text: &crate::model::Text| clip(text.value.trim(), LINE);
    facts.extend(head.scope.as_ref().map(|scope| ("Applies to", line(scope))));
    let audience = head.audience.as_ref().map_or_else(|| "everyone".to_owned(), line);
    facts.push(("Read and acknowledged by", audience));
    let named = head.title.as_ref().map(|title| clip(title.value.trim(), LINE));
    let (heading, text) = sections::without_title(&chosen.text, named.as_deref());
    let title = named.or(heading);
    Document {
        kind: Kind::Policy,
        id: head.id.value.0.clone(),
        title: title.unwrap_or_else(|| titles::spelt(&head.id.value.0)),
        sections: sections::of(&text),
        text: text.into(),
        sha256: Some(hex(&sha256(chosen.text.as_bytes()))),
        path: program.sources.path(policy.file).into(),
        commit: chosen.commit,
        draft: chosen.approval.is_none(),
        facts,
        classification,
        revisions: revisions::of(program, policy),
        // The newest stands first there.
        in_force: chosen.approval.and_then(|nth| head.approvals.len().checked_sub(nth + 1)),
    }
}
