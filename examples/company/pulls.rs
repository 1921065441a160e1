//! Changes that came in through a pull request: commits of a branch, merged on the forge. Everything else was pushed.

use jiff::civil::{Date, date};

/// A pull request.
pub struct Pull {
    pub number: u16,
    pub branch: &'static str,
    pub title: &'static str,
    /// Its commits, by day and author.
    commits: &'static [(Date, &'static str)],
    /// Who clicked on merge, and when.
    pub by: &'static str,
    pub day: Date,
    pub minute: i16,
}

/// The minute of the day at which documents are committed; only those come in through pull requests.
pub const MINUTE: i16 = 10 * 60 + 15;

/// Alice merged her own edit of May: a slip.
pub const PULLS: &[Pull] = &[
    Pull {
        number: 31,
        branch: "alice/incident-response-1.1",
        title: "Incident response 1.1: open actions are looked at each month",
        commits: &[(date(2026, 2, 24), "alice"), (date(2026, 3, 3), "dana")],
        by: "judy",
        day: date(2026, 3, 3),
        minute: 15 * 60 + 42,
    },
    Pull {
        number: 44,
        branch: "raj/change-management-2.0",
        title: "Change management 2.0: how a change is taken back",
        commits: &[(date(2026, 4, 21), "raj"), (date(2026, 4, 28), "dana")],
        by: "carol",
        day: date(2026, 4, 28),
        minute: 13 * 60 + 27,
    },
    Pull {
        number: 52,
        branch: "alice/vulnerability-management-1.1",
        title: "Vulnerability management 1.1: what is scanned from outside",
        commits: &[(date(2026, 5, 15), "alice"), (date(2026, 5, 19), "alice")],
        by: "alice",
        day: date(2026, 5, 19),
        minute: 10 * 60 + 31,
    },
    Pull {
        number: 97,
        branch: "dana/waiver-ai-use",
        title: "Waive the approval of the AI use policy until 2027-03-31",
        commits: &[(date(2026, 12, 14), "dana")],
        by: "judy",
        day: date(2026, 12, 14),
        minute: 16 * 60 + 8,
    },
];

/// The pull request that a commit belongs to.
pub fn of(day: Date, minute: i16, author: &str) -> Option<u16> {
    let found = PULLS.iter().find(|pull| minute == MINUTE && pull.commits.contains(&(day, author)));
    found.map(|pull| pull.number)
}
