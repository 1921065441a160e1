//! Guides for people, followed to the letter: their files are written, their edits made, their commands run, and what they
//! say is printed is printed. And no page leads to a place that is not there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Folder, files_below, root};

/// A fenced block: what is written behind the fence, and what is in it.
struct Block<'a> {
    kind: &'a str,
    text: &'a str,
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let parts = page.split("\n```").skip(1).step_by(2);
    let block = |part| -> Option<Block<'_>> {
        let (kind, text) = str::split_once(part, '\n')?;
        Some(Block { kind: kind.trim(), text })
    };
    parts.filter_map(block).collect()
}

/// A person who follows a guide: where they stand and what the last command printed.
struct Reader {
    folder: Folder,
    place: PathBuf,
    printed: String,
}

impl Reader {
    fn new() -> Self {
        let folder = Folder::new();
        let place = folder.path().join("home");
        fs::create_dir(&place).unwrap();
        Self { folder, place, printed: String::new() }
    }

    /// Runs a block as a shell would, and stays where it ended.
    fn run(&mut self, script: &str) {
        let file = self.folder.path().join("block.sh");
        let place = self.folder.path().join("place");
        fs::write(&file, format!("set -e\n{script}\npwd > '{}'\n", place.display())).unwrap();
        let program = Path::new(env!("CARGO_BIN_EXE_soc2")).parent().unwrap().display().to_string();
        let mut command = Command::new("bash");
        command.args(["--noprofile", "--norc"]).arg(&file).current_dir(&self.place).env_clear();
        command.env("PATH", format!("{program}:{}", std::env::var("PATH").unwrap()));
        command.env("HOME", &self.place).env("TZ", "UTC").env("LC_ALL", "C.UTF-8");
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "Alice Lee");
            command.env(format!("GIT_{role}_EMAIL"), "alice@acme.example");
            command.env(format!("GIT_{role}_DATE"), "2026-09-21T12:00:00Z");
        }
        let ran = command.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        self.printed = text(&ran.stdout) + &text(&ran.stderr);
        assert!(ran.status.success(), "{script}\n{}", self.printed);
        self.place = PathBuf::from(fs::read_to_string(&place).unwrap().trim());
    }

    /// Changes lines of a file.
    fn edit(&self, diff: &str) {
        let name =
            diff.lines().next().and_then(|line| line.strip_prefix("--- ")).expect("a diff names its file");
        let lines = |sign: char| -> String {
            let own = diff.lines().skip(1).filter_map(|line| line.strip_prefix(sign));
            own.map(|line| format!("{line}\n")).collect()
        };
        let file = self.place.join(name);
        let text = fs::read_to_string(&file).unwrap_or_else(|e| panic!("{name}: {e}"));
        let gone = format!("\n{}", lines('-'));
        assert_eq!(text.matches(&gone).count(), 1, "{name} has not once:{gone}");
        fs::write(&file, text.replace(&gone, &format!("\n{}", lines('+')))).unwrap();
    }
}

/// Whether lines are printed in this order; `…` stands for anything, in a line or for lines.
fn fits(expected: &str, printed: &str) -> Result<(), String> {
    let lines: Vec<&str> = printed.lines().collect();
    let (mut at, mut skipping) = (0, false);
    for wanted in expected.lines() {
        if wanted == "…" {
            skipping = true;
            continue;
        }
        let same = |line: &&str| {
            let (start, end) = wanted.split_once('…').unwrap_or((wanted, ""));
            if wanted.contains('…') {
                line.starts_with(start) && line.ends_with(end)
            } else {
                *line == wanted
            }
        };
        let found = lines.iter().skip(at).position(same).filter(|ahead| skipping || *ahead == 0);
        at += found.ok_or_else(|| format!("`{wanted}` is not printed there:\n{printed}"))? + 1;
        skipping = false;
    }
    match skipping || at == lines.len() {
        true => Ok(()),
        false => Err(format!("more is printed than shown:\n{printed}")),
    }
}

#[test]
fn who_follows_the_first_guide_gets_what_it_says() {
    let page = fs::read_to_string(root().join("docs/getting-started.md")).unwrap();
    let mut reader = Reader::new();
    let mut compared = 0;
    for block in blocks(&page) {
        match block.kind {
            "sh" => reader.run(block.text),
            "diff" => reader.edit(block.text),
            "yaml" => {
                let (name, text) = block.text.split_once('\n').unwrap();
                fs::write(reader.place.join(name.trim_start_matches("# ")), text).unwrap();
            }
            "text" => {
                if let Err(why) = fits(block.text, &reader.printed) {
                    panic!("{}\n{why}", block.text);
                }
                compared += 1;
            }
            other => panic!("what is a block of `{other}`?"),
        }
    }
    assert!(compared >= 7, "{compared}");
}

#[test]
fn a_shown_output_fits_only_what_is_printed() {
    assert_eq!(fits("a\n…\nb …\n", "a\nx\nb 1\n"), Ok(()));
    assert_eq!(fits("…\nb\n…\n", "a\nb\nc\n"), Ok(()));
    for (expected, printed) in
        [("a\n", "a\nb\n"), ("a\nb\n", "a\nx\nb\n"), ("b\n…\n", "a\nb\n"), ("a …z\n", "a b\n")]
    {
        assert!(fits(expected, printed).is_err(), "{expected}");
    }
}

/// Pages that people read, as paths from the project's root.
fn pages() -> Vec<String> {
    let own = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    own.chain(files_below("docs")).filter(|path| path.ends_with(".md")).collect()
}

/// A page without its fenced blocks and code.
fn prose(page: &str) -> String {
    let outside: String = format!("\n{page}").split("\n```").step_by(2).collect();
    outside.split('`').step_by(2).collect::<Vec<_>>().join("code")
}

/// The anchors of a page, as code hosts make them from headings.
fn anchors(page: &str) -> BTreeSet<String> {
    let outside: String = format!("\n{page}").split("\n```").step_by(2).collect();
    let mut all = BTreeSet::new();
    for heading in outside.lines().filter(|line| line.starts_with('#')) {
        let heading = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        let slug: String = kept.map(|c| if c == ' ' { '-' } else { c }).collect();
        let mut name = slug.clone();
        let mut n = 0;
        while !all.insert(name.clone()) {
            n += 1;
            name = format!("{slug}-{n}");
        }
    }
    all
}

#[test]
fn links_between_pages_lead_somewhere() {
    let mut wrong = Vec::new();
    let mut followed = 0;
    for page in pages() {
        let text = fs::read_to_string(root().join(&page)).unwrap();
        for part in prose(&text).split("](").skip(1) {
            let target = part.split(')').next().unwrap();
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            followed += 1;
            let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = match path {
                "" => root().join(&page),
                path => root().join(&page).parent().unwrap().join(path),
            };
            let there = fs::metadata(&file).is_ok();
            let held = anchor.is_empty()
                || fs::read_to_string(&file).is_ok_and(|text| anchors(&text).contains(anchor));
            if !there || !held {
                wrong.push(format!("{page}: {target}"));
            }
        }
    }
    assert!(followed > 20, "{followed}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A page that nothing leads to is read by nobody.
#[test]
fn the_index_leads_to_every_page() {
    let index = fs::read_to_string(root().join("docs/README.md")).unwrap();
    for page in files_below("docs").iter().filter_map(|path| path.strip_prefix("docs/")) {
        let listed =
            page == "README.md" || page.starts_with("decisions/") || index.contains(&format!("]({page})"));
        assert!(listed || !page.ends_with(".md"), "docs/README.md does not name {page}");
    }
}

/// Names in backticks that look like those of a rule or a kind of change, and are neither.
const OTHER_NAMES: &[&str] = &[
    "as-of",
    "ceo-review",
    "exit-code",
    "fetch-depth",
    "hr-lead",
    "security-lead",
    "soc2-installed",
    "ssh-keygen",
    "working-directory",
];

/// What a guide names exists: files of the project, rules, kinds of change.
#[test]
fn what_guides_name_exists() {
    let mut wrong = Vec::new();
    let (mut paths, mut names) = (0, 0);
    for page in [
        "ci",
        "faq",
        "getting-started",
        "moving-from-a-platform",
        "moving-from-comply",
        "security",
        "small-team",
    ] {
        let text = fs::read_to_string(root().join(format!("docs/{page}.md"))).unwrap();
        let outside: String = format!("\n{text}").split("\n```").step_by(2).collect();
        for word in outside.split('`').skip(1).step_by(2) {
            let own =
                [".github/", "tests/", "src/", "docs/", "fuzz/"].iter().any(|start| word.starts_with(start));
            let scaffolded = word.starts_with(".github/workflows/soc2");
            if own && !scaffolded && !word.contains(' ') {
                paths += 1;
                if !root().join(word).exists() {
                    wrong.push(format!("docs/{page}.md: {word}"));
                }
            }
            let kebab = word.contains('-') && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
            if kebab && !OTHER_NAMES.contains(&word) && !word.starts_with('-') {
                names += 1;
                let known = soc2::rules::find(word).is_some()
                    || soc2::change::KINDS.iter().any(|kind| kind.name == word);
                if !known {
                    wrong.push(format!("docs/{page}.md: {word}"));
                }
            }
        }
    }
    assert!(paths > 10 && names > 10, "{paths} {names}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
