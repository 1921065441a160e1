//! The sections of a document: numbers and anchors, and which controls rest on each.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::{Control, Criterion, Kind, Library, Section, titles};
use crate::model::control::Status;
use crate::program::{CriterionId, anchor, document};
use crate::syntax::{grid, lettered, markdown};
use crate::text::slug;
use crate::timeline::Judgement;

/// A text without its comments, with lists of letters as lists, and cut from it the heading that is its title: the only one
/// of the first level, or the one that says what the front matter says.
pub(super) fn without_title(text: &str, named: Option<&str>) -> (Option<String>, String) {
    let text = without_comments(text);
    let text = grid::rewritten(&text);
    let text = lettered::rewritten(&text);
    let headings = markdown::headings(&text);
    let only = headings.iter().filter(|heading| heading.level == 1).count() == 1;
    let title = headings.into_iter().next().filter(|heading| {
        let same = named.is_some_and(|named| slug(named) == slug(&heading.title));
        heading.level == 1
            && (only || same)
            && text.get(..heading.span.start as usize).is_some_and(|head| head.trim().is_empty())
    });
    match title {
        Some(heading) => {
            let rest = text.get(heading.span.end as usize..).unwrap_or("").trim_start_matches('\n');
            (Some(heading.title), rest.to_owned())
        }
        None => (None, text.trim_start_matches('\n').to_owned()),
    }
}

/// A text without HTML comments, which are notes of those who write it.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut kept = 0;
    let mut block: Option<usize> = None;
    for (event, range) in Parser::new_ext(text, markdown::options()).into_offset_iter() {
        let cut = match event {
            Event::Start(Tag::HtmlBlock) => {
                block = Some(range.start);
                continue;
            }
            Event::End(TagEnd::HtmlBlock) => block.take().map(|start| start..range.end),
            Event::InlineHtml(_) => Some(range),
            _ => None,
        };
        let Some(cut) = cut.filter(|cut| cut.start >= kept) else { continue };
        let Some(html) = text.get(cut.clone()) else { continue };
        if is_comment(html.trim()) {
            out.push_str(text.get(kept..cut.start).unwrap_or(""));
            kept = cut.end;
        }
    }
    out.push_str(text.get(kept..).unwrap_or(""));
    out
}

fn is_comment(html: &str) -> bool {
    let inner = html.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
    inner.is_some_and(|inner| !inner.contains("-->"))
}

/// The headings of a text with numbers and unique anchors. A heading is one step below the nearest one above it that has a
/// lower level, so that levels which are skipped do not count.
pub(super) fn of(text: &str) -> Vec<Section> {
    let headings = markdown::headings(text);
    let top = headings.iter().map(|heading| heading.level).min().unwrap_or(1);
    let mut above: Vec<(u8, u32)> = Vec::new();
    let mut times: BTreeMap<String, u32> = BTreeMap::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    headings
        .into_iter()
        .map(|heading| {
            let times = times.entry(heading.anchor.clone()).or_insert(1);
            let mut anchor = heading.anchor.clone();
            // A heading further up may already be called `stem-2`.
            while !taken.insert(anchor.clone()) {
                *times += 1;
                anchor = format!("{}-{times}", heading.anchor);
            }
            Section {
                level: (heading.level + 2).saturating_sub(top).clamp(2, 6),
                number: number(&mut above, heading.level),
                title: heading.title,
                anchor,
                controls: Vec::new(),
            }
        })
        .collect()
}

/// The number of the next heading; `above` holds level and number of those around it.
fn number(above: &mut Vec<(u8, u32)>, level: u8) -> String {
    let mut last = 0;
    while let Some((_, count)) = above.pop_if(|(one, _)| *one >= level) {
        last = count;
    }
    above.push((level, last + 1));
    above.iter().map(|(_, count)| count.to_string()).collect::<Vec<_>>().join(".")
}

/// Lists the controls, and ties sections, controls and criteria to each other.
pub(super) fn link(library: &mut Library, judgement: &Judgement<'_>) {
    let program = judgement.program;
    let mut kept: Vec<usize> = (0..program.controls.len())
        .filter(|index| {
            program
                .controls
                .get(*index)
                .is_some_and(|control| control.status() != Status::Retired && control.applies())
        })
        .collect();
    kept.sort_by_key(|index| program.controls.get(*index).map(|control| control.id.value.0.clone()));
    let cited = |index: &usize| -> Vec<CriterionId> {
        let typed = program.controls.get(*index).map_or(&[][..], |control| &control.criteria);
        let found = typed.iter().filter_map(|criterion| program.criterion(&criterion.value.0).ok());
        found.map(|found| CriterionId { point: None, ..found }).collect()
    };
    let all: BTreeSet<CriterionId> = kept.iter().flat_map(cited).collect();
    let places: BTreeMap<CriterionId, usize> = all.iter().enumerate().map(|(nth, id)| (*id, nth)).collect();
    library.criteria = all
        .iter()
        .map(|id| {
            let framework = program.frameworks.get(id.framework);
            let criterion = framework.and_then(|framework| framework.criteria.get(id.criterion));
            let text = criterion.and_then(|criterion| criterion.text.as_ref());
            Criterion {
                id: program.criterion_name(*id),
                text: text.map_or_else(String::new, |text| text.value.to_string()),
                controls: Vec::new(),
            }
        })
        .collect();
    for (place, index) in kept.iter().enumerate() {
        let Some(control) = program.controls.get(*index) else { continue };
        let mut criteria: Vec<usize> = Vec::new();
        for criterion in cited(index).iter().filter_map(|id| places.get(id)) {
            if !criteria.contains(criterion) {
                criteria.push(*criterion);
            }
        }
        for criterion in &criteria {
            if let Some(criterion) = library.criteria.get_mut(*criterion) {
                criterion.controls.push(place);
            }
        }
        let policies = control.policies.iter().map(|reference| (Kind::Policy, &*reference.value.0));
        let procedures = control.procedures.iter().map(|reference| (Kind::Procedure, &*reference.value.0));
        let mut ordered_by = Vec::new();
        for (kind, reference) in policies.chain(procedures) {
            let Some(found) = library.find(kind, document(reference)) else { continue };
            let sections = library.documents.get_mut(found).map(|document| &mut document.sections);
            let section = sections.and_then(|sections| {
                let wanted = anchor(reference)?;
                let nth = sections.iter().position(|section| section.anchor == wanted)?;
                sections.get_mut(nth)?.controls.push(place);
                Some(nth)
            });
            ordered_by.push((found, section));
        }
        let owner = control.owner.as_ref().map_or("", |owner| &owner.value.0);
        library.controls.push(Control {
            id: control.id.value.0.clone(),
            title: program.title(*index).into_owned(),
            description: program.description(*index).into_owned(),
            owner: titles::holder(program, owner, judgement.as_of),
            cadence: control
                .cadence
                .as_ref()
                .map_or_else(String::new, |cadence| cadence.value.word().to_owned()),
            status: control.status().word(),
            criteria,
            ordered_by,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_sections_have_one_number() {
        for (levels, numbers) in [
            (&[2, 3, 4, 2][..], "1 1.1 1.1.1 2"),
            (&[3, 2, 3, 3], "1 2 2.1 2.2"),
            (&[2, 4, 3, 4, 3], "1 1.1 1.2 1.2.1 1.3"),
            (&[6, 5, 4, 3, 2, 1], "1 2 3 4 5 6"),
            (&[1, 6, 2, 6], "1 1.1 1.2 1.2.1"),
        ] {
            let text: String = levels.iter().map(|level| format!("{} x\n", "#".repeat(*level))).collect();
            let found: Vec<String> = of(&text).into_iter().map(|section| section.number).collect();
            assert_eq!(found.join(" "), numbers);
        }
    }

    #[test]
    fn the_title_is_the_only_heading_of_its_level_or_the_one_that_is_named() {
        let cut = |text: &str, named: Option<&str>| without_title(text, named).0;
        let two = "# Scope\n\nx\n\n# Policy\n\ny\n";
        assert_eq!(cut("# Scope\n\n## Policy\n", Some("Access Policy")).as_deref(), Some("Scope"));
        assert_eq!(cut(two, Some("SCOPE")).as_deref(), Some("Scope"));
        assert_eq!(cut(two, Some("Access Policy")), None);
        assert_eq!(cut(two, None), None);
        assert_eq!(cut("x\n\n# Scope\n", None), None);
    }
}
