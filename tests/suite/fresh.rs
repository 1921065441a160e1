//! `soc2 new`: what it writes reads well at once, every other byte stays, and what cannot be written leaves nothing behind.

use std::fs;

use crate::support::{Folder, Ran};

/// A programme as `soc2 init` makes it.
fn scaffold() -> Folder {
    let folder = Folder::new();
    good(&folder.run_args(&[
        "init",
        "--name",
        "Acme",
        "--security-lead",
        "Ann Lee <ann@acme.com>",
        "--approver",
        "Raj Rao <raj@acme.com>",
        "--from",
        "2026-01-01",
        "--to",
        "2026-12-31",
    ]));
    folder
}

fn good(ran: &Ran) {
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
}

/// One of each kind; `$by` is a person, `$owner` a role or person, `$control` a control.
const EACH: &[(&str, &[&str], &str)] = &[
    ("control phy-visitors", &[], "controls/phy/phy-visitors.yaml:1: control `phy-visitors`, a draft"),
    (
        "control my-own",
        &[
            "--title",
            "We do: \"it\" # daily",
            "--description",
            "Each working day the lead's deputy counts the keys, and writes the number down.",
            "--owner",
            "$owner",
            "--cadence",
            "daily",
            "--criteria",
            "cc6.4,CC6.1",
        ],
        "controls/my/my-own.yaml:1: control `my-own`, a draft",
    ),
    (
        "policy key-cabinet",
        &[
            "--title",
            "Key Cabinet Policy",
            "--owner",
            "$owner",
            "--purpose",
            "This policy says who may open the key cabinet: \"nobody\" # alone.",
            "--requirement",
            "The lead opens the cabinet with a second person.",
        ],
        "policies/key-cabinet.md:1: policy `key-cabinet`, a draft",
    ),
    (
        "vendor",
        &[
            "--name",
            "Mail: \"x\" # y",
            "--service",
            "sends mail",
            "--owner",
            "$owner",
            "--tier",
            "low",
            "--personal-data",
            "no",
        ],
        ": vendor `mail-x-y`",
    ),
    (
        "risk a-risk",
        &[
            "--statement",
            "A key is lost, so that a door stays open.",
            "--owner",
            "$owner",
            "--likelihood",
            "2",
            "--impact",
            "3",
            "--response",
            "mitigate",
            "--controls",
            "$control",
        ],
        ": risk `a-risk`",
    ),
    (
        "incident",
        &[
            "--title",
            "No: # mail",
            "--severity",
            "sev4",
            "--detected",
            "2026-03-03T09:12:00+01:00",
            "--resolved",
            "2026-03-03T09:52:00Z",
            "--owner",
            "$owner",
            "--action",
            "a; b",
        ],
        ": incident `2026-03-no-mail`",
    ),
    (
        "exception",
        &[
            "--control",
            "$control",
            "--slot",
            "2026-q1",
            "--by",
            "$by",
            "--on",
            "2026-04-20",
            "--cause",
            "nobody: took over",
            "--effect",
            "none",
            "--remediated-on",
            "2026-05-02",
            "--remediated-by",
            "$by",
        ],
        ": exception `2026-q1-",
    ),
    (
        "meeting",
        &[
            "--body",
            "security-steering",
            "--on",
            "2026-03-18",
            "--attendee",
            "Raj Rao",
            "--attendee",
            "null",
            "--agenda",
            "budget, risks",
            "--independent",
            "no",
        ],
        ": meeting `security-steering-2026-03-18`",
    ),
    (
        "waiver",
        &[
            "--rule",
            "criterion-planned-only",
            "--subject",
            "CC1.2",
            "--reason",
            "Later: # soon",
            "--by",
            "$by",
            "--expires",
            "$soon",
        ],
        ": waiver `cc1-2-criterion-planned-only`",
    ),
];

/// A day within the year for which a waiver may hold.
fn soon() -> String {
    let today =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() / 86_400;
    let day =
        jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(i64::try_from(today).unwrap() + 90));
    day.unwrap().to_string()
}

fn added(folder: &Folder, words: &str, flags: &[&str], [by, owner, control]: [&str; 3]) -> Ran {
    let soon = soon();
    let filled = flags.iter().map(|flag| match *flag {
        "$by" => by,
        "$owner" => owner,
        "$control" => control,
        "$soon" => soon.as_str(),
        other => other,
    });
    let args: Vec<&str> = std::iter::once("new").chain(words.split(' ')).chain(filled).collect();
    folder.run_args(&args)
}

fn all_kinds(folder: &Folder, names: [&str; 3]) {
    let before = folder.run("check -q --format json");
    assert_eq!(before.code, 0, "{}", before.stderr);
    for (words, flags, said) in EACH {
        let ran = added(folder, words, flags, names);
        good(&ran);
        assert!(ran.stdout.starts_with("Wrote ") && ran.stdout.contains(said), "{words}: {}", ran.stdout);
        assert!(ran.stdout.contains("git add "), "{}", ran.stdout);
        // A second one of the same id is refused.
        if words.contains(' ') {
            let again = added(folder, words, flags, names);
            assert_eq!(again.code, 2, "{words}: {}", again.stdout);
            assert!(again.stderr.contains("already"), "{words}: {}", again.stderr);
        }
    }
    let after = folder.run("check -q --format json");
    assert_eq!(after.code, 0, "{}{}", after.stdout, after.stderr);
    let waiver = folder.read("registers/waivers.yaml");
    let own = waiver.rsplit_once("- id: cc1-2-criterion-planned-only").unwrap().1;
    assert!(!own.contains("approved"), "{own}");
    let gaps = folder.run("report gaps --audit 2026-type2").stdout;
    assert!(gaps.contains("waiver-awaits-approval"), "{gaps}");
}

#[test]
fn one_of_each_kind_reads_well_in_a_new_programme() {
    all_kinds(&scaffold(), ["ann-lee", "security-lead", "iam-access-review"]);
}

#[test]
fn one_of_each_kind_reads_well_in_a_programme_that_is_lived_in() {
    all_kinds(&Folder::from_example("acme"), ["alice", "security-lead", "iam-access-review"]);
}

#[test]
fn all_that_is_missing_is_told_at_once_and_nothing_is_written() {
    let folder = scaffold();
    let before = folder.read("registers/vendors.yaml");
    let ran = folder.run("new vendor --name Acme");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("3 answers are missing; nothing was written"), "{}", ran.stderr);
    for flag in ["--service TEXT", "--owner ID", "--tier TIER"] {
        assert!(ran.stderr.contains(flag), "{}", ran.stderr);
    }
    let dry = folder.run("new vendor --service mail --owner ann-lee --tier low --dry-run");
    assert!(
        dry.stdout.contains("- id: mail\n") && dry.stdout.contains("Nothing was written"),
        "{}",
        dry.stdout
    );
    assert_eq!(folder.read("registers/vendors.yaml"), before);
}

#[test]
fn slips_and_hostile_words_are_refused() {
    let folder = scaffold();
    let long = "x".repeat(100_000);
    let soon = soon();
    let vendor = |extra: &[&str]| -> Vec<String> {
        let base = ["new", "vendor", "--service", "mail", "--owner", "ann-lee", "--tier", "low"];
        base.iter().chain(extra).map(|word| (*word).to_owned()).collect()
    };
    let words = |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
    let waiver = |rule: &str, expires: &str| -> Vec<String> {
        words(&format!(
            "new waiver --rule {rule} --subject CC1.2 --reason later --by ann-lee --expires {expires}"
        ))
    };
    let cases: Vec<(Vec<String>, &str)> = vec![
        (vendor(&["../../etc"]), "is not an id"),
        (vendor(&["Mail"]), "write `mail`"),
        (
            words(
                "new control con --title t --description d --owner ann-lee --cadence daily --criteria CC6.1",
            ),
            "con",
        ),
        (vendor(&["--name", "a\u{1b}[31mb"]), "U+001B"),
        (vendor(&["--name", "a\u{202e}b"]), "U+202E"),
        (vendor(&["--name", "two\nlines"]), "several lines"),
        (vendor(&["--name", &long]), "longer than 400"),
        (vendor(&["--notes", &long]), "longer than 4000"),
        (vendor(&["--dpa", "2026-02-30"]), "2026-02-30"),
        (words("new vendor --service mail --owner ann-le --tier low"), "did you mean `ann-lee`?"),
        (words("new vendor --service mail --owner ann-lee --tier lo"), "low"),
        (
            words(
                "new control x --title t --description d --owner ann-lee --cadence daily --criteria CC6.11",
            ),
            "did you mean `CC6.1`?",
        ),
        (words("new control x --like iam-acess-review"), "did you mean `iam-access-review`?"),
        (words("new control iam-access-review"), "controls/iam/iam-access-review.yaml:1"),
        (
            words(
                "new control x --title {{nothing}} --description d --owner ann-lee --cadence daily --criteria CC6.1",
            ),
            "nothing",
        ),
        (words("new policy access-control"), "policies/access-control.md"),
        (
            words(
                "new exception --control iam-access-review --by ann-lee --on 2026-04-20 --cause c --effect e",
            ),
            "or --item ITEM",
        ),
        (
            words("new vendor --name 李雷 --service 云 --owner ann-lee --tier low"),
            "ID: its id in letters from a to z, digits and hyphens: none can be made of `李雷`",
        ),
        (words("new policy data-retention"), "no control here carries a section"),
        (
            words("new risk r --statement s --owner ann-lee --likelihood 6 --impact 1 --response mitigate"),
            "from 1 to 5",
        ),
        (
            words("new risk r --statement s --owner ann-lee --likelihood 5 --impact 1 --response accept"),
            "a person's decision",
        ),
        (
            words("new incident i --title t --severity sev1 --detected 2999-01-01T00:00:00Z --owner ann-lee"),
            "in the future",
        ),
        (
            words("new incident i --title t --severity sev1 --detected 2026-03-03 --owner ann-lee"),
            "2026-03-03",
        ),
        (
            words(
                "new incident i --title t --severity sev1 --detected 2026-03-03T09:00:00Z --resolved 2026-03-03T08:00:00Z --owner ann-lee",
            ),
            "before what came first",
        ),
        (
            words(
                "new exception --control iam-acces-review --slot 2026-Q1 --by ann-lee --on 2026-04-20 --cause c --effect e",
            ),
            "did you mean `iam-access-review`?",
        ),
        (
            words(
                "new exception --control iam-access-review --slot sometime --by ann-lee --on 2026-04-20 --cause c --effect e",
            ),
            "not the name of a slot",
        ),
        (
            words(
                "new exception --control iam-access-review --slot 2026-Q1 --by security-lead --on 2026-04-20 --cause c --effect e",
            ),
            "is a role",
        ),
        (words("new meeting --body board --on 2999-01-01 --attendee Ann"), "in the future"),
        (waiver("role-vacan", &soon), "did you mean `role-vacant`?"),
        (waiver("unknown-criterion", &soon), "is a diagnostic"),
        (waiver("waiver-expired", &soon), "cannot be waived"),
        (waiver("role-vacant", "2999-01-01"), "twelve months"),
        (waiver("role-vacant", "2020-01-01"), "is past"),
    ];
    let registers = || -> Vec<String> {
        let mut all: Vec<String> = fs::read_dir(folder.path().join("registers"))
            .unwrap()
            .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
            .collect();
        all.sort();
        all
    };
    let before = registers();
    for (args, why) in cases {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let ran = folder.run_args(&args);
        let shown: Vec<&str> = args.iter().map(|arg| arg.get(..60).unwrap_or(arg)).collect();
        assert_eq!(ran.code, 2, "{shown:?}: {}", ran.stdout);
        assert!(ran.stderr.contains(why), "{shown:?}: {}", ran.stderr);
        assert!(
            ran.stderr.len() < 2_000 && !ran.stderr.contains('\u{1b}'),
            "{shown:?}: {}",
            ran.stderr.len()
        );
    }
    assert_eq!(registers(), before);
    assert!(!folder.path().join("controls/x").exists());
}

#[cfg(unix)]
#[test]
fn nothing_is_written_behind_a_link() {
    let folder = scaffold();
    let outside = Folder::new();
    outside.write("vendors.yaml", "");
    let link = |target: &str, name: &str| {
        let name = folder.path().join(name);
        let _ = fs::remove_file(&name);
        std::os::unix::fs::symlink(outside.path().join(target), name).unwrap();
    };
    link("vendors.yaml", "registers/vendors.yaml");
    let ran = folder.run("new vendor mail --service mail --owner ann-lee --tier low");
    assert!(ran.code == 2 && ran.stderr.contains("link"), "{}{}", ran.stdout, ran.stderr);
    link("", "controls/my");
    let ran = folder.run(
        "new control my-own --title t --description Daily. --owner ann-lee --cadence daily --criteria CC6.1",
    );
    assert!(ran.code == 2 && ran.stderr.contains("link"), "{}{}", ran.stdout, ran.stderr);
    assert_eq!(outside.read("vendors.yaml"), "");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
}

#[test]
fn the_catalogue_brings_what_it_needs() {
    let folder = scaffold();
    folder.edit("soc2.toml", "revoke_days = 5\n", "");
    for control in ["iam-access-review", "phy-visitors"] {
        let _ = fs::remove_file(folder.path().join(format!("controls/iam/{control}.yaml")));
    }
    let list = folder.run("new control iam --list");
    good(&list);
    assert!(
        list.stdout.contains("here  iam-mfa") && list.stdout.contains("      iam-access-review"),
        "{}",
        list.stdout
    );
    let ran = folder.run("new control iam-access-review");
    good(&ran);
    let text = folder.read("controls/iam/iam-access-review.yaml");
    assert!(
        text.contains("status: draft") && text.contains("policies: [access-control#access-reviews]"),
        "{text}"
    );
    assert!(!text.contains("catalogue:"), "{text}");
    assert!(ran.stdout.contains("soc2.toml") && ran.stdout.contains("revoke_days = 5"), "{}", ran.stdout);
    assert!(folder.read("soc2.toml").contains("\nrevoke_days = 5\n"));
    let like = folder.run_args(&[
        "new",
        "control",
        "iam-vault-review",
        "--like",
        "iam-access-review",
        "--owner",
        "ann-lee",
        "--cadence",
        "monthly",
        "--title",
        "Vault: reviewed",
    ]);
    good(&like);
    let text = folder.read("controls/iam/iam-vault-review.yaml");
    for line in [
        "id: iam-vault-review\ntitle: \"Vault: reviewed\"\n",
        "owner: ann-lee\n",
        "cadence: monthly\n",
        "nature: detective\n",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let policies = folder.run("new policy --list");
    assert!(
        policies.stdout.contains("here  access-control")
            && policies.stdout.contains("      physical-security"),
        "{}",
        policies.stdout
    );
    let joined = folder.run("new policy authentication --dry-run");
    assert!(joined.stderr.contains("`access-control` was made of the template"), "{}", joined.stderr);
    good(&folder.run("new control phy-visitors"));
    good(&folder.run("new policy physical-security --title Doors"));
    let text = folder.read("policies/physical-security.md");
    assert!(
        text.contains("title: Doors\n") && text.contains("\n# Doors\n") && !text.contains("carried by"),
        "{text}"
    );
    let check = folder.run("check -q");
    assert_eq!(check.code, 0, "{}", check.stdout);
}

/// Without a system a deviation is of each system of the control, which is told.
#[test]
fn an_exception_says_which_systems_it_is_of() {
    let folder = scaffold();
    let control = "controls/iam/iam-access-review.yaml";
    let text = folder.read(control);
    let systems =
        "- { id: github, in_scope: true, owner: ann-lee }\n- { id: okta, in_scope: true, owner: ann-lee }\n";
    folder
        .write("registers/systems.yaml", systems)
        .write(control, format!("{text}systems: [github, okta]\n"));
    let base = "new exception --control iam-access-review --slot 2026-Q1 --by ann-lee --on 2026-04-20 --cause c --effect e";
    let note =
        "note: no system is named: the deviation is of `github` and `okta`, each of them; --system ID names";
    let ran = folder.run(base);
    good(&ran);
    assert!(ran.stderr.contains(note), "{}", ran.stderr);
    let ran = folder.run(&format!("{base} --system okta"));
    good(&ran);
    assert!(!ran.stderr.contains("no system is named"), "{}", ran.stderr);
}
