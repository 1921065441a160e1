use super::*;

pub(super) static RULE: Rule = Rule {
    name: "submodule-not-read",
    brief: "a folder of the programme is another repository",
    check: Check::Loading(Level::Deny),
    docs: r#"
One of the programme's folders, or a folder below one, is a submodule: another repository of which this one keeps a commit's id
only. It is listed and not entered, whether or not it is checked out. What it may define is not reported as unknown; a control
whose evidence may lie in it reads unknown where nothing else shows that it operated.

## Why it matters
One commit has to fix controls, policies, evidence and verdicts together. What lies in another repository can be changed, made
private or deleted there, with another history and other reviewers, and is missing in a clone of this one.

## Example
```text
$ git ls-files --stage evidence
160000 5f1e8c5a0b5cf9ad5b7a3e3b0b1b7a3c9d2f4e60 0	evidence/access-review
```

## Fixed
```text
$ git rm evidence/access-review
$ git clone https://git.example/access-review evidence/access-review
$ rm -rf evidence/access-review/.git
$ git add evidence/access-review
```
"#,
};
