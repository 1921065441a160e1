//! The trend: criteria by support, a column for each point of the past, drawn and as a table.

use serde::Serialize;

use super::View;
use crate::timeline::Support;
use crate::trend::{Every, Point};

/// Height of the drawing; columns are as high as their share of the criteria.
const HIGH: usize = 1000;
/// Width of a column, of which a little is left between two.
const WIDE: usize = 10;

/// Criteria through time.
#[derive(Serialize)]
pub(super) struct Trend {
    /// `week` or `day`.
    unit: &'static str,
    /// How many points there are, in words.
    count: String,
    /// What the drawing shows, for who does not see it.
    told: String,
    width: usize,
    columns: Vec<Column>,
    points: Vec<Row>,
}

/// A rectangle.
#[derive(Serialize)]
struct Column {
    tone: &'static str,
    x: usize,
    y: usize,
    wide: usize,
    high: usize,
}

/// The numbers of a point.
#[derive(Serialize)]
struct Row {
    day: String,
    commit: String,
    supported: usize,
    at_risk: usize,
    not_supported: usize,
    beside: usize,
}

/// The past of the audit, where there is one with more than a single point.
pub(super) fn view(view: &View<'_>) -> Option<Trend> {
    let trend = view.trend?;
    let points: Vec<Row> = trend.points.iter().filter_map(row).collect();
    let (first, last) = (points.first()?, points.last().filter(|_| points.len() > 1)?);
    let told = format!("On {}: {}. On {}: {}.", first.day, words(first), last.day, words(last));
    let columns = points.iter().enumerate().flat_map(|(nth, row)| column(nth, row)).collect();
    let unit = if trend.every == Every::Week { "week" } else { "day" };
    let count = crate::text::count(points.len(), unit);
    Some(Trend { unit, count, told, width: points.len() * WIDE, columns, points })
}

fn row(point: &Point) -> Option<Row> {
    let standing = point.standing()?;
    Some(Row {
        day: point.day.to_string(),
        commit: point.short().to_owned(),
        supported: standing.supported(Support::Supported),
        at_risk: standing.supported(Support::AtRisk),
        not_supported: standing.supported(Support::NotSupported),
        beside: standing.supported(Support::CarvedOut) + standing.supported(Support::NotRelevant),
    })
}

fn words(row: &Row) -> String {
    format!("{} supported, {} at risk, {} not supported", row.supported, row.at_risk, row.not_supported)
}

/// From the ground up: supported, at risk, not supported.
fn column(nth: usize, row: &Row) -> Vec<Column> {
    let all = (row.supported + row.at_risk + row.not_supported).max(1);
    let parts = [("good", row.supported), ("watch", row.at_risk), ("bad", row.not_supported)];
    let mut below = 0;
    let mut out = Vec::new();
    for (tone, n) in parts.into_iter().filter(|(_, n)| *n > 0) {
        // Ends are rounded, not heights, so that columns of the same number of criteria are as high.
        let (from, to) = (below * HIGH / all, (below + n) * HIGH / all);
        below += n;
        out.push(Column { tone, x: nth * WIDE, y: HIGH - to, wide: WIDE - 1, high: to - from });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_filled_from_the_ground_up() {
        let row = |supported, at_risk, not_supported| Row {
            day: String::new(),
            commit: String::new(),
            supported,
            at_risk,
            not_supported,
            beside: 0,
        };
        let of = |row: &Row| -> Vec<(&str, usize, usize)> {
            column(3, row).iter().map(|one| (one.tone, one.y, one.high)).collect()
        };
        assert_eq!(of(&row(1, 1, 1)), [("good", 667, 333), ("watch", 334, 333), ("bad", 0, 334)]);
        assert_eq!(of(&row(0, 0, 7)), [("bad", 0, 1000)]);
        assert_eq!(of(&row(0, 0, 0)), []);
    }
}
