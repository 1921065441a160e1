//! The GitHub Action in a runner that is simulated: what its steps print, write and ask of others, and that nothing a
//! stranger says reaches a shell, a command of the runner or a token.

use std::fs;
use std::path::Path;
use std::process::Command;

use soc2::source::{hex, sha256};

use crate::repository::{ALICE, Repo};
use crate::runner::{Job, Runner, executable, pairs, read, steps};
use crate::support::{files_below, root};

const CONFIG: &str = "[organization]\nname = \"Acme\"\n[scope]\nframework = \"soc2-2017-rev2022\"\n\
    categories = [\"security\"]\n";
const CONTROL: &str = "id: review\ntitle: T\ndescription: D\nowner: alice\nstatus: implemented\n\
    effective_from: 2026-01-01\ncadence: quarterly\ncriteria: [CC6.2]\n";
const PEOPLE: &str = "- { id: alice, name: Alice, kind: employee, employed: [{ from: 2024-01-01 }] }\n";
const DAY: &str = "2026-03-31T12:00:00Z";
/// What a stranger may call a pull request.
const TITLE: &str = "x\"; touch pwned; $(touch pwned) `touch pwned`\n::error title=soc2::stop\n##[add-mask]x";
/// And the branch that it comes from.
const BRANCH: &str = "a$(touch${IFS}pwned)`touch${IFS}pwned`";
const TOKEN: &str = "ghs_tokenOfTheRun";
const MARK: &str = "<!-- soc2 check --base -->";

/// A repository on the runner: `main` as it was fetched, and a change to it checked out.
fn checked_out(change: impl FnOnce(&Repo)) -> Repo {
    let repo = Repo::new();
    repo.write("acme/soc2.toml", CONFIG).write("acme/controls/review.yaml", CONTROL);
    repo.write("acme/registers/people.yaml", PEOPLE).commit(DAY, ALICE, "the programme");
    repo.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    change(&repo);
    repo.commit(DAY, ALICE, TITLE);
    repo
}

fn weakened(repo: &Repo) {
    let control = CONTROL.replace("quarterly", "annual").replace("title: T", "title: \"::error::x ##[y]\"");
    repo.write("acme/controls/review.yaml", control);
}

fn retitled(repo: &Repo) {
    repo.write("acme/controls/review.yaml", CONTROL.replace("title: T", "title: U"));
}

/// A runner with the action in place, a release to download, and a pull request from `from`.
fn pull_request(from: &str) -> Runner {
    let mut runner = Runner::new();
    for path in files_below(".github/action").into_iter().chain(["action.yml".into(), "Cargo.toml".into()]) {
        runner.folder.write(&format!("_actions/acme/soc2/v0/{path}"), fs::read(root().join(&path)).unwrap());
    }
    let said = runner.path("said").display().to_string();
    runner.stand_in(
        "curl",
        "echo \"$*\" >> SAID/curl; env > SAID/env-curl\n\
         while [ $# -gt 0 ]; do case $1 in --output) out=$2; shift;; https://*) url=$1;; esac; shift; done\n\
         cp \"SAID/../releases/${url##*/}\" \"$out\"\n",
    );
    // Comments are chosen by the real filter where there is a jq, and by the same rule written down here where there is none.
    runner.stand_in(
        "gh",
        "echo \"$*\" >> SAID/gh; env > SAID/env-gh\n\
         if [ -e SAID/refuse ]; then echo 'gh: Resource not accessible by integration (HTTP 403)' >&2; exit 1; fi\n\
         for word; do case $word in body=@*) cp \"${word#body=@}\" SAID/body;; esac; last=$word; done\n\
         case \"$*\" in *--paginate*)\n\
           if command -v jq > /dev/null; then jq -r \"$last\" SAID/comments.json; else cat SAID/ours; fi;;\n\
         esac\n",
    );
    let event =
        serde_json::json!({ "pull_request": { "number": 7, "title": TITLE, "head": { "ref": BRANCH } } });
    runner.folder.write("event.json", event.to_string());
    release(&runner, &format!("env > '{said}/env-soc2'; echo \"$*\" > '{said}/soc2'"));
    comments(&runner, &[]);
    for (key, value) in [
        ("github.token", TOKEN),
        ("github.event.pull_request.number", "7"),
        ("github.event.pull_request.title", TITLE),
        ("github.event.pull_request.head.repo.full_name", from),
    ] {
        runner.set(key, value);
    }
    let event = runner.path("event.json").display().to_string();
    let action = runner.path("_actions/acme/soc2/v0").display().to_string();
    let told = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_EVENT_NAME", "pull_request"),
        ("GITHUB_BASE_REF", "main"),
        ("GITHUB_HEAD_REF", BRANCH),
        ("GITHUB_REPOSITORY", "acme/programme"),
        ("GITHUB_EVENT_PATH", &event),
        ("GITHUB_ACTION_PATH", &action),
    ];
    runner.variables = told.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    runner
}

/// Makes the archive that `curl` finds, of a program that leaves a word before it starts this build.
fn release(runner: &Runner, first: &str) {
    let name = archive();
    let program = format!("#!/bin/sh\n{first}\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_soc2"));
    runner.folder.write(&format!("releases/{name}/soc2"), program);
    executable(&runner.path(&format!("releases/{name}/soc2")));
    let mut tar = Command::new("tar");
    tar.arg("-C").arg(runner.path("releases")).arg("-czf");
    tar.arg(runner.path(&format!("releases/{name}.tar.gz"))).arg(&name);
    assert!(tar.status().unwrap().success());
}

/// What the release for this machine is called.
fn archive() -> String {
    let system = match std::env::consts::OS {
        "macos" => "apple-darwin".to_owned(),
        _ => {
            let told = Command::new("ldd").arg("--version").output().unwrap();
            let told = format!("{told:?}");
            format!("unknown-linux-{}", if told.contains("musl") { "musl" } else { "gnu" })
        }
    };
    format!("soc2-{}-{}-{system}", env!("CARGO_PKG_VERSION"), std::env::consts::ARCH)
}

fn hash(runner: &Runner) -> String {
    hex(&sha256(&fs::read(runner.path(&format!("releases/{}.tar.gz", archive()))).unwrap()))
}

/// The comments that the pull request has: who wrote it, its id and how it begins.
fn comments(runner: &Runner, list: &[(&str, u32, &str)]) {
    let json: Vec<serde_json::Value> = list
        .iter()
        .map(|(login, id, body)| serde_json::json!({ "id": id, "user": { "login": login }, "body": body }))
        .collect();
    runner.folder.write("said/comments.json", serde_json::Value::from(json).to_string());
    let ours =
        list.iter().filter(|(login, _, body)| *login == "github-actions[bot]" && body.starts_with(MARK));
    runner.folder.write("said/ours", ours.map(|(_, id, _)| format!("{id}\n")).collect::<String>());
}

/// Runs the action with inputs on top of its own defaults, and looks at what no run may ever do.
fn run(runner: &mut Runner, repo: &Repo, inputs: &[(&str, &str)]) -> Job {
    let text = fs::read_to_string(root().join("action.yml")).unwrap();
    let all = read(&text, |action| {
        let names: Vec<String> = pairs(action.get("inputs")).into_iter().map(|(name, _)| name).collect();
        for name in names {
            let input = action.get("inputs").unwrap().get(&name).unwrap();
            let value = input.get("default").and_then(|value| value.scalar()).unwrap_or_default();
            runner.set(&format!("inputs.{name}"), value);
        }
        steps(action.get("runs").unwrap())
    });
    for (name, value) in [("as-of", "2026-06-30"), ("working-directory", "acme")].iter().chain(inputs) {
        assert!(runner.context.contains_key(&format!("inputs.{name}")), "there is no input `{name}`");
        runner.set(&format!("inputs.{name}"), value);
    }
    let job = runner.run(&all, repo.path());
    for line in job.log.lines().filter(|line| line.starts_with("::")) {
        let ours = ["::error", "::warning", "::notice"].iter().any(|kind| line.starts_with(kind));
        let folded =
            line == "::group::Building soc2 from the source of this action" || line == "::endgroup::";
        assert!(folded || (ours && line.contains("title=")), "{line}");
    }
    for text in [&job.log, &job.summary, &runner.said("body")] {
        assert!(!text.contains("##[") && !text.contains("touch pwned") && !text.contains(TOKEN), "{text}");
    }
    assert!(!job.log.contains("::error title=soc2::stop"), "{}", job.log);
    for place in [repo.path(), &repo.path().join("acme"), runner.folder.path(), &runner.path("temp")] {
        assert!(!place.join("pwned").exists(), "{}", place.display());
    }
    // Only the program that writes the comment is given a token.
    for program in ["curl", "soc2"] {
        assert!(!runner.said(&format!("env-{program}")).contains(TOKEN), "{program} was given the token");
    }
    job
}

fn installed(runner: &Runner) -> Vec<(&'static str, String)> {
    vec![("version", env!("CARGO_PKG_VERSION").to_owned()), ("sha256", hash(runner))]
}

/// Runs it with a release that fits.
fn checked(runner: &mut Runner, repo: &Repo, inputs: &[(&str, &str)]) -> Job {
    let release = installed(runner);
    let release: Vec<(&str, &str)> = release.iter().map(|(name, value)| (*name, value.as_str())).collect();
    run(runner, repo, &[&release, inputs].concat())
}

#[test]
fn a_fork_gets_annotations_and_a_summary_and_no_comment() {
    let repo = checked_out(weakened);
    let mut runner = pull_request("stranger/programme");
    let job = checked(&mut runner, &repo, &[("comment", "true")]);
    assert_eq!(job.code, 1, "{}", job.log);
    let errors: Vec<&str> = job.log.lines().filter(|line| line.starts_with("::error")).collect();
    assert_eq!(errors.len(), 1, "{}", job.log);
    assert!(errors[0].starts_with("::error file=acme/controls/review.yaml,line=7,"), "{}", errors[0]);
    assert!(errors[0].contains("title=cadence-loosened::"), "{}", errors[0]);
    assert!(
        job.summary.starts_with(MARK) && job.summary.contains("weakens the programme"),
        "{}",
        job.summary
    );
    assert!(job.log.contains("a change from a fork gets no comment"), "{}", job.log);
    assert_eq!(runner.said("gh"), "", "nothing is asked of GitHub");
    assert_eq!(job.ran, ["Install soc2", "Check", "Comment"]);
    let curl = runner.said("curl");
    let address = format!("https://github.com/acme/soc2/releases/download/v0.1.0/{}.tar.gz\n", archive());
    assert!(curl.ends_with(&address) && curl.contains("--proto =https "), "{curl}");
    assert_eq!(job.outputs["check.exit-code"], "1");
    let sarif = fs::read(&job.outputs["check.sarif"]).unwrap();
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&sarif).unwrap()["version"], "2.1.0");
}

#[test]
fn one_comment_is_written_and_then_kept() {
    let repo = checked_out(weakened);
    let mut runner = pull_request("acme/programme");
    // A stranger's comment with the mark is not ours, nor is what our bot said of something else.
    let others = [("stranger", 1, MARK), ("github-actions[bot]", 2, "Preview is ready")];
    comments(&runner, &others);
    let job = checked(&mut runner, &repo, &[("comment", "true")]);
    assert_eq!(job.code, 1, "{}", job.log);
    let asked = runner.said("gh");
    assert!(asked.contains("--method POST repos/acme/programme/issues/7/comments --field body=@"), "{asked}");
    assert!(!asked.contains("PATCH"), "{asked}");
    assert_eq!(runner.said("body"), job.summary);
    assert!(runner.said("env-gh").contains(TOKEN), "the one step that needs it");

    let ours = [("github-actions[bot]", 31, MARK), ("github-actions[bot]", 32, MARK)];
    comments(&runner, &[others, ours].concat());
    checked(&mut runner, &repo, &[("comment", "true")]);
    let asked = runner.said("gh").replacen(&asked, "", 1);
    assert!(asked.contains("--method PATCH repos/acme/programme/issues/comments/31 "), "{asked}");
    assert!(!asked.contains("POST") && !asked.contains("comments/32"), "{asked}");

    // What weakens nothing mends the comment that is there and starts none.
    let repo = checked_out(retitled);
    let job = checked(&mut runner, &repo, &[("comment", "true")]);
    assert_eq!(job.code, 0, "{}", job.log);
    assert!(runner.said("body").contains("weakens nothing"), "{}", runner.said("body"));
    let mut runner = pull_request("acme/programme");
    checked(&mut runner, &repo, &[("comment", "true")]);
    assert!(!runner.said("gh").contains("POST") && runner.said("gh").contains("--paginate"));
}

#[test]
fn a_token_that_may_only_read_changes_no_verdict() {
    let mut runner = pull_request("acme/programme");
    runner.folder.write("said/refuse", "");
    for (repo, code) in [(checked_out(weakened), 1), (checked_out(retitled), 0)] {
        let job = checked(&mut runner, &repo, &[("comment", "true")]);
        assert_eq!(job.code, code, "{}", job.log);
        assert!(job.log.contains("::notice title=soc2::the comments could not be read"), "{}", job.log);
        assert!(job.summary.contains("soc2: this change weakens"), "{}", job.summary);
    }
    let job = checked(&mut runner, &checked_out(weakened), &[]);
    assert_eq!(job.ran, ["Install soc2", "Check"], "no comment unless asked for");
}

#[test]
fn a_long_report_is_cut_at_a_line_for_a_comment() {
    let repo = checked_out(weakened);
    let mut runner = pull_request("acme/programme");
    // The report of a release that says very much.
    let said = runner.path("said").display().to_string();
    let long = format!(
        "for word; do case $word in markdown=*) file=${{word#markdown=}};; esac; done\n\
        [ -z \"${{file:-}}\" ] || {{ echo '{MARK}'; seq -f 'ünd %g' 20000; }} > \"$file\"; [ \"$1\" = --version ] || exit 1\nenv > '{said}/env-soc2'"
    );
    release(&runner, &long);
    let job = checked(&mut runner, &repo, &[("comment", "true")]);
    let body = runner.said("body");
    assert!(job.summary.ends_with("ünd 20000\n") && job.summary.len() > 150_000, "{}", job.summary.len());
    assert!(body.len() < 65_000 && body.len() > 59_000, "{}", body.len());
    assert!(body.ends_with("\n\nThe rest is in the summary of the run.\n"), "{}", &body[59_000..]);
    let last = body.lines().rfind(|line| line.starts_with('ü')).unwrap();
    assert!(job.summary.lines().any(|line| line == last), "{last}");
}

#[test]
fn only_the_archive_that_was_meant_is_installed() {
    let repo = checked_out(weakened);
    let mut runner = pull_request("stranger/programme");
    let wrong = "0".repeat(64);
    let job = run(&mut runner, &repo, &[("version", "0.1.0"), ("sha256", &wrong)]);
    assert_eq!((job.code, job.ran.len()), (1, 1), "{}", job.log);
    let told = format!("has the SHA-256 {}, not {wrong}; nothing was installed", hash(&runner));
    assert!(job.log.contains(&told), "{}", job.log);
    assert!(!runner.path("temp/soc2/bin/soc2").exists());
    let good = hash(&runner);
    for (inputs, told) in [
        (&[("version", "0.1.0; touch pwned"), ("sha256", &*good)][..], "version has to be like 0.1.0"),
        (&[("version", "0.1.0"), ("sha256", "touch pwned")], "sha256 has to be 64 hex digits"),
        (&[("version", "9.9.9")], "version was given without sha256"),
        (&[("version", "9.9.9"), ("sha256", &good)], "could not be downloaded"),
        (&[("sha256", &good), ("repository", "x y")], "repository has to be owner/name"),
    ] {
        let job = run(&mut runner, &repo, inputs);
        assert_eq!((job.code, job.ran.len()), (1, 1), "{inputs:?}: {}", job.log);
        assert!(
            job.log.contains("::error title=soc2::") && job.log.contains(told),
            "{inputs:?}: {}",
            job.log
        );
    }
    // A program that is not what it was called is not used.
    release(&runner, "[ \"$1\" != --version ] || { echo soc2 0.0.9; exit 0; }");
    let job = checked(&mut runner, &repo, &[]);
    assert!(job.code == 1 && job.log.contains("says it is soc2 0.0.9, not soc2 0.1.0"), "{}", job.log);
    // Releases may be kept elsewhere; without a version it is that of the action's own source.
    let mut runner = pull_request("stranger/programme");
    let good = hash(&runner);
    let job =
        run(&mut runner, &repo, &[("sha256", &good), ("repository", "https://code.acme.example/tools/soc2")]);
    assert_eq!(job.outputs["check.exit-code"], "1", "{}", job.log);
    let address = "https://code.acme.example/tools/soc2/releases/download/v0.1.0/soc2-0.1.0-";
    assert!(runner.said("curl").contains(address), "{}", runner.said("curl"));
}

#[test]
fn without_a_release_the_actions_own_source_is_built_outside_the_checkout() {
    let repo = checked_out(weakened);
    let mut runner = pull_request("stranger/programme");
    let program = env!("CARGO_BIN_EXE_soc2");
    runner.stand_in(
        "cargo",
        &format!(
            "pwd > SAID/where; echo \"$*\" > SAID/cargo; while [ \"$1\" != --root ]; do shift; done\n\
                  mkdir -p \"$2/bin\"; ln -s '{program}' \"$2/bin/soc2\"\n"
        ),
    );
    let job = run(&mut runner, &repo, &[]);
    assert_eq!(job.code, 1, "{}", job.log);
    assert_eq!(runner.said("curl"), "");
    let cargo = runner.said("cargo");
    let source = runner.path("_actions/acme/soc2/v0").display().to_string();
    assert!(cargo.contains("--locked") && cargo.contains(&format!("--path {source} ")), "{cargo}");
    let place = runner.said("where");
    assert!(
        !Path::new(place.trim()).starts_with(repo.path()),
        "a toolchain file there would choose what runs"
    );
}

#[test]
fn a_push_is_judged_whole_and_flags_are_words() {
    let repo = checked_out(weakened);
    let mut runner = pull_request("acme/programme");
    runner.variables.retain(|(name, _)| name != "GITHUB_BASE_REF");
    runner.set("github.event.pull_request.number", "");
    let inputs = [("args", " --strict\n--audit   $(touch${IFS}pwned) *"), ("comment", "true")];
    let job = checked(&mut runner, &repo, &inputs);
    assert_eq!(job.code, 2, "`*` stays a star, which is no flag: {}", job.log);
    let asked = runner.said("soc2");
    let words = "-C acme check --as-of=2026-06-30 --strict --audit $(touch${IFS}pwned) * --format github ";
    assert!(asked.starts_with(words), "{asked}");
    assert!(job.summary.contains("could not work (exit code 2)"), "{}", job.summary);
    let job = checked(&mut runner, &repo, &[("args", "--strict"), ("comment", "true")]);
    assert_eq!(job.code, 1, "{}", job.log);
    assert!(job.summary.starts_with("### soc2: no faults"), "{}", job.summary);
    assert!(job.log.contains("this run is of no pull request"), "{}", job.log);
    let job = checked(&mut runner, &repo, &[("base", "--help")]);
    assert!(job.code == 2 && runner.said("soc2").contains("--base=--help"), "{}", job.log);
    let job = checked(&mut runner, &repo, &[("base", "origin/main")]);
    assert!(job.code == 1 && job.summary.contains("weakens the programme"), "{}", job.summary);
}

#[test]
fn a_merge_queue_is_compared_with_what_it_builds_on() {
    let repo = checked_out(weakened);
    let mut runner = pull_request("acme/programme");
    runner.variables.retain(|(name, _)| name != "GITHUB_BASE_REF" && name != "GITHUB_EVENT_NAME");
    runner.variables.push(("GITHUB_EVENT_NAME".to_owned(), "merge_group".to_owned()));
    runner.set("github.event.pull_request.number", "");
    let base = repo.id("HEAD~1");
    let event =
        serde_json::json!({ "merge_group": { "base_sha": base, "head_commit": { "message": TITLE } } });
    runner.folder.write("event.json", event.to_string());
    let job = checked(&mut runner, &repo, &[("comment", "true")]);
    assert!(job.code == 1 && job.log.contains("title=cadence-loosened::"), "{}", job.log);
    assert!(job.summary.contains("weakens the programme") && runner.said("gh").is_empty(), "{}", job.summary);
}
