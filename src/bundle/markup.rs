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

    /// A table without the columns in which nothing stands; a blank keeps a column that is to be filled in. Nothing where it
    /// has no rows.
    pub(super) fn table(&mut self, columns: &[&str], rows: &[Vec<String>]) {
        let used = |nth: &usize| rows.iter().any(|row| row.get(*nth).is_some_and(|cell| !cell.is_empty()));
        let used: Vec<usize> = (0..columns.len()).filter(used).collect();
        if used.is_empty() {
            return;
        }
        let head: Vec<&str> = used.iter().filter_map(|nth| columns.get(*nth).copied()).collect();
        self.0.push_str(&format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len())));
        for row in rows {
            let cells: Vec<&str> = used.iter().map(|nth| row.get(*nth).map_or("", String::as_str)).collect();
            self.0.push_str(&format!("| {} |\n", cells.join(" | ")));
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
    use super::{Markup, way};

    #[test]
    fn a_table_has_the_columns_in_which_something_stands() {
        let mut text = Markup::default();
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        text.table(&["A", "B", "C"], &[row(["1", "", " "]), row(["2", "", " "])]);
        text.table(&["D"], &[]);
        assert_eq!(text.text(), "| A | C |\n|---|---|\n| 1 |   |\n| 2 |   |\n\n");
    }

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
