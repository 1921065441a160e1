//! The text of `soc2.toml` changed: an audit added, the day on which a list was agreed, variables. Comments, order and every
//! other byte stay, and the result is read again before anybody gets it.

use jiff::civil::Date;

use crate::manifest::same_yaml as same;
use crate::source::FileId;
use crate::syntax::{Entry, Node, Value, toml};

/// A variable and what stands above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewVariable {
    pub id: String,
    pub value: String,
    /// A number is written bare.
    pub is_number: bool,
    /// What it decides.
    pub meaning: String,
}

/// An audit to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAudit {
    pub id: String,
    /// First and last day.
    pub period: (Date, Date),
    pub follows: Option<String>,
    pub framework: Option<String>,
    pub categories: Vec<String>,
    pub excluded: Vec<(String, String)>,
    pub not_relevant: Vec<(String, String)>,
    pub systems: Vec<String>,
    pub firm: Option<String>,
}

/// A text as TOML; what hides or moves text is escaped.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if crate::text::is_hostile(c) => out.push_str(&format!("\\U{:08x}", c as u32)),
            c => out.push(c),
        }
    }
    out + "\""
}

fn list(items: &[String]) -> String {
    format!("[{}]", items.iter().map(|item| quoted(item)).collect::<Vec<_>>().join(", "))
}

fn table(pairs: &[(String, String)]) -> String {
    let pairs: Vec<String> =
        pairs.iter().map(|(key, value)| format!("{} = {}", quoted(key), quoted(value))).collect();
    format!("{{ {} }}", pairs.join(", "))
}

impl NewAudit {
    /// The block, with `\n` between its lines.
    pub fn text(&self) -> String {
        let (from, to) = self.period;
        let mut lines = vec![
            "[[audit]]".to_owned(),
            format!("id = {}", quoted(&self.id)),
            "type = \"type2\"".to_owned(),
            format!("period = {{ from = {from}, to = {to} }}"),
        ];
        let text = |key: &str, value: &Option<String>| {
            value.as_ref().map(|value| format!("{key} = {}", quoted(value)))
        };
        lines.extend(text("follows", &self.follows));
        lines.extend(text("framework", &self.framework));
        lines.extend(
            (!self.categories.is_empty()).then(|| format!("categories = {}", list(&self.categories))),
        );
        lines.extend((!self.excluded.is_empty()).then(|| format!("excluded = {}", table(&self.excluded))));
        lines.extend(
            (!self.not_relevant.is_empty()).then(|| format!("not_relevant = {}", table(&self.not_relevant))),
        );
        lines.extend((!self.systems.is_empty()).then(|| format!("systems = {}", list(&self.systems))));
        lines.extend(text("firm", &self.firm));
        lines.join("\n") + "\n"
    }
}

/// The text with an audit behind the last one.
pub fn with_audit(text: &str, audit: &NewAudit) -> Result<String, String> {
    let file = File::open(text)?;
    let audits = file.audits();
    let (at, before) = match audits.last() {
        Some(last) => (file.line_after(end(last)), file.line_end.to_owned()),
        None => (
            file.body.len(),
            if file.body.trim().is_empty() { String::new() } else { file.line_end.to_owned() },
        ),
    };
    let edited = file.with(at, &format!("{before}{}", file.lines(&audit.text())));
    let after = read(&edited).ok_or_else(|| place("an audit"))?;
    let added = match after.get("audit").map(|node| &node.value) {
        Some(Value::List(all)) => all.split_last(),
        _ => None,
    };
    let block = audit.text();
    let meant = read(&block);
    let meant = match meant.as_ref().and_then(|node| node.get("audit")).map(|node| &node.value) {
        Some(Value::List(one)) => one.first(),
        _ => None,
    };
    let kept = |others: &[Node<'_>]| {
        others.len() == audits.len() && others.iter().zip(&audits).all(|(new, old)| same(new, old))
    };
    let is_meant = match (added, meant) {
        (Some((added, others)), Some(meant)) => kept(others) && same(added, meant),
        _ => false,
    };
    if is_meant && others_stay(&file.node, &after, "audit") {
        Ok(file.marked(&edited))
    } else {
        Err(place("an audit"))
    }
}

/// The text in which an audit says on which day its list of controls was agreed.
pub fn with_agreed(text: &str, audit: &str, on: Date) -> Result<String, String> {
    let file = File::open(text)?;
    let audits = file.audits();
    let is_it = |node: &&Node<'_>| node.get("id").and_then(Node::scalar) == Some(audit);
    let Some(nth) = audits.iter().position(is_it) else { return Err(format!("it has no audit `{audit}`")) };
    let Some(Value::Map(entries)) = audits.get(nth).map(|node| &node.value) else {
        return Err(place("a day"));
    };
    let attempts: Vec<String> = match entries.iter().find(|entry| entry.key.value == "agreed") {
        Some(entry) => {
            let span = entry.value.at.span.range();
            let (above, below) = (file.body.get(..span.start), file.body.get(span.end..));
            vec![format!("{}{on}{}", above.unwrap_or(""), below.unwrap_or(""))]
        }
        // Behind a key of its own table; which of them is one shows when it is read again.
        None => {
            let mut ends: Vec<usize> = entries.iter().map(|entry| end(&entry.value)).collect();
            ends.sort_unstable_by(|a, b| b.cmp(a));
            let line = format!("agreed = {on}{}", file.line_end);
            ends.iter().map(|end| file.with(file.line_after(*end), &line)).collect()
        }
    };
    let says = |edited: &&String| {
        let Some(after) = read(edited) else { return false };
        let Some(Value::List(all)) = after.get("audit").map(|node| &node.value) else { return false };
        let agreed = all.get(nth).and_then(|node| node.get("agreed")).and_then(Node::scalar);
        let kept = all.len() == audits.len()
            && all.iter().zip(&audits).enumerate().all(|(n, (new, old))| {
                if n == nth { others_stay(old, new, "agreed") } else { same(new, old) }
            });
        agreed == Some(on.to_string().as_str()) && kept && others_stay(&file.node, &after, "audit")
    };
    attempts.iter().find(says).map(|edited| file.marked(edited)).ok_or_else(|| place("a day"))
}

/// The text with variables behind the others.
pub fn with_variables(text: &str, new: &[NewVariable]) -> Result<String, String> {
    if new.is_empty() {
        return Ok(text.to_owned());
    }
    let file = File::open(text)?;
    let lines: String = new
        .iter()
        .map(|one| {
            let value = if one.is_number { one.value.clone() } else { quoted(&one.value) };
            format!("# {}\n{} = {value}\n", crate::text::safe(&one.meaning), one.id)
        })
        .collect();
    let lines = file.lines(&lines);
    let last = match file.node.get("variables").map(|node| &node.value) {
        Some(Value::Map(entries)) => entries.iter().map(|entry| end(&entry.value)).max(),
        _ => None,
    };
    let header = file.body.lines().position(|line| line.trim_start().starts_with("[variables]"));
    let edited = match (last, header) {
        (Some(last), _) => file.with(file.line_after(last), &lines),
        (None, Some(nth)) => {
            let at = file.body.split_inclusive('\n').take(nth + 1).map(str::len).sum();
            file.with(at, &lines)
        }
        (None, None) => {
            let end = file.line_end;
            let gap = if file.body.trim().is_empty() { "" } else { end };
            file.with(file.body.len(), &format!("{gap}[variables]{end}{lines}"))
        }
    };
    let after = read(&edited).ok_or_else(|| place("a variable"))?;
    let count = |node: &Node<'_>| match node.get("variables").map(|node| &node.value) {
        Some(Value::Map(entries)) => entries.len(),
        _ => 0,
    };
    let variables = after.get("variables");
    let written = new.iter().all(|one| {
        variables.and_then(|all| all.get(&one.id)).and_then(Node::scalar) == Some(one.value.as_str())
    });
    let kept = match file.node.get("variables").map(|node| &node.value) {
        Some(Value::Map(entries)) => entries.iter().all(|old| {
            variables.and_then(|all| all.get(&old.key.value)).is_some_and(|now| same(now, &old.value))
        }),
        _ => true,
    };
    if written
        && kept
        && count(&after) == count(&file.node) + new.len()
        && others_stay(&file.node, &after, "variables")
    {
        return Ok(file.marked(&edited));
    }
    Err(place("a variable"))
}

fn place(what: &str) -> String {
    format!(
        "{what} cannot be added without changing what else it says: write `[[audit]]` and `[variables]` as headings of their own"
    )
}

/// The text and what it says.
struct File<'t> {
    mark: &'static str,
    body: &'t str,
    line_end: &'static str,
    node: Node<'t>,
}

impl<'t> File<'t> {
    fn open(text: &'t str) -> Result<Self, String> {
        let (mark, body) = match text.strip_prefix('\u{feff}') {
            Some(body) => ("\u{feff}", body),
            None => ("", text),
        };
        let node = read(body).ok_or("it is not read without a fault: `soc2 check` names it")?;
        Ok(Self { mark, body, line_end: if body.contains("\r\n") { "\r\n" } else { "\n" }, node })
    }

    fn audits(&self) -> Vec<&Node<'t>> {
        match self.node.get("audit").map(|node| &node.value) {
            Some(Value::List(audits)) => audits.iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Where the line ends on which a byte stands.
    fn line_after(&self, at: usize) -> usize {
        let rest = self.body.get(at..).unwrap_or("");
        rest.find('\n').map_or(self.body.len(), |newline| at + newline + 1)
    }

    /// The text with more of it at a byte where a line begins.
    fn with(&self, at: usize, more: &str) -> String {
        let (above, below) = (self.body.get(..at).unwrap_or(self.body), self.body.get(at..).unwrap_or(""));
        let end = if above.is_empty() || above.ends_with('\n') { "" } else { self.line_end };
        format!("{above}{end}{more}{below}")
    }

    fn lines(&self, text: &str) -> String {
        text.replace('\n', self.line_end)
    }

    fn marked(&self, edited: &str) -> String {
        format!("{}{edited}", self.mark)
    }
}

fn read(text: &str) -> Option<Node<'_>> {
    let mut faults = Vec::new();
    let node = toml::parse(FileId(0), text, &mut faults);
    faults.is_empty().then_some(node)
}

/// The last byte of a value, or of what is inside it.
fn end(node: &Node<'_>) -> usize {
    let own = node.at.span.end as usize;
    match &node.value {
        Value::Map(entries) => entries.iter().map(|entry| end(&entry.value)).max().unwrap_or(0).max(own),
        Value::List(items) => items.iter().map(end).max().unwrap_or(0).max(own),
        _ => own,
    }
}

/// Do two tables say the same, but for one key?
fn others_stay(before: &Node<'_>, after: &Node<'_>, but: &str) -> bool {
    fn others<'n, 'a>(node: &'n Node<'a>, but: &str) -> Vec<&'n Entry<'a>> {
        match &node.value {
            Value::Map(entries) => entries.iter().filter(|entry| entry.key.value != but).collect(),
            _ => Vec::new(),
        }
    }
    let (old, new) = (others(before, but), others(after, but));
    old.len() == new.len()
        && old
            .iter()
            .all(|old| new.iter().any(|new| new.key.value == old.key.value && same(&new.value, &old.value)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn audit() -> NewAudit {
        NewAudit {
            id: "2027-type2".to_owned(),
            period: (date(2027, 1, 1), date(2027, 12, 31)),
            follows: Some("2026-type2".to_owned()),
            framework: None,
            categories: vec!["security".to_owned()],
            excluded: vec![("privacy".to_owned(), "a \"b\" # c".to_owned())],
            not_relevant: Vec::new(),
            systems: Vec::new(),
            firm: Some("A & B\u{202e}".to_owned()),
        }
    }

    const BLOCK: &str = "[[audit]]\nid = \"2027-type2\"\ntype = \"type2\"\nperiod = { from = 2027-01-01, to = 2027-12-31 }\n\
                         follows = \"2026-type2\"\ncategories = [\"security\"]\nexcluded = { \"privacy\" = \"a \\\"b\\\" # c\" }\n\
                         firm = \"A & B\\U0000202e\"\n";

    #[test]
    fn an_audit_stands_behind_the_last_one() {
        for (before, expected) in [
            ("", BLOCK.to_owned()),
            ("[system]\nname = \"x\" # y", format!("[system]\nname = \"x\" # y\n\n{BLOCK}")),
            (
                "[[audit]]\nid = \"a\" # first\n\n# Numbers\n[variables]\nx = 1\n",
                format!("[[audit]]\nid = \"a\" # first\n\n{BLOCK}\n# Numbers\n[variables]\nx = 1\n"),
            ),
            (
                "[[audit]]\nid = \"a\"\n[audit.excluded]\nprivacy = \"x\"\n[check]\nlevels = {}\n",
                format!(
                    "[[audit]]\nid = \"a\"\n[audit.excluded]\nprivacy = \"x\"\n\n{BLOCK}[check]\nlevels = {{}}\n"
                ),
            ),
        ] {
            assert_eq!(with_audit(before, &audit()).as_deref(), Ok(&*expected), "{before}");
            let windows = format!("\u{feff}{}", before.replace('\n', "\r\n"));
            if before.contains('\n') {
                let expected = format!("\u{feff}{}", expected.replace('\n', "\r\n"));
                assert_eq!(with_audit(&windows, &audit()).as_deref(), Ok(&*expected), "{before}");
            }
        }
        for refused in ["audit = [{ id = \"a\" }]\n", "[[audit]\n", "audit = 1\n"] {
            assert!(with_audit(refused, &audit()).is_err(), "{refused}");
        }
    }

    #[test]
    fn a_day_is_given_to_its_audit_only() {
        let on = date(2026, 11, 3);
        let two = "[[audit]]\nid = \"a\"\nperiod = { from = 2026-01-01, to = 2026-06-30 } # w\n\n[[audit]]\nid = \"b\"\n[audit.excluded]\nx = \"y\"\n";
        let a = with_agreed(two, "a", on).unwrap();
        assert_eq!(a, two.replace("# w\n", "# w\nagreed = 2026-11-03\n"));
        let b = with_agreed(two, "b", on).unwrap();
        assert_eq!(b, two.replace("id = \"b\"\n", "id = \"b\"\nagreed = 2026-11-03\n"));
        let again = with_agreed(&a, "a", date(2026, 12, 1)).unwrap();
        assert_eq!(again, a.replace("2026-11-03", "2026-12-01"));
        assert!(with_agreed(two, "c", on).is_err());
    }

    #[test]
    fn variables_stand_behind_the_others() {
        let new = [
            NewVariable {
                id: "days".to_owned(),
                value: "5".to_owned(),
                is_number: true,
                meaning: "Days.".to_owned(),
            },
            NewVariable {
                id: "who".to_owned(),
                value: "a \"b\"".to_owned(),
                is_number: false,
                meaning: "W\nx".to_owned(),
            },
        ];
        let lines = "# Days.\ndays = 5\n# W\\u{a}x\nwho = \"a \\\"b\\\"\"\n";
        for (before, expected) in [
            (
                "[variables]\nx = 1 # one\n\n[history]\n",
                format!("[variables]\nx = 1 # one\n{lines}\n[history]\n"),
            ),
            (
                "[variables]\n[history]\nbegins = 2026-01-01\n",
                format!("[variables]\n{lines}[history]\nbegins = 2026-01-01\n"),
            ),
            ("[system]\nname = \"a\"\n", format!("[system]\nname = \"a\"\n\n[variables]\n{lines}")),
        ] {
            assert_eq!(with_variables(before, &new).as_deref(), Ok(&*expected), "{before}");
        }
        assert!(with_variables("variables = { x = 1 }\n", &new).is_err());
        assert!(with_variables("[variables]\ndays = 1\n", &new).is_err());
    }
}
