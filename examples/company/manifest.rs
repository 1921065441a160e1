//! The manifest of a piece of evidence, as its collector wrote it.

use std::fmt::Write as _;

use jiff::civil::{Date, date};
use soc2::source::{hex, sha256};

use super::calendar::stamp;
use super::chance::Chance;
use super::piece::{Made, Words};
use super::plan::{Plan, Turn};
use super::staff;

/// The day on which the auditor's list came: what was filed before names no request.
const LIST_CAME: Date = date(2026, 9, 1);

/// The manifest without a review.
pub fn text(
    plan: &Plan,
    turn: &Turn,
    title: &str,
    by: &str,
    collector: &str,
    files: &[Made],
    words: &mut Words<'_>,
) -> String {
    let period = turn.interval.name.as_str();
    let get = |key: &str| plan.get(period, key);
    let table = files.iter().find_map(|file| file.rows.as_ref());
    let items = get("items");
    let nothing = items.is_some() && table.is_none_or(|table| table.rows.is_empty());
    let mut out = String::new();
    let mut line = |key: &str, value: &str| {
        let _ = writeln!(out, "{key}: {}", scalar(value));
    };
    let none = get("nothing").filter(|_| nothing).map(|none| words.fill(none, "", table, None));
    line("title", none.as_deref().unwrap_or(title));
    let _ = writeln!(out, "controls: [{}]", get("controls").unwrap_or(&plan.control));
    let kind = if nothing { "nil-statement" } else { get("kind").unwrap_or("system-report") };
    let _ = writeln!(out, "kind: {kind}");
    out.push_str(&performance(plan, turn, by, files, nothing));
    if let Some(slot) = get("slot") {
        let _ = writeln!(out, "slot: {}", if slot.is_empty() { period } else { slot });
    }
    let outcome = get("outcome").unwrap_or("as-expected");
    let summary = if nothing { get("none").or(get("summary")) } else { get("summary") };
    let summary = words.fill(summary.unwrap_or("Performed as written."), "", table, None);
    let _ = writeln!(out, "result:\n  outcome: {outcome}\n  summary: {}", scalar(&summary));
    if let Some(follow_up) = get("follow_up") {
        let _ = writeln!(out, "  follow_up: [{}]", follow_up.replace(' ', ", "));
    }
    let minute =
        Chance::new(format!("{} {period} collected", plan.control)).between(16 * 60 + 41, 17 * 60 + 50);
    let at = if collector.ends_with("-bot") { 6 * 60 + 5 } else { minute as i16 };
    let _ = writeln!(out, "collected: {{ at: {}, by: {collector} }}", stamp(turn.on, at));
    out.push_str("artifacts:\n");
    for file in files {
        artifact(&mut out, file, turn, kind, words);
    }
    for key in ["classification", "notes", "request"] {
        if let Some(value) = get(key).filter(|_| key != "request" || turn.on >= LIST_CAME) {
            let value = words.fill(value, "", table, None);
            let value = if key == "request" { format!("[{value}]") } else { scalar(&value) };
            let _ = writeln!(out, "{key}: {value}");
        }
    }
    out
}

/// `performed`, or the occurrences that a table or a log holds.
fn performance(plan: &Plan, turn: &Turn, by: &str, files: &[Made], nothing: bool) -> String {
    let period = turn.interval.name.as_str();
    if let (Some(log), false) = (plan.get(period, "log"), nothing) {
        let words: Vec<&str> = log.split(' ').collect();
        let performer = plan.get(period, "performer").map(|who| staff::actor(who, turn.on));
        let performed = performer.map_or_else(String::new, |by| format!("performed: {{ by: {by} }}\n"));
        let (file, date, key) = (words[0], words[1], words[2]);
        return format!("{performed}occurrences: {{ artifact: {file}, date: {date}, key: {key} }}\n");
    }
    let (Some(items), false) = (plan.get(period, "items"), nothing) else {
        return format!("performed: {{ on: {}, by: {by} }}\n", turn.on);
    };
    let words: Vec<&str> = items.split(' ').collect();
    let mut out = "occurrences:\n".to_owned();
    let Some(table) = files.iter().find_map(|file| file.rows.as_ref()) else { return out };
    let who = plan.get(period, "by").unwrap_or("@security-lead");
    for row in &table.rows {
        let day = super::calendar::day(&table.cell(row, words[1])[..10]);
        let who = staff::actor(who, day);
        let outcome = match words.get(2) {
            Some(column) => table.cell(row, column),
            None => "as-expected",
        };
        let item = table.cell(row, words[0]);
        let _ = writeln!(out, "  - {{ on: {day}, by: {who}, item: {item}, outcome: {outcome} }}");
    }
    out
}

fn artifact(out: &mut String, file: &Made, turn: &Turn, kind: &str, words: &mut Words<'_>) {
    let plan = &file.plan;
    let table = file.rows.as_ref();
    let mut filled = |key: &str| plan.get(key).map(|text| words.fill(text, &file.system, table, None));
    let url = filled("url");
    let mut line = |text: String| {
        let _ = writeln!(out, "{text}");
    };
    match &url {
        Some(url) => line(format!("  - url: {url}")),
        None => line(format!("  - path: {}", file.name)),
    }
    line(format!("    sha256: \"{}\"", hex(&sha256(&file.bytes))));
    line(format!(
        "    bytes: {}",
        if url.is_some() {
            plan.get("bytes").unwrap_or("0").to_owned()
        } else {
            file.bytes.len().to_string()
        }
    ));
    if let Some(own) = plan.kind.as_deref().filter(|own| *own != kind) {
        line(format!("    kind: {own}"));
    }
    if !file.system.is_empty() {
        line(format!("    system: {}\n    environment: production", file.system));
    }
    if let Some(query) = filled("query") {
        line(format!("    query: {}", scalar(&query)));
    }
    match plan.get("covers") {
        Some("on") => line(format!("    covers: {{ from: {0}, to: {0} }}", turn.on)),
        Some("period") => {
            let to = turn.interval.to.min(turn.on);
            line(format!("    covers: {{ from: {}, to: {to} }}", turn.interval.from));
        }
        Some(days) if days.contains(' ') => {
            let (from, to) = days.split_once(' ').unwrap_or((days, days));
            line(format!("    covers: {{ from: {from}, to: {to} }}"));
        }
        _ => {}
    }
    if let (Some(population), Some(table)) = (plan.get("population"), table) {
        let words: Vec<String> =
            population.split(' ').map(|word| word.replace("<system>", &file.system)).collect();
        line(format!("    population:\n      name: {}\n      key: {}", words[0], words[1]));
        if let Some(date) = words.get(2) {
            line(format!("      date: {date}"));
        }
        line(format!("      count: {}", table.rows.len()));
        for (key, name) in [("complete", "completeness"), ("accurate", "accuracy")] {
            if let Some(text) = filled(key) {
                line(format!("      {name}: {}", scalar(&text)));
            }
        }
    }
}

/// A text as YAML: plain where that reads the same, else as a JSON string, which is one of YAML too.
pub fn scalar(text: &str) -> String {
    let odd_start = text.starts_with(|c: char| !c.is_alphanumeric() && c != '(');
    let plain = !(odd_start
        || text.contains(": ")
        || text.contains(" #")
        || text.ends_with(':')
        || text.contains('"'));
    let number = text.chars().all(|c| c.is_ascii_digit() || c == '.');
    if plain && !number && text != "true" && text != "false" && text != "null" {
        return text.to_owned();
    }
    serde_json::to_string(text).unwrap_or_default()
}
