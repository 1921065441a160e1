//! The policies: every version that was in force on a day of the window, who approved it, and where its text is.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::View;
use super::words::{holder, listed, person, plain, typed};
use crate::source::hex;
use crate::table::{Cell, Column, Table};
use crate::text::{count, some};
use crate::timeline::calendar::eve;
use crate::timeline::{Held, PolicyStanding, witness};

const COLUMNS: [Column; 16] = [
    Column::new("Policy", 26),
    Column::new("Title", 32),
    Column::new("Version", 9),
    Column::new("In force from", 11),
    Column::new("In force to", 11),
    Column::new("In force in the window from", 13),
    Column::new("Owner", 26),
    Column::new("Approved by", 20),
    Column::new("Approved on", 11),
    Column::new("Shown by", 26),
    Column::new("Controls that rest on it", 36),
    Column::new("Next review by", 11),
    Column::new("State now", 16),
    Column::new("Where its text is", 24),
    Column::new("SHA-256 of the text", 66),
    Column::new("Commit", 42),
];

/// A version of a policy that was in force on a day of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InForce {
    /// The policy and its approval, by index.
    pub policy: usize,
    pub approval: usize,
    /// First day in force, which may lie before the window.
    pub since: Date,
    /// Last day in force, where another version took its place in the window up to the judged day.
    pub until: Option<Date>,
    pub held: Held,
}

/// The versions of a policy in force on some day from `from` to `to`, oldest first.
pub fn in_force(view: &View<'_>, standing: &PolicyStanding) -> Vec<InForce> {
    let (from, to) = view.audit.days;
    let policy = view.program().policies.get(standing.policy);
    let approvals = policy.map_or(&[][..], |policy| &policy.head.approvals);
    let effective =
        approvals.iter().filter_map(|one| Some(one.effective.as_ref()?.value.max(one.on.as_ref()?.value)));
    let days: BTreeSet<Date> = effective.chain([from]).filter(|day| (from..=to).contains(day)).collect();
    let mut versions: Vec<InForce> = Vec::new();
    for day in days {
        let Some(text) = standing.text_on(day) else { continue };
        if let Some(last) = versions.last_mut() {
            if last.approval == text.approval {
                continue;
            }
            last.until = Some(eve(day));
        }
        let (policy, approval) = (standing.policy, text.approval);
        versions.push(InForce { policy, approval, since: text.since, until: None, held: text.held });
    }
    versions
}

/// The versions in force in the window, one row each.
pub fn policies(view: &View<'_>) -> Table {
    let mut table = view.judged("policies", "Policies in force", COLUMNS.to_vec());
    let index = super::index::Index::new(view);
    let mut without: Vec<String> = Vec::new();
    for standing in &view.judgement.policies {
        let Some(policy) = view.program().policies.get(standing.policy) else { continue };
        let versions = in_force(view, standing);
        if versions.is_empty() {
            without.push(policy.head.id.to_string());
        }
        for version in versions {
            table.rows.push(row(view, &index, standing, version));
        }
    }
    if !without.is_empty() && view.verdicts {
        table.notes.push(format!(
            "{} in force on no judged day and not listed: {}.",
            count(without.len(), "policy"),
            some(&without, 20)
        ));
    }
    table
}

fn row(
    view: &View<'_>,
    index: &super::index::Index<'_>,
    standing: &PolicyStanding,
    version: InForce,
) -> Vec<Cell> {
    let program = view.program();
    let Some(policy) = program.policies.get(version.policy) else { return Vec::new() };
    let Some(approval) = policy.head.approvals.get(version.approval) else { return Vec::new() };
    let head = &policy.head;
    let id = head.id.to_string();
    let to = view.places.policies.get(&(version.policy, version.approval)).map(String::as_str);
    let controls: Vec<String> =
        index.ordered_by(&id).iter().map(|control| view.judgement.control_name(*control)).collect();
    let (place, commit) = text_place(view, version, policy.file);
    let state = if view.verdicts { standing.state.name() } else { "" };
    vec![
        Cell::link(id, to),
        Cell::text(typed(head.title.as_ref())),
        Cell::text(typed(approval.version.as_ref())),
        Cell::Day(version.since),
        Cell::day(version.until),
        Cell::Day(version.since.max(view.audit.window.0)),
        Cell::text(
            head.owner.as_ref().map_or_else(String::new, |name| holder(program, &name.value.0, view.day())),
        ),
        Cell::text(approval.by.as_ref().map_or_else(String::new, |by| person(program, &by.value.0))),
        Cell::day(approval.on.as_ref().map(|on| on.value)),
        Cell::text(typed(approval.proof.as_ref())),
        Cell::text(listed(controls.iter().map(String::as_str))),
        Cell::day(standing.review_by.filter(|_| standing.approval == Some(version.approval))),
        Cell::text(state),
        Cell::text(plain(&place)),
        Cell::text(approval.text.as_ref().map_or_else(String::new, |text| hex(&text.value.0))),
        Cell::text(commit),
    ]
}

/// Where the text of a version is, in words, and the commit that holds it.
fn text_place(view: &View<'_>, version: InForce, file: crate::source::FileId) -> (String, String) {
    let history = &view.program().history;
    let path = view.program().sources.path(file);
    let id = |commit: Option<&crate::history::Commit>| {
        commit.map_or_else(String::new, |commit| commit.id.to_string())
    };
    match version.held {
        Held::Here => ("as it stands".to_owned(), id(history.last(path))),
        Held::InGit(commit) => ("an earlier text, kept in git".to_owned(), id(history.commit(commit))),
        Held::Nowhere => ("nowhere in git".to_owned(), String::new()),
        Held::Unknown => (format!("cannot be told: {}", witness::out_of_reach(history).0), String::new()),
    }
}
