//! Links between the pages of the site.

use std::collections::BTreeSet;

use super::shell::line;
use super::{Site, place};

/// The address of a document or a section of it, seen from a page.
pub(super) fn document(site: &Site<'_>, root: &str, found: usize, section: Option<usize>) -> String {
    let page = site.pages.get(found).map_or("", String::as_str);
    let section = section.and_then(|nth| site.library.documents.get(found)?.sections.get(nth));
    let anchor = section.map_or_else(String::new, |section| format!("#{}", place::id(&section.anchor)));
    format!("{root}{page}{anchor}")
}

/// The address of a control.
pub(super) fn control(root: &str, id: &str) -> String {
    format!("{root}controls.html#{}", place::id(id))
}

/// The address of a criterion.
pub(super) fn criterion(root: &str, id: &str) -> String {
    format!("{root}criteria.html#{}", place::id(id))
}

/// The line below a heading: the controls that rest on the section, and the criteria they answer. Empty without any.
pub(super) fn controls(site: &Site<'_>, controls: &[usize]) -> String {
    let mut seen = BTreeSet::new();
    let controls: Vec<_> = controls
        .iter()
        .filter(|nth| seen.insert(**nth))
        .filter_map(|nth| site.library.controls.get(*nth))
        .collect();
    if controls.is_empty() {
        return String::new();
    }
    let criteria: BTreeSet<usize> =
        controls.iter().flat_map(|control| control.criteria.iter().copied()).collect();
    let mut out = "<p class=\"rests\"><span class=\"what\">Controls</span> ".to_owned();
    let one = |href: String, id: &str, title: &str| {
        format!("<a href=\"{href}\" title=\"{}\">{}</a>", line(title), line(id))
    };
    let links: Vec<_> =
        controls.iter().map(|one_of| one(control("../", &one_of.id), &one_of.id, &one_of.title)).collect();
    out.push_str(&links.join(" "));
    let links: Vec<_> = criteria
        .iter()
        .filter_map(|nth| site.library.criteria.get(*nth))
        .map(|one_of| one(criterion("../", &one_of.id), &one_of.id, &one_of.text))
        .collect();
    if !links.is_empty() {
        out.push_str(" <span class=\"what\">Criteria</span> ");
        out.push_str(&links.join(" "));
    }
    out.push_str("</p>\n");
    out
}
