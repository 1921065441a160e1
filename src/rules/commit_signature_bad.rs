use super::shared::acts;
use super::*;
use crate::history::Signature;
use crate::timeline::witness;

pub(super) static RULE: Rule = Rule {
    name: "commit-signature-bad",
    brief: "a decision recorded in a commit whose signature does not fit",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
The commit that wrote an approval, a review or an approved waiver carries a signature that does not fit its content. A commit
without a signature, or with one of a key that nobody vouches for, is a claim and no gap.

## Why it matters
A signature that does not fit means that the commit was altered after it was signed, or that a program copied the signature from
another one. It is worth less than none: an auditor who checks it by hand will ask.

## Example
```yaml
#- registers/waivers.yaml
- id: board
  rule: criterion-planned-only
  subject: CC1.2
  reason: The board is elected in autumn
  requested: { by: alice, on: 2026-05-29 }
  approved: { by: bob, on: 2026-06-01 }
#                          ^^^^^^^^^^ the waiver `board` was approved in 1111111, whose signature does not fit
  expires: 2026-12-31
#! commit 2026-06-01 bob@acme.com registers/waivers.yaml
#! - signed badly
```

## Fixed
```yaml
#- registers/waivers.yaml
- id: board
  rule: criterion-planned-only
  subject: CC1.2
  reason: The board is elected in autumn
  requested: { by: alice, on: 2026-05-29 }
  approved: { by: bob, on: 2026-06-01 }
  expires: 2026-12-31
#! commit 2026-06-01 bob@acme.com registers/waivers.yaml
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    if !program.history.commits.iter().any(|commit| commit.signature == Signature::Bad) {
        return;
    }
    for act in acts::all(judgement).into_iter().filter(|act| act.deed.is_decision()) {
        let Some(commit) = witness::wrote(program, &act.parts) else { continue };
        if commit.signature != Signature::Bad {
            continue;
        }
        let (what, done) = (act.name(), act.deed.words());
        let message = format!("{what} {done} in {}, whose signature does not fit", commit.short());
        gaps.about(act.subject(), act.at, message).help(format!(
            "see what git says: git verify-commit {}; record the decision again in a commit that is signed rightly",
            commit.short()
        ));
    }
}
