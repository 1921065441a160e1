use std::collections::BTreeSet;

use super::shared::{artifacts, reading};
use super::*;
use crate::source::{Body, FileId, MANIFEST};
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "artifact-unlisted",
    brief: "a file in evidence/ that no manifest names",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
A file below `evidence/` is named by no manifest of its folder or of a folder above. README.md and files of git are
not looked at.

## Why it matters
Nobody has said who collected the file, when and from where, and its bytes can change unseen. It proves nothing and
is left out of the bundle, while its owner believes it is in.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
#- evidence/access-review/2026-q1/gitlab.csv
login,role
#! evidence/access-review/2026-q1/gitlab.csv:1:1 no manifest names this file
```

## Fixed
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
artifacts:
  - path: github.csv
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    let named = named_files(program);
    let mut unsure = reading::with_lost_values(program);
    unsure.extend(&program.unread);
    for (id, file) in program.sources.below("evidence/") {
        if !matches!(file.body, Body::Artifact(_)) || named.contains(&id) {
            continue;
        }
        let manifests: Vec<FileId> = manifests_above(program, &file.path).collect();
        if manifests.iter().any(|manifest| unsure.contains(manifest)) {
            continue;
        }
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        let help = match manifests.first() {
            _ if name == "manifest.yml" => format!("rename it to `{MANIFEST}`"),
            Some(near) => {
                let near = safe(program.sources.path(*near));
                format!("name it under `artifacts` of {near}, or remove it")
            }
            None => format!("describe it in a `{MANIFEST}` beside it, or remove it"),
        };
        faults.at(Location::start_of(id), "no manifest names this file").help(help);
    }
}

/// Files that manifests name, also by a path that is refused for its spelling alone.
fn named_files(program: &Program) -> BTreeSet<FileId> {
    let mut named = BTreeSet::new();
    for folder in &program.evidence {
        for (artifact, file) in folder.manifest.artifacts.iter().zip(folder.files.iter()) {
            let spelt_otherwise = || program.artifact_file(folder, &artifacts::tidy(artifact.path.as_ref()?));
            named.extend(file.or_else(spelt_otherwise));
        }
    }
    named
}

/// The manifests of a file's folder and of those above, nearest first.
fn manifests_above<'p>(program: &'p Program, path: &'p str) -> impl Iterator<Item = FileId> + 'p {
    let folders = path.rmatch_indices('/').map(|(slash, _)| &path[..=slash]);
    folders.filter_map(|folder| program.sources.find(&format!("{folder}{MANIFEST}")))
}
