use super::*;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "bundle-commit-lost",
    brief: "a bundle made from a commit that history no longer holds",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
`bundles.yaml` of an audit names the commit from which something was handed over, and that commit is no ancestor of the one that
is read. Where the clone does not reach far enough to tell, `history-incomplete` says so.

## Why it matters
What the auditor holds can no longer be found in the history of the programme: history was rewritten, or the record was made on
a branch that never came in. The auditor sees a commit id that the company cannot show.

## Example
```yaml
#- audits/2026-type2/bundles.yaml
bundles:
  - { commit: "1111111111111111111111111111111111111111", on: 2026-05-02 }
#             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ commit 1111111, handed over on 2026-05-02 for `2026-type2`, is no longer part of history
#! commit 2026-05-01 alice@acme.com soc2.toml
#! - lost
#! commit 2026-05-01 alice@acme.com audits/2026-type2/bundles.yaml
```

## Fixed
```yaml
#- audits/2026-type2/bundles.yaml
bundles:
  - { commit: "1111111111111111111111111111111111111111", on: 2026-05-02 }
#! commit 2026-05-01 alice@acme.com soc2.toml
#! commit 2026-05-02 alice@acme.com audits/2026-type2/bundles.yaml
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    for bundle in &program.bundles {
        let Some(commit) = &bundle.commit else { continue };
        if program.history.ancestors.get(&*commit.value.0) != Some(&Some(false)) {
            continue;
        }
        let path = program.sources.path(commit.at.file);
        let audit = path.strip_prefix("audits/").and_then(|rest| rest.split('/').next()).unwrap_or("");
        let short = commit.value.0.get(..7).unwrap_or("");
        let on = bundle.on.as_ref().map_or_else(String::new, |on| format!(" on {on}"));
        let message =
            format!("commit {short}, handed over{on} for `{}`, is no longer part of history", safe(audit));
        gaps.about(Subject::new("audit", audit), commit.at, message).help(
            "bring the commit back into history (a branch or tag that still has it, merged), and tell the auditor",
        );
    }
}
