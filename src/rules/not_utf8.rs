use super::*;

pub(super) static RULE: Rule = Rule {
    name: "not-utf8",
    brief: "a text file is not UTF-8",
    check: Check::Loading(Level::Deny),
    docs: r#"
A YAML, TOML, CSV or Markdown file is not UTF-8: usually a spreadsheet's Windows-1252, or UTF-16 from PowerShell. Nothing of
it is read. Artefacts may be any bytes.

## Why it matters
The same bytes would be another name on another machine: `René` in the list of users and `Ren?` in the list of leavers are
two people to whoever compares them.

## Example
```text
#- registers/people.csv bytes
69 64 2c 6e 61 6d 65 0a 72 65 6e 65 2c 52 65 6e e9 0a
#! registers/people.csv:1:1 not UTF-8 at line 2 (byte 16)
```

```text
#- registers/people.csv bytes
ff fe 69 00 64 00 0a 00
#! registers/people.csv:1:1 not UTF-8: it is UTF-16
```

## Fixed
```csv
#- registers/people.csv
id,name,kind,employed.from
rene,René,employee,2024-01-01
```
"#,
};
