//! `soc2 audit next`: the window that abuts the last one.

use std::process::ExitCode;

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Ground, known};
use crate::commands::put::{self, Change};
use crate::commands::register;
use crate::error::{Error, Result};
use crate::model::audit::LONGEST_WINDOW;
use crate::model::scalar::Slug;
use crate::model::{Audit, AuditType};
use crate::record::{Scalar, Table};
use crate::rootfile::{self, NewAudit};
use crate::source::ROOT_FILE;
use crate::text::{count, safe};
use crate::timeline::Judgement;
use crate::ui;
use crate::watch;

/// Add the audit whose window begins the day after the last one ends.
///
/// It takes over what the audit before says of its own scope, and names the audit it follows. What that one leaves open is
/// listed as watch items here and by `soc2 show AUDIT`: deviations not mended, results not followed up, requests not accepted.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Its id; made of the year and the type unless given.
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// How many months its window spans.
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u8).range(1..=LONGEST_WINDOW as i64))]
    months: u8,
    /// The audit it follows; the one that ends last unless said.
    #[arg(long, value_name = "ID")]
    follows: Option<String>,
    /// Show what would be written; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Runs the verb.
pub(super) fn run(args: &Args, ground: &Ground<'_>) -> Result<ExitCode> {
    let program = &ground.program;
    let audits = program.config.as_ref().map_or(&[][..], |config| &config.audit);
    let last = last(args, ground, audits)?;
    let Some((_, end)) = last.days() else {
        return Err(Error::new(format!("`{}` has no days that can be followed", last.id))
            .hint("give it `period` or `as_of` in soc2.toml first"));
    };
    let period = abutting(end, args.months)?;
    let id = id(args, ground, period)?;
    let audit = NewAudit { id: id.clone(), period, ..inherited(last) };
    let before = register::text(&ground.root, program, ROOT_FILE, "")?;
    let after = rootfile::with_audit(&before, &audit)
        .map_err(|why| Error::new(format!("`{ROOT_FILE}` is left as it is: {why}")))?;
    let change = Change::edit(ROOT_FILE, before, after)?;
    let notes =
        ground.ui.busy("reading", || put::tried(program, ground.today, std::slice::from_ref(&change)))?;
    let what = format!("audit `{id}`, Type II, {} to {}, follows `{}`", period.0, period.1, last.id);
    let mut out = put::told(&ground.root, std::slice::from_ref(&change), &what, args.dry_run)?;
    out.push_str(&carried(ground, last, &id));
    let overlaps = audits.iter().filter(|other| other.id.value != last.id.value).filter_map(|other| {
        let (from, to) = other.days()?;
        let type2 = other.r#type.as_ref().is_some_and(|of| of.value == AuditType::Type2);
        (type2 && from <= period.1 && period.0 <= to)
            .then(|| format!("`{}` ({from} to {to}) overlaps it", other.id))
    });
    let overlaps: Vec<String> = overlaps.collect();
    if ground.ui.verbosity >= 0 && !args.dry_run {
        out.push_str(&format!(
            "Next: git add {ROOT_FILE} && git commit -m \"Add audit {id}\"\n      \
             agree the list of controls with the auditor, then: {}\n",
            ground.command(&format!("audit agree {id}"))
        ));
    }
    ui::print(&out)?;
    overlaps.iter().for_each(|note| ui::tell(&format!("note: {note}")));
    notes.iter().for_each(|note| ui::tell(&format!("note: {note}")));
    Ok(ExitCode::SUCCESS)
}

/// The audit that is followed.
fn last<'p>(args: &Args, ground: &'p Ground<'_>, audits: &'p [Audit]) -> Result<&'p Audit> {
    if let Some(asked) = &args.follows {
        known(&ground.program, asked)?;
        return audits
            .iter()
            .find(|audit| *audit.id.value.0 == **asked)
            .ok_or_else(|| Error::new("there is no such audit"));
    }
    let ends = |audit: &&Audit| audit.days().map(|(_, to)| to);
    let latest = audits.iter().filter_map(|audit| ends(&audit)).max();
    let all: Vec<&Audit> = audits.iter().filter(|audit| latest.is_some() && ends(audit) == latest).collect();
    match all.as_slice() {
        [one] => Ok(one),
        [] => Err(Error::new("soc2.toml names no audit with days that could be followed")
            .hint("write the first one yourself: [[audit]], id, type and period; soc2 explain audit")),
        [first, ..] => {
            let ids: Vec<String> = all.iter().map(|audit| audit.id.to_string()).collect();
            Err(Error::new(format!("{} end on the same day", crate::text::list(&ids, "and")))
                .hint(format!("say which one it follows: --follows {}", first.id)))
        }
    }
}

/// First and last day of the window behind a day.
fn abutting(end: Date, months: u8) -> Result<(Date, Date)> {
    let too_far = |_| Error::new("the window would end beyond the calendar");
    let from = end.checked_add(1.day()).map_err(too_far)?;
    // Whole months from a first of a month end on the last of one.
    let to = from
        .checked_add(i32::from(months).months())
        .and_then(|next| next.checked_sub(1.day()))
        .map_err(too_far)?;
    Ok((from, to))
}

/// The id that was given, or `2027-type2`, or the first of that kind that is free.
fn id(args: &Args, ground: &Ground<'_>, (from, to): (Date, Date)) -> Result<String> {
    let taken = |id: &str| ground.program.names.audits.contains_key(id);
    if let Some(given) = &args.id {
        let id = Slug::parse(given).map_err(|fault| Error::new(fault.message).hint(fault.help))?.to_string();
        if taken(&id) {
            return Err(Error::new(format!("there is an audit `{id}` already")).hint("give another id"));
        }
        return Ok(id);
    }
    let year = to.year();
    let half = if to.month() <= 6 { "h1" } else { "h2" };
    let mut names = vec![format!("{year}-type2"), format!("{year}-{half}-type2")];
    names.push(format!("{from}-type2"));
    names.extend((2..100).map(|nth| format!("{year}-type2-{nth}")));
    names
        .into_iter()
        .find(|id| !taken(id))
        .ok_or_else(|| Error::new("every id of that year is taken").hint("give one: --id ID"))
}

/// What an audit says of its own scope, and who it follows.
fn inherited(last: &Audit) -> NewAudit {
    let pairs = |table: &Table| -> Vec<(String, String)> {
        table.0.iter().map(|(key, value)| (key.value.to_string(), value.value.to_string())).collect()
    };
    NewAudit {
        id: String::new(),
        period: (Date::ZERO, Date::ZERO),
        follows: Some(last.id.to_string()),
        framework: last.framework.as_ref().map(|id| id.value.0.to_string()),
        categories: last.categories.iter().map(|one| one.value.to_string()).collect(),
        excluded: pairs(&last.excluded),
        not_relevant: pairs(&last.not_relevant),
        systems: last.systems.iter().map(|one| one.value.0.to_string()).collect(),
        firm: last.firm.as_ref().map(|firm| firm.value.to_string()),
    }
}

/// What the audit before leaves open, for people.
fn carried(ground: &Ground<'_>, last: &Audit, id: &str) -> String {
    let judgement =
        ground.ui.busy("judging", || Judgement::new(&ground.program, ground.today, Some(&last.id.value.0)));
    let Some(standing) = judgement.audits.first() else { return String::new() };
    let items = watch::items(&judgement, standing);
    let open = items.iter().filter(|item| item.open).count();
    if items.is_empty() {
        return format!("Nothing is carried over from `{}` as of {}\n", last.id, ground.today);
    }
    let mut out = format!(
        "Carried over from `{}`: {}, {open} open; {} lists them\n",
        last.id,
        count(items.len(), "watch item"),
        ground.command(&format!("show {id}"))
    );
    for item in items.iter().take(20) {
        let control =
            item.control.as_ref().map_or_else(String::new, |control| format!(" ({})", safe(control)));
        out.push_str(&format!("  {} {}{control}: {}; {}\n", item.kind, item.id, item.what, item.now));
    }
    if items.len() > 20 {
        out.push_str(&format!("  and {} more\n", items.len() - 20));
    }
    out
}
