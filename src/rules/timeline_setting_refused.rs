use super::*;
use crate::model::Cadence;
use crate::model::config::TimelineSettings;
use crate::record::Cell;
use crate::text::{clip, list, nearest, safe};
use crate::timeline::{longest_grace, sensible};

pub(super) static RULE: Rule = Rule {
    name: "timeline-setting-refused",
    brief: "a number of practice that makes no sense",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
`[timeline]` sets a number outside what makes sense, a grace for something that is no cadence or has no grace, a grace that
is not shorter than its cadence, or judges a cadence by distance that cannot be. The usual value holds instead.

## Why it matters
These numbers decide what is late and what is missed in every verdict. A slip in one of them that went unnoticed would
either hide what an auditor will find, or blame people for nothing.

## Example
```toml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[timeline]
fiscal_year_starts = 13
#                    ^^ `fiscal_year_starts` is 1 to 12
by_distance = ["annual", "quarterly"]
#                        ^^^^^^^^^^^ only annual and semiannual controls can be judged by distance
[timeline.grace_days]
quarterly = 90
#           ^^ the grace of quarterly controls is 0 to 88 days
monthy = 5
^^^^^^ `monthy` is no cadence
event = 3
^^^^^ event controls have no grace
weekly = "two"
#        ^^^^^ the grace of weekly controls is 0 to 6 days
```

## Fixed
```toml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[timeline]
fiscal_year_starts = 4
by_distance = ["annual"]
[timeline.grace_days]
quarterly = 20
monthly = 5
```
"#,
};

const INSTEAD: &str = "delete the line for the usual value";

fn check(program: &Program, faults: &mut Faults) {
    let Some(set) = program.config.as_ref().and_then(|config| config.timeline.as_ref()) else { return };
    numbers(set, faults);
    for cadence in &set.by_distance {
        if !matches!(cadence.value, Cadence::Annual | Cadence::Semiannual) {
            faults
                .at(cadence.at, "only annual and semiannual controls can be judged by distance")
                .help("take it out of the list; others are judged by intervals");
        }
    }
    for (cadence, days) in &set.grace_days.0 {
        grace(cadence, days, faults);
    }
}

fn numbers(set: &TimelineSettings, faults: &mut Faults) {
    for (key, typed) in [
        ("fiscal_year_starts", &set.fiscal_year_starts),
        ("type1_max_age_days", &set.type1_max_age_days),
        ("small_team", &set.small_team),
        ("acknowledgement_days", &set.acknowledgement_days),
        ("training_days", &set.training_days),
        ("review_months", &set.review_months),
        ("review_grace_days", &set.review_grace_days),
        ("vendor_report_months", &set.vendor_report_months),
        ("bridge_days", &set.bridge_days),
    ] {
        let range = sensible(key);
        if let Some(typed) = typed.as_ref().filter(|typed| !range.contains(&typed.value)) {
            faults.at(typed.at, format!("`{key}` is {} to {}", range.start(), range.end())).help(INSTEAD);
        }
    }
}

fn grace(typed: &Cell, days: &Cell, faults: &mut Faults) {
    let Some(cadence) = Cadence::ALL.iter().copied().find(|cadence| *cadence.word() == *typed.value) else {
        let words: Vec<&str> = Cadence::ALL.iter().map(|cadence| cadence.word()).collect();
        let help = match nearest(&typed.value, words.iter().copied()) {
            Some(word) => format!("did you mean `{word}`?"),
            None => format!("cadences are {}", list(&words, "and")),
        };
        faults.at(typed.at, format!("`{}` is no cadence", clip(&safe(&typed.value), 24))).help(help);
        return;
    };
    let word = cadence.word();
    match longest_grace(cadence).and_then(|longest| u64::try_from(longest).ok()) {
        None => drop(faults.at(typed.at, format!("{word} controls have no grace")).help("delete the line")),
        Some(longest) if days.value.parse().is_ok_and(|days: u64| days <= longest) => {}
        Some(longest) => {
            faults.at(days.at, format!("the grace of {word} controls is 0 to {longest} days")).help(INSTEAD);
        }
    }
}
