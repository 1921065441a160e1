//! The days of a window, each read from the commit that stood then and judged as of that day: what `soc2 status --at DAY`
//! says, for many days at once.

mod boundary;
mod changed;
mod groups;
mod kept;
mod past;
mod texts;
mod whole;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::error::Result;
use crate::git::{Commit, Repository, standing_since};
use crate::timeline::calendar::moved;
use crate::trend::{Every, Point};

/// Which days of which line of commits, for which audit.
pub struct Asked<'a> {
    /// Seen from the programme's folder of the newest commit.
    pub repository: &'a Repository,
    /// The first-parent line, newest first.
    pub line: &'a [Commit],
    /// The organisation's zone, as the newest commit has it.
    pub zone: &'a TimeZone,
    pub from: Date,
    pub to: Date,
    pub every: Every,
    /// `None` when the last day's `soc2.toml` names no audit.
    pub audit: Option<&'a str>,
}

/// One day to be judged and the commit that stood then, by its place in the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stop {
    /// The as-of day; for a commit its own, which its own zone decides.
    day: Date,
    commit: Option<usize>,
}

impl Asked<'_> {
    /// The days and their commits, in the order in which they were lived.
    fn stops(&self) -> Vec<Stop> {
        let days = standing_since(self.line, self.zone);
        if self.every == Every::Commit {
            let within = days.iter().enumerate().filter(|(_, day)| self.from <= **day && **day <= self.to);
            return within.rev().map(|(nth, day)| Stop { day: *day, commit: Some(nth) }).collect();
        }
        let mut stops = Vec::new();
        let mut commit = days.len();
        let mut day = self.from;
        while day <= self.to {
            let ends = self.every == Every::Day || day == self.to || is_sunday(day);
            if ends {
                // Later days can only be further up the line: what was new enough stays so.
                commit = days.iter().take(commit).position(|of| *of <= day).unwrap_or(commit);
                stops.push(Stop { day, commit: Some(commit).filter(|nth| *nth < days.len()) });
            }
            let next = moved(day, jiff::ToSpan::days(1));
            if next <= day {
                break;
            }
            day = next;
        }
        stops
    }

    /// Every point, in order.
    pub fn points(&self) -> Result<Vec<Point>> {
        match kept::points(self)? {
            Some(points) => Ok(points),
            None => self.points_by_themselves(),
        }
    }

    /// The same, each day read and judged whole, as if there were no other.
    pub fn points_by_themselves(&self) -> Result<Vec<Point>> {
        whole::points(self)
    }
}

fn is_sunday(day: Date) -> bool {
    day.weekday() == jiff::civil::Weekday::Sunday
}
