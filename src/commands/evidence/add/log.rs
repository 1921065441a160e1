//! A dated log: one CSV whose rows are performances, read as `check` will read it.

use std::collections::BTreeSet;
use std::fs::File;

use jiff::civil::Date;

use super::super::incoming::Incoming;
use super::super::{Ground, lookup};
use super::Args;
use crate::error::{Error, Result};
use crate::manifest::OccurrencesDraft;
use crate::model::{Cadence, Control};
use crate::source::{TableFacts, TableWanted, table_facts};
use crate::text::{count, list, safe, some};

/// What the rows say.
pub(super) struct Log {
    date: String,
    key: Option<String>,
    rows: usize,
    duplicates: u64,
    days: BTreeSet<Date>,
    pub(super) first: Date,
    pub(super) last: Date,
}

impl Log {
    /// Reads the one file as the flags say; `None` when they do not call it a log.
    pub(super) fn read(args: &Args, ground: &Ground<'_>, files: &[Incoming]) -> Result<Option<Self>> {
        let (Some(date), [file]) = (&args.log_date, files) else { return Ok(None) };
        let (name, date) = (safe(&file.name), date.trim());
        if !file.is_csv() {
            return Err(Error::new(format!("`{name}` is no `.csv`: the rows of a log are read from one"))
                .hint("save it as comma-separated UTF-8"));
        }
        let key = args.log_key.as_deref().map(str::trim);
        let wanted = TableWanted { key, date: Some(date), keep_rows: true, zone: &ground.zone };
        let bytes = File::open(&file.disk).map_err(|e| Error::io(&file.disk, &e))?;
        let table = table_facts(bytes, file.facts.sha256, &wanted);
        readable(&name, date, &table)?;
        let Some((first, last)) = table.dates else {
            return Err(Error::new(format!("`{name}` has no row with a date: it shows no performance")));
        };
        if last > ground.today {
            return Err(Error::new(format!(
                "`{name}` has a row of {last}, which is in the future: today is {}",
                ground.today
            ))
            .hint("evidence is filed once the control was performed"));
        }
        Ok(Some(Self {
            date: date.to_owned(),
            key: key.map(str::to_owned),
            rows: table.dated.len(),
            duplicates: table.duplicates,
            days: table.dated.iter().map(|(day, _)| *day).collect(),
            first,
            last,
        }))
    }

    /// `backups.csv`: 31 dated rows from 2027-01-01 to 2027-01-31.
    pub(super) fn words(&self, name: &str) -> String {
        let name = safe(name);
        let rows = format!("{} from {} to {}", count(self.rows, "dated row"), self.first, self.last);
        match (&self.key, self.duplicates) {
            (Some(key), 1..) => {
                let repeat = if self.duplicates == 1 { "repeats" } else { "repeat" };
                let (n, key) = (self.duplicates, safe(key));
                format!("warning: `{name}`: {rows}, of which {n} {repeat} an earlier `{key}`")
            }
            _ => format!("`{name}`: {rows}"),
        }
    }

    /// `2027-01-01 to 2027-01-31`
    pub(super) fn days(&self) -> String {
        if self.first == self.last {
            self.last.to_string()
        } else {
            format!("{} to {}", self.first, self.last)
        }
    }

    /// Refuses a performer who was not here on the day of some row.
    pub(super) fn worked_here(&self, ground: &Ground<'_>, person: usize) -> Result<()> {
        self.days.iter().try_for_each(|day| lookup::works_here(ground, person, *day))
    }

    pub(super) fn draft(&self, files: &[Incoming]) -> OccurrencesDraft {
        OccurrencesDraft::Log {
            artifact: files.first().map_or_else(String::new, |file| file.name.clone()),
            date: self.date.clone(),
            key: self.key.clone(),
        }
    }
}

/// Refuses a table that `check` would not take as a log.
fn readable(name: &str, date: &str, table: &TableFacts) -> Result<()> {
    if let Some(fault) = &table.fault {
        return Err(Error::new(format!("`{name}` {fault}")).hint("save it as comma-separated UTF-8"));
    }
    if !table.missing_columns.is_empty() {
        let missing: Vec<String> = table.missing_columns.iter().map(|name| safe(name)).collect();
        let columns: Vec<String> = table.columns.iter().map(|name| safe(name)).collect();
        return Err(Error::new(format!("`{name}` has no column {}", list(&missing, "and")))
            .hint(format!("its columns: {}", some(&columns, 12))));
    }
    if table.undated > 0 {
        let rows = count(usize::try_from(table.undated).unwrap_or(usize::MAX), "row");
        return Err(Error::new(format!("{rows} of `{name}` without a date in `{}`", safe(date)))
            .hint("dates are written 2026-03-28, moments with their offset: 2026-03-28T15:04:05Z"));
    }
    if table.capped {
        return Err(Error::new(format!("`{name}` has more rows than are looked at"))
            .hint("split it, such as one file a month"));
    }
    Ok(())
}

/// A column of dates in the file of a control that is performed often.
pub(super) fn hint(args: &Args, control: &Control, files: &[Incoming]) -> Option<String> {
    let often =
        control.cadence.as_ref().map(|cadence| cadence.value).filter(|cadence| {
            matches!(cadence, Cadence::Daily | Cadence::Weekly) && args.log_date.is_none()
        })?;
    let [file] = files else { return None };
    let column = file.rows.as_ref()?.dated.as_ref()?;
    let every = if often == Cadence::Daily { "day" } else { "week" };
    Some(format!(
        "`{}` has a date in each row: with `--log-date {}` each row is a performance, so one file shows every {every} in it",
        safe(&file.name),
        crate::manifest::value(&safe(column))
    ))
}
