//! Is a list the whole list? What the source itself says of it is compared with what was printed.

use super::{Completeness, word};
use crate::text::safe;

/// What was found in an output, as far as the probe asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Items printed.
    pub items: u64,
    /// A further page is named.
    pub more: bool,
    /// Items that the source counts.
    pub total: Option<u64>,
    /// The command that counted, where it was another one.
    pub counted_by: Option<String>,
}

/// How complete a list is, in words for the manifest's `completeness`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing speaks against it.
    Whole(String),
    /// It is a part of a longer list, or may be; `population-truncated` finds the words.
    Part(String),
    /// It contradicts what the source counts.
    Differs(String),
}

/// Compares what was printed with what the source says of it.
pub fn weigh(probe: &Completeness, found: &Found) -> Standing {
    let items = found.items;
    if let Some(field) = probe.more.as_ref().filter(|_| found.more) {
        return Standing::Part(format!(
            "the list is truncated: `{}` names a further page after {items} items",
            safe(field)
        ));
    }
    if probe.page.as_ref().is_some_and(|page| items >= page.value) {
        return Standing::Part(format!(
            "the list is truncated, as far as anybody can tell: {items} items are all that one answer holds"
        ));
    }
    let by = match (&found.counted_by, &probe.total) {
        (Some(command), _) => format!("counted by `{command}`"),
        (None, Some(field)) => format!("the source counts them in `{}`", safe(field)),
        (None, None) => String::new(),
    };
    match found.total {
        Some(total) if items < total => {
            Standing::Part(format!("showing {items} of {total}, {by}: the list is truncated"))
        }
        Some(total) if items > total => Standing::Differs(format!(
            "{items} items were printed and {total} are there, {by}: it changed meanwhile"
        )),
        Some(total) => Standing::Whole(format!("{items} of {total}, {by}")),
        None => {
            let more = probe.more.as_ref();
            let more = more.map_or_else(String::new, |field| format!(", and no `{}` is left", safe(field)));
            Standing::Whole(format!("{}{more}; {items} in total", word(&probe.because)))
        }
    }
}
