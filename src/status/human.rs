//! For people at a terminal: the bars, what needs eyes, the tables, what to do next.

use std::collections::{BTreeMap, BTreeSet};

use super::strip::{Strip, used};
use super::{Concern, OWN_VIEW, OpenSlots, Status};
use crate::diagnostic::Level;
use crate::layout::{Page, Tone, bar, percent};
use crate::text::{clip, count, safe, some};
use crate::timeline::{ControlStanding, Operation, Reason, Remark, Slot, SlotCount, SlotState, Support};
use crate::ui::Ui;

/// Entries of a list unless all are asked for.
const MOST: usize = 12;

/// Cells of a bar.
const CELLS: usize = 18;

/// The whole standing as text.
pub fn human(status: &Status<'_>, ui: Ui) -> String {
    let mut page = Page::new(ui.columns.unwrap_or(80), ui.colour);
    heading(status, &mut page);
    bars(status, &mut page);
    concerns(status, &mut page);
    design(status, &mut page);
    remarks(status, &mut page);
    open(status, &mut page);
    criteria(status, &mut page);
    series(status, &mut page);
    owners(status, &mut page);
    controls(status, &mut page);
    waived(status, &mut page);
    if ui.verbosity >= 0 {
        steps(status, &mut page);
    }
    page.finish()
}

fn heading(status: &Status<'_>, page: &mut Page) {
    let names = status.names();
    if !names.is_empty() {
        page.hang_at("", 0, Tone::Heading, &names);
    }
    let phase = status.phase();
    let audit = status.audit_words();
    page.hang("", &if phase.is_empty() { audit } else { format!("{audit}: {phase}") });
    let (as_of, version) = (status.judgement.as_of, env!("CARGO_PKG_VERSION"));
    page.hang("", &format!("as of {as_of}, {}, soc2 {version}", safe(status.read)));
    page.hang("", OWN_VIEW);
    if !status.narrowed.is_empty() {
        page.hang("", &format!("lists and tables: only controls {}", status.narrowed.join(" and ")));
    }
    let faults = status.report.count(Level::Deny);
    if faults > 0 {
        page.hang(
            "",
            &format!(
                "{} in the files: soc2 check; what rests on them is not judged well",
                count(faults, "fault")
            ),
        );
    }
    let unread = &status.judgement.program.unread;
    if !unread.is_empty() {
        let paths: Vec<String> =
            unread.iter().map(|file| safe(status.judgement.program.sources.path(*file))).collect();
        page.hang(
            "",
            &format!("not judged: what rests on {}, which could not be read whole", some(&paths, 4)),
        );
    }
}

fn bars(status: &Status<'_>, page: &mut Page) {
    page.line("");
    let (in_force, policies) = status.policies();
    one_bar(page, "Policies in force", in_force, policies, "no policies yet", &status.policy_words());
    let slots = SlotCount::of(&status.audit.controls);
    one_bar(page, "Due slots evidenced", slots.evidenced, slots.due, "nothing due yet", &status.slot_words());
    let (supported, judged) = (status.audit.supported(Support::Supported), status.audit.judged());
    let words = status.criterion_words();
    one_bar(page, "Criteria supported", supported, judged, "no criteria in scope", &words);
}

fn one_bar(page: &mut Page, name: &str, some: usize, all: usize, none: &str, words: &str) {
    let count = match percent(some, all) {
        Some(percent) => format!("{some} of {all} ({percent} %)"),
        None => none.to_owned(),
    };
    let lead = format!("{name:<20}  {}  ", bar(some, all, CELLS));
    let together = format!("{count}; {words}");
    if words.is_empty() || page.fits(lead.chars().count(), &together) {
        page.line(&format!("{lead}{}", if words.is_empty() { count } else { together }));
    } else {
        page.line(&format!("{lead}{count}"));
        page.hang(&" ".repeat(22), words);
    }
}

/// The word of a state in its tone.
fn tone(state: SlotState) -> Tone {
    match state {
        SlotState::OnTime => Tone::Good,
        state if state.is_settled() && state < SlotState::Unknown => Tone::Doubtful,
        state if state.is_settled() => Tone::Bad,
        _ => Tone::Plain,
    }
}

/// How many of a list are shown.
fn most(status: &Status<'_>) -> usize {
    if status.all { usize::MAX } else { MOST }
}

/// Says how many are left out.
fn more(page: &mut Page, left: usize, what: &str) {
    if left > 0 {
        page.line(&format!("  and {} more {what}: soc2 status --all", left));
    }
}

fn concerns(status: &Status<'_>, page: &mut Page) {
    let all = status.concerns();
    let mut rest = all.as_slice();
    while let Some(first) = rest.first() {
        let (group, others) = rest.split_at(rest.partition_point(|one| one.state == first.state));
        rest = others;
        let slots = group.iter().map(|concern| concern.slots.len()).sum();
        page.heading(&format!("{}: {}", first.state.name(), count(slots, "slot")));
        let shown: Vec<(&Concern<'_>, Vec<(String, Reason)>)> =
            group.iter().take(most(status)).map(|concern| (concern, reasons(status, concern))).collect();
        let changes: BTreeSet<&Option<String>> =
            shown.iter().flat_map(|(_, reasons)| reasons.iter().map(|(_, reason)| &reason.change)).collect();
        // What is the same for all is said once.
        let common = changes.first().filter(|_| changes.len() == 1 && shown.len() > 1);
        if let Some(change) = common.and_then(|change| change.as_ref()) {
            page.hang("  change: ", change);
        }
        for (concern, reasons) in &shown {
            one_concern(status, concern, reasons, common.is_none(), page);
        }
        more(page, group.len().saturating_sub(most(status)), "controls");
    }
}

/// Slots and why they have their state: of the first slot, or where all are asked for of each that has another reason.
fn reasons(status: &Status<'_>, concern: &Concern<'_>) -> Vec<(String, Reason)> {
    let judgement = status.judgement;
    let one = |slot: &&Slot| {
        let name = judgement.slot_name(concern.control, slot);
        (name, judgement.why_slot(status.audit, concern.control, slot))
    };
    let most = if status.all { concern.slots.len() } else { 1 };
    let mut kept: Vec<(String, Reason)> = Vec::new();
    for (name, reason) in concern.slots.iter().take(most).map(one) {
        if kept.last().is_none_or(|(_, last)| last.because != reason.because) {
            kept.push((name, reason));
        }
    }
    kept
}

fn one_concern(
    status: &Status<'_>,
    concern: &Concern<'_>,
    reasons: &[(String, Reason)],
    with_change: bool,
    page: &mut Page,
) {
    let judgement = status.judgement;
    let names = concern.slots.iter().map(|slot| judgement.slot_name(concern.control, slot));
    let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
    let lead = format!("  {}  ", judgement.control_name(concern.control.control));
    page.hang_at(&lead, 6, tone(concern.state), &some(&names, if status.all { usize::MAX } else { 4 }));
    for (name, reason) in reasons {
        match concern.slots.len() {
            1 => page.hang("      why: ", &reason.because),
            _ => page.hang("      why: ", format!("{name}: {}", reason.because).trim_start_matches(": ")),
        }
        if let Some(change) = reason.change.as_ref().filter(|_| with_change) {
            page.hang("      change: ", change);
        }
    }
}

fn design(status: &Status<'_>, page: &mut Page) {
    let deficient: Vec<&&ControlStanding> =
        status.controls.iter().filter(|control| !control.design.is_empty()).collect();
    if deficient.is_empty() {
        return;
    }
    page.heading(&format!("Design deficient: {}", count(deficient.len(), "control")));
    for control in deficient.iter().take(most(status)) {
        let words: Vec<String> = control.design.iter().map(crate::timeline::DesignFault::words).collect();
        let id = status.judgement.control_name(control.control);
        page.hang_at(&format!("  {id}  "), 6, Tone::Plain, &words.join("; "));
        if let Some(fault) = control.design.first() {
            page.hang("      change: ", fault.mend());
        }
    }
    more(page, deficient.len().saturating_sub(most(status)), "controls");
}

fn remarks(status: &Status<'_>, page: &mut Page) {
    let all = status.remarks();
    let results = all.partition_point(|(_, remark)| matches!(remark, Remark::ResultOpen { .. }));
    let (results, others) = all.split_at(results);
    for (title, what, list) in [("Results open", "results", results), ("Remarks", "remarks", others)] {
        if list.is_empty() {
            continue;
        }
        page.heading(&format!("{title}: {}", list.len()));
        for (control, remark) in list.iter().take(most(status)) {
            let why = status.judgement.why_remark(control, remark);
            let id = status.judgement.control_name(control.control);
            page.hang_at(&format!("  {id}  "), 6, Tone::Plain, &why.because);
            if let Some(change) = &why.change {
                page.hang("      change: ", change);
            }
        }
        more(page, list.len().saturating_sub(most(status)), what);
    }
}

fn open(status: &Status<'_>, page: &mut Page) {
    let open = status.open();
    if open.is_empty() {
        return;
    }
    page.heading(&format!("Open, the next first: {}", count(open.iter().map(|one| one.slots).sum(), "slot")));
    let row = |one: &OpenSlots<'_>| {
        let ends = one.next.iter().map(|slot| slot.by()).min().unwrap_or(one.due);
        let id = clip(&status.judgement.control_name(one.control.control), 30);
        vec![ends.to_string(), one.due.to_string(), one.slots.to_string(), id, status.next_slots(one)]
    };
    let rows: Vec<Vec<String>> = open.iter().take(most(status)).map(row).collect();
    let head = ["ends", "grace ends", "open", "control", "next"];
    page.table(&head, &[false, false, true, false, false], &rows);
    more(page, open.len().saturating_sub(rows.len()), "controls");
}

fn criteria(status: &Status<'_>, page: &mut Page) {
    for (support, title) in [(Support::NotSupported, "Not supported"), (Support::AtRisk, "At risk")] {
        let mut groups: Vec<(Vec<String>, String, Option<String>)> = Vec::new();
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        let mut n = 0;
        for criterion in status.criteria.iter().filter(|criterion| criterion.support == support) {
            n += 1;
            let name = safe(&status.judgement.program.criterion_name(criterion.id));
            let reasons = status.judgement.why_criterion(status.audit, criterion);
            let Some(first) = reasons.first() else { continue };
            let words = match reasons.len() {
                1 => first.because.clone(),
                n => format!("{} (and {} more)", first.because, n - 1),
            };
            let next = groups.len();
            let nth = *known.entry(words.clone()).or_insert(next);
            match groups.get_mut(nth) {
                Some((names, ..)) => names.push(name),
                None => groups.push((vec![name], words, first.change.clone())),
            }
        }
        if n == 0 {
            continue;
        }
        page.heading(&format!("{title}: {}", count(n, "criterion")));
        for (names, words, change) in groups.iter().take(most(status)) {
            page.hang("  ", &names.join(" "));
            page.hang("      why: ", words);
            if let Some(change) = change {
                page.hang("      change: ", change);
            }
        }
        more(page, groups.len().saturating_sub(most(status)), "reasons");
    }
}

fn series(status: &Status<'_>, page: &mut Page) {
    let all = status.series();
    if all.is_empty() {
        return;
    }
    page.heading("Criteria by series");
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|one| {
            let counts =
                [one.criteria, one.supported, one.at_risk, one.not_supported, one.planned, one.carved_out];
            let counts = counts.iter().map(ToString::to_string);
            [safe(&one.id)].into_iter().chain(counts).collect()
        })
        .collect();
    let head = ["series", "criteria", "supported", "at risk", "not supported", "planned only", "carved out"];
    page.table(&head, &[false, true, true, true, true, true, true], &rows);
}

fn owners(status: &Status<'_>, page: &mut Page) {
    let all = status.owners();
    if all.is_empty() {
        return;
    }
    page.heading("Controls by owner");
    let rows: Vec<Vec<String>> = all
        .iter()
        .take(most(status))
        .map(|one| {
            let slots = one.slots;
            let counts = [one.controls, slots.due, slots.evidenced, slots.late, slots.lacking, slots.open];
            let who = match (&one.id, one.people.is_empty()) {
                (None, _) => String::new(),
                (Some(_), true) => "nobody".to_owned(),
                (Some(_), false) => some(&one.people, 3),
            };
            let name = one.id.clone().unwrap_or_else(|| "no owner".to_owned());
            let counts = counts.iter().map(ToString::to_string);
            [clip(&name, 30)].into_iter().chain(counts).chain([who]).collect()
        })
        .collect();
    let head = ["owner", "controls", "due", "evidenced", "late", "lacking", "open", "who"];
    page.table(&head, &[false, true, true, true, true, true, true, false], &rows);
    more(page, all.len().saturating_sub(rows.len()), "owners");
}

/// Does somebody have to look at the control?
pub(super) fn needs_eyes(control: &ControlStanding) -> bool {
    let open = control.remarks.iter().any(|remark| matches!(remark, Remark::ResultOpen { .. }));
    control.operation.is_bad() || control.operation.is_at_risk() || !control.design.is_empty() || open
}

fn controls(status: &Status<'_>, page: &mut Page) {
    let mut by_state: BTreeMap<Operation, usize> = BTreeMap::new();
    for control in &status.controls {
        *by_state.entry(control.operation).or_default() += 1;
    }
    page.heading(&format!("Controls: {}", status.controls.len()));
    let words: Vec<String> =
        by_state.iter().map(|(operation, n)| format!("{n} {}", operation.name())).collect();
    page.hang("  ", &words.join(", "));
    let listed: Vec<&&ControlStanding> =
        status.controls.iter().filter(|control| status.all || needs_eyes(control)).collect();
    if listed.is_empty() {
        return;
    }
    let strip = Strip::of(status.audit);
    // State, counts and strip take the rest of the line.
    let ids = page.room(strip.cells.len() + 42).max(20);
    let rows: Vec<Vec<String>> = listed
        .iter()
        .take(if status.all { usize::MAX } else { 3 * MOST })
        .map(|control| {
            let slots = SlotCount::of([**control]);
            let id = clip(&status.judgement.control_name(control.control), ids);
            let due = format!("{}/{}", slots.evidenced, slots.due);
            vec![id, control.operation.name().to_owned(), due, slots.open.to_string(), strip.letters(control)]
        })
        .collect();
    let cells = match (strip.cells.first(), strip.cells.last()) {
        (Some(first), Some(last)) => format!("{} to {}, one letter a {}", first.0, last.1, strip.unit),
        _ => String::new(),
    };
    if !cells.is_empty() {
        let letters = used(rows.iter().filter_map(|row| row.last()).map(String::as_str));
        page.hang("  strip: ", &format!("{cells}: {letters}"));
    }
    page.table(&["control", "state", "of due", "open", "strip"], &[false, false, true, true, false], &rows);
    more(page, listed.len().saturating_sub(rows.len()), "that need eyes");
    let quiet = status.controls.len() - listed.len();
    if quiet > 0 {
        page.line(&format!("  {} without anything to look at: soc2 status --all", count(quiet, "control")));
    }
}

fn waived(status: &Status<'_>, page: &mut Page) {
    let all = status.waived();
    if all.is_empty() {
        return;
    }
    page.heading(&format!("Let through by waivers, which change no state: {}", count(all.len(), "gap")));
    for one in all.iter().take(most(status)) {
        let words = waiver_words(one);
        page.hang_at("  ", 6, Tone::Plain, &words);
        page.hang(
            "      hides: ",
            &format!("{} ({}, {})", one.gap.message, one.gap.rule, one.gap.class.name()),
        );
    }
    more(page, all.len().saturating_sub(most(status)), "gaps");
}

/// `ceo-retires: approved by bob on 2026-01-02, expires 2026-12-31`.
pub(super) fn waiver_words(one: &super::Waived<'_>) -> String {
    let id = safe(one.gap.waiver.as_deref().unwrap_or(""));
    let Some(waiver) = one.waiver else { return id };
    let act = waiver.approved.as_ref();
    let by = act.and_then(|act| act.by.as_ref()).map_or_else(String::new, |by| safe(by));
    let on = act.and_then(|act| act.on.as_ref()).map_or_else(String::new, |on| format!(" on {on}"));
    let expires = waiver.expires.as_ref().map_or_else(String::new, |day| format!(", expires {day}"));
    format!("{id}: approved by {by}{on}{expires}")
}

fn steps(status: &Status<'_>, page: &mut Page) {
    if status.first_steps().is_empty() {
        return;
    }
    page.heading("Do next");
    for (nth, step) in status.first_steps().iter().enumerate() {
        page.hang(&format!("  {}  ", nth + 1), &step.what);
        page.hang("     why: ", &step.why);
        page.hang("     type: ", &step.command);
    }
}
