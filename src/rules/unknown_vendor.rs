use super::shared::references::unknown;
use super::*;
use crate::record::Target;

pub(super) static RULE: Rule = Rule {
    name: "unknown-vendor",
    brief: "a vendor that the register does not hold",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A system, an asset, a CSOC or a control's applicability names a vendor that `registers/vendors.yaml` does not hold.

## Why it matters
What a vendor does for you is only assumed in the report if the vendor is named and watched. A criterion carved out
to a vendor that nobody knows is not met by anybody.

## Example
```yaml
#- registers/vendors.yaml
- { id: aws, service: hosting, owner: security-lead, tier: critical, subservice: carve-out }
#- registers/csocs.yaml
- id: data-centre-doors
  vendor: amazon
#         ^^^^^^ there is no vendor `amazon`
  criteria: [CC6.4]
  text: The hosting company lets only known people into its data centres.
```

## Fixed
```yaml
#- registers/vendors.yaml
- { id: aws, service: hosting, owner: security-lead, tier: critical, subservice: carve-out }
#- registers/csocs.yaml
- id: data-centre-doors
  vendor: aws
  criteria: [CC6.4]
  text: The hosting company lets only known people into its data centres.
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    unknown(program, Target::Vendor, faults);
}
