use super::*;

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use super::shared::staff::{Member, joined_since, members, remarks};
use super::shared::window::{Window, overdue_from};
use crate::model::registers::{Person, Training};
use crate::text::count;
use crate::timeline::people;

pub(super) static RULE: Rule = Rule {
    name: "training-missing",
    brief: "people whose security training is missing, late or too old",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
Employees or contractors have no completed security training `training_days` after they were hired; or those who
joined in the judged days completed theirs later than that; or the last one of somebody who works here on the last
judged day is older than `review_months` and `review_grace_days` (30 days, 12 months and 30 days unless `[timeline]`
sets others). A course is a security training when its name holds `security`, or when the register knows no other
course. An empty register is not judged here. One gap for each of the three faults.

## Why it matters
The auditor takes new hires from the HR list, contractors included, and asks for each one's day of training; then the
staff of the last day, and asks whose is older than a year.

## Example
```yaml
#- registers/people.yaml
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }
#       ^^^^^ the last security training of 1 person is more than 12 months old: `alice` (2025-05-20)
- { id: bob, name: Bob, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: carol, name: Carol, kind: employee, employed: [{ from: 2026-02-02 }] }
#       ^^^^^ 1 person took the security training more than 30 days after being hired: `carol` (due 2026-03-04, completed 2026-04-20)
- { id: ivan, name: Ivan, kind: contractor, employed: [{ from: 2026-03-02 }] }
#       ^^^^ 1 person has no security training, due 30 days after being hired: `ivan` (due 2026-04-01)
- { id: erin, name: Erin, kind: employee, employed: [{ from: 2026-06-15 }] }
- { id: pipeline, name: Pipeline, kind: bot, employed: [{ from: 2024-01-01 }] }
#- registers/training.csv
person,course,completed
alice,security-basics,2025-05-20
alice,fire-safety,2026-05-20
bob,security-basics,2025-06-02
carol,Security Basics,2026-04-20
```

## Fixed
```yaml
#- registers/people.yaml
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: bob, name: Bob, kind: employee, employed: [{ from: 2024-01-01, to: 2025-12-31 }, { from: 2026-02-02 }] }
- { id: ivan, name: Ivan, kind: contractor, employed: [{ from: 2026-03-02 }] }
#- registers/training.csv
person,course,completed
alice,awareness,2025-06-02
bob,awareness,2025-09-02
ivan,awareness,2026-04-01
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    if program.registers.training.is_empty() || program.may_be_defined_in_unread("registers/training") {
        return;
    }
    let window = Window::of(judgement);
    let completed = completed(judgement);
    let joined = joined_since(judgement, &window);
    let (mut never, mut late, mut old) = (Vec::new(), Vec::new(), Vec::new());
    for member in members(judgement, &window) {
        let days = completed.get(&member.index).map_or(&[][..], |days| days);
        let Ok(due) = member.from.checked_add(judgement.settings.training_days.days()) else { continue };
        match days.last() {
            // Who left is asked for only what fell due in the judged days: the register may hold this year's rows only.
            None if due < judgement.as_of
                && people::employed(member.person, due)
                && (member.to == window.last() || joined <= due) =>
            {
                never.push((member.person, format!("due {due}")));
            }
            None => {}
            Some(_) => {
                if let Some(day) = too_late(judgement, &member, due, days).filter(|_| joined <= member.from) {
                    late.push((member.person, format!("due {due}, completed {day}")));
                }
                let last = days.iter().rev().find(|day| **day <= member.to);
                if let Some(last) = last.filter(|last| is_old(judgement, &member, &window, **last)) {
                    old.push((member.person, last.to_string()));
                }
            }
        }
    }
    let (days, months) = (judgement.settings.training_days, judgement.settings.review_months);
    let has = if never.len() == 1 { "has" } else { "have" };
    tell(never, gaps, |people| {
        format!("{people} {has} no security training, due {days} days after being hired")
    });
    tell(late, gaps, |people| {
        format!("{people} took the security training more than {days} days after being hired")
    });
    tell(old, gaps, |people| {
        format!("the last security training of {people} is more than {months} months old")
    });
}

fn tell(faults: Vec<(&Person, String)>, gaps: &mut Gaps, message: impl Fn(String) -> String) {
    let Some((first, _)) = faults.first() else { return };
    let at = first.id.at;
    let message = format!("{}: {}", message(count(faults.len(), "person")), remarks(faults));
    gaps.about(Subject::new("register", "training"), at, message).help(
        "let them take it now and record the day in registers/training; a day that has gone by stays an exception",
    );
}

/// The days on which each person completed a security training, up to as-of, in order.
fn completed(judgement: &Judgement<'_>) -> BTreeMap<usize, Vec<Date>> {
    let program = judgement.program;
    let rows = &program.registers.training;
    let course = |row: &Training| row.course.as_ref().map(|course| course.trim().to_lowercase());
    let mut courses: Vec<String> = rows.iter().filter_map(course).collect();
    courses.sort_unstable();
    courses.dedup();
    let mut days: BTreeMap<usize, Vec<Date>> = BTreeMap::new();
    for row in rows {
        let counts = course(row).is_some_and(|name| courses.len() == 1 || name.contains("security"));
        let person = row.person.as_ref().and_then(|person| program.person(person));
        let day = row.completed.as_ref().map(|day| day.value).filter(|day| *day <= judgement.as_of);
        if let (Some(person), Some(day), true) = (person, day, counts) {
            days.entry(person).or_default().push(day);
        }
    }
    days.values_mut().for_each(|days| days.sort_unstable());
    days
}

/// The first day of training after the due day, when none before it was recent enough to count.
fn too_late(judgement: &Judgement<'_>, member: &Member<'_>, due: Date, days: &[Date]) -> Option<Date> {
    let recent = member.from.checked_sub(judgement.settings.review_months.months()).unwrap_or(Date::MIN);
    let in_time = days.iter().any(|day| recent <= *day && *day <= due);
    days.iter().copied().find(|day| *day > due && !in_time)
}

/// Is the last training too old on the last judged day, of somebody who works here then? After a break, the training is
/// due again only after the days a new hire has.
fn is_old(judgement: &Judgement<'_>, member: &Member<'_>, window: &Window, last: Date) -> bool {
    let settings = &judgement.settings;
    let due = member.from.checked_add(settings.training_days.days()).unwrap_or(Date::MAX);
    let overdue = overdue_from(settings, last).is_some_and(|overdue| overdue <= member.to);
    overdue && due < member.to && member.to == window.last()
}
