use super::*;
use crate::model::registers::Subservice;

pub(super) static RULE: Rule = Rule {
    name: "csoc-vendor-not-subservice",
    brief: "a CSOC of a vendor that is not carved out",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
A row of the register of CSOCs (controls assumed at a subservice organisation) names a vendor that is not marked
`subservice: carve-out`. A vendor that does not exist is another rule's find.

## Why it matters
The report lists assumed controls only of organisations it carves out. Here the register of CSOCs says one thing and
the register of vendors another, and the criteria the row names stay uncovered.

## Example
```yaml
#- registers/vendors.yaml
- id: aws
  service: hosting
  owner: security-lead
  tier: critical
#- registers/csocs.yaml
- id: aws-data-centres
  vendor: aws
#         ^^^ `aws` is not a carved-out subservice organisation
  criteria: [CC6.4]
  text: Admits only people on its list to the data centres.
```

## Fixed
```yaml
#- registers/vendors.yaml
- id: aws
  service: hosting
  owner: security-lead
  tier: critical
  subservice: carve-out
#- registers/csocs.yaml
- id: aws-data-centres
  vendor: aws
  criteria: [CC6.4]
  text: Admits only people on its list to the data centres.
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    for csoc in &program.registers.csocs {
        let Some(name) = &csoc.vendor else { continue };
        let known = program.names.vendors.get(&***name);
        let Some(vendor) = known.and_then(|index| program.registers.vendors.get(*index)) else { continue };
        let method = vendor.subservice.as_ref();
        let carved_out = method.is_some_and(|method| method.value == Subservice::CarveOut);
        if !carved_out && !vendor.misread.holds("subservice") {
            faults
                .at(name.at, format!("`{}` is not a carved-out subservice organisation", vendor.id))
                .related(method.map_or(vendor.id.at, |method| method.at), "the vendor")
                .help(format!(
                    "set `subservice: carve-out` for the vendor `{}`, or take this row out",
                    vendor.id
                ));
        }
    }
}
