//! What runs on other people's machines: this project's workflows, those that `soc2 init` writes, the template for GitLab
//! and the scripts of a release.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use soc2::source::{hex, sha256};

use crate::repository::git_in;
use crate::runner::{Runner, Step, executable, pairs, read, steps};
use crate::support::{Folder, files_below, ran, root, soc2};

/// A small programme in `acme`.
const INIT: &[&str] = &[
    "init",
    "acme",
    "--name",
    "Acme",
    "--staff",
    "12",
    "--site",
    "remote",
    "--categories",
    "security",
    "--type",
    "type1",
    "--on",
    "2027-06-30",
    "--timezone",
    "UTC",
    "--security-lead",
    "Alice <a@acme.example>",
    "--approver",
    "Bob <b@acme.example>",
];

/// Workflows of this project and of a new programme, by path.
fn workflows() -> BTreeMap<String, String> {
    let own = files_below(".github/workflows").into_iter();
    let mut all: BTreeMap<String, String> =
        own.map(|path| (path.clone(), fs::read_to_string(root().join(path)).unwrap())).collect();
    assert!(all.len() >= 2, "{all:?}");
    let folder = Folder::new();
    assert_eq!(folder.run_args(INIT).code, 0);
    for name in ["soc2.yml", "soc2-due.yml", "soc2-publish.yml"] {
        let text = folder.read(&format!("acme/.github/workflows/{name}"));
        all.insert(format!("scaffold/{name}"), text);
    }
    all
}

/// The steps of each job, by the job's name.
fn jobs(text: &str) -> Vec<(String, Vec<Step>)> {
    read(text, |workflow| {
        let jobs = workflow.get("jobs").unwrap();
        let names: Vec<String> = pairs(Some(jobs)).into_iter().map(|(name, _)| name).collect();
        names.into_iter().map(|name| (name.clone(), steps(jobs.get(&name).unwrap()))).collect()
    })
}

fn is_hex(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

#[test]
fn others_actions_are_pinned_and_no_expression_is_part_of_a_script() {
    let mut all = workflows();
    all.insert("action.yml".to_owned(), fs::read_to_string(root().join("action.yml")).unwrap());
    for (path, text) in &all {
        let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
        for line in lines.clone() {
            assert!(!line.contains("pull_request_target"), "{path}: {line}");
            if let Some((_, used)) = line.split_once("uses: ") {
                let (_, pin) = used.split_once('@').unwrap_or(("", used));
                let pinned = pin
                    .split_once(" # v")
                    .is_some_and(|(pin, version)| is_hex(pin) && version.split('.').count() == 3);
                assert!(pinned || used == "./", "{path}: {line}");
            }
        }
        let steps: Vec<Step> = match path.as_str() {
            "action.yml" => read(text, |action| steps(action.get("runs").unwrap())),
            _ => {
                read(text, |workflow| assert!(workflow.get("permissions").is_some(), "{path}"));
                jobs(text).into_iter().flat_map(|(_, steps)| steps).collect()
            }
        };
        assert!(!steps.is_empty(), "{path}");
        for step in steps {
            assert!(!step.run.contains("${{"), "{path}: an expression in a script: {}", step.run);
            if step.uses.starts_with("actions/checkout@") {
                let keeps = ("persist-credentials".to_owned(), "false".to_owned());
                assert!(step.with.contains(&keeps), "{path}: the checkout leaves a token behind");
            }
            for word in step.run.split(|c: char| c.is_whitespace() || c == '"') {
                if let Some((_, script)) =
                    word.split_once(".github/").filter(|_| word.ends_with(".sh") && !word.contains('*'))
                {
                    use std::os::unix::fs::PermissionsExt;
                    let file = root().join(".github").join(script);
                    let mode = fs::metadata(&file)
                        .unwrap_or_else(|e| panic!("{path}: {word}: {e}"))
                        .permissions()
                        .mode();
                    assert!(mode & 0o111 == 0o111, "{path}: {word} cannot be run");
                }
            }
        }
    }
}

/// The oldest compiler that is promised is the one that everything is built and tested with.
#[test]
fn builds_use_the_compiler_that_is_promised() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let promised =
        manifest.lines().find_map(|line| line.strip_prefix("rust-version = ")).unwrap().trim_matches('"');
    let mut found = 0;
    for (path, text) in workflows() {
        for rest in text.split("rustup toolchain install ").skip(1) {
            let version = rest.split(' ').next().unwrap();
            assert!(version.starts_with(&format!("{promised}.")), "{path}: {version}");
            assert!(rest.lines().next().unwrap().ends_with(&format!("rustup default {version}")), "{path}");
            found += 1;
        }
    }
    assert!(found >= 5, "{found}");
}

/// What each job may write, and nothing else.
#[test]
fn tokens_have_the_least_rights() {
    let mut found = Vec::new();
    for (path, text) in workflows() {
        for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
            if let Some((right, "write")) = line.split(" #").next().unwrap().trim().split_once(": ") {
                found.push(format!("{path} {right}"));
            }
        }
        for (job, _) in jobs(&text).iter().filter(|_| path.starts_with(".github/")) {
            let bounded = read(&text, |workflow| {
                workflow.get("jobs").unwrap().get(job).unwrap().get("timeout-minutes").is_some()
            });
            assert!(bounded, "{path}: `{job}` may run for six hours");
        }
    }
    assert_eq!(
        found,
        [
            ".github/workflows/release.yml contents",
            ".github/workflows/release.yml id-token",
            ".github/workflows/release.yml attestations",
            ".github/workflows/release.yml id-token",
            "scaffold/soc2-due.yml issues",
        ]
    );
}

/// A runner with a `curl` that finds one archive, and a `cargo` that installs this build.
fn runner() -> (Runner, String) {
    let runner = Runner::new();
    let name = format!("soc2-{}-x86_64-unknown-linux-gnu", env!("CARGO_PKG_VERSION"));
    let program = env!("CARGO_BIN_EXE_soc2");
    runner.folder.write(&format!("{name}/soc2"), format!("#!/bin/sh\nexec '{program}' \"$@\"\n"));
    executable(&runner.path(&format!("{name}/soc2")));
    let mut tar = Command::new("tar");
    tar.arg("-C").arg(runner.folder.path()).arg("-czf").arg(runner.path("release.tar.gz")).arg(&name);
    assert!(tar.status().unwrap().success());
    runner.stand_in(
        "curl",
        "echo \"$*\" > SAID/curl; while [ \"$1\" != --output ]; do shift; done; cp SAID/../release.tar.gz \"$2\"\n",
    );
    runner.stand_in(
        "cargo",
        &format!(
            "echo \"$*\" > SAID/cargo; pwd > SAID/where; while [ \"$1\" != --root ]; do shift; done\n\
             mkdir -p \"$2/bin\"; ln -sf '{program}' \"$2/bin/soc2\"\n"
        ),
    );
    let hash = hex(&sha256(&fs::read(runner.path("release.tar.gz")).unwrap()));
    (runner, hash)
}

/// Sets one of the variables that a step finds.
fn set(runner: &mut Runner, name: &str, value: &str) {
    runner.variables.retain(|(known, _)| known != name);
    runner.variables.push((name.to_owned(), value.to_owned()));
}

#[test]
#[cfg(target_os = "linux")]
fn a_new_programmes_workflow_installs_what_it_names_and_nothing_else() {
    let workflows = workflows();
    for name in ["soc2.yml", "soc2-due.yml", "soc2-publish.yml"] {
        let text = &workflows[&format!("scaffold/{name}")];
        let (_, steps) = jobs(text).swap_remove(0);
        assert!(steps[0].name == "Install soc2" && steps[1].uses.starts_with("actions/checkout@"), "{name}");
        let told = Step { run: "soc2 --version".to_owned(), ..Step::default() };
        let steps = [steps[0].clone(), told];
        let (mut runner, _) = runner();
        runner.variables = read(text, |workflow| pairs(workflow.get("env")));
        let known: Vec<&str> = runner.variables.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(known, ["SOC2_REPOSITORY", "SOC2_VERSION", "SOC2_SHA256", "SOC2_REVISION"]);
        assert_eq!(runner.variables[0].1, env!("CARGO_PKG_REPOSITORY"), "no address that is not known");
        let elsewhere = Folder::new();
        set(&mut runner, "SOC2_REPOSITORY", "");
        let job = runner.run(&steps, elsewhere.path());
        assert!(
            job.code == 1 && job.log.contains("::error title=soc2::") && job.ran.len() == 1,
            "{}",
            job.log
        );

        set(&mut runner, "SOC2_REPOSITORY", "https://code.acme.example/tools/soc2");
        let job = runner.run(&steps, elsewhere.path());
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!((job.code, job.log.as_str()), (0, format!("soc2 {version}\n").as_str()));
        let cargo = runner.said("cargo");
        let named = format!("--git https://code.acme.example/tools/soc2 --rev v{version} soc2");
        assert!(cargo.starts_with("install --quiet --locked ") && cargo.contains(&named), "{cargo}");
        assert_eq!(cargo.contains("--no-default-features"), name != "soc2-publish.yml", "{name}");
        assert_eq!(runner.said("where").trim(), runner.path("temp").display().to_string());

        let (mut fresh, hash) = self::runner();
        fresh.variables = runner.variables.clone();
        set(&mut fresh, "SOC2_SHA256", &"0".repeat(64));
        let job = fresh.run(&steps, elsewhere.path());
        assert!(job.code != 0 && job.ran.len() == 1 && !fresh.path("temp/soc2").exists(), "{}", job.log);
        set(&mut fresh, "SOC2_SHA256", &hash);
        let job = fresh.run(&steps, elsewhere.path());
        assert!(job.code == 0 && job.log.ends_with(&format!("soc2 {version}\n")), "{}", job.log);
        let address =
            format!("https://code.acme.example/tools/soc2/releases/download/v{version}/soc2-{version}-");
        assert!(fresh.said("curl").contains(&address), "{}", fresh.said("curl"));
        assert!(fs::read_dir(elsewhere.path()).unwrap().next().is_none(), "the checkout is left alone");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn the_gitlab_template_checks_a_merge_request() {
    let text = fs::read_to_string(root().join("ci/gitlab.yml")).unwrap();
    let (head, job) = text.split_once("\n---\n").unwrap();
    let mut job = job.to_owned();
    let given = [("repository", "https://code.acme.example/soc2"), ("folder", "acme"), ("args", "--notes")];
    let inputs = read(head, |head| {
        let inputs = head.get("spec").unwrap().get("inputs").unwrap();
        let value = |name: &str| {
            let default = inputs.get(name).unwrap().get("default").and_then(|value| value.scalar());
            let given = given.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
            given.or(default).unwrap().to_owned()
        };
        pairs(Some(inputs)).into_iter().map(|(name, _)| (name.clone(), value(&name))).collect::<Vec<_>>()
    });
    for (name, value) in &inputs {
        assert!(job.contains(&format!("$[[ inputs.{name} ]]")), "`{name}` is asked for and not used");
        job = job.replace(&format!("$[[ inputs.{name} ]]"), value);
    }
    assert!(!job.contains("$[["), "{job}");
    let (variables, script) = read(&job, |job| {
        let job = job.get("soc2").unwrap();
        let lines = |key: &str| -> Vec<String> {
            match &job.get(key).unwrap().value {
                soc2::syntax::Value::List(items) => {
                    items.iter().map(|item| item.scalar().unwrap().to_owned()).collect()
                }
                _ => panic!("{key}"),
            }
        };
        let script: Vec<String> = [lines("before_script"), lines("script")].concat();
        (pairs(job.get("variables")), script.join("\n"))
    });
    let folder = Folder::new();
    let git = |arguments: &[&str]| {
        let mut command = git_in(folder.path());
        command.args(["-c", "user.name=A", "-c", "user.email=a@acme.example"]).args(arguments);
        assert!(command.status().unwrap().success(), "{arguments:?}");
    };
    git(&["init", "--quiet", "--initial-branch=main"]);
    assert_eq!(folder.run_args(INIT).code, 0);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "Programme"]);
    git(&["branch", "change"]);
    let (mut runner, hash) = runner();
    runner.variables = variables;
    set(&mut runner, "SOC2_SHA256", &hash);
    set(&mut runner, "CI_MERGE_REQUEST_DIFF_BASE_SHA", "main");
    let step = Step { run: script, ..Step::default() };
    folder.edit("acme/controls/iam/iam-mfa.yaml", "CC6.1", "CC6.11");
    let job = runner.run(std::slice::from_ref(&step), folder.path());
    assert_eq!(job.code, 1, "{}", job.log);
    let report = folder.read("soc2.md");
    assert!(report.contains("adds 1 fault") && job.log.contains("unknown-criterion"), "{report}{}", job.log);
    git(&["checkout", "--quiet", "--", "."]);
    set(&mut runner, "SOC2_SHA256", "");
    let job = runner.run(std::slice::from_ref(&step), folder.path());
    assert_eq!(job.code, 0, "{}", job.log);
    assert!(runner.said("cargo").contains("--rev v0.1.0 soc2"), "{}", runner.said("cargo"));
    assert!(!runner.said("where").trim().starts_with(&folder.path().display().to_string()));
}

/// A release of a copy of this project, with the programs made up.
#[test]
#[cfg(target_os = "linux")]
fn a_release_has_the_same_bytes_twice_and_says_what_the_changelog_says() {
    let copy = Folder::new();
    for path in files_below(".github/release").into_iter().chain(["LICENSE", "README.md"].map(str::to_owned))
    {
        copy.write(&path, fs::read(root().join(&path)).unwrap());
        if path.ends_with(".sh") {
            executable(&copy.path().join(&path));
        }
    }
    copy.write(
        "Cargo.toml",
        "[package]\nname = \"soc2\"\nversion = \"1.2.3\"\n\n[dependencies]\nx = \"1\"\n",
    );
    let log = "# Changelog\n\n## [Unreleased]\n\n- later\n\n## [1.2.3] - 2027-01-01\n\n### Added\n\n- this\n\n## [1.2.2] - 2026-12-01\n\n- old\n";
    copy.write("CHANGELOG.md", log);
    let programs = without_jq();
    let script = |name: &str, arguments: &[&str]| {
        let mut command = Command::new(copy.path().join(format!(".github/release/{name}")));
        // Without jq, which lists the parts from this project's own lock file.
        command.args(arguments).env("PATH", programs.path().join("bin"));
        ran(command)
    };
    let notes = script("notes.sh", &["v1.2.3"]);
    assert_eq!((notes.code, notes.stdout.as_str()), (0, "\n### Added\n\n- this\n"), "{}", notes.stderr);
    assert!(script("notes.sh", &["v1.2.4"]).stderr.contains("Cargo.toml has version 1.2.3"));
    copy.write("CHANGELOG.md", "## [Unreleased]\n- x\n");
    assert!(script("notes.sh", &["v1.2.3"]).stderr.contains("says nothing under"));

    let git = |arguments: &[&str]| {
        let mut command = git_in(copy.path());
        command.args(["-c", "user.name=A", "-c", "user.email=a@acme.example"]).args(arguments);
        command.env("GIT_COMMITTER_DATE", "2027-01-01T12:00:00Z");
        assert!(command.status().unwrap().success(), "{arguments:?}");
    };
    git(&["init", "--quiet"]);
    git(&["commit", "--quiet", "--allow-empty", "--message", "Release"]);
    let program = format!("#!/bin/sh\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_soc2"));
    for target in ["x86_64-unknown-linux-gnu", "aarch64-apple-darwin"] {
        // What was uploaded has lost its mode.
        copy.write(&format!("built/soc2-{target}/soc2"), &program);
    }
    let mut sums = Vec::new();
    for dist in ["one", "two"] {
        let packed = script(
            "pack.sh",
            &[
                "v1.2.3",
                &copy.path().join("built").display().to_string(),
                &copy.path().join(dist).display().to_string(),
            ],
        );
        assert_eq!(packed.code, 0, "{}", packed.stderr);
        sums.push(copy.read(&format!("{dist}/SHA256SUMS")));
    }
    assert_eq!(sums[0], sums[1]);
    let archive = "soc2-1.2.3-x86_64-unknown-linux-gnu";
    let first = hex(&sha256(&fs::read(copy.path().join(format!("one/{archive}.tar.gz"))).unwrap()));
    assert!(sums[0].contains(&format!("{first}  {archive}.tar.gz\n")), "{}", sums[0]);
    let mut tar = Command::new("tar");
    tar.args(["-tvzf", &format!("one/{archive}.tar.gz")]).current_dir(copy.path()).env("TZ", "UTC");
    let listed = ran(tar).stdout;
    let program = listed.lines().find(|line| line.ends_with(&format!(" {archive}/soc2"))).unwrap();
    assert!(program.starts_with("-rwxr-xr-x 0/0 ") && program.contains("2027-01-01 12:00"), "{program}");
    for name in ["LICENSE", "README.md", "CHANGELOG.md", "completions/_soc2", "completions/soc2.bash"] {
        assert!(listed.contains(&format!(" {archive}/{name}\n")), "{name}: {listed}");
    }
}

/// A folder of links to the programs of the machine, but for jq.
#[cfg(target_os = "linux")]
fn without_jq() -> Folder {
    let folder = Folder::new();
    let bin = folder.path().join("bin");
    fs::create_dir(&bin).unwrap();
    for place in std::env::var("PATH").unwrap().split(':') {
        for entry in fs::read_dir(place).into_iter().flatten().flatten() {
            if entry.file_name() != "jq" {
                let _ = std::os::unix::fs::symlink(entry.path(), bin.join(entry.file_name()));
            }
        }
    }
    folder
}

/// Everything that the published crate is built from is in it.
#[test]
fn the_crate_holds_what_it_includes() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let include = manifest.lines().find_map(|line| line.strip_prefix("include = ")).unwrap();
    let roots: Vec<&str> = include.split('"').filter_map(|part| part.strip_prefix('/')).collect();
    assert!(roots.contains(&"src") && roots.len() > 3, "{include}");
    for path in files_below("src").into_iter().filter(|path| path.ends_with(".rs") && !path.contains("tests"))
    {
        let text = fs::read_to_string(root().join(&path)).unwrap();
        let text = text.split("\n#[cfg(test)]").next().unwrap();
        for part in ["include_str!(\"", "include_bytes!(\"", "include_dir!(\"$CARGO_MANIFEST_DIR/"] {
            for named in text.split(part).skip(1).filter_map(|rest| rest.split('"').next()) {
                let file = match part.contains("DIR") {
                    true => root().join(named),
                    false => root().join(&path).parent().unwrap().join(named),
                };
                let file = fs::canonicalize(&file).unwrap_or_else(|e| panic!("{path}: {named}: {e}"));
                let inside = file.strip_prefix(fs::canonicalize(root()).unwrap()).unwrap();
                let known = roots.iter().any(|held| inside.starts_with(held));
                assert!(known, "{path} includes {}, which is not published", inside.display());
            }
        }
    }
    let version = ran({
        let mut command = soc2();
        command.arg("--version");
        command
    });
    assert_eq!(version.stdout, format!("soc2 {}\n", env!("CARGO_PKG_VERSION")));
}
