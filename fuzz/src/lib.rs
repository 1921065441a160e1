//! What must hold for any bytes a stranger can put into a pull request. Each function takes one input and panics when
//! something does not hold; `fuzz_targets/` hands them to libFuzzer, the tests below run them over `corpus/`:
//! `cargo test --manifest-path fuzz/Cargo.toml --lib`.

mod adopt;
mod added;
mod approval;
mod capture;
mod publish;
mod archive;
mod lists;
mod recheck;
mod requests;
mod review;
mod scan;
pub mod seeds;
mod table;
mod verbs;

pub use adopt::adopt;
pub use added::added;
pub use approval::approval;
pub use capture::capture;
pub use publish::publish;
pub use archive::archive;
pub use lists::lists;
pub use recheck::{bundles, recheck};
pub use requests::requests;
pub use review::review;
pub use scan::scan;
pub use table::table;

use jiff::civil::{Date, date};
use soc2::diagnostic::Diagnostic;
use soc2::model::{Control, Evidence};
use soc2::program::Program;
use soc2::record::Value;
use soc2::report::Report;
use soc2::source::{Body, FileId, Location, Sources, Span};
use soc2::syntax::{Node, Value as Typed, markdown, yaml as syntax};
use soc2::template::canonical;
use soc2::timeline::Judgement;

/// The day everything is judged on.
pub const AS_OF: Date = date(2026, 6, 30);

/// Any text gives a tree whose places slice the text, and so do the places of every fault, also when the tree is read
/// as records; with or without the library the same.
pub fn yaml(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut out = Vec::new();
    let node = syntax::parse(FileId(0), text, 0, &mut out);
    let mut told = Vec::new();
    let by_library = syntax::by_library(FileId(0), text, 0, &mut told);
    assert_eq!(format!("{node:?} {out:?}"), format!("{by_library:?} {told:?}"), "another way of reading");
    if let Some(node) = node {
        places(&node, text);
        let _ = Control::read(&node, &mut out);
        let _ = Evidence::read(&node, &mut out);
    }
    for fault in &out {
        let related = fault.related.iter().map(|(at, _)| *at);
        related.chain([fault.at]).for_each(|at| slices(at, text, fault.rule));
    }
}

fn places(node: &Node<'_>, text: &str) {
    slices(node.at, text, node.noun());
    match &node.value {
        Typed::List(items) => items.iter().for_each(|item| places(item, text)),
        Typed::Map(entries) => entries.iter().for_each(|entry| {
            slices(entry.key.at, text, "a key");
            places(&entry.value, text);
        }),
        _ => {}
    }
}

fn slices(at: Location, text: &str, what: &str) {
    assert!(
        text.get(at.span.range()).is_some(),
        "{what}: {:?} of {} bytes cuts the text",
        at.span,
        text.len()
    );
}

/// Any document is cut into parts that slice it; read as a policy with variables it gives a canonical text, and every
/// place is one of the file.
pub fn front_matter(bytes: &[u8]) {
    if let Some((text, parts)) =
        std::str::from_utf8(bytes).ok().and_then(|text| Some((text, markdown::parts(text)?)))
    {
        assert!(text.get(parts.front_matter.range()).is_some() && text.get(parts.body.range()).is_some());
    }
    let mut files = seeds::ground();
    files.push(("policies/fuzzed.md".to_owned(), bytes.to_vec()));
    let program = Program::load(Sources::from_memory(files));
    faults_have_places(&program, &program.diagnostics);
    for policy in &program.policies {
        if let Some(text) = &policy.body.text {
            assert_eq!(canonical(text), **text, "a read text is canonical");
            let within =
                |span: Span, text: &str| assert!(text.get(span.range()).is_some(), "a heading's place");
            policy.body.headings.iter().for_each(|heading| within(heading.span, text));
            policy
                .body
                .typed
                .iter()
                .for_each(|heading| within(heading.span, program.sources.text(policy.file)));
        }
    }
}

/// Any list of files is judged, and what every verb prints of it is the same each time and harmless.
pub fn repository(bytes: &[u8]) {
    let first = printed(seeds::unpack(bytes));
    let second = printed(seeds::unpack(bytes));
    assert_eq!(first.len(), second.len(), "two runs print not as much");
    for ((name, first), (_, second)) in first.iter().zip(&second) {
        assert!(first == second, "two runs of {name} differ");
    }
    verbs::are_harmless(&first);
}

fn printed(files: Vec<(String, Vec<u8>)>) -> verbs::Printed {
    let program = Program::load(Sources::from_memory(files));
    let judgement = Judgement::new(&program, AS_OF, None);
    let report = Report::new(&judgement);
    let faults: Vec<Diagnostic> =
        report.diagnostics.iter().map(|reported| reported.diagnostic.clone()).collect();
    faults_have_places(&program, &faults);
    let mut printed = verbs::check(&judgement, &report);
    printed.extend(verbs::others(&judgement));
    printed
}

fn faults_have_places(program: &Program, faults: &[Diagnostic]) {
    let sources = &program.sources;
    for fault in faults {
        for at in fault.related.iter().map(|(at, _)| *at).chain([fault.at]) {
            if sources.is_empty() {
                continue;
            }
            assert!((at.file.0 as usize) < sources.len(), "{}: there is no file {:?}", fault.rule, at.file);
            if matches!(sources.file(at.file).body, Body::Text(_)) {
                slices(at, sources.text(at.file), fault.rule);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    fn corpus(target: &str) -> Vec<Vec<u8>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
        fs::read_dir(folder).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect()
    }

    #[test]
    fn the_corpus_holds() {
        corpus("yaml").iter().for_each(|bytes| yaml(bytes));
        corpus("front_matter").iter().for_each(|bytes| front_matter(bytes));
        corpus("repository").iter().for_each(|bytes| repository(bytes));
        corpus("table").iter().for_each(|bytes| table(bytes));
        corpus("review").iter().for_each(|bytes| review(bytes));
        corpus("added").iter().for_each(|bytes| added(bytes));
        corpus("approval").iter().for_each(|bytes| approval(bytes));
        corpus("publish").iter().for_each(|bytes| publish(bytes));
        corpus("scan").iter().for_each(|bytes| scan(bytes));
        corpus("capture").iter().for_each(|bytes| capture(bytes));
        corpus("archive").iter().for_each(|bytes| archive(bytes));
        corpus("recheck").iter().for_each(|bytes| recheck(bytes));
        corpus("adopt").iter().for_each(|bytes| adopt(bytes));
        corpus("lists").iter().for_each(|bytes| lists(bytes));
        corpus("requests").iter().for_each(|bytes| requests(bytes));
    }

    /// Fails after a rule was added: `cargo run --manifest-path fuzz/Cargo.toml --example seeds`.
    #[test]
    fn the_corpus_reaches_every_rule() {
        let mut reached = BTreeSet::new();
        for bytes in corpus("repository") {
            let program = Program::load(Sources::from_memory(seeds::unpack(&bytes)));
            reached.extend(seeds::rules_found(&program));
        }
        let missed = seeds::missed(&reached);
        assert!(missed.is_empty(), "no seed reaches {missed:?}");
    }

    #[test]
    fn packing_and_unpacking_agree() {
        let files = vec![("a".to_owned(), b"x\ny".to_vec()), ("b/c".to_owned(), b"".to_vec())];
        assert_eq!(seeds::unpack(&seeds::pack(&files)), files);
    }
}
