//! One report in several formats, each in its own file with its own wire structs. Everything here writes to the
//! writer it is given, and every text from the repository is made harmless for its medium.

mod gate;
mod github;
mod human;
mod json;
mod markdown;
mod sarif;

use std::collections::BTreeSet;
use std::io::{self, Write};

pub use crate::text::markdown as escape_markdown;

use crate::gap::{Class, Gap};
use crate::gate::Gate;
use crate::report::Report;
use crate::text::count;
use crate::timeline::{AuditStanding, Judgement, SlotCount, Support, WINDOW};
use crate::ui::Ui;

/// What a format is given.
pub struct View<'v> {
    pub judgement: &'v Judgement<'v>,
    pub report: &'v Report,
    pub ui: Ui,
    /// Notes are shown too.
    pub notes: bool,
    /// Blocking gaps fail the check.
    pub strict: bool,
    /// From the git root to the programme's root, `/` at its end unless empty: code hosts want paths from there.
    pub prefix: String,
    /// What was read: `work tree`.
    pub read: String,
    /// What a change does, where one is judged.
    pub gate: Option<&'v Gate<'v>>,
}

/// A format.
pub struct Format {
    /// Name for `--format`.
    pub name: &'static str,
    /// What it is for, in a few words.
    pub brief: &'static str,
    write: fn(&View<'_>, &mut dyn Write) -> io::Result<()>,
}

/// Every format.
pub static FORMATS: &[&Format] =
    &[&github::FORMAT, &human::FORMAT, &json::FORMAT, &markdown::FORMAT, &sarif::FORMAT];

/// The format of that name.
pub fn find(name: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.name == name)
}

impl Format {
    /// The report in this format, harmless wherever it is shown: `##[` anywhere in a line is a command to the runner of
    /// a workflow. JSON and SARIF have escaped it themselves, so that nothing of the text is lost.
    pub fn render(&self, view: &View<'_>) -> io::Result<String> {
        let mut bytes = Vec::new();
        (self.write)(view, &mut bytes)?;
        let text = String::from_utf8(bytes).map_err(io::Error::other)?;
        // Only this format speaks to a runner on purpose.
        Ok(if self.name == "github" { without_brackets(text) } else { without_commands(text) })
    }
}

/// What was read, for the end of a heading; a work tree goes without saying.
pub fn unless_work_tree(read: &str) -> String {
    if read == "work tree" { String::new() } else { format!(", {}", crate::text::safe(read)) }
}

/// Text in which a workflow's runner finds no command of its own: none in brackets, and none at the start of a line,
/// where wrapping may have put it.
pub fn without_commands(text: String) -> String {
    let text = without_brackets(text);
    if !text.lines().any(|line| line.trim_start().starts_with("::")) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 16);
    for line in text.split_inclusive('\n') {
        let rest = line.trim_start();
        out.push_str(&line[..line.len() - rest.len()]);
        match rest.strip_prefix("::") {
            Some(rest) => {
                out.push_str(": :");
                out.push_str(rest);
            }
            None => out.push_str(rest),
        }
    }
    out
}

fn without_brackets(text: String) -> String {
    if text.contains("##") { text.replace("##[", "## [").replace("##vso[", "##vso [") } else { text }
}

impl View<'_> {
    /// Should the exit code be 1?
    pub fn fails(&self) -> bool {
        match self.gate {
            Some(gate) => gate.fails() || (self.strict && self.report.open(Class::Blocking).next().is_some()),
            None => self.report.fails(self.strict),
        }
    }

    /// Gaps worth showing: notes only when asked for.
    fn gaps(&self) -> impl Iterator<Item = &Gap> {
        self.report.gaps.iter().filter(|gap| self.notes || gap.class != Class::Note)
    }

    /// Gaps of each rule together, worst class first; waived ones apart at the end of their rule.
    fn gaps_by_rule(&self) -> Vec<(&'static str, Class, Vec<&Gap>)> {
        let mut groups: Vec<(&'static str, Class, Vec<&Gap>)> = Vec::new();
        for gap in self.gaps() {
            match groups.last_mut() {
                Some((rule, _, group)) if *rule == gap.rule => group.push(gap),
                _ => groups.push((gap.rule, gap.class, vec![gap])),
            }
        }
        groups
    }
}

/// `29 of 36 criteria supported, 4 at risk, 3 not supported`: those that apply, and what stands apart.
fn support(audit: &AuditStanding) -> String {
    let of = |support| audit.supported(support);
    let mut said = format!("{} of {} supported", of(Support::Supported), count(audit.judged(), "criterion"));
    let others = [
        (Support::AtRisk, "at risk"),
        (Support::NotSupported, "not supported"),
        (Support::CarvedOut, "carved out"),
    ];
    for (support, words) in others.into_iter().filter(|(support, _)| of(*support) > 0) {
        said.push_str(&format!(", {} {words}", of(support)));
    }
    said
}

/// `41 of 44 due slots evidenced, 1 not on time; 3 lacking; 58 open`.
fn due_slots(audit: &AuditStanding) -> String {
    let slots = SlotCount::of(audit.in_scope());
    let mut said = match slots.due {
        0 => "no slot due yet".to_owned(),
        due => format!("{} of {} evidenced", slots.evidenced, count(due, "due slot")),
    };
    for (n, words) in [(slots.late, "of them not on time"), (slots.lacking, "lacking"), (slots.open, "open")]
    {
        if n > 0 {
            said.push_str(&format!(", {n} {words}"));
        }
    }
    said
}

/// The subjects of gaps in a few words: criteria by series, other things by name.
fn subjects(gaps: &[&Gap], most: usize) -> String {
    if gaps.iter().any(|gap| gap.slot.is_some()) {
        return slots(gaps, most);
    }
    // A subject may come again in another audit.
    let mut seen = BTreeSet::new();
    let ids = gaps.iter().map(|gap| gap.subject.id.as_str());
    let ids: Vec<&str> = ids.filter(|id| seen.insert(*id)).collect();
    let series = |id: &str| id.rsplit_once('.').map(|(series, _)| series.to_owned());
    let criteria = gaps.iter().all(|gap| gap.subject.kind == "criterion");
    if !criteria || ids.len() <= most {
        let safe: Vec<String> = ids.iter().map(|id| crate::text::clip(&crate::text::safe(id), 40)).collect();
        return crate::text::some(&safe, most);
    }
    let mut counts: Vec<(String, usize)> = Vec::new();
    for id in ids {
        let series = series(id).unwrap_or_else(|| id.to_owned());
        match counts.iter_mut().find(|(name, _)| *name == series) {
            Some((_, count)) => *count += 1,
            None => counts.push((series, 1)),
        }
    }
    let words: Vec<String> =
        counts.iter().map(|(series, n)| format!("{n} of {}", crate::text::safe(series))).collect();
    words.join(", ")
}

/// The subjects of gaps about slots, each with its slots: `access-review (2026-Q1 github, 2026-Q2 aws)`.
fn slots(gaps: &[&Gap], most: usize) -> String {
    let of_subject = gaps.chunk_by(|a, b| a.subject == b.subject).map(|of| {
        let labels = of.iter().map(|gap| {
            let slot = gap.slot.as_deref().filter(|slot| *slot != WINDOW);
            let parts: Vec<&str> = slot.into_iter().chain(gap.system.as_deref()).collect();
            crate::text::safe(&parts.join(" "))
        });
        let mut labels: Vec<String> = labels.filter(|label| !label.is_empty()).collect();
        labels.dedup();
        let id = of.first().map_or("", |gap| gap.subject.id.as_str());
        let id = crate::text::clip(&crate::text::safe(id), 40);
        if labels.is_empty() { id } else { format!("{id} ({})", crate::text::some(&labels, 3)) }
    });
    crate::text::some(&of_subject.collect::<Vec<_>>(), most)
}

/// JSON as text, in which no character from the repository can move or hide others: they become `\\u` escapes.
pub fn harmless_json(value: &impl serde::Serialize) -> io::Result<String> {
    Ok(crate::text::json(serde_json::to_string_pretty(value)?))
}

/// Fingerprint of a find that survives moved lines: rule, path and message, and which of its like it is.
fn fingerprint(parts: &[&str], nth: usize) -> String {
    let text = format!("{}\u{0}{nth}", parts.join("\u{0}"));
    crate::source::hex(&crate::source::sha256(text.as_bytes())[..16])
}
