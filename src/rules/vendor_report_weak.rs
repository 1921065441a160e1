use super::*;

use jiff::ToSpan;

use super::shared::vendors::{ends, in_use, kind, last_used, newest, relied_on, reports};
use super::shared::window::Window;
use crate::model::registers::{ReportKind, Vendor, VendorReport};
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "vendor-report-weak",
    brief: "a vendor's report that shows less than we rely on",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
A critical vendor or carved-out subservice organisation shows no SOC 2 Type II report but something weaker: Type I,
SOC 3, SOC 1, a certificate; or its newest one carries an opinion other than unqualified, or does not say which days
it speaks about. An `assessment` beside the report, saying what we make of it, settles this. Whether the report covers
the service that we use is for the reader to see.

## Why it matters
A Type I shows no operation, a SOC 3 neither tests nor exceptions, a certificate speaks of a management system. The
auditor asks what we concluded from it and where that is written.

## Example
```yaml
#- registers/vendors.yaml
- id: aws
  service: hosting
  owner: security-lead
  tier: critical
  subservice: carve-out
  reports:
    - { kind: soc3, period: { from: 2025-04-01, to: 2026-03-31 } }
#             ^^^^ the vendor `aws` shows a SOC 3 report only, without an `assessment` of it
- id: okta
  service: staff sign-in
  owner: security-lead
  tier: critical
  reports:
    - { kind: iso27001, period: { from: 2025-04-01, to: 2028-03-31 } }
    - { kind: soc2-type2, period: { from: 2025-04-01, to: 2026-03-31 }, opinion: Qualified }
#                                                                                ^^^^^^^^^ the opinion in the newest report of the vendor `okta` is `Qualified`, without an `assessment` of it
- id: pay
  service: payroll
  owner: security-lead
  tier: critical
  reports:
    - { kind: soc2-type2, opinion: unqualified }
#             ^^^^^^^^^^ the newest report of the vendor `pay` has no `period`
```

## Fixed
```yaml
#- registers/vendors.yaml
- id: aws
  service: hosting
  owner: security-lead
  tier: critical
  subservice: carve-out
  reports:
    - { kind: soc3, period: { from: 2025-04-01, to: 2026-03-31 }, assessment: Full report refused; bridge controls BC-2. }
- id: okta
  service: staff sign-in
  owner: security-lead
  tier: critical
  reports:
    - { kind: soc2-type2, period: { from: 2025-04-01, to: 2026-03-31 }, opinion: unqualified }
- id: slack
  service: messages
  owner: security-lead
  tier: medium
  reports:
    - { kind: iso27001, period: { from: 2025-04-01, to: 2028-03-31 } }
```
"#,
};

const HELP: &str = "ask for a SOC 2 Type II report of the service in use, or write what this one leaves open and what \
    makes up for it: `assessment: …`";

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let window = Window::of(judgement);
    let vendors = judgement.program.registers.vendors.iter();
    for vendor in vendors.filter(|vendor| relied_on(vendor) && in_use(vendor, &window)) {
        let full = newest(reports(vendor).filter(|report| kind(report) == Some(ReportKind::Soc2Type2)));
        let recent = |report: &&VendorReport| {
            let usable =
                ends(report).map(|end| end.checked_add(judgement.settings.vendor_report_months.months()));
            usable.is_none_or(|usable| usable.map_or(true, |usable| last_used(vendor, &window) <= usable))
        };
        // A full report that has run out stands behind a newer one of another kind.
        let Some(report) = full.filter(recent).or_else(|| newest(reports(vendor))) else { continue };
        let assessed = report.assessment.as_ref().is_some_and(|text| text.chars().any(char::is_alphanumeric));
        if assessed || report.misread.holds("assessment") {
            continue;
        }
        if let Some((at, message)) = weakness(vendor, report) {
            gaps.about(Subject::new("vendor", vendor.id.to_string()), at, message).help(HELP);
        }
    }
}

fn weakness(vendor: &Vendor, report: &VendorReport) -> Option<(Location, String)> {
    let (id, kind) = (&vendor.id, report.kind.as_ref()?);
    let opinion = report.opinion.as_ref().filter(|opinion| !is_unqualified(opinion));
    if let Some(what) = weak(kind.value) {
        let message = format!("the vendor `{id}` shows {what} only, without an `assessment` of it");
        return Some((kind.at, message));
    }
    if let Some(opinion) = opinion {
        let message = format!(
            "the opinion in the newest report of the vendor `{id}` is `{}`, without an `assessment` of it",
            safe(opinion)
        );
        return Some((opinion.at, message));
    }
    let undated = report.period.is_none() && !report.misread.holds("period");
    undated.then(|| {
        let message = format!(
            "the newest report of the vendor `{id}` has no `period`: which days it speaks about is unknown"
        );
        (kind.at, message)
    })
}

fn weak(kind: ReportKind) -> Option<&'static str> {
    Some(match kind {
        ReportKind::Soc2Type2 | ReportKind::BridgeLetter => return None,
        ReportKind::Soc2Type1 => "a SOC 2 Type I report",
        ReportKind::Soc1 => "a SOC 1 report",
        ReportKind::Soc3 => "a SOC 3 report",
        ReportKind::Iso27001 => "an ISO/IEC 27001 certificate",
        ReportKind::Other => "a report of another kind",
    })
}

/// Words for an opinion without reservation; a blank says nothing.
fn is_unqualified(opinion: &str) -> bool {
    let opinion = opinion.to_lowercase();
    let clean = ["unqualified", "unmodified", "clean"].iter().any(|word| opinion.contains(word));
    clean || !["qualified", "modified", "adverse", "disclaim"].iter().any(|word| opinion.contains(word))
}
