//! For a terminal: every entry with its place, and below it what to do.

use std::fmt::Write;

use super::{Page, sign};
use crate::change::Effect;
use crate::output::without_commands;
use crate::text::safe;

/// The list in words.
pub fn render(page: &Page) -> String {
    let mut out = format!("{} → {}: {}\n", page.from, page.to, page.headline());
    let mut last: Option<Effect> = None;
    for line in &page.lines {
        if last != Some(line.effect) {
            out.push('\n');
            last = Some(line.effect);
        }
        let place = line.spot.as_ref().map_or_else(String::new, |spot| {
            let side = if spot.gone { format!(" in {}", page.from) } else { String::new() };
            format!("  {}:{}{side}", safe(&spot.path), spot.line)
        });
        let _ = writeln!(out, "{} {}{place}  {}", sign(line.effect), line.name, line.message);
        if let Some(help) = &line.help {
            let _ = writeln!(out, "    {help}");
        }
    }
    for note in &page.notes {
        let _ = write!(out, "\n{note}\n");
    }
    without_commands(out)
}
