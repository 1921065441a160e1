use super::shared::acts;
use super::*;
use crate::text::{clip, safe};
use crate::timeline::{people, witness};

pub(super) static RULE: Rule = Rule {
    name: "self-merged",
    brief: "a decision merged by the author of its commit",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
An approval of a policy, a review of evidence or an approved waiver was written in a commit whose author also made the merge
that brought it in, and somebody else worked here on that day. Of a merge made on a forge, the author is who clicked. Commits
that went to the main line without a merge are not meant, nor those whose merge cannot be told.

## Why it matters
A pull request is where a second person sees what is recorded. Merged by its own author, the record of a decision came in with
nobody else looking, and git is no witness that anybody agreed.

## Example
```yaml
#- registers/waivers.yaml
- id: board
  rule: criterion-planned-only
  subject: CC1.2
  reason: The board is elected in autumn
  requested: { by: alice, on: 2026-05-29 }
  approved: { by: bob, on: 2026-06-01 }
#                          ^^^^^^^^^^ the waiver `board` was approved by `bob` in 1111111, which `alice` wrote and merged in aaaaaaa
  expires: 2026-12-31
#! commit 2026-06-01 alice@acme.com registers/waivers.yaml
#! - merged 2026-06-02 alice@acme.com
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
#! commit 2026-06-01 alice@acme.com registers/waivers.yaml
#! - merged 2026-06-02 bob@acme.com
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    if !program.history.is_known() {
        return;
    }
    for act in acts::all(judgement).into_iter().filter(|act| act.deed.is_decision()) {
        let Some(commit) = witness::wrote(program, &act.parts) else { continue };
        let Some(merge) = witness::through(&program.history, commit) else { continue };
        if !witness::same(program, &commit.author, &merge.author) || people::head_count(program, act.on) < 2 {
            continue;
        }
        let person = witness::person(program, &merge.author);
        let person = person.and_then(|index| program.registers.people.get(index));
        let who = person.map_or_else(|| clip(&safe(&merge.author.name), 60), |person| person.id.to_string());
        let by = act.by.map_or_else(String::new, |by| format!(" by `{}`", clip(&safe(by), 60)));
        let message = format!(
            "{} {}{by} in {}, which `{who}` wrote and merged in {}",
            act.name(),
            act.deed.words(),
            commit.short(),
            merge.short()
        );
        gaps.about(act.subject(), act.at, message)
            .help("have somebody else merge such changes; protect the branch so that the forge asks for it");
    }
}
