use super::*;
use crate::model::{Audit, AuditType};

pub(super) static RULE: Rule = Rule {
    name: "audit-without-days",
    brief: "an audit lacks its days, or has those of the other type",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A Type II audit has no `period`, or a Type I audit no `as_of`; or one of them gives the key of the other.

## Why it matters
Every verdict is about days. An audit that does not say which ones is judged for nothing, and a Type I with a period
promises a test of operation that nobody will make.

## Example
```toml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[[audit]]
id = "2026-type2"
type = "type2"
#      ^^^^^^^ the Type II audit `2026-type2` has no `period`; it is not judged until it has one
[[audit]]
id = "2026-type1"
type = "type1"
period = { from = 2026-01-01, to = 2026-06-30 }
#          ^^^^ the Type I audit `2026-type1` has a `period`
```

## Fixed
```toml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[[audit]]
id = "2026-type2"
type = "type2"
period = { from = 2026-01-01, to = 2026-12-31 }
[[audit]]
id = "2026-type1"
type = "type1"
as_of = 2026-06-30
```
"#,
};

const UNTIL: &str = "it is not judged until it has one";

fn check(program: &Program, faults: &mut Faults) {
    let audits = program.config.as_ref().map_or(&[][..], |config| &config.audit);
    for audit in audits {
        match audit.r#type.as_ref().map(|kind| kind.value) {
            Some(AuditType::Type1) => type1(audit, faults),
            Some(AuditType::Type2) => type2(audit, faults),
            None => {}
        }
    }
}

fn type1(audit: &Audit, faults: &mut Faults) {
    if let Some(period) = &audit.period {
        faults
            .at(period.place, format!("the Type I audit `{}` has a `period`", audit.id))
            .help(type1_help(audit));
    } else if let (None, Some(kind), false) = (&audit.as_of, &audit.r#type, audit.misread.holds("as_of")) {
        faults
            .at(kind.at, format!("the Type I audit `{}` has no `as_of`; {UNTIL}", audit.id))
            .help(type1_help(audit));
    }
}

fn type1_help(audit: &Audit) -> String {
    format!("a Type I is judged on one day: write `as_of = {}-06-30`", year(audit))
}

fn type2(audit: &Audit, faults: &mut Faults) {
    if let Some(as_of) = &audit.as_of {
        faults
            .at(as_of.at, format!("the Type II audit `{}` has an `as_of`", audit.id))
            .help(type2_help(audit));
    } else if let (None, Some(kind), false) = (&audit.period, &audit.r#type, audit.misread.holds("period")) {
        faults
            .at(kind.at, format!("the Type II audit `{}` has no `period`; {UNTIL}", audit.id))
            .help(type2_help(audit));
    }
}

fn type2_help(audit: &Audit) -> String {
    let year = year(audit);
    format!(
        "a Type II is judged over a window: write `period = {{ from = {year}-01-01, to = {year}-12-31 }}`"
    )
}

/// The year that the audit's id names, for examples.
fn year(audit: &Audit) -> &str {
    let is_year = |part: &&str| {
        part.len() == 4 && part.starts_with("20") && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    audit.id.value.split('-').find(is_year).unwrap_or("2026")
}
