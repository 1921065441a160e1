use std::collections::BTreeMap;

use super::*;
use crate::model::{ControlType, Evidence, EvidenceKind};
use crate::source::Location;

pub(super) static RULE: Rule = Rule {
    name: "automated-with-manual-evidence",
    brief: "an automated control shown by hand-made evidence only",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
A control has `type: automated`, and all evidence it asks for, or all evidence it got, is screenshots, signed
documents or attestations. One export, log or report of the system beside them is enough.

## Why it matters
A system that does the work leaves settings and logs behind. Where a person makes a picture each quarter instead, an
auditor tests the control as a manual one, with a larger sample.

## Example
```yaml
#- controls/mfa.yaml
id: mfa
title: Sign-in demands a second factor
description: The identity provider refuses a sign-in without a second factor.
owner: security-lead
status: planned
cadence: continuous
criteria: [CC6.1]
type: automated
#     ^^^^^^^^^ asks for nothing but screenshots
evidence_required:
  - { kind: screenshot, per: slot, min: 1 }
```
```yaml
#- controls/mfa.yaml
id: mfa
title: Sign-in demands a second factor
description: The identity provider refuses a sign-in without a second factor.
owner: security-lead
status: planned
cadence: continuous
criteria: [CC6.1]
type: automated
#     ^^^^^^^^^ has nothing but screenshots
#- evidence/mfa/2026-q1/manifest.yaml
title: Second factor, first quarter
controls: [mfa]
kind: screenshot
performed: { on: 2026-03-28, by: alice }
```

## Fixed
```yaml
#- controls/mfa.yaml
id: mfa
title: Sign-in demands a second factor
description: The identity provider refuses a sign-in without a second factor.
owner: security-lead
status: planned
cadence: continuous
criteria: [CC6.1]
type: automated
evidence_required:
  - { kind: config-export, per: system, min: 1 }
  - { kind: screenshot, per: slot, min: 1 }
```
"#,
};

const HELP: &str =
    "take evidence from the system (config-export, log-extract, system-report), or set `type: manual`";

fn check(program: &Program, faults: &mut Faults) {
    let given = hand_made_only(program);
    for (index, control) in program.controls.iter().enumerate() {
        let Some(kind) = control.r#type.as_ref().filter(|kind| kind.value == ControlType::Automated) else {
            continue;
        };
        let asked = &control.evidence_required;
        let known = !control.misread.holds("evidence_required");
        let asked_by_hand =
            asked.iter().all(|e| e.kind.as_ref().is_some_and(|kind| is_hand_made(kind.value)));
        let nothing_but = "nothing but screenshots, signed documents or attestations";
        if known && !asked.is_empty() && asked_by_hand {
            let message = format!("the automated control `{}` asks for {nothing_but}", control.id);
            faults.at(kind.at, message).help(HELP);
        } else if let Some(Some(manifest)) = given.get(&index) {
            let message = format!("the automated control `{}` has {nothing_but} as evidence", control.id);
            faults.at(kind.at, message).related(*manifest, "the first of them").help(HELP);
        }
    }
}

fn is_hand_made(kind: EvidenceKind) -> bool {
    matches!(kind, EvidenceKind::Screenshot | EvidenceKind::SignedDocument | EvidenceKind::Attestation)
}

/// For each control with evidence, the kind of its first manifest if all of it is made by hand, else `None`.
fn hand_made_only(program: &Program) -> BTreeMap<usize, Option<Location>> {
    let mut controls: BTreeMap<usize, Option<Location>> = BTreeMap::new();
    if program.may_be_defined_in_unread("evidence/") {
        return controls;
    }
    for manifest in program.evidence.iter().map(|folder| &folder.manifest) {
        let place = hand_made(manifest);
        for index in manifest.controls.iter().filter_map(|name| program.names.controls.get(&***name)) {
            let first = controls.entry(*index).or_insert(place);
            *first = first.and(place).and(*first);
        }
    }
    controls
}

/// Where a manifest says that all it holds is made by hand.
fn hand_made(manifest: &Evidence) -> Option<Location> {
    let kind = manifest.kind.as_ref()?;
    let own = manifest.artifacts.iter().filter_map(|artifact| artifact.kind.as_ref());
    let all = own.chain(std::iter::once(kind)).all(|kind| is_hand_made(kind.value));
    (all && !manifest.misread.holds("artifacts")).then_some(kind.at)
}
