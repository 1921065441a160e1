//! Policies over time: which text was in force on which day. An approval speaks for the text whose hash it holds.

use jiff::ToSpan;
use jiff::civil::Date;

use super::acceptance::Ground;
use super::calendar::moved;
use super::people;
use super::reason::Reason;
use super::witness;
use crate::history::Reach;
use crate::model::Policy;
use crate::model::policy::{Approval, ReviewCadence};
use crate::model::scalar::Sha256;
use crate::program::Program;
use crate::text::safe;

/// What a policy is on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PolicyState {
    /// Its text stands approved and in effect.
    InForce,
    /// In force; nobody has looked at it for longer than its review cadence.
    DueForReview,
    /// Approved, and in effect from a later day.
    Approved,
    /// The text differs from every approved one; the approved text stays in force where git still holds it.
    Changed,
    /// Nobody has approved it.
    Draft,
}

impl PolicyState {
    /// All states and what they mean, for `soc2 explain`.
    pub const MEANINGS: &'static [(Self, &'static str)] = &[
        (Self::InForce, "its text stands approved by a person who worked here then, and in effect"),
        (Self::DueForReview, "in force, and nobody has looked at it for longer than its review cadence"),
        (Self::Approved, "approved, and in effect from a later day"),
        (Self::Changed, "the text differs from every approved one; what is written here is not in force"),
        (Self::Draft, "nobody has approved it; it is a draft and orders nothing"),
    ];

    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::InForce => "in-force",
            Self::DueForReview => "due-for-review",
            Self::Approved => "approved",
            Self::Changed => "changed-since-approval",
            Self::Draft => "draft",
        }
    }

    /// Does its text bind people?
    pub fn is_in_force(self) -> bool {
        matches!(self, Self::InForce | Self::DueForReview)
    }
}

/// Where the text is that an approval speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// It is the text as it stands.
    Here,
    /// A commit has it: index into [`crate::history::History::commits`].
    InGit(u32),
    /// The whole past of the policy is at hand, and the text is not in it.
    Nowhere,
    /// The history at hand does not reach far enough to tell.
    Unknown,
}

/// A text that somebody approved, and from when on it orders.
#[derive(Clone, Copy, Debug)]
pub struct ApprovedText {
    /// The approval, by index.
    pub approval: usize,
    /// First day on which it can be in force.
    pub since: Date,
    pub held: Held,
}

/// A policy as of the judged day.
#[derive(Debug)]
pub struct PolicyStanding {
    /// Index into [`crate::program::Program::policies`].
    pub policy: usize,
    /// What the text as it stands is.
    pub state: PolicyState,
    /// The approval that holds on the as-of day, by index; its text may be one that only git still has.
    pub approval: Option<usize>,
    /// First day on which the text that is in force was.
    pub since: Option<Date>,
    /// Last day before the next look at it is due.
    pub review_by: Option<Date>,
    /// Every text that was approved soundly, in the order of the approvals.
    texts: Vec<ApprovedText>,
}

impl PolicyStanding {
    /// The approved text that orders on a day up to as-of: the last one that is in effect by then. One that the whole
    /// history does not hold is passed over: nobody can say what it ordered.
    pub fn text_on(&self, day: Date) -> Option<ApprovedText> {
        on(&self.texts, day)
    }

    /// The texts that order within some days up to as-of, each with the first and last of its days.
    pub fn texts_in(&self, (from, to): (Date, Date)) -> Vec<(Date, Date, ApprovedText)> {
        let here = |one: &(usize, &ApprovedText)| one.1.held != Held::Nowhere && one.1.since <= to;
        let mut begin: Vec<(usize, &ApprovedText)> = self.texts.iter().enumerate().filter(here).collect();
        begin.sort_by_key(|(nth, text)| (text.since, *nth));
        let mut out: Vec<(Date, Date, ApprovedText)> = Vec::new();
        let mut newest = None;
        // The last text that is in effect orders, so an older one never takes over again.
        for (nth, text) in begin {
            if newest.is_some_and(|newest| nth < newest) {
                continue;
            }
            newest = Some(nth);
            let since = text.since.max(from);
            match out.last_mut() {
                Some(last) if last.0 == since => *last = (since, to, *text),
                Some(last) => {
                    last.1 = since.checked_sub(1.day()).unwrap_or(since);
                    out.push((since, to, *text));
                }
                None => out.push((since, to, *text)),
            }
        }
        out
    }

    /// Was an approved text in force on a day up to as-of, be it the one that stands here or one that git still has?
    pub fn is_in_force_on(&self, day: Date) -> bool {
        self.text_on(day).is_some_and(|text| text.held != Held::Unknown)
    }

    /// Can it not be told whether a text was in force on a day, because the approved one is not at hand?
    pub fn is_unknown_on(&self, day: Date) -> bool {
        self.text_on(day).is_some_and(|text| text.held == Held::Unknown)
    }
}

fn on(texts: &[ApprovedText], day: Date) -> Option<ApprovedText> {
    texts.iter().rev().find(|text| text.since <= day && text.held != Held::Nowhere).copied()
}

/// The standing of every policy, in the programme's order.
pub(super) fn stand(ground: &Ground<'_>) -> Vec<PolicyStanding> {
    ground.program.policies.iter().enumerate().map(|(index, policy)| one(ground, index, policy)).collect()
}

fn one(ground: &Ground<'_>, index: usize, policy: &Policy) -> PolicyStanding {
    let as_of = ground.clock.as_of;
    let approvals = policy.head.approvals.iter().enumerate();
    let sound = approvals.filter(|(_, approval)| is_sound(ground, approval));
    let texts: Vec<ApprovedText> = sound
        .filter_map(|(nth, approval)| {
            // Nothing is in force before it was approved.
            let since = approval.effective.as_ref()?.value.max(approval.on.as_ref()?.value);
            let held = held(ground.program, policy, approval.text.as_ref()?.value);
            Some(ApprovedText { approval: nth, since, held })
        })
        .collect();
    let orders = on(&texts, as_of);
    let approval = orders.filter(|text| text.held != Held::Unknown).map(|text| text.approval);
    let looked_at = policy.head.approvals.iter().filter_map(|approval| approval.on.as_ref());
    let looked_at = looked_at.chain(policy.head.reviews.iter().filter_map(|review| review.on.as_ref()));
    let last = looked_at.map(|on| on.value).filter(|on| *on <= as_of).max();
    let months = match policy.head.review.as_ref().map(|review| review.value) {
        Some(ReviewCadence::Quarterly) => 3,
        Some(ReviewCadence::Semiannual) => 6,
        Some(ReviewCadence::Annual) | None => 12,
    };
    let review_by = last.map(|last| moved(last, months.months()));
    let later = texts.iter().any(|text| text.held == Held::Here && text.since > as_of);
    let state = match orders {
        Some(ApprovedText { held: Held::Here, .. }) if review_by.is_some_and(|by| by < as_of) => {
            PolicyState::DueForReview
        }
        Some(ApprovedText { held: Held::Here, .. }) => PolicyState::InForce,
        _ if later => PolicyState::Approved,
        _ if !texts.is_empty() => PolicyState::Changed,
        _ => PolicyState::Draft,
    };
    let since = approval.and_then(|nth| first_day(policy, &texts, nth));
    PolicyStanding { policy: index, state, approval, since, review_by, texts }
}

/// First day on which the text of an approval was approved and in effect, by this or an earlier approval.
fn first_day(policy: &Policy, texts: &[ApprovedText], approval: usize) -> Option<Date> {
    let text = |nth: usize| policy.head.approvals.get(nth)?.text.as_ref().map(|text| text.value);
    let wanted = text(approval)?;
    texts.iter().filter(|one| text(one.approval) == Some(wanted)).map(|one| one.since).min()
}

/// Where the text of that hash is.
fn held(program: &Program, policy: &Policy, text: Sha256) -> Held {
    if policy.body.sha256 == Some(text) {
        return Held::Here;
    }
    let history = &program.history;
    let path = program.sources.path(policy.file);
    let texts = history.texts.get(path);
    if let Some(found) = texts.and_then(|texts| texts.iter().find(|one| one.sha256 == text.0)) {
        return Held::InGit(found.commit);
    }
    let committed =
        history.files.is_empty() || history.file(path).is_some_and(|file| !file.touches.is_empty());
    match history.reach {
        // A text that does not render today tells nothing of itself.
        Reach::Whole if texts.is_some() || !committed => Held::Nowhere,
        _ => Held::Unknown,
    }
}

/// An approval in view, whole, by a person who worked here on its day.
fn is_sound(ground: &Ground<'_>, approval: &Approval) -> bool {
    let (Some(by), Some(on), Some(_), Some(_)) =
        (&approval.by, &approval.on, &approval.effective, &approval.text)
    else {
        return false;
    };
    let person = ground.program.person(by).and_then(|index| ground.program.registers.people.get(index));
    let may_approve =
        person.is_some_and(|person| !people::is_bot(person) && people::employed(person, on.value));
    may_approve && on.value <= ground.clock.as_of && approval.misread.nothing()
}

impl super::Judgement<'_> {
    /// Why a policy has its state.
    pub fn why_policy(&self, policy: &PolicyStanding) -> Reason {
        let head = self.program.policies.get(policy.policy).map(|policy| &policy.head);
        let approval = policy.approval.and_then(|nth| head?.approvals.get(nth));
        let by = approval.and_then(|approval| approval.by.as_ref()).map_or(String::new(), |by| safe(by));
        let since = policy.since.map_or_else(String::new, |since| format!(", in force since {since}"));
        match policy.state {
            PolicyState::InForce => Reason::new(format!("approved by {by}{since}")),
            PolicyState::DueForReview => {
                let day = policy.review_by.map_or_else(String::new, |day| day.to_string());
                Reason::new(format!("approved by {by}{since}; its review was due by {day}"))
                    .change("read it again and record the review, also when nothing changes")
            }
            PolicyState::Approved => Reason::new("approved; it takes effect on a later day"),
            PolicyState::Changed => self.why_changed(policy),
            PolicyState::Draft => {
                Reason::new("nobody has approved it").change("have it approved by management")
            }
        }
    }

    /// Why the text as it stands is not in force, and what is instead.
    fn why_changed(&self, policy: &PolicyStanding) -> Reason {
        let of = self.program.policies.get(policy.policy);
        let approvals = of.map_or(&[][..], |of| &of.head.approvals);
        let text = |nth: usize| approvals.get(nth)?.text.as_ref().map(|text| text.value);
        let stands = of.and_then(|of| of.body.sha256);
        let replaced = stands.is_some() && policy.texts.iter().any(|one| text(one.approval) == stands);
        let now = match replaced {
            true => "its text is one that a later approval replaced",
            false => "its text is not one that was approved",
        };
        let orders = policy.text_on(self.as_of);
        let approval = orders.and_then(|text| approvals.get(text.approval));
        let version = approval.and_then(|approval| approval.version.as_ref());
        let version =
            version.map_or_else(|| "the approved text".to_owned(), |of| format!("version {}", safe(of)));
        let change = "have the new text approved by management";
        match orders.map(|text| (text.since, text.held)) {
            Some((since, Held::InGit(commit))) => {
                let commit = self.program.history.commit(commit).map_or("git", |commit| commit.short());
                let since = policy.since.unwrap_or(since);
                Reason::new(format!(
                    "{now}; {version}, in force since {since}, stays in force as {commit} holds it"
                ))
                .change(change)
            }
            Some((_, Held::Unknown)) => {
                let (why, fix) = witness::out_of_reach(&self.program.history);
                Reason::new(format!("{now}, and whether git holds {version} cannot be told: {why}"))
                    .change(format!("{fix}; or {change}"))
            }
            _ => Reason::new(now).change(change),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// Every choice of three texts: first days, and where they are held.
    fn choices() -> impl Iterator<Item = Vec<ApprovedText>> {
        let held = [Held::Here, Held::InGit(1), Held::Nowhere, Held::Unknown];
        let text = move |approval: usize, choice: usize| ApprovedText {
            approval,
            since: date(2026, 1, 2 + (choice % 4) as i8),
            held: held[choice / 4],
        };
        (0..16 * 16 * 16).map(move |n| vec![text(0, n % 16), text(1, n / 16 % 16), text(2, n / 256)])
    }

    #[test]
    fn texts_in_some_days_are_those_of_each_day() {
        let days: Vec<Date> = (1..=7).map(|day| date(2026, 1, day)).collect();
        let within = (days[2], days[5]);
        for texts in choices() {
            let standing = PolicyStanding {
                policy: 0,
                state: PolicyState::Draft,
                approval: None,
                since: None,
                review_by: None,
                texts,
            };
            let found = standing.texts_in(within);
            for day in &days {
                let mut hold = found.iter().filter(|(from, to, _)| from <= day && day <= to);
                let expected = standing.text_on(*day).filter(|_| within.0 <= *day && *day <= within.1);
                let approval = |text: Option<ApprovedText>| text.map(|text| (text.approval, text.held));
                assert_eq!(approval(hold.next().map(|one| one.2)), approval(expected), "{day} {standing:#?}");
                assert!(hold.next().is_none(), "{day} {standing:#?}");
            }
        }
    }
}
