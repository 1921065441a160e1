//! What `soc2 init` says at the end: what it wrote, where the programme stands, what to do next. Read from the programme that is
//! there now, whatever was answered.

use std::path::Path;

use jiff::civil::Date;

use crate::error::Result;
use crate::program::Program;
use crate::scaffold::{self, NewFile};
use crate::source::Sources;
use crate::text::{count, safe, some};
use crate::timeline::{Coverage, Judgement, people};
use crate::ui::{self, Ui};

/// What there is to tell at the end.
pub(super) struct Told<'t> {
    pub(super) today: Date,
    pub(super) written: &'t [&'t NewFile],
    pub(super) left: &'t [&'t NewFile],
    pub(super) dir: &'t Path,
    /// The folder as typed.
    pub(super) typed: &'t Path,
}

impl Told<'_> {
    /// What was written, where the programme stands, and what to do next.
    pub(super) fn print(&self, added: bool, ui: Ui) -> Result<()> {
        let shown = safe(&self.typed.to_string_lossy());
        let shown = if shown.is_empty() { "." } else { shown.trim_end_matches('/') };
        let mut out = self.files(shown);
        let program = Program::load(Sources::read(self.dir)?);
        let judgement = Judgement::new(&program, self.today, None);
        if let Some(audit) = judgement.audits.first() {
            let covered = audit.count(Coverage::Covered);
            out.push_str(&format!(
                "{} in scope: {covered} covered, {} planned.{}\n",
                count(audit.criteria.len(), "criterion"),
                audit.count(Coverage::PlannedOnly),
                if covered == 0 { " Nothing is proved yet; that is right on day one." } else { "" }
            ));
        }
        if ui.verbosity >= 0 {
            let check = if shown == "." { "soc2 check".to_owned() } else { format!("soc2 check -C {shown}") };
            for (nth, step) in steps(&program, self.today, added, &check).iter().enumerate() {
                let first = if nth == 0 { "Next" } else { "    " };
                out.push_str(&format!("{first}  {} {step}\n", nth + 1));
            }
        }
        ui::print(&out)
    }

    fn files(&self, shown: &str) -> String {
        let of = |folder: &str| self.written.iter().filter(|file| file.path.starts_with(folder)).count();
        let mut out = match self.written.is_empty() {
            true => format!(
                "Nothing to write to {shown}/: 0 controls, policies or other files of the templates are missing\n"
            ),
            false => format!(
                "Wrote {shown}/: {} and {}, all drafts; {}, {}, {}",
                count(of("controls/"), "control"),
                count(of("policies/"), "policy"),
                count(of("procedures/"), "procedure"),
                count(of("narratives/"), "narrative"),
                count(of("registers/"), "register")
            ),
        };
        if !self.written.is_empty() {
            let folders = ["controls/", "policies/", "procedures/", "narratives/", "registers/"];
            let other = |file: &&&NewFile| !folders.iter().any(|folder| file.path.starts_with(folder));
            let others: Vec<&str> =
                self.written.iter().filter(other).map(|file| file.path.as_str()).collect();
            out.push_str(&if others.is_empty() {
                "\n".to_owned()
            } else {
                format!("; {}\n", others.join(", "))
            });
        }
        if !self.left.is_empty() {
            let names: Vec<&str> = self.left.iter().map(|file| file.path.as_str()).collect();
            out.push_str(&format!("Left alone, because they exist: {}\n", some(&names, 8)));
        }
        out
    }
}

/// What to do next, as the programme stands; where templates were added, only what is still open.
fn steps(program: &Program, today: Date, added: bool, check: &str) -> Vec<String> {
    let mut steps = Vec::new();
    let vacant = vacant(program, today);
    let holders = format!("holders of {} to registers/roles.yaml", vacant.join(", "));
    let nobody = program.registers.people.is_empty();
    let people = "add your people: soc2 import people LIST.csv, or by hand in registers/people.yaml";
    match (added && !nobody, vacant.is_empty()) {
        (true, true) => {}
        (true, false) => steps.push(format!("add {holders}")),
        (false, true) => steps.push(people.to_owned()),
        (false, false) => steps.push(format!("{people}; and {holders}")),
    }
    if !added || program.registers.systems.is_empty() {
        steps.push("list your systems and vendors in registers/systems.yaml and vendors.yaml (soc2 import vendors LIST.csv)".to_owned());
    }
    let policies = program.sources.below("policies/").map(|(file, _)| program.sources.text(file));
    let decisions: usize = policies.map(|text| text.matches("{%-- Decide").count()).sum();
    if !added || decisions > 0 {
        let choices =
            if decisions == 1 { "1 choice is".to_owned() } else { format!("{decisions} choices are") };
        steps.push(format!(
            "read the policies: {choices} marked `Decide`; another person then approves each: soc2 policy approve"
        ));
    }
    steps.push(format!(
        "read the controls: delete what you will not do, set `status: implemented` and `effective_from` on\n        what already \
         runs, then: {check}"
    ));
    steps
}

/// The roles of the catalogue that nobody holds.
fn vacant(program: &Program, today: Date) -> Vec<&'static str> {
    let held = |id: &str| {
        let mut roles = program.registers.roles.iter().filter(|role| *role.id.value.0 == *id);
        roles.any(|role| !people::holders(program, role, today).is_empty())
    };
    scaffold::ROLES.iter().map(|(role, ..)| *role).filter(|role| !held(role)).collect()
}
