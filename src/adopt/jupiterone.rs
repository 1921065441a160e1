//! JupiterOne's policy builder: its configuration, policies and procedures with Mustache tags, and the standards that map
//! procedures to criteria. A procedure that is mapped becomes a draft control; the wording of criteria stays where it is.

mod config;
mod mapping;
mod prose;

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Document, Kind, levelled, title};
use super::draft::{Criteria, Draft};
use super::ids::{Taken, id_of};
use super::links;
use super::mustache::{self, Names};
use super::{Fate, Foreign, Origin, Taking, Text, Want};
use crate::source::is_figure;
use crate::text::{clip, safe, some};
use config::{Config, Element};
use mapping::Mapping;

const TOOL: &str = "jupiterone";

/// What is read of a repository.
pub fn wants(path: &str, folder: bool) -> Want {
    let name = path.rsplit('/').next().unwrap_or(path);
    let within = |part: &str| path.split('/').any(|one| one == part);
    let end = name.rsplit_once('.').map_or("", |(_, end)| end).to_ascii_lowercase();
    match (folder, end.as_str()) {
        _ if name.starts_with('.') || name == "node_modules" => Want::Pass,
        _ if name.eq_ignore_ascii_case("readme.md") || name == "package.json" => Want::Pass,
        (true, _) if within("policies") || within("procedures") || within("standards") => Want::Enter,
        (true, _) if matches!(path, "templates" | "partials") => Want::Enter,
        (true, _) if path == "docs" => Want::Leave("is what the policy builder made of the templates"),
        (true, _) => Want::Leave("is not taken over: only policies, procedures and standards are"),
        (false, "json") if name == "config.json" && path.split('/').count() <= 2 => Want::Text,
        (false, "json" | "csv") if within("standards") || !path.contains('/') => Want::Aside,
        _ if !(within("policies") || within("procedures")) => {
            Want::Leave("is no policy, procedure or standard")
        }
        (false, "md" | "tmpl") => Want::Text,
        _ if is_figure(name) => Want::Figure,
        _ => Want::Leave("is no policy, procedure or standard"),
    }
}

/// What a repository becomes. `owner` is the role that answers for it until somebody says otherwise.
pub fn adopt(foreign: &Foreign, owner: &str) -> Taking {
    let mut taking = Taking { faults: foreign.refused.clone(), ..Taking::default() };
    taking.adopted.remarks.clone_from(&foreign.told);
    let config = config::read(foreign, &mut taking);
    let mapping = Mapping::read(foreign, &Criteria::new(), &mut taking);
    if config.is_none() && mapping.procedures.is_empty() && taking.faults.is_empty() {
        taking.fault(
            Origin::file("config.json"),
            "is not there, nor is a standard of SOC 2: this is no policy builder's folder",
        );
    }
    let config = config.unwrap_or_default();
    taking.ground.organization = config.organization();
    let names = Names { given: config.values(), used: BTreeMap::new() };
    let mut work = Work { taking, owner, foreign, names, ids: BTreeMap::new() };
    let mut policies_of: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for element in &config.policies {
        if let Some(id) = work.document(Kind::Policy, element, &config.base) {
            for procedure in &element.procedures {
                policies_of.entry(procedure.clone()).or_default().push(id.clone());
            }
        }
    }
    let mut written = BTreeMap::new();
    for element in &config.procedures {
        if let Some(id) = work.document(Kind::Procedure, element, &config.base) {
            written.insert(element.id.clone(), id);
        }
    }
    work.unnamed(&config);
    work.drafts(&config, mapping, &policies_of, &written);
    work.rest(&config);
    let pages = pages(&work.taking, &config);
    links::relink(&mut work.taking.adopted, &pages);
    super::policies::figures(foreign, "", &mut work.taking);
    finish(work.taking, work.names)
}

/// Where links of the pages lead: the builder made one page of a policy and its procedures, all in one folder.
fn pages(taking: &Taking, config: &Config) -> links::Places {
    let mut places = links::places(&taking.adopted);
    let written: BTreeSet<&str> = taking.adopted.files.iter().map(|file| &*file.path).collect();
    for (elements, kind) in [(&config.policies, Kind::Policy), (&config.procedures, Kind::Procedure)] {
        for element in elements {
            let page = element.file.rsplit('/').next().unwrap_or(&element.file);
            let path = format!("{}/{}.md", kind.folder(), id_of(&element.id));
            if !written.contains(path.as_str()) {
                continue;
            }
            for folder in [
                "templates/policies",
                "templates/procedures",
                "partials/policies",
                "partials/procedures",
                "policies",
                "procedures",
            ] {
                places.entry(format!("{folder}/{page}")).or_insert_with(|| path.clone());
            }
        }
    }
    places
}

fn finish(mut taking: Taking, names: Names<'_>) -> Taking {
    for file in &mut taking.adopted.files {
        // Pictures stand where the documents are that show them.
        for folder in ["templates/", "partials/"] {
            if let Some(rest) = file.path.strip_prefix(folder) {
                file.path = rest.to_owned();
            }
        }
    }
    let mut seen = BTreeSet::new();
    taking.adopted.files.retain(|file| seen.insert(file.path.clone()));
    taking.ground.variables = names.used.into_values().collect();
    taking.finish()
}

struct Work<'w> {
    taking: Taking,
    owner: &'w str,
    foreign: &'w Foreign,
    names: Names<'w>,
    ids: BTreeMap<&'static str, Taken>,
}

impl<'w> Work<'w> {
    fn tell(&mut self, fate: Fate, from: Origin, text: impl Into<String>) {
        self.taking.adopted.tell(fate, from, text);
    }

    /// Takes a policy or procedure; gives its id, if there is one now.
    fn document(&mut self, kind: Kind, element: &Element, base: &str) -> Option<String> {
        if !element.adopted {
            self.tell(
                Fate::Left,
                element.from.clone(),
                format!("a {} that is not adopted there", kind.noun()),
            );
            return None;
        }
        let Some(text) = self.find(&element.file, base) else {
            let told = format!("its file `{}` is not there", clip(&safe(&element.file), 80));
            self.tell(Fate::Left, element.from.clone(), told);
            return None;
        };
        let id = id_of(&element.id);
        if let Err(before) = self.ids.entry(kind.folder()).or_default().take(&id, &element.from) {
            let told =
                format!("would be the {} `{id}`, which stands at {} already", kind.noun(), before.shown());
            self.taking.fault(element.from.clone(), told);
            return None;
        }
        let title = title(element.name.as_deref(), &element.id);
        let body = self.body(text, element, &title);
        let document = Document {
            kind,
            id: &id,
            title: &title,
            owner: self.owner,
            tool: TOOL,
            folder: "",
            from: Origin::file(&text.path),
            notes: Vec::new(),
            body: &body,
        };
        let file = document.file();
        let told = format!(
            "becomes `{}`, {}",
            file.path,
            if kind == Kind::Policy { "a draft" } else { "as it stands" }
        );
        self.tell(Fate::Taken, Origin::file(&text.path), told);
        self.taking.adopted.files.push(file);
        Some(id)
    }

    /// The template of a document, before what was made of it.
    fn find(&self, file: &str, base: &str) -> Option<&'w Text> {
        let file = file.trim_start_matches("./");
        let places = [
            format!("{base}{file}.tmpl"),
            format!("templates/{file}.tmpl"),
            format!("{base}{file}"),
            format!("templates/{file}"),
            format!("partials/{file}"),
        ];
        let texts: &'w [Text] = &self.foreign.texts;
        let at = |path: &String| texts.binary_search_by(|text| text.path.as_str().cmp(path)).ok();
        places.iter().find_map(at).and_then(|at| texts.get(at))
    }

    /// The text as ours: revisions and boxes of its pages, then tags, then levels of headings.
    fn body(&mut self, text: &Text, element: &Element, title: &str) -> String {
        let whole = Origin::file(&text.path);
        let (plain, told) = prose::plain(&text.text);
        for (line, told) in told {
            self.taking.adopted.tell(Fate::Changed, Origin { line: Some(line), ..whole.clone() }, told);
        }
        let provider = element.provider.clone().unwrap_or_else(|| "[specify the provider]".to_owned());
        let own = [
            ("provider", provider),
            ("defaultRevision", String::new()),
            ("name", title.to_owned()),
            ("id", element.id.clone()),
        ];
        let got = mustache::translated(&plain, &text.path, &own.into_iter().collect(), &mut self.names);
        for line in got.marked {
            let told = "template code that soc2 has no counterpart for is marked in place: say in words what stands there";
            self.tell(Fate::Changed, Origin { line: Some(line), ..whole.clone() }, told);
        }
        for (name, line) in got.unknown {
            let told = format!(
                "`{}` has no value there: give `{}` one in soc2.toml",
                safe(&name),
                mustache::snake(&name)
            );
            self.tell(Fate::Changed, Origin { line: Some(line), ..whole.clone() }, told);
        }
        let (body, shift) = levelled(&got.text, title);
        if shift != 0 {
            let told = "headings are set at another level: the title stands in the front matter, sections one below it";
            self.tell(Fate::Changed, whole, told);
        }
        body
    }

    /// Values that no text uses are left.
    fn unnamed(&mut self, config: &Config) {
        for (name, _, from) in &config.organization {
            if !self.names.used.contains_key(&mustache::snake(name)) && !name.starts_with("company") {
                self.tell(Fate::Left, from.clone(), "a value that no text uses");
            }
        }
    }

    fn drafts(
        &mut self,
        config: &Config,
        mapping: Mapping,
        policies_of: &BTreeMap<String, Vec<String>>,
        written: &BTreeMap<String, String>,
    ) {
        let named: BTreeMap<&str, &Element> =
            config.procedures.iter().map(|element| (&*element.id, element)).collect();
        for (procedure, mapped) in mapping.procedures {
            let element = named.get(procedure.as_str());
            let from = mapped.criteria.first().map_or_else(|| Origin::file(""), |first| first.at.clone());
            if element.is_some() && !written.contains_key(&procedure) {
                self.tell(Fate::Left, from, "the mapping of a procedure that was not taken");
                continue;
            }
            let id = id_of(&procedure);
            if let Err(before) = self.ids.entry("controls").or_default().take(&id, &from) {
                let told = format!("would be the control `{id}`, which stands at {} already", before.shown());
                self.taking.fault(from, told);
                continue;
            }
            let name = element.and_then(|element| element.name.as_deref()).or(mapped.title.as_deref());
            let name = title(name, &procedure);
            let criteria: Vec<&str> = mapped.criteria.iter().map(|citation| &*citation.criterion).collect();
            let description = format!(
                "Mapped to {} as \"{name}\". To be written by hand: who does what, how often, and the trace it leaves.",
                some(&criteria, 20)
            );
            self.taking.ground.categories.extend(mapped.categories);
            let draft = Draft {
                id,
                title: super::braces::escaped(&format!("{name}, to be written")),
                description: super::braces::escaped(&description),
                criteria: mapped.criteria,
                policies: policies_of.get(&procedure).cloned().unwrap_or_default(),
                procedures: written.get(&procedure).cloned().into_iter().collect(),
                ..Draft::new(
                    self.owner,
                    TOOL,
                    element.map_or_else(|| from.clone(), |element| element.from.clone()),
                )
            };
            self.taking.adopted.files.push(draft.file());
            let told = "a mapped procedure becomes a draft control, to be written by hand: the mapping is kept, the wording of \
                        the standard is not";
            self.tell(Fate::Changed, from, told);
        }
    }

    /// Files that the configuration does not name.
    fn rest(&mut self, config: &Config) {
        let mut named: BTreeSet<String> = BTreeSet::new();
        for element in config.policies.iter().chain(&config.procedures) {
            let file = element.file.trim_start_matches("./");
            for before in [&*config.base, "templates/", "partials/"] {
                named.extend([format!("{before}{file}"), format!("{before}{file}.tmpl")]);
            }
        }
        let texts = self.foreign.texts.iter().map(|text| &text.path);
        let rest =
            texts.filter(|path| !named.contains(*path) && (path.ends_with(".md") || path.ends_with(".tmpl")));
        let rest: Vec<Origin> = rest.map(|path| Origin::file(path)).collect();
        for from in rest {
            self.tell(
                Fate::Left,
                from,
                "is named nowhere in the configuration: soc2 import policies takes it, if it is a policy",
            );
        }
    }
}

#[cfg(test)]
mod tests;
