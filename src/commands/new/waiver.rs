//! `soc2 new waiver`: a row of the waivers, asked for and not approved.

use std::process::ExitCode;

use jiff::ToSpan;
use jiff::civil::Date;

use super::form::Form;
use super::{Ground, read};
use crate::change::{self, Effect};
use crate::commands::evidence::lookup;
use crate::error::{Error, Result};
use crate::report::Report;
use crate::rows::Written;
use crate::rules::{self, RULES};
use crate::text::{clip, list, nearest, safe, some};
use crate::timeline::{Judgement, people};
use crate::ui;

/// Ask for a waiver: a gap that is let through for a time.
///
/// The approval is another person's and is never written here; without it the waiver lets nothing through. A waiver opens the
/// gate and changes no verdict.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Its id; made of the subject and the rule unless given.
    #[arg(value_name = "ID")]
    id: Option<String>,
    /// The gap's rule: role-vacant.
    #[arg(long, value_name = "RULE")]
    rule: Option<String>,
    /// What the gap is about, as `soc2 check` names it: a control, criterion, policy, role, …
    #[arg(long, value_name = "ID")]
    subject: Option<String>,
    /// Only this slot.
    #[arg(long, value_name = "SLOT")]
    slot: Option<String>,
    /// Only this system.
    #[arg(long, value_name = "ID")]
    system: Option<String>,
    /// Only this audit.
    #[arg(long, value_name = "ID")]
    audit: Option<String>,
    /// Why it may wait.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Who asks.
    #[arg(long, value_name = "PERSON")]
    by: Option<String>,
    /// The day on which it is asked for; today unless said.
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// Last day it is to hold, at most twelve months from now.
    #[arg(long, value_name = "DATE")]
    expires: Option<String>,
    /// The control that makes up for it meanwhile.
    #[arg(long, value_name = "ID")]
    compensating: Option<String>,
    /// Show what would be written; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Runs the verb.
pub(super) fn run(args: &Args, ground: &Ground<'_>) -> Result<ExitCode> {
    let mut form = Form::new(ground, "new waiver");
    let ask = ("--rule RULE", "Rule of the gap?", "the gap's rule, as `soc2 check` names it");
    let rule = form.need("rule", args.rule.as_deref(), ask, |_, text| waivable(text))?;
    let ask = ("--subject ID", "Subject of the gap?", "what the gap is about, as `soc2 check` names it");
    let subject = form.need("subject", args.subject.as_deref(), ask, read::line)?;
    form.may("slot", args.slot.as_deref(), None, |_, text| lookup::slot(text))?;
    form.may("system", args.system.as_deref(), None, read::system)?;
    form.may("audit", args.audit.as_deref(), None, read::audit)?;
    let ask = ("--reason TEXT", "Why may it wait?", "why it may wait");
    form.need("reason", args.reason.as_deref(), ask, read::text)?;
    let ask = ("--by PERSON", "Who asks?", "who asks for it");
    let by = form.answer(args.by.as_deref(), ask, read::person)?;
    let on = args.on.as_deref().map_or(Ok(ground.today), |text| read::past_day(ground, text))?;
    if let Some(by) = &by {
        works_here(ground, by, on)?;
        form.put(
            "requested",
            Written::Map(vec![("by", Written::Text(by.clone())), ("on", Written::Text(on.to_string()))]),
        );
    }
    let ask = ("--expires DATE", "Holds up to? (year-month-day)", "the last day it is to hold");
    form.need("expires", args.expires.as_deref(), ask, |ground, text| within_a_year(ground.today, text))?;
    form.may("compensating", args.compensating.as_deref(), None, read::control)?;
    let taken = |id: &str| ground.program.registers.waivers.iter().any(|row| *row.id.value.0 == *id);
    let words = subject.clone().zip(rule.clone()).map(|(subject, rule)| format!("{subject} {rule}"));
    let id = form.id(args.id.as_deref(), words, "waiver", taken)?;
    let fields = form.complete()?;
    let (Some(rule), Some(subject), Some(by), Some(id)) = (rule, subject, by, id) else {
        return Err(Error::new("nothing was written"));
    };
    if let Some(doubt) = without_gap(ground, &rule, &subject) {
        ui::tell(&format!("note: {doubt}"));
    }
    let next = vec![format!(
        "`{id}` lets nothing through until another person than {by} approves it: {} adds to the row\n        \
         approved: {{ by: PERSON, on: DATE }}",
        approvers(ground, &by)
    )];
    ground.add("waivers", "waiver", &fields, args.dry_run, &next)
}

/// The name of a rule or change that a waiver can let through.
fn waivable(text: &str) -> Result<String> {
    let name = text.trim();
    let own = rules::find(name);
    if own.is_some_and(|rule| rule.class().is_some() && !name.starts_with("waiver-")) {
        return Ok(name.to_owned());
    }
    if change::find(name).is_some_and(|kind| kind.effect == Effect::Regression) {
        return Ok(name.to_owned());
    }
    if own.is_some_and(|rule| rule.level().is_some()) {
        return Err(Error::new(format!("`{name}` is a diagnostic: it is about the text, and no waiver lets it through"))
            .hint(format!("mend the text; or mute one place with a comment that gives the reason: # soc2: ignore[{name}] why")));
    }
    if own.is_some() {
        return Err(Error::new(format!("`{name}` is about waivers themselves, and cannot be waived")));
    }
    let gaps = RULES.iter().filter(|rule| rule.class().is_some()).map(|rule| rule.name);
    let changes = change::KINDS.iter().filter(|kind| kind.effect == Effect::Regression).map(|kind| kind.name);
    let error = Error::new(format!("`{}` is not a rule", clip(&safe(name), 60)));
    Err(match nearest(name, gaps.chain(changes)) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint("soc2 explain rules lists them all"),
    })
}

/// A day on which an approval of today may still hold.
fn within_a_year(today: Date, text: &str) -> Result<String> {
    let day = lookup::day(text)?;
    if day < today {
        return Err(Error::new(format!("{day} is past: today is {today}")));
    }
    match today.checked_add(12.months()) {
        Ok(last) if day > last => {
            Err(Error::new(format!("a waiver holds for twelve months at most: up to {last}"))
                .hint("what waits for longer is decided anew"))
        }
        _ => Ok(day.to_string()),
    }
}

/// Refuses a person who does not work here, and a bot.
fn works_here(ground: &Ground<'_>, id: &str, on: Date) -> Result<()> {
    let index = ground.program.person(id);
    let Some(person) = index.and_then(|index| ground.program.registers.people.get(index)) else {
        return Ok(());
    };
    if people::is_bot(person) {
        return Err(Error::new(format!("`{id}` is a bot: a person asks for a waiver")));
    }
    if people::employed(person, on) {
        return Ok(());
    }
    Err(Error::new(format!("`{id}` did not work here on {on}"))
        .hint("if the register is wrong, correct `employed` in registers/people first"))
}

/// Who may approve: whoever holds the role `management`, else anybody else who works here.
fn approvers(ground: &Ground<'_>, asked_by: &str) -> String {
    let program = &ground.program;
    let may = |index: &usize| {
        let person = program.registers.people.get(*index)?;
        let other = *person.id.value.0 != *asked_by && !people::is_bot(person);
        (other && people::employed(person, ground.today)).then(|| person.id.to_string())
    };
    let role = program.names.roles.get("management").and_then(|role| program.registers.roles.get(*role));
    let managers = role.map_or_else(Vec::new, |role| people::holders(program, role, ground.today));
    let named: Vec<String> = managers.iter().filter_map(may).collect();
    if !named.is_empty() {
        return format!("{} (management)", list(&named, "or"));
    }
    let anybody: Vec<String> =
        (0..program.registers.people.len()).filter_map(|index| may(&index)).take(4).collect();
    match anybody.is_empty() {
        true => "nobody else is in registers/people yet: whoever comes".to_owned(),
        false => list(&anybody, "or"),
    }
}

/// Says when no gap of today is let through: a slip in the subject, or one that is still to come.
fn without_gap(ground: &Ground<'_>, rule: &str, subject: &str) -> Option<String> {
    rules::find(rule)?;
    let judgement = ground.ui.busy("judging", || Judgement::new(&ground.program, ground.today, None));
    let report = Report::new(&judgement);
    let gaps = report.gaps.iter().filter(|gap| gap.rule == rule);
    let mut subjects: Vec<String> = gaps.map(|gap| gap.subject.id.clone()).collect();
    subjects.sort();
    subjects.dedup();
    if subjects.iter().any(|one| one == subject) {
        return None;
    }
    let said = format!("no gap `{rule}` is about `{}` today", safe(subject));
    let shown: Vec<String> = subjects.iter().map(|one| format!("`{}`", safe(one))).collect();
    Some(match nearest(subject, subjects.iter().map(String::as_str)) {
        Some(near) => format!("{said}; did you mean `{}`?", safe(near)),
        None if shown.is_empty() => format!("{said}, nor about anything else"),
        None => format!("{said}; gaps of that rule are about {}", some(&shown, 5)),
    })
}
