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
    taking.ground.categories.sort();
    taking.ground.categories.dedup();
    taking.adopted.sort();
    taking
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

impl Work<'_> {
    fn tell(&mut self, fate: Fate, from: Origin, text: impl Into<String>) {
        self.taking.adopted.tell(fate, from, text);
    }

    fn config(&mut self, foreign: &Foreign) {
        let Some(text) = foreign.texts.iter().find(|text| text.path == CONFIG) else {
            if !foreign.texts.iter().any(|text| text.path.contains('/')) {
                let told =
                    "is not there, nor are policies, procedures or narratives: this is no comply repository";
                self.taking.fault(Origin::file(CONFIG), told);
            }
            return;
        };
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
        let (notes, cadence) = self.keys(source);
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
        self.satisfies(kind, (&id, &title), cadence, source);
    }

    /// Comments for what has no key here, and the cadence of a procedure.
    fn keys(&mut self, source: &Source<'_>) -> (Vec<String>, Option<Cadence>) {
        let (mut notes, mut cadence) = (Vec::new(), None);
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
                    let typed = clip(&safe(entry.value.scalar().unwrap_or("")), 60);
                    match cron::cadence(entry.value.scalar().unwrap_or("")) {
                        Some((found, same)) => {
                            cadence = Some(found);
                            let about = if same { "" } else { " at least" };
                            notes.push(format!(
                                "comply opened a ticket by `{typed}`: {}{about}",
                                found.word()
                            ));
                            let told = format!(
                                "the schedule `{typed}` is kept as a comment: {}{about}; write it as the cadence of the \
                                 control that this procedure explains",
                                found.word()
                            );
                            self.tell(Fate::Changed, from, told);
                        }
                        None => {
                            notes.push(format!("comply opened a ticket by `{typed}`"));
                            let told = format!(
                                "the schedule `{typed}` is kept as a comment: it is no schedule of six fields"
                            );
                            self.tell(Fate::Left, from, told);
                        }
                    }
                }
                key => {
                    let key = clip(&safe(key), 40);
                    self.tell(Fate::Left, from, format!("the key `{key}` has no counterpart"));
                }
            }
        }
        (notes, cadence)
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

    /// A draft control for each group of criteria that a document is cited for.
    fn satisfies(
        &mut self,
        kind: Kind,
        (id, title): (&str, &str),
        cadence: Option<Cadence>,
        source: &Source<'_>,
    ) {
        let Some(satisfies) = source.head.get("satisfies") else { return };
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
            return;
        }
        let told = "the criteria a document is cited for become a draft control for each group of them, to be split by hand \
                    into what people do";
        self.tell(Fate::Changed, source.at(satisfies), told);
        let suffix = if kind == Kind::Policy { String::new() } else { format!("-{}", kind.noun()) };
        for (family, criteria) in families.of {
            let control = format!("{id}{suffix}-{}", family.to_ascii_lowercase());
            let from = criteria.first().map_or_else(|| source.at(satisfies), |first| first.at.clone());
            if let Err(before) = self.ids.entry("controls").or_default().take(&control, &from) {
                let told = format!("would be the control `{control}`, which `{}` is already", before.shown());
                self.taking.fault(from, told);
                continue;
            }
            let named = |of: Kind| if kind == of { vec![id.to_owned()] } else { Vec::new() };
            let draft = Draft {
                id: control,
                title: super::braces::escaped(&format!("{title}: {family}, to be split")),
                description: description(kind, title, &criteria),
                owner: self.owner,
                tool: TOOL,
                from,
                notes: vec![
                    "Write a control of its own for each thing that somebody does, then delete this one."
                        .to_owned(),
                ],
                cadence,
                criteria,
                policies: named(Kind::Policy),
                procedures: named(Kind::Procedure),
            };
            self.taking.adopted.files.push(draft.file());
        }
    }

    /// Takes a citation, in our spelling where there is one.
    fn cited(&mut self, typed: &str, at: Origin, families: &mut Families) {
        let known = self.criteria.known(typed).map(str::to_owned);
        let shown = clip(&safe(typed), 60);
        match &known {
            Some(id) if id == typed => {}
            Some(id) => self.tell(Fate::Changed, at.clone(), format!("`{shown}` is written `{id}`")),
            None => {
                let told =
                    format!("`{shown}` is no criterion of SOC 2: it is kept, and `soc2 check` names it");
                self.tell(Fate::Changed, at.clone(), told);
            }
        }
        let criterion = known.unwrap_or_else(|| one_line(typed));
        self.taking.ground.categories.extend(self.criteria.category(&criterion).map(str::to_owned));
        if !families.seen.insert(criterion.clone()) {
            return self.tell(Fate::Left, at, format!("`{shown}` is named a second time"));
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
