//! Which occurrence fills which interval: named slots first, then in order of dates, each to the earliest interval
//! that still needs one. Adding an occurrence never makes a slot worse (tests/suite/laws.rs).

use jiff::civil::Date;

use super::calendar::{Grid, Interval};
use super::slot::Filler;

/// An accepted occurrence that wants a slot; compared by date, then by evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    pub(super) filler: Filler,
    /// The interval it names.
    pub(super) named: Option<Interval>,
}

/// An interval and who fills it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) interval: Interval,
    /// Last day of the grace.
    pub(super) due: Date,
    pub(super) filler: Option<Filler>,
    /// Its filler named it.
    named: bool,
}

/// Puts candidates, sorted, into the intervals of a window that begins on `start`.
pub(super) fn place(intervals: &[(Interval, Date)], candidates: &[Candidate], start: Date) -> Vec<Place> {
    let mut places: Vec<Place> = intervals
        .iter()
        .map(|(interval, due)| Place { interval: *interval, due: *due, filler: None, named: false })
        .collect();
    for candidate in candidates {
        let Some(named) = candidate.named else { continue };
        let Ok(index) = places.binary_search_by_key(&named.from, |place| place.interval.from) else {
            continue;
        };
        let Some(place) = places.get_mut(index) else { continue };
        if place.filler.is_none_or(|holder| is_better(candidate.filler.on, holder.on, place.interval, start))
        {
            place.filler = Some(candidate.filler);
            place.named = true;
        }
    }
    before_the_window(&mut places, candidates, start);
    for candidate in candidates.iter().filter(|one| one.named.is_none() && one.filler.on >= start) {
        let on = candidate.filler.on;
        // At most two intervals hold a day: its own, and the one before with its grace, which is shorter than an interval.
        let own = places.partition_point(|place| place.interval.to < on);
        let first = own.saturating_sub(1);
        let near = places.get_mut(first..).unwrap_or_default();
        let mut holding: Vec<&mut Place> =
            near.iter_mut().take(2).filter(|place| place.interval.from <= on && on <= place.due).collect();
        // What is still empty comes first; else it takes the place of a named one that is worse.
        let empty = holding.iter().position(|place| place.filler.is_none());
        let worse = |place: &&mut Place| {
            let holder = place.filler.filter(|_| place.named);
            holder.is_some_and(|holder| is_better(on, holder.on, place.interval, start))
        };
        let index = empty.or_else(|| holding.iter().position(worse));
        if let Some(place) = index.and_then(|index| holding.get_mut(index)) {
            **place = Place { filler: Some(candidate.filler), named: false, ..**place };
        }
    }
    places
}

/// An interval that began before the window takes the last occurrence from that part, unless one lies in the other part.
fn before_the_window(places: &mut [Place], candidates: &[Candidate], start: Date) {
    let Some(place) = places.first_mut().filter(|place| place.interval.from < start) else { return };
    let unnamed = candidates.iter().filter(|one| one.named.is_none());
    let mut inside =
        unnamed.clone().filter(|one| start <= one.filler.on && one.filler.on <= place.interval.to);
    let mut before = unnamed.filter(|one| place.interval.from <= one.filler.on && one.filler.on < start);
    let Some(last) = before.next_back().filter(|_| inside.next().is_none()) else { return };
    let (on, interval) = (last.filler.on, place.interval);
    if place.filler.is_none_or(|holder| is_better(on, holder.on, interval, start)) {
        *place = Place { filler: Some(last.filler), named: false, ..*place };
    }
}

/// Is the first day better for the interval than the second? In the window's part of it, then before the window, then
/// after; the earlier the better.
fn is_better(one: Date, other: Date, interval: Interval, start: Date) -> bool {
    let rank = |on: Date| if on > interval.to { 2 } else { i32::from(on < start) };
    (rank(one), one) < (rank(other), other)
}

/// What an occurrence says with the slot it names.
pub(super) enum Named {
    /// The interval, of this window or an earlier one.
    Interval(Interval),
    /// No interval of the control has that name.
    Nothing,
    /// The date lies outside the interval and its grace.
    Contradicts(Interval),
}

/// Resolves the name of a slot.
pub(super) fn named(grid: Grid, name: &str, on: Date, grace: impl Fn(Interval) -> Date) -> Named {
    match grid.named(name.trim()) {
        None => Named::Nothing,
        Some(interval) if on < interval.from || on > grace(interval) => Named::Contradicts(interval),
        Some(interval) => Named::Interval(interval),
    }
}
