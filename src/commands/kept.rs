//! Where an auditor's list is kept as it was received: beside what was handed over for the audit.

use crate::source::Sources;

/// The path of a list, below the programme's root.
pub(super) fn path(audit: Option<&str>, workbook: bool) -> String {
    let end = if workbook { "xlsx" } else { "csv" };
    match audit {
        Some(audit) => format!("audits/{audit}/requests.{end}"),
        None => format!("audits/requests.{end}"),
    }
}

/// The list that is kept, a workbook before text.
pub(super) fn find(sources: &Sources, audit: Option<&str>) -> Option<String> {
    [true, false].into_iter().map(|workbook| path(audit, workbook)).find(|path| sources.find(path).is_some())
}
