//! Documents of strangers: texts and figures that want to grow without end, to read what is not theirs, or to act where
//! they are shown. Each is refused with its place or a reason, or becomes text that does nothing.

use crate::support::{Folder, Ran};

const CONFIG: &str = "[organization]\nname = \"Acme\"\ntimezone = \"UTC\"\n[system]\nname = \"Acme Cloud\"\n[scope]\n\
                      framework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n[variables]\nn = 5\nbig = \"";
/// Enough for work that grows with the square of a text to be felt.
const LONG: usize = 60_000;

fn programme(text: &str) -> Folder {
    let folder = Folder::new();
    folder.write("soc2.toml", format!("{CONFIG}{}\"\n", "x".repeat(4_000)));
    folder.write(
        "policies/p.md",
        format!("---\nid: p\ntitle: Odd\nowner: nobody\nreview: annual\n---\n# Odd\n\n{text}\n"),
    );
    folder
}

fn check(folder: &Folder) -> Ran {
    let ran = folder.run("check --as-of 2026-06-30");
    assert!(ran.code == 0 || ran.code == 1, "{}", ran.stderr);
    ran
}

fn render(folder: &Folder, forms: &str) -> Ran {
    folder.run(&format!("render --drafts --to {forms} --as-of 2026-06-30"))
}

/// A text of at least a length.
fn long(piece: &str) -> String {
    piece.repeat(LONG / piece.len() + 1)
}

#[test]
fn programs_in_a_text_are_refused_with_their_place() {
    let blocks = format!("{}x{}", "{% if n %}".repeat(20_000), "{% endif %}".repeat(20_000));
    let brackets = format!("{{{{ {}n{} }}}}", "(".repeat(50_000), ")".repeat(50_000));
    let doubling = format!("{{% set a = 'x' %}}{}", "{% set a = a ~ a %}".repeat(60));
    let growth = "{{ big }}".repeat(1_000);
    let cases: &[(&str, &str, &str)] = &[
        ("expression-refused", &doubling, "9:4"),
        ("expression-refused", "x {{ big | replace('x', big) }}", "9:12"),
        ("expression-refused", "{{ '%999999999d' | format(n) }}", "9:20"),
        ("expression-refused", "{% for i in range(1000000000) %}x{% endfor %}", "9:4"),
        ("expression-refused", "Text.\n\n{% include '../../../etc/passwd' %}", "11:4"),
        ("expression-refused", "{% import '/etc/passwd' as x %}", "9:4"),
        ("expression-refused", "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "9:4"),
        ("unknown-variable", "{{ n.__class__ }}", "9:4"),
        ("expression-refused", &growth, "7:1"),
        ("expression-refused", &blocks, "9:401"),
        ("expression-refused", &brackets, "9:1"),
    ];
    for (rule, text, place) in cases {
        let name = &text[..text.len().min(40)];
        let folder = programme(text);
        let checked = check(&folder);
        assert_eq!(checked.code, 1, "{name}: {}", checked.stdout);
        let told = checked.stdout.split("\n\n").any(|one| {
            one.starts_with(&format!("deny[{rule}]")) && one.contains(&format!("--> policies/p.md:{place}\n"))
        });
        assert!(told, "{name}: no {rule} at {place} in {}", checked.stdout);
        assert!(!checked.stdout.contains("root:"), "{name}: {}", checked.stdout);
        let rendered = render(&folder, "html,md");
        assert_eq!(rendered.code, 2, "{name}: {}", rendered.stdout);
        assert!(
            rendered.stderr.starts_with("not published: p (its text cannot be read: soc2 check says where)"),
            "{name}: {}",
            rendered.stderr
        );
    }
}

#[test]
fn what_would_act_is_text() {
    let folder = programme(
        "<script>alert(1)</script>\n\n<iframe src=\"//x.example\"></iframe> <img src=x onerror=alert(2)>\n\n\
         [a](javascript:alert(3)) [b](data:text/html,x) [c](JaVaScRiPt:x) [d](&#106;avascript:x) [e](file:///etc/passwd)\n\
         <javascript:alert(4)> [f](//x.example/a) [g](../../../etc/passwd)\n\n\
         #import \"/etc/passwd\"\n\n#read(\"/etc/passwd\") #eval(\"1\") $x$ \\#c `#read(\"x\")` \u{202e}\u{1b}[31m\n",
    );
    check(&folder);
    let rendered = render(&folder, "html,md");
    assert_eq!(rendered.code, 0, "{}", rendered.stderr);
    let page = folder.read("published/html/policies/p.html");
    for part in ["&lt;script&gt;alert(1)", "&lt;iframe", "&lt;img src=x onerror", "#read(", "#eval("] {
        assert!(page.contains(part), "no `{part}` in {page}");
    }
    let (_, text) = page.split_once("<article>").unwrap();
    for part in [
        "<script",
        "<iframe",
        "<img",
        "href=\"javascript",
        "href=\"data",
        "href=\"file",
        "href=\"//",
        "passwd\"",
        "\u{1b}",
        "\u{202e}",
    ] {
        assert!(!text.contains(part), "`{part}` in {text}");
    }
    if cfg!(feature = "pdf") {
        let rendered = render(&folder, "pdf");
        assert_eq!(rendered.code, 0, "{}", rendered.stderr);
    }
}

#[test]
fn texts_without_end_come_to_one() {
    let cells = |n: usize, cell: &str| format!("|{}\n", format!("{cell}|").repeat(n));
    let table = |rows: usize| cells(2_000, "a") + &cells(2_000, "-") + &cells(2_000, "").repeat(rows);
    let numbered = |line: &dyn Fn(usize) -> String| (0..5_000).map(line).collect::<String>();
    let cases: &[(&str, String)] = &[
        ("columns", table(30)),
        ("rows", format!("|a|b|\n|-|-|\n{}", long("|x|y|\n"))),
        ("ragged", cells(5_000, "a") + &cells(5_000, "-") + &long("|\n")),
        ("lists", long("- ")),
        ("deep lists", (0..600).map(|n| format!("{}- x\n", "  ".repeat(n))).collect()),
        ("letters", (0..600).map(|n| format!("{}a. x\n\n", "    ".repeat(n))).collect()),
        ("letters in a row", long("(a) x\n")),
        ("drawn table", format!("+{}\n|{}\n", "-+".repeat(50_000), "x|".repeat(50_000))),
        ("drawn tables", long("\n+-+\n|a|\n")),
        ("quotes", long(">")),
        ("emphasis", long("*a **b ")),
        ("strong", format!("{}{}", "**a".repeat(30_000), "b**".repeat(30_000))),
        ("links", long("[a](")),
        ("figures", long("![[](")),
        ("brackets", long("[")),
        ("references", numbered(&|n| format!("[r{n}]: /x\n")) + &long("[r1] ")),
        ("footnotes", numbered(&|n| format!("[^{n}]: x[^{}]\n\n", n + 1))),
        ("code", (1..600).map(|n| "`".repeat(n) + " ").collect()),
        ("headings", long("# x\n")),
        ("underlined", long("x\n=\n")),
        ("tags", long("<a ")),
        ("comments", long("<!-- ")),
        ("one word", long("x")),
        ("boxes", long("- [ ] x\n")),
        ("marks on a letter", format!("a{}", "\u{301}".repeat(50_000))),
    ];
    for (name, text) in cases {
        let folder = programme(text);
        check(&folder);
        let rendered = render(&folder, "html,md");
        assert_eq!(rendered.code, 0, "{name}: {}", rendered.stderr);
        if cfg!(feature = "pdf") {
            let rendered = render(&folder, "pdf");
            let refused =
                rendered.stderr.contains("cannot be set as PDF") && rendered.stderr.contains("policies/p.md");
            assert!(rendered.code == 0 || rendered.code == 2 && refused, "{name}: {}", rendered.stderr);
        }
    }
    // The whole of 2,000 columns and 2,000 rows is more than any document may be.
    let folder = programme(&table(2_000));
    let checked = check(&folder);
    assert!(checked.code == 1 && checked.stdout.contains("--> policies/p.md"), "{}", checked.stdout);
    let rendered = render(&folder, "html,md");
    assert_eq!(
        (rendered.code, rendered.stderr.contains("nothing to publish")),
        (2, true),
        "{}",
        rendered.stderr
    );
}

/// A drawing with something in it.
fn svg(inside: &str) -> Vec<u8> {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"90\" height=\"90\">{inside}</svg>"
    )
    .into_bytes()
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    out.extend(width.to_be_bytes());
    out.extend(height.to_be_bytes());
    out.extend([8, 2, 0, 0, 0]);
    out
}

#[test]
fn figures_neither_act_nor_read_nor_grow() {
    let uses = (1..9)
        .map(|n| format!("<g id=\"a{n}\">{}</g>", format!("<use xlink:href=\"#a{}\"/>", n - 1).repeat(10)));
    let uses: String = uses.collect();
    let bomb = svg(&format!(
        "<defs><g id=\"a0\"><rect width=\"1\" height=\"1\"/></g>{uses}</defs><use xlink:href=\"#a8\"/>"
    ));
    let entities = b"<?xml version=\"1.0\"?><!DOCTYPE svg [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><svg xmlns=\"http://www.w3.org/2000/svg\"><text>&x;</text></svg>";
    // What each form says; nothing is said of a figure that is shown.
    let script = "`policies/f` holds a script";
    let cases: &[(&str, Vec<u8>, &str, &str)] = &[
        ("script", svg("<script>alert(1)</script>"), script, script),
        (
            "named script",
            svg("<s:script xmlns:s=\"http://www.w3.org/2000/svg\">alert(1)</s:script>"),
            script,
            script,
        ),
        ("handler", svg("<rect width=\"5\" height=\"5\" OnClick = \"x()\"/>"), script, script),
        (
            "link",
            svg("<a xlink:href=\" jAvascript:x()\"><rect width=\"5\" height=\"5\"/></a>"),
            script,
            script,
        ),
        ("entities", entities.to_vec(), "`policies/f` holds entities", "`policies/f` holds entities"),
        ("references", bomb, "", "`policies/f`, which draws more than"),
        ("itself", svg("<g id=\"a\"><use xlink:href=\"#a\"/></g>"), "", ""),
        (
            "elements",
            svg(&format!("{}{}", "<g>".repeat(30_000), "</g>".repeat(30_000))),
            "",
            "`policies/f`, which",
        ),
        (
            "away",
            svg("<image xlink:href=\"file:///etc/passwd\" width=\"9\" height=\"9\"/>"),
            "",
            "`policies/f`, which",
        ),
        (
            "pixels",
            png(60_000, 60_000),
            "`policies/f` has more than 50 million pixels",
            "`policies/f` has more than",
        ),
        ("many pixels", png(7_000, 7_000), "", "figures of more than 24 million pixels"),
        ("broken", png(10, 10), "", "`policies/f`, which"),
        ("cut off", b"\xff\xd8\xff\xe0".to_vec(), "`policies/f` is damaged", "`policies/f` is damaged"),
        ("text", b"root:x:0:0".to_vec(), "`policies/f` is neither PNG", "`policies/f` is neither PNG"),
    ];
    for (name, bytes, said, said_of_pdf) in cases {
        let folder = programme("![A figure](f)\n\nMore text.");
        folder.write("policies/f", bytes);
        check(&folder);
        let rendered = render(&folder, "html,md");
        assert_eq!(rendered.code, 0, "{name}: {}", rendered.stderr);
        assert!(
            rendered.stderr.contains(said) && rendered.stderr.is_empty() == said.is_empty(),
            "{name}: {}",
            rendered.stderr
        );
        let page = folder.read("published/html/policies/p.html");
        assert_eq!(page.contains("[figure not shown: A figure]"), !said.is_empty(), "{name}: {page}");
        if cfg!(feature = "pdf") {
            let rendered = render(&folder, "pdf");
            assert!(rendered.stderr.contains(said_of_pdf), "{name}: {}", rendered.stderr);
            let shown = said_of_pdf.is_empty() || !said.is_empty();
            assert_eq!(rendered.code, if shown { 0 } else { 2 }, "{name}: {}", rendered.stderr);
        }
    }
}

#[cfg(unix)]
#[test]
fn a_link_is_no_figure_of_the_programme() {
    let folder = programme("![A figure](f)");
    let elsewhere = Folder::new();
    elsewhere.write("f.png", png(2, 2));
    std::os::unix::fs::symlink(elsewhere.path().join("f.png"), folder.path().join("policies/f")).unwrap();
    assert!(check(&folder).stdout.contains("symlink-refused"));
    let rendered = render(&folder, "html,md");
    assert_eq!(rendered.code, 0, "{}", rendered.stderr);
    assert!(rendered.stderr.contains("the figure `policies/f` cannot be read"), "{}", rendered.stderr);
    assert!(folder.read("published/html/policies/p.html").contains("[figure not shown: A figure]"));
}
