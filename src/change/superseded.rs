//! Evidence that takes the place of other evidence: from then on the old one fills nothing and leaves nothing open, so what it
//! said and no longer counts is told as if it had been written over.

use std::collections::{BTreeMap, BTreeSet};

use super::found::Found;
use super::wording::{quoted, shown};
use super::{evidence, outcomes};
use crate::gap::Subject;
use crate::model::Evidence;
use crate::program::EvidenceFolder;

type Folders<'f, 'p> = BTreeMap<&'p str, &'f EvidenceFolder>;

/// Tells what new entries of `supersedes` take out of the count.
pub(super) fn compare<'p>(found: &mut Found<'p>, before: &Folders<'p, 'p>, after: &Folders<'p, 'p>) {
    for (id, folder) in after {
        let known: BTreeSet<&str> = before
            .get(id)
            .map_or(&[][..], |was| &was.manifest.supersedes)
            .iter()
            .map(|name| &*name.value.0)
            .collect();
        let fresh = folder.manifest.supersedes.iter().map(|name| &*name.value.0);
        for name in fresh.filter(|name| !known.contains(name) && name != id) {
            if let Some(was) = before.get(name) {
                one(found, (name, &was.manifest), (id, &folder.manifest));
            }
        }
    }
}

fn one(found: &mut Found<'_>, (old_id, old): (&str, &Evidence), (new_id, new): (&str, &Evidence)) {
    let subject = || Subject::new("evidence", new_id);
    let takes = format!("{} takes the place of {}", quoted(new_id), quoted(old_id));
    if let Some((was, is, at)) = outcomes::better(old, new) {
        let message = format!("{takes}, which said {was}, and says {is}");
        let help = "leave the result standing; what was mended since is told by evidence that follows it up";
        found.now(&outcomes::IMPROVED, subject(), at.unwrap_or(new.place), message).help(help);
    }
    let day = |manifest: &Evidence| {
        let performed = manifest.performed.as_ref()?;
        Some(match (&performed.on, &performed.at) {
            (None, Some(at)) => shown(Some(at)),
            (on, _) => shown(on.as_ref()),
        })
    };
    let (was, is) = (day(old), day(new));
    if was != is && !new.misread.holds("performed") {
        let said = |day: Option<String>| day.unwrap_or_else(|| "several days".to_owned());
        let message = format!("{takes}, performed on {}, and says {}", said(was), said(is));
        found.now(&evidence::DATE_CORRECTED, subject(), new.place, message);
    }
}
