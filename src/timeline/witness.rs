//! When a record was written, as git tells it, in words. Three clocks are kept apart: what a record claims, when its bytes
//! were collected, and when a commit recorded it. A commit's date is typed by the committer, so it is a claim as well;
//! only another's key makes it witnessed.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::history::{Commit, History, Reach, Signature, Who};
use crate::program::Program;
use crate::source::{FileId, Location};
use crate::text::{clip, safe};

/// Longest name of a person or key in a sentence.
const NAME: usize = 60;

/// The commit that wrote the lines on which some values of one file stand: `None` when git cannot tell it.
pub fn wrote<'p>(program: &'p Program, parts: &[Location]) -> Option<&'p Commit> {
    let (path, first, last) = lines(program, parts)?;
    program.history.of_lines(path, first, last)
}

/// The same; where only the file is known, its newest commit: the record was written in it or before.
pub fn wrote_by<'p>(program: &'p Program, parts: &[Location]) -> Option<&'p Commit> {
    let exact = wrote(program, parts);
    exact.or_else(|| {
        let (path, first, last) = lines(program, parts)?;
        let file = program.history.file(path)?;
        let unwritten = file.lines.get(first.checked_sub(1)?..last.min(file.lines.len()));
        let uncommitted = unwritten.is_some_and(|lines| lines.contains(&u32::MAX));
        if uncommitted { None } else { program.history.last(path) }
    })
}

/// The newest commit among the lines of a document's text as it stands: `None` when git cannot tell it.
pub fn last_edit(program: &Program, file: FileId) -> Option<&Commit> {
    wrote(program, &[program.text_place(file)?])
}

/// The file, first and last line of some values.
pub fn lines<'p>(program: &'p Program, parts: &[Location]) -> Option<(&'p str, usize, usize)> {
    let file = parts.first()?.file;
    let own = || parts.iter().filter(|part| part.file == file);
    let first = own().map(|part| program.sources.position(*part).line).min()?;
    let last = own().map(|part| program.sources.end_position(*part).line).max()?;
    Some((program.sources.path(file), first, last))
}

/// The person who somebody in a commit is; nobody where no e-mail of the people register says so, as with addresses that
/// a forge makes up.
pub fn person(program: &Program, who: &Who) -> Option<usize> {
    program.person(&who.email)
}

/// Do two names in commits stand for one person, by the register or by the address itself?
pub fn same(program: &Program, a: &Who, b: &Who) -> bool {
    match (person(program, a), person(program, b)) {
        (Some(a), Some(b)) => a == b,
        _ => a.email.to_lowercase() == b.email.to_lowercase(),
    }
}

/// First day of what git can tell: `[history] begins`, else that of the oldest commit of a file of the programme, which may
/// be younger than the repository around it. What is older was brought in on it.
/// `None` while the history does not reach back to its beginning and nothing is typed.
pub fn begins(program: &Program) -> Option<Date> {
    let history = &program.history;
    if !history.is_known() {
        return None;
    }
    let typed = program.config.as_ref().and_then(|config| config.history.as_ref()?.begins.as_ref());
    typed.map(|day| day.value).or_else(|| {
        let zone = program.zone();
        // A commit that cannot be read has no moment.
        let oldest = history.files.values().filter_map(|file| history.commit(file.touches.last()?.commit));
        let moments = oldest.map(|commit| commit.committer.at).filter(|at| *at > Timestamp::UNIX_EPOCH);
        let first = if history.reach == Reach::Whole { moments.min() } else { None };
        first.map(|at| zone.to_datetime(at).date())
    })
}

/// The merge through which a commit reached the first-parent line.
pub fn through<'h>(history: &'h History, commit: &Commit) -> Option<&'h Commit> {
    history.commit(commit.through?)
}

/// The commit whose key vouches for what a commit records: itself, or the merge it came through.
pub fn witness<'h>(history: &'h History, commit: &'h Commit) -> Option<&'h Commit> {
    let vouches = |by: &&Commit| by.vouches_for(commit);
    Some(commit).filter(vouches).or_else(|| through(history, commit).filter(vouches))
}

/// What a signature is worth, for a list: `witnessed by GitHub`, `not witnessed: a claim`.
pub fn worth(history: &History, commit: &Commit) -> String {
    if let Some(by) = witness(history, commit) {
        let key = key(&by.signature);
        return match by.id == commit.id {
            true => format!("witnessed by {key}"),
            false => format!("witnessed by {key} on its merge {}", by.short()),
        };
    }
    match &commit.signature {
        Signature::Allowed { .. } => format!("signed by its author with {}: a claim", key(&commit.signature)),
        Signature::UnknownKey { key } => {
            format!("signed by the key {} that nobody vouches for: a claim", clip(&safe(key), NAME))
        }
        Signature::NotYet { principal } => {
            format!("signed by the key of {}, which was listed later: a claim", clip(&safe(principal), NAME))
        }
        Signature::Bad => "its signature does not fit: a claim".to_owned(),
        Signature::Unreadable { why } => {
            format!("its signature was not checked ({}): a claim", clip(&safe(why), NAME))
        }
        _ => "not witnessed: a claim".to_owned(),
    }
}

/// Whose key it is that vouches.
pub fn key(signature: &Signature) -> String {
    match signature {
        Signature::Forge { name } => clip(&safe(name), NAME),
        Signature::Allowed { principal } => format!("the key of {}", clip(&safe(principal), NAME)),
        _ => String::new(),
    }
}

/// A commit inside a sentence: `on 2026-04-20 in 3fa9c1e (claimed)`. A merge vouches for its own day, not for the one that
/// was typed into what it brought in.
pub fn when(history: &History, commit: &Commit, zone: &TimeZone) -> String {
    let worth = match witness(history, commit) {
        None => "claimed".to_owned(),
        Some(by) if by.id == commit.id => format!("witnessed by {}", key(&by.signature)),
        Some(by) => {
            let (key, id, day) = (key(&by.signature), by.short(), by.day(zone));
            format!("claimed; witnessed by {key} on its merge {id} of {day}")
        }
    };
    format!("on {} in {} ({worth})", commit.day(zone), commit.short())
}

/// A commit as a line of its own: `2026-04-20 in 3fa9c1e by Alice, merged by Bob in 91ab02c on 2026-04-21; not witnessed: a
/// claim`.
pub fn line(history: &History, commit: &Commit, zone: &TimeZone) -> String {
    let merge = through(history, commit).map_or_else(String::new, |merge| {
        let (by, on) = (clip(&safe(&merge.author.name), NAME), merge.day(zone));
        format!(", merged by {by} in {} on {on}", merge.short())
    });
    let by = clip(&safe(&commit.committer.name), NAME);
    format!("{} in {} by {by}{merge}; {}", commit.day(zone), commit.short(), worth(history, commit))
}

/// Why a file's past says less than one would like, and what to do: for what only the whole history can tell.
pub fn out_of_reach(history: &History) -> (&'static str, &'static str) {
    match history.reach {
        Reach::Shallow => {
            ("this clone is shallow", "get the rest: git fetch --unshallow (in CI: fetch-depth: 0)")
        }
        Reach::Partial => ("this clone left objects on the server", "clone it whole, without --filter"),
        Reach::None => ("no git history is at hand", "keep the programme in git, and read it there"),
        Reach::Whole => ("its past cannot be read", "see what git says of the repository: git fsck"),
    }
}

/// When a file first came into git: `2026-04-20 in 3fa9c1e by Alice; not witnessed: a claim`.
pub fn first_words(program: &Program, path: &str) -> String {
    let history = &program.history;
    let first = history.first(path).map(|commit| line(history, commit, &program.zone()));
    first.unwrap_or_else(|| unrecorded(program, path))
}

/// Why git names no commit for something in a file, in words.
pub fn unrecorded(program: &Program, path: &str) -> String {
    let history = &program.history;
    let file = history.file(path);
    let committed = file.is_some_and(|file| !file.touches.is_empty());
    match file {
        _ if !history.is_known() => format!("unknown, {}", out_of_reach(history).0),
        Some(file) if committed && !file.complete && !file.uncommitted => {
            format!("unknown, {}", out_of_reach(history).0)
        }
        Some(_) if committed => "not committed yet as it stands, or git cannot tell".to_owned(),
        _ => "not committed yet".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commit(digit: &str, day: &str, signature: Signature, through: Option<u32>) -> Commit {
        let at = format!("{day}T12:00:00Z").parse().unwrap();
        let who = |name: &str| Who { name: name.into(), email: format!("{name}@acme.example").into(), at };
        Commit {
            id: digit.repeat(40).into(),
            author: who("alice"),
            committer: who("alice"),
            subject: "".into(),
            parents: 1,
            through,
            signature,
        }
    }

    #[test]
    fn recorded_is_witnessed_only_by_another_key() {
        let forge = Signature::Forge { name: "GitHub".into() };
        let history = History {
            reach: Reach::Whole,
            commits: vec![
                commit("a", "2026-04-21", forge, None),
                commit("b", "2026-04-20", Signature::Unsigned, Some(0)),
                commit("c", "2026-04-19", Signature::Unsigned, None),
                commit("d", "2026-04-18", Signature::Bad, None),
                commit("e", "2026-04-17", Signature::UnknownKey { key: "0F".into() }, None),
                commit("f", "2026-04-16", Signature::Allowed { principal: "alice".into() }, None),
                commit("0", "2026-04-15", Signature::NotYet { principal: "bob".into() }, None),
            ],
            ..History::default()
        };
        let said: Vec<String> =
            history.commits.iter().map(|commit| line(&history, commit, &TimeZone::UTC)).collect();
        assert_eq!(
            said,
            [
                "2026-04-21 in aaaaaaa by alice; witnessed by GitHub",
                "2026-04-20 in bbbbbbb by alice, merged by alice in aaaaaaa on 2026-04-21; witnessed by GitHub on its merge aaaaaaa",
                "2026-04-19 in ccccccc by alice; not witnessed: a claim",
                "2026-04-18 in ddddddd by alice; its signature does not fit: a claim",
                "2026-04-17 in eeeeeee by alice; signed by the key 0F that nobody vouches for: a claim",
                "2026-04-16 in fffffff by alice; witnessed by the key of alice",
                "2026-04-15 in 0000000 by alice; signed by the key of bob, which was listed later: a claim",
            ]
        );
        assert_eq!(when(&history, &history.commits[2], &TimeZone::UTC), "on 2026-04-19 in ccccccc (claimed)");
        assert_eq!(
            when(&history, &history.commits[1], &TimeZone::UTC),
            "on 2026-04-20 in bbbbbbb (claimed; witnessed by GitHub on its merge aaaaaaa of 2026-04-21)"
        );
        assert_eq!(
            when(&history, &history.commits[0], &TimeZone::UTC),
            "on 2026-04-21 in aaaaaaa (witnessed by GitHub)"
        );
    }
}
