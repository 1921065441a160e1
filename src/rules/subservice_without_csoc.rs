use super::shared::duties::{engaged, vendors_with_csoc};
use super::*;
use crate::model::registers::Subservice;

pub(super) static RULE: Rule = Rule {
    name: "subservice-without-csoc",
    brief: "a carved-out vendor without a CSOC",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A vendor is a carved-out subservice organisation, and no CSOC says which of its controls are assumed. Vendors no
longer used are not meant.

## Why it matters
The system description has to list what is assumed of each carved-out organisation (DC 7). Without it nobody can tell
what is left to the vendor and what to nobody.

## Example
```yaml
#- registers/vendors.yaml
- { id: aws, service: hosting, owner: security-lead, tier: critical, subservice: carve-out }
#                                                                                ^^^^^^^^^ the carved-out vendor `aws` has no CSOC
```

## Fixed
```yaml
#- registers/vendors.yaml
- { id: aws, service: hosting, owner: security-lead, tier: critical, subservice: carve-out }
#- registers/csocs.yaml
- { id: aws-physical, vendor: aws, criteria: [CC6.4], text: AWS guards its halls., monitored_by: vendor-review }
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    if program.may_be_defined_in_unread("registers/csocs") {
        return;
    }
    let with = vendors_with_csoc(program);
    for vendor in program.registers.vendors.iter().filter(|vendor| engaged(vendor, judgement.as_of)) {
        let Some(method) = vendor.subservice.as_ref().filter(|m| m.value == Subservice::CarveOut) else {
            continue;
        };
        if with.contains(&*vendor.id.value.0) {
            continue;
        }
        let message = format!("the carved-out vendor `{}` has no CSOC", vendor.id);
        gaps.about(Subject::new("vendor", vendor.id.to_string()), method.at, message)
            .help("write what it does for you into registers/csocs.yaml, with `criteria` and `monitored_by`");
    }
}
