use std::collections::{BTreeMap, BTreeSet};

use super::shared::policies::replaced;
use super::shared::texts::{Document, policies, sentences, words};
use super::*;
use crate::model::Status;
use crate::program::{anchor, document};
use crate::syntax::markdown;
use crate::text::{clip, count, safe};

pub(super) static RULE: Rule = Rule {
    name: "promise-without-control",
    brief: "sentences with must or shall that no control carries out",
    check: Check::Gap(Class::Note, check),
    docs: r##"
A section of a policy says *must* or *shall*, and no control names it: neither the section nor one above it, nor the policy as
a whole. Retired controls do not count. A policy that no control names at all is `policy-without-control`. One note per section.

## Why it matters
What a policy demands, the auditor may test, whether a control stands behind it or not. A demand that nobody carries out is
better found by the company, or taken out of the text.

## Example
```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: planned
cadence: quarterly
criteria: [CC6.2]
policies: [access#reviews]
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
---
### Reviews
Each owner must review the users.
### Visitors
A visitor must sign in and shall wear a badge.
^^^^^^^^^ the section `Visitors` of the policy `access` says must or shall in 2 sentences, and no control names it
They leave before six. Doors shall be locked.
```

## Fixed
```yaml
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: planned
cadence: quarterly
criteria: [CC6.2]
policies: [access#reviews]
#- controls/visitors.yaml
id: visitors
title: Visitors are on the list
description: Each quarter the lead compares the list of visitors with the diary.
owner: security-lead
status: planned
cadence: quarterly
criteria: [CC6.4]
policies: [access#visitors]
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
---
### Reviews
Each owner must review the users.
### Visitors
A visitor must sign in.
#### Badges
A visitor must wear a badge.
### Principles
People see what they need to see.
```
"##,
};

/// Sections told of one policy.
const MOST: usize = 20;

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    if program.may_be_defined_in_unread("controls/") {
        return;
    }
    let gone = replaced(program, judgement.as_of);
    let mut named: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for control in program.controls.iter().filter(|control| control.status() != Status::Retired) {
        for policy in &control.policies {
            let sections = named.entry(document(&policy.value.0)).or_default();
            sections.insert(anchor(&policy.value.0).unwrap_or(""));
        }
    }
    for policy in policies(program) {
        let Some(carried) = named.get(policy.id).filter(|_| !gone.contains(policy.id)) else { continue };
        if carried.contains("") {
            continue;
        }
        for (section, promise) in uncarried(&policy, carried).into_iter().take(MOST) {
            let place = policy.place(program, promise.first.clone());
            let message = format!(
                "{section} of {} says must or shall in {}, and no control names it",
                policy.name(),
                count(promise.sentences, "sentence"),
            );
            gaps.about(Subject::new("policy", policy.id.to_owned()), place, message)
                .help("name the section under `policies` of the control that carries it out, or write the sentence as what it is");
        }
    }
}

struct Promise {
    sentences: usize,
    /// The first of these sentences, up to its second word.
    first: std::ops::Range<usize>,
}

/// The sections with a promise that no control names, in order.
fn uncarried(policy: &Document<'_>, carried: &BTreeSet<&str>) -> Vec<(String, Promise)> {
    let headings = &policy.body.headings;
    let covered = covered(policy, carried);
    let mut found: BTreeMap<usize, Promise> = BTreeMap::new();
    for piece in markdown::prose(policy.text) {
        for (offset, sentence) in sentences(&piece.text) {
            if !promises(sentence) {
                continue;
            }
            let trimmed = sentence.trim();
            let from = offset + (sentence.len() - sentence.trim_start().len());
            let lead = words(trimmed).get(1).map_or(trimmed.len(), |word| word.end);
            let range = piece.origin(from)..piece.origin(from + lead.max(1) - 1) + 1;
            // The section is the last heading that begins before it; 0 is what stands before the first.
            let section = headings.partition_point(|heading| heading.span.start as usize <= range.start);
            if section.checked_sub(1).and_then(|nth| covered.get(nth)).is_some_and(|covered| *covered) {
                continue;
            }
            let promise = found.entry(section).or_insert(Promise { sentences: 0, first: range });
            promise.sentences += 1;
        }
    }
    let title = |section: usize| match section.checked_sub(1).and_then(|nth| headings.get(nth)) {
        Some(heading) if heading.level > 1 => {
            format!("the section `{}`", clip(&safe(&heading.title), 60))
        }
        _ => "the beginning".to_owned(),
    };
    found.into_iter().map(|(section, promise)| (title(section), promise)).collect()
}

/// For each heading, whether a control names it or one above it.
fn covered(policy: &Document<'_>, carried: &BTreeSet<&str>) -> Vec<bool> {
    let mut above: Vec<(u8, bool)> = Vec::new();
    let headings = policy.body.headings.iter().map(|heading| {
        above.retain(|(level, _)| *level < heading.level);
        let by_parent = above.last().is_some_and(|(_, covered)| *covered);
        let covered = by_parent || carried.contains(&*heading.anchor);
        above.push((heading.level, covered));
        covered
    });
    headings.collect()
}

fn promises(sentence: &str) -> bool {
    words(sentence).into_iter().any(|range| {
        let word = &sentence[range];
        word.eq_ignore_ascii_case("must") || word.eq_ignore_ascii_case("shall")
    })
}
