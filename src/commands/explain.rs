//! `soc2 explain`: the vocabulary. Rules, criteria, states, records and their keys, closed lists of words.

use std::fmt::Write;
use std::process::ExitCode;

use crate::change::{self, Effect, KINDS};
use crate::error::{Error, Result};
use crate::framework;
use crate::model::registers::Registers;
use crate::model::{Criterion, Framework};
use crate::record::{Choice, Key, Shape};
use crate::rules::{Check, RULES, Rule};
use crate::schema::{choices, shapes};
use crate::text::nearest;
use crate::timeline::{Coverage, Operation, PolicyState, SlotState, Support};
use crate::ui;

/// Say what a rule, criterion, state, key or word means.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A rule (`unknown-criterion`), a criterion (`CC6.1`), a state (`planned-only`), a record or key (`control`,
    /// `control.cadence`), a word list (`cadence`), a kind of change (`cadence-loosened`), or `rules`, `criteria`,
    /// `changes`, `keys`.
    name: Option<String>,
    /// Everything, as one Markdown document.
    #[arg(long, conflicts_with = "name")]
    all: bool,
}

/// Runs the verb.
pub fn run(args: &Args) -> Result<ExitCode> {
    let text = match &args.name {
        Some(name) => one(name)?,
        None if args.all => all(),
        None => overview(),
    };
    ui::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// The answer for one name.
fn one(name: &str) -> Result<String> {
    let framework = framework::built_in(framework::DEFAULT);
    let word = name.trim().to_lowercase();
    let alias = ALIASES.iter().find(|(alias, _)| *alias == word).map(|(_, meant)| (*meant).to_owned());
    let said = glossary(&word);
    let word = alias.unwrap_or(word);
    if let Some(rule) = RULES.iter().find(|rule| rule.name == word) {
        return Ok(format!("{}{}", state_pages(&word), rule_page(rule)));
    }
    if let Some(kind) = change::find(&word) {
        return Ok(format!("{}{}", state_pages(&word), change_page(kind)));
    }
    match word.as_str() {
        "changes" => return Ok(change_list()),
        "rules" => return Ok(rule_list()),
        "criteria" => return Ok(framework.as_ref().map_or_else(String::new, criteria_list)),
        "keys" => return Ok(shapes().iter().map(|shape| shape_page(shape)).collect()),
        "states" => return Ok(states_page()),
        _ => {}
    }
    if let Some(framework) = &framework {
        let id = word.split_once('/').map_or(word.as_str(), |(id, _)| id);
        let exact = framework.criteria.iter().find(|c| c.id.value.eq_ignore_ascii_case(id));
        if let Some(criterion) = exact {
            return Ok(criterion_page(framework, criterion));
        }
    }
    let mut pages = said.or_else(|| glossary(&word)).unwrap_or_default();
    let spaced = word.replace('-', " ");
    for shape in shapes() {
        if shape.name.eq_ignore_ascii_case(&word) || shape.name == spaced {
            pages.push_str(&shape_page(shape));
        }
    }
    for (register, shape) in Registers::SHAPES {
        if *register == word && !pages.contains(&format!("# {}\n", shape.name)) {
            pages.push_str(&shape_page(shape));
        }
    }
    for choice in choices() {
        if choice.name == word || choice.name == spaced {
            pages.push_str(&choice_page(choice));
        }
    }
    pages.push_str(&state_pages(&word));
    pages.push_str(&key_pages(&word));
    if !pages.is_empty() {
        return Ok(pages);
    }
    pages.push_str(&word_pages(&word));
    if !pages.is_empty() {
        return Ok(pages);
    }
    Err(unknown(name, framework.as_ref()))
}

fn unknown(name: &str, framework: Option<&Framework>) -> Error {
    let mut known: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    known.extend(KINDS.iter().map(|kind| kind.name));
    known.extend(states().map(|(_, name, _)| name));
    known.extend(choices().iter().map(|choice| choice.name));
    for shape in shapes() {
        known.push(shape.name);
        known.extend(shape.keys.iter().map(|key| key.name));
    }
    let error = Error::new(format!("nothing here is called `{}`", crate::text::safe(name)));
    let meant = framework.and_then(|framework| {
        let looks_like_one = name.chars().next().is_some_and(|c| "cCaApP".contains(c))
            && name.chars().any(|c| c.is_ascii_digit());
        framework.meant(name).filter(|_| looks_like_one)
    });
    match meant.or_else(|| nearest(name, known.iter().copied())) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => {
            error.hint("soc2 explain rules, soc2 explain criteria, soc2 explain changes and soc2 explain keys list what there is")
        }
    }
}

/// What there is to ask about.
fn overview() -> String {
    let records: Vec<String> = shapes().iter().map(|shape| shape.name.replace(' ', "-")).collect();
    let words: Vec<String> = choices().iter().map(|choice| choice.name.replace(' ', "-")).collect();
    format!(
        "soc2 explain NAME\n\nrules, criteria, changes, keys, states: lists of each\nrules: {} of them, e.g. {}\n\
         criteria: CC1.1 to P8.1\nrecords: {}\nword lists: {}\nand every word of the glossary: gap, waiver, slot, …\n",
        RULES.len(),
        RULES[0].name,
        records.join(", "),
        words.join(", ")
    )
}

/// Names people use for something that is called otherwise.
const ALIASES: &[(&str, &str)] = &[
    ("artefact", "artifact"),
    ("change", "changes"),
    ("deny", "level"),
    ("warn", "level"),
    ("evidence", "evidence manifest"),
    ("evidences", "evidence manifest"),
    ("front-matter", "policy"),
    ("manifest", "evidence manifest"),
    ("manifest.yaml", "evidence manifest"),
    ("registers", "register"),
    ("rule", "rules"),
    ("state", "states"),
    ("variable", "variables"),
];

/// The glossary's entry for a word.
fn glossary(word: &str) -> Option<String> {
    const GLOSSARY: &str = include_str!("../../docs/glossary.md");
    let entries = GLOSSARY.split("\n## ").skip(1);
    let mut found = entries.filter(|entry| {
        let heading = entry.lines().next().unwrap_or("").to_lowercase();
        heading.split(", ").any(|name| name == word || name.replace(' ', "-") == word)
    });
    found.next().map(|entry| format!("# {}\n\n", entry.trim_end()))
}

/// Everything, as one document.
fn all() -> String {
    let mut out = String::from("# Rules\n\n");
    out.push_str(&rule_list());
    for rule in RULES {
        let _ = write!(out, "\n#{}", rule_page(rule));
    }
    let _ = write!(out, "\n# Changes\n\n{}", change_list());
    out.push_str("\n# Records\n");
    for shape in shapes() {
        let _ = write!(out, "\n#{}", shape_page(shape));
    }
    out.push_str("\n# Words\n");
    for choice in choices() {
        let _ = write!(out, "\n#{}", choice_page(choice));
    }
    let _ = write!(out, "\n{}", states_page());
    if let Some(framework) = framework::built_in(framework::DEFAULT) {
        let _ = write!(out, "\n# Criteria\n\n{}", criteria_list(&framework));
    }
    out
}

/// The docs of a rule with its name and level on top.
pub fn rule_page(rule: &Rule) -> String {
    format!("# {}\n\n{}\n{}\n", rule.name, kind_of(rule), rule.docs.trim_end())
}

/// What a kind of change is, and why it matters.
pub fn change_page(kind: &change::Kind) -> String {
    let meaning =
        Effect::MEANINGS.iter().find(|(effect, _)| *effect == kind.effect).map_or("", |(_, said)| said);
    let (name, effect, brief, why) = (kind.name, kind.effect.name(), kind.brief, kind.why);
    format!(
        "# {name}\n\nA change: {brief}.\n\nIts effect is `{effect}`: it {meaning}.\n\n## Why it matters\n{why}.\n"
    )
}

/// Every kind of change, worst first.
pub fn change_list() -> String {
    let wide = KINDS.iter().map(|kind| kind.name.len()).max().unwrap_or(0);
    let mut out = String::new();
    for kind in KINDS {
        let _ = writeln!(out, "{:<wide$}  {:<10}  {}", kind.name, kind.effect.name(), kind.brief);
    }
    out
}

fn kind_of(rule: &Rule) -> String {
    match rule.check {
        Check::Loading(level) | Check::Tree(level, _) => {
            format!("Diagnostic, level {}: {}.", level.name(), rule.brief)
        }
        Check::Gap(class, _) => format!("Gap, {}: {}.", class.name(), rule.brief),
    }
}

fn rule_list() -> String {
    let wide = RULES.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let mut out = String::new();
    for rule in RULES {
        let weight =
            rule.level().map(|level| level.name()).or(rule.class().map(|class| class.name())).unwrap_or("");
        let _ = writeln!(out, "{:<wide$}  {weight:<8}  {}", rule.name, rule.brief);
    }
    out
}

/// Every state of everything that has some: of what, its name, its meaning.
fn states() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let coverage =
        Coverage::MEANINGS.iter().map(|(state, said)| ("Coverage of a criterion", state.name(), *said));
    let support =
        Support::MEANINGS.iter().map(|(state, said)| ("Verdict on a criterion", state.name(), *said));
    let slot = SlotState::MEANINGS.iter().map(|(state, said)| ("State of a slot", state.name(), *said));
    let operation = Operation::MEANINGS.iter();
    let operation = operation.map(|(state, said)| ("Operation of a control", state.name(), *said));
    let policy = PolicyState::MEANINGS.iter().map(|(state, said)| ("State of a policy", state.name(), *said));
    coverage.chain(support).chain(slot).chain(operation).chain(policy)
}

/// What a state means, of everything that has it.
fn state_pages(word: &str) -> String {
    let mut out = String::new();
    for (of, name, meaning) in states().filter(|(_, name, _)| *name == word) {
        let _ = writeln!(out, "# {name}\n\n{of}: {meaning}.\n");
    }
    out
}

fn states_page() -> String {
    let mut out = String::new();
    let mut last = "";
    for (of, name, meaning) in states() {
        if of != last {
            let gap = if out.is_empty() { "" } else { "\n" };
            let _ = writeln!(out, "{gap}# {of}\n");
            if of.starts_with("Operation") {
                out.push_str("Its worst settled slot, or what only a control can be:\n\n");
            }
            last = of;
        }
        let _ = writeln!(out, "- `{name}`: {meaning}");
    }
    out
}

fn criteria_list(framework: &Framework) -> String {
    let mut out = String::new();
    for criterion in &framework.criteria {
        let text = criterion.text.as_ref().map_or("", |text| &text.value);
        let _ = writeln!(out, "{:<6} {text}", &*criterion.id.value);
    }
    out
}

fn criterion_page(framework: &Framework, criterion: &Criterion) -> String {
    let text = criterion.text.as_ref().map_or("", |text| &text.value);
    let mut out = format!("# {}\n\n{text}\n\nOur paraphrase of {}; ", criterion.id, framework.id);
    let category = framework.category_of(criterion);
    let always = category.and_then(|c| c.always.as_ref()).is_some_and(|always| always.value);
    let title = category.and_then(|c| c.title.as_ref()).map_or("", |title| &title.value);
    let _ = match always {
        true => writeln!(out, "in scope of every SOC 2."),
        false => writeln!(out, "in scope with the category {title}."),
    };
    if !criterion.coso.is_empty() {
        let principles: Vec<String> = criterion.coso.iter().map(|n| n.value.to_string()).collect();
        let _ = writeln!(out, "COSO principle {}.", principles.join(", "));
    }
    out.push_str("\nPoints of focus (guidance, never requirements):\n");
    for point in &criterion.points_of_focus {
        let text = point.text.as_ref().map_or("", |text| &text.value);
        let _ = writeln!(out, "- {}/{}: {text}", criterion.id, point.id);
    }
    out
}

fn shape_page(shape: &Shape) -> String {
    let mut out = format!("# {}\n\n{}\n", shape.name, shape.docs.trim().replace("\n ", "\n"));
    for key in shape.keys {
        let _ = writeln!(out, "- {}", key_line(key));
    }
    out.push('\n');
    out
}

fn key_line(key: &Key) -> String {
    format!("`{}` ({}): {}", key.name, key.holds(), key.meaning())
}

fn choice_page(choice: &Choice) -> String {
    let mut out = format!("# {}\n\n{}\n", choice.name, choice.docs.trim());
    for (word, meaning) in choice.words {
        let _ = writeln!(out, "- `{word}`: {}", meaning.trim());
    }
    out.push('\n');
    out
}

/// `cadence` or `control.cadence`: the key in every record that has it.
fn key_pages(word: &str) -> String {
    let (of, name) = match word.split_once('.') {
        Some((of, name)) => (Some(of), name),
        None => (None, word),
    };
    let mut out = String::new();
    for shape in shapes()
        .iter()
        .filter(|shape| of.is_none_or(|of| shape.name.replace(' ', "-") == of || shape.name == of))
    {
        for key in shape.keys.iter().filter(|key| key.name == name) {
            let _ = writeln!(out, "{}: {}", shape.name, key_line(key));
            for (word, meaning) in key.choices().iter().flat_map(|choice| choice.words) {
                let _ = writeln!(out, "  {word}: {}", meaning.trim());
            }
        }
    }
    out
}

/// `quarterly`: the word in every list that has it.
fn word_pages(word: &str) -> String {
    let mut out = String::new();
    for choice in choices() {
        for (name, meaning) in choice.words.iter().filter(|(name, _)| *name == word) {
            let _ = writeln!(out, "`{name}`, {}: {}", crate::text::a(choice.name), meaning.trim());
        }
    }
    out
}
