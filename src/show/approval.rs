//! Approvals of a policy: what keeps one from counting for the text as it stands, and the line for a new one.

use super::Show;
use crate::model::Policy;
use crate::model::policy::Approval;
use crate::source::hex;
use crate::text::{list, safe};
use crate::timeline::{PolicyStanding, PolicyState, people};

/// Is it the text as it stands that was approved?
pub(super) fn is_of_this_text(policy: &Policy, approval: &Approval) -> bool {
    policy.body.sha256.is_some() && approval.text.as_ref().map(|text| text.value) == policy.body.sha256
}

/// SHA-256 of the rendered text; `None` when it cannot be rendered.
pub(super) fn text_hash(policy: &Policy) -> Option<String> {
    policy.body.sha256.as_ref().map(|hash| hex(&hash.0))
}

/// The entry that approves the text as it stands, for people to fill in; `None` where one holds or none can be given.
pub(super) fn line(policy: &Policy, standing: &PolicyStanding) -> Option<String> {
    if !matches!(standing.state, PolicyState::Draft | PolicyState::Changed) {
        return None;
    }
    let (version, text) = (next_version(policy), text_hash(policy)?);
    Some(format!("- {{ version: \"{version}\", by: PERSON, on: DATE, effective: DATE, text: \"{text}\" }}"))
}

/// The version after the last one that was approved: `1.0` where there is none, `VERSION` where it does not count up.
fn next_version(policy: &Policy) -> String {
    let Some(last) = policy.head.approvals.iter().rev().find_map(|approval| approval.version.as_ref()) else {
        return "1.0".to_owned();
    };
    let last = last.value.trim();
    let plain = last.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
    let (major, minor) = last.rsplit_once('.').map_or(("", last), |(major, minor)| (major, minor));
    match minor.parse::<u32>().ok().and_then(|n| n.checked_add(1)).filter(|_| plain) {
        Some(next) if major.is_empty() => next.to_string(),
        Some(next) => format!("{major}.{next}"),
        None => "VERSION".to_owned(),
    }
}

/// Why an approval does not count for the text as it stands, in clauses; none when it does.
pub(super) fn faults(show: &Show<'_>, policy: &Policy, approval: &Approval) -> Vec<String> {
    let mut faults = Vec::new();
    let keys = [
        ("by", approval.by.is_none()),
        ("on", approval.on.is_none()),
        ("effective", approval.effective.is_none()),
        ("text", approval.text.is_none()),
    ];
    let missing: Vec<&str> = keys.iter().filter(|(_, missing)| *missing).map(|(key, _)| *key).collect();
    if !missing.is_empty() {
        faults.push(format!("it has no {} that can be read", list(&missing, "and")));
    } else if !approval.misread.nothing() {
        faults.push("a key of it cannot be read; soc2 check names it".to_owned());
    }
    faults.extend(approver(show, approval));
    let (as_of, on) = (show.judgement.as_of, approval.on.as_ref().map(|on| on.value));
    if on.is_some_and(|on| on > as_of) {
        faults.push(format!("its day is after {as_of}"));
    }
    if approval.text.is_some() && policy.body.sha256.is_some() && !is_of_this_text(policy, approval) {
        faults.push("it approves another text than the one that stands here".to_owned());
    }
    faults
}

/// What is wrong with who approved.
fn approver(show: &Show<'_>, approval: &Approval) -> Option<String> {
    let program = show.program();
    let by = approval.by.as_ref()?;
    let name = safe(by);
    let Some(person) = program.person(by).and_then(|index| program.registers.people.get(index)) else {
        return Some(format!("`{name}` is not in the people register"));
    };
    if people::is_bot(person) {
        return Some(format!("`{name}` is a bot"));
    }
    let on = approval.on.as_ref()?.value;
    (!people::employed(person, on)).then(|| format!("`{name}` did not work here on {on}"))
}
