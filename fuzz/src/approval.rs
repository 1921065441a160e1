//! An approval that is written into a document's front matter.

use soc2::manifest::with_item;
use soc2::program::Program;
use soc2::source::{Sources, TEXT_CAP};

use crate::seeds;

/// Any document either refuses an approval or takes it: its body and what stood in its front matter stay byte for byte, but
/// for the brackets of an empty list, and the programme reads one approval more.
pub fn approval(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // Whatever a person names as proof does not matter to the edit.
    for proof in ["minutes of 2026-01-05", text.get(..text.len().min(200)).unwrap_or("a: \"b\" # c")] {
        let item = [
            ("version", "1.10".to_owned()),
            ("by", "bob".to_owned()),
            ("on", "2026-01-05".to_owned()),
            ("effective", "2026-01-10".to_owned()),
            ("text", "0".repeat(64)),
            ("proof", proof.to_owned()),
        ];
        if let Ok(edited) = with_item(text, "approvals", &item) {
            holds(text, &edited);
            assert!(with_item(&edited, "approvals", &item).is_ok(), "a second approval is refused: {edited}");
        }
    }
}

fn holds(before: &str, edited: &str) {
    let same = |a: &[u8], b: &[u8]| a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let head = same(before.as_bytes(), edited.as_bytes());
    let reversed = |text: &str| text.bytes().rev().collect::<Vec<u8>>();
    let tail = same(&reversed(before), &reversed(edited));
    // What is neither of the head nor of the tail was replaced.
    let replaced = before.get(head..before.len().saturating_sub(tail).max(head)).unwrap_or("");
    assert!(
        replaced.chars().all(|c| c.is_whitespace() || matches!(c, '[' | ']')),
        "{replaced:?} was replaced"
    );
    if edited.len() as u64 > TEXT_CAP {
        return;
    }
    if let (Some(had), Some(has)) = (approvals(before), approvals(edited)) {
        assert_eq!(has, had + 1, "{edited}");
    }
}

/// How many approvals the programme reads of it, if it is a policy.
fn approvals(text: &str) -> Option<usize> {
    let mut files = seeds::ground();
    files.push(("policies/fuzzed.md".to_owned(), text.as_bytes().to_vec()));
    let program = Program::load(Sources::from_memory(files));
    program.policies.first().map(|policy| policy.head.approvals.len())
}
