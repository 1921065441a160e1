//! A draft of management's assertion: what it has to name is filled in, what it has to state is left to management. This
//! program writes no statement for anybody.

use super::Ground;
use super::markup::Markup;
use super::start::scope_facts;
use crate::model::audit::AuditType;
use crate::model::registers::Subservice;
use crate::render::{Paper, words};

/// The draft.
pub(super) fn paper(ground: &Ground<'_>) -> Paper {
    let program = ground.judgement.program;
    let mut text = Markup::default();
    text.heading("What it speaks of");
    text.paragraph(
        "The assertion has to name the same system, period, categories and criteria as the description and the auditor's \
         report. These are the ones that the verdicts in this bundle were reached for; they stand above.",
    );
    let carved: Vec<String> = program
        .registers
        .vendors
        .iter()
        .filter_map(|vendor| {
            let how = vendor.subservice.as_ref().filter(|how| how.value != Subservice::None)?;
            let service =
                vendor.service.as_ref().map_or_else(String::new, |of| format!(" ({})", words(&of.value)));
            let name =
                vendor.name.as_ref().map_or_else(|| vendor.id.to_string(), |name| name.value.to_string());
            Some(format!("{}{service}: {}", words(&name), how.value.word()))
        })
        .collect();
    text.heading("Subservice organisations and controls of others");
    if carved.is_empty() {
        text.paragraph("No vendor is registered as a subservice organisation.");
    }
    text.items(carved);
    text.paragraph(
        "Controls that carved-out organisations and our customers are expected to run stand in the registers csocs and \
         cuecs. The assertion says that they are assumed, not that they were looked at.",
    );
    text.heading("What management has to state, in its own words");
    let operated = "(c) on the controls having operated in the period, by the criteria in scope: ______________________________";
    let mut items = vec![
        "(a) on the description, by the description criteria (DC 200): ______________________________"
            .to_owned(),
        "(b) on the design of the controls, by the criteria in scope: ______________________________"
            .to_owned(),
    ];
    items.extend((ground.audit.r#type == AuditType::Type2).then(|| operated.to_owned()));
    items.push(
        "on what management rests this: its own monitoring, of which the gap report in this bundle is a part"
            .to_owned(),
    );
    text.items(items.iter().map(|item| words(item)));
    text.heading("Signed by management");
    let blank = || vec![" ".to_owned(); 4];
    text.table(&["Name", "Role", "Signature", "Date"], &[blank(), blank()]);
    let mut paper = ground.paper("Draft for management", "Management's assertion".to_owned(), text.text());
    paper.notices.insert(
        0,
        "A draft that nobody has signed. It asserts nothing until management writes and signs it.".to_owned(),
    );
    paper.facts = scope_facts(ground);
    paper.nav = ground.nav("01_assertion/management-assertion-draft.html", None);
    paper
}
