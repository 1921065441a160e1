//! What `soc2 check` says: diagnostics with their levels, gaps with their waivers, in one stable order.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;

use crate::diagnostic::{Diagnostic, Level};
use crate::gap::{Class, Gap, Subject};
use crate::model::Status;
use crate::model::registers::{Act, PersonKind, Waiver};
use crate::model::scalar::AuditRef;
use crate::program::Program;
use crate::rules;
use crate::source::FileId;
use crate::text::safe;
use crate::timeline::{Judgement, people};

/// Everything there is to say about a programme on a day.
#[derive(Debug)]
pub struct Report {
    /// At level warn or deny, by path, place and rule.
    pub diagnostics: Vec<Reported>,
    /// By class, rule and subject.
    pub gaps: Vec<Gap>,
    /// Diagnostics that comments mute.
    pub ignored: usize,
    /// The rest of the diagnostics, at the same levels: what comments mute and what is counted instead of listed.
    pub unlisted: Unlisted,
}

/// Diagnostics that are not listed one by one.
#[derive(Debug, Default)]
pub struct Unlisted {
    pub muted: Vec<Reported>,
    pub counted: Vec<Reported>,
}

/// A diagnostic at the level that this programme gives it.
#[derive(Debug)]
pub struct Reported {
    pub level: Level,
    pub diagnostic: Diagnostic,
    /// How many more of its rule and file are counted here instead of listed.
    pub more: usize,
}

impl std::ops::Deref for Reported {
    type Target = Diagnostic;

    fn deref(&self) -> &Diagnostic {
        &self.diagnostic
    }
}

impl Reported {
    /// What is wrong, without what is counted here.
    pub fn own_message(&self) -> &str {
        let message = &self.diagnostic.message;
        (self.more > 0).then(|| message.strip_suffix(&and_more(self.more))).flatten().unwrap_or(message)
    }
}

fn and_more(more: usize) -> String {
    format!(" (and {more} more like it in this file)")
}

impl Report {
    /// Runs every rule over a judgement.
    pub fn new(judgement: &Judgement<'_>) -> Self {
        let program = judgement.program;
        let (diagnostics, unlisted) = diagnostics_under(program, judgement.terms);
        let mut gaps = rules::gaps(judgement);
        let unused = let_through(judgement, &mut gaps);
        gaps.extend(unused);
        gaps.sort_by(|a, b| order(program, a, b));
        Self { diagnostics, gaps, ignored: unlisted.muted.len(), unlisted }
    }

    /// How many diagnostics stand at a level.
    pub fn count(&self, level: Level) -> usize {
        self.diagnostics.iter().filter(|d| d.level == level).count()
    }

    /// Gaps of a class that no waiver lets through.
    pub fn open(&self, class: Class) -> impl Iterator<Item = &Gap> {
        self.gaps.iter().filter(move |gap| gap.class == class && gap.waiver.is_none())
    }

    /// Should `soc2 check` exit with 1?
    pub fn fails(&self, strict: bool) -> bool {
        self.count(Level::Deny) > 0 || (strict && self.open(Class::Blocking).next().is_some())
    }
}

/// The diagnostics of a programme at level warn or deny, by path, place and rule, and those not listed.
pub fn diagnostics(program: &Program) -> (Vec<Reported>, Unlisted) {
    diagnostics_under(program, program)
}

/// The same at the levels of another state of the programme.
fn diagnostics_under(program: &Program, terms: &Program) -> (Vec<Reported>, Unlisted) {
    let mut found = program.diagnostics.clone();
    found.extend(rules::faults(program));
    found.sort_by(|a, b| (a.at, a.rule, &a.message).cmp(&(b.at, b.rule, &b.message)));
    found.dedup();
    let (mut kept, muted, unused) = without_ignored(program, found);
    kept.extend(unused);
    kept.sort_by(|a, b| (a.at, a.rule).cmp(&(b.at, b.rule)));
    let reported =
        |diagnostic: Diagnostic| Reported { level: level(terms, diagnostic.rule), diagnostic, more: 0 };
    let (mut listed, counted) = first_of_each(kept.into_iter().map(reported).collect());
    listed.retain(|found| found.level > Level::Allow);
    let muted = muted.into_iter().map(reported).collect();
    (listed, Unlisted { muted, counted })
}

/// How many faults at level deny a programme has; `soc2 check` fails as long as there is one.
pub fn denied(program: &Program) -> usize {
    diagnostics(program).0.iter().filter(|one| one.level == Level::Deny).count()
}

/// Worst class first, then by rule, audit and subject; criteria in their framework's order.
fn order(program: &Program, a: &Gap, b: &Gap) -> Ordering {
    let criterion = |gap: &Gap| match gap.subject.kind {
        "criterion" => program.criterion(&gap.subject.id).ok(),
        _ => None,
    };
    let kind = (a.class, a.rule, &a.audit).cmp(&(b.class, b.rule, &b.audit));
    kind.then_with(|| criterion(a).cmp(&criterion(b)))
        .then_with(|| a.subject.cmp(&b.subject))
        .then_with(|| (&a.slot, &a.system, a.at, &a.message).cmp(&(&b.slot, &b.system, b.at, &b.message)))
}

/// The level `soc2.toml` gives a rule, else its own. A rule that is not registered denies.
fn level(program: &Program, rule: &str) -> Level {
    if rules::is_firm(rule) {
        return rules::find(rule).and_then(|rule| rule.level()).unwrap_or(Level::Deny);
    }
    let config = program.config.as_ref().and_then(|config| config.check.as_ref());
    let set = config.and_then(|check| check.levels.get(rule)).and_then(|level| Level::parse(level));
    set.or_else(|| rules::find(rule)?.level()).unwrap_or(Level::Deny)
}

/// Diagnostics of one rule in one file above this are counted, not listed: a file that is all faults is one fault.
const MOST: usize = 200;

/// Lists the first faults of each rule in each file; the last one listed says how many more there are, which are given
/// apart.
fn first_of_each(found: Vec<Reported>) -> (Vec<Reported>, Vec<Reported>) {
    let mut counts: BTreeMap<(FileId, &str), usize> = BTreeMap::new();
    for diagnostic in &found {
        *counts.entry((diagnostic.at.file, diagnostic.rule)).or_default() += 1;
    }
    let mut seen: BTreeMap<(FileId, &str), usize> = BTreeMap::new();
    let (mut listed, mut counted) = (Vec::new(), Vec::new());
    for mut diagnostic in found {
        let key = (diagnostic.at.file, diagnostic.rule);
        let nth = seen.entry(key).or_default();
        *nth += 1;
        let more = counts.get(&key).map_or(0, |count| count.saturating_sub(MOST));
        if *nth == MOST && more > 0 {
            diagnostic.more = more;
            diagnostic.diagnostic.message.push_str(&and_more(more));
        }
        if *nth <= MOST { listed.push(diagnostic) } else { counted.push(diagnostic) }
    }
    (listed, counted)
}

/// Takes out what comments mute; tells comments that mute nothing.
fn without_ignored(
    program: &Program,
    found: Vec<Diagnostic>,
) -> (Vec<Diagnostic>, Vec<Diagnostic>, Vec<Diagnostic>) {
    let mut used = vec![false; program.ignores.len()];
    let (kept, muted): (Vec<Diagnostic>, Vec<Diagnostic>) = found.into_iter().partition(|diagnostic| {
        if rules::is_firm(diagnostic.rule) {
            return true;
        }
        let mut muted = false;
        for (i, ignore) in program.ignores.iter().enumerate() {
            if ignore.rule == diagnostic.rule && !ignore.reason.is_empty() && ignore.covers(diagnostic.at) {
                used[i] = true;
                muted = true;
            }
        }
        !muted
    });
    let idle = program.ignores.iter().zip(used).filter(|(ignore, used)| !used && !ignore.reason.is_empty());
    let known =
        idle.filter(|(ignore, _)| rules::find(&ignore.rule).is_some_and(|rule| rule.level().is_some()));
    let unused = known
        .map(|(ignore, _)| {
            let message = format!("this comment mutes no `{}`", safe(&ignore.rule));
            Diagnostic::new("unused-ignore", ignore.at, message).help("delete the comment")
        })
        .collect();
    (kept, muted, unused)
}

/// Marks gaps with the waiver that lets them through; tells waivers that let nothing through.
fn let_through(judgement: &Judgement<'_>, gaps: &mut [Gap]) -> Vec<Gap> {
    let in_force = waivers_in_force(judgement);
    let mut used = BTreeSet::new();
    for gap in gaps {
        let matching = waivers_of(&in_force, gap);
        gap.waiver = matching.first().map(|waiver| waiver.id.to_string());
        used.extend(matching.iter().map(|waiver| waiver.id.at));
    }
    let idle = in_force.into_values().flatten().filter(|waiver| !used.contains(&waiver.id.at));
    idle.filter_map(|waiver| unused(judgement, waiver)).collect()
}

/// The waivers in force, to be asked about changes.
#[derive(Debug)]
pub struct WaiversInForce<'p>(Waivers<'p>);

impl<'p> WaiversInForce<'p> {
    /// Those that hold on the judged day.
    pub fn of(judgement: &Judgement<'p>) -> Self {
        Self(waivers_in_force(judgement))
    }

    /// The one that lets a kind of change of a subject through.
    pub fn of_change(&self, kind: &'static str, subject: &Subject) -> Option<&'p Waiver> {
        self.naming(kind, &subject.id)
    }

    /// The one that names a rule and a subject, and nothing narrower.
    pub fn naming(&self, rule: &str, subject: &str) -> Option<&'p Waiver> {
        let all = self.0.get(&(rule, subject))?;
        // A change or a find has no slot, system or audit; a waiver that names one means something else.
        all.iter().find(|w| w.slot.is_none() && w.system.is_none() && w.audit.is_none()).copied()
    }
}

/// A waiver that let nothing through, if all it speaks of was looked at.
fn unused(judgement: &Judgement<'_>, waiver: &Waiver) -> Option<Gap> {
    let judged =
        |audit: &AuditRef| judgement.audits.iter().any(|one| one.id.as_deref() == Some(&audit.value.0));
    if !judgement.whole || !waiver.audit.as_ref().is_none_or(judged) {
        return None;
    }
    // Other names are told where they stand: there is no such rule, or it is a diagnostic.
    let rule = rules::find(waiver.rule.as_ref()?).filter(|rule| rule.class().is_some())?.name;
    // Told where it stands in the programme; one that a change took out has nothing left to tell.
    let own = judgement.program.registers.waivers.iter().find(|own| own.id.value == waiver.id.value)?;
    let (id, subject) = (&own.id, safe(waiver.subject.as_ref()?));
    let message = format!(
        "the waiver `{id}` lets nothing through: `{subject}` has no gap `{rule}` on {}",
        judgement.as_of
    );
    let help =
        "if the gap is closed, delete the row (git keeps it); else name the subject as `soc2 check` does";
    let gap = Gap::new("waiver-unused", Class::Note, Subject::new("waiver", id.to_string()), id.at, message);
    Some(Gap { help: Some(help.to_owned()), ..gap })
}

/// Waivers by rule and subject.
type Waivers<'p> = BTreeMap<(&'p str, &'p str), Vec<&'p Waiver>>;

/// The waivers that hold on the judged day: read whole, with a reason, approved by somebody else who worked here then,
/// for twelve months at most.
fn waivers_in_force<'p>(judgement: &Judgement<'p>) -> Waivers<'p> {
    let program = judgement.terms;
    let mut in_force: Waivers<'p> = BTreeMap::new();
    for waiver in &program.registers.waivers {
        let person = |act: &Option<Act>| act.as_ref()?.by.as_ref().and_then(|by| program.person(by));
        let day = |act: &Option<Act>| act.as_ref()?.on.as_ref().map(|on| on.value);
        let (Some(rule), Some(subject), Some(reason), Some(expires)) =
            (&waiver.rule, &waiver.subject, &waiver.reason, &waiver.expires)
        else {
            continue;
        };
        let (Some(asked_by), Some(agreed_by)) = (person(&waiver.requested), person(&waiver.approved)) else {
            continue;
        };
        let (Some(requested), Some(approved)) = (day(&waiver.requested), day(&waiver.approved)) else {
            continue;
        };
        let approver = program.registers.people.get(agreed_by);
        let may_agree = approver.is_some_and(|person| {
            let bot = person.kind.as_ref().is_none_or(|kind| kind.value == PersonKind::Bot);
            !bot && people::employed(person, approved)
        });
        let sound = waiver.misread.nothing() && reason.value.chars().any(char::is_alphanumeric);
        let by_another = sound && may_agree && asked_by != agreed_by && requested <= approved;
        let within_a_year = approved.checked_add(12.months()).is_ok_and(|last| expires.value <= last);
        let holds = approved <= judgement.as_of && judgement.as_of <= expires.value;
        if by_another && within_a_year && holds {
            in_force.entry((&rule.value, &subject.value)).or_default().push(waiver);
        }
    }
    in_force
}

/// The waivers that let a gap through. What is wrong with a waiver cannot itself be waived.
fn waivers_of<'p>(in_force: &Waivers<'p>, gap: &Gap) -> Vec<&'p Waiver> {
    let same = |typed: Option<&str>, actual: Option<&str>| match typed {
        Some(typed) => actual.is_some_and(|actual| actual.eq_ignore_ascii_case(typed)),
        None => true,
    };
    let waivable = !gap.rule.starts_with("waiver-");
    let named = in_force.get(&(gap.rule, gap.subject.id.as_str())).filter(|_| waivable);
    let in_time = |waiver: &Waiver| {
        let approved = waiver.approved.as_ref().and_then(|act| act.on.as_ref()).map(|on| on.value);
        let expires = waiver.expires.as_ref().map(|expires| expires.value);
        gap.slot_ends.is_none_or(|(end, due)| {
            approved.is_some_and(|on| on <= end) && expires.is_some_and(|last| last >= due)
        })
    };
    let matching = named.into_iter().flatten().filter(|waiver| {
        in_time(waiver)
            && same(waiver.slot.as_ref().map(|t| &*t.value), gap.slot.as_deref())
            && same(waiver.system.as_ref().map(|r| &*r.value.0), gap.system.as_deref())
            && same(waiver.audit.as_ref().map(|r| &*r.value.0), gap.audit.as_deref())
    });
    matching.copied().collect()
}

/// How many controls claim each status.
pub fn controls_by_status(program: &Program) -> [(Status, usize); 4] {
    [Status::Draft, Status::Planned, Status::Implemented, Status::Retired]
        .map(|status| (status, program.controls.iter().filter(|c| c.status() == status).count()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    const CONFIG: &str = "[scope]\nframework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n\
        [[audit]]\nid = \"a\"\ntype = \"type1\"\nas_of = 2026-06-30\n\
        [[audit]]\nid = \"b\"\ntype = \"type1\"\nas_of = 2026-12-31\n\
        [[audit]]\nid = \"c\"\ntype = \"type1\"\nas_of = 2025-12-31\nissued = 2026-02-01\n";

    fn unused(waivers: &[&str], only: Option<&str>) -> Vec<String> {
        let row = |waiver: &&str| {
            format!(
                "- {{ {waiver}, reason: R, requested: {{ by: alice, on: 2026-01-01 }}, \
                 approved: {{ by: bob, on: 2026-01-02 }}, expires: 2026-12-31 }}\n"
            )
        };
        let people = "- { id: alice, name: A, kind: employee, employed: [{ from: 2024-01-01 }] }\n\
                      - { id: bob, name: B, kind: employee, employed: [{ from: 2024-01-01 }] }\n";
        let waivers: String = waivers.iter().map(row).collect();
        let files =
            [("soc2.toml", CONFIG), ("registers/people.yaml", people), ("registers/waivers.yaml", &waivers)];
        let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).to_vec();
        let program = Program::load(Sources::from_memory(files));
        let report = Report::new(&Judgement::new(&program, jiff::civil::date(2026, 6, 30), only));
        let found = report.gaps.into_iter().filter(|gap| gap.rule == "waiver-unused");
        found.map(|gap| gap.subject.id).collect()
    }

    #[test]
    fn a_waiver_is_used_when_it_matches() {
        let open = "rule: criterion-not-addressed, subject: CC1.2";
        let twice = [format!("id: one, {open}"), format!("id: two, {open}, audit: b")];
        assert!(unused(&twice.each_ref().map(String::as_str), None).is_empty());
        let idle = [
            "id: other-rule, rule: role-vacant, subject: CC1.2",
            "id: other-subject, rule: criterion-not-addressed, subject: A1.1",
            "id: of-a-waiver, rule: waiver-unused, subject: other-rule",
        ];
        assert_eq!(unused(&idle, None), ["of-a-waiver", "other-rule", "other-subject"]);
    }

    #[test]
    fn a_waiver_is_not_blamed_for_what_was_not_judged() {
        assert!(unused(&["id: x, rule: role-vacant, subject: y"], Some("a")).is_empty());
        assert!(unused(&["id: x, rule: role-vacant, subject: y, audit: c"], None).is_empty());
        assert!(unused(&["id: x, rule: unknown-owner, subject: y"], None).is_empty());
    }
}
