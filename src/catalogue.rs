//! The controls that `soc2 init` offers, and the values of the variables they use. Embedded, so that one binary is
//! enough; a control is copied without its `catalogue:` block, which only says who needs it.

use include_dir::{Dir, include_dir};

use crate::model::{Control, Text};
use crate::record::Value;
use crate::source::{FileId, Spanned};
use crate::syntax::{Value as Typed, yaml};
use crate::{choice, record};

mod documents;

pub use documents::{
    Company, NewDocument, PolicyTemplate, documents, policy, policy_outline, policy_templates,
};

static CONTROLS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/controls");
const VARIABLES: &str = include_str!("../templates/variables.yaml");

/// Staff up to which a company needs only the controls of size `any`.
pub const SMALL: u64 = 50;

choice! {
    /// From which size on a company needs a control.
    pub enum Size ("company size") {
        /// Whatever its size.
        Any = "any",
        /// Above 50 staff.
        Over50 = "over-50",
    }
}

choice! {
    /// Where a company has to work to need a control.
    pub enum Site ("site") {
        /// Anywhere.
        Any = "any",
        /// In an office of its own.
        Office = "office",
    }
}

record! {
    /// What kind of company needs a control.
    pub struct Needs ("catalogue block") {
        /// `any` or `over-50`.
        size: Option<Spanned<Size>> [required],
        /// `any` or `office`.
        site: Option<Spanned<Site>> [required],
        /// The category whose scope calls for it.
        category: Option<Text> [required],
        /// The company that needs it, in one sentence.
        who: Option<Text> [required],
    }
}

choice! {
    /// What a variable holds.
    pub enum VariableType ("variable type") {
        /// Words.
        Text = "text",
        /// A whole number.
        Integer = "integer",
    }
}

record! {
    /// A value that the company chooses and the texts repeat.
    pub struct Variable ("variable") {
        /// Name: `password_min_length`.
        id: Text,
        /// `text` or `integer`.
        r#type: Option<Spanned<VariableType>> [required],
        /// The value a new programme starts with.
        default: Option<Text> [required],
        /// What is counted.
        unit: Option<Text>,
        /// What the value decides.
        meaning: Option<Text> [required],
        /// The role that chooses it.
        decides: Option<Text> [required],
    }
}

/// A control of the catalogue.
#[derive(Debug)]
pub struct CatalogueControl {
    pub control: Control,
    /// The file as it is copied to a programme, without the `catalogue:` block.
    pub text: &'static str,
    /// Below `controls/`: `iam/iam-access-review.yaml`.
    pub path: &'static str,
    pub needs: Needs,
}

/// Every control, by id.
pub fn all() -> Vec<CatalogueControl> {
    let families = CONTROLS.dirs().flat_map(Dir::files);
    let mut all: Vec<CatalogueControl> =
        families.filter_map(|file| read(file.path().to_str()?, file.contents_utf8()?)).collect();
    all.sort_by(|a, b| a.control.id.value.cmp(&b.control.id.value));
    all
}

/// Cuts a file in two and reads both parts; `None` when one of them is missing.
fn read(path: &'static str, file: &'static str) -> Option<CatalogueControl> {
    let (text, block) = file.split_at(file.find("\ncatalogue:\n")? + 1);
    let mut out = Vec::new();
    let control = Control::read(&yaml::parse(NO_FILE, text, 0, &mut out)?, &mut out)?;
    let needs = Needs::read(yaml::parse(NO_FILE, block, 0, &mut out)?.get("catalogue")?, &mut out)?;
    out.is_empty().then_some(CatalogueControl { control, text, path, needs })
}

/// A control's text with lines that say where it is ordered and explained, where such keys stand.
pub fn with_references(text: &str, lines: &str) -> String {
    match text.find("\nnature:") {
        Some(at) => {
            let (head, rest) = text.split_at(at + 1);
            format!("{head}{lines}{rest}")
        }
        None => format!("{text}{lines}"),
    }
}

/// Controls for a company of that many staff, with or without an office. Security is always chosen.
pub fn select<'c>(
    all: &'c [CatalogueControl],
    staff: u64,
    office: bool,
    categories: &[&str],
) -> Vec<&'c CatalogueControl> {
    all.iter().filter(|entry| entry.needs.met(staff, office, categories)).collect()
}

impl Needs {
    fn met(&self, staff: u64, office: bool, categories: &[&str]) -> bool {
        let size = self.size.as_ref().is_some_and(|size| size.value == Size::Any || staff > SMALL);
        let site = self.site.as_ref().is_some_and(|site| site.value == Site::Any || office);
        let category = self
            .category
            .as_ref()
            .is_some_and(|category| *category.value == *"security" || categories.contains(&&*category.value));
        size && site && category
    }
}

/// Every variable, in the order of the file.
pub fn variables() -> Vec<Variable> {
    let mut out = Vec::new();
    match yaml::parse(NO_FILE, VARIABLES, 0, &mut out).map(|node| node.value) {
        Some(Typed::List(items)) => items.iter().filter_map(|item| Variable::read(item, &mut out)).collect(),
        _ => Vec::new(),
    }
}

/// The catalogue stands in no file of a programme.
const NO_FILE: FileId = FileId(u32::MAX);

#[cfg(test)]
mod tests;
