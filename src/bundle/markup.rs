//! Markdown of our own making, piece by piece. Cells and paragraphs are Markdown already: text of the programme went through
//! `words` or `link` before.

use crate::render::words;

/// A text that grows.
#[derive(Debug, Default)]
pub(super) struct Markup(String);

impl Markup {
    pub(super) fn heading(&mut self, title: &str) {
        self.0.push_str(&format!("\n## {}\n\n", words(title)));
    }

    pub(super) fn part(&mut self, title: &str) {
        self.0.push_str(&format!("\n### {title}\n\n"));
    }

    pub(super) fn paragraph(&mut self, markdown: &str) {
        self.0.push_str(markdown);
        self.0.push_str("\n\n");
    }

    pub(super) fn items(&mut self, items: impl IntoIterator<Item = String>) {
        for item in items {
            self.0.push_str(&format!("- {item}\n"));
        }
        self.0.push('\n');
    }

    /// Lines as they are typed into a terminal.
    pub(super) fn code(&mut self, lines: &str) {
        self.0.push_str(&format!("```\n{lines}\n```\n\n"));
    }

    /// A table; nothing where it has no rows.
    pub(super) fn table(&mut self, columns: &[&str], rows: &[Vec<String>]) {
        if rows.is_empty() {
            return;
        }
        self.0.push_str(&format!("| {} |\n|{}\n", columns.join(" | "), "---|".repeat(columns.len())));
        for row in rows {
            self.0.push_str(&format!("| {} |\n", row.join(" | ")));
        }
        self.0.push('\n');
    }

    pub(super) fn text(self) -> String {
        self.0
    }
}

/// The way from a file of the bundle to another.
pub(super) fn way(from: &str, to: &str) -> String {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let (here, there): (Vec<&str>, Vec<&str>) =
        (folder.split('/').filter(|part| !part.is_empty()).collect(), to.split('/').collect());
    let common = here.iter().zip(&there).take_while(|(a, b)| a == b).count();
    let up = "../".repeat(here.len() - common);
    up + &there.get(common..).unwrap_or_default().join("/")
}

#[cfg(test)]
mod tests {
    use super::way;

    #[test]
    fn ways_lead_from_one_file_to_another() {
        let cases = [
            ("index.html", "07_evidence/a/x.html", "07_evidence/a/x.html"),
            ("07_evidence/a/x.html", "index.html", "../../index.html"),
            ("07_evidence/a/x.html", "07_evidence/a/q1/y.csv", "q1/y.csv"),
            ("07_evidence/a/x.html", "07_evidence/b/x.html", "../b/x.html"),
        ];
        for (from, to, found) in cases {
            assert_eq!(way(from, to), found, "{from} to {to}");
        }
    }
}
