//! Vendors whose review, or whose newest report, runs out.

use jiff::ToSpan;

use super::who::Who;
use super::{Found, Item, Kind, open, register};
use crate::model::registers::{ReportKind, Subservice, Tier, Vendor, VendorReport};
use crate::timeline::Judgement;
use crate::timeline::calendar::moved;

/// Adds what is due of the vendors in use.
pub(super) fn of(judgement: &Judgement<'_>, found: &mut Found) {
    let vendors = judgement.program.registers.vendors.iter();
    for vendor in
        vendors.filter(|vendor| vendor.ended.as_ref().is_none_or(|day| judgement.as_of <= day.value))
    {
        review(judgement, vendor, found);
        report(judgement, vendor, found);
    }
}

fn is_tier(vendor: &Vendor, tiers: &[Tier]) -> bool {
    vendor.tier.as_ref().is_some_and(|tier| tiers.contains(&tier.value))
}

fn review(judgement: &Judgement<'_>, vendor: &Vendor, found: &mut Found) {
    let last = vendor.reviewed.as_ref().and_then(|act| act.on.as_ref());
    let (Some(last), true) = (last, is_tier(vendor, &[Tier::Critical, Tier::High])) else { return };
    let settings = &judgement.settings;
    let day = moved(last.value, settings.review_months.months());
    let grace = moved(day, settings.review_grace_days.days());
    let who = Who::of(judgement.program, vendor.owner.as_ref(), day.max(judgement.as_of));
    let days = (judgement.as_of, day, Some(grace).filter(|grace| *grace > day));
    found.add(Item {
        what: format!("review of the vendor {}", vendor.id),
        why: Some(format!("last reviewed on {}", last.value)),
        todo: Some("look at service, data, contract and report; then write `reviewed`".to_owned()),
        command: open(&register(judgement, "vendors")),
        ..Item::record(Kind::VendorReview, days, &vendor.id, who)
    });
}

fn report(judgement: &Judgement<'_>, vendor: &Vendor, found: &mut Found) {
    let method = vendor.subservice.as_ref().map(|method| method.value);
    let critical = is_tier(vendor, &[Tier::Critical]) && method != Some(Subservice::Inclusive);
    if method != Some(Subservice::CarveOut) && !critical {
        return;
    }
    let ends = |report: &VendorReport| Some(report.period.as_ref()?.to.as_ref()?.value);
    let kind = |report: &VendorReport| report.kind.as_ref().map(|kind| kind.value);
    let examined = |report: &&VendorReport| {
        !matches!(kind(report), None | Some(ReportKind::BridgeLetter | ReportKind::Iso27001))
    };
    let Some(end) = vendor.reports.iter().filter(examined).filter_map(ends).max() else { return };
    let letters = vendor.reports.iter().filter(|report| kind(report) == Some(ReportKind::BridgeLetter));
    let bridged = letters.filter_map(ends).max().filter(|letter| *letter > end);
    let usable = moved(end, judgement.settings.vendor_report_months.months());
    // A letter speaks for the days after the report, and for a while after its own last day.
    let letter = bridged.map(|letter| moved(letter, judgement.settings.bridge_days.days()));
    let day = letter.map_or(usable, |letter| usable.max(letter));
    let who = Who::of(judgement.program, vendor.owner.as_ref(), day.max(judgement.as_of));
    found.add(Item {
        what: format!("new report of the vendor {}", vendor.id),
        why: Some(format!("the newest ends on {end}")),
        todo: Some("ask for the next report, or a bridge letter, and read it".to_owned()),
        command: open(&register(judgement, "vendors")),
        ..Item::record(Kind::VendorReport, (judgement.as_of, day, None), &vendor.id, who)
    });
}
