//! A document of ours made of another tool's: front matter that says where it comes from, levels of headings, body.

use super::foreign::Lines;
use super::{Fate, NewFile, Origin, Remark, Text};
use crate::manifest::quoted;
use crate::source::FileId;
use crate::syntax::{Node, Value, markdown, yaml};
use crate::text::{clip, is_hostile, safe, slug};

/// Where a document stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Policy,
    Procedure,
    Narrative,
}

impl Kind {
    pub(super) fn folder(self) -> &'static str {
        match self {
            Self::Policy => "policies",
            Self::Procedure => "procedures",
            Self::Narrative => "narratives",
        }
    }

    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Procedure => "procedure",
            Self::Narrative => "narrative",
        }
    }
}

/// A document to be written. Nobody has approved it.
pub(super) struct Document<'d> {
    pub(super) kind: Kind,
    pub(super) id: &'d str,
    pub(super) title: &'d str,
    pub(super) owner: &'d str,
    /// The tool it was kept with.
    pub(super) tool: &'d str,
    /// Below the folder of its kind, with `/` at its end, or nothing.
    pub(super) folder: &'d str,
    pub(super) from: Origin,
    /// Comments in the front matter.
    pub(super) notes: Vec<String>,
    pub(super) body: &'d str,
}

impl Document<'_> {
    pub(super) fn file(&self) -> NewFile {
        let mut out = String::from("---\n");
        out.push_str(&comment("", &format!("from {}: {}", self.tool, self.from.shown())));
        for note in &self.notes {
            out.push_str(&comment("", note));
        }
        out.push_str(&format!(
            "id: {}\ntitle: {}\nowner: {}\n---\n",
            self.id,
            quoted(self.title),
            self.owner
        ));
        out.push_str(self.body.trim_start_matches('\n').trim_end());
        out.push('\n');
        let path = format!("{}/{}{}.md", self.kind.folder(), self.folder, self.id);
        NewFile { path, bytes: out.into_bytes(), from: self.from.clone() }
    }
}

/// A comment of YAML on a line of its own. What is quoted in it cannot become a comment that mutes a rule.
pub(super) fn comment(indent: &str, text: &str) -> String {
    let text = safe(&one_line(text)).replace("soc2: ignore[", "soc2 ignore [");
    format!("{indent}# {}\n", clip(&text, 400))
}

/// Text on one line, without what hides or moves it.
pub(super) fn one_line(text: &str) -> String {
    let plain: String =
        text.chars().map(|c| if c.is_whitespace() || is_hostile(c) { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A title for people: what was given, else the name of the file spelt out.
pub(super) fn title(given: Option<&str>, name: &str) -> String {
    let given = given.map(one_line).filter(|given| !given.is_empty());
    given.map_or_else(
        || crate::text::capitalized(&one_line(&name.replace(['-', '_', '.'], " "))),
        |given| clip(&given, 200),
    )
}

/// What stands between two fences at the start, or before the first; the second part of both is where the text begins.
pub(super) fn fenced(text: &str) -> Option<(std::ops::Range<usize>, usize)> {
    let mut open = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        if line.trim_end() == "---" {
            match open {
                None if at == 0 => open = Some(end),
                None => return Some((0..at, end)),
                Some(start) => return Some((start..at, end)),
            }
        }
        at = end;
    }
    None
}

/// YAML of a foreign file, or why it is none.
pub(super) fn yaml<'t>(text: &'t Text, range: std::ops::Range<usize>) -> Result<Node<'t>, Remark> {
    let mut out = Vec::new();
    let part = text.text.get(range.clone()).unwrap_or("");
    let node = yaml::parse(FileId(0), part, range.start, &mut out);
    let first = out.into_iter().next();
    match (node, first) {
        (Some(node), None) => Ok(node),
        (_, first) => {
            let (at, message) = first.map_or((0, "not YAML".to_owned()), |fault| {
                let help = fault.help.map_or_else(String::new, |help| format!("; {help}"));
                (fault.at.span.start as usize, format!("{}{help}", fault.message))
            });
            Err(Remark { fate: Fate::Left, from: Lines::of(text).at(at), text: message })
        }
    }
}

/// The entries of a mapping; none of anything else.
pub(super) fn entries<'n, 't>(node: &'n Node<'t>) -> &'n [crate::syntax::Entry<'t>] {
    match &node.value {
        Value::Map(entries) => entries,
        _ => &[],
    }
}

/// The items of a list; a single value is a list of one.
pub(super) fn items<'n, 't>(node: &'n Node<'t>) -> &'n [Node<'t>] {
    match &node.value {
        Value::List(items) => items,
        Value::Scalar(_) => std::slice::from_ref(node),
        _ => &[],
    }
}

/// The text with the levels of its headings moved, so that sections stand one below the title of the front matter, and how far
/// they were moved. A heading that is the title stays the first.
pub(super) fn levelled(text: &str, title: &str) -> (String, i32) {
    let headings = markdown::headings(text);
    let Some(top) = headings.iter().map(|heading| heading.level).min() else { return (text.to_owned(), 0) };
    if headings.len() >= markdown::HEADING_CAP {
        return (text.to_owned(), 0);
    }
    let alone = headings.iter().filter(|heading| heading.level == top).count() == 1;
    let first = headings.first().is_some_and(|first| first.level == top && slug(&first.title) == slug(title));
    let shift = if alone && first { 1 } else { 2 } - i32::from(top);
    if shift == 0 {
        return (text.to_owned(), 0);
    }
    let mut out = String::with_capacity(text.len() + headings.len());
    let mut done = 0;
    for heading in &headings {
        let range = heading.span.range();
        let Some(typed) = text.get(range.clone()).filter(|_| range.start >= done) else { continue };
        let marks = typed.bytes().take_while(|byte| *byte == b'#').count();
        let level = (i32::from(heading.level) + shift).clamp(1, 6);
        let hashes = "#".repeat(usize::try_from(level).unwrap_or(1));
        let moved = match typed.split_once('\n') {
            _ if marks > 0 => format!("{hashes}{}", typed.get(marks..).unwrap_or("")),
            // Underlined: the line above is the heading.
            Some((words, underline)) if !underline.contains('\n') => format!("{hashes} {}", words.trim()),
            _ => typed.to_owned(),
        };
        out.push_str(text.get(done..range.start).unwrap_or(""));
        out.push_str(&moved);
        done = range.end;
    }
    out.push_str(text.get(done..).unwrap_or(""));
    (out, shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_fences_are_found() {
        let cut =
            |text: &str| fenced(text).map(|(front, body)| (text[front].to_owned(), text[body..].to_owned()));
        let parts = |front: &str, body: &str| Some((front.to_owned(), body.to_owned()));
        assert_eq!(cut("name: a\n---\nx\n---\n"), parts("name: a\n", "x\n---\n"));
        assert_eq!(cut("---\nname: a\n---\nx\n"), parts("name: a\n", "x\n"));
        assert_eq!(cut("---\nname: a\n"), None);
        assert_eq!(cut("name: a\n"), None);
    }

    #[test]
    fn sections_stand_below_the_title() {
        for (text, moved) in [
            ("# One\n\na\n\n# Two\n\n## Three\n", "## One\n\na\n\n## Two\n\n### Three\n"),
            ("# Access\n\n## Two\n", "# Access\n\n## Two\n"),
            ("### Access\n\n#### Two\n", "# Access\n\n## Two\n"),
            ("### Other\n\n#### Two\n", "## Other\n\n### Two\n"),
            ("One\n===\n\nTwo\n---\n", "## One\n\n### Two\n"),
            ("```\n# code\n```\n", "```\n# code\n```\n"),
            ("no heading\n", "no heading\n"),
        ] {
            assert_eq!(levelled(text, "Access").0, moved);
        }
    }

    #[test]
    fn a_comment_is_one_line_and_mutes_nothing() {
        assert_eq!(comment("  ", "a\nb\u{202e} soc2: ignore[x] y"), "  # a b soc2 ignore [x] y\n");
    }
}
