//! The steps of a workflow or an action, run as GitHub's runner runs them as far as ours need it: expressions in `env` and
//! `if`, the files behind `GITHUB_OUTPUT`, `GITHUB_PATH` and `GITHUB_STEP_SUMMARY`, and what a failed step means for the next.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use soc2::source::FileId;
use soc2::syntax::{Node, Value, yaml};

use crate::support::Folder;

/// A step as written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Step {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) uses: String,
    pub(crate) run: String,
    pub(crate) shell: String,
    pub(crate) condition: String,
    pub(crate) env: Vec<(String, String)>,
    pub(crate) with: Vec<(String, String)>,
}

/// Calls `then` with a YAML text read by the program's own reader.
pub(crate) fn read<T>(text: &str, then: impl FnOnce(&Node<'_>) -> T) -> T {
    let mut faults = Vec::new();
    let node = yaml::parse(FileId(0), text, 0, &mut faults).expect("YAML");
    assert!(faults.is_empty(), "{faults:?}\n{text}");
    then(&node)
}

/// Keys and values of a mapping of plain values.
pub(crate) fn pairs(node: Option<&Node<'_>>) -> Vec<(String, String)> {
    let Some(Node { value: Value::Map(entries), .. }) = node else { return Vec::new() };
    let pair = |entry: &soc2::syntax::Entry<'_>| {
        (entry.key.value.to_string(), entry.value.scalar().unwrap_or_default().to_owned())
    };
    entries.iter().map(pair).collect()
}

/// The list of steps in a node that has one.
pub(crate) fn steps(node: &Node<'_>) -> Vec<Step> {
    let Some(Node { value: Value::List(items), .. }) = node.get("steps") else { return Vec::new() };
    let text =
        |item: &Node<'_>, key: &str| item.get(key).and_then(|v| v.scalar()).unwrap_or_default().to_owned();
    let step = |item: &Node<'_>| Step {
        id: text(item, "id"),
        name: text(item, "name"),
        uses: text(item, "uses"),
        run: text(item, "run"),
        shell: text(item, "shell"),
        condition: text(item, "if"),
        env: pairs(item.get("env")),
        with: pairs(item.get("with")),
    };
    items.iter().map(step).collect()
}

/// What came of a job.
#[derive(Debug, Default)]
pub(crate) struct Job {
    /// That of the first step that failed.
    pub(crate) code: i32,
    /// All that the steps printed.
    pub(crate) log: String,
    pub(crate) summary: String,
    /// `check.exit-code` and the like.
    pub(crate) outputs: BTreeMap<String, String>,
    /// Names of the steps that ran.
    pub(crate) ran: Vec<String>,
}

/// A machine that runs jobs: a folder for its own files, programs that stand in for others, and what a job is told.
pub(crate) struct Runner {
    pub(crate) folder: Folder,
    /// What expressions see: `github.token`, `inputs.base`.
    pub(crate) context: BTreeMap<String, String>,
    /// What every step finds in its environment.
    pub(crate) variables: Vec<(String, String)>,
}

impl Runner {
    pub(crate) fn new() -> Self {
        let folder = Folder::new();
        for name in ["temp", "bin", "said"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        Self { folder, context: BTreeMap::new(), variables: Vec::new() }
    }

    /// A file or folder of the runner.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A program that is found before those of the machine. `SAID` in its text is the folder where it leaves what it
    /// was asked.
    pub(crate) fn stand_in(&self, name: &str, text: &str) {
        let said = self.path("said").display().to_string();
        self.folder.write(&format!("bin/{name}"), format!("#!/bin/sh\n{}", text.replace("SAID", &said)));
        executable(&self.path(&format!("bin/{name}")));
    }

    /// What a stand-in left, or nothing.
    pub(crate) fn said(&self, name: &str) -> String {
        fs::read_to_string(self.path("said").join(name)).unwrap_or_default()
    }

    pub(crate) fn set(&mut self, key: &str, value: &str) {
        self.context.insert(key.to_owned(), value.to_owned());
    }

    /// Runs steps in a folder, in order. A step that uses another's action is passed over.
    pub(crate) fn run(&self, steps: &[Step], workspace: &Path) -> Job {
        let mut job = Job::default();
        let mut path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap());
        for step in steps.iter().filter(|step| !step.run.is_empty()) {
            let always = step.condition.contains("always()");
            if (job.code != 0 && !always) || !self.holds(&step.condition, &job) {
                continue;
            }
            let files = ["output", "path", "summary"].map(|name| self.path(&format!("temp/_{name}")));
            for file in &files {
                fs::write(file, "").unwrap();
            }
            let script = self.path("temp/_step.sh");
            fs::write(&script, &step.run).unwrap();
            let mut command = Command::new("bash");
            match step.shell.as_str() {
                "bash" => command.args(["--noprofile", "--norc", "-eo", "pipefail"]),
                "" => command.arg("-e"),
                other => panic!("{}: what is `shell: {other}`?", step.name),
            };
            command.arg(&script).current_dir(workspace).env_clear().stdin(Stdio::null());
            command.env("PATH", &path).env("HOME", self.path("temp")).env("LC_ALL", "C.UTF-8");
            command.env("RUNNER_TEMP", self.path("temp"));
            for (name, file) in ["GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"].iter().zip(&files) {
                command.env(name, file);
            }
            for (name, value) in &self.variables {
                command.env(name, value);
            }
            for (name, value) in &step.env {
                command.env(name, self.expanded(value, &job));
            }
            let ran = command.output().unwrap();
            job.ran.push(step.name.clone());
            job.log.push_str(&String::from_utf8_lossy(&ran.stdout));
            job.log.push_str(&String::from_utf8_lossy(&ran.stderr));
            let [output, more_path, summary] = files.map(|file| fs::read_to_string(file).unwrap());
            for line in output.lines() {
                let (key, value) = line.split_once('=').expect("GITHUB_OUTPUT has lines of key=value");
                job.outputs.insert(format!("{}.{key}", step.id), value.to_owned());
            }
            for line in more_path.lines() {
                path = format!("{line}:{path}");
            }
            job.summary.push_str(&summary);
            if job.code == 0 {
                job.code = ran.status.code().unwrap_or(-1);
            }
        }
        job
    }

    /// Whether terms joined by `&&` all hold.
    fn holds(&self, condition: &str, job: &Job) -> bool {
        condition.split("&&").map(str::trim).filter(|term| !term.is_empty()).all(|term| {
            if term == "always()" {
                return true;
            }
            let (name, value, wanted) = match (term.split_once(" == "), term.split_once(" != ")) {
                (Some((name, value)), None) => (name, value, true),
                (None, Some((name, value))) => (name, value, false),
                _ => panic!("what is `if: {condition}`?"),
            };
            (self.value(name, job) == value.trim_matches('\'')) == wanted
        })
    }

    /// A text with its expressions filled in.
    fn expanded(&self, text: &str, job: &Job) -> String {
        let mut parts = text.split("${{");
        let mut out = parts.next().unwrap().to_owned();
        for part in parts {
            let (name, rest) = part.split_once("}}").unwrap();
            out.push_str(&self.value(name.trim(), job));
            out.push_str(rest);
        }
        out
    }

    fn value(&self, name: &str, job: &Job) -> String {
        if let Some(rest) = name.strip_prefix("steps.") {
            return job.outputs.get(&rest.replacen(".outputs.", ".", 1)).cloned().unwrap_or_default();
        }
        // What an event does not have is empty; anything else has to be told.
        let known = self.context.get(name).cloned();
        known.unwrap_or_else(|| match name.starts_with("github.event.") {
            true => String::new(),
            false => panic!("nothing is told of `{name}`"),
        })
    }
}

/// Lets a file be run.
pub(crate) fn executable(file: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
}
