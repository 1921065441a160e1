//! Writes `corpus/repository/` from the examples of every rule, and the small seeds of the other targets from the same
//! files. Run it after a rule was added: `cargo run --manifest-path fuzz/Cargo.toml --example seeds`.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use soc2::program::Program;
use soc2::source::Sources;
use soc2_fuzz::seeds;

fn main() -> io::Result<()> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut reached = BTreeSet::new();
    let mut written = [0; 3];
    for target in ["repository", "yaml", "front_matter"] {
        remove_old(&corpus.join(target))?;
    }
    for (name, packed) in seeds::from_rules() {
        let files = seeds::unpack(&packed);
        for (nth, (path, bytes)) in files.iter().enumerate() {
            let ground = seeds::ground().iter().any(|(own, other)| own == path && other == bytes);
            let (target, n) = match path.rsplit_once('.') {
                Some((_, "yaml")) if !ground => ("yaml", 1),
                Some((_, "md")) if path.starts_with("policies/") => ("front_matter", 2),
                _ => continue,
            };
            write(&corpus.join(target).join(format!("rule-{name}-{nth}")), bytes)?;
            written[n] += 1;
        }
        write(&corpus.join("repository").join(format!("rule-{name}")), &packed)?;
        written[0] += 1;
        reached.extend(seeds::rules_found(&Program::load(Sources::from_memory(files))));
    }
    let [repository, yaml, front_matter] = written;
    println!("wrote {repository} repositories, {yaml} records, {front_matter} policies");
    let missed = seeds::missed(&reached);
    if !missed.is_empty() {
        println!("no example reaches {}", missed.join(", "));
    }
    Ok(())
}

/// Removes the seeds of rules, which may have other names by now.
fn remove_old(folder: &Path) -> io::Result<()> {
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
