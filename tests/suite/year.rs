//! A year of the example company as its people would have seen it: the repository as it stood on five days, judged on
//! each of them. The snapshots were read line by line against the story (examples/acme/README.md).

use jiff::civil::{Date, date};

use crate::company::{commits_until, repository};
use crate::support::{Folder, root};

/// What the verbs say on a day, from the repository as it stood at the end of it.
fn on(day: Date) {
    let folder = Folder::new();
    repository::write_commits(commits_until(day), folder.path()).unwrap();
    for verb in ["status", "due", "next"] {
        let ran = folder.run(&format!("{verb} --as-of {day}"));
        assert_eq!(ran.code, 0, "{verb} on {day}: {}", ran.stderr);
        let expected = snapbox::Data::read_from(
            &root().join(format!("tests/snapshots/year/{day}-{verb}.txt")),
            Some(snapbox::data::DataFormat::Text),
        );
        snapbox::assert_data_eq!(ran.stdout, expected.raw());
    }
}

/// The Type I date: everything is in place, some reviews of December are not done yet.
#[test]
fn on_the_day_of_the_type1() {
    on(date(2025, 12, 31));
}

/// The first quarter is over, one access review came late, a restore test failed and was followed up.
#[test]
fn after_the_first_quarter() {
    on(date(2026, 4, 20));
}

/// Okta was left out of the second access review, and a role stands vacant.
#[test]
fn in_the_summer() {
    on(date(2026, 7, 20));
}

/// The board did not meet in the third quarter; an administrator control was replaced in August.
#[test]
fn after_the_third_quarter() {
    on(date(2026, 10, 20));
}

/// The window is over and the next one runs.
#[test]
fn after_the_window() {
    on(date(2027, 1, 31));
}
