//! A framework: criteria and points of focus, as data. The built-in one and a user's own have one format.

use super::scalar::{Id, Text};
use crate::source::Spanned;
use crate::{choice, record};

record! {
    /// A trust services category, or the like of another framework.
    pub struct Category ("category") {
        /// Stable name: `availability`.
        id: Id,
        /// Name for people.
        title: Option<Text> [required],
        /// In scope whatever was chosen.
        always: Option<Spanned<bool>>,
    }
}

record! {
    /// A group of criteria.
    pub struct Series ("series") {
        /// Name: `CC6`.
        id: Text,
        /// Name for people.
        title: Option<Text> [required],
        /// The category whose scope brings it in.
        category: Option<Text> [required],
    }
}

choice! {
    /// Where a point of focus comes from.
    pub enum Origin ("origin") {
        /// The COSO framework.
        Coso = "coso",
        /// The trust services criteria themselves.
        Tsc = "tsc",
    }
}

choice! {
    /// Whose duty a privacy point is.
    pub enum PrivacyRole ("privacy role") {
        /// Decides what personal data is used for.
        Controller = "controller",
        /// Handles personal data for somebody else.
        Processor = "processor",
    }
}

record! {
    /// Guidance under a criterion; never a requirement.
    pub struct PointOfFocus ("point of focus") {
        /// Our own name for it; ordinals are not stable.
        id: Id,
        /// Our own words.
        text: Option<Text> [required],
        /// Where it comes from.
        source: Option<Spanned<Origin>>,
        /// Applies only when one of these categories is in scope.
        categories: Vec<Text>,
        /// About the system, as in any SOC 2.
        system_level: Option<Spanned<bool>>,
        /// Year of the revision that brought it.
        added: Option<Spanned<u64>>,
        /// Likely relevant to one privacy role only.
        roles: Vec<Spanned<PrivacyRole>>,
        /// Only for makers of physical products.
        physical_products: Option<Spanned<bool>>,
    }
}

record! {
    /// What must be met.
    pub struct Criterion ("criterion") {
        /// Name: `CC6.1`.
        id: Text,
        /// The group it belongs to.
        series: Option<Text> [required],
        /// COSO principles it rests on.
        coso: Vec<Spanned<u64>>,
        /// Our own words.
        text: Option<Text> [required],
        /// Names other tools use for it.
        aliases: Vec<Text>,
        /// Guidance under it.
        points_of_focus: Vec<PointOfFocus>,
    }
}

record! {
    /// A set of criteria, in one edition.
    pub struct Framework ("framework") {
        /// Stable name, with the edition: `soc2-2017-rev2022`.
        id: Id,
        /// Name for people.
        title: Option<Text> [required],
        /// Edition: `2017-rev2022`.
        edition: Option<Text> [required],
        /// Categories that scope chooses from.
        categories: Vec<Category> [required],
        /// Groups of criteria.
        series: Vec<Series> [required],
        /// What must be met.
        criteria: Vec<Criterion> [required],
    }
}

impl Framework {
    /// The criterion of that id.
    pub fn criterion(&self, id: &str) -> Option<&Criterion> {
        self.criteria.iter().find(|criterion| *criterion.id.value == *id)
    }

    /// The category that brings a criterion into scope.
    pub fn category_of(&self, criterion: &Criterion) -> Option<&Category> {
        let series = criterion.series.as_ref()?;
        let series = self.series.iter().find(|s| s.id.value == series.value)?;
        let category = series.category.as_ref()?;
        self.categories.iter().find(|c| *c.id.value == *category.value)
    }

    /// Is the criterion in scope of these categories? Categories marked `always` are.
    pub fn in_scope(&self, criterion: &Criterion, categories: &[&str]) -> bool {
        self.category_of(criterion).is_some_and(|category| {
            category.always.as_ref().is_some_and(|always| always.value)
                || categories.contains(&&*category.id.value.0)
        })
    }

    /// Does the point of focus apply in this scope?
    pub fn point_applies(&self, point: &PointOfFocus, categories: &[&str]) -> bool {
        point.categories.is_empty() || point.categories.iter().any(|c| categories.contains(&&*c.value))
    }

    /// The id of the criterion that is written in another spelling: `cc6_1`, `CC6.1 - Logical access`, `CC6.1.3`.
    pub fn spelled(&self, typed: &str) -> Option<&str> {
        let (word, dotted) = parts_of(typed);
        let same = |c: &&Criterion| {
            let id = c.id.value.to_uppercase();
            id == dotted
                || dotted.strip_prefix(&id).is_some_and(|rest| rest.starts_with('.'))
                || id.replace('.', "") == dotted.replace('.', "")
                || c.aliases.iter().any(|alias| alias.value.eq_ignore_ascii_case(word))
        };
        self.criteria.iter().find(same).map(|c| &*c.id.value)
    }

    /// The id of the criterion a person or another tool may have meant: one in another spelling, or the nearest.
    pub fn meant(&self, typed: &str) -> Option<&str> {
        let (_, dotted) = parts_of(typed);
        let ids = || self.criteria.iter().map(|c| &*c.id.value);
        let series = dotted.split('.').next().unwrap_or(&dotted);
        let beside = |id: &&str| id.split('.').next().is_some_and(|own| own.eq_ignore_ascii_case(series));
        self.spelled(typed)
            .or_else(|| crate::text::nearest(&dotted, ids().filter(beside)))
            .or_else(|| crate::text::nearest(&dotted, ids()))
    }
}

/// The first word of what was typed, and that word in capitals with dots.
fn parts_of(typed: &str) -> (&str, String) {
    let word = typed.split([' ', ':', '(']).next().unwrap_or(typed).trim_end_matches(['-', ',', '.']);
    (word, word.to_uppercase().replace(['_', '-'], "."))
}
