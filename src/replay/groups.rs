//! Which controls and which folders of evidence can move each other's verdicts: those that name each other, in any state
//! of any day, directly or through others. What is in different groups is independent.

use std::collections::BTreeMap;

use crate::model::{Control, Evidence};
use crate::record::{Target, Value};

/// Sets of names that belong together: ids of controls and first folders below `evidence/`.
#[derive(Debug, Default)]
pub(super) struct Groups {
    nodes: BTreeMap<Box<str>, u32>,
    above: Vec<u32>,
}

/// The first folder of a path or id below `evidence/`: usually the id of a control.
pub(super) fn first_folder(id: &str) -> &str {
    id.split_once('/').map_or("", |(first, _)| first)
}

impl Groups {
    /// The group of a name; a name that nothing else names is alone.
    pub(super) fn of(&mut self, name: &str) -> u32 {
        let node = match self.nodes.get(name) {
            Some(node) => *node,
            None => {
                let node = u32::try_from(self.above.len()).unwrap_or(u32::MAX);
                self.above.push(node);
                self.nodes.insert(name.into(), node);
                node
            }
        };
        self.top(node)
    }

    fn top(&mut self, mut node: u32) -> u32 {
        while let Some(above) = self.above.get(node as usize).copied().filter(|above| *above != node) {
            // Halves the way for the next one who asks.
            let higher = self.above.get(above as usize).copied().unwrap_or(above);
            if let Some(own) = self.above.get_mut(node as usize) {
                *own = higher;
            }
            node = above;
        }
        node
    }

    fn join(&mut self, one: &str, other: &str) {
        let (one, other) = (self.of(one), self.of(other));
        if let Some(above) = self.above.get_mut(one.max(other) as usize) {
            *above = one.min(other);
        }
    }

    /// A control in one of its states.
    pub(super) fn control(&mut self, control: &Control) {
        let own = control.id.value.0.clone();
        self.of(&own);
        control.references(&mut |target, name, _| {
            if target == Target::Control {
                self.join(&own, name);
            }
        });
    }

    /// A manifest in one of its states; `path` is below `evidence/`.
    pub(super) fn manifest(&mut self, path: &str, manifest: &Evidence) {
        let own = first_folder(path);
        manifest.references(&mut |target, name, _| match target {
            Target::Control => self.join(own, name),
            Target::Evidence => self.join(own, folder_of(name)),
            _ => {}
        });
        for name in manifest.result.iter().flat_map(|result| &result.follow_up) {
            self.join(own, folder_of(name.trim()));
        }
    }

    /// The group of a name that is known.
    pub(super) fn find(&self, name: &str) -> Option<u32> {
        let mut node = *self.nodes.get(name)?;
        while let Some(above) = self.above.get(node as usize).copied().filter(|above| *above != node) {
            node = above;
        }
        Some(node)
    }

    /// How many names there are; groups are below this.
    pub(super) fn len(&self) -> usize {
        self.above.len()
    }
}

/// What a stop asks of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    Nothing,
    /// Intervals that nobody filled are settled.
    Settle,
    Judge,
}

/// What a stop asks of each group.
pub(super) enum Stale {
    All,
    Some(Vec<Need>),
}

impl Stale {
    /// Of a group by its number; of what is in none, all.
    pub(super) fn of(&self, group: u32) -> Need {
        match self {
            Self::All => Need::Judge,
            Self::Some(groups) => groups.get(group as usize).copied().unwrap_or(Need::Judge),
        }
    }

    /// Is it judged again?
    pub(super) fn is(&self, group: u32) -> bool {
        self.of(group) == Need::Judge
    }
}

/// The first folder of an id of evidence, which may be a folder itself.
fn folder_of(id: &str) -> &str {
    id.split_once('/').map_or(id, |(first, _)| first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_name_each_other_are_one_group() {
        let mut groups = Groups::default();
        groups.join("a", "b");
        groups.join("c", "d");
        assert_eq!(groups.of("a"), groups.of("b"));
        assert_ne!(groups.of("a"), groups.of("c"));
        groups.join("d", "b");
        assert_eq!(groups.of("a"), groups.of("c"));
        assert_ne!(groups.of("e"), groups.of("a"));
        assert_eq!(first_folder("review/2026-q1/manifest.yaml"), "review");
        assert_eq!(first_folder("stray.csv"), "");
    }
}
