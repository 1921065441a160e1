//! Fit to be one comment of a pull request, updated in place: the same changes give the same bytes, the first line is a
//! marker to find it by, no text of the repository becomes markup, a link or a mention, and it stays shorter than a comment
//! may be.

use std::fmt::Write;

use super::{Line, Page, heading, sign};
use crate::change::Effect;
use crate::output::{escape_markdown as markdown, without_commands};
use crate::text::clip;

/// The first line of every comment, to find it by.
pub const MARKER: &str = "<!-- soc2 diff -->";

/// A little under the 65,536 characters that GitHub takes; bytes are never fewer than characters.
const MOST: usize = 60_000;

/// Entries of one kind; the rest are counted.
const MOST_OF_A_KIND: usize = 20;

/// Characters of one field.
const LONGEST: usize = 600;

const CLOSING: &str = "\nManagement's own view, not an auditor's opinion.\n";

/// The list as Markdown.
pub fn render(page: &Page) -> String {
    let mut out = format!("{MARKER}\n### soc2: {}\n", page.headline());
    let mut listed = 0;
    'all: for (effect, _) in Effect::MEANINGS {
        let mut title = Some(format!("\n**{}**\n\n", heading(*effect)));
        for (group, more) in page.folded(*effect, MOST_OF_A_KIND) {
            let name = group.first().map_or("", |line| line.name);
            for line in group {
                let entry = format!("{}{}", title.take().unwrap_or_default(), entry(page, line));
                if out.len() + entry.len() > MOST {
                    break 'all;
                }
                out.push_str(&entry);
                listed += 1;
            }
            if more > 0 {
                let _ = writeln!(out, "- {} and {more} more `{name}`", sign(*effect));
                listed += more;
            }
        }
    }
    let left = page.lines.len().saturating_sub(listed);
    if left > 0 {
        let _ = writeln!(out, "\nAnd {left} more: `soc2 diff` lists all.");
    }
    let _ = writeln!(out, "\nCompared: {} → {}.", markdown(&page.from), markdown(&page.to));
    for note in &page.notes {
        let _ = writeln!(out, "\n{}", markdown(&clip(note, LONGEST)));
    }
    out.push_str(CLOSING);
    without_commands(out)
}

fn entry(page: &Page, line: &Line) -> String {
    let place = line.spot.as_ref().map_or_else(String::new, |spot| {
        let side = if spot.gone { format!(" in {}", markdown(&page.from)) } else { String::new() };
        let path = format!("{}{}:{}", page.prefix, spot.path, spot.line);
        format!(" {}{side}", markdown(&clip(&path, LONGEST)))
    });
    let message = markdown(&clip(&line.message, LONGEST));
    let help = line
        .help
        .as_ref()
        .map_or_else(String::new, |help| format!("  \n  {}", markdown(&clip(help, LONGEST))));
    format!("- {} **{}**{place}: {message}{help}\n", sign(line.effect), line.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::Spot;
    use crate::gap::Subject;

    fn page(n: usize) -> Page {
        let line = Line {
            effect: Effect::Regression,
            name: "control-removed",
            subject: Subject::new("control", "a"),
            spot: Some(Spot { path: "controls/@ops.yaml".to_owned(), line: 3, column: 1, gone: true }),
            message: "`@alice` <img src=x> ##[error] #12 https://x.example\n::set-env".repeat(30),
            help: None,
            unknown: false,
        };
        let lines = vec![line; n];
        Page {
            from: "commit 3fa9c1e".to_owned(),
            to: "index".to_owned(),
            prefix: "soc/".to_owned(),
            lines,
            notes: Vec::new(),
        }
    }

    #[test]
    fn text_stays_text() {
        let text = render(&page(1));
        assert!(text.starts_with(MARKER));
        for bad in ["@alice", "@ops", "<img", "##[", "#12", "https://", "\n::"] {
            assert!(!text.contains(bad), "{bad}: {text}");
        }
    }

    #[test]
    fn many_of_a_kind_are_counted() {
        let text = render(&page(2_000));
        assert!(text.len() < 65_536);
        assert_eq!(text.matches("**control-removed**").count(), MOST_OF_A_KIND);
        assert!(text.contains("and 1980 more `control-removed`"));
    }
}
