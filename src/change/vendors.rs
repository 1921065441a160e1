//! Vendors and what they show of themselves; what is assumed of subservice organisations.

use std::collections::BTreeSet;

use super::found::Found;
use super::pairs::entries;
use super::wording::{names, quoted, shown};
use super::{Effect, Kind, owners};
use crate::gap::Subject;
use crate::model::registers::{Csoc, Subservice, Vendor, VendorReport};

pub(super) static REMOVED: Kind = Kind {
    name: "vendor-removed",
    effect: Effect::Regression,
    brief: "a vendor is gone from the register",
    why: "what nobody lists, nobody reviews",
};

pub(super) static TIER_LOWERED: Kind = Kind {
    name: "vendor-tier-lowered",
    effect: Effect::Regression,
    brief: "less is said to hang on a vendor, or it is no subservice organisation any more",
    why: "the tier decides how closely a vendor is looked at",
};

pub(super) static REPORT_REMOVED: Kind = Kind {
    name: "vendor-report-removed",
    effect: Effect::Regression,
    brief: "a report of a vendor, its reading, or what was found in it is gone",
    why: "it is what we rely on for the vendor's part of the window",
};

pub(super) static CSOC_REMOVED: Kind = Kind {
    name: "csoc-removed",
    effect: Effect::Regression,
    brief: "a control assumed of a subservice organisation is gone, serves fewer criteria or is watched by nothing",
    why: "what the vendor carries is left to nobody; the description lists it (DC 7)",
};

pub(super) static ADDED: Kind = Kind {
    name: "vendor-added",
    effect: Effect::Disclosure,
    brief: "there is a new vendor",
    why: "a new vendor is an item of the due diligence population",
};

pub(super) static ENDED: Kind = Kind {
    name: "vendor-ended",
    effect: Effect::Disclosure,
    brief: "a vendor is no longer used from a day on",
    why: "its access ends and our data there is to be returned or destroyed",
};

pub(super) static WEAK_REPORT: Kind = Kind {
    name: "vendor-report-with-exceptions",
    effect: Effect::Disclosure,
    brief: "a vendor's report has exceptions, or an opinion that is not unqualified",
    why: "we say what it means for us before the auditor asks",
};

pub(super) static REPORT: Kind = Kind {
    name: "vendor-report-filed",
    effect: Effect::Edit,
    brief: "there is a further report of a vendor",
    why: "somebody has to read it for us",
};

fn subject(vendor: &Vendor) -> Subject {
    Subject::new("vendor", vendor.id.to_string())
}

pub(super) fn compare(found: &mut Found<'_>) {
    let (before, after) = (found.before, found.after);
    let pairs =
        found.rows("vendors", |program| &program.registers.vendors, |vendor| vendor.id.value.0.clone());
    for vendor in pairs.gone.iter().filter_map(|index| before.registers.vendors.get(*index)) {
        let message = format!("the vendor {} is gone from the register", quoted(&vendor.id));
        let help = "restore the row; a vendor that is no longer used has a last day: `ended`";
        found.gone(&REMOVED, subject(vendor), vendor.id.at, message).help(help);
    }
    for vendor in pairs.new.iter().filter_map(|index| after.registers.vendors.get(*index)) {
        let tier = vendor.tier.as_ref().map_or("no tier", |tier| tier.value.word());
        found.now(
            &ADDED,
            subject(vendor),
            vendor.id.at,
            format!("new vendor {} ({tier})", quoted(&vendor.id)),
        );
    }
    for (old, new) in pairs.both {
        let registers = (&before.registers, &after.registers);
        let (Some(old), Some(new)) = (registers.0.vendors.get(old), registers.1.vendors.get(new)) else {
            continue;
        };
        one(found, old, new);
        if !new.misread.holds("reports") {
            reports(found, old, new);
        }
        if !new.misread.holds("owner") {
            owners::compare(
                found,
                subject(new),
                (old.owner.as_ref(), old.id.at),
                (new.owner.as_ref(), new.id.at),
            );
        }
    }
    csocs(found);
}

fn one(found: &mut Found<'_>, old: &Vendor, new: &Vendor) {
    let id = quoted(&new.id);
    // Tiers are declared from critical to low.
    if let (Some(was), Some(is)) = (&old.tier, &new.tier)
        && is.value > was.value
    {
        let message = format!("{id}: {} → {}", was.value.word(), is.value.word());
        found.now(&TIER_LOWERED, subject(new), is.at, message).help("restore the tier");
    }
    let part = |vendor: &Vendor| {
        vendor.subservice.as_ref().map(|method| method.value).filter(|method| *method != Subservice::None)
    };
    if let (Some(was), None) = (part(old), part(new))
        && !new.misread.holds("subservice")
    {
        let message = format!("{id} is no subservice organisation any more; it was {}", was.word());
        found.now(&TIER_LOWERED, subject(new), new.id.at, message).help("restore `subservice`");
    }
    if let (None, Some(day)) = (&old.ended, &new.ended) {
        found.now(&ENDED, subject(new), day.at, format!("{id} is no longer used from {} on", day.value));
    }
}

type ReportKey = (Option<&'static str>, String, String);

fn key(report: &VendorReport) -> ReportKey {
    let day = |of: fn(&crate::model::Period) -> Option<&crate::model::scalar::Date>| {
        shown(report.period.as_ref().and_then(of))
    };
    (
        report.kind.as_ref().map(|kind| kind.value.word()),
        day(|period| period.from.as_ref()),
        day(|period| period.to.as_ref()),
    )
}

fn in_words(report: &VendorReport) -> String {
    let (kind, from, to) = key(report);
    format!("{} of {from} to {to}", kind.unwrap_or("report"))
}

/// Says something that we have to answer.
fn is_weak(report: &VendorReport) -> bool {
    let opinion = report.opinion.as_ref().map(|opinion| opinion.to_lowercase());
    let said = report.exceptions.as_ref().map_or("", |exceptions| exceptions.trim());
    opinion.is_some_and(|opinion| opinion.trim() != "unqualified")
        || !matches!(said.to_lowercase().as_str(), "" | "none" | "no")
}

fn reports(found: &mut Found<'_>, old: &Vendor, new: &Vendor) {
    let id = quoted(&new.id);
    let compared = entries(&old.reports, &new.reports, key);
    for report in compared.gone {
        let message = format!("{id}: the {} is gone", in_words(report));
        found.gone(&REPORT_REMOVED, subject(new), report.place, message).help("restore the entry");
    }
    for (report, now) in compared.both {
        let mut lost = Vec::new();
        if report.reviewed.is_some() && now.reviewed.is_none() {
            lost.push("who read it");
        }
        if is_weak(report) && !is_weak(now) {
            lost.push("what was found in it");
        }
        if !lost.is_empty() {
            let message =
                format!("{id}: of the {}, {} is no longer said", in_words(report), lost.join(" and "));
            found.now(&REPORT_REMOVED, subject(new), now.place, message).help("restore it");
        }
        if !is_weak(report) && is_weak(now) {
            weak(found, new, now);
        }
    }
    for report in compared.new {
        if is_weak(report) {
            weak(found, new, report);
        } else {
            found.now(&REPORT, subject(new), report.place, format!("{id}: {}", in_words(report)));
        }
    }
}

fn weak(found: &mut Found<'_>, vendor: &Vendor, report: &VendorReport) {
    let opinion =
        report.opinion.as_ref().map_or(String::new(), |opinion| format!(", opinion {}", quoted(opinion)));
    let said = report.exceptions.as_ref().map_or(String::new(), |said| format!(": {}", quoted(said)));
    let message = format!("{}: {}{opinion}{said}", quoted(&vendor.id), in_words(report));
    found.now(&WEAK_REPORT, subject(vendor), report.place, message);
}

fn csocs(found: &mut Found<'_>) {
    let (before, after) = (found.before, found.after);
    let pairs = found.rows("csocs", |program| &program.registers.csocs, |csoc| csoc.id.value.0.clone());
    let about = |csoc: &Csoc| Subject::new("CSOC", csoc.id.to_string());
    for csoc in pairs.gone.iter().filter_map(|index| before.registers.csocs.get(*index)) {
        let criteria: Vec<&str> = csoc.criteria.iter().map(|name| &*name.value.0).collect();
        let message = format!("the CSOC {} is gone; it served {}", quoted(&csoc.id), names(&criteria));
        found.gone(&CSOC_REMOVED, about(csoc), csoc.id.at, message).help("restore the row");
    }
    for (old, new) in pairs.both {
        let registers = (&before.registers, &after.registers);
        let (Some(old), Some(new)) = (registers.0.csocs.get(old), registers.1.csocs.get(new)) else {
            continue;
        };
        if let (Some(control), None) = (&old.monitored_by, &new.monitored_by)
            && !new.misread.holds("monitored_by")
        {
            let message = format!("{} is no longer watched by {}", quoted(&new.id), quoted(control));
            found.gone(&CSOC_REMOVED, about(new), control.at, message).help("restore `monitored_by`");
        }
        let kept: BTreeSet<&str> = new.criteria.iter().map(|now| &*now.value.0).collect();
        let gone: Vec<&str> =
            old.criteria.iter().map(|name| &*name.value.0).filter(|name| !kept.contains(name)).collect();
        if !gone.is_empty() && !new.misread.holds("criteria") {
            let message = format!("{} no longer serves {}", quoted(&new.id), names(&gone));
            found.gone(&CSOC_REMOVED, about(new), old.id.at, message).help("restore the criteria");
        }
    }
}
