//! What an audit carries over from the one it follows: deviations that were not mended when that window ended, results that
//! are still open, requests that were not accepted. Read from the records each time, so that nothing has to be kept in step.

use jiff::civil::Date;

use crate::model::Audit;
use crate::model::registers::{Exception, RequestStatus};
use crate::program::Program;
use crate::requests;
use crate::text::{clip, safe};
use crate::timeline::{AuditStanding, Judgement, Remark};

/// Something to keep an eye on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// `exception`, `result` or `request`.
    pub kind: &'static str,
    /// The exception, the evidence or the auditor's reference.
    pub id: String,
    /// The control it is about.
    pub control: Option<String>,
    /// What it is, in words.
    pub what: String,
    /// How it stands, in words: `not mended yet`.
    pub now: String,
    /// Is there still something to do?
    pub open: bool,
}

/// The audit that one follows, by id.
pub fn before<'p>(program: &'p Program, audit: &str) -> Option<&'p Audit> {
    let all = &program.config.as_ref()?.audit;
    let follows = all.iter().find(|one| *one.id.value.0 == *audit)?.follows.as_ref()?;
    all.iter().find(|one| one.id.value.0 == follows.value.0)
}

/// What `audit` leaves to the one after it, as the day of the judgement shows it. `judgement` is of that audit.
pub fn items(judgement: &Judgement<'_>, audit: &AuditStanding) -> Vec<Item> {
    let mut found = exceptions(judgement, audit);
    found.extend(results(judgement, audit));
    found.extend(asked(judgement.program, audit));
    found
}

/// Deviations of the audit, or older ones, that were not mended when its window ended.
fn exceptions(judgement: &Judgement<'_>, audit: &AuditStanding) -> Vec<Item> {
    let program = judgement.program;
    let last = audit.window.1;
    let hit: Vec<usize> =
        audit.controls.iter().flat_map(|control| &control.slots).filter_map(|slot| slot.exception).collect();
    let carried = |(index, row): &(usize, &Exception)| {
        let found = row.found.as_ref().and_then(|found| found.on.as_ref()).map(|on| on.value);
        let known = found.is_none_or(|found| found <= judgement.as_of);
        let before = hit.contains(index) || found.is_none_or(|found| found <= last);
        known && before && mended(row).is_none_or(|on| on > last)
    };
    let rows = program.registers.exceptions.iter().enumerate().filter(carried);
    rows.map(|(_, row)| {
        let about = [("slot", row.slot.as_ref()), ("item", row.item.as_ref())];
        let about = about.iter().find_map(|(_, text)| text.map(|text| clip(&safe(text.value.trim()), 40)));
        let cause = row.cause.as_ref().map_or_else(String::new, |cause| clip(&safe(cause.value.trim()), 80));
        let on = mended(row).filter(|on| *on <= judgement.as_of);
        Item {
            kind: "exception",
            id: row.id.to_string(),
            control: row.control.as_ref().map(|control| control.value.0.to_string()),
            what: [about.unwrap_or_default(), cause]
                .iter()
                .filter(|part| !part.is_empty())
                .cloned()
                .collect::<Vec<_>>()
                .join(": "),
            now: on.map_or_else(
                || "not mended yet".to_owned(),
                |on| format!("mended on {on}, after the window"),
            ),
            open: on.is_none(),
        }
    })
    .collect()
}

fn mended(row: &Exception) -> Option<Date> {
    row.remediated.as_ref().and_then(|done| done.on.as_ref()).map(|on| on.value)
}

/// Performances that noted exceptions or failed, and of which nothing shows what was done about them.
fn results(judgement: &Judgement<'_>, audit: &AuditStanding) -> Vec<Item> {
    let program = judgement.program;
    let mut found = Vec::new();
    for standing in audit.in_scope() {
        for remark in &standing.remarks {
            let Remark::ResultOpen { evidence, on } = remark else { continue };
            let Some(folder) = program.evidence.get(*evidence) else { continue };
            let summary = folder.manifest.result.as_ref().and_then(|result| result.summary.as_ref());
            found.push(Item {
                kind: "result",
                id: safe(program.evidence_id(folder)),
                control: program.controls.get(standing.control).map(|control| control.id.to_string()),
                what: summary
                    .map_or_else(|| format!("performed on {on}"), |text| clip(&safe(text.value.trim()), 80)),
                now: "nothing shows what was done about it".to_owned(),
                open: true,
            });
        }
    }
    found.sort_by(|a, b| (&a.id, &a.control).cmp(&(&b.id, &b.control)));
    found.dedup();
    found
}

/// Requests of the audit's list that the auditor did not take.
fn asked(program: &Program, audit: &AuditStanding) -> Vec<Item> {
    let rows = program.registers.requests.iter();
    let of_audit = rows.filter(|row| requests::audit_of(program, row) == audit.id.as_deref());
    of_audit
        .filter_map(|row| {
            let status = row.status.as_ref().map_or(RequestStatus::Open, |status| status.value);
            let waits = !matches!(status, RequestStatus::Accepted | RequestStatus::Withdrawn);
            waits.then(|| Item {
                kind: "request",
                id: clip(&safe(&row.id.value), 40),
                control: row.controls.first().map(|control| control.value.0.to_string()),
                what: row.text.as_ref().map_or_else(String::new, |text| clip(&safe(text.value.trim()), 80)),
                now: format!("{}, not accepted", status.word()),
                open: true,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;
    use jiff::civil::date;

    #[test]
    fn what_is_open_is_carried_and_what_is_done_is_not() {
        let files: Vec<(&str, &str)> = vec![
            (
                "soc2.toml",
                "[organization]\nname = \"A\"\n[scope]\nframework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n\
                 [[audit]]\nid = \"a\"\ntype = \"type2\"\nperiod = { from = 2025-01-01, to = 2025-12-31 }\nissued = 2026-02-01\n\
                 [[audit]]\nid = \"b\"\ntype = \"type2\"\nperiod = { from = 2026-01-01, to = 2026-12-31 }\nfollows = \"a\"\n",
            ),
            (
                "controls/one.yaml",
                "id: one\ntitle: T\ndescription: D\nowner: ann\nstatus: implemented\neffective_from: 2024-01-01\ncadence: quarterly\ncriteria: [CC6.2]\n",
            ),
            (
                "registers/exceptions.yaml",
                "- { id: mended, control: one, slot: 2025-Q1, found: { by: ann, on: 2025-04-20 }, cause: c, remediated: { on: 2025-05-01 } }\n\
                 - { id: open, control: one, slot: 2025-Q2, found: { by: ann, on: 2025-07-20 }, cause: nobody took over }\n\
                 - { id: late, control: one, slot: 2025-Q4, found: { by: ann, on: 2026-01-20 }, cause: d, remediated: { on: 2026-02-01 } }\n\
                 - { id: next, control: one, slot: 2026-Q1, found: { by: ann, on: 2026-04-20 }, cause: e }\n",
            ),
            (
                "registers/requests.yaml",
                "- { id: A-1, audit: a, text: Users, status: returned }\n- { id: A-2, audit: a, text: Users, status: accepted }\n\
                 - { id: B-1, audit: b, text: Users, status: open }\n",
            ),
        ];
        let files =
            files.into_iter().map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).collect();
        let program = Program::load(Sources::from_memory(files));
        let told = |as_of: Date| -> Vec<String> {
            let of = before(&program, "b").unwrap();
            let judgement = Judgement::new(&program, as_of, Some(&of.id.value.0));
            let items = items(&judgement, judgement.audits.first().unwrap());
            items.into_iter().map(|item| format!("{} {}: {}", item.kind, item.id, item.now)).collect()
        };
        assert_eq!(
            told(date(2026, 6, 30)),
            [
                "exception open: not mended yet",
                "exception late: mended on 2026-02-01, after the window",
                "request A-1: returned, not accepted"
            ]
        );
        assert_eq!(told(date(2026, 1, 25))[1], "exception late: not mended yet");
        assert!(before(&program, "a").is_none());
    }
}
