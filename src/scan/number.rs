//! Numbers of people: US social security numbers, payment cards, bank accounts. Each is checked as its issuer checks it, so
//! that dates, telephone numbers, hashes and ids of orders are none.

use super::near;
use super::window::{Around, Hit, MOST, Placed};

pub(super) const SSN: (&str, &str) = ("us-ssn", "a US social security number");
pub(super) const CARD: (&str, &str) = ("payment-card", "the number of a payment card");
pub(super) const IBAN: (&str, &str) = ("iban", "the number of a bank account (IBAN)");

/// What a column or a field with social security numbers is called.
pub(super) const SSN_WORDS: &[&str] =
    &["ssn", "social security", "social_security", "social-security", "socialsecurity"];

/// How far behind such a name its value stands.
const NAMED: usize = 40;

/// Every hit whose first digit stands in `from..to`.
pub(super) fn find(around: &mut Around<'_>, from: usize, to: usize) {
    let (text, nine) = (around.text, *around.ssn_column);
    super::digits::each(text, from, to, nine, &mut |at| judge(around, at, digits(text, at)));
}

/// A run of digits from its first.
fn judge(around: &mut Around<'_>, at: usize, length: usize) {
    let text = around.text;
    if length >= 2 {
        around.hits.extend(iban(text, at));
    }
    match length {
        3 => around.hits.extend(ssn(text, at, b'-').then(|| hit(SSN, at, 11))),
        4 => around.hits.extend(grouped_card(text, at)),
        9 if *around.ssn_column && bare_ssn(text, at) => around.hits.push(hit(SSN, at, 9)),
        15 | 16 if is_free(text, at, length) => bare_card(around, at, length),
        _ => {}
    }
}

fn hit((rule, what): (&'static str, &'static str), start: usize, length: usize) -> Hit {
    Hit { start, end: start + length, rule, what, weak: false }
}

/// How many digits stand at `at`.
fn digits(text: &[u8], at: usize) -> usize {
    text.get(at..).map_or(0, |rest| rest.iter().take_while(|byte| byte.is_ascii_digit()).count())
}

/// Is it a number of its own: no part of a word, path, version, longer number or fraction?
fn is_free(text: &[u8], at: usize, length: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| text.get(at)).copied();
    let joins = |byte: u8| matches!(byte, b'_' | b'-' | b'.' | b'/' | b'+' | b'#' | b'@');
    if before.is_some_and(joins) || !near::stands_alone(text, at) {
        return false;
    }
    let after = |n: usize| text.get(at + length + n).copied();
    match after(0) {
        Some(b'.') => !after(1).is_some_and(|byte| byte.is_ascii_alphanumeric()),
        Some(byte) => !byte.is_ascii_alphanumeric() && !joins(byte),
        None => true,
    }
}

/// `123-45-6789`, as the Social Security Administration gives them out.
fn ssn(text: &[u8], at: usize, between: u8) -> bool {
    let Some(&[a, b, c, s, d, e, t, f, g, h, i]) = text.get(at..at + 11).and_then(|t| t.first_chunk::<11>())
    else {
        return false;
    };
    let number = [a, b, c, d, e, f, g, h, i];
    s == between && t == between && is_given_out(number) && is_free(text, at, 11)
}

fn bare_ssn(text: &[u8], at: usize) -> bool {
    let number = text.get(at..at + 9).and_then(|t| t.first_chunk::<9>());
    number.is_some_and(|number| is_given_out(*number)) && is_free(text, at, 9)
}

fn is_given_out(number: [u8; 9]) -> bool {
    let [a, b, c, d, e, f, g, h, i] = number;
    let area = [a, b, c];
    number.iter().all(u8::is_ascii_digit)
        && area != *b"000"
        && area != *b"666"
        && a != b'9'
        && [d, e] != *b"00"
        && [f, g, h, i] != *b"0000"
}

/// The name of a column or field: in the first line of a table it speaks of the rows below, else of what follows it.
pub(super) fn named_ssn(around: &mut Around<'_>, start: usize, end: usize) {
    let text = around.text;
    let alone = near::stands_alone(text, start) && !text.get(end).is_some_and(u8::is_ascii_alphanumeric);
    if !alone {
        return;
    }
    let is_table = |line: &[u8]| line.iter().any(|byte| matches!(byte, b',' | b';' | b'\t' | b'|'));
    if end <= around.first_line && text.get(..around.first_line).is_some_and(is_table) {
        *around.ssn_column = true;
    }
    let behind = text.get(end..text.len().min(end + NAMED)).unwrap_or(&[]);
    let Some(to_digit) = behind.iter().position(|byte| byte.is_ascii_digit() || *byte == b'\n') else {
        return;
    };
    let at = end + to_digit;
    match digits(text, at) {
        9 if bare_ssn(text, at) => around.hits.push(hit(SSN, at, 9)),
        3 if ssn(text, at, b' ') => around.hits.push(hit(SSN, at, 11)),
        _ => {}
    }
}

/// Bare numbers like those of cards. One in ten of any ids would do, so a stream counts what does and what does not.
#[derive(Default)]
pub(super) struct Cards {
    new: Vec<usize>,
    kept: Vec<(u64, u64)>,
    right: u64,
    wrong: u64,
}

impl Cards {
    /// Those of this window.
    pub(super) fn new_ones(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.new)
    }

    pub(super) fn keep(&mut self, line: u64, column: u64) {
        self.kept.push((line, column));
    }

    /// None where most numbers of that length are not those of cards.
    pub(super) fn finds(self) -> impl Iterator<Item = Placed> {
        let are_cards = self.right.saturating_mul(4) >= self.right.saturating_add(self.wrong);
        let (rule, what) = CARD;
        let placed = move |(line, column)| Placed { line, column, rule, what };
        self.kept.into_iter().filter(move |_| are_cards).map(placed)
    }
}

fn bare_card(around: &mut Around<'_>, at: usize, length: usize) {
    let Some(number) = around.text.get(at..at + length) else { return };
    if !is_issued(number) {
        return;
    }
    let cards = &mut *around.cards;
    if luhn(number) {
        cards.right += 1;
        if cards.new.len() + cards.kept.len() < MOST {
            cards.new.push(at);
        }
    } else {
        cards.wrong += 1;
    }
}

/// `4111 1111 1111 1111`, `3782-822463-10005`.
fn grouped_card(text: &[u8], at: usize) -> Option<Hit> {
    let between = text.get(at + 4).copied().filter(|byte| matches!(byte, b' ' | b'-'))?;
    [&[4usize, 4, 4, 4][..], &[4, 6, 5], &[4, 6, 4]].into_iter().find_map(|groups| {
        let length = groups.iter().sum::<usize>() + groups.len() - 1;
        let whole = text.get(at..at + length)?;
        let mut parts = whole.split(|byte| *byte == between);
        let fits = groups.iter().all(|group| {
            parts.next().is_some_and(|part| part.len() == *group && part.iter().all(u8::is_ascii_digit))
        });
        let number: Vec<u8> = whole.iter().copied().filter(u8::is_ascii_digit).collect();
        let goes_on =
            |at: usize| text.get(at) == Some(&between) && text.get(at + 1).is_some_and(u8::is_ascii_digit);
        let came_on =
            at >= 2 && text.get(at - 1) == Some(&between) && text.get(at - 2).is_some_and(u8::is_ascii_digit);
        let alone = is_free(text, at, length) && !goes_on(at + length) && !came_on;
        (fits && alone && is_issued(&number) && luhn(&number)).then(|| hit(CARD, at, length))
    })
}

/// Do its first digits and length belong to a brand of cards?
fn is_issued(number: &[u8]) -> bool {
    let Some(&[a, b, c, d]) = number.first_chunk::<4>() else { return false };
    let first = [a, b, c, d].iter().fold(0u32, |all, digit| all * 10 + u32::from(digit.wrapping_sub(b'0')));
    let various = number.iter().any(|digit| *digit != a);
    let brand = match number.len() {
        14 => matches!(first, 3000..=3059 | 3600..=3699 | 3800..=3999),
        15 => matches!(first, 3400..=3499 | 3700..=3799),
        16 => {
            matches!(first, 2221..=2720 | 3528..=3589 | 4000..=4999 | 5100..=5599 | 6011 | 6200..=6299 | 6440..=6599)
        }
        _ => false,
    };
    brand && various
}

/// The check digit of cards (ISO/IEC 7812).
fn luhn(number: &[u8]) -> bool {
    let sum: u32 = number
        .iter()
        .rev()
        .enumerate()
        .map(|(index, digit)| {
            let digit = u32::from(digit.wrapping_sub(b'0'));
            let twice = digit * 2;
            match index % 2 {
                0 => digit,
                _ if twice > 9 => twice - 9,
                _ => twice,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Two letters and, at `at`, two check digits; then as many letters and digits as the country has, in groups of four or
/// without.
fn iban(text: &[u8], at: usize) -> Option<Hit> {
    let start = at.checked_sub(2)?;
    let country = text.get(start..at)?;
    if !country.iter().all(u8::is_ascii_uppercase) || !near::stands_alone(text, start) {
        return None;
    }
    let (_, length) = IBAN_LENGTHS.iter().find(|(known, _)| known.as_bytes() == country)?;
    let rest = text.get(start..text.len().min(start + length + length / 4))?;
    let grouped = rest.get(4) == Some(&b' ');
    let mut number = Vec::with_capacity(*length);
    let mut end = start;
    for byte in rest {
        let space = grouped && number.len() % 4 == 0 && *byte == b' ' && !number.is_empty();
        if number.len() == *length || !(space || byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
            break;
        }
        end += 1;
        if !space {
            number.push(*byte);
        }
    }
    let goes_on = text.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let whole = number.len() == *length && !goes_on && mod_97(&number) == 1;
    whole.then(|| hit(IBAN, start, end - start))
}

/// The remainder that is 1 for every account (ISO 7064).
fn mod_97(number: &[u8]) -> u32 {
    let (head, rest) = number.split_at(number.len().min(4));
    rest.iter().chain(head).fold(0, |all, byte| match byte {
        b'0'..=b'9' => (all * 10 + u32::from(byte - b'0')) % 97,
        _ => (all * 100 + u32::from(byte.wrapping_sub(b'A')) + 10) % 97,
    })
}

/// How many characters an account has, by country.
#[rustfmt::skip]
const IBAN_LENGTHS: &[(&str, usize)] = &[
    ("AD", 24), ("AE", 23), ("AL", 28), ("AT", 20), ("AZ", 28), ("BA", 20), ("BE", 16), ("BG", 22), ("BH", 22),
    ("BR", 29), ("BY", 28), ("CH", 21), ("CR", 22), ("CY", 28), ("CZ", 24), ("DE", 22), ("DK", 18), ("DO", 28),
    ("EE", 20), ("EG", 29), ("ES", 24), ("FI", 18), ("FO", 18), ("FR", 27), ("GB", 22), ("GE", 22), ("GI", 23),
    ("GL", 18), ("GR", 27), ("GT", 28), ("HR", 21), ("HU", 28), ("IE", 22), ("IL", 23), ("IQ", 23), ("IS", 26),
    ("IT", 27), ("JO", 30), ("KW", 30), ("KZ", 20), ("LB", 28), ("LC", 32), ("LI", 21), ("LT", 20), ("LU", 20),
    ("LV", 21), ("LY", 25), ("MC", 27), ("MD", 24), ("ME", 22), ("MK", 19), ("MR", 27), ("MT", 31), ("MU", 30),
    ("NL", 18), ("NO", 15), ("PK", 24), ("PL", 28), ("PS", 29), ("PT", 25), ("QA", 29), ("RO", 24), ("RS", 22),
    ("SA", 24), ("SC", 31), ("SE", 24), ("SI", 19), ("SK", 24), ("SM", 27), ("ST", 25), ("SV", 28), ("TL", 23),
    ("TN", 24), ("TR", 26), ("UA", 29), ("VA", 22), ("VG", 24), ("XK", 20),
];
