//! The heading: who, what, when, and the four bars.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::View;
use super::filter::{self, Number};
use super::lookup::{Lookup, days};
use crate::diagnostic::Level;
use crate::model::audit::AuditType;
use crate::text::count;
use crate::timeline::calendar::{days_between, length};
use crate::timeline::{Operation, PolicyState, SlotCount, SlotState, Support};

/// Who is looked at, and as of when.
#[derive(Serialize)]
pub(super) struct Head {
    organisation: String,
    system: String,
    audit: String,
    kind: &'static str,
    /// Pieces that are not broken over lines.
    window: Vec<String>,
    /// `day 110 of 181`.
    day: String,
    as_of: String,
    read: String,
    version: &'static str,
    scope: String,
    /// What to type to get the same verdicts again.
    command: String,
    /// What could not be read; the verdicts that need it are unknown.
    faults: String,
    unread: Vec<String>,
}

/// One of the four bars.
#[derive(Serialize)]
pub(super) struct Bar {
    title: &'static str,
    anchor: &'static str,
    /// `29 of 36`.
    count: String,
    /// `80 %`, rounded down; empty without anything to count, and where things of unlike weight are counted.
    share: String,
    /// What the count does not say by itself.
    note: String,
    /// What is counted, state by state.
    parts: Vec<Part>,
}

#[derive(Serialize)]
struct Part {
    #[serde(flatten)]
    number: Number,
    tone: &'static str,
    /// Where it begins and how long it is, of 1000; 0 for what is only counted beside.
    from: usize,
    wide: usize,
}

pub(super) fn view(view: &View<'_>) -> Head {
    let (program, audit) = (view.judgement.program, view.audit);
    let config = program.config.as_ref();
    let organisation = config.and_then(|config| config.organization.as_ref()?.name.as_ref());
    let system = config.and_then(|config| config.system.as_ref()?.name.as_ref());
    let as_of = view.judgement.as_of;
    let (from, to) = audit.window;
    let (kind, window, day) = match audit.r#type {
        _ if audit.id.is_none() => {
            ("no audit is named in soc2.toml: the day alone", vec![as_of.to_string()], String::new())
        }
        AuditType::Type1 => ("Type I", vec![format!("as of {from}")], String::new()),
        AuditType::Type2 => {
            let day = match () {
                () if as_of < from => format!("the window opens in {}", days(days_between(as_of, from))),
                () if as_of > to => format!("the window closed {} ago", days(days_between(to, as_of))),
                () => format!("day {} of {}", length((from, as_of)), length(audit.window)),
            };
            ("Type II", vec![format!("{from} to"), to.to_string()], day)
        }
    };
    let framework = program.frameworks.get(audit.framework).map_or("", |framework| &*framework.id.value.0);
    let mut scope = vec!["common criteria".to_owned()];
    scope.extend(audit.categories.iter().filter(|name| *name != "security").cloned());
    let asked = audit.id.as_ref().map_or_else(String::new, |id| format!(" --audit {id}"));
    Head {
        organisation: organisation
            .map_or_else(|| "Organisation without a name".to_owned(), |n| n.value.to_string()),
        system: system.map_or_else(String::new, |name| name.value.to_string()),
        audit: audit.id.clone().unwrap_or_default(),
        kind,
        window,
        day,
        as_of: as_of.to_string(),
        read: view.read.to_owned(),
        version: env!("CARGO_PKG_VERSION"),
        scope: format!("{framework}: {}", scope.join(", ")),
        command: format!("soc2 status --as-of {as_of}{asked}"),
        faults: match view.report.count(Level::Deny) {
            0 => String::new(),
            n => count(n, "fault"),
        },
        unread: program.unread.iter().map(|file| program.sources.path(*file).to_owned()).collect(),
    }
}

/// Policies in force, due slots evidenced, criteria supported.
/// The fourth: controls by state.
pub(super) fn bars(lookup: &Lookup<'_>) -> Vec<Bar> {
    vec![policies(lookup), slots(lookup), criteria(lookup), controls(lookup)]
}

fn policies(lookup: &Lookup<'_>) -> Bar {
    let all = &lookup.judgement.policies;
    let mut behind: BTreeMap<PolicyState, usize> = BTreeMap::new();
    for control in &lookup.program.controls {
        let named = control.policies.iter().filter_map(|reference| lookup.policy(&reference.value.0));
        for state in named.map(|policy| policy.state).collect::<BTreeSet<_>>() {
            *behind.entry(state).or_default() += 1;
        }
    }
    let in_force = all.iter().filter(|policy| policy.state.is_in_force()).count();
    let parts = PolicyState::MEANINGS.iter().map(|(state, _)| {
        let n = all.iter().filter(|policy| policy.state == *state).count();
        let number = Number::new(n, state.name(), "policy-state", state.name());
        let opens = behind.get(state).copied().unwrap_or(0);
        (number.opening(opens), super::badge::of_policy(*state).tone)
    });
    bar("Policies in force", "policies", in_force, all.len(), parts.collect(), Vec::new())
}

fn slots(lookup: &Lookup<'_>) -> Bar {
    let count = SlotCount::of(&lookup.audit.controls);
    // Slots in a state, and controls with one.
    let mut states: BTreeMap<SlotState, (usize, usize)> = BTreeMap::new();
    for standing in &lookup.audit.controls {
        for state in filter::counted(standing) {
            states.entry(state).or_default().0 += 1;
        }
        for state in filter::counted(standing).collect::<BTreeSet<_>>() {
            states.entry(state).or_default().1 += 1;
        }
    }
    let part = |(state, (n, controls)): (&SlotState, &(usize, usize))| {
        let number = Number::new(*n, state.name(), "slot", state.name()).opening(*controls);
        (number, super::badge::of_slot(*state).tone)
    };
    let (settled, beside): (Vec<_>, Vec<_>) = states.iter().partition(|(state, _)| state.is_settled());
    let settled = settled.into_iter().map(part).collect();
    let beside = beside.into_iter().map(part).collect();
    let (whole, judged) = whole(lookup);
    let note = format!(
        "By control: {whole} of {judged} without anything missing. Slots weigh unlike: a daily control has 365 in a \
         year, a quarterly one 4 for each of its systems."
    );
    let bar = bar("Due slots evidenced", "controls", count.evidenced, count.due, settled, beside);
    Bar { share: String::new(), note, ..bar }
}

/// Controls that operated with nothing missing, of those with a verdict.
fn whole(lookup: &Lookup<'_>) -> (usize, usize) {
    let settled = || lookup.audit.controls.iter().filter(|one| one.operation.is_settled());
    (settled().filter(|one| !one.operation.is_bad()).count(), settled().count())
}

/// Controls by state; those without a verdict stand beside the bar.
fn controls(lookup: &Lookup<'_>) -> Bar {
    let mut states: BTreeMap<Operation, usize> = BTreeMap::new();
    for standing in &lookup.audit.controls {
        *states.entry(standing.operation).or_default() += 1;
    }
    let part = |(state, n): (&Operation, &usize)| {
        (Number::new(*n, state.name(), "state", state.name()), super::badge::of_control(*state).tone)
    };
    let (settled, beside): (Vec<_>, Vec<_>) = states.iter().partition(|(state, _)| state.is_settled());
    let settled = settled.into_iter().map(part).collect();
    let beside = beside.into_iter().map(part).collect();
    let (whole, judged) = whole(lookup);
    let note = match judged {
        0 => String::new(),
        _ => "Late counts as nothing missing; what is not due, not in place or not applicable stands beside the bar."
            .to_owned(),
    };
    let bar = bar("Controls without anything missing", "controls", whole, judged, settled, beside);
    Bar { share: String::new(), note, ..bar }
}

fn criteria(lookup: &Lookup<'_>) -> Bar {
    let audit = lookup.audit;
    let part = |support: Support| {
        let number = Number::new(audit.supported(support), support.name(), "support", support.name());
        let own = audit.criteria.iter().filter(|one| one.support == support);
        (number.opening(super::criteria::behind(own)), super::badge::of_support(support).tone)
    };
    let judged = [Support::Supported, Support::CarvedOut, Support::AtRisk, Support::NotSupported];
    let beside = vec![part(Support::NotRelevant)];
    let supported = audit.supported(Support::Supported);
    bar("Criteria supported", "criteria", supported, audit.judged(), judged.map(part).into(), beside)
}

fn bar(
    title: &'static str,
    anchor: &'static str,
    n: usize,
    of: usize,
    parts: Vec<(Number, &'static str)>,
    beside: Vec<(Number, &'static str)>,
) -> Bar {
    let mut from = 0;
    let mut shown = Vec::new();
    for (number, tone) in parts {
        let until = (shown_sum(&shown) + number.n) * 1000 / of.max(1);
        shown.push(Part { number, tone, from, wide: until.saturating_sub(from) });
        from = until;
    }
    shown.extend(beside.into_iter().map(|(number, tone)| Part { number, tone, from, wide: 0 }));
    shown.retain(|part| part.number.n > 0);
    Bar {
        title,
        anchor,
        count: if of == 0 { "nothing due yet".to_owned() } else { format!("{n} of {of}") },
        share: (n * 100).checked_div(of).map_or_else(String::new, |percent| format!("{percent} %")),
        note: String::new(),
        parts: shown,
    }
}

fn shown_sum(parts: &[Part]) -> usize {
    parts.iter().map(|part| part.number.n).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_filled_to_its_counts() {
        let number = |n| Number::new(n, "late", "slot", "late");
        let parts = vec![(number(2), "good"), (number(0), "watch"), (number(1), "bad")];
        let shown = bar("", "", 2, 3, parts, vec![(number(9), "open")]);
        let widths: Vec<(usize, usize)> = shown.parts.iter().map(|part| (part.from, part.wide)).collect();
        assert_eq!(widths, [(0, 666), (666, 334), (1000, 0)]);
        assert_eq!((shown.count.as_str(), shown.share.as_str()), ("2 of 3", "66 %"), "rounded down");
        assert_eq!(bar("", "", 0, 0, Vec::new(), Vec::new()).count, "nothing due yet");
    }
}
