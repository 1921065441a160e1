//! Occurrences: each single performance of a control that a manifest shows.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::model::Evidence;
use crate::model::evidence::{Occurrences, Outcome};
use crate::program::EvidenceFolder;
use crate::source::Location;

/// One performance of a control.
#[derive(Clone, Copy, Debug)]
pub struct Occurrence<'p> {
    /// The local day.
    pub on: Date,
    /// Who performed it, as typed.
    pub by: Option<&'p str>,
    /// The slot it names.
    pub slot: Option<&'p str>,
    /// The item of the population.
    pub item: Option<&'p str>,
    /// The system it alone speaks of; else the manifest's artefacts say.
    pub system: Option<&'p str>,
    pub outcome: Option<Outcome>,
    /// Where its date was typed.
    pub at: Location,
}

/// Every performance that a manifest shows, as they stand in it.
pub fn occurrences<'p>(folder: &'p EvidenceFolder, zone: &TimeZone) -> Vec<Occurrence<'p>> {
    first_of(folder, zone, usize::MAX)
}

/// The same, no more than so many rows of a log.
pub(super) fn first_of<'p>(folder: &'p EvidenceFolder, zone: &TimeZone, most: usize) -> Vec<Occurrence<'p>> {
    let manifest = &*folder.manifest;
    let performed = manifest.performed.as_ref();
    let performer = performed.and_then(|performed| performed.by.as_ref()).map(|by| &*by.value.0);
    let slot = manifest.slot.as_ref().map(|slot| &*slot.value);
    let outcome = manifest.result.as_ref().and_then(|result| result.outcome.as_ref()).map(|o| o.value);
    match manifest.occurrences.as_deref() {
        Some(Occurrences::Listed(list)) => list
            .iter()
            .filter_map(|one| {
                let on = one.on.as_ref()?;
                Some(Occurrence {
                    on: on.value,
                    by: one.by.as_ref().map(|by| &*by.value.0).or(performer),
                    slot: one.slot.as_ref().map(|slot| &*slot.value).or(slot),
                    item: one.item.as_ref().map(|item| &*item.value),
                    system: one.system.as_ref().map(|system| &*system.value.0),
                    outcome: one.outcome.as_ref().map(|o| o.value).or(outcome),
                    at: on.at,
                })
            })
            .collect(),
        Some(Occurrences::Log(log)) => {
            let rows = folder.tables.iter().zip(&manifest.artifacts).find(|(_, artifact)| {
                let path = artifact.path.as_ref().map(|path| &*path.value);
                path.is_some() && path == log.artifact.as_ref().map(|name| &*name.value)
            });
            let rows = rows.and_then(|(table, _)| table.as_deref()).map_or(&[][..], |table| &table.dated);
            rows.iter()
                .take(most)
                .map(|(on, item)| Occurrence {
                    on: *on,
                    by: performer,
                    slot: None,
                    item: (!item.is_empty()).then_some(&**item),
                    system: None,
                    outcome,
                    at: log.place,
                })
                .collect()
        }
        None => {
            let on = performed.and_then(|performed| match (&performed.at, &performed.on) {
                (Some(at), _) => Some((zone.to_datetime(at.value).date(), at.at)),
                (None, Some(on)) => Some((on.value, on.at)),
                _ => None,
            });
            let one = on.map(|(on, at)| Occurrence {
                on,
                by: performer,
                slot,
                item: None,
                system: None,
                outcome,
                at,
            });
            one.into_iter().collect()
        }
    }
}

/// Is each row of the manifest's log an occurrence of its own?
pub fn is_log(manifest: &Evidence) -> bool {
    matches!(manifest.occurrences.as_deref(), Some(Occurrences::Log(_)))
}

/// The systems that the manifest's artefacts show, each once.
pub fn systems(manifest: &Evidence) -> Vec<&str> {
    let named = manifest.artifacts.iter().filter_map(|artifact| artifact.system.as_ref());
    let mut systems: Vec<&str> = named.map(|system| &*system.value.0).collect();
    systems.sort_unstable();
    systems.dedup();
    systems
}

/// Does the manifest name items one by one?
pub(super) fn has_items(manifest: &Evidence) -> bool {
    match manifest.occurrences.as_deref() {
        Some(Occurrences::Listed(list)) => list.iter().any(|one| one.item.is_some()),
        Some(Occurrences::Log(_)) => true,
        None => false,
    }
}
