//! `soc2 audit list`: the audits with their days and where they stand.

use std::process::ExitCode;

use jiff::civil::Date;

use super::Ground;
use crate::commands::check::date;
use crate::error::Result;
use crate::model::{Audit, AuditType};
use crate::text::{count, safe};
use crate::timeline::calendar::days_between;
use crate::ui;

/// List the audits: their days, how long they still go on, what each follows.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// As of this day instead of today in the organization's time zone.
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: Option<Date>,
}

/// Runs the verb.
pub(super) fn run(args: &Args, ground: &Ground<'_>) -> Result<ExitCode> {
    let as_of = args.as_of.unwrap_or(ground.today);
    let mut audits: Vec<&Audit> =
        ground.program.config.as_ref().map_or_else(Vec::new, |config| config.audit.iter().collect());
    audits.sort_by_key(|audit| (audit.days().is_none(), audit.days(), audit.id.value.0.clone()));
    let mut out = String::new();
    for audit in &audits {
        out.push_str(&format!("{:<16} {}\n", safe(&audit.id.value), words(audit)));
        for line in lines(audit, as_of) {
            out.push_str(&format!("{:<16} {line}\n", ""));
        }
    }
    if audits.is_empty() {
        out.push_str("soc2.toml names no audit yet\n");
    }
    if ground.ui.verbosity >= 0 {
        out.push_str(&format!("Next: {}\n", ground.command("audit next")));
    }
    ui::print(&out)?;
    Ok(ExitCode::SUCCESS)
}

/// `Type II, 2026-01-01 to 2026-12-31`.
fn words(audit: &Audit) -> String {
    match (audit.r#type.as_ref().map(|of| of.value), audit.days()) {
        (Some(AuditType::Type1), Some((on, _))) => format!("Type I as of {on}"),
        (Some(AuditType::Type2), Some((from, to))) => format!("Type II, {from} to {to}"),
        _ => "without days to judge".to_owned(),
    }
}

/// Where it stands, and what is known of it.
fn lines(audit: &Audit, as_of: Date) -> Vec<String> {
    let days = |from, to| count(usize::try_from(days_between(from, to)).unwrap_or(0), "day");
    let mut lines = Vec::new();
    match (&audit.issued, audit.days()) {
        (Some(issued), _) if issued.value <= as_of => lines.push(format!("report issued on {issued}")),
        (_, Some((from, _))) if as_of < from => lines.push(format!("begins in {}", days(as_of, from))),
        (_, Some((_, to))) if as_of > to => {
            lines.push(format!("ended {} ago, report not issued", days(to, as_of)))
        }
        (_, Some((from, to))) => {
            let (day, all) = (days_between(from, as_of) + 1, days_between(from, to) + 1);
            lines.push(format!("day {day} of {all}, {} left", days(as_of, to)));
        }
        (_, None) => {}
    }
    if let Some(work) = &audit.fieldwork {
        let to = work.to.as_ref().map_or_else(String::new, |to| format!(" to {to}"));
        lines.extend(work.from.as_ref().map(|from| format!("fieldwork from {from}{to}")));
    }
    if let Some(agreed) = &audit.agreed {
        lines.push(format!("list of controls agreed on {agreed}"));
    }
    if let Some(follows) = &audit.follows {
        lines.push(format!("follows {}", safe(&follows.value.0)));
    }
    lines
}
