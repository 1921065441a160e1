//! SARIF 2.1.0 for code hosts. Paths are relative to the git root; fingerprints survive moved lines; what a waiver
//! lets through is suppressed, not left out.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Format, View, fingerprint};
use crate::change::Kind;
use crate::diagnostic::Level;
use crate::gap::{Class, Gap};
use crate::gate::{Gate, Told};
use crate::report::Reported;
use crate::rules::{self, RULES, Rule};
use crate::source::Location;
use crate::text::safe;

pub(super) static FORMAT: Format = Format { name: "sarif", brief: "SARIF 2.1.0 for code scanning", write };

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut seen = BTreeMap::new();
    let mut results: Vec<Value> = Vec::new();
    let states = view.gate.filter(|gate| gate.base.state.is_some()).map(BaselineStates::of);
    let muted = view.gate.iter().flat_map(|gate| gate.denied()).filter(|fault| fault.muted);
    for found in view.report.diagnostics.iter().chain(muted.map(|fault| fault.found)) {
        let text = with_help(&found.message, found.help.as_deref());
        let level = if found.level == Level::Deny { "error" } else { "warning" };
        let mut result = result(view, found.rule, level, &text, &found.message, found.at, &mut seen);
        if let Some(states) = &states {
            result["baselineState"] = json!(states.of_fault(found));
        }
        results.push(result);
    }
    for gap in view.gaps() {
        let level = match gap.class {
            Class::Blocking if view.strict => "error",
            Class::Blocking => "warning",
            Class::AtRisk | Class::Note => "note",
        };
        let text = with_help(&gap.message, gap.help.as_deref());
        let apart = [&gap.audit, &gap.slot, &gap.system].map(|part| part.as_deref().unwrap_or(""));
        let identity = format!("{}/{}/{}", gap.subject.kind, gap.subject.id, apart.join("/"));
        let mut result = result(view, gap.rule, level, &text, &identity, gap.at, &mut seen);
        if let Some(waiver) = &gap.waiver {
            result["suppressions"] = suppressed(waiver);
        }
        if let Some(states) = &states {
            result["baselineState"] = json!(states.of_gap(gap));
        }
        results.push(result);
    }
    let regressions = view.gate.map_or(&[][..], |gate| &gate.regressions);
    results.extend(regressions.iter().filter_map(|told| regression(view, told, &mut seen)));
    let rules: Vec<Value> = RULES
        .iter()
        .filter(|rule| found(view, rule))
        .map(|rule| descriptor(rule))
        .chain(kinds(regressions))
        .collect();
    for result in &mut results {
        if let Some(index) = rules.iter().position(|rule| result["ruleId"] == rule["id"]) {
            result["ruleIndex"] = json!(index);
        }
    }
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "soc2",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "%SRCROOT%": { "description": { "text": "the root of the git repository" } } },
            "results": results,
        }],
    });
    writeln!(out, "{}", super::harmless_json(&document)?)
}

/// Does the report name the rule? Only those are described.
fn found(view: &View<'_>, rule: &Rule) -> bool {
    view.report.diagnostics.iter().any(|found| found.rule == rule.name)
        || view.gaps().any(|gap| gap.rule == rule.name)
        || view.gate.is_some_and(|gate| gate.denied().any(|fault| fault.found.rule == rule.name))
}

/// Message and help in one text.
fn with_help(message: &str, help: Option<&str>) -> String {
    match help {
        Some(help) => format!("{}; {}", safe(message), safe(help)),
        None => safe(message),
    }
}

/// Which finds a change brought in; what it took away is left out, because code hosts would show it as there.
struct BaselineStates {
    faults: BTreeSet<*const Reported>,
    gaps: BTreeSet<*const Gap>,
}

impl BaselineStates {
    fn of(gate: &Gate<'_>) -> Self {
        let told = || gate.regressions.iter().chain(&gate.disclosures);
        let faults = gate.new_faults.iter().chain(told().flat_map(|told| &told.faults));
        Self {
            faults: faults.map(|fault| std::ptr::from_ref(fault.found)).collect(),
            gaps: gate.new_gaps.iter().map(|gap| std::ptr::from_ref(*gap)).collect(),
        }
    }

    fn of_fault(&self, found: &Reported) -> &'static str {
        if self.faults.contains(&std::ptr::from_ref(found)) { "new" } else { "unchanged" }
    }

    fn of_gap(&self, gap: &Gap) -> &'static str {
        if self.gaps.contains(&std::ptr::from_ref(gap)) { "new" } else { "unchanged" }
    }
}

/// A regression, shown where it can be seen after the change.
fn regression(
    view: &View<'_>,
    told: &Told<'_>,
    seen: &mut BTreeMap<(String, String, String), usize>,
) -> Option<Value> {
    let change = told.change;
    let text = with_help(&change.message, change.help.as_deref());
    let identity = format!("{}/{}/{}", change.subject.kind, change.subject.id, change.message);
    let at = view.gate?.place_after(change.place);
    let mut result = result(view, change.kind.name, "error", &text, &identity, at, seen);
    result["baselineState"] = json!("new");
    if let Some(waiver) = told.waiver {
        result["suppressions"] = suppressed(waiver);
    }
    Some(result)
}

/// What a waiver lets through.
fn suppressed(waiver: &str) -> Value {
    json!([{ "kind": "external", "justification": format!("waiver {}", safe(waiver)) }])
}

/// Descriptors of the kinds of regressions, each once.
fn kinds(regressions: &[Told<'_>]) -> impl Iterator<Item = Value> {
    let kinds: BTreeMap<&str, &Kind> =
        regressions.iter().map(|told| (told.change.kind.name, told.change.kind)).collect();
    kinds.into_values().map(|kind| {
        json!({
            "id": kind.name,
            "name": pascal(kind.name),
            "shortDescription": { "text": kind.brief },
            "fullDescription": { "text": kind.why },
            "help": { "text": format!("soc2 explain {}", kind.name) },
            "defaultConfiguration": { "level": "error" },
        })
    })
}

/// `CadenceLoosened`.
fn pascal(name: &str) -> String {
    name.split('-').map(crate::text::capitalized).collect()
}

fn descriptor(rule: &Rule) -> Value {
    let level = match rule.check {
        rules::Check::Loading(level) | rules::Check::Tree(level, _) => match level {
            Level::Deny => "error",
            Level::Warn => "warning",
            Level::Allow => "none",
        },
        rules::Check::Gap(Class::Blocking, _) => "warning",
        rules::Check::Gap(..) => "note",
    };
    json!({
        "id": rule.name,
        "name": pascal(rule.name),
        "shortDescription": { "text": rule.brief },
        "fullDescription": { "text": rule.why() },
        "help": { "text": format!("soc2 explain {}", rule.name), "markdown": rule.docs.trim() },
        "defaultConfiguration": { "level": level },
    })
}

/// One result. `identity` is what makes it the same find after lines moved.
fn result(
    view: &View<'_>,
    rule: &str,
    level: &str,
    text: &str,
    identity: &str,
    at: Location,
    seen: &mut BTreeMap<(String, String, String), usize>,
) -> Value {
    let sources = &view.judgement.program.sources;
    let (start, end) = (sources.position(at), sources.end_position(at));
    let path = sources.path(at.file);
    let nth = seen.entry((rule.to_owned(), path.to_owned(), identity.to_owned())).or_insert(0);
    let print = fingerprint(&[rule, path, identity], *nth);
    *nth += 1;
    json!({
        "ruleId": rule,
        "level": level,
        "message": { "text": without_links(text) },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(&format!("{}{path}", view.prefix)), "uriBaseId": "%SRCROOT%" },
            "region": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
            },
        } }],
        "partialFingerprints": { "soc2/v1": print },
    })
}

/// In a message `[text](address)` is a link; escaped brackets are text.
fn without_links(text: &str) -> String {
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

/// A relative URI: everything but unreserved characters and `/` is percent-encoded.
fn uri(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
