//! Vendors we rely on and the reports they show.

use jiff::civil::Date;

use super::duties::engaged;
use super::window::Window;
use crate::model::registers::{ReportKind, Subservice, Tier, Vendor, VendorReport};

/// Was the vendor in use on some judged day?
pub(in crate::rules) fn in_use(vendor: &Vendor, window: &Window) -> bool {
    let from = vendor.contract.as_ref().and_then(|contract| contract.from.as_ref());
    let ended = vendor.ended.as_ref().map_or(Date::MAX, |ended| ended.value);
    window.overlaps(from.map_or(Date::MIN, |from| from.value), ended)
}

/// The last day on which it was in use, up to the last judged one.
pub(in crate::rules) fn last_used(vendor: &Vendor, window: &Window) -> Date {
    let last = window.last();
    if engaged(vendor, last) { last } else { vendor.ended.as_ref().map_or(last, |ended| ended.value) }
}

/// Is one of these the vendor's tier?
pub(in crate::rules) fn is_tier(vendor: &Vendor, tiers: &[Tier]) -> bool {
    vendor.tier.as_ref().is_some_and(|tier| tiers.contains(&tier.value))
}

/// Is that how the vendor stands in our report?
pub(in crate::rules) fn stands_as(vendor: &Vendor, method: Subservice) -> bool {
    vendor.subservice.as_ref().is_some_and(|typed| typed.value == method)
}

/// Do we rest on what it reports? A carved-out subservice organisation, or a critical vendor whose controls are not
/// tested with ours.
pub(in crate::rules) fn relied_on(vendor: &Vendor) -> bool {
    stands_as(vendor, Subservice::CarveOut)
        || (is_tier(vendor, &[Tier::Critical]) && !stands_as(vendor, Subservice::Inclusive))
}

/// What an auditor wrote; letters of the vendor's management, and what cannot be read, left out.
pub(in crate::rules) fn reports(vendor: &Vendor) -> impl Iterator<Item = &VendorReport> {
    let written = |report: &&VendorReport| kind(report).is_some_and(|kind| kind != ReportKind::BridgeLetter);
    vendor.reports.iter().filter(written)
}

pub(in crate::rules) fn kind(report: &VendorReport) -> Option<ReportKind> {
    report.kind.as_ref().map(|kind| kind.value)
}

/// Last day a report speaks about.
pub(in crate::rules) fn ends(report: &VendorReport) -> Option<Date> {
    Some(report.period.as_ref()?.to.as_ref()?.value)
}

/// The report that ends last.
pub(in crate::rules) fn newest<'v>(
    reports: impl Iterator<Item = &'v VendorReport>,
) -> Option<&'v VendorReport> {
    reports.max_by_key(|report| ends(report))
}

/// Does a bridge letter speak about one of the days?
pub(in crate::rules) fn bridged(vendor: &Vendor, from: Date, to: Date) -> bool {
    let letters = vendor.reports.iter().filter(|report| kind(report) == Some(ReportKind::BridgeLetter));
    letters.filter_map(days).any(|(first, last)| first <= to && from <= last)
}

/// First and last day a report speaks about.
pub(in crate::rules) fn days(report: &VendorReport) -> Option<(Date, Date)> {
    let period = report.period.as_ref()?;
    Some((period.from.as_ref()?.value, period.to.as_ref()?.value))
}
