//! The policy builder's `config.json`: the organization's values, and which policies and procedures there are.

use std::collections::BTreeMap;

use super::super::document::{entries, items, one_line};
use super::super::foreign::Lines;
use super::super::mustache::value;
use super::super::{Fate, Foreign, Origin, Remark, Setting, Taking, json};
use crate::syntax::{Node, Value};
use crate::text::{clip, safe};

/// What the configuration says.
#[derive(Default)]
pub(super) struct Config {
    /// Name, value, place.
    pub(super) organization: Vec<(String, Setting, Origin)>,
    pub(super) policies: Vec<Element>,
    pub(super) procedures: Vec<Element>,
    /// The folder it stands in, with `/` at its end, or nothing.
    pub(super) base: String,
}

/// A policy or procedure.
pub(super) struct Element {
    pub(super) id: String,
    pub(super) file: String,
    pub(super) name: Option<String>,
    pub(super) provider: Option<String>,
    /// Neither refused nor said not to apply.
    pub(super) adopted: bool,
    pub(super) procedures: Vec<String>,
    pub(super) from: Origin,
}

/// Reads it; a fault where it is there and cannot be read.
pub(super) fn read(foreign: &Foreign, taking: &mut Taking) -> Option<Config> {
    let places = ["config.json", "templates/config.json", "partials/config.json"];
    let text = places.iter().find_map(|place| foreign.texts.iter().find(|text| text.path == *place))?;
    let node = match json::parse(&text.text) {
        Ok(node) => node,
        Err(why) => {
            taking.fault(Origin { file: text.path.clone(), line: why.line }, why.why);
            return None;
        }
    };
    let lines = Lines::of(text);
    let at = |node: &Node<'_>| lines.at(node.at.span.start as usize);
    let base = text.path.strip_suffix("config.json").unwrap_or("").to_owned();
    let mut config = Config { base, ..Config::default() };
    for entry in node.get("organization").map_or(&[][..], entries) {
        let from = lines.at(entry.key.at.span.start as usize);
        let setting = match (&entry.value.value, entry.value.scalar()) {
            (_, Some(flag @ ("true" | "false"))) => Setting::Flag(flag == "true"),
            (_, Some(text)) => Setting::Text(value(text)),
            (Value::Null, _) => Setting::Text(String::new()),
            _ => {
                let told = format!("`{}` is no single value", clip(&safe(&entry.key.value), 60));
                taking.adopted.tell(Fate::Left, from, told);
                continue;
            }
        };
        config.organization.push((entry.key.value.to_string(), setting, from));
    }
    config.policies = elements(&node, "policies", &at, taking);
    config.procedures = elements(&node, "procedures", &at, taking);
    let references: Vec<Origin> = node.get("references").map_or(&[][..], items).iter().map(at).collect();
    for from in references {
        taking.adopted.tell(
            Fate::Left,
            from,
            "a reference text is not taken over: soc2 import policies takes it, if it is a policy",
        );
    }
    Some(config)
}

fn elements(
    node: &Node<'_>,
    key: &str,
    at: &dyn Fn(&Node<'_>) -> Origin,
    taking: &mut Taking,
) -> Vec<Element> {
    let mut out = Vec::new();
    for item in node.get(key).map_or(&[][..], items) {
        let text = |key: &str| {
            item.get(key).and_then(Node::scalar).map(str::to_owned).filter(|text| !text.trim().is_empty())
        };
        let (Some(id), Some(file)) = (text("id"), text("file")) else {
            let told = "has no `id` and `file`".to_owned();
            taking.adopted.remarks.push(Remark { fate: Fate::Left, from: at(item), text: told });
            continue;
        };
        let refused = |key: &str| item.get(key).and_then(Node::scalar) == Some("false");
        let procedures = item.get("procedures").map_or(&[][..], items).iter().filter_map(Node::scalar);
        out.push(Element {
            id,
            file,
            name: text("name"),
            provider: text("provider").map(|provider| one_line(&provider)),
            adopted: !refused("adopted") && !refused("applicable"),
            procedures: procedures.map(str::to_owned).collect(),
            from: at(item),
        });
    }
    out
}

impl Config {
    pub(super) fn organization(&self) -> Option<String> {
        let named = |wanted: &str| {
            self.organization.iter().find_map(|(name, value, _)| match value {
                Setting::Text(text) if name == wanted && !text.is_empty() => Some(one_line(text)),
                _ => None,
            })
        };
        named("companyFullName").or_else(|| named("companyShortName"))
    }

    /// The organization's values by name.
    pub(super) fn values(&self) -> BTreeMap<&str, (Setting, Origin)> {
        self.organization.iter().map(|(name, value, from)| (&**name, (value.clone(), from.clone()))).collect()
    }
}
