//! Numbers that look drawn and are the same each time: taken from the hash of what they are for.

use soc2::source::sha256;

/// Numbers for one purpose.
pub struct Chance {
    purpose: String,
    drawn: u32,
}

impl Chance {
    pub fn new(purpose: impl Into<String>) -> Self {
        Self { purpose: purpose.into(), drawn: 0 }
    }

    /// The next number of 64 bits.
    pub fn next(&mut self) -> u64 {
        self.drawn += 1;
        let hash = sha256(format!("{} {}", self.purpose, self.drawn).as_bytes());
        hash.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    /// A number from one to another, both included.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.next() as usize % of.len()]
    }
}
