//! `soc2 new exception`: a row of the exceptions.

use std::process::ExitCode;

use super::form::Form;
use super::{Ground, read};
use crate::commands::evidence::lookup;
use crate::error::{Error, Result};
use crate::rows::Written;
use crate::text::some;
use crate::timeline::{Judgement, SlotState};
use crate::ui::{self, Ui};

/// Add an exception: a deviation that was found.
///
/// The slot it names reads deviation from then on: no later evidence takes that back. Say what caused it, what came of it, and
/// how it was mended.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Its id; made of the slot or item and the control unless given.
    #[arg(value_name = "ID")]
    id: Option<String>,
    /// The control that did not do what it says.
    #[arg(long, value_name = "ID")]
    control: Option<String>,
    /// The slot it belongs to: 2026-Q1; `window` where the control has no intervals.
    #[arg(long, value_name = "SLOT", conflicts_with = "item")]
    slot: Option<String>,
    /// The item of the population it belongs to.
    #[arg(long, value_name = "ITEM")]
    item: Option<String>,
    /// The system.
    #[arg(long, value_name = "ID")]
    system: Option<String>,
    /// Who found it.
    #[arg(long, value_name = "PERSON")]
    by: Option<String>,
    /// The day on which it was found.
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// Why it happened.
    #[arg(long, value_name = "TEXT")]
    cause: Option<String>,
    /// What came of it.
    #[arg(long, value_name = "TEXT")]
    effect: Option<String>,
    /// The day on which it was mended.
    #[arg(long, value_name = "DATE")]
    remediated_on: Option<String>,
    /// Who mended it.
    #[arg(long, value_name = "PERSON", requires = "remediated_on")]
    remediated_by: Option<String>,
    /// What was done to mend it.
    #[arg(long, value_name = "TEXT", requires = "remediated_on")]
    remediation: Option<String>,
    /// What management says to the auditor.
    #[arg(long, value_name = "TEXT")]
    response: Option<String>,
    /// The person or role that answers for it.
    #[arg(long, value_name = "ID")]
    owner: Option<String>,
    /// Show what would be written; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Runs the verb.
pub(super) fn run(args: &Args, ground: &Ground<'_>) -> Result<ExitCode> {
    let mut form = Form::new(ground, "new exception");
    let ask = ("--control ID", "Control?", "the control that did not do what it says");
    let control = form.need("control", args.control.as_deref(), ask, read::control)?;
    let about = match &args.item {
        Some(item) => form.may("item", Some(item), None, read::line)?,
        None => {
            let slots = control.as_deref().map(|id| Slots::of(ground, id)).unwrap_or_default();
            let (words, what) = slots.words();
            let slot =
                form.need("slot", args.slot.as_deref(), ("--slot SLOT", &words, &what), |_, text| {
                    lookup::slot(text)
                })?;
            if let Some(slot) =
                slot.as_ref().filter(|slot| !slots.all.is_empty() && !slots.all.contains(slot))
            {
                ui::tell(&format!(
                    "note: the control has no slot `{slot}`; its slots are {}",
                    some(&slots.all, 8)
                ));
            }
            slot
        }
    };
    system(args, ground, control.as_deref(), &mut form)?;
    let ask = ("--by PERSON", "Found by?", "who found it");
    let by = form.answer(args.by.as_deref(), ask, read::person)?;
    let ask = ("--on DATE", "Found on? (year-month-day)", "the day on which it was found");
    let on = form.answer(args.on.as_deref(), ask, read::past_day)?;
    if let (Some(by), Some(on)) = (by, on) {
        form.put(
            "found",
            Written::Map(vec![("by", Written::Text(by)), ("on", Written::Text(on.to_string()))]),
        );
    }
    let ask = ("--cause TEXT", "Why did it happen?", "why it happened");
    form.need("cause", args.cause.as_deref(), ask, read::text)?;
    let ask = ("--effect TEXT", "What came of it?", "what came of it, also where that is nothing");
    form.need("effect", args.effect.as_deref(), ask, read::text)?;
    if let Some(day) = &args.remediated_on {
        let day = read::past_day(ground, day)?;
        if on.is_some_and(|on| day < on) {
            return Err(Error::new(format!("mended on {day}, before it was found")));
        }
        let mut done = vec![("on", Written::Text(day.to_string()))];
        if let Some(by) = &args.remediated_by {
            done.push(("by", Written::Text(read::person(ground, by)?)));
        }
        if let Some(what) = &args.remediation {
            done.push(("what", Written::Text(read::text(ground, what)?)));
        }
        form.put("remediated", Written::Map(done));
    }
    form.may("response", args.response.as_deref(), None, read::text)?;
    form.may("owner", args.owner.as_deref(), None, read::holder)?;
    let taken = |id: &str| ground.program.registers.exceptions.iter().any(|row| *row.id.value.0 == *id);
    let words = about.zip(control).map(|(about, control)| format!("{about} {control}"));
    form.id(args.id.as_deref(), words, "exception", taken)?;
    let fields = form.complete()?;
    let mut next = Vec::new();
    if args.remediated_on.is_none() {
        next.push(
            "once it is mended, add to the row\n        remediated: { on: DATE, by: PERSON, what: … }"
                .to_owned(),
        );
    }
    if args.response.is_none() {
        next.push("management says under `response` what the auditor is told".to_owned());
    }
    ground.add("exceptions", "exception", &fields, args.dry_run, &next)
}

/// The system: one of those that the control covers, where it names any.
fn system(args: &Args, ground: &Ground<'_>, control: Option<&str>, form: &mut Form<'_>) -> Result<()> {
    let index = control.and_then(|id| ground.program.names.controls.get(id));
    let own: Vec<&str> = index
        .and_then(|index| ground.program.controls.get(*index))
        .map_or_else(Vec::new, |control| control.systems.iter().map(|system| &*system.value.0).collect());
    let words = format!("System? ({}; `none`: it concerns each of them)", own.join(", "));
    let words = (own.len() > 1).then_some(words.as_str());
    let named = form.may("system", args.system.as_deref(), words, read::system)?;
    if named.is_none() && own.len() > 1 && !Ui::can_ask() {
        ui::tell(&format!(
            "note: no system is named: the deviation is of {}, each of them; --system ID names the one that it was found in",
            crate::text::list(&own, "and")
        ));
    }
    match named {
        Some(named) if !own.is_empty() && !own.contains(&named.as_str()) => {
            Err(Error::new(format!("the control does not cover `{named}`"))
                .hint(format!("it covers {}", crate::text::list(&own, "and"))))
        }
        _ => Ok(()),
    }
}

/// The slots that a control has, and those that lack evidence, by name.
#[derive(Default)]
struct Slots {
    all: Vec<String>,
    lacking: Vec<String>,
}

impl Slots {
    fn of(ground: &Ground<'_>, control: &str) -> Self {
        let Some(index) = ground.program.names.controls.get(control) else { return Self::default() };
        let judgement = ground.ui.busy("judging", || Judgement::new(&ground.program, ground.today, None));
        let standings = judgement.audits.iter().filter_map(|audit| audit.controls.get(*index));
        let mut slots = Self::default();
        for slot in standings.flat_map(|standing| &standing.slots) {
            let name = slot.spell.name();
            let lacks = matches!(slot.state, SlotState::Missed | SlotState::InsufficientEvidence);
            for (list, belongs) in [(&mut slots.all, true), (&mut slots.lacking, lacks)] {
                if belongs && !list.contains(&name) {
                    list.push(name.clone());
                }
            }
        }
        slots
    }

    /// The question, and what is missing without an answer.
    fn words(&self) -> (String, String) {
        let lacking = match self.lacking.is_empty() {
            true => "2026-Q1, or `window`".to_owned(),
            false => format!("without accepted evidence: {}", some(&self.lacking, 6)),
        };
        (
            format!("Slot? ({lacking})"),
            format!("the slot it belongs to ({lacking}); or --item ITEM of the population"),
        )
    }
}
