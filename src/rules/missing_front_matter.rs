use super::*;

pub(super) static RULE: Rule = Rule {
    name: "missing-front-matter",
    brief: "a document without front matter",
    check: Check::Loading(Level::Deny),
    docs: r#"
A policy or procedure does not start with a block between two lines of `---` that gives its `id`, `title` and `owner`, or the
block has no end. The document is not read. Narratives need none.

## Why it matters
A document says in its front matter what it is called and who answers for it; without one it is not read, and whatever
points at it points at nothing. A policy then has no approvals and is to an auditor a draft, whatever its text promises.

## Example
```markdown
#- policies/access-control.md
# Access control
^ the document has no front matter
Passwords are at least 14 characters long.
```

```markdown
#- policies/access-control.md
---
^ the front matter has no end
id: access-control
title: Access Control Policy
owner: security-lead
## Passwords
```

## Fixed
```markdown
#- policies/access-control.md
---
id: access-control
title: Access Control Policy
owner: security-lead
---
## Passwords
Passwords are at least 14 characters long.
```
"#,
};
