//! Lists from spreadsheets and other tools, in and out.

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

use crate::evidence::{good, refused};
use crate::support::Folder;

/// A programme as `soc2 init` makes it.
fn fresh() -> Folder {
    let folder = Folder::new();
    good(&folder.run_args(&[
        "init",
        ".",
        "--name",
        "Acme, Inc.",
        "--security-lead",
        "Ann Lee <ann@acme.com>",
        "--approver",
        "Raj Rao <raj@acme.com>",
    ]));
    folder
}

#[test]
fn two_people_never_become_one_without_a_word() {
    let folder = fresh();
    folder.write(
        "in.csv",
        "Name,Email,Start date,End date,Type\n\
         Bo Li,office@x.org,2024-01-01,2024-03-01,Full-Time\n\
         Cat Zu,office@x.org,2024-05-01,,Full-Time\n\
         Dee Ray,dee@x.org,2022-01-01,2023-01-01,Full-Time\n\
         Dee Ray,dee@x.org,2022-06-01,,Full-Time\n\
         Eve Fox,eve@x.org,2022-01-01,2023-01-01,Contractor\n\
         Eve Fox,eve@x.org,2024-01-01,,Full-Time\n\
         Gil Hu,gil@x.org,2022-01-01,2023-01-01,Full-Time\n\
         Gil Hu,gil@x.org,2024-01-01,,Full-Time\n\
         李雷,,2024-01-01,,Full-Time\n",
    );
    let ran = folder.run("import people in.csv");
    good(&ran);
    for line in [
        "4 added, 0 as before, 0 differ, 4 left out\n",
        "  left out: row 3: would be `bo-li`, as row 2 is, with another name (`Cat Zu`, there `Bo Li`): give two people",
        "  left out: row 5: would be `dee-ray`, as row 4 is, with days of work that overlap (since 2022-06-01, there 2022-01-01 to 2023-01-01)",
        "  left out: row 7: would be `eve-fox`, as row 6 is, with another kind (`employee`, there `contractor`)",
        "  left out: row 10: neither a name nor an address in letters from a to z, of which an id is made: give the row one under a \
         heading `ID`",
    ] {
        assert!(ran.stdout.contains(line), "`{line}` is not in\n{}", ran.stdout);
    }
    let people = folder.read("registers/people.yaml");
    assert!(
        people.contains("employed: [{ from: 2022-01-01, to: 2023-01-01 }, { from: 2024-01-01 }]"),
        "{people}"
    );
    assert!(!people.contains("2024-05-01") && !people.contains("2022-06-01"), "{people}");
}

#[test]
fn who_left_and_who_is_no_employee_is_read_from_short_headings() {
    let folder = fresh();
    let list = |last: &str| {
        format!(
            "Employee,Email,Joined,Left,Contract,Team\nOwen Moe,owen@x.org,12.03.2019,2025-11-30,freelance,Ops\nIda Fox,ida@x.org,{last},,permanent,Ops\n"
        )
    };
    folder.write("in.csv", list("01/15/2022"));
    // Slashes say nothing about dots.
    refused(
        &folder.run("import people in.csv"),
        "`12.03.2019` in row 2, column C could be either of two days",
    );
    folder.write("in.csv", list("15/01/2022"));
    let ran = folder.run("import people in.csv");
    good(&ran);
    assert!(ran.stdout.contains("  not read: Team\n    to read one: --map COLUMN=FIELD\n"), "{}", ran.stdout);
    let owen = "  kind: contractor\n  employed: [{ from: 2019-03-12, to: 2025-11-30 }]\n";
    assert!(folder.read("registers/people.yaml").contains(owen));
}

#[test]
fn a_list_without_rows_says_so() {
    let folder = fresh();
    folder.write("in.csv", "Name,Email\n").write("empty.csv", "\n").write("pbc.csv", "Ref,Request\n");
    let ran = folder.run("import people in.csv");
    good(&ran);
    assert!(
        ran.stdout.ends_with("Nothing to write: there is no row below the headings in row 1\n"),
        "{}",
        ran.stdout
    );
    let why = "holds no rows: a list of vendors has headings, and below a row for each";
    refused(&folder.run("import vendors empty.csv"), why);
    refused(&folder.run("import requests pbc.csv"), "has no request below its headings in row 1");
    folder.write("in.csv", "Name,Email,Status\nBo Li,bo@acme.com,Terminated\n");
    let ran = folder.run("import people in.csv");
    assert!(ran.stdout.contains("Nothing to write: every row was left out\n"), "{}", ran.stdout);
}

#[test]
fn a_table_is_written_in_a_form_that_there_is() {
    let folder = fresh();
    for name in ["x.pdf", "x.PDF", "a.b"] {
        let ran = folder.run(&format!("export people --out {name}"));
        refused(&ran, "a table is not written as");
        assert!(ran.stderr.contains("`.csv`, `.xlsx` or `.json`"), "{}", ran.stderr);
        assert!(!folder.path().join(name).exists());
    }
    good(&folder.run("export people --out x.PDF --to csv"));
    good(&folder.run("export people --out list"));
    assert_eq!(folder.read("list"), folder.read("x.PDF"));
}

/// A path counts from the current folder, whatever `-C` names, as with the other verbs.
#[test]
fn paths_count_from_the_current_folder() {
    let folder = Folder::new();
    good(&folder.run_args(&["init", "here", "--name", "Acme, Inc."]));
    folder.write("in.csv", "Name,Email\nBo Li,bo@acme.com\n").write("here/out.csv", "another's");
    let ran = folder.run("-C here import people in.csv");
    good(&ran);
    assert!(ran.stdout.starts_with("in.csv: headings in row 1"), "{}", ran.stdout);
    good(&folder.run("-C here export people --out out.csv"));
    assert!(folder.read("out.csv").contains("Bo Li"));
    assert_eq!(folder.read("here/out.csv"), "another's");
}

const HR: &str = "Employee #,Last name,First name,Work Email,Employment Type,Hire Date,Termination Date,Supervisor ID,Status,Salary,Date of Birth,Notes\r\n\
    1001,Lee,Ann,ann@acme.com,Full-Time,03/01/2024,,1002,Active,200000,1980-01-01,on leave\r\n\
    1002,Rao,Raj,RAJ@acme.com,Full-Time,03/01/2021,,,Active,300000,1970-01-01,\r\n\
    1003,O'Brien,José,jose@acme.com,Contractor,06/15/2025,,1001,Active,1,1990-01-01,\r\n\
    1004,Kim,Sam,sam@acme.com,Full-Time,01/10/2022,09/30/2023,1001,Terminated,1,1990-01-01,\r\n\
    1004,Kim,Sam,sam@acme.com,Full-Time,02/01/2025,,1001,Active,1,1990-01-01,\r\n\
    1005,Gone,Pat,pat@acme.com,Full-Time,02/01/2020,,1001,Terminated,1,1990-01-01,\r\n\
    1006,Kim,Sam,sam.kim@acme.com,Intern,05/31/2026,,1003,Active,1,1990-01-01,\r\n";

#[test]
fn a_newcomer_brings_the_people() {
    let folder = fresh();
    folder.write("hr.csv", HR);
    let before = folder.read("registers/people.yaml");
    let dry = folder.run("import people hr.csv --dry-run");
    good(&dry);
    assert_eq!(folder.read("registers/people.yaml"), before);
    let ran = folder.run("import people hr.csv");
    good(&ran);
    for line in [
        "hr.csv: headings in row 1, 7 rows\n",
        "  emails                       D  Work Email\n",
        "  not read: Notes\n",
        "  never read: Salary, Date of Birth (personal data that a programme has no need of)\n",
        "3 added, 0 as before, 2 differ, 1 left out\n",
        "  added: jose-obrien, sam-kim, sam-kim-2\n",
        "  differs: ann-lee: manager is not said here, raj-rao in the file; employed since ",
        " here, since 2024-03-01 in the file\n",
        "  Rows that are here are never changed",
        "  left out: row 7: `Terminated`, without a last day\n",
        "Wrote registers/people.yaml\n",
        "Next: say in registers/roles.yaml who holds engineering-lead, hr-lead, then soc2 check\n",
    ] {
        assert!(ran.stdout.contains(line), "`{line}` is not in\n{}{}", ran.stdout, ran.stderr);
    }
    let after = folder.read("registers/people.yaml");
    let added = after.strip_prefix(&before).unwrap();
    assert_eq!(
        added,
        "- id: jose-obrien\n  name: \"José O'Brien\"\n  emails: [\"jose@acme.com\"]\n  kind: contractor\n  manager: ann-lee\n  \
         employed: [{ from: 2025-06-15 }]\n\
         - id: sam-kim\n  name: \"Sam Kim\"\n  emails: [\"sam@acme.com\"]\n  kind: employee\n  manager: ann-lee\n  \
         employed: [{ from: 2022-01-10, to: 2023-09-30 }, { from: 2025-02-01 }]\n\
         - id: sam-kim-2\n  name: \"Sam Kim\"\n  emails: [\"sam.kim@acme.com\"]\n  kind: employee\n  manager: jose-obrien\n  \
         employed: [{ from: 2026-05-31 }]\n"
    );
    for secret in ["200000", "1980", "on leave"] {
        assert!(!after.contains(secret) && !ran.stdout.contains(secret), "{secret}");
    }
    let again = folder.run("import people hr.csv");
    assert!(again.stdout.contains("0 added, 3 as before, 2 differ, 1 left out"), "{}", again.stdout);
    assert!(again.stdout.contains("Nothing to write: all of it is here already\n"), "{}", again.stdout);
    assert_eq!(folder.read("registers/people.yaml"), after);
    let check = folder.run("check --as-of 2026-11-22");
    assert!(check.stdout.contains("no faults"), "{}", check.stdout);
}

/// A control matrix as an auditor sends it: a title, days that are days, a formula, wording of criteria.
fn matrix() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Read me").unwrap().write(0, 0, "Controls are on the next tab").unwrap();
    let sheet = book.add_worksheet().set_name("Matrix").unwrap();
    sheet.write(0, 0, "Acme controls").unwrap();
    let headings = [
        "Control #",
        "Control Activity",
        "Criteria",
        "Criteria Text",
        "Owner",
        "Frequency",
        "Status",
        "Implementation Date",
    ];
    for (column, heading) in (0u16..).zip(headings) {
        sheet.write(2, column, heading).unwrap();
    }
    let day = Format::new().set_num_format("m/d/yyyy");
    for (row, (id, text, criteria, owner, often, status)) in (3u32..).zip([
        ("AC-07", "=Users are {{reviewed}}", "CC6.2, cc_6_3", "ann@acme.com", "Quarterly", "Implemented"),
        ("AC-08", "Keys are\nrotated", "CC9.9", "Jo Doe", "Bi-weekly", "Planned"),
        ("AC-07", "Again", "", "", "", ""),
    ]) {
        for (column, words) in
            [(0, id), (1, text), (2, criteria), (3, "AICPA words"), (4, owner), (5, often), (6, status)]
        {
            sheet.write_string(row, column, words).unwrap();
        }
        sheet.write_with_format(row, 7, ExcelDateTime::from_ymd(2026, 1, 15).unwrap(), &day).unwrap();
    }
    sheet.write_formula(4, 4, Formula::new("A1&\"x\"").set_result("Jo Doe")).unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_control_matrix_becomes_drafts() {
    let folder = fresh();
    folder.write("matrix.xlsx", matrix());
    let ran = folder.run("import controls matrix.xlsx");
    good(&ran);
    for line in [
        "matrix.xlsx, sheet `Matrix`: headings in row 3, 3 rows\n",
        "  never read: Criteria Text (the wording of criteria, which is the AICPA's)\n",
        "  not taken over: Status, Implementation Date (for a person to state here",
        "2 added, 0 as before, 0 differ, 1 left out\n",
        "  left out: row 6: `ac-07` stands in row 4 already\n",
        "Wrote controls/ac/ac-07.yaml, controls/ac/ac-08.yaml\n",
        "Next: read each draft",
        "note: 1 cell is read as last computed, never as a formula: E5\n",
        "note: Frequency: no word that is known here: `Bi-weekly` in row 5, column F\n",
        "note: not in people or roles yet: `jo-doe`",
        "note: not in the framework yet: `CC9.9`",
    ] {
        assert!(
            (ran.stdout.clone() + &ran.stderr).contains(line),
            "`{line}` is not in\n{}{}",
            ran.stdout,
            ran.stderr
        );
    }
    assert_eq!(
        folder.read("controls/ac/ac-07.yaml"),
        "# From matrix.xlsx, row 4\nid: ac-07\ntitle: \"=Users are {{ \\\"{{\\\" }}reviewed}}\"\ndescription: \"=Users are {{ \\\"{{\\\" }}reviewed}}\"\nowner: ann-lee\nstatus: draft\n\
         cadence: quarterly\ncriteria: [CC6.2, CC6.3]\naliases: [AC-07]\n"
    );
    assert!(!folder.read("controls/ac/ac-08.yaml").contains("AICPA"));
    let check = folder.run("check --as-of 2026-11-22");
    assert_eq!(check.code, 1, "{}", check.stdout);
    for line in ["`CC9.9` is not a criterion", "controls/ac/ac-08.yaml:7:", "`jo-doe`"] {
        assert!(check.stdout.contains(line), "`{line}` is not in\n{}", check.stdout);
    }
    let again = folder.run("import controls matrix.xlsx");
    assert!(again.stdout.contains("0 added, 2 as before, 0 differ"), "{}", again.stdout);
    let stated = folder.run("import controls matrix.xlsx --as-stated");
    assert!(
        stated.stdout.contains(
            "differs: ac-07: status is draft here, implemented in the file; in place since is not said here"
        ),
        "{}",
        stated.stdout
    );
}

#[test]
fn what_goes_out_comes_back() {
    let folder = Folder::from_example("acme");
    for kind in ["controls", "people", "risks", "vendors"] {
        for form in ["csv", "xlsx"] {
            let file = format!("out.{form}");
            good(&folder.run(&format!("export {kind} --out {file} --force")));
            let stated = if kind == "people" { "" } else { " --as-stated" };
            let ran = folder.run(&format!("import {kind} {file} --dry-run{stated}"));
            good(&ran);
            let count = ran.stdout.lines().find(|line| line.contains(" as before, ")).unwrap();
            assert!(
                count.starts_with("0 added, ") && count.ends_with(" 0 differ, 0 left out"),
                "{kind}: {}{}",
                ran.stdout,
                ran.stderr
            );
            assert!(!count.contains(" 0 as before"), "{kind}: {count}");
        }
    }
    for kind in ["evidence", "policies"] {
        good(&folder.run(&format!("export {kind} --out {kind}.json --as-of 2026-06-30")));
        let json: String = folder.read(&format!("{kind}.json"));
        assert!(
            json.contains("\"format\": \"soc2-table/1\"")
                && (json.contains("\"access-control\"") || json.contains("iam-access-review")),
            "{json}"
        );
    }
    refused(&folder.run("export people --out out.csv"), "`out.csv` is there already");
    refused(&folder.run("export people --to xlsx --out -"), "a workbook cannot be shown on a terminal");
    let shown = folder.run("export people --out -");
    assert!(shown.stdout.starts_with("\u{feff}ID,Name,E-mail,"), "{}", shown.stdout);
}

#[test]
fn records_of_people_are_found_by_address_and_added_where_the_register_is() {
    let folder = Folder::from_example("acme");
    let before = folder.read("registers/training.csv");
    folder.write(
        "lms.csv",
        "Email;Course Name;Date Completed\ndana@acme.example;Phishing, basics;31.01.2026\nnobody@x.org;Phishing;31.01.2026\n\
         raj@acme.example;Phishing;soon\n",
    );
    let ran = folder.run("import training lms.csv");
    good(&ran);
    let out = ran.stdout.clone() + &ran.stderr;
    for line in [
        "2 added, 0 as before, 0 differ, 1 left out\n",
        "  left out: row 3: `nobody` is not in registers/people.yaml\n",
        "Wrote registers/training.csv\n",
        "note: Date Completed: no day that can be read: `soon` in row 4, column C\n",
        "note: without a day of completion: raj, Phishing\n",
    ] {
        assert!(out.contains(line), "`{line}` is not in\n{out}");
    }
    let after = folder.read("registers/training.csv");
    assert!(after.starts_with(&before) && after.contains("\"Phishing, basics\""), "{after}");
    assert!(folder.run("import training lms.csv").stdout.contains("0 added, 2 as before"));
    folder.write(
        "acks.csv",
        "Person,Policy,Policy version,Accepted at\ndana,Access Control Policy,9,2026-02-01T03:00:00Z\n",
    );
    good(&folder.run("import acknowledgements acks.csv"));
    let after = folder.read("registers/acknowledgements.csv");
    assert!(after.ends_with("dana,access-control,9,2026-01-31\n"), "{after}");
    let check = folder.run("check --as-of 2026-06-30");
    assert!(check.stdout.contains("no faults"), "{}", check.stdout);
}

#[test]
fn what_is_broken_is_refused_and_leaves_nothing_behind() {
    let folder = fresh();
    let list = |folder: &Folder| {
        let ran = std::process::Command::new("find").arg(folder.path()).output().unwrap();
        let mut lines: Vec<String> =
            String::from_utf8_lossy(&ran.stdout).lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let people = folder.read("registers/people.yaml");
    folder.write("in.csv", "");
    let before = list(&folder);
    for (bytes, why) in [
        (b"PK\x03\x04 not a workbook".to_vec(), "is no workbook that Excel writes (.xlsx)"),
        (
            b"Name,Email\nA,\"a@x.org\nB,b@x.org\n".to_vec(),
            "has a quote that is never closed: it opens in row 2, column B",
        ),
        (b"\x89PNG\r\n\x1a\n\x00\x00".to_vec(), "is neither a workbook (.xlsx) nor comma-separated text"),
        (b"".to_vec(), "holds no rows"),
        (
            b"Was,Wer\na,b\n".to_vec(),
            "no row names its columns; a list of people has name, or first, or last-first, or emails; row 1 has `A: Was` and `B: Wer`",
        ),
        (
            b"Name,Start date\nA B,3/4/2026\n".to_vec(),
            "`3/4/2026` in row 2, column B could be either of two days",
        ),
        (vec![b'a'; (32 << 20) + 1], "is larger than 32 MB"),
        (
            b"Name,Email\n".iter().copied().chain(b"a,b\n".repeat(1_000_000)).collect(),
            "has more than 300000 cells",
        ),
    ] {
        folder.write("in.csv", bytes);
        refused(&folder.run("import people in.csv"), why);
        assert_eq!(list(&folder), before, "{why}");
        assert_eq!(folder.read("registers/people.yaml"), people, "{why}");
    }
    let many: String =
        (0..7_000).map(|n| format!("Person {n},p{n}@x.org,2026-01-31,Full-time,p1@x.org\n")).collect();
    folder.write("in.csv", format!("Name,Email,Start date,Kind,Manager\n{many}"));
    refused(
        &folder.run("import people in.csv"),
        "`registers/people.yaml` would grow larger than a register may be",
    );
    folder.write("in.csv", "a,b\n".repeat(200_000));
    let hint = folder.run("import people in.csv --map X=strat");
    refused(&hint, "has more than 300000 cells");
    folder.write("in.csv", "Name,Pay,Starts\nA B,1,2026-01-02\n");
    refused(
        &folder.run("import people in.csv --map Starts=strat"),
        "`strat` is no field of people (did you mean `start`?)",
    );
    refused(&folder.run("import people in.csv --map Start=start"), "no column is called `Start`");
    refused(
        &folder.run("import people in.csv --map Pay=notes"),
        "`Pay` is personal data that a programme has no need of",
    );
    refused(&folder.run("import people in.csv --preset vanta"), "there is no preset `vanta` for people");
    refused(&folder.run("import people in.csv --preset okta"), "it has not the columns that okta writes");
    assert_eq!(list(&folder), before);
    good(&folder.run("import people in.csv --map Starts=start"));
    assert!(
        folder
            .read("registers/people.yaml")
            .contains("- id: a-b\n  name: \"A B\"\n  kind: employee\n  employed: [{ from: 2026-01-02 }]\n")
    );
}

#[test]
fn other_letters_are_read_whatever_wrote_them() {
    for (nth, bytes) in [
        "Name,Email\nZoë Ñ,zoe@x.org\n".encode_utf16().fold(b"\xff\xfe".to_vec(), |mut all, unit| {
            all.extend(unit.to_le_bytes());
            all
        }),
        b"Name;Email\r\nZo\xeb \xd1;zoe@x.org\r\n".to_vec(),
        "\u{feff}Name\tEmail\nZoë Ñ\tzoe@x.org\n".as_bytes().to_vec(),
    ]
    .into_iter()
    .enumerate()
    {
        let folder = fresh();
        folder.write("in.csv", bytes);
        let ran = folder.run("import people in.csv");
        good(&ran);
        let people = folder.read("registers/people.yaml");
        assert!(people.contains("- id: zoe-n\n  name: \"Zoë Ñ\"\n"), "{nth}: {people}");
        assert!(ran.stderr.contains("note: without a first day (`employed`): zoe-n"), "{}", ran.stderr);
    }
}

#[test]
fn a_status_may_say_what_somebody_is_to_the_company() {
    let folder = fresh();
    folder.write(
        "bamboo.csv",
        "\"Last name, First name\",Work Email,Hire Date,Employment Status,Reporting to\n\
         \"Doe, Jo\",jo@acme.com,2025-01-31,Full-Time,Ann Lee\n\"Roe, Al\",al@acme.com,2025-02-28,Contractor,Jo Doe\n",
    );
    let ran = folder.run("import people bamboo.csv");
    good(&ran);
    assert_eq!(ran.stderr, "");
    let people = folder.read("registers/people.yaml");
    assert!(
        people.ends_with(
            "- id: jo-doe\n  name: \"Jo Doe\"\n  emails: [\"jo@acme.com\"]\n  kind: employee\n  manager: ann-lee\n  \
             employed: [{ from: 2025-01-31 }]\n- id: al-roe\n  name: \"Al Roe\"\n  emails: [\"al@acme.com\"]\n  kind: contractor\n  \
             manager: jo-doe\n  employed: [{ from: 2025-02-28 }]\n"
        ),
        "{people}"
    );
}

#[test]
fn a_preset_reads_its_own_columns_alone() {
    let folder = fresh();
    folder.write(
        "users.csv",
        "First Name [Required],Last Name [Required],Email Address [Required],Password [Required],Org Unit Path [Required],Recovery Email,Employee Type,Manager Email\n\
         Jo,Doe,jo@acme.com,****,/,jo@home.org,Contractor,ann@acme.com\n",
    );
    let ran = folder.run("import people users.csv --preset google-workspace");
    good(&ran);
    assert!(
        ran.stdout.contains("never read: Password [Required], Recovery Email (personal"),
        "{}",
        ran.stdout
    );
    let people = folder.read("registers/people.yaml");
    assert!(
        people.ends_with("- id: jo-doe\n  name: \"Jo Doe\"\n  emails: [\"jo@acme.com\"]\n  kind: contractor\n  manager: ann-lee\n"),
        "{people}"
    );
}

#[test]
fn the_page_names_every_field_and_preset() {
    let page = std::fs::read_to_string(crate::support::root().join("docs/lists.md")).unwrap();
    for kind in soc2::exchange::Kind::ALL {
        let row = page.lines().rfind(|line| line.starts_with(&format!("| `{}` |", kind.word()))).unwrap();
        let names: Vec<&str> = row.split('`').skip(3).step_by(2).collect();
        let fields: Vec<&str> = kind.fields().iter().map(|field| field.name).collect();
        assert_eq!(names, fields, "{}", kind.word());
        for preset in soc2::exchange::presets(*kind) {
            assert!(page.contains(preset.name), "{}", preset.name);
        }
    }
}
