//! Whose verdicts can have moved at a stop, and when those that were judged can move next.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::super::boundary::{Collector, longest_gap};
use super::super::groups::{Need, Stale};
use super::Walk;
use super::moved::Moved;
use crate::timeline::{AuditStanding, Clock, Judgement, Settings};

impl Walk<'_> {
    /// The groups whose verdicts can have moved.
    pub(super) fn stale(&self, clock: Clock, moved: Moved) -> Stale {
        let back = |old: Clock| clock.as_of < old.as_of || clock.recorded < old.recorded;
        if moved.all || self.clock.is_none_or(back) {
            return Stale::All;
        }
        let boundaries = self.boundaries.iter().enumerate();
        let mut groups: Vec<Need> = boundaries
            .map(|(group, boundary)| match (boundary.is_reached(clock), boundary.is_overdue(clock)) {
                (false, false) => Need::Nothing,
                (false, true) if self.settles_apart(group, clock) => Need::Settle,
                _ => Need::Judge,
            })
            .collect();
        for group in moved.groups {
            if let Some(need) = groups.get_mut(group as usize) {
                *need = Need::Judge;
            }
        }
        Stale::Some(groups)
    }

    /// Does an interval of the group that nobody filled say nothing of anything but itself once it is settled? It may of
    /// other controls, and of reviews that a control makes up for; and of a manifest that cannot be read it is unknown
    /// what it would fill.
    fn settles_apart(&self, group: usize, clock: Clock) -> bool {
        let is_alone = self.members.get(group).is_some_and(|members| *members == 1);
        let files = self.past.files_of.get(group).into_iter().flatten();
        is_alone
            && files.filter_map(|file| Some((*file, self.version(*file)?.filed.as_ref()?))).all(
                |(file, filed)| {
                    let known = || self.folders.get(file).and_then(Option::as_ref);
                    let is_known = || known().is_some_and(|known| known.standing(clock).is_some());
                    !filed.unread && (filed.manifest.is_none() || is_known())
                },
            )
    }

    /// Notes for each group that was judged on which days it can move next.
    pub(super) fn bound(
        &mut self,
        judgement: &Judgement<'_>,
        audit: &AuditStanding,
        stale: &Stale,
        clock: Clock,
    ) {
        let program = judgement.program;
        let settings: &Settings = &judgement.settings;
        let mut of_group: Vec<Vec<usize>> = vec![Vec::new(); self.boundaries.len()];
        let moves = |group: u32| stale.of(group) != Need::Nothing;
        for (index, group) in self.group_of.iter().enumerate().filter(|(_, group)| moves(**group)) {
            if let Some(of) = of_group.get_mut(*group as usize) {
                of.push(index);
            }
        }
        let mut found: BTreeMap<&str, Vec<Date>> = BTreeMap::new();
        for row in &program.registers.exceptions {
            let on = row.found.as_ref().and_then(|found| found.on.as_ref());
            if let (Some(control), Some(on)) = (&row.control, on) {
                found.entry(&control.value.0).or_default().push(on.value);
            }
        }
        for (group, controls) in of_group.iter().enumerate() {
            if !u32::try_from(group).is_ok_and(moves) {
                continue;
            }
            let mut collector = Collector::new(clock);
            let mut size = 0;
            let mut gaps = Vec::new();
            for index in controls {
                let (Some(control), Some(standing)) =
                    (program.controls.get(*index), audit.controls.get(*index))
                else {
                    continue;
                };
                collector.control(control, settings, audit, standing);
                gaps.extend(longest_gap(control, settings));
                size += standing.slots.len();
            }
            gaps.sort_unstable();
            gaps.dedup();
            let ids = controls.iter().filter_map(|index| program.controls.get(*index));
            let of_rows = ids.filter_map(|control| found.get(&*control.id.value.0)).flatten();
            of_rows.for_each(|day| collector.evidence(*day, &gaps));
            for file in self.past.files_of.get(group).into_iter().flatten() {
                let typed = self.version(*file).into_iter().flat_map(|version| &version.dates);
                typed.for_each(|day| collector.evidence(*day, &gaps));
                let known = self.folders.get(*file).and_then(Option::as_ref);
                for table in known.into_iter().flat_map(|known| known.folder.tables.iter().flatten()) {
                    table.dated.iter().for_each(|(day, _)| collector.evidence(*day, &gaps));
                    size += table.dated.len() * controls.len().max(1);
                }
            }
            let boundary = collector.finish();
            if let (Some(own), Some(of)) = (self.boundaries.get_mut(group), self.sizes.get_mut(group)) {
                (*own, *of) = (boundary, size);
            }
        }
    }
}
