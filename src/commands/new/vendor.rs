//! `soc2 new vendor`: a row of the vendors.

use std::process::ExitCode;

use super::form::Form;
use super::{Ground, read};
use crate::error::Result;
use crate::model::registers::{Subservice, Tier};

/// Add a vendor: a company whose service we use.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Its id; made of its name or service unless given.
    #[arg(value_name = "ID")]
    id: Option<String>,
    /// Its name.
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// What they do for us.
    #[arg(long, value_name = "TEXT")]
    service: Option<String>,
    /// The person or role that answers for it.
    #[arg(long, value_name = "ID")]
    owner: Option<String>,
    /// How much hangs on it: critical, high, medium or low.
    #[arg(long, value_name = "TIER")]
    tier: Option<String>,
    /// How a subservice organization stands in the report: carve-out, inclusive or none.
    #[arg(long, value_name = "METHOD")]
    subservice: Option<String>,
    /// A class of data they hold; repeatable.
    #[arg(long, value_name = "TEXT")]
    data: Vec<String>,
    /// Do they hold personal data: yes or no.
    #[arg(long, value_name = "YES|NO")]
    personal_data: Option<String>,
    /// Day of the data processing agreement.
    #[arg(long, value_name = "DATE")]
    dpa: Option<String>,
    /// Day of the confidentiality terms.
    #[arg(long, value_name = "DATE")]
    nda: Option<String>,
    /// Anything a reader should know.
    #[arg(long, value_name = "TEXT")]
    notes: Option<String>,
    /// Show what would be written; write nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Runs the verb.
pub(super) fn run(args: &Args, ground: &Ground<'_>) -> Result<ExitCode> {
    let mut form = Form::new(ground, "new vendor");
    let name = form.may("name", args.name.as_deref(), Some("Name?"), read::line)?;
    let ask = ("--service TEXT", "What do they do for us?", "what they do for us");
    let service = form.need("service", args.service.as_deref(), ask, read::line)?;
    let ask = ("--owner ID", "Owner? (person or role)", "the person or role that answers for it");
    form.need("owner", args.owner.as_deref(), ask, read::holder)?;
    let ask = (
        "--tier TIER",
        "Tier? (critical, high, medium, low)",
        "how much hangs on it: critical, high, medium or low",
    );
    let tier = form.need("tier", args.tier.as_deref(), ask, read::word::<Tier>)?;
    let words = "Subservice organization? (carve-out, inclusive)";
    let method = form.may("subservice", args.subservice.as_deref(), Some(words), read::word::<Subservice>)?;
    form.list("data", &args.data, Some("Classes of data they hold? (separated by `;`)"), read::line)?;
    form.bare("personal_data", args.personal_data.as_deref(), Some("Personal data? (yes, no)"), read::truth)?;
    form.may("dpa", args.dpa.as_deref(), None, read::day)?;
    form.may("nda", args.nda.as_deref(), None, read::day)?;
    form.may("notes", args.notes.as_deref(), None, read::text)?;
    let taken = |id: &str| ground.program.names.vendors.contains_key(id);
    form.id(args.id.as_deref(), name.or(service), "vendor", taken)?;
    let fields = form.complete()?;
    let mut next = Vec::new();
    if matches!(tier.as_deref(), Some("critical" | "high")) {
        next.push(
            "put their report on file under `reports`, and say under `reviewed` who reviewed the vendor and when: soc2 explain vendor"
                .to_owned(),
        );
    }
    if method.as_deref() == Some("carve-out") {
        next.push("say which of their controls you assume, in registers/csocs: soc2 explain csoc".to_owned());
    }
    ground.add("vendors", "vendor", &fields, args.dry_run, &next)
}
