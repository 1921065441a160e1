//! What to say of the rows and columns of a table.

use crate::source::TableFacts;
use crate::text::{clip, count, nearest, safe, some};

/// `1 row`, `2 rows`.
pub(in crate::rules) fn rows(n: u64) -> String {
    count(usize::try_from(n).unwrap_or(usize::MAX), "row")
}

/// For a column that is not there: the one that was most likely meant, else those that there are.
pub(in crate::rules) fn column_help(table: Option<&TableFacts>, column: &str) -> String {
    let columns = || table.into_iter().flat_map(|table| &table.columns).map(|name| &**name);
    if let Some(near) = nearest(column.trim(), columns()) {
        return format!("did you mean `{}`?", clip(&safe(near), 60));
    }
    let shown: Vec<String> = columns().map(|name| format!("`{}`", clip(&safe(name), 60))).collect();
    format!("name a column that is there: {}", some(&shown, 6))
}
