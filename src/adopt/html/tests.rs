use super::*;

fn read(html: &str) -> String {
    markdown(html).markdown
}

#[test]
fn pages_say_the_same_in_markdown() {
    for (html, text) in [
        ("<h1>Access &amp; keys</h1><p>Two\n words.</p>", "# Access &amp; keys\n\nTwo words.\n"),
        ("<p>a<br>b</p>", "a\\\nb\n"),
        ("<ul><li>one<li>two</ul>", "- one\n- two\n"),
        (
            "<ul><li><p>one</p><p>more</p></li><li>two<ol start=3><li>x</li><li>y</li></ol></li></ul>",
            "- one\n\n  more\n\n- two\n  3. x\n  4. y\n",
        ),
        ("<ol type='a'><li>Lock</li><li>Wipe</li></ol>", "- a. Lock\n- b. Wipe\n"),
        ("<blockquote><p>q</p><p>r</p></blockquote>z", "> q\n>\n> r\n\nz\n"),
        (
            "<p><b> bold</b> and <i>it</i> and <a href='https://a.b/c d'>link</a>.</p>",
            "**bold** and *it* and [link](<https://a.b/c d>).\n",
        ),
        (
            "<p>x <code>a*b`c</code></p><pre>if a &lt; b\n  c</pre>",
            "x ``a*b`c``\n\n```\nif a < b\n  c\n```\n",
        ),
        (
            "<table><tr><th>A<th>B|C<tr><td><p>1</p><p>2</p><td colspan=2>3</table>",
            "| A | B\\|C |  |\n| --- | --- | --- |\n| 1; 2 | 3 |  |\n",
        ),
        ("<table><tr><td>boxed</td></tr></table>", "boxed\n"),
        ("<h2 id='keys_1'>Keys {x}</h2>", "## Keys \\{x} {#keys_1}\n"),
        ("<p># no heading</p><p>1. no list</p><p>- no</p>", "\\# no heading\n\n1\\. no list\n\n\\- no\n"),
        ("<p>snake_case _x_ *y* [z] a < b</p>", "snake_case \\_x\\_ \\*y\\* \\[z\\] a &lt; b\n"),
        ("<b><p>one</p><p>two</p></b>", "**one**\n\n**two**\n"),
        ("<img src=net.png alt='The [net]'>", "![The \\[net\\]](<net.png>)\n"),
        ("<p>a&nbsp; b</p></p></div>", "a b\n"),
        ("<ul><li><input type=checkbox checked> done</li></ul>", "- [x] done\n"),
    ] {
        assert_eq!(read(html), text, "{html}");
    }
}

#[test]
fn what_a_page_does_is_left_and_told() {
    let page = markdown(
        "<title>T &amp; U</title>\n<style>p{}</style>\n<script>alert('</p>')</script><p>a <a href='javascript:x()'>b</a>\n\
         <img src='https://t.example/p.gif' alt=pixel></p><iframe src=x>c</iframe>",
    );
    assert_eq!(page.title.as_deref(), Some("T & U"));
    assert_eq!(page.markdown, "a b pixel\n");
    let told: Vec<(&str, usize)> = page.left.iter().map(|(what, line)| (what.as_str(), *line)).collect();
    let address = "the address of a link that would run something";
    let picture = "a picture that is not beside the page";
    assert_eq!(told, [("`style`", 2), ("`script`", 3), (address, 3), (picture, 4), ("`iframe`", 4)]);
}

#[test]
fn hostile_pages_take_no_time_to_speak_of() {
    for piece in [
        "<ul><li>",
        "<b>",
        "<blockquote>",
        "<table><tr><td>",
        "<a href=x>",
        "<",
        "</",
        "<!--",
        "&",
        "<p a='",
        "<script>",
        "</li>",
        "<li>",
        "<td colspan=999999999>",
        "<ol type=i start=999999><li>x",
        "<br>",
        "`",
        "<pre>",
        "<h1>",
    ] {
        let html = piece.repeat((1 << 18) / piece.len());
        let page = markdown(&html);
        assert!(page.markdown.len() < 40 << 20, "{piece}: {}", page.markdown.len());
    }
}
