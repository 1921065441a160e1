//! For a terminal: owners, and below each what is theirs, by day.

use std::fmt::Write;

use super::{Item, List};
use crate::output::{unless_work_tree, without_commands};
use crate::text::{count, some};

/// The list in words; `read` says what was read.
pub fn render(list: &List, read: &str) -> String {
    let days = count(usize::try_from(list.days).unwrap_or(0), "day");
    let from = unless_work_tree(read);
    let mut out = format!("What is due, as of {}, up to {} ({days}){from}\n", list.as_of, list.until);
    if list.items.is_empty() {
        out.push_str("\nNothing is due, late or missed.\n");
        every_day(list, &mut out);
        return without_commands(out);
    }
    for (owner, items) in list.by_owner() {
        let _ = writeln!(out, "\n{owner}");
        for item in items {
            entry(item, &mut out);
        }
    }
    every_day(list, &mut out);
    let _ = writeln!(out, "\n{}.", list.counts());
    without_commands(out)
}

fn every_day(list: &List, out: &mut String) {
    if !list.every_day.is_empty() {
        let _ = writeln!(out, "\nDue every day, listed once missed: {}.", some(&list.every_day, 5));
    }
}

fn entry(item: &Item, out: &mut String) {
    let _ = writeln!(out, "  {}  {} ({})", item.day, item.what, item.standing());
    if let Some(why) = item.why.as_ref().or(item.title.as_ref()) {
        let _ = writeln!(out, "              {why}");
    }
    let todo = item.todo.as_ref().map_or(String::new(), |todo| format!("{todo}: "));
    let _ = writeln!(out, "              > {todo}{}", item.command);
}
