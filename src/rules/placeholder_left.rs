use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{Event, Parser};

use super::shared::texts::{orders, words};
use super::*;
use crate::model::Text;
use crate::source::Span;
use crate::syntax::markdown;
use crate::text::{clip, safe};

pub(super) static RULE: Rule = Rule {
    name: "placeholder-left",
    brief: "a placeholder that nobody filled in",
    check: Check::Tree(Level::Deny, check),
    docs: r#"
A policy, a procedure or a control still holds what a template left open: `[Company Name]`, `<insert date>`,
`{organization}`, `TBD`, `XXX`, `TODO:`, `lorem ipsum`, or a company of examples such as `Acme`, unless that is the
organisation's own name. The text is judged as people read it, also where it is set as a block of code; each placeholder is
told once in a document. One that stands alone between backticks is spoken of, and is left alone. Narratives keep their
brackets until they are written. A variable without a value is `unknown-variable`.

## Why it matters
A blank in an approved policy shows that nobody read what was approved. An auditor who finds one stops believing the
rest, and a customer who finds one stops reading.

## Example
```markdown
#- policies/access-control.md
---
id: access-control
title: Access Control Policy
owner: security-lead
---
# Access Control

[Company Name] reviews access each quarter. The review is led by <name of the officer>.
^^^^^^^^^^^^^^ the placeholder `[Company Name]` in the policy `access-control` was never filled in
#                                                                ^^^^^^^^^^^^^^^^^^^^^ `<name of the officer>`

A password has TBD characters. Contoso tells its staff. [COMPANY NAME] keeps the list.
#              ^^^ the placeholder `TBD`
#                              ^^^^^^^ `Contoso` in the policy `access-control` is a company of examples

- Lorem ipsum dolor
# ^^^^^^^^^^^ `Lorem ipsum`
```
```yaml
#- controls/access.yaml
id: access-review
title: Owners review every user
description: Each quarter [Role] reviews every user of {{ organization.name }}.
#                         ^^^^^^ the placeholder `[Role]` in the control `access-review` was never filled in
owner: security-lead
status: draft
cadence: quarterly
criteria: [CC6.2]
```

## Fixed
```markdown
#- policies/access-control.md
---
id: access-control
title: Access Control Policy
owner: security-lead
---
# Access Control

Acme reviews access each quarter, see [the company name](https://example.com) and the [register]. A policy with a `TBD` in it
is not approved. A certificate is asked for by the ACME protocol. The form is XXX-XX-XXXX.

- [ ] the list is there
- a<br>b

[register]: https://example.com
```
"#,
};

/// Placeholders told of one document.
const MOST: usize = 20;

/// Words that ask to be replaced, at the start of a bracket.
const ASKS: &[&str] = &[
    "insert",
    "enter",
    "specify",
    "replace",
    "fill",
    "your",
    "tbd",
    "tbc",
    "todo",
    "placeholder",
    "xx",
    "xxx",
];
/// Words that begin what a blank asks for: `[person responsible for notifications]`.
const ASKED_FOR: &[&str] = &[
    "amount",
    "company",
    "contact",
    "date",
    "day",
    "email",
    "job",
    "name",
    "names",
    "number",
    "organization",
    "organisation",
    "person",
    "phone",
];
/// Words of which a blank is made.
const BLANKS: &[&str] = &[
    "address",
    "company",
    "contact",
    "date",
    "department",
    "email",
    "mail",
    "name",
    "number",
    "officer",
    "organisation",
    "organization",
    "person",
    "phone",
    "role",
    "title",
    "url",
    "version",
    "website",
];
/// Words that stand beside them.
const BESIDE: &[&str] = &[
    "a",
    "and",
    "application",
    "approval",
    "business",
    "chief",
    "city",
    "country",
    "domain",
    "e",
    "effective",
    "full",
    "here",
    "information",
    "legal",
    "of",
    "or",
    "our",
    "privacy",
    "product",
    "responsible",
    "s",
    "security",
    "service",
    "short",
    "system",
    "team",
    "the",
];
/// Companies that exist in examples only.
const EXAMPLES: &[&str] = &["acme", "contoso", "initech"];
/// `ACME` beside one of these is the protocol by which certificates are asked for.
const PROTOCOL: &[&str] =
    &["protocol", "certificate", "certificates", "rfc", "encrypt", "client", "challenge", "tls"];

fn check(program: &Program, faults: &mut Faults) {
    let own = own_names(program);
    for document in orders(program) {
        for found in once(document.text, in_document(document.text, &own)) {
            tell(
                document.text,
                &found,
                &document.name(),
                document.place(program, found.range.clone()),
                faults,
            );
        }
    }
    for (index, control) in program.controls.iter().enumerate() {
        let name = format!("the control `{}`", control.id);
        let texts =
            [(&control.title, program.title(index)), (&control.description, program.description(index))];
        for (typed, read) in texts {
            let Some(typed) = typed else { continue };
            for found in once(&read, in_line(&read, &own)) {
                let words = read.get(found.range.clone()).unwrap_or("");
                tell(&read, &found, &name, within(program, typed, words), faults);
            }
        }
    }
}

/// Where words stand in a value as typed.
fn within(program: &Program, typed: &Text, words: &str) -> Location {
    match program.sources.slice(typed.at).find(words) {
        Some(at) => {
            let start = typed.at.span.start as usize + at;
            Location { file: typed.at.file, span: Span::new(start, start + words.len()) }
        }
        None => typed.at,
    }
}

fn tell(text: &str, found: &Found, name: &str, at: Location, faults: &mut Faults) {
    let shown = clip(&safe(text.get(found.range.clone()).unwrap_or("")), 60);
    if found.example {
        let message = format!("`{shown}` in {name} is a company of examples");
        faults.at(at, message).help("write `{{ organization.name }}`, or the name that is meant");
    } else {
        let message = format!("the placeholder `{shown}` in {name} was never filled in");
        faults.at(at, message).help("write what is meant; for the company's name `{{ organization.name }}`");
    }
}

struct Found {
    range: Range<usize>,
    example: bool,
}

/// The names that the programme gives itself, in lower case.
fn own_names(program: &Program) -> String {
    let config = program.config.as_ref();
    let organization = config.and_then(|config| config.organization.as_ref()?.name.as_ref());
    let system = config.and_then(|config| config.system.as_ref()?.name.as_ref());
    let names = organization.into_iter().chain(system);
    names.map(|name| name.value.to_lowercase() + "\n").collect()
}

/// Each placeholder once, whatever its case, up to so many.
fn once(text: &str, found: Vec<Found>) -> Vec<Found> {
    let mut seen = BTreeSet::new();
    let word = |found: &Found| text.get(found.range.clone()).unwrap_or("").to_lowercase();
    let mut kept: Vec<Found> = found.into_iter().filter(|found| seen.insert(word(found))).collect();
    kept.sort_by_key(|found| found.range.start);
    kept.truncate(MOST);
    kept
}

fn in_document(text: &str, own: &str) -> Vec<Found> {
    let mut out = Vec::new();
    for piece in markdown::statements(text) {
        for found in in_line(&piece.text, own) {
            let (start, last) = (piece.origin(found.range.start), piece.origin(found.range.end - 1));
            let range = start..last + 1;
            let spoken_of = text.get(..start).is_some_and(|before| before.ends_with('`'))
                && text.get(range.end..).is_some_and(|after| after.starts_with('`'));
            if !spoken_of && text.get(range.clone()).is_some() {
                out.push(Found { range, ..found });
            }
        }
    }
    // `<company name>` is a tag to Markdown.
    for (event, range) in Parser::new_ext(text, markdown::options()).into_offset_iter() {
        if let Event::InlineHtml(html) | Event::Html(html) = event {
            for found in in_line(&html, own) {
                let range = range.start + found.range.start..range.start + found.range.end;
                out.extend(text.get(range.clone()).is_some().then_some(Found { range, ..found }));
            }
        }
    }
    out
}

/// The placeholders of running text.
fn in_line(text: &str, own: &str) -> Vec<Found> {
    let brackets = brackets(text);
    let all = words(text);
    let word = |nth: usize| all.get(nth).and_then(|range| text.get(range.clone())).unwrap_or("");
    let is_protocol = all.iter().any(|range| of(PROTOCOL, &text[range.clone()]));
    let mut out = Vec::new();
    for (nth, range) in all.iter().enumerate() {
        let alone = !touches(text, range);
        let after = brackets.partition_point(|bracket| bracket.end <= range.start);
        if brackets.get(after).is_some_and(|bracket| bracket.start < range.start) {
            continue;
        }
        match word(nth) {
            "TBD" | "TBC" if alone => out.push(blank(range.clone())),
            "TODO" | "FIXME" if text[range.end..].starts_with(':') => out.push(blank(range.clone())),
            xs if alone && xs.len() > 2 && xs.bytes().all(|b| b == b'X') => out.push(blank(range.clone())),
            lorem if lorem.eq_ignore_ascii_case("lorem") && word(nth + 1).eq_ignore_ascii_case("ipsum") => {
                let end = all.get(nth + 1).map_or(range.end, |next| next.end);
                out.push(blank(range.start..end));
            }
            name if is_example(name, is_protocol) && !own.contains(&name.to_lowercase()) => {
                out.push(Found { range: range.clone(), example: true });
            }
            _ => {}
        }
    }
    out.extend(brackets.into_iter().map(blank));
    out
}

fn blank(range: Range<usize>) -> Found {
    Found { range, example: false }
}

/// Is it the name of a company of examples?
fn is_example(name: &str, is_protocol: bool) -> bool {
    let acme = name.eq_ignore_ascii_case("acme");
    name.starts_with(char::is_uppercase) && of(EXAMPLES, name) && !(acme && is_protocol)
}

/// Is it a part of something longer: `CVE-XXXX`, `XXX-XX-XXXX`?
fn touches(text: &str, range: &Range<usize>) -> bool {
    let before = text.get(..range.start).and_then(|text| text.chars().next_back());
    let after = text.get(range.end..).and_then(|text| text.chars().next());
    before == Some('-') || after == Some('-')
}

/// `[…]`, `<…>` and `{…}` that hold a blank.
fn brackets(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut open: Option<(usize, char)> = None;
    for (at, c) in text.char_indices() {
        match (c, open) {
            ('[' | '<' | '{', _) => open = Some((at, c)),
            (']', Some((start, '['))) | ('>', Some((start, '<'))) | ('}', Some((start, '{'))) => {
                if is_blank(&text[start + 1..at], c == ']') {
                    out.push(start..at + 1);
                }
                open = None;
            }
            _ => {}
        }
    }
    out
}

/// Does a bracket ask to be filled in?
fn is_blank(inner: &str, square: bool) -> bool {
    let plain = |c: char| {
        c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '\'' | '’' | ',' | '.') || square && c == '/'
    };
    if inner.len() > 80 || !inner.starts_with(char::is_alphabetic) || !inner.chars().all(plain) {
        return false;
    }
    let lower = inner.to_lowercase();
    let parts: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let asks = |first: &&str| {
        ASKS.contains(first)
            || *first == "amount" && square
            || parts.len() > 1 && ASKED_FOR.contains(first) && inner.contains([' ', '/'])
    };
    if parts.first().is_some_and(asks) || parts.contains(&"placeholder") {
        return true;
    }
    let made_of_blanks = parts.iter().any(|part| BLANKS.contains(part))
        && parts.iter().all(|part| BLANKS.contains(part) || BESIDE.contains(part));
    // `[name]` is how a command's manual writes what may be left out, `<title>` a tag, `{name}` a piece of an address.
    let sure = parts.len() > 1
        || inner.chars().all(char::is_uppercase)
        || square && inner.starts_with(char::is_uppercase)
        || matches!(parts.as_slice(), ["company" | "organization" | "organisation"]);
    made_of_blanks && sure
}

fn of(list: &[&str], word: &str) -> bool {
    list.iter().any(|one| one.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Vec<&str> {
        once(text, in_document(text, "bright ltd\n")).into_iter().map(|one| &text[one.range]).collect()
    }

    #[test]
    fn blanks_are_found_however_they_are_drawn() {
        for text in [
            "[Company Name]",
            "[Your name here]",
            "[INSERT the number of days]",
            "[ORGANIZATION]",
            "[Date]",
            "[Security Officer]",
            "[day/month/year]",
            "[job title]",
            "[amount]",
            "[person responsible for notifications, including title]",
            "[name of supplier/outsourcing partner]",
            "<company name>",
            "<Insert Date>",
            "<placeholder>",
            "<COMPANY_NAME>",
            "{company_name}",
            "{ORGANIZATION}",
            "TBD",
            "XXXX",
            "TODO",
            "lorem Ipsum",
            "ACME",
        ] {
            let tail = if text == "TODO" { ": x" } else { " x" };
            assert_eq!(seen(&format!("A {text}{tail}.\n")), [text]);
            assert_eq!(seen(&format!("```\nA {text}{tail}.\n```\n")), [text]);
        }
    }

    #[test]
    fn what_only_looks_like_one_is_left_alone() {
        for text in [
            "`[Company Name]`, `TBD`, `XXX`",
            "[company name](https://example.com), [x][company name]\n\n[company name]: https://example.com",
            "[ ] a, [x] b, [1], [^1], [sic], [name], [title], [security team], [a note of the editor on it]",
            "<br>, <title>, <https://example.com/name>, <dana@example.com>, <a name=\"x\">b</a>, a < b and c > d",
            "{name}, {id}, { \"company\": \"x\" }",
            "todo, a TODO list, CVE-XXXX-1, XXX-XX-XXXX, XL, xxx",
            "A certificate by ACME from Let's Encrypt, acme",
            "Bright",
        ] {
            assert_eq!(seen(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn large_texts_take_no_time_to_speak_of() {
        for piece in ["[", "[a", "[Date] ", "<a ", "TBD ", "{{", "XXX-", "ACME\n\n", "`", "lorem "] {
            let text = piece.repeat((1 << 18) / piece.len());
            once(&text, in_document(&text, ""));
        }
    }
}
