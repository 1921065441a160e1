use super::*;
use crate::history::Reach;
use crate::timeline::witness;

pub(super) static RULE: Rule = Rule {
    name: "history-incomplete",
    brief: "git history that does not reach back to its beginning",
    check: Check::Gap(Class::Note, check),
    docs: r#"
Records are kept here, and the history at hand does not reach back to their beginning: the clone is shallow or partial, or there
is no git history at all. Then it cannot be told when a record was first written, by whom, and whether another's key witnessed
it, what was filed late, which text was approved, and whether what was handed over is still part of history. Slots rest on
manifests and are not touched.

## Why it matters
Unknown never counts as good. Most build services clone only the newest commit, so a check there sees less than one at home, and
the gaps that rest on history are silent instead of closed.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
#! soc2.toml:1:1 this clone is shallow: it cannot be told when records were first written, by whom and witnessed by what
#! history shallow
#! commit 2026-03-28 alice@acme.com evidence/access-review/2026-q1/manifest.yaml
```

## Fixed
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
#! commit 2026-03-28 alice@acme.com evidence/access-review/2026-q1/manifest.yaml
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    let history = &program.history;
    let approved = program.policies.iter().any(|policy| !policy.head.approvals.is_empty());
    let registers = !program.registers.waivers.is_empty() || !program.bundles.is_empty();
    let recorded = approved || registers || !program.evidence.is_empty();
    if history.reach == Reach::Whole || !recorded {
        return;
    }
    let (why, fix) = witness::out_of_reach(history);
    let mut message =
        format!("{why}: it cannot be told when records were first written, by whom and witnessed by what");
    if judgement.policies.iter().any(|policy| policy.is_unknown_on(judgement.as_of)) {
        message.push_str(", which text of a changed policy was approved");
    }
    if history.ancestors.values().any(Option::is_none) {
        message.push_str(", whether what was handed over is still part of history");
    }
    gaps.about(Subject::new("programme", "history"), program.root_place(), message).help(fix);
}
