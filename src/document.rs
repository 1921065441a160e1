//! Documents as people read them on a day: the policies in force, procedures and narratives, with what a cover tells, the
//! versions they had, and the controls that rest on each section. Plain data for every form in which they are published.

mod figures;
mod policy;
mod revisions;
mod sections;
mod titles;

use std::collections::BTreeMap;

use jiff::civil::Date;

pub use figures::{Figure, FigureKind, figure_path};

use crate::program::Program;
use crate::timeline::Judgement;

/// Everything that is published together. It tells no day on which it was put together and no newest commit, so what is
/// published changes only when a document does.
#[derive(Debug)]
pub struct Library {
    pub organization: String,
    pub system: String,
    /// In the order of their titles: policies, then procedures, then narratives.
    pub documents: Vec<Document>,
    /// The controls that are not retired, by id.
    pub controls: Vec<Control>,
    /// The criteria that these controls name, in the framework's order.
    pub criteria: Vec<Criterion>,
    /// By path below the programme's root: the figures that the documents show.
    pub figures: BTreeMap<Box<str>, Figure>,
    /// Documents that are not published, and why.
    pub left_out: Vec<LeftOut>,
    /// Figures that cannot be shown, and why.
    pub broken: Vec<String>,
}

/// What kind of document it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Policy,
    Procedure,
    Narrative,
}

impl Kind {
    /// Every kind, in the order in which documents are published.
    pub const ALL: [Self; 3] = [Self::Policy, Self::Procedure, Self::Narrative];

    /// `Policies`.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Policy => "Policies",
            Self::Procedure => "Procedures",
            Self::Narrative => "Narratives",
        }
    }

    /// The folder it is kept and published in.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Policy => "policies",
            Self::Procedure => "procedures",
            Self::Narrative => "narratives",
        }
    }

    /// `Policy`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Policy => "Policy",
            Self::Procedure => "Procedure",
            Self::Narrative => "Narrative",
        }
    }
}

/// A document to publish.
#[derive(Debug)]
pub struct Document {
    pub kind: Kind,
    pub id: Box<str>,
    pub title: String,
    /// Canonical Markdown without the title's heading; variables are filled in and comments are gone.
    pub text: Box<str>,
    /// SHA-256 of the whole canonical text in hex, which an approval holds.
    pub sha256: Option<String>,
    /// Where it is written: `policies/access-control.md`.
    pub path: Box<str>,
    /// The newest commit that touched the file, or the one that holds this text; `None` where git cannot tell or the text
    /// is not committed.
    pub commit: Option<String>,
    /// True for a text that nobody approved, or that was changed since: each page says DRAFT.
    pub draft: bool,
    /// What a cover tells, in order: `Version` `2.1`, `Owner` `Security lead: Dana Ross`.
    pub facts: Vec<(&'static str, String)>,
    pub classification: &'static str,
    /// Its headings, in order.
    pub sections: Vec<Section>,
    /// Every version that was approved, newest first.
    pub revisions: Vec<Revision>,
    /// Which of them puts it in force; none for a draft, and for what nobody approves.
    pub in_force: Option<usize>,
}

impl Document {
    /// The version that is in force.
    pub fn revision(&self) -> Option<&Revision> {
        self.revisions.get(self.in_force?)
    }
}

/// A heading of a document.
#[derive(Clone, Debug)]
pub struct Section {
    /// 2 to 6; the title is no section.
    pub level: u8,
    /// `4.1`; the numbers are added when publishing and are no part of the text.
    pub number: String,
    pub title: String,
    /// Unique in its document.
    pub anchor: String,
    /// The controls that rest on it, as indices into [`Library::controls`].
    pub controls: Vec<usize>,
}

/// A version of a policy.
#[derive(Clone, Debug)]
pub struct Revision {
    pub version: String,
    pub effective: Option<Date>,
    /// Who approved it, when, and what shows it.
    pub approved_by: String,
    pub approved_on: Option<Date>,
    pub proof: Option<String>,
    /// What git says of the approval, in words: `recorded by ann in 3fa9c1e, 2026-01-04`; `None` where git cannot tell.
    pub recorded: Option<String>,
}

impl Revision {
    /// What a table of versions tells of it, with the names of the columns.
    pub fn cells(&self) -> [(&'static str, String); 6] {
        let day = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
        [
            ("Version", self.version.clone()),
            ("In force from", day(self.effective)),
            ("Approved by", self.approved_by.clone()),
            ("Approved on", day(self.approved_on)),
            ("Shown by", self.proof.clone().unwrap_or_default()),
            ("Recorded", self.recorded.clone().unwrap_or_default()),
        ]
    }
}

/// A control as documents name it.
#[derive(Debug)]
pub struct Control {
    pub id: Box<str>,
    pub title: String,
    pub description: String,
    pub owner: String,
    /// `quarterly`.
    pub cadence: String,
    /// `draft`, `planned`, `implemented`.
    pub status: &'static str,
    /// As indices into [`Library::criteria`].
    pub criteria: Vec<usize>,
    /// Document and section that order it; a section that is not published is left out.
    pub ordered_by: Vec<(usize, Option<usize>)>,
}

/// A criterion as documents name it.
#[derive(Debug)]
pub struct Criterion {
    /// `CC6.1`.
    pub id: String,
    /// Our own words.
    pub text: String,
    /// As indices into [`Library::controls`].
    pub controls: Vec<usize>,
}

/// Why a document whose text cannot be filled in is left out.
const UNREADABLE: &str = "its text cannot be read: soc2 check says where";

/// A document that is not published.
#[derive(Debug)]
pub struct LeftOut {
    pub id: Box<str>,
    /// `a draft that nobody approved`.
    pub why: String,
}

/// A policy's text as a commit had it: commit, path, id of the policy.
pub type TextIn<'a> = dyn Fn(&str, &str, &str) -> Option<Box<str>> + 'a;

/// A version of a policy that was in force on some of the days that were asked for.
#[derive(Debug)]
pub struct Version {
    /// Index into [`Program::policies`].
    pub policy: usize,
    /// Its approval, by index.
    pub approval: usize,
    pub id: Box<str>,
    /// `2.1`
    pub version: String,
    /// First and last of these days on which it was in force.
    pub from: Date,
    pub to: Date,
    /// The canonical text, whose SHA-256 the approval names.
    pub text: Box<str>,
    /// Index into [`Library::documents`].
    pub document: usize,
}

impl Library {
    fn empty(program: &Program) -> Self {
        let (organization, system) = titles::names(program);
        Self {
            organization,
            system,
            documents: Vec::new(),
            controls: Vec::new(),
            criteria: Vec::new(),
            figures: BTreeMap::new(),
            left_out: Vec::new(),
            broken: Vec::new(),
        }
    }

    /// Collects what is published of a programme on the judged day. With `drafts` also the policies that are not in force; of
    /// those that were changed, the text as it stands.
    pub fn of(judgement: &Judgement<'_>, drafts: bool, text_in: &TextIn<'_>) -> Self {
        let program = judgement.program;
        let mut library = Self::empty(program);
        policy::add(&mut library, judgement, drafts, text_in);
        others(&mut library, program, judgement.as_of);
        library.documents.sort_by(|a, b| (a.kind, &a.title, &a.id).cmp(&(b.kind, &b.title, &b.id)));
        sections::link(&mut library, judgement);
        figures::collect(&mut library, program);
        library
    }

    /// Collects the policies in every version that was in force on some of the days, newest first, with procedures and
    /// narratives as they stand.
    pub fn in_force_in(
        judgement: &Judgement<'_>,
        days: (Date, Date),
        text_in: &TextIn<'_>,
    ) -> (Self, Vec<Version>) {
        let program = judgement.program;
        let mut library = Self::empty(program);
        let versions = policy::versions(&mut library, judgement, days, text_in);
        let policies = library.documents.len();
        others(&mut library, program, judgement.as_of);
        if let Some(others) = library.documents.get_mut(policies..) {
            others.sort_by(|a, b| (a.kind, &a.title, &a.id).cmp(&(b.kind, &b.title, &b.id)));
        }
        sections::link(&mut library, judgement);
        figures::collect(&mut library, program);
        (library, versions)
    }

    /// The document of that id among those of a kind.
    pub fn find(&self, kind: Kind, id: &str) -> Option<usize> {
        self.documents.iter().position(|document| document.kind == kind && *document.id == *id)
    }
}

/// Procedures and narratives: nobody approves them, so they are published as they stand.
fn others(library: &mut Library, program: &Program, day: Date) {
    for procedure in &program.procedures {
        let head = &procedure.head;
        let made = Draft {
            kind: Kind::Procedure,
            id: &head.id.value.0,
            title: head.title.as_ref().map(|title| &*title.value),
            file: procedure.file,
            owner: head.owner.as_ref().map(|owner| &*owner.value.0),
        };
        made.add(library, program, day, procedure.body.text.as_deref());
    }
    for narrative in &program.narratives {
        let head = narrative.head.as_ref();
        let made = Draft {
            kind: Kind::Narrative,
            id: program.narrative_id(narrative),
            title: head.and_then(|head| head.title.as_ref()).map(|title| &*title.value),
            file: narrative.file,
            owner: head.and_then(|head| head.owner.as_ref()).map(|owner| &*owner.value.0),
        };
        made.add(library, program, day, narrative.body.text.as_deref());
    }
}

/// The newest commit that touched a file, when the file is as that commit left it.
fn committed(program: &Program, file: crate::source::FileId) -> Option<String> {
    let path = program.sources.path(file);
    let known = program.history.file(path).filter(|file| !file.uncommitted)?;
    let newest = known.touches.first()?.commit;
    program.history.commit(newest).map(|commit| commit.short().to_owned())
}

/// A procedure or narrative before its text is looked at.
struct Draft<'a> {
    kind: Kind,
    id: &'a str,
    title: Option<&'a str>,
    file: crate::source::FileId,
    owner: Option<&'a str>,
}

impl Draft<'_> {
    fn add(&self, library: &mut Library, program: &Program, day: Date, text: Option<&str>) {
        let Some(text) = text else {
            library.left_out.push(LeftOut { id: self.id.into(), why: UNREADABLE.to_owned() });
            return;
        };
        let (heading, text) = sections::without_title(text, self.title);
        let mut facts = Vec::new();
        if let Some(owner) = self.owner {
            facts.push(("Owner", titles::holder(program, owner, day)));
        }
        let title = self.title.map(str::to_owned).or(heading).unwrap_or_else(|| titles::spelt(self.id));
        library.documents.push(Document {
            kind: self.kind,
            id: self.id.into(),
            title,
            sections: sections::of(&text),
            text: text.into(),
            sha256: None,
            path: program.sources.path(self.file).into(),
            commit: committed(program, self.file),
            draft: false,
            facts,
            classification: "internal",
            revisions: Vec::new(),
            in_force: None,
        });
    }
}
