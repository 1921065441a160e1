use jiff::tz::TimeZone;

use super::*;
use crate::text::{clip, nearest, safe};

pub(super) static RULE: Rule = Rule {
    name: "timezone-unknown",
    brief: "a time zone that does not exist",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
`timezone` of `[organization]` is no zone of the IANA list. Offsets (`+01:00`) are not zones: they do not know
daylight saving.

## Why it matters
A bare date is a whole day of this zone. On the last evening of a window the zone decides whether a control ran in
time, so it must not be guessed.

## Example
```toml
#- soc2.toml
[organization]
name = "Acme, Inc."
timezone = "America/NewYork"
#          ^^^^^^^^^^^^^^^^^ `America/NewYork` is not a time zone
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
```

## Fixed
```toml
#- soc2.toml
[organization]
name = "Acme, Inc."
timezone = "America/New_York"
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    let organization = program.config.as_ref().and_then(|config| config.organization.as_ref());
    let Some(typed) = organization.and_then(|organization| organization.timezone.as_ref()) else { return };
    if TimeZone::get(&typed.value).is_ok_and(|zone| !zone.is_unknown()) {
        return;
    }
    let known: Vec<String> = jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect();
    let help = match nearest(&typed.value, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write a continent and a city: America/New_York, Europe/Berlin; or UTC".to_owned(),
    };
    faults.at(typed.at, format!("`{}` is not a time zone", clip(&safe(&typed.value), 60))).help(help);
}
