//! What the states in this bundle mean: of a slot, of a control, of a criterion; those that occur in it.

use std::collections::BTreeSet;

use super::markup::Markup;
use super::{Ground, Place};
use crate::render::words;
use crate::timeline::{Operation, SlotState, Support};

/// A table of the states that are shown; a control takes over the worst settled state of its slots.
pub(super) fn states(ground: &Ground<'_>, place: &Place, text: &mut Markup) {
    let shown: Vec<_> = place.controls.keys().filter_map(|index| ground.audit.controls.get(*index)).collect();
    let slots: BTreeSet<SlotState> =
        shown.iter().flat_map(|control| &control.slots).map(|slot| slot.state).collect();
    let controls: BTreeSet<Operation> = shown.iter().map(|control| control.operation).collect();
    let criteria: BTreeSet<Support> =
        ground.audit.criteria.iter().map(|criterion| criterion.support).collect();
    let row = |of: &str, name: &str, meaning: &str| vec![of.to_owned(), words(name), words(meaning)];
    let mut rows: Vec<Vec<String>> = Vec::new();
    let used = SlotState::MEANINGS.iter().filter(|(state, _)| slots.contains(state));
    rows.extend(used.map(|(state, meaning)| row("slot", state.name(), meaning)));
    let used = Operation::MEANINGS.iter().filter(|(state, _)| controls.contains(state));
    rows.extend(used.map(|(state, meaning)| row("control", state.name(), meaning)));
    let used = Support::MEANINGS.iter().filter(|(state, _)| criteria.contains(state));
    rows.extend(used.map(|(state, meaning)| row("criterion", state.name(), meaning)));
    text.heading("What the states mean");
    text.paragraph(
        "A slot is one expected performance of a control. A control has the worst state of its slots that is settled, so \
         a control is not-due while all its slots are open. Management's own view in all of them.",
    );
    text.table(&["Of a", "State", "What it means"], &rows);
}
