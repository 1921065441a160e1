//! The questions of `soc2 init` on a terminal. A flag answers its question; an empty answer takes the default.

use std::path::Path;

use jiff::civil::Date;

use super::{Answers, Args, AuditAnswer, Existing, another_person, categories, known_zone, not_blank};
use crate::commands::ask::{self, plain};
use crate::commands::clock;
use crate::error::Result;
use crate::model::AuditType;
use crate::record::Scalar;
use crate::scaffold::Contact;
use crate::ui;

/// Asks whatever the flags left open.
pub(super) fn ask(args: &Args, dir: &Path) -> Result<Answers> {
    let there = Existing::of(dir);
    // The root file and the registers stay as they are: what only they would say is not asked.
    let added = there.organization.is_some();
    let organization = match args.name.clone().or(there.organization) {
        Some(name) => not_blank(name)?,
        None => until("Organisation (legal name)?", None, |text| {
            not_blank(text.to_owned()).map_err(|e| plain(&e))
        })?,
    };
    let system = match args.system.clone().or(there.system) {
        Some(system) => system,
        None => until(&format!("System or product? [{organization}]"), Some(&organization), |text| {
            Ok(text.to_owned())
        })?,
    };
    let staff = match args.staff {
        Some(staff) => staff,
        None => until("Staff, contractors included? [20]", Some("20"), |text| {
            text.parse().map_err(|_| "write a whole number: 20".to_owned())
        })?,
    };
    let office = match &args.site {
        Some(site) => site == "office",
        None => until("Office or remote? (office: there is one to lock) [remote]", Some("remote"), |text| {
            match text.to_lowercase().as_str() {
                "office" | "y" | "yes" => Ok(true),
                "remote" | "n" | "no" => Ok(false),
                _ => Err("write office or remote".to_owned()),
            }
        })?,
    };
    let chosen = match args.categories.as_ref().or(there.categories.as_ref()) {
        Some(named) => categories(named)?,
        None => until(
            "Categories besides security? (availability, confidentiality, …) [none]",
            Some("none"),
            |text| {
                let named: Vec<String> = text.split(',').map(|part| part.trim().to_owned()).collect();
                let named: Vec<String> = named.into_iter().filter(|n| !n.is_empty() && n != "none").collect();
                categories(&named).map_err(|e| plain(&e))
            },
        )?,
    };
    let audit = match super::audit(args)? {
        None if !added => audit()?,
        given => given,
    };
    let timezone = match args.timezone.clone().or(there.timezone) {
        Some(zone) => zone,
        None => until("Time zone? [UTC]", Some("UTC"), |text| {
            known_zone(text).map(|_| text.to_owned()).map_err(|e| plain(&e))
        })?,
    };
    let zone = known_zone(&timezone)?;
    let [security, approver, engineering, hr] = if added { super::holders(args)? } else { contacts(args)? };
    Ok(Answers {
        organization,
        system,
        staff,
        office,
        categories: chosen,
        audit,
        timezone,
        holders: [security, approver, engineering, hr],
        today: clock::today(&zone),
        prefix: String::new(),
    })
}

fn contacts(args: &Args) -> Result<[Option<Contact>; 4]> {
    let security =
        contact("Security lead? (Ann Lee <ann@acme.com>, empty: later)", args.security_lead.as_ref(), None)?;
    let approver =
        contact("Approver of policies, another person?", args.approver.as_ref(), security.as_ref())?;
    let engineering = contact("Who runs engineering?", args.engineering_lead.as_ref(), None)?;
    let hr = contact("Who runs HR?", args.hr_lead.as_ref(), None)?;
    if let (Some(lead), Some(approver)) = (&security, &approver)
        && lead.email.eq_ignore_ascii_case(&approver.email)
    {
        return Err(another_person());
    }
    Ok([security, approver, engineering, hr])
}

fn until<T>(
    question: &str,
    default: Option<&str>,
    read: impl Fn(&str) -> std::result::Result<T, String>,
) -> Result<T> {
    ask::until("init", question, default, read)
}

fn audit() -> Result<Option<AuditAnswer>> {
    let kind = until("Report? (type1, type2, or later) [later]", Some("later"), |text| match text {
        "type1" => Ok(Some(AuditType::Type1)),
        "type2" => Ok(Some(AuditType::Type2)),
        "later" => Ok(None),
        _ => Err("write type1, type2 or later".to_owned()),
    })?;
    let day = |question: &str| {
        until(question, None, |text| {
            Date::parse(text).map_err(|fault| format!("{}; {}", fault.message, fault.help))
        })
    };
    Ok(match kind {
        None => None,
        Some(AuditType::Type1) => {
            let on = day("As of which date?")?;
            Some(AuditAnswer { kind: AuditType::Type1, days: (on, on) })
        }
        Some(AuditType::Type2) => {
            let from = day("First day of the window?")?;
            loop {
                let to = day("Last day of the window?")?;
                if from <= to {
                    break Some(AuditAnswer { kind: AuditType::Type2, days: (from, to) });
                }
                ui::tell("  the window ends before it begins");
            }
        }
    })
}

/// A person, or nobody yet; never the one who is `not` allowed.
fn contact(question: &str, given: Option<&Contact>, not: Option<&Contact>) -> Result<Option<Contact>> {
    if let Some(given) = given {
        return Ok(Some(given.clone()));
    }
    until(question, Some(""), |text| {
        if text.is_empty() {
            return Ok(None);
        }
        let contact = Contact::parse(text)?;
        match not {
            Some(other) if other.email.eq_ignore_ascii_case(&contact.email) => Err(plain(&another_person())),
            _ => Ok(Some(contact)),
        }
    })
}
