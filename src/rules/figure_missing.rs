use super::shared::links::{Leads, leads, named};
use super::shared::texts::documents;
use super::*;
use crate::source::is_figure;
use crate::text::{clip, safe};

pub(super) static RULE: Rule = Rule {
    name: "figure-missing",
    brief: "a figure that cannot be shown",
    check: Check::Tree(Level::Warn, check),
    docs: r##"
A policy, procedure or narrative shows a figure that is no file of the programme's folders, or whose name says that it is
neither PNG, JPEG nor SVG. Figures are files beside the text; one on the web is not fetched.

## Why it matters
The network diagram is often the first page an auditor turns to. A figure from another server can change or vanish after
the text was approved, and a missing one leaves a hole in the document that is handed out.

## Example
```markdown
#- narratives/system-description.md
# System

![Network](network.png)
^^^^^^^ the figure `narratives/network.png` is not there
![Flow](https://example.com/flow.svg)
^^^^ the figure `https://example.com/flow.svg` is no file of the programme
![Team](../policies/team.pdf)
^^^^ the figure `policies/team.pdf` is neither PNG, JPEG nor SVG
#- policies/team.pdf
x
```

## Fixed
```markdown
#- narratives/system-description.md
# System

![Network](figures/network.svg)
#- narratives/figures/network.svg
<svg xmlns="http://www.w3.org/2000/svg"/>
```
"##,
};

/// Figures told of one document.
const MOST: usize = 20;

fn check(program: &Program, faults: &mut Faults) {
    for document in documents(program) {
        let figures = named(document.text).into_iter().filter(|named| named.figure);
        let broken = figures.filter_map(|figure| {
            let (what, why, help) = match leads(program, document.file, &figure.to) {
                Leads::File(file) if is_figure(program.sources.path(file)) => return None,
                Leads::File(file) => {
                    let path = program.sources.path(file).to_owned();
                    (path, "is neither PNG, JPEG nor SVG", "export it as SVG or PNG")
                }
                Leads::Nowhere(path) => (path, "is not there", "put the file there, or correct its path"),
                Leads::Away | Leads::Here | Leads::Folder => {
                    let help = "put the file beside the text, such as in `figures/`, and write its path";
                    (figure.to.clone(), "is no file of the programme", help)
                }
            };
            Some((figure.range, format!("the figure `{}` {why}", clip(&safe(&what), 80)), help))
        });
        for (range, message, help) in broken.take(MOST) {
            faults.at(document.place(program, range), message).help(help);
        }
    }
}
