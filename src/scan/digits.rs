//! Where in a text numbers of people may begin: which characters are digits, dashes, blanks and capitals is a bit each, so
//! that sixty-four places are looked at in a few steps.

/// Places that are looked at together.
pub(super) const BLOCK: usize = 64;

/// What the characters of a block are, the first in the lowest bit.
#[derive(Clone, Copy, Default)]
struct Block {
    digits: u64,
    dashes: u64,
    blanks: u64,
    capitals: u64,
}

/// Tells where a run of digits begins in `from..to` that may be, or begin, a number of nine digits (`nine`), a social
/// security number, a card's or an account's.
pub(super) fn each(text: &[u8], from: usize, to: usize, nine: bool, found: &mut dyn FnMut(usize)) {
    let is = |at: Option<usize>, kind: fn(&u8) -> bool| {
        u64::from(at.and_then(|at| text.get(at)).is_some_and(kind))
    };
    let mut digit_before = is(from.checked_sub(1), u8::is_ascii_digit);
    let (mut one_before, mut two_before) =
        (is(from.checked_sub(1), u8::is_ascii_uppercase), is(from.checked_sub(2), u8::is_ascii_uppercase));
    let mut at = from;
    let mut next = block(text, at);
    while at < to {
        let now = next;
        next = block(text, at + BLOCK);
        let both = |now: u64, next: u64| u128::from(now) | u128::from(next) << BLOCK;
        let digits = both(now.digits, next.digits);
        let dashes = both(now.dashes, next.dashes);
        let between = dashes | both(now.blanks, next.blanks);
        let starts = now.digits & !(now.digits << 1 | digit_before);
        let [two, four] = [digits & digits >> 1, digits & digits >> 1 & digits >> 2 & digits >> 3];
        let eight = four & four >> 4;
        let ssn = two & digits >> 2 & dashes >> 3 & two >> 4 & dashes >> 6 & four >> 7;
        let grouped = four & between >> 4 & four >> 5;
        let long = eight & eight >> 7;
        let nine_long = if nine { eight & digits >> 8 } else { 0 };
        let after_capitals =
            (now.capitals << 1 | one_before) & (now.capitals << 2 | one_before << 1 | two_before);
        let low = |mask: u128| u64::try_from(mask & u128::from(u64::MAX)).unwrap_or(0);
        let mut hits = starts & (low(ssn | grouped | long | nine_long) | (after_capitals & low(two)));
        while hits != 0 {
            let place = at + hits.trailing_zeros() as usize;
            hits &= hits - 1;
            if place < to {
                found(place);
            }
        }
        digit_before = now.digits >> (BLOCK - 1);
        one_before = now.capitals >> (BLOCK - 1);
        two_before = now.capitals >> (BLOCK - 2) & 1;
        at += BLOCK;
    }
}

fn block(text: &[u8], at: usize) -> Block {
    let rest = text.get(at..).unwrap_or(&[]);
    match rest.first_chunk() {
        Some(bytes) => Block::of(bytes),
        None => {
            let mut bytes = [0; BLOCK];
            bytes.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            Block::of(&bytes)
        }
    }
}

impl Block {
    fn of(bytes: &[u8; BLOCK]) -> Self {
        Self {
            digits: bits(bytes, |byte| byte.wrapping_sub(b'0') < 10),
            dashes: bits(bytes, |byte| byte == b'-'),
            blanks: bits(bytes, |byte| byte == b' '),
            capitals: bits(bytes, |byte| byte.wrapping_sub(b'A') < 26),
        }
    }
}

/// A bit for each byte of that kind.
fn bits(bytes: &[u8; BLOCK], kind: impl Fn(u8) -> bool) -> u64 {
    gathered(&bytes.map(|byte| u8::from(kind(byte))))
}

/// The lowest bits of sixty-four bytes that are 0 or 1.
pub(super) fn gathered(ones: &[u8; BLOCK]) -> u64 {
    let mut all = 0;
    for (eight, shift) in ones.as_chunks::<8>().0.iter().zip((0..).step_by(8)) {
        // Multiplied, the eight bits come to stand side by side in the highest byte.
        let side_by_side = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        all |= side_by_side << shift;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_told_at_any_place() {
        let numbers =
            ["123-45-6789", "4111 1111 1111 1111", "3782-822463-10005", "4111111111111111", "123456789"];
        for place in 0..140 {
            for number in numbers {
                let text = format!("{}{number} ", "a".repeat(place));
                for nine in [false, true] {
                    let mut found = Vec::new();
                    each(text.as_bytes(), 0, text.len(), nine, &mut |at| found.push(at));
                    assert_eq!(found.contains(&place), nine || number.len() > 9, "{number} at {place}");
                }
            }
            let text = format!("{}DE89", "a".repeat(place));
            let mut found = Vec::new();
            each(text.as_bytes(), 0, text.len(), false, &mut |at| found.push(at));
            assert_eq!(found, [place + 2]);
        }
        let mut found = Vec::new();
        each(b"2026-03-01T10:11:12Z 10.20.30.40 12345678 a1b2", 0, 46, true, &mut |at| found.push(at));
        assert_eq!(found, [0; 0]);
    }
}
