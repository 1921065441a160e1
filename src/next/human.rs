//! For a terminal: numbered steps, each with its reason, whose it is, and what to type.

use std::fmt::Write;

use super::{Start, Step};
use crate::output::without_commands;

/// The first steps in words; `more` are left out.
pub fn render(heading: &str, start: &Start, steps: &[&Step], more: usize) -> String {
    let mut out = format!("{heading}\n\n");
    if steps.is_empty() {
        out.push_str("Nothing is left to do now.\n");
    }
    for (nth, step) in (1usize..).zip(steps) {
        let who = step.who.as_ref().map_or(String::new(), |who| format!("  [{who}]"));
        let _ = writeln!(out, "{nth:>3}  {}{who}", step.what);
        let _ = writeln!(out, "     {}", step.why);
        let _ = writeln!(out, "     > {}", step.command);
    }
    if more > 0 {
        let _ = writeln!(out, "\nand {more} more: soc2 next --all");
    }
    let _ = match start {
        Start::From { day, because } => {
            writeln!(out, "\nEarliest honest start of a Type II window: {day}; {because}.")
        }
        Start::NotYet { because, .. } => {
            writeln!(out, "\nEarliest honest start of a Type II window: not yet; {because}.")
        }
    };
    without_commands(out)
}
