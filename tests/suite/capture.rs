//! `soc2 evidence capture` with stand-ins that replay output, failure, truncation, pages, hanging and noise.

use crate::bundle::{files, packed, repository};
use crate::evidence::{good, programme, refused};
use crate::standin::{stand_in, with_stand_ins, with_stand_ins_args};
use crate::support::{Folder, Ran};
use crate::world::{Done, World};

/// A program for the controls of these tests.
const CONTROLS: &str = "\
- id: iam-access-review
  title: Owners review every user
  description: Each quarter the owner of every in-scope system reviews its user list.
  owner: security-lead
  status: implemented
  effective_from: 2024-06-01
  cadence: quarterly
  criteria: [CC6.2]
  systems: [github]
- id: iam-mfa
  title: A second factor is asked for
  description: The code host refuses a sign-in without a second factor.
  owner: security-lead
  status: implemented
  effective_from: 2024-06-01
  cadence: continuous
  type: automated
  review: not-required
  criteria: [CC6.1]
";

/// What `gh` says of itself, then the list; each page as GitHub gives it.
const GH: &str = r#"case "$*" in
  --version) echo "gh version 2.60.1 (2026-01-01)"; echo https://github.com ;;
  "api user"*) echo ann-acme ;;
  *membersWithRole*) echo 3 ;;
  *) printf '[{"login":"ann"},{"login":"bob"},\n{"login":"cat"}]' ;;
esac"#;

fn company() -> Folder {
    let folder = programme();
    folder.write("controls/all.yaml", CONTROLS);
    stand_in(&folder, "gh", GH);
    folder
}

const MEMBERS: &str =
    "evidence capture --control iam-access-review --recipe github-members --set org=acme --by alice";

/// The manifest of the only evidence for a control.
fn manifest(folder: &Folder, control: &str) -> String {
    let below = folder.path().join("evidence").join(control);
    let mut folders: Vec<_> = std::fs::read_dir(&below).unwrap().map(|one| one.unwrap().path()).collect();
    folders.sort();
    assert_eq!(folders.len(), 1, "{folders:?}");
    std::fs::read_to_string(folders[0].join("manifest.yaml")).unwrap()
}

#[track_caller]
fn no_evidence(folder: &Folder, ran: &Ran, why: &str) {
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{}", ran.stderr);
    assert!(ran.stderr.contains(why), "`{why}` is not in\n{}", ran.stderr);
    assert!(ran.stderr.contains("nothing was written"), "{}", ran.stderr);
    assert!(!folder.path().join("evidence").exists(), "something was left");
}

#[track_caller]
fn without_faults(folder: &Folder) {
    let check = folder.run("check");
    assert!(check.stdout.contains("no faults"), "{}", check.stdout);
}

#[test]
fn what_was_printed_is_kept_with_how_it_came_about() {
    let folder = company();
    let ran =
        with_stand_ins(&folder, &format!("{MEMBERS} --slot 2025-Q1 --environment production --yes --anyway"));
    good(&ran);
    assert!(ran.stdout.starts_with(
        "Wrote evidence/iam-access-review/2025-q1-github-members/ (members.json, 3 items, sha256 "
    ));
    assert!(ran.stdout.contains("Next: someone other than alice: soc2 evidence review"), "{}", ran.stdout);
    let text = manifest(&folder, "iam-access-review");
    let said = |line: &str| assert!(text.contains(line), "`{line}` is not in\n{text}");
    said("title: \"Members of the GitHub organization, 2025-Q1, github\"\n");
    said("kind: system-report\n");
    said("    system: github\n    environment: \"production\"\n");
    said("    query: \"gh api --paginate 'orgs/acme/members?per_page=100'\"\n");
    said("      name: \"github-members\"\n      key: \"login\"\n      count: 3\n");
    said("completeness: \"3 of 3, counted by `gh api graphql");
    said("      recipe: github-members\n      settings: { org: acme }\n");
    said("      command: [\"gh\", \"api\", \"--paginate\", \"orgs/acme/members?per_page=100\"]\n");
    said("      version: \"gh version 2.60.1 (2026-01-01)\"\n      account: \"ann-acme\"\n");
    said("      exit: 0\n");
    assert!(!text.contains("\nreviewed:") && !text.contains("\nresult:"), "{text}");
    let kept = folder.read("evidence/iam-access-review/2025-q1-github-members/members.json");
    assert_eq!(kept, "[{\"login\":\"ann\"},{\"login\":\"bob\"},\n{\"login\":\"cat\"}]");
    without_faults(&folder);
}

#[test]
fn the_command_is_shown_and_nothing_runs_before_somebody_agrees() {
    let folder = company();
    stand_in(&folder, "gh", "touch ran; echo '[]'");
    let ran = with_stand_ins(&folder, MEMBERS);
    refused(&ran, "the command was not run: there is no terminal to ask on");
    for line in [
        "   runs  gh api --paginate 'orgs/acme/members?per_page=100'",
        "  first  gh --version",
        "  first  gh api user --jq .login",
        " counts  gh api graphql ",
        "  needs  a member of the organization",
        "    for  iam-access-review, github, run by alice",
        " writes  evidence/iam-access-review/",
    ] {
        assert!(ran.stderr.contains(line), "`{line}` is not in\n{}", ran.stderr);
    }
    good(&with_stand_ins(&folder, &format!("{MEMBERS} --dry-run")));
    assert!(!folder.path().join("ran").exists() && !folder.path().join("evidence").exists());
}

#[test]
fn what_is_missing_is_listed_at_once() {
    let folder = company();
    let ran =
        with_stand_ins(&folder, "evidence capture --control iam-access-review --recipe github-members --yes");
    refused(&ran, "2 answers are missing");
    assert!(ran.stderr.contains("hint: --set org=acme: login of the organization"), "{}", ran.stderr);
    assert!(ran.stderr.contains("hint: --by PERSON: "), "{}", ran.stderr);
    let ran = with_stand_ins(&folder, "evidence capture --control iam-mfa --by alice --yes");
    refused(&ran, "for this control: ");
    assert!(ran.stderr.contains("`github-members-without-2fa`"), "{}", ran.stderr);
    for (words, why) in [
        ("--recipe github-membres --set org=acme", "did you mean `github-members`?"),
        ("--recipe github-members --set orga=acme", "is no setting of the recipe"),
        ("--recipe github-members --set org", "write the name, `=` and the value"),
        ("--recipe github-members --set org=-x", "it begins like a flag"),
        ("--recipe github-members --set org=a --set org=b", "is given twice"),
        ("--recipe github-members --set org=acme -- gh api user", "cannot be used with"),
        ("--set org=acme --kind system-report -- gh api user", "is for a recipe"),
    ] {
        refused(
            &with_stand_ins(
                &folder,
                &format!("evidence capture --control iam-access-review --by alice --yes {words}"),
            ),
            why,
        );
    }
}

#[test]
fn a_failed_command_is_no_evidence_and_its_words_do_nothing() {
    let folder = company();
    let script = r#"case "$*" in --version) echo 1 ;; "api user"*) echo ann ;; *)
      echo '[{"login":"ann"}]'; printf '\033]0;owned\007HTTP 403: \033[31mno\n\342\200\256gnp.exe\n' >&2; exit 4 ;; esac"#;
    stand_in(&folder, "gh", script);
    let ran = with_stand_ins(&folder, &format!("{MEMBERS} --yes"));
    no_evidence(&folder, &ran, "`gh` ended with exit status 4");
    assert!(ran.stderr.contains("gh: \\u{1b}]0;owned\\u{7}HTTP 403: \\u{1b}[31mno"), "{}", ran.stderr);
    assert!(!ran.stderr.contains(['\u{1b}', '\u{202e}']), "{:?}", ran.stderr);
    assert!(ran.stderr.contains("hint: `gh auth login`"), "{}", ran.stderr);
}

#[test]
fn what_is_empty_or_something_else_is_no_evidence() {
    for (printed, why) in [
        ("", "`gh` printed nothing"),
        ("printf ' \\n\\t\\n'", "`gh` printed nothing"),
        ("echo '[]'", "printed a list with none of its items"),
        ("echo '{\"message\":\"Not Found\"}'", "printed no list at `.`"),
        ("echo '[{\"login\":\"ann\"},'", "printed JSON that ends in the middle"),
        ("echo Bad credentials", "printed something that is no JSON (line 1)"),
        ("printf '[{\"login\":1},{},{},{}]'", "4 items were printed and 3 are there"),
        ("exec sleep 100", "was stopped after 1 seconds"),
        ("kill -9 $$", "was ended by a signal"),
    ] {
        let folder = company();
        let script = format!(
            "case \"$*\" in --version) echo 1 ;; \"api user\"*) echo ann ;; *membersWithRole*) echo 3 ;; *) {printed}\n;; esac"
        );
        stand_in(&folder, "gh", &script);
        let ran = with_stand_ins(&folder, &format!("{MEMBERS} --timeout 1 --yes"));
        no_evidence(&folder, &ran, why);
    }
}

#[test]
fn a_part_of_a_list_is_filed_as_a_part() {
    let folder = company();
    stand_in(&folder, "gh", &GH.replace("echo 3 ;;", "echo 7 ;;"));
    let ran = with_stand_ins(&folder, &format!("{MEMBERS} --yes"));
    good(&ran);
    assert!(ran.stderr.contains("warning: showing 3 of 7, counted by"), "{}", ran.stderr);
    assert!(ran.stdout.contains("is a part of a longer list"), "{}", ran.stdout);
    assert!(manifest(&folder, "iam-access-review").contains("completeness: \"showing 3 of 7, counted by"));
    let check = folder.run("check");
    assert!(check.stdout.contains("population-truncated"), "{}", check.stdout);

    let aws = r#"case "$*" in --version) echo aws-cli/1.45 ;; sts*) echo arn:aws:iam::1:role/audit ;; *summary*) echo 2 ;;
      *) echo '{"Users":[{"UserName":"a"},{"UserName":"b"}],"NextToken":"eyJ"}' ;; esac"#;
    let folder = company();
    stand_in(&folder, "aws", aws);
    let capture =
        "evidence capture --control iam-access-review --system github --recipe aws-users --by alice --yes";
    let ran = with_stand_ins(&folder, capture);
    good(&ran);
    assert!(
        ran.stderr.contains("the list is truncated: `NextToken` names a further page after 2 items"),
        "{}",
        ran.stderr
    );
    stand_in(&folder, "aws", &aws.replace("\"eyJ\"", "null"));
    let ran = with_stand_ins(&folder, capture);
    good(&ran);
    assert!(!ran.stderr.contains("warning"), "{}", ran.stderr);
}

#[test]
fn a_count_that_cannot_be_had_is_told_and_not_made_up() {
    let folder = company();
    stand_in(&folder, "gh", &GH.replace("echo 3 ;;", "echo no rights >&2; exit 1 ;;"));
    let ran = with_stand_ins(&folder, &format!("{MEMBERS} --yes"));
    good(&ran);
    assert!(ran.stderr.contains("warning: `gh api graphql"), "{}", ran.stderr);
    let text = manifest(&folder, "iam-access-review");
    assert!(text.contains("completeness: \"gh follows each page to the last one; 3 in total\""), "{text}");
}

#[test]
fn pages_in_a_row_are_counted_together() {
    let folder = company();
    stand_in(
        &folder,
        "gh",
        &GH.replace(
            "printf '[{\"login\":\"ann\"},{\"login\":\"bob\"},\\n{\"login\":\"cat\"}]'",
            "printf '[{},{}]\\n[{}]\\n'",
        ),
    );
    let ran = with_stand_ins(&folder, &format!("{MEMBERS} --yes"));
    good(&ran);
    assert!(ran.stdout.contains("(members.json, 3 items"), "{}", ran.stdout);
}

#[test]
fn nothing_secret_gets_into_a_manifest_untold() {
    let folder = company();
    let own = [
        "evidence",
        "capture",
        "--control",
        "iam-mfa",
        "--by",
        "alice",
        "--kind",
        "config-export",
        "--yes",
        "--",
    ];
    for command in [
        &["curl", "-H", "Authorization: SSWS 00hunter2", "https://acme.example"][..],
        &["curl", "--user", "ann:hunter2", "https://acme.example"],
        &["psql", "postgres://ann:hunter2@db/app"],
        &["tool", "--token=hunter2hunter2"],
    ] {
        let ran = with_stand_ins_args(&folder, &[&own[..], command].concat());
        refused(&ran, "git forgets nothing");
        assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
    }
    stand_in(&folder, "tool", "echo 'password = \"Tr0ub4dor&3xyz\"'");
    let ran = with_stand_ins_args(&folder, &[&own[..], &["tool", "show"]].concat());
    good(&ran);
    assert!(ran.stderr.contains("warning: `tool.txt` line 1: looks like a password"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("Tr0ub4dor"), "{}", ran.stderr);
}

#[test]
fn a_command_of_ones_own_needs_no_recipe() {
    let folder = company();
    stand_in(&folder, "tool", "echo warned >&2; printf '{\"enforced\": true}'");
    let own = "evidence capture --control iam-mfa --by alice --kind config-export --keep-stderr --yes";
    let ran = with_stand_ins(&folder, &format!("{own} -- tool show --all *"));
    good(&ran);
    let text = manifest(&folder, "iam-mfa");
    for line in [
        "path: tool.json\n",
        "path: stderr.txt\n",
        "query: \"tool show --all '*'\"\n",
        "command: [\"tool\", \"show\", \"--all\", \"*\"]\n",
    ] {
        assert!(text.contains(line), "`{line}` is not in\n{text}");
    }
    assert!(
        !text.contains("population:") && !text.contains("version:") && !text.contains("recipe:"),
        "{text}"
    );
    without_faults(&folder);
    let ran = with_stand_ins(&folder, &format!("{own} -- soc2-no-such-program"));
    refused(&ran, "install `soc2-no-such-program`, or put its folder into PATH");
    let ran = with_stand_ins(&folder, &format!("{own} --file ../x.json -- tool show"));
    refused(&ran, "cannot be filed");
}

#[test]
fn a_page_of_ones_own_command_is_told() {
    let page: String = vec!["{}"; 30].join(",");
    for (printed, told) in [
        (format!("[{page}]"), "warning: 30 items are what a page often holds"),
        ("{\"Users\":[{}],\"NextToken\":\"e30\"}".to_owned(), "warning: `NextToken` names a further page"),
        (
            "{\"items\":[],\"metadata\":{\"continue\":\"abc\"}}".to_owned(),
            "warning: `metadata.continue` names",
        ),
        ("{\"has_more\":false,\"data\":[]}".to_owned(), ""),
        ("[{},{},{}]".to_owned(), ""),
    ] {
        let folder = company();
        stand_in(&folder, "tool", &format!("printf '%s' '{printed}'"));
        let ran = with_stand_ins(
            &folder,
            "evidence capture --control iam-mfa --by alice --kind system-report --yes -- tool list",
        );
        good(&ran);
        assert_eq!(ran.stderr.contains("warning"), !told.is_empty(), "{}", ran.stderr);
        assert!(ran.stderr.contains(told), "`{told}` is not in\n{}", ran.stderr);
    }
}

#[test]
fn a_file_inside_the_output_is_kept_beside_it() {
    let folder = company();
    let aws = |content: &str| {
        format!(
            "case \"$*\" in --version) echo aws-cli/1.45 ;; sts*) echo arn:aws:iam::1:role/audit ;; \
             *) echo '{{\"Content\":\"{content}\"}}' ;; esac"
        )
    };
    let capture = "evidence capture --control iam-mfa --recipe aws-credential-report --by alice --yes";
    stand_in(&folder, "aws", &aws("dXNlcixtZmFfYWN0aXZlCmFubix0c"));
    no_evidence(
        &folder,
        &with_stand_ins(&folder, capture),
        "without the file that the recipe looks for in it",
    );
    stand_in(&folder, "aws", &aws("dXNlcixtZmFfYWN0aXZlCmFubix0cnVlCg=="));
    good(&with_stand_ins(&folder, capture));
    let text = manifest(&folder, "iam-mfa");
    assert!(text.contains("query: \"decoded from base64 in credential-report.json\"\n"), "{text}");
    let below = std::fs::read_dir(folder.path().join("evidence/iam-mfa")).unwrap().next().unwrap().unwrap();
    let csv = std::fs::read_to_string(below.path().join("credential-report.csv")).unwrap();
    assert_eq!(csv, "user,mfa_active\nann,true\n");
    without_faults(&folder);
}

#[test]
fn what_is_still_missing_for_the_control_is_said() {
    let folder = company();
    let ran = with_stand_ins(&folder, &format!("{MEMBERS} --yes"));
    assert!(ran.stderr.contains("hint: a person does the work of `iam-access-review`"), "{}", ran.stderr);
    folder.edit("controls/all.yaml", "status: implemented", "status: draft");
    let ran = with_stand_ins(&folder, &format!("{MEMBERS} --yes --result as-expected --summary all-known"));
    good(&ran);
    assert!(
        ran.stderr.contains("warning: `iam-access-review` is a draft: drafts count for nothing"),
        "{}",
        ran.stderr
    );
    assert!(!ran.stderr.contains("hint: a person does"), "{}", ran.stderr);
}

#[test]
fn recipes_are_listed() {
    let folder = company();
    let all = folder.run("evidence capture --list");
    good(&all);
    assert!(all.stdout.contains("gh  GitHub, through its command line\n"), "{}", all.stdout);
    let some = folder.run("evidence capture --list --control iam-mfa");
    assert!(some.stdout.contains("github-members-without-2fa") && !some.stdout.contains("aws-rds-instances"));
    let one = folder.run("evidence capture --list --recipe github-members").stdout;
    for line in [
        "Runs\n  gh api --paginate",
        "--set org=acme  login of the organization",
        "Needs\n",
        "Complete because\n",
    ] {
        assert!(one.contains(line), "`{line}` is not in\n{one}");
    }
    refused(&folder.run("evidence capture --list --control iam-mfaa"), "there is no control");
}

/// The company with an audit that is under way, whatever the day.
pub(crate) fn audited() -> Folder {
    let folder = company();
    let audit =
        "[[audit]]\nid = \"now\"\ntype = \"type2\"\nperiod = { from = 2026-01-01, to = 2099-12-31 }\n";
    let text = folder.read("soc2.toml");
    folder.write("soc2.toml", format!("{text}{audit}"));
    folder
}

#[test]
fn what_was_captured_before_runs_again_when_it_is_due() {
    let folder = audited();
    let nothing = with_stand_ins(&folder, "evidence capture --due --days 120 --yes --by alice");
    good(&nothing);
    assert!(nothing.stdout.contains("Nothing is due that was captured before"), "{}", nothing.stdout);
    assert!(nothing.stdout.contains("`iam-access-review` is due; recipes: "), "{}", nothing.stdout);

    good(&with_stand_ins(&folder, &format!("{MEMBERS} --yes")));
    // What is filed waits for its review; without it nothing is due. One that nobody accepted before is.
    let path = "evidence/iam-access-review";
    let name = std::fs::read_dir(folder.path().join(path)).unwrap().next().unwrap().unwrap().file_name();
    let manifest = format!("{path}/{}/manifest.yaml", name.to_string_lossy());
    let text = folder.read(&manifest);
    let year = |text: &str| {
        text.lines()
            .map(|line| {
                let dated = ["performed:", "collected:", "      started:", "      ended:", "    covers:"];
                let old = dated.iter().any(|key| line.starts_with(key));
                if old { format!("{}\n", line.replace("202", "201")) } else { format!("{line}\n") }
            })
            .collect::<String>()
    };
    folder.write(&manifest, year(&text));
    let ran = with_stand_ins(&folder, "evidence capture --due --days 120 --yes --by alice");
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("with --yes its setting `org` is needed from --set"), "{}", ran.stderr);
    refused(
        &with_stand_ins(&folder, "evidence capture --due --days 120 --yes --by alice --set orga=x"),
        "is no setting of what is due",
    );
    let ran = with_stand_ins(&folder, "evidence capture --due --days 120 --yes --by alice --set org=acme");
    good(&ran);
    assert!(ran.stdout.contains("Wrote evidence/iam-access-review/"), "{}{}", ran.stdout, ran.stderr);
    let shown =
        with_stand_ins(&folder, "evidence capture --due --days 120 --dry-run --by alice --control iam-mfa");
    assert!(shown.stdout.contains("Nothing is due"), "{}", shown.stdout);
}

#[test]
fn the_same_bytes_of_another_run_are_another_artefact() {
    let folder = company();
    let text = folder.read("soc2.toml");
    let audit = "[[audit]]\nid = \"a\"\ntype = \"type2\"\nperiod = { from = 2025-01-01, to = 2025-06-30 }\n";
    folder.write("soc2.toml", format!("{text}{audit}"));
    let file = |quarter: &str, day: &str, started: &str| {
        let manifest = format!(
            "title: Users\ncontrols: [iam-access-review]\nkind: system-report\nperformed: {{ on: {day}, by: alice }}\nresult: {{ outcome: as-expected }}\n\
             collected: {{ at: {day}T23:00:00Z, by: alice }}\nreviewed: {{ on: {day}, by: carol, result: accepted }}\nartifacts:\n  - path: users.json\n    \
             sha256: \"37517e5f3dc66819f61f5a7bb8ace1921282415f10551d2defa5c3eb0985b570\"\n    system: github\n    \
             capture: {{ command: [gh], started: {started}, ended: {started}, exit: 0 }}\n"
        );
        folder.write(&format!("evidence/iam-access-review/{quarter}/manifest.yaml"), manifest);
        folder.write(&format!("evidence/iam-access-review/{quarter}/users.json"), "[]\n");
    };
    file("q1", "2025-03-20", "2025-03-20T10:00:00Z");
    file("q2", "2025-06-20", "2025-06-20T10:00:00Z");
    let check = folder.run("check --as-of 2025-07-01");
    assert!(!check.stdout.contains("artifact-"), "{}", check.stdout);
    file("q2", "2025-06-20", "2025-03-20T10:00:00Z");
    let check = folder.run("check --as-of 2025-07-01");
    assert!(check.stdout.contains("artifact-reused"), "{}", check.stdout);
    // A run that cannot have been as it is said shows nothing beyond its bytes.
    file("q2", "2025-06-20", "2025-06-20T10:00:00Z");
    let first = folder.read("evidence/iam-access-review/q1/manifest.yaml");
    let plain: String =
        first.lines().filter(|line| !line.contains("capture:")).map(|line| format!("{line}\n")).collect();
    folder.write("evidence/iam-access-review/q1/manifest.yaml", plain);
    let manifest = folder.read("evidence/iam-access-review/q2/manifest.yaml");
    for (said, forged) in
        [("exit: 0", "exit: 9"), ("ended: 2025", "ended: 1999"), ("ended: 2025", "ended: 2099")]
    {
        folder.write("evidence/iam-access-review/q2/manifest.yaml", manifest.replace(said, forged));
        let check = folder.run("check --as-of 2025-07-01");
        assert!(check.stdout.contains("artifact-reused"), "{forged}: {}", check.stdout);
    }
}

#[test]
fn an_auditor_reads_how_the_file_came_about() {
    let run = ", query: \"gh api <b>x</b>\", capture: { recipe: github-members, settings: { org: acme }, command: [gh, api, x], \
               version: \"gh 2.60\", account: ann-acme, started: 2026-03-20T10:00:00Z, ended: 2026-03-20T10:00:04Z, exit: 0 }";
    let done = Done::on("2026-03-20").only("users.json", Some("[]\n"), run);
    let world =
        World::over("2026-01-01", "2026-06-30").control("look", "").did_in("look/2026-q1", "look", done);
    let (repo, into) = (repository(&world), Folder::new());
    let bundle = files(&packed(repo.path(), &into, "bundle --audit audit --as-of 2026-07-20"));
    let page = bundle.iter().find(|(path, _)| path.ends_with("2026-q1/about-this-evidence.html")).unwrap().1;
    let page = String::from_utf8_lossy(page);
    for words in ["Runs</h2>", "gh api &lt;b&gt;x&lt;/b&gt;", "gh 2.60", "ann-acme", "2026-03-20T10:00:04Z"] {
        assert!(page.contains(words), "`{words}` is not in\n{page}");
    }
    let shown = repo.folder().run("show look/2026-q1");
    assert!(shown.stdout.contains("run 2026-03-20T10:00:00Z, as ann-acme, gh 2.60"), "{}", shown.stdout);
}
