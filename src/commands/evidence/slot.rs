//! Which slot a performance is for, as a proposal.

use jiff::civil::Date;

use super::Ground;
use crate::model::Cadence;
use crate::model::control::Anchor;

/// The name of the calendar interval a day lies in; `None` where the control has none.
pub(super) fn proposed(ground: &Ground<'_>, control: usize, day: Date) -> Option<String> {
    let control = ground.program.controls.get(control)?;
    let calendar = control.anchor.as_ref().is_none_or(|anchor| anchor.value == Anchor::Calendar);
    let cadence = control.cadence.as_ref()?.value;
    if calendar { interval_name(cadence, day) } else { None }
}

/// `2026-Q1`, `2026-03`, `2026-W09`, `2026-H1`, `2026-03-28`.
fn interval_name(cadence: Cadence, day: Date) -> Option<String> {
    let (year, month) = (day.year(), day.month());
    Some(match cadence {
        Cadence::Semiannual => format!("{year}-H{}", (month + 5) / 6),
        Cadence::Quarterly => format!("{year}-Q{}", (month + 2) / 3),
        Cadence::Monthly => format!("{year}-{month:02}"),
        Cadence::Weekly => {
            let week = day.iso_week_date();
            format!("{}-W{:02}", week.year(), week.week())
        }
        Cadence::Daily => day.to_string(),
        // Judged by the distance between occurrences, or without intervals.
        Cadence::Once | Cadence::Annual | Cadence::Continuous | Cadence::Event => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_day_lies_in_an_interval() {
        for (cadence, day, name) in [
            (Cadence::Quarterly, date(2026, 3, 31), "2026-Q1"),
            (Cadence::Quarterly, date(2026, 12, 1), "2026-Q4"),
            (Cadence::Semiannual, date(2026, 6, 30), "2026-H1"),
            (Cadence::Semiannual, date(2026, 7, 1), "2026-H2"),
            (Cadence::Monthly, date(2026, 3, 1), "2026-03"),
            (Cadence::Weekly, date(2027, 1, 3), "2026-W53"),
            (Cadence::Daily, date(2026, 3, 28), "2026-03-28"),
        ] {
            assert_eq!(interval_name(cadence, day).as_deref(), Some(name));
        }
        assert_eq!(interval_name(Cadence::Event, date(2026, 3, 1)), None);
    }
}
