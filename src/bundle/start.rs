//! The first page: what this is and is not, whom to ask, what lies where, what management tells, and how to see that nothing
//! changed on the way.

use std::collections::BTreeMap;

use super::markup::Markup;
use super::{Ground, Place, Told};
use crate::archive::MANIFEST;
use crate::model::framework::Category;
use crate::render::{Paper, link, words};
use crate::schedule::holder;
use crate::status::audit_words;
use crate::text::count;
use crate::timeline::people::{self, Holder};

/// People named as contacts.
const CONTACTS: usize = 12;

/// The page.
pub(super) fn paper(ground: &Ground<'_>, place: &Place, told: &Told) -> Paper {
    let mut text = Markup::default();
    what_it_is(ground, &mut text);
    first(ground, &mut text);
    parts(ground, place, &mut text);
    honest(ground, told, &mut text);
    if ground.profile.verdicts() {
        contacts(ground, place, &mut text);
    }
    check(&mut text);
    let title = match ground.profile.verdicts() {
        true => "Start here: evidence for the examination",
        false => "Start here: policies, controls and description",
    };
    let mut paper = ground.paper("SOC 2", title.to_owned(), text.text());
    paper.facts = scope_facts(ground);
    if let Some(commit) = ground.commit() {
        let on = if ground.is_uncommitted() {
            "Files that are not committed, on top of commit"
        } else {
            "Made from commit"
        };
        let day = ground.judgement.recorded.map_or_else(String::new, |day| format!(", of {day}"));
        paper.facts.push((on.to_owned(), format!("{commit}{day}")));
    }
    paper.facts.push(("Made with".to_owned(), format!("soc2 {}", env!("CARGO_PKG_VERSION"))));
    paper.facts.push(("For".to_owned(), for_whom(ground).to_owned()));
    if let Some(day) = ground.judgement.recorded.filter(|day| ground.judgement.as_of < *day) {
        paper.notices.push(format!(
            "Judged as of {}, before the day of the commit, {day}: what is dated in between does not count yet.",
            ground.judgement.as_of
        ));
    }
    if ground.narrowed.is_narrow() {
        paper.notices.push(format!("Only a part: {}.", ground.narrowed.only.words.join("; ")));
    }
    paper.nav = vec![("Index".to_owned(), "index.html".to_owned())];
    paper
}

fn for_whom(ground: &Ground<'_>) -> &'static str {
    match ground.profile {
        super::Profile::Auditor => "the auditor",
        super::Profile::Prospect => "a prospect: no verdicts, no evidence",
        super::Profile::Internal => "the company itself",
    }
}

/// Organisation, system, period, categories, criteria: what every section of a report has to agree on.
pub(super) fn scope_facts(ground: &Ground<'_>) -> Vec<(String, String)> {
    let program = ground.judgement.program;
    let config = program.config.as_ref();
    let audit = config.and_then(|config| {
        config.audit.iter().find(|one| Some(one.id.value.0.as_ref()) == ground.audit.id.as_deref())
    });
    let mut facts: Vec<(&str, String)> = vec![
        ("Organisation", ground.library.organization.clone()),
        ("System", ground.library.system.clone()),
        ("Examination", audit_words(ground.audit)),
    ];
    let framework = program.frameworks.get(ground.audit.framework);
    let mut categories: Vec<String> = Vec::new();
    let all = framework.map_or(&[][..], |of| &of.categories);
    let always = |one: &Category| one.always.as_ref().is_some_and(|always| always.value);
    for category in all {
        let id = &*category.id.value.0;
        if always(category) || ground.audit.categories.iter().any(|one| one == id) {
            categories
                .push(category.title.as_ref().map_or_else(|| id.to_owned(), |title| title.value.to_string()));
        }
    }
    facts.push(("Categories in scope", categories.join(", ")));
    let scope = config.and_then(|config| config.scope.as_ref());
    let excluded = audit.map(|audit| &audit.excluded).filter(|table| !table.0.is_empty());
    let excluded = excluded.or(scope.map(|scope| &scope.excluded)).map_or(&[][..], |table| &table.0);
    let excluded: Vec<String> =
        excluded.iter().map(|(name, why)| format!("{} ({})", titled(all, &name.value), why.value)).collect();
    facts.push(("Categories left out", excluded.join("; ")));
    let criteria = framework.map_or_else(String::new, |of| {
        let title = of.title.as_ref().map_or_else(String::new, |title| title.value.to_string());
        format!("{title} ({}); {}", of.id.value.0, count(ground.audit.criteria.len(), "criterion"))
    });
    facts.push(("Criteria", criteria));
    facts.push(("Systems named", ground.audit.systems.join(", ")));
    facts.push((
        "Auditor",
        audit.and_then(|audit| audit.firm.as_ref()).map_or_else(String::new, |firm| firm.value.to_string()),
    ));
    if ground.profile.verdicts() {
        facts.push(("As of", ground.judgement.as_of.to_string()));
    }
    facts.retain(|(_, value)| !value.trim().is_empty());
    facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A category as people call it.
fn titled(categories: &[Category], id: &str) -> String {
    let of = categories.iter().find(|category| *category.id.value.0 == *id);
    of.and_then(|of| of.title.as_ref()).map_or_else(|| id.to_owned(), |title| title.value.to_string())
}

fn what_it_is(ground: &Ground<'_>, text: &mut Markup) {
    text.heading("What this is");
    text.paragraph(match ground.profile.verdicts() {
        true => {
            "Management's own records of its controls for the examination above. Prepared by management, not examined by a \
             CPA. States such as on-time or missed are management's own view, reached by rules from these records; they are \
             no opinion and no test result. Nothing here shows that the records are true: that is what an examination is for."
        }
        false => {
            "What management has written down: its policies, its description of the system, and the list of its controls. \
             Prepared by management, not examined by a CPA. It says nothing about how the controls operated; an auditor's \
             report does."
        }
    });
}

fn first(ground: &Ground<'_>, text: &mut Markup) {
    text.heading("First");
    text.paragraph(&format!(
        "1. Extract the whole archive into a folder. Windows shows what is inside a zip without extracting it; links between \
         files do not work there.\n2. Open {}: it leads to everything by control and by criterion{}",
        link("index.html", "index.html"),
        match ground.profile.verdicts() {
            true => ", and by your own reference.\n3. The workbook 03_control_matrix.xlsx has room for your reference, who tested, the date and the \
                     conclusion, and so has the sheet of each control.",
            false => ".",
        }
    ));
}

fn parts(ground: &Ground<'_>, place: &Place, text: &mut Markup) {
    text.heading("What lies where");
    let rows = super::index::parts(ground, place);
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|(name, to, what)| vec![to.map_or_else(|| words(&name), |to| link(&name, &to)), what])
        .collect();
    text.table(&["Where", "What"], &rows);
}

fn honest(ground: &Ground<'_>, told: &Told, text: &mut Markup) {
    text.heading("What management tells");
    text.paragraph(&format!("{}.", told.holds()));
    if ground.profile.verdicts() {
        let honest = told.honest();
        text.paragraph(&match honest.is_empty() {
            true => "Nothing is late, missed, open or withheld.".to_owned(),
            false => format!("Told, not hidden: {}.", words(&honest.join(", "))),
        });
    }
    let left = told.left_out();
    if !left.is_empty() {
        text.paragraph(&format!("Not in it: {}.", words(&left.join(", "))));
    }
    if ground.profile.verdicts() && !told.policies_left_out.is_empty() {
        text.items(
            told.policies_left_out
                .iter()
                .take(40)
                .map(|(id, why)| format!("{}: {}", words(id), words(&why.replace('`', "")))),
        );
    }
    if ground.profile.verdicts() && !ground.narrowed.is_narrow() {
        text.paragraph(
            "The folder sources holds the programme's texts as they are in the commit, drafts and what is out of scope among \
             them, and the list of people whole, with their e-mail addresses; nothing there is offered as evidence. It is there so \
             that the verdicts can be reached again.",
        );
    }
}

/// Who answers for the controls, with how many, and where to write to.
fn contacts(ground: &Ground<'_>, place: &Place, text: &mut Markup) {
    let program = ground.judgement.program;
    let day = ground.audit.days.1;
    let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
    for control in place.controls.keys().filter_map(|index| program.controls.get(*index)) {
        if let Some(owner) = &control.owner {
            *owners.entry(&owner.value.0).or_default() += 1;
        }
    }
    let mut owners: Vec<(&str, usize)> = owners.into_iter().collect();
    owners.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let email = |name: &str| {
        let index = match people::holder(program, name)? {
            Holder::Person(index) => index,
            Holder::Role(role) => {
                *people::holders(program, program.registers.roles.get(role)?, day).first()?
            }
        };
        program.registers.people.get(index)?.emails.first().map(|email| email.value.to_string())
    };
    let rows: Vec<Vec<String>> = owners
        .iter()
        .take(CONTACTS)
        .map(|(name, n)| {
            vec![
                words(&holder(program, name, day)),
                count(*n, "control"),
                email(name).map_or_else(String::new, |email| words(&email)),
            ]
        })
        .collect();
    if !rows.is_empty() {
        text.heading("Whom to ask");
        text.table(&["Who", "Answers for", "E-mail"], &rows);
    }
}

/// Commands for each system; none of them is ours.
fn check(text: &mut Markup) {
    text.heading("How to see that nothing changed");
    text.paragraph(&format!(
        "The hash of the whole archive was or will be sent to you by another way than the archive itself. Compare it before \
         you extract; then every file inside can be compared with {MANIFEST}, which lists the SHA-256 of each. No program of \
         ours is needed."
    ));
    text.part("Windows");
    text.code("certutil -hashfile ARCHIVE.zip SHA256");
    text.paragraph("In the extracted folder, in PowerShell; silence means that every file is as listed:");
    text.code(&format!(
        "Get-Content {MANIFEST} | ForEach-Object {{\n  $hash, $file = $_ -split '  ', 2\n  \
         if ((Get-FileHash -LiteralPath $file -Algorithm SHA256).Hash -ne $hash) {{ \"differs: $file\" }}\n}}"
    ));
    text.part("macOS");
    text.code(&format!("shasum -a 256 ARCHIVE.zip\nshasum -a 256 --quiet -c {MANIFEST}"));
    text.part("Linux");
    text.code(&format!("sha256sum ARCHIVE.zip\nsha256sum --quiet -c {MANIFEST}"));
    text.paragraph(
        "The program soc2 also says whether a file is missing or was added, and who signed: soc2 verify ARCHIVE.zip. What a \
         hash shows is that the files are those that were packed, not that what they say is true.",
    );
}
