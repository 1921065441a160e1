//! Deviations: each row of the exceptions register about a control, whole.

use serde::Serialize;

use super::control::act;
use super::facts::Fact;
use super::lookup::Lookup;
use crate::model::registers::{Exception, Remediation};
use crate::model::{Control, Text};

/// A row of the register.
#[derive(Serialize)]
pub(super) struct Recorded {
    id: String,
    /// The register's path.
    register: String,
    facts: Vec<Fact>,
}

/// Every row about the control, in the register's order.
pub(super) fn view(lookup: &Lookup<'_>, control: &Control) -> Vec<Recorded> {
    let one = |row: &Exception| Recorded {
        id: row.id.value.0.to_string(),
        register: lookup.program.sources.path(row.id.at.file).to_owned(),
        facts: facts(lookup, row),
    };
    lookup.exceptions(control).map(one).collect()
}

fn facts(lookup: &Lookup<'_>, row: &Exception) -> Vec<Fact> {
    let told = |text: &Option<Text>| {
        text.as_ref().map_or_else(|| "not recorded".to_owned(), |text| text.value.trim().to_owned())
    };
    let about = [
        ("Slot", row.slot.as_ref().map(|slot| slot.value.to_string())),
        ("Item", row.item.as_ref().map(|item| item.value.to_string())),
        ("System", row.system.as_ref().map(|system| system.value.0.to_string())),
    ];
    let found = row.found.as_ref().map_or_else(|| "not recorded".to_owned(), |found| act(lookup, found));
    let owner = row.owner.as_ref().map(|owner| lookup.named(&owner.value.0));
    let mended = row.remediated.as_ref().map(|mended| remediated(lookup, mended));
    let mut facts = vec![Fact::new("Found", found)];
    facts.extend(about.into_iter().filter_map(|(name, text)| Some(Fact::new(name, text?))));
    facts.extend([
        Fact::new("Cause", told(&row.cause)),
        Fact::new("Effect", told(&row.effect)),
        Fact::new("Remediated", mended.unwrap_or_else(|| "not yet".to_owned())),
        Fact::new("Management's response", told(&row.response)),
        Fact::new("Owner", owner.unwrap_or_else(|| "nobody is named".to_owned())),
    ]);
    facts
}

fn remediated(lookup: &Lookup<'_>, mended: &Remediation) -> String {
    let on = mended.on.as_ref().map_or_else(|| "on no date".to_owned(), |on| format!("on {}", on.value));
    let by = mended.by.as_ref().map(|by| format!(" by {}", lookup.who(&by.value.0))).unwrap_or_default();
    let what = mended.what.as_ref().map(|what| format!(": {}", what.value.trim())).unwrap_or_default();
    format!("{on}{by}{what}")
}
