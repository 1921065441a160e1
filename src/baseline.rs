//! The list of controls that an auditor agreed to test, and how the controls of now differ from it. Pure: the list is read
//! and written elsewhere.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::manifest::{quoted, value};
use crate::model::Status;
use crate::model::agreed::{AgreedControl, Agreement};
use crate::program::Program;
use crate::source::{hex, sha256};
use crate::text::safe;
use crate::timeline::AuditStanding;

/// A control of now, as a list holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Index into [`Program::controls`].
    pub control: usize,
    pub id: String,
    pub cadence: Option<&'static str>,
    pub criteria: Vec<String>,
    pub systems: Vec<String>,
    pub wording: [u8; 32],
}

/// How a control differs from the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Since {
    /// What changed, in words.
    Changed(Vec<String>),
    /// It is not on the list.
    Added,
    /// It is on the list, and is there no more.
    Gone,
}

impl Since {
    /// In words: `cadence quarterly → annual, wording`.
    pub fn words(&self) -> String {
        match self {
            Self::Changed(what) => what.join(", "),
            Self::Added => "added".to_owned(),
            Self::Gone => "gone".to_owned(),
        }
    }
}

/// The folder of an audit's records: `2026-type2` of `audits/2026-type2/agreed.yaml`.
pub fn audit_of<'p>(program: &'p Program, agreement: &Agreement) -> &'p str {
    let path = program.sources.path(agreement.place.file);
    path.strip_prefix("audits/").and_then(|rest| rest.split('/').next()).unwrap_or("")
}

/// The list of an audit that counts: the last one.
pub fn agreement<'p>(program: &'p Program, audit: &str) -> Option<&'p Agreement> {
    program.agreements.iter().rev().find(|one| audit_of(program, one) == audit)
}

/// The controls that an audit is about, by id: those that its criteria name and that the company claims to run or to have run.
pub fn listed(program: &Program, audit: &AuditStanding) -> Vec<Listed> {
    let mut all: Vec<Listed> = audit
        .in_scope()
        .filter_map(|standing| {
            let control = program.controls.get(standing.control)?;
            let counts = match control.status() {
                Status::Implemented => true,
                Status::Retired => {
                    control.retired_at.as_ref().is_none_or(|last| last.value >= audit.window.0)
                }
                Status::Draft | Status::Planned => false,
            };
            (counts && control.applies()).then(|| one(program, standing.control))?
        })
        .collect();
    all.sort_by(|a, b| a.id.cmp(&b.id));
    all
}

fn one(program: &Program, index: usize) -> Option<Listed> {
    let control = program.controls.get(index)?;
    let wording = format!("{}\n{}\n", program.title(index), program.description(index));
    Some(Listed {
        control: index,
        id: control.id.to_string(),
        cadence: control.cadence.as_ref().map(|cadence| cadence.value.word()),
        criteria: control.criteria.iter().map(|one| one.value.0.to_string()).collect(),
        systems: control.systems.iter().map(|one| one.value.0.to_string()).collect(),
        wording: sha256(wording.as_bytes()),
    })
}

/// How the controls of an audit differ from the list that was agreed for it, by id; `None` when there is no list yet on the
/// day that is judged.
pub fn since(
    program: &Program,
    audit: &AuditStanding,
    as_of: Date,
) -> Option<BTreeMap<String, (Option<usize>, Since)>> {
    let agreement = agreement(program, audit.id.as_deref()?)?;
    if agreement.on.as_ref().is_some_and(|on| as_of < on.value) {
        return None;
    }
    let then: BTreeMap<&str, &AgreedControl> =
        agreement.controls.iter().filter_map(|one| Some((&*one.id.as_ref()?.value, one))).collect();
    let now = listed(program, audit);
    let mut found = BTreeMap::new();
    for control in &now {
        let differs = match then.get(control.id.as_str()) {
            None => Some(Since::Added),
            Some(before) => differs(before, control),
        };
        found.extend(differs.map(|differs| (control.id.clone(), (Some(control.control), differs))));
    }
    for id in then.keys().filter(|id| !now.iter().any(|control| control.id == **id)) {
        found.insert((*id).to_owned(), (program.names.controls.get(*id).copied(), Since::Gone));
    }
    Some(found)
}

fn differs(before: &AgreedControl, now: &Listed) -> Option<Since> {
    let mut what = Vec::new();
    let cadence = before.cadence.as_ref().map(|cadence| cadence.value.word());
    if cadence != now.cadence {
        what.push(format!("cadence {} → {}", cadence.unwrap_or("none"), now.cadence.unwrap_or("none")));
    }
    let lists = [("criteria", &before.criteria, &now.criteria), ("systems", &before.systems, &now.systems)];
    for (name, before, now) in lists {
        let mut old: Vec<&str> = before.iter().map(|one| &*one.value).collect();
        let mut new: Vec<&str> = now.iter().map(String::as_str).collect();
        old.sort_unstable();
        new.sort_unstable();
        if old != new {
            let gone = old.iter().filter(|one| !new.contains(one)).map(|one| format!("-{}", safe(one)));
            let come = new.iter().filter(|one| !old.contains(one)).map(|one| format!("+{}", safe(one)));
            what.push(format!("{name} {}", gone.chain(come).collect::<Vec<_>>().join(" ")));
        }
    }
    if before.wording.as_ref().is_none_or(|wording| wording.value.0 != now.wording) {
        what.push("wording".to_owned());
    }
    (!what.is_empty()).then_some(Since::Changed(what))
}

/// How a file of lists begins.
const BEGINNING: &str = "# The controls that the auditor agreed to test, as they were on that day; soc2 lists later changes against the\n\
                         # last list. Written by `soc2 audit agree`; only ever added to.\nagreed:\n";

/// The text of a file of lists with another one at its end. `None` when the file does not end with a list.
pub fn with_list(text: &str, on: Date, commit: &str, controls: &[Listed]) -> Option<String> {
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = if text.trim().is_empty() { BEGINNING.to_owned() } else { text.to_owned() };
    if !out.ends_with('\n') {
        out.push_str(line_end);
    }
    let ids = |ids: &[String]| ids.iter().map(|id| value(id)).collect::<Vec<_>>().join(", ");
    let mut block = format!("  - on: {on}\n    commit: {}\n    controls:\n", quoted(commit));
    for control in controls {
        block.push_str(&format!("      - id: {}\n", value(&control.id)));
        if let Some(cadence) = control.cadence {
            block.push_str(&format!("        cadence: {cadence}\n"));
        }
        for (key, list) in [("criteria", &control.criteria), ("systems", &control.systems)] {
            if !list.is_empty() {
                block.push_str(&format!("        {key}: [{}]\n", ids(list)));
            }
        }
        block.push_str(&format!("        wording: {}\n", quoted(&hex(&control.wording))));
    }
    out.push_str(&block.replace('\n', line_end));
    is_added(text, &out).then_some(out)
}

/// Does the new text hold the lists of the old one and one more?
fn is_added(before: &str, after: &str) -> bool {
    use crate::manifest::{read_yaml, same_yaml};
    use crate::syntax::Value;
    let lists = |text: &str| -> Option<usize> {
        match &read_yaml(text)?.get("agreed")?.value {
            Value::List(lists) => Some(lists.len()),
            _ => None,
        }
    };
    let Some(count) = lists(after) else { return false };
    if before.trim().is_empty() {
        return count == 1;
    }
    let (Some(old), Some(new)) = (read_yaml(before), read_yaml(after)) else { return false };
    let (Some(old), Some(new)) = (old.get("agreed"), new.get("agreed")) else { return false };
    let (Value::List(old), Value::List(new)) = (&old.value, &new.value) else { return false };
    new.len() == old.len() + 1 && old.iter().zip(new).all(|(old, new)| same_yaml(old, new))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;
    use crate::timeline::Judgement;
    use jiff::civil::date;

    const ROOT: &str = "[organization]\nname = \"A\"\n[scope]\nframework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n\
                        [variables]\ndays = 5\n[[audit]]\nid = \"a\"\ntype = \"type2\"\nperiod = { from = 2026-01-01, to = 2026-12-31 }\n";

    fn control(id: &str, cadence: &str, text: &str, status: &str) -> (String, Vec<u8>) {
        let text = format!(
            "id: {id}\ntitle: T\ndescription: {text}\nowner: ann\nstatus: {status}\neffective_from: 2025-01-01\ncadence: {cadence}\ncriteria: [CC6.2, CC6.3]\n"
        );
        (format!("controls/{id}.yaml"), text.into_bytes())
    }

    fn program(root: &str, controls: Vec<(String, Vec<u8>)>, agreed: Option<&str>) -> Program {
        let mut files = controls;
        files.push(("soc2.toml".to_owned(), root.as_bytes().to_vec()));
        files.extend(agreed.map(|text| ("audits/a/agreed.yaml".to_owned(), text.as_bytes().to_vec())));
        Program::load(Sources::from_memory(files))
    }

    fn told(program: &Program, as_of: Date) -> Vec<String> {
        let judgement = Judgement::new(program, as_of, None);
        let found =
            judgement.audits.first().and_then(|audit| since(program, audit, as_of)).unwrap_or_default();
        found.into_iter().map(|(id, (_, since))| format!("{id}: {}", since.words())).collect()
    }

    #[test]
    fn later_changes_are_listed_against_the_last_list() {
        let on = date(2026, 2, 1);
        let then = || {
            vec![
                control("one", "quarterly", "Within {{ days }} days.", "implemented"),
                control("two", "monthly", "Done.", "implemented"),
                control("three", "monthly", "Done.", "draft"),
            ]
        };
        let first = program(ROOT, then(), None);
        let judgement = Judgement::new(&first, on, None);
        let listed = listed(&first, judgement.audits.first().unwrap());
        assert_eq!(listed.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["one", "two"]);
        let text = with_list("", on, &"0f".repeat(20), &listed).unwrap();
        let as_agreed = program(ROOT, then(), Some(&text));
        assert_eq!(as_agreed.diagnostics, []);
        assert_eq!(told(&as_agreed, on), Vec::<String>::new());
        let now = vec![
            control("one", "annual", "Within {{ days }} days.", "implemented"),
            control("three", "monthly", "Done.", "implemented"),
        ];
        let root = ROOT.replace("days = 5", "days = 30");
        let later = program(&root, now, Some(&text));
        assert_eq!(
            told(&later, on),
            ["one: cadence quarterly → annual, wording", "three: added", "two: gone"]
        );
        assert!(told(&later, date(2026, 1, 31)).is_empty(), "before it was agreed");
        let again = with_list(&text, date(2026, 3, 1), &"1f".repeat(20), &listed[..1]).unwrap();
        assert!(again.starts_with(&text));
        let twice = program(ROOT, then(), Some(&again));
        assert_eq!(told(&twice, date(2026, 3, 1)), ["two: added"]);
        assert_eq!(with_list("agreed: [{ on: 2026-01-01 }]\n", on, "x", &listed), None);
    }
}
