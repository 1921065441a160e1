//! The verdicts of one audit as one page: a file that holds all it needs, asks nothing of a network and can be read
//! without JavaScript. It shows what the timeline judged and judges nothing itself; every text of the programme passes
//! [`shell`], which escapes it and makes it harmless.

mod attention;
mod badge;
mod control;
mod criteria;
mod evidence;
mod exception;
mod facts;
mod filter;
mod head;
mod lists;
mod lookup;
mod performed;
mod policies;
mod shell;
mod slots;
mod trend;

use minijinja::value::Serde;
use minijinja::{Error, context};
use rayon::prelude::*;

use crate::report::Report;
use crate::timeline::{AuditStanding, Judgement};
use crate::trend::Trend;
use lookup::Lookup;

/// What the page shows.
pub struct View<'v> {
    pub judgement: &'v Judgement<'v>,
    /// The one audit of the judgement that the page is about.
    pub audit: &'v AuditStanding,
    /// For what waivers let through.
    pub report: &'v Report,
    /// What was read: `work tree`.
    pub read: &'v str,
    /// The audit through time, where git remembers it.
    pub trend: Option<&'v Trend>,
}

/// The whole page. Fails only where a template is wrong, which is a fault of this program.
pub fn render(view: &View<'_>) -> Result<String, Error> {
    let lookup = Lookup::new(view);
    let shell = shell::environment()?;
    let one = shell.get_template("control")?;
    // Each control is written on its own: their values together would take many times the room of the page.
    let controls: Vec<String> = (0..view.audit.controls.len())
        .into_par_iter()
        .filter_map(|index| control::view(&lookup, index))
        .map(|control| one.render(context! { control => Serde(control) }))
        .collect::<Result<_, Error>>()?;
    let page = context! {
        csp => shell::policy(),
        css => shell::css(),
        js => shell::js(),
        head => Serde(head::view(view)),
        bars => Serde(head::bars(&lookup)),
        trend => Serde(trend::view(view)),
        attention => Serde(attention::view(&lookup)),
        series => Serde(criteria::view(&lookup)),
        choices => Serde(filter::choices(&lookup)),
        total => controls.len(),
        controls => shell::written(controls.concat()),
        policies => Serde(policies::view(&lookup)),
        owners => Serde(lists::owners(&lookup)),
        waivers => Serde(lists::waivers(&lookup)),
        legend => Serde(lists::legend()),
    };
    shell.get_template("page")?.render(page)
}
