//! A new programme as a list of files, made from the answers to a few questions. Pure: it neither asks nor writes.

use std::collections::BTreeSet;
use std::fmt::Write;

use include_dir::{Dir, include_dir};
use jiff::civil::Date;

use crate::catalogue::{self, CatalogueControl, Company, NewDocument};
use crate::framework;
use crate::model::AuditType;
use crate::model::registers::Registers;
use crate::record::Shape;
use crate::text::{latin_slug, slug};

static REGISTERS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/registers");
static PROGRAMME: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/programme");

/// The roles that catalogue controls name, and what they answer for.
pub const ROLES: &[(&str, &str, &str)] = &[
    ("security-lead", "Security lead", "answers for the security programme and its controls"),
    ("management", "Management", "approves policies, accepts risks and signs the assertion"),
    ("engineering-lead", "Engineering lead", "answers for systems, changes and operations"),
    ("hr-lead", "HR lead", "answers for hiring, leaving, training and acknowledgements"),
];

/// What `soc2 init` was told.
#[derive(Clone, Debug)]
pub struct Answers {
    pub organization: String,
    pub system: String,
    /// People on the payroll and contractors.
    pub staff: u64,
    /// There is an office to lock.
    pub office: bool,
    /// Categories in scope, `security` first.
    pub categories: Vec<String>,
    pub audit: Option<AuditAnswer>,
    /// IANA name.
    pub timezone: String,
    /// Who holds each of [`ROLES`], in their order.
    pub holders: [Option<Contact>; 4],
    /// The day the scaffold is made.
    pub today: Date,
    /// From the git root to the programme: empty, or `compliance/`.
    pub prefix: String,
}

/// The audit the programme prepares for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditAnswer {
    pub kind: AuditType,
    /// First and last day; the same for a Type I.
    pub days: (Date, Date),
}

/// A person, by name and e-mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub name: String,
    pub email: String,
}

impl Contact {
    /// Reads `Ann Lee <ann@acme.com>`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let fault = || {
            format!("`{}` is no name with an e-mail: write `Ann Lee <ann@acme.com>`", crate::text::safe(text))
        };
        let (name, rest) = text.split_once('<').ok_or_else(fault)?;
        let email = rest.trim_end().strip_suffix('>').ok_or_else(fault)?.trim();
        let name = name.trim();
        let (local, domain) = email.split_once('@').ok_or_else(fault)?;
        let odd = |c: char| {
            c.is_whitespace() || crate::text::is_hostile(c) || matches!(c, '<' | '>' | ',' | ';' | '"')
        };
        let bad =
            slug(name).is_empty() || local.is_empty() || !domain.contains('.') || email.chars().any(odd);
        if bad || name.chars().any(crate::text::is_hostile) || domain.contains('@') {
            return Err(fault());
        }
        let contact = Self { name: name.to_owned(), email: email.to_owned() };
        if contact.id().is_empty() {
            return Err(format!(
                "no id can be made of `{}`: write the name or the address in letters from a to z",
                crate::text::safe(text)
            ));
        }
        Ok(contact)
    }

    /// `ann-lee`, of the name, else of the address.
    fn id(&self) -> String {
        let id = latin_slug(&self.name);
        if id.is_empty() { latin_slug(self.email.split('@').next().unwrap_or_default()) } else { id }
    }
}

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// Below the programme's root, or below the git root.
    pub path: String,
    pub in_git_root: bool,
    pub text: String,
}

/// Every file of the new programme. `there` gives the text of a file that exists and will be left alone: a new control
/// refers to sections of it only where it has them.
pub fn files(answers: &Answers, there: &dyn Fn(&str) -> Option<String>) -> Vec<NewFile> {
    let all = catalogue::all();
    let categories: Vec<&str> = answers.categories.iter().map(String::as_str).collect();
    let controls = catalogue::select(&all, answers.staff, answers.office, &categories);
    let ids: BTreeSet<&str> = controls.iter().map(|control| &*control.control.id.value.0).collect();
    let company =
        Company { staff: answers.staff, office: answers.office, categories: &categories, controls: &ids };
    let documents = catalogue::documents(&company);
    let mut files = Vec::new();
    let mut add = |path: String, text: String| files.push(NewFile { path, in_git_root: false, text });
    add("soc2.toml".to_owned(), root_file(answers, &controls, &documents));
    for control in &controls {
        let id = &*control.control.id.value.0;
        let family = id.split('-').next().unwrap_or(id);
        add(format!("controls/{family}/{id}.yaml"), with_references(control, &documents, there));
    }
    for (name, shape) in Registers::SHAPES {
        add(format!("registers/{name}.yaml"), register(name, shape, answers));
    }
    for document in documents {
        add(document.path, document.text);
    }
    add(".gitattributes".to_owned(), programme("gitattributes"));
    add(
        "README.md".to_owned(),
        programme("README.md").replace("ORGANIZATION", &markdown_line(&answers.organization)),
    );
    let mut add_to_git = |path: &str, text: String| {
        files.push(NewFile { path: path.to_owned(), in_git_root: true, text });
    };
    // Only what publishes needs the typesetter.
    for (path, template, features) in [
        (".github/workflows/soc2.yml", "workflow.yml", "--no-default-features "),
        (".github/workflows/soc2-due.yml", "workflow-due.yml", "--no-default-features "),
        (".github/workflows/soc2-publish.yml", "workflow-publish.yml", ""),
    ] {
        add_to_git(path, workflow(template, features, &answers.prefix));
    }
    add_to_git(".github/CODEOWNERS", code_owners(answers));
    files
}

/// A programme with nothing in it, for documents and controls that come from elsewhere: its root, empty registers, and
/// what git has to know.
pub fn ground(answers: &Answers) -> Vec<NewFile> {
    let register =
        |(name, shape): &(&str, &Shape)| (format!("registers/{name}.yaml"), register(name, shape, answers));
    let mut files = vec![
        ("soc2.toml".to_owned(), root_file(answers, &[], &[])),
        (".gitattributes".to_owned(), programme("gitattributes")),
    ];
    files.extend(Registers::SHAPES.iter().map(register));
    files.into_iter().map(|(path, text)| NewFile { path, in_git_root: false, text }).collect()
}

fn programme(name: &str) -> String {
    PROGRAMME.get_file(name).and_then(|file| file.contents_utf8()).unwrap_or("").to_owned()
}

/// A workflow for the programme below `prefix`; soc2 built from source for it has `features`.
fn workflow(template: &str, features: &str, prefix: &str) -> String {
    let source = programme("source.yml").replace("VERSION\"", concat!(env!("CARGO_PKG_VERSION"), "\""));
    let source = source.replace("\"REPOSITORY\"", concat!("\"", env!("CARGO_PKG_REPOSITORY"), "\""));
    let install = programme("install.yml").replace("FEATURES", features);
    let folder = if prefix.is_empty() { "." } else { prefix.trim_end_matches('/') };
    let text = programme(template).replace("SOURCE\n", &source).replace("INSTALL\n", &install);
    text.replace("FOLDER", folder).replace("PREFIX", prefix)
}

fn markdown_line(text: &str) -> String {
    crate::text::safe(text).replace(['<', '>', '`', '[', ']'], "")
}

/// `soc2.toml`.
fn root_file(answers: &Answers, controls: &[&CatalogueControl], documents: &[NewDocument]) -> String {
    let quoted = |text: &str| toml_string(text);
    let mut out = String::from("# The root of the SOC 2 programme. Every key: soc2 explain soc2.toml\n");
    let _ = writeln!(out, "required_version = \"{}\"\n", version_range());
    let _ = writeln!(out, "[organization]\nname = {}", quoted(&answers.organization));
    let _ =
        writeln!(out, "timezone = {}        # a bare date is a whole day here\n", quoted(&answers.timezone));
    let _ = writeln!(out, "[system]\nname = {}\n", quoted(&answers.system));
    let names: Vec<String> = answers.categories.iter().map(|category| quoted(category)).collect();
    let _ =
        writeln!(out, "[scope]\nframework = \"{}\"\ncategories = [{}]", framework::DEFAULT, names.join(", "));
    out.push_str("# Say why a category is left out; the auditor's first question:\n");
    out.push_str("# excluded = { privacy = \"business contacts only\" }\n");
    out.push_str("# A criterion of an included category that does not apply, with the reason the description gives (DC 8):\n");
    out.push_str("# not_relevant = { \"A1.1\" = \"reason\" }\n\n");
    match answers.audit {
        Some(AuditAnswer { kind: AuditType::Type2, days: (from, to) }) => {
            let _ = writeln!(out, "[[audit]]\nid = \"{}-type2\"\ntype = \"type2\"", to.year());
            let _ = writeln!(out, "period = {{ from = {from}, to = {to} }}\n");
        }
        Some(AuditAnswer { kind: AuditType::Type1, days: (on, _) }) => {
            let _ =
                writeln!(out, "[[audit]]\nid = \"{}-type1\"\ntype = \"type1\"\nas_of = {on}\n", on.year());
        }
        None => {
            out.push_str("# [[audit]]\n# id = \"first-type2\"\n# type = \"type2\"\n");
            out.push_str("# period = { from = 2027-01-01, to = 2027-06-30 }\n\n");
        }
    }
    out.push_str("# Numbers and words that controls and policies use. Each is the company's own promise: an auditor tests\n");
    out.push_str("# what stands here.\n[variables]\n");
    for variable in catalogue::variables() {
        let id = &*variable.id.value;
        let typed = format!("{{{{ {id} }}}}");
        let mut texts = controls.iter().map(|control| control.text);
        if !texts.any(|text| text.contains(&typed)) && !documents.iter().any(|one| one.text.contains(&typed))
        {
            continue;
        }
        let default = variable.default.as_ref().map_or("", |text| &text.value);
        let meaning = variable.meaning.as_ref().map_or("", |text| &text.value);
        let value = if default.parse::<i64>().is_ok() { default.to_owned() } else { quoted(default) };
        let unit = variable.unit.as_ref().map_or(String::new(), |unit| format!(" In {}.", &*unit.value));
        let _ = writeln!(out, "# {meaning}{unit}\n{id} = {value}");
    }
    out
}

/// A control with the sections of policies and the procedures that carry it.
fn with_references(
    control: &CatalogueControl,
    documents: &[NewDocument],
    there: &dyn Fn(&str) -> Option<String>,
) -> String {
    let id = &*control.control.id.value.0;
    let mut lines = String::new();
    for (key, folder) in [("policies", "policies/"), ("procedures", "procedures/")] {
        let mut references: Vec<String> = Vec::new();
        for document in documents.iter().filter(|document| document.path.starts_with(folder)) {
            let anchors = document.carried.get(id).map_or(&[][..], |anchors| anchors);
            let text = there(&document.path);
            for anchor in anchors {
                let whole = anchor.is_empty() || folder == "procedures/";
                let has = |text: &String| whole || text.contains(&format!("{{#{anchor}}}"));
                let reference = if whole { document.id.clone() } else { format!("{}#{anchor}", document.id) };
                if text.as_ref().is_none_or(has) && !references.contains(&reference) {
                    references.push(reference);
                }
            }
        }
        if !references.is_empty() {
            let _ = writeln!(lines, "{key}: [{}]", references.join(", "));
        }
    }
    catalogue::with_references(control.text, &lines)
}

/// This minor version and no later one.
fn version_range() -> String {
    let mut parts = env!("CARGO_PKG_VERSION").split('.').map(|part| part.parse::<u64>().unwrap_or(0));
    let (major, minor) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if major == 0 {
        format!(">=0.{minor}, <0.{}", minor + 1)
    } else {
        format!(">={major}.{minor}, <{}", major + 1)
    }
}

fn toml_string(text: &str) -> String {
    toml::Value::String(crate::text::safe(text)).to_string()
}

/// A JSON string is a YAML string.
fn yaml_string(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// A register: what its keys mean, an example to copy, and the rows known so far.
fn register(name: &str, shape: &Shape, answers: &Answers) -> String {
    let mut out = format!("# {} Keys:\n", shape.docs.trim().replace("\n ", "\n# "));
    for key in shape.keys {
        let _ = writeln!(out, "#   {} ({}): {}", key.name, key.holds(), key.meaning());
    }
    let example =
        REGISTERS.get_file(format!("{name}.yaml")).and_then(|file| file.contents_utf8()).unwrap_or("");
    out.push_str("# Example:\n");
    for line in example.lines() {
        let _ = writeln!(out, "# {line}");
    }
    match name {
        "people" => out.push_str(&people(answers)),
        "roles" => out.push_str(&roles(answers)),
        _ => {}
    }
    out
}

/// The day from which people and roles are written down: the audit's first day, or today if that is earlier.
fn since(answers: &Answers) -> Date {
    answers.audit.map_or(answers.today, |audit| audit.days.0.min(answers.today))
}

/// Everybody named, once each, with an id of their own.
fn staff(answers: &Answers) -> Vec<(String, &Contact)> {
    let mut people: Vec<(String, &Contact)> = Vec::new();
    for contact in answers.holders.iter().flatten() {
        if people.iter().any(|(_, known)| known.email.eq_ignore_ascii_case(&contact.email)) {
            continue;
        }
        let base = contact.id();
        let taken = |id: &str| {
            people.iter().any(|(known, _)| known == id) || ROLES.iter().any(|(role, ..)| *role == id)
        };
        let id =
            (1..).map(|n| if n == 1 { base.clone() } else { format!("{base}-{n}") }).find(|id| !taken(id));
        people.push((id.unwrap_or(base), contact));
    }
    people
}

fn people(answers: &Answers) -> String {
    let mut out = String::new();
    for (id, contact) in staff(answers) {
        let _ = write!(
            out,
            "\n- id: {id}\n  name: {}\n  emails: [{}]\n  kind: employee\n  employed:\n    - from: {}   # put their first \
             day at work here\n",
            yaml_string(&contact.name),
            yaml_string(&contact.email),
            since(answers)
        );
    }
    out
}

fn roles(answers: &Answers) -> String {
    let people = staff(answers);
    let mut out = String::new();
    for ((role, title, duties), holder) in ROLES.iter().zip(&answers.holders) {
        let _ = write!(out, "\n- id: {role}\n  title: {title}\n  duties: {duties}\n");
        let id = holder.as_ref().and_then(|contact| {
            people
                .iter()
                .find(|(_, known)| known.email.eq_ignore_ascii_case(&contact.email))
                .map(|(id, _)| id)
        });
        match id {
            Some(id) => {
                let _ = writeln!(out, "  held:\n    - {{ by: {id}, from: {} }}", since(answers));
            }
            None => out.push_str("  held: []   # vacant: add - { by: PERSON, from: DATE }\n"),
        }
    }
    out
}

/// Who must agree to a change of what: scope, levels, waivers and policies.
fn code_owners(answers: &Answers) -> String {
    let [security, management, ..] = &answers.holders;
    let owner = |holder: &Option<Contact>| holder.as_ref().map(|contact| contact.email.clone());
    let mut out = String::from(
        "# Who must agree to a change. GitHub asks them once branch protection requires reviews from code owners.\n",
    );
    let lines = [
        ("soc2.toml", owner(management), "the approver"),
        ("registers/waivers.yaml", owner(management), "the approver"),
        ("policies/", owner(management), "the approver"),
        ("controls/", owner(security), "the security lead"),
        ("registers/", owner(security), "the security lead"),
    ];
    let lines = lines.map(|(path, owner, who)| (format!("/{}{path}", answers.prefix), owner, who));
    // A pull request brings its own workflows: whoever changes what is checked needs somebody's agreement, too.
    let workflows = ("/.github/".to_owned(), owner(security), "the security lead");
    // The last match wins, so the wide patterns come first.
    for (pattern, owner, who) in lines.iter().chain([&workflows]).rev() {
        let _ = match owner {
            Some(email) => writeln!(out, "{pattern} {email}"),
            None => writeln!(out, "# {pattern} @{}", who.replace(' ', "-")),
        };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::Program;
    use crate::source::Sources;
    use crate::syntax::yaml;

    fn answers(categories: &[&str]) -> Answers {
        Answers {
            organization: "Acme \"Quotes\" & Söhne, Inc.".to_owned(),
            system: "Acme Cloud".to_owned(),
            staff: 20,
            office: false,
            categories: categories.iter().map(|c| (*c).to_owned()).collect(),
            audit: None,
            timezone: "UTC".to_owned(),
            holders: [None, None, None, None],
            today: jiff::civil::date(2026, 1, 15),
            prefix: String::new(),
        }
    }

    #[test]
    fn a_scaffold_has_no_faults_and_covers_nothing() {
        let contact =
            |name: &str, email: &str| Some(Contact { name: name.to_owned(), email: email.to_owned() });
        let mut with_people =
            answers(&["security", "availability", "confidentiality", "processing-integrity", "privacy"]);
        with_people.staff = 200;
        with_people.office = true;
        with_people.holders = [
            contact("Ann Lee", "ann@acme.com"),
            contact("Ann Lee", "a@acme.com"),
            contact("李", "li@acme.com"),
            None,
        ];
        with_people.audit = Some(AuditAnswer {
            kind: AuditType::Type2,
            days: (jiff::civil::date(2026, 1, 1), jiff::civil::date(2026, 12, 31)),
        });
        for answers in [answers(&["security"]), with_people] {
            let files = files(&answers, &|_| None)
                .into_iter()
                .map(|file| (file.path, file.text.into_bytes()))
                .collect();
            let program = Program::load(Sources::from_memory(files));
            let judgement = crate::timeline::Judgement::new(&program, answers.today, None);
            let report = crate::report::Report::new(&judgement);
            assert!(report.diagnostics.is_empty(), "{:#?}", report.diagnostics);
            assert!(judgement.audits.iter().flat_map(|a| &a.criteria).all(|c| c.in_place.is_empty()));
        }
    }

    #[test]
    fn every_register_has_an_example_that_reads() {
        for (name, _) in Registers::SHAPES {
            let text = REGISTERS.get_file(format!("{name}.yaml")).unwrap().contents_utf8().unwrap();
            let mut out = Vec::new();
            let node = yaml::parse(crate::source::FileId(0), text, 0, &mut out).unwrap();
            assert!(Registers::default().read(name, &node, &mut out));
            assert_eq!(out, [], "{name}");
        }
    }

    #[test]
    fn contacts_are_names_with_addresses() {
        for (text, id) in [
            ("Ann Lee <ann@acme.com>", "ann-lee"),
            ("José Groß <jose@acme.com>", "jose-gross"),
            ("李雷 <li.lei@acme.com>", "li-lei"),
        ] {
            assert_eq!(Contact::parse(text).unwrap().id(), id);
        }
        assert!(Contact::parse("李雷 <李@acme.com>").unwrap_err().contains("letters from a to z"));
        for text in
            ["Ann", "<ann@acme.com>", "Ann <ann>", "Ann <a@b@c.d>", "A\u{1b} <a@b.c>", "Ann <a b@c.d>"]
        {
            assert!(Contact::parse(text).is_err(), "{text}");
        }
    }
}
