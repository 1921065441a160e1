//! For a terminal: what the first and the last day say, a strip for each series or subject, and what moved when and why.

use super::strips::{Strips, series, used};
use super::{Event, Point, Standing, Trend, Wanted, events, is_good};
use crate::layout::{Page, Tone};
use crate::status::OWN_VIEW;
use crate::text::{count, safe};
use crate::timeline::Support;
use crate::ui::Ui;

/// Events that are shown unless all are asked for.
const EVENTS: usize = 40;
/// Controls that are shown unless all are asked for.
const CONTROLS: usize = 30;

/// The trend as text. Everything is listed when more words are asked for.
pub fn human(trend: &Trend, wanted: &Wanted, read: &str, ui: Ui) -> String {
    let mut page = Page::new(ui.width, ui.colour);
    let all = ui.verbosity > 0;
    head(&mut page, trend, read);
    let told = events(trend, wanted);
    strips(&mut page, trend, wanted, &told, all);
    moves(&mut page, &told, all);
    page.finish()
}

fn head(page: &mut Page, trend: &Trend, read: &str) {
    let audit = match (&trend.audit, trend.window) {
        (Some(id), Some((from, to))) if from < to => format!("{}, {from} to {to}", safe(id)),
        (Some(id), Some((_, to))) => format!("{}, as of {to}", safe(id)),
        (Some(id), None) => safe(id),
        (None, _) => "no audit in soc2.toml; each day is judged by itself".to_owned(),
    };
    let line = page.paint(Tone::Heading, &audit);
    page.line(&line);
    let span = match (trend.points.first(), trend.points.last()) {
        (Some(first), Some(last)) if first.day != last.day => format!("{} to {}", first.day, last.day),
        (Some(first), _) => first.day.to_string(),
        (None, _) => "no points".to_owned(),
    };
    let points = count(trend.points.len(), trend.every.word());
    page.line(&format!("{span}, {points}, each as its commit stood; {}; {OWN_VIEW}", safe(read)));
    let absent = trend.points.iter().filter(|point| point.standing().is_none());
    if let Some(why) = absent.clone().next_back().and_then(|point| point.seen.absent()) {
        page.line(&format!("{} without a verdict: {why}", count(absent.count(), trend.every.word())));
    }
    let mut lived = trend.points.iter().filter(|point| point.standing().is_some());
    let first = lived.next();
    let last = lived.next_back().or(first);
    let both = [first, last.filter(|last| first.is_none_or(|first| !std::ptr::eq(first, *last)))];
    let rows: Vec<Vec<String>> = both.into_iter().flatten().filter_map(counts).collect();
    if !rows.is_empty() {
        page.line("");
        let names = [
            "day",
            "commit",
            "supported",
            "at risk",
            "not supported",
            "due slots evidenced",
            "policies in force",
        ];
        page.table(&names, &[false, false, true, true, true, true, true], &rows);
    }
}

fn counts(point: &Point) -> Option<Vec<String>> {
    let standing: &Standing = point.standing()?;
    let (filled, due) = standing.evidenced();
    Some(vec![
        point.day.to_string(),
        point.short().to_owned(),
        format!("{} of {}", standing.supported(Support::Supported), standing.judged()),
        standing.supported(Support::AtRisk).to_string(),
        standing.supported(Support::NotSupported).to_string(),
        format!("{filled} of {due}"),
        format!("{} of {}", standing.in_force(), standing.policies.len()),
    ])
}

fn strips(page: &mut Page, trend: &Trend, wanted: &Wanted, told: &[Event], all: bool) {
    let criteria = criteria_shown(trend, wanted);
    let (controls, more) = controls_shown(trend, wanted, told, all);
    let names = criteria.iter().map(|(name, _)| name).chain(&controls);
    let wide = names.map(|name| name.chars().count()).max().unwrap_or(0).min(40);
    let strips = Strips::new(trend, page.room(wide + 4).min(120));
    let cell = match strips.step {
        1 => format!("a letter for each {}", trend.every.word()),
        n => format!("a letter for {n} {}s, the worst of them", trend.every.word()),
    };
    let mut put = |title: &str, rows: Vec<(String, String)>, of_controls: bool| {
        if rows.is_empty() {
            return;
        }
        page.heading(&format!("{title} ({cell})"));
        for (name, letters) in &rows {
            page.line(&format!("  {:<wide$}  {letters}", safe(name)));
        }
        let letters: Vec<String> = rows.into_iter().map(|(_, letters)| letters).collect();
        let legend = used(&letters, of_controls);
        page.hang("  ", &legend);
    };
    let of_criteria = criteria.into_iter().map(|(name, series)| {
        let letters = match series {
            true => strips.criteria(|one| *one.series == *name),
            false => strips.criteria(|one| one.id.eq_ignore_ascii_case(&name)),
        };
        (name, letters)
    });
    put("Criteria", of_criteria.collect(), false);
    let of_controls = controls.into_iter().map(|id| {
        let letters = strips.control(&id);
        (id, letters)
    });
    let title = if all || !wanted.is_all() { "Controls" } else { "Controls that moved or lack something" };
    put(title, of_controls.collect(), true);
    if more > 0 {
        page.line(&format!("  and {more} more: -v, or --control ID"));
    }
}

/// Names of strips of criteria, and whether each is a series.
fn criteria_shown(trend: &Trend, wanted: &Wanted) -> Vec<(String, bool)> {
    match wanted.is_all() {
        true => series(trend).into_iter().map(|name| (name.to_owned(), true)).collect(),
        false => wanted.criteria.iter().map(|id| (id.clone(), false)).collect(),
    }
}

/// The controls that are shown, and how many are left out.
fn controls_shown(trend: &Trend, wanted: &Wanted, told: &[Event], all: bool) -> (Vec<String>, usize) {
    if !wanted.is_all() {
        return (wanted.controls.clone(), 0);
    }
    let last = trend.points.last().and_then(Point::standing);
    let moved: std::collections::BTreeSet<&str> = told
        .iter()
        .filter(|event| event.subject.kind() == "control" && event.from.is_some() && event.to.is_some())
        .map(|event| event.subject.id())
        .collect();
    let Some(last) = last else { return (Vec::new(), 0) };
    let worth = last
        .controls
        .iter()
        .filter(|one| all || moved.contains(&*one.id) || !is_good(one.operation) || !one.design.is_empty());
    let mut ids: Vec<(bool, String)> =
        worth.map(|one| (is_good(one.operation), one.id.to_string())).collect();
    ids.sort_by_key(|(good, _)| *good);
    let more = if all { 0 } else { ids.len().saturating_sub(CONTROLS) };
    ids.truncate(ids.len() - more);
    (ids.into_iter().map(|(_, id)| id).collect(), more)
}

fn moves(page: &mut Page, told: &[Event], all: bool) {
    if told.is_empty() {
        return;
    }
    page.heading("What moved");
    let left_out = if all { 0 } else { told.len().saturating_sub(EVENTS) };
    if left_out > 0 {
        page.line(&format!("  {} before these: -v, or --format json", count(left_out, "earlier move")));
    }
    let mut day = None;
    for event in told.iter().skip(left_out) {
        if day != Some(event.day) {
            day = Some(event.day);
            // What moved first on a day may have been moved by the clock.
            let of_day = told.iter().filter(|other| other.day == event.day);
            let commit = of_day.filter_map(|event| event.commit.as_deref()?.get(..7)).next();
            let commit = commit.map_or(String::new(), |id| format!("  commit {id}"));
            page.line(&format!("  {}{commit}", event.day));
        }
        let moved = match (event.from, event.to) {
            (Some(from), Some(to)) if from == to => format!("still {to}"),
            (Some(from), Some(to)) => format!("{from} → {to}"),
            (None, Some(to)) => format!("new, {to}"),
            (Some(from), None) => format!("gone, was {from}"),
            (None, None) => String::new(),
        };
        let text = format!("{}: {moved}; {}", safe(event.subject.id()), event.why);
        page.hang_at("    ", 6, Tone::Plain, &text);
    }
}
