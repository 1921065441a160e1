use super::*;
use crate::text::{list, safe};
use crate::timeline::Coverage;

pub(super) static RULE: Rule = Rule {
    name: "criterion-carved-out",
    brief: "a criterion met by a carved-out vendor alone",
    check: Check::Gap(Class::Note, check),
    docs: r#"
A criterion in scope is left to a carved-out subservice organisation; no control of ours names it in the days that
are judged. That is allowed and common: a company without premises leaves physical access to its host.

## Why it matters
The report will say that the criterion is met only if the vendor does its part, and the auditor then tests how we
watch the vendor. Customers ask who does it.

## Example
```yaml
#- registers/vendors.yaml
- { id: aws, service: hosting, owner: security-lead, tier: critical, subservice: carve-out }
#- registers/csocs.yaml
- { id: aws-physical, vendor: aws, criteria: [CC6.4], text: AWS guards its halls., monitored_by: vendor-review }
#                                             ^^^^^ `CC6.4` is met by the carved-out vendor `aws` alone
#- controls/vendor-review.yaml
id: vendor-review
title: Vendor reports are read
description: Each year the security lead reads the report of every critical vendor.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: annual
criteria: [CC9.2]
```

## Fixed
```yaml
#- registers/vendors.yaml
- { id: aws, service: hosting, owner: security-lead, tier: critical, subservice: carve-out }
#- registers/csocs.yaml
- { id: aws-physical, vendor: aws, criteria: [CC6.4], text: AWS guards its halls., monitored_by: vendor-review }
#- controls/vendor-review.yaml
id: vendor-review
title: Vendor reports are read
description: Each year the security lead reads the report of every critical vendor.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: annual
criteria: [CC9.2]
#- controls/office-access.yaml
id: office-access
title: Badges open the office
description: Each quarter the office manager reviews who holds a badge.
owner: security-lead
status: implemented
effective_from: 2026-01-01
cadence: quarterly
criteria: [CC6.4]
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    for audit in &judgement.audits {
        for criterion in audit.criteria.iter().filter(|c| c.coverage == Coverage::CarvedOut) {
            let Some(first) = criterion.carriers.first() else { continue };
            let name = program.criterion_name(criterion.id);
            let mut indices: Vec<usize> = criterion.carriers.iter().map(|carrier| carrier.vendor).collect();
            indices.sort_unstable();
            indices.dedup();
            let vendors = indices.iter().filter_map(|index| program.registers.vendors.get(*index));
            let vendors: Vec<String> = vendors.map(|vendor| vendor.id.to_string()).collect();
            let noun = if vendors.len() == 1 { "vendor" } else { "vendors" };
            let message =
                format!("`{}` is met by the carved-out {noun} {} alone", safe(&name), list(&vendors, "and"));
            gaps.about(Subject::new("criterion", name.as_str()), first.at, message)
                .help(
                    "keep `monitored_by` of the CSOC current: how we watch the vendor is what will be tested",
                )
                .audit(audit.id.as_deref());
        }
    }
}
