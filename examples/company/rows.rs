//! Rows of artefacts that follow from the people at work, from the calendar or from a small table.

use jiff::civil::{Date, Weekday};

use super::calendar::{self, days, later, working_after, working_before};
use super::chance::Chance;
use super::staff::{self, Stint};
use super::table::{Table, tables};

/// What the rows are for.
pub struct Scope<'s> {
    pub from: Date,
    pub to: Date,
    /// The day the list was taken.
    pub on: Date,
    pub system: &'s str,
}

/// The rows of a specification such as `users github` or `table incidents detected`.
pub fn rows(specification: &str, scope: &Scope<'_>) -> Table {
    let words: Vec<&str> = specification.split(' ').collect();
    match words[..] {
        ["users"] => users(scope.system, scope.on),
        ["users", system] => users(system, scope.on),
        ["administrators"] => administrators(scope.system, scope.on),
        ["staff"] => staff_list(scope.on),
        ["devices"] => devices(scope.on),
        ["hires", column] => hires(column, scope),
        ["leavers"] => leavers(scope),
        ["removals"] => removals(scope),
        ["grants"] => grants(scope),
        ["commits"] => commits(scope),
        ["runs"] => runs(scope),
        ["backups"] => backups(scope),
        ["weeks"] => weeks(scope),
        ["usage"] => usage(scope),
        ["alerts"] => alerts(scope),
        ["training", course] => training(course, scope.on),
        ["table", name] => tables(name),
        ["table", name, column] => tables(name).within(column, scope.from, scope.to),
        _ => panic!("no rows are called `{specification}`"),
    }
}

/// May this person use the system, and as what?
fn access(stint: &Stint, system: &str) -> Option<&'static str> {
    let platform = stint.title.contains("latform") || stint.title.starts_with("Chief tech");
    let builds = stint.department == "engineering" && !stint.login.is_empty();
    match system {
        "okta" => Some(if stint.department == "security" { "administrator" } else { "member" }),
        "github" if stint.login.is_empty() => None,
        "github" => Some(if platform { "owner" } else { "write" }),
        "aws" if platform => Some("admin"),
        "aws" if stint.department == "security" => Some("security-audit"),
        "aws" if stint.title.starts_with("Data") => Some("data-read"),
        "aws" if builds && stint.title.starts_with("Backend") => Some("developer"),
        _ => None,
    }
}

fn users(system: &str, on: Date) -> Table {
    let mut chance = Chance::new(format!("users {system} {on}"));
    let mut rows = Vec::new();
    for stint in staff::active(on) {
        let Some(role) = access(&stint, system) else { continue };
        let login = if system == "github" { stint.login.clone() } else { stint.email().to_owned() };
        let seen = later(on, -(chance.between(0, 6) as i64)).max(stint.from);
        rows.push(vec![login, stint.id.clone(), role.to_owned(), "on".to_owned(), seen.to_string()]);
    }
    if system != "okta" {
        rows.push(
            ["automation-bot", "automation-bot", "deploy", "key", &on.to_string()]
                .map(str::to_owned)
                .to_vec(),
        );
    }
    if system != "github" {
        rows.push(["break-glass", "", "admin", "hardware-key", ""].map(str::to_owned).to_vec());
    }
    Table::new("login,person,role,second_factor,last_used", rows)
}

fn administrators(system: &str, on: Date) -> Table {
    let mut table = users(system, on);
    table.rows.retain(|row| matches!(row[2].as_str(), "owner" | "admin" | "administrator"));
    table
}

fn staff_list(on: Date) -> Table {
    let row = |stint: Stint| {
        let Stint { number, id, kind, department, manager, from, .. } = stint;
        vec![number, id, kind, department, manager, from.to_string()]
    };
    let rows = staff::active(on).into_iter().map(row).collect();
    Table::new("employee_id,person,kind,department,manager,start_date", rows)
}

fn devices(on: Date) -> Table {
    let row = |(index, stint): (usize, Stint)| {
        let mut chance = Chance::new(format!("device {} {on}", stint.id));
        let patched = later(on, -(chance.between(1, 12) as i64));
        let serial = format!("LT-{:03}", 11 + index);
        vec![
            serial,
            stint.id,
            "macOS".into(),
            "true".into(),
            "10".into(),
            patched.to_string(),
            "running".into(),
        ]
    };
    // Serial numbers stay with their people: they are counted over everybody, then leavers are left out.
    let all = staff::stints().into_iter().filter(Stint::human).enumerate();
    let rows = all.filter(|(_, stint)| stint.active(on)).map(row).collect();
    Table::new("serial,person,platform,encrypted,lock_minutes,patched_on,malware_protection", rows)
}

/// People who joined in the interval, with the day that `column` is about.
fn hires(column: &str, scope: &Scope<'_>) -> Table {
    let joined = |stint: &Stint| stint.human() && scope.from <= stint.from && stint.from <= scope.to;
    let row = |stint: Stint| {
        let done = if column == "background_check" { stint.check } else { stint.agreement };
        let done = done.map_or_else(String::new, |date| date.to_string());
        vec![stint.number, stint.kind, stint.department, stint.from.to_string(), done]
    };
    let rows = staff::stints().into_iter().filter(joined).map(row).collect();
    Table::new(&format!("employee_id,kind,department,start_date,{column}"), rows)
}

fn left(scope: &Scope<'_>) -> Vec<(Stint, Date)> {
    let last = |stint: Stint| {
        let to = stint.to.filter(|to| stint.human() && scope.from <= *to && *to <= scope.to)?;
        Some((stint, to))
    };
    staff::stints().into_iter().filter_map(last).collect()
}

/// The forgotten key of the support lead: the one account that was ended too late.
const LATE: (&str, i64) = ("theo", 3);

fn leavers(scope: &Scope<'_>) -> Table {
    let row = |(stint, to): (Stint, Date)| {
        let late = if stint.id == LATE.0 { LATE.1 } else { 0 };
        let notified = stint.notified.map_or_else(String::new, |date| date.to_string());
        let ticket = format!("HR-{}", 41 + to.day_of_year() / 3 + 100 * (to.year() - 2025));
        let outcome = if late > 0 { "exceptions-noted" } else { "as-expected" };
        vec![
            stint.number,
            stint.kind,
            stint.department,
            to.to_string(),
            notified,
            ticket,
            later(to, late).to_string(),
            outcome.to_owned(),
        ]
    };
    let rows = left(scope).into_iter().map(row).collect();
    Table::new("employee_id,kind,department,last_day,notified_on,ticket,access_ended_on,outcome", rows)
}

fn removals(scope: &Scope<'_>) -> Table {
    let mut rows = Vec::new();
    for (stint, to) in left(scope) {
        let mut chance = Chance::new(format!("removal {}", stint.id));
        for system in ["okta", "github", "aws"].into_iter().filter(|system| access(&stint, system).is_some())
        {
            let minutes = chance.between(4, 55);
            let at = calendar::stamp(to, 17 * 60 + minutes as i16);
            let account = if system == "github" { stint.login.clone() } else { stint.email().to_owned() };
            rows.push(vec![
                stint.number.clone(),
                system.to_owned(),
                account,
                at,
                format!("0.{}", minutes / 6),
            ]);
        }
        if stint.id == LATE.0 {
            let at = calendar::stamp(later(to, LATE.1), 9 * 60 + 12);
            rows.push(vec![
                stint.number.clone(),
                "aws".into(),
                "access key log-export".into(),
                at,
                "64.2".into(),
            ]);
        }
    }
    Table::new("employee_id,system,account,disabled_at,hours_after_end", rows)
}

fn grants(scope: &Scope<'_>) -> Table {
    let mut rows = Vec::new();
    for stint in
        staff::stints().into_iter().filter(|s| s.human() && scope.from <= s.from && s.from <= scope.to)
    {
        for system in ["okta", "github", "aws"] {
            let Some(role) = access(&stint, system) else { continue };
            let owner = if system == "okta" { "@security-lead" } else { "@engineering-lead" };
            let approved = working_before(later(stint.from, -3));
            let requested = working_before(later(approved, -1));
            rows.push(vec![
                format!("{}-{system}", stint.number),
                stint.id.clone(),
                system.to_owned(),
                role.to_owned(),
                requested.to_string(),
                staff::actor(owner, approved),
                approved.to_string(),
                stint.from.to_string(),
            ]);
        }
    }
    Table::new("grant_id,person,system,role,requested_on,approved_by,approved_on,granted_on", rows)
}

/// The change whose approver had written one of its commits.
const CO_WRITTEN: Date = jiff::civil::date(2026, 8, 19);

fn commits(scope: &Scope<'_>) -> Table {
    let mut rows = Vec::new();
    for day in days(scope.from, scope.to).filter(|day| working_before(*day) == *day) {
        let mut chance = Chance::new(format!("commits {day}"));
        let able: Vec<String> = staff::active(day)
            .into_iter()
            .filter(|stint| {
                access(stint, "github")
                    .is_some_and(|_| stint.department == "engineering" && stint.title != "Designer")
            })
            .map(|stint| stint.id)
            .collect();
        let number = 2000 + (day.duration_since(jiff::civil::date(2025, 11, 1)).as_hours() / 24) * 2;
        for nth in 0..chance.between(0, 2) as i64 {
            let author = if chance.between(0, 9) == 0 {
                "automation-bot".to_owned()
            } else {
                chance.pick(&able).clone()
            };
            let others: Vec<&String> = able.iter().filter(|id| **id != author).collect();
            let approver = (*chance.pick(&others)).clone();
            let sha = format!("{:07x}", chance.next() >> 36);
            let on = day.to_string();
            let (pull_request, pipeline) = ((number + nth).to_string(), "automation-bot".to_owned());
            rows.push(vec![sha, pull_request, author.clone(), author, approver, on.clone(), on, pipeline]);
        }
        if day == CO_WRITTEN {
            let co_written = [
                "b71c04e",
                "2611",
                "frank",
                "frank;erin",
                "erin",
                "2026-08-19",
                "2026-08-19",
                "automation-bot",
            ];
            rows.push(co_written.map(str::to_owned).to_vec());
        }
    }
    Table::new("commit_sha,pull_request,author,commits_by,approver,approved_on,merged_on,deployed_by", rows)
}

fn runs(scope: &Scope<'_>) -> Table {
    let table = commits(scope);
    let row = |row: &Vec<String>| {
        let mut chance = Chance::new(format!("run {}", row[0]));
        let (run, tests) = (chance.between(700_000, 899_999), chance.between(2310, 2460));
        vec![
            row[0].clone(),
            run.to_string(),
            tests.to_string(),
            "0".into(),
            row[6].clone(),
            "released".into(),
        ]
    };
    let rows = table.rows.iter().map(row).collect();
    Table::new("commit_sha,run_id,tests,failed,finished_on,result", rows)
}

fn backups(scope: &Scope<'_>) -> Table {
    let row = |day: Date| {
        let mut chance = Chance::new(format!("backup {day}"));
        let job = format!("bk-{:02}{:02}{:02}", day.year() % 100, day.month(), day.day());
        let size = chance.between(84_000, 99_000).to_string();
        vec![job, day.to_string(), "2".into(), size, "us-west-2".into(), "completed".into()]
    };
    let rows = days(scope.from, scope.to).map(row).collect();
    Table::new("job,run_on,stores,megabytes,copied_to,status", rows)
}

/// One look at the log each Thursday, or on a working day beside it.
fn weeks(scope: &Scope<'_>) -> Table {
    let row = |thursday: Date| {
        let mut chance = Chance::new(format!("week {thursday}"));
        let week = thursday.iso_week_date();
        let before = working_before(thursday);
        let on = if before < scope.from { working_after(thursday, 1) } else { before };
        let entries = chance.between(40, 160).to_string();
        let followed = chance.between(0, 2).to_string();
        vec![
            format!("{}-w{:02}", week.year(), week.week()),
            on.to_string(),
            "alice".into(),
            entries,
            followed,
        ]
    };
    let thursdays = days(scope.from, scope.to).filter(|day| day.weekday() == Weekday::Thursday);
    let rows = thursdays.filter(|day| *day <= scope.on).map(row).collect();
    Table::new("review,reviewed_on,reviewer,entries,followed_up", rows)
}

fn usage(scope: &Scope<'_>) -> Table {
    let mut chance = Chance::new(format!("usage {}", scope.from));
    let resources = [
        ("prod-cluster", "cpu", 38),
        ("prod-cluster", "memory", 44),
        ("prod-db", "cpu", 36),
        ("prod-db", "storage", 49),
        ("prod-db", "connections", 31),
        ("prod-files", "requests", 22),
        ("work-queue", "depth", 12),
    ];
    let row = |(resource, metric, low): &(&str, &str, u64)| {
        let peak = chance.between(*low, low + 16).to_string();
        vec![(*resource).to_owned(), (*metric).to_owned(), peak, "70".to_owned()]
    };
    Table::new("resource,metric,peak_percent,threshold_percent", resources.iter().map(row).collect())
}

fn alerts(scope: &Scope<'_>) -> Table {
    let rules =
        ["error rate", "failed sign-ins", "replica lag", "certificate expiry", "queue depth", "disk space"];
    let mut rows = Vec::new();
    for day in days(scope.from, scope.to.min(scope.on)) {
        let mut chance = Chance::new(format!("alert {day}"));
        if chance.between(0, 13) > 0 {
            continue;
        }
        let on_call = ["bob", "carol", "erin", "frank"];
        let outcome = chance.pick(&["false alarm", "fault", "fault", "false alarm", "load"]);
        rows.push(vec![
            format!("al-{:02}{:02}{:02}", day.year() % 100, day.month(), day.day()),
            day.to_string(),
            (*chance.pick(&rules)).to_owned(),
            (*chance.pick(&on_call)).to_owned(),
            chance.between(1, 9).to_string(),
            (*outcome).to_owned(),
        ]);
    }
    Table::new("alert,raised_on,rule,acknowledged_by,minutes_to_acknowledge,outcome", rows)
}

/// Who completed a course, as the training register has it.
fn training(course: &str, on: Date) -> Table {
    let text = super::records::training(on);
    let rows = text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let rows = rows.filter(|row| row[2] == course).collect();
    Table::new("person,course,version,assigned,completed", rows)
}
