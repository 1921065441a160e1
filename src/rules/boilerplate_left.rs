use std::ops::Range;

use super::shared::texts::{orders, sentences, words};
use super::*;
use crate::model::Status;
use crate::syntax::markdown;
use crate::text::safe;

pub(super) static RULE: Rule = Rule {
    name: "boilerplate-left",
    brief: "a policy that speaks of what the company does not have",
    check: Check::Tree(Level::Warn, check),
    docs: r#"
A policy or procedure speaks of something that only few companies have, and nothing else in the programme does: a data center
or server room of its own, badge readers, backup tapes, fax machines, health or cardholder data, HIPAA, PCI DSS, FERPA, FedRAMP.
It counts as there once `soc2.toml`, a register, a framework, a narrative or a control that is not retired names it. A sentence
that says what is *not* done, and what a hosting provider does, is left alone.

## Why it matters
It shows that the text was taken over unread. An auditor asks to see the data center, and everything else in the policy is
doubted with it.

## Example
```markdown
#- policies/physical.md
---
id: physical
title: Physical Security Policy
owner: security-lead
---
Our data center is guarded. Badge readers stand at each door, and backup tapes are kept in a safe.
^^^^^^^^^^^^^^^ `Our data center` in the policy `physical` is nothing that the rest of the programme knows
#                           ^^^^^^^^^^^^^ `Badge readers`
#                                                                 ^^^^^^^^^^^^ `backup tapes`

Under HIPAA, records are kept for six years.
#     ^^^^^ `HIPAA`
```

## Fixed
```markdown
#- policies/physical.md
---
id: physical
title: Physical Security Policy
owner: security-lead
---
The hosting provider guards its data center, and its badge readers log each entry. We do not store protected health
information. Cardholder data stays with the payment provider. Visitors sign in at the badge readers of the office.
#- registers/vendors.yaml
- { id: stripe, service: cardholder data and payments, owner: security-lead, tier: critical }
#- controls/office.yaml
id: office
title: Badge readers control the office doors
description: Each quarter the lead reads the list of badges against the people register.
owner: security-lead
status: draft
cadence: quarterly
criteria: [CC6.4]
```
"#,
};

/// A thing: how texts speak of it, and what shows that the company has it. A `*` ends a word that may go on.
struct Thing {
    spoken: &'static [&'static str],
    shown: &'static [&'static str],
    help: &'static str,
}

const LAW: &str = "delete it, or name the duty where it comes from: a commitment, a framework, a narrative";

const THINGS: &[Thing] = &[
    Thing {
        spoken: &[
            "our data cent*",
            "our datacent*",
            "company data cent*",
            "company s data cent*",
            "company owned data cent*",
            "on premises data cent*",
            "server room*",
            "computer room*",
            "raised floor*",
        ],
        shown: &["data cent*", "datacent*", "server room*", "computer room*"],
        help: "say what the hosting provider does; a room of your own belongs into registers/assets",
    },
    Thing {
        spoken: &[
            "badge reader*",
            "card reader*",
            "key card*",
            "keycard*",
            "mantrap*",
            "turnstile*",
            "biometric reader*",
        ],
        shown: &["badge*", "card reader*", "key card*", "keycard*", "mantrap*", "turnstile*", "biometric*"],
        help: "delete it where there is no office; else have a control that shows it",
    },
    Thing {
        spoken: &["backup tape*", "tape backup*", "magnetic tape*", "tape librar*"],
        shown: &["tape*"],
        help: "say where backups really are, or list the tapes in registers/assets",
    },
    Thing {
        spoken: &["fax machine*", "floppy disk*", "floppies", "dial up modem*", "dial in modem*", "pagers"],
        shown: &["fax*", "flopp*", "modem*", "pager*"],
        help: "delete it, or list the thing in registers/assets",
    },
    Thing {
        spoken: &["hipaa", "protected health information", "ephi", "business associate agreement*"],
        shown: &["hipaa", "health", "ephi", "phi", "business associate*"],
        help: LAW,
    },
    Thing {
        spoken: &["pci dss", "cardholder data", "card holder data"],
        shown: &["pci*", "cardholder*", "card*", "payment*"],
        help: LAW,
    },
    Thing { spoken: &["ferpa"], shown: &["ferpa", "student*", "education*", "school*"], help: LAW },
    Thing { spoken: &["fedramp", "fisma"], shown: &["fedramp", "fisma", "federal*"], help: LAW },
    Thing { spoken: &["glba", "gramm leach bliley*"], shown: &["glba", "gramm*", "bank*"], help: LAW },
    Thing { spoken: &["sarbanes oxley*"], shown: &["sarbanes*", "sox"], help: LAW },
    Thing { spoken: &["itar", "cjis"], shown: &["itar", "cjis"], help: LAW },
];

/// A sentence with one of these says what is not done, or what others do.
const OTHERWISE: &[&str] = &[
    "not",
    "no",
    "never",
    "without",
    "neither",
    "nor",
    "provider",
    "providers",
    "provider's",
    "vendor",
    "vendors",
];

/// Words of one text that are looked at, and finds told of one document.
const MOST: usize = 20;

fn check(program: &Program, faults: &mut Faults) {
    let mut missing: Option<Vec<&Thing>> = None;
    for document in orders(program) {
        let mut told: Vec<&str> = Vec::new();
        for piece in markdown::prose(document.text) {
            for (offset, sentence) in sentences(&piece.text) {
                for (found, nth) in spoken(sentence) {
                    let missing = missing.get_or_insert_with(|| not_there(program));
                    let Some(thing) = THINGS.get(nth) else { continue };
                    let form = sentence.get(found.clone()).unwrap_or("");
                    let known = !missing.iter().any(|one| std::ptr::eq(*one, thing));
                    if known || told.len() >= MOST || thing.spoken.iter().any(|form| told.contains(form)) {
                        continue;
                    }
                    let (start, last) = (offset + found.start, offset + found.end - 1);
                    let range = piece.origin(start)..piece.origin(last) + 1;
                    told.extend(thing.spoken.first());
                    let message = format!(
                        "`{}` in {} is nothing that the rest of the programme knows",
                        safe(form),
                        document.name()
                    );
                    faults.at(document.place(program, range), message).help(thing.help);
                }
            }
        }
    }
}

/// The things of which a sentence speaks, each once.
fn spoken(sentence: &str) -> Vec<(Range<usize>, usize)> {
    let words = Words::of(sentence);
    let mut out = Vec::new();
    if !THINGS.iter().flat_map(|thing| thing.spoken).any(|form| words.may_hold(form)) {
        return out;
    }
    if words.lower.iter().any(|word| OTHERWISE.contains(&&**word)) {
        return out;
    }
    for (nth, thing) in THINGS.iter().enumerate() {
        let found = thing.spoken.iter().filter_map(|form| words.find(form)).min_by_key(|range| range.start);
        out.extend(found.map(|range| (range, nth)));
    }
    out
}

/// The things that nothing but policies and procedures speaks of.
fn not_there(program: &Program) -> Vec<&'static Thing> {
    let files = ["registers/", "frameworks/", "narratives/", crate::source::ROOT_FILE];
    let files = files.into_iter().flat_map(|folder| program.sources.below(folder));
    let mut texts: Vec<String> = files.map(|(file, _)| program.sources.text(file).to_lowercase()).collect();
    for (index, control) in program.controls.iter().enumerate() {
        if control.status() != Status::Retired {
            texts.push(format!("{} {}", program.title(index), program.description(index)).to_lowercase());
        }
    }
    // Faulty files are read as the words that they are; of a folder that is not there nothing can be said.
    let unread = program.unread.iter().any(|file| program.is_unread_folder(*file));
    let shown = |thing: &&Thing| {
        thing.shown.iter().any(|form| {
            let stem = form.trim_end_matches('*');
            texts.iter().any(|text| text.contains(stem) && Words::of(text).find(form).is_some())
        })
    };
    THINGS.iter().filter(|thing| !unread && !shown(thing)).collect()
}

/// The words of a text in lower case, and where they stand.
struct Words {
    lower: Vec<String>,
    ranges: Vec<Range<usize>>,
}

impl Words {
    fn of(text: &str) -> Self {
        let ranges = words(text);
        let lower = ranges.iter().map(|range| text[range.clone()].to_lowercase()).collect();
        Self { lower, ranges }
    }

    fn may_hold(&self, form: &str) -> bool {
        self.find(form).is_some()
    }

    fn find(&self, form: &str) -> Option<Range<usize>> {
        let parts: Vec<&str> = form.split(' ').collect();
        let fits = |word: &String, part: &&str| match part.strip_suffix('*') {
            Some(stem) => word.starts_with(stem),
            None => word == part,
        };
        let same = |at: &[String]| at.iter().zip(&parts).all(|(word, part)| fits(word, part));
        let nth = self.lower.windows(parts.len()).position(same)?;
        let last = nth + parts.len() - 1;
        Some(self.ranges.get(nth)?.start..self.ranges.get(last)?.end)
    }
}
