//! What will be run and written, decided before anything runs.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;

use super::super::add::{folder_name, performer};
use super::super::answers::{Answers, Question};
use super::super::{Ground, incoming, lookup, slot};
use super::{Args, list, secret};
use crate::error::{Error, Result};
use crate::model::Control;
use crate::model::evidence::EvidenceKind;
use crate::recipe::{self, Recipe, filled};
use crate::text::{clip, list as names, nearest, safe, slug, some, word};
use crate::ui;

/// Everything that is known before anything runs.
pub(super) struct Plan {
    pub(super) recipe: Option<Recipe>,
    /// What is known of the program, where a recipe runs it.
    pub(super) known: Option<recipe::Program>,
    pub(super) settings: BTreeMap<String, String>,
    pub(super) program: String,
    pub(super) arguments: Vec<String>,
    pub(super) control: usize,
    pub(super) by: usize,
    pub(super) system: Option<usize>,
    pub(super) slot: Option<String>,
    pub(super) kind: EvidenceKind,
    /// The name of the output, where it is settled before there is one.
    pub(super) file: Option<String>,
    /// The days that the settings speak of.
    pub(super) covers: Option<(Date, Date)>,
}

/// The recipe or the command, and the values that it needs.
struct What {
    recipe: Option<Recipe>,
    settings: BTreeMap<String, String>,
    command: Vec<String>,
}

/// Every answer; `None` when one is missing that the rest hangs on, which `answers` then tells.
pub(super) fn gather(args: &Args, ground: &Ground<'_>, answers: &mut Answers) -> Result<Option<Plan>> {
    let question = Question {
        flag: "--control ID",
        words: "Control?",
        what: "which control the output shows something of",
    };
    let control =
        answers.need(args.control.as_deref(), &question, |text| lookup::control(&ground.program, text))?;
    let what = what(args, control.map(|control| ground.control_id(control)), answers)?;
    let by = by(args, ground, answers)?;
    let (Some(control), Some(what)) = (control, what) else { return Ok(None) };
    let record = ground.program.controls.get(control);
    let known = what.recipe.as_ref().and_then(|recipe| recipe::program(recipe.program()));
    let kind = kind(args, what.recipe.as_ref(), answers)?;
    let system = system(args, ground, record, known.as_ref(), answers)?;
    let slot = match slot::proposed(ground, control, ground.today) {
        Some(proposal) if !args.due => {
            answers.may(args.slot.as_deref(), "Slot? (`none`: the date decides)", &proposal, lookup::slot)?
        }
        _ => args.slot.as_deref().map(lookup::slot).transpose()?,
    };
    let file = args.file.as_deref().or(what.recipe.as_ref().map(Recipe::file)).map(str::to_owned);
    file.as_deref().map(incoming::portable).transpose()?;
    if let Some(file) = file.as_deref().filter(|file| file.contains(['/', '\\'])) {
        return Err(Error::new(format!(
            "`{}` is no name of a file: the output is filed beside its manifest",
            safe(file)
        ))
        .hint("give a name alone: --file members.json"));
    }
    let covers = covers(ground, &what.settings)?;
    let (Some(by), Some(kind), Some((program, arguments))) = (by, kind, what.command.split_first()) else {
        return Ok(None);
    };
    secret::refuse(&what.command)?;
    Ok(Some(Plan {
        program: program.clone(),
        arguments: arguments.to_vec(),
        recipe: what.recipe,
        known,
        settings: what.settings,
        control,
        by,
        system,
        slot,
        kind,
        file,
        covers,
    }))
}

/// What to run: the recipe with its settings, or the command as typed.
fn what(args: &Args, control: Option<&str>, answers: &mut Answers) -> Result<Option<What>> {
    let mut settings = typed(&args.settings)?;
    if !args.command.is_empty() {
        if let Some(name) = settings.keys().next() {
            return Err(Error::new(format!(
                "`--set {}=…` is for a recipe, and a command is given",
                safe(name)
            ))
            .hint("write the value into the command"));
        }
        return Ok(Some(What { recipe: None, settings, command: args.command.clone() }));
    }
    let fitting = control.map_or_else(Vec::new, |control| list::among(&recipe::all(), control));
    let what = match fitting.as_slice() {
        [] => "which recipe, or a command of your own behind `--`: soc2 evidence capture --list".to_owned(),
        some => format!(
            "which recipe, or a command of your own behind `--`; for this control: {}",
            names(some, "and")
        ),
    };
    let words = format!(
        "Recipe? ({})",
        if fitting.is_empty() { "--list shows them".to_owned() } else { fitting.join(", ") }
    );
    let question = Question { flag: "--recipe NAME", words: &words, what: &what };
    let Some(recipe) = answers.need(args.recipe.as_deref(), &question, find)? else { return Ok(None) };
    if let Some(name) =
        settings.keys().find(|name| !recipe.settings.iter().any(|own| *own.id.value == **name))
    {
        return Err(unknown_setting(&recipe, name));
    }
    let mut whole = true;
    for setting in &recipe.settings {
        let id = &*setting.id.value;
        let (meaning, example) = (recipe::word(&setting.meaning), recipe::word(&setting.example));
        let flag = format!("--set {id}={example}");
        let (words, what) = (format!("{id}? ({meaning}, such as {example})"), meaning.to_owned());
        let question = Question { flag: &flag, words: &words, what: &what };
        match answers.need(settings.get(id).map(String::as_str), &question, value)? {
            Some(value) => _ = settings.insert(id.to_owned(), value),
            None => whole = false,
        }
    }
    if !whole {
        return Ok(None);
    }
    let arguments = recipe.arguments.iter().map(|argument| filled(&argument.value, &settings));
    let command = std::iter::once(recipe.program().to_owned()).chain(arguments).collect();
    Ok(Some(What { recipe: Some(recipe), settings, command }))
}

/// The recipe of that name.
pub(super) fn find(name: &str) -> Result<Recipe> {
    recipe::find(name).ok_or_else(|| {
        let error = Error::new(format!("there is no recipe `{}`", clip(&safe(name), 60)));
        let all = recipe::all();
        match nearest(name, all.iter().map(|recipe| &*recipe.id.value)) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error.hint("soc2 evidence capture --list shows them"),
        }
    })
}

fn unknown_setting(recipe: &Recipe, name: &str) -> Error {
    let own: Vec<&str> = recipe.settings.iter().map(|own| &*own.id.value).collect();
    let error = Error::new(format!("`{}` is no setting of the recipe `{}`", safe(name), recipe.id.value));
    if own.is_empty() {
        error.hint("it has none")
    } else {
        error.hint(format!("its settings: {}", own.join(", ")))
    }
}

/// `KEY=VALUE`, each key once.
pub(super) fn typed(settings: &[String]) -> Result<BTreeMap<String, String>> {
    let mut read = BTreeMap::new();
    for typed in settings {
        let Some((name, text)) = typed.split_once('=') else {
            return Err(Error::new(format!("`{}` is no setting", clip(&safe(typed), 60)))
                .hint("write the name, `=` and the value: --set org=acme"));
        };
        if read.insert(name.to_owned(), value(text)?).is_some() {
            return Err(Error::new(format!("the setting `{}` is given twice", safe(name))));
        }
    }
    Ok(read)
}

/// A value that can be put into a command.
pub(super) fn value(text: &str) -> Result<String> {
    match recipe::refused(text) {
        None => Ok(text.to_owned()),
        Some(why) => {
            Err(Error::new(format!("`{}` cannot be put into a command: {why}", clip(&safe(text), 60))))
        }
    }
}

/// Who runs it: the one named, else the one git knows, else asked.
fn by(args: &Args, ground: &Ground<'_>, answers: &mut Answers) -> Result<Option<usize>> {
    let question = Question {
        flag: "--by PERSON",
        words: "By?",
        what: "who runs it: a person or bot of registers/people; git names nobody who is there",
    };
    let here = || {
        let typed = ui::variable_text("GIT_AUTHOR_EMAIL");
        let email = typed.or_else(|| ground.repository.as_ref().and_then(crate::git::Repository::email))?;
        ground.program.person(&email)
    };
    match (&args.by, here()) {
        (None, Some(person)) => {
            lookup::works_here(ground, person, ground.today)?;
            Ok(Some(person))
        }
        (given, _) => {
            answers.need(given.as_deref(), &question, |text| performer(ground, text, Some(ground.today)))
        }
    }
}

fn kind(args: &Args, recipe: Option<&Recipe>, answers: &mut Answers) -> Result<Option<EvidenceKind>> {
    let known = recipe.and_then(|recipe| recipe.kind.as_ref()).map(|kind| kind.value);
    match (&args.kind, known) {
        (None, Some(kind)) => Ok(Some(kind)),
        (given, _) => {
            let question = Question {
                flag: "--kind KIND",
                words: "Kind? (system-report, config-export, log-extract, scan-report …)",
                what: "what the output is: `soc2 explain evidence-kind` lists the words",
            };
            answers.need(given.as_deref(), &question, lookup::word)
        }
    }
}

/// The system: as typed, the program's where the control covers it, else asked for where the control has systems.
fn system(
    args: &Args,
    ground: &Ground<'_>,
    control: Option<&Control>,
    known: Option<&recipe::Program>,
    answers: &mut Answers,
) -> Result<Option<usize>> {
    let read = |text: &str| lookup::system(&ground.program, text);
    let systems = control.map_or(&[][..], |control| &control.systems);
    let systems: Vec<&str> = systems.iter().map(|system| &*system.value.0).collect();
    let usual = known.map(|program| recipe::word(&program.system)).filter(|usual| systems.contains(usual));
    match (&args.system, usual) {
        (None, _) if systems.is_empty() => Ok(None),
        (None, Some(usual)) => read(usual).map(Some),
        (given, _) => {
            let words = format!("System? ({})", systems.join(", "));
            let what = format!("the control is judged for each of its systems: {}", names(&systems, "and"));
            let question = Question { flag: "--system ID", words: &words, what: &what };
            answers.need(given.as_deref(), &question, read)
        }
    }
}

/// The days between the settings `from` and `to`, where a recipe has both.
fn covers(ground: &Ground<'_>, settings: &BTreeMap<String, String>) -> Result<Option<(Date, Date)>> {
    let (Some(from), Some(to)) = (settings.get("from"), settings.get("to")) else { return Ok(None) };
    let (from, to) = (lookup::day(from)?, lookup::past_day(ground, to)?);
    if from > to {
        return Err(Error::new(format!("the days end on {to}, before they begin on {from}")));
    }
    Ok(Some((from, to)))
}

impl Plan {
    /// The command as somebody would type it.
    pub(super) fn command(&self) -> String {
        typed_as(&self.program, &self.arguments)
    }

    /// The arguments of a further command, with the settings put in.
    pub(super) fn arguments_of(&self, question: &recipe::Question) -> Vec<String> {
        question.arguments.iter().map(|argument| filled(&argument.value, &self.settings)).collect()
    }

    /// The commands that say version and account, in that order.
    pub(super) fn questions(&self) -> [Option<&recipe::Question>; 2] {
        let known = self.known.as_ref();
        [known.and_then(|known| known.version.as_ref()), known.and_then(|known| known.account.as_ref())]
    }

    /// The command that counts, where the recipe has one.
    pub(super) fn counting(&self) -> Option<&recipe::Question> {
        self.recipe.as_ref()?.population.as_ref()?.completeness.as_ref()?.count.as_ref()
    }

    /// The name of the output before it is there.
    pub(super) fn provisional(&self) -> String {
        self.file.clone().unwrap_or_else(|| {
            let name = Path::new(&self.program).file_stem().map(|name| slug(&name.to_string_lossy()));
            format!("{}.txt", name.filter(|name| !name.is_empty()).unwrap_or_else(|| "output".to_owned()))
        })
    }

    /// The name of the folder: the slot or day, then what the recipe shows or the system.
    pub(super) fn folder(&self, ground: &Ground<'_>, slot: Option<&str>, day: Date) -> String {
        let shown = self.recipe.as_ref().map(|recipe| &*recipe.id.value);
        let system = self.system.map(|system| ground.system_id(system));
        folder_name(slot, day, shown.or(system))
    }

    /// What a reader of the evidence may wonder about: a recipe for other controls, a system that the program does not speak to.
    fn odd(&self, ground: &Ground<'_>) -> Vec<String> {
        let mut odd = Vec::new();
        let control = ground.control_id(self.control);
        if let Some(recipe) = self.recipe.as_ref().filter(|recipe| !recipe.is_for(control)) {
            let meant: Vec<&str> = recipe.controls.iter().map(|control| &*control.value).collect();
            odd.push(format!(
                "the recipe is for {}: whether it shows something of `{control}` is yours to say",
                some(&meant, 3)
            ));
        }
        let usual = self.known.as_ref().map(|program| recipe::word(&program.system)).unwrap_or_default();
        let filed = self.system.map(|system| ground.system_id(system)).filter(|filed| *filed != usual);
        if let Some(filed) = filed.filter(|_| ground.program.names.systems.contains_key(usual)) {
            odd.push(format!("`{}` shows the system `{usual}`, and it is filed for `{filed}`", self.program));
        }
        odd
    }

    /// What will be run, with which rights, and what comes of it; the last thing somebody reads before agreeing.
    pub(super) fn shown(&self, ground: &Ground<'_>) -> String {
        let mut lines: Vec<(&str, String)> = Vec::new();
        if let Some(recipe) = &self.recipe {
            lines.push(("shows", recipe.title().to_owned()));
        }
        for question in self.questions().into_iter().flatten() {
            lines.push(("first", typed_as(&self.program, &self.arguments_of(question))));
        }
        lines.push(("runs", self.command()));
        lines.extend(
            self.counting().map(|count| ("counts", typed_as(&self.program, &self.arguments_of(count)))),
        );
        let permissions = self.recipe.iter().flat_map(|recipe| &recipe.permissions);
        lines.extend(permissions.map(|needed| ("needs", needed.value.to_string())));
        let by = ground.person_id(self.by);
        let system = self.system.map_or_else(String::new, |system| format!(", {}", ground.system_id(system)));
        lines.push(("for", format!("{}{system}, run by {by}", ground.control_id(self.control))));
        let control = ground.control_id(self.control);
        let folder = self.folder(ground, self.slot.as_deref(), ground.today);
        lines.push(("writes", format!("evidence/{control}/{folder}/{}", self.provisional())));
        lines.extend(self.odd(ground).into_iter().map(|odd| ("note", odd)));
        let line = |(name, text): &(&str, String)| format!("{name:>7}  {}", safe(text));
        lines.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

/// A command as somebody would type it: each argument stays one word.
pub(super) fn typed_as(program: &str, arguments: &[String]) -> String {
    let words = std::iter::once(program).chain(arguments.iter().map(String::as_str));
    words.map(plain_or_quoted).collect::<Vec<_>>().join(" ")
}

/// A flag needs no quotes; everything else as [`word`] has it.
fn plain_or_quoted(text: &str) -> String {
    let plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':' | ',' | '+' | '=');
    if text.starts_with('-') && text.chars().all(plain) { text.to_owned() } else { word(text) }
}
