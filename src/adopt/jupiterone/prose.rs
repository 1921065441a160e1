//! What the policy builder's pages have and Markdown has not: a line for the revision, and boxes with a title.

use crate::text::capitalized;

/// The text in plain Markdown, line for line, with what was changed and where.
pub(super) fn plain(text: &str) -> (String, Vec<(usize, &'static str)>) {
    let mut out = String::with_capacity(text.len());
    let mut told = Vec::new();
    let mut boxed = false;
    for (nth, line) in text.lines().enumerate() {
        let bare = line.trim().trim_matches('`').replace(' ', "");
        if bare == "{{defaultRevision}}" {
            told.push((nth + 1, "the line of the revision is left out: versions stand with the approvals"));
            boxed = false;
        } else if let Some(title) = box_title(line) {
            told.push((nth + 1, "a box is written as a quote"));
            out.push_str(&format!("> **{title}**\n>"));
            boxed = true;
        } else if let Some(inner) =
            line.strip_prefix("    ").or_else(|| line.strip_prefix('\t')).filter(|_| boxed)
        {
            out.push_str(&format!("> {inner}"));
        } else if boxed && line.trim().is_empty() {
            out.push('>');
        } else {
            // A paragraph right below would become part of the quote.
            if boxed && out.ends_with(">\n") {
                out.truncate(out.len() - 2);
                out.push('\n');
            } else if boxed {
                out.push('\n');
            }
            boxed = false;
            out.push_str(line);
        }
        out.push('\n');
    }
    (out, told)
}

/// `!!! important "Read this"` is a box.
fn box_title(line: &str) -> Option<String> {
    let rest = line.strip_prefix("!!! ").or_else(|| line.strip_prefix("??? "))?;
    let (kind, title) = rest.trim().split_once(' ').unwrap_or((rest.trim(), ""));
    let title = title.trim().trim_matches('"');
    let plain = !kind.is_empty() && kind.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    plain.then(|| if title.is_empty() { capitalized(kind) } else { title.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_become_quotes() {
        let text = "# A\n\n`{{defaultRevision}}`\n\n!!! note\n\n    One.\n\n    - two\n\nThen.\n";
        let (plain, told) = plain(text);
        assert_eq!(plain, "# A\n\n\n\n> **Note**\n>\n>\n> One.\n>\n> - two\n\nThen.\n");
        assert_eq!(told.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 5]);
        assert_eq!(
            super::plain("    code\n!!! x \"Y z\"\n    in\nout\n").0,
            "    code\n> **Y z**\n>\n> in\n\nout\n"
        );
    }
}
