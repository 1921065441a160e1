//! The documents as data: every promise carried, nothing false left, nothing lost when documents are joined.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{all, select, variables};
use super::*;

const CATEGORIES: [&str; 5] =
    ["security", "availability", "confidentiality", "processing-integrity", "privacy"];

/// The documents of a company that has every control that its size, site and categories call for.
fn made(staff: u64, office: bool, categories: &[&str]) -> Vec<NewDocument> {
    let catalogue = all();
    let chosen = select(&catalogue, staff, office, categories);
    let controls: BTreeSet<&str> = chosen.iter().map(|one| &*one.control.id.value.0).collect();
    documents(&Company { staff, office, categories, controls: &controls })
}

fn company<'a>(staff: u64, office: bool, controls: &'a BTreeSet<&'a str>) -> Company<'a> {
    Company { staff, office, categories: &["security"], controls }
}

#[test]
fn directives_keep_what_holds_and_what_is_carried() {
    let controls = BTreeSet::from(["a", "b"]);
    let body = "# T\n\nText.\n\n## One {#one}\n{%-- carried by: a x --%}\n\nA.\n{%-- only: office --%}\nB.\n{%-- end --%}\nC.\n\n\
                ### Deep {#deep}\n{%-- carried by: y --%}\n\nD.\n\n### Kept {#kept}\n\nE.\n\n## Two {#two}\n\n{%-- carried by: z --%}\n\n\
                F.\n\n### Under {#under}\n\nG.\n\n## Three {#three}\n\n{%-- Decide: which. --%}\nH.\n";
    let made = tailor(body, &company(10, false, &controls));
    let wanted = "# T\n\nText.\n\n## One {#one}\n\nA.\nC.\n\n### Kept {#kept}\n\nE.\n\n## Three {#three}\n\n{%-- Decide: which. --%}\nH.\n";
    assert_eq!(made.text, wanted);
    assert_eq!(made.carried, BTreeMap::from([("a".to_owned(), vec!["one".to_owned()])]));
    assert!(tailor(body, &company(10, true, &controls)).text.contains("A.\nB.\nC.\n"));
}

#[test]
fn a_small_company_gets_seventeen_policies_and_a_large_one_every_template() {
    let policies =
        |made: Vec<NewDocument>| made.iter().filter(|one| one.path.starts_with("policies/")).count();
    assert_eq!(policies(made(20, false, &["security"])), 17);
    assert_eq!(policies(made(200, true, &CATEGORIES)), policy_templates().len());
    assert!(policy_templates().len() >= 33);
    let procedures = made(200, true, &CATEGORIES);
    assert!(procedures.iter().filter(|one| one.path.starts_with("procedures/")).count() >= 12);
}

#[test]
fn every_template_is_listed_and_every_host_exists() {
    let listed = policy_templates();
    let ids: BTreeSet<&str> = listed.iter().map(|entry| &*entry.id.value).collect();
    let files: BTreeSet<&str> =
        POLICIES.files().filter_map(|file| file.path().to_str()?.strip_suffix(".md")).collect();
    assert_eq!(ids, files);
    for entry in &listed {
        if let Some(host) = &entry.joins {
            let host = listed.iter().find(|one| one.id.value == host.value).unwrap();
            assert!(host.joins.is_none() && host.category.is_none(), "{}", &*entry.id.value);
        }
    }
}

/// Anchors are unique over all policies, so that any two may be joined.
#[test]
fn anchors_are_explicit_and_unique_over_all_policies() {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for entry in policy_templates() {
        let text = template(&entry.id.value).unwrap();
        let (_, body) = cut(text).unwrap();
        for heading in markdown::headings(body).into_iter().filter(|heading| heading.level > 1) {
            assert!(heading.explicit, "{}: {}", &*entry.id.value, heading.title);
            let other = seen.insert(heading.anchor.clone(), text);
            assert!(other.is_none(), "`{}` stands twice", heading.anchor);
        }
    }
}

#[test]
fn every_control_is_carried_whatever_was_chosen() {
    for (staff, office) in [(10, false), (10, true), (200, false), (200, true)] {
        for bits in 0..16_usize {
            let mut categories = vec!["security"];
            categories.extend((0..4).filter(|bit| bits >> bit & 1 == 1).map(|bit| CATEGORIES[bit + 1]));
            let catalogue = all();
            let chosen = select(&catalogue, staff, office, &categories);
            let documents = made(staff, office, &categories);
            for control in chosen {
                let id = &*control.control.id.value.0;
                let carried = documents
                    .iter()
                    .any(|one| one.path.starts_with("policies/") && one.carried.contains_key(id));
                assert!(carried, "{id} for {staff} people, office {office}, {categories:?}");
            }
        }
    }
}

#[test]
fn carriers_are_controls_and_conditions_are_known() {
    let catalogue = all();
    let controls: BTreeSet<&str> = catalogue.iter().map(|one| &*one.control.id.value.0).collect();
    let known = |word: &str| {
        let plain = word.strip_prefix("not-").unwrap_or(word);
        matches!(word, "office" | "no-office" | "over-50" | "up-to-50") || CATEGORIES.contains(&plain)
    };
    for dir in [&POLICIES, &PROCEDURES, &NARRATIVES] {
        for file in dir.files() {
            let (path, text) = (file.path().display(), file.contents_utf8().unwrap());
            let mut open = false;
            for line in text.lines() {
                for id in directive(line, "carried by").unwrap_or("").split_whitespace() {
                    assert!(controls.contains(id), "{path}: {id}");
                }
                if let Some(condition) = directive(line, "only") {
                    assert!(!open, "{path}: conditions do not nest");
                    open = true;
                    let words = condition.split([',', ' ']).filter(|word| !word.is_empty());
                    words.for_each(|word| assert!(known(word), "{path}: {word}"));
                }
                if line.trim() == "{%-- end --%}" {
                    assert!(open, "{path}: an end without a beginning");
                    open = false;
                }
            }
            assert!(!open, "{path}: a condition has no end");
        }
    }
}

#[test]
fn nothing_of_the_templates_own_language_is_left() {
    for made in [made(20, false, &["security"]), made(200, true, &CATEGORIES)] {
        for document in made {
            for trace in ["{%-- carried by", "{%-- only", "{%-- end", "\n\n\n"] {
                assert!(!document.text.contains(trace), "{}: {trace:?}", document.path);
            }
            assert!(document.text.contains("\ntemplate: "), "{}", document.path);
        }
    }
}

#[test]
fn every_variable_is_used_and_every_use_is_declared() {
    let declared: BTreeSet<String> = variables().into_iter().map(|one| one.id.value.to_string()).collect();
    let mut texts: String = all().iter().map(|control| control.text).collect();
    for dir in [&POLICIES, &PROCEDURES, &NARRATIVES] {
        dir.files().for_each(|file| texts.push_str(file.contents_utf8().unwrap()));
    }
    for name in &declared {
        assert!(texts.contains(&format!("{{{{ {name} }}}}")), "nothing uses `{name}`");
    }
}
