//! Which procedure is mapped to which criteria: standards in both of their shapes, the list of mappings, and CSV. Of a standard
//! only ids and the titles of procedures are read.

use std::collections::{BTreeMap, BTreeSet};

use super::super::document::{entries, items, one_line};
use super::super::draft::{Citation, Criteria};
use super::super::foreign::Lines;
use super::super::{Fate, Foreign, Origin, Taking, Text, json};
use crate::source::FileId;
use crate::syntax::{Node, csv};
use crate::text::{clip, safe, some};

/// Procedures by id.
#[derive(Default)]
pub(super) struct Mapping {
    pub(super) procedures: BTreeMap<String, Mapped>,
}

/// What a procedure is mapped to.
#[derive(Default)]
pub(super) struct Mapped {
    pub(super) title: Option<String>,
    pub(super) criteria: Vec<Citation>,
    pub(super) categories: Vec<String>,
    seen: BTreeSet<String>,
}

const OTHER: &str =
    "is no standard of SOC 2: to map controls to it, write it as frameworks/ID.yaml (soc2 explain framework)";

struct Reading<'r> {
    mapping: Mapping,
    criteria: &'r Criteria,
    taking: &'r mut Taking,
}

impl Mapping {
    pub(super) fn read(foreign: &Foreign, criteria: &Criteria, taking: &mut Taking) -> Self {
        let mut reading = Reading { mapping: Self::default(), criteria, taking };
        for text in &foreign.texts {
            if text.path.ends_with(".csv") {
                reading.csv(text);
            } else if text.path.ends_with(".json") && !text.path.ends_with("config.json") {
                match json::parse(&text.text) {
                    Ok(node) => reading.json(text, &node),
                    Err(why) => {
                        let from = Origin { file: text.path.clone(), line: why.line };
                        reading.taking.adopted.tell(Fate::Left, from, why.why);
                    }
                }
            }
        }
        reading.mapping
    }
}

impl Reading<'_> {
    fn tell(&mut self, fate: Fate, from: Origin, text: impl Into<String>) {
        self.taking.adopted.tell(fate, from, text);
    }

    fn json(&mut self, text: &Text, node: &Node<'_>) {
        let lines = Lines::of(text);
        if node.get("procedures").is_some() && node.get("standard").is_none() {
            return self.mappings(text, node, &lines);
        }
        let name = node.get("standard").and_then(Node::scalar).unwrap_or("");
        let sections = ["domains", "sections"].iter().find_map(|key| node.get(key)).map_or(&[][..], items);
        let rows = |section: &'_ Node<'_>| -> Option<usize> {
            ["controls", "requirements"].iter().find_map(|key| section.get(key)).map(|rows| items(rows).len())
        };
        if sections.iter().all(|section| rows(section).is_none()) {
            return self.tell(Fate::Left, Origin::file(&text.path), "is no standard of the policy builder");
        }
        if !self.is_soc2(name, sections) {
            return self.tell(Fate::Left, Origin::file(&text.path), OTHER);
        }
        let told = "of a standard only ids and titles of procedures are read: its wording is another's";
        self.tell(Fate::Left, Origin::file(&text.path), told);
        for section in sections {
            let title = section.get("title").and_then(Node::scalar).unwrap_or("");
            let criterion = bracketed(title);
            let rows =
                ["controls", "requirements"].iter().find_map(|key| section.get(key)).map_or(&[][..], items);
            for row in rows {
                let Some(reference) = row.get("ref").and_then(Node::scalar) else { continue };
                let at = lines.at(row.get("ref").map_or(0, |node| node.at.span.start as usize));
                match criterion {
                    Some(criterion) => {
                        let title = row.get("title").and_then(Node::scalar);
                        self.map(reference, criterion, title, at);
                    }
                    None => {
                        for procedure in row.get("mappedControls").map_or(&[][..], items) {
                            let at = lines.at(procedure.at.span.start as usize);
                            if let Some(procedure) = procedure.scalar() {
                                self.map(procedure, reference, None, at);
                            }
                        }
                    }
                }
            }
        }
    }

    /// Is it SOC 2, by its name or by its criteria?
    fn is_soc2(&self, name: &str, sections: &[Node<'_>]) -> bool {
        let plain: String =
            name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        let rows = sections.iter().flat_map(|section| {
            ["controls", "requirements"].iter().find_map(|key| section.get(key)).map_or(&[][..], items)
        });
        plain.starts_with("soc2")
            || plain.starts_with("tsc")
            || self.criteria.are_ours(rows.filter_map(|row| row.get("ref")?.scalar()))
    }

    /// `controls-mapping.json`: what each procedure implements of each standard.
    fn mappings(&mut self, text: &Text, node: &Node<'_>, lines: &Lines<'_>) {
        let mut others: BTreeSet<String> = BTreeSet::new();
        for procedure in node.get("procedures").map_or(&[][..], items) {
            let Some(id) = procedure.get("id").and_then(Node::scalar) else { continue };
            for implemented in procedure.get("implements").map_or(&[][..], items) {
                let standard = implemented.get("standard").and_then(Node::scalar).unwrap_or("");
                let plain: String = standard.chars().filter(char::is_ascii_alphanumeric).collect();
                if !plain.to_ascii_lowercase().starts_with("soc2") {
                    others.insert(clip(&safe(standard), 40));
                    continue;
                }
                for criterion in implemented.get("requirements").map_or(&[][..], items) {
                    let at = lines.at(criterion.at.span.start as usize);
                    if let Some(criterion) = criterion.scalar() {
                        self.map(id, criterion, None, at);
                    }
                }
            }
        }
        if !others.is_empty() {
            let others: Vec<String> = others.into_iter().collect();
            let told = format!("mappings to other standards are left: {}", some(&others, 8));
            self.tell(Fate::Left, Origin::file(&text.path), told);
        }
    }

    /// `Section,ID,Title,Requirement`: the criterion in brackets in the section, the procedure under its id.
    fn csv(&mut self, text: &Text) {
        let mut faults = Vec::new();
        let node = csv::parse(FileId(0), &text.text, &mut faults);
        let lines = Lines::of(text);
        if let Some(fault) = faults.first() {
            let at = lines.at(fault.at.span.start as usize);
            self.tell(Fate::Left, at, fault.message.clone());
        }
        let Some(node) = node else { return };
        let cell = |row: &Node<'_>, wanted: &[&str]| -> Option<String> {
            let entry = entries(row)
                .iter()
                .find(|entry| wanted.iter().any(|name| entry.key.value.eq_ignore_ascii_case(name)))?;
            entry.value.scalar().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let mut bare = 0;
        for row in items(&node) {
            let at = lines.at(row.at.span.start as usize);
            let Some(id) = cell(row, &["id"]) else { continue };
            match cell(row, &["section", "domain"]).as_deref().and_then(bracketed) {
                Some(criterion) => {
                    let title = cell(row, &["title"]);
                    self.map(&id, criterion, title.as_deref(), at);
                }
                None => bare += 1,
            }
        }
        let told = match bare {
            0 => "of a standard only ids and titles of procedures are read: its wording is another's",
            _ => "ids of a standard that name no procedure map nothing: soc2 has the criteria of SOC 2",
        };
        self.tell(Fate::Left, Origin::file(&text.path), told);
    }

    fn map(&mut self, procedure: &str, typed: &str, title: Option<&str>, at: Origin) {
        let (procedure, typed) = (procedure.trim(), typed.trim());
        if procedure.is_empty() || typed.is_empty() {
            return;
        }
        let criterion = self.criteria.cited(typed, &at, &mut self.taking.adopted);
        let category = self.criteria.category(&criterion).map(str::to_owned);
        let mapped = self.mapping.procedures.entry(procedure.to_owned()).or_default();
        mapped.categories.extend(category);
        if mapped.title.is_none() {
            mapped.title = title.map(one_line).filter(|title| !title.is_empty());
        }
        if mapped.seen.insert(criterion.clone()) {
            mapped.criteria.push(Citation { criterion, at });
        }
    }
}

/// The id between lenticular brackets.
fn bracketed(title: &str) -> Option<&str> {
    let (_, rest) = title.split_once('【')?;
    rest.split_once('】').map(|(id, _)| id.trim()).filter(|id| !id.is_empty())
}
