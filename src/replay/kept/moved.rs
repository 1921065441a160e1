//! What the files of a stop touch: whose verdicts they can move, and what is looked for anew because of them.

use super::super::past::{Leg, is_of_controls};
use super::Walk;
use crate::program::Filed;
use crate::trend::{Changed, How};

/// What moved at a stop.
#[derive(Default)]
pub(super) struct Moved {
    /// Something that every control may rest on.
    pub(super) all: bool,
    pub(super) groups: Vec<u32>,
    /// Files of controls.
    pub(super) controls: Vec<usize>,
    pub(super) files: Vec<Changed>,
}

impl Walk<'_> {
    /// Takes a stop's files over and says what they touch.
    pub(super) fn moved(&mut self, leg: &Leg) -> Moved {
        let mut moved = Moved::default();
        let named: Vec<Vec<Box<str>>> = leg.moves.iter().map(|one| self.named(one.file)).collect();
        let was: Vec<bool> = leg.moves.iter().map(|one| self.version(one.file).is_some()).collect();
        self.step(leg);
        for ((one, mut controls), was) in leg.moves.iter().zip(named).zip(was) {
            let Some(path) = self.past.paths.get(one.file) else { continue };
            match self.past.group_of.get(one.file).copied().flatten() {
                Some(group) => {
                    moved.groups.push(group);
                    self.forget_around(one.file, group, was != one.version.is_some());
                }
                None if is_of_controls(path) => moved.controls.push(one.file),
                None => moved.all = true,
            }
            controls.extend(self.named(one.file));
            controls.sort_unstable();
            controls.dedup();
            let how = match (was, one.version) {
                (_, None) => How::Removed,
                (true, _) => How::Changed,
                (false, _) => How::Added,
            };
            moved.files.push(Changed { path: path.clone(), how, controls });
        }
        let of_evidence = moved.groups.len();
        // Whose controls a file holds or held.
        for file in &moved.controls {
            let versions = self.past.versions.get(*file).into_iter().flatten();
            for written in versions.filter_map(|version| version.written.as_ref()) {
                moved.all |= written.unread;
                moved.groups.extend(written.controls.iter().filter_map(|one| self.group(&one.id.value.0)));
            }
        }
        // What these manifests name may be there now, or be gone.
        for group in moved.groups.iter().skip(of_evidence) {
            self.forget(*group, |_| true);
        }
        moved.groups.sort_unstable();
        moved.groups.dedup();
        moved
    }

    fn group(&self, name: &str) -> Option<u32> {
        self.past.groups.find(name)
    }

    /// The controls that the manifest of a file of evidence names.
    fn named(&self, file: usize) -> Vec<Box<str>> {
        let manifest = self.past.manifest_of.get(file).copied().flatten();
        let filed = manifest.and_then(|manifest| self.version(manifest)?.filed.as_ref());
        let controls = filed.and_then(|filed| filed.manifest.as_ref()).map(|manifest| &manifest.controls);
        controls.into_iter().flatten().map(|name| name.value.0.clone()).collect()
    }

    /// Has looked for anew what a file of evidence that came, went or changed is to its own manifest and to others.
    fn forget_around(&mut self, file: usize, group: u32, came_or_went: bool) {
        let manifest = self.past.manifest_of.get(file).copied().flatten();
        if let Some(folder) = manifest.and_then(|manifest| self.folders.get_mut(manifest)) {
            *folder = None;
        }
        if came_or_went && manifest == Some(file) {
            self.forget(group, |filed| filed.names_evidence);
        }
    }

    /// Has the artefacts of some manifests of a group looked for anew, and what they name.
    fn forget(&mut self, group: u32, which: impl Fn(&Filed) -> bool) {
        for file in self.past.files_of.get(group as usize).into_iter().flatten() {
            let filed = self.version(*file).and_then(|version| version.filed.as_ref());
            let is_one = filed.is_some_and(&which);
            if let Some(folder) = self.folders.get_mut(*file).filter(|_| is_one) {
                *folder = None;
            }
        }
    }
}
