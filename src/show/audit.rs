//! An audit: what it examines, over which days, and where it stands.

use serde::Serialize;

use super::{JsonWaiver, Show, waivers};
use crate::baseline;
use crate::layout::{Page, Tone};
use crate::model::Audit;
use crate::status::wire::{Counts, JsonAudit, audit};
use crate::status::{audit_words, phase};
use crate::text::{count, safe};
use crate::timeline::{Clock, Judgement, SlotCount, Support};
use crate::watch::{self, Item};

#[derive(Serialize)]
pub(super) struct Json<'d> {
    #[serde(flatten)]
    audit: JsonAudit<'d>,
    firm: Option<&'d str>,
    fieldwork: Option<Fieldwork>,
    issued: Option<String>,
    agreed: Option<String>,
    follows: Option<String>,
    systems: &'d [String],
    criteria: usize,
    supported: usize,
    slots: Counts,
    controls: usize,
    /// How its controls differ from the list that the auditor agreed.
    since_agreed: Vec<Differs>,
    /// What the audit before it leaves open.
    watch: Vec<JsonItem>,
    waivers: Vec<JsonWaiver<'d>>,
    handed_over: Vec<super::handed::Json>,
}

#[derive(Serialize)]
struct Differs {
    control: String,
    how: String,
}

#[derive(Serialize)]
struct JsonItem {
    kind: &'static str,
    id: String,
    control: Option<String>,
    what: String,
    now: String,
    open: bool,
}

#[derive(Serialize)]
struct Fieldwork {
    from: Option<String>,
    to: Option<String>,
}

fn of<'s>(show: &Show<'s>, index: usize) -> Option<&'s Audit> {
    show.program().config.as_ref()?.audit.get(index)
}

pub(super) fn json<'d>(show: &Show<'d>, index: usize) -> Json<'d> {
    let typed = of(show, index);
    let day = |date: Option<&crate::model::scalar::Date>| date.map(|date| date.value.to_string());
    Json {
        audit: audit(show.judgement, show.audit),
        firm: typed.and_then(|of| of.firm.as_ref()).map(|firm| &*firm.value),
        fieldwork: typed
            .and_then(|of| of.fieldwork.as_ref())
            .map(|work| Fieldwork { from: day(work.from.as_ref()), to: day(work.to.as_ref()) }),
        issued: day(typed.and_then(|of| of.issued.as_ref())),
        agreed: day(typed.and_then(|of| of.agreed.as_ref())),
        follows: typed.and_then(|of| of.follows.as_ref()).map(|follows| follows.value.0.to_string()),
        systems: &show.audit.systems,
        criteria: show.audit.judged(),
        supported: show.audit.supported(Support::Supported),
        slots: SlotCount::of(&show.audit.controls).into(),
        controls: show.audit.controls.len(),
        since_agreed: since(show)
            .into_iter()
            .flatten()
            .map(|(control, how)| Differs { control, how })
            .collect(),
        watch: carried(show)
            .map_or_else(Vec::new, |(_, items)| items)
            .into_iter()
            .map(|Item { kind, id, control, what, now, open }| JsonItem {
                kind,
                id,
                control,
                what,
                now,
                open,
            })
            .collect(),
        waivers: show.audit.id.as_deref().map_or_else(Vec::new, |id| waivers(show, id)),
        handed_over: super::handed::json(show),
    }
}

/// How its controls differ from the list that was agreed, where there is one.
fn since(show: &Show<'_>) -> Option<Vec<(String, String)>> {
    let found = baseline::since(show.program(), show.audit, show.judgement.as_of)?;
    Some(found.into_iter().map(|(id, (_, since))| (id, since.words())).collect())
}

/// The audit before it, and what that one leaves open.
fn carried(show: &Show<'_>) -> Option<(String, Vec<Item>)> {
    let before = watch::before(show.program(), show.audit.id.as_deref()?)?;
    let clock = Clock { as_of: show.judgement.as_of, recorded: show.judgement.recorded };
    let judgement = Judgement::new(show.program(), clock, Some(&before.id.value.0));
    let items = watch::items(&judgement, judgement.audits.first()?);
    Some((before.id.to_string(), items))
}

pub(super) fn human(show: &Show<'_>, index: usize, page: &mut Page) {
    page.hang_at("audit ", 4, Tone::Heading, &audit_words(show.audit));
    page.hang("  ", &phase(show.audit, show.judgement.as_of));
    let Some(typed) = of(show, index) else { return };
    let program = show.program();
    let framework = program.frameworks.get(show.audit.framework);
    let framework = framework.map_or_else(String::new, |of| of.id.to_string());
    page.heading("Scope");
    let categories: Vec<String> = show.audit.categories.iter().map(|one| safe(one)).collect();
    page.hang("  ", &format!("{framework}: {}", categories.join(", ")));
    let systems: Vec<String> = show.audit.systems.iter().map(|one| safe(one)).collect();
    let systems =
        if systems.is_empty() { "those the register has in scope".to_owned() } else { systems.join(", ") };
    page.hang("  systems: ", &systems);
    if let Some(firm) = &typed.firm {
        page.hang("  firm: ", &safe(firm));
    }
    if let Some(work) = &typed.fieldwork {
        let from = work.from.as_ref().map_or_else(String::new, |from| format!("from {from}"));
        let to = work.to.as_ref().map_or_else(String::new, |to| format!(" to {to}"));
        page.hang("  fieldwork: ", &format!("{from}{to}"));
    }
    if let Some(issued) = &typed.issued {
        page.line(&format!("  issued: {issued}"));
    }
    agreed(show, typed, page);
    watched(show, page);
    page.heading("Standing");
    let slots = SlotCount::of(&show.audit.controls);
    let due = match slots.due {
        0 => "nothing due yet".to_owned(),
        due => format!("{} of {} evidenced", slots.evidenced, count(due, "due slot")),
    };
    page.line(&format!("  {due}; {} open", slots.open));
    let supported = show.audit.supported(Support::Supported);
    page.line(&format!("  {supported} of {} supported", count(show.audit.judged(), "criterion")));
    let id = show.audit.id.as_deref().unwrap_or_default();
    page.line(&format!("  everything: soc2 status --audit {}", safe(id)));
    super::handed::human(show, page);
    super::gaps_and_waivers(show, "audit", id, page);
}

/// The list that was agreed, and what differs from it.
fn agreed(show: &Show<'_>, typed: &Audit, page: &mut Page) {
    if let Some(on) = &typed.agreed {
        page.line(&format!("  list of controls agreed on {on}"));
    }
    let Some(found) = since(show).filter(|found| !found.is_empty()) else { return };
    page.heading("Since the list was agreed");
    for (control, how) in found.iter().take(MOST) {
        page.hang(&format!("  {}: ", safe(control)), how);
    }
    more(found.len(), page);
}

/// What the audit before it leaves open.
fn watched(show: &Show<'_>, page: &mut Page) {
    let Some((before, items)) = carried(show).filter(|(_, items)| !items.is_empty()) else { return };
    page.heading(&format!("Carried over from {}", safe(&before)));
    for item in items.iter().take(MOST) {
        let control =
            item.control.as_ref().map_or_else(String::new, |control| format!(" ({})", safe(control)));
        page.hang(
            &format!("  {} ", item.kind),
            &format!("{}{control}: {}; {}", item.id, item.what, item.now),
        );
    }
    more(items.len(), page);
}

/// Entries of a list.
const MOST: usize = 20;

fn more(all: usize, page: &mut Page) {
    if all > MOST {
        page.line(&format!("  and {} more", all - MOST));
    }
}
