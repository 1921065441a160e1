//! A policy: its state and why, every approval and review, the controls it orders, who has acknowledged it.

use serde::Serialize;

use super::approval::{self, is_of_this_text};
use super::clocks::{self, Recorded};
use super::{JsonWaiver, Show, gaps_and_waivers, waivers, why};
use crate::layout::{Page, Tone};
use crate::model::Policy;
use crate::model::policy::Approval;
use crate::program::document;
use crate::status::people_of;
use crate::status::wire::{self, JsonGap, JsonPolicy};
use crate::text::{safe, some};
use crate::timeline::{Judgement, PolicyStanding, people};

#[derive(Serialize)]
pub(super) struct Json<'d> {
    #[serde(flatten)]
    policy: Option<JsonPolicy>,
    text_sha256: Option<String>,
    approval_line: Option<String>,
    approvals: Vec<JsonApproval>,
    reviews: Vec<Review>,
    controls: Vec<String>,
    audience: String,
    must_acknowledge: Vec<String>,
    acknowledged: Vec<String>,
    waivers: Vec<JsonWaiver<'d>>,
    gaps: Vec<JsonGap<'d>>,
}

#[derive(Serialize)]
struct JsonApproval {
    version: Option<String>,
    by: Option<String>,
    on: Option<String>,
    effective: Option<String>,
    of_this_text: bool,
    does_not_count: Vec<String>,
    /// The commit that wrote the entry, where git can tell it.
    recorded: Option<Recorded>,
}

#[derive(Serialize)]
struct Review {
    by: Option<String>,
    on: Option<String>,
    result: Option<String>,
}

/// Controls that name it.
fn controls(show: &Show<'_>, id: &str) -> Vec<String> {
    let names = |control: &&crate::model::Control| {
        control.policies.iter().any(|reference| document(&reference.value.0) == id)
    };
    show.program().controls.iter().filter(names).map(|control| control.id.to_string()).collect()
}

/// Who has to acknowledge it on the as-of day: the holders of its audience's role, else everybody who works here.
pub fn readers(judgement: &Judgement<'_>, policy: &Policy) -> Vec<String> {
    let program = judgement.program;
    let as_of = judgement.as_of;
    let audience = policy.head.audience.as_ref().map_or("everyone", |audience| audience.value.trim());
    if program.names.roles.contains_key(audience) {
        return people_of(program, audience, as_of);
    }
    let staff = program.registers.people.iter();
    let staff = staff.filter(|person| !people::is_bot(person) && people::employed(person, as_of));
    staff.map(|person| person.id.to_string()).collect()
}

/// Who has acknowledged the version in force, up to the as-of day.
pub(super) fn acknowledged(judgement: &Judgement<'_>, index: usize) -> Vec<String> {
    let program = judgement.program;
    let Some(policy) = program.policies.get(index) else { return Vec::new() };
    let approval = judgement.policies.get(index).and_then(|standing| standing.approval);
    let version = approval.and_then(|nth| policy.head.approvals.get(nth)?.version.as_ref());
    let Some(version) = version else { return Vec::new() };
    let rows = program.registers.acknowledgements.iter().filter(|row| {
        let same =
            row.policy.as_ref().is_some_and(|name| *document(&name.value.0) == *policy.head.id.value.0);
        let of_version = row.version.as_ref().is_some_and(|of| of.value.trim() == version.value.trim());
        let in_view = row.on.as_ref().is_some_and(|on| on.value <= judgement.as_of);
        same && of_version && in_view
    });
    let people = rows.filter_map(|row| program.registers.people.get(program.person(row.person.as_ref()?)?));
    let mut ids: Vec<String> = people.map(|person| person.id.to_string()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn audience(policy: &Policy) -> String {
    policy.head.audience.as_ref().map_or_else(|| "everyone".to_owned(), |audience| audience.value.to_string())
}

pub(super) fn json<'d>(show: &Show<'d>, index: usize) -> Json<'d> {
    let policy = show.program().policies.get(index);
    let id = policy.map_or_else(String::new, |policy| policy.head.id.to_string());
    let approvals = policy.map_or_else(Vec::new, |policy| {
        let one = |approval: &Approval| JsonApproval {
            version: approval.version.as_ref().map(|version| version.value.to_string()),
            by: approval.by.as_ref().map(|by| by.value.0.to_string()),
            on: approval.on.as_ref().map(|on| on.value.to_string()),
            effective: approval.effective.as_ref().map(|day| day.value.to_string()),
            of_this_text: is_of_this_text(policy, approval),
            does_not_count: approval::faults(show, policy, approval),
            recorded: clocks::of_approval(show.program(), approval),
        };
        policy.head.approvals.iter().map(one).collect()
    });
    let reviews = policy.into_iter().flat_map(|policy| &policy.head.reviews).map(|review| Review {
        by: review.by.as_ref().map(|by| by.value.0.to_string()),
        on: review.on.as_ref().map(|on| on.value.to_string()),
        result: review.result.as_ref().map(|result| result.value.to_string()),
    });
    let standing = show.judgement.policies.get(index);
    Json {
        policy: standing.map(|one| wire::policy(show.judgement, one)),
        text_sha256: policy.and_then(approval::text_hash),
        approval_line: policy.zip(standing).and_then(|(policy, standing)| approval::line(policy, standing)),
        approvals,
        reviews: reviews.collect(),
        controls: controls(show, &id),
        audience: policy.map_or_else(String::new, audience),
        must_acknowledge: policy.map_or_else(Vec::new, |policy| readers(show.judgement, policy)),
        acknowledged: acknowledged(show.judgement, index),
        waivers: waivers(show, &id),
        gaps: show.gaps("policy", &id).into_iter().map(wire::gap).collect(),
    }
}

pub(super) fn human(show: &Show<'_>, index: usize, page: &mut Page) {
    let (Some(policy), Some(standing)) =
        (show.program().policies.get(index), show.judgement.policies.get(index))
    else {
        return;
    };
    let id = policy.head.id.to_string();
    let title = policy.head.title.as_ref().map_or_else(String::new, |title| safe(title));
    page.hang_at(&format!("policy {id}: "), 4, Tone::Heading, &title);
    page.line(standing.state.name());
    why(page, "  ", &show.judgement.why_policy(standing));
    if let Some(owner) = &policy.head.owner {
        let people = people_of(show.program(), owner, show.judgement.as_of);
        let who = if people.is_empty() { "nobody".to_owned() } else { people.join(", ") };
        page.hang("  owner ", &format!("{}; on {}: {who}", safe(&owner.value.0), show.judgement.as_of));
    }
    if let Some(day) = standing.review_by {
        page.line(&format!("  next review by {day}"));
    }
    page.heading(&format!("Approvals: {}", policy.head.approvals.len()));
    for approval in &policy.head.approvals {
        page.hang("  ", &approval_words(policy, approval));
        page.hang("    ", &clocks::words(show.program(), &clocks::parts(approval)));
        for fault in approval::faults(show, policy, approval) {
            page.hang("    does not count: ", &fault);
        }
    }
    text(show, policy, standing, page);
    page.heading(&format!("Reviews: {}", policy.head.reviews.len()));
    for review in &policy.head.reviews {
        let by = review.by.as_ref().map_or_else(String::new, |by| safe(by));
        let on = review.on.as_ref().map_or_else(String::new, |on| on.to_string());
        let result = review.result.as_ref().map_or_else(String::new, |result| format!(": {}", safe(result)));
        page.hang("  ", &format!("{on} by {by}{result}"));
    }
    let ordered = controls(show, &id);
    page.heading(&format!("Controls it orders: {}", ordered.len()));
    page.hang("  ", &ordered.join(", "));
    let (must, have) = (readers(show.judgement, policy), acknowledged(show.judgement, index));
    let (done, missing): (Vec<String>, Vec<String>) = must.into_iter().partition(|id| have.contains(id));
    page.heading("Acknowledged");
    let of = done.len() + missing.len();
    page.hang("  ", &format!("the version in force by {} of {of} ({})", done.len(), safe(&audience(policy))));
    if !missing.is_empty() {
        page.hang("  not by ", &some(&missing, 20));
    }
    gaps_and_waivers(show, "policy", &id, page);
}

/// The hash that an approval of the text holds, and where nothing approves it the line that does.
fn text(show: &Show<'_>, policy: &Policy, standing: &PolicyStanding, page: &mut Page) {
    page.heading("Its text");
    let Some(hash) = approval::text_hash(policy) else {
        page.hang("  ", "cannot be filled in, so nobody can approve it; soc2 check says why");
        return;
    };
    page.line(&format!("  sha256 {hash}"));
    if let Some(line) = approval::line(policy, standing) {
        let file = safe(show.program().sources.path(policy.file));
        page.hang(
            "  ",
            &format!(
                "to approve it, add to `approvals:` in {file}, with who approved, when, and from when on:"
            ),
        );
        page.line(&format!("  {line}"));
    }
}

fn approval_words(policy: &Policy, approval: &Approval) -> String {
    let version =
        approval.version.as_ref().map_or_else(String::new, |version| format!("{}: ", safe(version)));
    let by = approval.by.as_ref().map_or_else(|| "nobody".to_owned(), |by| safe(by));
    let on = approval.on.as_ref().map_or_else(String::new, |on| format!(" on {on}"));
    let effective =
        approval.effective.as_ref().map_or_else(String::new, |day| format!(", in effect from {day}"));
    let text = if is_of_this_text(policy, approval) { "this text" } else { "another text" };
    format!("{version}{text}, by {by}{on}{effective}")
}
