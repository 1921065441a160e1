//! What an import tells: counts and the beginning of each list on the terminal, every remark in a report.

use std::collections::BTreeMap;
use std::path::Path;

use super::adopted::{Common, Placed, Source, There};
use crate::adopt::{Fate, Remark};
use crate::text::{clip, count, markdown, safe, some, word};
use crate::ui::Ui;

/// Everything there is to tell.
pub(super) struct Told<'t> {
    pub(super) source: &'t Source<'t>,
    /// As typed.
    pub(super) target: &'t Path,
    pub(super) placed: &'t [Placed],
    pub(super) remarks: &'t [Remark],
}

/// Remarks of one wording shown on the terminal, and places of each.
const WORDINGS: usize = 24;
const PLACES: usize = 3;
/// Files listed in a dry run.
const FILES: usize = 40;

impl Told<'_> {
    /// The counts, and what was changed and left.
    pub(super) fn summary(&self, dry_run: bool, fresh: bool, ui: Ui) -> String {
        let mut out =
            format!("{} `{}`\n", self.source.noun, clip(&safe(&self.source.dir.to_string_lossy()), 100));
        let new: Vec<&Placed> = self.placed.iter().filter(|one| one.there == There::Nothing).collect();
        let same = self.placed.iter().filter(|one| one.there == There::Same).count();
        let other = self.placed.len() - new.len() - same;
        let into = self.shown();
        match (new.is_empty(), dry_run) {
            (true, _) => out.push_str(&format!("Nothing to write to {into}\n")),
            (false, true) => out.push_str(&format!("Would write to {into}: {}\n", counts(&new))),
            (false, false) => out.push_str(&format!("Wrote to {into}: {}\n", counts(&new))),
        }
        if dry_run {
            out.push_str(&listing(&new, ui));
        }
        if same > 0 {
            out.push_str(&format!("{} there already, the same\n", count(same, "file")));
        }
        if other > 0 {
            let left = if other == 1 { "is left as it is" } else { "are left as they are" };
            out.push_str(&format!("{} {left}, since something else is there\n", count(other, "place")));
        }
        if fresh && self.placed.iter().any(|one| one.file.path.starts_with("controls/")) {
            out.push_str("Every control and policy is a draft: nothing is covered, nothing is approved\n");
        }
        // Where nothing is new, what was changed on the way was told before.
        if !new.is_empty() {
            out.push_str(&self.short(Fate::Changed, "Changed"));
        }
        out.push_str(&self.short(Fate::Left, "Left"));
        out
    }

    fn shown(&self) -> String {
        let shown = safe(&self.target.to_string_lossy());
        let shown = shown.trim_start_matches("./").trim_end_matches('/');
        if shown.is_empty() || shown == "." { "this programme".to_owned() } else { format!("{shown}/") }
    }

    /// The remarks of one fate by their wording, in the order in which they first come.
    fn wordings(&self, fate: Fate) -> Vec<(&str, Vec<String>)> {
        let mut order: Vec<(&str, Vec<String>)> = Vec::new();
        let mut known: BTreeMap<&str, usize> = BTreeMap::new();
        for remark in self.remarks.iter().filter(|remark| remark.fate == fate) {
            let nth = *known.entry(&remark.text).or_insert(order.len());
            if nth == order.len() {
                order.push((&remark.text, Vec::new()));
            }
            if let Some((_, places)) = order.get_mut(nth) {
                places.push(remark.from.shown());
            }
        }
        order
    }

    fn short(&self, fate: Fate, heading: &str) -> String {
        let wordings = self.wordings(fate);
        if wordings.is_empty() {
            return String::new();
        }
        let mut out = format!("{heading}\n");
        for (text, places) in wordings.iter().take(WORDINGS) {
            let places: Vec<String> = places.iter().map(|place| clip(place, 60)).collect();
            out.push_str(&format!("  {}\n    {}\n", clip(&safe(text), 240), some(&places, PLACES)));
        }
        if wordings.len() > WORDINGS {
            out.push_str(&format!(
                "  and {} more: --report FILE.md tells them all\n",
                wordings.len() - WORDINGS
            ));
        }
        out
    }

    /// Every remark, as Markdown.
    pub(super) fn whole(&self) -> String {
        let mut out = format!("# What was taken over from the {}\n", self.source.noun);
        out.push_str("\nNothing that was taken over is approved, reviewed or in place: every policy and control is a draft.\n");
        for (fate, heading, none) in [
            (Fate::Taken, "Taken", "Nothing."),
            (Fate::Changed, "Changed, or to be completed by hand", "Nothing."),
            (Fate::Left, "Left", "Nothing."),
        ] {
            let remarks: Vec<&Remark> = self.remarks.iter().filter(|remark| remark.fate == fate).collect();
            out.push_str(&format!("\n## {heading} ({})\n\n", remarks.len()));
            if remarks.is_empty() {
                out.push_str(&format!("{none}\n"));
                continue;
            }
            out.push_str("| where | what became of it |\n| --- | --- |\n");
            for remark in remarks {
                out.push_str(&format!(
                    "| {} | {} |\n",
                    markdown(&remark.from.shown()),
                    markdown(&remark.text)
                ));
            }
        }
        out
    }

    /// What to type next.
    pub(super) fn next(&self, common: &Common, directory: &Path) -> String {
        if common.dry_run {
            return "Nothing was written: --dry-run\n".to_owned();
        }
        let folder = if self.target == directory { directory } else { self.target };
        let folder = folder.to_string_lossy();
        let folder = folder.strip_prefix("./").unwrap_or(&folder);
        let folder = if folder == "." { String::new() } else { format!(" -C {}", word(&safe(folder))) };
        format!(
            "Next  1 see what is wrong: soc2 check{folder}\n      2 split the drafts in controls/ into what people do, and read the \
             policies; another person then approves each: soc2 policy approve\n"
        )
    }
}

/// How many of each kind.
fn counts(files: &[&Placed]) -> String {
    let of = |folder: &str, end: &str| {
        files.iter().filter(|one| one.file.path.starts_with(folder) && one.file.path.ends_with(end)).count()
    };
    let kinds = [
        ("policies/", ".md", "policy"),
        ("procedures/", ".md", "procedure"),
        ("narratives/", ".md", "narrative"),
        ("controls/", ".yaml", "draft control"),
        ("registers/", ".yaml", "register"),
    ];
    let mut words = Vec::new();
    let mut counted = 0;
    for (folder, end, noun) in kinds {
        let n = of(folder, end);
        counted += n;
        if n > 0 {
            words.push(count(n, noun));
        }
    }
    if files.len() > counted {
        words.push(count(files.len() - counted, "other file"));
    }
    words.join(", ")
}

/// The files of a dry run.
fn listing(files: &[&Placed], ui: Ui) -> String {
    let most = if ui.verbosity > 0 { files.len() } else { FILES };
    let mut out = String::new();
    for one in files.iter().take(most) {
        let from = one.file.from.shown();
        let from = if from.is_empty() { String::new() } else { format!("  from {}", clip(&from, 80)) };
        out.push_str(&format!("  {}{from}\n", safe(&one.file.path)));
    }
    if files.len() > most {
        out.push_str(&format!("  and {} more: -v lists them all\n", files.len() - most));
    }
    out
}
