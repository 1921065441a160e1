//! Days of an audit that the populations of an event control leave out.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{PopulationFile, by_control, uncovered};
use crate::model::audit::AuditType;
use crate::timeline::coverage::{in_effect, overlap};
use crate::timeline::{AuditStanding, Judgement};

/// While the window runs, a population this fresh at its end needs no addition yet, in days.
const FRESH: i32 = 31;

/// What the populations of a control leave out.
#[derive(Debug)]
pub struct Shortfall<'p> {
    /// The control, by index.
    pub control: usize,
    /// The population that reaches furthest, and its last day.
    pub last: PopulationFile<'p>,
    pub until: Date,
    /// Days that no population covers: first day, last day.
    pub missing: Vec<(Date, Date)>,
}

/// The shortfalls of every audit over a window. Controls without any dated population have none: there it is not the
/// days that are missing.
pub fn shortfalls<'j>(judgement: &'j Judgement<'_>) -> Vec<(&'j AuditStanding, Shortfall<'j>)> {
    let populations = by_control(judgement);
    let windows = judgement.audits.iter().filter(|audit| audit.r#type == AuditType::Type2);
    windows
        .flat_map(|audit| of_audit(judgement, audit, &populations).into_iter().map(move |one| (audit, one)))
        .collect()
}

/// Is the window over, so that what is missing stays missing?
pub fn is_over(judgement: &Judgement<'_>, audit: &AuditStanding) -> bool {
    judgement.as_of > audit.window.1
}

fn of_audit<'j>(
    judgement: &'j Judgement<'_>,
    audit: &AuditStanding,
    populations: &BTreeMap<usize, Vec<PopulationFile<'j>>>,
) -> Vec<Shortfall<'j>> {
    let days = (audit.window.0, audit.window.1.min(judgement.as_of));
    if days.0 > days.1 {
        return Vec::new();
    }
    let in_place: BTreeSet<usize> = audit.criteria.iter().flat_map(|one| one.in_place.clone()).collect();
    let of_control = |index: usize| {
        let control = judgement.program.controls.get(index)?;
        let days = overlap(in_effect(control).filter(|_| control.is_event())?, days)?;
        let of = populations.get(&index)?;
        let reach = |population: &&PopulationFile<'_>| population.covers().map(|(_, to)| to);
        let last = of.iter().filter(|population| population.covers().is_some()).max_by_key(reach)?;
        let until = last.covers()?.1;
        let mut missing = uncovered(of, days);
        if !is_over(judgement, audit) {
            missing.retain(|(_, to)| *to < days.1 || until.max(days.0).until(days.1).is_ok_and(is_long));
        }
        (!missing.is_empty()).then_some(Shortfall { control: index, last: *last, until, missing })
    };
    in_place.into_iter().filter_map(of_control).collect()
}

fn is_long(span: jiff::Span) -> bool {
    span.get_days() > FRESH
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::Program;
    use crate::source::Sources;
    use jiff::civil::date;

    const CONFIG: &str = "[organization]\nname = \"Acme\"\n[scope]\nframework = \"soc2-2017-rev2022\"\n\
        categories = [\"security\"]\n[[audit]]\nid = \"2026\"\ntype = \"type2\"\n\
        period = { from = 2026-01-01, to = 2026-12-31 }\n";

    /// What populations, each of a manifest of its own, leave out on a day; `life` is the control's.
    fn missing(as_of: Date, life: &str, populations: &[(&str, &str, &str)]) -> Vec<(String, String)> {
        let control = format!(
            "id: onboarding\nstatus: implemented\ncadence: event\ncriteria: [CC6.2]\n{life}\ntitle: T\n"
        );
        let mut files = vec![("soc2.toml", CONFIG.to_owned()), ("controls/a.yaml", control)];
        let paths: Vec<String> =
            (0..populations.len()).map(|n| format!("evidence/{n}/manifest.yaml")).collect();
        for (path, (from, to, more)) in paths.iter().zip(populations) {
            let manifest = format!(
                "title: T\ncontrols: [onboarding, onboarding]\nkind: system-report\n{more}\n\
                 artifacts: [{{ path: a.csv, covers: {{ from: {from}, to: {to} }}, population: {{}} }}]\n"
            );
            files.push((path, manifest));
        }
        let files = files.into_iter().map(|(path, text)| (path.to_owned(), text.into_bytes())).collect();
        let program = Program::load(Sources::from_memory(files));
        let judgement = Judgement::new(&program, as_of, None);
        let found = shortfalls(&judgement);
        let days = found.iter().flat_map(|(_, one)| one.missing.iter());
        days.map(|(from, to)| (from.to_string(), to.to_string())).collect()
    }

    fn days(from: &str, to: &str) -> (String, String) {
        (from.to_owned(), to.to_owned())
    }

    const LIFE: &str = "effective_from: 2025-01-01";

    #[test]
    fn ev_12_after_the_window_every_day_must_be_covered() {
        let after = date(2027, 3, 1);
        let cut = [("2026-01-01", "2026-12-15", "")];
        assert_eq!(missing(after, LIFE, &cut), [days("2026-12-16", "2026-12-31")]);
        let joined = [("2026-07-01", "2026-12-31", ""), ("2025-12-01", "2026-06-30", "")];
        assert_eq!(missing(after, LIFE, &joined), []);
        let life = "effective_from: 2026-03-01\nretired_at: 2026-11-30";
        assert_eq!(missing(after, life, &[("2026-03-01", "2026-11-30", "")]), []);
        assert_eq!(missing(after, LIFE, &[]), []);
    }

    #[test]
    fn before_its_end_a_fresh_population_is_enough() {
        let quarter = [("2026-01-01", "2026-03-31", "")];
        assert_eq!(missing(date(2026, 5, 1), LIFE, &quarter), []);
        assert_eq!(missing(date(2026, 5, 2), LIFE, &quarter), [days("2026-04-01", "2026-05-02")]);
        assert_eq!(missing(date(2025, 12, 31), LIFE, &quarter), []);
        let last_year = [("2025-01-01", "2025-12-31", "")];
        assert_eq!(missing(date(2026, 1, 20), LIFE, &last_year), []);
        let holed = [("2026-01-01", "2026-01-31", ""), ("2026-03-01", "2026-04-30", "")];
        assert_eq!(missing(date(2026, 5, 1), LIFE, &holed), [days("2026-02-01", "2026-02-28")]);
    }

    #[test]
    fn what_is_rejected_or_not_yet_seen_covers_nothing() {
        let after = date(2027, 3, 1);
        let half = ("2026-01-01", "2026-06-30", "");
        for more in [
            "reviewed: { on: 2027-01-05, by: bob, result: rejected }",
            "collected: { at: 2027-03-01T23:59:59-08:00, by: bob }",
            "performed: { on: 2027-03-02, by: bob }",
        ] {
            let found = missing(after, LIFE, &[half, ("2026-07-01", "2026-12-31", more)]);
            assert_eq!(found, [days("2026-07-01", "2026-12-31")], "{more}");
        }
        let newer = [("2026-01-01", "2026-12-31", "supersedes: [\"0\"]"), half];
        assert_eq!(missing(after, LIFE, &newer), [], "a manifest cannot take its own place");
        let newer = [("2026-01-01", "2026-12-31", ""), ("2026-01-01", "2026-06-30", "supersedes: [\"0\"]")];
        assert_eq!(missing(after, LIFE, &newer), [], "what is not accepted takes no place");
    }
}
