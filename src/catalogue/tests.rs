//! The catalogue as data: complete, small enough, and worded so that an auditor can test it.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::diagnostic::Diagnostic;
use crate::framework::{DEFAULT, built_in};
use crate::program::Program;
use crate::report::Report;
use crate::rules;
use crate::source::Sources;
use crate::timeline::Judgement;

const CHOSEN: [&str; 4] = ["availability", "confidentiality", "processing-integrity", "privacy"];

/// Every choice of categories beside security.
fn subsets() -> Vec<Vec<&'static str>> {
    let chosen =
        |bits: usize| (0..CHOSEN.len()).filter(move |i| bits >> i & 1 == 1).map(|i| CHOSEN[i]).collect();
    (0..1 << CHOSEN.len()).map(chosen).collect()
}

fn uncovered(controls: &[&CatalogueControl], categories: &[&str]) -> Vec<String> {
    let framework = built_in(DEFAULT).unwrap();
    let named: BTreeSet<&str> = controls
        .iter()
        .flat_map(|entry| &entry.control.criteria)
        .map(|typed| typed.split('/').next().unwrap_or(typed))
        .collect();
    let in_scope = framework.criteria.iter().filter(|criterion| framework.in_scope(criterion, categories));
    in_scope.map(|criterion| criterion.id.to_string()).filter(|id| !named.contains(id.as_str())).collect()
}

/// A programme of the whole catalogue, each file changed by `edit`.
fn programme(edit: impl Fn(&str) -> String) -> Program {
    let mut config = "[organization]\nname = \"Acme, Inc.\"\ntimezone = \"America/New_York\"\n[system]\n\
                      name = \"Acme Cloud\"\n[scope]\nframework = \"soc2-2017-rev2022\"\n\
                      categories = [\"security\", \"availability\", \"confidentiality\", \"processing-integrity\", \
                      \"privacy\"]\n[variables]\n"
        .to_owned();
    for variable in variables() {
        let default = variable.default.unwrap().value;
        let value = match variable.r#type.unwrap().value {
            VariableType::Integer => default.to_string(),
            VariableType::Text => format!("\"{default}\""),
        };
        config.push_str(&format!("{} = {value}\n", variable.id));
    }
    let roles: BTreeSet<String> = all()
        .iter()
        .filter_map(|entry| entry.control.owner.as_ref())
        .map(|owner| owner.to_string())
        .collect();
    let roles: String = roles
        .iter()
        .map(|role| format!("- {{ id: {role}, held: [{{ by: alice, from: 2026-01-01 }}] }}\n"))
        .collect();
    let people = "- { id: alice, name: Alice, emails: [alice@acme.com], kind: employee, \
                  employed: [{ from: 2024-01-01 }] }\n";
    let mut files = vec![
        ("soc2.toml".to_owned(), config.into_bytes()),
        ("registers/people.yaml".to_owned(), people.as_bytes().to_vec()),
        ("registers/roles.yaml".to_owned(), roles.into_bytes()),
    ];
    for entry in all() {
        files.push((format!("controls/{}", entry.path), edit(entry.text).into_bytes()));
    }
    Program::load(Sources::from_memory(files))
}

fn diagnostics(program: &Program) -> Vec<Diagnostic> {
    let judgement = Judgement::new(program, jiff::civil::date(2026, 6, 30), None);
    let found = Report::new(&judgement).diagnostics.into_iter().map(|reported| reported.diagnostic);
    // Policies use the variables that no control does; they are not here.
    found.filter(|fault| fault.rule != "unused-variable").collect()
}

#[test]
fn every_file_is_read() {
    let all = all();
    assert_eq!(all.len(), CONTROLS.dirs().map(|family| family.files().count()).sum::<usize>());
    assert_eq!(all.len(), 118);
    assert_eq!(select(&all, 1000, true, &[]).len(), 92);
    assert_eq!(select(&all, 1000, true, &CHOSEN).len(), 118);
    let framework = built_in(DEFAULT).unwrap();
    for entry in &all {
        let category = entry.needs.category.as_ref().unwrap();
        assert!(framework.categories.iter().any(|c| *c.id.value.0 == *category.value), "{}", entry.path);
    }
}

#[test]
fn ids_are_unique_and_say_where_the_file_is() {
    let all = all();
    assert!(all.windows(2).all(|pair| pair[0].control.id.value < pair[1].control.id.value));
    for entry in &all {
        let id = &entry.control.id;
        let family = id.split('-').next().unwrap();
        assert_eq!(entry.path, format!("{family}/{id}.yaml"));
    }
}

#[test]
fn every_criterion_is_covered() {
    let all = all();
    let everything: Vec<&CatalogueControl> = all.iter().collect();
    assert_eq!(uncovered(&everything, &CHOSEN), [""; 0]);
    for categories in subsets() {
        let smallest = select(&all, 10, false, &categories);
        assert_eq!(uncovered(&smallest, &categories), [""; 0], "{categories:?}");
    }
}

#[test]
fn a_small_company_gets_60_to_70_controls() {
    let all = all();
    for categories in [&[][..], &["availability"], &["confidentiality"], &["availability", "confidentiality"]]
    {
        for (staff, office) in [(1, false), (10, true), (50, false), (50, true)] {
            let count = select(&all, staff, office, categories).len();
            assert!((60..=70).contains(&count), "{count} controls for {staff} staff, {categories:?}");
        }
    }
}

#[test]
fn no_two_descriptions_share_a_sentence() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for entry in all() {
        let description = &entry.control.description.as_ref().unwrap().value;
        for sentence in description.split(". ").map(|s| s.trim().trim_end_matches('.').to_lowercase()) {
            let id = entry.control.id.to_string();
            let earlier = seen.insert(sentence.clone(), id.clone());
            assert_eq!(earlier, None, "{id} repeats: {sentence}");
        }
    }
}

#[test]
fn every_variable_of_a_control_is_defined() {
    let program = programme(str::to_owned);
    let defined: Vec<String> = variables().iter().map(|variable| variable.id.to_string()).collect();
    assert_eq!(defined.len(), VARIABLES.matches("- id: ").count());
    assert!(program.used_variables.iter().all(|used| defined.contains(used)), "{:?}", program.used_variables);
    for variable in variables().iter().filter(|v| v.r#type.as_ref().unwrap().value == VariableType::Integer) {
        let default = variable.default.as_ref().unwrap();
        assert!(default.parse::<u64>().is_ok() && variable.unit.is_some(), "{}", variable.id);
    }
}

#[test]
fn the_whole_catalogue_loads_without_a_diagnostic() {
    assert_eq!(diagnostics(&programme(str::to_owned)), []);
}

/// Some rules wait until a control is more than a draft.
#[test]
fn nor_does_it_once_it_is_implemented() {
    let program = programme(|text| {
        let implemented =
            text.replace("\nstatus: draft\n", "\nstatus: implemented\neffective_from: 2026-01-01\n");
        assert_ne!(implemented, text);
        implemented
    });
    assert_eq!(diagnostics(&program), []);
}

#[test]
fn no_description_is_vague() {
    let rule = rules::find("vague-wording").unwrap();
    assert_eq!(rules::faults_of(rule, &programme(str::to_owned)), []);
    let vague = programme(|text| text.replace("\ntitle: ", "\ntitle: Regularly "));
    assert_eq!(rules::faults_of(rule, &vague).len(), 118);
}
