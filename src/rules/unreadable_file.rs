use super::*;

pub(super) static RULE: Rule = Rule {
    name: "unreadable-file",
    brief: "a file cannot be read",
    check: Check::Loading(Level::Deny),
    docs: r#"
A file or folder of the programme cannot be read: its permissions forbid it, it is a device, pipe or socket, or a commit's
content is not in this clone, because a partial clone (`git clone --filter=…`) left it on the server. Nothing is fetched. What
it may define is not reported as unknown.

## Why it matters
What cannot be read cannot be judged or handed over. On the machine that makes the auditor's archive it would be
missing without a word.

## Example
```text
$ ls -l controls
---------- 1 root root  214 access-review.yaml
prw-r--r-- 1 alice staff  0 backup.yaml
```

## Fixed
```text
$ chmod u+r controls/access-review.yaml
$ rm controls/backup.yaml
```
"#,
};
