use super::*;

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::shared::window::Window;
use crate::model::registers::{Exception, Waiver};
use crate::text::safe;
use crate::timeline::calendar::any_named;

pub(super) static RULE: Rule = Rule {
    name: "waiver-after-deviation",
    brief: "a waiver that was approved after the deviation",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
A waiver was approved after the last day of the `slot` it names; or after somebody found a deviation of the control it
is for, which was not mended by then. The waiver may still open the gate; the deviation stands. Slots of a fiscal year
or of a window are not looked at, and neither are waivers that had run out before the judged days.

## Why it matters
A waiver is a decision taken beforehand, with its risk in view. One that is signed afterwards looks like hiding what
went wrong; the auditor reports the deviation all the same, and asks about the date.

## Example
```yaml
#- registers/waivers.yaml
- id: skip-q1
  rule: slot-missed
  subject: access-review
  slot: 2026-Q1
  reason: The owner was on leave
  requested: { by: alice, on: 2026-04-02 }
  approved: { by: bob, on: 2026-04-03 }
#                          ^^^^^^^^^^ the waiver `skip-q1` was approved on 2026-04-03, after its slot `2026-Q1` ended on 2026-03-31; the deviation stands
  expires: 2026-12-31
- id: late-leaver
  rule: result-open
  subject: leavers
  reason: The checklist is rewritten
  requested: { by: alice, on: 2026-03-27 }
  approved: { by: bob, on: 2026-03-28 }
#                          ^^^^^^^^^^ the waiver `late-leaver` was approved on 2026-03-28, after the deviation `exc-1` of `leavers` was found on 2026-03-26; the deviation stands
  expires: 2026-12-31
#- registers/exceptions.yaml
- id: exc-1
  control: leavers
  found: { by: bob, on: 2026-03-26 }
  cause: A key was not on the checklist
  remediated: { on: 2026-04-02 }
```

## Fixed
```yaml
#- registers/waivers.yaml
- id: skip-q1
  rule: slot-missed
  subject: access-review
  slot: 2026-Q1
  reason: The tool is replaced in March
  requested: { by: alice, on: 2026-02-02 }
  approved: { by: bob, on: 2026-03-31 }
  expires: 2026-12-31
- id: leavers-by-hand
  rule: result-open
  subject: leavers
  reason: The checklist is rewritten
  requested: { by: alice, on: 2026-05-27 }
  approved: { by: bob, on: 2026-05-28 }
  expires: 2026-12-31
#- registers/exceptions.yaml
- id: exc-1
  control: leavers
  found: { by: bob, on: 2026-03-26 }
  cause: A key was not on the checklist
  remediated: { on: 2026-04-02 }
```
"#,
};

/// Deviations of one control above this are not looked at.
const MOST: usize = 1_000;

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let first = Window::of(judgement).first();
    let mut found: BTreeMap<&str, Vec<&Exception>> = BTreeMap::new();
    for exception in &judgement.program.registers.exceptions {
        if let Some(control) = &exception.control {
            found.entry(&control.value.0).or_default().push(exception);
        }
    }
    for waiver in &judgement.program.registers.waivers {
        let over = waiver.expires.as_ref().is_some_and(|expires| expires.value < first);
        let on = waiver.approved.as_ref().and_then(|act| act.on.as_ref());
        let (Some(on), Some(subject)) =
            (on.filter(|on| !over && on.value <= judgement.as_of), &waiver.subject)
        else {
            continue;
        };
        let rows = found.get(&*subject.value).map_or(&[][..], |rows| rows);
        let Some(before) = slot_over(waiver, on.value, judgement.settings.fiscal_year_starts)
            .or_else(|| deviation(waiver, on.value, rows))
        else {
            continue;
        };
        let message = format!(
            "the waiver `{}` was approved on {}, after {before}; the deviation stands",
            waiver.id, on.value
        );
        gaps.about(Subject::new("waiver", waiver.id.to_string()), on.at, message)
            .help("record the deviation in registers/exceptions with its cause; a waiver looks ahead only");
    }
}

/// The slot that was over, in words.
fn slot_over(waiver: &Waiver, approved: Date, fiscal_year_starts: i8) -> Option<String> {
    let slot = waiver.slot.as_ref()?;
    let end = any_named(slot.trim(), fiscal_year_starts).map(|slot| slot.to).filter(|end| *end < approved)?;
    Some(format!("its slot `{}` ended on {end}", safe(slot.trim())))
}

/// The deviation that was known and not mended, in words.
fn deviation(waiver: &Waiver, approved: Date, of_the_control: &[&Exception]) -> Option<String> {
    let matches = |typed: Option<&str>, actual: Option<&str>| match (typed, actual) {
        (Some(typed), Some(actual)) => typed.trim().eq_ignore_ascii_case(actual.trim()),
        _ => true,
    };
    let known = of_the_control
        .iter()
        .take(MOST)
        .filter_map(|row| Some((row.found.as_ref()?.on.as_ref()?.value, *row)));
    let mut open = known.filter(|(found, row)| {
        let mended = row.remediated.as_ref().and_then(|mended| mended.on.as_ref());
        *found < approved
            && mended.is_none_or(|mended| mended.value > approved)
            && matches(waiver.slot.as_ref().map(|s| &*s.value), row.slot.as_ref().map(|s| &*s.value))
            && matches(waiver.system.as_ref().map(|s| &*s.value.0), row.system.as_ref().map(|s| &*s.value.0))
    });
    let (found, row) = open.next()?;
    let control = row.control.as_ref()?;
    Some(format!("the deviation `{}` of `{}` was found on {found}", row.id, safe(control)))
}
