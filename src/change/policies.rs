//! Policies: those that came and went, what they say, and who approved it. A control rests on the section that it names, or
//! on the whole policy.

use std::collections::{BTreeMap, BTreeSet};

use super::anew::{self, Anew};
use super::found::Found;
use super::sentences::{Budget, Sentence, became, difference, sentences};
use super::wording::{names, quoted};
use super::{Effect, Kind, approvals, criteria, owners};
use crate::gap::Subject;
use crate::model::{Control, Policy, Status};
use crate::program::{Program, anchor, document};
use crate::source::{Location, Span};
use crate::syntax::markdown::{Heading, parts};
use crate::text::count;

pub(super) static REMOVED: Kind = Kind {
    name: "policy-removed",
    effect: Effect::Regression,
    brief: "a policy that was approved, or that controls rest on, is gone",
    why: "a control that no policy orders is a habit; the approvals and acknowledgements of the policy speak of nothing",
};

pub(super) static SECTION_REMOVED: Kind = Kind {
    name: "policy-section-removed",
    effect: Effect::Regression,
    brief: "a section that controls rest on is gone from an approved policy",
    why: "what ordered the controls is no longer said",
};

pub(super) static SENTENCE_REMOVED: Kind = Kind {
    name: "policy-sentence-removed",
    effect: Effect::Regression,
    brief: "a sentence is gone from a section that controls rest on, in an approved policy",
    why: "the auditor reads the sentence beside the control; without it the control does more than anybody ordered, or soon less",
};

pub(super) static SENTENCE_CHANGED: Kind = Kind {
    name: "policy-sentence-changed",
    effect: Effect::Regression,
    brief: "a sentence reads otherwise in a section that controls rest on, in an approved policy",
    why: "a number or a word in it may be what the control is tested for; with an approval of the whole new text by another \
          person who owns or approved the policy, in the same change, it is told and does not fail",
};

pub(super) static REWORDING_APPROVED: Kind = Kind {
    name: "policy-rewording-approved",
    effect: Effect::Disclosure,
    brief: "a sentence reads otherwise where controls rest on it, and somebody else approved the whole new text in the same change",
    why: "management ordered the new wording; the controls that rest on it are tested for what it says now",
};

pub(super) static SECTION_REWRITTEN: Kind = Kind {
    name: "policy-section-rewritten",
    effect: Effect::Regression,
    brief: "many sentences changed or went in a section that controls rest on, in an approved policy",
    why: "the section orders something else than what was approved",
};

pub(super) static REPLACED: Kind = Kind {
    name: "policy-replaced",
    effect: Effect::Edit,
    brief: "another policy takes the place of one that is gone",
    why: "the new one needs an approval of its own",
};

pub(super) static DRAFT_REMOVED: Kind = Kind {
    name: "draft-policy-removed",
    effect: Effect::Edit,
    brief: "a policy that nobody had approved and no control rested on is gone",
    why: "it ordered nothing",
};

pub(super) static ADDED: Kind = Kind {
    name: "policy-added",
    effect: Effect::Edit,
    brief: "there is a new policy",
    why: "it is a draft until it is approved",
};

pub(super) static REWORDED: Kind = Kind {
    name: "policy-reworded",
    effect: Effect::Edit,
    brief: "a policy reads otherwise where no control rests on it, or was never approved",
    why: "worth knowing when its versions are compared",
};

/// Sentences of one section above this are told in one line.
const FEW: usize = 5;

/// Words compared when looking for what a sentence became, over all policies.
const WORDS: usize = 20_000_000;

/// The controls that rest on a policy, each with the section it names.
type Resting<'p> = BTreeMap<&'p str, Vec<(Option<&'p str>, &'p Control)>>;

fn resting(program: &Program) -> Resting<'_> {
    let mut map: Resting<'_> = BTreeMap::new();
    for control in program.controls.iter().filter(|control| control.status() != Status::Retired) {
        for name in &control.policies {
            map.entry(document(name)).or_default().push((anchor(name), control));
        }
    }
    map
}

pub(super) fn compare(found: &mut Found<'_>) {
    let (before, after) = (found.before, found.after);
    let resting = resting(before);
    let none = Vec::new();
    for index in found.policies.gone.clone() {
        if let Some(policy) = before.policies.get(index) {
            removed(found, policy, resting.get(&*policy.head.id.value.0).unwrap_or(&none));
        }
    }
    for index in found.policies.new.clone() {
        if let Some(policy) = after.policies.get(index) {
            let message = format!("new policy {}", quoted(&policy.head.id));
            found.now(&ADDED, subject(policy), policy.head.id.at, message);
        }
    }
    let mut budget = Budget(WORDS);
    for (old, new) in found.policies.both.clone() {
        let (Some(old), Some(new)) = (before.policies.get(old), after.policies.get(new)) else { continue };
        if *old.head.id != *new.head.id {
            let message = format!("{} takes the place of {}", quoted(&new.head.id), quoted(&old.head.id));
            found.now(&REPLACED, subject(new), new.head.id.at, message);
        }
        if !new.head.misread.holds("owner") {
            let (was, is) = (&old.head, &new.head);
            owners::compare(
                found,
                subject(new),
                (was.owner.as_ref(), was.id.at),
                (is.owner.as_ref(), is.id.at),
            );
        }
        let weakened =
            text(found, old, new, resting.get(&*old.head.id.value.0).unwrap_or(&none), &mut budget);
        approvals::compare(found, old, new, weakened);
    }
}

pub(super) fn subject(policy: &Policy) -> Subject {
    Subject::new("policy", policy.head.id.to_string())
}

fn removed(found: &mut Found<'_>, policy: &Policy, resting: &[(Option<&str>, &Control)]) {
    let id = quoted(&policy.head.id);
    if policy.head.approvals.is_empty() && resting.is_empty() {
        let message = format!("the draft policy {id} is gone");
        found.gone(&DRAFT_REMOVED, subject(policy), policy.head.id.at, message);
        return;
    }
    let controls: Vec<&Control> = resting.iter().map(|(_, control)| *control).collect();
    let message = format!("the policy {id} is gone{}", rests(found.before, &controls));
    let help = "restore it; a policy that takes its place names it under `supersedes`";
    found.gone(&REMOVED, subject(policy), policy.head.id.at, message).help(help);
}

/// `; iam-access-review rests on it (CC6.2, CC6.3)`.
fn rests(program: &Program, controls: &[&Control]) -> String {
    let mut ids: Vec<&str> = controls.iter().map(|control| &*control.id.value.0).collect();
    ids.dedup();
    let mut criteria: Vec<String> = Vec::new();
    for typed in controls.iter().flat_map(|control| &control.criteria) {
        if criteria.len() > 6 {
            break;
        }
        let name = criteria::short_name(program, typed);
        if !criteria.contains(&name) {
            criteria.push(name);
        }
    }
    let verb = if ids.len() == 1 { "rests" } else { "rest" };
    let shown: Vec<String> =
        criteria.iter().map(|name| crate::text::clip(&crate::text::safe(name), 40)).collect();
    let for_what =
        if shown.is_empty() { String::new() } else { format!(" ({})", crate::text::some(&shown, 6)) };
    if ids.is_empty() { String::new() } else { format!("; {} {verb} on it{for_what}", names(&ids)) }
}

/// A section that controls rest on; the whole policy has no heading.
struct Section<'p> {
    heading: Option<&'p Heading>,
    bytes: std::ops::Range<usize>,
    controls: Vec<&'p Control>,
}

fn sections<'p>(
    policy: &'p Policy,
    length: usize,
    resting: &[(Option<&'p str>, &'p Control)],
) -> Vec<Section<'p>> {
    let mut by_anchor: BTreeMap<Option<&str>, Vec<&Control>> = BTreeMap::new();
    for (anchor, control) in resting {
        by_anchor.entry(*anchor).or_default().push(control);
    }
    let headings = &policy.body.headings;
    let mut out: Vec<Section<'_>> = Vec::new();
    for (anchor, controls) in by_anchor {
        let Some(anchor) = anchor else {
            out.push(Section { heading: None, bytes: 0..length, controls });
            continue;
        };
        let heading = headings.iter().find(|heading| heading.anchor == anchor);
        if let Some(bytes) = range(policy, length, anchor) {
            out.push(Section { heading, bytes, controls });
        }
    }
    // The innermost section comes first.
    out.sort_by_key(|section| (section.bytes.len(), section.bytes.start));
    out
}

/// A sentence that is no longer there, and what it became.
struct Lost<'s> {
    sentence: &'s Sentence,
    became: Option<&'s Sentence>,
}

/// Compares what two versions say. True when something was told of a section that controls rest on.
fn text(
    found: &mut Found<'_>,
    old: &Policy,
    new: &Policy,
    resting: &[(Option<&str>, &Control)],
    budget: &mut Budget,
) -> bool {
    let (Some(was), Some(is)) = (&old.body.text, &new.body.text) else { return false };
    if was == is {
        return false;
    }
    let (was_said, is_said) = (sentences(was, &old.body.headings), sentences(is, &new.body.headings));
    let sections = if old.head.approvals.is_empty() { Vec::new() } else { sections(old, was.len(), resting) };
    let (gone, fresh) = apart(&was_said, &is_said, &sections, |section| {
        let of = section.heading.and_then(|heading| range(new, is.len(), &heading.anchor));
        of.unwrap_or(0..is.len())
    });
    let became = became(&gone, &fresh, budget);
    let mut by_section: BTreeMap<usize, Vec<Lost<'_>>> = BTreeMap::new();
    let mut elsewhere = 0;
    let mut taken = 0;
    for (sentence, became) in gone.into_iter().zip(became) {
        // The same words under another heading: they are gone from where a control rests on them.
        let became = became.filter(|became| became.key != sentence.key);
        taken += usize::from(became.is_some());
        match sections.iter().position(|section| section.bytes.contains(&sentence.offset)) {
            Some(nth) => by_section.entry(nth).or_default().push(Lost { sentence, became }),
            None => elsewhere += 1,
        }
    }
    let anew = match by_section.is_empty() {
        true => Anew::Nobody,
        false => anew::approved(found.before, found.after, old, new),
    };
    for (nth, lost) in &by_section {
        if let Some(section) = sections.get(*nth) {
            let all = was_said.iter().filter(|said| section.bytes.contains(&said.offset)).count();
            let controls = section_controls(&sections, section);
            tell(found, (old, new), &Told { section, controls: &controls, lost, all, anew: &anew });
        }
    }
    let new_ones = fresh.len() - taken;
    if elsewhere + new_ones > 0 {
        let mut said = Vec::new();
        if elsewhere > 0 {
            said.push(format!("{} changed or gone", count(elsewhere, "sentence")));
        }
        if new_ones > 0 {
            said.push(format!("{} new", count(new_ones, "sentence")));
        }
        let message = format!("{} reads otherwise: {}", quoted(&new.head.id), said.join(", "));
        found.now(&REWORDED, subject(new), new.head.id.at, message);
    }
    !by_section.is_empty()
}

/// Old sentences that their section no longer holds, and new ones that were not there.
fn apart<'s>(
    was: &'s [Sentence],
    is: &'s [Sentence],
    sections: &[Section<'_>],
    now: impl Fn(&Section<'_>) -> std::ops::Range<usize>,
) -> (Vec<&'s Sentence>, Vec<&'s Sentence>) {
    let mut there: BTreeMap<&str, BTreeMap<usize, usize>> = BTreeMap::new();
    for (nth, sentence) in is.iter().enumerate() {
        there.entry(&sentence.key).or_default().insert(sentence.offset, nth);
    }
    let innermost = |said: &Sentence| {
        let nth = sections.iter().position(|section| section.bytes.contains(&said.offset));
        nth.unwrap_or(sections.len())
    };
    let ranges: Vec<std::ops::Range<usize>> = sections.iter().map(now).collect();
    let mut order: Vec<(usize, usize)> =
        was.iter().enumerate().map(|(nth, said)| (innermost(said), nth)).collect();
    order.sort_unstable();
    let mut gone = BTreeSet::new();
    let mut taken = BTreeSet::new();
    for (section, nth) in order {
        let Some(places) = was.get(nth).and_then(|said| there.get_mut(said.key.as_str())) else {
            gone.insert(nth);
            continue;
        };
        let within = ranges.get(section).cloned().unwrap_or(0..usize::MAX);
        let found = places.range(within).next().map(|(offset, now)| (*offset, *now));
        match found {
            Some((offset, now)) => {
                places.remove(&offset);
                taken.insert(now);
            }
            None => {
                gone.insert(nth);
            }
        }
    }
    let fresh = is.iter().enumerate().filter(|(nth, _)| !taken.contains(nth));
    (gone.iter().filter_map(|nth| was.get(*nth)).collect(), fresh.map(|(_, said)| said).collect())
}

/// Where the section of an anchor stands in a policy's text.
fn range(policy: &Policy, length: usize, anchor: &str) -> Option<std::ops::Range<usize>> {
    let headings = &policy.body.headings;
    let nth = headings.iter().position(|heading| heading.anchor == anchor)?;
    let heading = headings.get(nth)?;
    let next = headings.iter().skip(nth + 1).find(|next| next.level <= heading.level);
    Some(heading.span.start as usize..next.map_or(length, |next| next.span.start as usize))
}

/// What the section of an anchor says; nothing where it is not there.
pub(super) fn said_under(policy: &Policy, anchor: &str) -> Option<Vec<Sentence>> {
    let text = policy.body.text.as_ref()?;
    let within = range(policy, text.len(), anchor)?;
    let all = sentences(text, &policy.body.headings);
    Some(all.into_iter().filter(|said| within.contains(&said.offset)).collect())
}

/// The controls of a section and of those around it.
fn section_controls<'p>(sections: &[Section<'p>], inner: &Section<'p>) -> Vec<&'p Control> {
    let around = sections
        .iter()
        .filter(|section| section.bytes.start <= inner.bytes.start && section.bytes.end >= inner.bytes.end);
    let mut controls: Vec<&Control> = around.flat_map(|section| section.controls.iter().copied()).collect();
    controls.sort_by(|a, b| a.id.value.cmp(&b.id.value));
    controls.dedup_by(|a, b| std::ptr::eq(*a, *b));
    controls
}

/// What there is to tell of a section.
struct Told<'s> {
    section: &'s Section<'s>,
    controls: &'s [&'s Control],
    lost: &'s [Lost<'s>],
    /// How many sentences it had.
    all: usize,
    anew: &'s Anew,
}

fn tell(found: &mut Found<'_>, (old, new): (&Policy, &Policy), told: &Told<'_>) {
    let Told { section, lost, all, anew, .. } = *told;
    let rests = rests(found.before, told.controls);
    let name = section.heading.map_or_else(
        || quoted(&old.head.id),
        |heading| quoted(&format!("{}#{}", &*old.head.id.value.0, heading.anchor)),
    );
    let gone = section.heading.is_some_and(|heading| !new.body.has_anchor(&heading.anchor));
    let at = section
        .heading
        .map_or(old.head.id.at, |heading| locate(found.before, old, heading.span.start as usize));
    if gone && lost.iter().filter(|lost| lost.became.is_none()).count() * 2 > all {
        let help = "restore the section, or point the control at the one that orders it now";
        found
            .gone(&SECTION_REMOVED, subject(old), at, format!("the section {name} is gone{rests}"))
            .help(help);
        return;
    }
    let reworded = lost.iter().all(|lost| lost.became.is_some());
    if lost.len() > FEW {
        let message =
            format!("{} of {} changed or went in {name}{rests}", lost.len(), count(all, "sentence"));
        if let Anew::By(whom) = anew
            && reworded
        {
            let message = format!("{message}; approved again by {whom}");
            found.now(&REWORDING_APPROVED, subject(new), new.head.id.at, message);
            return;
        }
        let help = "read both versions side by side; restore what the controls rest on";
        let help = if reworded { way_through(new, anew) } else { help.to_owned() };
        found.gone(&SECTION_REWRITTEN, subject(old), at, message).help(help);
        return;
    }
    for Lost { sentence, became } in lost {
        let at = locate(found.before, old, sentence.offset);
        match became {
            None => {
                let message = format!("{} is gone{rests}", quoted(&sentence.text));
                let help = "restore it, or point the control at the sentence that orders it now";
                found.gone(&SENTENCE_REMOVED, subject(old), at, message).help(help);
            }
            Some(now) => {
                let (was, is) = difference(&sentence.text, &now.text);
                let message = format!("{} → {}{rests}", quoted(&was), quoted(&is));
                let place = locate(found.after, new, now.offset);
                if let Anew::By(whom) = anew {
                    let message = format!("{message}; approved again by {whom}");
                    found.now(&REWORDING_APPROVED, subject(new), place, message);
                } else {
                    found.now(&SENTENCE_CHANGED, subject(new), place, message).help(way_through(new, anew));
                }
            }
        }
    }
}

/// What to do about another wording.
fn way_through(policy: &Policy, anew: &Anew) -> String {
    let id = crate::text::safe(&policy.head.id.value.0);
    let way = format!(
        "restore the wording, or add to this change an approval of the whole new text by another person who owns or approved \
         the policy; soc2 show {id} prints the line for `approvals`"
    );
    match anew {
        Anew::Not(why) => format!("{why}; {way}"),
        Anew::By(_) | Anew::Nobody => way,
    }
}

/// Where a byte of the rendered text stands in the file: as many lines below its heading as in the rendered text.
fn locate(program: &Program, policy: &Policy, offset: usize) -> Location {
    let Some(rendered) = policy.body.text.as_deref() else { return policy.head.id.at };
    let file = program.sources.text(policy.file);
    let (headings, typed) = (&policy.body.headings, &policy.body.typed);
    let nth = headings.partition_point(|heading| heading.span.start as usize <= offset).checked_sub(1);
    let nth = nth.filter(|_| headings.len() == typed.len());
    let (from, start) = match nth.and_then(|nth| Some((headings.get(nth)?, typed.get(nth)?))) {
        Some((heading, typed)) => (heading.span.start as usize, typed.span.start as usize),
        None => {
            let body = parts(file).map_or(0, |parts| parts.body.start as usize);
            let blank = file.get(body..).map_or(0, |text| text.len() - text.trim_start().len());
            (0, body + blank)
        }
    };
    let between = rendered.get(from..offset).unwrap_or("");
    let down = between.matches('\n').count();
    let across = between.rsplit('\n').next().map_or(0, str::len);
    let mut at = start;
    for _ in 0..down {
        let Some(next) = file.get(at..).and_then(|rest| rest.find('\n')) else { break };
        at += next + 1;
    }
    let line = file.get(at..).and_then(|rest| rest.lines().next()).unwrap_or("");
    let mut across = if down == 0 { 0 } else { across.min(line.len()) };
    while !line.is_char_boundary(across) {
        across -= 1;
    }
    Location { file: policy.file, span: Span::new(at + across, at + line.len()) }
}
