use super::*;
use crate::source::Spanned;
use crate::text::{clip, nearest, safe};

pub(super) static RULE: Rule = Rule {
    name: "level-refused",
    brief: "a level, comment or waiver that its rule does not take",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A rule of `[check.levels]` has a level other than `allow`, `warn` and `deny`; or a gap is given a level or muted by a comment;
or a waiver names a diagnostic. None of them has an effect: diagnostics have levels and comments, gaps have waivers.

## Why it matters
A level that is not read leaves the rule as it was, while everybody believes otherwise. And a gap is about what the
company did: letting one through takes a reason, a second person and a last day. A comment beside a line has none of
them, and a waiver for a slip of the pen wastes an approval.

## Example
```toml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[check.levels]
unknown-criterion = "error"
#                   ^^^^^^^ `error` is not a level
criterion-planned-only = "allow"
^^^^^^^^^^^^^^^^^^^^^^ `criterion-planned-only` is a gap: let it through with a waiver
```

```yaml
#- controls/board.yaml
# soc2: ignore[criterion-planned-only] the first meeting is in May
#              ^^^^^^^^^^^^^^^^^^^^^^ `criterion-planned-only` is a gap: let it through with a waiver
id: board
title: The board meets
description: The board meets each quarter and its minutes are kept.
owner: security-lead
status: planned
cadence: quarterly
criteria: [CC1.2]
#- registers/waivers.yaml
- id: owner-later
  rule: control-without-owner
#       ^^^^^^^^^^^^^^^^^^^^^ `control-without-owner` is a diagnostic: mute it with a comment
  subject: board
  reason: The role is filled in May.
  requested: { by: alice, on: 2026-01-10 }
  approved: { by: bob, on: 2026-01-12 }
  expires: 2026-06-30
```

## Fixed
```toml
#- soc2.toml
[organization]
name = "Acme, Inc."
[scope]
framework = "soc2-2017-rev2022"
categories = ["security"]
[check.levels]
unknown-criterion = "deny"
```

```yaml
#- controls/board.yaml
# soc2: ignore[control-without-owner] the role is filled in May
id: board
title: The board meets
description: The board meets each quarter and its minutes are kept.
status: planned
cadence: quarterly
criteria: [CC1.2]
#- registers/waivers.yaml
- id: board-later
  rule: criterion-planned-only
  subject: CC1.2
  reason: The first board meeting is in May.
  requested: { by: alice, on: 2026-01-10 }
  approved: { by: bob, on: 2026-01-12 }
  expires: 2026-06-30
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    let levels = program.config.as_ref().and_then(|config| config.check.as_ref());
    for (name, value) in levels.iter().flat_map(|check| &check.levels.0) {
        if gap(&name.value, name.at, faults) {
            continue;
        }
        match Level::parse(&value.value) {
            None => level(value, faults),
            Some(set) if find(&name.value).and_then(|rule| rule.level()) != Some(set) => {
                firm(&name.value, name.at, faults);
            }
            Some(_) => {}
        }
    }
    for ignore in &program.ignores {
        if !gap(&ignore.rule, ignore.rule_at, faults) {
            firm(&ignore.rule, ignore.rule_at, faults);
        }
    }
    for rule in program.registers.waivers.iter().filter_map(|waiver| waiver.rule.as_ref()) {
        if let Some(found) = find(&rule.value).filter(|rule| rule.level().is_some()) {
            let name = found.name;
            faults.at(rule.at, format!("`{name}` is a diagnostic: mute it with a comment")).help(format!(
                "write `# soc2: ignore[{name}] why` at the end of the line that is wrong, and delete the waiver"
            ));
        }
    }
}

/// Tells a gap's name where a diagnostic's belongs; true when it is one.
fn gap(name: &str, at: Location, faults: &mut Faults) -> bool {
    let Some(found) = find(name).filter(|rule| rule.class().is_some()) else { return false };
    let name = found.name;
    faults.at(at, format!("`{name}` is a gap: let it through with a waiver")).help(format!(
        "delete it here; in registers/waivers.yaml add a row with `rule: {name}`, a reason, an approval and an expiry"
    ));
    true
}

/// Tells a diagnostic that keeps its level whatever is written.
fn firm(name: &str, at: Location, faults: &mut Faults) {
    if let Some(found) = find(name).filter(|rule| is_firm(rule.name)) {
        faults
            .at(at, format!("`{}` keeps its level: verdicts rest on it", found.name))
            .help("delete this, and mend the fault itself");
    }
}

fn level(value: &Spanned<Box<str>>, faults: &mut Faults) {
    let meant = match &*value.value.to_lowercase() {
        "off" | "ignore" | "none" => Some("allow"),
        "warning" | "info" | "note" => Some("warn"),
        "error" | "forbid" | "fatal" => Some("deny"),
        other => nearest(other, ["allow", "warn", "deny"]),
    };
    let help = match meant {
        Some(meant) => format!("write `{meant}`; levels are `allow`, `warn` and `deny`"),
        None => "write `allow`, `warn` or `deny`".to_owned(),
    };
    faults.at(value.at, format!("`{}` is not a level", clip(&safe(&value.value), 60))).help(help);
}
