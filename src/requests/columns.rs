//! Which column of the auditor's list says what: by the words of its heading, or as the user tells.

use std::collections::BTreeMap;

use crate::sheet::grid::{Grid, Row, column, letters};
use crate::text::{clip, list, safe};

/// What a column of a list can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The auditor's reference.
    Ref,
    /// What is asked for, in a few words.
    Title,
    /// What is asked for.
    Text,
    /// Controls or criteria.
    Control,
    Period,
    Due,
    /// Who is to answer.
    Owner,
    /// The auditor's status.
    Status,
    /// The auditor's comment.
    Comment,
    /// What we say.
    Answer,
    /// Where it stands with us.
    OurStatus,
    /// What we hand over.
    Evidence,
}

impl Field {
    /// All, in the order of a list.
    pub const ALL: &'static [Self] = &[
        Self::Ref,
        Self::Title,
        Self::Text,
        Self::Control,
        Self::Period,
        Self::Due,
        Self::Owner,
        Self::Status,
        Self::Comment,
        Self::Answer,
        Self::OurStatus,
        Self::Evidence,
    ];

    /// Columns that we fill in; all others are the auditor's.
    pub const OURS: &'static [Self] = &[Self::OurStatus, Self::Answer, Self::Evidence];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ref => "ref",
            Self::Title => "title",
            Self::Text => "text",
            Self::Control => "control",
            Self::Period => "period",
            Self::Due => "due",
            Self::Owner => "owner",
            Self::Status => "status",
            Self::Comment => "comment",
            Self::Answer => "answer",
            Self::OurStatus => "our-status",
            Self::Evidence => "evidence",
        }
    }

    /// The heading of a column that we add.
    pub fn heading(self) -> &'static str {
        match self {
            Self::OurStatus => "Company status",
            Self::Answer => "Company response",
            Self::Evidence => "Company evidence",
            other => other.name(),
        }
    }

    fn is_ours(self) -> bool {
        Self::OURS.contains(&self)
    }
}

/// A column as the user names it: `ref=Our no.`, `ref=B`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub field: Field,
    pub heading: String,
}

impl Told {
    /// Reads `FIELD=HEADING`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let names: Vec<&str> = Field::ALL.iter().map(|field| field.name()).collect();
        let (name, heading) = text.split_once('=').ok_or("write FIELD=HEADING, such as `ref=Our number`")?;
        let field = Field::ALL.iter().copied().find(|field| field.name() == name.trim());
        let field = field.ok_or_else(|| format!("fields are {}", list(&names, "and")))?;
        let heading = heading.trim().to_owned();
        if heading.is_empty() {
            Err("the heading is missing".to_owned())
        } else {
            Ok(Self { field, heading })
        }
    }
}

/// A list as it was understood.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// The row of the headings, from 1.
    pub header: u32,
    /// Where each field stands, and its heading.
    pub of: BTreeMap<Field, (u32, String)>,
    /// Headings of columns that are not read.
    pub others: Vec<String>,
}

/// Rows in which the headings are looked for.
const HEAD: usize = 60;

impl Columns {
    /// Finds the row of the headings and what its columns say; says what is missing.
    pub fn find(grid: &Grid, told: &[Told]) -> Result<Self, String> {
        let mut best: Option<(usize, Self)> = None;
        for row in grid.rows.iter().take(HEAD) {
            let columns = Self::of_row(grid, row, told);
            let named = told.iter().all(|one| columns.of.contains_key(&one.field));
            let asks = columns.of.contains_key(&Field::Text) || columns.of.contains_key(&Field::Title);
            let score = columns.of.len() + if columns.of.contains_key(&Field::Ref) { 2 } else { 0 };
            if named && asks && columns.of.len() > 1 && best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, columns));
            }
        }
        let Some((_, columns)) = best else { return Err(nothing(grid, told)) };
        if columns.of.contains_key(&Field::Ref) {
            return Ok(columns);
        }
        let headings = headings(grid.row(columns.header));
        Err(format!(
            "no column of row {} holds the auditor's reference; its headings are {}",
            columns.header,
            list(&headings, "and")
        ))
    }

    /// The column of a field.
    pub fn column(&self, field: Field) -> Option<u32> {
        self.of.get(&field).map(|(column, _)| *column)
    }

    /// What a row says in a field; empty where there is no such column.
    pub fn text<'r>(&self, row: &'r Row, field: Field) -> &'r str {
        self.column(field).map_or("", |column| row.text(column))
    }

    fn of_row(grid: &Grid, row: &Row, told: &[Told]) -> Self {
        let mut found: BTreeMap<Field, (u32, String)> = BTreeMap::new();
        let taken =
            |found: &BTreeMap<Field, (u32, String)>, column| found.values().any(|(one, _)| *one == column);
        for one in told {
            if let Some(place) = row.cells.iter().find(|cell| normal(&cell.text) == normal(&one.heading)) {
                found.insert(one.field, (place.column, place.text.clone()));
            } else if let Some(place) = column(&one.heading).and_then(|column| row.cell(column)) {
                found.insert(one.field, (place.column, place.text.clone()));
            }
        }
        let meant: Vec<(u32, &str, Meaning)> = row
            .cells
            .iter()
            .filter_map(|cell| Some((cell.column, &*cell.text, meaning(&cell.text)?)))
            .collect();
        for sure in [true, false] {
            for (column, heading, meaning) in meant.iter().filter(|(_, _, meaning)| meaning.sure == sure) {
                // A bare `Evidence` may be the auditor's own column: it is ours only while nothing stands in it.
                let theirs = meaning.field.is_ours() && !sure && !is_empty_below(grid, row.number, *column);
                if !found.contains_key(&meaning.field) && !taken(&found, *column) && !theirs {
                    found.insert(meaning.field, (*column, (*heading).to_owned()));
                }
            }
        }
        // `Request` beside `Description` is the reference where nothing else is, else the title.
        let spare = meant.iter().find(|(column, _, meaning)| {
            meaning.field == Field::Text && !meaning.sure && !taken(&found, *column)
        });
        if let Some((column, heading, _)) = spare {
            let field = if found.contains_key(&Field::Ref) { Field::Title } else { Field::Ref };
            found.entry(field).or_insert_with(|| (*column, (*heading).to_owned()));
        }
        let others = row.cells.iter().filter(|cell| !taken(&found, cell.column));
        let others = others.map(|cell| clip(&safe(&cell.text), 40)).collect();
        Self { header: row.number, of: found, others }
    }
}

fn is_empty_below(grid: &Grid, header: u32, column: u32) -> bool {
    grid.rows.iter().filter(|row| row.number > header).all(|row| row.text(column).is_empty())
}

fn headings(row: Option<&Row>) -> Vec<String> {
    let cells = row.map_or(&[][..], |row| &row.cells);
    cells
        .iter()
        .take(20)
        .map(|cell| format!("{}: {}", letters(cell.column), clip(&safe(&cell.text), 30)))
        .collect()
}

fn nothing(grid: &Grid, told: &[Told]) -> String {
    let wide = grid.rows.iter().take(HEAD).find(|row| told.is_empty() && row.cells.len() > 2);
    match (told.first(), wide) {
        (Some(one), _) => {
            format!("no row has the heading `{}` among others of a list", clip(&safe(&one.heading), 60))
        }
        (None, Some(row)) => format!(
            "no row looks like the headings of a list of requests; row {} has {}",
            row.number,
            list(&headings(Some(row)), "and")
        ),
        (None, None) => "no row looks like the headings of a list of requests".to_owned(),
    }
}

/// What a heading says, and whether it can mean nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Meaning {
    field: Field,
    sure: bool,
}

/// A heading as words: lower-case letters and digits, `#` a word of its own, what stands in brackets left out.
fn normal(heading: &str) -> String {
    let mut words = String::new();
    let mut depth = 0usize;
    let bare = heading.trim_start().starts_with(['(', '[']);
    for c in heading.chars().take(120).flat_map(char::to_lowercase) {
        match c {
            '(' | '[' if !bare => depth += 1,
            ')' | ']' if !bare => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            '#' | '№' => words.push_str(" # "),
            '\'' | '’' => {}
            c if c.is_alphanumeric() => words.push(c),
            _ => words.push(' '),
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

const OURS: &[&str] = &[
    "client",
    "clients",
    "company",
    "management",
    "managements",
    "auditee",
    "entity",
    "our",
    "your",
    "organization",
];
const THEIRS: &[&str] = &["auditor", "auditors", "audit", "cpa", "firm", "reviewer", "tester", "examiner"];
const NUMBER: &[&str] = &["ref", "reference", "#", "no", "nr", "num", "number", "id", "identifier", "code"];

/// What a heading says; the order of the questions decides where several words could.
fn meaning(heading: &str) -> Option<Meaning> {
    let normal = normal(heading);
    let words: Vec<&str> = normal.split(' ').filter(|word| !word.is_empty()).collect();
    if words.is_empty() || words.len() > 9 {
        return None;
    }
    let has = |any: &[&str]| words.iter().any(|word| any.contains(word));
    let is = |field| Some(Meaning { field, sure: true });
    let may = |field| Some(Meaning { field, sure: false });
    let (ours, theirs) = (has(OURS), has(THEIRS));
    if has(&["owner", "owners", "responsible", "responsibility", "assigned", "assignee", "contact", "poc"]) {
        return if theirs { None } else { is(Field::Owner) };
    }
    if has(&["status", "state", "progress"]) {
        return is(if ours { Field::OurStatus } else { Field::Status });
    }
    if has(&["requested", "prepared", "submitted", "reviewed", "tested"]) && has(&["by"]) {
        return None;
    }
    if has(&["due", "deadline"]) || (has(&["needed", "required", "target"]) && has(&["by", "date"])) {
        return is(Field::Due);
    }
    if has(&["period"]) || normal.contains("date range") {
        return is(Field::Period);
    }
    if has(&["date", "day", "time", "timestamp"]) {
        return None;
    }
    if has(&["response", "responses", "answer", "answers", "reply"]) {
        return if theirs {
            may(Field::Comment)
        } else if ours {
            is(Field::Answer)
        } else {
            may(Field::Answer)
        };
    }
    if has(&[
        "comment",
        "comments",
        "note",
        "notes",
        "feedback",
        "remark",
        "remarks",
        "followup",
        "follow",
        "questions",
    ]) {
        return if ours {
            is(Field::Answer)
        } else if theirs {
            is(Field::Comment)
        } else {
            may(Field::Comment)
        };
    }
    if has(&["control", "controls"]) {
        return is(Field::Control);
    }
    // Beside a column of controls it says less.
    if has(&["criteria", "criterion", "tsc", "tsp"]) {
        return may(Field::Control);
    }
    let asked = has(&["requested", "required", "requirement", "request", "needed"]);
    let papers = [
        "evidence",
        "document",
        "documents",
        "documentation",
        "file",
        "files",
        "link",
        "links",
        "support",
        "attachments",
    ];
    if has(&papers) && !has(NUMBER) {
        return match (asked || has(&["description"]), ours || has(&["provided", "submitted", "uploaded"])) {
            (_, true) => is(Field::Evidence),
            (true, false) => is(Field::Text),
            (false, false) => may(Field::Evidence),
        };
    }
    if has(NUMBER) {
        return is(Field::Ref);
    }
    if has(&["title", "name", "subject", "summary", "short"]) {
        return is(Field::Title);
    }
    if has(&["description", "details", "detail", "requested", "requirement", "ask"]) {
        return is(Field::Text);
    }
    match normal.as_str() {
        "request" | "requests" | "information request" | "audit request" | "pbc request" => may(Field::Text),
        "item" | "line" | "pbc" | "irl" | "pbc item" => may(Field::Ref),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::separated::Separated;

    fn found(text: &str, told: &[&str]) -> Result<String, String> {
        let grid = Separated::open(text.as_bytes()).unwrap().grid();
        let told: Vec<Told> = told.iter().map(|one| Told::parse(one).unwrap()).collect();
        Columns::find(&grid, &told).map(|columns| {
            let of = columns
                .of
                .iter()
                .map(|(field, (column, _))| format!("{} {}", field.name(), letters(*column)));
            format!("{}: {}", columns.header, of.collect::<Vec<_>>().join(", "))
        })
    }

    #[test]
    fn usual_headings_are_understood() {
        for (headings, expected) in [
            ("PBC ID,Description,Status", "1: ref A, text B, status C"),
            (
                "#,Request Description,TSC Ref,Client Owner,Due Date (MM/DD/YYYY),Auditor Status,Auditor Comments,Client Response",
                "1: ref A, text B, control C, due E, owner D, status F, comment G, answer H",
            ),
            (
                "Request #,Request,Details of request,Date requested,Needed by",
                "1: ref A, title B, text C, due E",
            ),
            ("Request,Description,State", "1: ref A, text B, status C"),
            (
                "Item No.,Area,Information Requested,Audit Period,Comments",
                "1: ref A, text C, period D, comment E",
            ),
            ("Ref,Documentation requested,Evidence,Response", "1: ref A, text B, answer D, evidence C"),
            (
                "Control #,PBC #,Evidence Requested,Evidence Provided",
                "1: ref B, text C, control A, evidence D",
            ),
            ("Ref,TSC,Request,Control(s)", "1: ref A, text C, control D"),
            ("Ref,Request,Criteria,Status", "1: ref A, text B, control C, status D"),
            ("Ref,Title,Company status,Status", "1: ref A, title B, status D, our-status C"),
            ("Acme list\n\nPrepared by,X & Co\nRef,Request,Due", "4: ref A, text B, due C"),
        ] {
            assert_eq!(found(headings, &[]).as_deref(), Ok(expected), "{headings}");
        }
    }

    #[test]
    fn a_bare_heading_is_ours_only_while_its_column_is_empty() {
        assert_eq!(found("Ref,Request,Evidence\n1,Users,\n", &[]).unwrap(), "1: ref A, text B, evidence C");
        assert_eq!(found("Ref,Request,Evidence\n1,Users,a list\n", &[]).unwrap(), "1: ref A, text B");
        let told = ["evidence=evidence"];
        assert_eq!(
            found("Ref,Request,Evidence\n1,Users,a list\n", &told).unwrap(),
            "1: ref A, text B, evidence C"
        );
    }

    #[test]
    fn the_user_can_tell() {
        assert_eq!(
            found("Key figure,Was,Bis\n1,a,b", &["ref=key figure", "text=B"]).unwrap(),
            "1: ref A, text B"
        );
        assert_eq!(
            found("Was,Description,Due\n", &[]).unwrap_err(),
            "no column of row 1 holds the auditor's reference; its headings are `A: Was`, `B: Description` and `C: Due`"
        );
        assert!(found("a,b,c\nd,e\n", &[]).unwrap_err().contains("row 1 has `A: a`, `B: b` and `C: c`"));
        assert!(found("Ref,Request\n", &["due=Bis"]).unwrap_err().contains("`Bis`"));
        assert!(Told::parse("reff=A").unwrap_err().contains("`our-status`"));
        assert!(Told::parse("ref").is_err() && Told::parse("ref= ").is_err());
    }
}
