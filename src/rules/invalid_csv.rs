use super::*;

pub(super) static RULE: Rule = Rule {
    name: "invalid-csv",
    brief: "a row of a CSV register does not fit its header",
    check: Check::Loading(Level::Deny),
    docs: r#"
A row of a CSV register has more or fewer cells than the header, or the columns are not separated by commas. The row is
left out, because nothing says which cell belongs to which column.

## Why it matters
A row that is left out is missing wherever it counts, and one that was read anyway would say something nobody meant. In
a list of people a comma in a name shifts every cell after it: a start date lands in the column of the end date, and
somebody who works here looks like a leaver with an open account.

## Example
```csv
#- registers/people.csv
id,name,kind,employed.from
carol,Doe, Carol,employee,2025-02-01
^^^^^^^^^^^^^^^^ 5 cells in a row of 4 columns
dana,Dana,employee
^^^^^^^^^^^^^^^^^^ 3 cells in a row of 4 columns
```

```csv
#- registers/people.csv
id;name;kind;employed.from
^^^^^^^^^^^^ columns are separated by `;`
carol;Carol;employee;2025-02-01
```

## Fixed
```csv
#- registers/people.csv
id,name,kind,employed.from
carol,"Doe, Carol",employee,2025-02-01
dana,Dana,employee,2024-05-01
```
"#,
};
