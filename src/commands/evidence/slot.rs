//! Which slot a performance is for, as a proposal, and whether a named one can be filled on that day.

use jiff::ToSpan;
use jiff::civil::Date;

use super::Ground;
use crate::model::control::Anchor;
use crate::model::{Cadence, Control};
use crate::timeline::calendar::{Grid, moved};
use crate::timeline::{Settings, WINDOW, longest_grace};

/// The name of the interval a day lies in; `None` where the control has no intervals, or they hang on a window that the
/// day does not settle.
pub(super) fn proposed(ground: &Ground<'_>, control: usize, day: Date) -> Option<String> {
    let control = ground.program.controls.get(control)?;
    Some(grid(ground, control, day)?.containing(day).name())
}

/// Why a named slot cannot be filled on that day; nothing is said where the intervals are not known.
pub(super) fn contradiction(ground: &Ground<'_>, control: &Control, name: &str, day: Date) -> Option<String> {
    let id = &control.id.value;
    if name == WINDOW {
        let wrong = has_intervals(ground, control);
        return wrong.then(|| format!("`{WINDOW}` is no slot of `{id}`: it is judged by intervals"));
    }
    let grid = grid(ground, control, day)?;
    let Some(interval) = grid.named(name) else {
        let fits = grid.containing(day).name();
        return Some(format!("`{name}` is no slot of `{id}`; {day} lies in `{fits}`"));
    };
    let cadence = control.cadence.as_ref()?.value;
    let own = control.grace_days.as_ref().and_then(|days| i64::try_from(days.value).ok());
    let longest = longest_grace(cadence).unwrap_or(0);
    let grace = own.unwrap_or_else(|| Settings::of(&ground.program).grace(cadence)).clamp(0, longest);
    let last = moved(interval.to, grace.days());
    let outside = day < interval.from || day > last;
    outside.then(|| {
        let (from, to) = interval.days();
        format!("`{name}` is {from} to {to}, with grace {last}; what was done on {day} does not fill it")
    })
}

/// Is the control judged by intervals, and not over the window as a whole?
fn has_intervals(ground: &Ground<'_>, control: &Control) -> bool {
    let Some(cadence) = control.cadence.as_ref().map(|cadence| cadence.value) else { return false };
    let whole = matches!(cadence, Cadence::Once | Cadence::Continuous | Cadence::Event);
    !whole && (control.anchor.is_some() || !Settings::of(&ground.program).by_distance(cadence))
}

/// How the control's time is cut into intervals around a day.
fn grid(ground: &Ground<'_>, control: &Control, day: Date) -> Option<Grid> {
    let settings = Settings::of(&ground.program);
    let cadence = control.cadence.as_ref()?.value;
    let anchor = match &control.anchor {
        Some(anchor) => anchor.value,
        None if settings.by_distance(cadence) => return None,
        None => Anchor::Calendar,
    };
    let window = if anchor == Anchor::Window { only_window(ground, day)? } else { day };
    Grid::new(cadence, anchor, settings.fiscal_year_starts, window)
}

/// The first day of the one audit whose window holds the day.
fn only_window(ground: &Ground<'_>, day: Date) -> Option<Date> {
    let audits = ground.program.config.as_ref().map_or(&[][..], |config| &config.audit);
    let mut starts = audits.iter().filter_map(|audit| {
        let period = audit.period.as_ref()?;
        let (from, to) = (period.from.as_ref()?.value, period.to.as_ref()?.value);
        (from <= day && day <= to).then_some(from)
    });
    let first = starts.next()?;
    starts.next().is_none().then_some(first)
}
