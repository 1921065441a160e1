//! The rows of artefacts that manifests call populations or logs.

use std::sync::Arc;

use jiff::tz::TimeZone;
use rayon::prelude::*;

use super::{EvidenceFolder, Program};
use crate::model::Text;
use crate::source::{FileId, TableFacts, TableWanted};

/// Manifests in folders above each other can name one file; it is read for so many of them.
const READ_AGAIN: usize = 8;

/// An artefact to be read: whose, which, and as what.
struct Wanted<'p> {
    folder: usize,
    artifact: usize,
    file: FileId,
    table: TableWanted<'p>,
}

/// Fills in what is known of the rows of every population and log of some folders, by place.
pub(super) fn read(program: &mut Program, which: &[usize]) {
    let zone = program.zone();
    let folders = which.iter().filter_map(|index| Some((*index, program.evidence.get(*index)?)));
    let mut wanted: Vec<Wanted<'_>> =
        folders.flat_map(|(index, folder)| wanted(program, index, folder, &zone)).collect();
    wanted.sort_by_key(|one| one.file);
    let mut before: Option<(FileId, usize)> = None;
    wanted.retain(|one| {
        let nth = before.filter(|(file, _)| *file == one.file).map_or(0, |(_, nth)| nth + 1);
        before = Some((one.file, nth));
        nth < READ_AGAIN
    });
    let tables: Vec<(usize, usize, Option<TableFacts>)> = wanted
        .into_par_iter()
        .map(|one| (one.folder, one.artifact, program.sources.table(one.file, &one.table)))
        .collect();
    for (folder, artifact, facts) in tables {
        let Some(folder) = program.evidence.get_mut(folder) else { continue };
        if folder.tables.is_empty() {
            folder.tables = vec![None; folder.manifest.artifacts.len()].into();
        }
        if let Some(table) = Arc::make_mut(&mut folder.tables).get_mut(artifact) {
            *table = facts.map(Arc::new);
        }
    }
}

/// What is known of the rows of an artefact, and as what it was read.
#[derive(Clone, Copy, Debug)]
pub struct TableRead<'p> {
    pub file: FileId,
    /// The column that tells rows apart.
    pub key: Option<&'p str>,
    /// The column with each row's date.
    pub date: Option<&'p str>,
    /// The day and key of each row were kept.
    pub keep_rows: bool,
    pub facts: &'p TableFacts,
}

impl Program {
    /// Every artefact that was read as a population or a log, with what was found; one that several manifests name, as often.
    pub fn tables_read<'p>(&'p self, zone: &'p TimeZone) -> impl Iterator<Item = TableRead<'p>> {
        let folders = self.evidence.iter().enumerate().filter(|(_, folder)| !folder.tables.is_empty());
        let all = folders.flat_map(move |(index, folder)| wanted(self, index, folder, zone));
        all.filter_map(move |one| {
            let facts = self.evidence.get(one.folder)?.tables.get(one.artifact)?.as_deref()?;
            let TableWanted { key, date, keep_rows, .. } = one.table;
            Some(TableRead { file: one.file, key, date, keep_rows, facts })
        })
    }
}

fn wanted<'p>(
    program: &'p Program,
    index: usize,
    folder: &'p EvidenceFolder,
    zone: &'p TimeZone,
) -> impl Iterator<Item = Wanted<'p>> {
    let log = folder.manifest.log();
    let artifacts = folder.manifest.artifacts.iter().zip(folder.files.iter()).enumerate();
    artifacts.filter_map(move |(nth, (artifact, file))| {
        artifact.path.as_ref().filter(|path| artifact.url.is_none() && is_csv(path))?;
        let file = file.filter(|file| program.facts(*file).is_some_and(|facts| facts.lfs.is_none()))?;
        let log = log.filter(|log| log.is_in(artifact));
        let population = artifact.population.as_deref();
        if log.is_none() && population.is_none() {
            return None;
        }
        let typed = |of_log: Option<&'p Text>, of_population: Option<&'p Text>| {
            of_log.or(of_population).map(|name| &*name.value)
        };
        let key = typed(log.and_then(|log| log.key.as_ref()), population.and_then(|p| p.key.as_ref()));
        let date = typed(log.and_then(|log| log.date.as_ref()), population.and_then(|p| p.date.as_ref()));
        let table = TableWanted { key, date, keep_rows: log.is_some(), zone };
        Some(Wanted { folder: index, artifact: nth, file, table })
    })
}

fn is_csv(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("csv"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;
    use jiff::civil::date;

    const CONFIG: &str = "[organization]\nname = \"Acme\"\ntimezone = \"America/Los_Angeles\"\n";
    const CSV: &str =
        "id,run_at,hired\na,2027-01-01T07:30:00Z,2026-02-01\nb,2027-01-01T08:30:00Z,2026-03-01\n";

    /// The tables of one manifest, whose artefacts all hold the same rows.
    fn tables(manifest: &str) -> Vec<Option<TableFacts>> {
        let manifest = format!("title: T\nkind: log-extract\n{manifest}");
        let files = [
            ("soc2.toml", CONFIG),
            ("evidence/a/manifest.yaml", &manifest),
            ("evidence/a/one.csv", CSV),
            ("evidence/a/TWO.CSV", CSV),
            ("evidence/a/three.txt", CSV),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
        let program = Program::load(Sources::from_memory(files.to_vec()));
        program.evidence[0].tables.iter().map(|table| table.as_deref().cloned()).collect()
    }

    fn rows(manifest: &str) -> Vec<Option<u64>> {
        tables(manifest).into_iter().map(|table| table.map(|table| table.rows)).collect()
    }

    #[test]
    fn populations_and_logs_are_read_and_nothing_else() {
        assert_eq!(rows("artifacts: [{ path: one.csv }, { path: TWO.CSV }]\n"), []);
        let population = "artifacts: [{ path: one.csv }, { path: TWO.CSV, population: {} }, \
                          { path: three.txt, population: {} }, { path: four.csv, population: {} }]\n";
        assert_eq!(rows(population), [None, Some(2), None, None]);
        let log = "occurrences: { artifact: one.csv, date: run_at }\n\
                   artifacts: [{ path: one.csv }, { path: TWO.CSV }]\n";
        assert_eq!(rows(log), [Some(2), None]);
        assert_eq!(
            rows("occurrences: { artifact: five.csv, date: run_at }\nartifacts: [{ path: one.csv }]\n"),
            []
        );
    }

    #[test]
    fn days_are_those_of_the_organisation_and_the_log_wins() {
        let population = "artifacts: [{ path: one.csv, population: { key: id, date: hired } }]\n";
        let table = tables(population)[0].clone().unwrap();
        assert_eq!((table.dates, table.dated.len()), (Some((date(2026, 2, 1), date(2026, 3, 1))), 0));
        let both = format!("occurrences: {{ artifact: one.csv, date: run_at }}\n{population}");
        let table = tables(&both)[0].clone().unwrap();
        let dated = [(date(2026, 12, 31), "a".into()), (date(2027, 1, 1), "b".into())];
        assert_eq!(table.dated, dated);
    }

    #[test]
    fn one_file_is_not_read_without_end() {
        let again = "{ path: one.csv, population: {} }, ".repeat(100);
        let read = rows(&format!("artifacts: [{again}]\n"));
        assert_eq!((read.len(), read.iter().flatten().count()), (100, READ_AGAIN));
    }
}
