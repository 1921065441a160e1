//! What is typed after a flag, read against this programme: names that must be known, days, words, texts.

use jiff::Timestamp;
use jiff::civil::Date;

use super::Ground;
use crate::commands::evidence::lookup;
use crate::error::{Error, Result};
use crate::model::scalar::Slug;
use crate::program::{anchor, document};
use crate::record::{Scalar, Target};
use crate::text::{clip, is_hostile, list, nearest, safe};

/// Characters of a text above this are refused: a register is read by people.
const LONGEST: usize = 4_000;
const LONGEST_LINE: usize = 400;

/// A text of one line or more.
pub(super) fn text(_: &Ground<'_>, text: &str) -> Result<String> {
    checked(text, LONGEST)
}

/// A text of one line: a title, a name.
pub(super) fn line(_: &Ground<'_>, text: &str) -> Result<String> {
    let text = checked(text, LONGEST_LINE)?;
    if text.contains('\n') {
        Err(Error::new("the text has several lines; write it in one"))
    } else {
        Ok(text)
    }
}

fn checked(text: &str, most: usize) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::new("the text is empty"));
    }
    let long = text.chars().nth(most).is_some();
    if long {
        return Err(Error::new(format!(
            "the text is longer than {most} characters: `{}`",
            clip(&safe(&clip(text, 60)), 60)
        ))
        .hint("say it in a sentence or two; what is longer belongs into evidence or minutes"));
    }
    if let Some(c) = text.chars().find(|c| *c != '\n' && is_hostile(*c)) {
        return Err(Error::new(format!(
            "the text holds a character that cannot be seen, U+{:04X}",
            c as u32
        ))
        .hint("type the text again instead of pasting it"));
    }
    Ok(text.to_owned())
}

/// An id.
pub(super) fn id(text: &str) -> Result<String> {
    let id = Slug::parse(text).map_err(|fault| Error::new(fault.message).hint(fault.help))?;
    Ok(id.to_string())
}

/// A day.
pub(super) fn day(_: &Ground<'_>, text: &str) -> Result<String> {
    lookup::day(text).map(|day| day.to_string())
}

/// A day that is not to come.
pub(super) fn past_day(ground: &Ground<'_>, text: &str) -> Result<Date> {
    let day = lookup::day(text)?;
    if day > ground.today {
        return Err(Error::new(format!("{day} is in the future: today is {}", ground.today))
            .hint("it is written down once it happened"));
    }
    Ok(day)
}

/// A moment with its offset, not to come.
pub(super) fn past_moment(ground: &Ground<'_>, text: &str) -> Result<(Timestamp, String)> {
    let moment = Timestamp::parse(text).map_err(|fault| Error::new(fault.message).hint(fault.help))?;
    let day = ground.zone.to_datetime(moment).date();
    if day > ground.today {
        return Err(Error::new(format!("{day} is in the future: today is {}", ground.today)));
    }
    Ok((moment, text.trim().to_owned()))
}

/// Yes or no, as `true` or `false`.
pub(super) fn truth(_: &Ground<'_>, text: &str) -> Result<String> {
    match text.trim().to_lowercase().as_str() {
        "y" | "yes" | "true" => Ok("true".to_owned()),
        "n" | "no" | "false" => Ok("false".to_owned()),
        _ => Err(Error::new("write yes or no")),
    }
}

/// A word of a closed list.
pub(super) fn word<T: Scalar>(_: &Ground<'_>, text: &str) -> Result<String> {
    lookup::word::<T>(text.trim()).map(|_| text.trim().to_owned())
}

/// A whole number from 1 to 5.
pub(super) fn score(_: &Ground<'_>, text: &str) -> Result<String> {
    match text.trim().parse::<u64>() {
        Ok(score @ 1..=5) => Ok(score.to_string()),
        _ => Err(Error::new(format!("`{}` is no score", clip(&safe(text), 20)))
            .hint("write a whole number from 1 to 5")),
    }
}

/// A person or role, by id.
pub(super) fn holder(ground: &Ground<'_>, text: &str) -> Result<String> {
    let text = text.trim();
    match ground.program.names.roles.contains_key(text) {
        true => Ok(text.to_owned()),
        false => person_id(ground, text).ok_or_else(|| unknown(ground, Target::Holder, text)),
    }
}

/// A person, by id.
pub(super) fn person(ground: &Ground<'_>, text: &str) -> Result<String> {
    let text = text.trim();
    if let Some(id) = person_id(ground, text) {
        return Ok(id);
    }
    if ground.program.names.roles.contains_key(text) {
        return Err(Error::new(format!("`{}` is a role: name the person", safe(text))));
    }
    Err(unknown(ground, Target::Person, text))
}

fn person_id(ground: &Ground<'_>, name: &str) -> Option<String> {
    let index = ground.program.person(name)?;
    ground.program.registers.people.get(index).map(|person| person.id.to_string())
}

/// A control.
pub(super) fn control(ground: &Ground<'_>, text: &str) -> Result<String> {
    named(ground, Target::Control, text)
}

/// A system.
pub(super) fn system(ground: &Ground<'_>, text: &str) -> Result<String> {
    named(ground, Target::System, text)
}

/// An audit.
pub(super) fn audit(ground: &Ground<'_>, text: &str) -> Result<String> {
    named(ground, Target::Audit, text)
}

fn named(ground: &Ground<'_>, target: Target, text: &str) -> Result<String> {
    let text = text.trim();
    if ground.program.resolves(target, text) {
        Ok(text.to_owned())
    } else {
        Err(unknown(ground, target, text))
    }
}

/// A section of a policy, or a policy.
pub(super) fn policy(ground: &Ground<'_>, text: &str) -> Result<String> {
    let text = named(ground, Target::Policy, text)?;
    let of = ground
        .program
        .names
        .policies
        .get(document(&text))
        .and_then(|index| ground.program.policies.get(*index));
    let (Some(anchor), Some(policy)) = (anchor(&text), of) else { return Ok(text) };
    if policy.body.text.is_none() || policy.body.has_anchor(anchor) {
        return Ok(text);
    }
    let anchors: Vec<&str> = policy.body.headings.iter().map(|heading| &*heading.anchor).collect();
    let error = Error::new(format!("`{}` has no section `{}`", policy.head.id, clip(&safe(anchor), 60)));
    Err(match nearest(anchor, anchors.iter().copied()) {
        Some(near) => error.hint(format!("did you mean `{}#{}`?", policy.head.id, safe(near))),
        None => error.hint(format!("its sections: {}", crate::text::some(&anchors, 12))),
    })
}

/// A criterion, or a point of focus below one.
pub(super) fn criterion(ground: &Ground<'_>, text: &str) -> Result<String> {
    let program = &ground.program;
    let typed = text.trim();
    if program.criterion(typed).is_ok() {
        return Ok(typed.to_owned());
    }
    let upper = typed.to_uppercase();
    if program.criterion(&upper).is_ok() {
        return Ok(upper);
    }
    let error = Error::new(format!("`{}` is not a criterion here", clip(&safe(typed), 60)));
    let ids = program
        .framework_of(typed)
        .map_or_else(Vec::new, |of| of.criteria.iter().map(|one| &*one.id.value).collect());
    Err(match nearest(&upper, ids.iter().copied()) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint("soc2 explain criteria lists them all"),
    })
}

/// A name that is nothing here, with the nearest that is.
fn unknown(ground: &Ground<'_>, target: Target, name: &str) -> Error {
    let program = &ground.program;
    let (folder, remedy) = match target {
        Target::Audit => ("soc2.toml", "audits are in soc2.toml"),
        Target::Control => ("controls/", "controls are in controls/: the id is under `id`"),
        Target::Holder => {
            ("registers/", "people are in registers/people, roles in registers/roles: add them there first")
        }
        Target::Person => ("registers/people", "add the person to registers/people first"),
        Target::Policy => ("policies/", "policies are in policies/: the id is in the front matter"),
        Target::System => ("registers/systems", "add the system to registers/systems first"),
        _ => ("", "soc2 check names what is unknown"),
    };
    let error = Error::new(format!("there is no {} `{}`", target.noun(), clip(&safe(name), 60)));
    match nearest(document(name), program.candidates(target)) {
        Some(near) => error.hint(format!("did you mean `{}`?", safe(near))),
        None if program.may_be_defined_in_unread(folder) => {
            error.hint(format!("a file of {folder} could not be read: soc2 check names its faults"))
        }
        None if target == Target::Audit => {
            let known: Vec<&str> = program.names.audits.keys().map(AsRef::as_ref).collect();
            if known.is_empty() {
                error.hint("soc2.toml names no audit yet")
            } else {
                error.hint(format!("audits here: {}", list(&known, "and")))
            }
        }
        None => error.hint(remedy),
    }
}
