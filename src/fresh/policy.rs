//! A policy: a template tailored to this programme, or one made of answers.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::catalogue::{self, Company, NewDocument};
use crate::manifest::{quoted, value};
use crate::program::Program;
use crate::rows::{self, Fields};
use crate::syntax::markdown;
use crate::timeline::people::head_count;

/// A policy that no template has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewPolicy {
    pub id: String,
    pub title: String,
    pub owner: String,
    /// What it is for, in a sentence.
    pub purpose: String,
    /// What must be done, a sentence each.
    pub requirements: Vec<String>,
}

impl NewPolicy {
    /// The file.
    pub fn text(&self) -> String {
        let mut out = format!(
            "---\nid: {}\ntitle: {}\nowner: {}\nreview: annual\n---\n# {}\n\n{}\n",
            self.id,
            quoted(&self.title),
            value(&self.owner),
            self.title,
            self.purpose
        );
        if !self.requirements.is_empty() {
            out.push_str("\n## Requirements {#requirements}\n\n");
            self.requirements.iter().for_each(|one| out.push_str(&format!("- {one}\n")));
        }
        out
    }
}

/// The template of a policy with the sections that controls of this programme carry. `None` when there is no such template, or
/// when none of its sections is carried.
pub fn from_template(id: &str, program: &Program, today: Date) -> Option<NewDocument> {
    let scope = program.config.as_ref().and_then(|config| config.scope.as_ref());
    let categories: Vec<&str> =
        scope.map_or_else(Vec::new, |scope| scope.categories.iter().map(|one| &*one.value).collect());
    let controls: BTreeSet<&str> = program.controls.iter().map(|control| &*control.id.value.0).collect();
    let company = Company {
        staff: u64::try_from(head_count(program, today)).unwrap_or(u64::MAX),
        office: controls.iter().any(|id| id.starts_with("phy-")),
        categories: &categories,
        controls: &controls,
    };
    catalogue::policy(id, &company)
}

/// A document with other values in its front matter, and its title in the first heading too. `None` when a value cannot be put
/// in its place.
pub fn with_head(text: &str, set: &Fields, title: Option<&str>) -> Option<String> {
    let parts = markdown::parts(text)?;
    let (head, body) = (text.get(parts.front_matter.range())?, text.get(parts.body.range())?);
    let head = if set.is_empty() { head.to_owned() } else { rows::record(head, set)? };
    let body = match (title, body.split_once('\n')) {
        (Some(title), Some((first, rest))) if first.starts_with("# ") => format!("# {title}\n{rest}"),
        _ => body.to_owned(),
    };
    Some(format!("---\n{head}---\n{body}"))
}
