//! A repository of strongdm/comply: documents whose front matter has no first fence, text with Go template code, criteria
//! cited by documents, procedures on a schedule. "Satisfied" means there that any document names a criterion; here it makes
//! drafts.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Document, Kind, entries, fenced, items, levelled, one_line, title, yaml};
use super::draft::{Citation, Criteria, Draft, family};
use super::foreign::Lines;
use super::ids::{Taken, id_of, stem};
use super::{Fate, Foreign, Origin, Remark, Taking, Text, Want, cron, go, links};
use crate::model::control::Cadence;
use crate::source::is_figure;
use crate::syntax::Node;
use crate::text::{clip, safe, some};

const CONFIG: &str = "comply.yml";
const TOOL: &str = "comply";

/// What is read of a repository.
pub fn wants(path: &str, folder: bool) -> Want {
    let (top, name) = (path.split('/').next().unwrap_or(path), path.rsplit('/').next().unwrap_or(path));
    let ours = matches!(top, "narratives" | "policies" | "procedures" | "standards");
    if name.starts_with('.') || name.eq_ignore_ascii_case("readme.md") {
        return Want::Pass;
    }
    match (folder, name) {
        (true, _) if ours => Want::Enter,
        (true, "output") => Want::Pass,
        (true, "templates") => {
            Want::Leave("is how comply laid out its pages; `soc2 render` has pages of its own")
        }
        _ if !ours && path == CONFIG => Want::Text,
        _ if !ours => Want::Leave("is no document of a comply repository"),
        _ if top == "standards" && (name.ends_with(".yml") || name.ends_with(".yaml")) => Want::Text,
        _ if top == "standards" => Want::Leave("is no standard"),
        _ if name.ends_with(".md") => Want::Text,
        _ if is_figure(name) => Want::Figure,
        _ => Want::Leave("is no document of comply: those end in `.md`"),
    }
}

/// What a repository becomes. `owner` is the role that answers for it until somebody says otherwise.
pub fn adopt(foreign: &Foreign, owner: &str) -> Taking {
    let mut taking = Taking { faults: foreign.refused.clone(), ..Taking::default() };
    taking.adopted.remarks.clone_from(&foreign.told);
    let mut work =
        Work { taking, owner, criteria: Criteria::new(), standards: BTreeMap::new(), ids: BTreeMap::new() };
    work.config(foreign);
    for text in foreign.texts.iter().filter(|text| text.path.starts_with("standards/")) {
        work.standard(text);
    }
    for text in &foreign.texts {
        let kind = match text.path.split('/').next() {
            Some("policies") => Kind::Policy,
            Some("procedures") => Kind::Procedure,
            Some("narratives") => Kind::Narrative,
            _ => continue,
        };
        match Source::read(text) {
            Ok(source) => work.document(kind, text, &source),
            Err(fault) => work.taking.faults.push(fault),
        }
    }
    super::policies::figures(foreign, "", &mut work.taking);
    let mut taking = work.taking;
    let places = links::places(&taking.adopted);
    links::relink(&mut taking.adopted, &places);
    taking.finish()
}

/// A document by what it is called.
struct Named<'n> {
    kind: Kind,
    id: &'n str,
    title: &'n str,
}

struct Work<'w> {
    taking: Taking,
    owner: &'w str,
    criteria: Criteria,
    /// Standards by name, and whether their criteria are those of SOC 2.
    standards: BTreeMap<String, bool>,
    ids: BTreeMap<&'static str, Taken>,
}

/// What a document is cited for, by group.
#[derive(Default)]
struct Families {
    of: BTreeMap<String, Vec<Citation>>,
    seen: BTreeSet<String>,
}

/// When comply opened a ticket for a document.
struct Schedule {
    /// As it is typed, for people.
    typed: String,
    /// The cadence that it keeps, and whether it keeps no more.
    cadence: Option<(Cadence, bool)>,
    at: Origin,
}

/// A document in its two parts.
struct Source<'t> {
    head: Node<'t>,
    /// Where its text begins.
    body: usize,
    lines: Lines<'t>,
}

impl<'t> Source<'t> {
    fn read(text: &'t Text) -> Result<Self, Remark> {
        let Some((front, body)) = fenced(&text.text) else {
            let told = "has no line of `---` between its keys and its text".to_owned();
            return Err(Remark {
                fate: Fate::Left,
                from: Origin { file: text.path.clone(), line: Some(1) },
                text: told,
            });
        };
        Ok(Self { head: yaml(text, front)?, body, lines: Lines::of(text) })
    }

    fn at(&self, node: &Node<'_>) -> Origin {
        self.lines.at(node.at.span.start as usize)
    }

    fn scalar(&self, key: &str) -> Option<&str> {
        self.head.get(key)?.scalar()
    }
}

impl Schedule {
    fn cadence(&self) -> Option<Cadence> {
        self.cadence.map(|(cadence, _)| cadence)
    }

    fn note(&self) -> String {
        let kept = match self.cadence {
            Some((cadence, true)) => format!(": {}", cadence.word()),
            Some((cadence, false)) => format!(": {} at least", cadence.word()),
            None => String::new(),
        };
        format!("comply opened a ticket by `{}`{kept}", self.typed)
    }

    /// What became of it, in draft controls that the document was cited for or in one of its own.
    fn told(&self, cited: bool) -> String {
        let typed = &self.typed;
        let whose = match cited {
            true => "the draft controls made of the criteria",
            false => "a draft control that names no criterion yet",
        };
        match self.cadence {
            Some((cadence, true)) => {
                format!("the schedule `{typed}` becomes the cadence `{}` of {whose}", cadence.word())
            }
            Some((cadence, false)) => format!(
                "the schedule `{typed}` becomes the cadence `{}` of {whose}: no cadence is the same, and this one it keeps in every \
                 interval",
                cadence.word()
            ),
            None => format!(
                "the schedule `{typed}` is not read as a cadence, which takes six fields and a run each year: none is set in \
                 {whose}; write how often it is done"
            ),
        }
    }
}

impl Work<'_> {
    fn tell(&mut self, fate: Fate, from: Origin, text: impl Into<String>) {
        self.taking.adopted.tell(fate, from, text);
    }

    fn config(&mut self, foreign: &Foreign) {
        let config = foreign.texts.iter().find(|text| text.path == CONFIG);
        if !foreign.texts.iter().any(|text| text.path.contains('/')) && foreign.refused.is_empty() {
            let told = match config {
                None => {
                    "is not there, nor are policies, procedures or narratives: this is no comply repository"
                }
                Some(_) => {
                    "has no policies/, procedures/ or narratives/ with Markdown beside it: there is nothing to take over"
                }
            };
            return self.taking.fault(Origin::file(CONFIG), told);
        }
        let Some(text) = config else { return };
        let node = match yaml(text, 0..text.text.len()) {
            Ok(node) => node,
            Err(fault) => return self.taking.faults.push(fault),
        };
        let lines = Lines::of(text);
        for entry in entries(&node) {
            let from = lines.at(entry.key.at.span.start as usize);
            match &*entry.key.value {
                "name" => {
                    self.taking.ground.organization =
                        entry.value.scalar().map(one_line).filter(|name| !name.is_empty());
                    self.tell(Fate::Taken, from, "is the organization's name");
                }
                "tickets" => {
                    self.tell(Fate::Left, from, "the ticket system is left: its settings may hold a token");
                }
                key => self.tell(Fate::Left, from, format!("`{}` has no place here", clip(&safe(key), 40))),
            }
        }
    }

    /// Only the ids of a standard are looked at; its wording is another's.
    fn standard(&mut self, text: &Text) {
        let whole = Origin::file(&text.path);
        let node = match yaml(text, 0..text.text.len()) {
            Ok(node) => node,
            Err(fault) => return self.taking.adopted.remarks.push(fault),
        };
        let ids =
            entries(&node).iter().filter(|entry| entry.key.value != "name").map(|entry| &*entry.key.value);
        let ours = self.criteria.are_ours(ids);
        if let Some(name) = node.get("name").and_then(Node::scalar) {
            self.standards.insert(name.to_owned(), ours);
        }
        let told = if ours {
            "the wording of the criteria is not carried over: soc2 has the criteria, in words of its own"
        } else {
            "is a standard of your own: to map controls to it, write it as frameworks/ID.yaml (soc2 explain framework)"
        };
        self.tell(Fate::Left, whole, told);
    }

    fn document(&mut self, kind: Kind, text: &Text, source: &Source<'_>) {
        let named = source.scalar("id").filter(|id| kind == Kind::Procedure && !id.trim().is_empty());
        let id = id_of(named.unwrap_or_else(|| stem(&text.path)));
        let from = Origin { file: text.path.clone(), line: Some(1) };
        if let Err(before) = self.ids.entry(kind.folder()).or_default().take(&id, &from) {
            let told =
                format!("would be the {} `{id}`, which `{}` is already", kind.noun(), safe(&before.file));
            return self.taking.fault(from, told);
        }
        if let Some(named) = named.filter(|named| *named != id) {
            let told = format!("the id `{}` is written `{id}`", clip(&safe(named), 60));
            self.tell(Fate::Changed, from.clone(), told);
        }
        let title = title(source.scalar("name"), stem(&text.path));
        let (notes, schedule) = self.keys(source);
        let typed = text.text.get(source.body..).unwrap_or("");
        let go = go::translated(typed, source.lines.line(source.body));
        self.translated(text, &go);
        let (body, shift) = levelled(&go.text, &title);
        if shift != 0 {
            let told = "headings are set at another level: the title stands in the front matter, sections one below it";
            self.tell(Fate::Changed, Origin::file(&text.path), told);
        }
        let document = Document {
            kind,
            id: &id,
            title: &title,
            owner: self.owner,
            tool: TOOL,
            folder: "",
            from: Origin::file(&text.path),
            notes,
            body: &body,
        };
        let file = document.file();
        let told = format!(
            "becomes `{}`, {}",
            file.path,
            if kind == Kind::Policy { "a draft" } else { "as it stands" }
        );
        self.taking.adopted.files.push(file);
        self.tell(Fate::Taken, Origin::file(&text.path), told);
        let named = Named { kind, id: &id, title: &title };
        let cited = self.satisfies(&named, schedule.as_ref(), source);
        if let Some(schedule) = schedule {
            self.scheduled(&named, schedule, cited);
        }
    }

    /// Comments for what has no key here, and when a ticket was opened.
    fn keys(&mut self, source: &Source<'_>) -> (Vec<String>, Option<Schedule>) {
        let (mut notes, mut schedule) = (Vec::new(), None);
        for entry in entries(&source.head) {
            let from = source.lines.at(entry.key.at.span.start as usize);
            match &*entry.key.value {
                "name" | "id" | "satisfies" => {}
                "acronym" => {
                    self.tell(Fate::Left, from, "the acronym named comply's PDF; documents have ids here")
                }
                "majorRevisions" => {
                    let told = "revisions are kept as comments: they approve nothing; approvals are recorded with \
                                soc2 policy approve";
                    self.tell(Fate::Changed, from, told);
                    notes.extend(items(&entry.value).iter().map(revision));
                }
                "cron" => {
                    let typed = entry.value.scalar().unwrap_or("").trim();
                    if typed.is_empty() {
                        self.tell(Fate::Left, from, "the schedule is empty");
                        continue;
                    }
                    let read =
                        Schedule { typed: clip(&safe(typed), 60), cadence: cron::cadence(typed), at: from };
                    notes.push(read.note());
                    schedule = Some(read);
                }
                key => {
                    let key = clip(&safe(key), 40);
                    self.tell(Fate::Left, from, format!("the key `{key}` has no counterpart"));
                }
            }
        }
        (notes, schedule)
    }

    fn translated(&mut self, text: &Text, go: &go::Translated) {
        let at = |line: &usize| Origin { file: text.path.clone(), line: Some(*line) };
        for line in &go.names {
            self.tell(Fate::Taken, at(line), "the name of the organization is `{{ organization.name }}`");
        }
        for line in &go.marked {
            let told = "template code that soc2 has no counterpart for is marked in place: say in words what stands there";
            self.tell(Fate::Changed, at(line), told);
        }
        for line in &go.literal {
            self.tell(
                Fate::Changed,
                at(line),
                "braces that are no template code are written so that they stay braces",
            );
        }
    }

    /// A draft control for each group of criteria that a document is cited for; true where there is one.
    fn satisfies(&mut self, named: &Named<'_>, schedule: Option<&Schedule>, source: &Source<'_>) -> bool {
        let Named { kind, id, title } = *named;
        let Some(satisfies) = source.head.get("satisfies") else { return false };
        let mut families = Families::default();
        for entry in entries(satisfies) {
            let from = source.lines.at(entry.key.at.span.start as usize);
            if !self.is_soc2(&entry.key.value, &entry.value) {
                let told = format!(
                    "the mapping to `{}` is left: it is no standard of SOC 2; write it as frameworks/ID.yaml and name its \
                     criteria in controls",
                    clip(&safe(&entry.key.value), 60)
                );
                self.tell(Fate::Left, from, told);
                continue;
            }
            for node in items(&entry.value) {
                let at = source.at(node);
                match node.scalar().map(str::trim).filter(|typed| !typed.is_empty()) {
                    Some(typed) => self.cited(typed, at, &mut families),
                    None => self.tell(Fate::Left, at, "is no criterion"),
                }
            }
        }
        if families.of.is_empty() {
            return false;
        }
        let told = "the criteria a document is cited for become a draft control for each group of them, to be split by hand \
                    into what people do";
        self.tell(Fate::Changed, source.at(satisfies), told);
        let suffix = if kind == Kind::Policy { String::new() } else { format!("-{}", kind.noun()) };
        for (family, criteria) in families.of {
            let from = criteria.first().map_or_else(|| source.at(satisfies), |first| first.at.clone());
            let split = "Write a control of its own for each thing that somebody does, then delete this one.";
            self.draft(
                named,
                Draft {
                    id: format!("{id}{suffix}-{}", family.to_ascii_lowercase()),
                    title: super::braces::escaped(&format!("{title}: {family}, to be split")),
                    description: description(kind, title, &criteria),
                    notes: vec![split.to_owned()],
                    cadence: schedule.and_then(Schedule::cadence),
                    criteria,
                    ..Draft::new(self.owner, TOOL, from)
                },
            );
        }
        true
    }

    /// A draft control for a document that comply opened tickets for, unless what it is cited for makes some: they have the cadence.
    fn scheduled(&mut self, named: &Named<'_>, schedule: Schedule, cited: bool) {
        self.tell(Fate::Changed, schedule.at.clone(), schedule.told(cited));
        if cited {
            return;
        }
        let title = named.title;
        let description = format!(
            "The {} \"{title}\" was on a schedule in comply. To be written by hand: who does it, for which systems, and the trace \
             it leaves.",
            named.kind.noun()
        );
        let note = "It names no criterion: write under `criteria` what it is for.".to_owned();
        let draft = Draft {
            id: named.id.to_owned(),
            title: super::braces::escaped(title),
            description: super::braces::escaped(&description),
            notes: vec![schedule.note(), note],
            cadence: schedule.cadence(),
            ..Draft::new(self.owner, TOOL, schedule.at)
        };
        self.draft(named, draft);
    }

    /// Takes a draft control, which names the document that it was made of.
    fn draft(&mut self, named: &Named<'_>, draft: Draft<'_>) {
        if let Err(before) = self.ids.entry("controls").or_default().take(&draft.id, &draft.from) {
            let told = format!("would be the control `{}`, which `{}` is already", draft.id, before.shown());
            return self.taking.fault(draft.from, told);
        }
        let ours = |kind: Kind| if named.kind == kind { vec![named.id.to_owned()] } else { Vec::new() };
        let draft = Draft { policies: ours(Kind::Policy), procedures: ours(Kind::Procedure), ..draft };
        self.taking.adopted.files.push(draft.file());
    }

    /// Takes a citation, in our spelling where there is one.
    fn cited(&mut self, typed: &str, at: Origin, families: &mut Families) {
        let criterion = self.criteria.cited(typed, &at, &mut self.taking.adopted);
        self.taking.ground.categories.extend(self.criteria.category(&criterion).map(str::to_owned));
        if !families.seen.insert(criterion.clone()) {
            let told = format!("`{}` is named a second time", clip(&safe(typed), 60));
            return self.tell(Fate::Left, at, told);
        }
        families.of.entry(family(&criterion)).or_default().push(Citation { criterion, at });
    }

    /// Is this what comply calls the trust services criteria?
    fn is_soc2(&self, standard: &str, ids: &Node<'_>) -> bool {
        if let Some(ours) = self.standards.get(standard) {
            return *ours;
        }
        let name = standard.to_ascii_lowercase();
        name.starts_with("tsc")
            || name.starts_with("soc")
            || self.criteria.are_ours(items(ids).iter().filter_map(Node::scalar))
    }
}

/// What a draft says of itself until it is split.
fn description(kind: Kind, title: &str, criteria: &[Citation]) -> String {
    let ids: Vec<&str> = criteria.iter().map(|citation| &*citation.criterion).collect();
    super::braces::escaped(&format!(
        "The {} \"{title}\" was cited for {}. To be split by hand: a control for each thing that somebody does, with who does it, \
         how often, and the trace it leaves.",
        kind.noun(),
        some(&ids, 20)
    ))
}

/// A revision as a comment.
fn revision(node: &Node<'_>) -> String {
    let part = |key: &str| node.get(key).and_then(Node::scalar).map(one_line).unwrap_or_default();
    format!("comply's revision, no approval: {} {}", part("date"), part("comment")).trim_end().to_owned()
}

#[cfg(test)]
mod tests;
