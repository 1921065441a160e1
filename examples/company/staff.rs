//! The people of the company and their roles: who was there when, as rows and as registers.

use std::fmt::Write as _;
use std::sync::OnceLock;

use jiff::civil::{Date, date};

use super::calendar::{self, day, later};
use super::table::{Table, tables};

/// A time in which somebody worked for the company.
#[derive(Clone, Debug)]
pub struct Stint {
    pub id: String,
    pub number: String,
    pub name: String,
    pub title: String,
    pub department: String,
    pub kind: String,
    pub manager: String,
    pub from: Date,
    pub to: Option<Date>,
    pub notified: Option<Date>,
    pub check: Option<Date>,
    pub agreement: Option<Date>,
    code: Option<Date>,
    emails: Vec<String>,
    aliases: String,
    /// On the code host.
    pub login: String,
}

/// Who held a role, from when to when.
type Held = (&'static str, Date, Option<Date>);

/// Roles with title, duties and holders; the head of HR is missing for three weeks in July 2026.
#[rustfmt::skip]
const ROLES: &[(&str, &str, &str, &[Held])] = &[
    ("management", "Management", "Approves policies, accepts risks, names control owners.",
        &[("dana", date(2021, 3, 1), None)]),
    ("security-lead", "Security lead", "Runs this programme, access, incidents and vendors; privacy contact.",
        &[("raj", date(2021, 3, 1), Some(date(2024, 4, 30))), ("alice", date(2024, 5, 1), None)]),
    ("engineering-lead", "Engineering lead", "Answers for changes, infrastructure, backups and capacity.",
        &[("raj", date(2021, 3, 1), Some(date(2026, 8, 31))), ("carol", date(2026, 9, 1), None)]),
    ("hr-lead", "Head of HR", "Hiring, training, code of conduct, offboarding.",
        &[("lena", date(2021, 9, 13), Some(date(2023, 2, 5))), ("hana", date(2023, 2, 6), Some(date(2026, 7, 2))),
          ("lena", date(2026, 7, 24), Some(date(2026, 9, 27))), ("yara", date(2026, 9, 28), None)]),
    ("support-lead", "Support lead", "Answers for the support desk and its vendor.",
        &[("theo", date(2024, 9, 3), Some(date(2026, 3, 20))), ("omar", date(2026, 3, 21), None)]),
    ("programme-manager", "Programme manager", "Collects evidence and keeps the calendar of controls.",
        &[("judy", date(2024, 11, 4), None)]),
];

/// Every stint, in the order of the register.
pub fn stints() -> Vec<Stint> {
    static READ: OnceLock<Vec<Stint>> = OnceLock::new();
    READ.get_or_init(read).clone()
}

fn read() -> Vec<Stint> {
    let table = tables("staff");
    let date = |text: &str| (!text.is_empty()).then(|| day(text));
    let stint = |row: &Vec<String>| {
        let cell = |name: &str| Table::cell(&table, row, name).to_owned();
        let id = cell("id");
        let mut emails = vec![format!("{id}@acme.example")];
        let more = cell("emails");
        if cell("kind") == "bot" {
            emails = vec![more];
        } else if !more.is_empty() {
            emails.push(more);
        }
        Stint {
            number: cell("number"),
            name: cell("name"),
            title: cell("title"),
            department: cell("department"),
            kind: cell("kind"),
            manager: cell("manager"),
            from: day(&cell("from")),
            to: date(&cell("to")),
            notified: date(&cell("notified")),
            check: date(&cell("check")),
            agreement: date(&cell("agreement")),
            code: date(&cell("code")),
            aliases: cell("aliases"),
            login: cell("login"),
            emails,
            id,
        }
    };
    table.rows.iter().map(stint).collect()
}

impl Stint {
    /// A person, not a program?
    pub fn human(&self) -> bool {
        self.kind != "bot"
    }

    pub fn active(&self, on: Date) -> bool {
        self.from <= on && self.to.is_none_or(|to| on <= to)
    }

    pub fn email(&self) -> &str {
        &self.emails[0]
    }
}

/// People at work on a day.
pub fn active(on: Date) -> Vec<Stint> {
    stints().into_iter().filter(|stint| stint.human() && stint.active(on)).collect()
}

/// The person of an id, from their latest stint.
pub fn person(id: &str) -> Stint {
    let found = stints().into_iter().rfind(|stint| stint.id == id);
    found.unwrap_or_else(|| panic!("nobody is called `{id}`"))
}

/// A person by id, or `@role` for who held the role on a day.
pub fn actor(name: &str, on: Date) -> String {
    let Some(role) = name.strip_prefix('@') else { return name.to_owned() };
    let of_role = ROLES.iter().filter(|(id, ..)| *id == role).flat_map(|(.., held)| *held);
    let mut holder =
        of_role.filter(|(_, from, to)| *from <= on && to.is_none_or(|to| on <= to)).map(|(by, ..)| *by);
    holder.next_back().unwrap_or_else(|| panic!("nobody held `{role}` on {on}")).to_owned()
}

/// The people register as it stood on a day: joiners are entered a week ahead, last days once they are known.
pub fn people_register(on: Date) -> String {
    let known: Vec<Stint> = stints().into_iter().filter(|stint| later(stint.from, -7) <= on).collect();
    let mut out = String::new();
    for (index, stint) in known.iter().enumerate() {
        if known[..index].iter().any(|earlier| earlier.id == stint.id) {
            continue;
        }
        let all: Vec<&Stint> = known.iter().filter(|other| other.id == stint.id).collect();
        let last = all[all.len() - 1];
        let told = |stint: &Stint| stint.to.filter(|_| stint.notified.is_some_and(|notified| notified <= on));
        let employed: Vec<String> = all
            .iter()
            .map(|stint| match told(stint) {
                Some(to) => format!("{{ from: {}, to: {to} }}", stint.from),
                None => format!("{{ from: {} }}", stint.from),
            })
            .collect();
        let mut line = |text: String| {
            let _ = writeln!(out, "{text}");
        };
        line(format!("- id: {}\n  name: {}\n  emails: [{}]", last.id, last.name, last.emails.join(", ")));
        if !last.aliases.is_empty() {
            line(format!("  aliases: [{}]", last.aliases));
        }
        line(format!("  kind: {}", last.kind));
        if !last.manager.is_empty() {
            line(format!("  manager: {}", last.manager));
        }
        line(format!("  employed: [{}]", employed.join(", ")));
        let dates = [
            ("notified", last.notified.filter(|notified| *notified <= on)),
            ("background_check", last.check),
            ("confidentiality_agreement", last.agreement),
            ("code_of_conduct", last.code),
        ];
        for (key, date) in dates {
            if let Some(date) = date {
                line(format!("  {key}: {date}"));
            }
        }
        match (last.human(), all.len()) {
            (false, _) => line(format!("  notes: {}.", last.title)),
            (true, 1) => line(format!("  notes: {}, {} {}.", last.title, last.kind, last.number)),
            _ => line(format!(
                "  notes: {}, {} {}. Hired again; check and terms of the first time are in the HR file.",
                last.title, last.kind, last.number
            )),
        }
    }
    out
}

/// The roles register as it stood on a day.
pub fn roles_register(on: Date) -> String {
    let mut out = String::new();
    for (id, title, duties, held) in ROLES {
        let _ = writeln!(out, "- id: {id}\n  title: {title}\n  duties: {duties}\n  held:");
        for (by, from, to) in held.iter().filter(|(_, from, _)| *from <= on) {
            match to.filter(|to| *to < on) {
                Some(to) => {
                    let _ = writeln!(out, "    - {{ by: {by}, from: {from}, to: {to} }}");
                }
                None => {
                    let _ = writeln!(out, "    - {{ by: {by}, from: {from} }}");
                }
            }
        }
    }
    out
}

/// Days on which one of the two registers changes.
pub fn changes() -> Vec<Date> {
    let people =
        stints().into_iter().flat_map(|stint| [Some(later(stint.from, -7)), stint.notified]).flatten();
    let roles = ROLES
        .iter()
        .flat_map(|(.., held)| *held)
        .flat_map(|(_, from, to)| [Some(*from), to.map(|to| later(to, 1))]);
    let mut days: Vec<Date> = people.chain(roles.flatten()).filter(|day| *day <= calendar::LAST).collect();
    days.sort_unstable();
    days.dedup();
    days
}
