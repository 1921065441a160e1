//! The auditor's list as it was received, kept beside what was handed over for the audit.

use std::io::{self, Read};

use super::list::List;
use super::{answers, listed};
use crate::sheet::FILE_CAP;
use crate::source::Sources;
use crate::timeline::Judgement;

/// The path of a list, below the programme's root.
pub fn kept_path(audit: Option<&str>, workbook: bool) -> String {
    let end = if workbook { "xlsx" } else { "csv" };
    match audit {
        Some(audit) => format!("audits/{audit}/requests.{end}"),
        None => format!("audits/requests.{end}"),
    }
}

/// The list that is kept, a workbook before text.
pub fn kept(sources: &Sources, audit: Option<&str>) -> Option<String> {
    [true, false]
        .into_iter()
        .map(|workbook| kept_path(audit, workbook))
        .find(|path| sources.find(path).is_some())
}

/// Its bytes, as far as a list goes.
pub fn kept_bytes(sources: &Sources, path: &str) -> io::Result<Vec<u8>> {
    let file = sources.find(path).ok_or(io::ErrorKind::NotFound)?;
    let mut bytes = Vec::new();
    let cap = u64::try_from(FILE_CAP).unwrap_or(u64::MAX);
    sources.open(file)?.take(cap + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The list that is kept with our answers in it, and whether it is a workbook; `None` where there is none, or where it can be
/// understood only by somebody who says which sheet and columns.
pub fn answered(judgement: &Judgement<'_>, audit: Option<&str>) -> Option<(Vec<u8>, bool)> {
    let sources = &judgement.program.sources;
    let bytes = kept_bytes(sources, &kept(sources, audit)?).ok()?;
    let list = List::open(&bytes, None, &[]).ok()?;
    let workbook = list.is_workbook();
    let (rows, _) = listed(&list.grid, &list.columns, None);
    let (filled, _) = list.filled(&answers(judgement, audit, &rows).rows).ok()?;
    Some((filled, workbook))
}
