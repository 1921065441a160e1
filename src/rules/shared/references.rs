//! Names that resolve to nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::program::{Program, Unresolved, document};
use crate::record::Target;
use crate::rules::Faults;
use crate::source::Body;
use crate::text::{a, clip, list, nearest, safe};

/// Names compared in the search for what was meant, in one run of a rule; a tree full of slips stays fast.
const MOST_COMPARED: usize = 100_000;

/// Reports every reference of a kind that names nothing.
pub(in crate::rules) fn unknown(program: &Program, target: Target, faults: &mut Faults) {
    unknown_with(program, target, faults, &|_| None);
}

/// The same, for a kind that may know better what was meant.
pub(in crate::rules) fn unknown_with(
    program: &Program,
    target: Target,
    faults: &mut Faults,
    better: &dyn Fn(&str) -> Option<String>,
) {
    let Some(unnamed) = documents_without_id(program, target) else { return };
    let mut known: Option<Vec<&str>> = None;
    let mut compared = 0;
    let mut helps: BTreeMap<String, String> = BTreeMap::new();
    for Unresolved { name, at, .. } in
        program.unresolved.iter().filter(|reference| reference.target == target)
    {
        let name = &**name;
        if unnamed.contains(document(name)) {
            continue;
        }
        if !helps.contains_key(name) {
            let known = known.get_or_insert_with(|| program.candidates(target));
            let help = better(name).or_else(|| another_kind(program, target, name)).or_else(|| {
                if matches!(target, Target::Person | Target::Holder)
                    && let Some(help) = begins_with(name, known)
                {
                    return Some(help);
                }
                if compared >= MOST_COMPARED {
                    return None;
                }
                compared += known.len();
                let near = nearest(name, known.iter().copied());
                near.map(|near| format!("did you mean `{}`?", safe(near)))
            });
            helps.insert(name.to_owned(), help.unwrap_or_else(|| one_of(target, known)));
        }
        let help = helps.get(name).cloned().unwrap_or_default();
        faults.at(*at, format!("there is no {} `{}`", target.noun(), clip(&safe(name), 80))).help(help);
    }
}

/// The ids that documents without front matter most likely stand for; `None` when some other file could not be read
/// whole, which may define any name of the kind.
fn documents_without_id(program: &Program, target: Target) -> Option<BTreeSet<&str>> {
    let homes = homes(target);
    let paths = program.unread.iter().map(|file| (*file, program.sources.path(*file)));
    let mut ids = BTreeSet::new();
    for (file, path) in paths.filter(|(_, path)| homes.iter().any(|home| path.starts_with(home))) {
        let Body::Text(text) = &program.sources.file(file).body else { return None };
        let stem = path.rsplit('/').next().and_then(|name| name.strip_suffix(".md"))?;
        if text.trim_start().starts_with("---") {
            return None;
        }
        ids.insert(stem);
    }
    Some(ids)
}

/// Where names of a kind are defined.
fn homes(target: Target) -> &'static [&'static str] {
    match target {
        Target::Asset => &["registers/assets"],
        Target::Audit => &[crate::source::ROOT_FILE],
        Target::Control => &["controls/"],
        // A manifest that cannot be read still has its name.
        Target::Evidence => &[],
        Target::Criterion | Target::Framework => &["frameworks/"],
        Target::Holder => &["registers/people", "registers/roles"],
        Target::Person => &["registers/people"],
        Target::Policy => &["policies/"],
        Target::Procedure => &["procedures/"],
        Target::Risk => &["registers/risks"],
        Target::System => &["registers/systems"],
        Target::Vendor => &["registers/vendors"],
    }
}

/// The name exists, but of something else: a role where a person must stand, a vendor instead of a system.
fn another_kind(program: &Program, target: Target, name: &str) -> Option<String> {
    const KINDS: &[Target] = &[
        Target::Person,
        Target::Policy,
        Target::Procedure,
        Target::Control,
        Target::System,
        Target::Vendor,
        Target::Risk,
        Target::Asset,
    ];
    if target == Target::Evidence {
        return None;
    }
    let found = if program.names.roles.contains_key(name) {
        "role"
    } else {
        KINDS.iter().find(|kind| **kind != target && program.resolves(**kind, name))?.noun()
    };
    Some(format!("`{}` is {}; write the name of {}", safe(name), a(found), a(target.noun())))
}

/// A first name or the first letters of one.
fn begins_with(name: &str, known: &[&str]) -> Option<String> {
    let begins = |id: &&&str| name.len() > 1 && id.len() > name.len() && id.starts_with(name);
    let ids: Vec<String> = known.iter().filter(begins).take(3).map(|id| safe(id)).collect();
    (!ids.is_empty()).then(|| format!("did you mean {}?", list(&ids, "or")))
}

/// What to do where nothing is near.
fn one_of(target: Target, known: &[&str]) -> String {
    let add = match target {
        Target::Asset => "add it to registers/assets.yaml",
        Target::Audit => "add it to soc2.toml as an `[[audit]]`",
        Target::Control => "write the control in controls/",
        Target::Criterion => "soc2 explain criteria lists them all",
        Target::Evidence => "name a folder below evidence/ that holds a manifest",
        Target::Framework => "add it to frameworks/",
        Target::Holder => "add it to registers/roles.yaml or registers/people.yaml",
        Target::Person => "add them to registers/people.yaml",
        Target::Policy => "write the policy in policies/",
        Target::Procedure => "write the procedure in procedures/",
        Target::Risk => "add it to registers/risks.yaml",
        Target::System => "add it to registers/systems.yaml",
        Target::Vendor => "add it to registers/vendors.yaml",
    };
    if known.is_empty() {
        return add.to_owned();
    }
    let shown: Vec<String> = known.iter().take(6).map(|name| format!("`{}`", safe(name))).collect();
    let more = known.len().saturating_sub(shown.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{add}, or name one that is there: {}{more}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use crate::program::Program;
    use crate::rules::{faults_of, find};
    use crate::source::Sources;

    fn helps(rule: &str, files: &[(&str, &str)]) -> Vec<String> {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        let program = Program::load(Sources::from_memory(files));
        let found = faults_of(find(rule).unwrap(), &program);
        found.into_iter().map(|fault| fault.help.unwrap_or_default()).collect()
    }

    const ROLES: (&str, &str) = ("registers/roles.yaml", "- { id: lead, held: [{ by: alice }] }\n");
    const PEOPLE: &str = "id,name,kind,employed.from\n";

    #[test]
    fn the_help_says_what_was_meant() {
        let people =
            ("registers/people.csv", "id,name,kind,employed.from\nalice,Alice,employee,2024-01-01\n");
        let act = |by: &str| format!("title: T\nkind: minutes\nperformed: {{ on: 2026-01-01, by: {by} }}\n");
        for (by, help) in [
            ("alcie", "did you mean `alice`?"),
            ("al", "did you mean `alice`?"),
            ("lead", "`lead` is a role; write the name of a person"),
            ("zoe-zimmermann", "add them to registers/people.yaml, or name one that is there: `alice`"),
        ] {
            let manifest = act(by);
            let files = [people, ROLES, ("evidence/a/manifest.yaml", manifest.as_str())];
            assert_eq!(helps("unknown-person", &files), [help]);
        }
    }

    #[test]
    fn a_register_with_a_lost_row_blames_nobody() {
        let whole = helps("unknown-person", &[ROLES, ("registers/people.csv", PEOPLE)]);
        assert_eq!(whole.len(), 1);
        let broken = format!("{PEOPLE}alice,Alice, the first,employee,2024-01-01\n");
        assert!(helps("unknown-person", &[ROLES, ("registers/people.csv", &broken)]).is_empty());
    }

    #[test]
    fn a_document_without_front_matter_hides_its_own_name_only() {
        let control = ("controls/a.yaml", "id: a\nprocedures: [leavers#steps, joiners]\n");
        let help = ["write the procedure in procedures/"];
        assert_eq!(helps("unknown-procedure", &[control, ("procedures/leavers.md", "# Leavers\n")]), help);
        assert_eq!(helps("unknown-procedure", &[control, ("procedures/a/leavers.md", "")]), help);
        for cut in ["---\nid: joiners\n", "\n---\nid: joiners\n---\n", "---\nid: a: b\n---\n"] {
            assert!(
                helps("unknown-procedure", &[control, ("procedures/leavers.md", cut)]).is_empty(),
                "{cut}"
            );
        }
    }

    #[test]
    fn broken_toml_hides_the_audits_it_took_away_only() {
        let follows = "[[audit]]\nid = \"a\"\nfollows = \"z\"\n";
        for (rest, faults) in [
            ("[variables]\ndays = five\n", 1),
            ("[[audit]]\nid = \"b\"\ntype = type1\n", 1),
            ("[[audit]]\nid = b\n", 0),
            ("[[audit]\nid = \"b\"\n", 0),
            ("[[audit]]\ntype = \"type1\"\n", 0),
        ] {
            let text = format!("{follows}{rest}");
            assert_eq!(helps("unknown-audit", &[("soc2.toml", &text)]).len(), faults, "{rest}");
        }
    }
}
