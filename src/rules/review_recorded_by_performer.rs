use super::shared::performed::performers;
use super::shared::{acts, current};
use super::*;
use crate::text::{clip, safe};
use crate::timeline::witness;

pub(super) static RULE: Rule = Rule {
    name: "review-recorded-by-performer",
    brief: "a review that the performer wrote down",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
The `reviewed` block of a manifest was written in a commit whose author is, by the e-mail addresses of the people register,
somebody who performed the control, while it names another person as the reviewer. Reviews from before git's history begins
were brought in and are not meant, nor those whose commit git cannot tell. A pull request that was squashed has one author:
let the reviewer commit the review in one of their own, or merge without squashing.

## Why it matters
Anybody can type a colleague's name. Written down by the one whose work it judges, a review rests on their word alone, and an
auditor asks the reviewer whether they ever saw it.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
reviewed: { on: 2026-03-30, by: bob, result: accepted }
#                               ^^^ `bob`'s review of `access-review/2026-q1` was recorded by `alice`, who performed it, on 2026-03-30 in 2222222 (claimed)
#! commit 2026-03-28 alice@acme.com evidence/access-review/2026-q1/manifest.yaml
#! commit 2026-03-30 alice@acme.com evidence/access-review/2026-q1/manifest.yaml:5
```

## Fixed
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
reviewed: { on: 2026-03-30, by: bob, result: accepted }
#! commit 2026-03-28 alice@acme.com evidence/access-review/2026-q1/manifest.yaml
#! commit 2026-03-30 bob@acme.com evidence/access-review/2026-q1/manifest.yaml:5
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let (program, zone) = (judgement.program, judgement.zone());
    if !program.history.is_known() {
        return;
    }
    let begins = witness::begins(program);
    for folder in current::evidence(judgement) {
        let manifest = &*folder.manifest;
        let Some(review) = &manifest.reviewed else { continue };
        let Some(by) = &review.by else { continue };
        let Some(act) = acts::of_review(program.evidence_id(folder), review) else { continue };
        if begins.is_some_and(|begins| act.on < begins) {
            continue;
        }
        let Some(commit) = witness::wrote(program, &act.parts) else { continue };
        let Some(author) = witness::person(program, &commit.author) else { continue };
        let performed = performers(manifest).any(|name| program.person(name) == Some(author));
        // Whoever reviews what they performed is told as that.
        if !performed || program.person(by) == Some(author) {
            continue;
        }
        let who = program.registers.people.get(author).map_or("", |person| &*person.id.value.0);
        let message = format!(
            "`{}`'s review of {} was recorded by `{}`, who performed it, {}",
            clip(&safe(by), 60),
            act.name(),
            clip(&safe(who), 60),
            witness::when(&program.history, commit, &zone)
        );
        gaps.about(act.subject(), by.at, message)
            .help("have the reviewer write the review down: soc2 evidence review, and a commit of their own");
    }
}
