//! A plain sheet as one page of HTML that needs no other file.

use minijinja::value::Serde;
use minijinja::{Error, context};

use super::{Site, body, lines, place, shell};
use crate::render::paper::{OWN_VIEW, Paper};

/// The style of a sheet.
const CSS: &str =
    concat!(include_str!("../../../templates/look.css"), include_str!("../../../templates/render/paper.css"));
/// What the page may use: its own style.
const CSP: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The page.
pub(in crate::render) fn html(paper: &Paper) -> Result<String, Error> {
    let library = paper.library();
    let site = Site { beside: true, ..Site::new(&library) };
    let shell = shell::shared()?;
    let nav = paper.nav.iter().filter_map(|(name, to)| Some((name.as_str(), place::beside(to)?)));
    let nav: Vec<(&str, String)> = nav.collect();
    let page = shell.get_template("paper")?.render(context! {
        csp => CSP,
        css => shell::written(lines(CSS)),
        organisation => &*paper.organization,
        kind => &*paper.kind,
        title => &*paper.title,
        notices => Serde(&paper.notices),
        facts => Serde(&paper.facts),
        nav => Serde(nav),
        own_view => OWN_VIEW,
        foot => paper.foot(),
        body => shell::written(body::html(&site, 0)),
    })?;
    Ok(lines(&page))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{link, words};

    #[test]
    fn a_sheet_shows_its_text_and_leads_to_what_lies_beside_it() {
        let text = format!(
            "## Files\n\n| File | Of |\n|---|---|\n| {} | {} |\n\n[out](/etc/passwd) [odd](file:x) [up](../a.html#_b)\n",
            link("a b.csv", "2026-q1/a b#1.csv"),
            words("<script>|"),
        );
        let paper = Paper {
            organization: "Acme & Sons".to_owned(),
            kind: "Control sheet".to_owned(),
            title: "Access <review>".to_owned(),
            notices: vec!["Made from a work tree.".to_owned()],
            facts: vec![("Owner".to_owned(), "Dana \"D\" Ross".to_owned())],
            text,
            stand: "commit 3fa9c1e".to_owned(),
            ..Paper::default()
        };
        let page = html(&paper).unwrap();
        for part in [
            "<h1>Access &lt;review&gt;</h1>",
            "<p class=\"banner\">Made from a work tree.</p>",
            "<dd>Dana &quot;D&quot; Ross</dd>",
            "<h2 id=\"files\">Files</h2>",
            "<a href=\"2026-q1/a%20b#1.csv\">a b.csv</a>",
            "<td>&lt;script&gt;|</td>",
            "not examined by a CPA · commit 3fa9c1e.",
            "out odd <a href=\"../a.html#~5f~b\">up</a>",
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
        assert!(!page.contains("src="), "a sheet needs no other file");
    }
}
