//! What a name in a list stands for in the programme: a person by id, address or name, a policy by id or title, a criterion in
//! whatever spelling. What is not here yet keeps a name of its own, so that `soc2 check` can say that it is missing.

use std::collections::BTreeMap;

use super::cells::{BETWEEN, Fault, address, line, parts};
use super::ids;
use crate::program::{Program, anchor, document};
use crate::record::Target;
use crate::text::is_slug;

/// Words of a cell in which criteria are looked for.
const WORDS_CAP: usize = 2_000;

/// Ids by what things are called, in lower case; of people also those of the list that is read.
#[derive(Debug)]
pub(super) struct Names<'p> {
    program: &'p Program,
    people: BTreeMap<String, String>,
    roles: BTreeMap<String, String>,
    others: BTreeMap<Target, BTreeMap<String, String>>,
}

/// What was found, and whether it is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) id: String,
    pub(super) known: bool,
}

impl<'p> Names<'p> {
    pub(super) fn of(program: &'p Program) -> Self {
        let mut names =
            Self { program, people: BTreeMap::new(), roles: BTreeMap::new(), others: BTreeMap::new() };
        let registers = &program.registers;
        for person in &registers.people {
            let id = person.id.to_string();
            names.people.insert(id.clone(), id);
        }
        for person in &registers.people {
            let id = person.id.to_string();
            let said = person.name.iter().chain(&person.aliases).chain(&person.emails);
            said.for_each(|said| insert(&mut names.people, &said.value, &id));
        }
        for role in &registers.roles {
            role.title.iter().for_each(|title| insert(&mut names.roles, &title.value, &role.id));
        }
        let mut add = |target: Target, called: &str, id: &str| {
            insert(names.others.entry(target).or_default(), called, id);
        };
        for control in &program.controls {
            control.aliases.iter().for_each(|alias| add(Target::Control, &alias.value, &control.id));
        }
        for policy in &program.policies {
            policy.head.title.iter().for_each(|title| add(Target::Policy, &title.value, &policy.head.id));
        }
        for procedure in &program.procedures {
            procedure
                .head
                .title
                .iter()
                .for_each(|title| add(Target::Procedure, &title.value, &procedure.head.id));
        }
        for system in &registers.systems {
            system.name.iter().for_each(|name| add(Target::System, &name.value, &system.id));
        }
        for vendor in &registers.vendors {
            vendor.name.iter().for_each(|name| add(Target::Vendor, &name.value, &vendor.id));
        }
        names
    }

    /// Somebody of the list that is read, by another of their names.
    pub(super) fn add_person(&mut self, called: &str, id: &str) {
        insert(&mut self.people, called, id);
    }

    /// The id of the person that a name, an address or both stand for.
    pub(super) fn person(&self, text: &str) -> Option<&str> {
        let by = |called: &str| {
            let id = self.people.get(&called.to_lowercase()).map(String::as_str);
            id.filter(|id| !id.is_empty())
        };
        let typed = self.program.person(text).and_then(|index| self.program.registers.people.get(index));
        by(text)
            .or_else(|| typed.map(|person| &*person.id.value.0))
            .or_else(|| by(&address(text)?))
            .or_else(|| by(&name_of(text)?))
    }

    /// What a cell stands for that names one thing.
    pub(super) fn one(&self, target: Target, text: &str) -> Result<Found, Fault> {
        let text = line(text);
        let known = |id: &str| Found { id: id.to_owned(), known: true };
        if matches!(target, Target::Holder) && self.program.names.roles.contains_key(&*text) {
            return Ok(known(&text));
        }
        if matches!(target, Target::Holder | Target::Person) {
            if let Some(id) = self.person(&text) {
                return Ok(known(id));
            }
            if let Some(id) =
                self.roles.get(&text.to_lowercase()).filter(|id| target == Target::Holder && !id.is_empty())
            {
                return Ok(known(id));
            }
            let name = name_of(&text).or_else(|| address(&text)?.split('@').next().map(str::to_owned));
            let id = ids::id(&name.unwrap_or_default());
            // A number is of somebody whom the list does not hold.
            return if id.bytes().any(|b| b.is_ascii_lowercase()) { unknown(id) } else { Err(Fault::NoName) };
        }
        let (head, section) = match target {
            Target::Policy | Target::Procedure => (document(&text).trim().to_owned(), anchor(&text)),
            _ => (text.clone(), None),
        };
        let id = self.document(target, &head);
        let known = id.is_some();
        let id = id.unwrap_or_else(|| ids::id(&head));
        let section = section.map(str::trim).filter(|section| is_slug(section));
        let found = unknown(id)?;
        Ok(Found { id: section.map_or(found.id.clone(), |section| format!("{}#{section}", found.id)), known })
    }

    /// The id of something that is here, by id, name or title.
    fn document(&self, target: Target, text: &str) -> Option<String> {
        if self.program.resolves(target, text) {
            return Some(text.to_owned());
        }
        let lower = text.to_lowercase();
        let titles = self.others.get(&target);
        let short = lower.strip_suffix(" policy").unwrap_or(&lower);
        let long = format!("{short} policy");
        let named = titles.and_then(|titles| {
            titles.get(&lower).or_else(|| titles.get(short)).or_else(|| titles.get(&long))
        });
        let slugs = [ids::id(text), ids::id(short)];
        named
            .filter(|id| !id.is_empty())
            .cloned()
            .or_else(|| slugs.into_iter().find(|id| self.program.resolves(target, id)))
    }

    /// What a cell stands for that names several things; those that are not here.
    pub(super) fn many(&self, target: Target, text: &str) -> (String, Vec<String>) {
        let (mut found, mut unknown) = (Vec::new(), Vec::new());
        for part in parts(text) {
            let Ok(one) = self.one(target, &part) else { continue };
            if !one.known {
                unknown.push(one.id.clone());
            }
            if !found.contains(&one.id) {
                found.push(one.id);
            }
        }
        (found.join(BETWEEN), unknown)
    }

    /// The criteria that a cell names, and those of them that are not in the framework. Of a cell with ids and wording only the
    /// ids are taken.
    pub(super) fn criteria(&self, text: &str) -> Result<(String, Vec<String>), Fault> {
        let words =
            text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|' | '(' | ')' | '[' | ']'));
        let mut found: Vec<String> = Vec::new();
        for word in words.take(WORDS_CAP).map(|word| line(word.trim_matches(['.', ':', '-', '–', '"', '\''])))
        {
            if let Some(id) = self.criterion(&word)
                && !found.contains(&id)
            {
                found.push(id);
            }
        }
        if found.is_empty() {
            return if line(text).is_empty() { Ok(Default::default()) } else { Err(Fault::NoCriterion) };
        }
        let unknown = found.iter().filter(|id| self.program.criterion(id).is_err()).cloned().collect();
        Ok((found.join(BETWEEN), unknown))
    }

    /// One word as a criterion's id, if it looks like one.
    fn criterion(&self, word: &str) -> Option<String> {
        if word.is_empty() || word.len() > 80 {
            return None;
        }
        if self.program.criterion(word).is_ok() {
            return Some(word.to_owned());
        }
        let upper = word.to_uppercase();
        let bare = ["SOC2-", "SOC2_", "SOC2:", "TSC-", "TSC_", "TSC:"]
            .iter()
            .find_map(|start| upper.strip_prefix(start));
        if let Some(id) = spelt(bare.unwrap_or(&upper)) {
            return Some(id);
        }
        // A point of focus, or another framework: as it is, where it has the form.
        let (framework, rest) =
            word.split_once(':').map_or((None, word), |(framework, rest)| (Some(framework), rest));
        let (id, point) = rest.split_once('/').map_or((rest, None), |(id, point)| (id, Some(point)));
        let framed =
            framework.is_some_and(is_slug) && !id.is_empty() && id.bytes().any(|b| b.is_ascii_digit());
        let pointed = point.is_some_and(is_slug);
        match (framework, point) {
            (Some(_), None) if framed => Some(word.to_owned()),
            (Some(_), Some(_)) if framed && pointed => Some(word.to_owned()),
            (None, Some(point)) if pointed => spelt(&id.to_uppercase()).map(|id| format!("{id}/{point}")),
            _ => None,
        }
    }
}

/// The id of a criterion in the spellings that other tools use: `CC_6_1`, `CC_A_1_1`, `PP1.1`, `CC6.1.3`.
fn spelt(upper: &str) -> Option<String> {
    let plain = upper.replace('_', ".");
    let plain = match plain.strip_prefix("CC.").filter(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
    {
        Some(rest) => rest.to_owned(),
        None => plain,
    };
    let digits = plain.find(|c: char| c.is_ascii_digit())?;
    let (series, numbers) = plain.split_at(digits);
    let series = series.trim_end_matches(['.', '-']);
    let series = if series == "PP" { "PI" } else { series };
    if !matches!(series, "CC" | "A" | "C" | "PI" | "P") {
        return None;
    }
    let mut parts = numbers.split('.');
    let (major, minor) = (parts.next()?, parts.next()?);
    let number = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    // Points of focus have no numbers of their own: a third one is a tool's invention.
    let rest: Vec<&str> = parts.collect();
    (number(major) && number(minor) && rest.len() <= 1 && rest.iter().all(|part| number(part)))
        .then(|| format!("{series}{major}.{minor}"))
}

/// The name in `Ann Lee (ann@acme.com)`; nothing where there is none beside the address.
fn name_of(text: &str) -> Option<String> {
    let words = text
        .split([' ', '<', '>', '(', ')', '[', ']'])
        .filter(|word| !word.is_empty() && !word.contains('@'));
    let name = words.collect::<Vec<_>>().join(" ");
    (!name.is_empty()).then_some(name)
}

fn insert(into: &mut BTreeMap<String, String>, called: &str, id: &str) {
    let called = line(called).to_lowercase();
    if called.is_empty() {
        return;
    }
    // What two of them are called stands for neither, unless it is the id of one.
    let is_id = |held: &String| *held == called;
    match into.get_mut(&called) {
        Some(held) if held != id && !is_id(held) => held.clear(),
        Some(_) => {}
        None => drop(into.insert(called, id.to_owned())),
    }
}

fn unknown(id: String) -> Result<Found, Fault> {
    if id.is_empty() { Err(Fault::NoName) } else { Ok(Found { id, known: false }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn program() -> Program {
        let files = [
            ("soc2.toml", "[organization]\nname = \"Acme\"\n"),
            (
                "registers/people.yaml",
                "- { id: ann, name: Ann Lee, emails: [Ann@acme.com], kind: employee, employed: [{ from: 2024-01-01 }] }\n",
            ),
            ("registers/roles.yaml", "- { id: security-lead, title: Security lead }\n"),
            (
                "policies/access-control.md",
                "---\nid: access-control\ntitle: Access Control Policy\nowner: ann\n---\n## A\n\ntext\n",
            ),
            (
                "controls/a.yaml",
                "id: iam-mfa\ntitle: MFA\ndescription: MFA is on.\nstatus: draft\naliases: [AC-07]\n",
            ),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
        Program::load(Sources::from_memory(files.to_vec()))
    }

    #[test]
    fn names_stand_for_what_is_here() {
        let program = program();
        let names = Names::of(&program);
        for (target, text, id, known) in [
            (Target::Holder, "ann@ACME.com", "ann", true),
            (Target::Holder, "Ann Lee", "ann", true),
            (Target::Holder, "Ann L. <ann@acme.com>", "ann", true),
            (Target::Holder, "Security Lead", "security-lead", true),
            (Target::Holder, "Jo Doe (jo.doe@acme.com)", "jo-doe", false),
            (Target::Person, "jo.doe@acme.com", "jo-doe", false),
            (Target::Policy, "Access Control", "access-control", true),
            (Target::Policy, "access-control#passwords", "access-control#passwords", true),
            (Target::Policy, "Acceptable Use Policy", "acceptable-use-policy", false),
            (Target::Control, "ac-07", "iam-mfa", true),
        ] {
            assert_eq!(names.one(target, text), Ok(Found { id: id.to_owned(), known }), "{text}");
        }
        assert_eq!(names.one(Target::Person, "李"), Err(Fault::NoName));
        assert_eq!(names.one(Target::Person, "1023"), Err(Fault::NoName));
        let mut names = names;
        names.add_person("1023", "jo-doe");
        names.add_person("Jo Doe", "jo-doe");
        names.add_person("Jo Doe", "jo-doe-2");
        assert_eq!([names.person("1023"), names.person("jo doe")], [Some("jo-doe"), None]);
    }

    #[test]
    fn criteria_are_read_in_any_spelling_and_their_wording_is_not() {
        let program = program();
        let names = Names::of(&program);
        for (text, ids, unknown) in [
            ("CC6.1, cc6.2;CC_6_3", "CC6.1; CC6.2; CC6.3", vec![]),
            ("cc_a_1_1 PP1.1", "A1.1; PI1.1", vec![]),
            ("SOC2-CC7.2 | CC6.1.3", "CC7.2; CC6.1", vec![]),
            ("CC6.1 - The entity does a lot, and more", "CC6.1", vec![]),
            ("CC9.9 (made up)", "CC9.9", vec!["CC9.9"]),
            ("CC6.1/restrict-logical-access", "CC6.1/restrict-logical-access", vec![]),
            ("iso27001-2022:A.5.15", "iso27001-2022:A.5.15", vec!["iso27001-2022:A.5.15"]),
        ] {
            let unknown: Vec<String> = unknown.into_iter().map(str::to_owned).collect();
            assert_eq!(names.criteria(text), Ok((ids.to_owned(), unknown.clone())), "{text}");
            assert_eq!(names.criteria(ids), Ok((ids.to_owned(), unknown)), "read again: {text}");
        }
        assert_eq!(names.criteria("Access is restricted"), Err(Fault::NoCriterion));
    }
}
