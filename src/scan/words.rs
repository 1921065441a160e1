//! Many words in one pass, in any case. Three letters of each are looked for in all places at once; where they stand, the
//! words that hold them are compared.

use super::digits::{BLOCK, gathered};
/// Five bits of each of three letters, which are the same for small and capital ones.
const KEYS: usize = 1 << 15;

/// A word and which of its letters are looked for.
struct Word {
    letters: &'static [u8],
    /// Where the three letters begin.
    offset: usize,
}

/// A search for some words.
pub(super) struct Words {
    words: Vec<Word>,
    /// Of each key whether some word has it: 1 or 0.
    known: Box<[u8; KEYS]>,
    /// The words of each key: those from one number to the next in `listed`.
    first: Vec<u16>,
    listed: Vec<u16>,
}

fn key(a: u8, b: u8, c: u8) -> usize {
    usize::from(a & 31) << 10 | usize::from(b & 31) << 5 | usize::from(c & 31)
}

impl Words {
    /// Words of three letters or more; shorter ones are never found.
    pub(super) fn new(words: &[&'static str]) -> Self {
        let words: Vec<Word> =
            words.iter().map(|word| Word { letters: word.as_bytes(), offset: rarest(word) }).collect();
        let mut listed: Vec<(usize, u16)> = words
            .iter()
            .zip(0..)
            .filter_map(|(word, index)| match word.letters.get(word.offset..)? {
                [a, b, c, ..] => Some((key(*a, *b, *c), index)),
                _ => None,
            })
            .collect();
        listed.sort_unstable();
        let mut known = Box::new([0; KEYS]);
        for (key, _) in &listed {
            if let Some(known) = known.get_mut(*key) {
                *known = 1;
            }
        }
        let before = |key: usize| listed.partition_point(|(one, _)| *one < key);
        let first = (0..=KEYS).map(|key| u16::try_from(before(key)).unwrap_or(u16::MAX)).collect();
        Self { words, known, first, listed: listed.into_iter().map(|(_, word)| word).collect() }
    }

    /// Tells which word begins where, for those whose looked-for letters stand in `from..to`.
    pub(super) fn each(&self, text: &[u8], from: usize, to: usize, found: &mut dyn FnMut(usize, usize)) {
        let mut at = from;
        while at < to {
            let rest = text.get(at..).unwrap_or(&[]);
            let mut hits = match rest.first_chunk() {
                Some(block) => self.hits(block),
                None => {
                    let mut block = [0; BLOCK + 2];
                    block.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
                    self.hits(&block)
                }
            };
            while hits != 0 {
                let place = at + hits.trailing_zeros() as usize;
                hits &= hits - 1;
                if place < to {
                    self.compare(text, place, found);
                }
            }
            at += BLOCK;
        }
    }

    /// At which places of a block the three letters of some word may stand, a bit each.
    fn hits(&self, block: &[u8; BLOCK + 2]) -> u64 {
        let mut keys = [0u16; BLOCK];
        let letters = block.iter().zip(block.iter().skip(1)).zip(block.iter().skip(2));
        for (key, ((a, b), c)) in keys.iter_mut().zip(letters) {
            *key = u16::from(a & 31) << 10 | u16::from(b & 31) << 5 | u16::from(c & 31);
        }
        gathered(&keys.map(|key| self.known[usize::from(key) & (KEYS - 1)]))
    }

    fn compare(&self, text: &[u8], place: usize, found: &mut dyn FnMut(usize, usize)) {
        let Some([a, b, c]) = text.get(place..).and_then(|rest| rest.first_chunk()) else { return };
        let key = key(*a, *b, *c);
        let range = self.first.get(key).zip(self.first.get(key + 1));
        let listed = range.and_then(|(from, to)| self.listed.get(usize::from(*from)..usize::from(*to)));
        for index in listed.into_iter().flatten().map(|index| usize::from(*index)) {
            let Some(word) = self.words.get(index) else { continue };
            let Some(start) = place.checked_sub(word.offset) else { continue };
            let there = text.get(start..start + word.letters.len());
            if there.is_some_and(|there| there.eq_ignore_ascii_case(word.letters)) {
                found(index, start);
            }
        }
    }
}

/// Where the three letters of a word begin that stand least often in text: signs and digits before letters, and seldom
/// letters before common ones.
fn rarest(word: &str) -> usize {
    let weight = |byte: &u8| match byte.to_ascii_lowercase() {
        b'e' | b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' => 9,
        b'd' | b'l' | b'c' | b'u' | b'm' | b'p' => 6,
        b'h' | b'g' | b'f' | b'y' | b'w' | b'b' | b'v' => 4,
        b'-' => 7,
        b'0'..=b'9' => 5,
        b' ' | b'/' | b'.' | b':' => 5,
        _ => 1,
    };
    let weights = word.as_bytes().windows(3).map(|three| three.iter().map(weight).product::<u32>());
    weights.zip(0..).min().map_or(0, |(_, offset)| offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_in_any_case_at_any_place() {
        let list = ["password", "pass", "://", "ghp_", "eyJ", "-us1", "AKIA", "a key"];
        let words = Words::new(&list);
        for (index, word) in list.iter().enumerate() {
            for place in 0..140 {
                for word in [word.to_ascii_uppercase(), word.to_ascii_lowercase()] {
                    let text = format!("{}{word}{}", ".".repeat(place), "!".repeat(place % 5));
                    let mut found = Vec::new();
                    words.each(text.as_bytes(), 0, text.len(), &mut |word, start| found.push((word, start)));
                    assert!(found.contains(&(index, place)), "{word} at {place}: {found:?}");
                    found.sort_unstable();
                    found.dedup();
                    let expected = if index == 0 { 2 } else { 1 };
                    assert_eq!(found.len(), expected, "{word} at {place}: {found:?}");
                }
            }
        }
    }
}
