//! Filling in variables: the texts of policies, procedures and controls as people read them.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::Value as Variable;

use super::Program;
use super::load::plain;
use crate::diagnostic::Diagnostic;
use crate::model::policy::Rendered;
use crate::model::registers::Registers;
use crate::model::scalar::Sha256;
use crate::model::{Config, Control, Text};
use crate::source::{FileId, Location, Sources, Span, Spanned};
use crate::syntax::markdown;
use crate::template::{self, TextReader, has_expressions};

/// Fills in the texts of policies, procedures and controls.
pub(super) fn fill_in(program: &mut Program, mut rows: BTreeMap<String, Vec<Variable>>) {
    let registers: Vec<String> = Registers::SHAPES.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut context = facts(program.config.as_ref());
    for name in &registers {
        context.push((name.clone(), Variable::from(rows.remove(name).unwrap_or_default())));
    }
    let mut refused = Vec::new();
    for (name, value) in program.config.iter().flat_map(|config| &config.variables.0) {
        if context.iter().any(|(taken, _)| **taken == *name.value) {
            let message =
                format!("`{}` already means something in every text", crate::text::safe(&name.value));
            let help =
                "give the variable another name: registers, `organization`, `system` and `scope` are taken";
            refused.push(Diagnostic::new("variable-name-refused", name.at, message).help(help));
        } else if !is_variable_name(&name.value) {
            let shown = crate::text::clip(&crate::text::safe(&name.value), 60);
            let message = format!("texts cannot use the name `{shown}`");
            let help = format!("write `{}`", crate::text::slug(&name.value).replace('-', "_"));
            refused.push(Diagnostic::new("variable-name-refused", name.at, message).help(help));
        } else {
            context.push((name.value.to_string(), plain(&value.value)));
        }
    }
    // Variables that a broken root file lost are not the texts' fault.
    let none_read = program.config.as_ref().is_none_or(|config| config.variables.0.is_empty());
    let lost = none_read && program.diagnostics.iter().any(|fault| fault.rule == "invalid-toml");
    program.diagnostics.extend(refused);
    let mut reader = TextReader::new(context, registers);
    let mut used = BTreeSet::new();
    let mut out = Vec::new();
    let sources = &program.sources;
    for policy in &mut program.policies {
        policy.body = document(&mut reader, sources, policy.file, &mut out, &mut used);
    }
    for procedure in &mut program.procedures {
        procedure.body = document(&mut reader, sources, procedure.file, &mut out, &mut used);
    }
    for narrative in &mut program.narratives {
        narrative.body = document(&mut reader, sources, narrative.file, &mut out, &mut used);
    }
    for text in program.controls.iter().flat_map(texts_of).filter(|text| has_expressions(&text.value)) {
        let read = record_text(&mut reader, sources, text, &mut out, &mut used);
        program.filled.insert(text.at, read);
    }
    if lost {
        out.retain(|fault| fault.rule != "unknown-variable");
    }
    program.diagnostics.extend(out);
    program.used_variables = used.into_iter().collect();
}

/// The texts of a control that may hold variables.
fn texts_of(control: &Control) -> impl Iterator<Item = &Text> {
    let own = [&control.title, &control.description, &control.objective];
    let left = control.evidence_required.iter().filter_map(|asked| asked.what.as_ref());
    let looked_at = control.tests.iter().flat_map(|test| &test.attributes.0).map(|(_, text)| text);
    own.into_iter().flatten().chain(left).chain(looked_at)
}

/// See [`Program::with_variables`].
pub(super) fn with_variables<'t>(program: &Program, texts: impl IntoIterator<Item = &'t mut String>) -> bool {
    let texts: Vec<&mut String> = texts.into_iter().filter(|text| has_expressions(text)).collect();
    if texts.is_empty() {
        return false;
    }
    let mut context = facts(program.config.as_ref());
    for (name, value) in program.config.iter().flat_map(|config| &config.variables.0) {
        if is_variable_name(&name.value) && context.iter().all(|(taken, _)| **taken != *name.value) {
            context.push((name.value.to_string(), plain(&value.value)));
        }
    }
    let mut reader = TextReader::new(context, Vec::new());
    let mut changed = false;
    for text in texts {
        let typed = template::Typed { text, at: program.root_place(), verbatim: false };
        if let Some(read) = reader.read(&typed, &mut Vec::new(), &mut |_| {}) {
            *text = read.trim().to_owned();
            changed = true;
        }
    }
    changed
}

/// One word of letters, digits and `_`, as an expression can hold it.
fn is_variable_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// What every text knows besides `[variables]`: who we are and what is in scope.
fn facts(config: Option<&Config>) -> Vec<(String, Variable)> {
    let text = |text: Option<&Text>| Variable::from(text.map_or("", |text| &text.value));
    let organization = config.and_then(|c| c.organization.as_ref());
    let system = config.and_then(|c| c.system.as_ref()).and_then(|s| s.name.as_ref());
    let categories: Vec<Variable> = config
        .and_then(|c| c.scope.as_ref())
        .map_or(&[][..], |scope| &scope.categories)
        .iter()
        .map(|category| Variable::from(&*category.value))
        .collect();
    let name = organization.and_then(|o| o.name.as_ref());
    let timezone = organization.and_then(|o| o.timezone.as_ref());
    let keys =
        |pairs: Vec<(&str, Variable)>| template::map(pairs.into_iter().map(|(k, v)| (k.to_owned(), v)));
    vec![
        ("organization".to_owned(), keys(vec![("name", text(name)), ("timezone", text(timezone))])),
        ("system".to_owned(), keys(vec![("name", text(system))])),
        ("scope".to_owned(), keys(vec![("categories", Variable::from(categories))])),
    ]
}

/// Fills in a text that stands in a record.
fn record_text(
    reader: &mut TextReader,
    sources: &Sources,
    text: &Spanned<Box<str>>,
    out: &mut Vec<Diagnostic>,
    used: &mut BTreeSet<String>,
) -> Option<Box<str>> {
    let verbatim = sources.slice(text.at) == &*text.value;
    let typed = template::Typed { text: &text.value, at: text.at, verbatim };
    let read = reader.read(&typed, out, &mut |name| {
        used.insert(name.to_owned());
    })?;
    Some(read.trim().into())
}

/// Fills in a document's body, and finds its headings as typed and as read.
fn document(
    reader: &mut TextReader,
    sources: &Sources,
    file: FileId,
    out: &mut Vec<Diagnostic>,
    used: &mut BTreeSet<String>,
) -> Rendered {
    let text = sources.text(file);
    let span = markdown::parts(text).map_or(Span::new(0, text.len()), |parts| parts.body);
    let body = &text[span.range()];
    let at = Location { file, span };
    if let Some(fault) = too_deep(body, at) {
        out.push(fault);
        return Rendered::default();
    }
    let typed_text = template::Typed { text: body, at, verbatim: true };
    let read = reader.read(&typed_text, out, &mut |name| {
        used.insert(name.to_owned());
    });
    // What is filled in may open lists as well.
    let fault = read.as_deref().filter(|text| *text != body).and_then(|text| too_deep(text, at));
    let read = read.filter(|_| fault.is_none());
    out.extend(fault);
    let typed_here = markdown::headings(body);
    let mut typed = typed_here.clone();
    for heading in &mut typed {
        let (start, end) = (heading.span.start + span.start, heading.span.end + span.start);
        heading.span = Span { start, end };
    }
    if typed.len() == markdown::HEADING_CAP {
        let message = format!("more than {} headings", markdown::HEADING_CAP - 1);
        out.push(
            Diagnostic::new("input-too-large", Location::start_of(file), message).help("split the document"),
        );
    }
    let same = read.as_deref().is_none_or(|text| text == body);
    let headings =
        if same { typed_here } else { read.as_deref().map(markdown::headings).unwrap_or_default() };
    let sha256 = read.as_deref().map(|text| Sha256(crate::source::sha256(text.as_bytes())));
    Rendered { sha256, headings, typed, text: read.map(String::into_boxed_str) }
}

/// Why a text is not read: its quotes and lists within one another would take too long.
fn too_deep(text: &str, at: Location) -> Option<Diagnostic> {
    let (begins, levels) = markdown::too_deep(text)?;
    let start = (at.span.range().start + begins).min(at.span.range().end);
    let place = Location { file: at.file, span: Span::new(start, start) };
    let message = format!("quotes and lists nested up to {levels} levels deep, in a text of many lines");
    let help = "take out the marks `>`, `-`, `1.` that nobody needs";
    Some(Diagnostic::new("input-too-large", place, message).help(help))
}
