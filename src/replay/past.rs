//! Every state of every file over some stops: listed once, read once, side by side.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rayon::prelude::*;

use super::groups::{Groups, first_folder};
use super::{Asked, Stop};
use crate::error::Result;
use crate::program::{Filed, Program, Written};
use crate::source::{
    BlobId, Body, EntryKind, FileId, MANIFEST, ROOT_FILE, ReadFile, Sources, Tree, is_skipped,
};

/// A file in one of its states.
pub(super) struct Version {
    blob: BlobId,
    pub(super) read: ReadFile,
    /// Of a file below `evidence/`.
    pub(super) filed: Option<Filed>,
    /// Of a file below `controls/`.
    pub(super) written: Option<Written>,
    /// Days that are typed in a manifest.
    pub(super) dates: Vec<Date>,
}

/// A file that a stop has in another state than the stop before; `None` when it is gone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Move {
    pub(super) file: usize,
    pub(super) version: Option<usize>,
}

/// What a stop changes.
pub(super) struct Leg {
    pub(super) stop: Stop,
    /// False when the commit has no programme.
    pub(super) there: bool,
    pub(super) moves: Vec<Move>,
}

/// All that was read.
pub(super) struct Past {
    /// Every path of every stop, in order; a file's place is its id.
    pub(super) paths: Vec<Box<str>>,
    /// The states of each file.
    pub(super) versions: Vec<Vec<Version>>,
    pub(super) legs: Vec<Leg>,
    /// The manifest of the folder that each file is in, or of one above it, whether it stands or not.
    pub(super) manifest_of: Vec<Option<usize>>,
    /// The group of each file below `evidence/`.
    pub(super) group_of: Vec<Option<u32>>,
    /// Files below `evidence/`, by group.
    pub(super) files_of: Vec<Vec<usize>>,
    pub(super) groups: Groups,
}

/// Is it a file that says what controls are?
pub(super) fn is_of_controls(path: &str) -> bool {
    path.starts_with("controls/") && path.ends_with(".yaml")
}

/// Reads all; `None` where states hang together in ways that only the whole tells: links, names that differ in case only,
/// folders of evidence within each other, a programme that moved.
pub(super) fn read(asked: &Asked<'_>) -> Result<Option<Past>> {
    let Some((legs, mut blobs)) = list(asked)? else { return Ok(None) };
    let paths: Vec<Box<str>> = blobs.keys().map(|path| path.as_str().into()).collect();
    if clash(&paths) || nested(&paths) {
        return Ok(None);
    }
    let place: BTreeMap<&str, usize> = paths.iter().enumerate().map(|(nth, path)| (&**path, nth)).collect();
    let newest = asked.line.first().copied();
    let Some(tree) = newest.map(|commit| asked.repository.tree(commit)) else { return Ok(None) };
    let zone = only_zone(asked, blobs.get(ROOT_FILE).map_or(&[][..], Vec::as_slice));
    let states: Vec<(usize, BlobId)> = paths
        .iter()
        .enumerate()
        .flat_map(|(nth, path)| {
            let all = blobs.remove(&**path).unwrap_or_default();
            all.into_iter().map(move |blob| (nth, blob))
        })
        .collect();
    let read: Vec<(usize, Version)> = states
        .into_par_iter()
        .map(|(nth, blob)| {
            let path = paths.get(nth).map_or("", |path| path);
            (nth, version(&*tree, nth, path, blob, zone.as_ref()))
        })
        .collect();
    let mut versions: Vec<Vec<Version>> = paths.iter().map(|_| Vec::new()).collect();
    for (nth, version) in read {
        if let Some(of) = versions.get_mut(nth) {
            of.push(version);
        }
    }
    let legs = legs
        .into_iter()
        .map(|(stop, there, steps)| Leg {
            stop,
            there,
            moves: steps.iter().filter_map(|(path, blob)| moved(&place, &versions, path, *blob)).collect(),
        })
        .collect();
    let manifest_of = manifests(&paths);
    let (group_of, files_of, groups) = (Vec::new(), Vec::new(), Groups::default());
    let mut past = Past { paths, versions, legs, manifest_of, group_of, files_of, groups };
    past.group();
    Ok(Some(past))
}

fn moved(
    place: &BTreeMap<&str, usize>,
    versions: &[Vec<Version>],
    path: &str,
    blob: Option<BlobId>,
) -> Option<Move> {
    let file = *place.get(path)?;
    let of = versions.get(file)?;
    let version = blob.and_then(|blob| of.iter().position(|version| version.blob == blob));
    Some(Move { file, version })
}

/// A stop, whether its commit has a programme, and the files that differ from the stop before with their blobs.
type Listed = (Stop, bool, Vec<(String, Option<BlobId>)>);

/// The blobs of each path.
type Blobs = BTreeMap<String, Vec<BlobId>>;

fn list(asked: &Asked<'_>) -> Result<Option<(Vec<Listed>, Blobs)>> {
    let mut legs: Vec<Listed> = Vec::new();
    let mut changing = Vec::new();
    let mut pairs = Vec::new();
    let mut before = None;
    let prefix = asked.repository.prefix();
    for stop in asked.stops() {
        let commit = stop.commit.and_then(|nth| asked.line.get(nth)).copied();
        let there = match commit {
            None => false,
            Some(commit) if before == Some(commit) => true,
            Some(commit) => match asked.repository.programme_in(commit, prefix) {
                None => false,
                Some(found) if found != prefix => return Ok(None),
                Some(_) => {
                    changing.push(legs.len());
                    pairs.push((before, commit));
                    before = Some(commit);
                    true
                }
            },
        };
        legs.push((stop, there, Vec::new()));
    }
    let mut blobs: BTreeMap<String, Vec<BlobId>> = BTreeMap::new();
    for (leg, differences) in changing.into_iter().zip(asked.repository.between(&pairs)?) {
        let Some((_, _, steps)) = legs.get_mut(leg) else { continue };
        for step in differences {
            if step.new.is_some_and(|(kind, _)| kind != EntryKind::File) {
                return Ok(None);
            }
            if step.path == ROOT_FILE || !is_skipped(&step.path) {
                let blob = step.new.map(|(_, blob)| blob);
                let known = blobs.entry(step.path.clone()).or_default();
                known.extend(blob.filter(|blob| !known.contains(blob)));
                steps.push((step.path, blob));
            }
        }
    }
    Ok(Some((legs, blobs)))
}

/// Are there paths that differ in case only?
fn clash(paths: &[Box<str>]) -> bool {
    let mut folded: Vec<String> = paths.iter().map(|path| path.to_lowercase()).collect();
    folded.sort_unstable();
    folded.windows(2).any(|pair| matches!(pair, [one, other] if one == other))
}

/// Does a manifest stand in a folder below that of another?
fn nested(paths: &[Box<str>]) -> bool {
    let mut folders: Vec<&str> = paths
        .iter()
        .filter(|path| path.starts_with("evidence/"))
        .filter_map(|path| path.strip_suffix(MANIFEST))
        .collect();
    folders.sort_unstable();
    folders.windows(2).any(|pair| matches!(pair, [one, other] if other.starts_with(*one)))
}

/// The manifest of each file; manifests do not stand within each other's folders.
fn manifests(paths: &[Box<str>]) -> Vec<Option<usize>> {
    let mut of = vec![None; paths.len()];
    for (nth, path) in paths.iter().enumerate().filter(|(_, path)| path.starts_with("evidence/")) {
        let folder = path.strip_suffix(MANIFEST).filter(|folder| folder.ends_with('/'));
        let Some(folder) = folder else { continue };
        let first = paths.partition_point(|path| **path < *folder);
        let within = paths.iter().zip(&mut of).skip(first).take_while(|(path, _)| path.starts_with(folder));
        within.for_each(|(_, of)| *of = Some(nth));
    }
    of
}

/// The zone of every stop, if the file that names it is the same in all.
fn only_zone(asked: &Asked<'_>, states: &[BlobId]) -> Option<TimeZone> {
    let ([blob], Some(commit)) = (states, asked.line.first()) else { return None };
    let tree = asked.repository.tree(*commit);
    let root = ReadFile::read(&*tree, FileId(0), ROOT_FILE, *blob);
    Some(Program::load(Sources::numbered(vec![root], tree)).zone())
}

fn version(tree: &dyn Tree, nth: usize, path: &str, blob: BlobId, zone: Option<&TimeZone>) -> Version {
    let id = FileId(u32::try_from(nth).unwrap_or(u32::MAX));
    let read = ReadFile::read(tree, id, path, blob);
    let filed = path.starts_with("evidence/").then(|| Filed::read(&read));
    let written = is_of_controls(path).then(|| Written::read(&read));
    let dates = match (&read.file.body, &filed) {
        (Body::Text(text), Some(_)) => typed_days(text, zone),
        _ => Vec::new(),
    };
    Version { blob, read, filed, written, dates }
}

/// Every `2026-03-31` in a text, whatever it means; of a moment, which may be on another day in the organisation's zone,
/// that day too, or where it cannot be told the days beside it.
fn typed_days(text: &str, zone: Option<&TimeZone>) -> Vec<Date> {
    let bytes = text.as_bytes();
    let mut days: Vec<Date> = bytes
        .windows(10)
        .enumerate()
        .filter(|(_, ten)| ten[4] == b'-' && ten[7] == b'-' && ten[0].is_ascii_digit())
        .filter_map(|(at, _)| Some((text.get(at..at + 10)?.parse::<Date>().ok()?, text.get(at..)?)))
        .flat_map(|(day, rest)| {
            let is_moment =
                matches!(rest.as_bytes().get(10..12), Some([b'T' | b't', _] | [b' ', b'0'..=b'9']));
            let local = zone.filter(|_| is_moment).and_then(|zone| local_day(rest, zone));
            let reach = i32::from(is_moment && local.is_none());
            (-reach..=reach).map(move |by| moved_by(day, by)).chain(local)
        })
        .collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// The day, in a zone, of the moment that a text begins with.
fn local_day(text: &str, zone: &TimeZone) -> Option<Date> {
    let is_part = |byte: &u8| byte.is_ascii_digit() || b"TtZz:.+-".contains(byte);
    let length = text.bytes().take_while(|byte| is_part(byte)).count();
    let moment: Timestamp = text.get(..length)?.parse().ok()?;
    Some(zone.to_datetime(moment).date())
}

fn moved_by(day: Date, by: i32) -> Date {
    crate::timeline::calendar::moved(day, jiff::ToSpan::days(by))
}

impl Past {
    /// Finds what can move each other's verdicts.
    fn group(&mut self) {
        let mut groups = Groups::default();
        for (path, versions) in self.paths.iter().zip(&self.versions) {
            if let Some(below) = path.strip_prefix("evidence/") {
                groups.of(first_folder(below));
                for manifest in versions.iter().filter_map(|one| one.filed.as_ref()?.manifest.as_ref()) {
                    groups.manifest(below, manifest);
                }
            } else {
                let written = versions.iter().filter_map(|one| one.written.as_ref());
                written.flat_map(|one| &one.controls).for_each(|control| groups.control(control));
            }
        }
        self.group_of = self
            .paths
            .iter()
            .map(|path| path.strip_prefix("evidence/").map(|below| groups.of(first_folder(below))))
            .collect();
        self.files_of = vec![Vec::new(); groups.len()];
        for (file, group) in self.group_of.iter().enumerate() {
            if let Some(of) = group.and_then(|group| self.files_of.get_mut(group as usize)) {
                of.push(file);
            }
        }
        self.groups = groups;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_are_found_wherever_they_are_typed() {
        let text = "on: 2026-03-31\nat: 2026-04-01T10:00:00Z, x2026-02-30x 2026-13-01 übrig 2025-01-02";
        let moment = [date(2026, 3, 31), date(2026, 4, 1), date(2026, 4, 2)];
        let days = [&[date(2025, 1, 2)][..], &moment].concat();
        assert_eq!(typed_days(text, None), days);
        let local =
            |name: &str| typed_days(text, Some(&jiff::tz::TimeZoneDatabase::bundled().get(name).unwrap()));
        assert_eq!(local("UTC"), days[..3]);
        assert_eq!(local("Pacific/Kiritimati"), days);
        let odd = "at: 2026-04-01T10:00:00, 2026-05-01 10:00";
        assert_eq!(typed_days(odd, Some(&TimeZone::UTC)), typed_days(odd, None));
        assert_eq!(typed_days(odd, None).len(), 6);
    }

    #[test]
    fn folders_within_each_other_and_twins_are_seen() {
        let of = |paths: &[&str]| paths.iter().map(|path| Box::from(*path)).collect::<Vec<_>>();
        assert!(nested(&of(&["evidence/a/b/manifest.yaml", "evidence/a/manifest.yaml"])));
        assert!(!nested(&of(&["evidence/a-b/manifest.yaml", "evidence/a/manifest.yaml"])));
        assert!(clash(&of(&["evidence/a/X.csv", "evidence/a/x.csv"])));
        assert!(!clash(&of(&["evidence/a/x.csv", "evidence/b/x.csv"])));
    }
}
