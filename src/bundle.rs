//! What is handed to an auditor, or to a prospect: which files under which names, with sheets, pages and an index that say in
//! words what everything is; what is kept back, and why. It decides and words; `archive` packs, `schedule` fills the tables,
//! `provenance` states the facts that verdicts can be reached from again.

mod assertion;
mod choice;
mod control_sheet;
mod documents;
mod evidence;
mod evidence_page;
mod index;
mod legend;
mod markup;
mod names;
mod narrowed;
mod pages;
mod since;
mod start;
mod tables;
mod told;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use self::evidence::Piece;
use self::names::Names;
use self::pages::Pages;
use crate::archive::{Content, Member};
use crate::document::{Library, Version};
use crate::program::EvidenceFolder;
use crate::provenance::{self, Left, Made, Read};
use crate::render::Paper;
use crate::report::Report;
use crate::schedule::{Places, View, Withheld};
use crate::source::{Body, FileId};
use crate::timeline::{AuditStanding, Judgement};

pub use narrowed::{Asked, Narrowed};
pub use pages::Failures;
pub use since::{Earlier, only_new};
pub use told::Told;

/// For whom a bundle is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// The CPA who examines: everything of the window.
    Auditor,
    /// Somebody who thinks of buying: policies, description and the list of controls, without any verdict.
    Prospect,
    /// The company itself: as the auditor's.
    Internal,
}

impl Profile {
    /// As it is typed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Auditor => "auditor",
            Self::Prospect => "prospect",
            Self::Internal => "internal",
        }
    }

    /// Does it carry states, reasons and evidence?
    pub fn verdicts(self) -> bool {
        self != Self::Prospect
    }
}

/// What a bundle is made of.
#[derive(Clone, Copy)]
pub struct Ground<'g> {
    pub judgement: &'g Judgement<'g>,
    /// The one audit of the judgement that the bundle is of.
    pub audit: &'g AuditStanding,
    pub report: &'g Report,
    /// Every version of a policy in force in the window, with procedures and narratives.
    pub library: &'g Library,
    pub versions: &'g [Version],
    pub read: Read<'g>,
    /// What was read, in words: `commit 3fa9c1e`.
    pub stand: &'g str,
    pub profile: Profile,
    pub narrowed: &'g Narrowed,
}

/// What to pack, and what to say of it.
pub struct Plan<'p> {
    pub members: Vec<Member<'p>>,
    pub told: Told,
    /// Sheets that could not be set as PDF, and why, once everything is packed; the HTML beside each is there.
    pub failures: Failures,
}

/// Where things lie.
#[derive(Debug, Default)]
struct Place {
    /// The sheet of each control, by index, without the end of its name.
    controls: BTreeMap<usize, String>,
    /// In the order of the evidence.
    pieces: Vec<Piece>,
    /// The evidence that is kept with each control.
    kept: BTreeMap<usize, Vec<usize>>,
    versions: Vec<PlacedVersion>,
    /// Other documents: title and path of the page that people read.
    others: Vec<(String, String)>,
}

/// A version of a policy and its path.
#[derive(Debug)]
struct PlacedVersion {
    id: Box<str>,
    title: String,
    version: String,
    days: (Date, Date),
    key: (usize, usize),
    path: String,
}

impl Place {
    fn piece(&self, evidence: usize) -> Option<&Piece> {
        self.pieces
            .binary_search_by_key(&evidence, |piece| piece.evidence)
            .ok()
            .and_then(|at| self.pieces.get(at))
    }

    /// The same for the tables, which lead to PDF where there is one.
    fn for_tables(&self, profile: Profile) -> Places {
        let end = if cfg!(feature = "pdf") { "pdf" } else { "html" };
        let files = self.pieces.iter().flat_map(|piece| {
            let files = piece.files.iter().enumerate();
            files.filter_map(|(nth, placed)| Some(((piece.evidence, nth), placed.path.clone()?)))
        });
        let sheets = self.controls.iter().filter(|_| profile.verdicts());
        Places {
            // A prospect gets no sheets.
            controls: sheets.map(|(index, path)| (*index, format!("{path}.{end}"))).collect(),
            evidence: self.pieces.iter().map(|piece| (piece.evidence, piece.page.clone())).collect(),
            artifacts: files.collect(),
            policies: self.versions.iter().map(|version| (version.key, version.path.clone())).collect(),
        }
    }
}

/// The files of the programme whose bytes a bundle would hold, to be looked into before it is made.
pub fn files(ground: &Ground<'_>) -> Vec<FileId> {
    let (mut names, mut told) = (Names::default(), Told::default());
    if !ground.profile.verdicts() {
        return Vec::new();
    }
    let choice = choice::choose(ground, &mut told);
    let pieces = evidence::place(ground, &choice, &mut names, &mut told);
    let program = ground.judgement.program;
    let mut files: Vec<FileId> = evidence::paths(&pieces).into_keys().collect();
    match ground.narrowed.is_narrow() {
        // With the sources come all texts.
        false => {
            let texts = program.sources.files().filter(|(_, file)| matches!(file.body, Body::Text(_)));
            files.extend(texts.map(|(id, _)| id));
        }
        true => {
            files.extend(pieces.iter().filter_map(|piece| Some(program.evidence.get(piece.evidence)?.file)))
        }
    }
    files.sort_unstable();
    files.dedup();
    files
}

/// Decides what goes into a bundle. What is not there already is made while it is packed.
pub fn plan<'p>(ground: &Ground<'p>) -> Plan<'p> {
    let mut told = Told::default();
    let choice = choice::choose(ground, &mut told);
    let place = placed(ground, &choice, &mut told);
    told.count(ground, &choice, &place);
    let mut out = Pages::new(ground, place);
    sheets(&mut out);
    documents::members(&mut out);
    evidence::members(ground.judgement.program, &out.place.pieces, &mut out.members);
    tables::members(&told, &mut out);
    if ground.profile.verdicts() && !ground.narrowed.is_narrow() {
        sources(ground, &mut out.members);
        provenance(&told, &mut out);
    }
    let start = start::paper(ground, &out.place, &told);
    out.sheet("00_START_HERE", move |_, _| start.clone());
    out.page("index.html".to_owned(), Arc::new(index::paper));
    Plan { members: out.members, told, failures: out.failures }
}

/// Where everything lies.
fn placed(ground: &Ground<'_>, choice: &choice::Choice, told: &mut Told) -> Place {
    let (mut names, mut place) = (Names::default(), Place::default());
    for control in &choice.controls {
        let id = ground.judgement.control_name(*control);
        let folder = format!("{}/{}", evidence::FOLDER, names::part(&id, names::CONTROL));
        let sheet = names.take(&folder, "control-sheet.html", &format!("{id}/control-sheet"));
        place.controls.insert(*control, sheet.trim_end_matches(".html").to_owned());
    }
    place.pieces = evidence::place(ground, choice, &mut names, told);
    for piece in &place.pieces {
        place.kept.entry(piece.home.control).or_default().push(piece.evidence);
    }
    documents::place(ground, &mut names, &mut place, told);
    place
}

/// The sheets of controls and the readable pages of evidence.
fn sheets(out: &mut Pages<'_>) {
    if !out.ground.profile.verdicts() {
        return;
    }
    let place = Arc::clone(&out.place);
    for (index, sheet) in &place.controls {
        let Some(standing) = out.ground.audit.controls.get(*index) else { continue };
        let own = sheet.clone();
        out.sheet(sheet, move |ground, place| control_sheet::paper(ground, place, standing, &own));
    }
    for (nth, piece) in place.pieces.iter().enumerate() {
        let paper = move |ground: &Ground<'_>, place: &Place| {
            place
                .pieces
                .get(nth)
                .map_or_else(Paper::default, |piece| evidence_page::paper(ground, place, piece))
        };
        out.page(piece.page.clone(), Arc::new(paper));
    }
}

/// The programme's texts as they are in the commit.
fn sources<'p>(ground: &Ground<'p>, into: &mut Vec<Member<'p>>) {
    for (_, file) in ground.judgement.program.sources.files() {
        if let Body::Text(text) = &file.body {
            into.push(Member {
                path: format!("{}{}", provenance::SOURCES, file.path),
                content: Content::Bytes(text.as_bytes().into()),
                sha256: None,
            });
        }
    }
}

/// What verdicts can be reached from again.
fn provenance(told: &Told, out: &mut Pages<'_>) {
    let reason = |one: &Withheld| (format!("evidence/{}/{}", one.of, one.file), one.why.clone());
    let reasons: Arc<BTreeMap<String, String>> = Arc::new(told.withheld.iter().map(reason).collect());
    for (path, write) in provenance::FILES {
        let reasons = Arc::clone(&reasons);
        out.made(path.to_owned(), move |ground, place| {
            let (paths, program) = (evidence::paths(&place.pieces), ground.judgement.program);
            let made = Made {
                read: ground.read,
                profile: ground.profile.word(),
                options: ground.narrowed.options.clone(),
                packed: &|file| paths.get(&file).cloned(),
                left_out: &|file| match reasons.get(program.sources.path(file)) {
                    Some(why) => Left::Withheld(why.clone()),
                    None => Left::OutsideWindow,
                },
            };
            Some(write(ground.judgement, &made))
        });
    }
}

impl<'g> Ground<'g> {
    fn view<'v>(&'v self, places: &'v Places) -> View<'v> {
        View {
            judgement: self.judgement,
            audit: self.audit,
            report: self.report,
            read: self.stand,
            verdicts: self.profile.verdicts(),
            plans: false,
            only: &self.narrowed.only,
            places,
        }
    }

    /// The whole id of the commit that was read, or that the work tree stands on.
    fn commit(&self) -> Option<&'g str> {
        match self.read {
            Read::Commit(id) => Some(id),
            Read::Index(on) | Read::WorkTree { on, .. } => on,
        }
    }

    /// Was something read that no commit holds?
    fn is_uncommitted(&self) -> bool {
        match self.read {
            Read::Commit(_) => false,
            Read::Index(_) => true,
            Read::WorkTree { dirty, .. } => dirty,
        }
    }

    /// A sheet with what all of them say.
    fn paper(&self, kind: &str, title: String, text: String) -> Paper {
        let mut paper = Paper {
            organization: self.library.organization.clone(),
            kind: kind.to_owned(),
            title,
            text,
            stand: format!("{}, as of {}", self.stand, self.judgement.as_of),
            ..Paper::default()
        };
        if self.is_uncommitted() {
            paper.notices.push(
                "Made from files that are not committed: nobody can check them against git.".to_owned(),
            );
        }
        paper
    }

    /// The ways from a page to the index, the start, and one more.
    fn nav(&self, from: &str, more: Option<(&str, String)>) -> Vec<(String, String)> {
        let all = [("Index", "index.html".to_owned()), ("Start here", "00_START_HERE.html".to_owned())];
        all.into_iter().chain(more).map(|(name, to)| (name.to_owned(), markup::way(from, &to))).collect()
    }

    /// Did a manifest first come into git after the window's end? Nothing is said where git cannot tell.
    fn window_is_over_when_filed(&self, folder: &EvidenceFolder) -> bool {
        let program = self.judgement.program;
        let first = program.history.first(program.sources.path(folder.file));
        first.is_some_and(|commit| commit.day(&self.judgement.zone()) > self.audit.window.1)
    }
}
