//! Policies, procedures and narratives that `soc2 init` offers, tailored to a company: which documents it gets, and which
//! sections of them. A section names the controls that carry it and goes when none of them was chosen, so nothing is
//! promised that nobody does.

use std::collections::{BTreeMap, BTreeSet};

use include_dir::{Dir, include_dir};

use super::{NO_FILE, SMALL};
use crate::model::Text;
use crate::record;
use crate::record::Value;
use crate::syntax::{Value as Typed, markdown, yaml};

static POLICIES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/policies");
static PROCEDURES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/procedures");
static NARRATIVES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/narratives");
const LIST: &str = include_str!("../../templates/policies.yaml");

record! {
    /// Who gets a policy, and as what.
    pub struct PolicyTemplate ("policy template") {
        /// The policy: `authentication`.
        id: Text,
        /// In a small company it is part of this one.
        joins: Option<Text>,
        /// Its title in a small company, where others join it.
        small_title: Option<Text>,
        /// The category whose scope calls for it.
        category: Option<Text>,
    }
}

/// What is known of a company when its documents are tailored.
#[derive(Clone, Debug)]
pub struct Company<'a> {
    pub staff: u64,
    pub office: bool,
    /// Categories in scope, `security` among them.
    pub categories: &'a [&'a str],
    /// The controls that were chosen, by id.
    pub controls: &'a BTreeSet<&'a str>,
}

/// A document made for a company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDocument {
    /// `policies/access-control.md`.
    pub path: String,
    pub id: String,
    pub text: String,
    /// Of each control that carries something of it, the anchors of the sections, in order; an empty one is the whole.
    pub carried: BTreeMap<String, Vec<String>>,
}

impl Company<'_> {
    fn small(&self) -> bool {
        self.staff <= SMALL
    }

    /// Does a condition hold? All words have to.
    fn is(&self, condition: &str) -> bool {
        condition.split([',', ' ']).map(str::trim).filter(|word| !word.is_empty()).all(|word| match word {
            "office" => self.office,
            "no-office" => !self.office,
            "over-50" => !self.small(),
            "up-to-50" => self.small(),
            category => match category.strip_prefix("not-") {
                Some(category) => !self.categories.contains(&category),
                None => self.categories.contains(&category),
            },
        })
    }
}

/// Every document for a company: policies, procedures, narratives.
pub fn documents(company: &Company<'_>) -> Vec<NewDocument> {
    let mut made = policies(company);
    for (folder, dir) in [("procedures", &PROCEDURES), ("narratives", &NARRATIVES)] {
        let mut files: Vec<_> = dir.files().collect();
        files.sort_by_key(|file| file.path());
        for file in files {
            let (Some(name), Some(text)) = (file.path().to_str(), file.contents_utf8()) else { continue };
            let Some((head, body)) = cut(text) else { continue };
            let tailored = tailor(body, company);
            if tailored.text.trim().is_empty() {
                continue;
            }
            made.push(NewDocument {
                path: format!("{folder}/{name}"),
                id: name.trim_end_matches(".md").to_owned(),
                text: format!("---\n{head}---\n{}", tailored.text),
                carried: tailored.carried,
            });
        }
    }
    made
}

/// Which policies there are, in order.
pub fn policy_templates() -> Vec<PolicyTemplate> {
    let mut out = Vec::new();
    match yaml::parse(NO_FILE, LIST, 0, &mut out).map(|node| node.value) {
        Some(Typed::List(items)) => {
            items.iter().filter_map(|item| PolicyTemplate::read(item, &mut out)).collect()
        }
        _ => Vec::new(),
    }
}

/// One policy that stands alone, made for a company. `None` when there is none of that id, or when no section of it is carried
/// by one of the controls.
pub fn policy(id: &str, company: &Company<'_>) -> Option<NewDocument> {
    let (head, body) = cut(template(id)?)?;
    let tailored = tailor(body, company);
    first_section(&tailored.text)?;
    Some(NewDocument {
        path: format!("policies/{id}.md"),
        id: id.to_owned(),
        text: format!("---\n{head}---\n{}", tailored.text),
        carried: tailored.carried,
    })
}

/// The title that the template of a policy has, and the controls that carry its sections.
pub fn policy_outline(id: &str) -> Option<(&'static str, BTreeSet<&'static str>)> {
    let (head, body) = cut(template(id)?)?;
    let title = head.lines().find_map(|line| line.strip_prefix("title: "))?;
    let carriers = body.lines().filter_map(|line| directive(line, "carried by"));
    Some((title, carriers.flat_map(str::split_whitespace).collect()))
}

/// The template of a policy, as it stands.
pub(super) fn template(id: &str) -> Option<&'static str> {
    POLICIES.get_file(format!("{id}.md"))?.contents_utf8()
}

fn policies(company: &Company<'_>) -> Vec<NewDocument> {
    let entries = policy_templates();
    let text = |text: &Option<Text>| text.as_ref().map(|text| text.value.to_string());
    let wanted: Vec<&PolicyTemplate> = entries
        .iter()
        .filter(|entry| text(&entry.category).is_none_or(|category| company.categories.contains(&&*category)))
        .collect();
    let joins = |entry: &PolicyTemplate| text(&entry.joins).filter(|_| company.small());
    let mut made = Vec::new();
    for host in wanted.iter().filter(|entry| joins(entry).is_none()) {
        let id = &*host.id.value;
        let Some((head, body)) = template(id).and_then(cut) else { continue };
        let mut tailored = tailor(body, company);
        let mut head = head.to_owned();
        for guest in wanted.iter().filter(|entry| joins(entry).as_deref() == Some(id)) {
            let Some((guest_head, body)) = template(&guest.id.value).and_then(cut) else { continue };
            let more = tailor(body, company);
            let Some(at) = first_section(&more.text) else { continue };
            tailored.text.truncate(tailored.text.trim_end().len());
            tailored.text.push_str("\n\n");
            tailored.text.push_str(more.text.get(at..).unwrap_or(""));
            for (control, anchors) in more.carried {
                tailored.carried.entry(control).or_default().extend(anchors);
            }
            head = joined(&head, guest_head);
        }
        if company.small()
            && let Some(title) = text(&host.small_title)
        {
            head = replaced(&head, "title", &title);
            tailored.text = titled(&tailored.text, &title);
        }
        // Nothing is left to promise.
        if first_section(&tailored.text).is_none() {
            continue;
        }
        made.push(NewDocument {
            path: format!("policies/{id}.md"),
            id: id.to_owned(),
            text: format!("---\n{head}---\n{}", tailored.text),
            carried: tailored.carried,
        });
    }
    made
}

/// Front matter and body.
fn cut(text: &str) -> Option<(&str, &str)> {
    let parts = markdown::parts(text)?;
    Some((text.get(parts.front_matter.range())?, text.get(parts.body.range())?))
}

/// The byte at which the first `##` section begins.
fn first_section(text: &str) -> Option<usize> {
    if text.starts_with("## ") { Some(0) } else { text.find("\n## ").map(|at| at + 1) }
}

/// Front matter that names the templates of both: `template: access-control@1, authentication@1`.
fn joined(host: &str, guest: &str) -> String {
    let of = |head: &str| head.lines().find_map(|line| line.strip_prefix("template: ").map(str::to_owned));
    match (of(host), of(guest)) {
        (Some(host_template), Some(guest)) => {
            replaced(host, "template", &format!("{host_template}, {guest}"))
        }
        _ => host.to_owned(),
    }
}

fn replaced(head: &str, key: &str, value: &str) -> String {
    let start = format!("{key}: ");
    head.lines()
        .map(|line| if line.starts_with(&start) { format!("{start}{value}\n") } else { format!("{line}\n") })
        .collect()
}

/// A text under another title.
fn titled(text: &str, title: &str) -> String {
    let line = |line: &str| if line.starts_with("# ") { format!("# {title}\n") } else { format!("{line}\n") };
    text.lines().map(line).collect()
}

/// A text after its directives were followed.
struct Tailored {
    text: String,
    carried: BTreeMap<String, Vec<String>>,
}

/// Follows the directives of a template: keeps lines whose condition holds and sections that a chosen control carries.
fn tailor(body: &str, company: &Company<'_>) -> Tailored {
    let mut out = Tailored { text: String::with_capacity(body.len()), carried: BTreeMap::new() };
    let lines: Vec<&str> = conditions(body, company);
    // The level of the section that is left out.
    let mut dropped: Option<usize> = None;
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        at += 1;
        if let Some(level) = level(line) {
            if dropped.is_some_and(|dropped| level > dropped) {
                continue;
            }
            dropped = None;
            let carriers = lines.get(at..).unwrap_or(&[]).iter().find(|line| !line.trim().is_empty());
            let carriers = carriers.and_then(|line| directive(line, "carried by"));
            if let Some(carriers) = carriers {
                let kept: Vec<&str> =
                    carriers.split_whitespace().filter(|id| company.controls.contains(id)).collect();
                if kept.is_empty() {
                    dropped = Some(level);
                    continue;
                }
                let anchor =
                    line.rsplit_once("{#").map_or("", |(_, rest)| rest.trim_end().trim_end_matches('}'));
                for control in kept {
                    out.carried.entry(control.to_owned()).or_default().push(anchor.to_owned());
                }
            }
        }
        let silent = dropped.is_some() || directive(line, "carried by").is_some();
        // One empty line is enough where a directive stood.
        if silent || line.is_empty() && out.text.ends_with("\n\n") {
            continue;
        }
        out.text.push_str(line);
        out.text.push('\n');
    }
    out.text.truncate(out.text.trim_end().len());
    out.text.push('\n');
    out
}

/// The lines whose condition holds, without the conditions.
fn conditions<'b>(body: &'b str, company: &Company<'_>) -> Vec<&'b str> {
    let mut keep = true;
    let mut lines = Vec::new();
    for line in body.lines() {
        if let Some(condition) = directive(line, "only") {
            keep = company.is(condition);
        } else if line.trim() == "{%-- end --%}" {
            keep = true;
        } else if keep {
            lines.push(line);
        }
    }
    lines
}

/// What a directive of that name says: `{%-- only: office --%}`.
fn directive<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let inner = line.trim().strip_prefix("{%--")?.strip_suffix("--%}")?.trim();
    Some(inner.strip_prefix(name)?.trim_start().strip_prefix(':')?.trim())
}

/// The level of a heading.
fn level(line: &str) -> Option<usize> {
    let marks = line.bytes().take_while(|byte| *byte == b'#').count();
    ((1..=6).contains(&marks) && line.as_bytes().get(marks) == Some(&b' ')).then_some(marks)
}

#[cfg(test)]
mod tests;
