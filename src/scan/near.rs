//! What stands around a value, and whether it is one at all.

/// Does something of its own begin at `at`? Not in the middle of a word; an escape such as `\n` or `%3D` ends one.
pub(super) fn stands_alone(text: &[u8], at: usize) -> bool {
    let back = |n: usize| at.checked_sub(n).and_then(|at| text.get(at)).copied();
    match back(1) {
        Some(byte) if byte.is_ascii_alphanumeric() => {
            let escape = matches!(byte, b'n' | b'r' | b't') && back(2) == Some(b'\\');
            let percent = back(3) == Some(b'%') && byte.is_ascii_hexdigit();
            escape || percent
        }
        _ => true,
    }
}

/// Does it stand for a secret that is not shown: a mask, a variable, a blank to fill in?
pub(super) fn is_hidden(secret: &[u8]) -> bool {
    let capital = |byte: &u8| byte.is_ascii_uppercase() || matches!(byte, b'_' | b'%');
    let variable = match secret {
        [b'<' | b'{' | b'[' | b'(', ..] | [b'$', b'{' | b'(', ..] | [b'%', b's' | b'v' | b'(', ..] => true,
        [b'$' | b'%', name @ ..] => name.iter().all(capital),
        _ => false,
    };
    let holds = |part: &[u8]| secret.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part));
    variable
        || is_mask(secret)
        || ["***", "xxxx", "...", "\u{2022}", "${", "{{"].iter().any(|part| holds(part.as_bytes()))
}

/// One character over and over: `xxxx`, `****`, `0000`.
fn is_mask(secret: &[u8]) -> bool {
    let letters = || secret.iter().filter(|byte| !matches!(byte, b'-' | b'_' | b'.'));
    let first = letters().next();
    letters().all(|byte| Some(byte) == first)
}

/// Shannon's entropy in bits for each byte.
pub(super) fn entropy(bytes: &[u8]) -> f64 {
    let mut counts = [0u32; 256];
    for byte in bytes {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    let all = f64::from(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
    let part = |count: u32| {
        let share = f64::from(count) / all;
        -share * share.log2()
    };
    counts.iter().filter(|count| **count > 0).map(|count| part(*count)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_at_escapes() {
        for (text, alone) in
            [("a=K", true), ("aK", false), (r"a\nK", true), ("a%3DK", true), ("K", true), ("_K", true)]
        {
            assert_eq!(stands_alone(text.as_bytes(), text.len() - 1), alone, "{text}");
        }
    }

    #[test]
    fn entropy_is_that_of_the_books() {
        assert!((entropy(b"abcd") - 2.0).abs() < 1e-9 && entropy(b"aaaa").abs() < 1e-9);
        assert!(is_mask(b"****-****") && is_mask(b"") && !is_mask(b"ab"));
    }
}
