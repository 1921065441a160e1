//! Writes `corpus/repository/` from the examples of every rule, and the small seeds of the other targets from the same
//! files. Run it after a rule was added: `cargo run --manifest-path fuzz/Cargo.toml --example seeds`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use soc2::program::Program;
use soc2::source::Sources;
use soc2_fuzz::seeds;

/// What a file of an example is a seed of, besides the whole.
fn targets(path: &str) -> &'static [&'static str] {
    match path.rsplit_once('.') {
        Some((folder, "yaml")) if folder.starts_with("evidence/") && folder.ends_with("/manifest") => {
            &["yaml", "review"]
        }
        Some((_, "yaml")) => &["yaml"],
        Some((_, "md")) if path.starts_with("policies/") => &["front_matter"],
        Some((_, "csv")) if path.starts_with("evidence/") => &["table"],
        _ => &[],
    }
}

fn main() -> io::Result<()> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut reached = BTreeSet::new();
    let names = ["repository", "yaml", "front_matter", "table", "review", "recheck"];
    let mut written: BTreeMap<&str, usize> = names.into_iter().map(|target| (target, 0)).collect();
    for target in names {
        remove_old(&corpus.join(target))?;
    }
    let mut seed = |target: &'static str, name: String, bytes: &[u8]| {
        *written.entry(target).or_default() += 1;
        write(&corpus.join(target).join(name), bytes)
    };
    for (name, packed) in seeds::from_rules() {
        let files = seeds::unpack(&packed);
        for (nth, (path, bytes)) in files.iter().enumerate() {
            if seeds::ground().iter().any(|(own, other)| own == path && other == bytes) {
                continue;
            }
            for target in targets(path) {
                seed(target, format!("rule-{name}-{nth}"), bytes)?;
            }
        }
        seed("repository", format!("rule-{name}"), &packed)?;
        reached.extend(seeds::rules_found(&Program::load(Sources::from_memory(files))));
    }
    for (name, bytes) in soc2_fuzz::bundles() {
        seed("recheck", name.to_owned(), &bytes)?;
    }
    for (target, n) in written {
        println!("{target}: {n}");
    }
    let missed = seeds::missed(&reached);
    if !missed.is_empty() {
        println!("no example reaches {}", missed.join(", "));
    }
    Ok(())
}

/// Removes the seeds of rules, which may have other names by now.
fn remove_old(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("rule-")) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    fs::write(path, bytes)
}
