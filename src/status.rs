//! Where the programme stands in one audit: three bars, what needs eyes, and the standing of each series, owner and
//! control. A view of a judgement: everything here is counted or worded, nothing is judged again.

mod csv;
mod human;
mod json;
mod markdown;
pub mod strip;
pub mod wire;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::diagnostic::Level;
use crate::gap::Gap;
use crate::model::audit::AuditType;
use crate::model::registers::Waiver;
use crate::next::{Stage, Step};
use crate::program::Program;
use crate::report::Report;
use crate::text::{count, safe, some};
use crate::timeline::calendar::{days_between, length};
use crate::timeline::people::{self, Holder};
use crate::timeline::{
    AuditStanding, ControlStanding, Coverage, CriterionStanding, Judgement, PolicyState, Remark, Slot,
    SlotCount, SlotState, Support,
};

pub use csv::csv;
pub use human::human;
pub use json::json;
pub use markdown::markdown;

/// Said wherever verdicts are shown.
pub const OWN_VIEW: &str = "management's own view, not an auditor's opinion";

/// Steps of `soc2 next` that are shown.
const STEPS: usize = 5;

/// One audit's standing, perhaps narrowed to some of its controls.
#[derive(Debug)]
pub struct Status<'s> {
    pub judgement: &'s Judgement<'s>,
    pub audit: &'s AuditStanding,
    pub report: &'s Report,
    /// What was read: `work tree`.
    pub read: &'s str,
    /// The controls that are shown.
    pub controls: Vec<&'s ControlStanding>,
    /// The criteria that are shown.
    pub criteria: Vec<&'s CriterionStanding>,
    /// In words, what was left out: `only controls of alice`.
    pub narrowed: Vec<String>,
    /// Every control and row is listed, not only those that need eyes.
    pub all: bool,
    /// The work, in order; [`Self::first_steps`] are shown.
    steps: Vec<Step>,
}

/// Criteria of a series, counted.
#[derive(Debug, Default)]
pub struct SeriesCount {
    pub id: String,
    pub criteria: usize,
    pub supported: usize,
    pub at_risk: usize,
    pub not_supported: usize,
    /// Of the ones not supported, those that only draft, planned or retired controls name.
    pub planned: usize,
    pub carved_out: usize,
    pub not_relevant: usize,
}

/// Controls of an owner, counted.
#[derive(Debug)]
pub struct OwnerCount {
    /// The role or person, as registered; as typed where it is neither; `None` where nobody is named.
    pub id: Option<String>,
    /// Who that is on the as-of day.
    pub people: Vec<String>,
    pub controls: usize,
    pub slots: SlotCount,
}

/// Settled slots of a control in one state that is not on-time.
#[derive(Debug)]
pub struct Concern<'s> {
    pub control: &'s ControlStanding,
    pub state: SlotState,
    pub slots: Vec<&'s Slot>,
}

/// Slots of a control that are not due yet.
#[derive(Debug)]
pub struct OpenSlots<'s> {
    pub control: &'s ControlStanding,
    /// Last day of the grace of the next.
    pub due: Date,
    /// The slots due then.
    pub next: Vec<&'s Slot>,
    /// How many are open altogether.
    pub slots: usize,
}

/// A gap and the waiver that lets it through.
#[derive(Debug)]
pub struct Waived<'s> {
    pub gap: &'s Gap,
    pub waiver: Option<&'s Waiver>,
}

impl<'s> Status<'s> {
    /// The standing of an audit.
    pub fn new(
        judgement: &'s Judgement<'s>,
        audit: &'s AuditStanding,
        report: &'s Report,
        read: &'s str,
    ) -> Self {
        let steps = crate::next::steps(judgement, audit, report.count(Level::Deny));
        Self {
            judgement,
            audit,
            report,
            read,
            controls: audit.controls.iter().collect(),
            criteria: audit.criteria.iter().collect(),
            narrowed: Vec::new(),
            all: false,
            steps,
        }
    }

    /// Leaves the controls that a role or person answers for; a person also answers for what their roles own. False
    /// when there is no such role or person.
    pub fn only_owner(&mut self, name: &str) -> bool {
        let program = self.judgement.program;
        let Some(asked) = people::holder(program, name) else { return false };
        let mut wanted = BTreeSet::from([asked]);
        if let Holder::Person(person) = asked {
            for (index, role) in program.registers.roles.iter().enumerate() {
                if people::holders(program, role, self.judgement.as_of).contains(&person) {
                    wanted.insert(Holder::Role(index));
                }
            }
        }
        self.controls.retain(|control| owner(program, control).is_some_and(|owner| wanted.contains(&owner)));
        let shown: BTreeSet<usize> = self.controls.iter().map(|control| control.control).collect();
        self.criteria.retain(|criterion| criterion.controls.iter().any(|index| shown.contains(index)));
        let id = match asked {
            Holder::Role(index) => program.registers.roles.get(index).map(|role| role.id.to_string()),
            Holder::Person(index) => program.registers.people.get(index).map(|person| person.id.to_string()),
        };
        self.steps.retain(|step| {
            step.stage == Stage::Faults || id.as_ref().is_some_and(|id| step.whose.contains(id))
        });
        self.narrowed.push(format!("owned by {}", safe(name)));
        true
    }

    /// What to do first.
    pub fn first_steps(&self) -> &[Step] {
        self.steps.get(..STEPS).unwrap_or(&self.steps)
    }

    /// Leaves the criteria of a series and the controls that name one of them. False when the framework has no such
    /// series.
    pub fn only_series(&mut self, name: &str) -> bool {
        let program = self.judgement.program;
        let Some(framework) = program.frameworks.get(self.audit.framework) else { return false };
        let Some(series) = framework.series.iter().find(|one| one.id.value.eq_ignore_ascii_case(name)) else {
            return false;
        };
        self.criteria.retain(|criterion| series_of(program, criterion) == Some(&*series.id.value));
        let named: BTreeSet<usize> =
            self.criteria.iter().flat_map(|criterion| criterion.controls.iter().copied()).collect();
        self.controls.retain(|control| named.contains(&control.control));
        self.narrowed.push(format!("of series {}", safe(&series.id.value)));
        true
    }

    /// `Acme, Inc. · Acme Cloud`.
    pub fn names(&self) -> String {
        names(self.judgement.program)
    }

    /// `2026-type2, Type II, 2026-01-01 to 2026-12-31`.
    pub fn audit_words(&self) -> String {
        audit_words(self.audit)
    }

    /// `day 181 of 365`.
    pub fn phase(&self) -> String {
        phase(self.audit, self.judgement.as_of)
    }

    /// Policies in force, and all of them.
    pub fn policies(&self) -> (usize, usize) {
        let policies = &self.judgement.policies;
        (policies.iter().filter(|policy| policy.state.is_in_force()).count(), policies.len())
    }

    /// Policies of a state, by id.
    pub fn policies_in(&self, state: PolicyState) -> Vec<String> {
        let of_state = self.judgement.policies.iter().filter(|policy| policy.state == state);
        let ids = of_state.filter_map(|policy| self.judgement.program.policies.get(policy.policy));
        ids.map(|policy| policy.head.id.to_string()).collect()
    }

    /// What is beside the count of policies in force.
    pub fn policy_words(&self) -> String {
        let parts = [
            (PolicyState::Draft, "drafts"),
            (PolicyState::Changed, "changed since approval"),
            (PolicyState::Approved, "approved, in effect later"),
            (PolicyState::DueForReview, "in force, due for review"),
        ];
        let words = parts.iter().filter_map(|(state, word)| {
            let ids = self.policies_in(*state);
            (!ids.is_empty()).then(|| format!("{word}: {}", some(&ids, 4)))
        });
        words.collect::<Vec<_>>().join("; ")
    }

    /// Slots of the audit by state; those of a Type I that did not run yet are not counted.
    pub fn slots_by_state(&self) -> Vec<(SlotState, usize)> {
        let mut counts = vec![0usize; SlotState::MEANINGS.len()];
        for slot in self.audit.controls.iter().flat_map(|control| &control.slots) {
            if let Some(n) = counts.get_mut(slot.state as usize) {
                *n += 1;
            }
        }
        SlotState::MEANINGS.iter().map(|(state, _)| *state).zip(counts).collect()
    }

    /// What is beside the count of slots evidenced: `of them 1 late; 3 missed; 58 open`.
    pub fn slot_words(&self) -> String {
        let counts = self.slots_by_state();
        let of = |wanted: &dyn Fn(SlotState) -> bool, lead: &str| -> String {
            let those = counts.iter().filter(|(state, n)| *n > 0 && wanted(*state));
            let words: Vec<String> = those.map(|(state, n)| format!("{n} {}", state.name())).collect();
            if words.is_empty() { String::new() } else { format!("{lead}{}", words.join(", ")) }
        };
        let late = |state: SlotState| state.is_settled() && state.is_filled() && state != SlotState::OnTime;
        let parts = [
            of(&late, "of them "),
            of(&|state| state.is_settled() && !state.is_filled(), ""),
            of(&|state| state == SlotState::Open, ""),
        ];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
    }

    /// The open slots of a control in words: `2026-Q3 aws, 2026-Q3 github`.
    pub fn next_slots(&self, open: &OpenSlots<'_>) -> String {
        let names = open.next.iter().map(|slot| self.judgement.slot_name(open.control, slot));
        let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
        some(&names, 4)
    }

    /// What is beside the count of criteria supported.
    pub fn criterion_words(&self) -> String {
        let others = [
            (Support::AtRisk, "at risk"),
            (Support::NotSupported, "not supported"),
            (Support::CarvedOut, "carved out"),
        ];
        let counted = others.iter().map(|(support, word)| (self.audit.supported(*support), *word));
        let mut words: Vec<String> =
            counted.filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
        match self.audit.supported(Support::NotRelevant) {
            0 => {}
            n => words.push(format!("{n} not relevant and not counted")),
        }
        words.join(", ")
    }

    /// The criteria that are shown, by series, in the framework's order.
    pub fn series(&self) -> Vec<SeriesCount> {
        let program = self.judgement.program;
        let mut all: Vec<SeriesCount> = Vec::new();
        for criterion in &self.criteria {
            let id = series_of(program, criterion).unwrap_or_default();
            let nth = all.iter().position(|one| one.id == id).unwrap_or(all.len());
            if nth == all.len() {
                all.push(SeriesCount { id: id.to_owned(), ..SeriesCount::default() });
            }
            let Some(series) = all.get_mut(nth) else { continue };
            series.criteria += 1;
            match criterion.support {
                Support::Supported => series.supported += 1,
                Support::AtRisk => series.at_risk += 1,
                Support::NotSupported => series.not_supported += 1,
                Support::CarvedOut => series.carved_out += 1,
                Support::NotRelevant => series.not_relevant += 1,
            }
            series.planned += usize::from(criterion.coverage == Coverage::PlannedOnly);
        }
        all
    }

    /// The controls that are shown, by owner: most is lacking first.
    pub fn owners(&self) -> Vec<OwnerCount> {
        let program = self.judgement.program;
        let mut groups: BTreeMap<Option<String>, Vec<&ControlStanding>> = BTreeMap::new();
        for control in &self.controls {
            groups.entry(owner_id(program, control)).or_default().push(control);
        }
        let mut owners: Vec<OwnerCount> = groups
            .into_iter()
            .map(|(id, controls)| OwnerCount {
                people: id
                    .as_deref()
                    .map_or_else(Vec::new, |id| people_of(program, id, self.judgement.as_of)),
                id,
                controls: controls.len(),
                slots: SlotCount::of(controls),
            })
            .collect();
        owners.sort_by_key(|owner| std::cmp::Reverse((owner.slots.lacking, owner.slots.late)));
        owners
    }

    /// Settled slots that are not on time, worst first, those of a control and state together.
    pub fn concerns(&self) -> Vec<Concern<'s>> {
        let mut concerns: Vec<Concern<'s>> = Vec::new();
        for control in &self.controls {
            let mut by_state: BTreeMap<SlotState, Vec<&'s Slot>> = BTreeMap::new();
            let settled = |slot: &&Slot| slot.state.is_settled() && slot.state != SlotState::OnTime;
            for slot in control.slots.iter().filter(settled) {
                by_state.entry(slot.state).or_default().push(slot);
            }
            concerns.extend(by_state.into_iter().map(|(state, slots)| Concern { control, state, slots }));
        }
        concerns.sort_by_key(|concern| std::cmp::Reverse(concern.state));
        concerns
    }

    /// Controls with slots that are not due yet, the next one first.
    pub fn open(&self) -> Vec<OpenSlots<'s>> {
        let of = |control: &&'s ControlStanding| {
            let control: &'s ControlStanding = control;
            let open = || control.slots.iter().filter(|slot| slot.state == SlotState::Open);
            let due = open().map(|slot| slot.due).min()?;
            let next = open().filter(|slot| slot.due == due).collect();
            Some(OpenSlots { control, due, next, slots: open().count() })
        };
        let mut open: Vec<OpenSlots<'s>> = self.controls.iter().filter_map(of).collect();
        open.sort_by_key(|one| one.due);
        open
    }

    /// What stands beside the states of the controls that are shown, open results first. Evidence outside the window is
    /// kept and changes nothing, so it is told only where everything is listed.
    pub fn remarks(&self) -> Vec<(&'s ControlStanding, &'s Remark)> {
        let worth = |remark: &&Remark| self.all || !matches!(remark, Remark::OutsideWindow(_));
        let of = |control: &&'s ControlStanding| {
            let control: &'s ControlStanding = control;
            control.remarks.iter().filter(worth).map(move |remark| (control, remark))
        };
        let mut remarks: Vec<_> = self.controls.iter().flat_map(of).collect();
        remarks.sort_by_key(|(_, remark)| match remark {
            Remark::ResultOpen { .. } => 0,
            Remark::OutsideWindow(_) => 2,
            _ => 1,
        });
        remarks
    }

    /// Gaps that waivers let through.
    pub fn waived(&self) -> Vec<Waived<'s>> {
        let rows = &self.judgement.program.registers.waivers;
        let by_id: BTreeMap<&str, &Waiver> = rows.iter().map(|row| (&*row.id.value.0, row)).collect();
        let waived = self.report.gaps.iter().filter_map(|gap| Some((gap, gap.waiver.as_deref()?)));
        waived.map(|(gap, id)| Waived { gap, waiver: by_id.get(id).copied() }).collect()
    }
}

/// `2026-type2, Type II, 2026-01-01 to 2026-12-31`.
pub fn audit_words(audit: &AuditStanding) -> String {
    let (from, to) = audit.window;
    match (&audit.id, audit.r#type) {
        (None, _) => format!("no audit in soc2.toml; judged as of {to}"),
        (Some(id), AuditType::Type1) => format!("{}, Type I as of {to}", safe(id)),
        (Some(id), AuditType::Type2) => format!("{}, Type II, {from} to {to}", safe(id)),
    }
}

/// The organisation and its system: `Acme, Inc. · Acme Cloud`.
pub fn names(program: &Program) -> String {
    let config = program.config.as_ref();
    let organization = config.and_then(|config| config.organization.as_ref()?.name.as_ref());
    let system = config.and_then(|config| config.system.as_ref()?.name.as_ref());
    let names: Vec<String> = organization.into_iter().chain(system).map(|name| safe(name)).collect();
    names.join(" · ")
}

/// Where a day lies in an audit's window: `day 181 of 365`.
pub fn phase(audit: &AuditStanding, as_of: Date) -> String {
    let (from, to) = audit.window;
    let days = |from, to| count(usize::try_from(days_between(from, to)).unwrap_or(0), "day");
    match (audit.r#type, &audit.id) {
        (_, None) => String::new(),
        (AuditType::Type1, _) if as_of < from => format!("its date is in {}", days(as_of, from)),
        (AuditType::Type1, _) if as_of > to => format!("its date was {} ago", days(to, as_of)),
        (AuditType::Type1, _) => "its date is today".to_owned(),
        (AuditType::Type2, _) if as_of < from => format!("window opens in {}", days(as_of, from)),
        (AuditType::Type2, _) if as_of > to => format!("window closed {} ago", days(to, as_of)),
        (AuditType::Type2, _) => format!("day {} of {}", days_between(from, as_of) + 1, length(audit.window)),
    }
}

/// The series of a criterion.
pub fn series_of<'p>(program: &'p Program, criterion: &CriterionStanding) -> Option<&'p str> {
    let framework = program.frameworks.get(criterion.id.framework)?;
    Some(&*framework.criteria.get(criterion.id.criterion)?.series.as_ref()?.value)
}

/// Who owns a control, if the name resolves.
fn owner(program: &Program, control: &ControlStanding) -> Option<Holder> {
    people::holder(program, program.controls.get(control.control)?.owner.as_ref()?)
}

/// The registered id of a control's owner, else the name as typed.
pub fn owner_id(program: &Program, control: &ControlStanding) -> Option<String> {
    let typed = program.controls.get(control.control)?.owner.as_ref()?;
    let registered = match people::holder(program, typed) {
        Some(Holder::Role(index)) => program.registers.roles.get(index).map(|role| role.id.to_string()),
        Some(Holder::Person(index)) => {
            program.registers.people.get(index).map(|person| person.id.to_string())
        }
        None => None,
    };
    Some(registered.unwrap_or_else(|| safe(&typed.value.0)))
}

/// The people that a role or person is on a day; nobody where the role is vacant or the person does not work here.
pub fn people_of(program: &Program, name: &str, day: Date) -> Vec<String> {
    let indices = match people::holder(program, name) {
        Some(Holder::Role(index)) => program
            .registers
            .roles
            .get(index)
            .map_or_else(Vec::new, |role| people::holders(program, role, day)),
        Some(Holder::Person(index)) => vec![index],
        None => Vec::new(),
    };
    let employed = indices.into_iter().filter_map(|index| program.registers.people.get(index));
    employed.filter(|person| people::employed(person, day)).map(|person| person.id.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn standing(r#type: AuditType, from: Date, to: Date) -> AuditStanding {
        AuditStanding {
            id: Some("a".to_owned()),
            framework: 0,
            categories: Vec::new(),
            r#type,
            window: (from, to),
            days: (from, to),
            systems: Vec::new(),
            criteria: Vec::new(),
            controls: Vec::new(),
        }
    }

    #[test]
    fn a_day_is_before_in_or_after_the_window() {
        let year = standing(AuditType::Type2, date(2026, 1, 1), date(2026, 12, 31));
        assert_eq!(phase(&year, date(2025, 12, 31)), "window opens in 1 day");
        assert_eq!(phase(&year, date(2026, 1, 1)), "day 1 of 365");
        assert_eq!(phase(&year, date(2026, 12, 31)), "day 365 of 365");
        assert_eq!(phase(&year, date(2027, 1, 2)), "window closed 2 days ago");
        let one = standing(AuditType::Type1, date(2026, 6, 30), date(2026, 6, 30));
        assert_eq!(phase(&one, date(2026, 6, 28)), "its date is in 2 days");
        assert_eq!(phase(&one, date(2026, 6, 30)), "its date is today");
        assert_eq!(phase(&one, date(2026, 7, 1)), "its date was 1 day ago");
        assert_eq!(audit_words(&one), "a, Type I as of 2026-06-30");
    }
}
