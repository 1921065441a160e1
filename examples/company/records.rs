//! The two registers with many rows: acknowledgements of policies and completed training.

use std::fmt::Write as _;

use jiff::civil::{Date, date};

use super::calendar::{LAST, later, working_after, working_before};
use super::chance::Chance;
use super::staff::{self, Stint};

/// Policies, the versions that everybody acknowledges, and the day each came into force.
const POLICIES: &[(&str, &str, Date)] = &[
    ("acceptable-use", "1.0", IN_FORCE),
    ("access-control", "1.0", IN_FORCE),
    ("asset-management", "1.0", date(2026, 5, 18)),
    ("business-continuity", "1.0", IN_FORCE),
    ("change-management", "1.0", IN_FORCE),
    ("change-management", "2.0", date(2026, 5, 4)),
    ("corporate-governance", "1.0", IN_FORCE),
    ("cryptography", "1.0", IN_FORCE),
    ("customer-communication", "1.0", IN_FORCE),
    ("human-resources", "1.0", IN_FORCE),
    ("incident-response", "1.0", IN_FORCE),
    ("incident-response", "1.1", date(2026, 3, 9)),
    ("information-security", "1.0", IN_FORCE),
    ("logging-and-monitoring", "1.0", IN_FORCE),
    ("network-security", "1.0", IN_FORCE),
    ("risk-management", "1.0", IN_FORCE),
    ("secure-development", "1.0", IN_FORCE),
    ("vendor-management", "1.0", IN_FORCE),
    ("vulnerability-management", "1.0", IN_FORCE),
    ("vulnerability-management", "1.1", date(2026, 5, 25)),
];

const IN_FORCE: Date = date(2025, 12, 8);
/// The first day of the version after this one.
fn replaced(policy: &str, effective: Date) -> Option<Date> {
    POLICIES.iter().find(|(id, _, from)| *id == policy && *from > effective).map(|(.., from)| *from)
}

/// The yearly round.
const ROUND: Date = date(2026, 11, 2);

/// Acknowledgements that were forgotten: the new saleswoman never opened two policies, and the contractor left before
/// the yearly round ended.
const FORGOTTEN: &[(&str, &str)] = &[("wendy", "risk-management"), ("wendy", "vendor-management")];

/// The register of acknowledgements as it stood on a day.
pub fn acknowledgements(on: Date) -> String {
    let mut rows: Vec<(Date, String, &str, &str)> = Vec::new();
    for stint in staff::stints().into_iter().filter(Stint::human) {
        for (policy, version, effective) in POLICIES {
            if FORGOTTEN.contains(&(&stint.id, *policy)) {
                continue;
            }
            let replaced = replaced(policy, *effective);
            for asked in [stint.from.max(*effective), ROUND] {
                let again = asked == ROUND;
                if replaced.is_some_and(|next| next <= asked)
                    || (again && (stint.from > later(ROUND, -60) || *policy == "asset-management"))
                    || !stint.active(asked)
                {
                    continue;
                }
                let mut chance = Chance::new(format!("read {} {asked}", stint.id));
                let day = working_after(asked, chance.between(1, 14) as u32);
                let in_time = replaced.is_none_or(|next| day < next);
                if stint.active(day) && day <= on && in_time {
                    rows.push((day, stint.id.clone(), policy, version));
                }
            }
        }
    }
    rows.sort();
    let mut out = String::from("person,policy,version,on\n");
    for (day, person, policy, version) in rows {
        let _ = writeln!(out, "{person},{policy},{version},{day}");
    }
    out
}

/// Somebody who did not finish the second yearly course.
const UNTRAINED: (&str, &str) = ("karl", "2026");

/// The register of training as it stood on a day.
pub fn training(on: Date) -> String {
    let rounds = [("2025", date(2025, 11, 3)), ("2026", date(2026, 10, 12))];
    let mut rows = Vec::new();
    for stint in staff::stints().into_iter().filter(Stint::human) {
        for (version, assigned) in rounds {
            let hired_in_between = version == "2025" && stint.from > assigned && stint.from < rounds[1].1;
            let assigned = if hired_in_between { stint.from } else { assigned };
            let just_trained = version == "2026" && stint.from > later(assigned, -60);
            if !stint.active(assigned) || assigned > on || just_trained {
                continue;
            }
            let mut chance = Chance::new(format!("course {} {version}", stint.id));
            let done = working_before(later(assigned, chance.between(4, 20) as i64)).max(assigned);
            let finished = done <= on && stint.active(done) && (stint.id.as_str(), version) != UNTRAINED;
            let done = if finished { done.to_string() } else { String::new() };
            rows.push((assigned, stint.id.clone(), version, done));
        }
    }
    rows.sort();
    let mut out = String::from("person,course,version,assigned,completed\n");
    for (assigned, person, version, done) in rows {
        let _ = writeln!(out, "{person},security-and-privacy,{version},{assigned},{done}");
    }
    out
}

/// The working days on which the head of HR brings both registers up to date.
pub fn updates() -> Vec<Date> {
    let months = super::calendar::intervals(1, date(2025, 11, 1), LAST);
    let mut days: Vec<Date> = months.iter().map(|month| working_before(month.to)).collect();
    days.extend([date(2025, 12, 12), date(2025, 12, 19), date(2026, 11, 13), date(2026, 11, 25)]);
    days.sort_unstable();
    days
}
