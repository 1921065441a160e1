use super::*;

pub(super) static RULE: Rule = Rule {
    name: "file-ignored",
    brief: "a file that git will never hold",
    check: Check::Loading(Level::Warn),
    docs: r#"
In a git work tree, a `.gitignore` keeps a file of the programme out of git: a record or document in one of its folders, or a
file below `evidence/`, which nobody has added. It is not judged, just as in a clone. A tracked file counts, whatever a
`.gitignore` says of it. Of one folder 50 files are told one by one, then a count. What editors and desktops leave beside a
file, such as `.users.csv.swp`, is not told. Without git no `.gitignore` counts at all.

## Why it matters
Evidence that lies on one machine only is no evidence: no commit says when it was there, and the auditor's archive will not hold
it. A pattern such as `*.csv` or `*.log`, written for something else, is often why.

## Example
```text
$ cat .gitignore
*.csv
$ ls evidence/access-review/2026-q1
manifest.yaml  users.csv
```

## Fixed
```text
$ git add -f evidence/access-review/2026-q1/users.csv
```
"#,
};
