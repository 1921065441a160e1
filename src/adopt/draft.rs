//! Draft controls for what documents of another tool were cited for, and the criteria in their spelling.

use super::document::{comment, one_line};
use super::{Adopted, Fate, NewFile, Origin};
use crate::framework;
use crate::manifest::{quoted, value};
use crate::model::Framework;
use crate::model::control::Cadence;
use crate::text::{clip, safe};

/// A criterion that a document is cited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Citation {
    pub(super) criterion: String,
    pub(super) at: Origin,
}

/// A control that nobody has agreed to.
pub(super) struct Draft<'d> {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) owner: &'d str,
    pub(super) tool: &'d str,
    pub(super) from: Origin,
    pub(super) notes: Vec<String>,
    pub(super) cadence: Option<Cadence>,
    pub(super) criteria: Vec<Citation>,
    pub(super) policies: Vec<String>,
    pub(super) procedures: Vec<String>,
}

impl<'d> Draft<'d> {
    /// One that says nothing yet but where it comes from.
    pub(super) fn new(owner: &'d str, tool: &'d str, from: Origin) -> Self {
        Self {
            id: String::new(),
            title: String::new(),
            description: String::new(),
            owner,
            tool,
            from,
            notes: Vec::new(),
            cadence: None,
            criteria: Vec::new(),
            policies: Vec::new(),
            procedures: Vec::new(),
        }
    }

    pub(super) fn file(&self) -> NewFile {
        let mut out = comment("", &format!("from {}: {}", self.tool, self.from.shown()));
        for note in &self.notes {
            out.push_str(&comment("", note));
        }
        out.push_str(&format!("id: {}\ntitle: {}\n", self.id, quoted(&self.title)));
        out.push_str(&format!("description: {}\n", quoted(&self.description)));
        out.push_str(&format!("owner: {}\nstatus: draft\n", self.owner));
        if let Some(cadence) = self.cadence {
            out.push_str(&format!("cadence: {}\n", cadence.word()));
        }
        if !self.criteria.is_empty() {
            out.push_str("criteria:\n");
        }
        for citation in &self.criteria {
            let place = comment("   ", &citation.at.shown());
            out.push_str(&format!("  - {}{place}", value(&citation.criterion)));
        }
        for (key, ids) in [("policies", &self.policies), ("procedures", &self.procedures)] {
            if !ids.is_empty() {
                out.push_str(&format!("{key}: [{}]\n", ids.join(", ")));
            }
        }
        let path = format!("controls/{}/{}.yaml", self.tool, self.id);
        NewFile { path, bytes: out.into_bytes(), from: self.from.clone() }
    }
}

/// The criteria that are known.
pub(super) struct Criteria(Option<Framework>);

impl Criteria {
    pub(super) fn new() -> Self {
        Self(framework::built_in(framework::DEFAULT))
    }

    /// The id of a criterion, in whatever spelling.
    pub(super) fn known(&self, typed: &str) -> Option<&str> {
        let framework = self.0.as_ref()?;
        framework
            .criterion(typed.trim())
            .map(|found| &*found.id.value)
            .or_else(|| framework.spelled(typed.trim()))
    }

    /// The category that brings a criterion into scope, unless it always is.
    pub(super) fn category(&self, id: &str) -> Option<&str> {
        let framework = self.0.as_ref()?;
        let category = framework.category_of(framework.criterion(id)?)?;
        let always = category.always.as_ref().is_some_and(|always| always.value);
        (!always && &*category.id.value.0 != "security").then_some(&*category.id.value.0)
    }

    /// A criterion as it was cited, in our spelling where there is one; what differs is told.
    pub(super) fn cited(&self, typed: &str, at: &Origin, adopted: &mut Adopted) -> String {
        let shown = clip(&safe(typed), 60);
        let told = match self.known(typed) {
            Some(id) if id == typed => return id.to_owned(),
            Some(id) => format!("`{shown}` is written `{id}`"),
            None => format!("`{shown}` is no criterion of SOC 2: it is kept, and `soc2 check` names it"),
        };
        adopted.tell(Fate::Changed, at.clone(), told);
        self.known(typed).map_or_else(|| one_line(typed), str::to_owned)
    }

    /// What a standard's criteria are: ours, if most of its ids are known.
    pub(super) fn are_ours<'i>(&self, ids: impl Iterator<Item = &'i str>) -> bool {
        let (mut all, mut known) = (0usize, 0usize);
        for id in ids {
            all += 1;
            known += usize::from(self.known(id).is_some());
        }
        all > 0 && known * 2 >= all
    }
}

/// The group a criterion belongs to: `CC6`, `A`, `PI`; also of one that does not exist.
pub(super) fn family(id: &str) -> String {
    let letters: String = id.chars().take_while(char::is_ascii_alphabetic).collect();
    let digits: String =
        id.get(letters.len()..).unwrap_or("").chars().take_while(char::is_ascii_digit).collect();
    match letters.as_str() {
        "" => "other".to_owned(),
        // No id of a control may grow with it.
        _ if letters.len() > 8 || digits.len() > 3 => "other".to_owned(),
        "CC" | "cc" => format!("CC{digits}"),
        letters => letters.to_ascii_uppercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn criteria_are_known_by_many_spellings() {
        let criteria = Criteria::new();
        for typed in ["CC6.1", "cc6.1", "cc_6_1", "CC-6.1", " CC6.1 - Logical access", "CC6.1.3"] {
            assert_eq!(criteria.known(typed), Some("CC6.1"), "{typed}");
        }
        for typed in ["CC9.9", "", "x", "CC6"] {
            assert_eq!(criteria.known(typed), None, "{typed}");
        }
        assert_eq!(criteria.category("A1.2"), Some("availability"));
        assert_eq!(criteria.category("CC6.1"), None);
    }

    #[test]
    fn families_follow_the_letters() {
        for (id, of) in [
            ("CC6.1", "CC6"),
            ("CC9.9", "CC9"),
            ("A1.2", "A"),
            ("PI1.3", "PI"),
            ("P4.1", "P"),
            ("7", "other"),
            ("ABCDEFGHIJ.1", "other"),
        ] {
            assert_eq!(family(id), of);
        }
    }
}
