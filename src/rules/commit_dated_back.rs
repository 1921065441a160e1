use super::*;
use crate::timeline::witness;

pub(super) static RULE: Rule = Rule {
    name: "commit-dated-back",
    brief: "a commit dated before the one it follows",
    check: Check::Gap(Class::AtRisk, check),
    docs: r#"
A commit of the first-parent line says that it was made more than a day before the commit it follows. Clocks that differ by less
are not told, and neither are commits that came in through a merge: they were written on a branch.

## Why it matters
The date of a commit is typed by the computer of whoever commits. A commit cannot be older than what it builds on, so this is
the one sign of a wrong or backdated clock that git shows by itself. Evidence in it looks as if it had been filed in time.

## Example
```yaml
#- evidence/log-review/2026-05/manifest.yaml
#- soc2.toml
#! soc2.toml:1:1 2222222 says 2026-05-20, 42 days before 1111111 that it follows
#! commit 2026-07-01 alice@acme.com soc2.toml
#! commit 2026-05-20 alice@acme.com evidence/log-review/2026-05/manifest.yaml
```

## Fixed
```yaml
#- evidence/log-review/2026-05/manifest.yaml
#- soc2.toml
#! commit 2026-07-01 alice@acme.com soc2.toml
#! commit 2026-07-01 alice@acme.com evidence/log-review/2026-05/manifest.yaml
```
"#,
};

/// Clocks of two computers may differ by this much, in days.
const SKEW: i32 = 1;

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    let zone = judgement.zone();
    let line: Vec<_> = program.history.commits.iter().filter(|commit| commit.through.is_none()).collect();
    for pair in line.windows(2) {
        let [commit, before] = pair else { continue };
        let (day, other) = (commit.day(&zone), before.day(&zone));
        let back = other.since(day).map_or(0, |span| span.get_days());
        if back <= SKEW {
            continue;
        }
        let message = format!(
            "{} says {day}, {back} days before {} that it follows ({})",
            commit.short(),
            before.short(),
            witness::worth(&program.history, commit)
        );
        gaps.about(Subject::new("commit", commit.short()), program.root_place(), message)
            .help("ask who made it and on which computer; what it records was not there before the commit it follows");
    }
}
