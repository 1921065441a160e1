//! Fit to be one pinned issue: the same bytes as long as nothing in the list changes, so it says no day of its own and
//! counts no days; no mention, link or markup comes from the repository's text; shorter than an issue may be.

use std::fmt::Write;

use super::{Item, List};
use crate::output::{escape_markdown as markdown, without_commands};
use crate::text::{clip, some};

/// A little under the 65,536 characters that GitHub takes; bytes are never fewer than characters.
const MOST: usize = 60_000;

/// Characters of one field.
const LONGEST: usize = 300;

const INTRODUCTION: &str = "\
<!-- soc2 due -->
What falls due, is late or was missed. This text is written anew when the list changes; do not edit it. An entry goes
when the work is done and filed.
";

const CLOSING: &str = "\nManagement's own view, not an auditor's opinion.\n";

/// The list as Markdown.
pub fn render(list: &List) -> String {
    let mut out = INTRODUCTION.to_owned();
    if list.items.is_empty() {
        out.push_str("\nNothing is due, late or missed.\n");
    }
    let mut left = list.items.len();
    'all: for (owner, items) in list.by_owner() {
        let mut heading = Some(format!("\n### {}\n\n", markdown(&clip(&owner, LONGEST))));
        for item in items {
            let entry = format!("{}{}", heading.take().unwrap_or_default(), entry(item));
            if out.len() + entry.len() > MOST {
                break 'all;
            }
            out.push_str(&entry);
            left -= 1;
        }
    }
    if left > 0 {
        let _ = writeln!(out, "\nAnd {left} more: `soc2 due` lists all.");
    }
    if !list.every_day.is_empty() {
        let names = some(&list.every_day, 5);
        let _ = writeln!(out, "\nDue every day, listed once missed: {}.", markdown(&clip(&names, LONGEST)));
    }
    out.push_str(CLOSING);
    without_commands(out)
}

fn entry(item: &Item) -> String {
    let mut words = markdown(&clip(&item.what, LONGEST));
    let _ = write!(words, " ({})", item.standing());
    if let Some(why) = item.why.as_ref().or(item.title.as_ref()) {
        let _ = write!(words, ": {}", markdown(&clip(why, LONGEST)));
    }
    let todo = match &item.todo {
        Some(todo) => format!("{}: ", markdown(&clip(todo, LONGEST))),
        None => String::new(),
    };
    format!("- **{}** {words}  \n  {todo}{}\n", item.day, code(&clip(&item.command, LONGEST)))
}

/// A code span that holds any text: its fence is longer than every run of backticks inside.
fn code(text: &str) -> String {
    let text = crate::text::safe(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_spans_cannot_be_left() {
        assert_eq!(code("soc2 due"), "`soc2 due`");
        assert_eq!(code("a`b``c"), "``` a`b``c ```");
        assert_eq!(code("a\n@b"), "`a\\u{a}@b`");
    }
}
