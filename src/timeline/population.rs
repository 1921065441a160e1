//! Populations: can a sample be drawn from what a manifest calls one, and which days do those of a control cover?

mod marker;
mod shortfall;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;

pub use shortfall::{Shortfall, is_over, shortfalls};

use crate::model::Evidence;
use crate::model::Text;
use crate::model::evidence::{Artifact, OccurrenceLog, Population, Verdict};
use crate::program::{EvidenceFolder, Program};
use crate::source::{FileId, TableFacts};
use crate::timeline::Judgement;

/// Counts at which a tool's page or limit ends.
const ROUND: &[u64] = &[100, 200, 250, 500, 1000, 2000, 5000, 10_000];

/// An artefact that a manifest calls a population, and what is known of its rows.
#[derive(Clone, Copy, Debug)]
pub struct PopulationFile<'p> {
    pub folder: &'p EvidenceFolder,
    pub artifact: &'p Artifact,
    pub population: &'p Population,
    pub file: Option<FileId>,
    /// `None` when the bytes are not here, or are no `.csv`.
    pub table: Option<&'p TableFacts>,
}

/// Why no sample can be drawn from a population. Each is a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flaw {
    /// Nothing proves that it is complete.
    Incomplete,
    /// It has no rows, and nothing proves that this is right.
    Empty,
    /// The rows are not as many as stated.
    CountDiffers,
    /// Two rows have one key.
    DuplicateKey,
    /// Rows lie outside the days it covers.
    OutsidePeriod,
    /// The header lacks a column that the manifest names.
    ColumnMissing,
    /// It is a part of a longer list, and says so.
    Truncated,
    /// It is not CSV, or has more rows than are looked at.
    Unreadable,
}

impl Flaw {
    /// What is wrong, after the population's name: `has fewer or more rows than stated`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Incomplete => "lacks what proves that it is complete",
            Self::Empty => "has no rows, and nothing proves that this is right",
            Self::CountDiffers => "has not as many rows as stated",
            Self::DuplicateKey => "holds an item twice",
            Self::OutsidePeriod => "has rows outside the days it covers",
            Self::ColumnMissing => "lacks a column that the manifest names",
            Self::Truncated => "is a part of a longer list",
            Self::Unreadable => "cannot be read as a table",
        }
    }

    /// The rule that tells it.
    pub fn rule(self) -> &'static str {
        match self {
            Self::Incomplete => "population-incomplete",
            Self::Empty => "population-empty",
            Self::CountDiffers => "population-count-differs",
            Self::DuplicateKey => "population-duplicate-key",
            Self::OutsidePeriod => "population-rows-outside-period",
            Self::ColumnMissing => "population-column-missing",
            Self::Truncated => "population-truncated",
            Self::Unreadable => "table-unreadable",
        }
    }
}

/// Every population of a manifest.
pub fn of(folder: &EvidenceFolder) -> impl Iterator<Item = PopulationFile<'_>> {
    folder.manifest.artifacts.iter().enumerate().filter_map(|(index, artifact)| {
        Some(PopulationFile {
            folder,
            artifact,
            population: artifact.population.as_deref()?,
            file: folder.files.get(index).copied().flatten(),
            table: folder.tables.get(index).and_then(Option::as_deref),
        })
    })
}

impl<'p> PopulationFile<'p> {
    /// How people call it: its path, else its address.
    pub fn name(&self) -> &'p str {
        self.artifact.path.as_ref().or(self.artifact.url.as_ref()).map_or("", |name| &*name.value)
    }

    /// The keys that prove completeness and are not there.
    pub fn lacks(&self) -> Vec<&'static str> {
        let said = |text: &Option<Text>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
        [
            ("query", said(&self.artifact.query)),
            ("count", self.population.count.is_some()),
            ("completeness", said(&self.population.completeness)),
            ("covers", self.covers().is_some()),
        ]
        .into_iter()
        .filter_map(|(key, there)| (!there).then_some(key))
        .collect()
    }

    /// First and last day that it speaks about.
    pub fn covers(&self) -> Option<(Date, Date)> {
        let covers = self.artifact.covers.as_ref()?;
        let (from, to) = (covers.from.as_ref()?.value, covers.to.as_ref()?.value);
        (from <= to).then_some((from, to))
    }

    /// The last day it covers and the local day on which it was collected, if that was before.
    pub fn ahead_of_collection(&self, zone: &TimeZone) -> Option<(Date, Date)> {
        let (to, taken) = (self.covers()?.1, dated(&self.folder.manifest, zone)?);
        (to > taken).then_some((to, taken))
    }

    /// How many rows it has, if all were looked at.
    pub fn rows(&self) -> Option<u64> {
        self.readable().filter(|table| !table.capped).map(|table| table.rows)
    }

    /// It has a header and no rows, and is not stated and proven to be empty.
    pub fn is_empty_unproven(&self) -> bool {
        self.rows() == Some(0) && !self.is_empty_proven()
    }

    /// Is it proven that there was nothing?
    pub fn is_empty_proven(&self) -> bool {
        let stated = self.population.count.as_ref().is_some_and(|count| count.value == 0);
        stated && self.rows() == Some(0) && self.lacks().is_empty()
    }

    /// What is stated and how many rows there are, if they differ.
    pub fn count_differs(&self) -> Option<(u64, u64)> {
        let (stated, rows) = (self.population.count.as_ref()?.value, self.rows()?);
        (stated != rows && rows > 0).then_some((stated, rows))
    }

    /// How many rows have the key of an earlier one, and the first such key.
    pub fn duplicates(&self) -> Option<(u64, &'p str)> {
        let table =
            self.readable().filter(|_| self.is_read_by(|log| log.key.as_ref(), &self.population.key))?;
        (table.duplicates > 0).then(|| (table.duplicates, table.first_duplicate.as_deref().unwrap_or("")))
    }

    /// First and last date of its rows, if one lies outside the days that it covers.
    pub fn dates_outside(&self) -> Option<(Date, Date)> {
        let table =
            self.readable().filter(|_| self.is_read_by(|log| log.date.as_ref(), &self.population.date))?;
        let ((first, last), (from, to)) = (table.dates?, self.covers()?);
        (first < from || last > to).then_some((first, last))
    }

    /// Columns that it names and its header does not have.
    pub fn missing_columns(&self) -> Vec<&'p Text> {
        missing(self.table, [self.population.key.as_ref(), self.population.date.as_ref()])
    }

    /// Why it could not be read as a table, or not to its end.
    pub fn fault(&self) -> Option<&'p str> {
        fault(self.table?)
    }

    /// The words by which it says that it is a part of a longer list, and where they were typed, if in the manifest.
    pub fn truncated(&self) -> Option<(String, Option<&'p Text>)> {
        let completeness = self.population.completeness.as_ref();
        let typed = completeness.and_then(|text| Some((marker::in_text(text)?, Some(text))));
        let query =
            || self.artifact.query.as_ref().and_then(|text| Some((marker::part_of(text)?, Some(text))));
        let row = || Some((marker::in_row(self.table?.last_row.as_deref()?)?, None));
        typed.or_else(query).or_else(row)
    }

    /// A count at which tools cut a list, where the statement of completeness speaks of no page or total.
    pub fn round_count(&self) -> Option<u64> {
        let said = self.population.completeness.as_ref()?;
        let stated = self.population.count.as_ref().map(|count| count.value);
        let round = stated.into_iter().chain(self.rows()).find(|count| ROUND.contains(count))?;
        (!marker::speaks_of_all(said) && self.truncated().is_none()).then_some(round)
    }

    /// Everything for which no sample can be drawn from it.
    pub fn flaws(&self) -> Vec<Flaw> {
        let truncated = self.truncated().is_some();
        let empty = self.is_empty_unproven();
        [
            (Flaw::Incomplete, !empty && !self.lacks().is_empty()),
            (Flaw::Empty, empty),
            (Flaw::CountDiffers, self.count_differs().is_some()),
            (Flaw::DuplicateKey, self.duplicates().is_some()),
            (Flaw::OutsidePeriod, self.dates_outside().is_some()),
            (Flaw::ColumnMissing, !self.missing_columns().is_empty()),
            (Flaw::Truncated, truncated),
            (Flaw::Unreadable, (self.fault().is_some() && !truncated) || self.is_unread()),
        ]
        .into_iter()
        .filter_map(|(flaw, holds)| holds.then_some(flaw))
        .collect()
    }

    /// A `.csv` that is here and whose rows nobody looked at: named by more manifests than it is read for.
    fn is_unread(&self) -> bool {
        let csv = self.name().rsplit_once('.').is_some_and(|(_, end)| end.eq_ignore_ascii_case("csv"));
        let pinned = self.artifact.path.is_some() && self.artifact.url.is_none();
        csv && pinned && self.table.is_none() && self.file.is_some()
    }

    fn readable(&self) -> Option<&'p TableFacts> {
        self.table.filter(|table| table.fault.is_none())
    }

    /// Is the population's own column the one that was read? Where the file is a log too, the log's wins.
    fn is_read_by(&self, of_log: impl Fn(&'p OccurrenceLog) -> Option<&'p Text>, own: &Option<Text>) -> bool {
        let log = self.folder.manifest.log().filter(|log| log.is_in(self.artifact));
        own.as_ref().is_some_and(|own| log.and_then(of_log).is_none_or(|typed| typed.value == own.value))
    }
}

/// Why a table could not be read, or not to its end.
pub(super) fn fault(table: &TableFacts) -> Option<&str> {
    table.fault.as_deref().or(table.capped.then_some("has more rows than are looked at"))
}

/// The words of a row, if any, by which an export says that it is a part of a longer list; they alone say it as well.
pub fn cut_words(row: &str) -> Option<String> {
    marker::in_row(row)
}

/// Those of the named columns that a table's header does not have.
pub(super) fn missing<'p>(
    table: Option<&TableFacts>,
    named: impl IntoIterator<Item = Option<&'p Text>>,
) -> Vec<&'p Text> {
    let Some(table) = table.filter(|table| table.fault.is_none()) else { return Vec::new() };
    let absent = |name: &&Text| table.missing_columns.iter().any(|missing| **missing == *name.trim());
    named.into_iter().flatten().filter(absent).collect()
}

/// Ids of evidence that other evidence takes the place of, as far as the tree alone can tell: evidence with artefacts, of
/// one of the same controls, that no reviewer rejected.
pub fn superseded(program: &Program) -> BTreeSet<&str> {
    if program.evidence.iter().all(|folder| folder.manifest.supersedes.is_empty()) {
        return BTreeSet::new();
    }
    let ids: BTreeMap<&str, &EvidenceFolder> =
        program.evidence.iter().map(|folder| (program.evidence_id(folder), folder)).collect();
    let mut replaced = BTreeSet::new();
    for folder in &program.evidence {
        let (own, manifest) = (program.evidence_id(folder), &*folder.manifest);
        if manifest.supersedes.is_empty() || manifest.artifacts.is_empty() || is_rejected(manifest) {
            continue;
        }
        let controls: BTreeSet<&str> = manifest.controls.iter().map(|id| &*id.value.0).collect();
        for id in manifest.supersedes.iter().map(|id| &*id.value.0).filter(|id| *id != own) {
            let old = ids.get(id).into_iter().flat_map(|old| &old.manifest.controls);
            if old.into_iter().any(|control| controls.contains(&*control.value.0)) {
                replaced.insert(id);
            }
        }
    }
    replaced
}

fn is_rejected(manifest: &Evidence) -> bool {
    let result = manifest.reviewed.as_ref().and_then(|reviewed| reviewed.result.as_ref());
    result.is_some_and(|result| result.value == Verdict::Rejected)
}

/// For each control, the populations of its evidence that nothing supersedes, no reviewer rejected, and that could be
/// seen on a day.
pub fn by_control<'p>(judgement: &Judgement<'p>) -> BTreeMap<usize, Vec<PopulationFile<'p>>> {
    let (program, as_of) = (judgement.program, judgement.as_of);
    let zone = program.zone();
    let mut map: BTreeMap<usize, Vec<PopulationFile<'_>>> = BTreeMap::new();
    for (folder, standing) in program.evidence.iter().zip(&judgement.evidence) {
        let mut populations = of(folder).peekable();
        let in_view = dated(&folder.manifest, &zone).is_none_or(|day| day <= as_of);
        let superseded = standing.flaws.iter().any(|flaw| matches!(flaw, super::Flaw::Superseded(_)));
        if populations.peek().is_none() || !in_view || is_rejected(&folder.manifest) || superseded {
            continue;
        }
        let found: Vec<PopulationFile<'_>> = populations.collect();
        let named = folder.manifest.controls.iter().filter_map(|id| program.names.controls.get(&*id.value.0));
        for control in named.copied().collect::<BTreeSet<usize>>() {
            map.entry(control).or_default().extend(&found);
        }
    }
    map
}

/// The local day on which the bytes were taken.
fn collected(manifest: &Evidence, zone: &TimeZone) -> Option<Date> {
    manifest.collected.as_ref()?.day(zone)
}

/// The local day on which the bytes were taken, else the one on which the control was performed.
fn dated(manifest: &Evidence, zone: &TimeZone) -> Option<Date> {
    collected(manifest, zone).or_else(|| manifest.performed.as_ref()?.day(zone))
}

/// The parts of `days` that no population covers: first day, last day.
pub fn uncovered(populations: &[PopulationFile<'_>], days: (Date, Date)) -> Vec<(Date, Date)> {
    super::coverage::holes(populations.iter().filter_map(PopulationFile::covers).collect(), days)
}
