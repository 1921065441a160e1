use super::*;

pub(super) static RULE: Rule = Rule {
    name: "input-too-large",
    brief: "a file is too large or nested too deep",
    check: Check::Loading(Level::Deny),
    docs: r#"
A text file is above 1 MiB, a CSV register above 4 MiB, a YAML file holds more than 100,000 keys and values or is nested more
than 64 levels deep; quotes and lists of a document stand within one another so often that levels times lines come to more than ten
million. It is not read. Nor is what lies in a folder more than 64 levels below one of the programme's folders.
Artefacts may be of any size in a work tree, and up to 1 GiB in a commit. A `.gitignore` above 64 KiB, or beyond 200 such files, 1 MiB
or 2,000 patterns in all, is not applied: it hides nothing.

## Why it matters
Records are written and reviewed by people, and checks on pull requests from strangers must end; so what no person could
have written is not read. A large export is evidence: it belongs beside a manifest under `evidence/`, where only its hash is
taken.

## Example
```yaml
#- controls/access.yaml
id: access-review
tests: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
#                                                                     ^ nested more than 64 levels deep
  ]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
```

## Fixed
```yaml
#- controls/access.yaml
id: access-review
tests: [{ id: list-is-complete, method: inspection }]
```
"#,
};
