//! The files every programme has once: configuration, registers, policies, documents.

use std::fmt::Write as _;

use jiff::civil::{Date, date};
use soc2::source::{hex, sha256};
use soc2::template::canonical;

use super::controls::{CRITERIA, Control};
use super::words::{AREAS, FAMILIES, GIVEN, POLICIES, ROLES, SECTIONS, SURNAMES, SYSTEMS, VARIABLES};
use super::{Programme, Rng, Shape, calendar};

/// Somebody who acts in the programme.
pub struct Person {
    pub id: String,
    pub name: String,
    pub email: String,
    /// Last day at work, for those who left.
    pub left: Option<Date>,
}

/// At least 25, more for more controls.
pub fn people(shape: &Shape) -> Vec<Person> {
    let most = GIVEN.len() * SURNAMES.len();
    let wanted = (25 + shape.controls / 40).min(most);
    let person = |i: usize| {
        // Steps that share no factor with the lists' lengths reach every pair of names once.
        let (given, surname) = (GIVEN[i % GIVEN.len()], SURNAMES[(i / GIVEN.len() + i * 7) % SURNAMES.len()]);
        let mut rng = Rng::of(shape.seed, 7, i);
        let id = format!("{given}-{surname}");
        Person {
            name: format!("{} {}", capital(given), capital(surname)),
            email: format!("{given}.{surname}@acme.example"),
            left: (i >= ROLES.len() * 2 && rng.chance(1, 12))
                .then(|| calendar::day(60 + rng.below(250) as i64)),
            id,
        }
    };
    (0..wanted).map(person).collect()
}

fn capital(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

impl Programme {
    /// Two people who both were at work on a day: who performs, who reviews.
    pub fn pair(&self, rng: &mut Rng, on: Date) -> (&str, &str) {
        let mut one = || loop {
            let person = &self.people[rng.below(self.people.len())];
            if person.left.is_none_or(|left| left > on) {
                return person;
            }
        };
        let first = one();
        loop {
            let second = one();
            if second.id != first.id {
                return (&first.id, &second.id);
            }
        }
    }

    /// The role that answers for a control.
    pub fn role(&self, control: &Control) -> &'static str {
        ROLES[control.family.role].0
    }

    /// Some control of a number.
    fn control(&self, rng: &mut Rng) -> &str {
        &self.controls[rng.below(self.controls.len())].id
    }
}

/// Hands over every file that does not grow with the evidence.
pub fn foundation(programme: &Programme, take: &mut dyn FnMut(String, String)) {
    take("soc2.toml".to_owned(), config());
    take(".gitattributes".to_owned(), "* text=auto eol=lf\nevidence/** -text\n".to_owned());
    take(
        "README.md".to_owned(),
        "# Compliance of Acme, Inc.\n\nA generated programme; nobody in it is real.\n".to_owned(),
    );
    for (index, (id, title)) in POLICIES.iter().enumerate() {
        take(format!("policies/{id}.md"), policy(programme, index, id, title));
    }
    for family in FAMILIES {
        let text = format!(
            "---\nid: {0}-steps\ntitle: Steps for {0} controls\nowner: {1}\n---\n# Steps\n\n1. Open a ticket.\n2. Do the work.\n\
             3. File the record.\n4. Ask another person to review it.\n",
            family.code, ROLES[family.role].0
        );
        take(format!("procedures/{}-steps.md", family.code), text);
    }
    take("narratives/system-description.md".to_owned(), narrative());
    #[rustfmt::skip]
    let registers: [(&str, String); 13] = [
        ("people.yaml", people_register(programme)), ("roles.yaml", roles(programme)), ("systems.yaml", systems()),
        ("vendors.yaml", vendors(programme)), ("risks.yaml", risks(programme)), ("assets.yaml", assets()),
        ("commitments.yaml", commitments(programme)), ("csocs.yaml", csocs(programme)), ("cuecs.yaml", cuecs()),
        ("incidents.yaml", incidents(programme)), ("meetings.yaml", meetings(programme)),
        ("acknowledgements.csv", acknowledgements(programme)), ("training.csv", training(programme)),
    ];
    for (name, text) in registers {
        take(format!("registers/{name}"), text);
    }
}

fn config() -> String {
    let mut out = String::from(
        "required_version = \">=0.1, <0.2\"\n\n[organization]\nname = \"Acme, Inc.\"\ntimezone = \"America/New_York\"\n\n\
         [system]\nname = \"Acme Cloud\"\n\n[scope]\nframework = \"soc2-2017-rev2022\"\n\
         categories = [\"security\", \"availability\"]\n\
         excluded = { confidentiality = \"no customer asked\", processing-integrity = \"no transactions\", privacy = \"business contacts only\" }\n\n\
         [[audit]]\nid = \"2026-type2\"\ntype = \"type2\"\nperiod = { from = 2026-01-01, to = 2026-12-31 }\n\
         firm = \"Example CPAs LLP\"\n\n[variables]\n",
    );
    for (name, value) in VARIABLES {
        let number = value.bytes().all(|b| b.is_ascii_digit());
        let _ =
            if number { writeln!(out, "{name} = {value}") } else { writeln!(out, "{name} = \"{value}\"") };
    }
    out.push_str("\n[history]\nbegins = 2026-01-05\n");
    out
}

/// A policy with variables, approved as it reads.
fn policy(programme: &Programme, index: usize, id: &str, title: &str) -> String {
    let mut body = format!("# {title} Policy\n");
    for (anchor, heading, text) in SECTIONS {
        let _ = write!(body, "\n## {heading} {{#{anchor}}}\n\n{text}\n");
    }
    let mut read = body.clone();
    let fixed = [("organization.name", "Acme, Inc."), ("system.name", "Acme Cloud")];
    for (name, value) in fixed.iter().chain(VARIABLES) {
        read = read.replace(&format!("{{{{ {name} }}}}"), value);
    }
    let hash = hex(&sha256(canonical(&read).as_bytes()));
    let owner = FAMILIES.iter().find(|family| family.policy == index).map_or("ceo", |f| ROLES[f.role].0);
    let mut rng = Rng::of(programme.shape.seed, 8, index);
    let (approver, reviewer) = programme.pair(&mut rng, date(2025, 12, 20));
    format!(
        "---\nid: {id}\ntitle: {title} Policy\nowner: {owner}\nreview: annual\napprovals:\n  \
         - {{ version: \"1.0\", by: {approver}, on: 2025-12-20, effective: 2026-01-01, text: \"{hash}\", proof: minutes }}\n\
         reviews:\n  - {{ by: {reviewer}, on: 2026-06-15, result: no-change }}\n---\n{body}"
    )
}

fn narrative() -> String {
    let mut out = String::from("# System description\n");
    for n in 1..=9 {
        let _ = write!(
            out,
            "\n## DC {n}\n\nAcme Cloud serves business customers from two regions; part {n} of the description.\n"
        );
    }
    out
}

fn people_register(programme: &Programme) -> String {
    let mut out = String::new();
    for (i, Person { id, name, email, left }) in programme.people.iter().enumerate() {
        let kind = if i % 15 == 14 { "contractor" } else { "employee" };
        let year = 2018 + i % 7;
        let to = left.map_or_else(String::new, |left| format!(", to: {left}"));
        let _ = writeln!(
            out,
            "- {{ id: {id}, name: {name}, emails: [{email}], kind: {kind}, employed: [{{ from: {year}-03-01{to} }}],\n    \
             background_check: {year}-02-20, confidentiality_agreement: {year}-03-01, code_of_conduct: {year}-03-02 }}"
        );
    }
    for bot in ["backup-bot", "scan-bot"] {
        let _ =
            writeln!(out, "- {{ id: {bot}, name: {bot}, kind: bot, employed: [{{ from: 2022-01-01 }}] }}");
    }
    out
}

fn roles(programme: &Programme) -> String {
    let mut out = String::new();
    for (i, (id, title)) in ROLES.iter().enumerate() {
        let (first, second) = (&programme.people[i * 2].id, &programme.people[i * 2 + 1].id);
        let held = match i % 4 {
            3 => format!(
                "{{ by: {first}, from: 2021-01-01, to: 2026-05-31 }}, {{ by: {second}, from: 2026-06-01 }}"
            ),
            _ => format!("{{ by: {first}, from: 2021-01-01 }}"),
        };
        let _ = writeln!(out, "- {{ id: {id}, title: {title}, held: [{held}] }}");
    }
    out
}

fn systems() -> String {
    let mut out = String::new();
    for (i, (id, name)) in SYSTEMS.iter().enumerate() {
        let scope = if *id == "aws-staging" { "false, reason: no customer data" } else { "true" };
        let owner = ROLES[i % 3].0;
        let _ = writeln!(
            out,
            "- {{ id: {id}, name: {name}, in_scope: {scope}, owner: {owner}, from: 2022-01-01 }}"
        );
    }
    out
}

const VENDORS: &[&str] = &[
    "aws",
    "github-inc",
    "okta-inc",
    "datadog-inc",
    "atlassian",
    "slack-inc",
    "google",
    "stripe",
    "zendesk-inc",
    "cloudflare-inc",
    "hashicorp",
    "snowflake",
    "twilio",
    "sendgrid",
    "pagerduty",
    "notion",
    "figma",
    "linear",
    "sentry",
    "fastly",
];

fn vendors(programme: &Programme) -> String {
    let mut out = String::new();
    for (i, id) in VENDORS.iter().enumerate() {
        let tier = ["critical", "high", "medium", "low"][i * 4 / VENDORS.len()];
        let subservice = if i < 2 { ", subservice: carve-out" } else { "" };
        let reviewer = &programme.people[i].id;
        let _ = writeln!(
            out,
            "- {{ id: {id}, service: {} support, owner: {}, tier: {tier}{subservice}, nda: 2024-01-15,\n    \
             reports: [{{ kind: soc2-type2, period: {{ from: 2025-04-01, to: 2026-03-31 }}, opinion: unqualified, reviewed: {{ by: {reviewer}, on: 2026-05-20 }} }}] }}",
            AREAS[i].trim_start_matches("the "),
            ROLES[i % ROLES.len()].0
        );
    }
    out
}

fn risks(programme: &Programme) -> String {
    let mut out = String::new();
    let wanted = (programme.shape.controls / 50).clamp(12, 2000);
    for i in 0..wanted {
        let mut rng = Rng::of(programme.shape.seed, 9, i);
        let (likelihood, impact) = (2 + rng.below(4), 2 + rng.below(4));
        let (area, control) = (rng.pick(AREAS), programme.control(&mut rng));
        let reviewer = &programme.people[i % 20].id;
        let _ = writeln!(
            out,
            "- id: risk-{:04}\n  statement: Somebody changes {area} by mistake and customers cannot use it\n  category: change\n  \
             owner: {}\n  inherent: {{ likelihood: {likelihood}, impact: {impact} }}\n  residual: {{ likelihood: {}, impact: {impact} }}\n  \
             response: mitigate\n  controls: [{control}]\n  criteria: [{}]\n  reviewed: {{ by: {reviewer}, on: 2026-03-10 }}",
            i + 1,
            ROLES[i % ROLES.len()].0,
            likelihood - 1,
            CRITERIA[i % CRITERIA.len()]
        );
    }
    out
}

fn assets() -> String {
    let mut out = String::new();
    for (i, (system, name)) in SYSTEMS.iter().enumerate() {
        let _ = writeln!(
            out,
            "- {{ id: {system}-data, name: {name} data, type: database, owner: {}, in_scope: true, environment: production, \
             classification: confidential, encrypted: true, backed_up: true, system: {system}, verified: 2026-04-0{} }}",
            ROLES[i % 3].0,
            1 + i % 9
        );
    }
    out
}

fn commitments(programme: &Programme) -> String {
    let mut out = String::new();
    for (i, area) in AREAS.iter().take(10).enumerate() {
        let control = programme.control(&mut Rng::of(programme.shape.seed, 10, i));
        let _ = writeln!(
            out,
            "- {{ id: commitment-{}, text: {} is up 99.9 % of each month, source: Master agreement 4.{}, category: availability, metric: \"99.9 %\", controls: [{control}], owner: ceo }}",
            i + 1,
            capital(area),
            i + 1
        );
    }
    out
}

fn csocs(programme: &Programme) -> String {
    let mut out = String::new();
    for (i, criterion) in ["CC6.4", "A1.2", "CC6.5", "CC7.2"].iter().enumerate() {
        let control = programme.control(&mut Rng::of(programme.shape.seed, 11, i));
        let _ = writeln!(
            out,
            "- {{ id: csoc-{}, vendor: {}, criteria: [{criterion}], text: Data centres are guarded and powered, monitored_by: {control} }}",
            i + 1,
            VENDORS[i % 2]
        );
    }
    out
}

fn cuecs() -> String {
    let mut out = String::new();
    for (i, criterion) in ["CC6.2", "CC6.3", "CC6.1"].iter().enumerate() {
        let _ = writeln!(
            out,
            "- {{ id: cuec-{}, text: Customers remove users who leave, criteria: [{criterion}], published: User guide }}",
            i + 1
        );
    }
    out
}

fn incidents(programme: &Programme) -> String {
    let mut out = String::new();
    for i in 0..12 {
        let mut rng = Rng::of(programme.shape.seed, 12, i);
        let severity = rng.weighted(&[(1, "sev1"), (2, "sev2"), (5, "sev3"), (4, "sev4")]);
        let month = i + 1;
        let _ = writeln!(
            out,
            "- {{ id: inc-2026-{month:02}, title: Slow answers from {}, severity: {severity}, detected: 2026-{month:02}-11T09:{:02}:00Z, \
             resolved: 2026-{month:02}-11T15:00:00Z, owner: platform-on-call, systems: [{}], root_cause: A full queue, postmortem: 2026-{month:02}-18 }}",
            rng.pick(AREAS),
            rng.below(60),
            rng.pick(SYSTEMS).0
        );
    }
    out
}

fn meetings(programme: &Programme) -> String {
    let mut out = String::new();
    for (i, on) in ["2026-03-17", "2026-06-16", "2026-09-15", "2026-12-15"].iter().enumerate() {
        let _ = writeln!(
            out,
            "- {{ id: board-2026-q{}, body: board, on: {on}, attendees: [{}, {}], independent: true, agenda: [security report, risks], minutes: board folder }}",
            i + 1,
            programme.people[10].id,
            programme.people[11].id
        );
    }
    out
}

fn acknowledgements(programme: &Programme) -> String {
    let mut out = String::from("person,policy,version,on\n");
    for (i, person) in programme.people.iter().enumerate() {
        for (j, (policy, _)) in POLICIES.iter().enumerate() {
            if !Rng::of(programme.shape.seed, 13, i * POLICIES.len() + j).chance(1, 50) {
                let _ = writeln!(out, "{},{policy},1.0,2026-01-{:02}", person.id, 2 + (i + j) % 28);
            }
        }
    }
    out
}

fn training(programme: &Programme) -> String {
    let mut out = String::from("person,course,version,assigned,completed\n");
    for (i, person) in programme.people.iter().enumerate() {
        let done = if i % 23 == 22 { String::new() } else { format!("2026-02-{:02}", 1 + i % 28) };
        let _ = writeln!(out, "{},security-awareness,2026,2026-01-15,{done}", person.id);
    }
    out
}
