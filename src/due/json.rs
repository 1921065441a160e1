//! For programs: the list in a versioned shape that docs/formats.md describes. Keys are only ever added within a version.

use serde::Serialize;

use super::{Item, List, State};
use crate::output::harmless_json;

/// Version of the shape.
const FORMAT_VERSION: &str = "soc2-due/1";

#[derive(Serialize)]
struct Document<'d> {
    format: &'static str,
    tool: Tool,
    read: &'d str,
    as_of: String,
    until: String,
    counts: Counts,
    pressing: bool,
    items: Vec<JsonItem<'d>>,
    every_day: &'d [String],
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Counts {
    missed: usize,
    overdue: usize,
    late: usize,
    due: usize,
    open: usize,
}

#[derive(Serialize)]
struct JsonItem<'d> {
    uid: String,
    kind: &'static str,
    state: &'static str,
    day: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    grace: Option<String>,
    subject: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    slot: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<&'d str>,
    slots: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'d str>,
    what: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'d str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    todo: Option<&'d str>,
    command: &'d str,
    people: &'d [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'d str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    except: &'d [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    audits: &'d [String],
}

/// The list as JSON; `read` says what was read.
pub fn render(list: &List, read: &str) -> std::io::Result<String> {
    let document = Document {
        format: FORMAT_VERSION,
        tool: Tool { name: "soc2", version: env!("CARGO_PKG_VERSION") },
        read,
        as_of: list.as_of.to_string(),
        until: list.until.to_string(),
        counts: Counts {
            missed: list.count(State::Missed),
            overdue: list.count(State::Overdue),
            late: list.count(State::Late),
            due: list.count(State::Due),
            open: list.count(State::Open),
        },
        pressing: list.is_pressing(),
        items: list.items.iter().map(|one| item(list, one)).collect(),
        every_day: &list.every_day,
    };
    Ok(format!("{}\n", harmless_json(&document)?))
}

fn item<'d>(list: &List, item: &'d Item) -> JsonItem<'d> {
    JsonItem {
        uid: super::ics::uid(&list.programme, item),
        kind: item.kind.name(),
        state: item.state.name(),
        day: item.day.to_string(),
        grace: item.grace.map(|day| day.to_string()),
        subject: &item.subject,
        slot: item.slot.as_deref(),
        system: item.system.as_deref(),
        slots: item.slots,
        title: item.title.as_deref(),
        what: &item.what,
        why: item.why.as_deref(),
        todo: item.todo.as_deref(),
        command: &item.command,
        people: &item.who.people,
        role: item.who.role.as_deref(),
        except: &item.who.except,
        audits: &item.audits,
    }
}
