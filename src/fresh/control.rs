//! A control: one of the catalogue with the sections of this programme that order it, or one made of answers.

use std::collections::BTreeSet;

use crate::catalogue::{self, CatalogueControl, Company, SMALL};
use crate::manifest::{quoted, value};
use crate::program::Program;
use crate::rows::{self, Fields};

/// A control that the catalogue does not have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewControl {
    pub id: String,
    pub title: String,
    pub description: String,
    pub owner: String,
    pub cadence: String,
    pub criteria: Vec<String>,
    pub policies: Vec<String>,
    pub systems: Vec<String>,
    pub r#type: Option<String>,
}

impl NewControl {
    /// The file.
    pub fn text(&self) -> String {
        let list = |items: &[String]| items.iter().map(|item| value(item)).collect::<Vec<_>>().join(", ");
        let mut lines = vec![
            format!("id: {}", self.id),
            format!("title: {}", quoted(&self.title)),
            format!("description: {}", quoted(&self.description)),
            format!("owner: {}", value(&self.owner)),
            "# draft: covers nothing. `implemented`, with `effective_from`, once it is done as written."
                .to_owned(),
            "status: draft".to_owned(),
            format!("cadence: {}", self.cadence),
            format!("criteria: [{}]", list(&self.criteria)),
        ];
        for (key, items) in [("policies", &self.policies), ("systems", &self.systems)] {
            if !items.is_empty() {
                lines.push(format!("{key}: [{}]", list(items)));
            }
        }
        lines.extend(self.r#type.as_ref().map(|kind| format!("type: {kind}")));
        lines.join("\n") + "\n"
    }
}

/// A control of the catalogue with other values where some are given. `None` when a value cannot be put in its place.
pub fn from_catalogue(entry: &CatalogueControl, program: &Program, set: &Fields) -> Option<String> {
    let id = &*entry.control.id.value.0;
    let given = |key: &str| set.iter().any(|(name, _)| *name == key);
    let (policies, procedures) = references(program, id);
    let mut lines = String::new();
    for (key, found) in [("policies", policies), ("procedures", procedures)] {
        if !found.is_empty() && !given(key) {
            lines.push_str(&format!("{key}: [{}]\n", found.join(", ")));
        }
    }
    let text = catalogue::with_references(entry.text, &lines);
    if set.is_empty() { Some(text) } else { rows::record(&text, set) }
}

/// The sections of policies and the procedures of this programme that carry a control of the catalogue.
fn references(program: &Program, id: &str) -> (Vec<String>, Vec<String>) {
    let controls = BTreeSet::from([id]);
    let categories = ["security", "availability", "confidentiality", "processing-integrity", "privacy"];
    let (mut policies, mut procedures) = (Vec::new(), Vec::new());
    // A section stands in another document where companies of another size have it.
    for (staff, office) in [(SMALL, false), (SMALL + 1, false), (SMALL, true), (SMALL + 1, true)] {
        let company = Company { staff, office, categories: &categories, controls: &controls };
        for document in catalogue::documents(&company) {
            let Some(anchors) = document.carried.get(id) else { continue };
            if document.path.starts_with("procedures/")
                && program.names.procedures.contains_key(&*document.id)
            {
                add(&mut procedures, document.id.clone());
            }
            let of = program.names.policies.get(&*document.id).and_then(|index| program.policies.get(*index));
            let Some(policy) = of.filter(|_| document.path.starts_with("policies/")) else { continue };
            for anchor in anchors {
                if anchor.is_empty() {
                    add(&mut policies, document.id.clone());
                } else if policy.body.has_anchor(anchor) {
                    add(&mut policies, format!("{}#{anchor}", document.id));
                }
            }
        }
    }
    (policies, procedures)
}

fn add(list: &mut Vec<String>, one: String) {
    if !list.contains(&one) {
        list.push(one);
    }
}
