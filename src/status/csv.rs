//! For spreadsheets: a row for each slot; a control without slots has one row with its own state. No cell can run as a
//! formula.

use super::wire::criteria_of;
use super::{Status, owner_id};
use crate::text::{cell, safe};
use crate::timeline::{ControlStanding, Slot};

const COLUMNS: [&str; 15] = [
    "control",
    "title",
    "owner",
    "criteria",
    "slot",
    "system",
    "from",
    "to",
    "due",
    "state",
    "performed_on",
    "evidence",
    "reason",
    "change",
    "control_state",
];

/// Every slot of the controls that are shown.
pub fn csv(status: &Status<'_>) -> String {
    let mut out = COLUMNS.join(",") + "\n";
    for control in &status.controls {
        let title = status.judgement.program.title(control.control);
        let own = [
            status.judgement.control_name(control.control),
            title.into_owned(),
            owner_id(status.judgement.program, control).unwrap_or_default(),
            criteria_of(status.judgement.program, control.control).join(" "),
        ];
        let mut start = String::new();
        cells(&mut start, own.iter().map(String::as_str));
        let state = control.operation.name();
        for slot in &control.slots {
            out.push_str(&start);
            let of_slot = slot_cells(status, control, slot);
            cells(&mut out, of_slot.iter().map(String::as_str).chain([state]));
            end(&mut out);
        }
        if control.slots.is_empty() {
            let why = status.judgement.why_control(status.audit, control);
            let change = why.change.unwrap_or_default();
            out.push_str(&start);
            cells(&mut out, ["", "", "", "", "", state, "", "", &why.because, &change, state].into_iter());
            end(&mut out);
        }
    }
    out
}

fn slot_cells(status: &Status<'_>, control: &ControlStanding, slot: &Slot) -> [String; 10] {
    let judgement = status.judgement;
    let why = judgement.why_slot(status.audit, control, slot);
    let (from, to) = slot.spell.days();
    let evidence: Vec<String> = why.evidence.iter().map(|index| judgement.evidence_name(*index)).collect();
    [
        slot.spell.name(),
        judgement.slot_system(control, slot).unwrap_or_default(),
        from.to_string(),
        to.to_string(),
        slot.due.to_string(),
        slot.state.name().to_owned(),
        slot.filled_by.map_or_else(String::new, |filler| filler.on.to_string()),
        evidence.join(" "),
        why.because,
        why.change.unwrap_or_default(),
    ]
}

/// Cells, each with a comma after it: harmless in a terminal and in a spreadsheet, quoted where they have to be.
fn cells<'c>(out: &mut String, cells: impl Iterator<Item = &'c str>) {
    for text in cells {
        let text = safe(text);
        let text = cell(&text);
        if text.contains([',', '"']) || text.starts_with(' ') || text.ends_with(' ') {
            out.push('"');
            out.push_str(&text.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&text);
        }
        out.push(',');
    }
}

/// Ends a row: no comma after its last cell.
fn end(out: &mut String) {
    out.pop();
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_cannot_run_and_cannot_break_its_row() {
        let mut out = String::new();
        cells(&mut out, ["=1+1", "a,b", "say \"x\"", "two\nlines", "-2", "@x", "plain"].into_iter());
        end(&mut out);
        assert_eq!(out, "'=1+1,\"a,b\",\"say \"\"x\"\"\",two\\u{a}lines,'-2,'@x,plain\n");
    }
}
