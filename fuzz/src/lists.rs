//! A list from a spreadsheet, whatever somebody sends: read within bounds, and what is made of it reads back.

use soc2::exchange::{self, Asked, Kind};
use soc2::program::Program;
use soc2::sheet::Order;
use soc2::source::Sources;
use soc2::{rows, table};

/// Any bytes are refused as a list, or read; what is added to a register makes it say exactly that, and a table of it, read in
/// again, adds nothing. The first byte says what the list is of.
pub fn lists(bytes: &[u8]) {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let Some(kind) = Kind::ALL.get(usize::from(*first) % Kind::ALL.len()).copied() else { return };
    let files = crate::seeds::ground();
    let program = Program::load(Sources::from_memory(files.clone()));
    let asked = Asked { as_stated: *first >= 128, order: Some(Order::DayFirst), ..Asked::default() };
    let Ok(list) = exchange::read(kind, bytes, &asked, &program) else { return };
    let plan = exchange::plan(kind, &list, &program);
    let mut files = files;
    if kind == Kind::Controls {
        for row in &plan.added {
            let (path, text) = exchange::control_file(row, "list.csv").unwrap_or_else(|why| panic!("{why}"));
            files.push((path, text.into_bytes()));
        }
    } else {
        let path = format!("registers/{}.yaml", kind.word());
        let at = files.iter().position(|(other, _)| *other == path);
        let text = at.map_or(String::new(), |at| String::from_utf8_lossy(&files[at].1).into_owned());
        let (text, _) = rows::edited(&text, &[], &exchange::rows(kind, &plan.added)).unwrap_or_else(|why| panic!("{why}"));
        match at {
            Some(at) => files[at].1 = text.into_bytes(),
            None => files.push((path, text.into_bytes())),
        }
    }
    let program = Program::load(Sources::from_memory(files));
    let out = exchange::table(kind, &program);
    let text = table::csv(&out);
    // Training and acknowledgements have no export; of the others what went out adds nothing when it comes back.
    if text.len() < 1 << 20 && !out.rows.is_empty() {
        let again = exchange::read(kind, text.as_bytes(), &asked, &program).unwrap_or_else(|why| panic!("{why}"));
        let plan = exchange::plan(kind, &again, &program);
        assert!(plan.added.is_empty(), "{:?}", plan.added);
    }
}
