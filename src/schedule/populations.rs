//! Populations: the complete lists that samples are drawn from, with what shows that they are complete.

use super::View;
use super::evidence::{evidence_cell, path};
use super::words::{listed, plain, typed};
use crate::source::hex;
use crate::table::{Cell, Column, Table};
use crate::timeline::population::{self, PopulationFile};

const COLUMNS: [Column; 18] = [
    Column::new("Population", 22),
    Column::new("Controls", 28),
    Column::new("Evidence", 36),
    Column::new("File", 30),
    Column::new("Path", 48),
    Column::new("Source", 16),
    Column::new("Query", 44),
    Column::new("Period from", 11),
    Column::new("Period to", 11),
    Column::new("Count stated", 9),
    Column::new("Rows in the file", 9),
    Column::new("Key column", 14),
    Column::new("Date column", 14),
    Column::new("Why it is complete", 40),
    Column::new("Why it is accurate", 40),
    Column::new("SHA-256", 66),
    Column::new("Bytes", 12),
    Column::new("What is wrong with it", 40),
];

/// The populations of some evidence, by index.
pub fn populations(view: &View<'_>, which: &[usize]) -> Table {
    let mut table = view.table("populations", "Populations", COLUMNS.to_vec());
    for index in which {
        let Some(folder) = view.program().evidence.get(*index) else { continue };
        for population in population::of(folder) {
            table.rows.push(row(view, *index, &population));
        }
    }
    table
}

fn row(view: &View<'_>, index: usize, of: &PopulationFile<'_>) -> Vec<Cell> {
    let artifact = of.artifact;
    let own = of.folder.manifest.artifacts.iter().position(|one| std::ptr::eq(one, artifact));
    let to = own.and_then(|nth| view.places.artifacts.get(&(index, nth))).map(String::as_str);
    let path = own.map_or_else(String::new, |nth| path(view, index, nth, artifact));
    let covers = of.covers();
    let flaws: Vec<&str> = of.flaws().iter().map(|flaw| flaw.words()).collect();
    vec![
        Cell::text(typed(of.population.name.as_ref())),
        Cell::text(listed(of.folder.manifest.controls.iter().map(|control| &*control.value.0))),
        evidence_cell(view, index),
        Cell::link(of.name(), to),
        Cell::text(path),
        Cell::text(artifact.system.as_ref().map_or("", |system| &*system.value.0)),
        Cell::text(typed(artifact.query.as_ref())),
        Cell::day(covers.map(|(from, _)| from)),
        Cell::day(covers.map(|(_, to)| to)),
        of.population.count.as_ref().map_or(Cell::Blank, |count| Cell::Count(count.value)),
        of.rows().map_or(Cell::Blank, Cell::Count),
        Cell::text(typed(of.population.key.as_ref())),
        Cell::text(typed(of.population.date.as_ref())),
        Cell::text(typed(of.population.completeness.as_ref())),
        Cell::text(typed(of.population.accuracy.as_ref())),
        Cell::text(artifact.sha256.as_ref().map_or_else(String::new, |hash| hex(&hash.value.0))),
        artifact.bytes.as_ref().map_or(Cell::Blank, |bytes| Cell::Count(bytes.value)),
        Cell::text(plain(&flaws.join("; "))),
    ]
}
