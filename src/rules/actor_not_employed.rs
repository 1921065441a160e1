use super::shared::current::with_standing;
use super::shared::performed::performers;
use super::*;
use crate::program::EvidenceFolder;
use crate::text::safe;
use crate::timeline::{Flaw, people};
use jiff::civil::Date;

pub(super) static RULE: Rule = Rule {
    name: "actor-not-employed",
    brief: "evidence by somebody who did not work here then",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
Who performed a control, or reviewed its evidence, did not work here on that day by the people register. One gap a person
and manifest. Names that the register does not have are told by `unknown-person`.

## Why it matters
A review by somebody who had left is a review that nobody made, or an account that nobody closed. The auditor compares
these names with the list of leavers.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
#                                ^^^^^ `alice`, who performed `access-review/2026-q1` on 2026-03-28, did not work here then; last day 2026-02-28
result: { outcome: as-expected }
reviewed: { on: 2026-03-30, by: bob, result: accepted }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
#- registers/people.yaml
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01, to: 2026-02-28 }] }
- { id: bob, name: Bob, kind: employee, employed: [{ from: 2024-01-01 }] }
```

```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-02-27, by: bob }
result: { outcome: as-expected }
reviewed: { on: 2026-03-30, by: alice, result: accepted }
#                               ^^^^^ `alice`, who reviewed `access-review/2026-q1` on 2026-03-30, did not work here then
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
#- registers/people.yaml
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01, to: 2026-02-28 }] }
- { id: bob, name: Bob, kind: employee, employed: [{ from: 2024-01-01 }] }
```

## Fixed
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
result: { outcome: as-expected }
reviewed: { on: 2026-03-30, by: bob, result: accepted }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
#- registers/people.yaml
- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }
- { id: bob, name: Bob, kind: employee, employed: [{ from: 2024-01-01 }] }
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    for (folder, standing) in with_standing(judgement) {
        let mut told: Vec<&str> = Vec::new();
        for flaw in &standing.flaws {
            let Flaw::PerformerNotEmployed(name, day) = flaw else { continue };
            if !told.contains(&&**name) {
                told.push(name);
                let mut by = performers(&folder.manifest).filter(|by| *by.value.0 == **name);
                let at = by.next().map_or(folder.manifest.place, |by| by.at);
                tell(judgement, gaps, folder, at, ("performed", name, *day));
            }
        }
        let reviewer = folder.manifest.reviewed.as_ref().and_then(|reviewed| reviewed.by.as_ref());
        for flaw in &standing.review {
            let Flaw::ReviewerNotEmployed(name, day) = flaw else { continue };
            let at = reviewer.map_or(folder.manifest.place, |by| by.at);
            tell(judgement, gaps, folder, at, ("reviewed", name, *day));
        }
    }
}

fn tell(
    judgement: &Judgement<'_>,
    gaps: &mut Gaps,
    folder: &EvidenceFolder,
    at: Location,
    (did, name, day): (&str, &str, Date),
) {
    let program = judgement.program;
    let id = program.evidence_id(folder);
    let mut message = format!("`{}`, who {did} `{}` on {day}, did not work here then", safe(name), safe(id));
    let person = program.person(name).and_then(|index| program.registers.people.get(index));
    if let Some(last) = person.and_then(|person| people::last_employed(person, day)) {
        message.push_str(&format!("; last day {last}"));
    }
    gaps.about(Subject::new("evidence", id), at, message)
        .help("correct the name or the date, or the days under `employed` in the people register");
}
