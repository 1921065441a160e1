//! Which records of two states are the same one: those of one id, wherever they stand.

use std::collections::BTreeMap;

/// Indices into the two lists.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    pub(super) both: Vec<(usize, usize)>,
    pub(super) gone: Vec<usize>,
    pub(super) new: Vec<usize>,
}

/// Pairs records by id; of several with one id the first counts.
pub(super) fn pairs<T>(before: &[T], after: &[T], id: impl Fn(&T) -> Box<str>) -> Pairs {
    let first = |list: &[T]| {
        let mut map: BTreeMap<Box<str>, usize> = BTreeMap::new();
        for (index, one) in list.iter().enumerate() {
            map.entry(id(one)).or_insert(index);
        }
        map
    };
    let (old, mut new) = (first(before), first(after));
    let mut pairs = Pairs::default();
    for (id, index) in old {
        match new.remove(&id) {
            Some(now) => pairs.both.push((index, now)),
            None => pairs.gone.push(index),
        }
    }
    pairs.new = new.into_values().collect();
    pairs
}

impl Pairs {
    /// Pairs what is gone with the new record that says it goes on there under another name; each at most once, so that no
    /// record takes in several.
    pub(super) fn follow(
        &mut self,
        id: impl Fn(usize) -> Option<Box<str>>,
        former: impl Fn(usize) -> Vec<Box<str>>,
    ) {
        let gone = self.gone.iter().filter_map(|index| Some((id(*index)?, *index)));
        let mut gone: BTreeMap<Box<str>, usize> = gone.collect();
        let both = &mut self.both;
        self.new.retain(|new| {
            let found = former(*new).into_iter().find_map(|name| gone.remove(&name));
            both.extend(found.map(|old| (old, *new)));
            found.is_none()
        });
        self.gone = gone.into_values().collect();
    }
}

impl Pairs {
    /// Takes out what is gone on one side and new on the other, and the same by some key; each at most once.
    pub(super) fn same<T, K: Ord>(
        &mut self,
        (before, after): (&[T], &[T]),
        key: impl Fn(&T) -> Option<K>,
    ) -> Vec<(usize, usize)> {
        let mut gone: BTreeMap<K, Vec<usize>> = BTreeMap::new();
        for index in self.gone.iter().rev() {
            if let Some(key) = before.get(*index).and_then(&key) {
                gone.entry(key).or_default().push(*index);
            }
        }
        let mut same: BTreeMap<usize, usize> = BTreeMap::new();
        self.new.retain(|new| {
            let old = after.get(*new).and_then(&key).and_then(|key| gone.get_mut(&key)?.pop());
            same.extend(old.map(|old| (old, *new)));
            old.is_none()
        });
        self.gone.retain(|old| !same.contains_key(old));
        same.into_iter().collect()
    }
}

/// Entries of a list that have no id, by what they say: those that are gone, those that are new, and those in both. What
/// occurs several times is counted.
pub(super) struct Entries<'e, T> {
    pub(super) both: Vec<(&'e T, &'e T)>,
    pub(super) gone: Vec<&'e T>,
    pub(super) new: Vec<&'e T>,
}

/// Compares two lists by what their entries say, in the order of each.
pub(super) fn entries<'e, T, K: Ord>(
    before: &'e [T],
    after: &'e [T],
    said: impl Fn(&T) -> K,
) -> Entries<'e, T> {
    let mut there: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for (nth, entry) in after.iter().enumerate().rev() {
        there.entry(said(entry)).or_default().push(nth);
    }
    let mut taken = vec![false; after.len()];
    let mut out = Entries { both: Vec::new(), gone: Vec::new(), new: Vec::new() };
    for entry in before {
        let nth = there.get_mut(&said(entry)).and_then(Vec::pop);
        match nth.and_then(|nth| Some((after.get(nth)?, taken.get_mut(nth)?))) {
            Some((now, taken)) => {
                *taken = true;
                out.both.push((entry, now));
            }
            None => out.gone.push(entry),
        }
    }
    out.new = after.iter().zip(taken).filter(|(_, taken)| !taken).map(|(entry, _)| entry).collect();
    out
}
