//! What a recheck says to people.

use super::recheck::{Outcome, Recheck};
use crate::text::{clip, count, safe};

/// Differences above this are counted.
const TOLD: usize = 50;
/// Longest value that is shown of a verdict.
const SHOWN: usize = 120;

impl Recheck {
    /// Lines for people, the answer first, what is not proved last.
    pub fn lines(&self) -> Vec<String> {
        let of = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
        let of = format!(
            "{}, {}, {}",
            of(self.criteria, "criterion", "criteria"),
            of(self.controls, "control", "controls"),
            of(self.policies, "policy", "policies")
        );
        let mut lines = Vec::new();
        match self.outcome {
            Outcome::Same => lines.push(format!("verdicts recomputed from the files inside: same ({of})")),
            Outcome::Differs => {
                let verb = if self.different == 1 { "differs" } else { "differ" };
                let what = count(self.different, "value");
                lines.push(format!("verdicts recomputed from the files inside: {what} {verb} ({of})"));
            }
            Outcome::NotRecomputed => lines.push("verdicts were not recomputed".to_owned()),
        }
        for one in self.differences.iter().take(TOLD) {
            let shown = |text: &str| match text {
                "" => "nothing".to_owned(),
                text => format!("`{}`", clip(&safe(text), SHOWN)),
            };
            let (recorded, recomputed) = (shown(&one.recorded), shown(&one.recomputed));
            lines.push(format!(
                "  {}: {} is {recomputed}, the bundle says {recorded}",
                safe(&one.of),
                one.what
            ));
        }
        let more = self.different.saturating_sub(TOLD);
        if more > 0 {
            lines.push(format!("  and {more} more"));
        }
        lines.extend(self.faults.iter().map(|fault| format!("  {fault}")));
        lines.extend(self.notes.iter().map(|note| format!("note: {note}")));
        if self.outcome != Outcome::NotRecomputed {
            lines.push(self.rests());
        }
        lines.push("Not proved: that the records are true".to_owned());
        lines
    }

    fn rests(&self) -> String {
        let rest = |n: usize| if n == 1 { "rests" } else { "rest" };
        match (self.on_history, self.on_bytes_left_out) {
            (0, 0) => "none of them rests on recorded history or on bytes that were left out".to_owned(),
            (history, 0) => format!("{history} {} on history as recorded in the bundle", rest(history)),
            (0, bytes) => format!("{bytes} {} on bytes that were left out", rest(bytes)),
            (history, bytes) => format!(
                "{history} {} on history as recorded in the bundle, {bytes} on bytes that were left out",
                rest(history)
            ),
        }
    }
}
