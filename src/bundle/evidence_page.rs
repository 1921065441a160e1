//! A manifest in words: what was performed when and by whom, its files and where they come from, who looked at it, and what it
//! counts for. YAML is never the only description of evidence.

use std::collections::BTreeMap;

use super::choice::behind;
use super::evidence::Piece;
use super::markup::{Markup, way};
use super::{Ground, Place};
use crate::model::Evidence;
use crate::model::evidence::Artifact;
use crate::program::EvidenceFolder;
use crate::render::{Paper, link, words};
use crate::schedule::person;
use crate::source::{Location, hex};
use crate::text::count;
use crate::timeline::{Flaw, occurrences, witness};

/// Occurrences that are listed one by one.
const OCCURRENCES: usize = 200;

/// The page of a piece of evidence.
pub(super) fn paper(ground: &Ground<'_>, place: &Place, piece: &Piece) -> Paper {
    let program = ground.judgement.program;
    let Some(folder) = program.evidence.get(piece.evidence) else { return Paper::default() };
    let manifest = &*folder.manifest;
    let mut text = Markup::default();
    files(ground, piece, manifest, &mut text);
    performed(ground, folder, &mut text);
    counts_for(ground, place, piece, &mut text);
    populations(manifest, &mut text);
    runs(manifest, &mut text);
    rest(manifest, &mut text);
    let title = manifest
        .title
        .as_ref()
        .map_or_else(|| ground.judgement.evidence_name(piece.evidence), |title| title.value.to_string());
    let mut paper = ground.paper("Evidence", title, text.text());
    paper.facts = facts(ground, folder);
    if ground.window_is_over_when_filed(folder) {
        paper.notices.push("Filed after the window had ended.".to_owned());
    }
    let control = place.controls.get(&piece.home.control);
    paper.nav = ground.nav(&piece.page, control.map(|sheet| ("Control", format!("{sheet}.html"))));
    paper
}

fn facts(ground: &Ground<'_>, folder: &EvidenceFolder) -> Vec<(String, String)> {
    let program = ground.judgement.program;
    let manifest = &*folder.manifest;
    let mut facts: Vec<(&str, String)> = vec![("Evidence", program.evidence_id(folder).to_owned())];
    let controls: Vec<&str> = manifest.controls.iter().map(|control| &*control.value.0).collect();
    facts.push(("Controls", controls.join(", ")));
    facts.extend(manifest.kind.as_ref().map(|kind| ("Kind", kind.value.word().to_owned())));
    facts.extend(manifest.slot.as_ref().map(|slot| ("Slot it names", slot.value.to_string())));
    for (name, value) in clocks(ground, folder) {
        facts.push((name, value));
    }
    if let Some(result) = &manifest.result {
        let outcome = result.outcome.as_ref().map_or("", |outcome| outcome.value.word());
        let summary =
            result.summary.as_ref().map_or_else(String::new, |text| format!(": {}", text.value.trim()));
        facts.push(("Result", format!("{outcome}{summary}")));
        let follow: Vec<&str> = result.follow_up.iter().map(|text| &*text.value).collect();
        facts.push(("Follow-up", follow.join(", ")));
    }
    let names = |list: &[crate::model::scalar::EvidenceRef]| {
        list.iter().map(|one| one.value.0.to_string()).collect::<Vec<_>>().join(", ")
    };
    facts.push(("Takes the place of", names(&manifest.supersedes)));
    facts.push(("Follows up", names(&manifest.follows_up)));
    let class = manifest.classification.as_ref().map_or("internal", |class| class.value.word());
    facts.push(("Classification", class.to_owned()));
    let requests: Vec<&str> = manifest.request.iter().map(|text| &*text.value).collect();
    facts.push(("Auditor's requests", requests.join(", ")));
    facts.extend(manifest.notes.as_ref().map(|notes| ("Notes", notes.value.trim().to_owned())));
    facts.retain(|(_, value)| !value.is_empty());
    facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The three clocks of a record, and the fourth where somebody reviewed it; each says whose it is.
pub(super) fn clocks(ground: &Ground<'_>, folder: &EvidenceFolder) -> Vec<(&'static str, String)> {
    let program = ground.judgement.program;
    let manifest = &*folder.manifest;
    let who = |by: Option<&crate::model::scalar::PersonRef>| {
        by.map_or_else(String::new, |by| format!(" by {}", person(program, &by.value.0)))
    };
    let mut out = Vec::new();
    if let Some(performed) = &manifest.performed {
        let at = performed.at.as_ref().map(|at| at.value.to_string());
        let on = at.or_else(|| performed.on.as_ref().map(|on| on.value.to_string())).unwrap_or_default();
        out.push(("Performed", format!("{on}{} (claimed)", who(performed.by.as_ref()))));
    }
    if let Some(collected) = &manifest.collected {
        let at = collected.at.as_ref().map(|at| at.value.to_string());
        let on = at.or_else(|| collected.on.as_ref().map(|on| on.value.to_string())).unwrap_or_default();
        out.push(("Collected", format!("{on}{} (claimed)", who(collected.by.as_ref()))));
    }
    out.push(("First recorded in git", witness::first_words(program, program.sources.path(folder.file))));
    if let Some(reviewed) = &manifest.reviewed {
        let on = reviewed.on.as_ref().map_or_else(String::new, |on| on.value.to_string());
        let result = ground.judgement.review_words(reviewed);
        let at: Vec<Location> = reviewed.on.iter().map(|on| on.at).collect();
        let recorded = witness::wrote(program, &at);
        let recorded = recorded.map_or_else(String::new, |commit| {
            format!("; recorded {}", witness::line(&program.history, commit, &program.zone()))
        });
        out.push(("Reviewed", format!("{on}{}: {result}{recorded}", who(reviewed.by.as_ref()))));
    }
    out
}

fn files(ground: &Ground<'_>, piece: &Piece, manifest: &Evidence, text: &mut Markup) {
    text.heading("Files");
    let rows: Vec<Vec<String>> = piece
        .files
        .iter()
        .zip(&manifest.artifacts)
        .map(|(placed, artifact)| {
            let shown = match (&placed.path, &placed.kept_back) {
                (Some(path), _) => link(&placed.name, &way(&piece.page, path)),
                (None, why) => {
                    format!("{} (withheld: {})", words(&placed.name), words(why.as_deref().unwrap_or("")))
                }
            };
            let facts = placed.file.and_then(|file| ground.judgement.program.facts(file));
            let recorded = artifact.sha256.as_ref().map(|hash| hash.value.0);
            let hash = match (recorded, facts) {
                (Some(recorded), Some(facts)) if recorded != facts.sha256 && facts.lfs.is_none() => {
                    format!("`{}`, recorded as `{}`", hex(&facts.sha256), hex(&recorded))
                }
                (recorded, facts) => facts
                    .map(|facts| facts.sha256)
                    .or(recorded)
                    .map_or_else(String::new, |hash| format!("`{}`", hex(&hash))),
            };
            let bytes = facts.map(|facts| facts.bytes).or(artifact.bytes.as_ref().map(|bytes| bytes.value));
            vec![
                shown,
                bytes.map_or_else(String::new, |n| n.to_string()),
                source(artifact),
                covers(artifact),
                hash,
            ]
        })
        .collect();
    if rows.is_empty() {
        text.paragraph("It lists no files.");
    }
    text.table(&["File", "Bytes", "Source", "Covers", "SHA-256"], &rows);
    text.paragraph(&format!(
        "The files are as they were collected. What is said of them here stands in {}.",
        link("manifest.yaml", &way(&piece.page, &piece.manifest))
    ));
}

/// Where a file comes from: system, environment, query.
fn source(artifact: &Artifact) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(artifact.system.as_ref().map(|system| words(&system.value.0)));
    parts.extend(artifact.environment.as_ref().map(|of| words(&of.value)));
    parts.extend(artifact.query.as_ref().map(|query| format!("query: {}", words(&query.value))));
    parts.join("; ")
}

fn covers(artifact: &Artifact) -> String {
    let day =
        |day: Option<&crate::model::scalar::Date>| day.map_or_else(String::new, |day| day.value.to_string());
    artifact
        .covers
        .as_ref()
        .map_or_else(String::new, |of| format!("{} to {}", day(of.from.as_ref()), day(of.to.as_ref())))
}

fn performed(ground: &Ground<'_>, folder: &EvidenceFolder, text: &mut Markup) {
    let program = ground.judgement.program;
    if folder.manifest.occurrences.is_none() {
        return;
    }
    let shown = occurrences(folder, &ground.judgement.zone());
    text.heading("Performances");
    let rows: Vec<Vec<String>> = shown
        .iter()
        .take(OCCURRENCES)
        .map(|one| {
            let by = one.by.map_or_else(String::new, |by| words(&person(program, by)));
            let cell = |text: Option<&str>| text.map_or_else(String::new, words);
            let outcome = one.outcome.map_or("", |outcome| outcome.word());
            vec![one.on.to_string(), by, cell(one.system), cell(one.item), cell(one.slot), outcome.to_owned()]
        })
        .collect();
    text.table(&["On", "By", "System", "Item", "Slot", "Outcome"], &rows);
    let more = shown.len().saturating_sub(OCCURRENCES);
    if more > 0 {
        text.paragraph(&format!("And {} in its files.", count(more, "more performance")));
    }
}

/// The slots that it fills, and those for which it is not accepted.
fn counts_for(ground: &Ground<'_>, place: &Place, piece: &Piece, text: &mut Markup) {
    let judgement = ground.judgement;
    let mut rows: Vec<Vec<String>> = Vec::new();
    let naming =
        judgement.program.evidence.get(piece.evidence).map_or(&[][..], |folder| &folder.manifest.controls);
    let mut named: Vec<usize> = naming
        .iter()
        .filter_map(|name| judgement.program.names.controls.get(&*name.value.0).copied())
        .collect();
    named.sort_unstable();
    named.dedup();
    for standing in named.iter().filter_map(|control| ground.audit.controls.get(*control)) {
        let id = judgement.control_name(standing.control);
        let sheet = place.controls.get(&standing.control);
        let shown =
            sheet.map_or_else(|| words(&id), |to| link(&id, &way(&piece.page, &format!("{to}.html"))));
        let mut slots: BTreeMap<(String, String), usize> = BTreeMap::new();
        for slot in standing.slots.iter().filter(|slot| behind(slot).contains(&piece.evidence)) {
            let name = judgement.slot_name(standing, slot);
            let name = if name.is_empty() { slot.spell.name() } else { name };
            let refused = slot.refused.iter().find(|one| one.evidence == piece.evidence);
            let counts = slot.filled_by.is_some_and(|filler| filler.evidence == piece.evidence)
                || slot.also.contains(&piece.evidence);
            let said = match refused {
                Some(refused) if !counts => format!("not accepted: {}", flaws(ground, &refused.flaws)),
                _ => format!("counts; the slot is {}", slot.state.name()),
            };
            *slots.entry((name, said)).or_default() += 1;
        }
        rows.extend(slots.into_keys().map(|(slot, said)| vec![shown.clone(), words(&slot), words(&said)]));
    }
    text.heading("What it counts for");
    if rows.is_empty() {
        text.paragraph("It fills no slot of the window; it is here because it names a control and lies in the window, or follows up what does.");
    }
    text.table(&["Control", "Slot", "What it does"], &rows);
}

pub(super) fn flaws(ground: &Ground<'_>, flaws: &[Flaw]) -> String {
    let said: Vec<String> =
        flaws.iter().map(|flaw| flaw.words(ground.judgement.program).replace('`', "")).collect();
    said.join("; ")
}

fn populations(manifest: &Evidence, text: &mut Markup) {
    let rows: Vec<Vec<String>> = manifest
        .artifacts
        .iter()
        .filter_map(|artifact| {
            let of = artifact.population.as_deref()?;
            let cell =
                |text: Option<&crate::model::Text>| text.map_or_else(String::new, |text| words(&text.value));
            let count = of.count.as_ref().map_or_else(String::new, |count| count.value.to_string());
            Some(vec![
                cell(of.name.as_ref()),
                cell(artifact.path.as_ref()),
                count,
                cell(of.completeness.as_ref()),
                cell(of.accuracy.as_ref()),
            ])
        })
        .collect();
    if !rows.is_empty() {
        text.heading("Populations");
        text.table(&["Population", "File", "Count", "Completeness", "Accuracy"], &rows);
    }
}

/// How programs made the files, where they did.
fn runs(manifest: &Evidence, text: &mut Markup) {
    let cell = |text: Option<&crate::model::Text>| text.map_or_else(String::new, |text| words(&text.value));
    let moment = |at: Option<&crate::source::Spanned<jiff::Timestamp>>| {
        at.map_or_else(String::new, |at| at.value.to_string())
    };
    let rows: Vec<Vec<String>> = manifest
        .artifacts
        .iter()
        .filter_map(|artifact| {
            let run = artifact.capture.as_deref()?;
            let exit = run.exit.as_ref().map_or_else(String::new, |exit| exit.value.to_string());
            Some(vec![
                cell(artifact.path.as_ref().or(artifact.url.as_ref())),
                cell(artifact.query.as_ref()),
                cell(run.version.as_ref()),
                cell(run.account.as_ref()),
                moment(run.started.as_ref()),
                moment(run.ended.as_ref()),
                exit,
            ])
        })
        .collect();
    if !rows.is_empty() {
        text.heading("Runs");
        text.table(&["File", "Command", "Program", "Account", "Started", "Ended", "Exit status"], &rows);
        text.paragraph("A run is as management recorded it; the same command can be run again.");
    }
}

fn rest(manifest: &Evidence, text: &mut Markup) {
    let cell = |text: Option<&crate::model::Text>| text.map_or_else(String::new, |text| words(&text.value));
    let rows: Vec<Vec<String>> = manifest
        .redactions
        .iter()
        .map(|one| {
            let by = one.by.as_ref().map_or_else(String::new, |by| words(&by.value.0));
            vec![cell(one.what.as_ref()), cell(one.why.as_ref()), by]
        })
        .collect();
    if !rows.is_empty() {
        text.heading("Redactions");
        text.table(&["What was taken out", "Why", "By"], &rows);
    }
}
