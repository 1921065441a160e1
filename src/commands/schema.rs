//! `soc2 schema`: what an editor needs to check and complete the files of a programme.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::error::{Error, Result};
use crate::schema::{self, File};
use crate::text::{count, nearest, safe};
use crate::ui::{self, Ui};

/// Print the JSON Schema of a file you write, for editors and other tools.
///
/// The schemas are made of the records that `soc2 check` reads and `soc2 explain` prints, so they know the same keys, types
/// and words. Without a name, lists the files that have one. What only the whole programme shows is for `soc2 check`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The kind of file: `soc2.toml`, `control`, `evidence-manifest`, `people`, …
    name: Option<String>,
    /// Write NAME.json into this folder, or one for every kind of file.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Runs the verb.
pub fn run(args: &Args, ui: Ui) -> Result<ExitCode> {
    let chosen = args.name.as_deref().map(named).transpose()?;
    match (&args.out, chosen) {
        (Some(out), chosen) => write(out, chosen, ui)?,
        (None, Some(file)) => ui::print(&file.schema())?,
        (None, None) => ui::print(&list())?,
    }
    Ok(ExitCode::SUCCESS)
}

fn named(name: &str) -> Result<File> {
    schema::find(name).ok_or_else(|| {
        let error = Error::new(format!("no file has a schema called `{}`", safe(name)));
        let files = schema::files();
        match nearest(name, files.iter().map(|file| file.name)) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error.hint("`soc2 schema` lists them"),
        }
    })
}

/// Every kind of file, where it stands, and how many records it holds.
fn list() -> String {
    let rows: Vec<[String; 3]> = schema::files()
        .iter()
        .map(|file| [file.name.to_owned(), file.paths().join(" "), file.holds().to_owned()])
        .collect();
    let wide = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let (name, paths) = (wide(0), wide(1));
    let lines = rows.iter().map(|[a, b, c]| format!("{a:<name$}  {b:<paths$}  {c}\n"));
    lines.collect()
}

/// Writes schemas that are new or another than before. A file that is no schema of that name stays, and then none is written.
fn write(folder: &Path, chosen: Option<File>, ui: Ui) -> Result<()> {
    let files = chosen.map_or_else(schema::files, |file| vec![file]);
    let mut pending = Vec::new();
    for file in &files {
        let (path, text) = (folder.join(format!("{}.json", file.name)), file.schema());
        if before(&path, file)?.as_deref() != Some(text.as_bytes()) {
            pending.push((path, text));
        }
    }
    for (path, text) in &pending {
        ui::write_file(path, text.as_bytes())?;
    }
    if ui.verbosity >= 0 {
        let written = match pending.len() {
            0 => "none had changed".to_owned(),
            n if n == files.len() => "written".to_owned(),
            n => format!("{n} of them new or changed"),
        };
        let out = safe(&folder.display().to_string());
        ui::print(&format!("{} in {out}: {written}\n", count(files.len(), "schema")))?;
    }
    Ok(())
}

/// The bytes of an earlier schema of that name; `None` when there is none.
fn before(path: &Path, file: &File) -> Result<Option<Vec<u8>>> {
    let bytes = match fs::metadata(path) {
        Ok(meta) if !meta.is_file() || meta.len() > LONGEST => return Err(foreign(path)),
        Ok(_) => fs::read(path).map_err(|e| Error::io(path, &e))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::io(path, &error)),
    };
    let id = serde_json::from_slice(&bytes).ok().and_then(|schema: serde_json::Value| {
        schema.get("$id").and_then(|id| id.as_str().map(str::to_owned))
    });
    if id.as_deref() == Some(&*file.id()) { Ok(Some(bytes)) } else { Err(foreign(path)) }
}

/// No schema of ours comes near this.
const LONGEST: u64 = 1 << 20;

fn foreign(path: &Path) -> Error {
    let name = safe(&path.display().to_string());
    Error::new(format!("`{name}` is there and is no schema that soc2 wrote"))
        .hint("give `--out` another folder, or move the file away; nothing was written")
}
