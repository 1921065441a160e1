//! Which audit a verb is about.

use std::process::ExitCode;

use jiff::civil::Date;

use crate::error::{Error, Result};
use crate::program::Program;
use crate::source::ROOT_FILE;
use crate::text::{list, nearest};
use crate::timeline::{self, AuditStanding, Judgement};
use crate::ui;

/// The one audit to judge; `None` when `soc2.toml` names none, so that the day alone is judged.
pub(super) fn one<'p>(program: &'p Program, as_of: Date, asked: Option<&'p str>) -> Result<Option<&'p str>> {
    if let Some(asked) = asked {
        known(program, asked)?;
    }
    timeline::choose(program, as_of, asked).map_err(|several| {
        let first = several.first().copied().unwrap_or_default();
        Error::new(format!("{} could be meant on {as_of}", list(&several, "and")))
            .hint(format!("say which audit: --audit {first}"))
    })
}

/// Refuses an audit that `soc2.toml` does not name.
pub(super) fn known(program: &Program, id: &str) -> Result<()> {
    if program.names.audits.contains_key(id) {
        return Ok(());
    }
    let known: Vec<&str> = program.names.audits.keys().map(AsRef::as_ref).collect();
    let error = Error::new(format!("there is no audit `{id}` in soc2.toml"));
    Err(match nearest(id, known.iter().copied()) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None if known.is_empty() => error.hint("soc2.toml names no audit yet: add an [[audit]]"),
        None => error.hint(format!("audits here: {}", list(&known, "and"))),
    })
}

/// The one audit that was judged. Nothing when `soc2.toml` cannot be read and so names none.
pub(super) fn judged<'j>(judgement: &'j Judgement<'_>) -> Option<&'j AuditStanding> {
    let sources = &judgement.program.sources;
    let unread = judgement.program.unread.iter().any(|file| sources.path(*file) == ROOT_FILE);
    judgement.audits.first().filter(|audit| audit.id.is_some() || !unread)
}

/// Says that no audit has days, which is a fault in soc2.toml.
pub(super) fn nothing_to_judge() -> Result<ExitCode> {
    ui::tell(
        "error: soc2.toml cannot be read, or no audit in it has days to judge\n  hint: soc2 check names the fault",
    );
    Ok(ExitCode::FAILURE)
}
