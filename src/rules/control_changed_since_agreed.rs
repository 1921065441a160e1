use super::*;
use crate::baseline::{self, Since};
use crate::text::{clip, safe};

pub(super) static RULE: Rule = Rule {
    name: "control-changed-since-agreed",
    brief: "a control unlike the list that the auditor agreed",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
A control of an audit differs from the last list in `audits/<id>/agreed.yaml`: its cadence, criteria, systems or wording are
others, it is not on the list, or it is on the list and is no control of the audit any more. Compared are the controls that the
company claims to run; drafts and plans are on no list. Not told before the day on which the list was agreed.

## Why it matters
Before the work begins the auditor agrees with management which controls are tested. What changes afterwards is tested as it was,
as it is, or not at all, and that is for the auditor to say; they have to hear of it from you.

## Example
```yaml
#- audits/2026-type2/agreed.yaml
agreed:
  - on: 2026-02-02
    commit: "1111111111111111111111111111111111111111"
    controls:
      - id: access-review
        cadence: monthly
        criteria: [CC6.2]
        wording: "1a986e5fae796b541bfc62d72c4aa72b23419ccd8d33888823a54fb2f1999177"
      - id: board-meeting
#           ^^^^^^^^^^^^^ `board-meeting` is on the list agreed with the auditor of `2026-type2` on 2026-02-02, and is no control of it now
        cadence: quarterly
        criteria: [CC1.2]
        wording: "1a986e5fae796b541bfc62d72c4aa72b23419ccd8d33888823a54fb2f1999177"
#- controls/access-review.yaml
id: access-review
#   ^^^^^^^^^^^^^ `access-review` is not as agreed with the auditor of `2026-type2` on 2026-02-02: cadence monthly → quarterly
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2025-01-01
cadence: quarterly
criteria: [CC6.2]
```

## Fixed
```yaml
#- audits/2026-type2/agreed.yaml
agreed:
  - on: 2026-02-02
    commit: "1111111111111111111111111111111111111111"
    controls:
      - id: access-review
        cadence: quarterly
        criteria: [CC6.2]
        wording: "1a986e5fae796b541bfc62d72c4aa72b23419ccd8d33888823a54fb2f1999177"
#- controls/access-review.yaml
id: access-review
title: Owners review every user
description: Each quarter the owner of every system reviews its users.
owner: security-lead
status: implemented
effective_from: 2025-01-01
cadence: quarterly
criteria: [CC6.2]
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    for audit in &judgement.audits {
        let Some(id) = audit.id.as_deref() else { continue };
        let Some(found) = baseline::since(program, audit, judgement.as_of) else { continue };
        let Some(list) = baseline::agreement(program, id) else { continue };
        let on = list.on.as_ref().map_or_else(String::new, |on| format!(" on {on}"));
        for (name, (index, since)) in found {
            let control = index.and_then(|index| program.controls.get(index));
            let shown = clip(&safe(&name), 100);
            let listed = list.controls.iter().filter_map(|one| one.id.as_ref()).find(|id| *id.value == *name);
            let (at, message) = match &since {
                Since::Gone => {
                    let at = listed.map_or(list.place, |id| id.at);
                    (
                        at,
                        format!(
                            "`{shown}` is on the list agreed with the auditor of `{id}`{on}, and is no control of it now"
                        ),
                    )
                }
                Since::Added => {
                    let at = control.map_or(list.place, |control| control.id.at);
                    (at, format!("`{shown}` is not on the list agreed with the auditor of `{id}`{on}"))
                }
                Since::Changed(what) => {
                    let at = control.map_or(list.place, |control| control.id.at);
                    (
                        at,
                        format!(
                            "`{shown}` is not as agreed with the auditor of `{id}`{on}: {}",
                            what.join(", ")
                        ),
                    )
                }
            };
            gaps.about(Subject::new("control", name), at, message)
                .help(format!("tell the auditor; once they agree the controls as they are now: soc2 audit agree {id} --again"))
                .audit(Some(id));
        }
    }
}
