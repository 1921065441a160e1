use super::*;

pub(super) static RULE: Rule = Rule {
    name: "byte-order-mark",
    brief: "a text file starts with a byte order mark",
    check: Check::Loading(Level::Warn),
    docs: r#"
A text file starts with the three bytes EF BB BF that some Windows programs write. They are passed over here.

## Why it matters
Other readers of the same file, the auditor's spreadsheet among them, take the mark for a part of the first word, and a
policy's hash differs from that of the text people approved.

## Example
```text
#- registers/people.csv bytes
ef bb bf 69 64 2c 6e 61 6d 65 0a
#! registers/people.csv:1:1 the file starts with a byte order mark
```

## Fixed
```csv
#- registers/people.csv
id,name,kind,employed.from
carol,Carol,employee,2024-01-01
```
"#,
};
