use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::files;
use crate::document::{
    Control, Criterion, Document, Figure, FigureKind, Kind, LeftOut, Library, Revision, Section,
};
use crate::program::Program;
use crate::render::{Published, stem};
use crate::source::Sources;
use crate::timeline::Judgement;

const MARKUP: &str = "<img src=x onerror=alert(1)><script>alert(1)</script>";
const BREAKS: &str = "\"'></a></title></script><svg onload=alert(1)>\u{202e}\u{0}";

/// Elements that have no end.
const VOID: [&str; 7] = ["meta", "link", "input", "img", "br", "hr", "col"];
/// Every attribute that a page may carry.
const ATTRIBUTES: [&str; 43] = [
    "alt",
    "aria-autocomplete",
    "aria-controls",
    "aria-current",
    "aria-expanded",
    "aria-hidden",
    "aria-keyshortcuts",
    "aria-label",
    "aria-labelledby",
    "autocomplete",
    "charset",
    "class",
    "content",
    "data-audience",
    "data-group",
    "data-item",
    "data-many",
    "data-one",
    "data-series",
    "data-status",
    "defer",
    "for",
    "hidden",
    "href",
    "http-equiv",
    "id",
    "lang",
    "name",
    "open",
    "placeholder",
    "rel",
    "role",
    "scope",
    "spellcheck",
    "src",
    "start",
    "tabindex",
    "title",
    "type",
    "value",
    "valign",
    "colspan",
    "rowspan",
];

/// A tag of a page with its attributes.
type Tag = (String, Vec<(String, String)>);

/// Reads a page strictly: every element is closed where it must be, every attribute is one that we write.
fn tags(page: &Published) -> Vec<Tag> {
    let text = std::str::from_utf8(&page.bytes).unwrap();
    let mut open: Vec<String> = Vec::new();
    let mut tags = Vec::new();
    let mut rest = text.strip_prefix("<!doctype html>").unwrap();
    while let Some(at) = rest.find('<') {
        assert!(!rest[..at].contains('>'), "{}: a loose >: {}", page.path, &rest[..at]);
        let end = at + rest[at..].find('>').unwrap();
        let inside = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = inside.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "{}: before {:.80}", page.path, rest);
            continue;
        }
        let (name, mut left) = inside.split_once(' ').unwrap_or((inside, ""));
        assert!(
            name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()),
            "{}: {inside}",
            page.path
        );
        let mut attributes = Vec::new();
        while !left.is_empty() {
            let stop = left.find([' ', '=']).unwrap_or(left.len());
            let (key, after) = left.split_at(stop);
            let value = match after.strip_prefix("=\"") {
                Some(quoted) => {
                    let (value, after) = quoted.split_once('"').unwrap();
                    left = after;
                    value
                }
                None => {
                    left = after;
                    ""
                }
            };
            left = left.trim_start_matches(' ');
            assert!(ATTRIBUTES.contains(&key), "{}: the attribute {key} in {inside}", page.path);
            attributes.push((key.to_owned(), value.to_owned()));
        }
        if !VOID.contains(&name) {
            open.push(name.to_owned());
        }
        tags.push((name.to_owned(), attributes));
    }
    assert_eq!(open, Vec::<String>::new(), "{}", page.path);
    tags
}

/// Holds a site to what any site keeps: pages are well formed, ids are unique, links lead to files and ids that are there.
fn sound(files: &[Published]) {
    let paths: BTreeSet<&str> = files.iter().map(|file| &*file.path).collect();
    assert_eq!(paths.len(), files.len(), "two files of one name");
    let pages: BTreeMap<&str, Vec<Tag>> = files
        .iter()
        .filter(|file| file.path.ends_with(".html"))
        .map(|file| (&*file.path, tags(file)))
        .collect();
    let mut ids: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (path, tags) in &pages {
        for (_, attributes) in tags {
            for (_, id) in attributes.iter().filter(|(key, _)| key == "id") {
                assert!(ids.entry(path).or_default().insert(id), "{path}: two of {id}");
                assert!(!id.is_empty() && !id.contains(char::is_whitespace), "{path}: {id}");
            }
        }
    }
    for (path, tags) in &pages {
        for (name, attributes) in tags {
            assert!(
                !["style", "iframe", "object", "embed", "base", "svg"].contains(&&**name),
                "{path}: {name}"
            );
            let value =
                |wanted: &str| attributes.iter().find(|(key, _)| key == wanted).map(|(_, value)| &**value);
            for wanted in ["aria-labelledby", "aria-controls", "for"] {
                let named = value(wanted).is_none_or(|id| ids[path].contains(id));
                assert!(named, "{path}: {wanted} names nothing");
            }
            let Some(to) = value("href").or_else(|| value("src")) else { continue };
            if ["https://", "http://", "mailto:"]
                .iter()
                .any(|scheme| to.to_ascii_lowercase().starts_with(scheme))
            {
                assert!(name == "a" && value("rel") == Some("noopener noreferrer"), "{path}: {to}");
                continue;
            }
            assert!(!to.contains(':') || to.contains('#'), "{path}: {to}");
            let (file, id) = to.split_once('#').map_or((to, None), |(file, id)| (file, Some(id)));
            let file = match (file, file.strip_prefix("../")) {
                ("", _) => (*path).to_owned(),
                (_, Some(below)) => below.to_owned(),
                (file, None) => file.to_owned(),
            };
            assert!(paths.contains(&*file), "{path}: no file for {to}");
            assert_eq!(to.starts_with("../"), path.contains('/') && !to.starts_with('#'), "{path}: {to}");
            if let Some(id) = id {
                assert!(ids[&*file].contains(id), "{path}: no place for {to}");
            }
        }
    }
}

fn document(text: &str) -> Document {
    Document {
        kind: Kind::Policy,
        id: "p".into(),
        title: "P".to_owned(),
        text: text.into(),
        sha256: None,
        path: "policies/p.md".into(),
        commit: None,
        draft: false,
        facts: Vec::new(),
        classification: "internal",
        sections: Vec::new(),
        revisions: Vec::new(),
        in_force: None,
    }
}

fn section(number: &str, title: &str, anchor: &str, controls: Vec<usize>) -> Section {
    Section {
        level: 2,
        number: number.to_owned(),
        title: title.to_owned(),
        anchor: anchor.to_owned(),
        controls,
    }
}

fn library(documents: Vec<Document>) -> Library {
    Library {
        organization: "Acme".to_owned(),
        system: "Cloud".to_owned(),
        documents,
        controls: Vec::new(),
        criteria: Vec::new(),
        figures: BTreeMap::new(),
        left_out: Vec::new(),
        broken: Vec::new(),
    }
}

/// A page of a library with one document.
fn one(document: Document) -> String {
    let files = files(&library(vec![document])).unwrap();
    sound(&files);
    text(&files, "policies/p.html")
}

fn text(files: &[Published], path: &str) -> String {
    let file = files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("no {path}"));
    String::from_utf8(file.bytes.clone()).unwrap()
}

#[test]
fn the_example_is_sound_and_the_same_each_time() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/acme");
    let program = Program::load(Sources::read(&root).unwrap());
    let judgement = Judgement::new(&program, "2026-12-31".parse::<jiff::civil::Date>().unwrap(), None);
    let library = Library::of(&judgement, true, &|_, _, _| None);
    let made = files(&library).unwrap();
    sound(&made);
    assert!(made == files(&library).unwrap());
    for document in &library.documents {
        let page = text(&made, &format!("{}.html", stem(document)));
        assert_eq!(page.contains("<strong>DRAFT.</strong>"), document.draft, "{}", document.id);
        assert_eq!(page.contains("id=\"_versions\""), !document.revisions.is_empty(), "{}", document.id);
    }
    let controls = text(&made, "controls.html");
    assert!(library.controls.len() > 50 && library.criteria.len() > 30);
    for control in &library.controls {
        assert!(controls.contains(&format!("<li class=\"card\" id=\"{}\"", control.id)), "{}", control.id);
    }
    let policy = text(&made, "policies/access-control.html");
    assert!(policy.contains("href=\"../controls.html#iam-access-review\""));
    assert!(controls.contains("href=\"policies/access-control.html#access-reviews\""));
    assert!(controls.contains("href=\"criteria.html#CC6.2\""));
    assert!(text(&made, "assets/search.js").contains("\"3 Access reviews\",\"access-reviews\","));
}

#[test]
fn text_of_strangers_stays_text() {
    let markdown = format!(
        "{MARKUP}\n\n<details open ontoggle=alert(1)>\n\n[a](javascript:alert(1)) [b](data:text/html,x) [c](JaVaScRiPt:x) \
         [d](https://a.example/\"onclick=\"x) [e](vbscript:x \"{}\") <https://b.example/'><script>\n\n\
         ![{MARKUP}](https://c.example/x.png) ![f](javascript:x) `{MARKUP}`\n\n## {MARKUP} {{#_main\"onclick=\"x}}\n\n\
         ```{MARKUP}\n{MARKUP}\n```\n\n| {MARKUP} |\n| - |\n| {BREAKS} |\n\n[^<b>]: {MARKUP}\n\nnote[^<b>]\n",
        "x' onclick='x"
    );
    let hostile = |text: &str| format!("{text}{BREAKS}{MARKUP}");
    let mut policy = document(&markdown);
    policy.title = hostile("title");
    policy.path = "policies/\"><b>.md".into();
    policy.commit = Some(hostile("commit"));
    policy.draft = true;
    policy.facts = vec![("Version", hostile("1")), ("Read and acknowledged by", hostile("all"))];
    policy.sections = vec![section("1", MARKUP, "_main\"onclick=\"x", vec![0])];
    policy.revisions = vec![Revision {
        version: hostile("1"),
        effective: None,
        approved_by: hostile("by"),
        approved_on: None,
        proof: Some(hostile("proof")),
        recorded: Some(hostile("recorded")),
    }];
    let mut library = library(vec![policy]);
    library.organization = hostile("organisation");
    library.system = hostile("system");
    library.controls = vec![Control {
        id: hostile("id").into(),
        title: hostile("title"),
        description: hostile("description"),
        owner: hostile("owner"),
        cadence: hostile("cadence"),
        status: "draft",
        criteria: vec![0],
        ordered_by: vec![(0, Some(0)), (0, None)],
    }];
    library.criteria = vec![Criterion { id: hostile("CC6.1"), text: hostile("text"), controls: vec![0] }];
    library.left_out = vec![LeftOut { id: hostile("id").into(), why: hostile("why") }];
    let made = files(&library).unwrap();
    sound(&made);
    let page = text(&made, "policies/p.html");
    assert_eq!(page.matches("<script").count(), 1, "{page}");
    assert_eq!(page.matches("<img").count(), 0, "{page}");
    for refused in ["=\"javascript", "=\"data:", "=\"JaVa", "=\"vbscript", "\u{202e}", "\u{0}"] {
        assert!(!page.contains(refused), "{refused}");
    }
    assert!(page.contains("id=\"~5f~main~22~onclick~3d~~22~x\""), "{page}");
    let search = text(&made, "assets/search.js");
    assert!(!search.contains('<') && !search.contains('\u{202e}') && search.lines().count() == 1, "{search}");
}

#[test]
fn what_is_written_is_shown() {
    let mut policy = document(
        "Intro with **bold**, *slant* and `code`.\n\n## One\n\n1. a\n2. b\n   - c\n\n5. five\n\n- [x] done\n- [ ] open\n\n\
         > said\n\n| a | b | |\n| :- | -: | - |\n| 1 | 2 | 3 |\n\n```sh\na < b\n\tc\n```\n\n---\n\nAsk <a@a.example>. See [web](https://a.example/?a=1&b=2), \
         [](mailto:x@a.example), [below](#two), [gone](#nothing), [no page](other.md) and a note[^n], again[^n].\n\n[^n]: The note.\n\n\
         ![A net](net.png) ![](gone.png)\n\n### Two\n\nend\\\nline\n",
    );
    policy.sections = vec![section("1", "One", "one", vec![]), section("1.1", "Two", "two", vec![])];
    let mut library = library(vec![policy]);
    let figure = Figure { kind: FigureKind::Png, bytes: b"png".to_vec() };
    library.figures.insert("policies/net.png".into(), figure);
    let made = files(&library).unwrap();
    sound(&made);
    let page = text(&made, "policies/p.html");
    let picture = made.iter().find(|file| file.path.starts_with("figures/")).unwrap();
    assert_eq!(picture.bytes, b"png");
    let shown = format!("<img src=\"../{}\" alt=\"A net\">", picture.path);
    for part in [
        "<strong>bold</strong>, <em>slant</em> and <code>code</code>",
        "<h2 id=\"one\"><span class=\"number\">1</span> One</h2>",
        "<h3 id=\"two\"><span class=\"number\">1.1</span> Two</h3>",
        "aria-label=\"done\"",
        "<blockquote>",
        "<th scope=\"col\" class=\"right\">b</th><td></td>",
        "<td>1</td><td class=\"right\">2</td>",
        "a &lt; b\n\tc\n</code></pre>",
        "<hr>",
        "href=\"https://a.example/?a=1&amp;b=2\">web</a>",
        "href=\"mailto:x@a.example\">mailto:x@a.example</a>",
        "href=\"mailto:a@a.example\">a@a.example</a>",
        "<a href=\"../policies/p.html#two\">below</a>",
        "<a href=\"../policies/p.html\">gone</a>",
        "no page and a note",
        "<a id=\"_ref-1\" href=\"#_note-1\"",
        "<li id=\"_note-1\"><p>The note.</p>",
        "[figure not shown: ]",
        &shown,
        "end<br>\nline",
    ] {
        assert!(page.contains(part), "{part}:\n{page}");
    }
}

#[test]
fn nothing_grows_without_bound() {
    let row = "|".to_owned() + &"a|".repeat(2_000) + "\n";
    let table = row.clone() + "|" + &"-|".repeat(2_000) + "\n" + &row.repeat(250);
    let deep = [
        ("table", table),
        ("quotes", ">".repeat(10_000) + " text"),
        ("lists", (0..400).map(|n| "  ".repeat(n) + "- a\n").collect()),
        ("stars", "*a ".repeat(20_000) + &"a* ".repeat(20_000)),
        ("images", "![".repeat(5_000) + &"](x.png)".repeat(5_000)),
        ("notes", "[^a]: b\n\n".to_owned() + &"[^a]".repeat(20_000)),
        ("headings", "# a\n".repeat(3_000)),
    ];
    for (name, text) in deep {
        let size = text.len();
        let page = one(document(&text));
        assert!(page.len() < 8_000 + size * 30, "{name}: {} of {size}", page.len());
        let depth = page.matches("<blockquote>").count().max(page.matches("<em>").count().min(100));
        assert!(name == "stars" || depth <= 40, "{name}: {depth} deep");
        assert_eq!(page.contains("more than 20,000 cells"), name == "table", "{name}");
    }
}

#[test]
fn each_document_has_a_page_of_its_own() {
    let ids = ["access", "Access", "../../etc/passwd", "a/b", "", "ä", "access"];
    let documents = ids.map(|id| Document { id: id.into(), ..document("text") });
    let made = files(&library(documents.into())).unwrap();
    sound(&made);
    let pages: Vec<_> =
        made.iter().map(|file| &*file.path).filter(|path| path.starts_with("policies/")).collect();
    assert_eq!(
        pages,
        [
            "policies/access.html",
            "policies/access-2.html",
            "policies/etc-passwd.html",
            "policies/a-b.html",
            "policies/document.html",
            "policies/document-2.html",
            "policies/access-3.html"
        ]
    );
}
