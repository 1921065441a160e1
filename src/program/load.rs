//! Parsing every file side by side, then linking: registers and variables first, because texts need them.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::Value as Variable;
use rayon::prelude::*;

use super::{EvidenceFolder, Ignore, Names, Narrative, Program, Unresolved, Wording, ignore};
use crate::diagnostic::Diagnostic;
use crate::framework;
use crate::model::policy::{PolicyHead, ProcedureHead, Rendered};
use crate::model::scalar::Sha256;
use crate::model::{Config, Control, Evidence, Framework, Policy, Procedure, Registers, Text};
use crate::record::Value;
use crate::source::{Body, FileId, Location, MANIFEST, ROOT_FILE, Sources, Span, Spanned};
use crate::syntax::{Node, Value as Typed, csv, markdown, toml, yaml};
use crate::template::{self, TextReader, has_expressions};

/// What one file holds.
enum Parsed {
    /// The root file; false when an audit of it is missing.
    Config(Box<Config>, bool),
    Controls(Vec<Control>),
    Evidence(Box<Evidence>),
    Framework(Box<Framework>),
    Policy(Box<PolicyHead>),
    Procedure(Box<ProcedureHead>),
    Narrative(Vec<markdown::Heading>),
    Register(Box<Registers>, Vec<Variable>),
    /// Read later, or by nobody.
    Other,
    /// Could not be read; its records are missing.
    Nothing,
}

/// What parsing one file gave.
struct Outcome {
    file: FileId,
    parsed: Parsed,
    diagnostics: Vec<Diagnostic>,
    ignores: Vec<Ignore>,
}

pub(super) fn load(sources: Sources) -> Program {
    let files: Vec<FileId> =
        sources.files().filter(|(_, f)| !matches!(f.body, Body::Artifact(_))).map(|(id, _)| id).collect();
    let outcomes: Vec<Outcome> = files.into_par_iter().map(|file| parse(&sources, file)).collect();
    let mut program = Program {
        sources,
        config: None,
        frameworks: framework::BUILT_IN.iter().filter_map(|(id, _)| framework::built_in(id)).collect(),
        controls: Vec::new(),
        policies: Vec::new(),
        procedures: Vec::new(),
        evidence: Vec::new(),
        narratives: Vec::new(),
        registers: Registers::default(),
        names: Names::default(),
        ignores: Vec::new(),
        used_variables: Vec::new(),
        unresolved: Vec::new(),
        unread: Vec::new(),
        diagnostics: Vec::new(),
        wording: BTreeMap::new(),
    };
    let mut rows: BTreeMap<String, Vec<Variable>> = BTreeMap::new();
    for outcome in outcomes {
        take(&mut program, &mut rows, outcome);
    }
    let reading = std::mem::take(&mut program.sources.diagnostics);
    program.diagnostics.extend(reading);
    fill_in(&mut program, rows);
    program.names = Names::of(&program);
    link(&mut program);
    program
}

/// Finds the file of every artefact, and every reference that names nothing.
fn link(program: &mut Program) {
    let files: Vec<Box<[Option<FileId>]>> = program
        .evidence
        .par_iter()
        .map(|folder| {
            let paths = folder.manifest.artifacts.iter().map(|artifact| artifact.path.as_ref());
            paths.map(|path| program.artifact_file(folder, path?)).collect()
        })
        .collect();
    for (folder, files) in program.evidence.iter_mut().zip(files) {
        folder.files = files;
    }
    let mut unresolved = Vec::new();
    program.references_outside_evidence(&mut |target, name, at| {
        if !program.resolves(target, name) {
            unresolved.push(Unresolved { target, name: name.into(), at });
        }
    });
    unresolved.par_extend(program.evidence.par_iter().flat_map_iter(|folder| {
        let mut found = Vec::new();
        folder.manifest.references(&mut |target, name, at| {
            if !program.resolves(target, name) {
                found.push(Unresolved { target, name: name.into(), at });
            }
        });
        found
    }));
    unresolved.sort_by_key(|reference| reference.at);
    program.unresolved = unresolved;
}

/// Faults after which rows of the file are missing, though others of it were read.
const LEAVES_SOME_OUT: &[&str] = &["invalid-csv", "invalid-id"];

/// Puts what a file held where it belongs.
fn take(program: &mut Program, rows: &mut BTreeMap<String, Vec<Variable>>, outcome: Outcome) {
    let Outcome { file, parsed, diagnostics, ignores } = outcome;
    let some_left_out = diagnostics.iter().any(|fault| LEAVES_SOME_OUT.contains(&fault.rule));
    if some_left_out || matches!(parsed, Parsed::Nothing | Parsed::Config(_, false)) {
        program.unread.push(file);
    }
    program.diagnostics.extend(diagnostics);
    program.ignores.extend(ignores);
    let body = Rendered::default();
    match parsed {
        Parsed::Config(config, _) => program.config = Some(*config),
        Parsed::Controls(controls) => program.controls.extend(controls),
        Parsed::Evidence(manifest) => {
            program.evidence.push(EvidenceFolder { file, manifest, files: Box::default() });
        }
        Parsed::Framework(framework) => program.frameworks.push(*framework),
        Parsed::Policy(head) => program.policies.push(Policy { head: *head, file, body }),
        Parsed::Procedure(head) => program.procedures.push(Procedure { head: *head, file, body }),
        Parsed::Narrative(headings) => program.narratives.push(Narrative { file, headings }),
        Parsed::Register(register, variables) => {
            let name = register_name(program.sources.path(file)).to_owned();
            rows.entry(name).or_default().extend(variables);
            append(&mut program.registers, *register);
        }
        Parsed::Other | Parsed::Nothing => {}
    }
}

macro_rules! append_all {
    ($into:ident, $from:ident, $($field:ident)*) => { $( $into.$field.extend($from.$field); )* };
}

fn append(into: &mut Registers, from: Registers) {
    append_all!(into, from, people roles systems vendors csocs cuecs commitments risks assets incidents exceptions
        waivers meetings acknowledgements training requests);
}

/// `registers/people.yaml` and `registers/people/2026.csv` are both `people`.
fn register_name(path: &str) -> &str {
    let name = path.strip_prefix("registers/").unwrap_or(path);
    name.split(['/', '.']).next().unwrap_or(name)
}

fn parse(sources: &Sources, file: FileId) -> Outcome {
    let mut outcome = Outcome { file, parsed: Parsed::Other, diagnostics: Vec::new(), ignores: Vec::new() };
    match &sources.file(file).body {
        Body::Text(text) => {
            ignore::find(file, text, &mut outcome.ignores);
            outcome.parsed = parse_text(sources.path(file), file, text, &mut outcome.diagnostics);
        }
        Body::Refused => outcome.parsed = Parsed::Nothing,
        Body::Asset => not_read(sources.path(file), file, &mut outcome.diagnostics),
        Body::Artifact(_) => {}
    }
    outcome
}

/// A file in a folder of ours that nobody will read is told, or its author would believe it counts.
fn not_read(path: &str, file: FileId, out: &mut Vec<Diagnostic>) {
    let folder = path.split('/').next().unwrap_or("");
    let extension = path.rsplit_once('.').map_or("", |(_, e)| e).to_ascii_lowercase();
    let figure = matches!(extension.as_str(), "png" | "jpg" | "jpeg" | "svg");
    if figure && matches!(folder, "policies" | "procedures" | "narratives") {
        return;
    }
    let help = match (folder, extension.as_str()) {
        ("policies" | "procedures" | "narratives", "yaml" | "yml") => {
            "documents here are Markdown: put the record between two lines of `---` in a `.md`".to_owned()
        }
        (_, "yml") => {
            format!(
                "rename it to `{}.yaml`",
                crate::text::safe(path.rsplit_once('.').map_or(path, |(p, _)| p))
            )
        }
        ("registers", "xlsx" | "xls" | "ods" | "numbers" | "tsv") => {
            "save it as comma-separated `.csv`".to_owned()
        }
        ("evidence", "yaml") => {
            "a manifest stands in a folder: evidence/CONTROL/SLOT/manifest.yaml".to_owned()
        }
        ("policies" | "procedures" | "narratives", _) => "documents here are Markdown: `.md`".to_owned(),
        ("registers", _) => "registers are `.yaml` or `.csv`".to_owned(),
        _ => "records here are `.yaml`; keep other files elsewhere".to_owned(),
    };
    let message = "soc2 does not read this file";
    out.push(Diagnostic::new("file-not-read", Location::start_of(file), message).help(help));
}

fn parse_text(path: &str, file: FileId, text: &str, out: &mut Vec<Diagnostic>) -> Parsed {
    let folder = path.split('/').next().unwrap_or("");
    match folder {
        ROOT_FILE => root(file, text, out),
        "controls" => match yaml::parse(file, text, 0, out) {
            Some(node) => Parsed::Controls(one_or_many(&node, out)),
            None => Parsed::Nothing,
        },
        "evidence" if path.ends_with(MANIFEST) => yaml::parse(file, text, 0, out)
            .and_then(|node| Evidence::read(&node, out))
            .map_or(Parsed::Nothing, |manifest| Parsed::Evidence(manifest.into())),
        "frameworks" => {
            framework::read(file, text, out).map_or(Parsed::Nothing, |f| Parsed::Framework(f.into()))
        }
        "policies" => head(file, text, out).map_or(Parsed::Nothing, |head| Parsed::Policy(Box::new(head))),
        "procedures" => {
            head(file, text, out).map_or(Parsed::Nothing, |head| Parsed::Procedure(Box::new(head)))
        }
        "narratives" => Parsed::Narrative(markdown::headings(text)),
        "registers" => register(path, file, text, out),
        _ => Parsed::Other,
    }
}

/// The root file. Where its TOML is broken, a key that seems to be missing or misplaced may be the break's doing.
fn root(file: FileId, text: &str, out: &mut Vec<Diagnostic>) -> Parsed {
    let before = out.len();
    let node = toml::parse(file, text, out);
    let mut reading = Vec::new();
    let config = Config::read(&node, &mut reading);
    if out.len() > before {
        reading.retain(|d| !matches!(d.rule, "missing-key" | "wrong-type"));
    }
    // Where the text is broken, one audit at least is expected: its header may be what broke.
    let broken = out.iter().skip(before).any(|fault| fault.rule == "invalid-toml");
    out.append(&mut reading);
    let Some(config) = config else { return Parsed::Nothing };
    let whole = config.audit.len() >= audits_typed(&node, text).max(usize::from(broken));
    Parsed::Config(config.into(), whole)
}

/// How many audits somebody wrote down, whether or not they can be read.
fn audits_typed(node: &Node<'_>, text: &str) -> usize {
    let header = |line: &&str| {
        let name = line.trim_start().strip_prefix('[').map(|rest| rest.trim_start_matches(['[', ' ']));
        let rest = name.and_then(|name| name.strip_prefix("audit")).map(str::trim_start);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([']', '#']))
    };
    let items = match node.get("audit").map(|audits| &audits.value) {
        Some(Typed::List(items)) => items.len(),
        _ => 0,
    };
    text.lines().filter(header).count().max(items)
}

/// A file that holds one record, or a list of them.
fn one_or_many<T: Value>(node: &Node<'_>, out: &mut Vec<Diagnostic>) -> Vec<T> {
    match &node.value {
        Typed::List(items) => items.iter().filter_map(|item| T::read(item, out)).collect(),
        Typed::Null => Vec::new(),
        _ => T::read(node, out).into_iter().collect(),
    }
}

fn register(path: &str, file: FileId, text: &str, out: &mut Vec<Diagnostic>) -> Parsed {
    let node =
        if path.ends_with(".csv") { csv::parse(file, text, out) } else { yaml::parse(file, text, 0, out) };
    let Some(node) = node else { return Parsed::Nothing };
    let name = register_name(path);
    let mut registers = Registers::default();
    if !registers.read(name, &node, out) {
        let known: Vec<&str> = Registers::SHAPES.iter().map(|(name, _)| *name).collect();
        let help = match crate::text::nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `registers/{near}.yaml`?"),
            None => format!("registers are {}", crate::text::list(&known, "and")),
        };
        let message =
            format!("there is no register `{}`; soc2 does not read this file", crate::text::safe(name));
        out.push(Diagnostic::new("file-not-read", Location::start_of(file), message).help(help));
        return Parsed::Other;
    }
    let variables = match &node.value {
        Typed::List(items) => items.iter().map(|row| register_row(row, name)).collect(),
        _ => Vec::new(),
    };
    Parsed::Register(Box::new(registers), variables)
}

/// A row as a text sees it: every key of the register is there, empty when it was not typed.
fn register_row(row: &Node<'_>, register: &str) -> Variable {
    let Typed::Map(entries) = &row.value else { return variable(row) };
    let typed = entries.iter().map(|entry| (entry.key.value.to_string(), variable(&entry.value)));
    let shape = Registers::SHAPES.iter().find(|(name, _)| *name == register).map(|(_, shape)| *shape);
    let empty =
        shape.into_iter().flat_map(|shape| shape.keys).map(|key| (key.name.to_owned(), Variable::from("")));
    template::map(typed.chain(empty))
}

/// A document's front matter as a record.
fn head<T: Value>(file: FileId, text: &str, out: &mut Vec<Diagnostic>) -> Option<T> {
    let Some(parts) = markdown::parts(text) else {
        let (message, help) = if text.starts_with("---\n") || text.starts_with("---\r\n") {
            ("the front matter has no end", "write a line of `---` between it and the text")
        } else if text.trim_start().starts_with("---\n") {
            ("the front matter does not start on the first line", "delete what stands above the first `---`")
        } else {
            (
                "the document has no front matter",
                "start it with a line of `---`, then `id:`, `title:` and `owner:`, then another `---`",
            )
        };
        out.push(Diagnostic::new("missing-front-matter", Location::start_of(file), message).help(help));
        return None;
    };
    let yaml_text = &text[parts.front_matter.range()];
    T::read(&yaml::parse(file, yaml_text, parts.front_matter.start as usize, out)?, out)
}

/// A register's row as a text sees it.
fn variable(node: &Node<'_>) -> Variable {
    match &node.value {
        Typed::Scalar(text) | Typed::Cell(text) => plain(text),
        Typed::List(items) => Variable::from(items.iter().map(variable).collect::<Vec<_>>()),
        Typed::Map(entries) => {
            template::map(entries.iter().map(|entry| (entry.key.value.to_string(), variable(&entry.value))))
        }
        Typed::Null | Typed::Broken => Variable::from(()),
    }
}

/// Numbers compare as numbers; everything else is text.
fn plain(text: &str) -> Variable {
    match text.parse::<i64>() {
        Ok(number) if number.to_string() == text => Variable::from(number),
        _ => match text {
            "true" => Variable::from(true),
            "false" => Variable::from(false),
            _ => Variable::from(text),
        },
    }
}

/// Fills in the texts of policies, procedures and controls.
fn fill_in(program: &mut Program, mut rows: BTreeMap<String, Vec<Variable>>) {
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
    for (index, control) in program.controls.iter().enumerate() {
        let texts = [&control.title, &control.description];
        if texts.iter().any(|text| text.as_ref().is_some_and(|text| has_expressions(&text.value))) {
            let mut read =
                |text: &Option<Text>| record_text(&mut reader, sources, text.as_ref()?, &mut out, &mut used);
            let wording = Wording { title: read(&control.title), description: read(&control.description) };
            program.wording.insert(index, wording);
        }
        let attributes = control.tests.iter().flat_map(|test| &test.attributes.0).map(|(_, text)| text);
        for text in attributes.filter(|text| has_expressions(&text.value)) {
            record_text(&mut reader, sources, text, &mut out, &mut used);
        }
    }
    if lost {
        out.retain(|fault| fault.rule != "unknown-variable");
    }
    program.diagnostics.extend(out);
    program.used_variables = used.into_iter().collect();
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
    let Some(parts) = markdown::parts(text) else { return Rendered::default() };
    let body = &text[parts.body.range()];
    let at = Location { file, span: parts.body };
    let typed_text = template::Typed { text: body, at, verbatim: true };
    let read = reader.read(&typed_text, out, &mut |name| {
        used.insert(name.to_owned());
    });
    let typed_here = markdown::headings(body);
    let mut typed = typed_here.clone();
    for heading in &mut typed {
        let (start, end) = (heading.span.start + parts.body.start, heading.span.end + parts.body.start);
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
