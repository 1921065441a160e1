//! Every construct reaches a page, two settings are equal, and no text does harm.

use std::collections::BTreeMap;

use jiff::civil::date;

use super::{body, bounds, combined, files, front, without_shape};
use crate::document::{Control, Criterion, Document, Figure, FigureKind, Kind, Library, Revision, Section};
use crate::render::Published;

fn document(id: &str, text: &str) -> Document {
    let headings = crate::syntax::markdown::headings(text);
    let section = |(nth, heading): (usize, crate::syntax::markdown::Heading)| Section {
        level: heading.level.max(2),
        number: (nth + 1).to_string(),
        title: heading.title,
        anchor: heading.anchor,
        controls: if nth == 0 { vec![0] } else { Vec::new() },
    };
    Document {
        kind: Kind::Policy,
        id: id.into(),
        title: format!("The {id} policy"),
        text: text.into(),
        sha256: None,
        path: format!("policies/{id}.md").into(),
        commit: None,
        draft: false,
        facts: vec![("Version", "1.0".to_owned()), ("Approved by", "Dana \"D\" Ross".to_owned())],
        classification: "internal",
        sections: headings.into_iter().enumerate().map(section).collect(),
        revisions: vec![Revision {
            version: "1.0".to_owned(),
            effective: Some(date(2026, 1, 1)),
            approved_by: "Dana Ross".to_owned(),
            approved_on: Some(date(2025, 12, 20)),
            proof: None,
            recorded: None,
        }],
        in_force: Some(0),
    }
}

fn library(documents: Vec<Document>) -> Library {
    let drawing =
        br#"<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><path d="M0 0H40V20z"/></svg>"#;
    let figure = Figure { kind: FigureKind::Svg, bytes: drawing.to_vec() };
    Library {
        organization: "Acme #1 \\ \"Inc\"".to_owned(),
        system: "Acme".to_owned(),
        documents,
        controls: vec![Control {
            id: "iam-access-review".into(),
            title: "Access review".to_owned(),
            description: String::new(),
            owner: String::new(),
            cadence: "quarterly".to_owned(),
            status: "implemented",
            criteria: vec![0],
            ordered_by: Vec::new(),
        }],
        criteria: vec![Criterion { id: "CC6.2".to_owned(), text: String::new(), controls: vec![0] }],
        figures: BTreeMap::from([("policies/flow.svg".into(), figure)]),
        left_out: Vec::new(),
        broken: Vec::new(),
    }
}

fn code(text: &str) -> String {
    let library = library(vec![document("a", text), document("b", "## There {#there}\n\nWords.\n")]);
    body::body(&library, 0, &library.documents[0], false).code
}

/// Every document.
fn all(library: &Library) -> Vec<usize> {
    (0..library.documents.len()).collect()
}

fn one(text: &str) -> Result<Vec<Published>, Vec<crate::render::Failure>> {
    files(&library(vec![document("a", text)]), &[0], &|_| {})
}

/// Text, and the code it must become.
const CONSTRUCTS: &[(&str, &str)] = &[
    (
        "Plain *soft* **hard** `code`.",
        r#""Plain ";emph({"soft";});" ";strong({"hard";});" ";raw("code");".";parbreak();"#,
    ),
    ("A \"b\" \\\\ #c", r##""A \"b\" \\ #c";parbreak();"##),
    (
        "## Who *reviews* {#who}",
        r#"section(2,"1","d0s0",{"Who ";emph({"reviews";});});carried("Control: iam-access-review (CC6.2)");"#,
    ),
    ("- one\n- two", r#"list(tight:true,list.item({"one";}),list.item({"two";}),);"#),
    (
        "- one\n\n- two",
        r#"list(tight:false,list.item({"one";parbreak();}),list.item({"two";parbreak();}),);"#,
    ),
    (
        "3. one\n   - two",
        r#"enum(tight:true,start:3,enum.item({"one";list(tight:true,list.item({"two";}),);}),);"#,
    ),
    ("- [x] one", r#"list(marker:none,body-indent:0pt,tight:true,list.item({task(true,{"one";});}),);"#),
    ("> one", r#"quote({"one";parbreak();});"#),
    ("```sh\na\n\t\"b\"\n```", r#"code("a\n\t\"b\"");"#),
    ("---", "beam;"),
    ("one\\\ntwo\nthree", r#""one";linebreak();"two three";parbreak();"#),
    ("[x](https://e.org)", r#"link("https://e.org",{"x";});parbreak();"#),
    ("<https://e.org>", r#"link("https://e.org");parbreak();"#),
    ("[x](javascript:a)", r#""x";parbreak();"#),
    ("[x](b.md#there)", r#""x";" (The b policy, 1)";parbreak();"#),
    ("## A {#a}\n[x](#a)", r#"link(label("d0s0"),{"x";});parbreak();"#),
    ("one[^n]\n\n[^n]: two", r#""one";noted("d0n0",{"two";parbreak();});parbreak();"#),
    ("[^n]: two", r#""[n] ";"two";parbreak();parbreak();"#),
    ("![words](flow.svg)", r#"figure-of("/figure-0","svg","words");parbreak();"#),
    ("![words](https://e.org/a.png)", r#""[words]";parbreak();"#),
    ("<b>bold</b>", r#""<b>bold</b>";parbreak();"#),
    ("| A | B |\n| - | -: |\n| 1 | |", r#"(start,end,),9.5pt,({"A";},{"B";},),{"1";},{},);"#),
    ("| | |\n| - | - |\n| 1 | 2 |", r#"9.5pt,(),{"1";},{"2";},);"#),
];

#[test]
fn every_construct_becomes_its_call() {
    for (text, expected) in CONSTRUCTS {
        let code = code(text);
        assert!(code.ends_with(expected), "{text}\n  is {code}\n not {expected}");
    }
}

#[test]
fn every_construct_is_set_and_two_settings_are_equal() {
    let mut text: String = CONSTRUCTS.iter().map(|(text, _)| format!("{text}\n\n")).collect();
    text.push_str("→ ✓ ☐ Привет Ω “quoted” —\n");
    let library = library(vec![document("a", &text), document("b", "## There {#there}\n\nWords.\n")]);
    let ticks = std::cell::Cell::new(0);
    let made = files(&library, &all(&library), &|done| ticks.set(done)).unwrap();
    let paths: Vec<&str> = made.iter().map(|file| file.path.as_str()).collect();
    assert_eq!((paths, ticks.get()), (vec!["policies/a.pdf", "policies/b.pdf"], 2));
    for file in &made {
        assert!(file.bytes.starts_with(b"%PDF-1.7"), "{}", file.path);
        let claim = file.bytes.windows(6).any(|bytes| bytes == b"pdfuai");
        assert!(claim, "{} is not set as PDF/UA", file.path);
    }
    assert_eq!(made, files(&library, &all(&library), &|_| {}).unwrap());
    let odd = one("中文 😀\n").unwrap();
    assert!(
        !odd[0].bytes.windows(6).any(|bytes| bytes == b"pdfuai"),
        "empty boxes are claimed to be letters"
    );
    assert_eq!(without_shape(&document("a", "a中\u{fe0f}→\n")).into_iter().collect::<String>(), "中");
    assert_eq!(combined(&library).unwrap(), combined(&library).unwrap());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(made, pool.install(|| files(&library, &all(&library), &|_| {})).unwrap());
}

#[test]
fn a_draft_says_so_and_has_a_place_to_sign() {
    let mut draft = document("a", "Words.\n");
    draft.draft = true;
    let library = library(vec![draft]);
    let code = front::pages(&library, 0, &library.documents[0], "", false);
    assert!(
        code.contains("draft:true") && code.contains("foot:\"Draft ·") && code.contains("signature("),
        "{code}"
    );
    assert!(front::title_page(&library).contains("they order nothing: The a policy."));
    assert!(files(&library, &all(&library), &|_| {}).is_ok());
}

#[test]
fn hostile_texts_are_harmless() {
    let deep = |open: &str, n: usize| format!("{}x\n", open.repeat(n));
    let stairs = |n: usize| (0..n).map(|n| format!("{}- x\n", "  ".repeat(n))).collect::<String>();
    let cases = [
        deep("> ", 5_000),
        deep("- ", 2_000),
        stairs(150),
        deep("**_", 500),
        deep("[", 5_000),
        "#".repeat(5_000),
        "#panic(\"x\") $ #import \"@preview/x:1.0.0\" \\u{22}); read(\"/etc/passwd\") //".to_owned(),
        "```\n\"); #panic() ```\n".to_owned(),
        "[x](https://e.org/\"\\\");panic()\n\n[y](<https://e.org/ a>)\n".to_owned(),
        "a[^a]\n\n[^a]: b[^b]\n\n[^b]: a[^a]\n\n    ## Inside {#inside}\n\n[x](#inside)\n".to_owned(),
        "###### six\n\n## two\n\n##### five\n\n## \n".to_owned(),
        "x".repeat(50_000),
        "\u{202e}\u{0}\u{7}\u{feff}\u{2028}\r\t\u{e0041}".to_owned(),
        "| a |\n| - |\n| > - 1. ```x``` ![y](flow.svg) [z](#none) |\n".to_owned(),
        "- > - > - 1. > ## Deep {#deep}\n\n[x](#deep)\n".to_owned(),
        format!("{}| a | b |\n{0}| - | - |\n{0}| 1 | 2 |\n", "> ".repeat(40)),
        "\n".to_owned(),
        String::new(),
    ];
    for text in cases {
        let head: String = text.chars().take(60).collect();
        if let Err(why) = one(&text) {
            panic!("{head}: {why:?}");
        }
    }
}

#[test]
fn too_much_is_refused_before_it_is_set() {
    let table = |columns: usize, rows: usize| {
        let row = format!("{}|\n", "|x".repeat(columns));
        format!("{row}{}|\n{}", "|-".repeat(columns), row.repeat(rows))
    };
    let cases = [
        (table(2_000, 2_000), "is a text of more than 256 KiB"),
        (table(2_000, 10), "has a table of 2000 columns"),
        ("*x* ".repeat(30_000), "has more than 30000 pieces"),
        ("# x\n".repeat(1_500), "has more than 30000 pieces"),
    ];
    for (text, expected) in cases {
        let failure = one(&text).unwrap_err().remove(0);
        assert_eq!(failure.path, "policies/a.md");
        assert!(failure.why.contains(expected), "{}", failure.why);
    }
    let large = || document("a", &"x ".repeat(125 << 10));
    let library = library((0..5).map(|_| large()).collect());
    assert!(bounds::check_all(&library).is_err());
}

#[test]
fn a_figure_that_cannot_be_shown_is_named() {
    let mut library = library(vec![document("a", "![flow](flow.svg)\n")]);
    let cases: [(FigureKind, &[u8], &str); 3] = [
        (FigureKind::Svg, b"<svg", "shows the figure `policies/flow.svg`, which is no readable SVG"),
        (
            FigureKind::Png,
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01",
            "shows the figure `policies/flow.svg`",
        ),
        (
            FigureKind::Png,
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x20\0\0\0\x20\0",
            "more than 24 million pixels",
        ),
    ];
    for (kind, bytes, expected) in cases {
        library.figures.insert("policies/flow.svg".into(), Figure { kind, bytes: bytes.to_vec() });
        let why = files(&library, &all(&library), &|_| {}).unwrap_err().remove(0).why;
        assert!(why.contains(expected), "{why}");
    }
}
