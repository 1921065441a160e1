//! Any folder of another tool is taken over without a fault of our own making.

use std::collections::BTreeSet;

use soc2::adopt::{Foreign, Setting, Taking, Text, Want, comply, decoded, jupiterone, policies};
use soc2::program::Program;
use soc2::source::{Sources, unportable};

use crate::seeds;

const ROOT: &str = "[organization]\nname = \"Bright Ltd\"\n[scope]\nframework = \"soc2-2017-rev2022\"\n\
                    categories = [\"security\"]\n[variables]\n";

/// The first byte says which tool it is, the rest are its files.
pub fn adopt(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let (wants, adopt): (fn(&str, bool) -> Want, fn(&Foreign, &str) -> Taking) = match kind {
        b'c' => (comply::wants, comply::adopt),
        b'j' => (jupiterone::wants, jupiterone::adopt),
        _ => (policies::wants, policies::adopt),
    };
    let mut foreign = Foreign::default();
    for (path, bytes) in seeds::unpack(rest) {
        let wanted = matches!(wants(&path, false), Want::Text | Want::Aside);
        let odd = path.split('/').any(|part| part.is_empty() || part == "." || part == "..");
        if let (true, false, Ok((text, _))) = (wanted, odd, decoded(&bytes)) {
            foreign.texts.push(Text { path, text });
        }
    }
    foreign.texts.sort_by(|a, b| a.path.cmp(&b.path));
    foreign.texts.dedup_by(|a, b| a.path == b.path);
    let taking = adopt(&foreign, "security-lead");
    assert_eq!(taking, adopt(&foreign, "security-lead"), "two runs differ");
    holds(taking, &foreign);
}

fn holds(taking: Taking, foreign: &Foreign) {
    let mut paths = BTreeSet::new();
    for file in &taking.adopted.files {
        assert!(paths.insert(file.path.to_lowercase()), "`{}` twice", file.path);
        assert!(unportable(&file.path).is_none(), "`{}` is no name for every system", file.path);
        let folder = file.path.split('/').next().unwrap_or("");
        assert!(["controls", "policies", "procedures", "narratives"].contains(&folder), "{}", file.path);
    }
    let mut root = ROOT.to_owned();
    for variable in &taking.ground.variables {
        let value = match &variable.value {
            Setting::Text(text) => format!("{text:?}").replace("\\'", "'").replace("\\u{", "{"),
            Setting::Flag(flag) => flag.to_string(),
        };
        root.push_str(&format!("{} = {value}\n", variable.name));
    }
    let mut files: Vec<(String, Vec<u8>)> =
        taking.adopted.files.into_iter().map(|file| (file.path, file.bytes)).collect();
    files.push(("soc2.toml".to_owned(), root.into_bytes()));
    files.push(("registers/roles.yaml".to_owned(), b"- { id: security-lead, held: [] }\n".to_vec()));
    let program = Program::load(Sources::from_memory(files));
    // A reader takes so many expressions of one text, and so much of all.
    let few = foreign.texts.iter().all(|text| text.text.matches(['{', '&']).count() < 900);
    for fault in &program.diagnostics {
        let template = matches!(fault.rule, "expression-refused" | "unknown-variable");
        let shape = matches!(
            fault.rule,
            "invalid-yaml"
                | "missing-front-matter"
                | "invalid-id"
                | "duplicate-key"
                | "missing-key"
                | "unknown-word"
                | "wrong-type"
        );
        let path = program.sources.path(fault.at.file);
        let ours = path != "soc2.toml" && (shape || (template && few));
        assert!(!ours, "{path}: {}: {}\n{}", fault.rule, fault.message, program.sources.text(fault.at.file));
    }
    for policy in &program.policies {
        assert!(policy.head.approvals.is_empty() && policy.head.reviews.is_empty());
    }
    for control in &program.controls {
        assert!(control.status() == soc2::model::Status::Draft);
    }
}
