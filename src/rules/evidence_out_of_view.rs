use super::*;

pub(super) static RULE: Rule = Rule {
    name: "evidence-out-of-view",
    brief: "evidence dated after the day of the judgement",
    check: Check::Gap(Class::Note, check),
    docs: r#"
Evidence is dated after the day that verdicts are for, when that is a day in the past: it is left out. One gap, with the
number.

## Why it matters
What was done later cannot have supported a verdict of that day. The number says that the tree knows more than the verdicts
show.

## Example
```yaml
#- soc2.toml
[organization]
^^^^^^^^^^^^^^ 1 piece of evidence is dated after 2026-06-30 and left out
name = "Acme, Inc."
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-07-28, by: alice }
result: { outcome: as-expected }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
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
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let later = judgement.evidence.iter().filter(|standing| standing.out_of_view).count();
    if later == 0 {
        return;
    }
    let is = if later == 1 { "piece of evidence is" } else { "pieces of evidence are" };
    let message = format!("{later} {is} dated after {} and left out", judgement.as_of);
    let at = judgement.program.root_place();
    gaps.about(Subject::new("programme", "evidence"), at, message)
        .help("nothing: verdicts of a later day count it");
}
