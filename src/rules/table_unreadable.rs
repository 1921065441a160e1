use super::shared::{current, tables};
use super::*;
use crate::model::evidence::Artifact;
use crate::source::FileId;
use crate::text::{clip, safe};
use crate::timeline::log::LogFile;
use crate::timeline::population;

pub(super) static RULE: Rule = Rule {
    name: "table-unreadable",
    brief: "a population or log that cannot be read",
    check: Check::Gap(Class::Blocking, check),
    docs: r#"
A `.csv` that a manifest calls a population or a log cannot be read as one: a row has another number of cells than the
header, it is not UTF-8, a quote stays open, columns are not separated by commas, or it has more rows than are looked at
(2,000,000; of a log 100,000). For a log also: its header lacks a column that is named, or a row has no date that can be
read.
Dates are `2026-01-31`; moments have an offset, as `2026-03-01T04:00:00Z`. An empty file is told by `artifact-empty`.

## Why it matters
Rows that cannot be read cannot be counted, and a run without a date fills no interval. A file that opens in one
spreadsheet and breaks in the next has usually been edited by hand.

## Example
```yaml
#- evidence/hr-onboarding/2026-q1/manifest.yaml
title: New hires, first quarter
controls: [hr-onboarding]
kind: system-report
performed: { on: 2026-04-02, by: alice }
artifacts:
  - path: hires.csv
#         ^^^^^^^^^ it has 3 cells at line 3, and 2 columns
    sha256: "46d33c6b76a60aeaad2e267ea309455c2754ab62ed75cdb782e98bb633427540"
    query: "GET /v1/hires?from=2026-01-01&to=2026-03-31"
    covers: { from: 2026-01-01, to: 2026-03-31 }
    population: { name: new-hires, key: id, date: start, count: 3, completeness: "1 of 1 pages" }
#- evidence/hr-onboarding/2026-q1/hires.csv
id,start
ann,2026-01-05
ben,2026-02-16,laptop
```

```yaml
#- evidence/avl-backup/2026-03/manifest.yaml
title: Backup runs in March
controls: [avl-backup]
kind: log-extract
occurrences: { artifact: runs.csv, date: run_at, key: id }
#                                        ^^^^^^ `runs.csv` has 1 row without a date
artifacts:
  - path: runs.csv
    sha256: "962de7b926b424b9f7da6316d336cc2d98a21b546f929547e2a80ccceab417da"
#- evidence/avl-backup/2026-03/runs.csv
id,run_at
1,2026-03-01T04:00:00Z
2,yesterday
```

```yaml
#- evidence/avl-backup/2026-03/manifest.yaml
title: Backup runs in March
controls: [avl-backup]
kind: log-extract
occurrences: { artifact: runs.csv, date: started, key: id }
#                                        ^^^^^^^ `runs.csv` has no column `started`
artifacts:
  - path: runs.csv
    sha256: "067d74af8b002e0c8fcd32c655026f5f411d324e57a5d0782f6e1ba1c3a444e0"
#- evidence/avl-backup/2026-03/runs.csv
id,run_at
1,2026-03-01T04:00:00Z
2,2026-03-02T04:00:00Z
```

## Fixed
```yaml
#- evidence/hr-onboarding/2026-q1/manifest.yaml
title: New hires, first quarter
controls: [hr-onboarding]
kind: system-report
performed: { on: 2026-04-02, by: alice }
artifacts:
  - path: hires.csv
    sha256: "4ba92cd6c7171ffec428a51e8fe1334da5424ec2c7aed9f5bb964638dff2fb07"
    query: "GET /v1/hires?from=2026-01-01&to=2026-03-31"
    covers: { from: 2026-01-01, to: 2026-03-31 }
    population: { name: new-hires, key: id, date: start, count: 3, completeness: "1 of 1 pages" }
#- evidence/hr-onboarding/2026-q1/hires.csv
id,start
ann,2026-01-05
ben,2026-02-16
cal,2026-03-30
```

```yaml
#- evidence/avl-backup/2026-03/manifest.yaml
title: Backup runs in March
controls: [avl-backup]
kind: log-extract
occurrences: { artifact: runs.csv, date: run_at, key: id }
artifacts:
  - path: runs.csv
    sha256: "067d74af8b002e0c8fcd32c655026f5f411d324e57a5d0782f6e1ba1c3a444e0"
#- evidence/avl-backup/2026-03/runs.csv
id,run_at
1,2026-03-01T04:00:00Z
2,2026-03-02T04:00:00Z
```
"#,
};

fn check(judgement: &Judgement<'_>, gaps: &mut Gaps) {
    let program = judgement.program;
    for folder in current::evidence(judgement) {
        let id = program.evidence_id(folder);
        let log = LogFile::of(folder);
        for file in population::of(folder).filter(|file| file.truncated().is_none()) {
            if !log.is_some_and(|log| std::ptr::eq(log.artifact, file.artifact)) {
                tell_fault(program, id, (file.artifact, file.file, file.fault()), gaps);
            }
        }
        if let Some(log) = log {
            tell_fault(program, id, (log.artifact, log.file, log.fault()), gaps);
            tell_columns(id, &log, gaps);
        }
    }
}

/// Tells what a log names and its rows do not have.
fn tell_columns(id: &str, log: &LogFile<'_>, gaps: &mut Gaps) {
    let name = name(log.artifact);
    for column in log.missing_columns() {
        let message = format!("the log `{name}` has no column `{}`", clip(&safe(column), 60));
        let help = tables::column_help(log.table, column);
        gaps.about(Subject::new("evidence", id), column.at, message).help(help);
    }
    if let Some(date) = log.log.date.as_ref().filter(|_| log.undated() > 0) {
        let (rows, column) = (tables::rows(log.undated()), clip(&safe(date), 60));
        let message = format!("the log `{name}` has {rows} without a date in `{column}` that can be read");
        gaps.about(Subject::new("evidence", id), date.at, message)
            .help("write days as `2026-01-31` and moments with an offset: `2026-01-31T04:00:00Z`");
    }
}

/// Tells why a file is no table; an empty one is somebody else's fault.
fn tell_fault(
    program: &Program,
    id: &str,
    (artifact, file, fault): (&Artifact, Option<FileId>, Option<&str>),
    gaps: &mut Gaps,
) {
    let Some((fault, path)) = fault.zip(artifact.path.as_ref()) else { return };
    if file.and_then(|file| program.facts(file)).is_none_or(|facts| facts.bytes == 0) {
        return;
    }
    let message = format!("`{}` cannot be read as a table: it {fault}", name(artifact));
    gaps.about(Subject::new("evidence", id), path.at, message)
        .help("export it again as comma-separated UTF-8 and record the new file; split one that is too long");
}

fn name(artifact: &Artifact) -> String {
    artifact.path.as_ref().map_or_else(String::new, |path| safe(path))
}
