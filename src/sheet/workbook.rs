//! A workbook (`.xlsx`) as received: its sheets read within bounds, one of them written into, every other part copied byte
//! for byte. Formulas are never computed, links never followed.

mod patch;
mod sheet;
mod styles;
mod xml;

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

pub(crate) use patch::Writes;
pub(crate) use sheet::Sheet;

use styles::Styles;
use xml::Xml;

/// Workbooks above this are refused, in bytes.
pub const FILE_CAP: usize = 32 << 20;
/// Unfolded, one part of it; and all that is read of it.
const PART_CAP: u64 = 32 << 20;
const ALL_CAP: u64 = 96 << 20;
const PARTS_CAP: usize = 10_000;
const SHEETS_CAP: usize = 60;
const STRINGS_CAP: usize = 500_000;
/// Cells of a sheet, empty ones included, and of all that are read; a list of requests has some thousands.
const CELLS_CAP: usize = 300_000;
const ALL_CELLS_CAP: usize = 600_000;

const NOT_ONE: &str = "is no workbook that Excel writes (.xlsx), or is damaged; save it as .xlsx or as .csv";

/// Why a workbook cannot be read, in words that follow its name.
pub(crate) type Refused = String;

/// An open workbook.
pub(crate) struct Workbook<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// In the order of their tabs.
    pub sheets: Vec<Tab>,
    strings: Vec<Box<str>>,
    styles: Styles,
    /// How much more of it may be unfolded, and how many more cells read.
    left: u64,
    cells: usize,
}

/// A sheet's name and place.
#[derive(Clone, Debug)]
pub(crate) struct Tab {
    pub name: String,
    /// It is not shown.
    pub hidden: bool,
    part: String,
}

impl<'b> Workbook<'b> {
    /// Opens a workbook; reads what its sheets share.
    pub(crate) fn open(bytes: &'b [u8]) -> Result<Self, Refused> {
        if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
            return Err(
                "is protected with a password, or in the old format of Excel: save it as .xlsx without a \
                        password"
                    .to_owned(),
            );
        }
        if bytes.len() > FILE_CAP {
            return Err(format!("is larger than {} MB", FILE_CAP >> 20));
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| NOT_ONE.to_owned())?;
        if archive.len() > PARTS_CAP {
            return Err(format!("has more than {PARTS_CAP} parts"));
        }
        let mut book = Self {
            archive,
            sheets: Vec::new(),
            strings: Vec::new(),
            styles: Styles::default(),
            left: ALL_CAP,
            cells: ALL_CELLS_CAP,
        };
        let main = book.main()?;
        let relations = book.relations(&main)?;
        let text = book.part(&main)?.ok_or(NOT_ONE)?;
        let (sheets, date1904) = tabs(&text, &relations)?;
        book.sheets = sheets;
        let of_kind = |kind: &str| relations.iter().find(|one| one.kind == kind).map(|one| one.part.clone());
        if let Some(part) = of_kind("styles")
            && let Some(text) = book.part(&part)?
        {
            book.styles = Styles::read(&text)?;
        }
        book.styles.date1904 = date1904;
        if let Some(part) = of_kind("sharedStrings")
            && let Some(text) = book.part(&part)?
        {
            book.strings = strings(&text)?;
        }
        Ok(book)
    }

    /// Reads a sheet.
    pub(crate) fn sheet(&mut self, index: usize) -> Result<Sheet, Refused> {
        let part = self.sheets.get(index).map(|tab| tab.part.clone()).unwrap_or_default();
        let text = self.part(&part)?.ok_or_else(|| "lacks the part that holds a sheet".to_owned())?;
        let most = CELLS_CAP.min(self.cells);
        let sheet = Sheet::read(text, &self.strings, &self.styles, most);
        self.cells -= sheet.as_ref().map_or(most, Sheet::cells);
        sheet
    }

    /// The workbook with another text of one sheet, every other part copied as it is.
    pub(crate) fn with_sheet(mut self, index: usize, text: &str) -> Result<Vec<u8>, Refused> {
        let part = self.sheets.get(index).map(|tab| tab.part.clone()).unwrap_or_default();
        let place = self.place(&part).ok_or("lacks the part that holds a sheet")?;
        let failed = |_| "could not be written again".to_owned();
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        for nth in 0..self.archive.len() {
            let entry = self.archive.by_index_raw(nth).map_err(failed)?;
            if nth == place {
                let when = entry.last_modified().unwrap_or_default();
                let options = SimpleFileOptions::default().last_modified_time(when);
                let name = entry.name().map_err(failed)?.into_owned();
                drop(entry);
                out.start_file(name, options).map_err(failed)?;
                out.write_all(text.as_bytes()).map_err(|_| "could not be written again".to_owned())?;
            } else {
                out.raw_copy_file(entry).map_err(failed)?;
            }
        }
        out.finish().map(Cursor::into_inner).map_err(failed)
    }

    /// The part that all others hang on.
    fn main(&mut self) -> Result<String, Refused> {
        let relations = self.relations("")?;
        let main = relations.into_iter().find(|one| one.kind == "officeDocument").map(|one| one.part);
        Ok(main.unwrap_or_else(|| "xl/workbook.xml".to_owned()))
    }

    /// What a part names, by the file that stands beside it for that.
    fn relations(&mut self, part: &str) -> Result<Vec<Relation>, Refused> {
        let (folder, name) = part.rsplit_once('/').map_or(("", part), |(folder, name)| (folder, name));
        let beside = format!("{folder}/_rels/{name}.rels");
        let Some(text) = self.part(beside.trim_start_matches('/'))? else { return Ok(Vec::new()) };
        let mut xml = Xml::new(&text);
        let mut found = Vec::new();
        while let Some(tag) = xml.next_tag()? {
            let (Some(id), Some(kind), Some(target)) = (tag.get("Id"), tag.get("Type"), tag.get("Target"))
            else {
                continue;
            };
            let part = match target.strip_prefix('/') {
                Some(absolute) => absolute.to_owned(),
                None => joined(folder, &target),
            };
            let kind = kind.rsplit('/').next().unwrap_or("").to_owned();
            if tag.name == "Relationship" && tag.get("TargetMode").as_deref() != Some("External") {
                found.push(Relation { id, kind, part });
            }
        }
        Ok(found)
    }

    /// Where a part stands in the archive; spelt with other letters by some programs.
    fn place(&self, part: &str) -> Option<usize> {
        let exact = self.archive.index_for_name(part);
        exact.or_else(|| {
            let mut names = self.archive.file_names().enumerate();
            names
                .find(|(_, name)| name.as_ref().is_ok_and(|name| name.eq_ignore_ascii_case(part)))
                .map(|(n, _)| n)
        })
    }

    /// The text of a part, where there is one.
    fn part(&mut self, part: &str) -> Result<Option<String>, Refused> {
        let Some(place) = self.place(part) else { return Ok(None) };
        let cap = PART_CAP.min(self.left);
        let broken = || "is damaged".to_owned();
        let entry = self.archive.by_index(place).map_err(|_| broken())?;
        let mut bytes = Vec::new();
        entry.take(cap + 1).read_to_end(&mut bytes).map_err(|_| broken())?;
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if length > cap {
            return Err(format!("unfolds to more than {} MB", PART_CAP >> 20));
        }
        self.left -= length;
        String::from_utf8(bytes).map(Some).map_err(|_| "is written in letters other than UTF-8".to_owned())
    }
}

/// A part that another names.
struct Relation {
    id: String,
    kind: String,
    part: String,
}

/// A path beside a folder, `..` resolved.
fn joined(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The sheets that a workbook names, and whether its days count from 1904.
fn tabs(text: &str, relations: &[Relation]) -> Result<(Vec<Tab>, bool), Refused> {
    let mut xml = Xml::new(text);
    let (mut tabs, mut date1904) = (Vec::new(), false);
    while let Some(tag) = xml.next_tag()? {
        match tag.name {
            "workbookPr" => date1904 = matches!(tag.get("date1904").as_deref(), Some("1" | "true")),
            "sheet" => {
                let part = relations.iter().find(|one| Some(&one.id) == tag.get("id").as_ref());
                let Some(part) = part.filter(|one| one.kind == "worksheet") else { continue };
                let hidden = tag.get("state").is_some_and(|state| state != "visible");
                tabs.push(Tab { name: tag.get("name").unwrap_or_default(), hidden, part: part.part.clone() });
            }
            _ => {}
        }
        if tabs.len() > SHEETS_CAP {
            return Err(format!("has more than {SHEETS_CAP} sheets"));
        }
    }
    if tabs.is_empty() { Err("has no sheet".to_owned()) } else { Ok((tabs, date1904)) }
}

/// The texts that cells of all sheets refer to.
fn strings(text: &str) -> Result<Vec<Box<str>>, Refused> {
    let mut xml = Xml::new(text);
    let mut found: Vec<Box<str>> = Vec::new();
    while let Some(tag) = xml.next_tag()? {
        if tag.name != "si" {
            continue;
        }
        if found.len() == STRINGS_CAP {
            return Err(format!("has more than {STRINGS_CAP} texts"));
        }
        let text = if tag.empty { String::new() } else { xml.rich_text("si")? };
        found.push(text.into());
    }
    Ok(found)
}
