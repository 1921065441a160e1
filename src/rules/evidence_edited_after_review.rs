use super::shared::{acts, current};
use super::*;
use crate::history::{Commit, FileHistory};
use crate::program::EvidenceFolder;
use crate::text::{clip, safe, word};
use crate::timeline::witness;

pub(super) static RULE: Rule = Rule {
    name: "evidence-edited-after-review",
    brief: "evidence without digest, committed again after its review",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A review pins no digest, and after the commit that wrote it another one changed the manifest or an artefact. With a digest the
digest decides, in `changed-since-review`: a comment changes nothing there, here it does.

## Why it matters
Without a digest only git can say what the reviewer had in front of them, and it says: something else. Until somebody looks
again, an auditor cannot rest on the review.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
reviewed: { on: 2026-03-30, by: bob, result: accepted }
#               ^^^^^^^^^^ `access-review/2026-q1` was reviewed on 2026-03-30, recorded in 2222222, and its manifest was changed on 2026-04-05 in 3333333 (claimed)
result: { outcome: as-expected, summary: "none removed" }
#! commit 2026-03-28 alice@acme.com evidence/access-review/2026-q1/manifest.yaml
#! commit 2026-03-30 bob@acme.com evidence/access-review/2026-q1/manifest.yaml:5
#! commit 2026-04-05 alice@acme.com evidence/access-review/2026-q1/manifest.yaml:6
```

```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
reviewed: { on: 2026-03-30, by: bob, result: accepted }
#               ^^^^^^^^^^ and `github.csv` was changed on 2026-04-05 in 2222222 (claimed)
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
#! commit 2026-03-30 bob@acme.com evidence/access-review/2026-q1/manifest.yaml evidence/access-review/2026-q1/github.csv
#! commit 2026-04-05 alice@acme.com evidence/access-review/2026-q1/github.csv
```

## Fixed
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: Q1 access review
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
reviewed: { on: 2026-03-30, by: bob, result: accepted }
result: { outcome: as-expected, summary: "none removed" }
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
    for folder in current::evidence(judgement) {
        let Some(review) = folder.manifest.reviewed.as_ref().filter(|review| review.digest.is_none()) else {
            continue;
        };
        let id = program.evidence_id(folder);
        let Some(act) = acts::of_review(id, review) else { continue };
        let Some((what, commit, wrote)) = edited(program, folder, &act) else { continue };
        let when = witness::when(&program.history, commit, &zone);
        let message = format!(
            "{} was reviewed on {}, recorded in {}, and {what} was changed {when}",
            act.name(),
            act.on,
            wrote.short()
        );
        gaps.about(act.subject(), act.at, message)
            .help(format!("have it reviewed again: soc2 evidence review {} --replace", word(&safe(id))));
    }
}

/// What was changed after the review, by which commit, and the commit that wrote the review.
fn edited<'p>(
    program: &'p Program,
    folder: &EvidenceFolder,
    act: &acts::Act<'_>,
) -> Option<(String, &'p Commit, &'p Commit)> {
    let history = &program.history;
    let (path, first, last) = witness::lines(program, &act.parts)?;
    let wrote = witness::wrote(program, &act.parts)?;
    let file = history.file(path)?;
    let review = index(file, first, last)?;
    let others = file.lines.iter().enumerate().filter(|(nth, _)| !(first..=last).contains(&(nth + 1)));
    let newest = others.map(|(_, commit)| *commit).min().filter(|commit| *commit < review);
    if let Some(commit) = newest.and_then(|newest| history.commit(newest)) {
        return Some(("its manifest".to_owned(), commit, wrote));
    }
    let artifacts = folder.manifest.artifacts.iter().zip(folder.files.iter());
    let mut changed = artifacts.filter_map(|(artifact, file)| {
        let touched = history.file(program.sources.path((*file)?))?.touches.first()?.commit;
        let name = artifact.path.as_ref().map_or("", |path| &*path.value);
        (touched < review).then_some((touched, name))
    });
    let (commit, name) = changed.next()?;
    Some((format!("`{}`", clip(&safe(name), 60)), history.commit(commit)?, wrote))
}

/// The commit that wrote some lines, by its place in the history.
fn index(file: &FileHistory, first: usize, last: usize) -> Option<u32> {
    if file.lines.is_empty() {
        return file.touches.first().map(|touch| touch.commit);
    }
    file.lines.get(first.checked_sub(1)?..last.min(file.lines.len()))?.iter().min().copied()
}
