use super::*;
use crate::source::Body;

pub(super) static RULE: Rule = Rule {
    name: "merge-conflict-marker",
    brief: "a merge that was not finished",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A Markdown, YAML, TOML or CSV file holds both sides of a merge, between the lines that git writes: `<<<<<<<` and a name,
`=======`, and `>>>>>>>` and a name. Each is told where it begins. Artefacts may hold anything.

## Why it matters
Nobody decided which of the two texts holds. An approved policy with both in it promises twelve characters and fourteen, and
an auditor may take either.

## Example
```markdown
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
---
<<<<<<< HEAD
^^^^^^^^^^^^ a merge was not finished: both sides stand here, up to line 10
Passwords have twelve characters.
=======
Passwords have fourteen characters.
>>>>>>> longer-passwords
```

## Fixed
```markdown
#- policies/access.md
---
id: access
title: Access Policy
owner: security-lead
---
Passwords have fourteen characters.
```
"#,
};

fn check(program: &Program, faults: &mut Faults) {
    for (id, file) in program.sources.files() {
        let Body::Text(text) = &file.body else { continue };
        for (first, last) in conflicts(text) {
            let message = format!("a merge was not finished: both sides stand here, up to line {last}");
            faults
                .at(program.sources.line(id, first), message)
                .help("keep what holds, take the three lines of git out, and have the result approved");
        }
    }
}

/// First and last line of each conflict that git left in a text.
fn conflicts(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    if !text.contains("<<<<<<< ") {
        return found;
    }
    let (mut begun, mut parted) = (None, false);
    for (number, line) in (1..).zip(text.lines()) {
        if line.starts_with("<<<<<<< ") {
            (begun, parted) = (Some(number), false);
        } else if line == "=======" {
            parted = begun.is_some();
        } else if line.starts_with(">>>>>>> ") && parted {
            found.extend(begun.map(|first| (first, number)));
            (begun, parted) = (None, false);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_conflicts_are_told() {
        for (text, expected) in [
            ("<<<<<<< a\n=======\n>>>>>>> b\n", vec![(1, 3)]),
            ("x\r\n<<<<<<< a\r\n1\r\n||||||| 0\r\n=======\r\n2\r\n>>>>>>> b", vec![(2, 7)]),
            ("<<<<<<< a\n=======\n>>>>>>> b\n<<<<<<< a\n=======\n>>>>>>> b\n", vec![(1, 3), (4, 6)]),
            ("Title\n=======\n>>>>>>> b\n<<<<<<< a\n", vec![]),
            ("<<<<<<< a\n>>>>>>> b\n", vec![]),
            (" <<<<<<< a\n=======\n>>>>>>> b\n", vec![]),
        ] {
            assert_eq!(conflicts(text), expected, "{text}");
        }
    }
}
