//! The loaded whole: every file parsed, every text filled in, every id known. Loading cannot fail on content; what
//! is broken becomes diagnostics, and what was left out is remembered so that nothing else is blamed for it.

mod digest;
mod filed;
mod ignore;
mod implementations;
mod keys;
mod load;
mod names;
mod tables;
mod texts;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::{TimeZone, TimeZoneDatabase};

pub use digest::review_digest;
pub use filed::{Filed, Refiled, Written};
pub use ignore::Ignore;
pub use implementations::{IMPLEMENTATION_CAP, Implementation, Implementations, Presence};
pub use keys::{KeyList, Keys, ListedKey};
pub use names::{CriterionFault, CriterionId, Names, anchor, document};
pub use tables::TableRead;

use crate::diagnostic::Diagnostic;
use crate::history::History;
use crate::model::scalar::Sha256;
use crate::model::{
    Agreement, Bundle, Config, Control, Evidence, Framework, Narrative, Policy, Procedure, Registers, Text,
};
use crate::record::{Target, Value, Visit};
use crate::source::{Body, Facts, FileId, Location, Sources, Span, TableFacts};

/// A programme: controls, policies, evidence and registers of one tree.
#[derive(Debug)]
pub struct Program {
    pub sources: Sources,
    /// `soc2.toml`, as far as it could be read.
    pub config: Option<Config>,
    /// Built-in frameworks first, then those of the repository.
    pub frameworks: Vec<Framework>,
    /// In path order, then as they stand in the file.
    pub controls: Vec<Control>,
    pub policies: Vec<Policy>,
    pub procedures: Vec<Procedure>,
    pub evidence: Vec<EvidenceFolder>,
    pub narratives: Vec<Narrative>,
    /// What auditors agreed to test, in path order, then as they stand in the file.
    pub agreements: Vec<Agreement>,
    /// What was handed to auditors, in path order, then as they stand in the file.
    pub bundles: Vec<Bundle>,
    pub registers: Registers,
    pub names: Names,
    /// Comments that mute a diagnostic.
    pub ignores: Vec<Ignore>,
    /// Variables of `soc2.toml` that some text used.
    pub used_variables: Vec<String>,
    /// References that resolve to nothing, by place.
    pub unresolved: Vec<Unresolved>,
    /// Files of which some or all records are missing here because they could not be read.
    pub unread: Vec<FileId>,
    /// Those of them that are other repositories, in order.
    pub submodules: Vec<FileId>,
    /// What git remembers of the files; empty where there is no git.
    pub history: History,
    /// Whether the product code that controls name is there; empty where nothing was looked at.
    pub implementations: Implementations,
    /// Whose keys make a commit witnessed; `None` where nothing was looked at.
    pub keys: Option<Keys>,
    /// What reading found wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// Texts of controls that hold variables, filled in, by place; `None` where that failed.
    filled: BTreeMap<Location, Option<Box<str>>>,
}

/// A reference that resolves to nothing.
#[derive(Clone, Debug)]
pub struct Unresolved {
    pub target: Target,
    pub name: Box<str>,
    pub at: Location,
}

/// A manifest and the folder it speaks for.
#[derive(Clone, Debug)]
pub struct EvidenceFolder {
    /// The manifest's file; the folder's path under `evidence/` is the evidence's id.
    pub file: FileId,
    pub manifest: Arc<Evidence>,
    /// The file of each artefact of the manifest, where there is one.
    pub files: Arc<[Option<FileId>]>,
    /// What is known of the rows of each artefact that the manifest calls a population or a log; empty when it calls
    /// none so.
    pub tables: Arc<[Option<Arc<TableFacts>>]>,
    /// [`review_digest`] of the manifest, where its review pins one and its text is read without a fault of YAML.
    pub digest: Option<Sha256>,
}

impl Program {
    /// Parses and links everything in `sources`.
    pub fn load(sources: Sources) -> Self {
        load::load(sources)
    }

    /// The organisation's time zone, from the zones in the binary; UTC when it names none that exists, which a rule tells.
    pub fn zone(&self) -> TimeZone {
        let organization = self.config.as_ref().and_then(|config| config.organization.as_ref());
        let name = organization.and_then(|organization| organization.timezone.as_ref());
        name.and_then(|name| TimeZoneDatabase::bundled().get(&name.value).ok()).unwrap_or(TimeZone::UTC)
    }

    /// The id of an evidence folder: `iam-access-review/2026-q1`.
    pub fn evidence_id(&self, folder: &EvidenceFolder) -> &str {
        let path = self.sources.path(folder.file);
        path.strip_prefix("evidence/").and_then(|p| p.strip_suffix("/manifest.yaml")).unwrap_or("")
    }

    /// The id of a narrative: what it says, else its file's name without the end.
    pub fn narrative_id<'p>(&'p self, narrative: &'p Narrative) -> &'p str {
        let said = narrative.head.as_ref().and_then(|head| head.id.as_ref());
        let path = self.sources.path(narrative.file);
        let name = path.rsplit('/').next().unwrap_or(path);
        said.map_or_else(|| name.strip_suffix(".md").unwrap_or(name), |id| &*id.value)
    }

    /// The file of an artefact that a manifest names by a safe path.
    pub fn artifact_file(&self, folder: &EvidenceFolder, path: &str) -> Option<FileId> {
        let manifest = self.sources.path(folder.file);
        self.sources.find(&format!("{}{path}", manifest.strip_suffix("manifest.yaml")?))
    }

    /// The facts of a file, if it is an artefact that could be read.
    pub fn facts(&self, file: FileId) -> Option<&Facts> {
        match &self.sources.file(file).body {
            Body::Artifact(facts) => Some(facts),
            _ => None,
        }
    }

    /// A control's title as people read it.
    pub fn title(&self, control: usize) -> Cow<'_, str> {
        let typed = self.controls.get(control).and_then(|c| c.title.as_ref());
        typed.map_or(Cow::Borrowed(""), |text| self.filled(text))
    }

    /// A control's description as people read it.
    pub fn description(&self, control: usize) -> Cow<'_, str> {
        let typed = self.controls.get(control).and_then(|c| c.description.as_ref());
        typed.map_or(Cow::Borrowed(""), |text| self.filled(text))
    }

    /// A text of a control as people read it; empty where it could not be filled in.
    pub fn filled(&self, text: &Text) -> Cow<'_, str> {
        match self.filled.get(&text.at) {
            Some(filled) => Cow::Borrowed(filled.as_deref().unwrap_or("")),
            None => Cow::Owned(crate::template::canonical(text).trim().to_owned()),
        }
    }

    /// Texts that earlier versions of controls had, with the variables of now; what cannot be filled in stays as typed. True
    /// when some text changed by it.
    pub fn with_variables<'t>(&self, texts: impl IntoIterator<Item = &'t mut String>) -> bool {
        texts::with_variables(self, texts)
    }

    /// Visits every reference of every record but evidence, which refers to no document.
    pub fn references_outside_evidence(&self, visit: &mut Visit<'_>) {
        if let Some(config) = &self.config {
            config.references(visit);
        }
        for control in &self.controls {
            control.references(visit);
        }
        for policy in &self.policies {
            policy.head.references(visit);
        }
        for procedure in &self.procedures {
            procedure.head.references(visit);
        }
        for head in self.narratives.iter().filter_map(|narrative| narrative.head.as_ref()) {
            head.references(visit);
        }
        self.registers.references(visit);
    }

    /// The frameworks of the repository, which have places in it.
    pub fn own_frameworks(&self) -> impl Iterator<Item = &Framework> {
        self.frameworks.iter().filter(|framework| framework.id.at.file != crate::framework::BUILT_IN_FILE)
    }

    /// True when a file that may define such names could not be read, so an unknown name may be no fault.
    pub fn may_be_defined_in_unread(&self, folder: &str) -> bool {
        let covers = |path: &str| {
            let within = folder.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
            path.starts_with(folder) || within
        };
        self.unread.iter().any(|file| covers(self.sources.path(*file)))
    }

    /// Is that path a folder of which nothing could be read? It may hold anything.
    pub fn is_unread_folder(&self, file: FileId) -> bool {
        let path = self.sources.path(file);
        crate::source::FOLDERS.contains(&path) || self.submodules.binary_search(&file).is_ok()
    }

    /// Where a document's text stands in its file, without its front matter and the blanks around it; `None` when there is none.
    pub fn text_place(&self, file: FileId) -> Option<Location> {
        let text = self.sources.text(file);
        let body = crate::syntax::markdown::parts(text)?.body.range();
        let own = text.get(body.clone())?;
        let start = body.start + (own.len() - own.trim_start().len());
        let end = body.start + own.trim_end().len();
        (start < end).then(|| Location { file, span: Span::new(start, end) })
    }

    /// The place of `soc2.toml`, for what has no better one.
    pub fn root_place(&self) -> Location {
        Location::start_of(self.sources.find(crate::source::ROOT_FILE).unwrap_or(FileId(0)))
    }
}
