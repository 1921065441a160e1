use super::shared::current;
use super::*;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "redaction-not-logged",
    brief: "redacted evidence without a record of what was taken out",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
A word of an artefact's path begins with `redact`, as in `payroll-redacted.csv`, and the manifest has no `redactions`.
One gap stands for all such artefacts of a manifest.

## Why it matters
An auditor accepts that salaries are taken out, if somebody says what, why and who did it, and the original can be
looked at. Without that nobody can tell a redaction from a cover-up.

## Example
```yaml
#- evidence/hr-screening/2026-q1/manifest.yaml
title: Staff at the end of the quarter
controls: [hr-screening]
kind: system-report
performed: { on: 2026-03-28, by: alice }
artifacts:
  - path: payroll-redacted.csv
#         ^^^^^^^^^^^^^^^^^^^^ `payroll-redacted.csv` is redacted
    sha256: "b68919aff001d8366249403a2544fba2d833084f1ad22839b6310aadacb6a138"
```

## Fixed
```yaml
#- evidence/hr-screening/2026-q1/manifest.yaml
title: Staff at the end of the quarter
controls: [hr-screening]
kind: system-report
performed: { on: 2026-03-28, by: alice }
redactions: [{ what: salaries, why: not needed for the test, by: alice }]
artifacts:
  - path: payroll-redacted.csv
    sha256: "b68919aff001d8366249403a2544fba2d833084f1ad22839b6310aadacb6a138"
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    for folder in current::evidence(judgement) {
        let manifest = &folder.manifest;
        if !manifest.redactions.is_empty() || manifest.misread.holds("redactions") {
            continue;
        }
        let mut paths = manifest.artifacts.iter().filter_map(|artifact| artifact.path.as_ref());
        let Some(path) = paths.find(|path| is_redacted(path)) else { continue };
        let message = format!("`{}` is redacted, and nothing says what was taken out", safe(path));
        gaps.about(Subject::new("evidence", program.evidence_id(folder)), path.at, message)
            .help("add `redactions: [{ what: salaries, why: not needed for the test, by: PERSON }]`");
    }
}

/// Does a word begin with `redact`? `unredacted` does not; `payrollRedacted` has two words.
fn is_redacted(path: &str) -> bool {
    let begins = |at: usize| {
        let before = path.get(..at).and_then(|before| before.chars().next_back());
        let capital = path.get(at..).is_some_and(|word| word.starts_with('R'));
        before.is_none_or(|c| !c.is_alphabetic() || (capital && c.is_lowercase()))
    };
    path.to_ascii_lowercase().match_indices("redact").any(|(at, _)| begins(at))
}

#[cfg(test)]
mod tests {
    use super::is_redacted;

    #[test]
    fn a_word_says_so() {
        for path in [
            "redacted.csv",
            "a/payroll_redacted.csv",
            "payrollRedacted.csv",
            "REDACTED/a.csv",
            "übersicht-redacted.csv",
        ] {
            assert!(is_redacted(path), "{path}");
        }
        for path in ["payroll.csv", "unredacted.csv", "UNREDACTED.csv", "predaction.csv"] {
            assert!(!is_redacted(path), "{path}");
        }
    }
}
