//! Base64, in which some programs wrap a file.

/// The bytes of a text in the standard alphabet; line ends in it are skipped. `None` where it is something else, or cut off.
pub fn decoded(text: &str) -> Option<Vec<u8>> {
    let signs: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    let padding = signs.iter().rev().take_while(|b| **b == b'=').count();
    let (signs, _) = signs.split_at_checked(signs.len() - padding)?;
    let whole = (signs.len() + padding) % 4 == 0 && padding <= 2;
    let mut out = Vec::with_capacity(signs.len() / 4 * 3 + 2);
    for part in signs.chunks(4) {
        let mut bits = 0_u32;
        for sign in part {
            bits = bits << 6 | value(*sign)?;
        }
        let missing = u32::try_from(4 - part.len()).ok()?;
        let [_, bytes @ ..] = (bits << (6 * missing)).to_be_bytes();
        // Two signs hold one byte, three hold two.
        out.extend(bytes.get(..part.len().checked_sub(1)?)?);
    }
    (whole && !out.is_empty()).then_some(out)
}

fn value(sign: u8) -> Option<u32> {
    let at = match sign {
        b'A'..=b'Z' => sign - b'A',
        b'a'..=b'z' => sign - b'a' + 26,
        b'0'..=b'9' => sign - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_the_standard_hold() {
        for (text, bytes) in [
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYg==", "foob"),
            ("Zm9v\nYmE=\n", "fooba"),
            ("Zm9vYmFy", "foobar"),
        ] {
            assert_eq!(decoded(text).as_deref(), Some(bytes.as_bytes()), "{text}");
        }
        assert_eq!(decoded("/+8A").unwrap(), [0xff, 0xef, 0]);
    }

    #[test]
    fn what_is_none_or_cut_off_is_refused() {
        for text in ["", "Z", "Zg", "Zm9", "Zg=", "Zg===", "Zm9v!", "Zm-_", "====", "Zg==Zg==", "user,arn\n"]
        {
            assert_eq!(decoded(text), None, "{text}");
        }
    }
}
