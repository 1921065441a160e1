//! A whole, sound programme in memory, built in a few words and changed in one place at a time: an audit, people, an
//! approved policy, controls in place, and evidence that can be accepted.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use soc2::program::{Program, review_digest};
use soc2::source::{Sources, hex, sha256};
use soc2::timeline::{Clock, ControlStanding, Judgement, Remark, Slot};

const PEOPLE: &str = "- { id: ann, name: Ann Lee, emails: [Ann@Acme.com], kind: employee, employed: [{ from: 2015-01-01 }] }\n\
    - { id: raj, name: Raj Rao, kind: employee, employed: [{ from: 2015-01-01 }] }\n\
    - { id: eve, name: Eve Eng, kind: contractor, employed: [{ from: 2015-01-01 }] }\n\
    - { id: dan, name: Dan Dow, kind: employee, employed: [{ from: 2015-01-01 }] }\n\
    - { id: kim, name: Kim Kay, kind: employee, employed: [{ from: 2015-01-01 }] }\n\
    - { id: gone, name: Gil Gone, kind: employee, employed: [{ from: 2015-01-01, to: 2026-02-28 }] }\n\
    - { id: robot, name: Robot, kind: bot, employed: [{ from: 2015-01-01 }] }\n";
const ROLES: &str = "- { id: lead, held: [{ by: kim, from: 2015-01-01 }] }\n";
const POLICY: &str = "# Rules\n\n## Reviews\n\nEach quarter the lead reviews who may do what.\n";

/// The hash that an approval of [`POLICY`] holds.
static POLICY_HASH: LazyLock<String> = LazyLock::new(|| {
    let text = format!("---\nid: rules\ntitle: Rules\nowner: lead\n---\n{POLICY}").into_bytes();
    let program = Program::load(Sources::from_memory(vec![("policies/rules.md".to_owned(), text)]));
    hex(&program.policies[0].body.sha256.unwrap().0)
});

/// A programme, file by file.
#[derive(Clone, Debug)]
pub(crate) struct World {
    audits: String,
    timeline: String,
    zone: String,
    systems: Vec<String>,
    files: BTreeMap<String, Vec<u8>>,
    folders: usize,
}

impl World {
    fn new(audits: String) -> Self {
        let world = Self {
            audits,
            timeline: String::new(),
            zone: "UTC".to_owned(),
            systems: Vec::new(),
            files: BTreeMap::new(),
            folders: 0,
        };
        world.file("registers/people.yaml", PEOPLE).file("registers/roles.yaml", ROLES).policy("2015-01-02")
    }

    /// A Type II audit, `audit`, over a window.
    pub(crate) fn over(from: &str, to: &str) -> Self {
        Self::new(format!(
            "[[audit]]\nid = \"audit\"\ntype = \"type2\"\nperiod = {{ from = {from}, to = {to} }}\n"
        ))
    }

    /// A Type I audit, `audit`, as of a date.
    pub(crate) fn type1(as_of: &str) -> Self {
        Self::new(format!("[[audit]]\nid = \"audit\"\ntype = \"type1\"\nas_of = {as_of}\n"))
    }

    /// Another file, or one of ours replaced.
    pub(crate) fn file(mut self, path: &str, text: impl AsRef<[u8]>) -> Self {
        self.files.insert(path.to_owned(), text.as_ref().to_vec());
        self
    }

    /// Keys of `[timeline]`.
    pub(crate) fn timeline(mut self, keys: &str) -> Self {
        self.timeline = format!("[timeline]\n{keys}\n");
        self
    }

    /// The organisation's time zone; UTC unless said.
    pub(crate) fn zone(mut self, name: &str) -> Self {
        name.clone_into(&mut self.zone);
        self
    }

    /// The policy, approved with effect from a day.
    pub(crate) fn policy(self, effective: &str) -> Self {
        let hash = &*POLICY_HASH;
        let head = format!(
            "---\nid: rules\ntitle: Rules\nowner: lead\napprovals:\n  - {{ version: \"1\", by: raj, on: {effective}, \
             effective: {effective}, text: \"{hash}\" }}\n---\n"
        );
        self.file("policies/rules.md", format!("{head}{POLICY}"))
    }

    /// A row of the systems register, in scope.
    pub(crate) fn system(mut self, id: &str, keys: &str) -> Self {
        self.systems.push(format!("- {{ id: {id}, in_scope: true, owner: lead{keys} }}\n"));
        let rows = self.systems.concat();
        self.file("registers/systems.yaml", rows)
    }

    /// A control in place since 2015, for CC6.2, quarterly; `keys` are lines that replace ours or come to them.
    pub(crate) fn control(self, id: &str, keys: &str) -> Self {
        let mut lines: Vec<String> = [
            "title: The lead looks",
            "description: Each time it is due the lead looks and files a record.",
            "owner: lead",
            "status: implemented",
            "effective_from: 2015-01-01",
            "cadence: quarterly",
            "criteria: [CC6.2]",
            "policies: [rules#reviews]",
        ]
        .map(str::to_owned)
        .to_vec();
        for line in keys.lines() {
            let key = line.split_inclusive(':').next().unwrap();
            lines.retain(|own| !own.starts_with(key));
            lines.push(line.to_owned());
        }
        self.file(&format!("controls/{id}.yaml"), format!("id: {id}\n{}\n", lines.join("\n")))
    }

    /// Evidence of a control in a folder of its own, named by its number.
    pub(crate) fn did(mut self, control: &str, done: impl Into<Done>) -> Self {
        self.folders += 1;
        let folder = format!("{control}/{:04}", self.folders);
        self.did_in(&folder, control, done)
    }

    /// Evidence of a control in a folder of that name.
    pub(crate) fn did_in(mut self, folder: &str, control: &str, done: impl Into<Done>) -> Self {
        let done = done.into();
        self.folders += 1;
        let manifest = done.manifest(folder, control);
        for artifact in &done.artifacts {
            let path = format!("evidence/{folder}/{}", artifact.path);
            self.files.insert(path, artifact.bytes(folder));
        }
        self.file(&format!("evidence/{folder}/manifest.yaml"), manifest)
    }

    /// Evidence on each of some days.
    pub(crate) fn did_on(self, control: &str, days: &[&str]) -> Self {
        days.iter().fold(self, |world, day| world.did(control, *day))
    }

    /// Every file, in order of paths.
    pub(crate) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let config = format!(
            "[organization]\nname = \"Acme\"\ntimezone = \"{}\"\n[scope]\nframework = \"soc2-2017-rev2022\"\n\
             categories = [\"security\"]\n{}{}",
            self.zone, self.timeline, self.audits
        );
        let own = self.files.iter().map(|(path, bytes)| (path.clone(), bytes.clone()));
        std::iter::once(("soc2.toml".to_owned(), config.into_bytes())).chain(own).collect()
    }

    /// The loaded programme.
    pub(crate) fn load(&self) -> Program {
        Program::load(Sources::from_memory(self.files()))
    }

    /// The loaded programme, of which nothing may be wrong: what a test means to be sound has to be.
    pub(crate) fn sound(&self) -> Program {
        let program = self.load();
        let faults = &program.diagnostics;
        assert!(faults.is_empty() && program.unresolved.is_empty(), "{faults:#?} {:?}", program.unresolved);
        program
    }

    /// What the audit says on a day.
    pub(crate) fn judged(&self, clock: impl Into<Clock>) -> Judged {
        judged(&self.sound(), clock)
    }

    /// The states of a control's slots on a day: `2026-Q1 on-time`.
    pub(crate) fn slots(&self, control: &str, as_of: &str) -> Vec<String> {
        self.judged(day(as_of)).slots(control)
    }

    /// How a control operated, as seen on a day.
    pub(crate) fn operation(&self, control: &str, as_of: &str) -> String {
        self.judged(day(as_of)).operation(control).to_owned()
    }
}

/// What the first audit of a programme says on a day.
pub(crate) fn judged(program: &Program, clock: impl Into<Clock>) -> Judged {
    let judgement = Judgement::new(program, clock, None);
    let audit = &judgement.audits[0];
    let control = |standing: &ControlStanding| {
        let control = &program.controls[standing.control];
        let slot = |slot: &Slot| {
            let system = slot.system.map_or(String::new(), |i| format!("/{}", control.systems[i].value.0));
            (format!("{}{system}", slot.spell.name()), slot.clone())
        };
        let seen = Seen {
            operation: standing.operation.name(),
            is_settled: standing.operation.is_settled(),
            slots: standing.slots.iter().map(slot).collect(),
            remarks: standing.remarks.clone(),
            design: standing.design.iter().map(soc2::timeline::DesignFault::words).collect(),
        };
        (control.id.to_string(), seen)
    };
    let support = audit.criteria.iter().map(|criterion| {
        (program.criterion_name(criterion.id).to_string(), (criterion.coverage.name(), criterion.support))
    });
    Judged { controls: audit.controls.iter().map(control).collect(), criteria: support.collect() }
}

/// The standing of an audit, without its programme.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) controls: BTreeMap<String, Seen>,
    pub(crate) criteria: BTreeMap<String, (&'static str, soc2::timeline::Support)>,
}

/// A control's standing.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) operation: &'static str,
    pub(crate) is_settled: bool,
    /// By `2026-Q1` or `2026-Q1/system`.
    pub(crate) slots: Vec<(String, Slot)>,
    pub(crate) remarks: Vec<Remark>,
    pub(crate) design: Vec<String>,
}

impl Judged {
    pub(crate) fn control(&self, id: &str) -> &Seen {
        self.controls.get(id).unwrap_or_else(|| panic!("no control {id}"))
    }

    /// `2026-Q1 on-time` of each slot of a control.
    pub(crate) fn slots(&self, control: &str) -> Vec<String> {
        self.control(control)
            .slots
            .iter()
            .map(|(name, slot)| format!("{name} {}", slot.state.name()))
            .collect()
    }

    pub(crate) fn slot(&self, control: &str, name: &str) -> &Slot {
        let slots = &self.control(control).slots;
        &slots.iter().find(|(own, _)| own == name).unwrap_or_else(|| panic!("no slot {name} in {slots:?}")).1
    }

    pub(crate) fn operation(&self, control: &str) -> &'static str {
        self.control(control).operation
    }

    pub(crate) fn support(&self, criterion: &str) -> &'static str {
        self.criteria[criterion].1.name()
    }

    /// The rules that tell why evidence was refused for a slot.
    pub(crate) fn refusals(&self, control: &str, slot: &str) -> Vec<&'static str> {
        let refused = &self.slot(control, slot).refused;
        refused.iter().flat_map(|one| &one.flaws).map(|flaw| flaw.rule().unwrap_or("-")).collect()
    }
}

/// One piece of evidence: performed by Ann, as expected, with a file of its own, accepted by Raj the same day.
#[derive(Clone, Debug)]
pub(crate) struct Done {
    /// Keys of the manifest, as lines of YAML.
    keys: Vec<(&'static str, String)>,
    artifacts: Vec<Artifact>,
    pinned: bool,
}

/// A file of evidence.
#[derive(Clone, Debug)]
struct Artifact {
    path: String,
    /// What is in it; `None`: something no other folder holds.
    text: Option<String>,
    /// More keys in its entry: `, system: github`.
    keys: String,
}

impl Artifact {
    fn bytes(&self, folder: &str) -> Vec<u8> {
        let own = || format!("seen in {folder}, {}\n", self.path);
        self.text.clone().unwrap_or_else(own).into_bytes()
    }
}

impl From<&str> for Done {
    /// Performed on a day.
    fn from(day: &str) -> Self {
        Self::new(format!("{{ on: {day}, by: ann }}"), day)
    }
}

impl Done {
    /// Performed on a day.
    pub(crate) fn on(day: &str) -> Self {
        Self::from(day)
    }

    /// Performed at a moment, reviewed on a day.
    pub(crate) fn at(moment: &str, reviewed: &str) -> Self {
        Self::new(format!("{{ at: {moment}, by: ann }}"), reviewed)
    }

    fn new(performed: String, reviewed: &str) -> Self {
        let keys = vec![
            ("title", "A look".to_owned()),
            ("kind", "system-report".to_owned()),
            ("performed", performed),
            ("result", "{ outcome: as-expected }".to_owned()),
            ("reviewed", format!("{{ on: {reviewed}, by: raj, result: accepted }}")),
        ];
        Self { keys, artifacts: Vec::new(), pinned: false }.artifact("report.txt", None, "")
    }

    /// Several performances: `{ on, by, … }` each; reviewed on a day.
    pub(crate) fn many(rows: &[&str], reviewed: &str) -> Self {
        let list = format!("[{}]", rows.join(", "));
        Self::new(String::new(), reviewed).without("performed").key("occurrences", list)
    }

    /// A key of the manifest, in the place of ours.
    pub(crate) fn key(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.keys.retain(|(own, _)| *own != key);
        self.keys.push((key, value.into()));
        self
    }

    pub(crate) fn without(mut self, key: &str) -> Self {
        self.keys.retain(|(own, _)| *own != key);
        self
    }

    pub(crate) fn slot(self, name: &str) -> Self {
        self.key("slot", name)
    }

    pub(crate) fn outcome(self, outcome: &str) -> Self {
        self.key("result", format!("{{ outcome: {outcome} }}"))
    }

    /// `{ on, by, result }` of another review.
    pub(crate) fn reviewed(self, by: &str, on: &str) -> Self {
        self.key("reviewed", format!("{{ on: {on}, by: {by}, result: accepted }}"))
    }

    /// The review pins the manifest as it stands.
    pub(crate) fn pinned(mut self) -> Self {
        self.pinned = true;
        self
    }

    /// One more file; `None` as its text makes one that no other folder holds.
    pub(crate) fn artifact(mut self, path: &str, text: Option<&str>, keys: &str) -> Self {
        let text = text.map(str::to_owned);
        self.artifacts.push(Artifact { path: path.to_owned(), text, keys: keys.to_owned() });
        self
    }

    /// This file alone.
    pub(crate) fn only(mut self, path: &str, text: Option<&str>, keys: &str) -> Self {
        self.artifacts.clear();
        self.artifact(path, text, keys)
    }

    /// Files of these systems alone, one each.
    pub(crate) fn systems(mut self, systems: &[&str]) -> Self {
        self.artifacts.clear();
        let each = |done: Self, system: &&str| {
            done.artifact(&format!("{system}.csv"), None, &format!(", system: {system}"))
        };
        systems.iter().fold(self, each)
    }

    fn manifest(&self, folder: &str, control: &str) -> String {
        let mut text = format!("controls: [{control}]\n");
        let mut reviewed = String::new();
        for (key, value) in &self.keys {
            let line = format!("{key}: {value}\n");
            if *key == "reviewed" { reviewed = line } else { text.push_str(&line) }
        }
        text.push_str("artifacts:\n");
        for artifact in &self.artifacts {
            let hash = hex(&sha256(&artifact.bytes(folder)));
            text.push_str(&format!(
                "  - {{ path: {}, sha256: \"{hash}\"{} }}\n",
                artifact.path, artifact.keys
            ));
        }
        if self.pinned {
            let digest = hex(&review_digest(&text).unwrap().0);
            reviewed = reviewed.replace(" }", &format!(", digest: \"{digest}\" }}"));
        }
        text + &reviewed
    }
}

/// A date, from text.
pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}
