use super::shared::artifacts::{self, Named};
use super::*;
use crate::source::MANIFEST;
use crate::text::{clip, nearest, safe};

pub(super) static RULE: Rule = Rule {
    name: "artifact-missing",
    brief: "a file that a manifest names is not there",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A manifest names a file that is not there. Files are looked for below the manifest's folder, among those that git
does not ignore; a file that cannot be read is told by another rule.

## Why it matters
The auditor asks for exactly this file. What a manifest only says was collected proves nothing.

## Example
```yaml
#- evidence/access-review/2026-q1/manifest.yaml
title: First access review of 2026
controls: [access-review]
kind: system-report
performed: { on: 2026-03-28, by: alice }
artifacts:
  - path: gihub.csv
#         ^^^^^^^^^ `gihub.csv` is not there
    sha256: "17404a5d62bcfce39346ee93776ba94cbabcfc999679c4127ae9a6cc54c1b757"
#- evidence/access-review/2026-q1/github.csv
login,role
alice,admin
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

/// Files of the folder compared in the search for what was meant.
const MOST_COMPARED: usize = 200;

fn check(program: &Program, faults: &mut Faults) {
    for named in artifacts::named(program) {
        let folder = program.sources.path(named.folder.file).strip_suffix(MANIFEST).unwrap_or("");
        let there = program.artifact_file(named.folder, named.path).is_some();
        if there || behind_a_refused_link(program, folder, named.path) {
            continue;
        }
        faults
            .at(named.path.at, format!("`{}` is not there", clip(&safe(named.path), 80)))
            .help(help(program, folder, named));
    }
}

/// A folder that could not be read is listed as a file; its own fault is told.
fn behind_a_refused_link(program: &Program, folder: &str, path: &str) -> bool {
    path.match_indices('/')
        .any(|(end, _)| program.sources.find(&format!("{folder}{}", &path[..end])).is_some())
}

fn help(program: &Program, folder: &str, named: Named<'_>) -> String {
    let path = &*named.path.value;
    if let Some(below) = path.strip_prefix(folder).filter(|below| !below.is_empty()) {
        return format!("paths start at the manifest's folder: `{}`", safe(below));
    }
    let files = program.sources.below(folder).take(MOST_COMPARED);
    let names = files.filter_map(|(_, file)| file.path.strip_prefix(folder)).filter(|name| *name != MANIFEST);
    match nearest(path, names) {
        Some(near) => format!("did you mean `{}`?", safe(near)),
        None => "put the file there, and see that no `.gitignore` leaves it out".to_owned(),
    }
}
