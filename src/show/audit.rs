//! An audit: what it examines, over which days, and where it stands.

use serde::Serialize;

use super::{JsonWaiver, Show, waivers};
use crate::layout::{Page, Tone};
use crate::model::Audit;
use crate::status::wire::{Counts, JsonAudit, audit};
use crate::status::{audit_words, phase};
use crate::text::{count, safe};
use crate::timeline::{SlotCount, Support};

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
    waivers: Vec<JsonWaiver<'d>>,
    handed_over: Vec<super::handed::Json>,
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
        waivers: show.audit.id.as_deref().map_or_else(Vec::new, |id| waivers(show, id)),
        handed_over: super::handed::json(show),
    }
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
