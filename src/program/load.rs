//! Parsing every file side by side, then linking: registers and variables first, because texts need them.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::Value as Variable;
use rayon::prelude::*;

use super::{EvidenceFolder, Ignore, Names, Program, Unresolved, digest, ignore, tables, texts};
use crate::diagnostic::Diagnostic;
use crate::framework;
use crate::history::History;
use crate::model::policy::{NarrativeHead, PolicyHead, ProcedureHead, Rendered};
use crate::model::scalar::Sha256;
use crate::model::{
    Agreement, Agreements, Bundle, Bundles, Config, Control, Evidence, Framework, Narrative, Policy,
    Procedure, Registers,
};
use crate::record::{Kind, Value};
use crate::source::{Body, File, FileId, Location, MANIFEST, ROOT_FILE, Sources, is_figure};
use crate::syntax::{Node, Value as Typed, csv, markdown, toml, yaml};
use crate::template;

/// What one file holds.
pub(super) enum Parsed {
    Agreements(Vec<Agreement>),
    Bundles(Vec<Bundle>),
    /// The root file; false when an audit of it is missing.
    Config(Box<Config>, bool),
    Controls(Vec<Control>),
    /// A manifest, and its digest where a review pins one.
    Evidence(Arc<Evidence>, Option<Sha256>),
    Framework(Box<Framework>),
    Policy(Box<PolicyHead>),
    Procedure(Box<ProcedureHead>),
    Narrative(Option<Box<NarrativeHead>>),
    Register(Box<Registers>, Vec<Variable>),
    /// Read later, or by nobody.
    Other,
    /// Could not be read; its records are missing.
    Nothing,
}

/// What parsing one file gave.
pub(super) struct Outcome {
    file: FileId,
    pub(super) parsed: Parsed,
    pub(super) diagnostics: Vec<Diagnostic>,
    ignores: Vec<Ignore>,
}

impl Outcome {
    /// Are some or all records of the file missing?
    pub(super) fn is_unread(&self) -> bool {
        let some_left_out = self.diagnostics.iter().any(|fault| LEAVES_SOME_OUT.contains(&fault.rule));
        some_left_out || matches!(self.parsed, Parsed::Nothing | Parsed::Config(_, false))
    }
}

pub(super) fn load(sources: Sources) -> Program {
    let files: Vec<FileId> =
        sources.files().filter(|(_, f)| !matches!(f.body, Body::Artifact(_))).map(|(id, _)| id).collect();
    let outcomes: Vec<Outcome> = files.into_par_iter().map(|file| parse(file, sources.file(file))).collect();
    let mut program = Program {
        sources,
        config: None,
        frameworks: framework::BUILT_IN.iter().filter_map(|(id, _)| framework::built_in(id)).collect(),
        controls: Vec::new(),
        policies: Vec::new(),
        procedures: Vec::new(),
        evidence: Vec::new(),
        narratives: Vec::new(),
        agreements: Vec::new(),
        bundles: Vec::new(),
        registers: Registers::default(),
        names: Names::default(),
        ignores: Vec::new(),
        used_variables: Vec::new(),
        unresolved: Vec::new(),
        unread: Vec::new(),
        submodules: Vec::new(),
        history: History::default(),
        implementations: Default::default(),
        keys: None,
        diagnostics: Vec::new(),
        filled: BTreeMap::new(),
    };
    let mut rows: BTreeMap<String, Vec<Variable>> = BTreeMap::new();
    for outcome in outcomes {
        take(&mut program, &mut rows, outcome);
    }
    let reading = std::mem::take(&mut program.sources.diagnostics);
    let submodules = reading.iter().filter(|fault| fault.rule == "submodule-not-read");
    program.submodules = submodules.map(|fault| fault.at.file).collect();
    program.diagnostics.extend(reading);
    texts::fill_in(&mut program, rows);
    program.names = Names::of(&program);
    link(&mut program);
    program
}

/// Finds the file of every artefact, and every reference that names nothing.
fn link(program: &mut Program) {
    let files: Vec<Arc<[Option<FileId>]>> = program
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
    let all: Vec<usize> = (0..program.evidence.len()).collect();
    tables::read(program, &all);
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

/// More than anybody has; what costs time with each of them stays bounded.
const AUDIT_CAP: usize = 100;
const VARIABLE_CAP: usize = 1_000;
const VARIABLE_LENGTH_CAP: usize = 4 << 10;
const FRAMEWORK_CAP: usize = 20;
const CRITERION_CAP: usize = 2_000;

fn cap<T>(list: &mut Vec<T>, most: usize, what: &str, file: FileId, out: &mut Vec<Diagnostic>) {
    if list.len() > most {
        list.truncate(most);
        let message = format!("more than {most} {what}; the rest is not read");
        out.push(
            Diagnostic::new("input-too-large", Location::start_of(file), message).help("leave some out"),
        );
    }
}

fn bound_config(config: &mut Config, file: FileId, out: &mut Vec<Diagnostic>) {
    cap(&mut config.audit, AUDIT_CAP, "audits", file, out);
    let variables = &mut config.variables.0;
    cap(variables, VARIABLE_CAP, "variables", file, out);
    for (_, value) in variables.iter().filter(|(_, value)| value.value.len() > VARIABLE_LENGTH_CAP) {
        let message = format!("a variable of more than {VARIABLE_LENGTH_CAP} bytes");
        let help = "write long text in the policy itself";
        out.push(Diagnostic::new("input-too-large", value.at, message).help(help));
    }
    variables.retain(|(_, value)| value.value.len() <= VARIABLE_LENGTH_CAP);
}

/// Puts what a file held where it belongs.
fn take(program: &mut Program, rows: &mut BTreeMap<String, Vec<Variable>>, outcome: Outcome) {
    let unread = outcome.is_unread();
    let Outcome { file, parsed, diagnostics, ignores } = outcome;
    program.unread.extend(unread.then_some(file));
    program.diagnostics.extend(diagnostics);
    program.ignores.extend(ignores);
    let body = Rendered::default();
    match parsed {
        Parsed::Config(mut config, _) => {
            bound_config(&mut config, file, &mut program.diagnostics);
            program.config = Some(*config);
        }
        Parsed::Agreements(agreements) => program.agreements.extend(agreements),
        Parsed::Bundles(bundles) => program.bundles.extend(bundles),
        Parsed::Controls(controls) => program.controls.extend(controls),
        Parsed::Evidence(manifest, digest) => {
            let (files, tables) = (Arc::default(), Arc::default());
            program.evidence.push(EvidenceFolder { file, manifest, files, tables, digest });
        }
        Parsed::Framework(mut framework) => {
            cap(&mut framework.criteria, CRITERION_CAP, "criteria", file, &mut program.diagnostics);
            program.frameworks.push(*framework);
            cap(&mut program.frameworks, FRAMEWORK_CAP, "frameworks", file, &mut program.diagnostics);
        }
        Parsed::Policy(head) => program.policies.push(Policy { head: *head, file, body }),
        Parsed::Procedure(head) => program.procedures.push(Procedure { head: *head, file, body }),
        Parsed::Narrative(head) => {
            program.narratives.push(Narrative { head: head.map(|head| *head), file, body });
        }
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

pub(super) fn parse(file: FileId, read: &File) -> Outcome {
    let mut outcome = Outcome { file, parsed: Parsed::Other, diagnostics: Vec::new(), ignores: Vec::new() };
    match &read.body {
        Body::Text(text) => {
            ignore::find(file, &read.path, text, &mut outcome.ignores);
            outcome.parsed = parse_text(&read.path, file, text, &mut outcome.diagnostics);
        }
        Body::Refused => outcome.parsed = Parsed::Nothing,
        Body::Asset => not_read(&read.path, file, &mut outcome.diagnostics),
        Body::Artifact(_) | Body::Patterns(_) => {}
    }
    bound(file, &mut outcome.diagnostics);
    outcome
}

/// Diagnostics of one file above this are counted, not kept, so that a file that is all faults stays small. The count is
/// told by a rule that no comment mutes: the faults left out may be worse than the ones kept.
const FAULT_CAP: usize = 2_000;

fn bound(file: FileId, diagnostics: &mut Vec<Diagnostic>) {
    let more = diagnostics.len().saturating_sub(FAULT_CAP);
    diagnostics.truncate(FAULT_CAP);
    diagnostics.shrink_to_fit();
    if more > 0 {
        let message = format!("{more} more faults in this file; only the first {FAULT_CAP} are looked at");
        let help = "mend those that are listed, or take the file out of the programme";
        diagnostics.push(Diagnostic::new("input-too-large", Location::start_of(file), message).help(help));
    }
}

/// A file in a folder of ours that nobody will read is told, or its author would believe it counts.
fn not_read(path: &str, file: FileId, out: &mut Vec<Diagnostic>) {
    let folder = path.split('/').next().unwrap_or("");
    let extension = path.rsplit_once('.').map_or("", |(_, e)| e).to_ascii_lowercase();
    if (is_figure(path) && matches!(folder, "policies" | "procedures" | "narratives")) || is_list(path) {
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
        "audits" if is_of_audit(path, "agreed.yaml") => match yaml::parse(file, text, 0, out) {
            Some(node) => {
                Agreements::read(&node, out).map_or(Parsed::Nothing, |read| Parsed::Agreements(read.agreed))
            }
            None => Parsed::Nothing,
        },
        "audits" if is_of_audit(path, "bundles.yaml") => match yaml::parse(file, text, 0, out) {
            Some(node) => {
                Bundles::read(&node, out).map_or(Parsed::Nothing, |read| Parsed::Bundles(read.bundles))
            }
            None => Parsed::Nothing,
        },
        "evidence" if path.ends_with(MANIFEST) => evidence(file, text, out),
        "frameworks" => {
            framework::read(file, text, out).map_or(Parsed::Nothing, |f| Parsed::Framework(f.into()))
        }
        "policies" => head(file, text, out).map_or(Parsed::Nothing, |head| Parsed::Policy(Box::new(head))),
        "procedures" => {
            head(file, text, out).map_or(Parsed::Nothing, |head| Parsed::Procedure(Box::new(head)))
        }
        "narratives" if text.starts_with("---") => {
            head(file, text, out).map_or(Parsed::Nothing, |head| Parsed::Narrative(Some(Box::new(head))))
        }
        "narratives" => Parsed::Narrative(None),
        "registers" => register(path, file, text, out),
        _ => Parsed::Other,
    }
}

/// `audits/2026-type2/bundles.yaml`: what was handed over for that audit.
fn is_of_audit(path: &str, name: &str) -> bool {
    path.strip_prefix("audits/").and_then(|rest| rest.split_once('/')).is_some_and(|(_, rest)| rest == name)
}

/// `audits/2026-type2/requests.xlsx`: the auditor's list as it was received.
fn is_list(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    path.starts_with("audits/")
        && path.split('/').count() <= 3
        && matches!(name, "requests.xlsx" | "requests.csv")
}

fn evidence(file: FileId, text: &str, out: &mut Vec<Diagnostic>) -> Parsed {
    let before = out.len();
    let Some(node) = yaml::parse(file, text, 0, out) else { return Parsed::Nothing };
    let digest = if out.len() == before { digest::pinned(&node) } else { None };
    let manifest = Evidence::read(&node, out);
    manifest.map_or(Parsed::Nothing, |manifest| Parsed::Evidence(manifest.into(), digest))
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
    let shape = Registers::SHAPES.iter().find(|(name, _)| *name == register).map(|(_, shape)| *shape);
    let keys = shape.map_or(&[][..], |shape| shape.keys);
    let is_list = |name: &str| keys.iter().any(|key| key.name == name && matches!(key.kind, Kind::List(_)));
    let typed = entries.iter().map(|entry| {
        let value = match &entry.value.value {
            // A table's cell holds a list as `a; b`.
            Typed::Cell(cell) if is_list(&entry.key.value) => {
                let items = cell.split(';').map(str::trim).filter(|item| !item.is_empty());
                Variable::from(items.map(plain).collect::<Vec<_>>())
            }
            _ => variable(&entry.value),
        };
        (entry.key.value.to_string(), value)
    });
    let empty = keys.iter().map(|key| (key.name.to_owned(), Variable::from("")));
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
pub(super) fn plain(text: &str) -> Variable {
    match text.parse::<i64>() {
        Ok(number) if number.to_string() == text => Variable::from(number),
        _ => match text {
            "true" => Variable::from(true),
            "false" => Variable::from(false),
            _ => Variable::from(text),
        },
    }
}
