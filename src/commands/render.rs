//! `soc2 render`: the documents as people read them, published as pages, PDF or Markdown.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;

use super::audit;
use super::place::{Place, Selectors};
use super::published::{Folder, Plan};
use crate::document::Library;
use crate::error::{Error, Result};
use crate::past;
use crate::render::{self, Published};
use crate::text::{count, nearest, safe};
use crate::timeline::Judgement;
use crate::ui::{self, Ui};

/// Publish policies, procedures and narratives: a site of pages, PDF, Markdown for a wiki.
///
/// What is in force is published: the approved text, found in git where the file has changed since. A policy that is not in
/// force is left out and named; `--drafts` publishes it with DRAFT on every page. Files that soc2 did not write are never
/// touched. The same commit gives the same bytes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Forms to publish: html (a site), pdf, md (for a wiki). Unless said html and pdf, or html alone where soc2 was built without
    /// PDF.
    #[arg(long, value_name = "FORM", value_delimiter = ',', hide_possible_values = true)]
    to: Vec<Form>,
    /// Folder to write to, below the programme's root unless absolute.
    #[arg(long, value_name = "DIR", default_value = "published")]
    out: PathBuf,
    /// Publish these documents only, by id.
    #[arg(long, value_name = "ID", num_args = 1..)]
    policy: Vec<String>,
    /// Also publish policies that are not in force, as drafts.
    #[arg(long)]
    drafts: bool,
    /// Write one PDF of all documents as well.
    #[arg(long)]
    combined: bool,
    /// Write nothing: exit with 1 when what is published differs from the documents.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    selectors: Selectors,
}

/// How documents are published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum Form {
    Html,
    Pdf,
    Md,
}

impl Form {
    fn folder(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Pdf => "pdf",
            Self::Md => "md",
        }
    }
}

impl Args {
    /// What was asked for, else what this build can make.
    fn forms(&self) -> BTreeSet<Form> {
        if !self.to.is_empty() {
            return self.to.iter().copied().collect();
        }
        if cfg!(feature = "pdf") {
            return BTreeSet::from([Form::Html, Form::Pdf]);
        }
        ui::tell("note: this soc2 was built without PDF, so the site alone is written");
        BTreeSet::from([Form::Html])
    }
}

/// Runs the verb.
pub fn run(args: &Args, directory: &Path, ui: Ui) -> Result<ExitCode> {
    let Place { root, program, clock, repository, .. } = args.selectors.place(directory, ui)?;
    known(args, &program)?;
    let chosen = audit::one(&program, clock.as_of, None)?;
    let judgement = ui.busy("judging", || Judgement::new(&program, clock, chosen));
    let text_in = |commit: &str, path: &str, id: &str| {
        repository.as_ref().and_then(|repository| past::text_in(repository, commit, path, id))
    };
    let library = ui.busy("collecting documents", || Library::of(&judgement, args.drafts, &text_in));
    let asked = |id: &str| args.policy.is_empty() || args.policy.iter().any(|one| one == id);
    let only: Vec<usize> =
        (0..library.documents.len()).filter(|nth| asked(&library.documents[*nth].id)).collect();
    if only.is_empty() {
        tell_left_out(&library, asked);
        return Err(Error::new("there is nothing to publish").hint(match args.drafts {
            true => "mend what is told: soc2 check",
            false => "publish drafts as such: soc2 render --drafts",
        }));
    }
    let forms = args.forms();
    let mut files = Vec::new();
    for form in forms.iter().copied() {
        let made = published(&library, &only, form, args, ui)?;
        files.extend(
            made.into_iter()
                .map(|one| Published { path: format!("{}/{}", form.folder(), one.path), bytes: one.bytes }),
        );
    }
    let out = root.join(&args.out);
    let forms: Vec<&str> = forms.into_iter().map(Form::folder).collect();
    let folder = Folder::open(&out)?;
    let plan = folder.plan(&files, if args.policy.is_empty() { &forms } else { &[] });
    tell_left_out(&library, asked);
    for broken in &library.broken {
        ui::tell(&format!("warning: {broken}"));
    }
    if args.check {
        return checked(&plan, args);
    }
    folder.write(&files, &plan)?;
    let shown = safe(&args.out.display().to_string());
    let documents = count(only.len(), "document");
    let removed = match plan.gone.len() {
        0 => String::new(),
        n => format!(", removed {}", count(n, "file")),
    };
    let wrote = plan.new.len() + plan.changed.len();
    ui::print(&format!("{documents} in {}, wrote {wrote}{removed}: {shown}\n", count(files.len(), "file")))?;
    Ok(ExitCode::SUCCESS)
}

/// The files of one form. Where only some documents are wanted, theirs; pages that list all of them stay as they are.
fn published(library: &Library, only: &[usize], form: Form, args: &Args, ui: Ui) -> Result<Vec<Published>> {
    let mut files = match form {
        Form::Md => render::markdown(library),
        Form::Html => render::site(library)
            .map_err(|fault| Error::new("the site could not be written").because(fault))?,
        Form::Pdf => return pdf(library, only, args.combined, ui),
    };
    if !args.policy.is_empty() {
        let wanted: BTreeSet<String> =
            only.iter().map(|nth| render::stem(&library.documents[*nth])).collect();
        files.retain(|file| {
            let stem = file.path.rsplit_once('.').map_or(&*file.path, |(stem, _)| stem);
            wanted.contains(stem) || file.path.starts_with("assets/") || file.path.starts_with("figures/")
        });
    }
    Ok(files)
}

/// A PDF for each document, and one of all of them where it is wanted.
#[cfg(feature = "pdf")]
fn pdf(library: &Library, only: &[usize], combined: bool, ui: Ui) -> Result<Vec<Published>> {
    let failed = |failures: Vec<render::Failure>| {
        let told: Vec<String> = failures.iter().map(|one| format!("{} {}", one.path, one.why)).collect();
        Error::new(format!("{} cannot be set as PDF", count(told.len(), "document")))
            .because(crate::text::some(&told, 20))
            .hint("publish the other forms meanwhile: soc2 render --to html,md")
    };
    for document in only.iter().filter_map(|nth| library.documents.get(*nth)) {
        let boxes: Vec<String> = render::without_shape(document)
            .into_iter()
            .map(|c| format!("`{}`", safe(&c.to_string())))
            .collect();
        if !boxes.is_empty() {
            let (path, boxes) = (&document.path, crate::text::some(&boxes, 5));
            ui::tell(&format!(
                "warning: {path}: the faces of the PDF have no shape for {boxes}, set as empty boxes"
            ));
        }
    }
    let set = |tick: &(dyn Fn(usize) + Sync)| render::pdf(library, only, tick);
    let mut files = ui.progress("setting pages", only.len(), set).map_err(failed)?;
    if combined {
        let all = ui.busy("setting all documents", || render::combined(library));
        files.push(all.map_err(|failure| failed(vec![failure]))?);
    }
    Ok(files)
}

#[cfg(not(feature = "pdf"))]
fn pdf(_: &Library, _: &[usize], _: bool, _: Ui) -> Result<Vec<Published>> {
    Err(Error::new("this soc2 was built without PDF")
        .hint("print the pages of the site, whose paper form is made for it: soc2 render --to html")
        .hint("or build it with PDF, as the README says"))
}

/// Every id that was asked for exists.
fn known(args: &Args, program: &crate::program::Program) -> Result<()> {
    let mut ids: Vec<&str> = program.policies.iter().map(|policy| &*policy.head.id.value.0).collect();
    ids.extend(program.procedures.iter().map(|procedure| &*procedure.head.id.value.0));
    ids.extend(program.narratives.iter().map(|narrative| program.narrative_id(narrative)));
    for asked in &args.policy {
        if ids.contains(&asked.as_str()) {
            continue;
        }
        let error = Error::new(format!("no document has the id `{}`", safe(asked)));
        return Err(match nearest(asked, ids.iter().copied()) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error.hint("list them: soc2 render --check --drafts --to md"),
        });
    }
    Ok(())
}

fn tell_left_out(library: &Library, asked: impl Fn(&str) -> bool) {
    for one in library.left_out.iter().filter(|one| asked(&one.id)) {
        ui::tell(&format!("not published: {} ({})", one.id, one.why));
    }
}

/// Says what differs from what is published.
fn checked(plan: &Plan, args: &Args) -> Result<ExitCode> {
    let lists = [
        ("missing", &plan.new),
        ("differs", &plan.changed),
        ("edited by somebody", &plan.foreign),
        ("no longer published", &plan.gone),
    ];
    let mut out = String::new();
    for (what, paths) in lists {
        for path in paths.iter() {
            out.push_str(&format!("{what}: {}\n", safe(path)));
        }
    }
    if out.is_empty() {
        ui::print("what is published is what is written\n")?;
        return Ok(ExitCode::SUCCESS);
    }
    ui::print(&out)?;
    let drafts = if args.drafts { " --drafts" } else { "" };
    ui::tell(&format!("publish again: soc2 render{drafts} --out {}", safe(&args.out.display().to_string())));
    Ok(ExitCode::from(1))
}
