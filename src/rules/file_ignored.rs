use super::*;

pub(super) static RULE: Rule = Rule {
    name: "file-ignored",
    brief: "a file that .gitignore hides",
    check: Check::Loading(Level::Deny),
    docs: r#"
A `.gitignore` of the repository hides a file of the programme: `soc2.toml`, a record or document in one of its folders, or a
file below `evidence/`. It is not judged, and what it may define is not reported as unknown. Of one folder 50 files are told one
by one, then a count. What editors and desktops leave beside a file, such as `.users.csv.swp`, is not told.

## Why it matters
git keeps a tracked file whatever `.gitignore` says of it later. So a change of one line could take the register of exceptions,
or a control that failed, out of every verdict while an auditor still finds it in the repository. In the programme's folders
every file is part of the record; private notes belong elsewhere.

## Example
```text
$ cat .gitignore
registers/exceptions.yaml
evidence/access-review/
```

## Fixed
```text
$ cat .gitignore
/target
```
"#,
};
