//! All policies in a table: state, version, in force since, next review, acknowledged by how many of how many.

use super::policy::{acknowledged, readers};
use crate::layout::Page;
use crate::text::{count, safe};
use crate::timeline::Judgement;
use crate::ui::Ui;

/// The policies by id, as text for a terminal.
pub fn policies(judgement: &Judgement<'_>, read: &str, ui: Ui) -> String {
    let mut rows = Vec::new();
    for standing in &judgement.policies {
        let Some(policy) = judgement.program.policies.get(standing.policy) else { continue };
        let approval = standing.approval.and_then(|nth| policy.head.approvals.get(nth));
        let version = approval.and_then(|approval| approval.version.as_ref());
        let (must, have) = (readers(judgement, policy), acknowledged(judgement, standing.policy));
        let done = must.iter().filter(|id| have.binary_search(id).is_ok()).count();
        let given = if approval.is_some() { format!("{done} of {}", must.len()) } else { String::new() };
        rows.push(vec![
            safe(&policy.head.id.value.0),
            standing.state.name().to_owned(),
            version.map_or_else(String::new, |version| safe(version.value.trim())),
            standing.since.map_or_else(String::new, |day| day.to_string()),
            standing.review_by.map_or_else(String::new, |day| day.to_string()),
            given,
        ]);
    }
    rows.sort();
    let mut page = Page::new(ui.width, ui.colour);
    page.heading(&format!("{} as of {} ({read})", count(rows.len(), "policy"), judgement.as_of));
    if !rows.is_empty() {
        let head = ["policy", "state", "version", "in force since", "review by", "acknowledged"];
        page.table(&head, &[false, false, false, false, false, true], &rows);
    }
    page.finish()
}
