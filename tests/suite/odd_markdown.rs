//! Texts as other tools and other writers left them: lists of letters with everything set in by four blanks, tables of
//! several lines a row, raw HTML, headings that skip. All of it is published as what it was meant to be, or as plain text.

use crate::support::Folder;

const CONFIG: &str = "[organization]\nname = \"Acme, Inc.\"\ntimezone = \"UTC\"\n[system]\nname = \"Acme Cloud\"\n[scope]\n\
                      framework = \"soc2-2017-rev2022\"\ncategories = [\"security\"]\n";

const ODD: &str = r##"# Purpose and scope

a. This policy says how media are
handled by everybody. 

a. It holds for staff, see [one](#duties) and [an address](javascript:alert(1)).

# Background

a. *Loss:*

    i. Media that are lost are reported.
    
    i. The report names

        1. the item, and

        1. its owner.

            a. Both are in the register.

    A paragraph of the first item.

# Duties

#### A step too deep

(a) one
(b) two
  - bullet
    * deeper

1) Numbered
   continued lazily
here.

2) And `a | b` again\
after a hard break, with two blanks  
and another.

|**Class**   | **Time**   |
|------------|:----------:|
|            |            |
| High       | 1 hour \| less | too many |
| Low |

+-------+--------+
| Class | Time   |
+=======+========+
| High  | one    |
|       | hour   |
+-------+--------+

A line
| no | table |

Term <b>bold</b> <!-- secret --> & <insert address here> <https://x.example/?a=1&b=2>

<div onclick="x()">
raw
</div>

<!--
a comment
of two lines
-->

* * *

Setext heading
---

+ [ ] open
+ [x] done

Then:

    code that
      stays code

> quoted
lazily

~~~
a. no list
~~~

Last[^1] words.

[^1]: A note
    of two lines.
"##;

fn published(forms: &str) -> Folder {
    let folder = Folder::new();
    folder.write("soc2.toml", CONFIG).write(
        "policies/media.md",
        format!("---\nid: media\ntitle: Media Policy\nowner: nobody-yet\nreview: annual\n---\n{ODD}"),
    );
    let ran = folder.run(&format!("render --drafts --to {forms} --as-of 2026-06-30"));
    assert_eq!((ran.code, &*ran.stderr), (0, ""), "{}", ran.stdout);
    folder
}

#[test]
fn odd_texts_are_pages_of_what_they_mean() {
    let folder = published("html,md");
    let page = folder.read("published/html/policies/media.html");
    for part in [
        "Purpose and scope",
        "<ol type=\"a\">\n<li><p>This policy says how media are\nhandled by everybody.</p>",
        "<ol type=\"i\">\n<li><p>Media that are lost are reported.</p>",
        "<ol>\n<li><p>the item, and</p>",
        "<p>A paragraph of the first item.</p>\n</li>",
        "<span class=\"number\">3.1</span> A step too deep</h3>",
        "<span class=\"number\">3.2</span> Setext heading</h3>",
        "<td class=\"center\">1 hour | less</td>",
        "<td>High</td><td>one hour</td>",
        "&lt;b&gt;bold&lt;/b&gt;",
        "&lt;insert address here&gt;",
        "href=\"https://x.example/?a=1&amp;b=2\"",
        "&lt;div onclick=",
        "<pre><code>code that\n  stays code\n</code></pre>",
        "<pre><code>a. no list\n</code></pre>",
        // Blanks at the end of a line are no part of a text.
        "again<br>\nafter a hard break, with two blanks\nand another.",
        "aria-label=\"done\"",
    ] {
        assert!(page.contains(part), "no `{part}` in:\n{page}");
    }
    for part in ["secret", "a comment", "javascript:", "<b>", "<div onclick"] {
        assert!(!page.contains(part), "`{part}` in:\n{page}");
    }
    let text = folder.read("published/md/policies/media.md");
    for part in [
        "- b. It holds for staff",
        "  - ii. The report names\n\n    1. the item",
        "- (b) two\n  - bullet\n    - deeper",
    ] {
        assert!(text.contains(part), "no `{part}` in:\n{text}");
    }
}

#[cfg(feature = "pdf")]
#[test]
fn odd_texts_are_set_as_pages() {
    let folder = published("pdf");
    let bytes = std::fs::read(folder.path().join("published/pdf/policies/media.pdf")).unwrap();
    assert!(bytes.starts_with(b"%PDF-"));
}
