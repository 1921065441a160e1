//! SARIF 2.1.0 for code hosts. Paths are relative to the git root; fingerprints survive moved lines; what a waiver
//! lets through is suppressed, not left out.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Format, View, fingerprint};
use crate::diagnostic::Level;
use crate::gap::Class;
use crate::rules::{self, RULES, Rule};
use crate::source::Location;
use crate::text::safe;

pub(super) static FORMAT: Format = Format { name: "sarif", brief: "SARIF 2.1.0 for code scanning", write };

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rules: Vec<&Rule> = RULES.iter().copied().filter(|rule| found(view, rule)).collect();
    let mut seen = BTreeMap::new();
    let mut results: Vec<Value> = Vec::new();
    for found in &view.report.diagnostics {
        let mut text = safe(&found.message);
        if let Some(help) = &found.help {
            text = format!("{text}; {}", safe(help));
        }
        let level = if found.level == Level::Deny { "error" } else { "warning" };
        results.push(result(view, found.rule, level, &text, &found.message, found.at, &mut seen));
    }
    for gap in view.gaps() {
        let level = match gap.class {
            Class::Blocking if view.strict => "error",
            Class::Blocking => "warning",
            Class::AtRisk | Class::Note => "note",
        };
        let text = match &gap.help {
            Some(help) => format!("{}; {}", safe(&gap.message), safe(help)),
            None => safe(&gap.message),
        };
        let apart = [&gap.audit, &gap.slot, &gap.system].map(|part| part.as_deref().unwrap_or(""));
        let identity = format!("{}/{}/{}", gap.subject.kind, gap.subject.id, apart.join("/"));
        let mut result = result(view, gap.rule, level, &text, &identity, gap.at, &mut seen);
        if let Some(waiver) = &gap.waiver {
            result["suppressions"] =
                json!([{ "kind": "external", "justification": format!("waiver {}", safe(waiver)) }]);
        }
        results.push(result);
    }
    for result in &mut results {
        if let Some(index) = rules.iter().position(|rule| result["ruleId"] == rule.name) {
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
                "rules": rules.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
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
    let name: String = rule
        .name
        .split('-')
        .map(|word| {
            let mut chars = word.chars();
            chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
        })
        .collect();
    json!({
        "id": rule.name,
        "name": name,
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
